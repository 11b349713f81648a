/* Reports of the ledger as drafts of papers: on demand, and by themselves when a period is over. */
#ifndef SERVER_SUMMARY_DRAFT_H
#define SERVER_SUMMARY_DRAFT_H

#include "ledger/summary.h"

/* What is to become of a report. */
struct summary_order {
    enum summary_kind kind;
    enum lang lang;
    int64_t member; /* the editor whose draft it becomes */
    int64_t group;  /* to be published to it at once; 0: it stays a draft */
};
/* Drafts the report of the last period that is over, within the open write transaction; *key in the arena names the
 * draft. */
enum status summary_make_draft(struct arena *arena, struct store *store,
                               const struct summary_order *order, int64_t now_ms, struct str *key,
                               struct error *err);
/* When the period in which a moment lies is over: the morning after its last day. */
int64_t summary_next_ms(enum summary_kind kind, int64_t now_ms);

/* The timer's duty: drafts what is due, each once. A plan whose editor is one no more ends. */
#define SUMMARY_DUE_SQL "SELECT min(next_ms) FROM summary_plan"
enum status summary_make_due(struct store *store, struct arena *scratch, void *context,
                             struct error *err);

#endif
