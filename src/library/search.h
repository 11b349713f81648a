/* Search over what a member may read.
 *
 * The index (FTS5, sql/0004-search.sql) holds the words of every paper's newest edition, with both
 * renderings of each site. It only proposes papers: each is then looked through in the member's own copy,
 * and what is shown, sentence, title and whether the paper is found at all, follows from that copy alone.
 * So a search tells nobody which words are sites, and no word of the master or of another member's copy
 * leaves the program.
 *
 * A question is words with spaces between, which all must occur, English ones in any form; "a phrase" in
 * quotation marks of any kind, word for word; -word or -"phrase" for what must not occur. A single Chinese
 * character is found wherever it stands. Anything else parts words: there is no such thing as a wrong
 * question, and nothing typed reaches the database but as words. */
#ifndef LIBRARY_SEARCH_H
#define LIBRARY_SEARCH_H

#include "base/lang.h"
#include "store/store.h"

#define SEARCH_WORDS_MAX    200U /* characters of a question */
#define SEARCH_PAGE_HITS    10U
#define SEARCH_PAGES_MAX    20U
#define SEARCH_SUGGEST_MAX  8U
#define SEARCH_INSTEADS_MAX 3U

/* --- the index ------------------------------------------------------------------------------------ */

/* Takes in what was published since the last call, at most a few papers, inside a transaction of its own.
 * *more: call again. A new installation, or one whose index an older program made, is indexed anew in the
 * same small steps. */
enum status library_search_catch_up(struct store *store, bool *more, struct error *err);
/* Whether there is something for library_search_catch_up to do; for reading. *looked, 0 at first, is how far events
 * were looked through without finding anything, so that asking again and again looks at each only once. */
enum status library_search_is_behind(struct store *store, int64_t *looked, bool *behind,
                                     struct error *err);
/* Throws the index away; library_search_catch_up then makes it anew. */
enum status library_search_forget(struct store *store, struct error *err);

/* --- searching ------------------------------------------------------------------------------------ */

struct search_request {
    struct str words;
    int64_t member; /* whose copies are searched; 0: the masters, for editors only */
    int64_t now_ms;
    uint32_t page;             /* from 1 */
    struct str group;          /* key of a group; empty: any */
    struct str author, kind;   /* as the offer has them, letter case apart; empty: any */
    int64_t from_ms, until_ms; /* first published within [from, until); 0, 0: ever */
};

struct search_hit {
    int64_t paper, edition;
    struct str key; /* of the paper, for addresses */
    struct str title, author, kind;
    int64_t published_ms;
    enum lang lang;
    bool waits; /* for a notice to be accepted: found by its title, and nothing more is shown */
    struct str excerpt;                      /* sentences with what was looked for */
    struct str title_marked, excerpt_marked; /* the same as HTML, with <mark> */
};

struct search_found {
    struct search_hit *hits;
    size_t nhits;
    bool asked;           /* there was something to look for */
    bool more;            /* there is a further page */
    struct str *insteads; /* questions that would find something, when this one finds nothing */
    size_t ninsteads;
};

/* Answers a question: best first by bm25 with the title weighted, newer first among equals. Where very many
 * papers fit, those of the last thousand and those that have it in the title compete. */
enum status library_search(struct arena *arena, struct store *store,
                           const struct search_request *request, struct search_found *found,
                           struct error *err);

/* Records that a member is shown sentences of these hits, each edition once, within the open write
 * transaction; to be durable before they leave. */
enum status library_record_glimpses(struct store *store, int64_t member,
                                    const struct search_hit *hits, size_t nhits, struct error *err);
/* Whether there is anything to record. */
enum status library_find_glimpses(struct store *store, int64_t member,
                                  const struct search_hit *hits, size_t nhits, bool *all_known,
                                  struct error *err);

struct search_suggestion {
    struct str text;
    struct str key; /* of the paper whose title it is; empty for a word */
};
/* While a question is being typed: titles that fit what there is of it, the last word perhaps unfinished,
 * then words that go on like the last one. Only what the member would find. */
enum status library_search_suggest(struct arena *arena, struct store *store,
                                   const struct search_request *request,
                                   struct search_suggestion **suggestions, size_t *count,
                                   struct error *err);

#endif
