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
// Lower lid margin of the left eye, outer corner to inner.
static const int lid_lower[4] = { 3721, 3725, 3732, 3742 };
// Middle of the left eyeball, from the bounds of M_ScleraLeft without the cornea's bulge.
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

// Margins of the left eye's lids by x, as angles over the ball's horizontal axis: the two sides of
// the widest gap in the lids' skin. Equal where the lids are one.
enum { COLUMNS = 36 };
static const double first_x = 14;

struct margins {
    double upper[COLUMNS], lower[COLUMNS];
};

static int by_value(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

static void find_gap(const struct model *model, double x, double *upper, double *lower)
{
    static double angles[4000];
    size_t count = 0;
    for (size_t i = 0; i < 9409 && count < 4000; i++) { // M_Face only
        const struct smp_vec3 p = model->points[i];
        const double up = p.y - eye_file.y, ahead = p.z - eye_file.z, radius = hypot(up, ahead);
        const double ball = hypot(radius, p.x - eye_file.x);
        if (fabs(p.x - x) < 1.1 && ball > 16.1 && radius < 23 && ahead > 4)
            angles[count++] = atan2(up, ahead);
    }
    qsort(angles, count, sizeof *angles, by_value);
    double widest = 0.16;
    *upper = *lower = -0.2;
    for (size_t i = 0; i + 1 < count; i++) {
        if (angles[i + 1] - angles[i] > widest && angles[i] > -0.55 && angles[i + 1] < 0.4) {
            widest = angles[i + 1] - angles[i];
            *lower = angles[i];
            *upper = angles[i + 1];
        }
    }
}

static void find_margins(struct margins *margins, const struct model *model)
{
    struct margins raw;
    for (int c = 0; c < COLUMNS; c++)
        find_gap(model, first_x + c, &raw.upper[c], &raw.lower[c]);
    *margins = raw;
    for (int c = 1; c + 1 < COLUMNS; c++) {
        margins->upper[c] = (raw.upper[c - 1] + 2 * raw.upper[c] + raw.upper[c + 1]) / 4;
        margins->lower[c] = (raw.lower[c - 1] + 2 * raw.lower[c] + raw.lower[c + 1]) / 4;
    }
}

static double margin_angle(const double *column, double x)
{
    const double at = smp_clamp(x - first_x, 0, COLUMNS - 1.001);
    const int c = (int)at;
    return column[c] + (at - c) * (column[c + 1] - column[c]);
}

// The upper lid is drawn down over the ball until its edge slips under the lower one: angles
// between the upper margin and the fold are stretched. The socket behind (a ball of 13 to 16 mm)
// stays.
static void close_lids(struct model *model)
{
    const double fold = 0.47, under = 0.06, socket_mm = 15.6; // radians
    static struct model was;
    struct margins margins;
    was = *model;
    find_margins(&margins, &was);
    for (size_t i = 0; i < model->point_count; i++) {
        const struct smp_vec3 p = was.points[i];
        const double x = fabs(p.x), up = p.y - eye_file.y, ahead = p.z - eye_file.z;
        const double upper = margin_angle(margins.upper, x);
        const double lower = margin_angle(margins.lower, x);
        const double radius = hypot(up, ahead), angle = atan2(up, ahead);
        if (x < first_x || x > first_x + COLUMNS || hypot(radius, x - eye_file.x) < socket_mm ||
            radius > 26 || ahead < 4 || angle < upper - 0.08 || angle > fold)
            continue;
        const double open = smp_smoothstep(0, 0.12, upper - lower); // 0 at the corners
        const double share = (fold - angle) / (fold - upper);
        const double turned = fold - share * (fold - lower + under * open);
        const double full = angle + open * (turned - angle);
        model->points[i].y = eye_file.y + radius * sin(full);
        model->points[i].z = eye_file.z + radius * cos(full);
    }
}

// ---- Paint --------------------------------------------------------------------------------------

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
        best =
            fmax(best, (0.55 + 0.1 * (i + s)) * (1 - smp_smoothstep(half * 0.2, half * 1.35, d)));
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

// ---- Head frame, cut, file ----------------------------------------------------------------------

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

// ---- Neck ---------------------------------------------------------------------------------------

// The collar plane: from over the notch of the breastbone up to the nape (file axes).
static double above_cut(struct smp_vec3 p)
{
    return p.y + 131 + 0.233 * (p.z - 40);
}

// The shoulders' slope is drawn in toward a column before the cut, so that the neck ends in a
// collar and not in wings.
static void draw_in(struct model *model)
{
    for (size_t i = 0; i < model->point_count; i++) {
        struct smp_vec3 *p = &model->points[i];
        const double near = 1 - smp_smoothstep(6, 45, above_cut(*p));
        const double x = p->x / 68, z = (p->z + 18) / 64, out = hypot(x, z);
        if (out <= 1 || near <= 0)
            continue;
        const double to = 1 + (out - 1) * (1 - 0.85 * near);
        p->x *= to / out;
        p->z = (p->z + 18) * to / out - 18;
    }
}

struct cut {
    struct model *model;
    uint32_t edges[2000][3]; // low, high, new point
    size_t edge_count;
    uint32_t border[2000][2]; // directed edges on the plane, from the kept side
    size_t border_count;
};

static uint32_t cut_point(struct cut *cut, uint32_t a, uint32_t b)
{
    const uint32_t low = a < b ? a : b, high = a < b ? b : a;
    for (size_t i = 0; i < cut->edge_count; i++) {
        if (cut->edges[i][0] == low && cut->edges[i][1] == high)
            return cut->edges[i][2];
    }
    struct model *m = cut->model;
    if (fabs(above_cut(m->points[a])) < 1e-5 || fabs(above_cut(m->points[b])) < 1e-5)
        return fabs(above_cut(m->points[a])) < 1e-5 ? a : b; // a point on the plane itself
    if (cut->edge_count == 2000 || m->point_count == MAX_POINTS)
        die("the neck has too many edges");
    const struct smp_vec3 p = m->points[low], q = m->points[high];
    const double s = above_cut(p) / (above_cut(p) - above_cut(q));
    m->points[m->point_count] = smp_add(p, smp_scale(smp_sub(q, p), s));
    uint32_t *edge = cut->edges[cut->edge_count++];
    edge[0] = low;
    edge[1] = high;
    edge[2] = (uint32_t)m->point_count++;
    return edge[2];
}

static void add(struct model *m, uint32_t a, uint32_t b, uint32_t c)
{
    if (m->triangle_count == MAX_TRIANGLES)
        die("too many triangles");
    if (a == b || b == c || c == a)
        return;
    uint32_t *t = m->triangles[m->triangle_count++];
    t[0] = a;
    t[1] = b;
    t[2] = c;
}

static void cut_triangle(struct cut *cut, const uint32_t t[3])
{
    struct model *m = cut->model;
    int above = 0, first = 0;
    for (int k = 0; k < 3; k++)
        above += above_cut(m->points[t[k]]) > 1e-5;
    if (above == 3)
        add(m, t[0], t[1], t[2]);
    if (above == 0 || above == 3)
        return;
    // Turned so that the corner alone on its side comes first.
    while ((above_cut(m->points[t[first]]) > 1e-5) != (above == 1))
        first++;
    const uint32_t a = t[first], b = t[(first + 1) % 3], c = t[(first + 2) % 3];
    const uint32_t ab = cut_point(cut, a, b), ca = cut_point(cut, c, a);
    if (ab == ca) { // it only touches the plane
        if (above == 2)
            add(m, a, b, c);
        return;
    }
    uint32_t *border = cut->border[cut->border_count++];
    if (above == 1) {
        add(m, a, ab, ca);
        border[0] = ab;
        border[1] = ca;
    } else {
        add(m, ab, b, c);
        add(m, ab, c, ca);
        border[0] = ca;
        border[1] = ab;
    }
}

// A floor under the cut, rounded at its edge by rings.
static void close_floor(struct cut *cut)
{
    enum { RINGS = 5 };
    static const double inset[RINGS] = { 0.985, 0.93, 0.82, 0.58, 0.28 };
    static const double drop_mm[RINGS] = { 5, 9, 11, 11.5, 11.5 };
    struct model *m = cut->model;
    struct smp_vec3 middle = { 0 };
    static uint32_t ring[RINGS + 1][2000];
    size_t count = 0;
    ring[0][count++] = cut->border[0][0];
    for (uint32_t at = cut->border[0][1]; at != ring[0][0]; count++) {
        ring[0][count] = at;
        size_t i = 0;
        while (i < cut->border_count && cut->border[i][0] != at)
            i++;
        if (i == cut->border_count)
            die("the neck's edge is not one loop");
        at = cut->border[i][1];
    }
    if (count != cut->border_count)
        die("the neck has more than one edge");
    for (size_t i = 0; i < count; i++)
        middle = smp_add(middle, smp_scale(m->points[ring[0][i]], 1.0 / (double)count));
    const struct smp_vec3 down = smp_unit(smp_vec3(0, -1, -0.233));
    for (int r = 0; r < RINGS; r++) {
        for (size_t i = 0; i < count; i++) {
            struct smp_vec3 out = { 0 }; // evened out along the ring
            for (size_t w = 0; w < 5; w++)
                out = smp_add(
                    out, smp_scale(smp_sub(m->points[ring[0][(i + count + w - 2) % count]], middle),
                                   0.2));
            ring[r + 1][i] = (uint32_t)m->point_count;
            m->points[m->point_count++] =
                smp_add(middle, smp_add(smp_scale(out, inset[r]), smp_scale(down, drop_mm[r])));
        }
    }
    const uint32_t centre = (uint32_t)m->point_count;
    m->points[m->point_count++] = smp_add(middle, smp_scale(down, drop_mm[RINGS - 1]));
    for (size_t i = 0; i < count; i++) {
        const size_t j = (i + 1) % count;
        for (int r = 0; r < RINGS; r++) { // the border runs with the skin on its left
            add(m, ring[r][j], ring[r][i], ring[r + 1][i]);
            add(m, ring[r][j], ring[r + 1][i], ring[r + 1][j]);
        }
        add(m, ring[RINGS][j], ring[RINGS][i], centre);
    }
}

static void cut_neck(struct model *model)
{
    static struct cut cut;
    draw_in(model);
    static uint32_t old[MAX_TRIANGLES][3];
    const size_t count = model->triangle_count;
    memcpy(old, model->triangles, sizeof old);
    cut.model = model;
    model->triangle_count = 0;
    for (size_t i = 0; i < model->point_count; i++) { // no slivers: what is near goes onto it
        if (fabs(above_cut(model->points[i])) < 2.5)
            model->points[i].y -= above_cut(model->points[i]);
    }
    for (size_t t = 0; t < count; t++)
        cut_triangle(&cut, old[t]);
    close_floor(&cut);
}

static void write_file(const char *path, const struct model *model, const struct frame *frame,
                       const uint8_t (*paint)[3])
{
    uint32_t *place = calloc(model->point_count, sizeof *place);
    FILE *file = fopen(path, "wb");
    if (!file || !place)
        die("cannot write");
    size_t points = 0, triangles = 0;
    for (size_t t = 0; t < model->triangle_count; t++) {
        for (int k = 0; k < 3; k++)
            place[model->triangles[t][k]] = 1;
        triangles++;
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
        for (int k = 0; k < 3; k++)
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
    static uint8_t paint[MAX_POINTS][3];
    if (argc != 3)
        die("usage: make_template generic_neutral_mesh.obj OUT.bin");
    read_obj(&model, argv[1]);
    const struct frame frame = find_frame(&model);
    close_lids(&model);
    cut_neck(&model);
    for (size_t i = 0; i < model.point_count; i++) {
        paint[i][0] = (uint8_t)lround(255 * brow_weight(&model, model.points[i]));
        paint[i][1] = (uint8_t)lround(255 * lip_weight(&model, model.points[i]));
        paint[i][2] = (uint8_t)lround(255 * lash_weight(&model, model.points[i]));
    }
    write_file(argv[2], &model, &frame, (const uint8_t(*)[3])paint);
    return 0;
}
