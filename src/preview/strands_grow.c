// Strands: from a follicle along the way hair lies, at a height over the skin that hair beneath
// gives it, drawn together in locks.
#include "preview/strands_impl.h"

static const double calibre_cv = 0.18, length_sd = 0.10;
static const float step_mm = 3.2f, lock_pull = 0.5f, least_mm = 0.15f;
static const double turn_unit = 0.10, turn_hair = 0.08; // rad
enum { STEPS_MIN = 3, STEPS_MAX = 16, STEPS_MAX_CURLED = 40, STEPS_A_TURN = 9 };

// Hair that curls winds about a line: how wide, how far a turn goes on, and how much it stands off
// the head where it is not combed [E]; between hairs of a lock the turns differ by so much.
struct curl {
    float radius_mm, pitch_mm, lift, loose_rad;
};
static const struct curl curls[SMP_CURL_COUNT] = {
    [SMP_CURL_STRAIGHT] = { 0, 1, 1, 0 },
    [SMP_CURL_WAVY] = { 1.6f, 34, 1.1f, 0.7f },
    [SMP_CURL_CURLY] = { 2.6f, 15, 1.35f, 0.8f },
    [SMP_CURL_COILY] = { 1.5f, 3.6f, 1.8f, 1.1f },
};

// Length of hair in one turn.
static float turn_mm(const struct curl *curl)
{
    const float round_mm = 2 * (float)SMP_PI * curl->radius_mm;
    return sqrtf(round_mm * round_mm + curl->pitch_mm * curl->pitch_mm);
}

// A piece: knots a cm², hairs a knot [E].
static const double piece_per_cm2 = 100, piece_hairs = 1.5;

struct growing {
    const struct smp_strand_scene *from;
    const struct smp_scene *scene;
    const struct smp_worn *worn;
    uint32_t *first; // per follicle: its first strand; one more at the end
    struct smp_strands *to;
};

static double read_or(const double *field, const struct smp_follicle *f, double other)
{
    return field ? smp_follicle_read(field, f) : other;
}

// The unit's hairs beyond the first come one by one as the mean rises: 2.2 a unit make 22, 43, 29
// and 6 % of one to four, near what is counted on scalps.
int smp_hairs_of(double *calibre_um, const struct smp_worn *worn, const struct smp_scene *scene,
                 const struct smp_follicle *follicle, uint32_t index)
{
    const struct smp_hair_field *field = worn->field;
    const double *fu = field->fu_per_cm2 ? field->fu_per_cm2 : scene->plan->fu_per_cm2;
    double per_cm2 = read_or(fu, follicle, 0);
    double mean = read_or(field->hairs_per_fu, follicle, worn->hairs_per_fu);
    *calibre_um = read_or(field->calibre_um, follicle, worn->calibre_um);
    const double piece = read_or(worn->piece, follicle, 0);
    if (piece > 0.02) {
        per_cm2 = fmax(per_cm2, piece * piece_per_cm2);
        mean = fmax(mean, piece_hairs);
        *calibre_um +=
            smp_clamp(2 * piece, 0, 1) * (fmax(worn->calibre_um, *calibre_um) - *calibre_um);
    }
    if (!(per_cm2 > 0) || per_cm2 < (double)follicle->from_per_cm2)
        return 0;
    struct smp_rng rng = smp_rng_make(worn->seed, smp_hash64(index, 0x4a1));
    int hairs = 1;
    for (int k = 1; k < SMP_HAIRS_MAX; k++)
        hairs += smp_rng_unit(&rng) < (mean - 1) / (SMP_HAIRS_MAX - 1);
    return hairs;
}

static struct smp_f3 cross(struct smp_f3 a, struct smp_f3 b)
{
    return (struct smp_f3){ a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x };
}

// The way hair lies, in the skin, at a place off it.
static struct smp_f3 lie_at(const struct smp_head *head, struct smp_f3 p, struct smp_f3 out)
{
    return smp_f3_of(smp_hair_direction(head, smp_vec3((double)p.x, (double)p.y, (double)p.z),
                                        smp_vec3((double)out.x, (double)out.y, (double)out.z)));
}

// Longer hair on top is combed over to the side and a little back up, more toward its tips [E]: a
// front that hangs down would hide the hairline.
static const float comb_from_mm = 12, comb_to_mm = 30, comb_most = 0.75f;

static float combed(float length_mm)
{
    return comb_most * smp_smoothf(comb_from_mm, comb_to_mm, length_mm);
}

static struct smp_f3 swept(struct smp_f3 lie, struct smp_f3 at, struct smp_f3 out, float share)
{
    const float ahead_mm = 0.921f * at.y - 0.389f * at.z; // the whorl lies 62 behind
    const float top =
        smp_smoothf(0.45f, 0.85f, 0.25f * out.y + 0.97f * out.z) * smp_smoothf(-60, -5, ahead_mm);
    struct smp_f3 side = { 0.94f, 0.30f, 0.16f };
    side = smp_f3_unit(smp_f3_add(side, out, -smp_f3_dot(side, out)));
    const float s = share * top;
    const struct smp_f3 plain = { (1 - s) * lie.x, (1 - s) * lie.y, (1 - s) * lie.z };
    return smp_f3_unit(smp_f3_add(plain, side, s));
}

static struct smp_f3 turned(struct smp_f3 d, struct smp_f3 n, float angle)
{
    const struct smp_f3 side = cross(n, d);
    const float c = cosf(angle), s = sinf(angle);
    return (struct smp_f3){ c * d.x + s * side.x, c * d.y + s * side.y, c * d.z + s * side.z };
}

// How high a strand comes to lie: short hair stands, long hair bends onto the hair beneath it, of
// which there is less where it is thin.
static float lift_mm(float length_mm, float hairs_per_cm2, float share)
{
    const float room = 9 * (0.30f + 0.70f * fminf(sqrtf(hairs_per_cm2 / 200), 1.2f));
    return 0.3f + room * (1 - expf(-0.8f * length_mm / room)) * (0.12f + 0.88f * share);
}

struct strand {
    float length_mm; // of the line that it winds about
    float exit_rad, lift_mm, turn, comb;
    float wound, phase; // turns of the whole hair; where they begin
    const struct curl *curl;
    struct smp_f3 pull; // to the lock's middle, at the tip
};

// The line's points moved onto the winding; the root stays, the first half turn opens it.
static void wind(struct smp_f3 *points, const struct growing *g, const struct strand *s)
{
    const size_t steps = g->to->steps;
    if (!(s->curl->radius_mm > 0))
        return;
    struct smp_f3 last = points[0];
    for (size_t k = 1; k <= steps; k++) {
        const struct smp_f3 at = points[k];
        const struct smp_f3 along = smp_f3_unit(smp_f3_add(at, last, -1));
        struct smp_f3 out;
        smp_room_at(&g->from->room, at, &out);
        const struct smp_f3 side = smp_f3_unit(cross(along, out)), up = cross(side, along);
        const float turns = s->wound * (float)k / (float)steps;
        const float angle = 2 * (float)SMP_PI * turns + s->phase;
        const float wide = s->curl->radius_mm * smp_smoothf(0, 0.5f, turns);
        struct smp_f3 p =
            smp_f3_add(smp_f3_add(at, side, wide * cosf(angle)), up, wide * sinf(angle));
        const float height = smp_room_at(&g->from->room, p, &out);
        if (height < least_mm)
            p = smp_f3_add(p, out, least_mm - height);
        points[k] = p;
        last = at;
    }
}

// Hairs of a lock turn together: from the middle of their lock, more or less.
static float phase_of(const struct smp_follicle *f, const struct curl *curl, struct smp_rng *rng)
{
    const struct smp_f3 lock = smp_f3_add(f->at, f->lock, 1);
    const uint64_t place = smp_hash64((uint64_t)(int64_t)floorf(lock.x * 0.5f + 4096) << 20 |
                                          (uint64_t)(int64_t)floorf(lock.y * 0.5f + 4096),
                                      (uint64_t)(int64_t)floorf(lock.z * 0.5f + 4096));
    return 2 * (float)SMP_PI * (float)(place & 1023) / 1024 +
           curl->loose_rad * (float)smp_rng_normal(rng);
}

static void grow_one(struct smp_f3 *points, const struct growing *g, const struct smp_follicle *f,
                     const struct strand *s)
{
    const size_t steps = g->to->steps;
    const float step = s->length_mm / (float)steps, slope = sinf(s->exit_rad);
    struct smp_f3 out = f->normal, plain = f->at;
    points[0] = f->at;
    for (size_t k = 1; k <= steps; k++) {
        const float along = step * (float)k;
        const float over = s->comb * smp_smoothf(-0.2f, 0.7f, (float)k / (float)steps);
        const struct smp_f3 lie =
            turned(swept(lie_at(g->scene->head, plain, out), plain, out, over), out, s->turn);
        const float wanted = s->lift_mm * (1 - expf(-along * slope / s->lift_mm));
        struct smp_f3 above;
        const float height = k == 1 ? 0 : smp_room_at(&g->from->room, plain, &above);
        const float up = smp_clampf((wanted - height) / step, -0.7f, 0.98f);
        plain = smp_f3_add(smp_f3_add(plain, lie, step * sqrtf(1 - up * up)), out, step * up);
        // never nearer to the skin than a shaft's own room
        const float now = smp_room_at(&g->from->room, plain, &above);
        if (now < least_mm)
            plain = smp_f3_add(plain, above, least_mm - now);
        out = above;
        const float share = (float)k / (float)steps;
        struct smp_f3 p = smp_f3_add(plain, s->pull, share * share);
        const float pulled = smp_room_at(&g->from->room, p, &above);
        if (pulled < least_mm)
            p = smp_f3_add(p, above, least_mm - pulled);
        points[k] = p;
    }
    wind(points, g, s);
}

static struct smp_f3 at_scale(struct smp_f3 p, float mm)
{
    return (struct smp_f3){ p.x / mm, p.y / mm, p.z / mm };
}

static void grow_unit(const struct growing *g, uint32_t i)
{
    const struct smp_follicle *f = &g->from->follicles[i];
    struct smp_strands *to = g->to;
    const struct smp_hair_field *field = g->worn->field;
    const struct curl *curl = &curls[g->scene->plan->from->curl];
    const uint32_t end = g->first[i + 1];
    double calibre_um;
    if (g->first[i] == end)
        return;
    smp_hairs_of(&calibre_um, g->worn, g->scene, f, i);
    const float per_cm2 =
        (float)(read_or(field->fu_per_cm2 ? field->fu_per_cm2 : g->scene->plan->fu_per_cm2, f, 0) *
                read_or(field->hairs_per_fu, f, g->worn->hairs_per_fu));
    struct smp_f3 unused;
    const float loose = smp_noise3(at_scale(f->at, 9), 0x51d, &unused) +
                        0.6f * smp_noise3(at_scale(f->at, 3.5f), 0x51e, &unused);
    const float high = 0.5f + 1.1f * smp_noise3(at_scale(f->at, 7), 0x51f, &unused);
    for (uint32_t s = g->first[i]; s < end; s++) {
        struct smp_rng rng = smp_rng_make(g->worn->seed, smp_hash64(i, 0x57d + s - g->first[i]));
        const double normal = smp_clamp(smp_rng_normal(&rng), -2.5, 2.5);
        to->calibre_mm[s] = (float)(0.001 * calibre_um * exp(calibre_cv * normal));
        to->grey[s] = smp_rng_unit(&rng) < field->grey_share;
        to->root[s] = i;
        to->id[s] = (uint32_t)smp_hash64(i, s - g->first[i]);
        const double cut = (double)f->cut + (length_sd * smp_rng_normal(&rng));
        struct strand one = {
            .length_mm = (float)(field->length_mm * smp_clamp(cut, 0.08, 1.15)),
            .comb = curl->lift > 1.2f ? 0 : combed((float)field->length_mm),
            .curl = curl,
            .exit_rad = f->exit_rad * (float)(0.8 + 0.4 * smp_rng_unit(&rng)),
            .turn = 0.55f * loose +
                    (float)(turn_unit * smp_rng_normal(&rng) + turn_hair * smp_rng_normal(&rng)),
        };
        const float share = smp_clampf(0.55f * (float)smp_rng_unit(&rng) + 0.45f * high, 0, 1);
        to->high[s] = share;
        float off = 1; // as much as hair that lies
        if (curl->radius_mm > 0) {
            one.wound = one.length_mm / turn_mm(curl);
            // hair of less than a turn is bent, not drawn together yet
            const float drawn = smp_smoothf(0.2f, 1.4f, one.wound);
            one.length_mm += drawn * (one.wound * curl->pitch_mm - one.length_mm);
            one.phase = phase_of(f, curl, &rng);
            off = 1 + drawn * (curl->lift - 1);
            one.exit_rad = fminf(one.exit_rad * off, 1.3f);
        }
        one.lift_mm = off * lift_mm(one.length_mm, per_cm2, share);
        const float pull = lock_pull * smp_clampf(one.length_mm / 30, 0, 1) *
                           smp_clampf(per_cm2 / 100, 0.2f, 1); // few hairs make no locks
        one.pull = (struct smp_f3){ pull * f->lock.x, pull * f->lock.y, pull * f->lock.z };
        grow_one(to->points + (size_t)s * (to->steps + 1), g, f, &one);
    }
}

// Roots that face farther away than this show nothing, nor does their shade.
static const float far_side = -0.5f;

static bool behind(const struct smp_worn *worn, const struct smp_follicle *f)
{
    if (!worn->camera)
        return false;
    const struct smp_f3 view = smp_f3_add(smp_f3_of(worn->camera->eye), f->at, -1);
    return smp_f3_dot(f->normal, smp_f3_unit(view)) < far_side;
}

static void count_some(void *context, size_t begin, size_t end)
{
    const struct growing *g = context;
    for (size_t i = begin; i < end; i++) {
        const struct smp_follicle *f = &g->from->follicles[i];
        double calibre_um;
        g->first[i] = behind(g->worn, f)
                          ? 0
                          : (uint32_t)smp_hairs_of(&calibre_um, g->worn, g->scene, f, (uint32_t)i);
    }
}

static void grow_some(void *context, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        grow_unit(context, (uint32_t)i);
}

static bool make_room(struct smp_strands *to, struct smp_arena *arena)
{
    to->points = smp_new(arena, struct smp_f3, to->count * (to->steps + 1));
    to->calibre_mm = smp_new(arena, float, to->count);
    to->high = smp_new(arena, float, to->count);
    to->grey = smp_new(arena, uint8_t, to->count);
    to->root = smp_new(arena, uint32_t, to->count);
    to->id = smp_new(arena, uint32_t, to->count);
    return to->points && to->calibre_mm && to->high && to->grey && to->root && to->id;
}

enum smp_code smp_strands_grow(struct smp_strands *strands, const struct smp_strand_scene *from,
                               const struct smp_scene *scene, const struct smp_worn *worn,
                               const struct smp_work *work)
{
    struct growing g = { .from = from, .scene = scene, .worn = worn, .to = strands };
    g.first = smp_new(work->arena, uint32_t, from->count + 1);
    if (!g.first)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for %zu follicles", from->count);
    smp_pool_for(work->pool, from->count, 1024, count_some, &g);
    uint32_t sum = 0;
    for (size_t i = 0; i <= from->count; i++) {
        const uint32_t own = i < from->count ? g.first[i] : 0;
        g.first[i] = sum;
        sum += own;
    }
    const struct curl *curl = &curls[scene->plan->from->curl];
    const float length = (float)worn->field->length_mm;
    float steps = smp_clampf(ceilf(length / step_mm), STEPS_MIN, STEPS_MAX);
    if (curl->radius_mm > 0)
        steps = smp_clampf(ceilf(STEPS_A_TURN * length / turn_mm(curl)), steps, STEPS_MAX_CURLED);
    *strands = (struct smp_strands){ .count = sum, .steps = (size_t)steps };
    if (!make_room(strands, work->arena))
        return smp_fail(work->err, SMP_E_NOMEM, "no room for %u strands of hair", sum);
    smp_pool_for(work->pool, from->count, 256, grow_some, &g);
    return SMP_OK;
}
