/* Drafts in the store; see draft.h. What turns one into a paper is in draft_publish.c. */
#include "library/draft.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

#define BEGINNING_BYTES 400

#define DRAFT_COLUMNS                                                                          \
    "id, key, author, coalesce(paper, 0), title, form, options, decisions, version, saved_ms," \
    " coalesce(due_ms, 0), failed, blanks, original, "

/* The reason of a failure is kept as both languages' lines. */
static void read_failure(struct str kept, struct error *failure)
{
    struct str en;
    *failure = (struct error){0};
    if (kept.len && str_split(&kept, '\n', &en))
        (void)error_set(failure, STATUS_CONFLICT, "%.*s", "%.*s", STR_ARG(en));
    if (failure->status && kept.len && kept.len < sizeof failure->zh) {
        memcpy(failure->zh, kept.at, kept.len);
        failure->zh[kept.len] = 0;
    }
}

static void read_draft(struct arena *arena, struct query *q, struct draft *d)
{
    struct str text = query_str(q, 14);
    *d = (struct draft){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .author = query_int(q, 2),
        .paper = query_int(q, 3),
        .title = str_copy(arena, query_str(q, 4)),
        .terms = str_copy(arena, query_str(q, 6)),
        .decisions = str_copy(arena, query_str(q, 7)),
        .version = query_int(q, 8),
        .saved_ms = query_int(q, 9),
        .due_ms = query_int(q, 10),
        .blanks = str_copy(arena, query_str(q, 12)),
        .text = str_copy(arena, text),
    };
    struct str original = query_blob(q, 13);
    d->has_original = original.len == sizeof d->original;
    if (d->has_original)
        memcpy(&d->original, original.at, sizeof d->original);
    read_failure(query_str(q, 11), &d->failure);
    d->form = str_equal(query_str(q, 5), STR("txt")) ? FORMAT_TEXT : FORMAT_MARKDOWN;
}

static enum status no_draft(struct error *err)
{
    return error_set(err, STATUS_MISSING,
                     "There is no such draft of yours; it may have been published or deleted.",
                     "您没有这份草稿，可能已经发布或删除。");
}

enum status library_find_draft(struct arena *arena, struct store *store, int64_t author,
                               struct str key, struct draft *draft, struct error *err)
{
    struct query *q = query_start(store, "SELECT " DRAFT_COLUMNS "text FROM draft"
                                         " WHERE key = ?1 AND author = ?2");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, author);
    bool found = query_row(q);
    if (found)
        read_draft(arena, q, draft);
    enum status status = query_end(q, err);
    return status || found ? status : no_draft(err);
}

enum status library_list_drafts(struct arena *arena, struct store *store, int64_t author,
                                struct draft **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT " DRAFT_COLUMNS "substr(text, 1, 200) FROM draft"
                                         " WHERE author = ?1 ORDER BY saved_ms DESC, id DESC");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, author);
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        read_draft(arena, q, &(*list)[(*count)++]);
    }
    return query_end(q, err);
}

/* --- changing ----------------------------------------------------------------------------------- */

static enum status add_draft_event(struct store *store, const struct draft *draft, const char *kind,
                                   struct str data, struct error *err)
{
    struct arena *arena = arena_make();
    enum status status = store_add_event(store, "editor", kind,
                                         str_format(arena, "D%" PRId64, draft->id), data, err);
    arena_free(arena);
    return status;
}

static enum status check_size(struct str text, struct error *err)
{
    if (text.len <= DRAFT_TEXT_MAX)
        return STATUS_OK;
    return error_set(err, STATUS_INPUT,
                     "The text has %zu bytes; a draft takes %zu. Divide it into several papers.",
                     "正文共 %zu 字节，草稿上限为 %zu 字节。请分为几篇。", text.len,
                     DRAFT_TEXT_MAX);
}

enum status library_make_draft(struct arena *arena, struct store *store, struct draft *draft,
                               struct error *err)
{
    enum status status = check_size(draft->text, err);
    if (!status)
        status = digest_random_key(arena, &draft->key, err);
    if (status)
        return status;
    draft->version = 1;
    draft->saved_ms = store_now_ms();
    struct query *q =
        query_start(store, "INSERT INTO draft (key, author, paper, title, text, form, options,"
                           " saved_ms, blanks, original)"
                           " VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    query_bind_str(q, 1, draft->key);
    query_bind_int(q, 2, draft->author);
    query_bind_int(q, 3, draft->paper);
    query_bind_str(q, 4, draft->title);
    query_bind_str(q, 5, draft->text);
    query_bind_str(q, 6, str_of(format_name(draft->form)));
    query_bind_str(q, 7, draft->terms.len ? draft->terms : STR("{}"));
    query_bind_int(q, 8, draft->saved_ms);
    query_bind_str(q, 9, draft->blanks.len ? draft->blanks : STR("{}"));
    if (draft->has_original)
        query_bind_blob(q, 10, digest_bytes(&draft->original));
    (void)query_row(q);
    status = query_end(q, err);
    draft->id = store_last_id(store);
    return status ? status : add_draft_event(store, draft, "draft.made", STR("{}"), err);
}

/* Why a row was not changed: somebody else was there first. */
static enum status say_conflict(struct store *store, const struct draft *draft, struct error *err)
{
    struct query *q = query_start(store, "SELECT version, due_ms FROM draft WHERE id = ?1");
    query_bind_int(q, 1, draft->id);
    bool found = query_row(q);
    bool waits = found && !query_is_null(q, 1);
    enum status status = query_end(q, err);
    if (status)
        return status;
    if (!found)
        return no_draft(err);
    if (waits)
        return error_set(err, STATUS_CONFLICT,
                         "This draft waits to be published. Stop that first, then change it.",
                         "这份草稿正待定时发布。请先取消定时，再行修改。");
    return error_set(err, STATUS_CONFLICT,
                     "Another window saved this draft since. Both texts are kept: choose below.",
                     "另一窗口已保存过这份草稿。两份文字都在，请选择。");
}

/* Whether just what is to be saved is kept already: a save that came twice, or whose answer was lost. */
static enum status find_same(struct store *store, struct draft *draft, bool *same,
                             struct error *err)
{
    struct query *q =
        query_start(store, "SELECT version, saved_ms FROM draft WHERE id = ?1 AND title = ?2"
                           " AND text = ?3 AND form = ?4 AND due_ms IS NULL");
    query_bind_int(q, 1, draft->id);
    query_bind_str(q, 2, draft->title);
    query_bind_str(q, 3, draft->text);
    query_bind_str(q, 4, str_of(format_name(draft->form)));
    *same = query_row(q);
    if (*same) {
        draft->version = query_int(q, 0);
        draft->saved_ms = query_int(q, 1);
    }
    return query_end(q, err);
}

enum status library_save_draft(struct store *store, struct draft *draft, struct error *err)
{
    enum status status = check_size(draft->text, err);
    if (status)
        return status;
    draft->saved_ms = store_now_ms();
    struct query *q = query_start(
        store,
        "UPDATE draft SET title = ?3, text = ?4, form = ?5, saved_ms = ?6, failed = '',"
        " original = ?7, version = version + 1 WHERE id = ?1 AND version = ?2 AND due_ms IS NULL");
    query_bind_int(q, 1, draft->id);
    query_bind_int(q, 2, draft->version);
    query_bind_str(q, 3, draft->title);
    query_bind_str(q, 4, draft->text);
    query_bind_str(q, 5, str_of(format_name(draft->form)));
    query_bind_int(q, 6, draft->saved_ms);
    if (draft->has_original)
        query_bind_blob(q, 7, digest_bytes(&draft->original));
    (void)query_row(q);
    status = query_end(q, err);
    if (status || store_changes(store)) {
        draft->version += !status;
        return status;
    }
    bool same;
    status = find_same(store, draft, &same, err);
    return status || same ? status : say_conflict(store, draft, err);
}

/* One column of a draft that does not wait to be published. */
static enum status save_beside(struct store *store, const struct draft *draft, const char *sql,
                               struct str value, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, draft->id);
    query_bind_str(q, 2, value);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return say_conflict(store, draft, err);
    return status;
}

enum status library_save_draft_terms(struct store *store, const struct draft *draft,
                                     struct error *err)
{
    return save_beside(store, draft,
                       "UPDATE draft SET options = ?2 WHERE id = ?1 AND due_ms IS NULL",
                       draft->terms, err);
}

enum status library_save_draft_decisions(struct store *store, const struct draft *draft,
                                         struct error *err)
{
    return save_beside(store, draft,
                       "UPDATE draft SET decisions = ?2 WHERE id = ?1 AND due_ms IS NULL",
                       draft->decisions, err);
}

enum status library_save_draft_blanks(struct store *store, const struct draft *draft,
                                      struct error *err)
{
    return save_beside(store, draft,
                       "UPDATE draft SET blanks = ?2 WHERE id = ?1 AND due_ms IS NULL",
                       draft->blanks, err);
}

enum status library_schedule_draft(struct arena *arena, struct store *store,
                                   const struct draft *draft, int64_t due_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE draft SET due_ms = nullif(?3, 0), failed = ''"
                                         " WHERE id = ?1 AND version = ?2");
    query_bind_int(q, 1, draft->id);
    query_bind_int(q, 2, draft->version);
    query_bind_int(q, 3, due_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return say_conflict(store, draft, err);
    struct str data =
        due_ms ? str_format(arena, "{\"due_ms\":%" PRId64 "}", due_ms) : STR("{\"due_ms\":null}");
    return status ? status : add_draft_event(store, draft, "draft.scheduled", data, err);
}

enum status library_delete_draft(struct store *store, const struct draft *draft, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM draft WHERE id = ?1");
    query_bind_int(q, 1, draft->id);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return no_draft(err);
    return status ? status : add_draft_event(store, draft, "draft.deleted", STR("{}"), err);
}

/* --- terms -------------------------------------------------------------------------------------- */

static struct str text_of(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    struct str text = {json_string_value(value), json_string_length(value)};
    return text.at ? str_copy(arena, text) : STR("");
}

static int64_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

void library_read_terms(struct arena *arena, struct str json, struct draft_terms *terms)
{
    json_t *root = json_loadb(json.at, json.len, 0, NULL);
    const json_t *groups = json_object_get(root, "groups");
    const json_t *formats = json_object_get(root, "formats");
    size_t count = json_array_size(groups);
    *terms = (struct draft_terms){
        .offer = {.kind = text_of(arena, root, "kind"),
                  .author = text_of(arena, root, "author"),
                  .summary = text_of(arena, root, "summary"),
                  .for_groups = !json_is_false(json_object_get(root, "for_groups")),
                  .free = !json_is_false(json_object_get(root, "free")),
                  .formats = formats ? text_of(arena, root, "formats") : STR(FORMAT_ALL_NAMES),
                  .expires_ms = number_of(root, "expires_ms"),
                  .copy_days = number_of(root, "copy_days"),
                  .delete_days = number_of(root, "delete_days")},
        .groups = arena_array(arena, count + 1, int64_t),
        .ngroups = count,
        .notice = text_of(arena, root, "notice"),
        .colluders = (unsigned)number_of(root, "colluders"),
        .silent = json_is_true(json_object_get(root, "silent")),
        .as_is = json_is_true(json_object_get(root, "as_is")),
        .request = text_of(arena, root, "request"),
        .due_ms = number_of(root, "due_ms"),
    };
    for (size_t i = 0; i < count; i++)
        terms->groups[i] = json_integer_value(json_array_get(groups, i));
    (void)paper_level_parse(text_of(arena, root, "level"), &terms->level);
    (void)format_parse_mark(text_of(arena, root, "mark"), &terms->offer.mark);
    json_decref(root);
}

struct str library_write_terms(struct arena *arena, const struct draft_terms *terms)
{
    const struct offer *o = &terms->offer;
    json_t *groups = json_array();
    for (size_t i = 0; i < terms->ngroups; i++)
        json_array_append_new(groups, json_integer(terms->groups[i]));
    json_t *root = json_pack(
        "{s:o, s:o, s:o, s:b, s:b, s:o, s:s, s:I, s:I, s:I, s:o, s:o, s:s, s:i, s:b, s:b, s:I, s:o}",
        "kind", str_to_json(o->kind), "author", str_to_json(o->author), "summary",
        str_to_json(o->summary), "for_groups", (int)o->for_groups, "free", (int)o->free, "formats",
        str_to_json(o->formats), "mark", format_mark_name(o->mark), "expires_ms",
        (json_int_t)o->expires_ms, "copy_days", (json_int_t)o->copy_days, "delete_days",
        (json_int_t)o->delete_days, "groups", groups, "notice", str_to_json(terms->notice), "level",
        paper_level_name(terms->level), "colluders", (int)terms->colluders, "silent",
        (int)terms->silent, "as_is", (int)terms->as_is, "due_ms", (json_int_t)terms->due_ms,
        "request", str_to_json(terms->request));
    return str_from_json(arena, root);
}
