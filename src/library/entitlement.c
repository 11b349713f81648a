/* Entitlement; see entitlement.h. library_entitle walks the rule in the order of `enum refusal`, so that
 * the reason given is the first that a person would have to put right. */
#include "library/entitlement.h"

#include <string.h>

/* What is asked about, and what is known of it. */
struct asked {
    struct store *store;
    int64_t member, paper, now_ms;
    bool known, suspended, staff; /* of the member */
    bool offered, members, free;  /* of the paper */
    int64_t published_ms, expires_ms, withdrawn_ms, copy_days;
};

/* --- facts -------------------------------------------------------------------------------------- */

static enum status load_member(struct asked *a, struct error *err)
{
    struct query *q =
        query_start(a->store, "SELECT a.suspended_ms IS NOT NULL, " STAFF_SQL(
                                  "m.id") " FROM member m LEFT JOIN account a ON a.member = m.id"
                                          " WHERE m.id = ?1");
    query_bind_int(q, 1, a->member);
    a->known = query_row(q);
    if (a->known) {
        a->suspended = query_int(q, 0);
        a->staff = query_int(q, 1);
    }
    return query_end(q, err);
}

static enum status load_paper(struct asked *a, struct entitlement *e, struct error *err)
{
    struct query *q = query_start(
        a->store, "SELECT o.paper IS NOT NULL, o.access = 'members', o.free, o.published_ms,"
                  " o.expires_ms, o.withdrawn_ms, o.copy_days, o.formats FROM paper p"
                  " LEFT JOIN offer o ON o.paper = p.id WHERE p.id = ?1");
    query_bind_int(q, 1, a->paper);
    bool found = query_row(q);
    if (found) {
        a->offered = query_int(q, 0);
        a->members = query_int(q, 1);
        a->free = query_int(q, 2);
        a->published_ms = query_int(q, 3);
        a->expires_ms = query_int(q, 4);
        a->withdrawn_ms = query_int(q, 5);
        a->copy_days = query_is_null(q, 6) ? -1 : query_int(q, 6);
        e->downloads = !a->offered || query_str(q, 7).len;
    }
    a->known = a->known && found;
    return query_end(q, err);
}

/* One number from a query over paper ?1 and member ?2; false when there is none. */
static bool ask_number(struct asked *a, const char *sql, int64_t *number, enum status *status,
                       struct error *err)
{
    struct query *q = query_start(a->store, sql);
    query_bind_int(q, 1, a->paper);
    query_bind_int(q, 2, a->member);
    bool found = query_row(q) && !query_is_null(q, 0);
    *number = found ? query_int(q, 0) : 0;
    *status = query_end(q, err);
    return found && !*status;
}

/* --- the rule, step by step --------------------------------------------------------------------- */

static void refuse(struct entitlement *e, enum refusal why, int64_t since_ms)
{
    e->why = why;
    e->since_ms = since_ms;
}

/* The paper stays open until then at most. */
static void limit(struct entitlement *e, int64_t until_ms)
{
    if (until_ms && (!e->until_ms || until_ms < e->until_ms))
        e->until_ms = until_ms;
}

static enum status check_paper(struct asked *a, struct entitlement *e, struct error *err)
{
    (void)err;
    if (!a->known || (!a->staff && a->published_ms > a->now_ms))
        refuse(e, REFUSAL_UNKNOWN, 0);
    else if (a->suspended)
        refuse(e, REFUSAL_SUSPENDED, 0);
    else if (a->withdrawn_ms)
        refuse(e, REFUSAL_WITHDRAWN, a->withdrawn_ms);
    else if (!a->staff && a->expires_ms && a->expires_ms <= a->now_ms)
        refuse(e, REFUSAL_EXPIRED, a->expires_ms);
    else if (!a->staff)
        limit(e, a->expires_ms);
    return STATUS_OK;
}

static enum status check_revocation(struct asked *a, struct entitlement *e, struct error *err)
{
    int64_t since_ms;
    enum status status;
    if (ask_number(a,
                   "SELECT min(en_r.created_ms) FROM revocation en_r"
                   " WHERE (en_r.paper = ?1 OR en_r.paper IS NULL)" REVOKED_HITS_SQL("?2"),
                   &since_ms, &status, err))
        refuse(e, REFUSAL_REVOKED, since_ms);
    return status;
}

static enum status check_copy(struct asked *a, struct entitlement *e, struct error *err)
{
    int64_t first_ms;
    enum status status = STATUS_OK;
    if (!a->offered || a->copy_days < 0)
        return STATUS_OK;
    if (!ask_number(a,
                    "SELECT min(first_ms) FROM copy WHERE paper = ?1 AND member = ?2"
                    " AND edition IN (SELECT number FROM edition WHERE paper = ?1)",
                    &first_ms, &status, err))
        first_ms = a->now_ms; /* its days begin with this opening */
    int64_t until_ms = first_ms + a->copy_days * STORE_DAY_MS;
    if (until_ms <= a->now_ms)
        refuse(e, REFUSAL_COPY_EXPIRED, until_ms);
    else
        limit(e, until_ms);
    return status;
}

struct term {
    int64_t starts_ms, end_ms, lookback_ms, paused_ms;
    bool keeps;
};

/* What one subscription, of a plan that can open the paper, says about it; *at is the moment of the
 * refusal, or until when it is open (0: without end). */
static enum refusal weigh(const struct asked *a, const struct term *t, int64_t *at)
{
    bool ended = !t->paused_ms && t->end_ms <= a->now_ms;
    bool covered = t->lookback_ms <= a->published_ms;
    if (ended && t->keeps && covered && t->starts_ms < t->end_ms && a->published_ms < t->end_ms) {
        *at = 0;
        return REFUSAL_NONE;
    }
    if (ended) {
        *at = t->end_ms;
        return REFUSAL_ENDED;
    }
    if (t->starts_ms > a->now_ms) {
        *at = t->starts_ms;
        return REFUSAL_SUBSCRIPTION;
    }
    if (!covered) {
        *at = t->lookback_ms;
        return REFUSAL_LOOK_BACK;
    }
    *at = t->paused_ms ? t->paused_ms : t->keeps ? 0 : t->end_ms;
    return t->paused_ms ? REFUSAL_PAUSED : REFUSAL_NONE;
}

/* Of several subscriptions the one that is nearest to opening the paper speaks. */
static int nearness(enum refusal why)
{
    static const enum refusal order[] = {REFUSAL_SUBSCRIPTION, REFUSAL_ENDED, REFUSAL_LOOK_BACK,
                                         REFUSAL_PAUSED, REFUSAL_NONE};
    int at = 0;
    while (order[at] != why)
        at++;
    return at;
}

struct verdict {
    enum refusal why;
    int64_t at;
    bool any; /* a subscription that matters exists */
};

static void hear(struct verdict *v, enum refusal why, int64_t at)
{
    bool longer = v->at && (!at || at > v->at);
    if (!v->any || nearness(why) > nearness(v->why) || (why == v->why && longer))
        *v = (struct verdict){why, at, true};
}

static enum status ask_subscriptions(struct asked *a, struct verdict *v, struct error *err)
{
    struct query *q = query_start(
        a->store,
        "SELECT s.starts_ms, " SUBSCRIPTION_END_SQL(
            "s") ", s.lookback_ms,"
                 " CASE WHEN s.ended_ms IS NULL THEN s.paused_ms END, s.keeps"
                 " FROM subscription s WHERE s.member = ?2 AND (?3 OR EXISTS"
                 " (SELECT 1 FROM plan_group l JOIN group_paper g ON g.\"group\" = l.\"group\""
                 " WHERE l.plan = s.plan AND l.version = s.version AND g.paper = ?1))");
    query_bind_int(q, 1, a->paper);
    query_bind_int(q, 2, a->member);
    query_bind_int(q, 3, a->members);
    while (query_row(q)) {
        struct term term = {query_int(q, 0), query_int(q, 1), query_int(q, 2), query_int(q, 3),
                            query_int(q, 4)};
        int64_t at;
        enum refusal why = weigh(a, &term, &at);
        hear(v, why, at);
    }
    return query_end(q, err);
}

static enum status check_way_in(struct asked *a, struct entitlement *e, struct error *err)
{
    struct verdict v = {REFUSAL_SUBSCRIPTION, 0, false};
    int64_t group;
    enum status status = STATUS_OK;
    if (!a->offered || (a->free && a->members) ||
        (a->free && ask_number(a,
                               "SELECT min(p.\"group\") FROM group_paper p JOIN group_member g"
                               " ON g.\"group\" = p.\"group\" WHERE p.paper = ?1 AND g.member = ?2",
                               &group, &status, err)))
        return status;
    if (!status)
        status = ask_subscriptions(a, &v, err);
    if (v.any && v.why == REFUSAL_NONE)
        limit(e, v.at);
    else
        refuse(e, a->free && !v.any ? REFUSAL_GROUP : v.why, v.at);
    return status;
}

static enum status check_notice(struct asked *a, struct entitlement *e, struct error *err)
{
    struct query *q = query_start(
        a->store, "SELECT en_n.id FROM notice en_n WHERE " NOTICE_ABOUT_SQL(
                      "?1") " AND " NOTICE_DUE_SQL("?2", "?3") " ORDER BY CASE en_n.scope"
                                                               " WHEN 'library' THEN 0 WHEN 'group'"
                                                               " THEN 1 ELSE 2 END, en_n.id");
    query_bind_int(q, 1, a->paper);
    query_bind_int(q, 2, a->member);
    query_bind_int(q, 3, a->now_ms);
    if (query_row(q)) {
        e->why = REFUSAL_NOTICE;
        e->notice = query_int(q, 0);
    }
    return query_end(q, err);
}

enum status library_entitle(struct store *store, int64_t member, int64_t paper, int64_t now_ms,
                            struct entitlement *entitlement, struct error *err)
{
    static const struct {
        enum status (*check)(struct asked *a, struct entitlement *e, struct error *err);
        bool staff; /* holds for editors, stewards and the owner too */
    } steps[] = {
        {check_paper, true},   {check_revocation, false}, {check_copy, false},
        {check_way_in, false}, {check_notice, true},
    };
    struct asked a = {.store = store, .member = member, .paper = paper, .now_ms = now_ms};
    *entitlement = (struct entitlement){0};
    enum status status = load_member(&a, err);
    if (!status)
        status = load_paper(&a, entitlement, err);
    for (size_t i = 0; !status && !entitlement->why && i < sizeof steps / sizeof *steps; i++)
        if (steps[i].staff || !a.staff)
            status = steps[i].check(&a, entitlement, err);
    return status;
}

/* --- many members ------------------------------------------------------------------------------- */

/* Who could have a way into a paper that is not open to all: in a group, subscribed, or staff. */
#define CANDIDATES                                                                        \
    "SELECT g.member FROM group_paper p JOIN group_member g ON g.\"group\" = p.\"group\"" \
    " WHERE p.paper = ?1 UNION SELECT s.member FROM subscription s"                       \
    " UNION SELECT r.member FROM role r"

enum status library_entitled_members(struct arena *arena, struct store *store, int64_t paper,
                                     int64_t now_ms, int64_t **members, size_t *count,
                                     struct error *err)
{
    struct buf ids = {.arena = arena};
    struct query *q = query_start(store, "SELECT NOT EXISTS (SELECT 1 FROM offer WHERE paper = ?1"
                                         " AND NOT (free AND access = 'members'))"
                                         " FROM paper WHERE id = ?1");
    query_bind_int(q, 1, paper);
    bool known = query_row(q);
    bool all = known && query_int(q, 0);
    enum status status = query_end(q, err);
    *members = NULL;
    *count = 0;
    if (status || !known)
        return status;
    q = query_start(store, all ? "SELECT m.id FROM member m WHERE " ENTITLED_SQL(
                                     "?1", "m.id", "?2") " ORDER BY m.id"
                               : "SELECT m.id FROM member m WHERE m.id IN (" CANDIDATES
                                 ") AND " ENTITLED_SQL("?1", "m.id", "?2") " ORDER BY m.id");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, now_ms);
    while (query_row(q)) {
        int64_t id = query_int(q, 0);
        buf_add(&ids, (struct str){(const char *)&id, sizeof id});
    }
    *count = ids.len / sizeof **members;
    *members = arena_array(arena, *count, int64_t);
    if (ids.len)
        memcpy(*members, ids.at, ids.len);
    return query_end(q, err);
}

/* --- words -------------------------------------------------------------------------------------- */

void library_refusal_words(enum refusal why, const char **en, const char **zh)
{
    static const struct {
        const char *en, *zh;
    } words[REFUSAL_COUNT] = {
        [REFUSAL_NONE] = {"You may read this paper.", "您可以阅读本文稿。"},
        [REFUSAL_UNKNOWN] = {"There is no such paper. Perhaps its address was cut short.",
                             "没有这份文稿，网址可能不完整。"},
        [REFUSAL_SUSPENDED] =
            {"Your account is suspended, so no paper opens. Write to the stewards.",
             "您的账户已暂停，暂时无法打开任何文稿。如有疑问，请联系管理员。"},
        [REFUSAL_WITHDRAWN] = {"This paper was withdrawn by its editors and no longer opens.",
                               "本文稿已由编辑撤回，不再提供阅读。"},
        [REFUSAL_EXPIRED] = {"The time for reading this paper is over.", "本文稿的开放期限已过。"},
        [REFUSAL_REVOKED] =
            {"Your access to this paper was revoked. To appeal, write to the stewards.",
             "您对本文稿的阅读权限已被收回。如有异议，请向管理员申诉。"},
        [REFUSAL_COPY_EXPIRED] =
            {"Your copy of this paper has run out: it opens only for a set number"
             " of days after it is first given.",
             "您的副本已过期：本文稿自首次取得起仅在规定天数内可以打开。"},
        [REFUSAL_GROUP] =
            {"This paper is for members of certain groups, and you are in none of them. Join"
             " one if it is public, or ask the stewards to put you in.",
             "本文稿仅向指定群组开放，您不在其中。公开的群组可自行加入，其他群组请联系"
             "管理员邀请。"},
        [REFUSAL_SUBSCRIPTION] =
            {"You have no subscription that opens this paper. Redeem a code, or ask the"
             " stewards for a plan that does.",
             "您没有可阅读本文稿的订阅。可使用兑换码，或联系管理员开通相应方案。"},
        [REFUSAL_ENDED] = {"Your subscription has ended. Renew it to read this paper.",
                           "您的订阅已到期，续订后即可阅读本文稿。"},
        [REFUSAL_PAUSED] =
            {"Your subscription is paused and opens nothing until it is resumed. Write to"
             " the stewards to resume it.",
             "您的订阅已暂停，恢复之前无法阅读。如需恢复，请联系管理员。"},
        [REFUSAL_LOOK_BACK] =
            {"This paper was published before the time that your subscription looks"
             " back to.",
             "本文稿的发布时间早于您的订阅所能回溯的范围。"},
        [REFUSAL_NOTICE] = {"Please read and accept the notice first.", "请先阅读并确认使用须知。"},
    };
    *en = words[why].en;
    *zh = words[why].zh;
}
