// The folder of a comparison.
#include "cli/compare_folder.h"
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *const smp_compare_folder_names[] = { "compare.json", "compare.html", "compare.pdf",
                                                 "pictures", NULL };

static enum smp_code save_pictures(const char *folder, const struct smp_report *report,
                                   struct smp_arena *arena, struct smp_err *err)
{
    static const struct smp_image_note notes[] = {
        { "Description", "SIMULATED picture, not a photograph of a result" }, { NULL, NULL }
    };
    const struct smp_comparison *made = report->made;
    const struct smp_report_times times = smp_report_times(made->years);
    const char *into = smp_format(arena, "%s/pictures", folder);
    if (!into)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    if (mkdir(into, 0777))
        return smp_fail(err, SMP_E_IO, "%s cannot be made: %s", into, strerror(errno));
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < made->count * times.count && !code; i++) {
        if (!report->shots[i].px_lin)
            continue;
        char path[1400];
        snprintf(path, sizeof path, "%s/%s-year-%d.jpg", into,
                 smp_choice_names[made->outcomes[i / times.count].choice],
                 times.years[i % times.count]);
        code = smp_image_save(path, &report->shots[i], notes, 0, err);
    }
    return code;
}

static enum smp_code save_json(const char *folder, const struct smp_comparison *made,
                               struct smp_arena *arena, struct smp_err *err)
{
    const char *text = smp_comparison_json(made, true, arena);
    const char *path = smp_format(arena, "%s/compare.json", folder);
    if (!text || !path)
        return smp_fail(err, SMP_E_NOMEM, "no memory for compare.json");
    return smp_file_write(path, text, strlen(text), err);
}

enum smp_code smp_compare_folder_fill(const char *folder, struct smp_compare_work *work,
                                      struct smp_pool *pool, struct smp_arena *arena,
                                      struct smp_err *err)
{
    struct smp_image *shots = NULL;
    enum smp_code code = save_json(folder, work->report.made, arena, err);
    if (!code && work->pictures)
        code = smp_compare_pictures(&shots, work, pool, arena, err);
    work->report.shots = shots;
    if (!code && shots)
        code = save_pictures(folder, &work->report, arena, err);
    smp_cli_progress(NULL, "page and paper", 0.3);
    if (!code)
        code = smp_report_write(folder, &work->report, arena, err);
    smp_cli_progress(NULL, "page and paper", 1);
    return code;
}

enum smp_code smp_compare_beside_plan(const char *folder, const struct smp_plan *plan,
                                      const char *data, bool pictures, struct smp_pool *pool,
                                      struct smp_arena *arena, struct smp_err *err)
{
    struct smp_evidence evidence;
    struct smp_rules rules;
    struct smp_recovery recovery;
    struct smp_dots_course dots;
    struct smp_comparison made;
    struct smp_suitability suitability;
    struct smp_compare_params params = smp_compare_defaults();
    enum smp_code code = smp_evidence_load(&evidence, data, arena, err);
    if (!code)
        code = smp_rules_load(&rules, data, arena, err);
    if (!code)
        code = smp_recovery_load(&recovery, data, arena, err);
    if (!code)
        code = smp_dots_course(&dots, plan, err);
    params.from = plan->from;
    params.head = plan->head;
    params.dots = &dots;
    params.evidence = &evidence;
    params.years = 5;
    params.persons = 2000;
    if (!code)
        code = smp_compare(&made, &params, pool, arena, err);
    if (!code)
        code = smp_suit(&suitability, &rules, plan->from, arena, err);
    if (!code && mkdir(folder, 0777))
        code = smp_fail(err, SMP_E_IO, "%s cannot be made: %s", folder, strerror(errno));
    struct smp_compare_work work = { .plan = plan,
                                     .dots = &dots,
                                     .pictures = pictures,
                                     .report = { .from = plan->from,
                                                 .made = &made,
                                                 .evidence = &evidence,
                                                 .suitability = &suitability,
                                                 .recovery = &recovery } };
    return code ? code : smp_compare_folder_fill(folder, &work, pool, arena, err);
}
