// What can be said of marks before any fit: that they are enough, in the picture, and not flat.
#include "photo/photo_impl.h"

#include <math.h>

static const double line_mm = 15, plane_mm = 4; // RMS from the best line and plane
static const double line_share = 0.02;          // of the marks' own spread in the picture

// Roots of a symmetric 3 × 3 matrix, the greatest first (in closed form; Smith 1961).
static void roots(double root[3], const double m[6]) // xx yy zz xy xz yz
{
    const double q = (m[0] + m[1] + m[2]) / 3;
    const double a = m[0] - q, b = m[1] - q, c = m[2] - q;
    const double off = m[3] * m[3] + m[4] * m[4] + m[5] * m[5];
    const double p = sqrt((a * a + b * b + c * c + 2 * off) / 6);
    root[0] = root[1] = root[2] = q;
    if (!(p > 0))
        return;
    const double det = a * (b * c - m[5] * m[5]) - m[3] * (m[3] * c - m[5] * m[4]) +
                       m[4] * (m[3] * m[5] - b * m[4]);
    const double angle = acos(smp_clamp(det / (2 * p * p * p), -1, 1)) / 3;
    root[0] = q + 2 * p * cos(angle);
    root[2] = q + 2 * p * cos(angle + 2 * SMP_PI / 3);
    root[1] = 3 * q - root[0] - root[2];
}

// Variances along the principal axes of the marked places, or of the marks (z 0).
static void spread(double root[3], const struct smp_photo *photo, const struct smp_places *places)
{
    double count = 0, m[6] = { 0 };
    struct smp_vec3 middle = { 0 };
    for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < SMP_PLACE_COUNT; k++) {
            if (!photo->seen[k])
                continue;
            const struct smp_vec3 at =
                places ? places->at[k] : smp_vec3(photo->at_px[k][0], photo->at_px[k][1], 0);
            if (pass == 0) {
                middle = smp_add(middle, at);
                count++;
                continue;
            }
            const struct smp_vec3 d = smp_sub(at, smp_scale(middle, 1 / count));
            const double square[6] = { d.x * d.x, d.y * d.y, d.z * d.z,
                                       d.x * d.y, d.x * d.z, d.y * d.z };
            for (int i = 0; i < 6; i++)
                m[i] += square[i] / count;
        }
    }
    roots(root, m);
}

static enum smp_code check_inside(const struct smp_photo *photo, struct smp_err *err)
{
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        const double *px = photo->at_px[m];
        if (photo->seen[m] && !(px[0] >= 0 && px[0] <= (double)photo->width_px && px[1] >= 0 &&
                                px[1] <= (double)photo->height_px))
            return smp_fail(err, SMP_E_INPUT,
                            "%s: landmarks.%s must lie in the picture of %zu × %zu px, not at "
                            "[%g, %g]",
                            photo->file, smp_place_names[m], photo->width_px, photo->height_px,
                            px[0], px[1]);
    }
    return SMP_OK;
}

enum smp_code smp_photo_check(const struct smp_photo *photo, const struct smp_places *places,
                              struct smp_err *err)
{
    int count = 0;
    for (int m = 0; m < SMP_PLACE_COUNT; m++)
        count += photo->seen[m];
    if (count < 4)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: landmarks must be at least 4 that do not lie in one plane, not %d",
                        photo->file, count);
    enum smp_code code = check_inside(photo, err);
    if (code)
        return code;
    double head[3], picture[3];
    spread(head, photo, places);
    spread(picture, photo, NULL);
    if (head[1] < line_mm * line_mm || !(picture[1] > line_share * line_share * picture[0]))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the landmarks lie in one line, and must be at least 4 that do not lie "
                        "in one plane",
                        photo->file);
    if (head[2] < plane_mm * plane_mm)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the landmarks lie in one plane of the head (within %.1f mm) and leave "
                        "the camera open: mark one more away from it, as the nose tip, an ear or "
                        "the vertex",
                        photo->file, sqrt(fmax(head[2], 0)));
    return SMP_OK;
}
