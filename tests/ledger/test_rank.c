/* Scores and rankings: by cases worked by hand, and what must hold whoever scored and in whatever order. */
#include "ledger_case.h"

#include <string.h>

#include "ledger/rank.h"

static void a_sheet_comes_to_the_mean_of_its_parts_by_their_weights(void **state)
{
    static const struct {
        struct rank_part parts[4];
        int64_t score;
    } cases[] = {
        {{{10, 10, 10}, {20, 20, 20}, {30, 30, 30}, {40, 40, 40}}, 10000},
        {{{0, 10, 10}, {0, 20, 20}, {0, 30, 30}, {0, 40, 40}}, 0},
        {{{9, 10, 10}, {18, 20, 20}, {27, 30, 30}, {36, 40, 40}}, 9000},
        /* what does not apply neither helps nor harms: (10·1/2 + 30·1) / 40 */
        {{{5, 10, 10}, {RANK_NONE, 20, 20}, {30, 30, 30}, {RANK_NONE, 40, 40}}, 8750},
        /* a third and two thirds, which no decimal holds, make one half */
        {{{1, 3, 1}, {2, 3, 1}, {RANK_NONE, 1, 1}, {RANK_NONE, 1, 1}}, 5000},
        {{{1, 3, 1}, {RANK_NONE, 1, 1}, {RANK_NONE, 1, 1}, {RANK_NONE, 1, 1}}, 3333},
        {{{2, 3, 1}, {0, 1, 0}, {RANK_NONE, 1, 1}, {RANK_NONE, 1, 1}}, 6667},
        {{{RANK_NONE, 1, 1}, {RANK_NONE, 1, 1}, {RANK_NONE, 1, 1}, {1, 1, 0}}, RANK_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (rank_weigh(cases[i].parts, 4) != cases[i].score)
            fail_msg("case %zu: %d", i, (int)rank_weigh(cases[i].parts, 4));
    assert_int_equal(rank_weigh(NULL, 0), RANK_NONE);
}

/* Letters of how each counted: c, - (absent), h, l, a. */
static const char LETTERS[] = "c-hla";

static void scores_are_settled_by_the_rule_that_is_stated(void **state)
{
    static const struct {
        enum rank_rule rule;
        int64_t far;
        int64_t scores[6]; /* points; RANK_NONE after the last */
        int64_t result;
        const char *counted;
    } cases[] = {
        {RANK_ALL, 0, {90, 80, 70, -1, -1, -1}, 8000, "ccc---"},
        {RANK_ALL, 0, {90, 80, 70, 60, 10, 50}, 6000, "cccccc"},
        {RANK_ALL, 0, {-1, -1, -1, -1, -1, -1}, RANK_NONE, "------"},
        /* four are too few to leave any out */
        {RANK_TRIM, 0, {100, 80, 70, 10, -1, -1}, 6500, "cccc--"},
        {RANK_TRIM, 0, {100, 80, 70, 10, 75, -1}, 7500, "hcclc-"},
        {RANK_TRIM, 0, {100, -1, 70, 10, 75, 80}, 7500, "h-clcc"},
        /* one of each only, also where all are alike */
        {RANK_TRIM, 0, {80, 80, 80, 80, 80, -1}, 8000, "hlccc-"},
        {RANK_TRIM, 0, {90, 90, 60, 60, 75, -1}, 7500, "hclcc-"},
        {RANK_FAR, 10, {90, 88, 86, 50, -1, -1}, 8800, "ccca--"},
        /* at the very edge it counts: median 80 */
        {RANK_FAR, 10, {90, 80, 70, -1, -1, -1}, 8000, "ccc---"},
        {RANK_FAR, 9, {90, 80, 70, -1, -1, -1}, 8000, "aca---"},
        /* two far from each other: the median lies between them, and none is near it */
        {RANK_FAR, 10, {100, 20, -1, -1, -1, -1}, 6000, "cc----"},
        {RANK_FAR, 10, {55, -1, -1, -1, -1, -1}, 5500, "c-----"},
        {RANK_FAR, 10, {-1, -1, -1, -1, -1, -1}, RANK_NONE, "------"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rank_score scores[6];
        char counted[7] = "";
        for (size_t k = 0; k < 6; k++) {
            int64_t points = cases[i].scores[k];
            scores[k] = (struct rank_score){points < 0 ? RANK_NONE : points * 100, 1, 0};
        }
        int64_t result = rank_settle((struct rank_by){cases[i].rule, cases[i].far}, scores, 6);
        for (size_t k = 0; k < 6; k++)
            counted[k] = LETTERS[scores[k].counted];
        if (result != cases[i].result || strcmp(counted, cases[i].counted) != 0)
            fail_msg("case %zu: %d %s", i, (int)result, counted);
    }
}

static void a_scorer_of_twice_the_weight_counts_as_two(void **state)
{
    struct rank_score scores[] = {{9000, 2, 0}, {6000, 1, 0}};
    (void)state;
    assert_int_equal(rank_settle((struct rank_by){RANK_ALL, 0}, scores, 2), 8000);
}

static void places_are_shared_by_equals_and_the_next_is_left_free(void **state)
{
    static const int64_t results[] = {8000, 9000, RANK_NONE, 9000, 7000, 0};
    static const size_t expected[] = {3, 1, 0, 1, 4, 5};
    size_t places[6];
    (void)state;
    rank_place(results, 6, places);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(places[i], expected[i]);
}

/* --- what must always hold ------------------------------------------------------------------------ */

#define MOST 9
static size_t anybodys_scores(struct rank_score *scores)
{
    size_t count = 1 + (size_t)(random() % MOST);
    for (size_t i = 0; i < count; i++)
        scores[i] = (struct rank_score){random() % 6 ? random() % 11 * 1000 : RANK_NONE,
                                        1 + random() % 3, 0};
    return count;
}

static struct rank_by any_rule(void)
{
    return (struct rank_by){(enum rank_rule)(random() % RANK_RULES), 1 + random() % 40};
}

static void no_order_of_the_scorers_changes_a_result(void **state)
{
    (void)state;
    srandom(71);
    for (int i = 0; i < 20000; i++) {
        struct rank_score scores[MOST];
        struct rank_by by = any_rule();
        size_t count = anybodys_scores(scores);
        int64_t result = rank_settle(by, scores, count);
        for (size_t k = count; k > 1; k--) {
            size_t other = (size_t)random() % k;
            struct rank_score swap = scores[other];
            scores[other] = scores[k - 1];
            scores[k - 1] = swap;
        }
        assert_int_equal(rank_settle(by, scores, count), result);
    }
}

static void a_result_lies_among_the_scores_that_count(void **state)
{
    (void)state;
    srandom(72);
    for (int i = 0; i < 20000; i++) {
        struct rank_score scores[MOST];
        struct rank_by by = any_rule();
        size_t count = anybodys_scores(scores);
        int64_t result = rank_settle(by, scores, count);
        int64_t lowest = INT64_MAX;
        int64_t highest = RANK_NONE;
        size_t given = 0;
        size_t left = 0;
        for (size_t k = 0; k < count; k++) {
            given += scores[k].counted != RANK_ABSENT;
            left += scores[k].counted > RANK_ABSENT;
            if (scores[k].counted != RANK_COUNTS)
                continue;
            lowest = scores[k].score < lowest ? scores[k].score : lowest;
            highest = scores[k].score > highest ? scores[k].score : highest;
        }
        assert_true(given ? result >= lowest && result <= highest : result == RANK_NONE);
        if (by.rule == RANK_TRIM)
            assert_int_equal(left, given >= RANK_TRIM_FROM ? 2 : 0);
    }
}

/* One scorer alone can move a trimmed result no further than to the next scores on either side. */
static void one_scorer_alone_does_not_carry_a_trimmed_result_beyond_the_others(void **state)
{
    (void)state;
    srandom(73);
    for (int i = 0; i < 20000; i++) {
        struct rank_score scores[7];
        int64_t lowest = RANK_WHOLE;
        int64_t highest = 0;
        for (size_t k = 0; k < 7; k++) {
            scores[k] = (struct rank_score){6000 + random() % 3000, 1, 0};
            if (k && scores[k].score < lowest)
                lowest = scores[k].score;
            if (k && scores[k].score > highest)
                highest = scores[k].score;
        }
        scores[0].score = random() % 2 ? RANK_WHOLE : 0;
        int64_t result = rank_settle((struct rank_by){RANK_TRIM, 0}, scores, 7);
        assert_true(result >= lowest && result <= highest);
    }
}

static void better_marks_never_make_a_sheet_worse(void **state)
{
    (void)state;
    srandom(74);
    for (int i = 0; i < 20000; i++) {
        struct rank_part parts[6];
        size_t count = 1 + (size_t)(random() % 6);
        for (size_t k = 0; k < count; k++) {
            parts[k].most = 1 + random() % 200;
            parts[k].value = random() % 8 ? random() % (parts[k].most + 1) : RANK_NONE;
            parts[k].weight = random() % 20;
        }
        int64_t before = rank_weigh(parts, count);
        struct rank_part *part = &parts[(size_t)random() % count];
        if (part->value == RANK_NONE || part->value == part->most)
            continue;
        part->value++;
        int64_t after = rank_weigh(parts, count);
        assert_true(after >= before && after <= RANK_WHOLE && before >= RANK_NONE);
    }
}

static void a_place_is_one_more_than_those_before_it(void **state)
{
    (void)state;
    srandom(75);
    for (int i = 0; i < 5000; i++) {
        int64_t results[MOST];
        size_t places[MOST];
        size_t count = 1 + (size_t)(random() % MOST);
        for (size_t k = 0; k < count; k++)
            results[k] = random() % 5 ? random() % 6 : RANK_NONE;
        rank_place(results, count, places);
        for (size_t k = 0; k < count; k++)
            for (size_t other = 0; other < count; other++)
                if (results[k] != RANK_NONE && results[other] != RANK_NONE)
                    assert_true((results[k] > results[other]) == (places[k] < places[other]));
    }
}

static void a_rule_is_read_by_its_name_and_told_whole(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (int i = 0; i < RANK_RULES; i++)
        assert_int_equal(rank_rule_named(str_of(rank_rule_name((enum rank_rule)i))), i);
    assert_int_equal(rank_rule_named(STR("best")), RANK_RULES);
    struct str words = rank_rule_words(arena, (struct rank_by){RANK_FAR, 15}, LANG_EN);
    assert_true(str_find(words, STR("15 points"), 0) != SIZE_MAX);
    words = rank_rule_words(arena, (struct rank_by){RANK_FAR, 15}, LANG_ZH);
    assert_true(str_find(words, STR("15 分"), 0) != SIZE_MAX);
    arena_free(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_comes_to_the_mean_of_its_parts_by_their_weights),
        cmocka_unit_test(scores_are_settled_by_the_rule_that_is_stated),
        cmocka_unit_test(a_scorer_of_twice_the_weight_counts_as_two),
        cmocka_unit_test(places_are_shared_by_equals_and_the_next_is_left_free),
        cmocka_unit_test(no_order_of_the_scorers_changes_a_result),
        cmocka_unit_test(a_result_lies_among_the_scores_that_count),
        cmocka_unit_test(one_scorer_alone_does_not_carry_a_trimmed_result_beyond_the_others),
        cmocka_unit_test(better_marks_never_make_a_sheet_worse),
        cmocka_unit_test(a_place_is_one_more_than_those_before_it),
        cmocka_unit_test(a_rule_is_read_by_its_name_and_told_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
