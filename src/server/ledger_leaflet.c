/* Leaflets as people read them; see ledger_leaflet.h. */
#include "server/ledger_leaflet.h"

#include "base/calendar.h"
#include "base/json.h"
#include "library/letter.h"
#include "server/ledger.h"
#include "server/talk_text.h"

const struct field leaflet_view_fields[] = {
    FIELD(TEXT, struct leaflet_view, title),   FIELD(TEXT, struct leaflet_view, lang),
    FIELD(TEXT, struct leaflet_view, contact), FIELD(TEXT, struct leaflet_view, source),
    FIELD(TEXT, struct leaflet_view, link),    FIELD(MARKUP, struct leaflet_view, gives),
    FIELD(MARKUP, struct leaflet_view, who),   FIELD(MARKUP, struct leaflet_view, how),
    FIELD(DATE, struct leaflet_view, from),    FIELD(DATE, struct leaflet_view, until),
    FIELD(FLAG, struct leaflet_view, closed),  {0},
};

static struct str as_html(const struct request *rq, struct str text)
{
    struct buf out = {.arena = rq->arena};
    talk_write_text(&out, text, STR(""), NULL, 0);
    return buf_str(&out);
}

void leaflet_fill_view(const struct request *rq, const struct leaflet *leaflet,
                       const struct policy *policy, enum lang lang, struct leaflet_view *view)
{
    const struct str *texts = leaflet->texts[lang];
    int64_t from = leaflet->claim_from ? leaflet->claim_from : policy->from_day;
    int64_t until = leaflet->claim_until ? leaflet->claim_until : policy->until_day;
    *view = (struct leaflet_view){
        .title = texts[LEAFLET_TITLE],
        .lang = lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .contact = texts[LEAFLET_CONTACT],
        .source = texts[LEAFLET_SOURCE],
        .link = leaflet->link,
        .gives = as_html(rq, texts[LEAFLET_GIVES]),
        .who = as_html(rq, texts[LEAFLET_WHO]),
        .how = as_html(rq, texts[LEAFLET_HOW]),
        .from = ledger_day(rq, from),
        .until = ledger_day(rq, until),
        .closed = until && until < calendar_day_of(rq->now_ms),
    };
}

/* --- letters -------------------------------------------------------------------------------------- */

static const char *const NEWS[] = {"shown", "extended", "ended"};

/* Who is to be told, each once: {member, what they follow}. */
struct reader {
    int64_t member;
    struct str follow; /* its key, by which the letter is stopped */
};

static enum status list_readers(struct arena *arena, struct store *store, int64_t line,
                                int64_t actor, struct reader **list, size_t *count,
                                struct error *err)
{
    struct query *q = query_start(
        store, "SELECT member, key FROM (SELECT f.member, f.key, f.line, row_number() OVER"
               " (PARTITION BY f.member ORDER BY f.line IS NULL, f.id) AS n FROM policy_follow f"
               " WHERE f.line = ?1 OR f.term IN (SELECT term FROM line_term WHERE line = ?1))"
               " WHERE n = 1 AND member <> ?2 AND EXISTS (SELECT 1 FROM policy_leaflet pl"
               " WHERE pl.line = ?1 AND pl.state = 'shown') ORDER BY member");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, actor);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct reader){query_int(q, 0), str_copy(arena, query_str(q, 1))};
    }
    return query_end(q, err);
}

/* Title and texts are looked up when it is sent, in the member's language. */
static struct str letter_data(struct arena *arena, struct str key, const struct reader *reader,
                              enum leaflet_news news)
{
    json_t *data =
        json_pack("{s:o, s:o, s:o, s:s}", "path",
                  str_to_json(str_format(arena, "/policies/%.*s", STR_ARG(key))), "policy",
                  str_to_json(key), "follow", str_to_json(reader->follow), "news", NEWS[news]);
    return str_from_json(arena, data);
}

enum status leaflet_tell(struct arena *arena, struct store *store, int64_t line,
                         enum leaflet_news news, int64_t actor, struct error *err)
{
    struct reader *readers;
    size_t count;
    int64_t event = 0;
    struct str key = {0};
    enum status status = list_readers(arena, store, line, actor, &readers, &count, err);
    if (status || !count)
        return status;
    struct query *q =
        query_start(store, "SELECT key, (SELECT max(seq) FROM event) FROM line WHERE id = ?1");
    query_bind_int(q, 1, line);
    if (query_row(q)) {
        key = str_copy(arena, query_str(q, 0));
        event = query_int(q, 1);
    }
    status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++) {
        struct letter letter = {readers[i].member, "policy",
                                letter_data(arena, key, &readers[i], news), event, 0};
        status = library_queue_letter_as_wished(store, &letter, err);
    }
    return status;
}
