// Fuzz target: any bytes as a file of landmarks, or as a scale, are taken or refused with a
// sentence; what is taken gives a finite camera or another sentence.
#include "photo/photo.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fit(const struct smp_photo *photos, size_t count, struct smp_arena *arena)
{
    static struct smp_places places; // a fuzz target may keep state
    if (!places.how[0]) {
        struct smp_mould mould;
        if (smp_mould_make(&mould, SMP_SEX_MALE, arena, NULL))
            __builtin_trap();
        smp_mould_places(&places, &mould, &smp_shape_median);
    }
    for (size_t p = 0; p < count && p < 3; p++) {
        struct smp_photo photo = photos[p];
        struct smp_pose pose;
        struct smp_err err = { 0 };
        if (!photo.width_px) {
            photo.width_px = 3000;
            photo.height_px = 4000;
        }
        const enum smp_code code = smp_photo_pose(&pose, &photo, 1, &places, arena, &err);
        if ((code != SMP_OK) != (err.msg[0] != 0))
            __builtin_trap();
        if (!code && !(isfinite(pose.camera.t_mm[2]) && pose.camera.t_mm[2] > 0 &&
                       isfinite(pose.rms_px) && isfinite(pose.camera.rotation[0])))
            __builtin_trap();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smp_arena arena;
    struct smp_photo *photos;
    size_t count;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, (size_t)64 << 20);
    const struct smp_bytes text = { data, size };
    enum smp_code code = smp_photos_read(&photos, &count, "f.json", text, &arena, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    if (!code)
        fit(photos, count, &arena);
    char word[200];
    struct smp_scale scale;
    if (size < sizeof word) {
        memcpy(word, data, size);
        word[size] = 0;
        err = (struct smp_err){ 0 };
        code = smp_scale_read(&scale, word, SMP_SEX_FEMALE, "--scale", &err);
        if ((code != SMP_OK) != (err.msg[0] != 0) || (!code && !(scale.value > 0)))
            __builtin_trap();
    }
    smp_arena_drop(&arena);
    return 0;
}
