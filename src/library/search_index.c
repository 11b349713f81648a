/* The search index: which words a paper has, whoever's copy it is; see search.h.
 *
 * A text is cut into sentences. One without sites goes into the column `sure`. One with sites goes into
 * `either` in all its renderings: where both alternatives have equally many words they stand side by side
 * at the same places, so that a phrase across several sites is found in every mixture; the few other sites
 * of a sentence are written out in every combination. A word '|' keeps phrases from running on from one
 * sentence into the next. The index keeps no text, so a paper's words are taken out by making them again
 * from the blobs that they were made from. */
#include "library/search_parts.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

#define CURSOR       "search/1" /* the number changes with the words that are made, and makes all anew */
#define FILLING      "search/1/filling"
#define SENTENCE_MAX 2000U /* bytes */
#define HARD_MAX     4U    /* sites of a sentence that are combined, at most */
#define BATCH_PAPERS 16
#define STRETCH      5000 /* events without a paper after which the cursor moves on */
#define BATCH_BYTES  ((size_t)512 * 1024)
#define BORDER       STR(" |")

/* --- renderings ----------------------------------------------------------------------------------- */

/* Appends [from, to) of the text; alt[i] says which alternative place i has. No place crosses an end. */
static void render(struct buf *out, struct str text, size_t from, size_t to,
                   const struct paper_place *places, size_t nplaces, const uint8_t *alt)
{
    for (size_t i = 0; i < nplaces; i++) {
        buf_add(out, str_slice(text, from, places[i].at - from));
        buf_add(out, places[i].alt[alt[i]]);
        from = places[i].at + places[i].len;
    }
    buf_add(out, str_slice(text, from, to - from));
}

/* Where in the text the title stands; false when it was given by hand and stands nowhere. */
static bool find_title(const struct paper_doc *doc, size_t *from, size_t *to)
{
    const struct paper_block *named = NULL;
    for (size_t i = 0; !named && i < doc->nblocks; i++) {
        const struct paper_block *b = &doc->blocks[i];
        struct str text = str_slice(doc->text, b->at, b->len);
        if (b->kind == PAPER_TITLE || (b->len && str_starts(str_trim(text), doc->title)))
            named = b;
    }
    if (!named)
        return false;
    size_t at = str_find(doc->text, doc->title, named->at);
    bool stands = at != SIZE_MAX && at + doc->title.len <= named->at + named->len;
    *from = stands ? at : named->at;
    *to = stands ? at + doc->title.len : named->at + named->len;
    return true;
}

/* --- words of a sentence -------------------------------------------------------------------------- */

struct indexer {
    struct arena *arena;
    const struct paper_doc *doc;
    struct paper_place *places; /* those that may differ in a copy, to a reader's eye */
    size_t nplaces;
    struct buf title, sure, either;
};

struct sentence {
    size_t from, to;
    const struct paper_place *places;
    size_t nplaces;
};

static void add_word(struct buf *out, const struct token *t, const char *beside)
{
    buf_format(out, " %s%.*s", beside, STR_ARG(t->stem));
    if (!str_equal(t->stem, t->word))
        buf_format(out, " +=%.*s", STR_ARG(t->word));
}

/* The words of a, with those of b beside them where they differ; b has as many, or none. */
static void add_words(struct buf *out, struct tokens a, struct tokens b)
{
    for (size_t i = 0; i < a.count; i++) {
        add_word(out, &a.at[i], "");
        if (i < b.count && !str_equal(a.at[i].word, b.at[i].word))
            add_word(out, &b.at[i], "+");
    }
    buf_add(out, BORDER);
}

static struct tokens words_with(struct indexer *x, const struct sentence *s, const uint8_t *alt)
{
    struct buf text = {.arena = x->arena};
    render(&text, x->doc->text, s->from, s->to, s->places, s->nplaces, alt);
    return token_split(x->arena, buf_str(&text));
}

static void add_rendering(struct indexer *x, struct buf *out, const struct sentence *s,
                          const uint8_t *soft, const uint8_t *hard)
{
    uint8_t *alt = arena_array(x->arena, s->nplaces + 1, uint8_t);
    memcpy(alt, hard, s->nplaces);
    struct tokens first = words_with(x, s, alt);
    for (size_t i = 0; i < s->nplaces; i++)
        alt[i] |= soft[i];
    struct tokens second = words_with(x, s, alt);
    if (first.count == second.count) {
        add_words(out, first, second);
    } else {
        add_words(out, first, (struct tokens){0});
        add_words(out, second, (struct tokens){0});
    }
}

/* A site is soft when its alternatives take the same number of words and no other site touches it. */
static size_t find_soft(struct indexer *x, const struct sentence *s, uint8_t *soft)
{
    uint8_t *alt = arena_array(x->arena, s->nplaces + 1, uint8_t);
    size_t usual = words_with(x, s, alt).count;
    size_t hard = 0;
    for (size_t i = 0; i < s->nplaces; i++) {
        const struct paper_place *p = &s->places[i];
        bool touches = i > 0 && p[-1].at + p[-1].len >= p->at;
        alt[i] = 1;
        soft[i] = !touches && words_with(x, s, alt).count == usual;
        alt[i] = 0;
        hard += !soft[i];
    }
    return hard;
}

/* Every combination of the hard sites; of too many each alone, each two neighbours, and all. */
static void add_combinations(struct indexer *x, struct buf *out, const struct sentence *s,
                             const uint8_t *soft, size_t nhard)
{
    uint8_t *hard = arena_array(x->arena, s->nplaces + 1, uint8_t);
    size_t *at = arena_array(x->arena, nhard + 1, size_t);
    for (size_t i = 0, n = 0; i < s->nplaces; i++)
        if (!soft[i])
            at[n++] = i;
    for (unsigned mask = 0; nhard <= HARD_MAX && mask < 1U << nhard; mask++) {
        for (size_t i = 0; i < nhard; i++)
            hard[at[i]] = mask >> i & 1;
        add_rendering(x, out, s, soft, hard);
    }
    if (nhard <= HARD_MAX)
        return;
    add_rendering(x, out, s, soft, hard);
    for (size_t i = 0; i < nhard; i++) {
        hard[at[i]] = 1;
        add_rendering(x, out, s, soft, hard);
        if (i + 1 < nhard) {
            hard[at[i + 1]] = 1;
            add_rendering(x, out, s, soft, hard);
            hard[at[i + 1]] = 0;
        }
        hard[at[i]] = 0;
    }
    for (size_t i = 0; i < nhard; i++)
        hard[at[i]] = 1;
    add_rendering(x, out, s, soft, hard);
}

static void add_sentence(struct indexer *x, struct buf *sure, struct buf *either,
                         const struct sentence *s)
{
    uint8_t *soft = arena_array(x->arena, s->nplaces + 1, uint8_t);
    if (s->nplaces == 0)
        add_words(sure, words_with(x, s, soft), (struct tokens){0});
    else
        add_combinations(x, either, s, soft, find_soft(x, s, soft));
}

/* --- sentences ------------------------------------------------------------------------------------ */

static bool ends_sentence(struct str text, uint32_t code, size_t next)
{
    static const uint32_t ends[] = {'\n', '!', '?', 0x3002, 0xFF01, 0xFF1F, 0x2026};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (code == ends[i])
            return true;
    return code == '.' && (next >= text.len || text.at[next] == ' ');
}

/* Where the sentence from `from` ends: never inside a place. Moves *place past those that it holds. */
static size_t find_end(struct indexer *x, size_t from, size_t to, size_t *place)
{
    struct str text = x->doc->text;
    size_t pos = from;
    bool ended = false;
    while (pos < to && !ended) {
        uint32_t code = utf8_next(text, &pos);
        ended = ends_sentence(text, code, pos) || (pos - from > SENTENCE_MAX && code == ' ');
        while (*place < x->nplaces && x->places[*place].at < pos) {
            size_t end = x->places[*place].at + x->places[*place].len;
            pos = end > pos ? end : pos;
            ++*place;
        }
    }
    return pos < to ? pos : to;
}

static void add_range(struct indexer *x, struct buf *sure, struct buf *either, size_t from,
                      size_t to)
{
    size_t place = 0;
    while (place < x->nplaces && x->places[place].at < from)
        place++;
    while (from < to) {
        size_t first = place;
        size_t end = find_end(x, from, to, &place);
        const struct sentence s = {from, end, x->places + first, place - first};
        add_sentence(x, sure, either, &s);
        from = end;
    }
}

static void take_places(struct indexer *x, const struct paper_sites *sites)
{
    x->places = arena_array(x->arena, sites->nplaces + 1, struct paper_place);
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_site *site = &sites->sites[sites->places[i].site];
        if (paper_channel_is_visible(site->channel) && !site->locked && !site->absent)
            x->places[x->nplaces++] = sites->places[i];
    }
}

static void make_words(struct indexer *x, const struct edition_text *t)
{
    size_t from;
    size_t to;
    x->doc = &t->doc;
    x->title = x->sure = x->either = (struct buf){.arena = x->arena};
    take_places(x, &t->sites);
    if (find_title(&t->doc, &from, &to))
        add_range(x, &x->title, &x->title, from, to);
    else
        add_words(&x->title, token_split(x->arena, t->doc.title), (struct tokens){0});
    add_range(x, &x->sure, &x->either, 0, t->doc.text.len);
}

/* --- in and out of the index ---------------------------------------------------------------------- */

static void bind_words(struct query *q, int64_t id, const struct indexer *x)
{
    query_bind_int(q, 1, id);
    query_bind_str(q, 2, buf_str(&x->title));
    query_bind_str(q, 3, buf_str(&x->sure));
    query_bind_str(q, 4, buf_str(&x->either));
    (void)query_row(q);
}

static bool read_digest(struct query *q, int column, struct digest *digest)
{
    struct str bytes = query_blob(q, column);
    if (bytes.len == DIGEST_BYTES)
        memcpy(digest->bytes, bytes.at, DIGEST_BYTES);
    return bytes.len == DIGEST_BYTES;
}

/* Takes out what the index has of a paper, by making its words again. */
static enum status take_out(struct arena *arena, struct store *store, int64_t paper,
                            struct error *err)
{
    struct edition_text old = {0};
    struct digest doc_digest;
    struct digest sites_digest;
    struct query *q =
        query_start(store, "SELECT id, doc, sites FROM search_entry WHERE paper = ?1");
    query_bind_int(q, 1, paper);
    bool found = query_row(q) && read_digest(q, 1, &doc_digest) && read_digest(q, 2, &sites_digest);
    int64_t id = found ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (status || !found)
        return status;
    struct str doc;
    struct str sites;
    status = store_get_blob(arena, store, &doc_digest, &doc, err);
    if (!status)
        status = store_get_blob(arena, store, &sites_digest, &sites, err);
    if (!status)
        status = paper_doc_unpack(arena, doc, &old.doc, err);
    if (!status)
        status = paper_sites_unpack(arena, sites, &old.doc, &old.sites, err);
    if (status)
        return status;
    struct indexer x = {.arena = arena};
    make_words(&x, &old);
    q = query_start(store, "INSERT INTO search (search, rowid, title, sure, either)"
                           " VALUES ('delete', ?1, ?2, ?3, ?4)");
    bind_words(q, id, &x);
    status = query_end(q, err);
    if (status)
        return status;
    q = query_start(store, "DELETE FROM search_entry WHERE id = ?1");
    query_bind_int(q, 1, id);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status add_entry(struct store *store, const struct edition *e, int64_t *id,
                             struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO search_entry (id, paper, edition, doc, sites)"
                                         " SELECT coalesce(max(id), 0) + 1, ?1, ?2, ?3, ?4"
                                         " FROM search_entry");
    query_bind_int(q, 1, e->paper);
    query_bind_int(q, 2, e->number);
    query_bind_blob(q, 3, digest_bytes(&e->doc_digest));
    query_bind_blob(q, 4, digest_bytes(&e->sites_digest));
    (void)query_row(q);
    *id = store_last_id(store);
    return query_end(q, err);
}

/* Words of letters, to find what a mistyped one may have meant. */
static enum status add_vocabulary(struct arena *arena, struct store *store,
                                  const struct edition_text *t, struct error *err)
{
    struct tokens tokens = token_split(arena, t->doc.text);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < tokens.count; i++) {
        const struct token *token = &tokens.at[i];
        if (token->kind != TOKEN_WORD || token->word.len < 3)
            continue;
        struct query *q = query_start(store, "INSERT OR IGNORE INTO search_word VALUES (?1)");
        query_bind_str(q, 1, token->word);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static enum status put_in(struct arena *arena, struct store *store, int64_t paper, size_t *bytes,
                          struct error *err)
{
    struct edition_text t;
    struct edition e;
    int64_t id = 0;
    enum status status = library_find_edition(arena, store, paper, 0, &e, err);
    if (!status)
        status = take_out(arena, store, paper, err);
    if (!status)
        status = library_load_edition(arena, store, &e, &t, err);
    if (!status)
        status = add_entry(store, &e, &id, err);
    if (status)
        return status;
    struct indexer x = {.arena = arena};
    make_words(&x, &t);
    *bytes += t.doc.text.len;
    struct query *q = query_start(
        store, "INSERT INTO search (rowid, title, sure, either) VALUES (?1, ?2, ?3, ?4)");
    bind_words(q, id, &x);
    status = query_end(q, err);
    return status ? status : add_vocabulary(arena, store, &t, err);
}

/* --- keeping up ----------------------------------------------------------------------------------- */

enum status library_search_forget(struct store *store, struct error *err)
{
    enum status status = store_begin(store, err);
    if (!status)
        status = store_run(store,
                           "INSERT INTO search (search) VALUES ('delete-all');"
                           " DELETE FROM search_entry; DELETE FROM search_word;"
                           " DELETE FROM cursor WHERE name GLOB 'search/*'",
                           err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

static enum status begin_filling(struct store *store, struct error *err)
{
    enum status status = library_search_forget(store, err);
    if (status)
        return status;
    int64_t newest;
    status = store_newest_event(store, &newest, err);
    if (!status)
        status = store_keep_cursor(store, STR(CURSOR), newest, err);
    return status ? status : store_keep_cursor(store, STR(FILLING), 0, err);
}

/* Indexes the papers that a query names, as (place in its order, paper), until the batch is full. *last
 * gets the place of the last one taken in, *all whether none is left. */
static enum status take_in(struct store *store, const char *sql, int64_t after, int64_t *last,
                           bool *all, struct error *err)
{
    int64_t places[BATCH_PAPERS];
    int64_t papers[BATCH_PAPERS];
    size_t count = 0;
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, after);
    query_bind_int(q, 2, BATCH_PAPERS);
    for (; count < BATCH_PAPERS && query_row(q); count++) {
        places[count] = query_int(q, 0);
        papers[count] = query_int(q, 1);
    }
    enum status status = query_end(q, err);
    struct arena *arena = arena_make();
    size_t bytes = 0;
    size_t done = 0;
    for (; !status && done < count && bytes < BATCH_BYTES; done++) {
        arena_reset(arena);
        status = put_in(arena, store, papers[done], &bytes, err);
        if (status == STATUS_DAMAGED || status == STATUS_MISSING)
            status = STATUS_OK; /* one paper that can't be read must not keep the others out */
    }
    arena_free(arena);
    *last = done ? places[done - 1] : after;
    *all = done == count && count < BATCH_PAPERS;
    return status;
}

static enum status fill(struct store *store, int64_t after, bool *more, struct error *err)
{
    int64_t last;
    bool all;
    enum status status =
        take_in(store, "SELECT id, id FROM paper WHERE id > ?1 ORDER BY id LIMIT ?2", after, &last,
                &all, err);
    *more = true;
    if (status || !all)
        return status ? status : store_keep_cursor(store, STR(FILLING), last, err);
    return store_run(store, "DELETE FROM cursor WHERE name = '" FILLING "'", err);
}

#define NEWS_SQL " kind IN ('paper.published', 'sites.changed') AND subject GLOB 'P[0-9]*'"

/* By number alone: by the index of subjects all that ever happened would be gone through. */
static enum status follow(struct store *store, int64_t after, bool *more, struct error *err)
{
    int64_t last;
    bool all;
    enum status status =
        take_in(store,
                "SELECT max(seq), CAST(substr(subject, 2) AS INTEGER) FROM event NOT INDEXED"
                " WHERE seq > ?1 AND" NEWS_SQL " GROUP BY subject ORDER BY max(seq) LIMIT ?2",
                after, &last, &all, err);
    *more = !all;
    if (!status && all)
        status = store_newest_event(store, &last, err);
    return status || last == after ? status : store_keep_cursor(store, STR(CURSOR), last, err);
}

enum status library_search_catch_up(struct store *store, bool *more, struct error *err)
{
    bool begun = false;
    bool filling = false;
    int64_t seq = 0;
    int64_t filled = 0;
    *more = false;
    enum status status = store_begin(store, err);
    if (!status)
        status = store_find_cursor(store, STR(CURSOR), &begun, &seq, err);
    if (!status)
        status = store_find_cursor(store, STR(FILLING), &filling, &filled, err);
    if (!status && !begun) {
        status = begin_filling(store, err);
        *more = true;
    } else if (!status) {
        status = filling ? fill(store, filled, more, err) : follow(store, seq, more, err);
    }
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status library_search_is_behind(struct store *store, int64_t *looked, bool *behind,
                                     struct error *err)
{
    bool begun = false;
    bool filling = false;
    int64_t seq = 0;
    int64_t filled = 0;
    int64_t newest = 0;
    enum status status = store_find_cursor(store, STR(CURSOR), &begun, &seq, err);
    if (!status)
        status = store_find_cursor(store, STR(FILLING), &filling, &filled, err);
    if (!status)
        status = store_newest_event(store, &newest, err);
    *behind = !begun || filling;
    if (status || *behind)
        return status;
    struct query *q =
        query_start(store, "SELECT ?2 > ?1 + ?4 OR EXISTS (SELECT 1 FROM event WHERE seq > ?3"
                           " AND seq <= ?2 AND" NEWS_SQL ")");
    query_bind_int(q, 1, seq);
    query_bind_int(q, 2, newest);
    query_bind_int(q, 3, *looked > seq ? *looked : seq);
    query_bind_int(q, 4, STRETCH);
    *behind = query_row(q) && query_int(q, 0);
    status = query_end(q, err);
    if (!status && !*behind)
        *looked = newest;
    return status;
}
