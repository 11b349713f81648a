/* Any bytes as a spreadsheet: as a whole file, and, after an 'X', as the parts of an XLSX that stand between bytes
 * 0xFF. What is read keeps to the bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "format/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct sheet *sheet)
{
    if (sheet->nrows > SHEET_ROWS_MAX)
        abort();
    for (size_t r = 0; r < sheet->nrows; r++) {
        if (sheet->rows[r].ncells == 0 || sheet->rows[r].ncells > SHEET_COLUMNS_MAX)
            abort();
        for (size_t c = 0; c < sheet->rows[r].ncells; c++)
            if (sheet->rows[r].cells[c].len > SHEET_CELL_MAX)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    struct error err = {0};
    struct sheet sheet = {0};
    enum status status;
    if (size && data[0] == 'X') {
        struct str rest = str_slice(bytes, 1, size);
        struct str part[3] = {{0}};
        for (int i = 0; i < 3 && str_split(&rest, '\xFF', &part[i]); i++)
            continue;
        struct sheet_parts parts = {part[0], part[1], part[2], false};
        status = sheet_read_parts(arena, STR("fuzz"), &parts, &sheet, &err);
    } else {
        status = sheet_read(arena, STR("fuzz"), bytes, &sheet, &err);
    }
    if (status == STATUS_OK)
        check(&sheet);
    else if (!err.en[0] || !err.zh[0])
        abort();
    arena_free(arena);
    return 0;
}
