// What the program prints with --json, as an object, and the numbers in it.
#ifndef SMP_PROGRAM_JSON_H
#define SMP_PROGRAM_JSON_H

#include "program.h"

#include <jansson.h>
#include <stdarg.h>

// The object that a shell command prints; of the caller (json_decref).
static inline json_t *json_from(const char *command)
{
    char *said = output_of(command);
    json_error_t error;
    json_t *object = json_loads(said, 0, &error);
    ck_assert_msg(object != NULL, "%s: %s", command, error.text);
    free(said);
    return object;
}

// The object that `stubble … --json` prints, called with arguments as printf has them; of the
// caller (json_decref).
__attribute__((format(printf, 1, 2))) static inline json_t *json_of(const char *arguments, ...)
{
    char said[2048], command[2400];
    va_list list;
    va_start(list, arguments);
    const int length = vsnprintf(said, sizeof said, arguments, list);
    va_end(list);
    ck_assert_int_lt(length, (int)sizeof said);
    snprintf(command, sizeof command, "\"%s/stubble\" %s --json", getenv("STUBBLE_BUILD_ROOT"),
             said);
    return json_from(command);
}

static inline double number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    ck_assert_msg(json_is_number(value), "%s is no number", name);
    return json_number_value(value);
}

static inline double number_in(const json_t *object, const char *outer, const char *inner)
{
    return number(json_object_get(object, outer), inner);
}

static inline double item(const json_t *object, const char *name, size_t index)
{
    const json_t *value = json_array_get(json_object_get(object, name), index);
    ck_assert_msg(json_is_number(value), "%s[%zu] is no number", name, index);
    return json_number_value(value);
}

#endif
