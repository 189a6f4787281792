// Follicles: the plan's remaining units, and as many between them as a scalp could have, laid by
// the layout engine. Any prefix of its order is well spread, so each follicle is given the density
// from which on it is there.
#include "preview/strands_impl.h"

#include "design/design.h"
#include "layout/layout.h"

#include <string.h>

// Angle between hair and skin by zone [docs/preview.md]; the whorl's is set apart.
static const double exit_deg[SMP_ZONE_COUNT] = {
    [SMP_ZONE_HAIRLINE] = 18,       [SMP_ZONE_FRONTAL] = 28,     [SMP_ZONE_MIDSCALP] = 42,
    [SMP_ZONE_CROWN] = 45,          [SMP_ZONE_TEMPLE_LEFT] = 10, [SMP_ZONE_TEMPLE_RIGHT] = 10,
    [SMP_ZONE_PEAK_LEFT] = 8,       [SMP_ZONE_PEAK_RIGHT] = 8,   [SMP_ZONE_PARIETAL_LEFT] = 22,
    [SMP_ZONE_PARIETAL_RIGHT] = 22, [SMP_ZONE_OCCIPUT] = 24,     [SMP_ZONE_NAPE] = 14,
};
static const double whorl_deg = 78, whorl_mm = 11;

// The barber's cut: hair is shorter toward the neck and around the ears [E].
static const double cut_least = 0.14, cut_mm = 42, cut_up_mm = 40;
static const double border_step_mm = 3;

static const float lock_mm = 5.5f;

struct sowing {
    const struct smp_scene *scene;
    struct smp_mesh scalp;
    const double *exit; // per point
    const struct smp_vec3 *border;
    size_t border_count;
    struct smp_follicle *to;
};

static bool on_scalp(const struct smp_scene *scene, uint32_t point)
{
    const struct smp_design *design = scene->plan->design;
    return scene->head->zones[point] || (design && design->zones && design->zones[point]);
}

static enum smp_code select_scalp(struct sowing *s, const struct smp_work *work)
{
    const struct smp_head *head = s->scene->head;
    uint32_t(*kept)[3] = smp_alloc(work->arena, head->mesh.triangle_count, sizeof *kept);
    if (!kept)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the scalp");
    size_t count = 0;
    for (size_t t = 0; t < head->mesh.triangle_count; t++) {
        const uint32_t *c = head->mesh.triangles[t];
        const bool any =
            on_scalp(s->scene, c[0]) || on_scalp(s->scene, c[1]) || on_scalp(s->scene, c[2]);
        if (any && (!head->outer || head->outer[t]))
            memcpy(kept[count++], c, sizeof *kept);
    }
    s->scalp = (struct smp_mesh){ .points = head->mesh.points,
                                  .point_count = head->mesh.point_count,
                                  .triangles = kept,
                                  .triangle_count = count,
                                  .part_count = 1 };
    return SMP_OK;
}

// Whether hair grows at a point of a head that has lost none.
static enum smp_code find_grown(bool *grown, const struct smp_scene *scene,
                                const struct smp_work *work)
{
    const struct smp_head *head = scene->head;
    const struct smp_loss none = { .kind = SMP_LOSS_NONE, .native_fu_per_cm2 = 100 };
    double *fu = smp_new(work->arena, double, head->mesh.point_count);
    if (!fu)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the scalp's border");
    const enum smp_code code =
        head->chart ? smp_loss_field(fu, NULL, head, &none, work->err) : SMP_OK;
    for (size_t i = 0; i < head->mesh.point_count && !code; i++)
        grown[i] = head->chart ? fu[i] > 40 : head->zones[i] != SMP_ZONE_NONE;
    return code;
}

// Points of the hair's lower border, some millimetres apart.
static enum smp_code find_border(struct sowing *s, const struct smp_work *work)
{
    const struct smp_mesh *mesh = &s->scalp;
    struct smp_vec3 *found = smp_new(work->arena, struct smp_vec3, mesh->triangle_count);
    bool *grown = smp_new(work->arena, bool, mesh->point_count);
    if (!found || !grown)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the scalp's border");
    const enum smp_code code = find_grown(grown, s->scene, work);
    for (size_t t = 0; t < mesh->triangle_count && !code; t++) {
        const uint32_t *c = mesh->triangles[t];
        const int grows = grown[c[0]] + grown[c[1]] + grown[c[2]];
        const struct smp_vec3 p = mesh->points[c[0]];
        bool near = grows == 0 || grows == 3 || smp_up_mm(p) > cut_up_mm + cut_mm;
        for (size_t k = 0; k < s->border_count && !near; k++)
            near = smp_length(smp_sub(found[k], p)) < border_step_mm;
        if (!near)
            found[s->border_count++] = p;
    }
    s->border = found;
    return code;
}

static float cut_at(const struct sowing *s, struct smp_vec3 p)
{
    double least = cut_mm;
    for (size_t k = 0; k < s->border_count; k++) {
        const double up = fmax(0, smp_up_mm(s->border[k]) - cut_up_mm);
        const struct smp_vec3 d = smp_sub(s->border[k], p);
        if (up < least && smp_dot(d, d) < (least - up) * (least - up))
            least = sqrt(smp_dot(d, d)) + up;
    }
    return (float)(cut_least + (1 - cut_least) * smp_smoothstep(0, cut_mm, least));
}

// From a root to the middle of its lock: the nearest of points strewn one a cube.
static struct smp_f3 lock_of(struct smp_f3 at)
{
    const float x = at.x / lock_mm, y = at.y / lock_mm, z = at.z / lock_mm;
    float nearest = HUGE_VALF;
    struct smp_f3 way = { 0, 0, 0 };
    for (int k = 0; k < 27; k++) {
        const int right = k % 3 - 1, ahead = k / 3 % 3 - 1, up = k / 9 - 1;
        const float cx = floorf(x) + (float)right, cy = floorf(y) + (float)ahead,
                    cz = floorf(z) + (float)up;
        const uint64_t h =
            smp_hash64((uint64_t)((int64_t)cx + 4096) << 32 | (uint64_t)((int64_t)cy + 4096) << 16,
                       (uint64_t)((int64_t)cz + 4096));
        const struct smp_f3 d = { cx + (float)(h & 1023) / 1023 - x,
                                  cy + (float)(h >> 10 & 1023) / 1023 - y,
                                  cz + (float)(h >> 20 & 1023) / 1023 - z };
        const float d2 = smp_f3_dot(d, d);
        if (d2 < nearest) {
            nearest = d2;
            way = (struct smp_f3){ d.x * lock_mm, d.y * lock_mm, d.z * lock_mm };
        }
    }
    return way;
}

static void furnish_some(void *context, size_t begin, size_t end)
{
    const struct sowing *s = context;
    const struct smp_head *head = s->scene->head;
    const struct smp_vec3 whorl = smp_hair_whorl(head);
    for (size_t i = begin; i < end; i++) {
        struct smp_follicle *f = &s->to[i];
        const struct smp_vec3 p = smp_vec3((double)f->at.x, (double)f->at.y, (double)f->at.z);
        const struct smp_vec3 away = smp_sub(p, whorl);
        const double near = exp(-smp_dot(away, away) / (2 * whorl_mm * whorl_mm));
        const double zone = smp_follicle_read(s->exit, f);
        f->exit_rad = (float)((zone + near * (whorl_deg - zone)) * SMP_PI / 180);
        f->cut = cut_at(s, p);
        f->lock = lock_of(f->at);
        f->lock = smp_f3_add(f->lock, f->normal, -smp_f3_dot(f->lock, f->normal));
    }
}

static void place(struct smp_follicle *f, struct smp_vec3 at, struct smp_vec3 normal,
                  const uint32_t corner[3], const double bary[3])
{
    *f = (struct smp_follicle){ .at = smp_f3_of(at), .normal = smp_f3_of(normal) };
    for (int k = 0; k < 3; k++) {
        f->corner[k] = corner[k];
        f->share[k] = (float)bary[k];
    }
}

static double left_at(const struct smp_plan *plan, const struct smp_follicle *f)
{
    const double left = plan->fu_per_cm2 ? smp_follicle_read(plan->fu_per_cm2, f) : 0;
    return smp_clamp(left, 0, SMP_HAIR_FU_MAX);
}

// The plan's own first, then the new ones; each in its layout's order.
static size_t list(struct smp_follicle *to, const struct sowing *s, const struct smp_layout *laid)
{
    const struct smp_plan *plan = s->scene->plan;
    size_t count = 0;
    for (size_t i = 0; i < plan->hair_count; i++) {
        const struct smp_vec3 p = plan->hairs[i].position_mm;
        const struct smp_hit hit = smp_rays_nearest(s->scene->rays, p, 3);
        struct smp_follicle *f = &to[count];
        if (hit.triangle == SMP_NO_TRIANGLE || hit.triangle >= s->scene->head->mesh.triangle_count)
            continue;
        place(f, p, plan->hairs[i].normal, s->scene->head->mesh.triangles[hit.triangle], hit.bary);
        const double rank = ((double)i + 0.5) / (double)plan->hair_count;
        f->from_per_cm2 = (float)(rank * left_at(plan, f));
        count++;
    }
    for (size_t j = 0; j < laid->count; j++) {
        const struct smp_layout_dot *dot = &laid->dots[j];
        struct smp_follicle *f = &to[count++];
        double bary[3];
        smp_mesh_bary(bary, &s->scalp, dot->triangle, dot->position_mm);
        place(f, dot->position_mm, dot->normal, s->scalp.triangles[dot->triangle], bary);
        const double rank = ((double)j + 0.5) / (double)laid->count, left = left_at(plan, f);
        f->from_per_cm2 = (float)(left + rank * (SMP_HAIR_FU_MAX - left));
    }
    return count;
}

static enum smp_code sow(struct smp_layout *laid, struct sowing *s, const struct smp_work *work)
{
    const struct smp_plan *plan = s->scene->plan;
    const size_t points = s->scalp.point_count;
    double *density = smp_new(work->arena, double, points);
    struct smp_vec3 *fixed = smp_new(work->arena, struct smp_vec3, plan->hair_count);
    double *exit = smp_new(work->arena, double, points);
    if (!density || !fixed || !exit)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the follicles of a scalp");
    for (size_t i = 0; i < points; i++)
        density[i] = on_scalp(s->scene, (uint32_t)i) ? SMP_HAIR_FU_MAX : 0;
    for (size_t i = 0; i < plan->hair_count; i++)
        fixed[i] = plan->hairs[i].position_mm;
    struct smp_surface *surface = NULL;
    struct smp_layout_params params = smp_layout_defaults;
    params.sessions = 1;
    params.seed = smp_hash64(plan->from->seed, 0x57a);
    const struct smp_layout_input input = { .density_per_cm2 = density,
                                            .fixed_mm = fixed,
                                            .fixed_count = plan->hair_count };
    enum smp_code code = smp_surface_make(&surface, &s->scalp, work->pool, work->arena, work->err);
    if (!code)
        code = smp_layout_make(laid, surface, &input, &params, work->pool, work->arena, work->err);
    const uint8_t *zones =
        plan->design && plan->design->zones ? plan->design->zones : s->scene->head->zones;
    if (!code)
        code = smp_design_blend(exit, s->scene->head, zones, exit_deg, work->arena, work->err);
    s->exit = exit;
    return code;
}

enum smp_code smp_follicles_make(struct smp_strand_scene *to, const struct smp_scene *scene,
                                 struct smp_arena *own, const struct smp_work *work)
{
    const struct smp_mark mark = smp_arena_mark(work->arena);
    struct sowing s = { .scene = scene };
    struct smp_layout laid = { 0 };
    enum smp_code code = select_scalp(&s, work);
    if (!code && s.scalp.triangle_count)
        code = sow(&laid, &s, work);
    if (!code)
        code = find_border(&s, work);
    if (!code)
        to->follicles = smp_new(own, struct smp_follicle, scene->plan->hair_count + laid.count);
    if (!code && !to->follicles)
        code = smp_fail(work->err, SMP_E_NOMEM, "no room for %zu follicles", laid.count);
    if (!code && s.scalp.triangle_count) {
        to->count = list(to->follicles, &s, &laid);
        s.to = to->follicles;
        smp_pool_for(work->pool, to->count, 1024, furnish_some, &s);
    }
    smp_arena_reset(work->arena, mark);
    return code;
}
