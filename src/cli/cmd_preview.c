// stubble preview: one picture of a plan folder.
#include "cli/hair_wish.h"
#include "cli/on_photo.h"
#include "cli/plan_folder.h"
#include "preview/preview.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char usage[] =
    "preview PLAN (--view VIEW | --zoom ZONE | --photo IMAGE [--pose POSE.json]) [--age AGE] "
    "[--band EDGE] [--hair-mm MM] -o IMAGE";

struct wish {
    const char *plan, *out;
    int view; // -1: close-up or photo
    struct smp_on_photo on_photo;
    struct smp_hair_wish hair;
    struct smp_age age;
    enum smp_zone zone;
    struct smp_preview_params params;
    unsigned threads;
    bool no_sandbox;
};

static enum smp_code ends_as_picture(const char *path, struct smp_err *err)
{
    static const char *const suffixes[] = { ".png", ".jpg", ".jpeg", NULL };
    const size_t length = strlen(path);
    for (int i = 0; suffixes[i]; i++) {
        const size_t own = strlen(suffixes[i]);
        if (length > own && strcasecmp(path + length - own, suffixes[i]) == 0)
            return SMP_OK;
    }
    return smp_fail(err, SMP_E_INPUT, "--out must end in .png, .jpg or .jpeg, not '%.200s'", path);
}

static enum smp_code zone_of(enum smp_zone *zone, const char *text, struct smp_err *err)
{
    const char *names[SMP_ZONE_COUNT] = { 0 };
    for (int z = 1; z < SMP_ZONE_COUNT; z++)
        names[z - 1] = smp_zone_name((enum smp_zone)z);
    int index;
    const enum smp_code code = smp_cli_choice(text, "zoom", names, &index, err);
    if (!code)
        *zone = (enum smp_zone)(index + 1);
    return code;
}

static enum smp_code draw(struct smp_image *image, const struct wish *wish,
                          const struct smp_plan *plan, struct smp_pool *pool,
                          struct smp_arena *arena, struct smp_err *err)
{
    struct smp_scene *scene = NULL;
    enum smp_code code = smp_scene_make(&scene, plan, pool, arena, err);
    if (code)
        return code;
    if (smp_scene_note(scene)[0])
        fprintf(stderr, "note: %s\n", smp_scene_note(scene));
    struct smp_hair_shot shot = { .age = wish->age };
    if (wish->hair.wanted)
        code = smp_hair_wish_field(&shot.field, &wish->hair, plan, scene, arena, err);
    if (!code && wish->hair.wanted)
        code = smp_preview_hair(image, &shot, 1, scene, (enum smp_view)wish->view, &wish->params,
                                pool, arena, err);
    else if (!code && wish->view >= 0)
        code = smp_preview_view(image, &wish->age, 1, scene, (enum smp_view)wish->view,
                                &wish->params, pool, arena, err);
    else if (!code)
        code = smp_preview_zoom(image, &wish->age, 1, scene, wish->zone, &wish->params, pool, arena,
                                err);
    smp_scene_drop(scene);
    return code;
}

// Drawn and written.
static enum smp_code picture(struct smp_photo_told *told, const struct wish *wish,
                             const struct smp_plan *plan, const struct smp_camera *camera,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    if (wish->on_photo.photo)
        return smp_draw_on_photo(wish->out, told, &wish->on_photo, camera, plan, &wish->age, pool,
                                 arena, err);
    struct smp_image image;
    struct smp_preview_notes notes;
    smp_preview_notes(&notes, &wish->age);
    const enum smp_code code = draw(&image, wish, plan, pool, arena, err);
    return code ? code : smp_image_save(wish->out, &image, notes.notes, 0, err);
}

static enum smp_code run(const void *context, struct smp_arena *arena, struct smp_err *err)
{
    const struct wish *wish = context;
    struct smp_photo_told told = { 0 };
    struct smp_pool *pool = smp_pool_make(wish->threads);
    struct smp_plan plan;
    struct smp_camera camera;
    enum smp_code code = smp_on_photo_pose(&camera, &wish->on_photo, arena, err);
    if (!code)
        code = smp_plan_folder_load(&plan, wish->plan, wish->no_sandbox, pool, arena, err);
    if (!code)
        code = picture(&told, wish, &plan, &camera, pool, arena, err);
    if (!code && told.note[0])
        fprintf(stderr, "note: %s\n", told.note);
    smp_pool_drop(pool);
    return code;
}

struct words {
    const char *view, *zoom, *photo, *pose, *mask, *save_mask, *card, *age, *band, *width, *height,
        *threads, *out, *no_sandbox, *json;
    struct smp_hair_words hair;
};

static enum smp_code photo_of(struct wish *wish, const struct words *words, struct smp_err *err)
{
    if (!words->photo && (words->pose || words->mask || words->save_mask || words->card))
        return smp_fail(err, SMP_E_INPUT,
                        "--pose, --mask, --save-mask and --card go with --photo IMAGE");
    if (!words->photo)
        return SMP_OK;
    if (words->width || words->height)
        return smp_fail(err, SMP_E_INPUT, "--photo keeps its own size: no --width, no --height");
    wish->on_photo =
        (struct smp_on_photo){ words->photo,     words->pose,         words->mask,
                               words->save_mask, words->card != NULL, words->no_sandbox != NULL };
    return words->save_mask ? ends_as_picture(words->save_mask, err) : SMP_OK;
}

// Hair of some length is pictured without dots unless they are asked for.
static const char *age_of(const struct words *words)
{
    return words->age ? words->age : words->hair.mm ? "before" : "healed";
}

static enum smp_code understand(struct wish *wish, const struct words *words, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    int64_t width = (int64_t)wish->params.width_px, height = (int64_t)wish->params.height_px;
    int64_t threads = 0;
    int edge = SMP_EDGE_MEDIAN;
    const int kinds = !!words->view + !!words->zoom + !!words->photo;
    if (kinds != 1)
        return smp_fail(err, SMP_E_INPUT, "give either --view VIEW, --zoom ZONE or --photo IMAGE%s",
                        kinds ? ", not several" : "");
    if (!words->out)
        return smp_fail(err, SMP_E_INPUT, "--out IMAGE (or -o IMAGE) is missing");
    code = photo_of(wish, words, err);
    if (!code)
        code = smp_hair_wish_read(&wish->hair, &words->hair, err);
    if (!code && wish->hair.wanted && !words->view)
        code = smp_fail(err, SMP_E_INPUT, "--hair-mm goes with --view VIEW");
    if (!code && words->view)
        code = smp_cli_choice(words->view, "view", smp_view_names, &wish->view, err);
    else if (!code && words->zoom)
        code = zone_of(&wish->zone, words->zoom, err);
    if (!code)
        code = smp_cli_choice(words->band, "band", smp_edge_names, &edge, err);
    if (!code)
        code = smp_age_read(&wish->age, age_of(words), (enum smp_edge)edge, "--age", err);
    if (!code && words->width)
        code = smp_cli_integer(words->width, "width", 64, 8000, &width, err);
    if (!code && words->height)
        code = smp_cli_integer(words->height, "height", 64, 8000, &height, err);
    if (!code && words->threads)
        code = smp_cli_integer(words->threads, "threads", 1, 256, &threads, err);
    if (!code)
        code = ends_as_picture(words->out, err);
    wish->params.width_px = (size_t)width;
    wish->params.height_px = (size_t)height;
    wish->threads = (unsigned)threads;
    wish->out = words->out;
    wish->no_sandbox = words->no_sandbox != NULL;
    return code;
}

int smp_cmd_preview(int argc, char **argv)
{
    struct words words = { .band = "median" };
    const struct smp_option options[] = {
        { "view", "VIEW", "front, three-quarter-left, left, top, crown, back, …", &words.view,
          'v' },
        { "zoom", "ZONE", "close-up of a zone at 20 px/mm instead (\"hairline\")", &words.zoom, 0 },
        { "photo", "IMAGE", "on the client's own photo instead", &words.photo, 0 },
        { "pose", "FILE",
          "its camera, as stubble pose --json prints it (else by the case's landmarks)",
          &words.pose, 0 },
        { "mask", "IMAGE", "where dots may show on the photo: white; of its size", &words.mask, 0 },
        { "save-mask", "IMAGE", "write the mask that was found, to correct it", &words.save_mask,
          0 },
        { "card", NULL, "make the photo's light true first, by the colour card in it", &words.card,
          0 },
        { "age", "AGE", "before (default with --hair-mm), fresh, healed (default), 1y … 30y",
          &words.age, 'a' },
        { "band", "EDGE", "of what may become of it: low, median (default), high", &words.band, 0 },
        { "hair-mm", "MM", "hair as strands of that length, 2 to 60; 0: shaved", &words.hair.mm,
          0 },
        { "hairs-per-cm2", "N", "hairs where none is lost (default: the case's)",
          &words.hair.hairs_per_cm2, 0 },
        { "loss", "CLASS", "none, 1 … 7, ludwig 1 … 3, totalis (default: the case's)",
          &words.hair.loss, 0 },
        { "grafts-per-cm2", "N", "transplanted follicular units where the plan sets dots",
          &words.hair.grafts_per_cm2, 0 },
        { "grey", "SHARE", "of the hairs, 0 to 1", &words.hair.grey, 0 },
        { "hairpiece", NULL, "a hairpiece where the plan sets dots", &words.hair.hairpiece, 0 },
        { "out", "IMAGE", "picture to write: .png, .jpg", &words.out, 'o' },
        { "width", "PX", "default 1600", &words.width, 0 },
        { "height", "PX", "default 2000", &words.height, 0 },
        { "threads", "N", "default: one per core", &words.threads, 't' },
        { "no-sandbox", NULL, "read scans and pictures without confinement", &words.no_sandbox, 0 },
        { "json", NULL, "print what was written as JSON", &words.json, 0 },
        { 0 },
    };
    const char *positional[1];
    int count;
    const int status = smp_cli_parse(argc, argv, usage, options, positional, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct wish wish = { .plan = positional[0], .view = -1, .params = smp_preview_defaults };
    enum smp_code code = understand(&wish, &words, &err);
    const int failed = smp_plan_folder_run(code, run, &wish, &err);
    if (!failed && words.json)
        smp_cli_print_json(json_pack("{s:s, s:s, s:s, s:s}", "what",
                                     words.view   ? words.view
                                     : words.zoom ? words.zoom
                                                  : "photo",
                                     "age", age_of(&words), "band", words.band, "file", wish.out));
    return failed;
}
