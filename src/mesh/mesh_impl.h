// Private to the mesh module: the table of edges that several operations walk.
#ifndef SMP_MESH_IMPL_H
#define SMP_MESH_IMPL_H

#include "mesh/mesh.h"

// One undirected edge. A side is triangle × 4 + corner where the edge starts.
struct smp_edge {
    uint32_t high;     // point of the larger index
    uint32_t count;    // triangles on it; 0: free slot
    uint64_t sides[2]; // of the first two
};

// A small open-addressed table for each point, of the edges to points of larger index: neighbours
// in the mesh are then neighbours in memory (one table for all cost 4 times as much time).
struct smp_edges {
    struct smp_edge *slots;
    size_t *begin; // per point, and the end
};

enum smp_code smp_edges_make(struct smp_edges *edges, const struct smp_mesh *mesh,
                             struct smp_arena *arena, struct smp_err *err);
struct smp_edge *smp_edges_at(const struct smp_edges *edges, uint32_t a, uint32_t b);

#endif
