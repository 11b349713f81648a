/* Decisions about sentences; see decide.h. */
#include "ledger/decide.h"

#include "ledger/key.h"

static const char *const STATES[] = {
    [COMMITMENT_ACCEPTED] = "accepted",
    [COMMITMENT_MERGED] = "merged",
    [COMMITMENT_DROPPED] = "dropped",
};

/* --- deciding ------------------------------------------------------------------------------------- */

struct decision {
    const struct ledger_place *place;
    enum ledger_kind kind;
    enum commitment_state state;
    int64_t line, member;
    const struct ledger_deed *deed;
};

/* The commitment at a place; *id is 0 when there is none. */
static enum status find_at(struct store *store, const struct ledger_place *p, int64_t *id,
                           bool *dropped, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT c.id, c.state = 'dropped' FROM commitment c JOIN commitment_place p"
               " ON p.commitment = c.id WHERE c.paper = ?1 AND p.edition = ?2 AND p.at = ?3");
    query_bind_int(q, 1, p->paper);
    query_bind_int(q, 2, p->edition);
    query_bind_int(q, 3, (int64_t)p->at);
    bool found = query_row(q);
    *id = found ? query_int(q, 0) : 0;
    *dropped = found && query_int(q, 1);
    return query_end(q, err);
}

static enum status put_place(struct store *store, int64_t commitment, const struct ledger_place *p,
                             struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO commitment_place (commitment, paper, edition, at, len)"
               " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET at = ?4, len = ?5");
    query_bind_int(q, 1, commitment);
    query_bind_int(q, 2, p->paper);
    query_bind_int(q, 3, p->edition);
    query_bind_int(q, 4, (int64_t)p->at);
    query_bind_int(q, 5, (int64_t)p->len);
    (void)query_row(q);
    return query_end(q, err);
}

static void bind_decision(struct query *q, const struct decision *d)
{
    query_bind_str(q, 3, str_of(ledger_kind_name(d->kind)));
    query_bind_str(q, 4, str_of(STATES[d->state]));
    query_bind_int_or_null(q, 5, d->line);
    query_bind_int(q, 6, d->member);
    query_bind_int(q, 7, d->deed->now_ms);
    query_bind_str(q, 8, d->deed->why);
}

static enum status insert_decision(struct arena *arena, struct store *store,
                                   const struct decision *d, int64_t *id, struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO commitment (key, paper, kind, state, line, member, decided_ms, why)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, d->place->paper);
    bind_decision(q, d);
    (void)query_row(q);
    status = query_end(q, err);
    *id = store_last_id(store);
    return status ? status : put_place(store, *id, d->place, err);
}

static enum status update_decision(struct store *store, const struct decision *d, int64_t id,
                                   struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE commitment SET kind = ?3, state = ?4, line = ?5, member = ?6,"
                           " decided_ms = ?7, why = ?8 WHERE id = ?1 AND paper = ?2");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, d->place->paper);
    bind_decision(q, d);
    (void)query_row(q);
    return query_end(q, err);
}

static json_t *describe(const struct decision *d)
{
    return json_pack("{s:s, s:o, s:I, s:I, s:I, s:o}", "state", STATES[d->state], "paper",
                     ledger_json_id('P', d->place->paper), "edition", (json_int_t)d->place->edition,
                     "at", (json_int_t)d->place->at, "len", (json_int_t)d->place->len, "line",
                     ledger_json_id('L', d->line));
}

static enum status decide(struct arena *arena, struct store *store, const struct decision *d,
                          struct error *err)
{
    int64_t id = 0;
    bool dropped = false;
    enum status status = find_at(store, d->place, &id, &dropped, err);
    if (status)
        return status;
    if (id && !dropped)
        return error_set(err, STATUS_CONFLICT, "That sentence is decided upon already.",
                         "该语句已作处理。");
    status = id ? update_decision(store, d, id, err) : insert_decision(arena, store, d, &id, err);
    if (status)
        return status;
    if (d->line)
        return ledger_record(store, d->line, "line.sourced", describe(d), d->deed, err);
    return ledger_add_event(store, "commitment.dropped", 'P', d->place->paper, describe(d), err);
}

enum status ledger_accept(struct arena *arena, struct store *store,
                          const struct ledger_place *place, struct line *line, int64_t member,
                          const struct ledger_deed *deed, struct error *err)
{
    enum status status = ledger_make_line(arena, store, line, deed, err);
    struct decision d = {place, line->kind, COMMITMENT_ACCEPTED, line->id, member, deed};
    return status ? status : decide(arena, store, &d, err);
}

enum status ledger_merge(struct arena *arena, struct store *store, const struct ledger_place *place,
                         enum ledger_kind kind, int64_t line, int64_t member,
                         const struct ledger_deed *deed, struct error *err)
{
    struct decision d = {place, kind, COMMITMENT_MERGED, line, member, deed};
    return decide(arena, store, &d, err);
}

enum status ledger_drop(struct arena *arena, struct store *store, const struct ledger_place *place,
                        enum ledger_kind kind, int64_t member, const struct ledger_deed *deed,
                        struct error *err)
{
    struct decision d = {place, kind, COMMITMENT_DROPPED, 0, member, deed};
    return decide(arena, store, &d, err);
}

enum status ledger_move_commitment(struct store *store, int64_t commitment,
                                   const struct ledger_place *place, struct error *err)
{
    int64_t there = 0;
    bool dropped;
    enum status status = find_at(store, place, &there, &dropped, err);
    if (!status && there && there != commitment)
        return error_set(err, STATUS_CONFLICT, "That sentence is decided upon already.",
                         "该语句已作处理。");
    if (!status)
        status = put_place(store, commitment, place, err);
    json_t *data = json_pack("{s:I, s:I, s:I, s:I}", "commitment", (json_int_t)commitment,
                             "edition", (json_int_t)place->edition, "at", (json_int_t)place->at,
                             "len", (json_int_t)place->len);
    if (!status)
        return ledger_add_event(store, "commitment.moved", 'P', place->paper, data, err);
    json_decref(data);
    return status;
}

/* --- found ---------------------------------------------------------------------------------------- */

static void take_commitment(struct arena *arena, struct query *q, struct commitment *c)
{
    *c = (struct commitment){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .place = {.paper = query_int(q, 7),
                  .edition = query_int(q, 4),
                  .at = (size_t)query_int(q, 5),
                  .len = (size_t)query_int(q, 6)},
        .why = str_copy(arena, query_str(q, 8)),
        .line = {.id = query_int(q, 9),
                 .key = str_copy(arena, query_str(q, 10)),
                 .number = str_copy(arena, query_str(q, 11)),
                 .title = str_copy(arena, query_str(q, 12)),
                 .due_day = query_int(q, 14),
                 .progress = query_int(q, 15)},
    };
    (void)ledger_kind_named(query_str(q, 2), &c->kind);
    for (int i = COMMITMENT_ACCEPTED; i <= COMMITMENT_DROPPED; i++)
        if (str_equal(query_str(q, 3), str_of(STATES[i])))
            c->state = (enum commitment_state)i;
    if (c->line.id)
        (void)line_state_named(query_str(q, 13), &c->line.state);
}

enum status ledger_list_commitments(struct arena *arena, struct store *store, int64_t paper,
                                    int64_t edition, struct commitment **list, size_t *count,
                                    struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT c.id, c.key, c.kind, c.state, p.edition, p.at, p.len, c.paper, c.why,"
        " l.id, l.key, l.number, l.title, l.state, l.due_day, l.progress FROM commitment c"
        " JOIN commitment_place p ON p.commitment = c.id AND p.edition ="
        " (SELECT max(n.edition) FROM commitment_place n WHERE n.commitment = c.id AND n.edition <= ?2)"
        " LEFT JOIN line l ON l.id = c.line WHERE c.paper = ?1 ORDER BY p.at, c.id");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, edition);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        take_commitment(arena, q, &(*list)[n]);
    }
    return query_end(q, err);
}

enum status ledger_list_sources(struct arena *arena, struct store *store, int64_t line,
                                struct ledger_place **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT p.paper, p.edition, p.at, p.len FROM commitment c"
               " JOIN commitment_place p ON p.commitment = c.id AND p.edition ="
               " (SELECT max(n.edition) FROM commitment_place n WHERE n.commitment = c.id)"
               " WHERE c.line = ?1 ORDER BY c.id");
    query_bind_int(q, 1, line);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct ledger_place){query_int(q, 0), query_int(q, 1),
                                           (size_t)query_int(q, 2), (size_t)query_int(q, 3)};
    }
    return query_end(q, err);
}
