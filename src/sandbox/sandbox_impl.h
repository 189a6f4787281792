// Private to sandbox: what a run needs before the child starts.
#ifndef SMP_SANDBOX_IMPL_H
#define SMP_SANDBOX_IMPL_H

#include "sandbox/sandbox.h"

struct smp_descriptors {
    int socket;   // the parent's end
    int child[3]; // the child's end, the input, the output; all above smp_child_output
    size_t input_bytes;
};

// Input copied into a sealed memfd, output of fixed size. All close-on-exec.
enum smp_code smp_sandbox_descriptors(struct smp_descriptors *fds, const struct smp_job *job,
                                      struct smp_err *err);
// The way to a reader's program: told by the environment (STUBBLE_LOADER, STUBBLE_HEIC), else
// beside stubble, as installed, or as built.
bool smp_sandbox_find_reader(const char *program, char *path, size_t size);
// "STUBBLE_LOADER" for "stubble-loader".
void smp_sandbox_reader_variable(const char *program, char *name, size_t size);

#endif
