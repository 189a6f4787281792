// How sharp a photo is from place to place, by what is left of its skin's own texture. Skin is
// scale-free: sharply taken, differences of Gaussians at any scale have the same energy (measured:
// .0045, .0058, .0063, .0060 of ln light at 1, 2, 3, 6 px, reference/detection.md). A blur takes
// the fine ones, the film's noise adds to the finest: energies at four scales give all three.
#include "preview/on_photo_impl.h"

#include <string.h>

enum { SCALES = 4, PATCH_PX = 64, MARGIN_PX = 24, SIDE_PX = PATCH_PX + 2 * MARGIN_PX };
static const double scale_px[SCALES] = { 1.0, 1.8, 3.2, 5.8 };
static const double ratio = 1.6; // of the two Gaussians
static const double least_sigma_px = 0.45, most_sigma_px = 8, sigma_step = 1.04;
static const double most_edges =
    2.5; // times the photo's sharpest edges: the depth of its focus [E]
static const double likely_sigma_px = 1.0; // of a phone's picture, where nothing can be measured
static const double least_sd = 2e-4;       // of ln light; less is no texture of skin [E]

// ---- The filters -------------------------------------------------------------------------------

static int make_taps(float taps[MARGIN_PX + 1], double sigma)
{
    const int reach = (int)fmin(ceil(2.6 * sigma), MARGIN_PX);
    double sum = 0;
    for (int i = 0; i <= reach; i++)
        sum += (i ? 2 : 1) * exp(-0.5 * i * i / (sigma * sigma));
    for (int i = 0; i <= MARGIN_PX; i++)
        taps[i] = i <= reach ? (float)(exp(-0.5 * i * i / (sigma * sigma)) / sum) : 0;
    return reach;
}

// ---- The model ---------------------------------------------------------------------------------

// What a difference of Gaussians lets through, by its taps as they are.
struct band {
    double narrow2, wide2; // variances of the two, px²
    double noise;          // energy from white noise of variance 1 a pixel
};

static struct band band_of(double scale)
{
    float narrow[MARGIN_PX + 1], wide[MARGIN_PX + 1];
    make_taps(narrow, scale);
    make_taps(wide, ratio * scale);
    struct band band = { 0 };
    double nn = 0, nw = 0, ww = 0;
    for (int i = 0; i <= MARGIN_PX; i++) {
        const double a = (double)narrow[i], b = (double)wide[i], both = i ? 2 : 1;
        band.narrow2 += both * a * i * i;
        band.wide2 += both * b * i * i;
        nn += both * a * a;
        nw += both * a * b;
        ww += both * b * b;
    }
    band.noise = nn * nn - 2 * nw * nw + ww * ww;
    return band;
}

// Energy on scale-free texture blurred by sigma: the integral of (e^(−aw²/2) − e^(−cw²/2))² dw/w
// with a, c the variances.
static double texture_energy(const struct band *band, double sigma)
{
    const double a = band->narrow2 + sigma * sigma, c = band->wide2 + sigma * sigma;
    const double middle = 0.5 * (a + c);
    return 0.5 * log(middle * middle / (a * c));
}

struct fit {
    double sigma_px, texture, noise; // energies of texture and noise
};

// Least squares of relative errors, texture and noise not below 0; returns what is left.
static double fit_at(struct fit *fit, const struct band bands[SCALES], const double energy[SCALES],
                     double sigma)
{
    double tt = 0, tn = 0, nn = 0, te = 0, ne = 0, left = 0;
    for (int s = 0; s < SCALES; s++) {
        const double t = texture_energy(&bands[s], sigma) / energy[s];
        const double n = bands[s].noise / energy[s];
        tt += t * t;
        tn += t * n;
        nn += n * n;
        te += t;
        ne += n;
    }
    const double det = tt * nn - tn * tn;
    double texture = (te * nn - ne * tn) / det, noise = (ne * tt - te * tn) / det;
    if (noise < 0) {
        noise = 0;
        texture = te / tt;
    } else if (texture < 0) {
        texture = 0;
        noise = ne / nn;
    }
    for (int s = 0; s < SCALES; s++) {
        const double all = texture * texture_energy(&bands[s], sigma) + noise * bands[s].noise;
        const double off = all / energy[s] - 1;
        left += off * off;
    }
    *fit = (struct fit){ sigma, texture, noise };
    return left;
}

static struct fit fit_energies(const double energy[SCALES])
{
    struct band bands[SCALES];
    for (int s = 0; s < SCALES; s++)
        bands[s] = band_of(scale_px[s]);
    struct fit best = { 0 }, fit;
    double least = 1e300;
    const int steps = (int)(log(most_sigma_px / least_sigma_px) / log(sigma_step));
    for (int i = 0; i <= steps; i++) {
        const double left = fit_at(&fit, bands, energy, least_sigma_px * pow(sigma_step, i));
        if (left < least) {
            least = left;
            best = fit;
        }
    }
    return best;
}

// ---- Energies of a tile ------------------------------------------------------------------------

struct patch {
    float log_light[SIDE_PX * SIDE_PX];
    bool skin[PATCH_PX * PATCH_PX];
    float across[SIDE_PX * PATCH_PX]; // blurred along rows
    float blurred[2][PATCH_PX * PATCH_PX];
    float sorted[PATCH_PX * PATCH_PX];
};

static void blur_patch(struct patch *p, int which, double sigma)
{
    float taps[MARGIN_PX + 1] = { 0 };
    const int reach = make_taps(taps, sigma);
    for (int y = MARGIN_PX - reach; y < MARGIN_PX + PATCH_PX + reach; y++) {
        const float *from = &p->log_light[y * SIDE_PX + MARGIN_PX];
        float *to = &p->across[y * PATCH_PX];
        for (int x = 0; x < PATCH_PX; x++)
            to[x] = taps[0] * from[x];
        for (int k = 1; k <= reach; k++)
            for (int x = 0; x < PATCH_PX; x++)
                to[x] += taps[k] * (from[x - k] + from[x + k]);
    }
    for (int y = 0; y < PATCH_PX; y++) {
        const float *from = &p->across[(y + MARGIN_PX) * PATCH_PX];
        float *to = &p->blurred[which][y * PATCH_PX];
        for (int x = 0; x < PATCH_PX; x++)
            to[x] = taps[0] * from[x];
        for (int k = 1; k <= reach; k++)
            for (int x = 0; x < PATCH_PX; x++)
                to[x] += taps[k] * (from[x - k * PATCH_PX] + from[x + k * PATCH_PX]);
    }
}

// SD of a difference of Gaussians, no less than `least_sd`. Robust: hairs and pores are outliers. 0
// where too little of the patch is skin.
static double sd_of(struct patch *p, double scale)
{
    blur_patch(p, 0, scale);
    blur_patch(p, 1, ratio * scale);
    size_t count = 0;
    for (int i = 0; i < PATCH_PX * PATCH_PX; i++)
        if (p->skin[i])
            p->sorted[count++] = fabsf(p->blurred[0][i] - p->blurred[1][i]);
    if (count < PATCH_PX * PATCH_PX / 3)
        return 0;
    return fmax(1.4826 * (double)smp_select(p->sorted, count, count / 2), least_sd);
}

// ---- The map -----------------------------------------------------------------------------------

struct measuring {
    const struct smp_photo_part *part;
    struct smp_sharpness *map;
    struct patch *patches; // one a tile row
    float (*sd)[SCALES];   // per tile; 0 where it cannot be told
    double most_px;        // σ
    float ln_light[256];   // of codes
};

static bool load_patch(struct patch *p, const struct measuring *job, size_t x0, size_t y0)
{
    const struct smp_photo_part *part = job->part;
    if (x0 < MARGIN_PX || y0 < MARGIN_PX || x0 + PATCH_PX + MARGIN_PX > part->width_px ||
        y0 + PATCH_PX + MARGIN_PX > part->height_px)
        return false;
    for (size_t y = 0; y < SIDE_PX; y++) {
        const uint8_t *row = smp_photo_row(part, y0 - MARGIN_PX + y) + 3 * (x0 - MARGIN_PX);
        for (size_t x = 0; x < SIDE_PX; x++) // red alone sees the least of blotches
            p->log_light[y * SIDE_PX + x] = job->ln_light[row[3 * x]];
    }
    for (size_t y = 0; y < PATCH_PX; y++)
        for (size_t x = 0; x < PATCH_PX; x++)
            p->skin[y * PATCH_PX + x] =
                part->may[(y0 + y) / SMP_CELL_PX * part->cells_across + (x0 + x) / SMP_CELL_PX] >
                0.6f;
    return true;
}

static void measure_rows(void *context, size_t begin, size_t end)
{
    const struct measuring *job = context;
    struct smp_sharpness *map = job->map;
    for (size_t row = begin; row < end; row++) {
        struct patch *p = &job->patches[row];
        for (size_t column = 0; column < map->across; column++) {
            const size_t x0 = column * map->tile_px + (map->tile_px - PATCH_PX) / 2;
            const size_t y0 = row * map->tile_px + (map->tile_px - PATCH_PX) / 2;
            float *sd = job->sd[row * map->across + column];
            bool good = load_patch(p, job, x0, y0);
            for (int s = 0; s < SCALES && good; s++) {
                sd[s] = (float)sd_of(p, scale_px[s]);
                good = sd[s] > 0;
            }
            if (!good)
                memset(sd, 0, sizeof *job->sd);
        }
    }
}

// A tile alone holds few waves of the longer scales: those around it that could be measured are
// taken in, near ones first.
static void fit_tile(const struct measuring *job, size_t x, size_t y)
{
    struct smp_sharpness *map = job->map;
    double weight = 0, sd[SCALES] = { 0 }, energy[SCALES];
    for (size_t v = 0; v < map->down; v++)
        for (size_t u = 0; u < map->across; u++) {
            const float *found = job->sd[v * map->across + u];
            if (!(found[0] > 0))
                continue;
            const double dx = (double)x - (double)u, dy = (double)y - (double)v;
            const double d2 = dx * dx + dy * dy;
            const double w = exp(-0.5 * d2 / (0.9 * 0.9)) + 1e-6 / (1 + d2);
            weight += w;
            for (int s = 0; s < SCALES; s++)
                sd[s] += w * (double)found[s];
        }
    struct fit fit = { .sigma_px = likely_sigma_px };
    for (int s = 0; s < SCALES; s++)
        energy[s] = sd[s] * sd[s] / (weight * weight);
    if (weight > 0 && sd[SCALES - 1] < 1.5 * least_sd * weight) // blurred away at every scale
        fit.sigma_px = most_sigma_px;
    else if (weight > 0)
        fit = fit_energies(energy);
    map->sigma_px[y * map->across + x] = (float)fmin(fit.sigma_px, job->most_px);
    map->noise[y * map->across + x] = (float)sqrt(fit.noise);
}

static void fit_rows(void *context, size_t begin, size_t end)
{
    const struct measuring *job = context;
    for (size_t y = begin; y < end; y++)
        for (size_t x = 0; x < job->map->across; x++)
            fit_tile(job, x, y);
}

enum smp_code smp_sharpness_measure(struct smp_sharpness *map, const struct smp_photo_part *part,
                                    const struct smp_work *work)
{
    struct smp_sharpness made = { .tile_px = 4 * PATCH_PX };
    made.across = (part->width_px + made.tile_px - 1) / made.tile_px;
    made.down = (part->height_px + made.tile_px - 1) / made.tile_px;
    const size_t count = made.across * made.down;
    made.sigma_px = smp_new(work->arena, float, count);
    made.noise = smp_new(work->arena, float, count);
    struct measuring job = { .part = part,
                             .map = &made,
                             .patches = smp_new(work->arena, struct patch, made.down),
                             .sd = smp_alloc(work->arena, count, sizeof *job.sd),
                             .most_px = most_sigma_px };
    smp_light_of_codes(job.ln_light);
    for (int k = 0; k < 256; k++)
        job.ln_light[k] = logf(job.ln_light[k] + 0.004f);
    double edges_px;
    const enum smp_code code = smp_sharpest_edges(&edges_px, part->photo, work);
    if (code)
        return code;
    made.has_edges = edges_px > 0;
    if (made.has_edges)
        job.most_px = fmax(most_edges * edges_px, 1);
    if (!made.sigma_px || !made.noise || !job.patches || !job.sd)
        return smp_fail(work->err, SMP_E_NOMEM, "no room to measure the photo's sharpness");
    smp_pool_for(work->pool, made.down, 1, measure_rows, &job);
    smp_pool_for(work->pool, made.down, 1, fit_rows, &job);
    *map = made;
    return SMP_OK;
}

float smp_sharpness_at(const struct smp_sharpness *map, const float *values, float x_px, float y_px)
{
    return smp_cells_at(values, map->across, map->down, map->tile_px, x_px, y_px);
}
