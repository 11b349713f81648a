/* Sheets filled in, and findings; see filled.h. */
#include "ledger/filled.h"

#include <ctype.h>

#include "ledger/key.h"
#include "ledger/rank.h"

/* --- what is taken -------------------------------------------------------------------------------- */

static bool is_sent_key(struct str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (!isalnum((unsigned char)key.at[i]) && key.at[i] != '-' && key.at[i] != '_')
            return false;
    return key.len >= FILLED_KEY_LEAST && key.len <= FILLED_KEY_MOST;
}

static bool is_value(const struct sheet_item *item, int64_t value)
{
    return item->most ? value >= 0 && value <= item->most * 10
                      : value >= SHEET_INAPPLICABLE && value <= SHEET_YES;
}

static enum status check_item(const struct sheet_item *item, const struct filled_item *filled,
                              size_t place, struct error *err)
{
    if (filled->item != item->id || !is_value(item, filled->value))
        return error_in_list(err, "value", place,
                             error_set(err, STATUS_INPUT, "“%.*s” is not filled in.",
                                       "“%.*s”尚未填写。", STR_ARG(item->text)));
    if (!ledger_is_text(filled->words, FILLED_WORDS_MAX))
        return error_in_list(
            err, "words", place,
            error_set(err, STATUS_INPUT, "“%.*s”: a remark has at most %d characters.",
                      "“%.*s”：备注不超过 %d 个字。", STR_ARG(item->text), FILLED_WORDS_MAX));
    if (filled->problem && !str_trim(filled->words).len)
        return error_in_list(err, "words", place,
                             error_set(err, STATUS_INPUT, "“%.*s”: say what the problem is.",
                                       "“%.*s”：请写明问题。", STR_ARG(item->text)));
    return STATUS_OK;
}

static enum status check_filled(const struct sheet *sheet, const struct filled *f, int64_t now_ms,
                                struct error *err)
{
    if (!is_sent_key(f->sent_key))
        return error_set(err, STATUS_INPUT, "The form is incomplete. Open the page again.",
                         "表单不完整，请重新打开页面。");
    if (sheet->closed_ms)
        return error_set(err, STATUS_CONFLICT, "The sheet is not in use any more.", "该表已停用。");
    if (f->nitems != sheet->nitems)
        return error_set(err, STATUS_INPUT, "The sheet has other items by now. Open it again.",
                         "该表的项目已有变动，请重新打开。");
    if (!ledger_is_text(f->words, FILLED_WORDS_MAX))
        return error_in(err, "remark",
                        error_set(err, STATUS_INPUT, "The remark has at most %d characters.",
                                  "备注不超过 %d 个字。", FILLED_WORDS_MAX));
    if (f->filled_ms < 0 || f->filled_ms > now_ms)
        return error_set(err, STATUS_INPUT, "It can't have been filled in later than now.",
                         "填写时间不能晚于现在。");
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sheet->nitems; i++)
        status = check_item(&sheet->items[i], &f->items[i], i, err);
    return status;
}

struct str filled_files_about(struct arena *arena, int64_t filled)
{
    return str_format(arena, "%.*s.%lld", STR_ARG(FILLED_FILES), (long long)filled);
}

/* --- kept ----------------------------------------------------------------------------------------- */

static bool is_same(const struct filled *a, const struct filled *b)
{
    bool same = a->line == b->line && a->part == b->part && a->nitems == b->nitems &&
                str_equal(str_trim(a->words), str_trim(b->words));
    for (size_t i = 0; same && i < a->nitems; i++)
        same = a->items[i].item == b->items[i].item && a->items[i].value == b->items[i].value &&
               a->items[i].problem == b->items[i].problem &&
               str_equal(str_trim(a->items[i].words), str_trim(b->items[i].words));
    return same;
}

/* What this member sent under this key before, which must be the same. */
static enum status find_sent(struct arena *arena, struct store *store, struct filled *f,
                             struct error *err)
{
    struct filled before;
    int64_t line = 0;
    struct str key = {0};
    struct query *q =
        query_start(store, "SELECT line, key FROM filled WHERE member = ?1 AND sent_key = ?2");
    query_bind_int(q, 1, f->member);
    query_bind_str(q, 2, f->sent_key);
    f->repeated = query_row(q);
    if (f->repeated) {
        line = query_int(q, 0);
        key = str_copy(arena, query_str(q, 1));
    }
    enum status status = query_end(q, err);
    if (status || !f->repeated)
        return status;
    status = ledger_find_filled(arena, store, line, key, &before, err);
    if (!status && !is_same(&before, f))
        return error_set(
            err, STATUS_CONFLICT,
            "This form was sent before with other marks or words. Look at what was "
            "sent, and send again to put this in its place.",
            "该表单此前已以不同内容提交。请核对已提交的内容，如以本份为准，请再提交一次。");
    f->id = before.id;
    f->key = before.key;
    f->sent_ms = before.sent_ms;
    return status;
}

static bool has_word(struct str words, struct str wanted)
{
    struct str word;
    while (str_split(&words, ' ', &word))
        if (str_equal(word, wanted))
            return true;
    return false;
}

/* The one in whose place this is put must be the one that its sender knew of; *old gets its id. */
static enum status give_way(struct arena *arena, struct store *store, const struct filled *f,
                            struct str *standing, int64_t *old, int64_t now_ms, struct error *err)
{
    int64_t id = 0;
    struct str sent_key = {0};
    struct query *q = query_start(
        store, "SELECT id, sent_key FROM filled WHERE line = ?1 AND part = ?2"
               " AND coalesce(target, 0) = ?3 AND coalesce(unit, 0) = ?4 AND member = ?5"
               " AND replaced_ms IS NULL");
    query_bind_int(q, 1, f->line);
    query_bind_int(q, 2, f->part);
    query_bind_int(q, 3, f->target);
    query_bind_int(q, 4, f->unit);
    query_bind_int(q, 5, f->member);
    if (query_row(q)) {
        id = query_int(q, 0);
        sent_key = str_copy(arena, query_str(q, 1));
    }
    enum status status = query_end(q, err);
    *old = id;
    if (standing)
        *standing = sent_key;
    if (status || !id)
        return status;
    if (!has_word(f->replaces, sent_key))
        return error_set(
            err, STATUS_CONFLICT,
            "You have sent another one about this meanwhile. Send again to put this in "
            "its place.",
            "此处您已另外提交过一份；如以本份为准，请再提交一次。");
    q = query_start(store, "UPDATE filled SET replaced_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert_filled(struct store *store, struct filled *f, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO filled (key, sent_key, sheet, line, part, target, unit, member,"
               " filled_ms, sent_ms, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    query_bind_str(q, 1, f->key);
    query_bind_str(q, 2, f->sent_key);
    query_bind_int(q, 3, f->sheet);
    query_bind_int(q, 4, f->line);
    query_bind_int(q, 5, f->part);
    query_bind_int_or_null(q, 6, f->target);
    query_bind_int_or_null(q, 7, f->unit);
    query_bind_int(q, 8, f->member);
    query_bind_int(q, 9, f->filled_ms);
    query_bind_int(q, 10, f->sent_ms);
    query_bind_str(q, 11, str_trim(f->words));
    (void)query_row(q);
    enum status status = query_end(q, err);
    f->id = status ? 0 : store_last_id(store);
    return status;
}

static enum status insert_finding(struct arena *arena, struct store *store, int64_t filled,
                                  int64_t item, struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO finding (key, filled, item) VALUES (?1, ?2, ?3)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, filled);
    query_bind_int(q, 3, item);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert_item(struct arena *arena, struct store *store, int64_t filled,
                               const struct filled_item *item, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO filled_item (filled, item, value, words)"
                                         " VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, filled);
    query_bind_int(q, 2, item->item);
    query_bind_int(q, 3, item->value);
    query_bind_str(q, 4, str_trim(item->words));
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status || !item->problem)
        return status;
    return insert_finding(arena, store, filled, item->item, err);
}

static enum status move_files(struct arena *arena, struct store *store, int64_t line, int64_t from,
                              int64_t to, struct error *err)
{
    if (!from)
        return STATUS_OK;
    struct query *q =
        query_start(store, "UPDATE line_file SET about = ?3 WHERE line = ?1 AND about = ?2");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, filled_files_about(arena, from));
    query_bind_str(q, 3, filled_files_about(arena, to));
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_fill_sheet(struct arena *arena, struct store *store, struct filled *f,
                              struct str *standing, const struct ledger_deed *deed,
                              struct error *err)
{
    struct sheet sheet;
    int64_t old = 0;
    enum status status = find_sent(arena, store, f, err);
    if (status || f->repeated)
        return status;
    status = ledger_find_sheet_by_id(arena, store, f->sheet, &sheet, err);
    if (!status)
        status = check_filled(&sheet, f, deed->now_ms, err);
    if (!status)
        status = give_way(arena, store, f, standing, &old, deed->now_ms, err);
    if (!status)
        status = digest_random_key(arena, &f->key, err);
    if (status)
        return status;
    f->sent_ms = deed->now_ms;
    f->filled_ms = f->filled_ms ? f->filled_ms : deed->now_ms;
    status = insert_filled(store, f, err);
    for (size_t i = 0; !status && i < f->nitems; i++)
        status = insert_item(arena, store, f->id, &f->items[i], err);
    if (!status)
        status = move_files(arena, store, f->line, old, f->id, err);
    return status ? status
                  : ledger_record(store, f->line, "line.filled",
                                  json_pack("{s:o}", "sheet", ledger_json_id('Q', f->sheet)), deed,
                                  err);
}

/* --- found ---------------------------------------------------------------------------------------- */

#define FILLED_COLUMNS                                                                           \
    "f.id, f.key, f.sent_key, f.sheet, f.line, f.part, f.target, f.unit, f.member, f.filled_ms," \
    " f.sent_ms, f.replaced_ms, f.words"
#define FILLED_COLUMN_COUNT 13
#define ITEM_COLUMNS                                                                      \
    "i.item, i.value, i.words, EXISTS (SELECT 1 FROM finding d WHERE d.filled = i.filled" \
    " AND d.item = i.item)"

static void take_filled(struct arena *arena, struct query *q, struct filled *f)
{
    *f = (struct filled){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .sent_key = str_copy(arena, query_str(q, 2)),
        .sheet = query_int(q, 3),
        .line = query_int(q, 4),
        .part = query_int(q, 5),
        .target = query_int(q, 6),
        .unit = query_int(q, 7),
        .member = query_int(q, 8),
        .filled_ms = query_int(q, 9),
        .sent_ms = query_int(q, 10),
        .replaced_ms = query_int(q, 11),
        .words = str_copy(arena, query_str(q, 12)),
        .items = arena_array(arena, SHEET_ITEMS_MAX, struct filled_item),
    };
}

static void take_item(struct arena *arena, struct query *q, struct filled *f)
{
    if (f->nitems < SHEET_ITEMS_MAX)
        f->items[f->nitems++] = (struct filled_item){
            .item = query_int(q, FILLED_COLUMN_COUNT),
            .value = query_int(q, FILLED_COLUMN_COUNT + 1),
            .words = str_copy(arena, query_str(q, FILLED_COLUMN_COUNT + 2)),
            .problem = query_int(q, FILLED_COLUMN_COUNT + 3),
        };
}

enum status ledger_list_filled(struct arena *arena, struct store *store, int64_t line,
                               struct filled **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " FILLED_COLUMNS ", " ITEM_COLUMNS " FROM filled f"
               " JOIN filled_item i ON i.filled = f.id WHERE f.line = ?1 AND f.replaced_ms IS NULL"
               " ORDER BY f.part, f.target, f.unit, f.member, f.id, i.item");
    query_bind_int(q, 1, line);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        if (!*count || (*list)[*count - 1].id != query_int(q, 0)) {
            *list = arena_one_more(arena, *list, *count, sizeof **list);
            take_filled(arena, q, &(*list)[(*count)++]);
        }
        take_item(arena, q, &(*list)[*count - 1]);
    }
    return query_end(q, err);
}

enum status ledger_find_filled(struct arena *arena, struct store *store, int64_t line,
                               struct str key, struct filled *filled, struct error *err)
{
    struct query *q = query_start(store, "SELECT " FILLED_COLUMNS ", " ITEM_COLUMNS
                                         " FROM filled f JOIN filled_item i ON i.filled = f.id"
                                         " WHERE f.line = ?1 AND f.key = ?2 ORDER BY i.item");
    bool found = false;
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, key);
    while (query_row(q)) {
        if (!found)
            take_filled(arena, q, filled);
        found = true;
        take_item(arena, q, filled);
    }
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such sheet filled in.",
                         "没有这份填报。");
    return status;
}

int64_t filled_score(const struct sheet *sheet, const struct filled *filled)
{
    int64_t values[SHEET_ITEMS_MAX] = {0};
    for (size_t i = 0; i < filled->nitems && i < SHEET_ITEMS_MAX; i++)
        values[i] = filled->items[i].value;
    return filled->nitems == sheet->nitems ? sheet_score(sheet, values) : RANK_NONE;
}

/* --- findings ------------------------------------------------------------------------------------- */

enum status ledger_list_findings(struct arena *arena, struct store *store, int64_t line,
                                 struct finding **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT d.id, d.key, f.id, f.line, f.part, f.target, f.unit, f.member, d.item, s.text,"
        " i.words, f.sent_ms, d.line, d.settled_ms, d.dropped_why FROM filled f"
        " JOIN finding d ON d.filled = f.id JOIN sheet_item s ON s.id = d.item"
        " JOIN filled_item i ON i.filled = f.id AND i.item = d.item"
        " WHERE f.line = ?1 AND (f.replaced_ms IS NULL OR d.line IS NOT NULL) ORDER BY d.id");
    query_bind_int(q, 1, line);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        (*list)[(*count)++] = (struct finding){
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .filled = query_int(q, 2),
            .line = query_int(q, 3),
            .part = query_int(q, 4),
            .target = query_int(q, 5),
            .unit = query_int(q, 6),
            .member = query_int(q, 7),
            .item = query_int(q, 8),
            .item_text = str_copy(arena, query_str(q, 9)),
            .words = str_copy(arena, query_str(q, 10)),
            .made_ms = query_int(q, 11),
            .made_line = query_int(q, 12),
            .settled_ms = query_int(q, 13),
            .dropped_why = str_copy(arena, query_str(q, 14)),
        };
    }
    return query_end(q, err);
}

enum status ledger_find_finding(struct arena *arena, struct store *store, int64_t line,
                                struct str key, struct finding *finding, struct error *err)
{
    struct finding *list;
    size_t count;
    enum status status = ledger_list_findings(arena, store, line, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++) {
        if (str_equal(list[i].key, key)) {
            *finding = list[i];
            return STATUS_OK;
        }
    }
    return status ? status
                  : error_set(err, STATUS_MISSING, "There is no such finding.", "没有这个问题。");
}

/* Decides about one that nothing was decided about. */
static enum status decide(struct store *store, const struct finding *finding, int64_t made_line,
                          struct str why, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE finding SET line = ?2, dropped_why = ?3,"
                                         " settled_ms = ?4 WHERE id = ?1 AND settled_ms IS NULL");
    query_bind_int(q, 1, finding->id);
    query_bind_int_or_null(q, 2, made_line);
    query_bind_str(q, 3, why);
    query_bind_int(q, 4, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT, "It was decided about before.", "该问题已处理。");
    return status;
}

enum status ledger_settle_finding(struct store *store, const struct finding *finding,
                                  int64_t made_line, const struct ledger_deed *deed,
                                  struct error *err)
{
    enum status status = decide(store, finding, made_line, STR(""), deed->now_ms, err);
    return status ? status
                  : ledger_record(store, finding->line, "line.finding-settled",
                                  json_pack("{s:o}", "line", ledger_json_id('L', made_line)), deed,
                                  err);
}

enum status ledger_drop_finding(struct store *store, const struct finding *finding,
                                const struct ledger_deed *deed, struct error *err)
{
    if (!ledger_is_line_of_text(str_trim(deed->why), 1, LINE_WHY_MAX))
        return error_in(err, "why",
                        error_set(err, STATUS_INPUT, "Say why nothing is made of it.",
                                  "请说明不予整改的理由。"));
    enum status status = decide(store, finding, 0, str_trim(deed->why), deed->now_ms, err);
    return status ? status
                  : ledger_record(store, finding->line, "line.finding-dropped", NULL, deed, err);
}
