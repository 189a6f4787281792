// What is left of the hair, shaved: by the same rules as the dots, so that sides and top can be
// compared. A hair is a brown pore, a stub above the skin, and its FU has a glow from the shafts
// below, which hold most of a shaved head's tone (docs/preview.md "Hair").
#include "preview/preview_impl.h"

#include "colour/colour.h"

static const double pore_core[3] = { 0.18, 0.28, 0.38 };
// Shafts reach 3 mm down: red comes back from far around them.
static const float wide_share[3] = { 0.82f, 0.68f, 0.52f };
static const double shaft_mm = 0.066, shaft_cv = 0.18;
static const double tilt_deg = 45, tilt_sd_deg = 12;
static const double turn_fu_deg = 10, turn_hair_deg = 14;
static const double share_one = 0.22, share_two = 0.58; // the rest have three hairs

struct hair_look {
    float stub[3];   // contrast of the stub against the skin
    double darkness; // of the shafts below, 1 for dark brown
    double stubble_mm;
};

// Grey and blond shafts hardly darken the skin above them.
static double darkness_of(const struct smp_case *from)
{
    return smp_clamp((66 - from->hair_lab.l) / (66 - 23), 0.12, 1.12);
}

static struct hair_look hair_look_of(const struct smp_scene *scene)
{
    const struct smp_case *from = scene->plan->from;
    const struct smp_rgb_lin hair = smp_rgb_from_lab(from->hair_lab);
    const double rho[3] = { hair.r + 0.008, hair.g + 0.008, hair.b + 0.008 }; // with its gloss
    const float skin[3] = { scene->skin.target.r, scene->skin.target.g, scene->skin.target.b };
    struct hair_look look = { .stubble_mm = from->stubble_mm };
    for (int c = 0; c < 3; c++)
        look.stub[c] = (float)smp_clamp(1 - rho[c] / (double)skin[c], 0, 0.97);
    look.darkness = darkness_of(from);
    return look;
}

void smp_look_of_scalp(float total_mm2[3], const struct smp_case *from, double dark)
{
    const double shares[3] = { share_one, share_two, 1 - share_one - share_two };
    for (int c = 0; c < 3; c++)
        total_mm2[c] = 0;
    for (int hairs = 1; hairs <= 3; hairs++) {
        float one[3];
        smp_look_of_fu(one, hairs, darkness_of(from), dark);
        for (int c = 0; c < 3; c++)
            total_mm2[c] += (float)(from->loss.native_fu_per_cm2 * shares[hairs - 1]) * one[c];
    }
}

// Hair leaves the crown in all directions: forward on top, down at the sides and the nape.
static struct smp_vec3 direction_at(const struct smp_head *head, struct smp_vec3 p,
                                    struct smp_vec3 normal)
{
    const double r = 0.92 * smp_length(head->landmarks.vertex);
    const struct smp_vec3 whorl = smp_vec3(8, -0.55 * r, 0.78 * r);
    const struct smp_vec3 away = smp_sub(p, whorl);
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

// Pore and stub of one hair; returns their volumes added to taken_mm2.
static void make_hair(struct smp_spot spots[2], const struct hair_look *look, struct smp_vec3 root,
                      struct smp_vec3 normal, struct smp_vec3 lie, struct smp_rng *rng,
                      float taken_mm2[3])
{
    const double width = shaft_mm * exp(shaft_cv * smp_clamp(smp_rng_normal(rng), -2.5, 2.5));
    const double length = look->stubble_mm * (0.6 + 0.8 * smp_rng_unit(rng));
    const double tilt =
        smp_clamp(tilt_deg + tilt_sd_deg * smp_rng_normal(rng), 10, 80) * SMP_PI / 180;
    const double strong = 0.75 + 0.5 * smp_rng_unit(rng);
    const double pore_mm = 0.14 + 0.05 * smp_rng_unit(rng);
    const double flat = length * cos(tilt); // as it lies on the skin, seen from above
    const double area = width * flat + SMP_PI / 4 * width * width * sin(tilt);

    spots[0] = (struct smp_spot){ .place = smp_f3_of(root),
                                  .normal = smp_f3_of(normal),
                                  .half_mm = (float)(0.5 * pore_mm) };
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
    for (int c = 0; c < 3; c++) {
        spots[0].core[c] = (float)smp_clamp(pore_core[c] * strong * look->darkness, 0, 0.9);
        spots[1].core[c] = (float)fmin(area / (2 * SMP_PI * across * along), 0.97) * look->stub[c];
        taken_mm2[c] += spots[0].core[c] * (float)(1.1331 * pore_mm * pore_mm);
        taken_mm2[c] += spots[1].core[c] * (float)(2 * SMP_PI * across * along);
    }
}

static size_t make_fu(struct smp_spot *spots, const struct smp_scene *scene,
                      const struct hair_look *look, size_t index)
{
    const struct smp_fu *fu = &scene->plan->hairs[index];
    struct smp_rng rng = smp_rng_make(scene->plan->from->seed, smp_hash64(index, 0xfa1));
    const double draw = smp_rng_unit(&rng);
    const int hairs = draw < share_one ? 1 : draw < share_one + share_two ? 2 : 3;
    const struct smp_vec3 n = fu->normal;
    struct smp_vec3 lie = direction_at(scene->head, fu->position_mm, n);
    lie = turned(lie, n, turn_fu_deg * smp_rng_normal(&rng));
    float taken[3] = { 0, 0, 0 }, total[3];
    for (int k = 0; k < hairs; k++) {
        // Roots 0.1 mm apart, side by side.
        const double off = hairs == 1 ? 0 : 0.1 * (k - 0.5 * (hairs - 1));
        const struct smp_vec3 root = smp_add(fu->position_mm, smp_scale(smp_cross(n, lie), off));
        const struct smp_vec3 own = turned(lie, n, turn_hair_deg * smp_rng_normal(&rng));
        make_hair(&spots[2 * k], look, root, n, own, &rng, taken);
    }
    smp_look_of_fu(total, hairs, look->darkness, (double)scene->skin.dark);
    smp_spot_glow(&spots[0], total, taken, wide_share);
    return 2 * (size_t)hairs;
}

enum smp_code smp_hairs_make(struct smp_scene *scene, const struct smp_work *work)
{
    const size_t count = scene->plan->hair_count;
    scene->hairs = smp_new(work->arena, struct smp_spot, 6 * count);
    if (!scene->hairs)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the look of %zu hairs", count);
    const struct hair_look look = hair_look_of(scene);
    scene->hair_count = 0;
    for (size_t i = 0; i < count; i++)
        scene->hair_count += make_fu(&scene->hairs[scene->hair_count], scene, &look, i);
    return SMP_OK;
}
