/* Notices in the store; see notice.h. */
#include "library/notice.h"

#include <inttypes.h>
#include <string.h>

#include "library/entitlement.h"
#include "library/group.h"
#include "library/offer.h"
#include "library/record.h"

static const char *const SCOPES[NOTICE_SCOPES] = {"library", "group", "paper"};

const char *notice_scope_name(enum notice_scope scope)
{
    return SCOPES[scope];
}

bool notice_scope_parse(struct str name, enum notice_scope *scope)
{
    for (int i = 0; i < NOTICE_SCOPES; i++)
        if (str_equal(name, str_of(SCOPES[i]))) {
            *scope = (enum notice_scope)i;
            return true;
        }
    return false;
}

/* --- found -------------------------------------------------------------------------------------- */

#define NOTICE_SQL                                                                            \
    "SELECT n.id, n.key, n.scope, n.subject, n.text, n.digest, n.since_ms, n.ended_ms,"       \
    " (SELECT count(*) FROM acknowledgement a WHERE a.notice = n.id),"                        \
    " CASE n.scope WHEN 'group' THEN (SELECT g.name FROM \"group\" g WHERE g.id = n.subject)" \
    " WHEN 'paper' THEN (SELECT e.title FROM edition e WHERE e.paper = n.subject"             \
    " ORDER BY e.number DESC LIMIT 1) END FROM notice n "

static void read_notice(struct arena *arena, struct query *q, struct notice *n)
{
    struct str digest = query_blob(q, 5);
    *n = (struct notice){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .subject = query_int(q, 3),
        .text = str_copy(arena, query_str(q, 4)),
        .since_ms = query_int(q, 6),
        .ended_ms = query_int(q, 7),
        .accepted = query_int(q, 8),
        .about = str_copy(arena, query_str(q, 9)),
    };
    (void)notice_scope_parse(query_str(q, 2), &n->scope);
    if (digest.len == DIGEST_BYTES)
        memcpy(n->digest.bytes, digest.at, DIGEST_BYTES);
}

enum status library_find_notice(struct arena *arena, struct store *store, struct str key,
                                struct notice *notice, struct error *err)
{
    struct query *q = query_start(store, NOTICE_SQL "WHERE n.key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        read_notice(arena, q, notice);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such notice.", "没有这份须知。");
    return status;
}

enum status library_notice_in_force(struct arena *arena, struct store *store,
                                    enum notice_scope scope, int64_t subject, struct notice *notice,
                                    struct error *err)
{
    struct query *q = query_start(store, NOTICE_SQL "WHERE n.scope = ?1 AND n.subject = ?2"
                                                    " AND n.ended_ms IS NULL ORDER BY n.id DESC");
    query_bind_str(q, 1, str_of(SCOPES[scope]));
    query_bind_int(q, 2, subject);
    *notice = (struct notice){0};
    if (query_row(q))
        read_notice(arena, q, notice);
    return query_end(q, err);
}

enum status library_list_notices(struct arena *arena, struct store *store, int64_t most,
                                 struct notice **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, NOTICE_SQL "ORDER BY n.ended_ms IS NOT NULL, n.id DESC LIMIT ?1");
    *list = arena_array(arena, (size_t)most, struct notice);
    *count = 0;
    query_bind_int(q, 1, most);
    while (query_row(q))
        read_notice(arena, q, &(*list)[(*count)++]);
    return query_end(q, err);
}

/* Whether a member may see the notice about ?1 at the moment ?3. */
#define SEES_LIBRARYS(MEMBER) "?1 = 0 AND " MEMBER " > 0"
#define SEES_GROUPS(MEMBER)                                                                  \
    "(" IN_GROUP_SQL("?1", MEMBER, "?3") " OR " STAFF_SQL(                                   \
        MEMBER) " OR EXISTS (SELECT 1 FROM"                                                  \
                " group_paper o WHERE o.\"group\" = ?1 AND " ENTITLED_SQL("o.paper", MEMBER, \
                                                                          "?3") "))"
#define SEES_PAPERS(MEMBER) \
    "EXISTS (SELECT 1 FROM paper p WHERE p.id = ?1 AND " ENTITLED_SQL("p.id", MEMBER, "?3") ")"

enum status library_may_see_notice(struct store *store, const struct notice *n, int64_t member,
                                   int64_t now_ms, bool *may, struct error *err)
{
    static const char *const rules[NOTICE_SCOPES] = {
        "SELECT " SEES_LIBRARYS("?2") " AND ?3 > 0",
        "SELECT " SEES_GROUPS("?2"),
        "SELECT " SEES_PAPERS("?2"),
    };
    struct query *q = query_start(store, rules[n->scope]);
    query_bind_int(q, 1, n->subject);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, now_ms);
    *may = query_row(q) && query_int(q, 0);
    return query_end(q, err);
}

enum status library_next_notice(struct store *store, int64_t now_ms, int64_t *at_ms,
                                struct error *err)
{
    struct query *q = query_start(store, "SELECT min(since_ms) FROM notice WHERE since_ms > ?1");
    query_bind_int(q, 1, now_ms);
    *at_ms = query_row(q) && !query_is_null(q, 0) ? query_int(q, 0) : INT64_MAX;
    return query_end(q, err);
}

#define UNASKED_SQL(SEES)                                                        \
    "SELECT a.member FROM account a WHERE a.suspended_ms IS NULL AND ?3 > 0"     \
    " AND NOT EXISTS (SELECT 1 FROM acknowledgement k WHERE k.member = a.member" \
    " AND k.notice = ?2) AND " SEES " ORDER BY a.member"

enum status library_list_unasked(struct arena *arena, struct store *store, enum notice_scope scope,
                                 int64_t subject, int64_t now_ms, struct str *key,
                                 int64_t **members, size_t *count, struct error *err)
{
    static const char *const lists[NOTICE_SCOPES] = {
        UNASKED_SQL(SEES_LIBRARYS("a.member")),
        UNASKED_SQL(SEES_GROUPS("a.member")),
        UNASKED_SQL(SEES_PAPERS("a.member")),
    };
    struct buf ids = {.arena = arena};
    struct notice n;
    enum status status = library_notice_in_force(arena, store, scope, subject, &n, err);
    *key = n.key;
    *count = 0;
    if (status || !n.id)
        return status;
    struct query *q = query_start(store, lists[scope]);
    query_bind_int(q, 1, subject);
    query_bind_int(q, 2, n.id);
    query_bind_int(q, 3, now_ms);
    while (query_row(q)) {
        int64_t id = query_int(q, 0);
        buf_add(&ids, (struct str){(const char *)&id, sizeof id});
    }
    *count = ids.len / sizeof **members;
    *members = arena_array(arena, *count, int64_t);
    if (*count)
        memcpy(*members, ids.at, ids.len);
    return query_end(q, err);
}

enum status library_notice_path(struct arena *arena, struct store *store, int64_t notice,
                                struct str next, struct str *path, struct error *err)
{
    struct buf out = {.arena = arena};
    struct query *q = query_start(store, "SELECT key FROM notice WHERE id = ?1");
    query_bind_int(q, 1, notice);
    bool found = query_row(q);
    struct str key = found ? query_str(q, 0) : STR("");
    buf_format(&out, "/notices/%.*s/accept?next=", STR_ARG(key));
    enum status status = query_end(q, err);
    for (size_t i = 0; i < next.len; i++) {
        unsigned char c = (unsigned char)next.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("-._~/", c));
        buf_format(&out, plain ? "%c" : "%%%02X", c);
    }
    *path = buf_str(&out);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such notice.", "没有这份须知。");
    return status;
}

/* --- written ------------------------------------------------------------------------------------ */

static struct str tidy(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++) {
        bool pair = text.at[i] == '\r' && i + 1 < text.len && text.at[i + 1] == '\n';
        if (!pair)
            buf_add_byte(&out, text.at[i] == '\r' ? '\n' : text.at[i]);
    }
    return str_trim(buf_str(&out));
}

static enum status end_notice(struct store *store, int64_t notice, int64_t now_ms,
                              struct error *err)
{
    struct query *q = query_start(store, "UPDATE notice SET ended_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, notice);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert_notice(struct arena *arena, struct store *store, const struct notice *n,
                                 struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO notice (key, scope, subject, text, digest, since_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_str(q, 1, key);
    query_bind_str(q, 2, str_of(SCOPES[n->scope]));
    query_bind_int(q, 3, n->subject);
    query_bind_str(q, 4, n->text);
    query_bind_blob(q, 5, digest_bytes(&n->digest));
    query_bind_int(q, 6, n->since_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status record_change(struct arena *arena, struct store *store, const struct notice *n,
                                 struct error *err)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&n->digest, hex);
    struct str subject = n->scope == NOTICE_LIBRARY ? STR("library")
                         : n->scope == NOTICE_GROUP ? str_format(arena, "G%" PRId64, n->subject)
                                                    : str_format(arena, "P%" PRId64, n->subject);
    return store_add_event(
        store, "steward", "notice.changed", subject,
        n->text.len ? str_format(arena, "{\"text\":\"%s\"}", hex) : STR("{\"text\":null}"), err);
}

enum status library_set_notice(struct arena *arena, struct store *store, enum notice_scope scope,
                               int64_t subject, struct str text, int64_t now_ms, struct error *err)
{
    struct notice before;
    struct notice n = {.scope = scope, .subject = subject, .since_ms = now_ms};
    n.text = tidy(arena, text);
    n.digest = digest_of(n.text);
    enum status status = library_notice_in_force(arena, store, scope, subject, &before, err);
    if (status || str_equal(before.text, n.text))
        return status;
    if (before.id)
        status = end_notice(store, before.id, now_ms, err);
    if (!status && n.text.len)
        status = insert_notice(arena, store, &n, err);
    return status ? status : record_change(arena, store, &n, err);
}

/* --- accepted ----------------------------------------------------------------------------------- */

enum status library_accepted_at(struct store *store, int64_t notice, int64_t member,
                                int64_t *time_ms, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT time_ms FROM acknowledgement WHERE member = ?1 AND notice = ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, notice);
    *time_ms = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

enum status library_accept_notice(struct store *store, const struct notice *n, int64_t member,
                                  struct str address, int64_t now_ms, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&n->digest, hex);
    struct query *q = query_start(
        store, "INSERT INTO acknowledgement (member, notice, digest, time_ms, address)"
               " SELECT ?1, id, digest, ?4, ?5 FROM notice"
               " WHERE id = ?2 AND digest = ?3 AND ended_ms IS NULL ON CONFLICT DO NOTHING");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, n->id);
    query_bind_blob(q, 3, digest_bytes(&n->digest));
    query_bind_int(q, 4, now_ms);
    query_bind_str(q, 5, address);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status || store_changes(store))
        return status ? status
                      : record_event(store, "notice.accepted", 'M', member,
                                     json_pack("{s:s}", "text", hex), err);
    int64_t before_ms;
    status = library_accepted_at(store, n->id, member, &before_ms, err);
    if (!status && !before_ms)
        return error_set(
            err, STATUS_CONFLICT,
            "The notice was reworded since you opened it; please read it as it is now.",
            "须知在您打开之后有更新，请阅读现行文本。");
    return status;
}

enum status library_list_acknowledgements(struct arena *arena, struct store *store, int64_t notice,
                                          int64_t skip, int64_t most, struct acknowledgement **list,
                                          size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT a.member, a.time_ms, m.name, m.email, a.address FROM acknowledgement a"
               " JOIN member m ON m.id = a.member WHERE a.notice = ?1"
               " ORDER BY a.time_ms DESC, a.member LIMIT ?3 OFFSET ?2");
    *list = arena_array(arena, (size_t)most, struct acknowledgement);
    *count = 0;
    query_bind_int(q, 1, notice);
    query_bind_int(q, 2, skip);
    query_bind_int(q, 3, most);
    while (query_row(q))
        (*list)[(*count)++] = (struct acknowledgement){
            query_int(q, 0), query_int(q, 1), str_copy(arena, query_str(q, 2)),
            str_copy(arena, query_str(q, 3)), str_copy(arena, query_str(q, 4))};
    return query_end(q, err);
}

/* --- a text to begin from ----------------------------------------------------------------------- */

struct str library_default_notice(struct arena *arena, struct str organisation, struct str contact,
                                  int64_t days)
{
    static const char text[] =
        "%.*s的文稿仅供您本人阅读，请勿转发、转载或出示给他人。\n\n"
        "您看到和下载的每一份副本都带有专属于您的标记，阅读时察觉不到。文稿一旦外泄，即使只有片段，或经"
        "抄写、拍照、拼接，也可能据此查明出自哪些副本。\n\n"
        "系统会记录：您何时打开或下载了哪一份文稿的哪个版本；您何时确认本须知、文本的摘要值以及当时的完"
        "整网络地址；您的登录时间和所在网段。副本上的标记可随时按成员编号重新算出，无须另行存储。\n\n"
        "操作记录前后相连，擅自删改会被发现。由谁打开、下载过哪份文稿，编辑和所有者可以查看，%lld 天后只"
        "保留次数；须知确认、订阅和待删除的副本，管理员和所有者可以查看。您取得过哪个版本的副本则一直"
        "保留，否则副本外泄时无从追踪。这些记录仅用于保障安全和追踪外泄。您可在“我的账户”中查看所保存的"
        "资料，也可请求抹除。\n\n"
        "追踪结论只有在误认无辜者的概率低于百万分之一时才会指名。如您认为记录有误，或对针对您的认定、"
        "处理有异议，可以申诉：请联系%.*s，写明文稿名称和理由。\n\n"
        "The papers of %.*s are for you alone. Do not pass them on, publish them or show them to others.\n\n"
        "Every copy that you read or download is individually marked as yours, in ways that you do not"
        " notice when reading. If a paper gets out, even an excerpt, retyped, photographed or put together"
        " from several copies, the marks can tell whose copies it came from.\n\n"
        "This is recorded: when you open or download which edition of which paper; when you accept this"
        " notice, the digest of its text, and the full network address that you accept it from; when you"
        " sign in, and from which network. Your marks are not stored; they are computed anew from your"
        " member number when needed.\n\n"
        "The record is chained, so that it can't be changed without being found out. Editors and the owner"
        " see who opened and downloaded which paper; after %lld days only that it happened is kept. Stewards"
        " and the owner see notices accepted, subscriptions and copies to be deleted. That you were given a"
        " copy of an edition is kept for good, as a leaked copy could not be traced without it. All this is"
        " there to keep the papers safe and to trace a leak. Under My account you see what is kept about"
        " you, and can ask to be erased.\n\n"
        "A trace names nobody unless the chance of naming an innocent is below one in a million. If you"
        " think that a record is wrong, or disagree with what was found or decided about you, you can"
        " appeal: write to %.*s, and name the paper and your reasons.";
    bool named = organisation.len > 0;
    bool known = contact.len > 0;
    struct str zh_name = named ? organisation : STR("本文库");
    struct str en_name = named ? organisation : STR("this library");
    struct str zh_contact = known ? contact : STR("管理员");
    struct str en_contact = known ? contact : STR("the stewards");
    return str_format(arena, text, STR_ARG(zh_name), (long long)days, STR_ARG(zh_contact),
                      STR_ARG(en_name), (long long)days, STR_ARG(en_contact));
}
