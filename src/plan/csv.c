// dots.csv: one dot a line, written and read to the last digit.
#include "plan/plan_impl.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { columns = 14, line_bytes_max = 320, dots_max = 2000000 };

const char smp_dots_header[] =
    "id,x_mm,y_mm,z_mm,nx,ny,nz,u,v,zone,session,order,diameter_um,pigment";

// −0 is written as 0, so that a number has one spelling.
static double plain(double v, double step)
{
    return fabs(v) < step / 2 ? 0 : v;
}

char *smp_dots_write(const struct smp_plan *plan, size_t *length, struct smp_arena *arena)
{
    const size_t room = sizeof smp_dots_header + 1 + plan->dot_count * line_bytes_max;
    char *text = smp_new(arena, char, room);
    if (!text)
        return NULL;
    size_t used = (size_t)snprintf(text, room, "%s\n", smp_dots_header);
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *d = &plan->dots[i];
        const struct smp_vec3 p = d->position_mm, n = d->normal;
        used += (size_t)snprintf(
            text + used, room - used,
            "%u,%.5f,%.5f,%.5f,%.5f,%.5f,%.5f,%.6f,%.6f,%s,%d,%u,%.6g,%u\n", d->id,
            plain(p.x, 1e-5), plain(p.y, 1e-5), plain(p.z, 1e-5), plain(n.x, 1e-5),
            plain(n.y, 1e-5), plain(n.z, 1e-5), plain(d->chart.x, 1e-6), plain(d->chart.y, 1e-6),
            smp_zone_name(d->zone), d->session, d->order, d->diameter_um, d->pigment);
    }
    *length = used;
    return text;
}

// ---- Reading ------------------------------------------------------------------------------------

struct row {
    const char *file;
    size_t line;
    char *fields[columns];
};

static enum smp_code wrong(const struct row *row, const char *name, const char *value,
                           const char *rule, struct smp_err *err)
{
    return smp_fail(err, SMP_E_FORMAT, "%s: line %zu: %s must be %s, not '%.40s'", row->file,
                    row->line, name, rule, value);
}

static enum smp_code real(const struct row *row, size_t column, const char *name, double limit,
                          double *value, struct smp_err *err)
{
    char *end;
    const char *text = row->fields[column];
    const double v = strtod(text, &end);
    char rule[60];
    if (*text == 0 || *end != 0 || !(fabs(v) <= limit)) {
        snprintf(rule, sizeof rule, "a number from %g to %g", -limit, limit);
        return wrong(row, name, text, rule, err);
    }
    *value = v;
    return SMP_OK;
}

static enum smp_code whole(const struct row *row, size_t column, const char *name, long min,
                           long max, long *value, struct smp_err *err)
{
    char *end;
    const char *text = row->fields[column];
    errno = 0;
    const long v = strtol(text, &end, 10);
    char rule[60];
    if (*text == 0 || *end != 0 || errno || v < min || v > max) {
        snprintf(rule, sizeof rule, "a whole number from %ld to %ld", min, max);
        return wrong(row, name, text, rule, err);
    }
    *value = v;
    return SMP_OK;
}

static enum smp_code zone_of(const struct row *row, enum smp_zone *zone, struct smp_err *err)
{
    for (int z = 1; z < SMP_ZONE_COUNT; z++) {
        if (strcmp(row->fields[9], smp_zone_name((enum smp_zone)z)) == 0) {
            *zone = (enum smp_zone)z;
            return SMP_OK;
        }
    }
    return wrong(row, "zone", row->fields[9], "the name of a zone", err);
}

static enum smp_code read_place(const struct row *row, struct smp_dot *dot, struct smp_err *err)
{
    double v[8] = { 0 };
    static const char *const names[8] = { "x_mm", "y_mm", "z_mm", "nx", "ny", "nz", "u", "v" };
    for (size_t i = 0; i < 8; i++) {
        const double limit = i < 3 ? 1000 : i < 6 ? 1.001 : 4;
        enum smp_code code = real(row, i + 1, names[i], limit, &v[i], err);
        if (code)
            return code;
    }
    dot->position_mm = smp_vec3(v[0], v[1], v[2]);
    dot->normal = smp_vec3(v[3], v[4], v[5]);
    dot->chart = (struct smp_vec2){ v[6], v[7] };
    const double length = smp_length(dot->normal);
    if (!(length > 0.99 && length < 1.01))
        return wrong(row, "nx", row->fields[4], "part of a normal of length 1", err);
    return SMP_OK;
}

static enum smp_code read_row(const struct row *row, int sessions, struct smp_dot *dot,
                              struct smp_err *err)
{
    long id = 0, session = 0, order = 0, pigment = 0;
    enum smp_code code = whole(row, 0, "id", 1, UINT32_MAX, &id, err);
    if (!code)
        code = read_place(row, dot, err);
    if (!code)
        code = zone_of(row, &dot->zone, err);
    if (!code)
        code = whole(row, 10, "session", 1, sessions, &session, err);
    if (!code)
        code = whole(row, 11, "order", 1, UINT32_MAX, &order, err);
    if (!code)
        code = real(row, 12, "diameter_um", 5000, &dot->diameter_um, err);
    if (!code && !(dot->diameter_um >= 10))
        code = wrong(row, "diameter_um", row->fields[12], "a number from 10 to 5000", err);
    if (!code)
        code = whole(row, 13, "pigment", 0, 255, &pigment, err);
    dot->id = (uint32_t)id;
    dot->session = (int)session;
    dot->order = (uint32_t)order;
    dot->pigment = (uint8_t)pigment;
    return code;
}

// Cuts a line at its commas, in place.
static enum smp_code cut(struct row *row, char *line, struct smp_err *err)
{
    size_t count = 0;
    for (char *next = line; next; count++) {
        char *comma = strchr(next, ',');
        if (count < columns)
            row->fields[count] = next;
        if (comma)
            *comma++ = 0;
        next = comma;
    }
    if (count != columns)
        return smp_fail(err, SMP_E_FORMAT, "%s: line %zu must have %d fields, not %zu", row->file,
                        row->line, columns, count);
    return SMP_OK;
}

// The next line in a buffer of the caller; false at the end. Too long a line is cut short, and
// then fails by its fields.
static bool next_line(struct smp_bytes text, size_t *at, char line[line_bytes_max])
{
    if (*at >= text.length)
        return false;
    const char *begin = (const char *)text.data + *at;
    const char *end = memchr(begin, '\n', text.length - *at);
    const size_t length = end ? (size_t)(end - begin) : text.length - *at;
    size_t kept = length < line_bytes_max - 1 ? length : line_bytes_max - 1;
    memcpy(line, begin, kept);
    if (kept && line[kept - 1] == '\r')
        kept--;
    line[kept] = 0;
    *at += length + 1;
    return true;
}

enum smp_code smp_dots_read(struct smp_plan *plan, const char *file, struct smp_bytes text,
                            struct smp_arena *arena, struct smp_err *err)
{
    char line[line_bytes_max];
    size_t at = 0, lines = 1;
    if (!next_line(text, &at, line) || strcmp(line, smp_dots_header) != 0)
        return smp_fail(err, SMP_E_FORMAT, "%s must begin with the line %s", file, smp_dots_header);
    for (size_t i = at; i < text.length; i++)
        lines += text.data[i] == '\n';
    if (lines > dots_max)
        return smp_fail(err, SMP_E_LIMIT, "%s has %zu lines; at most %d are allowed", file, lines,
                        dots_max);
    struct smp_dot *dots = smp_new(arena, struct smp_dot, lines);
    if (!dots)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", lines);
    struct row row = { .file = file, .line = 1 };
    size_t count = 0;
    uint32_t last_id = 0;
    while (next_line(text, &at, line)) {
        row.line++;
        enum smp_code code = cut(&row, line, err);
        if (!code)
            code = read_row(&row, plan->sessions, &dots[count], err);
        if (!code && dots[count].id <= last_id)
            code = wrong(&row, "id", row.fields[0], "above the id before it", err);
        if (code)
            return code;
        last_id = dots[count++].id;
    }
    plan->dots = dots;
    plan->dot_count = count;
    return SMP_OK;
}
