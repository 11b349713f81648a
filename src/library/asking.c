/* Letters asked for by address; see asking.h. */
#include "library/asking.h"

#include "library/account.h"
#include "library/member_rules.h"

#define AT_ONCE 100U

static enum status note(struct store *store, const char *kind, const struct asker *asker,
                        struct error *err)
{
    enum status status = store_add_event(store, "server", "letter.asked", STR(""), STR("{}"), err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO asking (kind, name, email, asked_ms, lang, event)"
                           " SELECT ?1, ?2, ?3, ?4, ?5, max(seq) FROM event");
    query_bind_str(q, 1, str_of(kind));
    query_bind_str(q, 2, asker->name);
    query_bind_str(q, 3, asker->email);
    query_bind_int(q, 4, asker->now_ms);
    query_bind_str(q, 5, str_of(lang_code(asker->lang)));
    (void)query_row(q);
    return query_end(q, err);
}

enum status asking_reset(struct store *store, const struct asker *asker, struct error *err)
{
    return note(store, "reset", asker, err);
}

enum status asking_join(struct store *store, const struct asker *asker, struct error *err)
{
    const struct member member = {.name = asker->name, .email = asker->email, .group = STR("")};
    enum status status = member_check(&member, err);
    return status ? status : note(store, "join", asker, err);
}

enum status asking_waits(struct store *store, bool *waits, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM asking LIMIT 1");
    *waits = query_row(q);
    return query_end(q, err);
}

struct asking {
    int64_t id, event;
    bool join;
    struct asker asker;
};

static enum status list(struct arena *arena, struct store *store, struct asking *all, size_t *count,
                        struct error *err)
{
    struct query *q = query_start(
        store, "SELECT id, event, kind = 'join', name, email, lang = 'zh', asked_ms FROM asking"
               " ORDER BY id LIMIT ?1");
    query_bind_int(q, 1, AT_ONCE);
    *count = 0;
    while (*count < AT_ONCE && query_row(q))
        all[(*count)++] = (struct asking){
            .id = query_int(q, 0),
            .event = query_int(q, 1),
            .join = query_int(q, 2) != 0,
            .asker = {.name = str_copy(arena, query_str(q, 3)),
                      .email = str_copy(arena, query_str(q, 4)),
                      .lang = query_int(q, 5) ? LANG_ZH : LANG_EN,
                      .now_ms = query_int(q, 6)},
        };
    return query_end(q, err);
}

static enum status forget(struct store *store, int64_t id, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM asking WHERE id = ?1");
    query_bind_int(q, 1, id);
    (void)query_row(q);
    return query_end(q, err);
}

/* What this address can't have, by the state that things are in now, it does not get. */
static enum status answer(struct arena *arena, struct store *store, const struct asking *a,
                          struct error *err)
{
    enum status status = a->join ? account_register(arena, store, &a->asker, a->event, err)
                                 : account_send_reset(arena, store, &a->asker, a->event, err);
    bool refused = status == STATUS_INPUT || status == STATUS_CONFLICT || status == STATUS_MISSING;
    return refused ? STATUS_OK : status;
}

enum status asking_answer(struct store *store, struct arena *scratch, void *context,
                          struct error *err)
{
    struct asking *all = arena_array(scratch, AT_ONCE, struct asking);
    size_t count;
    (void)context;
    enum status status = list(scratch, store, all, &count, err);
    for (size_t i = 0; !status && i < count; i++) {
        status = answer(scratch, store, &all[i], err);
        if (!status)
            status = forget(store, all[i].id, err);
    }
    return status;
}
