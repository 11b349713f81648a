/* Study joined with papers: which are new to a body, how soon each was studied, and what of a paper a reader may see.
 *
 * Who may open a paper sees its title and a way to it; who may only know of it (library_may_know) its title; nobody else
 * learns more than that an agenda has something on it. */
#ifndef SERVER_LEDGER_STUDY_H
#define SERVER_LEDGER_STUDY_H

#include "ledger/study.h"
#include "server/ledger.h"

struct study_paper {
    int64_t paper;
    struct str key, title; /* empty: the viewer may not know of it */
    struct str path;       /* empty: it does not open to the viewer */
    int64_t published_ms;
    int64_t published_day;
};
/* A paper as the viewer may see it. */
enum status ledger_see_paper(struct request *rq, int64_t paper, struct study_paper *seen,
                             struct error *err);

/* What was published for a body within its window, opens to the viewer and is on no agenda of the body yet; oldest first, at
 * most STUDY_PAPERS_MAX. None for a body to which nothing was set. */
enum status ledger_list_new_papers(struct request *rq, const struct study_body *body,
                                   struct study_paper **list, size_t *count, struct error *err);
/* The papers of a form's list of keys that open to the viewer, by number, at most `most`. STATUS_MISSING for any other. */
enum status ledger_read_papers(struct request *rq, const char *input, int64_t *papers, size_t most,
                               size_t *count, struct error *err);

/* A paper that a body is to study, and how soon it did. */
struct studied {
    struct study_paper paper;
    struct str session_key, session_number; /* empty: not studied */
    int64_t studied_day;
    struct study_time time;
};
#define STUDIED_MOST 300
/* How a badge of it looks: "good", "warn", "bad"; static. */
struct str ledger_soon_tone(enum soonness is);
/* Of the papers that the body is to study, those that the viewer may know of, newest first, at most STUDIED_MOST. */
enum status ledger_list_studied(struct request *rq, const struct study_body *body,
                                struct studied **list, size_t *count, struct error *err);

#endif
