// What every module stands on: result codes, arenas, field tables, vectors, random streams,
// jobs over cores, JSON with addresses, dates, and files written whole or not at all.
//
// Everything here but file.c is pure. Nothing keeps global state. An arena or a random stream
// belongs to one thread at a time; all else is safe to use from several threads.
#ifndef SMP_BASE_H
#define SMP_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- Results -----------------------------------------------------------------------------

// Codes are pinned: a logged number keeps its meaning. 20–39 mean "the input or the call is
// wrong" (exit status 2), 40 and up "the work failed" (exit status 1).
#define SMP_CODES(X)                                                                               \
    X(SMP_OK, 0, "done")                                                                           \
    X(SMP_E_INPUT, 20, "a value breaks a rule")                                                    \
    X(SMP_E_FILE, 21, "a file is missing or cannot be read")                                       \
    X(SMP_E_FORMAT, 22, "a file is damaged or not of its format")                                  \
    X(SMP_E_UNSUPPORTED, 23, "a format or feature is not supported")                               \
    X(SMP_E_LIMIT, 24, "an input is larger than allowed")                                          \
    X(SMP_E_NOMEM, 40, "out of memory")                                                            \
    X(SMP_E_IO, 41, "writing failed")                                                              \
    X(SMP_E_SANDBOX, 42, "the sandbox cannot be set up")                                           \
    X(SMP_E_INTERNAL, 43, "a promise of the program was broken")

#define SMP_CODE_ENUM(name, value, text) name = value,
enum smp_code { SMP_CODES(SMP_CODE_ENUM) };

// Storage of the caller; may be passed as NULL everywhere. The first failure wins.
struct smp_err {
    enum smp_code code;
    char msg[512]; // one sentence: file, field, value, rule
};

// Fills *err unless it holds an earlier failure; returns code, so `return smp_fail(…)` reads well.
// A macro (code is read twice), so that compiler and analyzer see at the call what comes back.
#define smp_fail(err, code, ...) smp_said(smp_say_err((err), (code), __VA_ARGS__), (code))
enum smp_code smp_say_err(struct smp_err *err, enum smp_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline enum smp_code smp_said(enum smp_code said, enum smp_code code)
{
    (void)said;
    return code;
}

// Name of a code ("SMP_E_INPUT"), its meaning, and the exit status it stands for (0, 1, 2).
const char *smp_code_name(enum smp_code code);
const char *smp_code_text(enum smp_code code);
int smp_exit_status(enum smp_code code);

// ---- Arena -------------------------------------------------------------------------------

struct smp_chunk;

// Blocks live until the arena is dropped or reset to an earlier mark. Zeroed, 64-byte aligned.
struct smp_arena {
    struct smp_chunk *top; // newest chunk
    size_t used_bytes;     // of all chunks
    size_t cap_bytes;      // hard limit; an allocation beyond it returns NULL
};

struct smp_mark {
    struct smp_chunk *top;
    size_t top_used_bytes;
    size_t used_bytes;
};

// Nothing is allocated until the first use. cap_bytes 0 stands for 8 GiB.
void smp_arena_make(struct smp_arena *arena, size_t cap_bytes);
// Releases all blocks; takes a zeroed arena too.
void smp_arena_drop(struct smp_arena *arena);
struct smp_mark smp_arena_mark(const struct smp_arena *arena);
// Releases what was allocated since the mark.
void smp_arena_reset(struct smp_arena *arena, struct smp_mark mark);
// count × size zeroed bytes or NULL (cap, overflow, no memory). count 0 gives a valid pointer.
void *smp_alloc(struct smp_arena *arena, size_t count, size_t size);
#define smp_new(arena, type, count) ((type *)smp_alloc((arena), (count), sizeof(type)))
// Copy of a string (of at most `length` bytes), or NULL.
char *smp_strdup(struct smp_arena *arena, const char *text);
char *smp_format(struct smp_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *smp_vformat(struct smp_arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

// ---- Vectors -----------------------------------------------------------------------------

struct smp_vec2 {
    double x, y;
};
struct smp_vec3 {
    double x, y, z;
};

static inline struct smp_vec3 smp_vec3(double x, double y, double z)
{
    return (struct smp_vec3){ x, y, z };
}
static inline struct smp_vec3 smp_add(struct smp_vec3 a, struct smp_vec3 b)
{
    return (struct smp_vec3){ a.x + b.x, a.y + b.y, a.z + b.z };
}
static inline struct smp_vec3 smp_sub(struct smp_vec3 a, struct smp_vec3 b)
{
    return (struct smp_vec3){ a.x - b.x, a.y - b.y, a.z - b.z };
}
static inline struct smp_vec3 smp_scale(struct smp_vec3 a, double s)
{
    return (struct smp_vec3){ a.x * s, a.y * s, a.z * s };
}
static inline double smp_dot(struct smp_vec3 a, struct smp_vec3 b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
static inline struct smp_vec3 smp_cross(struct smp_vec3 a, struct smp_vec3 b)
{
    return (struct smp_vec3){ a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x };
}
double smp_length(struct smp_vec3 a);
// Unit vector; the zero vector stays zero.
struct smp_vec3 smp_unit(struct smp_vec3 a);

#define SMP_PI 3.14159265358979323846

static inline double smp_clamp(double v, double min, double max)
{
    return v < min ? min : v > max ? max : v;
}
// 0 below a, 1 above b, a smooth cubic between.
double smp_smoothstep(double a, double b, double v);

// ---- Random streams ----------------------------------------------------------------------

// PCG32 (O'Neill 2014). A value, passed in; integers only, so the same on every machine.
struct smp_rng {
    uint64_t state, inc;
};

struct smp_rng smp_rng_make(uint64_t seed, uint64_t stream);
uint32_t smp_rng_u32(struct smp_rng *rng);
double smp_rng_unit(struct smp_rng *rng); // [0, 1), 53 bits
// Standard normal, by the next.
double smp_rng_normal(struct smp_rng *rng);
// z of a share of persons, by the inverse distribution function (Acklam 2003; |error| < 1.2e-9).
// Uses only + − × ÷ √ outside the tails |z| > 1.97, where it needs log. 0 and 1 give ±8.2 and so.
double smp_normal_quantile(double share);
// The value that a sort would put at [k]; k < count. What stands before it is not larger after
// that.
float smp_select(float *values, size_t count, size_t k);
// Mixes two numbers into one (splitmix64): per-item seeds from (seed, id).
uint64_t smp_hash64(uint64_t a, uint64_t b);

// ---- Jobs over cores ---------------------------------------------------------------------

struct smp_pool; // a fixed set of worker threads; opaque

// threads 0: one per core. Returns NULL when threads is 1 (or none could be started): a NULL
// pool is valid everywhere and runs the work on the caller's thread.
struct smp_pool *smp_pool_make(unsigned threads);
void smp_pool_drop(struct smp_pool *pool);
unsigned smp_pool_threads(const struct smp_pool *pool); // 1 for NULL
// Calls work(context, begin, end) over [0, count) in pieces of `grain` items, in any order, and
// returns when all are done. Pieces are the same for every thread count. Not re-entrant.
void smp_pool_for(struct smp_pool *pool, size_t count, size_t grain,
                  void (*work)(void *context, size_t begin, size_t end), void *context);

// ---- Field tables ------------------------------------------------------------------------

// One row a parameter: drives checks, JSON, command line and reference page.
struct smp_field {
    const char *name; // as in JSON, unit at its end
    size_t offset;    // of a double in the params struct
    const char *unit; // "mm", or "" for none
    double min, max;
    const char *help;
};

#define SMP_FIELD(type, member, unit, min, max, help)                                              \
    {                                                                                              \
#member, offsetof(struct type, member), unit, min, max, help                               \
    }

// "WHERE.NAME must be MIN to MAX UNIT, not VALUE" for the first field out of range (NaN is).
enum smp_code smp_check(const struct smp_field *fields, size_t count, const void *params,
                        const char *where, struct smp_err *err);
enum smp_code smp_check_number(double value, const char *name, const char *unit, double min,
                               double max, const char *where, struct smp_err *err);

// ---- JSON in -----------------------------------------------------------------------------

struct json_t;

// A value with its address, so that every complaint names file and field.
struct smp_json {
    const char *file;
    char path[160]; // "design.hairline.glabella_mm", "" at the root
    struct json_t *node;
};

// Parses text (which need not end in NUL). Duplicate keys are an error. Close with
// smp_json_close. Errors: SMP_E_FORMAT with line and column.
enum smp_code smp_json_parse(struct smp_json *root, const char *file, const char *text,
                             size_t length, struct smp_err *err);
void smp_json_close(struct smp_json *root);
// Child by name; false (and *child untouched) where it is absent or null.
bool smp_json_child(const struct smp_json *at, const char *name, struct smp_json *child);
// Item of an array; false past the end.
bool smp_json_item(const struct smp_json *at, size_t index, struct smp_json *item);
size_t smp_json_count(const struct smp_json *at); // items of an array, else 0
// Errors (all SMP_E_INPUT) name file, field, value and rule. Outputs untouched on failure.
enum smp_code smp_json_object(const struct smp_json *at, const char *const *known, // NULL-ended
                              struct smp_err *err); // an object with no other fields than these
enum smp_code smp_json_array(const struct smp_json *at, size_t min, size_t max,
                             struct smp_err *err);
enum smp_code smp_json_number(const struct smp_json *at, double min, double max, const char *unit,
                              double *value, struct smp_err *err);
enum smp_code smp_json_integer(const struct smp_json *at, int64_t min, int64_t max, int64_t *value,
                               struct smp_err *err);
enum smp_code smp_json_bool(const struct smp_json *at, bool *value, struct smp_err *err);
// The string is borrowed: it lives as long as the root.
enum smp_code smp_json_text(const struct smp_json *at, const char **value, struct smp_err *err);
// Index into `names` (NULL-ended); the error lists them.
enum smp_code smp_json_choice(const struct smp_json *at, const char *const *names, int *index,
                              struct smp_err *err);
enum smp_code smp_json_vec3(const struct smp_json *at, double min, double max, const char *unit,
                            struct smp_vec3 *value, struct smp_err *err);
// Numbers of an object read by a field table: absent ones keep what *params holds.
enum smp_code smp_json_fields(const struct smp_json *at, const struct smp_field *fields,
                              size_t count, void *params, struct smp_err *err);
// Fields that must be there. Errors name file, field and rule; texts are 1 to 400 bytes, copied
// into the arena.
enum smp_code smp_json_need(struct smp_json *child, const struct smp_json *at, const char *name,
                            struct smp_err *err);
enum smp_code smp_json_need_text(const struct smp_json *at, const char *name, const char **text,
                                 struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_json_need_choice(const struct smp_json *at, const char *name,
                                   const char *const *names, int *index, struct smp_err *err);
// Field id: small letters, digits, dots, hyphens.
enum smp_code smp_json_need_id(const struct smp_json *at, const char **id, struct smp_arena *arena,
                               struct smp_err *err);
// Fields source and grade (A, B, C, D, U).
enum smp_code smp_json_need_origin(const struct smp_json *at, const char **source, char *grade,
                                   struct smp_arena *arena, struct smp_err *err);
// A whole file that is an object of "about" and one list of 1 to `most` items, by its name.
enum smp_code smp_json_need_list(struct smp_json *list, const struct smp_json *root,
                                 const char *name, size_t most, struct smp_err *err);
// Text of a JSON value, keys in the order they were set, numbers to 12 digits; arena-owned.
char *smp_json_dump(const struct json_t *node, bool indent, struct smp_arena *arena);

// ---- Tables of numbers ----------------------------------------------------------------------

// Columns of a CSV by the names in its first line, others ignored: values[row * count + column].
// Empty lines are skipped. Errors: SMP_E_FORMAT naming file, line, column and value; SMP_E_NOMEM.
enum smp_code smp_csv_numbers(double **values, size_t *rows, const char *file, const char *text,
                              size_t length, const char *const *names, size_t count, // up to 16
                              struct smp_arena *arena, struct smp_err *err);
// One number a line.
enum smp_code smp_list_numbers(double **values, size_t *count, const char *file, const char *text,
                               size_t length, struct smp_arena *arena, struct smp_err *err);

// ---- Dates --------------------------------------------------------------------------------------

struct smp_date {
    int year, month, day; // 1900-01-01 to 2199-12-31, Gregorian
};
// "2027-03-31"; `what` names it in the sentence ("--date"). Errors: SMP_E_INPUT.
enum smp_code smp_date_read(struct smp_date *date, const char *text, const char *what,
                            struct smp_err *err);
void smp_date_print(char text[16], const struct smp_date *date);
int smp_date_number(const struct smp_date *date); // days since 1970-01-01
struct smp_date smp_date_of(int number);
// The same day so many months on, or the last of that month; a part of a month counts as so many
// days, rounded up.
struct smp_date smp_date_after(const struct smp_date *date, double months);

// ---- Files (the one part that touches the world) -------------------------------------------

struct smp_bytes {
    const uint8_t *data;
    size_t length;
};

// Whole regular file of at most max_bytes. Errors: SMP_E_FILE, SMP_E_LIMIT, SMP_E_NOMEM.
enum smp_code smp_file_read(struct smp_bytes *bytes, const char *path, size_t max_bytes,
                            struct smp_arena *arena, struct smp_err *err);
// Writes beside the target, syncs, renames over it: the target is the old or the whole new file.
enum smp_code smp_file_write(const char *path, const void *data, size_t length,
                             struct smp_err *err);
// An output folder made whole or not at all: fills it beside the target, then swaps it in.
// A target that exists is replaced only where it is an empty folder, or bears the first of the
// names and nothing but those names (so that a folder or a note of the user's own is never
// deleted).
struct smp_outdir {
    char target[1024];
    char temp[1088]; // write here
};
enum smp_code smp_outdir_begin(struct smp_outdir *dir, const char *target, const char *const *names,
                               struct smp_err *err); // NULL-ended
enum smp_code smp_outdir_commit(struct smp_outdir *dir, struct smp_err *err);
void smp_outdir_abandon(struct smp_outdir *dir);

#endif
