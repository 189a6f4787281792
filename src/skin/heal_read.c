// The constants of healing and fading: data/healing.json or the user's own.
#include "skin/skin.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FADING_NAME(name, text) text,
const char *const smp_fading_names[] = { SMP_FADINGS(FADING_NAME) NULL };

#define CONSTANT_NAME(name, text) text,
static const char *const names[] = { SMP_HEALING_CONSTANTS(CONSTANT_NAME) NULL };

// What the model can work with, whatever the file allows.
static void hard_limits(enum smp_healing_constant which, double *min, double *max)
{
    *min = 0;
    *max = 10;
    if (which == SMP_HEAL_INK_SHARE || which == SMP_HEAL_STRENGTH) {
        *min = 0.001;
        *max = 1;
    } else if (which == SMP_HEAL_EPIDERMAL ||
               (which >= SMP_HEAL_SUN_CARBON && which <= SMP_HEAL_SUN_WHITE)) {
        *max = 1;
    } else if (which == SMP_HEAL_DAYS || which == SMP_HEAL_REDNESS_DAYS) {
        *min = 0.1;
        *max = 42;
    } else if (which >= SMP_HEAL_LIFE_CARBON && which <= SMP_HEAL_LIFE_WHITE) {
        *min = 0.05;
        *max = 1000;
    } else if (which == SMP_HEAL_HEIGHT) {
        *min = 1;
        *max = 4;
    } else if (which == SMP_HEAL_TOP) {
        *min = -0.5;
        *max = 0.5;
    } else if (which == SMP_HEAL_DIAMETER || which == SMP_HEAL_UPTAKE) {
        *min = 0.1;
    }
}

static enum smp_code read_word(const struct smp_json *entry, const char *name, const char **word,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json child;
    const char *text = NULL;
    if (!smp_json_child(entry, name, &child))
        return smp_fail(err, SMP_E_INPUT, "%s: %s has no %s", entry->file, entry->path, name);
    const enum smp_code code = smp_json_text(&child, &text, err);
    if (code)
        return code;
    *word = smp_strdup(arena, text);
    return *word ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for a text");
}

static enum smp_code read_real(const struct smp_json *entry, const char *name, double min,
                               double max, double *value, struct smp_err *err)
{
    struct smp_json child;
    if (!smp_json_child(entry, name, &child))
        return smp_fail(err, SMP_E_INPUT, "%s: %s has no %s", entry->file, entry->path, name);
    return smp_json_number(&child, min, max, "", value, err);
}

static enum smp_code read_constant(struct smp_constant *out, enum smp_healing_constant which,
                                   const struct smp_json *entry, struct smp_arena *arena,
                                   struct smp_err *err)
{
    static const char *const known[] = { "value", "unit", "min", "max", "grade", "source", NULL };
    double min, max;
    hard_limits(which, &min, &max);
    enum smp_code code = smp_json_object(entry, known, err);
    if (!code)
        code = read_word(entry, "unit", &out->unit, arena, err);
    if (!code)
        code = read_word(entry, "source", &out->source, arena, err);
    if (!code)
        code = read_word(entry, "grade", &out->grade, arena, err);
    if (!code && (strlen(out->grade) != 1 || !strchr("ABCDU", *out->grade)))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s.grade must be A, B, C, D or U, not \"%.20s\"",
                        entry->file, entry->path, out->grade);
    if (!code)
        code = read_real(entry, "min", min, max, &out->min, err);
    if (!code)
        code = read_real(entry, "max", min, max, &out->max, err);
    if (!code)
        code = read_real(entry, "value", min, max, &out->value, err);
    if (!code && !(out->min <= out->value && out->value <= out->max))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must have min <= value <= max, not %g, %g and %g",
                        entry->file, entry->path, out->min, out->value, out->max);
    return code;
}

static enum smp_code read_all(struct smp_healing *made, const struct smp_json *root,
                              struct smp_arena *arena, struct smp_err *err)
{
    const char *known[SMP_HEALING_COUNT + 2] = { "about" };
    for (int i = 0; i < SMP_HEALING_COUNT; i++)
        known[i + 1] = names[i];
    enum smp_code code = smp_json_object(root, known, err);
    for (int i = 0; i < SMP_HEALING_COUNT && !code; i++) {
        struct smp_json entry;
        const bool there = smp_json_child(root, names[i], &entry);
        if (!there && i == SMP_HEAL_HEIGHT) { // of an older file, whose deposits were balls
            made->constant[i] = (struct smp_constant){ 1, 1, 1, "", "", "U" };
            continue;
        }
        if (!there)
            return smp_fail(err, SMP_E_INPUT, "%s: the number %s is missing", root->file, names[i]);
        code = read_constant(&made->constant[i], (enum smp_healing_constant)i, &entry, arena, err);
    }
    return code;
}

enum smp_code smp_healing_read(struct smp_healing *healing, const char *file, const char *text,
                               size_t length, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json root;
    enum smp_code code = smp_json_parse(&root, file, text, length, err);
    if (code)
        return code;
    struct smp_healing made = { 0 };
    code = read_all(&made, &root, arena, err);
    smp_json_close(&root);
    if (!code)
        *healing = made;
    return code;
}

enum smp_code smp_age_years(double *years, const char *text, const char *where, struct smp_err *err)
{
    if (strcmp(text, "fresh") == 0) {
        *years = 0;
        return SMP_OK;
    }
    if (strcmp(text, "healed") == 0) {
        *years = SMP_HEALED_YEARS;
        return SMP_OK;
    }
    // Digits by hand: no locale, no "inf", no hexadecimal.
    double value = 0, unit = 0;
    const char *c = text;
    int digits = 0;
    for (; *c >= '0' && *c <= '9' && digits < 9; c++, digits++)
        value = value * 10 + (*c - '0');
    if (digits && *c == '.') {
        double place = 1;
        for (c++; *c >= '0' && *c <= '9' && digits < 12; c++, digits++) {
            place /= 10;
            value += place * (*c - '0');
        }
    }
    if (*c && !c[1])
        unit = *c == 'y' ? 1 : *c == 'w' ? 7 / 365.25 : *c == 'd' ? 1 / 365.25 : 0;
    if (!digits || unit == 0 || value * unit > SMP_AGE_MAX_YEARS)
        return smp_fail(err, SMP_E_INPUT,
                        "%s must be fresh, healed or an age up to %dy, as 10d, 6w or 3y, not "
                        "\"%.40s\"",
                        where, SMP_AGE_MAX_YEARS, text);
    *years = value * unit;
    return SMP_OK;
}
