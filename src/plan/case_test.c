// The case file: what it gives, and the one sentence for every way it can be wrong.
#include "harness.h"
#include "plan/plan.h"
#include "replay.h"

static enum smp_code parse(struct smp_case *out, const char *text, struct smp_arena *arena,
                           struct smp_err *err)
{
    const struct smp_case_source source = { "case.json",
                                            "folder",
                                            { (const uint8_t *)text, strlen(text) } };
    return smp_case_parse(out, &source, NULL, arena, err);
}

START_TEST(every_field_may_be_absent_but_the_version)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    struct smp_case c;
    struct smp_err err = { 0 };
    ck_assert_msg(parse(&c, "{\"stubble\": 1}", &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_str_eq(c.title, "");
    ck_assert_str_eq(c.text, "{\"stubble\": 1}");
    ck_assert_int_eq(c.sessions, 3);
    ck_assert_double_eq_tol(c.shares[0], 0.3, 1e-12);
    ck_assert_double_eq_tol(c.shares[1], 0.7, 1e-12);
    ck_assert_double_eq(c.shares[2], 1.0);
    ck_assert_double_eq(c.regularity, 0.5);
    ck_assert_double_eq(c.dots_per_min, 80);
    ck_assert_double_eq(c.loss.native_fu_per_cm2, 75);
    ck_assert_str_eq(c.currency, "USD");
    ck_assert_ptr_null(c.scan);
    ck_assert_int_eq(c.phototype, 0);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(every_field_is_read)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    struct smp_case c;
    struct smp_err err = { 0 };
    const char *text =
        "{\"stubble\": 1, \"title\": \"A. Client\","
        "\"client\": {\"age\": 42, \"sex\": \"female\", \"phototype\": 5},"
        "\"head\": {\"scan\": \"head.glb\", \"unit\": \"cm\", \"scale\": 2,"
        " \"fiducials\": {\"nasion\": [1,2,3], \"lpa\": [4,5,6], \"rpa\": [7,8,9]}},"
        "\"photos\": [{\"file\": \"front.jpg\", \"landmarks\": {\"nasion\": [812, 1033]}}],"
        "\"loss\": {\"ludwig\": \"2\", \"patches\": [{\"outline\": [[0,0],[0.1,0],[0,0.1]],"
        " \"left_share\": 0.25}]},"
        "\"hair\": {\"lab\": [23, 4, 4.7], \"fu_per_cm2\": 80, \"stubble_mm\": 0.5},"
        "\"skin\": {\"lab\": [66, 9, 15]},"
        "\"design\": {\"hairline\": {\"style\": \"widow's peak\", \"glabella_mm\": 77},"
        " \"dots_per_cm2\": 120, \"feather_mm\": 6, \"side_fade_mm\": 25, \"fu_share\": 0.9,"
        " \"zone_share\": {\"crown\": 0.5}, \"regularity\": 0.7, \"min_gap_mm\": 0.4,"
        " \"diameter_um\": 250,"
        " \"keep_out\": [{\"what\": \"mole\", \"centre_mm\": [0,50,100], \"radius_mm\": 4,"
        " \"margin_mm\": 3}],"
        " \"scars\": [{\"what\": \"strip scar\", \"outline\": [[0,0],[0.1,0],[0,0.1]],"
        " \"dots_per_cm2\": 60}]},"
        "\"sessions\": [0.5, 1], \"dots_per_min\": 60, \"currency\": \"EUR\", \"seed\": 7}";
    ck_assert_msg(parse(&c, text, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_str_eq(c.title, "A. Client");
    ck_assert_int_eq(c.sex, SMP_SEX_FEMALE);
    ck_assert_int_eq(c.phototype, 5);
    ck_assert_str_eq(c.scan, "folder/head.glb");
    ck_assert_double_eq(c.mm_per_unit, 20);
    ck_assert(c.unit_given);
    ck_assert_double_eq(c.fiducials.rpa.z, 9);
    ck_assert_int_eq(c.loss.kind, SMP_LOSS_LUDWIG_II);
    ck_assert_uint_eq(c.loss.patch_count, 1);
    ck_assert_double_eq(c.loss.patches[0].left_share, 0.25);
    ck_assert_double_eq(c.skin_lab.l, 66);
    ck_assert_int_eq(c.design.style, SMP_STYLE_WIDOWS_PEAK);
    ck_assert_double_eq(c.design.hairline.glabella_mm, 77);
    ck_assert_double_eq(c.design.hairline.macro_mm, 1.6); // the style's own
    ck_assert_double_eq(c.design.zone_share[SMP_ZONE_CROWN], 0.5);
    ck_assert_uint_eq(c.design.area_count, 2);
    ck_assert_str_eq(c.design.areas[0].what, "mole");
    ck_assert_double_eq(c.design.areas[0].margin_mm, 3);
    ck_assert_int_eq(c.design.areas[1].kind, SMP_AREA_SCAR);
    ck_assert_uint_eq(c.design.areas[1].outline_count, 3);
    ck_assert_int_eq(c.sessions, 2);
    ck_assert_double_eq(c.shares[0], 0.5);
    ck_assert_str_eq(c.currency, "EUR");
    ck_assert_uint_eq(c.seed, 7);
    ck_assert_double_eq(c.min_gap_mm, 0.4);
    smp_arena_drop(&arena);
}
END_TEST

struct fault {
    const char *text, *message;
};

static const struct fault faults[] = {
    { "[1, 2]", "case.json: the document must be an object, not an array" },
    { "{}", "case.json: stubble must be given and be 1, the schema's version" },
    { "{\"stubble\": 2}", "case.json: stubble must be 1, not 2" },
    { "{\"stubble\": 1, \"heads\": {}}",
      "case.json: unknown field heads (known: stubble, title, "
      "client, head, photos, loss, hair, skin, design, "
      "sessions, seed, dots_per_min, currency, recipe, person, health, "
      "wishes)" },
    { "{\"stubble\": 1, \"title\": 4}", "case.json: title must be a text, not 4" },
    { "{\"stubble\": 1, \"title\": \"a\\nb\"}",
      "case.json: title must hold no control characters" },
    { "{\"stubble\": 1, \"client\": []}", "case.json: client must be an object, not an array" },
    { "{\"stubble\": 1, \"client\": {\"ages\": 3}}",
      "case.json: unknown field client.ages (known: age, sex, phototype)" },
    { "{\"stubble\": 1, \"client\": {\"age\": 12}}",
      "case.json: client.age must be 18 to 110 years, not 12" },
    { "{\"stubble\": 1, \"client\": {\"age\": \"old\"}}",
      "case.json: client.age must be a number, not \"old\"" },
    { "{\"stubble\": 1, \"client\": {\"sex\": \"x\"}}",
      "case.json: client.sex must be one of male, female, not \"x\"" },
    { "{\"stubble\": 1, \"client\": {\"phototype\": 7}}",
      "case.json: client.phototype must be 1 to 6, not 7" },
    { "{\"stubble\": 1, \"client\": {\"phototype\": 2.5}}",
      "case.json: client.phototype must be a whole number, not 2.5" },
    { "{\"stubble\": 1, \"head\": 1}", "case.json: head must be an object, not 1" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"\"}}", "case.json: head.scan must name a file" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", \"unit\": \"mm\"}}",
      "case.json: no fiducials: head.fiducials must give nasion, lpa and rpa, in the scan's "
      "units" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", \"fiducials\": {\"nasion\": [0,0,0]}}}",
      "case.json: no fiducials: head.fiducials.lpa must be given" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", \"fiducials\": {\"nasion\": [0,0]}}}",
      "case.json: head.fiducials.nasion must hold 3 to 3 items, not 2" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", \"fiducials\": {\"inion\": [0,0,0]}}}",
      "case.json: unknown field head.fiducials.inion (known: nasion, lpa, rpa)" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", \"fiducials\": {\"nasion\": [0,0,0], "
      "\"lpa\": [0,0,0], \"rpa\": [0,0,0]}}}",
      "case.json: head.unit or scale must be given with a scan: the file does not tell what one "
      "unit is in millimetres" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", \"unit\": \"foot\", \"fiducials\": "
      "{\"nasion\": [0,0,0], \"lpa\": [0,0,0], \"rpa\": [0,0,0]}}}",
      "case.json: head.unit must be one of mm, cm, m, inch, not \"foot\"" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", \"scale\": 0, \"fiducials\": "
      "{\"nasion\": [0,0,0], \"lpa\": [0,0,0], \"rpa\": [0,0,0]}}}",
      "case.json: head.scale must be 1e-06 to 1e+06, not 0" },
    { "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", \"measurements\": {}}}",
      "case.json: head must have either scan or measurements, not both" },
    { "{\"stubble\": 1, \"head\": {\"unit\": \"mm\"}}",
      "case.json: head.unit belongs to a scan, and head.scan is absent" },
    { "{\"stubble\": 1, \"head\": {\"measurements\": {\"girth_mm\": 1}}}",
      "case.json: unknown field head.measurements.girth_mm (known: circumference_mm, length_mm, "
      "breadth_mm)" },
    { "{\"stubble\": 1, \"photos\": {}}", "case.json: photos must be an array, not an object" },
    { "{\"stubble\": 1, \"photos\": [{}]}", "case.json: photos[0].file must be given" },
    { "{\"stubble\": 1, \"photos\": [{\"file\": 3}]}",
      "case.json: photos[0].file must be a text, not 3" },
    { "{\"stubble\": 1, \"photos\": [{\"file\": \"a\", \"landmarks\": {\"nasion\": [1, \"b\"]}}]}",
      "case.json: photos[0].landmarks.nasion[1] must be a number, not \"b\"" },
    { "{\"stubble\": 1, \"loss\": {\"norwood\": \"8\"}}",
      "case.json: loss.norwood must be one of 1, 2, 2a, 3, 3a, 3v, 4, 4a, 5, 5a, 6, 7, not "
      "\"8\"" },
    { "{\"stubble\": 1, \"loss\": {\"ludwig\": 2}}",
      "case.json: loss.ludwig must be a text in quotes, one of 1, 2, 3, not 2" },
    { "{\"stubble\": 1, \"loss\": {\"totalis\": 1}}",
      "case.json: loss.totalis must be true or false, not 1" },
    { "{\"stubble\": 1, \"loss\": {\"norwood\": \"6\", \"ludwig\": \"1\"}}",
      "case.json: loss must have one of norwood, ludwig and totalis, not several" },
    { "{\"stubble\": 1, \"loss\": {\"patches\": [{}]}}",
      "case.json: loss.patches[0].outline must be given" },
    { "{\"stubble\": 1, \"loss\": {\"patches\": [{\"outline\": [[0,0],[1,1]]}]}}",
      "case.json: loss.patches[0].outline must hold 3 to 10000 items, not 2" },
    { "{\"stubble\": 1, \"loss\": {\"patches\": [{\"outline\": [[0,0],[1,1],[2,2]]}]}}",
      "case.json: loss.patches[0].outline encloses no area" },
    { "{\"stubble\": 1, \"loss\": {\"patches\": [{\"outline\": [[0,0],[1,0],[0,1]], "
      "\"left_share\": 2}]}}",
      "case.json: loss.patches[0].left_share must be 0 to 1, not 2" },
    { "{\"stubble\": 1, \"hair\": {\"lab\": [101, 0, 0]}}",
      "case.json: hair.lab[0] must be 0 to 100, not 101" },
    { "{\"stubble\": 1, \"hair\": {\"fu_per_cm2\": 10}}",
      "case.json: hair.fu_per_cm2 must be 20 to 130 per cm², not 10" },
    { "{\"stubble\": 1, \"hair\": {\"stubble_mm\": 9}}",
      "case.json: hair.stubble_mm must be 0 to 3 mm, not 9" },
    { "{\"stubble\": 1, \"skin\": {\"tone\": 1}}",
      "case.json: unknown field skin.tone (known: lab, sun, oily)" },
    { "{\"stubble\": 1, \"skin\": {\"lab\": [50, 0]}}",
      "case.json: skin.lab must hold 3 to 3 items, not 2" },
    { "{\"stubble\": 1, \"design\": {\"hairline\": {\"style\": \"spiky\"}}}",
      "case.json: design.hairline.style must be one of natural, soft, edged, widow's peak, "
      "receded, rounded, not \"spiky\"" },
    { "{\"stubble\": 1, \"design\": {\"hairline\": {\"glabella_mm\": 30}}}",
      "case.json: design.hairline.glabella_mm must be 50 to 110 mm, not 30" },
    { "{\"stubble\": 1, \"design\": {\"dots_per_cm2\": 1000}}",
      "case.json: design.dots_per_cm2 must be 20 to 300 per cm², not 1000" },
    { "{\"stubble\": 1, \"design\": {\"feather_mm\": -1}}",
      "case.json: design.feather_mm must be 0 to 30 mm, not -1" },
    { "{\"stubble\": 1, \"design\": {\"zone_share\": {\"brow\": 1}}}",
      "case.json: unknown field design.zone_share.brow (known: hairline, frontal, midscalp, "
      "crown, temple left, temple right, temporal peak left, temporal peak right, parietal left, "
      "parietal right, occiput, nape)" },
    { "{\"stubble\": 1, \"design\": {\"zone_share\": {\"crown\": 3}}}",
      "case.json: design.zone_share.crown must be 0 to 2, not 3" },
    { "{\"stubble\": 1, \"design\": {\"regularity\": 1.5}}",
      "case.json: design.regularity must be 0 to 1, not 1.5" },
    { "{\"stubble\": 1, \"design\": {\"min_gap_mm\": 5}}",
      "case.json: design.min_gap_mm must be 0 to 3 mm, not 5" },
    { "{\"stubble\": 1, \"design\": {\"diameter_um\": 5}}",
      "case.json: design.diameter_um must be 50 to 1500 µm, not 5" },
    { "{\"stubble\": 1, \"design\": {\"keep_out\": {}}}",
      "case.json: design.keep_out must be an array, not an object" },
    { "{\"stubble\": 1, \"design\": {\"keep_out\": [{\"what\": \"mole\"}]}}",
      "case.json: design.keep_out[0] must have either centre_mm and radius_mm, or outline" },
    { "{\"stubble\": 1, \"design\": {\"keep_out\": [{\"centre_mm\": [0,0,0], \"radius_mm\": 0}]}}",
      "case.json: design.keep_out[0].radius_mm must be 0.1 to 150 mm, not 0" },
    { "{\"stubble\": 1, \"design\": {\"keep_out\": [{\"margin_mm\": 50}]}}",
      "case.json: design.keep_out[0].margin_mm must be 0 to 20 mm, not 50" },
    { "{\"stubble\": 1, \"design\": {\"keep_out\": [{\"outline\": [[0,0],[0,9],[1,1]]}]}}",
      "case.json: design.keep_out[0].outline[1][1] must be -2 to 2, not 9" },
    { "{\"stubble\": 1, \"design\": {\"scars\": [{\"what\": \"strip\"}]}}",
      "case.json: design.scars[0] must have dots_per_cm2" },
    { "{\"stubble\": 1, \"design\": {\"scars\": [{\"margin_mm\": 1}]}}",
      "case.json: unknown field design.scars[0].margin_mm (known: what, centre_mm, radius_mm, "
      "outline, dots_per_cm2)" },
    { "{\"stubble\": 1, \"sessions\": 0}", "case.json: sessions must be 1 to 6, not 0" },
    { "{\"stubble\": 1, \"sessions\": \"3\"}",
      "case.json: sessions must be a whole number, not \"3\"" },
    { "{\"stubble\": 1, \"sessions\": [0.5, 0.4, 1]}",
      "case.json: sessions[1] must be above the share before it, 0.5, not 0.4" },
    { "{\"stubble\": 1, \"sessions\": [0.5, 0.9]}",
      "case.json: sessions must end with 1 (all dots), not 0.9" },
    { "{\"stubble\": 1, \"sessions\": [0, 1]}", "case.json: sessions[0] must be 0.01 to 1, not 0" },
    { "{\"stubble\": 1, \"dots_per_min\": 1}",
      "case.json: dots_per_min must be 10 to 300 per min, not 1" },
    { "{\"stubble\": 1, \"currency\": \"XYZ\"}",
      "case.json: currency must be one of USD, AUD, GBP, EUR, not \"XYZ\"" },
    { "{\"stubble\": 1, \"seed\": -1}", "case.json: seed must be 0 to 9007199254740992, not -1" },
    { "{\"stubble\": 1, \"seed\": 1.5}", "case.json: seed must be a whole number, not 1.5" },
};

START_TEST(every_fault_is_one_sentence_with_file_field_value_and_rule)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct smp_case c = { .title = "untouched" };
        struct smp_err err = { 0 };
        ck_assert_msg(parse(&c, faults[i].text, &arena, &err) == SMP_E_INPUT, "%s", faults[i].text);
        ck_msg_eq(err, faults[i].message);
        ck_assert_str_eq(c.title, "untouched");
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(what_is_not_json_says_where)
{
    static const char *const texts[] = { "",
                                         "{\"stubble\": 1",
                                         "{\"stubble\": NaN}",
                                         "{\"stubble\": 1, \"stubble\": 1}",
                                         "{\"stubble\": 1e999}",
                                         "{\"stubble\": 1, \"title\": \"\\u0000\"}",
                                         "{\"stubble\": 1} x",
                                         "{\"title\": \"\xff\xfe\"}" };
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct smp_case c;
        struct smp_err err = { 0 };
        ck_assert_msg(parse(&c, texts[i], &arena, &err) == SMP_E_FORMAT, "%s", texts[i]);
        ck_msg_has(err, "case.json is not valid JSON: ");
        if (i > 0) // the first is empty
            ck_msg_has(err, "at line 1, column ");
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_missing_file_is_named)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    struct smp_case c;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_case_read(&c, "/nonexistent/case.json", &arena, &err), SMP_E_FILE);
    ck_msg_eq(err, "/nonexistent/case.json cannot be read: No such file or directory");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_scan_is_found_beside_the_case_unless_its_path_is_absolute)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    struct smp_case c;
    struct smp_err err = { 0 };
    const char *text = "{\"stubble\": 1, \"head\": {\"scan\": \"/abs/a.obj\", \"scale\": 48, "
                       "\"fiducials\": {\"nasion\": [0,0,0], \"lpa\": [1,0,0], \"rpa\": [2,0,0]}}}";
    ck_assert_int_eq(parse(&c, text, &arena, &err), SMP_OK);
    ck_assert_str_eq(c.scan, "/abs/a.obj");
    ck_assert_double_eq(c.mm_per_unit, 48);
    ck_assert(!c.unit_given);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(sessions_build_up_through_30_and_70_percent_whatever_their_number)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    for (int n = 1; n <= 6; n++) {
        char text[64];
        snprintf(text, sizeof text, "{\"stubble\": 1, \"sessions\": %d}", n);
        struct smp_case c;
        struct smp_err err = { 0 };
        ck_assert_int_eq(parse(&c, text, &arena, &err), SMP_OK);
        ck_assert_int_eq(c.sessions, n);
        for (int k = 1; k < n; k++)
            ck_assert_double_lt(c.shares[k - 1], c.shares[k]);
        ck_assert_double_eq(c.shares[n - 1], 1);
        if (n == 6) {
            ck_assert_double_eq_tol(c.shares[1], 0.3, 1e-12);
            ck_assert_double_eq_tol(c.shares[3], 0.7, 1e-12);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(skin_follows_the_phototype_and_darkens_with_it)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    double last_ita = 90;
    // Class limits by Chardon 1991: the defaults must fall inside their own class.
    static const double low[] = { 55, 41, 28, 10, -30, -90 }, high[] = { 90, 55, 41, 28, 10, -30 };
    for (int p = 1; p <= 6; p++) {
        char text[80];
        snprintf(text, sizeof text, "{\"stubble\": 1, \"client\": {\"phototype\": %d}}", p);
        struct smp_case c;
        struct smp_err err = { 0 };
        ck_assert_int_eq(parse(&c, text, &arena, &err), SMP_OK);
        const double ita = smp_ita_deg(c.skin_lab);
        ck_assert_msg(ita > low[p - 1] && ita <= high[p - 1] && ita < last_ita, "%d: %g", p, ita);
        last_ita = ita;
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_demo_client_is_marked_as_made_up)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    struct smp_case c;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_case_demo(&c, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert(c.made_up);
    ck_assert_ptr_nonnull(strstr(c.title, "made up"));
    ck_assert_int_eq(c.loss.kind, SMP_LOSS_VI);
    smp_arena_drop(&arena);
}
END_TEST

// ---- Settings -----------------------------------------------------------------------------------

START_TEST(the_constants_of_the_headers_are_those_of_the_data_files)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    struct smp_settings s;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_settings_read(&s, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_mem_eq(s.hairline, smp_hairline_defaults, sizeof s.hairline);
    ck_assert_mem_eq(s.design.zone_share, smp_design_defaults.zone_share,
                     sizeof s.design.zone_share);
    ck_assert_mem_eq(&s.design.hairline, &smp_design_defaults.hairline, sizeof s.design.hairline);
    ck_assert_double_eq(s.design.dots_per_cm2, smp_design_defaults.dots_per_cm2);
    ck_assert_double_eq(s.design.feather_mm, smp_design_defaults.feather_mm);
    ck_assert_double_eq(s.design.side_fade_mm, smp_design_defaults.side_fade_mm);
    ck_assert_double_eq(s.design.fu_share, smp_design_defaults.fu_share);
    // The files in data/ and those built in are the same.
    struct smp_settings from_files;
    ck_assert_msg(smp_settings_read(&from_files, "data", &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_mem_eq(from_files.hairline, s.hairline, sizeof s.hairline);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(every_number_of_the_data_has_grade_and_source)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    struct smp_settings s;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_settings_read(&s, NULL, &arena, &err), SMP_OK);
    for (size_t i = 0; i < SMP_NUMBER_COUNT; i++) {
        ck_assert_uint_gt(strlen(s.numbers[i].source), 10);
        ck_assert_uint_eq(strlen(s.numbers[i].grade), 1);
    }
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const struct smp_needle *n = &s.needles[zone];
        ck_assert_double_lt(n->depth_setting_low_mm.value, n->depth_setting_high_mm.value);
        ck_assert_double_ge(n->diameter_um.value, 100);
        ck_assert_ptr_nonnull(strstr(n->name, "RL"));
    }
    smp_arena_drop(&arena);
}
END_TEST

struct data_fault {
    const char *file, *text, *message;
};

static const struct data_fault data_faults[] = {
    { "limits.json", "[]", "limits.json must be an object of named numbers" },
    { "limits.json", "{\"limit.moon\": {}}", "limits.json: unknown number limit.moon" },
    { "limits.json", "{}", "the number limit.tinted_share is missing" },
    { "limits.json", "{\"limit.grid_cv\": {\"value\": 1}}", "limit.grid_cv has no unit" },
    { "limits.json",
      "{\"limit.grid_cv\": {\"value\": 5, \"unit\": \"\", \"min\": 0, \"max\": 1, \"grade\": "
      "\"A\", \"source\": \"x\"}}",
      "limit.grid_cv.value must be 0 to 1, not 5" },
    { "limits.json",
      "{\"limit.grid_cv\": {\"value\": 0.5, \"unit\": \"\", \"min\": 0, \"max\": 1, \"grade\": "
      "\"Z\", \"source\": \"x\"}}",
      "limit.grid_cv.grade must be A, B, C, D or U, not \"Z\"" },
    { "design.json",
      "{\"design.feather_mm\": {\"value\": 99, \"unit\": \"mm\", \"min\": 0, \"max\": 100, "
      "\"grade\": \"A\", \"source\": \"x\"}}",
      "design.feather_mm.value must be 0 to 30 mm, not 99" },
    { "prices.json", "{}", "prices.json has no prices" },
    { "prices.json", "{\"prices\": []}", "prices must hold 1 to 200 items, not 0" },
    { "prices.json", "{\"prices\": [{\"currency\": \"USD\"}]}", "prices[0] has no per" },
    { "prices.json",
      "{\"prices\": [{\"currency\": \"USD\", \"per\": \"dot\", \"up_to_cm2\": 1, \"low\": 1, "
      "\"high\": 2, \"grade\": \"A\", \"source\": \"x\"}]}",
      "prices[0].per must be session or course, not \"dot\"" },
    { "prices.json",
      "{\"prices\": [{\"currency\": \"USD\", \"per\": \"course\", \"up_to_cm2\": 1, \"low\": 3, "
      "\"high\": 2, \"grade\": \"A\", \"source\": \"x\"}]}",
      "prices[0] must have 0 <= low <= high, not 3 and 2" },
};

START_TEST(a_fault_in_the_users_own_data_is_named)
{
    struct smp_arena arena = { 0 };
    smp_arena_make(&arena, 0);
    char folder[200];
    snprintf(folder, sizeof folder, "%s/data-XXXXXX", smp_test_folder());
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (size_t i = 0; i < sizeof data_faults / sizeof *data_faults; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", folder, data_faults[i].file);
        ck_assert_int_eq(
            smp_file_write(path, data_faults[i].text, strlen(data_faults[i].text), NULL), SMP_OK);
        struct smp_settings s;
        struct smp_err err = { 0 };
        ck_assert_int_eq(smp_settings_read(&s, folder, &arena, &err), SMP_E_INPUT);
        ck_msg_has(err, data_faults[i].message);
        ck_msg_has(err, folder);
        unlink(path);
    }
    rmdir(folder);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_fuzz_corpus_is_taken_or_refused_without_a_crash)
{
    smp_replay("case", 21);
}
END_TEST

SMP_TEST_MAIN("case", the_fuzz_corpus_is_taken_or_refused_without_a_crash,
              every_field_may_be_absent_but_the_version, every_field_is_read,
              every_fault_is_one_sentence_with_file_field_value_and_rule,
              what_is_not_json_says_where, a_missing_file_is_named,
              the_scan_is_found_beside_the_case_unless_its_path_is_absolute,
              sessions_build_up_through_30_and_70_percent_whatever_their_number,
              skin_follows_the_phototype_and_darkens_with_it, the_demo_client_is_marked_as_made_up,
              the_constants_of_the_headers_are_those_of_the_data_files,
              every_number_of_the_data_has_grade_and_source, a_fault_in_the_users_own_data_is_named)
