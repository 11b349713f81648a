/* Change of address; see address.h. */
#include "library/address.h"

#include <stdlib.h>

#include "base/json.h"
#include "library/account.h"
#include "library/letter.h"
#include "library/member_rules.h"
#include "library/record.h"
#include "library/ticket.h"
#include "library/token.h"

#define DAY_MS         ((int64_t)24 * 3600 * 1000)
#define CONFIRM_MS     (2 * DAY_MS)  /* to confirm a change */
#define OBJECT_MS      (14 * DAY_MS) /* to object to one that was confirmed */
#define CHANGE_COLUMNS "SELECT id, member, old_email, email, done_ms IS NOT NULL FROM email_change"

static struct digest hash_of(struct str secret)
{
    return digest_of(secret);
}

/* --- asking --------------------------------------------------------------------------------------- */

static enum status check(const struct member *m, struct str email, struct error *err)
{
    struct error reason;
    const struct member changed = {.name = m->name, .email = email, .group = STR("")};
    if (member_check(&changed, &reason))
        return error_within(err, &reason, "This can't be your address: ", "无法使用此邮箱：");
    if (str_equal(m->email, email))
        return error_set(err, STATUS_INPUT, "This is your address already.", "这已是您的邮箱。");
    return STATUS_OK;
}

static enum status forget_asked(struct store *store, int64_t member, struct error *err)
{
    struct query *q =
        query_start(store, "DELETE FROM email_change WHERE member = ?1 AND done_ms IS NULL");
    query_bind_int(q, 1, member);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert(struct store *store, const struct member *m, struct str email,
                          const struct str *secrets, int64_t now_ms, struct error *err)
{
    struct digest confirm = hash_of(secrets[0]);
    struct digest object = hash_of(secrets[1]);
    struct query *q = query_start(
        store, "INSERT INTO email_change (member, email, old_email, confirm, object, expires_ms)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_int(q, 1, m->id);
    query_bind_str(q, 2, email);
    query_bind_str(q, 3, m->email);
    query_bind_blob(q, 4, digest_bytes(&confirm));
    query_bind_blob(q, 5, digest_bytes(&object));
    query_bind_int(q, 6, now_ms + CONFIRM_MS);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status write_letter(struct store *store, int64_t member, const char *kind,
                                struct str to, struct str path, struct str address,
                                struct error *err)
{
    struct letter letter = {.member = member, .kind = kind};
    enum status status = store_newest_event(store, &letter.event, err);
    return status ? status
                  : library_queue_letter_of(store, letter,
                                            json_pack("{s:o, s:o, s:o}", "to", str_to_json(to),
                                                      "path", str_to_json(path), "address",
                                                      str_to_json(address)),
                                            err);
}

static enum status is_taken(struct store *store, struct str email, bool *taken, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM member WHERE email = ?1");
    query_bind_str(q, 1, email);
    *taken = query_row(q);
    return query_end(q, err);
}

/* Both letters have the one event as their cause, so that what happens tells nothing of the new address. */
static enum status write_letters(struct arena *arena, struct store *store, const struct member *m,
                                 struct str email, const struct str *secrets, struct error *err)
{
    bool taken = false;
    struct str confirm = str_format(arena, "/email/%.*s", STR_ARG(secrets[0]));
    struct str object = str_format(arena, "/email/old/%.*s", STR_ARG(secrets[1]));
    enum status status = is_taken(store, email, &taken, err);
    if (!status)
        status = write_letter(store, m->id, "email-old", m->email, object, email, err);
    if (!status && !taken)
        status = write_letter(store, m->id, "email-new", email, confirm, email, err);
    return status;
}

enum status address_ask(struct arena *arena, struct store *store, int64_t member, struct str email,
                        int64_t now_ms, struct error *err)
{
    struct member m;
    struct str secrets[2];
    enum status status =
        library_find_member(arena, store, library_member_id(arena, member), &m, err);
    if (!status)
        status = check(&m, email, err);
    if (!status)
        status = forget_asked(store, member, err);
    for (size_t i = 0; !status && i < 2; i++)
        status = ticket_secret(arena, &secrets[i], err);
    if (!status)
        status = insert(store, &m, email, secrets, now_ms, err);
    if (!status)
        status = store_add_event(store, "member", "email.asked", library_member_id(arena, member),
                                 STR("{}"), err);
    return status ? status : write_letters(arena, store, &m, email, secrets, err);
}

/* --- following the links -------------------------------------------------------------------------- */

static enum status find(struct arena *arena, struct store *store, const char *sql,
                        struct str secret, int64_t now_ms, struct address_change *change,
                        struct error *err)
{
    struct digest hash = hash_of(secret);
    struct query *q = query_start(store, sql);
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_int(q, 2, now_ms);
    bool found = query_row(q);
    if (found)
        *change = (struct address_change){
            .id = query_int(q, 0),
            .member = query_int(q, 1),
            .old_email = str_copy(arena, query_str(q, 2)),
            .email = str_copy(arena, query_str(q, 3)),
            .done = query_int(q, 4) != 0,
        };
    enum status status = query_end(q, err);
    if (status || found)
        return status;
    return error_set(
        err, STATUS_MISSING,
        "This link has been used already, another took its place, or its time is over.",
        "此链接已被使用、已被新的取代，或已过期。");
}

enum status address_find_new(struct arena *arena, struct store *store, struct str secret,
                             int64_t now_ms, struct address_change *change, struct error *err)
{
    return find(arena, store,
                CHANGE_COLUMNS " WHERE confirm = ?1 AND expires_ms > ?2 AND done_ms IS NULL"
                               " AND NOT EXISTS (SELECT 1 FROM account a"
                               " WHERE a.member = email_change.member AND a.suspended_ms > 0)",
                secret, now_ms, change, err);
}

enum status address_find_old(struct arena *arena, struct store *store, struct str secret,
                             int64_t now_ms, struct address_change *change, struct error *err)
{
    return find(arena, store, CHANGE_COLUMNS " WHERE object = ?1 AND expires_ms > ?2", secret,
                now_ms, change, err);
}

static enum status set_email(struct store *store, int64_t member, struct str email,
                             struct error *err)
{
    struct query *q = query_start(store, "UPDATE OR IGNORE member SET email = ?2 WHERE id = ?1");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, email);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT,
                         "This address can't be taken. Please write to the organisation.",
                         "无法使用此邮箱，请与本单位联系。");
    return status ? status : ticket_end_all(store, TICKET_RESET, member, err);
}

static enum status keep_done(struct store *store, int64_t id, int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE email_change SET done_ms = ?2, expires_ms = ?3 WHERE id = ?1");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, now_ms + OBJECT_MS);
    (void)query_row(q);
    return query_end(q, err);
}

enum status address_confirm(struct arena *arena, struct store *store, struct str secret,
                            int64_t now_ms, struct address_change *change, struct error *err)
{
    enum status status = address_find_new(arena, store, secret, now_ms, change, err);
    if (!status)
        status = set_email(store, change->member, change->email, err);
    if (!status)
        status = keep_done(store, change->id, now_ms, err);
    return status ? status
                  : store_add_event(store, "member", "email.changed",
                                    library_member_id(arena, change->member), STR("{}"), err);
}

/* What was asked for since, by whoever it was, falls with it. */
static enum status forget_since(struct store *store, const struct address_change *change,
                                struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM email_change WHERE member = ?1 AND id >= ?2");
    query_bind_int(q, 1, change->member);
    query_bind_int(q, 2, change->id);
    (void)query_row(q);
    return query_end(q, err);
}

enum status address_object(struct arena *arena, struct store *store, struct str secret,
                           int64_t now_ms, struct address_change *change, struct error *err)
{
    enum status status = address_find_old(arena, store, secret, now_ms, change, err);
    if (!status)
        status = forget_since(store, change, err);
    if (!status && change->done)
        status = set_email(store, change->member, change->old_email, err);
    if (!status && change->done)
        status = token_end_all(arena, store, change->member, now_ms, err);
    if (!status && change->done)
        status = account_end_sessions(arena, store, change->member, NULL, err);
    return status
               ? status
               : store_add_event(store, "member", change->done ? "email.restored" : "email.stopped",
                                 library_member_id(arena, change->member), STR("{}"), err);
}
