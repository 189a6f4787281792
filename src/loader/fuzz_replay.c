// Gives every file of a corpus folder to a fuzz target, as an ordinary test.
//
//     fuzz_replay FOLDER
#include "base/base.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return alphasort(a, b);
}

int main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    const int count = argc == 2 ? scandir(argv[1], &entries, NULL, by_name) : -1;
    int number = 0;
    for (int i = 0; i < count; i++) {
        char path[1024];
        struct smp_arena arena;
        struct smp_bytes bytes;
        smp_arena_make(&arena, 64 << 20);
        snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' &&
            smp_file_read(&bytes, path, 16 << 20, &arena, NULL) == SMP_OK) {
            LLVMFuzzerTestOneInput(bytes.data, bytes.length);
            printf("ok %d - %s\n", ++number, entries[i]->d_name);
            fflush(stdout); // a crash leaves the name of the last good one
        }
        smp_arena_drop(&arena);
        free(entries[i]);
    }
    free(entries);
    printf("1..%d\n", number);
    return number ? 0 : 1;
}
