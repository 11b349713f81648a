/* Any bytes as a spreadsheet of figures: each that is found stands in a row of the sheet, in a month there is. */
#include <stdint.h>
#include <stdlib.h>

#include "format/sheet.h"
#include "ledger/amount.h"
#include "ledger/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
        if (ledger_map_rows(arena, rows, sheet.nrows, year, &list, &count, &err) && !err.en[0])
            abort();
    }
    for (size_t i = 0; i < count; i++)
        if (!list[i].name.len || !list[i].text.len || list[i].month < LEDGER_YEAR_LEAST * 12 ||
            list[i].month >= (LEDGER_YEAR_MOST + 1) * 12)
            abort();
    arena_free(arena);
    return 0;
}
