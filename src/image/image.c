#include "image/image.h"

#include <math.h>
#include <sys/mman.h>

enum { largest_side_px = 1 << 20, huge_page_bytes = 2 << 20 };

// All of an image is written, and soon: one page fault for 2 MiB instead of 512 halves the time
// that its first writing takes. The kernel may refuse, which changes nothing but that.
static void prefer_huge_pages(void *block, size_t length)
{
    const size_t over = (uintptr_t)block % huge_page_bytes;
    const size_t skipped = over ? huge_page_bytes - over : 0;
    if (length >= skipped + huge_page_bytes)
        madvise((char *)block + skipped, (length - skipped) / huge_page_bytes * huge_page_bytes,
                MADV_HUGEPAGE);
}

enum smp_code smp_image_make(struct smp_image *image, size_t width_px, size_t height_px,
                             struct smp_arena *arena, struct smp_err *err)
{
    if (width_px < 1 || height_px < 1 || width_px > largest_side_px || height_px > largest_side_px)
        return smp_fail(err, SMP_E_INPUT, "an image must be 1 to %d px a side, not %zu x %zu",
                        largest_side_px, width_px, height_px);
    struct smp_rgb *px_lin = smp_new(arena, struct smp_rgb, width_px * height_px);
    if (!px_lin)
        return smp_fail(err, SMP_E_NOMEM, "no memory for an image of %zu x %zu px", width_px,
                        height_px);
    prefer_huge_pages(px_lin, width_px * height_px * sizeof *px_lin);
    *image = (struct smp_image){ px_lin, width_px, height_px };
    return SMP_OK;
}

static struct smp_rgb mix(struct smp_rgb a, struct smp_rgb b, float part)
{
    return (struct smp_rgb){ a.r + (b.r - a.r) * part, a.g + (b.g - a.g) * part,
                             a.b + (b.b - a.b) * part };
}

// Index of the pixel whose centre lies at or before the coordinate, and the part of the way to
// the next centre. NaN counts as 0.
static size_t centre_before(double at_px, size_t count, float *part)
{
    const double from_first = at_px - 0.5;
    if (!(from_first > 0) || count < 2) {
        *part = 0;
        return 0;
    }
    if (from_first >= (double)(count - 1)) {
        *part = 1;
        return count - 2;
    }
    const size_t index = (size_t)from_first;
    *part = (float)(from_first - (double)index);
    return index;
}

struct smp_rgb smp_image_sample(const struct smp_image *image, double x_px, double y_px)
{
    float part_x = 0, part_y = 0;
    const size_t x = centre_before(x_px, image->width_px, &part_x);
    const size_t y = centre_before(y_px, image->height_px, &part_y);
    const size_t right = x + (image->width_px > 1), below = y + (image->height_px > 1);
    return mix(mix(*smp_image_at(image, x, y), *smp_image_at(image, right, y), part_x),
               mix(*smp_image_at(image, x, below), *smp_image_at(image, right, below), part_x),
               part_y);
}
