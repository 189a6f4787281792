// Lines, words and numbers of text formats. Nothing here needs the text to end in NUL.
#include "loader_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ldr_next_line(struct ldr_span *text, struct ldr_span *line)
{
    if (text->at >= text->end)
        return false;
    const char *end = memchr(text->at, '\n', (size_t)(text->end - text->at));
    const char *stop = end ? end : text->end;
    *line = (struct ldr_span){ text->at, stop };
    if (line->end > line->at && line->end[-1] == '\r')
        line->end--;
    text->at = end ? end + 1 : text->end;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

bool ldr_next_word(struct ldr_span *line, struct ldr_span *word)
{
    while (line->at < line->end && is_blank(*line->at))
        line->at++;
    word->at = line->at;
    while (line->at < line->end && !is_blank(*line->at))
        line->at++;
    word->end = line->at;
    return word->end > word->at;
}

bool ldr_span_is(struct ldr_span span, const char *text)
{
    const size_t length = strlen(text);
    return (size_t)(span.end - span.at) == length && memcmp(span.at, text, length) == 0;
}

void ldr_rest_as_name(struct ldr_span line, char name[smp_name_bytes])
{
    while (line.at < line.end && is_blank(*line.at))
        line.at++;
    while (line.end > line.at && is_blank(line.end[-1]))
        line.end--;
    size_t length = (size_t)(line.end - line.at);
    if (length > smp_name_bytes - 1)
        length = smp_name_bytes - 1;
    memcpy(name, line.at, length);
    name[length] = 0;
    if (memchr(name, 0, length))
        length = strlen(name);
    memset(name + length, 0, smp_name_bytes - length);
}

// By the library where the quick way below would not be exact.
static bool number_slowly(struct ldr_span word, double *value)
{
    char text[128], *end = NULL;
    const size_t length = (size_t)(word.end - word.at);
    if (length >= sizeof text)
        return false;
    memcpy(text, word.at, length);
    text[length] = 0;
    for (size_t i = 0; i < length; i++)
        if (!strchr("0123456789+-.eE", text[i])) // no hexadecimal, no nan, no inf
            return false;
    *value = strtod(text, &end);
    return end == text + length && isfinite(*value);
}

bool ldr_number(struct ldr_span word, double *value)
{
    static const double tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    const char *at = word.at;
    const bool minus = at < word.end && *at == '-';
    if (at < word.end && (*at == '-' || *at == '+'))
        at++;
    uint64_t digits = 0;
    int count = 0, after_point = 0;
    bool point = false;
    for (; at < word.end; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (*at < '0' || *at > '9')
            break;
        digits = digits * 10 + (uint64_t)(*at - '0');
        after_point += point;
        if (++count > 18)
            return number_slowly(word, value);
    }
    // Clinger 1990: both the digits and the power of ten are exact doubles, so one division rounds.
    if (at != word.end || count == 0 || digits > (uint64_t)1 << 53)
        return number_slowly(word, value);
    const double size = (double)digits / tens[after_point];
    *value = minus ? -size : size;
    return true;
}

bool ldr_whole(struct ldr_span *span, int64_t *value)
{
    const char *at = span->at;
    const bool minus = at < span->end && *at == '-';
    if (at < span->end && (*at == '-' || *at == '+'))
        at++;
    int64_t size = 0;
    int count = 0;
    for (; at < span->end && *at >= '0' && *at <= '9'; at++) {
        if (++count > 18)
            return false;
        size = size * 10 + (*at - '0');
    }
    if (count == 0)
        return false;
    span->at = at;
    *value = minus ? -size : size;
    return true;
}
