// Tools that the tests of this module share.
#ifndef SMP_SHEET_TOOLS_TEST_H
#define SMP_SHEET_TOOLS_TEST_H

#include "program.h"
#include "sheet/fake_plan_test.h"

// A grey page as pdftoppm writes it (P5).
struct grey {
    int w, h;
    unsigned char *px;
};

static inline struct grey read_pgm(const char *path)
{
    struct grey g;
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    int max;
    ck_assert_int_eq(fscanf(file, "P5 %d %d %d", &g.w, &g.h, &max), 3);
    fgetc(file);
    g.px = malloc((size_t)g.w * (size_t)g.h);
    ck_assert(fread(g.px, 1, (size_t)g.w * (size_t)g.h, file) == (size_t)g.w * (size_t)g.h);
    fclose(file);
    return g;
}

// Distance in pixels between the middles of the first and last tall tick on the bar.
static inline double bar_px(const struct grey *g, double px_per_mm)
{
    // a row crossed by the end ticks only: 3.3 mm above the bar's line, which is 15.6 mm up
    const int y = (int)lround(g->h - (15.6 + 3.3) * px_per_mm);
    double first = -1, last = -1;
    const int end = (int)(118 * px_per_mm);
    for (int x = 0; x < end;) {
        if (g->px[y * g->w + x] > 250) {
            x++;
            continue;
        }
        double mass = 0, moment = 0;
        for (; x < end && g->px[y * g->w + x] <= 250; x++) {
            mass += 255 - g->px[y * g->w + x];
            moment += (255 - g->px[y * g->w + x]) * (x + 0.5);
        }
        if (first < 0)
            first = moment / mass;
        last = moment / mass;
    }
    return last - first;
}

static inline void render_ok(struct smp_buffer *out, struct smp_sheet_facts *facts,
                             const struct fake *f, enum smp_sheet_kind kind, enum smp_paper paper)
{
    struct smp_err err = { 0 };
    *out = (struct smp_buffer){ 0 };
    ck_assert_msg(smp_sheet_render(out, facts, &f->plan, kind, paper, NULL, &err) == SMP_OK, "%s",
                  err.msg);
    smp_buffer_add(out, "", 1);
    out->length--;
}

static inline void write_ok(char path[200], const char *name, const struct fake *f,
                            enum smp_sheet_kind kind, enum smp_paper paper)
{
    struct smp_err err = { 0 };
    scratch_path(path, name);
    ck_assert_msg(smp_sheet_write(path, &f->plan, kind, paper, NULL, &err) == SMP_OK, "%s",
                  err.msg);
}

#endif
