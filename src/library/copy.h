/* The copy walk: edition → codeword → stamp → event committed → bytes out. */
#ifndef LIBRARY_COPY_H
#define LIBRARY_COPY_H

#include "format/format.h"
#include "library/paper.h"

/* Everything that the copies of one edition in one format share. */
struct copy_press;

/* Prepares an edition for copying. The press lives in the arena. */
enum status copy_press_make(struct arena *arena, struct store *store,
                            const struct edition_text *text, enum format_kind kind,
                            struct copy_press **press, struct error *err);

/* Records that the member was given a copy, within the open write transaction. */
enum status copy_record(struct copy_press *press, struct store *store, int64_t member,
                        struct error *err);
/* The member's copy. Valid until the next call with this press. Call only after the event is
 * committed: bytes leave the program after their event is durable. */
struct str copy_bytes(struct copy_press *press, int64_t member);
/* The master in the same format, without marks. Valid until the next call with this press. */
struct str copy_master_bytes(struct copy_press *press);

#endif
