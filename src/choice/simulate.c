// One person on one option, year by year: hair by cell, what reads as covered, money and hours.
#include "choice/choice_impl.h"

#include <math.h>
#include <string.h>

enum { SURGERIES_MAX = 4 };
static const double surgery_gap_years = 2; // the first whole year after the result is final
static const double surgery_least = 300;   // grafts: nobody is operated for less
static const double reserve = 0.05;        // of the density that covers, set beyond it
static const double never_mm = 5000;       // the match looks no farther

struct way {
    struct smp_course *course;
    const struct smp_prospect *at;
    const struct smp_parts *parts;
    const struct smp_draw *draw;
    struct smp_donor donor;
    const struct smp_drug *drug; // NULL: none
    double covered_fu;           // per cm², of grafts that cover bare scalp
    double speed, grey_onset, stops_years;
    double gain_per_cm2;                           // of hairs at the trials' density, in the end
    double hairs[SMP_CELLS_MAX];                   // own, per cm²
    double fresh[SMP_CELLS_MAX];                   // grafted FU per cm² of the last operation
    double grafts_left, donor_density_lost, since; // years of the last operation
    int operations;
    double dotted_at; // year of the last work with dots
    double cost, hours, days, sessions, grafts;
};

// ---- Own hair -----------------------------------------------------------------------------------

static double taken_years(const struct way *way, double years)
{
    return way->drug ? fmin(years, way->stops_years) : 0;
}

// Of the drug's effect, after it was stopped.
static double still(const struct way *way, double years)
{
    const double off = years - taken_years(way, years);
    return off > 0 ? exp(-3 * off * 12 / way->drug->lost_months) : 1;
}

double smp_cell_left(const struct smp_cell_of_scalp *cell, const struct smp_ladder *ladder,
                     double step)
{
    const size_t k = (size_t)step, next = k + 1 < ladder->count ? k + 1 : k;
    const double part = step - (double)k;
    return cell->scar ? 0 : cell->left[k] + part * (cell->left[next] - cell->left[k]);
}

static void own_hair(struct way *way, double years)
{
    const struct smp_prospect *at = way->at;
    const double hairs = way->donor.hairs;
    double held_years = 0, gain = 0;
    if (way->drug && years > 0) {
        const double taken = taken_years(way, years), keeps = still(way, years);
        held_years = way->drug->held * taken * keeps;
        gain = way->gain_per_cm2 * (1 - exp(-taken * 12 / way->drug->tau_months)) * keeps;
    }
    way->course->step = smp_clamp(at->ladder.now + way->speed * (years - held_years), 0,
                                  (double)(at->ladder.count - 1));
    for (size_t c = 0; c < at->cell_count; c++) {
        const struct smp_cell_of_scalp *cell = &at->cells[c];
        double left = smp_cell_left(cell, &at->ladder, way->course->step);
        const double full = cell->native_fu * hairs;
        double own = full * left;
        if (gain > 0 && own > 0) { // in proportion to the hairs there are, up to those there were
            const double there = own / at->medication.trial_per_cm2;
            own += gain * (there < 1 ? there : 1);
            own = own < full ? own : full;
            left = own / full;
        }
        way->course->left[c] = left;
        way->hairs[c] = own;
    }
}

// ---- Operations ---------------------------------------------------------------------------------

// Share of grafts that grow so long after they were set.
static double grown(const struct smp_prospect *at, double years)
{
    const double months = years * 12, knots[4] = { 0, 3, 6, at->grow_final_months };
    const double shares[4] = { 0, at->grow_3, at->grow_6, 1 };
    for (size_t i = 1; i < 4; i++) {
        if (months <= knots[i])
            return shares[i - 1] + (shares[i] - shares[i - 1]) * (months - knots[i - 1]) /
                                       (knots[i] - knots[i - 1]);
    }
    return 1;
}

static double survival(const struct way *way)
{
    const struct smp_prospect *at = way->at;
    const enum smp_surgery surgery = way->parts->surgery;
    const double low = at->survival_low[surgery], high = fmax(at->survival_high, low);
    return (low + way->draw->x[SMP_IN_SURVIVAL] * (high - low)) * (1 - at->transection[surgery]);
}

// Grafted FU per cm² that a cell still lacks to look covered, and a little more, so that it stays
// so. Hair of a place that has lost more than half will go, and is not counted on.
static double lacks(const struct way *way, size_t c, double grafted)
{
    const double own = way->course->left[c] > 0.5 ? way->hairs[c] / way->donor.hairs : 0;
    const double lack = way->covered_fu - own - grafted;
    return lack > 0 ? lack + reserve * way->covered_fu : 0;
}

static double needed_grafts(const struct way *way, bool with_grafts)
{
    double sum = 0;
    for (size_t c = 0; c < way->at->cell_count; c++) {
        const double grafted = with_grafts ? way->course->grafts[c] + way->fresh[c] : 0;
        sum += lacks(way, c, grafted) * way->at->cells[c].cm2;
    }
    return sum / survival(way);
}

// The same where it covers still but has begun to thin: a first session treats "the thinning, or
// bald, areas" (bernsteinmedical.com), and the hair that is going is not counted on.
static double thins(const struct way *way, size_t c, double grafted)
{
    const struct smp_cell_of_scalp *cell = &way->at->cells[c];
    const bool thinning = !cell->scar && way->course->left[c] < 1 - way->at->noticed_self;
    const double lack = (1 + reserve) * way->covered_fu - grafted;
    return thinning && lack > 0 ? lack : 0;
}

struct stock { // of one operation, grafts
    double budget, donor;
};

// Front first, each place as densely as one session allows, until the grafts are gone; and only
// where those that are left in the donor can finish it, for a place half done covers nothing.
static void set_grafts(struct way *way, struct stock *stock,
                       double (*wanted)(const struct way *, size_t, double))
{
    const double grows = survival(way);
    for (size_t c = 0; c < way->at->cell_count && stock->budget > 0; c++) {
        const double cm2 = way->at->cells[c].cm2;
        const double lack = way->fresh[c] > 0 ? 0 : wanted(way, c, way->course->grafts[c]);
        const double whole = lack / grows * cm2;
        if (!(lack > 0) || whole > stock->donor)
            continue;
        stock->donor -= whole;
        const double set =
            fmin(fmin(lack / grows, way->draw->x[SMP_IN_PACKING]), stock->budget / cm2);
        way->fresh[c] = set * grows;
        stock->budget -= set * cm2;
    }
}

static void operate(struct way *way, double years)
{
    const struct smp_prospect *at = way->at;
    const double had = fmin(way->donor.session[way->parts->surgery], way->grafts_left);
    struct stock stock = { had, way->grafts_left };
    for (size_t c = 0; c < at->cell_count; c++) {
        way->course->grafts[c] += way->fresh[c]; // those of the last time have grown
        way->fresh[c] = 0;
    }
    set_grafts(way, &stock, lacks);
    set_grafts(way, &stock, thins);
    const double used = had - stock.budget;
    const double price =
        smp_span_at(at->graft_price[way->parts->surgery], way->draw->x[SMP_IN_GRAFT_PRICE]);
    way->grafts_left -= used;
    way->grafts += used;
    way->operations++;
    way->sessions++;
    way->since = years;
    way->cost += price * (at->graft_by_course[way->parts->surgery] ? 1 : used);
    way->hours += way->draw->x[SMP_IN_SURGERY_HOURS];
    way->days += way->draw->x[SMP_IN_SURGERY_OFF];
    if (way->parts->surgery == SMP_SURGERY_FUE && at->donor_cm2 > 0)
        way->donor_density_lost += used / at->donor_cm2;
}

static void consider_operation(struct way *way, double years)
{
    if (way->parts->surgery == SMP_SURGERY_NONE || way->operations >= SURGERIES_MAX ||
        (way->operations && years - way->since < surgery_gap_years))
        return;
    if (fmin(way->grafts_left, needed_grafts(way, true)) >= surgery_least)
        operate(way, years);
}

// ---- Dots ---------------------------------------------------------------------------------------

static void dot_scar(struct way *way, double years)
{
    // 9 to 12 months after the strip, so in the year after it
    if (!way->operations || way->dotted_at >= way->since || years < way->since + 0.5)
        return;
    const double sessions = way->draw->x[SMP_IN_SCAR_SESSIONS];
    way->dotted_at = years;
    way->sessions += sessions;
    way->cost +=
        sessions * smp_span_at(way->at->touch_up_price, way->draw->x[SMP_IN_TOUCH_UP_PRICE]);
    way->hours += sessions * way->draw->x[SMP_IN_SCAR_HOURS];
    way->days += sessions * way->draw->x[SMP_IN_SMP_OFF];
}

static double log_mm(double mm)
{
    return log(smp_clamp(mm, 50, never_mm));
}

// By the logarithm between the span's ends.
double smp_casual_mm(const struct smp_dots_course *dots, size_t age, double z)
{
    const struct smp_span *told = &dots->casual_mm[age];
    const struct smp_span span = { log_mm(told->low), log_mm(told->value), log_mm(told->high) };
    return exp(smp_span_at(span, z));
}

// Distance from which dots of that age read as stubble.
static double casual_mm(const struct way *way, double age_years)
{
    const struct smp_dots_course *dots = way->at->params.dots;
    size_t i = SMP_AT_HEALED;
    while (i + 2 < SMP_MATCH_AGE_COUNT && smp_match_age_years[i + 1] < age_years)
        i++;
    const double z = way->draw->x[SMP_IN_DOTS];
    const double mm[2] = { log(smp_casual_mm(dots, i, z)), log(smp_casual_mm(dots, i + 1, z)) };
    const double from = smp_match_age_years[i], to = smp_match_age_years[i + 1];
    return exp(mm[0] + smp_clamp((age_years - from) / (to - from), 0, 1) * (mm[1] - mm[0]));
}

static bool reads(const struct way *way, double age_years)
{
    return casual_mm(way, age_years) <= 1000 * way->draw->x[SMP_IN_VIEW];
}

// Touched up when it is forecast, or when the dots that once passed no longer do; never sooner than
// is done in practice. Whose dots match less well needs it sooner.
static bool touch_up_due(const struct way *way, double age_years)
{
    const struct smp_prospect *at = way->at;
    const double due =
        smp_clamp(smp_span_at(at->params.dots->touch_up_years, -way->draw->x[SMP_IN_DOTS]),
                  at->touch_up_low, at->touch_up_high);
    return age_years >= due ||
           (age_years >= at->touch_up_low && !reads(way, age_years) && reads(way, 0));
}

// The plan's own hours, as far off as the trade's are.
double smp_course_hours(const struct smp_prospect *prospect, double z)
{
    const struct smp_span *trade = &prospect->spans[SMP_IN_SMP_HOURS];
    const struct smp_dots_course *dots = prospect->params.dots;
    return dots ? dots->minutes / 60 * smp_span_at(*trade, z) / fmax(trade->value, 0.1) : 0;
}

static void dot_scalp(struct way *way, double years)
{
    const struct smp_dots_course *dots = way->at->params.dots;
    const double *x = way->draw->x;
    if (!dots)
        return;
    const bool first = way->dotted_at < 0;
    if (!first && !touch_up_due(way, years - way->dotted_at))
        return;
    const double sessions = fmax(dots->sessions, 1);
    const double course_hours = smp_course_hours(way->at, x[SMP_IN_SMP_HOURS]);
    for (size_t c = 0; c < way->at->cell_count; c++) {
        // a touch-up goes where hair went meanwhile
        const bool thin = lacks(way, c, way->course->grafts[c]) > 0;
        way->course->dots[c] =
            !first && thin ? 1 : fmax(way->course->dots[c], way->at->cells[c].dots_share);
    }
    way->dotted_at = years;
    way->sessions += first ? sessions : 1;
    way->hours += course_hours / (first ? 1 : sessions);
    way->days += x[SMP_IN_SMP_OFF] * (first ? sessions : 1);
    way->cost += first ? smp_span_at(way->at->course_price, x[SMP_IN_SMP_PRICE])
                       : smp_span_at(way->at->touch_up_price, x[SMP_IN_TOUCH_UP_PRICE]);
}

// ---- What is seen -------------------------------------------------------------------------------

// Of the scalp, worn shaved or grown.
static double cover(const struct way *way, double years, double grey, bool shaved)
{
    const struct smp_prospect *at = way->at;
    const bool dotted = way->parts->dots == SMP_DOTS_PLAN && way->dotted_at >= 0;
    const bool stubble = dotted && grey * 100 <= way->draw->x[SMP_IN_GREY_LIMIT] &&
                         reads(way, years - way->dotted_at);
    const double growing = way->operations ? grown(at, years - way->since) : 0;
    const double under = fmin(way->draw->x[SMP_IN_UNDER], way->donor.covered);
    double sum = 0;
    for (size_t c = 0; c < at->cell_count; c++) {
        const double grafts = way->course->grafts[c] + growing * way->fresh[c];
        const double value =
            (way->hairs[c] + grafts * way->donor.hairs) * way->donor.calibre_mm + 1e-9;
        double share = value >= way->donor.covered ? 1 : 0;
        if (dotted && share < 1 && (shaved ? stubble : value >= under))
            share = way->course->dots[c];
        sum += share * at->cells[c].cm2;
    }
    return sum / at->scalp_cm2;
}

static double best_cover(const struct way *way, double years, double grey)
{
    if (way->parts->dots != SMP_DOTS_PLAN) // own hair and grafts only
        return cover(way, years, grey, false);
    const double shaved = way->at->may_shave ? cover(way, years, grey, true) : 0;
    const double grown_out = way->at->may_grow ? cover(way, years, grey, false) : 0;
    return fmax(shaved, grown_out);
}

static double above_0(double value)
{
    return value > 0 ? value : 0;
}

static void note_year(struct way *way, int year)
{
    const struct smp_prospect *at = way->at;
    double *row = way->course->at[year];
    const double grey = smp_grey_share(&at->grey, way->grey_onset, at->params.from->age + year);
    const double growing = way->operations ? grown(at, year - way->since) : 0;
    for (int m = 0; m < SMP_M_COVER; m++)
        row[m] = 0;
    for (size_t c = 0; c < at->cell_count; c++) {
        const struct smp_cell_of_scalp *cell = &at->cells[c];
        const double grafts = way->course->grafts[c] + growing * way->fresh[c];
        const double lost = cell->donor ? way->donor_density_lost : 0;
        const double fu = way->course->left[c] * cell->native_fu + grafts - lost;
        const double hairs = way->hairs[c] + (grafts - lost) * way->donor.hairs;
        row[SMP_M_FU + (int)cell->region] += cell->share * above_0(fu);
        row[SMP_M_HAIRS + (int)cell->region] += cell->share * above_0(hairs);
    }
    row[SMP_M_COVER] = way->parts->piece && year > 0 ? 1 : best_cover(way, year, grey);
    row[SMP_M_GREY] = grey;
    row[SMP_M_COST] = way->cost;
    row[SMP_M_HOURS] = way->hours;
    row[SMP_M_DAYS] = way->days;
}

// ---- The whole ----------------------------------------------------------------------------------

double smp_drug_response(const struct smp_medication *medication, double z)
{
    const double cv = medication->response_cv, sigma = sqrt(log1p(cv * cv));
    return exp(sigma * z - sigma * sigma / 2);
}

double smp_stop_years(const struct smp_drug *drug, double share)
{
    return -drug->stop_months / 12 * log1p(-share);
}

static void start(struct way *way)
{
    const struct smp_prospect *at = way->at;
    const double *x = way->draw->x;
    const struct smp_case *from = at->params.from;
    way->donor = smp_donor_of(at, way->draw);
    way->grafts_left = way->donor.lifetime;
    way->covered_fu = way->donor.covered / (way->donor.hairs * way->donor.calibre_mm);
    way->speed = smp_speed_at(&at->speed, x[SMP_IN_SPEED]);
    way->grey_onset =
        smp_grey_onset(&at->grey, from->age, from->person.grey_percent, x[SMP_IN_GREY]);
    way->dotted_at = -1;
    way->stops_years = (double)INFINITY;
    if (way->parts->drug == SMP_TREAT_PLACEBO)
        return;
    way->drug = &at->medication.drugs[way->parts->drug];
    way->gain_per_cm2 =
        smp_drug_response(&at->medication, x[SMP_IN_RESPONSE]) *
        fmax(way->drug->gain_per_cm2 + x[SMP_IN_GAIN] * way->drug->gain_se_per_cm2, 0);
    if (at->taken == way->parts->drug)
        way->gain_per_cm2 = 0; // it has had its gain
    if (x[SMP_IN_STOP] < way->drug->stop_share)
        way->stops_years = smp_stop_years(way->drug, x[SMP_IN_STOP_WHEN]);
}

// What a year of upkeep takes, from `year` to the next.
static void keep_up(struct way *way, double year)
{
    const struct smp_prospect *at = way->at;
    const double *x = way->draw->x;
    if (way->drug) {
        const double taken = taken_years(way, year + 1) - taken_years(way, year);
        const enum smp_treatment drug = way->parts->drug;
        way->cost += taken * smp_span_at(at->drug_price[drug], x[SMP_IN_DRUG_PRICE]);
        way->hours += taken * smp_span_at(at->drug_hours[drug], x[SMP_IN_DRUG_HOURS]);
    }
    if (way->parts->piece) {
        way->cost += smp_span_at(at->piece_price, x[SMP_IN_PIECE_PRICE]);
        way->hours += x[SMP_IN_PIECE_HOURS];
    }
    const bool bare = at->params.from->loss.kind == SMP_LOSS_TOTALIS; // nothing to shave
    if (way->parts->dots == SMP_DOTS_PLAN && at->may_shave && !bare)
        way->hours += x[SMP_IN_SHAVE_HOURS];
}

void smp_simulate(struct smp_course *course, const struct smp_prospect *prospect,
                  const struct smp_parts *parts, const struct smp_draw *draw, int years)
{
    struct way way = { .course = course, .at = prospect, .parts = parts, .draw = draw };
    for (size_t c = 0; c < prospect->cell_count; c++)
        course->grafts[c] = course->dots[c] = 0;
    start(&way);
    for (int year = 0; year <= years; year++) {
        own_hair(&way, year);
        note_year(&way, year); // before anything of this year is done: year 0 is today
        if (year == years)
            break;
        consider_operation(&way, year);
        if (parts->dots == SMP_DOTS_PLAN) // six months and more after an operation
            dot_scalp(&way, parts->surgery == SMP_SURGERY_NONE ? year : year + 0.9);
        if (parts->dots == SMP_DOTS_SCAR)
            dot_scar(&way, year + 0.9);
        keep_up(&way, year);
    }
    for (size_t c = 0; c < prospect->cell_count; c++)
        course->grafts[c] += way.operations ? grown(prospect, years - way.since) * way.fresh[c] : 0;
    course->total[SMP_T_GRAFTS] = way.grafts;
    course->total[SMP_T_SESSIONS] = way.sessions;
    course->total[SMP_T_DONOR] = way.donor.lifetime;
    memset(way.fresh, 0, sizeof way.fresh);
    course->total[SMP_T_NEEDED] =
        parts->surgery == SMP_SURGERY_NONE ? 0 : needed_grafts(&way, false);
}
