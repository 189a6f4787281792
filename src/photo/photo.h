// From photos to millimetres and true colours: the camera of a photo and the head in it, markers,
// the colour card and the correction it gives.
//
// A camera is a pinhole: x_cam = R x_head + t (x right, y down, z forward, millimetres), then
// pixels by K, with (0, 0) the top left corner of the picture and (0.5, 0.5) the centre of its
// first pixel. Head coordinates are those of head.h. Nothing here does I/O.
#ifndef SMP_PHOTO_H
#define SMP_PHOTO_H

#include "colour/colour.h"
#include "head/head.h"
#include "image/image.h"

struct smp_camera {
    double focal_px;     // of square pixels
    double centre_px[2]; // where the optical axis meets the picture
    double rotation[9];  // R, row-major
    double t_mm[3];      // the head's origin in camera coordinates
    size_t width_px, height_px;
};

// Where a point of the head falls in the picture; false where it lies behind the camera.
bool smp_camera_project(const struct smp_camera *camera, const double head_mm[3], double px[2]);
// The ray of a pixel position: the camera's own place and a unit direction, in head coordinates.
void smp_camera_ray(const struct smp_camera *camera, const double px[2], double origin_mm[3],
                    double direction[3]);
// Focal length in pixels of a lens by its 35 mm equivalent, which is told by the picture's diagonal
// (CIPA DCG-001: 43.27 mm of film).
double smp_camera_focal_px(double focal_35mm, size_t width_px, size_t height_px);

// ---- Points of the head in a photo ------------------------------------------------------------

enum smp_sight_kind {
    SMP_SIGHT_SEEN,
    SMP_SIGHT_AWAY,   // its skin is turned away, or it lies behind the camera
    SMP_SIGHT_HIDDEN, // behind an ear or another part of the head
    SMP_SIGHT_OUTSIDE // of the picture
};
struct smp_sight {
    enum smp_sight_kind kind;
    double x_px, y_px;
    double px_per_mm; // square to the line of sight
    double facing;    // cosine of the angle between the skin's normal and the line of sight
};
struct smp_vec3 smp_camera_eye(const struct smp_camera *camera); // where it stands
// `rays` are of the head's mesh; `normal` is of unit length. Safe from several threads.
struct smp_sight smp_sight_of(const struct smp_camera *camera, const struct smp_rays *rays,
                              struct smp_vec3 position_mm, struct smp_vec3 normal);

// ---- Landmarks marked on photos ---------------------------------------------------------------

enum { SMP_PHOTOS_MAX = 16, SMP_FOCAL_MIN = 8, SMP_FOCAL_MAX = 1000 }; // mm, 35 mm equivalent

// Tangents of a head's outline in a picture: outward by an angle from x to y, and how far along
// that they lie from the picture's corner.
enum { SMP_OUTLINE_MAX = 90 };
struct smp_outline {
    struct {
        double out_deg, at_px;
    } tangent[SMP_OUTLINE_MAX];
    size_t count;
};

// A photo as it lies upright (EXIF orientation applied), not cropped: the principal point is taken
// to be in the middle.
struct smp_photo {
    const char *file;           // for messages
    size_t width_px, height_px; // 0: not known yet
    double focal_35mm;          // 0: not known, then found with a prior of 35 mm (21 to 58)
    bool spoilt_icc;            // its colour profile could not be read
    bool seen[SMP_PLACE_COUNT];
    double at_px[SMP_PLACE_COUNT][2];
    bool outline_known;               // it was looked for before:
    struct smp_outline outline;       // of the skull, where it was found; or
    const struct smp_image8 *picture; // where it is to be looked for; NULL: nowhere
};

// One item of `photos` in case.json or in a file of landmarks: file, landmarks, outline, width_px,
// height_px, focal_35mm. Strings go to the arena.
enum smp_code smp_photo_read(struct smp_photo *photo, const struct smp_json *at,
                             struct smp_arena *arena, struct smp_err *err);
// A whole file of landmarks: {"photos": [item, …]}; for one photo also an item, or its landmarks
// alone (`file` is then "").
enum smp_code smp_photos_read(struct smp_photo **photos, size_t *count, const char *file,
                              struct smp_bytes text, struct smp_arena *arena, struct smp_err *err);

// ---- Cameras of photos, and the head in them --------------------------------------------------

struct smp_pose {
    struct smp_camera camera;
    double rms_px;                    // over the landmarks that count
    double error_px[SMP_PLACE_COUNT]; // from the mark to the head's own landmark, projected
    bool wrong[SMP_PLACE_COUNT];      // lies where no head could have it: left out
    double turn_sd_deg, distance_sd_percent, focal_sd_percent;
    struct smp_outline outline; // that the head was bent to (smp_photo_head)
    double bare_px, outline_px; // RMS between it and the head's own, before and after
    double bare_mm, outline_mm; // the same on the head
    const char *no_outline;     // why there is none, in a sentence; NULL: there is, or nobody asked
};

// The cameras of photos of a head whose landmarks are known (a scan). poses: `count` of the
// caller's. Errors: SMP_E_INPUT (fewer than four landmarks, all in one line or plane, left and
// right exchanged, not those of a head, outside of the picture).
enum smp_code smp_photo_pose(struct smp_pose *poses, const struct smp_photo *photos, size_t count,
                             const struct smp_places *places, struct smp_arena *scratch,
                             struct smp_err *err);

enum smp_scale_kind {
    SMP_SCALE_NONE,      // by the spread of heads alone
    SMP_SCALE_IPD,       // between the middles of the eyes' corners, mm
    SMP_SCALE_DISTANCE,  // between two landmarks, straight, mm
    SMP_SCALE_PX_PER_MM, // of a card, marker or ruler in the first photo, as far away as landmark a
};
struct smp_scale {
    enum smp_scale_kind kind;
    double value, sd;    // mm, or px/mm
    enum smp_place a, b; // b: DISTANCE only
};
// The text of an option or field (docs/photos.md): "ipd", "ipd:63", "lpa,rpa:146",
// "px-per-mm:4.2@glabella", "two-points:X,Y,X,Y:100@glabella". `where` is for messages.
enum smp_code smp_scale_read(struct smp_scale *scale, const char *text, enum smp_sex sex,
                             const char *where, struct smp_err *err);

struct smp_photo_fit {
    struct smp_shape shape;
    struct smp_places places; // the person's own, in the frame of *head
    double breadth_sd_percent, length_sd_percent, height_sd_percent; // with the scale's own
    double scale_sd_percent;                                         // of all three together
    double view_deg;  // between the two views farthest apart; 0 for one photo
    const char *note; // what makes the head uncertain, in a sentence, or ""
};

// The head in photos of one person: the mould bent so that all its landmarks fall on the marks, by
// least squares with the spread of heads (ANSUR II) as the prior; and, where the photos have a
// picture or an outline, so that the skull's outline falls on theirs, as far as the landmarks let
// it: their RMS stays within 1.25 times what it was, and half of a mark's own error. *head and the
// cameras share one frame. Errors as smp_photo_pose, and SMP_E_INPUT where the head would be none.
enum smp_code smp_photo_head(struct smp_head *head, struct smp_photo_fit *fit,
                             struct smp_pose *poses, const struct smp_photo *photos, size_t count,
                             const struct smp_mould *mould, const struct smp_scale *scale,
                             struct smp_arena *arena, struct smp_err *err);

// ---- Flat things ------------------------------------------------------------------------------

// A plane seen by a camera, row-major: (x, y, 1) of the plane times m is the picture's point.
struct smp_homography {
    double m[9];
};
struct smp_vec2 smp_homography_map(const struct smp_homography *h, struct smp_vec2 p);
// False where the plane is seen edge on.
bool smp_homography_invert(struct smp_homography *inverse, const struct smp_homography *h);

// ---- Markers ----------------------------------------------------------------------------------

// A square marker of the ArUco dictionary DICT_4X4_50 (Garrido-Jurado et al. 2014).
enum { SMP_MARKER_IDS = 50 };
struct smp_marker {
    int id;                       // 0 to 49
    int bits_mended;              // 0 or 1 of its 16 were read wrongly
    struct smp_vec2 corner_px[4]; // of the black square: the marker's own top left, then clockwise
};
// All markers in the picture, those of the smallest id first; none is no error. A marker is seen
// from 12 px a side on. `scratch` holds some 40 bytes a pixel of a picture of 1 MP, whatever the
// size of the image.
enum smp_code smp_markers_find(struct smp_marker **markers, size_t *count,
                               const struct smp_image *image, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err);
// Pixels a millimetre at the middle of a marker of that side; tilt makes it the geometric mean of
// the two directions.
double smp_marker_px_per_mm(const struct smp_marker *marker, double side_mm);
// The 16 bits of a marker, row by row from the top left, first bit highest; 1 is white.
unsigned smp_marker_bits(int id);

// ---- The colour card --------------------------------------------------------------------------

// 24 patches in 4 rows of 6: patch 1 (dark skin) is top left, 6 (bluish green) top right, 19
// (white) bottom left, 24 (black) bottom right; kept here from 0.
enum { SMP_CARD_COLUMNS = 6, SMP_CARD_ROWS = 4, SMP_CARD_PATCHES = 24 };
enum smp_card_kind { SMP_CARD_CLASSIC, SMP_CARD_MINI };
extern const char *const smp_card_names[]; // "classic", "mini", NULL

// A patch as the picture shows it.
struct smp_card_patch {
    struct smp_vec2 centre_px, corner_px[4]; // of the painted square, clockwise from its top left
    struct smp_rgb_lin lin;                  // robust mean of its middle part
    double spread;  // robust standard deviation of the square roots of light in its middle part
    double unlike;  // how far quarters of its middle differ, in square roots of light
    double clipped; // share of pixels in which a channel is at its end
};
struct smp_card {
    enum smp_card_kind kind;
    struct smp_homography to_px; // from (column, row), patch centres at whole numbers, to pixels
    double patch_to_pitch;       // side of a patch over the distance of centres, as measured
    double px_per_mm;            // at the middle of the card; 0 where blur hides which kind it is
    double rms_px;               // of the patch centres about the grid
    struct smp_card_patch patch[SMP_CARD_PATCHES];
};
// Side of a patch and distance of patch centres of a kind, in millimetres.
double smp_card_patch_mm(enum smp_card_kind kind);
double smp_card_pitch_mm(enum smp_card_kind kind);
// Says which kind it is, and sets px_per_mm by it.
void smp_card_set_kind(struct smp_card *card, enum smp_card_kind kind);

// The card in the picture, turned and tilted however. `reference` holds the colours of the 24
// patches (they tell which way up it lies). Patches must be 12 px or wider.
// Errors: SMP_E_INPUT where no whole card is seen (`name` is the picture's in the sentence).
enum smp_code smp_card_find(struct smp_card *card, const struct smp_image *image,
                            const struct smp_lab reference[SMP_CARD_PATCHES], const char *name,
                            struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);

// ---- True colours -----------------------------------------------------------------------------

// What turns the linear light of a picture (as its file says) into that of the scene under D65:
// the inverse of the camera's tone curve, then root polynomials of degree 2 (Finlayson, Mackiewicz
// and Hurlbert 2015), which scale with the light: a surface in half the light keeps hue and
// saturation.
struct smp_correction {
    double tone[3];      // v × exp(t0 d + t1 d² + t2 d³), d = √v − 0.6
    double root[3][6];   // rows R, G, B; columns R, G, B, √RG, √RB, √GB
    double slope[2];     // of the logarithm of light from the card's middle to its right and bottom
    double smallest_lin; // below this the curve is not known and taken as straight
};
struct smp_card_errors {
    double mean, max; // CIEDE2000
};
struct smp_card_fit {
    struct smp_correction correction;
    struct smp_card_errors before;        // the picture's colours as the file says
    struct smp_card_errors after;         // corrected, of the patches it was made from
    struct smp_card_errors leave_one_out; // each patch by a correction made from the others
    double patch_error[SMP_CARD_PATCHES]; // leave one out, CIEDE2000
};
// The correction that brings the card's patches nearest to their reference (CIELAB D65).
// Errors: SMP_E_INPUT for a card that cannot be used, one sentence with the patches: clipped, with
// glare, in two lights, in light that falls off too much, in colours that are not the reference's.
enum smp_code smp_card_correct(struct smp_card_fit *fit, const struct smp_card *card,
                               const struct smp_lab reference[SMP_CARD_PATCHES], const char *name,
                               struct smp_err *err);
// How far off a corrected colour is expected to be (CIEDE2000) by what the leave-one-out errors of
// patches near it are; and, for a place beside the card, the part of L* that an unknown fall of
// light would be good for, from the slope over the card.
double smp_card_doubt(const struct smp_card_fit *fit,
                      const struct smp_lab reference[SMP_CARD_PATCHES], struct smp_lab colour);
double smp_card_light_doubt_l(const struct smp_card_fit *fit, const struct smp_card *card,
                              struct smp_vec2 at_px, struct smp_lab colour);
// Whether a place is on the card.
bool smp_card_covers(const struct smp_card *card, struct smp_vec2 at_px);
// Linear sRGB of what was seen, as the scene's under D65; may leave 0…1.
struct smp_rgb_lin smp_correct(const struct smp_correction *correction, struct smp_rgb_lin seen);
// The same for every pixel, in place.
enum smp_code smp_correct_image(struct smp_image *image, const struct smp_correction *correction,
                                struct smp_pool *pool, struct smp_arena *scratch,
                                struct smp_err *err);
// Draws into a picture (corrected or not) the outline of each patch and, in its middle, a square of
// the reference colour: on a corrected picture it can hardly be told from the patch.
void smp_card_draw(struct smp_image *image, const struct smp_card *card,
                   const struct smp_lab reference[SMP_CARD_PATCHES]);
// CIELAB under D50 as under D65, by the Bradford transform (ICC.1:2022, annex E).
struct smp_lab smp_lab_d65_from_d50(struct smp_lab d50);
// The reference of a card from CSV text: a row a patch, CIELAB D50 in columns L, a, b (or Lab_l,
// Lab_a, Lab_b), and the patch's number in `patch` (1 to 24) or `id` (0 to 23). Gives CIELAB D65.
// Errors: SMP_E_FORMAT and SMP_E_INPUT naming file, line or patch.
enum smp_code smp_card_reference_read(struct smp_lab reference[SMP_CARD_PATCHES], const char *file,
                                      const char *text, size_t length, struct smp_arena *arena,
                                      struct smp_err *err);

#endif
