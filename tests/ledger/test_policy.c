/* Policies: the two machines hold together, what is pointed out follows its rules whatever the numbers, SQL says the same,
 * and a policy fits a line by the words that both have. */
#include "day_case.h"

#include <string.h>

#include "ledger/fit.h"
#include "ledger/leaflet.h"
#include "ledger/may.h"
#include "ledger/uptake.h"

#define ALL (~0U)

static int64_t draw(uint64_t *seed, int64_t most)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*seed >> 33) % (uint64_t)(most + 1));
}

/* --- the machines --------------------------------------------------------------------------------- */

static void check_names(struct machine_terms terms)
{
    for (int i = 0; i < terms.count; i++) {
        assert_int_equal(machine_named(terms, str_of(terms.at[i].name)), i);
        assert_string_not_equal(machine_words(terms, i, LANG_ZH), terms.at[i].name);
    }
    assert_int_equal(machine_named(terms, STR("delete")), terms.count);
}

static void check_reached(const struct machine *m)
{
    unsigned reached = MACHINE_BIT(0);
    for (int round = 0; round < m->states.count; round++)
        for (int i = 0; i < m->acts.count; i++)
            if (m->rules[i].from & reached)
                reached |= MACHINE_BIT(m->rules[i].to);
    assert_int_equal(reached, (1U << m->states.count) - 1);
}

static void every_state_is_reached_and_every_word_has_a_name_of_its_own(void **state)
{
    const struct machine *machines[] = {&policy_machine, &leaflet_machine};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        check_names(machines[i]->states);
        check_names(machines[i]->acts);
        check_reached(machines[i]);
    }
    check_names(policy_routes);
    for (int i = 0; i < POLICY_FACETS; i++)
        assert_int_equal(policy_facet_named(str_of(policy_facet_name((enum policy_facet)i))), i);
    for (int i = 0; i < UPTAKE_FLAGS; i++) {
        assert_int_equal(uptake_flag_named(str_of(uptake_flag_name((enum uptake_flag)i))), i);
        assert_non_null(strchr(uptake_flag_rule((enum uptake_flag)i, LANG_EN), '.'));
    }
}

static void each_route_has_steps_of_its_own_with_limits(void **state)
{
    (void)state;
    for (int i = 0; i < POLICY_ROUTES; i++) {
        size_t count = 0;
        const struct policy_step *steps = policy_steps((enum policy_route)i, &count);
        assert_in_range(count, 3, POLICY_STEPS_MAX);
        for (size_t k = 0; k < count; k++)
            assert_in_range(steps[k].days, 1, 250);
        for (int other = 0; other < i; other++)
            assert_string_not_equal(steps[0].en,
                                    policy_steps((enum policy_route)other, &count)->en);
    }
}

static void an_act_is_refused_by_state_then_person_then_what_is_lacking(void **state)
{
    static const struct {
        const struct machine *machine;
        int at, act;
        struct machine_facts facts;
        enum status status;
        const char *says;
    } cases[] = {
        {&policy_machine, POLICY_NONE, POLICY_ACT_LIST, {0, ALL}, STATUS_OK, ""},
        {&policy_machine, POLICY_NONE, POLICY_ACT_START, {ALL, ALL}, STATUS_CONFLICT, "not in the"},
        {&policy_machine,
         POLICY_LISTED,
         POLICY_ACT_START,
         {POLICY_NEEDS_DUE, ALL},
         STATUS_CONFLICT,
         "unit or a lead"},
        {&policy_machine,
         POLICY_UNDERWAY,
         POLICY_ACT_ENACT,
         {ALL & ~(unsigned)POLICY_NEEDS_STEPS, ALL},
         STATUS_CONFLICT,
         "steps"},
        {&policy_machine,
         POLICY_UNDERWAY,
         POLICY_ACT_ENACT,
         {ALL, MACHINE_BIT(POLICY_WHO_HOLDER)},
         STATUS_FORBIDDEN,
         "who keeps"},
        {&policy_machine,
         POLICY_IN_FORCE,
         POLICY_ACT_DROP,
         {ALL, ALL},
         STATUS_CONFLICT,
         "in force"},
        {&policy_machine, POLICY_IN_FORCE, POLICY_ACT_END, {0, ALL}, STATUS_CONFLICT, "reason"},
        {&leaflet_machine, LEAFLET_DRAFT, LEAFLET_ACT_SHOW, {ALL, ALL}, STATUS_CONFLICT, "written"},
        {&leaflet_machine,
         LEAFLET_ASKED,
         LEAFLET_ACT_SHOW,
         {ALL, ALL & ~MACHINE_BIT(POLICY_WHO_CHECKER)},
         STATUS_FORBIDDEN,
         "not who wrote it"},
        {&leaflet_machine,
         LEAFLET_ASKED,
         LEAFLET_ACT_SHOW,
         {POLICY_NEEDS_WHOLE, ALL},
         STATUS_CONFLICT,
         "in force"},
        {&leaflet_machine, LEAFLET_ASKED, LEAFLET_ACT_SHOW, {ALL, ALL}, STATUS_OK, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        enum status status =
            machine_allow(cases[i].machine, cases[i].at, cases[i].act, cases[i].facts, &err);
        if (status != cases[i].status || !strstr(err.en, cases[i].says))
            fail_msg("case %zu: %d, %s", i, status, err.en);
    }
}

/* Whatever somebody is, they never look at what they wrote themselves. */
static void nobody_checks_what_they_wrote(void **state)
{
    (void)state;
    for (unsigned is = 0; is < 128; is++) {
        unsigned other = policy_stand(is, false);
        assert_int_equal(policy_stand(is, true) | MACHINE_BIT(POLICY_WHO_CHECKER),
                         other | MACHINE_BIT(POLICY_WHO_CHECKER));
        assert_false(policy_stand(is, true) & MACHINE_BIT(POLICY_WHO_CHECKER));
        if (!ledger_may(is, LEDGER_SEE))
            assert_int_equal(other, 0);
    }
}

/* --- leaflets ------------------------------------------------------------------------------------- */

static void a_leaflet_is_whole_with_all_but_its_source_and_shown_in_the_readers_language(
    void **state)
{
    struct leaflet l = {0};
    (void)state;
    assert_false(leaflet_has(&l, LANG_EN));
    assert_int_equal(leaflet_lang(&l, LANG_EN), LANG_EN);
    for (int i = 0; i < LEAFLET_PARTS; i++) {
        assert_int_equal(leaflet_is_whole(&l, LANG_ZH), i >= LEAFLET_SOURCE);
        l.texts[LANG_ZH][i] = i == LEAFLET_SOURCE ? STR("  ") : STR("内容");
        assert_true(leaflet_has(&l, LANG_ZH));
    }
    assert_true(leaflet_is_whole(&l, LANG_ZH));
    assert_int_equal(leaflet_lang(&l, LANG_EN), LANG_ZH);
    l.texts[LANG_EN][LEAFLET_TITLE] = STR("Only a title");
    assert_int_equal(leaflet_lang(&l, LANG_EN), LANG_ZH);
    for (int i = 0; i < LEAFLET_PARTS; i++)
        l.texts[LANG_EN][i] = STR("words");
    assert_int_equal(leaflet_lang(&l, LANG_EN), LANG_EN);
}

/* --- what is pointed out -------------------------------------------------------------------------- */

#define F(flag) (1U << UPTAKE_##flag)

static void what_is_pointed_out_follows_its_rules_to_the_day(void **state)
{
    static const struct {
        const char *from, *until, *today;
        int64_t claimed, granted, hoped;
        const char *hoped_day, *last_month;
        bool told;
        unsigned flags;
    } cases[] = {
        {"2026-01-01", NULL, "2026-01-14", 0, 0, 0, NULL, NULL, false, 0},
        {"2026-01-01", NULL, "2026-01-15", 0, 0, 0, NULL, NULL, false, F(UNTOLD)},
        {"2026-01-01", NULL, "2026-01-15", 0, 0, 0, NULL, NULL, true, 0},
        /* January's figures are due by 10 February. */
        {"2026-01-01", NULL, "2026-02-10", 0, 0, 0, NULL, NULL, true, 0},
        {"2026-01-01", NULL, "2026-02-11", 0, 0, 0, NULL, NULL, true, F(SILENT)},
        {"2026-01-31", NULL, "2026-02-11", 0, 0, 0, NULL, NULL, true, F(SILENT)},
        {"2026-02-01", NULL, "2026-02-11", 0, 0, 0, NULL, NULL, true, 0},
        {"2026-01-01", NULL, "2026-02-11", 0, 0, 0, NULL, "2026-01-01", true, 0},
        /* 1 January and 59 days is 1 March. */
        {"2026-01-01", NULL, "2026-03-01", 0, 0, 0, NULL, "2026-01-01", true, 0},
        {"2026-01-01", NULL, "2026-03-02", 0, 0, 0, NULL, "2026-01-01", true, F(UNCLAIMED)},
        {"2026-01-01", NULL, "2026-03-02", 1, 0, 0, NULL, "2026-01-01", true, 0},
        /* Its last day counts. */
        {"2026-01-01", "2026-06-30", "2026-04-30", 1, 0, 0, NULL, "2026-03-01", true, 0},
        {"2026-01-01", "2026-06-30", "2026-05-01", 1, 0, 0, NULL, "2026-03-01", true, F(ENDING)},
        {"2026-01-01", "2026-06-30", "2026-06-30", 1, 0, 0, NULL, "2026-05-01", true, F(ENDING)},
        {"2026-01-01", "2026-06-30", "2026-07-01", 1, 0, 0, NULL, "2026-05-01", true, F(PAST)},
        /* Half of the time, 30 of 100: 20 points behind; 31 is not. */
        {"2026-01-01", NULL, "2026-01-11", 40, 30, 100, "2026-01-21", NULL, true, F(BEHIND)},
        {"2026-01-01", NULL, "2026-01-11", 40, 31, 100, "2026-01-21", NULL, true, 0},
        {"2026-01-01", NULL, "2026-01-22", 80, 80, 100, "2026-01-21", NULL, true, F(BEHIND)},
        {"2026-01-01", NULL, "2026-01-22", 81, 81, 100, "2026-01-21", NULL, true, 0},
        /* Its first day is still to come. */
        {"2026-03-01", NULL, "2026-01-22", 0, 0, 100, "2026-12-31", NULL, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t last = cases[i].last_month ? uptake_month_due(day(cases[i].last_month) + 41) : 0;
        struct uptake_facts f = {
            .state = POLICY_IN_FORCE,
            .from_day = day(cases[i].from),
            .until_day = day(cases[i].until),
            .claimed = cases[i].claimed,
            .granted = cases[i].granted,
            .hoped_granted = cases[i].hoped,
            .hoped_day = day(cases[i].hoped_day),
            .last_month = last,
            .told = cases[i].told,
        };
        unsigned flags = uptake_flags(&f, day(cases[i].today));
        if (flags != cases[i].flags)
            fail_msg("case %zu: %x", i, flags);
        f.state = POLICY_UNDERWAY;
        assert_int_equal(uptake_flags(&f, day(cases[i].today)), 0);
    }
}

static struct uptake_facts any_policy(uint64_t *seed)
{
    int64_t from = 20000 + draw(seed, 400);
    bool hopes = draw(seed, 2);
    return (struct uptake_facts){
        .state = draw(seed, 5) ? POLICY_IN_FORCE : (enum policy_state)(1 + draw(seed, 4)),
        .from_day = from,
        .until_day = draw(seed, 1) ? from + draw(seed, 400) : 0,
        .claimed = draw(seed, 2) * draw(seed, 300),
        .granted = draw(seed, 250),
        .hoped_granted = hopes ? 1 + draw(seed, 300) : 0,
        .hoped_day = hopes ? from + 1 + draw(seed, 400) : 0,
        .last_month = draw(seed, 3) ? 2024 * 12 + draw(seed, 24) : 0,
        .told = draw(seed, 1),
    };
}

/* Use never makes it worse, and time alone never better, until the last day is past. */
static void more_use_takes_flags_away_and_time_alone_adds_them(void **state)
{
    const unsigned by_use = F(UNCLAIMED) | F(BEHIND);
    uint64_t seed = 11;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        struct uptake_facts f = any_policy(&seed);
        int64_t today = 20000 + draw(&seed, 900);
        unsigned before = uptake_flags(&f, today);
        assert_int_equal(before & ~uptake_flags(&f, today + 1) & ~F(ENDING), 0);
        assert_false((before & F(PAST)) && (before & F(ENDING)));
        f.claimed++;
        f.granted++;
        assert_int_equal(uptake_flags(&f, today) & by_use & ~before, 0);
        assert_int_equal(uptake_flags(&f, today) & ~by_use, before & ~by_use);
    }
}

static void what_was_hoped_for_comes_evenly_and_shares_round_down(void **state)
{
    uint64_t seed = 12;
    (void)state;
    assert_int_equal(uptake_share(1, 3), 33);
    assert_int_equal(uptake_share(7, 5), 140);
    assert_int_equal(uptake_share(5, 0), UPTAKE_NONE);
    for (int i = 0; i < 2000; i++) {
        int64_t from = draw(&seed, 1000);
        int64_t by = from + 1 + draw(&seed, 500);
        int64_t last = 0;
        for (int64_t today = from - 3; today <= by + 3; today++) {
            int64_t planned = uptake_planned(from, by, today);
            assert_in_range(planned, last, 100);
            last = planned;
        }
        assert_int_equal(uptake_planned(from, by, from), 0);
        assert_int_equal(uptake_planned(from, by, by), 100);
    }
}

/* A row of policy with the facts, and a leaflet where it is told of. */
static void keep(struct ledger_case *c, int64_t id, const struct uptake_facts *f)
{
    struct query *q = query_start(
        c->store, "INSERT INTO line (id, key, kind, number, title, created_ms, changed_ms)"
                  " VALUES (?1, 'p' || ?1, 'policy', 'Y' || ?1, 'Any', 1, 1)");
    query_bind_int(q, 1, id);
    (void)query_row(q);
    must(c, query_end(q, &c->err));
    q = query_start(c->store, "INSERT INTO policy (line, route, state, since_ms, from_day,"
                              " until_day, claimed, granted, hoped_granted, hoped_day, last_month)"
                              " VALUES (?1, 'seek', ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    query_bind_int(q, 1, id);
    query_bind_str(q, 2, str_of(policy_machine.states.at[f->state].name));
    query_bind_int(q, 3, f->from_day);
    query_bind_int_or_null(q, 4, f->until_day);
    query_bind_int(q, 5, f->claimed);
    query_bind_int(q, 6, f->granted);
    query_bind_int_or_null(q, 7, f->hoped_granted);
    query_bind_int_or_null(q, 8, f->hoped_day);
    query_bind_int_or_null(q, 9, f->last_month);
    (void)query_row(q);
    must(c, query_end(q, &c->err));
    q = query_start(c->store, "INSERT INTO policy_leaflet (line, number, state, writer, written_ms)"
                              " VALUES (?1, 1, ?2, 1, 1)");
    query_bind_int(q, 1, id);
    query_bind_str(q, 2, f->told ? STR("shown") : STR("draft"));
    (void)query_row(q);
    must(c, query_end(q, &c->err));
}

static void sql_says_what_the_function_says(void **state)
{
    struct ledger_case *c = *state;
    uint64_t seed = 13;
    for (int i = 1; i <= 300; i++) {
        struct uptake_facts f = any_policy(&seed);
        keep(c, i, &f);
        for (int k = 0; k < 20; k++) {
            int64_t today = 20000 + draw(&seed, 900);
            struct query *q =
                query_start(c->store, "SELECT " UPTAKE_SQL " FROM policy p WHERE p.line = ?1");
            query_bind_int(q, 1, i);
            query_bind_int(q, 2, today);
            assert_true(query_row(q));
            int64_t flags = query_int(q, 0);
            must(c, query_end(q, &c->err));
            assert_int_equal(flags, uptake_flags(&f, today));
        }
    }
}

/* --- what fits ------------------------------------------------------------------------------------ */

#define I(id)                \
    {                        \
        (id), FACET_INDUSTRY \
    }
#define D(id)             \
    {                     \
        (id), FACET_FIELD \
    }
#define K(id)                \
    {                        \
        (id), FACET_CATEGORY \
    }
#define A(id)                \
    {                        \
        (id), FACET_AUDIENCE \
    }

static void a_policy_fits_by_industry_and_field_alone(void **state)
{
    static const struct {
        struct fit_word policy[4], line[4];
        size_t npolicy, nline;
        enum fit fit;
        size_t shared;
    } cases[] = {
        {{{0}}, {{0}}, 0, 0, FIT_OPEN, 0},
        {{I(1)}, {I(1)}, 1, 1, FIT_YES, 1},
        {{I(1)}, {I(2)}, 1, 1, FIT_NO, 0},
        {{I(1), I(2)}, {I(2)}, 2, 1, FIT_YES, 1},
        {{I(1)}, {{0}}, 1, 0, FIT_OPEN, 0}, /* of the line nothing is known */
        {{{0}}, {I(1)}, 0, 1, FIT_OPEN, 0}, /* for all industries */
        {{I(1), D(9)}, {I(1)}, 2, 1, FIT_YES, 1},
        {{I(1), D(9)}, {I(1), D(8)}, 2, 2, FIT_NO, 1}, /* of another field */
        {{I(1), D(9)}, {I(1), D(9)}, 2, 2, FIT_YES, 2},
        {{K(5), A(6)}, {K(7), A(8)}, 2, 2, FIT_OPEN, 0}, /* these don't tell */
        {{K(5)}, {K(5)}, 1, 1, FIT_OPEN, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t shared = 99;
        enum fit fit =
            fit_judge(cases[i].policy, cases[i].npolicy, cases[i].line, cases[i].nline, &shared);
        if (fit != cases[i].fit || shared != cases[i].shared)
            fail_msg("case %zu: %s, %zu", i, fit_words(fit, LANG_EN), shared);
    }
}

static size_t any_words(uint64_t *seed, struct fit_word *words)
{
    size_t count = 0;
    for (int id = 1; id <= 12; id++)
        if (!draw(seed, 3))
            words[count++] = (struct fit_word){id, (enum policy_facet)(id % POLICY_FACETS)};
    return count;
}

/* The order of words does not matter, fitting goes both ways, and everything fits itself or is open. */
static void fitting_does_not_hang_on_the_order_of_words(void **state)
{
    uint64_t seed = 14;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        struct fit_word a[12];
        struct fit_word b[12];
        struct fit_word turned[12];
        size_t na = any_words(&seed, a);
        size_t nb = any_words(&seed, b);
        size_t one = 0;
        size_t other = 0;
        for (size_t k = 0; k < na; k++)
            turned[k] = a[na - 1 - k];
        enum fit fit = fit_judge(a, na, b, nb, &one);
        assert_int_equal(fit_judge(turned, na, b, nb, &other), fit);
        assert_int_equal(one, other);
        assert_int_equal(fit_judge(b, nb, a, na, &other), fit);
        assert_int_equal(one, other);
        assert_true(fit != FIT_YES || one > 0);
        assert_int_not_equal(fit_judge(a, na, a, na, &one), FIT_NO);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_is_reached_and_every_word_has_a_name_of_its_own),
        cmocka_unit_test(each_route_has_steps_of_its_own_with_limits),
        cmocka_unit_test(an_act_is_refused_by_state_then_person_then_what_is_lacking),
        cmocka_unit_test(nobody_checks_what_they_wrote),
        cmocka_unit_test(
            a_leaflet_is_whole_with_all_but_its_source_and_shown_in_the_readers_language),
        cmocka_unit_test(what_is_pointed_out_follows_its_rules_to_the_day),
        cmocka_unit_test(more_use_takes_flags_away_and_time_alone_adds_them),
        cmocka_unit_test(what_was_hoped_for_comes_evenly_and_shares_round_down),
        cmocka_unit_test_setup_teardown(sql_says_what_the_function_says, open_case, close_case),
        cmocka_unit_test(a_policy_fits_by_industry_and_field_alone),
        cmocka_unit_test(fitting_does_not_hang_on_the_order_of_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
