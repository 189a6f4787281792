// stubble reflect: light on a stack of layers.
#include "cli/cli.h"
#include "skin/skin.h"

#include <jansson.h>
#include <stdio.h>

int smp_cmd_reflect(int argc, char **argv);

enum { file_bytes_max = 1 << 20, streams = 48 };

static const char *const methods[] = { "ad", "mc", NULL };
static const char *const lights[] = { "collimated", "diffuse", NULL };

struct call {
    const char *file, *method, *light, *photons, *seed, *threads, *json;
};

struct request {
    int method, light;
    int64_t photons, seed, threads;
};

static enum smp_code read_options(struct request *r, const struct call *c, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    if (c->method)
        code = smp_cli_choice(c->method, "method", methods, &r->method, err);
    if (!code && c->light)
        code = smp_cli_choice(c->light, "light", lights, &r->light, err);
    if (!code && c->photons)
        code = smp_cli_integer(c->photons, "photons", 1, 1000000000000, &r->photons, err);
    if (!code && c->seed)
        code = smp_cli_integer(c->seed, "seed", 0, INT64_MAX, &r->seed, err);
    if (!code && c->threads)
        code = smp_cli_integer(c->threads, "threads", 0, 256, &r->threads, err);
    if (!code && r->method == 1 && r->light == 1)
        return smp_fail(err, SMP_E_INPUT, "--light diffuse is for --method ad only");
    if (!code && r->method == 0 && (c->photons || c->seed))
        return smp_fail(err, SMP_E_INPUT, "--photons and --seed are for --method mc only");
    return code;
}

static enum smp_code run(struct smp_flux *flux, const struct smp_stack *stack,
                         const struct request *r, struct smp_arena *arena, struct smp_err *err)
{
    if (r->method == 0)
        return smp_stack_reflect(flux, stack, (enum smp_light)r->light, streams, arena, err);
    struct smp_pool *pool = smp_pool_make((unsigned)r->threads);
    const struct smp_trace trace = { (uint64_t)r->photons, (uint64_t)r->seed, pool };
    const enum smp_code code = smp_stack_trace(flux, stack, &trace, arena, err);
    smp_pool_drop(pool);
    return code;
}

static void print_json(const struct smp_flux *flux, int layers, const struct request *r)
{
    json_t *absorbed = json_array();
    for (int k = 0; k < layers; k++)
        json_array_append_new(absorbed, json_real(flux->absorbed[k]));
    json_t *object =
        json_pack("{s:s,s:s,s:f,s:f,s:f,s:f,s:o,s:f}", "method", methods[r->method], "light",
                  lights[r->light], "specular", flux->specular, "diffuse_reflectance",
                  flux->diffuse_reflectance, "transmittance", flux->transmittance, "unscattered",
                  flux->unscattered, "absorbed", absorbed, "standard_error", flux->standard_error);
    if (r->method == 1)
        json_object_update_new(object, json_pack("{s:I,s:I}", "photons", (json_int_t)r->photons,
                                                 "seed", (json_int_t)r->seed));
    smp_cli_print_json(object);
}

static void print_text(const struct smp_flux *flux, int layers, const struct request *r)
{
    printf("specular             %.5f\n", flux->specular);
    printf("diffuse reflectance  %.5f", flux->diffuse_reflectance);
    if (r->method == 1)
        printf(" ± %.5f", flux->standard_error);
    printf("\ntransmittance        %.5f (unscattered %.5f)\n", flux->transmittance,
           flux->unscattered);
    for (int k = 0; k < layers; k++)
        printf("absorbed, layer %-2d   %.5f\n", k + 1, flux->absorbed[k]);
}

int smp_cmd_reflect(int argc, char **argv)
{
    struct call c = { 0 };
    const struct smp_option options[] = {
        { "method", "M", "ad: adding-doubling (default); mc: photons, Monte Carlo", &c.method, 0 },
        { "light", "L", "collimated (default) or diffuse", &c.light, 0 },
        { "photons", "N", "of mc (default 1000000)", &c.photons, 0 },
        { "seed", "S", "of mc (default 1)", &c.seed, 0 },
        { "threads", "T", "threads to use; 0: one a core (default)", &c.threads, 0 },
        { "json", NULL, "print one JSON object", &c.json, 0 },
        { 0 },
    };
    int count;
    const int status =
        smp_cli_parse(argc, argv, "reflect LAYERS.json [OPTIONS]", options, &c.file, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct request request = { .photons = 1000000, .seed = 1 };
    struct smp_err err = { 0 };
    struct smp_arena arena;
    struct smp_bytes bytes;
    struct smp_stack stack;
    struct smp_flux flux = { 0 };
    smp_arena_make(&arena, 0);
    enum smp_code code = read_options(&request, &c, &err);
    if (!code)
        code = smp_file_read(&bytes, c.file, file_bytes_max, &arena, &err);
    if (!code)
        code = smp_stack_read(&stack, c.file, (const char *)bytes.data, bytes.length, &err);
    if (!code)
        code = run(&flux, &stack, &request, &arena, &err);
    smp_arena_drop(&arena);
    if (code)
        return smp_cli_fail(&err);
    (c.json ? print_json : print_text)(&flux, stack.count, &request);
    return 0;
}
