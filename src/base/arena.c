#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A chain of calloc'ed chunks. Small requests share chunks of growing size; a large one gets a
// chunk of its own, whose pages the kernel zeroes only when they are touched.
enum { align_bytes = 64, first_chunk_bytes = 64 << 10, largest_chunk_bytes = 4 << 20 };

struct smp_chunk {
    struct smp_chunk *below;
    size_t size_bytes, used_bytes; // of data
    size_t padding[5];             // data starts aligned when the chunk does
};
_Static_assert(sizeof(struct smp_chunk) == align_bytes, "chunk header keeps the alignment");

void smp_arena_make(struct smp_arena *arena, size_t cap_bytes)
{
    *arena = (struct smp_arena){ .cap_bytes = cap_bytes ? cap_bytes : (size_t)8 << 30 };
}

void smp_arena_drop(struct smp_arena *arena)
{
    smp_arena_reset(arena, (struct smp_mark){ 0 });
}

struct smp_mark smp_arena_mark(const struct smp_arena *arena)
{
    return (struct smp_mark){
        .top = arena->top,
        .top_used_bytes = arena->top ? arena->top->used_bytes : 0,
        .used_bytes = arena->used_bytes,
    };
}

void smp_arena_reset(struct smp_arena *arena, struct smp_mark mark)
{
    while (arena->top != mark.top) {
        struct smp_chunk *below = arena->top->below;
        free(arena->top);
        arena->top = below;
    }
    if (arena->top) {
        struct smp_chunk *top = arena->top;
        memset((char *)(top + 1) + mark.top_used_bytes, 0, top->used_bytes - mark.top_used_bytes);
        top->used_bytes = mark.top_used_bytes;
    }
    arena->used_bytes = mark.used_bytes;
}

static struct smp_chunk *push_chunk(struct smp_arena *arena, size_t need_bytes)
{
    size_t size = arena->top ? arena->top->size_bytes * 2 : first_chunk_bytes;
    if (size > largest_chunk_bytes)
        size = largest_chunk_bytes;
    if (size < need_bytes)
        size = need_bytes;
    // calloc keeps the zero pages of large blocks lazy; aligned_alloc would not.
    void *raw = calloc(1, sizeof(struct smp_chunk) + size + align_bytes);
    if (!raw)
        return NULL;
    struct smp_chunk *chunk = raw;
    *chunk = (struct smp_chunk){ .below = arena->top, .size_bytes = size };
    arena->top = chunk;
    return chunk;
}

// Offset of the first aligned byte at or after `used` in the chunk's data.
static size_t aligned_offset(const struct smp_chunk *chunk, size_t used)
{
    const uintptr_t start = (uintptr_t)(chunk + 1) + used;
    return used + (align_bytes - start % align_bytes) % align_bytes;
}

void *smp_alloc(struct smp_arena *arena, size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 4)
        return NULL;
    if (bytes > arena->cap_bytes || arena->used_bytes > arena->cap_bytes - bytes)
        return NULL;
    struct smp_chunk *chunk = arena->top;
    size_t offset = chunk ? aligned_offset(chunk, chunk->used_bytes) : 0;
    if (!chunk || offset + bytes > chunk->size_bytes + align_bytes) {
        chunk = push_chunk(arena, bytes);
        if (!chunk)
            return NULL;
        offset = aligned_offset(chunk, 0);
    }
    chunk->used_bytes = offset + bytes;
    arena->used_bytes += bytes;
    return (char *)(chunk + 1) + offset;
}

char *smp_strdup(struct smp_arena *arena, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = smp_new(arena, char, size);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

char *smp_vformat(struct smp_arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : smp_new(arena, char, (size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *smp_format(struct smp_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = smp_vformat(arena, format, args);
    va_end(args);
    return text;
}
