// The program as a user runs it: its exit status, its sentence, the files it leaves.
#ifndef SMP_PROGRAM_H
#define SMP_PROGRAM_H

#include "harness.h"

#include <sys/stat.h>

// Runs a shell command; its exit status, and what it printed in `said`.
static inline int said_by(const char *command, char *said, size_t room)
{
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    const size_t length = fread(said, 1, room - 1, pipe);
    said[length] = 0;
    const int status = pclose(pipe);
    return status < 0 || (status & 0x7f) ? -1 : status >> 8 & 0xff;
}

// Runs the program; its exit status, and what it said on stderr in `said`. What it printed is in
// the file `stdout` of the tests' folder.
static inline int run_program(char said[2048], const char *arguments)
{
    char command[2600];
    snprintf(command, sizeof command, "\"%s/stubble\" %s 2>&1 >'%s/stdout'",
             getenv("STUBBLE_BUILD_ROOT"), arguments, smp_test_folder());
    return said_by(command, said, 2048);
}

// Name of a folder for the tests of one command.
static inline void scratch(char folder[160], const char *command)
{
    snprintf(folder, 160, "%.100s/%s", smp_test_folder(), command);
}

static inline bool same_bytes(const char *a, const char *b)
{
    char command[800];
    snprintf(command, sizeof command, "cmp -s '%s' '%s'", a, b);
    return system(command) == 0;
}

// The program ends with this status and has said this sentence; of wrong input it prints nothing.
static inline void refuse(const char *arguments, int status, const char *sentence)
{
    char said[2048], path[200];
    ck_assert_int_eq(run_program(said, arguments), status);
    ck_assert_msg(strstr(said, sentence) != NULL, "\"%s\" lacks \"%s\"", said, sentence);
    snprintf(path, sizeof path, "%s/stdout", smp_test_folder());
    struct stat printed;
    ck_assert_int_eq(stat(path, &printed), 0);
    ck_assert_msg(status != 2 || printed.st_size == 0, "%s is refused and prints", arguments);
}

// Wrong calls of one command, and what each must be told.
struct wrong_call {
    const char *arguments, *sentence;
};

static inline void refuse_all(const char *command, const struct wrong_call *calls, size_t count)
{
    char call[1200];
    for (size_t i = 0; i < count; i++) {
        snprintf(call, sizeof call, "%s %s", command, calls[i].arguments);
        refuse(call, 2, calls[i].sentence);
    }
}

// ---- Other programs that read what is written ---------------------------------------------------

static inline bool has_tool(const char *name)
{
    char command[200];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", name);
    if (system(command) == 0)
        return true;
    printf("# SKIP %s is absent\n", name);
    fflush(stdout);
    return false;
}

static inline void scratch_path(char path[200], const char *name)
{
    snprintf(path, 200, "%s/%s", smp_test_folder(), name);
}

// What a command prints; NULL-ended, of the caller (free).
static inline char *output_of(const char *command)
{
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    size_t length = 0, capacity = 1 << 16;
    char *text = malloc(capacity);
    for (size_t n; (n = fread(text + length, 1, capacity - length - 1, pipe)) > 0;) {
        length += n;
        if (capacity - length < 2)
            text = realloc(text, capacity *= 2);
    }
    text[length] = 0;
    ck_assert_msg(pclose(pipe) == 0, "%s failed", command);
    return text;
}

// A page of docs/ ends with what a command prints, after a comment that says so.
static inline void page_is_printed(const char *page, const char *arguments)
{
    enum { room = 1 << 19 };
    static const char mark[] = "a test compares. -->\n\n";
    char path[200], command[400];
    char *text = calloc(2, room), *said = text + room;
    snprintf(path, sizeof path, "docs/%s", page);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, room - 1, file)] = 0;
    fclose(file);
    const char *at = strstr(text, mark);
    ck_assert_ptr_nonnull(at);
    snprintf(command, sizeof command, "\"%s/stubble\" %s", getenv("STUBBLE_BUILD_ROOT"), arguments);
    ck_assert_int_eq(said_by(command, said, room), 0);
    ck_assert_msg(strcmp(at + strlen(mark), said) == 0, "%s is not what `stubble %s` prints", path,
                  arguments);
    free(text);
}

#endif
