/* Reads marks off an exhibit; the steps are listed in align_steps.h. */
#include "paper/align.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/align_steps.h"

#define CONTEXT_HAN   6U  /* codes wanted on each side of a mark … */
#define CONTEXT_OTHER 12U /* … of which two thirds must agree */
#define GOOD_REACH    6U  /* a step is well aligned when most of this many on each side agree */
#define SPAN_BREAK    24U /* exhibit codes unexplained that part two spans */
#define MAJORITY      3U  /* a wide site's majority is this many times its minority */

struct reader {
    struct arena *arena;
    struct arena *scratch; /* for one chain */
    const struct lattice *lattice;
    const struct paper_seen *seen;
    struct str text;
    struct folded exhibit;
    struct align_votes *votes;
    unsigned char *covered; /* by node */
    struct reading *reading;
    struct align_sights sights;
    struct align_shifts shifts[2]; /* by kind */
};

/* --- trust ------------------------------------------------------------------------------------ */

static unsigned context_wanted(const struct lattice *lattice, uint32_t node)
{
    return unicode_is_han(lattice->nodes[node].code) ? CONTEXT_HAN : CONTEXT_OTHER;
}

/* Do the steps before `end` (first of the mark) agree well enough? `strict` asks for nearly all and
 * for the two next to the mark. */
static bool context_before(const struct reader *r, const struct align_path *path, size_t end,
                           bool strict)
{
    if (end == 0)
        return false;
    unsigned wanted = context_wanted(r->lattice, path->steps[end - 1].node);
    unsigned have = end < wanted ? (unsigned)end : wanted;
    int same = 0;
    for (size_t i = end - have; i < end; i++)
        same += (int)path->steps[i].same - (i > end - have && path->steps[i].strange);
    if (strict && (!path->steps[end - 1].same || (end > 1 && !path->steps[end - 2].same) ||
                   path->steps[end - 1].strange))
        return false;
    bool at_edge = path->steps[end - have].node <= have + 1; /* the edition begins here */
    int least = (int)(strict ? wanted - wanted / 6 : wanted - wanted / 3);
    if (have < wanted)
        least = at_edge ? (int)have : (int)wanted / 2;
    return same >= least && (at_edge || have >= wanted / 2);
}

static bool context_after(const struct reader *r, const struct align_path *path, size_t start,
                          bool strict)
{
    size_t left = path->nsteps - start;
    if (left == 0)
        return false;
    unsigned wanted = context_wanted(r->lattice, path->steps[start].node);
    unsigned have = left < wanted ? (unsigned)left : wanted;
    int same = 0;
    for (size_t i = start; i < start + have; i++)
        same += (int)path->steps[i].same - (i > start && path->steps[i].strange);
    if (strict && (!path->steps[start].same || path->steps[start].strange ||
                   (have > 1 && (!path->steps[start + 1].same || path->steps[start + 1].strange))))
        return false;
    bool at_edge = path->steps[start + have - 1].node + 2 >= r->lattice->nnodes;
    int least = (int)(strict ? wanted - wanted / 6 : wanted - wanted / 3);
    if (have < wanted)
        least = at_edge ? (int)have : (int)wanted / 2;
    return same >= least && (at_edge || have >= wanted / 2);
}

static int8_t read_sight(const struct reader *r, const struct align_path *path,
                         const struct align_sight *sight)
{
    const struct align_branch *b = &r->lattice->branches[sight->branch];
    if (sight->cost[0] == sight->cost[1])
        return MARK_ERASED;
    /* Something or nothing: a slip of the finger makes one from the other. */
    bool thin = b->first[0] > b->last[0] || b->first[1] > b->last[1];
    unsigned same = 0;
    unsigned strange = 0;
    for (size_t i = sight->step[0]; i < sight->step[1]; i++) {
        same += path->steps[i].same;
        strange += path->steps[i].strange;
    }
    unsigned len = sight->step[1] - sight->step[0];
    if (2 * same < len + strange || (thin && same < len))
        return MARK_ERASED;
    if (!context_before(r, path, sight->step[0], thin) ||
        !context_after(r, path, sight->step[1], thin))
        return MARK_ERASED;
    return sight->cost[1] < sight->cost[0];
}

/* The share that the exhibit has kept of the edition's commas, those of marks aside, along a path. One missing says
 * nothing: it is a slip of the finger. */
static double commas_kept(const struct lattice *lattice, const struct align_path *path)
{
    double met = 0;
    double kept = 1;
    for (size_t i = 0; i < path->nsteps; i++) {
        const struct align_node *node = &lattice->nodes[path->steps[i].node];
        if (node->code != ',' || node->in != ALIGN_NONE)
            continue;
        met++;
        kept += path->steps[i].same;
    }
    return met > kept ? kept / met : 1;
}

/* Whether nothing is seen where the other alternative has nothing but commas. */
static bool lacks_comma(const struct lattice *lattice, const struct align_branch *b, int8_t seen)
{
    if (b->first[seen] <= b->last[seen])
        return false;
    for (uint32_t node = b->first[!seen]; node <= b->last[!seen]; node++)
        if (lattice->nodes[node].code != ',')
            return false;
    return true;
}

/* Chance that a code of the exhibit was misread, as far as whoever saw it can say. */
static double misread(const struct reader *r, const struct align_step *step)
{
    return step->at == ALIGN_NONE ? 0 : r->seen->doubt[r->exhibit.from[step->at]] / 255.0;
}

/* What was read is the other alternative only if every character that tells them apart was misread; where it is
 * nothing, if one beside it was and hides what stood there. */
static double misread_sight(const struct reader *r, const struct align_path *path,
                            const struct align_sight *sight)
{
    double error = 1;
    if (!r->seen->doubt)
        return 0;
    for (size_t i = sight->step[0]; i < sight->step[1]; i++)
        error *= path->steps[i].same ? misread(r, &path->steps[i]) : 1;
    if (sight->step[0] == sight->step[1]) {
        error = sight->step[0] > 0 ? misread(r, &path->steps[sight->step[0] - 1]) : 0;
        if (sight->step[1] < path->nsteps)
            error = fmax(error, misread(r, &path->steps[sight->step[1]]));
    }
    return error;
}

/* Class of doubt of a sight. Of commas that an exhibit has kept the share `kept` of, one that is not there was lost with
 * the chance (1 - kept) / (2 - kept), each alternative being as likely as the other. */
static unsigned doubt_of(const struct reader *r, const struct align_path *path,
                         const struct align_sight *sight, int8_t outcome, double kept)
{
    double error = misread_sight(r, path, sight);
    if (outcome != MARK_ERASED &&
        lacks_comma(r->lattice, &r->lattice->branches[sight->branch], outcome))
        error = fmax(error, (1 - kept) / (2 - kept));
    return mark_doubt_of(error);
}

/* --- where a mark is seen --------------------------------------------------------------------- */

void align_add_sight(struct align_sights *sights, struct sight sight)
{
    sights->list = arena_one_more(sights->arena, sights->list, sights->count, sizeof *sights->list);
    sights->list[sights->count++] = sight;
}

/* Whether both alternatives of a place have this node at their beginning or end. */
static bool is_shared(const struct lattice *lattice, const struct paper_place *place, uint32_t node)
{
    const struct align_node *n = &lattice->nodes[node];
    return n->in == ALIGN_NONE && n->at >= place->at && n->at < place->at + place->len;
}

struct sight align_locate_sight(const struct lattice *lattice, struct str text,
                                const struct folded *exhibit, const struct align_path *path,
                                const struct align_sight *sight)
{
    uint32_t number = lattice->branches[sight->branch].place;
    const struct paper_place *place = &lattice->sites->places[number];
    size_t first = sight->step[0];
    size_t end = sight->step[1];
    struct sight seen = {.place = number, .value = MARK_ERASED};
    while (first > 0 && is_shared(lattice, place, path->steps[first - 1].node))
        first--;
    while (end < path->nsteps && is_shared(lattice, place, path->steps[end].node))
        end++;
    while (first < end && path->steps[first].at == ALIGN_NONE)
        first++;
    while (end > first && path->steps[end - 1].at == ALIGN_NONE)
        end--;
    bool empty = first == end; /* then it is the place behind what is before it */
    while (empty && end > 0 && path->steps[end - 1].at == ALIGN_NONE)
        end--;
    if (end > 0) {
        seen.at = exhibit->from[path->steps[end - 1].at];
        (void)utf8_next(text, &seen.at);
    }
    if (!empty) {
        size_t from = exhibit->from[path->steps[first].at];
        seen.len = seen.at - from;
        seen.at = from;
    }
    return seen;
}

/* --- one chain -------------------------------------------------------------------------------- */

/* good[i]: step i agrees and so do most around it. */
static size_t judge_steps(const struct align_path *path, unsigned char *good, uint32_t *sum)
{
    size_t count = 0;
    /* sum[i]: agreeing steps before step i */
    for (size_t i = 0; i < path->nsteps; i++)
        sum[i + 1] = sum[i] + path->steps[i].same;
    for (size_t i = 0; i < path->nsteps; i++) {
        size_t from = i > GOOD_REACH ? i - GOOD_REACH : 0;
        size_t to = i + GOOD_REACH + 1 < path->nsteps ? i + GOOD_REACH + 1 : path->nsteps;
        good[i] = path->steps[i].same && 5 * (sum[to] - sum[from]) >= 3 * (to - from);
        count += good[i];
    }
    return count;
}

static void add_span(struct reader *r, struct span span)
{
    struct reading *reading = r->reading;
    reading->spans =
        arena_one_more(r->arena, reading->spans, reading->nspans, sizeof *reading->spans);
    reading->spans[reading->nspans++] = span;
}

/* Bytes from the code of step `first` to the end of the code of step `last`. */
static void close_span(struct reader *r, const struct align_path *path, size_t first, size_t last)
{
    size_t end = r->exhibit.from[path->steps[last].at];
    (void)utf8_next(r->text, &end);
    struct str source = r->lattice->doc->text;
    size_t source_at = r->lattice->nodes[path->steps[first].node].at;
    size_t source_end = r->lattice->nodes[path->steps[last].node].at;
    if (source_end < source.len)
        (void)utf8_next(source, &source_end);
    size_t at = r->exhibit.from[path->steps[first].at];
    add_span(r, (struct span){at, end - at, source_at,
                              source_end > source_at ? source_end - source_at : 0});
}

static void add_spans(struct reader *r, const struct align_path *path, const unsigned char *good)
{
    size_t first = SIZE_MAX;
    size_t last = 0;
    for (size_t i = 0; i < path->nsteps; i++) {
        if (!good[i])
            continue;
        r->covered[path->steps[i].node] = 1;
        if (first != SIZE_MAX && path->steps[i].at - path->steps[last].at > SPAN_BREAK) {
            close_span(r, path, first, last);
            first = SIZE_MAX;
        }
        if (first == SIZE_MAX)
            first = i;
        last = i;
    }
    if (first != SIZE_MAX)
        close_span(r, path, first, last);
}

static void read_chain(struct reader *r, const struct align_chain *chain)
{
    struct align_path path;
    align_walk_chain(r->scratch, r->lattice, &r->exhibit, chain, &path);
    unsigned char *good = arena_take(r->scratch, path.nsteps + 1);
    uint32_t *sum = arena_array(r->scratch, path.nsteps + 1, uint32_t);
    size_t matched = judge_steps(&path, good, sum);
    if (matched * ALIGN_WEIGHT_HAN < ALIGN_CHAIN_KNOWN)
        return;
    r->reading->matched += matched;
    add_spans(r, &path, good);
    int8_t *outcome = arena_take(r->scratch, path.nsights + 1);
    const double kept = commas_kept(r->lattice, &path);
    for (size_t i = 0; i < path.nsights; i++) {
        uint32_t place = r->lattice->branches[path.sights[i].branch].place;
        uint32_t site = r->lattice->sites->places[place].site;
        outcome[i] = read_sight(r, &path, &path.sights[i]);
        r->votes[site].met = true;
        if (!paper_channel_is_visible(r->lattice->sites->sites[site].channel))
            continue;
        struct sight seen =
            align_locate_sight(r->lattice, r->text, &r->exhibit, &path, &path.sights[i]);
        unsigned doubt = doubt_of(r, &path, &path.sights[i], outcome[i], kept);
        seen.value = doubt < MARK_DOUBTS ? outcome[i] : (int8_t)MARK_ERASED;
        align_cast_vote(&r->votes[site], seen.value, doubt);
        align_add_sight(&r->sights, seen);
    }
    align_read_fragile(r->scratch, r->lattice, r->text, &r->exhibit, &path, outcome, r->votes,
                       &r->sights);
    align_find_shifts(r->lattice, r->seen, &r->exhibit, &path, r->shifts);
}

/* --- the whole -------------------------------------------------------------------------------- */

void align_cast_vote(struct align_votes *votes, int8_t value, unsigned doubt)
{
    if (value == MARK_ERASED)
        return;
    if (votes->votes[0] + votes->votes[1] == 0)
        votes->sight = (struct mark_sight){.read = MARK_ERASED};
    if (votes->votes[value]++ == 0 || doubt < votes->doubt[value])
        votes->doubt[value] = (uint8_t)doubt;
    mark_sight_add(&votes->sight, value, doubt);
}

/* A choice for the whole paper is what most of its places say. */
static struct mark_sight majority(const struct align_votes *votes)
{
    uint32_t zeros = votes->votes[0];
    uint32_t ones = votes->votes[1];
    uint32_t less = zeros < ones ? zeros : ones;
    uint32_t more = zeros < ones ? ones : zeros;
    if (zeros == ones || (less > 0 && more / MAJORITY < less))
        return (struct mark_sight){.read = MARK_ERASED};
    return (struct mark_sight){.read = ones > zeros, .doubt = votes->doubt[ones > zeros]};
}

static struct mark_sight decide(const struct paper_site *site, const struct align_votes *votes)
{
    if (votes->votes[0] + votes->votes[1] == 0)
        return (struct mark_sight){.read = MARK_ERASED};
    return site->wide ? majority(votes) : votes->sight;
}

static void sum_up(struct reader *r)
{
    const struct paper_sites *sites = r->lattice->sites;
    struct reading *reading = r->reading;
    for (uint32_t i = 0; i < sites->nsites; i++) {
        const struct paper_site *site = &sites->sites[i];
        reading->read[i] = MARK_ERASED;
        if (site->locked || site->absent)
            continue;
        reading->sites[site->channel]++;
        const struct mark_sight sight = decide(site, &r->votes[i]);
        reading->read[i] = sight.read;
        reading->doubt[i] = sight.read != MARK_ERASED ? sight.doubt : 0;
        reading->doubtful[site->channel] += reading->doubt[i] > 0;
        if (reading->read[i] != MARK_ERASED)
            reading->reads[site->channel]++;
        else if (r->votes[i].met)
            reading->erased[site->channel]++;
        reading->ones += reading->read[i] == 1;
    }
}

/* Codes of the edition that were met: at a branch, those of whichever alternative was. */
static double coverage(const struct reader *r)
{
    const struct lattice *l = r->lattice;
    size_t met = 0;
    for (uint32_t node = 0; node < l->nnodes; node++)
        met += r->covered[node] && l->nodes[node].in == ALIGN_NONE;
    for (uint32_t i = 0; i < l->nbranches; i++) {
        const struct align_branch *b = &l->branches[i];
        uint32_t len = b->last[0] + 1 - b->first[0];
        uint32_t either = 0;
        for (uint32_t node = b->before + 1; node < b->join; node++)
            either += r->covered[node];
        met += either < len ? either : len;
    }
    return l->columns ? (double)met / l->columns : 0;
}

static int by_exhibit(const void *a, const void *b)
{
    const struct span *x = a;
    const struct span *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static int by_sight(const void *a, const void *b)
{
    const struct sight *x = a;
    const struct sight *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

void paper_read_marks(struct arena *arena, const struct lattice *lattice,
                      const struct paper_seen *exhibit, struct reading *reading)
{
    struct arena *scratch = arena_make();
    struct arena *per_chain = arena_make();
    *reading = (struct reading){
        .read = arena_take(arena, (size_t)lattice->sites->nsites + 1),
        .doubt = arena_take(arena, (size_t)lattice->sites->nsites + 1),
    };
    struct reader r = {.arena = arena,
                       .scratch = per_chain,
                       .lattice = lattice,
                       .seen = exhibit,
                       .text = exhibit->text,
                       .exhibit = unicode_fold(scratch, exhibit->text),
                       .reading = reading,
                       .sights = {.arena = arena},
                       .shifts = {{.arena = scratch}, {.arena = scratch}}};
    r.votes = arena_array(scratch, (size_t)lattice->sites->nsites + 1, struct align_votes);
    r.covered = arena_take(scratch, lattice->nnodes);
    struct align_chains chains = align_find_chains(scratch, lattice, &r.exhibit);
    for (size_t i = 0; i < chains.count; i++) {
        read_chain(&r, &chains.chains[i]);
        arena_reset(per_chain);
    }
    align_read_shifts(lattice, PAPER_SHIFT_GAP, &r.shifts[PAPER_SHIFT_GAP], r.votes, &r.sights);
    align_read_shifts(lattice, PAPER_SHIFT_LINE, &r.shifts[PAPER_SHIFT_LINE], r.votes, &r.sights);
    if (reading->nspans)
        qsort(reading->spans, reading->nspans, sizeof *reading->spans, by_exhibit);
    if (r.sights.count)
        qsort(r.sights.list, r.sights.count, sizeof *r.sights.list, by_sight);
    reading->sights = r.sights.list;
    reading->nsights = r.sights.count;
    sum_up(&r);
    reading->coverage = coverage(&r);
    reading->explained = r.exhibit.count ? (double)reading->matched / (double)r.exhibit.count : 0;
    if (reading->explained > 1)
        reading->explained = 1;
    arena_free(per_chain);
    arena_free(scratch);
}
