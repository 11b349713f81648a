/* Small chances, said so that nobody has to count zeros. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>

#include "library/chance.h"

static void a_chance_is_said_in_words_and_never_smaller_than_it_is(void **state)
{
    static const struct {
        double log10;
        const char *en, *zh;
    } cases[] = {
        {0, "one", "必然"},
        {-0.4, "one", "必然"},
        {-2, "one in a hundred", "百分之一"},
        {-3, "one in a thousand", "千分之一"},
        {-5.99, "one in a hundred thousand", "十万分之一"},
        {-6, "one in a million", "百万分之一"},
        {-6.9, "one in a million", "百万分之一"},
        {-8, "one in a hundred million", "亿分之一"},
        {-9, "one in a thousand million", "十亿分之一"},
        {-12.3, "one in a million million", "万亿分之一"},
        {-17, "one in a hundred thousand million million", "十亿亿分之一"},
        {-18, "one in a million million million", "百亿亿分之一"},
        {-120.5, "one in a hundred million million million", "千亿亿分之一"},
    };
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(chance_words(arena, cases[i].log10, LANG_EN).at, cases[i].en);
        assert_string_equal(chance_words(arena, cases[i].log10, LANG_ZH).at, cases[i].zh);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chance_is_said_in_words_and_never_smaller_than_it_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
