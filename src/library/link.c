/* Links; see link.h. */
#include "library/link.h"

#include <inttypes.h>
#include <string.h>

#include "library/offer.h"

enum status library_link_gone(struct error *err)
{
    return error_set(
        err, STATUS_MISSING,
        "This link leads nowhere (any more): it was used up, has run out or was ended. "
        "Ask whoever gave it to you for a new one.",
        "此链接无效或已失效：次数已用完、已过期或已被终止。请向提供者索取新链接。");
}

static enum status add_event(struct store *store, const char *kind, const struct link *link,
                             struct str more, struct error *err)
{
    struct arena *arena = arena_make();
    struct str data = str_format(arena,
                                 "{\"edition\":%" PRId64 ",\"member\":\"M%" PRId64
                                 "\",\"format\":\"%.*s\",\"link\":\"%.*s\"%.*s}",
                                 link->edition, link->member, STR_ARG(link->format),
                                 STR_ARG(link->key), STR_ARG(more));
    enum status status = store_add_event(store, "link", kind,
                                         str_format(arena, "P%" PRId64, link->paper), data, err);
    arena_free(arena);
    return status;
}

/* --- making --------------------------------------------------------------------------------------- */

static enum status check_count(struct store *store, int64_t member, struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM link WHERE member = ?1"
                                         " AND expires_ms > ?2 AND uses_left > 0"
                                         " AND ended_ms IS NULL");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, store_now_ms());
    int64_t open = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && open >= LINKS_MAX)
        return error_set(err, STATUS_LIMITED,
                         "You have %d open links already; end one that is no longer needed.",
                         "您已有 %d 个有效链接，请先终止不再需要的链接。", LINKS_MAX);
    return status;
}

static enum status insert(struct store *store, const struct link *l, const struct digest *hash,
                          struct error *err)
{
    struct query *q = query_start(
        store,
        "INSERT INTO link (hash, key, paper, edition, member, format, note, created_ms,"
        " expires_ms, uses, uses_left) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)");
    query_bind_blob(q, 1, digest_bytes(hash));
    query_bind_str(q, 2, l->key);
    query_bind_int(q, 3, l->paper);
    query_bind_int(q, 4, l->edition);
    query_bind_int(q, 5, l->member);
    query_bind_str(q, 6, l->format);
    query_bind_str(q, 7, l->note);
    query_bind_int(q, 8, l->created_ms);
    query_bind_int(q, 9, l->expires_ms);
    query_bind_int(q, 10, l->uses);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_make_link(struct arena *arena, struct store *store, struct link *link,
                              struct str *secret, struct error *err)
{
    struct str halves[2];
    enum status status = check_count(store, link->member, err);
    for (size_t i = 0; !status && i < 2; i++)
        status = digest_random_key(arena, &halves[i], err);
    if (!status)
        status = digest_random_key(arena, &link->key, err);
    if (status)
        return status;
    *secret = str_format(arena, "%.*s%.*s", STR_ARG(halves[0]), STR_ARG(halves[1]));
    link->created_ms = store_now_ms();
    link->uses_left = link->uses;
    struct digest hash = digest_of(*secret);
    status = insert(store, link, &hash, err);
    struct str more = str_format(arena, ",\"uses\":%" PRId64 ",\"until_ms\":%" PRId64, link->uses,
                                 link->expires_ms);
    return status ? status : add_event(store, "link.made", link, more, err);
}

/* --- opening -------------------------------------------------------------------------------------- */

#define LINK_COLUMNS                                                                                  \
    "SELECT key, format, note, paper, edition, member, created_ms, expires_ms, uses, uses_left,"      \
    " coalesce(ended_ms, 0), (SELECT o.key FROM offer o WHERE o.paper = link.paper), (SELECT e.title" \
    " FROM edition e WHERE e.paper = link.paper AND e.number = link.edition) FROM link"

static void read_link(struct arena *arena, struct query *q, struct link *l)
{
    *l = (struct link){
        .key = str_copy(arena, query_str(q, 0)),
        .format = str_copy(arena, query_str(q, 1)),
        .note = str_copy(arena, query_str(q, 2)),
        .paper = query_int(q, 3),
        .edition = query_int(q, 4),
        .member = query_int(q, 5),
        .created_ms = query_int(q, 6),
        .expires_ms = query_int(q, 7),
        .uses = query_int(q, 8),
        .uses_left = query_int(q, 9),
        .ended_ms = query_int(q, 10),
        .paper_key = str_copy(arena, query_str(q, 11)),
        .title = str_copy(arena, query_str(q, 12)),
    };
}

enum status library_find_link(struct arena *arena, struct store *store, struct str secret,
                              struct link *link, struct error *err)
{
    struct digest hash = digest_of(secret);
    struct query *q =
        query_start(store, LINK_COLUMNS " WHERE hash = ?1 AND expires_ms > ?2 AND uses_left > 0"
                                        " AND ended_ms IS NULL");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_int(q, 2, store_now_ms());
    bool found = query_row(q);
    if (found)
        read_link(arena, q, link);
    enum status status = query_end(q, err);
    return status || found ? status : library_link_gone(err);
}

/* A proxy may be told anything; only what looks like a network goes on record. */
static struct str plain_network(struct str network)
{
    for (size_t i = 0; i < network.len; i++)
        if (!network.at[i] || !strchr("0123456789abcdefABCDEF.:/", network.at[i]))
            return STR("");
    return str_slice(network, 0, 64);
}

enum status library_use_link(struct store *store, struct str secret, const struct link *link,
                             const struct digest *notice, struct str network, struct error *err)
{
    struct digest hash = digest_of(secret);
    char hex[DIGEST_HEX + 1];
    struct query *q = query_start(store, "UPDATE link SET uses_left = uses_left - 1"
                                         " WHERE hash = ?1 AND expires_ms > ?2 AND uses_left > 0"
                                         " AND ended_ms IS NULL RETURNING uses_left");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_int(q, 2, store_now_ms());
    bool found = query_row(q);
    int64_t left = found ? query_int(q, 0) : 0;
    while (found && query_row(q))
        continue;
    enum status status = query_end(q, err);
    if (status || !found)
        return status ? status : library_link_gone(err);
    digest_to_hex(notice, hex);
    struct arena *arena = arena_make();
    struct str more =
        str_format(arena, ",\"left\":%" PRId64 ",\"notice\":\"%s\",\"network\":\"%.*s\"", left, hex,
                   STR_ARG(plain_network(network)));
    status = add_event(store, "link.opened", link, more, err);
    arena_free(arena);
    return status;
}

/* --- the member's list ---------------------------------------------------------------------------- */

enum status library_list_links(struct arena *arena, struct store *store, int64_t member,
                               int64_t paper, struct link **links, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, LINK_COLUMNS " WHERE member = ?1 AND (?2 = 0 OR paper = ?2)"
                                        " ORDER BY created_ms DESC LIMIT 200");
    *links = NULL;
    *count = 0;
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, paper);
    while (query_row(q)) {
        *links = arena_one_more(arena, *links, *count, sizeof **links);
        read_link(arena, q, &(*links)[(*count)++]);
    }
    return query_end(q, err);
}

enum status library_end_link(struct store *store, int64_t member, struct str key, int64_t *paper,
                             struct error *err)
{
    struct arena *arena = arena_make();
    struct link link;
    struct query *q = query_start(store, LINK_COLUMNS " WHERE key = ?1 AND member = ?2");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, member);
    bool found = query_row(q);
    if (found)
        read_link(arena, q, &link);
    enum status status = query_end(q, err);
    if (!status && !found)
        status = error_set(err, STATUS_MISSING, "You have no such link.", "您没有这个链接。");
    *paper = found ? link.paper : 0;
    if (!status && !link.ended_ms) {
        q = query_start(store, "UPDATE link SET ended_ms = ?2 WHERE key = ?1");
        query_bind_str(q, 1, key);
        query_bind_int(q, 2, store_now_ms());
        (void)query_row(q);
        status = query_end(q, err);
        if (!status)
            status = add_event(store, "link.ended", &link, STR(""), err);
    }
    arena_free(arena);
    return status;
}
