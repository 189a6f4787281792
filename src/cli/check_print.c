// What `stubble check` says: one JSON object, or words.
#include "cli/check.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

struct zone_tally {
    size_t planned, state[4], found, extra; // planned: that the photos could show
    double cm2, treated_cm2, per_cm2, per_cm2_sd, planned_per_cm2;
};
struct tally {
    struct zone_tally zones[SMP_ZONE_COUNT], all;
    size_t merged, too_big, too_deep, too_dark;
};

static const double area_sd = 0.02; // of a head fitted to photos or scanned, seen by one camera

static void densities(struct zone_tally *z, double count_sd_share)
{
    if (!(z->cm2 > 0))
        return;
    const double n = (double)z->found;
    const double sd = hypot(count_sd_share * n, (double)z->state[SMP_HELD_DOUBTFUL] / 2);
    z->per_cm2 = n / z->cm2;
    z->per_cm2_sd = hypot(sd / z->cm2, area_sd * z->per_cm2);
    z->planned_per_cm2 = (double)z->planned / z->cm2;
}

static void add_zone(struct zone_tally *all, const struct zone_tally *z)
{
    all->planned += z->planned;
    all->found += z->found;
    all->extra += z->extra;
    all->cm2 += z->cm2;
    all->treated_cm2 += z->treated_cm2;
    for (int k = 0; k < 4; k++)
        all->state[k] += z->state[k];
}

static void take_tally(struct tally *t, const struct smp_check *check)
{
    double sd_share = 0;
    *t = (struct tally){ 0 };
    for (size_t p = 0; p < check->photo_count; p++)
        sd_share =
            fmax(sd_share, check->photos[p].count_sd / fmax(1, (double)check->photos[p].found));
    for (size_t i = 0; i < check->count; i++) {
        struct zone_tally *z = &t->zones[smp_check_dot(check, i)->zone];
        const enum smp_held_kind kind = check->survey.states[check->number[i]].kind;
        z->state[kind]++;
        z->planned += kind != SMP_HELD_UNSEEN;
    }
    for (size_t i = 0; i < check->survey.real_count; i++) {
        const struct smp_real_dot *f = &check->survey.real[i];
        t->zones[f->zone].found++;
        t->zones[f->zone].extra += f->id == 0;
        t->merged += f->merged;
        t->too_big += f->too_big;
        t->too_deep += f->too_deep;
        t->too_dark += f->too_dark;
    }
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        struct zone_tally *z = &t->zones[zone];
        z->cm2 = z->planned ? smp_check_area_cm2(check, (enum smp_zone)zone, true) : 0;
        z->treated_cm2 = smp_check_area_cm2(check, (enum smp_zone)zone, false);
        add_zone(&t->all, z);
        densities(z, sd_share);
    }
    densities(&t->all, sd_share);
}

// ---- JSON --------------------------------------------------------------------------------------

static double rounded(double v, double step)
{
    return round(v / step) * step;
}

static double seen_share(const struct zone_tally *z)
{
    return z->treated_cm2 > 0 ? z->cm2 / z->treated_cm2 : 0;
}

static json_t *photos_json(const struct smp_check *check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < check->photo_count; i++) {
        const struct smp_check_photo *p = &check->photos[i];
        const struct smp_held *h = &p->held;
        json_t *lies = json_pack("{s:f,s:f,s:f,s:f,s:f,s:f}", "chance_sd", h->chance_sd, "close",
                                 h->close, "rms_mm", h->rms_mm, "shift_mm", h->shift_mm, "turn_deg",
                                 h->turn_deg, "scale", h->scale);
        json_t *card = check->card ? json_real(p->card_delta_e00) : json_null();
        json_array_append_new(list,
                              json_pack("{s:s,s:o,s:I,s:I,s:f,s:f,s:f,s:b,s:o}", "file", p->file,
                                        "card_delta_e00", card, "found", (json_int_t)p->found,
                                        "planned_in_sight", (json_int_t)p->in_sight, "px_per_mm",
                                        h->px_per_mm, "contrast", h->contrast, "c_lim", p->c_lim,
                                        "blurred", p->blurred, "registration", lies));
    }
    return list;
}

static json_t *zone_json(const char *name, const struct zone_tally *z)
{
    return json_pack("{s:s,s:f,s:f,s:f,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:f,s:f,s:f}", "zone", name,
                     "cm2", z->cm2, "treated_cm2", z->treated_cm2, "seen_share", seen_share(z),
                     "not_in_the_photos", (json_int_t)z->state[SMP_HELD_UNSEEN], "planned",
                     (json_int_t)z->planned, "done", (json_int_t)z->state[SMP_HELD_DONE],
                     "not_done", (json_int_t)z->state[SMP_HELD_NOT_DONE], "doubtful",
                     (json_int_t)z->state[SMP_HELD_DOUBTFUL], "found", (json_int_t)z->found,
                     "extra", (json_int_t)z->extra, "per_cm2", z->per_cm2, "per_cm2_sd",
                     z->per_cm2_sd, "planned_per_cm2", z->planned_per_cm2);
}

static json_t *dots_json(const struct smp_check *check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < check->count; i++) {
        const struct smp_dot_state *s = &check->survey.states[check->number[i]];
        if (s->kind == SMP_HELD_UNSEEN)
            continue;
        json_t *dot =
            json_pack("{s:I,s:s,s:f}", "id", (json_int_t)smp_check_dot(check, i)->id, "state",
                      smp_held_names[s->kind], "seen_px_per_mm", rounded(s->seen_px_per_mm, 0.1));
        if (s->why)
            json_object_set_new(dot, "why", json_string(s->why));
        if (s->kind == SMP_HELD_DONE)
            json_object_set_new(dot, "off_mm", json_real(rounded(s->off_mm, 1e-3)));
        json_array_append_new(list, dot);
    }
    return list;
}

static json_t *found_json(const struct smp_check *check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < check->survey.real_count; i++) {
        const struct smp_real_dot *f = &check->survey.real[i];
        const struct smp_vec3 p = f->position_mm, n = f->normal;
        json_t *dot = json_pack(
            "{s:o,s:f,s:f,s:f,s:f,s:f,s:f,s:s,s:f,s:f,s:f}", "id",
            f->id ? json_integer((json_int_t)f->id) : json_null(), "x_mm", rounded(p.x, 1e-5),
            "y_mm", rounded(p.y, 1e-5), "z_mm", rounded(p.z, 1e-5), "nx", rounded(n.x, 1e-5), "ny",
            rounded(n.y, 1e-5), "nz", rounded(n.z, 1e-5), "zone", smp_zone_name(f->zone),
            "diameter_mm", rounded(f->diameter_mm, 1e-3), "contrast", rounded(f->contrast, 1e-3),
            "seen_px_per_mm", rounded(f->seen_px_per_mm, 0.1));
        const struct {
            const char *name;
            bool is;
        } faults[] = { { "merged", f->merged },
                       { "too_big", f->too_big },
                       { "too_deep", f->too_deep },
                       { "too_dark", f->too_dark } };
        for (size_t k = 0; k < sizeof faults / sizeof *faults; k++)
            if (faults[k].is)
                json_object_set_new(dot, faults[k].name, json_true());
        json_array_append_new(list, dot);
    }
    return list;
}

static json_t *notes_json(const struct smp_check *check)
{
    json_t *notes = json_array();
    for (size_t i = 0; i < check->photo_count; i++)
        if (check->photos[i].blurred) {
            char text[320];
            snprintf(text, sizeof text,
                     "%.200s is blurred: even the texture of skin is missing; dots are lost",
                     check->photos[i].file);
            json_array_append_new(notes, json_string(text));
        }
    json_array_append_new(notes, json_string("too deep and too dark are told against the photo's "
                                             "own median dot: where all are, none stands out"));
    return notes;
}

static void print_json(const struct smp_check *check, const struct tally *t)
{
    json_t *zones = json_array();
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++)
        if (t->zones[zone].planned || t->zones[zone].found || t->zones[zone].state[SMP_HELD_UNSEEN])
            json_array_append_new(zones,
                                  zone_json(smp_zone_name((enum smp_zone)zone), &t->zones[zone]));
    char key[20];
    snprintf(key, sizeof key, "%016" PRIx64, smp_plan_key(&check->plan));
    json_t *object = json_pack(
        "{s:i,s:s,s:s,s:i,s:s,s:f,s:f,s:o}", "stubble_check", 1, "plan", check->folder, "plan_key",
        key, "session", check->session ? check->session : check->plan.sessions, "age", check->age,
        "years", check->years, "widening", check->wider, "photos", photos_json(check));
    json_object_set_new(object, "card", json_boolean(check->card));
    json_object_update_new(
        object,
        json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "planned",
                  (json_int_t)t->all.planned, "done", (json_int_t)t->all.state[SMP_HELD_DONE],
                  "not_done", (json_int_t)t->all.state[SMP_HELD_NOT_DONE], "doubtful",
                  (json_int_t)t->all.state[SMP_HELD_DOUBTFUL], "not_in_the_photos",
                  (json_int_t)t->all.state[SMP_HELD_UNSEEN], "extra", (json_int_t)t->all.extra,
                  "merged", (json_int_t)t->merged, "too_big", (json_int_t)t->too_big, "too_deep",
                  (json_int_t)t->too_deep, "too_dark", (json_int_t)t->too_dark));
    json_object_update_new(object,
                           json_pack("{s:o,s:o,s:o,s:o,s:o}", "whole", zone_json("all", &t->all),
                                     "zones", zones, "dots", dots_json(check), "measured",
                                     found_json(check), "notes", notes_json(check)));
    smp_cli_print_json(object);
}

// ---- Words -------------------------------------------------------------------------------------

static void print_text(const struct smp_check *check, const struct tally *t)
{
    for (size_t i = 0; i < check->photo_count; i++) {
        const struct smp_check_photo *p = &check->photos[i];
        printf("%s: the plan lies on %zu dots found to %.2f mm; the camera was off by %.1f mm, "
               "%.1f degrees, %.1f %%\n",
               p->file, p->found, p->held.rms_mm, p->held.shift_mm, p->held.turn_deg,
               100 * (p->held.scale - 1));
        if (check->card)
            printf("%s: colours corrected by the card, ΔE00 %.1f off\n", p->file,
                   p->card_delta_e00);
        if (p->blurred)
            printf("note: %s is blurred: dots are lost\n", p->file);
    }
    printf("%zu planned dots in sight: %zu done, %zu not done, %zu doubtful; %zu not in the "
           "photos\n%zu dots that were not planned; %zu merged, %zu too big, %zu too deep, %zu "
           "too dark\n",
           t->all.planned, t->all.state[SMP_HELD_DONE], t->all.state[SMP_HELD_NOT_DONE],
           t->all.state[SMP_HELD_DOUBTFUL], t->all.state[SMP_HELD_UNSEEN], t->all.extra, t->merged,
           t->too_big, t->too_deep, t->too_dark);
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const struct zone_tally *z = &t->zones[zone];
        if (z->cm2 > 0)
            printf("  %-20s %6.1f cm² seen (%.0f %%)  %.1f ± %.1f dots/cm², %.1f planned; %zu not "
                   "done\n",
                   smp_zone_name((enum smp_zone)zone), z->cm2, 100 * seen_share(z), z->per_cm2,
                   z->per_cm2_sd, z->planned_per_cm2, z->state[SMP_HELD_NOT_DONE]);
        else if (z->state[SMP_HELD_UNSEEN])
            printf("  %-20s    not seen: %zu dots are not in the photos\n",
                   smp_zone_name((enum smp_zone)zone), z->state[SMP_HELD_UNSEEN]);
    }
}

void smp_check_print(const struct smp_check *check, bool json)
{
    struct tally tally;
    take_tally(&tally, check);
    (json ? print_json : print_text)(check, &tally);
}
