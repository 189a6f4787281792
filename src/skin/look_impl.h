// The shipped table of looks: its axes, and its compact form.
//
// ln(contrast + floor) of every object (a shape at an offset) in every state (pigment and skin) is
// a matrix of low rank: object · state, 40 numbers each. Either side is interpolated by itself, so
// a look costs a few thousand multiplications, and nothing is fitted by hand.
#ifndef SMP_LOOK_IMPL_H
#define SMP_LOOK_IMPL_H

#include "skin/adjoint_impl.h"
#include "skin/skin.h"

enum {
    LOOK_RANK_DEPOSITS = 72, // ranks are multiples of 4
    LOOK_RANK_SHAFTS = 40,
    LOOK_RANK_AREAS = 96,
    LOOK_RANK_MAX = LOOK_RANK_AREAS,
    // States: reduced scattering of the dermis × pigment × papillary blood × dermis × epidermis.
    LOOK_SCATTERS = 6,
    LOOK_PIGMENTS = 8,
    LOOK_PAPILLARIES = 2,
    LOOK_DERMES = 6,
    LOOK_EPIDERMES = 5,
    LOOK_BEDS = LOOK_PAPILLARIES * LOOK_DERMES * LOOK_EPIDERMES,
    LOOK_STATES = LOOK_SCATTERS * LOOK_PIGMENTS * LOOK_BEDS,
    // Deposits: kind (ball, columns of 5 heights) × top × diameter × offset.
    LOOK_HEIGHTS = 5,
    LOOK_KINDS = 1 + LOOK_HEIGHTS,
    LOOK_TOPS = 10,
    LOOK_DIAMETERS = 6,
    LOOK_OFFSETS = SMP_LOOK_RINGS,
    LOOK_SHAPES = LOOK_KINDS * LOOK_TOPS * LOOK_DIAMETERS,
    LOOK_DEPOSITS = LOOK_SHAPES * LOOK_OFFSETS,
    // Shafts: exit angle × count × calibre × across × along.
    LOOK_EXITS = 5,
    LOOK_COUNTS = 4,
    LOOK_CALIBRES = 4,
    LOOK_ACROSS = SMP_SHAFT_ACROSS,
    LOOK_ALONG = SMP_SHAFT_ALONG,
    LOOK_PATCH = LOOK_ACROSS * LOOK_ALONG,
    LOOK_FOLLICLES = LOOK_EXITS * LOOK_COUNTS * LOOK_CALIBRES,
    LOOK_SHAFTS = LOOK_FOLLICLES * LOOK_PATCH,
    // Areas D: of all deposits, then of all follicles.
    LOOK_AREAS = LOOK_SHAPES + LOOK_FOLLICLES,
};

#define LOOK_FLOOR 2e-4          // of a contrast near the deposit, and of shafts
#define LOOK_AREA_FLOOR_MM2 2e-6 // of an area

// Nodes of the axes. All but the offsets are even in the coordinate that is interpolated.
double look_scatter_per_mm(int i); // reduced scattering coefficient of the dermis
double look_pigment_per_mm(int i);
double look_dermis_per_mm(int i);
double look_epidermis_per_mm(int i);
double look_height_mm(int i);
double look_top_mm(int i);
double look_diameter_mm(int i);
double look_calibre_mm(int i);
extern const double look_exit_deg[LOOK_EXITS];
extern const double look_along_mm[LOOK_ALONG];
double look_offset_mm(double diameter_mm, int i);
double look_across_mm(double calibre_mm, int count, int i);
// Their coordinates: node i is at i.
double look_scatter_at(double per_mm);
double look_pigment_at(double per_mm);
double look_dermis_at(double per_mm);
double look_epidermis_at(double per_mm);
double look_height_at(double mm);
double look_top_at(double mm);
double look_diameter_at(double mm);
double look_calibre_at(double mm);

// The layers that the table was made in, at one level of scattering: epidermis 0.08 mm, papillary
// dermis 0.15 mm, dermis 2 mm, fat; scattering of each as in skin of average tissue where the
// dermis scatters this much (Salomatina 2006; Jacques 2013).
struct smp_bed look_bed(double scatter_per_mm);
#define LOOK_EPIDERMIS_MM 0.08
#define LOOK_FAT_MUA_PER_MM 0.0045

// Monotone cubic through points (Fritsch & Carlson 1980; slopes of Brodlie): y at x, flat at
// either end where `flat_start`, clamped beyond. x ascending.
double look_cubic(const double *x, const double *y, int count, double at, bool flat_start);
// Integral over the disc of a contrast known on rings: ∫ c 2πr dr to the last of them.
double look_ring_integral(const double *r_mm, const double *contrast, int count);

// The table as shipped: header, then states and objects of each part. 16-bit whole numbers,
// little-endian; value = number × scale of its component.
enum look_part { LOOK_PART_DEPOSITS, LOOK_PART_SHAFTS, LOOK_PART_AREAS, LOOK_PARTS };
static const int look_part_rank[LOOK_PARTS] = { LOOK_RANK_DEPOSITS, LOOK_RANK_SHAFTS,
                                                LOOK_RANK_AREAS };
static const int look_part_rows[LOOK_PARTS] = { LOOK_DEPOSITS, LOOK_SHAFTS, LOOK_AREAS };
// What is added to a value before its logarithm: less on outer rings, which are wide.
double look_floor(int offset);
double look_row_floor(enum look_part part, size_t row);
// Pigment that scatters: change of contrast at the centre of a ball, as a share of an opaque one's.
enum {
    LOOK_VEIL_DERMES = 3,
    LOOK_VEIL_TOPS = 2,
    LOOK_VEIL_DIAMETERS = 3,
    LOOK_VEIL_MUS = 5,
    LOOK_VEIL_MUA = 7
};
double look_veil_dermis_per_mm(int i);
double look_veil_top_mm(int i);
double look_veil_diameter_mm(int i);
extern const double look_veil_mus_per_mm[LOOK_VEIL_MUS]; // the first is 0
extern const double look_veil_mua_per_mm[LOOK_VEIL_MUA]; // the first is 0
// Light deeper than 3 mm lost: contrast as a share of what it is in dermis without end, by a ball
// of 0.3 mm.
enum { LOOK_DEEP_RINGS = 6 };
#define LOOK_DEEP_MM 3.0
extern const double look_deep_r_mm[LOOK_DEEP_RINGS];
struct look_header {
    char magic[8];                                 // "SMPLOOK"
    uint64_t seed, deposit_photons, shaft_photons; // per family and level
    int32_t states, rank[LOOK_PARTS], rows[LOOK_PARTS];
    float scale[LOOK_PARTS][2][LOOK_RANK_MAX]; // of states, of objects
    float deep[LOOK_SCATTERS][LOOK_DERMES][LOOK_TOPS][LOOK_DEEP_RINGS];
    float veil[LOOK_VEIL_DERMES][LOOK_VEIL_TOPS][LOOK_VEIL_DIAMETERS][LOOK_VEIL_MUS][LOOK_VEIL_MUA];
};
// Numbers of a part: states, or objects.
const int16_t *look_numbers(enum look_part part, bool objects);
// Contrast or area of one cell of the table, without interpolation.
double look_cell(enum look_part part, size_t row, size_t state);
// What the scattering of a pigment adds to the contrast of a ball, as a share of an opaque ball's;
// of a column: to that of the ball of its volume, whose diameter is look_veil_ball_mm.
struct look_pigment {
    double mua_per_mm, mus_per_mm;
};
double look_veil_ball_mm(const struct smp_deposit_shape *shape);
double look_veil(const struct look_header *header, const struct smp_deposit_shape *shape,
                 double dermis_per_mm, struct look_pigment pigment);
// That share at a top and a distance.
struct look_states;
double look_deep(const struct look_header *header, const struct look_states *skin, double top_mm,
                 double r_mm);

// ---- Reading (look.c) --------------------------------------------------------------------------

// Weights of four neighbours on an even axis (Lagrange's cubic).
struct look_stencil {
    int first;
    double weight[4];
};
struct look_stencil look_stencil_at(double at, int count);
// The same on an axis of uneven nodes, at most 8.
struct look_stencil look_stencil_on(const double *nodes, int count, double at);
// States of one skin at one wavelength, pigments side by side; table scales applied.
struct look_states {
    double vector[LOOK_RANK_MAX][LOOK_PIGMENTS];
    int rank;
    double scatter_per_mm, dermis_per_mm; // of the dermis: reduced scattering, absorption
};
void look_states_of(struct look_states *to, const struct smp_skin *skin, double nm,
                    enum look_part part);
struct smp_look_skin {
    struct look_states deposit[SMP_WAVELENGTHS], shaft[SMP_WAVELENGTHS], area[SMP_WAVELENGTHS];
};
void look_add(double *sum, const int16_t *from, double weight, int rank);
// Contrast of an object at one absorption: a monotone cubic over the axis of pigments, so that more
// pigment is never lighter. Below the axis it is proportional to absorption.
double look_seen(const double *object, const struct look_states *skin, double mua_per_mm,
                 double floor);
double look_area_mm2(const double *object, const struct look_states *skin, double mua_per_mm);

extern const unsigned char smp_looks_data[], smp_looks_data_end[]; // data/looks.bin

#endif
