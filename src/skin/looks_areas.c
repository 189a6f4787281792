// Making the table of looks: D of deposits and of follicles, by endless lattices of them under each
// path.
//
// A lattice laid at random under a path meets every distance alike: the sum over its deposits, each
// by itself, times the area of a cell is the integral over the plane. Nothing is cut off, and rings
// need not be joined: in red light a tenth of D lies beyond the rings.
#include "skin/looks_make_impl.h"

#include <string.h>

enum {
    per_deposit = LOOK_KINDS * LOOK_TOPS,
    follicles = LOOK_EXITS * LOOK_COUNTS,
    members_max = 8192,
    places = 2 * members_max,
    states = LOOK_PIGMENTS * LOOK_BEDS,
};

struct area_level {
    double top_mm[LOOK_TOPS], height_mm[LOOK_HEIGHTS];
    struct smp_path path;
    int count; // members of the lattice met by this path
    int per;   // lengths of each: a deposit of every kind and top, or a follicle of every calibre
    int32_t column[members_max], row[members_max];
    int32_t at[places]; // their index + 1, hashed by column and row
    float length_mm[members_max][per_deposit];
    float dark[per_deposit][LOOK_PIGMENTS], weight[LOOK_BEDS];
    double taken[LOOK_DIAMETERS][per_deposit][states], bare[LOOK_BEDS];
    double taken_by_hair[follicles][LOOK_CALIBRES][states], bare_of_hair[LOOK_BEDS];
};

struct area_work {
    struct area_level *levels;
    const struct smp_absorbers *absorbers;
    uint64_t photons, shaft_photons, seed;
};

static uint32_t place_of(int32_t column, int32_t row)
{
    return ((uint32_t)column * 73856093U ^ (uint32_t)row * 19349663U) % places;
}

// Lengths inside one member of the lattice, made empty where it is met for the first time.
static float *lengths_of(struct area_level *l, int32_t column, int32_t row)
{
    uint32_t place = place_of(column, row);
    while (l->at[place]) {
        const int32_t i = l->at[place] - 1;
        if (l->column[i] == column && l->row[i] == row)
            return l->length_mm[i];
        place = (place + 1) % places;
    }
    if (l->count == members_max)
        return NULL; // a path of more than a metre
    l->column[l->count] = column;
    l->row[l->count] = row;
    l->at[place] = ++l->count;
    return l->length_mm[l->count - 1];
}

static void cross(float *length_mm, const struct area_level *l, const struct smp_segment *s,
                  double radius)
{
    const double aside = s->x * s->x + s->y * s->y - radius * radius;
    const double flat = s->x * s->dx + s->y * s->dy;
    double a, b;
    smp_segment_inside(s->dx * s->dx + s->dy * s->dy, flat, aside, &a, &b);
    if (!(a < b))
        return;
    const double za = s->z + a * s->dz, zb = s->z + b * s->dz, low = smp_most(za, zb);
    for (int t = 0; t < LOOK_TOPS && l->top_mm[t] < low; t++) {
        const double top = l->top_mm[t], z = s->z - top - radius;
        double from, to;
        smp_segment_inside(s->length * s->length, flat + z * s->dz, aside + z * z, &from, &to);
        if (from < to)
            length_mm[t] += (float)((to - from) * s->length);
        for (int h = 0; h < LOOK_HEIGHTS; h++) {
            from = a;
            to = b;
            smp_segment_between(s, top, top + l->height_mm[h], &from, &to);
            if (from < to)
                length_mm[(1 + h) * LOOK_TOPS + t] += (float)((to - from) * s->length);
        }
    }
}

// The path over a lattice whose origin is at (x, y).
static void walk_over(struct area_level *l, double radius, double step, struct smp_vec2 origin)
{
    const struct smp_path *p = &l->path;
    for (int i = 0; i + 1 < p->count; i++) {
        struct smp_segment s = {
            (double)p->x[i] + origin.x, (double)p->y[i] + origin.y, (double)p->z[i], 0, 0, 0, 0
        };
        s.dx = (double)p->x[i + 1] + origin.x - s.x;
        s.dy = (double)p->y[i + 1] + origin.y - s.y;
        s.dz = (double)p->z[i + 1] - s.z;
        if (s.z < l->top_mm[0] && s.z + s.dz < l->top_mm[0])
            continue;
        s.length = sqrt(s.dx * s.dx + s.dy * s.dy + s.dz * s.dz);
        const double x0 = smp_least(s.x, s.x + s.dx), x1 = smp_most(s.x, s.x + s.dx);
        const double y0 = smp_least(s.y, s.y + s.dy), y1 = smp_most(s.y, s.y + s.dy);
        for (int a = (int)ceil((x0 - radius) / step); a <= (int)floor((x1 + radius) / step); a++)
            for (int b = (int)ceil((y0 - radius) / step); b <= (int)floor((y1 + radius) / step);
                 b++) {
                struct smp_segment to = s;
                to.x -= a * step;
                to.y -= b * step;
                float *length_mm = lengths_of(l, a, b);
                if (length_mm)
                    cross(length_mm, l, &to, radius);
            }
    }
}

// Darks of all members of the lattice; empties the lattice.
static void darken(struct area_level *l, const struct smp_absorbers *absorbers)
{
    memset(l->dark, 0, sizeof l->dark);
    for (int i = 0; i < l->count; i++) {
        for (int k = 0; k < l->per; k++)
            for (int p = 0; l->length_mm[i][k] > 0 && p < LOOK_PIGMENTS; p++)
                l->dark[k][p] += 1.0F - smp_exp_below_0(-(float)absorbers->pigment_per_mm[p] *
                                                        l->length_mm[i][k]);
        memset(l->length_mm[i], 0, sizeof l->length_mm[i]);
        // Whatever was put after it in its place goes as well: all are emptied.
        for (uint32_t place = place_of(l->column[i], l->row[i]); l->at[place];
             place = (place + 1) % places)
            l->at[place] = 0;
    }
    l->count = 0;
}

static void take(double (*taken)[states], const struct area_level *l, double cell_mm2)
{
    for (int k = 0; k < l->per; k++)
        for (int p = 0; p < LOOK_PIGMENTS && l->dark[k][LOOK_PIGMENTS - 1] > 0; p++) {
            const double dark = cell_mm2 * (double)l->dark[k][p];
            for (int b = 0; b < LOOK_BEDS; b++)
                taken[k][p * LOOK_BEDS + b] += dark * (double)l->weight[b];
        }
}

static void weigh(struct area_level *l, double bare[LOOK_BEDS],
                  const struct smp_absorbers *absorbers)
{
    for (int b = 0; b < LOOK_BEDS; b++) {
        double depth = 0;
        for (int layer = 0; layer < SMP_BED_LAYERS; layer++)
            depth +=
                (absorbers->mua_per_mm[b][layer] - SMP_PATH_MUA_PER_MM) * l->path.length_mm[layer];
        l->weight[b] = (float)exp(-depth);
        bare[b] += (double)l->weight[b];
    }
}

static void run_deposits(struct area_level *l, const struct area_work *work,
                         const struct smp_bed *bed, struct smp_rng *rng)
{
    l->per = per_deposit;
    for (uint64_t k = 0; k < work->photons; k++) {
        if (!smp_path_walk(&l->path, bed, rng))
            continue;
        weigh(l, l->bare, work->absorbers);
        for (int d = 0; d < LOOK_DIAMETERS; d++) {
            const double diameter = look_diameter_mm(d), step = 2.5 * diameter;
            const struct smp_vec2 origin = { step * smp_rng_unit(rng), step * smp_rng_unit(rng) };
            walk_over(l, 0.5 * diameter, step, origin);
            darken(l, work->absorbers);
            take(l->taken[d], l, step * step);
        }
    }
}

// ---- Follicles ----------------------------------------------------------------------------------

// Shafts of one follicle on a lattice of follicles, and how they stand for this path.
struct leaning {
    int shafts;
    double sine, cosine, step; // of the lean; of the lattice
    struct smp_vec2 place[LOOK_COUNTS][LOOK_CALIBRES];
};

// A segment in the frame of the shafts: u across the plane of the lean, v in that plane across
// them, w along them.
struct leant {
    double u, du, v, dv, w, dw, length;
};

// One shaft of all calibres, in the cell of the lattice that it stands in.
static void cross_shaft(struct area_level *l, const struct leant *s, const struct leaning *how,
                        int shaft, int column, int row)
{
    for (int c = 0; c < LOOK_CALIBRES; c++) {
        const double radius = 0.5 * look_calibre_mm(c);
        const double u = s->u - row * how->step - how->place[shaft][c].x;
        const double v = s->v - column * how->step * how->sine - how->place[shaft][c].y;
        double a, b;
        smp_segment_inside(s->dv * s->dv + s->du * s->du, v * s->dv + u * s->du,
                           v * v + u * u - radius * radius, &a, &b);
        if (!(a < b))
            continue;
        const struct smp_segment along = { .z = s->w - column * how->step * how->cosine,
                                           .dz = s->dw };
        smp_segment_between(&along, -1, SMP_SHAFT_LENGTH_MM, &a, &b);
        float *length_mm = a < b ? lengths_of(l, column, row) : NULL;
        if (length_mm)
            length_mm[c] += (float)((b - a) * s->length);
    }
}

// The path over a lattice of follicles whose origin is at (x, y).
static void walk_under_hair(struct area_level *l, const struct leaning *how, struct smp_vec2 origin)
{
    const struct smp_path *p = &l->path;
    const double reach = 0.5 * look_calibre_mm(LOOK_CALIBRES - 1) + 0.1; // of shafts side by side
    for (int i = 0; i + 1 < p->count; i++) {
        const double x = (double)p->x[i] + origin.x, y = (double)p->y[i] + origin.y;
        const double z = (double)p->z[i], dx = (double)(p->x[i + 1] - p->x[i]);
        const double dy = (double)(p->y[i + 1] - p->y[i]), dz = (double)(p->z[i + 1] - p->z[i]);
        if (smp_least(z, z + dz) > SMP_SHAFT_LENGTH_MM)
            continue;
        const struct leant s = { y,
                                 dy,
                                 x * how->sine - z * how->cosine,
                                 dx * how->sine - dz * how->cosine,
                                 x * how->cosine + z * how->sine,
                                 dx * how->cosine + dz * how->sine,
                                 sqrt(dx * dx + dy * dy + dz * dz) };
        const double rows = how->step, columns = how->step * how->sine;
        const int low = (int)ceil((smp_least(s.u, s.u + s.du) - reach) / rows);
        const int high = (int)floor((smp_most(s.u, s.u + s.du) + reach) / rows);
        const int left = (int)ceil((smp_least(s.v, s.v + s.dv) - reach) / columns);
        const int right = (int)floor((smp_most(s.v, s.v + s.dv) + reach) / columns);
        for (int row = low; row <= high; row++)
            for (int column = left; column <= right; column++)
                for (int k = 0; k < how->shafts; k++)
                    cross_shaft(l, &s, how, k, column, row);
    }
}

static void run_follicles(struct area_level *l, const struct area_work *work,
                          const struct smp_bed *bed, struct smp_rng *rng)
{
    l->per = LOOK_CALIBRES;
    for (uint64_t k = 0; k < work->shaft_photons; k++) {
        if (!smp_path_walk(&l->path, bed, rng))
            continue;
        weigh(l, l->bare_of_hair, work->absorbers);
        for (int f = 0; f < follicles; f++) {
            const double lean = look_exit_deg[f / LOOK_COUNTS] * SMP_PI / 180;
            const double turn = 2 * SMP_PI * smp_rng_unit(rng);
            struct leaning how = {
                f % LOOK_COUNTS + 1, sin(lean), cos(lean), 0.5, { { { 0, 0 } } }
            };
            for (int j = 0; j < how.shafts; j++)
                for (int c = 0; c < LOOK_CALIBRES; c++)
                    how.place[j][c] = smp_shaft_place_mm(j, how.shafts, look_calibre_mm(c), turn);
            walk_under_hair(
                l, &how,
                (struct smp_vec2){ how.step * smp_rng_unit(rng), how.step * smp_rng_unit(rng) });
            darken(l, work->absorbers);
            take(l->taken_by_hair[f], l, how.step * how.step);
        }
    }
}

static void run_levels(void *context, size_t begin, size_t end)
{
    const struct area_work *work = context;
    for (size_t i = begin; i < end; i++) {
        struct area_level *l = &work->levels[i];
        struct smp_rng rng = smp_rng_make(work->seed, i);
        const struct smp_bed bed = look_bed(look_scatter_per_mm((int)i));
        for (int t = 0; t < LOOK_TOPS; t++)
            l->top_mm[t] = look_top_mm(t);
        for (int h = 0; h < LOOK_HEIGHTS; h++)
            l->height_mm[h] = look_height_mm(h);
        run_deposits(l, work, &bed, &rng);
        run_follicles(l, work, &bed, &rng);
    }
}

static void store(float *row, double (*taken)[states], const double bare[LOOK_BEDS], int k)
{
    for (int s = 0; s < states; s++)
        row[s] = (float)(taken[k][s] / bare[s % LOOK_BEDS]);
}

enum smp_code looks_areas(float *matrix, const struct look_header *header, struct smp_pool *pool,
                          struct smp_arena *scratch, struct smp_err *err)
{
    struct smp_absorbers *absorbers = smp_new(scratch, struct smp_absorbers, 1);
    struct area_work work = { smp_new(scratch, struct area_level, LOOK_SCATTERS), absorbers,
                              header->deposit_photons, header->shaft_photons,
                              smp_hash64(header->seed, 1002) };
    if (!absorbers || !work.levels)
        return smp_fail(err, SMP_E_NOMEM, "no room for the runs of areas");
    looks_absorbers(absorbers);
    smp_pool_for(pool, LOOK_SCATTERS, 1, run_levels, &work);
    for (int i = 0; i < LOOK_SCATTERS; i++) {
        struct area_level *l = &work.levels[i];
        float *level = matrix + i * states;
        for (int k = 0; k < per_deposit; k++)
            for (int d = 0; d < LOOK_DIAMETERS; d++)
                store(level + ((size_t)k * LOOK_DIAMETERS + d) * LOOK_STATES, l->taken[d], l->bare,
                      k);
        for (int f = 0; f < follicles; f++)
            for (int c = 0; c < LOOK_CALIBRES; c++)
                store(level + ((size_t)LOOK_SHAPES + f * LOOK_CALIBRES + c) * LOOK_STATES,
                      l->taken_by_hair[f], l->bare_of_hair, c);
    }
    return SMP_OK;
}

// ---- D and profile together ---------------------------------------------------------------------

struct joining {
    float *contrasts, *areas;
};

static void join_shapes(void *context, size_t begin, size_t end)
{
    const struct joining *j = context;
    for (size_t i = begin; i < end; i++) {
        float *rows = j->contrasts + i * LOOK_OFFSETS * LOOK_STATES;
        float *areas = j->areas + i * LOOK_STATES;
        double r_mm[LOOK_OFFSETS], c[LOOK_OFFSETS];
        for (int k = 0; k < LOOK_OFFSETS; k++)
            r_mm[k] = look_offset_mm(look_diameter_mm((int)i % LOOK_DIAMETERS), k);
        for (size_t s = 0; s < LOOK_STATES; s++) {
            for (int k = 0; k < LOOK_OFFSETS; k++)
                c[k] = fmax((double)rows[k * LOOK_STATES + s], 0);
            const double inside = look_ring_integral(r_mm, c, LOOK_OFFSETS);
            const double area = (double)areas[s], last = r_mm[LOOK_OFFSETS - 1];
            const double beyond = 2 * SMP_PI * last * c[LOOK_OFFSETS - 1] / 0.14; // at most
            const double share = smp_clamp(1.5 - beyond / area / 0.06, 0, 1);
            if (!(c[0] > 0.005 && area > 0 && inside > 0 && share > 0))
                continue;
            const double half = exp(0.5 * share * smp_clamp(log(area / inside), -0.4, 0.4));
            areas[s] = (float)(area / half);
            for (int k = 0; k < LOOK_OFFSETS; k++)
                rows[k * LOOK_STATES + s] *= (float)half;
        }
    }
}

void looks_join(float *contrasts, float *areas, struct smp_pool *pool)
{
    struct joining j = { contrasts, areas };
    smp_pool_for(pool, LOOK_SHAPES, 4, join_shapes, &j);
}
