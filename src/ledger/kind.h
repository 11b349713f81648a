/* The kinds of line that the ledger holds, as one table: a further kind is a row more. */
#ifndef LEDGER_KIND_H
#define LEDGER_KIND_H

#include "base/lang.h"
#include "base/str.h"

enum ledger_kind {
    LEDGER_GOAL,
    LEDGER_INDICATOR,
    LEDGER_PROJECT,
    LEDGER_POLICY,
    LEDGER_RISK,
    LEDGER_STUDY,
    LEDGER_RECTIFICATION,
    LEDGER_FIELD,
    LEDGER_MILESTONE,
    LEDGER_REVIEW,
    LEDGER_INSPECTION,
    LEDGER_CAMPAIGN,
    LEDGER_SWEEP,
    LEDGER_KINDS
};

/* "goal", "indicator" … as in the database, the rules and JSON; static. */
const char *ledger_kind_name(enum ledger_kind kind);
/* Reads it; false on anything else. */
bool ledger_kind_named(struct str name, enum ledger_kind *kind);
/* As a reader of `lang` calls one: "Indicator", "指标"; static. */
const char *ledger_kind_word(enum ledger_kind kind, enum lang lang);
/* Several: "Indicators", "指标"; static. */
const char *ledger_kind_words(enum ledger_kind kind, enum lang lang);
/* Behind a line's address: the page of its kind's procedure; "" for kinds without one. Static. */
const char *ledger_kind_page(enum ledger_kind kind);
/* What its lines' numbers begin with: 'I' in "I7". */
char ledger_kind_letter(enum ledger_kind kind);

#endif
