/* Numbers of copies: what a visible mark, and the code (QR) in it, shows.
 *
 * A number (base/serial.h) is drawn at random when an edition is first given to a member, so it says nothing of whose
 * copy it is. Whoever holds a copy may ask whether it is still good; whose it is, stewards alone are told, and that they
 * asked is on record. A number that was seen proves nothing about its member: it is print, and whoever made a copy
 * known could have printed another's. */
#ifndef LIBRARY_COPY_NUMBER_H
#define LIBRARY_COPY_NUMBER_H

#include "base/serial.h"
#include "store/store.h"

/* What anybody is told of a copy. It rests on the paper, its editions and what was decided about the copy, never on
 * whether its member pays, is suspended or still in a group. */
enum copy_state {
    COPY_UNKNOWN, /* no copy has this number; mistyped ones are not told apart from those never given */
    COPY_CURRENT,    /* given by this installation, of the newest edition */
    COPY_SUPERSEDED, /* the same, and there is a newer edition */
    COPY_EXPIRED,    /* the paper's time or the copy's days are over, or its member was erased */
    COPY_REVOKED,    /* this copy, or the paper */
    COPY_STATES
};
/* "current" and so on, for scripts. */
const char *copy_state_name(enum copy_state state);
/* What is said to whoever asked, a sentence or two in each language. Static. */
void copy_state_words(enum copy_state state, const char **en, const char **zh);

/* How a number stands at a moment, as somebody typed it or pasted what a code said. Takes as long for a mistyped one as for one never given. */
enum status copy_check_number(struct store *store, struct str typed, int64_t now_ms,
                              enum copy_state *state, struct error *err);

/* For stewards. */
struct numbered_copy {
    struct serial number;
    int64_t paper, edition, member;
    int64_t first_ms;            /* when it was first given */
    struct str paper_key, title; /* of the paper, and of that edition */
    struct str name;             /* the member's today; empty when erased */
    enum copy_state state;
};
/* Whose copy a number is. STATUS_MISSING when no copy has it. */
enum status copy_find_number(struct arena *arena, struct store *store, struct str typed,
                             int64_t now_ms, struct numbered_copy *copy, struct error *err);
/* The same for somebody who asks, with the event that they did (trace.number, hidden from members as all of inquiries
 * is); within the open write transaction. */
enum status copy_ask_number(struct arena *arena, struct store *store, struct str typed,
                            int64_t now_ms, struct numbered_copy *copy, struct error *err);

#endif
