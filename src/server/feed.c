/* The feed; see feed.h. */
#include "server/feed.h"

#include <inttypes.h>

#include "format/format.h"
#include "library/entitlement.h"
#include "library/setting.h"
#include "server/field.h"
#include "server/template.h"

static void add_element(struct buf *out, const char *name, struct str text)
{
    buf_format(out, "<%s>", name);
    format_escape_xml(out, text);
    buf_format(out, "</%s>\n", name);
}

static void add_time(struct buf *out, const char *name, int64_t ms)
{
    buf_format(out, "<%s>", name);
    field_write_rfc3339(out, ms);
    buf_format(out, "</%s>\n", name);
}

/* A name that stays, and by which nobody finds anything: made from the installation's secret. */
static void add_id(struct buf *out, struct store *store, const char *kind, int64_t number)
{
    const struct digest *secret = store_secret(store);
    struct str label = str_format(out->arena, "chancery feed %s %" PRId64, kind, number);
    struct digest id = digest_derive(digest_bytes(secret), label);
    char h[DIGEST_HEX + 1];
    digest_to_hex(&id, h);
    buf_format(out, "<id>urn:uuid:%.8s-%.4s-8%.3s-8%.3s-%.12s</id>\n", h, h + 8, h + 12, h + 15,
               h + 18);
}

/* --- entries -------------------------------------------------------------------------------------- */

static void add_entry(struct buf *out, struct store *store, const struct feed *feed,
                      struct query *q)
{
    buf_format(out, "<entry xml:lang=\"%s\">\n",
               str_equal(query_str(q, 6), STR("zh")) ? "zh-Hans" : "en");
    add_id(out, store, "paper", query_int(q, 0));
    add_element(out, "title", query_str(q, 1));
    buf_add(out, STR("<link rel=\"alternate\" type=\"text/html\" href=\""));
    format_escape_xml(out, feed->site);
    buf_format(out, "/papers/%.*s\"/>\n", STR_ARG(query_str(q, 2)));
    add_time(out, "published", query_int(q, 5));
    add_time(out, "updated", query_int(q, 7));
    if (query_str(q, 3).len) {
        buf_add(out, STR("<author>"));
        add_element(out, "name", query_str(q, 3));
        buf_add(out, STR("</author>\n"));
    }
    if (query_str(q, 4).len)
        add_element(out, "summary", query_str(q, 4));
    buf_add(out, STR("</entry>\n"));
}

/* The newest edition that readers were told of stands for its paper. */
#define TOLD_SQL                                                       \
    "(SELECT max(json_extract(v.data, '$.edition')) FROM event v"      \
    " WHERE v.subject = 'P' || o.paper AND v.kind = 'paper.published'" \
    " AND coalesce(json_extract(v.data, '$.announced'), 1))"

static enum status add_entries(struct buf *out, struct store *store, const struct feed *feed,
                               int64_t now_ms, int64_t *updated_ms, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT o.paper, e.title, o.key, o.author, o.summary, o.published_ms, e.lang,"
               " e.published_ms FROM offer o JOIN edition e ON e.paper = o.paper"
               " AND e.number = " TOLD_SQL " WHERE " ENTITLED_SQL(
                   "o.paper", "?1", "?2") " ORDER BY o.published_ms DESC, o.paper DESC LIMIT ?3");
    query_bind_int(q, 1, feed->member);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, FEED_ENTRIES_MAX);
    while (query_row(q)) {
        if (query_int(q, 7) > *updated_ms)
            *updated_ms = query_int(q, 7);
        add_entry(out, store, feed, q);
    }
    return query_end(q, err);
}

/* --- the feed ------------------------------------------------------------------------------------- */

static void add_link(struct buf *out, const char *rel, struct str address)
{
    buf_format(out, "<link rel=\"%s\" href=\"", rel);
    format_escape_xml(out, address);
    buf_add(out, STR("\"/>\n"));
}

enum status feed_write(struct buf *out, struct store *store, const struct feed *feed,
                       int64_t now_ms, struct error *err)
{
    struct buf entries = {.arena = out->arena};
    struct str organisation;
    int64_t updated_ms = feed->made_ms;
    enum status status =
        library_get_setting(out->arena, store, STR("organisation"), &organisation, err);
    if (!status)
        status = add_entries(&entries, store, feed, now_ms, &updated_ms, err);
    if (status)
        return status;
    if (!organisation.len)
        organisation = STR("Chancery");
    buf_format(out,
               "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
               "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
               feed->lang == LANG_ZH ? "zh-Hans" : "en");
    add_id(out, store, "member", feed->member);
    add_element(out, "title",
                str_format(out->arena, feed->lang == LANG_ZH ? "%.*s：新文稿" : "%.*s: new papers",
                           STR_ARG(organisation)));
    add_time(out, "updated", updated_ms);
    add_link(out, "self", feed->self);
    add_link(out, "alternate", str_format(out->arena, "%.*s/papers", STR_ARG(feed->site)));
    buf_add(out, STR("<author>"));
    add_element(out, "name", organisation);
    buf_add(out, STR("</author>\n"));
    buf_add(out, buf_str(&entries));
    buf_add(out, STR("</feed>\n"));
    return STATUS_OK;
}
