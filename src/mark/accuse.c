/* Who made it: the walk from marks read to members named.
 *
 *   evidence → reads merged by paper → stage 1: groups, families, thresholds → everybody scored
 *            → those over a threshold named → stage 2: the same again, given what they explain → …
 *
 * A stage names everyone who reaches a threshold of any family; the walk ends with the first stage
 * that names nobody new. A false alarm's chance is shared out so that all tests together keep to
 * the promise: stage k has 2^-k of it, a family its prior's share of that, each member an equal
 * part. Why stages may use what earlier ones found is proven in docs/marking.md; in short, up to
 * the first innocent named, the walk is the one that would have happened among the guilty alone,
 * and that one knows nothing of the innocent's bits.
 *
 * Among many members, stages after the first look only at a shortlist: those whose rough score
 * (count.c) in stage 1 is well above the innocents' mean, which every leaker's practically is.
 * Looking at fewer members can only name fewer. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LN10                 2.302585092994045684
#define SHORTLIST_DEVIATIONS 2.5

/* A paper's reads, each site once. */
struct source {
    const struct mark_code *code;
    struct mark_sight *sights;
    uint8_t *explained; /* members known who hold the bit read */
};

struct stage {
    unsigned number; /* 1, 2, … */
    struct mark_group *groups;
    size_t ngroups;
    struct mark_family families[MARK_FAMILIES_MAX];
    size_t nfamilies;
    struct mark_segment *segments;
    size_t nsegments;
};

struct walk {
    struct arena *arena;
    struct source *sources;
    size_t nsources;
    uint32_t read;
    double worth; /* of the marks read, in marks that are not in doubt */
    double nmembers;
    double false_alarm;
    struct mark_accused *named;
    size_t nnamed, cap_named;
    uint32_t *listed; /* the shortlist, when there is one */
    size_t nlisted, cap_listed;
    const struct mark_watch *watch;
    bool stopped; /* by the watch */
};

double mark_budget_ln(double false_alarm, double nmembers, unsigned stage, double prior)
{
    return log(false_alarm) - log(fmax(nmembers, 1)) - stage * log(2) + log(prior);
}

/* ---- Evidence ---- */

static bool same_code(const struct mark_code *a, const struct mark_code *b)
{
    return a->distribution == b->distribution &&
           memcmp(a->key.bytes, b->key.bytes, DIGEST_BYTES) == 0;
}

/* Sites of a longer code of the same paper. */
static void widen(struct arena *arena, struct source *source, uint32_t had, uint32_t nsites)
{
    source->sights = arena_grow(arena, source->sights, had * sizeof *source->sights,
                                nsites * sizeof *source->sights);
    for (uint32_t site = had; site < nsites; site++)
        source->sights[site] = (struct mark_sight){.read = MARK_ERASED};
}

/* The same paper twice (two editions, two exhibits) is one source: its code bits are the same, and
 * evidence counted twice would break the independence that the bound rests on. */
static void merge_evidence(struct walk *walk, const struct mark_evidence *evidence, size_t count)
{
    walk->sources = arena_array(walk->arena, count, struct source);
    for (size_t i = 0; i < count; i++) {
        const struct mark_code *code = evidence[i].code;
        size_t s = 0;
        while (s < walk->nsources && !same_code(walk->sources[s].code, code))
            s++;
        struct source *source = &walk->sources[s];
        const uint32_t had = source->code ? source->code->nsites : 0;
        if (s == walk->nsources)
            walk->nsources++;
        if (code->nsites > had || !source->code) {
            widen(walk->arena, source, had, code->nsites);
            source->code = code;
        }
        for (uint32_t site = 0; site < code->nsites; site++)
            mark_sight_add(&source->sights[site], evidence[i].read[site],
                           evidence[i].doubt ? evidence[i].doubt[site] : 0);
    }
    for (size_t s = 0; s < walk->nsources; s++) {
        struct source *source = &walk->sources[s];
        source->explained = arena_array(walk->arena, source->code->nsites, uint8_t);
        for (uint32_t site = 0; site < source->code->nsites; site++) {
            if (source->sights[site].read == MARK_ERASED)
                continue;
            walk->read++;
            walk->worth += mark_doubt_worth(source->sights[site].doubt);
        }
    }
}

/* ---- A stage's groups and segments ---- */

/* Chance that the rough count of an innocent agrees; see count.c. */
static double rough_agree(unsigned numerator, unsigned bit)
{
    const double p = (double)numerator / MARK_BIAS_UNIT;
    if (mark_planes_of(numerator) <= MARK_ROUGH_PLANES)
        return bit ? p : 1 - p;
    const unsigned top = numerator >> (MARK_PLANES - MARK_ROUGH_PLANES);
    const unsigned all = 1U << MARK_ROUGH_PLANES;
    return (double)(bit ? top + 1 : all - top) / all;
}

static unsigned known_members(const struct walk *walk)
{
    return walk->nnamed < MARK_EXPLAINERS_MAX ? (unsigned)walk->nnamed : MARK_EXPLAINERS_MAX;
}

/* The group of (numerator, bit read, doubt, explained), made when it is new. index has room for all. */
#define INDEX_SIZE (MARK_BIAS_UNIT * 2 * MARK_DOUBTS * (MARK_EXPLAINERS_MAX + 1))
static uint32_t group_of(struct walk *walk, struct stage *stage, uint32_t *index,
                         unsigned numerator, struct mark_sight sight, unsigned explained)
{
    const unsigned bit = (unsigned)sight.read;
    uint32_t *at =
        &index[((numerator * 2 + bit) * MARK_DOUBTS + sight.doubt) * (MARK_EXPLAINERS_MAX + 1) +
               explained];
    if (*at == 0) {
        const double p = (double)numerator / MARK_BIAS_UNIT;
        stage->groups[stage->ngroups++] = (struct mark_group){
            .numerator = numerator,
            .bit = bit,
            .explained = explained,
            .known = known_members(walk),
            .doubt = sight.doubt,
            .agree = bit ? p : 1 - p,
            .rough = rough_agree(numerator, bit),
        };
        *at = (uint32_t)stage->ngroups;
    }
    return *at - 1;
}

static void add_to_segment(struct arena *arena, struct mark_segment *segment, uint32_t group,
                           uint32_t at, unsigned bit)
{
    uint32_t i = 0;
    while (i < segment->nprobes && segment->probes[i].group != group)
        i++;
    if (i == segment->nprobes) {
        segment->probes = arena_grow(arena, segment->probes, i * sizeof *segment->probes,
                                     (i + 1) * sizeof *segment->probes);
        segment->probes[segment->nprobes++] = (struct mark_probe){.group = group};
    }
    segment->probes[i].mask[at / 64] |= 1ULL << at % 64;
    segment->read[at / 64] |= (uint64_t)bit << at % 64;
}

/* Sorts the reads of one source into groups and segments; segments without reads are left out. */
static void stage_add_source(struct walk *walk, struct stage *stage, uint32_t *index,
                             const struct source *source)
{
    const struct mark_code *code = source->code;
    struct mark_segment *open[MARK_CLASSES_MAX] = {NULL};
    for (uint32_t site = 0; site < code->nsites; site++) {
        const unsigned class = code->class[site];
        const uint32_t at = code->slot[site] % MARK_SEGMENT_SLOTS;
        if (at == 0)
            open[class] = NULL;
        if (source->sights[site].read == MARK_ERASED)
            continue;
        const unsigned numerator = code->distribution->numerator[class];
        if (!open[class]) {
            open[class] = &stage->segments[stage->nsegments++];
            open[class]->numerator = numerator;
            open[class]->cipher =
                mark_stream_open(code, class, code->slot[site] / MARK_SEGMENT_SLOTS);
        }
        const struct mark_sight sight = source->sights[site];
        const uint32_t group =
            group_of(walk, stage, index, numerator, sight, source->explained[site]);
        stage->groups[group].sites += 1;
        add_to_segment(walk->arena, open[class], group, at, (unsigned)sight.read);
    }
}

/* Where the shortlist begins: some deviations above the innocents' mean rough score. */
static int64_t shortlist_from(const struct stage *stage, const uint32_t *weight)
{
    double mean = 0;
    double variance = 0;
    for (size_t g = 0; g < stage->ngroups; g++) {
        const struct mark_group *group = &stage->groups[g];
        mean += group->sites * weight[g] * group->rough;
        variance += group->sites * weight[g] * weight[g] * group->rough * (1 - group->rough);
    }
    return (int64_t)floor(mean + SHORTLIST_DEVIATIONS * sqrt(variance));
}

static struct stage stage_make(struct walk *walk, unsigned number)
{
    struct stage stage = {.number = number};
    size_t most = 0;
    for (size_t s = 0; s < walk->nsources; s++)
        most += walk->sources[s].code->nsites / MARK_SEGMENT_SLOTS + MARK_CLASSES_MAX;
    stage.segments = arena_array(walk->arena, most, struct mark_segment);
    stage.groups = arena_array(walk->arena, walk->read < INDEX_SIZE ? walk->read : INDEX_SIZE,
                               struct mark_group);
    uint32_t *index = arena_array(walk->arena, INDEX_SIZE, uint32_t);
    for (size_t s = 0; s < walk->nsources; s++)
        stage_add_source(walk, &stage, index, &walk->sources[s]);
    uint32_t *room = arena_array(walk->arena, MARK_FAMILIES_MAX * stage.ngroups, uint32_t);
    stage.nfamilies = mark_families_make(room, stage.groups, stage.ngroups, stage.families);
    for (size_t f = 0; f < stage.nfamilies; f++) {
        struct mark_family *family = &stage.families[f];
        family->threshold = mark_bound_threshold(
            stage.groups, family->weight, stage.ngroups,
            mark_budget_ln(walk->false_alarm, walk->nmembers, number, family->prior));
        family->shortlist = shortlist_from(&stage, family->weight);
    }
    return stage;
}

static void stage_end(struct stage *stage)
{
    for (size_t i = 0; i < stage->nsegments; i++)
        EVP_CIPHER_CTX_free(stage->segments[i].cipher);
}

/* ---- Scoring ---- */

static bool is_named(const struct walk *walk, uint32_t member)
{
    for (size_t i = 0; i < walk->nnamed; i++)
        if (walk->named[i].member == member)
            return true;
    return false;
}

/* Agreements in a group, from the exact count of member i of the chunk. */
static uint32_t agreements(const struct mark_counter *counter, size_t group, size_t i)
{
    return counter->totals[group * MARK_CHUNK + i];
}

/* What a member's bound is computed from, for whoever computes it again. */
static const struct mark_tally *tally(struct arena *arena, const struct stage *stage,
                                      const uint32_t *agree)
{
    struct mark_tally *tallies = arena_array(arena, stage->ngroups + 1, struct mark_tally);
    for (size_t g = 0; g < stage->ngroups; g++) {
        const struct mark_group *group = &stage->groups[g];
        tallies[g] = (struct mark_tally){
            .bias = group->numerator,
            .bit = group->bit,
            .explained = group->explained,
            .known = group->known,
            .sites = (uint32_t)group->sites,
            .agree = agree[g],
            .doubt = group->doubt,
        };
    }
    return tallies;
}

static void name_member(struct walk *walk, const struct stage *stage,
                        const struct mark_counter *counter, size_t i, uint32_t member)
{
    struct mark_accused accused = {.member = member, .read = walk->read, .stage = stage->number};
    uint32_t *agree = arena_array(walk->arena, stage->ngroups + 1, uint32_t);
    for (size_t g = 0; g < stage->ngroups; g++) {
        agree[g] = agreements(counter, g, i);
        accused.agree += agree[g];
    }
    const double best =
        mark_bound_strongest(stage->groups, stage->ngroups, stage->families, stage->nfamilies,
                             stage->number, agree, &accused.score);
    accused.tallies = tally(walk->arena, stage, agree);
    accused.ntallies = stage->ngroups;
    accused.log10_p = best / LN10;
    accused.log10_p_all = fmin(0, accused.log10_p + log10(fmax(walk->nmembers, 1)));
    if (walk->nnamed == walk->cap_named) {
        const size_t cap = walk->cap_named ? 2 * walk->cap_named : 8;
        walk->named = arena_grow(walk->arena, walk->named, walk->cap_named * sizeof *walk->named,
                                 cap * sizeof *walk->named);
        walk->cap_named = cap;
    }
    walk->named[walk->nnamed++] = accused;
}

static void list_member(struct walk *walk, uint32_t member)
{
    if (walk->nlisted == walk->cap_listed) {
        const size_t cap = walk->cap_listed ? 2 * walk->cap_listed : 4096;
        walk->listed =
            arena_grow(walk->arena, walk->listed, walk->cap_listed * sizeof *walk->listed,
                       cap * sizeof *walk->listed);
        walk->cap_listed = cap;
    }
    walk->listed[walk->nlisted++] = member;
}

/* Members whose rough score reaches a threshold, waiting to be scored exactly. */
struct near {
    uint32_t members[MARK_CHUNK];
    size_t count;
};

static void score_near(struct walk *walk, const struct stage *stage, struct mark_counter *counter,
                       struct near *near)
{
    mark_count_exact(counter, near->members, near->count);
    mark_count_reached(counter, stage->families, stage->nfamilies, near->count);
    for (size_t i = 0; i < near->count; i++)
        if (counter->reached[i] & MARK_REACHES_NAME && !is_named(walk, near->members[i]))
            name_member(walk, stage, counter, i, near->members[i]);
    near->count = 0;
}

static bool goes_on(const struct walk *walk, const struct stage *stage, size_t done, size_t all)
{
    const struct mark_watch *watch = walk->watch;
    return !watch || watch->scored(watch->context, stage->number, done, all);
}

/* Scores roughly, then exactly those who may reach a threshold. */
static void score_members(struct walk *walk, const struct stage *stage, const uint32_t *members,
                          size_t nmembers, bool list)
{
    struct mark_counter counter =
        mark_counter_make(walk->arena, stage->segments, stage->nsegments, stage->ngroups);
    struct near near = {.count = 0};
    uint64_t reached[MARK_CHUNK];
    for (size_t from = 0; from < nmembers && !walk->stopped; from += MARK_CHUNK) {
        const size_t n = nmembers - from < MARK_CHUNK ? nmembers - from : MARK_CHUNK;
        mark_count_rough(&counter, members + from, n);
        mark_count_reached(&counter, stage->families, stage->nfamilies, n);
        memcpy(reached, counter.reached, n * sizeof *reached);
        for (size_t i = 0; i < n; i++) {
            if (list && reached[i] & MARK_REACHES_LIST)
                list_member(walk, members[from + i]);
            if (!(reached[i] & MARK_REACHES_NAME))
                continue;
            near.members[near.count++] = members[from + i];
            if (near.count == MARK_CHUNK)
                score_near(walk, stage, &counter, &near);
        }
        walk->stopped = !goes_on(walk, stage, from + n, nmembers);
    }
    score_near(walk, stage, &counter, &near);
}

/* Notes at each site how many of the known members hold the bit read. */
static void explain_sites(struct walk *walk)
{
    for (size_t s = 0; s < walk->nsources; s++) {
        const struct source *source = &walk->sources[s];
        const uint32_t nsites = source->code->nsites;
        uint8_t *bits = arena_array(walk->arena, nsites, uint8_t);
        memset(source->explained, 0, nsites);
        for (unsigned i = 0; i < known_members(walk); i++) {
            mark_codeword(source->code, walk->named[i].member, bits);
            for (uint32_t site = 0; site < nsites; site++)
                source->explained[site] += source->sights[site].read == bits[site];
        }
    }
}

static int stronger_first(const void *a, const void *b)
{
    const struct mark_accused *x = a;
    const struct mark_accused *y = b;
    if (x->log10_p != y->log10_p)
        return x->log10_p < y->log10_p ? -1 : 1;
    return x->member < y->member ? -1 : x->member > y->member;
}

/* Runs one stage; true if it names somebody new. */
static bool run_stage(struct walk *walk, unsigned number, const uint32_t *members, size_t n)
{
    const size_t before = walk->nnamed;
    const bool list = number == 1 && n > MARK_EVERYONE_LISTED;
    struct stage stage = stage_make(walk, number);
    score_members(walk, &stage, members, n, list);
    stage_end(&stage);
    if (walk->stopped || walk->nnamed == before)
        return false;
    qsort(walk->named, walk->nnamed, sizeof *walk->named, stronger_first);
    explain_sites(walk);
    return true;
}

/* ---- The finding ---- */

/* Says how many marks more it takes, from biases and budget alone: nothing about any member. */
static uint32_t marks_needed(const struct walk *walk)
{
    const unsigned colluders =
        walk->nsources ? walk->sources[0].code->distribution->colluders : MARK_COLLUDERS_MIN;
    const uint32_t have = (uint32_t)walk->worth;
    uint32_t enough = mark_marks_for_single(colluders, walk->nmembers, walk->false_alarm, 0);
    for (unsigned c = 2; enough && enough <= have && c <= MARK_COLLUDERS_MAX; c++)
        enough = mark_marks_for_colluders(colluders, c, walk->nmembers, walk->false_alarm,
                                          MARK_ASSUMED_ERROR);
    if (enough > have)
        return enough - have;
    return have > 0 ? have : 1; /* beyond any plan: as many again, for want of better */
}

enum status mark_accuse_watched(struct arena *arena, const struct mark_evidence *evidence,
                                size_t nevidence, const uint32_t *members, size_t nmembers,
                                double false_alarm, const struct mark_watch *watch,
                                struct mark_finding *finding, struct error *err)
{
    if (!(false_alarm > 0 && false_alarm < 0.5))
        return error_set(err, STATUS_INPUT,
                         "The allowed false-alarm probability must lie between 0 and 0.5, not %g; "
                         "1e-6 is usual.",
                         "允许的误报概率须在 0 与 0.5 之间，而这里是 %g；通常取 1e-6。",
                         false_alarm);
    struct walk walk = {
        .arena = arena, .nmembers = (double)nmembers, .false_alarm = false_alarm, .watch = watch};
    merge_evidence(&walk, evidence, nevidence);
    const uint32_t *tested = members;
    size_t ntested = nmembers;
    for (unsigned number = 1; number <= MARK_STAGES_MAX; number++) {
        if (!run_stage(&walk, number, tested, ntested))
            break;
        if (nmembers > MARK_EVERYONE_LISTED) {
            tested = walk.listed;
            ntested = walk.nlisted;
        }
    }
    if (walk.stopped)
        return error_set(err, STATUS_INTERRUPTED, "The trace was stopped; nothing was found out.",
                         "追踪已中止，未得出任何结论。");
    *finding = (struct mark_finding){
        .accused = walk.named,
        .naccused = walk.nnamed,
        .read = walk.read,
        .threshold_log10 = log10(false_alarm) - log10(fmax((double)nmembers, 1)),
        .needed = walk.nnamed > 0 ? 0 : marks_needed(&walk),
    };
    return STATUS_OK;
}

enum status mark_accuse(struct arena *arena, const struct mark_evidence *evidence, size_t nevidence,
                        const uint32_t *members, size_t nmembers, double false_alarm,
                        struct mark_finding *finding, struct error *err)
{
    return mark_accuse_watched(arena, evidence, nevidence, members, nmembers, false_alarm, NULL,
                               finding, err);
}
