// stubble pose IMAGE …: the cameras of photos, and the head in them, from landmarks marked by hand.
#include "cli/cli.h"
#include "cli/pose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int smp_cmd_pose(int argc, char **argv);

static const size_t landmarks_bytes_max = (size_t)1 << 20;

struct call {
    const char *landmarks, *scale, *from_case, *sex, *focal, *fit_focal, *outline, *json,
        *no_sandbox;
    const char *images[SMP_PHOTOS_MAX];
    int count;
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// The marks of a picture: by its path, else by its name, else the only ones there are.
static const struct smp_photo *marks_of(const struct smp_photo *list, size_t count,
                                        const char *image, bool only)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].file, image) == 0)
            return &list[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (*list[i].file && strcmp(last_part(list[i].file), last_part(image)) == 0)
            return &list[i];
    }
    return only && count == 1 && !*list[0].file ? list : NULL;
}

static enum smp_code open_photos(struct smp_answer *a, const struct call *c,
                                 const struct smp_scan_options *scan, struct smp_arena *arena,
                                 struct smp_err *err)
{
    struct smp_bytes text;
    struct smp_photo *list;
    size_t count;
    double focal_35mm = 0;
    enum smp_code code = SMP_OK;
    if (c->focal)
        code =
            smp_cli_number(c->focal, "focal-35mm", SMP_FOCAL_MIN, SMP_FOCAL_MAX, &focal_35mm, err);
    if (code || (code = smp_file_read(&text, c->landmarks, landmarks_bytes_max, arena, err)) ||
        (code = smp_photos_read(&list, &count, c->landmarks, text, arena, err)))
        return code;
    for (int i = 0; i < c->count && !code; i++) {
        const struct smp_photo *marks = marks_of(list, count, c->images[i], c->count == 1);
        if (!marks)
            return smp_fail(err, SMP_E_INPUT, "%s: photos has no item whose file is \"%s\"",
                            c->landmarks, last_part(c->images[i]));
        struct smp_photo *photo = &a->photos[i];
        *photo = *marks;
        photo->file = c->images[i];
        if (focal_35mm > 0)
            photo->focal_35mm = focal_35mm;
        a->focal_from[i] = photo->focal_35mm > 0 ? "given" : "exif";
        code = smp_photo_measure(photo, c->outline ? &a->pictures[i] : NULL, scan, arena, err);
        photo->outline.count = 0; // of a plan's case
        if (c->outline)
            photo->picture = &a->pictures[i];
        if (c->fit_focal)
            photo->focal_35mm = 0;
        if (!(photo->focal_35mm > 0))
            a->focal_from[i] = "solved";
    }
    a->count = (size_t)c->count;
    return code;
}

// The head is known: by its scan or by its tape.
static enum smp_code pose_on_head(struct smp_answer *a, struct smp_case *from,
                                  const struct smp_scan_options *scan, struct smp_pool *pool,
                                  struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = smp_case_head(&a->head, from, scan, pool, arena, err);
    if (code || (code = smp_case_places(&a->places, from, &a->head, arena, err)))
        return code;
    return smp_photo_pose(a->poses, a->photos, a->count, &a->places, arena, err);
}

static enum smp_code pose_with_head(struct smp_answer *a, const struct call *c,
                                    struct smp_arena *arena, struct smp_err *err)
{
    struct smp_mould mould;
    struct smp_scale scale = { .kind = SMP_SCALE_NONE };
    enum smp_code code = SMP_OK;
    if (c->scale)
        code = smp_scale_read(&scale, c->scale, a->sex, "--scale", err);
    if (code || (code = smp_mould_make(&mould, a->sex, arena, err)) ||
        (code = smp_photo_head(&a->head, &a->fit, a->poses, a->photos, a->count, &mould, &scale,
                               arena, err)))
        return code;
    a->places = a->fit.places;
    a->fitted = true;
    return SMP_OK;
}

static enum smp_code run(struct smp_answer *a, const struct call *c, struct smp_pool *pool,
                         struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_scan_options scan = { .no_sandbox = c->no_sandbox != NULL };
    struct smp_case from = { 0 };
    enum smp_code code = SMP_OK;
    int sex = SMP_SEX_MALE;
    if (c->sex)
        code = smp_cli_choice(c->sex, "sex", smp_sex_names, &sex, err);
    if (!code && c->from_case) {
        code = smp_case_read(&from, c->from_case, arena, err);
        sex = (int)from.sex;
    }
    a->sex = (enum smp_sex)sex;
    const struct smp_tape_wish *tape = &from.tape;
    const bool known =
        from.scan || tape->circumference_mm > 0 || tape->length_mm > 0 || tape->breadth_mm > 0;
    if (!code && known && c->scale)
        return smp_fail(err, SMP_E_INPUT,
                        "--scale belongs to a head from photos alone, and %s has %s", c->from_case,
                        from.scan ? "a scan" : "measurements");
    if (!code && known && c->outline)
        return smp_fail(err, SMP_E_INPUT,
                        "--outline belongs to a head from photos alone, and %s has %s",
                        c->from_case, from.scan ? "a scan" : "measurements");
    if (code || (code = open_photos(a, c, &scan, arena, err)))
        return code;
    return known ? pose_on_head(a, &from, &scan, pool, arena, err)
                 : pose_with_head(a, c, arena, err);
}

int smp_cmd_pose(int argc, char **argv)
{
    struct call c = { 0 };
    const struct smp_option options[] = {
        { "landmarks", "F.json", "where the landmarks lie in each picture (docs/photos.md)",
          &c.landmarks, 0 },
        { "scale", "S", "ipd:MM, LANDMARK,LANDMARK:MM, px-per-mm:S@LANDMARK, …", &c.scale, 0 },
        { "outline", NULL,
          "bend the head to its outline in the pictures as well (shaved or bald heads)", &c.outline,
          0 },
        { "case", "CASE.json", "pose on the case's own head (scan or tape)", &c.from_case, 0 },
        { "sex", "S", "male or female: whose spread of heads (default male)", &c.sex, 0 },
        { "focal-35mm", "F", "focal length on 35 mm film, for all pictures", &c.focal, 0 },
        { "fit-focal", NULL, "find the focal lengths, whatever the files say", &c.fit_focal, 0 },
        { "no-sandbox", NULL, "read files without confinement", &c.no_sandbox, 0 },
        { "json", NULL, "print one JSON object", &c.json, 0 },
        { 0 },
    };
    struct smp_err err = { 0 };
    const int status = smp_cli_parse(argc, argv, "pose IMAGE… --landmarks F.json [OPTIONS]",
                                     options, c.images, 1, SMP_PHOTOS_MAX, &c.count);
    if (status)
        return status < 0 ? 0 : status;
    if (!c.landmarks)
        smp_fail(&err, SMP_E_INPUT, "--landmarks must name the file with the landmarks");
    else if (c.sex && c.from_case)
        smp_fail(&err, SMP_E_INPUT, "--sex is the case's own where --case is given");
    else if (c.focal && c.fit_focal)
        smp_fail(&err, SMP_E_INPUT, "--focal-35mm and --fit-focal exclude each other");
    if (err.code)
        return smp_cli_fail(&err);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_pool *pool = smp_pool_make(0);
    struct smp_answer *answer = smp_new(&arena, struct smp_answer, 1);
    enum smp_code code = answer ? run(answer, &c, pool, &arena, &err)
                                : smp_fail(&err, SMP_E_NOMEM, "no memory for the answer");
    if (!code)
        code = smp_pose_print(answer, c.json != NULL, &arena, &err);
    for (size_t i = 0; answer && i < SMP_PHOTOS_MAX; i++)
        smp_image8_drop(&answer->pictures[i]);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
