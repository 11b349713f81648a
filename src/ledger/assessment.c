/* Assessments kept; see assessment.h. */
#include "ledger/assessment.h"

#include <string.h>

#include "base/calendar.h"
#include "base/digest.h"
#include "ledger/answered.h"
#include "ledger/key.h"
#include "ledger/line.h"
#include "ledger/supervise.h"

/* --- what each owed and reached ------------------------------------------------------------------- */

struct account {
    int64_t member, unit;
    struct assess_facts facts;
};
struct assessing {
    struct arena *arena;
    struct store *store;
    const struct workdays *calendar;
    int64_t first, last;
    struct account *accounts;
    size_t count;
    struct error *err;
};

static struct assess_facts *account_of(struct assessing *a, int64_t member, int64_t unit)
{
    for (size_t i = 0; i < a->count; i++)
        if (a->accounts[i].member == member && a->accounts[i].unit == unit)
            return &a->accounts[i].facts;
    a->accounts = arena_one_more(a->arena, a->accounts, a->count, sizeof *a->accounts);
    a->accounts[a->count] = (struct account){.member = member, .unit = unit};
    return &a->accounts[a->count++].facts;
}

/* Who answered for a line at the moment of a deed, its lead and its unit alike. */
static enum status credit(struct assessing *a, int64_t line, int64_t at_ms, enum assess_part part,
                          int64_t reached)
{
    struct ledger_answering who;
    enum status status = ledger_find_answering(a->store, line, at_ms, &who, a->err);
    if (status)
        return status;
    if (who.lead) {
        struct assess_facts *f = account_of(a, who.lead, 0);
        f->owed[part]++;
        f->reached[part] += reached;
    }
    if (who.unit) {
        struct assess_facts *f = account_of(a, 0, who.unit);
        f->owed[part]++;
        f->reached[part] += reached;
    }
    return STATUS_OK;
}

static int64_t end_of(int64_t day)
{
    return calendar_moment_of(day + 1) - 1;
}

#define ACTS_IN(ACTS, UNTIL)                                                          \
    "EXISTS (SELECT 1 FROM supervision_act a WHERE a.line = l.id AND a.act IN (" ACTS \
    ") AND a.day <= " UNTIL ")"
/* Said to be done by a day, and not sent back since: when first. */
#define TOLD_BY(DAY)                                                                             \
    "(SELECT min(a.made_ms) FROM supervision_act a WHERE a.line = l.id AND a.act = 'report'"     \
    " AND a.day <= " DAY " AND NOT EXISTS (SELECT 1 FROM supervision_act b WHERE b.line = l.id " \
    "AND b.act = 'return' AND b.id > a.id))"

struct assessed_line {
    int64_t id, begins, due, progress, signed_day, end_day;
    int64_t told_ms; /* when it was said to be done by its last day; 0: was not */
    enum rhythm rhythm;
    bool running;
};

static void take_line(struct query *q, struct assessed_line *l)
{
    *l = (struct assessed_line){
        .id = query_int(q, 0),
        .begins = query_int(q, 1),
        .due = query_int(q, 2),
        .progress = query_int(q, 3),
        .signed_day = query_int(q, 4),
        .end_day = query_int(q, 5),
        .rhythm = rhythm_named(query_str(q, 6)),
        .told_ms = query_int(q, 7),
        .running = query_int(q, 8),
    };
}

static struct query *start_lines(struct assessing *a)
{
    struct query *q = query_start(
        a->store,
        "SELECT l.id, l.begins_day, l.due_day,"
        " coalesce((SELECT f.progress FROM supervision_act f WHERE f.line = l.id AND f.act = 'feed'"
        "  AND f.progress IS NOT NULL AND f.day <= ?2 ORDER BY f.id DESC LIMIT 1), l.progress),"
        " s.signed_day, coalesce((SELECT min(a.day) FROM supervision_act a WHERE a.line = l.id"
        "  AND a.act IN ('report', 'strike', 'drop') AND NOT EXISTS (SELECT 1 FROM supervision_act b"
        "  WHERE b.line = l.id AND b.act IN ('return', 'reopen', 'enter') AND b.id > a.id)), 0),"
        " s.rhythm, " TOLD_BY("l.due_day") ", NOT " ACTS_IN("'strike', 'drop'", "?2") " AND " TOLD_BY(
            "?2") " IS NULL FROM supervision s JOIN line l ON l.id = s.line"
                  " WHERE s.state <> 'dropped' AND s.assigned_day <= ?2 AND l.due_day IS NOT NULL"
                  " AND ?1 > 0 ORDER BY l.id");
    query_bind_int(q, 1, a->first);
    query_bind_int(q, 2, a->last);
    return q;
}

/* Progress against what even work would have reached by the period's last day, in percent. */
static int64_t course_of(const struct assessing *a, const struct assessed_line *l)
{
    int64_t span = l->due - l->begins;
    int64_t planned =
        l->begins && span > 0 && a->last > l->begins ? 100 * (a->last - l->begins) / span : 0;
    int64_t course = planned > 0 ? 100 * l->progress / planned : 100;
    return course < 100 ? course : 100;
}

/* What was done in time counts for who said so, what was not for who answered when the last day was over. */
static enum status count_line(struct assessing *a, const struct assessed_line *l)
{
    enum status status = STATUS_OK;
    if (l->due >= a->first && l->due <= a->last)
        status = credit(a, l->id, l->told_ms ? l->told_ms : end_of(l->due), ASSESS_TIMELY,
                        l->told_ms != 0);
    if (!status && l->due > a->last && l->running)
        status = credit(a, l->id, end_of(a->last), ASSESS_COURSE, course_of(a, l));
    return status;
}

struct verdict {
    int64_t made_ms;
    bool good;
};

static enum status count_verdicts(struct assessing *a, const struct assessed_line *l)
{
    struct verdict *list = NULL;
    size_t count = 0;
    struct query *q =
        query_start(a->store, "SELECT made_ms, act = 'pass' FROM supervision_act WHERE line = ?1"
                              " AND act IN ('pass', 'return', 'fault') AND day BETWEEN ?2 AND ?3");
    query_bind_int(q, 1, l->id);
    query_bind_int(q, 2, a->first);
    query_bind_int(q, 3, a->last);
    while (query_row(q)) {
        list = arena_one_more(a->arena, list, count, sizeof *list);
        list[count++] = (struct verdict){query_int(q, 0), query_int(q, 1) != 0};
    }
    enum status status = query_end(q, a->err);
    for (size_t i = 0; !status && i < count; i++)
        status = credit(a, l->id, list[i].made_ms, ASSESS_QUALITY, list[i].good);
    return status;
}

/* When feedback was given last after one day and up to another; 0: not. */
static enum status find_feedback(struct assessing *a, int64_t line, int64_t after, int64_t until,
                                 int64_t *fed_ms)
{
    struct query *q =
        query_start(a->store, "SELECT max(made_ms) FROM supervision_act WHERE line = ?1"
                              " AND act = 'feed' AND day > ?2 AND day <= ?3");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, after);
    query_bind_int(q, 3, until);
    *fed_ms = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, a->err);
}

/* Days of the period on which feedback was due: those after which it still ran. Each asks whether one was given since the
 * day before it. */
static enum status count_feedback(struct assessing *a, const struct assessed_line *l)
{
    if (!l->signed_day || l->rhythm == RHYTHM_NONE)
        return STATUS_OK;
    int64_t before = rhythm_last_day(l->rhythm, a->calendar, l->signed_day, a->first - 1);
    enum status status = STATUS_OK;
    before = before ? before : l->signed_day - 1;
    for (;;) {
        int64_t due = rhythm_next_day(l->rhythm, a->calendar, l->signed_day,
                                      before > l->signed_day ? before : l->signed_day);
        if (status || due > a->last || (l->end_day && l->end_day <= due))
            return status;
        int64_t fed_ms = 0;
        status = find_feedback(a, l->id, before, due, &fed_ms);
        if (!status)
            status = credit(a, l->id, fed_ms ? fed_ms : end_of(due), ASSESS_FEEDBACK, fed_ms != 0);
        before = due;
    }
}

static enum status count_lines(struct assessing *a)
{
    struct assessed_line *lines = NULL;
    size_t count = 0;
    struct query *q = start_lines(a);
    while (query_row(q)) {
        lines = arena_one_more(a->arena, lines, count, sizeof *lines);
        take_line(q, &lines[count++]);
    }
    enum status status = query_end(q, a->err);
    for (size_t i = 0; !status && i < count; i++) {
        status = count_line(a, &lines[i]);
        if (!status)
            status = count_verdicts(a, &lines[i]);
        if (!status)
            status = count_feedback(a, &lines[i]);
    }
    return status;
}

/* Points come off for whoever answered when the notice was given. */
static void count_notice(struct assess_facts *f, struct str kind, int64_t count)
{
    if (str_equal(kind, STR("red")))
        f->reds += count;
    else if (str_equal(kind, STR("raised")))
        f->raised += count;
    else
        f->circulars += count;
}

static enum status count_notices(struct assessing *a)
{
    struct query *q =
        query_start(a->store, "SELECT kind, lead, unit, count(*) FROM supervision_notice"
                              " WHERE made_day BETWEEN ?1 AND ?2 AND kind IN ('red', 'raised',"
                              " 'circular') GROUP BY kind, lead, unit");
    query_bind_int(q, 1, a->first);
    query_bind_int(q, 2, a->last);
    while (query_row(q)) {
        if (query_int(q, 1))
            count_notice(account_of(a, query_int(q, 1), 0), query_str(q, 0), query_int(q, 3));
        if (query_int(q, 2))
            count_notice(account_of(a, 0, query_int(q, 2)), query_str(q, 0), query_int(q, 3));
    }
    return query_end(q, a->err);
}

/* --- made ----------------------------------------------------------------------------------------- */

static enum status keep_score(struct assessing *a, int64_t assessment, const struct account *of)
{
    const struct assess_facts *f = &of->facts;
    struct str key;
    enum status status = digest_random_key(a->arena, &key, a->err);
    if (status)
        return status;
    struct query *q = query_start(
        a->store,
        "INSERT INTO assessment_score (key, assessment, member, unit, due, in_time,"
        " running, course, owed, given, verdicts, good, reds, raised, circulars, tenths)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, assessment);
    query_bind_int_or_null(q, 3, of->member);
    query_bind_int_or_null(q, 4, of->unit);
    for (int i = 0; i < ASSESS_PARTS; i++) {
        query_bind_int(q, 5 + 2 * i, f->owed[i]);
        query_bind_int(q, 6 + 2 * i, f->reached[i]);
    }
    query_bind_int(q, 13, f->reds);
    query_bind_int(q, 14, f->raised);
    query_bind_int(q, 15, f->circulars);
    query_bind_int(q, 16, assess_tenths(f));
    (void)query_row(q);
    return query_end(q, a->err);
}

static enum status keep_assessment(struct assessing *a, int64_t member, int64_t now_ms, int64_t *id)
{
    struct query *q =
        query_start(a->store, "INSERT INTO assessment (first_day, last_day, member, made_ms)"
                              " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING RETURNING id");
    query_bind_int(q, 1, a->first);
    query_bind_int(q, 2, a->last);
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, now_ms);
    *id = query_row(q) ? query_int(q, 0) : 0;
    (void)query_row(q);
    enum status status = query_end(q, a->err);
    if (!status && !*id)
        return error_set(a->err, STATUS_CONFLICT, "That period is assessed already.",
                         "该期考核已经完成。");
    return status;
}

enum status ledger_assess(struct arena *arena, struct store *store, const struct workdays *calendar,
                          int64_t first, int64_t last, int64_t member, int64_t today,
                          int64_t now_ms, struct error *err)
{
    struct assessing a = {.arena = arena,
                          .store = store,
                          .calendar = calendar,
                          .first = first,
                          .last = last,
                          .err = err};
    int64_t id = 0;
    json_int_t scores = 0;
    if (last >= today)
        return error_set(err, STATUS_INPUT, "That period is not over yet.", "该期尚未结束。");
    enum status status = keep_assessment(&a, member, now_ms, &id);
    if (!status)
        status = count_lines(&a);
    if (!status)
        status = count_notices(&a);
    for (size_t i = 0; !status && i < a.count; i++)
        if (assess_is_due(&a.accounts[i].facts)) {
            status = keep_score(&a, id, &a.accounts[i]);
            scores++;
        }
    if (!status && !scores)
        return error_set(err, STATUS_CONFLICT,
                         "Nothing was under supervision then: there is nobody to assess.",
                         "该期没有督办事项，无可考核。");
    return status ? status
                  : ledger_add_event(store, "assessment.made", 'A', id,
                                     json_pack("{s:o, s:o, s:I}", "first", ledger_json_day(first),
                                               "last", ledger_json_day(last), "scores", scores),
                                     err);
}

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_find_score(struct arena *arena, struct store *store, struct str key,
                              struct assessment_score *s, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT s.id, s.assessment, s.key, a.first_day, a.last_day, a.made_ms, a.member,"
        " s.member, s.unit, s.tenths, coalesce(s.corrected, -1), s.due, s.in_time, s.running,"
        " s.course, s.owed, s.given, s.verdicts, s.good, s.reds, s.raised, s.circulars"
        " FROM assessment_score s JOIN assessment a ON a.id = s.assessment WHERE s.key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found) {
        *s = (struct assessment_score){
            .id = query_int(q, 0),
            .assessment = query_int(q, 1),
            .key = str_copy(arena, query_str(q, 2)),
            .first_day = query_int(q, 3),
            .last_day = query_int(q, 4),
            .made_ms = query_int(q, 5),
            .assessor = query_int(q, 6),
            .member = query_int(q, 7),
            .unit = query_int(q, 8),
            .tenths = query_int(q, 9),
            .corrected = query_int(q, 10),
            .facts = {.reds = query_int(q, 19),
                      .raised = query_int(q, 20),
                      .circulars = query_int(q, 21)},
        };
        for (int i = 0; i < ASSESS_PARTS; i++) {
            s->facts.owed[i] = query_int(q, 11 + 2 * i);
            s->facts.reached[i] = query_int(q, 12 + 2 * i);
        }
    }
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such score.", "没有该项考核得分。");
    return status;
}

enum status ledger_list_objections(struct arena *arena, struct store *store, int64_t score,
                                   struct objection **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT id, member, made_ms, grounds, decided_by, decided_ms, upheld,"
                           " words, coalesce(tenths, -1) FROM assessment_objection WHERE score = ?1"
                           " ORDER BY id DESC");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, score);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct objection){
            .id = query_int(q, 0),
            .member = query_int(q, 1),
            .made_ms = query_int(q, 2),
            .grounds = str_copy(arena, query_str(q, 3)),
            .decided_by = query_int(q, 4),
            .decided_ms = query_int(q, 5),
            .upheld = query_int(q, 6),
            .words = str_copy(arena, query_str(q, 7)),
            .tenths = query_int(q, 8),
        };
    }
    return query_end(q, err);
}

/* --- objections ----------------------------------------------------------------------------------- */

enum status ledger_owns_score(struct store *store, const struct assessment_score *score,
                              int64_t member, bool *owns, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM unit WHERE id = ?1 AND head = ?2");
    query_bind_int(q, 1, score->unit);
    query_bind_int(q, 2, member);
    *owns = query_row(q) || (score->member && score->member == member);
    return query_end(q, err);
}

static enum status check_words(struct str words, struct error *err)
{
    if (!str_trim(words).len)
        return error_set(err, STATUS_INPUT, "Say why.", "请说明理由。");
    if (!ledger_is_text(words, ASSESSMENT_WORDS_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         ASSESSMENT_WORDS_MAX);
    return STATUS_OK;
}

enum status ledger_object(struct store *store, const struct assessment_score *score, int64_t member,
                          struct str grounds, int64_t now_ms, struct error *err)
{
    bool owns = false;
    enum status status = ledger_owns_score(store, score, member, &owns, err);
    if (!status && !owns)
        return error_set(err, STATUS_FORBIDDEN, "Only one's own score can be objected to.",
                         "只能对本人或本单位的得分提出异议。");
    if (!status)
        status = check_words(grounds, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO assessment_objection (score, member, grounds, made_ms)"
               " SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM assessment_objection"
               " WHERE score = ?1 AND decided_ms IS NULL) RETURNING id");
    query_bind_int(q, 1, score->id);
    query_bind_int(q, 2, member);
    query_bind_str(q, 3, str_trim(grounds));
    query_bind_int(q, 4, now_ms);
    bool made = query_row(q);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status && !made)
        return error_set(err, STATUS_CONFLICT, "An objection to it is being decided already.",
                         "已有异议正在处理。");
    return status
               ? status
               : ledger_add_event(store, "assessment.objected", 'A', score->assessment, NULL, err);
}

enum status ledger_may_decide(struct store *store, const struct assessment_score *score,
                              const struct objection *objection, int64_t member, bool *may,
                              struct error *err)
{
    bool owns = false;
    enum status status = ledger_owns_score(store, score, member, &owns, err);
    *may = !owns && member != score->assessor && member != objection->member;
    return status;
}

static enum status find_open(struct arena *arena, struct store *store,
                             const struct assessment_score *score, struct objection *open,
                             struct error *err)
{
    struct objection *list;
    size_t count;
    enum status status = ledger_list_objections(arena, store, score->id, &list, &count, err);
    if (!status && (!count || list[0].decided_ms))
        return error_set(err, STATUS_CONFLICT, "No objection to it waits to be decided.",
                         "没有待处理的异议。");
    if (!status)
        *open = list[0];
    return status;
}

static enum status keep_verdict(struct store *store, const struct objection *open,
                                const struct objection_verdict *v, int64_t now_ms,
                                struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE assessment_objection SET decided_by = ?2, decided_ms = ?3,"
                           " upheld = ?4, words = ?5, tenths = iif(?4, ?6, NULL) WHERE id = ?1");
    query_bind_int(q, 1, open->id);
    query_bind_int(q, 2, v->member);
    query_bind_int(q, 3, now_ms);
    query_bind_int(q, 4, v->upheld);
    query_bind_str(q, 5, str_trim(v->words));
    query_bind_int(q, 6, v->tenths);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status correct(struct store *store, int64_t score, int64_t tenths, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE assessment_score SET corrected = ?2 WHERE id = ?1");
    query_bind_int(q, 1, score);
    query_bind_int(q, 2, tenths);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_decide_objection(struct arena *arena, struct store *store,
                                    const struct assessment_score *score,
                                    const struct objection_verdict *v, int64_t now_ms,
                                    struct error *err)
{
    struct objection open;
    bool may = false;
    enum status status = find_open(arena, store, score, &open, err);
    if (!status)
        status = ledger_may_decide(store, score, &open, v->member, &may, err);
    if (!status && !may)
        return error_set(err, STATUS_FORBIDDEN,
                         "Another decides this: neither who assessed, nor who objected, nor whose "
                         "score it is.",
                         "须由他人决定：考核人、异议提出人和被考核人均不得处理。");
    if (!status)
        status = check_words(v->words, err);
    if (!status && v->upheld && (v->tenths < 0 || v->tenths > 1000))
        return error_set(err, STATUS_INPUT, "A score is from 0 to 100.",
                         "得分应在 0 至 100 之间。");
    if (!status)
        status = keep_verdict(store, &open, v, now_ms, err);
    if (!status && v->upheld)
        status = correct(store, score->id, v->tenths, err);
    return status ? status
                  : ledger_add_event(store, "assessment.decided", 'A', score->assessment,
                                     json_pack("{s:b}", "upheld", v->upheld), err);
}
