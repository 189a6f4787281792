// Made photos of a plan's dots on skin, with exact truth: some left out, some added, some merged,
// all a little beside their places, by cameras that are a little off from those told. Several
// photos of one head show the same dots.
#ifndef SMP_CHECK_PHOTO_H
#define SMP_CHECK_PHOTO_H

#include "photo/photo.h"
#include "scalp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MADE_WIDTH = 1100, MADE_HEIGHT = 800 };

struct made_dot {
    unsigned id; // 0: added
    int session;
    struct smp_vec3 at_mm, normal; // as planned; of an added one as set
    struct smp_vec3 set_mm;        // where the hand set it
    double diameter_mm, strength;  // of the median contrast
    bool drawn, twice;             // set at all; set twice
    bool shown, merged;            // in a photo: well seen; set twice and nearly square on
};
struct made_photo {
    struct made_dot *dots; // the plan's, then the added ones
    size_t count, planned;
    struct smp_camera told, real;
    bool true_already; // what was done is drawn once, for all photos
};
struct made_wish {
    int left_out, added, merged; // percent
    double turn_deg, nearer;     // the real camera against the one told
    double tone, scatter_mm, diameter_factor;
    double contrast; // median
    int session;     // the last that was done
};

static inline struct smp_camera made_camera(struct smp_vec3 at_mm, struct smp_vec3 normal,
                                            double px_per_mm)
{
    const double away_mm = 500;
    const struct smp_vec3 forward = smp_scale(normal, -1);
    const struct smp_vec3 right = smp_unit(smp_cross(forward, smp_vec3(0, 0.3, 1)));
    const struct smp_vec3 down = smp_cross(forward, right);
    const struct smp_vec3 eye = smp_add(at_mm, smp_scale(normal, away_mm));
    const struct smp_vec3 rows[3] = { right, down, forward };
    struct smp_camera camera = { .focal_px = px_per_mm * away_mm,
                                 .centre_px = { MADE_WIDTH / 2.0, MADE_HEIGHT / 2.0 },
                                 .width_px = MADE_WIDTH,
                                 .height_px = MADE_HEIGHT };
    for (int i = 0; i < 3; i++) {
        camera.rotation[3 * i] = rows[i].x;
        camera.rotation[3 * i + 1] = rows[i].y;
        camera.rotation[3 * i + 2] = rows[i].z;
        camera.t_mm[i] = -smp_dot(rows[i], eye);
    }
    return camera;
}

// The head turned about its own origin, and the camera so much nearer.
static inline struct smp_camera made_other(const struct smp_camera *camera, double turn_deg,
                                           double nearer)
{
    struct smp_camera other = *camera;
    const double c = cos(turn_deg * SMP_PI / 180), s = sin(turn_deg * SMP_PI / 180);
    for (int i = 0; i < 3; i++) { // about x
        const double *row = &camera->rotation[3 * i];
        other.rotation[3 * i + 1] = c * row[1] + s * row[2];
        other.rotation[3 * i + 2] = -s * row[1] + c * row[2];
    }
    other.t_mm[2] *= 1 - nearer;
    return other;
}

static inline bool made_read(struct made_photo *m, const char *plan, int session,
                             struct smp_arena *arena)
{
    static const char *const names[] = { "id", "x_mm", "y_mm",    "z_mm",       "nx",
                                         "ny", "nz",   "session", "diameter_um" };
    enum { COLUMNS = 9 };
    struct smp_bytes text;
    double *v;
    size_t rows;
    const char *path = smp_format(arena, "%s/dots.csv", plan);
    if (smp_file_read(&text, path, 1 << 26, arena, NULL) ||
        smp_csv_numbers(&v, &rows, path, (const char *)text.data, text.length, names, COLUMNS,
                        arena, NULL))
        return false;
    m->dots = smp_new(arena, struct made_dot, 2 * rows);
    for (size_t i = 0; m->dots && i < rows; i++, v += COLUMNS)
        if (v[7] <= session)
            m->dots[m->count++] = (struct made_dot){ .id = (unsigned)v[0],
                                                     .session = (int)v[7],
                                                     .at_mm = smp_vec3(v[1], v[2], v[3]),
                                                     .normal = smp_vec3(v[4], v[5], v[6]),
                                                     .diameter_mm = v[8] / 1000 };
    m->planned = m->count;
    return m->dots != NULL;
}

// In the picture, and turned to the camera by more than the cosine.
static inline bool made_shown(const struct made_photo *m, const struct made_dot *dot, double facing,
                              double margin_px)
{
    double px[2];
    const struct smp_vec3 to = smp_unit(smp_sub(smp_camera_eye(&m->real), dot->at_mm));
    return smp_dot(to, dot->normal) > facing &&
           smp_camera_project(&m->real, (double[]){ dot->at_mm.x, dot->at_mm.y, dot->at_mm.z },
                              px) &&
           px[0] > margin_px && px[1] > margin_px && px[0] < MADE_WIDTH - margin_px &&
           px[1] < MADE_HEIGHT - margin_px;
}

static inline struct smp_vec3 made_beside(const struct made_dot *dot, double right_mm, double up_mm)
{
    const struct smp_vec3 a = smp_unit(smp_cross(dot->normal, smp_vec3(1, 0.2, 0.1)));
    const struct smp_vec3 b = smp_cross(dot->normal, a);
    return smp_add(dot->at_mm, smp_add(smp_scale(a, right_mm), smp_scale(b, up_mm)));
}

// What the hand did of the plan.
static inline void made_truth(struct made_photo *m, const struct made_wish *wish)
{
    struct smp_rng rng = smp_rng_make(99, (uint64_t)wish->tone);
    for (size_t i = 0; i < m->count; i++) {
        struct made_dot *d = &m->dots[i];
        d->drawn = 100 * smp_rng_unit(&rng) >= wish->left_out;
        d->twice = 100 * smp_rng_unit(&rng) < wish->merged;
        const double right = wish->scatter_mm * smp_rng_normal(&rng);
        d->set_mm = made_beside(d, right, wish->scatter_mm * smp_rng_normal(&rng));
        d->diameter_mm *= wish->diameter_factor * scalp_between(&rng, 0.93, 1.07);
        d->strength = scalp_between(&rng, 0.85, 1.15);
    }
    m->true_already = true;
}

// Dots that nobody planned, half-way between neighbours that leave room for one, in the photo of
// m->real: so many percent of the planned ones there.
static inline void made_add(struct made_photo *m, int percent, uint64_t seed)
{
    struct smp_rng rng = smp_rng_make(98, seed);
    size_t shown = 0, added = 0;
    for (size_t i = 0; i < m->planned; i++)
        shown += made_shown(m, &m->dots[i], 0.5, 20);
    const size_t wanted = shown * (size_t)percent / 100;
    for (size_t tries = 0; tries < 4000 * wanted && added < wanted; tries++) {
        struct made_dot dot = m->dots[(size_t)(smp_rng_unit(&rng) * (double)m->planned)];
        const double angle = 2 * SMP_PI * smp_rng_unit(&rng);
        double nearest = HUGE_VAL;
        if (!made_shown(m, &dot, 0.5, 40))
            continue;
        dot.at_mm = made_beside(&dot, 0.65 * cos(angle), 0.65 * sin(angle));
        for (size_t i = 0; i < m->count; i++)
            nearest = fmin(nearest, smp_length(smp_sub(m->dots[i].set_mm, dot.at_mm)));
        if (nearest < 0.55)
            continue;
        dot.set_mm = dot.at_mm;
        dot.id = 0;
        dot.drawn = true;
        dot.twice = false;
        m->dots[m->count++] = dot;
        added++;
    }
}

static inline bool made_draw(struct made_photo *m, const struct made_wish *wish, const char *path,
                             struct smp_arena *arena)
{
    struct scalp bare, photo;
    struct scalp_params params = scalp_defaults;
    struct scalp_dot *spots = smp_new(arena, struct scalp_dot, 2 * m->count);
    size_t count = 0;
    params.width_px = MADE_WIDTH;
    params.height_px = MADE_HEIGHT;
    params.tone = wish->tone;
    params.texture = 0.005;
    params.moles = 2;
    params.pores = 100;
    params.hairs = params.wrinkles = params.dots = 0;
    for (size_t i = 0; i < m->count; i++) {
        struct made_dot *d = &m->dots[i];
        double px[2];
        d->shown = made_shown(m, d, 0.5, 20);
        d->merged = d->drawn && d->twice && made_shown(m, d, 0.85, 20);
        if (!made_shown(m, d, 0.2, -5) || !d->drawn)
            continue;
        smp_camera_project(&m->real, (double[]){ d->set_mm.x, d->set_mm.y, d->set_mm.z }, px);
        const double scale = m->real.focal_px / 500;
        const struct scalp_dot spot = { px[0], px[1], scale * d->diameter_mm / 2,
                                        wish->contrast * d->strength };
        spots[count++] = spot;
        if (d->merged) {
            spots[count] = spot;
            spots[count++].x_px += 2 * spot.radius_px;
        }
    }
    return scalp_make_with(&bare, &params, NULL, 0, arena) &&
           scalp_put_dots(&photo, &bare.image, spots, count, 1.2, 92, arena) &&
           !smp_file_write(path, photo.jpeg.data, photo.jpeg.length, NULL);
}

static inline const char *made_pose_item(const struct made_photo *m, const char *photo,
                                         struct smp_arena *arena)
{
    const struct smp_camera *c = &m->told;
    const double *r = c->rotation;
    return smp_format(
        arena,
        "{\"file\":\"%s\",\"K\":[[%.9g,0,%g],[0,%.9g,%g],[0,0,1]],\"R\":[[%.12g,%.12g,"
        "%.12g],[%.12g,%.12g,%.12g],[%.12g,%.12g,%.12g]],\"t_mm\":[%.9g,%.9g,%.9g]}",
        photo, c->focal_px, c->centre_px[0], c->focal_px, c->centre_px[1], r[0], r[1], r[2], r[3],
        r[4], r[5], r[6], r[7], r[8], c->t_mm[0], c->t_mm[1], c->t_mm[2]);
}

// `items`: of one photo or of several, between commas.
static inline bool made_pose(const char *path, const char *items, struct smp_arena *arena)
{
    const char *text = smp_format(arena, "{\"photos\":[%s]}\n", items);
    return items && text && !smp_file_write(path, text, strlen(text), NULL);
}

// Picture of the plan's dots around that which is nearest to a place. What was done is decided
// with the first photo of m, which must be zero before; it has the same dots in the next ones.
static inline bool made_view(struct made_photo *m, const struct made_wish *wish, const char *plan,
                             const char *photo, struct smp_vec3 near_mm, double px_per_mm,
                             struct smp_arena *arena)
{
    size_t middle = 0;
    if (!m->true_already) {
        if (!made_read(m, plan, wish->session, arena) || m->count < 1000)
            return false;
        made_truth(m, wish);
    }
    for (size_t i = 0; i < m->planned; i++)
        if (smp_length(smp_sub(m->dots[i].at_mm, near_mm)) <
            smp_length(smp_sub(m->dots[middle].at_mm, near_mm)))
            middle = i;
    m->told = made_camera(m->dots[middle].at_mm, m->dots[middle].normal, px_per_mm);
    m->real = made_other(&m->told, wish->turn_deg, wish->nearer);
    made_add(m, wish->added, middle);
    return made_draw(m, wish, photo, arena);
}

// One picture and its pose, of the front of the scalp.
static inline bool made_photo(struct made_photo *m, const struct made_wish *wish, const char *plan,
                              const char *photo, const char *pose, double px_per_mm,
                              struct smp_arena *arena)
{
    *m = (struct made_photo){ 0 };
    return made_view(m, wish, plan, photo, smp_vec3(10, 55, 105), px_per_mm, arena) &&
           made_pose(pose, made_pose_item(m, photo, arena), arena);
}

#endif
