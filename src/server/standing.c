/* The errand of standing requests; see standing.h. A publication is matched while nobody waits, and noted with
 * the cursor in one write, so that a crash tells neither twice nor never. */
#include "server/standing.h"

#include <jansson.h>

#include "library/paper.h"
#include "library/standing.h"

#define ROUND_MS     60000
#define CURSOR       STR("standing")
#define CURSOR_SLACK 4096 /* events of no interest that each round may look at again */

struct telling {
    struct standing_news news; /* paper 0: only the cursor moves */
    struct standing_fit *fits;
    size_t count;
    int64_t seq;
};

static enum status tell_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct telling *t = context;
    enum status status = library_tell_standing(scratch, store, &t->news, t->fits, t->count, err);
    return status ? status : store_keep_cursor(store, CURSOR, t->seq, err);
}

/* The first publication after `after` that readers are told of; seq 0: there is none. */
static enum status next_news(struct store *store, int64_t after, int64_t newest,
                             struct standing_news *news, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT seq, subject, json_extract(data, '$.edition') FROM event WHERE seq > ?1"
               " AND seq <= ?2 AND kind = 'paper.published'"
               " AND json_extract(data, '$.announced') ORDER BY seq LIMIT 1");
    query_bind_int(q, 1, after);
    query_bind_int(q, 2, newest);
    *news = (struct standing_news){0};
    if (query_row(q) && !library_parse_paper(query_str(q, 1), &news->paper, NULL)) {
        news->seq = query_int(q, 0);
        news->edition = query_int(q, 2);
    }
    return query_end(q, err);
}

static enum status look(struct server *server, struct store *store, struct arena *arena,
                        int64_t *seen, bool *more, struct error *err)
{
    int64_t newest = server_wait_events(server, -1, 0);
    struct telling t = {0};
    enum status status = next_news(store, *seen, newest, &t.news, err);
    *more = !status && t.news.seq > 0;
    t.seq = *more ? t.news.seq : newest;
    if (status || (!*more && newest - *seen <= CURSOR_SLACK))
        return status;
    if (*more)
        status =
            library_match_standing(arena, store, &t.news, store_now_ms(), &t.fits, &t.count, err);
    if (!status)
        status = server_write(server, STR(""), tell_step, &t, err);
    *seen = status ? *seen : t.seq;
    return status;
}

int64_t standing_round(struct server *server, struct store *store, struct arena *arena,
                       void *context)
{
    struct error err;
    struct telling first = {0};
    bool found = false;
    bool more = true;
    int64_t seen = 0;
    (void)context;
    enum status status = store_find_cursor(store, CURSOR, &found, &seen, &err);
    if (!status && !found) { /* at the first start ever nothing of the past is told */
        first.seq = seen = server_wait_events(server, -1, 0);
        status = server_write(server, STR(""), tell_step, &first, &err);
    }
    while (!status && more && !server_stopping(server)) {
        arena_reset(arena);
        status = look(server, store, arena, &seen, &more, &err);
    }
    return store_now_ms() + ROUND_MS;
}
