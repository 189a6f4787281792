// What the optics commands share: colours on the command line, pigments and healing from files.
#include "cli/optics.h"

#include "cli/cli.h"
#include "plan/plan.h"

#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 4 << 20 };

const char *const smp_cli_phototypes[] = { "I", "II", "III", "IV", "V", "VI" };

enum smp_code smp_cli_lab(const char *text, const char *option, struct smp_lab *lab,
                          struct smp_err *err)
{
    double *const parts[] = { &lab->l, &lab->a, &lab->b };
    const char *from = text;
    for (int i = 0; i < 3; i++) {
        const char *end = i < 2 ? strchr(from, ',') : from + strlen(from);
        char part[32];
        if (!end || end == from || (size_t)(end - from) >= sizeof part)
            return smp_fail(err, SMP_E_INPUT, "--%s must be L,a,b, not '%.60s'", option, text);
        snprintf(part, sizeof part, "%.*s", (int)(end - from), from);
        const enum smp_code code =
            smp_cli_number(part, option, i ? -128 : 0, i ? 127 : 100, parts[i], err);
        if (code)
            return code;
        from = end + 1;
    }
    return SMP_OK;
}

enum smp_code smp_cli_catalogue(struct smp_catalogue *catalogue, const char **path,
                                const char *folder, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_bytes text;
    enum smp_code code = *path ? smp_file_read(&text, *path, FILE_BYTES_MAX, arena, err)
                               : smp_data_find(folder, "pigments.json", path, &text, arena, err);
    return code ? code
                : smp_catalogue_read(catalogue, *path, (const char *)text.data, text.length, arena,
                                     err);
}

enum smp_code smp_cli_healing(struct smp_healing *healing, const char *folder,
                              struct smp_arena *arena, struct smp_err *err)
{
    const char *path;
    struct smp_bytes text;
    enum smp_code code = smp_data_find(folder, "healing.json", &path, &text, arena, err);
    return code ? code
                : smp_healing_read(healing, path, (const char *)text.data, text.length, arena, err);
}
