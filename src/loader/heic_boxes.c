// A look at the references between the items of a HEIC before libheif follows them: pictures made
// of pictures (grids, overlays) and pictures' opacity. libheif 1.15 follows a circle until its
// stack ends, and as many pieces as a file of a few kilobytes can name.
#include "loader_impl.h"

#include <string.h>

enum { most_references = 4096, most_pieces = 4096, most_levels = 8 };

// "To show one item, another is decoded."
struct need {
    uint32_t item, needed;
};

struct needs {
    struct need list[most_references];
    size_t count;
};

static uint64_t number(struct smp_bytes from, size_t at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | from.data[at + i];
    return value;
}

// The content of the next box (ISO/IEC 14496-12, 4.2), which is taken off the front; of one that
// does not fit, what is there, as libheif does. False where there is none.
static bool next_box(struct smp_bytes *boxes, char type[5], struct smp_bytes *content)
{
    if (boxes->length < 8)
        return false;
    uint64_t length = number(*boxes, 0, 4);
    size_t head = 8;
    memcpy(type, boxes->data + 4, 4);
    type[4] = 0;
    if (length == 1 && boxes->length >= 16) {
        length = number(*boxes, 8, 8);
        head = 16;
    }
    if (length == 0 || length > boxes->length)
        length = boxes->length;
    if (length < head)
        return false;
    *content = (struct smp_bytes){ boxes->data + head, (size_t)length - head };
    boxes->data += length;
    boxes->length -= (size_t)length;
    return true;
}

// A box with a version and flags before its content.
static int open_full_box(struct smp_bytes *box)
{
    if (box->length < 4)
        return -1;
    const int version = box->data[0];
    box->data += 4;
    box->length -= 4;
    return version;
}

static bool collect(struct needs *needs, struct smp_bytes references, size_t id_bytes)
{
    char type[5];
    struct smp_bytes box;
    while (next_box(&references, type, &box)) {
        const bool derived = strcmp(type, "dimg") == 0, auxiliary = strcmp(type, "auxl") == 0;
        if ((!derived && !auxiliary) || box.length < id_bytes + 2)
            continue;
        const uint32_t from = (uint32_t)number(box, 0, id_bytes);
        const size_t count = (size_t)number(box, id_bytes, 2);
        for (size_t i = 0; i < count && (i + 2) * id_bytes + 2 <= box.length; i++) {
            const uint32_t to = (uint32_t)number(box, (i + 1) * id_bytes + 2, id_bytes);
            if (needs->count == most_references)
                return false;
            needs->list[needs->count++] =
                derived ? (struct need){ from, to } : (struct need){ to, from };
        }
    }
    return true;
}

// (No qsort: glibc's asks the system for its memory, which a confined process may not.)
// Pieces that are decoded for an item, itself included: kept for each first need of an item, so
// that none is counted twice. 0 where there are too many, or levels without end.
static size_t count_pieces(const struct needs *needs, size_t known[most_references], uint32_t item,
                           int level)
{
    size_t first = 0;
    while (first < needs->count && needs->list[first].item != item)
        first++;
    if (first == needs->count)
        return 1;
    if (known[first] || level == most_levels)
        return known[first];
    size_t sum = 1;
    for (size_t i = first; i < needs->count; i++) {
        if (needs->list[i].item != item)
            continue;
        const size_t pieces = count_pieces(needs, known, needs->list[i].needed, level + 1);
        sum += pieces;
        if (!pieces || sum > most_pieces)
            return 0;
    }
    return known[first] = sum;
}

// Whatever box of several libheif takes: the references of all are collected.
static bool collect_all(struct needs *needs, struct smp_bytes file)
{
    char type[5];
    struct smp_bytes meta, references;
    while (next_box(&file, type, &meta)) {
        if (strcmp(type, "meta") != 0 || open_full_box(&meta) < 0)
            continue;
        while (next_box(&meta, type, &references)) {
            const int version = strcmp(type, "iref") == 0 ? open_full_box(&references) : -1;
            if (version >= 0 && !collect(needs, references, version ? 4 : 2))
                return false;
        }
    }
    return true;
}

enum smp_code ldr_heic_check(struct smp_bytes file, const struct ldr_job *job, struct smp_err *err)
{
    struct needs *needs = smp_new(job->arena, struct needs, 1);
    size_t *known = smp_new(job->arena, size_t, most_references);
    if (!needs || !known)
        return ldr_no_memory(job, err);
    if (!collect_all(needs, file))
        return smp_fail(err, SMP_E_LIMIT, "more than %d references between its pictures",
                        most_references);
    for (size_t i = 0; i < needs->count; i++)
        if (!count_pieces(needs, known, needs->list[i].item, 0))
            return smp_fail(err, SMP_E_LIMIT, "a picture made of more than %d pieces, or of itself",
                            most_pieces);
    return SMP_OK;
}
