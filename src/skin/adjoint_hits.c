// Lengths of a path inside deposits and shafts.
#include "skin/adjoint_impl.h"

#include <math.h>

// A path's segment, turned by quarters about the axis through the pixel.
static struct smp_segment segment_of(const struct smp_path *path, int i, int quarters)
{
    const double x = (double)path->x[i], y = (double)path->y[i], z = (double)path->z[i];
    const double dx = (double)path->x[i + 1] - x, dy = (double)path->y[i + 1] - y;
    struct smp_segment s = { x, y, z, dx, dy, (double)path->z[i + 1] - z, 0 };
    if (quarters & 1) {
        s.x = -y;
        s.y = x;
        s.dx = -dy;
        s.dy = dx;
    }
    if (quarters & 2) {
        s.x = -s.x;
        s.y = -s.y;
        s.dx = -s.dx;
        s.dy = -s.dy;
    }
    s.length = sqrt(s.dx * s.dx + s.dy * s.dy + s.dz * s.dz);
    return s;
}

static void hit(struct smp_hits *hits, size_t object, double length)
{
    if (!(length > 0))
        return;
    if (hits->length_mm[object] == 0)
        hits->touched[hits->count++] = (uint32_t)object;
    hits->length_mm[object] += (float)length;
}

static void columns_at(struct smp_hits *hits, const struct smp_ball_family *f,
                       const struct smp_segment *s, int d, int r)
{
    const double radius = 0.5 * f->diameter_mm[d], x = s->x - f->offset_mm[d][r];
    double a, b;
    smp_segment_inside(s->dx * s->dx + s->dy * s->dy, x * s->dx + s->y * s->dy,
                       x * x + s->y * s->y - radius * radius, &a, &b);
    if (!(a < b))
        return;
    const double za = s->z + a * s->dz, zb = s->z + b * s->dz;
    const double upper = smp_least(za, zb), lower = smp_most(za, zb);
    for (int t = 0; t < f->tops; t++) {
        if (f->top_mm[t] >= lower)
            break;
        if (f->top_mm[t] + f->height_mm <= upper)
            continue;
        double from = a, to = b;
        smp_segment_between(s, f->top_mm[t], f->top_mm[t] + f->height_mm, &from, &to);
        hit(hits, ((size_t)t * f->diameters + d) * f->offsets + r, (to - from) * s->length);
    }
}

static void balls_at(struct smp_hits *hits, const struct smp_ball_family *f,
                     const struct smp_segment *s, int d, int r)
{
    const double radius = 0.5 * f->diameter_mm[d], x = s->x - f->offset_mm[d][r];
    const double q = s->length * s->length, flat = x * s->dx + s->y * s->dy;
    const double aside = x * x + s->y * s->y - radius * radius;
    const double upper = smp_least(s->z, s->z + s->dz), lower = smp_most(s->z, s->z + s->dz);
    for (int t = 0; t < f->tops; t++) {
        if (f->top_mm[t] >= lower)
            break;
        if (f->top_mm[t] + 2 * radius <= upper)
            continue;
        const double z = s->z - f->top_mm[t] - radius;
        double a, b;
        smp_segment_inside(q, flat + z * s->dz, aside + z * z, &a, &b);
        hit(hits, ((size_t)t * f->diameters + d) * f->offsets + r, (b - a) * s->length);
    }
}

void smp_hits_balls(struct smp_hits *hits, const struct smp_ball_family *f,
                    const struct smp_path *path, int quarters)
{
    for (int i = 0; i + 1 < path->count; i++) {
        const struct smp_segment s = segment_of(path, i, quarters);
        const double left = smp_least(s.x, s.x + s.dx), right = smp_most(s.x, s.x + s.dx);
        const double low = smp_least(s.y, s.y + s.dy), high = smp_most(s.y, s.y + s.dy);
        if (smp_most(s.z, s.z + s.dz) <= f->top_mm[0])
            continue;
        for (int d = f->diameters - 1; d >= 0; d--) { // ascending sizes: the largest first
            const double radius = 0.5 * f->diameter_mm[d];
            if (low >= radius || high <= -radius || right <= -radius)
                break;
            for (int r = 0; r < f->offsets; r++) {
                if (f->offset_mm[d][r] + radius <= left)
                    continue;
                if (f->offset_mm[d][r] - radius >= right)
                    break;
                (f->height_mm > 0 ? columns_at : balls_at)(hits, f, &s, d, r);
            }
        }
    }
}

struct smp_vec2 smp_shaft_place_mm(int k, int count, double calibre_mm, double angle_rad)
{
    if (count < 2)
        return (struct smp_vec2){ 0, 0 };
    // Neighbours 0.12 mm apart (match.md §1), or as near as they can stand.
    const double apart = smp_most(0.12, 1.1 * calibre_mm);
    const double radius = 0.5 * apart / sin(SMP_PI / count);
    const double angle = angle_rad + 2 * SMP_PI * k / count;
    return (struct smp_vec2){ radius * cos(angle), radius * sin(angle) };
}

struct lean {
    double sine, cosine;
    double shift[SMP_FAMILY_MAX];             // of the offsets along, across the shaft
    struct smp_vec2 place[4][SMP_FAMILY_MAX]; // [shaft][calibre]
};

// A segment in the frame of the shafts: u across the plane of the lean, v in that plane across the
// shaft, w along it.
struct leant {
    double u, du, v, dv, w, dw, length;
};

static void shaft_at(struct smp_hits *hits, const struct smp_shaft_family *f, const struct leant *s,
                     int c, int j, const struct lean *lean)
{
    const double radius = 0.5 * f->calibre_mm[c], uj = s->u + f->across_mm[c][j];
    const double left = smp_least(s->v, s->v + s->dv), right = smp_most(s->v, s->v + s->dv);
    const double q = s->dv * s->dv + s->du * s->du;
    for (int i = 0; i < f->along; i++) {
        const double shift = lean->shift[i];
        if (right + shift <= -radius)
            continue;
        if (left + shift >= radius)
            break;
        const double v = s->v + shift, w = s->w + f->along_mm[i] * lean->cosine;
        double a, b;
        smp_segment_inside(q, v * s->dv + uj * s->du, v * v + uj * uj - radius * radius, &a, &b);
        if (!(a < b))
            continue;
        const struct smp_segment along = { .z = w, .dz = s->dw };
        smp_segment_between(&along, -1, SMP_SHAFT_LENGTH_MM, &a, &b);
        hit(hits, ((size_t)c * f->across + j) * f->along + i, (b - a) * s->length);
    }
}

static void shafts_at(struct smp_hits *hits, const struct smp_shaft_family *f,
                      const struct leant *segment, int c, const struct lean *lean)
{
    const double radius = 0.5 * f->calibre_mm[c];
    for (int k = 0; k < f->count; k++) {
        struct leant s = *segment;
        s.u -= lean->place[k][c].x;
        s.v -= lean->place[k][c].y;
        const double low = smp_least(s.u, s.u + s.du), high = smp_most(s.u, s.u + s.du);
        if (low >= radius || high + f->across_mm[c][f->across - 1] <= -radius)
            continue;
        for (int j = 0; j < f->across; j++) {
            // The pixel stands at (along, across) from the follicle's mouth.
            if (high + f->across_mm[c][j] <= -radius)
                continue;
            if (low + f->across_mm[c][j] >= radius)
                break;
            shaft_at(hits, f, &s, c, j, lean);
        }
    }
}

void smp_hits_shafts(struct smp_hits *hits, const struct smp_shaft_family *f,
                     const struct smp_path *path, double angle_rad)
{
    struct lean lean = { .sine = sin(f->exit_deg * SMP_PI / 180),
                         .cosine = cos(f->exit_deg * SMP_PI / 180) };
    for (int i = 0; i < f->along; i++)
        lean.shift[i] = f->along_mm[i] * lean.sine;
    for (int k = 0; k < f->count; k++)
        for (int c = 0; c < f->calibres; c++)
            lean.place[k][c] = smp_shaft_place_mm(k, f->count, f->calibre_mm[c], angle_rad);
    for (int i = 0; i + 1 < path->count; i++) {
        if ((double)path->z[i] > SMP_SHAFT_LENGTH_MM)
            continue;
        const struct smp_segment s = segment_of(path, i, 0);
        const struct leant leant = { s.y,
                                     s.dy,
                                     s.x * lean.sine - s.z * lean.cosine,
                                     s.dx * lean.sine - s.dz * lean.cosine,
                                     s.x * lean.cosine + s.z * lean.sine,
                                     s.dx * lean.cosine + s.dz * lean.sine,
                                     s.length };
        for (int c = 0; c < f->calibres; c++)
            shafts_at(hits, f, &leant, c, &lean);
    }
}
