// What every reader's program does: take its place between the descriptors, confine itself, answer.
//
//     PROGRAM KIND MEMORY_BYTES CPU_S MAX_ITEMS SUFFIX confined|open
//
// with a socket, the input and the output as descriptors 3, 4 and 5.
#include "loader_impl.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

// What AddressSanitizer does at the end (a look for leaks) needs calls that are not allowed.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

// ---- The socket ---------------------------------------------------------------------------------

static bool send_all(const void *data, size_t length)
{
    const char *next = data;
    while (length) {
        const ssize_t n = write(smp_child_socket, next, length);
        if (n <= 0)
            return false;
        next += n;
        length -= (size_t)n;
    }
    return true;
}

static bool receive(void *data, size_t length)
{
    char *next = data;
    while (length) {
        const ssize_t n = read(smp_child_socket, next, length);
        if (n <= 0)
            return false;
        next += n;
        length -= (size_t)n;
    }
    return true;
}

static bool ask_parent(const struct ldr_job *job, const char *name, struct smp_bytes *bytes)
{
    const size_t length = strlen(name);
    const struct smp_ask_head head = { smp_ask_file, (uint32_t)length };
    uint64_t size = 0;
    if (length == 0 || length >= smp_name_bytes || !send_all(&head, sizeof head) ||
        !send_all(name, length) || !receive(&size, sizeof size) || size == UINT64_MAX)
        return false;
    uint8_t *data = smp_new(job->arena, uint8_t, size);
    if (!data)
        abort(); // the bytes are on their way and have no place: as out of memory
    if (!receive(data, size))
        return false;
    *bytes = (struct smp_bytes){ data, size };
    return true;
}

static void tell_pages(const struct ldr_job *job, const void *end)
{
    const size_t bytes = (size_t)((const uint8_t *)end - job->output);
    const struct smp_ask_head head = { smp_ask_pages, (uint32_t)(bytes / smp_page_bytes) };
    send_all(&head, sizeof head);
}

// ---- The answer ---------------------------------------------------------------------------------

uint64_t ldr_put(struct ldr_output *output, const void *data, size_t length)
{
    const size_t at = (output->used + 63) / 64 * 64;
    if (at > output->size || length > output->size - at)
        return 0;
    memcpy(output->data + at, data, length);
    output->used = at + length;
    return at;
}

static _Noreturn void finish(struct ldr_output *output, enum smp_code code,
                             const struct smp_err *err)
{
    struct smp_reply_head head = { .magic = smp_reply_magic, .code = code };
    if (code)
        snprintf(head.msg, sizeof head.msg, "%s", err->msg);
    memcpy(output->data, &head, sizeof head);
    const struct smp_ask_head done = { smp_ask_done, 0 };
    send_all(&done, sizeof done);
    _exit(0);
}

// ---- Start --------------------------------------------------------------------------------------

static size_t size_of(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 ? (size_t)info.st_size : 0;
}

int ldr_child_main(int argc, char **argv, const struct ldr_reader *readers)
{
    struct ldr_output output = { .size = size_of(smp_child_output) };
    struct smp_bytes file = { .length = size_of(smp_child_input) };
    const struct ldr_reader *reader = readers;
    while (reader->kind && (argc < 2 || strcmp(reader->kind, argv[1]) != 0))
        reader++;
    if (argc != 7 || !reader->kind || output.size < sizeof(struct smp_reply_head)) {
        fprintf(stderr, "a reader of stubble is started by it, not by hand\n");
        return 2;
    }
    output.data = mmap(NULL, output.size, PROT_READ | PROT_WRITE, MAP_SHARED, smp_child_output, 0);
    if (output.data == MAP_FAILED)
        return 1;
    if (file.length) {
        file.data = mmap(NULL, file.length, PROT_READ, MAP_PRIVATE, smp_child_input, 0);
        if (file.data == MAP_FAILED)
            return 1;
    }
    struct smp_err err = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, (size_t)1 << 40); // the address space is the limit
    if (reader->warm_up)
        reader->warm_up();
    prctl(PR_SET_PDEATHSIG, SIGKILL); // nobody waits for the answer then

    char why[200] = "";
    const struct smp_confinement limits = { .memory_bytes = strtoull(argv[2], NULL, 10),
                                            .cpu_s = (unsigned)strtoul(argv[3], NULL, 10),
                                            .no_seccomp = strcmp(argv[6], "open") == 0 };
    if (!smp_sandbox_confine(&limits, why))
        finish(&output,
               smp_fail(&err, SMP_E_SANDBOX,
                        "the reader of files could not be confined: %s (--no-sandbox reads "
                        "without)",
                        why),
               &err);

    const struct ldr_job job = { .suffix = argv[5],
                                 .max_items = strtoull(argv[4], NULL, 10),
                                 .memory_mib =
                                     (limits.memory_bytes - file.length - output.size) >> 20,
                                 .arena = &arena,
                                 .ask = ask_parent,
                                 .output = output.data,
                                 .soon = tell_pages };
    finish(&output, reader->answer(&output, file, &job, &err), &err);
}
