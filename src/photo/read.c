// Landmarks on photos, and a scale, as they are written down.
#include "photo/photo_impl.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double px_max = 1e5;

// ---- Photos -------------------------------------------------------------------------------------

static enum smp_code read_landmarks(struct smp_photo *photo, const struct smp_json *at,
                                    struct smp_err *err)
{
    enum smp_code code = smp_json_object(at, smp_place_names, err);
    for (size_t m = 0; m < SMP_PLACE_COUNT && !code; m++) {
        struct smp_json point, item;
        if (!smp_json_child(at, smp_place_names[m], &point))
            continue;
        code = smp_json_array(&point, 2, 2, err);
        for (size_t k = 0; k < 2 && !code; k++) {
            smp_json_item(&point, k, &item);
            code = smp_json_number(&item, -px_max, px_max, "px", &photo->at_px[m][k], err);
        }
        photo->seen[m] = true;
    }
    return code;
}

// Pairs of an angle and a distance: tangents, as `stubble` writes them into a plan's case.
static enum smp_code read_outline(struct smp_outline *outline, const struct smp_json *at,
                                  struct smp_err *err)
{
    enum smp_code code = smp_json_array(at, 0, SMP_OUTLINE_MAX, err);
    outline->count = code ? 0 : smp_json_count(at);
    for (size_t i = 0; i < outline->count && !code; i++) {
        struct smp_json pair, item;
        smp_json_item(at, i, &pair);
        code = smp_json_array(&pair, 2, 2, err);
        if (!code && smp_json_item(&pair, 0, &item))
            code = smp_json_number(&item, -360, 360, "degrees", &outline->tangent[i].out_deg, err);
        if (!code && smp_json_item(&pair, 1, &item))
            code = smp_json_number(&item, -px_max, px_max, "px", &outline->tangent[i].at_px, err);
    }
    return code;
}

static enum smp_code read_side(const struct smp_json *at, const char *name, size_t *side_px,
                               struct smp_err *err)
{
    struct smp_json child;
    int64_t px = 0;
    if (!smp_json_child(at, name, &child))
        return SMP_OK;
    const enum smp_code code = smp_json_integer(&child, 16, (int64_t)px_max, &px, err);
    *side_px = (size_t)px;
    return code;
}

enum smp_code smp_photo_read(struct smp_photo *photo, const struct smp_json *at,
                             struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "file",      "landmarks",  "outline", "width_px",
                                         "height_px", "focal_35mm", NULL };
    struct smp_photo made = { .file = "" };
    struct smp_json child;
    enum smp_code code = smp_json_object(at, known, err);
    const char *name = NULL;
    if (!code && smp_json_child(at, "file", &child)) {
        code = smp_json_text(&child, &name, err);
        if (!code && !(made.file = smp_strdup(arena, name)))
            return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    }
    if (!code)
        code = read_side(at, "width_px", &made.width_px, err);
    if (!code)
        code = read_side(at, "height_px", &made.height_px, err);
    if (!code && (made.width_px > 0) != (made.height_px > 0))
        return smp_fail(err, SMP_E_INPUT, "%s: %s must have both width_px and height_px or neither",
                        at->file, at->path);
    if (!code && smp_json_child(at, "focal_35mm", &child))
        code = smp_json_number(&child, SMP_FOCAL_MIN, SMP_FOCAL_MAX, "mm", &made.focal_35mm, err);
    if (!code && smp_json_child(at, "landmarks", &child))
        code = read_landmarks(&made, &child, err);
    if (!code && smp_json_child(at, "outline", &child))
        code = read_outline(&made.outline, &child, err), made.outline_known = true;
    if (!code)
        *photo = made;
    return code;
}

static enum smp_code read_list(struct smp_photo **photos, size_t *count, const struct smp_json *at,
                               struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = smp_json_array(at, 1, SMP_PHOTOS_MAX, err);
    if (code)
        return code;
    *count = smp_json_count(at);
    if (!(*photos = smp_new(arena, struct smp_photo, *count)))
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu photos", *count);
    for (size_t i = 0; i < *count && !code; i++) {
        struct smp_json item;
        smp_json_item(at, i, &item);
        code = smp_photo_read(&(*photos)[i], &item, arena, err);
    }
    return code;
}

static enum smp_code read_one(struct smp_photo **photos, size_t *count, const struct smp_json *root,
                              bool bare, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_photo *photo = smp_new(arena, struct smp_photo, 1);
    if (!photo)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a photo");
    photo->file = "";
    *photos = photo;
    *count = 1;
    return bare ? read_landmarks(photo, root, err) : smp_photo_read(photo, root, arena, err);
}

enum smp_code smp_photos_read(struct smp_photo **photos, size_t *count, const char *file,
                              struct smp_bytes text, struct smp_arena *arena, struct smp_err *err)
{
    static const char *const whole[] = { "photos", NULL };
    struct smp_json root, list, child;
    enum smp_code code = smp_json_parse(&root, file, (const char *)text.data, text.length, err);
    if (code)
        return code;
    if (smp_json_child(&root, "photos", &list)) {
        code = smp_json_object(&root, whole, err);
        if (!code)
            code = read_list(photos, count, &list, arena, err);
    } else {
        const bool item = smp_json_child(&root, "landmarks", &child);
        code = read_one(photos, count, &root, !item, arena, err);
    }
    smp_json_close(&root);
    return code;
}

// ---- Scale --------------------------------------------------------------------------------------

// ANSUR II: interpupillary breadth, mean and standard deviation, mm.
static const double ipd_mm[] = { [SMP_SEX_MALE] = 64.0, [SMP_SEX_FEMALE] = 61.7 };
static const double ipd_sd_mm[] = { [SMP_SEX_MALE] = 3.4, [SMP_SEX_FEMALE] = 3.6 };
// The middle of the eye's corners stands for the pupil within 1 mm or so (both eyes: 1.1 mm).
static const double ipd_own_sd_mm = 1.2, calliper_sd_mm = 1;
static const double card_sd_share = 0.01; // held as far away as the landmark, within about 5 mm

static enum smp_code bad_scale(const char *where, const char *text, struct smp_err *err)
{
    return smp_fail(err, SMP_E_INPUT,
                    "%s must be ipd, ipd:MM, LANDMARK,LANDMARK:MM, px-per-mm:S@LANDMARK or "
                    "two-points:X,Y,X,Y:MM@LANDMARK, not \"%.80s\"",
                    where, text);
}

static enum smp_code in_range(double value, const char *what, const char *unit, double min,
                              double max, const char *where, struct smp_err *err)
{
    if (value >= min && value <= max)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT, "%s: %s must be %g to %g %s, not %g", where, what, min, max,
                    unit, value);
}

static enum smp_code read_place(enum smp_place *place, const char *text, size_t length,
                                const char *where, struct smp_err *err)
{
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        if (strlen(smp_place_names[m]) == length &&
            strncmp(smp_place_names[m], text, length) == 0) {
            *place = (enum smp_place)m;
            return SMP_OK;
        }
    }
    return smp_fail(err, SMP_E_INPUT, "%s: \"%.*s\" is no landmark", where,
                    length < 40 ? (int)length : 40, text);
}

// The number that is the whole rest of a text.
static bool read_number(double *value, const char *text, const char *end)
{
    char *after;
    *value = strtod(text, &after);
    return after != text && after == end && isfinite(*value);
}

// "X,Y,X,Y:" ahead of `rest`.
static bool read_points(double p[4], const char *text, const char **rest)
{
    for (int i = 0; i < 4; i++) {
        char *after;
        p[i] = strtod(text, &after);
        if (after == text || *after != (i < 3 ? ',' : ':') || !isfinite(p[i]))
            return false;
        text = after + 1;
    }
    *rest = text;
    return true;
}

static enum smp_code read_card(struct smp_scale *made, const char *text, const char *where,
                               struct smp_err *err)
{
    const char *at = strchr(text, '@'), *end = at ? at : text + strlen(text);
    double value = 0, mm = 0, p[4];
    enum smp_code code = SMP_OK;
    made->kind = SMP_SCALE_PX_PER_MM;
    made->a = SMP_PLACE_GLABELLA;
    if (at)
        code = read_place(&made->a, at + 1, strlen(at + 1), where, err);
    if (code)
        return code;
    if (strncmp(text, "px-per-mm:", 10) == 0) {
        if (!read_number(&value, text + 10, end))
            return bad_scale(where, text, err);
    } else {
        const char *rest;
        if (!read_points(p, text + strlen("two-points:"), &rest) || !read_number(&mm, rest, end))
            return bad_scale(where, text, err);
        if ((code = in_range(mm, "the distance of the two points", "mm", 1, 1000, where, err)))
            return code;
        value = hypot(p[2] - p[0], p[3] - p[1]) / mm;
    }
    made->value = value;
    made->sd = card_sd_share * value;
    return in_range(value, "px-per-mm", "px/mm", 0.2, 500, where, err);
}

enum smp_code smp_scale_read(struct smp_scale *scale, const char *text, enum smp_sex sex,
                             const char *where, struct smp_err *err)
{
    struct smp_scale made = { .kind = SMP_SCALE_IPD };
    const char *colon = strrchr(text, ':'), *comma = strchr(text, ',');
    enum smp_code code = SMP_OK;
    if (strcmp(text, "ipd") == 0) {
        made.value = ipd_mm[sex];
        made.sd = ipd_sd_mm[sex];
    } else if (strncmp(text, "ipd:", 4) == 0) {
        if (!read_number(&made.value, text + 4, text + strlen(text)))
            return bad_scale(where, text, err);
        made.sd = ipd_own_sd_mm;
        code = in_range(made.value, "ipd", "mm", 45, 85, where, err);
    } else if (strncmp(text, "px-per-mm:", 10) == 0 || strncmp(text, "two-points:", 11) == 0) {
        code = read_card(&made, text, where, err);
    } else {
        made.kind = SMP_SCALE_DISTANCE;
        made.sd = calliper_sd_mm;
        if (!colon || !comma || comma > colon ||
            !read_number(&made.value, colon + 1, text + strlen(text)))
            return bad_scale(where, text, err);
        if ((code = read_place(&made.a, text, (size_t)(comma - text), where, err)) ||
            (code = read_place(&made.b, comma + 1, (size_t)(colon - comma - 1), where, err)))
            return code;
        if (made.a == made.b)
            return smp_fail(err, SMP_E_INPUT, "%s must name two landmarks, not %s twice", where,
                            smp_place_names[made.a]);
        code = in_range(made.value, "the distance", "mm", 10, 300, where, err);
    }
    if (!code)
        *scale = made;
    return code;
}
