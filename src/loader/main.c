// stubble-loader: started by stubble for one file, never by hand.
//
//     stubble-loader KIND MEMORY_BYTES CPU_S MAX_ITEMS SUFFIX confined|open
//
// with a socket, the input and the output as descriptors 3, 4 and 5.
#include "loader_impl.h"

#include <assimp/cimport.h>
#include <lcms2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

// What AddressSanitizer does at the end (a look for leaks) needs calls that are not allowed.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

struct output {
    uint8_t *data;
    size_t size, used;
};

// ---- The socket
// ------------------------------------------------------------------------------------

static bool send_all(const void *data, size_t length)
{
    const char *next = data;
    while (length) {
        const ssize_t n = write(smp_child_socket, next, length);
        if (n <= 0)
            return false;
        next += n;
        length -= (size_t)n;
    }
    return true;
}

static bool receive(void *data, size_t length)
{
    char *next = data;
    while (length) {
        const ssize_t n = read(smp_child_socket, next, length);
        if (n <= 0)
            return false;
        next += n;
        length -= (size_t)n;
    }
    return true;
}

static bool ask_parent(const struct ldr_job *job, const char *name, struct smp_bytes *bytes)
{
    const size_t length = strlen(name);
    const struct smp_ask_head head = { smp_ask_file, (uint32_t)length };
    uint64_t size = 0;
    if (length == 0 || length >= smp_name_bytes || !send_all(&head, sizeof head) ||
        !send_all(name, length) || !receive(&size, sizeof size) || size == UINT64_MAX)
        return false;
    uint8_t *data = smp_new(job->arena, uint8_t, size);
    if (!data)
        abort(); // the bytes are on their way and have no place: as out of memory
    if (!receive(data, size))
        return false;
    *bytes = (struct smp_bytes){ data, size };
    return true;
}

// ---- The answer
// ------------------------------------------------------------------------------------

// Place of a copy of the block in the output, 64-byte aligned; 0 where there is no room.
static uint64_t put(struct output *output, const void *data, size_t length)
{
    const size_t at = (output->used + 63) / 64 * 64;
    if (at > output->size || length > output->size - at)
        return 0;
    memcpy(output->data + at, data, length);
    output->used = at + length;
    return at;
}

static bool put_textures(struct output *output, const struct ldr_mesh *mesh,
                         struct smp_reply_mesh *reply)
{
    struct smp_reply_texture list[256];
    memset(list, 0, sizeof list);
    for (size_t i = 0; i < mesh->texture_count; i++) {
        memcpy(list[i].sibling, mesh->textures[i].sibling, smp_name_bytes);
        list[i].length = mesh->textures[i].bytes.length;
        if (list[i].length) {
            list[i].at = put(output, mesh->textures[i].bytes.data, list[i].length);
            if (!list[i].at)
                return false;
        }
    }
    reply->texture_count = (uint32_t)mesh->texture_count;
    reply->textures_at = put(output, list, mesh->texture_count * sizeof *list);
    return reply->textures_at != 0;
}

static enum smp_code answer_mesh(struct output *output, struct smp_bytes file,
                                 const struct ldr_job *job, struct smp_err *err)
{
    struct ldr_mesh mesh;
    const enum smp_code code = ldr_mesh_read(&mesh, file, job, err);
    if (code)
        return code;
    struct smp_reply_mesh reply = { .point_count = mesh.point_count,
                                    .triangle_count = mesh.triangle_count,
                                    .part_count = (uint32_t)mesh.part_count };
    output->used = sizeof reply;
    reply.points_at = put(output, mesh.points, mesh.point_count * sizeof *mesh.points);
    reply.triangles_at = put(output, mesh.triangles, mesh.triangle_count * sizeof *mesh.triangles);
    bool good = reply.points_at && reply.triangles_at;
    if (mesh.uvs)
        good =
            (reply.uvs_at = put(output, mesh.uvs, mesh.triangle_count * sizeof *mesh.uvs)) && good;
    reply.parts_at = put(output, mesh.parts, mesh.triangle_count * sizeof *mesh.parts);
    reply.part_names_at = put(output, mesh.part_list, mesh.part_count * sizeof *mesh.part_list);
    good = good && reply.parts_at && reply.part_names_at && put_textures(output, &mesh, &reply);
    if (!good)
        return smp_fail(err, SMP_E_LIMIT, "mesh and textures are larger than allowed");
    snprintf(reply.note, sizeof reply.note, "%s", mesh.note);
    memcpy(output->data, &reply, sizeof reply);
    return SMP_OK;
}

static enum smp_code answer_image(struct output *output, struct smp_bytes file,
                                  const struct ldr_job *job, struct smp_err *err)
{
    enum { px_at = (sizeof(struct smp_reply_image) + 63) / 64 * 64 };
    struct ldr_image image = { 0 };
    struct ldr_job into = *job;
    if ((output->size - px_at) / sizeof *into.room < into.max_items)
        return smp_fail(err, SMP_E_INTERNAL, "the output is too small");
    into.room = (float(*)[3])(void *)(output->data + px_at);
    const enum smp_code code = ldr_image_read(&image, file, &into, err);
    const struct smp_reply_image reply = { .width_px = code ? 0 : image.width_px,
                                           .height_px = code ? 0 : image.height_px,
                                           .px_at = px_at,
                                           .stored_width_px = image.stored_width_px,
                                           .stored_height_px = image.stored_height_px,
                                           .focal_35mm = image.focal_35mm,
                                           .orientation = image.orientation,
                                           .bits = image.bits,
                                           .jpeg_quality = image.jpeg_quality,
                                           .has_icc = image.has_icc };
    memcpy(output->data, &reply, sizeof reply);
    return code;
}

static void finish(struct output *output, enum smp_code code, const struct smp_err *err)
{
    struct smp_reply_head head = { .magic = smp_reply_magic, .code = code };
    if (code)
        snprintf(head.msg, sizeof head.msg, "%s", err->msg);
    memcpy(output->data, &head, sizeof head);
    const struct smp_ask_head done = { smp_ask_done, 0 };
    send_all(&done, sizeof done);
    _exit(0);
}

// ---- Start
// -----------------------------------------------------------------------------------------

static size_t size_of(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 ? (size_t)info.st_size : 0;
}

// What libraries set up on first use is set up while files and memory are still free: Assimp its
// list of formats, lcms2 the time zone (of a date that nobody reads).
static void warm_up(void)
{
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL);
    if (profile)
        cmsCloseProfile(profile);
    static const char tetrahedron[] = "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\n"
                                      "vertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid\n";
    const struct aiScene *scene =
        aiImportFileFromMemory(tetrahedron, sizeof tetrahedron - 1, 0, "stl");
    if (scene)
        aiReleaseImport(scene);
}

int main(int argc, char **argv)
{
    struct output output = { .size = size_of(smp_child_output) };
    struct smp_bytes file = { .length = size_of(smp_child_input) };
    if (argc != 7 || output.size < sizeof(struct smp_reply_mesh)) {
        fprintf(stderr, "stubble-loader is started by stubble, not by hand\n");
        return 2;
    }
    output.data = mmap(NULL, output.size, PROT_READ | PROT_WRITE, MAP_SHARED, smp_child_output, 0);
    if (output.data == MAP_FAILED)
        return 1;
    if (file.length) {
        file.data = mmap(NULL, file.length, PROT_READ, MAP_PRIVATE, smp_child_input, 0);
        if (file.data == MAP_FAILED)
            return 1;
    }
    struct smp_err err = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, (size_t)1 << 40); // the address space is the limit
    warm_up();
    prctl(PR_SET_PDEATHSIG, SIGKILL); // nobody waits for the answer then

    char why[200] = "";
    const struct smp_confinement limits = { .memory_bytes = strtoull(argv[2], NULL, 10),
                                            .cpu_s = (unsigned)strtoul(argv[3], NULL, 10),
                                            .no_seccomp = strcmp(argv[6], "open") == 0 };
    if (!smp_sandbox_confine(&limits, why))
        finish(&output,
               smp_fail(&err, SMP_E_SANDBOX,
                        "the reader of files could not be confined: %s (--no-sandbox reads "
                        "without)",
                        why),
               &err);

    const struct ldr_job job = { .suffix = argv[5],
                                 .max_items = strtoull(argv[4], NULL, 10),
                                 .memory_mib =
                                     (limits.memory_bytes - file.length - output.size) >> 20,
                                 .arena = &arena,
                                 .ask = ask_parent };
    enum smp_code code = SMP_E_INTERNAL;
    if (strcmp(argv[1], "mesh") == 0)
        code = answer_mesh(&output, file, &job, &err);
    if (strcmp(argv[1], "image") == 0)
        code = answer_image(&output, file, &job, &err);
    finish(&output, code, &err);
}
