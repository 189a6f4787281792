// What the files of the preview share. Pictures are kept as planes of floats; points of the pixel
// loops are floats in head millimetres; all light is linear, the skin's diffuse white is 1.
#ifndef SMP_PREVIEW_IMPL_H
#define SMP_PREVIEW_IMPL_H

#include "pigment/pigment.h"
#include "preview/preview.h"
#include "skin/skin.h"

#include <math.h>

struct smp_f3 {
    float x, y, z;
};

static inline struct smp_f3 smp_f3_of(struct smp_vec3 a)
{
    return (struct smp_f3){ (float)a.x, (float)a.y, (float)a.z };
}
static inline struct smp_f3 smp_f3_add(struct smp_f3 a, struct smp_f3 b, float s)
{
    return (struct smp_f3){ a.x + b.x * s, a.y + b.y * s, a.z + b.z * s };
}
static inline float smp_f3_dot(struct smp_f3 a, struct smp_f3 b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
static inline struct smp_f3 smp_f3_unit(struct smp_f3 a)
{
    const float l = smp_f3_dot(a, a);
    const float s = l > 0 ? 1 / sqrtf(l) : 0;
    return (struct smp_f3){ a.x * s, a.y * s, a.z * s };
}
static inline float smp_clampf(float v, float min, float max)
{
    return v < min ? min : v > max ? max : v;
}
static inline float smp_smoothf(float a, float b, float v)
{
    const float t = smp_clampf((v - a) / (b - a), 0, 1);
    return t * t * (3 - 2 * t);
}

// What every step needs: where threads and memory come from and where failures are told.
struct smp_work {
    struct smp_pool *pool;
    struct smp_arena *arena;
    struct smp_err *err;
};

// ---- Camera (camera.c) -------------------------------------------------------------------------

struct smp_viewer {
    struct smp_vec3 eye, target;
    struct smp_vec3 right, up, back; // back: from the target to the eye
    double focal_px;                 // picture distance
    double centre_x_px, centre_y_px;
    double px_per_mm; // at the target
    size_t width_px, height_px;
};

#define SMP_ZOOM_PX_PER_MM 20.0
// The eight fixed views, and a square look at a place of the skin.
struct smp_viewer smp_viewer_of_view(const struct smp_head *head, enum smp_view view,
                                     const struct smp_preview_params *params);
struct smp_viewer smp_viewer_of_place(struct smp_vec3 place, struct smp_vec3 normal,
                                      const struct smp_preview_params *params);
// Pixel coordinates and depth along the axis.
static inline double smp_viewer_project(const struct smp_viewer *camera, struct smp_vec3 p,
                                        double *x_px, double *y_px)
{
    const struct smp_vec3 d = smp_sub(p, camera->eye);
    const double depth = -smp_dot(d, camera->back);
    *x_px = camera->centre_x_px + camera->focal_px * smp_dot(d, camera->right) / depth;
    *y_px = camera->centre_y_px - camera->focal_px * smp_dot(d, camera->up) / depth;
    return depth;
}

// The same as the camera of a photo (photo/photo.h).
struct smp_camera smp_camera_of_viewer(const struct smp_viewer *viewer);

// ---- The scene (scene.c) -----------------------------------------------------------------------

enum { SMP_SH_COUNT = 9 };

struct smp_paint { // what is known of the skin at a point, beside the texture
    float blood;   // redder (cheeks, nose, ears): optical depth, 1 = the scale of the blobs
    float shadow;  // beard shadow
    float beard;   // shaved: R loses most
    float brow, lip, lash, cloth;
    float clean; // share of the scan's texture to be replaced by plain skin
};

struct smp_complexion {
    struct smp_rgb base;   // the client's skin
    struct smp_rgb target; // what goes in the place of the man's own shaved hair
    struct smp_rgb hair;   // of the brows
};

// Dots as they are at one age.
struct smp_dots {
    struct smp_dots *next;
    bool before; // only those that are done
    double years;
    enum smp_edge edge;
    struct smp_spot *spots;
    size_t count;
};

struct smp_scene {
    const struct smp_plan *plan;
    const struct smp_head *head;
    struct smp_mesh mesh; // what is shown: the head, the template's shirt after it
    struct smp_rays *rays;
    struct smp_f3 *points, *normals; // of the mesh shown, as all that is kept per point
    float (*transfer)[SMP_SH_COUNT]; // per point: light from around to diffuse light
    float *openness;                 // per point: share of the cosine-weighted sky seen
    struct smp_paint *paint;         // per point
    struct smp_rgb *smooth;          // per point: the texture's 5 mm low-pass (scans with texture)
    struct smp_rgb *plain;           // per point: the skin without hair that goes in its place
    struct smp_complexion skin;
    struct smp_arena own; // for what lasts from call to call
    struct smp_looks *looks;
    struct smp_dots *dots; // by age, as they were asked for
    const struct smp_spot *hairs;
    size_t hair_count;
    struct smp_spot *brows; // and lashes
    size_t brow_count;
    const struct smp_strand_scene *strands; // NULL until hair of some length is asked for
    float exposure;
    char note[240];
};

// The template with a shirt (bust.c).
enum smp_code smp_bust_make(struct smp_mesh *bust, const struct smp_head *head,
                            const struct smp_work *work);
// Height over the collar, a plane that falls to the front (head upright).
static inline float smp_collar_mm(struct smp_f3 p)
{
    const float up = 0.375f * p.y + 0.927f * p.z, ahead = 0.927f * p.y - 0.375f * p.z;
    return up + 118 + 0.42f * ahead;
}

// The close-up of a zone; false where the head has none (preview.c).
bool smp_viewer_of_zone(struct smp_viewer *camera, const struct smp_scene *scene,
                        enum smp_zone zone, const struct smp_preview_params *params);

// Paint of the template and of the scan alike: cheeks, nose, ears; brows and lips of the template.
void smp_scene_paint(struct smp_scene *scene);

// ---- The scan's own hair (texture.c) -----------------------------------------------------------

// Low-pass of the texture, where it is to be replaced and by what; the note when they differ.
enum smp_code smp_texture_clean(struct smp_scene *scene, const struct smp_work *work);

// ---- What is drawn on the skin (dots.c, hair.c) ------------------------------------------------

#define SMP_DOTS_KEPT 0.96 // of a session's dots, when healed [E]
double smp_mean_dot_mm(const struct smp_plan *plan);
// The dots at an age, before: those that are done of a continued plan. Made at the first call,
// kept in the scene.
enum smp_code smp_dots_at(const struct smp_dots **dots, struct smp_scene *scene,
                          const struct smp_age *age, const struct smp_work *work);
enum smp_code smp_hairs_make(struct smp_scene *scene, const struct smp_work *work);
// Shaved units and what is drawn of them; hairs a unit, NULL: as many as the client's own have.
struct smp_stubs {
    const struct smp_fu *units;
    const uint8_t *hairs;
    const uint32_t *ids; // what each unit's look is drawn from; NULL: its place in the list
    size_t count;
};
enum smp_code smp_stubs_make(const struct smp_spot **spots, size_t *count,
                             const struct smp_scene *scene, const struct smp_stubs *stubs,
                             const struct smp_work *work);
// Brows and lashes where the head has their weights (brows.c).
enum smp_code smp_brows_make(struct smp_scene *scene, const struct smp_work *work);

// ---- Light (light.c) ---------------------------------------------------------------------------

struct smp_rig {
    float sky[SMP_SH_COUNT];           // the surroundings, projected, in head axes
    struct smp_vec3 key_mm;            // centre of the soft box
    struct smp_vec3 key_right, key_up; // half its sides
    float key;                         // its strength
};

enum smp_code smp_light_bake(struct smp_scene *scene, const struct smp_work *work);
struct smp_rig smp_light_rig(const struct smp_viewer *camera);
// Diffuse light from the surroundings at each point of the head for this rig.
void smp_light_ambient(float *ambient, const struct smp_scene *scene, const struct smp_rig *rig,
                       struct smp_pool *pool);
void smp_sh_eval(float sh[SMP_SH_COUNT], struct smp_f3 d);

// ---- Skin detail (detail.c) --------------------------------------------------------------------

struct smp_detail {
    float blood, melanin; // relative absorption change
    float pores;          // 0…1 cover
    struct smp_f3 slope;  // relief: gradient of height, dimensionless
};
void smp_detail_broad(struct smp_detail *detail, struct smp_f3 place_mm);
// footprint_mm: size of a pixel on the skin; finer detail than two of them fades out.
void smp_detail_fine(struct smp_detail *detail, struct smp_f3 place_mm, float footprint_mm);
float smp_noise3(struct smp_f3 p, uint32_t seed, struct smp_f3 *gradient);

// ---- G-buffer (gbuffer.c) ----------------------------------------------------------------------

struct smp_gbuffer {
    size_t width_px, height_px;
    float *depth;   // mm along the axis, of the nearest sample; HUGE_VALF off the head
    float *cover;   // 0…1
    float *key;     // cosine to the key light × strength, unshadowed
    float *seen;    // share of the soft box seen: 1 sample, filtered later
    float *ambient; // diffuse light from around
    float *shine_key, *shine_sky;
    struct smp_rgb *albedo;
};

enum smp_code smp_gbuffer_make(struct smp_gbuffer *g, const struct smp_scene *scene,
                               const struct smp_viewer *camera, const struct smp_rig *rig,
                               const struct smp_work *work);

// ---- Light under the skin (subsurface.c) -------------------------------------------------------

// out: key × seen + ambient spread through the skin, times albedo; premultiplied by cover.
enum smp_code smp_subsurface(struct smp_rgb *out, const struct smp_gbuffer *g, double px_per_mm,
                             const struct smp_work *work);
// The shadow's samples averaged over each pixel's neighbours at the same depth.
enum smp_code smp_shadow_filter(struct smp_gbuffer *g, const struct smp_work *work);

// ---- Hair of some length (strands.c) ------------------------------------------------------------

// What hair does to a picture: light there × clear, plus its own.
struct smp_veil {
    struct smp_rgb *light;
    float *clear;
};
// A picture with hair on it: the head in the shade of its hair, and what is drawn over it.
struct smp_hair_worn {
    struct smp_gbuffer g;
    const struct smp_rgb *diffuse;
    struct smp_veil veil;         // light NULL: none, it is shaved
    const struct smp_spot *spots; // what shows on and in the skin
    size_t spot_count;
};
struct smp_hair_view {
    const struct smp_viewer *camera;
    const struct smp_rig *rig;
    uint64_t seed;
};
enum smp_code smp_hair_field_check(const struct smp_hair_field *field,
                                   const struct smp_scene *scene, struct smp_err *err);
// *worn comes with the head in its light without hair.
enum smp_code smp_hair_wear(struct smp_hair_worn *worn, const struct smp_hair_field *field,
                            struct smp_scene *scene, const struct smp_hair_view *view,
                            const struct smp_work *work);

// ---- The look of a dot (look.c) ----------------------------------------------------------------

// What looks stand on: the skin fitted to the client's colour, pigment, and what time does.
struct smp_looks {
    struct smp_skin skin;
    struct smp_look_skin *compiled;
    double reflectance[SMP_WAVELENGTHS];
    // Share of each wavelength in the linear R, G, B of the bare skin's light, and their
    // luminance's in its.
    double rgb[3][SMP_WAVELENGTHS], luminance[3];
    const struct smp_pigment *pigment;
    double parts_water, retained;
    double top_mm;            // of the healed deposit
    double dots_per_mm2;      // of the plan: dots that stand close have less left to take
    bool by_recipe;           // dots carry diameter and shade
    double shade[SMP_SHADES]; // ln of a shade's strength against parts_water
    struct smp_healing healing;
    struct smp_wear wear;
    const struct smp_ensemble *followed; // the course of events as photos narrow it, or NULL
    const float *seen_strong; // by dot of the plan: ln of its pigment as photos have it; NAN: they
                              // have not; NULL: none
    struct smp_stubble stubble; // the client's own hair
    double sides[3];            // factor on its D where the shaved sides were measured
};
// Reads pigments and healing, fits the skin; the dilution is chosen for the plan's dots.
enum smp_code smp_looks_make(struct smp_scene *scene, const struct smp_work *work);
// The deposit that the plan means by a dot.
static inline struct smp_deposit_shape smp_planned_shape(const struct smp_looks *looks,
                                                         double diameter_mm, double top_mm)
{
    return smp_deposit_planned(top_mm, diameter_mm, looks->healing.constant[SMP_HEAL_HEIGHT].value);
}
// R/G/B of a value known by wavelength, weighed by the skin's light.
void smp_rgb_share(double rgb[3], const struct smp_looks *looks,
                   const double values[SMP_WAVELENGTHS]);
double smp_luminance_share(const struct smp_looks *looks, const double rgb[3]);

// A dot as seen: contrast 1 − T on rings and its integral D, R/G/B.
struct smp_rings {
    double r_mm[SMP_LOOK_RINGS];
    double contrast[3][SMP_LOOK_RINGS];
    double area_mm2[3];
};
// A deposit at an age, of pigment `strong` times as dense as the recipe's.
void smp_rings_of(struct smp_rings *rings, const struct smp_looks *looks,
                  const struct smp_aged *aged, double strong);
// Takes what the plan's follow-up photos say, where it has any (fate.c).
enum smp_code smp_looks_follow(struct smp_looks *looks, const struct smp_plan *plan,
                               struct smp_arena *own, const struct smp_work *work);
// Takes what photos showed of its dots (seen.c).
enum smp_code smp_looks_seen(struct smp_looks *looks, const struct smp_plan *plan,
                             struct smp_arena *own, const struct smp_work *work);
// The course of events in the middle or at an edge of the band for the plan's mean dot.
enum smp_code smp_fate_at(struct smp_fate *fate, const struct smp_looks *looks,
                          const struct smp_deposit_shape *planned, const struct smp_age *age,
                          const struct smp_work *work);

// ---- Spots from rings (profile.c) --------------------------------------------------------------

// What the spots of all dots at an age share: widths (σ) of the two Gaussians a colour that stand
// for the glow; width, as a share of the deposit's, and exponent of the spot.
struct smp_glow_widths {
    double sigma_mm[2][3];
    double spot_share, profile;
};
void smp_glow_widths_of(struct smp_glow_widths *widths, const struct smp_rings *rings,
                        double diameter_mm);
// Spot and glows nearest to the rings; D is kept. Place, normal and id are left to the caller.
void smp_spot_of_rings(struct smp_spot *spot, const struct smp_rings *rings,
                       const struct smp_glow_widths *widths, double diameter_mm);

float smp_spot_volume(float profile); // of a spot of contrast 1 and width 1 mm, mm²

// ---- Hair as it darkens (hair.c) ---------------------------------------------------------------

// D of one shaved FU of `hairs` hairs: shafts under the skin, stubs above it, their shadow.
void smp_fu_area(double area_mm2[3], const struct smp_scene *scene, int hairs);
// D of its shafts under the skin alone.
void smp_root_area(double area_mm2[3], const struct smp_scene *scene, int hairs);
// Holds smp_fu_area to the client's own shaved sides where their colour was measured.
void smp_hair_measure(struct smp_scene *scene);
// The same of a square centimetre of this client's shaved scalp where no hair is lost.
void smp_scalp_area(double area_mm2[3], const struct smp_scene *scene);

// The whorl of the crown, about, and which way hair lies on the skin at a point (unit).
struct smp_vec3 smp_hair_whorl(const struct smp_head *head);
struct smp_vec3 smp_hair_direction(const struct smp_head *head, struct smp_vec3 p,
                                   struct smp_vec3 normal);

// ---- Splats (splat.c) --------------------------------------------------------------------------

// A spot on the skin: one spot and up to two glows.
struct smp_spot {
    struct smp_f3 place, normal;
    float core[3];          // contrast at the centre
    float half_mm;          // half width of the spot at half depth
    float along_mm;         // > 0: the spot is drawn out to this σ along `axis`
    struct smp_f3 axis;     // unit, in the skin (only with along_mm)
    float profile;          // exponent (zoom only; 2 elsewhere)
    float glow[2][3];       // optical depth volume, mm²
    float glow_sigma[2][3]; // mm
    uint32_t id;
};

// What is multiplied into the diffuse light: spots at full resolution, glows as optical depths at
// two coarser ones.
enum { SMP_GLOWS = 2 };
struct smp_tint {
    struct smp_rgb *px; // NULL: finished tiles are handed on (smp_splat_tiles)
    struct smp_rgb *glow[SMP_GLOWS];
    size_t width_px, height_px;
    size_t factor[SMP_GLOWS], glow_width[SMP_GLOWS], glow_height[SMP_GLOWS];
};
// A clear tint for the camera's picture; the same without px.
enum smp_code smp_tint_make(struct smp_tint *tint, const struct smp_viewer *camera,
                            const struct smp_work *work);
enum smp_code smp_tint_make_glows(struct smp_tint *tint, const struct smp_viewer *camera,
                                  const struct smp_work *work);
void smp_tint_copy(struct smp_tint *to, const struct smp_tint *from);
// How sharp a photo is, σ in pixels at the middles of square tiles (sharpness.c).
struct smp_sharpness {
    size_t across, down, tile_px;
    float *sigma_px;
    float *noise;   // σ of ln L of one pixel
    bool has_edges; // sharp ones enough to bound the blur by
};
// Interpolated between the tiles' middles.
float smp_sharpness_at(const struct smp_sharpness *map, const float *values, float x_px,
                       float y_px);
// What spots are drawn on: a picture of the head.
struct smp_ground {
    const struct smp_viewer *camera;
    const float *depth; // of each pixel: a spot shows only near its own plane; NULL: it shows
    const struct smp_sharpness *sharpness; // NULL: that of the preview's own lens
};
// Draws spots and glows into the tint.
enum smp_code smp_splat(struct smp_tint *tint, const struct smp_spot *spots, size_t count,
                        const struct smp_ground *ground, const struct smp_work *work);
// The glows multiplied into the spots' pixels; the tint is then finished.
void smp_tint_finish(struct smp_tint *tint, struct smp_pool *pool);
// e^−x for optical depths, by squaring a series of x/16 twice twice: 1e-5 of it for x up to 4, and
// the same on every machine, as expf is not. Loops over it are vectorised.
static inline float smp_thin(float x)
{
    const float y = 0.0625f * x;
    float t = 1 - y * (1 - y * (0.5f - y * (0.16666667f - y * (0.04166667f - y * 0.00833333f))));
    t *= t;
    t *= t;
    t *= t;
    return t * t;
}

// The glows multiplied into one tile of the picture; false where none reaches it.
struct smp_tile;
bool smp_tint_glow_over(const struct smp_tile *tile, const struct smp_tint *tint);

// The same for pictures of which little is drawn on: a finished tint tile by tile, never whole.
// Clear tiles are left out. `take` is called from any thread.
enum { SMP_TILE_PX = 64 };
struct smp_tile {
    size_t left_px, top_px, width_px, height_px;
    struct smp_rgb *px;
    size_t stride; // pixels from row to row
};
struct smp_taker {
    void (*take)(void *context, const struct smp_tile *tile);
    void *context;
};
enum smp_code smp_splat_tiles(const struct smp_taker *taker, const struct smp_spot *spots,
                              size_t count, const struct smp_ground *ground,
                              const struct smp_work *work);

// ---- Film (tone.c, stamp.c) --------------------------------------------------------------------

// How a picture gives light: as it is up to a half, then ever less, never more than 1 [E]. The way
// back takes 0.996, the lightest code but one, for the lightest.
static inline float smp_shoulder(float light)
{
    return light <= 0.5f ? light : 1 - 0.5f * expf(-(light - 0.5f) / 0.5f);
}
static inline float smp_shoulder_back(float value)
{
    return value <= 0.5f ? value : 0.5f - 0.5f * logf(2 * (1 - fminf(value, 0.996f)));
}

// What falls on the film, and how it is taken.
struct smp_exposure {
    const struct smp_gbuffer *g;
    const struct smp_rgb *diffuse, *tint;
    float exposure;
    uint64_t seed;               // of the grain
    const struct smp_veil *veil; // hair before it all, or NULL
};
enum smp_code smp_film(struct smp_image *image, const struct smp_exposure *from,
                       const struct smp_work *work);
// smp_stamp in letters of 4 × 6 cells of so many pixels, or as many as there is room for.
void smp_stamp_sized(struct smp_image *image, const char *text, float cell, struct smp_pool *pool);
// smp_stamp on codes: in the light of the rows that the letters take.
enum smp_code smp_stamp8(struct smp_image8 *image, const char *text, const struct smp_work *work);

#endif
