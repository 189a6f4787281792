// stubble: one program, one file a command.
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#define SMP_COMMANDS(X)                                                                            \
    X(check, "photos held against a plan; practice skin against what was wished")                  \
    X(compare, "SMP beside a transplant, medication, a hairpiece and nothing, over the years")     \
    X(demo, "a made-up client from head to sheets, with no input")                                 \
    X(dot, "what a deposit of pigment looks like through the skin")                                \
    X(evidence, "figures of hair loss and of the other options, with sources")                     \
    X(fade, "what time does to a dot of a pigment, as bands")                                      \
    X(head, "what a tape would read on the client's head")                                         \
    X(layout, "the layout engine alone, on any mesh")                                              \
    X(match, "the pigment, dilution, size and density that heal to match")                         \
    X(measure, "numbers out of pictures: colour card, skin, hairs, dots of pigment")               \
    X(pigments, "the catalogue of pigments and the colours of their dilutions")                    \
    X(plan, "a case becomes every dot, pictures and sheets")                                       \
    X(pose, "where the cameras of photos stood, and the head in them, from landmarks")             \
    X(preview, "one picture of a plan: view or close-up, before, fresh, healed, years")            \
    X(recovery, "the client's calendar after sessions, an operation or a first dose")              \
    X(reflect, "light on a stack of layers: mirrored, sent back, absorbed, let through")           \
    X(sheet, "one sheet or drawing of a plan: PDF, SVG, DXF, CSV")                                 \
    X(skin, "colour and spectrum of skin from melanin and blood, and back")                        \
    X(suit, "is scalp micropigmentation right for this person: now, later, or not")                \
    X(swatch, "a catalogue entry for a bottle of one's own, from a drop on white paper")
// Each row: X(name, "one line for the list"); the function is smp_cmd_<name> in cmd_<name>.c.

#define DECLARE(name, line) int smp_cmd_##name(int argc, char **argv);
SMP_COMMANDS(DECLARE)

#define ROW(name, line) { #name, smp_cmd_##name, line },
static const struct smp_command commands[] = { SMP_COMMANDS(ROW){ NULL, NULL, NULL } };

static void print_commands(FILE *out)
{
    fputs("stubble plans scalp micropigmentation: every dot in millimetres, pictures, sheets.\n"
          "General information, not medical advice: consult a qualified technician.\n\n"
          "usage: stubble COMMAND [ARGS]   (stubble COMMAND --help tells more)\n",
          out);
    for (const struct smp_command *c = commands; c->name; c++)
        fprintf(out, "  %-10s %s\n", c->name, c->line);
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_commands(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("stubble " STUBBLE_VERSION);
        return 0;
    }
    for (const struct smp_command *c = commands; c->name; c++) {
        if (strcmp(c->name, argv[1]) == 0)
            return c->run(argc - 1, argv + 1);
    }
    fprintf(stderr, "stubble: unknown command '%.100s' (stubble --help lists them)\n", argv[1]);
    return 2;
}
