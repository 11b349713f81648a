/* Sheets: items as people write them, values and what they come to, and that a sheet filled in stays as it is. */
#include "ledger_case.h"

#include <string.h>

#include "ledger/sheet.h"

static void items_are_read_as_people_write_them(void **state)
{
    struct ledger_case *c = *state;
    struct sheet_item *items;
    size_t count;
    static const struct {
        const char *text;
        int64_t most, weight;
    } expected[] = {
        {"工程进度", 20, 20},
        {"Safety of the site", 10, 15},
        {"有安全员在场", 0, 1},
        {"Fire doors kept free", 0, 5},
    };
    must(c, sheet_read_items(c->arena,
                             STR("工程进度 ｜ 20\r\n\n Safety of the site | 10 | 15\n有安全员在场\n"
                                 "Fire doors kept free | 0 | 5"),
                             &items, &count, &c->err));
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_true(str_equal(items[i].text, str_of(expected[i].text)));
        assert_int_equal(items[i].most, expected[i].most);
        assert_int_equal(items[i].weight, expected[i].weight);
    }
    struct sheet_item *again;
    size_t same;
    must(c, sheet_read_items(c->arena, sheet_write_items(c->arena, items, count), &again, &same,
                             &c->err));
    assert_int_equal(same, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(str_equal(items[i].text, again[i].text));
        assert_int_equal(items[i].most, again[i].most);
        assert_int_equal(items[i].weight, again[i].weight);
    }
}

static void items_that_can_not_be_meant_are_refused_by_their_number(void **state)
{
    struct ledger_case *c = *state;
    static const char *const wrong[] = {
        "Good\n| 10",          "Good\nBad | ten",        "Good\nBad | 101",
        "Good\nBad | 10 | -1", "Good\nBad | 10 | 1 | 2", "Good\nBad | 10 | 1001",
    };
    struct sheet_item *items;
    size_t count;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(sheet_read_items(c->arena, str_of(wrong[i]), &items, &count, &c->err),
                         STATUS_INPUT);
        assert_non_null(strstr(c->err.en, "Item 2"));
    }
}

static void values_are_read_as_their_item_asks(void **state)
{
    struct ledger_case *c = *state;
    struct sheet_item points = {1, STR("Progress"), 20, 20};
    struct sheet_item yes_no = {2, STR("On site"), 0, 1};
    static const struct {
        bool points;
        const char *text;
        int64_t value; /* -2: refused */
    } cases[] = {
        {true, "20", 200},   {true, "0", 0},     {true, "17.5", 175},
        {true, "17,5", 175}, {true, "20.1", -2}, {true, "21", -2},
        {true, "-1", -2},    {true, "7.55", -2}, {true, "", -2},
        {true, "yes", -2},   {true, "7.", -2},   {true, "1e1", -2},
        {false, "yes", 1},   {false, "no", 0},   {false, "inapplicable", -1},
        {false, "", -2},     {false, "1", -2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct sheet_item *item = cases[i].points ? &points : &yes_no;
        int64_t value = -2;
        enum status status = sheet_read_value(item, str_of(cases[i].text), &value, &c->err);
        if ((status == STATUS_OK) != (cases[i].value != -2) || value != cases[i].value)
            fail_msg("%s", cases[i].text);
        struct str text = status ? STR("") : sheet_value_text(c->arena, item, value);
        int64_t again = -2;
        if (!status && (sheet_read_value(item, text, &again, &c->err) || again != value))
            fail_msg("%s again", cases[i].text);
    }
}

static void points_and_answers_make_one_score(void **state)
{
    struct sheet_item items[] = {
        {1, STR("Progress"), 20, 20}, {2, STR("On site"), 0, 10}, {3, STR("Signs"), 0, 10}};
    struct sheet sheet = {.items = items, .nitems = 3};
    (void)state;
    assert_int_equal(sheet_score(&sheet, (int64_t[]){200, SHEET_YES, SHEET_YES}), 10000);
    assert_int_equal(sheet_score(&sheet, (int64_t[]){175, SHEET_NO, SHEET_YES}), 6875);
    assert_int_equal(sheet_score(&sheet, (int64_t[]){175, SHEET_INAPPLICABLE, SHEET_INAPPLICABLE}),
                     8750);
}

static struct sheet a_sheet(struct ledger_case *c)
{
    struct sheet sheet = {.use = SHEET_INSPECTION, .name = STR("Autumn tour"), .member = 1};
    must(c, sheet_read_items(c->arena, STR("Progress | 60\nSafety | 40\nOn site"), &sheet.items,
                             &sheet.nitems, &c->err));
    must(c, ledger_make_sheet(c->arena, c->store, &sheet, 1000, &c->err));
    return sheet;
}

static void a_sheet_is_found_as_it_was_made_until_it_is_closed(void **state)
{
    struct ledger_case *c = *state;
    struct sheet made = a_sheet(c);
    struct sheet found;
    struct sheet *list;
    size_t count;
    must(c, ledger_find_sheet(c->arena, c->store, made.key, &found, &c->err));
    assert_int_equal(found.nitems, 3);
    assert_true(str_equal(found.items[2].text, STR("On site")));
    assert_int_equal(ledger_make_sheet(c->arena, c->store, &made, 1000, &c->err), STATUS_CONFLICT);
    must(c, ledger_list_sheets(c->arena, c->store, SHEET_SWEEP, &list, &count, &c->err));
    assert_int_equal(count, 0);
    must(c, ledger_list_sheets(c->arena, c->store, SHEET_INSPECTION, &list, &count, &c->err));
    assert_int_equal(count, 1);
    must(c, ledger_close_sheet(c->store, found.id, 2000, &c->err));
    must(c, ledger_list_sheets(c->arena, c->store, SHEET_USES, &list, &count, &c->err));
    assert_int_equal(count, 0);
    must(c, ledger_make_sheet(c->arena, c->store, &made, 3000, &c->err));
    assert_int_equal(ledger_find_sheet(c->arena, c->store, STR("none"), &found, &c->err),
                     STATUS_MISSING);
}

static void an_unused_sheet_takes_other_items_and_keeps_its_name(void **state)
{
    struct ledger_case *c = *state;
    struct sheet sheet = a_sheet(c);
    struct sheet found;
    must(c,
         sheet_read_items(c->arena, STR("Progress | 100"), &sheet.items, &sheet.nitems, &c->err));
    must(c, ledger_change_sheet(c->arena, c->store, &sheet, &c->err));
    must(c, ledger_find_sheet(c->arena, c->store, sheet.key, &found, &c->err));
    assert_int_equal(found.nitems, 1);
    assert_int_equal(found.items[0].most, 100);
    sheet.nitems = 0;
    assert_int_equal(ledger_change_sheet(c->arena, c->store, &sheet, &c->err), STATUS_INPUT);
}

static void a_sheet_where_nothing_weighs_is_refused(void **state)
{
    struct ledger_case *c = *state;
    struct sheet sheet = {.use = SHEET_CHECK, .name = STR("Empty"), .member = 1};
    must(c, sheet_read_items(c->arena, STR("A | 10 | 0\nB | 0 | 0"), &sheet.items, &sheet.nitems,
                             &c->err));
    assert_int_equal(ledger_make_sheet(c->arena, c->store, &sheet, 1000, &c->err), STATUS_INPUT);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(items_are_read_as_people_write_them),
        CASE(items_that_can_not_be_meant_are_refused_by_their_number),
        CASE(values_are_read_as_their_item_asks),
        cmocka_unit_test(points_and_answers_make_one_score),
        CASE(a_sheet_is_found_as_it_was_made_until_it_is_closed),
        CASE(an_unused_sheet_takes_other_items_and_keeps_its_name),
        CASE(a_sheet_where_nothing_weighs_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
