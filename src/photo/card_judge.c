// Whether a card can be used: clipping, glare, two lights, falling light, another card.
#include "photo/card_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { patches = SMP_CARD_PATCHES, at_slope = 18 };

// "patch 3", "patches 3 and 4", "patches 3, 4 and 9": those that are marked.
static void list_patches(char *text, size_t room, const bool marked[patches])
{
    int count = 0, said = 0;
    for (int i = 0; i < patches; i++)
        count += marked[i];
    size_t used = (size_t)snprintf(text, room, count == 1 ? "patch " : "patches ");
    for (int i = 0; i < patches; i++) {
        if (!marked[i])
            continue;
        const char *before = said == 0 ? "" : said + 1 == count ? " and " : ", ";
        const int n = snprintf(text + used, room - used, "%s%d", before, i + 1);
        used += n > 0 ? (size_t)n : 0;
        said++;
    }
}

static int count_of(const bool marked[patches])
{
    int count = 0;
    for (int i = 0; i < patches; i++)
        count += marked[i];
    return count;
}

enum smp_code smp_card_judge_light(const struct smp_card *card, const char *name,
                                   struct smp_err *err)
{
    bool clipped[patches], dark = true;
    char list[120];
    for (int i = 0; i < patches; i++) {
        clipped[i] = card->patch[i].clipped > 0.02;
        dark &= card->patch[i].lin.g < 0.05;
    }
    list_patches(list, sizeof list, clipped);
    if (count_of(clipped))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the colour card is overexposed, %s clipped: take the picture "
                        "again with less exposure",
                        name, list);
    if (dark)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the colour card is too dark, its white shows %.1f %% of full light: "
                        "take the picture again with more light",
                        name, 100 * card->patch[18].lin.g);
    return SMP_OK;
}

// ---- Two lights -------------------------------------------------------------------------------

struct second_light {
    double share[patches]; // how much of it falls on each patch
    double gain[3];        // logarithms of what it is to the first in R, G, B
    double rest;           // sum of squares once it is allowed for
};

static double along(int i, int direction)
{
    static const double way[4][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 } };
    const struct smp_vec2 place = smp_card_place(i);
    return way[direction][0] * place.x + way[direction][1] * place.y;
}

// Lights further apart than by a factor of 5 are no lights but a fit that has lost one side.
static const double second_most = 1.6;

static void try_share(struct second_light *best, const double share[patches],
                      const struct smp_correct_problem *problem, const double x[correct_all])
{
    struct smp_correct_problem with = *problem;
    double next[correct_all];
    memcpy(next, x, sizeof next);
    with.second_light = share;
    const double rest = smp_correct_improve(next, &with);
    const double *gain = next + correct_known;
    const double most = fmax(fabs(gain[0]), fmax(fabs(gain[1]), fabs(gain[2])));
    if (rest >= best->rest || most > second_most)
        return;
    best->rest = rest;
    memcpy(best->share, share, sizeof best->share);
    memcpy(best->gain, next + correct_known, sizeof best->gain);
}

// The edge of a shadow or of another light across the card, or a change from side to side, that
// explains most.
static void find_second_light(struct second_light *best, const struct smp_correct_problem *problem,
                              const double x[correct_all], double rest)
{
    *best = (struct second_light){ .rest = rest };
    for (int direction = 0; direction < 4; direction++) {
        double low = (double)INFINITY, high = -(double)INFINITY, share[patches];
        for (int i = 0; i < patches; i++) {
            low = fmin(low, along(i, direction));
            high = fmax(high, along(i, direction));
        }
        for (int i = 0; i < patches; i++)
            share[i] = (along(i, direction) - low) / (high - low);
        try_share(best, share, problem, x);
        for (int step = 0; low + step < high; step++) {
            const double edge = low + step + 0.5;
            int beyond = 0;
            for (int i = 0; i < patches; i++) {
                share[i] = along(i, direction) > edge;
                beyond += share[i] > 0;
            }
            if (beyond >= 3 && beyond <= patches - 3)
                try_share(best, share, problem, x);
        }
    }
}

// Two lights explain a card where the errors fall to this part and the lights differ by this much;
// lights of one colour, which a slope explains in part, by more. Cards in one light: the errors
// fall to 0.67 at the least (docs/photos.md).
static bool explains(const struct second_light *best, double rest)
{
    double most = 0, least = (double)INFINITY;
    for (int k = 0; k < 3; k++) {
        most = fmax(most, fabs(best->gain[k]));
        least = fmin(least, fabs(best->gain[k]));
    }
    if (rest < 24) // every patch within about 1
        return false;
    return (best->rest < 0.5 * rest && most > 0.1) || (best->rest < 0.65 * rest && least > 0.25);
}

static enum smp_code refuse_two_lights(const struct second_light *best, const char *name,
                                       struct smp_err *err)
{
    char list[120];
    bool beyond[patches];
    for (int i = 0; i < patches; i++)
        beyond[i] = best->share[i] > 0.5;
    list_patches(list, sizeof list, beyond);
    return smp_fail(err, SMP_E_INPUT,
                    "%s: the colour card lies in two lights: on %s red, green and blue are "
                    "%.0f, %.0f and %.0f %% of what they are on the others: light it from one side "
                    "only, without a shadow",
                    name, list, 100 * exp(best->gain[0]), 100 * exp(best->gain[1]),
                    100 * exp(best->gain[2]));
}

// ---- Glare, falling light, another card -------------------------------------------------------

// Quarters of a patch that differ by this much in the square root of light are not one colour in
// one light; a card in one light shows up to 0.03.
static const double quarters_differ = 0.06;
// A patch that is lighter by this much of L* than the others say has glare on it; up to 5.2
// without.
static const double glare_l = 8.5;
static const double falls_most = 2, error_most = 6;

// Marks patches with glare, the worst first, each judged by the patches without; what is left of
// the sum of squares without them, as if there were 24.
static double find_glare(bool glare[patches], const struct smp_card *card,
                         const struct smp_correct_problem *problem, const double x[correct_all])
{
    enum { most = 6 };
    struct smp_correct_problem p = *problem;
    double base[correct_all];
    memcpy(base, x, sizeof base);
    for (int i = 0; i < patches; i++)
        p.left_out[i] = glare[i] = card->patch[i].unlike > quarters_differ;
    double rest = smp_correct_improve(base, &p);
    while (count_of(glare) < most) {
        int worst = -1;
        double lighter = glare_l;
        for (int i = 0; i < patches; i++) {
            if (glare[i])
                continue;
            double others[correct_all];
            memcpy(others, base, sizeof others);
            p.left_out[i] = true;
            smp_correct_improve(others, &p);
            p.left_out[i] = false;
            const double by = smp_correct_patch(others, &p, i).l - p.wanted[i].l;
            if (by > lighter) {
                lighter = by;
                worst = i;
            }
        }
        if (worst < 0)
            break;
        p.left_out[worst] = glare[worst] = true;
        rest = smp_correct_improve(base, &p);
    }
    return rest * patches / (patches - count_of(glare));
}

static enum smp_code refuse_glare(const bool glare[patches], const char *name, struct smp_err *err)
{
    char list[120];
    list_patches(list, sizeof list, glare);
    return smp_fail(err, SMP_E_INPUT,
                    "%s: there is glare or a shadow on %s of the colour card: turn the card "
                    "so that no lamp or window is mirrored in it",
                    name, list);
}

enum smp_code smp_card_judge_fit(const struct smp_card *card,
                                 const struct smp_correct_problem *problem,
                                 const double x[correct_all], double rest, double error_mean,
                                 const char *name, struct smp_err *err)
{
    bool glare[patches];
    struct second_light second;
    const double rest_without = find_glare(glare, card, problem, x);
    find_second_light(&second, problem, x, rest);
    const bool two_lights = explains(&second, rest), shines = count_of(glare) > 0;
    if (two_lights && !(shines && rest_without < second.rest))
        return refuse_two_lights(&second, name, err);
    if (shines)
        return refuse_glare(glare, name, err);
    const double falls = exp(2 * (fabs(x[at_slope]) + fabs(x[at_slope + 1])));
    if (falls > falls_most)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the light falls off by a factor of %.1f over the colour card (at most "
                        "%g): take the lamp farther away",
                        name, falls, falls_most);
    if (error_mean > error_most)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the colours of the card do not fit its reference: patches told by the "
                        "others are off by %.1f on average (at most ΔE00 %g)",
                        name, error_mean, error_most);
    return SMP_OK;
}
