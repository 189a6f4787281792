// Hair as strands: what its files share (docs/preview.md "Hair of some length").
#ifndef SMP_STRANDS_IMPL_H
#define SMP_STRANDS_IMPL_H

#include "preview/preview_impl.h"

// ---- Follicles (strands_roots.c) ---------------------------------------------------------------

struct smp_follicle {
    struct smp_f3 at, normal;
    struct smp_f3 lock; // from here to the middle of its lock
    uint32_t corner[3]; // where fields are read
    float share[3];
    float from_per_cm2; // it is there where the field has at least so many units
    float cut;          // share of the worn length that the barber leaves near the border
    float exit_rad;     // angle to the skin
};

static inline double smp_follicle_read(const double *field, const struct smp_follicle *f)
{
    return field[f->corner[0]] * (double)f->share[0] + field[f->corner[1]] * (double)f->share[1] +
           field[f->corner[2]] * (double)f->share[2];
}

// ---- Room around the head (strands_room.c) -----------------------------------------------------

// Distance from the skin, mm, in cubes around the scalp; negative inside.
struct smp_room {
    struct smp_f3 low;
    float cube_mm;
    size_t size[3];
    float *distance_mm;
};
enum smp_code smp_room_make(struct smp_room *room, const struct smp_scene *scene,
                            struct smp_arena *own, const struct smp_work *work);
// Distance at a point and the way out (unit).
float smp_room_at(const struct smp_room *room, struct smp_f3 p, struct smp_f3 *out);

// What hair needs of a scene, made at its first use and kept there.
struct smp_strand_scene {
    struct smp_follicle *follicles;
    size_t count;
    struct smp_room room;
};
enum smp_code smp_strands_prepare(const struct smp_strand_scene **made, struct smp_scene *scene,
                                  const struct smp_work *work);
enum smp_code smp_follicles_make(struct smp_strand_scene *to, const struct smp_scene *scene,
                                 struct smp_arena *own, const struct smp_work *work);

// ---- Strands (strands_grow.c) ------------------------------------------------------------------

// Points of a strand, root first; all strands of a picture have as many.
struct smp_strands {
    struct smp_f3 *points;
    float *calibre_mm;   // per strand
    float *high;         // per strand: 0 below its neighbours, 1 above
    uint8_t *grey;       // per strand: whether it has lost its colour
    uint32_t *root;      // per strand: follicle
    uint32_t *id;        // per strand: for what differs from hair to hair
    size_t count, steps; // points a strand: steps + 1
};
// Units of a follicle's field there, pieces and all; hairs of the unit by number.
struct smp_worn {
    const struct smp_hair_field *field;
    const double *piece;             // per point: share of a hairpiece; NULL: none
    double hairs_per_fu, calibre_um; // where the field says nothing
    uint64_t seed;
    const struct smp_viewer *camera; // hair on the far side is left out; NULL: it is not
};
enum { SMP_HAIRS_MAX = 4 };
// How many hairs stand in a follicle's unit, 0 for none, and how thick they are.
int smp_hairs_of(double *calibre_um, const struct smp_worn *worn, const struct smp_scene *scene,
                 const struct smp_follicle *follicle, uint32_t index);
enum smp_code smp_strands_grow(struct smp_strands *strands, const struct smp_strand_scene *from,
                               const struct smp_scene *scene, const struct smp_worn *worn,
                               const struct smp_work *work);

// ---- Shade of hair (strands_shade.c) -----------------------------------------------------------

// How much hair lies between a place and the key, and between it and the open: optical depths of
// opaque hair, in cubes.
struct smp_hair_shade {
    struct smp_f3 low;
    float cube_mm;
    size_t size[3];
    float *to_key, *to_open;
    float *roots, *follicles; // hairs that stand there, and units that could
};
enum smp_code smp_hair_shade_make(struct smp_hair_shade *shade, const struct smp_strands *strands,
                                  const struct smp_strand_scene *own, const struct smp_rig *rig,
                                  const struct smp_work *work);
// Hairs a cm² of skin near a place.
float smp_hairs_per_cm2(const struct smp_hair_shade *shade, struct smp_f3 p);
void smp_hair_shade_at(float depth[2], const struct smp_hair_shade *shade, struct smp_f3 p);

// ---- Drawing (strands_draw.c) ------------------------------------------------------------------

struct smp_strand_look {
    struct smp_rgb colour[2], mass; // of a hair, of a grey one, and of all together
    const struct smp_rig *rig;
    const struct smp_viewer *camera;
    const struct smp_room *room;
    const struct smp_hair_shade *shade;
};
enum smp_code smp_strands_draw(struct smp_veil *veil, const struct smp_strands *strands,
                               const struct smp_strand_look *look, const float *depth,
                               const struct smp_work *work);

#endif
