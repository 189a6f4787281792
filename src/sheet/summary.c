// Client summary: simulated pictures, the plan in plain words, warnings, what SMP cannot do.
#include "sheet/sheet_impl.h"

#include <math.h>
#include <string.h>

static const struct smp_type h2 = { 10.5, SMP_SEMIBOLD, 0.07, SMP_LEFT };
static const struct smp_type body = { 8.4, SMP_REGULAR, 0.13, SMP_LEFT };
static const struct smp_type note = { 7.2, SMP_REGULAR, 0.3, SMP_LEFT };

// ---- Pictures ---------------------------------------------------------------------------------

// As large as the box takes it, from the top; flush left or right with the box, so that two of a
// pair stand side by side in the middle of the page.
static void draw_picture(struct smp_page *page, const struct smp_image *image, struct smp_rect box,
                         bool right, const char *caption)
{
    static const double dpi = 200; // enough for the eye, and small files
    const double scale = fmin(box.w / (double)image->width_px, box.h / (double)image->height_px);
    const double w = scale * (double)image->width_px, h = scale * (double)image->height_px;
    const double x = right ? box.x + box.w - w : box.x, y = box.y;
    smp_picture_put(page, image, (struct smp_rect){ x, y, w, h }, dpi);
    smp_text_line(page, x, y + h + 4, w, (struct smp_type){ 8, SMP_MEDIUM, 0.07, SMP_LEFT },
                  caption);
}

// ---- Key figures ------------------------------------------------------------------------------

// Of a plan that goes on, what is still to come.
struct to_come {
    size_t dots;
    int sessions;
    double minutes, price_low, price_high;
};

static struct to_come to_come(const struct smp_plan *plan)
{
    const int done = plan->continued.sessions_done;
    struct to_come left = { .sessions = plan->sessions - done };
    const double share =
        plan->price_per_session ? (double)left.sessions / (double)plan->sessions : 1;
    for (int k = done; k < plan->sessions; k++) {
        left.minutes += plan->session[k].minutes;
        left.dots += plan->session[k].dots;
    }
    left.price_low = share * plan->price_low;
    left.price_high = share * plan->price_high;
    return left;
}

static double draw_figures(struct smp_page *page, double y)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const struct to_come left = to_come(plan);
    const bool on = plan->continued.sessions_done > 0;
    const bool whole_price = on && !plan->price_per_session;
    const char *currency = plan->from->currency ? plan->from->currency : "";
    const struct {
        const char *big, *small;
        double share;
    } cells[5] = {
        { smp_thousands(page, on ? left.dots : plan->dot_count),
          on ? smp_say(page, "dots to come, of %s", smp_thousands(page, plan->dot_count))
             : "dots, set one by one",
          0.18 },
        { smp_say(page, "%.0f cm²", plan->treated_cm2), "of scalp treated", 0.17 },
        { smp_say(page, "%d", left.sessions),
          on                   ? smp_say(page, "sessions left, of %d", plan->sessions)
          : left.sessions == 1 ? "session"
                               : "sessions",
          0.13 },
        { smp_say(page, "%.1f hours", left.minutes / 60), "in the chair, breaks included", 0.21 },
        { smp_say(page, "%s %s–%s", currency,
                  smp_thousands(page, (size_t)fmax(0, round(left.price_low))),
                  smp_thousands(page, (size_t)fmax(0, round(left.price_high)))),
          whole_price ? "price range of the whole course"
          : plan->price_grade
              ? smp_say(page, "price range, evidence of grade %s", plan->price_grade)
              : "price range, weak evidence",
          0.31 },
    };
    const double inner = smp_page_inner_mm(page);
    double x = SMP_MARGIN_MM;
    for (int i = 0; i < 5; i++) {
        const double w = inner * cells[i].share;
        smp_text_line(page, x, y + 6, w - 4, (struct smp_type){ 16, SMP_SEMIBOLD, 0.07, SMP_LEFT },
                      cells[i].big);
        smp_text_line(page, x, y + 10.4, w - 4, (struct smp_type){ 8, SMP_REGULAR, 0.27, SMP_LEFT },
                      cells[i].small);
        x += w;
    }
    return y + 13.5;
}

// ---- Warnings ---------------------------------------------------------------------------------

static const double after_warning_mm = 2.6, more_line_mm = 2.7;

static const char *warning_title(struct smp_page *page, const struct smp_warning *w)
{
    char *words = smp_strdup(page->arena, w->id ? w->id : "warning");
    if (!words) {
        page->code = SMP_E_NOMEM;
        return "";
    }
    for (char *c = words; *c; c++) {
        if (*c == '-' || *c == '_')
            *c = ' ';
    }
    const char *title = smp_upper_first(page, words);
    if (!w->zone || strncmp(words, w->zone, strlen(w->zone)) == 0) // "hairline low" says where
        return title;
    return smp_say(page, "%s, %s", title, w->zone);
}

static const char *plain(struct smp_page *page, double value)
{
    return fabs(value) >= 100 ? smp_say(page, "%.0f", value) : smp_say(page, "%.3g", value);
}

static const char *warning_figures(struct smp_page *page, const struct smp_warning *w)
{
    const char *unit = w->unit ? w->unit : "";
    if (strncmp(unit, "share", 5) == 0) // 0.21, "share of the skin": 21 % of the skin
        return smp_say(page, "%s %%%s (limit %s %%)", plain(page, 100 * w->value), unit + 5,
                       plain(page, 100 * w->limit));
    return smp_say(page, "%s%s%s (limit %s)", plain(page, w->value), unit[0] ? " " : "", unit,
                   plain(page, w->limit));
}

// Draws (or, unless `ink`, only measures) one warning.
static double draw_warning(struct smp_page *page, double x, double y, double w,
                           const struct smp_warning *warning, bool ink)
{
    const char *advice = warning->advice ? warning->advice : "";
    const char *source = warning->source ? warning->source : "";
    const double inset = 5, text_w = w - inset;
    const double advice_h = smp_text_height(page, text_w, body, advice);
    const double source_h = source[0] ? smp_text_height(page, text_w, note, source) : 0;
    if (ink) {
        cairo_t *cr = page->cr;
        cairo_move_to(cr, x + 1.6, y + 0.9);
        cairo_line_to(cr, x + 3.2, y + 3.7);
        cairo_line_to(cr, x, y + 3.7);
        cairo_close_path(cr);
        cairo_set_source_rgb(cr, 0.07, 0.07, 0.07);
        cairo_fill(cr);
        const char *figures = warning_figures(page, warning);
        const double used = smp_text_line(page, x + inset, y + 3.6, text_w * 0.56,
                                          (struct smp_type){ 8.8, SMP_SEMIBOLD, 0.07, SMP_LEFT },
                                          warning_title(page, warning));
        smp_text_line(page, x + inset + used + 3, y + 3.6, text_w - used - 3,
                      (struct smp_type){ 8.4, SMP_MEDIUM, 0.07, SMP_RIGHT }, figures);
        smp_text_box(page, x + inset, y + 4.6, text_w, body, advice);
        if (source_h > 0)
            smp_text_box(page, x + inset, y + 4.8 + advice_h, text_w, note, source);
    }
    return 4.8 + advice_h + source_h + after_warning_mm;
}

static double rest_height(struct smp_page *page, double w, size_t from)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    double sum = 0;
    for (size_t i = from; i < plan->warning_count; i++)
        sum += draw_warning(page, 0, 0, w, &plan->warnings[i], false);
    return sum;
}

// Warnings from `from` on, as many as the room takes (on further pages at least one); returns the
// first one left over. Where some are left over, room is kept for the line that says so.
static size_t draw_warnings(struct smp_page *page, struct smp_rect box, size_t from, bool first,
                            double *end)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    double y = box.y;
    smp_text_line(page, box.x, y + 3.5, box.w, h2,
                  from                  ? "Warnings, continued"
                  : plan->warning_count ? "Warnings"
                                        : "Checks");
    y += 6.5;
    if (plan->warning_count == 0) {
        y += smp_text_box(page, box.x, y, box.w, body,
                          "No check of the plan objects. That is no promise of a result.");
    }
    const double bottom = box.y + box.h;
    const bool all = y + rest_height(page, box.w, from) <= bottom + after_warning_mm;
    size_t i = from;
    for (; i < plan->warning_count; i++) {
        const double h = draw_warning(page, box.x, y, box.w, &plan->warnings[i], false);
        if (!all && y + h > bottom - more_line_mm && (first || i > from))
            break;
        y += draw_warning(page, box.x, y, box.w, &plan->warnings[i], true);
    }
    if (i < plan->warning_count) {
        smp_text_line(page, box.x + 5, y + more_line_mm - 0.7, box.w - 5, note,
                      i ? smp_say(page, "%zu more on the next page", plan->warning_count - i)
                        : smp_say(page, "%zu warnings on the next page", plan->warning_count));
        y += more_line_mm + after_warning_mm;
    }
    *end = y;
    return i;
}

// ---- What to know -----------------------------------------------------------------------------

static double draw_list(struct smp_page *page, double x, double y, double w, const char *title,
                        const char *const *items)
{
    smp_text_line(page, x, y + 3.5, w, h2, title);
    y += 6.5;
    for (; *items; items++) {
        cairo_new_path(page->cr);
        cairo_arc(page->cr, x + 1, y + 1.9, 0.5, 0, 2 * SMP_PI);
        cairo_set_source_rgb(page->cr, 0.07, 0.07, 0.07);
        cairo_fill(page->cr);
        y += smp_text_box(page, x + 3.6, y, w - 3.6, body, *items) + 1;
    }
    return y + 2.5;
}

static const char *shares(struct smp_page *page)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const int done = plan->continued.sessions_done;
    const size_t dots = to_come(plan).dots;
    const char *text = "";
    for (int k = done; k < plan->sessions; k++) {
        const double share = 100 * (double)plan->session[k].dots / (double)(dots ? dots : 1);
        const char *between = k == done ? "" : k + 1 == plan->sessions ? " and " : ", ";
        text = smp_say(page, "%s%s%.0f %%", text, between, share);
    }
    return text;
}

// What is done of a plan that goes on, and what is to come.
static const char *next_steps(struct smp_page *page)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const size_t *came = plan->continued.came[SMP_ZONE_NONE];
    const struct to_come left = to_come(plan);
    const int done = plan->continued.sessions_done;
    const size_t seen = came[SMP_CAME_DONE] + came[SMP_CAME_EXTRA];
    const char *start = smp_say(
        page, "%d of %d sessions %s done: %s dots are in the skin, %s of them seen in photos%s.",
        done, plan->sessions, done == 1 ? "is" : "are",
        smp_thousands(page, plan->dot_count - left.dots), smp_thousands(page, seen),
        plan->dot_count - left.dots > seen ? ", the rest taken as done" : "");
    return left.sessions == 1
               ? smp_say(page, "%s All others are set in the next session.", start)
               : smp_say(page,
                         "%s The others are set in %d sessions: %s of them. Studios leave 10 to 30 "
                         "days between sessions (trade figures, grade C).",
                         start, left.sessions, shares(page));
}

// What photos of the dots say of how they will fade; NULL where none do.
static const char *own_forecast(struct smp_page *page)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const struct smp_follow *follow = &plan->continued.follow;
    if (!smp_follow_narrows(follow))
        return NULL;
    const struct smp_touch_up *t = &follow->after;
    const double narrower = follow->ages[SMP_FOLLOW_5Y].narrower_percent;
    double years = 0;
    for (size_t i = 0; i < follow->photo_count; i++)
        years = fmax(years, follow->photos[i].years);
    const char *last = years < 0.9 ? smp_say(page, "%.0f weeks", round(years * 365.25 / 7))
                                   : smp_say(page, "%.3g years", years);
    const char *says =
        narrower < 1 ? "they do not make the forecast any closer"
                     : smp_say(page,
                               "how dark the dots will be after 5 years is now known %.0f %% more "
                               "closely",
                               narrower);
    const char *worst = t->share_at_once > 0.05 ? "from the start"
                                                : smp_say(page, "after %.0f years", t->years.low);
    const char *more = t->share_beyond > 0.05 ? "more than " : "";
    const char *due =
        t->share_beyond >= 0.5
            ? smp_say(page, "after more than %.0f years, at worst %s", t->years.high, worst)
            : smp_say(page, "after about %.0f years, at worst %s, at best after %s%.0f",
                      t->years.median, worst, more, t->years.high);
    return smp_say(page,
                   "Measured in photos of your own dots (the last after %s): %s. By the model, a "
                   "touch-up is due %s.%s",
                   last, says, due,
                   follow->photo_count == 1 ? " Another photo later on will say more." : "");
}

// The plan in sentences: what is done, in which steps, how it will look at first.
static double draw_words(struct smp_page *page, double x, double y, double w)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    double low = HUGE_VAL, high = 0;
    for (size_t i = 0; i < plan->dot_count; i++) {
        low = fmin(low, plan->dots[i].diameter_um / 1000);
        high = fmax(high, plan->dots[i].diameter_um / 1000);
    }
    const char *steps =
        plan->continued.sessions_done ? next_steps(page)
        : plan->sessions == 1
            ? "All dots are set in one session. Several sessions are usual, so that skin can heal "
              "and show how it takes the pigment."
            : smp_say(page,
                      "The dots are set in %d sessions: %s of them. Studios leave 10 to 30 days "
                      "between sessions (trade figures, grade C).",
                      plan->sessions, shares(page));
    const char *pigment = plan->from->recipe.words;
    const char *const items[] = {
        steps,
        smp_say(page,
                "The hairline begins %.0f mm above the glabella, the spot between the eyebrows, "
                "measured on the skin.",
                plan->design->glabella_mm),
        smp_say(page,
                "Healed dots are %.2f to %.2f mm wide. Fresh ones look larger and darker for "
                "the first weeks.%s%s%s",
                low, high, pigment ? " Pigment proposed: " : "", pigment ? pigment : "",
                pigment ? "." : ""),
        own_forecast(page),
        NULL,
    };
    return draw_list(page, x, y, w, "In plain words", items);
}

// Length of the hair on the first two pictures; 0: shaved, or no pictures.
static double worn_mm(const struct smp_page *page)
{
    const struct smp_sheet_pictures *p = smp_of(page)->pictures;
    return p && p->before && p->after ? p->worn_mm : 0;
}

static double draw_know(struct smp_page *page, double x, double y, double w)
{
    // reference: published practice as graded in docs; figures in it are trade values, grade C to D
    const char *const cannot[] = {
        "Grow hair or stop its loss. If more is lost, the plan has to follow.",
        worn_mm(page) > 0 ? "Give length or volume: under hair, dots make thin places look less "
                            "bare, and no more. Where skin is bare, they look like shaved hair."
                          : "Look like long hair: it looks like hair shaved to the skin, kept "
                            "that short.",
        "Last unchanged: it fades, its colour may shift; touch-ups are usual after 3 to 5 years.",
        "Be wiped off: removal takes laser sessions and may not be complete.",
        "Promise these pictures: they are simulated, skin heals in its own way.",
        NULL,
    };
    static const char *const doctor[] = {
        "Keloids, skin disease or infection of the scalp, changing moles, blood thinners, "
        "diabetes, pregnancy, allergy to pigments or metals, recent scalp surgery.",
        NULL,
    };
    y = draw_list(page, x, y, w, "What SMP cannot do", cannot);
    return draw_list(page, x, y, w, "Ask a doctor first", doctor);
}

static const char *small_print(struct smp_page *page)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    return smp_say(
        page,
        "Price: %s%s%s; an estimate from a list your studio can edit, not an offer. Hours: at "
        "%.0f dots a minute. Planned figures are assumptions of grade C to D (practitioners, "
        "vendors, forums) unless marked otherwise. General information, not medical advice: "
        "consult a qualified technician. Plan %s, seed %llu: the same case, seed and version "
        "of stubble give the same plan again.",
        plan->price_source ? plan->price_source : "no source given",
        plan->price_grade ? ", grade " : "", plan->price_grade ? plan->price_grade : "",
        plan->from->dots_per_min, smp_of(page)->id, (unsigned long long)plan->from->seed);
}

// ---- Pages ------------------------------------------------------------------------------------

static double draw_top(struct smp_page *page)
{
    const struct smp_sheet_pictures *p = smp_of(page)->pictures;
    const double inner = smp_page_inner_mm(page), w = (inner - 6) / 2;
    const double tall = smp_page_bottom_mm(page) - SMP_TOP_MM > 235 ? 112 : 92;
    if (p && p->before && p->after) {
        const struct smp_plan *plan = smp_of(page)->plan;
        const int done = plan->continued.sessions_done;
        const double worn = worn_mm(page);
        const char *hair = worn > 0 ? smp_say(page, ", from above, hair of %.0f mm", worn) : "";
        const char *before =
            done ? smp_say(page, "Now, before session %d%s: simulated", done + 1, hair)
                 : smp_say(page, "Before%s: simulated", hair);
        const char *after =
            done ? smp_say(page, "After session %d, healed%s: simulated", plan->sessions, hair)
                 : smp_say(page, "After, healed%s: simulated", hair);
        draw_picture(page, p->before, (struct smp_rect){ SMP_MARGIN_MM, SMP_TOP_MM, w, tall }, true,
                     before);
        draw_picture(page, p->after,
                     (struct smp_rect){ SMP_MARGIN_MM + w + 6, SMP_TOP_MM, w, tall }, false, after);
        return SMP_TOP_MM + tall + 7;
    }
    const struct smp_rect box = { SMP_MARGIN_MM + (inner - 140) / 2, SMP_TOP_MM, 140, tall - 4 };
    smp_chart_draw(page, box, SMP_CHART_BLACK);
    smp_text_line(
        page, SMP_MARGIN_MM, SMP_TOP_MM + tall, inner,
        (struct smp_type){ 8, SMP_REGULAR, 0.27, SMP_CENTRE },
        smp_of(page)->plan->continued.sessions_done
            ? "Black: dots to come; grey: done. The scalp from above, face at the foot. No "
              "pictures "
              "were made."
            : "Where the dots go: the scalp from above, face at the foot. No pictures were made.");
    return SMP_TOP_MM + tall + 5;
}

static void draw_more(struct smp_page *page)
{
    const struct smp_sheet_pictures *p = smp_of(page)->pictures;
    int count = 0;
    while (p && count < 4 && p->more[count])
        count++;
    if (count == 0)
        return;
    smp_page_begin(page, "Your plan, further views", "All pictures are simulated, healed", false);
    const double w = (smp_page_inner_mm(page) - 6) / 2;
    const double h = (smp_page_bottom_mm(page) - SMP_TOP_MM) / 2 - 4;
    for (int i = 0; i < count; i++) {
        const int row = i / 2, column = i % 2;
        const struct smp_rect box = { SMP_MARGIN_MM + column * (w + 6), SMP_TOP_MM + row * (h + 4),
                                      w, h - 6 };
        const char *name = p->more_names[i];
        draw_picture(page, p->more[i], box, i % 2 == 0,
                     smp_say(page, "%s%s, healed: simulated", name ? name : "After",
                             worn_mm(page) > 0 ? ", shaved" : ""));
    }
    smp_page_end(page);
}

enum smp_code smp_draw_summary(struct smp_page *page, struct smp_err *err)
{
    (void)err;
    const struct smp_plan *plan = smp_of(page)->plan;
    const int done = plan->continued.sessions_done;
    smp_page_begin(page, "Your plan",
                   done ? smp_say(page, "Scalp micropigmentation, session %d of %d is next",
                                  done + 1, plan->sessions)
                        : "Scalp micropigmentation, simulated before anything is done",
                   false);
    double y = draw_top(page);
    smp_rule(page, SMP_MARGIN_MM, y, page->w_mm - SMP_MARGIN_MM, 0.2, 0.6);
    y = draw_figures(page, y + 2);
    smp_rule(page, SMP_MARGIN_MM, y, page->w_mm - SMP_MARGIN_MM, 0.2, 0.6);
    y += 4.5;
    const char *print = small_print(page);
    const double print_h = smp_text_height(page, smp_page_inner_mm(page), note, print);
    const double foot = smp_page_bottom_mm(page) - print_h;
    const double left_w = smp_page_inner_mm(page) * 0.56, x = SMP_MARGIN_MM + left_w + 9;
    double end = draw_words(page, SMP_MARGIN_MM, y, left_w);
    smp_page_check(page, end + print_h);
    size_t next = draw_warnings(
        page, (struct smp_rect){ SMP_MARGIN_MM, end, left_w, foot - 5 - end }, 0, true, &end);
    smp_page_check(page, draw_know(page, x, y, page->w_mm - SMP_MARGIN_MM - x) + print_h);
    smp_text_box(page, SMP_MARGIN_MM, foot - 0.5, smp_page_inner_mm(page), note, print);
    smp_page_end(page);
    while (next < plan->warning_count) {
        smp_page_begin(page, "Your plan", "Warnings, continued", false);
        const struct smp_rect box = { SMP_MARGIN_MM, SMP_TOP_MM, smp_page_inner_mm(page),
                                      smp_page_bottom_mm(page) - SMP_TOP_MM - 4 };
        next = draw_warnings(page, box, next, false, &end);
        smp_page_check(page, end - after_warning_mm);
        smp_page_end(page);
    }
    draw_more(page);
    return SMP_OK;
}
