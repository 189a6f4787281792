// A comparison as a document: its frame, the person's facts, the pictures and the course.
#include "report/words.h"

#include <math.h>
#include <string.h>

struct smp_report_times smp_report_times(int years)
{
    static const int wanted[] = { 1, 5, 10 };
    struct smp_report_times times = { .count = 1 };
    for (size_t i = 0; i < 3; i++) {
        const int year = wanted[i] < years ? wanted[i] : years;
        if (year > times.years[times.count - 1])
            times.years[times.count++] = year;
    }
    if (years > 10)
        times.years[3] = 10;
    return times;
}

// ---- The person's facts -----------------------------------------------------------------------

static const char *loss_words(struct smp_doc *doc, const struct smp_case *from)
{
    const enum smp_loss_class kind = from->loss.kind;
    if (kind == SMP_LOSS_NONE)
        return from->loss.patch_count ? "hair lost in patches" : "no pattern of loss was given";
    if (kind == SMP_LOSS_TOTALIS)
        return "all hair lost";
    const char *name = smp_loss_names[kind];
    if (strncmp(name, "ludwig", 6) == 0)
        return smp_doc_say(doc, "Ludwig grade%s", name + 6);
    return smp_doc_say(doc, "Norwood class %s", name);
}

static void add_fact(struct smp_doc *doc, struct smp_part_table *table, const char *what,
                     const char *value)
{
    const size_t row = table->rows++;
    smp_doc_cell(doc, table, row, 0, "%s", what);
    smp_doc_cell(doc, table, row, 1, "%s", value);
}

static void put_person(struct smp_doc *doc, const struct smp_report *report)
{
    static const struct smp_part_column column[] = { { "Fact", 0.32, false },
                                                     { "What we took", 0.68, false } };
    static const char *const families[] = { NULL, "none of the parents", "one side", "both sides" };
    const struct smp_case *from = report->from;
    const struct smp_comparison *made = report->made;
    struct smp_part_table *table = smp_doc_table(
        doc, "What you told us, and what was measured on the model of your head.", column, 2, 12);
    if (!table->rows)
        return;
    table->rows = 0;
    add_fact(doc, table, "Age and sex",
             smp_doc_say(doc, "%.0f, %s", from->age, smp_sex_names[from->sex]));
    add_fact(doc, table, "Hair loss", loss_words(doc, from));
    add_fact(doc, table, "Scalp",
             smp_doc_say(doc, "%.0f cm² in all; %.0f cm² of it lost more than half of its hair",
                         made->scalp_cm2, made->bald_cm2));
    if (from->person.family != SMP_FAMILY_UNKNOWN)
        add_fact(doc, table, "Hair loss in the family", families[from->person.family]);
    if (from->person.medication)
        add_fact(doc, table, "Hair medicine now", from->person.medication);
    if (!isnan(from->person.donor_fu_per_cm2))
        add_fact(doc, table, "Hair at the back of the head",
                 smp_doc_say(doc, "%.0f groups of hair per cm², measured",
                             from->person.donor_fu_per_cm2));
    if (!isnan(from->person.length_mm))
        add_fact(doc, table, "Hair length you want",
                 smp_doc_say(doc, "%.0f mm", from->person.length_mm));
    if (from->person.pregnancy_given)
        add_fact(doc, table, "Pregnancy possible", from->person.pregnancy_possible ? "yes" : "no");
    add_fact(doc, table, "Costs are in",
             made->country ? smp_doc_say(doc, "%s, prices of %s", made->currency, made->country)
                           : made->currency);
}

static void put_glance(struct smp_doc *doc, const struct smp_report *report)
{
    static const struct smp_part_column column[] = {
        { "Option", 0.27, false },  { "Scalp that looks covered", 0.17, false },
        { "Cost", 0.21, false },    { "Hours", 0.15, false },
        { "Surgery", 0.08, false }, { "Days off", 0.12, false },
    };
    const struct smp_comparison *made = report->made;
    struct smp_part_table *table = smp_doc_table(
        doc,
        smp_doc_say(
            doc,
            "Where things stand after %s. Cost (in %s), hours and days off are sums of all "
            "years. In brackets: the range that nine out of ten people like you would fall in.",
            smp_say_years(doc, made->years), made->currency),
        column, 6, made->count);
    for (size_t i = 0; i < table->rows; i++) {
        const struct smp_outcome *outcome = &made->outcomes[i];
        smp_doc_cell(doc, table, i, 0, "%s", smp_say_name(doc, outcome->choice));
        if (!outcome->possible) {
            smp_doc_cell(doc, table, i, 1, "not possible for you");
            continue;
        }
        const struct smp_year *year = &outcome->years[made->years];
        smp_doc_cell(doc, table, i, 1, "%s", smp_say_share(doc, year->cover_share));
        smp_doc_cell(doc, table, i, 2, "%s", smp_say_count(doc, year->cost, ""));
        smp_doc_cell(doc, table, i, 3, "%s", smp_say_count(doc, year->hours, ""));
        smp_doc_cell(doc, table, i, 4, "%s", outcome->surgery ? "yes" : "no");
        smp_doc_cell(doc, table, i, 5, "%s", smp_say_count(doc, year->days_off, ""));
    }
}

void smp_report_facts(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_comparison *made = report->made;
    char persons[32];
    smp_report_short(persons, (double)made->persons);
    smp_doc_section(doc, "summary", "Your facts, and all options at a glance");
    if (smp_say_screened(doc, report))
        smp_doc_text(doc, SMP_VOICE_CARE,
                     "%s This holds for all options with dots. See the section on your skin and "
                     "health.",
                     smp_say_screened(doc, report));
    put_person(doc, report);
    put_glance(doc, report);
    smp_doc_heading(doc, "What is not certain");
    smp_doc_text(doc, SMP_VOICE_PLAIN,
                 "No one can know how your hair will change. So the computer made up %s people who "
                 "start like you, and let the years pass for each of them. The first number is the "
                 "middle one. Nine out of ten of these people fall in the range in brackets. One "
                 "in ten does not.",
                 persons);
    if (made->note_count) {
        smp_doc_text(doc, SMP_VOICE_PLAIN,
                     "Some facts were not given. For these we took what is common:");
        smp_doc_list(doc, made->notes, made->note_count);
    }
}

// ---- Pictures ---------------------------------------------------------------------------------

double smp_report_worn_mm(bool dots, const struct smp_case *from)
{
    const double wanted = from->person.length_mm;
    if (isnan(wanted))
        return dots && smp_shaved_by_custom(from) ? 0 : 30;
    return wanted < 2 ? 0 : fmin(wanted, 60);
}

static const char *worn(struct smp_doc *doc, double length_mm)
{
    return length_mm > 0 ? smp_doc_say(doc, "%.0f mm long", length_mm) : "shaved";
}

static void put_worn(struct smp_doc *doc, const struct smp_case *from)
{
    const char *dots = worn(doc, smp_report_worn_mm(true, from));
    const char *others = worn(doc, smp_report_worn_mm(false, from));
    if (strcmp(dots, others) == 0)
        smp_doc_text(doc, SMP_VOICE_NOTE, "Hair is shown %s.", dots);
    else
        smp_doc_text(doc, SMP_VOICE_NOTE,
                     "You did not say how long you want your hair. So options with dots are shown "
                     "%s, for so they are worn. The others are shown with hair %s.",
                     dots, others);
}

static const char *shot_says(struct smp_doc *doc, const struct smp_outcome *outcome, int year)
{
    return smp_doc_say(doc, "%s of the scalp looks covered.",
                       smp_say_share(doc, outcome->years[year].cover_share));
}

static struct smp_part_shot shot_of(struct smp_doc *doc, const struct smp_report *report,
                                    size_t outcome, size_t time, int year)
{
    static const struct smp_image_note notes[] = {
        { "Description", "SIMULATED picture, not a photograph of a result" }, { NULL, NULL }
    };
    const size_t times = smp_report_times(report->made->years).count;
    const struct smp_image *image = report->shots ? &report->shots[outcome * times + time] : NULL;
    struct smp_part_shot shot = { 0 };
    if (image && image->px_lin) {
        shot.image = image;
        if (smp_image_jpeg(&shot.jpeg, image, notes, doc->arena, NULL))
            doc->failed = true;
    }
    shot.says = shot_says(doc, &report->made->outcomes[outcome], year);
    return shot;
}

// Why an option has no pictures; NULL where it has.
static const char *no_shots(struct smp_doc *doc, const struct smp_report *report, size_t outcome)
{
    const struct smp_outcome *o = &report->made->outcomes[outcome];
    const size_t times = smp_report_times(report->made->years).count;
    if (!o->possible)
        return smp_say_why_not(doc, o);
    for (size_t t = 0; report->shots && t < times; t++) {
        if (report->shots[outcome * times + t].px_lin)
            return NULL;
    }
    return "No pictures were made of this option.";
}

void smp_report_shots(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_comparison *made = report->made;
    const struct smp_report_times times = smp_report_times(made->years);
    smp_doc_section(doc, "pictures", "How your head may look");
    smp_doc_text(
        doc, SMP_VOICE_PLAIN,
        "This is one head under each option: today, and in the years to come. Each "
        "picture shows the middle case. Yours may turn out better or worse. The computer "
        "drew them all. None is a photo of a result. They show the front and the left side. "
        "The scars of a transplant lie at the back of the head, so you do not see them "
        "here. Dots that hide such a scar are not seen either.");
    put_worn(doc, report->from);
    const char **names = smp_doc_new(doc, made->count, sizeof *names);
    const char **none = smp_doc_new(doc, made->count, sizeof *none);
    const char **heads = smp_doc_new(doc, times.count, sizeof *heads);
    struct smp_part_shot *shots = smp_doc_new(doc, made->count * times.count, sizeof *shots);
    if (!names || !none || !heads || !shots)
        return;
    for (size_t t = 0; t < times.count; t++)
        heads[t] =
            t == 0 ? "Today, simulated"
                   : smp_doc_say(doc, "After %s, simulated", smp_say_years(doc, times.years[t]));
    for (size_t i = 0; i < made->count; i++) {
        names[i] = smp_say_name(doc, made->outcomes[i].choice);
        none[i] = no_shots(doc, report, i);
        for (size_t t = 0; t < times.count && !none[i]; t++)
            shots[i * times.count + t] = shot_of(doc, report, i, t, times.years[t]);
    }
    smp_doc_part(doc, SMP_PART_GALLERY)->as.gallery =
        (struct smp_part_gallery){ names, none, heads, made->count, times.count, shots };
}

// ---- Cover, cost, hours -----------------------------------------------------------------------

enum { COVER, COST, HOURS, COURSES };

static struct smp_band course_at(const struct smp_year *year, int course)
{
    const struct smp_band cover = { 100 * year->cover_share.low, 100 * year->cover_share.median,
                                    100 * year->cover_share.high };
    return course == COVER ? cover : course == COST ? year->cost : year->hours;
}

static const char *course_says(struct smp_doc *doc, const struct smp_report *report,
                               const struct smp_outcome *outcome, int course)
{
    const struct smp_comparison *made = report->made;
    const char *said[2];
    const int at[2] = { 1, made->years };
    for (int i = 0; i < 2; i++) {
        const struct smp_year *year = &outcome->years[at[i]];
        said[i] = course == COVER ? smp_say_share(doc, year->cover_share)
                                  : smp_say_count(doc, course_at(year, course), "");
    }
    if (made->years == 1)
        return smp_doc_say(doc, "1 year: %s", said[1]);
    return smp_doc_say(doc, "1 year: %s\n%d years: %s", said[0], made->years, said[1]);
}

static void fill_course(struct smp_doc *doc, const struct smp_report *report,
                        struct smp_part_panels *panels, struct smp_band *bands, double top[COURSES])
{
    const size_t steps = panels->years + 1;
    for (size_t i = 0; i < panels->rows; i++) {
        const struct smp_outcome *outcome = &report->made->outcomes[i];
        for (int c = 0; c < COURSES && outcome->possible; c++) {
            struct smp_band *to = bands + (i * COURSES + (size_t)c) * steps;
            for (size_t y = 0; y < steps; y++) {
                to[y] = course_at(&outcome->years[y], c);
                top[c] = fmax(top[c], to[y].high);
            }
            panels->says[i * COURSES + (size_t)c] = course_says(doc, report, outcome, c);
        }
    }
}

void smp_report_course(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_comparison *made = report->made;
    const size_t years = (size_t)made->years;
    smp_doc_section(doc, "course", "Cover, cost and time, year by year");
    struct smp_part_axis *axes = smp_doc_new(doc, COURSES, sizeof *axes);
    const char **names = smp_doc_new(doc, made->count, sizeof *names);
    const char **notes = smp_doc_new(doc, made->count, sizeof *notes);
    const char **says = smp_doc_new(doc, made->count * COURSES, sizeof *says);
    struct smp_band *bands = smp_doc_new(doc, made->count * COURSES * (years + 1), sizeof *bands);
    if (!axes || !names || !notes || !says || !bands)
        return;
    for (size_t i = 0; i < made->count; i++) {
        const struct smp_outcome *outcome = &made->outcomes[i];
        names[i] = smp_say_name(doc, outcome->choice);
        notes[i] = smp_say_why_not(doc, outcome);
    }
    struct smp_part_panels panels = {
        .caption = "Across: years from now. The line is the middle case. The shaded band holds "
                   "nine out of ten people who start like you. In each column all options share "
                   "one scale. Cost and hours are sums since the start.",
        .names = names,
        .notes = notes,
        .rows = made->count,
        .columns = COURSES,
        .axes = axes,
        .years = years,
        .bands = bands,
        .says = says,
    };
    double top[COURSES] = { 100, 1, 1 };
    fill_course(doc, report, &panels, bands, top);
    const struct smp_nice cost = smp_nice_above(top[COST]), hours = smp_nice_above(top[HOURS]);
    axes[COVER] = (struct smp_part_axis){ "Scalp that looks covered, %", "%", 100, 50 };
    axes[COST] = (struct smp_part_axis){ smp_doc_say(doc, "Cost so far, %s", made->currency),
                                         made->currency, cost.top, cost.step };
    axes[HOURS] = (struct smp_part_axis){ "Hours so far", "hours", hours.top, hours.step };
    smp_doc_part(doc, SMP_PART_PANELS)->as.panels = panels;
}
