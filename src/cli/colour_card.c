#include "cli/colour_card.h"

#include "cli/cli.h"
#include "plan/plan.h"

#include <jansson.h>
#include <math.h>

enum { FILE_BYTES_MAX = 1 << 20 };

enum smp_code smp_cli_reference(struct smp_lab reference[SMP_CARD_PATCHES], const char *path,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_bytes text;
    enum smp_code code = path ? smp_file_read(&text, path, FILE_BYTES_MAX, arena, err)
                              : smp_data_find(NULL, "colour_card.csv", &path, &text, arena, err);
    return code ? code
                : smp_card_reference_read(reference, path, (const char *)text.data, text.length,
                                          arena, err);
}

static json_t *errors_json(const struct smp_card_errors *errors)
{
    return json_pack("{s:f,s:f}", "mean", errors->mean, "max", errors->max);
}

json_t *smp_cli_card_errors(const struct smp_card_fit *fit)
{
    return json_pack("{s:o,s:o,s:o}", "before", errors_json(&fit->before), "after",
                     errors_json(&fit->after), "leave_one_out", errors_json(&fit->leave_one_out));
}

enum smp_code smp_cli_correct(struct smp_image *image, double *delta_e00, const char *name,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_lab reference[SMP_CARD_PATCHES];
    struct smp_card card;
    struct smp_card_fit fit;
    struct smp_err why = { 0 };
    enum smp_code code = smp_cli_reference(reference, NULL, arena, err);
    if (code)
        return code;
    code = smp_card_find(&card, image, reference, name, pool, arena, &why);
    if (!code)
        code = smp_card_correct(&fit, &card, reference, name, &why);
    if (code)
        return smp_fail(err, code, "%s; without a card leave --card away", why.msg);
    *delta_e00 = fit.leave_one_out.mean;
    return smp_correct_image(image, &fit.correction, pool, arena, err);
}

enum smp_code smp_cli_marker_scale(double *px_per_mm, const struct smp_image *image,
                                   const char *side_mm, const char *name, struct smp_pool *pool,
                                   struct smp_arena *arena, struct smp_err *err)
{
    struct smp_marker *markers;
    size_t count;
    double side, logs = 0;
    enum smp_code code = smp_cli_number(side_mm, "marker", 1, 1000, &side, err);
    if (!code)
        code = smp_markers_find(&markers, &count, image, pool, arena, err);
    if (code)
        return code;
    if (!count)
        return smp_fail(
            err, SMP_E_INPUT,
            "%s: no square marker (ArUco 4x4, ids 0 to 49) was found: it must be whole, "
            "sharp, at least 12 px wide and have white around it",
            name);
    for (size_t i = 0; i < count; i++)
        logs += log(smp_marker_px_per_mm(&markers[i], side)) / (double)count;
    *px_per_mm = exp(logs);
    return SMP_OK;
}
