/* Joint reviews: the list, making one, and how long each unit takes. */
#include <inttypes.h>

#include "base/calendar.h"
#include "ledger/review.h"
#include "server/chart.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"

/* --- the list ------------------------------------------------------------------------------------- */

/* What the steps of each line come to, once for all lines; ?2 is today. */
#define AT_WORK "FILTER (WHERE s.state IN ('open', 'asked'))"
#define STEPS_SQL                                                                               \
    "(SELECT s.line AS line, count(*) AS whole, count(s.ended_ms) AS ended, count(*) " AT_WORK  \
    " AS running, min(s.due_day) " AT_WORK " AS due, count(*) FILTER (WHERE s.state IN"         \
    " ('open', 'asked') AND s.due_day < ?2) AS late, count(*) FILTER (WHERE s.state = 'asked')" \
    " AS asked, count(*) FILTER (WHERE s.state = 'silent') AS silent,"                          \
    " group_concat(coalesce(w.name, o.name), ' · ') " AT_WORK " AS whose FROM step s"           \
    " LEFT JOIN unit w ON w.id = s.unit LEFT JOIN member o ON o.id = s.member"                  \
    " WHERE s.again_ms IS NULL GROUP BY s.line)"
/* Running reviews are told apart by what they wait for: "over" for the reply. */
#define STAND_SQL                                                                              \
    "CASE WHEN l.state = 'closed' THEN 'withdrawn' WHEN r.state = 'running' AND k.running = 0" \
    " THEN 'over' ELSE r.state END"

static const struct grid_option STANDS[] = {
    {"draft", "being prepared", "准备中"},  {"running", "under review", "审查中"},
    {"over", "to be replied to", "待回复"}, {"replied", "replied", "已回复"},
    {"withdrawn", "withdrawn", "已撤回"},   {0},
};
static const struct grid_option HOW[] = {
    {"late", "Somebody is late", "有单位逾期"},
    {"asked", "A question is open", "有问题待答复"},
    {"silent", "Lapsed into consent", "有逾期视为同意"},
    {0},
};
static const struct grid_option MINE[] = {
    {"led", "I lead", "我分包的"},
    {"waits", "Waits for my units", "待我单位办理"},
    {"asked", "I asked for", "我提出的"},
    {0},
};

static const char *stand_word(struct str value, enum lang lang)
{
    for (const struct grid_option *o = STANDS; o->value; o++)
        if (str_equal(value, str_of(o->value)))
            return lang_pick(lang, o->en, o->zh);
    return "";
}

static const char *verdict_word(struct str value, enum lang lang)
{
    enum review_verdict verdict = review_verdict_named(value);
    return verdict == REVIEW_VERDICTS ? "" : review_verdict_words(verdict, lang);
}

static const struct grid REVIEWS = {
    .path = "/ledger/reviews",
    .en = "Joint reviews",
    .zh = "联审联批",
    .from = "review r JOIN line l ON l.id = r.line LEFT JOIN line p ON p.id = l.parent"
            " LEFT JOIN " STEPS_SQL " k ON k.line = l.id",
    .where = "1",
    .key = "l.key",
    .link = "'/ledger/lines/' || l.key || '/review'",
    .order = "due",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Matter", "事项", NULL},
            {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
            {"about", GRID_TEXT, "coalesce(p.number || ' ' || p.title, '')", NULL, "About",
             "所属条目", NULL},
            {"state", GRID_TEXT, STAND_SQL, NULL, "Stands at", "状态", stand_word},
            {"where", GRID_TEXT, "coalesce(k.whose, '')", NULL, "At work on it", "在办单位", NULL},
            {"spoken", GRID_TEXT, "k.ended || '/' || k.whole", "k.ended", "Have spoken", "已提意见",
             NULL},
            {"late", GRID_NUMBER, "nullif(k.late, 0)", "k.late", "Late", "逾期单位数", NULL},
            {"due", GRID_DAY, "CASE r.state WHEN 'running' THEN k.due END",
             "CASE r.state WHEN 'running' THEN coalesce(k.due, 0) WHEN 'draft' THEN 8888888 ELSE"
             " 9999999 END",
             "Next limit", "最近到期日", NULL},
            {"verdict", GRID_TEXT,
             "CASE WHEN r.state = 'replied' THEN (SELECT y.verdict FROM review_reply y WHERE"
             " y.line = l.id ORDER BY y.id DESC LIMIT 1) ELSE '' END",
             NULL, "Reply", "回复结论", verdict_word},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
             .en = "Title or number", .zh = "名称或编号"},
            {"state", STAND_SQL " = {}", "Stands at", "状态", .options = STANDS},
            {"unit",
             "EXISTS (SELECT 1 FROM step s JOIN unit w ON w.id = s.unit WHERE s.line = l.id AND"
             " w.key = {} AND s.again_ms IS NULL)",
             "Unit that is asked", "审查单位", .choices = grid_unit_choices},
            {"how",
             "CASE {} WHEN 'late' THEN k.late > 0 WHEN 'asked' THEN k.asked > 0 WHEN 'silent' THEN"
             " k.silent > 0 END",
             "How it goes", "办理情况", .options = HOW},
            {"mine",
             "CASE {} WHEN 'led' THEN l.lead = ?1 WHEN 'asked' THEN r.asked_by = ?1 WHEN 'waits'"
             " THEN EXISTS (SELECT 1 FROM step s WHERE s.line = l.id AND s.state IN ('open',"
             " 'asked') AND (s.member = ?1 OR s.unit IN (SELECT id FROM unit WHERE head = ?1) OR"
             " (s.member IS NULL AND s.unit IN (SELECT unit FROM unit_member WHERE"
             " member = ?1)))) END",
             "Mine", "与我有关", .options = MINE},
            {0},
        },
};
static const struct input LIST_INPUTS[] = {
    {.name = "about",
     .kind = INPUT_TEXT,
     .most = 20,
     .en = "Line to propose one about",
     .zh = "拟提出联审的条目编号"},
    {0},
};

struct reviews_page {
    struct grid_sight grid;
    int64_t running, late, over;
    bool may_make, begun; /* something stands in the form */
    struct str title, text, about, like, basis;
    struct ledger_choice *units, *people;
    size_t nunits, npeople;
};
static const struct field REVIEWS_PAGE[] = {
    GRID_FIELD(struct reviews_page, grid),
    FIELD(NUMBER, struct reviews_page, running),
    FIELD(NUMBER, struct reviews_page, late),
    FIELD(NUMBER, struct reviews_page, over),
    FIELD(FLAG, struct reviews_page, may_make),
    FIELD_HIDDEN(FLAG, struct reviews_page, begun),
    FIELD_HIDDEN(TEXT, struct reviews_page, title),
    FIELD_HIDDEN(TEXT, struct reviews_page, text),
    FIELD_HIDDEN(TEXT, struct reviews_page, about),
    FIELD_HIDDEN(TEXT, struct reviews_page, like),
    FIELD_HIDDEN(TEXT, struct reviews_page, basis),
    FIELD_OF_LIST(struct reviews_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct reviews_page, people, ledger_choice_fields),
    {0},
};

static enum status fill_counts(struct request *rq, struct reviews_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT count(*), coalesce(sum(k.late > 0), 0), coalesce(sum(k.running = 0), 0)"
                   " FROM review r JOIN line l ON l.id = r.line LEFT JOIN " STEPS_SQL
                   " k ON k.line = l.id WHERE r.state = 'running' AND l.state = 'active'");
    query_bind_int(q, 2, calendar_day_of(rq->now_ms));
    if (query_row(q)) {
        page->running = query_int(q, 0);
        page->late = query_int(q, 1);
        page->over = query_int(q, 2);
    }
    return query_end(q, err);
}

/* Who leads something, or heads a unit, may ask for a review of what is theirs. */
static enum status find_right(struct request *rq, struct reviews_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT EXISTS (SELECT 1 FROM line WHERE lead = ?1 AND state <> 'closed') OR"
                   " EXISTS (SELECT 1 FROM unit WHERE head = ?1)");
    query_bind_int(q, 1, rq->viewer.member);
    page->may_make = (query_row(q) && query_int(q, 0)) || page->may_make;
    return query_end(q, err);
}

static enum status show_list(struct request *rq, struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    struct reviews_page page = {.may_make = ledger_may(person.is, LEDGER_MAKE),
                                .title = request_input(rq, "title"),
                                .text = request_input(rq, "text"),
                                .about = request_input(rq, "about"),
                                .like = request_input(rq, "like"),
                                .basis = request_input(rq, "basis")};
    bool answered = false;
    page.begun = page.title.len || page.about.len;
    enum status status = grid_read(rq, &REVIEWS, &page.grid, &answered, err);
    if (status || answered)
        return status;
    status = find_right(rq, &page, err);
    if (!status)
        status = fill_counts(rq, &page, err);
    if (!status)
        status = ledger_list_unit_choices(rq, 0, &page.units, &page.nunits, err);
    if (!status)
        status = ledger_list_people(rq, rq->viewer.member, &page.people, &page.npeople, err);
    return status ? status
                  : answer_page(rq, "ledger-reviews", "Joint reviews", "联审联批", REVIEWS_PAGE,
                                &page);
}

const struct route route_ledger_reviews = {
    .method = "GET",
    .path = "/ledger/reviews",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Joint reviews: who is at work on each, who is late, what was replied.",
    .zh = "联审联批事项：在办单位、逾期情况、回复结论。",
    .grid = &REVIEWS,
    .inputs = LIST_INPUTS,
    .output = REVIEWS_PAGE,
    .page = "ledger-reviews",
    .run = show_list,
};

/* --- making one ----------------------------------------------------------------------------------- */

struct making {
    struct line line;
    struct str basis;
    int64_t like, member, now_ms;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct making *m = context;
    const struct ledger_deed deed = {.now_ms = m->now_ms};
    return ledger_make_review(scratch, store, &m->line, m->basis, m->like, m->member, &deed, err);
}

static enum status make(struct request *rq, struct error *err)
{
    struct making m = {
        .member = rq->viewer.member,
        .now_ms = rq->now_ms,
        .basis = request_input(rq, "basis"),
        .line = {.title = request_input(rq, "title"), .text = request_input(rq, "text")}};
    enum status status = ledger_read_line(rq, "about", &m.line.parent, err);
    if (!status)
        status = ledger_read_line(rq, "like", &m.like, err);
    if (!status)
        status = ledger_read_unit(rq, "unit", &m.line.unit, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &m.line.lead, err);
    if (!status)
        status =
            ledger_refuse_marks(rq,
                                str_format(rq->arena, "%.*s\n%.*s\n%.*s", STR_ARG(m.line.title),
                                           STR_ARG(m.line.text), STR_ARG(m.basis)),
                                err);
    if (!status)
        status = ledger_write(rq, m.line.parent, m.line.parent ? LEDGER_CHANGE : LEDGER_MAKE,
                              make_step, &m, err);
    if (status)
        return status;
    /* The key lies in the writer's scratch arena, which is gone. */
    struct line line;
    status = ledger_find_line_by_id(rq->arena, rq->store, m.line.id, &line, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, line.key, "/review"),
                                    "Now say who is asked, and send it.",
                                    "请添加审查单位，然后送审。");
}

static const struct input MAKE_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Matter",
     .zh = "事项名称"},
    {.name = "text",
     .kind = INPUT_LONG_TEXT,
     .most = LINE_TEXT_MAX,
     .en = "What is asked",
     .zh = "送审内容"},
    {.name = "about",
     .kind = INPUT_TEXT,
     .most = 20,
     .en = "Line it is about",
     .zh = "所属条目编号"},
    {.name = "like",
     .kind = INPUT_TEXT,
     .most = 20,
     .en = "Steps as in",
     .zh = "沿用步骤的事项编号"},
    {.name = "basis", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Rule", .zh = "依据"},
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "牵头单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {0},
};
const struct route route_ledger_review_make = {
    .method = "POST",
    .path = "/ledger/reviews",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Make a joint review: of a matter of its own, or of a line.",
    .zh = "提出联审：单独事项，或已有条目的事项。",
    .inputs = MAKE_INPUTS,
    .run = make,
    .again = show_list,
};

/* --- how long it takes ---------------------------------------------------------------------------- */

#define UNITS_MOST 100U
#define DAYS_BACK  365

struct time_row {
    struct str key, unit;
    int64_t ended, running, late_now, late_share, silent;
    double used, stopped, late;
};
static const struct field TIME_ROW[] = {
    FIELD(TEXT, struct time_row, unit),
    FIELD_HIDDEN(TEXT, struct time_row, key),
    FIELD(NUMBER, struct time_row, ended),
    FIELD(REAL, struct time_row, used),
    FIELD(REAL, struct time_row, stopped),
    FIELD(REAL, struct time_row, late),
    FIELD(NUMBER, struct time_row, late_share),
    FIELD(NUMBER, struct time_row, silent),
    FIELD(NUMBER, struct time_row, running),
    FIELD(NUMBER, struct time_row, late_now),
    {0},
};
struct times_page {
    struct time_row *units;
    size_t nunits;
    bool some;
    struct str chart, since;
};
static const struct field TIMES_PAGE[] = {
    FIELD_OF_LIST(struct times_page, units, TIME_ROW),
    FIELD_HIDDEN(MARKUP, struct times_page, chart),
    FIELD(DATE, struct times_page, since),
    FIELD_HIDDEN(FLAG, struct times_page, some),
    {0},
};

static double tenths(double value)
{
    return (double)(int64_t)(value * 10 + 0.5) / 10;
}

static enum status list_times(struct request *rq, int64_t since, struct times_page *page,
                              struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT u.key, u.name, e.n, e.used, e.stopped, e.late, e.late_n, e.silent,"
        " coalesce(o.n, 0), coalesce(o.late, 0) FROM unit u JOIN (SELECT s.unit, count(*) AS n,"
        " avg(used_days) AS used, avg(stopped_days) AS stopped, avg(late_days) AS late,"
        " sum(late_days > 0) AS late_n, sum(s.state = 'silent') AS silent FROM step s JOIN line l"
        " ON l.id = s.line WHERE l.kind = 'review' AND s.ended_ms >= ?1 AND s.state <> 'dropped'"
        " AND s.unit IS NOT NULL AND s.used_days IS NOT NULL GROUP BY s.unit) e ON e.unit = u.id"
        " LEFT JOIN (SELECT s.unit, count(*) AS n, sum(s.due_day < ?2) AS late FROM step s JOIN"
        " line l ON l.id = s.line WHERE l.kind = 'review' AND l.state = 'active' AND s.state IN"
        " ('open', 'asked') GROUP BY s.unit) o ON o.unit = u.id"
        " ORDER BY e.used DESC, u.name LIMIT ?3");
    query_bind_int(q, 1, calendar_moment_of(since));
    query_bind_int(q, 2, calendar_day_of(rq->now_ms));
    query_bind_int(q, 3, UNITS_MOST);
    page->units = arena_array(rq->arena, UNITS_MOST, struct time_row);
    while (page->nunits < UNITS_MOST && query_row(q)) {
        int64_t ended = query_int(q, 2);
        page->units[page->nunits++] = (struct time_row){
            .key = str_copy(rq->arena, query_str(q, 0)),
            .unit = str_copy(rq->arena, query_str(q, 1)),
            .ended = ended,
            .used = tenths(query_real(q, 3)),
            .stopped = tenths(query_real(q, 4)),
            .late = tenths(query_real(q, 5)),
            .late_share = 100 * query_int(q, 6) / (ended ? ended : 1),
            .silent = query_int(q, 7),
            .running = query_int(q, 8),
            .late_now = query_int(q, 9),
        };
    }
    return query_end(q, err);
}

/* In whole days: within the limit, over it, and standing still for questions. */
static void draw_times(const struct request *rq, struct times_page *page)
{
    const struct str parts[CHART_SHARES] = {request_words(rq, "within the limit", "时限内"),
                                            request_words(rq, "over it", "逾期"),
                                            request_words(rq, "stopped by questions", "暂停")};
    struct chart_share *rows = arena_array(rq->arena, page->nunits + 1, struct chart_share);
    for (size_t i = 0; i < page->nunits; i++) {
        const struct time_row *u = &page->units[i];
        double within = u->used > u->late ? u->used - u->late : 0;
        rows[i] = (struct chart_share){
            chart_label(rq->arena, u->unit),
            {(int64_t)(within + 0.5), (int64_t)(u->late + 0.5), (int64_t)(u->stopped + 0.5)}};
    }
    if (page->nunits)
        page->chart =
            chart_shares(rq->arena, rows, page->nunits, parts,
                         request_words(rq, "Working days that each unit takes, on average",
                                       "各单位平均办理时间（工作日）"));
}

static enum status show_times(struct request *rq, struct error *err)
{
    struct times_page page = {0};
    int64_t since = calendar_day_of(rq->now_ms) - DAYS_BACK;
    enum status status = list_times(rq, since, &page, err);
    page.since = ledger_day(rq, since);
    page.some = page.nunits;
    draw_times(rq, &page);
    return status ? status
                  : answer_page(rq, "ledger-review-times", "How long units take", "联审用时",
                                TIMES_PAGE, &page);
}

const struct route route_ledger_review_times = {
    .method = "GET",
    .path = "/ledger/reviews/times",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "How long each unit takes in joint reviews, how often it is late or silent.",
    .zh = "各单位联审平均用时、逾期比例与默认同意次数。",
    .output = TIMES_PAGE,
    .page = "ledger-review-times",
    .run = show_times,
};
