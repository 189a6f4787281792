// Fields that data files must have: texts, words, ids, sources and grades.
#include "base/base.h"

#include <string.h>

enum { ID_BYTES_MAX = 64, TEXT_BYTES_MAX = 400 };

enum smp_code smp_json_need(struct smp_json *child, const struct smp_json *at, const char *name,
                            struct smp_err *err)
{
    return smp_json_child(at, name, child)
               ? SMP_OK
               : smp_fail(err, SMP_E_INPUT, "%s: %s has no %s", at->file, at->path, name);
}

enum smp_code smp_json_need_text(const struct smp_json *at, const char *name, const char **text,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json child;
    const char *borrowed = NULL;
    enum smp_code code = smp_json_need(&child, at, name, err);
    if (!code)
        code = smp_json_text(&child, &borrowed, err);
    if (code)
        return code;
    const size_t length = strlen(borrowed);
    bool clean = length >= 1 && length <= TEXT_BYTES_MAX;
    for (size_t i = 0; i < length && clean; i++)
        clean = (unsigned char)borrowed[i] >= ' ' && borrowed[i] != 0x7f;
    if (!clean)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s must be a text of 1 to %d bytes without control characters",
                        child.file, child.path, TEXT_BYTES_MAX);
    *text = smp_strdup(arena, borrowed);
    return *text ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for a text");
}

enum smp_code smp_json_need_choice(const struct smp_json *at, const char *name,
                                   const char *const *names, int *index, struct smp_err *err)
{
    struct smp_json child;
    const enum smp_code code = smp_json_need(&child, at, name, err);
    return code ? code : smp_json_choice(&child, names, index, err);
}

enum smp_code smp_json_need_id(const struct smp_json *at, const char **id, struct smp_arena *arena,
                               struct smp_err *err)
{
    const enum smp_code code = smp_json_need_text(at, "id", id, arena, err);
    if (code)
        return code;
    const size_t length = strlen(*id);
    if (length <= ID_BYTES_MAX && strspn(*id, "abcdefghijklmnopqrstuvwxyz0123456789.-") == length)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "%s: %s.id must be of small letters, digits, dots and hyphens, at most %d, not "
                    "\"%.80s\"",
                    at->file, at->path, ID_BYTES_MAX, *id);
}

enum smp_code smp_json_need_origin(const struct smp_json *at, const char **source, char *grade,
                                   struct smp_arena *arena, struct smp_err *err)
{
    const char *text = NULL;
    enum smp_code code = smp_json_need_text(at, "source", source, arena, err);
    if (!code)
        code = smp_json_need_text(at, "grade", &text, arena, err);
    if (code)
        return code;
    if (strlen(text) != 1 || !strchr("ABCDU", *text))
        return smp_fail(err, SMP_E_INPUT, "%s: %s.grade must be A, B, C, D or U, not \"%.20s\"",
                        at->file, at->path, text);
    *grade = *text;
    return SMP_OK;
}

enum smp_code smp_json_need_list(struct smp_json *list, const struct smp_json *root,
                                 const char *name, size_t most, struct smp_err *err)
{
    const char *const known[] = { "about", name, NULL };
    const enum smp_code code = smp_json_object(root, known, err);
    if (code)
        return code;
    if (!smp_json_child(root, name, list))
        return smp_fail(err, SMP_E_INPUT, "%s has no %s", root->file, name);
    return smp_json_array(list, 1, most, err);
}
