// What the files of the made hair fields share.
#ifndef SMP_MADE_HAIR_FIELD_IMPL_H
#define SMP_MADE_HAIR_FIELD_IMPL_H

#include "hair_field.h"

// Skin, hairs and what lies on them, in linear light.
bool made_field_paint(struct made_field *field, const struct made_field_settings *s,
                      struct smp_arena *arena);
// Vignette, blur, noise, interlace, graphics, codes, blocks of a JPEG.
bool made_field_camera(struct made_field *field, const struct made_field_settings *s,
                       struct smp_arena *arena);
// What settings.real asks for, nothing else: on the skin below the hairs, on top of them …
void made_real_skin(struct made_field *field, const struct made_field_settings *s);
void made_real_top(struct made_field *field, const struct made_field_settings *s);
// … by the lens, by the camera's own arithmetic, and around the picture.
bool made_real_lens(struct smp_image *image, const struct made_field_settings *s,
                    struct smp_arena *arena);
bool made_real_process(struct smp_image *image, const struct made_field_settings *s,
                       struct smp_arena *arena);
void made_real_frame(struct smp_image *image, const struct made_field_settings *s);
// Radius of a round field over the picture's width.
static const double made_round_field = 0.52;
// Smooth noise of unit variance, about `period` pixels a swing; a function of place and seed.
double made_noise(double x, double y, double period, uint64_t seed);

static inline struct smp_rgb made_dim(struct smp_rgb c, double r, double g, double b)
{
    return (struct smp_rgb){ c.r * (float)r, c.g * (float)g, c.b * (float)b };
}
static inline struct smp_rgb made_mix(struct smp_rgb a, struct smp_rgb b, double part)
{
    const float p = (float)part;
    return (struct smp_rgb){ a.r + (b.r - a.r) * p, a.g + (b.g - a.g) * p, a.b + (b.b - a.b) * p };
}

#endif
