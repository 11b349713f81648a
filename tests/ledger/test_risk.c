/* Risks as data: the matrix never sinks as likelihood or impact grow, the table of acts holds together, and whatever the
 * order of acts, nobody judges or bears what they answer for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/risk.h"

#define ALL (~0U)

static void the_matrix_is_the_published_one_at_its_corners_and_turns(void **state)
{
    static const struct {
        int64_t likelihood, impact;
        enum risk_level level;
    } cases[] = {
        {1, 1, RISK_LOW},      {1, 3, RISK_LOW},      {1, 5, RISK_MODERATE}, {2, 5, RISK_HIGH},
        {3, 3, RISK_MODERATE}, {3, 5, RISK_HIGH},     {4, 4, RISK_HIGH},     {4, 5, RISK_EXTREME},
        {5, 1, RISK_MODERATE}, {5, 2, RISK_HIGH},     {5, 4, RISK_EXTREME},  {5, 5, RISK_EXTREME},
        {0, 3, RISK_NO_LEVEL}, {6, 3, RISK_NO_LEVEL}, {3, 0, RISK_NO_LEVEL}, {3, -1, RISK_NO_LEVEL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(risk_level_of(cases[i].likelihood, cases[i].impact), cases[i].level);
}

static void no_step_up_either_scale_lowers_a_level_and_every_level_occurs(void **state)
{
    unsigned seen = 0;
    (void)state;
    assert_int_equal(strlen(RISK_MATRIX), RISK_SCALE * RISK_SCALE);
    for (int64_t l = 1; l <= RISK_SCALE; l++)
        for (int64_t i = 1; i <= RISK_SCALE; i++) {
            enum risk_level level = risk_level_of(l, i);
            seen |= 1U << level;
            assert_true(level >= RISK_LOW && level <= RISK_EXTREME);
            assert_true(l == RISK_SCALE || risk_level_of(l + 1, i) >= level);
            assert_true(i == RISK_SCALE || risk_level_of(l, i + 1) >= level);
            /* a step never skips a level */
            assert_true(l == RISK_SCALE || risk_level_of(l + 1, i) <= level + 1U);
            assert_true(i == RISK_SCALE || risk_level_of(l, i + 1) <= level + 1U);
        }
    assert_int_equal(seen, 0x1E);
}

static void every_name_is_read_back_and_has_words_in_both_languages(void **state)
{
    (void)state;
    for (int i = RISK_LOW; i < RISK_LEVELS; i++) {
        enum risk_level level = (enum risk_level)i;
        assert_int_equal(risk_level_named(str_of(risk_level_name(level))), i);
        assert_string_not_equal(risk_level_words(level, LANG_EN), risk_level_words(level, LANG_ZH));
        assert_true(strlen(risk_level_rule(level, LANG_ZH)) > 0);
    }
    for (int i = 0; i < RISK_CATEGORIES; i++) {
        enum risk_category category = (enum risk_category)i;
        assert_int_equal(risk_category_named(str_of(risk_category_name(category))), i);
        assert_non_null(risk_category_words(category, LANG_ZH));
    }
    for (int i = 0; i < RISK_STATES; i++) {
        assert_int_equal((enum risk_state)machine_named(risk_machine.states,
                                                        str_of(risk_machine.states.at[i].name)),
                         i);
        assert_non_null(machine_words(risk_machine.states, i, LANG_ZH));
    }
    for (int i = 0; i < RISK_ACTS; i++) {
        assert_int_equal(
            (enum risk_act)machine_named(risk_machine.acts, str_of(risk_machine.acts.at[i].name)),
            i);
        assert_non_null(machine_words(risk_machine.acts, (enum risk_act)i, LANG_ZH));
    }
    for (int i = 0; i < RISK_WHOS; i++)
        assert_non_null(machine_words(risk_machine.whos, i, LANG_EN));
    for (int i = 0; i < (int)RISK_NEEDS_COUNT; i++)
        assert_non_null(machine_words(risk_machine.needs, i, LANG_ZH));
    for (int i = 0; i < RISK_SCALE; i++)
        assert_true(risk_likelihoods[i].how_zh && risk_impacts[i].how_en);
    assert_int_equal(risk_level_named(STR("huge")), RISK_NO_LEVEL);
    assert_int_equal(risk_category_named(STR("")), RISK_CATEGORIES);
    assert_int_equal((enum risk_act)machine_named(risk_machine.acts, STR("delete")), RISK_ACTS);
}

static void every_state_is_reached_and_leads_on(void **state)
{
    unsigned reached = MACHINE_BIT(RISK_NONE);
    (void)state;
    for (int round = 0; round < RISK_STATES; round++)
        for (int i = 0; i < RISK_ACTS; i++)
            if (risk_machine.rules[i].from & reached)
                reached |= MACHINE_BIT(risk_machine.rules[i].to);
    assert_int_equal(reached, (1U << RISK_STATES) - 1);
    for (int s = 0; s < RISK_STATES; s++) {
        unsigned ways = 0;
        for (int i = 0; i < RISK_ACTS; i++)
            ways += risk_machine.rules[i].from >> s & 1U && risk_machine.rules[i].to != RISK_NONE;
        assert_true(ways > 0);
    }
}

static void an_act_is_refused_by_state_then_person_then_what_is_lacking(void **state)
{
    static const struct {
        enum risk_state at;
        enum risk_act act;
        struct machine_facts facts;
        enum status status;
        const char *says;
    } cases[] = {
        {RISK_NONE, RISK_ENTER, {ALL, ALL}, STATUS_OK, ""},
        {RISK_NONE, RISK_REPORT, {ALL, ALL}, STATUS_CONFLICT, "not assessed"},
        {RISK_NONE, RISK_ENTER, {0, ALL}, STATUS_CONFLICT, "likelihood"},
        {RISK_ASSESSED, RISK_DISPOSE, {0, ALL}, STATUS_CONFLICT, "one measure"},
        {RISK_ASSESSED,
         RISK_ACCEPT,
         {ALL & ~(unsigned)RISK_NEEDS_BEARABLE, ALL},
         STATUS_CONFLICT,
         "below the highest"},
        {RISK_DISPOSING, RISK_ACCEPT, {ALL, ALL}, STATUS_CONFLICT, "being disposed of"},
        {RISK_REPORTED, RISK_JUDGE, {ALL, 1U << RISK_WHO_HOLDER}, STATUS_FORBIDDEN, "inspector"},
        {RISK_JUDGED, RISK_ACCEPT, {ALL, 1U << RISK_WHO_CHECKER}, STATUS_FORBIDDEN, "keeps"},
        {RISK_CLOSED, RISK_CLOSE, {ALL, ALL}, STATUS_CONFLICT, "gone"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        assert_int_equal(
            machine_allow(&risk_machine, cases[i].at, cases[i].act, cases[i].facts, &err),
            cases[i].status);
        if (!strstr(err.en, cases[i].says))
            fail_msg("case %zu says: %s", i, err.en);
    }
}

/* Nine people: 0 to 2 keep the ledger, 3 and 4 inspect, 5 to 8 answer for the risk; 0 does both. */
static unsigned stand(int person, int told_by)
{
    bool keeps = person <= 2;
    bool holds = person == 0 || person >= 5;
    bool apart = !holds && person != told_by;
    return (unsigned)(holds || keeps) << RISK_WHO_HOLDER |
           (unsigned)(holds || keeps) << RISK_WHO_WORKER |
           (unsigned)(apart && (keeps || person == 3 || person == 4)) << RISK_WHO_CHECKER |
           (unsigned)(apart && keeps) << RISK_WHO_BEARER;
}

static void no_order_of_acts_bears_a_risk_that_another_has_not_looked_at(void **state)
{
    enum risk_state at = RISK_NONE;
    int told_by = -1;
    int judged_by = -1;
    size_t borne = 0;
    (void)state;
    srandom(37);
    for (int i = 0; i < 200000; i++) {
        enum risk_act act = (enum risk_act)(random() % RISK_ACTS);
        int person = (int)(random() % 9);
        struct machine_facts facts = {(unsigned)random(), stand(person, told_by)};
        if (machine_allow(&risk_machine, at, act, facts, NULL))
            continue;
        if (act == RISK_REPORT)
            told_by = person, judged_by = -1;
        if (act == RISK_JUDGE)
            judged_by = person;
        if (act == RISK_ACCEPT || act == RISK_CLOSE) {
            borne++;
            assert_true(person == 1 || person == 2);
            assert_true(at != RISK_JUDGED || (judged_by >= 1 && judged_by <= 4));
            assert_true(act != RISK_ACCEPT || facts.met & RISK_NEEDS_BEARABLE);
        }
        if (risk_machine.rules[act].to != RISK_NONE)
            at = (enum risk_state)risk_machine.rules[act].to;
    }
    assert_true(borne > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matrix_is_the_published_one_at_its_corners_and_turns),
        cmocka_unit_test(no_step_up_either_scale_lowers_a_level_and_every_level_occurs),
        cmocka_unit_test(every_name_is_read_back_and_has_words_in_both_languages),
        cmocka_unit_test(every_state_is_reached_and_leads_on),
        cmocka_unit_test(an_act_is_refused_by_state_then_person_then_what_is_lacking),
        cmocka_unit_test(no_order_of_acts_bears_a_risk_that_another_has_not_looked_at),
    };
    return cmocka_run_group_tests_name("risk", tests, NULL, NULL);
}
