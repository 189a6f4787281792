// `stubble swatch` from outside: an entry that the catalogue takes, exit codes, sentences.
#include "program_json.h"

static int run(char said[16384], const char *arguments)
{
    char command[900];
    snprintf(command, sizeof command, "\"%s/stubble\" swatch %s 2>/dev/null",
             getenv("STUBBLE_BUILD_ROOT"), arguments);
    return said_by(command, said, 16384);
}

static const char *const good =
    "--lab 52,1.5,4 --white 94,0.3,-1 --film-um 20 --parts-water 30 --id \"my bottle\"";

START_TEST(the_entry_is_one_that_a_catalogue_takes)
{
    char said[16384], path[200], command[800];
    snprintf(path, sizeof path, "%s/stubble-swatch-%ld.json",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (long)getpid());
    json_t *root = json_of("swatch %s", good);
    ck_assert_double_lt(number_in(root, "fit", "delta_e00"), 3);
    json_t *catalogue = json_object(), *list = json_array();
    json_array_append(list, json_object_get(root, "pigment"));
    json_object_set_new(catalogue, "pigments", list);
    ck_assert_int_eq(json_dump_file(catalogue, path, 0), 0);
    snprintf(command, sizeof command, "\"%s/stubble\" pigments --catalogue '%s' 2>&1",
             getenv("STUBBLE_BUILD_ROOT"), path);
    ck_assert_int_eq(said_by(command, said, sizeof said), 0);
    ck_assert_ptr_nonnull(strstr(said, "my bottle"));
    remove(path);
    json_decref(catalogue);
    json_decref(root);
}
END_TEST

START_TEST(text_says_what_is_assumed)
{
    char said[16384];
    ck_assert_int_eq(run(said, good), 0);
    ck_assert_ptr_nonnull(strstr(said, "my bottle: "));
    ck_assert_ptr_nonnull(strstr(said, "assumed: the shape of the base spectrum"));
}
END_TEST

START_TEST(bad_input_is_one_sentence_and_exit_2)
{
    static const struct wrong_call faults[] = {
        { "", "swatch needs --lab L,a,b --white L,a,b" },
        { "--lab 52 --white 94,0,0 --film-um 20 --parts-water 9 --id x",
          "--lab must be L,a,b, not '52'" },
        { "--lab 52,0, --white 94,0,0 --film-um 20 --parts-water 9 --id x", "--lab must be L,a,b" },
        { "--lab 52,0,0,7 --white 94,0,0 --film-um 20 --parts-water 9 --id x", "--lab must be" },
        { "--lab 152,0,0 --white 94,0,0 --film-um 20 --parts-water 9 --id x",
          "--lab must be a number from 0 to 100, not '152'" },
        { "--lab 93.9,0,0 --white 94,0,0 --film-um 20 --parts-water 9 --id x",
          "nothing of the ink is seen" },
        { "--lab 52,0,0 --white 94,0,0 --film-um 0 --parts-water 9 --id x", "--film-um must be" },
        { "--lab 52,0,0 --white 94,0,0 --film-um 9 --parts-water nan --id x",
          "--parts-water must" },
        { "--lab 52,0,0 --white 94,0,0 --film-um 9 --parts-water 9 --id x --base no",
          "--base must be an id of pigments.json, not \"no\"" },
        { "--lab 52,0,0 --white 94,0,0 --film-um 9 --parts-water 9 --id x --base yellow-oxide",
          "no optical constants of goethite" },
        { "--lab 52,-60,40 --white 94,0,0 --film-um 9 --parts-water 9 --id x",
          "choose another base" },
    };
    refuse_all("swatch", faults, sizeof faults / sizeof *faults);
}
END_TEST

SMP_TEST_MAIN("swatch command", the_entry_is_one_that_a_catalogue_takes, text_says_what_is_assumed,
              bad_input_is_one_sentence_and_exit_2)
