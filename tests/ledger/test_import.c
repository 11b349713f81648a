/* Which cell of a spreadsheet is which figure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ledger/amount.h"
#include "ledger/import.h"

/* Rows are parted by '/', cells by '|'. Found figures: "name month text;" */
static const struct {
    const char *rows;
    int year;
    const char *found;   /* beginning with '!': part of what is said */
    const char *columns; /* "heading=role|…"; NULL: by words that all use */
} SHEETS[] = {
    {"编号|名称|2026-01|2026年2月/I1|产值|5|6/I2|税收||7", 0,
     "I1 2026-01 5;I1 2026-02 6;I2 2026-02 7;", NULL},
    {"名称|编号|1月|Feb|december/产值|I1|5|6|7", 2026, "I1 2026-01 5;I1 2026-02 6;I1 2026-12 7;",
     NULL},
    {"Year|Indicator|Jan/2025|Output|5/2026|Output|6", 0, "Output 2025-01 5;Output 2026-01 6;",
     NULL},
    {"年份|指标|1月/2025年|产值|5", 2030, "产值 2025-01 5;", NULL},
    {"Monthly report//|2026-01/Output|5", 0, "Output 2026-01 5;", NULL},
    {"指标|月份|数值/产值|2026年3月|5/产值|4月|6/税收|2026-03|", 2026,
     "产值 2026-03 5;产值 2026-04 6;", NULL},
    {"Name|Month|Value/Output|2026-03-31|1,234.5", 0, "Output 2026-03 1,234.5;", NULL},
    {"Name|2026-01/Output|5|stray/|9", 0, "Output 2026-01 5;", NULL},
    {"Name|2026-01", 0, "", NULL},
    {"Name|1月/Output|5", 0, "!no year", NULL},
    {"Name|Jan|Year/Output|5|soon", 0, "!Row 2: \"soon\" is no year", NULL},
    {"Name|Month|Value/Output|May|5", 0, "!Row 2: \"May\" is no month", NULL},
    {"a|b/1|2", 0, "!No row names months", NULL},
    {"", 0, "!No row names months", NULL},
    {"Code|When|Sum/I1|2026-01|5/I1|2026-02|6", 0, "", NULL},
    {"统计局月报//代码|统计月|本期/I1|2026-03|5", 0, "I1 2026-03 5;",
     "本期=value|代码=indicator|统计月=month"},
    {"What|Q|Jan/I1|8|5", 2026, "I1 2026-01 5;", "What=indicator|q=out"},
    {"What|Jan|First/I1|9|5", 2026, "I1 2026-01 5;", "what=indicator|FIRST=m1|Jan=out"},
    {"What|Then|March/I1|2025|5", 0, "I1 2025-03 5;", "What=indicator|Then=year|March=m3"},
    {"Name|Month|Value/Output|2026-03|5", 0, "!no row has all of its headings",
     "Name=indicator|When=month|Value=value"},
    {"What|Q/I1|8", 0, "!no row has all of its headings", "What=indicator"},
};

static size_t read_rows(struct arena *arena, struct str text, struct ledger_row *rows)
{
    struct str line;
    size_t count = 0;
    while (str_split(&text, '/', &line)) {
        struct str *cells = arena_array(arena, 8, struct str);
        size_t n = 0;
        while (str_split(&line, '|', &cells[n]))
            n++;
        rows[count] = (struct ledger_row){(unsigned)count + 1, cells, n};
        count++;
    }
    return count;
}

static struct ledger_columns read_columns(struct arena *arena, const char *said)
{
    struct str text = str_of(said);
    struct str one;
    struct ledger_column *list = arena_array(arena, 8, struct ledger_column);
    size_t count = 0;
    while (str_split(&text, '|', &one)) {
        struct str heading;
        assert_true(str_split(&one, '=', &heading));
        list[count].heading = heading;
        assert_true(ledger_role_named(one, &list[count].role));
        count++;
    }
    return (struct ledger_columns){list, count};
}

static void cells_are_found_by_their_headings_in_either_shape(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof SHEETS / sizeof *SHEETS; i++) {
        struct ledger_row rows[8];
        struct ledger_import_figure *list;
        struct error err = {0};
        size_t count = read_rows(arena, str_of(SHEETS[i].rows), rows);
        struct buf found = {.arena = arena};
        buf_add(&found, STR(""));
        struct ledger_columns said = read_columns(arena, SHEETS[i].columns);
        struct ledger_columns *columns = SHEETS[i].columns ? &said : NULL;
        if (ledger_map_rows(arena, rows, count, columns, SHEETS[i].year, &list, &count, &err)) {
            if (SHEETS[i].found[0] != '!' || !strstr(err.en, SHEETS[i].found + 1) || !err.zh[0])
                fail_msg("%s: %s", SHEETS[i].rows, err.en);
            continue;
        }
        for (size_t f = 0; f < count; f++)
            buf_format(&found, "%.*s %.*s %.*s;", STR_ARG(list[f].name),
                       STR_ARG(ledger_write_month(arena, list[f].month)), STR_ARG(list[f].text));
        assert_string_equal(found.at, SHEETS[i].found);
    }
    arena_free(arena);
}

/* Part of what is said against it, "" where it is taken. */
static const struct {
    const char *columns, *said;
} COLUMNS[] = {
    {"A=indicator", ""},
    {"A=indicator|B=month|C=value", ""},
    {"A=indicator|B=year|C=m12|D=m1", ""},
    {"B=month|C=value", "the indicator stands in it"},
    {"A=indicator|B=indicator", "the indicator stands in it"},
    {"A=indicator|a=out", "Two columns are headed"},
    {"A=indicator|B=m1|C=m1", "the same"},
    {"A=indicator|B=month", "needs one with its value"},
    {"A=indicator|B=value", "needs one with its value"},
};

static void columns_that_say_too_little_or_too_much_are_refused(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++) {
        struct error err = {0};
        struct ledger_columns columns = read_columns(arena, COLUMNS[i].columns);
        bool taken = !ledger_check_columns(&columns, &err);
        if (taken != !COLUMNS[i].said[0] || !strstr(err.en, COLUMNS[i].said))
            fail_msg("%s: %s", COLUMNS[i].columns, err.en);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_found_by_their_headings_in_either_shape),
        cmocka_unit_test(columns_that_say_too_little_or_too_much_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
