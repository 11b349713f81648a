/* How much lower than usual lines of pictured pages stand; see layout.h.
 *
 * What parts a line from the one above is measured against the lines near it that go on a paragraph: their distance is
 * the page's own rule, which may change from top to bottom by what is left of a perspective or a bow of the paper, and how
 * they spread says how noisy the page is. So neither the picture's scale nor its slant matters, and a page whose lines do
 * not go on, or not evenly, is not measured.
 *
 * In Chinese papers paragraphs follow each other at the same distance, or stand lower by the shift. Elsewhere there is
 * room between them, which nobody knows beforehand: it is known where both of two distances are met that lie a shift
 * apart, among the same kind of neighbours. Where but one of them is met, none of its lines is said anything of. */
#include <math.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "reader/layout.h"

#define RULE_LEAST  4U  /* distances within paragraphs, for a page to have a rule */
#define DRIFT_LEAST 8U  /* … that drifts */
#define NEAR_MOST   16U /* of them, the nearest, say what is usual at a place */
#define NOISIER \
    1.6 /* standard deviations in the middle of all offs: 1.48, and a little for those they were fitted to */
#define ROUNDS      4   /* of the fit of it, each without what lay too far off in the one before */
#define FAR         3.0 /* standard deviations */
#define NOISE_LEAST 0.010 /* ems: a distance is in doubt by at the least … */
#define NOISE_MOST  0.045 /* … and said nothing of beyond: less than half a shift */
#define NEAR_EMS    0.16  /* what is less above the rule may be a shift of it */
#define ROOM_MOST   2.5   /* ems: more room than that has other reasons */
#define STEPS_MOST  512U  /* of a page */
#define UNLIKE      0.12F /* in height: letters of another size … */
#define ODD_HEIGHT  1.6F  /* … or ruled lines about them */
#define APART_LEAST 0.7   /* of the shift: how far two distances lie apart … */
#define APART_MOST  1.3   /* … for one to be the other's shift */

/* From one line to the next. */
struct step {
    struct reader_line *line;
    double y, ems;        /* where, and by how much; ems: then above the rule */
    double noise;         /* as the lines say */
    double usual, unsure; /* by the page's rule */
    unsigned kind;        /* of neighbours; 0: the line goes on a paragraph */
    bool out;             /* does not count for the rule */
};
enum { GOES_ON, AFTER_TEXT, AFTER_TITLE, AFTER_LARGER, AFTER_SMALLER };

static bool is_full_stop(uint32_t code)
{
    static const uint32_t STOPS[] = {'.',    ';',    ':',    '!',    '?',    ',', 0x3002, 0xFF1B,
                                     0xFF1A, 0xFF01, 0xFF1F, 0xFF0C, 0x201D, '"', ')',    0xFF09};
    for (size_t i = 0; i < sizeof STOPS / sizeof *STOPS; i++)
        if (code == STOPS[i])
            return true;
    return false;
}

/* A heading, by its looks: a paragraph of one line that ends without a mark. */
static bool is_title(const struct reader_line *line)
{
    size_t end = layout_end(line);
    return line->begins && end && !is_full_stop(line->chars[end - 1].code);
}

static unsigned kind_of(const struct reader_line *line, const struct reader_line *before)
{
    float larger = before->height - line->height;
    if (fabsf(larger) > UNLIKE * line->height)
        return larger > 0 ? AFTER_LARGER : AFTER_SMALLER;
    return !line->begins ? GOES_ON : is_title(before) ? AFTER_TITLE : AFTER_TEXT;
}

static bool is_measured(const struct reader_line *line)
{
    return !line->aside && !line->note && !line->in_table && line->height > 0 && line->size > 0;
}

static size_t list_steps(const struct reader_page *page, struct step *steps)
{
    size_t count = 0;
    for (size_t i = 1; i < page->nlines && count < STEPS_MOST; i++) {
        struct reader_line *line = &page->lines[i];
        const struct reader_line *before = layout_line_before(page, i);
        if (!before || !is_measured(line) || !is_measured(before) || line->left > before->right ||
            before->left > line->right)
            continue;
        float high = line->base - before->base;
        unsigned kind = kind_of(line, before);
        if (high < 0.5F * line->size || (!line->begins && kind != GOES_ON) ||
            fmaxf(line->height, before->height) > ODD_HEIGHT * fminf(line->height, before->height))
            continue;
        steps[count++] =
            (struct step){.line = line,
                          .y = (double)(line->base + before->base) / 2,
                          .ems = (double)(high / line->size),
                          .noise = (double)(hypotf(line->noise, before->noise) / line->size),
                          .kind = kind};
    }
    return count;
}

/* --- a page's rule ---------------------------------------------------------------------------------------- */

/* What the distances of a page's lines are: `at` on the whole, letters noisier by `noisier` than they said. */
struct rule {
    double at, noisier;
};

/* As far from y as so many distances lie that count; *count gets how many do. */
static double reach_of(const struct step *steps, size_t nsteps, double y, size_t *count)
{
    double offs[STEPS_MOST];
    *count = 0;
    for (size_t i = 0; i < nsteps; i++)
        if (!steps[i].out)
            offs[(*count)++] = fabs(steps[i].y - y);
    (void)layout_median(offs, *count);
    return *count ? offs[*count < NEAR_MOST ? *count - 1 : NEAR_MOST - 1] * 1.1 + 1 : 0;
}

/* What is usual at a step's height: straight through the distances near it, the nearer the weightier; and how surely that is
 * known, letters being as noisy as they said. */
static void fit_near(const struct step *steps, size_t nsteps, struct step *at)
{
    size_t count;
    double reach = reach_of(steps, nsteps, at->y, &count);
    double w = 0;
    double wy = 0;
    double wyy = 0;
    double we = 0;
    double wye = 0;
    for (size_t i = 0; i < nsteps; i++) {
        const struct step *s = &steps[i];
        double y = (s->y - at->y) / reach;
        if (s->out || fabs(y) >= 1)
            continue;
        double weight = (1 - y * y) / (s->noise * s->noise);
        w += weight;
        wy += weight * y;
        wyy += weight * y * y;
        we += weight * s->ems;
        wye += weight * y * s->ems;
    }
    double spread = w * wyy - wy * wy;
    bool drifts = count >= DRIFT_LEAST && spread > 1e-6 * w * w;
    at->usual = drifts ? (wyy * we - wy * wye) / spread : we / w;
    at->unsure = sqrt(drifts ? wyy / spread : 1 / w);
}

/* How noisy a page is, by how far its lines lie off what is usual near them; those that lie too far off do not count. */
static void leave_out(struct step *steps, size_t count, struct rule *rule)
{
    double offs[STEPS_MOST];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (steps[i].kind == GOES_ON)
            offs[n++] = fabs(steps[i].ems - steps[i].usual) / steps[i].noise;
    rule->noisier = fmax(NOISIER * layout_median(offs, n), 1);
    for (size_t i = 0; i < count; i++)
        steps[i].out = steps[i].kind != GOES_ON ||
                       fabs(steps[i].ems - steps[i].usual) > FAR * rule->noisier * steps[i].noise;
}

static bool find_rule(struct step *steps, size_t count, struct rule *rule)
{
    double values[STEPS_MOST];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        steps[i].out = steps[i].kind != GOES_ON;
        if (!steps[i].out)
            values[n++] = steps[i].ems;
    }
    rule->at = layout_median(values, n);
    for (size_t i = 0; i < count; i++)
        steps[i].usual = rule->at;
    for (int round = 0; n >= RULE_LEAST && round < ROUNDS; round++) {
        leave_out(steps, count, rule);
        n = 0;
        for (size_t i = 0; i < count; i++)
            n += !steps[i].out;
        for (size_t i = 0; n >= RULE_LEAST && i < count; i++)
            fit_near(steps, count, &steps[i]);
    }
    return n >= RULE_LEAST;
}

/* --- lines ------------------------------------------------------------------------------------------------- */

static void say(const struct step *step, double usual)
{
    if (step->noise > NOISE_MOST)
        return;
    step->line->lower = (float)(step->ems - usual);
    step->line->lower_noise = (float)step->noise;
}

static int by_kind(const void *a, const void *b)
{
    const struct step *one = a;
    const struct step *other = b;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return one->ems < other->ems ? -1 : one->ems > other->ems;
}

/* How many of sorted steps of one kind lie together with the first. */
static size_t count_together(const struct step *steps, size_t count, double *middle)
{
    size_t n = 1;
    double sum = steps[0].ems;
    while (n < count && steps[n].kind == steps[0].kind &&
           steps[n].ems - sum / (double)n < 0.4 * PAPER_LINE_EMS) {
        sum += steps[n].ems;
        n++;
    }
    *middle = sum / (double)n;
    return n;
}

/* Room between paragraphs, of sorted steps: where two distances a shift apart are met. */
static void judge_rooms(const struct step *steps, size_t count)
{
    for (size_t from = 0; from < count;) {
        double usual;
        double more = 0;
        size_t same = count_together(steps + from, count - from, &usual);
        size_t next = from + same;
        size_t lower = next < count && steps[next].kind == steps[from].kind
                           ? count_together(steps + next, count - next, &more)
                           : 0;
        if (lower && more - usual > APART_LEAST * PAPER_LINE_EMS &&
            more - usual < APART_MOST * PAPER_LINE_EMS) {
            for (size_t i = from; i < next + lower; i++)
                say(&steps[i], usual);
            from = next + lower;
        } else {
            from = next;
        }
    }
}

/* A page with a rule. */
struct ruled_page {
    struct step *steps;
    size_t count;
    struct rule rule;
};

/* In ems above the rule, `em` of which one distance takes: of all pages alike, since a page's own em is known less well
 * than its rule. */
static void hold_against_rule(struct ruled_page *page, double em)
{
    const struct rule *rule = &page->rule;
    for (size_t i = 0; i < page->count; i++) {
        struct step *s = &page->steps[i];
        double noise = rule->noisier * hypot(s->noise, s->unsure);
        s->noise = hypot(noise, NOISE_LEAST);
        s->ems = (s->ems / s->usual - 1) * em;
    }
}

static size_t find_rules(struct reader *reader, struct ruled_page *pages)
{
    size_t count = 0;
    for (size_t p = 0; p < reader->npages; p++) {
        struct reader_page *page = &reader->pages[p];
        struct ruled_page *own = &pages[count];
        if (!page->pictured)
            continue;
        own->steps = arena_array(reader->arena, page->nlines + 1, struct step);
        own->count = list_steps(page, own->steps);
        count += find_rule(own->steps, own->count, &own->rule);
    }
    return count;
}

static double middle_rule(struct arena *arena, const struct ruled_page *pages, size_t count)
{
    double *rules = arena_array(arena, count + 1, double);
    for (size_t i = 0; i < count; i++)
        rules[i] = pages[i].rule.at;
    return layout_median(rules, count);
}

void layout_measure_pictured(struct reader *reader)
{
    struct ruled_page *pages = arena_array(reader->arena, reader->npages + 1, struct ruled_page);
    size_t npages = find_rules(reader, pages);
    double em = middle_rule(reader->arena, pages, npages);
    size_t room = 0;
    for (size_t p = 0; p < npages; p++)
        room += pages[p].count;
    struct step *apart = arena_array(reader->arena, room + 1, struct step);
    size_t count = 0;
    for (size_t p = 0; p < npages; p++) {
        hold_against_rule(&pages[p], em);
        for (size_t i = 0; i < pages[p].count; i++) {
            const struct step *s = &pages[p].steps[i];
            if (fabs(s->ems) < NEAR_EMS)
                say(s, 0);
            else if (s->kind != GOES_ON && s->ems > 0 && s->ems < ROOM_MOST)
                apart[count++] = *s;
        }
    }
    qsort(apart, count, sizeof *apart, by_kind);
    judge_rooms(apart, count);
}
