// A plan that is interrupted leaves nothing behind: a thread waits for the signals that end the
// program, and takes the half-written folder away first.
#include "cli/outputs.h"

#include <unistd.h>

static void *wait_for_end(void *context)
{
    struct smp_watch *watch = context;
    int number = SIGTERM;
    if (sigwait(&watch->signals, &number))
        return NULL;
    for (int i = 0; i < 3; i++) { // again: others may be writing into it still
        struct smp_outdir dir = watch->dir;
        smp_outdir_abandon(&dir);
    }
    _exit(128 + number);
}

void smp_watch_begin(struct smp_watch *watch, const struct smp_outdir *dir)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    *watch = (struct smp_watch){ .dir = *dir };
    sigemptyset(&watch->signals);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction now;
        if (sigaction(numbers[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN) // as nohup wants
            sigaddset(&watch->signals, numbers[i]);
    }
    pthread_sigmask(SIG_BLOCK, &watch->signals, &watch->before);
    watch->running = pthread_create(&watch->thread, NULL, wait_for_end, watch) == 0;
    if (!watch->running)
        pthread_sigmask(SIG_SETMASK, &watch->before, NULL);
}

void smp_watch_stop(struct smp_watch *watch)
{
    if (!watch->running)
        return;
    pthread_cancel(watch->thread); // sigwait is where it ends
    pthread_join(watch->thread, NULL);
}

void smp_watch_end(struct smp_watch *watch)
{
    if (watch->running)
        pthread_sigmask(SIG_SETMASK, &watch->before, NULL);
    watch->running = false;
}

enum smp_code smp_watched_work(struct smp_outdir *dir, smp_work_on_folder *work, void *context,
                               unsigned threads, struct smp_err *err)
{
    struct smp_watch watch = { 0 };
    if (dir)
        smp_watch_begin(&watch, dir); // before other threads are made, which inherit its mask
    struct smp_pool *pool = smp_pool_make(threads);
    enum smp_code code = work(context, pool, err);
    smp_pool_drop(pool);
    smp_watch_stop(&watch);
    if (dir && code)
        smp_outdir_abandon(dir);
    else if (dir)
        code = smp_outdir_commit(dir, err);
    smp_watch_end(&watch);
    return code;
}
