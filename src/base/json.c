#include "base/base.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Reading -------------------------------------------------------------------------------

enum smp_code smp_json_parse(struct smp_json *root, const char *file, const char *text,
                             size_t length, struct smp_err *err)
{
    // Some editors begin a text with a byte order mark; RFC 8259 §8.1 lets a reader pass over it.
    const size_t mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    text += mark;
    length -= mark;
    size_t blank = 0;
    while (blank < length && text[blank] && strchr(" \t\r\n", text[blank]))
        blank++;
    if (blank == length)
        return smp_fail(err, SMP_E_FORMAT, "%s is not valid JSON: it is empty", file);
    json_error_t why;
    json_t *node = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (!node)
        return smp_fail(err, SMP_E_FORMAT, "%s is not valid JSON: %s at line %d, column %d", file,
                        why.text, why.line, why.column);
    *root = (struct smp_json){ .file = file, .node = node };
    return SMP_OK;
}

void smp_json_close(struct smp_json *root)
{
    json_decref(root->node);
    root->node = NULL;
}

// Name of a place for messages: "case.json: design.hairline.style".
static const char *place(const struct smp_json *at, char text[512])
{
    snprintf(text, 512, "%s: %s", at->file, *at->path ? at->path : "the document");
    return text;
}

bool smp_json_child(const struct smp_json *at, const char *name, struct smp_json *child)
{
    json_t *node = json_object_get(at->node, name);
    if (!node || json_is_null(node))
        return false;
    struct smp_json found = { .file = at->file, .node = node };
    snprintf(found.path, sizeof found.path, "%s%s%s", at->path, *at->path ? "." : "", name);
    *child = found;
    return true;
}

bool smp_json_item(const struct smp_json *at, size_t index, struct smp_json *item)
{
    json_t *node = json_array_get(at->node, index);
    if (!node)
        return false;
    struct smp_json found = { .file = at->file, .node = node };
    snprintf(found.path, sizeof found.path, "%s[%zu]", at->path, index);
    *item = found;
    return true;
}

size_t smp_json_count(const struct smp_json *at)
{
    return json_array_size(at->node);
}

// A short rendering of the offending value.
static const char *shown(const json_t *node, char text[64])
{
    if (json_is_real(node) || json_is_integer(node)) {
        snprintf(text, 64, "%.12g", json_number_value(node));
    } else if (json_is_string(node)) {
        snprintf(text, 64, "\"%.50s\"", json_string_value(node));
    } else {
        static const char *const kinds[] = { "an object", "an array", "a text", "a number",
                                             "a number",  "true",     "false",  "null" };
        snprintf(text, 64, "%s", kinds[json_typeof(node)]);
    }
    return text;
}

static enum smp_code wrong(const struct smp_json *at, const char *rule, struct smp_err *err)
{
    char where[512], value[64];
    return smp_fail(err, SMP_E_INPUT, "%s must be %s, not %s", place(at, where), rule,
                    shown(at->node, value));
}

enum smp_code smp_json_object(const struct smp_json *at, const char *const *known,
                              struct smp_err *err)
{
    if (!json_is_object(at->node))
        return wrong(at, "an object", err);
    const char *key;
    json_t *value;
    json_object_foreach(at->node, key, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (known[i])
            continue;
        char list[256] = "";
        for (size_t k = 0; known[k]; k++) {
            const size_t used = strlen(list);
            snprintf(list + used, sizeof list - used, "%s%s", k ? ", " : "", known[k]);
        }
        return smp_fail(err, SMP_E_INPUT, "%s: unknown field %s%s%.60s (known: %s)", at->file,
                        at->path, *at->path ? "." : "", key, list);
    }
    return SMP_OK;
}

enum smp_code smp_json_array(const struct smp_json *at, size_t min, size_t max, struct smp_err *err)
{
    if (!json_is_array(at->node))
        return wrong(at, "an array", err);
    const size_t count = json_array_size(at->node);
    if (count >= min && count <= max)
        return SMP_OK;
    char where[512];
    return smp_fail(err, SMP_E_INPUT, "%s must hold %zu to %zu items, not %zu", place(at, where),
                    min, max, count);
}

enum smp_code smp_json_number(const struct smp_json *at, double min, double max, const char *unit,
                              double *value, struct smp_err *err)
{
    if (!json_is_number(at->node))
        return wrong(at, "a number", err);
    const double v = json_number_value(at->node);
    char where[512];
    if (!(v >= min && v <= max))
        return smp_fail(err, SMP_E_INPUT, "%s must be %g to %g%s%s, not %.12g", place(at, where),
                        min, max, *unit ? " " : "", unit, v);
    *value = v;
    return SMP_OK;
}

enum smp_code smp_json_integer(const struct smp_json *at, int64_t min, int64_t max, int64_t *value,
                               struct smp_err *err)
{
    if (!json_is_integer(at->node))
        return wrong(at, "a whole number", err);
    const int64_t v = json_integer_value(at->node);
    char where[512];
    if (min == max && v != min)
        return smp_fail(err, SMP_E_INPUT, "%s must be %lld, not %lld", place(at, where),
                        (long long)min, (long long)v);
    if (v < min || v > max)
        return smp_fail(err, SMP_E_INPUT, "%s must be %lld to %lld, not %lld", place(at, where),
                        (long long)min, (long long)max, (long long)v);
    *value = v;
    return SMP_OK;
}

enum smp_code smp_json_bool(const struct smp_json *at, bool *value, struct smp_err *err)
{
    if (!json_is_boolean(at->node))
        return wrong(at, "true or false", err);
    *value = json_is_true(at->node);
    return SMP_OK;
}

enum smp_code smp_json_text(const struct smp_json *at, const char **value, struct smp_err *err)
{
    if (!json_is_string(at->node))
        return wrong(at, "a text", err);
    *value = json_string_value(at->node);
    return SMP_OK;
}

enum smp_code smp_json_choice(const struct smp_json *at, const char *const *names, int *index,
                              struct smp_err *err)
{
    const char *text = json_string_value(at->node);
    for (int i = 0; text && names[i]; i++) {
        if (strcmp(names[i], text) == 0) {
            *index = i;
            return SMP_OK;
        }
    }
    char rule[400];
    snprintf(rule, sizeof rule, "%sone of ", text ? "" : "a text in quotes, ");
    for (size_t i = 0; names[i]; i++) {
        const size_t used = strlen(rule);
        snprintf(rule + used, sizeof rule - used, "%s%s", i ? ", " : "", names[i]);
    }
    return wrong(at, rule, err);
}

enum smp_code smp_json_vec3(const struct smp_json *at, double min, double max, const char *unit,
                            struct smp_vec3 *value, struct smp_err *err)
{
    enum smp_code code = smp_json_array(at, 3, 3, err);
    double v[3] = { 0 };
    for (size_t i = 0; i < 3 && !code; i++) {
        struct smp_json item = *at;
        smp_json_item(at, i, &item);
        code = smp_json_number(&item, min, max, unit, &v[i], err);
    }
    if (!code)
        *value = smp_vec3(v[0], v[1], v[2]);
    return code;
}

enum smp_code smp_json_fields(const struct smp_json *at, const struct smp_field *fields,
                              size_t count, void *params, struct smp_err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct smp_json child;
        if (!smp_json_child(at, fields[i].name, &child))
            continue;
        double value = 0;
        enum smp_code code =
            smp_json_number(&child, fields[i].min, fields[i].max, fields[i].unit, &value, err);
        if (code)
            return code;
        memcpy((char *)params + fields[i].offset, &value, sizeof value);
    }
    return SMP_OK;
}

// ---- Writing -------------------------------------------------------------------------------

char *smp_json_dump(const struct json_t *node, bool indent, struct smp_arena *arena)
{
    const size_t flags = JSON_REAL_PRECISION(12) | (indent ? JSON_INDENT(2) : JSON_COMPACT);
    char *text = json_dumps(node, flags);
    char *copy = text ? smp_format(arena, "%s\n", text) : NULL;
    free(text);
    return copy;
}
