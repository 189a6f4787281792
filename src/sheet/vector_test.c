#include "sheet/tools_test.h"

// ---- Unrolling --------------------------------------------------------------------------------

enum { STEPS = 400 };

static double flat_angle(const struct smp_unrolled *flat)
{
    const struct smp_vec2 *p = flat->at;
    const size_t n = flat->count;
    const double a = atan2(p[1].y - p[0].y, p[1].x - p[0].x);
    return remainder(atan2(p[n - 1].y - p[n - 2].y, p[n - 1].x - p[n - 2].x) - a, 2 * SMP_PI);
}

START_TEST(a_parallel_of_a_ball_unrolls_to_the_arc_of_its_tangent_cone)
{
    // a parallel at colatitude t of a ball has geodesic curvature 1/(R tan t): the cone's radius
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_vec3 line[STEPS], normals[STEPS];
    const double t = 0.9, radius = 80;
    for (int i = 0; i < STEPS; i++) {
        const double phi = -1.2 + 2.4 * i / (STEPS - 1);
        line[i] = smp_vec3(radius * sin(t) * sin(phi), radius * sin(t) * cos(phi), radius * cos(t));
        normals[i] = smp_unit(line[i]);
    }
    struct smp_unrolled flat;
    ck_assert_int_eq(smp_unroll(&flat, line, normals, STEPS, &arena, NULL), SMP_OK);
    const double length = 2.4 * radius * sin(t);
    ck_assert_double_eq_tol(flat.arc_mm[STEPS - 1], length, 1e-3 * length);
    const double turned = length / (radius * tan(t)) * (STEPS - 2) / (STEPS - 1);
    ck_assert_double_eq_tol(fabs(flat_angle(&flat)), turned, 2e-3);
    // all points lie on one circle of the cone's radius
    const struct smp_vec2 a = flat.at[0], b = flat.at[STEPS / 2], c = flat.at[STEPS - 1];
    const double ab = hypot(b.x - a.x, b.y - a.y), bc = hypot(c.x - b.x, c.y - b.y),
                 ca = hypot(a.x - c.x, a.y - c.y);
    const double area = fabs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
    ck_assert_double_eq_tol(ab * bc * ca / (4 * area), radius * tan(t), 0.2);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_line_on_a_cylinder_unrolls_as_paper_does)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_vec3 line[STEPS], normals[STEPS];
    struct smp_vec2 paper[STEPS];
    for (int i = 0; i < STEPS; i++) {
        const double s = 0.5 * i; // along; the line waves across the cylinder's straight lines
        paper[i] = (struct smp_vec2){ s, 18 * sin(s / 14) };
        const double phi = s / 70;
        line[i] = smp_vec3(70 * sin(phi), 70 * cos(phi), paper[i].y);
        normals[i] = smp_vec3(sin(phi), cos(phi), 0);
    }
    struct smp_unrolled flat;
    ck_assert_int_eq(smp_unroll(&flat, line, normals, STEPS, &arena, NULL), SMP_OK);
    for (int i = 20; i < STEPS; i += 20) { // distances between points as on the paper itself
        for (int j = 0; j < i; j += 20) {
            const double a = hypot(paper[i].x - paper[j].x, paper[i].y - paper[j].y);
            const double b = hypot(flat.at[i].x - flat.at[j].x, flat.at[i].y - flat.at[j].y);
            ck_assert_double_eq_tol(a, b, 0.05);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_stencil_keeps_the_hairlines_length_and_tells_the_stretch_beside_it)
{
    static struct fake f;
    fake_make(&f, 1);
    const struct smp_design *d = &f.design;
    struct smp_vec3 *normals = smp_new(&f.arena, struct smp_vec3, d->line_count);
    struct smp_unrolled flat;
    ck_assert_int_eq(smp_line_normals(normals, &f.head, d->line_mm, d->line_count, &f.arena, NULL),
                     SMP_OK);
    for (size_t i = 0; i < d->line_count; i++)
        ck_assert_double_ge(smp_dot(normals[i], fake_normal(d->line_mm[i])), 0.99995);
    ck_assert_int_eq(smp_unroll(&flat, d->line_mm, normals, d->line_count, &f.arena, NULL), SMP_OK);
    const double whole = d->line_arc_mm[d->line_count - 1];
    ck_assert_double_eq_tol(flat.arc_mm[d->line_count - 1], whole, 0.005 * whole);
    double paper = 0;
    for (size_t i = 1; i < flat.count; i++)
        paper += hypot(flat.at[i].x - flat.at[i - 1].x, flat.at[i].y - flat.at[i - 1].y);
    ck_assert_double_eq_tol(paper, whole, 0.005 * whole);
    double share = -1;
    ck_assert_int_eq(
        smp_strip_stretch(&share, &f.head, d->line_mm, normals, d->line_count, 10, &f.arena, NULL),
        SMP_OK);
    const double truth = 100 / (2 * fake_radius_mm * fake_radius_mm); // K w² / 2 on a ball
    printf("# stretch at 10 mm: %.3f %%, on a ball %.3f %%\n", 100 * share, 100 * truth);
    ck_assert_double_eq_tol(share, truth, 0.05 * truth);
    fake_drop(&f);
}
END_TEST

// ---- Drawings ---------------------------------------------------------------------------------

// A reader of DXF that shares nothing with the writer: pairs of lines, group code and value.
struct dxf_seen {
    size_t circles, polylines, vertices, layers;
    double max_x, max_y, radius_sum, hairline_mm;
    bool eof;
};

static const char *next_line(const char **at, char line[128])
{
    if (**at == 0)
        return NULL;
    const char *end = strchr(*at, '\n');
    const size_t length = end ? (size_t)(end - *at) : strlen(*at);
    snprintf(line, 128, "%.*s", (int)(length < 127 ? length : 127), *at);
    *at = end ? end + 1 : *at + length;
    return line;
}

static struct dxf_seen read_dxf(const char *text)
{
    struct dxf_seen seen = { 0 };
    char code[128], value[128], entity[32] = "", layer[64] = "";
    double x = 0, last_x = (double)NAN, last_y = (double)NAN;
    while (next_line(&text, code)) {
        ck_assert_msg(next_line(&text, value) != NULL, "group %s has no value", code);
        const int group = (int)strtol(code, NULL, 10);
        if (group == 0) {
            snprintf(entity, sizeof entity, "%.31s", value);
            seen.circles += strcmp(entity, "CIRCLE") == 0;
            seen.polylines += strcmp(entity, "POLYLINE") == 0;
            seen.vertices += strcmp(entity, "VERTEX") == 0;
            seen.layers += strcmp(entity, "LAYER") == 0;
            seen.eof = strcmp(entity, "EOF") == 0;
            if (strcmp(entity, "POLYLINE") == 0)
                last_x = (double)NAN;
        }
        if (group == 8)
            snprintf(layer, sizeof layer, "%.63s", value);
        const bool circle = strcmp(entity, "CIRCLE") == 0;
        if (group == 10)
            x = strtod(value, NULL);
        if (group == 20 && circle) {
            seen.max_x = fmax(seen.max_x, x);
            seen.max_y = fmax(seen.max_y, strtod(value, NULL));
        }
        if (group == 20 && strcmp(entity, "VERTEX") == 0 && strcmp(layer, "HAIRLINE") == 0) {
            const double y = strtod(value, NULL);
            if (!isnan(last_x))
                seen.hairline_mm += hypot(x - last_x, y - last_y);
            last_x = x;
            last_y = y;
        }
        if (group == 40 && circle)
            seen.radius_sum += strtod(value, NULL);
    }
    return seen;
}

START_TEST(the_dxf_reads_back_with_every_dot_on_its_layer)
{
    static struct fake f;
    fake_make(&f, 3);
    struct smp_buffer out;
    render_ok(&out, NULL, &f, SMP_SHEET_DXF, SMP_PAPER_A4);
    const struct dxf_seen seen = read_dxf(out.data);
    double radii = 0;
    size_t layers = 4;
    for (size_t i = 0; i < f.plan.dot_count; i++)
        radii += f.plan.dots[i].diameter_um / 2000;
    for (int z = 1; z < SMP_ZONE_COUNT; z++) {
        for (int s = 1; s <= 3; s++)
            layers += f.plan.zones[z].dots[s] > 0;
    }
    ck_assert_uint_eq(seen.circles, f.plan.dot_count);
    ck_assert_uint_eq(seen.layers, layers);
    ck_assert(seen.polylines > 5 && seen.vertices > f.design.line_count && seen.eof);
    ck_assert_double_eq_tol(seen.radius_sum, radii, 0.01);
    ck_assert_ptr_nonnull(strstr(out.data, "999\nUnits: millimetres\n"));
    ck_assert_ptr_nonnull(strstr(out.data, "AC1009"));
    ck_assert_ptr_nonnull(strstr(out.data, "\nS2_TEMPLE_LEFT\n"));
    // azimuthal maps stretch along the parallels: the line is a little longer than on the skin
    const double true_mm = f.design.line_arc_mm[f.design.line_count - 1];
    ck_assert(seen.hairline_mm > 0.95 * true_mm && seen.hairline_mm < 1.25 * true_mm);
    smp_buffer_drop(&out);
    fake_drop(&f);
}
END_TEST

static double number_after(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    ck_assert_msg(at != NULL, "no %s", key);
    return strtod(at + strlen(key), NULL);
}

START_TEST(the_svg_is_in_true_millimetres_with_a_layer_a_session_and_zone)
{
    static struct fake f;
    fake_make(&f, 3);
    struct smp_buffer out;
    render_ok(&out, NULL, &f, SMP_SHEET_SVG, SMP_PAPER_A4);
    size_t circles = 0, layers = 0, wanted = 3;
    for (const char *at = out.data; (at = strstr(at, "<circle ")); at++)
        circles++;
    for (const char *at = out.data; (at = strstr(at, "inkscape:groupmode=\"layer\"")); at++)
        layers++;
    for (int z = 1; z < SMP_ZONE_COUNT; z++) {
        for (int s = 1; s <= 3; s++)
            wanted += f.plan.zones[z].dots[s] > 0;
    }
    ck_assert_uint_eq(circles, f.plan.dot_count);
    ck_assert_uint_eq(layers, wanted);
    ck_assert_ptr_nonnull(strstr(out.data, "inkscape:label=\"session 2, temple left\""));
    ck_assert_ptr_nonnull(strstr(out.data, "Projection: azimuthal"));
    const double w = number_after(out.data, " width=\""),
                 box = number_after(out.data, "viewBox=\"0 0 ");
    ck_assert_double_eq(w, box);
    // the chart's unit is a quarter of a circle: 141 mm at the ball's top, more on its sides
    const double unit = number_after(out.data, "one chart unit is ");
    ck_assert(unit > 135 && unit < 175);
    if (has_tool("xmllint")) {
        char path[200], command[400];
        write_ok(path, "plan.svg", &f, SMP_SHEET_SVG, SMP_PAPER_A4);
        snprintf(command, sizeof command, "xmllint --noout --huge %s", path);
        ck_assert_int_eq(system(command), 0);
        unlink(path);
    }
    smp_buffer_drop(&out);
    fake_drop(&f);
}
END_TEST

START_TEST(keep_outs_and_scars_are_drawn_at_their_size)
{
    static struct fake f;
    fake_make(&f, 1);
    fake_areas(&f);
    struct smp_chart_data chart;
    ck_assert(!smp_chart_make(&chart, &f.plan, &f.arena, NULL));
    ck_assert_uint_eq(chart.area_count, 2);
    ck_assert_uint_eq(chart.areas[1].count, 5); // closed
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < chart.areas[0].count; i++) {
        low = fmin(low, chart.areas[0].at[i].x * chart.unit_mm);
        high = fmax(high, chart.areas[0].at[i].x * chart.unit_mm);
    }
    ck_assert_double_eq_tol(high - low, 12, 1.5); // 4 mm and 2 mm of margin, both sides
    struct smp_buffer out;
    render_ok(&out, NULL, &f, SMP_SHEET_DXF, SMP_PAPER_A4);
    size_t vertices = 0;
    for (const char *at = out.data; (at = strstr(at, "VERTEX\n8\nKEEP_OUTS_AND_SCARS")); at++)
        vertices++;
    ck_assert_uint_eq(vertices, chart.areas[0].count + 5);
    smp_buffer_drop(&out);
    fake_drop(&f);
}
END_TEST

START_TEST(a_title_cannot_break_out_of_the_svg)
{
    static struct fake f;
    fake_make(&f, 1);
    f.from.title = "<script>&\"\x01 K. & Söhne";
    struct smp_buffer out;
    render_ok(&out, NULL, &f, SMP_SHEET_SVG, SMP_PAPER_A4);
    ck_assert_ptr_null(strstr(out.data, "<script>"));
    ck_assert_ptr_nonnull(strstr(out.data, "&lt;script&gt;&amp;&quot; K. &amp; Söhne</title>"));
    smp_buffer_drop(&out);
    fake_drop(&f);
}
END_TEST

START_TEST(the_csv_has_a_row_a_dot_and_reads_back)
{
    static struct fake f;
    fake_make(&f, 3);
    struct smp_buffer out;
    render_ok(&out, NULL, &f, SMP_SHEET_CSV, SMP_PAPER_A4);
    const char *row = out.data;
    ck_assert_int_eq(
        strncmp(row, "id,x_mm,y_mm,z_mm,nx,ny,nz,u,v,zone,session,order,diameter_um,pigment\n", 69),
        0);
    for (size_t i = 0; i < f.plan.dot_count; i++) {
        row = strchr(row, '\n') + 1;
        const struct smp_dot *d = &f.plan.dots[i];
        unsigned id;
        double x, y, z;
        ck_assert_int_eq(sscanf(row, "%u,%lf,%lf,%lf,", &id, &x, &y, &z), 4);
        ck_assert_uint_eq(id, d->id);
        ck_assert_double_le(fabs(x - d->position_mm.x) + fabs(y - d->position_mm.y) +
                                fabs(z - d->position_mm.z),
                            2e-5);
    }
    ck_assert_str_eq(strchr(row, '\n'), "\n");
    ck_assert_ptr_nonnull(strstr(out.data, ",280,0\n"));
    smp_buffer_drop(&out);
    fake_drop(&f);
}
END_TEST

START_TEST(numbers_are_fixed_and_never_minus_zero)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = { { 1.25, 1, "1.3" },  { -0.0004, 3, "0.000" }, { -1.5, 3, "-1.500" },
                  { 0, 0, "0" },       { -12, 0, "-12" },       { 1e6 + 0.0625, 4, "1000000.0625" },
                  { 0.05, 2, "0.05" }, { -0.05, 2, "-0.05" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct smp_buffer out = { 0 };
        smp_buffer_fixed(&out, cases[i].value, cases[i].decimals);
        smp_buffer_add(&out, "", 1);
        ck_assert_str_eq(out.data, cases[i].text);
        smp_buffer_drop(&out);
    }
    struct smp_buffer out = { 0 };
    smp_buffer_fixed(&out, (double)NAN, 2);
    ck_assert(out.failed);
    smp_buffer_drop(&out);
}
END_TEST

SMP_TEST_MAIN("sheet-drawings", a_parallel_of_a_ball_unrolls_to_the_arc_of_its_tangent_cone,
              a_line_on_a_cylinder_unrolls_as_paper_does,
              the_stencil_keeps_the_hairlines_length_and_tells_the_stretch_beside_it,
              the_dxf_reads_back_with_every_dot_on_its_layer,
              the_svg_is_in_true_millimetres_with_a_layer_a_session_and_zone,
              keep_outs_and_scars_are_drawn_at_their_size, a_title_cannot_break_out_of_the_svg,
              the_csv_has_a_row_a_dot_and_reads_back, numbers_are_fixed_and_never_minus_zero)
