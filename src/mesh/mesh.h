// Triangle meshes: read from scan files (in the sandboxed child), cleaned, refined, measured, and
// asked by rays.
//
// Everything but smp_scan_load is pure. Meshes are values whose arrays live in the arena passed
// to the function that made them; no function changes its input mesh.
#ifndef SMP_MESH_H
#define SMP_MESH_H

#include "base/base.h"

struct smp_uv {
    float u, v; // u right, v down, (0, 0) at the top left of the picture (glTF's convention)
};

struct smp_mesh {
    struct smp_vec3 *points; // file units until scaled, then millimetres
    size_t point_count;
    uint32_t (*triangles)[3]; // counter-clockwise from outside
    size_t triangle_count;
    struct smp_uv (*uvs)[3]; // per triangle corner; NULL where the file has none
    uint16_t *parts;         // per triangle: material or object in the file; NULL: one part
    size_t part_count;
};

// ---- Scan files ---------------------------------------------------------------------------------

struct smp_scan_options {
    bool no_sandbox;      // read without confinement (a flag the user gave in so many words)
    size_t max_triangles; // 0: 12,000,000
};

struct smp_scan {
    struct smp_mesh mesh;             // welded by file index only, quads cut; file units
    const char **part_names;          // per part
    int32_t *part_textures;           // per part: index into textures, or -1
    const struct smp_bytes *textures; // still encoded (JPEG, PNG), as found in or beside the file
    size_t texture_count;
    const char **sources; // every file read: the scan itself, then MTL, .bin and texture files
    size_t source_count;
    const char **missing; // files it names that are absent or outside its folder (MTL, textures)
    size_t missing_count;
    const char *note; // what else of the file was left out, in a sentence; "" for nothing
};

// Reads GLB, glTF, OBJ (+ MTL and textures), PLY or STL, by content and suffix, in a child process
// without file system, network or exec. Sibling files are handed over by the parent, from the
// scan's own folder only.
// Errors: SMP_E_FILE, SMP_E_FORMAT (damaged, no faces, point cloud), SMP_E_UNSUPPORTED (Draco,
// other formats), SMP_E_LIMIT, SMP_E_SANDBOX, SMP_E_NOMEM.
enum smp_code smp_scan_load(struct smp_scan *scan, const char *path,
                            const struct smp_scan_options *options, struct smp_arena *arena,
                            struct smp_err *err);

// ---- Cleaning and measuring ---------------------------------------------------------------------

#define SMP_NO_TRIANGLE UINT32_MAX

// Points nearer than tolerance become one; triangles that lose a corner or are repeated go.
// Winding is made consistent inside each connected piece and outward for closed ones.
enum smp_code smp_mesh_weld(struct smp_mesh *welded, const struct smp_mesh *mesh, double tolerance,
                            struct smp_arena *arena, struct smp_err *err);
// At most so many triangles: points of one cell of a grid become their mean; *cell is the grid's
// step. Texture coordinates stay those of the triangle's old corners. Repeated triangles stay.
enum smp_code smp_mesh_thin(struct smp_mesh *thin, double *cell, const struct smp_mesh *mesh,
                            size_t most_triangles, struct smp_arena *arena, struct smp_err *err);
// Triangles for which keep[t] is true, with unused points removed.
enum smp_code smp_mesh_select(struct smp_mesh *part, const struct smp_mesh *mesh, const bool *keep,
                              struct smp_arena *arena, struct smp_err *err);
// neighbours[t][k]: the triangle across the edge from corner k to corner k+1, or SMP_NO_TRIANGLE
// at an open border or an edge of more than two triangles. Array of the caller.
enum smp_code smp_mesh_neighbours(uint32_t (*neighbours)[3], const struct smp_mesh *mesh,
                                  struct smp_arena *scratch, struct smp_err *err);
// Connected pieces by shared edges: labels[t] from 0, in order of falling area.
enum smp_code smp_mesh_pieces(uint32_t *labels, size_t *count, const struct smp_mesh *mesh,
                              struct smp_arena *scratch, struct smp_err *err);
// True for triangles that can be seen from outside: eyes, teeth, gums and linings are not.
enum smp_code smp_mesh_outer(bool *outer, const struct smp_mesh *mesh, struct smp_pool *pool,
                             struct smp_arena *scratch, struct smp_err *err);
// Unit normals a point, weighted by the angle at each corner; slivers do not count.
enum smp_code smp_mesh_normals(struct smp_vec3 *normals, const struct smp_mesh *mesh,
                               struct smp_err *err);
struct smp_vec3 smp_mesh_area_vector(const struct smp_mesh *mesh, size_t triangle); // length: area
double smp_mesh_area(const struct smp_mesh *mesh); // square of the points' unit
void smp_mesh_bounds(struct smp_vec3 *low, struct smp_vec3 *high, const struct smp_mesh *mesh);
struct smp_vec3 smp_mesh_at(const struct smp_mesh *mesh, size_t triangle, const double bary[3]);
// The reverse: weights of the corners at the point's foot on the plane, none below 0, sum 1.
void smp_mesh_bary(double bary[3], const struct smp_mesh *mesh, size_t triangle,
                   struct smp_vec3 point);

// Curved refinement: edges longer than max_edge are split until none is left, new points put on
// the PN surface (Vlachos 2001) of the welded normals. Keeps uvs and parts.
enum smp_code smp_mesh_refine(struct smp_mesh *fine, const struct smp_mesh *mesh, double max_edge,
                              struct smp_arena *arena, struct smp_err *err);

// The same with normals and a longest edge a triangle of `mesh`, and with the way back to it.
// The first point_count points of the fine mesh are those of `mesh`. Errors: SMP_E_LIMIT.
struct smp_refined {
    struct smp_mesh mesh;
    uint32_t *parents;    // per fine triangle: the triangle of `mesh` it lies in
    double (*bary)[3][3]; // per fine triangle and corner: where in that triangle
};
enum smp_code smp_mesh_refine_by(struct smp_refined *fine, const struct smp_mesh *mesh,
                                 const struct smp_vec3 *normals, const double *max_edge,
                                 size_t max_triangles, struct smp_arena *arena,
                                 struct smp_err *err);

// ---- Rays and nearest points (Embree) -----------------------------------------------------------

struct smp_rays; // opaque; owns a copy of the mesh; const use is thread-safe

struct smp_hit {
    uint32_t triangle; // SMP_NO_TRIANGLE: nothing met
    double distance;
    double bary[3];
};

enum smp_code smp_rays_make(struct smp_rays **rays, const struct smp_mesh *mesh,
                            struct smp_err *err);
void smp_rays_drop(struct smp_rays *rays);
// First triangle along the ray between near and far (direction of unit length).
struct smp_hit smp_rays_first(const struct smp_rays *rays, struct smp_vec3 from,
                              struct smp_vec3 direction, double near_mm, double far_mm);
bool smp_rays_blocked(const struct smp_rays *rays, struct smp_vec3 from, struct smp_vec3 direction,
                      double near_mm, double far_mm);
// The same for many rays: faster where neighbours run alike.
struct smp_ray {
    struct smp_vec3 from, direction; // of unit length
    double near_mm, far_mm;
};
void smp_rays_first_many(const struct smp_rays *rays, struct smp_hit *hits,
                         const struct smp_ray *ray, size_t count);
void smp_rays_blocked_many(const struct smp_rays *rays, bool *blocked, const struct smp_ray *ray,
                           size_t count);
// Nearest point of the surface within reach.
struct smp_hit smp_rays_nearest(const struct smp_rays *rays, struct smp_vec3 point,
                                double reach_mm);

#endif
