// Shafts of one follicle from the shipped table: their look on a grid around its mouth, and D.
#include "skin/look_impl.h"

#include <math.h>
#include <string.h>

// Two neighbours and a weight on the axis of exit angles: D goes as 1/sin, so it is even there.
static int exit_at(double exit_deg, double *t)
{
    const double rad = SMP_PI / 180, at = 1 / sin(smp_clamp(exit_deg, 20, 90) * rad);
    int i = 0;
    while (i < LOOK_EXITS - 2 && exit_deg >= look_exit_deg[i + 1])
        i++;
    const double low = 1 / sin(look_exit_deg[i] * rad), high = 1 / sin(look_exit_deg[i + 1] * rad);
    *t = (at - low) / (high - low);
    return i;
}

// The first `count` of `all` rows of a follicle, interpolated over exit and calibre, into
// to[count][rank].
static void shaft_rows(double *to, const struct smp_shafts *shafts, const int16_t *from, int rank,
                       int all, int count)
{
    double t;
    const int first = exit_at(shafts->exit_deg, &t);
    const int hairs = (int)smp_clamp(shafts->count, 1, LOOK_COUNTS) - 1;
    const struct look_stencil calibre = look_stencil_at(
        smp_clamp(look_calibre_at(shafts->calibre_mm), -0.2, LOOK_CALIBRES - 0.9), LOOK_CALIBRES);
    memset(to, 0, (size_t)count * rank * sizeof *to);
    for (int e = 0; e < 2; e++)
        for (int c = 0; c < 4; c++) {
            const size_t follicle = ((size_t)(first + e) * LOOK_COUNTS + hairs) * LOOK_CALIBRES + c;
            for (int i = 0; i < count; i++)
                look_add(to + (size_t)i * rank, from + (follicle * all + i) * rank,
                         (e ? t : 1 - t) * calibre.weight[c], rank);
        }
}

struct patch {
    double vector[LOOK_PATCH][LOOK_RANK_SHAFTS];
};

static void patch_of(struct patch *to, struct smp_shaft_look *look, const struct smp_shafts *shafts)
{
    shaft_rows(to->vector[0], shafts, look_numbers(LOOK_PART_SHAFTS, true), LOOK_RANK_SHAFTS,
               LOOK_PATCH, LOOK_PATCH);
    memcpy(look->along_mm, look_along_mm, sizeof look->along_mm);
    for (int j = 0; j < LOOK_ACROSS; j++)
        look->across_mm[j] = look_across_mm(shafts->calibre_mm, shafts->count, j);
}

static void shade(double log_contrast[LOOK_ACROSS][LOOK_ALONG], const struct patch *patch,
                  const struct look_states *skin, double mua_per_mm)
{
    for (int j = 0; j < LOOK_ACROSS; j++)
        for (int i = 0; i < LOOK_ALONG; i++)
            log_contrast[j][i] = log(fmax(
                look_seen(patch->vector[j * LOOK_ALONG + i], skin, mua_per_mm, LOOK_FLOOR), 1e-9));
}

void smp_shaft_compile(struct smp_shaft_look *look, const struct smp_look_skin *skin,
                       const struct smp_shafts *shafts, const double *mua_per_mm)
{
    struct patch patch;
    patch_of(&patch, look, shafts);
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        shade(look->log_contrast[w], &patch, &skin->shaft[w], mua_per_mm[w]);
}

static int cell(const double *x, int count, double at)
{
    int i = 0;
    while (i < count - 2 && at >= x[i + 1])
        i++;
    return i;
}

double smp_shaft_at(const struct smp_shaft_look *look, int wavelength, double x_mm, double y_mm)
{
    const double x = smp_clamp(x_mm, look->along_mm[0], look->along_mm[LOOK_ALONG - 1]);
    const double y = fabs(y_mm);
    const int j = cell(look->across_mm, LOOK_ACROSS, y), i = cell(look->along_mm, LOOK_ALONG, x);
    const int from = (int)smp_clamp(i - 1, 0, LOOK_ALONG - 4);
    // Rows j − 1 to j + 2 shape the cubic between j and j + 1.
    const int low = j > 0 ? j - 1 : 0, high = j + 2 < LOOK_ACROSS ? j + 2 : LOOK_ACROSS - 1;
    double line[LOOK_ACROSS];
    for (int k = low; k <= high; k++)
        line[k] = look_cubic(look->along_mm + from, look->log_contrast[wavelength][k] + from, 4, x,
                             false);
    const double c =
        exp(look_cubic(look->across_mm + low, line + low, high - low + 1, y, low == 0));
    return c > 1.5e-9 ? fmin(c, 1) : 0;
}

double smp_shaft_contrast(const struct smp_shafts *shafts, const struct smp_skin *skin,
                          double wavelength_nm, double mua_per_mm, double x_mm, double y_mm)
{
    struct look_states states;
    struct smp_shaft_look look;
    struct patch patch;
    look_states_of(&states, skin, wavelength_nm, LOOK_PART_SHAFTS);
    patch_of(&patch, &look, shafts);
    shade(look.log_contrast[0], &patch, &states, mua_per_mm);
    return smp_shaft_at(&look, 0, x_mm, y_mm);
}

static void area_object(double object[LOOK_RANK_AREAS], const struct smp_shafts *shafts)
{
    const int16_t *areas =
        look_numbers(LOOK_PART_AREAS, true) + (size_t)LOOK_SHAPES * LOOK_RANK_AREAS;
    shaft_rows(object, shafts, areas, LOOK_RANK_AREAS, 1, 1);
}

double smp_shaft_area_mm2(const struct smp_shafts *shafts, const struct smp_skin *skin,
                          double wavelength_nm, double mua_per_mm)
{
    struct look_states states;
    double object[LOOK_RANK_AREAS];
    look_states_of(&states, skin, wavelength_nm, LOOK_PART_AREAS);
    area_object(object, shafts);
    return look_area_mm2(object, &states, mua_per_mm);
}

void smp_shaft_takes(struct smp_takes *takes, const struct smp_look_skin *skin,
                     const struct smp_shafts *shafts, const double *mua_per_mm)
{
    enum { middle = 8 }; // along the lean, in look_along_mm; across: 0
    double area[LOOK_RANK_AREAS], patch[middle + 1][LOOK_RANK_SHAFTS];
    area_object(area, shafts);
    shaft_rows(patch[0], shafts, look_numbers(LOOK_PART_SHAFTS, true), LOOK_RANK_SHAFTS, LOOK_PATCH,
               middle + 1);
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        takes->area_mm2[w] = look_area_mm2(area, &skin->area[w], mua_per_mm[w]);
        takes->centre[w] =
            fmin(look_seen(patch[middle], &skin->shaft[w], mua_per_mm[w], LOOK_FLOOR), 1);
    }
}
