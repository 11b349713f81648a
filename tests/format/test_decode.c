/* Encodings are recognised and read strictly; nothing is silently replaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <unicode/ucnv.h>

#include "format/format.h"

static const char CHINESE[] =
    "关于春季工作的报告\n一、总体情况\n今年以来，各项工作平稳推进。㐀𠀀\n";
static const char ENGLISH[] = "Minutes of the spring meeting\nThe chair opened at ten.\n";

static struct str encode(struct arena *arena, const char *encoding, const char *text)
{
    size_t room = strlen(text) * 4 + 16;
    char *out = arena_take(arena, room);
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = ucnv_convert(encoding, "UTF-8", out, (int32_t)room, text, -1, &code);
    assert_true(U_SUCCESS(code));
    return (struct str){out, (size_t)len};
}

static void every_encoding_gives_the_same_text(void **state)
{
    (void)state;
    static const struct {
        const char *converter, *bom, *name;
    } cases[] = {
        {"UTF-8", "", "UTF-8"},       {"UTF-8", "\xEF\xBB\xBF", "UTF-8"},
        {"UTF-16LE", "", "UTF-16LE"}, {"UTF-16LE", "\xFF\xFE", "UTF-16LE"},
        {"UTF-16BE", "", "UTF-16BE"}, {"UTF-16BE", "\xFE\xFF", "UTF-16BE"},
        {"gb18030", "", "GB18030"},
    };
    const char *const texts[] = {CHINESE, ENGLISH};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < 2; k++) {
            struct arena *arena = arena_make();
            struct buf bytes = {.arena = arena};
            buf_add(&bytes, str_of(cases[i].bom));
            buf_add(&bytes, encode(arena, cases[i].converter, texts[k]));
            struct str text;
            const char *name;
            struct error err;
            assert_int_equal(format_decode(arena, buf_str(&bytes), &text, &name, &err), STATUS_OK);
            bool ascii_gb = k == 1 && strcmp(cases[i].name, "GB18030") == 0;
            assert_string_equal(name, ascii_gb ? "UTF-8" : cases[i].name);
            assert_true(str_equal(text, str_of(texts[k])));
            arena_free(arena);
        }
    }
}

static void line_ends_become_line_feeds(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct str text;
    const char *name;
    assert_int_equal(format_decode(arena, STR("a\r\nb\rc\n\r\nd"), &text, &name, NULL), STATUS_OK);
    assert_true(str_equal(text, STR("a\nb\nc\n\nd")));
    arena_free(arena);
}

static void bytes_that_fit_nothing_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *says;
    } cases[] = {
        {"one\ntwo\nx\0y", sizeof("one\ntwo\nx\0y") - 1, "byte 9 (line 3)"},
        {"abc\n\xFF\xFFz\n", sizeof("abc\n\xFF\xFFz\n") - 1, "(byte 4, line 2"},
        {"\xEF\xBB\xBF"
         "a\n\xC0z",
         sizeof("\xEF\xBB\xBF"
                "a\n\xC0z") -
             1,
         "offset 5 (line 2)"},
        {"\xFF\xFE"
         "a\0\n\0\0\xD8z\0",
         sizeof("\xFF\xFE"
                "a\0\n\0\0\xD8z\0") -
             1,
         "offset 6 (line 2)"},
        {"\xFF\xFE"
         "a\0b",
         sizeof("\xFF\xFE"
                "a\0b") -
             1,
         "offset 4"},
        {"春天来了，花开了\n很好\xE4\xBD", sizeof("春天来了，花开了\n很好\xE4\xBD") - 1,
         "offset 31 (line 2)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        struct str text;
        const char *name;
        struct error err = {0};
        assert_int_equal(
            format_decode(arena, (struct str){cases[i].bytes, cases[i].len}, &text, &name, &err),
            STATUS_INPUT);
        if (!strstr(err.en, cases[i].says))
            print_message("%s\n", err.en);
        assert_non_null(strstr(err.en, cases[i].says));
        assert_true(err.zh[0] != 0);
        arena_free(arena);
    }
}

static void an_empty_file_decodes_to_empty_text(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct str text;
    const char *name;
    assert_int_equal(format_decode(arena, (struct str){NULL, 0}, &text, &name, NULL), STATUS_OK);
    assert_int_equal(text.len, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_gives_the_same_text),
        cmocka_unit_test(line_ends_become_line_feeds),
        cmocka_unit_test(bytes_that_fit_nothing_are_refused_with_their_place),
        cmocka_unit_test(an_empty_file_decodes_to_empty_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
