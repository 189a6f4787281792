// The outline of a skull in a picture: along rays that leave the head where its own outline is
// thought to be, every place where one colour ends and another begins; then, of those, the
// smoothest way round through the strongest (dynamic programming). Lamps behind a head, a hairline
// or shine on it make edges as well, but none that run on beside its outline. All in codes of sRGB,
// 0 to 1.
#include "photo/photo_impl.h"

#include <math.h>
#include <stdlib.h>

enum { DIRECTIONS = SMP_OUTLINE_MAX, TAPS = 5, NEIGHBOURS = 3, EDGES = 8 };
enum { FIRST_MM = -18, LAST_MM = 40, A_MM = 2, SAMPLES = (LAST_MM - FIRST_MM) * A_MM + 1 };
enum { SIDE = 5 * A_MM, GAP = A_MM, LEAST = 8 }; // samples on either side of an edge, from GAP on
static const double tap_mm = 1.2;                // between the places that a sample is the mean of
static const double beyond_mm = 14;              // so much of the ray must lie in the picture
static const double least_edge = 0.045; // contrast, less the spread of what lies on either side
static const double enough = 0.25;      // a stronger edge counts no more
static const double outer_spread = 2, outermost = 0.1;    // hair is rough, a background behind it
                                                          // out of focus; nothing lies beyond it
static const double step_cost = 0.05, free_step_mm = 0.6; // a mm, from ray to ray
static const double odd_mm = 4;                           // from its neighbours' median
static const double least_share = 0.4; // of the directions that the skull is outermost in

double smp_outline_support(size_t *which, const struct smp_vec2 *px, size_t count, double out_deg)
{
    const double x = cos(out_deg * SMP_PI / 180), y = sin(out_deg * SMP_PI / 180);
    double most = -1e300;
    *which = 0;
    for (size_t i = 0; i < count; i++) {
        const double at = x * px[i].x + y * px[i].y;
        if (at > most) {
            most = at;
            *which = i;
        }
    }
    return most;
}

void smp_outline_project(struct smp_vec2 *px, const struct smp_vec3 *mm, size_t count,
                         const struct smp_camera *camera)
{
    static const double far_px = -1e6;
    for (size_t i = 0; i < count; i++) {
        double at[2] = { far_px, far_px };
        smp_camera_project(camera, (double[]){ mm[i].x, mm[i].y, mm[i].z }, at);
        px[i] = (struct smp_vec2){ at[0], at[1] };
    }
}

double smp_outline_px_per_mm(const struct smp_camera *camera, struct smp_vec3 at_mm)
{
    const double *r = &camera->rotation[6];
    const double depth_mm = r[0] * at_mm.x + r[1] * at_mm.y + r[2] * at_mm.z + camera->t_mm[2];
    return camera->focal_px / fmax(depth_mm, 1);
}

// A ray that leaves the head.
struct ray {
    double out_deg, out[2], from_px[2], px_per_mm;
};

static bool read_place(double colour[3], const struct smp_image8 *picture, const struct ray *ray,
                       double at_mm)
{
    colour[0] = colour[1] = colour[2] = 0;
    for (int tap = -TAPS / 2; tap <= TAPS / 2; tap++) {
        const double out = at_mm * ray->px_per_mm, aside = tap * tap_mm * ray->px_per_mm;
        const double x = ray->from_px[0] + out * ray->out[0] - aside * ray->out[1];
        const double y = ray->from_px[1] + out * ray->out[1] + aside * ray->out[0];
        if (!(x >= 0 && y >= 0 && x < (double)picture->width_px && y < (double)picture->height_px))
            return false;
        const uint8_t *px = smp_image8_at(picture, (size_t)x, (size_t)y);
        for (int k = 0; k < 3; k++)
            colour[k] += px[k] / (255.0 * TAPS);
    }
    return true;
}

struct edges {
    double at_mm[EDGES], strength[EDGES];
    size_t count;
};

// Mean and spread of some samples.
static double mean_of(double mean[3], const double (*colour)[3], size_t from, size_t end)
{
    double square = 0;
    mean[0] = mean[1] = mean[2] = 0;
    for (size_t i = from; i < end; i++)
        for (int k = 0; k < 3; k++)
            mean[k] += colour[i][k] / (double)(end - from);
    for (size_t i = from; i < end; i++)
        for (int k = 0; k < 3; k++)
            square += (colour[i][k] - mean[k]) * (colour[i][k] - mean[k]);
    return sqrt(square / (double)(end - from));
}

// The strongest edge of a stretch of the ray where it is stronger than all near it.
static void keep_edge(struct edges *edges, const double strength[SAMPLES], size_t i)
{
    for (size_t j = i - GAP; j <= i + GAP; j++)
        if (strength[j] > strength[i] || (strength[j] >= strength[i] && j < i))
            return;
    if (strength[i] < least_edge)
        return;
    if (edges->count == EDGES) { // the weakest goes
        size_t weakest = 0;
        for (size_t k = 1; k < EDGES; k++)
            weakest = edges->strength[k] < edges->strength[weakest] ? k : weakest;
        if (edges->strength[weakest] > strength[i])
            return;
        for (size_t k = weakest; k + 1 < EDGES; k++) {
            edges->at_mm[k] = edges->at_mm[k + 1];
            edges->strength[k] = edges->strength[k + 1];
        }
        edges->count--;
    }
    edges->at_mm[edges->count] = FIRST_MM + ((double)i - 0.5) / A_MM;
    edges->strength[edges->count++] = strength[i];
}

static void find_edges(struct edges *edges, const struct smp_image8 *picture, const struct ray *ray)
{
    double colour[SAMPLES][3], strength[SAMPLES] = { 0 };
    size_t n = 0;
    while (n < SAMPLES && read_place(colour[n], picture, ray, FIRST_MM + (double)n / A_MM))
        n++;
    *edges = (struct edges){ 0 };
    if ((double)n < (beyond_mm - FIRST_MM) * A_MM)
        return;
    const double(*c)[3] = (const double(*)[3])colour;
    for (size_t i = SIDE; i + SIDE <= n; i++) { // between the samples i - 1 and i
        double in[3], out[3], square = 0;
        const double rough = mean_of(in, c, i - SIDE, i - GAP / 2) +
                             outer_spread * mean_of(out, c, i + GAP / 2, i + SIDE);
        for (int k = 0; k < 3; k++)
            square += (in[k] - out[k]) * (in[k] - out[k]);
        strength[i] = sqrt(square) - rough;
    }
    for (size_t i = SIDE + GAP; i + SIDE + GAP < n; i++)
        keep_edge(edges, strength, i);
    for (size_t e = 0; e < edges->count; e++)
        edges->strength[e] =
            fmin(enough, edges->strength[e]) + (e + 1 == edges->count ? outermost : 0);
}

static double cost_of(double from_mm, double to_mm, size_t rays)
{
    const double step = fabs(to_mm - from_mm) - free_step_mm * (double)rays;
    return step_cost * fmax(0, step);
}

// The way through one edge of each ray that has any; at_mm where found.
static void find_way(double at_mm[DIRECTIONS], bool found[DIRECTIONS], const struct edges *edges)
{
    double best[DIRECTIONS][EDGES];
    size_t from[DIRECTIONS][EDGES], ray[DIRECTIONS], count = 0;
    for (size_t k = 0; k < DIRECTIONS; k++) {
        found[k] = edges[k].count > 0;
        if (!found[k])
            continue;
        for (size_t e = 0; e < edges[k].count; e++) {
            best[k][e] = count ? -1e300 : 0;
            from[k][e] = 0;
            const size_t last = count ? ray[count - 1] : 0;
            for (size_t f = 0; count && f < edges[last].count; f++) {
                const double sum =
                    best[last][f] - cost_of(edges[last].at_mm[f], edges[k].at_mm[e], k - last);
                if (sum > best[k][e]) {
                    best[k][e] = sum;
                    from[k][e] = f;
                }
            }
            best[k][e] += edges[k].strength[e];
        }
        ray[count++] = k;
    }
    if (!count)
        return;
    size_t at = 0, k = ray[count - 1];
    for (size_t e = 1; e < edges[k].count; e++)
        at = best[k][e] > best[k][at] ? e : at;
    for (size_t i = count; i-- > 0;) {
        at_mm[ray[i]] = edges[ray[i]].at_mm[at];
        at = from[ray[i]][at];
    }
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// Against the median of those found nearby.
static bool is_odd(const double *at_mm, const bool *found, size_t k)
{
    double near[2 * NEIGHBOURS + 1];
    size_t n = 0;
    for (size_t step = 0; step <= 2 * NEIGHBOURS; step++) {
        const size_t i = (k + DIRECTIONS + step - NEIGHBOURS) % DIRECTIONS;
        if (found[i])
            near[n++] = at_mm[i];
    }
    if (n < NEIGHBOURS)
        return true;
    qsort(near, n, sizeof *near, by_size);
    return fabs(at_mm[k] - near[n / 2]) > odd_mm;
}

// The ray of a direction; false where it is not the skull that lies outermost.
static bool make_ray(struct ray *ray, size_t k, const struct smp_skin_seen *skin,
                     const struct smp_camera *camera)
{
    size_t which, other;
    const size_t skull = skin->skull_count;
    const double out_deg = 360.0 * (double)k / DIRECTIONS;
    const double at = smp_outline_support(&which, skin->px, skull, out_deg);
    if (at < 1 + smp_outline_support(&other, skin->px + skull, skin->count - skull, out_deg))
        return false;
    *ray = (struct ray){ .out_deg = out_deg,
                         .out = { cos(out_deg * SMP_PI / 180), sin(out_deg * SMP_PI / 180) },
                         .from_px = { skin->px[which].x, skin->px[which].y },
                         .px_per_mm = smp_outline_px_per_mm(camera, skin->mm[which]) };
    return true;
}

bool smp_outline_find(struct smp_outline *outline, const struct smp_image8 *picture,
                      const struct smp_camera *camera, const struct smp_skin_seen *skin)
{
    double at_mm[DIRECTIONS] = { 0 };
    bool found[DIRECTIONS] = { false };
    struct ray rays[DIRECTIONS];
    static const struct edges none;
    struct edges edges[DIRECTIONS];
    size_t looked = 0;
    *outline = (struct smp_outline){ 0 };
    smp_outline_project(skin->px, skin->mm, skin->count, camera);
    for (size_t k = 0; k < DIRECTIONS; k++) {
        edges[k] = none;
        if (!make_ray(&rays[k], k, skin, camera))
            continue;
        looked++;
        find_edges(&edges[k], picture, &rays[k]);
    }
    find_way(at_mm, found, edges);
    for (size_t k = 0; k < DIRECTIONS; k++) {
        if (!found[k] || is_odd(at_mm, found, k))
            continue;
        const struct ray *ray = &rays[k];
        outline->tangent[outline->count].out_deg = ray->out_deg;
        outline->tangent[outline->count++].at_px = ray->from_px[0] * ray->out[0] +
                                                   ray->from_px[1] * ray->out[1] +
                                                   at_mm[k] * ray->px_per_mm;
    }
    const bool good =
        outline->count >= LEAST && (double)outline->count >= least_share * (double)looked;
    outline->count = good ? outline->count : 0;
    return good;
}
