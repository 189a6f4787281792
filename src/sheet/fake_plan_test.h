// A made-up plan for tests: a ball as head, some thousand dots, a hairline with corners. No file,
// no template: quick to make, and its true lengths and curvature are known.
#ifndef SMP_FAKE_PLAN_TEST_H
#define SMP_FAKE_PLAN_TEST_H

#include "harness.h"
#include "sheet/sheet_impl.h"

#include <math.h>

struct fake {
    struct smp_arena arena;
    struct smp_case from;
    struct smp_head head;
    struct smp_design design;
    struct smp_plan plan;
    struct smp_warning warnings[24];
    struct smp_area areas[2];
};

enum { FAKE_RINGS = 110, FAKE_SPOKES = 320, FAKE_POINTS = 1 + FAKE_RINGS * FAKE_SPOKES };
static const double fake_radius_mm = 90, fake_centre_z_mm = 40, fake_far_rad = 2.0;

static inline struct smp_vec3 fake_point(double theta, double phi)
{
    return smp_vec3(fake_radius_mm * sin(theta) * sin(phi), fake_radius_mm * sin(theta) * cos(phi),
                    fake_centre_z_mm + fake_radius_mm * cos(theta));
}

static inline struct smp_vec3 fake_normal(struct smp_vec3 p)
{
    return smp_unit(smp_vec3(p.x, p.y, p.z - fake_centre_z_mm));
}

// Address on the chart, polar: theta from the vertex, phi from the face to the client's right.
static inline struct smp_vec2 fake_polar(struct smp_vec3 p)
{
    const struct smp_vec3 n = fake_normal(p);
    return (struct smp_vec2){ acos(smp_clamp(n.z, -1, 1)), atan2(n.x, n.y) };
}

// The hairline's colatitude at an angle from the face: 0.85 rad in the middle, corners further
// back at ±0.75, temples coming forward again.
static inline double fake_line_theta(double phi)
{
    const double a = fabs(phi);
    const double corner = 0.32 * exp(-(a - 0.75) * (a - 0.75) / 0.05);
    return 0.92 - corner + 0.32 * smp_smoothstep(0.8, 1.5, a) + 0.008 * sin(29 * phi) +
           (phi > 0 ? 0.01 * sin(7 * phi) : 0);
}

static inline enum smp_zone fake_zone(double theta, double phi)
{
    const double y = theta * cos(phi), x = theta * sin(phi), a = fabs(phi);
    if (a > 1.6 && theta > 1.0)
        return theta > 1.6 ? SMP_ZONE_NAPE : SMP_ZONE_OCCIPUT;
    if (a < 1.6 && theta > fake_line_theta(phi))
        return SMP_ZONE_NONE;
    if (a < 1.6 && theta > fake_line_theta(phi) - 0.09)
        return SMP_ZONE_HAIRLINE;
    if (fabs(x) > 0.5)
        return y > 0.25 ? (x < 0 ? SMP_ZONE_TEMPLE_LEFT : SMP_ZONE_TEMPLE_RIGHT)
                        : (x < 0 ? SMP_ZONE_PARIETAL_LEFT : SMP_ZONE_PARIETAL_RIGHT);
    return y > 0.4 ? SMP_ZONE_FRONTAL : y > -0.2 ? SMP_ZONE_MIDSCALP : SMP_ZONE_CROWN;
}

static inline double fake_density(double theta, double phi)
{
    const enum smp_zone zone = fake_zone(theta, phi);
    if (zone == SMP_ZONE_NONE || zone == SMP_ZONE_NAPE || zone == SMP_ZONE_OCCIPUT)
        return 0;
    const double side = 1 - smp_smoothstep(0.75, 1.0, fabs(theta * sin(phi)));
    const double back = 1 - smp_smoothstep(0.7, 1.0, theta * (cos(phi) < 0 ? -cos(phi) : 0));
    const double front = zone == SMP_ZONE_HAIRLINE ? 0.55 : 1;
    return 110 * side * back * front;
}

static inline void fake_mesh(struct fake *f)
{
    struct smp_mesh *mesh = &f->head.mesh;
    mesh->points = smp_new(&f->arena, struct smp_vec3, FAKE_POINTS);
    mesh->triangles = smp_alloc(&f->arena, 2 * FAKE_POINTS, sizeof *mesh->triangles);
    f->head.normals = smp_new(&f->arena, struct smp_vec3, FAKE_POINTS);
    f->head.chart = smp_new(&f->arena, struct smp_vec2, FAKE_POINTS);
    f->head.zones = smp_new(&f->arena, uint8_t, FAKE_POINTS);
    f->design.zones = f->head.zones;
    f->design.density_per_cm2 = smp_new(&f->arena, double, FAKE_POINTS);
    mesh->point_count = FAKE_POINTS;
    for (uint32_t i = 0; i < FAKE_POINTS; i++) {
        const uint32_t ring = i ? (i - 1) / FAKE_SPOKES + 1 : 0,
                       spoke = i ? (i - 1) % FAKE_SPOKES : 0;
        const double theta = fake_far_rad * ring / FAKE_RINGS;
        const double phi = 2 * SMP_PI * spoke / FAKE_SPOKES - SMP_PI;
        mesh->points[i] = fake_point(theta, phi);
        f->head.normals[i] = fake_normal(mesh->points[i]);
        f->head.chart[i] = smp_chart_address(&f->head, mesh->points[i]);
        f->head.zones[i] = (uint8_t)fake_zone(theta, phi);
        f->design.density_per_cm2[i] = fake_density(theta, phi);
    }
    size_t count = 0;
    for (uint32_t r = 0; r < FAKE_RINGS; r++) {
        for (uint32_t s = 0; s < FAKE_SPOKES; s++) {
            const uint32_t next = (s + 1) % FAKE_SPOKES, inner = 1 + (r ? r - 1 : 0) * FAKE_SPOKES,
                           outer = 1 + r * FAKE_SPOKES;
            const uint32_t a = r ? inner + s : 0, b = r ? inner + next : 0;
            const uint32_t c = outer + s, d = outer + next;
            const uint32_t one[3] = { a, d, c }, two[3] = { a, b, d };
            memcpy(mesh->triangles[count++], one, sizeof one);
            if (r)
                memcpy(mesh->triangles[count++], two, sizeof two);
        }
    }
    mesh->triangle_count = count;
    f->head.neighbours = smp_alloc(&f->arena, count, sizeof *f->head.neighbours);
    smp_mesh_neighbours(f->head.neighbours, mesh, &f->arena, NULL);
    f->head.outer = smp_new(&f->arena, bool, count);
    for (size_t t = 0; t < count; t++)
        f->head.outer[t] = true;
}

static inline void fake_line(struct fake *f)
{
    enum { COUNT = 301 };
    struct smp_design *d = &f->design;
    d->line_mm = smp_new(&f->arena, struct smp_vec3, COUNT);
    d->line_arc_mm = smp_new(&f->arena, double, COUNT);
    d->line_count = COUNT;
    d->middle = COUNT / 2;
    for (size_t i = 0; i < COUNT; i++) {
        const double phi = -1.5 + 3.0 * (double)i / (COUNT - 1);
        d->line_mm[i] = fake_point(fake_line_theta(phi), phi);
        if (i)
            d->line_arc_mm[i] =
                d->line_arc_mm[i - 1] + smp_length(smp_sub(d->line_mm[i], d->line_mm[i - 1]));
        if (phi <= -0.75)
            d->corner_left = i;
        if (phi <= 0.75)
            d->corner_right = i;
    }
    d->glabella_mm = 62.8;
    d->corner_angle_deg_left = 96;
    d->corner_angle_deg_right = 98;
    d->asymmetry_mm = 1.3;
}

static inline void fake_dots(struct fake *f)
{
    const size_t tries = 110 * 700; // golden spiral over the ball, thinned to the density
    struct smp_plan *plan = &f->plan;
    plan->dots = smp_new(&f->arena, struct smp_dot, tries);
    const size_t whole = (size_t)(4 * SMP_PI * fake_radius_mm * fake_radius_mm / 100 * 130);
    uint32_t order[SMP_SESSIONS_MAX + 1] = { 0 };
    for (size_t i = 0; i < whole && plan->dot_count < tries; i++) {
        struct smp_rng rng = smp_rng_make(7, i);
        const double theta =
            acos(1 - 2 * ((double)i + 0.5) / (double)whole) + 0.002 * smp_rng_normal(&rng);
        const double phi = remainder(2.399963229728653 * (double)i, 2 * SMP_PI) +
                           0.002 * smp_rng_normal(&rng) / fmax(0.05, sin(theta));
        if (theta > fake_far_rad || smp_rng_unit(&rng) * 130 > fake_density(theta, phi))
            continue;
        const enum smp_zone zone = fake_zone(theta, phi);
        const double u = smp_rng_unit(&rng);
        const int session = plan->sessions == 1 ? 1 : 1 + (int)(u * plan->sessions);
        const struct smp_vec3 p = fake_point(theta, phi);
        plan->dots[plan->dot_count] = (struct smp_dot){
            .id = (uint32_t)plan->dot_count + 1,
            .position_mm = p,
            .normal = fake_normal(p),
            .chart = smp_chart_address(&f->head, p),
            .zone = zone,
            .session = session,
            .order = ++order[session],
            .diameter_um = zone == SMP_ZONE_HAIRLINE ? 220 : 280,
        };
        plan->dot_count++;
        plan->zones[zone].dots[0]++;
        plan->zones[zone].dots[session]++;
        plan->session[session - 1].dots++;
    }
}

static inline void fake_totals(struct fake *f)
{
    struct smp_plan *plan = &f->plan;
    for (int z = 1; z < SMP_ZONE_COUNT; z++) {
        struct smp_zone_total *zone = &plan->zones[z];
        const bool fine =
            z == SMP_ZONE_HAIRLINE || z == SMP_ZONE_TEMPLE_LEFT || z == SMP_ZONE_TEMPLE_RIGHT;
        zone->treated_cm2 = (double)zone->dots[0] / (fine ? 60 : 104);
        zone->cm2 = 1.2 * zone->treated_cm2;
        zone->needle = fine ? "1RL 0.20" : "3RL 0.25";
        zone->depth_setting_mm_low = fine ? 0.5 : 0.8;
        zone->depth_setting_mm_high = fine ? 0.8 : 1.2;
        plan->treated_cm2 += zone->treated_cm2;
    }
    for (int s = 0; s < plan->sessions; s++) {
        plan->session[s].breaks = (int)plan->session[s].dots / 6000;
        plan->session[s].minutes =
            (double)plan->session[s].dots / 80 + 10 * plan->session[s].breaks;
    }
}

static inline void fake_make(struct fake *f, int sessions)
{
    *f = (struct fake){ 0 };
    smp_arena_make(&f->arena, 0);
    f->from.title = "Marek V. (made up)";
    f->from.currency = "EUR";
    f->from.dots_per_min = 80;
    f->from.seed = 1;
    f->from.design.feather_mm = 8;
    f->plan.from = &f->from;
    f->plan.head = &f->head;
    f->plan.design = &f->design;
    f->plan.sessions = sessions;
    f->head.is_template = true;
    f->head.tape.breadth_mm = f->head.tape.length_mm = 2 * fake_radius_mm;
    f->head.landmarks.vertex = fake_point(0, 0);
    f->head.landmarks.glabella = fake_point(fake_line_theta(0) + 62.8 / fake_radius_mm, 0);
    f->head.landmarks.nasion = fake_point(1.75, 0);
    f->head.landmarks.lpa = fake_point(1.7, -SMP_PI / 2);
    f->head.landmarks.rpa = fake_point(1.7, SMP_PI / 2);
    f->head.landmarks.canthus_left = smp_vec3(-48, 70, 10);
    f->head.landmarks.canthus_right = smp_vec3(48, 70, 10);
    fake_mesh(f);
    fake_line(f);
    fake_dots(f);
    fake_totals(f);
    f->plan.price_low = 1400;
    f->plan.price_high = 2600;
    f->plan.price_source = "list of trade prices by area, grade C to D";
    f->warnings[0] = (struct smp_warning){
        "hairline-low",
        "hairline",
        62.8,
        70,
        "mm",
        "range in a review of papers, grade D",
        "Set the middle of the hairline at 70 mm or more above the glabella: a low line ages badly."
    };
    f->warnings[1] = (struct smp_warning){
        "merging",
        "midscalp",
        1.8,
        2,
        "diameters",
        "practice teaching, unverified",
        "Use fewer or smaller dots here: these run into each other once they have spread."
    };
    f->plan.warnings = f->warnings;
    f->plan.warning_count = 2;
}

// Keeps every n-th dot; the totals stay as they were.
static inline void fake_thin(struct fake *f, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->plan.dot_count; i += n)
        f->plan.dots[kept++] = f->plan.dots[i];
    f->plan.dot_count = kept;
}

// A mole to keep out of, and a scar by its outline on the chart.
static inline void fake_areas(struct fake *f)
{
    static const struct smp_vec2 outline[4] = {
        { -0.1, -0.2 }, { 0.1, -0.2 }, { 0.1, -0.18 }, { -0.1, -0.18 }
    };
    f->areas[0] = (struct smp_area){ .kind = SMP_AREA_KEEP_OUT,
                                     .centre_mm = fake_point(0.4, 0.3),
                                     .radius_mm = 4,
                                     .margin_mm = 2,
                                     .what = "mole" };
    f->areas[1] = (struct smp_area){
        .kind = SMP_AREA_SCAR, .outline = outline, .outline_count = 4, .what = "strip scar"
    };
    f->from.design.areas = f->areas;
    f->from.design.area_count = 2;
}

static inline void fake_drop(struct fake *f)
{
    smp_arena_drop(&f->arena);
}

#endif
