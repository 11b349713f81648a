/* Offers in the store; see offer.h. */
#include "library/offer.h"

#include <inttypes.h>

#include "base/json.h"
#define OFFER_COLUMNS                                                                       \
    "o.paper, o.key, o.kind, o.author, o.summary, o.access = 'groups', o.free, o.formats, " \
    "coalesce(o.expires_ms, 0), coalesce(o.copy_days, 0), coalesce(o.delete_days, 0), "     \
    "o.published_ms, coalesce(o.withdrawn_ms, 0), o.withdrawn_why, o.mark"
#define OFFER_NCOLUMNS 15

static void read_offer(struct arena *arena, struct query *q, struct offer *o)
{
    *o = (struct offer){
        .paper = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .kind = str_copy(arena, query_str(q, 2)),
        .author = str_copy(arena, query_str(q, 3)),
        .summary = str_copy(arena, query_str(q, 4)),
        .for_groups = query_int(q, 5) != 0,
        .free = query_int(q, 6) != 0,
        .formats = str_copy(arena, query_str(q, 7)),
        .expires_ms = query_int(q, 8),
        .copy_days = query_int(q, 9),
        .delete_days = query_int(q, 10),
        .published_ms = query_int(q, 11),
        .withdrawn_ms = query_int(q, 12),
        .withdrawn_why = str_copy(arena, query_str(q, 13)),
    };
    (void)format_parse_mark(query_str(q, 14), &o->mark);
}

/* --- finding ------------------------------------------------------------------------------------ */

static enum status take_offer(struct arena *arena, struct query *q, struct offer *offer,
                              struct error *err)
{
    bool found = query_row(q);
    if (found)
        read_offer(arena, q, offer);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such paper.", "没有这篇文稿。");
    return status;
}

enum status library_find_offer_by_key(struct arena *arena, struct store *store, struct str key,
                                      struct offer *offer, struct error *err)
{
    struct query *q = query_start(store, "SELECT " OFFER_COLUMNS " FROM offer o WHERE o.key = ?1");
    query_bind_str(q, 1, key);
    return take_offer(arena, q, offer, err);
}

bool library_offers_format(const struct offer *offer, struct str format)
{
    struct str rest = offer->formats;
    struct str one;
    while (str_split(&rest, ' ', &one))
        if (str_equal(one, format))
            return true;
    return false;
}

enum status library_offer_of(struct arena *arena, struct store *store, int64_t paper,
                             struct offer *offer, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " OFFER_COLUMNS " FROM offer o WHERE o.paper = ?1");
    query_bind_int(q, 1, paper);
    return take_offer(arena, q, offer, err);
}

enum status library_list_offers(struct arena *arena, struct store *store, int64_t skip,
                                int64_t most, struct offered **list, size_t *count,
                                struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " OFFER_COLUMNS ", e.title, e.lang, e.number, e.published_ms"
                           " FROM offer o JOIN edition e ON e.paper = o.paper"
                           " AND e.number = (SELECT max(number) FROM edition WHERE paper = o.paper)"
                           " ORDER BY o.published_ms DESC, o.paper DESC LIMIT ?1 OFFSET ?2");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, most);
    query_bind_int(q, 2, skip);
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        struct offered *o = &(*list)[(*count)++];
        read_offer(arena, q, &o->offer);
        o->title = str_copy(arena, query_str(q, OFFER_NCOLUMNS));
        (void)lang_parse(query_str(q, OFFER_NCOLUMNS + 1), &o->lang);
        o->edition = query_int(q, OFFER_NCOLUMNS + 2);
        o->edition_ms = query_int(q, OFFER_NCOLUMNS + 3);
    }
    return query_end(q, err);
}

/* --- making ------------------------------------------------------------------------------------- */

enum status library_add_offer(struct arena *arena, struct store *store, struct offer *o,
                              struct error *err)
{
    enum status status = o->key.len ? STATUS_OK : digest_random_key(arena, &o->key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO offer (paper, key, kind, author, summary, access, free, formats,"
               " expires_ms, copy_days, delete_days, published_ms, mark)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    query_bind_int(q, 1, o->paper);
    query_bind_str(q, 2, o->key);
    query_bind_str(q, 3, o->kind);
    query_bind_str(q, 4, o->author);
    query_bind_str(q, 5, o->summary);
    query_bind_str(q, 6, o->for_groups ? STR("groups") : STR("members"));
    query_bind_int(q, 7, o->free);
    query_bind_str(q, 8, o->formats);
    query_bind_int_or_null(q, 9, o->expires_ms);
    query_bind_int_or_null(q, 10, o->copy_days);
    query_bind_int_or_null(q, 11, o->delete_days);
    query_bind_int(q, 12, o->published_ms);
    query_bind_str(q, 13, str_of(format_mark_name(o->mark)));
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_set_offer_groups(struct store *store, int64_t paper, const int64_t *groups,
                                     size_t count, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM group_paper WHERE paper = ?1");
    query_bind_int(q, 1, paper);
    (void)query_row(q);
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++) {
        q = query_start(store, "INSERT INTO group_paper (\"group\", paper) VALUES (?1, ?2)"
                               " ON CONFLICT DO NOTHING");
        query_bind_int(q, 1, groups[i]);
        query_bind_int(q, 2, paper);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

/* --- changing ----------------------------------------------------------------------------------- */

/* An event about the paper; takes `data` over. */
static enum status add_event(struct arena *arena, struct store *store, int64_t paper,
                             const char *kind, json_t *data, struct error *err)
{
    return store_add_event(store, "editor", kind, str_format(arena, "P%" PRId64, paper),
                           str_from_json(arena, data), err);
}

enum status library_change_offer(struct arena *arena, struct store *store, const struct offer *o,
                                 struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE offer SET kind = ?2, author = ?3, summary = ?4, access = ?5, free = ?6,"
               " formats = ?7, expires_ms = ?8, copy_days = ?9, delete_days = ?10,"
               " mark = ?11 WHERE paper = ?1");
    query_bind_int(q, 1, o->paper);
    query_bind_str(q, 2, o->kind);
    query_bind_str(q, 3, o->author);
    query_bind_str(q, 4, o->summary);
    query_bind_str(q, 5, o->for_groups ? STR("groups") : STR("members"));
    query_bind_int(q, 6, o->free);
    query_bind_str(q, 7, o->formats);
    query_bind_int_or_null(q, 8, o->expires_ms);
    query_bind_int_or_null(q, 9, o->copy_days);
    query_bind_int_or_null(q, 10, o->delete_days);
    query_bind_str(q, 11, str_of(format_mark_name(o->mark)));
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status)
        return status;
    return add_event(arena, store, o->paper, "offer.changed",
                     json_pack("{s:s, s:b, s:o, s:s, s:I, s:I, s:I}", "access",
                               o->for_groups ? "groups" : "members", "free", (int)o->free,
                               "formats", str_to_json(o->formats), "mark",
                               format_mark_name(o->mark), "expires_ms", (json_int_t)o->expires_ms,
                               "copy_days", (json_int_t)o->copy_days, "delete_days",
                               (json_int_t)o->delete_days),
                     err);
}

enum status library_withdraw_paper(struct arena *arena, struct store *store, int64_t paper,
                                   struct str why, struct error *err)
{
    struct query *q = query_start(store, "UPDATE offer SET withdrawn_ms = ?2, withdrawn_why = ?3"
                                         " WHERE paper = ?1 AND withdrawn_ms IS NULL");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, store_now_ms());
    query_bind_str(q, 3, why);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT, "This paper is withdrawn already.",
                         "该文稿已经撤回。");
    if (status)
        return status;
    return add_event(arena, store, paper, "paper.withdrawn",
                     json_pack("{s:o}", "reason", str_to_json(why)), err);
}

enum status library_restore_paper(struct arena *arena, struct store *store, int64_t paper,
                                  struct error *err)
{
    struct query *q = query_start(store, "UPDATE offer SET withdrawn_ms = NULL, withdrawn_why = ''"
                                         " WHERE paper = ?1 AND withdrawn_ms IS NOT NULL");
    query_bind_int(q, 1, paper);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT, "This paper is not withdrawn.", "该文稿并未撤回。");
    return status ? status : add_event(arena, store, paper, "paper.restored", json_object(), err);
}
