// A scan's texture shows the client's own shaved hair. Dots and stubble drawn over it would count
// its shadow twice, so it is taken out first: the texture is divided by its own low-pass, and the
// forehead's colour goes in its place (docs/preview.md "The scan's own hair").
#include "preview/preview_impl.h"

#include <stdio.h>

enum { SMOOTHINGS = 22, SWEEPS = 24 };
static const float far_mm = 1e6f;
static const double margin_mm = 18; // beyond the scalp's zones
static const double ear_mm = 36;
static const double fade_mm = 45; // from the colours around to the forehead's

static struct smp_rgb texture_at(const struct smp_image *image, struct smp_uv uv)
{
    const double x = (double)(uv.u - floorf(uv.u)) * (double)image->width_px;
    const double y = smp_clamp((double)uv.v, 0, 1) * (double)image->height_px;
    const size_t ix = (size_t)smp_clamp(x, 0, (double)image->width_px - 1);
    const size_t iy = (size_t)smp_clamp(y, 0, (double)image->height_px - 1);
    return image->px_lin[iy * image->width_px + ix];
}

static void add(struct smp_rgb *sum, struct smp_rgb c, float weight)
{
    sum->r += weight * c.r;
    sum->g += weight * c.g;
    sum->b += weight * c.b;
}

// Spreads colours over the mesh; about 5 mm in SMOOTHINGS rounds where edges are 1.5 mm. With
// `texture` the first round takes it at the points.
static void low_pass(struct smp_rgb *smooth, struct smp_rgb *sum, float *count,
                     const struct smp_head *head, bool texture)
{
    const struct smp_mesh *mesh = &head->mesh;
    for (int round = texture ? 0 : 1; round <= SMOOTHINGS; round++) {
        for (size_t i = 0; i < mesh->point_count; i++) {
            sum[i] = (struct smp_rgb){ 0, 0, 0 };
            count[i] = 0;
        }
        for (size_t t = 0; t < mesh->triangle_count; t++) {
            for (int k = 0; k < 3; k++) {
                const uint32_t a = mesh->triangles[t][k], b = mesh->triangles[t][(k + 1) % 3];
                add(&sum[a], round ? smooth[b] : texture_at(&head->texture, mesh->uvs[t][k]), 1);
                count[a] += 1;
            }
        }
        for (size_t i = 0; i < mesh->point_count; i++) {
            const float s = count[i] > 0 ? 1 / count[i] : 0;
            smooth[i] = (struct smp_rgb){ sum[i].r * s, sum[i].g * s, sum[i].b * s };
        }
    }
}

static bool at_ear(const struct smp_head *head, struct smp_vec3 p)
{
    const struct smp_vec3 ear = smp_add(head->landmarks.rpa, smp_vec3(6, -14, -4));
    return smp_length(smp_sub(smp_vec3(fabs(p.x), p.y, p.z), ear)) < ear_mm;
}

// How far it is over the mesh from where way_mm is 0 (elsewhere it must be `far_mm`), to a little
// beyond most_mm. With `colour`, each point takes that of the one it is reached from; with
// round_ears the way leads round them.
static void go_out(float *way_mm, struct smp_rgb *colour, const struct smp_head *head,
                   double most_mm, bool round_ears)
{
    const struct smp_mesh *mesh = &head->mesh;
    bool changed = true;
    for (int sweep = 0; sweep < SWEEPS && changed; sweep++) {
        changed = false;
        for (size_t n = 0; n < mesh->triangle_count; n++) {
            const size_t t = sweep % 2 ? mesh->triangle_count - 1 - n : n;
            for (int k = 0; k < 6; k++) {
                const uint32_t a = mesh->triangles[t][k % 3];
                const uint32_t b = mesh->triangles[t][(k % 3 + 1 + k / 3) % 3];
                if (way_mm[a] > (float)most_mm || way_mm[a] >= way_mm[b] ||
                    (round_ears && at_ear(head, mesh->points[b])))
                    continue;
                const float step = (float)smp_length(smp_sub(mesh->points[a], mesh->points[b]));
                if (way_mm[a] + step >= way_mm[b])
                    continue;
                way_mm[b] = way_mm[a] + step;
                if (colour)
                    colour[b] = colour[a];
                changed = true;
            }
        }
    }
}

// Way over the mesh from the scalp's zones, mm; ears are walked round.
static void distances(float *away, const struct smp_head *head)
{
    for (size_t i = 0; i < head->mesh.point_count; i++)
        away[i] = head->zones[i] != SMP_ZONE_NONE ? 0 : far_mm;
    go_out(away, NULL, head, margin_mm, true);
}

// Into the cleaned part the colours of the skin around it run on: each point takes that of the one
// nearest outside, and how far that is.
static void run_on(struct smp_rgb *colour, float *inside, const struct smp_scene *scene)
{
    for (size_t i = 0; i < scene->head->mesh.point_count; i++) {
        colour[i] = scene->smooth[i];
        inside[i] = scene->paint[i].clean > 0.02f ? far_mm : 0;
    }
    go_out(inside, colour, scene->head, fade_mm, false);
}

struct tally {
    double r, g, b, n;
};

static void count_colour(struct tally *t, struct smp_rgb c)
{
    t->r += (double)c.r;
    t->g += (double)c.g;
    t->b += (double)c.b;
    t->n += 1;
}

static struct smp_rgb mean_of(const struct tally *t)
{
    const double n = fmax(t->n, 1);
    return (struct smp_rgb){ (float)(t->r / n), (float)(t->g / n), (float)(t->b / n) };
}

static void tell(struct smp_scene *scene, struct smp_rgb scalp, struct smp_rgb forehead)
{
    const double r = (double)(scalp.r / forehead.r), g = (double)(scalp.g / forehead.g),
                 b = (double)(scalp.b / forehead.b);
    const double most = fmax(fabs(r - 1), fmax(fabs(g - 1), fabs(b - 1)));
    if (most <= 0.10)
        return;
    snprintf(scene->note, sizeof scene->note,
             "the scan's texture shows hair or shadow on the scalp (red %.0f %%, green %.0f %%, "
             "blue %.0f %% of the forehead): the preview takes it out where dots and stubble are "
             "drawn",
             100 * r, 100 * g, 100 * b);
}

static void blend(struct smp_rgb *c, struct smp_rgb to, float share)
{
    c->r += share * (to.r - c->r);
    c->g += share * (to.g - c->g);
    c->b += share * (to.b - c->b);
}

static float luminance(struct smp_rgb c)
{
    return 0.2126f * c.r + 0.7152f * c.g + 0.0722f * c.b;
}

// Mean of the lighter half of the forehead just below the scalp's zones, where the two meet: brows
// and a low hairline are in the darker half.
static bool forehead_colour(struct smp_rgb *colour, const struct smp_scene *scene,
                            const float *away)
{
    const struct smp_head *head = scene->head;
    const double side = 0.55 * head->landmarks.rpa.x;
    float middle = 0;
    struct tally light = { 0 };
    for (int pass = 0; pass < 2; pass++) {
        struct tally all = { 0 };
        for (size_t i = 0; i < head->mesh.point_count; i++) {
            const struct smp_vec3 p = head->mesh.points[i];
            if (fabs(p.x) > side || p.y < 0 || !(away[i] > 9 && away[i] < 1e5f))
                continue;
            count_colour(&all, scene->smooth[i]);
            if (pass && luminance(scene->smooth[i]) >= middle)
                count_colour(&light, scene->smooth[i]);
        }
        if (all.n < 1)
            return false;
        middle = luminance(mean_of(&all));
    }
    *colour = mean_of(&light);
    return true;
}

enum smp_code smp_texture_clean(struct smp_scene *scene, const struct smp_work *work)
{
    const struct smp_head *head = scene->head;
    const size_t count = head->mesh.point_count;
    scene->smooth = smp_new(work->arena, struct smp_rgb, count);
    scene->plain = smp_new(work->arena, struct smp_rgb, count);
    const struct smp_mark mark = smp_arena_mark(work->arena);
    struct smp_rgb *sum = smp_new(work->arena, struct smp_rgb, count);
    float *scratch = smp_new(work->arena, float, count);
    if (!scene->smooth || !scene->plain || !sum || !scratch)
        return smp_fail(work->err, SMP_E_NOMEM, "no room to clean the scan's texture");
    low_pass(scene->smooth, sum, scratch, head, true);
    distances(scratch, head);

    struct tally scalp = { 0 };
    for (size_t i = 0; i < count; i++) {
        scene->paint[i].clean =
            smp_smoothf((float)margin_mm, 2, scratch[i]) * (scratch[i] < 1e5f ? 1 : 0);
        if (head->zones[i] != SMP_ZONE_NONE)
            count_colour(&scalp, scene->smooth[i]);
    }
    if (forehead_colour(&scene->skin.target, scene, scratch) && scalp.n > 0)
        tell(scene, mean_of(&scalp), scene->skin.target);
    run_on(scene->plain, scratch, scene);
    for (size_t i = 0; i < count; i++)
        blend(&scene->plain[i], scene->skin.target,
              smp_smoothf(0, (float)fade_mm, fminf(scratch[i], (float)fade_mm)));
    low_pass(scene->plain, sum, scratch, head, false);
    smp_arena_reset(work->arena, mark);
    scene->skin.base = scene->skin.target;
    return SMP_OK;
}
