/* Two states of a plan compared: by a case counted by hand, and by what must hold of any three states. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/baseline.h"

#define LINES_MAX 20

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_make();
    srandom(5);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

struct state {
    struct baseline_item items[LINES_MAX];
    size_t count;
};
struct compared {
    struct baseline_slip *slips;
    size_t count;
    struct baseline_sum sum;
};

static struct compared compare(const struct state *before, const struct state *after)
{
    struct compared c;
    ledger_compare_baselines(arena, before->items, before->count, after->items, after->count,
                             &c.slips, &c.count, &c.sum);
    return c;
}

static void slip_is_told_by_line_and_in_sum(void **state)
{
    (void)state;
    const struct state before = {{
                                     {1, 100, 200, 5000, 12500, STR("km")},
                                     {2, 0, 300, 1000, 0, {0}},
                                     {3, 50, 60, 700, 3000, STR("km")},
                                     {5, 10, 90, 0, 8000, STR("所")},
                                     {6, 10, 20, 30, 0, {0}},
                                 },
                                 5};
    const struct state after = {{
                                    {1, 100, 231, 6000, 10000, STR("km")},
                                    {2, 0, 290, 1000, 0, {0}},
                                    {4, 0, 320, 900, 2000, STR("km")},
                                    {5, 10, 0, 0, 8000, STR("个")},
                                    {6, 10, 20, 30, 0, {0}},
                                },
                                5};
    struct compared c = compare(&before, &after);
    assert_int_equal(c.count, 6);
    assert_int_equal(c.slips[0].due, 31);
    assert_int_equal(c.slips[0].cents, 1000);
    assert_int_equal(c.slips[0].quantity, -2500);
    assert_int_equal(c.slips[1].due, -10);
    assert_int_equal(c.slips[2].fate, BASELINE_DROPPED);
    assert_int_equal(c.slips[2].cents, -700);
    assert_int_equal(c.slips[3].fate, BASELINE_ADDED);
    assert_int_equal(c.slips[3].due, 0);
    assert_true(c.slips[4].dated && c.slips[4].measured);
    assert_int_equal(c.slips[4].quantity, 0);
    assert_int_equal(c.slips[5].fate, BASELINE_SAME);
    const struct baseline_sum *s = &c.sum;
    assert_true(s->same == 1 && s->changed == 3 && s->added == 1 && s->dropped == 1);
    assert_true(s->later == 1 && s->earlier == 1);
    assert_true(s->days_later == 31 && s->days_earlier == 10);
    assert_true(s->worst == 31 && s->worst_line == 1);
    assert_true(s->end_before == 300 && s->end_after == 320);
    assert_true(s->cents_before == 6730 && s->cents_after == 7930);
    assert_int_equal(s->nquantities, 3);
    assert_true(s->quantities[0].before == 15500 && s->quantities[0].after == 12000);
}

static void states_without_lines_compare_too(void **state)
{
    (void)state;
    static const struct state none = {.count = 0};
    struct compared c = compare(&none, &none);
    assert_true(c.count == 0 && c.sum.end_before == 0 && c.sum.nquantities == 0);
}

/* --- at random ---------------------------------------------------------------------------------- */

static struct state make(void)
{
    const struct str measures[] = {{0}, STR("km"), STR("所")};
    struct state s = {.count = 0};
    for (int64_t line = 1; line <= LINES_MAX; line++)
        if (random() % 4)
            s.items[s.count++] = (struct baseline_item){
                .line = line,
                .begins = random() % 3 ? 1 + random() % 9 : 0,
                .due = random() % 5 ? 1 + random() % 9 : 0,
                .cents = random() % 5,
                .quantity = random() % 5,
                .measure = measures[line % 3], /* a line keeps its measure here */
            };
    return s;
}

static const struct baseline_slip *slip_of(const struct compared *c, int64_t line)
{
    static const struct baseline_slip nothing;
    for (size_t i = 0; i < c->count; i++)
        if (c->slips[i].line == line)
            return &c->slips[i];
    return &nothing;
}

static void a_state_compared_with_itself_has_no_slip(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct state a = make();
        struct compared c = compare(&a, &a);
        assert_int_equal(c.sum.same, a.count);
        assert_int_equal(c.count, a.count);
        assert_int_equal(c.sum.cents_before, c.sum.cents_after);
        arena_reset(arena);
    }
}

static void the_other_way_round_is_the_opposite(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct state a = make();
        struct state b = make();
        struct compared to = compare(&a, &b);
        struct compared back = compare(&b, &a);
        assert_int_equal(to.count, back.count);
        for (size_t i = 0; i < to.count; i++) {
            assert_int_equal(to.slips[i].line, back.slips[i].line);
            assert_int_equal(to.slips[i].due, -back.slips[i].due);
            assert_int_equal(to.slips[i].begins, -back.slips[i].begins);
            assert_int_equal(to.slips[i].cents, -back.slips[i].cents);
            assert_int_equal(to.slips[i].quantity, -back.slips[i].quantity);
        }
        assert_true(to.sum.added == back.sum.dropped && to.sum.later == back.sum.earlier);
        assert_int_equal(to.sum.days_later, back.sum.days_earlier);
        arena_reset(arena);
    }
}

static void lines_add_up_to_the_sum_and_steps_to_the_way(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct state at[3] = {make(), make(), make()};
        struct compared first = compare(&at[0], &at[1]);
        struct compared second = compare(&at[1], &at[2]);
        struct compared whole = compare(&at[0], &at[2]);
        int64_t cents = 0;
        int64_t days = 0;
        int64_t quantity = 0;
        for (size_t i = 0; i < whole.count; i++) {
            const struct baseline_slip *w = &whole.slips[i];
            const struct baseline_slip *f = slip_of(&first, w->line);
            const struct baseline_slip *s = slip_of(&second, w->line);
            cents += w->cents;
            days += w->due;
            quantity += w->quantity;
            assert_int_equal(w->cents, f->cents + s->cents);
            assert_int_equal(w->quantity, f->quantity + s->quantity);
            if (w->before && w->before->due && w->after && w->after->due && f->after &&
                f->after->due)
                assert_int_equal(w->due, f->due + s->due);
        }
        for (size_t i = 0; i < whole.sum.nquantities; i++)
            quantity -= whole.sum.quantities[i].after - whole.sum.quantities[i].before;
        assert_int_equal(quantity, 0);
        assert_int_equal(cents, whole.sum.cents_after - whole.sum.cents_before);
        assert_int_equal(days, whole.sum.days_later - whole.sum.days_earlier);
        arena_reset(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slip_is_told_by_line_and_in_sum),
        cmocka_unit_test(states_without_lines_compare_too),
        cmocka_unit_test(a_state_compared_with_itself_has_no_slip),
        cmocka_unit_test(the_other_way_round_is_the_opposite),
        cmocka_unit_test(lines_add_up_to_the_sum_and_steps_to_the_way),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
