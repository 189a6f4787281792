// The picture, the region and the scale of `stubble measure`.
#include "cli/measuring.h"

#include "cli/colour_card.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Linear light of the middle of the codes: a mask counts where it is brighter.
static const float mask_lin = 0.2140F;

// Whether the text is "x,y,w,h"; numbers that are none of a picture become SIZE_MAX.
static bool read_rectangle(size_t rectangle[4], const char *text)
{
    for (int i = 0; i < 4; i++) {
        char *end;
        errno = 0;
        const long long v = strtoll(text, &end, 10);
        if (end == text || *end != (i < 3 ? ',' : 0))
            return false;
        rectangle[i] = v < 0 || errno ? SIZE_MAX : (size_t)v;
        text = end + 1;
    }
    return true;
}

static enum smp_code fill_rectangle(uint8_t *region, const size_t r[4],
                                    const struct smp_image *image, const char *text,
                                    struct smp_err *err)
{
    const size_t width = image->width_px, height = image->height_px;
    if (r[2] < 1 || r[3] < 1 || r[0] >= width || r[1] >= height || r[2] > width - r[0] ||
        r[3] > height - r[1])
        return smp_fail(err, SMP_E_INPUT,
                        "--region must be X,Y,W,H within the picture of %zu x %zu px, not '%.60s'",
                        width, height, text);
    for (size_t y = r[1]; y < r[1] + r[3]; y++)
        memset(region + y * width + r[0], 1, r[2]);
    return SMP_OK;
}

static enum smp_code fill_mask(uint8_t *region, const char *path, const struct smp_image *image,
                               const struct smp_image_options *options, struct smp_err *err)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_image mask = { 0 };
    enum smp_code code = smp_image_load(&mask, path, options, &arena, err);
    if (!code && (mask.width_px != image->width_px || mask.height_px != image->height_px))
        code =
            smp_fail(err, SMP_E_INPUT,
                     "--region %.200s must be of the picture's size, %zu x %zu px, not %zu x %zu",
                     path, image->width_px, image->height_px, mask.width_px, mask.height_px);
    for (size_t i = 0; !code && i < mask.width_px * mask.height_px; i++)
        region[i] = mask.px_lin[i].g > mask_lin;
    smp_arena_drop(&arena);
    return code;
}

static enum smp_code read_region(struct smp_measuring *m, const char *text,
                                 const struct smp_image_options *options, struct smp_err *err)
{
    const struct smp_image *image = &m->subject.image;
    uint8_t *region = smp_new(&m->arena, uint8_t, image->width_px * image->height_px);
    if (!region)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the region");
    m->subject.region = region;
    size_t rectangle[4];
    return read_rectangle(rectangle, text) ? fill_rectangle(region, rectangle, image, text, err)
                                           : fill_mask(region, text, image, options, err);
}

static enum smp_code scale_by_card(double *px_per_mm, struct smp_measuring *m, const char *path,
                                   struct smp_err *err)
{
    struct smp_lab reference[SMP_CARD_PATCHES];
    struct smp_card card;
    enum smp_code code = smp_cli_reference(reference, NULL, &m->arena, err);
    if (!code)
        code = smp_card_find(&card, &m->subject.image, reference, path, m->pool, &m->arena, err);
    if (code)
        return code;
    if (!(card.px_per_mm > 0))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the picture is too blurred to tell a Classic from a Mini card, and so "
                        "the scale: measure a known length and give --mm-per-px",
                        path);
    *px_per_mm = card.px_per_mm;
    return SMP_OK;
}

static enum smp_code read_scale(struct smp_measuring *m, const struct smp_measuring_flags *flags,
                                const char *path, struct smp_err *err)
{
    const int given = (flags->mm_per_px != NULL) + (flags->chart != NULL) + (flags->marker != NULL);
    double *mm_per_px = &m->subject.mm_per_px;
    if (given > 1)
        return smp_fail(err, SMP_E_INPUT, "--mm-per-px, --chart and --marker exclude each other");
    if (flags->mm_per_px)
        return smp_cli_number(flags->mm_per_px, "mm-per-px", 0.0005, 2, mm_per_px, err);
    if (!flags->chart && !flags->marker)
        return SMP_OK;
    double px_per_mm = 0;
    const enum smp_code code =
        flags->chart ? scale_by_card(&px_per_mm, m, path, err)
                     : smp_cli_marker_scale(&px_per_mm, &m->subject.image, flags->marker, path,
                                            m->pool, &m->arena, err);
    if (!code)
        *mm_per_px = 1 / px_per_mm;
    return code;
}

enum smp_code smp_measuring_open(struct smp_measuring *m, const struct smp_measuring_flags *flags,
                                 const char *path, struct smp_err *err)
{
    *m = (struct smp_measuring){ 0 };
    smp_arena_make(&m->arena, 0);
    int64_t threads = 0;
    enum smp_code code = SMP_OK;
    if (flags->threads)
        code = smp_cli_integer(flags->threads, "threads", 0, 256, &threads, err);
    if (code)
        return code;
    const struct smp_image_options options = { .no_sandbox = flags->no_sandbox != NULL };
    m->pool = smp_pool_make((unsigned)threads);
    struct smp_photo_facts facts = { 0 };
    code = smp_photo_load(&m->subject.image, &facts, path, &options, &m->arena, err);
    m->subject.jpeg_quality = facts.jpeg_quality;
    if (!code && facts.spoilt_icc)
        fprintf(stderr, "stubble: warning: %s: " SMP_SPOILT_ICC "\n", path);
    if (!code && flags->region)
        code = read_region(m, flags->region, &options, err);
    return code ? code : read_scale(m, flags, path, err);
}

enum smp_code smp_measuring_need_scale(const struct smp_measuring *m, struct smp_err *err)
{
    if (m->subject.mm_per_px > 0)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "the scale must be given: --mm-per-px S, --chart or --marker MM");
}

void smp_measuring_close(struct smp_measuring *m)
{
    smp_pool_drop(m->pool);
    smp_arena_drop(&m->arena);
}
