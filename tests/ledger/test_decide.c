/* Decisions about sentences: a place is decided upon once, may be taken up again when it was dropped, and moves with the
 * paper's editions. */
#include "ledger_case.h"

#include "ledger/decide.h"

static const struct ledger_deed DEED = {.now_ms = 7, .why = {"so it is", 8}};

/* Papers 1 and 2; the first has three editions. */
static int open_with_papers(void **state)
{
    if (open_case(state))
        return -1;
    struct ledger_case *c = *state;
    return store_run(
               c->store,
               "INSERT INTO paper VALUES (1, 0, 2, 0), (2, 0, 2, 0); INSERT INTO edition"
               " (paper, number, title, lang, level, doc, sites, nsites, published_ms) VALUES"
               " (1, 1, 'A', 'en', 'full', x'', x'', 0, 0), (1, 2, 'A', 'en', 'full', x'', x'', 0, 0),"
               " (1, 3, 'A', 'en', 'full', x'', x'', 0, 0), (2, 1, 'B', 'en', 'full', x'', x'', 0, 0)",
               &c->err)
               ? -1
               : 0;
}

static struct ledger_place place(int64_t paper, int64_t edition, size_t at)
{
    return (struct ledger_place){paper, edition, at, 10};
}

static struct line any_line(void)
{
    return (struct line){
        .kind = LEDGER_PROJECT, .title = STR("A bridge"), .state = LINE_ACTIVE, .weight = 1};
}

static int64_t accept(struct ledger_case *c, struct ledger_place at)
{
    struct line line = any_line();
    must(c, ledger_accept(c->arena, c->store, &at, &line, 2, &DEED, &c->err));
    return line.id;
}

static size_t list(struct ledger_case *c, int64_t edition, struct commitment **all)
{
    size_t count;
    must(c, ledger_list_commitments(c->arena, c->store, 1, edition, all, &count, &c->err));
    return count;
}

static int64_t count_rows(struct ledger_case *c, const char *sql)
{
    struct query *q = query_start(c->store, sql);
    int64_t count = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return count;
}

static void what_is_decided_is_listed_by_place_with_its_line(void **state)
{
    struct ledger_case *c = *state;
    struct commitment *all;
    int64_t line = accept(c, place(1, 1, 50));
    struct ledger_place joins = place(1, 1, 20);
    struct ledger_place drops = place(1, 1, 90);
    must(c, ledger_merge(c->arena, c->store, &joins, LEDGER_POLICY, line, 3, &DEED, &c->err));
    must(c, ledger_drop(c->arena, c->store, &drops, LEDGER_RISK, 3, &DEED, &c->err));
    accept(c, place(2, 1, 5)); /* another paper's */
    assert_int_equal(list(c, 1, &all), 3);
    assert_true(all[0].place.at == 20 && all[0].state == COMMITMENT_MERGED &&
                all[0].kind == LEDGER_POLICY);
    assert_true(all[1].place.at == 50 && all[1].state == COMMITMENT_ACCEPTED &&
                all[1].line.id == line);
    assert_true(all[2].place.at == 90 && all[2].state == COMMITMENT_DROPPED && all[2].line.id == 0);
    assert_true(str_equal(all[0].line.number, STR("P1")) && all[0].line.state == LINE_ACTIVE);
    assert_true(str_equal(all[2].why, STR("so it is")));
}

static void a_place_is_decided_upon_once_unless_it_was_dropped(void **state)
{
    struct ledger_case *c = *state;
    struct commitment *all;
    struct line line = any_line();
    struct ledger_place at = place(1, 1, 50);
    must(c, ledger_drop(c->arena, c->store, &at, LEDGER_RISK, 3, &DEED, &c->err));
    must(c, ledger_drop(c->arena, c->store, &at, LEDGER_RISK, 3, &DEED, &c->err));
    int64_t taken_up = accept(c, at);
    assert_int_equal(list(c, 1, &all), 1);
    assert_true(all[0].state == COMMITMENT_ACCEPTED && all[0].line.id == taken_up);
    assert_int_equal(ledger_accept(c->arena, c->store, &at, &line, 2, &DEED, &c->err),
                     STATUS_CONFLICT);
    assert_int_equal(
        ledger_merge(c->arena, c->store, &at, LEDGER_GOAL, taken_up, 2, &DEED, &c->err),
        STATUS_CONFLICT);
    assert_int_equal(ledger_drop(c->arena, c->store, &at, LEDGER_GOAL, 2, &DEED, &c->err),
                     STATUS_CONFLICT);
}

static void a_line_that_cannot_be_made_leaves_no_decision(void **state)
{
    struct ledger_case *c = *state;
    struct commitment *all;
    struct line line = any_line();
    struct ledger_place at = place(1, 1, 50);
    line.title = STR("");
    assert_int_equal(ledger_accept(c->arena, c->store, &at, &line, 2, &DEED, &c->err),
                     STATUS_INPUT);
    assert_int_equal(list(c, 1, &all), 0);
}

static void a_commitment_moves_with_editions_and_older_ones_keep_their_place(void **state)
{
    struct ledger_case *c = *state;
    struct commitment *all;
    struct ledger_place *sources;
    size_t count;
    int64_t line = accept(c, place(1, 1, 50));
    int64_t other = accept(c, place(1, 1, 90));
    assert_int_equal(list(c, 3, &all), 2);
    int64_t first = all[0].id;
    struct ledger_place second = place(1, 2, 70);
    struct ledger_place third = place(1, 3, 95);
    must(c, ledger_move_commitment(c->store, first, &second, &c->err));
    must(c, ledger_move_commitment(c->store, first, &third, &c->err));
    must(c, ledger_move_commitment(c->store, first, &third, &c->err)); /* where it is already */
    assert_int_equal(ledger_move_commitment(c->store, all[1].id, &third, &c->err), STATUS_CONFLICT);
    for (int64_t edition = 1; edition <= 3; edition++) {
        assert_int_equal(list(c, edition, &all), 2);
        size_t at = all[0].id == first ? all[0].place.at : all[1].place.at;
        assert_int_equal(at, edition == 1 ? 50 : edition == 2 ? 70 : 95);
    }
    must(c, ledger_list_sources(c->arena, c->store, line, &sources, &count, &c->err));
    assert_true(count == 1 && sources[0].edition == 3 && sources[0].at == 95);
    must(c, ledger_list_sources(c->arena, c->store, other, &sources, &count, &c->err));
    assert_true(count == 1 && sources[0].edition == 1 && sources[0].at == 90);
}

static void events_name_places_and_never_words(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = accept(c, place(1, 1, 50));
    struct ledger_place joins = place(1, 1, 20);
    struct ledger_place drops = place(1, 1, 90);
    must(c, ledger_merge(c->arena, c->store, &joins, LEDGER_POLICY, line, 3, &DEED, &c->err));
    must(c, ledger_drop(c->arena, c->store, &drops, LEDGER_RISK, 3, &DEED, &c->err));
    assert_int_equal(
        count_rows(c, "SELECT count(*) FROM event WHERE kind = 'line.sourced' AND subject = 'L1'"
                      " AND json_extract(data, '$.paper') = 'P1'"),
        2);
    assert_int_equal(
        count_rows(c,
                   "SELECT count(*) FROM event WHERE kind = 'commitment.dropped' AND subject = 'P1'"
                   " AND json_extract(data, '$.at') = 90 AND json_extract(data, '$.line') IS NULL"),
        1);
}

#define IN_STORE(TEST) cmocka_unit_test_setup_teardown(TEST, open_with_papers, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(what_is_decided_is_listed_by_place_with_its_line),
        IN_STORE(a_place_is_decided_upon_once_unless_it_was_dropped),
        IN_STORE(a_line_that_cannot_be_made_leaves_no_decision),
        IN_STORE(a_commitment_moves_with_editions_and_older_ones_keep_their_place),
        IN_STORE(events_name_places_and_never_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
