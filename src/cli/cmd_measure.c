// stubble measure KIND: numbers out of pictures. One file a kind, measure_<kind>.c.
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#define SMP_MEASURES(X)                                                                            \
    X(chart, "the colour card: how true it makes colours, pixels a millimetre")                    \
    X(dots, "dots of pigment: where, how wide, how dark, how many")                                \
    X(hair, "hairs and follicular units of a macro picture of stubble")                            \
    X(match, "what became of each dot between two pictures of one place")                          \
    X(skin, "colour of skin or hair beside a colour card: L*a*b*, ITA, melanin, blood")
// Each row: X(kind, "one line for the list"); the function is smp_measure_<kind>.

#define DECLARE(kind, line) int smp_measure_##kind(int argc, char **argv);
SMP_MEASURES(DECLARE)

#define ROW(kind, line) { #kind, smp_measure_##kind, line },
static const struct smp_command kinds[] = { SMP_MEASURES(ROW){ NULL, NULL, NULL } };

int smp_cmd_measure(int argc, char **argv);

static void print_kinds(FILE *out)
{
    fputs(
        "usage: stubble measure KIND IMAGE [OPTIONS]   (stubble measure KIND --help tells more)\n",
        out);
    for (const struct smp_command *k = kinds; k->name; k++)
        fprintf(out, "  %-10s %s\n", k->name, k->line);
}

int smp_cmd_measure(int argc, char **argv)
{
    if (argc < 2) {
        fputs("stubble: what to measure must be named\n", stderr);
        print_kinds(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_kinds(stdout);
        return 0;
    }
    for (const struct smp_command *k = kinds; k->name; k++) {
        if (strcmp(k->name, argv[1]) == 0)
            return k->run(argc - 1, argv + 1);
    }
    fprintf(stderr, "stubble: nothing called '%.100s' can be measured\n", argv[1]);
    print_kinds(stderr);
    return 2;
}
