/* The trace walk; see trace.h.
 *
 * Several exhibits may come from one hand or from several, so the members are tested against all
 * exhibits together and against each alone; the false-alarm budget is split evenly over these
 * tests, which keeps the bound for the finding as a whole. What is tested against what depends on
 * the exhibits only, never on anybody's codeword, as the proof in docs/marking.md demands. */
#include "library/trace.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "library/source.h"
#include "library/strength.h"

#define CANDIDATES         24 /* editions looked at closely for one exhibit */
#define CANDIDATES_IN_VAIN 6  /* … after this many in a row explained nothing, the rest is left */
#define PIECE_LEAST        10 /* folded characters that can make a source when they are most of it */
#define SHARE_LEAST        0.4 /* … this share of the exhibit */
#define MATCH_LEAST        60  /* folded characters that make a source in any exhibit */

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"named", "insufficient", "unmarked", "unknown-source"};
    return names[verdict];
}

/* A paper that exhibits were found to come from, and what each exhibit gave. */
struct source {
    struct edition_text *text;
    struct lattice *lattice;
    struct mark_code *code;
    int8_t **read; /* one array of marks an exhibit; NULL where the paper is not its source */
    struct reading total;
};

struct tracer {
    struct arena *arena;
    struct store *store;
    const struct trace_request *request;
    struct source sources[TRACE_SOURCES_MAX];
    size_t nsources;
    uint32_t *members;
    size_t nmembers;
};

/* --- exhibit → source editions ------------------------------------------------------------------ */

/* Characters of the exhibit that a reading explains and no earlier source did, in bytes. */
static size_t newly_explained(const struct reading *reading, uint8_t *taken, bool take)
{
    size_t fresh = 0;
    for (size_t i = 0; i < reading->nspans; i++) {
        const struct span *span = &reading->spans[i];
        for (size_t at = span->at; at < span->at + span->len; at++) {
            fresh += !taken[at];
            if (take)
                taken[at] = 1;
        }
    }
    return fresh;
}

static size_t bytes_explained(const struct reading *reading)
{
    size_t sum = 0;
    for (size_t i = 0; i < reading->nspans; i++)
        sum += reading->spans[i].len;
    return sum;
}

/* Whether a reading makes its edition a source, given what earlier sources explained. */
static bool is_source(const struct reading *reading, uint8_t *taken)
{
    size_t all = bytes_explained(reading);
    size_t fresh = newly_explained(reading, taken, false);
    double matched = all ? (double)reading->matched * (double)fresh / (double)all : 0;
    return matched >= MATCH_LEAST ||
           (matched >= PIECE_LEAST && reading->explained >= SHARE_LEAST && fresh == all);
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
 * longer code covers both. */
static struct source *admit_source(struct tracer *t, const struct source *found)
{
    struct source *source = source_for(t, found->text->edition.paper);
    if (source) {
        if (found->text->edition.nsites > source->text->edition.nsites) {
            source->text = found->text;
            source->lattice = found->lattice;
        }
        return source;
    }
    if (t->nsources == TRACE_SOURCES_MAX)
        return NULL;
    source = &t->sources[t->nsources++];
    *source = *found;
    source->read = arena_array(t->arena, t->request->nexhibits, int8_t *);
    return source;
}

static int8_t merge_mark(int8_t before, int8_t now)
{
    if (before == MARK_ERASED || now == before)
        return now;
    return now == MARK_ERASED ? before : (int8_t)MARK_ERASED;
}

static void add_reading(struct tracer *t, struct source *source, size_t exhibit,
                        const struct reading *reading, uint32_t nsites)
{
    int8_t *read = arena_array(t->arena, (size_t)nsites + 1, int8_t);
    memcpy(read, reading->read, nsites);
    source->read[exhibit] = read;
    source->total.coverage = fmax(source->total.coverage, reading->coverage);
}

/* The closest edition of a paper for an exhibit: newer or older ones explain it less. */
static enum status closest_edition(struct tracer *t, const struct source_candidate *all,
                                   size_t count, size_t first, struct str exhibit,
                                   struct source *best, struct reading *best_reading,
                                   struct error *err)
{
    for (size_t i = first; i < count; i++) {
        if (all[i].paper != all[first].paper)
            continue;
        struct source source;
        struct reading reading;
        enum status status = load_source(t, all[i].paper, all[i].edition, &source, err);
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

static enum status find_sources(struct tracer *t, size_t exhibit, struct error *err)
{
    struct str text = t->request->exhibits[exhibit].text;
    struct source_candidate *all;
    size_t count;
    enum status status = candidates_for(t, text, &all, &count, err);
    uint8_t *taken = arena_array(t->arena, text.len + 1, uint8_t);
    unsigned in_vain = 0;
    for (size_t i = 0; !status && i < count && in_vain < CANDIDATES_IN_VAIN; i++) {
        struct source found = {0};
        struct reading reading = {0};
        if (seen_before(all, i))
            continue;
        status = closest_edition(t, all, count, i, text, &found, &reading, err);
        if (status || !is_source(&reading, taken)) {
            in_vain++;
            continue;
        }
        in_vain = 0;
        (void)newly_explained(&reading, taken, true);
        struct source *source = admit_source(t, &found);
        if (source)
            add_reading(t, source, exhibit, &reading, found.text->edition.nsites);
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
        for (size_t e = 0; e < t->request->nexhibits; e++) {
            int8_t *wide = arena_array(t->arena, (size_t)nsites + 1, int8_t);
            memset(wide, MARK_ERASED, nsites);
            if (source->read[e])
                memcpy(wide, source->read[e], nsites);
            source->read[e] = wide;
        }
    }
}

/* What exhibits [first, first + count) together say of a source. */
static int8_t *joint_reading(struct tracer *t, const struct source *source, size_t first,
                             size_t count)
{
    uint32_t nsites = source->text->edition.nsites;
    int8_t *joint = arena_array(t->arena, (size_t)nsites + 1, int8_t);
    uint8_t *conflict = arena_array(t->arena, (size_t)nsites + 1, uint8_t);
    memset(joint, MARK_ERASED, nsites);
    for (size_t e = first; e < first + count; e++)
        for (uint32_t i = 0; i < nsites; i++) {
            int8_t merged = merge_mark(joint[i], source->read[e][i]);
            conflict[i] |= joint[i] != MARK_ERASED && merged == MARK_ERASED;
            joint[i] = conflict[i] ? (int8_t)MARK_ERASED : merged;
        }
    return joint;
}

static struct mark_evidence *evidence_of(struct tracer *t, size_t first, size_t count)
{
    struct mark_evidence *evidence = arena_array(t->arena, t->nsources + 1, struct mark_evidence);
    for (size_t s = 0; s < t->nsources; s++)
        evidence[s] = (struct mark_evidence){t->sources[s].code,
                                             joint_reading(t, &t->sources[s], first, count)};
    return evidence;
}

static void count_marks(struct tracer *t, const struct mark_evidence *evidence)
{
    for (size_t s = 0; s < t->nsources; s++) {
        struct source *source = &t->sources[s];
        const struct paper_sites *sites = &source->text->sites;
        for (uint32_t i = 0; i < sites->nsites; i++) {
            if (sites->sites[i].locked || sites->sites[i].absent)
                continue;
            enum paper_channel channel = sites->sites[i].channel;
            int8_t read = evidence[s].read[i];
            source->total.sites[channel]++;
            source->total.reads[channel] += read != MARK_ERASED;
            source->total.erased[channel] += read == MARK_ERASED;
            source->total.ones += read == 1;
        }
    }
}

/* --- whom to test ------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void add_member(struct tracer *t, size_t *cap, uint32_t member)
{
    if (t->nmembers == *cap) {
        size_t more = *cap ? *cap * 2 : 4096;
        t->members =
            arena_grow(t->arena, t->members, *cap * sizeof *t->members, more * sizeof *t->members);
        *cap = more;
    }
    t->members[t->nmembers++] = member;
}

static enum status add_members_of(struct tracer *t, struct query *q, size_t *cap, struct error *err)
{
    while (query_row(q))
        add_member(t, cap, (uint32_t)query_int(q, 0));
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
    size_t cap = 0;
    enum status status = STATUS_OK;
    if (t->request->everyone)
        return add_members_of(t, query_start(t->store, "SELECT id FROM member ORDER BY id"), &cap,
                              err);
    for (size_t s = 0; !status && s < t->nsources; s++) {
        struct query *q = query_start(t->store, "SELECT member FROM copy WHERE paper = ?1"
                                                " ORDER BY edition, member");
        query_bind_int(q, 1, t->sources[s].text->edition.paper);
        status = add_members_of(t, q, &cap, err);
    }
    unite_members(t);
    return status;
}

/* --- accusation → finding ----------------------------------------------------------------------- */

static enum status describe_member(struct tracer *t, const struct mark_accused *accused,
                                   const struct mark_evidence *evidence, double tests,
                                   struct trace_member *m, struct error *err)
{
    *m = (struct trace_member){
        .id = accused->member,
        .score = accused->score,
        .log10_p = fmin(0, accused->log10_p + log10(tests)),
        .log10_p_all = fmin(0, accused->log10_p_all + log10(tests)),
        .agree = accused->agree,
        .read = accused->read,
        .explains = accused->explains,
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
    struct query *q = query_start(t->store, "SELECT name, email FROM member WHERE id = ?1");
    query_bind_int(q, 1, m->id);
    if (query_row(q)) {
        m->name = str_copy(t->arena, query_str(q, 0));
        m->email = str_copy(t->arena, query_str(q, 1));
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

/* Tests the members against exhibits [first, first + count) as one of `tests` tests. */
static enum status test_exhibits(struct tracer *t, size_t first, size_t count, size_t tests,
                                 struct finding *f, struct error *err)
{
    struct mark_finding found;
    struct mark_evidence *evidence = evidence_of(t, first, count);
    enum status status = mark_accuse(t->arena, evidence, t->nsources, t->members, t->nmembers,
                                     f->false_alarm / (double)tests, &found, err);
    if (status)
        return status;
    if (count == t->request->nexhibits) {
        count_marks(t, evidence);
        f->needed_marks = found.needed;
    }
    f->members = arena_grow(t->arena, f->members, f->nmembers * sizeof *f->members,
                            (f->nmembers + found.naccused + 1) * sizeof *f->members);
    for (size_t i = 0; !status && i < found.naccused; i++) {
        struct trace_member m;
        status = describe_member(t, &found.accused[i], evidence, (double)tests, &m, err);
        struct trace_member *known = member_named(f, m.id);
        if (!known)
            f->members[f->nmembers++] = m;
        else if (m.log10_p < known->log10_p)
            *known = m;
    }
    return status;
}

static int surest_first(const void *a, const void *b)
{
    const struct trace_member *x = a;
    const struct trace_member *y = b;
    if (x->log10_p != y->log10_p)
        return x->log10_p < y->log10_p ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static enum status accuse(struct tracer *t, struct finding *f, struct error *err)
{
    size_t exhibits = t->request->nexhibits;
    size_t tests = exhibits > 1 ? exhibits + 1 : 1;
    enum status status = test_exhibits(t, 0, exhibits, tests, f, err);
    for (size_t e = 0; !status && exhibits > 1 && e < exhibits; e++)
        status = test_exhibits(t, e, 1, tests, f, err);
    if (f->nmembers)
        qsort(f->members, f->nmembers, sizeof *f->members, surest_first);
    return status;
}

/* Whether the text reads like the master: next to no alternative of number 1 where any copy, and any
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
                if (source->read[e][i] == MARK_ERASED)
                    continue;
                mean += mark_code_bias(source->code, i);
                ones += source->read[e][i];
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

static void list_sources(struct tracer *t, struct finding *f)
{
    f->sources = arena_array(t->arena, t->nsources + 1, struct trace_source);
    f->nsources = t->nsources;
    for (size_t s = 0; s < t->nsources; s++) {
        struct trace_source *out = &f->sources[s];
        out->edition = t->sources[s].text->edition;
        out->coverage = t->sources[s].total.coverage;
        memcpy(out->sites, t->sources[s].total.sites, sizeof out->sites);
        memcpy(out->reads, t->sources[s].total.reads, sizeof out->reads);
        memcpy(out->erased, t->sources[s].total.erased, sizeof out->erased);
    }
}

/* --- record ------------------------------------------------------------------------------------- */

static struct str finding_data(struct tracer *t, const struct finding *f)
{
    struct buf data = {.arena = t->arena};
    buf_format(&data,
               "{\"verdict\":\"%s\",\"tested\":%" PRIu64 ",\"false_alarm\":%g,\"exhibits\":[",
               verdict_name(f->verdict), f->tested, f->false_alarm);
    for (size_t i = 0; i < t->request->nexhibits; i++) {
        char hex[DIGEST_HEX + 1];
        digest_to_hex(&t->request->exhibits[i].digest, hex);
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

static enum status record_finding(struct tracer *t, const struct finding *f, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < t->request->nexhibits; i++) {
        struct digest digest;
        status = store_put_blob(t->store, t->request->exhibits[i].bytes, &digest, err);
    }
    if (!status)
        status = store_begin(t->store, err);
    if (!status)
        status =
            store_add_event(t->store, "steward", "trace.made", STR(""), finding_data(t, f), err);
    if (!status)
        status = store_commit(t->store, err);
    if (status)
        store_rollback(t->store);
    return status;
}

enum status library_trace(struct arena *arena, struct store *store,
                          const struct trace_request *request, struct finding *finding,
                          struct error *err)
{
    struct tracer *t = arena_new(arena, struct tracer);
    *t = (struct tracer){.arena = arena, .store = store, .request = request};
    *finding = (struct finding){.false_alarm = request->false_alarm};
    enum status status = STATUS_OK;
    for (size_t e = 0; !status && e < request->nexhibits; e++)
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
    list_sources(t, finding);
    return record_finding(t, finding, err);
}
