/* Entitlement: who may open which paper on which day, and if not, why not.
 *
 * One rule, in two shapes that a test holds to each other: library_entitle answers for one member and one
 * paper, with the reason; ENTITLED_SQL is the same as a condition, for lists, search, feeds and mail. */
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
    int64_t until_ms; /* open until then as things stand; 0: no end known */
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

/* The members who may open a paper now (notices left aside: they hold up reading, not being told of it),
 * ascending, in the arena. */
enum status library_entitled_members(struct arena *arena, struct store *store, int64_t paper,
                                     int64_t now_ms, int64_t **members, size_t *count,
                                     struct error *err);

#endif
