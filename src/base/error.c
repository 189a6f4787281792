#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>

enum smp_code smp_say_err(struct smp_err *err, enum smp_code code, const char *format, ...)
{
    if (!err || err->code)
        return code;
    err->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(err->msg, sizeof err->msg, format, args);
    va_end(args);
    return code;
}

#define CODE_NAME(name, value, text)                                                               \
    case name:                                                                                     \
        return #name;
#define CODE_TEXT(name, value, text)                                                               \
    case name:                                                                                     \
        return text;

const char *smp_code_name(enum smp_code code)
{
    switch (code) {
        SMP_CODES(CODE_NAME)
    }
    return "unknown code";
}

const char *smp_code_text(enum smp_code code)
{
    switch (code) {
        SMP_CODES(CODE_TEXT)
    }
    return "unknown code";
}

int smp_exit_status(enum smp_code code)
{
    if (code == SMP_OK)
        return 0;
    return code < 40 ? 2 : 1;
}
