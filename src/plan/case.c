// case.json, schema 1: read, checked, defaults filled in.
#include "plan/plan_impl.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { case_bytes_max = 16 << 20, patches_max = 200 };

// ---- Client -------------------------------------------------------------------------------------

static enum smp_code read_client(struct smp_case *out, const struct smp_json *at,
                                 struct smp_err *err)
{
    static const char *const known[] = { "age", "sex", "phototype", NULL };
    struct smp_json child;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code && smp_json_child(at, "age", &child))
        code = smp_json_number(&child, out->age_min_years, 110, "years", &out->age, err);
    int sex = out->sex;
    if (!code && smp_json_child(at, "sex", &child))
        code = smp_json_choice(&child, smp_sex_names, &sex, err);
    out->sex = (enum smp_sex)sex;
    smp_case_usual_style(out);
    int64_t phototype = 0;
    if (!code && smp_json_child(at, "phototype", &child))
        code = smp_json_integer(&child, 1, 6, &phototype, err);
    out->phototype = (int)phototype;
    if (phototype)
        out->skin_lab = out->settings->skin_lab[phototype - 1];
    return code;
}

// ---- Loss ---------------------------------------------------------------------------------------

static enum smp_code read_patches(struct smp_case *out, const struct smp_json *at,
                                  struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "outline", "left_share", NULL };
    enum smp_code code = smp_json_array(at, 0, patches_max, err);
    if (code)
        return code;
    const size_t count = smp_json_count(at);
    struct smp_loss_patch *patches = smp_new(arena, struct smp_loss_patch, count);
    if (!patches)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu patches", count);
    for (size_t i = 0; i < count && !code; i++) {
        struct smp_json item, child;
        smp_json_item(at, i, &item);
        code = smp_json_object(&item, known, err);
        if (!code && !smp_json_child(&item, "outline", &child))
            return smp_fail(err, SMP_E_INPUT, "%s: %s.outline must be given", item.file, item.path);
        if (!code)
            code = smp_case_outline(&child, &patches[i].outline, &patches[i].count, arena, err);
        if (!code && smp_json_child(&item, "left_share", &child))
            code = smp_json_number(&child, 0, 1, "", &patches[i].left_share, err);
    }
    out->loss.patches = patches;
    out->loss.patch_count = count;
    return code;
}

// Names of the loss classes from `first` to `last`, a prefix left out.
static enum smp_code read_class(const struct smp_json *at, enum smp_loss_class first,
                                enum smp_loss_class last, enum smp_loss_class *kind,
                                struct smp_err *err)
{
    const char *names[SMP_LOSS_CLASS_COUNT + 1] = { NULL };
    const size_t skip = first == SMP_LOSS_LUDWIG_I ? strlen("ludwig ") : 0;
    for (int i = first; i <= (int)last; i++)
        names[i - (int)first] = smp_loss_names[i] + skip;
    int index = 0;
    enum smp_code code = smp_json_choice(at, names, &index, err);
    if (!code)
        *kind = (enum smp_loss_class)((int)first + index);
    return code;
}

static enum smp_code read_loss(struct smp_case *out, const struct smp_json *at,
                               struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "norwood", "ludwig", "totalis", "patches", NULL };
    struct smp_json norwood, ludwig, totalis, patches;
    enum smp_code code = smp_json_object(at, known, err);
    if (code)
        return code;
    const bool has_norwood = smp_json_child(at, "norwood", &norwood);
    const bool has_ludwig = smp_json_child(at, "ludwig", &ludwig);
    const bool has_totalis = smp_json_child(at, "totalis", &totalis);
    if (has_norwood + has_ludwig + has_totalis > 1)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s must have one of norwood, ludwig and totalis, not several",
                        at->file, at->path);
    bool all = false;
    if (has_norwood)
        code = read_class(&norwood, SMP_LOSS_I, SMP_LOSS_VII, &out->loss.kind, err);
    if (has_ludwig)
        code = read_class(&ludwig, SMP_LOSS_LUDWIG_I, SMP_LOSS_LUDWIG_III, &out->loss.kind, err);
    if (has_totalis)
        code = smp_json_bool(&totalis, &all, err);
    if (all)
        out->loss.kind = SMP_LOSS_TOTALIS;
    if (!code && smp_json_child(at, "patches", &patches))
        code = read_patches(out, &patches, arena, err);
    return code;
}

// ---- Sessions -----------------------------------------------------------------------------------

// Shares present after each session: the usual build-up through 30 and 70 %, for any number.
static void usual_shares(struct smp_case *out)
{
    const double third = out->settings->numbers[SMP_N_SHARE_THIRD].value;
    const double two_thirds = out->settings->numbers[SMP_N_SHARE_TWO_THIRDS].value;
    const double knots[] = { 0, third, two_thirds, 1 };
    for (int k = 1; k <= out->sessions; k++) {
        const double at = 3.0 * k / out->sessions;
        const size_t i = at >= 3 ? 2 : (size_t)at;
        out->shares[k - 1] = knots[i] + (knots[i + 1] - knots[i]) * (at - (double)i);
    }
    out->shares[out->sessions - 1] = 1;
}

static enum smp_code read_sessions(struct smp_case *out, const struct smp_json *at,
                                   struct smp_err *err)
{
    int64_t count = 0;
    if (!json_is_array(at->node)) {
        enum smp_code code = smp_json_integer(at, 1, SMP_SESSIONS_MAX, &count, err);
        out->sessions = (int)count;
        if (!code)
            usual_shares(out);
        return code;
    }
    enum smp_code code = smp_json_array(at, 1, SMP_SESSIONS_MAX, err);
    const size_t items = smp_json_count(at);
    double last = 0;
    for (size_t i = 0; i < items && !code; i++) {
        struct smp_json item;
        smp_json_item(at, i, &item);
        code = smp_json_number(&item, 0.01, 1, "", &out->shares[i], err);
        if (!code && !(out->shares[i] > last))
            return smp_fail(err, SMP_E_INPUT,
                            "%s: %s must be above the share before it, %g, not %g", item.file,
                            item.path, last, out->shares[i]);
        last = out->shares[i];
    }
    if (!code && last < 1)
        return smp_fail(err, SMP_E_INPUT, "%s: %s must end with 1 (all dots), not %g", at->file,
                        at->path, last);
    out->sessions = (int)items;
    return code;
}

// ---- The whole ----------------------------------------------------------------------------------

static enum smp_code read_rest(struct smp_case *out, const struct smp_json *root,
                               const char *folder, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json child;
    enum smp_code code = SMP_OK;
    if (smp_json_child(root, "loss", &child))
        code = read_loss(out, &child, arena, err);
    if (!code && smp_json_child(root, "hair", &child))
        code = smp_case_hair(out, &child, err);
    if (!code && smp_json_child(root, "person", &child))
        code = smp_case_person(out, &child, arena, err);
    if (!code && smp_json_child(root, "skin", &child))
        code = smp_case_skin(out, &child, err);
    if (!code && smp_json_child(root, "design", &child))
        code = smp_case_design(out, &child, arena, err);
    if (!code && smp_json_child(root, "recipe", &child))
        code = smp_case_wish(out, &child, folder, arena, err);
    if (!code && smp_json_child(root, "sessions", &child))
        code = read_sessions(out, &child, err);
    if (!code && smp_json_child(root, "dots_per_min", &child))
        code = smp_json_number(&child, 10, 300, "per min", &out->dots_per_min, err);
    int currency = 0;
    if (!code && smp_json_child(root, "currency", &child))
        code = smp_json_choice(&child, out->settings->currencies, &currency, err);
    out->currency = out->settings->currencies[currency];
    int64_t seed = (int64_t)out->seed;
    if (!code && smp_json_child(root, "seed", &child))
        code = smp_json_integer(&child, 0, 9007199254740992, &seed, err);
    out->seed = (uint64_t)seed;
    return code;
}

static enum smp_code read_root(struct smp_case *out, const struct smp_json *root,
                               const char *folder, struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "stubble",  "title",    "client", "head",
                                         "photos",   "loss",     "hair",   "skin",
                                         "design",   "sessions", "seed",   "dots_per_min",
                                         "currency", "recipe",   "person", "health",
                                         "wishes",   NULL };
    struct smp_json child;
    int64_t version = 0;
    enum smp_code code = smp_json_object(root, known, err);
    if (code)
        return code;
    if (!smp_json_child(root, "stubble", &child))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: stubble must be given and be 1, the schema's version", root->file);
    code = smp_json_integer(&child, 1, 1, &version, err);
    if (!code && smp_json_child(root, "title", &child))
        code = smp_case_text(&child, 200, &out->title, arena, err);
    if (!code && smp_json_child(root, "client", &child))
        code = read_client(out, &child, err);
    if (!code && smp_json_child(root, "head", &child))
        code = smp_case_read_head(out, &child, folder, arena, err);
    if (!code && smp_json_child(root, "photos", &child))
        code = smp_case_read_photos(out, &child, folder, arena, err);
    if (!code)
        code = read_rest(out, root, folder, arena, err);
    return code ? code : smp_case_health(out, root, arena, err);
}

static struct smp_case case_defaults(const struct smp_settings *settings)
{
    struct smp_case made = {
        .title = "",
        .mm_per_unit = 1,
        .loss.native_fu_per_cm2 = settings->numbers[SMP_N_FU_PER_CM2].value,
        .hair_lab = settings->hair_lab,
        .skin_lab = settings->skin_lab[2],
        .stubble_mm = settings->numbers[SMP_N_STUBBLE_MM].value,
        .design = settings->design,
        .sessions = (int)settings->numbers[SMP_N_SESSIONS].value,
        .regularity = 0.5,
        .wish = { NULL, NULL, (double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN },
        .exit_deg = (double)NAN,
        .calibre_um = (double)NAN,
        .dots_per_min = settings->numbers[SMP_N_DOTS_PER_MIN].value,
        .seed = 1,
        .person = smp_person_not_given,
        .settings = settings,
    };
    usual_shares(&made);
    return made;
}

static enum smp_code parse_from_age(struct smp_case *out, double age_min_years,
                                    const struct smp_case_source *source,
                                    const struct smp_settings *settings, struct smp_arena *arena,
                                    struct smp_err *err)
{
    if (!settings) {
        struct smp_settings *builtin = smp_new(arena, struct smp_settings, 1);
        if (!builtin)
            return smp_fail(err, SMP_E_NOMEM, "no memory for the settings");
        enum smp_code code = smp_settings_read(builtin, NULL, arena, err);
        if (code)
            return code;
        settings = builtin;
    }
    struct smp_case made = case_defaults(settings);
    made.age_min_years = age_min_years;
    made.file = smp_strdup(arena, source->file);
    made.text =
        smp_format(arena, "%.*s", (int)source->text.length, (const char *)source->text.data);
    if (!made.file || !made.text)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the case");
    struct smp_json root;
    enum smp_code code =
        smp_json_parse(&root, made.file, (const char *)source->text.data, source->text.length, err);
    if (code)
        return code;
    code = read_root(&made, &root, source->folder, arena, err);
    smp_json_close(&root);
    if (!code)
        *out = made;
    return code;
}

enum smp_code smp_case_parse(struct smp_case *out, const struct smp_case_source *source,
                             const struct smp_settings *settings, struct smp_arena *arena,
                             struct smp_err *err)
{
    return parse_from_age(out, 18, source, settings, arena, err);
}

static enum smp_code read_from_age(struct smp_case *out, double age_min_years,
                                   const struct smp_settings *settings, const char *path,
                                   struct smp_arena *arena, struct smp_err *err)
{
    struct smp_bytes text;
    enum smp_code code = smp_file_read(&text, path, case_bytes_max, arena, err);
    if (code)
        return code;
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? smp_format(arena, "%.*s", (int)(slash - path), path) : "";
    if (!folder)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    if (slash == path)
        folder = "/.";
    const struct smp_case_source source = { path, folder, text };
    return parse_from_age(out, age_min_years, &source, settings, arena, err);
}

enum smp_code smp_case_read_with(struct smp_case *out, const struct smp_settings *settings,
                                 const char *path, struct smp_arena *arena, struct smp_err *err)
{
    return read_from_age(out, 18, settings, path, arena, err);
}

enum smp_code smp_case_read_screening(struct smp_case *out, const struct smp_settings *settings,
                                      const char *path, struct smp_arena *arena,
                                      struct smp_err *err)
{
    return read_from_age(out, 0, settings, path, arena, err);
}

enum smp_code smp_case_read(struct smp_case *out, const char *path, struct smp_arena *arena,
                            struct smp_err *err)
{
    return smp_case_read_with(out, NULL, path, arena, err);
}

enum smp_code smp_case_demo_with(struct smp_case *out, const struct smp_settings *settings,
                                 struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case_source source = { "demo.json", "", smp_data_file("demo.json") };
    enum smp_code code = smp_case_parse(out, &source, settings, arena, err);
    if (!code)
        out->made_up = true;
    return code;
}

enum smp_code smp_case_demo(struct smp_case *out, struct smp_arena *arena, struct smp_err *err)
{
    return smp_case_demo_with(out, NULL, arena, err);
}
