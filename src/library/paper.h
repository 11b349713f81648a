/* Papers and their editions: publishing, finding, loading, changing sites.
 *
 * A paper is written P1, P2 … outside the program; an edition is a number within its paper. An
 * edition never changes once a copy of it was given; what would change it makes the next one. */
#ifndef LIBRARY_PAPER_H
#define LIBRARY_PAPER_H

#include "mark/mark.h"
#include "paper/site.h"
#include "store/store.h"

struct edition {
    int64_t paper;
    int64_t number;
    struct str title;
    enum lang lang;
    enum paper_level level;
    unsigned colluders;
    int64_t key_epoch;
    uint32_t nsites;
    int64_t published_ms;
    struct digest doc_digest, sites_digest;
    struct digest original; /* of the Word document that it was read from, where there is one */
    bool has_original;
};

/* An edition with its text and sites, ready for stamping or reading. */
struct edition_text {
    struct edition edition;
    struct paper_doc doc;
    struct paper_sites sites;
};

/* Reads "P17", "p17" or "17". STATUS_USAGE on anything else; existence is not checked. */
enum status library_parse_paper(struct str id, int64_t *paper, struct error *err);
/* "P17" in the arena. */
struct str library_paper_id(struct arena *arena, int64_t paper);

/* Finds an edition; number 0 is the newest. STATUS_MISSING names the paper. */
enum status library_find_edition(struct arena *arena, struct store *store, int64_t paper,
                                 int64_t number, struct edition *edition, struct error *err);
/* Loads text and sites of an edition found. STATUS_DAMAGED when blobs do not fit. */
enum status library_load_edition(struct arena *arena, struct store *store,
                                 const struct edition *edition, struct edition_text *loaded,
                                 struct error *err);
/* The newest edition of every paper, in order of id. */
enum status library_list_papers(struct arena *arena, struct store *store, struct edition **editions,
                                size_t *count, struct error *err);

/* The key of a paper's code, derived from the secret of its epoch and never stored. A paper's editions share it,
 * also those published after a rotation: see docs/marking.md. */
struct digest library_paper_key(struct store *store, int64_t paper, int64_t key_epoch);
/* The code for an edition. */
struct mark_code *library_edition_code(struct arena *arena, struct store *store,
                                       const struct edition *edition);

struct offer;

struct publication {
    int64_t paper; /* 0: a new paper; else a new edition of this one */
    enum paper_level level;
    bool level_given;   /* else a new edition keeps the last one's level */
    unsigned colluders; /* 0: chosen from the number of sites; a new edition must not change it */
    const char *actor;
    bool silent;               /* readers are not told; the event says so */
    const struct offer *offer; /* of a new paper; NULL: to every member, free, in all formats */
    struct str
        original; /* bytes of the Word document that it was read from, or empty; kept where it reads the same */
    struct str blanks; /* what was said of its placeholders; empty: as the last edition has them */
};

/* Publishes a document: finds sites, carries over those of the last edition, stores text and sites,
 * indexes the edition as a source and records the event, in one transaction. On error nothing is
 * published. STATUS_CONFLICT when the text and marking are those of the last edition already, or
 * when colluders differ from the paper's. */
enum status library_publish(struct arena *arena, struct store *store, const struct paper_doc *doc,
                            const struct publication *publication, struct edition_text *published,
                            struct error *err);

/* The same in three steps, so that what takes long stays outside the transaction, and an editor may
 * decide about sites between the first and the second.
 *
 * Lays the document out as the edition that it would become, with its sites; stores nothing. The sites
 * may then be locked or added to. */
enum status library_lay_out_edition(struct arena *arena, struct store *store,
                                    const struct paper_doc *doc,
                                    const struct publication *publication,
                                    struct edition_text *laid, struct error *err);
/* Counts the sites that there are now, and plans a new paper's code for them. */
enum status library_plan_edition(struct store *store, const struct publication *publication,
                                 struct edition_text *laid, struct error *err);
/* Plans it so and puts its text and sites into blobs. Any store of this data folder, outside a
 * transaction. */
enum status library_keep_edition(struct arena *arena, struct store *store,
                                 const struct publication *publication, struct edition_text *laid,
                                 struct error *err);
/* Records it with its event, and the offer of a new paper, as one part of a transaction. STATUS_CONFLICT
 * when the paper got another edition since it was laid out. */
enum status library_record_edition(struct arena *arena, struct store *store,
                                   const struct publication *publication, struct edition_text *laid,
                                   struct error *err);

/* Puts changed sites (made from loaded->sites) in force: in the same edition when no copy of it was
 * given yet, else as a new edition of the same text. loaded is brought up to date. `what` is the
 * event's data, a JSON object. */
enum status library_change_sites(struct arena *arena, struct store *store,
                                 struct edition_text *loaded, struct str what, struct error *err);

/* Copies given of an edition (members, not downloads). */
enum status library_count_copies(struct store *store, const struct edition *edition, int64_t *count,
                                 struct error *err);

#endif
