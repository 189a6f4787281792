// Fuzz target: a colour profile (after a byte that chooses the depth), and the same bytes as EXIF.
#include "loader_impl.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_be_within(const float *values, size_t count, float least, float most)
{
    for (size_t i = 0; i < count; i++)
        must(values[i] >= least && values[i] <= most);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    if (length == 0)
        return 0;
    struct smp_arena arena;
    smp_arena_make(&arena, 64 << 20);
    const struct smp_bytes rest = { data + 1, length - 1 };
    const struct ldr_job job = { .suffix = "", .arena = &arena };
    const int bits = 8 + data[0] % 9;
    struct ldr_profile profile;
    struct smp_err err = { 0 };
    if (ldr_profile_make(&profile, rest, bits, &job, &err) == SMP_OK) {
        const size_t side = (size_t)profile.grid_side;
        must_be_within(profile.curves, (size_t)3 << bits, side ? 0 : -1, side ? 1 : 4);
        must_be_within(profile.grid, 3 * side * side * side, -2, 2);
        for (int i = 0; i < 9; i++)
            must(fabs(profile.matrix[i / 3][i % 3]) <= 16);
    } else {
        must(err.msg[0]);
    }
    const struct ldr_exif exif = ldr_exif_read(rest);
    must(exif.orientation >= 1 && exif.orientation <= 8);
    must(exif.focal_35mm >= 0 && exif.focal_35mm <= 65535);
    smp_arena_drop(&arena);
    return 0;
}
