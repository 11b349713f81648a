/* Quantities and months as people and spreadsheets write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/amount.h"

static const struct {
    const char *text;
    unsigned places;
    int64_t amount;
} AMOUNTS[] = {
    {"0", 0, 0},
    {"12", 2, 1200},
    {"12.5", 2, 1250},
    {"-12.5", 1, -125},
    {"−3", 0, -3},
    {"+7", 0, 7},
    {"1,234.5", 1, 12345},
    {"1 234,", 0, LEDGER_NONE},
    {"12,345,678", 0, 12345678},
    {"12 345", 0, 12345},
    {"１，２３４．５０", 2, 123450},
    {"(1,200)", 0, -1200},
    {"（１２）", 0, -12},
    {"12.5%", 1, 125},
    {"12.5％", 1, 125},
    {".5", 1, 5},
    {"5.", 0, 5},
    {"0.10000000000000001", 2, 10}, /* as spreadsheets keep 0.1 */
    {"1.2345E-3", 6, 1235},
    {"1.5e3", 0, 1500},
    {"2.5", 0, 3}, /* half away from zero */
    {"-2.5", 0, -3},
    {"2.4999999", 0, 2},
    {"0.004", 2, 0},
    {"-0.004", 2, 0},
    {"1e15", 0, LEDGER_AMOUNT_MAX},
    {"1e15", 1, LEDGER_NONE},
    {"1e999999999999", 0, LEDGER_NONE},
    {"0e999999999999", 0, 0},
    {"1e-999999999999", 0, 0},
    {"1000000000000001", 0, LEDGER_NONE},
    {"", 0, LEDGER_NONE},
    {"-", 0, LEDGER_NONE},
    {".", 0, LEDGER_NONE},
    {"()", 0, LEDGER_NONE},
    {"1,23", 0, LEDGER_NONE}, /* might be a decimal comma */
    {"1,2345", 0, LEDGER_NONE},
    {"1234,567", 0, LEDGER_NONE},
    {"1.234.5", 0, LEDGER_NONE},
    {"12 万", 0, LEDGER_NONE},
    {"n/a", 0, LEDGER_NONE},
    {"1e", 0, LEDGER_NONE},
    {"0x10", 0, LEDGER_NONE},
    {"inf", 0, LEDGER_NONE},
};

static void a_quantity_is_read_as_it_is_written_or_refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof AMOUNTS / sizeof *AMOUNTS; i++) {
        struct error err = {0};
        int64_t amount = LEDGER_NONE;
        enum status status =
            ledger_read_amount(str_of(AMOUNTS[i].text), AMOUNTS[i].places, &amount, &err);
        if (amount != AMOUNTS[i].amount || (status == STATUS_OK) != (amount != LEDGER_NONE) ||
            (status && (!err.en[0] || !err.zh[0])))
            fail_msg("\"%s\" gave %lld", AMOUNTS[i].text, (long long)amount);
    }
}

static void what_is_written_is_read_as_the_same(void **state)
{
    static const int64_t amounts[] = {
        0, 1, -1, 9, 10, -10, 99, 100, -12345, 1000000, LEDGER_AMOUNT_MAX, -LEDGER_AMOUNT_MAX};
    struct arena *arena = arena_make();
    (void)state;
    for (unsigned places = 0; places <= LEDGER_PLACES_MAX; places++)
        for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
            int64_t again;
            struct str text = ledger_write_amount(arena, amounts[i], places);
            assert_int_equal(ledger_read_amount(text, places, &again, NULL), STATUS_OK);
            assert_int_equal(again, amounts[i]);
        }
    assert_true(str_equal(ledger_write_amount(arena, -5, 2), STR("-0.05")));
    assert_int_equal(ledger_write_amount(arena, LEDGER_NONE, 2).len, 0);
    arena_free(arena);
}

static const struct {
    const char *text;
    int year, month; /* month 0: refused */
} MONTHS[] = {
    {"2026-03", 2026, 3},    {"2026/3", 2026, 3},     {"2026.03", 2026, 3},
    {"202612", 2026, 12},    {"2026年3月", 2026, 3},  {"２０２６年１２月", 2026, 12},
    {"2026-03-31", 2026, 3}, {"2024-02-29", 2024, 2}, {"2026年3月1日", 2026, 3},
    {" 2026-01 ", 2026, 1},  {"2000-02-29", 2000, 2}, {"2026-02-29", 0, 0},
    {"2100-02-29", 0, 0},    {"2026-13", 0, 0},       {"2026-0", 0, 0},
    {"2026", 0, 0},          {"20263", 0, 0},         {"1900-01", 0, 0},
    {"2026-03-32", 0, 0},    {"2026-03x", 0, 0},      {"", 0, 0},
    {"March 2026", 0, 0},    {"2026-004", 0, 0},
};

static void a_month_is_read_as_it_is_written(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof MONTHS / sizeof *MONTHS; i++) {
        int month = -1;
        bool read = ledger_read_month(str_of(MONTHS[i].text), &month);
        int expected = MONTHS[i].month ? MONTHS[i].year * 12 + MONTHS[i].month - 1 : -1;
        if (read != (MONTHS[i].month != 0) || month != expected)
            fail_msg("\"%s\" gave %d", MONTHS[i].text, month);
    }
    for (int month = LEDGER_YEAR_LEAST * 12; month < LEDGER_YEAR_MOST * 12; month++) {
        int again = 0;
        assert_true(ledger_read_month(ledger_write_month(arena, month), &again));
        assert_int_equal(again, month);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quantity_is_read_as_it_is_written_or_refused_with_the_reason),
        cmocka_unit_test(what_is_written_is_read_as_the_same),
        cmocka_unit_test(a_month_is_read_as_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
