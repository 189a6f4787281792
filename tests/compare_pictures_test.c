// The pictures of a comparison, as a user gets them: a head with all of its hair lost, for which
// few options are left to draw.
#include "program.h"

START_TEST(an_option_that_is_possible_has_its_pictures)
{
    char path[200], out[200], command[700], said[2048];
    scratch_path(path, "case.json");
    scratch_path(out, "choice");
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("{\"stubble\": 1, \"client\": {\"age\": 30, \"sex\": \"male\", \"phototype\": 5}, "
          "\"loss\": "
          "{\"totalis\": true}, \"design\": {\"dots_per_cm2\": 30}}",
          file);
    fclose(file);
    snprintf(command, sizeof command, "compare '%s' --years 1 --persons 100 --out '%s'", path, out);
    ck_assert_msg(run_program(said, command) == 0, "%s", said);
    snprintf(command, sizeof command, "ls -A '%s/pictures'", out);
    char *list = output_of(command);
    ck_assert_str_eq(list, "hairpiece-year-0.jpg\nhairpiece-year-1.jpg\nnothing-year-0.jpg\n"
                           "nothing-year-1.jpg\nsmp-year-0.jpg\nsmp-year-1.jpg\n");
    free(list);
    // nothing changes where nothing is done and no hair is left; a piece and dots are seen
    char a[300], b[300];
    static const char *const options[] = { "nothing", "hairpiece", "smp" };
    for (int i = 0; i < 3; i++) {
        snprintf(a, sizeof a, "%s/pictures/%s-year-0.jpg", out, options[i]);
        snprintf(b, sizeof b, "%s/pictures/%s-year-1.jpg", out, options[i]);
        ck_assert(!same_bytes(a, b)); // the stamp says when
        snprintf(command, sizeof command, "stat -c %%s '%s'", b);
        char *size = output_of(command);
        ck_assert_int_gt((int)strtol(size, NULL, 10), 8000);
        free(size);
        snprintf(command, sizeof command, "grep -q SIMULATED '%s'", b);
        ck_assert_int_eq(system(command), 0);
    }
    snprintf(command, sizeof command, "grep -o 'data:image/jpeg' '%s/compare.html' | wc -l", out);
    char *count = output_of(command);
    ck_assert_int_eq((int)strtol(count, NULL, 10), 6);
    free(count);
}
END_TEST

SMP_TEST_MAIN("compare pictures", an_option_that_is_possible_has_its_pictures)
