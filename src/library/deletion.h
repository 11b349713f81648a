/* Delete after use: copies that a paper asks to be deleted, when, and who says that they did.
 *
 * What is due is noted when a copy is given (copy_record). A server can remind, ask for a word and show whose
 * word is missing; it can't delete a file on somebody's disk, and the pages say so. */
#ifndef LIBRARY_DELETION_H
#define LIBRARY_DELETION_H

#include "store/store.h"

struct deletion {
    int64_t paper, member;
    struct str key, title;              /* of the paper */
    struct str name, email, member_key; /* of the member */
    int64_t due_ms;
    int64_t attested_ms; /* 0: not yet */
};

/* What a member is to delete, what is due first ahead, then what they attested, the latest first. */
enum status library_list_deletions(struct arena *arena, struct store *store, int64_t member,
                                   struct deletion **list, size_t *count, struct error *err);
/* All members' copies whose deletion is not attested, what is due first ahead, at most `most`. */
enum status library_list_open_deletions(struct arena *arena, struct store *store, size_t most,
                                        struct deletion **list, size_t *count, struct error *err);

/* A paper of which copies are to be deleted: how many members are asked, and how many gave their word. */
struct deletion_paper {
    struct str key, title;
    int64_t asked, given;
};
/* All such papers, the newest first, at most `most`; in the arena. */
enum status library_list_deletion_papers(struct arena *arena, struct store *store, size_t most,
                                         struct deletion_paper **list, size_t *count,
                                         struct error *err);

/* One line of a paper's certificate. */
struct deletion_proof {
    int64_t member;
    struct str name;                                    /* "M17" when the member was erased */
    int64_t given_ms, due_ms, reminded_ms, attested_ms; /* 0: not */
    int64_t event;                                      /* that holds the word; 0: none */
    struct str hash;                                    /* its hash, hexadecimal */
};
/* Everybody whose copies of the paper are to be deleted, who gave their word first, at most `most`; in the arena. */
enum status library_list_deletion_proofs(struct arena *arena, struct store *store, int64_t paper,
                                         size_t most, struct deletion_proof **list, size_t *count,
                                         struct error *err);

/* Takes the member's word that their copies of the paper are deleted, with its event, within the open write
 * transaction. STATUS_MISSING when none is due. */
enum status library_attest_deletion(struct store *store, int64_t member, struct str key,
                                    struct error *err);

/* Whether the member still owes their word on the paper. */
enum status library_owes_deletion(struct store *store, int64_t member, int64_t paper, bool *owes,
                                  struct error *err);

/* When the next reminder falls due (Unix ms), one row or none. */
#define DELETION_REMINDER_SQL                                                           \
    "SELECT min(CASE WHEN reminded_ms IS NULL THEN due_ms - 259200000 ELSE due_ms END)" \
    " FROM deletion WHERE attested_ms IS NULL AND (reminded_ms IS NULL OR reminded_ms < due_ms)"
/* Queues the reminders that are due, three days ahead and on the day, within the open write transaction; a
 * server_write_step without context. Does nothing while letters can't go out. */
enum status library_make_deletion_reminders(struct store *store, struct arena *scratch,
                                            void *context, struct error *err);

#endif
