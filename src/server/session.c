/* Who asks: sessions of browsers and tokens of scripts.
 *
 * A session is 32 random bytes in a cookie; the database knows its SHA-256 only. What a form sends back
 * against forgery is derived from the cookie, so that nothing more is stored: another site can make a
 * browser send the cookie, but can't read it. */
#include "library/account.h"
#include "library/token.h"
#include "server/internal.h"

#include <string.h>

#define SESSION_COOKIE "chancery"
#define SESSION_MS     ((int64_t)30 * 24 * 3600 * 1000)
#define NETWORK_MS     ((int64_t)400 * 24 * 3600 * 1000) /* a network is remembered so long */
#define SEEN_EVERY_MS  ((int64_t)60 * 1000)
#define CSRF_HEX       32

static const struct {
    unsigned role;
    const char *name;
} ROLES[] = {
    {ROLE_MEMBER, "member"},       {ROLE_EDITOR, "editor"},       {ROLE_STEWARD, "steward"},
    {ROLE_LEAD, "lead"},           {ROLE_INSPECTOR, "inspector"}, {ROLE_OWNER, "owner"},
    {ROLE_SUSPENDED, "suspended"}, {ROLE_UNIT, "unit"},
};

const char *role_name(unsigned role)
{
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++)
        if (ROLES[i].role == role)
            return ROLES[i].name;
    return NULL;
}

unsigned role_named(const char *name)
{
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++)
        if (strcmp(ROLES[i].name, name) == 0)
            return ROLES[i].role;
    return 0;
}

static enum status load_roles(struct request *rq, struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT role FROM role WHERE member = ?1 UNION ALL SELECT 'unit' FROM unit_member WHERE member = ?1");
    query_bind_int(q, 1, rq->viewer.member);
    rq->viewer.roles |= ROLE_MEMBER;
    while (query_row(q))
        rq->viewer.roles |= role_named(str_z(rq->arena, query_str(q, 0)));
    return query_end(q, err);
}

struct seen {
    struct digest hash;
    int64_t now_ms;
};

static enum status note_seen(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct seen *seen = context;
    (void)scratch;
    struct query *q = query_start(store, "UPDATE session SET seen_ms = ?2 WHERE hash = ?1");
    query_bind_blob(q, 1, digest_bytes(&seen->hash));
    query_bind_int(q, 2, seen->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status note_token_seen(struct store *store, struct arena *scratch, void *context,
                                   struct error *err)
{
    const struct seen *seen = context;
    (void)scratch;
    struct query *q = query_start(store, "UPDATE token SET seen_ms = ?2 WHERE hash = ?1");
    query_bind_blob(q, 1, digest_bytes(&seen->hash));
    query_bind_int(q, 2, seen->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status find_by_token(struct request *rq, struct str token, struct error *err)
{
    struct seen seen = {digest_of(token), rq->now_ms};
    struct query *q = query_start(
        rq->store,
        "SELECT m.id, m.name, m.email, t.scopes, coalesce(t.seen_ms, 0) FROM token t JOIN member m ON m.id = t.member"
        " JOIN account a ON a.member = m.id"
        " WHERE t.hash = ?1 AND " TOKEN_HOLDS_SQL("t", "?2") " AND a.suspended_ms IS NULL");
    query_bind_blob(q, 1, digest_bytes(&seen.hash));
    query_bind_int(q, 2, rq->now_ms);
    bool found = query_row(q);
    if (found)
        rq->viewer = (struct viewer){
            .member = query_int(q, 0),
            .name = str_copy(rq->arena, query_str(q, 1)),
            .email = str_copy(rq->arena, query_str(q, 2)),
            .roles = ROLE_ANYONE,
            .session = seen.hash,
            .by_token = true,
            .scopes = str_copy(rq->arena, query_str(q, 3)),
        };
    int64_t seen_ms = found ? query_int(q, 4) : 0;
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(
            err, STATUS_FORBIDDEN,
            "This token is not valid (any more): it was ended, or its last day is over.",
            "此令牌无效，或已停用、已过期。");
    if (!status && rq->now_ms - seen_ms > SEEN_EVERY_MS)
        status = server_write(rq->server, STR(""), note_token_seen, &seen, err);
    return status ? status : load_roles(rq, err);
}

static struct str csrf_of(struct arena *arena, struct str token)
{
    struct digest keyed = digest_keyed(token, STR("chancery form"));
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&keyed, hex);
    return str_copy(arena, (struct str){hex, CSRF_HEX});
}

static enum status find_by_cookie(struct request *rq, struct str token, struct error *err)
{
    struct seen seen = {digest_of(token), rq->now_ms};
    int64_t seen_ms = 0;
    bool suspended = false;
    struct query *q =
        query_start(rq->store, "SELECT m.id, m.name, m.email, s.seen_ms, a.lang, s.expires_ms,"
                               " a.suspended_ms IS NOT NULL FROM session s"
                               " JOIN member m ON m.id = s.member JOIN account a ON a.member = m.id"
                               " WHERE s.hash = ?1 AND s.expires_ms > ?2"
                               " AND (a.suspended_ms IS NULL OR " ANSWERS_SQL("m.id") ")");
    query_bind_blob(q, 1, digest_bytes(&seen.hash));
    query_bind_int(q, 2, rq->now_ms);
    bool found = query_row(q);
    if (found) {
        rq->viewer = (struct viewer){
            .member = query_int(q, 0),
            .name = str_copy(rq->arena, query_str(q, 1)),
            .email = str_copy(rq->arena, query_str(q, 2)),
            .roles = ROLE_ANYONE,
            .session = seen.hash,
            .csrf = csrf_of(rq->arena, token),
        };
        seen_ms = query_int(q, 3);
        rq->viewer.until_ms = query_int(q, 5);
        suspended = query_int(q, 6) != 0;
        if (!pairs_find(&rq->query, STR("lang")).len && !request_cookie(rq, "lang").len)
            (void)lang_parse(query_str(q, 4), &rq->lang);
    }
    enum status status = query_end(q, err);
    if (!status && found && rq->now_ms - seen_ms > SEEN_EVERY_MS) {
        status = server_write(rq->server, STR(""), note_seen, &seen, err);
        seen_ms = rq->now_ms;
    }
    if (rq->viewer.until_ms > seen_ms + SEEN_EVERY_MS)
        rq->viewer.until_ms = seen_ms + SEEN_EVERY_MS;
    if (suspended)
        rq->viewer.roles |= ROLE_SUSPENDED;
    return status || !found || suspended ? status : load_roles(rq, err);
}

struct str session_cookie(const struct request *rq)
{
    return request_cookie(rq, SESSION_COOKIE);
}

enum status session_find_viewer(struct request *rq, struct error *err)
{
    struct str bearer = request_header(rq, "Authorization");
    struct str cookie = session_cookie(rq);
    rq->viewer = (struct viewer){.roles = ROLE_ANYONE};
    if (str_starts(bearer, STR("Bearer ")))
        return find_by_token(rq, str_trim(str_slice(bearer, 7, bearer.len)), err);
    return cookie.len ? find_by_cookie(rq, cookie, err) : STATUS_OK;
}

bool session_has_role(struct request *rq, struct store *store, unsigned roles)
{
    struct str bearer = request_header(rq, "Authorization");
    struct str secret = session_cookie(rq);
    struct buf names = {.arena = rq->arena};
    if (str_starts(bearer, STR("Bearer ")))
        secret = str_trim(str_slice(bearer, 7, bearer.len));
    struct digest hash = digest_of(secret);
    buf_add_byte(&names, ' ');
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++)
        if (roles & ROLES[i].role)
            buf_format(&names, "%s ", ROLES[i].name);
    struct query *q = query_start(
        store, "SELECT 1 FROM (SELECT member FROM session WHERE hash = ?1 AND expires_ms > ?2"
               " UNION ALL SELECT member FROM token t WHERE hash = ?1 AND " TOKEN_HOLDS_SQL(
                   "t", "?2") ") w"
                              " JOIN account a ON a.member = w.member WHERE a.suspended_ms IS NULL"
                              " AND (?3 OR EXISTS (SELECT 1 FROM role r WHERE r.member = w.member"
                              " AND instr(?4, ' ' || r.role || ' ') > 0)"
                              " OR (instr(?4, ' unit ') > 0 AND EXISTS"
                              " (SELECT 1 FROM unit_member u WHERE u.member = w.member)))");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_int(q, 2, rq->now_ms);
    query_bind_int(q, 3, (roles & (ROLE_ANYONE | ROLE_MEMBER)) != 0);
    query_bind_str(q, 4, buf_str(&names));
    bool has = query_row(q);
    return !query_end(q, NULL) && has;
}

/* --- start and end -------------------------------------------------------------------------------- */

struct new_session {
    struct digest hash, old; /* old: the one that this browser had until now */
    int64_t member, old_member, now_ms;
    struct str password, agent, place;
};

/* Ends the session that this browser had until now, if it had one. */
static enum status end_old(struct store *store, struct arena *scratch, void *context,
                           struct error *err)
{
    const struct new_session *s = context;
    struct query *q = query_start(store, "DELETE FROM session WHERE hash = ?1");
    query_bind_blob(q, 1, digest_bytes(&s->old));
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status || store_changes(store) == 0)
        return status;
    return store_add_event(store, "member", "session.ended",
                           library_member_id(scratch, s->old_member), STR("{\"sessions\":1}"), err);
}

/* Where a member signed in from once, strangers' failures do not slow them; see library/attempt.h. */
static enum status note_network(struct store *store, const struct new_session *s, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO known_network (member, network, seen_ms)"
                           " VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET seen_ms = ?3");
    query_bind_int(q, 1, s->member);
    query_bind_str(q, 2, s->place);
    query_bind_int(q, 3, s->now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status)
        return status;
    q = query_start(store, "DELETE FROM known_network WHERE member = ?1 AND seen_ms < ?2");
    query_bind_int(q, 1, s->member);
    query_bind_int(q, 2, s->now_ms - NETWORK_MS);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status delete_expired(struct store *store, const struct new_session *s,
                                  struct error *err)
{
    struct query *q =
        query_start(store, "DELETE FROM session WHERE member = ?1 AND expires_ms <= ?2");
    query_bind_int(q, 1, s->member);
    query_bind_int(q, 2, s->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* To judge a password takes long enough for it to be changed meanwhile. */
static enum status check_password_stands(struct store *store, const struct new_session *s,
                                         struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM account WHERE member = ?1 AND password = ?2");
    query_bind_int(q, 1, s->member);
    query_bind_str(q, 2, s->password);
    bool stands = query_row(q);
    enum status status = query_end(q, err);
    if (status || stands)
        return status;
    return error_set(err, STATUS_CONFLICT,
                     "The password was changed just now. Sign in with the new one.",
                     "密码刚刚已被更改，请用新密码登录。");
}

static enum status insert_session(struct store *store, struct arena *scratch, void *context,
                                  struct error *err)
{
    struct new_session *s = context;
    enum status status = check_password_stands(store, s, err);
    if (!status)
        status = end_old(store, scratch, s, err);
    if (!status)
        status = delete_expired(store, s, err);
    if (!status)
        status = note_network(store, s, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO session (hash, member, created_ms, seen_ms, expires_ms, agent, place)"
               " VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)");
    query_bind_blob(q, 1, digest_bytes(&s->hash));
    query_bind_int(q, 2, s->member);
    query_bind_int(q, 3, s->now_ms);
    query_bind_int(q, 4, s->now_ms + SESSION_MS);
    query_bind_str(q, 5, s->agent);
    query_bind_str(q, 6, s->place);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = store_add_event(store, "member", "session.started",
                                 library_member_id(scratch, s->member), STR("{}"), err);
    return status;
}

/* Enough to tell one's own devices apart, not enough to single a person out. */
static struct str agent_kind(struct arena *arena, struct str agent)
{
    static const char *const browsers[] = {"Edg", "Firefox", "Chrome", "Safari", "curl"};
    static const char *const systems[] = {"Android", "iPhone", "iPad",
                                          "Windows", "Mac OS", "Linux"};
    const char *browser = "";
    const char *system = "";
    for (size_t i = 0; !*browser && i < sizeof browsers / sizeof *browsers; i++)
        if (str_find(agent, str_of(browsers[i]), 0) != SIZE_MAX)
            browser = browsers[i];
    for (size_t i = 0; !*system && i < sizeof systems / sizeof *systems; i++)
        if (str_find(agent, str_of(systems[i]), 0) != SIZE_MAX)
            system = systems[i];
    return str_format(arena, "%s%s%s", strcmp(browser, "Edg") == 0 ? "Edge" : browser,
                      *browser && *system ? " · " : "", system);
}

struct str session_network(struct arena *arena, struct str address)
{
    bool six = str_find(address, STR(":"), 0) != SIZE_MAX;
    struct str rest = address;
    struct str part;
    struct buf out = {.arena = arena};
    for (unsigned n = 0; n < 3 && str_split(&rest, six ? ':' : '.', &part); n++)
        buf_format(&out, "%s%.*s", n ? (six ? ":" : ".") : "", STR_ARG(part));
    buf_add(&out, six ? STR("::/48") : STR(".0/24"));
    return buf_str(&out);
}

enum status session_start(struct request *rq, int64_t member, struct str password,
                          struct error *err)
{
    struct digest token;
    char hex[DIGEST_HEX + 1];
    enum status status = digest_random(token.bytes, sizeof token.bytes, err);
    if (status)
        return status;
    digest_to_hex(&token, hex);
    struct new_session s = {
        .hash = digest_of((struct str){hex, DIGEST_HEX}),
        .old = rq->viewer.session,
        .member = member,
        .old_member = rq->viewer.member,
        .now_ms = rq->now_ms,
        .password = password,
        .agent = agent_kind(rq->arena, request_header(rq, "User-Agent")),
        .place = session_network(rq->arena, rq->address),
    };
    status =
        server_write(rq->server, library_member_id(rq->arena, member), insert_session, &s, err);
    if (!status)
        answer_cookie(rq, SESSION_COOKIE, str_copy(rq->arena, (struct str){hex, DIGEST_HEX}),
                      SESSION_MS / 1000);
    return status;
}

enum status session_end(struct request *rq, struct error *err)
{
    answer_cookie(rq, SESSION_COOKIE, STR(""), 0);
    if (rq->viewer.by_token || !rq->viewer.member)
        return STATUS_OK;
    struct new_session none = {.old = rq->viewer.session, .old_member = rq->viewer.member};
    return server_write(rq->server, request_actor(rq), end_old, &none, err);
}

/* --- forgery -------------------------------------------------------------------------------------- */

static bool same_site(const struct request *rq)
{
    struct str origin = request_header(rq, "Origin");
    struct str site = request_header(rq, "Sec-Fetch-Site");
    struct str host = request_header(rq, "Host");
    if (server_options_of(rq->server)->trust_proxy && request_header(rq, "X-Forwarded-Host").len)
        host = request_header(rq, "X-Forwarded-Host");
    if (site.len && !str_equal(site, STR("same-origin")) && !str_equal(site, STR("none")))
        return false;
    if (!origin.len)
        return true;
    size_t scheme = str_find(origin, STR("://"), 0);
    return scheme != SIZE_MAX && str_equal(str_slice(origin, scheme + 3, origin.len), host);
}

bool session_same_secret(struct str a, struct str b)
{
    struct digest x = digest_of(a);
    struct digest y = digest_of(b);
    unsigned char difference = 0;
    for (size_t i = 0; i < DIGEST_BYTES; i++)
        difference |= x.bytes[i] ^ y.bytes[i];
    return difference == 0;
}

enum status session_check_origin(struct request *rq, struct error *err)
{
    struct str sent = pairs_find(&rq->form, STR("csrf"));
    if (!sent.len)
        sent = request_header(rq, "X-CSRF");
    bool good =
        rq->viewer.by_token ||
        (same_site(rq) && (!rq->viewer.member || session_same_secret(sent, rq->viewer.csrf)));
    if (good)
        return STATUS_OK;
    return error_set(
        err, STATUS_FORBIDDEN,
        "You have signed in anew since this form was opened, or it did not come from a page of this "
        "site. Nothing was saved: look it over and send it again.",
        "打开该表单后您重新登录过，或它并非来自本站页面，内容尚未保存。请核对后再次提交。");
}
