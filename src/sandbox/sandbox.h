// Work on files from outside, done by a child process that can touch nothing.
//
// The parent (stubble) never parses such a file. It starts stubble-loader with three descriptors:
// a socket, the input (a sealed memfd) and the output (a memfd of fixed size). The child confines
// itself (resource limits, then a seccomp allow-list), reads, writes its answer into the output
// and ends. It may ask over the socket for files beside the input; the parent decides. Nothing
// that comes back is trusted: who calls smp_sandbox_run checks every number of the reply.
#ifndef SMP_SANDBOX_H
#define SMP_SANDBOX_H

#include "base/base.h"

// ---- Parent -----------------------------------------------------------------------------------

// Reads one file beside the input into bytes (arena of the callee's own); SMP_OK, or any failure,
// which the child learns of as "no such file".
typedef enum smp_code smp_sibling_fn(void *context, const char *name, struct smp_bytes *bytes);

struct smp_job {
    const char *program;    // "stubble-loader" or "stubble-heic"
    const char *advice;     // added where the program is missing, or NULL
    const char *kind;       // "mesh" or "image"
    const char *name;       // of the input, for messages; its suffix is told to the child
    const char *path;       // input file, or NULL:
    struct smp_bytes bytes; // input
    size_t max_input_bytes;
    size_t max_output_bytes;
    size_t memory_mib;       // address space of the child beyond input and output
    unsigned cpu_s, wall_s;  // processor seconds, seconds on the clock
    size_t max_items;        // triangles or pixels
    bool no_sandbox;         // start the child without seccomp
    smp_sibling_fn *sibling; // NULL: the child is given no other file
    void *context;           // for sibling
};

// Runs the child to its end. On success *reply is the output (mapped, the caller's own from then
// on, to be written as well; at least sizeof(struct smp_reply_head)); close it with
// smp_sandbox_drop. Errors: what the child said of the file (SMP_E_FORMAT, SMP_E_UNSUPPORTED,
// SMP_E_LIMIT, SMP_E_NOMEM, SMP_E_SANDBOX), SMP_E_FILE, SMP_E_LIMIT where it was stopped,
// SMP_E_FORMAT where it crashed, SMP_E_SANDBOX where it could not be started.
enum smp_code smp_sandbox_run(struct smp_bytes *reply, const struct smp_job *job,
                              struct smp_err *err);
void smp_sandbox_drop(struct smp_bytes *reply);

// Opens NAME for reading below the folder: plain relative names without "..", regular files only,
// never through a link that leads out of the folder. -1 where the rule is broken or nothing there.
int smp_sandbox_open_beneath(const char *folder, const char *name);
// Copy of hostile text fit for messages and JSON: UTF-8, without control characters, of at most
// size - 1 bytes. `length` bytes are read at most.
void smp_sandbox_clean_text(char *clean, size_t size, const char *text, size_t length);

// ---- What the child writes ----------------------------------------------------------------------

enum { smp_reply_magic = 0x534d5031, smp_name_bytes = 256 };

// At the start of every output. Offsets count from there.
struct smp_reply_head {
    uint32_t magic, code; // enum smp_code
    char msg[400];        // why not, without the file's name
};

struct smp_reply_part {
    char name[smp_name_bytes];
    int32_t texture; // index or -1
    uint32_t unused;
};

struct smp_reply_texture {
    char sibling[smp_name_bytes]; // file beside the scan; or, where empty, bytes in the output:
    uint64_t at, length;
};

struct smp_reply_mesh {
    struct smp_reply_head head;
    uint64_t point_count, triangle_count;
    uint64_t points_at;    // double[3] each
    uint64_t triangles_at; // uint32_t[3] each
    uint64_t uvs_at;       // float[3][2] each, or 0
    uint64_t parts_at;     // uint16_t each
    uint64_t part_names_at, textures_at;
    uint32_t part_count, texture_count;
    char note[200]; // what of the file was left out, in a sentence; "" for nothing
};

// A picture comes back as it was decoded, with what turns its codes into linear light; the
// arithmetic is the parent's (image/linear.c).
struct smp_reply_image {
    struct smp_reply_head head;
    uint64_t stored_width_px, stored_height_px; // before it is turned upright
    uint64_t px_at;      // rows without padding, uint8_t or (bits > 8) uint16_t a channel
    uint64_t curves_at;  // float[3][2^bits]: linear light of each code, or its place in the grid
    uint64_t grid_at;    // float[side][side][side][3], red slowest: cube roots of colours; or 0
    double matrix[3][3]; // from those colours (or light) to linear sRGB, where has_matrix
    double focal_35mm;   // 0: unknown
    int32_t grid_side;   // 0: no grid
    int32_t has_matrix;
    int32_t channels, bits;
    int32_t orientation, jpeg_quality, has_icc;
    int32_t halved_across, halved_down; // colours of a JPEG, at half the resolution
    int32_t spoilt_icc;                 // a colour profile that cannot be read was passed over
};
// Where the pixels begin: tables stand before them.
enum { smp_reply_px_at = 8 << 20, smp_largest_grid = 65 };

// ---- Child --------------------------------------------------------------------------------------

// Descriptors of the child.
enum { smp_child_socket = 3, smp_child_input = 4, smp_child_output = 5 };

// Messages on the socket. The child: this head, then the name asked for. The parent: the length
// as uint64_t (UINT64_MAX: no such file), then the bytes. Or the child: that it will soon write its
// output up to `length` pages of 4 KiB; the parent has the kernel make them ready meanwhile, and
// says nothing.
enum smp_ask { smp_ask_file = 1, smp_ask_done = 2, smp_ask_pages = 3 };
enum { smp_page_bytes = 4096 };
struct smp_ask_head {
    uint32_t ask, length;
};

struct smp_confinement {
    size_t memory_bytes; // address space, everything counted
    unsigned cpu_s;
    bool no_seccomp; // limits only
};

// Gives up, for good, all that reading a file does not need. False with a reason in why[200].
bool smp_sandbox_confine(const struct smp_confinement *limits, char why[200]);

#endif
