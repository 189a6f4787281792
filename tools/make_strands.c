// Makes docs/pictures/strands.jpg: the template head with hair of some length, in three skins, as
// a sheet of pictures. make_strands OUT.jpg
#include "../bench/demo.h"
#include "preview/preview_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 4, ROWS = 4, WIDE = 400, HIGH = 500, GAP = 5 };

struct person {
    const char *json;
    struct smp_lab hair;
};

static const struct person people[] = {
    { "{\"stubble\":1,\"client\":{\"age\":38,\"sex\":\"male\",\"phototype\":3},"
      "\"loss\":{\"norwood\":\"5\"},\"seed\":1}",
      { 21, 4, 5 } },
    { "{\"stubble\":1,\"client\":{\"age\":45,\"sex\":\"male\",\"phototype\":6},"
      "\"loss\":{\"norwood\":\"6\"},\"hair\":{\"fu_per_cm2\":62},\"seed\":2}",
      { 13, 1, 1 } },
    { "{\"stubble\":1,\"client\":{\"age\":52,\"sex\":\"male\",\"phototype\":1},"
      "\"loss\":{\"norwood\":\"6\"},\"seed\":3}",
      { 48, 4, 16 } },
};

// One picture of the sheet. Units: transplanted; more: what a drug brings back, both a cm².
struct tile {
    const char *label; // what it is of, in the stamp
    size_t person;
    const char *loss; // NULL: the person's own
    double length_mm, units, more, grey;
    bool piece;
    const char *age;
    enum smp_view view;
};

static const struct tile tiles[ROWS * COLUMNS] = {
    { "no loss", 0, "none", 30, 0, 0, 0, false, "before", SMP_VIEW_FRONT },
    { "Norwood 3", 0, "3", 30, 0, 0, 0, false, "before", SMP_VIEW_FRONT },
    { "Norwood 5", 0, NULL, 30, 0, 0, 0, false, "before", SMP_VIEW_FRONT },
    { "Norwood 6", 0, "6", 30, 0, 0, 0, false, "before", SMP_VIEW_FRONT },
    { "Norwood 5", 0, NULL, 30, 0, 0, 0, false, "before", SMP_VIEW_CROWN },
    { "medication", 0, NULL, 30, 0, 9, 0, false, "before", SMP_VIEW_CROWN },
    { "transplant 30 per cm2", 0, NULL, 30, 30, 0, 0, false, "before", SMP_VIEW_CROWN },
    { "hairpiece", 0, NULL, 30, 0, 0, 0, true, "before", SMP_VIEW_CROWN },
    { "transplant 30 per cm2", 0, NULL, 30, 30, 0, 0, false, "before", SMP_VIEW_FRONT },
    { "hairpiece", 0, NULL, 30, 0, 0, 0, true, "before", SMP_VIEW_FRONT },
    { "micropigmentation", 0, NULL, 0, 0, 0, 0, false, "healed", SMP_VIEW_FRONT },
    { "transplant and dots", 0, NULL, 10, 30, 0, 0, false, "healed", SMP_VIEW_FRONT },
    { "Norwood 6", 1, NULL, 10, 0, 0, 0.1, false, "before", SMP_VIEW_THREE_QUARTER_LEFT },
    { "half grey", 1, "none", 20, 0, 0, 0.5, false, "before", SMP_VIEW_THREE_QUARTER_LEFT },
    { "transplant 35 per cm2", 2, NULL, 30, 35, 0, 0, false, "before",
      SMP_VIEW_THREE_QUARTER_RIGHT },
    { "Ludwig 2 grey", 2, "ludwig 2", 50, 0, 0, 0.9, false, "before", SMP_VIEW_TOP },
};

struct studio {
    struct smp_pool *pool;
    struct smp_arena arena;
    struct smp_plan plan[3];
    struct smp_scene *scene[3];
};

static void seat(struct studio *s, size_t k)
{
    struct smp_err err = { 0 };
    struct smp_case *from = smp_new(&s->arena, struct smp_case, 1);
    struct smp_head *head = smp_new(&s->arena, struct smp_head, 1);
    struct smp_settings *settings = smp_new(&s->arena, struct smp_settings, 1);
    if (!from || !head || !settings)
        exit(1);
    const struct smp_bytes text = { (const uint8_t *)people[k].json, strlen(people[k].json) };
    const struct smp_case_source source = { "person", ".", text };
    must(smp_settings_read(settings, NULL, &s->arena, &err), &err);
    must(smp_case_parse(from, &source, settings, &s->arena, &err), &err);
    from->hair_lab = people[k].hair;
    must(smp_case_head(head, from, NULL, s->pool, &s->arena, &err), &err);
    must(smp_case_recipe(from, s->pool, &s->arena, &err), &err);
    must(smp_plan_make(&s->plan[k], from, head, s->pool, NULL, &s->arena, &err), &err);
    must(smp_scene_make(&s->scene[k], &s->plan[k], s->pool, &s->arena, &err), &err);
}

static void field_of(struct smp_hair_field *field, const struct tile *t, struct studio *s)
{
    struct smp_err err = { 0 };
    const struct smp_plan *plan = &s->plan[t->person];
    const size_t points = plan->head->mesh.point_count;
    double *fu = smp_new(&s->arena, double, points), *each = smp_new(&s->arena, double, points);
    double *native = smp_new(&s->arena, double, points);
    double *calibre = smp_new(&s->arena, double, points);
    if (!fu || !each || !native || !calibre)
        exit(1);
    struct smp_loss loss = { .native_fu_per_cm2 = plan->from->loss.native_fu_per_cm2 };
    must(smp_loss_field(native, NULL, plan->head, &loss, &err), &err);
    loss.kind = plan->from->loss.kind;
    for (int k = 0; t->loss && smp_loss_names[k]; k++)
        if (strcmp(smp_loss_names[k], t->loss) == 0)
            loss.kind = (enum smp_loss_class)k;
    must(smp_loss_field(fu, NULL, plan->head, &loss, &err), &err);
    for (size_t i = 0; i < points; i++) {
        const double left = fu[i] / fmax(native[i], 1);
        fu[i] = fmin(fu[i] + t->more, fmax(native[i], fu[i]));
        calibre[i] = t->more > 0 ? 48 + 22 * smp_smoothstep(0.1, 0.9, left) : 70;
        each[i] = smp_hair_per_fu(s->scene[t->person]);
    }
    if (t->units > 0)
        smp_hair_graft(fu, each, plan, t->units);
    *field = (struct smp_hair_field){ .fu_per_cm2 = t->length_mm > 0 ? fu : NULL,
                                      .hairs_per_fu = t->length_mm > 0 ? each : NULL,
                                      .calibre_um = t->more > 0 ? calibre : NULL,
                                      .length_mm = t->length_mm,
                                      .grey_share = t->grey,
                                      .hairpiece = t->piece };
}

static void hang(struct smp_image *sheet, size_t place, struct studio *s)
{
    struct smp_err err = { 0 };
    const struct tile *t = &tiles[place];
    const struct smp_mark mark = smp_arena_mark(&s->arena);
    const struct smp_preview_params params = { .width_px = WIDE, .height_px = HIGH, .seed = 1 };
    struct smp_hair_shot shot;
    struct smp_image image;
    must(smp_age_read(&shot.age, t->age, SMP_EDGE_MEDIAN, "age", &err), &err);
    snprintf(shot.age.label, sizeof shot.age.label, "%s", t->label);
    field_of(&shot.field, t, s);
    must(smp_preview_hair(&image, &shot, 1, s->scene[t->person], t->view, &params, s->pool,
                          &s->arena, &err),
         &err);
    const size_t left = place % COLUMNS * (WIDE + GAP), top = place / COLUMNS * (HIGH + GAP);
    for (size_t y = 0; y < HIGH; y++)
        memcpy(smp_image_at(sheet, left, top + y), smp_image_at(&image, 0, y),
               WIDE * sizeof *image.px_lin);
    smp_arena_reset(&s->arena, mark);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    struct smp_err err = { 0 };
    struct studio s = { .pool = smp_pool_make(0) };
    struct smp_image sheet;
    smp_arena_make(&s.arena, 0);
    must(smp_image_make(&sheet, COLUMNS * (WIDE + GAP) - GAP, ROWS * (HIGH + GAP) - GAP, &s.arena,
                        &err),
         &err);
    for (size_t i = 0; i < sheet.width_px * sheet.height_px; i++)
        sheet.px_lin[i] = (struct smp_rgb){ 1, 1, 1 };
    for (size_t k = 0; k < sizeof people / sizeof *people; k++)
        seat(&s, k);
    for (size_t i = 0; i < ROWS * COLUMNS; i++)
        hang(&sheet, i, &s);
    static const struct smp_image_note notes[] = {
        { "Description", "SIMULATED pictures of hair, computed by stubble " STUBBLE_VERSION
                         "; not photographs of a result" },
        { NULL, NULL },
    };
    must(smp_image_save(argv[1], &sheet, notes, 88, &err), &err);
    for (size_t k = 0; k < sizeof people / sizeof *people; k++)
        smp_scene_drop(s.scene[k]);
    smp_pool_drop(s.pool);
    smp_arena_drop(&s.arena);
    return 0;
}
