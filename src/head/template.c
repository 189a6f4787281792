#include "head/head_impl.h"

#include <string.h>

struct reader {
    const uint8_t *at, *end;
};

static int take16(struct reader *reader)
{
    if (reader->end - reader->at < 2) {
        reader->at = reader->end + 1; // seen by the caller
        return 0;
    }
    const int v = reader->at[0] | reader->at[1] << 8;
    reader->at += 2;
    return v;
}

static struct smp_vec3 take_point(struct reader *reader)
{
    double v[3];
    for (int k = 0; k < 3; k++)
        v[k] = (int16_t)take16(reader) * 0.01; // mm
    return smp_vec3(v[0], v[1], v[2]);
}

enum smp_code smp_template_load(struct smp_template *template, struct smp_arena *arena,
                                struct smp_err *err)
{
    struct smp_template t = { 0 };
    struct reader r = { smp_template_data, smp_template_data + smp_template_data_length };
    if (smp_template_data_length < 12 || memcmp(r.at, "SMPHEAD1", 8) != 0)
        return smp_fail(err, SMP_E_INTERNAL, "the template head built in is damaged");
    r.at += 8;
    t.mesh.point_count = (size_t)take16(&r);
    t.mesh.triangle_count = (size_t)take16(&r);
    if (smp_template_data_length != 12 + 30 + 9 * t.mesh.point_count + 6 * t.mesh.triangle_count)
        return smp_fail(err, SMP_E_INTERNAL, "the template head built in is damaged");
    t.fiducials.nasion = take_point(&r);
    t.fiducials.lpa = take_point(&r);
    t.fiducials.rpa = take_point(&r);
    t.canthus_left = take_point(&r);
    t.canthus_right = take_point(&r);
    t.mesh.points = smp_new(arena, struct smp_vec3, t.mesh.point_count);
    t.mesh.triangles = smp_alloc(arena, t.mesh.triangle_count, sizeof *t.mesh.triangles);
    if (!t.mesh.points || !t.mesh.triangles)
        return smp_fail(err, SMP_E_NOMEM, "no room for the template head");
    for (size_t i = 0; i < t.mesh.point_count; i++)
        t.mesh.points[i] = take_point(&r);
    for (int c = 0; c < 3; c++, r.at += t.mesh.point_count)
        t.paint[c] = r.at;
    for (size_t i = 0; i < t.mesh.triangle_count; i++) {
        for (int k = 0; k < 3; k++)
            t.mesh.triangles[i][k] = (uint32_t)take16(&r);
    }
    *template = t;
    return SMP_OK;
}
