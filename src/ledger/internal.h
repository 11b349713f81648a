/* What the files of ledger/ share and nobody else sees: the rules as they are read.
 *
 * Reading order: rules.c (the data), moment.c (dates and quantities in a sentence), commitment.c (the walk). */
#ifndef LEDGER_INTERNAL_H
#define LEDGER_INTERNAL_H

#include "ledger/commitment.h"

struct ledger_words {
    const struct str *at;
    size_t count;
};

enum ledger_rule_kind {
    RULE_BINDS,
    RULE_DECIDES,
    RULE_TELLS,
    RULE_OPENS,
    RULE_AFTER,
    RULE_UNDER,
    RULE_DATED,
    RULE_KIND,
    RULE_BODY,
    RULE_LEADS,
    RULE_NAMES,
    RULE_STOPS,
    RULE_NOTES,
    RULE_MEASURE,
    RULE_UNIT,
    RULE_KINDS
};

struct ledger_rule {
    struct ledger_words words;
    struct ledger_words unless; /* longer words in which it does not count */
    enum ledger_kind line;      /* of RULE_KIND … */
    unsigned weight;
};

struct ledger_rules {
    enum lang lang;
    struct ledger_rule *of[RULE_KINDS];
    size_t count[RULE_KINDS];
};

/* Where `word` stands in the sentence at or after `from`, or SIZE_MAX. English: whole words, `word` in small
 * letters. */
size_t ledger_find_word(const struct ledger_rules *rules, struct str sentence, struct str word,
                        size_t from);
/* Whether one of the words of one of the rules of this kind counts somewhere in the sentence. */
bool ledger_has(const struct ledger_rules *rules, enum ledger_rule_kind kind, struct str sentence);
/* Whether the text begins (ends) with one of them. */
bool ledger_begins(const struct ledger_rules *rules, enum ledger_rule_kind kind, struct str text);
/* The bytes of the longest of them that the text begins with, or 0. */
size_t ledger_begins_by(const struct ledger_rules *rules, enum ledger_rule_kind kind,
                        struct str text);
bool ledger_ends(const struct ledger_rules *rules, enum ledger_rule_kind kind, struct str text);

/* The words of the sentence that say until when, and what day that is; empty where it says none. */
struct str ledger_find_date(const struct ledger_rules *rules, struct str sentence,
                            struct ledger_date *due);
/* The first quantity to be reached, with its measure in front; empty where there is none. */
struct str ledger_find_quantity(const struct ledger_rules *rules, struct str sentence);

#endif
