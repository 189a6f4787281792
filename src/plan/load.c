// A case's head, and a plan folder read again: everything is made anew from the case in it, the
// dots come from dots.csv. The folder may have been tampered with: all of it is checked.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const size_t dots_bytes_max = (size_t)1 << 30;
static const double off_skin_mm = 2; // a dot farther from the head than this is not of this head

// ---- Head ---------------------------------------------------------------------------------------

// The picture most of the skin is painted with.
static int32_t main_texture(const struct smp_scan *scan)
{
    int32_t best = -1;
    size_t most = 0;
    for (size_t texture = 0; texture < scan->texture_count; texture++) {
        size_t count = 0;
        for (size_t t = 0; t < scan->mesh.triangle_count; t++) {
            const size_t part = scan->mesh.parts ? scan->mesh.parts[t] : 0;
            count += scan->part_textures[part] == (int32_t)texture;
        }
        if (count > most) {
            most = count;
            best = (int32_t)texture;
        }
    }
    return best;
}

static enum smp_code read_texture(struct smp_head *head, const struct smp_case *from,
                                  const struct smp_scan *scan,
                                  const struct smp_scan_options *options, struct smp_arena *arena,
                                  struct smp_err *err)
{
    const int32_t texture = scan->mesh.uvs ? main_texture(scan) : -1;
    if (texture < 0)
        return SMP_OK;
    const struct smp_image_options image = { .no_sandbox = options && options->no_sandbox };
    const char *name = smp_format(arena, "%s: its texture", from->scan);
    if (!name)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    return smp_image_decode(&head->texture, scan->textures[texture], name, &image, arena, err);
}

// The scan's own folder left off: the same scan is told of in the same words wherever it lies.
static const char *below_folder(const char *scan, const char *path)
{
    const char *slash = strrchr(scan, '/');
    const size_t length = slash ? (size_t)(slash - scan) + 1 : 0;
    return strncmp(path, scan, length) == 0 ? path + length : path;
}

static enum smp_code note_missing(struct smp_case *from, const struct smp_scan *scan,
                                  struct smp_arena *arena, struct smp_err *err)
{
    from->scan_warning = NULL;
    from->scan_missing_count = scan->missing_count;
    if (!scan->missing_count && !scan->note[0])
        return SMP_OK;
    const char *text = below_folder(from->scan, from->scan);
    text = smp_format(arena, "%s: %s%s", text, scan->note,
                      !scan->missing_count ? ""
                      : scan->note[0]      ? "; and it names files that are absent or outside its "
                                             "folder and were left out: "
                                           : "it names files that are absent or outside its folder "
                                             "and were left out: ");
    for (size_t i = 0; text && i < scan->missing_count; i++)
        text = smp_format(arena, "%s%s%s", text, i ? ", " : "",
                          below_folder(from->scan, scan->missing[i]));
    from->scan_warning = text;
    return text ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for the scan's warning");
}

enum smp_code smp_case_head(struct smp_head *head, struct smp_case *from,
                            const struct smp_scan_options *options, struct smp_pool *pool,
                            struct smp_arena *arena, struct smp_err *err)
{
    if (smp_case_by_photos(from))
        return smp_case_photo_head(head, from, options, arena, err);
    if (!from->scan)
        return smp_head_from_tape(head, from->sex, &from->tape, pool, arena, err);
    if (access(from->scan, F_OK) != 0)
        return smp_fail(err, SMP_E_FILE, "%s: head.scan names %s, which is not there",
                        from->file ? from->file : "the case", from->scan);
    struct smp_scan scan;
    enum smp_code code = smp_scan_load(&scan, from->scan, options, arena, err);
    if (code)
        return code;
    const struct smp_scan_frame frame = { from->mm_per_unit, from->fiducials };
    struct smp_head made = { 0 };
    code = smp_head_from_mesh(&made, &scan.mesh, &frame, from->sex, from->scan, pool, arena, err);
    if (!code)
        code = read_texture(&made, from, &scan, options, arena, err);
    if (!code)
        code = note_missing(from, &scan, arena, err);
    if (code)
        return code;
    from->scan_sources = scan.sources;
    from->scan_source_count = scan.source_count;
    *head = made;
    return SMP_OK;
}

// ---- The folder ---------------------------------------------------------------------------------

static enum smp_code read_case(struct smp_case *from, const char *folder, struct smp_arena *arena,
                               struct smp_err *err)
{
    struct smp_settings *settings = smp_new(arena, struct smp_settings, 1);
    const char *data = smp_format(arena, "%s/data", folder);
    const char *path = smp_format(arena, "%s/case.json", folder);
    if (!settings || !data || !path)
        return smp_fail(err, SMP_E_NOMEM, "no memory to read a plan");
    if (access(path, F_OK) != 0)
        return smp_fail(err, SMP_E_FILE, "%s is no plan folder: there is no case.json in it",
                        folder);
    const bool own = access(data, F_OK) == 0;
    enum smp_code code = smp_settings_read(settings, own ? data : NULL, arena, err);
    if (!code)
        code = smp_case_read_with(from, settings, path, arena, err);
    return code;
}

// What plan.json says and case and dots do not: that the client is made up, how many dots found no
// room, and whether a recipe was sought.
struct told {
    size_t dropped;
    bool recipe; // one was sought
    struct smp_kept kept;
    double strength_mean, strength_cv;
    struct smp_continued continued;
};

// How strong the dots came out is told by plan.json alone.
static enum smp_code read_strengths(struct told *told, const struct smp_json *recipe,
                                    struct smp_err *err)
{
    struct smp_json laid, child;
    enum smp_code code = SMP_OK;
    if (!smp_json_child(recipe, "strengths_laid", &laid))
        return SMP_OK;
    if (smp_json_child(&laid, "mean", &child))
        code = smp_json_number(&child, 0, 10, "", &told->strength_mean, err);
    if (!code && smp_json_child(&laid, "cv", &child))
        code = smp_json_number(&child, 0, 10, "", &told->strength_cv, err);
    return code;
}

static enum smp_code read_document(struct smp_case *from, struct told *told, const char *folder,
                                   struct smp_arena *arena, struct smp_err *err)
{
    const char *path = smp_format(arena, "%s/plan.json", folder);
    struct smp_bytes text;
    struct smp_json root, totals, child;
    if (!path)
        return smp_fail(err, SMP_E_NOMEM, "no memory to read a plan");
    enum smp_code code = smp_file_read(&text, path, (size_t)64 << 20, arena, err);
    if (!code)
        code = smp_json_parse(&root, path, (const char *)text.data, text.length, err);
    if (code)
        return code;
    int64_t version = 0;
    if (!smp_json_child(&root, "stubble_plan", &child))
        code = smp_fail(err, SMP_E_INPUT, "%s: stubble_plan must be given and be 1", path);
    else
        code = smp_json_integer(&child, 1, 1, &version, err);
    if (!code && smp_json_child(&root, "made_up", &child))
        code = smp_json_bool(&child, &from->made_up, err);
    int64_t count = 0;
    if (!code && smp_json_child(&root, "totals", &totals) &&
        smp_json_child(&totals, "dropped", &child))
        code = smp_json_integer(&child, 0, 100000000, &count, err);
    told->dropped = (size_t)count;
    told->recipe = smp_json_child(&root, "recipe", &child);
    if (!code && told->recipe)
        code = read_strengths(told, &child, err);
    if (!code && told->recipe)
        code = smp_kept_read(&told->kept, &child, arena, err);
    if (!code && smp_json_child(&root, "continued", &child))
        code = smp_continued_read(&told->continued, &child, arena, err);
    smp_json_close(&root);
    return code;
}

static enum smp_code check_on_skin(const struct smp_plan *plan, const char *file,
                                   struct smp_err *err)
{
    struct smp_rays *rays = NULL;
    enum smp_code code = smp_rays_make(&rays, &plan->head->mesh, err);
    for (size_t i = 0; i < plan->dot_count && !code; i++) {
        const struct smp_hit hit = smp_rays_nearest(rays, plan->dots[i].position_mm, off_skin_mm);
        if (hit.triangle == SMP_NO_TRIANGLE)
            code = smp_fail(err, SMP_E_FORMAT,
                            "%s: dot %u lies more than %g mm off the head of case.json", file,
                            plan->dots[i].id, off_skin_mm);
    }
    smp_rays_drop(rays);
    return code;
}

// What photos showed of a continued plan's dots; folders of older programs do not have it.
static enum smp_code read_seen(struct smp_plan *plan, const char *folder, struct smp_arena *arena,
                               struct smp_err *err)
{
    const char *path = smp_format(arena, "%s/seen.csv", folder);
    struct smp_bytes text;
    if (!path)
        return smp_fail(err, SMP_E_NOMEM, "no memory to read a plan");
    if (!plan->continued.sessions_done || access(path, F_OK) != 0)
        return SMP_OK;
    const enum smp_code code = smp_file_read(&text, path, dots_bytes_max, arena, err);
    return code ? code : smp_seen_read(plan, path, text, arena, err);
}

static enum smp_code read_dots(struct smp_plan *plan, const char *folder, struct smp_arena *arena,
                               struct smp_err *err)
{
    const char *path = smp_format(arena, "%s/dots.csv", folder);
    struct smp_bytes text;
    if (!path)
        return smp_fail(err, SMP_E_NOMEM, "no memory to read a plan");
    enum smp_code code = smp_file_read(&text, path, dots_bytes_max, arena, err);
    if (!code)
        code = smp_dots_read(plan, path, text, arena, err);
    if (!code)
        code = check_on_skin(plan, path, err);
    return code;
}

enum smp_code smp_plan_load_on(struct smp_plan *plan, struct smp_ground *ground, const char *folder,
                               const struct smp_scan_options *options, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_case *from = smp_new(arena, struct smp_case, 1);
    struct smp_head *head = smp_new(arena, struct smp_head, 1);
    struct smp_plan made = { 0 };
    struct told told = { 0 };
    if (!from || !head)
        return smp_fail(err, SMP_E_NOMEM, "no memory to read a plan");
    enum smp_code code = read_case(from, folder, arena, err);
    if (!code)
        code = read_document(from, &told, folder, arena, err);
    if (!code)
        code = smp_case_head(head, from, options, pool, arena, err);
    if (!code && told.recipe)
        code = smp_case_recipe_kept(from, &told.kept, pool, arena, err);
    if (!code)
        code = smp_ground_make(ground, from, head, pool, NULL, arena, err);
    if (!code)
        code = smp_plan_on_ground(&made, from, head, ground, arena, err);
    if (!code)
        code = read_dots(&made, folder, arena, err);
    made.dropped = told.dropped;
    made.strength_mean = told.strength_mean;
    made.strength_cv = told.strength_cv;
    made.continued = told.continued;
    if (!code)
        code = read_seen(&made, folder, arena, err);
    if (!code)
        *plan = made;
    return code;
}

enum smp_code smp_plan_load(struct smp_plan *plan, const char *folder,
                            const struct smp_scan_options *options, struct smp_pool *pool,
                            struct smp_arena *arena, struct smp_err *err)
{
    struct smp_ground ground;
    struct smp_plan made;
    enum smp_code code = smp_plan_load_on(&made, &ground, folder, options, pool, arena, err);
    if (!code)
        code = smp_plan_finish(&made, arena, err);
    if (!code)
        *plan = made;
    return code;
}
