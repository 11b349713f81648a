/* The errands of steps with time limits: clocks looked at when a day begins, letters to those whose turn it is. */
#ifndef SERVER_STEP_ROUND_H
#define SERVER_STEP_ROUND_H

#include "ledger/review.h"

/* See ledger_keep_clocks; due by LEDGER_CLOCKS_DUE_SQL. In transactions of its own. */
enum status step_keep_clocks(struct store *store, int64_t now_ms, struct error *err);
/* Queues the letters that are due by LEDGER_STEPS_TELL_SQL, each once: that a step is open, that its question was answered, that
 * its limit nears, to whom it names, else to who heads its unit, else to all of the unit; that a question was asked, to who
 * answers for the line. In transactions of its own. */
enum status step_tell(struct store *store, int64_t now_ms, struct error *err);
/* Queues the letters that a review was replied to: to who asked for it, and to who leads the line that it is about, unless they
 * gave the reply. Within the open write transaction. */
enum status step_tell_reply(struct store *store, int64_t line, struct error *err);

#endif
