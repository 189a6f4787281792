#include "base/base.h"

#include "harness.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <sys/stat.h>

START_TEST(first_failure_wins)
{
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_fail(&err, SMP_E_INPUT, "first %d", 1), SMP_E_INPUT);
    ck_assert_int_eq(smp_fail(&err, SMP_E_IO, "second"), SMP_E_IO);
    ck_msg_eq(err, "first 1");
    ck_assert_int_eq(err.code, SMP_E_INPUT);
    ck_assert_int_eq(smp_fail(NULL, SMP_E_IO, "nowhere"), SMP_E_IO);
}
END_TEST

START_TEST(exit_status_tells_input_from_failure)
{
    ck_assert_int_eq(smp_exit_status(SMP_OK), 0);
    ck_assert_int_eq(smp_exit_status(SMP_E_INPUT), 2);
    ck_assert_int_eq(smp_exit_status(SMP_E_LIMIT), 2);
    ck_assert_int_eq(smp_exit_status(SMP_E_NOMEM), 1);
    ck_assert_int_eq(smp_exit_status(SMP_E_INTERNAL), 1);
    ck_assert_str_eq(smp_code_name(SMP_E_IO), "SMP_E_IO");
    ck_assert_str_eq(smp_code_text(SMP_E_IO), "writing failed");
}
END_TEST

START_TEST(arena_blocks_are_zeroed_aligned_and_capped)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 1 << 20);
    for (size_t i = 1; i < 400; i++) {
        unsigned char *block = smp_alloc(&arena, i, 3);
        ck_assert_ptr_nonnull(block);
        ck_assert_uint_eq((uintptr_t)block % 64, 0);
        for (size_t k = 0; k < 3 * i; k++)
            ck_assert_uint_eq(block[k], 0);
        memset(block, 0xff, 3 * i);
    }
    ck_assert_ptr_null(smp_alloc(&arena, 1 << 20, 1));
    ck_assert_ptr_null(smp_alloc(&arena, SIZE_MAX / 2, 3));
    ck_assert_ptr_nonnull(smp_alloc(&arena, 0, 8));
    smp_arena_drop(&arena);
    ck_assert_uint_eq(arena.used_bytes, 0);
}
END_TEST

START_TEST(arena_reset_gives_back_zeroed_memory)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    char *kept = smp_strdup(&arena, "kept");
    const struct smp_mark mark = smp_arena_mark(&arena);
    for (int round = 0; round < 3; round++) {
        unsigned char *small = smp_alloc(&arena, 100, 1);
        unsigned char *large = smp_alloc(&arena, 9 << 20, 1);
        ck_assert_uint_eq(small[50], 0);
        ck_assert_uint_eq(large[5 << 20], 0);
        memset(small, 1, 100);
        large[5 << 20] = 1;
        smp_arena_reset(&arena, mark);
    }
    ck_assert_str_eq(kept, "kept");
    ck_assert_str_eq(smp_format(&arena, "%s-%d", kept, 7), "kept-7");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(random_stream_is_pinned)
{
    // The generator itself against the author's reference (state 42, stream 54: pcg32-demo).
    struct smp_rng rng = { .state = 0, .inc = 54u << 1 | 1 };
    smp_rng_u32(&rng);
    rng.state += 42;
    smp_rng_u32(&rng);
    const uint32_t want[6] = { 0xa15c02b7, 0x7b47f409, 0xba1d3330,
                               0x83d2f293, 0xbfa4784b, 0xcbed606e };
    for (int i = 0; i < 6; i++)
        ck_assert_uint_eq(smp_rng_u32(&rng), want[i]);
}
END_TEST

START_TEST(normal_numbers_have_their_moments)
{
    struct smp_rng rng = smp_rng_make(1, 2);
    const int count = 400000;
    double sum = 0, square = 0, fourth = 0;
    for (int i = 0; i < count; i++) {
        const double z = smp_rng_normal(&rng);
        sum += z;
        square += z * z;
        fourth += z * z * z * z;
    }
    ck_assert_double_eq_tol(sum / count, 0, 0.006);
    ck_assert_double_eq_tol(square / count, 1, 0.01);
    ck_assert_double_eq_tol(fourth / count, 3, 0.08);
}
END_TEST

struct tally {
    unsigned char *hits;
};

static void tally_piece(void *context, size_t begin, size_t end)
{
    struct tally *tally = context;
    for (size_t i = begin; i < end; i++)
        tally->hits[i]++;
}

START_TEST(jobs_visit_every_item_once)
{
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct smp_pool *pool = smp_pool_make(threads);
        ck_assert_uint_eq(smp_pool_threads(pool), threads);
        for (size_t count = 0; count < 300; count += 37) {
            unsigned char hits[300] = { 0 };
            smp_pool_for(pool, count, 8, tally_piece, &(struct tally){ hits });
            for (size_t i = 0; i < 300; i++)
                ck_assert_uint_eq(hits[i], i < count);
        }
        smp_pool_drop(pool);
    }
}
END_TEST

struct two_fields {
    double width_mm, share;
};
static const struct smp_field two_table[2] = {
    SMP_FIELD(two_fields, width_mm, "mm", 0.5, 20, "width"),
    SMP_FIELD(two_fields, share, "", 0, 1, "share"),
};

START_TEST(field_check_names_field_value_and_rule)
{
    struct smp_err err = { 0 };
    struct two_fields v = { 3, 0.5 };
    ck_assert_int_eq(smp_check(two_table, 2, &v, "design", &err), SMP_OK);
    v.width_mm = (double)NAN;
    ck_assert_int_eq(smp_check(two_table, 2, &v, "design", &err), SMP_E_INPUT);
    ck_msg_eq(err, "design.width_mm must be 0.5 to 20 mm, not nan");
    err = (struct smp_err){ 0 };
    v = (struct two_fields){ 3, 1.5 };
    ck_assert_int_eq(smp_check(two_table, 2, &v, "", &err), SMP_E_INPUT);
    ck_msg_eq(err, "share must be 0 to 1, not 1.5");
}
END_TEST

static struct smp_json parsed(const char *text)
{
    struct smp_json root;
    struct smp_err err = { 0 };
    const enum smp_code code = smp_json_parse(&root, "case.json", text, strlen(text), &err);
    ck_assert_msg(code == SMP_OK, "%s", err.msg);
    return root;
}

START_TEST(json_complaints_have_an_address)
{
    static const char *const known[] = { "a", "list", NULL };
    struct smp_json root =
        parsed("{\"a\": {\"b\": \"x\", \"n\": 7.5}, \"list\": [1, true], \"z\": 1}");
    struct smp_json a, b, n, item;
    double number = 0;
    int64_t whole = 0;
    int index = 0;
    ck_assert(smp_json_child(&root, "a", &a) && smp_json_child(&a, "b", &b));
    ck_assert(smp_json_child(&a, "n", &n));
    struct smp_err err = { 0 };
    smp_json_object(&root, known, &err);
    ck_msg_eq(err, "case.json: unknown field z (known: a, list)");
    err.code = SMP_OK;
    smp_json_number(&b, 0, 1, "mm", &number, &err);
    ck_msg_eq(err, "case.json: a.b must be a number, not \"x\"");
    err.code = SMP_OK;
    smp_json_number(&n, 0, 1, "mm", &number, &err);
    ck_msg_eq(err, "case.json: a.n must be 0 to 1 mm, not 7.5");
    err.code = SMP_OK;
    smp_json_integer(&n, 0, 10, &whole, &err);
    ck_msg_eq(err, "case.json: a.n must be a whole number, not 7.5");
    err.code = SMP_OK;
    smp_json_choice(&b, (const char *const[]){ "y", "w", NULL }, &index, &err);
    ck_msg_eq(err, "case.json: a.b must be one of y, w, not \"x\"");
    err.code = SMP_OK;
    struct smp_json list;
    ck_assert(smp_json_child(&root, "list", &list) && smp_json_item(&list, 1, &item));
    smp_json_number(&item, 0, 1, "", &number, &err);
    ck_msg_eq(err, "case.json: list[1] must be a number, not true");
    err.code = SMP_OK;
    struct smp_vec3 point;
    smp_json_vec3(&list, -1, 1, "mm", &point, &err);
    ck_msg_eq(err, "case.json: list must hold 3 to 3 items, not 2");
    smp_json_close(&root);
}
END_TEST

START_TEST(json_errors_give_line_and_column)
{
    struct smp_json root;
    struct smp_err err = { 0 };
    const char *text = "{\"a\": 1,\n \"a\": 2}";
    ck_assert_int_eq(smp_json_parse(&root, "x.json", text, strlen(text), &err), SMP_E_FORMAT);
    ck_msg_has(err, "x.json is not valid JSON: duplicate object key near '\"a\"' at line 2");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_json_parse(&root, "x.json", " \n", 2, &err), SMP_E_FORMAT);
    ck_msg_eq(err, "x.json is not valid JSON: it is empty");
    const char marked[] = "\xef\xbb\xbf{}"; // as some editors write it
    ck_assert_int_eq(smp_json_parse(&root, "x.json", marked, strlen(marked), NULL), SMP_OK);
    smp_json_close(&root);
}
END_TEST

static int by_float(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

START_TEST(selection_finds_what_a_sort_would)
{
    struct smp_rng rng = smp_rng_make(7, 0);
    for (size_t count = 1; count < 60; count++)
        for (size_t k = 0; k < count; k++) {
            float values[60], sorted[60];
            for (size_t i = 0; i < count; i++) // many are alike
                sorted[i] = values[i] = (float)(smp_rng_u32(&rng) % 9);
            qsort(sorted, count, sizeof *sorted, by_float);
            ck_assert(smp_select(values, count, k) == sorted[k]);
            for (size_t i = 0; i < k; i++)
                ck_assert(values[i] <= sorted[k]);
        }
}
END_TEST

START_TEST(json_fields_keep_what_is_absent)
{
    struct two_fields v = { 3, 0.5 };
    struct smp_json root = parsed("{\"width_mm\": 9}");
    ck_assert_int_eq(smp_json_fields(&root, two_table, 2, &v, NULL), SMP_OK);
    ck_assert_double_eq(v.width_mm, 9);
    ck_assert_double_eq(v.share, 0.5);
    smp_json_close(&root);
}
END_TEST

static const char *scratch_path(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%ld-%s", smp_test_folder(), (long)getpid(), name);
    return path;
}

START_TEST(files_are_written_whole_or_not_at_all)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_err err = { 0 };
    struct smp_bytes bytes;
    const char *path = scratch_path("file");
    ck_assert_int_eq(smp_file_write(path, "hello", 5, &err), SMP_OK);
    ck_assert_int_eq(smp_file_read(&bytes, path, 100, &arena, &err), SMP_OK);
    ck_assert_uint_eq(bytes.length, 5);
    ck_assert_mem_eq(bytes.data, "hello", 5);
    ck_assert_int_eq(smp_file_read(&bytes, path, 4, &arena, &err), SMP_E_LIMIT);
    ck_msg_has(err, "is 5 bytes long; at most 4 are allowed");
    unlink(path);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_file_read(&bytes, path, 4, &arena, &err), SMP_E_FILE);
    ck_msg_has(err, "cannot be read: No such file or directory");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_file_read(&bytes, "/tmp", 4, &arena, &err), SMP_E_FILE);
    ck_msg_eq(err, "/tmp is not a regular file");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_file_write("/nowhere/at/all", "x", 1, &err), SMP_E_INPUT);
    ck_msg_eq(err, "/nowhere/at/all cannot be written: the folder to put it in does not exist");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_file_write("/dev/null/x", "x", 1, &err), SMP_E_INPUT);
    ck_msg_eq(err, "/dev/null/x cannot be written: Not a directory");
    if (access("/dev/full", W_OK) == 0) {
        // not a folder either: nothing stands at the target
        err = (struct smp_err){ 0 };
        ck_assert_int_eq(smp_file_write("/dev/full/x", "x", 1, &err), SMP_E_INPUT);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(output_folder_is_swapped_in_whole)
{
    struct smp_outdir dir;
    struct smp_err err = { 0 };
    const char *const names[] = { "plan.json", "dots.csv", NULL };
    const char *target = scratch_path("out");
    for (int round = 0; round < 2; round++) { // made anew, then replaced
        ck_assert_int_eq(smp_outdir_begin(&dir, target, names, &err), SMP_OK);
        char inside[1200];
        snprintf(inside, sizeof inside, "%s/plan.json", dir.temp);
        ck_assert_int_eq(smp_file_write(inside, "{}", 2, &err), SMP_OK);
        ck_assert_int_eq(smp_outdir_commit(&dir, &err), SMP_OK);
    }
    ck_assert_int_eq(smp_outdir_begin(&dir, "/nowhere/at/all", names, &err), SMP_E_INPUT);
    ck_msg_eq(err, "/nowhere/at/all cannot be made: the folder to put it in does not exist");
    err = (struct smp_err){ 0 };
    const char *const others[] = { "other.json", "plan.json", NULL };
    ck_assert_int_eq(smp_outdir_begin(&dir, target, others, &err), SMP_E_INPUT);
    ck_msg_has(err, "exists and holds no other.json");
    ck_assert_int_eq(smp_outdir_begin(&dir, target, names, NULL), SMP_OK);
    smp_outdir_abandon(&dir);
    char note[1200];
    snprintf(note, sizeof note, "%s/notes.txt", target);
    ck_assert_int_eq(smp_file_write(note, "x", 1, NULL), SMP_OK);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_outdir_begin(&dir, target, names, &err), SMP_E_INPUT);
    ck_msg_has(err, "out holds notes.txt, which would be deleted with the old plan: move it "
                    "elsewhere, or name a new folder");
    unlink(note);
    char marker[1200];
    snprintf(marker, sizeof marker, "%s/plan.json", target);
    ck_assert_int_eq(access(marker, R_OK), 0); // abandoning leaves the old folder alone
    unlink(marker);
    ck_assert_int_eq(rmdir(target), 0);
}
END_TEST

SMP_TEST_MAIN("base", first_failure_wins, exit_status_tells_input_from_failure,
              arena_blocks_are_zeroed_aligned_and_capped, arena_reset_gives_back_zeroed_memory,
              random_stream_is_pinned, normal_numbers_have_their_moments,
              jobs_visit_every_item_once, selection_finds_what_a_sort_would,
              field_check_names_field_value_and_rule, json_complaints_have_an_address,
              json_errors_give_line_and_column, json_fields_keep_what_is_absent,
              files_are_written_whole_or_not_at_all, output_folder_is_swapped_in_whole)
