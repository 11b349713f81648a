/* Letters; see letter.h. */
#include "library/letter.h"

#include <inttypes.h>

#include "library/setting.h"

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

enum status library_site_url(struct arena *arena, struct store *store, struct str *url,
                             struct error *err)
{
    return library_get_setting(arena, store, STR("site.url"), url, err);
}
