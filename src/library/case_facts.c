/* The facts of a case, gathered; see case_facts.h. */
#include "library/case_facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "library/case_chain.h"
#include "library/case_seal.h"
#include "library/case_steps.h"
#include "library/finding_json.h"
#include "library/joint.h"
#include "library/keys.h"
#include "library/record.h"
#include "library/setting.h"

#define RUNS_MOST  100
#define FOUND_MOST 8U
#define HELD_MAX   ((size_t)20 << 20) /* bytes of an exhibit that is put into the file … */
#define HELD_ALL   ((size_t)80 << 20) /* … and of all together */
#define LINES_MOST 1100U

struct gathering {
    struct arena *arena;
    struct store *store;
    struct case_facts *facts;
    int64_t viewer;
};

static bool is_shown(const struct case_facts *facts, int64_t member)
{
    return !facts->accused_reader || facts->accused_reader == member;
}

/* --- what was found ------------------------------------------------------------------------------- */

static enum status read_text(struct gathering *g, const struct trace_exhibit *exhibit,
                             struct case_beside *to, struct error *err)
{
    struct str bytes;
    struct exhibit read;
    enum status status = library_get_exhibit(g->arena, g->store, &exhibit->digest, &bytes, err);
    to->gone = status == STATUS_MISSING;
    if (to->gone)
        return STATUS_OK;
    if (!status)
        status =
            library_recall_exhibit(g->arena, g->store, exhibit->name, bytes,
                                   exhibit->has_reading ? &exhibit->reading : NULL, &read, err);
    to->gone = status == STATUS_MISSING; /* what was read of it went, too */
    if (to->gone)
        return STATUS_OK;
    if (!status) {
        to->text = read.seen.text;
        to->signs = read.signs;
        to->nsigns = read.nsigns;
    }
    return status;
}

/* What each mark's site is biased to, and what those named hold there. */
static enum status fill_bits(struct gathering *g, const struct finding *f, struct case_beside *to,
                             struct error *err)
{
    const struct trace_match *match = to->match;
    enum status status = store_need_epoch(g->store, to->edition.key_epoch, err);
    if (status)
        return status;
    struct mark_code *code = library_edition_code(g->arena, g->store, &to->edition);
    uint8_t *bits = arena_array(g->arena, (size_t)to->edition.nsites + 1, uint8_t);
    to->bias = arena_array(g->arena, match->nmarks + 1, uint8_t);
    to->bits = arena_array(g->arena, f->nmembers * match->nmarks + 1, uint8_t);
    for (size_t i = 0; i < match->nmarks; i++)
        if (match->marks[i].site < to->edition.nsites)
            to->bias[i] = (uint8_t)(mark_code_bias(code, match->marks[i].site) * MARK_BIAS_UNIT);
    for (size_t m = 0; m < f->nmembers; m++) {
        mark_codeword(code, (uint32_t)f->members[m].id, bits);
        for (size_t i = 0; i < match->nmarks; i++)
            if (match->marks[i].site < to->edition.nsites)
                to->bits[m * match->nmarks + i] = bits[match->marks[i].site];
    }
    return STATUS_OK;
}

static enum status fill_beside(struct gathering *g, const struct case_found *found,
                               const struct trace_match *match, struct case_beside *to,
                               struct error *err)
{
    const struct finding *f = &found->finding;
    if (match->exhibit >= found->run.nexhibits)
        return error_set(err, STATUS_DAMAGED, "A finding that was kept can't be read any more.",
                         "一份已存的认定无法读取。");
    const struct trace_exhibit *exhibit = &found->run.exhibits[match->exhibit];
    *to = (struct case_beside){.exhibit = exhibit->name, .number = match->exhibit, .match = match};
    enum status status =
        library_find_edition(g->arena, g->store, f->sources[match->source].edition.paper,
                             match->edition, &to->edition, err);
    if (!status)
        status = fill_bits(g, f, to, err);
    if (!status)
        status = read_text(g, exhibit, to, err);
    return status;
}

/* Whoever is not for the reader to know of goes. */
static void keep_shown(const struct case_facts *facts, struct finding *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->nmembers; i++)
        if (is_shown(facts, f->members[i].id))
            f->members[kept++] = f->members[i];
    f->nmembers = kept;
}

/* What a trace found, in figures. */
static enum status fill_found(struct gathering *g, struct str key, struct case_found *to,
                              struct error *err)
{
    enum status status = library_find_trace(g->arena, g->store, key, g->viewer, &to->run, err);
    if (!status)
        status = library_unpack_finding(g->arena, g->store, to->run.finding, &to->finding, err);
    keep_shown(g->facts, &to->finding);
    return status;
}

/* And where: for who judges. */
static enum status fill_besides(struct gathering *g, struct case_found *to, struct error *err)
{
    struct str packed;
    if (g->facts->accused_reader)
        return STATUS_OK;
    enum status status = store_get_blob(g->arena, g->store, &to->run.matches, &packed, err);
    if (!status)
        status = library_unpack_matches(g->arena, g->store, packed, &to->finding, err);
    to->besides = arena_array(g->arena, to->finding.nmatches + 1, struct case_beside);
    for (size_t i = 0; !status && i < to->finding.nmatches; i++)
        status = fill_beside(g, to, &to->finding.matches[i], &to->besides[to->nbesides++], err);
    return status;
}

static enum status fill_whole(struct gathering *g, struct str key, struct error *err)
{
    struct case_found *to = &g->facts->found[g->facts->nfound++];
    enum status status = fill_found(g, key, to, err);
    return status ? status : fill_besides(g, to, err);
}

/* Joint tests that count in the case, in figures alone: the exhibits of the other case are not this one's. */
static enum status fill_joints(struct gathering *g, struct error *err)
{
    struct case_facts *facts = g->facts;
    struct joint *list;
    size_t count;
    enum status status =
        library_list_joints(g->arena, g->store, facts->file.id, g->viewer, &list, &count, err);
    for (size_t i = 0; !status && i < count && facts->nfound < FOUND_MOST; i++)
        if (list[i].state == JOINT_JOINED && list[i].trace.len)
            status = fill_found(g, list[i].trace, &facts->found[facts->nfound++], err);
    return status;
}

static bool names_somebody(const struct trace_run *run)
{
    return str_find(run->finding, STR("\"verdict\":\"named\""), 0) != SIZE_MAX;
}

/* The traces that name somebody, the latest first; where none does, the latest that ended. */
static enum status fill_findings(struct gathering *g, struct error *err)
{
    struct case_facts *facts = g->facts;
    struct trace_run *runs;
    size_t count;
    size_t latest = SIZE_MAX;
    enum status status = library_list_traces(g->arena, g->store, g->viewer, facts->file.id,
                                             RUNS_MOST, &runs, &count, err);
    facts->found = arena_array(g->arena, FOUND_MOST + 1, struct case_found);
    for (size_t i = 0; !status && i < count && facts->nfound < FOUND_MOST; i++) {
        if (runs[i].state != TRACE_DONE)
            continue;
        latest = latest == SIZE_MAX ? i : latest;
        if (names_somebody(&runs[i]))
            status = fill_whole(g, runs[i].key, err);
    }
    if (!status && !facts->nfound && latest != SIZE_MAX)
        status = fill_whole(g, runs[latest].key, err);
    return status ? status : fill_joints(g, err);
}

/* --- exhibits ------------------------------------------------------------------------------------- */

static enum status fill_exhibits(struct gathering *g, struct error *err)
{
    struct case_facts *facts = g->facts;
    struct case_exhibit *list;
    size_t room = HELD_ALL;
    size_t kept = 0;
    enum status status =
        case_list_exhibits(g->arena, g->store, facts->file.id, &list, &facts->nexhibits, err);
    if (status)
        return status;
    facts->exhibits = arena_array(g->arena, facts->nexhibits + 1, struct case_held);
    for (size_t i = 0; !status && i < facts->nexhibits; i++) {
        struct case_held *held = &facts->exhibits[i];
        held->exhibit = list[i];
        if (facts->accused_reader)
            continue;
        struct str bytes;
        status = library_get_exhibit(g->arena, g->store, &list[i].digest, &bytes, err);
        held->gone = status == STATUS_MISSING;
        if (held->gone)
            status = STATUS_OK;
        else if (!status && bytes.len <= HELD_MAX && bytes.len <= room &&
                 kept < CASE_SEAL_FILES_MAX) {
            held->bytes = bytes;
            room -= bytes.len;
            kept++;
        }
    }
    return status;
}

/* --- the people ----------------------------------------------------------------------------------- */

static enum status fill_accused(struct gathering *g, struct error *err)
{
    struct case_facts *facts = g->facts;
    size_t kept = 0;
    enum status status = case_list_accused(g->arena, g->store, facts->file.id, &facts->accused,
                                           &facts->naccused, err);
    if (status)
        return status;
    for (size_t i = 0; i < facts->naccused; i++)
        if (is_shown(facts, facts->accused[i].member))
            facts->accused[kept++] = facts->accused[i];
    facts->naccused = kept;
    kept = 0;
    status = case_list_sanctions(g->arena, g->store, facts->file.id, &facts->sanctions,
                                 &facts->nsanctions, err);
    if (status)
        return status;
    for (size_t i = 0; i < facts->nsanctions; i++)
        if (is_shown(facts, facts->sanctions[i].member))
            facts->sanctions[kept++] = facts->sanctions[i];
    facts->nsanctions = kept;
    return facts->accused_reader ? STATUS_OK
                                 : case_list_decisions(g->arena, g->store, facts->file.id,
                                                       &facts->decisions, &facts->ndecisions, err);
}

/* Notices that those accused accepted. */
static enum status fill_accepted(struct gathering *g, struct error *err)
{
    struct case_facts *facts = g->facts;
    struct buf rows = {.arena = g->arena};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < facts->naccused; i++) {
        struct query *q = query_start(g->store, "SELECT time_ms, digest FROM acknowledgement"
                                                " WHERE member = ?1 ORDER BY time_ms LIMIT 100");
        query_bind_int(q, 1, facts->accused[i].member);
        while (query_row(q)) {
            struct case_accepted a = {.member = facts->accused[i].member,
                                      .name = facts->accused[i].name,
                                      .time_ms = query_int(q, 0)};
            struct str text = query_blob(q, 1);
            if (text.len == DIGEST_BYTES)
                memcpy(a.text.bytes, text.at, DIGEST_BYTES);
            buf_add(&rows, (struct str){(const char *)&a, sizeof a});
        }
        status = query_end(q, err);
    }
    facts->naccepted = rows.len / sizeof *facts->accepted;
    facts->accepted = arena_array(g->arena, facts->naccepted + 1, struct case_accepted);
    if (facts->naccepted)
        memcpy(facts->accepted, rows.at, rows.len);
    return status;
}

static bool is_source(const struct case_facts *facts, int64_t paper)
{
    for (size_t i = 0; i < facts->nfound; i++)
        for (size_t s = 0; s < facts->found[i].finding.nsources; s++)
            if (facts->found[i].finding.sources[s].edition.paper == paper)
                return true;
    return false;
}

/* When those accused were first given the papers that were found. */
static enum status fill_given(struct gathering *g, struct error *err)
{
    struct case_facts *facts = g->facts;
    struct buf rows = {.arena = g->arena};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < facts->naccused; i++) {
        struct query *q = query_start(
            g->store, "SELECT c.paper, c.edition, c.first_ms, e.title FROM copy c JOIN edition e"
                      " ON e.paper = c.paper AND e.number = c.edition WHERE c.member = ?1"
                      " ORDER BY c.first_ms");
        query_bind_int(q, 1, facts->accused[i].member);
        while (query_row(q)) {
            struct case_given c = {.member = facts->accused[i].member,
                                   .name = facts->accused[i].name,
                                   .paper = query_int(q, 0),
                                   .edition = query_int(q, 1),
                                   .time_ms = query_int(q, 2),
                                   .title = str_copy(g->arena, query_str(q, 3))};
            if (is_source(facts, c.paper))
                buf_add(&rows, (struct str){(const char *)&c, sizeof c});
        }
        status = query_end(q, err);
    }
    facts->ngiven = rows.len / sizeof *facts->given;
    facts->given = arena_array(g->arena, facts->ngiven + 1, struct case_given);
    if (facts->ngiven)
        memcpy(facts->given, rows.at, rows.len);
    return status;
}

/* --- the record ----------------------------------------------------------------------------------- */

struct wanted {
    int64_t seqs[LINES_MOST];
    struct str by[LINES_MOST];
    size_t count;
};

static void want_lines(const struct chain_line *lines, size_t count, struct wanted *wanted)
{
    for (size_t i = 0; i < count && wanted->count < LINES_MOST; i++) {
        wanted->by[wanted->count] = lines[i].actor;
        wanted->seqs[wanted->count++] = lines[i].seq;
    }
}

/* The case's own, and those of each finding: a joint test is of two cases. */
static enum status want_case(struct gathering *g, struct wanted *wanted, struct error *err)
{
    struct chain_line *lines;
    size_t count;
    enum status status =
        library_chain_of_case(g->arena, g->store, g->facts->file.id, &lines, &count, err);
    if (!status)
        want_lines(lines, count, wanted);
    for (size_t i = 0; !status && i < g->facts->nfound; i++) {
        status = library_chain_of_trace(g->arena, g->store, g->facts->found[i].run.id, &lines,
                                        &count, err);
        if (!status)
            want_lines(lines, count, wanted);
    }
    return status;
}

/* The acceptances of a member, and the first time that they were given each paper that was found. */
static enum status want_member(struct gathering *g, int64_t member, struct wanted *wanted,
                               struct error *err)
{
    struct query *q = query_start(
        g->store, "SELECT seq FROM event WHERE subject = 'M' || ?1 AND kind = 'notice.accepted'"
                  " UNION SELECT min(e.seq) FROM event e WHERE e.subject IN"
                  " (SELECT DISTINCT 'P' || paper FROM copy WHERE member = ?1)"
                  " AND e.kind IN ('copy.given', 'copy.opened')"
                  " AND json_extract(e.data, '$.member') = 'M' || ?1 GROUP BY e.subject");
    query_bind_int(q, 1, member);
    while (query_row(q) && wanted->count < LINES_MOST) {
        struct store_shown shown;
        int64_t seq = query_int(q, 0);
        uint64_t paper = 0;
        if (store_show_event(g->arena, g->store, seq, &shown, err))
            continue;
        bool copy = str_starts(shown.event.kind, STR("copy."));
        if (copy &&
            !(str_to_u64(str_slice(shown.event.subject, 1, shown.event.subject.len), &paper) &&
              is_source(g->facts, (int64_t)paper)))
            continue;
        wanted->seqs[wanted->count++] = seq;
    }
    return query_end(q, err);
}

/* Whether an event says nothing of any member but the reader. */
static bool speaks_of_nobody_else(struct arena *arena, const struct event *event, int64_t reader)
{
    struct str own = str_format(arena, "\"M%" PRId64 "\"", reader);
    bool by_other = str_starts(event->actor, STR("M")) &&
                    !str_equal(event->actor, str_slice(own, 1, own.len - 2));
    for (size_t at = str_find(event->data, STR("\"M"), 0); !by_other && at != SIZE_MAX;
         at = str_find(event->data, STR("\"M"), at + 1))
        by_other = !str_starts(str_slice(event->data, at, own.len), own);
    return !by_other;
}

/* For the accused: what was found, decided and told about them, and what they did. Not when a report came, which may
 * tell from whom, and not what is said of others. */
static bool is_for_accused(struct arena *arena, const struct case_facts *facts,
                           const struct event *event)
{
    static const char *const KINDS[] = {"trace.made", "notice.accepted", "copy.given",
                                        "copy.opened"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_equal(event->kind, str_of(KINDS[i])))
            return true;
    for (size_t i = 0; i < facts->nsanctions; i++) {
        struct str own = str_format(arena, "\"sanction\":\"X%" PRId64 "\"", facts->sanctions[i].id);
        if (str_find(event->data, own, 0) != SIZE_MAX)
            return true;
    }
    return false;
}

static int by_seq(const void *a, const void *b)
{
    const struct case_record_line *x = a;
    const struct case_record_line *y = b;
    return (x->shown.event.seq > y->shown.event.seq) - (x->shown.event.seq < y->shown.event.seq);
}

static enum status show_line(struct gathering *g, int64_t seq, struct case_record_line *line,
                             struct error *err)
{
    int64_t reader = g->facts->accused_reader;
    enum status status = store_show_event(g->arena, g->store, seq, &line->shown, err);
    line->path.seq = (uint64_t)seq;
    line->open = !line->shown.cut &&
                 (!reader || speaks_of_nobody_else(g->arena, &line->shown.event, reader));
    if (!line->open || reader)
        line->by = STR("");
    return status;
}

static enum status fill_record(struct gathering *g, struct error *err)
{
    struct case_facts *facts = g->facts;
    struct wanted *wanted = arena_new(g->arena, struct wanted);
    enum status status = want_case(g, wanted, err);
    for (size_t i = 0; !status && i < facts->naccused; i++)
        status = want_member(g, facts->accused[i].member, wanted, err);
    facts->lines = arena_array(g->arena, wanted->count + 1, struct case_record_line);
    for (size_t i = 0; !status && i < wanted->count; i++) {
        facts->lines[i].by = wanted->by[i];
        status = show_line(g, wanted->seqs[i], &facts->lines[i], err);
    }
    if (status)
        return status;
    qsort(facts->lines, wanted->count, sizeof *facts->lines, by_seq);
    for (size_t i = 0; i < wanted->count; i++)
        if ((!facts->nlines ||
             facts->lines[i].path.seq != facts->lines[facts->nlines - 1].path.seq) &&
            (!facts->accused_reader ||
             is_for_accused(g->arena, facts, &facts->lines[i].shown.event)))
            facts->lines[facts->nlines++] = facts->lines[i];
    struct chain_path *paths = arena_array(g->arena, facts->nlines + 1, struct chain_path);
    for (size_t i = 0; i < facts->nlines; i++)
        paths[i].seq = facts->lines[i].path.seq;
    status =
        store_prove_events(g->store, paths, facts->nlines, &facts->record_lines, &facts->tree, err);
    for (size_t i = 0; i < facts->nlines; i++)
        facts->lines[i].path = paths[i];
    return status;
}

/* Each file takes a look at the whole record and leaves a step in the case. */
static enum status check_often(struct store *store, int64_t sanction, int64_t now_ms,
                               struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM case_step WHERE act = 'file'"
                                         " AND sanction = ?1 AND time_ms > ?2 - 86400000");
    query_bind_int(q, 1, sanction);
    query_bind_int(q, 2, now_ms);
    bool many = query_row(q) && query_int(q, 0) >= CASE_OWN_FILES_A_DAY;
    enum status status = query_end(q, err);
    if (!status && many)
        return error_set(
            err, STATUS_LIMITED,
            "You have taken this file %d times within a day; please come back tomorrow.",
            "您一天内已下载该文件 %d 次，请明日再试。", CASE_OWN_FILES_A_DAY);
    return status;
}

enum status case_record_file(struct store *store, const struct case_facts *facts, int64_t actor,
                             int64_t sanction, int64_t *seq, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    struct case_going g = {.store = store,
                           .file = facts->file.id,
                           .sanction = sanction,
                           .actor = actor,
                           .now_ms = facts->made_ms,
                           .act = CASE_ACT_FILE,
                           .from = facts->file.state,
                           .to = facts->file.state};
    enum status status = actor ? case_pass(&g, err) : STATUS_OK;
    if (!status && sanction)
        status = check_often(store, sanction, facts->made_ms, err);
    if (status)
        return status;
    digest_to_hex(&facts->tree, hex);
    status = case_note_step(
        &g, json_pack("{s:I, s:s}", "lines", (json_int_t)facts->record_lines, "tree", hex), err);
    return status ? status : store_newest_event(store, seq, err);
}

enum status case_close_facts(struct arena *arena, struct store *store, int64_t seq,
                             struct case_facts *facts, struct error *err)
{
    facts->closing = (struct case_record_line){.open = true, .by = facts->maker};
    return store_show_event(arena, store, seq, &facts->closing.shown, err);
}

/* --- all of it ------------------------------------------------------------------------------------ */

static enum status fill_maker(struct gathering *g, struct error *err)
{
    struct query *q = query_start(g->store, "SELECT name FROM member WHERE id = ?1");
    query_bind_int(q, 1, g->facts->accused_reader ? g->facts->accused_reader : g->viewer);
    if (query_row(q))
        g->facts->maker = str_copy(g->arena, query_str(q, 0));
    enum status status = query_end(q, err);
    return status ? status
                  : library_get_setting(g->arena, g->store, STR("organisation"),
                                        &g->facts->organisation, err);
}

enum status case_gather_facts(struct arena *arena, struct store *store,
                              const struct case_file *file, int64_t viewer, int64_t accused,
                              int64_t now_ms, struct case_facts *facts, struct error *err)
{
    struct gathering g = {arena, store, facts, accused ? 0 : viewer};
    *facts = (struct case_facts){.file = *file, .accused_reader = accused, .made_ms = now_ms};
    enum status status = fill_maker(&g, err);
    if (!status)
        status = fill_findings(&g, err);
    if (!status)
        status = fill_exhibits(&g, err);
    if (!status)
        status = fill_accused(&g, err);
    if (!status)
        status = fill_accepted(&g, err);
    if (!status)
        status = fill_given(&g, err);
    return status ? status : fill_record(&g, err);
}
