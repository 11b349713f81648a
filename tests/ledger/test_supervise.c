/* The machine of supervision: the table holds together, nobody checks their own work whatever the order of acts, and
 * feedback falls on working days. */
#include "day_case.h"

#include <string.h>

#include "base/calendar.h"
#include "ledger/supervise.h"

#define ALL (~0U)

static void the_table_has_a_row_for_every_act_and_words_for_everything(void **state)
{
    (void)state;
    for (int i = 0; i < SUPERVISE_ACTS; i++) {
        const char *name = supervise_act_name((enum supervise_act)i);
        assert_int_not_equal(supervise_rules[i].from, 0); /* a row for every act */
        assert_int_equal(supervise_act_named(str_of(name)), i);
        assert_string_not_equal(supervise_act_words((enum supervise_act)i, LANG_ZH), name);
    }
    for (int i = 0; i < SUPERVISE_STATES; i++)
        assert_int_equal(
            supervise_state_named(str_of(supervise_state_name((enum supervise_state)i))), i);
    for (int i = 0; i < RHYTHMS; i++)
        assert_int_equal(rhythm_named(str_of(rhythm_name((enum rhythm)i))), i);
    for (int i = 0; i < SUPERVISE_WHOS; i++)
        assert_non_null(supervise_who_words((enum supervise_who)i, LANG_EN));
    for (unsigned bit = 0; bit < SUPERVISE_NEEDS_COUNT; bit++)
        assert_non_null(supervise_needs_words(1U << bit, LANG_ZH));
    assert_int_equal(supervise_act_named(STR("delete")), SUPERVISE_ACTS);
    assert_int_equal(rhythm_named(STR("")), RHYTHMS);
}

static void every_state_is_reached_and_leads_on(void **state)
{
    unsigned reached = SUPERVISE_BIT(SUPERVISE_NONE);
    (void)state;
    for (int round = 0; round < SUPERVISE_STATES; round++)
        for (int i = 0; i < SUPERVISE_ACTS; i++)
            if (supervise_rules[i].from & reached)
                reached |= SUPERVISE_BIT(supervise_rules[i].to);
    assert_int_equal(reached, (1U << SUPERVISE_STATES) - 1);
    for (int s = 0; s < SUPERVISE_STATES; s++) {
        unsigned ways = 0;
        for (int i = 0; i < SUPERVISE_ACTS; i++)
            ways += supervise_rules[i].from >> s & 1U && supervise_rules[i].to != SUPERVISE_NONE;
        assert_true(ways > 0);
    }
}

static void an_act_is_refused_by_state_then_person_then_what_is_lacking(void **state)
{
    static const struct {
        enum supervise_state at;
        enum supervise_act act;
        struct machine_facts facts;
        enum status status;
        const char *says;
    } cases[] = {
        {SUPERVISE_NONE, SUPERVISE_ENTER, {ALL, ALL}, STATUS_OK, ""},
        {SUPERVISE_NONE, SUPERVISE_ASSIGN, {ALL, ALL}, STATUS_CONFLICT, "not under supervision"},
        {SUPERVISE_NONE,
         SUPERVISE_ENTER,
         {ALL & ~(unsigned)SUPERVISE_NEEDS_DUE, ALL},
         STATUS_CONFLICT,
         "last day"},
        {SUPERVISE_ASSIGNED,
         SUPERVISE_SIGN,
         {ALL, 1U << SUPERVISE_WHO_KEEPER},
         STATUS_FORBIDDEN,
         "its lead"},
        {SUPERVISE_WORKING,
         SUPERVISE_REPORT,
         {SUPERVISE_NEEDS_WORDS | SUPERVISE_NEEDS_PARTS, ALL},
         STATUS_CONFLICT,
         "evidence"},
        {SUPERVISE_REPORTED,
         SUPERVISE_PASS,
         {ALL, 1U << SUPERVISE_WHO_HOLDER},
         STATUS_FORBIDDEN,
         "inspector"},
        {SUPERVISE_REPORTED, SUPERVISE_STRIKE, {ALL, ALL}, STATUS_CONFLICT, "to be checked"},
        {SUPERVISE_STRUCK, SUPERVISE_DROP, {ALL, ALL}, STATUS_CONFLICT, "struck off"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        assert_int_equal(supervise_allow(cases[i].at, cases[i].act, cases[i].facts, &err),
                         cases[i].status);
        if (!strstr(err.en, cases[i].says))
            fail_msg("case %zu says: %s", i, err.en);
    }
}

/* Nine people: 0 to 2 keep the ledger, 3 and 4 inspect, 5 to 8 answer for the line; 0 does both. */
static unsigned stand(int person, int told_by)
{
    bool keeps = person <= 2;
    bool holds = person == 0 || person >= 5;
    bool apart = !holds && person != told_by;
    return (unsigned)keeps << SUPERVISE_WHO_KEEPER | (unsigned)holds << SUPERVISE_WHO_HOLDER |
           (unsigned)holds << SUPERVISE_WHO_WORKER |
           (unsigned)(keeps || holds) << SUPERVISE_WHO_GIVER |
           (unsigned)(person == 8) << SUPERVISE_WHO_PARTNER |
           (unsigned)(apart && (keeps || person == 3 || person == 4)) << SUPERVISE_WHO_CHECKER |
           (unsigned)(apart && keeps) << SUPERVISE_WHO_STRIKER;
}

static void no_order_of_acts_strikes_off_what_no_other_has_checked(void **state)
{
    enum supervise_state at = SUPERVISE_NONE;
    int told_by = -1;
    int checked_by = -1;
    size_t struck = 0;
    (void)state;
    srandom(29);
    for (int i = 0; i < 200000; i++) {
        enum supervise_act act = (enum supervise_act)(random() % SUPERVISE_ACTS);
        int person = (int)(random() % 9);
        struct machine_facts facts = {(unsigned)random(), stand(person, told_by)};
        if (act == SUPERVISE_DROP && random() % 20)
            continue;
        if (supervise_allow(at, act, facts, NULL))
            continue;
        assert_int_equal(supervise_rules[act].needs & ~facts.met, 0);
        if (act == SUPERVISE_REPORT)
            told_by = person, checked_by = -1;
        if (act == SUPERVISE_PASS)
            checked_by = person;
        if (act == SUPERVISE_STRIKE) {
            struck++;
            assert_true(checked_by >= 0 && checked_by != told_by);
            assert_true(checked_by >= 1 && checked_by <= 4); /* nobody who answers for it */
        }
        if (supervise_rules[act].to != SUPERVISE_NONE)
            at = supervise_rules[act].to;
    }
    assert_true(struck > 100);
}

static void feedback_is_due_on_the_last_working_day_of_its_period(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *china = load(arena, "china");
    static const struct {
        enum rhythm rhythm;
        const char *since;
        int n;
        const char *due;
    } cases[] = {
        {RHYTHM_WEEKLY, "2026-11-23", 1, "2026-11-27"},
        {RHYTHM_WEEKLY, "2026-11-27", 1, "2026-12-04"}, /* signed for on a Friday: the next */
        {RHYTHM_WEEKLY, "2026-12-21", 2, "2027-01-01"}, /* a year not known yet */
        {RHYTHM_WEEKLY, "2026-09-21", 1, "2026-09-24"}, /* the Friday is free */
        {RHYTHM_WEEKLY, "2026-09-21", 2, "2026-09-30"}, /* and so is the next, up to the 7th */
        {RHYTHM_WEEKLY, "2026-02-09", 2, "2026-02-14"}, /* a Saturday that is worked */
        {RHYTHM_FORTNIGHTLY, "2026-11-02", 1, "2026-11-13"},
        {RHYTHM_FORTNIGHTLY, "2026-11-02", 2, "2026-11-27"},
        {RHYTHM_MONTHLY, "2026-01-05", 1, "2026-01-30"},
        {RHYTHM_MONTHLY, "2026-01-05", 2, "2026-02-28"},
        {RHYTHM_MONTHLY, "2026-12-31", 1, "2027-01-29"},
        {RHYTHM_QUARTERLY, "2025-12-31", 1, "2026-03-31"},
        {RHYTHM_QUARTERLY, "2026-05-06", 1, "2026-06-30"},
        {RHYTHM_QUARTERLY, "2026-05-06", 3, "2026-12-31"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t due = rhythm_day(cases[i].rhythm, china, day(cases[i].since), cases[i].n);
        if (due != day(cases[i].due))
            fail_msg("case %zu: %s", i, str_z(arena, calendar_day_text(arena, due)));
    }
    assert_int_equal(rhythm_day(RHYTHM_NONE, china, 20000, 3), 0);
    assert_int_equal(rhythm_last_day(RHYTHM_NONE, china, 20000, 30000), 0);
    arena_free(arena);
}

static void days_of_feedback_grow_and_are_worked_whatever_the_rhythm(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *calendars[] = {load(arena, "china"), load(arena, "weekdays")};
    (void)state;
    srandom(31);
    for (int i = 0; i < 400; i++) {
        const struct workdays *c = calendars[i % 2];
        enum rhythm rhythm = (enum rhythm)(RHYTHM_WEEKLY + random() % (RHYTHMS - 1));
        int64_t since = day("2024-01-01") + random() % 1500;
        int64_t last = since;
        for (int n = 1; n < 30; n++) {
            int64_t due = rhythm_day(rhythm, c, since, n);
            assert_true(due > last && workday_is(c, due));
            assert_true(due - last <= 31 * 6);
            assert_int_equal(rhythm_last_day(rhythm, c, since, due), due);
            assert_int_equal(rhythm_last_day(rhythm, c, since, due - 1), n == 1 ? 0 : last);
            assert_int_equal(rhythm_next_day(rhythm, c, since, due - 1), due);
            last = due;
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_a_row_for_every_act_and_words_for_everything),
        cmocka_unit_test(every_state_is_reached_and_leads_on),
        cmocka_unit_test(an_act_is_refused_by_state_then_person_then_what_is_lacking),
        cmocka_unit_test(no_order_of_acts_strikes_off_what_no_other_has_checked),
        cmocka_unit_test(feedback_is_due_on_the_last_working_day_of_its_period),
        cmocka_unit_test(days_of_feedback_grow_and_are_worked_whatever_the_rhythm),
    };
    return cmocka_run_group_tests_name("supervise", tests, NULL, NULL);
}
