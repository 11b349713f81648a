/* Marks of the layout: read from what was measured, not from words; see align_steps.h.
 *
 * A gap measured is the usual one or a wider one, plus noise. What is usual is not known for sure: a printer
 * or a scanner moves all gaps alike, stretches them, and is noisier than a reader thinks. So the three are
 * fitted to the exhibit as a whole: an offset, a stretch and a factor of the noise that make what was
 * measured most likely (and how many gaps are wider), with what is to be expected of them as prior, and some
 * room for measurements that are simply wrong. A mark is then the alternative that is likelier, and what speaks for the other is its
 * doubt. No codeword is looked at.
 *
 * As with all that a retyping destroys, a usual gap counts only where wider ones are seen close by; and
 * where nearly all are alike, nobody can say whether they are all usual: then none counts. */
#include <math.h>

#include "base/utf8.h"
#include "paper/align_steps.h"

#define NOISE_LEAST 0.01 /* ems: what rounding alone may do */
#define OUTLIERS    0.02 /* share of measurements that say nothing … */
#define OUTLIER_MAY 0.5  /* … and how densely they lie, an em */
#define FIT_MOST    512U /* measurements that the fit looks at */
#define ALIKE_LEAST 12U  /* measurements that must not be nearly all alike … */
#define ALIKE_SHARE 0.04 /* … all but this share */
#define NEARBY      12U  /* measurements looked at on each side for wider gaps */
#define TRUST_DOUBT 1U   /* class of doubt up to which a wider gap speaks for its neighbours */

static const double apart_by[] = {
    [PAPER_SHIFT_GAP] = PAPER_GAP_EMS, [PAPER_SHIFT_LINE] = PAPER_LINE_EMS};

/* --- where a path meets places of the layout ---------------------------------------------------- */

static void add_shift(struct align_shifts *shifts, struct align_shift shift)
{
    shifts->list = arena_one_more(shifts->arena, shifts->list, shifts->count, sizeof *shifts->list);
    shifts->list[shifts->count++] = shift;
}

/* The measurement of a kind at the bytes [from, to] of the exhibit: the one that stands out most. */
static const struct paper_shift *find_shift(const struct paper_seen *seen,
                                            enum paper_shift_kind kind, size_t from, size_t to)
{
    const struct paper_shift *found = NULL;
    size_t low = 0;
    size_t high = seen->nshifts;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (seen->shifts[middle].at < from)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < seen->nshifts && seen->shifts[low].at <= to; low++) {
        const struct paper_shift *s = &seen->shifts[low];
        bool sound = s->kind == kind && isfinite(s->ems) && isfinite(s->noise) && s->noise >= 0;
        if (sound && (!found || fabsf(s->ems) > fabsf(found->ems)))
            found = s;
    }
    return found;
}

static size_t behind(const struct paper_seen *seen, const struct folded *exhibit,
                     const struct align_step *step)
{
    size_t at = exhibit->from[step->at];
    (void)utf8_next(seen->text, &at);
    return at;
}

/* A gap lies between its mark, whatever that was read as, and the next character, which is as it should be. */
static const struct paper_shift *gap_at(const struct paper_seen *seen, const struct folded *exhibit,
                                        const struct align_path *path, size_t step)
{
    if (step == 0 || step + 1 >= path->nsteps || !path->steps[step - 1].same ||
        !path->steps[step + 1].same || path->steps[step + 1].strange)
        return NULL;
    return find_shift(seen, PAPER_SHIFT_GAP, behind(seen, exhibit, &path->steps[step]),
                      exhibit->from[path->steps[step + 1].at]);
}

/* A line begins with its character or with what the edition does not have: a bullet, a number. */
static const struct paper_shift *line_at(const struct paper_seen *seen,
                                         const struct folded *exhibit,
                                         const struct align_path *path, size_t step)
{
    size_t to = exhibit->from[path->steps[step].at];
    size_t from = to;
    if (!path->steps[step].same && (step + 1 >= path->nsteps || !path->steps[step + 1].same))
        return NULL;
    if (step > 0 && path->steps[step - 1].at != ALIGN_NONE)
        from = behind(seen, exhibit, &path->steps[step - 1]);
    return find_shift(seen, PAPER_SHIFT_LINE, from < to ? from : to, to);
}

void align_find_shifts(const struct lattice *lattice, const struct paper_seen *seen,
                       const struct folded *exhibit, const struct align_path *path,
                       struct align_shifts shifts[2])
{
    if (path->nsteps == 0 || seen->nshifts == 0)
        return;
    uint32_t last = path->steps[path->nsteps - 1].node;
    size_t step = 0;
    for (uint32_t i = lattice_raw_from(lattice->layouts, lattice->nlayouts, path->steps[0].node);
         i < lattice->nlayouts && lattice->layouts[i].before < last; i++) {
        const struct align_raw *layout = &lattice->layouts[i];
        while (path->steps[step].node <= layout->before)
            step++;
        const struct align_step *here = &path->steps[step];
        if (here->node != layout->before + 1 || here->at == ALIGN_NONE)
            continue;
        enum paper_shift_kind kind =
            paper_site_shift(&lattice->sites->sites[lattice->sites->places[layout->place].site]);
        const struct paper_shift *found = kind == PAPER_SHIFT_GAP
                                              ? gap_at(seen, exhibit, path, step)
                                              : line_at(seen, exhibit, path, step);
        size_t at = exhibit->from[here->at];
        struct align_shift shift = {.place = layout->place,
                                    .at = at,
                                    .len = behind(seen, exhibit, here) - at,
                                    .measured = found};
        if (found) {
            shift.ems = (double)found->ems;
            shift.noise = (double)found->noise;
        }
        add_shift(&shifts[kind], shift);
    }
}

/* --- what is usual ------------------------------------------------------------------------------- */

struct fit {
    double offset, stretch, noisier;
    double share; /* of wider gaps */
};

/* Likelihood of what was measured if the gap is the usual one (0) or the wider one (1). */
static double likelihood(const struct align_shift *s, const struct fit *fit, double apart,
                         unsigned bit)
{
    double noise = fit->noisier * s->noise;
    double variance = noise * noise + NOISE_LEAST * NOISE_LEAST;
    double off = s->ems - fit->offset - bit * fit->stretch * apart;
    return (1 - OUTLIERS) * exp(-off * off / (2 * variance)) / sqrt(2 * M_PI * variance) +
           OUTLIERS * OUTLIER_MAY;
}

/* How well a fit explains everything measured, with what is to be expected of printers and readers. */
static double worth_of(const struct align_shifts *shifts, const struct fit *fit, double apart)
{
    double offset = fit->offset / (0.15 * apart);
    double stretch = (fit->stretch - 1) / 0.15;
    double sum = -(offset * offset + stretch * stretch) / 2;
    size_t step = shifts->count / FIT_MOST + 1;
    for (size_t i = 0; i < shifts->count; i += step) {
        const struct align_shift *s = &shifts->list[i];
        if (s->measured)
            sum += log((1 - fit->share) * likelihood(s, fit, apart, 0) +
                       fit->share * likelihood(s, fit, apart, 1));
    }
    return sum;
}

/* Takes the best of `count` values from `least` on for one of the numbers. */
static void better(const struct align_shifts *shifts, double apart, struct fit *fit, double *number,
                   double least, double step, unsigned count)
{
    double best = *number;
    double best_worth = worth_of(shifts, fit, apart);
    for (unsigned i = 0; i < count; i++) {
        *number = least + i * step;
        double worth = worth_of(shifts, fit, apart);
        if (worth > best_worth) {
            best_worth = worth;
            best = *number;
        }
    }
    *number = best;
}

static struct fit fit_to(const struct align_shifts *shifts, double apart)
{
    struct fit fit = {0, 1, 1, 0.5};
    for (unsigned round = 0; round < 3; round++) {
        better(shifts, apart, &fit, &fit.share, 0.02, 0.06, 17);
        better(shifts, apart, &fit, &fit.offset, -0.5 * apart, 0.04 * apart, 26);
        better(shifts, apart, &fit, &fit.noisier, 1, 0.5, 7);
        better(shifts, apart, &fit, &fit.stretch, 0.7, 0.1, 7);
    }
    return fit;
}

/* --- what counts --------------------------------------------------------------------------------- */

static void judge(struct align_shifts *shifts, double apart)
{
    const struct fit fit = fit_to(shifts, apart);
    size_t measured = 0;
    for (size_t i = 0; i < shifts->count; i++)
        measured += shifts->list[i].measured;
    bool alike =
        measured >= ALIKE_LEAST && (fit.share < ALIKE_SHARE || fit.share > 1 - ALIKE_SHARE);
    for (size_t i = 0; i < shifts->count; i++) {
        struct align_shift *s = &shifts->list[i];
        s->value = MARK_ERASED;
        if (!s->measured || alike)
            continue;
        double one = likelihood(s, &fit, apart, 1);
        double zero = likelihood(s, &fit, apart, 0);
        s->doubt = (uint8_t)mark_doubt_of(fmin(one, zero) / (one + zero));
        if (s->doubt < MARK_DOUBTS)
            s->value = one > zero;
    }
}

/* Whether a wider gap that is hardly in doubt is among the next that were read, in one direction; *any gets
 * whether any was read at all. */
static bool wide_near(const struct align_shifts *shifts, size_t at, int direction, bool *any)
{
    unsigned seen = 0;
    *any = false;
    for (size_t i = at; seen < NEARBY && (direction < 0 ? i > 0 : i + 1 < shifts->count);) {
        i = direction < 0 ? i - 1 : i + 1;
        const struct align_shift *s = &shifts->list[i];
        if (s->value == MARK_ERASED)
            continue;
        seen++;
        *any = true;
        if (s->value == 1 && s->doubt <= TRUST_DOUBT)
            return true;
    }
    return false;
}

static bool is_trusted(const struct align_shifts *shifts, size_t at)
{
    const struct align_shift *here = &shifts->list[at];
    if (here->value == 1 && here->doubt <= TRUST_DOUBT)
        return true;
    bool any_before;
    bool any_after;
    bool before = wide_near(shifts, at, -1, &any_before);
    bool after = wide_near(shifts, at, +1, &any_after);
    return (before || after) && (before || !any_before) && (after || !any_after);
}

void align_read_shifts(const struct lattice *lattice, enum paper_shift_kind kind,
                       struct align_shifts *shifts, struct align_votes *votes,
                       struct align_sights *sights)
{
    if (shifts->count)
        judge(shifts, apart_by[kind]);
    for (size_t i = 0; i < shifts->count; i++) {
        const struct align_shift *s = &shifts->list[i];
        struct align_votes *site = &votes[lattice->sites->places[s->place].site];
        struct sight seen = {s->place, MARK_ERASED, s->at, s->len};
        site->met = true;
        if (s->value != MARK_ERASED && is_trusted(shifts, i)) {
            seen.value = s->value;
            align_cast_vote(site, s->value, s->doubt);
        }
        align_add_sight(sights, seen);
    }
}
