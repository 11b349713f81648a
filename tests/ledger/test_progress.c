/* Progress of what has parts: the table, what holds of any parts, and that a goal in the store follows its parts. */
#include "ledger_case.h"

#include "ledger/goal.h"
#include "ledger/progress.h"

#define PART(STATE, WEIGHT, PROGRESS)                    \
    {                                                    \
        LEDGER_MILESTONE, LINE_##STATE, WEIGHT, PROGRESS \
    }
#define MOST 4

static void the_mean_by_weight_is_rounded_down(void **state)
{
    (void)state;
    static const struct {
        struct line_part parts[MOST];
        size_t count;
        int64_t own, sum;
    } cases[] = {
        {{{0}}, 0, 37, 37},
        {{PART(ACTIVE, 1, 40)}, 1, 37, 40},
        {{PART(ACTIVE, 1, 0), PART(ACTIVE, 3, 100)}, 2, 0, 75},
        {{PART(ACTIVE, 1, 100), PART(ACTIVE, 1, 99)}, 2, 0, 99}, /* something is missing */
        {{PART(ACTIVE, 1, 0), PART(ACTIVE, 1, 1)}, 2, 0, 0},
        {{PART(DONE, 1, 0), PART(ACTIVE, 1, 50)},
         2,
         0,
         75}, /* done is done, whatever was entered */
        {{PART(CLOSED, 9, 0), PART(ACTIVE, 1, 50)}, 2, 0, 50},
        {{PART(PROPOSED, 9, 0), PART(ACTIVE, 1, 50)}, 2, 0, 50},
        {{PART(ACTIVE, 0, 0), PART(ACTIVE, 1, 50)}, 2, 0, 50},
        {{PART(CLOSED, 1, 10), PART(ACTIVE, 0, 20)}, 2, 37, 37}, /* nothing counts */
        {{{LEDGER_INDICATOR, LINE_ACTIVE, 1, 0}, PART(ACTIVE, 1, 50)}, 2, 0, 50},
        {{PART(ACTIVE, 0.1, 70), PART(ACTIVE, 0.2, 70), PART(ACTIVE, 0.7, 70)}, 3, 0, 70},
        {{PART(ACTIVE, 1, 33), PART(ACTIVE, 1, 33), PART(ACTIVE, 1, 34)}, 3, 0, 33},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t sum = line_sum_parts(cases[i].parts, cases[i].count, cases[i].own);
        if (sum != cases[i].sum)
            fail_msg("case %zu: %lld", i, (long long)sum);
    }
}

static int64_t draw(uint64_t *seed, int64_t most)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*seed >> 33) % (uint64_t)(most + 1));
}

static size_t any_parts(uint64_t *seed, struct line_part *parts, size_t most)
{
    size_t count = (size_t)draw(seed, (int64_t)most);
    for (size_t i = 0; i < count; i++)
        parts[i] = (struct line_part){(enum ledger_kind)draw(seed, LEDGER_KINDS - 1),
                                      (enum line_state)draw(seed, LINE_STATES - 1),
                                      (double)draw(seed, 40) / 8, draw(seed, 100)};
    return count;
}

static int64_t seen(const struct line_part *part)
{
    return part->state == LINE_DONE ? 100 : part->progress;
}

static void a_sum_lies_among_its_parts_and_weights_have_no_unit(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        struct line_part parts[12];
        size_t count = any_parts(&seed, parts, 12);
        int64_t own = draw(&seed, 100);
        int64_t least = 101;
        int64_t greatest = -1;
        for (size_t i = 0; i < count; i++) {
            if (!line_part_counts(&parts[i]))
                continue;
            least = seen(&parts[i]) < least ? seen(&parts[i]) : least;
            greatest = seen(&parts[i]) > greatest ? seen(&parts[i]) : greatest;
        }
        int64_t sum = line_sum_parts(parts, count, own);
        if (greatest < 0)
            assert_int_equal(sum, own);
        else
            assert_true(least <= sum && sum <= greatest);
        assert_true(sum < 100 || least == 100 || greatest < 0);
        for (size_t i = 0; i < count; i++)
            parts[i].weight *= 1024;
        assert_int_equal(line_sum_parts(parts, count, own), sum);
    }
}

static void more_progress_in_a_part_never_takes_from_the_sum(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int round = 0; round < 20000; round++) {
        struct line_part parts[12];
        size_t count = any_parts(&seed, parts, 12);
        int64_t before = line_sum_parts(parts, count, 0);
        if (!count)
            continue;
        size_t one = (size_t)draw(&seed, (int64_t)count - 1);
        parts[one].progress += parts[one].progress < 100;
        assert_true(line_sum_parts(parts, count, 0) >= before);
    }
}

static void shares_add_up_to_the_whole(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int round = 0; round < 5000; round++) {
        struct line_part parts[12];
        size_t count = any_parts(&seed, parts, 12);
        double sum = 0;
        bool any = false;
        for (size_t i = 0; i < count; i++) {
            sum += line_part_share(parts, count, i);
            any |= line_part_counts(&parts[i]);
        }
        assert_true(any ? sum > 99.999 && sum < 100.001 : sum == 0);
    }
}

/* --- in the store --------------------------------------------------------------------------------- */

static int64_t make(struct ledger_case *c, enum ledger_kind kind, int64_t parent, double weight,
                    int64_t progress)
{
    struct line line = {.kind = kind,
                        .title = STR("Any"),
                        .state = LINE_ACTIVE,
                        .parent = parent,
                        .weight = weight,
                        .progress = progress};
    must(c,
         ledger_make_line(c->arena, c->store, &line, &(struct ledger_deed){.now_ms = 1}, &c->err));
    return line.id;
}

static void change(struct ledger_case *c, int64_t line, struct line_change what)
{
    must(c,
         ledger_change_line(c->store, line, &what, 1,
                            &(struct ledger_deed){.now_ms = 2, .why = STR("So it is")}, &c->err));
}

static int64_t progress_of(struct ledger_case *c, int64_t id)
{
    struct line line;
    must(c, ledger_find_line_by_id(c->arena, c->store, id, &line, &c->err));
    return line.progress;
}

static void a_goal_follows_its_parts_to_any_depth(void **state)
{
    struct ledger_case *c = *state;
    int64_t goal = make(c, LEDGER_GOAL, 0, 1, 80);
    assert_int_equal(progress_of(c, goal), 80); /* without parts: what is reported */
    int64_t field = make(c, LEDGER_FIELD, goal, 1, 0);
    assert_int_equal(progress_of(c, goal), 0);
    int64_t early = make(c, LEDGER_MILESTONE, field, 3, 0);
    int64_t late = make(c, LEDGER_MILESTONE, field, 1, 40);
    assert_int_equal(progress_of(c, goal), 10);
    change(c, early, (struct line_change){.field = LINE_STATE, .number = LINE_DONE});
    assert_int_equal(progress_of(c, field), 85);
    assert_int_equal(progress_of(c, goal), 85);
    change(c, late, (struct line_change){.field = LINE_STATE, .number = LINE_CLOSED});
    assert_int_equal(progress_of(c, goal), 100);
    change(c, late, (struct line_change){.field = LINE_STATE, .number = LINE_ACTIVE});
    change(c, late, (struct line_change){.field = LINE_WEIGHT, .real = 3});
    assert_int_equal(progress_of(c, goal), 70);
}

static void what_moves_leaves_one_sum_and_joins_another(void **state)
{
    struct ledger_case *c = *state;
    int64_t one = make(c, LEDGER_GOAL, 0, 1, 0);
    int64_t other = make(c, LEDGER_GOAL, 0, 1, 0);
    int64_t slow = make(c, LEDGER_MILESTONE, one, 1, 20);
    int64_t fast = make(c, LEDGER_MILESTONE, one, 1, 60);
    assert_int_equal(progress_of(c, one), 40);
    change(c, fast, (struct line_change){.field = LINE_PARENT, .number = other});
    assert_int_equal(progress_of(c, one), 20);
    assert_int_equal(progress_of(c, other), 60);
    change(c, slow, (struct line_change){.field = LINE_PARENT, .number = fast});
    assert_int_equal(progress_of(c, fast), 20);
    assert_int_equal(progress_of(c, other), 20);
}

static void what_is_typed_over_a_sum_is_left_aside_and_a_project_is_reported_by_its_lead(
    void **state)
{
    struct ledger_case *c = *state;
    int64_t goal = make(c, LEDGER_GOAL, 0, 1, 0);
    int64_t project = make(c, LEDGER_PROJECT, goal, 1, 0);
    make(c, LEDGER_MILESTONE, project, 1, 90);
    change(c, project, (struct line_change){.field = LINE_PROGRESS, .number = 30});
    assert_int_equal(progress_of(c, project), 30);
    assert_int_equal(progress_of(c, goal), 30);
    change(c, goal, (struct line_change){.field = LINE_PROGRESS, .number = 99});
    assert_int_equal(progress_of(c, goal), 30);
}

static void what_is_done_stays_as_it_was_until_it_is_worked_on_again(void **state)
{
    struct ledger_case *c = *state;
    int64_t goal = make(c, LEDGER_GOAL, 0, 1, 0);
    int64_t part = make(c, LEDGER_MILESTONE, goal, 1, 40);
    change(c, goal, (struct line_change){.field = LINE_STATE, .number = LINE_DONE});
    change(c, part, (struct line_change){.field = LINE_PROGRESS, .number = 90});
    assert_int_equal(progress_of(c, goal), 40);
    change(c, goal, (struct line_change){.field = LINE_STATE, .number = LINE_ACTIVE});
    assert_int_equal(progress_of(c, goal), 90);
}

static void a_sum_is_in_the_history_and_not_told_twice(void **state)
{
    struct ledger_case *c = *state;
    int64_t goal = make(c, LEDGER_GOAL, 0, 1, 0);
    int64_t part = make(c, LEDGER_MILESTONE, goal, 1, 0);
    change(c, part, (struct line_change){.field = LINE_PROGRESS, .number = 50});
    change(c, part, (struct line_change){.field = LINE_TITLE, .text = STR("Other")});
    struct query *q = query_start(c->store, "SELECT data FROM event WHERE kind = 'line.summed'"
                                            " AND subject = 'L' || ?1");
    query_bind_int(q, 1, goal);
    assert_true(query_row(q));
    assert_true(str_equal(query_str(q, 0), STR("{\"progress\":[0,50]}")));
    assert_false(query_row(q));
    must(c, query_end(q, &c->err));
}

/* --- horizons ------------------------------------------------------------------------------------- */

static void a_horizon_follows_the_due_day_unless_said(void **state)
{
    struct ledger_case *c = *state;
    static const struct {
        int64_t due, today;
        enum goal_horizon horizon;
    } cases[] = {
        {0, 1000, HORIZON_NONE},
        {900, 1000, HORIZON_NEAR},
        {1000, 1000, HORIZON_NEAR},
        {1000 + 365, 1000, HORIZON_NEAR},
        {1000 + 366, 1000, HORIZON_MIDDLE},
        {1000 + 1826, 1000, HORIZON_MIDDLE},
        {1000 + 1827, 1000, HORIZON_FAR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(goal_horizon_of(cases[i].due, cases[i].today), cases[i].horizon);
        struct line line = {
            .title = STR("Any"), .state = LINE_ACTIVE, .due_day = cases[i].due, .weight = 1};
        must(c, ledger_make_line(c->arena, c->store, &line, &(struct ledger_deed){.now_ms = 1},
                                 &c->err));
        struct query *q = query_start(c->store, "SELECT " HORIZON_SQL " FROM line l"
                                                " LEFT JOIN goal g ON g.line = l.id"
                                                " WHERE l.id = ?1");
        query_bind_int(q, 1, line.id);
        query_bind_int(q, 2, cases[i].today);
        assert_true(query_row(q));
        assert_true(str_equal(query_str(q, 0), str_of(goal_horizon_name(cases[i].horizon))));
        must(c, query_end(q, &c->err));
    }
}

static enum goal_horizon said(struct ledger_case *c, int64_t line)
{
    enum goal_horizon horizon;
    must(c, ledger_load_horizon(c->store, line, &horizon, &c->err));
    return horizon;
}

static void a_horizon_is_said_of_goals_alone_and_taken_back(void **state)
{
    struct ledger_case *c = *state;
    struct ledger_deed deed = {.now_ms = 1};
    int64_t goal = make(c, LEDGER_GOAL, 0, 1, 0);
    int64_t project = make(c, LEDGER_PROJECT, 0, 1, 0);
    must(c, ledger_say_horizon(c->store, goal, HORIZON_FAR, &deed, &c->err));
    assert_int_equal(said(c, goal), HORIZON_FAR);
    must(c, ledger_say_horizon(c->store, goal, HORIZON_NONE, &deed, &c->err));
    assert_int_equal(said(c, goal), HORIZON_NONE);
    assert_int_equal(ledger_say_horizon(c->store, project, HORIZON_FAR, &deed, &c->err),
                     STATUS_INPUT);
}

#define IN_STORE(TEST) cmocka_unit_test_setup_teardown(TEST, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_by_weight_is_rounded_down),
        cmocka_unit_test(a_sum_lies_among_its_parts_and_weights_have_no_unit),
        cmocka_unit_test(more_progress_in_a_part_never_takes_from_the_sum),
        cmocka_unit_test(shares_add_up_to_the_whole),
        IN_STORE(a_goal_follows_its_parts_to_any_depth),
        IN_STORE(what_moves_leaves_one_sum_and_joins_another),
        IN_STORE(what_is_typed_over_a_sum_is_left_aside_and_a_project_is_reported_by_its_lead),
        IN_STORE(what_is_done_stays_as_it_was_until_it_is_worked_on_again),
        IN_STORE(a_sum_is_in_the_history_and_not_told_twice),
        IN_STORE(a_horizon_follows_the_due_day_unless_said),
        IN_STORE(a_horizon_is_said_of_goals_alone_and_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
