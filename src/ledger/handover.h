/* Handing lines over: a lead asks another to lead what they lead, and says why; it takes effect when the other accepts.
 *
 * What is asked lapses when the line gets another lead or is closed meanwhile. Lines of who can't answer any more are
 * leaderless (LEDGER_LEADERLESS_SQL) and given to others by the head of their unit or by editors, as a change like any. */
#ifndef LEDGER_HANDOVER_H
#define LEDGER_HANDOVER_H

#include "ledger/line.h"

struct ledger_handover {
    int64_t id;
    struct str key;
    int64_t line, giver, taker;
    struct str why;
    int64_t asked_ms;
};

/* Asks taker to lead a line of giver's, for deed->why. Event line.handover. STATUS_FORBIDDEN when the giver does not lead
 * it, STATUS_INPUT without a reason or when both are the same or the ledger is not open to the taker, STATUS_CONFLICT
 * when it is closed or somebody was asked already. */
enum status ledger_hand_over(struct arena *arena, struct store *store, int64_t line, int64_t giver,
                             int64_t taker, const struct ledger_deed *deed, struct error *err);

/* What is open of a key. STATUS_MISSING when there is none or it has lapsed. */
enum status ledger_find_handover(struct arena *arena, struct store *store, struct str key,
                                 struct ledger_handover *handover, struct error *err);
/* The taker leads the line from now on. Events line.changed and line.handover. STATUS_FORBIDDEN for anybody but the taker,
 * STATUS_CONFLICT when it has lapsed. */
enum status ledger_accept_handover(struct arena *arena, struct store *store, struct str key,
                                   int64_t by, const struct ledger_deed *deed, struct error *err);
/* The line stays where it is. Declined by the taker with a reason (STATUS_INPUT without), withdrawn by the giver. */
enum status ledger_decline_handover(struct arena *arena, struct store *store, struct str key,
                                    int64_t by, const struct ledger_deed *deed, struct error *err);
enum status ledger_withdraw_handover(struct arena *arena, struct store *store, struct str key,
                                     int64_t by, const struct ledger_deed *deed, struct error *err);
/* What is open and asked of a member, and by them; oldest first. */
enum status ledger_list_handovers(struct arena *arena, struct store *store, int64_t member,
                                  struct ledger_handover **list, size_t *count, struct error *err);

/* Whether line `l` is in hand and has nobody who can lead it: no lead, or one who is suspended, erased, or to whom the
 * ledger is not open. */
#define LEDGER_LEADERLESS_SQL                                                                  \
    "(l.state IN ('proposed', 'active') AND (l.lead IS NULL OR l.lead NOT IN (SELECT r.member" \
    " FROM (SELECT member FROM role UNION SELECT member FROM unit_member) r WHERE NOT EXISTS"  \
    " (SELECT 1 FROM account a WHERE a.member = r.member AND a.suspended_ms IS NOT NULL))))"

#endif
