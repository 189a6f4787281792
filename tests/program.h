// The program as a user runs it: its exit status, its sentence, the files it leaves.
#ifndef SMP_PROGRAM_H
#define SMP_PROGRAM_H

#include "harness.h"

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

// Runs the program; its exit status, and what it said on stderr in `said`.
static inline int run_program(char said[2048], const char *arguments)
{
    char command[2400];
    snprintf(command, sizeof command, "\"%s/stubble\" %s 2>&1 >/dev/null",
             getenv("STUBBLE_BUILD_ROOT"), arguments);
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

static inline void refuse(const char *arguments, int status, const char *sentence)
{
    char said[2048];
    ck_assert_int_eq(run_program(said, arguments), status);
    ck_assert_msg(strstr(said, sentence) != NULL, "\"%s\" lacks \"%s\"", said, sentence);
}

#endif
