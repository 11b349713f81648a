/* Clashes as they are kept, and how they were settled; see programme.h. */
#include "ledger/settle.h"

#include <math.h>

#include "base/json.h"
#include "ledger/key.h"

static const struct {
    const char *name, *en, *zh;
} STATES[CLASH_STATES] = {
    [CLASH_OPEN] = {"open", "To be settled", "待协调"},
    [CLASH_REOPENED] = {"reopened", "Open again", "重新协调"},
    [CLASH_SETTLED] = {"settled", "Settled", "已协调"},
    [CLASH_GONE] = {"gone", "No longer a clash", "已消除"},
};

const char *clash_state_name(enum clash_state state)
{
    return STATES[state].name;
}

bool clash_state_named(struct str name, enum clash_state *state)
{
    for (int i = 0; i < CLASH_STATES; i++) {
        if (str_equal(name, str_of(STATES[i].name))) {
            *state = (enum clash_state)i;
            return true;
        }
    }
    return false;
}

const char *clash_state_word(enum clash_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

bool clash_waits(enum clash_state state)
{
    return state == CLASH_OPEN || state == CLASH_REOPENED;
}

/* --- found anew --------------------------------------------------------------------------------- */

static enum status load_statements(struct arena *arena, struct store *store,
                                   struct clash_statement **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT " STATEMENT_COLUMNS("s") ", p.area FROM statement s"
                                         " JOIN programme p ON p.id = s.programme"
                                         " WHERE s.closed_ms IS NULL AND p.closed_ms IS NULL");
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        struct statement s;
        ledger_take_statement(arena, q, 0, &s);
        (*list)[(*count)++] = (struct clash_statement){
            .id = s.id,
            .programme = s.programme,
            .line = s.line,
            .area = str_copy(arena, query_str(q, STATEMENT_COLUMN_COUNT)),
            .subject = s.subject,
            .first_day = s.first_day,
            .last_day = s.last_day,
            .least = s.least,
            .most = s.most,
            .measure = s.measure,
            .place = s.place,
            .use = s.use,
        };
    }
    return query_end(q, err);
}

/* Those kept that are not gone, in the order of clash_compare_pairs. */
static enum status load_pairs(struct arena *arena, struct store *store, struct clash_pair **list,
                              int64_t **ids, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT id, one, other, aspect FROM clash WHERE gone_ms IS NULL ORDER BY one, other,"
        " CASE aspect WHEN 'date' THEN 0 WHEN 'quantity' THEN 1 WHEN 'place' THEN 2 ELSE 3 END");
    *list = NULL;
    *ids = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        *ids = arena_one_more(arena, *ids, *count, sizeof **ids);
        struct clash_pair *pair = &(*list)[*count];
        (*ids)[(*count)++] = query_int(q, 0);
        pair->one = query_int(q, 1);
        pair->other = query_int(q, 2);
        (void)clash_aspect_named(query_str(q, 3), &pair->aspect);
    }
    return query_end(q, err);
}

/* One that was there before and went comes back under its own key, with what was decided about it. */
static enum status add_clash(struct arena *arena, struct store *store,
                             const struct clash_pair *pair, int64_t now_ms, struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO clash (key, one, other, aspect, found_ms) VALUES (?1, ?2, ?3, ?4, ?5)"
               " ON CONFLICT (one, other, aspect) DO UPDATE SET gone_ms = NULL, found_ms = ?5"
               " RETURNING id");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, pair->one);
    query_bind_int(q, 3, pair->other);
    query_bind_str(q, 4, str_of(clash_aspect_name(pair->aspect)));
    query_bind_int(q, 5, now_ms);
    int64_t id = query_row(q) ? query_int(q, 0) : 0;
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status
                  : ledger_add_event(store, "clash.found", 'Z', id,
                                     json_pack("{s:I, s:I, s:s}", "one", (json_int_t)pair->one,
                                               "other", (json_int_t)pair->other, "aspect",
                                               clash_aspect_name(pair->aspect)),
                                     err);
}

static enum status end_clash(struct store *store, int64_t clash, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE clash SET gone_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, clash);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : ledger_add_event(store, "clash.gone", 'Z', clash, NULL, err);
}

/* Walks both lists, which have one order, side by side. */
static enum status bring_up_to_date(struct arena *arena, struct store *store,
                                    const struct clash_pair *found, size_t nfound, int64_t now_ms,
                                    struct error *err)
{
    struct clash_pair *kept;
    int64_t *ids;
    size_t nkept;
    size_t at = 0;
    enum status status = load_pairs(arena, store, &kept, &ids, &nkept, err);
    for (size_t i = 0; !status && (i < nfound || at < nkept);) {
        int order = i == nfound ? 1 : at == nkept ? -1 : clash_compare_pairs(&found[i], &kept[at]);
        if (order < 0)
            status = add_clash(arena, store, &found[i], now_ms, err);
        else if (order > 0)
            status = end_clash(store, ids[at], now_ms, err);
        i += order <= 0;
        at += order >= 0;
    }
    return status;
}

enum status ledger_find_clashes(struct store *store, int64_t now_ms, struct error *err)
{
    struct arena *scratch = arena_make();
    struct clash_statement *statements;
    struct clash_pair *found;
    size_t count;
    const struct gauges *gauges;
    enum status status = gauge_load(scratch, &gauges, err);
    if (!status)
        status = load_statements(scratch, store, &statements, &count, err);
    if (!status) {
        size_t nfound = clash_find_pairs(scratch, gauges, statements, count, &found);
        status = bring_up_to_date(scratch, store, found, nfound, now_ms, err);
    }
    arena_free(scratch);
    return status;
}

/* --- found by key, settled ---------------------------------------------------------------------- */

enum status ledger_find_clash(struct arena *arena, struct store *store, struct str key,
                              struct clash *clash, struct error *err)
{
    struct query *q = query_start(store, "SELECT " STATEMENT_COLUMNS("a") ", " STATEMENT_COLUMNS(
                                             "b") ", c.id, c.key, c.aspect, " CLASH_STATE_SQL
                                                  ", c.found_ms, c.gone_ms FROM " CLASH_FROM_SQL
                                                  " WHERE c.key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found) {
        const int at = 2 * STATEMENT_COLUMN_COUNT;
        ledger_take_statement(arena, q, 0, &clash->one);
        ledger_take_statement(arena, q, STATEMENT_COLUMN_COUNT, &clash->other);
        clash->id = query_int(q, at);
        clash->key = str_copy(arena, query_str(q, at + 1));
        (void)clash_aspect_named(query_str(q, at + 2), &clash->aspect);
        (void)clash_state_named(query_str(q, at + 3), &clash->state);
        clash->found_ms = query_int(q, at + 4);
        clash->gone_ms = query_int(q, at + 5);
    }
    enum status status = query_end(q, err);
    return status || found
               ? status
               : error_set(err, STATUS_MISSING, "There is no such clash.", "没有这项冲突。");
}

enum status ledger_count_clashes(struct store *store, int64_t *waiting, struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM " CLASH_FROM_SQL
                                         " WHERE " CLASH_STATE_SQL " IN ('open', 'reopened')");
    *waiting = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

enum status ledger_settle_clash(struct store *store, const struct clash *seen, int64_t member,
                                struct str words, int64_t now_ms, struct error *err)
{
    struct arena *scratch = arena_make();
    struct clash now = {0};
    enum status status = ledger_find_clash(scratch, store, seen->key, &now, err);
    arena_free(scratch);
    if (status)
        return status;
    if (now.one.changes != seen->one.changes || now.other.changes != seen->other.changes)
        return error_set(err, STATUS_CONFLICT,
                         "One of the two statements has just been changed; look at both again.",
                         "其中一项内容刚被修改，请重新核对。");
    if (!clash_waits(now.state))
        return error_set(err, STATUS_CONFLICT, "This is settled, or no clash any more.",
                         "该冲突已协调或已消除。");
    if (!ledger_is_text(words, CLASH_WORDS_MAX) || !words.len)
        return error_set(err, STATUS_INPUT,
                         "Say how it is settled and why, in %d characters at most.",
                         "请说明协调结论与理由，不超过 %d 个字。", CLASH_WORDS_MAX);
    struct query *q = query_start(
        store, "INSERT INTO clash_settlement (clash, one_changes, other_changes, member, words,"
               " settled_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_int(q, 1, now.id);
    query_bind_int(q, 2, seen->one.changes);
    query_bind_int(q, 3, seen->other.changes);
    query_bind_int(q, 4, member);
    query_bind_str(q, 5, words);
    query_bind_int(q, 6, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status
                  : ledger_add_event(store, "clash.settled", 'Z', now.id,
                                     json_pack("{s:o}", "why", str_to_json(words)), err);
}
