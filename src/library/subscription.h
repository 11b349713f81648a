/* Subscriptions: who holds which plan, from when to when.
 *
 * What a subscription opens is for entitlement.h to say. One that follows another of the same plan without a
 * gap looks back as far as that one did, so that renewing never takes anything away.
 *
 * A subscription is written S1, S2 … outside the program. Changes run within the caller's open write
 * transaction and add their event. */
#ifndef LIBRARY_SUBSCRIPTION_H
#define LIBRARY_SUBSCRIPTION_H

#include "base/lang.h"
#include "library/member.h"

enum subscription_state {
    SUBSCRIPTION_COMING,
    SUBSCRIPTION_RUNNING,
    SUBSCRIPTION_PAUSED,
    SUBSCRIPTION_ENDED,
    SUBSCRIPTION_KEPT, /* ended, and what was open stays open */
};

#define SUBSCRIPTION_STATES 5

/* As people are told. */
const char *library_subscription_state_words(enum subscription_state state, enum lang lang);
/* By those words of either language; false when they are none. */
bool library_read_subscription_state(struct str words, enum subscription_state *state);

struct subscription {
    int64_t id, member, plan;
    int64_t version; /* of the plan's terms, that it was sold by */
    struct str plan_name, plan_key;
    int64_t starts_ms, ends_ms; /* ends_ms: the first moment after it, an early end included */
    int64_t lookback_ms;
    bool keeps;
    int64_t paused_ms;  /* 0: it is not */
    int64_t ended_ms;   /* of one to be added that has ended: when, before its first day maybe */
    const char *source; /* "steward", "import", "code", "reward" */
    enum subscription_state state; /* at the moment asked for */
};

/* Gives a subscription: member, plan, source and keeps are the caller's; version 0 is the plan's present one; starts_ms 0 is now, or the end of
 * the one of this plan that runs; ends_ms 0 is the plan's length after that. Fills id, version, starts_ms,
 * ends_ms and lookback_ms. STATUS_CONFLICT when the plan is closed, STATUS_INPUT when it would end before it
 * begins. */
enum status library_subscribe(struct store *store, struct subscription *subscription,
                              int64_t now_ms, struct error *err);
/* The same by a steward's hand: a letter (kind "granted") tells the member. */
enum status library_grant(struct store *store, struct subscription *subscription, int64_t now_ms,
                          struct error *err);
/* The same as library_subscribe without an event, for many that share one; one with a paused_ms is paused since then. */
enum status library_add_subscription(struct store *store, struct subscription *subscription,
                                     int64_t now_ms, struct error *err);
/* Pauses it: nothing opens until it is resumed, and then its end moves by the pause. STATUS_CONFLICT when it
 * has ended, or is paused (or is not). */
enum status library_pause_subscription(struct store *store, int64_t id, int64_t now_ms,
                                       struct error *err);
enum status library_resume_subscription(struct store *store, int64_t id, int64_t now_ms,
                                        struct error *err);
/* Ends it now; what was open stays open if `keeps`. For one that ended by itself only `keeps` changes. */
enum status library_end_subscription(struct store *store, int64_t id, bool keeps, int64_t now_ms,
                                     struct error *err);

/* Moves its end, and what follows it of the same plan, by so much. */
enum status library_extend_subscription(struct store *store, int64_t id, int64_t by_ms,
                                        struct error *err);
/* Takes back the early end that a sanction put to it: it is again what it was (sanction_subscription says), with
 * the time that was lost. */
enum status library_restore_subscription(struct store *store, int64_t id, int64_t sanction,
                                         int64_t now_ms, struct error *err);

/* The member's subscriptions, the latest to end first. */
enum status library_list_subscriptions(struct arena *arena, struct store *store, int64_t member,
                                       int64_t now_ms, struct subscription **list, size_t *count,
                                       struct error *err);
struct subscriber {
    struct subscription subscription;
    struct str name, email, key; /* the member's */
};
/* Everybody's, the latest made first, of members whose name or e-mail contains `search` (empty: of all). Leaves out
 * the first `skip`, gives at most `most`. */
enum status library_list_subscribers(struct arena *arena, struct store *store, struct str search,
                                     int64_t now_ms, int64_t skip, int64_t most,
                                     struct subscriber **list, size_t *count, struct error *err);
/* The same of those alone that run, end before `before_ms` and are followed by no other of their plan, the next to
 * end first. */
enum status library_list_ending(struct arena *arena, struct store *store, struct str search,
                                int64_t before_ms, int64_t now_ms, int64_t skip, int64_t most,
                                struct subscriber **list, size_t *count, struct error *err);
/* Records that so many subscriptions were taken along as a file, within the caller's open write transaction. */
enum status library_note_subscribers_taken(struct arena *arena, struct store *store,
                                           struct str format, size_t count, struct error *err);
/* Finds one by "S12"; STATUS_MISSING when there is none. */
enum status library_find_subscription(struct arena *arena, struct store *store, struct str id,
                                      int64_t now_ms, struct subscription *subscription,
                                      struct error *err);

/* Imports subscriptions from CSV text with the columns e-mail, plan (its name), starts and ends (days like
 * 2026-11-24, the last one included; empty: today, and the plan's length) and state (in the words above; one that is
 * paused is so from today on; one that has ended did so on its last day, now at the latest, and opened nothing where
 * that lies before its first; one that is kept keeps what it opened), in one transaction with one event; bad lines as
 * in library_import_members. */
enum status library_import_subscriptions(struct arena *arena, struct store *store, struct str name,
                                         const struct digest *digest, struct str csv,
                                         int64_t now_ms, struct import *import, struct error *err);

/* Whether no other of its plan follows a member's subscription s, in SQL. */
#define UNFOLLOWED_SQL                                                   \
    "NOT EXISTS (SELECT 1 FROM subscription n WHERE n.member = s.member" \
    " AND n.plan = s.plan AND n.ended_ms IS NULL AND n.ends_ms > s.ends_ms)"

/* When the next reminder falls due (Unix ms), in SQL for who keeps the time; in the past or at once when one
 * waits, NULL when none will. Reminders come twice, so many days before the end, not for a paused subscription, nor
 * for one that another of its plan follows. */
#define REMINDER_FIRST_DAYS 30
#define REMINDER_LAST_DAYS  7
#define REMINDER_FIRST_SQL  "s.ends_ms - " STORE_DAYS_SQL(REMINDER_FIRST_DAYS)
#define REMINDER_LAST_SQL   "s.ends_ms - " STORE_DAYS_SQL(REMINDER_LAST_DAYS)
#define REMINDER_DUE_SQL    "SELECT min(due_ms) FROM (" REMINDER_SQL ")"
#define REMINDER_SQL                                                       \
    "SELECT s.id, s.member, s.plan, s.ends_ms, CASE"                       \
    " WHEN s.reminded_ms IS NULL OR s.reminded_ms < " REMINDER_FIRST_SQL   \
    " THEN " REMINDER_FIRST_SQL " WHEN s.reminded_ms < " REMINDER_LAST_SQL \
    " THEN " REMINDER_LAST_SQL " END AS due_ms"                            \
    " FROM subscription s WHERE s.paused_ms IS NULL AND s.ended_ms IS NULL AND " UNFOLLOWED_SQL
/* Queues the letters (kind "renewal") that are due at now_ms, each once, in a transaction of its own. Does
 * nothing while letters can't go out; once they can, what still runs is told of, and what ended before anybody
 * could be reminded is passed over for good. */
enum status library_make_reminders(struct store *store, struct arena *arena, int64_t now_ms,
                                   struct error *err);
/* Whether there is still something to remind of: it runs, and no other of its plan follows. */
enum status library_is_ending(struct store *store, int64_t id, int64_t now_ms, bool *ending,
                              struct error *err);

#endif
