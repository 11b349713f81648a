/* The files of the store that the library's records refer to: whether each is there, as it was put.
 *
 * The chain of events says nothing of them. A disk that went bad or a hand that slipped shows only when somebody
 * wants the file, years later, so checks, backups and restores look at all of them. */
#ifndef LIBRARY_STORED_H
#define LIBRARY_STORED_H

#include "base/lang.h"
#include "store/store.h"

struct stored_file {
    struct str path; /* in the data folder: "blobs/ab/cdef…" */
    struct str of;   /* what refers to it, in words: "P3/1 (text)" */
    bool damaged;    /* it is there, and not as it was put; else it is missing */
};

/* Those that are missing or damaged, in the arena. Exhibits that went with members who are erased are not missed, nor
 * attachments swept after they were removed. Reads every file: takes O(bytes stored). */
enum status library_list_lost_files(struct arena *arena, struct store *store, enum lang lang,
                                    struct stored_file **files, size_t *count, struct error *err);

#endif
