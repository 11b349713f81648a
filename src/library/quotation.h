/* Quotations: passages of papers in what members say, without anybody's marks.
 *
 * A member who pastes words of their own copy would show its marks to everybody. So a text is looked through before it
 * is kept: a passage of any paper, as long as a trace would recognise, and a shorter one of a copy that the author has
 * is taken out and leaves an address in its
 * place, "/quotations/KEY" on a line of its own. Kept is the place in the master. Whoever reads it is shown the passage in
 * the words of their own copy, if the paper is open to them. A quotation has whole sentences, and a passage is one whether
 * it bears marks or not: else what becomes of chosen words would tell where the marks are. A paragraph's address, "/papers/KEY#p3" on a line of
 * its own, becomes a quotation too, and "/papers/KEY/2#p3.10-42" one of the sentences of its characters 10 to
 * 41, counted in the copy of who writes. */
#ifndef LIBRARY_QUOTATION_H
#define LIBRARY_QUOTATION_H

#include "library/paper.h"

#define QUOTATIONS_MAX 20U /* in one text; words beyond them are taken out all the same */

struct quotation {
    struct str key;
    int64_t paper, edition;
    size_t at, len; /* bytes of the edition's text, cutting no site */
};
struct quoted {
    struct str text; /* what is to be kept: with addresses in the place of passages */
    struct quotation *list;
    size_t count;
    bool words; /* words of a paper stood in it, not only an address */
};
/* Looks through a text (valid UTF-8) of a member's; in the arena. Invisible characters go: they carry marks in a single
 * word. Reads the index of sources and aligns the
 * text with at most a few editions. */
enum status library_quote_passages(struct arena *arena, struct store *store, int64_t member,
                                   struct str text, int64_t now_ms, struct quoted *quoted,
                                   struct error *err);
/* Whether a text holds words of a paper by which its author would be known: long ones of any, shorter ones of a copy of
 * theirs where those bear marks. For who may see where the marks are; what it says tells it to others. */
enum status library_shows_marks(struct arena *arena, struct store *store, int64_t member,
                                struct str text, bool *shows, struct error *err);
/* Keeps the places, within the write transaction that keeps the text. */
enum status library_keep_quotations(struct store *store, const struct quoted *quoted,
                                    struct error *err);

/* Whether a block can be named in an address: the n-th of those is p<n>, as on the paper's page. */
bool library_is_quotable(const struct paper_block *block);

/* The key in a line "/quotations/KEY", alone or after the marks of a quotation ("> "); empty for other lines. */
struct str library_quotation_key(struct str line);

/* A quotation as one member sees it. */
struct quotation_sight {
    bool open; /* the paper is open to them; if not, the rest is empty */
    int64_t paper, edition;
    struct str path; /* of the passage in their own copy, "/papers/KEY/2#p3" */
    struct str title, words;
    enum lang lang;
};
/* STATUS_MISSING when there is none of that key. That the words are shown is to be on record before they leave; see
 * library_record_glimpses. */
enum status library_see_quotation(struct arena *arena, struct store *store, struct str key,
                                  int64_t member, int64_t now_ms, struct quotation_sight *sight,
                                  struct error *err);
/* The same of the passage that an address names, before it is kept; not open where it names none. */
enum status library_see_passage(struct arena *arena, struct store *store, struct str address,
                                int64_t member, int64_t now_ms, struct quotation_sight *sight,
                                struct error *err);
/* A place that is kept elsewhere, as that member sees it; its key does not matter. */
enum status library_see_place(struct arena *arena, struct store *store,
                              const struct quotation *place, int64_t member, int64_t now_ms,
                              struct quotation_sight *sight, struct error *err);

#endif
