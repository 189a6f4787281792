// Cameras of photos, as `stubble pose` prints them.
#ifndef SMP_CLI_CAMERA_FILE_H
#define SMP_CLI_CAMERA_FILE_H

#include "cli/cli.h"
#include "photo/photo.h"

const char *smp_cli_base_name(const char *path); // without its folders
// The camera of a photo from the JSON of `stubble pose`: the item whose file has the photo's name,
// or the only one. Its width and height in pixels are left to the caller. Errors: SMP_E_FILE,
// SMP_E_FORMAT, SMP_E_INPUT naming file and field.
enum smp_code smp_cli_camera(struct smp_camera *camera, const char *path, const char *photo,
                             struct smp_arena *arena, struct smp_err *err);

#endif
