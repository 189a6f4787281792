// stubble plan CASE.json --out DIR: the main job; plan --continue PLAN: the next session's plan.
#include "cli/cli.h"
#include "cli/outputs.h"

#include <stdio.h>
#include <string.h>

int smp_cmd_plan(int argc, char **argv);

enum { measured_max = 16 };
static const char usage[] =
    "plan CASE.json --out DIR [OPTIONS]\n"
    "       stubble plan --continue PLAN --measured M.json [MORE.json…] --out DIR [OPTIONS]";

struct call {
    struct smp_output_flags flags;
    const char *continues, *measured, *session;
    const char *given[measured_max]; // the case, or more measured files behind the first
    int count;
};

static enum smp_code check_call(const struct call *c, struct smp_plan_source *source,
                                struct smp_err *err)
{
    int64_t session = 0;
    if (!c->continues) {
        if (c->measured || c->session)
            return smp_fail(err, SMP_E_INPUT, "--measured and --session go with --continue PLAN");
        if (c->count != 1)
            return smp_fail(err, SMP_E_INPUT, "plan takes one case, or --continue PLAN");
        source->case_path = c->given[0];
        return SMP_OK;
    }
    if (!c->measured)
        return smp_fail(err, SMP_E_INPUT,
                        "--measured M.json is missing: what stubble check PLAN PHOTO… --json "
                        "printed");
    if (c->flags.data)
        return smp_fail(err, SMP_E_INPUT,
                        "--data goes with a case: a plan that is continued keeps its numbers");
    const enum smp_code code =
        c->session ? smp_cli_integer(c->session, "session", 1, 6, &session, err) : SMP_OK;
    source->continues = c->continues;
    source->session = (int)session;
    return code;
}

int smp_cmd_plan(int argc, char **argv)
{
    struct call c = { 0 };
    const struct smp_option own[] = {
        { "continue", "PLAN", "go on with this plan where photos show what is there", &c.continues,
          0 },
        { "measured", "M.json", "what stubble check PLAN PHOTO… --json printed", &c.measured, 0 },
        { "session", "N", "continue: the last session that was done (as measured)", &c.session, 0 },
    };
    enum { own_count = sizeof own / sizeof *own };
    const struct smp_option shared[] = { SMP_OUTPUT_OPTIONS(c.flags) };
    struct smp_option options[own_count + sizeof shared / sizeof *shared];
    memcpy(options, own, sizeof own);
    memcpy(options + own_count, shared, sizeof shared);
    const int status =
        smp_cli_parse(argc, argv, usage, options, &c.given[1], 0, measured_max - 1, &c.count);
    if (status)
        return status < 0 ? 0 : status;
    if (!c.flags.out) {
        fprintf(stderr, "stubble: --out must name the folder to make\nusage: stubble %s\n", usage);
        return 2;
    }
    struct smp_err err = { 0 };
    c.given[0] = c.measured;
    struct smp_plan_source source = { .measured = c.given, .measured_count = (size_t)c.count + 1 };
    if (!c.continues) { // the case stands first
        memmove(c.given, c.given + 1, sizeof c.given - sizeof *c.given);
        source.measured_count = 0;
    }
    if (check_call(&c, &source, &err))
        return smp_cli_fail(&err);
    return smp_outputs_run(&c.flags, &source);
}
