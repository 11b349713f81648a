/* A table with a few places for each remainder of the key, so that it never grows: what finds them all taken takes
 * the place that has waited longest for it. With one place for each, two members of a few dozen who fall on the same
 * one would drive each other out for good. See grant.h. */
#include "server/grant.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "server/internal.h"

#define REMAINDERS 2048U
#define PLACES     4U

struct kept {
    struct digest key;
    struct grant grant; /* with file from malloc */
};

struct places {
    struct kept kept[PLACES];
    unsigned next; /* to be taken */
};

struct grants {
    pthread_mutex_t lock;
    struct places places[REMAINDERS];
};

struct grants *grants_make(void)
{
    struct grants *g = calloc(1, sizeof *g);
    if (!g)
        abort();
    (void)pthread_mutex_init(&g->lock, NULL);
    return g;
}

void grants_free(struct grants *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < REMAINDERS; i++)
        for (size_t j = 0; j < PLACES; j++)
            free((void *)(uintptr_t)g->places[i].kept[j].grant.file.at);
    (void)pthread_mutex_destroy(&g->lock);
    free(g);
}

static void add_text(struct buf *buf, struct str text)
{
    buf_add(buf, (struct str){(const char *)&text.len, sizeof text.len});
    buf_add(buf, text);
}

/* Of cookie, path and query, with lengths so that no two requests have one text. The cookie itself is kept
 * nowhere. */
static struct digest key_of(const struct request *rq)
{
    struct buf text = {.arena = rq->arena};
    const struct pairs *query = &rq->query;
    struct str cookie = session_cookie(rq);
    add_text(&text, cookie);
    add_text(&text, rq->path);
    for (size_t i = 0; i < query->count; i++) {
        add_text(&text, query->at[i].name);
        add_text(&text, query->at[i].value);
    }
    return digest_of(buf_str(&text));
}

static struct places *places_of(struct grants *g, const struct digest *key)
{
    uint32_t number;
    memcpy(&number, key->bytes, sizeof number);
    return &g->places[number % REMAINDERS];
}

/* NULL where nothing is kept under the key. */
static struct kept *find_kept(struct places *places, const struct digest *key)
{
    for (size_t i = 0; i < PLACES; i++)
        if (memcmp(&places->kept[i].key, key, sizeof *key) == 0)
            return &places->kept[i];
    return NULL;
}

void grants_keep(struct grants *g, const struct request *rq, const struct grant *grant)
{
    struct digest key = key_of(rq);
    char *file = malloc(grant->file.len + 1);
    if (!file)
        abort();
    memcpy(file, grant->file.at, grant->file.len);
    (void)pthread_mutex_lock(&g->lock);
    struct places *places = places_of(g, &key);
    struct kept *k = find_kept(places, &key);
    if (!k)
        k = &places->kept[places->next++ % PLACES];
    free((void *)(uintptr_t)k->grant.file.at);
    *k = (struct kept){key, *grant};
    k->grant.file = (struct str){file, grant->file.len};
    (void)pthread_mutex_unlock(&g->lock);
}

bool grants_find(struct grants *g, const struct request *rq, struct grant *grant)
{
    struct digest key = key_of(rq);
    (void)pthread_mutex_lock(&g->lock);
    const struct kept *k = find_kept(places_of(g, &key), &key);
    bool found = k && rq->now_ms < k->grant.until_ms && k->grant.facts == server_facts(rq->server);
    if (found) {
        *grant = k->grant;
        grant->file = str_copy(rq->arena, k->grant.file);
    }
    (void)pthread_mutex_unlock(&g->lock);
    return found;
}
