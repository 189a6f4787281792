// The template bent to a tape: a scale along each axis and one low-order field that makes the
// horizontal sections fuller or leaner between front, sides and back.
#include "head/head_impl.h"

#include <math.h>
#include <string.h>

const char *const smp_sex_names[] = { "male", "female", NULL };

// ANSUR II (2012), medians: circumference, length, breadth, tragion to top of head.
static const struct {
    struct smp_tape_wish tape;
    double height_mm;
} medians[] = {
    [SMP_SEX_MALE] = { { 574, 200, 154 }, 131 },
    [SMP_SEX_FEMALE] = { { 560, 190, 147 }, 127 },
};

const struct smp_field smp_tape_fields[3] = {
    SMP_FIELD(smp_tape_wish, circumference_mm, "mm", 480, 680,
              "Tape around the head over glabella and the farthest point of the back"),
    SMP_FIELD(smp_tape_wish, length_mm, "mm", 160, 235,
              "Glabella to the farthest point of the back"),
    SMP_FIELD(smp_tape_wish, breadth_mm, "mm", 122, 185, "Greatest breadth above the ears"),
};

// Fullness beyond this is no head: about three standard deviations of the circumference that
// length and breadth leave open (residual 6.4 mm in ANSUR II men, from its correlations); more
// upward, for the median circumference of women, measured over their hair, lies high.
static const double full_min = -0.07, full_max = 0.11;
// Fullness is the skull's: it dies out from the ears' level to the jaw, which a tape says nothing
// of.
static const double jaw_mm = -60, ears_mm = 10;
// The skull over brows and ears may lie outside of the bent one, about its middle.
static const double brow_mm = 20, skull_mm = 60, middle_share = 0.4;
static const double close_mm = 0.02; // of the fit, on the coarse mesh
enum { STEPS = 40 };

// Real spherical harmonics about the skull's middle, each of RMS 1 over the sphere, that are even
// in x: as a set they are the same whichever way the head is pitched.
static struct smp_vec3 swell_at(const struct smp_fit *fit, const struct smp_bend *bend,
                                struct smp_vec3 p)
{
    const double fade = smp_smoothstep(brow_mm, skull_mm, smp_up_mm(p));
    if (!(fade > 0))
        return smp_vec3(0, 0, 0);
    const struct smp_vec3 d =
        smp_unit(smp_sub(p, smp_vec3(0, fit->middle_y, middle_share * fit->height)));
    const double x2 = d.x * d.x, y = d.y, z = d.z, *c = bend->swell_mm;
    const double mm = c[0] * 1.118 * (3 * z * z - 1) + c[1] * 3.873 * y * z +
                      c[2] * 1.936 * (y * y - x2) + c[3] * 1.323 * z * (5 * z * z - 3) +
                      c[4] * 1.620 * y * (5 * z * z - 1) + c[5] * 5.123 * z * (y * y - x2) +
                      c[6] * 2.092 * y * (y * y - 3 * x2);
    return smp_scale(d, fade * mm);
}

struct smp_vec3 smp_bent(const struct smp_fit *fit, const struct smp_bend *bend, struct smp_vec3 p)
{
    const double x = p.x / fit->half_breadth, y = (p.y - fit->middle_y) / fit->half_length;
    const double z = p.z / fit->height, r2 = x * x + y * y + z * z + 0.05;
    const double skull = smp_smoothstep(jaw_mm, ears_mm, smp_up_mm(p));
    const double swell = 1 + bend->full * skull * 4 * x * x * y * y / (r2 * r2);
    const struct smp_vec3 bent = smp_vec3(
        bend->scale_x * p.x * swell,
        bend->scale_y * (fit->middle_y + (p.y - fit->middle_y) * swell), bend->scale_z * p.z);
    return smp_add(bent, swell_at(fit, bend, p));
}

enum smp_code smp_fit_apply(struct smp_fit *fit, const struct smp_bend *bend, struct smp_err *err)
{
    const struct smp_template *from = fit->template;
    const double shift = smp_bent(fit, bend, from->fiducials.lpa).y; // keeps the origin where it is
    const struct smp_vec3 back = smp_vec3(0, -shift, 0);
    for (size_t i = 0; i < from->mesh.point_count; i++)
        fit->mesh.points[i] = smp_add(smp_bent(fit, bend, from->mesh.points[i]), back);
    fit->fiducials.nasion = smp_add(smp_bent(fit, bend, from->fiducials.nasion), back);
    fit->fiducials.lpa = smp_add(smp_bent(fit, bend, from->fiducials.lpa), back);
    fit->fiducials.rpa = smp_add(smp_bent(fit, bend, from->fiducials.rpa), back);
    fit->canthi[0] = smp_add(smp_bent(fit, bend, from->canthus_left), back);
    fit->canthi[1] = smp_add(smp_bent(fit, bend, from->canthus_right), back);
    return smp_tape_read(&fit->tape, &fit->profile, &fit->mesh, NULL, &fit->fiducials, fit->arena,
                         err);
}

// Length, breadth and height met at a given fullness.
static enum smp_code meet_lengths(struct smp_fit *fit, struct smp_bend *bend,
                                  const struct smp_tape_wish *wish, double height_mm,
                                  struct smp_err *err)
{
    for (int i = 0; i < STEPS; i++) {
        const enum smp_code code = smp_fit_apply(fit, bend, err);
        if (code)
            return code;
        const double up = smp_up_mm(fit->profile.vertex);
        if (fabs(fit->tape.length_mm - wish->length_mm) < close_mm &&
            fabs(fit->tape.breadth_mm - wish->breadth_mm) < close_mm && fabs(up - height_mm) < 0.5)
            return SMP_OK;
        bend->scale_x *= wish->breadth_mm / fit->tape.breadth_mm;
        bend->scale_y *= wish->length_mm / fit->tape.length_mm;
        bend->scale_z *= height_mm / up;
    }
    return smp_fail(err, SMP_E_INPUT,
                    "head.measurements: no head of length %g mm and breadth %g mm was found",
                    wish->length_mm, wish->breadth_mm);
}

// Circumference by false position over the fullness (it grows with it, almost in proportion).
static enum smp_code meet_girth(struct smp_fit *fit, struct smp_bend *bend,
                                const struct smp_tape_wish *wish, double height_mm,
                                struct smp_err *err)
{
    double low = full_min, high = full_max, ends[2];
    enum smp_code code;
    for (int side = 0; side < 2; side++) {
        bend->full = side ? high : low;
        if ((code = meet_lengths(fit, bend, wish, height_mm, err)))
            return code;
        ends[side] = fit->tape.circumference_mm;
    }
    if (wish->circumference_mm < ends[0] || wish->circumference_mm > ends[1])
        return smp_fail(err, SMP_E_INPUT,
                        "head.measurements: a head %g mm long and %g mm broad has a circumference "
                        "of %.0f to %.0f mm, not %g mm; the nearest possible is %.0f mm",
                        wish->length_mm, wish->breadth_mm, ceil(ends[0]), floor(ends[1]),
                        wish->circumference_mm,
                        wish->circumference_mm < ends[0] ? ceil(ends[0]) : floor(ends[1]));
    for (int i = 0; i < STEPS; i++) {
        bend->full = low + (high - low) * (wish->circumference_mm - ends[0]) / (ends[1] - ends[0]);
        if ((code = meet_lengths(fit, bend, wish, height_mm, err)))
            return code;
        if (fabs(fit->tape.circumference_mm - wish->circumference_mm) < 5 * close_mm)
            break;
        const int side = fit->tape.circumference_mm > wish->circumference_mm;
        ends[side] = fit->tape.circumference_mm;
        *(side ? &high : &low) = bend->full;
    }
    return SMP_OK;
}

// Measures not given follow those that are, at the median's proportions.
static void complete(struct smp_tape_wish *wish, enum smp_sex sex, double *height_mm)
{
    const struct smp_tape_wish *m = &medians[sex].tape;
    const double around = m->circumference_mm / (m->length_mm + m->breadth_mm);
    const bool has_length = wish->length_mm > 0, has_breadth = wish->breadth_mm > 0;
    const double c = wish->circumference_mm;
    if (!has_length && !has_breadth) {
        const double s = c > 0 ? c / m->circumference_mm : 1;
        wish->length_mm = m->length_mm * s;
        wish->breadth_mm = m->breadth_mm * s;
    } else if (!has_length) {
        wish->length_mm = c > 0 ? c / around - wish->breadth_mm : m->length_mm;
    } else if (!has_breadth) {
        wish->breadth_mm = c > 0 ? c / around - wish->length_mm : m->breadth_mm;
    }
    if (!(c > 0))
        wish->circumference_mm = around * (wish->length_mm + wish->breadth_mm);
    // Height follows length and breadth weakly (r about 0.3 in ANSUR II).
    const double size = 0.5 * (wish->length_mm / m->length_mm + wish->breadth_mm / m->breadth_mm);
    *height_mm = medians[sex].height_mm * (1 + 0.3 * (size - 1));
}

static enum smp_code check_given(const struct smp_tape_wish *wish, struct smp_err *err)
{
    for (int i = 0; i < 3; i++) {
        const struct smp_field *f = &smp_tape_fields[i];
        double value;
        memcpy(&value, (const char *)wish + f->offset, sizeof value);
        if (value == 0)
            continue;
        const enum smp_code code =
            smp_check_number(value, f->name, f->unit, f->min, f->max, "head.measurements", err);
        if (code)
            return code;
    }
    return SMP_OK;
}

enum smp_code smp_fit_prepare(struct smp_fit *fit, const struct smp_template *template,
                              struct smp_arena *arena, struct smp_err *err)
{
    *fit = (struct smp_fit){ .template = template, .mesh = template->mesh, .arena = arena };
    const enum smp_code code = smp_tape_read(&fit->tape, &fit->profile, &template->mesh, NULL,
                                             &template->fiducials, arena, err);
    if (code)
        return code;
    fit->half_breadth = fit->tape.breadth_mm / 2;
    fit->half_length = fit->tape.length_mm / 2;
    fit->middle_y = 0.5 * (fit->profile.glabella.y + fit->profile.opisthocranion.y);
    fit->height = fit->profile.vertex.z;
    fit->mesh.points = smp_new(arena, struct smp_vec3, template->mesh.point_count);
    if (!fit->mesh.points)
        return smp_fail(err, SMP_E_NOMEM, "no room for the template head");
    return SMP_OK;
}

enum smp_code smp_fit_median(struct smp_fit *fit, struct smp_bend *bend, enum smp_sex sex,
                             double *height_mm, struct smp_err *err)
{
    struct smp_tape_wish all = { 0 };
    complete(&all, sex, height_mm);
    *bend = (struct smp_bend){ .scale_x = 1, .scale_y = 1, .scale_z = 1 };
    return meet_girth(fit, bend, &all, *height_mm, err);
}

enum smp_code smp_fit_head(struct smp_head *head, const struct smp_fit *fit,
                           const struct smp_head *said, struct smp_arena *arena,
                           struct smp_err *err)
{
    const struct smp_template *template = fit->template;
    bool *outer = smp_new(arena, bool, template->mesh.triangle_count);
    if (!outer)
        return smp_fail(err, SMP_E_NOMEM, "no room for the template head");
    memset(outer, 1, template->mesh.triangle_count);
    const struct smp_raw_head raw = {
        .mesh = fit->mesh,
        .outer = outer,
        .paint = { template->paint[0], template->paint[1], template->paint[2] },
        .fiducials = fit->fiducials,
        .canthus_left = fit->canthi[0],
        .canthus_right = fit->canthi[1],
    };
    struct smp_head made = *said;
    made.is_template = true;
    const enum smp_code code = smp_head_finish(&made, &raw, arena, err);
    if (!code)
        *head = made;
    return code;
}

enum smp_code smp_head_from_tape(struct smp_head *head, enum smp_sex sex,
                                 const struct smp_tape_wish *wish, struct smp_pool *pool,
                                 struct smp_arena *arena, struct smp_err *err)
{
    (void)pool;
    struct smp_tape_wish all = wish ? *wish : (struct smp_tape_wish){ 0 };
    struct smp_template template;
    struct smp_fit fit;
    double height_mm;
    enum smp_code code = check_given(&all, err);
    if (code)
        return code;
    complete(&all, sex, &height_mm);
    struct smp_bend bend = { .scale_x = 1, .scale_y = 1, .scale_z = 1 };
    if ((code = smp_template_load(&template, arena, err)) ||
        (code = smp_fit_prepare(&fit, &template, arena, err)) ||
        (code = meet_girth(&fit, &bend, &all, height_mm, err)))
        return code;
    struct smp_head said = { .sex = sex, .note = "" };
    if (sex == SMP_SEX_FEMALE && (!wish || !(wish->circumference_mm > 0)))
        said.note = "the median circumference of women was measured over their hair and makes the "
                    "mean head fuller than it is: give head.measurements.circumference_mm";
    return smp_fit_head(head, &fit, &said, arena, err);
}
