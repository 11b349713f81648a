/* Blanks: the placeholders of a template as its editor names and types them, and what members fill in.
 *
 * A blank is one question; it has one place in the text or more. Places that bear the same name are one
 * blank. The text alone gives each place a name and a kind; the editor may rename places (and so join or part
 * them), say of a place that it is none, and describe the blanks. What was said of a place is found again in
 * a changed text by the placeholder's own words and its turn among those that read alike.
 *
 * Fill-ins are the member's own, kept by name for each paper. A filled copy carries the same marks as every
 * copy of that member: no site touches a placeholder. */
#ifndef LIBRARY_BLANK_H
#define LIBRARY_BLANK_H

#include "library/paper.h"
#include "paper/placeholder.h"

#define BLANKS_MAX      200U /* of one paper; further placeholders stay as they stand */
#define BLANK_HINT_MAX  200U /* characters */
#define BLANK_CHOICES   30U
#define BLANK_VALUE_MAX 500U /* characters */
#define BLANK_NONE      SIZE_MAX

struct blank {
    struct str name;
    enum placeholder_kind kind;
    bool required;
    struct str hint;
    struct str *choices;
    size_t nchoices;
};
struct blank_place {
    size_t at, len;
    struct str words; /* the placeholder as it stands */
    uint32_t nth;     /* among those that read alike, from 0 */
    size_t blank;     /* index, or BLANK_NONE: the editor said that it is none */
};
struct blanks {
    struct blank *list;
    size_t count;
    struct blank_place *places; /* in order */
    size_t nplaces;
};

/* Finds the placeholders of a document and applies what was said of them before: JSON as library_write_blanks
 * gives it, of this text or an earlier one. Pure. */
void library_find_blanks(struct arena *arena, const struct paper_doc *doc, struct str said,
                         struct blanks *blanks);
/* Puts an editor's words in force: names of all the places in order (empty: it is none), and descriptions of blanks by name; a blank
 * that is not described keeps what it had. STATUS_INPUT names what can't be taken: a count of places that is
 * not the text's, a choice without choices. */
enum status library_say_blanks(struct arena *arena, struct blanks *blanks, const struct str *names,
                               size_t nnames, const struct blank *described, size_t ndescribed,
                               struct error *err);
struct str library_write_blanks(struct arena *arena, const struct blanks *blanks);

/* The blanks of an edition; count 0 when it is no template. */
enum status library_edition_blanks(struct arena *arena, struct store *store,
                                   const struct edition *edition, struct blanks *blanks,
                                   struct error *err);
/* Whether a document with what was said of its placeholders has the blanks that the edition has. */
enum status library_same_blanks(struct arena *arena, struct store *store,
                                const struct edition *edition, const struct paper_doc *doc,
                                struct str said, bool *same, struct error *err);
/* Freezes the blanks of an edition within the transaction that records it: `said` of its draft, or, when that
 * is empty, what was said of the last edition. */
enum status library_record_blanks(struct arena *arena, struct store *store,
                                  const struct edition_text *text, struct str said,
                                  struct error *err);

/* --- what is filled in ---------------------------------------------------------------------------- */

/* Takes what a member typed for a blank: dates and numbers in the forms of both languages ("2026年11月24日",
 * "24 November 2026", "１，２００"), one line, no invisible characters. Gives the form that is kept. Empty
 * stays empty. STATUS_INPUT says what is wrong, and names the blank. */
enum status library_take_value(struct arena *arena, const struct blank *blank, struct str typed,
                               struct str *value, struct error *err);
/* STATUS_INPUT names the first blank that is required and has no value. */
enum status library_check_complete(const struct blanks *blanks, const struct str *values,
                                   struct error *err);
/* A kept value as a text in that language says it. */
struct str library_show_value(struct arena *arena, const struct blank *blank, struct str value,
                              enum lang lang);

/* The member's values in the order of the blanks, empty where there is none, in the arena. A value that the
 * blank does not take any more is left out. */
enum status library_list_fills(struct arena *arena, struct store *store, int64_t member,
                               int64_t paper, const struct blanks *blanks, struct str **values,
                               struct error *err);
/* Keeps them over what was there, within the open write transaction, with an event that holds none of them. */
enum status library_keep_fills(struct store *store, int64_t member, int64_t paper,
                               const struct blanks *blanks, const struct str *values,
                               struct error *err);
/* Forgets all that the member filled in for the paper; nothing there is no error and no event. */
enum status library_delete_fills(struct store *store, int64_t member, int64_t paper,
                                 struct error *err);

/* The edition with the values in the places of its blanks, to be stamped like any edition: the same sites with
 * the same numbers. An optional blank without a value leaves its place empty. */
void library_fill_edition(struct arena *arena, const struct edition_text *text,
                          const struct blanks *blanks, const struct str *values,
                          struct edition_text *filled);

#endif
