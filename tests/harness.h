// A main for a module's tests, and a few assertions that Check lacks.
//
//     START_TEST(spacing_never_exceeds_the_wish) { … } END_TEST
//     SMP_TEST_MAIN("layout", spacing_never_exceeds_the_wish, …)
#ifndef SMP_HARNESS_H
#define SMP_HARNESS_H

#include <check.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// 1 under AddressSanitizer, which takes memory of its own; 1 under it or ThreadSanitizer.
#if defined(__SANITIZE_ADDRESS__)
#define ASAN 1
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASAN 1
#endif
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef ASAN
#define ASAN 0
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define SMP_TEST_MAIN(name, ...)                                                                   \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = { __VA_ARGS__ };                                              \
        return smp_test_main(name, tests, sizeof tests / sizeof *tests);                           \
    }

// The folder of this test program; TMPDIR of whatever it starts. It goes with the program, so a
// test that fails half-way leaves nothing behind.
static inline const char *smp_test_folder(void)
{
    static char folder[160];
    if (!folder[0]) {
        const char *root = getenv("TMPDIR");
        snprintf(folder, sizeof folder, "%s/stubble-test-XXXXXX", root && *root ? root : "/tmp");
        if (!mkdtemp(folder) || setenv("TMPDIR", folder, 1) != 0) {
            fprintf(stderr, "%s: no folder can be made for tests\n", folder);
            exit(EXIT_FAILURE);
        }
    }
    return folder;
}

static inline int smp_test_remove(const char *path, const struct stat *info, int kind,
                                  struct FTW *at)
{
    (void)info, (void)kind, (void)at;
    return remove(path);
}

static inline int smp_test_main(const char *name, const TTest *const *tests, size_t count)
{
    const char *folder = smp_test_folder();
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < count; i++) {
        TCase *tcase = tcase_create(tests[i]->name);
        tcase_set_timeout(tcase, 600);
        tcase_add_test(tcase, tests[i]);
        suite_add_tcase(suite, tcase);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, getenv("CK_TAP_LOG_FILE_NAME") ? CK_SILENT : CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    nftw(folder, smp_test_remove, 16, FTW_DEPTH | FTW_PHYS);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

// The message an operation left must be exactly (or must contain) this text.
#define ck_msg_eq(err, text) ck_assert_str_eq((err).msg, (text))
#define ck_msg_has(err, text)                                                                      \
    ck_assert_msg(strstr((err).msg, (text)) != NULL, "\"%s\" lacks \"%s\"", (err).msg, (text))

// First line of a test that puts more pictures, seeds or persons through what its neighbours go
// through as well: it looks for wrong figures, sanitizers for wrong steps, and they take five times
// as long. Left out under them; every other run has it.
#define SKIP_UNDER_SANITIZERS()                                                                    \
    do {                                                                                           \
        if (SANITIZED) {                                                                           \
            printf("# SKIP %s: the same steps with other figures\n", __func__);                    \
            fflush(stdout);                                                                        \
            return;                                                                                \
        }                                                                                          \
    } while (0)

// First line of a test that reads given data: ends the test with a message where it is absent.
// `./run test` counts the lines that begin with "SKIP".
#define SKIP_WITHOUT(path)                                                                         \
    do {                                                                                           \
        if (access((path), R_OK) != 0) {                                                           \
            printf("# SKIP %s: %s is absent\n", __func__, (path));                                 \
            fflush(stdout);                                                                        \
            return;                                                                                \
        }                                                                                          \
    } while (0)

#endif
