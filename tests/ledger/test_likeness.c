/* Likeness of problems: cases in both languages, and what holds of any two texts. */
#include "ledger_case.h"

#include <string.h>

#include "ledger/likeness.h"

static int alike(const char *one, const char *other)
{
    struct arena *arena = arena_make();
    struct likeness a = likeness_read(arena, str_of(one));
    struct likeness b = likeness_read(arena, str_of(other));
    int percent = likeness_of(&a, &b);
    arena_free(arena);
    return percent;
}

static void likeness_is_twice_the_shared_words_of_the_words_of_both(void **state)
{
    static const struct {
        const char *one, *other;
        int percent;
    } cases[] = {
        {"窗口超期", "窗口超期", 100},
        {"窗口超期", "窗口收费", 33},   /* 窗口 口超 超期 | 窗口 口收 收费 */
        {"窗口的超期", "窗口超期", 80}, /* 的 parts 口 from 超 */
        {"窗口，超期", "窗口。超期", 100},
        {"視窗超時", "视窗超时", 100},   /* Traditional characters */
        {"１２户未办", "34户未办", 100}, /* numbers don't count, of any width */
        {"permits issued late", "Permit issued LATE", 100},
        {"the permits of the office", "permits, office", 100},
        {"Fire exit blocked", "Fire exit locked", 66},
        {"glass", "glas", 0}, /* no plural */
        {"EPC总承包", "epc 总承包", 100},
        {"窗口", "office", 0},
        {"", "窗口", 0},
        {"的", "的", 0},
        {"12", "12", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int percent = alike(cases[i].one, cases[i].other);
        if (percent != cases[i].percent)
            fail_msg("case %zu: %d", i, percent);
    }
}

static void a_problem_told_in_other_words_is_pointed_to_and_another_problem_is_not(void **state)
{
    static const struct {
        const char *one, *other;
        bool unit, sort, found;
    } cases[] = {
        {"政务窗口办件超期，企业反复催办", "窗口办件超期未结，企业多次催办", true, true, true},
        {"渣土车未覆盖，沿途抛洒", "渣土运输车辆覆盖不严、沿途抛洒", true, true, true},
        {"项目资金拨付滞后，影响施工进度", "配套资金拨付滞后", true, true, true},
        {"政务窗口办件超期，企业反复催办", "消防通道被杂物占用", true, true, false},
        {"会议多、文件多，基层反映负担重", "河道排污口未按期封堵", true, false, false},
        {"Permits are issued late and firms have to ask again and again",
         "Permits issued too late; firms had to ask twice", true, true, true},
        {"Fire exit blocked by goods at the market", "The market's fire exit was blocked again",
         false, true, true},
        {"Fire exit blocked by goods at the market", "Permits are issued late", true, true, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int weighed =
            likeness_weigh(alike(cases[i].one, cases[i].other), cases[i].unit, cases[i].sort);
        if ((weighed >= LIKENESS_THRESHOLD) != cases[i].found)
            fail_msg("case %zu: %d", i, weighed);
    }
}

/* Up to 40 pieces of a small stock, so that texts share some. */
static void write_some(char *text, size_t most)
{
    static const char *const PIECES[] = {"窗口", "超期", "，", "的",   "资", "金",    " permits ",
                                         "late", " ",    "s",  "2026", "视", "\xff",  "\xe7\xaa",
                                         "é",    "ﬁ",    "\n", "渣土", "車", "\u200b"};
    size_t len = 0;
    text[0] = '\0';
    for (long left = random() % 40; left > 0; left--) {
        const char *piece = PIECES[(size_t)random() % (sizeof PIECES / sizeof *PIECES)];
        if (len + strlen(piece) + 1 > most)
            break;
        (void)strcpy(text + len, piece);
        len += strlen(piece);
    }
}

static void likeness_is_the_same_both_ways_and_whole_only_of_the_same_words(void **state)
{
    (void)state;
    srandom(41);
    for (int i = 0; i < 5000; i++) {
        char one[400];
        char other[400];
        char both[900];
        write_some(one, sizeof one);
        write_some(other, sizeof other);
        (void)snprintf(both, sizeof both, "%s。%s", one, one);
        int percent = alike(one, other);
        assert_in_range(percent, 0, 100);
        assert_int_equal(percent, alike(other, one));
        assert_true(alike(one, one) == 100 || alike(one, one) == 0);
        assert_int_equal(alike(one, both), alike(one, one)); /* said twice is said once */
    }
}

static void words_come_back_from_bytes_as_they_were(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    srandom(53);
    for (int i = 0; i < 500; i++) {
        char text[400];
        write_some(text, sizeof text);
        struct likeness one = likeness_read(arena, str_of(text));
        struct str packed = likeness_pack(arena, &one);
        struct likeness back = likeness_unpack(arena, packed);
        assert_int_equal(back.count, one.count);
        assert_int_equal(packed.len, 8 * one.count);
        for (size_t k = 0; k < one.count; k++)
            assert_true(back.words[k] == one.words[k]);
        assert_int_equal(likeness_unpack(arena, str_slice(packed, 0, packed.len / 2 | 1U)).count,
                         0);
    }
    arena_free(arena);
}

static void weights_never_lessen_and_never_pass_a_hundred(void **state)
{
    (void)state;
    for (int percent = 0; percent <= 100; percent++) {
        int plain = likeness_weigh(percent, false, false);
        int unit = likeness_weigh(percent, true, false);
        int sort = likeness_weigh(percent, false, true);
        int all = likeness_weigh(percent, true, true);
        assert_int_equal(plain, percent);
        assert_true(plain <= sort && sort <= unit && unit <= all && all <= 100);
    }
    assert_int_equal(likeness_weigh(40, true, false), 50);
    assert_int_equal(likeness_weigh(40, true, true), 56);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likeness_is_twice_the_shared_words_of_the_words_of_both),
        cmocka_unit_test(a_problem_told_in_other_words_is_pointed_to_and_another_problem_is_not),
        cmocka_unit_test(likeness_is_the_same_both_ways_and_whole_only_of_the_same_words),
        cmocka_unit_test(words_come_back_from_bytes_as_they_were),
        cmocka_unit_test(weights_never_lessen_and_never_pass_a_hundred),
    };
    return cmocka_run_group_tests_name("likeness", tests, NULL, NULL);
}
