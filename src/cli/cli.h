// What the commands share: options, messages, progress, exit status. One file a command:
// cmd_<name>.c with `int smp_cmd_<name>(int argc, char **argv)`, listed in main.c.
#ifndef SMP_CLI_H
#define SMP_CLI_H

#include "base/base.h"

struct json_t;

struct smp_command {
    const char *name;
    int (*run)(int argc, char **argv); // argv[0] is the command's name; returns the exit status
    const char *line;                  // one line for the list of commands
};

// A long option of a command; `takes` names its value ("FILE"), NULL for a flag.
struct smp_option {
    const char *name, *takes, *help;
    const char **text; // where the value goes (a flag puts "" there)
    char letter;       // short form, or 0
};

// Parses argv against the options (NULL-name-ended). Positional arguments are counted against
// [min, max] and left in positional[]. Prints help and returns -1 for --help (exit 0); returns
// 2 after a message for a wrong call; 0 when all is well.
int smp_cli_parse(int argc, char **argv, const char *usage, const struct smp_option *options,
                  const char **positional, int min, int max, int *count);

// Value of an option as a number in a range; complaint names the option.
enum smp_code smp_cli_number(const char *text, const char *option, double min, double max,
                             double *value, struct smp_err *err);
enum smp_code smp_cli_integer(const char *text, const char *option, int64_t min, int64_t max,
                              int64_t *value, struct smp_err *err);
enum smp_code smp_cli_choice(const char *text, const char *option, const char *const *names,
                             int *index, struct smp_err *err);

// One line on stderr for what of a scan could not be had; nothing for NULL.
void smp_cli_warn_scan(const char *warning);
// Prints "stubble: <message>" on stderr and returns the exit status of err->code.
int smp_cli_fail(const struct smp_err *err);
// What to say, after the picture's name and a colon, of one whose colour profile cannot be read.
#define SMP_SPOILT_ICC "its colour profile is damaged: its colours were read as sRGB"
// Prints one JSON object on stdout, takes the reference.
void smp_cli_print_json(struct json_t *object);
// Prints a text for a cell of a Markdown table: no bar ends the cell, no tag opens.
void smp_cli_put_cell(const char *text);
// A progress bar on stderr (only where it is a terminal); share 1 ends the line.
void smp_cli_progress(void *context, const char *step, double share);

#endif
