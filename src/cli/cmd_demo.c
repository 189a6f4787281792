// stubble demo [--out DIR]: a made-up client from head to sheets and a comparison with the
// other options, with no input.
#include "cli/cli.h"
#include "cli/outputs.h"

int smp_cmd_demo(int argc, char **argv);

int smp_cmd_demo(int argc, char **argv)
{
    struct smp_output_flags flags = { .out = "demo", .compares = true };
    const struct smp_option options[] = {
        { "no-compare", NULL, "make no comparison with the other options", &flags.no_compare, 0 },
        SMP_OUTPUT_OPTIONS(flags),
    };
    int count = 0;
    const int status =
        smp_cli_parse(argc, argv, "demo [--out DIR] [OPTIONS]", options, NULL, 0, 0, &count);
    if (status)
        return status < 0 ? 0 : status;
    return smp_outputs_run(&flags, &(struct smp_plan_source){ .case_path = NULL });
}
