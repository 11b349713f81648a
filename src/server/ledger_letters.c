/* Letters about what is said of a line; see ledger_letters.h. */
#include "server/ledger_letters.h"

#include "base/json.h"
#include "library/letter.h"

#define PEOPLE_MAX 5000

enum status ledger_complete_mentions(struct request *rq, struct str text, struct str *completed,
                                     struct mentions *mentions, struct error *err)
{
    struct mentionable *people = arena_array(rq->arena, PEOPLE_MAX, struct mentionable);
    size_t count = 0;
    *completed = text;
    *mentions = (struct mentions){0};
    if (str_find(text, STR("@"), 0) == SIZE_MAX)
        return STATUS_OK;
    struct query *q = query_start(
        rq->store,
        "SELECT m.id, m.name, m.email FROM member m WHERE m.erased_ms IS NULL AND m.id IN"
        " (SELECT member FROM role UNION SELECT member FROM unit_member) LIMIT ?1");
    query_bind_int(q, 1, PEOPLE_MAX);
    while (query_row(q))
        people[count++] =
            (struct mentionable){query_int(q, 0), str_copy(rq->arena, query_str(q, 1)),
                                 str_copy(rq->arena, query_str(q, 2))};
    enum status status = query_end(q, err);
    if (!status)
        *completed = post_complete_mentions(rq->arena, text, people, count, mentions);
    return status;
}

struct said {
    int64_t line, author, event;
    struct str data; /* of each letter */
};

static enum status load_said(struct arena *arena, struct store *store, struct str key,
                             struct said *said, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT p.line, p.member, (SELECT max(seq) FROM event), l.key,"
               " l.number || ' ' || l.title, m.name FROM line_post p JOIN line l ON l.id = p.line"
               " JOIN member m ON m.id = p.member WHERE p.key = ?1");
    query_bind_str(q, 1, key);
    if (query_row(q)) {
        *said = (struct said){query_int(q, 0), query_int(q, 1), query_int(q, 2), STR("")};
        struct str path = str_format(arena, "/ledger/lines/%.*s#talk", STR_ARG(query_str(q, 3)));
        json_t *data = json_pack("{s:o, s:o, s:o, s:o}", "path", str_to_json(path), "said",
                                 str_to_json(key), "title", str_to_json(query_str(q, 4)), "author",
                                 str_to_json(query_str(q, 5)));
        said->data = str_from_json(arena, data);
    }
    return query_end(q, err);
}

static enum status tell_followers(struct arena *arena, struct store *store, const struct said *said,
                                  struct error *err)
{
    int64_t *members = NULL;
    size_t count = 0;
    struct query *q =
        query_start(store, "SELECT member FROM line_follow WHERE line = ?1 AND member <> ?2");
    query_bind_int(q, 1, said->line);
    query_bind_int(q, 2, said->author);
    while (query_row(q)) {
        members = arena_one_more(arena, members, count, sizeof *members);
        members[count++] = query_int(q, 0);
    }
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++) {
        struct letter letter = {members[i], "said", said->data, said->event, 0};
        status = library_queue_letter_as_wished(store, &letter, err);
    }
    return status;
}

enum status ledger_tell_said(struct arena *arena, struct store *store, struct str key,
                             const struct mentions *mentions, struct error *err)
{
    struct said said = {0};
    enum status status = load_said(arena, store, key, &said, err);
    /* Those named first: of two letters about one event the first stands. */
    for (size_t i = 0; !status && i < mentions->count; i++) {
        struct letter letter = {mentions->members[i], "said", said.data, said.event, 0};
        if (mentions->members[i] != said.author)
            status = library_queue_letter(store, &letter, err);
    }
    return status ? status : tell_followers(arena, store, &said, err);
}
