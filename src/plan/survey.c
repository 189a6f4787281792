// What several photos show of one plan, put together: one place on the head is counted once.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Two views' dots nearer than this are one; of planned ones that the views name differently, only
// nearer than the second: dots stand half a millimetre apart and more.
static const double same_mm = 0.4, same_named_mm = 0.2;
static const double same_id_mm = 3; // the same planned dot, farther off than any hand sets it
static const char disagree[] = "the photos do not agree";

size_t smp_dot_of_id(const struct smp_dot *dots, size_t count, uint32_t id)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (dots[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && dots[low].id == id ? low : SIZE_MAX;
}

uint64_t smp_plan_key(const struct smp_plan *plan)
{
    uint64_t key = plan->dot_count;
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *d = &plan->dots[i];
        const double at[3] = { d->position_mm.x, d->position_mm.y, d->position_mm.z };
        key = smp_hash64(key, (uint64_t)d->id << 8 | (uint64_t)d->session);
        for (int k = 0; k < 3; k++) // as dots.csv has them
            key = smp_hash64(key, (uint64_t)llround(at[k] * 1e5));
    }
    return key;
}

enum smp_code smp_survey_make(struct smp_survey *survey, const struct smp_dot *dots, size_t count,
                              struct smp_arena *arena, struct smp_err *err)
{
    *survey = (struct smp_survey){ .dots = dots,
                                   .count = count,
                                   .states = smp_new(arena, struct smp_dot_state, count) };
    if (!survey->states)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", count);
    for (size_t i = 0; i < count; i++)
        survey->states[i].kind = SMP_HELD_UNSEEN;
    return SMP_OK;
}

// ---- States -------------------------------------------------------------------------------------

static bool certain(enum smp_held_kind kind)
{
    return kind == SMP_HELD_DONE || kind == SMP_HELD_NOT_DONE;
}

// A view that is certain before one that doubts, else the better one.
static void add_states(struct smp_survey *survey, const struct smp_survey *view)
{
    for (size_t i = 0; i < survey->count; i++) {
        struct smp_dot_state *have = &survey->states[i];
        const struct smp_dot_state *is = &view->states[i];
        if (is->kind == SMP_HELD_UNSEEN)
            continue;
        const bool surer = certain(is->kind) != certain(have->kind)
                               ? certain(is->kind)
                               : is->seen_px_per_mm > have->seen_px_per_mm;
        if (have->kind == SMP_HELD_UNSEEN || surer)
            *have = *is;
    }
}

// ---- Real dots ----------------------------------------------------------------------------------

struct couple { // a dot of the view and one that is known
    double apart_mm;
    uint32_t seen, known;
};

static int by_distance(const void *p, const void *q)
{
    const struct couple *a = p, *b = q;
    if (a->apart_mm != b->apart_mm)
        return a->apart_mm < b->apart_mm ? -1 : 1;
    return a->seen != b->seen ? (a->seen > b->seen) - (a->seen < b->seen)
                              : (a->known > b->known) - (a->known < b->known);
}

struct meeting {
    const struct smp_survey *known, *view;
    struct smp_cell *cells; // of the known ones
    struct couple *couples;
    size_t count, room;
};

// Known dots that may be the same as one of the view. The same id counts as no distance at all.
static void meet(struct meeting *m, uint32_t seen)
{
    const struct smp_real_dot *a = &m->view->real[seen];
    for (int d = 0; d < 9; d++) {
        const uint64_t from = smp_cell_key(a->position_mm, same_id_mm, d / 3 - 1, d % 3 - 1, -1);
        size_t k = smp_cell_first(m->cells, m->known->real_count, from);
        for (; k < m->known->real_count && m->cells[k].key <= from + 2; k++) {
            const struct smp_real_dot *b = &m->known->real[m->cells[k].point];
            const double apart = smp_length(smp_sub(a->position_mm, b->position_mm));
            const bool same_id = a->id && a->id == b->id;
            const double limit = same_id ? same_id_mm : a->id && b->id ? same_named_mm : same_mm;
            if (apart >= limit)
                continue;
            if (m->count < m->room)
                m->couples[m->count] =
                    (struct couple){ same_id ? -1 : apart, seen, m->cells[k].point };
            m->count++;
        }
    }
}

static enum smp_code find_couples(struct meeting *m, struct smp_arena *scratch, struct smp_err *err)
{
    const size_t known = m->known->real_count;
    m->cells = smp_new(scratch, struct smp_cell, known);
    if (!m->cells)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", known);
    for (size_t i = 0; i < known; i++)
        m->cells[i] =
            (struct smp_cell){ smp_cell_key(m->known->real[i].position_mm, same_id_mm, 0, 0, 0),
                               (uint32_t)i };
    qsort(m->cells, known, sizeof *m->cells, smp_cell_order);
    for (int pass = 0; pass < 2; pass++) { // counted first
        m->count = 0;
        for (size_t i = 0; i < m->view->real_count; i++)
            meet(m, (uint32_t)i);
        if (pass == 0) {
            m->room = m->count;
            m->couples = smp_new(scratch, struct couple, m->room);
            if (!m->couples)
                return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", m->room);
        }
    }
    qsort(m->couples, m->count, sizeof *m->couples, by_distance);
    return SMP_OK;
}

static enum smp_code add_real(struct smp_survey *survey, const struct smp_survey *view,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct meeting m = { .known = survey, .view = view };
    const size_t known = survey->real_count, room = known + view->real_count;
    struct smp_real_dot *all = smp_new(arena, struct smp_real_dot, room);
    bool *taken = smp_new(arena, bool, room); // known ones, then those of the view
    if (!all || !taken)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", room);
    const enum smp_code code = find_couples(&m, arena, err);
    if (code)
        return code;
    if (known)
        memcpy(all, survey->real, known * sizeof *all);
    for (size_t i = 0; i < m.count; i++) {
        const struct couple *c = &m.couples[i];
        if (taken[c->known] || taken[known + c->seen])
            continue;
        taken[c->known] = taken[known + c->seen] = true;
        if (view->real[c->seen].seen_px_per_mm > all[c->known].seen_px_per_mm)
            all[c->known] = view->real[c->seen];
    }
    survey->real = all;
    for (size_t i = 0; i < view->real_count; i++)
        if (!taken[known + i])
            all[survey->real_count++] = view->real[i];
    return SMP_OK;
}

// ---- Both together ------------------------------------------------------------------------------

// A dot that a better view says was not done is not there; one of which the dot was not kept is
// doubtful.
static enum smp_code settle(struct smp_survey *survey, struct smp_arena *arena, struct smp_err *err)
{
    bool *there = smp_new(arena, bool, survey->count);
    size_t kept = 0;
    if (!there)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", survey->count);
    for (size_t i = 0; i < survey->real_count; i++) {
        const struct smp_real_dot *real = &survey->real[i];
        const size_t dot =
            real->id ? smp_dot_of_id(survey->dots, survey->count, real->id) : SIZE_MAX;
        if (real->id && dot == SIZE_MAX)
            continue;
        if (dot != SIZE_MAX) {
            struct smp_dot_state *state = &survey->states[dot];
            if (state->kind == SMP_HELD_UNSEEN) // its place is just outside of what was seen
                *state = (struct smp_dot_state){ SMP_HELD_DONE, NULL, 0, real->seen_px_per_mm };
            if (state->kind != SMP_HELD_DONE)
                continue;
            there[dot] = true;
        }
        survey->real[kept++] = *real;
    }
    survey->real_count = kept;
    for (size_t i = 0; i < survey->count; i++)
        if (survey->states[i].kind == SMP_HELD_DONE && !there[i])
            survey->states[i] = (struct smp_dot_state){ SMP_HELD_DOUBTFUL, disagree, 0,
                                                        survey->states[i].seen_px_per_mm };
    return SMP_OK;
}

enum smp_code smp_survey_add(struct smp_survey *survey, const struct smp_survey *view,
                             struct smp_arena *arena, struct smp_err *err)
{
    const enum smp_code code = add_real(survey, view, arena, err);
    if (code)
        return code;
    add_states(survey, view);
    return settle(survey, arena, err);
}
