/* What people type where one form of it is wanted: numbers of copies, days, prices, periods, values of blanks and of sheets.
 * What is taken reads as itself again. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "base/serial.h"
#include "base/utf8.h"
#include "ledger/assess.h"
#include "ledger/line.h"
#include "ledger/sheet.h"
#include "library/blank.h"
#include "library/code.h"
#include "library/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void read_numbers(struct arena *arena, struct str text)
{
    struct serial number;
    struct serial again;
    struct serial near[SERIAL_NEAR_MOST];
    char code[CODE_LEN + 1];
    struct error err;
    size_t at = 0;
    bool is = serial_read(text, &number);
    require(!is || (serial_read(serial_print(arena, &number), &again) &&
                    str_equal(serial_str(&number), serial_str(&again))));
    require(is == !library_read_code(text, code, &err));
    for (size_t before = at; serial_find(text, &at, &number); before = at)
        require(at > before && at <= text.len && serial_read(serial_str(&number), &again));
    size_t count = serial_list_near(text, near);
    require(count <= SERIAL_NEAR_MOST);
    for (size_t i = 0; i < count; i++)
        require(serial_read(serial_str(&near[i]), &again));
}

static void read_days(struct str text)
{
    int64_t first = 0;
    int64_t last = 0;
    (void)calendar_read_day(text, &first);
    (void)calendar_read_date(text, &first);
    require(!assess_read_period(text, &first, &last) || first < last);
    require(!library_parse_price(text, &first) || first >= 0);
}

static void read_values(struct arena *arena, struct str text)
{
    struct blank blank = {.name = STR("b"), .choices = &text, .nchoices = 1};
    struct str value;
    struct str again;
    struct error err = {0};
    for (unsigned kind = 0; kind < PLACEHOLDER_KINDS; kind++) {
        blank.kind = (enum placeholder_kind)kind;
        if (library_take_value(arena, &blank, text, &value, &err))
            require(err.en[0] && err.zh[0]);
        else
            require(!library_take_value(arena, &blank, value, &again, &err) &&
                    str_equal(value, again));
    }
    for (int64_t most = 0; most < 200; most += 100) {
        struct sheet_item item = {.text = STR("i"), .most = most, .weight = 1};
        int64_t points;
        int64_t same;
        if (!sheet_read_value(&item, text, &points, &err))
            require(!sheet_read_value(&item, sheet_value_text(arena, &item, points), &same, &err) &&
                    same == points);
    }
}

/* A script's JSON for every field of a line. */
static void read_fields(struct arena *arena, struct str text)
{
    json_t *value = json_loadb(text.at, text.len, JSON_DECODE_ANY, NULL);
    struct line_change change;
    for (int field = 0; value && field < LINE_FIELDS; field++)
        (void)ledger_read_field(arena, value, (enum line_field)field, &change);
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str text = {(const char *)data, size};
    read_numbers(arena, text);
    read_days(text);
    read_fields(arena, text);
    if (utf8_first_bad(text) == SIZE_MAX)
        read_values(arena, text);
    arena_free(arena);
    return 0;
}
