// What `plan` and `demo` share: a case becomes a folder with plan, pictures and sheets.
#ifndef SMP_CLI_OUTPUTS_H
#define SMP_CLI_OUTPUTS_H

#include "image/image.h"
#include "plan/plan.h"
#include "preview/preview.h"
#include "sheet/sheet.h"

#include <pthread.h>
#include <signal.h>

struct smp_output_flags {
    const char *out, *data, *threads;
    const char *no_pictures, *no_sheets, *no_sandbox, *json; // NULL: not given
    const char *no_compare;
    bool compares; // the folder holds a comparison with the other options as well
};

// The options of both commands (NULL-name-ended), to be copied into a table with room for 9.
#define SMP_OUTPUT_OPTIONS(flags)                                                                  \
    { "out", "DIR", "the folder to make", &(flags).out, 'o' },                                     \
        { "no-pictures", NULL, "make no pictures", &(flags).no_pictures, 0 },                      \
        { "no-sheets", NULL, "make no sheets", &(flags).no_sheets, 0 },                            \
        { "data", "DIR", "own design.json, needles.json, limits.json, prices.json", &(flags).data, \
          0 },                                                                                     \
        { "threads", "T", "threads to use; 0: one a core", &(flags).threads, 0 },                  \
        { "no-sandbox", NULL, "read scans without confinement", &(flags).no_sandbox, 0 },          \
        { "json", NULL, "print one JSON object", &(flags).json, 0 },                               \
    {                                                                                              \
        NULL, NULL, NULL, NULL, 0                                                                  \
    }

// What a plan is made of: a case, or an earlier plan and what photos show of it. All NULL: the
// made-up demo client.
struct smp_plan_source {
    const char *case_path;
    const char *continues; // plan folder
    const char *const *measured;
    size_t measured_count; // files
    int session;           // the last that was done; 0: as they say
};
// Returns the exit status.
int smp_outputs_run(const struct smp_output_flags *flags, const struct smp_plan_source *source);

// ---- continuing.c -------------------------------------------------------------------------------

enum smp_code smp_continuing_plan(struct smp_plan *plan, const struct smp_plan_source *source,
                                  bool no_sandbox, struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err);
void smp_continuing_print(const struct smp_plan *plan);
// For the object that --json prints; NULL for a plan that continues none.
struct json_t *smp_continuing_json(const struct smp_plan *plan);

// ---- pictures.c ---------------------------------------------------------------------------------

struct smp_picture_set {
    struct smp_image front[2], more[4]; // before and healed front; further healed views
    double worn_mm;                     // hair on `front`, then from above; 0: shaved
    size_t count;                       // pictures written
    const char *note;                   // what the user must be told, "" for none
};

// Front, three-quarter and top before and healed with the hair as it is worn, where that is not
// shaved (NAME-worn-AGE.jpg); the summary shows those from above.
enum smp_code smp_worn_pictures(struct smp_picture_set *set, struct smp_scene *scene,
                                const struct smp_plan *plan, const char *folder,
                                struct smp_pool *pool, struct smp_arena *arena,
                                struct smp_err *err);
// All views before and healed and the hairline close up, written into folder/preview.
enum smp_code smp_pictures_write(struct smp_picture_set *set, const struct smp_plan *plan,
                                 const char *folder, struct smp_pool *pool, struct smp_arena *arena,
                                 struct smp_err *err);

// From begin to stop, SIGINT, SIGTERM and SIGHUP take the folder's half-written copy away and end
// the program; from stop to end (while the folder gets its name) they wait.
struct smp_watch {
    struct smp_outdir dir;
    sigset_t signals, before;
    pthread_t thread;
    bool running;
};
void smp_watch_begin(struct smp_watch *watch, const struct smp_outdir *dir);
void smp_watch_stop(struct smp_watch *watch);
void smp_watch_end(struct smp_watch *watch);
// Work that fills a folder begun (dir NULL: that needs none), with a pool of so many threads; then
// the folder gets its name, or goes where the work failed.
typedef enum smp_code smp_work_on_folder(void *context, struct smp_pool *pool, struct smp_err *err);
enum smp_code smp_watched_work(struct smp_outdir *dir, smp_work_on_folder *work, void *context,
                               unsigned threads, struct smp_err *err);

#endif
