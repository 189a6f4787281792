// Private to the PLY reader: what its header says, and where the reader stands.
#ifndef SMP_PLY_IMPL_H
#define SMP_PLY_IMPL_H

#include "loader_impl.h"

enum ply_type { ply_i8, ply_u8, ply_i16, ply_u16, ply_i32, ply_u32, ply_f32, ply_f64 };
extern const size_t ply_type_bytes[8];

// What a property is for. The scalars are places in ply_reader.values.
enum ply_role {
    ply_x,
    ply_y,
    ply_z,
    ply_u,
    ply_v,
    ply_texture,
    ply_other,
    ply_corners,
    ply_texcoords,
};

enum ply_kind { ply_vertices, ply_faces, ply_strips, ply_unknown };
enum ply_stage { ply_stage_count, ply_stage_vertices, ply_stage_faces };
enum { ply_most_elements = 16, ply_most_properties = 64, ply_most_textures = 16 };

struct ply_property {
    enum ply_type type, length_type;
    bool is_list;
    enum ply_role role;
};

struct ply_element {
    enum ply_kind kind;
    size_t count, property_count;
    struct ply_property properties[ply_most_properties];
};

struct ply_reader {
    struct ldr_mesh *mesh;
    const struct ldr_job *job;
    // Header
    bool text, swap; // swap: the other byte order than the machine's
    bool has_vertex_uvs, has_face_uvs;
    size_t vertex_count, element_count, texture_count;
    struct ply_element elements[ply_most_elements];
    char textures[ply_most_textures][smp_name_bytes];
    const uint8_t *data; // after the header
    // Place
    const uint8_t *at, *end;
    enum ply_stage stage;
    size_t item, triangles;
    float (*vertex_uvs)[2];
    // Item
    double values[ply_other + 1];
    double corners[ldr_most_corners], texcoords[2 * ldr_most_corners];
    size_t corner_count, texcoord_count, run_length, unused;
};

enum smp_code ply_header_read(struct ply_reader *ply, struct smp_bytes file, struct smp_err *err);

#endif
