// Fields health and wishes of the case: the answers that the screening needs. What is absent stays
// not given; nothing is taken for a no.
#include "plan/plan_impl.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { known_max = 64 };
static const double stubble_mm = 3; // longest hair that passes for shaved (evidence shaved.length)

static enum smp_code read_months(const struct smp_json *at, const struct smp_fact *fact,
                                 double *months, struct smp_err *err)
{
    const bool spell = fact->kind == SMP_FACT_SPELL;
    if (json_is_number(at->node))
        return smp_json_number(at, fact->min, fact->max, fact->unit, months, err);
    if (!json_is_boolean(at->node) || (json_is_true(at->node) && !spell))
        return smp_fail(err, SMP_E_INPUT, "%s: %s must be %s, not %s", at->file, at->path,
                        spell ? "false (never), true (now) or the months since it ended"
                              : "false (never) or the months since",
                        json_is_true(at->node)     ? "true"
                        : json_is_string(at->node) ? "a text"
                                                   : "an object or an array");
    *months = json_is_true(at->node) ? 0 : (double)INFINITY;
    return SMP_OK;
}

static enum smp_code read_answer(struct smp_fact_value *answer, const struct smp_fact *fact,
                                 const struct smp_json *at, struct smp_err *err)
{
    struct smp_fact_value made = { true, 0 };
    bool flag = false;
    int word = 0;
    enum smp_code code = SMP_OK;
    switch (fact->kind) {
    case SMP_FACT_FLAG:
        code = smp_json_bool(at, &flag, err);
        made.value = flag;
        break;
    case SMP_FACT_WORD:
        code = smp_json_choice(at, fact->words, &word, err);
        made.value = word;
        break;
    case SMP_FACT_NUMBER:
        code = smp_json_number(at, fact->min, fact->max, fact->unit, &made.value, err);
        break;
    case SMP_FACT_SPELL:
    case SMP_FACT_EVENT:
        code = read_months(at, fact, &made.value, err);
        break;
    }
    if (!code)
        *answer = made;
    return code;
}

// All facts of one object of the case ("health"): no other fields than theirs.
static enum smp_code read_object(struct smp_fact_value *answers, const struct smp_json *root,
                                 const char *name, struct smp_err *err)
{
    const char *known[known_max] = { NULL };
    size_t facts[known_max], count = 0;
    const size_t prefix = strlen(name);
    struct smp_json at, child;
    if (!smp_json_child(root, name, &at))
        return SMP_OK;
    for (size_t i = 0; i < smp_fact_count && count < known_max - 1; i++) {
        if (strncmp(smp_facts[i].field, name, prefix) == 0 && smp_facts[i].field[prefix] == '.') {
            facts[count] = i;
            known[count++] = smp_facts[i].field + prefix + 1;
        }
    }
    enum smp_code code = smp_json_object(&at, known, err);
    for (size_t i = 0; i < count && !code; i++) {
        if (smp_json_child(&at, known[i], &child))
            code = read_answer(&answers[facts[i]], &smp_facts[facts[i]], &child, err);
    }
    return code;
}

// ---- What the rest of the case tells ------------------------------------------------------------

static struct smp_fact_value *answer_to(struct smp_fact_value *answers, const char *field)
{
    return &answers[smp_fact_find(field)];
}

static void tell(struct smp_fact_value *answers, const char *field, double value)
{
    struct smp_fact_value *answer = answer_to(answers, field);
    if (!answer->given)
        *answer = (struct smp_fact_value){ true, value };
}

static void tell_word(struct smp_fact_value *answers, const char *field, const char *word)
{
    const char *const *words = smp_facts[smp_fact_find(field)].words;
    size_t i = 0;
    while (strcmp(words[i], word) != 0)
        i++;
    tell(answers, field, (double)i);
}

static bool child_at(const struct smp_json *root, const char *const *path, struct smp_json *child)
{
    *child = *root;
    for (size_t i = 0; path[i]; i++) {
        if (!smp_json_child(child, path[i], child))
            return false;
    }
    return true;
}

// Age, sex, skin, hairline and length of hair as given elsewhere; the kind of loss by its class.
static void tell_rest(struct smp_fact_value *answers, const struct smp_case *from,
                      const struct smp_json *root)
{
    static const char *const sex[] = { "client", "sex", NULL };
    static const char *const age[] = { "client", "age", NULL };
    static const char *const line[] = { "design", "hairline", "glabella_mm", NULL };
    static const char *const classes[][3] = { { "loss", "norwood", NULL },
                                              { "loss", "ludwig", NULL },
                                              { "loss", "totalis", NULL } };
    struct smp_json child;
    bool classed = false;
    if (child_at(root, age, &child))
        tell(answers, "client.age", from->age);
    if (child_at(root, sex, &child)) {
        tell_word(answers, "client.sex", smp_sex_names[from->sex]);
        for (size_t i = 0; i < 2 && from->sex == SMP_SEX_MALE; i++) // unless told otherwise
            tell(answers, i ? "health.nursing" : "health.pregnant", 0);
    }
    if (from->phototype)
        tell(answers, "client.phototype", from->phototype);
    if (child_at(root, line, &child))
        tell(answers, "wishes.hairline_mm", from->design.hairline.glabella_mm);
    if (!isnan(from->person.length_mm))
        tell_word(answers, "wishes.hair", from->person.length_mm <= stubble_mm ? "shaved" : "long");
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        classed = classed || child_at(root, classes[i], &child);
    const enum smp_loss_class kind = from->loss.kind;
    if (!classed || kind == SMP_LOSS_NONE)
        return;
    if (kind == SMP_LOSS_TOTALIS)
        tell_word(answers, "health.loss_type", "totalis");
    else if (kind != SMP_LOSS_I)
        tell_word(answers, "health.loss_type", "pattern");
    tell(answers, "health.bare_skin",
         kind >= SMP_LOSS_III && kind != SMP_LOSS_LUDWIG_I && kind != SMP_LOSS_LUDWIG_II);
}

// Answers that cannot both be true.
static enum smp_code check_together(const struct smp_case *from, struct smp_fact_value *answers,
                                    struct smp_err *err)
{
    static const char *const of_scar[] = { "health.scar_months", "health.scar_flat" };
    const enum smp_loss_class kind = from->loss.kind;
    const struct smp_fact_value *type = answer_to(answers, "health.loss_type");
    const struct smp_fact_value *bare = answer_to(answers, "health.bare_skin");
    const struct smp_fact_value *scar = answer_to(answers, "health.scar");
    if (type->given && type->value == 0 && kind != SMP_LOSS_NONE && kind != SMP_LOSS_I)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: health.loss_type is none, and loss says %s: both cannot be",
                        from->file, smp_loss_names[kind]);
    if (bare->given && bare->value == 0 && (kind == SMP_LOSS_VII || kind == SMP_LOSS_TOTALIS))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: health.bare_skin is false, and loss says %s: both cannot be",
                        from->file, smp_loss_names[kind]);
    for (size_t i = 0; i < 2 && scar->given && scar->value == 0; i++) {
        if (answer_to(answers, of_scar[i])->given)
            return smp_fail(err, SMP_E_INPUT, "%s: %s must not be given where health.scar is none",
                            from->file, of_scar[i]);
    }
    return SMP_OK;
}

enum smp_code smp_case_health(struct smp_case *out, const struct smp_json *root,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct smp_fact_value *answers = smp_new(arena, struct smp_fact_value, smp_fact_count);
    if (!answers)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu answers", smp_fact_count);
    enum smp_code code = read_object(answers, root, "health", err);
    if (!code)
        code = read_object(answers, root, "wishes", err);
    if (!code)
        code = check_together(out, answers, err);
    if (!code)
        tell_rest(answers, out, root);
    out->answers = answers;
    return code;
}
