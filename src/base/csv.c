// Tables of numbers: CSV with named columns, and plain lists.
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *file, *at, *end;
    size_t line;
};

struct field {
    const char *text;
    size_t length;
};

// A number and nothing else: digits, sign, point, exponent; not nan, inf or hexadecimal.
static bool read_number(struct field f, double *value)
{
    char copy[64];
    if (f.length == 0 || f.length >= sizeof copy)
        return false;
    for (size_t i = 0; i < f.length; i++)
        if (!strchr("0123456789+-.eE", f.text[i]) || f.text[i] == 0)
            return false;
    memcpy(copy, f.text, f.length);
    copy[f.length] = 0;
    char *end;
    const double v = strtod(copy, &end);
    if (*end != 0 || !(v > -1e300 && v < 1e300))
        return false;
    *value = v;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct field trim(const char *from, const char *to)
{
    while (from < to && is_blank(*from))
        from++;
    while (to > from && is_blank(to[-1]))
        to--;
    if (to - from >= 2 && *from == '"' && to[-1] == '"') {
        from++;
        to--;
    }
    return (struct field){ from, (size_t)(to - from) };
}

// Next line that is not empty; false at the end.
static bool next_line(struct reader *r, const char **from, const char **to)
{
    while (r->at < r->end) {
        const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
        *from = r->at;
        *to = stop ? stop : r->end;
        r->at = stop ? stop + 1 : r->end;
        r->line++;
        if (trim(*from, *to).length)
            return true;
    }
    return false;
}

// Splits off the next field of a line.
static struct field next_field(const char **from, const char *to, bool *more)
{
    const char *comma = memchr(*from, ',', (size_t)(to - *from));
    const struct field f = trim(*from, comma ? comma : to);
    *from = comma ? comma + 1 : to;
    *more = comma != NULL;
    return f;
}

enum { columns_max = 16 };

static enum smp_code find_columns(size_t *where, const struct reader *r, const char *from,
                                  const char *to, const char *const *names, size_t count,
                                  struct smp_err *err)
{
    for (size_t k = 0; k < count; k++)
        where[k] = SIZE_MAX;
    bool more = true;
    if (to - from >= 3 && memcmp(from, "\xef\xbb\xbf", 3) == 0)
        from += 3; // byte order mark
    for (size_t at = 0; more; at++) {
        const struct field f = next_field(&from, to, &more);
        for (size_t k = 0; k < count; k++)
            if (strlen(names[k]) == f.length && memcmp(names[k], f.text, f.length) == 0)
                where[k] = at;
    }
    for (size_t k = 0; k < count; k++)
        if (where[k] == SIZE_MAX)
            return smp_fail(err, SMP_E_FORMAT, "%s, line %zu: the first line must name a column %s",
                            r->file, r->line, names[k]);
    return SMP_OK;
}

static enum smp_code read_row(double *row, const struct reader *r, const char *from, const char *to,
                              const size_t *where, const char *const *names, size_t count,
                              struct smp_err *err)
{
    size_t found = 0, at = 0;
    for (bool more = true; more; at++) {
        const struct field f = next_field(&from, to, &more);
        for (size_t k = 0; k < count; k++) {
            if (where[k] != at)
                continue;
            if (!read_number(f, &row[k]))
                return smp_fail(err, SMP_E_FORMAT, "%s, line %zu: %s must be a number, not '%.*s'",
                                r->file, r->line, names[k], (int)(f.length < 40 ? f.length : 40),
                                f.text);
            found++;
        }
    }
    if (found < count)
        return smp_fail(err, SMP_E_FORMAT, "%s, line %zu: %zu fields, which lack the column %s",
                        r->file, r->line, at, names[found]);
    return SMP_OK;
}

enum smp_code smp_csv_numbers(double **values, size_t *rows, const char *file, const char *text,
                              size_t length, const char *const *names, size_t count,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct reader r = { file, text, text + length, 0 };
    const char *from, *to;
    size_t where[columns_max];
    if (count > columns_max || !next_line(&r, &from, &to))
        return smp_fail(err, SMP_E_FORMAT, "%s: it is empty, and its first line must name columns",
                        file);
    enum smp_code code = find_columns(where, &r, from, to, names, count, err);
    if (code)
        return code;
    size_t lines = 1;
    for (const char *c = text; c < r.end; c++)
        lines += *c == '\n';
    double *all = smp_alloc(arena, lines * count, sizeof *all);
    if (!all)
        return smp_fail(err, SMP_E_NOMEM, "%s: no room for %zu lines", file, lines);
    size_t n = 0;
    while (next_line(&r, &from, &to)) {
        code = read_row(all + n * count, &r, from, to, where, names, count, err);
        if (code)
            return code;
        n++;
    }
    *values = all;
    *rows = n;
    return SMP_OK;
}

enum smp_code smp_list_numbers(double **values, size_t *count, const char *file, const char *text,
                               size_t length, struct smp_arena *arena, struct smp_err *err)
{
    struct reader r = { file, text, text + length, 0 };
    size_t lines = 1, n = 0;
    for (const char *c = text; c < r.end; c++)
        lines += *c == '\n';
    double *all = smp_new(arena, double, lines);
    if (!all)
        return smp_fail(err, SMP_E_NOMEM, "%s: no room for %zu lines", file, lines);
    const char *from, *to;
    while (next_line(&r, &from, &to)) {
        const struct field f = trim(from, to);
        if (!read_number(f, &all[n++]))
            return smp_fail(err, SMP_E_FORMAT,
                            "%s, line %zu: a line must be one number, not '%.*s'", file, r.line,
                            (int)(f.length < 40 ? f.length : 40), f.text);
    }
    *values = all;
    *count = n;
    return SMP_OK;
}
