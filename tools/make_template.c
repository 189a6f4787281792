// Makes data/template_head.bin from the mean head of ICT-FaceKit (see NOTICE):
//
//     build/make_template generic_neutral_mesh.obj data/template_head.bin
//
// Takes the skin (M_Face, M_BackHead), turns it into the head frame, closes the lids, cuts the
// neck at a plane, paints brows, lips and lashes as weights, and stores points as int16 at
// 0.01 mm. The layout of the file is read by src/head/template.c.
#include "mesh/mesh.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POINTS = 40000, MAX_TRIANGLES = 80000, LINE = 512 };

// Points of the file that are known by their index (0-based): the 68 facial landmarks that
// ICT-FaceKit publishes, and three found on its ear and nose bridge.
enum { AT_NASION = 933, AT_RPA = 0, AT_LPA = 7172, AT_GLABELLA = 1398 };
static const int canthi[2] = { 3721, 1507 };                       // left, right
static const int brow[5] = { 268, 493, 1914, 2044, 1401 };         // right, tail to head
static const int mouth[12] = { 5708, 5695, 2081, 0,    4275, 6200, // outer contour
                               6213, 6346, 6461, 5518, 5957, 5841 };
// Lid margins of the left eye, outer corner to inner: upper and lower.
static const int lid_upper[4] = { 3721, 3756, 3751, 3742 };
static const int lid_lower[4] = { 3721, 3725, 3732, 3742 };
// Eyeballs of the file: bounds of M_ScleraLeft without the cornea's bulge.
static const double eye_radius_mm = 15.2;
static const struct smp_vec3 eye_file = { 30.95, 36.2, 78.7 }; // file axes, mm

struct model {
    struct smp_vec3 points[MAX_POINTS]; // of the whole file, file axes, mm
    size_t point_count;
    uint32_t triangles[MAX_TRIANGLES][3];
    size_t triangle_count;
};

static void die(const char *what)
{
    fprintf(stderr, "make_template: %s\n", what);
    exit(1);
}

static void read_obj(struct model *model, const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        die("cannot open the OBJ");
    char line[LINE];
    bool skin = false;
    while (fgets(line, sizeof line, file)) {
        double x, y, z;
        char name[64];
        unsigned v[4];
        if (sscanf(line, "v %lf %lf %lf", &x, &y, &z) == 3 && model->point_count < MAX_POINTS)
            model->points[model->point_count++] = smp_vec3(10 * x, 10 * y, 10 * z); // cm
        if (sscanf(line, "usemtl %63s", name) == 1)
            skin = strcmp(name, "M_Face") == 0 || strcmp(name, "M_BackHead") == 0;
        const int corners = sscanf(line, "f %u/%*u %u/%*u %u/%*u %u/%*u", v, v + 1, v + 2, v + 3);
        for (int k = 2; skin && k < corners && model->triangle_count < MAX_TRIANGLES; k++) {
            uint32_t *t = model->triangles[model->triangle_count++];
            t[0] = v[0] - 1;
            t[1] = v[k - 1] - 1;
            t[2] = v[k] - 1;
        }
    }
    fclose(file);
    if (model->point_count < 26719 || model->triangle_count < 28000)
        die("the OBJ is not the head expected");
}

// ---- Lids ---------------------------------------------------------------------------------------

// Angle of a margin over the eye's horizontal axis at |x|, straight between the landmarks.
static double margin_angle(const struct model *model, const int *lid, double x)
{
    for (int i = 0; i + 1 < 4; i++) {
        const struct smp_vec3 a = model->points[lid[i]], b = model->points[lid[i + 1]];
        if (x <= a.x && x >= b.x) {
            const double s = (a.x - x) / (a.x - b.x);
            const double pa = atan2(a.y - eye_file.y, a.z - eye_file.z);
            const double pb = atan2(b.y - eye_file.y, b.z - eye_file.z);
            return pa + s * (pb - pa);
        }
    }
    return NAN;
}

// The upper lid is drawn down over the ball until it meets the lower one: angles between the
// upper margin and the fold under the brow are stretched.
static void close_lids(struct model *model)
{
    struct smp_vec3 *moved = calloc(model->point_count, sizeof *moved);
    if (!moved)
        die("out of memory");
    for (size_t i = 0; i < model->point_count; i++) {
        const struct smp_vec3 p = model->points[i];
        moved[i] = p;
        const double x = fabs(p.x), up = p.y - eye_file.y, ahead = p.z - eye_file.z;
        const double upper = margin_angle(model, lid_upper, x);
        const double lower = margin_angle(model, lid_lower, x);
        const double radius = hypot(up, ahead), angle = atan2(up, ahead), fold = 0.9;
        if (isnan(upper) || radius > 30 || ahead < 4 || angle < upper - 0.06 || angle > fold)
            continue;
        const double to = lower + 0.02;
        const double share = (fold - angle) / (fold - upper);
        const double turned = fold - share * (fold - fmin(to, upper));
        moved[i].y = eye_file.y + radius * sin(turned);
        moved[i].z = eye_file.z + radius * cos(turned);
    }
    memcpy(model->points, moved, model->point_count * sizeof *moved);
    free(moved);
    (void)eye_radius_mm;
}

// ---- Paint
// ---------------------------------------------------------------------------------------

static double distance_to(struct smp_vec2 p, struct smp_vec2 a, struct smp_vec2 b, double *share)
{
    const double dx = b.x - a.x, dy = b.y - a.y;
    const double s = smp_clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy), 0, 1);
    *share = s;
    return hypot(p.x - a.x - s * dx, p.y - a.y - s * dy);
}

static struct smp_vec2 front(struct smp_vec3 p)
{
    return (struct smp_vec2){ p.x, p.y };
}

static double brow_weight(const struct model *model, struct smp_vec3 p)
{
    double best = 0;
    for (int i = 0; i + 1 < 5; i++) {
        struct smp_vec2 a = front(model->points[brow[i]]), b = front(model->points[brow[i + 1]]);
        double s;
        const double d = distance_to((struct smp_vec2){ -fabs(p.x), p.y }, a, b, &s);
        const double half = 1.6 + 0.75 * (i + s); // mm: thin tail, full head
        best = fmax(best, 1 - smp_smoothstep(half * 0.45, half * 1.25, d));
    }
    return p.z > 50 ? best : 0;
}

static double lip_weight(const struct model *model, struct smp_vec3 p)
{
    bool inside = false;
    double nearest = 1e9;
    for (int i = 0, j = 11; i < 12; j = i++) {
        const struct smp_vec2 a = front(model->points[mouth[i]]),
                              b = front(model->points[mouth[j]]);
        double s;
        nearest = fmin(nearest, distance_to(front(p), a, b, &s));
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
            inside = !inside;
    }
    const double d = inside ? nearest : -nearest;
    return p.z > 95 ? smp_smoothstep(-0.9, 1.1, d) : 0;
}

// Lashes: along the closed lids' seam, the old lower margin.
static double lash_weight(const struct model *model, struct smp_vec3 p)
{
    double best = 0;
    for (int i = 0; i + 1 < 4; i++) {
        double s;
        const double d =
            distance_to((struct smp_vec2){ fabs(p.x), p.y }, front(model->points[lid_lower[i]]),
                        front(model->points[lid_lower[i + 1]]), &s);
        best = fmax(best, 1 - smp_smoothstep(0.5, 1.8, d));
    }
    return p.z > 80 ? best : 0;
}

// ---- Head frame, cut, file
// -------------------------------------------------------------------------

static struct smp_vec3 turn(struct smp_vec3 p) // x to the person's right, y ahead, z up
{
    return smp_vec3(-p.x, p.z, p.y);
}

struct frame {
    struct smp_vec3 origin, x, y, z;
};

static struct smp_vec3 into(const struct frame *frame, struct smp_vec3 p)
{
    const struct smp_vec3 d = smp_sub(p, frame->origin);
    return smp_vec3(smp_dot(d, frame->x), smp_dot(d, frame->y), smp_dot(d, frame->z));
}

static struct frame find_frame(const struct model *model)
{
    const struct smp_vec3 lpa = turn(model->points[AT_LPA]);
    const struct smp_vec3 nasion = turn(model->points[AT_NASION]);
    const struct smp_vec3 rpa = smp_vec3(-lpa.x, lpa.y, lpa.z); // the mean head is symmetric
    struct frame frame = { .origin = smp_scale(smp_add(lpa, rpa), 0.5) };
    frame.x = smp_unit(smp_sub(rpa, lpa));
    struct smp_vec3 y = smp_sub(nasion, frame.origin);
    y = smp_sub(y, smp_scale(frame.x, smp_dot(y, frame.x)));
    frame.y = smp_unit(y);
    frame.z = smp_cross(frame.x, frame.y);
    return frame;
}

static void put16(FILE *file, long v)
{
    fputc((int)(v & 255), file);
    fputc((int)((v >> 8) & 255), file);
}

static void put_point(FILE *file, struct smp_vec3 p)
{
    put16(file, lround(p.x * 100));
    put16(file, lround(p.y * 100));
    put16(file, lround(p.z * 100));
}

struct out {
    struct smp_mesh mesh; // head frame
    uint8_t *paint;       // 3 a point: brow, lip, lash
};

// Below the neck plane (file axes: level at the nape, lower in front) everything goes; the cut
// edge is drawn onto the plane.
static double above_cut(struct smp_vec3 file_point)
{
    return file_point.y + 150 + 0.12 * file_point.z;
}

static void write_file(const char *path, const struct model *model, const struct frame *frame,
                       const bool *keep, const uint8_t (*paint)[3])
{
    uint32_t *place = calloc(model->point_count, sizeof *place);
    FILE *file = fopen(path, "wb");
    if (!file || !place)
        die("cannot write");
    size_t points = 0, triangles = 0;
    for (size_t t = 0; t < model->triangle_count; t++) {
        for (int k = 0; k < 3 && keep[t]; k++)
            place[model->triangles[t][k]] = 1;
        triangles += keep[t];
    }
    for (size_t i = 0; i < model->point_count; i++) {
        if (place[i])
            place[i] = (uint32_t)++points;
    }
    fwrite("SMPHEAD1", 1, 8, file);
    put16(file, (long)points);
    put16(file, (long)triangles);
    const struct smp_vec3 lpa = into(frame, turn(model->points[AT_LPA]));
    put_point(file, into(frame, turn(model->points[AT_NASION])));
    put_point(file, lpa);
    put_point(file, smp_vec3(-lpa.x, lpa.y, lpa.z));
    for (int k = 0; k < 2; k++)
        put_point(file, into(frame, turn(model->points[canthi[k]])));
    for (size_t i = 0; i < model->point_count; i++) {
        if (place[i])
            put_point(file, into(frame, turn(model->points[i])));
    }
    for (int c = 0; c < 3; c++) {
        for (size_t i = 0; i < model->point_count; i++) {
            if (place[i])
                fputc(paint[i][c], file);
        }
    }
    for (size_t t = 0; t < model->triangle_count; t++) {
        for (int k = 0; k < 3 && keep[t]; k++)
            put16(file, (long)place[model->triangles[t][k]] - 1);
    }
    if (fclose(file))
        die("cannot write");
    printf("%zu points, %zu triangles\n", points, triangles);
    free(place);
}

int main(int argc, char **argv)
{
    static struct model model;
    static bool keep[MAX_TRIANGLES];
    static uint8_t paint[MAX_POINTS][3];
    if (argc != 3)
        die("usage: make_template generic_neutral_mesh.obj OUT.bin");
    read_obj(&model, argv[1]);
    for (size_t i = 0; i < model.point_count; i++) {
        paint[i][0] = (uint8_t)lround(255 * brow_weight(&model, model.points[i]));
        paint[i][1] = (uint8_t)lround(255 * lip_weight(&model, model.points[i]));
        paint[i][2] = (uint8_t)lround(255 * lash_weight(&model, model.points[i]));
    }
    close_lids(&model);
    const struct frame frame = find_frame(&model);
    for (size_t t = 0; t < model.triangle_count; t++) {
        const uint32_t *c = model.triangles[t];
        keep[t] = above_cut(model.points[c[0]]) > 0 || above_cut(model.points[c[1]]) > 0 ||
                  above_cut(model.points[c[2]]) > 0;
    }
    for (size_t t = 0; t < model.triangle_count; t++) {
        for (int k = 0; k < 3 && keep[t]; k++) {
            struct smp_vec3 *p = &model.points[model.triangles[t][k]];
            if (above_cut(*p) < 0)
                p->y -= above_cut(*p); // onto the plane
        }
    }
    write_file(argv[2], &model, &frame, keep, (const uint8_t(*)[3])paint);
    return 0;
}
