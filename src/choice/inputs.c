// All that is uncertain of a comparison, one value an input: figures with their bands, and places
// among persons.
#include "choice/choice_impl.h"

#include <math.h>
#include <string.h>

#define FIGURE SMP_IN_FIGURE
#define NORMAL SMP_IN_NORMAL
#define UNIT SMP_IN_UNIT
#define ROW(name, words, kind, topic, id) { words, kind, SMP_TOPIC_##topic, id },
static const struct {
    const char *words;
    enum smp_input_kind kind;
    enum smp_topic topic;
    const char *id;
} inputs[] = { SMP_INPUTS(ROW) };

double smp_span_at(struct smp_span span, double z)
{
    const double half = z < 0 ? span.value - span.low : span.high - span.value;
    return smp_clamp(span.value + z / 1.96 * half, span.low, span.high);
}

struct smp_span smp_figure_span(const struct smp_figure *figure)
{
    const struct smp_figure_band band = smp_figure_band(figure);
    return (struct smp_span){ band.low, figure->value, band.high };
}

const struct smp_figure *smp_figure_need(const struct smp_evidence *evidence, enum smp_topic topic,
                                         const char *id, enum smp_code *code, struct smp_err *err)
{
    static const struct smp_figure absent = { .unit = "", .id = "" };
    const struct smp_figure *found = smp_figure_find(evidence, topic, id);
    if (!found && !*code)
        *code = smp_fail(err, SMP_E_INPUT, "the figure %s of evidence/%s.json is missing", id,
                         smp_topic_names[topic]);
    return found ? found : &absent;
}

enum smp_code smp_prospect_inputs(struct smp_prospect *made, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    for (int i = 0; i < SMP_IN_COUNT; i++) {
        made->weak[i] = !inputs[i].id;
        if (!inputs[i].id)
            continue;
        const struct smp_figure *figure =
            smp_figure_need(made->params.evidence, inputs[i].topic, inputs[i].id, &code, err);
        if (code)
            return code;
        made->spans[i] = smp_figure_span(figure);
        made->weak[i] = smp_figure_weak(figure);
    }
    return code;
}

double smp_input_at(const struct smp_prospect *prospect, enum smp_input input, double share)
{
    if (inputs[input].kind == UNIT)
        return share;
    const double z = smp_normal_quantile(share);
    return inputs[input].kind == NORMAL ? z : smp_span_at(prospect->spans[input], z);
}

struct smp_draw smp_draw_middle(const struct smp_prospect *prospect)
{
    struct smp_draw draw;
    for (int i = 0; i < SMP_IN_COUNT; i++)
        draw.x[i] = smp_input_at(prospect, (enum smp_input)i, 0.5);
    return draw;
}

struct smp_draw smp_draw_person(const struct smp_prospect *prospect, uint64_t seed, uint64_t number)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(seed, number), 2);
    struct smp_draw draw;
    for (int i = 0; i < SMP_IN_COUNT; i++)
        draw.x[i] = smp_input_at(prospect, (enum smp_input)i, smp_rng_unit(&rng));
    return draw;
}

const char *smp_input_words(enum smp_input input)
{
    return inputs[input].words;
}

bool smp_input_weak(const struct smp_prospect *prospect, enum smp_input input)
{
    return prospect->weak[input];
}

enum smp_input_kind smp_input_kind(enum smp_input input)
{
    return inputs[input].kind;
}

const struct smp_figure *smp_input_figure(const struct smp_prospect *prospect, enum smp_input input)
{
    return inputs[input].id
               ? smp_figure_find(prospect->params.evidence, inputs[input].topic, inputs[input].id)
               : NULL;
}
