// stubble measure skin: colour of skin (or hair) in a picture with a colour card.
#include "cli/colour_card.h"
#include "cli/measuring.h"
#include "cli/optics.h"
#include "skin/skin.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

int smp_measure_skin(int argc, char **argv);

enum as { AS_SKIN, AS_HAIR };
static const char *const as_names[] = { "skin", "hair", NULL };

struct call {
    struct smp_measuring_flags flags;
    const char *as, *reference, *card_from;
};

struct answer {
    enum as as;
    struct smp_card card;
    struct smp_card_fit fit;
    struct smp_area_colour colour;
    struct smp_skin skin; // where as is AS_SKIN
    double model_delta_e00;
    double doubt_delta_e00, light_doubt_l, ita_doubt_deg;
};

// Uncertainty of ITA° where L* and b* are off by as much.
static double ita_doubt_deg(struct smp_lab lab, double off_l, double off_b)
{
    const double x = lab.b, y = lab.l - 50, square = x * x + y * y;
    return square > 0 ? hypot(x * off_l, y * off_b) / square * 180 / SMP_PI : 180;
}

static enum smp_code find_card(struct answer *a, const struct smp_lab *reference,
                               const struct smp_image *image, const char *path,
                               struct smp_measuring *m, struct smp_err *err)
{
    struct smp_err why = { 0 };
    enum smp_code code = smp_card_find(&a->card, image, reference, path, m->pool, &m->arena, &why);
    if (code == SMP_E_INPUT)
        return smp_fail(
            err, code,
            "%s; without one no colour is told, for a photo's own colours are not those "
            "of the skin: lay a card beside it, in the same light",
            why.msg);
    if (code)
        return smp_fail(err, code, "%s", why.msg);
    return smp_card_correct(&a->fit, &a->card, reference, path, err);
}

// The card stands in the picture itself, or in another one of the same light and settings.
static enum smp_code correct(struct answer *a, const struct smp_lab *reference,
                             const struct call *c, const char *path, struct smp_measuring *m,
                             struct smp_err *err)
{
    if (!c->card_from)
        return find_card(a, reference, &m->subject.image, path, m, err);
    const struct smp_image_options options = { .no_sandbox = c->flags.no_sandbox != NULL,
                                               .pool = m->pool };
    struct smp_image other;
    const enum smp_code code = smp_image_load(&other, c->card_from, &options, &m->arena, err);
    return code ? code : find_card(a, reference, &other, c->card_from, m, err);
}

static enum smp_code look_at(struct answer *a, const struct smp_lab *reference,
                             const struct call *c, const char *path, struct smp_measuring *m,
                             struct smp_err *err)
{
    enum smp_code code =
        smp_area_colour(&a->colour, &m->subject, &a->fit.correction, path, &m->arena, err);
    if (code)
        return code;
    const struct smp_lab lab = a->colour.lab;
    if (!c->card_from) {
        if (smp_card_covers(&a->card, a->colour.centre_px))
            return smp_fail(err, SMP_E_INPUT, "--region lies on the colour card of %s", path);
        a->light_doubt_l = smp_card_light_doubt_l(&a->fit, &a->card, a->colour.centre_px, lab);
    }
    const double card_doubt = smp_card_doubt(&a->fit, reference, lab);
    a->doubt_delta_e00 = hypot(card_doubt, a->light_doubt_l);
    a->ita_doubt_deg =
        ita_doubt_deg(lab, hypot(card_doubt / sqrt(3), a->light_doubt_l), card_doubt / sqrt(3));
    if (a->as == AS_HAIR)
        return SMP_OK;
    a->skin = smp_skin_default();
    return smp_skin_fit(&a->skin, &a->model_delta_e00, lab, path, &m->arena, err);
}

static enum smp_code run(struct answer *a, const struct call *c, const char *path,
                         struct smp_measuring *m, struct smp_err *err)
{
    struct smp_lab reference[SMP_CARD_PATCHES];
    int as = AS_SKIN;
    // The card is sought below: opening would seek it for the scale as well.
    struct smp_measuring_flags open = c->flags;
    open.chart = NULL;
    enum smp_code code = smp_measuring_open(m, &open, path, err);
    if (!code && !c->flags.region)
        code = smp_fail(err, SMP_E_INPUT,
                        "--region must say where to look: X,Y,W,H in pixels or a picture that is "
                        "bright there");
    if (!code && c->as)
        code = smp_cli_choice(c->as, "as", as_names, &as, err);
    a->as = (enum as)as;
    if (!code)
        code = smp_cli_reference(reference, c->reference, &m->arena, err);
    if (!code)
        code = correct(a, reference, c, path, m, err);
    return code ? code : look_at(a, reference, c, path, m, err);
}

static json_t *lab_json(struct smp_lab lab)
{
    return json_pack("[f,f,f]", lab.l, lab.a, lab.b);
}

static double tenth(double value)
{
    return round(10 * value) / 10;
}

// What to put into case.json, in tenths.
static json_t *case_json(const struct answer *a)
{
    const struct smp_lab lab = a->colour.lab;
    return json_pack("{s:{s:[f,f,f]}}", as_names[a->as], "lab", tenth(lab.l), tenth(lab.a),
                     tenth(lab.b));
}

static void print_json(const struct answer *a)
{
    const struct smp_area_colour *c = &a->colour;
    json_t *object =
        json_pack("{s:o,s:o,s:f,s:f,s:i,s:f,s:o,s:o}", "lab", lab_json(c->lab), "lab_sd",
                  lab_json(c->sd), "doubt_delta_e00", a->doubt_delta_e00, "light_doubt_l",
                  a->light_doubt_l, "pixels", (int)c->pixels, "left_out", c->left_out, "case",
                  case_json(a), "delta_e00", smp_cli_card_errors(&a->fit));
    if (a->as == AS_SKIN)
        json_object_update_new(
            object, json_pack("{s:f,s:f,s:s,s:f,s:f,s:f,s:f}", "ita_deg", smp_ita_deg(c->lab),
                              "ita_doubt_deg", a->ita_doubt_deg, "phototype",
                              smp_cli_phototypes[smp_ita_class(smp_ita_deg(c->lab)) - 1], "melanin",
                              a->skin.melanin, "blood", a->skin.blood, "melanin_exponent",
                              a->skin.melanin_exponent, "model_delta_e00", a->model_delta_e00));
    smp_cli_print_json(object);
}

static void print_text(const struct answer *a)
{
    const struct smp_area_colour *c = &a->colour;
    printf("L*a*b* %.1f %.1f %.1f (D65; pixels vary by %.1f %.1f %.1f; off by ΔE00 %.1f at a "
           "guess)\n",
           c->lab.l, c->lab.a, c->lab.b, c->sd.l, c->sd.a, c->sd.b, a->doubt_delta_e00);
    printf("%zu px, %.0f %% left out as hair, shine or moles\n", c->pixels, 100 * c->left_out);
    if (a->as == AS_SKIN) {
        const double ita_deg = smp_ita_deg(c->lab);
        printf("ITA %.0f ± %.0f°, phototype %s by convention\n", ita_deg, a->ita_doubt_deg,
               smp_cli_phototypes[smp_ita_class(ita_deg) - 1]);
        printf("melanin %.4f (exponent %.2f), blood %.4f: the model's skin is ΔE00 %.1f from it\n",
               a->skin.melanin, a->skin.melanin_exponent, a->skin.blood, a->model_delta_e00);
    }
    printf("case.json: \"%s\": {\"lab\": [%.1f, %.1f, %.1f]}\n", as_names[a->as], c->lab.l,
           c->lab.a, c->lab.b);
}

int smp_measure_skin(int argc, char **argv)
{
    struct call c = { 0 };
    const struct smp_option options[] = {
        SMP_REGION_OPTION(c.flags),
        { "as", "skin|hair", "what the region shows (default skin)", &c.as, 0 },
        { "chart", NULL, "take the colours from the card in the picture (it is so anyway)",
          &c.flags.chart, 0 },
        { "card-from", "IMAGE", "the card is in this picture, of the same light and settings",
          &c.card_from, 0 },
        { "reference", "FILE", "CSV of the card's CIELAB D50 (default: the maker's values)",
          &c.reference, 0 },
        SMP_MEASURING_OPTIONS(c.flags),
        { 0 },
    };
    int count;
    const char *path;
    const int status =
        smp_cli_parse(argc, argv, "measure skin IMAGE --region X,Y,W,H|MASK [OPTIONS]", options,
                      &path, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_measuring m;
    struct answer a = { 0 };
    const enum smp_code code = run(&a, &c, path, &m, &err);
    if (!code)
        (c.flags.json ? print_json : print_text)(&a);
    smp_measuring_close(&m);
    return code ? smp_cli_fail(&err) : 0;
}
