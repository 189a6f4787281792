// Dots multiplied into the light of a photo. Only tiles that dots reach are made light; the rest of
// the photo's bytes stay as they are.
#include "preview/on_photo_impl.h"

#include "colour/colour.h"

#include <stdio.h>

void smp_light_of_codes(float light[256])
{
    for (int k = 0; k < 256; k++)
        light[k] = (float)smp_lin_from_srgb(k / 255.0);
}

// ---- The film ----------------------------------------------------------------------------------

static const float most_light = 3; // more than the lightest code's
static const float bins_per_light = SMP_FILM_BINS / 3.0f;

void smp_photo_film_make(struct smp_photo_film *film)
{
    smp_light_of_codes(film->light);
    for (int k = 0; k < 256; k++)
        film->light[k] = smp_shoulder_back(film->light[k]);
    film->least[0] = 0;
    film->least[256] = most_light;
    for (int k = 1; k < 256; k++) {
        const double value = smp_lin_from_srgb((k - 0.5) / 255);
        film->least[k] = (float)(value <= 0.5 ? value : 0.5 - 0.5 * log(2 * (1 - value)));
    }
    int code = 0;
    for (int bin = 0; bin < SMP_FILM_BINS; bin++) {
        while ((float)bin / bins_per_light >= film->least[code + 1])
            code++;
        film->first[bin] = (uint8_t)code;
    }
}

static inline uint8_t code_of(const struct smp_photo_film *film, float light)
{
    if (!(light > 0)) // NaN too
        return 0;
    if (light >= film->least[255])
        return 255;
    const int code = film->first[(int)(light * bins_per_light)];
    return (uint8_t)(code + (light >= film->least[code + 1])); // a bin holds one beginning at most
}

uint8_t smp_photo_film_code(const struct smp_photo_film *film, float light)
{
    return code_of(film, light);
}

// ---- Applied -----------------------------------------------------------------------------------

struct applying {
    struct smp_image8 *image;
    const struct smp_photo_ground *ground;
    struct smp_photo_film film;
    uint64_t seed;
};

// Sum of four uniform numbers: near enough to normal for grain. SplitMix64 (Steele, Lea, Flood
// 2014), in line: a number for each of millions of pixels.
static void add_grain(float noise[SMP_TILE_PX], size_t width, uint64_t seed)
{
    for (size_t x = 0; x < width; x++) {
        uint64_t z = seed + (x + 1) * 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        const uint32_t four =
            (uint32_t)((z & 0xffff) + (z >> 16 & 0xffff) + (z >> 32 & 0xffff) + (z >> 48));
        noise[x] *= 1.732f * ((float)four / 65536.0f - 2);
    }
}

// A photo's noise is that of its light: where dots take light, noise is left in larger proportion.
// ln-noise of variance n² becomes n²/T; T × photo keeps n², the rest is added.
static void apply_row(uint8_t *codes, const struct smp_rgb *tint, const float *body,
                      const float *noise, size_t width, const struct smp_photo_film *film)
{
    float share[3 * SMP_TILE_PX], on[3 * SMP_TILE_PX], grain[3 * SMP_TILE_PX];
    const float *t = &tint->r;
    for (size_t x = 0; x < width; x++)
        for (size_t k = 0; k < 3; k++) {
            on[3 * x + k] = body[x];
            grain[3 * x + k] = noise[x];
        }
    for (size_t i = 0; i < 3 * width; i++) {
        const float s = 1 - on[i] * (1 - t[i]), rest = s * (1 - s);
        share[i] = s + grain[i] * sqrtf(rest > 0 ? rest : 0);
    }
    for (size_t x = 0; x < width; x++) {
        if (tint[x].r + tint[x].g + tint[x].b > 2.9985f)
            continue;
        for (size_t i = 3 * x; i < 3 * x + 3; i++)
            codes[i] = code_of(film, share[i] * film->light[codes[i]]);
    }
}

static void apply(void *context, const struct smp_tile *tile)
{
    const struct applying *job = context;
    const struct smp_photo_part *part = &job->ground->part;
    const struct smp_sharpness *map = &job->ground->sharpness;
    const struct smp_cells bodies = { part->body, part->cells_across, part->cells_down, SMP_CELL_PX,
                                      1 };
    const struct smp_cells noises = { map->noise, map->across, map->down, map->tile_px, 1 };
    struct smp_stretch on_body, in_noise;
    smp_stretch_begin(&on_body, &bodies, tile->left_px, tile->width_px);
    smp_stretch_begin(&in_noise, &noises, tile->left_px, tile->width_px);
    for (size_t y = 0; y < tile->height_px; y++) {
        float body[SMP_TILE_PX] = { 0 }, noise[SMP_TILE_PX] = { 0 };
        if (!smp_stretch_add(body, &on_body, tile->top_px + y))
            continue;
        const size_t left = part->left_px + tile->left_px, top = part->top_px + tile->top_px + y;
        if (smp_stretch_add(noise, &in_noise, tile->top_px + y))
            add_grain(noise, tile->width_px, smp_hash64(job->seed, smp_hash64(top, left)));
        apply_row(smp_image8_at(job->image, left, top), &tile->px[y * tile->stride], body, noise,
                  tile->width_px, &job->film);
    }
}

static enum smp_code draw(struct smp_image8 *image, const struct smp_photo_ground *ground,
                          const struct smp_dots *dots, const struct smp_work *work)
{
    const struct smp_plan *plan = ground->scene->plan;
    struct smp_spot *shown = smp_new(work->arena, struct smp_spot, dots->count);
    struct applying *job = smp_new(work->arena, struct applying, 1);
    if (!shown || !job)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for %zu dots on a photo", dots->count);
    size_t count = 0;
    for (size_t i = 0, k = 0; i < dots->count; i++) { // both in the plan's order
        while (k < plan->dot_count && plan->dots[k].id != dots->spots[i].id)
            k++;
        if (k < plan->dot_count && ground->shown[k])
            shown[count++] = dots->spots[i];
    }
    *job = (struct applying){ .image = image, .ground = ground, .seed = plan->from->seed };
    smp_photo_film_make(&job->film);
    const struct smp_taker taker = { apply, job };
    const struct smp_ground on = { .camera = &ground->part.camera,
                                   .sharpness = &ground->sharpness };
    return smp_splat_tiles(&taker, shown, count, &on, work);
}

enum smp_code smp_photo_draw(struct smp_image8 *image, const struct smp_photo_ground *ground,
                             const struct smp_age *age, struct smp_pool *pool,
                             struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_work work = { pool, arena, err };
    const struct smp_image8 *photo = ground->part.photo;
    if (image->width_px != photo->width_px || image->height_px != photo->height_px)
        return smp_fail(err, SMP_E_INPUT, "dots of a photo of %zu × %zu px on one of %zu × %zu",
                        photo->width_px, photo->height_px, image->width_px, image->height_px);
    const struct smp_mark mark = smp_arena_mark(arena);
    const struct smp_dots *dots = NULL;
    enum smp_code code = SMP_OK;
    if (!age->before)
        code = smp_dots_at(&dots, ground->scene, age, &work);
    if (!code && dots)
        code = draw(image, ground, dots, &work);
    smp_arena_reset(arena, mark);
    char text[96];
    snprintf(text, sizeof text, "SIMULATED | on a photo | %s", age->label);
    return code ? code : smp_stamp8(image, text, &work);
}
