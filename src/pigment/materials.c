// Substances of a catalogue: n and k with their sources, and what spheres of them do to light.
#include "pigment/pigment_impl.h"

#include <math.h>
#include <string.h>

enum smp_code smp_text_read(const struct smp_json *at, const char *name, size_t max,
                            const char **text, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json child;
    const char *found = NULL;
    if (!smp_json_child(at, name, &child))
        return smp_fail(err, SMP_E_INPUT, "%s: %s has no %s", at->file, at->path, name);
    const enum smp_code code = smp_json_text(&child, &found, err);
    if (code)
        return code;
    if (!*found || strlen(found) > max)
        return smp_fail(err, SMP_E_INPUT, "%s: %s must be a text of 1 to %zu bytes, not %zu",
                        at->file, child.path, max, strlen(found));
    *text = smp_strdup(arena, found);
    return *text ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for a text");
}

enum smp_code smp_numbers_read(const struct smp_json *at, const char *name, double min, double max,
                               double **values, size_t *count, struct smp_arena *arena,
                               struct smp_err *err)
{
    struct smp_json list, item;
    if (!smp_json_child(at, name, &list))
        return smp_fail(err, SMP_E_INPUT, "%s: %s has no %s", at->file, at->path, name);
    enum smp_code code = smp_json_array(&list, 2, SMP_SAMPLES_MAX, err);
    if (code)
        return code;
    const size_t length = smp_json_count(&list);
    double *made = smp_new(arena, double, length);
    if (!made)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu numbers", length);
    for (size_t i = 0; i < length && !code; i++) {
        smp_json_item(&list, i, &item);
        code = smp_json_number(&item, min, max, "", &made[i], err);
    }
    if (code)
        return code;
    *values = made;
    *count = length;
    return SMP_OK;
}

enum smp_code smp_wavelengths_read(const struct smp_json *at, double **values, size_t *count,
                                   struct smp_arena *arena, struct smp_err *err)
{
    const enum smp_code code =
        smp_numbers_read(at, "wavelength_nm", 200, 2500, values, count, arena, err);
    for (size_t i = 1; !code && i < *count; i++) {
        if (!((*values)[i] > (*values)[i - 1]))
            return smp_fail(err, SMP_E_INPUT, "%s: %s.wavelength_nm[%zu] must be above %g, not %g",
                            at->file, at->path, i, (*values)[i - 1], (*values)[i]);
    }
    return code;
}

double smp_table_at(const double *x, const double *y, size_t count, double at)
{
    if (at <= x[0])
        return y[0];
    for (size_t i = 1; i < count; i++) {
        if (at <= x[i])
            return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
    }
    return y[count - 1];
}

// ---- Reading ------------------------------------------------------------------------------------

static enum smp_code same_length(const struct smp_json *at, const char *name, size_t count,
                                 size_t wanted, struct smp_err *err)
{
    if (count == wanted)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT, "%s: %s.%s must hold %zu numbers, as wavelength_nm, not %zu",
                    at->file, at->path, name, wanted, count);
}

static enum smp_code read_axis(struct smp_axis *axis, const struct smp_json *at,
                               struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "weight", "wavelength_nm", "n", "k", NULL };
    struct smp_json weight;
    size_t n_count = 0, k_count = 0;
    enum smp_code code = smp_json_object(at, known, err);
    axis->weight = 1;
    if (!code && smp_json_child(at, "weight", &weight))
        code = smp_json_number(&weight, 0, 1, "", &axis->weight, err);
    if (!code)
        code = smp_wavelengths_read(at, &axis->wavelength_nm, &axis->count, arena, err);
    if (!code)
        code = smp_numbers_read(at, "n", 0.1, 6, &axis->n, &n_count, arena, err);
    if (!code)
        code = smp_numbers_read(at, "k", 0, 6, &axis->k, &k_count, arena, err);
    if (!code)
        code = same_length(at, "n", n_count, axis->count, err);
    if (!code)
        code = same_length(at, "k", k_count, axis->count, err);
    return code;
}

static enum smp_code read_axes(struct smp_material *material, const struct smp_json *at,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json list, item;
    if (!smp_json_child(at, "axes", &list))
        return smp_fail(err, SMP_E_INPUT, "%s: %s has no axes: its n and k are missing", at->file,
                        at->path);
    enum smp_code code = smp_json_array(&list, 1, SMP_AXES_MAX, err);
    double sum = 0;
    for (size_t i = 0; !code && smp_json_item(&list, i, &item); i++) {
        code = read_axis(&material->axis[i], &item, arena, err);
        material->axis_count = i + 1;
        sum += material->axis[i].weight;
    }
    if (!code && fabs(sum - 1) > 1e-6)
        code = smp_fail(err, SMP_E_INPUT, "%s: the weights of %s must sum to 1, not %g", at->file,
                        list.path, sum);
    return code;
}

static enum smp_code read_material(struct smp_material *material, const struct smp_json *at,
                                   struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "id",     "name",  "density_g_per_cm3",
                                         "fading", "grade", "source",
                                         "axes",   NULL };
    struct smp_json child;
    const char *source;
    int fading = 0;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_text_read(at, "id", 60, &material->id, arena, err);
    if (!code)
        code = smp_text_read(at, "name", 200, &material->name, arena, err);
    if (!code)
        code = smp_text_read(at, "source", 600, &source, arena, err);
    if (!code && !smp_json_child(at, "fading", &child))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s has no fading", at->file, at->path);
    if (!code)
        code = smp_json_choice(&child, smp_fading_names, &fading, err);
    material->fading = (enum smp_fading)fading;
    return code ? code : read_axes(material, at, arena, err);
}

enum smp_code smp_materials_read(struct smp_catalogue_in *in, const struct smp_json *root,
                                 struct smp_err *err)
{
    struct smp_json list, item;
    if (!smp_json_child(root, "materials", &list))
        return SMP_OK; // a catalogue of measured spectra needs none
    enum smp_code code = smp_json_array(&list, 0, SMP_MATERIALS_MAX, err);
    if (code)
        return code;
    const size_t count = smp_json_count(&list);
    in->materials = smp_new(in->arena, struct smp_material, count);
    if (!in->materials)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu materials", count);
    for (size_t i = 0; i < count && !code; i++) {
        smp_json_item(&list, i, &item);
        code = read_material(&in->materials[i], &item, in->arena, err);
        for (size_t k = 0; k < i && !code; k++) {
            if (strcmp(in->materials[k].id, in->materials[i].id) == 0)
                code = smp_fail(err, SMP_E_INPUT, "%s: %s.id \"%s\" is there twice", root->file,
                                item.path, in->materials[i].id);
        }
        in->material_count = i + 1;
    }
    return code;
}

// ---- Spheres ------------------------------------------------------------------------------------

void smp_particle_spectrum(struct smp_component *out, const struct smp_material *material,
                           double diameter_nm, double medium_n)
{
    // Cross-section over volume of a sphere is 1.5·Q/diameter; per mm, at 1 % by volume.
    const double per_mm = 1.5 / diameter_nm * 1e6 * 0.01;
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        const double nm = smp_wavelength_nm(i);
        double absorbed = 0, scattered = 0;
        for (size_t a = 0; a < material->axis_count; a++) {
            const struct smp_axis *axis = &material->axis[a];
            const double n = smp_table_at(axis->wavelength_nm, axis->n, axis->count, nm);
            const double k = smp_table_at(axis->wavelength_nm, axis->k, axis->count, nm);
            const struct smp_mie mie =
                smp_mie_sphere(SMP_PI * diameter_nm * medium_n / nm, n / medium_n, k / medium_n);
            absorbed += axis->weight * fmax(0, mie.q_ext - mie.q_sca);
            scattered += axis->weight * mie.q_sca * (1 - mie.g);
        }
        out->mua_per_mm[i] = absorbed * per_mm;
        out->mus_reduced_per_mm[i] = scattered * per_mm;
    }
}
