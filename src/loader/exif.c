// The few EXIF fields that change what a picture shows or how it was seen (EXIF 2.32, TIFF 6.0).
#include "loader_impl.h"

#include <string.h>

struct tiff {
    struct smp_bytes bytes;
    bool little;
};

static uint32_t number(const struct tiff *tiff, size_t at, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)tiff->bytes.data[at + (size_t)i]
                 << 8 * (tiff->little ? i : bytes - 1 - i);
    return value;
}

enum { type_short = 3, type_long = 4 };

// The value of a tag that holds one whole number, in the directory at this place; 0 where there is
// none. Directories are never followed from one to the next, so that none can lead back.
static uint32_t find(const struct tiff *tiff, size_t at, uint32_t tag)
{
    if (at > tiff->bytes.length - 2)
        return 0;
    const uint32_t entries = number(tiff, at, 2);
    for (size_t i = 0; i < entries; i++) {
        const size_t entry = at + 2 + 12 * i; // tag, type, count, value
        if (entry + 12 > tiff->bytes.length)
            return 0;
        if (number(tiff, entry, 2) != tag)
            continue;
        const uint32_t type = number(tiff, entry + 2, 2);
        return type == type_short || type == type_long
                   ? number(tiff, entry + 8, type == type_long ? 4 : 2)
                   : 0;
    }
    return 0;
}

struct ldr_exif ldr_exif_read(struct smp_bytes exif)
{
    enum { orientation_tag = 0x0112, exif_directory_tag = 0x8769, focal_35mm_tag = 0xa405 };
    struct ldr_exif found = { .orientation = 1 };
    if (exif.length < 8)
        return found;
    const struct tiff tiff = { exif, memcmp(exif.data, "II*\0", 4) == 0 };
    if (!tiff.little && memcmp(exif.data, "MM\0*", 4) != 0)
        return found;
    const size_t first = number(&tiff, 4, 4);
    const uint32_t orientation = find(&tiff, first, orientation_tag);
    if (orientation >= 1 && orientation <= 8)
        found.orientation = (int)orientation;
    const uint32_t directory = find(&tiff, first, exif_directory_tag);
    const uint32_t focal = directory ? find(&tiff, directory, focal_35mm_tag) : 0;
    if (focal <= 65535)
        found.focal_35mm = focal;
    return found;
}
