/* The copy walk: edition → codeword → stamp → event committed → bytes out. */
#ifndef LIBRARY_COPY_H
#define LIBRARY_COPY_H

#include "format/format.h"
#include "library/paper.h"

/* Everything that the copies of one edition in one format share. Never changes once it is made, so any
 * number of threads may use one press. */
struct copy_press;

/* Prepares an edition for copying. The press lives in the arena and keeps nothing of `text`. */
enum status copy_press_make(struct arena *arena, struct store *store,
                            const struct edition_text *text, enum format_kind kind,
                            struct copy_press **press, struct error *err);
/* The same for a page of the portal: see copy_write_page. */
enum status copy_press_make_page(struct arena *arena, struct store *store,
                                 const struct edition_text *text, struct copy_press **press,
                                 struct error *err);
const struct edition *copy_press_edition(const struct copy_press *press);
/* What stands around the paper in its copies, as the settings had it when the press was made. */
const struct format_frame *copy_press_frame(const struct copy_press *press);
/* The frame of a paper's copies as the settings and its offer have it now, in the arena. */
enum status copy_read_frame(struct arena *arena, struct store *store, int64_t paper,
                            struct format_frame *frame, struct error *err);

/* Records that the member was given a copy, within the open write transaction: an event, the first copy's
 * time, and where the paper demands it when the copy is to be deleted. STATUS_CONFLICT when the edition's
 * sites were changed since the press was made: make a new one. */
enum status copy_record(const struct copy_press *press, struct store *store, int64_t member,
                        struct error *err);
/* Records that the member was given a copy again, within the open write transaction: the event alone, by one
 * statement. Only where copy_record has succeeded, for a paper that sets no days to copies, and nothing but such
 * records was written since. */
enum status copy_record_again(const struct copy_press *press, struct store *store, int64_t member,
                              struct error *err);
/* Whose copy it is, as its visible mark says, in the arena: of a member to whom copy_record recorded one. All is empty
 * where the press shows no mark. Number and time are the copy's own and never change; the name is the member's today, so
 * that nobody is called on paper by a name that they gave up: the number settles whose it is. */
enum status copy_find_owner(const struct copy_press *press, struct arena *arena,
                            struct store *store, int64_t member, struct format_owner *owner,
                            struct error *err);
/* Records that the member opened the edition to read, within the open write transaction: once a day
 * (the installation's own) and edition, else it does nothing. STATUS_CONFLICT as above. */
enum status copy_record_opening(const struct edition *edition, struct store *store, int64_t member,
                                struct error *err);
/* Whether today's opening is on record and durable, so that nothing is to be written. */
enum status copy_find_opening(const struct edition *edition, struct store *store, int64_t member,
                              bool *found, struct error *err);

/* The member's copy, in the arena; `owner` as copy_find_owner gives it. Call only after the event is committed: bytes
 * leave the program after their event is durable. */
struct str copy_bytes(const struct copy_press *press, struct arena *arena, int64_t member,
                      const struct format_owner *owner);
/* The master in the same format, without marks, in the arena. */
struct str copy_master_bytes(const struct copy_press *press, struct arena *arena);

struct copy_page {
    struct str outline; /* HTML: a list of links to the headings; empty when there are none */
    struct str body;    /* HTML: title, headings, paragraphs, each with an id */
};
/* The member's copy as parts of a page, from a press made for one; as copy_bytes otherwise. */
struct copy_page copy_write_page(const struct copy_press *press, struct arena *arena,
                                 int64_t member);

/* The member's bits for an edition, one byte a site, with its locks; in the arena. */
uint8_t *copy_make_bits(struct arena *arena, struct store *store, const struct edition_text *text,
                        int64_t member);
/* The member's copy as a document without runs, whose text holds the member's own words and nothing else;
 * as copy_bytes otherwise. Takes O(text). */
struct paper_doc copy_make_doc(struct arena *arena, struct store *store,
                               const struct edition_text *text, int64_t member);

#endif
