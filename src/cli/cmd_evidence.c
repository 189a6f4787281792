// stubble evidence: the figures that a comparison stands on, with spread, source and grade.
#include "choice/choice.h"
#include "cli/cli.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

int smp_cmd_evidence(int argc, char **argv);

static const char note[] =
    "General information, not medical advice: consult a qualified technician or a doctor.";

static void spread_words(char text[64], const struct smp_figure *figure)
{
    if (figure->spread == SMP_SPREAD_NONE)
        snprintf(text, 64, "not given");
    else if (figure->spread == SMP_SPREAD_SD)
        snprintf(text, 64, "sd %g", figure->sd);
    else
        snprintf(text, 64, "%g to %g%s", figure->low, figure->high,
                 figure->spread == SMP_SPREAD_CI95 ? " (95 %)" : "");
}

static void population_words(char text[512], const struct smp_figure *figure)
{
    if (figure->n)
        snprintf(text, 512, "%s, n = %lld", figure->population, (long long)figure->n);
    else
        snprintf(text, 512, "%s", figure->population);
}

// ---- JSON ---------------------------------------------------------------------------------------

static json_t *spread_json(const struct smp_figure *figure)
{
    json_t *spread = json_object();
    json_object_set_new(spread, "kind", json_string(smp_spread_names[figure->spread]));
    if (figure->spread == SMP_SPREAD_SD)
        json_object_set_new(spread, "sd", json_real(figure->sd));
    if (figure->spread == SMP_SPREAD_RANGE || figure->spread == SMP_SPREAD_CI95) {
        json_object_set_new(spread, "low", json_real(figure->low));
        json_object_set_new(spread, "high", json_real(figure->high));
    }
    return spread;
}

static json_t *figure_json(const struct smp_figure *figure)
{
    const struct smp_figure_band band = smp_figure_band(figure);
    const char grade[2] = { figure->grade, 0 };
    json_t *row = json_object();
    json_object_set_new(row, "topic", json_string(smp_topic_names[figure->topic]));
    json_object_set_new(row, "id", json_string(figure->id));
    json_object_set_new(row, "what", json_string(figure->what));
    json_object_set_new(row, "value", json_real(figure->value));
    json_object_set_new(row, "unit", json_string(figure->unit));
    json_object_set_new(row, "spread", spread_json(figure));
    json_object_set_new(row, "band95", json_pack("[f, f]", band.low, band.high));
    json_object_set_new(row, "population", json_string(figure->population));
    if (figure->n)
        json_object_set_new(row, "n", json_integer(figure->n));
    if (figure->arm.is)
        json_object_set_new(
            row, "arm",
            json_pack("{s:s, s:f, s:s}", "treatment", smp_treatment_names[figure->arm.treatment],
                      "weeks", figure->arm.weeks, "sex", figure->arm.women ? "female" : "male"));
    if (figure->cost.is)
        json_object_set_new(row, "cost",
                            json_pack("{s:s, s:s, s:s, s:s}", "treatment",
                                      smp_treatment_names[figure->cost.treatment], "currency",
                                      figure->cost.currency, "country", figure->cost.country, "per",
                                      figure->cost.per));
    json_object_set_new(row, "source", json_string(figure->source));
    json_object_set_new(row, "grade", json_string(grade));
    json_object_set_new(row, "date", json_string(figure->date));
    json_object_set_new(row, "verified", json_boolean(figure->verified));
    json_object_set_new(row, "weak", json_boolean(smp_figure_weak(figure)));
    return row;
}

static void print_json(const struct smp_evidence *evidence, int from, int to)
{
    json_t *object = json_object(), *list = json_array();
    for (size_t i = evidence->begin[from]; i < evidence->begin[to]; i++)
        json_array_append_new(list, figure_json(&evidence->figures[i]));
    json_object_set_new(object, "note", json_string(note));
    json_object_set_new(object, "evidence", list);
    smp_cli_print_json(object);
}

// ---- Text and Markdown --------------------------------------------------------------------------

static void print_text(const struct smp_evidence *evidence, int from, int to)
{
    printf("%s\nGrades: A paper, law; B professional body; C practitioner, vendor; D forum, "
           "marketing; U working knowledge\nor computed by this project. ! marks what is weak: "
           "unverified, or of grade D or U.\n",
           note);
    for (int t = from; t < to; t++) {
        printf("\n%s\n%s %10s  %-22s  %-15s %s %-8s %s\n", smp_topic_names[t], " ", "value",
               "spread", "unit", "grade", "date", "what; of whom; source");
        for (size_t i = evidence->begin[t]; i < evidence->begin[t + 1]; i++) {
            const struct smp_figure *figure = &evidence->figures[i];
            char spread[64], population[512];
            spread_words(spread, figure);
            population_words(population, figure);
            const char *mark = smp_figure_weak(figure) ? "!" : " ";
            printf("%s %10g  %-22s  %-15s %c     %-8s %s\n", mark, figure->value, spread,
                   figure->unit, figure->grade, figure->date, figure->what);
            printf("%68s%s; %s\n", "", population, figure->source);
        }
    }
}

static void print_markdown(const struct smp_evidence *evidence, int from, int to)
{
    for (int t = from; t < to; t++) {
        printf("%s## %s\n\n| | what | value | spread | of whom | source | grade | date |\n"
               "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
               t == from ? "" : "\n", smp_topic_names[t]);
        for (size_t i = evidence->begin[t]; i < evidence->begin[t + 1]; i++) {
            const struct smp_figure *figure = &evidence->figures[i];
            char spread[64], population[512];
            spread_words(spread, figure);
            population_words(population, figure);
            printf("| %s | `%s` ", smp_figure_weak(figure) ? "weak" : "", figure->id);
            smp_cli_put_cell(figure->what);
            printf(" | %g %s | %s | ", figure->value, figure->unit, spread);
            smp_cli_put_cell(population);
            printf(" | ");
            smp_cli_put_cell(figure->source);
            printf(" | %c | %s |\n", figure->grade, figure->date);
        }
    }
}

// ---- The command --------------------------------------------------------------------------------

int smp_cmd_evidence(int argc, char **argv)
{
    const char *json = NULL, *markdown = NULL, *topic = NULL, *data = NULL;
    const struct smp_option options[] = {
        { "topic", "T", "loss, transplant, medication, hairpiece, smp or costs (all)", &topic, 0 },
        { "data", "DIR", "folder with your own evidence/*.json", &data, 0 },
        { "json", NULL, "print one JSON object", &json, 0 },
        { "markdown", NULL, "print Markdown tables, as in docs/evidence.md", &markdown, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0, which = 0;
    const int status =
        smp_cli_parse(argc, argv, "evidence [--topic T] [--json]", options, NULL, 0, 0, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_evidence evidence = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    enum smp_code code = SMP_OK;
    if (json && markdown)
        code = smp_fail(&err, SMP_E_INPUT, "--json and --markdown cannot be had at once");
    if (!code && topic)
        code = smp_cli_choice(topic, "topic", smp_topic_names, &which, &err);
    if (!code)
        code = smp_evidence_load(&evidence, data, &arena, &err);
    if (!code)
        (json ? print_json
         : markdown
             ? print_markdown
             : print_text)(&evidence, topic ? which : 0, topic ? which + 1 : SMP_TOPIC_COUNT);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
