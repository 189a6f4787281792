// stubble measure match: what became of each dot between two pictures of one place.
#include "cli/measuring.h"

#include <jansson.h>
#include <stdio.h>

int smp_measure_match(int argc, char **argv);

static const char *const kinds[] = { "kept", "faded", "spread", "vanished", "unseen" };
enum { KINDS = sizeof kinds / sizeof *kinds };

struct picture {
    struct smp_measuring m;
    struct smp_found_dots dots;
};

struct answer {
    struct smp_dot_fates fates;
    size_t of_kind[KINDS], new_count;
};

static enum smp_code look(struct picture *picture, const struct smp_measuring_flags *flags,
                          const char *path, struct smp_err *err)
{
    enum smp_code code = smp_measuring_open(&picture->m, flags, path, err);
    if (!code)
        code = smp_measuring_need_scale(&picture->m, err);
    return code ? code
                : smp_dots_find(&picture->dots, &picture->m.subject, path, picture->m.pool,
                                &picture->m.arena, err);
}

static void count_kinds(struct answer *a, const struct smp_found_dots *after)
{
    for (size_t i = 0; i < a->fates.count; i++)
        a->of_kind[a->fates.fates[i].kind]++;
    for (size_t i = 0; i < after->count; i++)
        a->new_count += a->fates.is_new[i];
}

static void print_json(const struct answer *a, const struct picture picture[2])
{
    json_t *list = json_array(), *counts = json_object();
    for (size_t i = 0; i < a->fates.count; i++) {
        const struct smp_dot_fate *f = &a->fates.fates[i];
        const struct smp_found_dot *d = &picture[0].dots.dots[i];
        json_t *dot = json_pack("{s:f,s:f,s:s,s:[f,f]}", "x_px", d->x_px, "y_px", d->y_px, "fate",
                                kinds[f->kind], "expected_px", f->x_px, f->y_px);
        if (f->after != SIZE_MAX)
            json_object_update_new(dot, json_pack("{s:I,s:f,s:f}", "after", (json_int_t)f->after,
                                                  "contrast_ratio", f->contrast_ratio,
                                                  "diameter_ratio", f->diameter_ratio));
        json_array_append_new(list, dot);
    }
    for (int k = 0; k < KINDS; k++)
        json_object_set_new(counts, kinds[k], json_integer((json_int_t)a->of_kind[k]));
    json_object_set_new(counts, "new", json_integer((json_int_t)a->new_count));
    json_t *added = json_array();
    for (size_t i = 0; i < picture[1].dots.count; i++)
        if (a->fates.is_new[i])
            json_array_append_new(added, json_pack("[f,f]", picture[1].dots.dots[i].x_px,
                                                   picture[1].dots.dots[i].y_px));
    const double *m = a->fates.map;
    smp_cli_print_json(json_pack("{s:I,s:I,s:I,s:o,s:o,s:o,s:[f,f,f,f,f,f]}", "before",
                                 (json_int_t)picture[0].dots.count, "after",
                                 (json_int_t)picture[1].dots.count, "matched",
                                 (json_int_t)a->fates.matched, "counts", counts, "dots", list,
                                 "new_px", added, "map", m[0], m[1], m[2], m[3], m[4], m[5]));
}

static void print_text(const struct answer *a, const struct picture picture[2])
{
    printf("%zu dots before, %zu after; %zu matched\n", picture[0].dots.count,
           picture[1].dots.count, a->fates.matched);
    for (int k = 0; k < KINDS; k++)
        printf("%6zu %s\n", a->of_kind[k], kinds[k]);
    printf("%6zu new\n", a->new_count);
}

// On the later picture, where each dot is or should be.
static enum smp_code draw(struct smp_image *image, const struct answer *a,
                          const struct smp_found_dots *before, const char *path,
                          struct smp_err *err)
{
    static const struct smp_rgb colours[KINDS] = {
        { 0, 0.8F, 0 }, { 1, 0.8F, 0 }, { 1, 0, 0.8F }, { 1, 0, 0 }, { 0.3F, 0.3F, 0.3F }
    };
    for (size_t i = 0; i < a->fates.count; i++) {
        const struct smp_dot_fate *f = &a->fates.fates[i];
        smp_overlay_ring(image, f->x_px, f->y_px, before->dots[i].diameter_px / 2 + 2, 1.2,
                         colours[f->kind]);
    }
    const struct smp_image_note notes[] = { { "Description", "dots matched by stubble" },
                                            { NULL, NULL } };
    return smp_image_save(path, image, notes, 0, err);
}

static enum smp_code run(struct answer *a, struct picture picture[2],
                         const struct smp_measuring_flags flags[2], const char *const *paths,
                         struct smp_err *err)
{
    enum smp_code code = look(&picture[0], &flags[0], paths[0], err);
    if (!code)
        code = look(&picture[1], &flags[1], paths[1], err);
    if (!code)
        code = smp_dots_match(&a->fates, &picture[0].dots, &picture[1].dots,
                              &picture[1].m.subject.image, paths[1], &picture[1].m.arena, err);
    if (code)
        return code;
    count_kinds(a, &picture[1].dots);
    return flags[0].overlay
               ? draw(&picture[1].m.subject.image, a, &picture[0].dots, flags[0].overlay, err)
               : SMP_OK;
}

int smp_measure_match(int argc, char **argv)
{
    struct smp_measuring_flags flags[2] = { 0 };
    const char *after_region = NULL, *after_mm_per_px = NULL, *paths[2];
    const struct smp_option options[] = {
        SMP_SCALE_OPTIONS(flags[0]),
        { "after-mm-per-px", "S", "that of the later picture, where it differs", &after_mm_per_px,
          0 },
        SMP_REGION_OPTION(flags[0]),
        { "after-region", "X,Y,W,H|MASK", "that of the later picture", &after_region, 0 },
        SMP_OVERLAY_OPTION(flags[0]),
        SMP_MEASURING_OPTIONS(flags[0]),
        { 0 },
    };
    int count;
    const int status = smp_cli_parse(
        argc, argv, "measure match BEFORE AFTER --mm-per-px S|--chart|--marker MM [OPTIONS]",
        options, paths, 2, 2, &count);
    if (status)
        return status < 0 ? 0 : status;
    flags[1] = flags[0];
    flags[1].region = after_region;
    if (after_mm_per_px) {
        flags[1].mm_per_px = after_mm_per_px;
        flags[1].chart = flags[1].marker = NULL;
    }
    struct smp_err err = { 0 };
    struct picture picture[2] = { 0 };
    struct answer a = { 0 };
    const enum smp_code code = run(&a, picture, flags, paths, &err);
    if (!code)
        (flags[0].json ? print_json : print_text)(&a, picture);
    for (int i = 0; i < 2; i++)
        smp_measuring_close(&picture[i].m);
    return code ? smp_cli_fail(&err) : 0;
}
