/* Talk in the store; see post.h. */
#include "library/post.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "library/entitlement.h"
#include "library/group.h"
#include "library/letter.h"
#include "library/offer.h"
#include "library/record.h"

/* Whether a post is at the place that two parameters name, in SQL. */
#define THERE_SQL(P, GROUP, PAPER) \
    P "\"group\" IS nullif(" GROUP ", 0) AND " P "under IS nullif(" PAPER ", 0)"

static void bind_place(struct query *q, int at, struct post_place place)
{
    query_bind_int(q, at, place.group);
    query_bind_int(q, at + 1, place.paper);
}

/* --- mentions ----------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Whether `rest` begins with `word`, in any case, and the word does not go on behind it. */
static bool begins_with_word(struct str rest, struct str word)
{
    if (word.len == 0 || word.len > rest.len)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (lower(rest.at[i]) != lower(word.at[i]))
            return false;
    if (word.len == rest.len || !is_word(word.at[word.len - 1]))
        return true;
    char next = rest.at[word.len];
    bool goes_on = word.len + 1 < rest.len && is_word(rest.at[word.len + 1]);
    return !is_word(next) && next != '_' && next != '@' &&
           !((next == '.' || next == '-') && goes_on);
}

/* Who is meant at the beginning of `rest`; *len is how long they are written there. */
static const struct mentionable *find_meant(struct str rest, const struct mentionable *people,
                                            size_t npeople, size_t *len)
{
    const struct mentionable *meant = NULL;
    *len = 0;
    for (size_t i = 0; i < npeople; i++) {
        const struct str ways[] = {people[i].email, people[i].name};
        for (size_t w = 0; w < 2; w++) {
            if (ways[w].len < *len || !begins_with_word(rest, ways[w]))
                continue;
            bool another = ways[w].len == *len && meant != &people[i];
            meant = another ? NULL : &people[i];
            *len = ways[w].len;
        }
    }
    return meant;
}

static void count_in(struct mentions *mentions, int64_t member)
{
    for (size_t i = 0; i < mentions->count; i++)
        if (mentions->members[i] == member)
            return;
    if (mentions->count < POST_MENTIONS)
        mentions->members[mentions->count++] = member;
}

/* An e-mail address within the text is nobody's mention. */
static bool begins_mention(struct str text, size_t at)
{
    return text.at[at] == '@' &&
           (at == 0 || !(is_word(text.at[at - 1]) || strchr("._+-@", text.at[at - 1])));
}

struct str post_complete_mentions(struct arena *arena, struct str text,
                                  const struct mentionable *people, size_t npeople,
                                  struct mentions *mentions)
{
    struct buf out = {.arena = arena};
    size_t len;
    bool quoted = false;
    mentions->count = mentions->unmet = 0;
    for (size_t i = 0; i < text.len; i++) {
        buf_add_byte(&out, text.at[i]);
        if (i == 0 || text.at[i - 1] == '\n')
            quoted = text.at[i] == '>';
        if (quoted || !begins_mention(text, i))
            continue;
        const struct mentionable *meant =
            find_meant(str_slice(text, i + 1, text.len), people, npeople, &len);
        mentions->unmet += !meant;
        if (!meant)
            continue;
        buf_add(&out, meant->name);
        count_in(mentions, meant->member);
        i += len;
    }
    return buf_str(&out);
}

#define PEOPLE_MAX 200U

/* Whom the text may mean, of those whose name or address stands in it after an @: members of the group; under a
 * paper who has spoken there and may still open it, so that nobody learns who else may. */
static enum status list_people(struct arena *arena, struct store *store, const struct new_post *p,
                               int64_t now_ms, struct mentionable *people, size_t *count,
                               struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT m.id, m.name, m.email FROM (SELECT member FROM group_member"
        " WHERE \"group\" = ?1 UNION SELECT s.member FROM plan_group p JOIN subscription s"
        " ON s.plan = p.plan AND s.version = p.version WHERE p.\"group\" = ?1 AND " RUNNING_SQL(
            "s", "?3") " UNION SELECT t.author FROM post t WHERE t.under = ?4"
                       " AND t.removed_ms IS NULL AND " ENTITLED_SQL(
                           "t.under", "t.author",
                           "?3") ") w"
                                 " JOIN member m ON m.id = w.member WHERE"
                                 " instr(lower(?2), '@' || lower(m.name)) > 0"
                                 " OR instr(lower(?2), '@' || lower(m.email)) > 0"
                                 " ORDER BY length(m.name) DESC, m.id LIMIT 200");
    *count = 0;
    query_bind_int(q, 1, p->place.group);
    query_bind_str(q, 2, p->text);
    query_bind_int(q, 3, now_ms);
    query_bind_int(q, 4, p->place.paper);
    while (query_row(q))
        people[(*count)++] = (struct mentionable){query_int(q, 0), str_copy(arena, query_str(q, 1)),
                                                  str_copy(arena, query_str(q, 2))};
    return query_end(q, err);
}

/* Completes the mentions in a post's text. */
static enum status complete(struct arena *arena, struct store *store, struct new_post *p,
                            int64_t now_ms, struct mentions *mentions, struct error *err)
{
    struct mentionable *people = arena_array(arena, PEOPLE_MAX, struct mentionable);
    size_t count = 0;
    enum status status = STATUS_OK;
    p->text = str_trim(p->text);
    if (str_find(p->text, STR("@"), 0) != SIZE_MAX)
        status = list_people(arena, store, p, now_ms, people, &count, err);
    if (!status)
        p->text = post_complete_mentions(arena, p->text, people, count, mentions);
    return status;
}

enum status library_mentioned_names(struct arena *arena, struct store *store, int64_t post,
                                    struct str **names, size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(store, "SELECT m.name FROM mention n JOIN member m"
                                         " ON m.id = n.member WHERE n.post = ?1");
    query_bind_int(q, 1, post);
    while (query_row(q)) {
        struct str name = str_copy(arena, query_str(q, 0));
        buf_add(&rows, (struct str){(const char *)&name, sizeof name});
    }
    *count = rows.len / sizeof(struct str);
    *names = arena_array(arena, *count, struct str);
    if (*count)
        memcpy(*names, rows.at, rows.len);
    return query_end(q, err);
}

/* In what is kept, who was mentioned stands by name. */
enum status library_count_unmet_mentions(struct arena *arena, struct store *store, struct str key,
                                         size_t *count, struct error *err)
{
    struct str *names;
    struct mentions mentions;
    size_t nnames;
    struct query *q = query_start(store, "SELECT id, text FROM post WHERE key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    int64_t post = found ? query_int(q, 0) : 0;
    struct str text = found ? str_copy(arena, query_str(q, 1)) : STR("");
    enum status status = query_end(q, err);
    if (!status)
        status = library_mentioned_names(arena, store, post, &names, &nnames, err);
    if (status)
        return status;
    struct mentionable *people = arena_array(arena, nnames, struct mentionable);
    for (size_t i = 0; i < nnames; i++)
        people[i] = (struct mentionable){(int64_t)i, names[i], STR("")};
    (void)post_complete_mentions(arena, text, people, nnames, &mentions);
    *count = mentions.unmet;
    return STATUS_OK;
}

struct letter_words {
    struct str path, post, author, place;
};

static enum status load_words(struct arena *arena, struct store *store, int64_t post,
                              struct letter_words *words, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT coalesce('/groups/' || g.key, '/papers/' || o.key), coalesce(g.name, (SELECT"
               " e.title FROM edition e WHERE e.paper = p.under ORDER BY e.number DESC LIMIT 1)),"
               " m.name, p.key FROM post p LEFT JOIN \"group\" g ON g.id = p.\"group\""
               " LEFT JOIN offer o ON o.paper = p.under JOIN member m ON m.id = p.author"
               " WHERE p.id = ?1");
    query_bind_int(q, 1, post);
    if (query_row(q)) {
        words->path =
            str_format(arena, "%.*s/talk/%.*s", STR_ARG(query_str(q, 0)), STR_ARG(query_str(q, 3)));
        words->post = str_copy(arena, query_str(q, 3));
        words->place = str_copy(arena, query_str(q, 1));
        words->author = str_copy(arena, query_str(q, 2));
    }
    return query_end(q, err);
}

static enum status queue_mention(struct store *store, int64_t member,
                                 const struct letter_words *words, struct error *err)
{
    json_t *data = json_pack("{s:o, s:o, s:o, s:o}", "path", str_to_json(words->path), "post",
                             str_to_json(words->post), "author", str_to_json(words->author),
                             "group", str_to_json(words->place));
    return library_queue_letter_of(store, (struct letter){.member = member, .kind = "mention"},
                                   data, err);
}

static enum status note_unseen(struct store *store, int64_t post, int64_t member, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO unseen_post (member, post) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, post);
    (void)query_row(q);
    return query_end(q, err);
}

/* Who began the thread or answered in it has not seen the post that its author adds. */
static enum status note_answer(struct store *store, int64_t post, int64_t thread,
                               const struct new_post *p, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO unseen_post (member, post) SELECT DISTINCT t.author, ?1 FROM post t"
               " WHERE (t.id = ?2 OR t.parent = ?2) AND t.author <> ?3 AND t.removed_ms IS NULL"
               " AND " THERE_SQL("t.", "?4", "?5") " ON CONFLICT DO NOTHING");
    query_bind_int(q, 1, post);
    query_bind_int(q, 2, thread);
    query_bind_int(q, 3, p->author);
    bind_place(q, 4, p->place);
    (void)query_row(q);
    return query_end(q, err);
}

/* Notes who is mentioned; a letter goes to each the first time, and none to oneself. */
static enum status note_mentions(struct arena *arena, struct store *store, int64_t post,
                                 const struct new_post *p, const struct mentions *mentions,
                                 struct error *err)
{
    struct letter_words words = {0};
    enum status status = load_words(arena, store, post, &words, err);
    for (size_t i = 0; !status && i < mentions->count; i++) {
        if (mentions->members[i] == p->author)
            continue;
        struct query *q = query_start(store, "INSERT INTO mention (post, member) VALUES (?1, ?2)"
                                             " ON CONFLICT DO NOTHING");
        query_bind_int(q, 1, post);
        query_bind_int(q, 2, mentions->members[i]);
        (void)query_row(q);
        status = query_end(q, err);
        bool first = !status && store_changes(store) > 0;
        if (first)
            status = queue_mention(store, mentions->members[i], &words, err);
        if (first && !status)
            status = note_unseen(store, post, mentions->members[i], err);
    }
    return status;
}

/* --- written ------------------------------------------------------------------------------------ */

static enum status record_post(struct store *store, const char *kind, struct post_place place,
                               int64_t post, struct str why, struct error *err)
{
    json_t *data = json_pack("{s:o}", "post", json_sprintf("T%" PRId64, post));
    if (why.len)
        json_object_set_new(data, "why", str_to_json(why));
    return place.group ? record_event(store, kind, 'G', place.group, data, err)
                       : record_event(store, kind, 'P', place.paper, data, err);
}

static enum status find_thread(struct store *store, const struct new_post *p, int64_t *thread,
                               struct error *err)
{
    *thread = 0;
    if (!p->thread.len)
        return STATUS_OK;
    struct query *q = query_start(store, "SELECT coalesce(parent, id) FROM post WHERE key = ?1"
                                         " AND " THERE_SQL("", "?2", "?3"));
    query_bind_str(q, 1, p->thread);
    bind_place(q, 2, p->place);
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

static enum status check(struct store *store, struct post_place place, struct str text,
                         struct error *err)
{
    if (str_trim(text).len == 0)
        return error_set(err, STATUS_INPUT, "The post says nothing yet.", "请填写内容。");
    struct query *q =
        query_start(store, "SELECT closed_ms IS NOT NULL FROM \"group\" WHERE id = ?1");
    query_bind_int(q, 1, place.group);
    bool closed = query_row(q) && query_int(q, 0);
    enum status status = query_end(q, err);
    if (!status && closed)
        return error_set(err, STATUS_CONFLICT, "This group is closed; nobody posts in it any more.",
                         "该群组已关闭，不能再发言。");
    return status;
}

static enum status check_pace(struct store *store, const struct new_post *p, int64_t now_ms,
                              struct error *err)
{
    struct query *q =
        query_start(store, "SELECT count(*) FROM post WHERE author = ?1 AND created_ms > ?2");
    query_bind_int(q, 1, p->author);
    query_bind_int(q, 2, now_ms - 60000);
    bool much = query_row(q) && query_int(q, 0) >= POST_PER_MINUTE;
    enum status status = query_end(q, err);
    if (!status && much)
        return error_set(err, STATUS_LIMITED,
                         "That was many posts in a short time. Please wait a minute.",
                         "发言过于频繁，请过一分钟再试。");
    return status;
}

static enum status insert_post(struct arena *arena, struct store *store, const struct new_post *p,
                               int64_t thread, int64_t paper, int64_t now_ms, struct str *key,
                               struct error *err)
{
    enum status status = digest_random_key(arena, key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO post (key, \"group\", under, parent, author, text, paper,"
               " created_ms) VALUES (?1, nullif(?2, 0), nullif(?8, 0), nullif(?3, 0), ?4, ?5,"
               " nullif(?6, 0), ?7)");
    query_bind_str(q, 1, *key);
    query_bind_int(q, 2, p->place.group);
    query_bind_int(q, 8, p->place.paper);
    query_bind_int(q, 3, thread);
    query_bind_int(q, 4, p->author);
    query_bind_str(q, 5, p->text);
    query_bind_int(q, 6, paper);
    query_bind_int(q, 7, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_write_post(struct arena *arena, struct store *store, const struct new_post *p,
                               int64_t now_ms, struct str *key, struct error *err)
{
    int64_t thread = 0;
    int64_t paper = 0;
    struct new_post whole = *p;
    struct mentions mentions;
    enum status status = check(store, p->place, p->text, err);
    if (!status)
        status = check_pace(store, p, now_ms, err);
    if (!status)
        status = find_thread(store, p, &thread, err);
    if (!status)
        status = find_paper(store, p, now_ms, &paper, err);
    if (!status)
        status = complete(arena, store, &whole, now_ms, &mentions, err);
    if (!status)
        status = insert_post(arena, store, &whole, thread, paper, now_ms, key, err);
    if (status)
        return status;
    int64_t id = store_last_id(store);
    status = record_post(store, "post.made", p->place, id, STR(""), err);
    if (!status)
        status = note_answer(store, id, thread, p, err);
    return status ? status : note_mentions(arena, store, id, &whole, &mentions, err);
}

/* --- edited and removed ------------------------------------------------------------------------- */

struct found_post {
    int64_t id, author, created_ms;
};

static enum status find_post(struct store *store, struct post_place place, struct str key,
                             struct found_post *f, struct error *err)
{
    struct query *q = query_start(store, "SELECT id, author, created_ms FROM post WHERE key = ?1"
                                         " AND removed_ms IS NULL AND " THERE_SQL("", "?2", "?3"));
    query_bind_str(q, 1, key);
    bind_place(q, 2, place);
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

/* Runs a change of post ?1 with a moment ?2 and a text ?3. */
static enum status change_post(struct store *store, const char *sql, int64_t post, int64_t now_ms,
                               struct str text, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, post);
    query_bind_int(q, 2, now_ms);
    query_bind_str(q, 3, text);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status replace_text(struct store *store, int64_t post, struct str text, int64_t now_ms,
                                struct error *err)
{
    enum status status =
        change_post(store,
                    "INSERT OR REPLACE INTO post_former SELECT id, ?2, text FROM post"
                    " WHERE id = ?1 AND text <> ?3",
                    post, now_ms, text, err);
    return status ? status
                  : change_post(store, "UPDATE post SET text = ?3, edited_ms = ?2 WHERE id = ?1",
                                post, now_ms, text, err);
}

enum status library_edit_post(struct arena *arena, struct store *store, struct post_place place,
                              int64_t author, struct str key, struct str text, int64_t now_ms,
                              struct error *err)
{
    struct found_post f;
    struct new_post p = {.place = place, .author = author, .text = text};
    struct mentions mentions;
    enum status status = check(store, place, text, err);
    if (!status)
        status = find_post(store, place, key, &f, err);
    if (status)
        return status;
    if (!f.id || f.author != author)
        return no_such_post(err);
    if (now_ms - f.created_ms > POST_EDIT_MS)
        return error_set(err, STATUS_CONFLICT,
                         "A post can be edited for an hour; write another instead.",
                         "发言仅可在一小时内修改，请另行发言。");
    status = complete(arena, store, &p, now_ms, &mentions, err);
    if (!status)
        status = replace_text(store, f.id, p.text, now_ms, err);
    if (!status)
        status = record_post(store, "post.edited", place, f.id, STR(""), err);
    return status ? status : note_mentions(arena, store, f.id, &p, &mentions, err);
}

enum status library_erase_post(struct store *store, struct post_place place, int64_t author,
                               struct str key, int64_t now_ms, struct error *err)
{
    struct found_post f;
    enum status status = find_post(store, place, key, &f, err);
    if (!status && (!f.id || f.author != author))
        return no_such_post(err);
    if (!status)
        status = change_post(store,
                             "UPDATE post SET text = '', paper = NULL, removed_ms = ?2"
                             " WHERE id = ?1 AND ?3 = ''",
                             f.id, now_ms, STR(""), err);
    if (!status)
        status =
            change_post(store, "DELETE FROM post_former WHERE post = ?1 AND ?2 >= 0 AND ?3 = ''",
                        f.id, now_ms, STR(""), err);
    return status ? status : record_post(store, "post.removed", place, f.id, STR(""), err);
}

enum status library_hide_post(struct store *store, struct post_place place, struct str key,
                              struct str why, int64_t now_ms, struct error *err)
{
    struct found_post f;
    why = str_trim(why);
    if (!why.len)
        return error_set(err, STATUS_INPUT, "Say why you hide the post; it is shown in its place.",
                         "隐藏发言须说明理由，理由将显示在原处。");
    enum status status = find_post(store, place, key, &f, err);
    if (!status && !f.id)
        return no_such_post(err);
    if (!status)
        status =
            change_post(store, "UPDATE post SET removed_ms = ?2, removed_why = ?3 WHERE id = ?1",
                        f.id, now_ms, why, err);
    return status ? status : record_post(store, "post.hidden", place, f.id, why, err);
}

enum status library_unhide_post(struct store *store, struct post_place place, struct str key,
                                struct error *err)
{
    struct query *q = query_start(store, "UPDATE post SET removed_ms = NULL, removed_why = ''"
                                         " WHERE key = ?1 AND removed_why <> '' AND " THERE_SQL(
                                             "", "?2", "?3") " RETURNING id");
    query_bind_str(q, 1, key);
    bind_place(q, 2, place);
    int64_t id = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !id)
        return error_set(err, STATUS_MISSING, "There is no such hidden post here.",
                         "这里没有这条被隐藏的发言。");
    return status ? status : record_post(store, "post.shown", place, id, STR(""), err);
}

/* --- listed ------------------------------------------------------------------------------------- */

enum status library_list_posts(struct arena *arena, struct store *store, struct post_place place,
                               int64_t reader, bool steward, int64_t now_ms, int64_t skip,
                               int64_t most, struct post **list, size_t *count, bool *more,
                               struct error *err)
{
    struct buf rows = {.arena = arena};
    int64_t threads = 0;
    struct query *q = query_start(
        store,
        "WITH thread AS (SELECT id FROM post WHERE " THERE_SQL(
            "", "?1",
            "?7") " AND parent IS NULL"
                  " ORDER BY id DESC LIMIT ?5 + 1 OFFSET ?4)"
                  " SELECT p.id, p.key, t.key, p.author, m.name, CASE WHEN p.removed_ms IS NULL OR ?6"
                  " OR p.author = ?2 THEN p.text ELSE '' END, o.key, (SELECT e.title FROM"
                  " edition e WHERE e.paper = o.paper ORDER BY e.number DESC LIMIT 1),"
                  " p.paper IS NOT NULL, p.created_ms, p.edited_ms, p.removed_ms, p.removed_why"
                  " FROM post p JOIN member m ON m.id = p.author LEFT JOIN post t ON t.id = p.parent"
                  " LEFT JOIN offer o ON o.paper = p.paper AND " ENTITLED_SQL(
                      "o.paper", "?2",
                      "?3") " WHERE " THERE_SQL("p.", "?1",
                                                "?7") " AND coalesce(p.parent, p.id) IN"
                                                      " (SELECT id FROM thread)"
                                                      " ORDER BY coalesce(p.parent, p.id) DESC, p.id");
    query_bind_int(q, 1, place.group);
    query_bind_int(q, 7, place.paper);
    query_bind_int(q, 2, reader);
    query_bind_int(q, 3, now_ms);
    query_bind_int(q, 4, skip);
    query_bind_int(q, 5, most);
    query_bind_int(q, 6, steward);
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

enum status library_find_post_place(struct store *store, struct post_place place, struct str key,
                                    int64_t *newer, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT (SELECT count(*) FROM post n WHERE n.\"group\" IS p.\"group\""
        " AND n.under IS p.under AND n.parent IS NULL AND n.id > coalesce(p.parent, p.id)) FROM post p WHERE p.key = ?1"
        " AND " THERE_SQL("p.", "?2", "?3"));
    query_bind_str(q, 1, key);
    bind_place(q, 2, place);
    bool found = query_row(q);
    *newer = found ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such post here.", "这里没有这条发言。");
    return status;
}

enum status library_list_former_texts(struct arena *arena, struct store *store, int64_t post,
                                      struct former_text **list, size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(
        store, "SELECT text, until_ms FROM post_former WHERE post = ?1 ORDER BY until_ms");
    query_bind_int(q, 1, post);
    while (query_row(q)) {
        struct former_text one = {str_copy(arena, query_str(q, 0)), query_int(q, 1)};
        buf_add(&rows, (struct str){(const char *)&one, sizeof one});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count, struct former_text);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

/* --- unseen ------------------------------------------------------------------------------------- */

enum status library_list_unseen_posts(struct arena *arena, struct store *store, int64_t member,
                                      int64_t now_ms, int64_t most, struct unseen_post **list,
                                      size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT coalesce('/groups/' || g.key, '/papers/' || o.key) || '/talk/' || p.key, a.name,"
        " coalesce(g.name, e.title), coalesce(e.lang, ''), p.created_ms,"
        " EXISTS (SELECT 1 FROM mention n WHERE n.post = p.id AND n.member = ?1)"
        " FROM unseen_post u JOIN post p ON p.id = u.post JOIN member a ON a.id = p.author"
        " LEFT JOIN \"group\" g ON g.id = p.\"group\" LEFT JOIN offer o ON o.paper = p.under"
        " LEFT JOIN edition e ON e.paper = p.under"
        " AND e.number = (SELECT max(number) FROM edition WHERE paper = p.under)"
        " WHERE u.member = ?1 AND p.removed_ms IS NULL AND (" IN_GROUP_SQL(
            "p.\"group\"", "?1",
            "?2") " OR (p.under IS NOT NULL AND " ENTITLED_SQL("p.under", "?1",
                                                               "?2") "))"
                                                                     " ORDER BY p.id DESC LIMIT ?3");
    *list = arena_array(arena, (size_t)most, struct unseen_post);
    *count = 0;
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, most);
    while (query_row(q))
        (*list)[(*count)++] = (struct unseen_post){
            .path = str_copy(arena, query_str(q, 0)),
            .author = str_copy(arena, query_str(q, 1)),
            .place = str_copy(arena, query_str(q, 2)),
            .lang = str_copy(arena, query_str(q, 3)),
            .created_ms = query_int(q, 4),
            .mentions = query_int(q, 5) != 0,
        };
    return query_end(q, err);
}

enum status library_any_unseen_posts(struct store *store, struct post_place place, int64_t member,
                                     bool *any, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM unseen_post u JOIN post p ON p.id = u.post"
                           " WHERE u.member = ?1 AND " THERE_SQL("p.", "?2", "?3") " LIMIT 1");
    query_bind_int(q, 1, member);
    bind_place(q, 2, place);
    *any = query_row(q);
    return query_end(q, err);
}

enum status library_see_post(struct store *store, int64_t member, int64_t post, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM unseen_post WHERE member = ?1 AND post = ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, post);
    (void)query_row(q);
    return query_end(q, err);
}
