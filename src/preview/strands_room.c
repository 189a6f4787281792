// Distance from the skin on a grid around the scalp, so that a strand knows at each step how high
// it is and where out is.
#include "preview/strands_impl.h"

static const float cube_mm = 5, reach_mm = 34, margin_mm = 64; // hair is at most 60 mm long

struct fill {
    struct smp_room *room;
    const struct smp_scene *scene;
};

static float distance_at(const struct smp_scene *scene, struct smp_vec3 p)
{
    const struct smp_hit hit = smp_rays_nearest(scene->rays, p, (double)reach_mm);
    if (hit.triangle == SMP_NO_TRIANGLE)
        return reach_mm;
    const uint32_t *corner = scene->mesh.triangles[hit.triangle];
    struct smp_f3 foot = { 0, 0, 0 }, normal = { 0, 0, 0 };
    for (int k = 0; k < 3; k++) {
        foot = smp_f3_add(foot, scene->points[corner[k]], (float)hit.bary[k]);
        normal = smp_f3_add(normal, scene->normals[corner[k]], (float)hit.bary[k]);
    }
    const struct smp_f3 away = smp_f3_add(smp_f3_of(p), foot, -1);
    const float d = sqrtf(smp_f3_dot(away, away));
    return smp_f3_dot(away, normal) < 0 ? -d : d;
}

static void fill_layers(void *context, size_t begin, size_t end)
{
    const struct fill *job = context;
    const struct smp_room *r = job->room;
    for (size_t z = begin; z < end; z++)
        for (size_t y = 0; y < r->size[1]; y++)
            for (size_t x = 0; x < r->size[0]; x++) {
                const struct smp_vec3 p = smp_vec3((double)(r->low.x + r->cube_mm * (float)x),
                                                   (double)(r->low.y + r->cube_mm * (float)y),
                                                   (double)(r->low.z + r->cube_mm * (float)z));
                r->distance_mm[(z * r->size[1] + y) * r->size[0] + x] = distance_at(job->scene, p);
            }
}

enum smp_code smp_room_make(struct smp_room *room, const struct smp_scene *scene,
                            struct smp_arena *own, const struct smp_work *work)
{
    const struct smp_head *head = scene->head;
    struct smp_f3 low = { HUGE_VALF, HUGE_VALF, HUGE_VALF },
                  high = { -HUGE_VALF, -HUGE_VALF, -HUGE_VALF };
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        if (head->zones[i] == SMP_ZONE_NONE)
            continue;
        const struct smp_f3 p = scene->points[i];
        low = (struct smp_f3){ fminf(low.x, p.x), fminf(low.y, p.y), fminf(low.z, p.z) };
        high = (struct smp_f3){ fmaxf(high.x, p.x), fmaxf(high.y, p.y), fmaxf(high.z, p.z) };
    }
    if (!(low.x <= high.x))
        low = high = (struct smp_f3){ 0, 0, 0 };
    const float wide[3] = { high.x - low.x, high.y - low.y, high.z - low.z };
    *room = (struct smp_room){ .low = { low.x - margin_mm, low.y - margin_mm, low.z - margin_mm },
                               .cube_mm = cube_mm };
    size_t count = 1;
    for (int k = 0; k < 3; k++) {
        room->size[k] = (size_t)((wide[k] + 2 * margin_mm) / cube_mm) + 2;
        count *= room->size[k];
    }
    room->distance_mm = smp_new(own, float, count);
    if (!room->distance_mm)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for %zu distances from the skin", count);
    smp_pool_for(work->pool, room->size[2], 1, fill_layers, &(struct fill){ room, scene });
    return SMP_OK;
}

// Cell and place in it, held inside the grid.
static size_t cell_of(float *t, float at, float low, float cube, size_t size)
{
    const float x = smp_clampf((at - low) / cube, 0, (float)(size - 1) - 0.001f);
    const size_t i = (size_t)x;
    *t = x - (float)i;
    return i;
}

float smp_room_at(const struct smp_room *room, struct smp_f3 p, struct smp_f3 *out)
{
    float u, v, w;
    const size_t x = cell_of(&u, p.x, room->low.x, room->cube_mm, room->size[0]);
    const size_t y = cell_of(&v, p.y, room->low.y, room->cube_mm, room->size[1]);
    const size_t z = cell_of(&w, p.z, room->low.z, room->cube_mm, room->size[2]);
    const size_t down = room->size[0], deep = down * room->size[1];
    const float *d = room->distance_mm + z * deep + y * down + x;
    // differences along x on the four edges, then what they become along y and z
    const float a[4] = { d[0], d[down], d[deep], d[deep + down] };
    const float dx[4] = { d[1] - a[0], d[down + 1] - a[1], d[deep + 1] - a[2],
                          d[deep + down + 1] - a[3] };
    float ex[4];
    for (int k = 0; k < 4; k++)
        ex[k] = a[k] + u * dx[k];
    const float low = ex[0] + v * (ex[1] - ex[0]), high = ex[2] + v * (ex[3] - ex[2]);
    const float gx = (dx[0] + v * (dx[1] - dx[0])) * (1 - w) + (dx[2] + v * (dx[3] - dx[2])) * w;
    const float gy = (ex[1] - ex[0]) * (1 - w) + (ex[3] - ex[2]) * w;
    *out = smp_f3_unit((struct smp_f3){ gx, gy, high - low });
    return low + w * (high - low);
}
