// The head: a mesh in millimetres in the head frame, its landmarks, scalp chart, zones, what a
// tape would read, and how much hair is left where.
//
// Head frame: origin midway between the preauricular points LPA and RPA, x to RPA, y to the nasion
// (made square to x), z up. Pure; results live in the arena passed in.
#ifndef SMP_HEAD_H
#define SMP_HEAD_H

#include "base/base.h"
#include "image/image.h"
#include "mesh/mesh.h"

// Pitch of the head frame against a level gaze: on the mean head, in the pose it is published in,
// the nasion lies 22.8° above the preauricular points (docs/head.md), so the frame looks down by
// it. A person who looks straight ahead has these heights over the ears, and distances ahead of
// them. The Frankfurt plane is a few degrees flatter: it runs through the tragion, above these
// points.
#define SMP_HEAD_PITCH_RAD 0.40
static inline double smp_up_mm(struct smp_vec3 p)
{
    return p.y * 0.38941834230865049 + p.z * 0.92106099400288508; // sin, cos of 0.40
}
static inline double smp_ahead_mm(struct smp_vec3 p)
{
    return p.y * 0.92106099400288508 - p.z * 0.38941834230865049;
}

enum smp_sex { SMP_SEX_MALE, SMP_SEX_FEMALE };
extern const char *const smp_sex_names[]; // NULL-ended, as in case.json

#define SMP_ZONES(X)                                                                               \
    X(SMP_ZONE_NONE, "none") /* face, ears, neck */                                                \
    X(SMP_ZONE_HAIRLINE, "hairline")                                                               \
    X(SMP_ZONE_FRONTAL, "frontal")                                                                 \
    X(SMP_ZONE_MIDSCALP, "midscalp")                                                               \
    X(SMP_ZONE_CROWN, "crown")                                                                     \
    X(SMP_ZONE_TEMPLE_LEFT, "temple left")                                                         \
    X(SMP_ZONE_TEMPLE_RIGHT, "temple right")                                                       \
    X(SMP_ZONE_PEAK_LEFT, "temporal peak left")                                                    \
    X(SMP_ZONE_PEAK_RIGHT, "temporal peak right")                                                  \
    X(SMP_ZONE_PARIETAL_LEFT, "parietal left")                                                     \
    X(SMP_ZONE_PARIETAL_RIGHT, "parietal right")                                                   \
    X(SMP_ZONE_OCCIPUT, "occiput")                                                                 \
    X(SMP_ZONE_NAPE, "nape")
#define SMP_ZONE_ENUM(name, text) name,
enum smp_zone { SMP_ZONES(SMP_ZONE_ENUM) SMP_ZONE_COUNT };
const char *smp_zone_name(enum smp_zone zone);

struct smp_fiducials {
    struct smp_vec3 nasion, lpa, rpa;
};

// Points of the surface, head frame, mm. "left" is the person's left (−x).
struct smp_landmarks {
    struct smp_vec3 nasion, lpa, rpa;            // given
    struct smp_vec3 glabella, vertex, inion;     // found on the mid-sagittal section
    struct smp_vec3 canthus_left, canthus_right; // lateral canthi
};

struct smp_tape {
    double circumference_mm; // over glabella and opisthocranion, hull of the section
    double length_mm;        // glabella – opisthocranion
    double breadth_mm;       // largest, above the ears
    double nasion_inion_mm;  // arc over the vertex
    double preauricular_mm;  // LPA – RPA over the vertex
    double scalp_cm2;        // all zones
    double zone_cm2[SMP_ZONE_COUNT];
};

struct smp_head {
    struct smp_mesh mesh;      // refined: scalp edges ≤ 1.5 mm
    struct smp_vec3 *normals;  // per point, outward
    bool *outer;               // per triangle: outer skin (no eyes, teeth, linings)
    uint32_t (*neighbours)[3]; // per triangle, as smp_mesh_neighbours
    struct smp_vec2 *chart;    // per point: scalp chart address
    uint8_t *zones;            // per point: enum smp_zone of the untreated head (never HAIRLINE)
    // Painted weights of the template, 0 … 255 per point, for tints; NULL for scans.
    uint8_t *brow, *lip, *lash;
    struct smp_landmarks landmarks;
    struct smp_tape tape;
    double
        hairline_radius; // chart radius of the natural hairline's middle, 65 mm over the glabella
    struct smp_image texture; // linear; px_lin NULL for the template and untextured scans
    double open_mm;           // length of the scalp's open borders: holes in a scan
    // Scalp of a scan: its area is this much more than that of skin that is smooth over 10 mm, 0
    // for the template. Dots are counted on that area.
    double rough_share;
    // A scan's way into the head frame: millimetres a unit of the file, then about origin_mm onto
    // the axes (zero for the template).
    struct smp_file_frame {
        double mm_per_unit;
        struct smp_vec3 origin_mm, x, y, z;
    } file;
    bool is_template;
    enum smp_sex sex;
    const char *note; // what the user should know ("2 holes were left open"), "" for none
};

// 0: not measured. With none given, the adult medians of the sex (ANSUR II, 2012): men 574, 200,
// 154 mm; women 560, 190, 147 mm. With some given, the others follow at the median's proportions.
struct smp_tape_wish {
    double circumference_mm, length_mm, breadth_mm;
};
extern const struct smp_field smp_tape_fields[3];

// The mean adult head bent to the tape. Errors: SMP_E_INPUT (out of range, or the three measures
// contradict each other: says the nearest circumference that can be).
enum smp_code smp_head_from_tape(struct smp_head *head, enum smp_sex sex,
                                 const struct smp_tape_wish *wish, struct smp_pool *pool,
                                 struct smp_arena *arena, struct smp_err *err);

// The client's own head from a scan. mm_per_unit scales the file's units; fiducials are in file
// units, before scaling. `name` is for messages. The scan's texture (may be NULL) is kept.
// Errors: SMP_E_INPUT (fiducials off the surface, mirrored or in one line; absurd size).
struct smp_scan_frame {
    double mm_per_unit;
    struct smp_fiducials fiducials;
};
enum smp_code smp_head_from_mesh(struct smp_head *head, const struct smp_mesh *mesh,
                                 const struct smp_scan_frame *frame, enum smp_sex sex,
                                 const char *name, struct smp_pool *pool, struct smp_arena *arena,
                                 struct smp_err *err);

// ---- Landmarks that are marked on photos --------------------------------------------------------

// Each with its name and the same one of the other side ("left" is the person's left).
#define SMP_PLACES(X)                                                                              \
    X(SMP_PLACE_NASION, "nasion", SMP_PLACE_NASION)                                                \
    X(SMP_PLACE_GLABELLA, "glabella", SMP_PLACE_GLABELLA)                                          \
    X(SMP_PLACE_OUTER_EYE_LEFT, "outer_eye_left", SMP_PLACE_OUTER_EYE_RIGHT)                       \
    X(SMP_PLACE_OUTER_EYE_RIGHT, "outer_eye_right", SMP_PLACE_OUTER_EYE_LEFT)                      \
    X(SMP_PLACE_INNER_EYE_LEFT, "inner_eye_left", SMP_PLACE_INNER_EYE_RIGHT)                       \
    X(SMP_PLACE_INNER_EYE_RIGHT, "inner_eye_right", SMP_PLACE_INNER_EYE_LEFT)                      \
    X(SMP_PLACE_LPA, "lpa", SMP_PLACE_RPA)                                                         \
    X(SMP_PLACE_RPA, "rpa", SMP_PLACE_LPA)                                                         \
    X(SMP_PLACE_EAR_TOP_LEFT, "ear_top_left", SMP_PLACE_EAR_TOP_RIGHT)                             \
    X(SMP_PLACE_EAR_TOP_RIGHT, "ear_top_right", SMP_PLACE_EAR_TOP_LEFT)                            \
    X(SMP_PLACE_NOSE_TIP, "nose_tip", SMP_PLACE_NOSE_TIP)                                          \
    X(SMP_PLACE_SUBNASALE, "subnasale", SMP_PLACE_SUBNASALE)                                       \
    X(SMP_PLACE_CHIN, "chin", SMP_PLACE_CHIN) /* gnathion: farthest forward and down */            \
    X(SMP_PLACE_TRICHION, "trichion", SMP_PLACE_TRICHION)                                          \
    X(SMP_PLACE_VERTEX, "vertex", SMP_PLACE_VERTEX)                                                \
    X(SMP_PLACE_INION, "inion", SMP_PLACE_INION)
#define SMP_PLACE_ENUM(name, text, mirror) name,
enum smp_place { SMP_PLACES(SMP_PLACE_ENUM) SMP_PLACE_COUNT };
extern const char *const smp_place_names[]; // NULL-ended
enum smp_place smp_place_mirror(enum smp_place place);
// Outward from the skin there (head frame, unit): a camera behind it does not see the landmark.
struct smp_vec3 smp_place_facing(enum smp_place place);

// Where a head has its landmarks, head frame, and how far a person's own lie from there along each
// axis (standard deviations).
struct smp_places {
    struct smp_vec3 at[SMP_PLACE_COUNT], sd_mm[SMP_PLACE_COUNT];
    const char *how[SMP_PLACE_COUNT]; // it is known: "given", "fiducial", "found" (on the
                                      // profile), "drawn" (from the mean head), "mean head"
};

// A point of the scan's file in the head frame.
struct smp_vec3 smp_head_from_file(const struct smp_head *head, struct smp_vec3 point);
// Landmarks on a scan in the head frame: those of `given` (sd_mm.x above 0) as they are; fiducials,
// glabella, vertex, inion and outer eye corners as the head has them; the rest by the template bent
// to the head's own length, breadth and height, drawn onto the skin (nose tip, subnasale and chin
// by the profile). Errors: SMP_E_INPUT (a given one more than 10 mm off the skin). On a template
// head, bent to a tape, all are those of the mean head.
enum smp_code smp_head_places(struct smp_places *places, const struct smp_head *head,
                              const struct smp_places *given, struct smp_arena *scratch,
                              struct smp_err *err);

// ---- The template as photos bend it -------------------------------------------------------------

// Size along each axis, as a share of the median head of the sex, and how far the ears lie from
// where that head has them.
enum { SMP_SWELLS = 7 };
struct smp_shape {
    double breadth, length, height;
    double ears_y_mm, ears_z_mm;
    // How far the skull lies outside of the bent one, mm RMS of each of the smooth fields that are
    // alike left and right: three spherical harmonics of second order and four of third.
    double swell_mm[SMP_SWELLS];
};
extern const struct smp_shape smp_shape_median;

// The median head of a sex, ready to be bent.
struct smp_mould {
    enum smp_sex sex;
    double half_breadth, half_length, middle_y, height; // of the template, mm
    double scale[3], full;                              // its bend at the median
    double breadth_mm, length_mm, height_mm;            // the median tape
    struct smp_places places;                           // of the template unbent
    // Points of the template unbent: first those of the skull over brows and ears, then of the
    // rest, which may hide it. The arena's.
    struct smp_vec3 *skin;
    size_t skull_count, skin_count;
};
enum smp_code smp_mould_make(struct smp_mould *mould, enum smp_sex sex, struct smp_arena *arena,
                             struct smp_err *err);
// The first `count` points of the skin, bent, in the frame of smp_mould_places.
void smp_mould_skin(struct smp_vec3 *skin, size_t count, const struct smp_mould *mould,
                    const struct smp_shape *shape);
void smp_mould_places(struct smp_places *places, const struct smp_mould *mould,
                      const struct smp_shape *shape);
// fiducials: the person's own, in the frame of smp_mould_places (x of the nasion 0, lpa and rpa
// alike): the head is turned into their frame. *moved (may be NULL) takes a point of the one frame
// into the other: y and z of the new origin, and the sine and cosine of the turn.
struct smp_reframe {
    double y_mm, z_mm, sine, cosine;
};
struct smp_vec3 smp_reframed(const struct smp_reframe *moved, struct smp_vec3 p);
enum smp_code smp_head_from_shape(struct smp_head *head, struct smp_reframe *moved,
                                  const struct smp_mould *mould, const struct smp_shape *shape,
                                  const struct smp_fiducials *fiducials, struct smp_arena *arena,
                                  struct smp_err *err);

// ---- Scalp chart --------------------------------------------------------------------------------

// Azimuthal, centred on the vertex: radius 1 is the plane of the fiducials' height, angle from the
// mid-sagittal plane; u to the person's right, v to the front. Normalised by the head's own
// landmarks, so that an address means the same place on every head. The vertex is the highest
// point of a head that looks straight ahead (the head frame is pitched: the nasion lies about 23°
// above the ears' level). One radius is about 150 mm of skin.
struct smp_vec2 smp_chart_address(const struct smp_head *head, struct smp_vec3 point);
// The outermost surface point at an address; false off the head. hit may be NULL.
bool smp_chart_point(const struct smp_head *head, const struct smp_rays *rays,
                     struct smp_vec2 address, struct smp_vec3 *point, struct smp_hit *hit);
enum smp_zone smp_chart_zone(struct smp_vec2 address);

// ---- Tape on the surface ------------------------------------------------------------------------

// Walks from a surface point along the section of the surface with the plane through `start` that
// holds `along` and the surface normal there, for length_mm; the tape bends with the skin.
struct smp_vec3 smp_head_walk(const struct smp_head *head, const struct smp_rays *rays,
                              struct smp_vec3 start, struct smp_vec3 along, double length_mm);
// Length of the section between two surface points in the plane through both and the vertical of
// their mean normal, the shorter way round; the straight line where the section joins them not.
double smp_head_distance_mm(const struct smp_head *head, const struct smp_rays *rays,
                            struct smp_vec3 a, struct smp_vec3 b);

// ---- Loss ---------------------------------------------------------------------------------------

#define SMP_LOSS_CLASSES(X)                                                                        \
    X(SMP_LOSS_NONE, "none")                                                                       \
    X(SMP_LOSS_I, "1")                                                                             \
    X(SMP_LOSS_II, "2")                                                                            \
    X(SMP_LOSS_IIA, "2a")                                                                          \
    X(SMP_LOSS_III, "3")                                                                           \
    X(SMP_LOSS_IIIA, "3a")                                                                         \
    X(SMP_LOSS_III_VERTEX, "3v")                                                                   \
    X(SMP_LOSS_IV, "4")                                                                            \
    X(SMP_LOSS_IVA, "4a")                                                                          \
    X(SMP_LOSS_V, "5")                                                                             \
    X(SMP_LOSS_VA, "5a")                                                                           \
    X(SMP_LOSS_VI, "6")                                                                            \
    X(SMP_LOSS_VII, "7")                                                                           \
    X(SMP_LOSS_LUDWIG_I, "ludwig 1")                                                               \
    X(SMP_LOSS_LUDWIG_II, "ludwig 2")                                                              \
    X(SMP_LOSS_LUDWIG_III, "ludwig 3")                                                             \
    X(SMP_LOSS_TOTALIS, "totalis")
#define SMP_LOSS_ENUM(name, text) name,
enum smp_loss_class { SMP_LOSS_CLASSES(SMP_LOSS_ENUM) SMP_LOSS_CLASS_COUNT };
extern const char *const smp_loss_names[]; // NULL-ended

// A patch painted on the chart: inside the outline a share of the hair is left.
struct smp_loss_patch {
    const struct smp_vec2 *outline; // chart addresses, closed
    size_t count;
    double left_share; // 0…1
};

struct smp_loss {
    enum smp_loss_class kind;
    const struct smp_loss_patch *patches;
    size_t patch_count;
    double native_fu_per_cm2; // where nothing was lost, [20, 130]
};

// Remaining FUs per cm² a point of head->mesh (array of the caller), a smooth field; 0 off the
// scalp and before the natural hairline. *bald_cm2 (may be NULL): area behind the natural hairline
// that lost more than half of its hair.
enum smp_code smp_loss_field(double *fu_per_cm2, double *bald_cm2, const struct smp_head *head,
                             const struct smp_loss *loss, struct smp_err *err);

#endif
