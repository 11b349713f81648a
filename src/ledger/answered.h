/* Who answered for a line when: its lead and unit at a moment, however often it was handed over since. */
#ifndef LEDGER_ANSWERED_H
#define LEDGER_ANSWERED_H

#include "ledger/line.h"

struct ledger_answering {
    int64_t lead, unit; /* 0: none */
};

/* Keeps that `was` answered until the moment of the deed, where `is` has another lead or unit. Within the change of the
 * line, see ledger_change_line. */
enum status ledger_keep_answering(struct store *store, const struct line *was,
                                  const struct line *is, const struct ledger_deed *deed,
                                  struct error *err);
/* Who answered at a moment. */
enum status ledger_find_answering(struct store *store, int64_t line, int64_t at_ms,
                                  struct ledger_answering *answering, struct error *err);

#endif
