// Figures with spread, population, source, grade: data/evidence/*.json or the user's own.
#include "choice/choice_impl.h"
#include "plan/plan.h"

#include <math.h>
#include <string.h>

enum { FIGURES_MAX = 1000 };

static const char *const pers[] = { "graft", "course", "session", "piece", "month", "year", NULL };

// ---- Pieces of a figure -------------------------------------------------------------------------

static enum smp_code read_number(const struct smp_json *at, const char *name,
                                 const struct smp_unit *unit, double *value, struct smp_err *err)
{
    struct smp_json child;
    const enum smp_code code = smp_json_need(&child, at, name, err);
    return code ? code : smp_json_number(&child, unit->min, unit->max, unit->name, value, err);
}

// Exactly `count` letters from 'A' to 'Z'.
static enum smp_code read_capitals(const struct smp_json *at, const char *name, size_t count,
                                   const char **text, struct smp_arena *arena, struct smp_err *err)
{
    const enum smp_code code = smp_json_need_text(at, name, text, arena, err);
    if (code)
        return code;
    if (strlen(*text) == count && strspn(*text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == count)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT, "%s: %s.%s must be %zu capital letters, not \"%.20s\"",
                    at->file, at->path, name, count, *text);
}

static enum smp_code read_cost(struct smp_figure *figure, const struct smp_json *at,
                               struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "treatment", "currency", "country", "per", NULL };
    struct smp_json cost;
    int treatment = 0, per = 0;
    enum smp_code code = smp_json_need(&cost, at, "cost", err);
    if (!code)
        code = smp_json_object(&cost, known, err);
    if (!code)
        code = smp_json_need_choice(&cost, "treatment", smp_treatment_names, &treatment, err);
    if (!code)
        code = smp_json_need_choice(&cost, "per", pers, &per, err);
    if (!code)
        code = read_capitals(&cost, "currency", 3, &figure->cost.currency, arena, err);
    if (!code)
        code = read_capitals(&cost, "country", 2, &figure->cost.country, arena, err);
    if (code)
        return code;
    figure->cost.is = true;
    figure->cost.treatment = (enum smp_treatment)treatment;
    figure->cost.per = pers[per];
    figure->unit = smp_format(arena, "%s per %s", figure->cost.currency, pers[per]);
    return figure->unit ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for a unit");
}

static enum smp_code read_arm(struct smp_figure *figure, const struct smp_json *at,
                              struct smp_err *err)
{
    static const char *const known[] = { "treatment", "weeks", "sex", NULL };
    static const char *const sexes[] = { "male", "female", NULL };
    static const struct smp_unit weeks = { "weeks", 1, 1040 };
    struct smp_json arm;
    int treatment = 0, sex = 0;
    if (!smp_json_child(at, "arm", &arm))
        return SMP_OK;
    enum smp_code code = smp_json_object(&arm, known, err);
    if (!code)
        code = smp_json_need_choice(&arm, "treatment", smp_treatment_names, &treatment, err);
    if (!code)
        code = smp_json_need_choice(&arm, "sex", sexes, &sex, err);
    if (!code)
        code = read_number(&arm, "weeks", &weeks, &figure->arm.weeks, err);
    if (!code && (!figure->unit || strcmp(figure->unit, "hairs/cm2") != 0))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s.unit of an arm must be hairs/cm2, not %.20s",
                        at->file, at->path, figure->unit);
    figure->arm.is = true;
    figure->arm.treatment = (enum smp_treatment)treatment;
    figure->arm.women = sex == 1;
    return code;
}

static enum smp_code read_spread(struct smp_figure *figure, const struct smp_json *at,
                                 const struct smp_unit *unit, struct smp_err *err)
{
    static const char *const with_none[] = { "kind", NULL };
    static const char *const with_sd[] = { "kind", "sd", NULL };
    static const char *const with_ends[] = { "kind", "low", "high", NULL };
    const struct smp_unit sd = { unit->name, 1e-9, unit->max };
    struct smp_json spread;
    int kind = 0;
    enum smp_code code = smp_json_need(&spread, at, "spread", err);
    if (!code)
        code = smp_json_need_choice(&spread, "kind", smp_spread_names, &kind, err);
    if (code)
        return code;
    figure->spread = (enum smp_spread)kind;
    if (kind == SMP_SPREAD_NONE)
        return smp_json_object(&spread, with_none, err);
    if (kind == SMP_SPREAD_SD) {
        code = smp_json_object(&spread, with_sd, err);
        return code ? code : read_number(&spread, "sd", &sd, &figure->sd, err);
    }
    code = smp_json_object(&spread, with_ends, err);
    if (!code)
        code = read_number(&spread, "low", unit, &figure->low, err);
    if (!code)
        code = read_number(&spread, "high", unit, &figure->high, err);
    if (!code && !(figure->low <= figure->value && figure->value <= figure->high))
        code = smp_fail(err, SMP_E_INPUT,
                        "%s: %s must have low <= value <= high, not %.6g, %.6g and %.6g", at->file,
                        at->path, figure->low, figure->value, figure->high);
    return code;
}

// ---- A figure -----------------------------------------------------------------------------------

// The source, how good it is, and that what nobody saw is wide.
static enum smp_code read_origin(struct smp_figure *figure, const struct smp_json *at,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json child;
    enum smp_code code = smp_json_need_origin(at, &figure->source, &figure->grade, arena, err);
    if (!code)
        code = smp_json_need_text(at, "date", &figure->date, arena, err);
    if (!code && strcmp(figure->date, "undated") != 0 &&
        !(strlen(figure->date) == 4 && strspn(figure->date, "0123456789") == 4 &&
          strcmp(figure->date, "1800") > 0 && strcmp(figure->date, "2200") < 0))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s.date must be a year or undated, not \"%.20s\"",
                        at->file, at->path, figure->date);
    if (!code)
        code = smp_json_need(&child, at, "verified", err);
    if (!code)
        code = smp_json_bool(&child, &figure->verified, err);
    return code;
}

static enum smp_code check_unverified(const struct smp_figure *figure, const struct smp_json *at,
                                      const struct smp_unit *unit, struct smp_err *err)
{
    const double half = 0.5 * fabs(figure->value), slack = 1e-9 * fabs(figure->value);
    if (figure->verified)
        return SMP_OK;
    if (figure->grade != 'U')
        return smp_fail(err, SMP_E_INPUT, "%s: %s.grade of an unverified figure must be U, not %c",
                        at->file, at->path, figure->grade);
    if (figure->spread == SMP_SPREAD_RANGE &&
        figure->low <= fmax(figure->value - half, unit->min) + slack &&
        figure->high >= fmin(figure->value + half, unit->max) - slack)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "%s: %s.spread of an unverified figure must be a range from %.4g or less to "
                    "%.4g or more",
                    at->file, at->path, fmax(figure->value - half, unit->min),
                    fmin(figure->value + half, unit->max));
}

static enum smp_code read_unit(struct smp_figure *figure, const struct smp_unit **unit,
                               const struct smp_json *at, struct smp_arena *arena,
                               struct smp_err *err)
{
    struct smp_json given;
    *unit = &smp_unit_cost;
    // among the costs only a rate of exchange has a unit
    if (figure->topic == SMP_TOPIC_COSTS && !smp_json_child(at, "unit", &given))
        return read_cost(figure, at, arena, err);
    const enum smp_code code = smp_json_need_text(at, "unit", &figure->unit, arena, err);
    if (code)
        return code;
    *unit = smp_unit_find(figure->unit);
    if (figure->topic == SMP_TOPIC_COSTS && strcmp(figure->unit, "ratio") != 0)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s must have a cost, or be a rate of exchange of the unit ratio",
                        at->file, at->path);
    return *unit ? SMP_OK
                 : smp_fail(err, SMP_E_INPUT,
                            "%s: %s.unit must be one that docs/evidence.md lists, not \"%.40s\"",
                            at->file, at->path, figure->unit);
}

static enum smp_code read_figure(struct smp_figure *figure, const struct smp_json *at,
                                 struct smp_arena *arena, struct smp_err *err)
{
    static const char *const figures[] = { "id",         "what",     "value", "unit",   "spread",
                                           "population", "n",        "arm",   "source", "grade",
                                           "date",       "verified", NULL };
    static const char *const costs[] = { "id", "what",   "value", "cost", "spread",   "population",
                                         "n",  "source", "grade", "date", "verified", NULL };
    const struct smp_unit *unit = NULL;
    struct smp_json child;
    const bool rate = smp_json_child(at, "unit", &child) && !smp_json_child(at, "cost", &child);
    enum smp_code code =
        smp_json_object(at, figure->topic == SMP_TOPIC_COSTS && !rate ? costs : figures, err);
    if (!code)
        code = smp_json_need_id(at, &figure->id, arena, err);
    if (!code)
        code = smp_json_need_text(at, "what", &figure->what, arena, err);
    if (!code)
        code = read_unit(figure, &unit, at, arena, err);
    if (!code)
        code = read_number(at, "value", unit, &figure->value, err);
    if (!code)
        code = read_spread(figure, at, unit, err);
    if (!code)
        code = smp_json_need_text(at, "population", &figure->population, arena, err);
    if (!code && smp_json_child(at, "n", &child))
        code = smp_json_integer(&child, 1, 100000000, &figure->n, err);
    if (!code)
        code = read_arm(figure, at, err);
    if (!code)
        code = read_origin(figure, at, arena, err);
    return code ? code : check_unverified(figure, at, unit, err);
}

// ---- Files --------------------------------------------------------------------------------------

static const struct smp_figure *find_id(const struct smp_figure *figures, size_t count,
                                        const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(figures[i].id, id) == 0)
            return &figures[i];
    }
    return NULL;
}

static enum smp_code read_list(struct smp_figure **figures, size_t *count, enum smp_topic topic,
                               const struct smp_json *root, struct smp_arena *arena,
                               struct smp_err *err)
{
    struct smp_json list, row;
    enum smp_code code = smp_json_need_list(&list, root, "evidence", FIGURES_MAX, err);
    if (code)
        return code;
    const size_t total = smp_json_count(&list);
    *figures = smp_new(arena, struct smp_figure, total);
    if (!*figures)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu figures", total);
    for (size_t i = 0; i < total; i++) {
        struct smp_figure *figure = &(*figures)[i];
        smp_json_item(&list, i, &row);
        figure->topic = topic;
        code = read_figure(figure, &row, arena, err);
        if (!code && find_id(*figures, i, figure->id))
            code = smp_fail(err, SMP_E_INPUT, "%s: %s.id \"%s\" is there twice", row.file, row.path,
                            figure->id);
        if (code)
            return code;
    }
    *count = total;
    return SMP_OK;
}

enum smp_code smp_evidence_read(const struct smp_figure **figures, size_t *count,
                                enum smp_topic topic, const char *file, const char *text,
                                size_t length, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json root;
    struct smp_figure *made = NULL;
    size_t made_count = 0;
    enum smp_code code = smp_json_parse(&root, file, text, length, err);
    if (code)
        return code;
    code = read_list(&made, &made_count, topic, &root, arena, err);
    smp_json_close(&root);
    if (!code) {
        *figures = made;
        *count = made_count;
    }
    return code;
}

// Every built-in figure must be there, in its unit.
static enum smp_code check_whole(const struct smp_figure *figures, size_t count, const char *file,
                                 const struct smp_figure *built_in, size_t built_in_count,
                                 struct smp_err *err)
{
    for (size_t i = 0; i < built_in_count; i++) {
        const struct smp_figure *own = find_id(figures, count, built_in[i].id);
        if (!own)
            return smp_fail(err, SMP_E_INPUT, "%s: the figure %s is missing", file, built_in[i].id);
        if (strcmp(own->unit, built_in[i].unit) != 0)
            return smp_fail(err, SMP_E_INPUT, "%s: the unit of %s must be %s, not %s", file,
                            built_in[i].id, built_in[i].unit, own->unit);
    }
    return SMP_OK;
}

static enum smp_code load_topic(const struct smp_figure **figures, size_t *count,
                                enum smp_topic topic, const char *folder, struct smp_arena *arena,
                                struct smp_err *err)
{
    const struct smp_figure *built_in;
    size_t built_in_count = 0;
    struct smp_bytes text;
    const char *path, *name = smp_format(arena, "evidence/%s.json", smp_topic_names[topic]);
    if (!name)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    enum smp_code code = smp_data_find(folder, name, &path, &text, arena, err);
    if (!code)
        code = smp_evidence_read(figures, count, topic, path, (const char *)text.data, text.length,
                                 arena, err);
    if (code || path == name || topic == SMP_TOPIC_COSTS)
        return code;
    text = smp_data_file(name);
    code = smp_evidence_read(&built_in, &built_in_count, topic, name, (const char *)text.data,
                             text.length, arena, err);
    return code ? code : check_whole(*figures, *count, path, built_in, built_in_count, err);
}

enum smp_code smp_evidence_load(struct smp_evidence *evidence, const char *folder,
                                struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_figure *topics[SMP_TOPIC_COUNT] = { NULL };
    struct smp_evidence made = { 0 };
    for (int t = 0; t < SMP_TOPIC_COUNT; t++) {
        size_t count = 0;
        const enum smp_code code =
            load_topic(&topics[t], &count, (enum smp_topic)t, folder, arena, err);
        if (code)
            return code;
        made.begin[t] = made.count;
        made.count += count;
        made.begin[t + 1] = made.count;
    }
    struct smp_figure *all = smp_new(arena, struct smp_figure, made.count);
    if (!all)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu figures", made.count);
    for (int t = 0; t < SMP_TOPIC_COUNT; t++)
        memcpy(all + made.begin[t], topics[t], (made.begin[t + 1] - made.begin[t]) * sizeof *all);
    made.figures = all;
    *evidence = made;
    return SMP_OK;
}

const struct smp_figure *smp_figure_find(const struct smp_evidence *evidence, enum smp_topic topic,
                                         const char *id)
{
    const size_t begin = evidence->begin[topic];
    return find_id(evidence->figures + begin, evidence->begin[topic + 1] - begin, id);
}
