// What the options cost in the person's currency: of their country where the list has it, else of
// their currency, else the first that the list has, converted.
#include "choice/choice_impl.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct asked {
    enum smp_treatment treatment;
    const char *per;
};

static const struct smp_figure *find_price(const struct smp_prospect *made, struct asked asked,
                                           int *best)
{
    const struct smp_evidence *evidence = made->params.evidence;
    const struct smp_case *from = made->params.from;
    const char *country = from->person.country ? from->person.country : "US";
    const struct smp_figure *found = NULL;
    *best = -1;
    for (size_t i = evidence->begin[SMP_TOPIC_COSTS]; i < evidence->begin[SMP_TOPIC_COSTS + 1];
         i++) {
        const struct smp_figure *f = &evidence->figures[i];
        if (!f->cost.is || f->cost.treatment != asked.treatment ||
            strcmp(f->cost.per, asked.per) != 0)
            continue;
        const int fits = 2 * (strcmp(f->cost.country, country) == 0) +
                         (strcmp(f->cost.currency, from->currency) == 0);
        if (fits > *best) {
            *best = fits;
            found = f;
        }
    }
    return found;
}

static double usd_per(const struct smp_prospect *made, const char *currency, enum smp_code *code,
                      struct smp_err *err)
{
    char id[16];
    if (strcmp(currency, "USD") == 0)
        return 1;
    snprintf(id, sizeof id, "usd.per.%c%c%c", tolower((unsigned char)currency[0]),
             tolower((unsigned char)currency[1]), tolower((unsigned char)currency[2]));
    const double rate =
        smp_figure_need(made->params.evidence, SMP_TOPIC_COSTS, id, code, err)->value;
    if (!*code && !(rate > 0))
        *code = smp_fail(err, SMP_E_INPUT, "%s of evidence/costs.json must be above 0, not %g", id,
                         rate);
    return *code ? 1 : rate;
}

static struct smp_span convert(const struct smp_prospect *made, const struct smp_figure *figure,
                               enum smp_code *code, struct smp_err *err)
{
    const struct smp_span span = smp_figure_span(figure);
    const char *own = made->params.from->currency;
    const double rate =
        strcmp(figure->cost.currency, own) == 0
            ? 1
            : usd_per(made, figure->cost.currency, code, err) / usd_per(made, own, code, err);
    return (struct smp_span){ span.low * rate, span.value * rate, span.high * rate };
}

static struct smp_span price(const struct smp_prospect *made, struct asked asked,
                             enum smp_code *code, struct smp_err *err)
{
    int fits = 0;
    const struct smp_figure *figure = find_price(made, asked, &fits);
    if (!figure && !*code)
        *code = smp_fail(err, SMP_E_INPUT, "evidence/costs.json has no price of %s per %s",
                         smp_treatment_names[asked.treatment], asked.per);
    return figure ? convert(made, figure, code, err) : (struct smp_span){ 0, 0, 0 };
}

// By the graft, unless only an operation as a whole is priced where the person is.
static void graft_price(struct smp_prospect *made, enum smp_surgery surgery, enum smp_code *code,
                        struct smp_err *err)
{
    const struct asked by_graft = { surgery == SMP_SURGERY_FUT ? SMP_TREAT_FUT : SMP_TREAT_FUE,
                                    "graft" };
    const struct asked whole = { SMP_TREAT_TRANSPLANT, "course" };
    int graft_fits = 0, whole_fits = 0;
    find_price(made, by_graft, &graft_fits);
    find_price(made, whole, &whole_fits);
    made->graft_by_course[surgery] = whole_fits >= 2 && graft_fits < 2;
    made->graft_price[surgery] =
        price(made, made->graft_by_course[surgery] ? whole : by_graft, code, err);
}

static void drug(struct smp_prospect *made, enum smp_treatment treatment, enum smp_treatment priced,
                 const char *const hours[2], enum smp_code *code, struct smp_err *err)
{
    made->drug_price[treatment] = price(made, (struct asked){ priced, "year" }, code, err);
    for (size_t i = 0; i < 2 && hours[i]; i++) {
        const struct smp_span span = smp_figure_span(
            smp_figure_need(made->params.evidence, SMP_TOPIC_MEDICATION, hours[i], code, err));
        struct smp_span *sum = &made->drug_hours[treatment];
        *sum = (struct smp_span){ sum->low + span.low, sum->value + span.value,
                                  sum->high + span.high };
    }
}

enum smp_code smp_prospect_prices(struct smp_prospect *made, struct smp_err *err)
{
    static const char *const tablet[2] = { "hours.finasteride", NULL };
    static const char *const lotion[2] = { "hours.minoxidil", NULL };
    static const char *const both[2] = { "hours.finasteride", "hours.minoxidil" };
    const struct smp_dots_course *dots = made->params.dots;
    enum smp_code code = SMP_OK;
    graft_price(made, SMP_SURGERY_FUT, &code, err);
    graft_price(made, SMP_SURGERY_FUE, &code, err);
    drug(made, SMP_TREAT_MINOXIDIL_5, SMP_TREAT_MINOXIDIL, lotion, &code, err);
    drug(made, SMP_TREAT_ORAL_MINOXIDIL, SMP_TREAT_ORAL_MINOXIDIL, tablet, &code, err);
    drug(made, SMP_TREAT_FINASTERIDE, SMP_TREAT_FINASTERIDE, tablet, &code, err);
    drug(made, SMP_TREAT_DUTASTERIDE, SMP_TREAT_DUTASTERIDE, tablet, &code, err);
    drug(made, SMP_TREAT_BOTH, SMP_TREAT_BOTH, both, &code, err);
    made->piece_price = price(made, (struct asked){ SMP_TREAT_HAIRPIECE, "year" }, &code, err);
    made->touch_up_price = price(made, (struct asked){ SMP_TREAT_SMP, "session" }, &code, err);
    if (dots && dots->price_high > 0)
        made->course_price =
            (struct smp_span){ dots->price_low, (dots->price_low + dots->price_high) / 2,
                               dots->price_high };
    else
        made->course_price = price(made, (struct asked){ SMP_TREAT_SMP, "course" }, &code, err);
    return code;
}
