/* Lights: the table, that they only grow worse while nothing happens, and that SQL says what the function says. */
#include "ledger_case.h"

#include "ledger/light.h"

static void the_worst_that_is_true_counts(void **state)
{
    (void)state;
    static const struct {
        enum line_state state;
        int64_t begins, due, progress, today;
        enum light light;
    } cases[] = {
        {LINE_ACTIVE, 100, 200, 0, 100, LIGHT_GREEN},
        {LINE_ACTIVE, 100, 200, 0, 119, LIGHT_GREEN},
        {LINE_ACTIVE, 100, 200, 0, 120, LIGHT_YELLOW}, /* 20 points missing */
        {LINE_ACTIVE, 100, 200, 1, 120, LIGHT_GREEN},
        {LINE_ACTIVE, 100, 200, 80, 192, LIGHT_GREEN},
        {LINE_ACTIVE, 100, 200, 80, 193, LIGHT_BLUE}, /* seven days are left */
        {LINE_ACTIVE, 100, 200, 73, 193, LIGHT_YELLOW},
        {LINE_ACTIVE, 100, 200, 100, 200, LIGHT_BLUE}, /* its last day is not yet past */
        {LINE_ACTIVE, 100, 200, 100, 201, LIGHT_RED},  /* reached, but nobody has said done */
        {LINE_ACTIVE, 0, 200, 0, 150, LIGHT_GREEN},    /* nothing was planned before its day */
        {LINE_ACTIVE, 0, 200, 0, 193, LIGHT_BLUE},
        {LINE_ACTIVE, 200, 200, 0, 200, LIGHT_BLUE},
        {LINE_ACTIVE, 100, 0, 0, 150, LIGHT_NONE},
        {LINE_DONE, 100, 200, 100, 300, LIGHT_NONE},
        {LINE_CLOSED, 100, 200, 0, 300, LIGHT_NONE},
        {LINE_PROPOSED, 100, 200, 0, 300, LIGHT_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct line line = {.state = cases[i].state,
                            .begins_day = cases[i].begins,
                            .due_day = cases[i].due,
                            .progress = cases[i].progress};
        if (line_light(&ledger_limits_default, &line, cases[i].today) != cases[i].light)
            fail_msg("case %zu: %s", i,
                     light_name(line_light(&ledger_limits_default, &line, cases[i].today)));
    }
}

static void nearness_and_lag_are_those_that_were_set(void **state)
{
    (void)state;
    static const struct {
        struct ledger_limits limits;
        int64_t progress, today;
        enum light light;
    } cases[] = {
        {{3, 20, 8, 18}, 90, 196, LIGHT_GREEN},  {{3, 20, 8, 18}, 90, 197, LIGHT_BLUE},
        {{14, 20, 8, 18}, 80, 186, LIGHT_BLUE},  {{7, 1, 8, 18}, 49, 150, LIGHT_YELLOW},
        {{7, 1, 8, 18}, 50, 150, LIGHT_GREEN},   {{7, 100, 8, 18}, 0, 199, LIGHT_BLUE},
        {{7, 100, 8, 18}, 0, 200, LIGHT_YELLOW}, {{1, 100, 8, 18}, 0, 201, LIGHT_RED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct line line = {
            .state = LINE_ACTIVE, .begins_day = 100, .due_day = 200, .progress = cases[i].progress};
        if (line_light(&cases[i].limits, &line, cases[i].today) != cases[i].light)
            fail_msg("case %zu", i);
    }
}

static void rules_say_the_numbers_that_count(void **state)
{
    struct arena *arena = arena_make();
    struct ledger_limits limits = {3, 15, 9, 17};
    (void)state;
    assert_string_equal(str_z(arena, light_rule(arena, &limits, LIGHT_BLUE, LANG_EN)),
                        "Blue: 3 days or fewer are left.");
    assert_string_equal(str_z(arena, light_rule(arena, &limits, LIGHT_GREEN, LANG_ZH)),
                        "绿灯：距期限 3 天以上，进度落后计划不足 15 个百分点。");
    assert_string_equal(
        str_z(arena, ledger_with_limits(arena, &limits, "{from} {until} {other} {")),
        "9 17 {other} {");
    arena_free(arena);
}

static void limits_are_set_with_their_event_and_only_where_they_can_be(void **state)
{
    struct ledger_case *c = *state;
    struct ledger_deed deed = {.now_ms = 1, .why = STR("Winter")};
    struct ledger_limits limits;
    static const struct ledger_limits bad[] = {{0, 20, 8, 18},  {15, 20, 8, 18}, {7, 0, 8, 18},
                                               {7, 101, 8, 18}, {7, 20, 18, 18}, {7, 20, -1, 18},
                                               {7, 20, 8, 25}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ledger_set_limits(c->store, &bad[i], &deed, &c->err), STATUS_INPUT);
    must(c, ledger_set_limits(c->store, &(struct ledger_limits){5, 20, 8, 18}, &deed, &c->err));
    must(c, ledger_set_limits(c->store, &(struct ledger_limits){5, 20, 8, 18}, &deed, &c->err));
    must(c, ledger_load_limits(c->store, &limits, &c->err));
    assert_int_equal(limits.near_days, 5);
    struct query *q = query_start(c->store, "SELECT count(*), max(data) FROM event"
                                            " WHERE kind = 'ledger.limits'");
    assert_true(query_row(q));
    assert_int_equal(query_int(q, 0), 1);
    assert_string_equal(str_z(c->arena, query_str(q, 1)),
                        "{\"near_days\":[7,5],\"why\":\"Winter\"}");
    must(c, query_end(q, &c->err));
}

static int64_t draw(uint64_t *seed, int64_t most)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*seed >> 33) % (uint64_t)(most + 1));
}

static struct line any_line(uint64_t *seed)
{
    return (struct line){.state = LINE_ACTIVE,
                         .begins_day = draw(seed, 3) ? 1000 + draw(seed, 400) : 0,
                         .due_day = 1000 + draw(seed, 800),
                         .progress = draw(seed, 100)};
}

static void without_progress_a_light_only_grows_worse(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (int i = 0; i < 500; i++) {
        struct line line = any_line(&seed);
        for (int64_t today = 900; today < 1900; today++)
            assert_true(line_light(&ledger_limits_default, &line, today) <=
                        line_light(&ledger_limits_default, &line, today + 1));
    }
}

static void more_progress_never_makes_a_light_worse(void **state)
{
    uint64_t seed = 2;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        struct line line = any_line(&seed);
        int64_t today = 900 + draw(&seed, 1000);
        enum light before = line_light(&ledger_limits_default, &line, today);
        line.progress += line.progress < 100;
        assert_true(line_light(&ledger_limits_default, &line, today) <= before);
    }
}

static void sql_says_what_the_function_says(void **state)
{
    struct ledger_case *c = *state;
    uint64_t seed = 3;
    struct ledger_deed deed = {.now_ms = 1};
    struct ledger_limits limits = ledger_limits_default;
    for (int i = 0; i < 300; i++) {
        struct line line = any_line(&seed);
        if (i % 50 == 49) {
            limits.near_days = 1 + draw(&seed, LIMITS_NEAR_MOST - 1);
            limits.behind_points = 1 + draw(&seed, 99);
            must(c, ledger_set_limits(c->store, &limits, &deed, &c->err));
        }
        line.kind = LEDGER_GOAL;
        line.title = STR("Any");
        line.state = draw(&seed, 3) ? LINE_ACTIVE : LINE_PROPOSED;
        line.weight = 1;
        if (!draw(&seed, 9))
            line.due_day = 0;
        if (line.begins_day > line.due_day)
            line.begins_day = 0;
        must(c, ledger_make_line(c->arena, c->store, &line, &deed, &c->err));
        for (int k = 0; k < 20; k++) {
            int64_t today = 900 + draw(&seed, 1000);
            struct query *q =
                query_start(c->store, "SELECT " LIGHT_SQL " FROM line l WHERE id = ?1");
            query_bind_int(q, 1, line.id);
            query_bind_int(q, 2, today);
            assert_true(query_row(q));
            int64_t light = query_int(q, 0);
            must(c, query_end(q, &c->err));
            assert_int_equal(light, line_light(&limits, &line, today));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_that_is_true_counts),
        cmocka_unit_test(nearness_and_lag_are_those_that_were_set),
        cmocka_unit_test(rules_say_the_numbers_that_count),
        cmocka_unit_test_setup_teardown(limits_are_set_with_their_event_and_only_where_they_can_be,
                                        open_case, close_case),
        cmocka_unit_test(without_progress_a_light_only_grows_worse),
        cmocka_unit_test(more_progress_never_makes_a_light_worse),
        cmocka_unit_test_setup_teardown(sql_says_what_the_function_says, open_case, close_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
