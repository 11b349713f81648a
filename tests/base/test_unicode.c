/* Folding and character kinds: what a reader would call the same becomes the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"

static int set_up(void **state)
{
    *state = arena_make();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static bool folds_alike(struct arena *arena, const char *a, const char *b)
{
    struct folded x = unicode_fold(arena, str_of(a));
    struct folded y = unicode_fold(arena, str_of(b));
    return x.count == y.count &&
           (x.count == 0 || memcmp(x.code, y.code, x.count * sizeof *x.code) == 0);
}

static void what_reads_the_same_folds_alike(void **state)
{
    static const char *const alike[][2] = {
        {"ＡＢＣ１２", "abc12"},
        {"Straße", "STRASSE"},
        {"後來發現", "后来发现"},
        {"“引”", "\"引\""},
        {"「引」", "'引'"},
        {"a — b", "a-b"},
        {"……", "......"},
        {"，；：！", ",;:!"},
        {"一 二\n三", "一二三"},
        {"a\xE2\x80\x8B"
         "b",
         "ab"},
        {"⼈民", "人民"},
        {"ﬁle", "file"},
        {"\xEF\xBB\xBF"
         "a",
         "a"},
        {"soft\xC2\xADhyphen", "softhyphen"},
        {"。", "."},
        {"①", "1"},
        {"𝐀", "a"},
    };
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        if (!folds_alike(*state, alike[i][0], alike[i][1]))
            fail_msg("%s and %s fold apart", alike[i][0], alike[i][1]);
    }
}

static void what_reads_otherwise_folds_apart(void **state)
{
    static const char *const apart[][2] = {
        {"推动", "推进"}, {"，", "；"}, {"，", "。"}, {"1", "l"}, {"己", "已"}, {"他", "它"},
    };
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        assert_false(folds_alike(*state, apart[i][0], apart[i][1]));
}

static void folding_twice_changes_nothing_more(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x30000; code++) {
        uint32_t once[UNICODE_FOLD_MAX];
        uint32_t twice[UNICODE_FOLD_MAX];
        size_t count = unicode_fold_code(code, once);
        assert_true(count <= UNICODE_FOLD_MAX);
        for (size_t i = 0; i < count; i++) {
            if (unicode_fold_code(once[i], twice) != 1 || twice[0] != once[i])
                fail_msg("U+%04X folds to U+%04X, which folds on", code, once[i]);
        }
    }
}

static void each_code_knows_the_bytes_it_came_from(void **state)
{
    struct str text = STR(" 一…\xE2\x80\x8B"
                          "b");
    struct folded folded = unicode_fold(*state, text);
    static const uint32_t from[] = {1, 4, 4, 4, 10};
    assert_int_equal(folded.count, 5);
    assert_memory_equal(folded.from, from, sizeof from);
    assert_int_equal(folded.from[5], text.len);
}

static void a_character_of_many_codes_is_kept_whole(void **state)
{
    struct buf text = {.arena = *state};
    for (size_t i = 0; i < 500; i++)
        buf_add_code(&text, 0xFDFA); /* the longest: an Arabic ligature of 18 letters */
    struct folded folded = unicode_fold(*state, buf_str(&text));
    assert_true(folded.count % 500 == 0 && folded.count / 500 > 10);
}

static void kinds_of_characters_are_told_apart(void **state)
{
    (void)state;
    assert_true(unicode_is_han(0x4E2D) && unicode_is_han(0x3007) && !unicode_is_han('a'));
    assert_true(unicode_is_letter(0x4E2D) && unicode_is_letter('a') && !unicode_is_letter('1'));
    assert_true(unicode_is_digit('1') && unicode_is_digit(0xFF11) && !unicode_is_digit(0x4E00));
    assert_true(unicode_is_space(0x3000) && unicode_is_space(0x2009) && !unicode_is_space(0x200B));
    assert_true(unicode_is_invisible(0x200B) && unicode_is_invisible(0xFEFF) &&
                unicode_is_invisible(0xAD) && !unicode_is_invisible(' '));
    assert_true(unicode_is_punct(0x3002) && unicode_is_punct('+') && !unicode_is_punct('a'));
}

static void words_cover_the_text(void **state)
{
    static const char *const texts[] = {"", "今天天气很好，我们去公园。", "Two words.", "a一b 二"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct words words = unicode_segment(*state, str_of(texts[i]), true);
        size_t last = 0;
        for (size_t w = 0; w < words.count; w++) {
            assert_true(words.end[w] > last);
            last = words.end[w];
        }
        assert_int_equal(last, strlen(texts[i]));
    }
    struct words words = unicode_segment(*state, STR("今天天气"), true);
    assert_int_equal(words.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_reads_the_same_folds_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_reads_otherwise_folds_apart, set_up, tear_down),
        cmocka_unit_test(folding_twice_changes_nothing_more),
        cmocka_unit_test_setup_teardown(each_code_knows_the_bytes_it_came_from, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_character_of_many_codes_is_kept_whole, set_up, tear_down),
        cmocka_unit_test(kinds_of_characters_are_told_apart),
        cmocka_unit_test_setup_teardown(words_cover_the_text, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
