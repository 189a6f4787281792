// The header of a PLY file.
#include "ply_impl.h"

#include <string.h>

const size_t ply_type_bytes[8] = { 1, 1, 2, 2, 4, 4, 4, 8 };

static enum smp_code bad_header(struct smp_err *err, const char *why)
{
    return smp_fail(err, SMP_E_FORMAT, "not a whole PLY file (its header: %s)", why);
}

static bool type_of(struct ldr_span word, enum ply_type *type)
{
    static const char *const names[8][2] = {
        { "char", "int8" }, { "uchar", "uint8" }, { "short", "int16" },   { "ushort", "uint16" },
        { "int", "int32" }, { "uint", "uint32" }, { "float", "float32" }, { "double", "float64" },
    };
    for (int i = 0; i < 8; i++)
        if (ldr_span_is(word, names[i][0]) || ldr_span_is(word, names[i][1])) {
            *type = (enum ply_type)i;
            return true;
        }
    return false;
}

static bool is_one_of(struct ldr_span word, const char *const *names)
{
    for (; *names; names++)
        if (ldr_span_is(word, *names))
            return true;
    return false;
}

// Names that scanners and editors give to the same things.
static enum ply_role role_of(struct ldr_span name, enum ply_kind kind, bool is_list)
{
    static const char *const us[] = { "s", "u", "texture_u", NULL };
    static const char *const vs[] = { "t", "v", "texture_v", NULL };
    static const char *const corners[] = { "vertex_indices", "vertex_index", NULL };
    if (is_list)
        return kind != ply_faces && kind != ply_strips ? ply_other
               : is_one_of(name, corners)              ? ply_corners
               : ldr_span_is(name, "texcoord")         ? ply_texcoords
                                                       : ply_other;
    if (kind == ply_faces)
        return ldr_span_is(name, "texnumber") ? ply_texture : ply_other;
    if (kind != ply_vertices)
        return ply_other;
    return ldr_span_is(name, "x")   ? ply_x
           : ldr_span_is(name, "y") ? ply_y
           : ldr_span_is(name, "z") ? ply_z
           : is_one_of(name, us)    ? ply_u
           : is_one_of(name, vs)    ? ply_v
                                    : ply_other;
}

static enum smp_code read_element(struct ply_reader *ply, struct ldr_span line, struct smp_err *err)
{
    struct ldr_span name, number;
    int64_t count = 0;
    if (!ldr_next_word(&line, &name) || !ldr_next_word(&line, &number) ||
        !ldr_whole(&number, &count) || count < 0)
        return bad_header(err, "an element without name and count");
    if (ply->element_count == ply_most_elements)
        return bad_header(err, "more than 16 elements");
    struct ply_element *element = &ply->elements[ply->element_count++];
    element->count = (size_t)count;
    element->kind = ldr_span_is(name, "vertex")      ? ply_vertices
                    : ldr_span_is(name, "face")      ? ply_faces
                    : ldr_span_is(name, "tristrips") ? ply_strips
                                                     : ply_unknown;
    if (element->kind == ply_vertices && ply->vertex_count)
        return bad_header(err, "two elements of vertices");
    if (element->kind == ply_vertices)
        ply->vertex_count = (size_t)count;
    return SMP_OK;
}

static enum smp_code read_property(struct ply_reader *ply, struct ldr_span line,
                                   struct smp_err *err)
{
    struct ply_element *element =
        ply->element_count ? &ply->elements[ply->element_count - 1] : NULL;
    if (!element || element->property_count == ply_most_properties)
        return bad_header(err, "a property without an element, or more than 64");
    struct ply_property property = { 0 };
    struct ldr_span word;
    bool good = ldr_next_word(&line, &word);
    property.is_list = good && ldr_span_is(word, "list");
    if (property.is_list)
        good = ldr_next_word(&line, &word) && type_of(word, &property.length_type) &&
               ldr_next_word(&line, &word);
    good = good && type_of(word, &property.type) && ldr_next_word(&line, &word);
    if (!good)
        return bad_header(err, "a property of no known type");
    property.role = role_of(word, element->kind, property.is_list);
    ply->has_vertex_uvs |= property.role == ply_u;
    ply->has_face_uvs |= property.role == ply_texcoords;
    element->properties[element->property_count++] = property;
    return SMP_OK;
}

static enum smp_code read_format(struct ply_reader *ply, struct ldr_span line, struct smp_err *err)
{
    struct ldr_span word;
    const bool machine_is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    if (!ldr_next_word(&line, &word))
        return bad_header(err, "no format");
    ply->text = ldr_span_is(word, "ascii");
    const bool big = ldr_span_is(word, "binary_big_endian");
    ply->swap = big != machine_is_big;
    if (!ply->text && !big && !ldr_span_is(word, "binary_little_endian"))
        return bad_header(err, "an unknown format");
    return SMP_OK;
}

// "comment TextureFile name", as MeshLab and others write it.
static void read_comment(struct ply_reader *ply, struct ldr_span line)
{
    struct ldr_span word;
    if (ldr_next_word(&line, &word) && ldr_span_is(word, "TextureFile") &&
        ply->texture_count < ply_most_textures) {
        ldr_rest_as_name(line, ply->textures[ply->texture_count]);
        ply->texture_count += ply->textures[ply->texture_count][0] != 0;
    }
}

static enum smp_code check_header(const struct ply_reader *ply, struct smp_err *err)
{
    for (size_t e = 0; e < ply->element_count; e++) {
        const struct ply_element *element = &ply->elements[e];
        unsigned axes = 0;
        for (size_t i = 0; i < element->property_count; i++)
            if (element->properties[i].role <= ply_z)
                axes |= 1u << element->properties[i].role;
        if (element->kind == ply_vertices && element->count && axes != 7)
            return bad_header(err, "vertices without x, y and z");
        // An item takes a byte at least: a larger count is a lie, and not worth a long walk.
        if (element->property_count && element->count > (size_t)(ply->end - ply->data))
            return smp_fail(err, SMP_E_FORMAT, "not a whole PLY file (it ends early)");
    }
    return SMP_OK;
}

enum smp_code ply_header_read(struct ply_reader *ply, struct smp_bytes file, struct smp_err *err)
{
    struct ldr_span text = { (const char *)file.data, (const char *)file.data + file.length };
    struct ldr_span line, word;
    bool has_format = false;
    ldr_next_line(&text, &line); // "ply", looked at before
    while (ldr_next_line(&text, &line)) {
        enum smp_code code = SMP_OK;
        if (!ldr_next_word(&line, &word))
            continue;
        if (ldr_span_is(word, "end_header")) {
            ply->data = (const uint8_t *)text.at;
            ply->end = file.data + file.length;
            return has_format ? check_header(ply, err) : bad_header(err, "no format");
        }
        if (ldr_span_is(word, "format")) {
            code = read_format(ply, line, err);
            has_format = true;
        } else if (ldr_span_is(word, "element")) {
            code = read_element(ply, line, err);
        } else if (ldr_span_is(word, "property")) {
            code = read_property(ply, line, err);
        } else if (ldr_span_is(word, "comment")) {
            read_comment(ply, line);
        }
        if (code)
            return code;
    }
    return bad_header(err, "no end");
}
