#include "cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_help(const char *usage, const struct smp_option *options)
{
    printf("usage: stubble %s\n", usage);
    for (const struct smp_option *o = options; o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "%s%c%s--%s%s%s", o->letter ? "-" : "",
                 o->letter ? o->letter : ' ', o->letter ? ", " : "   ", o->name,
                 o->takes ? " " : "", o->takes ? o->takes : "");
        printf("  %-32s %s\n", left, o->help);
    }
}

static const struct smp_option *find_option(const struct smp_option *options, const char *word,
                                            const char **value)
{
    *value = NULL;
    for (const struct smp_option *o = options; o->name; o++) {
        if (word[1] != '-') {
            if (!o->letter || word[1] != o->letter)
                continue;
            if (word[2])
                *value = word + 2;
            return o;
        }
        const size_t length = strlen(o->name);
        if (strncmp(word + 2, o->name, length) != 0)
            continue;
        if (word[2 + length] == '=')
            *value = word + 3 + length;
        if (word[2 + length] == 0 || word[2 + length] == '=')
            return o;
    }
    return NULL;
}

static int wrong_call(const char *usage, const char *format, const char *word)
{
    fprintf(stderr, "stubble: ");
    fprintf(stderr, format, word);
    fprintf(stderr, "\nusage: stubble %s\n", usage);
    return 2;
}

int smp_cli_parse(int argc, char **argv, const char *usage, const struct smp_option *options,
                  const char **positional, int min, int max, int *count)
{
    *count = 0;
    bool only_positional = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value;
        if (!only_positional && strcmp(word, "--") == 0) {
            only_positional = true;
            continue;
        }
        if (only_positional || word[0] != '-' || word[1] == 0) {
            if (*count == max)
                return wrong_call(usage, "unexpected argument '%.200s'", word);
            positional[(*count)++] = word;
            continue;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            print_help(usage, options);
            return -1;
        }
        const struct smp_option *o = find_option(options, word, &value);
        if (!o)
            return wrong_call(usage, "unknown option '%.200s'", word);
        if (!o->takes && value)
            return wrong_call(usage, "option '%.200s' takes no value", word);
        if (o->takes && !value && i + 1 == argc)
            return wrong_call(usage, "option '%.200s' needs a value", word);
        if (o->takes && !value)
            value = argv[++i];
        *o->text = o->takes ? value : "";
    }
    if (*count < min)
        return wrong_call(usage, "too few arguments%s", "");
    return 0;
}

enum smp_code smp_cli_number(const char *text, const char *option, double min, double max,
                             double *value, struct smp_err *err)
{
    char *end;
    errno = 0;
    const double v = strtod(text, &end);
    if (*text == 0 || *end != 0 || !(v >= min && v <= max))
        return smp_fail(err, SMP_E_INPUT, "--%s must be a number from %g to %g, not '%.60s'",
                        option, min, max, text);
    *value = v;
    return SMP_OK;
}

enum smp_code smp_cli_integer(const char *text, const char *option, int64_t min, int64_t max,
                              int64_t *value, struct smp_err *err)
{
    char *end;
    errno = 0;
    const long long v = strtoll(text, &end, 10);
    if (*text == 0 || *end != 0 || errno || v < min || v > max)
        return smp_fail(err, SMP_E_INPUT,
                        "--%s must be a whole number from %lld to %lld, not '%.60s'", option,
                        (long long)min, (long long)max, text);
    *value = v;
    return SMP_OK;
}

enum smp_code smp_cli_choice(const char *text, const char *option, const char *const *names,
                             int *index, struct smp_err *err)
{
    char list[300] = "";
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], text) == 0) {
            *index = i;
            return SMP_OK;
        }
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", names[i]);
    }
    return smp_fail(err, SMP_E_INPUT, "--%s must be one of %s, not '%.60s'", option, list, text);
}

int smp_cli_fail(const struct smp_err *err)
{
    fprintf(stderr, "stubble: %s\n", err->msg[0] ? err->msg : smp_code_text(err->code));
    return smp_exit_status(err->code);
}

void smp_cli_warn_scan(const char *warning)
{
    if (warning)
        fprintf(stderr, "stubble: warning: %s\n", warning);
}

void smp_cli_print_json(struct json_t *object)
{
    char *text = json_dumps(object, JSON_REAL_PRECISION(12) | JSON_COMPACT);
    puts(text ? text : "{}");
    free(text);
    json_decref(object);
}

void smp_cli_progress(void *context, const char *step, double share)
{
    (void)context;
    if (!isatty(STDERR_FILENO))
        return;
    const int full = (int)lround(smp_clamp(share, 0, 1) * 30);
    fprintf(stderr, "\r\033[K%-24.24s [%.*s%*s] %3.0f %%", step, full,
            "##############################", 30 - full, "", 100 * share);
    if (share >= 1)
        fputc('\n', stderr);
    fflush(stderr);
}

void smp_cli_put_cell(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (strchr("|<>*_`[]\\", *c))
            putchar('\\');
        putchar(*c);
    }
}
