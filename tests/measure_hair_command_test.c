// stubble measure hair as a user runs it.
#include "hair_field.h"
#include "program_json.h"

#include <sys/stat.h>

// A small field as a PNG, its path, and how many hairs lie whole in it.
static void make_picture(char path[200], const struct made_field_settings *s)
{
    char folder[160];
    scratch(folder, "hair");
    mkdir(folder, 0700);
    snprintf(path, 200, "%s/%d-%zu.png", folder, (int)s->seed, s->width_px);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct made_field field;
    ck_assert(made_field_draw(&field, s, &arena));
    ck_assert_int_eq(smp_image_save(path, &field.image, NULL, 0, NULL), SMP_OK);
    smp_arena_drop(&arena);
}

static struct made_field_settings small_field(void)
{
    struct made_field_settings s = made_field_plain(6, 120);
    s.width_px = 300;
    s.height_px = 270;
    return s;
}

static json_t *measured(const char *path)
{
    return json_of("measure hair %s --mm-per-px 0.00833", path);
}

START_TEST(json_holds_hairs_units_densities_and_what_a_case_takes)
{
    const struct made_field_settings s = small_field();
    char path[200];
    make_picture(path, &s);
    json_t *json =
        json_of("measure hair %s --mm-per-px %.8f --overlay %s.o.png", path, 1 / 120.0, path);
    const json_t *hairs = json_object_get(json, "hairs"), *units = json_object_get(json, "units");
    ck_assert_uint_gt(json_array_size(hairs), 1);
    ck_assert_uint_eq(json_array_size(hairs), (size_t)number(json, "count"));
    size_t members = 0, at;
    const json_t *hair, *unit;
    json_array_foreach(units, at, unit)
    {
        members += json_array_size(json_object_get(unit, "hairs"));
        ck_assert_uint_eq(json_array_size(json_object_get(unit, "centre_px")), 2);
    }
    ck_assert_uint_eq(members, json_array_size(hairs));
    json_array_foreach(hairs, at, hair)
    {
        ck_assert_uint_eq(json_array_size(json_object_get(hair, "root_px")), 2);
        ck_assert_uint_eq(json_array_size(json_object_get(hair, "tip_px")), 2);
        ck_assert_double_gt(number(hair, "calibre_um"), 30);
        ck_assert_uint_lt((size_t)number(hair, "unit"), json_array_size(units));
    }
    ck_assert_double_gt(number(json, "fu_per_cm2"), 0);
    ck_assert_double_gt(number(json, "hairs_per_cm2"), 0);
    ck_assert(json_is_object(json_object_get(json, "for_case")));
    ck_assert(json_is_null(json_object_get(json, "regularity"))); // far too few units
    char overlay[220];
    snprintf(overlay, sizeof overlay, "%s.o.png", path);
    ck_assert_int_eq(access(overlay, R_OK), 0);
    ck_assert(!same_bytes(overlay, path));
    json_decref(json);
}
END_TEST

START_TEST(text_ends_with_what_a_case_takes_ready_to_paste)
{
    const struct made_field_settings s = small_field();
    char path[200], command[700], said[4000];
    make_picture(path, &s);
    snprintf(command, sizeof command, "\"%s/stubble\" measure hair %s --mm-per-px 0.00833",
             getenv("STUBBLE_BUILD_ROOT"), path);
    ck_assert_int_eq(said_by(command, said, sizeof said), 0);
    const char *line = strstr(said, "for the case file: ");
    ck_assert_ptr_nonnull(line);
    snprintf(command, sizeof command, "{%s}", line + strlen("for the case file: "));
    json_t *pasted = json_loads(command, 0, NULL), *json = measured(path);
    ck_assert(json_object_size(pasted) > 0);
    ck_assert(json_equal(pasted, json_object_get(json, "for_case")));
    json_decref(pasted);
    json_decref(json);
}
END_TEST

START_TEST(threads_change_no_byte)
{
    const struct made_field_settings s = small_field();
    char path[200], command[1400];
    make_picture(path, &s);
    const char *root = getenv("STUBBLE_BUILD_ROOT");
    snprintf(
        command, sizeof command,
        "for t in 1 2; do \"%s/stubble\" measure hair %s --mm-per-px 0.00833 --json --threads $t "
        "> %s.$t || exit 1; done; cmp -s %s.1 %s.2",
        root, path, path, path, path);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(skin_without_hair_is_said_to_have_none)
{
    struct made_field_settings s = small_field();
    s.fu_per_cm2 = 0.01;
    char path[200];
    make_picture(path, &s);
    json_t *json = measured(path);
    ck_assert_uint_eq((size_t)number(json, "count"), 0);
    ck_assert(json_is_string(json_object_get(json, "note")));
    ck_assert_uint_eq(json_array_size(json_object_get(json, "hairs")), 0);
    ck_assert_uint_eq(json_object_size(json_object_get(json, "for_case")), 0);
    json_decref(json);
}
END_TEST

START_TEST(what_has_not_the_colour_of_skin_is_told)
{
    const struct made_field_settings s = small_field();
    struct smp_arena arena;
    struct made_field field;
    char path[200];
    make_picture(path, &s);
    json_t *json = measured(path);
    ck_assert(json_is_null(json_object_get(json, "warning")));
    json_decref(json);
    smp_arena_make(&arena, 0);
    ck_assert(made_field_draw(&field, &s, &arena));
    for (size_t i = 0; i < field.image.width_px * field.image.height_px; i++) {
        struct smp_rgb *px = &field.image.px_lin[i];
        px->r = px->b = px->g; // a grey cat
    }
    ck_assert_int_eq(smp_image_save(path, &field.image, NULL, 0, NULL), SMP_OK);
    json = measured(path);
    ck_assert(json_is_string(json_object_get(json, "warning")));
    json_decref(json);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_wrong_call_is_told_in_one_sentence)
{
    const struct made_field_settings s = small_field();
    char path[200], arguments[500];
    make_picture(path, &s);
    static const char *const rows[][2] = {
        { "", "the scale must be given" },
        { "--mm-per-px 0", "--mm-per-px must be a number from" },
        { "--mm-per-px nan", "--mm-per-px must be a number from" },
        { "--mm-per-px 0.5", "mm_per_px must be 0.0005 to 0.02, not 0.5" },
        { "--mm-per-px 0.0005", "a macro picture must show 0.5 to 60 mm a side" },
        { "--mm-per-px 0.008 --region 0,0,9999,9", "--region must be X,Y,W,H within the picture" },
        { "--mm-per-px 0.008 --overlay /tmp/x.tif", "a picture's name must end in" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(arguments, sizeof arguments, "measure hair %s %s", path, rows[i][0]);
        refuse(arguments, 2, rows[i][1]);
    }
    refuse("measure hair absent.png --mm-per-px 0.01", 2, "absent.png");
}
END_TEST

SMP_TEST_MAIN("measure hair", json_holds_hairs_units_densities_and_what_a_case_takes,
              text_ends_with_what_a_case_takes_ready_to_paste, threads_change_no_byte,
              skin_without_hair_is_said_to_have_none, what_has_not_the_colour_of_skin_is_told,
              a_wrong_call_is_told_in_one_sentence)
