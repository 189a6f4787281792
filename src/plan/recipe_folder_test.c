// A plan with its recipe, from case to folder and back.
#include "harness.h"
#include "plan/plan_impl.h"

#include <math.h>
#include <sys/stat.h>

static struct smp_arena shared;
static struct smp_case from;
static struct smp_head head;
static struct smp_plan plan;
static const char *root;
static char saved[200], given[200];

static const char text[] =
    "{\"stubble\": 1, \"loss\": {\"norwood\": \"5\"}, \"recipe\": {\"catalogue\": \"own.json\"}}";

static enum smp_code write_file(const char *name, const void *data, size_t length,
                                struct smp_err *err)
{
    char path[240];
    snprintf(path, sizeof path, "%s/%s", given, name);
    return smp_file_write(path, data, length, err);
}

// Case, recipe and plan as the program makes them.
static enum smp_code make_plan(struct smp_plan *made, struct smp_case *with, struct smp_head *on,
                               struct smp_pool *pool, struct smp_err *err)
{
    char path[240];
    snprintf(path, sizeof path, "%s/case.json", given);
    enum smp_code code = smp_case_read(with, path, &shared, err);
    if (!code)
        code = smp_case_head(on, with, NULL, pool, &shared, err);
    if (!code)
        code = smp_case_recipe(with, pool, &shared, err);
    return code ? code : smp_plan_make(made, with, on, pool, NULL, &shared, err);
}

static void make_shared(void)
{
    struct smp_err err = { 0 };
    smp_arena_make(&shared, 0);
    root = smp_test_folder();
    snprintf(saved, sizeof saved, "%s/saved", root);
    snprintf(given, sizeof given, "%s/given", root);
    mkdir(saved, 0777);
    mkdir(given, 0777);
    const struct smp_bytes catalogue = smp_data_file("pigments.json");
    if (write_file("own.json", catalogue.data, catalogue.length, &err) ||
        write_file("case.json", text, sizeof text - 1, &err) ||
        make_plan(&plan, &from, &head, NULL, &err) || smp_plan_save(&plan, saved, &shared, &err))
        printf("# %s\n", err.msg);
}

static struct smp_bytes file_of(const char *folder, const char *name)
{
    char path[240];
    struct smp_bytes bytes = { 0 };
    struct smp_err err = { 0 };
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_msg(smp_file_read(&bytes, path, 1 << 30, &shared, &err) == SMP_OK, "%s", err.msg);
    return bytes;
}

static void same_files(const char *a, const char *b)
{
    static const char *const names[] = { "plan.json", "dots.csv", "case.json", "catalogue.json" };
    for (size_t i = 0; i < 4; i++) {
        const struct smp_bytes p = file_of(a, names[i]), q = file_of(b, names[i]);
        ck_assert_msg(p.length == q.length, "%s: %zu and %zu bytes", names[i], p.length, q.length);
        ck_assert_mem_eq(p.data, q.data, p.length);
    }
}

START_TEST(the_own_catalogue_goes_into_the_folder)
{
    const struct smp_bytes catalogue = smp_data_file("pigments.json");
    const struct smp_bytes copy = file_of(saved, "catalogue.json");
    ck_assert_uint_eq(copy.length, catalogue.length);
    ck_assert_mem_eq(copy.data, catalogue.data, copy.length);
}
END_TEST

START_TEST(a_folder_read_again_is_the_same_plan_and_saves_the_same_bytes)
{
    struct smp_plan again;
    struct smp_err err = { 0 };
    char folder[240];
    ck_assert_msg(smp_plan_load(&again, saved, NULL, NULL, &shared, &err) == SMP_OK, "%s", err.msg);
    ck_assert_str_eq(again.from->recipe.pigment, plan.from->recipe.pigment);
    snprintf(folder, sizeof folder, "%s/again", root);
    mkdir(folder, 0777);
    ck_assert_int_eq(smp_plan_save(&again, folder, &shared, &err), SMP_OK);
    same_files(saved, folder);
}
END_TEST

// The plan's folder with one piece of plan.json replaced.
static const char *altered(const char *name, const char *was, const char *is)
{
    static char folder[240];
    struct smp_err err = { 0 };
    snprintf(folder, sizeof folder, "%s/%s", root, name);
    mkdir(folder, 0777);
    ck_assert_int_eq(smp_plan_save(&plan, folder, &shared, &err), SMP_OK);
    const struct smp_bytes bytes = file_of(folder, "plan.json");
    const char *said = smp_format(&shared, "%.*s", (int)bytes.length, (const char *)bytes.data);
    const char *kept = strstr(said, "\"kept\""), *at = kept ? strstr(kept, was) : NULL;
    ck_assert_msg(at != NULL, "no %s", was);
    const char *whole =
        smp_format(&shared, "%.*s%s%s", (int)(at - said), said, is, at + strlen(was));
    char path[280];
    snprintf(path, sizeof path, "%s/plan.json", folder);
    ck_assert_int_eq(smp_file_write(path, whole, strlen(whole), &err), SMP_OK);
    return folder;
}

START_TEST(a_folder_read_again_takes_the_match_from_it_unless_other_things_are_asked)
{
    struct smp_plan again;
    struct smp_err err = { 0 };
    const double found = plan.from->recipe.found->delta_e00;
    // A figure that no search would give shows that none was made.
    const char *folder = altered("kept", "\"delta_e00\":", "\"delta_e00\": 9.25, \"was\":");
    ck_assert_msg(smp_plan_load(&again, folder, NULL, NULL, &shared, &err) == SMP_OK, "%s",
                  err.msg);
    ck_assert_double_eq(again.from->recipe.found->delta_e00, 9.25);
    ck_assert_double_eq_tol(again.from->recipe.strength[0][8], plan.from->recipe.strength[0][8],
                            1e-9);
    // Of another request, and of an older program, it is sought anew.
    static const char *const others[2][2] = { { "\"request\": \"",
                                                "\"request\": \"0123456789abcdef\", \"w\": \"" },
                                              { "\"kept\":", "\"forgotten\":" } };
    for (int i = 0; i < 2; i++) {
        folder = altered(i ? "old" : "other", others[i][0], others[i][1]);
        ck_assert_msg(smp_plan_load(&again, folder, NULL, NULL, &shared, &err) == SMP_OK, "%s",
                      err.msg);
        ck_assert_double_eq_tol(again.from->recipe.found->delta_e00, found, 1e-12);
    }
}
END_TEST

START_TEST(a_match_that_was_tampered_with_is_refused_in_a_sentence)
{
    static const char *const faults[][3] = {
        { "\"request\": \"", "\"request\": \"x", "must be 16 hexadecimal digits" },
        { "\"pigment\":", "\"p\":", "plan.json: recipe.kept has no pigment" },
        { "\"diameter_mm\":", "\"diameter_mm\": 3, \"d\":",
          "recipe.kept.numbers.diameter_mm must be 0.05 to 0.8 mm, not 3" },
        { "\"texture_jnd\":", "\"t\":", "recipe.kept.numbers has no texture_jnd" },
        { "\"8y\":", "\"80y\":", "recipe.kept.ages has no 8y" },
        { "\"limited_by\": \"", "\"limited_by\": \"x", "limited_by must be" },
        { "\"warnings\":", "\"warnings\": 9999, \"w\":", "recipe.kept.warnings must be" },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct smp_plan again;
        struct smp_err err = { 0 };
        const char *folder = altered("bad", faults[i][0], faults[i][1]);
        ck_assert_int_eq(smp_plan_load(&again, folder, NULL, NULL, &shared, &err), SMP_E_INPUT);
        ck_msg_has(err, faults[i][2]);
    }
}
END_TEST

START_TEST(two_threads_give_the_same_bytes_as_one)
{
    struct smp_pool *pool = smp_pool_make(2);
    struct smp_plan other;
    struct smp_case with;
    struct smp_head on;
    struct smp_err err = { 0 };
    char folder[240];
    ck_assert_msg(make_plan(&other, &with, &on, pool, &err) == SMP_OK, "%s", err.msg);
    smp_pool_drop(pool);
    snprintf(folder, sizeof folder, "%s/threads", root);
    mkdir(folder, 0777);
    ck_assert_int_eq(smp_plan_save(&other, folder, &shared, &err), SMP_OK);
    same_files(saved, folder);
}
END_TEST

START_TEST(the_dots_are_those_of_the_recipe)
{
    const struct smp_plan_recipe *recipe = &from.recipe;
    ck_assert_ptr_null(recipe->impossible);
    ck_assert_double_eq_tol(plan.strength_cv, 0.37, 0.03);
    ck_assert_double_eq_tol(plan.strength_mean, 1, 0.03);
    // where all hair is gone, as many as the recipe says
    const struct smp_zone_total *crown = &plan.zones[SMP_ZONE_MIDSCALP];
    ck_assert_double_gt(crown->treated_cm2, 3);
    double um = 0;
    size_t count = 0, of_shade[SMP_SHADES] = { 0 };
    for (size_t i = 0; i < plan.dot_count; i++) {
        const struct smp_dot *dot = &plan.dots[i];
        ck_assert_uint_lt(dot->pigment, recipe->shade_count);
        of_shade[dot->pigment]++;
        if (dot->zone == SMP_ZONE_CROWN) {
            um += dot->diameter_um;
            count++;
        }
    }
    for (size_t i = 0; i < recipe->shade_count; i++)
        ck_assert_uint_gt(of_shade[i], plan.dot_count / 50);
    ck_assert_uint_gt(count, 500);
    ck_assert_msg(fabs(um / (double)count / recipe->diameter_um - 1) < 0.15, "%g µm of %g",
                  um / (double)count, recipe->diameter_um);
}
END_TEST

START_TEST(the_recipe_s_own_choice_breaks_no_rule_of_the_plan)
{
    ck_assert_double_lt(plan.merging_share, 0.01);
    for (size_t i = 0; i < plan.warning_count; i++) {
        const char *id = plan.warnings[i].id;
        ck_assert_msg(strcmp(id, "merging") != 0 && strcmp(id, "tinted") != 0 &&
                          strcmp(id, "helmet") != 0 && strcmp(id, "density-step") != 0 &&
                          strcmp(id, "too-many-dots") != 0 && strcmp(id, "dots-dropped") != 0 &&
                          strcmp(id, "recipe-not-reached") != 0,
                      "%s: %g", id, plan.warnings[i].value);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_own_catalogue_goes_into_the_folder,
        a_folder_read_again_is_the_same_plan_and_saves_the_same_bytes,
        a_folder_read_again_takes_the_match_from_it_unless_other_things_are_asked,
        a_match_that_was_tampered_with_is_refused_in_a_sentence,
        two_threads_give_the_same_bytes_as_one,
        the_dots_are_those_of_the_recipe,
        the_recipe_s_own_choice_breaks_no_rule_of_the_plan,
    };
    make_shared();
    const int status = smp_test_main("recipe folder", tests, sizeof tests / sizeof *tests);
    smp_arena_drop(&shared);
    return status;
}
