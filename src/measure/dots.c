// Finding dots: search, take what is found out of the picture, measure the noise of what is left,
// search once more, and let pass what stands five SDs above the noise around it.
#include "dots_impl.h"

#include <math.h>
#include <stdlib.h>

static const double least_z = 5, least_radius_px = 2.4;
// Roughness at 1.6 px over that at 6.4: 0.8 and more on sharp skin, whose texture has all sizes.
static const double least_fineness = 0.35;
static const double least_contrast = 0.05, false_per_mpx = 4;
enum { LIM_LEVEL = 3 }; // where a disc of 5 px in radius peaks: for the figures of the report

// ---- One round over all tiles -------------------------------------------------------------------

struct round {
    struct dots_work *work;
    struct dots_tile *tiles; // one a thread
    uint8_t *taken;
    unsigned tile_count;
    int number;
};

static void do_tile(struct round *round, struct dots_tile *tile, size_t index)
{
    dots_tile_fill(tile, round->work, index);
    dots_noise_count(round->work, tile);
    dots_search(round->work, tile, round->number);
}

static void work_on_tiles(void *context, size_t begin, size_t end)
{
    struct round *round = context;
    unsigned slot = 0;
    while (__atomic_test_and_set(&round->taken[slot], __ATOMIC_ACQUIRE))
        slot = (slot + 1) % round->tile_count;
    for (size_t index = begin; index < end; index++)
        do_tile(round, &round->tiles[slot], index);
    __atomic_clear(&round->taken[slot], __ATOMIC_RELEASE);
}

static enum smp_code run_round(struct round *round, int number, struct smp_err *err)
{
    struct dots_work *work = round->work;
    const size_t before = work->found.count;
    round->number = number;
    smp_pool_for(work->pool, dots_tile_count(work), 1, work_on_tiles, round);
    if (work->found.count > work->found.room)
        return smp_fail(
            err, SMP_E_LIMIT,
            "%s has more than %zu spots in %zu x %zu px: it is no picture of dots on skin",
            work->name, work->found.room, work->width, work->height);
    dots_suppress(work, before);
    return SMP_OK;
}

static enum smp_code search(struct dots_work *work, struct smp_err *err)
{
    struct round round = { .work = work, .tile_count = smp_pool_threads(work->pool) };
    const struct smp_mark mark = smp_arena_mark(work->arena);
    round.tiles = smp_new(work->arena, struct dots_tile, round.tile_count);
    round.taken = smp_new(work->arena, uint8_t, round.tile_count);
    bool good = round.tiles && round.taken;
    for (unsigned i = 0; good && i < round.tile_count; i++)
        good = dots_tile_make(&round.tiles[i], work->arena);
    if (!good)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for dots");
    enum smp_code code = run_round(&round, 1, err);
    if (code)
        return code;
    if (!dots_remove_lines(work))
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for dots");
    dots_subtract(work, 0);
    work->first_round = work->found.count;
    if ((code = run_round(&round, 2, err)))
        return code;
    dots_noise_settle(work);
    smp_arena_reset(work->arena, mark);
    dots_subtract(work, work->first_round);
    return dots_refine(work) ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory to look for dots");
}

// ---- What comes out ----------------------------------------------------------------------------

// Codes of 255 that a contrast must make to be believed: five (with three, dark skin, where colour
// tells little, gave twice as many false dots as light skin), and from JPEG quality 80 down more,
// as the steps of the file's table grow (libjpeg's scale: 200 − 2 q, below 50: 5000 / q percent).
static double codes_believed(int jpeg_quality)
{
    if (jpeg_quality < 1 || jpeg_quality >= 80)
        return 5;
    const double percent = jpeg_quality < 50 ? 5000.0 / jpeg_quality : 200 - 2.0 * jpeg_quality;
    return 5 + 0.05 * (percent - 40);
}

static enum smp_code begin(struct dots_work *work, const struct smp_subject *subject,
                           struct smp_err *err)
{
    const uint8_t *region;
    work->least_codes = codes_believed(subject->jpeg_quality);
    enum smp_code code = smp_check_number(subject->mm_per_px, "mm_per_px", "mm", 0.0005,
                                          SMP_DOTS_MM_PER_PX_MAX, work->name, err);
    if (!code)
        code = dots_resample(work, &region, subject, err);
    if (code)
        return code;
    work->blocks_x = (work->width + DOTS_BLOCK - 1) / DOTS_BLOCK;
    work->blocks_y = (work->height + DOTS_BLOCK - 1) / DOTS_BLOCK;
    const size_t blocks = work->blocks_x * work->blocks_y;
    work->found.room = work->width * work->height / SMP_DOTS_MAX_PER_PX + 64;
    work->found.spot = smp_new(work->arena, struct dots_spot, work->found.room);
    work->sizes = smp_new(work->arena, uint16_t, blocks * DOTS_LEVELS * DOTS_BINS);
    work->local_noise = smp_new(work->arena, float, blocks *DOTS_LEVELS);
    if (!work->found.spot || !work->sizes || !work->local_noise)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for dots");
    return dots_flatten(work, region, err);
}

static bool reaches_out(const struct dots_work *work, const struct dots_spot *spot)
{
    const double reach = 1.6 * (double)spot->radius_px;
    for (int ray = 0; ray < 8; ray++) {
        const double angle = ray * SMP_PI / 4;
        if (!dots_inside(work, (long)floor((double)spot->x_px + reach * cos(angle)),
                         (long)floor((double)spot->y_px + reach * sin(angle))))
            return true;
    }
    return false;
}

static int from_the_top(const void *a, const void *b)
{
    const struct smp_found_dot *p = a, *q = b;
    if (p->y_px != q->y_px)
        return p->y_px < q->y_px ? -1 : 1;
    return p->x_px < q->x_px ? -1 : p->x_px > q->x_px;
}

// A dot that gives a response of z SDs is found with the chance that a normal deviate is above
// 5 − z, so each found one stands for (1 − p) / p of its kind that were missed. Below the limit
// nothing is known: as many dots are taken to be there as in the one unit of z above it. Spots that
// are no dots: a few a megapixel of bare skin (docs/measure.md). Dots may lie under hairs.
static double count_sd(const struct smp_found_dots *dots, const struct dots_work *work)
{
    double variance = false_per_mpx * (double)work->area_px / 1e6, missed = 0;
    size_t near_limit = 0, under = 0;
    for (size_t i = 0; i < dots->count; i++) {
        const double p = 0.5 * erfc((least_z - dots->dots[i].z) / sqrt(2));
        variance += (1 - p) / (p * p);
        missed += (1 - p) / p;
        near_limit += dots->dots[i].z < least_z + 1;
    }
    missed += (double)near_limit;
    for (size_t i = 0; work->lines && i < work->width * work->height; i++)
        under += (work->mask[i] & DOTS_UNDER_LINE) != 0;
    return sqrt(variance + missed * missed +
                (double)(under * dots->count) / fmax((double)work->area_px, 1));
}

static double median_radius_px(const struct smp_found_dots *dots)
{
    // The dots' order is by place: their diameters are counted by quarters of a pixel.
    size_t bins[400] = { 0 }, seen = 0, bin = 0;
    for (size_t i = 0; i < dots->count; i++)
        bins[(size_t)smp_clamp(4 * dots->dots[i].diameter_px, 0, 399)]++;
    while (seen + bins[bin] <= dots->count / 2)
        seen += bins[bin++];
    return ((double)bin + 0.5) / 8;
}

// Contrast at which a disc of this size is found as often as not.
static double faintest(const struct dots_work *work, double radius_px)
{
    double least = (double)INFINITY;
    for (int level = 0; level < DOTS_LEVELS; level++)
        least = fmin(least, least_z * work->noise[level] / dots_own_response(radius_px, level));
    return least;
}

static enum smp_code report(struct smp_found_dots *dots, const struct dots_work *work,
                            struct smp_err *err)
{
    if (!(dots->dots = smp_new(work->arena, struct smp_found_dot, work->found.count)))
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", work->found.count);
    for (size_t i = 0; i < work->found.count; i++) {
        const struct dots_spot *s = &work->found.spot[i];
        const double z = (double)s->response / dots_noise_at(work, s->x_px, s->y_px, s->level);
        if (s->elongated || !(z >= least_z) || (double)s->fine.radius_px < least_radius_px ||
            (double)s->contrast < dots_codes_contrast(work->least_codes, (double)s->skin_lin))
            continue;
        const struct smp_found_dot dot = { .x_px = (double)s->fine.x_px * work->shrink,
                                           .y_px = (double)s->fine.y_px * work->shrink,
                                           .diameter_px =
                                               2 * (double)s->fine.radius_px * work->shrink,
                                           .contrast = (double)s->fine.contrast,
                                           .roundness = (double)s->roundness,
                                           .z = z,
                                           .edge = reaches_out(work, s) };
        dots->edge_count += dot.edge;
        dots->dots[dots->count++] = dot;
    }
    qsort(dots->dots, dots->count, sizeof *dots->dots, from_the_top);
    dots->lines = work->lines;
    dots->noise = work->noise[LIM_LEVEL];
    const double radius_px = dots->count ? median_radius_px(dots) / work->shrink : 4;
    dots->c_lim = fmax(faintest(work, radius_px), least_contrast);
    dots->code_floor = dots_codes_contrast(work->least_codes, work->skin_lin);
    dots->skin_lin = work->skin_lin;
    dots->blurred = work->area_px > 0 && work->noise[0] < least_fineness * work->noise[6];
    dots->blur_px = dots->count ? work->blur_px * work->shrink : 0;
    dots->area_px = (double)work->area_px * work->shrink * work->shrink;
    dots->count_sd = count_sd(dots, work);
    return dots_pattern(dots, work) ? SMP_OK
                                    : smp_fail(err, SMP_E_NOMEM, "no memory for the dots' pattern");
}

enum smp_code smp_dots_find(struct smp_found_dots *dots, const struct smp_subject *subject,
                            const char *name, struct smp_pool *pool, struct smp_arena *arena,
                            struct smp_err *err)
{
    struct dots_work work = { .pool = pool, .arena = arena, .name = name };
    *dots = (struct smp_found_dots){ .mm_per_px = subject->mm_per_px };
    enum smp_code code = begin(&work, subject, err);
    if (!code)
        code = search(&work, err);
    return code ? code : report(dots, &work, err);
}
