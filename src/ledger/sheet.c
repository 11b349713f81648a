/* Sheets; see sheet.h. */
#include "ledger/sheet.h"

#include "base/json.h"
#include "ledger/key.h"
#include "ledger/rank.h"

static const struct {
    const char *name, *en, *zh;
} USES[SHEET_USES] = {
    [SHEET_INSPECTION] = {"inspection", "Inspections", "观摩督导"},
    [SHEET_SWEEP] = {"sweep", "Sweeps of risks", "风险排查"},
    [SHEET_CHECK] = {"check", "Checks of policies", "政策督导检查"},
};

const char *sheet_use_name(enum sheet_use use)
{
    return USES[use].name;
}

enum sheet_use sheet_use_named(struct str name)
{
    int i = 0;
    while (i < SHEET_USES && !str_equal(name, str_of(USES[i].name)))
        i++;
    return (enum sheet_use)i;
}

const char *sheet_use_words(enum sheet_use use, enum lang lang)
{
    return lang_pick(lang, USES[use].en, USES[use].zh);
}

/* --- items as people write them ------------------------------------------------------------------- */

/* Takes what stands before the next '|', in either width, off *rest. */
static struct str next_piece(struct str *rest)
{
    size_t narrow = str_find(*rest, STR("|"), 0);
    size_t wide = str_find(*rest, STR("｜"), 0);
    size_t at = narrow < wide ? narrow : wide;
    size_t len = narrow < wide ? 1 : sizeof "｜" - 1;
    struct str piece = str_slice(*rest, 0, at);
    *rest = at == SIZE_MAX ? STR("") : str_slice(*rest, at + len, rest->len);
    return str_trim(piece);
}

/* A whole number up to `most`; `otherwise` for nothing. */
static bool read_count(struct str text, int64_t most, int64_t otherwise, int64_t *number)
{
    uint64_t value = 0;
    if (text.len && (!str_to_u64(text, &value) || value > (uint64_t)most))
        return false;
    *number = text.len ? (int64_t)value : otherwise;
    return true;
}

static enum status read_item(struct str line, size_t number, struct sheet_item *item,
                             struct error *err)
{
    struct str rest = line;
    item->text = next_piece(&rest);
    if (!ledger_is_line_of_text(item->text, 1, SHEET_ITEM_MAX))
        return error_set(err, STATUS_INPUT,
                         "Item %zu: say in 1 to %d characters what is looked at.",
                         "第 %zu 项：请用 1 至 %d 个字写明查看什么。", number, SHEET_ITEM_MAX);
    if (!read_count(next_piece(&rest), SHEET_MOST_MAX, 0, &item->most))
        return error_set(err, STATUS_INPUT, "Item %zu: points are a whole number up to %d.",
                         "第 %zu 项：分值应为不超过 %d 的整数。", number, SHEET_MOST_MAX);
    if (!read_count(next_piece(&rest), SHEET_WEIGHT_MAX, item->most ? item->most : 1,
                    &item->weight) ||
        rest.len)
        return error_set(err, STATUS_INPUT, "Item %zu: the weight is a whole number up to %d.",
                         "第 %zu 项：权重应为不超过 %d 的整数。", number, SHEET_WEIGHT_MAX);
    return STATUS_OK;
}

enum status sheet_read_items(struct arena *arena, struct str text, struct sheet_item **items,
                             size_t *count, struct error *err)
{
    struct str line;
    enum status status = STATUS_OK;
    *items = arena_array(arena, SHEET_ITEMS_MAX, struct sheet_item);
    *count = 0;
    while (!status && str_split(&text, '\n', &line)) {
        if (!str_trim(line).len)
            continue;
        if (*count == SHEET_ITEMS_MAX)
            return error_set(err, STATUS_INPUT, "A sheet has at most %u items.",
                             "每张表最多 %u 项。", SHEET_ITEMS_MAX);
        status = read_item(str_trim(line), *count + 1, &(*items)[*count], err);
        *count += !status;
    }
    return status;
}

struct str sheet_write_items(struct arena *arena, const struct sheet_item *items, size_t count)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        int64_t usual = items[i].most ? items[i].most : 1;
        buf_format(&out, "%.*s", STR_ARG(items[i].text));
        if (items[i].most || items[i].weight != usual)
            buf_format(&out, " | %lld", (long long)items[i].most);
        if (items[i].weight != usual)
            buf_format(&out, " | %lld", (long long)items[i].weight);
        buf_add_byte(&out, '\n');
    }
    return buf_str(&out);
}

/* --- values --------------------------------------------------------------------------------------- */

static const struct {
    int64_t value;
    const char *name, *en, *zh;
} ANSWERS[] = {
    {SHEET_YES, "yes", "yes", "是"},
    {SHEET_NO, "no", "no", "否"},
    {SHEET_INAPPLICABLE, "inapplicable", "does not apply", "不涉及"},
};
#define ANSWER_COUNT (sizeof ANSWERS / sizeof *ANSWERS)

/* "8" or "8.5", in tenths; the mark of a decimal may be a comma. */
static bool read_points(struct str text, int64_t most, int64_t *tenths)
{
    uint64_t whole = 0;
    uint64_t part = 0;
    size_t dot = 0;
    while (dot < text.len && text.at[dot] != '.' && text.at[dot] != ',')
        dot++;
    struct str after = str_slice(text, dot + 1, text.len);
    bool decimal = dot < text.len;
    if (!str_to_u64(str_slice(text, 0, dot), &whole) || whole > SHEET_MOST_MAX ||
        (decimal && (after.len != 1 || !str_to_u64(after, &part))))
        return false;
    int64_t read = (int64_t)(whole * 10 + part);
    if (read <= most * 10)
        *tenths = read;
    return read <= most * 10;
}

enum status sheet_read_value(const struct sheet_item *item, struct str text, int64_t *value,
                             struct error *err)
{
    for (size_t i = 0; i < ANSWER_COUNT && !item->most; i++) {
        if (str_equal(text, str_of(ANSWERS[i].name))) {
            *value = ANSWERS[i].value;
            return STATUS_OK;
        }
    }
    if (!item->most)
        return error_set(err, STATUS_INPUT, "“%.*s”: choose yes, no or does not apply.",
                         "“%.*s”：请选择是、否或不涉及。", STR_ARG(item->text));
    if (!read_points(text, item->most, value))
        return error_set(err, STATUS_INPUT,
                         "“%.*s”: give 0 to %lld points, with at most one decimal.",
                         "“%.*s”：请评 0 至 %lld 分，最多一位小数。", STR_ARG(item->text),
                         (long long)item->most);
    return STATUS_OK;
}

static struct str tenths_text(struct arena *arena, int64_t tenths)
{
    return tenths % 10
               ? str_format(arena, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10))
               : str_format(arena, "%lld", (long long)(tenths / 10));
}

struct str sheet_value_text(struct arena *arena, const struct sheet_item *item, int64_t value)
{
    for (size_t i = 0; i < ANSWER_COUNT && !item->most; i++)
        if (ANSWERS[i].value == value)
            return str_of(ANSWERS[i].name);
    return tenths_text(arena, value);
}

struct str sheet_value_words(struct arena *arena, const struct sheet_item *item, int64_t value,
                             enum lang lang)
{
    for (size_t i = 0; i < ANSWER_COUNT && !item->most; i++)
        if (ANSWERS[i].value == value)
            return str_of(lang_pick(lang, ANSWERS[i].en, ANSWERS[i].zh));
    return tenths_text(arena, value);
}

int64_t sheet_score(const struct sheet *sheet, const int64_t *values)
{
    struct rank_part parts[SHEET_ITEMS_MAX];
    size_t count = sheet->nitems < SHEET_ITEMS_MAX ? sheet->nitems : SHEET_ITEMS_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct sheet_item *item = &sheet->items[i];
        parts[i] = (struct rank_part){values[i] == SHEET_INAPPLICABLE ? RANK_NONE : values[i],
                                      item->most ? item->most * 10 : 1, item->weight};
    }
    return rank_weigh(parts, count);
}

/* --- kept ----------------------------------------------------------------------------------------- */

static enum status check_sheet(struct store *store, const struct sheet *sheet, struct error *err)
{
    int64_t weights = 0;
    if (!ledger_is_line_of_text(sheet->name, 1, SHEET_NAME_MAX))
        return error_set(err, STATUS_INPUT, "A sheet's name has 1 to %d characters.",
                         "表名应为 1 至 %d 个字。", SHEET_NAME_MAX);
    for (size_t i = 0; i < sheet->nitems; i++)
        weights += sheet->items[i].weight;
    if (!sheet->nitems || sheet->nitems > SHEET_ITEMS_MAX || !weights)
        return error_set(err, STATUS_INPUT,
                         "A sheet has 1 to %u items, at least one of which has a weight.",
                         "每张表应有 1 至 %u 项，且至少一项有权重。", SHEET_ITEMS_MAX);
    struct query *q = query_start(store, "SELECT 1 FROM sheet WHERE use = ?1 AND name = ?2"
                                         " AND closed_ms IS NULL AND id <> ?3");
    query_bind_str(q, 1, str_of(sheet_use_name(sheet->use)));
    query_bind_str(q, 2, sheet->name);
    query_bind_int(q, 3, sheet->id);
    bool taken = query_row(q);
    enum status status = query_end(q, err);
    if (!status && taken)
        return error_set(err, STATUS_CONFLICT, "There is a sheet “%.*s” already.",
                         "已有名为“%.*s”的表。", STR_ARG(sheet->name));
    return status;
}

static enum status insert_items(struct store *store, struct sheet *sheet, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sheet->nitems; i++) {
        struct sheet_item *item = &sheet->items[i];
        struct query *q = query_start(store, "INSERT INTO sheet_item (sheet, text, most, weight)"
                                             " VALUES (?1, ?2, ?3, ?4)");
        query_bind_int(q, 1, sheet->id);
        query_bind_str(q, 2, item->text);
        query_bind_int(q, 3, item->most);
        query_bind_int(q, 4, item->weight);
        (void)query_row(q);
        status = query_end(q, err);
        item->id = status ? 0 : store_last_id(store);
    }
    return status;
}

static json_t *data_of(const struct sheet *sheet)
{
    return json_pack("{s:s, s:o, s:I}", "use", sheet_use_name(sheet->use), "name",
                     str_to_json(sheet->name), "items", (json_int_t)sheet->nitems);
}

enum status ledger_make_sheet(struct arena *arena, struct store *store, struct sheet *sheet,
                              int64_t now_ms, struct error *err)
{
    sheet->id = 0;
    sheet->made_ms = now_ms;
    enum status status = check_sheet(store, sheet, err);
    if (!status)
        status = digest_random_key(arena, &sheet->key, err);
    if (status)
        return status;
    struct query *q = query_start(store, "INSERT INTO sheet (key, use, name, member, made_ms)"
                                         " VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_str(q, 1, sheet->key);
    query_bind_str(q, 2, str_of(sheet_use_name(sheet->use)));
    query_bind_str(q, 3, sheet->name);
    query_bind_int(q, 4, sheet->member);
    query_bind_int(q, 5, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    sheet->id = status ? 0 : store_last_id(store);
    if (!status)
        status = insert_items(store, sheet, err);
    return status ? status
                  : ledger_add_event(store, "sheet.made", 'Q', sheet->id, data_of(sheet), err);
}

/* Items that nobody filled in may go: they are nobody's record. */
static enum status replace_items(struct store *store, struct sheet *sheet, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM sheet_item WHERE sheet = ?1");
    query_bind_int(q, 1, sheet->id);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : insert_items(store, sheet, err);
}

enum status ledger_change_sheet(struct arena *arena, struct store *store, struct sheet *sheet,
                                struct error *err)
{
    struct sheet is;
    enum status status = ledger_find_sheet_by_id(arena, store, sheet->id, &is, err);
    if (!status)
        status = check_sheet(store, sheet, err);
    if (!status && (is.filled || is.closed_ms))
        return error_set(
            err, STATUS_CONFLICT,
            "The sheet was filled in or is closed and stays as it is. Copy it instead.",
            "该表已有填报或已停用，不能再改，可复制后另存。");
    if (status)
        return status;
    struct query *q = query_start(store, "UPDATE sheet SET name = ?2 WHERE id = ?1");
    query_bind_int(q, 1, sheet->id);
    query_bind_str(q, 2, sheet->name);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = replace_items(store, sheet, err);
    return status ? status
                  : ledger_add_event(store, "sheet.changed", 'Q', sheet->id, data_of(sheet), err);
}

enum status ledger_close_sheet(struct store *store, int64_t sheet, int64_t now_ms,
                               struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE sheet SET closed_ms = ?2 WHERE id = ?1 AND closed_ms IS NULL");
    query_bind_int(q, 1, sheet);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status || store_changes(store) == 0)
        return status;
    return ledger_add_event(store, "sheet.closed", 'Q', sheet, NULL, err);
}

/* --- found ---------------------------------------------------------------------------------------- */

#define SHEET_COLUMNS                                               \
    "s.id, s.key, s.use, s.name, s.member, s.made_ms, s.closed_ms," \
    " (SELECT count(*) FROM filled f WHERE f.sheet = s.id)"

static void take_sheet(struct arena *arena, struct query *q, struct sheet *sheet)
{
    *sheet = (struct sheet){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .use = sheet_use_named(query_str(q, 2)),
        .name = str_copy(arena, query_str(q, 3)),
        .member = query_int(q, 4),
        .made_ms = query_int(q, 5),
        .closed_ms = query_int(q, 6),
        .filled = query_int(q, 7),
    };
}

static enum status load_items(struct arena *arena, struct store *store, struct sheet *sheet,
                              struct error *err)
{
    struct query *q = query_start(store, "SELECT id, text, most, weight FROM sheet_item"
                                         " WHERE sheet = ?1 ORDER BY id LIMIT ?2");
    query_bind_int(q, 1, sheet->id);
    query_bind_int(q, 2, SHEET_ITEMS_MAX);
    sheet->items = arena_array(arena, SHEET_ITEMS_MAX, struct sheet_item);
    while (query_row(q))
        sheet->items[sheet->nitems++] = (struct sheet_item){
            query_int(q, 0), str_copy(arena, query_str(q, 1)), query_int(q, 2), query_int(q, 3)};
    return query_end(q, err);
}

static enum status find_sheet(struct arena *arena, struct store *store, struct query *q,
                              struct sheet *sheet, struct error *err)
{
    bool found = query_row(q);
    if (found)
        take_sheet(arena, q, sheet);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_in(err, "sheet",
                        error_set(err, STATUS_MISSING, "There is no such sheet.", "没有这张表。"));
    return status ? status : load_items(arena, store, sheet, err);
}

enum status ledger_find_sheet(struct arena *arena, struct store *store, struct str key,
                              struct sheet *sheet, struct error *err)
{
    struct query *q = query_start(store, "SELECT " SHEET_COLUMNS " FROM sheet s WHERE s.key = ?1");
    query_bind_str(q, 1, key);
    return find_sheet(arena, store, q, sheet, err);
}

enum status ledger_find_sheet_by_id(struct arena *arena, struct store *store, int64_t id,
                                    struct sheet *sheet, struct error *err)
{
    struct query *q = query_start(store, "SELECT " SHEET_COLUMNS " FROM sheet s WHERE s.id = ?1");
    query_bind_int(q, 1, id);
    return find_sheet(arena, store, q, sheet, err);
}

enum status ledger_list_sheets(struct arena *arena, struct store *store, enum sheet_use use,
                               struct sheet **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT " SHEET_COLUMNS " FROM sheet s"
                                         " WHERE s.closed_ms IS NULL AND (?1 = '' OR s.use = ?1)"
                                         " ORDER BY s.name, s.id");
    query_bind_str(q, 1, use == SHEET_USES ? STR("") : str_of(sheet_use_name(use)));
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        take_sheet(arena, q, &(*list)[(*count)++]);
    }
    return query_end(q, err);
}
