/* A year of the ledger, day by day: people do what comes to their minds in every procedure, clocks run and notices go out,
 * the program is killed on some days, and what must hold is looked at every evening.
 *
 * test_ledger_year [LINES DAYS KILLS SEED]: a small one without arguments. Each day begins with an announcement to the
 * parent, which on days chosen by the dice kills the child in the midst of its work; the next child goes on with the first
 * day that was not finished. The clock is the day's, never the machine's; the year has a year's end and a leap day. What is
 * done in each procedure, and must hold of it, is in the files beside this one (year.h). */
#include "year.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/calendar.h"
#include "ledger/alarm.h"
#include "ledger/flow.h"
#include "ledger/standing.h"
#include "ledger/sum.h"
#include "ledger/unit.h"
#include "ledger/urging.h"

#define SUMMED 400 /* goals whose sum is looked at in an evening, at most */

static const struct year_part *const PARTS[] = {
    &year_of_lines,     &year_of_reviews, &year_of_rectifications, &year_of_inspections,
    &year_of_campaigns, &year_of_risks,   &year_of_studies,        &year_of_policies,
};
#define PARTS_COUNT (sizeof PARTS / sizeof *PARTS)

int64_t roll(struct year *y, int64_t sides)
{
    y->dice ^= y->dice << 13;
    y->dice ^= y->dice >> 7;
    y->dice ^= y->dice << 17;
    return (int64_t)(y->dice % (uint64_t)sides);
}

void need(struct year *y, enum status status, const char *what)
{
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, y->c.err.en);
        _exit(2);
    }
}

int64_t ask(struct year *y, const char *sql, int64_t one)
{
    struct query *q = query_start(y->c.store, sql);
    query_bind_int(q, 1, one);
    int64_t answer = query_row(q) ? query_int(q, 0) : 0;
    need(y, query_end(q, &y->c.err), sql);
    return answer;
}

struct str ask_text(struct year *y, const char *sql, int64_t one)
{
    struct query *q = query_start(y->c.store, sql);
    query_bind_int(q, 1, one);
    struct str answer = query_row(q) ? str_copy(y->c.arena, query_str(q, 0)) : STR("");
    need(y, query_end(q, &y->c.err), sql);
    return answer;
}

/* One of the rows of a query that is bound. */
static int64_t pick_row(struct year *y, struct query *q)
{
    int64_t rows[200];
    int64_t count = 0;
    while (count < 200 && query_row(q))
        rows[count++] = query_int(q, 0);
    need(y, query_end(q, &y->c.err), "pick");
    return count ? rows[roll(y, count)] : 0;
}

int64_t pick(struct year *y, const char *sql, int64_t one)
{
    struct query *q = query_start(y->c.store, sql);
    query_bind_int(q, 1, one);
    return pick_row(y, q);
}

int64_t any_of_kind(struct year *y, enum ledger_kind kind)
{
    struct query *q =
        query_start(y->c.store, "SELECT id FROM line WHERE kind = ?1 AND (?2 = 0 OR state IN"
                                " ('proposed', 'active')) ORDER BY id DESC LIMIT 200");
    query_bind_str(q, 1, str_of(ledger_kind_name(kind)));
    query_bind_int(q, 2, roll(y, 5));
    return pick_row(y, q);
}

bool is_crowded(struct year *y, enum ledger_kind kind)
{
    struct query *q = query_start(y->c.store, "SELECT count(*) FROM line WHERE kind = ?1 AND state"
                                              " IN ('proposed', 'active')");
    query_bind_str(q, 1, str_of(ledger_kind_name(kind)));
    bool crowded = query_row(q) && query_int(q, 0) > 3 + y->lines / 50;
    need(y, query_end(q, &y->c.err), "crowded");
    return crowded;
}

int64_t any_line(struct year *y)
{
    return 1 + roll(y, ask(y, "SELECT max(id) FROM line WHERE ?1 = 0", 0));
}

int64_t somebody(struct year *y)
{
    return roll(y, 3) ? 1 + roll(y, 3) : 1 + roll(y, MEMBERS);
}

int64_t somebody_of(struct year *y, int64_t line)
{
    int64_t holder = pick(y,
                          "SELECT lead FROM line WHERE id = ?1 AND lead IS NOT NULL UNION ALL"
                          " SELECT u.head FROM line l JOIN unit u ON u.id = l.unit WHERE l.id = ?1",
                          line);
    return holder && roll(y, 2) ? holder : somebody(y);
}

/* --- what people do ------------------------------------------------------------------------------- */

static int64_t all_shares(void)
{
    int64_t all = 0;
    for (size_t i = 0; i < PARTS_COUNT; i++)
        for (const struct year_deed *d = PARTS[i]->deeds; d->share; d++)
            all += d->share;
    return all;
}

static const struct year_deed *pick_deed(int64_t at)
{
    for (size_t i = 0; i < PARTS_COUNT; i++)
        for (const struct year_deed *d = PARTS[i]->deeds; d->share; d++) {
            if (at < (int64_t)d->share)
                return d;
            at -= d->share;
        }
    return PARTS[0]->deeds;
}

/* One try, undone whole where it is refused. What is refused for other reasons than these is a fault. */
static bool try_it(struct year *y, int64_t day, const struct year_deed *what)
{
    struct ledger_deed deed = {.now_ms = calendar_moment_of(day) + 36000000,
                               .why = STR("As agreed 按会议决定")};
    need(y, store_begin(y->c.store, &y->c.err), "begin");
    enum status status = what->run(y, day, &deed);
    if (status && status != STATUS_INPUT && status != STATUS_CONFLICT && status != STATUS_MISSING &&
        status != STATUS_FORBIDDEN && status != STATUS_LIMITED)
        need(y, status, "a deed");
    if (status) {
        store_rollback(y->c.store);
        return false;
    }
    need(y, ledger_freshen(y->c.store, deed.now_ms, &y->c.err), "freshen");
    need(y, store_commit(y->c.store, &y->c.err), "commit");
    return true;
}

static void do_something(struct year *y, int64_t day)
{
    const struct year_deed *what = pick_deed(roll(y, all_shares()));
    int tries = what->tries;
    while (tries-- > 0 && !try_it(y, day, what))
        continue;
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

static void check_never(struct year *y, int64_t day, const char *const *never)
{
    for (; *never; never++) {
        struct query *q = query_start(y->c.store, *never);
        bool found = query_row(q);
        int64_t line = found ? query_int(q, 0) : 0;
        need(y, query_end(q, &y->c.err), *never);
        if (found) {
            (void)fprintf(stderr, "day %lld, line %lld: %s\n", (long long)(day - y->first),
                          (long long)line, *never);
            _exit(2);
        }
    }
}

/* Where time goes adds up, whatever was done. */
static void check_flow(struct year *y, int64_t day)
{
    struct flow_filter filter = {.period = {day - 364, day}, .kind = -1};
    struct flow flow;
    struct flow_delay all;
    int64_t days[4] = {0};
    int64_t late = 0;
    int64_t caused = 0;
    size_t count;
    need(y, ledger_load_flow(y->c.arena, y->c.store, y->calendar, &filter, &flow, &y->c.err),
         "where time goes");
    for (int by = SPAN_BY_NOTHING; by <= SPAN_BY_UNIT; by++) {
        struct span_sum *sums = span_sum_up(y->c.arena, flow.clock, flow.spans, flow.nspans,
                                            &filter.period, (enum span_by)by, &count);
        for (size_t i = 0; i < count; i++)
            days[by] += sums[i].worked + sums[i].waited;
    }
    for (size_t i = 0; i < flow.net.nlines; i++) {
        late += flow.delays[i].days;
        caused += flow.delays[i].caused;
    }
    (void)flow_sum_delays(y->c.arena, &flow, &all, &count);
    if (days[0] != days[1] || days[0] != days[2] || days[0] != days[3] || late != caused ||
        all.inherited + all.own != all.days) {
        (void)fprintf(stderr, "day %lld: where time goes does not add up\n",
                      (long long)(day - y->first));
        _exit(2);
    }
}

static void check(struct year *y, int64_t day)
{
    struct standing s;
    int64_t events = 0;
    int64_t bad = 0;
    int64_t all = 0;
    for (size_t i = 0; i < PARTS_COUNT; i++)
        check_never(y, day, PARTS[i]->never);
    check_sums(y);
    check_flow(y, day);
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
    need(y, workday_load(y->kept, STR("weekdays"), &y->calendar, &y->c.err), "calendar");
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
    struct ledger_deed deed = {.now_ms = calendar_moment_of(y->first), .why = STR("To begin with")};
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
    for (size_t i = 0; i < PARTS_COUNT; i++)
        if (PARTS[i]->begin)
            need(y, PARTS[i]->begin(y, y->first, &deed), "begin");
    need(y, store_keep_cursor(y->c.store, STR("year"), y->first, &y->c.err), "cursor");
    need(y, store_commit(y->c.store, &y->c.err), "commit");
}

/* What comes by itself; the timer comes by more than once. */
static void pass_night(struct year *y, int64_t day)
{
    struct ledger_deed deed = {.now_ms = calendar_moment_of(day) + 3600000};
    for (size_t i = 0; i < PARTS_COUNT; i++) {
        need(y, store_begin(y->c.store, &y->c.err), "begin");
        if (PARTS[i]->night)
            need(y, PARTS[i]->night(y, day, &deed), "the night");
        need(y, store_commit(y->c.store, &y->c.err), "commit");
    }
    need(y, ledger_alarm_round(y->c.store, deed.now_ms, &y->c.err), "alarms");
}

static void live_day(struct year *y, int64_t day)
{
    int64_t deeds = 20 + roll(y, 1 + y->lines / 50);
    pass_night(y, day);
    give_notices(y, day);
    for (int64_t i = 0; i < deeds; i++) {
        need(y, store_begin(y->c.store, &y->c.err), "begin");
        for (int64_t n = 1 + roll(y, 24); n > 0; n--, i++)
            do_something(y, day);
        need(y, store_commit(y->c.store, &y->c.err), "commit");
        arena_reset(y->c.arena);
    }
    pass_night(y, day); /* the timer comes by again */
    give_notices(y, day);
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

/* So that nothing holds only because nobody got that far. */
static bool came_about(struct year *y, const char *sql)
{
    struct query *q = query_start(y->c.store, sql);
    bool found = query_row(q);
    need(y, query_end(q, &y->c.err), sql);
    return found;
}

static struct year settings = {.lines = 60, .days = 366, .dice = 7};
static int64_t kills = 6;

static void a_year_goes_by_and_everything_that_must_hold_holds_each_day(void **state)
{
    struct year *y = &settings;
    (void)state;
    y->first = calendar_day_number(2027, 12, 1);
    assert_true(make_folder(y->c.dir, sizeof y->c.dir));
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
    for (size_t i = 0; y->days > 300 && i < PARTS_COUNT; i++)
        for (const char *const *some = PARTS[i]->some; *some; some++)
            if (!came_about(y, *some))
                fail_msg("Nothing came of: %s", *some);
    close_store(y);
    remove_folder(y->c.dir);
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
