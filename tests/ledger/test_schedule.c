/* When steps are to be expected, what is critical, rings; by cases, and by networks made at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/schedule.h"

#define STEPS_MAX 12
#define TODAY     20000

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_make();
    srandom(7);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

struct network {
    struct schedule_step steps[STEPS_MAX];
    struct schedule_link links[STEPS_MAX * STEPS_MAX];
    size_t nsteps, nlinks;
    struct schedule_forecast forecasts[STEPS_MAX];
    int64_t end;
    size_t *ring;
    size_t nring;
};

static enum status find(struct network *n)
{
    return ledger_find_schedule(arena, n->steps, n->nsteps, n->links, n->nlinks, TODAY,
                                n->forecasts, &n->end, &n->ring, &n->nring);
}

/* --- cases -------------------------------------------------------------------------------------- */

static void a_delay_travels_to_what_waits_for_it(void **state)
{
    (void)state;
    /* design, then building for ten days, with permits beside it that have time, then opening */
    struct network n = {
        .steps = {{.begins = TODAY - 10, .due = TODAY - 3, .begun = TODAY - 10, .progress = 50},
                  {.begins = TODAY, .due = TODAY + 9},
                  {.begins = TODAY, .due = TODAY + 1},
                  {.due = TODAY + 10}},
        .links = {{0, 1, 0}, {1, 3, 0}, {2, 3, 0}},
        .nsteps = 4,
        .nlinks = 3,
    };
    assert_int_equal(find(&n), STATUS_OK);
    /* half of eight days is left, from today on */
    assert_int_equal(n.forecasts[0].ends, TODAY + 3);
    assert_int_equal(n.forecasts[1].begins, TODAY + 4);
    assert_int_equal(n.forecasts[1].ends, TODAY + 13);
    assert_int_equal(n.forecasts[3].ends, TODAY + 13);
    assert_int_equal(n.end, TODAY + 13);
    assert_true(n.forecasts[0].critical && n.forecasts[1].critical && n.forecasts[3].critical);
    assert_false(n.forecasts[2].critical);
    assert_int_equal(n.forecasts[2].slack, 12);
}

static void single_steps_are_expected_by_plan_and_by_what_happened(void **state)
{
    (void)state;
    static const struct {
        struct schedule_step step;
        int64_t begins, ends;
    } cases[] = {
        /* as planned while that can still be */
        {{.begins = TODAY + 5, .due = TODAY + 9}, TODAY + 5, TODAY + 9},
        {{.begins = TODAY, .due = TODAY}, TODAY, TODAY},
        {{.due = TODAY + 4}, TODAY + 4, TODAY + 4},
        /* what should have begun begins today */
        {{.begins = TODAY - 5, .due = TODAY - 1}, TODAY, TODAY + 4},
        {{.due = TODAY - 30}, TODAY, TODAY},
        /* begun late ends late, far ahead does not promise an earlier end, almost done takes a day */
        {{.begins = TODAY - 9, .due = TODAY, .begun = TODAY - 4}, TODAY - 4, TODAY + 9},
        {{.begins = TODAY - 1, .due = TODAY + 8, .begun = TODAY - 1, .progress = 90},
         TODAY - 1,
         TODAY + 8},
        {{.begins = TODAY - 20, .due = TODAY - 11, .begun = TODAY - 20, .progress = 99},
         TODAY - 20,
         TODAY},
        {{.begins = TODAY - 20, .due = TODAY - 11, .begun = TODAY - 20, .progress = 100},
         TODAY - 20,
         TODAY},
        /* done is done */
        {{.begins = TODAY - 20, .due = TODAY - 11, .begun = TODAY - 19, .done = TODAY - 9},
         TODAY - 19,
         TODAY - 9},
        {{.due = TODAY - 11, .done = TODAY - 12}, TODAY - 12, TODAY - 12},
        /* begun after it is due by plan: no length, no harm */
        {{.begins = TODAY + 3, .due = TODAY + 1}, TODAY + 1, TODAY + 1},
        /* without a day it is left out */
        {{.begins = TODAY}, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct network n = {.steps = {cases[i].step}, .nsteps = 1};
        assert_int_equal(find(&n), STATUS_OK);
        if (n.forecasts[0].begins != cases[i].begins || n.forecasts[0].ends != cases[i].ends)
            fail_msg("case %zu: %+lld … %+lld", i, (long long)n.forecasts[0].begins - TODAY,
                     (long long)n.forecasts[0].ends - TODAY);
    }
}

static void a_gap_between_steps_is_kept(void **state)
{
    (void)state;
    struct network n = {
        .steps = {{.due = TODAY + 2}, {.begins = TODAY + 1, .due = TODAY + 1}},
        .links = {{0, 1, 7}},
        .nsteps = 2,
        .nlinks = 1,
    };
    assert_int_equal(find(&n), STATUS_OK);
    assert_int_equal(n.forecasts[1].begins, TODAY + 10);
}

static void no_step_at_all_has_no_end(void **state)
{
    (void)state;
    struct network n = {.nsteps = 0};
    assert_int_equal(find(&n), STATUS_OK);
    assert_int_equal(n.end, 0);
}

static void steps_that_wait_for_each_other_are_named_in_order(void **state)
{
    (void)state;
    struct network n = {
        .steps = {{.due = 1}, {.due = 1}, {.due = 1}, {.due = 1}},
        .links = {{0, 1, 0}, {1, 2, 0}, {2, 1, 0}, {2, 3, 0}},
        .nsteps = 4,
        .nlinks = 4,
    };
    assert_int_equal(find(&n), STATUS_CONFLICT);
    assert_int_equal(n.nring, 2);
    assert_int_equal(n.ring[0] + n.ring[1], 3);
    n.links[2].after = 2; /* a step that waits for itself */
    assert_int_equal(find(&n), STATUS_CONFLICT);
    assert_int_equal(n.nring, 1);
    assert_int_equal(n.ring[0], 2);
}

/* --- at random ---------------------------------------------------------------------------------- */

static int64_t chance(int64_t least, int64_t most)
{
    return least + random() % (most - least + 1);
}

/* Links lead from a lower to a higher number in `rank`, which is not the order of places. */
static struct network make(bool with_rings)
{
    struct network n = {.nsteps = (size_t)chance(1, STEPS_MAX)};
    for (size_t i = 0; i < n.nsteps; i++) {
        struct schedule_step *s = &n.steps[i];
        s->due = TODAY + chance(-10, 20);
        s->begins = chance(0, 3) ? s->due - chance(0, 8) : 0;
        if (chance(0, 3) == 0)
            s->begun = TODAY - chance(0, 10);
        if (s->begun && chance(0, 1))
            s->done = s->begun + chance(0, TODAY - s->begun);
        s->progress = (unsigned)chance(0, 100);
    }
    for (size_t a = 0; a < n.nsteps; a++)
        for (size_t b = 0; b < n.nsteps; b++)
            if (chance(0, 3) == 0 && (with_rings || a * 7 % 13 < b * 7 % 13))
                n.links[n.nlinks++] = (struct schedule_link){a, b, chance(0, 2) ? 0 : chance(1, 4)};
    return n;
}

static void nothing_begins_before_what_it_waits_for_and_slack_is_what_it_says(void **state)
{
    (void)state;
    for (int round = 0; round < 4000; round++) {
        struct network n = make(false);
        assert_int_equal(find(&n), STATUS_OK);
        bool open = false;
        bool critical = false;
        int64_t latest = 0;
        for (size_t i = 0; i < n.nlinks; i++) {
            const struct schedule_step *after = &n.steps[n.links[i].after];
            const struct schedule_forecast *b = &n.forecasts[n.links[i].before];
            const struct schedule_forecast *a = &n.forecasts[n.links[i].after];
            if (!after->begun && !after->done) /* a point happens at the end of its day */
                assert_true(a->begins + (after->begins && after->begins <= after->due ? 0 : 1) >
                            b->ends + n.links[i].lag);
        }
        for (size_t i = 0; i < n.nsteps; i++) {
            const struct schedule_step *s = &n.steps[i];
            assert_true(n.forecasts[i].slack >= 0);
            assert_true(n.forecasts[i].ends <= n.end);
            assert_true(s->done || n.forecasts[i].ends >= TODAY);
            assert_true(s->begun || n.forecasts[i].ends >= s->due);
            latest = n.forecasts[i].ends > latest ? n.forecasts[i].ends : latest;
            open |= !s->done;
            critical |= n.forecasts[i].critical;
        }
        assert_int_equal(n.end, latest);
        if (open && n.end >= TODAY) {
            bool ended = false; /* by something done on the last day */
            for (size_t i = 0; i < n.nsteps; i++)
                ended |= n.steps[i].done == n.end;
            assert_true(critical || ended);
        }
        arena_reset(arena);
    }
}

static void as_many_days_as_slack_move_nothing_and_one_more_moves_the_end(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct network n = make(false);
        assert_int_equal(find(&n), STATUS_OK);
        for (size_t i = 0; i < n.nsteps; i++) {
            struct network longer = n;
            if (n.steps[i].begun || !n.steps[i].begins)
                continue;
            longer.steps[i].due += n.forecasts[i].slack;
            assert_int_equal(find(&longer), STATUS_OK);
            assert_int_equal(longer.end, n.end);
            longer.steps[i].due += 1;
            assert_int_equal(find(&longer), STATUS_OK);
            assert_int_equal(longer.end, n.end + 1);
        }
        arena_reset(arena);
    }
}

static bool comes_round(const struct network *n)
{
    bool reach[STEPS_MAX][STEPS_MAX] = {{false}};
    for (size_t i = 0; i < n->nlinks; i++)
        reach[n->links[i].before][n->links[i].after] = true;
    for (size_t k = 0; k < n->nsteps; k++)
        for (size_t a = 0; a < n->nsteps; a++)
            for (size_t b = 0; b < n->nsteps; b++)
                reach[a][b] |= reach[a][k] && reach[k][b];
    for (size_t k = 0; k < n->nsteps; k++)
        if (reach[k][k])
            return true;
    return false;
}

static bool linked(const struct network *n, size_t before, size_t after)
{
    for (size_t i = 0; i < n->nlinks; i++)
        if (n->links[i].before == before && n->links[i].after == after)
            return true;
    return false;
}

static void a_ring_is_found_exactly_when_there_is_one(void **state)
{
    (void)state;
    int rings = 0;
    for (int round = 0; round < 4000; round++) {
        struct network n = make(true);
        n.nlinks = n.nlinks > n.nsteps ? n.nsteps : n.nlinks; /* few enough to come out both ways */
        assert_int_equal(find(&n) == STATUS_CONFLICT, comes_round(&n));
        for (size_t i = 0; i < n.nring; i++)
            assert_true(linked(&n, n.ring[i], n.ring[(i + 1) % n.nring]));
        rings += n.nring != 0;
        arena_reset(arena);
    }
    assert_in_range(rings, 400, 3600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delay_travels_to_what_waits_for_it),
        cmocka_unit_test(single_steps_are_expected_by_plan_and_by_what_happened),
        cmocka_unit_test(a_gap_between_steps_is_kept),
        cmocka_unit_test(no_step_at_all_has_no_end),
        cmocka_unit_test(steps_that_wait_for_each_other_are_named_in_order),
        cmocka_unit_test(nothing_begins_before_what_it_waits_for_and_slack_is_what_it_says),
        cmocka_unit_test(as_many_days_as_slack_move_nothing_and_one_more_moves_the_end),
        cmocka_unit_test(a_ring_is_found_exactly_when_there_is_one),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
