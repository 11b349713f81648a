/* The machines of projects and their watches: the tables hold together, and say what people may count on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/project.h"

#define ALL  (~0U)
#define KEEP (1U << PROJECT_WHO_KEEPER)

static void the_tables_have_a_row_for_every_act_and_words_for_everything(void **state)
{
    (void)state;
    for (int i = 0; i < PROJECT_ACTS; i++) {
        const char *name = project_act_name((enum project_act)i);
        assert_int_not_equal(project_rules[i].from, 0); /* a row for every act */
        assert_int_equal(project_act_named(str_of(name)), i);
        assert_string_not_equal(project_act_words((enum project_act)i, LANG_ZH), name);
    }
    for (int i = 0; i < WATCH_ACTS; i++) {
        assert_int_not_equal(watch_rules[i].from, 0); /* a row for every act */
        assert_int_equal(watch_act_named(str_of(watch_act_name((enum watch_act)i))), i);
        assert_non_null(watch_act_words((enum watch_act)i, LANG_EN));
    }
    for (int i = 0; i < PROJECT_STATES; i++)
        assert_int_equal(project_state_named(str_of(project_state_name((enum project_state)i))), i);
    for (int i = 0; i < WATCH_STATES; i++)
        assert_int_equal(watch_state_named(str_of(watch_state_name((enum watch_state)i))), i);
    for (int i = 0; i < WATCHES; i++)
        assert_int_equal(watch_named(str_of(watch_kinds[i].name)), i);
    assert_int_equal(watch_named(STR("")), WATCHES);
    assert_int_equal(project_act_named(STR("delete")), PROJECT_ACTS);
    for (int i = 0; i < PROJECT_WHOS; i++)
        assert_non_null(project_who_words((enum project_who)i, LANG_ZH));
    for (unsigned bit = 0; bit < PROJECT_NEEDS_COUNT; bit++)
        assert_non_null(project_needs_words(1U << bit, LANG_EN));
}

static void every_state_of_a_project_is_reached_and_none_is_a_trap(void **state)
{
    (void)state;
    unsigned reached = 1U << PROJECT_NONE;
    for (int round = 0; round < PROJECT_STATES; round++)
        for (int i = 0; i < PROJECT_ACTS; i++)
            if (project_rules[i].from & reached)
                reached |= 1U << project_rules[i].to;
    assert_int_equal(reached, (1U << PROJECT_STATES) - 1);
    for (int s = 0; s < PROJECT_STATES; s++) {
        unsigned ways = 0;
        for (int i = 0; i < PROJECT_ACTS; i++)
            ways += project_rules[i].from >> s & 1U && project_rules[i].to != PROJECT_NONE;
        assert_true(ways > 0);
    }
}

static void what_goes_back_or_out_needs_a_reason(void **state)
{
    (void)state;
    static const enum project_act acts[] = {PROJECT_ACT_DECLINE,  PROJECT_ACT_SUSPEND,
                                            PROJECT_ACT_WITHDRAW, PROJECT_ACT_RENEW,
                                            PROJECT_ACT_RESUME,   PROJECT_ACT_REOPEN};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        assert_true(project_rules[acts[i]].needs & PROJECT_NEEDS_WORDS);
    assert_true(watch_rules[WATCH_ACT_RETURN].needs & PROJECT_NEEDS_WORDS);
    assert_true(watch_rules[WATCH_ACT_WAIVE].needs & PROJECT_NEEDS_WORDS);
}

static void an_act_is_refused_by_state_then_person_then_what_is_lacking(void **state)
{
    (void)state;
    static const struct {
        enum project_state at;
        enum project_act act;
        struct machine_facts facts;
        enum status status;
        const char *says;
    } cases[] = {
        {PROJECT_PROPOSED, PROJECT_ACT_ADMIT, {ALL, ALL}, STATUS_OK, ""},
        {PROJECT_ACTIVE, PROJECT_ACT_ADMIT, {ALL, ALL}, STATUS_CONFLICT, "under way"},
        {PROJECT_PROPOSED, PROJECT_ACT_ADMIT, {ALL, KEEP}, STATUS_FORBIDDEN, "neither proposed"},
        {PROJECT_PROPOSED,
         PROJECT_ACT_ADMIT,
         {ALL & ~(unsigned)PROJECT_NEEDS_SCORES, ALL},
         STATUS_CONFLICT,
         "criterion"},
        {PROJECT_PROPOSED, PROJECT_ACT_START, {ALL, ALL}, STATUS_CONFLICT, "proposed"},
        {PROJECT_ACTIVE, PROJECT_ACT_FINISH, {0, ALL}, STATUS_CONFLICT, "five watches"},
        {PROJECT_ACTIVE, PROJECT_ACT_SUSPEND, {0, KEEP}, STATUS_CONFLICT, "reason"},
        {PROJECT_FINISHED, PROJECT_ACT_WITHDRAW, {ALL, ALL}, STATUS_CONFLICT, "finished"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        assert_int_equal(project_allow(cases[i].at, cases[i].act, cases[i].facts, &err),
                         cases[i].status);
        if (!strstr(err.en, cases[i].says))
            fail_msg("case %zu says: %s", i, err.en);
    }
}

static void a_watch_is_reported_with_evidence_and_passed_by_another(void **state)
{
    (void)state;
    unsigned lead = 1U << PROJECT_WHO_LEAD;
    unsigned checker = 1U << PROJECT_WHO_CHECKER;
    unsigned enough = PROJECT_NEEDS_DAY | PROJECT_NEEDS_MET | PROJECT_NEEDS_EVIDENCE;
    for (unsigned met = 0; met < 1U << PROJECT_NEEDS_COUNT; met++)
        assert_int_equal(
            !watch_allow(WATCH_OPEN, WATCH_ACT_REPORT, (struct machine_facts){met, lead}, NULL),
            (met & enough) == enough);
    assert_int_equal(
        watch_allow(WATCH_REPORTED, WATCH_ACT_PASS, (struct machine_facts){ALL, lead}, NULL),
        STATUS_FORBIDDEN);
    assert_int_equal(
        watch_allow(WATCH_REPORTED, WATCH_ACT_PASS, (struct machine_facts){ALL, checker}, NULL),
        STATUS_OK);
    assert_int_equal(
        watch_allow(WATCH_OPEN, WATCH_ACT_PASS, (struct machine_facts){ALL, ALL}, NULL),
        STATUS_CONFLICT);
}

static bool settled(enum watch_state s)
{
    return s == WATCH_PASSED || s == WATCH_WAIVED;
}

/* Random people pass and reopen watches wherever the rules allow it. */
static void no_order_of_acts_passes_a_watch_before_those_it_stands_on(void **state)
{
    (void)state;
    srandom(11);
    size_t finished = 0;
    enum watch_state at[WATCHES] = {WATCH_OPEN, WATCH_OPEN, WATCH_OPEN, WATCH_OPEN, WATCH_OPEN};
    for (int round = 0; round < 40000; round++) {
        enum watch w = (enum watch)(random() % WATCHES);
        enum watch_act act = (enum watch_act)(random() % WATCH_ACTS);
        unsigned others = PROJECT_NEEDS_BEFORE | PROJECT_NEEDS_UNUSED | PROJECT_NEEDS_WATCHES;
        struct machine_facts facts = {(ALL & ~others) | watch_needs_met(at, w), ALL};
        if (act == WATCH_ACT_WAIVE && random() % 20)
            continue;
        if (!watch_allow(at[w], act, facts, NULL) && watch_rules[act].to != WATCH_NONE)
            at[w] = watch_rules[act].to;
        for (int i = 0; i < WATCHES; i++)
            for (int j = 0; j < WATCHES; j++)
                if (at[i] == WATCH_PASSED && watch_kinds[i].before & WATCH_BIT(j))
                    assert_true(settled(at[j]));
        bool all = true;
        for (int i = 0; i < WATCHES; i++)
            all &= settled(at[i]);
        assert_int_equal(all, (watch_needs_met(at, w) & PROJECT_NEEDS_WATCHES) != 0);
        finished += all;
    }
    assert_true(finished > 100);
}

static void a_watch_stands_only_on_earlier_ones(void **state)
{
    (void)state;
    for (int i = 0; i < WATCHES; i++) {
        assert_true(watch_kinds[i].before < WATCH_BIT(i));
        assert_non_null(watch_kinds[i].conditions[0].zh);
    }
    assert_int_equal(watch_kinds[WATCH_OPENING].before,
                     WATCH_BIT(WATCH_PROGRESS) | WATCH_BIT(WATCH_SUPPORT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_have_a_row_for_every_act_and_words_for_everything),
        cmocka_unit_test(every_state_of_a_project_is_reached_and_none_is_a_trap),
        cmocka_unit_test(what_goes_back_or_out_needs_a_reason),
        cmocka_unit_test(an_act_is_refused_by_state_then_person_then_what_is_lacking),
        cmocka_unit_test(a_watch_is_reported_with_evidence_and_passed_by_another),
        cmocka_unit_test(no_order_of_acts_passes_a_watch_before_those_it_stands_on),
        cmocka_unit_test(a_watch_stands_only_on_earlier_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
