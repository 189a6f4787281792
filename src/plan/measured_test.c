// What `stubble check` printed is read again, and every fault of it told.
#include "harness.h"
#include "plan/plan_impl.h"
#include "replay.h"

static struct smp_arena shared;

static const char head_of_file[] =
    "{\"stubble_check\":1,\"plan_key\":\"0123456789abcdef\",\"session\":"
    "1,\"years\":0.1,\"widening\":1,";
static const char one_dot[] = "{\"id\":null,\"x_mm\":0,\"y_mm\":0,\"z_mm\":100,\"nx\":0,\"ny\":0,"
                              "\"nz\":1,\"zone\":\"crown\",\"diameter_mm\":0.3,\"contrast\":0.4,"
                              "\"seen_px_per_mm\":18,\"merged\":true}";

static enum smp_code read_text(const char *text, struct smp_measured *m, struct smp_err *err)
{
    return smp_measured_read(m, "m.json", (struct smp_bytes){ (const uint8_t *)text, strlen(text) },
                             &shared, err);
}

START_TEST(a_measured_file_is_read_and_every_fault_of_it_is_a_sentence)
{
    smp_arena_make(&shared, 0);
    static const struct {
        const char *rest, *sentence; // rest NULL: as is
        bool whole;
    } faults[] = {
        { "[", "m.json is not valid JSON", true },
        { "{}", "m.json: stubble_check must be given and be 1", true },
        { "{\"stubble_check\":2}", "stubble_check must be", true },
        { "{\"stubble_check\":1}", "m.json: plan_key is missing", true },
        { "{\"stubble_check\":1,\"plan_key\":\"12\"}",
          "m.json: plan_key must be 16 digits of base 16, not '12'", true },
        { "{\"stubble_check\":1,\"plan_key\":\"0123456789abcdef\"}", "m.json: session is missing",
          true },
        { "{\"stubble_check\":1,\"plan_key\":\"0123456789abcdef\",\"session\":7}",
          "session must be 1 to 6", true },
        { "{\"stubble_check\":1,\"plan_key\":\"0123456789abcdef\",\"session\":1}",
          "m.json: years is missing; give what stubble check --json printed", true },
        { "\"measured\":[]}", "m.json: dots is missing", false },
        { "\"dots\":[]}", "m.json: measured is missing", false },
        { "\"dots\":[],\"measured\":[]}", "m.json: measured has no dots: there is nothing to go by",
          false },
        { "\"dots\":[{}],\"measured\":[]}", "m.json: dots[0].id is missing", false },
        { "\"dots\":[{\"id\":1}],\"measured\":[]}", "m.json: dots[0].state is missing", false },
        { "\"dots\":[{\"id\":1,\"state\":\"gone\"}],\"measured\":[]}",
          "dots[0].state must be one of", false },
        { "\"dots\":[{\"id\":1,\"state\":\"done\"}],\"measured\":[]}",
          "m.json: dots[0].seen_px_per_mm is missing", false },
        { "\"dots\":[],\"measured\":[{\"x_mm\":1e9}]}", "measured[0].x_mm must be", false },
        { "\"dots\":[],\"measured\":[{\"x_mm\":0,\"y_mm\":0,\"z_mm\":0,\"nx\":0,\"ny\":0,\"nz\":0}]"
          "}",
          "nx, ny, nz must be a normal of length 1, not of 0", false },
        { "\"dots\":[],\"measured\":[{\"x_mm\":0,\"y_mm\":0,\"z_mm\":0,\"nx\":0,\"ny\":0,\"nz\":1}]"
          "}",
          "measured[0].zone is missing", false },
    };
    struct smp_measured m;
    struct smp_err err = { 0 };
    const char *good =
        smp_format(&shared, "%s\"dots\":[],\"measured\":[%s]}", head_of_file, one_dot);
    ck_assert_msg(!read_text(good, &m, &err), "%s", err.msg);
    ck_assert_uint_eq(m.plan_key, 0x0123456789abcdefULL);
    ck_assert(m.real_count == 1 && m.real[0].id == 0 && m.real[0].merged);
    ck_assert_int_eq(m.real[0].zone, SMP_ZONE_CROWN);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *text = faults[i].whole
                               ? faults[i].rest
                               : smp_format(&shared, "%s%s", head_of_file, faults[i].rest);
        err = (struct smp_err){ 0 };
        ck_assert_msg(read_text(text, &m, &err) != SMP_OK, "%s", text);
        ck_assert_msg(strstr(err.msg, faults[i].sentence) != NULL, "\"%s\" lacks \"%s\"", err.msg,
                      faults[i].sentence);
    }
    smp_arena_drop(&shared);
}
END_TEST

START_TEST(the_corpus_of_measured_files_is_taken_or_refused)
{
    smp_replay("measured", 12);
}
END_TEST

SMP_TEST_MAIN("measured", a_measured_file_is_read_and_every_fault_of_it_is_a_sentence,
              the_corpus_of_measured_files_is_taken_or_refused)
