// Which decoder for which picture.
#include "loader_impl.h"

#include <string.h>

static bool has(struct smp_bytes file, size_t at, const char *text, size_t length)
{
    return file.length >= at + length && memcmp(file.data + at, text, length) == 0;
}

enum smp_code ldr_image_read(struct ldr_pixels *pixels, struct smp_bytes file,
                             const struct ldr_job *job, struct smp_err *err)
{
    if (file.length == 0)
        return smp_fail(err, SMP_E_FORMAT, "the file is empty");
    if (has(file, 0, "\xff\xd8\xff", 3))
        return ldr_jpeg_read(pixels, file, job, err);
    if (has(file, 0, "\x89PNG\r\n\x1a\n", 8))
        return ldr_png_read(pixels, file, job, err);
    if (has(file, 0, "RIFF", 4) && has(file, 8, "WEBP", 4))
        return ldr_webp_read(pixels, file, job, err);
    return smp_fail(err, SMP_E_UNSUPPORTED, "not a JPEG, PNG, WebP or HEIC picture");
}
