// The sRGB profile (IEC 61966-2-1) as an ICC version 4 file (ICC.1:2010), written out here so that
// pictures can carry it: three colorants adapted to D50, one parametric curve, no date of making.
#include "image/image.h"

#include <math.h>
#include <string.h>

enum { TAGS = 10, FIRST = 128 + 4 + 12 * TAGS };

struct writer {
    uint8_t *out;
    size_t at;
};

static void put32(struct writer *w, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        w->out[w->at++] = (uint8_t)(value >> shift);
}

static void put_name(struct writer *w, const char *four)
{
    memcpy(w->out + w->at, four, 4);
    w->at += 4;
}

// s15Fixed16Number
static void put_number(struct writer *w, double value)
{
    put32(w, (uint32_t)(int32_t)lround(value * 65536));
}

static void put_numbers(struct writer *w, const char *type, const double *values, int count)
{
    put_name(w, type);
    put32(w, 0);
    for (int i = 0; i < count; i++)
        put_number(w, values[i]);
}

// multiLocalizedUnicode of one language; text is ASCII of an even length.
static void put_text(struct writer *w, const char *text)
{
    const uint32_t length = (uint32_t)strlen(text);
    put_name(w, "mluc");
    put32(w, 0);
    put32(w, 1);
    put32(w, 12);
    put_name(w, "enUS");
    put32(w, 2 * length);
    put32(w, 28);
    for (uint32_t i = 0; i < length; i++) {
        w->out[w->at++] = 0;
        w->out[w->at++] = (uint8_t)text[i];
    }
}

static const double white_d50[3] = { 0.9642, 1, 0.8249 };
static const double colorant[3][3] = { { 0.4360747, 0.2225045, 0.0139322 },
                                       { 0.3850649, 0.7168786, 0.0971045 },
                                       { 0.1430804, 0.0606169, 0.7141733 } };
// Bradford, from D65 to D50.
static const double adaptation[9] = { 1.04788,  0.02292,  -0.05022, 0.02959, 0.99048,
                                      -0.01707, -0.00923, 0.01508,  0.75168 };

static void put_header(struct writer *w, uint32_t length)
{
    put32(w, length);
    put32(w, 0);
    put32(w, 0x04300000); // version 4.3
    put_name(w, "mntr");
    put_name(w, "RGB ");
    put_name(w, "XYZ ");
    put32(w, 2000U << 16 | 1); // a date that never changes: 1 January 2000
    put32(w, 1U << 16);
    put32(w, 0);
    put_name(w, "acsp");
    for (int i = 0; i < 7; i++) // platform, flags, maker, model, attributes, perceptual intent
        put32(w, 0);
    for (int i = 0; i < 3; i++)
        put_number(w, white_d50[i]);
    w->at = 128; // creator, id and the rest are 0
}

static void put_curve(struct writer *w)
{
    static const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    put_name(w, "para");
    put32(w, 0);
    put32(w, 3U << 16); // (a·x + b)^g from d on, c·x below
    for (int i = 0; i < 5; i++)
        put_number(w, srgb[i]);
}

void smp_image_srgb_profile(uint8_t profile[SMP_SRGB_PROFILE_BYTES])
{
    static const char *const names[TAGS] = { "desc", "cprt", "wtpt", "chad", "rXYZ",
                                             "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC" };
    uint32_t at[TAGS], length[TAGS];
    memset(profile, 0, SMP_SRGB_PROFILE_BYTES);
    struct writer w = { profile, FIRST };
    for (int i = 0; i < TAGS; i++) {
        at[i] = i > 7 ? at[7] : (uint32_t)w.at; // one curve for all three
        if (i < 2)
            put_text(&w, i ? "No copyright, use freely" : "sRGB");
        else if (i == 2)
            put_numbers(&w, "XYZ ", white_d50, 3);
        else if (i == 3)
            put_numbers(&w, "sf32", adaptation, 9);
        else if (i < 7)
            put_numbers(&w, "XYZ ", colorant[i - 4], 3);
        else if (i == 7)
            put_curve(&w);
        length[i] = i > 7 ? length[7] : (uint32_t)w.at - at[i];
    }
    w.at = 0;
    put_header(&w, SMP_SRGB_PROFILE_BYTES);
    put32(&w, TAGS);
    for (int i = 0; i < TAGS; i++) {
        put_name(&w, names[i]);
        put32(&w, at[i]);
        put32(&w, length[i]);
    }
}
