// The child's side: limits, then a list of the few system calls that work on memory and on
// descriptors already open. Everything else kills the process.
#include "sandbox/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// AddressSanitizer and ThreadSanitizer reserve terabytes of address space and ask the kernel about
// themselves (the latter from a thread of its own): only in such a build (never shipped) the
// address space is not limited and a few more calls are let by.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SMP_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SMP_SANITIZED 1
#endif
#endif
#ifndef SMP_SANITIZED
#define SMP_SANITIZED 0
#endif

static bool limit(int resource, rlim_t soft, rlim_t hard)
{
    return setrlimit((__rlimit_resource_t)resource, &(struct rlimit){ soft, hard }) == 0;
}

static bool set_limits(const struct smp_confinement *limits)
{
    bool good = limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) &&
                limit(RLIMIT_CPU, limits->cpu_s, limits->cpu_s + 1);
    // No new descriptors: the highest in use is the output's.
    good = good && limit(RLIMIT_NOFILE, smp_child_output + 1, smp_child_output + 1);
    if (!SMP_SANITIZED)
        good = good && limit(RLIMIT_AS, limits->memory_bytes, limits->memory_bytes);
    return good;
}

// Spelled out: the library's own macros leave fields unnamed, which clang complains of.
static struct scmp_arg_cmp when(unsigned arg, enum scmp_compare op, scmp_datum_t a, scmp_datum_t b)
{
    return (struct scmp_arg_cmp){ .arg = arg, .op = op, .datum_a = a, .datum_b = b };
}

static int allow_calls(scmp_filter_ctx filter)
{
    static const int plain[] = {
        SCMP_SYS(read),         SCMP_SYS(write),     SCMP_SYS(munmap),
        SCMP_SYS(mremap),       SCMP_SYS(brk),       SCMP_SYS(madvise),
        SCMP_SYS(futex),        SCMP_SYS(exit),      SCMP_SYS(exit_group),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
        SCMP_SYS(gettid),       SCMP_SYS(getpid),    SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(lseek),        SCMP_SYS(fstat),
    };
    static const int sanitized[] = {
        SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield), SCMP_SYS(rt_sigaction),
        SCMP_SYS(getrlimit),   SCMP_SYS(prlimit64),   SCMP_SYS(readlink),
        SCMP_SYS(mprotect),    SCMP_SYS(nanosleep),   SCMP_SYS(clock_nanosleep),
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain[i], 0);
    for (size_t i = 0; SMP_SANITIZED && i < sizeof sanitized / sizeof *sanitized; i++)
        bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, sanitized[i], 0);
    // Memory, but never memory that can be run.
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            when(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            when(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // abort() signals itself, and nobody else.
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            when(0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    return bad;
}

static bool set_filter(char why[200])
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter) {
        snprintf(why, 200, "no seccomp filter could be made");
        return false;
    }
    int bad = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    bad |= allow_calls(filter);
    const int loaded = bad ? bad : seccomp_load(filter);
    seccomp_release(filter);
    if (loaded)
        snprintf(why, 200, "the kernel took no seccomp filter (%s)",
                 strerror(loaded < 0 ? -loaded : EINVAL));
    return !loaded;
}

bool smp_sandbox_confine(const struct smp_confinement *limits, char why[200])
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)) {
        snprintf(why, 200, "privileges could not be given up (%s)", strerror(errno));
        return false;
    }
    // seccomp_load needs memory but no descriptor; limits come first so that they hold even where
    // the filter is switched off.
    if (!set_limits(limits)) {
        snprintf(why, 200, "resource limits could not be set (%s)", strerror(errno));
        return false;
    }
    return limits->no_seccomp || set_filter(why);
}
