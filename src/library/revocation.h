/* Revocations: copies that may no longer be opened, of one paper or of all; one member's, a group's or
 * everybody's. They stay on record when they are lifted. What they mean for a reader is entitlement's. */
#ifndef LIBRARY_REVOCATION_H
#define LIBRARY_REVOCATION_H

#include "store/store.h"

struct revocation {
    int64_t id;
    int64_t paper;  /* 0: all papers */
    int64_t member; /* 0: not one member's */
    int64_t group;  /* 0: not one group's; both 0: everybody's */
    struct str reason;
    int64_t created_ms, lifted_ms;
    struct str name; /* of the member or group, when listed */
};

/* Revokes, with its event, within the open write transaction; fills id and created_ms. STATUS_USAGE unless it
 * names a paper, a member or a group. */
enum status library_revoke_copies(struct arena *arena, struct store *store,
                                  struct revocation *revocation, struct error *err);
/* Lifts one that stands against the paper (or against all). STATUS_MISSING when there is none such. */
enum status library_lift_revocation(struct arena *arena, struct store *store, int64_t paper,
                                    int64_t id, struct error *err);
/* Those that stand or stood against a paper, all-paper ones included: those in force first, then the
 * latest; at most `most`. */
enum status library_list_revocations(struct arena *arena, struct store *store, int64_t paper,
                                     size_t most, struct revocation **list, size_t *count,
                                     struct error *err);

#endif
