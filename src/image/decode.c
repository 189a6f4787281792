// Pictures from outside, by way of the sandboxed child; what it sends back is checked here.
#include "image/image.h"
#include "sandbox/sandbox.h"

#include <math.h>
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
    const bool turned = head->orientation > 4;
    if (head->orientation < 1 || head->orientation > 8 ||
        head->stored_width_px != (turned ? head->height_px : head->width_px) ||
        head->stored_height_px != (turned ? head->width_px : head->height_px))
        return distrust(name, "orientation", err);
    if (!(head->focal_35mm >= 0 && head->focal_35mm <= 65535) || head->bits < 1 ||
        head->bits > 16 || head->jpeg_quality < 0 || head->jpeg_quality > 100)
        return distrust(name, "facts", err);
    *facts = (struct smp_photo_facts){ .focal_35mm = head->focal_35mm,
                                       .stored_width_px = head->stored_width_px,
                                       .stored_height_px = head->stored_height_px,
                                       .orientation = head->orientation,
                                       .bits = head->bits,
                                       .jpeg_quality = head->jpeg_quality,
                                       .has_icc = head->has_icc != 0 };
    return SMP_OK;
}

static enum smp_code take_reply(struct smp_image *image, struct smp_photo_facts *facts,
                                struct smp_bytes reply, const struct smp_job *job,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_reply_image head;
    memcpy(&head, reply.data, sizeof head);
    if (head.width_px < 1 || head.height_px < 1 || head.width_px > job->max_items ||
        head.height_px > job->max_items / head.width_px)
        return distrust(job->name, "size", err);
    const size_t count = head.width_px * head.height_px;
    if (head.px_at < sizeof head || head.px_at % 8 || head.px_at > reply.length ||
        count > (reply.length - head.px_at) / sizeof(struct smp_rgb))
        return distrust(job->name, "pixels", err);
    const float *from = (const float *)(const void *)(reply.data + head.px_at);
    for (size_t i = 0; i < 3 * count; i++)
        if (!(fabsf(from[i]) <= 1000))
            return distrust(job->name, "a pixel", err);
    struct smp_photo_facts told;
    enum smp_code code = take_facts(&told, &head, job->name, err);
    struct smp_image made;
    if (!code)
        code = smp_image_make(&made, head.width_px, head.height_px, arena, err);
    if (code)
        return code;
    memcpy(made.px_lin, from, count * sizeof *made.px_lin);
    *image = made;
    if (facts)
        *facts = told;
    return SMP_OK;
}

static enum smp_code run(struct smp_image *image, struct smp_photo_facts *facts,
                         struct smp_job *job, const struct smp_image_options *options,
                         struct smp_arena *arena, struct smp_err *err)
{
    job->kind = "image";
    job->max_input_bytes = max_picture_bytes;
    job->max_items = options && options->max_px ? options->max_px : default_max_px;
    if (job->max_items > 1000000000)
        return smp_fail(err, SMP_E_INPUT, "max_px must be 0 to 1000000000, not %zu",
                        job->max_items);
    job->max_output_bytes = job->max_items * sizeof(struct smp_rgb) + 4096;
    job->memory_mib = memory_mib;
    job->cpu_s = cpu_s;
    job->wall_s = wall_s;
    job->no_sandbox = options && options->no_sandbox;
    struct smp_bytes reply = { 0 };
    enum smp_code code = smp_sandbox_run(&reply, job, err);
    if (!code)
        code = take_reply(image, facts, reply, job, arena, err);
    smp_sandbox_drop(&reply);
    return code;
}

enum smp_code smp_photo_decode(struct smp_image *image, struct smp_photo_facts *facts,
                               struct smp_bytes encoded, const char *name,
                               const struct smp_image_options *options, struct smp_arena *arena,
                               struct smp_err *err)
{
    struct smp_job job = { .name = name, .bytes = encoded };
    return run(image, facts, &job, options, arena, err);
}

enum smp_code smp_photo_load(struct smp_image *image, struct smp_photo_facts *facts,
                             const char *path, const struct smp_image_options *options,
                             struct smp_arena *arena, struct smp_err *err)
{
    struct smp_job job = { .name = path, .path = path };
    return run(image, facts, &job, options, arena, err);
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
