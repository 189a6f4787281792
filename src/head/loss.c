// What is left of the hair: smooth fields on the chart for the classes of Norwood and Ludwig.
//
// Shapes are drawn so that the area that lost more than half of its hair lies in the ranges of
// docs/head.md on the median male head; head_test.c holds them to it.
#include "head/head_impl.h"

#include <math.h>

#define TEXT(name, text) text,
const char *const smp_loss_names[] = { SMP_LOSS_CLASSES(TEXT) NULL };

// One chart radius is about 150 mm of skin on the top of an adult head.
static const double unit_mm = 150;
static const double fade_mm = 15;      // half width of the way from hair to none
static const double patch_fade_mm = 5; // patches are sharper
// The natural edge, none to full: no two stretches are alike (8 to 15 mm), and the border itself
// waves. Ahead of the middle a designed line replaces it.
static const double hairline_fade_mm = 11.5, hairline_fade_swing_mm = 3.5;
static const double hairline_wave_mm = 2.5;
static const double whorl_v = -0.25; // middle of the crown's loss, near the whorl

struct pattern {
    double middle_v, corner_v; // new hairline: mid-front, and the apex over the temple corner
    double disc;               // radius of the crown's disc, chart; 0: none
    double rim_side, rim_back; // bald top: its border over the ears and behind; 0: none
    double end_v;              // bald top: ends here toward the back
    double kept_mm;            // hairline kept in front of the loss (Ludwig)
    double lost;               // share lost where the loss is full; 0: no loss
};

static const struct pattern patterns[SMP_LOSS_CLASS_COUNT] = {
    [SMP_LOSS_II] = { .middle_v = 0.62, .corner_v = 0.34, .lost = 1 },
    [SMP_LOSS_IIA] = { .middle_v = 0.45, .corner_v = 0.32, .lost = 1 },
    [SMP_LOSS_III] = { .middle_v = 0.53, .corner_v = 0.12, .lost = 1 },
    [SMP_LOSS_IIIA] = { .middle_v = 0.26, .corner_v = 0.11, .lost = 1 },
    [SMP_LOSS_III_VERTEX] = { .middle_v = 0.53, .corner_v = 0.14, .disc = 0.19, .lost = 1 },
    [SMP_LOSS_IV] = { .middle_v = 0.40, .corner_v = 0.09, .disc = 0.25, .lost = 1 },
    [SMP_LOSS_IVA] = { .rim_side = 0.50, .rim_back = 0.45, .end_v = -0.03, .lost = 1 },
    [SMP_LOSS_V] = { .middle_v = 0.22, .corner_v = -0.01, .disc = 0.29, .lost = 1 },
    [SMP_LOSS_VA] = { .rim_side = 0.50, .rim_back = 0.45, .end_v = -0.26, .lost = 1 },
    [SMP_LOSS_VI] = { .rim_side = 0.52, .rim_back = 0.50, .end_v = -2, .lost = 1 },
    [SMP_LOSS_VII] = { .rim_side = 0.62, .rim_back = 0.62, .end_v = -2, .lost = 1 },
    [SMP_LOSS_LUDWIG_I] = { .rim_side = 0.40,
                            .rim_back = 0.36,
                            .end_v = -2,
                            .kept_mm = 25,
                            .lost = 0.40 },
    [SMP_LOSS_LUDWIG_II] = { .rim_side = 0.44,
                             .rim_back = 0.40,
                             .end_v = -2,
                             .kept_mm = 20,
                             .lost = 0.65 },
    [SMP_LOSS_LUDWIG_III] = { .rim_side = 0.50,
                              .rim_back = 0.45,
                              .end_v = -2,
                              .kept_mm = 15,
                              .lost = 0.90 },
};

// 1 well inside, 0 well outside, a half on the border.
static double inside(double distance_mm, double fade)
{
    return smp_smoothstep(-fade, fade, distance_mm);
}

// The new hairline as v over |u|: from mid-front back to the apex over the frontotemporal corner
// (on the canthus vertical), then out to the temple's own border, where nothing is lost.
static double receded(const struct pattern *p, struct smp_vec2 address)
{
    const double apex_u = 0.37, temple_u = 0.62, temple_v = 0.40, u = fabs(address.x);
    const double out = smp_smoothstep(0.10, apex_u, u), down = smp_smoothstep(apex_u, temple_u, u);
    const double line = p->middle_v + out * (p->corner_v - p->middle_v);
    return inside((address.y - line - down * (temple_v - p->corner_v)) * unit_mm, fade_mm);
}

// The bald top: within a rim that opens to the front.
static double bald_top(const struct pattern *p, struct smp_vec2 address, double degrees, double r,
                       double behind_mm)
{
    const double back = smp_smoothstep(90, 170, degrees),
                 front = 1 - smp_smoothstep(34, 75, degrees);
    const double rim = p->rim_side + back * (p->rim_back - p->rim_side) + front * 0.35;
    double distance = fmin((rim - r) * unit_mm, (address.y - p->end_v) * unit_mm);
    if (p->kept_mm > 0)
        distance = fmin(distance, behind_mm - p->kept_mm);
    return inside(distance, fade_mm);
}

// Smooth waves along a border: -1 … 1, from the angle about the vertex. The two sides of the head
// differ; wavelengths from 60 to 9 mm at the border's radius.
static double waves(double angle_rad, double phase)
{
    static const double turns[4] = { 11, 23, 41, 67 }, heights[4] = { 0.34, 0.28, 0.22, 0.16 };
    double sum = 0;
    for (int k = 0; k < 4; k++)
        sum += heights[k] * sin(turns[k] * angle_rad + phase * (k + 1) + 0.7 * k * k);
    return sum;
}

// Share of the native hair at this depth behind the natural hairline.
static double natural_edge(struct smp_vec2 address, double behind_mm)
{
    const double angle = atan2(address.x, address.y);
    const double fade = hairline_fade_mm + hairline_fade_swing_mm * waves(angle, 2.1);
    const double from_mm = hairline_wave_mm * (1 + waves(angle, 0.4)); // only ever farther back
    return smp_smoothstep(from_mm, from_mm + fade, behind_mm);
}

// Signed distance to the outline in chart units, above zero inside.
static double outline_distance(const struct smp_loss_patch *patch, struct smp_vec2 a)
{
    double nearest2 = HUGE_VAL;
    bool in = false;
    for (size_t i = 0, j = patch->count - 1; i < patch->count; j = i++) {
        const struct smp_vec2 p = patch->outline[i], q = patch->outline[j];
        const double dx = q.x - p.x, dy = q.y - p.y, length2 = dx * dx + dy * dy;
        const double s =
            length2 > 0 ? smp_clamp(((a.x - p.x) * dx + (a.y - p.y) * dy) / length2, 0, 1) : 0;
        const double ex = a.x - p.x - s * dx, ey = a.y - p.y - s * dy;
        nearest2 = fmin(nearest2, ex * ex + ey * ey);
        if ((p.y > a.y) != (q.y > a.y) && a.x < dx * (a.y - p.y) / dy + p.x)
            in = !in;
    }
    return in ? sqrt(nearest2) : -sqrt(nearest2);
}

// Share of the hair lost at an address.
static double lost_share(const struct smp_loss *loss, struct smp_vec2 address, double behind_mm)
{
    if (loss->kind == SMP_LOSS_TOTALIS)
        return 1;
    const struct pattern *p = &patterns[loss->kind];
    const double r = hypot(address.x, address.y);
    const double degrees = fabs(atan2(address.x, address.y)) * 180 / SMP_PI;
    double left = 1;
    if (p->middle_v > 0)
        left = 1 - p->lost * receded(p, address);
    if (p->disc > 0)
        left *= 1 - p->lost * inside((p->disc - hypot(address.x, address.y - whorl_v)) * unit_mm,
                                     fade_mm);
    if (p->rim_side > 0)
        left *= 1 - p->lost * bald_top(p, address, degrees, r, behind_mm);
    for (size_t i = 0; i < loss->patch_count; i++) {
        const double d = outline_distance(&loss->patches[i], address) * unit_mm;
        left *= 1 - (1 - loss->patches[i].left_share) * inside(d, patch_fade_mm);
    }
    return 1 - left;
}

static enum smp_code check(const struct smp_loss *loss, struct smp_err *err)
{
    enum smp_code code = smp_check_number(loss->native_fu_per_cm2, "native_fu_per_cm2", "per cm2",
                                          20, 130, "loss", err);
    if (code)
        return code;
    if ((unsigned)loss->kind >= SMP_LOSS_CLASS_COUNT)
        return smp_fail(err, SMP_E_INPUT, "loss.kind must be a known class, not %d",
                        (int)loss->kind);
    for (size_t i = 0; i < loss->patch_count; i++) {
        const struct smp_loss_patch *patch = &loss->patches[i];
        if (patch->count < 3)
            return smp_fail(err, SMP_E_INPUT,
                            "loss.patches[%zu].outline must have at least 3 points, not %zu", i,
                            patch->count);
        if ((code =
                 smp_check_number(patch->left_share, "left_share", "", 0, 1, "loss.patches", err)))
            return code;
    }
    return SMP_OK;
}

enum smp_code smp_loss_field(double *fu_per_cm2, double *bald_cm2, const struct smp_head *head,
                             const struct smp_loss *loss, struct smp_err *err)
{
    const enum smp_code code = check(loss, err);
    if (code)
        return code;
    const struct smp_mesh *mesh = &head->mesh;
    for (size_t i = 0; i < mesh->point_count; i++) {
        const struct smp_vec2 a = head->chart[i];
        fu_per_cm2[i] = 0;
        if (head->zones[i] == SMP_ZONE_NONE)
            continue;
        const double behind_mm = smp_behind_hairline(head, a) * unit_mm;
        if (!(behind_mm > 0))
            continue;
        const double lost = lost_share(loss, a, behind_mm);
        fu_per_cm2[i] = loss->native_fu_per_cm2 * natural_edge(a, behind_mm) * (1 - lost);
        if (lost > 0.5) // the sign marks it until the areas are summed, zero's sign too
            fu_per_cm2[i] = -fu_per_cm2[i];
    }
    double bald = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const uint32_t *c = mesh->triangles[t];
        const int marked = (signbit(fu_per_cm2[c[0]]) != 0) + (signbit(fu_per_cm2[c[1]]) != 0) +
                           (signbit(fu_per_cm2[c[2]]) != 0);
        if (marked && head->outer[t])
            bald += marked * smp_length(smp_mesh_area_vector(mesh, t)) / 300; // thirds, in cm²
    }
    for (size_t i = 0; i < mesh->point_count; i++)
        fu_per_cm2[i] = fabs(fu_per_cm2[i]);
    if (bald_cm2)
        *bald_cm2 = bald;
    return SMP_OK;
}
