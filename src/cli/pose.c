#include "cli/pose.h"
#include "cli/cli.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { WARNINGS_MAX = SMP_PHOTOS_MAX * (SMP_PLACE_COUNT + 3) + 1 };

struct warnings {
    const char *text[WARNINGS_MAX];
    size_t count;
};

// What to say of a head that does not stand upright in the picture; NULL where it does, or is seen
// along its height.
static const char *lying(const struct smp_camera *camera)
{
    static const double flat = 0.5, leaning = 0.5; // cosines of 60°
    const double *x = &camera->rotation[0], *y = &camera->rotation[3];
    const double s = sin(SMP_HEAD_PITCH_RAD), c = cos(SMP_HEAD_PITCH_RAD);
    const double right = x[1] * s + x[2] * c, down = y[1] * s + y[2] * c;
    const double length = hypot(right, down);
    if (length < flat || -down > leaning * length)
        return NULL;
    return "the head lies on its side or upside down: landmarks must count the pixels of the "
           "upright picture (turned as its EXIF orientation says)";
}

static enum smp_code find_warnings(struct warnings *w, const struct smp_answer *a,
                                   struct smp_arena *arena, struct smp_err *err)
{
    for (size_t p = 0; p < a->count; p++) {
        for (int m = 0; m < SMP_PLACE_COUNT; m++) {
            if (!a->poses[p].wrong[m])
                continue;
            const char *text = smp_format(
                arena,
                "%s: landmarks.%s looks wrong: it lies %.0f px from where the others have it, and "
                "was left out",
                a->photos[p].file, smp_place_names[m], a->poses[p].error_px[m]);
            if (!text)
                return smp_fail(err, SMP_E_NOMEM, "no memory for a warning");
            w->text[w->count++] = text;
        }
    }
    for (size_t p = 0; p < a->count; p++) {
        const char *said[3] = { a->photos[p].spoilt_icc ? SMP_SPOILT_ICC : NULL,
                                a->poses[p].no_outline, lying(&a->poses[p].camera) };
        for (int i = 0; i < 3; i++) {
            if (!said[i])
                continue;
            const char *text = smp_format(arena, "%s: %s", a->photos[p].file, said[i]);
            if (!text)
                return smp_fail(err, SMP_E_NOMEM, "no memory for a warning");
            w->text[w->count++] = text;
        }
    }
    if (a->fitted && a->fit.note[0])
        w->text[w->count++] = a->fit.note;
    return SMP_OK;
}

// To so many digits after the point: more would feign a precision that no mark has.
static json_t *rounded(double value, int digits)
{
    char text[48];
    snprintf(text, sizeof text, "%.*f", digits, value);
    return json_real(strtod(text, NULL));
}

static json_t *list_of(const double *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_real(values[i]));
    return list;
}

static json_t *matrix_of(const double values[9])
{
    json_t *rows = json_array();
    for (size_t i = 0; i < 3; i++)
        json_array_append_new(rows, list_of(&values[3 * i], 3));
    return rows;
}

static json_t *photo_json(const struct smp_photo *photo, const struct smp_pose *pose,
                          const char *focal_from)
{
    const struct smp_camera *camera = &pose->camera;
    const double k[9] = { camera->focal_px,
                          0,
                          camera->centre_px[0],
                          0,
                          camera->focal_px,
                          camera->centre_px[1],
                          0,
                          0,
                          1 };
    const double one_mm_px = smp_camera_focal_px(1, photo->width_px, photo->height_px);
    json_t *object = json_object(), *marks = json_object(), *wrong = json_array();
    json_object_set_new(object, "file", json_string(photo->file));
    json_object_set_new(object, "width_px", json_integer((json_int_t)photo->width_px));
    json_object_set_new(object, "height_px", json_integer((json_int_t)photo->height_px));
    json_object_set_new(object, "K", matrix_of(k));
    json_object_set_new(object, "R", matrix_of(camera->rotation));
    json_object_set_new(object, "t_mm", list_of(camera->t_mm, 3));
    json_object_set_new(object, "rms_px", rounded(pose->rms_px, 2));
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        if (!photo->seen[m])
            continue;
        json_t *mark = json_object();
        json_object_set_new(mark, "px", list_of(photo->at_px[m], 2));
        json_object_set_new(mark, "error_px", rounded(pose->error_px[m], 2));
        json_object_set_new(mark, "wrong", json_boolean(pose->wrong[m]));
        json_object_set_new(marks, smp_place_names[m], mark);
        if (pose->wrong[m])
            json_array_append_new(wrong, json_string(smp_place_names[m]));
    }
    json_object_set_new(object, "landmarks", marks);
    json_object_set_new(object, "wrong", wrong);
    json_object_set_new(object, "focal_35mm", rounded(camera->focal_px / one_mm_px, 2));
    json_object_set_new(object, "focal_from", json_string(focal_from));
    json_object_set_new(object, "focal_sd_percent", rounded(pose->focal_sd_percent, 2));
    json_object_set_new(object, "rotation_sd_deg", rounded(pose->turn_sd_deg, 3));
    json_object_set_new(object, "distance_sd_percent", rounded(pose->distance_sd_percent, 2));
    if (pose->outline.count)
        json_object_set_new(
            object, "outline",
            json_pack("{s:i, s:o, s:o, s:o, s:o}", "tangents", (int)pose->outline.count,
                      "before_px", rounded(pose->bare_px, 1), "rms_px",
                      rounded(pose->outline_px, 1), "before_mm", rounded(pose->bare_mm, 2),
                      "rms_mm", rounded(pose->outline_mm, 2)));
    return object;
}

static json_t *head_json(const struct smp_answer *a)
{
    const struct smp_tape *tape = &a->head.tape;
    const char *source = a->fitted ? "photos" : a->head.is_template ? "tape" : "scan";
    json_t *object = json_object(), *places = json_object(), *how = json_object();
    json_object_set_new(object, "source", json_string(source));
    json_object_set_new(object, "sex", json_string(smp_sex_names[a->sex]));
    json_object_set_new(object, "breadth_mm", rounded(tape->breadth_mm, 1));
    json_object_set_new(object, "length_mm", rounded(tape->length_mm, 1));
    json_object_set_new(object, "height_mm", rounded(smp_up_mm(a->head.landmarks.vertex), 1));
    json_object_set_new(object, "circumference_mm", rounded(tape->circumference_mm, 1));
    json_object_set_new(object, "scalp_cm2", rounded(tape->scalp_cm2, 1));
    if (a->fitted) {
        json_object_set_new(object, "breadth_sd_percent", rounded(a->fit.breadth_sd_percent, 2));
        json_object_set_new(object, "length_sd_percent", rounded(a->fit.length_sd_percent, 2));
        json_object_set_new(object, "height_sd_percent", rounded(a->fit.height_sd_percent, 2));
    }
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        const double at[3] = { a->places.at[m].x, a->places.at[m].y, a->places.at[m].z };
        json_object_set_new(places, smp_place_names[m], list_of(at, 3));
        json_object_set_new(how, smp_place_names[m], json_string(a->places.how[m]));
    }
    json_object_set_new(object, "landmarks_mm", places);
    json_object_set_new(object, "landmarks_from", how);
    return object;
}

static void print_text(const struct smp_answer *a)
{
    const struct smp_tape *tape = &a->head.tape;
    for (size_t p = 0; p < a->count; p++) {
        const struct smp_pose *pose = &a->poses[p];
        const double *t = pose->camera.t_mm;
        printf("%s: %.0f mm away (± %.1f %%), turned within ± %.2f°, focal %.0f px (%s), "
               "landmarks within %.1f px\n",
               a->photos[p].file, sqrt(t[0] * t[0] + t[1] * t[1] + t[2] * t[2]),
               pose->distance_sd_percent, pose->turn_sd_deg, pose->camera.focal_px,
               a->focal_from[p], pose->rms_px);
        for (int m = 0; m < SMP_PLACE_COUNT; m++) {
            if (a->photos[p].seen[m])
                printf("  %-16s %6.1f px off%s\n", smp_place_names[m], pose->error_px[m],
                       pose->wrong[m] ? ", left out" : "");
        }
    }
    printf("head %.0f mm long, %.0f mm broad, %.0f mm around, scalp %.0f cm2", tape->length_mm,
           tape->breadth_mm, tape->circumference_mm, tape->scalp_cm2);
    if (a->fitted)
        printf("; scale within %.1f %%", a->fit.scale_sd_percent);
    puts("");
}

enum smp_code smp_pose_print(const struct smp_answer *a, bool json, struct smp_arena *arena,
                             struct smp_err *err)
{
    struct warnings *w = smp_new(arena, struct warnings, 1);
    if (!w)
        return smp_fail(err, SMP_E_NOMEM, "no memory for warnings");
    const enum smp_code code = find_warnings(w, a, arena, err);
    if (code)
        return code;
    for (size_t i = 0; i < w->count; i++)
        fprintf(stderr, "stubble: warning: %s\n", w->text[i]);
    if (!json) {
        print_text(a);
        return SMP_OK;
    }
    json_t *object = json_object(), *photos = json_array(), *warnings = json_array();
    for (size_t p = 0; p < a->count; p++)
        json_array_append_new(photos, photo_json(&a->photos[p], &a->poses[p], a->focal_from[p]));
    for (size_t i = 0; i < w->count; i++)
        json_array_append_new(warnings, json_string(w->text[i]));
    json_object_set_new(object, "photos", photos);
    json_object_set_new(object, "head", head_json(a));
    json_object_set_new(object, "scale_sd_percent",
                        rounded(a->fitted ? a->fit.scale_sd_percent : 0, 2));
    json_object_set_new(object, "warnings", warnings);
    smp_cli_print_json(object);
    return SMP_OK;
}
