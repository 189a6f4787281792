// A small plan, and what photos of its sessions could show, for tests of plans that go on.
#ifndef SMP_PLAN_CONTINUE_SCENE_TEST_H
#define SMP_PLAN_CONTINUE_SCENE_TEST_H

#include "harness.h"
#include "plan/plan_impl.h"

#include <math.h>
#include <sys/stat.h>

static struct smp_arena shared;
static struct smp_plan plan;
static struct smp_ground ground;
static char folder[240];
static const char small[] = "{\"stubble\":1,\"loss\":{\"norwood\":\"3v\"},\"design\":"
                            "{\"dots_per_cm2\":80},\"sessions\":3,\"seed\":7}";

static inline void make_shared(void)
{
    static struct smp_case from;
    static struct smp_head head;
    static struct smp_settings settings;
    struct smp_err err = { 0 };
    smp_arena_make(&shared, 0);
    snprintf(folder, sizeof folder, "%s/continue", smp_test_folder());
    mkdir(folder, 0777);
    const struct smp_case_source source = { "case.json",
                                            "",
                                            { (const uint8_t *)small, sizeof small - 1 } };
    if (smp_settings_read(&settings, NULL, &shared, &err) ||
        smp_case_parse(&from, &source, &settings, &shared, &err) ||
        smp_case_head(&head, &from, NULL, NULL, &shared, &err) ||
        smp_plan_make(&plan, &from, &head, NULL, NULL, &shared, &err) ||
        smp_plan_save(&plan, folder, &shared, &err) ||
        smp_plan_load_on(&plan, &ground, folder, NULL, NULL, &shared, &err))
        printf("# %s\n", err.msg);
}

struct wish {
    int session, not_done, extra, merged, doubtful; // percent
    double scatter_mm;
    bool half; // the photos show the person's right side only
    uint64_t seed;
};
static const struct wish usual = {
    .session = 1, .not_done = 10, .extra = 4, .merged = 2, .doubtful = 2, .scatter_mm = 0.08
};

static inline struct smp_vec3 beside(const struct smp_dot *d, double right_mm, double up_mm)
{
    const struct smp_vec3 a = smp_unit(smp_cross(d->normal, smp_vec3(0.3, 1, 0.1)));
    return smp_add(d->position_mm,
                   smp_add(smp_scale(a, right_mm), smp_scale(smp_cross(d->normal, a), up_mm)));
}

static inline struct smp_real_dot real_at(const struct smp_dot *d, uint32_t id,
                                          struct smp_vec3 at_mm)
{
    return (struct smp_real_dot){ .position_mm = at_mm,
                                  .normal = d->normal,
                                  .id = id,
                                  .zone = d->zone,
                                  .diameter_mm = 1.1 * d->diameter_um / 1000,
                                  .contrast = 0.4,
                                  .seen_px_per_mm = 18 };
}

// What photos would show of the sessions done of a plan.
static inline struct smp_measured measure(const struct smp_plan *of, const struct wish *wish)
{
    struct smp_rng rng = smp_rng_make(wish->seed + 1, 9);
    struct smp_measured m = {
        .file = "m.json", .plan_key = smp_plan_key(of), .session = wish->session, .widening = 1.1
    };
    m.dots = smp_new(&shared, struct smp_dot_seen, of->dot_count);
    m.real = smp_new(&shared, struct smp_real_dot, 2 * of->dot_count);
    ck_assert(m.dots && m.real);
    for (size_t i = 0; i < of->dot_count; i++) {
        const struct smp_dot *d = &of->dots[i];
        const double what = 100 * smp_rng_unit(&rng);
        if (d->session > wish->session || (wish->half && d->position_mm.x < 0))
            continue;
        const enum smp_held_kind kind = what < wish->not_done                    ? SMP_HELD_NOT_DONE
                                        : what < wish->not_done + wish->doubtful ? SMP_HELD_DOUBTFUL
                                                                                 : SMP_HELD_DONE;
        m.dots[m.dot_count++] = (struct smp_dot_seen){ d->id, kind, 18 };
        const double right = wish->scatter_mm * smp_rng_normal(&rng);
        const double up = wish->scatter_mm * smp_rng_normal(&rng);
        if (kind == SMP_HELD_DONE) {
            m.real[m.real_count] = real_at(d, d->id, beside(d, right, up));
            m.real[m.real_count++].merged = 100 * smp_rng_unit(&rng) < wish->merged;
        }
        if (100 * smp_rng_unit(&rng) < wish->extra)
            m.real[m.real_count++] = real_at(d, 0, beside(d, 0.7, 0.3));
    }
    return m;
}

static inline struct smp_plan go_on(const struct smp_measured *m, size_t count, int session,
                                    struct smp_pool *pool)
{
    struct smp_plan next;
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_plan_go_on(&next, &plan, &ground, m, count, session, pool, &shared, &err),
                  "%s", err.msg);
    return next;
}

#endif
