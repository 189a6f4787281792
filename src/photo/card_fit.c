// A card's correction and how far it can be trusted: each patch by a correction made from the
// other 23; and the reference file.
#include "photo/card_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { patches = SMP_CARD_PATCHES };

static void add_error(struct smp_card_errors *errors, double delta_e00)
{
    errors->mean += delta_e00 / patches;
    errors->max = fmax(errors->max, delta_e00);
}

static void measure_errors(struct smp_card_fit *fit, const struct smp_correct_problem *problem,
                           const double x[correct_all], const struct smp_lab *alone)
{
    for (int i = 0; i < patches; i++) {
        const struct smp_lab want = problem->wanted[i];
        add_error(&fit->before, smp_delta_e00(smp_lab_from_rgb(problem->seen[i]), want));
        add_error(&fit->after, smp_delta_e00(smp_correct_patch(x, problem, i), want));
        fit->patch_error[i] = smp_delta_e00(alone[i], want);
        add_error(&fit->leave_one_out, fit->patch_error[i]);
    }
}

enum smp_code smp_card_correct(struct smp_card_fit *fit, const struct smp_card *card,
                               const struct smp_lab reference[SMP_CARD_PATCHES], const char *name,
                               struct smp_err *err)
{
    struct smp_correct_problem problem = { .smallest_lin = 1e-4 };
    struct smp_lab alone[patches];
    double x[correct_all];
    enum smp_code code = smp_card_judge_light(card, name, err);
    if (code)
        return code;
    memcpy(problem.wanted, reference, sizeof problem.wanted);
    for (int i = 0; i < patches; i++)
        problem.seen[i] = card->patch[i].lin;
    smp_correct_begin(x, &problem);
    const double rest = smp_correct_improve(x, &problem);
    for (int i = 0; i < patches; i++) {
        double others[correct_all];
        memcpy(others, x, sizeof others);
        problem.left_out[i] = true;
        smp_correct_improve(others, &problem);
        alone[i] = smp_correct_patch(others, &problem, i);
        problem.left_out[i] = false;
    }
    struct smp_card_fit made = { 0 };
    smp_correction_of(&made.correction, x, &problem);
    measure_errors(&made, &problem, x, alone);
    code = smp_card_judge_fit(card, &problem, x, rest, made.leave_one_out.mean, name, err);
    if (!code)
        *fit = made;
    return code;
}

double smp_card_doubt(const struct smp_card_fit *fit,
                      const struct smp_lab reference[SMP_CARD_PATCHES], struct smp_lab colour)
{
    double weights = 0, sum = 0;
    for (int i = 0; i < patches; i++) {
        const double far = smp_delta_e00(reference[i], colour) / 10;
        const double weight = 1 / (1 + far * far);
        weights += weight;
        sum += weight * fit->patch_error[i] * fit->patch_error[i];
    }
    return sqrt(sum / weights);
}

// Place on the card in pitches from its middle.
static struct smp_vec2 from_middle(const struct smp_card *card, struct smp_vec2 at_px)
{
    struct smp_homography back;
    if (!smp_homography_invert(&back, &card->to_px))
        return (struct smp_vec2){ 0, 0 };
    const struct smp_vec2 p = smp_homography_map(&back, at_px);
    return (struct smp_vec2){ p.x - 2.5, p.y - 1.5 };
}

double smp_card_light_doubt_l(const struct smp_card_fit *fit, const struct smp_card *card,
                              struct smp_vec2 at_px, struct smp_lab colour)
{
    const struct smp_vec2 p = from_middle(card, at_px);
    const double *slope = fit->correction.slope;
    const double a_pitch = hypot(slope[0] / 2.5, slope[1] / 1.5); // change of ln light
    const double off = fmax(hypot(p.x, p.y) - 1, 0) * a_pitch;
    return (colour.l + 16) / 3 * off; // L* + 16 goes with the cube root of light
}

bool smp_card_covers(const struct smp_card *card, struct smp_vec2 at_px)
{
    const struct smp_vec2 p = from_middle(card, at_px);
    return fabs(p.x) < 3.1 && fabs(p.y) < 2.1;
}

// ---- The reference ----------------------------------------------------------------------------

struct smp_lab smp_lab_d65_from_d50(struct smp_lab d50)
{
    // XYZ by the white of D50 (ICC.1:2022), then Bradford (Lam 1985) to the white used here.
    static const double white_d50[3] = { 0.96422, 1, 0.82521 };
    static const double bradford[3][3] = { { 0.8951, 0.2664, -0.1614 },
                                           { -0.7502, 1.7135, 0.0367 },
                                           { 0.0389, -0.0685, 1.0296 } };
    static const double back[3][3] = { { 0.9869929, -0.1470543, 0.1599627 },
                                       { 0.4323053, 0.5183603, 0.0492912 },
                                       { -0.0085287, 0.0400428, 0.9684867 } };
    const struct smp_xyz white = smp_white_d65(), relative = smp_xyz_from_lab(d50);
    const double to[3] = { white.x, white.y, white.z };
    // smp_xyz_from_lab reads Lab against its own white: only the ratios are of use.
    const double xyz[3] = { relative.x / white.x * white_d50[0], relative.y,
                            relative.z / white.z * white_d50[2] };
    double cone[3] = { 0, 0, 0 }, out[3] = { 0, 0, 0 };
    for (int k = 0; k < 3; k++) {
        double from_white = 0, to_white = 0;
        for (int j = 0; j < 3; j++) {
            cone[k] += bradford[k][j] * xyz[j];
            from_white += bradford[k][j] * white_d50[j];
            to_white += bradford[k][j] * to[j];
        }
        cone[k] *= to_white / from_white;
    }
    for (int k = 0; k < 3; k++)
        for (int j = 0; j < 3; j++)
            out[k] += back[k][j] * cone[j];
    return smp_lab_from_xyz((struct smp_xyz){ out[0], out[1], out[2] });
}

// Which names the file's first line uses.
static bool first_line_has(const char *text, size_t length, const char *column)
{
    const size_t name = strlen(column);
    const char *end = memchr(text, '\n', length);
    const char *at = text, *stop = end ? end : text + length;
    while (at < stop) {
        const char *comma = memchr(at, ',', (size_t)(stop - at)), *to = comma ? comma : stop;
        size_t n = (size_t)(to - at);
        while (n && (at[n - 1] == '\r' || at[n - 1] == ' '))
            n--;
        if (n == name && memcmp(at, column, name) == 0)
            return true;
        at = to + 1;
    }
    return false;
}

static enum smp_code read_row(struct smp_lab *reference, bool *given, const double *row, int first,
                              const char *number, const char *file, struct smp_err *err)
{
    char where[300];
    snprintf(where, sizeof where, "%.200s", file);
    enum smp_code code =
        smp_check_number(row[0], number, "", first, first + patches - 1, where, err);
    if (!code && row[0] != floor(row[0]))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must be a whole number, not %g", where, number,
                        row[0]);
    if (code)
        return code;
    const int i = (int)row[0] - first;
    if (given[i])
        return smp_fail(err, SMP_E_INPUT, "%s: %s %d is there twice", where, number, i + first);
    given[i] = true;
    snprintf(where, sizeof where, "%.200s, %s %d", file, number, i + first);
    code = smp_check_number(row[1], "L", "", 0, 100, where, err);
    if (!code)
        code = smp_check_number(row[2], "a", "", -128, 128, where, err);
    if (!code)
        code = smp_check_number(row[3], "b", "", -128, 128, where, err);
    if (!code)
        reference[i] = smp_lab_d65_from_d50((struct smp_lab){ row[1], row[2], row[3] });
    return code;
}

enum smp_code smp_card_reference_read(struct smp_lab reference[SMP_CARD_PATCHES], const char *file,
                                      const char *text, size_t length, struct smp_arena *arena,
                                      struct smp_err *err)
{
    const bool by_id = first_line_has(text, length, "id"),
               long_names = first_line_has(text, length, "Lab_l");
    const char *const names[4] = { by_id ? "id" : "patch", long_names ? "Lab_l" : "L",
                                   long_names ? "Lab_a" : "a", long_names ? "Lab_b" : "b" };
    double *values;
    size_t rows;
    enum smp_code code = smp_csv_numbers(&values, &rows, file, text, length, names, 4, arena, err);
    if (!code && rows != patches)
        code = smp_fail(err, SMP_E_INPUT, "%s must have a row for each of %d patches, not %zu rows",
                        file, patches, rows);
    struct smp_lab made[patches];
    bool given[patches] = { false };
    for (size_t i = 0; !code && i < rows; i++)
        code = read_row(made, given, values + 4 * i, by_id ? 0 : 1, names[0], file, err);
    if (!code)
        memcpy(reference, made, sizeof made);
    return code;
}
