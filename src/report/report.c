// The two files of a report.
#include "report/words.h"

#include <string.h>

#ifndef STUBBLE_VERSION
#define STUBBLE_VERSION "0"
#endif

static const char *case_id(struct smp_doc *doc, const struct smp_report *report)
{
    uint64_t hash = smp_hash64(report->made->seed, (uint64_t)report->made->years);
    for (const char *c = report->from->text ? report->from->text : ""; *c; c++)
        hash = smp_hash64(hash, (uint64_t)(unsigned char)*c);
    return smp_doc_say(doc, "%04X-%04X", (unsigned)(hash >> 48), (unsigned)(hash >> 32 & 0xffff));
}

void smp_report_compose(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_case *from = report->from;
    doc->title = "Your options for hair loss, side by side";
    doc->subtitle = smp_doc_say(
        doc, "What each option can and can't do for one head, and what it costs, over %s",
        smp_say_years(doc, report->made->years));
    doc->client = from->title && from->title[0] ? from->title : "untitled";
    doc->id = case_id(doc, report);
    doc->made_by = smp_doc_say(doc, "stubble %s, seed %llu", STUBBLE_VERSION,
                               (unsigned long long)report->made->seed);
    doc->stamp = "SIMULATED, not a record of a result";
    doc->disclaimer = "General information, not medical advice: consult a qualified technician or "
                      "a doctor.";
    smp_report_facts(doc, report);
    smp_report_shots(doc, report);
    smp_report_course(doc, report);
    smp_report_harms(doc, report);
    smp_report_limits(doc, report);
    smp_report_order(doc, report);
    smp_report_views(doc, report);
    smp_report_recovery(doc, report);
    smp_report_inputs(doc, report);
    smp_report_suitability(doc, report);
    smp_report_sources(doc, report);
}

// The bytes move to the arena.
static enum smp_code keep(struct smp_bytes *file, struct smp_buffer *buffer, enum smp_code code,
                          struct smp_arena *arena, struct smp_err *err)
{
    uint8_t *data = code ? NULL : smp_new(arena, uint8_t, buffer->length);
    if (!code && !data)
        code = smp_fail(err, SMP_E_NOMEM, "no memory for the report");
    if (!code) {
        memcpy(data, buffer->data, buffer->length);
        *file = (struct smp_bytes){ data, buffer->length };
    }
    smp_buffer_drop(buffer);
    return code;
}

enum smp_code smp_report_make(struct smp_bytes files[2], const struct smp_report *report,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct smp_doc doc;
    smp_doc_open(&doc, arena);
    smp_report_compose(&doc, report);
    struct smp_buffer html = { 0 }, pdf = { 0 };
    enum smp_code code = smp_doc_html(&html, &doc, err);
    code = keep(&files[SMP_REPORT_HTML], &html, code, arena, err);
    if (!code)
        code = keep(&files[SMP_REPORT_PDF], &pdf, smp_doc_pdf(&pdf, NULL, &doc, err), arena, err);
    return code;
}

enum smp_code smp_report_write(const char *folder, const struct smp_report *report,
                               struct smp_arena *arena, struct smp_err *err)
{
    static const char *const names[2] = { "compare.html", "compare.pdf" };
    struct smp_bytes files[2] = { { 0 } };
    enum smp_code code = smp_report_make(files, report, arena, err);
    for (int i = 0; i < 2 && !code; i++) {
        const char *path = smp_format(arena, "%s/%s", folder, names[i]);
        code = path ? smp_file_write(path, files[i].data, files[i].length, err)
                    : smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    }
    return code;
}
