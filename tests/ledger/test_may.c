/* Who may do what in the ledger: the table, and how people stand to a line. */
#include "ledger_case.h"

#include "ledger/may.h"
#include "ledger/unit.h"

static void the_table_says_who_may_what(void **state)
{
    (void)state;
    static const struct {
        unsigned is;
        const char *may; /* s(ee) m(ake) c(hange) r(eport) v(erify) a(rrange) */
    } cases[] = {
        {0, ""},
        {LEDGER_EDITS, "smcrva"},
        {LEDGER_INSPECTS, "sv"},
        {LEDGER_ROLE_LEAD, "s"},
        {LEDGER_IN_UNITS, "s"},
        {LEDGER_ROLE_LEAD | LEDGER_LEADS, "scr"},
        {LEDGER_IN_UNITS | LEDGER_HEADS, "scr"},
        {LEDGER_IN_UNITS | LEDGER_OF_UNIT, "sr"},
        /* who no longer has a role and is in no unit has nothing, whatever still names them */
        {LEDGER_LEADS, ""},
        {LEDGER_HEADS, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int deed = LEDGER_SEE; deed <= LEDGER_ARRANGE; deed++) {
            bool allowed = str_find(str_of(cases[i].may), str_slice(STR("smcrva"), (size_t)deed, 1),
                                    0) != SIZE_MAX;
            if (ledger_may(cases[i].is, (enum ledger_deed_kind)deed) != allowed)
                fail_msg("case %zu, deed %d", i, deed);
        }
    }
}

/* goal (lead 1) of unit Top (head 2) → project (lead 3) of unit Below (head 4, member 5) under Top. */
static void people_stand_to_a_line_through_its_parents_and_units_above(void **state)
{
    struct ledger_case *c = *state;
    struct ledger_deed deed = {.now_ms = 1};
    struct unit top = {.name = STR("Top"), .head = 2};
    must(c, ledger_make_unit(c->arena, c->store, &top, 1, &c->err));
    struct unit below = {.name = STR("Below"), .head = 4, .parent = top.id};
    must(c, ledger_make_unit(c->arena, c->store, &below, 1, &c->err));
    must(c, ledger_put_in_unit(c->store, below.id, 5, &c->err));
    struct line goal = {.kind = LEDGER_GOAL, .title = STR("Goal"), .lead = 1, .unit = top.id};
    must(c, ledger_make_line(c->arena, c->store, &goal, &deed, &c->err));
    struct line project = {.kind = LEDGER_PROJECT,
                           .title = STR("Project"),
                           .lead = 3,
                           .unit = below.id,
                           .parent = goal.id};
    must(c, ledger_make_line(c->arena, c->store, &project, &deed, &c->err));
    const struct {
        int64_t member, line;
        unsigned is;
    } cases[] = {
        {1, project.id, LEDGER_LEADS},
        {1, goal.id, LEDGER_LEADS},
        {3, project.id, LEDGER_LEADS},
        {3, goal.id, 0},
        {2, project.id, LEDGER_HEADS},
        {4, project.id, LEDGER_HEADS | LEDGER_OF_UNIT},
        {4, goal.id, 0},
        {5, project.id, LEDGER_OF_UNIT},
        {5, goal.id, 0},
        {6, project.id, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ledger_person person = {.member = cases[i].member};
        unsigned is;
        must(c, ledger_stand_to(c->store, &person, cases[i].line, &is, &c->err));
        if (is != cases[i].is)
            fail_msg("case %zu: %u", i, is);
    }
    struct ledger_person five = {.member = 5};
    struct ledger_person six = {.member = 6};
    must(c, ledger_know_person(c->store, &five, &c->err));
    must(c, ledger_know_person(c->store, &six, &c->err));
    assert_true(five.is == LEDGER_IN_UNITS && six.is == 0);
}

static void a_right_is_what_the_database_says_at_the_moment(void **state)
{
    struct ledger_case *c = *state;
    struct ledger_deed deed = {.now_ms = 1};
    struct line line = {.kind = LEDGER_GOAL, .title = STR("Goal"), .lead = 2};
    must(c, ledger_make_line(c->arena, c->store, &line, &deed, &c->err));
    must(c, store_run(c->store, "INSERT INTO account (member, created_ms) VALUES (1, 1), (2, 1);",
                      &c->err));
    must(c, store_run(c->store, "INSERT INTO role (member, role) VALUES (1, 'editor'), (2, 'lead')",
                      &c->err));
    must(c, ledger_check_right(c->store, 1, 0, LEDGER_MAKE, &c->err));
    must(c, ledger_check_right(c->store, 1, line.id, LEDGER_CHANGE, &c->err));
    must(c, ledger_check_right(c->store, 2, line.id, LEDGER_CHANGE, &c->err));
    assert_int_equal(ledger_check_right(c->store, 2, 0, LEDGER_MAKE, &c->err), STATUS_FORBIDDEN);
    assert_int_equal(ledger_check_right(c->store, 3, line.id, LEDGER_SEE, &c->err),
                     STATUS_FORBIDDEN);
    must(c, store_run(c->store, "DELETE FROM role WHERE member = 2", &c->err));
    assert_int_equal(ledger_check_right(c->store, 2, line.id, LEDGER_CHANGE, &c->err),
                     STATUS_FORBIDDEN);
    must(c, store_run(c->store, "UPDATE account SET suspended_ms = 1 WHERE member = 1", &c->err));
    assert_int_equal(ledger_check_right(c->store, 1, line.id, LEDGER_CHANGE, &c->err),
                     STATUS_FORBIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_says_who_may_what),
        cmocka_unit_test_setup_teardown(people_stand_to_a_line_through_its_parents_and_units_above,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(a_right_is_what_the_database_says_at_the_moment, open_case,
                                        close_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
