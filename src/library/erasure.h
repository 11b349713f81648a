/* Erasing a member: nothing is left that says who they were, and the chain of events stands.
 *
 * One person asks (the member, or a steward), another confirms. Confirming goes through the register
 * (personal.h), takes words out of the events (store_cut_event), and the e-mail address out of whatever else
 * holds it. The number stays: copies that leaked before are traced to it, and it is never given again.
 *
 * What nothing uses any more still lies in the database's file until it is swept; library_sweep_erasures does
 * that, from the server's timer or the command. Only then is the certificate complete. */
#ifndef LIBRARY_ERASURE_H
#define LIBRARY_ERASURE_H

#include "base/lang.h"
#include "store/store.h"

struct erasure {
    int64_t id;
    struct str key; /* in addresses */
    int64_t member, asked_by, asked_ms;
    struct str member_key;          /* of the member's page, while there is one */
    struct str name;                /* of the member; "M17" once it is done */
    int64_t decided_by, decided_ms; /* 0: not yet */
    struct str state;               /* "asked", "withdrawn", "done" */
    struct str done;                /* JSON: [[place in the register, rows], …] */
    int64_t event;                  /* that tells of it; 0: none yet */
    struct str event_hash;          /* its hash, hexadecimal; empty: none yet */
    int64_t swept_ms;
};

/* Why a member can't be erased now; empty when they can. A table of reasons decides. */
enum status library_erasure_obstacle(struct store *store, int64_t member, enum lang lang,
                                     struct str *why, struct error *err);

/* Asks for it, with its event, within the open write transaction. `by` is the member or a steward. Gives the
 * key. STATUS_CONFLICT when it is asked for already or an obstacle stands in its way, STATUS_MISSING when there
 * is no such member, STATUS_FORBIDDEN when `by` is neither the member nor a steward or owner. */
enum status library_ask_erasure(struct arena *arena, struct store *store, int64_t member,
                                int64_t by, struct str *key, struct error *err);
/* Takes the wish back, with its event, within the open write transaction. STATUS_MISSING when none of this key
 * is open. */
enum status library_withdraw_erasure(struct store *store, struct str key, int64_t by,
                                     struct error *err);
/* Erases, with its event, within the open write transaction. STATUS_FORBIDDEN when `by` is the one who asked,
 * the member themself, or no steward, STATUS_MISSING as above, STATUS_CONFLICT for an obstacle. */
enum status library_confirm_erasure(struct arena *arena, struct store *store, struct str key,
                                    int64_t by, struct error *err);

/* By key; STATUS_MISSING. */
enum status library_find_erasure(struct arena *arena, struct store *store, struct str key,
                                 struct erasure *erasure, struct error *err);
/* The open one of a member; erasure->id 0 when there is none. */
enum status library_open_erasure(struct arena *arena, struct store *store, int64_t member,
                                 struct erasure *erasure, struct error *err);
/* The newest, open ones first, at most `most`. */
enum status library_list_erasures(struct arena *arena, struct store *store, size_t most,
                                  struct erasure **list, size_t *count, struct error *err);

/* How many wait for a second person, as which `by` would do. */
enum status library_count_erasures(struct store *store, int64_t by, int64_t *count,
                                   struct error *err);

/* Where something of the member stands that others wrote or the organisation published, which an erasure leaves
 * for people to judge: columns that hold the name. */
struct erasure_trace {
    struct str table, column;
    int64_t rows;
};
enum status library_find_name(struct arena *arena, struct store *store, struct str name,
                              struct erasure_trace **traces, size_t *count, struct error *err);

/* Exhibits whose content a sweep takes away, in the arena: of findings that name somebody who is erased and nobody who is
 * not; and what an appeal of theirs brought, which is nobody else's exhibit. */
enum status library_list_erased_exhibits(struct arena *arena, struct store *store,
                                         struct digest **digests, size_t *count, struct error *err);

/* When an erasure waits to be swept, a time in the past, else no row. */
#define ERASURE_SWEEP_SQL                                                                        \
    "SELECT min(ms) FROM (SELECT min(decided_ms) AS ms FROM erasure WHERE state = 'done'"        \
    " AND swept_ms IS NULL UNION ALL SELECT min(made_ms) FROM report WHERE " ERASURE_REPORTS_SQL \
    ")"
/* Reports of erased members, of cases that are over, that still say something in words. */
#define ERASURE_REPORTS_SQL                                                                \
    "reporter IN (SELECT id FROM member WHERE erased_ms IS NOT NULL)"                      \
    " AND case_file IN (SELECT id FROM case_file WHERE state IN ('dismissed', 'settled'))" \
    " AND (words || place || link <> '' OR EXISTS (SELECT 1 FROM case_exhibit x"           \
    " WHERE x.case_file = report.case_file AND x.source = 'report' AND x.name <> ''))"
/* Sweeps, in transactions of its own. */
enum status library_sweep_erasures(struct store *store, int64_t now_ms, struct error *err);

#endif
