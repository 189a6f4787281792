// Scan files, by way of the sandboxed child. Everything it sends back is checked here before use.
#include "mesh/mesh.h"
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Figures of docs/security.md. Ten million triangles of an STL take 2.4 GiB in the child.
enum {
    default_max_triangles = 12000000,
    memory_mib = 4096,
    cpu_s = 60,
    wall_s = 120,
    most_files = 320,
    most_parts = 65535,
    most_textures = 256,
};
static const size_t max_scan_bytes = (size_t)2 << 30;
static const size_t max_sibling_bytes = (size_t)1 << 30;
static const size_t max_textures_bytes = (size_t)512 << 20;

struct loading {
    struct smp_scan scan;
    struct smp_arena *arena;
    struct smp_arena siblings; // bytes handed to the child
    struct smp_err *err;
    const char *path;
    char folder[PATH_MAX];
    const char *sources[most_files], *missing[most_files];
    size_t textures_bytes;
};

// ---- Files beside the scan ----------------------------------------------------------------------

static void note(const char **list, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(list[i], name) == 0)
            return;
    if (*count < most_files)
        list[(*count)++] = name;
}

static const char *beside(struct loading *loading, const char *name)
{
    const bool here = strcmp(loading->folder, ".") == 0;
    return here ? smp_strdup(loading->arena, name)
                : smp_format(loading->arena, "%s/%s", loading->folder, name);
}

static enum smp_code read_sibling(struct loading *loading, const char *name, size_t max_bytes,
                                  struct smp_arena *arena, struct smp_bytes *bytes)
{
    char clean[smp_name_bytes];
    smp_sandbox_clean_text(clean, sizeof clean, name, smp_name_bytes);
    const char *path = beside(loading, clean);
    if (!path)
        return SMP_E_NOMEM;
    enum smp_code code = SMP_E_FILE;
    const int fd = smp_sandbox_open_beneath(loading->folder, name);
    if (fd >= 0) {
        char open_path[64];
        snprintf(open_path, sizeof open_path, "/proc/self/fd/%d", fd);
        code = smp_file_read(bytes, open_path, max_bytes, arena, NULL);
        close(fd);
    }
    if (code)
        note(loading->missing, &loading->scan.missing_count, path);
    else
        note(loading->sources, &loading->scan.source_count, path);
    return code;
}

static enum smp_code on_ask(void *context, const char *name, struct smp_bytes *bytes)
{
    struct loading *loading = context;
    return read_sibling(loading, name, max_sibling_bytes, &loading->siblings, bytes);
}

// ---- What the child sent ------------------------------------------------------------------------

static enum smp_code distrust(const struct loading *loading, const char *what)
{
    return smp_fail(loading->err, SMP_E_FORMAT,
                    "%s could not be read: the reader's answer breaks a rule (%s)", loading->path,
                    what);
}

// Address of count items at an offset, or NULL where they do not lie inside the reply.
static const void *block(struct smp_bytes reply, uint64_t at, uint64_t count, size_t size)
{
    if (at < sizeof(struct smp_reply_mesh) || at % 8 || at > reply.length ||
        count > (reply.length - at) / size)
        return NULL;
    return reply.data + at;
}

static enum smp_code take_points(struct loading *loading, struct smp_bytes reply,
                                 const struct smp_reply_mesh *head)
{
    const double(*from)[3] =
        (const double(*)[3])block(reply, head->points_at, head->point_count, sizeof *from);
    if (!from)
        return distrust(loading, "points");
    struct smp_mesh *mesh = &loading->scan.mesh;
    mesh->point_count = head->point_count;
    mesh->points = smp_new(loading->arena, struct smp_vec3, head->point_count);
    if (!mesh->points)
        return smp_fail(loading->err, SMP_E_NOMEM, "no memory for the %zu points of %s",
                        mesh->point_count, loading->path);
    for (size_t i = 0; i < mesh->point_count; i++) {
        for (int k = 0; k < 3; k++)
            if (!(fabs(from[i][k]) <= 1e12))
                return smp_fail(loading->err, SMP_E_FORMAT,
                                "%s: vertex %zu is not within 1e12 of the origin", loading->path,
                                i + 1);
        mesh->points[i] = smp_vec3(from[i][0], from[i][1], from[i][2]);
    }
    return SMP_OK;
}

static enum smp_code take_triangles(struct loading *loading, struct smp_bytes reply,
                                    const struct smp_reply_mesh *head)
{
    const uint32_t(*from)[3] =
        (const uint32_t(*)[3])block(reply, head->triangles_at, head->triangle_count, sizeof *from);
    const uint16_t *parts = block(reply, head->parts_at, head->triangle_count, sizeof *parts);
    if (!from || !parts)
        return distrust(loading, "triangles");
    struct smp_mesh *mesh = &loading->scan.mesh;
    const size_t count = mesh->triangle_count = head->triangle_count;
    mesh->triangles = smp_alloc(loading->arena, count, sizeof *mesh->triangles);
    mesh->parts = smp_new(loading->arena, uint16_t, count);
    if (!mesh->triangles || !mesh->parts)
        return smp_fail(loading->err, SMP_E_NOMEM, "no memory for the %zu triangles of %s", count,
                        loading->path);
    memcpy(mesh->triangles, from, count * sizeof *from);
    memcpy(mesh->parts, parts, count * sizeof *parts);
    for (size_t t = 0; t < count; t++) {
        const uint32_t *c = mesh->triangles[t];
        if (c[0] >= mesh->point_count || c[1] >= mesh->point_count || c[2] >= mesh->point_count)
            return distrust(loading, "a corner");
        if (mesh->parts[t] >= head->part_count)
            return distrust(loading, "a part");
    }
    return SMP_OK;
}

static enum smp_code take_uvs(struct loading *loading, struct smp_bytes reply,
                              const struct smp_reply_mesh *head)
{
    if (!head->uvs_at)
        return SMP_OK;
    struct smp_mesh *mesh = &loading->scan.mesh;
    const float(*from)[3][2] =
        (const float(*)[3][2])block(reply, head->uvs_at, head->triangle_count, sizeof *from);
    if (!from)
        return distrust(loading, "texture coordinates");
    mesh->uvs = smp_alloc(loading->arena, mesh->triangle_count, sizeof *mesh->uvs);
    if (!mesh->uvs)
        return smp_fail(loading->err, SMP_E_NOMEM, "no memory for the %zu triangles of %s",
                        mesh->triangle_count, loading->path);
    for (size_t t = 0; t < mesh->triangle_count; t++)
        for (int k = 0; k < 3; k++) {
            if (!(fabsf(from[t][k][0]) <= 1e7f && fabsf(from[t][k][1]) <= 1e7f))
                return distrust(loading, "a texture coordinate");
            mesh->uvs[t][k] = (struct smp_uv){ from[t][k][0], from[t][k][1] };
        }
    return SMP_OK;
}

static enum smp_code take_parts(struct loading *loading, struct smp_bytes reply,
                                const struct smp_reply_mesh *head)
{
    struct smp_scan *scan = &loading->scan;
    const struct smp_reply_part *from =
        block(reply, head->part_names_at, head->part_count, sizeof *from);
    if (!from)
        return distrust(loading, "parts");
    scan->mesh.part_count = head->part_count;
    scan->part_names = smp_new(loading->arena, const char *, head->part_count);
    scan->part_textures = smp_new(loading->arena, int32_t, head->part_count);
    if (!scan->part_names || !scan->part_textures)
        return smp_fail(loading->err, SMP_E_NOMEM, "no memory for %s", loading->path);
    for (size_t i = 0; i < head->part_count; i++) {
        char name[smp_name_bytes];
        smp_sandbox_clean_text(name, sizeof name, from[i].name, smp_name_bytes);
        scan->part_names[i] = smp_strdup(loading->arena, name);
        if (!scan->part_names[i])
            return smp_fail(loading->err, SMP_E_NOMEM, "no memory for %s", loading->path);
        if (from[i].texture < -1 || from[i].texture >= (int64_t)head->texture_count)
            return distrust(loading, "a texture's number");
        scan->part_textures[i] = from[i].texture;
    }
    return SMP_OK;
}

static enum smp_code take_texture(struct loading *loading, struct smp_bytes reply,
                                  const struct smp_reply_texture *from, struct smp_bytes *texture)
{
    const size_t left = max_textures_bytes - loading->textures_bytes;
    if (from->sibling[0]) {
        char name[smp_name_bytes] = "";
        memcpy(name, from->sibling, sizeof name - 1);
        const enum smp_code code = read_sibling(loading, name, left, loading->arena, texture);
        if (code == SMP_E_NOMEM)
            return smp_fail(loading->err, code, "no memory for the texture %s", name);
        loading->textures_bytes += texture->length;
        return SMP_OK; // absent: noted as missing, left empty
    }
    const uint8_t *bytes = from->length ? block(reply, from->at, from->length, 1) : NULL;
    if (!bytes || from->length > left)
        return from->length ? distrust(loading, "a texture") : SMP_OK;
    uint8_t *copy = smp_new(loading->arena, uint8_t, from->length);
    if (!copy)
        return smp_fail(loading->err, SMP_E_NOMEM, "no memory for the textures of %s",
                        loading->path);
    memcpy(copy, bytes, from->length);
    loading->textures_bytes += from->length;
    *texture = (struct smp_bytes){ copy, from->length };
    return SMP_OK;
}

// Textures that are there get the numbers from 0; parts whose texture is absent get -1.
static enum smp_code take_textures(struct loading *loading, struct smp_bytes reply,
                                   const struct smp_reply_mesh *head)
{
    struct smp_scan *scan = &loading->scan;
    int32_t number[most_textures];
    const struct smp_reply_texture *from =
        block(reply, head->textures_at, head->texture_count, sizeof *from);
    struct smp_bytes *textures = smp_new(loading->arena, struct smp_bytes, head->texture_count);
    if (!from || !textures)
        return distrust(loading, "textures");
    for (size_t i = 0; i < head->texture_count; i++) {
        struct smp_bytes texture = { 0 };
        const enum smp_code code = take_texture(loading, reply, &from[i], &texture);
        if (code)
            return code;
        number[i] = texture.length ? (int32_t)scan->texture_count : -1;
        if (texture.length)
            textures[scan->texture_count++] = texture;
    }
    scan->textures = textures;
    for (size_t i = 0; i < scan->mesh.part_count; i++)
        if (scan->part_textures[i] >= 0)
            scan->part_textures[i] = number[scan->part_textures[i]];
    return SMP_OK;
}

static enum smp_code take_reply(struct loading *loading, struct smp_bytes reply,
                                size_t max_triangles)
{
    struct smp_reply_mesh head;
    memcpy(&head, reply.data, sizeof head);
    if (head.triangle_count < 1 || head.triangle_count > max_triangles ||
        head.point_count > 3 * max_triangles || head.part_count < 1 ||
        head.part_count > most_parts || head.texture_count > most_textures)
        return distrust(loading, "a count");
    char note[sizeof head.note];
    smp_sandbox_clean_text(note, sizeof note, head.note, sizeof head.note);
    loading->scan.note = smp_strdup(loading->arena, note);
    if (!loading->scan.note)
        return smp_fail(loading->err, SMP_E_NOMEM, "no memory for %s", loading->path);
    enum smp_code code = take_points(loading, reply, &head);
    if (!code)
        code = take_triangles(loading, reply, &head);
    if (!code)
        code = take_uvs(loading, reply, &head);
    if (!code)
        code = take_parts(loading, reply, &head);
    return code ? code : take_textures(loading, reply, &head);
}

// ---- All of it ----------------------------------------------------------------------------------

static enum smp_code keep_lists(struct loading *loading)
{
    struct smp_scan *scan = &loading->scan;
    scan->sources = smp_new(loading->arena, const char *, scan->source_count);
    scan->missing = smp_new(loading->arena, const char *, scan->missing_count);
    if (!scan->sources || !scan->missing)
        return smp_fail(loading->err, SMP_E_NOMEM, "no memory for %s", loading->path);
    memcpy(scan->sources, loading->sources, scan->source_count * sizeof *scan->sources);
    memcpy(scan->missing, loading->missing, scan->missing_count * sizeof *scan->missing);
    return SMP_OK;
}

static bool split_folder(struct loading *loading)
{
    const char *slash = strrchr(loading->path, '/');
    const size_t length = slash ? (size_t)(slash - loading->path) : 0;
    if (length >= sizeof loading->folder - 1)
        return false;
    memcpy(loading->folder, slash ? loading->path : ".", slash ? length : 1);
    if (slash && length == 0)
        loading->folder[0] = '/';
    return true;
}

static enum smp_code run_reader(struct loading *loading, const struct smp_scan_options *options,
                                size_t max_triangles)
{
    // Points of 24 bytes (as many as corners at worst), corners 12, texture coordinates 24, part 2.
    const size_t output = max_triangles * (3 * 24 + 12 + 24 + 2) + max_textures_bytes;
    const struct smp_job job = {
        .program = "stubble-loader",
        .kind = "mesh",
        .name = loading->path,
        .path = loading->path,
        .max_input_bytes = max_scan_bytes,
        .max_output_bytes = output + (4 << 20),
        .memory_mib = memory_mib,
        .cpu_s = cpu_s,
        .wall_s = wall_s,
        .max_items = max_triangles,
        .no_sandbox = options && options->no_sandbox,
        .sibling = on_ask,
        .context = loading,
    };
    struct smp_bytes reply = { 0 };
    enum smp_code code = smp_sandbox_run(&reply, &job, loading->err);
    if (!code)
        code = take_reply(loading, reply, max_triangles);
    smp_sandbox_drop(&reply);
    return code;
}

enum smp_code smp_scan_load(struct smp_scan *scan, const char *path,
                            const struct smp_scan_options *options, struct smp_arena *arena,
                            struct smp_err *err)
{
    static const struct loading fresh;
    const size_t max_triangles =
        options && options->max_triangles ? options->max_triangles : default_max_triangles;
    if (max_triangles > 100000000)
        return smp_fail(err, SMP_E_INPUT, "max_triangles must be 0 to 100000000, not %zu",
                        max_triangles);
    struct loading *loading = smp_new(arena, struct loading, 1);
    const char *name = smp_strdup(arena, path);
    if (!loading || !name)
        return smp_fail(err, SMP_E_NOMEM, "no memory to read %s", path);
    *loading = fresh;
    loading->arena = arena;
    loading->err = err;
    loading->path = name;
    if (!split_folder(loading))
        return smp_fail(err, SMP_E_INPUT, "%.200s… is too long for a file name", path);
    smp_arena_make(&loading->siblings, max_sibling_bytes + (64 << 20));
    note(loading->sources, &loading->scan.source_count, name);
    enum smp_code code = run_reader(loading, options, max_triangles);
    smp_arena_drop(&loading->siblings);
    if (!code)
        code = keep_lists(loading);
    if (!code)
        *scan = loading->scan;
    return code;
}
