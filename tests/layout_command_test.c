// `stubble layout` from outside: the CSV it writes, what it prints, exit codes, sentences.
#include "program.h"

#include <jansson.h>
#include <math.h>

static char folder[200];

static void put(const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

// A tetrahedron of 40 mm, and files beside it.
static void begin(void)
{
    snprintf(folder, sizeof folder, "%s/layout-XXXXXX", smp_test_folder());
    ck_assert_ptr_nonnull(mkdtemp(folder));
    put("mesh.obj", "v 0 0 0\nv 40 0 0\nv 0 40 0\nv 0 0 40\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n");
    put("top.txt", "0\n0\n0\n300\n");
    put("fixed.csv", "note,z_mm,y_mm,x_mm\na,0,10,10\nb,0,5,5\n");
}

static void end(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static int run(char said[4096], const char *options, const char *stream)
{
    char command[1200];
    snprintf(command, sizeof command, "cd '%s' && \"%s/stubble\" layout mesh.obj %s %s", folder,
             getenv("STUBBLE_BUILD_ROOT"), options, stream);
    return said_by(command, said, 4096);
}

static const char *const out = "2>/dev/null", *const errors = "2>&1 >/dev/null";

static size_t read_dots(double (*at)[3], int *session, size_t room)
{
    char path[300], line[200];
    snprintf(path, sizeof path, "%s/dots.csv", folder);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    ck_assert_str_eq(line, "id,x_mm,y_mm,z_mm,session,order\n");
    size_t n = 0, id, order;
    while (n < room && fgets(line, sizeof line, file)) {
        ck_assert_int_eq(sscanf(line, "%zu,%lf,%lf,%lf,%d,%zu", &id, &at[n][0], &at[n][1],
                                &at[n][2], &session[n], &order),
                         6);
        ck_assert_uint_eq(id, n + 1);
        ck_assert_uint_eq(order, n);
        n++;
    }
    fclose(file);
    return n;
}

START_TEST(a_csv_and_a_json_object_come_out)
{
    begin();
    char said[4096];
    ck_assert_int_eq(run(said,
                         "--count 300 --fixed fixed.csv --min-gap-mm 2 --regularity 0.8 "
                         "--sessions 2 --seed 4 --threads 2 -o dots.csv --json",
                         out),
                     0);
    json_t *root = json_loads(said, 0, NULL);
    ck_assert_ptr_nonnull(root);
    const size_t count = (size_t)json_integer_value(json_object_get(root, "count"));
    ck_assert_uint_eq(count + (size_t)json_integer_value(json_object_get(root, "dropped")), 298);
    ck_assert_double_eq_tol(json_real_value(json_object_get(root, "area_cm2")), 24 + 8 * sqrt(3),
                            0.01);
    ck_assert_double_ge(json_real_value(json_object_get(root, "min_gap_mm")), 2);
    const json_t *spent = json_object_get(root, "seconds");
    ck_assert(json_is_real(json_object_get(spent, "prepare")));
    ck_assert(json_is_real(json_object_get(spent, "layout")));
    json_decref(root);
    static double at[400][3];
    static int session[400];
    ck_assert_uint_eq(read_dots(at, session, 400), count);
    for (size_t i = 0; i < count; i++) {
        ck_assert(i == 0 || session[i] >= session[i - 1]);
        ck_assert_double_ge(hypot(hypot(at[i][0] - 10, at[i][1] - 10), at[i][2]), 2);
        for (size_t k = 0; k < i; k++)
            ck_assert_double_ge(
                hypot(hypot(at[i][0] - at[k][0], at[i][1] - at[k][1]), at[i][2] - at[k][2]), 2);
    }
    end();
}
END_TEST

START_TEST(densities_belong_to_vertices_in_the_order_of_the_file)
{
    begin();
    char said[4096];
    ck_assert_int_eq(run(said, "--density-file top.txt -o dots.csv", out), 0);
    static double at[4000][3];
    static int session[4000];
    const size_t n = read_dots(at, session, 4000);
    double height = 0;
    for (size_t i = 0; i < n; i++)
        height += at[i][2] / (double)n;
    ck_assert_uint_gt(n, 1000);
    ck_assert_double_eq_tol(height, 20, 0.5); // linear from 0 at the bottom to the top
    ck_assert_int_eq(run(said, "--unit cm --density 1 -o dots.csv", out), 0);
    ck_assert_ptr_nonnull(strstr(said, " dots on 3785.64 cm²"));
    end();
}
END_TEST

START_TEST(each_wrong_call_has_its_sentence_and_writes_nothing)
{
    begin();
    put("letters.txt", "1\n2\nthree\n4\n");
    put("short.txt", "1\n2\n3\n");
    put("negative.txt", "1\n2\n-3\n4\n");
    put("plain.csv", "x_mm,y_mm\n1,2\n");
    put("nan.csv", "x_mm,y_mm,z_mm\n1,2,nan\n");
    static const char *const calls[][2] = {
        { "-o d.csv", "--density, --density-file or --count must be given" },
        { "--density 1", "-o must name the CSV to write" },
        { "--density 1 --density-file top.txt -o d.csv",
          "--density and --density-file exclude each other" },
        { "--density nan -o d.csv", "--density must be a number from 1e-06 to 1e+08, not 'nan'" },
        { "--count 0 -o d.csv", "--count must be a whole number from 1 to 20000000, not '0'" },
        { "--density 1 --regularity 2 -o d.csv",
          "--regularity must be a number from 0 to 1, not '2'" },
        { "--density 1 --sessions 7 -o d.csv",
          "--sessions must be a whole number from 1 to 6, not '7'" },
        { "--density 1 --unit ell -o d.csv", "--unit must be one of mm, cm, m, inch, not 'ell'" },
        { "--density 100 --min-gap-mm 2 -o d.csv",
          "min_gap_mm: 2 mm cannot be had at 100 dots/cm², the largest gap that can is 0.881 mm" },
        { "--density-file letters.txt -o d.csv",
          "letters.txt, line 3: a line must be one number, not 'three'" },
        { "--density-file short.txt -o d.csv",
          "short.txt: 3 numbers, but mesh.obj has 4 vertices" },
        { "--density-file negative.txt -o d.csv",
          "negative.txt: number 3 must be 0 to 1e8 dots/cm², not -3" },
        { "--density-file none.txt -o d.csv", "none.txt" },
        { "--density 1 --fixed plain.csv -o d.csv",
          "plain.csv, line 1: the first line must name a column z_mm" },
        { "--density 1 --fixed nan.csv -o d.csv",
          "nan.csv, line 2: z_mm must be a number, not 'nan'" },
    };
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++) {
        char said[4096], path[300];
        ck_assert_int_eq(run(said, calls[k][0], errors), 2);
        ck_assert_msg(strstr(said, calls[k][1]) != NULL, "%s: %s", calls[k][0], said);
        snprintf(path, sizeof path, "%s/d.csv", folder);
        ck_assert_int_ne(access(path, F_OK), 0);
    }
    char said[4096];
    ck_assert_int_eq(run(said, "--density 1 -o none/d.csv", errors), 2);
    ck_assert_ptr_nonnull(strstr(said, "none/d.csv cannot be written"));
    end();
}
END_TEST

SMP_TEST_MAIN("layout command", a_csv_and_a_json_object_come_out,
              densities_belong_to_vertices_in_the_order_of_the_file,
              each_wrong_call_has_its_sentence_and_writes_nothing)
