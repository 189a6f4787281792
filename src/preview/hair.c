// What is left of the hair, shaved: by the same rules as the dots, so that sides and top can be
// compared. A hair is its shaft seen through the skin, a stub above it, and its FU has a glow from
// the shafts below, which hold most of a shaved head's tone (docs/preview.md "Hair").
#include "preview/preview_impl.h"

#include "colour/colour.h"

// Shafts reach 3 mm down: red comes back from far around them.
static const float wide_share[3] = { 0.82f, 0.68f, 0.52f };
static const float glow_sigma[2][3] = { { 0.36f, 0.32f, 0.28f }, { 1.4f, 0.8f, 0.55f } };
static const double shaft_cv = 0.18, tilt_sd_deg = 12;
static const double turn_fu_deg = 10, turn_hair_deg = 14;
enum { HAIRS_MAX = 4 }; // of a follicular unit

// The shaft in its follicle as it is seen through the skin: a smear from the mouth on.
struct smear {
    double core[3]; // contrast at its middle
    double middle_mm, along_mm, width_mm;
};

struct hair_look {
    float stub[3]; // contrast of the stub against the skin
    struct smear smear;
    double stubble_mm;
    double fu_mm2[HAIRS_MAX][3]; // by hairs − 1
    double shaft_mm, tilt_deg;
};

static void shaft_absorption(double mua_per_mm[SMP_WAVELENGTHS], const struct smp_scene *scene)
{
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        mua_per_mm[w] = smp_hair_mua_per_mm(&scene->looks->stubble, smp_wavelength_nm(w));
}

// Contrast of the stub against bare skin, with its gloss.
static void stub_contrast(double contrast[3], const struct smp_scene *scene)
{
    const struct smp_rgb_lin hair = smp_rgb_from_lab(scene->plan->from->hair_lab);
    const double rho[3] = { hair.r + 0.008, hair.g + 0.008, hair.b + 0.008 };
    const float skin[3] = { scene->skin.target.r, scene->skin.target.g, scene->skin.target.b };
    for (int c = 0; c < 3; c++)
        contrast[c] = smp_clamp(1 - rho[c] / (double)skin[c], 0, 0.97);
}

void smp_root_area(double area_mm2[3], const struct smp_scene *scene, int hairs)
{
    const struct smp_stubble *s = &scene->looks->stubble;
    const struct smp_shafts shafts = { hairs, s->calibre_mm, s->exit_deg };
    const double per_mm2 = s->fu_per_cm2 / 100;
    double mua[SMP_WAVELENGTHS];
    struct smp_takes under;
    shaft_absorption(mua, scene);
    smp_shaft_takes(&under, scene->looks->compiled, &shafts, mua);
    for (int w = 0; w < SMP_WAVELENGTHS; w++) // units stand close: each has less left to take
        under.area_mm2[w] = -log(smp_shafts_keep(per_mm2 * under.area_mm2[w], under.centre[w],
                                                 scene->looks->reflectance[w], s->exit_deg)) /
                            per_mm2;
    smp_rgb_share(area_mm2, scene->looks, under.area_mm2);
    for (int c = 0; c < 3; c++)
        area_mm2[c] = fmax(area_mm2[c], 0);
}

void smp_fu_area(double area_mm2[3], const struct smp_scene *scene, int hairs)
{
    const struct smp_stubble *s = &scene->looks->stubble;
    const double tilt = s->exit_deg * SMP_PI / 180, length = s->stubble_mm;
    const double shaft_mm = s->calibre_mm;
    double mua[SMP_WAVELENGTHS], above[SMP_WAVELENGTHS], shade[3], stub[3];
    shaft_absorption(mua, scene);
    smp_root_area(area_mm2, scene, hairs);
    // What a stub keeps from the skin around its foot (docs/match.md).
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        above[w] = SMP_PI / 2 * shaft_mm * length * -expm1(-mua[w] * SMP_PI * shaft_mm / 4);
    smp_rgb_share(shade, scene->looks, above);
    stub_contrast(stub, scene);
    const double cover =
        shaft_mm * length * cos(tilt) + SMP_PI / 4 * shaft_mm * shaft_mm * sin(tilt);
    for (int c = 0; c < 3; c++)
        area_mm2[c] =
            scene->looks->sides[c] * (area_mm2[c] + hairs * (fmax(shade[c], 0) + cover * stub[c]));
}

void smp_scalp_area(double area_mm2[3], const struct smp_scene *scene)
{
    const struct smp_stubble *s = &scene->looks->stubble;
    for (int c = 0; c < 3; c++)
        area_mm2[c] = 0;
    for (int hairs = 1; hairs <= HAIRS_MAX; hairs++) {
        double one[3];
        smp_fu_area(one, scene, hairs);
        for (int c = 0; c < 3; c++)
            area_mm2[c] += s->fu_per_cm2 * s->share[hairs - 1] * one[c];
    }
}

void smp_hair_measure(struct smp_scene *scene)
{
    const struct smp_case *from = scene->plan->from;
    double *factor = scene->looks->sides, model[3];
    factor[0] = factor[1] = factor[2] = 1;
    if (!from->sides_given)
        return;
    const struct smp_rgb_lin s = smp_rgb_from_lab(from->sides_lab);
    const struct smp_rgb_lin b = smp_rgb_from_lab(from->skin_lab);
    const double sides[3] = { s.r, s.g, s.b }, bare[3] = { b.r, b.g, b.b };
    smp_scalp_area(model, scene);
    for (int c = 0; c < 3; c++) {
        const double wanted = -100 * log(fmax(sides[c], 1e-3) / fmax(bare[c], 1e-3));
        if (model[c] > 0)
            factor[c] = smp_clamp(wanted / model[c], 0, 4);
    }
}

// R/G/B contrast of one shaft at a place; 7 wavelengths stand for all.
static void seen_at(double rgb[3], const struct smp_scene *scene,
                    const struct smp_shaft_look *shaft, double x_mm, double y_mm)
{
    double values[SMP_WAVELENGTHS];
    for (int w = 0; w < SMP_WAVELENGTHS; w += 5)
        values[w] = smp_shaft_at(shaft, w, x_mm, y_mm);
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        if (w % 5)
            values[w] =
                values[w - w % 5] + (values[w - w % 5 + 5] - values[w - w % 5]) * (w % 5) / 5;
    smp_rgb_share(rgb, scene->looks, values);
}

// Half widths of the smear along and across; what lies below a third of its height is glow.
static struct smear smear_of(const struct smp_scene *scene)
{
    enum { STEPS = 24 };
    const double step_mm = 0.03;
    const struct smp_stubble *s = &scene->looks->stubble;
    const struct smp_shafts one = { 1, s->calibre_mm, s->exit_deg };
    struct smp_shaft_look shaft;
    double mua[SMP_WAVELENGTHS], line[STEPS][3], peak = 0;
    int at = 0, low, high;
    shaft_absorption(mua, scene);
    smp_shaft_compile(&shaft, scene->looks->compiled, &one, mua);
    for (int i = 0; i < STEPS; i++) {
        seen_at(line[i], scene, &shaft, (i - 4) * step_mm, 0);
        if (line[i][1] > peak) {
            peak = line[i][1];
            at = i;
        }
    }
    for (low = at; low > 0 && line[low - 1][1] > 0.5 * peak;)
        low--;
    for (high = at; high < STEPS - 1 && line[high + 1][1] > 0.5 * peak;)
        high++;
    double across_mm = 0.02, side[3];
    for (int i = 2; i < 30; i++) {
        across_mm = 0.01 * i;
        seen_at(side, scene, &shaft, (at - 4) * step_mm, across_mm);
        if (side[1] < 0.5 * peak)
            break;
    }
    struct smear smear = { .middle_mm = (0.5 * (low + high) - 4) * step_mm,
                           .along_mm = (high - low + 1) * step_mm / 2.355,
                           .width_mm = 2 * across_mm };
    for (int c = 0; c < 3; c++)
        smear.core[c] = smp_clamp(0.85 * line[at][c], 0, 0.9);
    return smear;
}

static struct hair_look hair_look_of(const struct smp_scene *scene)
{
    const struct smp_stubble *s = &scene->looks->stubble;
    struct hair_look look = { .stubble_mm = s->stubble_mm,
                              .shaft_mm = s->calibre_mm,
                              .tilt_deg = s->exit_deg };
    double stub[3];
    stub_contrast(stub, scene);
    for (int c = 0; c < 3; c++)
        look.stub[c] = (float)stub[c];
    look.smear = smear_of(scene);
    for (int hairs = 1; hairs <= HAIRS_MAX; hairs++)
        smp_fu_area(look.fu_mm2[hairs - 1], scene, hairs);
    return look;
}

// 62 mm behind the ears' vertical and to the right, as most people have it (docs/preview.md), on a
// head whose vertex is 131 mm from the ears' middle.
struct smp_vec3 smp_hair_whorl(const struct smp_head *head)
{
    const double size = smp_length(head->landmarks.vertex) / 131;
    const double ahead = -62 * size, up = 117 * size;
    const double c = smp_ahead_mm(smp_vec3(0, 1, 0)), s = smp_up_mm(smp_vec3(0, 1, 0));
    return smp_vec3(8 * size, c * ahead + s * up, c * up - s * ahead);
}

// Hair leaves the crown in all directions: forward on top, down at the sides and the nape.
struct smp_vec3 smp_hair_direction(const struct smp_head *head, struct smp_vec3 p,
                                   struct smp_vec3 normal)
{
    const struct smp_vec3 away = smp_sub(p, smp_hair_whorl(head));
    // a turn clockwise near the whorl
    const struct smp_vec3 around = smp_cross(away, normal);
    const double near = exp(-smp_dot(away, away) / (35.0 * 35.0));
    struct smp_vec3 d = smp_add(smp_unit(away), smp_scale(smp_unit(around), 1.2 * near));
    d = smp_add(d, smp_vec3(0, 0.1, -0.35));
    d = smp_sub(d, smp_scale(normal, smp_dot(d, normal)));
    const struct smp_vec3 unit = smp_unit(d);
    return smp_dot(unit, unit) > 0 ? unit : smp_unit(smp_cross(normal, smp_vec3(1, 0, 0)));
}

static struct smp_vec3 turned(struct smp_vec3 d, struct smp_vec3 normal, double angle_deg)
{
    const double a = angle_deg * SMP_PI / 180;
    return smp_add(smp_scale(d, cos(a)), smp_scale(smp_cross(normal, d), sin(a)));
}

// Glow of what spots leave of the total, as two Gaussians a colour.
static void set_glow(struct smp_spot *spot, const double total_mm2[3], const float taken_mm2[3])
{
    for (int c = 0; c < 3; c++) {
        const float glow = fmaxf((float)total_mm2[c] - taken_mm2[c], 0);
        spot->glow[0][c] = glow * (1 - wide_share[c]);
        spot->glow[1][c] = glow * wide_share[c];
        spot->glow_sigma[0][c] = glow_sigma[0][c];
        spot->glow_sigma[1][c] = glow_sigma[1][c];
    }
}

// The shaft below and the stub above of one hair, which leans to `lie`; adds their volumes to
// taken_mm2.
static void make_hair(struct smp_spot spots[2], const struct hair_look *look, struct smp_vec3 root,
                      struct smp_vec3 normal, struct smp_vec3 lie, struct smp_rng *rng,
                      float taken_mm2[3])
{
    const double width = look->shaft_mm * exp(shaft_cv * smp_clamp(smp_rng_normal(rng), -2.5, 2.5));
    const double length = look->stubble_mm * (0.6 + 0.8 * smp_rng_unit(rng));
    const double tilt =
        smp_clamp(look->tilt_deg + tilt_sd_deg * smp_rng_normal(rng), 10, 80) * SMP_PI / 180;
    const double strong = 0.75 + 0.5 * smp_rng_unit(rng);
    const double wide_mm = look->smear.width_mm * (0.85 + 0.3 * smp_rng_unit(rng));
    const double flat = length * cos(tilt); // as it lies on the skin, seen from above
    const double area = width * flat + SMP_PI / 4 * width * width * sin(tilt);

    const struct smp_vec3 below = smp_sub(root, smp_scale(lie, look->smear.middle_mm));
    spots[0] = (struct smp_spot){ .place = smp_f3_of(below),
                                  .normal = smp_f3_of(normal),
                                  .axis = smp_f3_of(lie),
                                  .half_mm = (float)(0.5 * wide_mm),
                                  .along_mm = (float)look->smear.along_mm };
    // A Gaussian with the stub's own spread would be denser than the stub: 1.38 times as wide it
    // just covers.
    const double across = 1.38 * width / 4;
    const double along = 1.38 * sqrt(flat * flat / 12 + width * width / 16);
    const struct smp_vec3 middle = smp_add(root, smp_scale(lie, 0.5 * flat));
    spots[1] = (struct smp_spot){ .place = smp_f3_of(middle),
                                  .normal = smp_f3_of(normal),
                                  .axis = smp_f3_of(lie),
                                  .half_mm = (float)(1.17741 * across),
                                  .along_mm = (float)along };
    const double below_mm2 = 2 * SMP_PI * look->smear.along_mm * 0.5 * wide_mm / 1.17741;
    for (int c = 0; c < 3; c++) {
        spots[0].core[c] = (float)smp_clamp(look->smear.core[c] * strong, 0, 0.9);
        spots[1].core[c] = (float)fmin(area / (2 * SMP_PI * across * along), 0.97) * look->stub[c];
        taken_mm2[c] += spots[0].core[c] * (float)below_mm2;
        taken_mm2[c] += spots[1].core[c] * (float)(2 * SMP_PI * across * along);
    }
}

// One unit; `hairs` 0: as many as the client's own units have.
static size_t make_fu(struct smp_spot *spots, const struct smp_scene *scene,
                      const struct hair_look *look, const struct smp_fu *fu, size_t index,
                      int hairs)
{
    struct smp_rng rng = smp_rng_make(scene->plan->from->seed, smp_hash64(index, 0xfa1));
    const double draw = smp_rng_unit(&rng);
    const double *share = scene->looks->stubble.share;
    if (hairs == 0) {
        hairs = 1;
        for (double sum = share[0]; hairs < HAIRS_MAX && draw >= sum; hairs++)
            sum += share[hairs];
    }
    const struct smp_vec3 n = fu->normal;
    struct smp_vec3 lie = smp_hair_direction(scene->head, fu->position_mm, n);
    lie = turned(lie, n, turn_fu_deg * smp_rng_normal(&rng));
    float taken[3] = { 0, 0, 0 };
    for (int k = 0; k < hairs; k++) {
        // Roots 0.1 mm apart, side by side.
        const double off = hairs == 1 ? 0 : 0.1 * (k - 0.5 * (hairs - 1));
        const struct smp_vec3 root = smp_add(fu->position_mm, smp_scale(smp_cross(n, lie), off));
        const struct smp_vec3 own = turned(lie, n, turn_hair_deg * smp_rng_normal(&rng));
        make_hair(&spots[2 * k], look, root, n, own, &rng, taken);
    }
    set_glow(&spots[0], look->fu_mm2[hairs - 1], taken);
    return 2 * (size_t)hairs;
}

enum smp_code smp_stubs_make(const struct smp_spot **spots, size_t *count,
                             const struct smp_scene *scene, const struct smp_stubs *stubs,
                             const struct smp_work *work)
{
    struct smp_spot *made = smp_new(work->arena, struct smp_spot, 2 * HAIRS_MAX * stubs->count);
    if (!made)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the look of %zu hairs", stubs->count);
    const struct hair_look look = hair_look_of(scene);
    *count = 0;
    for (size_t i = 0; i < stubs->count; i++)
        *count += make_fu(&made[*count], scene, &look, &stubs->units[i],
                          stubs->ids ? stubs->ids[i] : i, stubs->hairs ? stubs->hairs[i] : 0);
    *spots = made;
    return SMP_OK;
}

enum smp_code smp_hairs_make(struct smp_scene *scene, const struct smp_work *work)
{
    const struct smp_plan *plan = scene->plan;
    return smp_stubs_make(&scene->hairs, &scene->hair_count, scene,
                          &(struct smp_stubs){ plan->hairs, NULL, NULL, plan->hair_count }, work);
}
