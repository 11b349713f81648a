/* The facts of a case, as its file holds them: gathered once, then written as case.json and set as pages, so that both
 * say the same.
 *
 * For stewards all that the case rests on; for one who is accused the figures about them, from which the bound follows, and
 * nothing of where the marks are, of the exhibits' content, of who gave them and who decided. Nobody is named but those whom the case names, and stewards
 * for what they did in it; who reported stands nowhere. */
#ifndef LIBRARY_CASE_FACTS_H
#define LIBRARY_CASE_FACTS_H

#include <jansson.h>

#include "library/beside.h"
#include "library/case.h"
#include "library/exhibit.h"
#include "library/trace_run.h"
#include "store/chain.h"

#define CASE_FACTS_VERSION   1
#define CASE_FACTS_NAME      "case.json"
#define CASE_OWN_FILES_A_DAY 10

/* An exhibit of a finding beside a paper that it comes from. */
struct case_beside {
    struct str exhibit; /* its name */
    size_t number;      /* of the finding's exhibits, from 0 */
    const struct trace_match *match;
    struct edition edition;
    struct str text;   /* read of the exhibit; empty where it is gone */
    bool gone;         /* not kept any more */
    uint8_t *bias;     /* of each mark, in 64ths */
    uint8_t *bits;     /* [member * nmarks + mark]: of those named */
    struct str *signs; /* visible marks that were seen: print, which proves nothing */
    size_t nsigns;
};
struct case_found {
    struct trace_run run;
    struct finding finding;
    struct case_beside *besides;
    size_t nbesides;
};
struct case_accepted {
    int64_t member, time_ms;
    struct str name;
    struct digest text; /* of the notice's wording */
};
struct case_given {
    int64_t member, paper, edition, time_ms;
    struct str name, title;
};
struct case_record_line {
    struct store_shown shown;
    struct chain_path path;
    struct str by; /* the actor's name */
    bool open;     /* what it says is shown, not its digest alone */
};
struct case_held {
    struct case_exhibit exhibit;
    struct str bytes; /* empty: not within the file */
    bool gone;
};

struct case_facts {
    struct case_file file;
    int64_t accused_reader; /* for whom it is made; 0: for stewards */
    int64_t made_ms;
    struct str maker, organisation;
    struct case_held *exhibits;
    struct case_found *found;
    struct case_accused *accused;
    struct case_sanction *sanctions;
    struct case_decision *decisions;
    struct case_accepted *accepted;
    struct case_given *given;
    struct case_record_line *lines;
    size_t nexhibits, nfound, naccused, nsanctions, ndecisions, naccepted, ngiven, nlines;
    int64_t record_lines; /* the tree is over so many */
    struct digest tree;
    struct case_record_line
        closing; /* the event that tells of this file; its hash is the record's root */
};

/* Gathers what there is for `viewer` (0: whoever is at the machine), but the closing line. With `accused` it is for them.
 * In the arena. Takes O(events). */
enum status case_gather_facts(struct arena *arena, struct store *store,
                              const struct case_file *file, int64_t viewer, int64_t accused,
                              int64_t now_ms, struct case_facts *facts, struct error *err);
/* Records that the file is made, within the open write transaction: the event binds the facts' tree. `sanction` for the
 * accused, else 0. *seq gets the event's number. STATUS_LIMITED when they took CASE_OWN_FILES_A_DAY within a day. */
enum status case_record_file(struct store *store, const struct case_facts *facts, int64_t actor,
                             int64_t sanction, int64_t *seq, struct error *err);
/* Fills facts->closing from that event. */
enum status case_close_facts(struct arena *arena, struct store *store, int64_t seq,
                             struct case_facts *facts, struct error *err);
/* case.json, as docs/case-json.md has it; the caller's to release. */
json_t *case_facts_json(const struct case_facts *facts);

#endif
