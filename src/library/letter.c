/* Letters; see letter.h. */
#include "library/letter.h"

#include <inttypes.h>
#include <time.h>

#include "base/json.h"
#include "library/setting.h"

#define DIGEST_HOUR 7

enum status library_can_mail(struct store *store, bool *can, struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM setting WHERE value <> ''"
                                         " AND name IN ('smtp.url', 'mail.from')");
    *can = query_row(q) && query_int(q, 0) == 2;
    return query_end(q, err);
}

enum status library_queue_letter(struct store *store, const struct letter *letter,
                                 struct error *err)
{
    int64_t now_ms = store_now_ms();
    bool can;
    enum status status = library_can_mail(store, &can, err);
    if (status || !can)
        return status;
    struct query *q = query_start(
        store, "INSERT OR IGNORE INTO letter (event, member, kind, data, created_ms, due_ms)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_int(q, 1, letter->event);
    query_bind_int(q, 2, letter->member);
    query_bind_str(q, 3, str_of(letter->kind));
    query_bind_str(q, 4, letter->data.len ? letter->data : STR("{}"));
    query_bind_int(q, 5, now_ms);
    query_bind_int(q, 6, letter->due_ms ? letter->due_ms : now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    if (status || letter->event)
        return status;
    /* The event is what wakes the thread that sends. */
    struct arena *arena = arena_make();
    status = store_add_event(store, "server", "letter.queued",
                             str_format(arena, "M%" PRId64, letter->member),
                             str_format(arena, "{\"kind\":\"%s\"}", letter->kind), err);
    arena_free(arena);
    return status;
}

enum status library_queue_letter_of(struct store *store, struct letter letter, json_t *data,
                                    struct error *err)
{
    struct arena *arena = arena_make();
    letter.data = str_from_json(arena, data);
    enum status status = library_queue_letter(store, &letter, err);
    arena_free(arena);
    return status;
}

int64_t library_next_digest_ms(int64_t now_ms, bool weekly)
{
    time_t now = (time_t)(now_ms / 1000);
    struct tm t;
    (void)localtime_r(&now, &t);
    int days = weekly ? (8 - t.tm_wday) % 7 : 0; /* until Monday */
    struct tm due = {.tm_year = t.tm_year,
                     .tm_mon = t.tm_mon,
                     .tm_mday = t.tm_mday + days,
                     .tm_hour = DIGEST_HOUR,
                     .tm_isdst = -1};
    time_t at = mktime(&due);
    if ((int64_t)at * 1000 <= now_ms) {
        due = (struct tm){.tm_year = t.tm_year,
                          .tm_mon = t.tm_mon,
                          .tm_mday = t.tm_mday + days + (weekly ? 7 : 1),
                          .tm_hour = DIGEST_HOUR,
                          .tm_isdst = -1};
        at = mktime(&due);
    }
    return (int64_t)at * 1000;
}

/* When a letter is due to a member as their account wishes; 0: they want none. */
static enum status find_wish(struct store *store, int64_t member, int64_t *due_ms,
                             struct error *err)
{
    int64_t now_ms = store_now_ms();
    struct query *q = query_start(store, "SELECT mail FROM account WHERE member = ?1");
    query_bind_int(q, 1, member);
    struct str mail = query_row(q) ? query_str(q, 0) : STR("none");
    bool none = str_equal(mail, STR("none"));
    bool each = str_equal(mail, STR("each"));
    bool weekly = str_equal(mail, STR("weekly"));
    *due_ms = none ? 0 : each ? now_ms : library_next_digest_ms(now_ms, weekly);
    return query_end(q, err);
}

enum status library_queue_letter_as_wished(struct store *store, const struct letter *letter,
                                           struct error *err)
{
    struct letter wished = *letter;
    enum status status = find_wish(store, letter->member, &wished.due_ms, err);
    return status || !wished.due_ms ? status : library_queue_letter(store, &wished, err);
}

enum status library_site_url(struct arena *arena, struct store *store, struct str *url,
                             struct error *err)
{
    return library_get_setting(arena, store, STR("site.url"), url, err);
}
