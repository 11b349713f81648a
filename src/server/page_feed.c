/* The feed at its address, and the page on which a member gets that address. */
#include "server/internal.h"

#include "library/member.h"
#include "library/token.h"
#include "server/feed.h"
#include "server/feed_token.h"
#include "server/letter_text.h"

static struct str feed_address(struct request *rq, struct str site, struct str token)
{
    return str_format(rq->arena, "%.*s/feed/%.*s", STR_ARG(site), STR_ARG(token));
}

static enum status show_feed(struct request *rq, struct error *err)
{
    struct buf out = {.arena = rq->arena};
    struct feed_token token;
    struct feed feed = {0};
    enum status status = feed_token_find(rq, "feed", &token, err);
    if (!status)
        status = letter_site_url(rq->arena, rq->server, rq->store, &feed.site, err);
    feed.member = token.member;
    feed.made_ms = token.made_ms;
    feed.lang = rq->lang;
    feed.self = feed_address(rq, feed.site, rq->params[0]);
    if (!status)
        status = feed_write(&out, rq->store, &feed, rq->now_ms, err);
    return status ? status : feed_answer(rq, "application/atom+xml; charset=utf-8", buf_str(&out));
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
    return token_make(f->arena, store, f->member, f->name, STR("feed"), 0, f->now_ms, &f->secret,
                      err);
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
