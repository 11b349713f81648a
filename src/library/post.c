/* Talk in the store; see post.h. */
#include "library/post.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "library/entitlement.h"
#include "library/group.h"
#include "library/letter.h"
#include "library/offer.h"
#include "library/record.h"

/* --- mentions ----------------------------------------------------------------------------------- */

#define NAMED_MAX 50U

struct named {
    int64_t member;
    struct str name; /* with its @ */
};

/* Members of the group whose name stands somewhere in the text after an @, longer names first. */
static enum status list_named(struct arena *arena, struct store *store, int64_t group,
                              struct str text, int64_t now_ms, struct named *list, size_t *count,
                              struct error *err)
{
    struct query *q = query_start(
        store, "SELECT m.id, '@' || m.name FROM (SELECT member FROM group_member"
               " WHERE \"group\" = ?1 UNION SELECT s.member FROM plan_group p JOIN subscription s"
               " ON s.plan = p.plan WHERE p.\"group\" = ?1 AND " RUNNING_SQL(
                   "s", "?3") ") w"
                              " JOIN member m ON m.id = w.member WHERE instr(?2, '@' || m.name) > 0"
                              " ORDER BY length(m.name) DESC, m.id LIMIT 50");
    *count = 0;
    query_bind_int(q, 1, group);
    query_bind_str(q, 2, text);
    query_bind_int(q, 3, now_ms);
    while (query_row(q))
        list[(*count)++] = (struct named){query_int(q, 0), str_copy(arena, query_str(q, 1))};
    return query_end(q, err);
}

/* Whether list[i] is meant somewhere: "@Li Hua" mentions Li Hua, and not Li as well. */
static bool is_meant(struct str text, const struct named *list, size_t i)
{
    for (size_t at = str_find(text, list[i].name, 0); at != SIZE_MAX;
         at = str_find(text, list[i].name, at + 1)) {
        bool longer = false;
        for (size_t k = 0; k < i; k++)
            longer |= list[k].name.len > list[i].name.len &&
                      str_starts(str_slice(text, at, text.len), list[k].name);
        if (!longer)
            return true;
    }
    return false;
}

struct letter_words {
    struct str path, author, group;
};

static enum status load_words(struct arena *arena, struct store *store, int64_t group,
                              int64_t author, struct letter_words *words, struct error *err)
{
    struct query *q = query_start(store, "SELECT g.key, g.name, m.name FROM \"group\" g, member m"
                                         " WHERE g.id = ?1 AND m.id = ?2");
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, author);
    if (query_row(q)) {
        struct str key = query_str(q, 0);
        words->path = str_format(arena, "/groups/%.*s/talk", STR_ARG(key));
        words->group = str_copy(arena, query_str(q, 1));
        words->author = str_copy(arena, query_str(q, 2));
    }
    return query_end(q, err);
}

static enum status queue_mention(struct arena *arena, struct store *store, int64_t member,
                                 const struct letter_words *words, struct error *err)
{
    json_t *data = json_pack("{s:o, s:o, s:o}", "path", record_text(words->path), "author",
                             record_text(words->author), "group", record_text(words->group));
    char *text = json_dumps(data, JSON_COMPACT);
    struct letter letter = {.member = member, .kind = "mention"};
    letter.data = str_copy(arena, str_of(text));
    free(text);
    json_decref(data);
    return library_queue_letter(store, &letter, err);
}

/* Notes who is mentioned; a letter goes to each the first time, and none to oneself. */
static enum status note_mentions(struct arena *arena, struct store *store, int64_t post,
                                 const struct new_post *p, int64_t now_ms, struct error *err)
{
    struct named list[NAMED_MAX];
    struct letter_words words = {0};
    size_t count;
    enum status status = list_named(arena, store, p->group, p->text, now_ms, list, &count, err);
    if (!status)
        status = load_words(arena, store, p->group, p->author, &words, err);
    for (size_t i = 0; !status && i < count; i++) {
        if (list[i].member == p->author || !is_meant(p->text, list, i))
            continue;
        struct query *q = query_start(store, "INSERT INTO mention (post, member) VALUES (?1, ?2)"
                                             " ON CONFLICT DO NOTHING");
        query_bind_int(q, 1, post);
        query_bind_int(q, 2, list[i].member);
        (void)query_row(q);
        status = query_end(q, err);
        if (!status && store_changes(store))
            status = queue_mention(arena, store, list[i].member, &words, err);
    }
    return status;
}

/* --- written ------------------------------------------------------------------------------------ */

static enum status record_post(struct store *store, const char *kind, int64_t group, int64_t post,
                               struct str why, struct error *err)
{
    json_t *data = json_pack("{s:o}", "post", json_sprintf("T%" PRId64, post));
    if (why.len)
        json_object_set_new(data, "why", record_text(why));
    return record_event(store, kind, 'G', group, data, err);
}

static enum status find_thread(struct store *store, const struct new_post *p, int64_t *thread,
                               struct error *err)
{
    *thread = 0;
    if (!p->thread.len)
        return STATUS_OK;
    struct query *q = query_start(store, "SELECT coalesce(parent, id) FROM post WHERE key = ?1"
                                         " AND \"group\" = ?2");
    query_bind_str(q, 1, p->thread);
    query_bind_int(q, 2, p->group);
    *thread = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !*thread)
        return error_set(err, STATUS_MISSING, "What you answer is not here any more.",
                         "您回复的帖子已不存在。");
    return status;
}

static enum status find_paper(struct store *store, const struct new_post *p, int64_t now_ms,
                              int64_t *paper, struct error *err)
{
    *paper = 0;
    if (!p->paper.len)
        return STATUS_OK;
    struct query *q = query_start(store, "SELECT o.paper FROM offer o WHERE o.key = ?1"
                                         " AND " ENTITLED_SQL("o.paper", "?2", "?3"));
    query_bind_str(q, 1, p->paper);
    query_bind_int(q, 2, p->author);
    query_bind_int(q, 3, now_ms);
    *paper = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !*paper)
        return error_set(err, STATUS_MISSING, "No paper that is open to you has this address.",
                         "您可阅读的文稿中没有这个网址。");
    return status;
}

static enum status check(struct store *store, int64_t group, struct str text, struct error *err)
{
    if (str_trim(text).len == 0)
        return error_set(err, STATUS_INPUT, "The post says nothing yet.", "请填写内容。");
    struct query *q =
        query_start(store, "SELECT closed_ms IS NOT NULL FROM \"group\" WHERE id = ?1");
    query_bind_int(q, 1, group);
    bool closed = query_row(q) && query_int(q, 0);
    enum status status = query_end(q, err);
    if (!status && closed)
        return error_set(err, STATUS_CONFLICT, "This group is closed; nobody posts in it any more.",
                         "该群组已关闭，不能再发言。");
    return status;
}

static enum status insert_post(struct arena *arena, struct store *store, const struct new_post *p,
                               int64_t thread, int64_t paper, int64_t now_ms, struct error *err)
{
    struct str key;
    enum status status = library_new_key(arena, &key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO post (key, \"group\", parent, author, text, paper, created_ms)"
               " VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, nullif(?6, 0), ?7)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, p->group);
    query_bind_int(q, 3, thread);
    query_bind_int(q, 4, p->author);
    query_bind_str(q, 5, str_trim(p->text));
    query_bind_int(q, 6, paper);
    query_bind_int(q, 7, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_write_post(struct arena *arena, struct store *store, const struct new_post *p,
                               int64_t now_ms, struct error *err)
{
    int64_t thread = 0;
    int64_t paper = 0;
    enum status status = check(store, p->group, p->text, err);
    if (!status)
        status = find_thread(store, p, &thread, err);
    if (!status)
        status = find_paper(store, p, now_ms, &paper, err);
    if (!status)
        status = insert_post(arena, store, p, thread, paper, now_ms, err);
    if (status)
        return status;
    int64_t id = store_last_id(store);
    status = record_post(store, "post.made", p->group, id, STR(""), err);
    return status ? status : note_mentions(arena, store, id, p, now_ms, err);
}

/* --- edited and removed ------------------------------------------------------------------------- */

struct found_post {
    int64_t id, author, created_ms;
};

static enum status find_post(struct store *store, int64_t group, struct str key,
                             struct found_post *f, struct error *err)
{
    struct query *q = query_start(store, "SELECT id, author, created_ms FROM post WHERE key = ?1"
                                         " AND \"group\" = ?2 AND removed_ms IS NULL");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, group);
    *f = (struct found_post){0};
    if (query_row(q))
        *f = (struct found_post){query_int(q, 0), query_int(q, 1), query_int(q, 2)};
    return query_end(q, err);
}

static enum status no_such_post(struct error *err)
{
    return error_set(err, STATUS_MISSING, "There is no such post of yours here.",
                     "这里没有您的这条发言。");
}

/* Puts a text in the place of the post's; `removed_ms` 0: it was edited. */
static enum status replace_text(struct store *store, int64_t post, struct str text, struct str why,
                                int64_t now_ms, bool removed, struct error *err)
{
    struct query *q = query_start(
        store,
        "UPDATE post SET text = ?2, removed_why = ?3, paper = CASE WHEN ?5 THEN NULL ELSE paper"
        " END, edited_ms = CASE WHEN ?5 THEN edited_ms ELSE ?4 END,"
        " removed_ms = CASE WHEN ?5 THEN ?4 END WHERE id = ?1");
    query_bind_int(q, 1, post);
    query_bind_str(q, 2, text);
    query_bind_str(q, 3, why);
    query_bind_int(q, 4, now_ms);
    query_bind_int(q, 5, removed);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_edit_post(struct arena *arena, struct store *store, int64_t group,
                              int64_t author, struct str key, struct str text, int64_t now_ms,
                              struct error *err)
{
    struct found_post f;
    struct new_post p = {.group = group, .author = author, .text = text};
    enum status status = check(store, group, text, err);
    if (!status)
        status = find_post(store, group, key, &f, err);
    if (status)
        return status;
    if (!f.id || f.author != author)
        return no_such_post(err);
    if (now_ms - f.created_ms > POST_EDIT_MS)
        return error_set(err, STATUS_CONFLICT,
                         "A post can be edited for an hour; write another instead.",
                         "发言仅可在一小时内修改，请另行发言。");
    status = replace_text(store, f.id, str_trim(text), STR(""), now_ms, false, err);
    if (!status)
        status = record_post(store, "post.edited", group, f.id, STR(""), err);
    return status ? status : note_mentions(arena, store, f.id, &p, now_ms, err);
}

enum status library_remove_post(struct arena *arena, struct store *store, int64_t group,
                                int64_t member, bool steward, struct str key, struct str why,
                                int64_t now_ms, struct error *err)
{
    struct found_post f;
    (void)arena;
    enum status status = find_post(store, group, key, &f, err);
    if (status)
        return status;
    bool own = f.author == member;
    if (!f.id || (!own && !steward))
        return no_such_post(err);
    if (!own && !str_trim(why).len)
        return error_set(err, STATUS_INPUT, "Say why you remove somebody else's post; it is shown.",
                         "移除他人发言须说明理由，理由将公开显示。");
    why = own ? STR("") : str_trim(why);
    status = replace_text(store, f.id, STR(""), why, now_ms, true, err);
    return status ? status : record_post(store, "post.removed", group, f.id, why, err);
}

/* --- listed ------------------------------------------------------------------------------------- */

enum status library_list_posts(struct arena *arena, struct store *store, int64_t group,
                               int64_t reader, int64_t now_ms, int64_t skip, int64_t most,
                               struct post **list, size_t *count, bool *more, struct error *err)
{
    struct buf rows = {.arena = arena};
    int64_t threads = 0;
    struct query *q = query_start(
        store,
        "WITH thread AS (SELECT id FROM post WHERE \"group\" = ?1 AND parent IS NULL"
        " ORDER BY id DESC LIMIT ?5 + 1 OFFSET ?4)"
        " SELECT p.id, p.key, t.key, p.author, m.name, p.text, o.key, (SELECT e.title FROM"
        " edition e WHERE e.paper = o.paper ORDER BY e.number DESC LIMIT 1),"
        " p.paper IS NOT NULL, p.created_ms, p.edited_ms, p.removed_ms, p.removed_why"
        " FROM post p JOIN member m ON m.id = p.author LEFT JOIN post t ON t.id = p.parent"
        " LEFT JOIN offer o ON o.paper = p.paper AND " ENTITLED_SQL(
            "o.paper", "?2",
            "?3") " WHERE p.\"group\" = ?1 AND coalesce(p.parent, p.id) IN (SELECT id FROM thread)"
                  " ORDER BY coalesce(p.parent, p.id) DESC, p.id");
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, reader);
    query_bind_int(q, 3, now_ms);
    query_bind_int(q, 4, skip);
    query_bind_int(q, 5, most);
    while (query_row(q) && (threads += query_is_null(q, 2)) <= most) {
        struct post post = {
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .thread = str_copy(arena, query_str(q, 2)),
            .author = query_int(q, 3),
            .name = str_copy(arena, query_str(q, 4)),
            .text = str_copy(arena, query_str(q, 5)),
            .paper_key = str_copy(arena, query_str(q, 6)),
            .paper_title = str_copy(arena, query_str(q, 7)),
            .attached = query_int(q, 8) != 0,
            .created_ms = query_int(q, 9),
            .edited_ms = query_int(q, 10),
            .removed_ms = query_int(q, 11),
            .removed_why = str_copy(arena, query_str(q, 12)),
        };
        buf_add(&rows, (struct str){(const char *)&post, sizeof post});
    }
    *more = threads > most;
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count, struct post);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}
