/* Any bytes as a formula, and as a quantity: refused with a reason, or worth something that holds together. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "ledger/amount.h"
#include "ledger/formula.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool find(void *context, struct str number, int64_t *id)
{
    (void)context;
    *id = number.len > 1 ? number.at[1] : 0;
    return number.len > 1 && number.at[0] == 'I';
}

static bool value(void *context, int64_t id, int ago, double *is)
{
    (void)context;
    if (ago < 0 || ago > LEDGER_AGO_MOST)
        abort();
    *is = (double)id - '3';
    return id != '8';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str text = {(const char *)data, size};
    struct error err = {0};
    struct ledger_formula *formula;
    int64_t amount = 0;
    int64_t again = 0;
    double is = 0;
    if (ledger_read_formula(arena, text, find, NULL, &formula, &err) == STATUS_OK) {
        if (ledger_work_out(formula, value, NULL, &is, NULL) == LEDGER_KNOWN && !isfinite(is))
            abort();
    } else if (!err.en[0] || !err.zh[0]) {
        abort();
    }
    if (ledger_read_amount(text, 3, &amount, &err) == STATUS_OK &&
        (ledger_read_amount(ledger_write_amount(arena, amount, 3), 3, &again, &err) != STATUS_OK ||
         again != amount))
        abort();
    int month;
    if (ledger_read_month(text, &month) &&
        !ledger_read_month(ledger_write_month(arena, month), &month))
        abort();
    arena_free(arena);
    return 0;
}
