// The one part of base that touches the world: files read whole, written whole or not at all.
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum smp_code read_all(int fd, uint8_t *data, size_t length, size_t *got)
{
    *got = 0;
    while (*got < length) {
        const ssize_t n = read(fd, data + *got, length - *got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return SMP_E_FILE;
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return SMP_OK;
}

static enum smp_code read_open_file(struct smp_bytes *bytes, int fd, const char *path,
                                    size_t max_bytes, struct smp_arena *arena, struct smp_err *err)
{
    struct stat info;
    if (fstat(fd, &info))
        return smp_fail(err, SMP_E_FILE, "%s cannot be read: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return smp_fail(err, SMP_E_FILE, "%s is not a regular file", path);
    const size_t length = (size_t)info.st_size;
    if (length > max_bytes)
        return smp_fail(err, SMP_E_LIMIT, "%s is %zu bytes long; at most %zu are allowed", path,
                        length, max_bytes);
    uint8_t *data = smp_new(arena, uint8_t, length + 1);
    if (!data)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the %zu bytes of %s", length, path);
    size_t got = 0;
    if (read_all(fd, data, length, &got))
        return smp_fail(err, SMP_E_FILE, "%s cannot be read: %s", path, strerror(errno));
    *bytes = (struct smp_bytes){ data, got };
    return SMP_OK;
}

enum smp_code smp_file_read(struct smp_bytes *bytes, const char *path, size_t max_bytes,
                            struct smp_arena *arena, struct smp_err *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return smp_fail(err, SMP_E_FILE, "%s cannot be read: %s", path, strerror(errno));
    enum smp_code code = read_open_file(bytes, fd, path, max_bytes, arena, err);
    close(fd);
    return code;
}

static bool write_all(int fd, const void *data, size_t length)
{
    const char *next = data;
    while (length) {
        const ssize_t n = write(fd, next, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        next += n;
        length -= (size_t)n;
    }
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS; // pipes and such cannot sync
}

// A place that cannot be written to is a wrong call, a disk that fails is not.
static enum smp_code no_place(const char *path, const char *what, int why, struct smp_err *err)
{
    char folder[1100];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = 0;
    if (why == ENOENT && slash && *folder && access(folder, F_OK) != 0)
        return smp_fail(err, SMP_E_INPUT, "%s cannot be %s: the folder to put it in does not exist",
                        path, what);
    const bool wrong = why == ENOENT || why == ENOTDIR || why == EACCES || why == EPERM ||
                       why == EISDIR || why == EROFS || why == ENAMETOOLONG || why == ELOOP;
    return smp_fail(err, wrong ? SMP_E_INPUT : SMP_E_IO, "%s cannot be %s: %s", path, what,
                    strerror(why));
}

enum smp_code smp_file_write(const char *path, const void *data, size_t length, struct smp_err *err)
{
    char temp[1100];
    if (snprintf(temp, sizeof temp, "%s.part-%ld", path, (long)getpid()) >= (int)sizeof temp)
        return smp_fail(err, SMP_E_INPUT, "%.200s… is too long for a file name", path);
    const int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return no_place(path, "written", errno, err);
    bool good = write_all(fd, data, length);
    int why = errno;
    if (close(fd) && good) {
        good = false;
        why = errno;
    }
    if (good && rename(temp, path)) {
        good = false;
        why = errno;
    }
    if (good)
        return SMP_OK;
    unlink(temp);
    return no_place(path, "written", why, err);
}

// ---- Output folders ------------------------------------------------------------------------

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static bool is_one_of(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

// Whether what stands at the target may go: an empty folder, or one with no file of the user's own.
static enum smp_code check_replaceable(const char *target, const char *const *names,
                                       struct smp_err *err)
{
    DIR *folder = opendir(target);
    bool marked = false;
    size_t count = 0;
    char foreign[256] = "";
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (is_one_of((const char *const[]){ ".", "..", NULL }, entry->d_name))
            continue;
        count++;
        marked = marked || strcmp(entry->d_name, names[0]) == 0;
        if (!is_one_of(names, entry->d_name))
            snprintf(foreign, sizeof foreign, "%s", entry->d_name);
    }
    if (folder)
        closedir(folder);
    if (!folder || (count && !marked))
        return smp_fail(err, SMP_E_INPUT,
                        "%s exists and holds no %s: name a new folder, or one made by stubble",
                        target, names[0]);
    if (*foreign)
        return smp_fail(err, SMP_E_INPUT,
                        "%s holds %s, which would be deleted with the old plan: move it elsewhere, "
                        "or name a new folder",
                        target, foreign);
    return SMP_OK;
}

enum smp_code smp_outdir_begin(struct smp_outdir *dir, const char *target, const char *const *names,
                               struct smp_err *err)
{
    size_t length = strlen(target);
    while (length > 1 && target[length - 1] == '/')
        length--;
    if (length == 0 || length >= sizeof dir->target)
        return smp_fail(err, SMP_E_INPUT, "the output folder's name must have 1 to %zu bytes",
                        sizeof dir->target - 1);
    *dir = (struct smp_outdir){ 0 };
    memcpy(dir->target, target, length);
    struct stat info;
    const enum smp_code code =
        lstat(dir->target, &info) ? SMP_OK : check_replaceable(dir->target, names, err);
    if (code)
        return code;
    snprintf(dir->temp, sizeof dir->temp, "%s.part-%ld", dir->target, (long)getpid());
    if (mkdir(dir->temp, 0777))
        return no_place(dir->target, "made", errno, err);
    return SMP_OK;
}

enum smp_code smp_outdir_commit(struct smp_outdir *dir, struct smp_err *err)
{
    char old[1100];
    snprintf(old, sizeof old, "%s.old-%ld", dir->target, (long)getpid());
    const bool replaces = rename(dir->target, old) == 0;
    if (rename(dir->temp, dir->target)) {
        const int why = errno;
        if (replaces)
            rename(old, dir->target);
        smp_outdir_abandon(dir);
        return smp_fail(err, SMP_E_IO, "%s cannot be written: %s", dir->target, strerror(why));
    }
    if (replaces)
        remove_tree(old);
    dir->temp[0] = 0;
    return SMP_OK;
}

void smp_outdir_abandon(struct smp_outdir *dir)
{
    if (dir->temp[0])
        remove_tree(dir->temp);
    dir->temp[0] = 0;
}
