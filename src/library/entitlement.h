/* Entitlement: who may open which paper on which day, and if not, why not.
 *
 * One rule, in two shapes that a test holds to each other: library_entitle answers for one member and one
 * paper, with the reason; ENTITLED_SQL is the same as a condition, for lists, search, feeds and mail.
 *
 * A paper is open to a member when it was published, is neither withdrawn nor expired, no revocation hits
 * the two, the member's copy has not run out (copy_days after it was first given), and there is a way in:
 *
 *   access    free   the way in
 *   members    1     being a member
 *   groups     1     being in one of its groups, or a subscription that opens one of them
 *   members    0     any subscription
 *   groups     0     a subscription that opens one of its groups
 *
 * A subscription that runs opens what was published from its look-back on; one that has ended opens what
 * was open at its end if it keeps, else nothing; a paused one nothing. A paper without an offer was
 * published on the command line and is open to every member, revocations aside. */
#ifndef LIBRARY_ENTITLEMENT_H
#define LIBRARY_ENTITLEMENT_H

#include "store/store.h"

enum refusal {
    REFUSAL_NONE = 0,     /* open */
    REFUSAL_UNKNOWN,      /* no such paper, or not published yet: the two are not told apart */
    REFUSAL_SUSPENDED,    /* the account */
    REFUSAL_WITHDRAWN,    /* the paper, by an editor */
    REFUSAL_EXPIRED,      /* the paper's time is over */
    REFUSAL_REVOKED,      /* this member's copy, or their group's */
    REFUSAL_COPY_EXPIRED, /* this member's copy was given too long ago */
    REFUSAL_GROUP,        /* in none of the paper's groups */
    REFUSAL_SUBSCRIPTION, /* needs a plan, and there never was one */
    REFUSAL_ENDED,        /* the subscription has ended */
    REFUSAL_PAUSED,       /* the subscription is paused */
    REFUSAL_LOOK_BACK,    /* published before what the plan looks back to */
    REFUSAL_NOTICE,       /* a notice is to be accepted first: `notice` says which */
    REFUSAL_COUNT
};

struct entitlement {
    enum refusal why;
    int64_t until_ms; /* open until then if opened now; 0: no end known */
    int64_t
        since_ms; /* REFUSAL_ENDED, _PAUSED, _EXPIRED, _LOOK_BACK …: the moment that it turns on; else 0 */
    int64_t notice; /* REFUSAL_NOTICE: the first notice to accept */
    bool downloads; /* more than reading on the page is allowed */
};

/* Whether the member may open the paper at the moment now_ms (Unix ms). Editors, stewards and the owner may
 * open every paper that is not withdrawn; theirs are marked copies too. Takes a few look-ups. */
enum status library_entitle(struct store *store, int64_t member, int64_t paper, int64_t now_ms,
                            struct entitlement *entitlement, struct error *err);
/* What is said on the page: one or two sentences in each language, with what to do. Static. */
void library_refusal_words(enum refusal why, const char **en, const char **zh);

/* The rule as a condition in SQL over expressions for the paper's row id, the member's and the moment, e.g.
 * ENTITLED_SQL("o.paper", "?1", "?2"). Column names in them must be qualified; aliases that begin with
 * en_ are taken. True for a paper that is open or only waits for a notice to be accepted: it may be shown
 * in a list by its title and summary, but nothing of its text before ACCEPTED_SQL holds as well. A member
 * that does not exist (0: nobody signed in) opens nothing. Parts that name the member alone are evaluated
 * once a query. */
#define ENTITLED_SQL(PAPER, MEMBER, NOW)                                                                           \
    "(EXISTS (SELECT 1 FROM member en_m WHERE en_m.id = " MEMBER " AND en_m.erased_ms IS NULL)"                    \
    " AND NOT EXISTS (SELECT 1 FROM account en_a WHERE en_a.member = " MEMBER                                      \
    "  AND en_a.suspended_ms IS NOT NULL)"                                                                         \
    " AND NOT EXISTS (SELECT 1 FROM offer en_w WHERE en_w.paper = " PAPER                                          \
    "  AND en_w.withdrawn_ms IS NOT NULL)"                                                                         \
    " AND (" STAFF_SQL(MEMBER) " OR (NOT " REVOKED_SQL(                                                            \
        PAPER,                                                                                                     \
        MEMBER) "  AND (NOT EXISTS (SELECT 1 FROM offer en_x WHERE en_x.paper = " PAPER ")"                        \
                "   OR EXISTS (SELECT 1 FROM offer en_o WHERE en_o.paper = " PAPER                                 \
                "    AND en_o.published_ms <= " NOW                                                                \
                "    AND (en_o.expires_ms IS NULL OR en_o.expires_ms > " NOW ")"                                   \
                "    AND (en_o.copy_days IS NULL OR NOT EXISTS (SELECT 1 FROM copy en_c"                           \
                "     WHERE en_c.paper = en_o.paper AND en_c.member = " MEMBER                                     \
                " AND en_c.edition IN"                                                                             \
                "     (SELECT en_e.number FROM edition en_e WHERE en_e.paper = en_o.paper)"                        \
                "     AND en_c.first_ms + en_o.copy_days * 86400000 <= " NOW "))"                                  \
                "    AND ((en_o.free AND en_o.access = 'members')"                                                 \
                "     OR (en_o.free AND EXISTS (SELECT 1 FROM group_paper en_p JOIN group_member en_g"             \
                "      ON en_g.\"group\" = en_p.\"group\" WHERE en_p.paper = en_o.paper"                           \
                "      AND en_g.member = " MEMBER "))"                                                             \
                "     OR EXISTS (SELECT 1 FROM subscription en_s WHERE en_s.member = " MEMBER                      \
                "      AND (en_o.access = 'members' OR EXISTS (SELECT 1 FROM plan_group en_l"                      \
                "       JOIN group_paper en_q ON en_q.\"group\" = en_l.\"group\""                                  \
                "       WHERE en_l.plan = en_s.plan AND en_l.version = en_s.version AND en_q.paper = en_o.paper))" \
                "      AND en_s.lookback_ms <= en_o.published_ms"                                                  \
                "      AND (en_s.paused_ms IS NULL OR en_s.ended_ms IS NOT NULL)"                                  \
                "      AND ((en_s.starts_ms <= " NOW " AND " NOW " < " SUBSCRIPTION_END_SQL(                       \
                    "en_s") ")"                                                                                    \
                            "       OR (en_s.keeps AND " SUBSCRIPTION_END_SQL(                                     \
                                "en_s") " <= " NOW                                                                 \
                                        "        AND en_s.starts_ms < " SUBSCRIPTION_END_SQL(                      \
                                            "en_s") "        AND en_o.published_ms < " SUBSCRIPTION_END_SQL("en_s") ")))))))))"

/* No notice in force about the paper is left that the member has not accepted. */
#define ACCEPTED_SQL(PAPER, MEMBER, NOW)                                                           \
    "NOT EXISTS (SELECT 1 FROM notice en_n WHERE " NOTICE_ABOUT_SQL(PAPER) " AND " NOTICE_DUE_SQL( \
        MEMBER, NOW) ")"

/* --- parts of the above ------------------------------------------------------------------------- */
#define STAFF_SQL(MEMBER)                                         \
    "EXISTS (SELECT 1 FROM role en_t WHERE en_t.member = " MEMBER \
    " AND en_t.role IN ('editor', 'steward', 'owner'))"
/* When a subscription ends or ended. */
#define SUBSCRIPTION_END_SQL(S) "min(" S ".ends_ms, coalesce(" S ".ended_ms, " S ".ends_ms))"
/* Who is in a group: put there, or by a plan that opens it. A revocation asks for any subscription, so
 * that it also reaches what an ended one keeps. */
#define REVOKED_HITS_SQL(MEMBER)                                                                                                 \
    " AND en_r.lifted_ms IS NULL AND (en_r.member IS NULL OR en_r.member = " MEMBER ")"                                          \
    " AND (en_r.\"group\" IS NULL"                                                                                               \
    "  OR EXISTS (SELECT 1 FROM group_member en_h WHERE en_h.\"group\" = en_r.\"group\""                                         \
    "   AND en_h.member = " MEMBER ")"                                                                                           \
    "  OR EXISTS (SELECT 1 FROM subscription en_u JOIN plan_group en_v ON en_v.plan = en_u.plan AND en_v.version = en_u.version" \
    "   WHERE en_v.\"group\" = en_r.\"group\" AND en_u.member = " MEMBER "))"
#define REVOKED_SQL(PAPER, MEMBER)                                                                                   \
    "(EXISTS (SELECT 1 FROM revocation en_r WHERE en_r.paper = " PAPER                                               \
    REVOKED_HITS_SQL(MEMBER) ") OR EXISTS (SELECT 1 FROM revocation en_r WHERE en_r.paper IS NULL" REVOKED_HITS_SQL( \
        MEMBER) "))"
#define NOTICE_ABOUT_SQL(PAPER)                                                                  \
    "((en_n.scope = 'library') OR (en_n.scope = 'paper' AND en_n.subject = " PAPER ")"           \
    " OR (en_n.scope = 'group' AND en_n.subject IN (SELECT en_y.\"group\" FROM group_paper en_y" \
    "  WHERE en_y.paper = " PAPER ")))"
#define NOTICE_DUE_SQL(MEMBER, NOW)                                                   \
    "en_n.since_ms <= " NOW " AND (en_n.ended_ms IS NULL OR en_n.ended_ms > " NOW ")" \
    " AND NOT EXISTS (SELECT 1 FROM acknowledgement en_k WHERE en_k.member = " MEMBER \
    "  AND en_k.notice = en_n.id AND en_k.digest = en_n.digest)"

/* The members who may open a paper now (notices left aside: they hold up reading, not being told of it),
 * ascending, in the arena. */
enum status library_entitled_members(struct arena *arena, struct store *store, int64_t paper,
                                     int64_t now_ms, int64_t **members, size_t *count,
                                     struct error *err);

#endif
