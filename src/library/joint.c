/* Joint tests of two cases; see joint.h. */
#include "library/joint.h"

#include <inttypes.h>
#include <string.h>

#include "library/case_steps.h"
#include "library/finding_json.h"
#include "library/offer.h"
#include "library/record.h"

#define PAIRS_MAX  50U  /* of one finding */
#define WEAK_LIMIT 0.25 /* of the hint: see docs/marking.md for how often it misleads */

static const char *const STATES[] = {"skipped",  "testing", "nothing",
                                     "proposed", "joined",  "apart"};

const char *joint_state_name(enum joint_state state)
{
    return STATES[state];
}

double library_joint_budget(int64_t number)
{
    double k = (double)number;
    return TRACE_FALSE_ALARM / (k * (k + 1));
}

/* --- pairing ---------------------------------------------------------------------------------------- */

struct pair {
    int64_t other;
    bool open; /* both cases are */
};

/* Other cases with a finding from a paper that this trace's finding comes from, the newest first. */
static enum status find_pairs(struct store *store, const struct trace_run *run, struct pair *pairs,
                              size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT DISTINCT c.id, c.state = 'open' AND o.state = 'open' FROM trace t"
               " JOIN json_each(t.finding, '$.sources') s JOIN case_file c ON c.id = t.case_file"
               " JOIN case_file o ON o.id = ?2 JOIN trace n ON n.id = ?1"
               " JOIN json_each(n.finding, '$.sources') m"
               " ON json_extract(m.value, '$.paper') = json_extract(s.value, '$.paper')"
               " WHERE t.state = 'done' AND c.id <> ?2 ORDER BY c.id DESC LIMIT 50");
    *count = 0;
    query_bind_int(q, 1, run->id);
    query_bind_int(q, 2, run->case_file);
    while (query_row(q) && *count < PAIRS_MAX)
        pairs[(*count)++] = (struct pair){query_int(q, 0), query_int(q, 1) != 0};
    return query_end(q, err);
}

/* The texts of both cases, each named by its case. */
static enum status join_exhibits(struct arena *arena, struct store *store,
                                 const struct trace_run *run, int64_t other,
                                 struct trace_run *joint, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT DISTINCT t.case_file, e.name, e.digest FROM trace t JOIN trace_exhibit e"
               " ON e.trace = t.id WHERE t.case_file IN (?1, ?2) AND t.state = 'done'"
               " AND t.id = (SELECT max(l.id) FROM trace l WHERE l.case_file = t.case_file"
               "  AND l.state = 'done') ORDER BY t.case_file, e.number");
    joint->exhibits = arena_array(arena, TRACE_EXHIBITS_ROOM, struct trace_exhibit);
    query_bind_int(q, 1, run->case_file);
    query_bind_int(q, 2, other);
    while (query_row(q) && joint->nexhibits < TRACE_EXHIBITS_ROOM) {
        struct trace_exhibit *exhibit = &joint->exhibits[joint->nexhibits++];
        struct str digest = query_blob(q, 2);
        exhibit->name =
            str_format(arena, "C%" PRId64 " %.*s", query_int(q, 0), STR_ARG(query_str(q, 1)));
        if (digest.len == sizeof exhibit->digest)
            memcpy(&exhibit->digest, digest.at, digest.len);
    }
    return query_end(q, err);
}

static enum status insert_joint(struct store *store, const struct trace_run *run,
                                const struct pair *pair, int64_t *number, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO joint (one, other, cause, state) VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, run->case_file);
    query_bind_int(q, 2, pair->other);
    query_bind_int(q, 3, run->id);
    query_bind_str(q, 4, str_of(STATES[pair->open ? JOINT_TESTING : JOINT_SKIPPED]));
    (void)query_row(q);
    enum status status = query_end(q, err);
    *number = store_last_id(store);
    return status;
}

static enum status name_trace(struct store *store, int64_t number, int64_t trace, struct error *err)
{
    struct query *q = query_start(store, "UPDATE joint SET trace = ?2 WHERE number = ?1");
    query_bind_int(q, 1, number);
    query_bind_int(q, 2, trace);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status pair_with(struct arena *arena, struct store *store, const struct trace_run *run,
                             const struct pair *pair, int64_t now_ms, struct error *err)
{
    struct trace_run joint = {
        .everyone = run->everyone, .asked_by = run->asked_by, .asked_ms = now_ms};
    int64_t number;
    enum status status = insert_joint(store, run, pair, &number, err);
    if (status || !pair->open)
        return status;
    joint.false_alarm = library_joint_budget(number);
    status = join_exhibits(arena, store, run, pair->other, &joint, err);
    if (!status)
        status = digest_random_key(arena, &joint.key, err);
    if (!status)
        status = library_ask_trace(store, &joint, err);
    if (!status)
        status = name_trace(store, number, joint.id, err);
    return status ? status
                  : record_event(store, "case.paired", 'C', run->case_file,
                                 json_pack("{s:o, s:I, s:o}", "with",
                                           json_sprintf("C%" PRId64, pair->other), "joint",
                                           (json_int_t)number, "trace",
                                           json_sprintf("F%" PRId64, joint.id)),
                                 err);
}

enum status library_pair_cases(struct arena *arena, struct store *store,
                               const struct trace_run *run, int64_t now_ms, struct error *err)
{
    struct pair pairs[PAIRS_MAX];
    size_t count;
    enum status status = find_pairs(store, run, pairs, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = pair_with(arena, store, run, &pairs[i], now_ms, err);
    return status;
}

/* --- judging ---------------------------------------------------------------------------------------- */

/* Puts the exhibits of one of the two cases first (those whose names say so, see join_exhibits), the others behind. */
static void part_exhibits(const struct trace_request *both, bool first, struct exhibit *exhibits,
                          size_t *count)
{
    struct str name = both->exhibits[0].name;
    struct str side = str_slice(name, 0, str_find(name, STR(" "), 0) + 1);
    size_t behind = both->nexhibits;
    *count = 0;
    for (size_t i = 0; i < both->nexhibits; i++)
        if (str_starts(both->exhibits[i].name, side) == first)
            exhibits[(*count)++] = both->exhibits[i];
        else
            exhibits[--behind] = both->exhibits[i];
}

/* What both sides show counts on the first alone: else who agrees with it by accident would on both. */
enum status library_joint_alike(struct arena *arena, struct store *store,
                                const struct trace_run *run, const struct trace_request *request,
                                bool *alike, struct error *err)
{
    struct finding found[2];
    (void)run;
    *alike = false;
    for (size_t side = 0; side < 2; side++) {
        struct exhibit exhibits[TRACE_EXHIBITS_ROOM];
        struct trace_request weak = *request;
        weak.exhibits = exhibits;
        weak.false_alarm = WEAK_LIMIT;
        part_exhibits(request, side == 0, exhibits, &weak.nexhibits);
        weak.apart = side == 0 ? 0 : request->nexhibits - weak.nexhibits;
        if (weak.nexhibits == 0)
            return STATUS_OK;
        enum status status = library_trace(arena, store, &weak, &found[side], err);
        if (status)
            return status;
    }
    for (size_t i = 0; i < found[0].nmembers; i++)
        for (size_t j = 0; j < found[1].nmembers; j++)
            *alike |= found[0].members[i].id == found[1].members[j].id;
    return STATUS_OK;
}

/* How sure the surest finding of either case alone is of a member: log10 of the bound, 0 when none names them. */
static enum status sure_alone(struct store *store, int64_t trace, int64_t member, double *log10_p,
                              struct error *err)
{
    struct query *q = query_start(
        store, "SELECT min(json_extract(n.value, '$.log10_p_all')) FROM joint j JOIN trace t"
               " ON t.case_file IN (j.one, j.other) AND t.state = 'done'"
               " JOIN json_each(t.finding, '$.members') n WHERE j.trace = ?1"
               " AND json_extract(n.value, '$.member') = 'M' || ?2");
    query_bind_int(q, 1, trace);
    query_bind_int(q, 2, member);
    *log10_p = query_row(q) && !query_is_null(q, 0) ? query_real(q, 0) : 0;
    return query_end(q, err);
}

static enum status is_stronger(struct store *store, const struct trace_run *run,
                               const struct finding *f, bool *stronger, struct error *err)
{
    enum status status = STATUS_OK;
    *stronger = false;
    for (size_t i = 0; !status && i < f->nmembers; i++) {
        double alone;
        status = sure_alone(store, run->id, f->members[i].id, &alone, err);
        *stronger |= f->members[i].log10_p_all < alone;
    }
    return status;
}

enum status library_judge_joint(struct arena *arena, struct store *store,
                                const struct trace_run *run, const struct finding *f,
                                struct error *err)
{
    bool stronger;
    (void)arena;
    enum status status = is_stronger(store, run, f, &stronger, err);
    if (status)
        return status;
    bool proposed = stronger || (run->alike && f->nmembers == 0);
    struct query *q = query_start(store, "UPDATE joint SET state = ?2, alike = ?3 WHERE trace = ?1"
                                         " AND state = 'testing' RETURNING one, number");
    query_bind_int(q, 1, run->id);
    query_bind_str(q, 2, str_of(STATES[proposed ? JOINT_PROPOSED : JOINT_NOTHING]));
    query_bind_int(q, 3, proposed && !stronger);
    int64_t one = query_row(q) ? query_int(q, 0) : 0;
    int64_t number = one ? query_int(q, 1) : 0;
    status = query_end(q, err);
    return status || !one ? status
                          : record_event(store, "case.compared", 'C', one,
                                         json_pack("{s:I, s:b}", "joint", (json_int_t)number,
                                                   "proposed", (int)proposed),
                                         err);
}

/* --- listing ---------------------------------------------------------------------------------------- */

/* Of a pair that was tested more than once, the newest test, and any that it is joined by. */
#define COLUMNS                                                                                       \
    "SELECT j.number, j.one, j.other, a.key, b.key, j.state, j.alike, coalesce(t.key, ''),"           \
    " coalesce(t.finding, ''), coalesce(t.false_alarm, 0), coalesce(m.name, ''), j.decided_ms"        \
    " FROM joint j JOIN case_file a ON a.id = j.one JOIN case_file b ON b.id = j.other"               \
    " LEFT JOIN trace t ON t.id = j.trace LEFT JOIN member m ON m.id = j.decided_by"                  \
    " WHERE j.trace IS NOT NULL AND ?1 IN (j.one, j.other)"                                           \
    " AND (j.state = 'joined' OR NOT EXISTS (SELECT 1 FROM joint l WHERE l.number > j.number"         \
    "  AND l.trace IS NOT NULL AND min(l.one, l.other) = min(j.one, j.other)"                         \
    "  AND max(l.one, l.other) = max(j.one, j.other)))"                                               \
    " AND NOT " CASE_ACCUSES_SQL("j.one", "?2") " AND NOT " CASE_ACCUSES_SQL(                         \
        "j.other",                                                                                    \
        "?2") " AND (t.finding = '' OR NOT EXISTS (SELECT 1 FROM json_each(t.finding, '$.members') n" \
              "  WHERE json_extract(n.value, '$.member') = 'M' || ?2))"

static struct joint read_joint(struct arena *arena, struct query *q)
{
    struct joint j = {
        .number = query_int(q, 0),
        .one = query_int(q, 1),
        .other = query_int(q, 2),
        .one_key = str_copy(arena, query_str(q, 3)),
        .other_key = str_copy(arena, query_str(q, 4)),
        .alike = query_int(q, 6) != 0,
        .trace = str_copy(arena, query_str(q, 7)),
        .finding = str_copy(arena, query_str(q, 8)),
        .false_alarm = query_real(q, 9),
        .decider = str_copy(arena, query_str(q, 10)),
        .decided_ms = query_int(q, 11),
    };
    while (j.state < JOINT_APART && !str_equal(query_str(q, 5), str_of(STATES[j.state])))
        j.state++;
    return j;
}

enum status library_list_joints(struct arena *arena, struct store *store, int64_t case_file,
                                int64_t viewer, struct joint **list, size_t *count,
                                struct error *err)
{
    struct query *q = query_start(store, COLUMNS " ORDER BY j.number DESC LIMIT 50");
    *list = arena_array(arena, PAIRS_MAX, struct joint);
    *count = 0;
    query_bind_int(q, 1, case_file);
    query_bind_int(q, 2, viewer);
    while (query_row(q) && *count < PAIRS_MAX)
        (*list)[(*count)++] = read_joint(arena, q);
    return query_end(q, err);
}

static enum status find_joint(struct arena *arena, struct store *store, int64_t case_file,
                              int64_t number, int64_t viewer, struct joint *joint,
                              struct error *err)
{
    struct query *q = query_start(store, COLUMNS " AND j.number = ?3");
    query_bind_int(q, 1, case_file);
    query_bind_int(q, 2, viewer);
    query_bind_int(q, 3, number);
    bool found = query_row(q);
    if (found)
        *joint = read_joint(arena, q);
    enum status status = query_end(q, err);
    return status || found ? status
                           : error_set(err, STATUS_MISSING, "There is no such joint test.",
                                       "没有这次合并检验。");
}

/* --- joining and parting ---------------------------------------------------------------------------- */

static enum status allow(struct store *store, const struct joint *j, int64_t actor, int64_t now_ms,
                         struct error *err)
{
    enum status status = case_allow(store, j->one, 0, CASE_ACT_TRACE, actor, now_ms, err);
    return status ? status : case_allow(store, j->other, 0, CASE_ACT_TRACE, actor, now_ms, err);
}

static enum status decide(struct store *store, const struct joint *j, enum joint_state state,
                          int64_t actor, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE joint SET state = ?2, decided_by = ?3,"
                                         " decided_ms = ?4 WHERE number = ?1");
    query_bind_int(q, 1, j->number);
    query_bind_str(q, 2, str_of(STATES[state]));
    query_bind_int(q, 3, actor);
    query_bind_int(q, 4, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    const char *kind = state == JOINT_JOINED ? "case.joined" : "case.parted";
    const int64_t cases[2][2] = {{j->one, j->other}, {j->other, j->one}};
    for (size_t i = 0; !status && i < 2; i++)
        status =
            record_event(store, kind, 'C', cases[i][0],
                         json_pack("{s:o, s:I}", "with", json_sprintf("C%" PRId64, cases[i][1]),
                                   "joint", (json_int_t)j->number),
                         err);
    return status;
}

/* {"joint": 3}: how a finding of a case says that it is the joint one. */
static struct str asked_of(struct arena *arena, const struct joint *j)
{
    return str_format(arena, "{\"joint\":%" PRId64 "}", j->number);
}

/* Makes the joint finding one of the case, where it names somebody. */
static enum status count_in(struct arena *arena, struct store *store, const struct joint *j,
                            int64_t file, int64_t actor, int64_t now_ms, struct error *err)
{
    struct case_finding kept = {.made_by = actor,
                                .verdict = VERDICT_NAMED,
                                .asked = asked_of(arena, j),
                                .finding = j->finding};
    return case_keep_finding(arena, store, file, &kept, now_ms, err);
}

enum status library_join_cases(struct arena *arena, struct store *store, int64_t case_file,
                               int64_t number, int64_t actor, int64_t now_ms, struct error *err)
{
    struct joint j;
    struct finding f = {0};
    enum status status = find_joint(arena, store, case_file, number, actor, &j, err);
    if (!status && j.state != JOINT_PROPOSED && j.state != JOINT_APART)
        return error_set(err, STATUS_CONFLICT, "Nothing is proposed here that could be joined.",
                         "此处没有待并案的建议。");
    if (!status)
        status = allow(store, &j, actor, now_ms, err);
    if (!status)
        status = library_unpack_finding(arena, store, j.finding, &f, err);
    if (!status)
        status = decide(store, &j, JOINT_JOINED, actor, now_ms, err);
    if (!status && f.nmembers)
        status = count_in(arena, store, &j, j.one, actor, now_ms, err);
    if (!status && f.nmembers)
        status = count_in(arena, store, &j, j.other, actor, now_ms, err);
    return status;
}

/* Takes the joint finding out of a case: whom another finding of the case names too stays accused by that one, whom
 * a steward named with a reason stays so. */
static enum status count_out(struct arena *arena, struct store *store, const struct joint *j,
                             int64_t file, struct error *err)
{
    static const char *const HOW[] = {
        "UPDATE case_accused SET finding = (SELECT max(f.id) FROM case_finding f"
        " JOIN json_each(f.finding, '$.members') n WHERE f.case_file = ?1 AND f.asked <> ?2"
        " AND json_extract(n.value, '$.member') = 'M' || case_accused.member) WHERE case_file = ?1"
        " AND finding IN (SELECT id FROM case_finding WHERE case_file = ?1 AND asked = ?2)",
        "DELETE FROM case_accused WHERE case_file = ?1 AND finding IS NULL AND words = ''"
        " AND ?2 <> ''",
        "DELETE FROM case_finding_exhibit WHERE finding IN"
        " (SELECT id FROM case_finding WHERE case_file = ?1 AND asked = ?2)",
        "DELETE FROM case_finding WHERE case_file = ?1 AND asked = ?2",
    };
    struct str asked = asked_of(arena, j);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof HOW / sizeof *HOW; i++) {
        struct query *q = query_start(store, HOW[i]);
        query_bind_int(q, 1, file);
        query_bind_str(q, 2, asked);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

enum status library_part_cases(struct arena *arena, struct store *store, int64_t case_file,
                               int64_t number, int64_t actor, int64_t now_ms, struct error *err)
{
    struct joint j;
    enum status status = find_joint(arena, store, case_file, number, actor, &j, err);
    if (!status && j.state != JOINT_PROPOSED && j.state != JOINT_JOINED)
        return error_set(err, STATUS_CONFLICT, "These cases are not joined.",
                         "这两起案件并未并案。");
    if (!status)
        status = allow(store, &j, actor, now_ms, err);
    if (!status && j.state == JOINT_JOINED)
        status = count_out(arena, store, &j, j.one, err);
    if (!status && j.state == JOINT_JOINED)
        status = count_out(arena, store, &j, j.other, err);
    return status ? status : decide(store, &j, JOINT_APART, actor, now_ms, err);
}
