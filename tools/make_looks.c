// Makes data/looks.bin: adjoint photon runs for every shape in every skin, in compact form.
//
//     make_looks [--quick] [--seed S] [--threads T] [--keep SUMS.bin] OUT.bin
//     make_looks --from SUMS.bin OUT.bin
//
// --keep writes the sums of the runs (280 MB), --from makes the compact form of such again.
// The same seed gives the same bytes on any number of threads. What it did is told on stderr:
// photons, seconds, counting error, error of the compact form.
#include "skin/look_impl.h"
#include "skin/looks_make_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct job {
    struct smp_pool *pool;
    struct smp_arena arena, scratch;
    struct look_header header;
    float *matrix[LOOK_PARTS]; // [object][state]: contrast, at last ln(contrast + floor)
    double error[LOOK_PARTS], errors[LOOK_PARTS];
};

static const char *const part_names[LOOK_PARTS] = { "deposits", "shafts", "areas" };

static void stop(const char *what)
{
    fprintf(stderr, "make_looks: %s\n", what);
    exit(1);
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// Counting error of the middle state as a share of the contrast, where that is above 2 %.
static void note_error(struct job *job, const struct smp_scores *s, enum look_part part)
{
    const int bed = s->absorbers->beds / 2, pigment = s->absorbers->pigments / 2;
    for (size_t i = 0; i < s->objects; i++) {
        const double c = smp_scores_contrast(s, i, bed, pigment);
        if (c > 0.02) {
            job->error[part] += smp_scores_error(s, i) / c;
            job->errors[part] += 1;
        }
    }
}

static int bed_of(size_t state)
{
    return (int)(state % LOOK_BEDS);
}

static int pigment_of(size_t state)
{
    return (int)(state / LOOK_BEDS);
}

// Rows of one family into the matrices.
static void store_deposits(struct job *job, const struct smp_scores *s, int level, int kind)
{
    for (size_t shape = 0; shape < LOOK_TOPS * LOOK_DIAMETERS; shape++) {
        const size_t row = (size_t)kind * LOOK_TOPS * LOOK_DIAMETERS + shape;
        for (size_t state = 0; state < s->states; state++) {
            const size_t column = level * s->states + state;
            float *to = job->matrix[LOOK_PART_DEPOSITS] + row * LOOK_OFFSETS * LOOK_STATES;
            for (size_t i = 0; i < LOOK_OFFSETS; i++)
                to[i * LOOK_STATES + column] = (float)smp_scores_contrast(
                    s, shape * LOOK_OFFSETS + i, bed_of(state), pigment_of(state));
        }
    }
}

static void store_shafts(struct job *job, const struct smp_scores *s, int level, int index)
{
    float *to = job->matrix[LOOK_PART_SHAFTS];
    for (size_t i = 0; i < s->objects; i++) {
        const size_t row = (size_t)index * LOOK_CALIBRES * LOOK_PATCH + i;
        for (size_t state = 0; state < s->states; state++)
            to[row * LOOK_STATES + level * s->states + state] =
                (float)smp_scores_contrast(s, i, bed_of(state), pigment_of(state));
    }
}

static void run(struct job *job, int level, int index, enum look_part part)
{
    const struct smp_mark mark = smp_arena_mark(&job->arena);
    struct smp_family *family = smp_new(&job->arena, struct smp_family, 1);
    struct smp_absorbers *absorbers = smp_new(&job->arena, struct smp_absorbers, 1);
    struct smp_scores s;
    struct smp_err err = { 0 };
    if (!family || !absorbers)
        stop("out of memory");
    looks_absorbers(absorbers);
    struct smp_run how = looks_run(family, &job->header, level, index, part);
    how.pool = job->pool;
    const struct smp_bed bed = look_bed(look_scatter_per_mm(level));
    if (smp_scores_make(&s, family, absorbers, &job->arena, &err) ||
        smp_scores_run(&s, &bed, &how, &job->scratch, &err))
        stop(err.msg);
    note_error(job, &s, part);
    (part == LOOK_PART_DEPOSITS ? store_deposits : store_shafts)(job, &s, level, index);
    smp_arena_reset(&job->arena, mark);
}

// What was run and all sums, in the machine's own numbers.
struct piece {
    void *at;
    size_t size, count;
};

enum { pieces = 5 + LOOK_PARTS };

static void pieces_of(struct piece piece[pieces], struct job *job)
{
    struct look_header *h = &job->header;
    piece[0] = (struct piece){ &h->seed, sizeof h->seed, 1 };
    piece[1] = (struct piece){ &h->deposit_photons, sizeof h->deposit_photons, 1 };
    piece[2] = (struct piece){ &h->shaft_photons, sizeof h->shaft_photons, 1 };
    piece[3] = (struct piece){ h->veil, sizeof h->veil, 1 };
    piece[4] = (struct piece){ h->deep, sizeof h->deep, 1 };
    for (int part = 0; part < LOOK_PARTS; part++)
        piece[5 + part] = (struct piece){ job->matrix[part], sizeof(float) * LOOK_STATES,
                                          (size_t)look_part_rows[part] };
}

static void keep_sums(struct job *job, const char *path)
{
    struct piece piece[pieces];
    FILE *out = fopen(path, "wb");
    pieces_of(piece, job);
    for (int i = 0; i < pieces; i++)
        if (!out || fwrite(piece[i].at, piece[i].size, piece[i].count, out) != piece[i].count)
            stop("the sums cannot be written");
    if (fclose(out))
        stop("the sums cannot be written");
}

static void read_sums(struct job *job, const char *path)
{
    struct piece piece[pieces];
    FILE *in = fopen(path, "rb");
    pieces_of(piece, job);
    for (int i = 0; i < pieces; i++)
        if (!in || fread(piece[i].at, piece[i].size, piece[i].count, in) != piece[i].count)
            stop("the sums cannot be read");
    fclose(in);
}

static void take_logarithms(struct job *job, enum look_part part)
{
    for (size_t row = 0; row < (size_t)look_part_rows[part]; row++)
        for (size_t state = 0; state < LOOK_STATES; state++) {
            float *to = job->matrix[part] + row * LOOK_STATES + state;
            *to = (float)log(fmax((double)*to, 0) + look_row_floor(part, row));
        }
}

static void write_table(struct job *job, const char *path)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        stop("the output cannot be opened");
    fwrite(&job->header, sizeof job->header, 1, out);
    for (int part = 0; part < LOOK_PARTS; part++) {
        struct looks_compact c;
        struct smp_err err = { 0 };
        const size_t rows = (size_t)look_part_rows[part], rank = (size_t)look_part_rank[part];
        take_logarithms(job, part);
        if (looks_reduce(&c, job->matrix[part], part, job->pool, &job->arena, &err))
            stop(err.msg);
        memcpy(job->header.scale[part][0], c.state_scale, sizeof c.state_scale);
        memcpy(job->header.scale[part][1], c.object_scale, sizeof c.object_scale);
        fwrite(c.state, sizeof(int16_t), LOOK_STATES * rank, out);
        fwrite(c.object, sizeof(int16_t), rows * rank, out);
        fprintf(stderr,
                "%s: counting error %.4f (mean), compact form off by %.4f (rms), %.4f (worst) "
                "where above 0.02\n",
                part_names[part], job->error[part] / fmax(job->errors[part], 1), c.rms, c.worst);
    }
    rewind(out);
    fwrite(&job->header, sizeof job->header, 1, out);
    if (fclose(out))
        stop("writing failed");
}

static void run_all(struct job *job, double began)
{
    for (int level = 0; level < LOOK_SCATTERS; level++) {
        for (int k = 0; k < LOOK_KINDS; k++)
            run(job, level, k, LOOK_PART_DEPOSITS);
        for (int k = 0; k < LOOK_EXITS * LOOK_COUNTS; k++)
            run(job, level, k, LOOK_PART_SHAFTS);
        fprintf(stderr, "level %d of %d: %.0f s\n", level + 1, LOOK_SCATTERS,
                seconds(CLOCK_MONOTONIC) - began);
    }
    struct smp_err err = { 0 };
    if (looks_areas(job->matrix[LOOK_PART_AREAS], &job->header, job->pool, &job->scratch, &err))
        stop(err.msg);
    if (looks_veil(&job->header, job->header.deposit_photons, job->pool, &job->scratch, &err))
        stop(err.msg);
    if (looks_deep(&job->header, job->header.deposit_photons, job->pool, &job->scratch, &err))
        stop(err.msg);
}

int main(int argc, char **argv)
{
    static struct job job;
    const char *path = NULL;
    job.header =
        (struct look_header){ .magic = "SMPLOOK",
                              .seed = 1,
                              .deposit_photons = 81920,
                              .shaft_photons = 20480,
                              .states = LOOK_STATES,
                              .rank = { LOOK_RANK_DEPOSITS, LOOK_RANK_SHAFTS, LOOK_RANK_AREAS },
                              .rows = { LOOK_DEPOSITS, LOOK_SHAFTS, LOOK_AREAS } };
    unsigned threads = 0;
    const char *keep = NULL, *from = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            job.header.deposit_photons = job.header.shaft_photons = 20480;
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            job.header.seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
            threads = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--keep") == 0 && i + 1 < argc)
            keep = argv[++i];
        else if (strcmp(argv[i], "--from") == 0 && i + 1 < argc)
            from = argv[++i];
        else if (argv[i][0] == '-')
            stop("unknown option, or one without its value");
        else
            path = argv[i];
    }
    if (!path)
        stop("usage: make_looks [--quick] [--seed S] [--threads T] [--keep SUMS] [--from SUMS] "
             "OUT.bin");
    smp_arena_make(&job.arena, 0);
    smp_arena_make(&job.scratch, 0);
    job.pool = smp_pool_make(threads);
    for (int part = 0; part < LOOK_PARTS; part++) {
        job.matrix[part] = smp_new(&job.arena, float, (size_t)look_part_rows[part] * LOOK_STATES);
        if (!job.matrix[part])
            stop("out of memory");
    }
    const double began = seconds(CLOCK_MONOTONIC), worked = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (from)
        read_sums(&job, from);
    else
        run_all(&job, began);
    if (keep)
        keep_sums(&job, keep);
    looks_join(job.matrix[LOOK_PART_DEPOSITS], job.matrix[LOOK_PART_AREAS], job.pool);
    write_table(&job, path);
    fprintf(stderr, "seed %llu: %.0f s, %.0f s of processor time\n",
            (unsigned long long)job.header.seed, seconds(CLOCK_MONOTONIC) - began,
            seconds(CLOCK_PROCESS_CPUTIME_ID) - worked);
    smp_pool_drop(job.pool);
    return 0;
}
