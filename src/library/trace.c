/* The trace walk; see trace.h.
 *
 * Several exhibits may come from one hand or from several, so the members are tested against all
 * exhibits together and against each alone.
 *
 * One stretch of text may stand in several papers: a paper published twice, a boilerplate passage.
 * The text can't tell which of them was copied, but their keys differ, and so do their members'
 * bits. The paper that explains most of an exhibit is its *source*; another that explains much the
 * same stretch is an *alternative* to it. One hypothesis takes every source as found; for each
 * alternative one more takes it in the place of the source that it can stand for.
 *
 * Leakers who put their copies together stretch by stretch leave each stretch to one of them, and
 * there that one's marks all agree, though in the whole they are thinned out by the others'. So the
 * members are tested against *parts* too: each source alone, its halves, its quarters.
 *
 * Each test of a hypothesis against all exhibits, one, or a part has a share of the false-alarm
 * budget, fixed before anybody is scored; the shares sum to one at most, so by the union bound the
 * finding as a whole keeps to the budget. What may be tested against what depends on the exhibits only,
 * never on anybody's codeword, as the proof in docs/marking.md demands. (Parts are left out where
 * one of those named agrees with nearly all marks: that only removes names.) */
#include "library/trace.h"
#include "library/keys.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "library/source.h"
#include "library/strength.h"
#include "library/trace_look.h"
#include "library/trace_sign.h"

#define CANDIDATES         24 /* editions looked at closely for one exhibit */
#define CANDIDATES_IN_VAIN 6  /* … after this many in a row explained nothing, the rest is left */
#define PIECE_LEAST        10 /* folded characters that can make a source when they are most of it */
#define SHARE_LEAST        0.4      /* … this share of the exhibit */
#define MATCH_LEAST        60       /* folded characters that make a source in any exhibit */
#define ALTERNATIVES_MAX   7        /* papers tried in a source's place, over all exhibits */
#define ALTERNATIVE_LEAST  0.25     /* … explaining this share of what the source explains */
#define AS_FOUND           SIZE_MAX /* the hypothesis that takes every source as found */
#define AS_FOUND_SHARE     0.5      /* of the budget, when there are alternatives */
#define PARTS_SHARE        0.125 /* of the budget of every source as found, when there are parts */
#define PART_LEAST         32U   /* marks read in a part: fewer name hardly anybody */
#define PART_HALVINGS      2U
#define LEFT_SHARE         0.1 /* of the marks read: more are not misread when somebody is named */
#define UNLIKE_LEAST       16U /* marks unlike the likest copy, for parts to be looked at */

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"named", "insufficient", "unmarked", "unknown-source"};
    return names[verdict];
}

const char *trace_phase_name(enum trace_phase phase)
{
    static const char *const names[] = {"reading", "source", "aligning", "scoring", "explaining"};
    return names[phase];
}

/* What an exhibit gave when read against a paper. */
struct exhibit_marks {
    int8_t *read;    /* NULL where the paper has nothing to do with the exhibit */
    uint8_t *doubt;  /* class of each site read */
    uint32_t nsites; /* of the edition that it was read against */
    size_t place;    /* the source in whose place the paper stands; its own number for a source */
    struct edition_text *text; /* that edition */
    struct reading reading;
};

/* A paper that exhibits were found to come from, or may come from, and what each exhibit gave. */
struct source {
    struct edition_text *text;
    struct lattice *lattice;
    struct mark_code *code;
    struct exhibit_marks *marks; /* one an exhibit */
    bool alternative;            /* to some source, in some exhibit */
    bool shown;                  /* in the finding */
    struct reading total;
};

/* Sites from … to - 1 of a source. */
struct part {
    size_t source;
    uint32_t from, to;
};

struct tracer {
    struct arena *arena;
    struct store *store;
    const struct trace_request *request;
    struct source sources[TRACE_SOURCES_MAX + ALTERNATIVES_MAX];
    size_t nsources;
    size_t nalternatives;
    uint32_t *members;
    size_t nmembers;
    struct part *parts;
    size_t nparts;
    struct trace_progress progress;
    uint64_t ntrials, trial; /* to be made in all, parts aside, and made */
    bool in_parts;
};

/* Those that are read, the ones that are kept apart included. */
static size_t all_exhibits(const struct tracer *t)
{
    return t->request->nexhibits + t->request->apart;
}

/* --- progress ----------------------------------------------------------------------------------- */

static enum status tell(struct tracer *t, enum trace_phase phase, uint64_t done, uint64_t all,
                        struct error *err)
{
    const struct trace_watch *watch = t->request->watch;
    t->progress.phase = phase;
    t->progress.done = done;
    t->progress.all = all;
    if (!watch || watch->step(watch->context, &t->progress))
        return STATUS_OK;
    return error_set(err, STATUS_INTERRUPTED, "The trace was stopped; nothing was found out.",
                     "追踪已中止，未得出任何结论。");
}

static bool tell_scored(void *context, unsigned stage, size_t done, size_t all)
{
    struct tracer *t = context;
    if (stage > 1 || t->in_parts)
        return !tell(t, TRACE_EXPLAINING, done, all, NULL);
    return !tell(t, TRACE_SCORING, (t->trial * all + done) / t->ntrials, all, NULL);
}

/* --- exhibit → source editions ------------------------------------------------------------------ */

/* Which source explains a byte of the exhibit: its number and one, 0 for none. */
typedef uint8_t owner;

/* Bytes of the exhibit that a reading explains and no earlier source did. */
static size_t newly_explained(const struct reading *reading, const owner *owners)
{
    size_t fresh = 0;
    for (size_t i = 0; i < reading->nspans; i++) {
        const struct span *span = &reading->spans[i];
        for (size_t at = span->at; at < span->at + span->len; at++)
            fresh += !owners[at];
    }
    return fresh;
}

static void take_bytes(const struct reading *reading, owner *owners, size_t source)
{
    for (size_t i = 0; i < reading->nspans; i++) {
        const struct span *span = &reading->spans[i];
        for (size_t at = span->at; at < span->at + span->len; at++)
            if (!owners[at])
                owners[at] = (owner)(source + 1);
    }
}

static size_t bytes_explained(const struct reading *reading)
{
    size_t sum = 0;
    for (size_t i = 0; i < reading->nspans; i++)
        sum += reading->spans[i].len;
    return sum;
}

/* Whether a reading of which `fresh` bytes are new makes its edition a source. */
static bool is_source(const struct reading *reading, size_t fresh)
{
    size_t all = bytes_explained(reading);
    double matched = all ? (double)reading->matched * (double)fresh / (double)all : 0;
    return matched >= MATCH_LEAST ||
           (matched >= PIECE_LEAST && reading->explained >= SHARE_LEAST && fresh == all);
}

/* The source that explains most of what a reading explains, when the reading's edition may stand in
 * its place; else SIZE_MAX. */
static size_t place_for(const struct tracer *t, const struct reading *reading, const owner *owners,
                        size_t len)
{
    size_t shared[TRACE_SOURCES_MAX + ALTERNATIVES_MAX + 1] = {0};
    size_t owned = 0;
    size_t most = 0;
    if (!is_source(reading, bytes_explained(reading)))
        return SIZE_MAX;
    for (size_t i = 0; i < reading->nspans; i++) {
        const struct span *span = &reading->spans[i];
        for (size_t at = span->at; at < span->at + span->len; at++)
            shared[owners[at]]++;
    }
    for (size_t s = 1; s <= t->nsources; s++)
        if (shared[s] > shared[most] || most == 0)
            most = s;
    if (most == 0 || shared[most] == 0)
        return SIZE_MAX;
    for (size_t at = 0; at < len; at++)
        owned += owners[at] == most;
    return (double)shared[most] >= ALTERNATIVE_LEAST * (double)owned ? most - 1 : SIZE_MAX;
}

static struct source *source_for(struct tracer *t, int64_t paper)
{
    for (size_t i = 0; i < t->nsources; i++)
        if (t->sources[i].text->edition.paper == paper)
            return &t->sources[i];
    return NULL;
}

static enum status load_source(struct tracer *t, int64_t paper, int64_t edition,
                               struct source *source, struct error *err)
{
    struct edition e;
    *source = (struct source){.text = arena_new(t->arena, struct edition_text)};
    enum status status = library_find_edition(t->arena, t->store, paper, edition, &e, err);
    if (!status)
        status = library_load_edition(t->arena, t->store, &e, source->text, err);
    if (!status)
        source->lattice = paper_lattice_make(t->arena, &source->text->doc, &source->text->sites);
    return status;
}

/* Numbers of sites belong to the paper, so readings from different editions of it fit together; the
 * longer code covers both. NULL when there are as many sources as are looked for. */
static struct source *admit_source(struct tracer *t, const struct source *found, bool alternative)
{
    struct source *source = source_for(t, found->text->edition.paper);
    if (alternative && !(source && source->alternative)) {
        if (t->nalternatives == ALTERNATIVES_MAX)
            return NULL;
        t->nalternatives++;
    }
    if (!source) {
        if (!alternative && t->nsources - t->nalternatives >= TRACE_SOURCES_MAX)
            return NULL;
        source = &t->sources[t->nsources++];
        *source = *found;
        source->marks = arena_array(t->arena, all_exhibits(t), struct exhibit_marks);
    } else if (found->text->edition.nsites > source->text->edition.nsites) {
        source->text = found->text;
        source->lattice = found->lattice;
    }
    source->alternative |= alternative;
    return source;
}

static void add_reading(struct tracer *t, struct source *source, size_t exhibit,
                        const struct reading *reading, struct edition_text *text, size_t place)
{
    uint32_t nsites = text->edition.nsites;
    struct exhibit_marks *marks = &source->marks[exhibit];
    *marks =
        (struct exhibit_marks){.nsites = nsites, .place = place, .text = text, .reading = *reading};
    marks->read = arena_array(t->arena, (size_t)nsites + 1, int8_t);
    marks->doubt = arena_array(t->arena, (size_t)nsites + 1, uint8_t);
    memcpy(marks->read, reading->read, nsites);
    memcpy(marks->doubt, reading->doubt, nsites);
    source->total.coverage = fmax(source->total.coverage, reading->coverage);
}

/* The closest edition of a paper for an exhibit: newer or older ones explain it less. */
static enum status closest_edition(struct tracer *t, const struct source_candidate *all,
                                   size_t count, size_t first, const struct paper_seen *exhibit,
                                   struct source *best, struct reading *best_reading,
                                   struct error *err)
{
    for (size_t i = first; i < count; i++) {
        if (all[i].paper != all[first].paper)
            continue;
        struct source source;
        struct reading reading;
        enum status status = tell(t, TRACE_ALIGNING, i, count, err);
        if (!status)
            status = load_source(t, all[i].paper, all[i].edition, &source, err);
        if (status)
            return status;
        paper_read_marks(t->arena, source.lattice, exhibit, &reading);
        bool better = i == first || reading.matched > best_reading->matched ||
                      (reading.matched == best_reading->matched &&
                       source.text->edition.number > best->text->edition.number);
        if (better) {
            *best = source;
            *best_reading = reading;
        }
    }
    return STATUS_OK;
}

static bool seen_before(const struct source_candidate *all, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (all[i].paper == all[at].paper)
            return true;
    return false;
}

static enum status candidates_for(struct tracer *t, struct str exhibit,
                                  struct source_candidate **all, size_t *count, struct error *err)
{
    if (!t->request->paper)
        return source_index_search(t->arena, t->store, exhibit, CANDIDATES, all, count, err);
    struct edition newest;
    enum status status =
        library_find_edition(t->arena, t->store, t->request->paper, 0, &newest, err);
    if (status)
        return status;
    *count = (size_t)newest.number;
    *all = arena_array(t->arena, *count, struct source_candidate);
    for (size_t i = 0; i < *count; i++)
        (*all)[i] =
            (struct source_candidate){.paper = newest.paper, .edition = newest.number - (int64_t)i};
    return STATUS_OK;
}

/* Takes an edition found as a source of the exhibit, or as an alternative to one. False when it is
 * neither. */
static bool take_edition(struct tracer *t, size_t exhibit, const struct source *found,
                         const struct reading *reading, owner *owners)
{
    size_t len = t->request->exhibits[exhibit].seen.text.len;
    bool fresh = is_source(reading, newly_explained(reading, owners));
    size_t place = fresh ? SIZE_MAX : place_for(t, reading, owners, len);
    if (!fresh && place == SIZE_MAX)
        return false;
    struct source *source = admit_source(t, found, !fresh);
    if (!source)
        return false;
    if (fresh) {
        place = (size_t)(source - t->sources);
        take_bytes(reading, owners, place);
    }
    add_reading(t, source, exhibit, reading, found->text, place);
    return true;
}

static enum status find_sources(struct tracer *t, size_t exhibit, struct error *err)
{
    const struct paper_seen *seen = &t->request->exhibits[exhibit].seen;
    struct source_candidate *all;
    size_t count = 0;
    t->progress.exhibit = exhibit;
    enum status status = tell(t, TRACE_READING, exhibit, all_exhibits(t), err);
    if (!status)
        status = tell(t, TRACE_SOURCE, exhibit, all_exhibits(t), err);
    if (!status)
        status = candidates_for(t, seen->text, &all, &count, err);
    owner *owners = arena_array(t->arena, seen->text.len + 1, owner);
    unsigned in_vain = 0;
    for (size_t i = 0; !status && i < count && in_vain < CANDIDATES_IN_VAIN; i++) {
        struct source found = {0};
        struct reading reading = {0};
        if (seen_before(all, i))
            continue;
        status = closest_edition(t, all, count, i, seen, &found, &reading, err);
        if (!status)
            in_vain = take_edition(t, exhibit, &found, &reading, owners) ? 0 : in_vain + 1;
    }
    return status;
}

/* --- marks read --------------------------------------------------------------------------------- */

/* All arrays are brought to the length of the paper's longest code seen. */
static void widen_readings(struct tracer *t)
{
    for (size_t s = 0; s < t->nsources; s++) {
        struct source *source = &t->sources[s];
        uint32_t nsites = source->text->edition.nsites;
        source->code = library_edition_code(t->arena, t->store, &source->text->edition);
        for (size_t e = 0; e < all_exhibits(t); e++) {
            struct exhibit_marks *marks = &source->marks[e];
            if (!marks->read)
                continue;
            int8_t *wide = arena_array(t->arena, (size_t)nsites + 1, int8_t);
            memset(wide, MARK_ERASED, nsites);
            memcpy(wide, marks->read, marks->nsites);
            marks->read = wide;
            marks->doubt = arena_grow(t->arena, marks->doubt, marks->nsites, (size_t)nsites + 1);
            marks->nsites = nsites;
        }
    }
}

/* Whether a hypothesis takes what an exhibit says of a paper: sources, but for the one in whose place
 * the favoured paper stands. */
static bool is_taken(const struct tracer *t, size_t source, size_t exhibit, size_t favoured)
{
    const struct exhibit_marks *marks = &t->sources[source].marks[exhibit];
    if (!marks->read || source == favoured)
        return marks->read != NULL;
    if (marks->place != source)
        return false;
    const struct exhibit_marks *other =
        favoured == AS_FOUND ? NULL : &t->sources[favoured].marks[exhibit];
    return !other || !other->read || other->place != source;
}

/* Exhibits [first, first + count) under one hypothesis. */
struct trial {
    size_t first, count;
    size_t favoured;         /* the alternative tried, or AS_FOUND */
    double share;            /* of the false-alarm budget */
    const struct part *part; /* NULL: all */
};

static bool is_in_part(const struct part *part, size_t source, uint32_t site)
{
    return !part || (source == part->source && site >= part->from && site < part->to);
}

/* Whether one of the exhibits that are kept apart shows a site. */
static bool is_shown_apart(const struct tracer *t, size_t source, uint32_t site)
{
    for (size_t e = t->request->nexhibits; e < all_exhibits(t); e++) {
        const int8_t *read = t->sources[source].marks[e].read;
        if (read && read[site] != MARK_ERASED)
            return true;
    }
    return false;
}

/* What a trial's exhibits together say of a source. */
static struct mark_evidence joint_evidence(struct tracer *t, size_t s, const struct trial *trial)
{
    uint32_t nsites = t->sources[s].text->edition.nsites;
    int8_t *read = arena_array(t->arena, (size_t)nsites + 1, int8_t);
    uint8_t *doubt = arena_array(t->arena, (size_t)nsites + 1, uint8_t);
    for (uint32_t i = 0; i < nsites; i++) {
        struct mark_sight sight = {.read = MARK_ERASED};
        const bool counts = is_in_part(trial->part, s, i) && !is_shown_apart(t, s, i);
        for (size_t e = trial->first; counts && e < trial->first + trial->count; e++) {
            const struct exhibit_marks *marks = &t->sources[s].marks[e];
            if (is_taken(t, s, e, trial->favoured))
                mark_sight_add(&sight, marks->read[i], marks->doubt[i]);
        }
        read[i] = sight.read;
        doubt[i] = sight.doubt;
    }
    return (struct mark_evidence){t->sources[s].code, read, doubt};
}

static struct mark_evidence *evidence_of(struct tracer *t, const struct trial *trial)
{
    struct mark_evidence *evidence = arena_array(t->arena, t->nsources + 1, struct mark_evidence);
    for (size_t s = 0; s < t->nsources; s++)
        evidence[s] = joint_evidence(t, s, trial);
    return evidence;
}

/* Which sites lie in what the exhibits show, readable or not. */
static bool *sites_met(struct tracer *t, const struct source *source)
{
    bool *met = arena_array(t->arena, (size_t)source->text->sites.nsites + 1, bool);
    for (size_t e = 0; e < t->request->nexhibits; e++) {
        const struct exhibit_marks *marks = &source->marks[e];
        for (size_t i = 0; marks->read && i < marks->reading.nsights; i++) {
            uint32_t place = marks->reading.sights[i].place;
            met[marks->text->sites.places[place].site] = true;
        }
    }
    return met;
}

static void count_marks(struct tracer *t, struct source *source,
                        const struct mark_evidence *evidence)
{
    const int8_t *read = evidence->read;
    const bool *met = sites_met(t, source);
    const struct paper_sites *sites = &source->text->sites;
    for (uint32_t i = 0; i < sites->nsites; i++) {
        const struct paper_site *site = &sites->sites[i];
        /* A mark may come from an edition whose site the one shown has no more. */
        if ((site->locked || site->absent) && read[i] == MARK_ERASED)
            continue;
        enum paper_channel channel = site->channel;
        source->total.sites[channel]++;
        source->total.reads[channel] += read[i] != MARK_ERASED;
        source->total.doubtful[channel] += read[i] != MARK_ERASED && evidence->doubt[i] > 0;
        source->total.erased[channel] += read[i] == MARK_ERASED && met[i];
    }
}

/* Takes the papers of a hypothesis into the finding, with the marks read under it. */
static void show_sources(struct tracer *t, size_t favoured)
{
    struct trial all = {0, t->request->nexhibits, favoured, 1, NULL};
    const struct mark_evidence *evidence = evidence_of(t, &all);
    for (size_t s = 0; s < t->nsources; s++) {
        bool taken = false;
        for (size_t e = 0; e < all.count; e++)
            taken |= is_taken(t, s, e, favoured);
        if (taken && !t->sources[s].shown)
            count_marks(t, &t->sources[s], &evidence[s]);
        t->sources[s].shown |= taken;
    }
}

/* --- whom to test ------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void add_member(struct tracer *t, uint32_t member)
{
    t->members = arena_one_more(t->arena, t->members, t->nmembers, sizeof *t->members);
    t->members[t->nmembers++] = member;
}

static enum status add_members_of(struct tracer *t, struct query *q, struct error *err)
{
    while (query_row(q))
        add_member(t, (uint32_t)query_int(q, 0));
    return query_end(q, err);
}

/* Brings the members of several editions and papers into one ascending list without repeats. */
static void unite_members(struct tracer *t)
{
    bool ascending = true;
    for (size_t i = 1; ascending && i < t->nmembers; i++)
        ascending = t->members[i - 1] < t->members[i];
    if (ascending)
        return;
    qsort(t->members, t->nmembers, sizeof *t->members, by_number);
    size_t kept = 1;
    for (size_t i = 1; i < t->nmembers; i++)
        if (t->members[i] != t->members[kept - 1])
            t->members[kept++] = t->members[i];
    t->nmembers = kept;
}

static enum status find_members(struct tracer *t, struct error *err)
{
    enum status status = STATUS_OK;
    if (t->request->everyone)
        return add_members_of(t, query_start(t->store, "SELECT id FROM member ORDER BY id"), err);
    for (size_t s = 0; !status && s < t->nsources; s++) {
        struct query *q =
            query_start(t->store, "SELECT member FROM (SELECT edition, member FROM copy"
                                  "  WHERE paper = ?1 UNION SELECT edition, member"
                                  "  FROM glimpse WHERE paper = ?1)"
                                  " ORDER BY edition, member");
        query_bind_int(q, 1, t->sources[s].text->edition.paper);
        status = add_members_of(t, q, err);
    }
    unite_members(t);
    return status;
}

/* --- accusation → finding ----------------------------------------------------------------------- */

static struct trace_part part_of(const struct tracer *t, const struct part *part)
{
    return part ? (struct trace_part){t->sources[part->source].text->edition.paper, part->from,
                                      part->to}
                : (struct trace_part){0};
}

static struct trace_proof proof_of(const struct tracer *t, const struct mark_accused *accused,
                                   const struct trial *trial)
{
    struct trace_proof proof = {
        .share = trial->share,
        .first = trial->first,
        .count = trial->count,
        .favoured =
            trial->favoured == AS_FOUND ? 0 : t->sources[trial->favoured].text->edition.paper,
        .part = part_of(t, trial->part),
        .stage = accused->stage,
        .tallies = arena_array(t->arena, accused->ntallies + 1, struct mark_tally),
        .ntallies = accused->ntallies,
    };
    memcpy(proof.tallies, accused->tallies, accused->ntallies * sizeof *proof.tallies);
    return proof;
}

static enum status describe_member(struct tracer *t, const struct mark_accused *accused,
                                   const struct mark_evidence *evidence, const struct trial *trial,
                                   struct trace_member *m, struct error *err)
{
    const double share = trial->share;
    *m = (struct trace_member){
        .id = accused->member,
        .score = accused->score,
        .log10_p = fmin(0, accused->log10_p - log10(share)),
        .log10_p_all = fmin(0, accused->log10_p_all - log10(share)),
        .agree = accused->agree,
        .read = accused->read,
        .proof = proof_of(t, accused, trial),
    };
    for (size_t s = 0; s < t->nsources; s++) {
        const struct paper_sites *sites = &t->sources[s].text->sites;
        uint8_t *bits = arena_array(t->arena, (size_t)sites->nsites + 1, uint8_t);
        mark_codeword(evidence[s].code, accused->member, bits);
        for (uint32_t i = 0; i < sites->nsites; i++) {
            if (evidence[s].read[i] == MARK_ERASED)
                continue;
            m->read_by[sites->sites[i].channel]++;
            m->agree_by[sites->sites[i].channel] += evidence[s].read[i] == bits[i];
        }
    }
    struct query *q = query_start(t->store, "SELECT name, email, erased_ms IS NOT NULL FROM member"
                                            " WHERE id = ?1");
    query_bind_int(q, 1, m->id);
    if (query_row(q)) {
        m->name = str_copy(t->arena, query_str(q, 0));
        m->erased = query_int(q, 2);
        m->email = m->erased ? STR("") : str_copy(t->arena, query_str(q, 1));
    }
    return query_end(q, err);
}

static struct trace_member *member_named(const struct finding *f, int64_t id)
{
    for (size_t i = 0; i < f->nmembers; i++)
        if (f->members[i].id == id)
            return &f->members[i];
    return NULL;
}

/* Runs one trial; *unlike gets the marks read in which the one named who agrees in most does not. */
static enum status run_trial(struct tracer *t, const struct trial *trial, struct finding *f,
                             uint32_t *unlike, struct error *err)
{
    struct mark_finding found;
    struct mark_evidence *evidence = evidence_of(t, trial);
    const struct mark_watch watch = {tell_scored, t};
    enum status status =
        mark_accuse_watched(t->arena, evidence, t->nsources, t->members, t->nmembers,
                            f->false_alarm * trial->share, &watch, &found, err);
    if (status)
        return status;
    t->trial += !trial->part;
    *unlike = found.read;
    if (trial->favoured == AS_FOUND && trial->count == t->request->nexhibits && !trial->part)
        f->needed_marks = found.needed;
    if (found.naccused)
        show_sources(t, trial->favoured);
    f->members = arena_grow(t->arena, f->members, f->nmembers * sizeof *f->members,
                            (f->nmembers + found.naccused + 1) * sizeof *f->members);
    for (size_t i = 0; !status && i < found.naccused; i++) {
        struct trace_member m;
        status = describe_member(t, &found.accused[i], evidence, trial, &m, err);
        struct trace_member *known = member_named(f, m.id);
        if (found.read - found.accused[i].agree < *unlike)
            *unlike = found.read - found.accused[i].agree;
        if (!known)
            f->members[f->nmembers++] = m;
        else if (m.log10_p < known->log10_p)
            *known = m;
    }
    return status;
}

/* One hypothesis against all exhibits together, and against each alone; an alternative only where it
 * makes a difference. */
static enum status run_trials(struct tracer *t, size_t favoured, double share, struct finding *f,
                              uint32_t *unlike, struct error *err)
{
    size_t exhibits = t->request->nexhibits;
    uint32_t alone;
    double each = exhibits > 1 ? share / (double)(exhibits + 1) : share;
    struct trial all = {0, exhibits, favoured, each, NULL};
    enum status status = run_trial(t, &all, f, unlike, err);
    for (size_t e = 0; !status && exhibits > 1 && e < exhibits; e++) {
        struct trial one = {e, 1, favoured, each, NULL};
        if (favoured == AS_FOUND || t->sources[favoured].marks[e].read)
            status = run_trial(t, &one, f, &alone, err);
    }
    return status;
}

/* --- parts -------------------------------------------------------------------------------------- */

static void add_part(struct tracer *t, struct part part)
{
    t->parts = arena_one_more(t->arena, t->parts, t->nparts, sizeof *t->parts);
    t->parts[t->nparts++] = part;
}

/* The numbers of a source's sites that were read, in order; their number. */
static uint32_t sites_read(struct tracer *t, const struct mark_evidence *evidence, uint32_t **sites)
{
    const uint32_t nsites = mark_code_sites(evidence->code);
    uint32_t count = 0;
    *sites = arena_array(t->arena, (size_t)nsites + 1, uint32_t);
    for (uint32_t i = 0; i < nsites; i++)
        if (evidence->read[i] != MARK_ERASED)
            (*sites)[count++] = i;
    return count;
}

/* Halves, quarters … of the marks read in a source, each next one begun in the middle of the one before, as long as they
 * hold enough. */
static void halve_source(struct tracer *t, size_t source, const uint32_t *sites, uint32_t count)
{
    for (uint32_t pieces = 2; pieces <= 1U << PART_HALVINGS; pieces *= 2)
        for (uint32_t k = 0; k < 2 * pieces - 1 && count / pieces >= PART_LEAST; k++)
            add_part(t, (struct part){source, sites[(uint64_t)count * k / pieces / 2],
                                      sites[(uint64_t)count * (k + 2) / pieces / 2 - 1] + 1});
}

/* Site numbers run in text order (but for what later editions added), so parts are ranges of them. */
static void find_parts(struct tracer *t)
{
    const struct trial all = {0, t->request->nexhibits, AS_FOUND, 1, NULL};
    const struct mark_evidence *evidence = evidence_of(t, &all);
    uint32_t **sites = arena_array(t->arena, t->nsources + 1, uint32_t *);
    uint32_t *counts = arena_array(t->arena, t->nsources + 1, uint32_t);
    size_t marked = 0;
    for (size_t s = 0; s < t->nsources; s++) {
        counts[s] = sites_read(t, &evidence[s], &sites[s]);
        marked += counts[s] > 0;
    }
    for (size_t s = 0; s < t->nsources; s++) {
        if (marked > 1 && counts[s] >= PART_LEAST)
            add_part(t, (struct part){s, 0, mark_code_sites(evidence[s].code)});
        halve_source(t, s, sites[s], counts[s]);
    }
}

/* Every source as found: all of it, then its parts, unless one copy explains it whole. */
static enum status run_as_found(struct tracer *t, double share, struct finding *f,
                                struct error *err)
{
    uint32_t unlike;
    double parts = t->nparts ? PARTS_SHARE * share : 0;
    enum status status = run_trials(t, AS_FOUND, share - parts, f, &unlike, err);
    if (status || unlike < UNLIKE_LEAST)
        return status;
    t->in_parts = true;
    for (size_t i = 0; !status && i < t->nparts; i++) {
        struct trial trial = {0, t->request->nexhibits, AS_FOUND, parts / (double)t->nparts,
                              &t->parts[i]};
        status = run_trial(t, &trial, f, &unlike, err);
    }
    t->in_parts = false;
    return status;
}

/* --- all trials --------------------------------------------------------------------------------- */

static int surest_first(const void *a, const void *b)
{
    const struct trace_member *x = a;
    const struct trace_member *y = b;
    if (x->log10_p != y->log10_p)
        return x->log10_p < y->log10_p ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* The trial that named a member; *part is room for its part. */
static struct trial trial_of(const struct tracer *t, const struct trace_proof *proof,
                             struct part *part)
{
    struct trial trial = {proof->first, proof->count, AS_FOUND, proof->share, NULL};
    for (size_t s = 0; s < t->nsources; s++) {
        const int64_t paper = t->sources[s].text->edition.paper;
        if (paper == proof->favoured)
            trial.favoured = s;
        if (paper == proof->part.paper) {
            *part = (struct part){s, proof->part.from, proof->part.to};
            trial.part = part;
        }
    }
    return trial;
}

/* Whether one reading named everybody; *all gets it, of all exhibits. */
static bool is_one_reading(const struct tracer *t, const struct finding *f, struct trial *all)
{
    struct part part;
    *all = (struct trial){0, t->request->nexhibits, AS_FOUND, 1, NULL};
    for (size_t m = 0; m < f->nmembers; m++) {
        if (f->members[m].proof.favoured != f->members[0].proof.favoured)
            return false;
        all->favoured = trial_of(t, &f->members[m].proof, &part).favoured;
    }
    return f->nmembers > 0;
}

/* The codewords of those named, in their order. */
static const uint8_t **codewords_named(const struct tracer *t, const struct finding *f,
                                       const struct mark_code *code)
{
    const uint8_t **bits = arena_array(t->arena, f->nmembers + 1, const uint8_t *);
    for (size_t m = 0; m < f->nmembers; m++) {
        uint8_t *own = arena_array(t->arena, (size_t)mark_code_sites(code) + 1, uint8_t);
        mark_codeword(code, (uint32_t)f->members[m].id, own);
        bits[m] = own;
    }
    return bits;
}

/* Marks read with which none of the first `count` agrees. */
static uint32_t count_left(const struct mark_evidence *evidence, const uint8_t *const *bits,
                           size_t count)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < mark_code_sites(evidence->code); i++) {
        bool agrees = false;
        for (size_t m = 0; m < count && !agrees; m++)
            agrees = bits[m][i] == evidence->read[i];
        left += evidence->read[i] != MARK_ERASED && !agrees;
    }
    return left;
}

/* Counts for each member what they explain of the marks that their test looked at and nobody listed before explains (who
 * may have been named by another test), and the marks of all exhibits that nobody does, where one reading named them all. */
static void count_explained(struct tracer *t, struct finding *f)
{
    struct trial all;
    bool one_reading = is_one_reading(t, f, &all);
    for (size_t s = 0; s < t->nsources; s++) {
        const uint8_t **bits = codewords_named(t, f, t->sources[s].code);
        for (size_t m = 0; m < f->nmembers; m++) {
            struct part part;
            struct trial trial = trial_of(t, &f->members[m].proof, &part);
            const struct mark_evidence evidence = joint_evidence(t, s, &trial);
            f->members[m].explains +=
                count_left(&evidence, bits, m) - count_left(&evidence, bits, m + 1);
        }
        if (one_reading) {
            const struct mark_evidence evidence = joint_evidence(t, s, &all);
            f->unexplained += count_left(&evidence, bits, f->nmembers);
        }
    }
}

uint32_t trace_left_open(const struct finding *f)
{
    uint64_t read = 0;
    for (size_t s = 0; s < f->nsources; s++)
        for (int c = 0; c < PAPER_CHANNELS; c++)
            read += f->sources[s].reads[c];
    return (double)f->unexplained > LEFT_SHARE * (double)read ? f->unexplained : 0;
}

struct str trace_left_words(struct arena *arena, struct str number, enum lang lang)
{
    return str_format(
        arena,
        lang == LANG_ZH
            ? "已读标记中有 %.*s 处与所认定者均不一致：另有其他副本掺入，或文字经过改动。"
            : "%.*s of the marks read agree with nobody named: other copies went into the text as"
              " well, or it was changed.",
        STR_ARG(number));
}

static enum status accuse(struct tracer *t, struct finding *f, struct error *err)
{
    double as_found = t->nalternatives ? AS_FOUND_SHARE : 1;
    uint32_t unlike;
    find_parts(t);
    t->ntrials = (1 + t->nalternatives) *
                 (t->request->nexhibits + (t->request->nexhibits > 1)); /* some may be left out */
    enum status status = run_as_found(t, as_found, f, err);
    for (size_t s = 0; !status && s < t->nsources; s++)
        if (t->sources[s].alternative)
            status = run_trials(t, s, (1 - as_found) / (double)t->nalternatives, f, &unlike, err);
    if (f->nmembers)
        qsort(f->members, f->nmembers, sizeof *f->members, surest_first);
    else
        show_sources(t, AS_FOUND);
    count_explained(t, f);
    return status;
}

/* Whether the text reads like the master, by what is not in doubt: next to no alternative of number 1 where any copy, and any
 * mixture that kept to what its makers had, would show many. Bound: Chernoff's for a sum of
 * independent indicators falling to k from its mean mu, exp(k - mu + k ln(mu / k)). */
static bool reads_as_master(const struct tracer *t)
{
    double mean = 0;
    double ones = 0;
    double reads = 0;
    for (size_t s = 0; s < t->nsources; s++) {
        const struct source *source = &t->sources[s];
        for (uint32_t i = 0; i < source->text->edition.nsites; i++)
            for (size_t e = 0; e < t->request->nexhibits; e++) {
                if (!is_taken(t, s, e, AS_FOUND) || source->marks[e].read[i] == MARK_ERASED ||
                    source->marks[e].doubt[i] > 0)
                    continue;
                mean += mark_code_bias(source->code, i);
                ones += source->marks[e].read[i];
                reads++;
            }
    }
    double allowed = 1 + 0.01 * reads;
    if (ones > allowed || mean <= allowed)
        return false;
    return allowed - mean + allowed * log(mean / allowed) < log(1e-3);
}

static void judge(struct tracer *t, struct finding *f)
{
    if (f->nmembers)
        f->verdict = VERDICT_NAMED;
    else if (t->nsources == 0)
        f->verdict = VERDICT_UNKNOWN_SOURCE;
    else
        f->verdict = reads_as_master(t) ? VERDICT_UNMARKED : VERDICT_INSUFFICIENT;
    if (f->verdict != VERDICT_INSUFFICIENT) {
        f->needed_marks = 0;
        return;
    }
    /* How much more text holds the marks wanted, at this paper's own density. */
    const struct edition_text *text = t->sources[0].text;
    uint32_t visible = library_visible_sites(&text->sites);
    struct folded folded = unicode_fold(t->arena, text->doc.text);
    double per_mark = visible ? (double)folded.count / (visible * STRENGTH_READ_SHARE) : 0;
    f->needed_characters = (uint64_t)ceil(f->needed_marks * per_mark);
}

/* The places of an edition met in an exhibit, with what stands there. */
static struct trace_mark *marks_of(struct tracer *t, const struct exhibit_marks *from)
{
    const struct paper_sites *sites = &from->text->sites;
    struct trace_mark *marks = arena_array(t->arena, from->reading.nsights + 1, struct trace_mark);
    for (size_t i = 0; i < from->reading.nsights; i++) {
        const struct sight *sight = &from->reading.sights[i];
        const struct paper_place *place = &sites->places[sight->place];
        marks[i] = (struct trace_mark){
            .site = place->site,
            .channel = sites->sites[place->site].channel,
            .shift = paper_site_shift(&sites->sites[place->site]),
            .shown = sight->value,
            .counted = sight->value != MARK_ERASED && sight->value == from->read[place->site],
            .doubt = from->doubt[place->site],
            .at = sight->at,
            .len = sight->len,
            .source_at = place->at,
            .source_len = place->len,
            .alt = {place->alt[0], place->alt[1]},
        };
    }
    return marks;
}

static void list_matches(struct tracer *t, size_t source, struct finding *f)
{
    for (size_t e = 0; e < t->request->nexhibits; e++) {
        const struct exhibit_marks *marks = &t->sources[source].marks[e];
        if (!marks->read)
            continue;
        f->matches[f->nmatches++] = (struct trace_match){
            .exhibit = e,
            .source = f->nsources,
            .text = marks->text->doc.text,
            .edition = marks->text->edition.number,
            .spans = marks->reading.spans,
            .nspans = marks->reading.nspans,
            .marks = marks_of(t, marks),
            .nmarks = marks->reading.nsights,
        };
    }
}

static enum status list_sources(struct tracer *t, struct finding *f, struct error *err)
{
    enum status status = STATUS_OK;
    f->sources = arena_array(t->arena, t->nsources + 1, struct trace_source);
    f->matches = arena_array(t->arena, t->nsources * t->request->nexhibits + 1, struct trace_match);
    for (size_t s = 0; !status && s < t->nsources; s++) {
        if (!t->sources[s].shown)
            continue;
        list_matches(t, s, f);
        struct trace_source *out = &f->sources[f->nsources++];
        out->edition = t->sources[s].text->edition;
        out->coverage = t->sources[s].total.coverage;
        memcpy(out->sites, t->sources[s].total.sites, sizeof out->sites);
        memcpy(out->reads, t->sources[s].total.reads, sizeof out->reads);
        memcpy(out->doubtful, t->sources[s].total.doubtful, sizeof out->doubtful);
        memcpy(out->erased, t->sources[s].total.erased, sizeof out->erased);
        status = library_key_stolen(t->store, out->edition.key_epoch, &out->key_stolen, err);
    }
    return status;
}

/* --- record ------------------------------------------------------------------------------------- */

static struct str finding_data(struct arena *arena, const struct trace_request *request,
                               const struct finding *f)
{
    struct buf data = {.arena = arena};
    buf_format(&data,
               "{\"verdict\":\"%s\",\"tested\":%" PRIu64 ",\"false_alarm\":%g,\"exhibits\":[",
               verdict_name(f->verdict), f->tested, f->false_alarm);
    for (size_t i = 0; i < request->nexhibits; i++) {
        char hex[DIGEST_HEX + 1];
        digest_to_hex(&request->exhibits[i].digest, hex);
        buf_format(&data, "%s\"%s\"", i ? "," : "", hex);
    }
    buf_add(&data, STR("],\"sources\":["));
    for (size_t s = 0; s < f->nsources; s++)
        buf_format(&data, "%s\"P%" PRId64 "/%" PRId64 "\"", s ? "," : "",
                   f->sources[s].edition.paper, f->sources[s].edition.number);
    buf_add(&data, STR("],\"named\":["));
    for (size_t i = 0; i < f->nmembers; i++)
        buf_format(&data, "%s{\"member\":\"M%" PRId64 "\",\"log10_p_all\":%.2f}", i ? "," : "",
                   f->members[i].id, f->members[i].log10_p_all);
    buf_add(&data, STR("]}"));
    return buf_str(&data);
}

enum status library_record_finding(struct arena *arena, struct store *store, struct str subject,
                                   const struct trace_request *request,
                                   const struct finding *finding, struct error *err)
{
    return store_add_event(store, "steward", "trace.made", subject,
                           finding_data(arena, request, finding), err);
}

enum status library_trace(struct arena *arena, struct store *store,
                          const struct trace_request *request, struct finding *finding,
                          struct error *err)
{
    struct tracer *t = arena_new(arena, struct tracer);
    *t = (struct tracer){.arena = arena, .store = store, .request = request};
    *finding = (struct finding){.false_alarm = request->false_alarm};
    enum status status = STATUS_OK;
    for (size_t e = 0; !status && e < all_exhibits(t); e++)
        status = find_sources(t, e, err);
    widen_readings(t);
    if (!status)
        status = find_members(t, err);
    finding->tested = t->nmembers;
    if (!status)
        status = accuse(t, finding, err);
    if (status)
        return status;
    judge(t, finding);
    library_note_looks(arena, request->exhibits, request->nexhibits, finding);
    status = library_find_signs(arena, store, request->exhibits, request->nexhibits, finding, err);
    return status ? status : list_sources(t, finding, err);
}
