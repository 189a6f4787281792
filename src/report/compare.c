// Sections that weigh the options: harms, limits, order, what moves the answer, sources.
#include "report/words.h"

#include <math.h>
#include <string.h>

// ---- Harms ------------------------------------------------------------------------------------

static struct smp_part_harm harm_of(struct smp_doc *doc, const struct smp_harm *harm)
{
    struct smp_part_harm made = {
        .what = smp_say_first(doc, harm->what),
        .per_1000 = { harm->low, harm->per_1000, harm->high },
        .known = !isnan(harm->per_1000),
        .weak = harm->weak,
        .source = smp_say_grade(doc, harm->figure, harm->weak),
    };
    const char *note = harm->note && *harm->note ? smp_doc_say(doc, " (%s)", harm->note) : "";
    if (made.known)
        made.says =
            smp_doc_say(doc, "%s of 1,000 people%s.", smp_say_count(doc, made.per_1000, ""), note);
    else
        made.says = smp_doc_say(doc, "It happens, but no one has counted how often%s.", note);
    return made;
}

void smp_report_harms(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_comparison *made = report->made;
    smp_doc_section(doc, "harms", "What can go wrong");
    smp_doc_text(doc, SMP_VOICE_PLAIN,
                 "Each block stands for 1,000 people who choose the option. Each dark square is "
                 "one person with that harm. The lighter squares show how high the number could "
                 "be. The grade tells how good the source is: A is best. A weak source may be far "
                 "off.");
    size_t count = 0;
    for (size_t i = 0; i < made->count; i++)
        count += made->outcomes[i].harm_count;
    const char **names = smp_doc_new(doc, made->count, sizeof *names);
    const char **none = smp_doc_new(doc, made->count, sizeof *none);
    size_t *begin = smp_doc_new(doc, made->count + 1, sizeof *begin);
    struct smp_part_harm *items = smp_doc_new(doc, count, sizeof *items);
    if (!names || !none || !begin || !items)
        return;
    for (size_t i = 0, at = 0; i < made->count; i++) {
        const struct smp_outcome *outcome = &made->outcomes[i];
        names[i] = smp_say_name(doc, outcome->choice);
        none[i] = outcome->possible
                      ? "We found no count of any harm. That does not prove that there is none."
                      : smp_say_why_not(doc, outcome);
        begin[i] = at;
        for (size_t k = 0; outcome->possible && k < outcome->harm_count; k++)
            items[at++] = harm_of(doc, &outcome->harms[k]);
        begin[i + 1] = at;
    }
    smp_doc_part(doc, SMP_PART_ICONS)->as.icons =
        (struct smp_part_icons){ names, none, made->count, begin, items };
}

// ---- Limits -----------------------------------------------------------------------------------

static const char *lines(struct smp_doc *doc, const char *const *items, size_t count)
{
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        all = smp_doc_say(doc, i ? "%s\n%s" : "%s%s", all, items[i]);
    return all;
}

void smp_report_limits(struct smp_doc *doc, const struct smp_report *report)
{
    static const struct smp_part_column column[] = { { "Option", 0.24, false },
                                                     { "What it can't do", 0.46, false },
                                                     { "Can it be undone?", 0.3, false } };
    const struct smp_comparison *made = report->made;
    smp_doc_section(doc, "limits", "What each option can't do");
    struct smp_part_table *table = smp_doc_table(
        doc, "Limits of each option, and whether you can go back.", column, 3, made->count);
    for (size_t i = 0; i < table->rows; i++) {
        const struct smp_outcome *outcome = &made->outcomes[i];
        const char *cant = lines(doc, outcome->cant_do, outcome->cant_count);
        smp_doc_cell(doc, table, i, 0, "%s", smp_say_name(doc, outcome->choice));
        if (!outcome->possible)
            smp_doc_cell(doc, table, i, 1, "%s%s%s", smp_say_why_not(doc, outcome),
                         *cant ? "\n" : "", cant);
        else
            smp_doc_cell(doc, table, i, 1, "%s", *cant ? cant : "No limit is listed.");
        smp_doc_cell(doc, table, i, 2, "%s",
                     outcome->reversible_words ? outcome->reversible_words : "Not known.");
    }
}

// ---- Order ------------------------------------------------------------------------------------

static const char *const concern_words[SMP_CONCERN_COUNT] = {
    [SMP_CONCERN_COVER] = "More scalp covered",    [SMP_CONCERN_BUDGET] = "Low cost",
    [SMP_CONCERN_TIME] = "Few hours and days off", [SMP_CONCERN_SURGERY] = "No surgery",
    [SMP_CONCERN_UPKEEP] = "Little upkeep",        [SMP_CONCERN_REVERSIBLE] = "Can be undone",
};
static const char *const concern_short[SMP_CONCERN_COUNT] = { "cover",   "cost",   "time",
                                                              "surgery", "upkeep", "undo" };

static void put_weights(struct smp_doc *doc, const struct smp_comparison *made)
{
    double sum = 0;
    for (int i = 0; i < SMP_CONCERN_COUNT; i++)
        sum += made->weights[i];
    struct smp_part_bar *bars = smp_doc_new(doc, SMP_CONCERN_COUNT, sizeof *bars);
    if (!bars)
        return;
    for (int i = 0; i < SMP_CONCERN_COUNT; i++) {
        const double share = sum > 0 ? 100 * made->weights[i] / sum : 0;
        bars[i] = (struct smp_part_bar){ .name = concern_words[i],
                                         .says = smp_doc_say(doc, "%.0f %%", share),
                                         .at = { 0, share, share } };
    }
    smp_doc_part(doc, SMP_PART_BARS)->as.bars = (struct smp_part_bars){
        .caption = "What matters to you, as it was given. If nothing was given, cover counts half "
                   "and the other five count half together.",
        .name_head = "What matters",
        .says_head = "Share",
        .axis = "Share of the whole, %",
        .from = 0,
        .to = 100,
        .mark = (double)NAN,
        .rows = SMP_CONCERN_COUNT,
        .bars = bars,
    };
}

static struct smp_part_bar score_of(struct smp_doc *doc, const struct smp_report *report,
                                    const struct smp_outcome *outcome)
{
    const char *name = smp_say_name(doc, outcome->choice);
    if (!outcome->possible)
        return (struct smp_part_bar){ .name = name,
                                      .says =
                                          smp_doc_say(doc, "Not possible for you. %s",
                                                      outcome->why_not ? outcome->why_not : "") };
    const char *says = smp_doc_say(doc, "%.0f points:", 100 * outcome->score);
    for (int i = 0; i < SMP_CONCERN_COUNT; i++)
        says = smp_doc_say(doc, "%s%s %s %.0f", says, i ? "," : "", concern_short[i],
                           100 * outcome->criteria[i]);
    const enum smp_choice choice = outcome->choice;
    const bool dots = choice == SMP_CHOICE_SMP || choice == SMP_CHOICE_SMP_FUE ||
                      choice == SMP_CHOICE_SMP_MEDICATION || choice == SMP_CHOICE_FUT_SCAR_SMP;
    const char *screened = dots && smp_say_screened(doc, report)
                               ? smp_doc_say(doc, " The check of your skin and health says: %s.",
                                             smp_suit_names[report->suitability->result])
                               : "";
    return (struct smp_part_bar){ .name = smp_doc_say(doc, "%zu. %s", outcome->rank, name),
                                  .says = smp_doc_say(doc, "%s.%s", says, screened),
                                  .at = { 0, 100 * outcome->score, 100 * outcome->score } };
}

void smp_report_order(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_comparison *made = report->made;
    smp_doc_section(doc, "order", "In the order of what matters to you");
    smp_doc_text(doc, SMP_VOICE_PLAIN,
                 "Each option gets 0 to 100 points for each thing that may matter. The best of "
                 "these options gets 100, the worst gets 0. Your weights then set the order. They "
                 "sort the options, but hide none. Equal points go by name. A few points more or "
                 "less mean nothing: look at the ranges first.");
    put_weights(doc, made);
    struct smp_part_bar *bars = smp_doc_new(doc, made->count, sizeof *bars);
    if (!bars)
        return;
    for (size_t i = 0; i < made->count; i++)
        bars[i] = score_of(doc, report, &made->outcomes[made->order[i]]);
    smp_doc_part(doc, SMP_PART_BARS)->as.bars = (struct smp_part_bars){
        .caption = "The options in your order, with the points for each thing.",
        .name_head = "Option",
        .says_head = "Points",
        .axis = "Points",
        .from = 0,
        .to = 100,
        .mark = (double)NAN,
        .rows = made->count,
        .bars = bars,
    };
}

// The same options in other orders: a column a weighing, a row an option as asked for.
void smp_report_views(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_comparison *made = report->made;
    struct smp_part_column *column = smp_doc_new(doc, 1 + SMP_WEIGHINGS, sizeof *column);
    if (!column)
        return;
    column[0] = (struct smp_part_column){ "Option", 0.3, false };
    smp_doc_section(doc, "views", "If other things matter more");
    smp_doc_text(doc, SMP_VOICE_PLAIN,
                 "No order is right for all. Here are the same options in five orders. 1 comes "
                 "first. An option that stays near the top in each of them is a safe thing to "
                 "look at. One that moves a lot depends on what you care about.");
    for (size_t v = 0; v < SMP_WEIGHINGS; v++)
        column[1 + v] =
            (struct smp_part_column){ smp_say_first(doc, smp_weighings[v].words), 0.14, false };
    struct smp_part_table *table = smp_doc_table(doc, "The place of each option, by what matters.",
                                                 column, 1 + SMP_WEIGHINGS, made->count);
    for (size_t i = 0; i < table->rows; i++) {
        smp_doc_cell(doc, table, i, 0, "%s", smp_say_name(doc, made->outcomes[i].choice));
        for (size_t v = 0; v < SMP_WEIGHINGS; v++) {
            size_t place = 0;
            while (made->other_order[v][place] != i)
                place++;
            if (made->outcomes[i].possible)
                smp_doc_cell(doc, table, i, 1 + v, "%zu", place + 1);
            else
                smp_doc_cell(doc, table, i, 1 + v, "not possible");
        }
    }
}

// ---- What moves the answer --------------------------------------------------------------------

// To two digits that count: more would pass for measured.
static double two_digits(double value)
{
    const double step = value == 0 ? 1 : pow(10, floor(log10(fabs(value))) - 1);
    return round(value / step) * step;
}

static const char *input_range(struct smp_doc *doc, const struct smp_sensitivity *s)
{
    char low[32], high[32];
    smp_report_short(low, two_digits(s->low));
    smp_report_short(high, two_digits(s->high));
    return smp_doc_say(doc, "From %s to %s%s%s", low, high, *s->unit ? " " : "",
                       smp_unit_words(s->unit));
}

static struct smp_part_bar input_of(struct smp_doc *doc, const struct smp_sensitivity *s)
{
    const double from = 100 * s->score_low, to = 100 * s->score_high;
    const double cover[2] = { round(100 * s->cover_low), round(100 * s->cover_high) };
    const char *covers =
        fabs(cover[0] - cover[1]) < 1
            ? smp_doc_say(doc, "Its cover stays at %.0f %%.", cover[0])
            : smp_doc_say(doc, "Its cover goes from %.0f to %.0f %%.", cover[0], cover[1]);
    return (struct smp_part_bar){
        .name = smp_say_first(doc, s->input),
        .says = smp_doc_say(doc, "%s: the points of %s go from %.0f to %.0f. %s%s%s",
                            input_range(doc, s), smp_choice_words[s->choice], from, to, covers,
                            s->first_changes ? " Another option then comes first." : "",
                            s->weak ? " The source is weak." : ""),
        .at = { fmin(from, to), (from + to) / 2, fmax(from, to) },
    };
}

void smp_report_inputs(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_comparison *made = report->made;
    smp_doc_section(doc, "inputs", "What moves the answer most");
    smp_doc_text(doc, SMP_VOICE_PLAIN,
                 "The answer rests on many numbers. We moved each one from low to high and kept "
                 "the rest in the middle. These are the ones that moved the points most. If one "
                 "of them can be measured on you, it is worth doing.");
    struct smp_part_bar *bars = smp_doc_new(doc, made->sensitivity_count, sizeof *bars);
    if (!bars)
        return;
    if (made->sensitivity_count == 0) {
        smp_doc_text(doc, SMP_VOICE_PLAIN, "None of them moved the answer.");
        return;
    }
    for (size_t i = 0; i < made->sensitivity_count; i++)
        bars[i] = input_of(doc, &made->sensitivities[i]);
    smp_doc_part(doc, SMP_PART_BARS)->as.bars = (struct smp_part_bars){
        .caption = "The bar shows the points of the option that this number moves most.",
        .name_head = "Number",
        .says_head = "What it does",
        .axis = "Points",
        .from = 0,
        .to = 100,
        .mark = (double)NAN,
        .rows = made->sensitivity_count,
        .bars = bars,
    };
}

// ---- Sources ----------------------------------------------------------------------------------

// What is taken from one source, and how weak it is.
struct source {
    const char *text, *uses;
    size_t figures, weak;
    char grade; // the worst of them
};

static size_t gather(struct smp_doc *doc, struct source *sources,
                     const struct smp_evidence *evidence)
{
    enum { NAMED = 3 };
    size_t count = 0;
    for (size_t i = 0; i < evidence->count; i++) {
        const struct smp_figure *figure = &evidence->figures[i];
        size_t at = 0;
        while (at < count && strcmp(sources[at].text, figure->source) != 0)
            at++;
        if (at == count)
            sources[count++] = (struct source){ .text = figure->source, .uses = "" };
        struct source *s = &sources[at];
        if (s->figures < NAMED)
            s->uses = smp_doc_say(doc, "%s%s%s", s->uses, s->figures ? "; " : "", figure->what);
        s->figures++;
        s->weak += smp_figure_weak(figure);
        s->grade = figure->grade > s->grade ? figure->grade : s->grade;
    }
    for (size_t i = 0; i < count; i++) {
        if (sources[i].figures > NAMED)
            sources[i].uses =
                smp_doc_say(doc, "%s; and %zu more", sources[i].uses, sources[i].figures - NAMED);
    }
    return count;
}

static void put_notes(struct smp_doc *doc, const struct smp_comparison *made)
{
    static const struct smp_part_column column[] = { { "Option", 0.26, false },
                                                     { "What was assumed", 0.74, false } };
    struct smp_part_table *table =
        smp_doc_table(doc, "What was assumed for each option.", column, 2, made->count);
    for (size_t i = 0; i < table->rows; i++) {
        const struct smp_outcome *outcome = &made->outcomes[i];
        const char *notes = lines(doc, outcome->notes, outcome->note_count);
        smp_doc_cell(doc, table, i, 0, "%s", smp_say_name(doc, outcome->choice));
        smp_doc_cell(doc, table, i, 1, "%s", *notes ? notes : "Nothing beyond the sources below.");
    }
}

void smp_report_sources(struct smp_doc *doc, const struct smp_report *report)
{
    static const struct smp_part_column column[] = { { "Source", 0.4, false },
                                                     { "Grade", 0.14, false },
                                                     { "Numbers taken from it", 0.46, false } };
    smp_doc_section(doc, "sources", "Where the numbers come from");
    smp_doc_text(doc, SMP_VOICE_PLAIN,
                 "Grade A is a study in a journal, or a law. B is a body of experts. C is a clinic "
                 "or a maker, who may want to sell. D is a forum or an ad. U is common knowledge "
                 "or our own sum. Numbers of grade D and U, and those we could not check, are "
                 "weak. They are used with a wide range.");
    put_notes(doc, report->made);
    struct source *sources = smp_doc_new(doc, report->evidence->count, sizeof *sources);
    if (!sources)
        return;
    const size_t count = gather(doc, sources, report->evidence);
    struct smp_part_table *table =
        smp_doc_table(doc,
                      "All sources. Where one gave several numbers, the grade is that of the "
                      "weakest.",
                      column, 3, count);
    for (size_t i = 0; i < table->rows; i++) {
        const struct source *s = &sources[i];
        smp_doc_cell(doc, table, i, 0, "%s", s->text);
        if (s->weak && s->weak < s->figures)
            smp_doc_cell(doc, table, i, 1, "%c (weak: %zu of %zu)", s->grade, s->weak, s->figures);
        else
            smp_doc_cell(doc, table, i, 1, s->weak ? "%c (weak)" : "%c", s->grade);
        smp_doc_cell(doc, table, i, 2, "%s", s->uses);
    }
}
