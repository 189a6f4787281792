// Where the photo shows bare skin of the head: inside the head's outline, of the skin's colour,
// without two of hair's three signs: darker, rougher, greyer. All in ratios to the skin around, so
// that light and dark skin are told from hair by the same rule; cells of 8 × 8 pixels.
#include "preview/on_photo_impl.h"

static const double far_mm = 6000;
static const float around_cells = 14;          // σ of what counts as the skin around
enum { ROUNDS = 4, RUN = 16, sample = 20000 }; // RUN: rays asked for at once

struct cell {
    float light, rough; // ln of the mean green light; SD of it within the cell
    float warm[2];      // ln R/G, ln G/B
    bool head;
};

struct masking {
    struct smp_photo_part *part;
    const struct smp_scene *scene;
    struct cell *cells;
    float light[256]; // of codes
};

static struct smp_vec3 ray_through(const struct smp_viewer *camera, double x_px, double y_px)
{
    const double u = (x_px - camera->centre_x_px) / camera->focal_px;
    const double v = (camera->centre_y_px - y_px) / camera->focal_px;
    return smp_unit(
        smp_sub(smp_add(smp_scale(camera->right, u), smp_scale(camera->up, v)), camera->back));
}

static void read_cell(struct cell *cell, const struct masking *job, size_t x0, size_t y0)
{
    const struct smp_photo_part *part = job->part;
    const size_t x1 = x0 + SMP_CELL_PX < part->width_px ? x0 + SMP_CELL_PX : part->width_px;
    const size_t y1 = y0 + SMP_CELL_PX < part->height_px ? y0 + SMP_CELL_PX : part->height_px;
    double sum[3] = { 0 }, square = 0;
    for (size_t y = y0; y < y1; y++) {
        const uint8_t *row = smp_photo_row(part, y);
        for (size_t x = x0; x < x1; x++) {
            const double green = (double)job->light[row[3 * x + 1]];
            sum[0] += (double)job->light[row[3 * x]];
            sum[1] += green;
            sum[2] += (double)job->light[row[3 * x + 2]];
            square += green * green;
        }
    }
    const double n = (double)((x1 - x0) * (y1 - y0));
    const double mean = sum[1] / n + 1e-4;
    const double r = sum[0] / n + 1e-4, b = sum[2] / n + 1e-4;
    cell->light = (float)log(mean);
    cell->rough = (float)(sqrt(fmax(0, square / n - mean * mean)) / mean);
    cell->warm[0] = (float)log(r / mean);
    cell->warm[1] = (float)log(mean / b);
}

// Which of a few cells of a row, from x0 on, are the head's.
static void find_head(const struct masking *job, size_t x0, size_t count, size_t y)
{
    struct cell *cells = &job->cells[y * job->part->cells_across + x0];
    const struct smp_viewer *camera = &job->part->camera;
    struct smp_ray rays[RUN];
    bool head[RUN];
    for (size_t i = 0; i < count; i++)
        rays[i] = (struct smp_ray){ .from = camera->eye,
                                    .direction =
                                        ray_through(camera, ((double)(x0 + i) + 0.5) * SMP_CELL_PX,
                                                    ((double)y + 0.5) * SMP_CELL_PX),
                                    .near_mm = 1,
                                    .far_mm = far_mm };
    smp_rays_blocked_many(job->scene->rays, head, rays, count);
    for (size_t i = 0; i < count; i++)
        cells[i].head = head[i];
}

static void read_rows(void *context, size_t begin, size_t end)
{
    const struct masking *job = context;
    const size_t across = job->part->cells_across;
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < across; x++)
            read_cell(&job->cells[y * across + x], job, x * SMP_CELL_PX, y * SMP_CELL_PX);
        for (size_t x = 0; x < across; x += RUN)
            find_head(job, x, across - x < RUN ? across - x : RUN, y);
    }
}

// ---- The skin's own colour ---------------------------------------------------------------------

struct spread {
    float middle, light, sd; // median, third quartile, spread by the median deviation
};

// Median and MAD of one member over the cells that get dots (of the lighter half, where asked).
static struct spread spread_of(float *scratch, const struct masking *job, size_t member,
                               float least_light)
{
    size_t n = 0;
    const size_t count = job->part->cells_across * job->part->cells_down;
    const size_t step = 1 + count / sample; // some thousands tell as much as all
    for (size_t i = 0; i < count; i += step)
        if (job->part->dot[i] && job->cells[i].head && job->cells[i].light >= least_light)
            scratch[n++] = *(const float *)((const char *)&job->cells[i] + member);
    if (n == 0)
        return (struct spread){ 0, 0, 1 };
    const float light = smp_select(scratch, n, n - 1 - n / 4);
    const float middle = smp_select(scratch, n, n / 2);
    for (size_t i = 0; i < n; i++)
        scratch[i] = fabsf(scratch[i] - middle);
    return (struct spread){ middle, light, 1.4826f * smp_select(scratch, n, n / 2) };
}

// What the skin that gets dots is like. Its lighter half tells all but the light: that is skin,
// whatever grows on the other.
struct own {
    struct spread light, rough, warm[2];
};

static struct own own_of(float *scratch, const struct masking *job)
{
    struct own own = { .light = spread_of(scratch, job, offsetof(struct cell, light), -1e30f) };
    const float least = own.light.middle;
    own.rough = spread_of(scratch, job, offsetof(struct cell, rough), least);
    own.warm[0] = spread_of(scratch, job, offsetof(struct cell, warm[0]), least);
    own.warm[1] = spread_of(scratch, job, offsetof(struct cell, warm[1]), least);
    return own;
}

// Weighted running means both ways, three times: a blur near enough to a Gaussian of `sigma`.
static void blur_line(float *v, float *scratch, size_t count, size_t stride, size_t reach)
{
    const double share = 1 / (double)(2 * reach + 1);
    for (int pass = 0; pass < 3; pass++) {
        double sum = 0;
        size_t from = 0, to = 0;
        for (size_t i = 0; i < count; i++) {
            for (; to < count && to <= i + reach; to++)
                sum += (double)v[to * stride];
            for (; from + reach < i; from++)
                sum -= (double)v[from * stride];
            scratch[i] = (float)(sum * share);
        }
        for (size_t i = 0; i < count; i++)
            v[i * stride] = scratch[i];
    }
}

static void blur_cells(float *v, float *scratch, const struct smp_photo_part *part, float sigma)
{
    const size_t reach = (size_t)fmaxf(1, sigma * 0.95f);
    for (size_t y = 0; y < part->cells_down; y++)
        blur_line(&v[y * part->cells_across], scratch, part->cells_across, 1, reach);
    for (size_t x = 0; x < part->cells_across; x++)
        blur_line(&v[x], scratch, part->cells_down, part->cells_across, reach);
}

// Light of the skin around each cell: a mean that leaves out, round by round, what is much darker.
static void light_around(float *around, float *weight, float *scratch, const struct masking *job,
                         const struct own *own)
{
    // Hair may cover most of what is to be treated, but not three quarters of it.
    const float likely = own->light.light, rough = own->rough.middle;
    const struct smp_photo_part *part = job->part;
    const size_t count = part->cells_across * part->cells_down;
    for (size_t i = 0; i < count; i++)
        around[i] = likely;
    for (int round = 0; round < ROUNDS; round++) {
        const float slack = round == 0 ? 0.7f : 0.3f; // of ln light, below the skin around
        for (size_t i = 0; i < count; i++) {
            const struct cell *cell = &job->cells[i];
            const float off = cell->light - around[i];
            const bool skin =
                cell->rough < 2.5f * fmaxf(rough, 0.01f) && off > -slack && off < 0.9f;
            weight[i] = cell->head && skin ? 1 : 0;
            around[i] = weight[i] * cell->light;
        }
        blur_cells(around, scratch, part, around_cells);
        blur_cells(weight, scratch, part, around_cells);
        for (size_t i = 0; i < count; i++) // far from any skin: as likely as not
            around[i] = (around[i] + 1e-3f * likely) / (weight[i] + 1e-3f);
    }
}

// ---- What is no photo of skin ------------------------------------------------------------------

// Darker, the codes of a photo are too few for dots (L* 4) [E]; skin underexposed fourfold has
// more.
static const float least_light_lin = 0.005f;
// Skin in any usual light, as has_colour_of_skin in measure/flatten.c: ln R/G, ln G/B.
static const float redder[2] = { 0, 1.386f }, yellower[2] = { -0.163f, 3 };

static enum smp_code refuse_other_than_skin(const struct own *own, struct smp_err *err)
{
    const float light = own->light.light, red = own->warm[0].middle, yellow = own->warm[1].middle;
    if (expf(light) < least_light_lin)
        return smp_fail(err, SMP_E_INPUT,
                        "the photo is too dark where dots would go: %.4f of full light, at least "
                        "%g is needed; take it in more light",
                        exp((double)light), (double)least_light_lin);
    if (red > redder[0] && red < redder[1] && yellow > yellower[0] && yellow < yellower[1])
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "where dots would go the photo has not the colour of skin (red over green "
                    "%.2f, skin has 1 to 4; green over blue %.2f, skin has 0.85 and more): correct "
                    "the landmarks or the pose, or draw where skin is (--mask)",
                    exp((double)red), exp((double)yellow));
}

// ---- The masks ---------------------------------------------------------------------------------

static void judge(const struct masking *job, const float *around, const struct own *own)
{
    struct smp_photo_part *part = job->part;
    const size_t count = part->cells_across * part->cells_down;
    const struct spread *warm = own->warm;
    for (size_t i = 0; i < count; i++) {
        const struct cell *cell = &job->cells[i];
        const float dark = around[i] - cell->light;
        float off = 0;
        for (int k = 0; k < 2; k++) {
            const float sd = fmaxf(3.5f * warm[k].sd, 0.22f);
            off = fmaxf(off, fabsf(cell->warm[k] - warm[k].middle) / sd);
        }
        // Shade is dark too, but neither rough nor greyer than skin. Two signs of three will do.
        const float sign[3] = {
            smp_smoothf(0.15f, 0.60f, dark),
            smp_smoothf(2.2f, 4.5f, cell->rough / fmaxf(own->rough.middle, 0.01f)),
            smp_smoothf(0.08f, 0.22f, warm[0].middle - cell->warm[0]),
        };
        const float hair = fmaxf(fmaxf(sign[0] * sign[1], sign[0] * sign[2]), sign[1] * sign[2]);
        const float colour = smp_smoothf(2.2f, 1.2f, off);
        part->body[i] = cell->head ? fmaxf(colour, hair) : 0;
        part->may[i] = cell->head ? colour * (1 - hair) : 0;
    }
}

// A cell at the outline is as far in as the cells around it are: dots end before the edge.
static void draw_in(float *v, float *scratch, const struct smp_photo_part *part)
{
    blur_cells(v, scratch, part, 1);
    for (size_t i = 0; i < part->cells_across * part->cells_down; i++)
        v[i] = smp_smoothf(0.20f, 0.55f, v[i]);
}

static void take_drawn(struct smp_photo_part *part, const struct smp_photo_mask *drawn)
{
    for (size_t y = 0; y < part->cells_down; y++)
        for (size_t x = 0; x < part->cells_across; x++) {
            size_t px = part->left_px + x * SMP_CELL_PX + SMP_CELL_PX / 2;
            size_t py = part->top_px + y * SMP_CELL_PX + SMP_CELL_PX / 2;
            px = px < drawn->width_px ? px : drawn->width_px - 1;
            py = py < drawn->height_px ? py : drawn->height_px - 1;
            const float share = (float)drawn->share[py * drawn->width_px + px] / 255;
            part->may[y * part->cells_across + x] = share;
            part->body[y * part->cells_across + x] = share > 0 ? 1 : 0;
        }
}

enum smp_code smp_skin_mask(struct smp_photo_part *part, const struct smp_scene *scene,
                            const struct smp_photo_mask *drawn, const struct smp_work *work)
{
    if (drawn) {
        take_drawn(part, drawn);
        return SMP_OK;
    }
    const size_t count = part->cells_across * part->cells_down;
    const struct smp_mark mark = smp_arena_mark(work->arena);
    struct masking job = { .part = part,
                           .scene = scene,
                           .cells = smp_new(work->arena, struct cell, count) };
    float *around = smp_new(work->arena, float, count);
    float *weight = smp_new(work->arena, float, count);
    float *scratch = smp_new(work->arena, float, count + part->cells_across + part->cells_down);
    smp_light_of_codes(job.light);
    if (!job.cells || !around || !weight || !scratch)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the mask of the photo's skin");
    smp_pool_for(work->pool, part->cells_down, 4, read_rows, &job);
    const struct own own = own_of(scratch, &job);
    const enum smp_code code = refuse_other_than_skin(&own, work->err);
    if (!code) {
        light_around(around, weight, scratch, &job, &own);
        judge(&job, around, &own);
        draw_in(part->body, scratch, part);
        draw_in(part->may, scratch, part);
    }
    smp_arena_reset(work->arena, mark);
    return code;
}

float smp_cell_at(const struct smp_photo_part *part, const float *values, float x_px, float y_px)
{
    return smp_cells_at(values, part->cells_across, part->cells_down, SMP_CELL_PX, x_px, y_px);
}
