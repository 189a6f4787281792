// Ages and edges of the band by their names, and what a picture's file says of them.
#include "preview/preview.h"

#include "skin/skin.h"

#include <stdio.h>
#include <string.h>

const char *const smp_edge_names[] = { "median", "low", "high", NULL };

enum smp_code smp_age_read(struct smp_age *age, const char *text, enum smp_edge edge,
                           const char *where, struct smp_err *err)
{
    struct smp_age made = { .edge = edge };
    made.before = strcmp(text, "before") == 0;
    struct smp_err own = { 0 };
    if (!made.before && smp_age_years(&made.years, text, where, &own))
        return smp_fail(err, SMP_E_INPUT,
                        "%s must be before, fresh, healed or an age up to %dy, as 10d, 6w or 3y, "
                        "not '%.40s'",
                        where, SMP_AGE_MAX_YEARS, text);
    const bool told = edge != SMP_EDGE_MEDIAN && !made.before;
    snprintf(made.label, sizeof made.label, "%.10s%s%s", text, told ? " " : "",
             told ? smp_edge_names[edge] : "");
    *age = made;
    return SMP_OK;
}

void smp_preview_notes(struct smp_preview_notes *notes, const struct smp_age *age)
{
    snprintf(notes->text, sizeof notes->text,
             "SIMULATED picture (%s), computed by stubble " STUBBLE_VERSION
             "; not a photograph of a result. General information, not medical advice.",
             age->label);
    notes->notes[0] = (struct smp_image_note){ "Description", notes->text };
    notes->notes[1] = (struct smp_image_note){ "Software", "stubble " STUBBLE_VERSION };
    notes->notes[2] = (struct smp_image_note){ NULL, NULL };
}
