// stubble pose as a user runs it: blank pictures, marked where a known camera has the mean head's
// landmarks.
#include "image/image.h"
#include "photo/pose_test_scene.h"
#include "program_json.h"

#include <stdarg.h>

static char folder[160];
static struct smp_photo front, side;

static void put(const char *name, const char *format, ...)
{
    char path[300], text[4000];
    va_list list;
    va_start(list, format);
    const int length = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_int_eq(smp_file_write(path, text, (size_t)length, NULL), SMP_OK);
}

static void marks_of(char text[2000], const struct smp_photo *photo)
{
    int used = 0;
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        if (photo->seen[m])
            used += snprintf(text + used, (size_t)(2000 - used), "%s\"%s\": [%.2f, %.2f]",
                             used ? ", " : "", smp_place_names[m], photo->at_px[m][0],
                             photo->at_px[m][1]);
    }
}

// Two blank pictures and landmarks.json for both.
static void make_files(void)
{
    struct smp_arena arena;
    struct smp_mould mould;
    struct smp_places places;
    struct smp_image blank;
    const struct smp_shape shape = { 1.02, 0.98, 1, 2, -1, { 0 } };
    char path[300], a[2000], b[2000];
    scratch(folder, "pose");
    snprintf(path, sizeof path, "mkdir -p '%s'", folder);
    ck_assert_int_eq(system(path), 0);
    smp_arena_make(&arena, 0);
    ck_assert_int_eq(smp_mould_make(&mould, SMP_SEX_MALE, &arena, NULL), SMP_OK);
    smp_mould_places(&places, &mould, &shape);
    const struct smp_camera cameras[2] = { camera_of(&views[0]), camera_of(&views[2]) };
    front = shoot(&cameras[0], &places, &views[0], 1, 1);
    side = shoot(&cameras[1], &places, &views[2], 1, 2);
    ck_assert_int_eq(smp_image_make(&blank, WIDE_PX / 2, HIGH_PX / 2, &arena, NULL), SMP_OK);
    for (int m = 0; m < SMP_PLACE_COUNT; m++) { // the pictures are of half the size
        for (int k = 0; k < 2; k++) {
            front.at_px[m][k] /= 2;
            side.at_px[m][k] /= 2;
        }
    }
    static const struct smp_image_note none[] = { { NULL, NULL } };
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s.png", folder, i ? "side" : "front");
        ck_assert_int_eq(smp_image_save(path, &blank, none, 0, NULL), SMP_OK);
    }
    marks_of(a, &front);
    marks_of(b, &side);
    put("landmarks.json",
        "{\"photos\": [{\"file\": \"front.png\", \"focal_35mm\": %g, \"landmarks\": {%s}},\n"
        "{\"file\": \"side.png\", \"focal_35mm\": %g, \"landmarks\": {%s}}]}",
        views[0].focal_35mm, a, views[2].focal_35mm, b);
    put("bare.json", "{%s}", a);
    smp_arena_drop(&arena);
}

// What the program prints; @ stands for the folder of the pictures.
static json_t *answer(const char *arguments)
{
    char command[4000];
    int used =
        snprintf(command, sizeof command, "cd '%s' && \"%s/stubble\" pose %s --json 2>err.txt",
                 folder, getenv("STUBBLE_BUILD_ROOT"), arguments);
    ck_assert_int_lt(used, (int)sizeof command);
    return json_from(command);
}

START_TEST(one_photo_gives_a_camera_a_head_and_says_what_is_open)
{
    make_files();
    json_t *object = answer("front.png --landmarks landmarks.json");
    const json_t *photo = json_array_get(json_object_get(object, "photos"), 0);
    const json_t *k = json_object_get(photo, "K"), *t = json_object_get(photo, "t_mm");
    ck_assert_uint_eq(json_array_size(json_object_get(object, "photos")), 1);
    ck_assert_double_eq_tol(json_number_value(json_array_get(json_array_get(k, 0), 2)), 750, 1e-9);
    ck_assert_double_eq_tol(json_number_value(json_array_get(json_array_get(k, 1), 2)), 1000, 1e-9);
    ck_assert_double_eq_tol(json_number_value(json_array_get(t, 2)), 420, 40);
    ck_assert_double_lt(number(photo, "rms_px"), 3);
    ck_assert_double_eq_tol(number(photo, "focal_35mm"), 26, 0.5);
    ck_assert_str_eq(json_string_value(json_object_get(photo, "focal_from")), "given");
    const json_t *nasion = json_object_get(json_object_get(photo, "landmarks"), "nasion");
    ck_assert_double_lt(number(nasion, "error_px"), 10);
    ck_assert_double_gt(number(object, "scale_sd_percent"), 1.5);
    ck_assert_double_lt(number(object, "scale_sd_percent"), 4);
    ck_assert_uint_eq(json_array_size(json_object_get(object, "warnings")), 1);
    ck_assert_ptr_nonnull(
        strstr(json_string_value(json_array_get(json_object_get(object, "warnings"), 0)),
               "add a photo from the side"));
    json_decref(object);
}
END_TEST

START_TEST(two_photos_and_a_scale_narrow_the_head)
{
    make_files();
    json_t *one = answer("front.png --landmarks landmarks.json --scale lpa,rpa:145.9");
    json_t *two = answer("front.png side.png --landmarks landmarks.json --scale lpa,rpa:145.9");
    const json_t *a = json_object_get(one, "head"), *b = json_object_get(two, "head");
    ck_assert_double_lt(number(two, "scale_sd_percent"), number(one, "scale_sd_percent"));
    ck_assert_double_lt(number(b, "length_sd_percent"), number(a, "length_sd_percent"));
    ck_assert_double_eq_tol(number(b, "length_mm"), 0.98 * 200, 4);
    ck_assert_double_eq_tol(number(b, "breadth_mm"), 1.02 * 154, 4);
    ck_assert_str_eq(json_string_value(json_object_get(b, "source")), "photos");
    ck_assert_uint_eq(json_array_size(json_object_get(two, "warnings")), 0);
    json_t *again = answer("front.png side.png --landmarks landmarks.json --scale lpa,rpa:145.9");
    ck_assert(json_equal(two, again));
    json_decref(one);
    json_decref(two);
    json_decref(again);
}
END_TEST

START_TEST(the_lens_is_given_solved_or_refused_and_a_tape_makes_the_head)
{
    make_files();
    json_t *solved = answer("front.png --landmarks bare.json");
    const json_t *photo = json_array_get(json_object_get(solved, "photos"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(photo, "focal_from")), "solved");
    json_decref(solved);
    json_t *freed = answer("front.png --landmarks landmarks.json --fit-focal");
    photo = json_array_get(json_object_get(freed, "photos"), 0);
    ck_assert_double_gt(number(photo, "focal_sd_percent"), 2);
    json_decref(freed);
    put("tape.json", "{\"stubble\": 1, \"head\": {\"measurements\": {\"length_mm\": 196}}}");
    json_t *tape = answer("front.png --landmarks bare.json --focal-35mm 26 --case tape.json");
    const json_t *head = json_object_get(tape, "head");
    ck_assert_str_eq(json_string_value(json_object_get(head, "source")), "tape");
    ck_assert_double_eq_tol(number(head, "length_mm"), 196, 0.3);
    ck_assert_double_eq(number(tape, "scale_sd_percent"), 0);
    json_decref(tape);
}
END_TEST

START_TEST(the_wrong_landmark_is_named_on_stderr_and_in_the_answer)
{
    make_files();
    struct smp_photo off = front;
    char marks[2000], path[300], said[2000];
    off.at_px[SMP_PLACE_NOSE_TIP][0] += 160;
    marks_of(marks, &off);
    put("wrong.json", "{\"landmarks\": {%s}, \"focal_35mm\": 26}", marks);
    json_t *object = answer("front.png --landmarks wrong.json");
    const json_t *photo = json_array_get(json_object_get(object, "photos"), 0);
    const json_t *wrong = json_object_get(photo, "wrong");
    ck_assert_uint_eq(json_array_size(wrong), 1);
    ck_assert_str_eq(json_string_value(json_array_get(wrong, 0)), "nose_tip");
    json_decref(object);
    snprintf(path, sizeof path, "cat '%s/err.txt'", folder);
    said_by(path, said, sizeof said);
    ck_msg_has(((struct { char *msg; }){ said }), "landmarks.nose_tip looks wrong");
}
END_TEST

// As where pixels were counted in a picture that its EXIF has yet to turn.
START_TEST(a_head_that_lies_on_its_side_is_told)
{
    make_files();
    for (int turns = 0; turns < 4; turns++) {
        struct smp_photo turned = front;
        char marks[2000];
        for (int m = 0; m < SMP_PLACE_COUNT; m++)
            for (int i = 0; i < turns; i++) { // about the middle of a square within the picture
                const double x = turned.at_px[m][0], y = turned.at_px[m][1];
                turned.at_px[m][0] = 750 - (y - 1000);
                turned.at_px[m][1] = 1000 + (x - 750);
            }
        for (int m = 0; m < SMP_PLACE_COUNT; m++) // what left it on the way
            turned.seen[m] = turned.seen[m] && turned.at_px[m][0] > 0 && turned.at_px[m][0] < 1500;
        marks_of(marks, &turned);
        put("turned.json", "{%s}", marks);
        json_t *object = answer("front.png --landmarks turned.json --focal-35mm 26");
        char *warnings = json_dumps(json_object_get(object, "warnings"), 0);
        ck_assert_msg((strstr(warnings, "front.png: the head lies on its side or upside down: "
                                        "landmarks must count the pixels of the upright "
                                        "picture") != NULL) == (turns > 0),
                      "%d turns: %s", turns, warnings);
        free(warnings);
        json_decref(object);
    }
}
END_TEST

START_TEST(a_case_with_photos_alone_has_their_head)
{
    make_files();
    char a[2000], b[2000], command[600], said[4000];
    marks_of(a, &front);
    marks_of(b, &side);
    put("case.json",
        "{\"stubble\": 1, \"head\": {\"photo_scale\": \"ipd:62\"}, \"photos\": [{\"file\": "
        "\"front.png\", \"focal_35mm\": 26, \"landmarks\": {%s}}, {\"file\": \"absent.png\", "
        "\"width_px\": 1500, \"height_px\": 2000, \"focal_35mm\": 50, \"landmarks\": {%s}}, "
        "{\"file\": \"unmarked.png\"}]}",
        a, b);
    snprintf(command, sizeof command, "\"%s/stubble\" head '%s/case.json'",
             getenv("STUBBLE_BUILD_ROOT"), folder);
    ck_assert_int_eq(said_by(command, said, sizeof said), 0);
    ck_assert_msg(strstr(said, "note: from landmarks on 2 photos, its scale known to") != NULL,
                  "%s", said);
    put("case.json", "{\"stubble\": 1, \"photos\": [{\"file\": \"front.png\", \"landmarks\": "
                     "{\"nasion\": [700, 900]}}]}");
    char arguments[300];
    snprintf(arguments, sizeof arguments, "head '%s/case.json'", folder);
    refuse(arguments, 2,
           "front.png: landmarks must be at least 4 that do not lie in one plane, not 1");
    put("case.json", "{\"stubble\": 1, \"head\": {\"photo_scale\": \"ipd:0\"}}");
    refuse(arguments, 2, "case.json: head.photo_scale: ipd must be 45 to 85 mm, not 0");
    put("case.json",
        "{\"stubble\": 1, \"head\": {\"measurements\": {}, \"photo_scale\": \"ipd\"}}");
    refuse(arguments, 2,
           "head.photo_scale belongs to a head from photos alone, and "
           "head.measurements is given");
}
END_TEST

// A JPEG whose profile has lost its signature.
static void make_spoilt(const char *name)
{
    struct smp_arena arena;
    struct smp_image blank;
    struct smp_bytes bytes;
    char path[300];
    smp_arena_make(&arena, 0);
    ck_assert_int_eq(smp_image_make(&blank, WIDE_PX / 2, HIGH_PX / 2, &arena, NULL), SMP_OK);
    ck_assert_int_eq(smp_image_jpeg(&bytes, &blank, NULL, &arena, NULL), SMP_OK);
    char *signature = memmem(bytes.data, bytes.length, "acsp", 4);
    ck_assert_ptr_nonnull(signature);
    memcpy(signature, "xxxx", 4);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_int_eq(smp_file_write(path, bytes.data, bytes.length, NULL), SMP_OK);
    smp_arena_drop(&arena);
}

START_TEST(a_damaged_colour_profile_is_told)
{
    static const char sentence[] =
        "spoilt.jpg: its colour profile is damaged: its colours were read as sRGB";
    make_files();
    make_spoilt("spoilt.jpg");
    json_t *object = answer("spoilt.jpg --landmarks bare.json --focal-35mm 26");
    const json_t *first = json_array_get(json_object_get(object, "warnings"), 0);
    ck_assert_str_eq(json_string_value(first), sentence);
    json_decref(object);
    char command[700], said[4000];
    snprintf(command, sizeof command,
             "\"%s/stubble\" measure dots '%s/spoilt.jpg' --mm-per-px 0.1 2>&1",
             getenv("STUBBLE_BUILD_ROOT"), folder);
    said_by(command, said, sizeof said);
    ck_assert_msg(strstr(said, "stubble: warning: ") && strstr(said, sentence), "%s", said);
}
END_TEST

START_TEST(an_outline_that_a_picture_does_not_show_changes_nothing_and_is_told)
{
    make_files();
    char marks[2000], command[600], said[4000], arguments[700];
    json_t *without = answer("front.png --landmarks landmarks.json");
    json_t *with = answer("front.png --landmarks landmarks.json --outline");
    const json_t *warnings = json_object_get(with, "warnings");
    ck_assert(json_equal(json_object_get(with, "photos"), json_object_get(without, "photos")));
    ck_assert_uint_eq(json_array_size(warnings), 2);
    ck_assert_ptr_nonnull(strstr(json_string_value(json_array_get(warnings, 0)),
                                 "front.png: the head's outline does not stand out from the "
                                 "background: it was not used"));
    json_decref(without);
    json_decref(with);
    // known to be nowhere: the picture is not needed
    marks_of(marks, &front);
    put("case.json",
        "{\"stubble\": 1, \"head\": {\"photo_outline\": true}, \"photos\": [{\"file\": "
        "\"absent.png\", \"width_px\": 1500, \"height_px\": 2000, \"focal_35mm\": 26, "
        "\"outline\": [], \"landmarks\": {%s}}]}",
        marks);
    snprintf(command, sizeof command, "\"%s/stubble\" head '%s/case.json'",
             getenv("STUBBLE_BUILD_ROOT"), folder);
    ck_assert_int_eq(said_by(command, said, sizeof said), 0);
    put("tape.json", "{\"stubble\": 1, \"head\": {\"measurements\": {}, \"photo_outline\": true}}");
    snprintf(arguments, sizeof arguments, "head '%s/tape.json'", folder);
    refuse(
        arguments, 2,
        "head.photo_outline belongs to a head from photos alone, and head.measurements is given");
    put("tape.json", "{\"stubble\": 1, \"head\": {\"measurements\": {\"length_mm\": 196}}}");
    snprintf(arguments, sizeof arguments,
             "pose '%s/front.png' --landmarks '%s/landmarks.json' --outline --case '%s/tape.json'",
             folder, folder, folder);
    refuse(arguments, 2, "--outline belongs to a head from photos alone, and ");
}
END_TEST

struct fault {
    const char *landmarks; // text of f.json; NULL: landmarks.json as it is
    const char *arguments; // after the picture
    const char *sentence;
};

static const struct fault faults[] = {
    { "{}", "", "front.png: landmarks must be at least 4 that do not lie in one plane, not 0" },
    { "{\"nasion\": [700, 900], \"chin\": [700, 1500], \"lpa\": [900, 1000]}", "",
      "at least 4 that do not lie in one plane, not 3" },
    { "{\"nasion\": [100, 100], \"chin\": [300, 300], \"lpa\": [500, 500], \"rpa\": [900, 900]}",
      "", "the landmarks lie in one line" },
    { "{\"nose\": [1, 2]}", "", "f.json: unknown field nose (known: nasion, glabella," },
    { "{\"landmarks\": {\"ear\": [1, 2]}}", "",
      "f.json: unknown field landmarks.ear (known: nasion," },
    { "{\"nasion\": [1]}", "", "f.json: nasion must hold 2 to 2 items, not 1" },
    { "{\"nasion\": [1, \"b\"]}", "", "f.json: nasion[1] must be a number" },
    { "{\"photos\": []}", "", "f.json: photos must hold 1 to 16 items, not 0" },
    { "{\"photos\": [{\"file\": \"other.png\"}]}", "",
      "f.json: photos has no item whose file is \"front.png\"" },
    { "{\"photos\": [{\"file\": \"front.png\", \"width_px\": 100}]}", "",
      "must have both width_px and height_px or neither" },
    { "{\"file\": \"front.png\", \"width_px\": 100, \"height_px\": 100, \"landmarks\": {}}", "",
      "width_px and height_px must be those of the picture, 1500 and 2000, not 100 and 100" },
    { "{\"focal_35mm\": 0, \"landmarks\": {}}", "", "focal_35mm must be 8 to 1000 mm, not 0" },
    { "{\"outline\": [[1]], \"landmarks\": {}}", "", "f.json: outline[0] must hold 2 to 2 items" },
    { "{\"outline\": [[900, 1]], \"landmarks\": {}}", "",
      "f.json: outline[0][0] must be -360 to 360 degrees, not 900" },
    { "{", "", "f.json" },
    { NULL, "--scale ipd:0", "--scale: ipd must be 45 to 85 mm, not 0" },
    { NULL, "--scale ipd:-63", "--scale: ipd must be 45 to 85 mm, not -63" },
    { NULL, "--scale lpa,rpa:0", "--scale: the distance must be 10 to 300 mm, not 0" },
    { NULL, "--scale lpa,lpa:140", "--scale must name two landmarks, not lpa twice" },
    { NULL, "--scale lpa,nose:140", "--scale: \"nose\" is no landmark" },
    { NULL, "--scale px-per-mm:0", "--scale: px-per-mm must be 0.2 to 500 px/mm, not 0" },
    { NULL, "--scale px-per-mm:-4@nasion", "--scale: px-per-mm must be 0.2 to 500 px/mm, not -4" },
    { NULL, "--scale two-points:1,2,1,2:100",
      "--scale: px-per-mm must be 0.2 to 500 px/mm, not 0" },
    { NULL, "--scale two-points:1,2,300,2:0",
      "--scale: the distance of the two points must be 1 to 1000 mm, not 0" },
    { NULL, "--scale nonsense", "--scale must be ipd, ipd:MM, LANDMARK,LANDMARK:MM," },
    { NULL, "--scale lpa,rpa:290", "front.png: by the scale given the head would be 2 times as" },
    { NULL, "--scale px-per-mm:60", "front.png: by the scale given the head would be 0.0" },
    { NULL, "--scale lpa,rpa:188", "front.png: no head is like this" },
    { NULL, "--focal-35mm 2", "--focal-35mm must be a number from 8 to 1000, not '2'" },
    { NULL, "--focal-35mm 26 --fit-focal", "--focal-35mm and --fit-focal exclude each other" },
    { NULL, "--sex other", "--sex must be one of male, female, not 'other'" },
};

START_TEST(every_fault_is_one_sentence_and_status_2)
{
    make_files();
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char arguments[700], said[2048];
        if (faults[i].landmarks)
            put("f.json", "%s", faults[i].landmarks);
        snprintf(arguments, sizeof arguments, "pose '%s/front.png' --landmarks '%s/%s' %s", folder,
                 folder, faults[i].landmarks ? "f.json" : "landmarks.json", faults[i].arguments);
        ck_assert_msg(run_program(said, arguments) == 2, "%s%s: %s", arguments,
                      faults[i].landmarks ? faults[i].landmarks : "", said);
        ck_assert_msg(strstr(said, faults[i].sentence) != NULL, "\"%s\" lacks \"%s\"", said,
                      faults[i].sentence);
        ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
    }
    char arguments[700];
    snprintf(arguments, sizeof arguments, "pose '%s/front.png'", folder);
    refuse(arguments, 2, "--landmarks must name the file with the landmarks");
    snprintf(arguments, sizeof arguments, "pose '%s/none.png' --landmarks '%s/bare.json'", folder,
             folder);
    refuse(arguments, 2, "none.png");
}
END_TEST

START_TEST(a_mirrored_picture_is_refused)
{
    make_files();
    struct smp_photo mirror = front;
    char marks[2000], arguments[700];
    for (int m = 0; m < SMP_PLACE_COUNT; m++)
        mirror.at_px[m][0] = 1500 - front.at_px[m][0];
    marks_of(marks, &mirror);
    put("f.json", "{%s}", marks);
    snprintf(arguments, sizeof arguments, "pose '%s/front.png' --landmarks '%s/f.json'", folder,
             folder);
    refuse(arguments, 2, "front.png: left and right are exchanged");
}
END_TEST

SMP_TEST_MAIN("pose command", one_photo_gives_a_camera_a_head_and_says_what_is_open,
              two_photos_and_a_scale_narrow_the_head,
              the_lens_is_given_solved_or_refused_and_a_tape_makes_the_head,
              the_wrong_landmark_is_named_on_stderr_and_in_the_answer,
              a_damaged_colour_profile_is_told, a_head_that_lies_on_its_side_is_told,
              an_outline_that_a_picture_does_not_show_changes_nothing_and_is_told,
              a_case_with_photos_alone_has_their_head, every_fault_is_one_sentence_and_status_2,
              a_mirrored_picture_is_refused)
