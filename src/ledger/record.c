/* Events of the ledger; see line.h and key.h. */
#include <inttypes.h>

#include "base/calendar.h"
#include "base/json.h"
#include "base/utf8.h"
#include "ledger/key.h"
#include "ledger/line.h"

enum status ledger_add_event(struct store *store, const char *kind, char letter, int64_t id,
                             json_t *data, struct error *err)
{
    return store_add_event_about(store, "editor", kind, letter, id, data, err);
}

json_t *ledger_json_id(char letter, int64_t id)
{
    return id ? json_sprintf("%c%" PRId64, letter, id) : json_null();
}

json_t *ledger_json_day(int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    return day ? json_sprintf("%04d-%02u-%02u", year, month, mday) : json_null();
}

enum status ledger_record(struct store *store, int64_t line, const char *kind, json_t *data,
                          const struct ledger_deed *deed, struct error *err)
{
    data = data ? data : json_object();
    if (deed->batch)
        json_object_set_new(data, "batch", json_integer(deed->batch));
    if (deed->why.len)
        json_object_set_new(data, "why", str_to_json(deed->why));
    struct query *q = query_start(store, "UPDATE line SET changed_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, deed->now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status) {
        json_decref(data);
        return status;
    }
    return ledger_add_event(store, kind, 'L', line, data, err);
}

static size_t characters(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    return count;
}

bool ledger_is_text(struct str text, size_t most)
{
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.at[i] < 0x20 && text.at[i] != '\n' && text.at[i] != '\r' &&
             text.at[i] != '\t') ||
            text.at[i] == 0x7F)
            return false;
    return characters(text) <= most && utf8_first_bad(text) == SIZE_MAX;
}

bool ledger_is_line_of_text(struct str text, size_t least, size_t most)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < 0x20)
            return false;
    return characters(text) >= least && ledger_is_text(text, most);
}
