#include "head/head_impl.h"

#include <math.h>

#define NAME(name, text) text,
static const char *const zone_names[] = { SMP_ZONES(NAME) };

const char *smp_zone_name(enum smp_zone zone)
{
    return (unsigned)zone < SMP_ZONE_COUNT ? zone_names[zone] : "?";
}

// ---- Address ------------------------------------------------------------------------------------

struct smp_chart_frame smp_chart_frame(const struct smp_landmarks *landmarks,
                                       const struct smp_tape *tape)
{
    // The opisthocranion lies one length behind the glabella, level to within a few degrees.
    const double middle_y = landmarks->glabella.y - 0.5 * tape->length_mm * cos(SMP_HEAD_PITCH_RAD);
    return (struct smp_chart_frame){
        .half_breadth = 0.5 * tape->breadth_mm,
        .half_length = 0.5 * tape->length_mm,
        .height = landmarks->vertex.z,
        .middle_y = middle_y,
        .shear = (landmarks->vertex.y - middle_y) / landmarks->vertex.z,
    };
}

struct smp_vec2 smp_chart_map(const struct smp_chart_frame *frame, struct smp_vec3 point)
{
    const double x = point.x / frame->half_breadth;
    const double y = (point.y - frame->middle_y - frame->shear * point.z) / frame->half_length;
    const double z = point.z / frame->height;
    const double level = hypot(x, y);
    const double r = atan2(level, z) / (SMP_PI / 2);
    if (level < 1e-12)
        return (struct smp_vec2){ 0, r };
    return (struct smp_vec2){ r * x / level, r * y / level };
}

struct smp_vec3 smp_chart_direction(const struct smp_chart_frame *frame, struct smp_vec2 address)
{
    const double r = hypot(address.x, address.y), theta = r * SMP_PI / 2;
    const double s = r > 1e-12 ? sin(theta) / r : SMP_PI / 2;
    const double z = cos(theta) * frame->height;
    return smp_unit(smp_vec3(s * address.x * frame->half_breadth,
                             s * address.y * frame->half_length + frame->shear * z, z));
}

struct smp_vec2 smp_chart_address(const struct smp_head *head, struct smp_vec3 point)
{
    const struct smp_chart_frame frame = smp_chart_frame(&head->landmarks, &head->tape);
    return smp_chart_map(&frame, point);
}

// From far outside toward the middle: the first hit is the outermost skin at that address.
bool smp_chart_point(const struct smp_head *head, const struct smp_rays *rays,
                     struct smp_vec2 address, struct smp_vec3 *point, struct smp_hit *hit)
{
    const struct smp_chart_frame frame = smp_chart_frame(&head->landmarks, &head->tape);
    if (!(hypot(address.x, address.y) < 1.9))
        return false;
    const double reach = 600; // mm: outside of every head
    const struct smp_vec3 out = smp_chart_direction(&frame, address);
    const struct smp_vec3 middle = smp_vec3(0, frame.middle_y, 0);
    const struct smp_hit h =
        smp_rays_first(rays, smp_add(middle, smp_scale(out, reach)), smp_scale(out, -1), 0, reach);
    if (h.triangle == SMP_NO_TRIANGLE)
        return false;
    *point = smp_mesh_at(&head->mesh, h.triangle, h.bary);
    if (hit)
        *hit = h;
    return true;
}

// ---- Zones --------------------------------------------------------------------------------------

// Borders as radius by angle from the front, in degrees, the same on both sides.
struct knot {
    double degrees, radius;
};

// Outer limit of the scalp. Mid-front: 50 mm over the glabella on the median head (a design may
// go that low); then the temple, the sideburn before the ear, over and behind the ear, and the
// nape 70 mm below the glabella's level.
static const struct knot outer_limit[] = {
    { 0, 0.649 },    { 22, 0.655 },  { 40, 0.68 },   { 52, 0.72 },    { 64, 0.765 },  { 70, 0.79 },
    { 73, 0.835 },   { 76, 0.895 },  { 79, 0.952 },  { 82, 0.988 },   { 86, 0.993 },  { 90, 0.98 },
    { 92.2, 0.956 }, { 95.2, 0.89 }, { 98.2, 0.83 }, { 101.2, 0.81 }, { 108, 0.805 }, { 115, 0.84 },
    { 121, 0.91 },   { 127, 0.935 }, { 140, 0.91 },  { 160, 0.88 },   { 180, 0.87 },
};
// The top of the head ends at the temporal lines and below the crown.
static const struct knot top_limit[] = {
    { 0, 0.70 },   { 36, 0.70 },  { 46, 0.60 },  { 62, 0.555 },
    { 90, 0.525 }, { 135, 0.49 }, { 180, 0.48 },
};
static const double front_end_v = 0.09;   // 130 mm behind the glabella: frontal | midscalp
static const double middle_end_v = -0.22; // 180 mm behind: midscalp | crown
static const double ear_deg = 84, back_deg = 128, nape_radius = 0.83; // inion: 0.83

// Cubic through the knots without overshoot (Fritsch and Butland 1984: harmonic slopes).
static double slope_at(const struct knot *knots, size_t count, size_t i)
{
    if (i == 0 || i + 1 == count)
        return 0; // symmetric across the mid-sagittal plane
    const double h0 = knots[i].degrees - knots[i - 1].degrees;
    const double h1 = knots[i + 1].degrees - knots[i].degrees;
    const double d0 = (knots[i].radius - knots[i - 1].radius) / h0;
    const double d1 = (knots[i + 1].radius - knots[i].radius) / h1;
    if (d0 * d1 <= 0)
        return 0;
    return 3 * (h0 + h1) / ((2 * h1 + h0) / d0 + (h1 + 2 * h0) / d1);
}

static double border(const struct knot *knots, size_t count, double angle_rad)
{
    const double degrees = fabs(angle_rad) * 180 / SMP_PI;
    size_t i = 0;
    while (i + 2 < count && degrees > knots[i + 1].degrees)
        i++;
    const double h = knots[i + 1].degrees - knots[i].degrees;
    const double s = smp_clamp((degrees - knots[i].degrees) / h, 0, 1), t = 1 - s;
    const double m0 = slope_at(knots, count, i) * h, m1 = slope_at(knots, count, i + 1) * h;
    return t * t * (1 + 2 * s) * knots[i].radius + s * s * (3 - 2 * s) * knots[i + 1].radius +
           s * t * (t * m0 - s * m1);
}

double smp_chart_limit(double angle_rad)
{
    return border(outer_limit, sizeof outer_limit / sizeof *outer_limit, angle_rad);
}

static enum smp_zone sided(double u, enum smp_zone left)
{
    return u < 0 ? left : (enum smp_zone)(left + 1);
}

enum smp_zone smp_chart_zone(struct smp_vec2 address)
{
    const double r = hypot(address.x, address.y), angle = atan2(address.x, address.y);
    const double degrees = fabs(angle) * 180 / SMP_PI, limit = smp_chart_limit(angle);
    if (!(r < limit))
        return SMP_ZONE_NONE;
    if (r < border(top_limit, sizeof top_limit / sizeof *top_limit, angle)) {
        if (address.y > front_end_v)
            return SMP_ZONE_FRONTAL;
        return address.y > middle_end_v ? SMP_ZONE_MIDSCALP : SMP_ZONE_CROWN;
    }
    // The temporal peak is the foremost 20 mm or so of the temple.
    if (degrees < ear_deg)
        return sided(address.x, degrees > 44 && degrees < 72 && r > limit - 0.11
                                    ? SMP_ZONE_PEAK_LEFT
                                    : SMP_ZONE_TEMPLE_LEFT);
    if (degrees < back_deg)
        return sided(address.x, SMP_ZONE_PARIETAL_LEFT);
    return r < nape_radius ? SMP_ZONE_OCCIPUT : SMP_ZONE_NAPE;
}

double smp_behind_hairline(const struct smp_head *head, struct smp_vec2 address)
{
    const double r = hypot(address.x, address.y), angle = atan2(address.x, address.y);
    const double limit = smp_chart_limit(angle);
    // The line rises from the limit at the temples to its middle.
    const double front = 1 - smp_smoothstep(0.5, 1.2, fabs(angle));
    return limit - front * (smp_chart_limit(0) - head->hairline_radius) - r;
}
