// Says in a finished PDF that its colours are sRGB: an output intent with the profile, added by an
// incremental update (ISO 32000-1, 7.5.6 and 14.11.5), since cairo writes none.
#include "page/page.h"

#include <stdlib.h>
#include <string.h>

// The last place of a text before `end`; NULL where there is none.
static const char *last_of(const struct smp_buffer *pdf, size_t end, const char *text)
{
    const size_t length = strlen(text);
    for (size_t at = end < length ? 0 : end - length + 1; at-- > 0;)
        if (memcmp(pdf->data + at, text, length) == 0)
            return pdf->data + at;
    return NULL;
}

// The number that follows a text.
static unsigned long number_after(const char *at, const char *text)
{
    return at ? strtoul(at + strlen(text), NULL, 10) : 0;
}

struct tail { // of the file as cairo ends it
    unsigned long xref, size, root, info;
    const char *catalogue; // what stands between << and >>
    size_t catalogue_length;
};

static bool read_tail(struct tail *tail, struct smp_buffer *pdf)
{
    smp_buffer_add(pdf, "", 1); // so that numbers at the end are ended
    if (pdf->failed)
        return false;
    const size_t end = --pdf->length;
    const char *trailer = last_of(pdf, end, "trailer\n");
    if (!trailer)
        return false;
    tail->xref = number_after(last_of(pdf, end, "startxref\n"), "startxref\n");
    tail->size = number_after(strstr(trailer, "/Size "), "/Size ");
    tail->root = number_after(strstr(trailer, "/Root "), "/Root ");
    tail->info = number_after(strstr(trailer, "/Info "), "/Info ");
    tail->catalogue = last_of(pdf, tail->xref < end ? tail->xref : end, "<< /Type /Catalog");
    if (!tail->catalogue || !tail->size || !tail->root || !tail->info)
        return false;
    tail->catalogue += 2;
    const char *close = strstr(tail->catalogue, ">>\nendobj");
    tail->catalogue_length = close ? (size_t)(close - tail->catalogue) : 0;
    return close != NULL;
}

void smp_pdf_tag_srgb(struct smp_buffer *pdf)
{
    struct tail tail;
    if (!read_tail(&tail, pdf))
        return;          // a PDF of another make: as good, but its colours go without saying
    char catalogue[256]; // room for it in one print
    if (tail.catalogue_length >= sizeof catalogue)
        return;
    memcpy(catalogue, tail.catalogue, tail.catalogue_length);
    catalogue[tail.catalogue_length] = 0;
    uint8_t profile[SMP_SRGB_PROFILE_BYTES];
    smp_image_srgb_profile(profile);
    const size_t root_at = pdf->length;
    smp_buffer_print(pdf,
                     "%lu 0 obj\n<<%s   /OutputIntents [ << /Type /OutputIntent /S /GTS_PDFA1\n"
                     "      /OutputConditionIdentifier (sRGB IEC61966-2.1)\n"
                     "      /DestOutputProfile %lu 0 R >> ]\n>>\nendobj\n",
                     tail.root, catalogue, tail.size);
    const size_t profile_at = pdf->length;
    smp_buffer_print(pdf, "%lu 0 obj\n<< /N 3 /Alternate /DeviceRGB /Length %d >>\nstream\n",
                     tail.size, SMP_SRGB_PROFILE_BYTES);
    smp_buffer_add(pdf, profile, sizeof profile);
    smp_buffer_text(pdf, "\nendstream\nendobj\n");
    const size_t xref_at = pdf->length;
    smp_buffer_print(pdf, "xref\n%lu 1\n%010zu 00000 n \n%lu 1\n%010zu 00000 n \n", tail.root,
                     root_at, tail.size, profile_at);
    smp_buffer_print(pdf,
                     "trailer\n<< /Size %lu\n   /Root %lu 0 R\n   /Info %lu 0 R\n   /Prev %lu\n>>\n"
                     "startxref\n%zu\n%%%%EOF\n",
                     tail.size + 1, tail.root, tail.info, tail.xref, xref_at);
}
