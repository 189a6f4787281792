// stubble measure dots: dots of pigment found in a picture of skin.
#include "cli/measuring.h"

#include <stdio.h>

int smp_measure_dots(int argc, char **argv);

int smp_measure_dots(int argc, char **argv)
{
    struct smp_measuring_flags flags = { 0 };
    const struct smp_option options[] = {
        SMP_SCALE_OPTIONS(flags),
        SMP_REGION_OPTION(flags),
        SMP_MEASURING_OPTIONS(flags),
        { 0 },
    };
    int count;
    const char *path;
    const int status =
        smp_cli_parse(argc, argv, "measure dots IMAGE --mm-per-px S|--chart|--marker MM [OPTIONS]",
                      options, &path, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_measuring m;
    enum smp_code code = smp_measuring_open(&m, &flags, path, &err);
    if (!code)
        code = smp_measuring_need_scale(&m, &err);
    if (!code)
        printf("%zu px to search\n", smp_subject_area_px(&m.subject));
    smp_measuring_close(&m);
    return code ? smp_cli_fail(&err) : 0;
}
