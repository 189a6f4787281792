// The one EXIF field that changes what a picture shows.
#include "loader_impl.h"

#include <string.h>

static uint32_t number(const uint8_t *at, int bytes, bool little)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)at[i] << 8 * (little ? i : bytes - 1 - i);
    return value;
}

int ldr_exif_orientation(struct smp_bytes exif)
{
    if (exif.length < 8)
        return 1;
    const bool little = memcmp(exif.data, "II*\0", 4) == 0;
    if (!little && memcmp(exif.data, "MM\0*", 4) != 0)
        return 1;
    const size_t at = number(exif.data + 4, 4, little);
    if (at > exif.length - 2)
        return 1;
    const uint32_t entries = number(exif.data + at, 2, little);
    for (size_t i = 0; i < entries; i++) {
        const size_t entry = at + 2 + 12 * i; // tag, type, count, value
        if (entry + 12 > exif.length)
            return 1;
        if (number(exif.data + entry, 2, little) != 0x0112)
            continue;
        const uint32_t value = number(exif.data + entry + 8, 2, little);
        return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}
