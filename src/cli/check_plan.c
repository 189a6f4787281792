// The plan's side of `stubble check`: its dots, what a camera sees of them, the skin they are in.
#include "cli/check.h"
#include "cli/optics.h"
#include "cli/plan_folder.h"

// How wide the median dot is at the age over what it is when healed.
static enum smp_code widening(struct smp_check *check, struct smp_err *err)
{
    struct smp_healing healing;
    enum smp_code code = smp_age_years(&check->years, check->age, "--age", err);
    if (!code)
        code = smp_cli_healing(&healing, NULL, check->arena, err);
    if (code)
        return code;
    const struct smp_wear wear = { 0 };
    const struct smp_fate fate = smp_fate_median(&healing, &wear);
    const struct smp_deposit_shape planned =
        smp_deposit_planned(0.15, 0.3, healing.constant[SMP_HEAL_HEIGHT].value);
    const struct smp_aged then = smp_aged_at(&fate, &planned, check->years);
    const struct smp_aged healed = smp_aged_at(&fate, &planned, SMP_HEALED_YEARS);
    check->wider = then.shape.diameter_mm / healed.shape.diameter_mm;
    return SMP_OK;
}

static enum smp_code take_dots(struct smp_check *check, struct smp_err *err)
{
    const struct smp_plan *plan = &check->plan;
    if (check->session > plan->sessions)
        return smp_fail(err, SMP_E_INPUT, "--session must be 1 to %d for this plan, not %d",
                        plan->sessions, check->session);
    check->number = smp_new(check->arena, size_t, plan->dot_count);
    check->seen = smp_new(check->arena, uint8_t, plan->head->mesh.triangle_count);
    if (!check->number || !check->seen)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", plan->dot_count);
    for (size_t i = 0; i < plan->dot_count; i++)
        if (check->session == 0 || plan->dots[i].session <= check->session)
            check->number[check->count++] = i;
    return smp_survey_make(&check->survey, plan->dots, plan->dot_count, check->arena, err);
}

enum smp_code smp_check_open(struct smp_check *check, struct smp_err *err)
{
    enum smp_code code = widening(check, err);
    if (!code)
        code = smp_plan_folder_load(&check->plan, check->folder, check->no_sandbox, check->pool,
                                    check->arena, err);
    if (!code)
        code = smp_rays_make(&check->rays, &check->plan.head->mesh, err);
    return code ? code : take_dots(check, err);
}

void smp_check_drop(struct smp_check *check)
{
    if (check->rays)
        smp_rays_drop(check->rays);
}

const struct smp_dot *smp_check_dot(const struct smp_check *check, size_t i)
{
    return &check->plan.dots[check->number[i]];
}

double smp_check_diameter_mm(const struct smp_check *check, size_t i)
{
    return check->wider * smp_check_dot(check, i)->diameter_um / 1000;
}

// ---- What a camera sees ------------------------------------------------------------------------

struct seeing {
    const struct smp_check *check;
    const struct smp_camera *camera;
    struct smp_sight *sights;
};

static void see(void *context, size_t begin, size_t end)
{
    const struct seeing *job = context;
    for (size_t i = begin; i < end; i++) {
        const struct smp_dot *d = smp_check_dot(job->check, i);
        job->sights[i] = smp_sight_of(job->camera, job->check->rays, d->position_mm, d->normal);
    }
}

enum smp_code smp_check_see(struct smp_sight **sights, const struct smp_check *check,
                            const struct smp_camera *camera, struct smp_arena *arena,
                            struct smp_err *err)
{
    *sights = smp_new(arena, struct smp_sight, check->count);
    if (!*sights)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", check->count);
    struct seeing job = { check, camera, *sights };
    smp_pool_for(check->pool, check->count, 256, see, &job);
    return SMP_OK;
}

static bool treated(const struct smp_plan *plan, size_t triangle)
{
    const uint32_t *c = plan->head->mesh.triangles[triangle];
    double laid = 0;
    for (int k = 0; k < 3; k++)
        laid += plan->design->laid_per_cm2[c[k]] / 3;
    return laid >= 0.5;
}

struct looking {
    struct smp_check *check;
    const struct smp_camera *camera;
    const uint8_t *region;
};

// The middle of a triangle stands for it: they are 1.5 mm wide.
static void look(void *context, size_t begin, size_t end)
{
    const struct looking *job = context;
    const struct smp_plan *plan = &job->check->plan;
    const struct smp_mesh *mesh = &plan->head->mesh;
    for (size_t t = begin; t < end; t++) {
        if (job->check->seen[t] || !treated(plan, t))
            continue;
        const double third[3] = { 1.0 / 3, 1.0 / 3, 1.0 / 3 };
        const struct smp_sight sight =
            smp_sight_of(job->camera, job->check->rays, smp_mesh_at(mesh, t, third),
                         smp_unit(smp_mesh_area_vector(mesh, t)));
        job->check->seen[t] =
            sight.kind == SMP_SIGHT_SEEN && sight.facing >= SMP_HELD_FACING &&
            job->region[(size_t)sight.y_px * job->camera->width_px + (size_t)sight.x_px];
    }
}

void smp_check_add_area(struct smp_check *check, const struct smp_camera *camera,
                        const uint8_t *region)
{
    struct looking job = { check, camera, region };
    smp_pool_for(check->pool, check->plan.head->mesh.triangle_count, 1024, look, &job);
}

double smp_check_area_cm2(const struct smp_check *check, enum smp_zone zone, bool seen_only)
{
    const struct smp_mesh *mesh = &check->plan.head->mesh;
    double mm2 = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        if (seen_only ? !check->seen[t] : !treated(&check->plan, t))
            continue;
        for (int k = 0; k < 3; k++)
            if (check->plan.design->zones[mesh->triangles[t][k]] == zone)
                mm2 += smp_length(smp_mesh_area_vector(mesh, t)) / 3;
    }
    return mm2 / 100;
}

bool smp_check_place(struct smp_vec3 *position_mm, struct smp_vec3 *normal,
                     const struct smp_check *check, const struct smp_camera *camera,
                     const double px[2])
{
    const double far_mm = 1e5;
    const struct smp_mesh *mesh = &check->plan.head->mesh;
    double from[3], along[3];
    smp_camera_ray(camera, px, from, along);
    const struct smp_hit hit = smp_rays_first(check->rays, smp_vec3(from[0], from[1], from[2]),
                                              smp_vec3(along[0], along[1], along[2]), 0, far_mm);
    if (hit.triangle == SMP_NO_TRIANGLE)
        return false;
    *position_mm = smp_mesh_at(mesh, hit.triangle, hit.bary);
    *normal = smp_unit(smp_mesh_area_vector(mesh, hit.triangle));
    return true;
}
