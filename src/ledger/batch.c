/* Batches; see batch.h. */
#include "ledger/batch.h"

#include <string.h>

#include "ledger/indicator.h"
#include "ledger/key.h"
#include "ledger/may.h"

/* --- begun and ended ------------------------------------------------------------------------------ */

enum status ledger_begin_batch(struct arena *arena, struct store *store, struct ledger_batch *batch,
                               const struct ledger_deed *deed, struct error *err)
{
    batch->made_ms = deed->now_ms;
    batch->why = deed->why;
    enum status status = digest_random_key(arena, &batch->key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store,
        "INSERT INTO line_batch (key, member, made_ms, first_seq, last_seq, lines, why, undoes)"
        " SELECT ?1, ?2, ?3, coalesce(max(seq), 0) + 1, 0, 0, ?4, ?5 FROM event");
    query_bind_str(q, 1, batch->key);
    query_bind_int(q, 2, batch->member);
    query_bind_int(q, 3, batch->made_ms);
    query_bind_str(q, 4, batch->why);
    query_bind_int_or_null(q, 5, batch->undoes);
    (void)query_row(q);
    status = query_end(q, err);
    batch->id = status ? 0 : store_last_id(store);
    return status;
}

/* Events of batch ?1. */
#define EVENTS_SQL                                                                     \
    "FROM event e JOIN line_batch b ON b.id = ?1 WHERE e.seq BETWEEN b.first_seq AND " \
    "CASE b.last_seq WHEN 0 THEN 9223372036854775807 ELSE b.last_seq END"              \
    " AND e.kind LIKE 'line.%' AND json_extract(e.data, '$.batch') = ?1"

enum status ledger_end_batch(struct store *store, struct ledger_batch *batch, struct error *err)
{
    int64_t last = 0;
    struct query *q =
        query_start(store, "SELECT count(DISTINCT e.subject), coalesce(max(e.seq), 0) " EVENTS_SQL);
    query_bind_int(q, 1, batch->id);
    if (query_row(q)) {
        batch->lines = query_int(q, 0);
        last = query_int(q, 1);
    }
    enum status status = query_end(q, err);
    if (status)
        return status;
    q = query_start(store, batch->lines
                               ? "UPDATE line_batch SET lines = ?2, last_seq = ?3 WHERE id = ?1"
                               : "DELETE FROM line_batch WHERE id = ?1");
    query_bind_int(q, 1, batch->id);
    if (batch->lines) {
        query_bind_int(q, 2, batch->lines);
        query_bind_int(q, 3, last);
    } else {
        batch->id = 0;
    }
    (void)query_row(q);
    return query_end(q, err);
}

/* --- many lines ----------------------------------------------------------------------------------- */

/* Something about one line in a part of its own, which is undone when it is refused. A failure of the store is given
 * back; a refusal stands in *refused. */
static enum status change_in_part(struct store *store, int64_t member, int64_t line,
                                  const struct line_change *changes, size_t count,
                                  const struct ledger_deed *deed, struct error *refused,
                                  struct error *err)
{
    *refused = (struct error){.status = STATUS_OK};
    enum status status = store_begin(store, err);
    if (status)
        return status;
    enum status said = ledger_check_changes(store, member, line, changes, count, refused);
    if (!said)
        said = ledger_change_line(store, line, changes, count, deed, refused);
    if (!said) {
        refused->status = STATUS_OK;
        return store_commit(store, err);
    }
    store_rollback(store);
    refused->status = said;
    if (said != STATUS_IO && said != STATUS_DAMAGED)
        return STATUS_OK;
    if (err)
        *err = *refused;
    return said;
}

static size_t add_shift(const struct ledger_shift *shift, enum line_field field, int64_t day,
                        struct line_change *change)
{
    if (!day)
        return 0;
    *change = (struct line_change){.field = field,
                                   .number = shift->calendar
                                                 ? workday_add(shift->calendar, day, shift->days)
                                                 : day + shift->days};
    return 1;
}

static enum status change_one(struct arena *arena, struct store *store, int64_t member,
                              int64_t line, const struct line_change *changes, size_t nchanges,
                              const struct ledger_shift *shift, const struct ledger_deed *deed,
                              struct ledger_outcome *outcome, struct error *err)
{
    struct line_change all[LINE_FIELDS + 2];
    size_t count = nchanges;
    if (nchanges)
        memcpy(all, changes, nchanges * sizeof *all);
    enum status status = ledger_find_line_by_id(arena, store, line, &outcome->was, err);
    if (!status && shift->days && shift->begins)
        count += add_shift(shift, LINE_BEGINS, outcome->was.begins_day, &all[count]);
    if (!status && shift->days && shift->due)
        count += add_shift(shift, LINE_DUE, outcome->was.due_day, &all[count]);
    if (!status)
        status = change_in_part(store, member, line, all, count, deed, &outcome->refused, err);
    return status ? status : ledger_find_line_by_id(arena, store, line, &outcome->is, err);
}

static enum status check_changes(const struct line_change *changes, size_t nchanges,
                                 const struct ledger_shift *shift, struct error *err)
{
    if (shift->days > SHIFT_MOST || shift->days < -SHIFT_MOST)
        return error_set(err, STATUS_INPUT, "Days move by at most %d.", "日期最多推移 %d 天。",
                         SHIFT_MOST);
    for (size_t i = 0; i < nchanges; i++)
        if (shift->days && ((changes[i].field == LINE_BEGINS && shift->begins) ||
                            (changes[i].field == LINE_DUE && shift->due)))
            return error_set(err, STATUS_INPUT,
                             "A day is set, taken away or shifted, but not both.",
                             "同一日期不能既修改或清除，又推移。");
    return STATUS_OK;
}

enum status ledger_change_lines(struct arena *arena, struct store *store, int64_t member,
                                const int64_t *lines, size_t count,
                                const struct line_change *changes, size_t nchanges,
                                const struct ledger_shift *shift, const struct ledger_deed *deed,
                                struct ledger_outcome *outcomes, struct ledger_batch *batch,
                                struct error *err)
{
    struct ledger_deed within = *deed;
    if (count > BATCH_LINES_MAX)
        return error_set(err, STATUS_LIMITED, "At most %d lines are changed at once.",
                         "一次最多修改 %d 条。", BATCH_LINES_MAX);
    *batch = (struct ledger_batch){.member = member};
    enum status status = check_changes(changes, nchanges, shift, err);
    if (!status)
        status = ledger_begin_batch(arena, store, batch, deed, err);
    within.batch = batch->id;
    for (size_t i = 0; !status && i < count; i++)
        status = change_one(arena, store, member, lines[i], changes, nchanges, shift, &within,
                            &outcomes[i], err);
    return status ? status : ledger_end_batch(store, batch, err);
}

/* --- undone --------------------------------------------------------------------------------------- */

void ledger_release_changes(struct ledger_batch_change *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_decref(list[i].before);
        json_decref(list[i].after);
    }
}

struct change_list {
    struct arena *arena;
    struct ledger_batch_change *at;
    size_t count;
};

/* Adds what `both`, [before, after], says; nothing where it is no such pair. */
static void add_change(struct change_list *list, struct ledger_batch_change change, json_t *both)
{
    if (!json_is_array(both) || json_array_size(both) != 2)
        return;
    list->at = arena_one_more(list->arena, list->at, list->count, sizeof *list->at);
    change.before = json_incref(json_array_get(both, 0));
    change.after = json_incref(json_array_get(both, 1));
    list->at[list->count++] = change;
}

static void add_changes(struct change_list *list, int64_t line, struct str text)
{
    json_t *data = json_loadb(text.at, text.len, 0, NULL);
    const char *month = json_string_value(json_object_get(data, "month"));
    struct ledger_batch_change change = {.line = line};
    for (int field = 0; field < LINE_FIELDS; field++) {
        change.field = (enum line_field)field;
        add_change(list, change, json_object_get(data, line_fields[field].name));
    }
    if (month && ledger_read_month(str_of(month), &change.month))
        add_change(list, change, json_object_get(data, "actual"));
    json_decref(data);
}

enum status ledger_list_batch_changes(struct arena *arena, struct store *store, int64_t batch,
                                      struct ledger_batch_change **list, size_t *count,
                                      struct error *err)
{
    struct change_list all = {.arena = arena};
    struct query *q =
        query_start(store, "SELECT CAST(substr(e.subject, 2) AS INTEGER), e.data " EVENTS_SQL
                           " AND e.kind IN ('line.changed', 'line.actual')"
                           " ORDER BY e.seq DESC");
    query_bind_int(q, 1, batch);
    while (query_row(q))
        add_changes(&all, query_int(q, 0), query_str(q, 1));
    enum status status = query_end(q, err);
    *list = all.at;
    *count = all.count;
    if (status)
        ledger_release_changes(*list, *count);
    return status;
}

static void leave(struct arena *arena, struct ledger_undoing *undoing, struct ledger_left left)
{
    size_t n = undoing->nleft++;
    undoing->left = arena_one_more(arena, undoing->left, n, sizeof *undoing->left);
    undoing->left[n] = left;
}

static void say_changed_since(struct error *why)
{
    (void)error_set(why, STATUS_CONFLICT, "It was changed since.", "其后又有修改。");
}

struct undo {
    struct arena *arena;
    struct store *store;
    int64_t member;
    struct ledger_deed deed;
    struct ledger_undoing *undoing;
};

/* Of one line, those changes whose field still has the value that the batch gave it. */
static size_t still_so(struct undo *u, const struct line *line,
                       const struct ledger_batch_change *list, size_t count,
                       struct line_change changes[LINE_FIELDS])
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct ledger_left left = {.line = line->id, .field = list[i].field};
        json_t *now = ledger_field_json(line, list[i].field);
        bool same = json_equal(now, list[i].after);
        json_decref(now);
        if (same && n < LINE_FIELDS &&
            ledger_read_field(u->arena, list[i].before, list[i].field, &changes[n])) {
            n++;
            continue;
        }
        say_changed_since(&left.why);
        leave(u->arena, u->undoing, left);
    }
    return n;
}

/* All fields of the line at once; where that is refused, each alone, so that one that can't go back keeps no other. */
static enum status write_back(struct undo *u, int64_t line, const struct line_change *changes,
                              size_t count, struct error *err)
{
    struct error refused;
    enum status status =
        change_in_part(u->store, u->member, line, changes, count, &u->deed, &refused, err);
    if (status || !refused.status) {
        u->undoing->written += status ? 0 : count;
        return status;
    }
    for (size_t i = 0; !status && i < count; i++) {
        status = change_in_part(u->store, u->member, line, &changes[i], 1, &u->deed, &refused, err);
        if (!status && refused.status)
            leave(u->arena, u->undoing,
                  (struct ledger_left){.line = line, .field = changes[i].field, .why = refused});
        else
            u->undoing->written += !status;
    }
    return status;
}

/* An actual as events say it, as an amount; false when it is none. */
static bool read_actual(const struct indicator *indicator, json_t *value, int64_t *amount)
{
    *amount = LEDGER_NONE;
    return json_is_null(value) ||
           (json_is_string(value) &&
            !ledger_read_amount((struct str){json_string_value(value), json_string_length(value)},
                                indicator->places, amount, NULL));
}

/* In its own part, so that a month that can't go back keeps no other. */
static enum status put_back(struct undo *u, const struct ledger_batch_change *change,
                            struct error *err)
{
    struct indicator indicator;
    int64_t before;
    int64_t after;
    int64_t now = LEDGER_NONE;
    enum status status = ledger_check_right(u->store, u->member, change->line, LEDGER_REPORT, err);
    if (!status)
        status = ledger_find_indicator(u->arena, u->store, change->line, &indicator, err);
    if (!status)
        status = ledger_find_actual(u->store, change->line, change->month, &now, err);
    if (status)
        return status;
    if (!read_actual(&indicator, change->before, &before) ||
        !read_actual(&indicator, change->after, &after) || now != after) {
        say_changed_since(err);
        return STATUS_CONFLICT;
    }
    return ledger_put_actual(u->store, &indicator, change->month, before, u->member, &u->deed, err);
}

static enum status undo_actual(struct undo *u, const struct ledger_batch_change *change,
                               struct error *err)
{
    struct ledger_left left = {.line = change->line, .month = change->month};
    enum status status = store_begin(u->store, err);
    if (status)
        return status;
    enum status said = put_back(u, change, &left.why);
    if (!said) {
        u->undoing->written++;
        return store_commit(u->store, err);
    }
    store_rollback(u->store);
    if (said == STATUS_IO || said == STATUS_DAMAGED) {
        if (err)
            *err = left.why;
        return said;
    }
    leave(u->arena, u->undoing, left);
    return STATUS_OK;
}

static enum status undo_line(struct undo *u, const struct ledger_batch_change *list, size_t count,
                             struct error *err)
{
    struct line line;
    struct line_change changes[LINE_FIELDS];
    enum status status = ledger_find_line_by_id(u->arena, u->store, list[0].line, &line, err);
    if (status)
        return status;
    size_t n = still_so(u, &line, list, count, changes);
    return n ? write_back(u, line.id, changes, n, err) : STATUS_OK;
}

static enum status note_undone(struct store *store, const struct ledger_batch *batch,
                               int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE line_batch SET undone_ms = ?2 WHERE id = ?1"
                                         " AND undone_ms IS NULL");
    query_bind_int(q, 1, batch->id);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT, "These changes were taken back already.",
                         "这批修改已经撤销。");
    return status;
}

enum status ledger_undo_batch(struct arena *arena, struct store *store, int64_t member,
                              const struct ledger_batch *batch, const struct ledger_deed *deed,
                              struct ledger_undoing *undoing, struct error *err)
{
    struct ledger_batch_change *list = NULL;
    size_t count = 0;
    *undoing = (struct ledger_undoing){.made = {.member = member, .undoes = batch->id}};
    enum status status = note_undone(store, batch, deed->now_ms, err);
    if (!status)
        status = ledger_begin_batch(arena, store, &undoing->made, deed, err);
    if (!status)
        status = ledger_list_batch_changes(arena, store, batch->id, &list, &count, err);
    if (status)
        return status;
    struct undo u = {arena, store, member, *deed, undoing};
    u.deed.batch = undoing->made.id;
    /* A batch changes the fields of a line once, so that these changes stand together. */
    for (size_t from = 0, to; !status && from < count; from = to) {
        to = from + 1;
        while (!list[from].month && to < count && list[to].line == list[from].line)
            to++;
        status = list[from].month ? undo_actual(&u, &list[from], err)
                                  : undo_line(&u, &list[from], to - from, err);
    }
    ledger_release_changes(list, count);
    return status ? status : ledger_end_batch(store, &undoing->made, err);
}

/* --- found ---------------------------------------------------------------------------------------- */

#define BATCH_COLUMNS "id, key, member, made_ms, why, lines, undoes, undone_ms"

static struct ledger_batch take_batch(struct arena *arena, struct query *q)
{
    return (struct ledger_batch){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .member = query_int(q, 2),
        .made_ms = query_int(q, 3),
        .why = str_copy(arena, query_str(q, 4)),
        .lines = query_int(q, 5),
        .undoes = query_int(q, 6),
        .undone_ms = query_int(q, 7),
    };
}

enum status ledger_find_batch(struct arena *arena, struct store *store, struct str key,
                              struct ledger_batch *batch, struct error *err)
{
    struct query *q = query_start(store, "SELECT " BATCH_COLUMNS " FROM line_batch WHERE key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        *batch = take_batch(arena, q);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There are no such changes.", "没有这批修改。");
    return status;
}

enum status ledger_list_batches(struct arena *arena, struct store *store, size_t most,
                                struct ledger_batch **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " BATCH_COLUMNS " FROM line_batch ORDER BY id DESC LIMIT ?1");
    query_bind_int(q, 1, (int64_t)most);
    *list = arena_array(arena, most + 1, struct ledger_batch);
    *count = 0;
    while (query_row(q))
        (*list)[(*count)++] = take_batch(arena, q);
    return query_end(q, err);
}
