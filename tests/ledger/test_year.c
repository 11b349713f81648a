/* A year of the ledger, day by day: people do what comes to their minds, notices go out, the program is killed on some
 * days, and what must hold is looked at every evening.
 *
 * test_ledger_year [LINES DAYS KILLS SEED]: a small one without arguments. Each day begins with an announcement to the
 * parent, which on days chosen by the dice kills the child in the midst of its work; the next child goes on with the first
 * day that was not finished. The clock is the day's, never the machine's; the year has a year's end and a leap day. */
#include "ledger_case.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/calendar.h"
#include "ledger/freeze.h"
#include "ledger/goal.h"
#include "ledger/indicator.h"
#include "ledger/standing.h"
#include "ledger/supervision.h"
#include "ledger/unit.h"
#include "ledger/urging.h"
#include "ledger/watch.h"
#include "ledger/workday.h"

#define MEMBERS 9
#define UNITS   4
#define SUMMED  400 /* goals whose sum is looked at in an evening, at most */

struct year {
    struct ledger_case c;
    int64_t lines; /* in the beginning */
    int64_t first, days;
    uint64_t dice;
    const struct workdays *calendar;
    struct arena *kept; /* for the whole of a process */
};

static int64_t roll(struct year *y, int64_t sides)
{
    y->dice ^= y->dice << 13;
    y->dice ^= y->dice >> 7;
    y->dice ^= y->dice << 17;
    return (int64_t)(y->dice % (uint64_t)sides);
}

static void need(struct year *y, enum status status, const char *what)
{
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, y->c.err.en);
        _exit(2);
    }
}

static int64_t ask(struct year *y, const char *sql, int64_t one)
{
    struct query *q = query_start(y->c.store, sql);
    query_bind_int(q, 1, one);
    int64_t answer = query_row(q) ? query_int(q, 0) : 0;
    need(y, query_end(q, &y->c.err), sql);
    return answer;
}

/* --- what people do ------------------------------------------------------------------------------- */

/* Any line but the closed ones' refusals are wanted too. */
static int64_t any_line(struct year *y)
{
    return 1 + roll(y, ask(y, "SELECT max(id) FROM line WHERE ?1 = 0", 0));
}

static enum status change(struct year *y, enum line_field field, int64_t number,
                          const struct ledger_deed *deed)
{
    struct line_change change = {.field = field, .number = number, .real = (double)number};
    return ledger_change_line(y->c.store, any_line(y), &change, 1, deed, &y->c.err);
}

static enum status do_progress(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_PROGRESS, roll(y, 101), deed);
}

static enum status do_due(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    return change(y, LINE_DUE, roll(y, 9) ? day + roll(y, 80) - 20 : 0, deed);
}

static enum status do_state(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_STATE, roll(y, LINE_STATES), deed);
}

static enum status do_move(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_PARENT, any_line(y), deed);
}

static enum status do_weigh(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_WEIGHT, roll(y, 5), deed);
}

static enum status do_lead(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_LEAD, roll(y, MEMBERS + 1), deed);
}

static enum status do_make(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    static const enum ledger_kind KINDS[] = {LEDGER_GOAL,    LEDGER_FIELD,     LEDGER_MILESTONE,
                                             LEDGER_PROJECT, LEDGER_INDICATOR, LEDGER_RISK};
    struct line line = {
        .kind = KINDS[roll(y, 6)],
        .title = STR("Something that has to be done 要办的事"),
        .state = roll(y, 8) ? LINE_ACTIVE : LINE_PROPOSED,
        .parent = roll(y, 3) ? any_line(y) : 0,
        .unit = roll(y, UNITS + 1),
        .lead = roll(y, MEMBERS + 1),
        .begins_day = day - roll(y, 60),
        .due_day = day + roll(y, 200),
        .weight = (double)roll(y, 4),
    };
    enum status status = ledger_make_line(y->c.arena, y->c.store, &line, deed, &y->c.err);
    if (status || line.kind != LEDGER_INDICATOR)
        return status;
    struct indicator indicator = {.line = line.id,
                                  .measure = STR("km"),
                                  .places = 1,
                                  .fold = (enum ledger_fold)roll(y, LEDGER_FOLDS),
                                  .begins = ledger_month_of(day) - 14,
                                  .due_day = 10};
    return ledger_define_indicator(y->c.arena, y->c.store, &indicator, deed, &y->c.err);
}

static enum status find_indicator(struct year *y, struct indicator *indicator)
{
    int64_t count = ask(y, "SELECT count(*) FROM indicator WHERE ?1 = 0", 0);
    int64_t line = ask(y, "SELECT line FROM indicator ORDER BY line LIMIT 1 OFFSET ?1",
                       count ? roll(y, count) : 0);
    return ledger_find_indicator(y->c.arena, y->c.store, line, indicator, &y->c.err);
}

static enum status do_actual(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct indicator i;
    enum status status = find_indicator(y, &i);
    int month = ledger_month_of(day) - (int)roll(y, 14);
    int64_t amount = roll(y, 12) ? roll(y, 100000) : LEDGER_NONE;
    return status ? status
                  : ledger_put_actual(y->c.store, &i, month, amount, 1 + roll(y, MEMBERS), deed,
                                      &y->c.err);
}

static enum status do_target(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct indicator i;
    struct indicator_target target = {.year = ledger_month_of(day) / 12 + (int)roll(y, 2),
                                      .whole = roll(y, 1000000),
                                      .split = roll(y, 3) ? LEDGER_EVEN : LEDGER_SEASONAL};
    for (int month = 0; month < 12; month++)
        target.by_hand[month] = roll(y, 6) ? LEDGER_NONE : roll(y, 90000);
    enum status status = find_indicator(y, &i);
    return status ? status
                  : ledger_put_target(y->c.arena, y->c.store, &i, &target, deed, &y->c.err);
}

static enum status do_supervise(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct supervision_deed act = {
        .act = (enum supervise_act)roll(y, SUPERVISE_ACTS),
        .actor = 1 + roll(y, MEMBERS),
        .today = day,
        .rhythm = RHYTHM_WEEKLY,
        .unit = roll(y, UNITS + 1),
        .member = roll(y, MEMBERS + 1),
        .progress = roll(y, 101),
        .words = STR("Seen and said 已办"),
        .shown = STR("File 7"),
    };
    int64_t line = any_line(y);
    int64_t entered = ask(y, "SELECT line FROM supervision WHERE line >= ?1 LIMIT 1", line);
    if (entered && roll(y, 3)) {
        line = entered;
    } else { /* what is begun at random comes to nothing too often */
        act.act = SUPERVISE_ENTER;
        act.actor = 1;
    }
    if (entered && !roll(y, 4)) {
        act.act = SUPERVISE_ASSIGN;
        act.actor = 1;
    }
    return ledger_supervise(y->c.arena, y->c.store, line, &act, deed->now_ms, &y->c.err);
}

static enum status do_watch(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line =
        ask(y, "SELECT id FROM line WHERE kind = 'project' AND id >= ?1 LIMIT 1", any_line(y));
    struct ledger_watch_deed act = {.watch = (enum watch)roll(y, WATCHES),
                                    .act = (enum watch_act)roll(y, WATCH_ACTS),
                                    .member = 1 + roll(y, MEMBERS),
                                    .is = (1U << PROJECT_WHOS) - 1,
                                    .day = day - roll(y, 9),
                                    .condition = (unsigned)roll(y, WATCH_CONDITIONS),
                                    .words = STR("On file 已归档")};
    return line ? ledger_act_on_watch(y->c.arena, y->c.store, line, &act, day, deed, &y->c.err)
                : STATUS_MISSING;
}

static enum status do_freeze(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct str name = str_format(y->c.arena, "Plan of %lld", (long long)day);
    return ledger_freeze_plan(y->c.arena, y->c.store, any_line(y), name, deed, &y->c.err);
}

static const struct {
    unsigned share; /* of 100 */
    enum status (*run)(struct year *y, int64_t day, const struct ledger_deed *deed);
} DEEDS[] = {
    {22, do_progress}, {8, do_due},        {10, do_state}, {5, do_move},
    {4, do_weigh},     {4, do_lead},       {7, do_make},   {12, do_actual},
    {6, do_target},    {15, do_supervise}, {6, do_watch},  {1, do_freeze},
};

/* One deed, undone whole where it is refused. What is refused for other reasons than these is a fault. */
static void do_something(struct year *y, int64_t day)
{
    struct ledger_deed deed = {.now_ms = calendar_moment_of(day) + 36000000,
                               .why = STR("As agreed 按会议决定")};
    int64_t at = roll(y, 100);
    size_t i = 0;
    while (at >= (int64_t)DEEDS[i].share)
        at -= DEEDS[i++].share;
    need(y, store_begin(y->c.store, &y->c.err), "begin");
    enum status status = DEEDS[i].run(y, day, &deed);
    if (status && status != STATUS_INPUT && status != STATUS_CONFLICT && status != STATUS_MISSING &&
        status != STATUS_FORBIDDEN)
        need(y, status, "a deed");
    if (status)
        store_rollback(y->c.store);
    else
        need(y, store_commit(y->c.store, &y->c.err), "commit");
}

static void give_notices(struct year *y, int64_t day)
{
    static const int64_t keepers[] = {1};
    int64_t after = 0;
    size_t given = 0;
    do {
        need(y, store_begin(y->c.store, &y->c.err), "begin");
        need(y,
             ledger_give_notices(
                 y->c.arena, y->c.store, y->calendar, &(struct urge_keepers){keepers, 1},
                 calendar_moment_of(day) + 28800000, &after, 200, &given, &y->c.err),
             "notices");
        need(y, store_commit(y->c.store, &y->c.err), "commit");
    } while (after);
}

/* --- what must hold ------------------------------------------------------------------------------- */

/* Each finds rows that may not be. */
static const char *const NEVER[] = {
    /* states */
    "SELECT id FROM line WHERE (state IN ('done', 'closed')) <> (ended_ms IS NOT NULL)",
    "SELECT id FROM line WHERE (state = 'closed') <> (ended_why <> '')",
    "SELECT id FROM line WHERE begins_day > due_day",
    "WITH RECURSIVE up (id, at, deep) AS (SELECT id, parent, 1 FROM line UNION ALL SELECT u.id,"
    " l.parent, deep + 1 FROM up u JOIN line l ON l.id = u.at WHERE deep < 60)"
    " SELECT id FROM up WHERE at = id OR deep > 50",
    /* numbers are given once, without a gap */
    "SELECT 1 FROM line l JOIN line_count c ON c.kind = l.kind GROUP BY l.kind"
    " HAVING count(*) <> max(c.last)",
    /* targets add up */
    "SELECT y.line FROM indicator_year y JOIN indicator i ON i.line = y.line JOIN indicator_month m"
    " ON m.line = y.line AND m.month / 12 = y.year WHERE i.fold = 'sum' GROUP BY y.line, y.year"
    " HAVING sum(m.amount) <> y.whole OR count(*) <> 12",
    /* a value that was replaced is kept, one holds */
    "SELECT line FROM indicator_actual GROUP BY line, month HAVING sum(replaced_ms IS NULL) <> 1",
    /* no notice twice, none of a day that had not come */
    "SELECT line FROM supervision_notice GROUP BY line, cause, period HAVING count(*) > 1",
    /* gates are passed in order */
    "SELECT line FROM project_watch o WHERE watch = 'opening' AND state = 'passed' AND NOT EXISTS"
    " (SELECT 1 FROM project_watch s WHERE s.line = o.line AND s.watch = 'support' AND s.state IN"
    " ('passed', 'waived'))",
    /* every line's history begins with its making */
    "SELECT l.id FROM line l WHERE (SELECT kind FROM event e WHERE e.subject = 'L' || l.id"
    " ORDER BY seq LIMIT 1) <> 'line.made'",
};

static void check_sums(struct year *y)
{
    struct line *lines = NULL;
    size_t count = 0;
    struct query *q = query_start(
        y->c.store,
        "SELECT " LINE_COLUMNS("l") " FROM line l WHERE l.kind IN ('goal', 'field',"
                                    " 'milestone') AND l.state = 'active'"
                                    " ORDER BY (l.id * 2654435761 + ?1) % 65536 LIMIT ?2");
    query_bind_int(q, 1, roll(y, 65536));
    query_bind_int(q, 2, SUMMED);
    lines = arena_array(y->c.arena, SUMMED, struct line);
    while (query_row(q))
        ledger_take_line(y->c.arena, q, &lines[count++]);
    need(y, query_end(q, &y->c.err), "lines");
    for (size_t i = 0; i < count; i++) {
        int64_t progress = 0;
        need(y,
             ledger_sum_line(y->c.store, lines[i].id, lines[i].kind, lines[i].progress, &progress,
                             &y->c.err),
             "sum");
        if (progress != lines[i].progress) {
            (void)fprintf(stderr, "line %lld stands at %lld, its parts at %lld\n",
                          (long long)lines[i].id, (long long)lines[i].progress,
                          (long long)progress);
            _exit(2);
        }
    }
}

static void check(struct year *y, int64_t day)
{
    struct standing s;
    int64_t events = 0;
    int64_t bad = 0;
    int64_t all = 0;
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++) {
        struct query *q = query_start(y->c.store, NEVER[i]);
        bool found = query_row(q);
        int64_t line = found ? query_int(q, 0) : 0;
        need(y, query_end(q, &y->c.err), NEVER[i]);
        if (found) {
            (void)fprintf(stderr, "day %lld, line %lld: %s\n", (long long)(day - y->first),
                          (long long)line, NEVER[i]);
            _exit(2);
        }
    }
    check_sums(y);
    need(y, ledger_load_standing(y->c.arena, y->c.store, day, &s, &y->c.err), "standing");
    for (int kind = 0; kind < LEDGER_KINDS; kind++)
        all += s.kinds[kind].all;
    if (all != ask(y, "SELECT count(*) FROM line WHERE state = 'active' AND ?1 = 0", 0)) {
        (void)fprintf(stderr, "the wall does not add up\n");
        _exit(2);
    }
    need(y, store_verify_events(y->c.store, &events, &bad, &y->c.err), "the chain");
}

/* --- the year ------------------------------------------------------------------------------------- */

static void open_store(struct year *y)
{
    y->kept = arena_make();
    y->c.arena = arena_make();
    need(y, store_open(y->c.dir, &y->c.store, &y->c.err), "open");
    need(y, workday_load(y->kept, STR("china"), &y->calendar, &y->c.err), "calendar");
}

static void close_store(struct year *y)
{
    store_close(y->c.store);
    arena_free(y->c.arena);
    arena_free(y->kept);
}

static void begin_year(struct year *y)
{
    static const char *const NAMES[UNITS] = {"Roads", "Water", "Schools", "Care"};
    struct ledger_deed deed = {.now_ms = calendar_moment_of(y->first)};
    need(y, store_begin(y->c.store, &y->c.err), "begin");
    need(y,
         store_run(y->c.store,
                   "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)"
                   " INSERT INTO member (name, email, created_ms, key)"
                   " SELECT 'Member ' || i, 'm' || i || '@example.org', 0, 'k' || i FROM n",
                   &y->c.err),
         "members");
    need(y,
         store_run(y->c.store,
                   "INSERT INTO role (member, role) VALUES (1, 'editor'), (2, 'steward'),"
                   " (3, 'inspector'), (4, 'lead'), (5, 'lead')",
                   &y->c.err),
         "roles");
    for (int i = 0; i < UNITS; i++) {
        struct unit unit = {.name = str_of(NAMES[i]), .head = 6 + i % 4};
        need(y, ledger_make_unit(y->c.arena, y->c.store, &unit, deed.now_ms, &y->c.err), "unit");
    }
    for (int64_t i = 0; i < y->lines; i++) {
        if (i == 0) { /* so that others can be part of something */
            struct line goal = {
                .kind = LEDGER_GOAL, .title = STR("All 全局"), .state = LINE_ACTIVE, .weight = 1};
            need(y, ledger_make_line(y->c.arena, y->c.store, &goal, &deed, &y->c.err), "line");
        }
        need(y, store_begin(y->c.store, &y->c.err), "begin");
        if (do_make(y, y->first, &deed))
            store_rollback(y->c.store);
        else
            need(y, store_commit(y->c.store, &y->c.err), "commit");
        if (i % 100 == 0)
            arena_reset(y->c.arena);
    }
    need(y, store_keep_cursor(y->c.store, STR("year"), y->first, &y->c.err), "cursor");
    need(y, store_commit(y->c.store, &y->c.err), "commit");
}

static void live_day(struct year *y, int64_t day)
{
    int64_t deeds = 20 + roll(y, 1 + y->lines / 50);
    give_notices(y, day);
    for (int64_t i = 0; i < deeds; i++) {
        need(y, store_begin(y->c.store, &y->c.err), "begin");
        for (int64_t n = 1 + roll(y, 24); n > 0; n--, i++)
            do_something(y, day);
        need(y, store_commit(y->c.store, &y->c.err), "commit");
        arena_reset(y->c.arena);
    }
    give_notices(y, day); /* the timer comes by again */
    check(y, day);
    need(y, store_begin(y->c.store, &y->c.err), "begin");
    need(y, store_keep_cursor(y->c.store, STR("year"), day, &y->c.err), "cursor");
    need(y, store_commit(y->c.store, &y->c.err), "commit");
    arena_reset(y->c.arena);
}

/* In a process of its own, from the first day that was not finished. */
static _Noreturn void live(struct year *y, int tell)
{
    bool found = false;
    int64_t done = 0;
    open_store(y);
    check(y, y->first); /* after a kill too */
    need(y, store_find_cursor(y->c.store, STR("year"), &found, &done, &y->c.err), "cursor");
    for (int64_t day = done + 1; day <= y->first + y->days; day++) {
        if (write(tell, &day, sizeof day) != sizeof day)
            _exit(2);
        y->dice ^= (uint64_t)day * 0x9E3779B97F4A7C15U;
        live_day(y, day);
    }
    close_store(y);
    _exit(0);
}

/* Kills the child on the `unlucky` day after its start, or waits for it. True once the year is over. */
static bool run_child(struct year *y, int64_t unlucky)
{
    int pipes[2];
    int64_t day = 0;
    int result = 0;
    if (pipe(pipes))
        return false;
    pid_t child = fork();
    if (child == 0) {
        (void)close(pipes[0]);
        live(y, pipes[1]);
    }
    (void)close(pipes[1]);
    for (int64_t n = 0; read(pipes[0], &day, sizeof day) == sizeof day; n++)
        if (n == unlucky)
            (void)kill(child, SIGKILL);
    (void)close(pipes[0]);
    (void)waitpid(child, &result, 0);
    assert_true(WIFEXITED(result) ? WEXITSTATUS(result) == 0 : WTERMSIG(result) == SIGKILL);
    return WIFEXITED(result);
}

static struct year settings = {.lines = 60, .days = 366, .dice = 7};
static int64_t kills = 6;

static void a_year_goes_by_and_everything_that_must_hold_holds_each_day(void **state)
{
    struct year *y = &settings;
    (void)state;
    y->first = calendar_day_number(2027, 12, 1);
    (void)snprintf(y->c.dir, sizeof y->c.dir, "/tmp/chancery-test-XXXXXX");
    assert_non_null(mkdtemp(y->c.dir));
    need(y, store_create(y->c.dir, &y->c.err), "create");
    open_store(y);
    begin_year(y);
    close_store(y);
    bool over = false;
    for (int64_t n = 0; n < kills && !over; n++) {
        y->dice += 0x9E3779B97F4A7C15U;
        over = run_child(y, roll(y, 2 * y->days / (kills + 1)));
    }
    assert_true(over || run_child(y, -1));
    open_store(y);
    print_message("%lld lines, %lld events, %lld notices\n",
                  (long long)ask(y, "SELECT count(*) FROM line WHERE ?1 = 0", 0),
                  (long long)ask(y, "SELECT count(*) FROM event WHERE ?1 = 0", 0),
                  (long long)ask(y, "SELECT count(*) FROM supervision_notice WHERE ?1 = 0", 0));
    assert_true(ask(y, "SELECT count(*) FROM supervision_notice WHERE ?1 = 0", 0) > 0);
    close_store(y);
    (void)nftw(y->c.dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_goes_by_and_everything_that_must_hold_holds_each_day),
    };
    if (argc > 1)
        settings.lines = atoll(argv[1]);
    if (argc > 2)
        settings.days = atoll(argv[2]);
    if (argc > 3)
        kills = atoll(argv[3]);
    if (argc > 4)
        settings.dice = (uint64_t)atoll(argv[4]) * 2 + 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
