// The next session's plan: what photos show is there, what is still to do is fitted to it.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double off_skin_mm = 2;      // of a measured dot
static const double lower_spacings = 1.5; // an unplanned dot stands for a planned one so far off
// A session of which of so many dots in the photos no more than that share was done, was not held.
static const double held_share = 0.05;
enum { held_least = 50 };

const char *const smp_came_names[] = { "done",  "taken_as_done", "doubtful", "not_planned", "kept",
                                       "again", "moved",         "replaced", "left_out",    NULL };
const char *const smp_spot_names[] = { "merged", "too_big", "too_deep", NULL };

struct work {
    const struct smp_plan *old;
    const struct smp_ground *ground;
    struct smp_survey survey;
    int done;     // sessions
    double years; // age of the dots in the last of the files
    struct smp_laying laying;
    struct smp_dot *dots; // by place: real ones, then those still to be set
    enum smp_came *came;
    size_t real, count;
    bool *out;        // given up
    double *strength; // of those that photos showed, now or before; 0: of none
    struct smp_plan made;
};

// ---- Sessions -----------------------------------------------------------------------------------

static enum smp_code files_agree(struct work *w, const struct smp_measured *files, size_t count,
                                 int session, struct smp_err *err)
{
    w->done = session ? session : files[0].session;
    for (size_t i = 0; i < count; i++) {
        if (files[i].plan_key != smp_plan_key(w->old))
            return smp_fail(err, SMP_E_INPUT,
                            "%s is of another plan (its plan_key is %016llx): run stubble check "
                            "with this one",
                            files[i].file, (unsigned long long)files[i].plan_key);
        if (!session && files[i].session != w->done)
            return smp_fail(err, SMP_E_INPUT,
                            "%s was held against session %d and %s against session %d: say by "
                            "--session which was the last that was done",
                            files[0].file, w->done, files[i].file, files[i].session);
        if (files[i].session < w->done)
            return smp_fail(err, SMP_E_INPUT,
                            "--session must be 1 to %d, up to which %s was held against the plan, "
                            "not %d",
                            files[i].session, files[i].file, w->done);
    }
    if (w->done > w->old->sessions)
        return smp_fail(err, SMP_E_INPUT, "--session must be 1 to %d for this plan, not %d",
                        w->old->sessions, w->done);
    if (w->done < w->old->continued.sessions_done)
        return smp_fail(err, SMP_E_INPUT,
                        "--session must be %d or more, not %d: so many were done when this plan "
                        "was made",
                        w->old->continued.sessions_done, w->done);
    if (w->done == SMP_SESSIONS_MAX)
        return smp_fail(err, SMP_E_INPUT,
                        "all %d sessions are done, and a plan holds no more: make a new one",
                        w->done);
    return SMP_OK;
}

static enum smp_code sessions_held(const struct work *w, struct smp_err *err)
{
    for (int s = 1; s <= w->done; s++) {
        size_t seen = 0, done = 0;
        for (size_t i = 0; i < w->old->dot_count; i++) {
            const enum smp_held_kind kind = w->survey.states[i].kind;
            if (w->old->dots[i].session != s)
                continue;
            done += kind == SMP_HELD_DONE;
            seen += kind == SMP_HELD_DONE || kind == SMP_HELD_NOT_DONE;
        }
        if (seen >= held_least && (double)done <= held_share * (double)seen)
            return smp_fail(err, SMP_E_INPUT,
                            "of the %zu dots of session %d in the photos %zu were done: it was not "
                            "held yet; say by --session which was the last",
                            seen, s, done);
    }
    return SMP_OK;
}

// ---- What the files show ------------------------------------------------------------------------

// Width as healed, and contrast as a share of the photo's median: so they go with other photos.
static enum smp_code level(struct smp_survey *view, const struct work *w,
                           const struct smp_measured *file, struct smp_arena *arena,
                           struct smp_err *err)
{
    struct smp_follow_photo seen;
    const enum smp_code code =
        smp_measured_contrast(&seen, file, w->old->from->settings, arena, err);
    for (size_t i = 0; i < view->real_count && !code; i++) {
        struct smp_real_dot *r = &view->real[i];
        r->diameter_mm /= file->widening;
        r->contrast = seen.contrast > 0 ? smp_seen_strength(r->contrast, seen.contrast) : 0;
    }
    return code;
}

static enum smp_code take_file(struct work *w, const struct smp_measured *file,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_survey view;
    enum smp_code code = smp_survey_make(&view, w->old->dots, w->old->dot_count, arena, err);
    for (size_t i = 0; i < file->dot_count && !code; i++) {
        const size_t dot = smp_dot_of_id(view.dots, view.count, file->dots[i].id);
        if (dot == SIZE_MAX)
            return smp_fail(err, SMP_E_INPUT,
                            "%s: dots[%zu].id is %u, and the plan has no such dot", file->file, i,
                            file->dots[i].id);
        view.states[dot] =
            (struct smp_dot_state){ file->dots[i].kind, NULL, 0, file->dots[i].seen_px_per_mm };
    }
    for (size_t i = 0; i < file->real_count && !code; i++) {
        const struct smp_real_dot *r = &file->real[i];
        const struct smp_hit hit = smp_rays_nearest(w->laying.rays, r->position_mm, off_skin_mm);
        if (r->id && smp_dot_of_id(view.dots, view.count, r->id) == SIZE_MAX)
            code = smp_fail(err, SMP_E_INPUT,
                            "%s: measured[%zu].id is %u, and the plan has no such dot", file->file,
                            i, r->id);
        else if (hit.triangle == SMP_NO_TRIANGLE)
            code = smp_fail(err, SMP_E_INPUT,
                            "%s: measured[%zu] lies more than %g mm off the head of the plan",
                            file->file, i, off_skin_mm);
    }
    view.real = smp_new(arena, struct smp_real_dot, file->real_count);
    if (!code && !view.real)
        code = smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", file->real_count);
    if (code)
        return code;
    memcpy(view.real, file->real, file->real_count * sizeof *view.real);
    view.real_count = file->real_count;
    code = level(&view, w, file, arena, err);
    return code ? code : smp_survey_add(&w->survey, &view, arena, err);
}

static enum smp_code take_files(struct work *w, const struct smp_measured *files, size_t count,
                                int session, struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = files_agree(w, files, count, session, err);
    if (!code)
        code = smp_survey_make(&w->survey, w->old->dots, w->old->dot_count, arena, err);
    for (size_t i = 0; i < count && !code; i++) {
        w->years = fmax(w->years, files[i].years);
        code = take_file(w, &files[i], arena, err);
    }
    return code ? code : sessions_held(w, err);
}

// ---- Places -------------------------------------------------------------------------------------

static void put(struct work *w, const struct smp_dot *dot, enum smp_came came, bool clear)
{
    const size_t i = w->count++;
    const bool later = came >= SMP_CAME_KEPT;
    w->dots[i] = *dot;
    w->came[i] = came;
    w->laying.places[i] = (struct smp_laid){ .at_mm = dot->position_mm,
                                             .diameter_mm = dot->diameter_um / 1000,
                                             .clear = clear,
                                             .on = !later };
}

// Among the spots of an earlier continuation, where no photo has shown the dot since.
static bool was_spot(const struct work *w, uint32_t id)
{
    for (size_t i = 0; i < w->old->continued.spot_count; i++)
        if (w->old->continued.spots[i].id == id)
            return true;
    return false;
}

static void put_spot(struct work *w, uint32_t id, int what)
{
    struct smp_continued *c = &w->made.continued;
    c->spots[c->spot_count++] = (struct smp_bad_spot){ id, what };
}

static void put_real(struct work *w)
{
    for (size_t i = 0; i < w->survey.real_count; i++) {
        const struct smp_real_dot *r = &w->survey.real[i];
        struct smp_dot dot = { .zone = r->zone,
                               .session = w->done,
                               .pigment = (uint8_t)w->old->from->recipe.middle_shade };
        if (r->id)
            dot = w->old->dots[smp_dot_of_id(w->old->dots, w->old->dot_count, r->id)];
        else
            dot.id = w->made.continued.next_id++;
        dot.session = dot.session < w->done ? dot.session : w->done;
        dot.position_mm = r->position_mm;
        dot.normal = r->normal;
        dot.chart = smp_chart_address(w->old->head, r->position_mm);
        dot.diameter_um = fmax(10, round(1000 * r->diameter_mm));
        const bool faulty = r->merged || r->too_big || r->too_deep;
        if (faulty)
            put_spot(w, dot.id,
                     r->merged    ? SMP_SPOT_MERGED
                     : r->too_big ? SMP_SPOT_TOO_BIG
                                  : SMP_SPOT_TOO_DEEP);
        w->strength[w->count] = r->contrast;
        put(w, &dot, r->id ? SMP_CAME_DONE : SMP_CAME_EXTRA, faulty);
    }
}

// Those of sessions done that no photo shows, or none clearly, are taken as done.
static void put_assumed(struct work *w)
{
    for (size_t i = 0; i < w->old->dot_count; i++) {
        const struct smp_dot *dot = &w->old->dots[i];
        const enum smp_held_kind kind = w->survey.states[i].kind;
        if (dot->session > w->done || kind == SMP_HELD_DONE || kind == SMP_HELD_NOT_DONE)
            continue;
        const bool spot = was_spot(w, dot->id);
        for (size_t k = 0; spot && k < w->old->continued.spot_count; k++)
            if (w->old->continued.spots[k].id == dot->id)
                put_spot(w, dot->id, w->old->continued.spots[k].what);
        w->strength[w->count] = smp_seen_of(&w->old->continued, dot->id);
        put(w, dot, kind == SMP_HELD_UNSEEN ? SMP_CAME_ASSUMED : SMP_CAME_DOUBTFUL, spot);
    }
}

static void put_later(struct work *w)
{
    for (size_t i = 0; i < w->old->dot_count; i++) {
        struct smp_dot dot = w->old->dots[i];
        const bool again = dot.session <= w->done && w->survey.states[i].kind == SMP_HELD_NOT_DONE;
        if (!again && (dot.session <= w->done || w->survey.states[i].kind == SMP_HELD_DONE))
            continue;
        dot.session = again ? w->done + 1 : dot.session;
        put(w, &dot, again ? SMP_CAME_AGAIN : SMP_CAME_KEPT, false);
    }
}

static enum smp_code put_all(struct work *w, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_continued *c = &w->made.continued;
    const size_t room = w->old->dot_count + w->survey.real_count, hairs = w->old->hair_count;
    w->dots = smp_new(arena, struct smp_dot, room);
    w->came = smp_new(arena, enum smp_came, room);
    w->out = smp_new(arena, bool, room);
    w->strength = smp_new(arena, double, room);
    w->laying.places = smp_new(arena, struct smp_laid, room + hairs);
    c->spots = smp_new(arena, struct smp_bad_spot, room);
    if (!w->dots || !w->came || !w->out || !w->strength || !w->laying.places || !c->spots)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", room);
    c->sessions_done = w->done;
    c->years = w->years;
    c->next_id = w->old->continued.next_id;
    for (size_t i = 0; i < w->old->dot_count; i++)
        if (w->old->dots[i].id >= c->next_id)
            c->next_id = w->old->dots[i].id + 1;
    put_real(w);
    put_assumed(w);
    w->real = w->count;
    put_later(w);
    for (size_t i = 0; i < hairs; i++)
        w->laying.places[w->count + i] =
            (struct smp_laid){ .at_mm = w->old->hairs[i].position_mm, .on = true };
    w->laying.plan = w->old;
    w->laying.ground = w->ground;
    w->laying.count = w->count + hairs;
    return smp_laying_make(&w->laying, arena, err);
}

// ---- What is still to do ------------------------------------------------------------------------

// Where a dot that nobody planned stands, one that is still to come is given up.
static void lower(struct work *w)
{
    for (size_t i = 0; i < w->real; i++) {
        const struct smp_vec3 at = w->dots[i].position_mm;
        if (w->came[i] != SMP_CAME_EXTRA)
            continue;
        const double reach_mm = lower_spacings * smp_laying_spacing_mm(&w->laying, at);
        const size_t near = smp_laying_nearest(&w->laying, at, reach_mm, w->real, w->count, w->out);
        if (near == SIZE_MAX)
            continue;
        w->out[near] = true;
        w->came[near] = SMP_CAME_LEFT_OUT;
    }
}

// Those that have room stay where they were planned; others move a little. Their numbers where
// there is no room beside them either.
static enum smp_code settle(struct work *w, size_t *homeless, size_t *homeless_count,
                            struct smp_arena *arena, struct smp_err *err)
{
    bool *free_place = smp_new(arena, bool, w->count);
    if (!free_place)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", w->count);
    for (size_t i = w->real; i < w->count; i++)
        free_place[i] = smp_laying_room(&w->laying, i, w->dots[i].position_mm);
    lower(w);
    for (size_t i = w->real; i < w->count; i++)
        w->laying.places[i].on = free_place[i] && !w->out[i];
    for (size_t i = w->real; i < w->count; i++) {
        struct smp_laid *place = &w->laying.places[i];
        if (place->on || w->out[i])
            continue;
        if (smp_laying_beside(&w->laying, i, &w->dots[i])) {
            place->at_mm = w->dots[i].position_mm;
            place->on = true;
            w->came[i] = SMP_CAME_MOVED;
        } else {
            homeless[(*homeless_count)++] = i;
        }
    }
    return SMP_OK;
}

// The homeless ones go where the layout finds the skin too bare, each to the nearest such place,
// as new dots.
static enum smp_code replace(struct work *w, const size_t *homeless, size_t count,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_layout layout = { 0 };
    for (size_t k = 0; k < count; k++) {
        w->out[homeless[k]] = true;
        w->came[homeless[k]] = SMP_CAME_LEFT_OUT;
    }
    enum smp_code code = SMP_OK;
    if (count)
        code = smp_laying_fill(&layout, &w->laying,
                               smp_hash64(w->old->from->seed, (uint64_t)w->done), pool, arena, err);
    bool *taken = smp_new(arena, bool, layout.count);
    if (code || !taken)
        return code ? code : smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", layout.count);
    for (size_t k = 0; k < count; k++) {
        struct smp_dot *dot = &w->dots[homeless[k]];
        size_t best = SIZE_MAX;
        double best_mm = HUGE_VAL;
        for (size_t i = 0; i < layout.count; i++) {
            const double mm = smp_length(smp_sub(layout.dots[i].position_mm, dot->position_mm));
            if (!taken[i] && mm < best_mm &&
                smp_laying_room(&w->laying, homeless[k], layout.dots[i].position_mm)) {
                best = i;
                best_mm = mm;
            }
        }
        if (best == SIZE_MAX)
            continue;
        taken[best] = true;
        dot->id = w->made.continued.next_id++;
        dot->position_mm = layout.dots[best].position_mm;
        dot->normal = layout.dots[best].normal;
        dot->chart = smp_chart_address(w->old->head, dot->position_mm);
        w->out[homeless[k]] = false;
        w->came[homeless[k]] = SMP_CAME_REPLACED;
    }
    return SMP_OK;
}

// ---- The new plan -------------------------------------------------------------------------------

static int by_id(const void *p, const void *q)
{
    const struct smp_dot *a = p, *b = q;
    return (a->id > b->id) - (a->id < b->id);
}

// One session more where all were done.
static struct smp_case *next_case(const struct work *w, size_t later, size_t all,
                                  struct smp_arena *arena)
{
    struct smp_case *next = smp_new(arena, struct smp_case, 1);
    if (!next)
        return NULL;
    *next = *w->old->from;
    if (w->done < next->sessions)
        return next;
    const double before = 1 - smp_clamp((double)later / (double)all, 1e-3, 0.999);
    for (int s = 0; s < next->sessions; s++)
        next->shares[s] = round(next->shares[s] * before * 1e6) / 1e6;
    next->shares[next->sessions++] = 1;
    return next;
}

// Dots that are done and that photos showed.
static enum smp_code gather_seen(struct work *w, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_continued *c = &w->made.continued;
    c->seen = smp_new(arena, struct smp_seen_dot, w->real);
    if (!c->seen)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", w->real);
    for (size_t i = 0; i < w->real; i++)
        if (w->strength[i] > 0)
            c->seen[c->seen_count++] = (struct smp_seen_dot){ w->dots[i].id, w->strength[i] };
    smp_seen_sort(c->seen, c->seen_count);
    return SMP_OK;
}

static enum smp_code gather(struct work *w, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_continued *c = &w->made.continued;
    struct smp_dot *dots = smp_new(arena, struct smp_dot, w->count);
    size_t count = 0, later = 0;
    if (!dots)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", w->count);
    for (size_t i = 0; i < w->count; i++) {
        c->came[w->dots[i].zone][w->came[i]]++;
        c->came[SMP_ZONE_NONE][w->came[i]]++;
        if (w->out[i])
            continue;
        later += i >= w->real;
        dots[count++] = w->dots[i];
    }
    if (!later)
        return smp_fail(err, SMP_E_INPUT,
                        "nothing is left to do: all %zu dots that have room are there or taken as "
                        "done",
                        count);
    qsort(dots, count, sizeof *dots, by_id);
    struct smp_case *next = next_case(w, later, count, arena);
    if (!next)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the case");
    struct smp_plan made = { 0 };
    const enum smp_code code = smp_plan_on_ground(&made, next, w->old->head, w->ground, arena, err);
    made.dots = dots;
    made.dot_count = count;
    made.dropped = w->old->dropped;
    made.strength_mean = w->old->strength_mean;
    made.strength_cv = w->old->strength_cv;
    made.continued = *c;
    w->made = made;
    return code;
}

static enum smp_code go_on(struct work *w, const struct smp_measured *measured, size_t count,
                           int session, struct smp_pool *pool, struct smp_arena *arena,
                           struct smp_err *err)
{
    size_t homeless_count = 0;
    enum smp_code code = take_files(w, measured, count, session, arena, err);
    if (!code)
        code = put_all(w, arena, err);
    size_t *homeless = smp_new(arena, size_t, w->count);
    if (!code && !homeless)
        code = smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", w->count);
    if (!code)
        code = settle(w, homeless, &homeless_count, arena, err);
    if (!code)
        code = replace(w, homeless, homeless_count, pool, arena, err);
    if (!code)
        code = gather_seen(w, arena, err);
    if (!code)
        code =
            smp_follow_make(&w->made.continued.follow, w->old, measured, count, pool, arena, err);
    if (!code)
        code = gather(w, arena, err);
    if (!code)
        code = smp_plan_order(&w->made, arena, err);
    return code ? code : smp_plan_finish(&w->made, arena, err);
}

enum smp_code smp_plan_go_on(struct smp_plan *plan, const struct smp_plan *old,
                             const struct smp_ground *ground, const struct smp_measured *measured,
                             size_t count, int session, struct smp_pool *pool,
                             struct smp_arena *arena, struct smp_err *err)
{
    struct work w = { .old = old, .ground = ground };
    enum smp_code code = smp_rays_make(&w.laying.rays, &old->head->mesh, err);
    if (code)
        return code;
    code = go_on(&w, measured, count, session, pool, arena, err);
    smp_rays_drop(w.laying.rays);
    if (!code)
        *plan = w.made;
    return code;
}

enum smp_code smp_plan_continue(struct smp_plan *plan, const char *folder,
                                const struct smp_measured *measured, size_t count, int session,
                                const struct smp_scan_options *options, struct smp_pool *pool,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_plan old;
    struct smp_ground ground;
    const enum smp_code code = smp_plan_load_on(&old, &ground, folder, options, pool, arena, err);
    return code ? code
                : smp_plan_go_on(plan, &old, &ground, measured, count, session, pool, arena, err);
}
