// stubble measure chart: the colour card in a picture, how true it makes colours, and its scale.
#include "cli/colour_card.h"
#include "cli/measuring.h"

#include <jansson.h>
#include <stdio.h>

int smp_measure_chart(int argc, char **argv);

struct answer {
    struct smp_card card;
    struct smp_card_fit fit;
    struct smp_lab reference[SMP_CARD_PATCHES];
    struct smp_marker *markers;
    size_t marker_count;
    double px_per_mm;
};

static json_t *lab_json(struct smp_lab lab)
{
    return json_pack("[f,f,f]", lab.l, lab.a, lab.b);
}

static json_t *patches_json(const struct answer *a)
{
    json_t *list = json_array();
    for (int i = 0; i < SMP_CARD_PATCHES; i++) {
        const struct smp_card_patch *p = &a->card.patch[i];
        const struct smp_lab lab = smp_lab_from_rgb(smp_correct(&a->fit.correction, p->lin));
        json_array_append_new(list,
                              json_pack("{s:i,s:[f,f],s:o,s:o,s:o,s:f}", "patch", i + 1,
                                        "centre_px", p->centre_px.x, p->centre_px.y, "lab_seen",
                                        lab_json(smp_lab_from_rgb(p->lin)), "lab", lab_json(lab),
                                        "lab_reference", lab_json(a->reference[i]),
                                        "leave_one_out_delta_e00", a->fit.patch_error[i]));
    }
    return list;
}

static json_t *correction_json(const struct smp_correction *c)
{
    json_t *rows = json_array();
    for (int k = 0; k < 3; k++) {
        json_t *row = json_array();
        for (int j = 0; j < 6; j++)
            json_array_append_new(row, json_real(c->root[k][j]));
        json_array_append_new(rows, row);
    }
    return json_pack("{s:[f,f,f],s:o,s:[f,f]}", "tone", c->tone[0], c->tone[1], c->tone[2],
                     "root_polynomial", rows, "slope", c->slope[0], c->slope[1]);
}

static void print_json(const struct answer *a, bool by_markers)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < a->marker_count; i++)
        json_array_append_new(ids, json_integer(a->markers[i].id));
    const bool known = a->px_per_mm > 0;
    smp_cli_print_json(json_pack(
        "{s:o,s:i,s:o,s:s,s:s,s:o,s:o,s:o}", "delta_e00", smp_cli_card_errors(&a->fit), "patches",
        SMP_CARD_PATCHES, "px_per_mm", known ? json_real(a->px_per_mm) : json_null(),
        "px_per_mm_from", by_markers ? "marker" : "card", "card", smp_card_names[a->card.kind],
        "markers", ids, "colours", patches_json(a), "correction",
        correction_json(&a->fit.correction)));
}

static void print_text(const struct answer *a, bool by_markers)
{
    const struct smp_card_fit *fit = &a->fit;
    if (a->px_per_mm > 0)
        printf("24 patches (%s card), %.2f px/mm by the %s\n", smp_card_names[a->card.kind],
               a->px_per_mm, by_markers ? "markers" : "card");
    else
        puts(
            "24 patches; too blurred to tell a Classic from a Mini card: --card says which, and so "
            "the scale");
    printf("mean (worst) ΔE00: as the file says %.1f (%.1f), corrected %.1f (%.1f), each patch by "
           "the other 23 %.1f (%.1f)\n",
           fit->before.mean, fit->before.max, fit->after.mean, fit->after.max,
           fit->leave_one_out.mean, fit->leave_one_out.max);
    puts("the last of these is what to expect of a colour that is not on the card");
}

static enum smp_code overlay(const struct answer *a, struct smp_measuring *m, const char *path,
                             struct smp_err *err)
{
    static const struct smp_image_note notes[] = {
        { "Description", "Colour card as found, colours corrected" }, { NULL, NULL }
    };
    struct smp_image *image = &m->subject.image;
    enum smp_code code = smp_correct_image(image, &a->fit.correction, m->pool, &m->arena, err);
    if (code)
        return code;
    smp_card_draw(image, &a->card, a->reference);
    return smp_image_save(path, image, notes, 0, err);
}

static enum smp_code find_scale(struct answer *a, const struct smp_measuring_flags *flags,
                                const char *kind, const char *path, struct smp_measuring *m,
                                struct smp_err *err)
{
    int index;
    if (kind) {
        const enum smp_code code = smp_cli_choice(kind, "card", smp_card_names, &index, err);
        if (code)
            return code;
        smp_card_set_kind(&a->card, (enum smp_card_kind)index);
    }
    a->px_per_mm = a->card.px_per_mm;
    return flags->marker ? smp_cli_marker_scale(&a->px_per_mm, &m->subject.image, flags->marker,
                                                path, m->pool, &m->arena, err)
                         : SMP_OK;
}

static enum smp_code run(struct answer *a, const struct smp_measuring_flags *flags,
                         const char *reference, const char *kind, const char *path,
                         struct smp_measuring *m, struct smp_err *err)
{
    // The scale options are looked at here: opening would seek the card for them a second time.
    struct smp_measuring_flags open = *flags;
    open.marker = NULL;
    enum smp_code code = smp_measuring_open(m, &open, path, err);
    if (!code)
        code = smp_cli_reference(a->reference, reference, &m->arena, err);
    const struct smp_image *image = &m->subject.image;
    if (!code)
        code = smp_card_find(&a->card, image, a->reference, path, m->pool, &m->arena, err);
    if (!code)
        code = smp_card_correct(&a->fit, &a->card, a->reference, path, err);
    if (!code)
        code = smp_markers_find(&a->markers, &a->marker_count, image, m->pool, &m->arena, err);
    if (!code)
        code = find_scale(a, flags, kind, path, m, err);
    if (!code && flags->overlay)
        code = overlay(a, m, flags->overlay, err);
    return code;
}

int smp_measure_chart(int argc, char **argv)
{
    struct smp_measuring_flags flags = { 0 };
    const char *reference = NULL, *kind = NULL, *path;
    const struct smp_option options[] = {
        { "reference", "FILE", "CSV of the card's CIELAB D50 (default: the maker's values)",
          &reference, 0 },
        { "card", "classic|mini", "which card it is (default: told by its gaps)", &kind, 0 },
        { "marker", "MM", "take the scale from square markers beside the card, MM a side",
          &flags.marker, 0 },
        SMP_OVERLAY_OPTION(flags),
        SMP_MEASURING_OPTIONS(flags),
        { 0 },
    };
    int count;
    const int status =
        smp_cli_parse(argc, argv, "measure chart IMAGE [OPTIONS]", options, &path, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_measuring m;
    struct answer a = { 0 };
    const enum smp_code code = run(&a, &flags, reference, kind, path, &m, &err);
    if (!code)
        (flags.json ? print_json : print_text)(&a, flags.marker != NULL);
    smp_measuring_close(&m);
    return code ? smp_cli_fail(&err) : 0;
}
