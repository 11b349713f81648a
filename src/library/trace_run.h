/* Traces asked for from a page, of a case's exhibits or of what a steward has at hand: asked, run by whoever takes them up, and what came of them.
 *
 *   waiting ─→ running ─→ done
 *      │          ├─────→ failed       (why is kept)
 *      ├──────────┴─────→ cancelled    (by a steward; finds nothing out)
 *      │          ├─────→ interrupted  (the server ended; found at its next start)
 *      ├←─────────┘ put back (it takes too long for the place kept for quick ones)
 *      └←── again: cancelled, interrupted and failed ones may be asked for again
 *
 * Exhibits and finding are for stewards only. A trace that names its viewer, or of a case that accuses them, does
 * not exist for them. What a trace of a case finds is kept in the case by the same transaction. Changes run within the
 * open write transaction, each with its event about F1, F2 … */
#ifndef LIBRARY_TRACE_RUN_H
#define LIBRARY_TRACE_RUN_H

#include "library/trace.h"

#define TRACE_EXHIBITS_MAX  20U /* asked for at a time */
#define TRACE_EXHIBITS_ROOM 40U /* those of two cases together */

enum trace_state {
    TRACE_WAITING,
    TRACE_RUNNING,
    TRACE_DONE,
    TRACE_CANCELLED,
    TRACE_INTERRUPTED,
    TRACE_FAILED,
};
const char *trace_state_name(enum trace_state state); /* "waiting", "running", … */

struct trace_exhibit {
    struct str name;
    struct digest digest;
    struct digest reading; /* the blob of what the trace read of it … */
    bool has_reading;      /* … where that took its time; see library_recall_exhibit */
};

struct trace_run {
    int64_t id;
    struct str key; /* its name in addresses */
    int64_t paper;  /* 0: found among all */
    bool everyone;
    double false_alarm;
    int64_t asked_by;
    struct str asker;                     /* their name */
    int64_t asked_ms, began_ms, ended_ms; /* 0: not yet */
    enum trace_state state;
    struct error failed;
    struct str finding; /* packed; empty until done */
    struct digest matches;
    struct trace_exhibit *exhibits;
    size_t nexhibits;
    int64_t case_file;   /* whose exhibits they are; 0: no case's */
    struct str case_key; /* its name in addresses */
    int64_t joint; /* number of the joint test of two cases that it is; 0: none. See joint.h */
    bool alike;    /* of a joint test that was run: library_joint_alike */
};

/* Asks for a trace under a new key (library_new_key): fills id, keeps the rest. The exhibits' blobs are kept already; the same digest
 * twice counts once. STATUS_INPUT without exhibits, with too many, or where the bound is not within
 * (0, TRACE_FALSE_ALARM]: a page asks for no weaker one than is usual. Of a case: as case_allow allows, and
 * all exhibits are the case's. */
enum status library_ask_trace(struct store *store, struct trace_run *run, struct error *err);
/* The bytes of an exhibit that was kept. STATUS_MISSING, and words for it, when they are not kept any more: an
 * erasure takes some away (erasure.h). */
enum status library_get_exhibit(struct arena *arena, struct store *store,
                                const struct digest *digest, struct str *bytes, struct error *err);
/* Asks for it again. STATUS_CONFLICT when it waits, runs, or is done. */
enum status library_ask_trace_again(struct store *store, int64_t id, int64_t now_ms,
                                    struct error *err);
/* Cancels one that waits or runs; what it finds afterwards is dropped. STATUS_CONFLICT when it has ended. */
enum status library_cancel_trace(struct store *store, int64_t id, int64_t now_ms,
                                 struct error *err);

/* By its key, with its exhibits. STATUS_MISSING when there is none for `viewer`. */
enum status library_find_trace(struct arena *arena, struct store *store, struct str key,
                               int64_t viewer, struct trace_run *run, struct error *err);
/* The newest that there are for `viewer`, at most `most`, without exhibits; of a case, or (0) of all. */
enum status library_list_traces(struct arena *arena, struct store *store, int64_t viewer,
                                int64_t case_file, size_t most, struct trace_run **runs,
                                size_t *count, struct error *err);
/* Stewards and owners for whom there is this trace, ascending, in the arena. */
enum status library_list_trace_viewers(struct arena *arena, struct store *store, struct str key,
                                       int64_t **members, size_t *count, struct error *err);
/* Opens a case with the exhibits and the finding of a trace that is done and has none, reported by `actor`, who
 * then can't decide in it; gives its key, in the arena. STATUS_CONFLICT when it is not done or has a case. */
enum status library_open_case_of_trace(struct arena *arena, struct store *store,
                                       const struct trace_run *run, int64_t actor, int64_t now_ms,
                                       struct str *key, struct error *err);

/* --- for whoever runs them -------------------------------------------------------------------------- */

/* The one that has waited longest, with its exhibits; joint tests come after all others, and what is of a case or a steward
 * with one at work after those of others. STATUS_MISSING when none waits. */
enum status library_next_trace(struct arena *arena, struct store *store, struct trace_run *run,
                               struct error *err);
/* The same of those that have not been put back. */
enum status library_next_quick_trace(struct arena *arena, struct store *store,
                                     struct trace_run *run, struct error *err);
/* Takes it up. STATUS_CONFLICT when it waits no more. */
enum status library_begin_trace(struct store *store, int64_t id, int64_t now_ms, struct error *err);
/* Reads its exhibits and traces them, as the watch allows; fills run->alike. Changes nothing. */
enum status library_run_trace(struct arena *arena, struct store *store, struct trace_run *run,
                              const struct trace_watch *watch, struct trace_request *request,
                              struct finding *finding, struct error *err);
/* Keeps what was found. The blob of its matches is kept already. Does nothing when it was cancelled
 * meanwhile. */
enum status library_end_trace(struct arena *arena, struct store *store, const struct trace_run *run,
                              const struct trace_request *request, const struct finding *finding,
                              const struct digest *matches, int64_t now_ms, struct error *err);
/* Lets it wait on as one that takes long. Does nothing when it was cancelled meanwhile. */
enum status library_put_back_trace(struct store *store, int64_t id, struct error *err);
/* Keeps why nothing was found. Does nothing when it was cancelled meanwhile. */
enum status library_fail_trace(struct arena *arena, struct store *store, int64_t id,
                               const struct error *why, int64_t now_ms, struct error *err);
/* What runs was left behind by a server that ended: says so of each. */
enum status library_interrupt_traces(struct store *store, int64_t now_ms, struct error *err);

#endif
