// The sandboxed child: bytes of a hostile file in, plain arrays out. Everything but main.c is pure
// (files beside the input come through a callback), so that the same functions can be fuzzed.
#ifndef SMP_LOADER_IMPL_H
#define SMP_LOADER_IMPL_H

#include "sandbox/sandbox.h"

struct ldr_job {
    const char *suffix; // of the file's name, without the dot
    size_t max_items;   // triangles or pixels
    size_t memory_mib;  // what is given, for messages
    struct smp_arena *arena;
    void *room; // where pixels go, 8 bytes for each of max_items; NULL: into the arena
    // A file beside the input, copied into the arena; false where there is none.
    bool (*ask)(const struct ldr_job *job, const char *name, struct smp_bytes *bytes);
    // Says that `room` will soon be written up to `end`; NULL: nobody listens.
    void (*soon)(const struct ldr_job *job, const void *end);
    const uint8_t *output;
};

struct ldr_texture {
    char sibling[smp_name_bytes]; // or, where empty:
    struct smp_bytes bytes;
};

struct ldr_mesh {
    double (*points)[3];
    size_t point_count;
    uint32_t (*triangles)[3];
    size_t triangle_count;
    float (*uvs)[3][2]; // v down; NULL: none
    uint16_t *parts;    // per triangle
    struct smp_reply_part *part_list;
    size_t part_count;
    struct ldr_texture *textures;
    size_t texture_count;
    char note[200]; // what of the file was left out, in a sentence; "" for nothing
};

enum { ldr_most_parts = 4096, ldr_most_corners = 1024, ldr_most_icc_bytes = 16 << 20 };

// The one sentence for want of memory.
enum smp_code ldr_no_memory(const struct ldr_job *job, struct smp_err *err);
// Messages are phrases that follow the file's name and a colon.
enum smp_code ldr_mesh_read(struct ldr_mesh *mesh, struct smp_bytes file, const struct ldr_job *job,
                            struct smp_err *err);
enum smp_code ldr_obj_read(struct ldr_mesh *mesh, struct smp_bytes file, const struct ldr_job *job,
                           struct smp_err *err);
enum smp_code ldr_ply_read(struct ldr_mesh *mesh, struct smp_bytes file, const struct ldr_job *job,
                           struct smp_err *err);
enum smp_code ldr_assimp_read(struct ldr_mesh *mesh, struct smp_bytes file, const char *kind,
                              const struct ldr_job *job, struct smp_err *err);

// Points and triangles for these counts; checks the counts against job->max_items.
enum smp_code ldr_mesh_make(struct ldr_mesh *mesh, size_t point_count, size_t triangle_count,
                            bool with_uvs, const struct ldr_job *job, struct smp_err *err);
// The texture's index; a name met before gets the index it had. -1 where there is no room.
int32_t ldr_texture_named(struct ldr_mesh *mesh, const char *name, const struct ldr_job *job);

// Cuts a polygon of n corners (3 to ldr_most_corners) into n - 2 triangles of corner numbers:
// along the diagonals from its first corner where it is convex, by clipping ears where not.
void ldr_cut_polygon(uint16_t (*cut)[3], const double (*corners)[3], size_t n);

// ---- Pictures -----------------------------------------------------------------------------------

// As decoded: rows without padding, uint8_t or (bits > 8) uint16_t a channel.
struct ldr_pixels {
    void *data;
    size_t width_px, height_px;
    int channels;                    // 3: RGB, 4: RGB and opacity
    int bits;                        // 8 to 16
    bool upright;                    // turned already, whatever EXIF says
    struct smp_bytes icc;            // colour profile, or empty
    struct smp_bytes exif;           // from the TIFF header on, or empty
    int jpeg_quality;                // 0: no JPEG
    bool halved_across, halved_down; // colours, of a JPEG
    bool spoilt_icc;                 // there was a profile, but it could not be put together
};

// By the file's first bytes: JPEG, PNG or WebP.
enum smp_code ldr_image_read(struct ldr_pixels *pixels, struct smp_bytes file,
                             const struct ldr_job *job, struct smp_err *err);
enum smp_code ldr_jpeg_read(struct ldr_pixels *pixels, struct smp_bytes file,
                            const struct ldr_job *job, struct smp_err *err);
enum smp_code ldr_png_read(struct ldr_pixels *pixels, struct smp_bytes file,
                           const struct ldr_job *job, struct smp_err *err);
enum smp_code ldr_webp_read(struct ldr_pixels *pixels, struct smp_bytes file,
                            const struct ldr_job *job, struct smp_err *err);
enum smp_code ldr_heic_read(struct ldr_pixels *pixels, struct smp_bytes file,
                            const struct ldr_job *job, struct smp_err *err);
// Refuses pictures that are made of themselves, or of more pieces than any camera writes.
enum smp_code ldr_heic_check(struct smp_bytes file, const struct ldr_job *job, struct smp_err *err);

// Room for the pixels, once their number is known to be allowed.
enum smp_code ldr_pixels_make(struct ldr_pixels *pixels, size_t width_px, size_t height_px,
                              int channels, int bits, const struct ldr_job *job,
                              struct smp_err *err);
struct smp_bytes ldr_copy(const void *data, size_t length, struct smp_arena *arena);
// The EXIF fields that change what a picture shows or how it was seen; nothing else is read.
struct ldr_exif {
    int orientation;   // 1 to 8; 1 where there is none
    double focal_35mm; // 0 where there is none
};
struct ldr_exif ldr_exif_read(struct smp_bytes exif);

// How a profile turns codes into linear sRGB: as in smp_reply_image.
struct ldr_profile {
    float *curves; // [3][2^bits]
    double matrix[3][3];
    bool has_matrix;
    float *grid;
    int grid_side;
    bool from_file; // false: sRGB, for want of a profile
    bool spoilt;    // or of a readable one
};
enum smp_code ldr_profile_make(struct ldr_profile *profile, struct smp_bytes icc, int bits,
                               const struct ldr_job *job, struct smp_err *err);
// A matrix profile with these chromaticities of red, green, blue and white; gamma 0: sRGB's curve.
// Empty where no such profile can be.
struct smp_bytes ldr_icc_make(const double xy[4][2], double gamma, struct smp_arena *arena);
// lcms2 looks up the time zone (of a date that nobody reads) on first use.
void ldr_profile_warm_up(void);

// ---- The child's program ------------------------------------------------------------------------

struct ldr_output {
    uint8_t *data;
    size_t size, used;
};
// Place of a copy of the block in the output, 64-byte aligned; 0 where there is no room.
uint64_t ldr_put(struct ldr_output *output, const void *data, size_t length);

struct ldr_reader {
    const char *kind; // NULL ends the list
    enum smp_code (*answer)(struct ldr_output *output, struct smp_bytes file,
                            const struct ldr_job *job, struct smp_err *err);
    void (*warm_up)(void); // before the child is confined
};
int ldr_child_main(int argc, char **argv, const struct ldr_reader *readers);
// Fills in a struct smp_reply_image.
enum smp_code
ldr_answer_picture(struct ldr_output *output, struct smp_bytes file,
                   enum smp_code (*read)(struct ldr_pixels *pixels, struct smp_bytes file,
                                         const struct ldr_job *job, struct smp_err *err),
                   const struct ldr_job *job, struct smp_err *err);

// ---- Text --------------------------------------------------------------------------------------

struct ldr_span {
    const char *at, *end;
};

// The next line, without its end; false when there is none.
bool ldr_next_line(struct ldr_span *text, struct ldr_span *line);
// The next run of characters other than blanks.
bool ldr_next_word(struct ldr_span *line, struct ldr_span *word);
bool ldr_span_is(struct ldr_span span, const char *text);
// What is left of the line, without blanks at both ends, as a name; cut to fit.
void ldr_rest_as_name(struct ldr_span line, char name[smp_name_bytes]);
// A finite decimal number, correctly rounded, that makes up the whole word.
bool ldr_number(struct ldr_span word, double *value);
// A whole number of at most 18 digits at the start of the span, which is moved past it.
bool ldr_whole(struct ldr_span *span, int64_t *value);

#endif
