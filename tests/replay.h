// Gives every file of a fuzz corpus to the target again. The test is built with the target's
// source.
#ifndef SMP_REPLAY_H
#define SMP_REPLAY_H

#include "base/base.h"
#include "harness.h"

#include <dirent.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Fails unless all files of tests/corpus/NAME can be read and there are at least so many.
static inline void smp_replay(const char *name, size_t at_least)
{
    char folder_path[200];
    snprintf(folder_path, sizeof folder_path, "tests/corpus/%s", name);
    DIR *folder = opendir(folder_path);
    ck_assert_ptr_nonnull(folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[600];
        struct smp_arena arena;
        struct smp_bytes bytes;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder_path, entry->d_name);
        smp_arena_make(&arena, 0);
        ck_assert_int_eq(smp_file_read(&bytes, path, 1 << 20, &arena, NULL), SMP_OK);
        LLVMFuzzerTestOneInput(bytes.data, bytes.length);
        smp_arena_drop(&arena);
        count++;
    }
    closedir(folder);
    ck_assert_uint_ge(count, at_least);
}

#endif
