/* Marks of projects: by cases counted by hand, and by what must hold of any marks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger/score.h"

#define N SCORE_NONE

static const struct score_bar BAR = {6000, 2};

static void totals_are_those_counted_by_hand(void **state)
{
    (void)state;
    static const struct score_criterion criteria[] = {{30, 0}, {10, 50}};
    static const struct {
        int64_t marks[12];
        size_t scorers, counted;
        int64_t first, second, total;
        size_t below;
        bool enough, passes;
    } cases[] = {
        {{0}, 0, 0, N, N, N, 2, false, false},
        {{80, 60}, 1, 1, 8000, 6000, 7500, 2, false, false},
        {{80, 60, 90, 70}, 2, 2, 8500, 6500, 8000, 2, true, true},
        {{80, 60, 90, N}, 2, 1, 8000, 6000, 7500, 2, false, false}, /* half marked: not counted */
        {{100, 49, 100, 50}, 2, 2, 10000, 4950, 8738, 1, true, false}, /* below its least */
        {{60, 60, 60, 60}, 2, 2, 6000, 6000, 6000, 2, true, true},     /* just enough */
        {{59, 60, 60, 61}, 2, 2, 5950, 6050, 5975, 2, true, false},
        {{1, 50, 2, 50, 2, 50}, 3, 3, 167, 5000, 1375, 2, true, false}, /* 166.67 rounded */
        /* five: 0 and 100 of the first are left out, then (60 + 70 + 80) / 3 */
        {{0, 60, 60, 60, 70, 60, 80, 60, 100, 60}, 5, 5, 7000, 6000, 6750, 2, true, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct score_result r;
        score_sum(criteria, 2, cases[i].marks, cases[i].scorers, &BAR, &r);
        if (r.scorers != cases[i].counted || r.marks[0] != cases[i].first ||
            r.marks[1] != cases[i].second || r.total != cases[i].total ||
            r.below != cases[i].below || r.enough != cases[i].enough || r.passes != cases[i].passes)
            fail_msg("case %zu: %lld %lld, %lld", i, (long long)r.marks[0], (long long)r.marks[1],
                     (long long)r.total);
    }
}

static void without_criteria_nothing_is_scored_or_passes(void **state)
{
    (void)state;
    static const int64_t marks[] = {0};
    struct score_result r;
    score_sum(NULL, 0, marks, 3, &BAR, &r);
    assert_true(r.total == N && !r.enough && !r.passes);
}

static void totals_read_as_people_write_them(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{N, ""}, {0, "0"}, {8750, "87.5"}, {8705, "87.05"}, {10000, "100"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(str_z(arena, score_text(arena, cases[i].value)), cases[i].text);
    arena_free(arena);
}

/* --- at random ---------------------------------------------------------------------------------- */

#define CRITERIA 4U
#define SCORERS  9U

struct sheet {
    struct score_criterion criteria[CRITERIA];
    int64_t marks[SCORERS * CRITERIA];
    size_t scorers;
};

static struct sheet make(void)
{
    struct sheet s = {.scorers = 1 + (size_t)(random() % (long)SCORERS)};
    for (size_t k = 0; k < CRITERIA; k++)
        s.criteria[k] = (struct score_criterion){1 + random() % 1000, random() % 60};
    for (size_t i = 0; i < s.scorers * CRITERIA; i++)
        s.marks[i] = random() % 20 ? random() % 101 : N;
    return s;
}

static struct score_result sum(const struct sheet *s)
{
    struct score_result r;
    score_sum(s->criteria, CRITERIA, s->marks, s->scorers, &BAR, &r);
    return r;
}

static void a_total_lies_between_the_marks_and_passes_by_the_rule(void **state)
{
    (void)state;
    size_t passed = 0;
    for (int round = 0; round < 20000; round++) {
        struct sheet s = make();
        struct score_result r = sum(&s);
        int64_t least = 10000;
        int64_t most = 0;
        bool low = false;
        for (size_t k = 0; k < CRITERIA && r.scorers; k++) {
            assert_in_range(r.marks[k], 0, 10000);
            least = r.marks[k] < least ? r.marks[k] : least;
            most = r.marks[k] > most ? r.marks[k] : most;
            low |= r.marks[k] < s.criteria[k].least * 100;
        }
        if (r.scorers)
            assert_true(r.total >= least && r.total <= most);
        assert_int_equal(r.passes, r.scorers >= 2 && !low && r.total >= 6000);
        passed += r.passes;
    }
    assert_true(passed > 100);
}

static void the_order_of_scorers_and_the_unit_of_weights_do_not_matter(void **state)
{
    (void)state;
    for (int round = 0; round < 5000; round++) {
        struct sheet s = make();
        struct sheet turned = s;
        for (size_t i = 0; i < s.scorers; i++)
            for (size_t k = 0; k < CRITERIA; k++)
                turned.marks[(s.scorers - 1 - i) * CRITERIA + k] = s.marks[i * CRITERIA + k];
        for (size_t k = 0; k < CRITERIA; k++)
            turned.criteria[k].weight *= 7;
        assert_int_equal(sum(&s).total, sum(&turned).total);
    }
}

static void no_better_mark_makes_a_total_worse(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct sheet s = make();
        int64_t before = sum(&s).total;
        size_t at = (size_t)(random() % (long)(s.scorers * CRITERIA));
        if (s.marks[at] == N || s.marks[at] == 100)
            continue;
        s.marks[at]++;
        assert_true(sum(&s).total >= before);
    }
}

int main(void)
{
    srandom(23);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_those_counted_by_hand),
        cmocka_unit_test(without_criteria_nothing_is_scored_or_passes),
        cmocka_unit_test(totals_read_as_people_write_them),
        cmocka_unit_test(a_total_lies_between_the_marks_and_passes_by_the_rule),
        cmocka_unit_test(the_order_of_scorers_and_the_unit_of_weights_do_not_matter),
        cmocka_unit_test(no_better_mark_makes_a_total_worse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
