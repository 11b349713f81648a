/* Exhibits: files that were found, kept byte for byte, and what was read of them.
 *
 * Text is read whenever it is needed. A PDF or a picture takes seconds a page, so what was read of it is kept as a blob and
 * found again by the exhibit's digest and the reader's version; a page never reads one within a request. A trace
 * refers to the reading that it was made from, so that its marks stay where they were when the reader learns to read
 * better. Readings go when the exhibit's content does. */
#ifndef LIBRARY_EXHIBIT_H
#define LIBRARY_EXHIBIT_H

#include "format/format.h"
#include "store/store.h"

struct exhibit {
    struct str name;        /* file name, for messages */
    struct str bytes;       /* as found */
    struct paper_seen seen; /* what was read of it */
    struct digest digest;
    const char *how;          /* it was read: "text", "PDF" …; static; NULL: not yet */
    unsigned pages, pictured; /* of a PDF or picture; of them read from pictures … */
    bool read_in[LANG_COUNT]; /* … in these languages */
    struct str *signs;        /* what codes on it say */
    size_t nsigns;
    struct digest reading; /* the blob that keeps what was read … */
    bool has_reading;      /* … of one that takes its time */
    bool fresh;            /* it was read just now, and nothing refers to the blob yet */
};

/* Whether a file may be an exhibit, judged without taking time: text is read, of what takes its time only the kind is
 * seen. Fills name, bytes and digest. STATUS_INPUT says why not. */
enum status library_check_exhibit(struct arena *arena, struct str name, struct str bytes,
                                  struct exhibit *exhibit, struct error *err);

/* Reads a file, or takes what was read of it before. What takes its time is read once: its blob is put, and `fresh` is set
 * until library_keep_reading refers to it. watch may be NULL. As format_see. */
enum status library_read_exhibit(struct arena *arena, struct store *store, struct str name,
                                 struct str bytes, const struct format_watch *watch,
                                 struct exhibit *exhibit, struct error *err);
/* Puts on record what was read, within the open write transaction; nothing unless it is fresh. */
enum status library_keep_reading(struct store *store, struct exhibit *exhibit, struct error *err);

/* Takes what a trace read of an exhibit (`reading`, or NULL: it was text). Never reads anything that takes its time:
 * STATUS_MISSING where that is not kept. */
enum status library_recall_exhibit(struct arena *arena, struct store *store, struct str name,
                                   struct str bytes, const struct digest *reading,
                                   struct exhibit *exhibit, struct error *err);

/* Puts the exhibits' bytes on record as blobs, before the transaction that refers to them. */
enum status library_keep_exhibits(struct store *store, const struct exhibit *exhibits, size_t count,
                                  struct error *err);
/* Takes away what was read of an exhibit whose content goes. Takes a transaction of its own. */
enum status library_forget_readings(struct store *store, const struct digest *exhibit,
                                    struct error *err);

#endif
