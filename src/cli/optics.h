// What the optics commands share.
#ifndef SMP_CLI_OPTICS_H
#define SMP_CLI_OPTICS_H

#include "pigment/pigment.h"

// "I" to "VI", from 0.
extern const char *const smp_cli_phototypes[];
// "L,a,b" of an option; the complaint names the option.
enum smp_code smp_cli_lab(const char *text, const char *option, struct smp_lab *lab,
                          struct smp_err *err);
// The pigments of the file *path; where that is NULL, of the data folder (NULL: built in), and
// *path tells which file it was.
enum smp_code smp_cli_catalogue(struct smp_catalogue *catalogue, const char **path,
                                const char *folder, struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_cli_healing(struct smp_healing *healing, const char *folder,
                              struct smp_arena *arena, struct smp_err *err);

#endif
