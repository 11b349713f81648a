/* Drafts: texts being written, until they are published now or at a set time.
 *
 * A draft is its author's alone; everybody else is told that there is none. Each saving of the text adds
 * one to its version, and one who saved from an older version is refused, so that two windows never
 * overwrite each other unnoticed. How it is to be offered (terms) and what was decided about its sites
 * are kept beside it and don't touch the version. */
#ifndef LIBRARY_DRAFT_H
#define LIBRARY_DRAFT_H

#include "format/format.h"
#include "library/blank.h"
#include "library/decision.h"
#include "library/offer.h"
#include "library/paper.h"
#include "paper/inspect.h"

#define DRAFT_TEXT_MAX ((size_t)8 << 20) /* bytes */

struct draft {
    int64_t id;
    struct str key; /* its name in addresses */
    int64_t author;
    int64_t paper;    /* the paper whose next edition it becomes; 0: a new one */
    struct str title; /* empty: found in the text */
    struct str text;
    enum format_kind form; /* FORMAT_TEXT or FORMAT_MARKDOWN */
    struct str terms;      /* JSON; see struct draft_terms */
    struct str decisions;  /* JSON; see decision.h */
    struct digest
        original; /* of the Word document that the text was taken from, where it was; a blob */
    bool has_original;
    struct str blanks; /* what was said of its placeholders, JSON; see blank.h */
    int64_t version, saved_ms;
    int64_t due_ms;       /* to be published then; 0: not yet decided */
    struct error failure; /* why publishing at that time failed; STATUS_OK when it did not */
};

/* Makes one for draft->author from title, text, form, paper and terms; fills the rest. The functions that
 * change a draft run inside an open write transaction, and leave drafts alone where they fail. */
enum status library_make_draft(struct arena *arena, struct store *store, struct draft *draft,
                               struct error *err);
/* STATUS_MISSING also when it is another's. */
enum status library_find_draft(struct arena *arena, struct store *store, int64_t author,
                               struct str key, struct draft *draft, struct error *err);
/* The author's drafts, last saved first; texts are cut to their beginning. */
enum status library_list_drafts(struct arena *arena, struct store *store, int64_t author,
                                struct draft **list, size_t *count, struct error *err);
/* Saves title, text and form over the version that `draft` was loaded with, and counts it on.
 * STATUS_CONFLICT when another window saved since, or when the draft waits to be published. */
enum status library_save_draft(struct store *store, struct draft *draft, struct error *err);
enum status library_save_draft_terms(struct store *store, const struct draft *draft,
                                     struct error *err);
enum status library_save_draft_decisions(struct store *store, const struct draft *draft,
                                         struct error *err);
enum status library_save_draft_blanks(struct store *store, const struct draft *draft,
                                      struct error *err);
/* Has it published at a time; 0 stops that. With its event. */
enum status library_schedule_draft(struct arena *arena, struct store *store,
                                   const struct draft *draft, int64_t due_ms, struct error *err);
enum status library_delete_draft(struct store *store, const struct draft *draft, struct error *err);

/* --- terms ------------------------------------------------------------------------------------- */

/* How a draft is to be offered. For the next edition of a paper that has its offer already, only level,
 * silent, as_is and request count. */
struct draft_terms {
    struct offer offer; /* kind, author, summary, for_groups, free, formats, mark, expiry, days */
    int64_t *groups;    /* ids */
    size_t ngroups;
    struct str notice; /* to be accepted before this paper is read; empty: none of its own */
    enum paper_level level;
    unsigned colluders; /* 0: chosen from the number of sites */
    bool silent;
    bool as_is;         /* nothing is put right */
    struct str request; /* key of the request that it grants; empty: of none */
    int64_t due_ms;     /* when the editor wants it published; 0: at once */
};
void library_read_terms(struct arena *arena, struct str json, struct draft_terms *terms);
struct str library_write_terms(struct arena *arena, const struct draft_terms *terms);

/* --- from draft to paper ------------------------------------------------------------------------ */

/* A draft as it would be published. */
struct draft_edition {
    struct draft draft;
    struct draft_terms terms;
    struct concerns concerns; /* of draft.text */
    bool *apply;              /* which of them are put right */
    size_t nput_right;
    struct paper_doc doc;
    struct blanks blanks; /* of doc; count 0: it is no template */
    /* after library_lay_out_draft: */
    struct edition_text laid;
    struct decisions decisions;
    size_t nunfit; /* decisions that fit the text no longer */
};

/* Reads the draft's text: inspected, put right where that is certain (unless terms say as_is), cut into
 * blocks. STATUS_INPUT when there is no text. */
enum status library_read_draft(struct arena *arena, const struct draft *draft,
                               struct draft_edition *edition, struct error *err);
/* Reads it, finds its sites and puts the decisions in force. Stores nothing. */
enum status library_lay_out_draft(struct arena *arena, struct store *store,
                                  const struct draft *draft, struct draft_edition *edition,
                                  struct error *err);
/* Whether Word copies of what was laid out will be made in the likeness of the Word document that the text was taken from;
 * false where it was taken from none. */
enum status library_find_likeness(struct arena *arena, struct store *store,
                                  const struct draft_edition *edition, bool *likeness,
                                  struct error *err);
/* Keeps what was laid out in blobs, before the transaction that records it. */
enum status library_keep_draft(struct arena *arena, struct store *store,
                               struct draft_edition *edition, struct error *err);
/* Publishes what was kept, with offer, groups and notice, and removes the draft, inside an open write
 * transaction. STATUS_CONFLICT when the draft was saved or published since it was laid out. */
enum status library_record_draft(struct arena *arena, struct store *store,
                                 struct draft_edition *edition, struct error *err);

/* Publishes every draft whose time has come at now_ms, in the name of its author, each in a transaction
 * of its own. One that can't be published keeps the reason, waits no longer and holds up no other; an
 * event "draft.failed" tells; trouble with disk or database is not held against it, and it is tried again
 * the next time. Gives the first such trouble. For the thread that keeps time, with a store of its own. */
enum status library_publish_due(struct store *store, int64_t now_ms, struct error *err);

/* A draft for the next edition of a paper, from its newest one: text, title, level. Run it as
 * library_make_draft. */
enum status library_draft_next_edition(struct arena *arena, struct store *store, int64_t author,
                                       int64_t paper, struct draft *draft, struct error *err);

#endif
