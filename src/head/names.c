// Names of sexes, zones and loss classes, and the ranges of a tape.
#include "head/head.h"

#define SECOND(name, text) text,

const char *const smp_sex_names[] = { "male", "female", NULL };
const char *const smp_loss_names[] = { SMP_LOSS_CLASSES(SECOND) NULL };

const char *smp_zone_name(enum smp_zone zone)
{
    static const char *const names[] = { SMP_ZONES(SECOND) };
    return zone >= SMP_ZONE_NONE && zone < SMP_ZONE_COUNT ? names[zone] : "none";
}

// Wide enough for every adult of ANSUR II and its extremes.
const struct smp_field smp_tape_fields[3] = {
    SMP_FIELD(smp_tape_wish, circumference_mm, "mm", 480, 660, "over glabella and opisthocranion"),
    SMP_FIELD(smp_tape_wish, length_mm, "mm", 160, 230, "glabella to opisthocranion"),
    SMP_FIELD(smp_tape_wish, breadth_mm, "mm", 125, 180, "largest, above the ears"),
};
