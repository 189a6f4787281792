// Layers from a JSON file: {"n_outside": 1.0, "layers": [{"n", "mua_per_mm", …}, …]}.
#include "skin/skin.h"

#include <math.h>
#include <stdio.h>

// Range of a number as the layer's own rules have it: here only that it is one.
static enum smp_code read_number(const struct smp_json *at, const char *name, double *value,
                                 struct smp_err *err)
{
    struct smp_json child;
    if (!smp_json_child(at, name, &child))
        return smp_fail(err, SMP_E_INPUT, "%s: %s.%s must be given", at->file, at->path, name);
    return smp_json_number(&child, -1e300, 1e300, "", value, err);
}

static enum smp_code read_layer(struct smp_layer *layer, const struct smp_json *at,
                                struct smp_err *err)
{
    static const char *const known[] = {
        "n", "mua_per_mm", "mus_per_mm", "g", "thickness_mm", NULL
    };
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = read_number(at, "n", &layer->n, err);
    if (!code)
        code = read_number(at, "mua_per_mm", &layer->mua_per_mm, err);
    if (!code)
        code = read_number(at, "mus_per_mm", &layer->mus_per_mm, err);
    if (!code)
        code = read_number(at, "g", &layer->g, err);
    struct smp_json thickness;
    layer->thickness_mm = (double)INFINITY; // absent or null: semi-infinite
    if (!code && smp_json_child(at, "thickness_mm", &thickness))
        code = smp_json_number(&thickness, -1e300, 1e300, "mm", &layer->thickness_mm, err);
    return code;
}

static enum smp_code read_stack(struct smp_stack *stack, const struct smp_json *root,
                                struct smp_err *err)
{
    static const char *const known[] = { "n_outside", "layers", NULL };
    struct smp_json child, item;
    enum smp_code code = smp_json_object(root, known, err);
    stack->n_outside = 1;
    if (!code && smp_json_child(root, "n_outside", &child))
        code = smp_json_number(&child, 1, 3, "", &stack->n_outside, err);
    if (code)
        return code;
    if (!smp_json_child(root, "layers", &child))
        return smp_fail(err, SMP_E_INPUT, "%s: layers must be given", root->file);
    code = smp_json_array(&child, 1, SMP_LAYERS_MAX, err);
    for (size_t k = 0; !code && smp_json_item(&child, k, &item); k++) {
        code = read_layer(&stack->layer[k], &item, err);
        stack->count = (int)k + 1;
    }
    return code;
}

enum smp_code smp_stack_read(struct smp_stack *stack, const char *file, const char *text,
                             size_t length, struct smp_err *err)
{
    struct smp_json root;
    enum smp_code code = smp_json_parse(&root, file, text, length, err);
    if (code)
        return code;
    struct smp_stack made = { 0 };
    code = read_stack(&made, &root, err);
    smp_json_close(&root);
    struct smp_err own = { 0 };
    if (!code && smp_stack_check(&made, "", &own))
        code = smp_fail(err, own.code, "%s: %.400s", file, own.msg);
    if (!code)
        *stack = made;
    return code;
}
