/* What procedures wait for: every row has words, a name of its own and queries that hold, and a duty is its member's, its
 * unit's, its head's and nobody else's. */
#include "day_case.h"

#include <string.h>

#include "ledger/duty.h"
#include "ledger/unit.h"

#define TODAY 20786

static void every_source_has_a_name_of_its_own_and_words(void **state)
{
    (void)state;
    size_t count = 0;
    for (; duty_sources[count].name; count++) {
        assert_true(strlen(duty_sources[count].en) && strlen(duty_sources[count].zh));
        assert_int_equal(duty_sources[count].list[0], '/');
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(duty_sources[i].name, duty_sources[count].name);
    }
    assert_true(count <= DUTY_SOURCES_MAX);
}

static void an_empty_ledger_waits_for_nothing(void **state)
{
    struct ledger_case *c = *state;
    struct duty_count counts[DUTY_SOURCES_MAX];
    struct ledger_duty *list;
    size_t count;
    must(c, ledger_count_duties(c->store, TODAY, counts, &c->err));
    for (size_t i = 0; duty_sources[i].name; i++)
        assert_true(counts[i].open == 0 && counts[i].late == 0);
    must(c, ledger_list_duties(c->arena, c->store, DUTY_ALL, 0, TODAY, 10, &list, &count, &c->err));
    assert_int_equal(count, 0);
}

static size_t of(struct ledger_case *c, enum duty_whose whose, int64_t id)
{
    struct ledger_duty *list;
    size_t count;
    must(c, ledger_list_duties(c->arena, c->store, whose, id, TODAY, 10, &list, &count, &c->err));
    for (size_t i = 1; i < count; i++)
        assert_true(!list[i].due_day ||
                    (list[i - 1].due_day && list[i - 1].due_day <= list[i].due_day));
    return count;
}

/* Unit 1 under unit 2, headed by member 1, with member 2 in it; member 3 stands outside. */
static void a_duty_is_its_units_and_its_heads_and_once_somebody_is_named_theirs(void **state)
{
    struct ledger_case *c = *state;
    struct unit above = {.name = STR("Above")};
    struct unit unit = {.name = STR("Works")};
    struct line line = {
        .kind = LEDGER_REVIEW, .title = STR("Bridge"), .state = LINE_ACTIVE, .weight = 1};
    must(c, ledger_make_unit(c->arena, c->store, &above, 1, &c->err));
    unit.parent = above.id;
    must(c, ledger_make_unit(c->arena, c->store, &unit, 1, &c->err));
    unit.head = 1;
    must(c, ledger_change_unit(c->store, &unit, &c->err));
    must(c, ledger_put_in_unit(c->store, unit.id, 2, &c->err));
    must(c,
         ledger_make_line(c->arena, c->store, &line, &(struct ledger_deed){.now_ms = 1}, &c->err));
    must(
        c,
        store_run(
            c->store,
            "INSERT INTO step (key, line, stage, unit, state, made_ms, due_day) SELECT 'one', l.id, 1, u.id,"
            " 'open', 1, 20700 FROM line l, unit u WHERE u.name = 'Works'",
            &c->err));
    static const struct {
        enum duty_whose whose;
        int64_t id;
        size_t unnamed, named;
    } cases[] = {
        {DUTY_OWN, 1, 1, 1},  {DUTY_OWN, 2, 1, 0},  {DUTY_OWN, 3, 0, 1}, {DUTY_OWN, 4, 0, 0},
        {DUTY_UNIT, 1, 1, 1}, {DUTY_UNIT, 2, 1, 1}, {DUTY_ALL, 0, 1, 1},
    };
    struct duty_count counts[DUTY_SOURCES_MAX];
    must(c, ledger_count_duties(c->store, TODAY, counts, &c->err));
    assert_true(counts[0].open == 1 && counts[0].late == 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(of(c, cases[i].whose, cases[i].id), cases[i].unnamed);
    must(c, store_run(c->store, "UPDATE step SET member = 3", &c->err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(of(c, cases[i].whose, cases[i].id), cases[i].named);
    must(c, store_run(c->store, "UPDATE line SET state = 'closed'", &c->err));
    assert_int_equal(of(c, DUTY_ALL, 0), 0);
}

int main(void)
{
#define KEPT(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source_has_a_name_of_its_own_and_words),
        KEPT(an_empty_ledger_waits_for_nothing),
        KEPT(a_duty_is_its_units_and_its_heads_and_once_somebody_is_named_theirs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
