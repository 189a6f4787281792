// Looks from the shipped table: a skin becomes states, a shape becomes objects, a contrast is the
// exponential of their product.
#include "skin/look_impl.h"

#include <math.h>
#include <string.h>

// The two loops that take the time, also for wider registers. Only + and ×: the same bytes.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) &&                  \
    !defined(__clang__)
#define LOOK_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define LOOK_WIDE
#endif

struct look_stencil look_stencil_at(double at, int count)
{
    const int first = (int)smp_clamp(floor(at) - 1, 0, count - 4);
    const double t = at - first;
    return (struct look_stencil){
        first,
        { -(t - 1) * (t - 2) * (t - 3) / 6, t * (t - 2) * (t - 3) / 2, -t * (t - 1) * (t - 3) / 2,
          t * (t - 1) * (t - 2) / 6 },
    };
}

struct look_stencil look_stencil_on(const double *nodes, int count, double at)
{
    int first = 0;
    while (first < count - 4 && at > nodes[first + 2])
        first++;
    struct look_stencil s = { first, { 1, 1, 1, 1 } };
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            if (j != i)
                s.weight[i] *= (at - nodes[first + j]) / (nodes[first + i] - nodes[first + j]);
    return s;
}

// Absorption of a layer: the logarithm of what is seen through it runs straightest in the root of
// the coefficient. In the logarithm of it dots on the darkest skin came out a tenth too dark.
static struct look_stencil absorption_at(double per_mm, double (*node_per_mm)(int), int count)
{
    double nodes[LOOK_DERMES > LOOK_EPIDERMES ? LOOK_DERMES : LOOK_EPIDERMES];
    for (int i = 0; i < count; i++)
        nodes[i] = sqrt(node_per_mm(i));
    return look_stencil_on(nodes, count, sqrt(per_mm));
}

// Objects of one shape, by offset.
struct objects {
    double vector[LOOK_OFFSETS][LOOK_RANK_DEPOSITS];
};

static const struct look_header *header(void)
{
    return (const void *)smp_looks_data;
}

const int16_t *look_numbers(enum look_part part, bool objects)
{
    const int16_t *at =
        (const int16_t *)(const void *)(smp_looks_data + sizeof(struct look_header));
    size_t rank = 0;
    for (int i = 0; i < LOOK_PARTS; i++) {
        if (i < (int)part)
            at += (size_t)look_part_rank[i] * (LOOK_STATES + look_part_rows[i]);
        if (i == (int)part)
            rank = (size_t)look_part_rank[i];
    }
    return at + (objects ? rank * LOOK_STATES : 0);
}

double look_cell(enum look_part part, size_t row, size_t state)
{
    const int rank = look_part_rank[part];
    const float(*scale)[LOOK_RANK_MAX] = header()->scale[part];
    const int16_t *object = look_numbers(part, true) + row * rank;
    const int16_t *of = look_numbers(part, false) + state * rank;
    double sum = 0;
    for (int k = 0; k < rank; k++)
        sum += (double)scale[0][k] * (double)scale[1][k] * object[k] * of[k];
    return exp(sum) - look_row_floor(part, row);
}

struct coordinates {
    struct look_stencil scatter, dermis, epidermis;
    double scatter_per_mm, dermis_per_mm;
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
        look_stencil_at(smp_clamp(look_scatter_at(scatter), -0.6, LOOK_SCATTERS - 0.4),
                        LOOK_SCATTERS),
        absorption_at(smp_clamp(mua, 0.005, 8), look_dermis_per_mm, LOOK_DERMES),
        absorption_at(smp_clamp(above, 0, 65), look_epidermis_per_mm, LOOK_EPIDERMES),
        scatter,
        mua,
        { 1 - blood, blood },
    };
}

LOOK_WIDE void look_add(double *sum, const int16_t *from, double weight, int rank)
{
    for (int k = 0; k < rank; k++)
        sum[k] += weight * from[k];
}

// One pigment's state: a weighted sum over the neighbours in all other axes.
static void state_of(double *sum, enum look_part part, const struct coordinates *c, int pigment)
{
    const int16_t *from = look_numbers(part, false);
    const int rank = look_part_rank[part];
    for (int s = 0; s < 4; s++) {
        const size_t level = (size_t)(c->scatter.first + s) * LOOK_PIGMENTS + pigment;
        for (int p = 0; p < LOOK_PAPILLARIES; p++)
            for (int d = 0; d < 4; d++) {
                const double w = c->scatter.weight[s] * c->papillary[p] * c->dermis.weight[d];
                const size_t bed =
                    ((size_t)p * LOOK_DERMES + c->dermis.first + d) * LOOK_EPIDERMES +
                    c->epidermis.first;
                for (int e = 0; e < 4; e++)
                    look_add(sum, from + (level * LOOK_BEDS + bed + e) * rank,
                             w * c->epidermis.weight[e], rank);
            }
    }
}

void look_states_of(struct look_states *to, const struct smp_skin *skin, double nm,
                    enum look_part part)
{
    const struct coordinates c = coordinates_of(skin, nm);
    const float(*scale)[LOOK_RANK_MAX] = header()->scale[part];
    memset(to, 0, sizeof *to);
    to->rank = look_part_rank[part];
    to->scatter_per_mm = c.scatter_per_mm;
    to->dermis_per_mm = c.dermis_per_mm;
    for (int p = 0; p < LOOK_PIGMENTS; p++) {
        double sum[LOOK_RANK_MAX] = { 0 };
        state_of(sum, part, &c, p);
        // Both scales at once: objects are then used as they are stored.
        for (int k = 0; k < to->rank; k++)
            to->vector[k][p] = sum[k] * (double)scale[0][k] * (double)scale[1][k];
    }
}

LOOK_WIDE static void project(double value[LOOK_PIGMENTS], const double *object,
                              const struct look_states *skin)
{
    enum { LANES = 4 }; // sums of their own: one would wait for each of its additions
    double sum[LANES][LOOK_PIGMENTS] = { { 0 } };
    for (int k = 0; k < skin->rank; k += LANES)
        for (int lane = 0; lane < LANES; lane++)
            for (int p = 0; p < LOOK_PIGMENTS; p++)
                sum[lane][p] += object[k + lane] * skin->vector[k + lane][p];
    for (int p = 0; p < LOOK_PIGMENTS; p++)
        value[p] = (sum[0][p] + sum[1][p]) + (sum[2][p] + sum[3][p]);
}

double look_seen(const double *object, const struct look_states *skin, double mua_per_mm,
                 double floor)
{
    static const double axis[LOOK_PIGMENTS] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    const double least = look_pigment_per_mm(0);
    const double share = mua_per_mm < least ? fmax(mua_per_mm, 0) / least : 1;
    const double at = mua_per_mm > least ? fmin(look_pigment_at(mua_per_mm), LOOK_PIGMENTS - 1) : 0;
    const int last = (int)fmin((int)at + 2, LOOK_PIGMENTS - 1);
    double value[LOOK_PIGMENTS] = { 0 };
    project(value, object, skin);
    for (int p = 1; p <= last; p++)
        value[p] = fmax(value[p], value[p - 1] + 1e-4);
    const double log_c = last > 0 ? look_cubic(axis, value, last + 1, at, false) : value[0];
    return fmax(exp(log_c) - floor, 0) * share;
}

// ---- Deposits --------------------------------------------------------------------------------

// Where a shape stands on the axes: a weighted sum of kinds, tops and diameters.
struct place {
    struct look_stencil top, diameter;
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
        .top = look_stencil_at(smp_clamp(look_top_at(shape->top_mm), -0.5, LOOK_TOPS - 0.6),
                               LOOK_TOPS),
        .diameter = look_stencil_at(
            smp_clamp(look_diameter_at(shape->diameter_mm), -0.6, LOOK_DIAMETERS - 0.4),
            LOOK_DIAMETERS),
    };
    if (column < 1) {
        p.share[p.kinds++] = 1 - column;
    }
    if (column > 0) {
        const struct look_stencil tall = look_stencil_at(
            smp_clamp(look_height_at(fmax(height, 0.01)), -1, LOOK_HEIGHTS - 1), LOOK_HEIGHTS);
        for (int h = 0; h < 4; h++) {
            p.kind[p.kinds] = 1 + tall.first + h;
            p.share[p.kinds++] = column * tall.weight[h];
        }
    }
    return p;
}

// Sums the first `rows` rows of a shape (its offsets, or its area) of a part into to[rows][rank].
static void gather(double *to, const struct place *p, enum look_part part, int rows)
{
    const int16_t *from = look_numbers(part, true);
    const int rank = look_part_rank[part], all = part == LOOK_PART_AREAS ? 1 : LOOK_OFFSETS;
    memset(to, 0, (size_t)rows * rank * sizeof *to);
    for (int k = 0; k < p->kinds; k++)
        for (int t = 0; t < 4; t++)
            for (int d = 0; d < 4; d++) {
                const double w = p->share[k] * p->top.weight[t] * p->diameter.weight[d];
                const size_t shape =
                    ((size_t)p->kind[k] * LOOK_TOPS + p->top.first + t) * LOOK_DIAMETERS +
                    p->diameter.first + d;
                for (int i = 0; i < rows; i++)
                    look_add(to + (size_t)i * rank, from + (shape * all + i) * rank, w, rank);
            }
}

static void objects_of(struct objects *to, const struct smp_deposit_shape *shape)
{
    const struct place p = place_of(shape);
    gather(to->vector[0], &p, LOOK_PART_DEPOSITS, LOOK_OFFSETS);
}

static void area_object(double object[LOOK_RANK_AREAS], const struct smp_deposit_shape *shape)
{
    const struct place p = place_of(shape);
    gather(object, &p, LOOK_PART_AREAS, 1);
}

static void rings(double r_mm[LOOK_OFFSETS], const struct smp_deposit_shape *shape)
{
    for (int i = 0; i < LOOK_OFFSETS; i++)
        r_mm[i] = look_offset_mm(shape->diameter_mm, i);
}

static double centre(const double *object, const struct look_states *skin, double mua_per_mm)
{
    return fmin(look_seen(object, skin, mua_per_mm, look_floor(0)), 1);
}

static void contrasts(double c[LOOK_OFFSETS], const struct objects *objects,
                      const struct look_states *skin, double mua_per_mm)
{
    for (int i = 0; i < LOOK_OFFSETS; i++) {
        const double floor = look_floor(i);
        c[i] = fmin(look_seen(objects->vector[i], skin, mua_per_mm, floor), 1);
        if (i > 0)
            c[i] = fmin(c[i], c[i - 1]); // counting noise far out
    }
}

double look_area_mm2(const double *object, const struct look_states *skin, double mua_per_mm)
{
    return look_seen(object, skin, mua_per_mm, LOOK_AREA_FLOOR_MM2);
}

// What scattering does, as a share of the same deposit in black. It was followed in balls. What
// pigment sends back from under the same top is the same light from a column (direct runs: within
// 0.003 of contrast), which hides more: so much smaller is its share.
struct veiled {
    const struct smp_deposit_shape *shape;
    double own[LOOK_RANK_DEPOSITS], ball[LOOK_RANK_DEPOSITS]; // their middles
};

static void middle_of(double middle[LOOK_RANK_DEPOSITS], const struct smp_deposit_shape *shape)
{
    const struct place p = place_of(shape);
    gather(middle, &p, LOOK_PART_DEPOSITS, 1);
}

static void veiled_of(struct veiled *veiled, const struct smp_deposit_shape *shape)
{
    const double ball_mm = look_veil_ball_mm(shape);
    veiled->shape = shape;
    middle_of(veiled->own, shape);
    middle_of(veiled->ball,
              &(struct smp_deposit_shape){ shape->top_mm, shape->top_mm + ball_mm, ball_mm });
}

static double veil_share(const struct veiled *veiled, const struct look_states *skin,
                         double mua_per_mm, const double *mus_per_mm)
{
    if (!mus_per_mm || !(*mus_per_mm > 0))
        return 0;
    const double opaque = look_veil_mua_per_mm[LOOK_VEIL_MUA - 1];
    const double own = centre(veiled->own, skin, opaque), ball = centre(veiled->ball, skin, opaque);
    const double share = look_veil(header(), veiled->shape, skin->dermis_per_mm,
                                   (struct look_pigment){ mua_per_mm, *mus_per_mm });
    return own > ball ? share * ball / own : share;
}

// Adds it.
static void veil(double c[LOOK_OFFSETS], const struct objects *objects,
                 const struct look_states *skin, double share)
{
    double black[LOOK_OFFSETS];
    if (share == 0)
        return;
    contrasts(black, objects, skin, look_veil_mua_per_mm[LOOK_VEIL_MUA - 1]);
    for (int i = 0; i < LOOK_OFFSETS; i++)
        c[i] += share * black[i];
}

static double veiled_area(const double *object, const struct look_states *skin, double mua_per_mm,
                          double share)
{
    const double d = look_area_mm2(object, skin, mua_per_mm);
    return share == 0
               ? d
               : d + share * look_area_mm2(object, skin, look_veil_mua_per_mm[LOOK_VEIL_MUA - 1]);
}

// Contrast between the rings: in the logarithm, or plainly where a white deposit makes it negative.
static void between_rings(double *at, const double *at_mm, size_t count, const double *r_mm,
                          const double *contrast)
{
    double log_c[LOOK_OFFSETS];
    bool white = false;
    for (int i = 0; i < LOOK_OFFSETS; i++) {
        white |= contrast[i] < 0;
        log_c[i] = log(fmax(contrast[i], 1e-9));
    }
    for (size_t k = 0; k < count; k++) {
        const double r = fabs(at_mm[k]);
        const double c = white ? look_cubic(r_mm, contrast, LOOK_OFFSETS, r, true)
                               : exp(look_cubic(r_mm, log_c, LOOK_OFFSETS, r, true));
        at[k] = white || c > 1.5e-9 ? c : 0;
    }
}

double smp_look_contrast(const struct smp_deposit_shape *shape, const struct smp_skin *skin,
                         double wavelength_nm, double mua_per_mm, double mus_per_mm, double r_mm)
{
    struct objects objects;
    struct look_states states;
    double r[LOOK_OFFSETS], c[LOOK_OFFSETS];
    objects_of(&objects, shape);
    look_states_of(&states, skin, wavelength_nm, LOOK_PART_DEPOSITS);
    rings(r, shape);
    struct veiled veiled;
    veiled_of(&veiled, shape);
    contrasts(c, &objects, &states, mua_per_mm);
    veil(c, &objects, &states, veil_share(&veiled, &states, mua_per_mm, &mus_per_mm));
    double at;
    between_rings(&at, &r_mm, 1, r, c);
    return at;
}

double smp_look_area_mm2(const struct smp_deposit_shape *shape, const struct smp_skin *skin,
                         double wavelength_nm, double mua_per_mm, double mus_per_mm)
{
    double object[LOOK_RANK_AREAS];
    struct look_states states, deposit;
    struct veiled veiled;
    area_object(object, shape);
    veiled_of(&veiled, shape);
    look_states_of(&states, skin, wavelength_nm, LOOK_PART_AREAS);
    look_states_of(&deposit, skin, wavelength_nm, LOOK_PART_DEPOSITS);
    return veiled_area(object, &states, mua_per_mm,
                       veil_share(&veiled, &deposit, mua_per_mm, &mus_per_mm));
}

// ---- Compiled --------------------------------------------------------------------------------

struct smp_look_skin *smp_look_skin_make(const struct smp_skin *skin, struct smp_arena *arena)
{
    struct smp_look_skin *made = smp_new(arena, struct smp_look_skin, 1);
    for (int w = 0; made && w < SMP_WAVELENGTHS; w++) {
        look_states_of(&made->deposit[w], skin, smp_wavelength_nm(w), LOOK_PART_DEPOSITS);
        look_states_of(&made->area[w], skin, smp_wavelength_nm(w), LOOK_PART_AREAS);
        look_states_of(&made->shaft[w], skin, smp_wavelength_nm(w), LOOK_PART_SHAFTS);
    }
    return made;
}

void smp_look_compile(struct smp_look *look, const struct smp_look_skin *skin,
                      const struct smp_deposit_shape *shape, const double *mua_per_mm,
                      const double *mus_per_mm)
{
    smp_look_compile_some(look, skin, shape, mua_per_mm, mus_per_mm,
                          (struct smp_every){ 0, SMP_WAVELENGTHS - 1, 1 });
}

void smp_look_compile_some(struct smp_look *look, const struct smp_look_skin *skin,
                           const struct smp_deposit_shape *shape, const double *mua_per_mm,
                           const double *mus_per_mm, struct smp_every wavelengths)
{
    struct objects objects;
    double object[LOOK_RANK_AREAS];
    objects_of(&objects, shape);
    area_object(object, shape);
    rings(look->r_mm, shape);
    struct veiled veiled;
    veiled_of(&veiled, shape);
    for (int w = wavelengths.first; w <= wavelengths.last; w += wavelengths.step) {
        const double share = veil_share(&veiled, &skin->deposit[w], mua_per_mm[w],
                                        mus_per_mm ? mus_per_mm + w : NULL);
        contrasts(look->contrast[w], &objects, &skin->deposit[w], mua_per_mm[w]);
        veil(look->contrast[w], &objects, &skin->deposit[w], share);
        look->area_mm2[w] = veiled_area(object, &skin->area[w], mua_per_mm[w], share);
    }
}

double smp_look_at(const struct smp_look *look, int wavelength, double r_mm)
{
    double at;
    between_rings(&at, &r_mm, 1, look->r_mm, look->contrast[wavelength]);
    return at;
}

void smp_look_profile(double *contrast, const struct smp_look *look, int wavelength,
                      const double *r_mm, size_t count)
{
    between_rings(contrast, r_mm, count, look->r_mm, look->contrast[wavelength]);
}

void smp_look_lose_depth(struct smp_look *look, const struct smp_look_skin *skin, double top_mm)
{
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        double *c = look->contrast[w];
        const double *r = look->r_mm, last = r[LOOK_OFFSETS - 1];
        const double before = look_ring_integral(r, c, LOOK_OFFSETS);
        const double beyond = fmax(look->area_mm2[w] - before, 0);
        for (int i = 0; i < LOOK_OFFSETS; i++)
            c[i] *= look_deep(header(), &skin->deposit[w], top_mm, r[i]);
        const double after = look_ring_integral(r, c, LOOK_OFFSETS);
        const double left = look_deep(header(), &skin->deposit[w], top_mm, last);
        if (before > 0)
            look->area_mm2[w] *= (after + beyond * left) / (before + beyond);
    }
}

void smp_look_takes(struct smp_takes *takes, const struct smp_look_skin *skin,
                    const struct smp_deposit_shape *shape, const double *mua_per_mm,
                    const double *mus_per_mm)
{
    double object[LOOK_RANK_AREAS];
    struct veiled veiled;
    area_object(object, shape);
    veiled_of(&veiled, shape);
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        const struct look_states *states = &skin->deposit[w];
        const double share =
            veil_share(&veiled, states, mua_per_mm[w], mus_per_mm ? mus_per_mm + w : NULL);
        takes->area_mm2[w] = veiled_area(object, &skin->area[w], mua_per_mm[w], share);
        takes->centre[w] = centre(veiled.own, states, mua_per_mm[w]);
        if (share != 0)
            takes->centre[w] +=
                share * centre(veiled.own, states, look_veil_mua_per_mm[LOOK_VEIL_MUA - 1]);
    }
}
