/* Numbers that are typed: every slip is found, and one that stands in a text is found in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/serial.h"

static const char ALPHABET[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

static struct serial make(void)
{
    struct serial s;
    struct error err;
    assert_int_equal(serial_make(&s, &err), STATUS_OK);
    return s;
}

static bool reads(const char *typed, const struct serial *as)
{
    struct serial s;
    return serial_read(str_of(typed), &s) && strcmp(s.text, as->text) == 0;
}

static void any_wrong_character_and_any_two_that_changed_places_are_found(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        struct serial s = make();
        char wrong[SERIAL_LEN + 1];
        for (size_t k = 0; k < SERIAL_LEN; k++) {
            for (const char *a = ALPHABET; *a; a++) {
                memcpy(wrong, s.text, sizeof wrong);
                wrong[k] = *a;
                assert_int_equal(serial_read(str_of(wrong), &(struct serial){0}), *a == s.text[k]);
            }
            for (size_t other = k + 1; other < SERIAL_LEN; other++) {
                memcpy(wrong, s.text, sizeof wrong);
                wrong[k] = s.text[other];
                wrong[other] = s.text[k];
                assert_int_equal(serial_read(str_of(wrong), &(struct serial){0}),
                                 s.text[k] == s.text[other]);
            }
        }
    }
}

static void a_number_is_read_in_any_case_and_width(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct serial s = {"2222222222222222"};
    struct buf wide = {.arena = arena};
    struct buf small = {.arena = arena};
    for (int i = 0; i < 20; i++) {
        s = make();
        wide.len = small.len = 0;
        for (size_t k = 0; k < SERIAL_LEN; k++) {
            char c = s.text[k];
            buf_add_code(&wide, (uint32_t)c - '!' + 0xFF01);
            buf_add_byte(&small, c >= 'A' ? (char)(c - 'A' + 'a') : c);
            if (k % 4 == 3) {
                buf_add_code(&wide, 0xFF0D);
                buf_add(&small, STR(" – "));
            }
        }
        buf_add_byte(&wide, 0);
        buf_add_byte(&small, 0);
        assert_true(reads(wide.at, &s));
        assert_true(reads(small.at, &s));
        assert_true(reads(serial_print(arena, &s).at, &s));
    }
    assert_false(reads("", &s));
    assert_false(reads("----", &s));
    assert_false(reads(str_format(arena, "%s2", s.text).at, &s));
    arena_free(arena);
}

static void a_printed_number_is_found_in_a_text_and_nothing_else_is(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct serial one = make();
    struct serial other = make();
    struct serial found;
    struct str first = serial_print(arena, &one);
    struct str second = serial_print(arena, &other);
    struct str text = str_format(
        arena, "编号%.*s。\nQ7-2222-3333-4444-5555, A%.*s, %.*s-2, https://x.example/check/%.*s",
        STR_ARG(first), STR_ARG(first), STR_ARG(first), STR_ARG(second));
    size_t at = 0;
    assert_true(serial_find(text, &at, &found));
    assert_string_equal(found.text, one.text);
    assert_true(serial_find(text, &at, &found));
    assert_string_equal(found.text, other.text);
    assert_int_equal(at, text.len);
    assert_false(serial_find(text, &at, &found));
    arena_free(arena);
}

static bool is_near(struct str read, const struct serial *number)
{
    struct serial near[SERIAL_NEAR_MOST];
    size_t count = serial_list_near(read, near);
    for (size_t i = 0; i < count; i++)
        if (strcmp(near[i].text, number->text) == 0)
            return true;
    return false;
}

static void a_number_with_one_character_misread_lost_or_doubled_is_among_those_near_it(void **state)
{
    (void)state;
    static const char SEEN[] = "O0I1L?2Q";
    struct arena *arena = arena_make();
    for (int n = 0; n < 20; n++) {
        struct serial s = make();
        struct str whole = serial_print(arena, &s);
        for (size_t i = 0; i < whole.len; i++) {
            struct str before = str_slice(whole, 0, i);
            struct str after = str_slice(whole, i + 1, whole.len);
            if (whole.at[i] == '-')
                continue;
            for (const char *c = SEEN; *c; c++)
                assert_int_equal(
                    is_near(str_format(arena, "%.*s%c%.*s", STR_ARG(before), *c, STR_ARG(after)),
                            &s),
                    *c != '?');
            assert_true(
                is_near(str_format(arena, "%.*s%.*s", STR_ARG(before), STR_ARG(after)), &s));
            assert_true(is_near(str_format(arena, "%.*s%c%c%.*s", STR_ARG(before), whole.at[i],
                                           whole.at[i], STR_ARG(after)),
                                &s));
        }
        assert_false(is_near(str_slice(whole, 0, 14), &s));
        assert_false(is_near(str_format(arena, "%.*s-2222", STR_ARG(whole)), &s));
        assert_false(is_near(serial_str(&s), &s));
    }
    arena_free(arena);
}

static void of_a_text_that_is_like_no_number_none_is_near(void **state)
{
    struct serial near[SERIAL_NEAR_MOST];
    static const char *const TEXTS[] = {"",
                                        "-",
                                        "---",
                                        "----",
                                        "2026-11-29",
                                        "ABCD-EFGH",
                                        "ABC-DEF-GHJ-KMN",
                                        "ABCDE-FGHJK-MNPQ-RSTU",
                                        "https://example.org/a-b-c-d",
                                        "ABCD-EFGH-JKMN-PQRSTUVWXYZ23456789ABCDEFGHJK"};
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        assert_int_equal(serial_list_near(str_of(TEXTS[i]), near), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_wrong_character_and_any_two_that_changed_places_are_found),
        cmocka_unit_test(a_number_is_read_in_any_case_and_width),
        cmocka_unit_test(a_printed_number_is_found_in_a_text_and_nothing_else_is),
        cmocka_unit_test(
            a_number_with_one_character_misread_lost_or_doubled_is_among_those_near_it),
        cmocka_unit_test(of_a_text_that_is_like_no_number_none_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
