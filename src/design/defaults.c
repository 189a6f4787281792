// Names, ranges and defaults. The numbers are those of data/design.json, where each has its source
// and grade (a test of the plan module holds the two against each other).
#include "design/design.h"

#define STYLE_NAME(name, text) text,
const char *const smp_style_names[] = { SMP_STYLES(STYLE_NAME) NULL };

#define HAIRLINE(member, unit, min, max, help)                                                     \
    SMP_FIELD(smp_hairline_params, member, unit, min, max, help)
const struct smp_field smp_hairline_fields[8] = {
    HAIRLINE(glabella_mm, "mm", 50, 110, "mid-frontal point above the glabella, tape on the skin"),
    HAIRLINE(recession_mm, "mm", 0, 60,
             "frontotemporal corner behind the tape laid across from the mid-frontal point"),
    HAIRLINE(peak_mm, "mm", 0, 25, "temporal peak in front of the line from corner to sideburn"),
    HAIRLINE(macro_mm, "mm", 0, 8, "amplitude of the waves"),
    HAIRLINE(macro_wave_mm, "mm", 8, 60, "length of the waves"),
    HAIRLINE(micro_mm, "mm", 0, 4, "amplitude of the small gaps and clusters"),
    HAIRLINE(stray_share, "", 0, 0.1, "share of the first 10 mm's dots set ahead of the line"),
    HAIRLINE(stray_mm, "mm", 0, 6, "how far ahead stray dots may stand"),
};

const struct smp_hairline_params smp_hairline_defaults[SMP_STYLE_COUNT] = {
    [SMP_STYLE_NATURAL] = { 80, 20, 10, 2.0, 22, 0.8, 0.03, 3 },
    [SMP_STYLE_SOFT] = { 82, 22, 8, 2.5, 26, 1.2, 0.05, 4 },
    [SMP_STYLE_EDGED] = { 78, 8, 12, 0.3, 25, 0.2, 0, 0 },
    [SMP_STYLE_WIDOWS_PEAK] = { 80, 22, 10, 1.6, 22, 0.8, 0.03, 3 },
    [SMP_STYLE_RECEDED] = { 85, 38, 6, 2.5, 24, 1.0, 0.04, 3 },
    [SMP_STYLE_ROUNDED] = { 70, 4, 6, 1.2, 20, 0.8, 0.03, 3 },
};

#define DESIGN(member, unit, min, max, help)                                                       \
    SMP_FIELD(smp_design_params, member, unit, min, max, help)
const struct smp_field smp_design_fields[4] = {
    DESIGN(dots_per_cm2, "per cm²", 20, 300, "density of the mid-scalp with what hair is left"),
    DESIGN(feather_mm, "mm", 0, 30, "hairline: from none to full density over this depth"),
    DESIGN(side_fade_mm, "mm", 5, 60, "depth over which the dots fade into remaining hair"),
    DESIGN(fu_share, "", 0, 1, "how much of a remaining follicular unit counts as a dot"),
};

const struct smp_design_params smp_design_defaults = {
    .style = SMP_STYLE_NATURAL,
    .hairline = { 80, 20, 10, 2.0, 22, 0.8, 0.03, 3 },
    .dots_per_cm2 = 100,
    .zone_share = { [SMP_ZONE_HAIRLINE] = 0.85,
                    [SMP_ZONE_FRONTAL] = 1,
                    [SMP_ZONE_MIDSCALP] = 1,
                    [SMP_ZONE_CROWN] = 0.9,
                    [SMP_ZONE_TEMPLE_LEFT] = 0.7,
                    [SMP_ZONE_TEMPLE_RIGHT] = 0.7,
                    [SMP_ZONE_PEAK_LEFT] = 0.6,
                    [SMP_ZONE_PEAK_RIGHT] = 0.6,
                    [SMP_ZONE_PARIETAL_LEFT] = 0.75,
                    [SMP_ZONE_PARIETAL_RIGHT] = 0.75,
                    [SMP_ZONE_OCCIPUT] = 0.75,
                    [SMP_ZONE_NAPE] = 0.6 },
    .feather_mm = 8,
    .side_fade_mm = 30,
    .fu_share = 1,
};
