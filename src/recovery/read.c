// Lines of data/recovery.json or the user's own.
#include "recovery/recovery_impl.h"

#include <string.h>

enum { LINES_MAX = 500 };

#define NAME(name, text) text,
#define NAME_OF_THREE(name, text, words) text,
#define WORDS_OF_THREE(name, text, words) words,
const char *const smp_recovery_kind_names[] = { SMP_RECOVERY_KINDS(NAME) NULL };
const char *const smp_recovery_topic_names[] = { SMP_RECOVERY_TOPICS(NAME_OF_THREE) NULL };
const char *const smp_recovery_topic_words[] = { SMP_RECOVERY_TOPICS(WORDS_OF_THREE) NULL };

static const char *const afters[] = { "each", "first", "last", "next", NULL };
static const char *const units[] = { "days", "weeks", "months", NULL };

size_t smp_recovery_parts(enum smp_choice parts[2], enum smp_choice choice)
{
    parts[0] = choice;
    switch (choice) {
    case SMP_CHOICE_BOTH:
        parts[0] = SMP_CHOICE_MINOXIDIL;
        parts[1] = SMP_CHOICE_FINASTERIDE;
        return 2;
    case SMP_CHOICE_SMP_FUE:
        parts[0] = SMP_CHOICE_FUE;
        parts[1] = SMP_CHOICE_SMP;
        return 2;
    case SMP_CHOICE_FUT_SCAR_SMP:
        parts[0] = SMP_CHOICE_FUT;
        parts[1] = SMP_CHOICE_SMP;
        return 2;
    case SMP_CHOICE_SMP_MEDICATION:
        parts[0] = SMP_CHOICE_SMP;
        return 1;
    default:
        return 1;
    }
}

// A pair of whole numbers, the first not above the second.
static enum smp_code read_pair(int pair[2], const struct smp_json *at, const char *unit,
                               struct smp_err *err)
{
    int64_t values[2] = { 0, 0 };
    enum smp_code code = smp_json_array(at, 2, 2, err);
    for (size_t i = 0; i < 2 && !code; i++) {
        struct smp_json item;
        smp_json_item(at, i, &item);
        code = smp_json_integer(&item, 0, 1200, &values[i], err);
    }
    if (!code && values[0] > values[1])
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must rise, not be %lld and %lld %s", at->file,
                        at->path, (long long)values[0], (long long)values[1], unit);
    for (size_t i = 0; i < 2 && !code; i++)
        pair[i] = (int)values[i];
    return code;
}

static enum smp_code read_times(struct smp_recovery_line *line, const struct smp_json *at,
                                struct smp_err *err)
{
    struct smp_json from, until;
    int unit = 0, after = 0;
    enum smp_code code = smp_json_need_choice(at, "after", afters, &after, err);
    if (!code)
        code = smp_json_need_choice(at, "unit", units, &unit, err);
    if (!code)
        code = smp_json_need(&from, at, "from", err);
    if (!code)
        code = read_pair(line->from, &from, units[unit], err);
    line->after = (enum smp_recovery_after)after;
    line->unit = (enum smp_recovery_unit)unit;
    line->until[0] = line->until[1] = -1;
    if (code || !smp_json_child(at, "until", &until))
        return code;
    code = read_pair(line->until, &until, units[unit], err);
    if (!code && line->until[0] == line->until[1])
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must be a range, not %d %s alone", until.file,
                        until.path, line->until[0], units[unit]);
    if (!code && (line->until[0] < line->from[0] || line->until[1] < line->from[1]))
        code = smp_fail(err, SMP_E_INPUT,
                        "%s: %s must not end before it begins: from %d to %d, "
                        "until %d to %d %s",
                        at->file, at->path, line->from[0], line->from[1], line->until[0],
                        line->until[1], units[unit]);
    return code;
}

static enum smp_code read_line(struct smp_recovery_line *line, const struct smp_json *at,
                               struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "option", "id",    "kind", "topic",  "after", "unit",
                                         "from",   "until", "what", "source", "grade", NULL };
    enum smp_choice parts[2];
    struct smp_json child;
    int choice = 0, kind = 0, topic = 0;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_json_need(&child, at, "option", err);
    if (!code)
        code = smp_json_choice(&child, smp_choice_names, &choice, err);
    line->choice = (enum smp_choice)choice;
    if (!code && (smp_recovery_parts(parts, line->choice) == 2 || parts[0] != line->choice))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must be a single option: %s is made of others",
                        child.file, child.path, smp_choice_names[choice]);
    if (!code)
        code = smp_json_need_id(at, &line->id, arena, err);
    if (!code)
        code = smp_json_need_choice(at, "kind", smp_recovery_kind_names, &kind, err);
    if (!code)
        code = smp_json_need_choice(at, "topic", smp_recovery_topic_names, &topic, err);
    line->kind = (enum smp_recovery_kind)kind;
    line->topic = (enum smp_recovery_topic)topic;
    if (!code)
        code = read_times(line, at, err);
    if (!code)
        code = smp_json_need_text(at, "what", &line->what, arena, err);
    return code ? code : smp_json_need_origin(at, &line->source, &line->grade, arena, err);
}

static bool has_line(const struct smp_recovery_line *lines, size_t count,
                     const struct smp_recovery_line *wanted)
{
    size_t i = 0;
    while (i < count &&
           !(lines[i].choice == wanted->choice && strcmp(lines[i].id, wanted->id) == 0))
        i++;
    return i < count;
}

static enum smp_code read_list(struct smp_recovery *made, const struct smp_json *root,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json list, row;
    enum smp_code code = smp_json_need_list(&list, root, "recovery", LINES_MAX, err);
    if (code)
        return code;
    const size_t count = smp_json_count(&list);
    struct smp_recovery_line *lines = smp_new(arena, struct smp_recovery_line, count);
    if (!lines)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu lines", count);
    for (size_t i = 0; i < count; i++) {
        smp_json_item(&list, i, &row);
        code = read_line(&lines[i], &row, arena, err);
        if (!code && has_line(lines, i, &lines[i]))
            code = smp_fail(err, SMP_E_INPUT, "%s: %s.id \"%s\" of %s is there twice", row.file,
                            row.path, lines[i].id, smp_choice_names[lines[i].choice]);
        if (code)
            return code;
    }
    *made = (struct smp_recovery){ lines, count };
    return SMP_OK;
}

enum smp_code smp_recovery_read(struct smp_recovery *made, const char *file, const char *text,
                                size_t length, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json root;
    enum smp_code code = smp_json_parse(&root, file, text, length, err);
    if (code)
        return code;
    code = read_list(made, &root, arena, err);
    smp_json_close(&root);
    return code;
}

static enum smp_code check_whole(const struct smp_recovery *own,
                                 const struct smp_recovery *built_in, const char *file,
                                 struct smp_err *err)
{
    for (size_t i = 0; i < built_in->count; i++)
        if (!has_line(own->lines, own->count, &built_in->lines[i]))
            return smp_fail(err, SMP_E_INPUT, "%s: the line %s of %s is missing", file,
                            built_in->lines[i].id, smp_choice_names[built_in->lines[i].choice]);
    return SMP_OK;
}

enum smp_code smp_recovery_load(struct smp_recovery *made, const char *folder,
                                struct smp_arena *arena, struct smp_err *err)
{
    static const char name[] = "recovery.json";
    struct smp_recovery built_in = { 0 }, own = { 0 };
    struct smp_bytes text;
    const char *path = name;
    enum smp_code code = smp_data_find(folder, name, &path, &text, arena, err);
    if (!code)
        code = smp_recovery_read(&own, path, (const char *)text.data, text.length, arena, err);
    if (!code && path != name) {
        text = smp_data_file(name);
        code = smp_recovery_read(&built_in, name, (const char *)text.data, text.length, arena, err);
        if (!code)
            code = check_whole(&own, &built_in, path, err);
    }
    if (!code)
        *made = own;
    return code;
}
