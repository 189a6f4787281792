// Wavefront OBJ, read here and not by Assimp: Assimp makes a vertex of every face corner, so the
// file's own vertices, their order and number (which density files count on) are lost.
//
// Three passes over the text: count, vertices, faces (which may name vertices further down).
#include "loader_impl.h"

#include <string.h>

struct reader {
    struct ldr_mesh *mesh;
    const struct ldr_job *job;
    float (*uvs)[2];
    size_t uv_count;
    size_t points_so_far, uvs_so_far, triangles_so_far, line;
    uint16_t part; // of the faces that follow
};

struct corner {
    uint32_t point, uv;
    bool has_uv;
};

static enum smp_code bad_line(const struct reader *reader, struct smp_err *err, const char *what)
{
    return smp_fail(err, SMP_E_FORMAT, "line %zu: %s", reader->line, what);
}

// ---- Count --------------------------------------------------------------------------------------

static enum smp_code count_all(struct reader *reader, struct ldr_span text, struct smp_err *err)
{
    struct ldr_span line, word;
    size_t points = 0, uvs = 0, triangles = 0;
    while (ldr_next_line(&text, &line)) {
        if (!ldr_next_word(&line, &word))
            continue;
        if (ldr_span_is(word, "v")) {
            points++;
        } else if (ldr_span_is(word, "vt")) {
            uvs++;
        } else if (ldr_span_is(word, "f")) {
            size_t corners = 0;
            while (ldr_next_word(&line, &word))
                corners++;
            triangles += corners > 2 ? corners - 2 : 0;
        }
    }
    const enum smp_code code =
        ldr_mesh_make(reader->mesh, points, triangles, uvs > 0, reader->job, err);
    if (code)
        return code;
    if (uvs > 3 * reader->job->max_items)
        return smp_fail(err, SMP_E_LIMIT, "%zu texture coordinates; at most %zu are allowed", uvs,
                        3 * reader->job->max_items);
    reader->uvs = smp_alloc(reader->job->arena, uvs, sizeof *reader->uvs);
    reader->mesh->parts = smp_new(reader->job->arena, uint16_t, triangles);
    reader->uv_count = uvs;
    if (!reader->uvs || !reader->mesh->parts)
        return ldr_no_memory(reader->job, err);
    return SMP_OK;
}

// ---- Vertices -----------------------------------------------------------------------------------

static enum smp_code read_vertices(struct reader *reader, struct ldr_span text, struct smp_err *err)
{
    struct ldr_span line, word;
    size_t points = 0, uvs = 0;
    for (reader->line = 1; ldr_next_line(&text, &line); reader->line++) {
        if (!ldr_next_word(&line, &word))
            continue;
        if (ldr_span_is(word, "v")) {
            double *point = reader->mesh->points[points++];
            for (int i = 0; i < 3; i++)
                if (!ldr_next_word(&line, &word) || !ldr_number(word, &point[i]))
                    return bad_line(reader, err, "a vertex needs three finite numbers");
        } else if (ldr_span_is(word, "vt")) {
            double uv[2] = { 0, 0 };
            for (int i = 0; i < 2; i++)
                if (ldr_next_word(&line, &word) ? !ldr_number(word, &uv[i]) : i == 0)
                    return bad_line(reader, err, "a texture coordinate needs finite numbers");
            reader->uvs[uvs][0] = (float)smp_clamp(uv[0], -1e6, 1e6);
            reader->uvs[uvs++][1] = (float)smp_clamp(1 - uv[1], -1e6, 1e6); // OBJ: v up
        }
    }
    return SMP_OK;
}

// ---- Faces --------------------------------------------------------------------------------------

// 1 is the first of the file, -1 the latest so far.
static bool resolve(struct ldr_span *word, size_t so_far, size_t all, uint32_t *index)
{
    int64_t number = 0;
    if (!ldr_whole(word, &number))
        return false;
    const int64_t at = number > 0 ? number - 1 : (int64_t)so_far + number;
    if (number == 0 || at < 0 || at >= (int64_t)all)
        return false;
    *index = (uint32_t)at;
    return true;
}

// "7", "7/3", "7/3/2" or "7//2"; the normal's number is not needed.
static bool read_corner(const struct reader *reader, struct ldr_span word, struct corner *corner)
{
    corner->has_uv = false;
    if (!resolve(&word, reader->points_so_far, reader->mesh->point_count, &corner->point))
        return false;
    if (word.at == word.end)
        return true;
    if (*word.at++ != '/')
        return false;
    if (word.at < word.end && *word.at != '/') {
        corner->has_uv = true;
        if (!resolve(&word, reader->uvs_so_far, reader->uv_count, &corner->uv))
            return false;
    }
    return word.at == word.end || *word.at == '/';
}

static void add_triangle(struct reader *reader, const struct corner *corners, const uint16_t cut[3])
{
    struct ldr_mesh *mesh = reader->mesh;
    const size_t t = reader->triangles_so_far++;
    mesh->parts[t] = reader->part;
    for (int k = 0; k < 3; k++) {
        const struct corner corner = corners[cut[k]];
        mesh->triangles[t][k] = corner.point;
        if (corner.has_uv)
            memcpy(mesh->uvs[t][k], reader->uvs[corner.uv], sizeof mesh->uvs[t][k]);
    }
}

static enum smp_code read_face(struct reader *reader, struct ldr_span line, struct smp_err *err)
{
    struct corner corners[ldr_most_corners];
    struct ldr_span word;
    size_t n = 0;
    while (ldr_next_word(&line, &word)) {
        if (n == ldr_most_corners)
            return bad_line(reader, err, "a face has more than 1024 corners");
        if (!read_corner(reader, word, &corners[n++]))
            return bad_line(reader, err, "a face names a vertex that the file does not have");
    }
    if (n < 3)
        return SMP_OK; // not a surface
    double places[ldr_most_corners][3];
    uint16_t cut[ldr_most_corners][3];
    for (size_t i = 0; i < n; i++)
        memcpy(places[i], reader->mesh->points[corners[i].point], sizeof places[i]);
    ldr_cut_polygon(cut, (const double(*)[3])places, n);
    for (size_t i = 0; i + 2 < n; i++)
        add_triangle(reader, corners, cut[i]);
    return SMP_OK;
}

static enum smp_code use_material(struct reader *reader, struct ldr_span line, struct smp_err *err)
{
    struct ldr_mesh *mesh = reader->mesh;
    char name[smp_name_bytes];
    ldr_rest_as_name(line, name);
    for (size_t i = 0; i < mesh->part_count; i++)
        if (strcmp(mesh->part_list[i].name, name) == 0) {
            reader->part = (uint16_t)i;
            return SMP_OK;
        }
    if (mesh->part_count == ldr_most_parts)
        return smp_fail(err, SMP_E_LIMIT, "more than %d materials", ldr_most_parts);
    reader->part = (uint16_t)mesh->part_count;
    struct smp_reply_part *part = &mesh->part_list[mesh->part_count++];
    memcpy(part->name, name, sizeof name);
    part->texture = -1;
    return SMP_OK;
}

static enum smp_code read_faces(struct reader *reader, struct ldr_span text, struct smp_err *err)
{
    struct ldr_span line, word, unnamed = { "", "" };
    enum smp_code code = SMP_OK;
    bool named = false;
    for (reader->line = 1; !code && ldr_next_line(&text, &line); reader->line++) {
        if (!ldr_next_word(&line, &word))
            continue;
        if (ldr_span_is(word, "v")) {
            reader->points_so_far++;
        } else if (ldr_span_is(word, "vt")) {
            reader->uvs_so_far++;
        } else if (ldr_span_is(word, "usemtl")) {
            code = use_material(reader, line, err);
            named = true;
        } else if (ldr_span_is(word, "f")) {
            if (!named)
                code = use_material(reader, unnamed, err);
            named = true;
            if (!code)
                code = read_face(reader, line, err);
        }
    }
    return code;
}

// ---- Materials ----------------------------------------------------------------------------------

// "map_Kd [-option values …] name": where there are options, the name is the last word.
static void read_map(struct reader *reader, struct ldr_span line, const char *material)
{
    char name[smp_name_bytes];
    struct ldr_span rest = line, word;
    if (ldr_next_word(&rest, &word) && *word.at == '-') {
        struct ldr_span last = word;
        while (ldr_next_word(&rest, &word))
            last = word;
        line = last;
    }
    ldr_rest_as_name(line, name);
    for (char *at = name; *at; at++)
        if (*at == '\\')
            *at = '/';
    struct ldr_mesh *mesh = reader->mesh;
    for (size_t i = 0; *name && i < mesh->part_count; i++)
        if (strcmp(mesh->part_list[i].name, material) == 0)
            mesh->part_list[i].texture = ldr_texture_named(mesh, name, reader->job);
}

static void read_materials(struct reader *reader, struct smp_bytes file)
{
    struct ldr_span text = { (const char *)file.data, (const char *)file.data + file.length };
    struct ldr_span line, word;
    char material[smp_name_bytes] = "";
    while (ldr_next_line(&text, &line)) {
        if (!ldr_next_word(&line, &word))
            continue;
        if (ldr_span_is(word, "newmtl"))
            ldr_rest_as_name(line, material);
        else if (ldr_span_is(word, "map_Kd"))
            read_map(reader, line, material);
    }
}

// The first eight libraries; one that is missing takes its textures with it, no more.
static void read_libraries(struct reader *reader, struct ldr_span text)
{
    struct ldr_span line, word;
    char name[smp_name_bytes];
    int left = 8;
    while (left > 0 && ldr_next_line(&text, &line)) {
        if (!ldr_next_word(&line, &word) || !ldr_span_is(word, "mtllib"))
            continue;
        struct smp_bytes file;
        ldr_rest_as_name(line, name);
        left--;
        if (reader->job->ask(reader->job, name, &file))
            read_materials(reader, file);
    }
}

enum smp_code ldr_obj_read(struct ldr_mesh *mesh, struct smp_bytes file, const struct ldr_job *job,
                           struct smp_err *err)
{
    const struct ldr_span text = { (const char *)file.data, (const char *)file.data + file.length };
    struct reader reader = { .mesh = mesh, .job = job };
    enum smp_code code = count_all(&reader, text, err);
    if (!code)
        code = read_vertices(&reader, text, err);
    if (!code)
        code = read_faces(&reader, text, err);
    if (!code)
        read_libraries(&reader, text);
    return code;
}
