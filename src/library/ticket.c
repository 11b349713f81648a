/* Tickets; see ticket.h. */
#include "library/ticket.h"

#include <sodium.h>

#include "library/account.h"
#include "library/letter.h"

#define HOUR_MS      ((int64_t)3600 * 1000)
#define SECRET_BYTES 24U
#define SECRET_CHARS 32U

static const struct {
    const char *name;
    int64_t lasts_ms;
    const char *en, *zh; /* what to do when it is no good */
} KINDS[] = {
    [TICKET_INVITATION] =
        {"invitation", 14 * 24 * HOUR_MS,
         "This invitation has been used already, or its time is over. If you have "
         "chosen a password, sign in; else ask whoever invited you for a new one, or register again.",
         "此邀请已被使用或已过期。若您已设置密码，请直接登录；否则请联系邀请人重新发送，或重新注册。"},
    [TICKET_RESET] = {"reset", HOUR_MS,
                      "This link has been used already, or its time is over. Ask for a new one.",
                      "此链接已被使用或已过期，请重新申请。"},
    [TICKET_UNSUBSCRIBE] =
        {"unsubscribe", 365 * 24 * HOUR_MS,
         "This link is no longer valid. You can choose your mail on your account "
         "page.",
         "此链接已失效。您可以在账户页面设置邮件。"},
};

int64_t ticket_lasts_ms(enum ticket_kind kind)
{
    return KINDS[kind].lasts_ms;
}

enum status ticket_secret(struct arena *arena, struct str *secret, struct error *err)
{
    unsigned char bytes[SECRET_BYTES];
    char text[SECRET_CHARS + 1];
    enum status status = digest_random(bytes, sizeof bytes, err);
    if (status)
        return status;
    (void)sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *secret = str_copy(arena, str_of(text));
    return STATUS_OK;
}

enum status ticket_end_all(struct store *store, enum ticket_kind kind, int64_t member,
                           struct error *err)
{
    struct query *q = query_start(
        store, "DELETE FROM ticket WHERE member = ?1 AND kind = ?2 AND used_ms IS NULL");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, str_of(KINDS[kind].name));
    (void)query_row(q);
    return query_end(q, err);
}

enum status ticket_make(struct arena *arena, struct store *store, enum ticket_kind kind,
                        int64_t member, int64_t now_ms, struct str *secret, struct error *err)
{
    enum status status = ticket_secret(arena, secret, err);
    if (!status)
        status = ticket_end_all(store, kind, member, err);
    if (status)
        return status;
    struct digest hash = digest_of(*secret);
    struct query *q =
        query_start(store, "INSERT INTO ticket (hash, kind, member, created_ms, expires_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_str(q, 2, str_of(KINDS[kind].name));
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, now_ms);
    query_bind_int(q, 5, now_ms + KINDS[kind].lasts_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ticket_find(struct store *store, enum ticket_kind kind, struct str secret,
                        int64_t now_ms, int64_t *member, struct error *err)
{
    struct digest hash = digest_of(secret);
    struct query *q = query_start(store, "SELECT t.member FROM ticket t"
                                         " LEFT JOIN account a ON a.member = t.member"
                                         " WHERE t.hash = ?1 AND t.kind = ?2 AND t.used_ms IS NULL"
                                         " AND t.expires_ms > ?3 AND (a.suspended_ms IS NULL"
                                         " OR " ANSWERS_SQL("t.member") ")");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_str(q, 2, str_of(KINDS[kind].name));
    query_bind_int(q, 3, now_ms);
    bool found = query_row(q);
    *member = found ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_about(err, STATUS_MISSING, KINDS[kind].en, KINDS[kind].zh, "%s", "%s", "");
    return status;
}

enum status ticket_use(struct store *store, enum ticket_kind kind, struct str secret,
                       int64_t now_ms, int64_t *member, struct error *err)
{
    struct digest hash = digest_of(secret);
    enum status status = ticket_find(store, kind, secret, now_ms, member, err);
    if (status)
        return status;
    struct query *q = query_start(store, "UPDATE ticket SET used_ms = ?2 WHERE hash = ?1");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ticket_address(struct arena *arena, struct store *store, struct str path,
                           struct str *address, struct error *err)
{
    struct str site;
    enum status status = library_site_url(arena, store, &site, err);
    if (!status)
        *address = str_format(arena, "%.*s%.*s", STR_ARG(site), STR_ARG(path));
    return status;
}
