/* Many lines changed at once and taken back: what nobody touched since goes back, and nothing else. */
#include "ledger_case.h"

#include "ledger/batch.h"
#include "ledger/indicator.h"
#include "ledger/key.h"
#include "ledger/may.h"
#include "ledger/unit.h"

#define LINES 8

static const struct ledger_deed plain = {.now_ms = 1000};
static const struct ledger_shift still = {0};

static int open_with_editor(void **state)
{
    if (open_case(state))
        return -1;
    struct ledger_case *c = *state;
    return store_run(c->store, "INSERT INTO role (member, role) VALUES (1, 'editor'), (2, 'lead')",
                     &c->err);
}

static struct line make(struct ledger_case *c, int64_t lead)
{
    struct line line = {.kind = LEDGER_PROJECT,
                        .title = STR("A bridge"),
                        .state = LINE_ACTIVE,
                        .lead = lead,
                        .weight = 1};
    must(c, ledger_make_line(c->arena, c->store, &line, &plain, &c->err));
    return line;
}

static struct line look(struct ledger_case *c, int64_t id)
{
    struct line line;
    must(c, ledger_find_line_by_id(c->arena, c->store, id, &line, &c->err));
    return line;
}

static void lines_that_refuse_stay_as_they_were_and_say_why(void **state)
{
    struct ledger_case *c = *state;
    struct line mine = make(c, 2);
    struct line other = make(c, 3);
    int64_t lines[] = {mine.id, other.id};
    struct line_change due = {.field = LINE_DUE, .number = 20000};
    struct ledger_outcome outcomes[2];
    struct ledger_batch batch;
    must(c, ledger_change_lines(c->arena, c->store, 2, lines, 2, &due, 1, &still, &plain, outcomes,
                                &batch, &c->err));
    assert_true(!outcomes[0].refused.status && outcomes[0].is.due_day == 20000);
    assert_int_equal(outcomes[1].refused.status, STATUS_FORBIDDEN);
    assert_int_equal(look(c, other.id).due_day, 0);
    assert_int_equal(batch.lines, 1);
}

static void where_nothing_changes_no_batch_is_left(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, 2);
    struct line_change same = {.field = LINE_LEAD, .number = 2};
    struct ledger_outcome outcome;
    struct ledger_batch batch;
    struct ledger_batch *list;
    size_t count;
    must(c, ledger_change_lines(c->arena, c->store, 1, &line.id, 1, &same, 1, &still, &plain,
                                &outcome, &batch, &c->err));
    assert_int_equal(batch.id, 0);
    must(c, ledger_list_batches(c->arena, c->store, 10, &list, &count, &c->err));
    assert_int_equal(count, 0);
}

static void an_undo_leaves_what_somebody_changed_since_and_says_so(void **state)
{
    struct ledger_case *c = *state;
    struct line a = make(c, 2);
    struct line b = make(c, 2);
    int64_t lines[] = {a.id, b.id};
    struct line_change changes[] = {{.field = LINE_DUE, .number = 20000},
                                    {.field = LINE_WEIGHT, .real = 2.5}};
    struct line_change later = {.field = LINE_DUE, .number = 20100};
    struct ledger_outcome outcomes[2];
    struct ledger_batch batch;
    struct ledger_undoing undoing;
    must(c, ledger_change_lines(c->arena, c->store, 1, lines, 2, changes, 2, &still, &plain,
                                outcomes, &batch, &c->err));
    must(c, ledger_change_line(c->store, b.id, &later, 1, &plain, &c->err));
    must(c, ledger_undo_batch(c->arena, c->store, 1, &batch, &plain, &undoing, &c->err));
    assert_true(look(c, a.id).due_day == 0 && look(c, a.id).weight == 1);
    assert_true(look(c, b.id).due_day == 20100 && look(c, b.id).weight == 1);
    assert_int_equal(undoing.nleft, 1);
    assert_true(undoing.left[0].line == b.id && undoing.left[0].field == LINE_DUE);
    assert_int_equal(ledger_undo_batch(c->arena, c->store, 1, &batch, &plain, &undoing, &c->err),
                     STATUS_CONFLICT);
}

static void a_unit_that_was_closed_since_takes_no_line_back_but_other_fields_go_back(void **state)
{
    struct ledger_case *c = *state;
    struct unit unit = {.name = STR("Roads")};
    struct ledger_batch batch;
    struct ledger_outcome outcome;
    struct ledger_undoing undoing;
    must(c, ledger_make_unit(c->arena, c->store, &unit, 1, &c->err));
    struct line line = make(c, 2);
    struct line_change there = {.field = LINE_UNIT, .number = unit.id};
    must(c, ledger_change_line(c->store, line.id, &there, 1, &plain, &c->err));
    struct line_change away[] = {{.field = LINE_UNIT}, {.field = LINE_DUE, .number = 20000}};
    must(c, ledger_change_lines(c->arena, c->store, 1, &line.id, 1, away, 2, &still, &plain,
                                &outcome, &batch, &c->err));
    must(c, ledger_close_unit(c->store, unit.id, STR("Over"), 2000, &c->err));
    must(c, ledger_undo_batch(c->arena, c->store, 1, &batch, &plain, &undoing, &c->err));
    assert_int_equal(undoing.nleft, 1);
    assert_int_equal(undoing.left[0].field, LINE_UNIT);
    assert_int_equal(look(c, line.id).unit, 0);
    assert_int_equal(look(c, line.id).due_day, 0);
}

static void who_may_not_change_a_line_undoes_nothing_of_it(void **state)
{
    struct ledger_case *c = *state;
    struct line mine = make(c, 2);
    struct line_change due = {.field = LINE_DUE, .number = 20000};
    struct ledger_outcome outcome;
    struct ledger_batch batch;
    struct ledger_undoing undoing;
    must(c, ledger_change_lines(c->arena, c->store, 2, &mine.id, 1, &due, 1, &still, &plain,
                                &outcome, &batch, &c->err));
    must(c, store_run(c->store, "UPDATE line SET lead = 3", &c->err));
    must(c, ledger_undo_batch(c->arena, c->store, 2, &batch, &plain, &undoing, &c->err));
    assert_true(undoing.written == 0 && undoing.made.id == 0);
    assert_int_equal(undoing.left[0].why.status, STATUS_FORBIDDEN);
    assert_int_equal(look(c, mine.id).due_day, 20000);
}

static void days_move_for_each_line_by_calendar_or_working_days_and_go_back(void **state)
{
    struct ledger_case *c = *state;
    const struct workdays *weekdays;
    int64_t friday = 20420; /* 2025-11-28 */
    must(c, workday_load(c->arena, STR("weekdays"), &weekdays, &c->err));
    assert_true(workday_is(weekdays, friday) && !workday_is(weekdays, friday + 1));
    struct line a = make(c, 2);
    struct line b = make(c, 2);
    struct line none = make(c, 2);
    int64_t lines[] = {a.id, b.id, none.id};
    struct line_change first[] = {{.field = LINE_BEGINS, .number = friday - 9},
                                  {.field = LINE_DUE, .number = friday}};
    struct line_change away = {.field = LINE_BEGINS};
    struct ledger_shift both = {true, true, 3, weekdays};
    struct ledger_shift back = {false, true, -10, NULL};
    struct ledger_outcome outcomes[3];
    struct ledger_batch batch;
    struct ledger_undoing undoing;
    must(c, ledger_change_line(c->store, a.id, first, 2, &plain, &c->err));
    must(c, ledger_change_line(c->store, b.id, &first[1], 1, &plain, &c->err));
    must(c, ledger_change_lines(c->arena, c->store, 1, lines, 3, NULL, 0, &both, &plain, outcomes,
                                &batch, &c->err));
    assert_int_equal(look(c, a.id).begins_day, friday - 4); /* from Wednesday over the week's end */
    assert_int_equal(look(c, a.id).due_day, friday + 5);
    assert_int_equal(look(c, b.id).due_day, friday + 5);
    assert_true(look(c, b.id).begins_day == 0 && look(c, none.id).due_day == 0);
    assert_int_equal(batch.lines, 2);
    must(c, ledger_undo_batch(c->arena, c->store, 1, &batch, &plain, &undoing, &c->err));
    assert_true(look(c, a.id).begins_day == friday - 9 && look(c, a.id).due_day == friday);
    /* Ten days back the line a would end before it begins. */
    must(c, ledger_change_lines(c->arena, c->store, 1, lines, 3, NULL, 0, &back, &plain, outcomes,
                                &batch, &c->err));
    assert_int_equal(outcomes[0].refused.status, STATUS_INPUT);
    assert_int_equal(look(c, a.id).due_day, friday);
    assert_int_equal(look(c, b.id).due_day, friday - 10);
    /* Its beginning taken away, it moves. */
    must(c, ledger_change_lines(c->arena, c->store, 1, lines, 1, &away, 1, &back, &plain, outcomes,
                                &batch, &c->err));
    assert_true(look(c, a.id).begins_day == 0 && look(c, a.id).due_day == friday - 10);
    assert_int_equal(ledger_change_lines(c->arena, c->store, 1, lines, 1, &away, 1, &both, &plain,
                                         outcomes, &batch, &c->err),
                     STATUS_INPUT);
}

static void lines_come_under_another_only_by_who_may_change_that_one(void **state)
{
    struct ledger_case *c = *state;
    struct line mine = make(c, 2);
    struct line also = make(c, 2);
    struct line others = make(c, 3);
    struct line_change under = {.field = LINE_PARENT, .number = others.id};
    struct line_change own = {.field = LINE_PARENT, .number = also.id};
    struct ledger_outcome outcome;
    struct ledger_batch batch;
    must(c, ledger_change_lines(c->arena, c->store, 2, &mine.id, 1, &under, 1, &still, &plain,
                                &outcome, &batch, &c->err));
    assert_int_equal(outcome.refused.status, STATUS_FORBIDDEN);
    assert_int_equal(look(c, mine.id).parent, 0);
    must(c, ledger_change_lines(c->arena, c->store, 2, &mine.id, 1, &own, 1, &still, &plain,
                                &outcome, &batch, &c->err));
    assert_int_equal(look(c, mine.id).parent, also.id);
    must(c, ledger_change_lines(c->arena, c->store, 1, &mine.id, 1, &under, 1, &still, &plain,
                                &outcome, &batch, &c->err));
    assert_int_equal(look(c, mine.id).parent, others.id);
    must(c,
         ledger_check_changes(c->store, 2, mine.id, &under, 1, &c->err)); /* it is there already */
}

static int64_t actual(struct ledger_case *c, int64_t line, int month)
{
    int64_t amount;
    must(c, ledger_find_actual(c->store, line, month, &amount, &c->err));
    return amount;
}

static void figures_that_came_in_together_go_back_but_for_those_entered_anew(void **state)
{
    struct ledger_case *c = *state;
    const int march = 2026 * 12 + 2;
    struct line line = {.title = STR("Roads"), .state = LINE_ACTIVE, .weight = 1};
    struct indicator indicator = {
        .measure = STR("km"), .places = 2, .begins = march, .due_day = 10, .behind_percent = 5};
    struct ledger_batch batch = {.member = 1};
    struct ledger_undoing undoing;
    must(c, ledger_make_indicator(c->arena, c->store, &line, &indicator, &plain, &c->err));
    must(c, ledger_put_actual(c->store, &indicator, march, 150, 1, &plain, &c->err));
    must(c, ledger_begin_batch(c->arena, c->store, &batch, &plain, &c->err));
    struct ledger_deed within = {.now_ms = 2000, .batch = batch.id};
    must(c, ledger_put_actual(c->store, &indicator, march, 275, 1, &within, &c->err));
    must(c, ledger_put_actual(c->store, &indicator, march, 300, 1, &within, &c->err));
    must(c, ledger_put_actual(c->store, &indicator, march + 1, -5, 1, &within, &c->err));
    must(c, ledger_put_actual(c->store, &indicator, march + 2, 7, 1, &within, &c->err));
    must(c, ledger_end_batch(c->store, &batch, &c->err));
    assert_int_equal(batch.lines, 1);
    must(c, ledger_put_actual(c->store, &indicator, march + 2, 8, 1, &plain, &c->err));
    must(c, ledger_undo_batch(c->arena, c->store, 1, &batch, &plain, &undoing, &c->err));
    assert_int_equal(actual(c, line.id, march), 150);
    assert_true(actual(c, line.id, march + 1) == LEDGER_NONE);
    assert_int_equal(actual(c, line.id, march + 2), 8);
    assert_int_equal(undoing.written, 3);
    assert_int_equal(undoing.nleft, 1);
    assert_int_equal(undoing.left[0].month, march + 2);
    batch = undoing.made;
    must(c, ledger_undo_batch(c->arena, c->store, 1, &batch, &plain, &undoing, &c->err));
    assert_int_equal(actual(c, line.id, march), 300);
    assert_int_equal(actual(c, line.id, march + 1), -5);
}

static void who_may_not_enter_figures_takes_none_back(void **state)
{
    struct ledger_case *c = *state;
    const int march = 2026 * 12 + 2;
    struct line line = {.title = STR("Roads"), .state = LINE_ACTIVE, .weight = 1, .lead = 2};
    struct indicator indicator = {.measure = STR("km"), .begins = march, .due_day = 10};
    struct line_change other = {.field = LINE_LEAD, .number = 3};
    struct ledger_batch batch = {.member = 2};
    struct ledger_undoing undoing;
    must(c, ledger_make_indicator(c->arena, c->store, &line, &indicator, &plain, &c->err));
    must(c, ledger_begin_batch(c->arena, c->store, &batch, &plain, &c->err));
    struct ledger_deed within = {.now_ms = 2000, .batch = batch.id};
    must(c, ledger_put_actual(c->store, &indicator, march, 4, 2, &within, &c->err));
    must(c, ledger_end_batch(c->store, &batch, &c->err));
    must(c, ledger_change_line(c->store, line.id, &other, 1, &plain, &c->err));
    must(c, ledger_undo_batch(c->arena, c->store, 2, &batch, &plain, &undoing, &c->err));
    assert_int_equal(undoing.left[0].why.status, STATUS_FORBIDDEN);
    assert_int_equal(actual(c, line.id, march), 4);
}

/* --- by chance ------------------------------------------------------------------------------------ */

struct dice {
    uint64_t seed;
};
static uint64_t roll(struct dice *d, uint64_t sides)
{
    d->seed = d->seed * 6364136223846793005U + 1442695040888963407U;
    return (d->seed >> 33) % sides;
}

/* A change that may be taken or refused: states, days in either order, parents in rings, units that are not there. */
static struct line_change any_change(struct dice *d, const int64_t *lines)
{
    static const enum line_field FIELDS[] = {LINE_STATE,  LINE_PARENT, LINE_UNIT,   LINE_LEAD,
                                             LINE_BEGINS, LINE_DUE,    LINE_WEIGHT, LINE_PROGRESS};
    struct line_change change = {.field = FIELDS[roll(d, 8)]};
    switch (change.field) {
    case LINE_STATE:
        change.number = (int64_t)roll(d, LINE_STATES);
        break;
    case LINE_PARENT:
        change.number = roll(d, 3) ? lines[roll(d, LINES)] : 0;
        break;
    case LINE_UNIT:
        change.number = (int64_t)roll(d, 3);
        break;
    case LINE_LEAD:
        change.number = (int64_t)roll(d, 12);
        break;
    case LINE_BEGINS:
    case LINE_DUE:
        change.number = roll(d, 3) ? 20000 + (int64_t)roll(d, 40) : 0;
        break;
    case LINE_WEIGHT:
        change.real = (double)roll(d, 40) / 7;
        break;
    default:
        change.number = (int64_t)roll(d, 101);
    }
    return change;
}

static json_t *snapshot(struct ledger_case *c, const int64_t *lines)
{
    json_t *all = json_array();
    for (size_t i = 0; i < LINES; i++) {
        struct line line = look(c, lines[i]);
        json_t *one = json_array();
        for (int f = 0; f < LINE_FIELDS; f++)
            (void)json_array_append_new(one, ledger_field_json(&line, (enum line_field)f));
        (void)json_array_append_new(all, one);
    }
    return all;
}

static bool was_left(const struct ledger_undoing *undoing, int64_t line, int field)
{
    for (size_t i = 0; i < undoing->nleft; i++)
        if (undoing->left[i].line == line && (int)undoing->left[i].field == field)
            return true;
    return false;
}

static const struct ledger_deed why = {.now_ms = 3000, .why = {"By chance", 9}};

/* Every field goes back to what it was, or is what it was before the undo and is said to be left (or was not the
 * batch's to change). */
static void check_undo(const int64_t *lines, json_t *before, json_t *after, json_t *late,
                       json_t *now, const struct ledger_undoing *undoing)
{
    for (size_t i = 0; i < LINES; i++) {
        for (int f = 0; f < LINE_FIELDS; f++) {
            json_t *b = json_array_get(json_array_get(before, i), (size_t)f);
            json_t *a = json_array_get(json_array_get(after, i), (size_t)f);
            json_t *l = json_array_get(json_array_get(late, i), (size_t)f);
            json_t *n = json_array_get(json_array_get(now, i), (size_t)f);
            if (json_equal(b, a)) {
                assert_true(json_equal(n, l));
            } else if (!json_equal(l, a)) {
                assert_true(json_equal(n, l));
                assert_true(was_left(undoing, lines[i], f));
            } else {
                assert_true(json_equal(n, b) ||
                            (json_equal(n, l) && was_left(undoing, lines[i], f)));
            }
        }
    }
}

static void one_course(struct ledger_case *c, struct dice *d, bool others)
{
    int64_t lines[LINES];
    struct line_change changes[3];
    struct ledger_outcome outcomes[LINES];
    struct ledger_batch batch;
    struct ledger_undoing undoing;
    for (size_t i = 0; i < LINES; i++)
        lines[i] = make(c, 2).id;
    for (int i = 0; i < 10; i++) {
        struct line_change change = any_change(d, lines);
        store_hold(c->store);
        (void)ledger_change_line(c->store, lines[roll(d, LINES)], &change, 1, &why, NULL);
        store_let_go(c->store);
    }
    json_t *before = snapshot(c, lines);
    size_t n = 1 + roll(d, 3);
    for (size_t i = 0; i < n; i++)
        changes[i] = any_change(d, lines);
    must(c, ledger_change_lines(c->arena, c->store, 1, lines, LINES, changes, n, &still, &why,
                                outcomes, &batch, &c->err));
    json_t *after = snapshot(c, lines);
    for (int i = 0; others && i < 4; i++) {
        struct line_change change = any_change(d, lines);
        (void)ledger_change_line(c->store, lines[roll(d, LINES)], &change, 1, &why, NULL);
    }
    json_t *late = snapshot(c, lines);
    if (batch.id) {
        must(c, ledger_undo_batch(c->arena, c->store, 1, &batch, &why, &undoing, &c->err));
        json_t *now = snapshot(c, lines);
        check_undo(lines, before, after, late, now, &undoing);
        if (!others) { /* and the undo undone is the batch again */
            struct ledger_batch undo = undoing.made;
            size_t left = undoing.nleft;
            if (undo.id) {
                must(c, ledger_undo_batch(c->arena, c->store, 1, &undo, &why, &undoing, &c->err));
                json_t *again = snapshot(c, lines);
                assert_true(left || undoing.nleft || json_equal(again, after));
                json_decref(again);
            }
        }
        json_decref(now);
    }
    json_decref(before);
    json_decref(after);
    json_decref(late);
}

static void an_undo_writes_back_exactly_what_nobody_touched_since(void **state)
{
    struct ledger_case *c = *state;
    struct unit unit = {.name = STR("Roads")};
    must(c, ledger_make_unit(c->arena, c->store, &unit, 1, &c->err));
    struct dice d = {20261129};
    for (int i = 0; i < 150; i++)
        one_course(c, &d, i % 2);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_with_editor, close_case)
    const struct CMUnitTest tests[] = {
        CASE(lines_that_refuse_stay_as_they_were_and_say_why),
        CASE(where_nothing_changes_no_batch_is_left),
        CASE(an_undo_leaves_what_somebody_changed_since_and_says_so),
        CASE(a_unit_that_was_closed_since_takes_no_line_back_but_other_fields_go_back),
        CASE(who_may_not_change_a_line_undoes_nothing_of_it),
        CASE(days_move_for_each_line_by_calendar_or_working_days_and_go_back),
        CASE(lines_come_under_another_only_by_who_may_change_that_one),
        CASE(figures_that_came_in_together_go_back_but_for_those_entered_anew),
        CASE(who_may_not_enter_figures_takes_none_back),
        CASE(an_undo_writes_back_exactly_what_nobody_touched_since),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
