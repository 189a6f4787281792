// Looks from the shipped table: a skin becomes states, a shape becomes objects, a contrast is the
// exponential of their product.
#include "skin/look_impl.h"

#include <math.h>
#include <string.h>

// Weights of four neighbours on an even axis (Lagrange's cubic).
struct stencil {
    int first;
    double weight[4];
};

static struct stencil stencil_at(double at, int count)
{
    const int first = (int)smp_clamp(floor(at) - 1, 0, count - 4);
    const double t = at - first;
    return (struct stencil){
        first,
        { -(t - 1) * (t - 2) * (t - 3) / 6, t * (t - 2) * (t - 3) / 2, -t * (t - 1) * (t - 3) / 2,
          t * (t - 1) * (t - 2) / 6 },
    };
}

// States of one skin at one wavelength, by pigment; table scales applied.
struct states {
    double vector[LOOK_PIGMENTS][LOOK_RANK];
    double dermis_per_mm;
};

// Objects of one shape, by offset.
struct objects {
    double vector[LOOK_OFFSETS][LOOK_RANK];
};

struct smp_look_skin {
    struct states deposit[SMP_WAVELENGTHS], area[SMP_WAVELENGTHS];
};

static const struct look_header *header(void)
{
    return (const void *)smp_looks_data;
}

// Numbers of a part: states, or objects.
static const int16_t *numbers(enum look_part part, bool objects)
{
    const int16_t *at =
        (const int16_t *)(const void *)(smp_looks_data + sizeof(struct look_header));
    for (int i = 0; i < (int)part && i < LOOK_PARTS; i++)
        at += (size_t)LOOK_RANK * (LOOK_STATES + look_part_rows[i]);
    return at + (objects ? (size_t)LOOK_RANK * LOOK_STATES : 0);
}

double look_cell(enum look_part part, size_t row, size_t state)
{
    const float(*scale)[LOOK_RANK] = header()->scale[part];
    const int16_t *object = numbers(part, true) + row * LOOK_RANK;
    const int16_t *of = numbers(part, false) + state * LOOK_RANK;
    double sum = 0;
    for (int k = 0; k < LOOK_RANK; k++)
        sum += (double)scale[0][k] * (double)scale[1][k] * object[k] * of[k];
    return exp(sum) - (part == LOOK_PART_AREAS ? LOOK_AREA_FLOOR_MM2 : LOOK_FLOOR);
}

struct coordinates {
    struct stencil scatter, dermis, epidermis;
    double dermis_per_mm;
    double papillary[LOOK_PAPILLARIES];
};

// Where a skin stands on the axes. An epidermis of another thickness counts by its optical depth,
// a papillary layer of another thickness by its blood.
static struct coordinates coordinates_of(const struct smp_skin *skin, double nm)
{
    struct smp_stack stack;
    smp_skin_stack(&stack, skin, nm);
    const struct smp_layer *epidermis = &stack.layer[0], *papillary = &stack.layer[1];
    const struct smp_layer *dermis = &stack.layer[2];
    const double scatter = dermis->mus_per_mm * (1 - dermis->g);
    const double mua = fmax(dermis->mua_per_mm, 1e-6);
    const double extra = (papillary->mua_per_mm / mua - 1) * papillary->thickness_mm / 0.15;
    const double blood = smp_clamp(extra, -0.5, 3);
    const double above = epidermis->mua_per_mm * epidermis->thickness_mm / LOOK_EPIDERMIS_MM;
    return (struct coordinates){
        stencil_at(smp_clamp(look_scatter_at(scatter), -0.6, LOOK_SCATTERS - 0.4), LOOK_SCATTERS),
        stencil_at(smp_clamp(look_dermis_at(mua), -0.7, LOOK_DERMES - 0.7), LOOK_DERMES),
        stencil_at(smp_clamp(look_epidermis_at(above), 0, LOOK_EPIDERMES - 0.7), LOOK_EPIDERMES),
        mua,
        { 1 - blood, blood },
    };
}

static void add_scaled(double *sum, const int16_t *from, double weight)
{
    for (int k = 0; k < LOOK_RANK; k++)
        sum[k] += weight * from[k];
}

// One pigment's state: a weighted sum over the neighbours in all other axes.
static void state_of(double *sum, const int16_t *from, const struct coordinates *c, int pigment)
{
    for (int s = 0; s < 4; s++) {
        const size_t level = (size_t)(c->scatter.first + s) * LOOK_PIGMENTS + pigment;
        for (int p = 0; p < LOOK_PAPILLARIES; p++)
            for (int d = 0; d < 4; d++) {
                const double w = c->scatter.weight[s] * c->papillary[p] * c->dermis.weight[d];
                const size_t bed =
                    ((size_t)p * LOOK_DERMES + c->dermis.first + d) * LOOK_EPIDERMES +
                    c->epidermis.first;
                for (int e = 0; e < 4; e++)
                    add_scaled(sum, from + (level * LOOK_BEDS + bed + e) * LOOK_RANK,
                               w * c->epidermis.weight[e]);
            }
    }
}

static void states_of(struct states *to, const struct smp_skin *skin, double nm,
                      enum look_part part)
{
    const struct coordinates c = coordinates_of(skin, nm);
    const float(*scale)[LOOK_RANK] = header()->scale[part];
    const int16_t *from = numbers(part, false);
    memset(to, 0, sizeof *to);
    to->dermis_per_mm = c.dermis_per_mm;
    for (int p = 0; p < LOOK_PIGMENTS; p++) {
        state_of(to->vector[p], from, &c, p);
        // Both scales at once: objects are then used as they are stored.
        for (int k = 0; k < LOOK_RANK; k++)
            to->vector[p][k] *= (double)scale[0][k] * (double)scale[1][k];
    }
}

// Contrast (or area) of an object at one absorption: a monotone cubic over the axis of pigments, so
// that more pigment is never lighter. Below the axis it is proportional to absorption.
static double seen(const double object[LOOK_RANK], const struct states *skin, double mua_per_mm,
                   double floor)
{
    static const double axis[LOOK_PIGMENTS] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    const double least = look_pigment_per_mm(0);
    const double share = mua_per_mm < least ? fmax(mua_per_mm, 0) / least : 1;
    const double at = mua_per_mm > least ? fmin(look_pigment_at(mua_per_mm), LOOK_PIGMENTS - 1) : 0;
    const int last = (int)fmin((int)at + 2, LOOK_PIGMENTS - 1);
    double value[LOOK_PIGMENTS] = { 0 };
    for (int p = 0; p <= last; p++) {
        value[p] = 0;
        for (int k = 0; k < LOOK_RANK; k++)
            value[p] += object[k] * skin->vector[p][k];
        if (p > 0)
            value[p] = fmax(value[p], value[p - 1] + 1e-4);
    }
    const double log_c = last > 0 ? look_cubic(axis, value, last + 1, at, false) : value[0];
    return fmax(exp(log_c) - floor, 0) * share;
}

// ---- Deposits --------------------------------------------------------------------------------

// Where a shape stands on the axes: a weighted sum of kinds, tops and diameters.
struct place {
    struct stencil top, diameter;
    int kinds, kind[5];
    double share[5];
};

// A ball where height is the diameter, a column where it is not; between them a short ramp, so
// that no height is a jump.
static struct place place_of(const struct smp_deposit_shape *shape)
{
    const double height = shape->bottom_mm - shape->top_mm;
    const double column = fmin(1, fabs(height / shape->diameter_mm - 1) / 0.1);
    struct place p = {
        .top = stencil_at(smp_clamp(look_top_at(shape->top_mm), -0.5, LOOK_TOPS - 0.6), LOOK_TOPS),
        .diameter =
            stencil_at(smp_clamp(look_diameter_at(shape->diameter_mm), -0.6, LOOK_DIAMETERS - 0.4),
                       LOOK_DIAMETERS),
    };
    if (column < 1) {
        p.share[p.kinds++] = 1 - column;
    }
    if (column > 0) {
        const struct stencil tall = stencil_at(
            smp_clamp(look_height_at(fmax(height, 0.01)), -1, LOOK_HEIGHTS - 1), LOOK_HEIGHTS);
        for (int h = 0; h < 4; h++) {
            p.kind[p.kinds] = 1 + tall.first + h;
            p.share[p.kinds++] = column * tall.weight[h];
        }
    }
    return p;
}

// Sums `rows` rows a shape (its offsets, or its area) into to[rows][LOOK_RANK].
static void gather(double *to, const struct place *p, const int16_t *from, int rows)
{
    memset(to, 0, (size_t)rows * LOOK_RANK * sizeof *to);
    for (int k = 0; k < p->kinds; k++)
        for (int t = 0; t < 4; t++)
            for (int d = 0; d < 4; d++) {
                const double w = p->share[k] * p->top.weight[t] * p->diameter.weight[d];
                const size_t shape =
                    ((size_t)p->kind[k] * LOOK_TOPS + p->top.first + t) * LOOK_DIAMETERS +
                    p->diameter.first + d;
                for (int i = 0; i < rows; i++)
                    add_scaled(to + (size_t)i * LOOK_RANK, from + (shape * rows + i) * LOOK_RANK,
                               w);
            }
}

static void objects_of(struct objects *to, const struct smp_deposit_shape *shape)
{
    const struct place p = place_of(shape);
    gather(to->vector[0], &p, numbers(LOOK_PART_DEPOSITS, true), LOOK_OFFSETS);
}

static void area_object(double object[LOOK_RANK], const struct smp_deposit_shape *shape)
{
    const struct place p = place_of(shape);
    gather(object, &p, numbers(LOOK_PART_AREAS, true), 1);
}

static void rings(double r_mm[LOOK_OFFSETS], const struct smp_deposit_shape *shape)
{
    for (int i = 0; i < LOOK_OFFSETS; i++)
        r_mm[i] = look_offset_mm(shape->diameter_mm, i);
}

static void contrasts(double c[LOOK_OFFSETS], const struct objects *objects,
                      const struct states *skin, double mua_per_mm)
{
    for (int i = 0; i < LOOK_OFFSETS; i++) {
        c[i] = fmin(seen(objects->vector[i], skin, mua_per_mm, LOOK_FLOOR), 1);
        if (i > 0)
            c[i] = fmin(c[i], c[i - 1]); // counting noise far out
    }
}

static double area(const double object[LOOK_RANK], const struct states *skin, double mua_per_mm)
{
    return seen(object, skin, mua_per_mm, LOOK_AREA_FLOOR_MM2);
}

// Adds what the pigment's scattering does, as a share of the same deposit in black.
static void veil(double c[LOOK_OFFSETS], const struct objects *objects, const struct states *skin,
                 double share)
{
    double black[LOOK_OFFSETS];
    if (share == 0)
        return;
    contrasts(black, objects, skin, look_veil_mua_per_mm[LOOK_VEIL_MUA - 1]);
    for (int i = 0; i < LOOK_OFFSETS; i++)
        c[i] += share * black[i];
}

static double veiled_area(const double object[LOOK_RANK], const struct states *skin,
                          double mua_per_mm, double share)
{
    const double d = area(object, skin, mua_per_mm);
    return share == 0 ? d : d + share * area(object, skin, look_veil_mua_per_mm[LOOK_VEIL_MUA - 1]);
}

// Contrast between the rings: in the logarithm, or plainly where a white deposit makes it negative.
static double between_rings(const double *r_mm, const double *contrast, double at)
{
    double log_c[LOOK_OFFSETS];
    for (int i = 0; i < LOOK_OFFSETS; i++) {
        if (contrast[i] < 0)
            return look_cubic(r_mm, contrast, LOOK_OFFSETS, at, true);
        log_c[i] = log(fmax(contrast[i], 1e-9));
    }
    const double c = exp(look_cubic(r_mm, log_c, LOOK_OFFSETS, at, true));
    return c > 1.5e-9 ? c : 0;
}

double smp_look_contrast(const struct smp_deposit_shape *shape, const struct smp_skin *skin,
                         double wavelength_nm, double mua_per_mm, double mus_per_mm, double r_mm)
{
    struct objects objects;
    struct states states;
    double r[LOOK_OFFSETS], c[LOOK_OFFSETS];
    objects_of(&objects, shape);
    states_of(&states, skin, wavelength_nm, LOOK_PART_DEPOSITS);
    rings(r, shape);
    contrasts(c, &objects, &states, mua_per_mm);
    veil(c, &objects, &states,
         look_veil(header(), shape, states.dermis_per_mm,
                   (struct look_pigment){ mua_per_mm, mus_per_mm }));
    return between_rings(r, c, fabs(r_mm));
}

double smp_look_area_mm2(const struct smp_deposit_shape *shape, const struct smp_skin *skin,
                         double wavelength_nm, double mua_per_mm, double mus_per_mm)
{
    double object[LOOK_RANK];
    struct states states;
    area_object(object, shape);
    states_of(&states, skin, wavelength_nm, LOOK_PART_AREAS);
    return veiled_area(object, &states, mua_per_mm,
                       look_veil(header(), shape, states.dermis_per_mm,
                                 (struct look_pigment){ mua_per_mm, mus_per_mm }));
}

// ---- Compiled --------------------------------------------------------------------------------

struct smp_look_skin *smp_look_skin_make(const struct smp_skin *skin, struct smp_arena *arena)
{
    struct smp_look_skin *made = smp_new(arena, struct smp_look_skin, 1);
    for (int w = 0; made && w < SMP_WAVELENGTHS; w++) {
        states_of(&made->deposit[w], skin, smp_wavelength_nm(w), LOOK_PART_DEPOSITS);
        states_of(&made->area[w], skin, smp_wavelength_nm(w), LOOK_PART_AREAS);
    }
    return made;
}

void smp_look_compile(struct smp_look *look, const struct smp_look_skin *skin,
                      const struct smp_deposit_shape *shape, const double *mua_per_mm,
                      const double *mus_per_mm)
{
    struct objects objects;
    double object[LOOK_RANK];
    objects_of(&objects, shape);
    area_object(object, shape);
    rings(look->r_mm, shape);
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        const double share = mus_per_mm
                                 ? look_veil(header(), shape, skin->deposit[w].dermis_per_mm,
                                             (struct look_pigment){ mua_per_mm[w], mus_per_mm[w] })
                                 : 0;
        contrasts(look->contrast[w], &objects, &skin->deposit[w], mua_per_mm[w]);
        veil(look->contrast[w], &objects, &skin->deposit[w], share);
        look->area_mm2[w] = veiled_area(object, &skin->area[w], mua_per_mm[w], share);
    }
}

double smp_look_at(const struct smp_look *look, int wavelength, double r_mm)
{
    return between_rings(look->r_mm, look->contrast[wavelength], fabs(r_mm));
}

void smp_look_areas(double area_mm2[SMP_WAVELENGTHS], const struct smp_look_skin *skin,
                    const struct smp_deposit_shape *shape, const double *mua_per_mm,
                    const double *mus_per_mm)
{
    double object[LOOK_RANK];
    area_object(object, shape);
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        const double share = mus_per_mm
                                 ? look_veil(header(), shape, skin->area[w].dermis_per_mm,
                                             (struct look_pigment){ mua_per_mm[w], mus_per_mm[w] })
                                 : 0;
        area_mm2[w] = veiled_area(object, &skin->area[w], mua_per_mm[w], share);
    }
}

// ---- Shafts ----------------------------------------------------------------------------------

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

// A row of a follicle, of `rows` that it has, interpolated over exit and calibre.
static void shaft_object(double object[LOOK_RANK], const struct smp_shafts *shafts,
                         const int16_t *from, int rows, int row)
{
    double t;
    const int first = exit_at(shafts->exit_deg, &t);
    const int count = (int)smp_clamp(shafts->count, 1, LOOK_COUNTS) - 1;
    const struct stencil calibre = stencil_at(
        smp_clamp(look_calibre_at(shafts->calibre_mm), -0.2, LOOK_CALIBRES - 0.9), LOOK_CALIBRES);
    memset(object, 0, LOOK_RANK * sizeof *object);
    for (int e = 0; e < 2; e++)
        for (int c = 0; c < 4; c++) {
            const size_t at =
                (((size_t)(first + e) * LOOK_COUNTS + count) * LOOK_CALIBRES + c) * rows + row;
            add_scaled(object, from + at * LOOK_RANK, (e ? t : 1 - t) * calibre.weight[c]);
        }
}

static int cell(const double *x, int count, double at)
{
    int i = 0;
    while (i < count - 2 && at >= x[i + 1])
        i++;
    return i;
}

double smp_shaft_contrast(const struct smp_shafts *shafts, const struct smp_skin *skin,
                          double wavelength_nm, double mua_per_mm, double x_mm, double y_mm)
{
    struct states states;
    double across_mm[LOOK_ACROSS], line[LOOK_ACROSS];
    states_of(&states, skin, wavelength_nm, LOOK_PART_SHAFTS);
    for (int j = 0; j < LOOK_ACROSS; j++)
        across_mm[j] = look_across_mm(shafts->calibre_mm, shafts->count, j);
    const double y = fabs(y_mm),
                 x = smp_clamp(x_mm, look_along_mm[0], look_along_mm[LOOK_ALONG - 1]);
    const int j0 = cell(across_mm, LOOK_ACROSS, y), i0 = cell(look_along_mm, LOOK_ALONG, x);
    const int from = (int)smp_clamp(i0 - 1, 0, LOOK_ALONG - 4);
    // Rows j0 − 1 to j0 + 2 shape the cubic between j0 and j0 + 1.
    const int low = j0 > 0 ? j0 - 1 : 0, high = j0 + 2 < LOOK_ACROSS ? j0 + 2 : LOOK_ACROSS - 1;
    for (int j = low; j <= high; j++) {
        double near[4];
        for (int i = 0; i < 4; i++) {
            double object[LOOK_RANK];
            shaft_object(object, shafts, numbers(LOOK_PART_SHAFTS, true), LOOK_PATCH,
                         j * LOOK_ALONG + from + i);
            near[i] = log(fmax(seen(object, &states, mua_per_mm, LOOK_FLOOR), 1e-9));
        }
        line[j] = look_cubic(look_along_mm + from, near, 4, x, false);
    }
    const double c = exp(look_cubic(across_mm + low, line + low, high - low + 1, y, low == 0));
    return c > 1.5e-9 ? fmin(c, 1) : 0;
}

static void shaft_area_object(double object[LOOK_RANK], const struct smp_shafts *shafts)
{
    const int16_t *areas = numbers(LOOK_PART_AREAS, true) + (size_t)LOOK_SHAPES * LOOK_RANK;
    shaft_object(object, shafts, areas, 1, 0);
}

double smp_shaft_area_mm2(const struct smp_shafts *shafts, const struct smp_skin *skin,
                          double wavelength_nm, double mua_per_mm)
{
    struct states states;
    double object[LOOK_RANK];
    states_of(&states, skin, wavelength_nm, LOOK_PART_AREAS);
    shaft_area_object(object, shafts);
    return area(object, &states, mua_per_mm);
}

void smp_shaft_areas(double area_mm2[SMP_WAVELENGTHS], const struct smp_look_skin *skin,
                     const struct smp_shafts *shafts, const double *mua_per_mm)
{
    double object[LOOK_RANK];
    shaft_area_object(object, shafts);
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        area_mm2[w] = area(object, &skin->area[w], mua_per_mm[w]);
}
