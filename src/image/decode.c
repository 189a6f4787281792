// Pictures from outside, by way of the sandboxed child; what it sends back is checked here.
#include "image_impl.h"

#include <stdio.h>
#include <string.h>

// Figures of docs/security.md.
enum { default_max_px = 100000000, memory_mib = 2048, cpu_s = 30, wall_s = 60 };
static const size_t max_picture_bytes = (size_t)512 << 20;

static enum smp_code distrust(const char *name, const char *what, struct smp_err *err)
{
    return smp_fail(err, SMP_E_FORMAT,
                    "%s could not be read: the reader's answer breaks a rule (%s)", name, what);
}

static enum smp_code take_facts(struct smp_photo_facts *facts, const struct smp_reply_image *head,
                                const char *name, struct smp_err *err)
{
    if (head->orientation < 1 || head->orientation > 8)
        return distrust(name, "orientation", err);
    if (!(head->focal_35mm >= 0 && head->focal_35mm <= 65535) || head->jpeg_quality < 0 ||
        head->jpeg_quality > 100)
        return distrust(name, "facts", err);
    *facts = (struct smp_photo_facts){ .focal_35mm = head->focal_35mm,
                                       .stored_width_px = head->stored_width_px,
                                       .stored_height_px = head->stored_height_px,
                                       .orientation = head->orientation,
                                       .bits = head->bits,
                                       .jpeg_quality = head->jpeg_quality,
                                       .halved_across = head->halved_across != 0,
                                       .halved_down = head->halved_down != 0,
                                       .has_icc = head->has_icc != 0,
                                       .spoilt_icc = head->spoilt_icc != 0 };
    return SMP_OK;
}

// A block of the reply; NULL where it is not wholly there.
static const void *block_at(struct smp_bytes reply, uint64_t at, size_t length)
{
    return at >= sizeof(struct smp_reply_image) && at % 8 == 0 && at <= reply.length &&
                   length <= reply.length - at
               ? reply.data + at
               : NULL;
}

static bool are_within(const float *values, size_t count, float least, float most)
{
    for (size_t i = 0; i < count; i++)
        if (!(values[i] >= least && values[i] <= most)) // NaN too
            return false;
    return true;
}

static bool take_pixels(struct smp_encoded *encoded, struct smp_bytes reply,
                        const struct smp_reply_image *head, size_t max_px)
{
    const bool sane = head->stored_width_px >= 1 && head->stored_height_px >= 1 &&
                      head->stored_width_px <= max_px &&
                      head->stored_height_px <= max_px / head->stored_width_px &&
                      (head->channels == 3 || head->channels == 4) && head->bits >= 8 &&
                      head->bits <= 16;
    if (!sane)
        return false;
    *encoded = (struct smp_encoded){ .width_px = head->stored_width_px,
                                     .height_px = head->stored_height_px,
                                     .channels = head->channels,
                                     .bits = head->bits,
                                     .orientation = head->orientation };
    encoded->data = block_at(reply, head->px_at,
                             encoded->width_px * encoded->height_px * (size_t)head->channels *
                                 (head->bits > 8 ? 2 : 1));
    return encoded->data != NULL;
}

// Bounds here bound every pixel: the codes are look-ups, whatever they are.
static bool take_colours(struct smp_encoded *encoded, struct smp_bytes reply,
                         const struct smp_reply_image *head)
{
    const size_t steps = (size_t)1 << head->bits;
    const float *curves = block_at(reply, head->curves_at, 3 * steps * sizeof *curves);
    const bool has_grid = head->grid_side != 0;
    if (!curves || !are_within(curves, 3 * steps, has_grid ? 0 : -4, has_grid ? 1 : 4))
        return false;
    for (size_t k = 0; k < 3; k++)
        encoded->curves[k] = curves + k * steps;
    encoded->has_matrix = head->has_matrix;
    for (int i = 0; i < 9; i++) {
        const double value = head->matrix[i / 3][i % 3];
        if (!(value >= -16 && value <= 16))
            return false;
        encoded->matrix[i / 3][i % 3] = (float)value;
    }
    if (!has_grid)
        return true;
    if (head->grid_side < 2 || head->grid_side > smp_largest_grid)
        return false;
    const size_t values = (size_t)head->grid_side * head->grid_side * head->grid_side * 3;
    encoded->grid_side = head->grid_side;
    encoded->grid = block_at(reply, head->grid_at, values * sizeof *encoded->grid);
    return encoded->grid && are_within(encoded->grid, values, -2, 2);
}

// Every number of the answer is checked here.
static enum smp_code take(struct smp_encoded *encoded, struct smp_photo_facts *facts,
                          struct smp_bytes reply, const char *name, size_t max_px,
                          struct smp_err *err)
{
    struct smp_reply_image head;
    if (reply.length < sizeof head)
        return distrust(name, "its length", err);
    memcpy(&head, reply.data, sizeof head);
    const enum smp_code code = take_facts(facts, &head, name, err);
    if (code)
        return code;
    if (!take_pixels(encoded, reply, &head, max_px))
        return distrust(name, "pixels", err);
    return take_colours(encoded, reply, &head) ? SMP_OK : distrust(name, "colours", err);
}

enum smp_code smp_image_take(struct smp_image *image, struct smp_photo_facts *facts,
                             struct smp_bytes reply, const char *name, size_t max_px,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_encoded encoded;
    struct smp_photo_facts told;
    enum smp_code code = take(&encoded, &told, reply, name, max_px, err);
    if (!code)
        code = smp_image_linear(image, &encoded, pool, arena, err);
    if (!code && facts)
        *facts = told;
    return code;
}

enum smp_code smp_image8_take(struct smp_image8 *image, struct smp_photo_facts *facts,
                              struct smp_bytes *reply, const char *name, size_t max_px,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_encoded encoded;
    struct smp_photo_facts told;
    enum smp_code code = take(&encoded, &told, *reply, name, max_px, err);
    if (!code)
        code = smp_image_codes(image, &encoded, pool, arena, err);
    if (code)
        return code;
    if (image->srgb8 == encoded.data) {
        image->held = *reply;
        *reply = (struct smp_bytes){ 0 };
    }
    if (facts)
        *facts = told;
    return SMP_OK;
}

// HEIC has a program of its own. A file is told by its first bytes; one that cannot be opened here
// is named by the sandbox.
static bool is_heic(const struct smp_job *job)
{
    static const char brands[][5] = {
        "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"
    };
    uint8_t head[12] = { 0 };
    if (job->path) {
        FILE *file = fopen(job->path, "re");
        const size_t got = file ? fread(head, 1, sizeof head, file) : 0;
        if (file)
            fclose(file);
        if (got < sizeof head)
            return false;
    } else if (job->bytes.length >= sizeof head) {
        memcpy(head, job->bytes.data, sizeof head);
    }
    for (size_t i = 0; memcmp(head + 4, "ftyp", 4) == 0 && i < sizeof brands / sizeof *brands; i++)
        if (memcmp(head + 8, brands[i], 4) == 0)
            return true;
    return false;
}

// Light goes to `image`, or, where that is NULL, codes to `codes`.
static enum smp_code run(struct smp_image *image, struct smp_image8 *codes,
                         struct smp_photo_facts *facts, struct smp_job *job,
                         const struct smp_image_options *options, struct smp_arena *arena,
                         struct smp_err *err)
{
    struct smp_pool *pool = options ? options->pool : NULL;
    const bool heic = is_heic(job);
    job->program = heic ? "stubble-heic" : "stubble-loader";
    job->kind = heic ? "heic" : "image";
    job->advice = heic ? "; HEIC needs libheif, or save the picture as JPEG or PNG" : NULL;
    job->max_input_bytes = max_picture_bytes;
    job->max_items = options && options->max_px ? options->max_px : default_max_px;
    if (job->max_items > 1000000000)
        return smp_fail(err, SMP_E_INPUT, "max_px must be 0 to 1000000000, not %zu",
                        job->max_items);
    job->max_output_bytes = smp_reply_px_at + job->max_items * 4 * sizeof(uint16_t);
    job->memory_mib = memory_mib;
    job->cpu_s = cpu_s;
    job->wall_s = wall_s;
    job->no_sandbox = options && options->no_sandbox;
    struct smp_bytes reply = { 0 };
    enum smp_code code = smp_sandbox_run(&reply, job, err);
    if (!code && image)
        code = smp_image_take(image, facts, reply, job->name, job->max_items, pool, arena, err);
    else if (!code)
        code = smp_image8_take(codes, facts, &reply, job->name, job->max_items, pool, arena, err);
    smp_sandbox_drop(&reply);
    return code;
}

enum smp_code smp_photo_decode(struct smp_image *image, struct smp_photo_facts *facts,
                               struct smp_bytes encoded, const char *name,
                               const struct smp_image_options *options, struct smp_arena *arena,
                               struct smp_err *err)
{
    struct smp_job job = { .name = name, .bytes = encoded };
    return run(image, NULL, facts, &job, options, arena, err);
}

enum smp_code smp_photo_load(struct smp_image *image, struct smp_photo_facts *facts,
                             const char *path, const struct smp_image_options *options,
                             struct smp_arena *arena, struct smp_err *err)
{
    struct smp_job job = { .name = path, .path = path };
    return run(image, NULL, facts, &job, options, arena, err);
}

enum smp_code smp_photo8_decode(struct smp_image8 *image, struct smp_photo_facts *facts,
                                struct smp_bytes encoded, const char *name,
                                const struct smp_image_options *options, struct smp_arena *arena,
                                struct smp_err *err)
{
    struct smp_job job = { .name = name, .bytes = encoded };
    return run(NULL, image, facts, &job, options, arena, err);
}

enum smp_code smp_photo8_load(struct smp_image8 *image, struct smp_photo_facts *facts,
                              const char *path, const struct smp_image_options *options,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct smp_job job = { .name = path, .path = path };
    return run(NULL, image, facts, &job, options, arena, err);
}

enum smp_code smp_image_decode(struct smp_image *image, struct smp_bytes encoded, const char *name,
                               const struct smp_image_options *options, struct smp_arena *arena,
                               struct smp_err *err)
{
    return smp_photo_decode(image, NULL, encoded, name, options, arena, err);
}

enum smp_code smp_image_load(struct smp_image *image, const char *path,
                             const struct smp_image_options *options, struct smp_arena *arena,
                             struct smp_err *err)
{
    return smp_photo_load(image, NULL, path, options, arena, err);
}
