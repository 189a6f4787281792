// Pictures on a page: shrunk in linear light, kept in the file as JPEG.
#include "page/page.h"

#include <math.h>

// Mean of the source pixels under one target pixel, in linear light.
static struct smp_rgb mean_pixel(const struct smp_image *image, size_t x0, size_t x1, size_t y0,
                                 size_t y1)
{
    double r = 0, g = 0, b = 0;
    for (size_t y = y0; y < y1; y++) {
        for (size_t x = x0; x < x1; x++) {
            const struct smp_rgb *p = smp_image_at(image, x, y);
            r += (double)p->r;
            g += (double)p->g;
            b += (double)p->b;
        }
    }
    const double n = (double)((x1 - x0) * (y1 - y0));
    return (struct smp_rgb){ (float)(r / n), (float)(g / n), (float)(b / n) };
}

// At most `dpi` px an inch as printed.
static enum smp_code shrink(struct smp_image *made, const struct smp_image *image, double w_mm,
                            double dpi, struct smp_arena *arena)
{
    const size_t most = (size_t)ceil(w_mm / 25.4 * dpi);
    const size_t w = image->width_px < most ? image->width_px : most;
    const size_t h =
        (size_t)fmax(1, round((double)image->height_px * (double)w / (double)image->width_px));
    const enum smp_code code = smp_image_make(made, w, h, arena, NULL);
    for (size_t y = 0; y < h && !code; y++) {
        const size_t y0 = y * image->height_px / h, y1 = (y + 1) * image->height_px / h;
        for (size_t x = 0; x < w; x++) {
            const size_t x0 = x * image->width_px / w, x1 = (x + 1) * image->width_px / w;
            *smp_image_at(made, x, y) =
                mean_pixel(image, x0, x1 > x0 ? x1 : x0 + 1, y0, y1 > y0 ? y1 : y0 + 1);
        }
    }
    return code;
}

// The picture goes into the file as a JPEG; the surface only carries it and stays empty.
static cairo_surface_t *carrier_of(struct smp_page *page, const struct smp_image *image,
                                   double w_mm, double dpi)
{
    static const struct smp_image_note notes[] = {
        { "Description", "SIMULATED picture, not a photograph of a result" }, { NULL, NULL }
    };
    struct smp_image small;
    struct smp_bytes jpeg;
    if (shrink(&small, image, w_mm, dpi, page->arena) ||
        smp_image_jpeg(&jpeg, &small, notes, page->arena, NULL))
        return NULL;
    cairo_surface_t *made =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)small.width_px, (int)small.height_px);
    // the page's arena outlives the page
    cairo_surface_set_mime_data(made, CAIRO_MIME_TYPE_JPEG, jpeg.data, jpeg.length, NULL, NULL);
    return made;
}

void smp_picture_put(struct smp_page *page, const struct smp_image *image, struct smp_rect box,
                     double dpi)
{
    cairo_t *cr = page->cr;
    if (!page->count)
        return;
    cairo_surface_t *small = carrier_of(page, image, box.w, dpi);
    if (!small || cairo_surface_status(small)) {
        page->code = SMP_E_NOMEM;
    } else {
        cairo_save(cr);
        cairo_translate(cr, box.x, box.y);
        cairo_scale(cr, box.w / cairo_image_surface_get_width(small),
                    box.h / cairo_image_surface_get_height(small));
        cairo_set_source_surface(cr, small, 0, 0);
        cairo_tag_begin(cr, "Figure", NULL);
        cairo_paint(cr);
        cairo_tag_end(cr, "Figure");
        cairo_restore(cr);
    }
    cairo_surface_destroy(small); // takes NULL
}
