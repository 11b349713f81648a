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
    const char *found; /* beginning with '!': part of what is said */
} SHEETS[] = {
    {"编号|名称|2026-01|2026年2月/I1|产值|5|6/I2|税收||7", 0,
     "I1 2026-01 5;I1 2026-02 6;I2 2026-02 7;"},
    {"名称|编号|1月|Feb|december/产值|I1|5|6|7", 2026, "I1 2026-01 5;I1 2026-02 6;I1 2026-12 7;"},
    {"Year|Indicator|Jan/2025|Output|5/2026|Output|6", 0, "Output 2025-01 5;Output 2026-01 6;"},
    {"年份|指标|1月/2025年|产值|5", 2030, "产值 2025-01 5;"},
    {"Monthly report//|2026-01/Output|5", 0, "Output 2026-01 5;"},
    {"指标|月份|数值/产值|2026年3月|5/产值|4月|6/税收|2026-03|", 2026,
     "产值 2026-03 5;产值 2026-04 6;"},
    {"Name|Month|Value/Output|2026-03-31|1,234.5", 0, "Output 2026-03 1,234.5;"},
    {"Name|2026-01/Output|5|stray/|9", 0, "Output 2026-01 5;"},
    {"Name|2026-01", 0, ""},
    {"Name|1月/Output|5", 0, "!no year"},
    {"Name|Jan|Year/Output|5|soon", 0, "!Row 2: \"soon\" is no year"},
    {"Name|Month|Value/Output|May|5", 0, "!Row 2: \"May\" is no month"},
    {"a|b/1|2", 0, "!No row names months"},
    {"", 0, "!No row names months"},
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
        if (ledger_map_rows(arena, rows, count, SHEETS[i].year, &list, &count, &err)) {
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_found_by_their_headings_in_either_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
