/* Strings, buffers, UTF-8, languages and errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/lang.h"
#include "base/str.h"
#include "base/utf8.h"

/* --- strings ---------------------------------------------------------------------------------- */

static void a_split_gives_every_piece_and_no_empty_last_one(void **state)
{
    (void)state;
    static const struct {
        const char *text, *joined;
    } cases[] = {{"", ""}, {"a", "[a]"}, {"a\n", "[a]"}, {"a\n\nb", "[a][][b]"}, {"\n", "[]"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char joined[64] = "";
        for (struct str rest = str_of(cases[i].text), piece; str_split(&rest, '\n', &piece);) {
            strcat(joined, "[");
            strncat(joined, piece.at, piece.len);
            strcat(joined, "]");
        }
        assert_string_equal(joined, cases[i].joined);
    }
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616"};
    uint64_t value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(str_to_u64(str_of(bad[i]), &value));
    assert_int_equal(value, 7);
    assert_true(str_to_u64(STR("18446744073709551615"), &value));
    assert_true(value == UINT64_MAX);
    double number = 0;
    assert_true(str_to_double(STR("1e-6"), &number));
    assert_true(number > 0.9e-6 && number < 1.1e-6);
    static const char *const odd[] = {"", "nan", "inf", "1e999", "1,5", " 1", "1x"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_false(str_to_double(str_of(odd[i]), &number));
}

static void slices_and_searches_stay_inside(void **state)
{
    (void)state;
    struct str s = STR("abcabc");
    assert_int_equal(str_slice(s, 4, 100).len, 2);
    assert_int_equal(str_slice(s, 9, 1).len, 0);
    assert_int_equal(str_find(s, STR("ca"), 0), 2);
    assert_int_equal(str_find(s, STR("abc"), 1), 3);
    assert_true(str_find(s, STR("abc"), 4) == SIZE_MAX);
    assert_true(str_find(s, STR("x"), 99) == SIZE_MAX);
    assert_int_equal(str_find(s, STR(""), 6), 6);
    assert_true(str_starts(s, STR("ab")) && str_ends(s, STR("bc")) && !str_ends(STR("c"), s));
    assert_true(str_compare(STR("ab"), STR("abc")) < 0 && str_compare(STR("b"), STR("abc")) > 0);
}

static void trimming_takes_blanks_of_both_widths(void **state)
{
    (void)state;
    assert_true(str_equal(str_trim(STR(" \t\n　a b　\r\n")), STR("a b")));
    assert_int_equal(str_trim(STR(" 　 ")).len, 0);
}

static void a_buffer_holds_all_that_was_added(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct buf buf = {.arena = arena};
    assert_int_equal(buf_str(&buf).len, 0);
    for (unsigned i = 0; i < 1000; i++) {
        buf_format(&buf, "%u,", i);
        (void)arena_take(arena, i % 7);
    }
    buf_add_code(&buf, 0x4E00);
    buf_add_code(&buf, 0xD800);
    buf_add_byte(&buf, '!');
    assert_true(str_starts(buf_str(&buf), STR("0,1,2,3,")));
    assert_true(str_ends(buf_str(&buf), STR("998,999,一\xEF\xBF\xBD!")));
    assert_int_equal(buf.len, 10 * 2 + 90 * 3 + 900 * 4 + 7);
    assert_int_equal(buf.at[buf.len], 0);
    arena_free(arena);
}

/* --- UTF-8 ------------------------------------------------------------------------------------ */

static void every_code_point_goes_there_and_back(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 17) {
        char bytes[4];
        size_t len = utf8_put(bytes, code);
        struct str s = {bytes, len};
        size_t pos = 0;
        uint32_t want = code >= 0xD800 && code <= 0xDFFF ? 0xFFFD : code;
        assert_int_equal(utf8_next(s, &pos), want);
        assert_int_equal(pos, len);
        assert_int_equal(utf8_before(s, &pos), want);
        assert_int_equal(pos, 0);
        assert_true(utf8_first_bad(s) == SIZE_MAX);
    }
}

static void what_is_not_utf8_is_found_walked_over_and_mended(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    static const struct {
        const char *bytes;
        size_t bad, count;
    } cases[] = {
        {"\x80", 0, 1},         {"a\xC0\x80", 1, 3},        {"\xE4\xB8", 0, 2},
        {"\xED\xA0\x80", 0, 3}, {"\xF4\x90\x80\x80", 0, 4}, {"\xE0\x80\xAF", 0, 3},
        {"一\xFF二", 3, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(utf8_first_bad(str_of(cases[i].bytes)), cases[i].bad);
        assert_int_equal(utf8_count(str_of(cases[i].bytes)), cases[i].count);
        struct str mended = utf8_mend(arena, str_of(cases[i].bytes));
        assert_true(utf8_first_bad(mended) == SIZE_MAX);
        assert_int_equal(utf8_count(mended), cases[i].count);
    }
    assert_string_equal(utf8_mend(arena, STR("一\xFF二")).at, "一\uFFFD二");
    struct str good = STR("一二");
    assert_ptr_equal(utf8_mend(arena, good).at, good.at);
    arena_free(arena);
}

static void a_line_has_spaces_for_breaks_and_controls(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    struct str line = str_on_one_line(arena, STR("一\r\n\ttwo\x7F\0."));
    assert_true(str_equal(line, STR("一   two  .")));
    arena_free(arena);
}

/* --- languages and errors --------------------------------------------------------------------- */

static void language_codes_are_read_with_and_without_region(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int lang; /* -1: none */
    } cases[] = {{"zh", LANG_ZH}, {"zh_CN", LANG_ZH}, {"zh-Hans", LANG_ZH}, {"en_GB", LANG_EN},
                 {"en", LANG_EN}, {"", -1},           {"zhx", -1},          {"fr", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum lang lang = LANG_EN;
        bool known = lang_parse(str_of(cases[i].code), &lang);
        assert_int_equal(known ? (int)lang : -1, cases[i].lang);
    }
    assert_string_equal(lang_code(LANG_ZH), "zh");
    assert_string_equal(lang_pick(LANG_EN, "e", "z"), "e");
}

static void the_locale_is_taken_in_posix_order(void **state)
{
    (void)state;
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    setenv("LANG", "zh_CN.UTF-8", 1);
    assert_int_equal(lang_of_locale(), LANG_ZH);
    setenv("LC_MESSAGES", "en_GB.UTF-8", 1);
    assert_int_equal(lang_of_locale(), LANG_EN);
    setenv("LC_ALL", "zh_TW", 1);
    assert_int_equal(lang_of_locale(), LANG_ZH);
    setenv("LC_ALL", "", 1);
    assert_int_equal(lang_of_locale(), LANG_EN);
}

static void an_error_speaks_both_languages(void **state)
{
    (void)state;
    struct error err;
    enum status status = error_set(&err, STATUS_INPUT, "Line %d of %s", "第 %d 行（%s）", 3, "f");
    assert_int_equal(status, STATUS_INPUT);
    assert_int_equal(err.status, STATUS_INPUT);
    assert_string_equal(err.en, "Line 3 of f");
    assert_string_equal(err.zh, "第 3 行（f）");
    assert_int_equal(error_set(NULL, STATUS_IO, "x", "x"), STATUS_IO);
}

static void what_the_system_refuses_is_told_in_both_languages(void **state)
{
    (void)state;
    struct error err;
    assert_int_equal(error_set_system(&err, EACCES, "%s can't be read", "无法读取 %s", "f"),
                     STATUS_IO);
    assert_string_equal(err.en, "f can't be read: Permission denied.");
    assert_string_equal(err.zh, "无法读取 f：没有权限。");
    assert_int_equal(err.status, STATUS_IO);
    assert_int_equal(error_set_system(NULL, EACCES, "x", "x"), STATUS_IO);
}

static void a_long_error_ends_at_a_whole_character(void **state)
{
    (void)state;
    char text[3001] = "";
    for (size_t i = 0; i < 1000; i++)
        memcpy(text + 3 * i, "一", 3);
    for (int shift = 0; shift < 3; shift++) {
        struct error err;
        (void)error_set(&err, STATUS_INPUT, "%.*s%s", "%.*s%s", shift, "abc", text);
        assert_true(strlen(err.zh) < ERROR_TEXT_MAX);
        assert_true(utf8_first_bad(str_of(err.zh)) == SIZE_MAX);
        assert_true(str_ends(str_of(err.en), STR("…")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_split_gives_every_piece_and_no_empty_last_one),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(slices_and_searches_stay_inside),
        cmocka_unit_test(trimming_takes_blanks_of_both_widths),
        cmocka_unit_test(a_buffer_holds_all_that_was_added),
        cmocka_unit_test(every_code_point_goes_there_and_back),
        cmocka_unit_test(what_is_not_utf8_is_found_walked_over_and_mended),
        cmocka_unit_test(a_line_has_spaces_for_breaks_and_controls),
        cmocka_unit_test(language_codes_are_read_with_and_without_region),
        cmocka_unit_test(the_locale_is_taken_in_posix_order),
        cmocka_unit_test(an_error_speaks_both_languages),
        cmocka_unit_test(what_the_system_refuses_is_told_in_both_languages),
        cmocka_unit_test(a_long_error_ends_at_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
