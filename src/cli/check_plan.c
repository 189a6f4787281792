// The plan's side of `stubble check`: its dots, what a camera sees of them, the skin they are in.
#include "cli/check.h"
#include "cli/optics.h"
#include "cli/plan_folder.h"
#include "preview/preview.h"

#include <math.h>
#include <string.h>

struct smp_check_plan {
    struct smp_plan plan;
    struct smp_rays *rays;
    struct smp_check_dot *dots;
    size_t count;
    size_t *number;      // of each in the plan
    double years, wider; // diameter at the age over that when healed
    uint8_t *seen;       // a byte a triangle of the head
};

// How wide the median dot is at the age over what it is when healed.
static enum smp_code widening(struct smp_check_plan *p, const char *age, struct smp_arena *arena,
                              struct smp_err *err)
{
    struct smp_healing healing;
    enum smp_code code = smp_age_years(&p->years, age, "--age", err);
    if (!code)
        code = smp_cli_healing(&healing, NULL, arena, err);
    if (code)
        return code;
    const struct smp_wear wear = { 0 };
    const struct smp_fate fate = smp_fate_median(&healing, &wear);
    const struct smp_deposit_shape planned =
        smp_deposit_planned(0.15, 0.3, healing.constant[SMP_HEAL_HEIGHT].value);
    const struct smp_aged then = smp_aged_at(&fate, &planned, p->years);
    const struct smp_aged healed = smp_aged_at(&fate, &planned, SMP_HEALED_YEARS);
    p->wider = then.shape.diameter_mm / healed.shape.diameter_mm;
    return SMP_OK;
}

static enum smp_code take_dots(struct smp_check_plan *p, int session, struct smp_arena *arena,
                               struct smp_err *err)
{
    const struct smp_plan *plan = &p->plan;
    if (session > plan->sessions)
        return smp_fail(err, SMP_E_INPUT, "--session must be 1 to %d for this plan, not %d",
                        plan->sessions, session);
    p->dots = smp_new(arena, struct smp_check_dot, plan->dot_count);
    p->number = smp_new(arena, size_t, plan->dot_count);
    p->seen = smp_new(arena, uint8_t, plan->head->mesh.triangle_count);
    if (!p->dots || !p->number || !p->seen)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", plan->dot_count);
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *d = &plan->dots[i];
        if (session > 0 && d->session > session)
            continue;
        p->number[p->count] = i;
        p->dots[p->count++] =
            (struct smp_check_dot){ d->id, d->session, d->zone, p->wider * d->diameter_um / 1000 };
    }
    return SMP_OK;
}

enum smp_code smp_check_plan_open(struct smp_check_plan **plan, const struct smp_check_wish *wish,
                                  struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err)
{
    struct smp_check_plan *p = *plan = smp_new(arena, struct smp_check_plan, 1);
    if (!p)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a plan");
    enum smp_code code = widening(p, wish->age, arena, err);
    if (!code)
        code = smp_plan_folder_load(&p->plan, wish->plan, wish->no_sandbox, pool, arena, err);
    if (!code)
        code = smp_rays_make(&p->rays, &p->plan.head->mesh, err);
    return code ? code : take_dots(p, wish->session, arena, err);
}

void smp_check_plan_drop(struct smp_check_plan *plan)
{
    if (plan && plan->rays)
        smp_rays_drop(plan->rays);
}

const struct smp_check_dot *smp_check_plan_dots(const struct smp_check_plan *plan, size_t *count)
{
    *count = plan->count;
    return plan->dots;
}

double smp_check_dot_limit_mm(const struct smp_check_plan *plan)
{
    return plan->wider * plan->plan.from->settings->numbers[SMP_N_DOT_MM].value;
}

enum smp_code smp_check_limits(struct smp_check_limits *limits, struct smp_arena *arena,
                               struct smp_err *err)
{
    struct smp_settings *settings = smp_new(arena, struct smp_settings, 1);
    if (!settings)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the limits");
    const enum smp_code code = smp_settings_read(settings, NULL, arena, err);
    if (code)
        return code;
    const struct smp_number *n = settings->numbers;
    *limits = (struct smp_check_limits){ n[SMP_N_DOT_MM].value, n[SMP_N_GRID_CV].value,
                                         n[SMP_N_MERGING].value, n[SMP_N_DENSITY_STEP].value };
    return SMP_OK;
}

double smp_check_years(const struct smp_check_plan *plan)
{
    return plan->years;
}

// ---- What a camera sees ------------------------------------------------------------------------

struct seeing {
    const struct smp_check_plan *plan;
    const struct smp_camera *camera;
    struct smp_sight *sights;
};

static void see(void *context, size_t begin, size_t end)
{
    const struct seeing *job = context;
    for (size_t i = begin; i < end; i++) {
        const struct smp_dot *d = &job->plan->plan.dots[job->plan->number[i]];
        job->sights[i] = smp_sight_of(job->camera, job->plan->rays, d->position_mm, d->normal);
    }
}

enum smp_code smp_check_plan_see(struct smp_sight **sights, const struct smp_check_plan *plan,
                                 const struct smp_camera *camera, struct smp_pool *pool,
                                 struct smp_arena *arena, struct smp_err *err)
{
    *sights = smp_new(arena, struct smp_sight, plan->count);
    if (!*sights)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", plan->count);
    struct seeing job = { plan, camera, *sights };
    smp_pool_for(pool, plan->count, 256, see, &job);
    return SMP_OK;
}

struct looking {
    struct smp_check_plan *plan;
    const struct smp_camera *camera;
    const uint8_t *region;
    double least_facing;
};

// The middle of a triangle stands for it: they are 1.5 mm wide.
static void look(void *context, size_t begin, size_t end)
{
    const struct looking *job = context;
    const struct smp_plan *plan = &job->plan->plan;
    const struct smp_mesh *mesh = &plan->head->mesh;
    for (size_t t = begin; t < end; t++) {
        const uint32_t *c = mesh->triangles[t];
        double laid = 0;
        for (int k = 0; k < 3; k++)
            laid += plan->design->laid_per_cm2[c[k]] / 3;
        if (job->plan->seen[t] || !(laid >= 0.5))
            continue;
        const double third[3] = { 1.0 / 3, 1.0 / 3, 1.0 / 3 };
        const struct smp_sight sight =
            smp_sight_of(job->camera, job->plan->rays, smp_mesh_at(mesh, t, third),
                         smp_unit(smp_mesh_area_vector(mesh, t)));
        job->plan->seen[t] =
            sight.kind == SMP_SIGHT_SEEN && sight.facing >= job->least_facing &&
            job->region[(size_t)sight.y_px * job->camera->width_px + (size_t)sight.x_px];
    }
}

void smp_check_plan_add_area(struct smp_check_plan *plan, const struct smp_camera *camera,
                             const uint8_t *region, double least_facing, struct smp_pool *pool)
{
    struct looking job = { plan, camera, region, least_facing };
    smp_pool_for(pool, plan->plan.head->mesh.triangle_count, 1024, look, &job);
}

double smp_check_plan_area_cm2(const struct smp_check_plan *plan, enum smp_zone zone)
{
    const struct smp_mesh *mesh = &plan->plan.head->mesh;
    double mm2 = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        for (int k = 0; k < 3 && plan->seen[t]; k++)
            if (plan->plan.design->zones[mesh->triangles[t][k]] == zone)
                mm2 += smp_length(smp_mesh_area_vector(mesh, t)) / 3;
    return mm2 / 100;
}

bool smp_check_plan_place(struct smp_vec3 *position_mm, struct smp_vec3 *normal,
                          const struct smp_check_plan *plan, const struct smp_camera *camera,
                          const double px[2])
{
    const double far_mm = 1e5;
    const struct smp_mesh *mesh = &plan->plan.head->mesh;
    double from[3], along[3];
    smp_camera_ray(camera, px, from, along);
    const struct smp_hit hit = smp_rays_first(plan->rays, smp_vec3(from[0], from[1], from[2]),
                                              smp_vec3(along[0], along[1], along[2]), 0, far_mm);
    if (hit.triangle == SMP_NO_TRIANGLE)
        return false;
    *position_mm = smp_mesh_at(mesh, hit.triangle, hit.bary);
    *normal = smp_unit(smp_mesh_area_vector(mesh, hit.triangle));
    return true;
}

void smp_check_stamp(struct smp_image *image)
{
    smp_stamp(image, "marked by stubble");
}
