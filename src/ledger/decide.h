/* What editors decided about a paper's sentences: which became lines of the ledger, which joined one, which were dropped.
 *
 * A commitment is a place in an edition, never anybody's words. In a later edition it stands where the same words do;
 * where they changed, an editor says where it stands now. Changes run within the caller's open write transaction and add
 * their event. */
#ifndef LEDGER_DECIDE_H
#define LEDGER_DECIDE_H

#include "ledger/line.h"

struct ledger_place {
    int64_t paper, edition;
    size_t at, len; /* bytes of the edition's text */
};
enum commitment_state { COMMITMENT_ACCEPTED, COMMITMENT_MERGED, COMMITMENT_DROPPED };

struct commitment {
    int64_t id;
    struct str key;
    enum ledger_kind kind;
    enum commitment_state state;
    struct ledger_place
        place;        /* in the newest edition, up to the one asked for, that it has one in */
    struct line line; /* id 0: dropped */
    struct str why;
};

/* Makes a line for the sentence; fills line->id and the rest. STATUS_CONFLICT when the place is decided upon already; one
 * that was dropped may be taken up. Errors as ledger_make_line. */
enum status ledger_accept(struct arena *arena, struct store *store,
                          const struct ledger_place *place, struct line *line, int64_t member,
                          const struct ledger_deed *deed, struct error *err);
/* The sentence joins a line that is there. */
enum status ledger_merge(struct arena *arena, struct store *store, const struct ledger_place *place,
                         enum ledger_kind kind, int64_t line, int64_t member,
                         const struct ledger_deed *deed, struct error *err);
/* The sentence makes no line. */
enum status ledger_drop(struct arena *arena, struct store *store, const struct ledger_place *place,
                        enum ledger_kind kind, int64_t member, const struct ledger_deed *deed,
                        struct error *err);
/* Says where a commitment stands in a later edition. STATUS_CONFLICT when that place is another's. */
enum status ledger_move_commitment(struct store *store, int64_t commitment,
                                   const struct ledger_place *place, struct error *err);

/* What was decided about a paper up to an edition, in the order of places. Texts in the arena. */
enum status ledger_list_commitments(struct arena *arena, struct store *store, int64_t paper,
                                    int64_t edition, struct commitment **list, size_t *count,
                                    struct error *err);
/* Where a line comes from: the newest place of each of its commitments. */
enum status ledger_list_sources(struct arena *arena, struct store *store, int64_t line,
                                struct ledger_place **list, size_t *count, struct error *err);

#endif
