/* Assessment: the published formula, scores that are open to the viewer, and objections to them. */
#include "base/calendar.h"
#include "ledger/assessment.h"
#include "server/grid.h"
#include "server/internal.h"
#include "server/ledger_notices.h"

/* Who has scores computed and sees them all; inspectors see them and decide objections. */
#define ROLES_ASSESS (ROLE_STEWARD | ROLE_OWNER)
#define ROLES_JUDGE  (ROLES_ASSESS | ROLE_INSPECTOR)

/* Units that the viewer ?1 heads, and all under them. */
#define HEADED_SQL                                                                          \
    "(WITH RECURSIVE headed (id) AS (SELECT id FROM unit WHERE head = ?1 UNION SELECT u.id" \
    " FROM unit u JOIN headed h ON u.parent = h.id) SELECT id FROM headed)"
/* Whom a score `s` is open to: whose it is, heads above them, and who assesses or judges. */
#define OPEN_SQL                                                                       \
    "(s.member = ?1 OR EXISTS (SELECT 1 FROM role r WHERE r.member = ?1 AND r.role IN" \
    " ('steward', 'owner', 'inspector')) OR s.unit IN " HEADED_SQL " OR s.member IN"   \
    " (SELECT um.member FROM unit_member um WHERE um.unit IN " HEADED_SQL "))"

/* --- the list ------------------------------------------------------------------------------------- */

static enum status period_choices(struct request *rq, struct str chosen,
                                  struct ledger_choice **list, size_t *count, struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT id, first_day, last_day FROM assessment"
                                             " ORDER BY last_day DESC, first_day LIMIT 100");
    *list = arena_array(rq->arena, 100, struct ledger_choice);
    *count = 0;
    while (*count < 100 && query_row(q)) {
        struct str id = str_format(rq->arena, "%lld", (long long)query_int(q, 0));
        (*list)[(*count)++] = (struct ledger_choice){
            id, assess_period_words(rq->arena, query_int(q, 1), query_int(q, 2), rq->lang),
            str_equal(id, chosen)};
    }
    return query_end(q, err);
}

static const struct grid_option OF[] = {
    {"me", "My own", "我的"},
    {"people", "People", "个人"},
    {"units", "Units", "单位"},
    {0},
};

#define SHARE_SQL(REACHED, OWED) \
    "CASE WHEN " OWED " > 0 THEN CAST(round(100.0 * " REACHED " / " OWED ") AS INTEGER) END"

static const struct grid SCORES = {
    .path = "/ledger/assessments",
    .en = "Assessments",
    .zh = "考核",
    .from = "assessment_score s JOIN assessment a ON a.id = s.assessment LEFT JOIN member m"
            " ON m.id = s.member LEFT JOIN unit u ON u.id = s.unit",
    .where = OPEN_SQL,
    .key = "s.key",
    .link = "'/ledger/assessments/' || s.key",
    .order = "-score",
    .columns =
        (const struct grid_column[]){
            {"name", GRID_TEXT, "coalesce(m.name, u.name)", NULL, "Name", "名称", NULL},
            {"from", GRID_DAY, "a.first_day", NULL, "From", "起", NULL},
            {"until", GRID_DAY, "a.last_day", NULL, "Until", "止", NULL},
            {"score", GRID_NUMBER, "coalesce(s.corrected, s.tenths) / 10.0", NULL, "Score", "得分",
             NULL},
            {"timely", GRID_NUMBER, SHARE_SQL("s.in_time", "s.due"), NULL, "Done in time, %",
             "按期办结（%）", NULL},
            {"course", GRID_NUMBER,
             "CASE WHEN s.running > 0 THEN CAST(round(1.0 * s.course / s.running) AS INTEGER) END",
             NULL, "On course, %", "推进进度（%）", NULL},
            {"feedback", GRID_NUMBER, SHARE_SQL("s.given", "s.owed"), NULL, "Feedback, %",
             "按期反馈（%）", NULL},
            {"quality", GRID_NUMBER, SHARE_SQL("s.good", "s.verdicts"), NULL, "Quality, %",
             "办理质量（%）", NULL},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"period", "s.assessment = CAST({} AS INTEGER)", "Period", "考核期",
             .choices = period_choices},
            {"of",
             "CASE {} WHEN 'me' THEN s.member IS ?1 WHEN 'people' THEN s.member IS NOT NULL"
             " WHEN 'units' THEN s.unit IS NOT NULL END",
             "Of", "对象", .options = OF},
            {0},
        },
};

struct part_row {
    struct str part, words, how, percent;
    int64_t weight, owed, reached;
    bool counts;
};
static const struct field PART_ROW[] = {
    FIELD(TEXT, struct part_row, part),
    FIELD_HIDDEN(TEXT, struct part_row, words),
    FIELD(TEXT, struct part_row, how),
    FIELD(NUMBER, struct part_row, weight),
    FIELD(NUMBER, struct part_row, owed),
    FIELD(NUMBER, struct part_row, reached),
    FIELD(TEXT, struct part_row, percent),
    FIELD_HIDDEN(FLAG, struct part_row, counts),
    {0},
};

/* The formula; with what somebody owed and reached, or NULL. */
static void fill_parts(const struct request *rq, const struct assess_facts *facts,
                       struct part_row **parts, size_t *count)
{
    *count = ASSESS_PARTS;
    *parts = arena_array(rq->arena, ASSESS_PARTS, struct part_row);
    for (int i = 0; i < ASSESS_PARTS; i++) {
        const struct assess_rule *rule = &assess_rules[i];
        struct part_row *row = &(*parts)[i];
        *row = (struct part_row){.part = str_of(rule->name),
                                 .words = request_words(rq, rule->en, rule->zh),
                                 .how = request_words(rq, rule->how_en, rule->how_zh),
                                 .weight = rule->weight};
        if (!facts || !facts->owed[i])
            continue;
        row->counts = true;
        row->owed = facts->owed[i];
        row->reached = facts->reached[i];
        row->percent =
            str_format(rq->arena, "%lld", (long long)assess_percent(facts, (enum assess_part)i));
    }
}

struct scores_page {
    struct grid_sight grid;
    bool may_assess;
    struct str typed, off_rule, credit_rule;
    struct part_row *parts;
    size_t nparts;
};
static const struct field SCORES_PAGE[] = {
    GRID_FIELD(struct scores_page, grid),
    FIELD(FLAG, struct scores_page, may_assess),
    FIELD_HIDDEN(TEXT, struct scores_page, typed),
    FIELD(TEXT, struct scores_page, off_rule),
    FIELD(TEXT, struct scores_page, credit_rule),
    FIELD_OF_LIST(struct scores_page, parts, PART_ROW),
    {0},
};

static enum status show_scores(struct request *rq, struct error *err)
{
    struct scores_page page = {.may_assess = request_may(rq, ROLES_ASSESS),
                               .off_rule = str_of(assess_off_rule(rq->lang)),
                               .credit_rule = str_of(assess_credit_rule(rq->lang)),
                               .typed = rq->post ? request_input(rq, "assess") : STR("")};
    bool answered = false;
    enum status status = grid_read(rq, &SCORES, &page.grid, &answered, err);
    if (status || answered)
        return status;
    fill_parts(rq, NULL, &page.parts, &page.nparts);
    return answer_page(rq, "ledger-assessments", "Assessments", "考核", SCORES_PAGE, &page);
}

const struct route route_ledger_assessments = {
    .method = "GET",
    .path = "/ledger/assessments",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "The formula of assessment, and the scores that are open to the viewer: their own, and for "
        "heads, stewards and inspectors those of others.",
    .zh = "考核公式，以及本人可见的得分：本人得分；单位负责人、管理员和督导员另可见他人得分。",
    .grid = &SCORES,
    .output = SCORES_PAGE,
    .page = "ledger-assessments",
    .run = show_scores,
};

struct assessing {
    const struct workdays *calendar;
    int64_t first, last, member, now_ms;
};

static enum status assess_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct assessing *a = context;
    return ledger_assess(scratch, store, a->calendar, a->first, a->last, a->member,
                         calendar_day_of(a->now_ms), a->now_ms, err);
}

static enum status assess(struct request *rq, struct error *err)
{
    struct assessing a = {.member = rq->viewer.member, .now_ms = rq->now_ms};
    if (!assess_read_period(request_input(rq, "assess"), &a.first, &a.last))
        return error_set(err, STATUS_INPUT, "Write a month as 2026-10 or a quarter as 2026-Q3.",
                         "请按 2026-10（月）或 2026-Q3（季度）的形式填写。");
    enum status status = ledger_notices_calendar(rq->arena, rq->store, &a.calendar, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, assess_step, &a, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/assessments"), "The scores are computed.",
                                    "得分已计算。");
}

static const struct input ASSESS_INPUTS[] = {
    {.name = "assess",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 7,
     .en = "Period",
     .zh = "考核期"},
    {0},
};
const struct route route_ledger_assess = {
    .method = "POST",
    .path = "/ledger/assessments",
    .roles = ROLES_ASSESS,
    .scope = "manage",
    .en = "Assess a month or quarter that is over, by the published formula.",
    .zh = "按公布的公式对已结束的月份或季度进行考核。",
    .inputs = ASSESS_INPUTS,
    .run = assess,
    .again = show_scores,
};

/* --- one score ------------------------------------------------------------------------------------ */

struct objection_row {
    struct str by, grounds, decided_by, words, score;
    int64_t made, decided;
    bool upheld, open;
};
static const struct field OBJECTION_ROW[] = {
    FIELD(TEXT, struct objection_row, by),         FIELD(TEXT, struct objection_row, grounds),
    FIELD(TIME, struct objection_row, made),       FIELD(FLAG, struct objection_row, open),
    FIELD(TEXT, struct objection_row, decided_by), FIELD(TIME, struct objection_row, decided),
    FIELD(FLAG, struct objection_row, upheld),     FIELD(TEXT, struct objection_row, words),
    FIELD(TEXT, struct objection_row, score),      {0},
};
struct score_page {
    struct str key, name, period, score, computed, off, off_rule, credit_rule, assessor, typed,
        words;
    int64_t made, reds, raised, circulars;
    bool corrected, may_object, may_decide;
    struct part_row *parts;
    struct objection_row *objections;
    size_t nparts, nobjections;
};
static const struct field SCORE_PAGE[] = {
    FIELD(TEXT, struct score_page, key),
    FIELD(TEXT, struct score_page, name),
    FIELD(TEXT, struct score_page, period),
    FIELD(TEXT, struct score_page, score),
    FIELD(TEXT, struct score_page, computed),
    FIELD(FLAG, struct score_page, corrected),
    FIELD(TEXT, struct score_page, off),
    FIELD_HIDDEN(TEXT, struct score_page, off_rule),
    FIELD_HIDDEN(TEXT, struct score_page, credit_rule),
    FIELD(NUMBER, struct score_page, reds),
    FIELD(NUMBER, struct score_page, raised),
    FIELD(NUMBER, struct score_page, circulars),
    FIELD(TEXT, struct score_page, assessor),
    FIELD(TIME, struct score_page, made),
    FIELD(FLAG, struct score_page, may_object),
    FIELD(FLAG, struct score_page, may_decide),
    FIELD_HIDDEN(TEXT, struct score_page, typed),
    FIELD_HIDDEN(TEXT, struct score_page, words),
    FIELD_OF_LIST(struct score_page, parts, PART_ROW),
    FIELD_OF_LIST(struct score_page, objections, OBJECTION_ROW),
    {0},
};

static struct str tenths_text(const struct request *rq, int64_t tenths)
{
    return str_format(rq->arena, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
}

/* A score that is not open to the viewer is not there for them. */
static enum status open_score(struct request *rq, struct assessment_score *score, struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT 1 FROM assessment_score s WHERE s.key = ?2"
                                             " AND " OPEN_SQL);
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_str(q, 2, rq->params[0]);
    bool open = query_row(q);
    enum status status = query_end(q, err);
    return status ? status
                  : ledger_find_score(rq->arena, rq->store, open ? rq->params[0] : STR(""), score,
                                      err);
}

static enum status fill_objections(struct request *rq, const struct assessment_score *score,
                                   struct score_page *page, struct error *err)
{
    struct objection *list;
    bool owns = false;
    enum status status =
        ledger_list_objections(rq->arena, rq->store, score->id, &list, &page->nobjections, err);
    if (!status)
        status = ledger_owns_score(rq->store, score, rq->viewer.member, &owns, err);
    if (status)
        return status;
    bool waits = page->nobjections && !list[0].decided_ms;
    page->may_object = owns && !waits;
    if (waits && request_may(rq, ROLES_JUDGE))
        status = ledger_may_decide(rq->store, score, &list[0], rq->viewer.member, &page->may_decide,
                                   err);
    page->objections = arena_array(rq->arena, page->nobjections + 1, struct objection_row);
    for (size_t i = 0; !status && i < page->nobjections; i++) {
        struct objection_row *row = &page->objections[i];
        *row = (struct objection_row){
            .grounds = list[i].grounds,
            .made = list[i].made_ms,
            .open = !list[i].decided_ms,
            .decided = list[i].decided_ms,
            .upheld = list[i].upheld,
            .words = list[i].words,
            .score = list[i].tenths < 0 ? STR("") : tenths_text(rq, list[i].tenths)};
        status = ledger_member_name(rq, list[i].member, &row->by, err);
        if (!status)
            status = ledger_member_name(rq, list[i].decided_by, &row->decided_by, err);
    }
    return status;
}

static enum status name_score(struct request *rq, const struct assessment_score *score,
                              struct str *name, struct error *err)
{
    struct unit unit = {0};
    if (score->member)
        return ledger_member_name(rq, score->member, name, err);
    enum status status = ledger_find_unit_by_id(rq->arena, rq->store, score->unit, &unit, err);
    *name = unit.name;
    return status;
}

static enum status show_score(struct request *rq, struct error *err)
{
    struct assessment_score score;
    enum status status = open_score(rq, &score, err);
    if (status)
        return status;
    struct score_page page = {
        .key = score.key,
        .period = assess_period_words(rq->arena, score.first_day, score.last_day, rq->lang),
        .score = tenths_text(rq, score.corrected < 0 ? score.tenths : score.corrected),
        .computed = tenths_text(rq, score.tenths),
        .corrected = score.corrected >= 0,
        .off = tenths_text(rq, assess_off(&score.facts)),
        .off_rule = str_of(assess_off_rule(rq->lang)),
        .credit_rule = str_of(assess_credit_rule(rq->lang)),
        .reds = score.facts.reds,
        .raised = score.facts.raised,
        .circulars = score.facts.circulars,
        .made = score.made_ms,
        .typed = rq->post ? request_input(rq, "grounds") : STR(""),
        .words = rq->post ? request_input(rq, "words") : STR(""),
    };
    fill_parts(rq, &score.facts, &page.parts, &page.nparts);
    status = name_score(rq, &score, &page.name, err);
    if (!status)
        status = ledger_member_name(rq, score.assessor, &page.assessor, err);
    if (!status)
        status = fill_objections(rq, &score, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-assessment", page.name, SCORE_PAGE, &page);
}

const struct route route_ledger_assessment = {
    .method = "GET",
    .path = "/ledger/assessments/{score}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A score with what it is made of, and objections to it.",
    .zh = "得分及其构成，以及对其提出的异议。",
    .output = SCORE_PAGE,
    .page = "ledger-assessment",
    .run = show_score,
};

/* --- objections ----------------------------------------------------------------------------------- */

struct objecting {
    struct assessment_score score;
    int64_t member, now_ms;
    struct str grounds;
    struct objection_verdict verdict;
};

static enum status object_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct objecting *o = context;
    (void)scratch;
    return ledger_object(store, &o->score, o->member, o->grounds, o->now_ms, err);
}

static enum status decide_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct objecting *o = context;
    return ledger_decide_objection(scratch, store, &o->score, &o->verdict, o->now_ms, err);
}

static struct str path_of(const struct request *rq)
{
    return str_format(rq->arena, "/ledger/assessments/%.*s", STR_ARG(rq->params[0]));
}

static enum status object(struct request *rq, struct error *err)
{
    struct objecting o = {
        .member = rq->viewer.member, .now_ms = rq->now_ms, .grounds = request_input(rq, "grounds")};
    enum status status = open_score(rq, &o.score, err);
    if (!status)
        status = ledger_refuse_marks(rq, o.grounds, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, object_step, &o, err);
    return status
               ? status
               : answer_redirect(rq, path_of(rq), "Your objection is recorded; another decides it.",
                                 "异议已提交，由他人决定。");
}

static const struct input OBJECT_INPUTS[] = {
    {.name = "grounds",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = ASSESSMENT_WORDS_MAX,
     .en = "Grounds",
     .zh = "理由"},
    {0},
};
const struct route route_ledger_object = {
    .method = "POST",
    .path = "/ledger/assessments/{score}/objection",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Object to one's own score, with grounds.",
    .zh = "对本人或本单位得分提出异议并说明理由。",
    .inputs = OBJECT_INPUTS,
    .run = object,
    .again = show_score,
};

static enum status decide(struct request *rq, struct error *err)
{
    double points = 0;
    struct objecting o = {.now_ms = rq->now_ms,
                          .verdict = {.member = rq->viewer.member,
                                      .upheld = request_number(rq, "upheld") != 0,
                                      .words = request_input(rq, "words")}};
    struct str typed = request_input(rq, "points");
    if (o.verdict.upheld && (!str_to_double(typed, &points) || points < 0 || points > 100))
        return request_blame(
            rq, "points",
            error_set(err, STATUS_INPUT, "A score is from 0 to 100.", "得分应在 0 至 100 之间。"));
    o.verdict.tenths = (int64_t)(points * 10 + 0.5);
    enum status status = open_score(rq, &o.score, err);
    if (!status)
        status = ledger_refuse_marks(rq, o.verdict.words, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_VERIFY, decide_step, &o, err);
    return status ? status : answer_redirect(rq, path_of(rq), "It is decided.", "异议已处理。");
}

static const struct input DECIDE_INPUTS[] = {
    {.name = "upheld", .kind = INPUT_FLAG, .en = "Upheld", .zh = "异议成立"},
    {.name = "points",
     .kind = INPUT_TEXT,
     .most = 10,
     .en = "Score as corrected",
     .zh = "更正得分"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = ASSESSMENT_WORDS_MAX,
     .en = "Why",
     .zh = "理由"},
    {0},
};
const struct route route_ledger_decide = {
    .method = "POST",
    .path = "/ledger/assessments/{score}/decision",
    .roles = ROLES_JUDGE,
    .scope = "manage",
    .en = "Decide the objection to a score, and correct the score where it is upheld.",
    .zh = "处理对得分的异议；成立的，更正得分。",
    .inputs = DECIDE_INPUTS,
    .run = decide,
    .again = show_score,
};
