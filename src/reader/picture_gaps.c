/* Gaps of a flat picture, measured well below a pixel.
 *
 * A gap that carries a mark is wider by an eighth of an em: five pixels here, less than Tesseract's boxes can tell, and
 * about as much as one letter's ink may lie off the middle of its room. So nothing is read off a pair of letters.
 *
 * Chinese: letters stand in rooms of one em. Between two marks of punctuation lies a run of them; the middles of their
 * ink, each known to 3 % of an em, fit a line of slope `pitch` through all of a run, and what a run stands further to
 * the right of the one before it than the pitch says is the gap of the mark between them. A line that is spread to
 * its margin has a pitch of its own, wider by some percent; over ten letters that is as much as a wider gap. So each
 * line's pitch is weighed by what its letters say and by what would make its gaps usual or wider ones, and what is left
 * open is carried along. What is left of a perspective lets pitches drift across the page, in all lines alike.
 *
 * English: gaps between words are runs of white; those behind commas and full stops are held against the others of
 * their line.
 *
 * The standard error is carried with each. It comes from the spread of what was measured on the page itself. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reader/picture.h"
#include "reader/values.h"

#define RUN_LEAST 2 /* letters in a run whose place is worth something */
#define SPREAD_MIN \
    0.015 /* of letters' ink about the middle of their rooms, in ems: never believed better */
#define GAP_LEAST 0.08 /* a gap may seem so much smaller, in ems, … */
#define GAP_MOST  0.24 /* … or wider, while runs are placed */
#define BORDER    5    /* pixels on both sides of a border between rooms that are mostly white */
/* What is left of a perspective adds to it in photographs. */
#define NOISE_MIN_STRAIGHTENED 0.025
#define NOISE_MIN \
    0.012 /* of a gap, in ems: on simulated pages errors were so much more than spreads say */
#define STRETCH_MOST  0.09 /* of a line to its margin, of the pitch … */
#define STRETCH_USUAL 0.03
#define DRIFT_HELD    1e7 /* as much as so many rooms × pixels² tell of the pitch's drift */
/* A gap so much narrower than the usual one, or wider than the wider one, is no gap of a mark: there is a narrow mark, or a
 * letter was not seen. */
#define ODD_EMS    0.06
#define ODD        0.35 /* … of English */
#define NOISE_MOST 0.07 /* of a gap, in ems: beyond, nothing is told */
/* … where letters were missed beside it: one in ten such gaps was wrong on simulated pages. */
#define NOISE_MISSED 0.05

/* Darkness of each column of a line's rows. */
struct profile {
    float *ink;
    int left, width;
};

static struct profile column_ink(struct arena *arena, PIX *grey, const struct reader_line *line)
{
    int top = (int)line->top - 2;
    int bottom = (int)line->bottom + 3;
    int left = (int)line->left - (int)PICTURE_EM;
    int right = (int)line->right + (int)PICTURE_EM;
    top = top < 0 ? 0 : top;
    left = left < 0 ? 0 : left;
    bottom = bottom > pixGetHeight(grey) ? pixGetHeight(grey) : bottom;
    right = right > pixGetWidth(grey) ? pixGetWidth(grey) : right;
    struct profile p = {.left = left, .width = right > left ? right - left : 0};
    p.ink = arena_array(arena, (size_t)p.width + 1, float);
    for (int y = top; y < bottom; y++) {
        const l_uint32 *row = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = 0; x < p.width; x++) {
            int dark = 190 - GET_DATA_BYTE(row, x + left);
            p.ink[x] += dark > 0 ? (float)dark : 0;
        }
    }
    return p;
}

/* Middle of the ink in [from, to): between where 3 % and 97 % of it lie. False where there is none. What is reckoned from few
 * letters may lie anywhere, or nowhere (NaN). */
static bool ink_middle(const struct profile *p, double from, double to, double *middle)
{
    double first = fmax(floor(from) - p->left, 0);
    double end = fmin(ceil(to) - p->left, p->width);
    if (isnan(from) || isnan(to) || !(first < end))
        return false;
    int a = (int)first;
    int b = (int)end;
    double sum = 0;
    for (int x = a; x < b; x++)
        sum += (double)p->ink[x];
    if (sum < 2000)
        return false;
    double edges[2] = {0, 0};
    for (int side = 0; side < 2; side++) {
        double want = sum * (side ? 0.97 : 0.03);
        double below = 0;
        int x = a;
        while (x < b - 1 && below + (double)p->ink[x] < want)
            below += (double)p->ink[x++];
        edges[side] = x + (p->ink[x] > 0 ? (want - below) / (double)p->ink[x] : 0.5);
    }
    *middle = p->left + (edges[0] + edges[1]) / 2;
    return true;
}

/* --- Chinese -------------------------------------------------------------------------------------- */

static bool is_letter(uint32_t code)
{
    return (code >= 0x3400 && code <= 0x9FFF) || (code >= 0x20000 && code <= 0x3FFFF) ||
           code == 0x3007;
}

/* Takes a room of one em in Chinese type. Quotation marks do in some fonts only. */
static bool takes_em(uint32_t code)
{
    return is_letter(code) || (code >= 0x3000 && code <= 0x303F) ||
           (code >= 0xFF00 && code <= 0xFF60) || code == 0x201C || code == 0x201D ||
           code == 0x2018 || code == 0x2019;
}

static bool may_carry(uint32_t code)
{
    return code == 0xFF0C || code == 0x3002 || code == 0xFF1B || code == 0xFF1A || code == 0x3001 ||
           code == 0xFF01 || code == 0xFF1F;
}

/* Letters that stand next to each other in a line. Runs that are chained make a stretch. */
struct run {
    size_t line, from, to; /* chars [from, to) of a line */
    bool chained;          /* between it and the run before are rooms of one em alone */
    size_t mark;           /* the mark before it whose gap it tells; SIZE_MAX: none */
    double x;              /* middle of its ink, and of the rooms of the letters that count */
    double room;
    double spread; /* sum of squares of rooms about their middle */
    double slope;  /* pixels a room, by itself */
    unsigned n;
};

struct page {
    struct reader_line *lines;
    size_t nlines;
    struct profile *profiles;
    struct run *runs;
    size_t nruns;
    double pitch, across; /* pitch at x: pitch + across · (x − middle) … */
    double middle;
    double *own; /* … and a line's own: what it is stretched by to its margin */
    double *own_variance;
    double spread; /* of a letter's ink about its room, in pixels */
    double floor;  /* standard error of a gap at the least, in ems */
};

/* Runs of a line. A stretch of rooms of one em is a chain of runs; anything else breaks it. */
static void list_runs(struct page *page, size_t line)
{
    const struct reader_line *l = &page->lines[line];
    size_t mark = SIZE_MAX;
    bool chained = false; /* the run before reaches up to here over known rooms */
    unsigned marks = 0;
    for (size_t i = 0; i < l->nchars;) {
        if (is_letter(l->chars[i].code)) {
            size_t from = i;
            while (i < l->nchars && is_letter(l->chars[i].code))
                i++;
            page->runs[page->nruns++] =
                (struct run){.line = line,
                             .from = from,
                             .to = i,
                             .chained = chained,
                             .mark = chained && marks == 1 ? mark : SIZE_MAX};
            chained = true;
            mark = SIZE_MAX;
            marks = 0;
            continue;
        }
        if (!takes_em(l->chars[i].code)) {
            chained = false;
        } else if (may_carry(l->chars[i].code)) {
            mark = i;
            marks++;
        }
        i++;
    }
}

static double page_pitch(const struct page *page, double x)
{
    return page->pitch + page->across * (x - page->middle);
}

static double pitch_at(const struct page *page, size_t line, double x)
{
    return page_pitch(page, x) + page->own[line];
}

/* Measures the run's letters about where they are believed to be: `x` is the middle of room number `room`. */
static void measure_run(struct page *page, struct run *r, double *square, double *count)
{
    const struct profile *p = &page->profiles[r->line];
    double pitch = pitch_at(page, r->line, r->x);
    double n = 0;
    double sx = 0;
    double sk = 0;
    double skk = 0;
    double skx = 0;
    double sxx = 0;
    for (size_t i = r->from; i < r->to; i++) {
        double k = (double)i;
        double expected = r->x + (k - r->room) * pitch;
        double middle = 0;
        /* Strokes such as 一 tell their middle as well; punctuation never comes here. */
        if (!ink_middle(p, expected - pitch / 2, expected + pitch / 2, &middle) ||
            fabs(middle - expected) > 0.25 * pitch)
            continue;
        n++;
        sx += middle;
        sk += k;
        skk += k * k;
        skx += k * middle;
        sxx += middle * middle;
    }
    r->n = (unsigned)n;
    if (n < 1)
        return;
    r->x = sx / n;
    r->room = sk / n;
    r->spread = skk - sk * sk / n;
    double tied = skx - sk * sx / n;
    r->slope = r->spread > 0 ? tied / r->spread : pitch;
    if (n >= 3) {
        *square += sxx - sx * sx / n - 2 * pitch * tied + pitch * pitch * r->spread;
        *count += n - 1;
    }
}

/* Where Tesseract's boxes put the run, and the pitch: the middle of their steps. */
static void place_roughly(struct page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->nruns; i++)
        count += page->runs[i].to - page->runs[i].from;
    float *steps = malloc((count + 1) * sizeof *steps);
    size_t n = 0;
    for (size_t i = 0; steps && i < page->nruns; i++) {
        struct run *r = &page->runs[i];
        const struct reader_char *c = page->lines[r->line].chars;
        for (size_t k = r->from; k < r->to; k++) {
            r->x += (double)(c[k].left + c[k].right) / 2;
            r->room += (double)k;
        }
        r->x /= (double)(r->to - r->from);
        r->room /= (double)(r->to - r->from);
        if (r->to - r->from >= 5)
            steps[n++] = (c[r->to - 2].left + c[r->to - 2].right - c[r->from + 1].left -
                          c[r->from + 1].right) /
                         2 / (float)(r->to - r->from - 3);
    }
    page->pitch = n ? (double)values_median(steps, n) : (double)PICTURE_EM;
    free(steps);
}

/* Ink on the borders of a run's rooms, when the middle of its letters lies at `x`. Ink about the middle of rooms can't
 * tell where they are: a room that is taken wrongly is filled as well. */
static double border_ink(const struct page *page, const struct run *r, double pitch, double x)
{
    const struct profile *p = &page->profiles[r->line];
    double ink = 0;
    for (size_t k = r->from; k <= r->to; k++) {
        int border = (int)(x + ((double)k - 0.5 - r->room) * pitch + 0.5) - p->left;
        for (int d = -BORDER; d <= BORDER; d++)
            if (border + d >= 0 && border + d < p->width)
                ink += (double)p->ink[border + d] * (BORDER + 1 - abs(d));
    }
    return ink;
}

/* The pitch at which the borders of long runs are lightest, each where it fits best, within a tenth of what it is
 * believed to be. */
static void find_pitch(struct page *page)
{
    double believed = page->pitch;
    double lightest = -1;
    for (int step = -33; step <= 33; step++) {
        double pitch = believed * (1 + 0.003 * step);
        double sum = 0;
        for (size_t i = 0; i < page->nruns; i++) {
            const struct run *r = &page->runs[i];
            if (r->to - r->from < 6)
                continue;
            double least = -1;
            for (int off = -(int)(pitch / 2); off <= (int)(pitch / 2); off += 2) {
                double ink = border_ink(page, r, pitch, r->x + off);
                least = least < 0 || ink < least ? ink : least;
            }
            sum += least;
        }
        if (lightest < 0 || sum < lightest) {
            lightest = sum;
            page->pitch = pitch;
        }
    }
}

/* Where a stretch of runs begins, were its pitch regular but for half of its marks: the middle of what its letters
 * say. */
static double anchor_of(const struct page *page, size_t from, size_t to, double pitch)
{
    const struct reader_char *chars = page->lines[page->runs[from].line].chars;
    float *says = malloc((page->runs[to - 1].to + 1) * sizeof *says);
    size_t n = 0;
    for (size_t i = from; says && i < to; i++)
        for (size_t k = page->runs[i].from; k < page->runs[i].to; k++)
            says[n++] = (float)((double)(chars[k].left + chars[k].right) / 2 - (double)k * pitch -
                                (double)(i - from) * pitch * PAPER_GAP_EMS / 2);
    double anchor = n ? (double)values_median(says, n) : 0;
    free(says);
    return anchor;
}

/* Places a stretch's runs, each within half an em of where the stretch's anchor puts it, and not much nearer to the one
 * before it nor further than a wider gap, with the least ink on borders in all: one step a run, one state a pixel. */
static void settle_stretch(struct page *page, size_t from, size_t to)
{
    enum { STATES_MAX = 128 };
    double pitch = page->pitch + page->own[page->runs[from].line];
    int reach = (int)(pitch / 2) < STATES_MAX / 2 ? (int)(pitch / 2) : STATES_MAX / 2 - 1;
    int states = 2 * reach + 1;
    double drift = pitch * PAPER_GAP_EMS / 2;
    double anchor = anchor_of(page, from, to, pitch);
    double cost[STATES_MAX] = {0};
    unsigned char *came = malloc((to - from) * STATES_MAX);
    for (size_t i = from; came && i < to; i++) {
        const struct run *r = &page->runs[i];
        double next[STATES_MAX];
        for (int s = 0; s < states; s++) {
            int best = -1;
            for (int t = 0; t < states && i > from; t++) {
                double wider = drift + s - t;
                if (wider > -GAP_LEAST * pitch && wider < GAP_MOST * pitch &&
                    (best < 0 || cost[t] < cost[best]))
                    best = t;
            }
            came[(i - from) * STATES_MAX + (size_t)s] = (unsigned char)(best < 0 ? s : best);
            double x = anchor + drift * (double)(i - from) + r->room * pitch + s - reach;
            next[s] =
                (best < 0 ? (i > from ? 1e12 : 0) : cost[best]) + border_ink(page, r, pitch, x);
        }
        memcpy(cost, next, sizeof cost);
    }
    int at = 0;
    for (int s = 1; s < states; s++)
        at = cost[s] < cost[at] ? s : at;
    for (size_t i = to; came && i-- > from;) {
        struct run *r = &page->runs[i];
        r->x = anchor + drift * (double)(i - from) + r->room * pitch + at - reach;
        at = came[(i - from) * STATES_MAX + (size_t)at];
    }
    free(came);
}

/* What a line is stretched by, as far as Tesseract's boxes tell: the slope through the middles of its letters, those of
 * each stretch about their own middle, were half of its marks wider. */
static void find_own(struct page *page)
{
    double *sums = calloc(page->nlines * 2 + 2, sizeof *sums);
    for (size_t from = 0, to; sums && from < page->nruns; from = to) {
        double n = 0;
        double sk = 0;
        double sx = 0;
        double skk = 0;
        double skx = 0;
        size_t line = page->runs[from].line;
        const struct reader_char *chars = page->lines[line].chars;
        for (to = from; to < page->nruns && (to == from || page->runs[to].chained); to++)
            for (size_t i = page->runs[to].from; i < page->runs[to].to; i++) {
                double k = (double)i;
                double x = (double)(chars[i].left + chars[i].right) / 2 -
                           (double)(to - from) * page->pitch * PAPER_GAP_EMS / 2;
                n++;
                sk += k;
                sx += x;
                skk += k * k;
                skx += k * x;
            }
        sums[2 * line] += skx - sk * sx / n;
        sums[2 * line + 1] += skk - sk * sk / n;
    }
    for (size_t i = 0; sums && i < page->nlines; i++) {
        double own = sums[2 * i + 1] > 40 ? sums[2 * i] / sums[2 * i + 1] - page->pitch : 0;
        page->own[i] = fabs(own) < STRETCH_MOST * page->pitch ? own : 0;
    }
    free(sums);
}

static void settle_runs(struct page *page)
{
    find_pitch(page);
    find_own(page);
    for (size_t from = 0; from < page->nruns;) {
        size_t to = from + 1;
        while (to < page->nruns && page->runs[to].chained)
            to++;
        settle_stretch(page, from, to);
        from = to;
    }
}

static bool has_slope(const struct page *page, const struct run *r)
{
    return r->n >= 4 && fabs(r->slope - page->pitch) < STRETCH_MOST * page->pitch;
}

/* The runs of the line at `from`: [from, end). */
static size_t end_of_line(const struct page *page, size_t from)
{
    size_t to = from;
    while (to < page->nruns && page->runs[to].line == page->runs[from].line)
        to++;
    return to;
}

/* The page's pitch, as runs' own slopes have it on the whole, and its drift across, as the slopes of each line's runs differ;
 * held back lightly, so that a page of few lines has no wild one. */
static void fit_pitch(struct page *page)
{
    double slopes = 0;
    double weights = 0;
    double tied = 0;
    double spread = DRIFT_HELD;
    for (size_t from = 0, to; from < page->nruns; from = to) {
        double w = 0;
        double x = 0;
        double slope = 0;
        to = end_of_line(page, from);
        for (size_t i = from; i < to; i++) {
            const struct run *r = &page->runs[i];
            if (!has_slope(page, r))
                continue;
            w += r->spread;
            x += r->spread * r->x;
            slope += r->spread * r->slope;
        }
        for (size_t i = from; w > 0 && i < to; i++) {
            const struct run *r = &page->runs[i];
            if (!has_slope(page, r))
                continue;
            tied += r->spread * (r->x - x / w) * (r->slope - slope / w);
            spread += r->spread * (r->x - x / w) * (r->x - x / w);
        }
        slopes += slope;
        weights += w;
    }
    if (weights > 200) /* else there is too little to tell it by */
        page->pitch = slopes / weights;
    page->across = tied / spread;
}

/* The room that a run takes behind the one before it, beyond so many rooms of the pitch; false where nothing is told. */
static bool gap_of(const struct page *page, size_t run, double *gap, double *rooms)
{
    const struct run *r = &page->runs[run];
    const struct run *before = run ? r - 1 : r;
    if (run == 0 || r->mark == SIZE_MAX || before->line != r->line || r->n < RUN_LEAST ||
        before->n < RUN_LEAST)
        return false;
    *rooms = r->room - before->room;
    *gap = r->x - before->x - *rooms * page_pitch(page, (r->x + before->x) / 2);
    return true;
}

static double gap_variance(const struct page *page, size_t run)
{
    double least = page->floor * page->pitch;
    return page->spread * page->spread * (1.0 / page->runs[run].n + 1.0 / page->runs[run - 1].n) +
           least * least;
}

/* How likely a line's runs [from, to) are as they stand, were the line's own pitch `own`: by the slope of each, and as each
 * gap is the usual or the wider one. */
static double own_likelihood(const struct page *page, size_t from, size_t to, double own)
{
    double sum = -own * own / (2 * STRETCH_USUAL * STRETCH_USUAL * page->pitch * page->pitch);
    for (size_t i = from; i < to; i++) {
        const struct run *r = &page->runs[i];
        double gap;
        double rooms;
        if (r->n >= 3) {
            double off = r->slope - page_pitch(page, r->x) - own;
            sum -= fmin(off * off * r->spread / (2 * page->spread * page->spread), 8);
        }
        if (!gap_of(page, i, &gap, &rooms))
            continue;
        double twice = 2 * gap_variance(page, i);
        double usual = gap - rooms * own;
        double wider = usual - PAPER_GAP_EMS * page->pitch;
        sum += log(exp(-usual * usual / twice) + exp(-wider * wider / twice) + 0.01);
    }
    return sum;
}

/* What a line is stretched by: all that it may be, weighed by how likely that is. */
static void weigh_own(struct page *page, size_t from, size_t to)
{
    enum { STEPS = 121 };
    double sums[3] = {0, 0, 0};
    double likelihood[STEPS];
    double most = -(double)INFINITY;
    double step = 2 * STRETCH_MOST * page->pitch / (STEPS - 1);
    for (int i = 0; i < STEPS; i++) {
        likelihood[i] = own_likelihood(page, from, to, (i - STEPS / 2) * step);
        most = fmax(most, likelihood[i]);
    }
    for (int i = 0; i < STEPS; i++) {
        double own = (i - STEPS / 2) * step;
        double weight = exp(likelihood[i] - most);
        sums[0] += weight;
        sums[1] += weight * own;
        sums[2] += weight * own * own;
    }
    size_t line = page->runs[from].line;
    double own = sums[1] / sums[0];
    page->own[line] = own;
    page->own_variance[line] = sums[2] / sums[0] - own * own + step * step / 12;
}

static void weigh_lines(struct page *page)
{
    for (size_t from = 0, to; from < page->nruns; from = to) {
        to = end_of_line(page, from);
        weigh_own(page, from, to);
    }
}

/* Where a letter of a run is not where it should be, Tesseract may have seen one too many, or too few. */
static bool misses_letters(const struct run *r)
{
    return r->n < r->to - r->from;
}

static void measure_chinese(struct page *page)
{
    place_roughly(page);
    page->spread = 0.05 * page->pitch;
    settle_runs(page);
    for (int round = 0; round < 4; round++) {
        double square = 0;
        double count = 0;
        for (size_t i = 0; i < page->nruns; i++)
            measure_run(page, &page->runs[i], &square, &count);
        if (count > 10)
            page->spread = sqrt(square / count);
        if (page->spread < SPREAD_MIN * page->pitch)
            page->spread = SPREAD_MIN * page->pitch;
        fit_pitch(page);
        weigh_lines(page);
    }
    for (size_t i = 1; i < page->nruns; i++) {
        const struct run *r = &page->runs[i];
        double gap;
        double rooms;
        if (!gap_of(page, i, &gap, &rooms))
            continue;
        double pitch = pitch_at(page, r->line, r->x);
        double ems = (gap - rooms * page->own[r->line]) / pitch;
        double variance = gap_variance(page, i) + rooms * rooms * page->own_variance[r->line];
        bool missed = misses_letters(r) || misses_letters(r - 1);
        variance += missed ? NOISE_MISSED * NOISE_MISSED * pitch * pitch : 0;
        double noise = sqrt(variance) / pitch;
        if (ems < -ODD_EMS || ems > PAPER_GAP_EMS + ODD_EMS || noise > NOISE_MOST)
            continue;
        struct reader_char *mark = &page->lines[r->line].chars[r->mark];
        mark->wider = (float)ems;
        mark->wider_noise = (float)noise;
    }
}

/* --- English -------------------------------------------------------------------------------------- */

/* The white run about the space at `i` of the line, in pixels; 0 where there is none. */
static double white_at(const struct profile *p, const struct reader_line *l, size_t i)
{
    double around = (double)(l->chars[i - 1].right + l->chars[i + 1].left) / 2;
    int reach = (int)(0.6F * PICTURE_EM);
    int at = (int)around - p->left;
    double best = 0;
    int best_off = reach;
    for (int x = at - reach; x < at + reach; x++) {
        if (x < 1 || x >= p->width - 1 || p->ink[x] > 120)
            continue;
        int from = x;
        while (x < p->width - 1 && p->ink[x] <= 120)
            x++;
        int off = abs((from + x) / 2 - at);
        if (x - from >= 5 && off < best_off) {
            best_off = off;
            best = x - from;
        }
    }
    return best;
}

static void measure_english(struct page *page, size_t line)
{
    struct reader_line *l = &page->lines[line];
    const struct profile *p = &page->profiles[line];
    float plain[128];
    size_t n = 0;
    for (size_t i = 1; i + 1 < l->nchars && n < 128; i++)
        if (l->chars[i].code == ' ' && !strchr(",.;:!?", (int)(l->chars[i - 1].code & 127))) {
            double white = white_at(p, l, i);
            if (white > 0)
                plain[n++] = (float)white;
        }
    if (n < 3)
        return;
    double usual = (double)values_median(plain, n);
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += fabs((double)plain[i] - usual);
    double spread = 1.25 * square / (double)n;
    double em = (double)l->size;
    for (size_t i = 1; i + 1 < l->nchars; i++) {
        struct reader_char *mark = &l->chars[i - 1];
        if (l->chars[i].code != ' ' || mark->code >= 128 || !strchr(",.;:", (int)mark->code))
            continue;
        double white = white_at(p, l, i);
        double ems = (white - usual) / em;
        if (white <= 0 || fabs(ems) > ODD)
            continue;
        mark->wider = (float)ems;
        mark->wider_noise = (float)(sqrt(spread * spread * (1 + 1.0 / (double)n) + 1) / em);
    }
}

void picture_measure(struct arena *arena, const struct picture_flat *flat,
                     struct reader_line *lines, size_t nlines)
{
    struct page page = {.lines = lines,
                        .nlines = nlines,
                        .middle = pixGetWidth(flat->grey) / 2.0,
                        .floor = flat->straightened ? NOISE_MIN_STRAIGHTENED : NOISE_MIN};
    size_t chars = 0;
    for (size_t i = 0; i < nlines; i++)
        chars += lines[i].nchars;
    page.profiles = arena_array(arena, nlines + 1, struct profile);
    page.runs = arena_array(arena, chars + 1, struct run);
    page.own = arena_array(arena, nlines + 1, double);
    page.own_variance = arena_array(arena, nlines + 1, double);
    for (size_t i = 0; i < nlines; i++) {
        page.profiles[i] = column_ink(arena, flat->grey, &lines[i]);
        list_runs(&page, i);
    }
    measure_chinese(&page);
    for (size_t i = 0; i < nlines; i++) {
        unsigned letters = 0;
        for (size_t k = 0; k < lines[i].nchars; k++)
            letters += is_letter(lines[i].chars[k].code);
        lines[i].size = letters * 3 > lines[i].nchars ? (float)page.pitch : PICTURE_EM;
        if (letters * 10 < lines[i].nchars)
            measure_english(&page, i);
    }
    picture_measure_lines(arena, flat, lines, nlines);
}
