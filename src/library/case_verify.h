/* A case file checked by whoever holds it, without the installation that made it.
 *
 * What is promised: where every check fits, each byte of the file is as it was when the holder of the key signed it; the facts
 * within are those that the checks speak of; and the figures follow from the marks by the method that docs/marking.md proves.
 * What is not: that the key is the organisation's (hold its public key beside the file, from elsewhere), that the pages and
 * the facts say the same beyond having been signed together, or that whoever holds the key told the truth; against that
 * stands the record, whose root others may have kept.
 *
 * Takes any bytes whatever, in time and memory of their order. */
#ifndef LIBRARY_CASE_VERIFY_H
#define LIBRARY_CASE_VERIFY_H

#include "library/case_seal.h"

enum case_outcome { CASE_FITS, CASE_FAILS, CASE_NOT_SHOWN };

struct case_check {
    const char *name; /* "signature", "pages" …; static */
    enum case_outcome outcome;
    struct str en, zh; /* what was looked at, and what was seen */
};
struct case_named {
    struct str member, name;
    double log10_p_all;
};
struct case_verified {
    struct case_check *checks;
    size_t nchecks;
    bool whole; /* none fails */
    /* What the file says of itself; empty where it can't be read. */
    struct digest key;
    struct str number, organisation, made_for, root;
    int64_t made_ms, root_line;
    struct case_named *named;
    size_t nnamed;
};

/* Checks a file; `key` is the public key that it must be signed by, NULL where none is at hand. In the arena. */
void case_verify(struct arena *arena, struct str file, const struct digest *key,
                 struct case_verified *verified);

#endif
