// The studio's light: one soft box as key, and surroundings that are smooth enough for nine
// numbers. The rig turns with the camera, so that back and crown are lit too.
//
// What the head hides of its surroundings is found once a head, per point, as the nine numbers of
// a transfer vector (Sloan, Kautz, Snyder 2002): a turn of the rig costs one product a point.
#include "preview/preview_impl.h"

// ---- The rig -----------------------------------------------------------------------------------

static const double key_distance_mm = 1100, key_half_mm = 300;
static const float key_strength = 1.12f;
static const float bounce = 0.10f; // light that comes back from skin where the sky is hidden

void smp_sh_eval(float sh[SMP_SH_COUNT], struct smp_f3 d)
{
    sh[0] = 0.282095f;
    sh[1] = 0.488603f * d.y;
    sh[2] = 0.488603f * d.z;
    sh[3] = 0.488603f * d.x;
    sh[4] = 1.092548f * d.x * d.y;
    sh[5] = 1.092548f * d.y * d.z;
    sh[6] = 0.315392f * (3 * d.z * d.z - 1);
    sh[7] = 1.092548f * d.x * d.z;
    sh[8] = 0.546274f * (d.x * d.x - d.y * d.y);
}

// A lamp with a soft edge: 1 within the angle, 0 from 1.5 times the angle on.
static double lamp(struct smp_vec3 d, struct smp_vec3 at, double angle_deg)
{
    const double a = angle_deg * SMP_PI / 180;
    return 1 - smp_smoothstep(cos(a), cos(1.5 * a), smp_dot(d, smp_unit(at)));
}

// Light from a direction in camera axes: x right, y up, z towards the camera.
static double surroundings(struct smp_vec3 d)
{
    const double sky = fmax(0.12, 0.38 + 0.30 * d.y);
    return sky + 0.55 * lamp(d, smp_vec3(0.9, 0.05, 0.35), 24) +
           1.20 * lamp(d, smp_vec3(-0.80, 0.25, -0.55), 14) + 0.35 * lamp(d, smp_vec3(0, 1, 0), 28);
}

struct smp_rig smp_light_rig(const struct smp_viewer *camera)
{
    struct smp_rig rig = { .key = key_strength };
    double sum[SMP_SH_COUNT] = { 0 };
    const int rows = 64, columns = 128;
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) { // equal areas of the sphere
            const double y = 1 - (2 * i + 1) / (double)rows, r = sqrt(1 - y * y);
            const double turn = 2 * SMP_PI * (j + 0.5) / columns;
            const struct smp_vec3 d = smp_vec3(r * cos(turn), y, r * sin(turn));
            const struct smp_vec3 world =
                smp_add(smp_add(smp_scale(camera->right, d.x), smp_scale(camera->up, d.y)),
                        smp_scale(camera->back, d.z));
            float sh[SMP_SH_COUNT];
            smp_sh_eval(sh, smp_f3_of(world));
            const double weight = 4 * SMP_PI / (rows * columns) * surroundings(d);
            for (int k = 0; k < SMP_SH_COUNT; k++)
                sum[k] += weight * (double)sh[k];
        }
    }
    for (int k = 0; k < SMP_SH_COUNT; k++)
        rig.sky[k] = (float)sum[k];

    const struct smp_vec3 to_key =
        smp_unit(smp_add(smp_add(smp_scale(camera->right, -0.62), smp_scale(camera->up, 0.62)),
                         smp_scale(camera->back, 0.62)));
    rig.key_mm = smp_add(camera->target, smp_scale(to_key, key_distance_mm));
    const struct smp_vec3 side = smp_unit(smp_cross(camera->up, to_key));
    rig.key_right = smp_scale(side, key_half_mm);
    rig.key_up = smp_scale(smp_cross(to_key, side), key_half_mm);
    return rig;
}

// ---- What the head hides -----------------------------------------------------------------------

enum { FIRST_RAYS = 16, ALL_RAYS = 80, SMOOTHINGS = 2 };
static const double reach_mm = 260; // farther parts of a bust hide nothing that shows

struct bake {
    struct smp_scene *scene;
};

// k-th of n directions about the normal, cosine-weighted: a golden-angle spiral on the disc,
// turned by the point's own angle.
static struct smp_f3 about(struct smp_f3 n, uint32_t k, uint32_t count, float turn)
{
    const float r2 = ((float)k + 0.5f) / (float)count;
    const float r = sqrtf(r2), a = 2.39996323f * (float)k + turn;
    const struct smp_f3 side = smp_f3_unit(fabsf(n.x) < 0.6f ? (struct smp_f3){ 0, n.z, -n.y }
                                                             : (struct smp_f3){ -n.z, 0, n.x });
    const struct smp_f3 other = { n.y * side.z - n.z * side.y, n.z * side.x - n.x * side.z,
                                  n.x * side.y - n.y * side.x };
    struct smp_f3 d = { 0, 0, 0 };
    d = smp_f3_add(d, side, r * cosf(a));
    d = smp_f3_add(d, other, r * sinf(a));
    return smp_f3_add(d, n, sqrtf(1 - r2));
}

// The open transfer is known exactly; rays take away what is hidden, so that a point that hides
// nothing has no noise at all.
static void bake_point(struct smp_scene *scene, size_t i)
{
    const struct smp_f3 n = scene->normals[i], p = scene->points[i];
    float *t = scene->transfer[i];
    smp_sh_eval(t, n);
    for (int k = 1; k < SMP_SH_COUNT; k++)
        t[k] *= k < 4 ? 2.0f / 3 : 0.25f;
    const float turn =
        (float)(smp_hash64(i, 0xba4e) >> 40) * (float)(2 * SMP_PI / (double)(1 << 24));
    const struct smp_vec3 from = smp_vec3((double)(p.x + 0.1f * n.x), (double)(p.y + 0.1f * n.y),
                                          (double)(p.z + 0.1f * n.z));
    float hidden[SMP_SH_COUNT] = { 0 };
    uint32_t blocked = 0, shot = 0, rays = FIRST_RAYS;
    for (int pass = 0; pass < 2; pass++) {
        struct smp_ray ray[ALL_RAYS];
        struct smp_f3 d[ALL_RAYS];
        bool stopped[ALL_RAYS];
        for (uint32_t k = 0; k < rays; k++) {
            d[k] = about(n, k, rays, turn + (float)pass);
            ray[k] =
                (struct smp_ray){ from, smp_vec3((double)d[k].x, (double)d[k].y, (double)d[k].z), 0,
                                  reach_mm };
        }
        smp_rays_blocked_many(scene->rays, stopped, ray, rays);
        shot += rays;
        for (uint32_t k = 0; k < rays; k++) {
            if (!stopped[k])
                continue;
            float sh[SMP_SH_COUNT];
            smp_sh_eval(sh, d[k]);
            for (int c = 0; c < SMP_SH_COUNT; c++)
                hidden[c] += sh[c];
            blocked++;
        }
        if (blocked == 0)
            break;
        rays = ALL_RAYS - FIRST_RAYS;
    }
    const float share = 1 / (float)shot;
    for (int c = 0; c < SMP_SH_COUNT; c++)
        t[c] -= hidden[c] * share;
    scene->openness[i] = 1 - (float)blocked * share;
}

static void bake_some(void *context, size_t begin, size_t end)
{
    const struct bake *job = context;
    for (size_t i = begin; i < end; i++)
        bake_point(job->scene, i);
}

// Half of each point's value from its neighbours: evens out the noise of the rays.
static void smooth_once(struct smp_scene *scene, float (*sum)[SMP_SH_COUNT + 1], float *count)
{
    const struct smp_mesh *mesh = &scene->mesh;
    for (size_t i = 0; i < mesh->point_count; i++) {
        count[i] = 0;
        for (int c = 0; c <= SMP_SH_COUNT; c++)
            sum[i][c] = 0;
    }
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (int k = 0; k < 3; k++) {
            const uint32_t a = mesh->triangles[t][k], b = mesh->triangles[t][(k + 1) % 3];
            for (int c = 0; c < SMP_SH_COUNT; c++)
                sum[a][c] += scene->transfer[b][c];
            sum[a][SMP_SH_COUNT] += scene->openness[b];
            count[a] += 1;
        }
    }
    for (size_t i = 0; i < mesh->point_count; i++) {
        if (count[i] <= 0)
            continue;
        for (int c = 0; c < SMP_SH_COUNT; c++)
            scene->transfer[i][c] = 0.5f * (scene->transfer[i][c] + sum[i][c] / count[i]);
        scene->openness[i] = 0.5f * (scene->openness[i] + sum[i][SMP_SH_COUNT] / count[i]);
    }
}

enum smp_code smp_light_bake(struct smp_scene *scene, const struct smp_work *work)
{
    const size_t count = scene->mesh.point_count;
    scene->transfer = smp_alloc(work->arena, count, sizeof *scene->transfer);
    scene->openness = smp_new(work->arena, float, count);
    const struct smp_mark mark = smp_arena_mark(work->arena);
    float(*sum)[SMP_SH_COUNT + 1] = smp_alloc(work->arena, count, sizeof *sum);
    float *neighbours = smp_new(work->arena, float, count);
    if (!scene->transfer || !scene->openness || !sum || !neighbours)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the light on %zu points", count);
    smp_pool_for(work->pool, count, 512, bake_some, &(struct bake){ scene });
    for (int k = 0; k < SMOOTHINGS; k++)
        smooth_once(scene, sum, neighbours);
    smp_arena_reset(work->arena, mark);
    return SMP_OK;
}

struct ambient {
    float *out;
    const struct smp_scene *scene;
    const struct smp_rig *rig;
};

static void ambient_some(void *context, size_t begin, size_t end)
{
    const struct ambient *job = context;
    for (size_t i = begin; i < end; i++) {
        float sum = bounce * (1 - job->scene->openness[i]);
        for (int c = 0; c < SMP_SH_COUNT; c++)
            sum += job->rig->sky[c] * job->scene->transfer[i][c];
        job->out[i] = sum > 0 ? sum : 0;
    }
}

void smp_light_ambient(float *ambient, const struct smp_scene *scene, const struct smp_rig *rig,
                       struct smp_pool *pool)
{
    smp_pool_for(pool, scene->mesh.point_count, 8192, ambient_some,
                 &(struct ambient){ ambient, scene, rig });
}
