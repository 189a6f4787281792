// stubble-heic: reads HEIC pictures for stubble. A program of its own because Debian's libheif
// brings x265, which is under the GPL; stubble and stubble-loader are not linked with it.
#include "loader_impl.h"

#include <libheif/heif.h>

static enum smp_code answer_heic(struct ldr_output *output, struct smp_bytes file,
                                 const struct ldr_job *job, struct smp_err *err)
{
    return ldr_answer_picture(output, file, ldr_heic_read, job, err);
}

// libheif looks for plug-ins in folders.
static void warm_up(void)
{
    ldr_profile_warm_up();
    heif_init(NULL);
}

int main(int argc, char **argv)
{
    static const struct ldr_reader readers[] = { { "heic", answer_heic, warm_up },
                                                 { NULL, NULL, NULL } };
    return ldr_child_main(argc, argv, readers);
}
