// The catalogue of pigments: data/pigments.json or the user's own.
#include "pigment/pigment_impl.h"

#include <math.h>
#include <string.h>

static const struct smp_material *find_material(const struct smp_catalogue_in *in, const char *id)
{
    for (size_t i = 0; i < in->material_count; i++) {
        if (strcmp(in->materials[i].id, id) == 0)
            return &in->materials[i];
    }
    return NULL;
}

// ---- Ways to tell a spectrum --------------------------------------------------------------------

static enum smp_code read_particle(struct smp_pigment *pigment, const struct smp_json *at,
                                   const struct smp_catalogue_in *in, struct smp_err *err)
{
    static const char *const known[] = { "material", "diameter_nm", NULL };
    struct smp_json child;
    const char *id = NULL;
    double diameter_nm = 0;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_text_read(at, "material", 60, &id, in->arena, err);
    if (!code && !smp_json_child(at, "diameter_nm", &child))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s has no diameter_nm", at->file, at->path);
    if (!code)
        code = smp_json_number(&child, 5, 20000, "nm", &diameter_nm, err);
    if (code)
        return code;
    const struct smp_material *material = find_material(in, id);
    if (!material)
        return smp_fail(err, SMP_E_INPUT, "%s: %s.material \"%s\" is not among the materials",
                        at->file, at->path, id);
    struct smp_component *component = &pigment->component[0];
    *component = (struct smp_component){ .name = material->name, .share = 1 };
    component->fading = material->fading;
    smp_particle_spectrum(component, material, diameter_nm, in->medium_n);
    pigment->component_count = 1;
    return SMP_OK;
}

static enum smp_code read_measured(struct smp_pigment *pigment, const struct smp_json *at,
                                   const struct smp_catalogue_in *in, struct smp_err *err)
{
    static const char *const known[] = { "wavelength_nm", "mua_per_mm", "mus_reduced_per_mm",
                                         "fading", NULL };
    struct smp_json child;
    double *nm = NULL, *mua = NULL, *mus = NULL;
    size_t count = 0, mua_count = 0, mus_count = 0;
    int fading = SMP_FADING_ORGANIC;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_wavelengths_read(at, &nm, &count, in->arena, err);
    if (!code)
        code = smp_numbers_read(at, "mua_per_mm", 0, 1e5, &mua, &mua_count, in->arena, err);
    if (!code)
        code = smp_numbers_read(at, "mus_reduced_per_mm", 0, 1e5, &mus, &mus_count, in->arena, err);
    if (!code && (mua_count != count || mus_count != count))
        code = smp_fail(err, SMP_E_INPUT,
                        "%s: %s must hold as many mua_per_mm and mus_reduced_per_mm as "
                        "wavelength_nm, not %zu, %zu and %zu",
                        at->file, at->path, mua_count, mus_count, count);
    if (!code && (nm[0] > 400 || nm[count - 1] < 700))
        code = smp_fail(err, SMP_E_INPUT,
                        "%s: %s.wavelength_nm must reach from 400 to 700, not %g to %g", at->file,
                        at->path, nm[0], nm[count - 1]);
    if (!code && smp_json_child(at, "fading", &child))
        code = smp_json_choice(&child, smp_fading_names, &fading, err);
    if (code)
        return code;
    struct smp_component *component = &pigment->component[0];
    *component = (struct smp_component){ .name = pigment->name, .share = 1 };
    component->fading = (enum smp_fading)fading;
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        component->mua_per_mm[i] = smp_table_at(nm, mua, count, smp_wavelength_nm(i));
        component->mus_reduced_per_mm[i] = smp_table_at(nm, mus, count, smp_wavelength_nm(i));
    }
    pigment->component_count = 1;
    return SMP_OK;
}

static enum smp_code read_part(struct smp_pigment *pigment, const struct smp_json *at,
                               const struct smp_catalogue_in *in, double *sum, struct smp_err *err)
{
    static const char *const known[] = { "pigment", "share", NULL };
    struct smp_json child;
    const char *id = NULL;
    double share = 0;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_text_read(at, "pigment", 60, &id, in->arena, err);
    if (!code && !smp_json_child(at, "share", &child))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s has no share", at->file, at->path);
    if (!code)
        code = smp_json_number(&child, 1e-6, 1, "", &share, err);
    if (code)
        return code;
    const struct smp_catalogue so_far = { in->pigments, in->pigment_count };
    const struct smp_pigment *part = smp_pigment_find(&so_far, id);
    if (!part)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s.pigment \"%s\" is not among the pigments above it", at->file,
                        at->path, id);
    *sum += share;
    if (!part->known) {
        pigment->unknown_why = part->unknown_why;
        return SMP_OK;
    }
    if (part->component_count != 1)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s.pigment \"%s\" is a mixture itself: name its parts", at->file,
                        at->path, id);
    struct smp_component *component = &pigment->component[pigment->component_count++];
    *component = part->component[0];
    component->share = share;
    return SMP_OK;
}

static enum smp_code read_mixture(struct smp_pigment *pigment, const struct smp_json *at,
                                  const struct smp_catalogue_in *in, struct smp_err *err)
{
    struct smp_json item;
    double sum = 0;
    enum smp_code code = smp_json_array(at, 2, SMP_COMPONENTS_MAX, err);
    for (size_t i = 0; !code && smp_json_item(at, i, &item); i++)
        code = read_part(pigment, &item, in, &sum, err);
    if (!code && fabs(sum - 1) > 0.001)
        code = smp_fail(err, SMP_E_INPUT, "%s: the shares of %s must sum to 1, not %g", at->file,
                        at->path, sum);
    for (size_t i = 0; i < pigment->component_count; i++)
        pigment->component[i].share /= sum;
    return code;
}

static enum smp_code read_spectrum(struct smp_pigment *pigment, const struct smp_json *at,
                                   const struct smp_catalogue_in *in, struct smp_err *err)
{
    struct smp_json particle, mixture, measured, unknown;
    const bool is_particle = smp_json_child(at, "particle", &particle);
    const bool is_mixture = smp_json_child(at, "mixture", &mixture);
    const bool is_measured = smp_json_child(at, "spectrum", &measured);
    const bool is_unknown = smp_json_child(at, "unknown", &unknown);
    const int ways = is_particle + is_mixture + is_measured + is_unknown;
    if (ways == 0)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s (\"%s\") has no spectrum: give particle, mixture or spectrum, or "
                        "say in unknown why there is none",
                        at->file, at->path, pigment->id);
    if (ways > 1)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s (\"%s\") must have one of particle, mixture, spectrum and unknown, "
                        "not %d",
                        at->file, at->path, pigment->id, ways);
    if (is_particle)
        return read_particle(pigment, &particle, in, err);
    if (is_mixture)
        return read_mixture(pigment, &mixture, in, err);
    if (is_measured)
        return read_measured(pigment, &measured, in, err);
    return smp_text_read(at, "unknown", 400, &pigment->unknown_why, in->arena, err);
}

// ---- One pigment --------------------------------------------------------------------------------

static enum smp_code read_grade(const struct smp_json *at, const char *name, const char **grade,
                                const struct smp_catalogue_in *in, struct smp_err *err)
{
    enum smp_code code = smp_text_read(at, name, 60, grade, in->arena, err);
    if (!code && (strlen(*grade) != 1 || !strchr("ABCDU", **grade)))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s.%s must be A, B, C, D or U, not \"%s\"", at->file,
                        at->path, name, *grade);
    return code;
}

static void sum_components(struct smp_pigment *pigment)
{
    for (size_t c = 0; c < pigment->component_count; c++) {
        const struct smp_component *part = &pigment->component[c];
        for (int i = 0; i < SMP_WAVELENGTHS; i++) {
            pigment->mua_per_mm[i] += part->share * part->mua_per_mm[i];
            pigment->mus_reduced_per_mm[i] += part->share * part->mus_reduced_per_mm[i];
        }
    }
}

static enum smp_code read_pigment(struct smp_pigment *pigment, const struct smp_json *at,
                                  const struct smp_catalogue_in *in, struct smp_err *err)
{
    static const char *const known[] = { "id",      "name",           "source",   "grade",
                                         "loading", "loading_source", "particle", "loading_grade",
                                         "mixture", "spectrum",       "unknown",  NULL };
    struct smp_json loading;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_text_read(at, "id", 60, &pigment->id, in->arena, err);
    if (!code)
        code = smp_text_read(at, "name", 200, &pigment->name, in->arena, err);
    if (!code)
        code = smp_text_read(at, "source", 600, &pigment->source, in->arena, err);
    if (!code)
        code = read_grade(at, "grade", &pigment->grade, in, err);
    if (!code && !smp_json_child(at, "loading", &loading))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s has no loading", at->file, at->path);
    if (!code)
        code = smp_json_number(&loading, 1e-6, 0.74, "", &pigment->loading, err);
    if (!code)
        code = smp_text_read(at, "loading_source", 600, &pigment->loading_source, in->arena, err);
    if (!code)
        code = read_grade(at, "loading_grade", &pigment->loading_grade, in, err);
    if (!code)
        code = read_spectrum(pigment, at, in, err);
    if (code)
        return code;
    const struct smp_catalogue so_far = { in->pigments, in->pigment_count };
    if (smp_pigment_find(&so_far, pigment->id))
        return smp_fail(err, SMP_E_INPUT, "%s: %s.id \"%s\" is there twice", at->file, at->path,
                        pigment->id);
    pigment->known = !pigment->unknown_why;
    if (pigment->known)
        sum_components(pigment);
    else
        pigment->component_count = 0;
    return SMP_OK;
}

// ---- The file -----------------------------------------------------------------------------------

static enum smp_code read_all(struct smp_catalogue_in *in, const struct smp_json *root,
                              struct smp_err *err)
{
    static const char *const known[] = { "about",     "medium_n", "medium_source",
                                         "materials", "pigments", NULL };
    struct smp_json medium, list, item;
    enum smp_code code = smp_json_object(root, known, err);
    in->medium_n = 1.38;
    if (!code && smp_json_child(root, "medium_n", &medium))
        code = smp_json_number(&medium, 1, 2, "", &in->medium_n, err);
    if (!code)
        code = smp_materials_read(in, root, err);
    if (!code && !smp_json_child(root, "pigments", &list))
        code = smp_fail(err, SMP_E_INPUT, "%s has no pigments", root->file);
    if (!code)
        code = smp_json_array(&list, 1, SMP_PIGMENTS_MAX, err);
    if (code)
        return code;
    const size_t count = smp_json_count(&list);
    in->pigments = smp_new(in->arena, struct smp_pigment, count);
    if (!in->pigments)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu pigments", count);
    for (size_t i = 0; i < count && !code; i++) {
        smp_json_item(&list, i, &item);
        code = read_pigment(&in->pigments[i], &item, in, err);
        in->pigment_count = i + 1;
    }
    return code;
}

enum smp_code smp_catalogue_read(struct smp_catalogue *catalogue, const char *file,
                                 const char *text, size_t length, struct smp_arena *arena,
                                 struct smp_err *err)
{
    struct smp_json root;
    enum smp_code code = smp_json_parse(&root, file, text, length, err);
    if (code)
        return code;
    struct smp_catalogue_in in = { .arena = arena };
    code = read_all(&in, &root, err);
    smp_json_close(&root);
    if (!code)
        *catalogue = (struct smp_catalogue){ in.pigments, in.pigment_count };
    return code;
}

const struct smp_pigment *smp_pigment_find(const struct smp_catalogue *catalogue, const char *id)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        if (strcmp(catalogue->pigments[i].id, id) == 0)
            return &catalogue->pigments[i];
    }
    return NULL;
}

enum smp_code smp_pigment_matchable(const struct smp_pigment *pigment, const char *where,
                                    struct smp_err *err)
{
    if (pigment->known)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT, "%s: the pigment \"%s\" cannot be used in a match: %s", where,
                    pigment->id, pigment->unknown_why);
}
