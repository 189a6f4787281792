// plan --continue: the measured files, and what came of the earlier plan in words.
#include "cli/cli.h"
#include "cli/outputs.h"

#include <jansson.h>
#include <stdio.h>

enum { measured_bytes_max = 512 << 20 };

enum smp_code smp_continuing_plan(struct smp_plan *plan, const struct smp_plan_source *source,
                                  bool no_sandbox, struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err)
{
    const struct smp_scan_options options = { .no_sandbox = no_sandbox };
    struct smp_measured *files = smp_new(arena, struct smp_measured, source->measured_count);
    enum smp_code code = SMP_OK;
    if (!files)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the measured files");
    for (size_t i = 0; i < source->measured_count && !code; i++) {
        struct smp_bytes text;
        code = smp_file_read(&text, source->measured[i], measured_bytes_max, arena, err);
        if (!code)
            code = smp_measured_read(&files[i], source->measured[i], text, arena, err);
    }
    if (!code)
        code = smp_plan_continue(plan, source->continues, files, source->measured_count,
                                 source->session, &options, pool, arena, err);
    if (!code)
        smp_cli_warn_scan(plan->from->scan_warning);
    return code;
}

// ---- Telling ------------------------------------------------------------------------------------

static double minutes_left(const struct smp_plan *plan)
{
    double minutes = 0;
    for (int s = plan->continued.sessions_done; s < plan->sessions; s++)
        minutes += plan->session[s].minutes;
    return minutes;
}

static void print_zone(const char *name, const size_t *n)
{
    printf("  %-20s %zu done, %zu doubtful and %zu unseen taken as done, %zu not planned; %zu "
           "kept, %zu set again, %zu moved, %zu replaced, %zu left out\n",
           name, n[SMP_CAME_DONE], n[SMP_CAME_DOUBTFUL], n[SMP_CAME_ASSUMED], n[SMP_CAME_EXTRA],
           n[SMP_CAME_KEPT], n[SMP_CAME_AGAIN], n[SMP_CAME_MOVED], n[SMP_CAME_REPLACED],
           n[SMP_CAME_LEFT_OUT]);
}

static void print_photos(const struct smp_follow *follow)
{
    for (size_t i = 0; i < follow->photo_count; i++)
        printf("%s%s at %.1f years", i ? ", " : "", follow->photos[i].file,
               follow->photos[i].years);
}

static void print_touch_up(const struct smp_touch_up *t)
{
    printf("%s%.1f years (5 to 95 %%: %.1f to %s%.1f)", t->share_beyond > 0.5 ? "more than " : "",
           t->years.median, t->years.low, t->share_beyond > 0.05 ? "more than " : "",
           t->years.high);
}

// What photos make of the forecast; the recipe's line has it too.
static void print_forecast(const struct smp_follow *follow)
{
    const struct smp_follow_age *age = &follow->ages[SMP_FOLLOW_5Y];
    if (!follow->photo_count) {
        puts("Forecast: no file has the dots it takes, so it is that of the model alone");
        return;
    }
    printf("Forecast by photos (");
    print_photos(follow);
    if (follow->not_used) {
        printf("): not used; %s\n", follow->not_used);
        return;
    }
    printf("): contrast after %.0f years %.2f to %.2f, without them %.2f to %.2f (band %.0f %% "
           "narrower); touch up after ",
           age->years, age->after.low, age->after.high, age->before.low, age->before.high,
           age->narrower_percent);
    print_touch_up(&follow->after);
    printf(", without them ");
    print_touch_up(&follow->before);
    puts("");
    if (follow->photo_count == 1)
        puts("One photo says little: take one when healed and one later, alike in light, lens and "
             "distance.");
}

void smp_continuing_print(const struct smp_plan *plan)
{
    const struct smp_continued *c = &plan->continued;
    const int left = plan->sessions - c->sessions_done;
    const struct smp_session_total *next = &plan->session[c->sessions_done];
    if (!c->sessions_done)
        return;
    printf("%d of %d sessions done. Next: %zu dots, about %.0f min; all that is left: %d "
           "session%s, about %.0f min",
           c->sessions_done, plan->sessions, next->dots, next->minutes, left, left == 1 ? "" : "s",
           minutes_left(plan));
    if (plan->price_per_session)
        printf(", %s %.0f to %.0f\n", plan->from->currency, plan->price_low / plan->sessions * left,
               plan->price_high / plan->sessions * left);
    else
        puts("; the price is of the whole course");
    puts("What came of the dots:");
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        size_t all = 0;
        for (int k = 0; k < SMP_CAME_COUNT; k++)
            all += c->came[zone][k];
        if (all)
            print_zone(smp_zone_name((enum smp_zone)zone), c->came[zone]);
    }
    print_zone("all", c->came[SMP_ZONE_NONE]);
    if (c->spot_count)
        printf("%zu dots are merged, too big or too deep: two diameters are kept from them\n",
               c->spot_count);
    print_forecast(&c->follow);
}

static json_t *forecast_json(const struct smp_follow *follow)
{
    const struct smp_touch_up *t = &follow->after;
    json_t *object = json_pack("{s:I, s:s?}", "photos", (json_int_t)follow->photo_count, "not_used",
                               follow->not_used);
    if (smp_follow_narrows(follow))
        json_object_update_new(
            object, json_pack("{s:f, s:f, s:{s:f, s:f, s:f, s:f}}", "effective_draws",
                              follow->effective_draws, "narrower_percent_5y",
                              follow->ages[SMP_FOLLOW_5Y].narrower_percent, "touch_up_years", "low",
                              t->years.low, "median", t->years.median, "high", t->years.high,
                              "share_beyond_horizon", t->share_beyond));
    return object;
}

json_t *smp_continuing_json(const struct smp_plan *plan)
{
    const struct smp_continued *c = &plan->continued;
    if (!c->sessions_done)
        return NULL;
    json_t *came = json_object();
    for (int k = 0; k < SMP_CAME_COUNT; k++)
        json_object_set_new(came, smp_came_names[k],
                            json_integer((json_int_t)c->came[SMP_ZONE_NONE][k]));
    return json_pack("{s:i, s:i, s:I, s:f, s:o, s:I, s:o}", "sessions_done", c->sessions_done,
                     "sessions_left", plan->sessions - c->sessions_done, "next_dots",
                     (json_int_t)plan->session[c->sessions_done].dots, "minutes_left",
                     minutes_left(plan), "dots", came, "spots", (json_int_t)c->spot_count,
                     "forecast", forecast_json(&c->follow));
}
