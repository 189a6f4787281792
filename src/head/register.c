// Where the profile of a head has its nasion and its ears: the mid-sagittal section of the mean
// head is turned, moved and scaled until it lies on that of the scan.
//
// Both sections are radii over the angle about the line of the ears. A turn shifts the angles, a
// scale the radii's logarithms; a move is a new centre for the scan's section. All are tried on a
// grid: a descent from a fiducial that is wrong by a hand's breadth would stay near it.
#include "head/head_impl.h"

#include <math.h>

enum {
    ANGLES = 360, // a degree each, from the nasion's direction upward
    FIRST = -45,
    LAST = 130, // of the mean head: chin to the back of the crown
    TURN = 180,
    TURN_STEP = 2,
    NEEDED = 140, // angles at which both sections are there
    FINE = 4,     // parts of a segment: an edge of 4 mm spans less than a degree of a head
};
static const struct smp_plane sagittal = { { 1, 0, 0 }, 0 };
static const double move_mm = 40, move_step_mm = 8;
static const double lengthened[] = { 1, 0.86, 1.16 }; // along the level line to the front
static const double far_log = 0.15; // a radius that differs by more is hair, a hand, a hole

struct radii {
    double log_mm[ANGLES]; // NAN where there is no section
};

static size_t wrapped(int degrees)
{
    return (size_t)(((degrees % ANGLES) + ANGLES) % ANGLES);
}

static void read_radii(struct radii *radii, const struct smp_section *section, double y, double z)
{
    double far_mm[ANGLES] = { 0 };
    for (size_t i = 0; i + 1 < section->count; i += 2) {
        for (int k = 0; k <= FINE; k++) {
            const double w = (double)k / FINE;
            const double dy = (1 - w) * section->points[i].y + w * section->points[i + 1].y - y;
            const double dz = (1 - w) * section->points[i].z + w * section->points[i + 1].z - z;
            const size_t at = wrapped((int)lround(atan2(dz, dy) * 180 / SMP_PI));
            far_mm[at] = fmax(far_mm[at], hypot(dy, dz));
        }
    }
    for (int a = 0; a < ANGLES; a++)
        radii->log_mm[a] = far_mm[a] > 0 ? log(far_mm[a]) : (double)NAN;
}

// Mean deviation of the logarithms, outliers clipped; the scale is their mean without outliers.
static double misfit(double *log_scale, const struct radii *mean, const struct radii *scan,
                     int degrees)
{
    double off[LAST - FIRST + 1], sum = 0;
    int count = 0;
    for (int a = FIRST; a <= LAST; a++) {
        const double d = scan->log_mm[wrapped(a + degrees)] - mean->log_mm[wrapped(a)];
        if (isfinite(d)) {
            off[count++] = d;
            sum += d;
        }
    }
    if (count < NEEDED)
        return HUGE_VAL;
    double middle = sum / count;
    for (int pass = 0; pass < 2; pass++) {
        double inner = 0;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (fabs(off[i] - middle) < far_log) {
                inner += off[i];
                kept++;
            }
        }
        if (kept > 0)
            middle = inner / kept;
    }
    sum = 0;
    for (int i = 0; i < count; i++)
        sum += fmin(fabs(off[i] - middle), far_log);
    *log_scale = middle;
    return sum / count;
}

struct mean_head {
    struct radii radii;
    struct smp_vec3 nasion;
};

static struct smp_vec3 lengthened_by(double share, struct smp_vec3 p)
{
    static const struct smp_vec3 front = { 0, 0.92106099400288508, -0.38941834230865049 };
    return smp_add(p, smp_scale(front, smp_ahead_mm(p) * (share - 1)));
}

static void try_centre(struct smp_profile_match *match, const struct mean_head *mean,
                       const struct radii *scan, double nasion_mm, double y, double z)
{
    const double mean_mm = hypot(mean->nasion.y, mean->nasion.z);
    const double mean_rad = atan2(mean->nasion.z, mean->nasion.y);
    for (int degrees = -TURN; degrees < TURN; degrees += TURN_STEP) {
        double log_scale = 0;
        const double misfit_now = misfit(&log_scale, &mean->radii, scan, degrees);
        const double r = mean_mm * exp(log_scale), angle = mean_rad + degrees * SMP_PI / 180;
        const struct smp_vec3 nasion = smp_vec3(0, y + r * cos(angle), z + r * sin(angle));
        const struct smp_placement place = { nasion, smp_vec3(0, y, z), misfit_now };
        if (place.misfit < match->best.misfit)
            match->best = place;
        if (place.misfit < match->given.misfit && hypot(y, z) <= SMP_EARS_OFF_MM &&
            hypot(nasion.y - nasion_mm, nasion.z) <= SMP_NASION_OFF_MM)
            match->given = place;
    }
}

// The same with left and right exchanged, which turns the section upside down.
static void try_flipped(struct smp_profile_match *match, const struct mean_head *mean,
                        const struct radii *scan)
{
    struct radii flipped;
    for (int a = 0; a < ANGLES; a++)
        flipped.log_mm[wrapped(-a)] = scan->log_mm[a];
    for (int degrees = -TURN; degrees < TURN; degrees += 3 * TURN_STEP) {
        double log_scale;
        match->flipped_misfit =
            fmin(match->flipped_misfit, misfit(&log_scale, &mean->radii, &flipped, degrees));
    }
}

enum { LENGTHS = sizeof lengthened / sizeof *lengthened };

static enum smp_code make_means(struct mean_head *means, struct smp_arena *scratch,
                                struct smp_err *err)
{
    struct smp_template template;
    struct smp_section section;
    enum smp_code code = smp_template_load(&template, scratch, err);
    if (code || (code = smp_section_cut(&section, &template.mesh, NULL, sagittal, scratch, err)))
        return code;
    struct smp_vec3 *points = smp_new(scratch, struct smp_vec3, section.count);
    if (!points)
        return smp_fail(err, SMP_E_NOMEM, "no room for a section of %zu points", section.count);
    for (int k = 0; k < LENGTHS; k++) {
        for (size_t i = 0; i < section.count; i++)
            points[i] = lengthened_by(lengthened[k], section.points[i]);
        const struct smp_section longer = { points, section.count };
        read_radii(&means[k].radii, &longer, 0, 0);
        means[k].nasion = lengthened_by(lengthened[k], template.fiducials.nasion);
    }
    return SMP_OK;
}

enum smp_code smp_profile_match(struct smp_profile_match *match, const struct smp_raw_head *raw,
                                struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct mean_head means[LENGTHS];
    struct smp_section section;
    match->best.misfit = match->given.misfit = match->flipped_misfit = HUGE_VAL;
    enum smp_code code = make_means(means, scratch, err);
    if (!code)
        code = smp_section_cut(&section, &raw->mesh, raw->outer, sagittal, scratch, err);
    const int steps = (int)(move_mm / move_step_mm);
    for (int i = -steps; !code && i <= steps; i++) {
        for (int j = -steps; j <= steps; j++) {
            struct radii scan;
            const double y = i * move_step_mm, z = j * move_step_mm;
            read_radii(&scan, &section, y, z);
            for (int k = 0; k < LENGTHS; k++) {
                try_centre(match, &means[k], &scan, raw->fiducials.nasion.y, y, z);
                try_flipped(match, &means[k], &scan);
            }
        }
    }
    smp_arena_reset(scratch, mark);
    return code;
}
