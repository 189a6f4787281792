// A document in the making: parts in order, all memory of one arena, one sticky failure.
#include "report/report_impl.h"

#include <math.h>
#include <stdio.h>

void smp_doc_open(struct smp_doc *doc, struct smp_arena *arena)
{
    *doc = (struct smp_doc){ .arena = arena };
    doc->parts = smp_new(arena, struct smp_part, SMP_PARTS_MAX);
    doc->failed = !doc->parts;
}

struct smp_part *smp_doc_part(struct smp_doc *doc, enum smp_part_kind kind)
{
    struct smp_part *part = &doc->spare;
    if (doc->parts && doc->count < SMP_PARTS_MAX)
        part = &doc->parts[doc->count++];
    else
        doc->failed = true;
    *part = (struct smp_part){ .kind = kind };
    return part;
}

void *smp_doc_new(struct smp_doc *doc, size_t count, size_t size)
{
    void *made = smp_alloc(doc->arena, count, size);
    if (!made)
        doc->failed = true;
    return made;
}

static const char *keep(struct smp_doc *doc, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static const char *keep(struct smp_doc *doc, const char *format, va_list args)
{
    const char *text = smp_vformat(doc->arena, format, args);
    if (!text)
        doc->failed = true;
    return text ? text : "";
}

const char *smp_doc_say(struct smp_doc *doc, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = keep(doc, format, args);
    va_end(args);
    return text;
}

void smp_doc_section(struct smp_doc *doc, const char *id, const char *title)
{
    struct smp_part *part = smp_doc_part(doc, SMP_PART_SECTION);
    part->id = id;
    part->text = title;
}

void smp_doc_heading(struct smp_doc *doc, const char *text)
{
    smp_doc_part(doc, SMP_PART_HEADING)->text = text;
}

void smp_doc_text(struct smp_doc *doc, enum smp_voice voice, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = keep(doc, format, args);
    va_end(args);
    struct smp_part *part = smp_doc_part(doc, SMP_PART_TEXT);
    part->voice = voice;
    part->text = text;
}

void smp_doc_list(struct smp_doc *doc, const char *const *items, size_t count)
{
    struct smp_part *part = smp_doc_part(doc, SMP_PART_LIST);
    part->items = items;
    part->count = count;
}

struct smp_part_table *smp_doc_table(struct smp_doc *doc, const char *caption,
                                     const struct smp_part_column *column, size_t columns,
                                     size_t rows)
{
    const char **cells = smp_doc_new(doc, rows * columns, sizeof *cells);
    for (size_t i = 0; cells && i < rows * columns; i++)
        cells[i] = "";
    struct smp_part *part = smp_doc_part(doc, SMP_PART_TABLE);
    part->as.table = (struct smp_part_table){ caption, column, columns, cells ? rows : 0, cells };
    return &part->as.table;
}

void smp_doc_cell(struct smp_doc *doc, struct smp_part_table *table, size_t row, size_t column,
                  const char *format, ...)
{
    if (row >= table->rows)
        return;
    va_list args;
    va_start(args, format);
    table->cells[row * table->columns + column] = keep(doc, format, args);
    va_end(args);
}

struct smp_nice smp_nice_above(double value)
{
    if (!(value > 0) || !isfinite(value))
        return (struct smp_nice){ 1, 0.5 };
    const double unit = pow(10, floor(log10(value)));
    static const double tops[] = { 1, 1.5, 2, 3, 4, 5, 6, 8, 10 };
    static const double steps[] = { 0.5, 0.5, 1, 1, 2, 2.5, 2, 4, 5 };
    size_t i = 0;
    while (i < 8 && tops[i] * unit < value * (1 - 1e-9))
        i++;
    return (struct smp_nice){ tops[i] * unit, steps[i] * unit };
}

void smp_report_short(char text[32], double value)
{
    const double size = fabs(value);
    if (!(size < 9.5e11)) {
        snprintf(text, 32, "%g", value);
    } else if (size < 999.5) {
        snprintf(text, 32, "%.3g", value);
    } else {
        const long long whole = llround(size);
        const char *sign = value < 0 ? "-" : "";
        if (whole < 1000000)
            snprintf(text, 32, "%s%lld,%03lld", sign, whole / 1000, whole % 1000);
        else
            snprintf(text, 32, "%s%lld,%03lld,%03lld", sign, whole / 1000000, whole / 1000 % 1000,
                     whole % 1000);
    }
}
