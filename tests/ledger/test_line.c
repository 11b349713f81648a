/* Lines of the ledger: made, changed, and what their history says. */
#include "ledger_case.h"

#include "base/calendar.h"
#include "ledger/line.h"
#include "ledger/unit.h"

static const struct ledger_deed plain = {.now_ms = 1000};

static struct line make(struct ledger_case *c, enum ledger_kind kind, const char *title,
                        int64_t parent)
{
    struct line line = {
        .kind = kind, .title = str_of(title), .state = LINE_ACTIVE, .parent = parent, .weight = 1};
    must(c, ledger_make_line(c->arena, c->store, &line, &plain, &c->err));
    return line;
}

static struct unit make_unit(struct ledger_case *c, const char *name, int64_t parent, int64_t head)
{
    struct unit unit = {.name = str_of(name), .parent = parent, .head = head};
    must(c, ledger_make_unit(c->arena, c->store, &unit, 1, &c->err));
    return unit;
}

/* What the newest event about a line says. */
static struct str last_event(struct ledger_case *c, int64_t line)
{
    struct query *q =
        query_start(c->store, "SELECT kind || data FROM event WHERE subject = 'L' || ?1"
                              " ORDER BY seq DESC LIMIT 1");
    query_bind_int(q, 1, line);
    struct str text = query_row(q) ? str_copy(c->arena, query_str(q, 0)) : STR("");
    must(c, query_end(q, &c->err));
    return text;
}

static enum status change(struct ledger_case *c, int64_t line, struct line_change change,
                          const char *why)
{
    struct ledger_deed deed = {.now_ms = 2000, .why = str_of(why)};
    return ledger_change_line(c->store, line, &change, 1, &deed, &c->err);
}

static void lines_are_numbered_within_their_kind(void **state)
{
    struct ledger_case *c = *state;
    struct line first = make(c, LEDGER_GOAL, "Clean water", 0);
    struct line other = make(c, LEDGER_INDICATOR, "Share of clean rivers", first.id);
    struct line second = make(c, LEDGER_GOAL, "Good roads", 0);
    struct line found;
    assert_true(str_equal(first.number, STR("G1")));
    assert_true(str_equal(other.number, STR("I1")));
    assert_true(str_equal(second.number, STR("G2")));
    must(c, ledger_find_line_numbered(c->arena, c->store, STR("g2"), &found, &c->err));
    assert_int_equal(found.id, second.id);
    must(c, ledger_find_line(c->arena, c->store, other.key, &found, &c->err));
    assert_true(str_equal(found.title, STR("Share of clean rivers")));
    assert_int_equal(found.parent, first.id);
    assert_int_equal(ledger_find_line(c->arena, c->store, STR("none"), &found, &c->err),
                     STATUS_MISSING);
}

static void a_change_is_kept_with_what_was_before_and_why(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, LEDGER_PROJECT, "A bridge", 0);
    struct line_change due = {.field = LINE_DUE, .number = calendar_day_number(2026, 9, 30)};
    must(c, change(c, line.id, due, "flood"));
    assert_true(
        str_equal(last_event(c, line.id),
                  STR("line.changed{\"due_day\":[null,\"2026-09-30\"],\"why\":\"flood\"}")));
    must(c, ledger_find_line_by_id(c->arena, c->store, line.id, &line, &c->err));
    assert_int_equal(line.due_day, due.number);
    assert_int_equal(line.changed_ms, 2000);
    struct str before = last_event(c, line.id);
    int64_t events;
    int64_t after;
    must(c, store_newest_event(c->store, &events, &c->err));
    must(c, change(c, line.id, due, "again"));
    must(c, store_newest_event(c->store, &after, &c->err));
    assert_int_equal(events, after); /* nothing changed: nothing is said */
    assert_true(str_equal(last_event(c, line.id), before));
}

static void a_line_is_closed_for_a_reason_only(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, LEDGER_RISK, "Old pipes", 0);
    struct line_change close = {.field = LINE_STATE, .number = LINE_CLOSED};
    assert_int_equal(change(c, line.id, close, ""), STATUS_INPUT);
    must(c, change(c, line.id, close, "replaced"));
    must(c, ledger_find_line_by_id(c->arena, c->store, line.id, &line, &c->err));
    assert_true(line.state == LINE_CLOSED && line.ended_ms == 2000);
    assert_true(str_equal(line.ended_why, STR("replaced")));
    must(c,
         change(c, line.id, (struct line_change){.field = LINE_STATE, .number = LINE_ACTIVE}, ""));
    must(c, ledger_find_line_by_id(c->arena, c->store, line.id, &line, &c->err));
    assert_true(line.ended_ms == 0 && line.ended_why.len == 0);
}

static void what_does_not_fit_is_refused_and_changes_nothing(void **state)
{
    struct ledger_case *c = *state;
    struct line top = make(c, LEDGER_GOAL, "Top", 0);
    struct line below = make(c, LEDGER_FIELD, "Below", top.id);
    struct unit closed = make_unit(c, "Closed", 0, 0);
    must(c, ledger_close_unit(c->store, closed.id, STR("merged"), 5, &c->err));
    const struct {
        struct line_change change;
        enum status status;
    } cases[] = {
        {{.field = LINE_TITLE, .text = STR("")}, STATUS_INPUT},
        {{.field = LINE_TITLE, .text = STR("two\nlines")}, STATUS_INPUT},
        {{.field = LINE_PROGRESS, .number = 101}, STATUS_INPUT},
        {{.field = LINE_WEIGHT, .real = -1}, STATUS_INPUT},
        {{.field = LINE_DUE, .number = 100000000}, STATUS_INPUT},
        {{.field = LINE_PARENT, .number = below.id}, STATUS_CONFLICT},
        {{.field = LINE_PARENT, .number = top.id}, STATUS_CONFLICT},
        {{.field = LINE_PARENT, .number = 999}, STATUS_MISSING},
        {{.field = LINE_UNIT, .number = 999}, STATUS_MISSING},
        {{.field = LINE_UNIT, .number = closed.id}, STATUS_CONFLICT},
        {{.field = LINE_LEAD, .number = 999}, STATUS_MISSING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum status status = change(c, top.id, cases[i].change, "");
        if (status != cases[i].status)
            fail_msg("case %zu gives %d", i, status);
    }
    assert_true(str_starts(last_event(c, top.id), STR("line.made")));
}

static void a_unit_with_open_lines_is_not_closed(void **state)
{
    struct ledger_case *c = *state;
    struct unit unit = make_unit(c, "Roads", 0, 2);
    struct line line = make(c, LEDGER_PROJECT, "A road", 0);
    must(c, change(c, line.id, (struct line_change){.field = LINE_UNIT, .number = unit.id}, ""));
    assert_int_equal(ledger_close_unit(c->store, unit.id, STR("x"), 5, &c->err), STATUS_CONFLICT);
    must(c, change(c, line.id, (struct line_change){.field = LINE_STATE, .number = LINE_DONE}, ""));
    must(c, ledger_close_unit(c->store, unit.id, STR("x"), 5, &c->err));
    must(c, ledger_find_unit(c->arena, c->store, unit.key, &unit, &c->err));
    assert_true(unit.closed_ms == 5 && unit.members == 1 && unit.head == 2);
}

static void a_unit_never_comes_under_itself_and_a_head_who_leaves_heads_it_no_more(void **state)
{
    struct ledger_case *c = *state;
    struct unit top = make_unit(c, "Top", 0, 0);
    struct unit below = make_unit(c, "Below", top.id, 3);
    top.parent = below.id;
    assert_int_equal(ledger_change_unit(c->store, &top, &c->err), STATUS_CONFLICT);
    struct unit same = {.name = STR("TOP")};
    assert_int_equal(ledger_make_unit(c->arena, c->store, &same, 1, &c->err), STATUS_CONFLICT);
    must(c, ledger_take_out_of_unit(c->store, below.id, 3, &c->err));
    must(c, ledger_find_unit_by_id(c->arena, c->store, below.id, &below, &c->err));
    assert_true(below.head == 0 && below.members == 0);
}

#define case_test(name) cmocka_unit_test_setup_teardown(name, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        case_test(lines_are_numbered_within_their_kind),
        case_test(a_change_is_kept_with_what_was_before_and_why),
        case_test(a_line_is_closed_for_a_reason_only),
        case_test(what_does_not_fit_is_refused_and_changes_nothing),
        case_test(a_unit_with_open_lines_is_not_closed),
        case_test(a_unit_never_comes_under_itself_and_a_head_who_leaves_heads_it_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
