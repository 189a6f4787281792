// `stubble preview` from outside: pictures, exit codes, sentences.
#include "made_card.h"
#include "program.h"

#include <math.h>

START_TEST(a_wrong_call_is_one_sentence_and_exit_2)
{
    refuse("preview", 2, "too few arguments");
    refuse("preview x -o y.png", 2, "give either --view VIEW, --zoom ZONE or --photo IMAGE");
    refuse("preview x --view top --zoom crown -o y.png", 2,
           "give either --view VIEW, --zoom ZONE or --photo IMAGE, not several");
    refuse("preview x --view top --pose a.json -o y.png", 2,
           "--pose, --mask, --save-mask and --card go with --photo IMAGE");
    refuse("preview x --photo a.jpg --pose a.json --width 100 -o y.png", 2,
           "--photo keeps its own size: no --width, no --height");
    refuse("preview x --photo a.jpg --pose a.json --save-mask m.gif -o y.png", 2,
           "--out must end in .png, .jpg or .jpeg, not 'm.gif'");
    refuse("preview x --view top", 2, "--out IMAGE (or -o IMAGE) is missing");
    refuse(
        "preview x --view below -o y.png", 2,
        "--view must be one of front, three-quarter-left, three-quarter-right, left, right, top, "
        "crown, back, not 'below'");
    refuse("preview x --zoom ear -o y.png", 2,
           "--zoom must be one of hairline, frontal, midscalp, crown, temple left, temple right, "
           "temporal peak left, temporal peak right, parietal left, parietal right, occiput, nape, "
           "not 'ear'");
    refuse("preview x --view top --age old -o y.png", 2,
           "--age must be before, fresh, healed or an age up to 30y, as 10d, 6w or 3y, not 'old'");
    refuse("preview x --view top --band wide -o y.png", 2,
           "--band must be one of median, low, high, not 'wide'");
    refuse("preview x --view top --width 63 -o y.png", 2,
           "--width must be a whole number from 64 to 8000, not '63'");
    refuse("preview x --view top --height big -o y.png", 2,
           "--height must be a whole number from 64 to 8000, not 'big'");
    refuse("preview x --view top --threads 0 -o y.png", 2,
           "--threads must be a whole number from 1 to 256, not '0'");
    refuse("preview x --view top -o y.gif", 2,
           "--out must end in .png, .jpg or .jpeg, not 'y.gif'");
    refuse("preview x --view top --hair-mm 61 -o y.png", 2, "--hair-mm must be");
    refuse("preview x --view top --hair-mm 1 -o y.png", 2,
           "--hair-mm must be 0 (shaved) or 2 to 60, not '1'");
    refuse("preview x --zoom crown --hair-mm 20 -o y.png", 2, "--hair-mm goes with --view VIEW");
    refuse(
        "preview x --view top --grey 0.5 -o y.png", 2,
        "--hairs-per-cm2, --loss, --grafts-per-cm2, --grey and --hairpiece go with --hair-mm MM");
    refuse("preview x --view top --hair-mm 20 --hairs-per-cm2 5 -o y.png", 2,
           "--hairs-per-cm2 must be");
    refuse("preview x --view top --hair-mm 20 --grafts-per-cm2 101 -o y.png", 2,
           "--grafts-per-cm2 must be");
    refuse("preview x --view top --hair-mm 20 --grey 2 -o y.png", 2, "--grey must be");
    refuse("preview x --view top --hair-mm 20 --loss 9 -o y.png", 2,
           "--loss must be one of none, 1");
    refuse("preview /no/such/folder --view top -o no-such.png", 2,
           "/no/such/folder is no plan folder");
    ck_assert_int_ne(access("no-such.png", F_OK), 0);
}
END_TEST

static void preview(const char *folder, const char *options, const char *out)
{
    char arguments[900];
    snprintf(arguments, sizeof arguments, "preview '%s' %s --width 160 --height 200 -o '%s/%s'",
             folder, options, folder, out);
    refuse(arguments, 0, "");
}

static bool file_says(const char *folder, const char *name, const char *text)
{
    char command[600];
    snprintf(command, sizeof command, "grep -aq '%s' '%s/%s'", text, folder, name);
    return system(command) == 0;
}

// One demo plan serves all: making and loading a plan is what takes the time here.
START_TEST(pictures_are_the_same_on_any_threads_and_say_that_they_are_simulated)
{
    char folder[160], said[2048], command[900], one[300], two[300];
    scratch(folder, "preview");
    snprintf(command, sizeof command, "demo --no-pictures --no-sheets --no-compare --out '%s'",
             folder);
    ck_assert_int_eq(run_program(said, command), 0);
    preview(folder, "--view front --threads 1", "one.png");
    preview(folder, "--view front --threads 2", "two.png");
    snprintf(one, sizeof one, "%s/one.png", folder);
    snprintf(two, sizeof two, "%s/two.png", folder);
    ck_assert(same_bytes(one, two));
    preview(folder, "--zoom hairline --age fresh", "fresh.jpg");
    preview(folder, "--view top --age 3y --band high", "years.png");
    preview(folder, "--view top --hair-mm 30 --grafts-per-cm2 30 --grey 0.3", "grafts.png");
    preview(folder, "--view top --hair-mm 30 --hairpiece", "piece.png");
    preview(folder, "--view top --hair-mm 0 --loss none --hairs-per-cm2 180", "shaved.png");
    ck_assert(file_says(folder, "grafts.png", "SIMULATED picture (before)"));
    ck_assert(file_says(folder, "years.png", "SIMULATED picture (3y high)"));
    ck_assert(file_says(folder, "one.png", "SIMULATED picture (healed)"));
    ck_assert(file_says(folder, "fresh.jpg", "SIMULATED picture (fresh)"));
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

// ---- On a photo --------------------------------------------------------------------------------

static void write_text(const char *folder, const char *name, const char *text)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

// A camera 1 m before the face, looking along -y, turned 60° up over the head.
static const char good_pose[] =
    "{\"photos\": [{\"file\": \"photo.png\", \"K\": [[600, 0, 80], [0, 600, 100], [0, 0, 1]], "
    "\"R\": [[-1, 0, 0], [0, 0.8660254, -0.5], [0, -0.5, -0.8660254]], \"t_mm\": [0, 0, 800]}]}";

static void refuse_pose(const char *folder, const char *pose, const char *sentence)
{
    char arguments[1200];
    write_text(folder, "pose.json", pose);
    snprintf(arguments, sizeof arguments,
             "preview '%s' --photo '%s/photo.png' --pose '%s/pose.json' -o '%s/bad.png'", folder,
             folder, folder, folder);
    refuse(arguments, 2, sentence);
    snprintf(arguments, sizeof arguments, "%s/bad.png", folder);
    ck_assert_int_ne(access(arguments, F_OK), 0);
}

START_TEST(a_photo_is_drawn_on_by_its_camera_and_a_bad_camera_is_refused)
{
    char folder[160], said[2048], command[1200];
    scratch(folder, "photo");
    snprintf(command, sizeof command, "demo --no-pictures --no-sheets --no-compare --out '%s'",
             folder);
    ck_assert_int_eq(run_program(said, command), 0);
    // any picture of skin will do: one of the plan's own
    preview(folder, "--view top --age before", "photo.png");
    write_text(folder, "pose.json", good_pose);
    snprintf(command, sizeof command,
             "preview '%s' --photo '%s/photo.png' --pose '%s/pose.json' --save-mask "
             "'%s/mask.png' -o '%s/drawn.jpg'",
             folder, folder, folder, folder, folder);
    refuse(command, 0, "");
    ck_assert(file_says(folder, "drawn.jpg", "SIMULATED"));
    snprintf(command, sizeof command, "%s/mask.png", folder);
    ck_assert_int_eq(access(command, F_OK), 0);
    snprintf(command, sizeof command, "preview '%s' --photo '%s/photo.png' -o '%s/y.png'", folder,
             folder, folder);
    refuse(command, 2, "the plan's case has no landmarks of a photo photo.png");
    refuse_pose(folder, "{}", "photos is missing: give what stubble pose printed");
    refuse_pose(folder, "{\"photos\": [{\"file\": \"photo.png\"}]}",
                "photos[0].K is missing: three rows of three numbers");
    refuse_pose(
        folder,
        "{\"photos\": [{\"K\": [[600, 0, 80], [0, 600, 100], [0, 0, 1]], \"R\": [[1, 0, 0], "
        "[0, 0.8660254, -0.5], [0, -0.5, -0.8660254]], \"t_mm\": [0, 0, 800]}]}",
        "photos[0].R must be a rotation");
    refuse_pose(folder,
                "{\"photos\": [{\"K\": [[600, 0, 80], [0, 300, 100], [0, 0, 1]], \"R\": [[-1, 0, "
                "0], [0, 0.8660254, -0.5], [0, -0.5, -0.8660254]], \"t_mm\": [0, 0, 800]}]}",
                "photos[0].K must be of square pixels");
    refuse_pose(folder,
                "{\"photos\": [{\"K\": [[600, 0, 80], [0, 600, 100], [0, 0, 1]], \"R\": [[-1, 0, "
                "0], [0, 0.8660254, -0.5], [0, -0.5, -0.8660254]]}]}",
                "photos[0].t_mm is missing: three numbers");
    refuse_pose(folder, "{\"photos\": [{\"file\": \"a.jpg\"}, {\"file\": \"b.jpg\"}]}",
                "photos has 2 items and none with the file photo.png");
}
END_TEST

// ---- A card in the photo ------------------------------------------------------------------------

// Mean of the middle of a swatch.
static struct smp_lab swatch_of(const struct smp_image *image, const struct made_card *made, int k)
{
    struct smp_rgb_lin mean = { 0, 0, 0 };
    const int half = (int)(made->swatch_side_px / 4);
    const double n = (2 * half + 1) * (2 * half + 1);
    for (int y = -half; y <= half; y++)
        for (int x = -half; x <= half; x++) {
            const struct smp_rgb *p = smp_image_at(image, (size_t)lround(made->swatch_px[k].x + x),
                                                   (size_t)lround(made->swatch_px[k].y + y));
            mean.r += (double)p->r / n;
            mean.g += (double)p->g / n;
            mean.b += (double)p->b / n;
        }
    return smp_lab_from_rgb(mean);
}

// A phone's picture of skin, light to dark, beside a card; the plan's head stands small at its
// right, where dots may come, as a white mask says.
static void take_card_photo(struct made_card *made, const char *folder, struct smp_arena *arena)
{
    struct made_card_params params = made_card_defaults;
    char path[300];
    params.width_px = 900;
    params.tone = params.colours = 0.8;
    params.exposure = 0.6;
    params.jpeg = 95;
    made_card(made, &params, arena);
    snprintf(path, sizeof path, "%s/card.jpg", folder);
    ck_assert(!smp_file_write(path, made->jpeg.data, made->jpeg.length, NULL));
    write_text(
        folder, "card.json",
        "{\"photos\": [{\"file\": \"card.jpg\", \"K\": [[600, 0, 780], [0, 600, 240], [0, 0, "
        "1]], \"R\": [[-1, 0, 0], [0, 0.8660254, -0.5], [0, -0.5, -0.8660254]], \"t_mm\": [0, "
        "0, 1500]}]}");
    struct smp_image white;
    ck_assert(!smp_image_load(&white, path, NULL, arena, NULL));
    for (size_t i = 0; i < white.width_px * white.height_px; i++)
        white.px_lin[i] = (struct smp_rgb){ 1, 1, 1 };
    snprintf(path, sizeof path, "%s/white.png", folder);
    ck_assert(!smp_image_save(path, &white, NULL, 0, NULL));
}

START_TEST(a_card_in_the_photo_gives_the_preview_the_skins_true_colour)
{
    char folder[160], command[1200], said[2048];
    struct smp_arena arena;
    struct made_card made;
    struct smp_image images[2];
    smp_arena_make(&arena, 0);
    scratch(folder, "photo");
    snprintf(command, sizeof command, "%s/dots.csv", folder);
    if (access(command, F_OK) != 0) { // of the test before
        snprintf(command, sizeof command, "demo --no-pictures --no-sheets --out '%s'", folder);
        ck_assert_int_eq(run_program(said, command), 0);
    }
    take_card_photo(&made, folder, &arena);
    for (int card = 0; card < 2; card++) {
        snprintf(command, sizeof command,
                 "preview '%s' --photo '%s/card.jpg' --pose '%s/card.json' --mask '%s/white.png' "
                 "%s -o '%s/%d.png'",
                 folder, folder, folder, folder, card ? "--card" : "", folder, card);
        refuse(command, 0, card ? "note: colours corrected by the card, ΔE00 " : "");
        snprintf(command, sizeof command, "%s/%d.png", folder, card);
        ck_assert(!smp_image_load(&images[card], command, NULL, &arena, NULL));
    }
    for (int k = 0; k < MADE_SWATCHES; k++) {
        const double plain = smp_delta_e00(swatch_of(&images[0], &made, k), made.swatch_lab[k]);
        const double corrected = smp_delta_e00(swatch_of(&images[1], &made, k), made.swatch_lab[k]);
        printf("# skin of L* %.0f: ΔE00 %.1f without the card, %.1f with it\n",
               made.swatch_lab[k].l, plain, corrected);
        ck_assert_double_gt(plain, 5);
        ck_assert_double_lt(corrected, 2);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("preview command", a_photo_is_drawn_on_by_its_camera_and_a_bad_camera_is_refused,
              a_card_in_the_photo_gives_the_preview_the_skins_true_colour,
              a_wrong_call_is_one_sentence_and_exit_2,
              pictures_are_the_same_on_any_threads_and_say_that_they_are_simulated)
