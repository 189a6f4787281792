// Neighbour lists: a grid a factor 4 of density, cells in blocks of 4 × 4 × 4 so that memory goes
// with the surface and not with the space around it.
//
// Each cell's surroundings are copied once into a batch of coordinates by lanes, against which all
// dots of the cell are tried; this is several times faster than a search for each dot.
#include "layout/layout_impl.h"

#include <math.h>
#include <string.h>

enum { levels_max = 6, block_cells = 64, batch_max = 512 };

struct level {
    float origin[3], per_cell; // cells a mm
    float reach_mm;            // of pairs inside the level
    float widest_mm;           // of pairs with another level: mean density is at least half
    int32_t blocks[3];
    uint32_t *top; // block number + 1, or 0
};

// Normal of a site's face to seven bits: beside the planes it stays in the nearest cache.
struct facing {
    int8_t x, y, z, unused;
};

struct grid {
    const struct smp_prefix *p;
    const struct smp_work *w;
    struct level level[levels_max];
    int levels;
    uint32_t *start; // per cell of a block
    uint32_t *order; // sites by cell
    struct smp_site *sorted;
    uint32_t *block_at; // per block: x, y, z in its level's blocks, level
    size_t block_count;
    struct smp_lists *lists;
    struct facing *facing;
};

static int level_of(float density, float highest)
{
    float edge = highest * 0.249f;
    int level = 0;
    for (; density < edge && level < levels_max - 1; level++)
        edge *= 0.25f;
    return level;
}

static void bounds(const struct grid *g, const uint8_t *level, float low[levels_max][3],
                   float high[levels_max][3], float least[levels_max])
{
    for (int l = 0; l < levels_max; l++) {
        least[l] = 1e30f;
        for (int x = 0; x < 3; x++) {
            low[l][x] = 1e30f;
            high[l][x] = -1e30f;
        }
    }
    for (size_t i = 0; i < g->p->count; i++) {
        const struct smp_site *s = &g->p->sites[i];
        const float at[3] = { s->x, s->y, s->z };
        const int l = level[i];
        least[l] = s->density < least[l] ? s->density : least[l];
        for (int x = 0; x < 3; x++) {
            low[l][x] = at[x] < low[l][x] ? at[x] : low[l][x];
            high[l][x] = at[x] > high[l][x] ? at[x] : high[l][x];
        }
    }
}

static bool note_facing(struct grid *g, struct smp_arena *scratch)
{
    g->facing = smp_new(scratch, struct facing, g->p->count);
    for (size_t k = 0; g->facing && k < g->p->count; k++) {
        if (k + 8 < g->p->count)
            __builtin_prefetch(&g->w->s->planes[g->w->face[g->p->member[k + 8]]]);
        float n[3];
        smp_face_normal(g->w->s, g->w->face[g->p->member[k]], n);
        g->facing[k] =
            (struct facing){ (int8_t)(n[0] * 127), (int8_t)(n[1] * 127), (int8_t)(n[2] * 127), 0 };
    }
    return g->facing != NULL;
}

static bool make_levels(struct grid *g, const uint8_t *level, float reach,
                        struct smp_arena *scratch)
{
    float low[levels_max][3], high[levels_max][3], least[levels_max];
    bounds(g, level, low, high, least);
    g->levels = 0;
    for (int l = 0; l < levels_max; l++) {
        struct level *v = &g->level[l];
        *v = (struct level){ 0 };
        if (least[l] >= 1e30f)
            continue; // empty: top stays NULL
        g->levels = l + 1;
        v->reach_mm = reach / sqrtf(least[l]);
        v->widest_mm = v->reach_mm * 1.41422f;
        size_t blocks = SIZE_MAX;
        float cell = 0.5f * v->reach_mm;
        while (blocks > 4 * g->p->count + 65536) { // few far islands must not cost all between
            cell *= 2;
            blocks = 1;
            for (int x = 0; x < 3; x++) {
                const double n = ((double)high[l][x] - (double)low[l][x]) / (4 * (double)cell) + 1;
                v->blocks[x] = n < 1e6 ? (int32_t)n : 1000000;
                blocks *= (size_t)v->blocks[x];
                v->origin[x] = low[l][x];
            }
        }
        v->per_cell = 1 / cell;
        v->top = smp_new(scratch, uint32_t, blocks);
        if (!v->top)
            return false;
    }
    return true;
}

static int32_t cell_at(const struct level *v, int axis, float at)
{
    const float c = (at - v->origin[axis]) * v->per_cell;
    const int32_t last = v->blocks[axis] * 4 - 1;
    const int32_t cell = c <= 0 ? 0 : (int32_t)c;
    return cell > last ? last : cell;
}

static size_t block_index(const struct level *v, int32_t x, int32_t y, int32_t z)
{
    return ((size_t)z * (size_t)v->blocks[1] + (size_t)y) * (size_t)v->blocks[0] + (size_t)x;
}

static bool sort_sites(struct grid *g, const uint8_t *level, struct smp_arena *scratch)
{
    const size_t n = g->p->count;
    uint32_t *cell = smp_new(scratch, uint32_t, n);
    g->block_at = smp_new(scratch, uint32_t, 4 * n);
    if (!cell || !g->block_at)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct smp_site *s = &g->p->sites[i];
        struct level *v = &g->level[level[i]];
        const int32_t x = cell_at(v, 0, s->x), y = cell_at(v, 1, s->y), z = cell_at(v, 2, s->z);
        uint32_t *block = &v->top[block_index(v, x >> 2, y >> 2, z >> 2)];
        if (!*block) {
            const uint32_t at[4] = { (uint32_t)x >> 2, (uint32_t)y >> 2, (uint32_t)z >> 2,
                                     level[i] };
            memcpy(g->block_at + 4 * g->block_count, at, sizeof at);
            *block = (uint32_t)++g->block_count;
        }
        cell[i] = (*block - 1) * block_cells + (uint32_t)((z & 3) * 16 + (y & 3) * 4 + (x & 3));
    }
    g->start = smp_new(scratch, uint32_t, g->block_count * block_cells + 2);
    g->order = smp_new(scratch, uint32_t, n);
    g->sorted = smp_new(scratch, struct smp_site, n);
    if (!g->start || !g->order || !g->sorted)
        return false;
    for (size_t i = 0; i < n; i++)
        g->start[cell[i] + 2]++;
    for (size_t c = 0; c < g->block_count * block_cells; c++)
        g->start[c + 2] += g->start[c + 1];
    for (size_t i = 0; i < n; i++) {
        const uint32_t at = g->start[cell[i] + 1]++;
        g->order[at] = (uint32_t)i;
        g->sorted[at] = g->p->sites[i];
    }
    return true;
}

// ---- Sweep ------------------------------------------------------------------------------------

struct batch {
    float x[batch_max], y[batch_max], z[batch_max], density[batch_max];
    float d[batch_max];
    uint32_t index[batch_max];
    size_t count;
};

static int32_t facing_dot(struct facing a, struct facing b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

// Opposed normals: the other side of a sheet, which dots neither feel nor keep a gap to, unless
// (for gaps) the way along the surface is short, as around the rim of an ear. Gaps ask for more
// opposition than the audit does, so that what is let off here is let off there.
static bool is_other_sheet(const struct grid *g, uint32_t i, uint32_t j)
{
    if (!g->lists->strict)
        return true;
    if (facing_dot(g->facing[i], g->facing[j]) > -127 * 127 / 8)
        return false;
    const struct smp_work *w = g->w;
    return smp_other_sheet(w, g->p->member[i], g->p->member[j]);
}

// Takes what was found out again where it lies on another sheet.
static void keep_sheet(struct grid *g, uint32_t i)
{
    uint32_t *near = g->lists->near + (size_t)i * SMP_LIST_CAP;
    uint8_t kept = 0;
    for (uint8_t k = 0; k < g->lists->count[i]; k++) {
        if (facing_dot(g->facing[i], g->facing[near[k]]) >= 0 || !is_other_sheet(g, i, near[k]))
            near[kept++] = near[k];
    }
    g->lists->count[i] = kept;
}

// Tries the dots of one cell against a batch. Found indices are written without a branch: one in
// three is near, which no branch predictor can learn.
static void try_batch(struct grid *g, struct batch *b, uint32_t begin, uint32_t end)
{
    const float reach2 = 2 * g->lists->reach * g->lists->reach;
    const size_t n = b->count;
    uint32_t found[batch_max + 1];
    for (uint32_t k = begin; k < end; k++) {
        const uint32_t i = g->order[k];
        if (i >= g->p->free_count)
            continue;
        const struct smp_site s = g->sorted[k];
        for (size_t c = 0; c < n; c++) {
            const float dx = b->x[c] - s.x, dy = b->y[c] - s.y, dz = b->z[c] - s.z;
            b->d[c] = (dx * dx + dy * dy + dz * dz) * (b->density[c] + s.density);
        }
        size_t near = 0;
        for (size_t c = 0; c < n; c++) {
            found[near] = b->index[c];
            near += (size_t)((b->d[c] < reach2) & (b->index[c] != i));
        }
        uint8_t *count = &g->lists->count[i];
        const size_t room = SMP_LIST_CAP - *count;
        near = near < room ? near : room;
        memcpy(g->lists->near + (size_t)i * SMP_LIST_CAP + *count, found, near * sizeof *found);
        *count = (uint8_t)(*count + near);
    }
    b->count = 0;
}

static void add_cells(struct grid *g, struct batch *b, uint32_t from, uint32_t to, uint32_t begin,
                      uint32_t end)
{
    for (uint32_t k = from; k < to; k++) {
        if (b->count == batch_max)
            try_batch(g, b, begin, end);
        const size_t c = b->count++;
        b->x[c] = g->sorted[k].x;
        b->y[c] = g->sorted[k].y;
        b->z[c] = g->sorted[k].z;
        b->density[c] = g->sorted[k].density;
        b->index[c] = g->order[k];
    }
}

// All cells of a level that touch a box: [low, high] in cells.
static void add_box(struct grid *g, struct batch *b, const struct level *v, const int32_t low[3],
                    const int32_t high[3], uint32_t begin, uint32_t end)
{
    for (int32_t bz = low[2] >> 2; bz <= high[2] >> 2; bz++) {
        for (int32_t by = low[1] >> 2; by <= high[1] >> 2; by++) {
            for (int32_t bx = low[0] >> 2; bx <= high[0] >> 2; bx++) {
                const uint32_t block = v->top[block_index(v, bx, by, bz)];
                if (!block)
                    continue;
                const int32_t at[3] = { bx * 4, by * 4, bz * 4 };
                int32_t l[3], h[3];
                for (int x = 0; x < 3; x++) {
                    l[x] = low[x] > at[x] ? low[x] - at[x] : 0;
                    h[x] = high[x] < at[x] + 3 ? high[x] - at[x] : 3;
                }
                for (int32_t z = l[2]; z <= h[2]; z++) {
                    for (int32_t y = l[1]; y <= h[1]; y++) {
                        const uint32_t *row =
                            g->start + (size_t)(block - 1) * block_cells + z * 16 + y * 4;
                        if (row[h[0] + 1] > row[l[0]])
                            add_cells(g, b, row[l[0]], row[h[0] + 1], begin, end);
                    }
                }
            }
        }
    }
}

static void sweep_cell(struct grid *g, struct batch *b, int level, const int32_t cell[3],
                       uint32_t begin, uint32_t end)
{
    const struct level *own = &g->level[level];
    b->count = 0;
    for (int l = 0; l < g->levels; l++) {
        const struct level *v = &g->level[l];
        if (!v->top)
            continue;
        int32_t low[3], high[3];
        for (int x = 0; x < 3; x++) {
            if (l == level) {
                low[x] = cell[x] > 0 ? cell[x] - 1 : 0;
                high[x] = cell[x] + 1 < v->blocks[x] * 4 ? cell[x] + 1 : v->blocks[x] * 4 - 1;
                continue;
            }
            // A pair across levels is as near as its denser side says.
            const float reach = (l > level ? own : v)->widest_mm * 1.0001f;
            const float at = own->origin[x] + (float)cell[x] / own->per_cell;
            low[x] = cell_at(v, x, at - reach);
            high[x] = cell_at(v, x, at + 1 / own->per_cell + reach);
        }
        add_box(g, b, v, low, high, begin, end);
    }
    try_batch(g, b, begin, end);
    for (uint32_t k = begin; k < end; k++) {
        if (g->order[k] < g->p->free_count)
            keep_sheet(g, g->order[k]);
    }
}

static void sweep(void *context, size_t begin, size_t end)
{
    struct grid *g = context;
    struct batch b;
    for (size_t block = begin; block < end; block++) {
        const uint32_t *at = g->block_at + 4 * block;
        const uint32_t *start = g->start + block * block_cells;
        for (int c = 0; c < block_cells; c++) {
            if (start[c + 1] == start[c])
                continue;
            const int32_t cell[3] = { (int32_t)at[0] * 4 + (c & 3),
                                      (int32_t)at[1] * 4 + (c >> 2 & 3),
                                      (int32_t)at[2] * 4 + (c >> 4) };
            sweep_cell(g, &b, (int)at[3], cell, start[c], start[c + 1]);
        }
    }
}

static void fill_up(void *context, size_t begin, size_t end)
{
    struct smp_lists *lists = ((struct grid *)context)->lists;
    for (size_t i = begin; i < end; i++) {
        while (lists->count[i] % 4)
            lists->near[i * SMP_LIST_CAP + lists->count[i]++] = (uint32_t)i;
    }
}

enum smp_code smp_lists_build(struct smp_work *w, struct smp_prefix *p, float reach, bool strict)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct grid g = { .p = p, .w = w, .lists = &p->lists };
    p->lists.reach = reach;
    p->lists.strict = strict;
    if (!p->lists.near) {
        p->lists.near = smp_new(w->scratch, uint32_t, p->free_count * SMP_LIST_CAP);
        p->lists.count = smp_new(w->scratch, uint8_t, p->free_count);
    }
    uint8_t *level = smp_new(&scratch, uint8_t, p->count);
    bool room = p->lists.near && p->lists.count && level;
    if (room) {
        float highest = 0;
        for (size_t i = 0; i < p->count; i++)
            highest = p->sites[i].density > highest ? p->sites[i].density : highest;
        for (size_t i = 0; i < p->count; i++)
            level[i] = (uint8_t)level_of(p->sites[i].density, highest);
        memset(p->lists.count, 0, p->free_count);
        room = note_facing(&g, &scratch) && make_levels(&g, level, reach, &scratch) &&
               sort_sites(&g, level, &scratch);
    }
    if (room) {
        smp_pool_for(w->pool, g.block_count, 8, sweep, &g);
        smp_pool_for(w->pool, p->free_count, 4096, fill_up, &g);
    }
    smp_arena_drop(&scratch);
    return room ? SMP_OK : SMP_E_NOMEM;
}
