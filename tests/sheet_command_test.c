// `stubble sheet` from outside: files, exit codes, sentences.
#include "program.h"

START_TEST(a_wrong_call_is_one_sentence_and_exit_2)
{
    refuse("sheet", 2, "too few arguments");
    refuse(
        "sheet x --kind poster -o y.pdf", 2,
        "--kind must be one of summary, work, stencil, swatches, shades, all, svg, dxf, csv, not "
        "'poster'");
    refuse("sheet x --paper a3 -o y.pdf", 2, "--paper must be one of a4, letter, not 'a3'");
    refuse("sheet x", 2, "--out FILE (or -o FILE) is missing");
    refuse("sheet /no/such/folder -o no-such.pdf", 2, "/no/such/folder is no plan folder");
    ck_assert_int_ne(access("no-such.pdf", F_OK), 0);
}
END_TEST

static void sheet(const char *folder, const char *kind, const char *out, int status,
                  const char *sentence)
{
    char arguments[900];
    snprintf(arguments, sizeof arguments, "sheet '%s' --kind %s --paper letter -o '%s/%s'", folder,
             kind, folder, out);
    refuse(arguments, status, sentence);
}

// One demo plan serves all: making and loading a plan is what takes the time here.
START_TEST(sheets_of_a_plan_folder_are_written_whole_or_not_at_all)
{
    char folder[160], said[2048], command[900], one[300], two[300];
    scratch(folder, "sheet");
    snprintf(command, sizeof command, "demo --no-pictures --no-sheets --out '%s'", folder);
    ck_assert_int_eq(run_program(said, command), 0);
    // the other options stand beside the plan
    static const char *const beside[] = { "compare.json", "compare.html", "compare.pdf" };
    for (size_t i = 0; i < 3; i++) {
        snprintf(one, sizeof one, "%s/compare/%s", folder, beside[i]);
        ck_assert_int_eq(access(one, R_OK), 0);
    }
    sheet(folder, "work", "one.pdf", 0, "");
    sheet(folder, "work", "two.pdf", 0, "");
    snprintf(one, sizeof one, "%s/one.pdf", folder);
    snprintf(two, sizeof two, "%s/two.pdf", folder);
    ck_assert(same_bytes(one, two));
    char start[9] = "";
    FILE *file = fopen(one, "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(start, 1, 8, file), 8);
    fclose(file);
    ck_assert_str_eq(start, "%PDF-1.5");
    sheet(folder, "csv", "again.csv", 0, "");
    snprintf(one, sizeof one, "%s/again.csv", folder);
    snprintf(two, sizeof two, "%s/dots.csv", folder);
    ck_assert(same_bytes(one, two));
    sheet(folder, "csv", "no/such/x.csv", 2,
          "/no/such/x.csv cannot be written: the folder to put it in does not exist");
    snprintf(command, sizeof command, "echo broken > '%s/dots.csv'", folder);
    ck_assert_int_eq(system(command), 0);
    sheet(folder, "csv", "x.csv", 2, "dots.csv");
    snprintf(command, sizeof command, "test ! -e '%s/x.csv' && rm -r '%s'", folder, folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

SMP_TEST_MAIN("sheet command", a_wrong_call_is_one_sentence_and_exit_2,
              sheets_of_a_plan_folder_are_written_whole_or_not_at_all)
