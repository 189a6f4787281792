// What `stubble check --json` printed, read again. The file may come from anywhere: all that is
// used of it is checked.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { items_max = 2000000 };
static const double widest_mm = 3; // of a dot; wider ones are no dots

// A number that must be there.
static enum smp_code number(const struct smp_json *at, const char *name, double min, double max,
                            const char *unit, double *value, struct smp_err *err)
{
    struct smp_json child;
    if (!smp_json_child(at, name, &child))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s%s%s is missing; give what stubble check --json "
                        "printed",
                        at->file, at->path, *at->path ? "." : "", name);
    return smp_json_number(&child, min, max, unit, value, err);
}

static enum smp_code read_id(const struct smp_json *at, uint32_t *id, struct smp_err *err)
{
    struct smp_json child;
    int64_t value = 0;
    enum smp_code code = SMP_OK;
    if (smp_json_child(at, "id", &child))
        code = smp_json_integer(&child, 1, UINT32_MAX, &value, err);
    *id = (uint32_t)value;
    return code;
}

static enum smp_code read_list(const struct smp_json *root, const char *name, size_t *count,
                               struct smp_json *list, struct smp_err *err)
{
    if (!smp_json_child(root, name, list))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s is missing; give what stubble check --json printed", root->file,
                        name);
    const enum smp_code code = smp_json_array(list, 0, items_max, err);
    *count = code ? 0 : smp_json_count(list);
    return code;
}

static enum smp_code read_dots(struct smp_measured *m, const struct smp_json *root,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json list, item, state;
    enum smp_code code = read_list(root, "dots", &m->dot_count, &list, err);
    if (code)
        return code;
    m->dots = smp_new(arena, struct smp_dot_seen, m->dot_count);
    if (!m->dots)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", m->dot_count);
    for (size_t i = 0; !code && smp_json_item(&list, i, &item); i++) {
        struct smp_dot_seen *dot = &m->dots[i];
        int kind = 0;
        code = read_id(&item, &dot->id, err);
        if (!code && !dot->id)
            code = smp_fail(err, SMP_E_INPUT, "%s: %s.id is missing", item.file, item.path);
        if (!code && !smp_json_child(&item, "state", &state))
            code = smp_fail(err, SMP_E_INPUT, "%s: %s.state is missing", item.file, item.path);
        if (!code)
            code = smp_json_choice(&state, smp_held_names, &kind, err);
        if (!code)
            code = number(&item, "seen_px_per_mm", 0, 1e5, "px/mm", &dot->seen_px_per_mm, err);
        dot->kind = (enum smp_held_kind)kind;
    }
    return code;
}

// ---- Dots that are there ------------------------------------------------------------------------

static enum smp_code read_zone(const struct smp_json *at, enum smp_zone *zone, struct smp_err *err)
{
    const char *names[SMP_ZONE_COUNT];
    struct smp_json child;
    int index = 0;
    for (int z = 1; z < SMP_ZONE_COUNT; z++)
        names[z - 1] = smp_zone_name((enum smp_zone)z);
    names[SMP_ZONE_COUNT - 1] = NULL;
    if (!smp_json_child(at, "zone", &child))
        return smp_fail(err, SMP_E_INPUT, "%s: %s.zone is missing", at->file, at->path);
    const enum smp_code code = smp_json_choice(&child, names, &index, err);
    *zone = (enum smp_zone)(index + 1);
    return code;
}

static enum smp_code read_flags(const struct smp_json *at, struct smp_real_dot *real,
                                struct smp_err *err)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = { { "merged", &real->merged },
                  { "too_big", &real->too_big },
                  { "too_deep", &real->too_deep },
                  { "too_dark", &real->too_dark } };
    enum smp_code code = SMP_OK;
    struct smp_json child;
    for (size_t i = 0; i < sizeof flags / sizeof *flags && !code; i++)
        if (smp_json_child(at, flags[i].name, &child))
            code = smp_json_bool(&child, flags[i].flag, err);
    return code;
}

static enum smp_code read_real_dot(const struct smp_json *at, struct smp_real_dot *real,
                                   struct smp_err *err)
{
    static const char *const names[] = { "x_mm", "y_mm", "z_mm", "nx", "ny", "nz" };
    double v[6] = { 0 };
    enum smp_code code = read_id(at, &real->id, err);
    for (size_t i = 0; i < 6 && !code; i++)
        code = number(at, names[i], i < 3 ? -1000 : -1.001, i < 3 ? 1000 : 1.001, i < 3 ? "mm" : "",
                      &v[i], err);
    real->position_mm = smp_vec3(v[0], v[1], v[2]);
    real->normal = smp_unit(smp_vec3(v[3], v[4], v[5]));
    const double length = smp_length(smp_vec3(v[3], v[4], v[5]));
    if (!code && !(length > 0.99 && length < 1.01))
        code =
            smp_fail(err, SMP_E_INPUT, "%s: %s: nx, ny, nz must be a normal of length 1, not of %g",
                     at->file, at->path, length);
    if (!code)
        code = read_zone(at, &real->zone, err);
    if (!code)
        code = number(at, "diameter_mm", 0.02, widest_mm, "mm", &real->diameter_mm, err);
    if (!code)
        code = number(at, "contrast", -10, 10, "", &real->contrast, err);
    if (!code)
        code = number(at, "seen_px_per_mm", 0, 1e5, "px/mm", &real->seen_px_per_mm, err);
    return code ? code : read_flags(at, real, err);
}

static enum smp_code read_real(struct smp_measured *m, const struct smp_json *root,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json list, item;
    enum smp_code code = read_list(root, "measured", &m->real_count, &list, err);
    if (code)
        return code;
    m->real = smp_new(arena, struct smp_real_dot, m->real_count);
    if (!m->real)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", m->real_count);
    for (size_t i = 0; !code && smp_json_item(&list, i, &item); i++)
        code = read_real_dot(&item, &m->real[i], err);
    if (!code && !m->real_count)
        code = smp_fail(err, SMP_E_INPUT, "%s: measured has no dots: there is nothing to go by",
                        root->file);
    return code;
}

// ---- The whole ----------------------------------------------------------------------------------

static enum smp_code read_key(struct smp_measured *m, const struct smp_json *root,
                              struct smp_err *err)
{
    struct smp_json child;
    const char *text = "";
    if (!smp_json_child(root, "plan_key", &child))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: plan_key is missing; give what stubble check --json printed",
                        root->file);
    const enum smp_code code = smp_json_text(&child, &text, err);
    if (code)
        return code;
    if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return smp_fail(err, SMP_E_INPUT, "%s: plan_key must be 16 digits of base 16, not '%.40s'",
                        root->file, text);
    m->plan_key = strtoull(text, NULL, 16);
    return SMP_OK;
}

static enum smp_code read_all(struct smp_measured *m, const struct smp_json *root,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json child;
    int64_t version = 0, session = 0;
    if (!smp_json_child(root, "stubble_check", &child))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: stubble_check must be given and be 1: it is not what stubble check "
                        "--json printed",
                        root->file);
    enum smp_code code = smp_json_integer(&child, 1, 1, &version, err);
    if (!code)
        code = read_key(m, root, err);
    if (!code && !smp_json_child(root, "session", &child))
        code = smp_fail(err, SMP_E_INPUT, "%s: session is missing", root->file);
    if (!code)
        code = smp_json_integer(&child, 1, SMP_SESSIONS_MAX, &session, err);
    m->session = (int)session;
    if (!code)
        code = number(root, "years", 0, SMP_AGE_MAX_YEARS, "years", &m->years, err);
    if (!code)
        code = number(root, "widening", 0.5, 3, "", &m->widening, err);
    if (!code && smp_json_child(root, "card", &child))
        code = smp_json_bool(&child, &m->card, err);
    if (!code)
        code = read_dots(m, root, arena, err);
    return code ? code : read_real(m, root, arena, err);
}

enum smp_code smp_measured_read(struct smp_measured *measured, const char *file,
                                struct smp_bytes text, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_measured made = { .file = file };
    struct smp_json root;
    enum smp_code code = smp_json_parse(&root, file, (const char *)text.data, text.length, err);
    if (code)
        return code;
    code = read_all(&made, &root, arena, err);
    smp_json_close(&root);
    if (!code)
        *measured = made;
    return code;
}
