// The plan folder: plan.json, dots.csv, and the case with all it was read from, so that the folder
// can be carried elsewhere and gives the same plan again.
#include "plan/document.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char catalogue_name[] = "catalogue.json";
static const size_t source_bytes_max = (size_t)4 << 30;

static enum smp_code make_folder(const char *path, struct smp_err *err)
{
    if (mkdir(path, 0777) && errno != EEXIST)
        return smp_fail(err, SMP_E_IO, "%s cannot be made: %s", path, strerror(errno));
    return SMP_OK;
}

static enum smp_code put(const char *folder, const char *name, const void *data, size_t length,
                         struct smp_arena *scratch, struct smp_err *err)
{
    const char *path = smp_format(scratch, "%s/%s", folder, name);
    if (!path)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    return smp_file_write(path, data, length, err);
}

// ---- The scan's files ---------------------------------------------------------------------------

// Name of a source below the scan's own folder.
static const char *name_below(const char *scan, const char *source)
{
    const char *slash = strrchr(scan, '/');
    const size_t length = slash ? (size_t)(slash - scan) + 1 : 0;
    if (length && strncmp(source, scan, length) == 0)
        return source + length;
    const char *own = strrchr(source, '/');
    return slash && own ? own + 1 : source;
}

// Folders on the way to a file below the scan folder.
static enum smp_code make_way(char *path, size_t from, struct smp_err *err)
{
    for (char *slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        enum smp_code code = make_folder(path, err);
        *slash = '/';
        if (code)
            return code;
    }
    return SMP_OK;
}

static enum smp_code copy_scan(const struct smp_plan *plan, const char *folder,
                               struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_case *from = plan->from;
    char *into = smp_format(scratch, "%s/scan", folder);
    if (!into)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    enum smp_code code = make_folder(into, err);
    for (size_t i = 0; i < from->scan_source_count && !code; i++) {
        const struct smp_mark mark = smp_arena_mark(scratch);
        struct smp_bytes bytes;
        char *path =
            smp_format(scratch, "%s/%s", into, name_below(from->scan, from->scan_sources[i]));
        code = path ? smp_file_read(&bytes, from->scan_sources[i], source_bytes_max, scratch, err)
                    : smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
        if (!code)
            code = make_way(path, strlen(into) + 1, err);
        if (!code)
            code = smp_file_write(path, bytes.data, bytes.length, err);
        smp_arena_reset(scratch, mark);
    }
    return code;
}

static json_t *shares(const struct smp_case *from)
{
    json_t *list = json_array();
    for (int s = 0; s < from->sessions; s++)
        json_array_append_new(list, json_real(from->shares[s]));
    return list;
}

// The case as it was read; a scan and a catalogue are named as their copies.
static enum smp_code case_text(const struct smp_plan *plan, const char **text,
                               struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_case *from = plan->from;
    *text = from->text;
    if (!from->scan && !from->recipe.catalogue.data && !from->photos_used &&
        !plan->continued.sessions_done)
        return SMP_OK;
    json_t *root = json_loads(from->text, 0, NULL);
    bool done = true;
    if (from->scan) {
        const char *name = smp_format(scratch, "scan/%s", name_below(from->scan, from->scan));
        done = name &&
               json_object_set_new(json_object_get(root, "head"), "scan", json_string(name)) == 0;
    }
    if (from->recipe.catalogue.data)
        done = done && json_object_set_new(json_object_get(root, "recipe"), "catalogue",
                                           json_string(catalogue_name)) == 0;
    if (from->photos_used)
        done = done && smp_case_note_photos(root, from);
    if (plan->continued.sessions_done) // there may be one more
        done = done && json_object_set_new(root, "sessions", shares(from)) == 0;
    char *dumped = NULL;
    if (done)
        dumped = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    *text = dumped ? smp_format(scratch, "%s\n", dumped) : NULL;
    free(dumped);
    json_decref(root);
    return *text ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for the copy of the case");
}

// One of the user's own files, where it is there.
static enum smp_code copy_own(const char *own, const char *into, const char *name,
                              struct smp_arena *scratch, struct smp_err *err)
{
    struct smp_bytes bytes = { 0 };
    struct smp_err absent = { 0 };
    const char *path = smp_format(scratch, "%s/%s", own, name);
    if (!path)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    const enum smp_code code = smp_file_read(&bytes, path, (size_t)1 << 20, scratch, &absent);
    if (code == SMP_E_FILE)
        return SMP_OK;
    return code ? smp_fail(err, code, "%s", absent.msg)
                : put(into, name, bytes.data, bytes.length, scratch, err);
}

// Evidence of the user's own (what is absent is built in) for a comparison of the folder's case.
static enum smp_code copy_evidence(const char *own, const char *into, struct smp_arena *scratch,
                                   struct smp_err *err)
{
    static const char *const files[] = { "loss.json",      "transplant.json", "medication.json",
                                         "hairpiece.json", "smp.json",        "costs.json" };
    const char *from = smp_format(scratch, "%s/evidence", own);
    const char *to = smp_format(scratch, "%s/evidence", into);
    struct stat info;
    if (!from || !to)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    if (stat(from, &info) || !S_ISDIR(info.st_mode))
        return SMP_OK;
    enum smp_code code = make_folder(to, err);
    for (size_t i = 0; i < sizeof files / sizeof *files && !code; i++)
        code = copy_own(from, to, files[i], scratch, err);
    return code;
}

// The user's own numbers go along.
static enum smp_code copy_data(const struct smp_plan *plan, const char *folder,
                               struct smp_arena *scratch, struct smp_err *err)
{
    static const char *const files[] = { "design.json", "needles.json",  "limits.json",
                                         "prices.json", "pigments.json", "healing.json" };
    const char *own = plan->from->settings->folder;
    const char *into = smp_format(scratch, "%s/data", folder);
    if (!own)
        return SMP_OK;
    if (!into)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    enum smp_code code = make_folder(into, err);
    for (size_t i = 0; i < sizeof files / sizeof *files && !code; i++) {
        const char *path = smp_format(scratch, "%s/%s", own, files[i]);
        struct smp_bytes bytes = smp_data_file(files[i]);
        struct smp_err absent = { 0 };
        if (!path)
            return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
        smp_file_read(&bytes, path, (size_t)1 << 20, scratch, &absent); // built in where absent
        code = put(into, files[i], bytes.data, bytes.length, scratch, err);
    }
    return code ? code : copy_evidence(own, into, scratch, err);
}

// ---- The whole ----------------------------------------------------------------------------------

enum smp_code smp_plan_save(const struct smp_plan *plan, const char *folder,
                            struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    size_t dots_length = 0;
    const char *own_case = NULL;
    const char *document = smp_plan_document(plan, scratch);
    const char *dots = smp_dots_write(plan, &dots_length, scratch);
    if (!document || !dots)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the plan's files");
    enum smp_code code = case_text(plan, &own_case, scratch, err);
    if (!code)
        code = put(folder, "case.json", own_case, strlen(own_case), scratch, err);
    if (!code && plan->from->scan)
        code = copy_scan(plan, folder, scratch, err);
    if (!code)
        code = copy_data(plan, folder, scratch, err);
    const struct smp_bytes catalogue = plan->from->recipe.catalogue;
    if (!code && catalogue.data)
        code = put(folder, catalogue_name, catalogue.data, catalogue.length, scratch, err);
    if (!code)
        code = put(folder, "dots.csv", dots, dots_length, scratch, err);
    if (!code && plan->continued.sessions_done) {
        size_t length = 0;
        const char *seen = smp_seen_write(&plan->continued, &length, scratch);
        code = seen ? put(folder, "seen.csv", seen, length, scratch, err)
                    : smp_fail(err, SMP_E_NOMEM, "no memory for the plan's files");
    }
    if (!code)
        code = put(folder, "plan.json", document, strlen(document), scratch, err);
    smp_arena_reset(scratch, mark);
    return code;
}
