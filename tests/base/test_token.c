/* The words of a text as search knows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/token.h"

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

/* "stem stem …", with "=word" behind a stem that is not the word itself. */
static const char *words_of(struct arena *arena, const char *text)
{
    struct tokens tokens = token_split(arena, str_of(text));
    struct buf out = {.arena = arena};
    buf_reserve(&out, 1);
    for (size_t i = 0; i < tokens.count; i++) {
        const struct token *t = &tokens.at[i];
        buf_format(&out, "%s%.*s", i ? " " : "", STR_ARG(t->stem));
        if (!str_equal(t->stem, t->word))
            buf_format(&out, "=%.*s", STR_ARG(t->word));
    }
    return str_z(arena, buf_str(&out));
}

static void words_are_split_folded_and_stemmed(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"  ，。 ", ""},
        {"经济发展", "经济 济发 发展 展"},
        {"中", "中"},
        {"發展，經濟", "发展 展 经济 济"},
        {"The papers were running.", "the paper=papers were run=running"},
        {"Ｒｕｎｎｉｎｇ", "run=running"},
        {"member's don’t", "member=member's don't"},
        {"state-of-the-art", "state of the art"},
        {"1,024.5 3.5% 1999,2000", "1024.5 3.5 1999 2000"},
        {"２０２６年11月", "2026 年 11 月"},
        {"G7与AI时代", "g7 与 ai 时代 代"},
        {"café Straße", "café strass=strasse"},
        {"经\xE2\x81\xA0济\xE2\x80\x8B", "经济 济"},
        {"⼈⽣", "人生 生"},
        {"カタ", "カタ タ"},
        {"\xFF\xFE中\xC0", "中"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(words_of(*state, cases[i][0]), cases[i][1]);
}

static void a_word_tells_where_it_stands(void **state)
{
    struct str text = STR("看 AI：经\xE2\x81\xA0济！");
    struct tokens tokens = token_split(*state, text);
    static const char *const covered[] = {"看", "AI", "经\xE2\x81\xA0济", "济"};
    assert_int_equal(tokens.count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct token *t = &tokens.at[i];
        assert_true(str_equal(str_slice(text, t->at, t->end - t->at), str_of(covered[i])));
    }
}

static void a_word_without_end_is_cut_at_a_whole_character(void **state)
{
    struct buf text = {.arena = *state};
    for (int i = 0; i < 1000; i++)
        buf_add(&text, STR("ж"));
    buf_add_byte(&text, ' ');
    for (int i = 0; i < 100; i++)
        buf_add(&text, STR("aж"));
    struct tokens tokens = token_split(*state, buf_str(&text));
    assert_int_equal(tokens.count, 2);
    assert_int_equal(tokens.at[0].word.len, 64);
    assert_int_equal(tokens.at[1].word.len, 64);
    assert_int_equal(tokens.at[0].end, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_split_folded_and_stemmed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_word_tells_where_it_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_word_without_end_is_cut_at_a_whole_character, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
