/* Members in the store; see member.h. */
#include "library/member.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "library/group.h"
#include "library/letter.h"
#include "library/member_rules.h"

struct str library_member_id(struct arena *arena, int64_t id)
{
    return str_format(arena, "M%" PRId64, id);
}

/* --- what is allowed ---------------------------------------------------------------------------- */

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7F)
            return true;
    return false;
}

/* The first character that can't be seen, by which one name or address would pass for another; 0: there is none. */
static uint32_t first_invisible(struct str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t code = utf8_next(s, &at);
        if (unicode_is_invisible(code))
            return code;
    }
    return 0;
}

static bool is_email(struct str s)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '@' && at != SIZE_MAX)
            return false;
        if (s.at[i] == '@')
            at = i;
        if ((unsigned char)s.at[i] <= ' ' || strchr(",;<>()[]\"\\", s.at[i]))
            return false;
    }
    return at != SIZE_MAX && at > 0 && at + 1 < s.len;
}

enum status member_check(const struct member *m, struct error *err)
{
    const struct str fields[] = {m->name, m->email, m->group};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (utf8_first_bad(fields[i]) != SIZE_MAX)
            return error_set(err, STATUS_INPUT, "a field is not valid UTF-8.",
                             "有字段不是有效的 UTF-8。");
        if (has_control(fields[i]) || fields[i].len > MEMBER_FIELD_MAX)
            return error_set(err, STATUS_INPUT,
                             "a field holds a control character or is longer than %d bytes.",
                             "有字段含控制字符或超过 %d 字节。", MEMBER_FIELD_MAX);
        uint32_t unseen = first_invisible(fields[i]);
        if (unseen)
            return error_set(err, STATUS_INPUT,
                             "a field holds a character that can't be seen (U+%04X); type it anew.",
                             "有字段含看不见的字符（U+%04X），请重新输入。", unseen);
    }
    if (m->name.len == 0)
        return error_set(err, STATUS_INPUT, "the name is empty.", "姓名为空。");
    if (m->email.len == 0)
        return error_set(err, STATUS_INPUT, "the e-mail address is empty.", "邮箱为空。");
    if (!is_email(m->email))
        return error_set(err, STATUS_INPUT, "\"%.*s\" is not an e-mail address.",
                         "“%.*s”不是邮箱地址。", STR_ARG(m->email));
    return STATUS_OK;
}

/* Puts a new member in their group, made where `group` is 0. */
static enum status put_in_first_group(struct store *store, const struct member *m, int64_t group,
                                      struct error *err)
{
    enum status status = STATUS_OK;
    if (!group) {
        struct arena *arena = arena_make();
        struct group made = {.name = m->group};
        status = library_make_group(arena, store, &made, err);
        group = made.id;
        arena_free(arena);
    }
    if (status)
        return status;
    struct query *q = query_start(store, "INSERT INTO group_member (\"group\", member, since_ms)"
                                         " VALUES (?1, ?2, ?3)");
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, m->id);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

/* Whatever refuses the row comes before the first insert, as an import that skips bad rows goes on. */
enum status member_insert(struct store *store, struct member *m, struct error *err)
{
    int64_t group = 0;
    enum status status = STATUS_OK;
    if (m->group.len)
        status = library_find_group_named(store, m->group, &group, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO member (key, name, email, created_ms)"
               " VALUES (lower(hex(randomblob(8))), ?1, ?2, ?3) ON CONFLICT DO NOTHING");
    query_bind_str(q, 1, m->name);
    query_bind_str(q, 2, m->email);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT, "%.*s is a member already.", "%.*s 已是成员。",
                         STR_ARG(m->email));
    m->id = store_last_id(store);
    return status || m->group.len == 0 ? status : put_in_first_group(store, m, group, err);
}

/* --- one member --------------------------------------------------------------------------------- */

#define MEMBER_SQL                                                                         \
    "SELECT id, name, email, (SELECT g.name FROM group_member i JOIN \"group\" g"          \
    " ON g.id = i.\"group\" WHERE i.member = member.id ORDER BY i.since_ms, g.id LIMIT 1)" \
    " AS first_group FROM member"

enum status library_member_key(struct arena *arena, struct store *store, int64_t id,
                               struct str *key, struct error *err)
{
    struct query *q = query_start(store, "SELECT key FROM member WHERE id = ?1");
    query_bind_int(q, 1, id);
    *key = query_row(q) ? str_copy(arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

enum status library_find_member(struct arena *arena, struct store *store, struct str whose,
                                struct member *member, struct error *err)
{
    struct str digits = whose;
    uint64_t id = 0;
    if (whose.len && (whose.at[0] == 'M' || whose.at[0] == 'm'))
        digits = str_slice(whose, 1, whose.len);
    if (!str_to_u64(digits, &id) || id > INT64_MAX)
        id = 0;
    struct query *q =
        query_start(store, MEMBER_SQL " WHERE erased_ms IS NULL AND"
                                      " ((?1 > 0 AND id = ?1) OR (?1 = 0 AND email = ?2))");
    query_bind_int(q, 1, (int64_t)id);
    query_bind_str(q, 2, whose);
    bool found = query_row(q);
    if (found)
        *member =
            (struct member){query_int(q, 0), str_copy(arena, query_str(q, 1)),
                            str_copy(arena, query_str(q, 2)), str_copy(arena, query_str(q, 3))};
    enum status status = query_end(q, err);
    if (!status && !found)
        status = error_set(err, STATUS_MISSING,
                           "There is no member %.*s; the list of members shows all.",
                           "没有成员 %.*s，请对照成员名单。", STR_ARG(whose));
    return status;
}

static enum status add_event(struct store *store, const struct member *m, struct error *err)
{
    /* The id says who; name and e-mail stay where they can be erased. */
    char subject[24];
    int len = snprintf(subject, sizeof subject, "M%" PRId64, m->id);
    return store_add_event(store, "steward", "member.added", (struct str){subject, (size_t)len},
                           STR("{}"), err);
}

enum status library_add_member(struct store *store, struct member *member, struct error *err)
{
    enum status status = member_check(member, err);
    if (!status)
        status = store_begin(store, err);
    if (status)
        return status; /* nothing is open that would be ours to undo */
    status = member_insert(store, member, err);
    if (!status)
        status = add_event(store, member, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

/* Whoever read letters at the old address is told that they come no more. */
static enum status tell_old_address(struct store *store, int64_t member, const char *old,
                                    struct error *err)
{
    struct letter letter = {.member = member, .kind = "email-moved"};
    enum status status = store_newest_event(store, &letter.event, err);
    return status ? status
                  : library_queue_letter_of(store, letter, json_pack("{s:s}", "to", old), err);
}

/* The address of who signs in with it, if it is to change; else NULL. The caller frees it. */
static enum status old_address(struct store *store, const struct member *m, char **old,
                               struct error *err)
{
    struct query *q =
        query_start(store, "SELECT m.email FROM member m JOIN account a ON a.member = m.id"
                           " WHERE m.id = ?1 AND a.password <> '' AND m.email <> ?2");
    query_bind_int(q, 1, m->id);
    query_bind_str(q, 2, m->email);
    *old = NULL;
    if (query_row(q)) {
        struct str email = query_str(q, 0);
        *old = strndup(email.at, email.len);
    }
    return query_end(q, err);
}

static enum status change(struct store *store, const struct member *m, struct error *err)
{
    char subject[24];
    int len = snprintf(subject, sizeof subject, "M%" PRId64, m->id);
    struct query *q = query_start(store, "UPDATE OR IGNORE member SET name = ?2, email = ?3"
                                         " WHERE id = ?1");
    query_bind_int(q, 1, m->id);
    query_bind_str(q, 2, m->name);
    query_bind_str(q, 3, m->email);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT, "%.*s is another member's address.",
                         "%.*s 是另一名成员的邮箱。", STR_ARG(m->email));
    if (!status)
        status = store_add_event(store, "steward", "member.changed",
                                 (struct str){subject, (size_t)len}, STR("{}"), err);
    return status;
}

enum status library_change_member(struct store *store, const struct member *member,
                                  struct error *err)
{
    enum status status = member_check(member, err);
    if (!status)
        status = store_begin(store, err);
    if (status)
        return status;
    char *old = NULL;
    status = old_address(store, member, &old, err);
    if (!status)
        status = change(store, member, err);
    if (!status && old)
        status = tell_old_address(store, member->id, old, err);
    free(old);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status library_list_members(struct store *store, struct str search,
                                 bool (*each)(void *context, const struct member *member),
                                 void *context, struct error *err)
{
    struct query *q = query_start(
        store, MEMBER_SQL
        " WHERE erased_ms IS NULL AND (?1 = '' OR instr(lower(name || char(10) || email || char(10) ||"
        " coalesce(first_group, '')), lower(?1)) > 0) ORDER BY id");
    bool more = true;
    query_bind_str(q, 1, search);
    while (more && query_row(q)) {
        struct member m = {query_int(q, 0), query_str(q, 1), query_str(q, 2), query_str(q, 3)};
        more = each(context, &m);
    }
    return query_end(q, err);
}
