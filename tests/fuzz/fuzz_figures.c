/* Any bytes as a spreadsheet of figures, by words that all use and by columns that a person named: each that is found
 * stands in a row of the sheet, in a month there is. */
#include <stdint.h>
#include <stdlib.h>

#include "format/sheet.h"
#include "ledger/amount.h"
#include "ledger/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first row's headings, each with a role that its own bytes choose; NULL where that can't be. */
static const struct ledger_columns *columns_of(struct arena *arena, const struct ledger_row *rows,
                                               size_t nrows)
{
    struct error err = {0};
    size_t count = nrows ? rows[0].ncells : 0;
    struct ledger_column *at = arena_array(arena, count + 1, struct ledger_column);
    struct ledger_columns *columns = arena_new(arena, struct ledger_columns);
    for (size_t i = 0; i < count; i++) {
        struct str heading = rows[0].cells[i];
        enum ledger_role guessed = ledger_guess_role(heading);
        at[i] = (struct ledger_column){
            heading, guessed || !heading.len
                         ? guessed
                         : (enum ledger_role)((unsigned char)heading.at[0] % LEDGER_ROLES)};
    }
    *columns = (struct ledger_columns){at, count};
    return ledger_check_columns(columns, &err) ? NULL : columns;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct error err = {0};
    struct sheet sheet;
    struct ledger_import_figure *list = NULL;
    size_t count = 0;
    int year = size && data[size - 1] % 2 ? 2026 : 0;
    if (sheet_read(arena, STR("fuzz"), (struct str){(const char *)data, size}, &sheet, &err) ==
        STATUS_OK) {
        struct ledger_row *rows = arena_array(arena, sheet.nrows, struct ledger_row);
        for (size_t i = 0; i < sheet.nrows; i++)
            rows[i] = (struct ledger_row){sheet.rows[i].number, sheet.rows[i].cells,
                                          sheet.rows[i].ncells};
        const struct ledger_columns *columns =
            size > 1 && data[size - 2] % 2 ? columns_of(arena, rows, sheet.nrows) : NULL;
        if (ledger_map_rows(arena, rows, sheet.nrows, columns, year, &list, &count, &err) &&
            !err.en[0])
            abort();
    }
    for (size_t i = 0; i < count; i++)
        if (!list[i].name.len || !list[i].text.len || list[i].month < LEDGER_YEAR_LEAST * 12 ||
            list[i].month >= (LEDGER_YEAR_MOST + 1) * 12)
            abort();
    arena_free(arena);
    return 0;
}
