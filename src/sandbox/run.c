// The parent's side: start the child, serve what it asks for, see it end, say what became of it.
#include "sandbox_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct run {
    const struct smp_job *job;
    int64_t deadline_ms;
    pid_t pid;
    int socket;
    bool done;        // the child said so
    bool too_late;    // the clock ran out
    bool broke_rules; // it said something that no reader says
    uint8_t *output;
    size_t ready_bytes; // of the output, made ready
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// ---- Start -------------------------------------------------------------------------------------

// A small name for the child's choice of reader; never a path.
static const char *suffix_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && strlen(dot) <= 8 && !strchr(dot, '/') ? dot + 1 : "";
}

static int add_descriptors(posix_spawn_file_actions_t *actions, const int fds[3])
{
    int bad = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);
    bad |= posix_spawn_file_actions_adddup2(actions, 0, 1);
    bad |= posix_spawn_file_actions_adddup2(actions, 0, 2);
    // Descriptors come from smp_sandbox_descriptors, all of them above the places they go to.
    for (int i = 0; i < 3; i++)
        bad |= posix_spawn_file_actions_adddup2(actions, fds[i], smp_child_socket + i);
    bad |= posix_spawn_file_actions_addclosefrom_np(actions, smp_child_output + 1);
    return bad;
}

static enum smp_code start(struct run *run, const int fds[3], size_t input_bytes,
                           struct smp_err *err)
{
    const struct smp_job *job = run->job;
    char reader[1024], variable[32], text[4][32];
    smp_sandbox_reader_variable(job->program, variable, sizeof variable);
    if (!smp_sandbox_find_reader(job->program, reader, sizeof reader))
        return smp_fail(err, SMP_E_SANDBOX,
                        "%s cannot be read: the reader, %s, was not found beside stubble%s (set %s "
                        "to its path)",
                        job->name, job->program, job->advice ? job->advice : "", variable);
    const size_t memory_bytes = (job->memory_mib << 20) + input_bytes + job->max_output_bytes;
    snprintf(text[0], sizeof text[0], "%zu", memory_bytes);
    snprintf(text[1], sizeof text[1], "%u", job->cpu_s);
    snprintf(text[2], sizeof text[2], "%zu", job->max_items);
    snprintf(text[3], sizeof text[3], "%s", suffix_of(job->name));
    const char *argv[] = { job->program,
                           job->kind,
                           text[0],
                           text[1],
                           text[2],
                           text[3],
                           job->no_sandbox ? "open" : "confined",
                           NULL };
    char *const no_environment[] = { NULL };

    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions))
        return smp_fail(err, SMP_E_NOMEM, "no memory to start the reader of %s", job->name);
    int why = add_descriptors(&actions, fds);
    if (!why)
        why = posix_spawn(&run->pid, reader, &actions, NULL, (char *const *)(uintptr_t)argv,
                          no_environment);
    posix_spawn_file_actions_destroy(&actions);
    if (why)
        return smp_fail(err, SMP_E_SANDBOX, "%s cannot be read: %s did not start (%s)", job->name,
                        reader, strerror(why));
    return SMP_OK;
}

// ---- Serve -------------------------------------------------------------------------------------

static bool wait_for(struct run *run, short events)
{
    for (;;) {
        const int64_t left_ms = run->deadline_ms - now_ms();
        if (left_ms <= 0) {
            run->too_late = true;
            return false;
        }
        struct pollfd poller = { .fd = run->socket, .events = events };
        const int ready = poll(&poller, 1, left_ms > 60000 ? 60000 : (int)left_ms);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

// What one call of recv or send moved, as the two loops below go on by it: more than 0 bytes, 0 to
// try again, or -1 for the end.
static ssize_t moved(ssize_t n)
{
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    return n > 0 ? n : -1;
}

static bool receive(struct run *run, void *data, size_t length)
{
    for (size_t at = 0; at < length;) {
        if (!wait_for(run, POLLIN))
            return false;
        const ssize_t n = moved(recv(run->socket, (char *)data + at, length - at, MSG_DONTWAIT));
        if (n < 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static bool send_all(struct run *run, const void *data, size_t length)
{
    const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    for (size_t at = 0; at < length;) {
        if (!wait_for(run, POLLOUT))
            return false;
        const ssize_t n = moved(send(run->socket, (const char *)data + at, length - at, flags));
        if (n < 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static bool answer(struct run *run, size_t name_bytes)
{
    char name[smp_name_bytes] = "";
    if (name_bytes >= sizeof name) {
        run->broke_rules = true;
        return false;
    }
    if (!receive(run, name, name_bytes))
        return false;
    struct smp_bytes bytes = { 0 };
    const struct smp_job *job = run->job;
    const bool found = job->sibling && strlen(name) == name_bytes &&
                       job->sibling(job->context, name, &bytes) == SMP_OK;
    const uint64_t length = found ? bytes.length : UINT64_MAX;
    return send_all(run, &length, sizeof length) &&
           (!found || send_all(run, bytes.data, bytes.length));
}

// First touching its output's pages took half as long as decoding a photo (3 µs each, more than
// half of it for finding them): this thread waits anyway, and takes that part over. Where it fails,
// the reader does it as before.
static bool make_ready(struct run *run, size_t pages)
{
    const size_t upto = pages * smp_page_bytes;
    if (upto > run->job->max_output_bytes)
        return false;
    if (upto > run->ready_bytes) {
        madvise(run->output + run->ready_bytes, upto - run->ready_bytes, MADV_POPULATE_WRITE);
        run->ready_bytes = upto;
    }
    return true;
}

static void serve(struct run *run)
{
    enum { most_files = 64 };
    for (int files = 0;;) {
        struct smp_ask_head head;
        if (!receive(run, &head, sizeof head))
            return;
        if (head.ask == smp_ask_done) {
            run->done = true;
            return;
        }
        if (head.ask == smp_ask_pages)
            run->broke_rules = !make_ready(run, head.length);
        else
            run->broke_rules = head.ask != smp_ask_file || files++ == most_files;
        if (run->broke_rules || (head.ask == smp_ask_file && !answer(run, head.length)))
            return;
    }
}

// ---- End ---------------------------------------------------------------------------------------

static enum smp_code explain(const struct run *run, int status, struct smp_err *err)
{
    const struct smp_job *job = run->job;
    if (run->too_late)
        return smp_fail(err, SMP_E_LIMIT, "%s could not be read: the reader was stopped after %u s",
                        job->name, job->wall_s);
    if (run->broke_rules)
        return smp_fail(err, SMP_E_FORMAT,
                        "%s could not be read: the reader was stopped (it asked for more than it "
                        "may)",
                        job->name);
    const int sign = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (sign == SIGXCPU)
        return smp_fail(err, SMP_E_LIMIT,
                        "%s could not be read: the reader was stopped (it needed more than %u s of "
                        "processor time)",
                        job->name, job->cpu_s);
    if (sign == SIGSYS)
        return smp_fail(err, SMP_E_FORMAT,
                        "%s could not be read: the reader was stopped (it tried something that "
                        "reading a file does not need)",
                        job->name);
    if (sign == SIGABRT || sign == SIGKILL)
        return smp_fail(err, SMP_E_LIMIT,
                        "%s could not be read: the reader was stopped (it needed more than %zu MiB "
                        "of memory, or the file is damaged)",
                        job->name, job->memory_mib);
    // What the dynamic linker ends with.
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return smp_fail(err, SMP_E_SANDBOX,
                        "%s cannot be read: the reader, %s, does not start on this machine: a "
                        "library that it needs is missing%s",
                        job->name, job->program, job->advice ? job->advice : "");
    if (sign)
        return smp_fail(err, SMP_E_FORMAT,
                        "%s could not be read: the reader crashed (%s); the file is damaged",
                        job->name, strsignal(sign));
    return smp_fail(err, SMP_E_FORMAT, "%s could not be read: the reader ended without an answer",
                    job->name);
}

static enum smp_code judge(const struct run *run, const void *output, struct smp_err *err)
{
    struct smp_reply_head head;
    memcpy(&head, output, sizeof head);
    if (head.magic != smp_reply_magic)
        return explain(run, 0, err);
    if (head.code == SMP_OK)
        return SMP_OK;
    char msg[sizeof head.msg];
    smp_sandbox_clean_text(msg, sizeof msg, head.msg, sizeof head.msg);
    switch (head.code) {
    case SMP_E_UNSUPPORTED:
    case SMP_E_LIMIT:
    case SMP_E_NOMEM:
    case SMP_E_SANDBOX:
    case SMP_E_FORMAT:
        break;
    default:
        head.code = SMP_E_FORMAT;
    }
    return smp_fail(err, (enum smp_code)head.code, "%s: %s", run->job->name, msg);
}

static enum smp_code finish(struct run *run, const void *output, struct smp_err *err)
{
    // A child that has ended keeps the status it ended with; one that has not, ends now. No
    // other process has the output then, and the reply can no longer change.
    kill(run->pid, SIGKILL);
    int status = 0;
    while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return run->done ? judge(run, output, err) : explain(run, status, err);
}

enum smp_code smp_sandbox_run(struct smp_bytes *reply, const struct smp_job *job,
                              struct smp_err *err)
{
    struct smp_descriptors fds;
    enum smp_code code = smp_sandbox_descriptors(&fds, job, err);
    if (code)
        return code;
    void *output =
        mmap(NULL, job->max_output_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fds.child[2], 0);
    struct run run = { .job = job, .socket = fds.socket, .output = output };
    if (output == MAP_FAILED)
        code = smp_fail(err, SMP_E_NOMEM, "no memory to read %s", job->name);
    if (!code)
        code = start(&run, fds.child, fds.input_bytes, err);
    close(fds.child[0]);
    close(fds.child[1]);
    if (!code) {
        run.deadline_ms = now_ms() + (int64_t)job->wall_s * 1000;
        serve(&run);
        code = finish(&run, output, err);
    }
    close(fds.child[2]);
    close(fds.socket);
    if (!code)
        *reply = (struct smp_bytes){ output, job->max_output_bytes };
    else if (output != MAP_FAILED)
        munmap(output, job->max_output_bytes);
    return code;
}

void smp_sandbox_drop(struct smp_bytes *reply)
{
    if (reply->data)
        munmap((void *)(uintptr_t)reply->data, reply->length);
    *reply = (struct smp_bytes){ 0 };
}
