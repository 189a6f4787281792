// stubble head CASE.json: what a tape would read on the client's head.
#include "cli/cli.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

int smp_cmd_head(int argc, char **argv);

static json_t *tenth(double value) // to 0.01: more would feign a precision no tape has
{
    char text[32];
    snprintf(text, sizeof text, "%.2f", value);
    return json_real(strtod(text, NULL));
}

static json_t *point_json(struct smp_vec3 p)
{
    json_t *list = json_array();
    json_array_append_new(list, tenth(p.x));
    json_array_append_new(list, tenth(p.y));
    json_array_append_new(list, tenth(p.z));
    return list;
}

static json_t *landmarks_json(const struct smp_landmarks *l)
{
    json_t *object = json_object();
    json_object_set_new(object, "nasion", point_json(l->nasion));
    json_object_set_new(object, "lpa", point_json(l->lpa));
    json_object_set_new(object, "rpa", point_json(l->rpa));
    json_object_set_new(object, "glabella", point_json(l->glabella));
    json_object_set_new(object, "vertex", point_json(l->vertex));
    json_object_set_new(object, "inion", point_json(l->inion));
    json_object_set_new(object, "canthus_left", point_json(l->canthus_left));
    json_object_set_new(object, "canthus_right", point_json(l->canthus_right));
    return object;
}

static void print_json(const struct smp_head *head, const struct smp_case *from, double bald_cm2)
{
    const char *loss = smp_loss_names[from->loss.kind];
    const struct smp_tape *tape = &head->tape;
    json_t *object = json_object(), *zones = json_object();
    json_object_set_new(object, "head", json_string(head->is_template ? "template" : "scan"));
    json_object_set_new(object, "sex", json_string(smp_sex_names[head->sex]));
    json_object_set_new(object, "nasion_inion_mm", tenth(tape->nasion_inion_mm));
    json_object_set_new(object, "preauricular_mm", tenth(tape->preauricular_mm));
    json_object_set_new(object, "circumference_mm", tenth(tape->circumference_mm));
    json_object_set_new(object, "length_mm", tenth(tape->length_mm));
    json_object_set_new(object, "breadth_mm", tenth(tape->breadth_mm));
    json_object_set_new(object, "scalp_cm2", tenth(tape->scalp_cm2));
    for (int z = SMP_ZONE_FRONTAL; z < SMP_ZONE_COUNT; z++)
        json_object_set_new(zones, smp_zone_name((enum smp_zone)z), tenth(tape->zone_cm2[z]));
    json_object_set_new(object, "zones_cm2", zones);
    json_object_set_new(object, "loss", json_string(loss));
    json_object_set_new(object, "bald_cm2", tenth(bald_cm2));
    json_object_set_new(object, "landmarks_mm", landmarks_json(&head->landmarks));
    json_object_set_new(object, "triangles", json_integer((json_int_t)head->mesh.triangle_count));
    json_object_set_new(object, "note", json_string(head->note));
    json_t *warnings = json_array();
    if (from->scan_warning)
        json_array_append_new(warnings, json_string(from->scan_warning));
    json_object_set_new(object, "warnings", warnings);
    smp_cli_print_json(object);
}

static void print_text(const struct smp_head *head, const struct smp_case *from, double bald_cm2)
{
    const char *loss = smp_loss_names[from->loss.kind];
    const struct smp_tape *tape = &head->tape;
    printf("%s, %s\n", head->is_template ? "mean head bent to the tape" : "head from a scan",
           smp_sex_names[head->sex]);
    printf("  nasion to inion over the vertex    %6.1f mm\n", tape->nasion_inion_mm);
    printf("  preauricular arc over the vertex   %6.1f mm\n", tape->preauricular_mm);
    printf("  circumference                      %6.1f mm\n", tape->circumference_mm);
    printf("  length                             %6.1f mm\n", tape->length_mm);
    printf("  breadth                            %6.1f mm\n", tape->breadth_mm);
    printf("  scalp behind the natural hairline  %6.1f cm2\n", tape->scalp_cm2);
    for (int z = SMP_ZONE_FRONTAL; z < SMP_ZONE_COUNT; z++)
        printf("    %-33s%6.1f cm2\n", smp_zone_name((enum smp_zone)z), tape->zone_cm2[z]);
    printf("  bald, loss %-24s%6.1f cm2\n", loss, bald_cm2);
    if (head->note[0])
        printf("  note: %s\n", head->note);
}

static enum smp_code run(const char *path, const struct smp_scan_options *scan, bool json,
                         struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_case from;
    struct smp_head head;
    double bald_cm2;
    enum smp_code code = smp_case_read(&from, path, arena, err);
    if (code || (code = smp_case_head(&head, &from, scan, pool, arena, err)))
        return code;
    double *field = smp_new(arena, double, head.mesh.point_count);
    if (!field)
        return smp_fail(err, SMP_E_NOMEM, "no room for the field of loss");
    if ((code = smp_loss_field(field, &bald_cm2, &head, &from.loss, err)))
        return code;
    smp_cli_warn_scan(from.scan_warning);
    (json ? print_json : print_text)(&head, &from, bald_cm2);
    return SMP_OK;
}

int smp_cmd_head(int argc, char **argv)
{
    const char *no_sandbox = NULL, *json = NULL, *threads = NULL, *path[1];
    const struct smp_option options[] = {
        { "threads", "T", "threads to use; 0: one a core", &threads, 0 },
        { "no-sandbox", NULL, "read scans without confinement", &no_sandbox, 0 },
        { "json", NULL, "print one JSON object", &json, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0;
    int64_t threads_wanted = 0;
    struct smp_err err = { 0 };
    const int status =
        smp_cli_parse(argc, argv, "head CASE.json [--json]", options, path, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    if (threads && smp_cli_integer(threads, "threads", 0, 256, &threads_wanted, &err))
        return smp_cli_fail(&err);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_pool *pool = smp_pool_make((unsigned)threads_wanted);
    const struct smp_scan_options scan = { .no_sandbox = no_sandbox != NULL };
    const enum smp_code code = run(path[0], &scan, json != NULL, pool, &arena, &err);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
