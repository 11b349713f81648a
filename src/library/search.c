/* Searching: candidates from the index, hits from the member's own copies; see search.h. */
#include "library/search.h"

#include <inttypes.h>
#include <stdlib.h>

#include "library/entitlement.h"
#include "library/search_parts.h"

#define NEWEST_MOST   1000 /* candidates that compete, of those that fit anywhere */
#define TITLED_MOST   300  /* … and of those that fit by their titles */
#define EXAMINED_MOST 400U /* copies that are looked through for one page */

/* --- candidates ----------------------------------------------------------------------------------- */

/* ?1 MATCH, ?2 member, ?3 now, ?4 most, ?5 group, ?6 author, ?7 kind, ?8 from, ?9 until */
#define CANDIDATES_SQL(MAY, WAITS)                                                                \
    "SELECT search.rowid, e.paper, o.published_ms, bm25(search, 8.0, 1.0, 1.0), o.key, "          \
    "o.author, o.kind, " WAITS " FROM search CROSS JOIN search_entry e ON e.id = search.rowid"    \
    " CROSS JOIN offer o ON o.paper = e.paper WHERE search MATCH ?1"                              \
    " AND (?5 = '' OR EXISTS (SELECT 1 FROM group_paper p JOIN \"group\" g ON g.id = p.\"group\"" \
    "  WHERE p.paper = e.paper AND g.key = ?5))"                                                  \
    " AND (?6 = '' OR instr(lower(o.author), lower(?6)) > 0)"                                     \
    " AND (?7 = '' OR lower(o.kind) = lower(?7))"                                                 \
    " AND o.published_ms >= ?8 AND (?9 = 0 OR o.published_ms < ?9) AND " MAY                      \
    " ORDER BY search.rowid DESC LIMIT ?4"

static const char OWN_SQL[] =
    CANDIDATES_SQL(ENTITLED_SQL("e.paper", "?2", "?3"), "NOT " ACCEPTED_SQL("e.paper", "?2", "?3"));
static const char MASTER_SQL[] = CANDIDATES_SQL("?2 = 0 AND ?3 IS NOT NULL", "0");

struct candidates {
    struct search_candidate *at;
    size_t count;
};

static enum status propose(struct arena *arena, struct store *store,
                           const struct search_request *rq, struct str match, int64_t most,
                           struct candidates *list, struct error *err)
{
    struct query *q = query_start(store, rq->member ? OWN_SQL : MASTER_SQL);
    query_bind_str(q, 1, match);
    query_bind_int(q, 2, rq->member);
    query_bind_int(q, 3, rq->now_ms);
    query_bind_int(q, 4, most);
    query_bind_str(q, 5, rq->group);
    query_bind_str(q, 6, rq->author);
    query_bind_str(q, 7, rq->kind);
    query_bind_int(q, 8, rq->from_ms);
    query_bind_int(q, 9, rq->until_ms);
    while (query_row(q)) {
        list->at = arena_one_more(arena, list->at, list->count, sizeof *list->at);
        list->at[list->count++] = (struct search_candidate){
            .id = query_int(q, 0),
            .paper = query_int(q, 1),
            .published_ms = query_int(q, 2),
            .score = query_real(q, 3),
            .key = str_copy(arena, query_str(q, 4)),
            .author = str_copy(arena, query_str(q, 5)),
            .kind = str_copy(arena, query_str(q, 6)),
            .waits = query_int(q, 7) != 0,
        };
    }
    return query_end(q, err);
}

static int by_paper(const void *a, const void *b)
{
    const struct search_candidate *x = a;
    const struct search_candidate *y = b;
    if (x->paper != y->paper)
        return x->paper < y->paper ? -1 : 1;
    return (x->score > y->score) - (x->score < y->score);
}

static int by_merit(const void *a, const void *b)
{
    const struct search_candidate *x = a;
    const struct search_candidate *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score < y->score ? -1 : 1; /* bm25 is the less the better */
    if (x->published_ms != y->published_ms)
        return x->published_ms > y->published_ms ? -1 : 1;
    return (x->id < y->id) - (x->id > y->id);
}

enum status search_find_candidates(struct arena *arena, struct store *store,
                                   const struct search_request *request, struct str match,
                                   struct search_candidate **candidates, size_t *count,
                                   struct error *err)
{
    struct candidates list = {0};
    *candidates = NULL;
    *count = 0;
    enum status status = propose(arena, store, request, match, NEWEST_MOST, &list, err);
    if (!status && list.count == NEWEST_MOST)
        status =
            propose(arena, store, request, str_format(arena, "{title} : (%.*s)", STR_ARG(match)),
                    TITLED_MOST, &list, err);
    if (status || list.count == 0)
        return status;
    qsort(list.at, list.count, sizeof *list.at, by_paper);
    for (size_t i = 0; i < list.count; i++)
        if (*count == 0 || list.at[*count - 1].paper != list.at[i].paper)
            list.at[(*count)++] = list.at[i];
    qsort(list.at, *count, sizeof *list.at, by_merit);
    *candidates = list.at;
    return STATUS_OK;
}

/* --- hits ----------------------------------------------------------------------------------------- */

/* Whether the candidate is a hit in the member's own copy; `hit` NULL when nothing is to be shown. */
static enum status look_through(struct arena *arena, struct arena *scratch, struct store *store,
                                const struct search_request *request,
                                const struct search_question *question,
                                const struct search_candidate *c, bool *fits,
                                struct search_hit *hit, struct error *err)
{
    struct search_own own;
    *fits = false;
    enum status status =
        search_load_own(scratch, store, c->paper, request->member, !c->waits, &own, err);
    if (status == STATUS_DAMAGED || status == STATUS_MISSING)
        return STATUS_OK; /* one paper that can't be read must not keep the others from being found */
    *fits = !status && search_own_fits(&own, question);
    if (!*fits || !hit)
        return status;
    *hit = (struct search_hit){
        .paper = c->paper,
        .edition = own.edition.number,
        .key = c->key,
        .author = c->author,
        .kind = c->kind,
        .published_ms = c->published_ms,
        .lang = own.edition.lang,
        .waits = c->waits,
    };
    search_make_excerpt(arena, &own, question, hit);
    return STATUS_OK;
}

/* Hits from `skip` on, at most `most` of them; *more whether there are further ones. Those before are
 * looked through as well: how many were passed over must not show. */
static enum status find_hits(struct arena *arena, struct store *store,
                             const struct search_request *request,
                             const struct search_question *question, size_t skip, size_t most,
                             struct search_found *found, struct error *err)
{
    struct search_candidate *candidates;
    size_t count;
    size_t seen = 0;
    struct arena *scratch = arena_make();
    enum status status = search_find_candidates(
        scratch, store, request, search_match_text(scratch, question), &candidates, &count, err);
    struct arena *own = arena_make();
    for (size_t i = 0; !status && !found->more && i < count && i < EXAMINED_MOST + skip; i++) {
        bool fits;
        bool shows = seen >= skip && found->nhits < most;
        struct search_candidate c = candidates[i];
        if (shows) {
            c.key = str_copy(arena, c.key);
            c.author = str_copy(arena, c.author);
            c.kind = str_copy(arena, c.kind);
        }
        arena_reset(own);
        status = look_through(arena, own, store, request, question, &c, &fits,
                              shows ? &found->hits[found->nhits] : NULL, err);
        if (status || !fits)
            continue;
        found->more = !shows && seen >= skip;
        found->nhits += shows;
        seen++;
    }
    arena_free(own);
    arena_free(scratch);
    return status;
}

enum status library_search(struct arena *arena, struct store *store,
                           const struct search_request *request, struct search_found *found,
                           struct error *err)
{
    struct search_question question;
    uint32_t page = request->page ? request->page : 1;
    search_parse_question(arena, request->words, &question);
    *found = (struct search_found){.hits = arena_array(arena, SEARCH_PAGE_HITS, struct search_hit),
                                   .insteads = arena_array(arena, SEARCH_INSTEADS_MAX, struct str),
                                   .asked = question.nwanted > 0};
    if (!found->asked || page > SEARCH_PAGES_MAX)
        return STATUS_OK;
    enum status status =
        find_hits(arena, store, request, &question, (size_t)(page - 1) * SEARCH_PAGE_HITS,
                  SEARCH_PAGE_HITS, found, err);
    found->more &= page < SEARCH_PAGES_MAX;
    if (!status && found->nhits == 0 && page == 1)
        status = search_find_insteads(arena, store, request, &question, found, err);
    return status;
}

enum status search_finds_any(struct arena *arena, struct store *store,
                             const struct search_request *request, struct str words, bool *any,
                             struct error *err)
{
    struct search_question question;
    struct search_hit hit;
    struct search_found found = {.hits = &hit};
    search_parse_question(arena, words, &question);
    enum status status = STATUS_OK;
    if (question.nwanted)
        status = find_hits(arena, store, request, &question, 0, 1, &found, err);
    *any = found.nhits > 0;
    return status;
}

/* --- what was shown ------------------------------------------------------------------------------- */

enum status library_find_glimpses(struct store *store, int64_t member,
                                  const struct search_hit *hits, size_t nhits, bool *all_known,
                                  struct error *err)
{
    enum status status = STATUS_OK;
    *all_known = true;
    for (size_t i = 0; !status && i < nhits; i++) {
        if (!hits[i].excerpt.len)
            continue;
        struct query *q = query_start(
            store, "SELECT EXISTS (SELECT 1 FROM glimpse WHERE paper = ?1 AND edition = ?2"
                   "  AND member = ?3) OR EXISTS (SELECT 1 FROM copy WHERE paper = ?1"
                   "  AND edition = ?2 AND member = ?3)");
        query_bind_int(q, 1, hits[i].paper);
        query_bind_int(q, 2, hits[i].edition);
        query_bind_int(q, 3, member);
        *all_known &= query_row(q) && query_int(q, 0);
        status = query_end(q, err);
    }
    return status;
}

static enum status record_glimpse(struct store *store, int64_t member, const struct search_hit *hit,
                                  struct error *err)
{
    bool known;
    enum status status = library_find_glimpses(store, member, hit, 1, &known, err);
    if (status || known)
        return status;
    struct query *q = query_start(store, "INSERT INTO glimpse (paper, edition, member, first_ms)"
                                         " VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, hit->paper);
    query_bind_int(q, 2, hit->edition);
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, store_now_ms());
    (void)query_row(q);
    status = query_end(q, err);
    if (status)
        return status;
    struct arena *arena = arena_make();
    status =
        store_add_event(store, "member", "copy.glimpsed", library_paper_id(arena, hit->paper),
                        str_format(arena, "{\"edition\":%" PRId64 ",\"member\":\"M%" PRId64 "\"}",
                                   hit->edition, member),
                        err);
    arena_free(arena);
    return status;
}

enum status library_record_glimpses(struct store *store, int64_t member,
                                    const struct search_hit *hits, size_t nhits, struct error *err)
{
    enum status status = store_begin(store, err);
    for (size_t i = 0; !status && i < nhits; i++)
        if (hits[i].excerpt.len)
            status = record_glimpse(store, member, &hits[i], err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}
