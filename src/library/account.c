/* Accounts; see account.h. */
#include "library/account.h"

#include "library/letter.h"
#include "library/ticket.h"
#include "library/token.h"

const struct account_role account_roles[] = {
    {"editor", "editor: writes and publishes", "编辑：撰写和发布文稿"},
    {"steward", "steward: members, plans, cases", "管理员：成员、方案、案件"},
    {"lead", "lead: answers for goals and projects", "分包领导：负责目标和项目"},
    {"inspector", "inspector: checks on site", "督导员：现场检查"},
    {"owner", "owner: runs the installation", "所有者：管理本站的运行"},
    {0},
};

/* --- invitation ----------------------------------------------------------------------------------- */

enum status account_has_password(struct store *store, int64_t member, bool *has, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT 1 FROM account WHERE member = ?1 AND (password <> '' OR suspended_ms)");
    query_bind_int(q, 1, member);
    *has = query_row(q);
    return query_end(q, err);
}

static enum status invite(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                          struct str *path, struct error *err)
{
    bool has;
    struct str secret;
    enum status status = account_has_password(store, member, &has, err);
    if (!status && has)
        return error_set(err, STATUS_CONFLICT,
                         "M%lld has an account already; a forgotten password is reset by mail.",
                         "M%lld 已有账户；忘记密码可通过邮件重设。", (long long)member);
    if (!status)
        status = ticket_make(arena, store, TICKET_INVITATION, member, now_ms, &secret, err);
    if (!status)
        status = store_add_event(store, "steward", "member.invited",
                                 library_member_id(arena, member), STR("{}"), err);
    if (!status)
        *path = str_format(arena, "/invitation/%.*s", STR_ARG(secret));
    return status;
}

enum status account_invite(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                           struct str *path, struct error *err)
{
    enum status status = store_begin(store, err);
    if (!status)
        status = invite(arena, store, member, now_ms, path, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

static enum status make_account(struct store *store, int64_t member, int64_t now_ms,
                                struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO account (member, created_ms) VALUES (?1, ?2)"
                                         " ON CONFLICT DO NOTHING");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status account_accept_invitation(struct arena *arena, struct store *store, struct str secret,
                                      struct str hash, int64_t now_ms, int64_t *member,
                                      struct error *err)
{
    enum status status = ticket_use(store, TICKET_INVITATION, secret, now_ms, member, err);
    if (status)
        return status;
    status = make_account(store, *member, now_ms, err);
    return status ? status : account_set_password(arena, store, *member, hash, NULL, err);
}

/* Adds a member, or finds the one who stands on the list with this e-mail already. */
static enum status add_or_find(struct arena *arena, struct store *store, struct member *member,
                               struct error *err)
{
    struct member listed;
    member->group = STR("");
    enum status status = library_add_member(store, member, err);
    if (status != STATUS_CONFLICT)
        return status;
    status = library_find_member(arena, store, member->email, &listed, err);
    member->id = listed.id;
    return status;
}

enum status account_make_owner(struct arena *arena, struct store *store, struct member *owner,
                               struct str hash, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM role WHERE role = 'owner'");
    bool late = query_row(q);
    bool has = false;
    struct error reason;
    enum status status = query_end(q, err);
    if (!status && late)
        return error_set(err, STATUS_CONFLICT, "This installation has its owner.",
                         "本站已设定所有者。");
    if (!status && add_or_find(arena, store, owner, &reason))
        return error_within(err, &reason, "The account was not made: ", "未能建立账户：");
    if (!status)
        status = account_has_password(store, owner->id, &has, err);
    if (!status && has)
        return error_set(err, STATUS_CONFLICT, "%.*s has an account already.", "%.*s 已有账户。",
                         STR_ARG(owner->email));
    if (!status)
        status = make_account(store, owner->id, now_ms, err);
    if (!status)
        status = account_set_password(arena, store, owner->id, hash, NULL, err);
    return status ? status : account_give_role(arena, store, owner->id, STR("owner"), err);
}

static enum status queue_invitation(struct store *store, int64_t member, struct str data,
                                    struct error *err)
{
    struct letter letter = {.member = member, .kind = "invitation", .data = data};
    return library_queue_letter(store, &letter, err);
}

enum status account_mail_invitation(struct arena *arena, struct store *store, int64_t member,
                                    struct str path, struct error *err)
{
    return queue_invitation(store, member, str_format(arena, "{\"path\":\"%.*s\"}", STR_ARG(path)),
                            err);
}

/* What a letter that was asked for says: its link, in the asker's language. */
static struct str link_data(struct arena *arena, const struct asker *asker, struct str path)
{
    return str_format(arena, "{\"path\":\"%.*s\",\"lang\":\"%s\"}", STR_ARG(path),
                      lang_code(asker->lang));
}

enum status account_register(struct arena *arena, struct store *store, const struct asker *asker,
                             int64_t event, struct error *err)
{
    struct member member = {.name = asker->name, .email = asker->email, .group = STR("")};
    struct str path;
    bool has = false;
    enum status status = add_or_find(arena, store, &member, err);
    if (!status)
        status = account_has_password(store, member.id, &has, err);
    if (!status && has)
        return account_send_reset(arena, store, asker, event, err);
    if (!status)
        status = account_invite(arena, store, member.id, asker->now_ms, &path, err);
    return status ? status : queue_invitation(store, member.id, link_data(arena, asker, path), err);
}

/* --- password ------------------------------------------------------------------------------------- */

static enum status end_sessions(struct store *store, int64_t member, const struct digest *kept,
                                struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM session WHERE member = ?1 AND hash <> ?2");
    query_bind_int(q, 1, member);
    query_bind_blob(q, 2, kept ? digest_bytes(kept) : STR("-"));
    (void)query_row(q);
    return query_end(q, err);
}

enum status account_set_password(struct arena *arena, struct store *store, int64_t member,
                                 struct str hash, const struct digest *kept, struct error *err)
{
    struct query *q = query_start(store, "UPDATE account SET password = ?2 WHERE member = ?1");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, hash);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status)
        status = end_sessions(store, member, kept, err);
    if (!status)
        status = ticket_end_all(store, TICKET_RESET, member, err);
    if (!status)
        status = store_add_event(store, "member", "password.changed",
                                 library_member_id(arena, member), STR("{}"), err);
    return status;
}

enum status account_send_reset(struct arena *arena, struct store *store, const struct asker *asker,
                               int64_t event, struct error *err)
{
    struct str secret;
    struct query *q = query_start(store, "SELECT m.id FROM member m JOIN account a"
                                         " ON a.member = m.id WHERE m.email = ?1"
                                         " AND a.password <> '' AND (a.suspended_ms IS NULL"
                                         " OR " ANSWERS_SQL("m.id") ")");
    query_bind_str(q, 1, asker->email);
    int64_t member = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && member)
        status = ticket_make(arena, store, TICKET_RESET, member, asker->now_ms, &secret, err);
    if (status || !member)
        return status;
    struct str path = str_format(arena, "/reset/%.*s", STR_ARG(secret));
    struct letter letter = {
        .member = member, .kind = "reset", .data = link_data(arena, asker, path), .event = event};
    return library_queue_letter(store, &letter, err);
}

static enum status make_reset(struct arena *arena, struct store *store, int64_t member,
                              int64_t now_ms, struct str *path, struct error *err)
{
    struct str secret;
    struct query *q = query_start(store, "SELECT 1 FROM account WHERE member = ?1"
                                         " AND password <> '' AND (suspended_ms IS NULL"
                                         " OR " ANSWERS_SQL("?1") ")");
    query_bind_int(q, 1, member);
    bool has = query_row(q);
    enum status status = query_end(q, err);
    if (!status && !has)
        return error_set(err, STATUS_CONFLICT,
                         "M%lld has no password to reset, or is suspended; see whether an "
                         "invitation is what is needed.",
                         "M%lld 尚无密码可重设，或账户已暂停；如未开通账户，请发送邀请。",
                         (long long)member);
    if (!status)
        status = ticket_make(arena, store, TICKET_RESET, member, now_ms, &secret, err);
    if (!status)
        status = store_add_event(store, "steward", "password.reset_link",
                                 library_member_id(arena, member), STR("{}"), err);
    if (!status)
        *path = str_format(arena, "/reset/%.*s", STR_ARG(secret));
    return status;
}

enum status account_make_reset(struct arena *arena, struct store *store, int64_t member,
                               int64_t now_ms, struct str *path, struct error *err)
{
    enum status status = store_begin(store, err);
    if (status)
        return status;
    status = make_reset(arena, store, member, now_ms, path, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status account_reset(struct arena *arena, struct store *store, struct str secret,
                          struct str hash, int64_t now_ms, struct error *err)
{
    int64_t member;
    enum status status = ticket_use(store, TICKET_RESET, secret, now_ms, &member, err);
    if (!status)
        status = token_end_all(arena, store, member, now_ms, err);
    return status ? status : account_set_password(arena, store, member, hash, NULL, err);
}

/* --- preferences and sessions --------------------------------------------------------------------- */

enum status account_set_preferences(struct arena *arena, struct store *store, int64_t member,
                                    struct str lang, struct str mail, struct error *err)
{
    struct query *q = query_start(store, "UPDATE account SET lang = ?2, mail = ?3 WHERE member = ?1"
                                         " AND ?2 IN ('', 'zh', 'en')"
                                         " AND ?3 IN ('each', 'daily', 'weekly', 'none')");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, lang);
    query_bind_str(q, 3, mail);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_INPUT, "Choose a language and a kind of mail from the lists.",
                         "请从列表中选择语言和邮件方式。");
    if (!status)
        status =
            store_add_event(store, "member", "account.changed", library_member_id(arena, member),
                            str_format(arena, "{\"mail\":\"%.*s\"}", STR_ARG(mail)), err);
    return status;
}

#define SESSION_KEY "lower(hex(substr(hash, 1, 8)))"

enum status account_list_sessions(struct arena *arena, struct store *store, int64_t member,
                                  const struct digest *current, int64_t now_ms,
                                  struct account_session **sessions, size_t *count,
                                  struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " SESSION_KEY ", agent, place, created_ms, seen_ms, hash = ?2 FROM session"
               " WHERE member = ?1 AND expires_ms > ?3 ORDER BY hash = ?2 DESC, seen_ms DESC"
               " LIMIT ?4");
    query_bind_int(q, 1, member);
    query_bind_blob(q, 2, digest_bytes(current));
    query_bind_int(q, 3, now_ms);
    query_bind_int(q, 4, ACCOUNT_SESSIONS_MAX);
    *sessions = arena_array(arena, ACCOUNT_SESSIONS_MAX, struct account_session);
    *count = 0;
    while (query_row(q))
        (*sessions)[(*count)++] = (struct account_session){
            .key = str_copy(arena, query_str(q, 0)),
            .agent = str_copy(arena, query_str(q, 1)),
            .place = str_copy(arena, query_str(q, 2)),
            .created_ms = query_int(q, 3),
            .seen_ms = query_int(q, 4),
            .current = query_int(q, 5) != 0,
        };
    return query_end(q, err);
}

static enum status note_ended(struct arena *arena, struct store *store, int64_t member,
                              struct error *err)
{
    return store_add_event(
        store, "member", "session.ended", library_member_id(arena, member),
        str_format(arena, "{\"sessions\":%lld}", (long long)store_changes(store)), err);
}

enum status account_end_session(struct arena *arena, struct store *store, int64_t member,
                                struct str key, struct error *err)
{
    struct query *q =
        query_start(store, "DELETE FROM session WHERE member = ?1 AND " SESSION_KEY " = ?2");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, key);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_MISSING, "There is no such session, or it has ended.",
                         "没有这个登录，或已经退出。");
    return status ? status : note_ended(arena, store, member, err);
}

enum status account_end_sessions(struct arena *arena, struct store *store, int64_t member,
                                 const struct digest *kept, struct error *err)
{
    enum status status = end_sessions(store, member, kept, err);
    return status ? status : note_ended(arena, store, member, err);
}

/* --- roles ---------------------------------------------------------------------------------------- */

static enum status check_role(struct str role, struct error *err)
{
    for (const struct account_role *r = account_roles; r->name; r++)
        if (str_equal(role, str_of(r->name)))
            return STATUS_OK;
    return error_set(
        err, STATUS_USAGE,
        "There is no role \"%.*s\"; the roles are editor, steward, lead, inspector and "
        "owner.",
        "没有“%.*s”这种角色；可用的角色有 editor、steward、lead、inspector、owner。",
        STR_ARG(role));
}

/* Runs one change of a role and records it if it was one. */
static enum status change_role(struct arena *arena, struct store *store, int64_t member,
                               struct str role, const char *sql, const char *kind,
                               struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, role);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status || store_changes(store) == 0)
        return status;
    return store_add_event(store, "owner", kind, library_member_id(arena, member),
                           str_format(arena, "{\"role\":\"%.*s\"}", STR_ARG(role)), err);
}

static enum status last_owner(struct error *err)
{
    return error_set(err, STATUS_CONFLICT,
                     "This is the last owner; make somebody else an owner first.",
                     "这是最后一位所有者，请先指定另一位所有者。");
}

/* An owner who is suspended can't help anybody. A library that never had an owner misses none. */
static enum status check_owner_left(struct store *store, int64_t changed, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM role r LEFT JOIN account a ON a.member = r.member"
                           " WHERE r.role = 'owner' AND a.suspended_ms IS NULL UNION ALL"
                           " SELECT 1 WHERE ?1 <> 0 AND NOT EXISTS (SELECT 1 FROM role"
                           " WHERE role = 'owner' AND member = ?1) LIMIT 1");
    query_bind_int(q, 1, changed);
    bool left = query_row(q);
    enum status status = query_end(q, err);
    if (status || left)
        return status;
    return last_owner(err);
}

enum status account_check_suspension(struct store *store, int64_t member, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT 1 FROM role WHERE role = 'owner' AND member = ?1 AND NOT EXISTS (SELECT 1"
               " FROM role r LEFT JOIN account a ON a.member = r.member WHERE r.role = 'owner'"
               " AND r.member <> ?1 AND a.suspended_ms IS NULL)");
    query_bind_int(q, 1, member);
    bool last = query_row(q);
    enum status status = query_end(q, err);
    return !status && last ? last_owner(err) : status;
}

/* until_ms 0: until somebody lifts it. */
static enum status mark_suspended(struct arena *arena, struct store *store, int64_t member,
                                  int64_t until_ms, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO account (member, created_ms, suspended_ms, suspended_until_ms)"
               " VALUES (?1, ?2, ?2, ?3) ON CONFLICT (member) DO UPDATE SET suspended_until_ms ="
               " CASE WHEN suspended_ms IS NULL THEN ?3 WHEN suspended_until_ms IS NULL THEN NULL"
               " ELSE max(suspended_until_ms, ?3) END, suspended_ms = coalesce(suspended_ms, ?2)");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    query_bind_int_or_null(q, 3, until_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    struct str data =
        until_ms ? str_format(arena, "{\"until_ms\":%lld}", (long long)until_ms) : STR("{}");
    return status ? status
                  : store_add_event(store, "steward", "account.suspended",
                                    library_member_id(arena, member), data, err);
}

enum status account_suspend(struct arena *arena, struct store *store, int64_t member,
                            int64_t now_ms, struct error *err)
{
    enum status status = mark_suspended(arena, store, member, 0, now_ms, err);
    if (!status)
        status = end_sessions(store, member, NULL, err);
    if (!status)
        status = ticket_end_all(store, TICKET_INVITATION, member, err);
    if (!status)
        status = ticket_end_all(store, TICKET_RESET, member, err);
    return status ? status : check_owner_left(store, member, err);
}

enum status account_suspend_until(struct arena *arena, struct store *store, int64_t member,
                                  int64_t until_ms, int64_t now_ms, struct error *err)
{
    enum status status = mark_suspended(arena, store, member, until_ms, now_ms, err);
    return status ? status : check_owner_left(store, member, err);
}

/* Until when the sanctions that stand suspend the member; 0: none does. */
static enum status find_sanctioned_until(struct store *store, int64_t member, int64_t now_ms,
                                         int64_t *until_ms, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT coalesce(max(until_ms), 0) FROM sanction WHERE member = ?1"
                           " AND measure = 'suspension' AND state <> 'lifted' AND until_ms > ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    *until_ms = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status put_end(struct store *store, int64_t member, int64_t until_ms, struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE account SET suspended_until_ms = ?2, suspended_ms = CASE WHEN ?2 IS NULL"
               " THEN NULL ELSE suspended_ms END WHERE member = ?1 AND suspended_ms IS NOT NULL");
    query_bind_int(q, 1, member);
    query_bind_int_or_null(q, 2, until_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status note_lifted(struct arena *arena, struct store *store, int64_t member,
                               struct error *err)
{
    return store_add_event(store, "steward", "account.lifted", library_member_id(arena, member),
                           STR("{}"), err);
}

enum status account_end_suspension(struct arena *arena, struct store *store, int64_t member,
                                   int64_t now_ms, struct error *err)
{
    int64_t until_ms;
    struct query *q = query_start(store, "SELECT 1 FROM account WHERE member = ?1"
                                         " AND suspended_until_ms IS NOT NULL");
    query_bind_int(q, 1, member);
    bool timed = query_row(q);
    enum status status = query_end(q, err);
    if (status || !timed)
        return status;
    status = find_sanctioned_until(store, member, now_ms, &until_ms, err);
    if (!status)
        status = put_end(store, member, until_ms, err);
    return status || until_ms ? status : note_lifted(arena, store, member, err);
}

enum status account_lift(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                         struct error *err)
{
    int64_t until_ms;
    enum status status = find_sanctioned_until(store, member, now_ms, &until_ms, err);
    if (!status && until_ms)
        return error_set(err, STATUS_CONFLICT,
                         "This suspension was decided for a time, and ends by itself.",
                         "该账户的暂停为限期决定，到期自动解除。");
    if (!status)
        status = put_end(store, member, 0, err);
    if (status || store_changes(store) == 0)
        return status;
    return note_lifted(arena, store, member, err);
}

enum status account_give_role(struct arena *arena, struct store *store, int64_t member,
                              struct str role, struct error *err)
{
    enum status status = check_role(role, err);
    if (status)
        return status;
    status = store_begin(store, err);
    if (!status)
        status = change_role(arena, store, member, role,
                             "INSERT INTO role (member, role) VALUES (?1, ?2)"
                             " ON CONFLICT DO NOTHING",
                             "role.given", err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status account_take_role(struct arena *arena, struct store *store, int64_t member,
                              struct str role, struct error *err)
{
    enum status status = check_role(role, err);
    if (status)
        return status;
    status = store_begin(store, err);
    if (!status)
        status = change_role(arena, store, member, role,
                             "DELETE FROM role WHERE member = ?1 AND role = ?2", "role.taken", err);
    if (!status && str_equal(role, STR("owner")))
        status = check_owner_left(store, 0, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status account_list_roles(struct arena *arena, struct store *store, int64_t member,
                               struct str *roles, struct error *err)
{
    struct buf out = {.arena = arena};
    enum status status = STATUS_OK;
    for (const struct account_role *r = account_roles; !status && r->name; r++) {
        struct query *q = query_start(store, "SELECT 1 FROM role WHERE member = ?1 AND role = ?2");
        query_bind_int(q, 1, member);
        query_bind_str(q, 2, str_of(r->name));
        if (query_row(q))
            buf_format(&out, "%s%s", out.len ? " " : "", r->name);
        status = query_end(q, err);
    }
    *roles = buf_str(&out);
    return status;
}
