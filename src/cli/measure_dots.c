// stubble measure dots: dots of pigment found in a picture of skin.
#include "cli/measuring.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

int smp_measure_dots(int argc, char **argv);

// Below this the median skin is darker than 25 of 255 codes.
static const double dark_lin = 0.01;
static const double least_share_of_cell = 0.2;
enum { NOTES_MAX = 5 };

struct notes {
    char text[NOTES_MAX][240];
    int count;
};

static void note(struct notes *notes, const char *text)
{
    snprintf(notes->text[notes->count++], sizeof notes->text[0], "%s", text);
}

// What must be known to read the figures.
static void make_notes(struct notes *notes, const struct smp_found_dots *dots,
                       const struct smp_subject *subject)
{
    char text[240];
    notes->count = 0;
    if (!(dots->area_px > 0)) {
        note(notes, "nothing was found: nothing in the region has the colour of skin");
        return;
    }
    if (!dots->count) {
        snprintf(text, sizeof text,
                 "nothing was found: a dot that darkens the skin by less than %.0f %% may still be "
                 "there",
                 100 * (1 - exp(-fmax(dots->c_lim, dots->code_floor))));
        note(notes, text);
    }
    if (dots->skin_lin < dark_lin)
        note(notes, "the picture is dark: its codes show strong dots only; give it more light");
    if (dots->blurred)
        note(notes, "the picture is blurred: even the texture of skin is missing; dots are lost");
    if (subject->jpeg_quality > 0 && subject->jpeg_quality < 75) {
        snprintf(text, sizeof text,
                 "JPEG of quality %d (a messenger's copy?): faint dots are lost; ask for the "
                 "original",
                 subject->jpeg_quality);
        note(notes, text);
    }
}

// ---- JSON --------------------------------------------------------------------------------------

static json_t *dots_json(const struct smp_found_dots *dots)
{
    json_t *list = json_array();
    for (size_t i = 0; i < dots->count; i++) {
        const struct smp_found_dot *d = &dots->dots[i];
        json_array_append_new(list,
                              json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:b,s:b,s:b}", "x_px", d->x_px,
                                        "y_px", d->y_px, "diameter_px", d->diameter_px, "contrast",
                                        d->contrast, "roundness", d->roundness, "z", d->z, "edge",
                                        d->edge, "merged", d->merged, "oversized", d->oversized));
    }
    return list;
}

static json_t *map_json(const struct smp_found_dots *dots)
{
    json_t *rows = json_array();
    const double whole_cm2 = dots->map_cell_mm * dots->map_cell_mm / 100;
    for (size_t y = 0; y < dots->map_height; y++) {
        json_t *row = json_array();
        for (size_t x = 0; x < dots->map_width; x++) {
            const struct smp_density *cell = &dots->map[y * dots->map_width + x];
            json_array_append_new(row, cell->area_cm2 < least_share_of_cell * whole_cm2
                                           ? json_null()
                                           : json_real((double)cell->count / cell->area_cm2));
        }
        json_array_append_new(rows, row);
    }
    return json_pack("{s:f,s:o}", "cell_mm", dots->map_cell_mm, "per_cm2", rows);
}

static json_t *gaps_json(const struct smp_found_dots *dots)
{
    json_t *list = json_array();
    for (size_t i = 0; i < dots->gap_count; i++)
        json_array_append_new(list, json_pack("{s:f,s:f,s:f}", "x_px", dots->gaps[i].x_px, "y_px",
                                              dots->gaps[i].y_px, "radius_mm",
                                              dots->gaps[i].radius_px * dots->mm_per_px));
    return list;
}

static void print_json(const struct smp_found_dots *dots, const struct notes *notes)
{
    json_t *said = json_array();
    for (int i = 0; i < notes->count; i++)
        json_array_append_new(said, json_string(notes->text[i]));
    json_t *object =
        json_pack("{s:I,s:f,s:o,s:f,s:f,s:f,s:f,s:f,s:f}", "count", (json_int_t)dots->count,
                  "count_sd", dots->count_sd, "dots", dots_json(dots), "area_cm2", dots->area_cm2,
                  "density_per_cm2", dots->density_per_cm2, "density_sd_per_cm2",
                  dots->density_sd_per_cm2, "diameter_mm", dots->diameter_px * dots->mm_per_px,
                  "nearest_mm", dots->nearest_mm, "nearest_cv", dots->nearest_cv);
    json_object_update_new(
        object, json_pack("{s:I,s:I,s:I,s:I,s:o,s:o}", "lines", (json_int_t)dots->lines, "at_edge",
                          (json_int_t)dots->edge_count, "merged", (json_int_t)dots->merged_count,
                          "oversized", (json_int_t)dots->oversized_count, "density_map",
                          map_json(dots), "gaps", gaps_json(dots)));
    json_object_update_new(object, json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:o}", "noise", dots->noise,
                                             "c_lim", dots->c_lim, "code_floor", dots->code_floor,
                                             "blur_px", dots->blur_px, "mm_per_px", dots->mm_per_px,
                                             "px_per_mm", 1 / dots->mm_per_px, "notes", said));
    smp_cli_print_json(object);
}

// ---- Text and picture --------------------------------------------------------------------------

static void print_text(const struct smp_found_dots *dots, const struct notes *notes)
{
    for (int i = 0; i < notes->count; i++)
        printf("note: %s\n", notes->text[i]);
    if (!(dots->area_px > 0))
        return;
    printf("%zu dots ± %.0f on %.1f cm² of skin: %.1f ± %.1f per cm²\n", dots->count,
           dots->count_sd, dots->area_cm2, dots->density_per_cm2, dots->density_sd_per_cm2);
    if (dots->count)
        printf("diameter %.2f mm (median); nearest neighbour %.2f mm, CV %.2f\n",
               dots->diameter_px * dots->mm_per_px, dots->nearest_mm, dots->nearest_cv);
    printf("%zu at an edge, %zu touch another, %zu oversized, %zu gaps; %zu hairs left out\n",
           dots->edge_count, dots->merged_count, dots->oversized_count, dots->gap_count,
           dots->lines);
    printf("fainter than a contrast of %.2f a dot is more likely missed than found (%.1f px/mm)\n",
           fmax(dots->c_lim, dots->code_floor), 1 / dots->mm_per_px);
}

// Green rings; red: oversized, magenta: touches another, yellow: at an edge; blue: gaps.
static enum smp_code draw(struct smp_image *image, const struct smp_found_dots *dots,
                          const char *path, struct smp_err *err)
{
    static const struct smp_rgb green = { 0, 0.8F, 0 }, red = { 1, 0, 0 }, magenta = { 1, 0, 0.8F },
                                yellow = { 1, 0.8F, 0 }, blue = { 0, 0.2F, 1 };
    for (size_t i = 0; i < dots->count; i++) {
        const struct smp_found_dot *d = &dots->dots[i];
        smp_overlay_ring(image, d->x_px, d->y_px, d->diameter_px / 2 + 2, 1.2,
                         d->oversized ? red
                         : d->merged  ? magenta
                         : d->edge    ? yellow
                                      : green);
    }
    for (size_t i = 0; i < dots->gap_count; i++)
        smp_overlay_ring(image, dots->gaps[i].x_px, dots->gaps[i].y_px, dots->gaps[i].radius_px,
                         1.5, blue);
    const struct smp_image_note notes[] = { { "Description", "dots found by stubble" },
                                            { NULL, NULL } };
    return smp_image_save(path, image, notes, 0, err);
}

int smp_measure_dots(int argc, char **argv)
{
    struct smp_measuring_flags flags = { 0 };
    const struct smp_option options[] = { SMP_PICTURE_OPTIONS(flags), { 0 } };
    int count;
    const char *path;
    const int status =
        smp_cli_parse(argc, argv, "measure dots IMAGE --mm-per-px S|--chart|--marker MM [OPTIONS]",
                      options, &path, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_measuring m;
    struct smp_found_dots dots;
    struct notes notes;
    enum smp_code code = smp_measuring_open(&m, &flags, path, &err);
    if (!code)
        code = smp_measuring_need_scale(&m, &err);
    if (!code)
        code = smp_dots_find(&dots, &m.subject, path, m.pool, &m.arena, &err);
    if (!code && flags.overlay)
        code = draw(&m.subject.image, &dots, flags.overlay, &err);
    if (!code) {
        make_notes(&notes, &dots, &m.subject);
        (flags.json ? print_json : print_text)(&dots, &notes);
    }
    smp_measuring_close(&m);
    return code ? smp_cli_fail(&err) : 0;
}
