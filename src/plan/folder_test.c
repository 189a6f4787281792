// The plan folder: the same bytes from the same case, read back as it was, and checked.
#include "harness.h"
#include "plan/plan_impl.h"

#include <sys/stat.h>

static struct smp_arena shared;
static struct smp_case from;
static struct smp_head head;
static struct smp_plan plan;
static const char *root;
static char saved[200]; // a folder with the demo's plan

static void make_shared(void)
{
    struct smp_err err = { 0 };
    smp_arena_make(&shared, 0);
    root = smp_test_folder();
    snprintf(saved, sizeof saved, "%s/saved", root);
    mkdir(saved, 0777);
    if (smp_case_demo(&from, &shared, &err) ||
        smp_case_head(&head, &from, NULL, NULL, &shared, &err) ||
        smp_plan_make(&plan, &from, &head, NULL, NULL, &shared, &err) ||
        smp_plan_save(&plan, saved, &shared, &err))
        printf("# %s\n", err.msg);
}

static struct smp_bytes file_of(const char *folder, const char *name)
{
    char path[200];
    struct smp_bytes bytes = { 0 };
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct smp_err err = { 0 };
    ck_assert_msg(smp_file_read(&bytes, path, 1 << 30, &shared, &err) == SMP_OK, "%s", err.msg);
    return bytes;
}

static void same_files(const char *a, const char *b)
{
    static const char *const names[] = { "plan.json", "dots.csv", "case.json" };
    for (size_t i = 0; i < 3; i++) {
        const struct smp_bytes p = file_of(a, names[i]), q = file_of(b, names[i]);
        ck_assert_msg(p.length == q.length, "%s: %zu and %zu bytes", names[i], p.length, q.length);
        ck_assert_mem_eq(p.data, q.data, p.length);
    }
}

static void own_file(const char *own, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", own, name);
    ck_assert_int_eq(smp_file_write(path, text, strlen(text), NULL), SMP_OK);
}

START_TEST(the_users_own_evidence_goes_into_the_folder)
{
    char own[220], folder[220], path[300];
    struct smp_err err = { 0 };
    snprintf(own, sizeof own, "%s/own", root);
    snprintf(folder, sizeof folder, "%s/with-own", root);
    snprintf(path, sizeof path, "%s/evidence", own);
    ck_assert(!mkdir(own, 0777) && !mkdir(path, 0777) && !mkdir(folder, 0777));
    own_file(own, "evidence/costs.json", "costs of one's own\n");
    struct smp_settings settings = *from.settings;
    struct smp_case changed = from;
    struct smp_plan with = plan;
    settings.folder = own;
    changed.settings = &settings;
    with.from = &changed;
    ck_assert_msg(!smp_plan_save(&with, folder, &shared, &err), "%s", err.msg);
    const struct smp_bytes bytes = file_of(folder, "data/evidence/costs.json");
    ck_assert_uint_eq(bytes.length, 19);
    ck_assert_mem_eq(bytes.data, "costs of one's own\n", 19);
    snprintf(path, sizeof path, "%s/data/evidence/loss.json", folder);
    ck_assert_int_ne(access(path, F_OK), 0); // what is not the user's own is built in
}
END_TEST

START_TEST(the_csv_has_the_promised_header_and_a_line_a_dot)
{
    const struct smp_bytes csv = file_of(saved, "dots.csv");
    static const char header[] =
        "id,x_mm,y_mm,z_mm,nx,ny,nz,u,v,zone,session,order,diameter_um,pigment\n";
    ck_assert_mem_eq(csv.data, header, sizeof header - 1);
    size_t lines = 0;
    for (size_t i = 0; i < csv.length; i++)
        lines += csv.data[i] == '\n';
    ck_assert_uint_eq(lines, plan.dot_count + 1);
}
END_TEST

START_TEST(plan_json_tells_what_was_planned)
{
    const struct smp_bytes text = file_of(saved, "plan.json");
    struct smp_json doc, child, inner;
    ck_assert_int_eq(smp_json_parse(&doc, "plan.json", (const char *)text.data, text.length, NULL),
                     SMP_OK);
    static const char *const parts[] = { "stubble_plan", "title",      "made_up",  "disclaimer",
                                         "versions",     "parameters", "head",     "hairline",
                                         "totals",       "zones",      "sessions", "warnings",
                                         "price" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ck_assert_msg(smp_json_child(&doc, parts[i], &child), "%s", parts[i]);
    bool made_up = false;
    int64_t dots = 0;
    const char *disclaimer = "";
    smp_json_child(&doc, "made_up", &child);
    ck_assert_int_eq(smp_json_bool(&child, &made_up, NULL), SMP_OK);
    ck_assert(made_up);
    smp_json_child(&doc, "totals", &child);
    smp_json_child(&child, "dots", &inner);
    ck_assert_int_eq(smp_json_integer(&inner, 0, 1000000, &dots, NULL), SMP_OK);
    ck_assert_uint_eq((size_t)dots, plan.dot_count);
    smp_json_child(&doc, "disclaimer", &child);
    smp_json_text(&child, &disclaimer, NULL);
    ck_assert_ptr_nonnull(strstr(disclaimer, "consult a qualified technician"));
    smp_json_child(&doc, "zones", &child);
    ck_assert_uint_eq(smp_json_count(&child), SMP_ZONE_COUNT - 1);
    smp_json_close(&doc);
}
END_TEST

START_TEST(a_folder_read_again_is_the_same_plan_and_saves_the_same_bytes)
{
    struct smp_plan again;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_plan_load(&again, saved, NULL, NULL, &shared, &err) == SMP_OK, "%s", err.msg);
    ck_assert_uint_eq(again.dot_count, plan.dot_count);
    ck_assert_uint_eq(again.hair_count, plan.hair_count);
    ck_assert_mem_eq(again.hairs, plan.hairs, plan.hair_count * sizeof *plan.hairs);
    ck_assert(again.from->made_up);
    for (size_t i = 0; i < plan.dot_count; i++) {
        const struct smp_dot *a = &again.dots[i], *b = &plan.dots[i];
        ck_assert_mem_eq(&a->position_mm, &b->position_mm, sizeof a->position_mm);
        ck_assert(a->id == b->id && a->zone == b->zone && a->session == b->session);
        ck_assert(a->order == b->order && a->pigment == b->pigment);
    }
    char folder[240];
    snprintf(folder, sizeof folder, "%s/again", root);
    mkdir(folder, 0777);
    ck_assert_int_eq(smp_plan_save(&again, folder, &shared, &err), SMP_OK);
    same_files(saved, folder);
}
END_TEST

START_TEST(two_threads_give_the_same_bytes_as_one)
{
    struct smp_pool *pool = smp_pool_make(2);
    struct smp_head other_head;
    struct smp_plan other;
    struct smp_err err = { 0 };
    struct smp_case same = from;
    ck_assert_int_eq(smp_case_head(&other_head, &same, NULL, pool, &shared, &err), SMP_OK);
    ck_assert_int_eq(smp_plan_make(&other, &same, &other_head, pool, NULL, &shared, &err), SMP_OK);
    smp_pool_drop(pool);
    char folder[240];
    snprintf(folder, sizeof folder, "%s/threads", root);
    mkdir(folder, 0777);
    ck_assert_int_eq(smp_plan_save(&other, folder, &shared, &err), SMP_OK);
    same_files(saved, folder);
}
END_TEST

START_TEST(another_seed_gives_other_dots)
{
    SKIP_UNDER_SANITIZERS();
    struct smp_plan other;
    struct smp_case with = from;
    with.seed = 2;
    ck_assert_int_eq(smp_plan_make(&other, &with, &head, NULL, NULL, &shared, NULL), SMP_OK);
    size_t same = 0;
    for (size_t i = 0; i < plan.dot_count && i < other.dot_count; i++)
        same += smp_length(smp_sub(plan.dots[i].position_mm, other.dots[i].position_mm)) < 1e-6;
    ck_assert_uint_lt(same, plan.dot_count / 1000);
}
END_TEST

// ---- Tampered folders ---------------------------------------------------------------------------

static const char good_row[] = "1,0,50,100,0,0,1,0,0,crown,1,1,300,0\n";

struct fault {
    const char *rows, *message;
};

static const struct fault faults[] = {
    { "1,2,3\n", "dots.csv: line 2 must have 14 fields, not 3" },
    { "1,0,50,100,0,0,1,0,0,crown,1,1,300,0,9\n", "dots.csv: line 2 must have 14 fields, not 15" },
    { "\n", "dots.csv: line 2 must have 14 fields, not 1" },
    { "0,0,50,100,0,0,1,0,0,crown,1,1,300,0\n",
      "dots.csv: line 2: id must be a whole number from 1 to 4294967295, not '0'" },
    { "x,0,50,100,0,0,1,0,0,crown,1,1,300,0\n",
      "dots.csv: line 2: id must be a whole number from 1 to 4294967295, not 'x'" },
    { "1,nan,50,100,0,0,1,0,0,crown,1,1,300,0\n",
      "dots.csv: line 2: x_mm must be a number from -1000 to 1000, not 'nan'" },
    { "1,0,1e9,100,0,0,1,0,0,crown,1,1,300,0\n",
      "dots.csv: line 2: y_mm must be a number from -1000 to 1000, not '1e9'" },
    { "1,0,50,,0,0,1,0,0,crown,1,1,300,0\n",
      "dots.csv: line 2: z_mm must be a number from -1000 to 1000, not ''" },
    { "1,0,50,100,0,0,0.5,0,0,crown,1,1,300,0\n",
      "dots.csv: line 2: nx must be part of a normal of length 1, not '0'" },
    { "1,0,50,100,0,0,1,0,9,crown,1,1,300,0\n",
      "dots.csv: line 2: v must be a number from -4 to 4, not '9'" },
    { "1,0,50,100,0,0,1,0,0,moon,1,1,300,0\n",
      "dots.csv: line 2: zone must be the name of a zone, not 'moon'" },
    { "1,0,50,100,0,0,1,0,0,crown,4,1,300,0\n",
      "dots.csv: line 2: session must be a whole number from 1 to 3, not '4'" },
    { "1,0,50,100,0,0,1,0,0,crown,1,0,300,0\n",
      "dots.csv: line 2: order must be a whole number from 1 to 4294967295, not '0'" },
    { "1,0,50,100,0,0,1,0,0,crown,1,1,5,0\n",
      "dots.csv: line 2: diameter_um must be a number from 10 to 5000, not '5'" },
    { "1,0,50,100,0,0,1,0,0,crown,1,1,300,256\n",
      "dots.csv: line 2: pigment must be a whole number from 0 to 255, not '256'" },
};

static enum smp_code read_rows(const char *rows, struct smp_err *err)
{
    char text[2000];
    const int length = snprintf(text, sizeof text, "%s\n%s", smp_dots_header, rows);
    struct smp_plan made = { .sessions = 3 };
    return smp_dots_read(&made, "dots.csv",
                         (struct smp_bytes){ (const uint8_t *)text, (size_t)length }, &shared, err);
}

START_TEST(every_fault_of_the_csv_is_named_with_its_line)
{
    struct smp_err err = { 0 };
    ck_assert_msg(read_rows(good_row, &err) == SMP_OK, "%s", err.msg);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        err = (struct smp_err){ 0 };
        ck_assert_int_eq(read_rows(faults[i].rows, &err), SMP_E_FORMAT);
        ck_msg_eq(err, faults[i].message);
    }
    char twice[200];
    snprintf(twice, sizeof twice, "%s%s", good_row, good_row);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(read_rows(twice, &err), SMP_E_FORMAT);
    ck_msg_eq(err, "dots.csv: line 3: id must be above the id before it, not '1'");
    struct smp_plan made = { .sessions = 3 };
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_dots_read(&made, "dots.csv", (struct smp_bytes){ (const uint8_t *)"x", 1 },
                                   &shared, &err),
                     SMP_E_FORMAT);
    ck_msg_has(err, "dots.csv must begin with the line id,x_mm,");
}
END_TEST

static void copy_case(const char *folder, const char *document, const char *dots)
{
    char path[200];
    mkdir(folder, 0777);
    const struct smp_bytes text = file_of(saved, "case.json");
    snprintf(path, sizeof path, "%s/case.json", folder);
    ck_assert_int_eq(smp_file_write(path, text.data, text.length, NULL), SMP_OK);
    snprintf(path, sizeof path, "%s/plan.json", folder);
    ck_assert_int_eq(smp_file_write(path, document, strlen(document), NULL), SMP_OK);
    snprintf(path, sizeof path, "%s/dots.csv", folder);
    ck_assert_int_eq(smp_file_write(path, dots, strlen(dots), NULL), SMP_OK);
}

START_TEST(a_folder_that_is_none_is_refused)
{
    char folder[80], dots[300];
    struct smp_plan none;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_plan_load(&none, "/nonexistent", NULL, NULL, &shared, &err), SMP_E_FILE);
    ck_msg_eq(err, "/nonexistent is no plan folder: there is no case.json in it");
    snprintf(folder, sizeof folder, "%s/old", root);
    copy_case(folder, "{\"stubble_plan\": 2}", "");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_plan_load(&none, folder, NULL, NULL, &shared, &err), SMP_E_INPUT);
    ck_msg_has(err, "plan.json: stubble_plan must be 1, not 2");
    copy_case(folder, "{}", "");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_plan_load(&none, folder, NULL, NULL, &shared, &err), SMP_E_INPUT);
    ck_msg_has(err, "plan.json: stubble_plan must be given and be 1");
    snprintf(dots, sizeof dots, "%s\n1,0,0,0,0,0,1,0,0,crown,1,1,300,0\n", smp_dots_header);
    copy_case(folder, "{\"stubble_plan\": 1}", dots);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_plan_load(&none, folder, NULL, NULL, &shared, &err), SMP_E_FORMAT);
    ck_msg_has(err, "dots.csv: dot 1 lies more than 2 mm off the head of case.json");
}
END_TEST

// ---- A scan -------------------------------------------------------------------------------------

START_TEST(the_scan_goes_into_the_folder_and_the_copy_of_the_case_names_it)
{
    SKIP_WITHOUT("../shared/data/heads/lee-perry-smith/LeePerrySmith-textured.glb");
    struct smp_case scanned;
    struct smp_head scan_head;
    struct smp_plan of_scan, again;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_case_read(&scanned, "tests/cases/lps.json", &shared, &err) == SMP_OK, "%s",
                  err.msg);
    ck_assert_msg(smp_case_head(&scan_head, &scanned, NULL, NULL, &shared, &err) == SMP_OK, "%s",
                  err.msg);
    ck_assert_uint_gt(scanned.scan_source_count, 0);
    ck_assert_msg(smp_plan_make(&of_scan, &scanned, &scan_head, NULL, NULL, &shared, &err) ==
                      SMP_OK,
                  "%s", err.msg);
    char folder[240];
    snprintf(folder, sizeof folder, "%s/scan", root);
    mkdir(folder, 0777);
    ck_assert_msg(smp_plan_save(&of_scan, folder, &shared, &err) == SMP_OK, "%s", err.msg);
    const struct smp_bytes text = file_of(folder, "case.json");
    ck_assert_ptr_nonnull(
        strstr((const char *)text.data, "\"scan\": \"scan/LeePerrySmith-textured.glb\""));
    ck_assert_msg(smp_plan_load(&again, folder, NULL, NULL, &shared, &err) == SMP_OK, "%s",
                  err.msg);
    ck_assert_uint_eq(again.dot_count, of_scan.dot_count);
    ck_assert_mem_eq(again.hairs, of_scan.hairs, of_scan.hair_count * sizeof *of_scan.hairs);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_users_own_evidence_goes_into_the_folder,
        the_csv_has_the_promised_header_and_a_line_a_dot,
        plan_json_tells_what_was_planned,
        a_folder_read_again_is_the_same_plan_and_saves_the_same_bytes,
        two_threads_give_the_same_bytes_as_one,
        another_seed_gives_other_dots,
        every_fault_of_the_csv_is_named_with_its_line,
        a_folder_that_is_none_is_refused,
        the_scan_goes_into_the_folder_and_the_copy_of_the_case_names_it,
    };
    make_shared();
    const int status = smp_test_main("folder", tests, sizeof tests / sizeof *tests);
    smp_arena_drop(&shared);
    return status;
}
