// Bytes that grow, and numbers that look the same in every locale.
#include "page/page.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void smp_buffer_add(struct smp_buffer *buffer, const void *data, size_t length)
{
    if (buffer->failed)
        return;
    if (length > SIZE_MAX / 4 - buffer->length) {
        buffer->failed = true;
        return;
    }
    if (buffer->length + length > buffer->capacity) {
        size_t capacity = buffer->capacity ? buffer->capacity : 65536;
        while (capacity < buffer->length + length)
            capacity *= 2;
        char *grown = realloc(buffer->data, capacity); // at the border of cairo's stream
        if (!grown) {
            buffer->failed = true;
            return;
        }
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
}

void smp_buffer_text(struct smp_buffer *buffer, const char *text)
{
    smp_buffer_add(buffer, text, strlen(text));
}

void smp_buffer_xml(struct smp_buffer *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        switch (*c) {
        case '&':
            smp_buffer_text(out, "&amp;");
            break;
        case '<':
            smp_buffer_text(out, "&lt;");
            break;
        case '>':
            smp_buffer_text(out, "&gt;");
            break;
        case '"':
            smp_buffer_text(out, "&quot;");
            break;
        default:
            if ((unsigned char)*c >= 32) // control characters are not XML
                smp_buffer_add(out, c, 1);
        }
    }
}

void smp_buffer_print(struct smp_buffer *buffer, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length < 0 || length >= (int)sizeof text)
        buffer->failed = true;
    else
        smp_buffer_add(buffer, text, (size_t)length);
}

void smp_buffer_fixed(struct smp_buffer *buffer, double value, int decimals)
{
    double power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    const double scaled = value * power;
    if (!(fabs(scaled) < 9e15)) { // NaN and what would not fit
        buffer->failed = true;
        return;
    }
    const int64_t whole = llround(scaled), unit = (int64_t)power;
    const int64_t size = whole < 0 ? -whole : whole;
    if (decimals == 0)
        smp_buffer_print(buffer, "%s%" PRId64, whole < 0 ? "-" : "", size);
    else
        smp_buffer_print(buffer, "%s%" PRId64 ".%0*" PRId64, whole < 0 ? "-" : "", size / unit,
                         decimals, size % unit);
}

void smp_buffer_drop(struct smp_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct smp_buffer){ 0 };
}
