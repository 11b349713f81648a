/* Sweeps: how a unit stands by its day. What is kept is tested over HTTP in tests/web/test_sweeps.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>

#include "ledger/sweep.h"

static void a_unit_stands_by_the_day_of_its_first_answer(void **state)
{
    static const struct {
        int64_t due, answered, today;
        enum sweep_standing standing;
    } cases[] = {
        {100, 0, 99, SWEEP_WAITING},
        {100, 0, 100, SWEEP_WAITING},
        {100, 0, 101, SWEEP_LATE},
        {100, 90, 200, SWEEP_ANSWERED},
        {100, 100, 100, SWEEP_ANSWERED},
        {100, 101, 101, SWEEP_ANSWERED_LATE},
        {100, 150, 151, SWEEP_ANSWERED_LATE},
        {0, 0, 500, SWEEP_WAITING},
        {0, 400, 500, SWEEP_ANSWERED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (sweep_stand(cases[i].due, cases[i].answered, cases[i].today) != cases[i].standing)
            fail_msg("case %zu", i);
}

static void every_standing_has_a_name_and_words(void **state)
{
    (void)state;
    for (int i = 0; i < SWEEP_STANDINGS; i++) {
        assert_non_null(sweep_standing_name((enum sweep_standing)i));
        assert_string_not_equal(sweep_standing_words((enum sweep_standing)i, LANG_EN),
                                sweep_standing_words((enum sweep_standing)i, LANG_ZH));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_stands_by_the_day_of_its_first_answer),
        cmocka_unit_test(every_standing_has_a_name_and_words),
    };
    return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
