// Drawings for other programs: SVG and DXF R12 of the flat chart in true millimetres, CSV of the
// dots.
#include "sheet/sheet_impl.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

static const double margin_mm = 10;

// ---- SVG --------------------------------------------------------------------------------------

struct flat {
    double unit, x0, y1, w, h; // svg = (x0 − u·unit … ): face at the foot, right at the left
};

static struct flat flat_of(const struct smp_chart_data *chart)
{
    const double u = chart->unit_mm;
    return (struct flat){ u, margin_mm + u * chart->high.x, margin_mm - u * chart->low.y,
                          u * (chart->high.x - chart->low.x) + 2 * margin_mm,
                          u * (chart->high.y - chart->low.y) + 2 * margin_mm };
}

static void add_point(struct smp_buffer *out, const struct flat *f, struct smp_vec2 at,
                      char between)
{
    smp_buffer_fixed(out, f->x0 - f->unit * at.x, 3);
    smp_buffer_add(out, &between, 1);
    smp_buffer_fixed(out, f->y1 + f->unit * at.y, 3);
}

static void add_path(struct smp_buffer *out, const struct flat *f, const struct smp_polyline *line)
{
    smp_buffer_text(out, "<path d=\"M");
    for (size_t i = 0; i < line->count; i++) {
        if (i)
            smp_buffer_text(out, "L");
        add_point(out, f, line->at[i], ' ');
    }
    smp_buffer_text(out, "\"/>\n");
}

static void add_projection(struct smp_buffer *out, const struct smp_chart_data *chart)
{
    smp_buffer_text(out, "azimuthal scalp chart centred on the vertex; one chart unit is ");
    smp_buffer_fixed(out, chart->unit_mm, 3);
    smp_buffer_text(out, " mm, so that the treated skin has its true area; single places (5th to "
                         "95th percentile) differ "
                         "in area by ");
    smp_buffer_fixed(out, 100 * chart->area_error_low, 1);
    smp_buffer_text(out, " to ");
    smp_buffer_fixed(out, 100 * chart->area_error_high, 1);
    smp_buffer_text(out, " percent");
}

static void svg_head(struct smp_buffer *out, const struct smp_plan *plan,
                     const struct smp_chart_data *chart, const struct flat *f)
{
    char id[12];
    smp_plan_id(id, plan);
    smp_buffer_text(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
        "xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" width=\"");
    smp_buffer_fixed(out, f->w, 3);
    smp_buffer_text(out, "mm\" height=\"");
    smp_buffer_fixed(out, f->h, 3);
    smp_buffer_text(out, "mm\" viewBox=\"0 0 ");
    smp_buffer_fixed(out, f->w, 3);
    smp_buffer_text(out, " ");
    smp_buffer_fixed(out, f->h, 3);
    smp_buffer_print(out, "\">\n<title>SIMULATED plan %s, ", id);
    smp_buffer_xml(out, plan->from->title);
    smp_buffer_text(
        out, "</title>\n<desc>SIMULATED scalp micropigmentation plan, not a record. Projection: ");
    add_projection(out, chart);
    smp_buffer_text(
        out,
        ". Face at the foot, the client's right at the left. Circles have the healed diameter. "
        "General information, not medical advice; consult a qualified technician.</desc>\n");
}

static void svg_layer(struct smp_buffer *out, const char *id, const char *label, const char *style)
{
    smp_buffer_print(out, "<g inkscape:groupmode=\"layer\" id=\"%s\" inkscape:label=\"%s\" %s>\n",
                     id, label, style);
}

static void svg_dots(struct smp_buffer *out, const struct smp_plan *plan,
                     const struct smp_chart_data *chart, const struct flat *f, int session,
                     int zone)
{
    char id[64], label[96], style[96];
    const char *name = smp_zone_name((enum smp_zone)zone);
    snprintf(id, sizeof id, "s%d-z%d", session, zone);
    snprintf(label, sizeof label, "session %d, %s", session, name);
    const struct smp_session_mark *m = &smp_session_marks[session - 1];
    snprintf(style, sizeof style, "fill=\"#%02x%02x%02x\"", (unsigned)lround(255 * m->r),
             (unsigned)lround(255 * m->g), (unsigned)lround(255 * m->b));
    svg_layer(out, id, label, style);
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *dot = &plan->dots[i];
        if (dot->session != session || (int)dot->zone != zone)
            continue;
        smp_buffer_text(out, "<circle cx=\"");
        smp_buffer_fixed(out, f->x0 - f->unit * chart->dots[i].x, 3);
        smp_buffer_text(out, "\" cy=\"");
        smp_buffer_fixed(out, f->y1 + f->unit * chart->dots[i].y, 3);
        smp_buffer_text(out, "\" r=\"");
        smp_buffer_fixed(out, dot->diameter_um / 2000, 4);
        smp_buffer_text(out, "\"/>\n");
    }
    smp_buffer_text(out, "</g>\n");
}

enum smp_code smp_write_svg(struct smp_buffer *out, const struct smp_plan *plan,
                            const struct smp_chart_data *chart)
{
    const struct flat f = flat_of(chart);
    svg_head(out, plan, chart, &f);
    svg_layer(out, "zones", "zones",
              "fill=\"none\" stroke=\"#777777\" stroke-width=\"0.25\" stroke-dasharray=\"2 1.2\"");
    for (size_t i = 0; i < chart->border_count; i++)
        add_path(out, &f, &chart->borders[i]);
    smp_buffer_text(out, "</g>\n");
    for (int s = 1; s <= plan->sessions; s++) {
        for (int z = 1; z < SMP_ZONE_COUNT; z++) {
            if (plan->zones[z].dots[s])
                svg_dots(out, plan, chart, &f, s, z);
        }
    }
    svg_layer(out, "areas", "keep-outs and scars",
              "fill=\"none\" stroke=\"#000000\" stroke-width=\"0.25\"");
    for (size_t i = 0; i < chart->area_count; i++) {
        if (chart->areas[i].count)
            add_path(out, &f, &chart->areas[i]);
    }
    smp_buffer_text(out, "</g>\n");
    svg_layer(out, "hairline", "hairline",
              "fill=\"none\" stroke=\"#000000\" stroke-width=\"0.35\"");
    if (chart->hairline.count)
        add_path(out, &f, &chart->hairline);
    smp_buffer_text(out, "</g>\n</svg>\n");
    return out->failed ? SMP_E_NOMEM : SMP_OK;
}

// ---- DXF R12 ----------------------------------------------------------------------------------
//
// Group codes after Autodesk's "AutoCAD Release 12 DXF reference". R12 knows no header variable for
// units, so they are said in a comment (group 999); y is up here, the face still at the foot.

static void dxf_layer_name(char name[32], int session, int zone)
{
    snprintf(name, 32, "S%d_%s", session, smp_zone_name((enum smp_zone)zone));
    for (char *c = name; *c; c++)
        *c = *c == ' ' ? '_' : (char)toupper((unsigned char)*c);
}

static void dxf_number(struct smp_buffer *out, int group, double value)
{
    smp_buffer_print(out, "%d\n", group);
    smp_buffer_fixed(out, value, 4);
    smp_buffer_text(out, "\n");
}

static void dxf_at(struct smp_buffer *out, const struct flat *f, struct smp_vec2 at)
{
    dxf_number(out, 10, f->x0 - f->unit * at.x);
    dxf_number(out, 20, f->h - (f->y1 + f->unit * at.y));
    dxf_number(out, 30, 0);
}

static void dxf_layer(struct smp_buffer *out, const char *name, int colour)
{
    smp_buffer_print(out, "0\nLAYER\n2\n%s\n70\n0\n62\n%d\n6\nCONTINUOUS\n", name, colour);
}

static void dxf_head(struct smp_buffer *out, const struct smp_plan *plan,
                     const struct smp_chart_data *chart, const struct flat *f)
{
    char id[12], name[32];
    smp_plan_id(id, plan);
    smp_buffer_print(out,
                     "999\nSIMULATED scalp micropigmentation plan %s, not a record\n999\nUnits: "
                     "millimetres\n999\n"
                     "Projection: ",
                     id);
    add_projection(out, chart);
    smp_buffer_text(out, "\n0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1009\n9\n$EXTMIN\n");
    dxf_number(out, 10, 0);
    dxf_number(out, 20, 0);
    dxf_number(out, 30, 0);
    smp_buffer_text(out, "9\n$EXTMAX\n");
    dxf_number(out, 10, f->w);
    dxf_number(out, 20, f->h);
    dxf_number(out, 30, 0);
    smp_buffer_text(out, "0\nENDSEC\n0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nLTYPE\n70\n1\n0\nLTYPE\n2"
                         "\nCONTINUOUS\n70\n0\n"
                         "3\nSolid line\n72\n65\n73\n0\n40\n0.0\n0\nENDTAB\n");
    int layers = 4;
    for (int s = 1; s <= plan->sessions; s++) {
        for (int z = 1; z < SMP_ZONE_COUNT; z++)
            layers += plan->zones[z].dots[s] > 0;
    }
    smp_buffer_print(out, "0\nTABLE\n2\nLAYER\n70\n%d\n", layers);
    dxf_layer(out, "0", 7);
    dxf_layer(out, "HAIRLINE", 7);
    dxf_layer(out, "ZONES", 8);
    dxf_layer(out, "KEEP_OUTS_AND_SCARS", 1);
    static const int colours[SMP_SESSIONS_MAX] = { 7, 30, 4, 5, 3, 6 };
    for (int s = 1; s <= plan->sessions; s++) {
        for (int z = 1; z < SMP_ZONE_COUNT; z++) {
            dxf_layer_name(name, s, z);
            if (plan->zones[z].dots[s])
                dxf_layer(out, name, colours[s - 1]);
        }
    }
    smp_buffer_text(out, "0\nENDTAB\n0\nENDSEC\n");
}

static void dxf_polyline(struct smp_buffer *out, const struct flat *f,
                         const struct smp_polyline *line, const char *layer)
{
    smp_buffer_print(out, "0\nPOLYLINE\n8\n%s\n66\n1\n70\n0\n", layer);
    dxf_number(out, 10, 0);
    dxf_number(out, 20, 0);
    dxf_number(out, 30, 0);
    for (size_t i = 0; i < line->count; i++) {
        smp_buffer_print(out, "0\nVERTEX\n8\n%s\n", layer);
        dxf_at(out, f, line->at[i]);
    }
    smp_buffer_print(out, "0\nSEQEND\n8\n%s\n", layer);
}

enum smp_code smp_write_dxf(struct smp_buffer *out, const struct smp_plan *plan,
                            const struct smp_chart_data *chart)
{
    const struct flat f = flat_of(chart);
    dxf_head(out, plan, chart, &f);
    smp_buffer_text(out, "0\nSECTION\n2\nENTITIES\n");
    for (size_t i = 0; i < chart->border_count; i++)
        dxf_polyline(out, &f, &chart->borders[i], "ZONES");
    for (size_t i = 0; i < chart->area_count; i++)
        dxf_polyline(out, &f, &chart->areas[i], "KEEP_OUTS_AND_SCARS");
    if (chart->hairline.count)
        dxf_polyline(out, &f, &chart->hairline, "HAIRLINE");
    for (size_t i = 0; i < plan->dot_count; i++) {
        char name[32];
        dxf_layer_name(name, plan->dots[i].session, (int)plan->dots[i].zone);
        smp_buffer_print(out, "0\nCIRCLE\n8\n%s\n", name);
        dxf_at(out, &f, chart->dots[i]);
        dxf_number(out, 40, plan->dots[i].diameter_um / 2000);
    }
    smp_buffer_text(out, "0\nENDSEC\n0\nEOF\n");
    return out->failed ? SMP_E_NOMEM : SMP_OK;
}

// ---- CSV --------------------------------------------------------------------------------------

// Six digits, no trailing zeros: 280, 219.5.
static void add_short(struct smp_buffer *out, double value)
{
    const size_t before = out->length;
    const double size = fabs(value);
    smp_buffer_fixed(out, value, size < 10 ? 5 : size < 100 ? 4 : size < 1000 ? 3 : 2);
    while (!out->failed && out->length > before + 1 && out->data[out->length - 1] == '0')
        out->length--;
    if (!out->failed && out->length > before && out->data[out->length - 1] == '.')
        out->length--;
}

// The same bytes as dots.csv of the plan folder.
void smp_write_csv(struct smp_buffer *out, const struct smp_plan *plan)
{
    smp_buffer_text(out, "id,x_mm,y_mm,z_mm,nx,ny,nz,u,v,zone,session,order,diameter_um,pigment\n");
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *d = &plan->dots[i];
        const double numbers[8] = { d->position_mm.x, d->position_mm.y, d->position_mm.z,
                                    d->normal.x,      d->normal.y,      d->normal.z,
                                    d->chart.x,       d->chart.y };
        smp_buffer_print(out, "%u", d->id);
        for (int k = 0; k < 8; k++) {
            smp_buffer_text(out, ",");
            smp_buffer_fixed(out, numbers[k], k < 6 ? 5 : 6);
        }
        smp_buffer_print(out, ",%s,%d,%u,", smp_zone_name(d->zone), d->session, d->order);
        add_short(out, d->diameter_um);
        smp_buffer_print(out, ",%u\n", d->pigment);
    }
}
