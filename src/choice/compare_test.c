// Cases whose answer is known, and what holds of every comparison.
#include "compare_test_case.h"

#include <math.h>

static struct stage s;

static double cover(enum smp_choice choice, int year)
{
    return stage_option(&s, choice)->years[year].cover_share.median;
}

static const char *const group_told = "(one to four hairs that grow together; surgeons say "
                                      "follicular unit)";

static size_t notes_with(const char *text)
{
    size_t sum = 0;
    for (size_t i = 0; i < s.made.note_count; i++)
        sum += strstr(s.made.notes[i], text) != NULL;
    return sum;
}

START_TEST(norwood_6_at_28_with_a_poor_donor_cannot_be_covered_by_a_transplant)
{
    stage_set(&s,
              "{\"stubble\": 1, \"client\": {\"age\": 28}, \"loss\": {\"norwood\": \"6\"},"
              "\"person\": {\"length_mm\": 0, \"donor\": {\"fu_per_cm2\": 62, \"hairs_per_fu\": "
              "1.9, \"calibre_um\": 60, \"area_cm2\": 180}}}");
    stage_run(&s);
    for (int i = 0; i < 2; i++) {
        const struct smp_outcome *o = stage_option(&s, i ? SMP_CHOICE_FUE : SMP_CHOICE_FUT);
        ck_assert(o->possible);
        ck_assert_double_eq(o->full_cover_share, 0);
        ck_assert_double_eq(o->donor_enough_share, 0);
        ck_assert_msg(
            says(o->cant_do, o->cant_count, "Full cover is not possible: after 10 years "), "%s",
            o->cant_do[o->cant_count - 1]);
        ck_assert_double_gt(o->needed_grafts.low, o->donor_grafts.high);
        ck_assert_double_lt(o->years[10].cover_share.high, 0.9);
    }
    // dots between the grafts add what the grafts cannot
    ck_assert_double_gt(cover(SMP_CHOICE_SMP_FUE, 1), cover(SMP_CHOICE_FUE, 1) + 0.2);
    ck_assert_uint_eq(notes_with("Not measured"), 0);
    // a donor that gives nothing is said so
    s.from.person.donor_fu_per_cm2 = 50;
    stage_run(&s);
    const struct smp_outcome *fue = stage_option(&s, SMP_CHOICE_FUE);
    ck_assert(!fue->possible && !fue->years);
    ck_assert_ptr_nonnull(
        strstr(fue->why_not, "The hair at the back is too thin to give any away"));
    smp_arena_drop(&s.arena);
}
END_TEST

START_TEST(norwood_3_at_45_with_a_good_donor_is_covered_by_a_transplant)
{
    stage_set(&s, "{\"stubble\": 1, \"client\": {\"age\": 45}, \"loss\": {\"norwood\": \"3\"},"
                  "\"person\": {\"length_mm\": 40, \"donor\": {\"fu_per_cm2\": 85, "
                  "\"hairs_per_fu\": 2.3, \"calibre_um\": 75, \"area_cm2\": 200}}}");
    stage_run(&s);
    const struct smp_outcome *fut = stage_option(&s, SMP_CHOICE_FUT);
    ck_assert_double_gt(fut->donor_enough_share, 0.9);
    ck_assert(!says(fut->cant_do, fut->cant_count, "Full cover is not"));
    ck_assert_double_lt(fut->needed_grafts.median, fut->donor_grafts.median);
    ck_assert_double_gt(cover(SMP_CHOICE_FUT, 10), cover(SMP_CHOICE_NOTHING, 10));
    ck_assert_double_gt(cover(SMP_CHOICE_FUT, 3), 0.97);
    smp_arena_drop(&s.arena);
}
END_TEST

START_TEST(a_woman_of_ludwig_2_gets_no_tablet_where_pregnancy_is_possible)
{
    static const enum smp_choice tablets[] = { SMP_CHOICE_FINASTERIDE, SMP_CHOICE_DUTASTERIDE,
                                               SMP_CHOICE_BOTH };
    stage_set(&s, "{\"stubble\": 1, \"client\": {\"age\": 34, \"sex\": \"female\"},"
                  "\"loss\": {\"ludwig\": \"2\"}, \"person\": {\"pregnancy_possible\": true}}");
    stage_run(&s);
    for (size_t i = 0; i < 3; i++) {
        const struct smp_outcome *o = stage_option(&s, tablets[i]);
        ck_assert(!o->possible);
        ck_assert_ptr_nonnull(strstr(o->why_not, "must not be taken by a woman who may become "));
        ck_assert_uint_gt(o->rank, s.made.count - 3);
    }
    const struct smp_outcome *with = stage_option(&s, SMP_CHOICE_SMP_MEDICATION);
    ck_assert(with->possible);
    ck_assert_int_eq(with->drug, SMP_TREAT_MINOXIDIL_5);
    ck_assert(says(with->notes, with->note_count, "is that of trials of women, but we could not"));
    const struct smp_drug *own = &s.made.prospect->medication.drugs[SMP_TREAT_MINOXIDIL_5];
    ck_assert_double_eq_tol(own->gain_per_cm2, 24.5 - 9.4, 1e-9); // over their own placebo
    ck_assert_double_gt(own->gain_se_per_cm2, 6);
    // what is not known is said in plain words, and what a group of hairs is, once
    ck_assert_uint_eq(notes_with("Not measured: "), 4);
    ck_assert_uint_eq(notes_with(group_told), 1);
    ck_assert_uint_eq(notes_with("Not measured: how many groups of hairs (one to four hairs "), 1);
    ck_assert_uint_eq(notes_with(" A typical value is taken: 75 per cm² (65 to 85)."), 1);
    ck_assert_uint_eq(notes_with("Not measured: how many hairs there are in a group. A typical "),
                      1);
    ck_assert_uint_eq(notes_with("thousandths of a millimetre. A typical value is taken: 70 µm ("),
                      1);
    ck_assert_uint_eq(notes_with("at the back and the sides. A typical value is taken: "), 1);
    ck_assert_uint_eq(notes_with("cm2"), 0);
    s.from.person.donor_fu_per_cm2 = 70;
    // not told: not taken for safe; past it: allowed
    s.from.person.pregnancy_given = false;
    s.from.person.pregnancy_possible = false;
    s.params.choices = tablets;
    s.params.choice_count = 1;
    stage_run(&s);
    ck_assert_uint_eq(notes_with("Not measured: how many hairs there are in a group "
                                 "(one to four hairs "),
                      1);
    ck_assert_uint_eq(notes_with(group_told), 1);
    ck_assert_ptr_nonnull(
        strstr(stage_option(&s, SMP_CHOICE_FINASTERIDE)->why_not, "person.pregnancy_possible"));
    s.from.person.pregnancy_given = true;
    stage_run(&s);
    const struct smp_outcome *tablet = stage_option(&s, SMP_CHOICE_FINASTERIDE);
    ck_assert(tablet->possible);
    ck_assert(says(tablet->notes, tablet->note_count, "Its effect was measured on men."));
    smp_arena_drop(&s.arena);
}
END_TEST

START_TEST(units_are_told_in_words)
{
    ck_assert_str_eq(smp_unit_words("FU/cm2"), "groups per cm²");
    ck_assert_str_eq(smp_unit_words("um"), "µm");
    ck_assert_str_eq(smp_unit_words("USD"), "USD");
    ck_assert_ptr_null(smp_unit_words(NULL));
}
END_TEST

START_TEST(long_hair_on_bare_scalp_is_not_had_by_dots_alone)
{
    stage_set(&s, "{\"stubble\": 1, \"client\": {\"age\": 40}, \"loss\": {\"norwood\": \"5\"},"
                  "\"person\": {\"length_mm\": 150}}");
    stage_run(&s);
    const struct smp_outcome *smp = stage_option(&s, SMP_CHOICE_SMP);
    ck_assert(says(smp->cant_do, smp->cant_count, "It gives no length: on bare scalp"));
    ck_assert_double_lt(cover(SMP_CHOICE_SMP, 1), cover(SMP_CHOICE_NOTHING, 1) + 0.1);
    const double grown = cover(SMP_CHOICE_SMP, 1);
    s.from.person.length_mm = 0;
    stage_run(&s);
    ck_assert_double_gt(cover(SMP_CHOICE_SMP, 1), grown + 0.2);
    ck_assert_double_gt(cover(SMP_CHOICE_SMP, 1), 0.9);
    smp_arena_drop(&s.arena);
}
END_TEST

// A scar from ear to ear at the back, no pattern loss.
START_TEST(a_scar_alone_is_a_matter_for_dots_and_grafts_not_for_drugs)
{
    stage_set(&s, "{\"stubble\": 1, \"client\": {\"age\": 50}, \"loss\": {\"norwood\": \"1\"},"
                  "\"person\": {\"length_mm\": 1}}");
    const size_t points = s.head.mesh.point_count;
    double *hair = smp_new(&s.arena, double, points), *dots = smp_new(&s.arena, double, points);
    ck_assert(!smp_loss_field(hair, NULL, &s.head, &s.from.loss, NULL));
    size_t there = 0;
    for (size_t i = 0; i < points; i++) {
        const double over_inion_mm = s.head.mesh.points[i].z - s.head.landmarks.inion.z;
        if (s.head.zones[i] == SMP_ZONE_OCCIPUT && fabs(over_inion_mm - 15) < 4) {
            hair[i] = 0;
            dots[i] = 60;
            there++;
        }
    }
    ck_assert_uint_gt(there, 50);
    s.dots.per_cm2 = dots;
    s.dots.hair_per_cm2 = hair;
    s.dots.treated_cm2 = 20;
    stage_run(&s);
    ck_assert_double_lt(cover(SMP_CHOICE_NOTHING, 1), 0.99);
    ck_assert_double_eq(cover(SMP_CHOICE_FINASTERIDE, 5), cover(SMP_CHOICE_NOTHING, 5));
    const struct smp_outcome *drug = stage_option(&s, SMP_CHOICE_FINASTERIDE);
    ck_assert(says(drug->cant_do, drug->cant_count, "It does nothing for a scar."));
    ck_assert_double_gt(cover(SMP_CHOICE_SMP, 1), cover(SMP_CHOICE_NOTHING, 1) + 0.01);
    ck_assert_double_gt(cover(SMP_CHOICE_SMP, 1), 0.995);
    smp_arena_drop(&s.arena);
}
END_TEST

START_TEST(all_hair_lost_leaves_dots_and_a_hairpiece)
{
    stage_set(&s, "{\"stubble\": 1, \"client\": {\"age\": 30}, \"loss\": {\"totalis\": true}}");
    stage_run(&s);
    for (size_t i = 0; i < s.made.count; i++) {
        const enum smp_choice choice = s.made.outcomes[i].choice;
        const bool stays = choice == SMP_CHOICE_NOTHING || choice == SMP_CHOICE_SMP ||
                           choice == SMP_CHOICE_HAIRPIECE;
        ck_assert_msg(s.made.outcomes[i].possible == stays, "%s", smp_choice_names[choice]);
    }
    ck_assert_double_eq(cover(SMP_CHOICE_NOTHING, 10), 0);
    smp_arena_drop(&s.arena);
    // a woman's bare head is dotted as a man's
    stage_set(&s, "{\"stubble\": 1, \"client\": {\"age\": 30, \"sex\": \"female\"}, "
                  "\"loss\": {\"totalis\": true}}");
    stage_run(&s);
    ck_assert_double_gt(cover(SMP_CHOICE_SMP, 1), 0.5);
    smp_arena_drop(&s.arena);
}
END_TEST

START_TEST(what_holds_of_every_option_and_year)
{
    stage_set(&s, "{\"stubble\": 1, \"client\": {\"age\": 38}, \"loss\": {\"norwood\": \"4\"}}");
    stage_run(&s);
    for (size_t i = 0; i < s.made.count; i++) {
        const struct smp_outcome *o = &s.made.outcomes[i];
        const struct smp_outcome *nothing = stage_option(&s, SMP_CHOICE_NOTHING);
        ck_assert(o->possible);
        // today is the same for all
        ck_assert_mem_eq(&o->years[0], &nothing->years[0], sizeof o->years[0]);
        for (int y = 0; y <= 10; y++) {
            const struct smp_year *year = &o->years[y];
            const struct smp_band *bands = (const struct smp_band *)year;
            for (size_t b = 0; b < sizeof *year / sizeof *bands; b++)
                ck_assert(bands[b].low >= 0 && bands[b].low <= bands[b].median &&
                          bands[b].median <= bands[b].high);
            ck_assert_double_le(year->cover_share.high, 1 + 1e-6);
            for (int r = 0; r < SMP_REGION_COUNT; r++)
                ck_assert_double_ge(year->hairs_per_cm2[r].median,
                                    year->fu_per_cm2[r].median - 1e-3);
            if (y) { // sums never fall
                ck_assert_double_ge(year->cost.median, year[-1].cost.median);
                ck_assert_double_ge(year->hours.median, year[-1].hours.median);
            }
        }
        for (size_t h = 0; h < o->harm_count; h++)
            ck_assert(o->harms[h].low <= o->harms[h].per_1000 &&
                      o->harms[h].per_1000 <= o->harms[h].high && o->harms[h].figure);
        ck_assert(o->cant_count > 0 && strlen(o->reversible_words) > 10);
    }
    for (int y = 1; y <= 10; y++) { // no drug: hair only goes
        ck_assert_double_le(cover(SMP_CHOICE_NOTHING, y), cover(SMP_CHOICE_NOTHING, y - 1));
        ck_assert_double_ge(cover(SMP_CHOICE_FINASTERIDE, y), cover(SMP_CHOICE_NOTHING, y));
    }
    ck_assert_uint_eq(s.made.sensitivity_count, SMP_SENSITIVITIES);
    smp_arena_drop(&s.arena);
}
END_TEST

STAGE_TEST_MAIN("compare", norwood_6_at_28_with_a_poor_donor_cannot_be_covered_by_a_transplant,
                norwood_3_at_45_with_a_good_donor_is_covered_by_a_transplant,
                a_woman_of_ludwig_2_gets_no_tablet_where_pregnancy_is_possible,
                units_are_told_in_words, long_hair_on_bare_scalp_is_not_had_by_dots_alone,
                a_scar_alone_is_a_matter_for_dots_and_grafts_not_for_drugs,
                all_hair_lost_leaves_dots_and_a_hairpiece, what_holds_of_every_option_and_year)
