// The template ends in a cut below the neck: it wears a shirt, so that a picture shows a person and
// not a stump. A surface through rings, from the collar over the shoulders to below the picture.
#include "preview/preview_impl.h"

enum { SEGMENTS = 112, RINGS = 10, STEPS = 6, ROWS = (RINGS - 1) * STEPS + 1 };

// A ring, mm, head upright, for a neck 61 mm to the side and 52 mm to the front and back of its
// middle: middle (ahead, up), half axes, fall to the front, squareness (2: an ellipse).
struct ring {
    double ahead, up, side, deep, fall, square;
};
static const struct ring rings[RINGS] = {
    { -32, -107, 59, 51, 0.346, 2.0 },  { -32, -103, 63, 54, 0.346, 2.0 },
    { -32, -105, 67, 58, 0.346, 2.0 },  { -33, -114, 78, 67, 0.340, 2.0 },
    { -36, -125, 101, 80, 0.30, 2.1 },  { -40, -138, 138, 93, 0.22, 2.2 },
    { -42, -155, 174, 104, 0.15, 2.4 }, { -43, -180, 200, 113, 0.10, 2.5 },
    { -43, -240, 218, 121, 0.00, 2.5 }, { -43, -420, 214, 120, 0.00, 2.5 },
};

// Catmull and Rom 1974.
static double through(double a, double b, double c, double d, double t)
{
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

static struct ring between(size_t row)
{
    const size_t k = row / STEPS < RINGS - 1 ? row / STEPS : RINGS - 2;
    const double t = (double)(row - k * STEPS) / STEPS;
    const struct ring *b = &rings[k], *c = &rings[k + 1];
    const struct ring *a = k > 0 ? b - 1 : b, *d = k + 2 < RINGS ? c + 1 : c;
    return (struct ring){ through(a->ahead, b->ahead, c->ahead, d->ahead, t),
                          through(a->up, b->up, c->up, d->up, t),
                          through(a->side, b->side, c->side, d->side, t),
                          through(a->deep, b->deep, c->deep, d->deep, t),
                          through(a->fall, b->fall, c->fall, d->fall, t),
                          through(a->square, b->square, c->square, d->square, t) };
}

// What the neck measures at the collar.
struct neck {
    double side, deep, ahead;
};

static struct neck neck_of(const struct smp_head *head)
{
    double side = 0, back = HUGE_VAL, front = -HUGE_VAL;
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        const struct smp_vec3 p = head->mesh.points[i];
        if (fabsf(smp_collar_mm(smp_f3_of(p))) > 4)
            continue;
        const double ahead = 0.927 * p.y - 0.375 * p.z;
        side = fmax(side, fabs(p.x));
        back = fmin(back, ahead);
        front = fmax(front, ahead);
    }
    if (!(front > back)) // no neck: a shirt of the usual size, below
        return (struct neck){ 61, 52, -32 };
    return (struct neck){ side, 0.5 * (front - back), 0.5 * (front + back) };
}

static double power(double v, double exponent)
{
    return v < 0 ? -pow(-v, exponent) : pow(v, exponent);
}

static struct smp_vec3 cloth_at(const struct ring *ring, const struct neck *neck, size_t segment)
{
    const double angle = 2 * SMP_PI * (double)segment / SEGMENTS;
    const double wide = neck->side / 61, deep = neck->deep / 52;
    const double x = power(sin(angle), 2 / ring->square), y = power(cos(angle), 2 / ring->square);
    struct smp_f3 g;
    const struct smp_f3 q = { (float)(0.026 * ring->side * x), (float)(0.026 * ring->deep * y),
                              (float)(0.016 * ring->up) };
    const double loose = smp_smoothstep(70, 130, ring->side); // folds, away from the collar
    const double fold = 1 + 0.022 * loose * (double)smp_noise3(q, 0xc107, &g);
    const double ahead = neck->ahead + (ring->ahead + 32) + fold * deep * ring->deep * y;
    const double up = ring->up - ring->fall * ring->deep * y + 60 * (fold - 1);
    return smp_vec3(fold * wide * ring->side * x, 0.927 * ahead + 0.375 * up,
                    -0.375 * ahead + 0.927 * up);
}

enum smp_code smp_bust_make(struct smp_mesh *bust, const struct smp_head *head,
                            const struct smp_work *work)
{
    const size_t points = head->mesh.point_count, triangles = head->mesh.triangle_count;
    *bust = head->mesh;
    bust->points = smp_new(work->arena, struct smp_vec3, points + ROWS * SEGMENTS);
    bust->triangles =
        smp_alloc(work->arena, triangles + 2 * (ROWS - 1) * SEGMENTS, sizeof *bust->triangles);
    if (!bust->points || !bust->triangles)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for a shirt of %d points",
                        ROWS * SEGMENTS);
    for (size_t i = 0; i < points; i++)
        bust->points[i] = head->mesh.points[i];
    for (size_t t = 0; t < triangles; t++)
        for (int k = 0; k < 3; k++)
            bust->triangles[t][k] = head->mesh.triangles[t][k];
    const struct neck neck = neck_of(head);
    for (size_t row = 0; row < ROWS; row++) {
        const struct ring ring = between(row);
        for (size_t s = 0; s < SEGMENTS; s++) {
            bust->points[bust->point_count++] = cloth_at(&ring, &neck, s);
            if (row + 1 == ROWS)
                continue;
            const uint32_t a = (uint32_t)(points + row * SEGMENTS + s);
            const uint32_t b = (uint32_t)(points + row * SEGMENTS + (s + 1) % SEGMENTS);
            const uint32_t quad[2][3] = { { a, b, a + SEGMENTS },
                                          { b, b + SEGMENTS, a + SEGMENTS } };
            for (int half = 0; half < 2; half++, bust->triangle_count++)
                for (int k = 0; k < 3; k++)
                    bust->triangles[bust->triangle_count][k] = quad[half][k];
        }
    }
    return SMP_OK;
}
