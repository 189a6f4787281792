// What becomes of a reader's answer: right ones against a plain restatement of the rules, and wrong
// ones refused.
#include "image_impl.h"

#include "harness.h"

#include <math.h>

enum { most_bytes = 1 << 20, px_at = 900000 };

static struct smp_arena arena;
static struct smp_err err;

// A whole answer; pixels, curves and grid are filled with noise that follows the rules.
struct answer {
    _Alignas(8) uint8_t bytes[most_bytes];
    struct smp_reply_image head;
};

static float noise(struct smp_rng *rng, double least, double most)
{
    return (float)(least + (most - least) * smp_rng_unit(rng));
}

static void make_answer(struct answer *answer, struct smp_reply_image head)
{
    struct smp_rng rng = smp_rng_make(7, 0);
    const size_t steps = (size_t)1 << head.bits;
    const size_t side = (size_t)head.grid_side;
    head.curves_at = 1024;
    head.grid_at = side ? 1024 + 12 * steps : 0;
    head.px_at = px_at;
    for (size_t i = 0; i < most_bytes; i++)
        answer->bytes[i] = (uint8_t)smp_rng_u32(&rng);
    float *curves = (float *)(void *)(answer->bytes + head.curves_at);
    float *grid = (float *)(void *)(answer->bytes + head.grid_at);
    for (size_t i = 0; i < 3 * steps; i++)
        curves[i] = noise(&rng, 0, 1);
    for (size_t i = 0; side && i < 3 * side * side * side; i++)
        grid[i] = noise(&rng, -0.2, 1.1);
    for (int i = 0; i < 9; i++)
        head.matrix[i / 3][i % 3] = (double)noise(&rng, -1, 1);
    answer->head = head;
    memcpy(answer->bytes, &head, sizeof head);
}

static enum smp_code take(struct smp_image *image, struct smp_photo_facts *facts,
                          const struct answer *answer, struct smp_pool *pool)
{
    err = (struct smp_err){ 0 };
    return smp_image_take(image, facts, (struct smp_bytes){ answer->bytes, most_bytes },
                          "front.jpg", 1 << 16, pool, &arena, &err);
}

static struct smp_reply_image plain_head(void)
{
    return (struct smp_reply_image){ .stored_width_px = 150,
                                     .stored_height_px = 37,
                                     .focal_35mm = 26,
                                     .channels = 3,
                                     .bits = 8,
                                     .orientation = 1 };
}

static enum smp_code take_codes(struct smp_image8 *image, const struct answer *answer,
                                struct smp_bytes *reply, struct smp_pool *pool)
{
    err = (struct smp_err){ 0 };
    *reply = (struct smp_bytes){ answer->bytes, most_bytes };
    return smp_image8_take(image, NULL, reply, "front.jpg", 1 << 16, pool, &arena, &err);
}

// ---- Right answers ------------------------------------------------------------------------------

// EXIF 2.32, in words: the stored first row and column are, seen upright, at these sides.
static void stored_place(int orientation, size_t width, size_t height, size_t x, size_t y,
                         size_t *stored_x, size_t *stored_y)
{
    const size_t right = width - 1 - x, bottom = height - 1 - y; // of the upright picture
    const size_t at[9][2] = { { 0, 0 },          { x, y },          { right, y },
                              { right, bottom }, { x, bottom },     { y, x },
                              { y, right },      { bottom, right }, { bottom, x } };
    *stored_x = at[orientation][0];
    *stored_y = at[orientation][1];
}

// Tetrahedra by their six cases, as Sakamoto's patent lists them.
static void grid_reference(const float *grid, size_t side, const double in[3], double out[3])
{
    double part[3];
    size_t cell[3];
    for (int k = 0; k < 3; k++) {
        const double place = in[k] * (double)(side - 1);
        cell[k] = place >= (double)(side - 1) ? side - 2 : (size_t)place;
        part[k] = place - (double)cell[k];
    }
    const double r = part[0], g = part[1], b = part[2];
    for (int k = 0; k < 3; k++) {
        double c[2][2][2];
        for (size_t i = 0; i < 8; i++)
            c[i >> 2][i >> 1 & 1][i & 1] =
                (double)grid[(((cell[0] + (i >> 2)) * side + cell[1] + (i >> 1 & 1)) * side +
                              cell[2] + (i & 1)) *
                                 3 +
                             (size_t)k];
        double v;
        if (r >= g && g >= b)
            v = r * (c[1][0][0] - c[0][0][0]) + g * (c[1][1][0] - c[1][0][0]) +
                b * (c[1][1][1] - c[1][1][0]);
        else if (r >= b && b >= g)
            v = r * (c[1][0][0] - c[0][0][0]) + b * (c[1][0][1] - c[1][0][0]) +
                g * (c[1][1][1] - c[1][0][1]);
        else if (b >= r && r >= g)
            v = b * (c[0][0][1] - c[0][0][0]) + r * (c[1][0][1] - c[0][0][1]) +
                g * (c[1][1][1] - c[1][0][1]);
        else if (g >= r && r >= b)
            v = g * (c[0][1][0] - c[0][0][0]) + r * (c[1][1][0] - c[0][1][0]) +
                b * (c[1][1][1] - c[1][1][0]);
        else if (g >= b && b >= r)
            v = g * (c[0][1][0] - c[0][0][0]) + b * (c[0][1][1] - c[0][1][0]) +
                r * (c[1][1][1] - c[0][1][1]);
        else
            v = b * (c[0][0][1] - c[0][0][0]) + g * (c[0][1][1] - c[0][0][1]) +
                r * (c[1][1][1] - c[0][1][1]);
        out[k] = pow(c[0][0][0] + v, 3);
    }
}

static void pixel_reference(const struct answer *answer, size_t x, size_t y, double out[3])
{
    const struct smp_reply_image *h = &answer->head;
    const size_t steps = (size_t)1 << h->bits, channels = (size_t)h->channels;
    const size_t first = (y * h->stored_width_px + x) * channels;
    double in[4] = { 0 };
    for (size_t k = 0; k < channels; k++) {
        size_t code = h->bits == 8
                          ? answer->bytes[px_at + first + k]
                          : ((const uint16_t *)(const void *)(answer->bytes + px_at))[first + k];
        code = code < steps ? code : steps - 1;
        const float *curves = (const float *)(const void *)(answer->bytes + h->curves_at);
        in[k] = k < 3 ? (double)curves[k * steps + code] : (double)code / (double)(steps - 1);
    }
    double *colour = in, through[3];
    if (h->grid_side) {
        grid_reference((const float *)(const void *)(answer->bytes + h->grid_at),
                       (size_t)h->grid_side, in, through);
        colour = through;
    }
    for (int k = 0; k < 3; k++)
        out[k] = h->has_matrix ? h->matrix[k][0] * colour[0] + h->matrix[k][1] * colour[1] +
                                     h->matrix[k][2] * colour[2]
                               : colour[k];
    for (int k = 0; channels == 4 && k < 3; k++)
        out[k] = out[k] * in[3] + (1 - in[3]);
}

START_TEST(every_kind_of_answer_becomes_what_the_rules_say_on_any_number_of_threads)
{
    static struct answer answer;
    struct smp_pool *pool = smp_pool_make(3);
    smp_arena_make(&arena, 0);
    for (int i = 0; i < 8 * 2 * 3 * 4; i++) {
        struct smp_reply_image head = plain_head();
        head.orientation = 1 + i % 8;
        head.channels = 3 + i / 8 % 2;
        head.bits = (const int[3]){ 8, 10, 16 }[i / 16 % 3];
        head.has_matrix = i / 48 % 2;
        head.grid_side = i / 48 >= 2 ? 2 + i % 9 : 0;
        make_answer(&answer, head);
        struct smp_image image, again;
        struct smp_photo_facts facts;
        ck_assert_int_eq(take(&image, &facts, &answer, NULL), SMP_OK);
        ck_assert_int_eq(take(&again, NULL, &answer, pool), SMP_OK);
        ck_assert(image.width_px == (head.orientation < 5 ? 150 : 37));
        ck_assert(image.width_px * image.height_px == 150 * 37);
        ck_assert(facts.focal_35mm == 26 && facts.orientation == head.orientation);
        ck_assert_mem_eq(image.px_lin, again.px_lin, 150 * 37 * sizeof *image.px_lin);
        struct smp_image8 codes, nearest;
        struct smp_bytes reply;
        ck_assert_int_eq(take_codes(&codes, &answer, &reply, pool), SMP_OK);
        ck_assert_ptr_eq(reply.data, answer.bytes); // not sRGB's codes: a picture of its own
        ck_assert_int_eq(smp_image8_of(&nearest, &image, pool, &arena, NULL), SMP_OK);
        ck_assert_uint_eq(codes.width_px, image.width_px);
        ck_assert_mem_eq(codes.srgb8, nearest.srgb8, 3 * 150 * 37);
        for (size_t at = 0; at < 150 * 37; at += 1 + at % 7) {
            const size_t x = at % image.width_px, y = at / image.width_px;
            size_t stored_x, stored_y;
            double want[3];
            stored_place(head.orientation, image.width_px, image.height_px, x, y, &stored_x,
                         &stored_y);
            pixel_reference(&answer, stored_x, stored_y, want);
            const float *got = &smp_image_at(&image, x, y)->r;
            for (int k = 0; k < 3; k++)
                ck_assert_msg(fabs((double)got[k] - want[k]) < 2e-5,
                              "kind %d, pixel %zu: %g, not %g", i, at, (double)got[k], want[k]);
        }
        smp_arena_drop(&arena);
    }
    smp_pool_drop(pool);
}
END_TEST

// ---- Wrong answers ------------------------------------------------------------------------------

START_TEST(each_wrong_number_is_refused_by_name)
{
    static struct answer answer;
    struct smp_image image = { 0 };
    smp_arena_make(&arena, 0);
    const struct {
        size_t at, length;
        double number; // of a double field
        uint64_t whole;
        const char *what;
    } wrongs[] = {
#define FIELD(field) offsetof(struct smp_reply_image, field), sizeof answer.head.field
        { FIELD(stored_width_px), 0, 0, "pixels" },
        { FIELD(stored_width_px), 0, UINT64_MAX, "pixels" },
        { FIELD(stored_height_px), 0, 0, "pixels" },
        { FIELD(stored_height_px), 0, 1 << 16, "pixels" },
        { FIELD(stored_height_px), 0, (uint64_t)1 << 63, "pixels" },
        { FIELD(px_at), 0, 0, "pixels" },
        { FIELD(px_at), 0, 1025, "pixels" },
        { FIELD(px_at), 0, most_bytes - 8, "pixels" },
        { FIELD(px_at), 0, UINT64_MAX - 7, "pixels" },
        { FIELD(curves_at), 0, 8, "colours" },
        { FIELD(curves_at), 0, most_bytes, "colours" },
        { FIELD(curves_at), 0, px_at, "colours" }, // noise there
        { FIELD(grid_at), 0, 0, "colours" },
        { FIELD(grid_at), 0, px_at, "colours" },
        { FIELD(grid_side), 0, 1, "colours" },
        { FIELD(grid_side), 0, smp_largest_grid + 1, "colours" },
        { FIELD(grid_side), 0, (uint32_t)-3, "colours" },
        { FIELD(matrix[1][1]), (double)NAN, 0, "colours" },
        { FIELD(matrix[2][0]), 17, 0, "colours" },
        { FIELD(channels), 0, 2, "pixels" },
        { FIELD(channels), 0, 5, "pixels" },
        { FIELD(bits), 0, 7, "pixels" },
        { FIELD(bits), 0, 17, "pixels" },
        { FIELD(orientation), 0, 0, "orientation" },
        { FIELD(orientation), 0, 9, "orientation" },
        { FIELD(orientation), 0, (uint32_t)-1, "orientation" },
        { FIELD(focal_35mm), (double)NAN, 0, "facts" },
        { FIELD(focal_35mm), -1, 0, "facts" },
        { FIELD(focal_35mm), 65536, 0, "facts" },
        { FIELD(jpeg_quality), 0, 101, "facts" },
        { FIELD(jpeg_quality), 0, (uint32_t)-1, "facts" },
#undef FIELD
    };
    struct smp_reply_image head = plain_head();
    head.grid_side = 5;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        make_answer(&answer, head);
        ck_assert_int_eq(take(&image, NULL, &answer, NULL), SMP_OK);
        const bool is_double = wrongs[i].number != 0; // NaN too
        if (is_double)
            memcpy(answer.bytes + wrongs[i].at, &wrongs[i].number, sizeof wrongs[i].number);
        else
            memcpy(answer.bytes + wrongs[i].at, &wrongs[i].whole, wrongs[i].length);
        char want[200];
        snprintf(want, sizeof want,
                 "front.jpg could not be read: the reader's answer breaks a rule (%s)",
                 wrongs[i].what);
        image = (struct smp_image){ 0 };
        ck_assert_msg(take(&image, NULL, &answer, NULL) == SMP_E_FORMAT, "wrong %zu", i);
        ck_msg_eq(err, want);
        ck_assert_ptr_null(image.px_lin);
    }
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image_take(&image, NULL, (struct smp_bytes){ answer.bytes, 100 },
                                    "front.jpg", 1 << 16, NULL, &arena, &err),
                     SMP_E_FORMAT);
    ck_msg_eq(err, "front.jpg could not be read: the reader's answer breaks a rule (its length)");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(an_answer_of_noise_is_refused_or_harmless)
{
    static struct answer answer;
    smp_arena_make(&arena, 0);
    struct smp_rng rng = smp_rng_make(11, 0);
    int taken = 0;
    for (int i = 0; i < 600; i++) {
        struct smp_reply_image head = plain_head();
        head.stored_width_px = 20;
        head.grid_side = i % 2 ? 3 : 0;
        head.has_matrix = i % 3 == 0;
        make_answer(&answer, head);
        for (int spoilt = 0; spoilt < 2; spoilt++) {
            const size_t at =
                sizeof head.head + smp_rng_u32(&rng) % (sizeof head - sizeof head.head);
            answer.bytes[at] = (uint8_t)smp_rng_u32(&rng);
        }
        struct smp_image image;
        const struct smp_mark mark = smp_arena_mark(&arena);
        if (take(&image, NULL, &answer, NULL) == SMP_OK) {
            taken++;
            for (size_t px = 0; px < image.width_px * image.height_px; px++)
                ck_assert(fabsf(image.px_lin[px].g) <= 1000);
        }
        smp_arena_reset(&arena, mark);
    }
    ck_assert_int_gt(taken, 20);
    ck_assert_int_lt(taken, 580);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("take", every_kind_of_answer_becomes_what_the_rules_say_on_any_number_of_threads,
              each_wrong_number_is_refused_by_name, an_answer_of_noise_is_refused_or_harmless)
