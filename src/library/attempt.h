/* Tries at a secret: counted, and slowed more the more of them fail.
 *
 * A try is counted before it is judged and forgiven when it was right, so that many at once gain nothing.
 * Each kind has some tries free; after them the wait doubles up to a limit, and a day without a try wipes
 * the count. Nothing is ever locked for good. What was tried and from where is kept as a keyed digest
 * only. */
#ifndef LIBRARY_ATTEMPT_H
#define LIBRARY_ATTEMPT_H

#include "store/store.h"

enum attempt_kind {
    ATTEMPT_ACCOUNT,      /* passwords of one account, from anywhere strange to it */
    ATTEMPT_KNOWN,        /* the same from a network that its member signed in from before */
    ATTEMPT_NETWORK,      /* passwords of any account, from one network */
    ATTEMPT_CODE,         /* second factor of one account */
    ATTEMPT_FIRST_RUN,    /* the code of a fresh installation, from one network */
    ATTEMPT_REDEEM,       /* codes for a subscription, by one member */
    ATTEMPT_LETTER,       /* letters to one address, asked for by whoever types it */
    ATTEMPT_LETTERS_FROM, /* letters to any address, asked for from one network */
    ATTEMPT_CHECK,        /* numbers of copies, from one network */
    ATTEMPT_KINDS
};

struct attempt {
    enum attempt_kind kind;
    char subject[DIGEST_HEX + 1];
};

/* The attempt at `what` ("li@example.org", "192.0.2.0/24"). */
struct attempt attempt_at(struct store *store, enum attempt_kind kind, struct str what);

/* How long after its last try, in ms, the next one may come once so many have failed. */
int64_t attempt_pause_ms(enum attempt_kind kind, int64_t failures);

/* *wait_ms: how long until all of these may be tried; 0: now. */
enum status attempt_check(struct store *store, const struct attempt *attempts, size_t count,
                          int64_t now_ms, int64_t *wait_ms, struct error *err);
/* Counts one try at each, within the open write transaction. STATUS_LIMITED when one must wait. */
enum status attempt_count(struct store *store, const struct attempt *attempts, size_t count,
                          int64_t now_ms, int64_t *wait_ms, struct error *err);
/* The try was right: forgets an account's failures, and takes this one try back from a network's. */
enum status attempt_forgive(struct store *store, const struct attempt *attempts, size_t count,
                            struct error *err);

#endif
