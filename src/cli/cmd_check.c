// stubble check: photos held against a plan; practice skin against what was wished.
#include "cli/check.h"

#include <stdio.h>
#include <string.h>

int smp_cmd_check(int argc, char **argv);

static const char usage[] =
    "check PLAN PHOTO… --pose POSE.json [OPTIONS]\n"
    "       stubble check --practice IMAGE --mm-per-px S|--chart|--marker MM [OPTIONS]";

struct call {
    const char *pose, *age, *session, *region, *overlay, *card, *threads, *no_sandbox, *json;
    const char *practice, *mm_per_px, *chart, *marker, *wish_diameter, *wish_density;
    const char *given[SMP_CHECK_PHOTOS + 1];
    int count;
};

static enum smp_code run(const struct call *c, struct smp_arena *arena, struct smp_pool *pool,
                         struct smp_err *err)
{
    int64_t session = 0;
    enum smp_code code = SMP_OK;
    if (c->session)
        code = smp_cli_integer(c->session, "session", 1, 6, &session, err);
    if (code)
        return code;
    struct smp_check check = { .folder = c->given[0],
                               .age = c->age ? c->age : "healed",
                               .session = (int)session,
                               .pose = c->pose,
                               .region = c->region,
                               .overlay = c->overlay,
                               .threads = c->threads,
                               .card = c->card != NULL,
                               .no_sandbox = c->no_sandbox != NULL,
                               .arena = arena,
                               .pool = pool };
    code = smp_check_open(&check, err);
    for (int i = 1; i < c->count && !code; i++)
        code = smp_check_photo(&check, c->given[i], err);
    if (!code)
        smp_check_print(&check, c->json != NULL);
    smp_check_drop(&check);
    return code;
}

static int run_practice(const struct call *c)
{
    struct smp_err err = { 0 };
    struct smp_practice_wish wish = { .mm_per_px = c->mm_per_px,
                                      .chart = c->chart,
                                      .marker = c->marker,
                                      .region = c->region,
                                      .overlay = c->overlay,
                                      .threads = c->threads,
                                      .no_sandbox = c->no_sandbox };
    enum smp_code code = SMP_OK;
    if (c->pose || c->age || c->session || c->card || c->count)
        code = smp_fail(&err, SMP_E_INPUT,
                        "--practice takes one picture and neither PLAN nor --pose, --age, "
                        "--session, --card");
    if (!code && c->wish_diameter)
        code =
            smp_cli_number(c->wish_diameter, "wish-diameter-mm", 0.05, 2, &wish.diameter_mm, &err);
    if (!code && c->wish_density)
        code = smp_cli_number(c->wish_density, "wish-per-cm2", 1, 400, &wish.per_cm2, &err);
    return code ? smp_cli_fail(&err) : smp_check_practice(&wish, c->practice, c->json != NULL);
}

static enum smp_code check_call(const struct call *c, struct smp_err *err)
{
    if (c->count < 2)
        return smp_fail(err, SMP_E_INPUT,
                        "check needs a plan folder and a photo, or --practice IMAGE");
    if (!c->pose)
        return smp_fail(err, SMP_E_INPUT,
                        "--pose POSE.json is missing: what stubble pose --json printed");
    if (c->mm_per_px || c->chart || c->marker || c->wish_diameter || c->wish_density)
        return smp_fail(err, SMP_E_INPUT,
                        "--mm-per-px, --chart, --marker, --wish-diameter-mm and --wish-per-cm2 "
                        "go with --practice: a plan's photo has its scale from the pose");
    if (c->count > 2 && (c->region || c->overlay))
        return smp_fail(err, SMP_E_INPUT, "--region and --overlay go with one photo, not %d",
                        c->count - 1);
    return SMP_OK;
}

int smp_cmd_check(int argc, char **argv)
{
    struct call c = { 0 };
    const struct smp_option options[] = {
        { "pose", "FILE", "cameras, as stubble pose --json printed them", &c.pose, 0 },
        { "session", "N", "the last session that was done (all)", &c.session, 0 },
        { "age", "AGE", "fresh, healed, 10d, 3y (healed)", &c.age, 0 },
        { "region", "X,Y,W,H|MASK",
          "where to look: a rectangle in pixels or a picture, bright "
          "there",
          &c.region, 0 },
        { "overlay", "FILE", "also write the photo with what was found drawn in", &c.overlay, 0 },
        { "card", NULL, "make the light of each photo true by the colour card in it", &c.card, 0 },
        { "practice", "IMAGE", "score dots on practice skin instead", &c.practice, 0 },
        { "mm-per-px", "S", "practice: millimetres a pixel", &c.mm_per_px, 0 },
        { "chart", NULL, "practice: scale from the colour card", &c.chart, 0 },
        { "marker", "MM", "practice: scale from the square marker, MM a side", &c.marker, 0 },
        { "wish-diameter-mm", "D", "practice: the diameter aimed at", &c.wish_diameter, 0 },
        { "wish-per-cm2", "N", "practice: the density aimed at", &c.wish_density, 0 },
        { "threads", "T", "threads to use; 0: one a core", &c.threads, 0 },
        { "no-sandbox", NULL, "read pictures and scans without confinement", &c.no_sandbox, 0 },
        { "json", NULL, "print one JSON object", &c.json, 0 },
        { 0 },
    };
    const int status =
        smp_cli_parse(argc, argv, usage, options, c.given, 0, SMP_CHECK_PHOTOS + 1, &c.count);
    if (status)
        return status < 0 ? 0 : status;
    if (c.practice)
        return run_practice(&c);
    struct smp_err err = { 0 };
    struct smp_arena arena;
    int64_t threads = 0;
    enum smp_code code = check_call(&c, &err);
    if (!code && c.threads)
        code = smp_cli_integer(c.threads, "threads", 0, 256, &threads, &err);
    if (code)
        return smp_cli_fail(&err);
    smp_arena_make(&arena, 0);
    struct smp_pool *pool = smp_pool_make((unsigned)threads);
    code = run(&c, &arena, pool, &err);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
