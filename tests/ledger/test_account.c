/* Accounts of projects: sums counted by hand and at random, and entries that are struck and never lost. */
#include "ledger_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "ledger/account.h"

#define DAY(y, m, d) calendar_day_number(y, m, d)

static const struct ledger_deed plain = {.now_ms = 1000, .why = {"Agreed", 6}};

static void sums_are_those_counted_by_hand(void **state)
{
    struct ledger_case *c = *state;
    const struct account_entry entries[] = {
        {.kind = ENTRY_PLANNED, .source = STR("City"), .cents = 100000, .day = DAY(2025, 12, 31)},
        {.kind = ENTRY_PLANNED, .source = STR("Bank"), .cents = 50000, .day = DAY(2026, 1, 1)},
        {.kind = ENTRY_PAID, .source = STR("City"), .cents = 30001, .day = DAY(2026, 2, 28)},
        {.kind = ENTRY_PAID, .source = STR("City"), .cents = -1, .day = DAY(2024, 2, 29)},
        {.kind = ENTRY_PAID, .source = STR("City"), .cents = 777, .day = 1, .struck_ms = 1},
        {.kind = ENTRY_LAND, .state = ENTRY_HELD, .due_day = 5},
        {.kind = ENTRY_PERMIT, .state = ENTRY_ASKED, .due_day = DAY(2026, 3, 1)},
        {.kind = ENTRY_PERMIT, .state = ENTRY_WANTED, .due_day = DAY(2026, 3, 2)},
        {.kind = ENTRY_PARTY, .state = ENTRY_WANTED},
    };
    struct account_sum s;
    account_sum(c->arena, entries, sizeof entries / sizeof *entries, DAY(2026, 3, 2), &s);
    assert_true(s.planned == 150000 && s.paid == 30000);
    assert_int_equal(s.nsources, 2);
    assert_true(s.sources[0].planned == 100000 && s.sources[0].paid == 30000);
    assert_true(s.sources[1].planned == 50000 && s.sources[1].paid == 0);
    assert_int_equal(s.nyears, 3);
    assert_true(s.years[0].year == 2024 && s.years[0].paid == -1);
    assert_true(s.years[1].year == 2025 && s.years[1].planned == 100000);
    assert_true(s.years[2].year == 2026 && s.years[2].paid == 30001);
    assert_true(s.needs == 4 && s.held == 1 && s.late == 1);
}

static void money_reads_as_people_write_it(void **state)
{
    struct ledger_case *c = *state;
    static const struct {
        int64_t cents;
        const char *text;
    } cases[] = {{0, "0.00"},
                 {5, "0.05"},
                 {-5, "-0.05"},
                 {99999, "999.99"},
                 {100000, "1,000.00"},
                 {-123456789, "-1,234,567.89"},
                 {10000000, "100,000.00"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(str_z(c->arena, account_money(c->arena, cases[i].cents)),
                            cases[i].text);
}

static struct account_entry some_entry(void)
{
    static const char *const sources[] = {"", "City", "Bank", "省级"};
    enum entry_kind kind = (enum entry_kind)(random() % ENTRY_KINDS);
    return (struct account_entry){
        .kind = kind,
        .name = STR("For works"),
        .source = str_of(sources[random() % 4]),
        .cents = entry_is_money(kind) ? 1 + random() % 1000000 - 300000 : 0,
        .state = entry_is_money(kind) ? ENTRY_MONEY
                                      : (enum entry_state)(1 + random() % (ENTRY_STATES - 1)),
        .day = DAY(2020, 1, 1) + random() % 3000,
        .due_day = random() % 2 ? DAY(2020, 1, 1) + random() % 3000 : 0,
        .member = 1,
    };
}

static void parts_add_up_to_the_whole_whatever_is_entered(void **state)
{
    struct ledger_case *c = *state;
    struct account_entry entries[60];
    for (int round = 0; round < 2000; round++) {
        size_t count = (size_t)(random() % 60);
        struct account_sum s;
        struct account_part sources = {{0}, 0, 0, 0};
        struct account_part years = sources;
        for (size_t i = 0; i < count; i++) {
            entries[i] = some_entry();
            entries[i].struck_ms = random() % 5 == 0;
        }
        account_sum(c->arena, entries, count, DAY(2024, 1, 1), &s);
        for (size_t i = 0; i < s.nsources; i++)
            sources.planned += s.sources[i].planned, sources.paid += s.sources[i].paid;
        for (size_t i = 0; i < s.nyears; i++) {
            years.planned += s.years[i].planned, years.paid += s.years[i].paid;
            assert_true(i == 0 || s.years[i - 1].year < s.years[i].year);
        }
        assert_true(sources.planned == s.planned && sources.paid == s.paid);
        assert_true(years.planned == s.planned && years.paid == s.paid);
        assert_true(s.held + s.late <= s.needs);
        arena_reset(c->arena);
    }
}

/* --- kept --------------------------------------------------------------------------------------- */

static int64_t make_line(struct ledger_case *c, enum ledger_kind kind)
{
    struct line line = {.kind = kind, .title = STR("Bridge"), .state = LINE_ACTIVE, .weight = 1};
    must(c, ledger_make_line(c->arena, c->store, &line, &plain, &c->err));
    return line.id;
}

static void what_is_struck_stays_with_its_reason_and_counts_no_more(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c, LEDGER_PROJECT);
    struct account_entry money = {
        .kind = ENTRY_PAID, .name = STR(" Steel "), .cents = 500, .day = 20000, .member = 1};
    struct account_entry *list;
    struct account_sum sum;
    size_t count;
    const struct ledger_deed silent = {.now_ms = 2000};
    must(c, ledger_enter(c->arena, c->store, line, &money, &plain, &c->err));
    assert_int_equal(ledger_strike_entry(c->arena, c->store, line, money.key, &silent, &c->err),
                     STATUS_INPUT);
    must(c, ledger_strike_entry(c->arena, c->store, line, money.key, &plain, &c->err));
    assert_int_equal(ledger_strike_entry(c->arena, c->store, line, money.key, &plain, &c->err),
                     STATUS_CONFLICT);
    must(c, ledger_list_entries(c->arena, c->store, line, &list, &count, &c->err));
    account_sum(c->arena, list, count, 20000, &sum);
    assert_true(count == 1 && sum.paid == 0);
    assert_true(str_equal(list[0].struck_why, STR("Agreed")) &&
                str_equal(list[0].name, STR("Steel")));
}

static void only_what_can_be_counted_is_entered(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c, LEDGER_PROJECT);
    static const struct account_entry bad[] = {
        {.kind = ENTRY_PAID, .name = {"A", 1}, .cents = 0, .day = 1},
        {.kind = ENTRY_PAID, .name = {"A", 1}, .cents = 5},
        {.kind = ENTRY_PLANNED, .name = {"A", 1}, .cents = ENTRY_CENTS_MAX + 1, .day = 1},
        {.kind = ENTRY_PLANNED, .name = {" ", 1}, .cents = 5, .day = 1},
        {.kind = ENTRY_LAND, .name = {"A", 1}},
        {.kind = ENTRY_LAND, .name = {"A\nB", 3}, .state = ENTRY_HELD},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct account_entry entry = bad[i];
        entry.member = 1;
        assert_int_equal(ledger_enter(c->arena, c->store, line, &entry, &plain, &c->err),
                         STATUS_INPUT);
    }
    struct account_entry fine = {
        .kind = ENTRY_LAND, .name = STR("Plot 7"), .state = ENTRY_WANTED, .member = 1};
    assert_int_equal(
        ledger_enter(c->arena, c->store, make_line(c, LEDGER_GOAL), &fine, &plain, &c->err),
        STATUS_CONFLICT);
    must(c, ledger_enter(c->arena, c->store, line, &fine, &plain, &c->err));
    must(c,
         ledger_set_entry(c->arena, c->store, line, fine.key, ENTRY_HELD, 20000, &plain, &c->err));
    assert_int_equal(
        ledger_set_entry(c->arena, c->store, line, STR("no"), ENTRY_HELD, 1, &plain, &c->err),
        STATUS_MISSING);
}

int main(void)
{
    srandom(29);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sums_are_those_counted_by_hand, open_case, close_case),
        cmocka_unit_test_setup_teardown(money_reads_as_people_write_it, open_case, close_case),
        cmocka_unit_test_setup_teardown(parts_add_up_to_the_whole_whatever_is_entered, open_case,
                                        close_case),
        cmocka_unit_test_setup_teardown(what_is_struck_stays_with_its_reason_and_counts_no_more,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(only_what_can_be_counted_is_entered, open_case, close_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
