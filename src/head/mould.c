// The median head of a sex as a mould: bent by breadth, length and height, landmarks and all.
#include "head/head_impl.h"

#include <math.h>
#include <string.h>

#define TEXT(name, text, mirror) text,
const char *const smp_place_names[] = { SMP_PLACES(TEXT) NULL };

const struct smp_shape smp_shape_median = { .breadth = 1, .length = 1, .height = 1 };

#define MIRROR(name, text, mirror) [name] = mirror,
static const enum smp_place mirrors[] = { SMP_PLACES(MIRROR) };

// Places on the template unbent (head frame, mm) and their spread among people. Eye corners, nose
// tip, subnasale and chin are vertices of the 68 landmarks that ICT-FaceKit publishes (1507, 1528,
// 4857, 1147, 966); the ear's top is the highest vertex of the auricle on the head held upright
// (6844); the trichion lies 65 mm over the glabella by tape. Those without a place are found on
// the template itself. Spreads are estimates: a face differs from the mean face of its head's
// size by 3 to 4 mm (ANSUR II: interpupillary 3.4, menton–sellion 6.7, ear length 4.5), a hairline
// by 9 mm (Natpracha 2020); on the flat vertex and inion a mark slides along the skin.
static const struct {
    struct smp_vec3 place, facing, sd_mm;
} known[SMP_PLACE_COUNT] = {
    [SMP_PLACE_NASION] = { { 0, 0, 0 }, { 0, 1, 0 }, { 2, 3, 3 } },
    [SMP_PLACE_GLABELLA] = { { 0, 0, 0 }, { 0, 1, 0 }, { 2, 2, 4 } },
    [SMP_PLACE_OUTER_EYE_LEFT] = { { -44.59, 72.99, -1.04 }, { -0.5, 0.866, 0 }, { 3, 3, 3 } },
    [SMP_PLACE_OUTER_EYE_RIGHT] = { { 44.59, 72.99, -1.04 }, { 0.5, 0.866, 0 }, { 3, 3, 3 } },
    [SMP_PLACE_INNER_EYE_LEFT] = { { -18.44, 77.77, -4.99 }, { -0.2, 0.98, 0 }, { 2.5, 3, 3 } },
    [SMP_PLACE_INNER_EYE_RIGHT] = { { 18.44, 77.77, -4.99 }, { 0.2, 0.98, 0 }, { 2.5, 3, 3 } },
    [SMP_PLACE_LPA] = { { 0, 0, 0 }, { -1, 0, 0 }, { 4, 2, 2 } },
    [SMP_PLACE_RPA] = { { 0, 0, 0 }, { 1, 0, 0 }, { 4, 2, 2 } },
    [SMP_PLACE_EAR_TOP_LEFT] = { { -87.38, -8.07, 34.7 }, { -0.95, 0, 0.3 }, { 5, 5, 5 } },
    [SMP_PLACE_EAR_TOP_RIGHT] = { { 87.38, -8.07, 34.7 }, { 0.95, 0, 0.3 }, { 5, 5, 5 } },
    [SMP_PLACE_NOSE_TIP] = { { 0, 102.53, -46.18 }, { 0, 1, 0 }, { 3, 5, 5 } },
    [SMP_PLACE_SUBNASALE] = { { 0, 82.46, -55.24 }, { 0, 0.866, -0.5 }, { 3, 4, 5 } },
    [SMP_PLACE_CHIN] = { { 0, 47.46, -109.58 }, { 0, 0.866, -0.5 }, { 4, 6, 7 } },
    [SMP_PLACE_TRICHION] = { { 0, 99.9, 75.6 }, { 0, 0.866, 0.5 }, { 4, 4, 9 } },
    [SMP_PLACE_VERTEX] = { { 0, 0, 0 }, { 0, 0.4, 0.917 }, { 4, 8, 1.5 } },
    [SMP_PLACE_INION] = { { 0, 0, 0 }, { 0, -1, 0 }, { 4, 2.5, 8 } },
};

enum smp_place smp_place_mirror(enum smp_place place)
{
    return mirrors[place];
}

struct smp_vec3 smp_place_facing(enum smp_place place)
{
    return known[place].facing;
}

static void find_places(struct smp_places *places, const struct smp_fit *fit)
{
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        places->at[m] = known[m].place;
        places->sd_mm[m] = known[m].sd_mm;
        places->how[m] = "mean head";
    }
    places->at[SMP_PLACE_NASION] = fit->template->fiducials.nasion;
    places->at[SMP_PLACE_LPA] = fit->template->fiducials.lpa;
    places->at[SMP_PLACE_RPA] = fit->template->fiducials.rpa;
    places->at[SMP_PLACE_GLABELLA] = fit->profile.glabella;
    places->at[SMP_PLACE_VERTEX] = fit->profile.vertex;
    places->at[SMP_PLACE_INION] = fit->profile.inion;
}

// Every third point: 9 mm apart, an outline through them lies 0.1 mm too far in.
static bool find_skin(struct smp_mould *mould, const struct smp_mesh *mesh, struct smp_arena *arena)
{
    enum { EVERY = 3 };
    static const double skull_mm = 55; // over the ears' level, upright: above brows and ears
    mould->skin = smp_new(arena, struct smp_vec3, mesh->point_count / EVERY + 1);
    for (int of_skull = 1; of_skull >= 0 && mould->skin; of_skull--) {
        for (size_t i = 0; i < mesh->point_count; i += EVERY)
            if ((smp_up_mm(mesh->points[i]) > skull_mm) == of_skull)
                mould->skin[mould->skin_count++] = mesh->points[i];
        if (of_skull)
            mould->skull_count = mould->skin_count;
    }
    return mould->skin != NULL;
}

enum smp_code smp_mould_make(struct smp_mould *mould, enum smp_sex sex, struct smp_arena *arena,
                             struct smp_err *err)
{
    struct smp_template template;
    struct smp_fit fit;
    struct smp_bend bend;
    struct smp_mould made = { .sex = sex };
    enum smp_code code = smp_template_load(&template, arena, err);
    if (code || (code = smp_fit_prepare(&fit, &template, arena, err)))
        return code;
    if (!find_skin(&made, &template.mesh, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory for the mean head");
    find_places(&made.places, &fit);
    if ((code = smp_fit_median(&fit, &bend, sex, &made.height_mm, err)))
        return code;
    made.half_breadth = fit.half_breadth;
    made.half_length = fit.half_length;
    made.middle_y = fit.middle_y;
    made.height = fit.height;
    made.scale[0] = bend.scale_x;
    made.scale[1] = bend.scale_y;
    made.scale[2] = bend.scale_z;
    made.full = bend.full;
    made.breadth_mm = fit.tape.breadth_mm;
    made.length_mm = fit.tape.length_mm;
    *mould = made;
    return SMP_OK;
}

static struct smp_bend bend_of(const struct smp_mould *mould, const struct smp_shape *shape)
{
    struct smp_bend bend = { .scale_x = mould->scale[0] * shape->breadth,
                             .scale_y = mould->scale[1] * shape->length,
                             .scale_z = mould->scale[2] * shape->height,
                             .full = mould->full };
    memcpy(bend.swell_mm, shape->swell_mm, sizeof bend.swell_mm);
    return bend;
}

static bool of_ear(enum smp_place place)
{
    return place == SMP_PLACE_LPA || place == SMP_PLACE_RPA || place == SMP_PLACE_EAR_TOP_LEFT ||
           place == SMP_PLACE_EAR_TOP_RIGHT;
}

static struct smp_fit fit_of(const struct smp_mould *mould)
{
    return (struct smp_fit){ .half_breadth = mould->half_breadth,
                             .half_length = mould->half_length,
                             .middle_y = mould->middle_y,
                             .height = mould->height };
}

void smp_mould_skin(struct smp_vec3 *skin, size_t count, const struct smp_mould *mould,
                    const struct smp_shape *shape)
{
    const struct smp_fit fit = fit_of(mould);
    const struct smp_bend bend = bend_of(mould, shape);
    const double back = smp_bent(&fit, &bend, mould->places.at[SMP_PLACE_LPA]).y;
    for (size_t i = 0; i < count; i++) {
        skin[i] = smp_bent(&fit, &bend, mould->skin[i]);
        skin[i].y -= back;
    }
}

void smp_mould_places(struct smp_places *places, const struct smp_mould *mould,
                      const struct smp_shape *shape)
{
    const struct smp_fit fit = fit_of(mould);
    const struct smp_bend bend = bend_of(mould, shape);
    const double back = smp_bent(&fit, &bend, mould->places.at[SMP_PLACE_LPA]).y;
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        places->at[m] = smp_bent(&fit, &bend, mould->places.at[m]);
        places->at[m].y -= back;
        if (of_ear((enum smp_place)m)) {
            places->at[m].y += shape->ears_y_mm;
            places->at[m].z += shape->ears_z_mm;
        }
        places->sd_mm[m] = mould->places.sd_mm[m];
        places->how[m] = mould->places.how[m];
    }
}

struct smp_vec3 smp_reframed(const struct smp_reframe *moved, struct smp_vec3 p)
{
    const double y = p.y - moved->y_mm, z = p.z - moved->z_mm;
    return smp_vec3(p.x, moved->cosine * y + moved->sine * z, moved->cosine * z - moved->sine * y);
}

// The frame of the person's own fiducials; the template is symmetric and stays so.
static struct smp_reframe frame_of(const struct smp_fiducials *f)
{
    struct smp_reframe to = { .y_mm = (f->lpa.y + f->rpa.y) / 2,
                              .z_mm = (f->lpa.z + f->rpa.z) / 2 };
    const double y = f->nasion.y - to.y_mm, z = f->nasion.z - to.z_mm, length = hypot(y, z);
    to.cosine = y / length;
    to.sine = z / length;
    return to;
}

enum smp_code smp_head_from_shape(struct smp_head *head, struct smp_reframe *moved,
                                  const struct smp_mould *mould, const struct smp_shape *shape,
                                  const struct smp_fiducials *fiducials, struct smp_arena *arena,
                                  struct smp_err *err)
{
    struct smp_template template;
    struct smp_fit fit;
    const struct smp_bend bend = bend_of(mould, shape);
    enum smp_code code = smp_template_load(&template, arena, err);
    if (code || (code = smp_fit_prepare(&fit, &template, arena, err)) ||
        (code = smp_fit_apply(&fit, &bend, err)))
        return code;
    const struct smp_reframe to = frame_of(fiducials);
    for (size_t i = 0; i < fit.mesh.point_count; i++)
        fit.mesh.points[i] = smp_reframed(&to, fit.mesh.points[i]);
    for (int side = 0; side < 2; side++)
        fit.canthi[side] = smp_reframed(&to, fit.canthi[side]);
    const double half_mm = (fiducials->rpa.x - fiducials->lpa.x) / 2;
    fit.fiducials.nasion = smp_reframed(&to, fiducials->nasion);
    fit.fiducials.nasion.x = 0;
    fit.fiducials.lpa = smp_vec3(-half_mm, 0, 0);
    fit.fiducials.rpa = smp_vec3(half_mm, 0, 0);
    const struct smp_head said = { .sex = mould->sex, .note = "" };
    code = smp_fit_head(head, &fit, &said, arena, err);
    if (!code && moved)
        *moved = to;
    return code;
}
