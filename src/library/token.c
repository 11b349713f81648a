/* Tokens; see token.h. */
#include "library/token.h"

#include "library/member.h"
#include "library/ticket.h"

#define TOKENS_MAX 100U /* of one member */

const struct token_scope token_scopes[] = {
    {"read", "", "read: papers, search, lists", "read：文稿、检索、列表"},
    {"feed", "", "feed: the feed of new papers", "feed：新文稿订阅源"},
    {"calendar", "", "calendar: days of the ledger", "calendar：台账期限日历"},
    {"publish", "editor", "publish: drafts and papers", "publish：草稿与文稿发布"},
    {"manage", "steward", "manage: members, plans, cases", "manage：成员、方案、案件"},
    {0},
};

static enum status has_role(struct store *store, int64_t member, const char *role, bool *has,
                            struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 WHERE ?2 = '' UNION ALL SELECT 1 FROM role"
                                         " WHERE member = ?1 AND role IN (?2, 'owner') LIMIT 1");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, str_of(role));
    *has = query_row(q);
    return query_end(q, err);
}

static enum status check_scope(struct store *store, int64_t member, struct str scope,
                               struct error *err)
{
    bool has = false;
    enum status status = STATUS_OK;
    for (const struct token_scope *s = token_scopes; s->name; s++)
        if (str_equal(scope, str_of(s->name)))
            status = has_role(store, member, s->role, &has, err);
    if (status || has)
        return status;
    return error_set(err, STATUS_INPUT, "\"%.*s\" is not a scope that you can give.",
                     "“%.*s”不是您可以授予的范围。", STR_ARG(scope));
}

static enum status check(struct store *store, int64_t member, struct str name, struct str scopes,
                         struct error *err)
{
    struct str scope;
    enum status status = STATUS_OK;
    if (!name.len)
        return error_set(err, STATUS_INPUT, "Give the token a name, to know it again by.",
                         "请为令牌取一个便于辨认的名称。");
    if (!scopes.len)
        return error_set(err, STATUS_INPUT, "Choose at least one thing that the token is for.",
                         "请至少选择一项令牌用途。");
    while (!status && str_split(&scopes, ' ', &scope))
        status = check_scope(store, member, scope, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "SELECT count(*) FROM token WHERE member = ?1 AND ended_ms IS NULL");
    query_bind_int(q, 1, member);
    int64_t count = query_row(q) ? query_int(q, 0) : 0;
    status = query_end(q, err);
    if (!status && count >= TOKENS_MAX)
        return error_set(err, STATUS_CONFLICT, "You have %u tokens; end one first.",
                         "您已有 %u 个令牌，请先停用一个。", TOKENS_MAX);
    return status;
}

enum status token_make(struct arena *arena, struct store *store, int64_t member, struct str name,
                       struct str scopes, int64_t expires_ms, int64_t now_ms, struct str *secret,
                       struct error *err)
{
    struct str drawn;
    enum status status = check(store, member, name, scopes, err);
    if (!status)
        status = ticket_secret(arena, &drawn, err);
    if (status)
        return status;
    /* So that whoever finds one in a file knows what it is. */
    *secret = str_format(arena, "chancery_%.*s", STR_ARG(drawn));
    struct digest hash = digest_of(*secret);
    struct query *q =
        query_start(store, "INSERT INTO token (hash, member, name, scopes, created_ms, expires_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_int(q, 2, member);
    query_bind_str(q, 3, name);
    query_bind_str(q, 4, scopes);
    query_bind_int(q, 5, now_ms);
    query_bind_int_or_null(q, 6, expires_ms);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = store_add_event(store, "member", "token.made", library_member_id(arena, member),
                                 str_format(arena, "{\"scopes\":\"%.*s\"}", STR_ARG(scopes)), err);
    return status;
}

enum status token_end(struct arena *arena, struct store *store, int64_t member, struct str key,
                      int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE token SET ended_ms = ?3 WHERE member = ?1"
                                         " AND lower(hex(substr(hash, 1, 8))) = ?2"
                                         " AND ended_ms IS NULL");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, key);
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_MISSING, "There is no such token, or it has ended.",
                         "没有这个令牌，或令牌已停用。");
    if (!status)
        status = store_add_event(store, "member", "token.ended", library_member_id(arena, member),
                                 STR("{}"), err);
    return status;
}

enum status token_end_all(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                          struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE token SET ended_ms = ?2 WHERE member = ?1 AND ended_ms IS NULL");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    int64_t count = status ? 0 : store_changes(store);
    if (count)
        status = store_add_event(store, "member", "token.ended", library_member_id(arena, member),
                                 str_format(arena, "{\"tokens\":%lld}", (long long)count), err);
    return status;
}

enum status token_list(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                       struct token **tokens, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT lower(hex(substr(hash, 1, 8))), name, scopes, created_ms,"
        " coalesce(seen_ms, 0), coalesce(expires_ms - 1, 0), expires_ms <= ?3 FROM token WHERE member = ?1 AND ended_ms IS NULL"
        " ORDER BY id DESC LIMIT ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, TOKENS_MAX);
    query_bind_int(q, 3, now_ms);
    *tokens = arena_array(arena, TOKENS_MAX, struct token);
    *count = 0;
    while (query_row(q))
        (*tokens)[(*count)++] = (struct token){
            .key = str_copy(arena, query_str(q, 0)),
            .name = str_copy(arena, query_str(q, 1)),
            .scopes = str_copy(arena, query_str(q, 2)),
            .created_ms = query_int(q, 3),
            .seen_ms = query_int(q, 4),
            .until_ms = query_int(q, 5),
            .over = query_int(q, 6),
        };
    return query_end(q, err);
}
