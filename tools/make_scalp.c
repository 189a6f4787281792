// Writes a made picture of skin and the truth about its dots:
//     make_scalp OUT.png|OUT.jpg TRUTH.csv [name=value …]
// Names are those of scalp_fields (tests/scalp/scalp.c). A .jpg is of the quality jpeg=Q.
#include "scalp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set(struct scalp_params *params, const char *text)
{
    for (int i = 0; i < SCALP_FIELDS; i++) {
        const size_t length = strlen(scalp_fields[i].name);
        char *end;
        if (strncmp(text, scalp_fields[i].name, length) != 0 || text[length] != '=')
            continue;
        double *value = (double *)(void *)((char *)params + scalp_fields[i].offset);
        *value = strtod(text + length + 1, &end);
        return *end == 0 && end != text + length + 1;
    }
    return 0;
}

static int help(const char *wrong)
{
    if (wrong)
        fprintf(stderr, "make_scalp: %s is not NAME=VALUE of these:\n", wrong);
    fputs("usage: make_scalp OUT.png|OUT.jpg TRUTH.csv [NAME=VALUE …]\n", stderr);
    for (int i = 0; i < SCALP_FIELDS; i++)
        fprintf(stderr, "  %-14s %s (%g)\n", scalp_fields[i].name, scalp_fields[i].help,
                *(const double *)(const void *)((const char *)&scalp_defaults +
                                                scalp_fields[i].offset));
    return 2;
}

static enum smp_code write_truth(const char *path, const struct scalp *scalp, struct smp_err *err)
{
    const size_t room = 64 + 80 * scalp->dot_count;
    char *text = malloc(room);
    if (!text)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the truth");
    size_t used = (size_t)snprintf(text, room, "x_px,y_px,radius_px,contrast\n");
    for (size_t i = 0; i < scalp->dot_count; i++) {
        const struct scalp_dot *d = &scalp->dots[i];
        used += (size_t)snprintf(text + used, room - used, "%.3f,%.3f,%.3f,%.4f\n", d->x_px,
                                 d->y_px, d->radius_px, d->contrast);
    }
    const enum smp_code code = smp_file_write(path, text, used, err);
    free(text);
    return code;
}

int main(int argc, char **argv)
{
    struct scalp_params params = scalp_defaults;
    if (argc < 3)
        return help(NULL);
    for (int i = 3; i < argc; i++)
        if (!set(&params, argv[i]))
            return help(argv[i]);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct scalp scalp;
    struct smp_err err = { 0 };
    const struct smp_image_note notes[] = { { "Description", "SIMULATED: made skin, of nobody" },
                                            { NULL, NULL } };
    const size_t length = strlen(argv[1]);
    const bool jpeg = length > 4 && strcmp(argv[1] + length - 4, ".jpg") == 0 && params.jpeg > 0;
    enum smp_code code = smp_check(scalp_fields, SCALP_FIELDS, &params, "make_scalp", &err);
    if (!code && !scalp_make(&scalp, &params, &arena))
        code = smp_fail(&err, SMP_E_NOMEM, "the picture could not be made");
    if (!code)
        code = jpeg ? smp_file_write(argv[1], scalp.jpeg.data, scalp.jpeg.length, &err)
                    : smp_image_save(argv[1], &scalp.image, notes, 0, &err);
    if (!code)
        code = write_truth(argv[2], &scalp, &err);
    if (code)
        fprintf(stderr, "make_scalp: %s\n", err.msg);
    smp_arena_drop(&arena);
    return code ? smp_exit_status(code) : 0;
}
