#include "base/base.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

// Workers sleep on `wake` between calls and take pieces from a shared counter. What a piece holds
// does not depend on who takes it, so results are the same for every thread count.
struct smp_pool {
    pthread_mutex_t lock;
    pthread_cond_t wake, done;
    size_t generation; // counts calls of smp_pool_for
    bool quit;
    unsigned workers, busy;
    pthread_t *threads;

    void (*work)(void *context, size_t begin, size_t end);
    void *context;
    size_t count, grain, next;
};

static void take_pieces(struct smp_pool *pool)
{
    for (;;) {
        const size_t begin = __atomic_fetch_add(&pool->next, pool->grain, __ATOMIC_RELAXED);
        if (begin >= pool->count)
            return;
        const size_t left = pool->count - begin;
        pool->work(pool->context, begin, begin + (left < pool->grain ? left : pool->grain));
    }
}

static void *worker_main(void *argument)
{
    struct smp_pool *pool = argument;
    size_t seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->generation == seen && !pool->quit)
            pthread_cond_wait(&pool->wake, &pool->lock);
        if (pool->quit)
            break;
        seen = pool->generation;
        pthread_mutex_unlock(&pool->lock);
        take_pieces(pool);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

struct smp_pool *smp_pool_make(unsigned threads)
{
    if (threads == 0) {
        const long cores = sysconf(_SC_NPROCESSORS_ONLN);
        threads = cores > 0 ? (unsigned)cores : 1;
    }
    if (threads == 1)
        return NULL;
    struct smp_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->threads = calloc(threads - 1, sizeof *pool->threads);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->done, NULL);
    for (unsigned i = 0; pool->threads && i < threads - 1; i++) {
        if (pthread_create(&pool->threads[pool->workers], NULL, worker_main, pool))
            break;
        pool->workers++;
    }
    if (pool->workers)
        return pool;
    smp_pool_drop(pool);
    return NULL;
}

void smp_pool_drop(struct smp_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->quit = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->workers; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool);
}

unsigned smp_pool_threads(const struct smp_pool *pool)
{
    return pool ? pool->workers + 1 : 1;
}

void smp_pool_for(struct smp_pool *pool, size_t count, size_t grain,
                  void (*work)(void *context, size_t begin, size_t end), void *context)
{
    if (grain == 0)
        grain = 1;
    if (!pool || count <= grain) {
        for (size_t begin = 0; begin < count; begin += grain)
            work(context, begin, count - begin < grain ? count : begin + grain);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->work = work;
    pool->context = context;
    pool->count = count;
    pool->grain = grain;
    pool->next = 0;
    pool->busy = pool->workers;
    pool->generation++;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    take_pieces(pool);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}
