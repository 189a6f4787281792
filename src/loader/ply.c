// PLY, text and binary, read here and not by Assimp, which keeps one texture coordinate a vertex
// (seams break where the file gives them by face), drops triangles of strips and rounds doubles.
//
// Three walks over the data: count the triangles, take the vertices, take the faces (which may
// stand before them).
#include "ply_impl.h"

#include <math.h>
#include <string.h>

static enum smp_code too_short(struct smp_err *err)
{
    return smp_fail(err, SMP_E_FORMAT, "not a whole PLY file (it ends early)");
}

// ---- Values -------------------------------------------------------------------------------------

static bool next_token(struct ply_reader *ply, struct ldr_span *word)
{
    const char *at = (const char *)ply->at, *end = (const char *)ply->end;
    while (at < end && (unsigned char)*at <= ' ')
        at++;
    word->at = at;
    while (at < end && (unsigned char)*at > ' ')
        at++;
    word->end = at;
    ply->at = (const uint8_t *)at;
    return word->end > word->at;
}

// False at the end of the data. What is no number in a text becomes NaN.
static bool read_value(struct ply_reader *ply, enum ply_type type, double *value)
{
    if (ply->text) {
        struct ldr_span word;
        if (!next_token(ply, &word))
            return false;
        if (!ldr_number(word, value))
            *value = (double)NAN;
        return true;
    }
    const size_t size = ply_type_bytes[type];
    union {
        uint8_t bytes[8];
        int8_t i8;
        uint8_t u8;
        int16_t i16;
        uint16_t u16;
        int32_t i32;
        uint32_t u32;
        float f32;
        double f64;
    } v = { .f64 = 0 };
    if ((size_t)(ply->end - ply->at) < size)
        return false;
    for (size_t i = 0; i < size; i++)
        v.bytes[ply->swap ? size - 1 - i : i] = ply->at[i];
    ply->at += size;
    *value = type == ply_i8    ? v.i8
             : type == ply_u8  ? v.u8
             : type == ply_i16 ? v.i16
             : type == ply_u16 ? v.u16
             : type == ply_i32 ? v.i32
             : type == ply_u32 ? v.u32
             : type == ply_f32 ? (double)v.f32
                               : v.f64;
    return true;
}

// ---- One item: a vertex, a face, a strip --------------------------------------------------------

static bool is_index(const struct ply_reader *ply, double value)
{
    return value >= 0 && value < (double)ply->mesh->point_count && value == floor(value);
}

static enum smp_code bad_face(const struct ply_reader *ply, struct smp_err *err)
{
    return smp_fail(err, SMP_E_FORMAT, "face %zu names a vertex that the file does not have",
                    ply->item + 1);
}

static enum smp_code take_vertex(struct ply_reader *ply, struct smp_err *err)
{
    if (ply->stage != ply_stage_vertices)
        return SMP_OK;
    const double *v = ply->values;
    if (!isfinite(v[ply_x]) || !isfinite(v[ply_y]) || !isfinite(v[ply_z]))
        return smp_fail(err, SMP_E_FORMAT, "vertex %zu is not three finite numbers", ply->item + 1);
    memcpy(ply->mesh->points[ply->item], &v[ply_x], 3 * sizeof *v);
    if (ply->vertex_uvs)
        for (int k = 0; k < 2; k++) {
            const double uv = isfinite(v[ply_u + k]) ? smp_clamp(v[ply_u + k], -1e6, 1e6) : 0;
            ply->vertex_uvs[ply->item][k] = (float)(k ? 1 - uv : uv); // the file counts v upward
        }
    return SMP_OK;
}

static void take_corner_uv(struct ply_reader *ply, float to[2], size_t corner, uint32_t vertex)
{
    if (ply->texcoord_count == 2 * ply->corner_count) {
        const double u = ply->texcoords[2 * corner], v = ply->texcoords[2 * corner + 1];
        to[0] = isfinite(u) ? (float)smp_clamp(u, -1e6, 1e6) : 0;
        to[1] = isfinite(v) ? (float)(1 - smp_clamp(v, -1e6, 1e6)) : 0;
    } else if (ply->vertex_uvs) {
        memcpy(to, ply->vertex_uvs[vertex], 2 * sizeof *to);
    }
}

static enum smp_code take_face(struct ply_reader *ply, struct smp_err *err)
{
    struct ldr_mesh *mesh = ply->mesh;
    const size_t n = ply->corner_count;
    if (n < 3 || ply->stage == ply_stage_vertices)
        return SMP_OK;
    if (ply->stage == ply_stage_count) {
        ply->triangles += n - 2;
        return SMP_OK;
    }
    double places[ldr_most_corners][3];
    uint16_t cut[ldr_most_corners][3];
    for (size_t i = 0; i < n; i++) {
        if (!is_index(ply, ply->corners[i]))
            return bad_face(ply, err);
        memcpy(places[i], mesh->points[(size_t)ply->corners[i]], sizeof places[i]);
    }
    ldr_cut_polygon(cut, (const double(*)[3])places, n);
    const double number = ply->values[ply_texture];
    const size_t part = number >= 0 && number < (double)mesh->part_count ? (size_t)number : 0;
    for (size_t i = 0; i + 2 < n; i++) {
        const size_t t = ply->triangles++;
        mesh->parts[t] = (uint16_t)part;
        for (int k = 0; k < 3; k++) {
            mesh->triangles[t][k] = (uint32_t)ply->corners[cut[i][k]];
            if (mesh->uvs)
                take_corner_uv(ply, mesh->uvs[t][k], cut[i][k], mesh->triangles[t][k]);
        }
    }
    return SMP_OK;
}

// A strip, one index at a time: each three in a row are a triangle, turned every second time; -1
// begins again.
static enum smp_code take_strip_index(struct ply_reader *ply, double value, struct smp_err *err)
{
    if (ply->stage == ply_stage_vertices)
        return SMP_OK;
    double *run = ply->corners;
    if (value == -1) {
        ply->run_length = 0;
        return SMP_OK;
    }
    run[0] = run[1];
    run[1] = run[2];
    run[2] = value;
    if (++ply->run_length < 3 || run[0] == run[1] || run[1] == run[2] || run[0] == run[2])
        return SMP_OK;
    const size_t t = ply->triangles++;
    if (ply->stage == ply_stage_count)
        return SMP_OK;
    if (!is_index(ply, run[0]) || !is_index(ply, run[1]) || !is_index(ply, run[2]))
        return bad_face(ply, err);
    const bool turned = ply->run_length % 2 == 0;
    for (int k = 0; k < 3; k++) {
        const uint32_t vertex = (uint32_t)run[turned ? 2 - k : k];
        ply->mesh->triangles[t][k] = vertex;
        if (ply->vertex_uvs)
            memcpy(ply->mesh->uvs[t][k], ply->vertex_uvs[vertex], sizeof ply->mesh->uvs[t][k]);
    }
    return SMP_OK;
}

// ---- The walk -----------------------------------------------------------------------------------

static enum smp_code read_list(struct ply_reader *ply, const struct ply_element *element,
                               const struct ply_property *property, struct smp_err *err)
{
    double length = 0;
    if (!read_value(ply, property->length_type, &length))
        return too_short(err);
    if (!(length >= 0 && length <= 4294967295.0))
        return smp_fail(err, SMP_E_FORMAT, "item %zu has a list of no length", ply->item + 1);
    const size_t count = (size_t)length;
    const bool corners = property->role == ply_corners, texcoords = property->role == ply_texcoords;
    const bool strip = corners && element->kind == ply_strips;
    const bool kept = !strip && (corners || texcoords);
    if (kept && count > (corners ? (size_t)ldr_most_corners : 2 * (size_t)ldr_most_corners))
        return smp_fail(err, SMP_E_FORMAT, "face %zu has more than %d corners", ply->item + 1,
                        ldr_most_corners);
    *(corners ? &ply->corner_count : texcoords ? &ply->texcoord_count : &ply->unused) = count;
    ply->run_length = 0;
    for (size_t i = 0; i < count; i++) {
        double value = 0;
        if (!read_value(ply, property->type, &value))
            return too_short(err);
        if (kept)
            (corners ? ply->corners : ply->texcoords)[i] = value;
        const enum smp_code code = strip ? take_strip_index(ply, value, err) : SMP_OK;
        if (code)
            return code;
    }
    return SMP_OK;
}

static enum smp_code read_item(struct ply_reader *ply, const struct ply_element *element,
                               struct smp_err *err)
{
    ply->corner_count = ply->texcoord_count = 0;
    for (size_t i = 0; i < element->property_count; i++) {
        const struct ply_property *property = &element->properties[i];
        enum smp_code code = SMP_OK;
        if (property->is_list)
            code = read_list(ply, element, property, err);
        else if (!read_value(ply, property->type, &ply->values[property->role]))
            code = too_short(err);
        if (code)
            return code;
    }
    return element->kind == ply_vertices ? take_vertex(ply, err)
           : element->kind == ply_faces  ? take_face(ply, err)
                                         : SMP_OK;
}

// Bytes of an item of fixed size in a binary file, or 0.
static size_t fixed_bytes(const struct ply_reader *ply, const struct ply_element *element)
{
    size_t bytes = 0;
    for (size_t i = 0; i < element->property_count; i++) {
        if (ply->text || element->properties[i].is_list)
            return 0;
        bytes += ply_type_bytes[element->properties[i].type];
    }
    return bytes;
}

static enum smp_code walk(struct ply_reader *ply, enum ply_stage stage, struct smp_err *err)
{
    ply->at = ply->data;
    ply->stage = stage;
    ply->triangles = 0;
    for (size_t e = 0; e < ply->element_count; e++) {
        const struct ply_element *element = &ply->elements[e];
        if (element->property_count == 0)
            continue;
        const size_t bytes = fixed_bytes(ply, element);
        if (bytes && element->count > (size_t)(ply->end - ply->at) / bytes)
            return too_short(err);
        if (bytes && (element->kind != ply_vertices || stage != ply_stage_vertices)) {
            ply->at += bytes * element->count;
            continue;
        }
        enum smp_code code = SMP_OK;
        for (ply->item = 0; !code && ply->item < element->count; ply->item++)
            code = read_item(ply, element, err);
        if (code)
            return code;
    }
    return SMP_OK;
}

static enum smp_code make_room(struct ply_reader *ply, struct smp_err *err)
{
    const struct ldr_job *job = ply->job;
    enum smp_code code = ldr_mesh_make(ply->mesh, ply->vertex_count, ply->triangles,
                                       ply->has_vertex_uvs || ply->has_face_uvs, job, err);
    if (code)
        return code;
    ply->mesh->parts = smp_new(job->arena, uint16_t, ply->triangles);
    if (ply->has_vertex_uvs)
        ply->vertex_uvs = smp_alloc(job->arena, ply->vertex_count, sizeof *ply->vertex_uvs);
    if (!ply->mesh->parts || (ply->has_vertex_uvs && !ply->vertex_uvs))
        return ldr_no_memory(job, err);
    ply->mesh->part_count = ply->texture_count ? ply->texture_count : 1;
    for (size_t i = 0; i < ply->mesh->part_count; i++)
        ply->mesh->part_list[i].texture =
            ply->texture_count ? ldr_texture_named(ply->mesh, ply->textures[i], job) : -1;
    return SMP_OK;
}

enum smp_code ldr_ply_read(struct ldr_mesh *mesh, struct smp_bytes file, const struct ldr_job *job,
                           struct smp_err *err)
{
    struct ply_reader *ply = smp_new(job->arena, struct ply_reader, 1);
    if (!ply)
        return ldr_no_memory(job, err);
    ply->mesh = mesh;
    ply->job = job;
    enum smp_code code = ply_header_read(ply, file, err);
    if (!code)
        code = walk(ply, ply_stage_count, err);
    if (!code)
        code = make_room(ply, err);
    if (!code)
        code = walk(ply, ply_stage_vertices, err);
    return code ? code : walk(ply, ply_stage_faces, err);
}
