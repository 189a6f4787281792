// What plan.json says of a plan that goes on where another was done.
#include "plan/plan_impl.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static json_t *counts_json(const char *zone, const size_t came[SMP_CAME_COUNT])
{
    json_t *row = json_pack("{s:s}", "zone", zone);
    for (int k = 0; k < SMP_CAME_COUNT; k++)
        json_object_set_new(row, smp_came_names[k], json_integer((json_int_t)came[k]));
    return row;
}

static json_t *left_json(const struct smp_plan *plan)
{
    double minutes = 0;
    size_t dots = 0;
    const int left = plan->sessions - plan->continued.sessions_done;
    for (int s = plan->continued.sessions_done; s < plan->sessions; s++) {
        minutes += plan->session[s].minutes;
        dots += plan->session[s].dots;
    }
    json_t *row = json_pack("{s:i, s:I, s:f}", "sessions", left, "dots", (json_int_t)dots,
                            "minutes", round(minutes));
    json_t *price = json_null(); // of the whole course: nothing can be said of a part
    if (plan->price_per_session)
        price = json_pack("{s:s, s:f, s:f}", "currency", plan->from->currency, "low",
                          plan->price_low / plan->sessions * left, "high",
                          plan->price_high / plan->sessions * left);
    json_object_set_new(row, "price", price);
    return row;
}

json_t *smp_continued_document(const struct smp_plan *plan)
{
    const struct smp_continued *c = &plan->continued;
    json_t *zones = json_array(), *spots = json_array();
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        size_t all = 0;
        for (int k = 0; k < SMP_CAME_COUNT; k++)
            all += c->came[zone][k];
        if (all)
            json_array_append_new(zones,
                                  counts_json(smp_zone_name((enum smp_zone)zone), c->came[zone]));
    }
    for (size_t i = 0; i < c->spot_count; i++)
        json_array_append_new(spots, json_pack("{s:I, s:s}", "id", (json_int_t)c->spots[i].id,
                                               "what", smp_spot_names[c->spots[i].what]));
    json_t *root =
        json_pack("{s:i, s:f, s:I, s:o, s:o, s:o, s:o}", "sessions_done", c->sessions_done, "years",
                  c->years, "next_id", (json_int_t)c->next_id, "left", left_json(plan), "whole",
                  counts_json("all", c->came[SMP_ZONE_NONE]), "zones", zones, "spots", spots);
    json_object_set_new(root, "forecast", smp_follow_document(&c->follow));
    return root;
}

// ---- Reading ------------------------------------------------------------------------------------

static enum smp_code read_counts(size_t came[SMP_CAME_COUNT], const struct smp_json *at,
                                 struct smp_err *err)
{
    struct smp_json child;
    enum smp_code code = SMP_OK;
    for (int k = 0; k < SMP_CAME_COUNT && !code; k++) {
        int64_t count = 0;
        if (smp_json_child(at, smp_came_names[k], &child))
            code = smp_json_integer(&child, 0, 100000000, &count, err);
        came[k] = (size_t)count;
    }
    return code;
}

static enum smp_code read_zones(struct smp_continued *c, const struct smp_json *list,
                                struct smp_err *err)
{
    struct smp_json item, name;
    enum smp_code code = smp_json_array(list, 0, SMP_ZONE_COUNT, err);
    for (size_t i = 0; !code && smp_json_item(list, i, &item); i++) {
        const char *text = "";
        if (smp_json_child(&item, "zone", &name))
            code = smp_json_text(&name, &text, err);
        for (int zone = 1; zone < SMP_ZONE_COUNT && !code; zone++)
            if (strcmp(text, smp_zone_name((enum smp_zone)zone)) == 0)
                code = read_counts(c->came[zone], &item, err);
    }
    return code;
}

static enum smp_code read_spots(struct smp_continued *c, const struct smp_json *list,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json item, child;
    enum smp_code code = smp_json_array(list, 0, 2000000, err);
    if (code)
        return code;
    c->spots = smp_new(arena, struct smp_bad_spot, smp_json_count(list));
    if (!c->spots)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the spots of a plan");
    for (size_t i = 0; !code && smp_json_item(list, i, &item); i++) {
        int64_t id = 0;
        struct smp_bad_spot *spot = &c->spots[c->spot_count];
        if (!smp_json_child(&item, "id", &child))
            return smp_fail(err, SMP_E_INPUT, "%s: %s.id is missing", item.file, item.path);
        code = smp_json_integer(&child, 1, UINT32_MAX, &id, err);
        spot->id = (uint32_t)id;
        if (!code && smp_json_child(&item, "what", &child))
            code = smp_json_choice(&child, smp_spot_names, &spot->what, err);
        c->spot_count += !code;
    }
    return code;
}

enum smp_code smp_continued_read(struct smp_continued *continued, const struct smp_json *at,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_continued c = { .years = SMP_HEALED_YEARS }; // of older files, which do not say
    struct smp_json child;
    int64_t done = 0, next = 0;
    enum smp_code code = SMP_OK;
    if (smp_json_child(at, "sessions_done", &child))
        code = smp_json_integer(&child, 1, SMP_SESSIONS_MAX - 1, &done, err);
    if (!code && smp_json_child(at, "years", &child))
        code = smp_json_number(&child, 0, SMP_AGE_MAX_YEARS, "years", &c.years, err);
    if (!code && smp_json_child(at, "forecast", &child))
        code = smp_follow_read(&c.follow, &child, arena, err);
    if (!code && smp_json_child(at, "next_id", &child))
        code = smp_json_integer(&child, 1, UINT32_MAX, &next, err);
    if (!code && smp_json_child(at, "whole", &child))
        code = read_counts(c.came[SMP_ZONE_NONE], &child, err);
    if (!code && smp_json_child(at, "zones", &child))
        code = read_zones(&c, &child, err);
    if (!code && smp_json_child(at, "spots", &child))
        code = read_spots(&c, &child, arena, err);
    c.sessions_done = (int)done;
    c.next_id = (uint32_t)next;
    if (!code)
        *continued = c;
    return code;
}
