/* The indexer; see indexer.h. Papers go in a few at a time, each batch as one write among others, so that a
 * large library that is indexed anew holds nobody up. */
#include "server/indexer.h"

#include "library/search.h"

#define ROUND_MS 60000

static enum status catch_up(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    (void)scratch;
    return library_search_catch_up(store, context, err);
}

int64_t index_round(struct server *server, struct store *store, struct arena *arena, void *context)
{
    struct error err;
    bool more = false;
    int64_t *looked = context;
    (void)arena;
    enum status status = library_search_is_behind(store, looked, &more, &err);
    while (!status && more && !server_stopping(server))
        status = server_write(server, STR(""), catch_up, &more, &err);
    return store_now_ms() + ROUND_MS;
}
