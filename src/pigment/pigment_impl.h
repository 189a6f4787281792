// What the files of the pigment module share: the catalogue while it is read.
#ifndef SMP_PIGMENT_IMPL_H
#define SMP_PIGMENT_IMPL_H

#include "pigment/pigment.h"

// n and k of a substance along one axis of its crystal; values between are interpolated, those
// outside are the nearest end's.
struct smp_axis {
    double weight; // share of the spheres that show this axis
    size_t count;
    double *wavelength_nm, *n, *k;
};
enum { SMP_AXES_MAX = 3, SMP_MATERIALS_MAX = 64, SMP_PIGMENTS_MAX = 512, SMP_SAMPLES_MAX = 500 };
struct smp_material {
    const char *id, *name;
    enum smp_fading fading;
    size_t axis_count;
    struct smp_axis axis[SMP_AXES_MAX];
};

struct smp_catalogue_in { // what is known so far of the file
    double medium_n;
    struct smp_material *materials;
    size_t material_count;
    struct smp_pigment *pigments;
    size_t pigment_count;
    struct smp_arena *arena;
};

enum smp_code smp_text_read(const struct smp_json *at, const char *name, size_t max,
                            const char **text, struct smp_arena *arena, struct smp_err *err);
// A list of min to SMP_SAMPLES_MAX numbers.
enum smp_code smp_numbers_read(const struct smp_json *at, const char *name, double min, double max,
                               double **values, size_t *count, struct smp_arena *arena,
                               struct smp_err *err);
// Wavelengths that rise, from 200 to 2500 nm.
enum smp_code smp_wavelengths_read(const struct smp_json *at, double **values, size_t *count,
                                   struct smp_arena *arena, struct smp_err *err);
double smp_table_at(const double *x, const double *y, size_t count, double at);
enum smp_code smp_materials_read(struct smp_catalogue_in *in, const struct smp_json *root,
                                 struct smp_err *err);
// The coefficients of 1 % by volume of spheres of a substance.
void smp_particle_spectrum(struct smp_component *out, const struct smp_material *material,
                           double diameter_nm, double medium_n);

#endif
