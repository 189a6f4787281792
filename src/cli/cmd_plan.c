// stubble plan CASE.json --out DIR: the main job.
#include "cli/cli.h"
#include "cli/outputs.h"

#include <stdio.h>

int smp_cmd_plan(int argc, char **argv);

int smp_cmd_plan(int argc, char **argv)
{
    struct smp_output_flags flags = { 0 };
    const struct smp_option options[] = { SMP_OUTPUT_OPTIONS(flags) };
    const char *usage = "plan CASE.json --out DIR [OPTIONS]";
    const char *positional[1];
    int count = 0;
    const int status = smp_cli_parse(argc, argv, usage, options, positional, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    if (!flags.out) {
        fprintf(stderr, "stubble: --out must name the folder to make\nusage: stubble %s\n", usage);
        return 2;
    }
    return smp_outputs_run(&flags, positional[0]);
}
