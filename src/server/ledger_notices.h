/* Notices of supervision joined with members, settings and letters: the round that gives them, and how they are seen. */
#ifndef SERVER_LEDGER_NOTICES_H
#define SERVER_LEDGER_NOTICES_H

#include "ledger/urge.h"
#include "server/field.h"
#include "server/ledger.h"

/* The working days of this installation: the setting ledger.calendar, Monday to Friday where there is none. */
enum status ledger_notices_calendar(struct arena *arena, struct store *store,
                                    const struct workdays **calendar, struct error *err);

/* The rule of a notice by the numbers of its day: columns near_days and behind_points, from `at` on; in the arena. */
struct str ledger_notice_rule(struct arena *arena, struct query *q, int at, enum urge_cause cause,
                              enum lang lang);

/* When the round is due; no time while nothing is supervised. */
#define LEDGER_NOTICES_DUE_SQL                                     \
    "SELECT next_ms FROM supervision_round WHERE EXISTS (SELECT 1" \
    " FROM supervision WHERE state IN ('assigned', 'working'))"
/* Gives the day's notices and queues one letter for each of those whom they go to, in transactions of its own, so that
 * after a crash it goes on where it was; then it is due on the next working day. Outside hours it only waits. */
enum status ledger_notices_round(struct store *store, int64_t now_ms, struct error *err);

/* Whom a notice is open to besides those whom it goes to: all, if it is a circular; who keeps the ledger, inspectors, and who
 * heads the unit. Over the notice `n` and the viewer ?1. */
#define LEDGER_NOTICE_OPEN_SQL                                                               \
    "(n.kind = 'circular' OR EXISTS (SELECT 1 FROM role r WHERE r.member = ?1 AND r.role IN" \
    " ('editor', 'steward', 'owner', 'inspector')) OR n.unit IN (SELECT id FROM unit WHERE"  \
    " head = ?1) OR n.id IN (SELECT notice FROM supervision_notice_to WHERE member = ?1))"

struct ledger_notice_row {
    struct str key, kind, kind_words, rule, number, title, due, made;
    int64_t sheet;
};
extern const struct field ledger_notice_fields[];
/* Those about a line that are open to the viewer; 0: the newest that went to the viewer about each line still under way, of
 * the last 30 days. The newest first, at most 100. */
enum status ledger_list_notices(struct request *rq, int64_t line, struct ledger_notice_row **list,
                                size_t *count, struct error *err);

/* What waits for the viewer to sign for, a line or a part under supervision, or to check: what was said to be done or put
 * right. The soonest due
 * first, at most 50. */
struct ledger_waiting_row {
    struct str key, number, title, what, what_words, due, path;
};
extern const struct field ledger_waiting_fields[];
enum status ledger_list_waiting(struct request *rq, struct ledger_waiting_row **list, size_t *count,
                                struct error *err);

#endif
