/* Keys in addresses; see feed_token.h. */
#include "server/feed_token.h"

#include "library/token.h"
#include "server/internal.h"

#define SEEN_EVERY_MS ((int64_t)3600 * 1000)

static enum status note_seen(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct feed_token *token = context;
    (void)scratch;
    struct query *q = query_start(store, "UPDATE token SET seen_ms = ?2 WHERE hash = ?1");
    query_bind_blob(q, 1, digest_bytes(&token->hash));
    query_bind_int(q, 2, token->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status feed_token_find(struct request *rq, const char *scope, struct feed_token *token,
                            struct error *err)
{
    *token = (struct feed_token){.hash = digest_of(rq->params[0]), .now_ms = rq->now_ms};
    struct query *q = query_start(
        rq->store, "SELECT t.member, t.created_ms, t.seen_ms, a.lang FROM token t"
                   " JOIN account a ON a.member = t.member WHERE t.hash = ?1 AND " TOKEN_HOLDS_SQL(
                       "t", "?3") " AND instr(' ' || t.scopes || ' ', ' ' || ?2 || ' ') > 0"
                                  " AND a.suspended_ms IS NULL");
    query_bind_blob(q, 1, digest_bytes(&token->hash));
    query_bind_str(q, 2, str_of(scope));
    query_bind_int(q, 3, rq->now_ms);
    bool found = query_row(q);
    if (found) {
        token->member = query_int(q, 0);
        token->made_ms = query_int(q, 1);
        token->seen_ms = query_int(q, 2);
        if (!pairs_find(&rq->query, STR("lang")).len)
            (void)lang_parse(query_str(q, 3), &rq->lang);
    }
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no feed at this address (any more).",
                         "此地址没有订阅源，或已停用。");
    if (!status && rq->now_ms - token->seen_ms > SEEN_EVERY_MS)
        status = server_write(rq->server, STR(""), note_seen, token, err);
    return status;
}

static void allow_keeping(struct request *rq, struct str tag)
{
    for (size_t i = 0; i < rq->answer.headers.count; i++)
        if (str_equal(rq->answer.headers.at[i].name, STR("Cache-Control")))
            rq->answer.headers.at[i].value = STR("private, no-cache");
    answer_header(rq, "ETag", tag);
}

static bool has_tag(struct request *rq, struct str tag)
{
    struct str kept = request_header(rq, "If-None-Match");
    return kept.len && (str_equal(kept, STR("*")) || str_find(kept, tag, 0) != SIZE_MAX);
}

enum status feed_answer(struct request *rq, const char *type, struct str bytes)
{
    char hex[DIGEST_HEX + 1];
    struct digest digest = digest_of(bytes);
    digest_to_hex(&digest, hex);
    struct str tag = str_format(rq->arena, "\"%.32s\"", hex);
    bool kept = has_tag(rq, tag);
    enum status status = answer_bytes(rq, type, kept ? STR("") : bytes, STR(""));
    allow_keeping(rq, tag);
    rq->answer.code = kept ? 304 : 200;
    return status;
}
