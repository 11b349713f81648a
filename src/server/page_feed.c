/* The feed at its address, and the page on which a member gets that address. */
#include "server/internal.h"

#include "library/member.h"
#include "library/token.h"
#include "server/feed.h"
#include "server/letter_text.h"

#define SEEN_EVERY_MS ((int64_t)3600 * 1000)

/* --- the feed ------------------------------------------------------------------------------------- */

struct feed_token {
    struct digest hash;
    int64_t member, made_ms, seen_ms, now_ms;
};

static enum status find_token(struct request *rq, struct feed_token *token, struct error *err)
{
    *token = (struct feed_token){.hash = digest_of(rq->params[0]), .now_ms = rq->now_ms};
    struct query *q = query_start(
        rq->store, "SELECT t.member, t.created_ms, t.seen_ms, a.lang FROM token t"
                   " JOIN account a ON a.member = t.member WHERE t.hash = ?1 AND t.ended_ms IS NULL"
                   " AND instr(' ' || t.scopes || ' ', ' feed ') > 0 AND a.suspended_ms IS NULL");
    query_bind_blob(q, 1, digest_bytes(&token->hash));
    bool found = query_row(q);
    if (found) {
        token->member = query_int(q, 0);
        token->made_ms = query_int(q, 1);
        token->seen_ms = query_int(q, 2);
        if (!pairs_find(&rq->query, STR("lang")).len)
            (void)lang_parse(query_str(q, 3), &rq->lang);
    }
    enum status status = query_end(q, err);
    return status || found
               ? status
               : error_set(err, STATUS_MISSING, "There is no feed at this address (any more).",
                           "此地址没有订阅源，或已停用。");
}

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

static struct str feed_address(struct request *rq, struct str site, struct str token)
{
    return str_format(rq->arena, "%.*s/feed/%.*s", STR_ARG(site), STR_ARG(token));
}

/* A reader may keep a feed, but asks each time whether it still holds. */
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

static enum status show_feed(struct request *rq, struct error *err)
{
    struct buf out = {.arena = rq->arena};
    struct feed_token token;
    struct feed feed = {0};
    enum status status = find_token(rq, &token, err);
    if (!status)
        status = letter_site_url(rq->arena, rq->server, rq->store, &feed.site, err);
    if (!status && rq->now_ms - token.seen_ms > SEEN_EVERY_MS)
        status = server_write(rq->server, STR(""), note_seen, &token, err);
    feed.member = token.member;
    feed.made_ms = token.made_ms;
    feed.lang = rq->lang;
    feed.self = feed_address(rq, feed.site, rq->params[0]);
    if (!status)
        status = feed_write(&out, rq->store, &feed, rq->now_ms, err);
    if (status)
        return status;
    char hex[DIGEST_HEX + 1];
    struct digest digest = digest_of(buf_str(&out));
    digest_to_hex(&digest, hex);
    struct str tag = str_format(rq->arena, "\"%.32s\"", hex);
    bool kept = has_tag(rq, tag);
    status = answer_bytes(rq, "application/atom+xml; charset=utf-8", kept ? STR("") : buf_str(&out),
                          STR(""));
    allow_keeping(rq, tag);
    rq->answer.code = kept ? 304 : 200;
    return status;
}

const struct route route_feed = {
    .method = "GET",
    .path = "/feed/{token}",
    .roles = ROLE_ANYONE,
    .en = "The member's feed of new papers (Atom); the token is the key.",
    .zh = "成员的新文稿订阅源（Atom），凭令牌访问。",
    .run = show_feed,
};

/* --- its address ----------------------------------------------------------------------------------- */

struct feeds_page {
    struct str address; /* shown once */
    int64_t feeds;
};
static const struct field FEEDS_PAGE[] = {
    FIELD(TEXT, struct feeds_page, address),
    FIELD(NUMBER, struct feeds_page, feeds),
    {0},
};

static enum status show_feeds(struct request *rq, struct str address, struct error *err)
{
    struct feeds_page page = {.address = address};
    struct query *q =
        query_start(rq->store, "SELECT count(*) FROM token WHERE member = ?1 AND ended_ms IS NULL"
                               " AND instr(' ' || scopes || ' ', ' feed ') > 0");
    query_bind_int(q, 1, rq->viewer.member);
    page.feeds = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    return status ? status : answer_page(rq, "feeds", "Feed", "订阅源", FEEDS_PAGE, &page);
}

static enum status get_feeds(struct request *rq, struct error *err)
{
    return show_feeds(rq, STR(""), err);
}

const struct route route_feeds = {
    .method = "GET",
    .path = "/feeds",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "What a feed is, and how to get one.",
    .zh = "订阅源说明与获取。",
    .output = FEEDS_PAGE,
    .page = "feeds",
    .run = get_feeds,
};

struct new_feed {
    struct arena *arena;
    int64_t member, now_ms;
    struct str name, secret;
};

static enum status make_token(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct new_feed *f = context;
    (void)scratch;
    return token_make(f->arena, store, f->member, f->name, STR("feed"), f->now_ms, &f->secret, err);
}

static enum status make_feed(struct request *rq, struct error *err)
{
    struct str site;
    struct new_feed f = {.arena = rq->arena,
                         .member = rq->viewer.member,
                         .now_ms = rq->now_ms,
                         .name = request_words(rq, "Feed", "订阅源")};
    enum status status = letter_site_url(rq->arena, rq->server, rq->store, &site, err);
    if (!status)
        status =
            server_write(rq->server, library_member_id(rq->arena, f.member), make_token, &f, err);
    return status ? status : show_feeds(rq, feed_address(rq, site, f.secret), err);
}

const struct route route_feed_make = {
    .method = "POST",
    .path = "/feeds",
    .roles = ROLE_MEMBER,
    .en = "Make a feed address.",
    .zh = "生成订阅源地址。",
    .output = FEEDS_PAGE,
    .page = "feeds",
    .run = make_feed,
    .again = get_feeds,
};
