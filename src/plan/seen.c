// seen.csv: the dots of a continued plan that photos showed, and how dark each is among the others.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { line_bytes_max = 48 };
static const double strongest = 10; // and 1 over it

char *smp_seen_write(const struct smp_continued *continued, size_t *length, struct smp_arena *arena)
{
    static const char header[] = "id,strength\n";
    const size_t room = sizeof header + continued->seen_count * line_bytes_max;
    char *text = smp_new(arena, char, room);
    if (!text)
        return NULL;
    size_t used = (size_t)snprintf(text, room, "%s", header);
    for (size_t i = 0; i < continued->seen_count; i++)
        used += (size_t)snprintf(text + used, room - used, "%u,%.3f\n", continued->seen[i].id,
                                 continued->seen[i].strength);
    *length = used;
    return text;
}

double smp_seen_strength(double contrast, double median)
{
    return round(1000 * smp_clamp(contrast / median, 1 / strongest, strongest)) / 1000;
}

static int by_id(const void *p, const void *q)
{
    const struct smp_seen_dot *a = p, *b = q;
    return (a->id > b->id) - (a->id < b->id);
}

void smp_seen_sort(struct smp_seen_dot *seen, size_t count)
{
    qsort(seen, count, sizeof *seen, by_id);
}

double smp_seen_of(const struct smp_continued *continued, uint32_t id)
{
    const struct smp_seen_dot key = { id, 0 };
    const struct smp_seen_dot *found =
        continued->seen_count
            ? bsearch(&key, continued->seen, continued->seen_count, sizeof key, by_id)
            : NULL;
    return found ? found->strength : 0;
}

enum smp_code smp_seen_read(struct smp_plan *plan, const char *file, struct smp_bytes text,
                            struct smp_arena *arena, struct smp_err *err)
{
    static const char *const names[2] = { "id", "strength" };
    double *v;
    size_t rows;
    const enum smp_code code = smp_csv_numbers(&v, &rows, file, (const char *)text.data,
                                               text.length, names, 2, arena, err);
    struct smp_seen_dot *seen = code ? NULL : smp_new(arena, struct smp_seen_dot, rows);
    if (!code && !seen)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", rows);
    for (size_t i = 0; i < rows && !code; i++) {
        const double id = v[2 * i], strength = v[2 * i + 1];
        const size_t dot = id >= 1 && id <= UINT32_MAX && id == floor(id)
                               ? smp_dot_of_id(plan->dots, plan->dot_count, (uint32_t)id)
                               : SIZE_MAX;
        if (dot == SIZE_MAX || plan->dots[dot].session > plan->continued.sessions_done)
            return smp_fail(err, SMP_E_FORMAT,
                            "%s: line %zu: id must be of a dot of dots.csv that is done, not %.12g",
                            file, i + 2, id);
        if (i && !(id > v[2 * i - 2]))
            return smp_fail(err, SMP_E_FORMAT,
                            "%s: line %zu: id must be above the id before it, not %.12g", file,
                            i + 2, id);
        if (!(strength >= 1 / strongest && strength <= strongest))
            return smp_fail(err, SMP_E_FORMAT,
                            "%s: line %zu: strength must be a number from %g to %g, not %.12g",
                            file, i + 2, 1 / strongest, strongest, strength);
        seen[i] = (struct smp_seen_dot){ (uint32_t)id, strength };
    }
    if (code)
        return code;
    plan->continued.seen = seen;
    plan->continued.seen_count = rows;
    return SMP_OK;
}
