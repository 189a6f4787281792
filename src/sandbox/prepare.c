// Descriptors for a child, the way to its program, and the rules for names and texts from outside.
#include "sandbox_impl.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// ---- Descriptors --------------------------------------------------------------------------------

static bool copy_file(int to, int from, size_t length)
{
    while (length) {
        const ssize_t n = sendfile(to, from, NULL, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false; // shorter than it was said to be
        length -= (size_t)n;
    }
    return true;
}

static bool copy_bytes(int to, struct smp_bytes bytes)
{
    while (bytes.length) {
        const ssize_t n = write(to, bytes.data, bytes.length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes.data += n;
        bytes.length -= (size_t)n;
    }
    return true;
}

static enum smp_code fill_from_file(int memfd, size_t *length, int fd, const struct smp_job *job,
                                    struct smp_err *err)
{
    struct stat info;
    if (fstat(fd, &info))
        return smp_fail(err, SMP_E_FILE, "%s cannot be read: %s", job->name, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return smp_fail(err, SMP_E_FILE, "%s is not a regular file", job->name);
    *length = (size_t)info.st_size;
    if (*length > job->max_input_bytes)
        return smp_fail(err, SMP_E_LIMIT, "%s is %zu bytes long; at most %zu are allowed",
                        job->name, *length, job->max_input_bytes);
    if (!copy_file(memfd, fd, *length))
        return smp_fail(err, SMP_E_FILE, "%s cannot be read: %s", job->name,
                        errno ? strerror(errno) : "it became shorter");
    return SMP_OK;
}

static enum smp_code fill_input(int memfd, size_t *length, const struct smp_job *job,
                                struct smp_err *err)
{
    if (!job->path) {
        *length = job->bytes.length;
        if (*length > job->max_input_bytes)
            return smp_fail(err, SMP_E_LIMIT, "%s is %zu bytes long; at most %zu are allowed",
                            job->name, *length, job->max_input_bytes);
        return copy_bytes(memfd, job->bytes)
                   ? SMP_OK
                   : smp_fail(err, SMP_E_NOMEM, "no memory to read %s", job->name);
    }
    const int fd = open(job->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return smp_fail(err, SMP_E_FILE, "%s cannot be read: %s", job->name, strerror(errno));
    errno = 0;
    const enum smp_code code = fill_from_file(memfd, length, fd, job, err);
    close(fd);
    return code;
}

// Moves a descriptor out of the way of the numbers the child will use.
static int lift(int fd)
{
    const int high = fcntl(fd, F_DUPFD_CLOEXEC, smp_child_output + 1);
    close(fd);
    return high;
}

enum smp_code smp_sandbox_descriptors(struct smp_descriptors *fds, const struct smp_job *job,
                                      struct smp_err *err)
{
    int ends[2] = { -1, -1 };
    const bool paired = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
    int all[4] = { ends[0], ends[1], memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING),
                   memfd_create("output", MFD_CLOEXEC | MFD_ALLOW_SEALING) };
    bool good = paired;
    for (int i = 0; i < 4; i++)
        good = good && all[i] >= 0;
    for (int i = 0; good && i < 4; i++)
        good = (all[i] = lift(all[i])) >= 0;
    enum smp_code code = SMP_OK;
    size_t input_bytes = 0;
    if (!good)
        code = smp_fail(err, SMP_E_SANDBOX, "%s cannot be read: no descriptors for the reader (%s)",
                        job->name, strerror(errno));
    if (!code)
        code = fill_input(all[2], &input_bytes, job, err);
    // The size can no longer change, so that no mapping of ours can end early.
    const int fixed = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (!code &&
        (fcntl(all[2], F_ADD_SEALS, fixed | F_SEAL_WRITE) ||
         ftruncate(all[3], (off_t)job->max_output_bytes) || fcntl(all[3], F_ADD_SEALS, fixed)))
        code = smp_fail(err, SMP_E_SANDBOX, "%s cannot be read: no memory file for it (%s)",
                        job->name, strerror(errno));
    if (!code) {
        *fds = (struct smp_descriptors){ all[0], { all[1], all[2], all[3] }, input_bytes };
        return SMP_OK;
    }
    for (int i = 0; i < 4; i++)
        if (all[i] >= 0)
            close(all[i]);
    return code;
}

// ---- The child's program ------------------------------------------------------------------------

void smp_sandbox_reader_variable(const char *program, char *name, size_t size)
{
    snprintf(name, size, "%s", program);
    for (; *name; name++)
        *name = *name == '-' ? '_' : (char)toupper((unsigned char)*name);
}

// In one of these folders: "%s/NAME".
static bool find_in(const char *const *folders, size_t count, const char *below,
                    const char *program, char *path, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (snprintf(path, size, "%s%s/%s", below, folders[i], program) < (int)size &&
            access(path, X_OK) == 0)
            return true;
    return false;
}

bool smp_sandbox_find_reader(const char *program, char *path, size_t size)
{
    char variable[32];
    smp_sandbox_reader_variable(program, variable, sizeof variable);
    const char *told = secure_getenv(variable);
    if (told && *told)
        return snprintf(path, size, "%s", told) < (int)size && access(path, X_OK) == 0;
    char self[900];
    const ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = 0;
        char *slash = strrchr(self, '/');
        if (slash) {
            *slash = 0;
            // beside the program, or as installed below any prefix (also one that was moved)
            static const char *const places[] = { "", "/../libexec" };
            if (find_in(places, 2, self, program, path, size))
                return true;
        }
    }
    static const char *const built_in[] = { SMP_READERS_INSTALLED, SMP_READERS_BUILT };
    return find_in(built_in, 2, "", program, path, size);
}

// ---- Names and texts from outside ---------------------------------------------------------------

static bool is_plain_name(const char *name)
{
    if (!*name || *name == '/' || strlen(name) >= smp_name_bytes)
        return false;
    for (const char *at = name; *at; at++) {
        if ((unsigned char)*at < 32 || *at == '\\')
            return false;
        if ((at == name || at[-1] == '/') && at[0] == '.' && at[1] == '.' &&
            (at[2] == '/' || at[2] == 0))
            return false;
    }
    return true;
}

int smp_sandbox_open_beneath(const char *folder, const char *name)
{
    if (!is_plain_name(name))
        return -1;
    const int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return -1;
    struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
                            .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
    const int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof how);
    close(dir);
    struct stat info;
    if (fd >= 0 && (fstat(fd, &info) || !S_ISREG(info.st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

// Length of the UTF-8 sequence at text, or 0 where it is none (Unicode 15, table 3-7, simplified:
// overlong forms and surrogates are refused).
static size_t utf8_length(const unsigned char *text, size_t left)
{
    const unsigned char lead = text[0];
    const size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead > 0xf4 || length > left || length == 0)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((lead == 0xe0 && text[1] < 0xa0) || (lead == 0xed && text[1] > 0x9f) ||
        (lead == 0xf0 && text[1] < 0x90) || (lead == 0xf4 && text[1] > 0x8f))
        return 0;
    return length;
}

void smp_sandbox_clean_text(char *clean, size_t size, const char *text, size_t length)
{
    const unsigned char *from = (const unsigned char *)text;
    length = strnlen(text, length);
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        const size_t step = utf8_length(from + i, length - i);
        const bool control = step == 1 && (from[i] < 32 || from[i] == 127);
        const bool c1 = step == 2 && from[i] == 0xc2 && from[i + 1] < 0xa0;
        const size_t add = step && !control && !c1 ? step : 1;
        if (used + add >= size)
            break;
        if (step && !control && !c1)
            memcpy(clean + used, from + i, step);
        else
            clean[used] = '?';
        used += add;
        i += step ? step : 1;
    }
    clean[used] = 0;
}
