/* Numbers as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number.h"

static void thousands_are_grouped(void **state)
{
    static const struct {
        int64_t number;
        const char *words;
    } cases[] = {
        {0, "0"},
        {999, "999"},
        {-999, "-999"},
        {3009, "3,009"},
        {-3009, "-3,009"},
        {123456, "123,456"},
        {1000000, "1,000,000"},
        {INT64_MIN, "-9,223,372,036,854,775,808"},
    };
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(number_words(arena, cases[i].number).at, cases[i].words);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_are_grouped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
