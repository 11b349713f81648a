/* Who may do what in the ledger. One function decides, over what somebody is and how they stand to a line; what it
 * answers is a table, tested case by case. Least by default: who is nobody here sees nothing. */
#ifndef LEDGER_MAY_H
#define LEDGER_MAY_H

#include "ledger/line.h"

/* What somebody is. */
enum {
    LEDGER_EDITS = 1,     /* editor, steward or owner: all lines are theirs */
    LEDGER_INSPECTS = 2,  /* inspector: verifies what others report */
    LEDGER_ROLE_LEAD = 4, /* has the role of a lead: sees the ledger, may be named */
    LEDGER_IN_UNITS = 8,  /* belongs to a unit */
    /* How they stand to the line at hand. */
    LEDGER_LEADS = 16,   /* lead of the line or of one that it is part of */
    LEDGER_HEADS = 32,   /* head of its unit or of one above that */
    LEDGER_OF_UNIT = 64, /* member of its unit */
};

enum ledger_deed_kind {
    LEDGER_SEE,     /* lists and lines, follow, keep views, export */
    LEDGER_MAKE,    /* new lines that are part of nothing */
    LEDGER_CHANGE,  /* fields of the line, lines under it */
    LEDGER_REPORT,  /* feedback, attachments, talk */
    LEDGER_VERIFY,  /* what was reported done */
    LEDGER_ARRANGE, /* units, commitments of papers, rules of the ledger */
};

struct ledger_person {
    int64_t member;
    unsigned is; /* LEDGER_EDITS … LEDGER_IN_UNITS */
};

/* Whether `is` (what they are and how they stand, together) allows it. Pure. */
bool ledger_may(unsigned is, enum ledger_deed_kind deed);

/* Fills in what the database knows of a person at this moment: roles and LEDGER_IN_UNITS; nothing for whom is
 * suspended. */
enum status ledger_know_person(struct store *store, struct ledger_person *person,
                               struct error *err);
/* What a person is together with how they stand to a line. */
enum status ledger_stand_to(struct store *store, const struct ledger_person *person, int64_t line,
                            unsigned *is, struct error *err);
/* For the step that writes: STATUS_FORBIDDEN unless a member may do it by what the database says there and then.
 * `line` is 0 for what is about none. */
enum status ledger_check_right(struct store *store, int64_t member, int64_t line,
                               enum ledger_deed_kind deed, struct error *err);
/* The same for changes of a line: who puts it under another line must be allowed to change that one too. */
enum status ledger_check_changes(struct store *store, int64_t member, int64_t line,
                                 const struct line_change *changes, size_t count,
                                 struct error *err);

#endif
