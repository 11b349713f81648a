/* What is taken over of higher goals: the table, what holds of any takings, that SQL says the same, and what is refused. */
#include "ledger_case.h"

#include <math.h>

#include "ledger/higher.h"

static void what_open_lines_take_is_added_up_once(void **state)
{
    (void)state;
    static const struct {
        struct higher_taking takings[3];
        size_t count;
        double whole, covered;
        enum higher_coverage coverage;
    } cases[] = {
        {{{0}}, 0, 100, 0, HIGHER_UNTAKEN},
        {{{40, false, false}}, 1, 100, 40, HIGHER_PARTLY},
        {{{40, false, false}, {60, false, false}}, 2, 100, 100, HIGHER_WHOLE},
        {{{40, true, false}, {60, false, false}}, 2, 100, 60, HIGHER_PARTLY},
        {{{100, true, false}}, 1, 100, 0, HIGHER_UNTAKEN},
        {{{50, false, false}, {30, false, true}}, 2, 100, 50, HIGHER_PARTLY},
        {{{33.3, false, false}, {33.3, false, false}, {33.3, false, false}},
         3,
         100,
         99.9,
         HIGHER_WHOLE},
        {{{800, false, false}, {400, false, false}}, 2, 1000, 120, HIGHER_OVER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double covered = higher_covered(cases[i].takings, cases[i].count, cases[i].whole);
        if (fabs(covered - cases[i].covered) > 1e-9 ||
            higher_coverage_of(covered) != cases[i].coverage)
            fail_msg("case %zu: %f", i, covered);
    }
}

static int64_t draw(uint64_t *seed, int64_t most)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*seed >> 33) % (uint64_t)(most + 1));
}

static void order_does_not_count_and_more_never_covers_less(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int round = 0; round < 5000; round++) {
        struct higher_taking takings[8];
        size_t count = (size_t)draw(&seed, 7);
        for (size_t i = 0; i < count; i++)
            takings[i] = (struct higher_taking){(double)(1 + draw(&seed, 63)), draw(&seed, 3) == 0,
                                                draw(&seed, 3) == 0};
        double covered = higher_covered(takings, count, 64);
        if (count > 1) {
            struct higher_taking first = takings[0];
            takings[0] = takings[count - 1];
            takings[count - 1] = first;
            assert_true(higher_covered(takings, count, 64) == covered);
        }
        takings[count] =
            (struct higher_taking){(double)(1 + draw(&seed, 63)), draw(&seed, 1), draw(&seed, 1)};
        assert_true(higher_covered(takings, count + 1, 64) >= covered);
    }
}

/* --- in the store --------------------------------------------------------------------------------- */

static const struct ledger_deed DEED = {.now_ms = 5, .why = {"so it is", 8}};

static struct higher_goal register_one(struct ledger_case *c, double quantity)
{
    struct higher_goal h = {.title = STR("Cleaner rivers"),
                            .level = HIGHER_CITY,
                            .quantity = quantity,
                            .measure = quantity > 0 ? STR("km") : STR("")};
    must(c, ledger_make_higher(c->arena, c->store, &h, 3, &c->err));
    return h;
}

static int64_t make_line(struct ledger_case *c, int64_t parent)
{
    struct line line = {.title = STR("Any"), .state = LINE_ACTIVE, .parent = parent, .weight = 1};
    must(c, ledger_make_line(c->arena, c->store, &line, &DEED, &c->err));
    return line.id;
}

static double covered_of(struct ledger_case *c, int64_t higher, enum higher_coverage *coverage)
{
    struct query *q = query_start(c->store, "SELECT " HIGHER_COVERED_SQL ", " HIGHER_COVERAGE_SQL
                                            " FROM higher_goal h WHERE h.id = ?1");
    query_bind_int(q, 1, higher);
    assert_true(query_row(q));
    double covered = query_real(q, 0);
    assert_true(higher_coverage_named(query_str(q, 1), coverage));
    must(c, query_end(q, &c->err));
    return covered;
}

/* A forest of lines, some closed, that take at random; SQL and the function must agree. */
static void sql_says_what_the_function_says(void **state)
{
    struct ledger_case *c = *state;
    uint64_t seed = 5;
    enum { LINES = 8 };
    for (int round = 0; round < 60; round++) {
        struct higher_goal h = register_one(c, draw(&seed, 1) ? 64 : 0);
        int64_t lines[LINES];
        int up[LINES];
        bool closed[LINES];
        struct higher_taking takings[LINES] = {{0}};
        for (int i = 0; i < LINES; i++) {
            up[i] = i && draw(&seed, 2) ? (int)draw(&seed, i - 1) : -1;
            lines[i] = make_line(c, up[i] < 0 ? 0 : lines[up[i]]);
            takings[i].amount = draw(&seed, 1) ? (double)(1 + draw(&seed, 31)) : 0;
            if (takings[i].amount > 0)
                must(c,
                     ledger_take_over(c->store, &h, lines[i], takings[i].amount, &DEED, &c->err));
        }
        for (int i = 0; i < LINES; i++) {
            struct line_change close = {.field = LINE_STATE, .number = LINE_CLOSED};
            closed[i] = !draw(&seed, 3);
            if (closed[i])
                must(c, ledger_change_line(c->store, lines[i], &close, 1, &DEED, &c->err));
        }
        for (int i = 0; i < LINES; i++) {
            takings[i].closed = closed[i];
            for (int k = up[i]; k >= 0; k = up[k])
                takings[i].within |= takings[k].amount > 0 && !closed[k];
        }
        enum higher_coverage coverage;
        double covered = higher_covered(takings, LINES, h.quantity > 0 ? h.quantity : 100);
        assert_true(fabs(covered_of(c, h.id, &coverage) - covered) < 1e-9);
        assert_int_equal(coverage, higher_coverage_of(covered));
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    struct ledger_case *c = *state;
    struct higher_goal h = register_one(c, 100);
    int64_t line = make_line(c, 0);
    assert_int_equal(ledger_take_over(c->store, &h, line, 0, &DEED, &c->err), STATUS_INPUT);
    assert_int_equal(ledger_take_over(c->store, &h, line, (double)NAN, &DEED, &c->err),
                     STATUS_INPUT);
    assert_int_equal(ledger_take_over(c->store, &h, 999, 5, &DEED, &c->err), STATUS_MISSING);
    assert_int_equal(ledger_give_up(c->store, h.id, line, &DEED, &c->err), STATUS_MISSING);
    must(c, ledger_take_over(c->store, &h, line, 5, &DEED, &c->err));
    struct higher_goal by_percent = h;
    by_percent.quantity = 0;
    by_percent.measure = STR("");
    assert_int_equal(ledger_change_higher(c->store, &by_percent, &c->err), STATUS_CONFLICT);
    assert_int_equal(
        ledger_give_up(c->store, h.id, line, &(struct ledger_deed){.now_ms = 6}, &c->err),
        STATUS_INPUT);
    must(c, ledger_give_up(c->store, h.id, line, &DEED, &c->err));
    must(c, ledger_change_higher(c->store, &by_percent, &c->err));
    assert_int_equal(ledger_close_higher(c->store, h.id, STR(""), 7, &c->err), STATUS_INPUT);
    must(c, ledger_close_higher(c->store, h.id, STR("withdrawn"), 7, &c->err));
    must(c, ledger_find_higher(c->arena, c->store, h.key, &h, &c->err));
    assert_true(h.closed_ms == 7 && str_equal(h.closed_why, STR("withdrawn")));
    assert_int_equal(ledger_take_over(c->store, &h, line, 5, &DEED, &c->err), STATUS_CONFLICT);
    h.quantity = 7;
    assert_int_equal(ledger_change_higher(c->store, &h, &c->err), STATUS_INPUT); /* of what? */
}

static int64_t count_events(struct ledger_case *c, const char *kind)
{
    struct query *q = query_start(c->store, "SELECT count(*) FROM event WHERE kind = ?1");
    query_bind_str(q, 1, str_of(kind));
    int64_t count = query_row(q) ? query_int(q, 0) : 0;
    must(c, query_end(q, &c->err));
    return count;
}

static void what_is_so_already_makes_no_event(void **state)
{
    struct ledger_case *c = *state;
    struct higher_goal h = register_one(c, 0);
    int64_t line = make_line(c, 0);
    for (int twice = 0; twice < 2; twice++) {
        must(c, ledger_take_over(c->store, &h, line, 5, &DEED, &c->err));
        must(c, ledger_change_higher(c->store, &h, &c->err));
        must(c, ledger_reopen_higher(c->store, h.id, &c->err));
    }
    assert_int_equal(count_events(c, "line.took_over"), 1);
    assert_int_equal(count_events(c, "higher.changed"), 0);
    assert_int_equal(count_events(c, "higher.reopened"), 0);
}

#define IN_STORE(TEST) cmocka_unit_test_setup_teardown(TEST, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_open_lines_take_is_added_up_once),
        cmocka_unit_test(order_does_not_count_and_more_never_covers_less),
        IN_STORE(sql_says_what_the_function_says),
        IN_STORE(what_does_not_fit_is_refused),
        IN_STORE(what_is_so_already_makes_no_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
