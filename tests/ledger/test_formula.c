/* Formulas over indicators: what they are worth, what is refused, and that none is made of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ledger/formula.h"

/* Chance that comes back: a small generator, seeded by each test. */
static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance = state_of_chance * 6364136223846793005U + 1442695040888963407U;
    return (state_of_chance >> 33) % below;
}

/* I1 … I9 exist; In is worth n × 10, less the months ago; I8 has no value, I9 is 0. */
static bool find(void *context, struct str number, int64_t *id)
{
    (void)context;
    if (number.len != 2 || number.at[0] != 'I' || number.at[1] < '1' || number.at[1] > '9')
        return false;
    *id = number.at[1] - '0';
    return true;
}

static bool value(void *context, int64_t id, int ago, double *is)
{
    (void)context;
    *is = id == 9 ? 0 : (double)id * 10 - ago;
    return id != 8;
}

static const struct {
    const char *text;
    enum ledger_worth worth;
    double is;
} FORMULAS[] = {
    {"1 + 2 * 3", LEDGER_KNOWN, 7},
    {"(1 + 2) * 3", LEDGER_KNOWN, 9},
    {"10 - 3 - 2", LEDGER_KNOWN, 5},
    {"100 / 10 / 5", LEDGER_KNOWN, 2},
    {"-2 * -3", LEDGER_KNOWN, 6},
    {"2 - -3", LEDGER_KNOWN, 5},
    {"--5", LEDGER_KNOWN, 5},
    {".5+0.25", LEDGER_KNOWN, 0.75},
    {"I3 / I4 * 100", LEDGER_KNOWN, 75},
    {"i3+I4", LEDGER_KNOWN, 70},
    {"（Ｉ３＋I4）×２÷７", LEDGER_KNOWN, 20},
    {"min(I3, I1, I2)", LEDGER_KNOWN, 10},
    {"MAX(I3)", LEDGER_KNOWN, 30},
    {"最大（I1，I2）－最小(I1、I2)", LEDGER_KNOWN, 10},
    {"ago(I3, 12)", LEDGER_KNOWN, 18},
    {"前(I3, 1)", LEDGER_KNOWN, 29},
    {"ago(I3 + ago(I1, 2), 3) + I1", LEDGER_KNOWN, 27 + 5 + 10},
    {"(I7 - ago(I7, 12)) / ago(I7, 12) * 100", LEDGER_KNOWN, 12.0 / 58 * 100},
    {"I1 + I8", LEDGER_LACKING, 8},
    {"I1 / I9", LEDGER_DIVIDED, 0},
    {"I1 / (I2 - 20)", LEDGER_DIVIDED, 0},
};

static void a_formula_is_worth_what_arithmetic_says(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof FORMULAS / sizeof *FORMULAS; i++) {
        struct ledger_formula *f;
        struct error err = {0};
        double is = 0;
        int64_t lacking = 0;
        if (ledger_read_formula(arena, str_of(FORMULAS[i].text), find, NULL, &f, &err))
            fail_msg("%s: %s", FORMULAS[i].text, err.en);
        enum ledger_worth worth = ledger_work_out(f, value, NULL, &is, &lacking);
        if (worth != FORMULAS[i].worth ||
            (worth == LEDGER_KNOWN && fabs(is - FORMULAS[i].is) > 1e-9) ||
            (worth == LEDGER_LACKING && lacking != (int64_t)FORMULAS[i].is))
            fail_msg("%s gave %d, %g", FORMULAS[i].text, (int)worth, is);
    }
    arena_free(arena);
}

static const struct {
    const char *text, *en, *zh; /* part of what is said */
} REFUSED[] = {
    {"", "An indicator or a number is needed at the beginning", "应位于公式开头"},
    {"1 +", "An indicator or a number is needed after \"1 +\"", "应位于“1 +”之后"},
    {"1 2", "An operator (+ - * /) or the end is needed after \"1\"", "运算符"},
    {"(1", "A closing bracket is needed after \"(1\"", "右括号"},
    {"1)", "An operator", "运算符"},
    {"1.2.3", "\"1.2.3\" is not a number", "“1.2.3”不是数字"},
    {"I12", "\"I12\" is no indicator", "“I12”不是指标"},
    {"营业收入 / I3", "\"营业收入\" is no indicator", "“营业收入”不是指标"},
    {"sum(I1, I2)", "\"sum\" is unknown", "“sum”无法识别"},
    {"ago(I1)", "A comma and a number of months is needed after \"ago(I1\"", "逗号和月数"},
    {"ago(I1, I2)", "A number of months is needed", "月数"},
    {"ago(I1, 0)", "no number of months from 1 to 120", "不是1到120"},
    {"ago(I1, 121)", "no number of months", "不是1到120"},
    {"ago(ago(I1, 100), 21)", "more than 120 months altogether", "合计回溯超过120个月"},
    {"min()", "An indicator or a number is needed after \"min(\"", "应位于"},
    {"I1 ^ 2", "An operator", "运算符"},
};

static void what_is_no_formula_is_refused_with_the_place(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        struct ledger_formula *f;
        struct error err = {0};
        assert_int_equal(ledger_read_formula(arena, str_of(REFUSED[i].text), find, NULL, &f, &err),
                         STATUS_INPUT);
        if (!strstr(err.en, REFUSED[i].en) || !strstr(err.zh, REFUSED[i].zh))
            fail_msg("%s: %s / %s", REFUSED[i].text, err.en, err.zh);
    }
    arena_free(arena);
}

static enum status read_repeated(struct arena *arena, const char *open, const char *middle,
                                 const char *close, size_t times)
{
    struct buf out = {.arena = arena};
    struct ledger_formula *f;
    double is;
    for (size_t i = 0; i < times; i++)
        buf_add(&out, str_of(open));
    buf_add(&out, str_of(middle));
    for (size_t i = 0; i < times; i++)
        buf_add(&out, str_of(close));
    enum status status = ledger_read_formula(arena, buf_str(&out), find, NULL, &f, NULL);
    if (!status)
        assert_int_equal(ledger_work_out(f, value, NULL, &is, NULL), LEDGER_KNOWN);
    return status;
}

static void depth_and_length_have_bounds(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    assert_int_equal(read_repeated(arena, "(", "1", ")", 40), STATUS_OK);
    assert_int_equal(read_repeated(arena, "(", "1", ")", 41), STATUS_INPUT);
    assert_int_equal(read_repeated(arena, "1+2*max(3,4,", "1", ")", 40), STATUS_OK);
    assert_int_equal(read_repeated(arena, "-", "1", "", 999), STATUS_OK);
    assert_int_equal(read_repeated(arena, "-", "1", "", 1000), STATUS_INPUT);
    assert_int_equal(read_repeated(arena, "1,", "1", "", 40), STATUS_INPUT);
    arena_free(arena);
}

static void a_formula_tells_what_it_uses_once_each(void **state)
{
    struct arena *arena = arena_make();
    struct ledger_formula *f;
    size_t count;
    (void)state;
    assert_int_equal(
        ledger_read_formula(arena, STR("I3 + I1 * I3 - ago(I1, 2) + I2"), find, NULL, &f, NULL),
        STATUS_OK);
    const int64_t *uses = ledger_formula_uses(f, &count);
    assert_int_equal(count, 3);
    assert_true(uses[0] == 3 && uses[1] == 1 && uses[2] == 2);
    arena_free(arena);
}

static void a_cycle_is_found_with_its_shortest_way(void **state)
{
    static const struct ledger_use uses[] = {{1, 2}, {2, 3}, {3, 4}, {4, 1},
                                             {2, 5}, {5, 1}, {6, 1}, {7, 7}};
    struct arena *arena = arena_make();
    int64_t *path;
    size_t length;
    (void)state;
    assert_true(ledger_find_cycle(arena, uses, 8, 1, &path, &length));
    assert_int_equal(length, 4);
    assert_true(path[0] == 1 && path[1] == 2 && path[2] == 5 && path[3] == 1);
    assert_true(ledger_find_cycle(arena, uses, 8, 7, &path, &length));
    assert_true(length == 2 && path[0] == 7 && path[1] == 7);
    assert_false(
        ledger_find_cycle(arena, uses, 8, 6, &path, &length)); /* uses a cycle, is in none */
    assert_false(ledger_find_cycle(arena, uses, 8, 9, &path, &length));
    assert_false(ledger_find_cycle(arena, NULL, 0, 1, &path, &length));
    arena_free(arena);
}

/* Against Warshall's closure of small random graphs. */
static void a_cycle_is_found_exactly_where_there_is_one(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    state_of_chance = 3;
    for (int round = 0; round < 3000; round++) {
        enum { N = 7 };
        struct ledger_use uses[20];
        bool reach[N][N] = {{false}};
        bool is[N][N] = {{false}};
        size_t count = chance(20);
        for (size_t i = 0; i < count; i++) {
            uses[i] = (struct ledger_use){(int64_t)chance(N), (int64_t)chance(N)};
            is[uses[i].of][uses[i].uses] = reach[uses[i].of][uses[i].uses] = true;
        }
        for (int k = 0; k < N; k++)
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++)
                    reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
        for (int64_t of = 0; of < N; of++) {
            int64_t *path;
            size_t length;
            bool found = ledger_find_cycle(arena, uses, count, of, &path, &length);
            assert_int_equal(found, reach[of][of]);
            for (size_t i = 0; found && i + 1 < length; i++)
                assert_true(is[path[i]][path[i + 1]]);
            assert_true(!found || (path[0] == of && path[length - 1] == of));
        }
        arena_reset(arena);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_formula_is_worth_what_arithmetic_says),
        cmocka_unit_test(what_is_no_formula_is_refused_with_the_place),
        cmocka_unit_test(depth_and_length_have_bounds),
        cmocka_unit_test(a_formula_tells_what_it_uses_once_each),
        cmocka_unit_test(a_cycle_is_found_with_its_shortest_way),
        cmocka_unit_test(a_cycle_is_found_exactly_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
