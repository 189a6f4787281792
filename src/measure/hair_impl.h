// What the files of the hair finder share (docs/measure.md tells the way).
#ifndef SMP_MEASURE_HAIR_IMPL_H
#define SMP_MEASURE_HAIR_IMPL_H

#include "measure/measure.h"

struct smp_hair_plane {
    float *v;
    size_t width, height;
};

// The picture as hairs are looked for: reduced to about 120 px/mm, as shares of light lost to the
// skin around, the least of the three channels (a shaft under the skin is dark in red alone).
struct smp_hair_view {
    struct smp_hair_plane dark;    // 0 skin … 1 black; below 0 brighter than skin
    struct smp_hair_plane weight;  // 0 not to be looked at … 1
    struct smp_hair_plane rgb[3];  // −ln of light over that of the skin around
    double px_per_mm, px_per_work; // of the view; picture pixels a view pixel
    double x_scale, y_scale;       // picture pixels a view pixel, each way
    double noise;                  // of dark on bare skin, standard deviation
};

// A shaft as drawn into the view: a bar with soft edges and flat ends.
struct smp_shaft {
    double x, y;               // middle of the chord
    double angle;              // of the axis, rad
    double length, width, bow; // view pixels; bow: how far the middle lies off the chord
    double dark;               // its share of light lost
    double gain;               // what it explains, less what it costs
    struct {
        double length, width, typical;
    } whole; // as it was, and the width of a hair then, when no split of it was better
};

struct smp_shaft_model {
    const struct smp_hair_view *view;
    struct smp_shaft *shafts;
    size_t count, room;
    double width;     // of a single hair of this picture
    double contrast;  // of a typical hair of this picture
    double soft;      // half the width of an edge
    double tolerance; // misfit that counts as wholly wrong
    double axis;      // direction of the field, rad, and how surely (0–1)
    double sureness;
    struct smp_hair_plane others; // scratch: the model without the shafts at work
};

enum smp_code smp_hair_look(struct smp_hair_view *view, const struct smp_subject *subject,
                            struct smp_arena *arena, struct smp_err *err);
struct smp_hair_marks { // for a picture's pixels
    uint8_t *keep;      // out: 0 where a drawing lies
    uint8_t *scratch;   // as large
    uint8_t *codes;     // three times as large
    size_t *queue;      // a sixteenth as large, and a row and a column
};
// Marks ink of a microscope's software, frames and black surrounds.
void smp_hair_mask_drawings(const struct smp_subject *subject, const struct smp_hair_marks *marks);
// Gives the lamp's bright line along a shaft the dark of the shaft beside it: it has lost the
// skin's colour. skin_lin: the skin's light over the picture;
// `values` has room for the view.
bool smp_hair_fill_streaks(struct smp_hair_view *view, const double skin_lin[3], float *values,
                           struct smp_arena *arena);
// Takes the dark of places wider than any hair (scabs, brown rings around openings) off view->dark.
bool smp_hair_lift_blots(struct smp_hair_view *view, struct smp_arena *arena);
bool smp_hair_plane_make(struct smp_hair_plane *plane, size_t width, size_t height,
                         struct smp_arena *arena);
void smp_hair_blur(struct smp_hair_plane *to, const struct smp_hair_plane *from, double sigma,
                   float *scratch);

// Darkness that a hundredth of what is seen exceeds; `values` has room for the view.
double smp_hair_darkest_hundredth(const struct smp_hair_view *view, float *values);

// Ridges of what the model has not explained yet, as shafts to begin with, strongest first.
size_t smp_hair_ridges(struct smp_shaft *found, size_t room, const struct smp_shaft_model *model,
                       const struct smp_hair_plane *left, struct smp_arena *arena);

// What a shaft explains over what is drawn in model->others, less its cost; sets its darkness.
double smp_shaft_gain(struct smp_shaft *shaft, const struct smp_shaft_model *model);
// Moves, turns, stretches a shaft to its best.
void smp_shaft_settle(struct smp_shaft *shaft, const struct smp_shaft_model *model, int rounds);
// Draws all shafts but two into model->others, around a place.
void smp_shaft_draw_others(struct smp_shaft_model *model, const struct smp_shaft *around,
                           size_t but, size_t but_too);
void smp_shaft_draw(struct smp_hair_plane *on, const struct smp_shaft *shaft, double soft);

void smp_shaft_drop(struct smp_shaft_model *model, size_t at);
// Drops what is no hair.
void smp_hair_judge(struct smp_shaft_model *model);

bool smp_hair_model_build(struct smp_shaft_model *model, const struct smp_hair_view *view,
                          struct smp_arena *arena);
// Turns the shafts so that angle points from root to tip, and ends them where they leave the skin.
bool smp_hair_turn(struct smp_shaft_model *model, struct smp_arena *arena);
void smp_hair_field_measure(struct smp_found_hairs *field, const struct smp_hair_view *view,
                            const struct smp_subject *subject);

static inline double smp_hair_ramp(double v, double from, double to)
{
    return smp_clamp((v - from) / (to - from), 0, 1);
}

static inline float smp_hair_at(const struct smp_hair_plane *p, double x, double y)
{
    const double u = smp_clamp(x - 0.5, 0, (double)p->width - 1);
    const double v = smp_clamp(y - 0.5, 0, (double)p->height - 1);
    const size_t i = (size_t)u, j = (size_t)v;
    const size_t right = i + 1 < p->width ? i + 1 : i, below = j + 1 < p->height ? j + 1 : j;
    const float a = (float)(u - (double)i), b = (float)(v - (double)j);
    const float *top = p->v + j * p->width, *low = p->v + below * p->width;
    return (top[i] * (1 - a) + top[right] * a) * (1 - b) + (low[i] * (1 - a) + low[right] * a) * b;
}

#endif
