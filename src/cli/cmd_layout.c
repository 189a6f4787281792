// stubble layout: dots on any mesh.
#include "cli/cli.h"
#include "layout/layout.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *const unit_names[] = { "mm", "cm", "m", "inch", NULL };
static const double unit_mm[] = { 1, 10, 1000, 25.4 };

struct call {
    const char *mesh, *unit, *density, *density_file, *count, *fixed, *gap, *regularity;
    const char *sessions, *seed, *threads, *no_sandbox, *out, *json;
};

struct job {
    struct smp_layout_params params;
    struct smp_mesh mesh;
    struct smp_layout_input input;
    double density;
    int unit;
    int64_t threads;
};

static enum smp_code read_options(struct job *job, const struct call *c, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    int64_t n;
    if (c->unit)
        code = smp_cli_choice(c->unit, "unit", unit_names, &job->unit, err);
    if (!code && c->density)
        code = smp_cli_number(c->density, "density", 1e-6, 1e8, &job->density, err);
    if (!code && c->count) {
        code = smp_cli_integer(c->count, "count", 1, 20000000, &n, err);
        job->params.count = code ? 0 : (size_t)n;
    }
    if (!code && c->gap)
        code = smp_cli_number(c->gap, "min-gap-mm", 0, 1000, &job->params.min_gap_mm, err);
    if (!code && c->regularity)
        code = smp_cli_number(c->regularity, "regularity", 0, 1, &job->params.regularity, err);
    if (!code && c->sessions) {
        code = smp_cli_integer(c->sessions, "sessions", 1, SMP_SESSIONS_MAX, &n, err);
        job->params.sessions = code ? 1 : (int)n;
    }
    if (!code && c->seed) {
        code = smp_cli_integer(c->seed, "seed", 0, INT64_MAX, &n, err);
        job->params.seed = code ? 0 : (uint64_t)n;
    }
    if (!code && c->threads)
        code = smp_cli_integer(c->threads, "threads", 1, 256, &job->threads, err);
    return code;
}

static enum smp_code read_density(struct job *job, const struct call *c, struct smp_arena *arena,
                                  struct smp_err *err)
{
    const size_t points = job->mesh.point_count;
    double *density;
    if (!c->density_file) {
        density = smp_new(arena, double, points);
        if (!density)
            return smp_fail(err, SMP_E_NOMEM, "no room for %zu densities", points);
        for (size_t i = 0; i < points; i++)
            density[i] = job->density;
        job->input.density_per_cm2 = density;
        return SMP_OK;
    }
    struct smp_bytes file;
    size_t count;
    enum smp_code code = smp_file_read(&file, c->density_file, (size_t)1 << 30, arena, err);
    if (!code)
        code = smp_list_numbers(&density, &count, c->density_file, (const char *)file.data,
                                file.length, arena, err);
    if (code)
        return code;
    if (count != points)
        return smp_fail(err, SMP_E_INPUT, "%s: %zu numbers, but %s has %zu vertices",
                        c->density_file, count, c->mesh, points);
    for (size_t i = 0; i < count; i++) {
        if (!(density[i] >= 0 && density[i] <= 1e8))
            return smp_fail(err, SMP_E_INPUT, "%s: number %zu must be 0 to 1e8 dots/cm², not %g",
                            c->density_file, i + 1, density[i]);
    }
    job->input.density_per_cm2 = density;
    return SMP_OK;
}

static enum smp_code read_fixed(struct job *job, const struct call *c, struct smp_arena *arena,
                                struct smp_err *err)
{
    static const char *const names[] = { "x_mm", "y_mm", "z_mm" };
    struct smp_bytes file;
    double *values;
    size_t rows;
    if (!c->fixed)
        return SMP_OK;
    enum smp_code code = smp_file_read(&file, c->fixed, (size_t)1 << 30, arena, err);
    if (!code)
        code = smp_csv_numbers(&values, &rows, c->fixed, (const char *)file.data, file.length,
                               names, 3, arena, err);
    if (code)
        return code;
    struct smp_vec3 *points = smp_new(arena, struct smp_vec3, rows);
    if (!points)
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu fixed points", rows);
    for (size_t i = 0; i < rows; i++)
        points[i] = smp_vec3(values[3 * i], values[3 * i + 1], values[3 * i + 2]);
    job->input.fixed_mm = points;
    job->input.fixed_count = rows;
    return SMP_OK;
}

static enum smp_code read_mesh(struct job *job, const struct call *c, struct smp_arena *arena,
                               struct smp_err *err)
{
    const struct smp_scan_options options = { .no_sandbox = c->no_sandbox != NULL };
    struct smp_scan scan;
    const enum smp_code code = smp_scan_load(&scan, c->mesh, &options, arena, err);
    if (code)
        return code;
    job->mesh = scan.mesh;
    for (size_t i = 0; i < scan.mesh.point_count; i++)
        job->mesh.points[i] = smp_scale(job->mesh.points[i], unit_mm[job->unit]);
    return SMP_OK;
}

static enum smp_code write_dots(const struct smp_layout *layout, const char *path,
                                struct smp_arena *arena, struct smp_err *err)
{
    enum { longest = 120 };
    static const char head[] = "id,x_mm,y_mm,z_mm,session,order\n";
    char *text = smp_new(arena, char, sizeof head + layout->count * longest);
    if (!text)
        return smp_fail(err, SMP_E_NOMEM, "%s: no room for %zu lines", path, layout->count);
    size_t used = sizeof head - 1;
    memcpy(text, head, used);
    for (size_t i = 0; i < layout->count; i++) {
        const struct smp_layout_dot *d = &layout->dots[i];
        const int n =
            snprintf(text + used, longest, "%zu,%.5f,%.5f,%.5f,%d,%" PRIu32 "\n", i + 1,
                     d->position_mm.x, d->position_mm.y, d->position_mm.z, d->session, d->order);
        used += n > 0 && n < longest ? (size_t)n : 0;
    }
    return smp_file_write(path, text, used, err);
}

static void print_result(const struct smp_layout *layout, const struct job *job, const char *out,
                         bool json)
{
    if (json) {
        smp_cli_print_json(json_pack(
            "{s:I,s:I,s:I,s:f,s:f,s:I,s:{s:f,s:f}}", "count", (json_int_t)layout->count, "dropped",
            (json_int_t)layout->dropped, "fixed", (json_int_t)job->input.fixed_count, "area_cm2",
            layout->area_cm2, "min_gap_mm", layout->min_gap_mm, "sheet_pairs",
            (json_int_t)layout->sheet_pairs, "seconds", "prepare", layout->prepare_s, "layout",
            layout->layout_s));
        return;
    }
    printf("%s: %zu dots on %.2f cm², nearest %.3f mm apart", out, layout->count, layout->area_cm2,
           layout->min_gap_mm);
    if (layout->dropped)
        printf(", %zu left out for want of room", layout->dropped);
    puts("");
}

static enum smp_code run(const struct call *c, struct smp_arena *arena, struct smp_err *err)
{
    struct job job = { .params = smp_layout_defaults, .density = 1 };
    enum smp_code code = read_options(&job, c, err);
    if (!code)
        code = read_mesh(&job, c, arena, err);
    if (!code)
        code = read_density(&job, c, arena, err);
    if (!code)
        code = read_fixed(&job, c, arena, err);
    if (code)
        return code;
    struct smp_pool *pool = smp_pool_make((unsigned)job.threads);
    struct smp_surface *surface;
    struct smp_layout layout;
    code = smp_surface_make(&surface, &job.mesh, pool, arena, err);
    if (!code)
        code = smp_layout_make(&layout, surface, &job.input, &job.params, pool, arena, err);
    smp_pool_drop(pool);
    if (!code)
        code = write_dots(&layout, c->out, arena, err);
    if (!code)
        print_result(&layout, &job, c->out, c->json != NULL);
    return code;
}

int smp_cmd_layout(int argc, char **argv)
{
    struct call c = { 0 };
    const struct smp_option options[] = {
        { "unit", "U", "of the mesh file: mm (default), cm, m, inch", &c.unit, 0 },
        { "density", "D", "dots/cm² everywhere", &c.density, 0 },
        { "density-file", "F", "one dots/cm² a line, per vertex in the mesh file's order",
          &c.density_file, 0 },
        { "count", "N", "scale the density to this total, fixed points included", &c.count, 0 },
        { "fixed", "P.csv", "points already there: columns x_mm,y_mm,z_mm", &c.fixed, 0 },
        { "min-gap-mm", "G", "no two dots nearer than this", &c.gap, 0 },
        { "regularity", "R", "0 loose … 1 even; 0.5 (default) as on a scalp", &c.regularity, 0 },
        { "sessions", "K", "1 (default) to 6 nested sets", &c.sessions, 0 },
        { "seed", "S", "another seed, another layout (default 1)", &c.seed, 0 },
        { "threads", "T", "default: one a core", &c.threads, 0 },
        { "no-sandbox", NULL, "read the mesh without confinement", &c.no_sandbox, 0 },
        { "out", "FILE", "the CSV to write", &c.out, 'o' },
        { "json", NULL, "print one JSON object", &c.json, 0 },
        { 0 },
    };
    static const char usage[] =
        "layout MESH (--density D | --density-file F) [OPTIONS] -o dots.csv";
    int count;
    const int status = smp_cli_parse(argc, argv, usage, options, &c.mesh, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    if (!c.out)
        smp_fail(&err, SMP_E_INPUT, "-o must name the CSV to write");
    else if (c.density && c.density_file)
        smp_fail(&err, SMP_E_INPUT, "--density and --density-file exclude each other");
    else if (!c.density && !c.density_file && !c.count)
        smp_fail(&err, SMP_E_INPUT, "--density, --density-file or --count must be given");
    if (err.code)
        return smp_cli_fail(&err);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const enum smp_code code = run(&c, &arena, &err);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
