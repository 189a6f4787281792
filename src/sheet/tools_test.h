// Tools that the tests of this module share.
#ifndef SMP_SHEET_TOOLS_TEST_H
#define SMP_SHEET_TOOLS_TEST_H

#include "sheet/fake_plan_test.h"

static inline bool has_tool(const char *name)
{
    char command[200];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", name);
    if (system(command) == 0)
        return true;
    printf("# SKIP %s is absent\n", name);
    fflush(stdout);
    return false;
}

static inline void scratch_path(char path[200], const char *name)
{
    snprintf(path, 200, "%s/%s", smp_test_folder(), name);
}

// What a command prints; NULL-ended, of the caller (free).
static inline char *output_of(const char *command)
{
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    size_t length = 0, capacity = 1 << 16;
    char *text = malloc(capacity);
    for (size_t n; (n = fread(text + length, 1, capacity - length - 1, pipe)) > 0;) {
        length += n;
        if (capacity - length < 2)
            text = realloc(text, capacity *= 2);
    }
    text[length] = 0;
    ck_assert_msg(pclose(pipe) == 0, "%s failed", command);
    return text;
}

static inline void render_ok(struct smp_buffer *out, struct smp_sheet_facts *facts,
                             const struct fake *f, enum smp_sheet_kind kind, enum smp_paper paper)
{
    struct smp_err err = { 0 };
    *out = (struct smp_buffer){ 0 };
    ck_assert_msg(smp_sheet_render(out, facts, &f->plan, kind, paper, NULL, &err) == SMP_OK, "%s",
                  err.msg);
    smp_buffer_add(out, "", 1);
    out->length--;
}

static inline void write_ok(char path[200], const char *name, const struct fake *f,
                            enum smp_sheet_kind kind, enum smp_paper paper)
{
    struct smp_err err = { 0 };
    scratch_path(path, name);
    ck_assert_msg(smp_sheet_write(path, &f->plan, kind, paper, NULL, &err) == SMP_OK, "%s",
                  err.msg);
}

#endif
