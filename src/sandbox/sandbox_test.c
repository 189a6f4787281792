#include "sandbox/sandbox.h"

#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

// ---- What a confined process cannot do ----------------------------------------------------------

// Runs the deed in a confined process; its wait status.
static int confined(void (*deed)(void), bool no_seccomp)
{
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        char why[200];
        const struct smp_confinement limits = { .memory_bytes = (size_t)192 << 20,
                                                .cpu_s = 1,
                                                .no_seccomp = no_seccomp };
        if (!smp_sandbox_confine(&limits, why))
            _exit(99);
        deed();
        _exit(0);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static void do_nothing(void)
{
}
static void do_work(void)
{
    char *block = malloc(10 << 20);
    if (!block)
        _exit(1);
    memset(block, 1, 10 << 20);
    free(block);
}
static void do_open(void)
{
    open("/etc/passwd", O_RDONLY);
}
static void do_openat_write(void)
{
    open("/tmp/stubble-must-not-be", O_WRONLY | O_CREAT, 0600);
}
static void do_socket(void)
{
    socket(AF_INET, SOCK_STREAM, 0);
}
static void do_exec(void)
{
    execl("/bin/true", "true", (char *)NULL);
}
static void do_fork(void)
{
    fork();
}
static void do_kill_parent(void)
{
    kill(getpid() + 1, 0);
}
static void do_signal_a_thread_elsewhere(void)
{
    syscall(SYS_tgkill, 1, 1, 0);
}
static void do_runnable_memory(void)
{
    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void do_memfd(void)
{
    syscall(SYS_memfd_create, "x", 0);
}
static void do_stat(void)
{
    struct stat info;
    stat("/etc", &info);
}
static void do_ptrace_like(void)
{
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

START_TEST(a_confined_process_can_only_compute)
{
    ck_assert_int_eq(confined(do_nothing, false), 0);
    ck_assert_int_eq(confined(do_work, false), 0);
    void (*const deeds[])(
        void) = { do_open, do_openat_write,    do_socket,     do_exec,
                  do_fork, do_kill_parent,     do_memfd,      do_signal_a_thread_elsewhere,
                  do_stat, do_runnable_memory, do_ptrace_like };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        const int status = confined(deeds[i], false);
        ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "deed %zu: status %d", i,
                      status);
    }
    ck_assert_int_ne(access("/tmp/stubble-must-not-be", F_OK), 0);
}
END_TEST

static void do_hog_memory(void)
{
    for (int i = 0; i < 1024; i++) { // 1 GiB in all, far above the limit
        char *block = malloc(1 << 20);
        if (!block)
            _exit(7);
        memset(block, 1, 1 << 20);
    }
}
static void do_hog_processor(void)
{
    for (volatile unsigned i = 0;; i++)
        continue;
}
static int regular_file = -1;
static void do_fill_disk(void)
{
    if (write(regular_file, "x", 1) != 1)
        _exit(8);
}

START_TEST(memory_processor_and_disk_are_limited_even_without_seccomp)
{
    for (int no_seccomp = 0; no_seccomp < 2; no_seccomp++) {
        if (!SANITIZED) {
            const int status = confined(do_hog_memory, no_seccomp);
            ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
        }
        char path[200];
        snprintf(path, sizeof path, "%s/sandbox-XXXXXX", smp_test_folder());
        regular_file = mkstemp(path);
        ck_assert_int_ge(regular_file, 0);
        const int wrote = confined(do_fill_disk, no_seccomp);
        close(regular_file);
        unlink(path);
        ck_assert(WIFSIGNALED(wrote) && WTERMSIG(wrote) == SIGXFSZ);
    }
    const int status = confined(do_hog_processor, false);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);
}
END_TEST

// ---- What the parent makes of a reader's end ----------------------------------------------------

static char script_path[200];

// A stand-in for the reader.
static void use_reader(const char *script)
{
    snprintf(script_path, sizeof script_path, "%s/reader-%ld", smp_test_folder(), (long)getpid());
    FILE *file = fopen(script_path, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    chmod(script_path, 0700);
    setenv("STUBBLE_LOADER", script_path, 1);
}

static enum smp_code run_job(struct smp_err *err, bool no_sandbox)
{
    static const uint8_t text[] = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";
    const struct smp_job job = { .program = "stubble-loader",
                                 .kind = "mesh",
                                 .name = "head.obj",
                                 .bytes = { text, sizeof text - 1 },
                                 .max_input_bytes = 1000,
                                 .max_output_bytes = 4 << 20,
                                 .memory_mib = 256,
                                 .cpu_s = 5,
                                 .wall_s = 1,
                                 .max_items = 100,
                                 .no_sandbox = no_sandbox };
    struct smp_bytes reply = { 0 };
    *err = (struct smp_err){ 0 };
    const enum smp_code code = smp_sandbox_run(&reply, &job, err);
    smp_sandbox_drop(&reply);
    if (*script_path)
        unlink(script_path);
    return code;
}

START_TEST(each_end_of_a_reader_has_its_sentence)
{
    static const struct {
        const char *script;
        enum smp_code code;
        const char *msg;
    } ends[] = {
        { "exit 0", SMP_E_FORMAT,
          "head.obj could not be read: the reader ended without an answer" },
        { "exit 127", SMP_E_SANDBOX,
          "head.obj cannot be read: the reader, stubble-loader, does not start on this machine: a "
          "library that it needs is missing" },
        { "kill -SEGV $$", SMP_E_FORMAT,
          "head.obj could not be read: the reader crashed (Segmentation fault); the file is "
          "damaged" },
        { "kill -SYS $$", SMP_E_FORMAT,
          "head.obj could not be read: the reader was stopped (it tried something that reading a "
          "file does not need)" },
        { "kill -XCPU $$", SMP_E_LIMIT,
          "head.obj could not be read: the reader was stopped (it needed more than 5 s of "
          "processor time)" },
        { "kill -ABRT $$", SMP_E_LIMIT,
          "head.obj could not be read: the reader was stopped (it needed more than 256 MiB of "
          "memory, or the file is damaged)" },
        { "read x <&3", SMP_E_LIMIT,
          "head.obj could not be read: the reader was stopped after 1 s" },
        { "printf '\\002\\000\\000\\000\\000\\000\\000\\000' >&3; read x <&3", SMP_E_FORMAT,
          "head.obj could not be read: the reader ended without an answer" },
        { "printf 'nonsense that is long enough' >&3; read x <&3", SMP_E_FORMAT,
          "head.obj could not be read: the reader was stopped (it asked for more than it may)" },
        // An answer with a code that is none and a message with an escape in it.
        { "printf '\\061\\120\\115\\123\\377\\0\\0\\0no \\033[31m good' >&5; "
          "printf '\\002\\000\\000\\000\\000\\000\\000\\000' >&3; read x <&3",
          SMP_E_FORMAT, "head.obj: no ?[31m good" },
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct smp_err err;
        use_reader(ends[i].script);
        ck_assert_int_eq(run_job(&err, false), ends[i].code);
        ck_msg_eq(err, ends[i].msg);
    }
}
END_TEST

START_TEST(a_reader_that_is_missing_or_no_program_is_named)
{
    struct smp_err err;
    setenv("STUBBLE_LOADER", "/nonexistent/loader", 1);
    ck_assert_int_eq(run_job(&err, false), SMP_E_SANDBOX);
    ck_msg_eq(err, "head.obj cannot be read: the reader, stubble-loader, was not found beside "
                   "stubble (set STUBBLE_LOADER to its path)");
    setenv("STUBBLE_LOADER", "/tmp", 1);
    ck_assert_int_eq(run_job(&err, false), SMP_E_SANDBOX);
    ck_msg_eq(err, "head.obj cannot be read: /tmp did not start (Permission denied)");
}
END_TEST

START_TEST(where_no_sandbox_can_be_had_files_are_refused_unless_told_otherwise)
{
    struct smp_err err;
    ck_assert_int_eq(run_job(&err, false), SMP_OK);
    const struct scmp_arg_cmp first_is_set_seccomp = { 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0 };
    // This test's own process, and so the reader, may set no further filter from here on.
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    ck_assert_ptr_nonnull(filter);
    ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(seccomp), 0), 0);
    ck_assert_int_eq(
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1, first_is_set_seccomp),
        0);
    ck_assert_int_eq(seccomp_load(filter), 0);
    seccomp_release(filter);
    ck_assert_int_eq(run_job(&err, false), SMP_E_SANDBOX);
    ck_msg_has(err, "head.obj: the reader of files could not be confined: ");
    ck_msg_has(err, "--no-sandbox reads without");
    ck_assert_int_eq(run_job(&err, true), SMP_OK);
}
END_TEST

START_TEST(the_reader_inherits_nothing)
{
    struct smp_err err;
    const int secret = open("/etc/hostname", O_RDONLY); // not close-on-exec, on purpose
    ck_assert_int_ge(dup2(secret, 30), 0);
    setenv("STUBBLE_TEST_SECRET", "yes", 1);
    // Ends with a signal of its own for each fault.
    use_reader("[ -z \"$STUBBLE_TEST_SECRET\" ] || kill -ABRT $$\n"
               "[ ! -e /proc/$$/fd/30 ] || kill -SEGV $$\nexit 0");
    ck_assert_int_eq(run_job(&err, false), SMP_E_FORMAT);
    ck_msg_eq(err, "head.obj could not be read: the reader ended without an answer");
}
END_TEST

// ---- Names and texts ----------------------------------------------------------------------------

static bool opens(const char *folder, const char *name)
{
    const int fd = smp_sandbox_open_beneath(folder, name);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

START_TEST(only_plain_files_below_the_folder_are_opened)
{
    char folder[200], path[240];
    snprintf(folder, sizeof folder, "%s/beneath-XXXXXX", smp_test_folder());
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const struct smp_bytes text = { (const uint8_t *)"x", 1 };
    snprintf(path, sizeof path, "%s/a.mtl", folder);
    ck_assert_int_eq(smp_file_write(path, text.data, text.length, NULL), SMP_OK);
    snprintf(path, sizeof path, "%s/sub", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/sub/b c.png", folder);
    ck_assert_int_eq(smp_file_write(path, text.data, text.length, NULL), SMP_OK);
    snprintf(path, sizeof path, "%s/out", folder);
    ck_assert_int_eq(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/in", folder);
    ck_assert_int_eq(symlink("a.mtl", path), 0);
    snprintf(path, sizeof path, "%s/pipe", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);

    ck_assert(opens(folder, "a.mtl"));
    ck_assert(opens(folder, "./a.mtl"));
    ck_assert(opens(folder, "sub/b c.png"));
    ck_assert(opens(folder, "in"));
    static const char *const refused[] = {
        "",         "/etc/passwd", "../a", "sub/../a.mtl", "out", "pipe",    "sub",          "none",
        "sub\\b c", "a.mtl\n",     "..",   "sub/..",       ".",   "a.mtl/x", "sub/../../etc"
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        ck_assert_msg(!opens(folder, refused[i]), "%s was opened", refused[i]);
    char command[240];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(texts_from_outside_are_made_fit_to_print)
{
    static const struct {
        const char *from, *to;
    } texts[] = {
        { "head", "head" },
        { "caf\xc3\xa9 \xf0\x9f\x99\x82", "caf\xc3\xa9 \xf0\x9f\x99\x82" },
        { "a\x1b[0m\n\x7f", "a?[0m??" },
        { "\xc3(\xff\xfe", "?(??" },
        { "\xc2\x9b", "?"
                      "\x00" },
        { "\xed\xa0\x80", "???" },
        { "\xc3", "?" },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char clean[64];
        smp_sandbox_clean_text(clean, sizeof clean, texts[i].from, strlen(texts[i].from));
        if (i == 4) // a two-byte control character
            ck_assert_int_eq(clean[0], '?');
        else
            ck_assert_str_eq(clean, texts[i].to);
    }
    char tiny[4];
    smp_sandbox_clean_text(tiny, sizeof tiny, "ab\xc3\xa9", 4);
    ck_assert_str_eq(tiny, "ab");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_confined_process_can_only_compute,
        memory_processor_and_disk_are_limited_even_without_seccomp,
        each_end_of_a_reader_has_its_sentence,
        a_reader_that_is_missing_or_no_program_is_named,
        where_no_sandbox_can_be_had_files_are_refused_unless_told_otherwise,
        the_reader_inherits_nothing,
        only_plain_files_below_the_folder_are_opened,
        texts_from_outside_are_made_fit_to_print,
    };
    // Limits and filters last as long as their process: one a test, even where `./run tsan` has all
    // tests of a program in one.
    setenv("CK_FORK", "yes", 1);
    return smp_test_main("sandbox", tests, sizeof tests / sizeof *tests);
}
