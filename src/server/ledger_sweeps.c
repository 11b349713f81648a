/* Letters about sweeps; see ledger_sweeps.h. */
#include "server/ledger_sweeps.h"

#include <inttypes.h>

#include "library/letter.h"

#define LETTERS_AT_ONCE 200

struct told_member {
    int64_t member, line, unit;
};

static enum status list_untold(struct store *store, struct told_member *list, size_t *count,
                               struct error *err)
{
    struct query *q = query_start(
        store, "SELECT m.member, s.line, s.unit FROM sweep_unit s JOIN unit u ON u.id = s.unit"
               " JOIN line l ON l.id = s.line JOIN unit_member m ON m.unit = s.unit"
               " WHERE s.told_ms IS NULL AND l.state = 'active'"
               " AND (u.head IS NULL OR m.member = u.head) LIMIT ?1");
    query_bind_int(q, 1, LETTERS_AT_ONCE);
    for (*count = 0; query_row(q); ++*count)
        list[*count] = (struct told_member){query_int(q, 0), query_int(q, 1), query_int(q, 2)};
    return query_end(q, err);
}

static enum status tell(struct arena *arena, struct store *store, const struct told_member *to,
                        struct error *err)
{
    struct letter letter = {.member = to->member, .kind = "sweep"};
    struct query *q = query_start(store, "SELECT key FROM line WHERE id = ?1");
    query_bind_int(q, 1, to->line);
    if (query_row(q))
        letter.data = str_format(arena,
                                 "{\"path\":\"/ledger/lines/%.*s/sweep\",\"line\":%" PRId64
                                 ",\"unit\":%" PRId64 "}",
                                 STR_ARG(query_str(q, 0)), to->line, to->unit);
    enum status status = query_end(q, err);
    return status ? status : library_queue_letter(store, &letter, err);
}

/* 0: all that is left. */
static enum status mark_told(struct store *store, int64_t line, int64_t unit, struct error *err)
{
    struct query *q = query_start(store, "UPDATE sweep_unit SET told_ms = ?3 WHERE told_ms IS NULL"
                                         " AND (?1 = 0 OR (line = ?1 AND unit = ?2))");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, unit);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_tell_sweeps(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct told_member *list = arena_array(scratch, LETTERS_AT_ONCE, struct told_member);
    size_t count = 0;
    (void)context;
    enum status status = list_untold(store, list, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = tell(scratch, store, &list[i], err);
    for (size_t i = 0; !status && i < count; i++)
        status = mark_told(store, list[i].line, list[i].unit, err);
    /* What is left has nobody to be told, or has ended. */
    return status || count == LETTERS_AT_ONCE ? status : mark_told(store, 0, 0, err);
}
