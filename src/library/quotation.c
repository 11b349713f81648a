/* Quotations; see quotation.h. What a trace does with an exhibit, sources found and aligned, is done here with a
 * post, for the stretches alone. */
#include "library/quotation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "library/copy.h"
#include "library/entitlement.h"
#include "library/offer.h"
#include "library/passage.h"
#include "library/quotation_own.h"
#include "library/source.h"
#include "paper/align.h"

#define SOURCES_MAX 4U  /* editions that a text is aligned with */
#define GAP_BYTES   12U /* between two stretches of one passage */
#define STRETCHES   200U
#define PREFIX      STR("/quotations/")

/* A passage of the text, and where it comes from. */
struct passage {
    size_t at, len;
    int64_t paper, edition;
    size_t source_at, source_len;
};
struct passages {
    struct passage list[STRETCHES];
    size_t count;
};

static bool overlaps(const struct passages *p, size_t at, size_t len)
{
    for (size_t i = 0; i < p->count; i++)
        if (at < p->list[i].at + p->list[i].len && p->list[i].at < at + len)
            return true;
    return false;
}

/* A stretch that goes on where the last one of the same edition ended, or within its last sentence, is the same
 * passage. */
static void add_passage(struct passages *p, struct passage new)
{
    struct passage *last = p->count ? &p->list[p->count - 1] : NULL;
    bool same = last && last->paper == new.paper && last->edition == new.edition;
    size_t end = same ? last->at + last->len : 0;
    size_t source_end = same ? last->source_at + last->source_len : 0;
    size_t new_end = new.source_at + new.source_len;
    if (same && new.at >= end &&new.at - end <= GAP_BYTES &&new.source_at >=
                    last->source_at &&new.source_at <= source_end + GAP_BYTES) {
        last->len = new.at + new.len - last->at;
        last->source_len = (new_end > source_end ? new_end : source_end) - last->source_at;
    } else if (p->count < STRETCHES && !overlaps(p, new.at, new.len)) {
        p->list[p->count++] = new;
    }
}

/* --- whole sentences ------------------------------------------------------------------------------ */

/* What is shown must not turn on where it was cut: a quotation that grew to the end of a marked place would tell its
 * author, character by character, where all of them are. So it begins and ends with sentences. Their ends are the same
 * in every copy: a semicolon, which is a mark in some places, ends none, nor does anything within a place. */

static size_t past_any(struct str text, size_t at, size_t end, const char *const *marks)
{
    for (; *marks && at < end; marks++)
        if (str_starts(str_slice(text, at, end), str_of(*marks)))
            return at + strlen(*marks);
    return at;
}

static size_t past_all(struct str text, size_t at, size_t end, const char *const *marks)
{
    for (size_t next; (next = past_any(text, at, end, marks)) != at;)
        at = next;
    return at;
}

/* Where the next sentence begins if one ends at `at`; else `at`. */
static size_t sentence_end(struct str text, size_t at, size_t end)
{
    static const char *const WIDE[] = {"。", "！", "？", "…", NULL};
    static const char *const NARROW[] = {".", "!", "?", NULL};
    static const char *const CLOSING[] = {"”", "’", "」", "』", "）", "》", "\"", "'", ")", NULL};
    static const char *const SPACE[] = {" ", "\t", "\n", "\u3000", NULL};
    size_t wide = past_all(text, at, end, WIDE);
    size_t narrow = past_any(text, at, end, NARROW);
    size_t closed = past_all(text, wide > at ? wide : narrow, end, CLOSING);
    size_t next = past_all(text, closed, end, SPACE);
    if (wide > at)
        return next;
    return narrow > at && (next > closed || closed == end) ? next : at;
}

static bool is_in_place(const struct paper_sites *sites, size_t at)
{
    size_t i = paper_place_from(sites, at);
    const struct paper_place *place = i < sites->nplaces ? &sites->places[i] : NULL;
    if (place && place->at <= at && at < place->at + place->len)
        return true;
    place = i > 0 ? &sites->places[i - 1] : NULL;
    return place && at < place->at + place->len;
}

/* The last beginning of a sentence at `at` or before it (the first one after it, or the block's end, if `after`). */
static size_t sentence_edge(const struct edition_text *t, const struct paper_block *block,
                            size_t at, bool after)
{
    size_t end = block->at + block->len;
    size_t edge = block->at;
    for (size_t i = block->at; i < end; i++) {
        size_t next = sentence_end(t->doc.text, i, end);
        if (next == i || is_in_place(&t->sites, i))
            continue;
        if (after && next >= at)
            return next;
        if (!after && next > at)
            return edge;
        edge = next;
        i = next - 1;
    }
    return after ? end : edge;
}

/* Wide enough that no site is cut. */
static void widen(const struct paper_sites *sites, size_t *at, size_t *len)
{
    size_t end = *at + *len;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        if (place->at >= end)
            break;
        if (place->at + place->len <= *at)
            continue;
        *at = place->at < *at ? place->at : *at;
        end = place->at + place->len > end ? place->at + place->len : end;
    }
    *len = end - *at;
}

static void take_whole_sentences(const struct edition_text *t, size_t *at, size_t *len)
{
    size_t end = *at + *len;
    const struct paper_block *first = paper_block_at(&t->doc, *at);
    const struct paper_block *last = paper_block_at(&t->doc, end - 1);
    if (first)
        *at = sentence_edge(t, first, *at, false);
    if (last)
        end = sentence_edge(t, last, end, true);
    *len = end - *at;
    widen(&t->sites, at, len);
}

static enum status align_with(struct arena *arena, struct store *store, int64_t paper,
                              int64_t number, struct str text, struct passages *p,
                              struct error *err)
{
    struct edition edition;
    struct edition_text t;
    struct reading reading;
    enum status status = library_find_edition(arena, store, paper, number, &edition, err);
    if (!status)
        status = library_load_edition(arena, store, &edition, &t, err);
    if (status)
        return status;
    const struct paper_seen seen = paper_seen_text(text);
    paper_read_marks(arena, paper_lattice_make(arena, &t.doc, &t.sites), &seen, &reading);
    for (size_t i = 0; i < reading.nspans; i++) {
        struct passage new = {reading.spans[i].at,        reading.spans[i].len,       paper, number,
                              reading.spans[i].source_at, reading.spans[i].source_len};
        if (new.source_len) {
            take_whole_sentences(&t, &new.source_at, &new.source_len);
            add_passage(p, new);
        }
    }
    return STATUS_OK;
}

static enum status find_passages(struct arena *arena, struct store *store, struct str text,
                                 struct passages *p, struct error *err)
{
    struct source_candidate *list;
    size_t count;
    enum status status =
        source_index_search(arena, store, text, 4 * SOURCES_MAX, &list, &count, err);
    size_t tried = 0;
    for (size_t i = 0; !status && i < count && tried < SOURCES_MAX; i++) {
        bool known = false; /* another edition of a paper that was tried */
        for (size_t k = 0; k < i; k++)
            known |= list[k].paper == list[i].paper;
        if (known)
            continue;
        tried++;
        status = align_with(arena, store, list[i].paper, list[i].edition, text, p, err);
    }
    return status;
}

/* Shorter pieces, of the copies that the author has. */
static enum status find_own(struct arena *arena, struct store *store, int64_t member,
                            struct str text, struct passages *p, struct error *err)
{
    struct own_piece *pieces = arena_array(arena, OWN_MOST, struct own_piece);
    size_t count;
    enum status status = quotation_find_own(arena, store, member, text, pieces, &count, err);
    for (size_t i = 0; !status && i < count; i++) {
        struct edition edition;
        struct edition_text t;
        struct passage new = {pieces[i].at,      pieces[i].len,       pieces[i].paper,
                              pieces[i].edition, pieces[i].source_at, pieces[i].source_len};
        if (overlaps(p, new.at, new.len))
            continue;
        status = library_find_edition(arena, store, new.paper, new.edition, &edition, err);
        if (!status)
            status = library_load_edition(arena, store, &edition, &t, err);
        if (!status) {
            take_whole_sentences(&t, &new.source_at, &new.source_len);
            add_passage(p, new);
        }
    }
    return status;
}

/* --- paragraphs by their addresses ---------------------------------------------------------------- */

bool library_is_quotable(const struct paper_block *b)
{
    return b->kind == PAPER_PARAGRAPH || b->kind == PAPER_MEASURE || b->kind == PAPER_ITEM ||
           b->kind == PAPER_QUOTE;
}

/* The block whose id on the page is p`number`; NULL when there is none. */
static const struct paper_block *find_block(const struct paper_doc *doc, uint64_t number)
{
    for (size_t i = 0; i < doc->nblocks; i++)
        if (library_is_quotable(&doc->blocks[i]) && --number == 0)
            return &doc->blocks[i];
    return NULL;
}

static uint64_t number_at(const struct paper_doc *doc, size_t at)
{
    uint64_t number = 0;
    for (size_t i = 0; i < doc->nblocks && doc->blocks[i].at <= at; i++)
        number += library_is_quotable(&doc->blocks[i]);
    const struct paper_block *block = paper_block_at(doc, at);
    return block && library_is_quotable(block) ? number : 0;
}

struct address {
    struct str key;
    uint64_t edition; /* 0: the newest */
    uint64_t paragraph;
    uint64_t from, to; /* characters of the paragraph; to 0: all of it */
};

/* "3" or "3.10-42". */
static bool read_place(struct str place, struct address *a)
{
    struct str part;
    bool whole = str_find(place, STR("."), 0) == SIZE_MAX;
    (void)str_split(&place, '.', &part);
    if (!str_to_u64(part, &a->paragraph) || a->paragraph == 0 || whole)
        return whole && a->paragraph > 0;
    (void)str_split(&place, '-', &part);
    return str_to_u64(part, &a->from) && str_to_u64(place, &a->to) && a->from < a->to;
}

/* "…/papers/KEY#p3", "…/papers/KEY/2#p3" or "…/papers/KEY/2#p3.10-42", and nothing else on the line. */
static bool read_address(struct str line, struct address *a)
{
    size_t at = str_find(line, STR("/papers/"), 0);
    size_t hash = str_find(line, STR("#p"), 0);
    *a = (struct address){0};
    if (at == SIZE_MAX || hash == SIZE_MAX || hash < at + 8 || memchr(line.at, ' ', line.len))
        return false;
    struct str path = str_slice(line, at + 8, hash - at - 8);
    (void)str_split(&path, '/', &a->key);
    return (!path.len || str_to_u64(path, &a->edition)) && a->edition <= INT32_MAX &&
           read_place(str_slice(line, hash + 2, line.len), a);
}

/* Counts characters of a copy off to bytes of the master. */
struct count {
    uint64_t from, to, seen;
    size_t at, end; /* of the master; SIZE_MAX: not begun */
};

static void count_off(struct count *c, uint64_t characters, size_t at, size_t len)
{
    if (c->seen + characters > c->from && c->seen < c->to) {
        c->at = c->at == SIZE_MAX ? at : c->at;
        c->end = at + len;
    }
    c->seen += characters;
}

static void count_literal(struct count *c, struct str text, size_t at, size_t end)
{
    while (at < end) {
        size_t next = at + 1;
        while (next < end && ((unsigned char)text.at[next] & 0xC0U) == 0x80)
            next++;
        count_off(c, 1, at, next - at);
        at = next;
    }
}

static uint64_t count_characters(struct str text)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.at[i] & 0xC0U) != 0x80;
    return count;
}

/* Characters from..to of the block as the member's copy has it, in bytes of the master; empty where the block
 * has none such. */
static void find_part(const struct edition_text *t, const uint8_t *bits,
                      const struct paper_block *block, const struct address *a, struct passage *p)
{
    struct count c = {.from = a->from, .to = a->to, .at = SIZE_MAX};
    size_t at = block->at;
    size_t end = block->at + block->len;
    for (size_t i = 0; i < t->sites.nplaces; i++) {
        const struct paper_place *place = &t->sites.places[i];
        if (place->at < at || place->at + place->len > end)
            continue;
        count_literal(&c, t->doc.text, at, place->at);
        count_off(&c, count_characters(place->alt[bits[place->site]]), place->at, place->len);
        at = place->at + place->len;
    }
    count_literal(&c, t->doc.text, at, end);
    p->source_at = c.at == SIZE_MAX ? 0 : c.at;
    p->source_len = c.at == SIZE_MAX ? 0 : c.end - c.at;
}

/* Fills paper, edition and the place in the master; leaves it empty for what is no address of a paragraph, or
 * of one that is not open to the member. */
static enum status find_paragraph(struct arena *arena, struct store *store, int64_t member,
                                  struct str line, int64_t now_ms, struct passage *p,
                                  struct error *err)
{
    struct address a;
    struct offer offer;
    struct edition edition;
    struct edition_text t;
    struct entitlement e;
    p->source_len = 0;
    if (!read_address(line, &a))
        return STATUS_OK;
    enum status status = library_find_offer_by_key(arena, store, a.key, &offer, err);
    if (!status)
        status = library_entitle(store, member, offer.paper, now_ms, &e, err);
    if (!status && !e.why)
        status = library_find_edition(arena, store, offer.paper, (int64_t)a.edition, &edition, err);
    if (status || e.why)
        return status == STATUS_MISSING ? STATUS_OK : status; /* it stays an address */
    status = library_load_edition(arena, store, &edition, &t, err);
    const struct paper_block *block = status ? NULL : find_block(&t.doc, a.paragraph);
    if (!block || !block->len)
        return status;
    p->paper = edition.paper;
    p->edition = edition.number;
    p->source_at = block->at;
    p->source_len = block->len;
    if (a.to)
        find_part(&t, copy_make_bits(arena, store, &t, member), block, &a, p);
    if (p->source_len)
        take_whole_sentences(&t, &p->source_at, &p->source_len);
    return status;
}

static enum status find_paragraphs(struct arena *arena, struct store *store, int64_t member,
                                   struct str text, int64_t now_ms, struct passages *p,
                                   struct error *err)
{
    struct str rest = text;
    struct str line;
    enum status status = STATUS_OK;
    while (!status && str_split(&rest, '\n', &line)) {
        struct str address = str_trim(line);
        struct passage new = {.at = (size_t)(address.at - text.at), .len = address.len};
        status = find_paragraph(arena, store, member, address, now_ms, &new, err);
        if (!status && new.source_len)
            add_passage(p, new);
    }
    return status;
}

/* --- taken out ------------------------------------------------------------------------------------ */

static int by_place(const void *left, const void *right)
{
    const struct passage *a = left;
    const struct passage *b = right;
    return (a->at > b->at) - (a->at < b->at);
}

/* Whether the passage before shows all that this one would. */
static bool is_within(const struct passage *one, const struct passage *before)
{
    return before && one->paper == before->paper && one->edition == before->edition &&
           one->source_at >= before->source_at &&
           one->source_at + one->source_len <= before->source_at + before->source_len;
}

static enum status take_out(struct arena *arena, struct str text, struct passages *p,
                            struct quoted *quoted, struct error *err)
{
    struct buf out = {.arena = arena};
    size_t at = 0;
    enum status status = STATUS_OK;
    qsort(p->list, p->count, sizeof *p->list, by_place);
    quoted->list = arena_array(arena, QUOTATIONS_MAX, struct quotation);
    for (size_t i = 0; !status && i < p->count; i++) {
        const struct passage *one = &p->list[i];
        buf_add(&out, str_trim(str_slice(text, at, one->at - at)));
        at = one->at + one->len;
        if (is_within(one, i ? &p->list[i - 1] : NULL))
            continue;
        buf_add(&out, out.len ? STR("\n\n") : STR(""));
        if (quoted->count < QUOTATIONS_MAX) {
            struct quotation *q = &quoted->list[quoted->count++];
            *q = (struct quotation){.paper = one->paper,
                                    .edition = one->edition,
                                    .at = one->source_at,
                                    .len = one->source_len};
            status = digest_random_key(arena, &q->key, err);
            buf_add(&out, PREFIX);
            buf_add(&out, q->key);
        } else {
            buf_add(&out, STR("…"));
        }
        buf_add(&out, STR("\n\n"));
    }
    buf_add(&out, p->count ? str_trim(str_slice(text, at, text.len)) : text);
    quoted->text = buf_str(&out);
    return status;
}

enum status library_quote_passages(struct arena *arena, struct store *store, int64_t member,
                                   struct str text, int64_t now_ms, struct quoted *quoted,
                                   struct error *err)
{
    struct passages *p = arena_new(arena, struct passages);
    text = quotation_drop_hidden(arena, text);
    *quoted = (struct quoted){.text = text};
    enum status status = find_passages(arena, store, text, p, err);
    if (!status)
        status = find_own(arena, store, member, text, p, err);
    quoted->words = p->count > 0;
    if (!status)
        status = find_paragraphs(arena, store, member, text, now_ms, p, err);
    return status || !p->count ? status : take_out(arena, text, p, quoted, err);
}

enum status library_shows_marks(struct arena *arena, struct store *store, int64_t member,
                                struct str text, bool *shows, struct error *err)
{
    struct passages *p = arena_new(arena, struct passages);
    struct own_piece *pieces = arena_array(arena, OWN_MOST, struct own_piece);
    size_t count = 0;
    text = quotation_drop_hidden(arena, text);
    enum status status = find_passages(arena, store, text, p, err);
    if (!status && !p->count)
        status = quotation_find_marked(arena, store, member, text, pieces, &count, err);
    *shows = p->count + count > 0;
    return status;
}

enum status library_keep_quotations(struct store *store, const struct quoted *quoted,
                                    struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < quoted->count; i++) {
        const struct quotation *one = &quoted->list[i];
        struct query *q = query_start(store, "INSERT INTO quotation (key, paper, edition, at, len)"
                                             " VALUES (?1, ?2, ?3, ?4, ?5)");
        query_bind_str(q, 1, one->key);
        query_bind_int(q, 2, one->paper);
        query_bind_int(q, 3, one->edition);
        query_bind_int(q, 4, (int64_t)one->at);
        query_bind_int(q, 5, (int64_t)one->len);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

/* --- seen ----------------------------------------------------------------------------------------- */

struct str library_quotation_key(struct str line)
{
    line = str_trim(line);
    while (str_starts(line, STR(">")))
        line = str_trim(str_slice(line, 1, line.len));
    if (!str_starts(line, PREFIX))
        return (struct str){"", 0};
    struct str key = str_slice(line, PREFIX.len, line.len);
    for (size_t i = 0; i < key.len; i++)
        if (!((key.at[i] >= 'a' && key.at[i] <= 'z') || (key.at[i] >= '0' && key.at[i] <= '9')))
            return (struct str){"", 0};
    return key;
}

static enum status find_quotation(struct store *store, struct str key, struct quotation *quotation,
                                  struct error *err)
{
    struct query *q =
        query_start(store, "SELECT paper, edition, at, len FROM quotation WHERE key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        *quotation = (struct quotation){key, query_int(q, 0), query_int(q, 1),
                                        (size_t)query_int(q, 2), (size_t)query_int(q, 3)};
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such quotation.", "没有这段引文。");
    return status;
}

/* `q` as the member sees it. */
static enum status see_place(struct arena *arena, struct store *store, const struct quotation *q,
                             int64_t member, int64_t now_ms, struct quotation_sight *sight,
                             struct error *err)
{
    struct entitlement e;
    struct offer offer;
    struct edition edition;
    struct edition_text t;
    *sight = (struct quotation_sight){0};
    enum status status = library_entitle(store, member, q->paper, now_ms, &e, err);
    if (status || e.why)
        return status;
    status = library_offer_of(arena, store, q->paper, &offer, err);
    if (!status)
        status = library_find_edition(arena, store, q->paper, q->edition, &edition, err);
    if (!status)
        status = library_load_edition(arena, store, &edition, &t, err);
    if (status)
        return status;
    uint64_t number = number_at(&t.doc, q->at);
    *sight = (struct quotation_sight){
        .open = true,
        .paper = q->paper,
        .edition = q->edition,
        .title = edition.title,
        .lang = edition.lang,
        .path = str_format(arena, "/papers/%.*s/%" PRId64, STR_ARG(offer.key), q->edition),
        .words =
            library_own_words(arena, &t, copy_make_bits(arena, store, &t, member), q->at, q->len),
    };
    if (number)
        sight->path = str_format(arena, "%.*s#p%" PRIu64, STR_ARG(sight->path), number);
    return STATUS_OK;
}

enum status library_see_quotation(struct arena *arena, struct store *store, struct str key,
                                  int64_t member, int64_t now_ms, struct quotation_sight *sight,
                                  struct error *err)
{
    struct quotation q = {0};
    *sight = (struct quotation_sight){0};
    enum status status = find_quotation(store, key, &q, err);
    return status ? status : see_place(arena, store, &q, member, now_ms, sight, err);
}

enum status library_see_place(struct arena *arena, struct store *store,
                              const struct quotation *place, int64_t member, int64_t now_ms,
                              struct quotation_sight *sight, struct error *err)
{
    return see_place(arena, store, place, member, now_ms, sight, err);
}

enum status library_see_passage(struct arena *arena, struct store *store, struct str address,
                                int64_t member, int64_t now_ms, struct quotation_sight *sight,
                                struct error *err)
{
    struct passage p = {0};
    *sight = (struct quotation_sight){0};
    enum status status = find_paragraph(arena, store, member, address, now_ms, &p, err);
    if (status || !p.source_len)
        return status;
    struct quotation q = {
        .paper = p.paper, .edition = p.edition, .at = p.source_at, .len = p.source_len};
    return see_place(arena, store, &q, member, now_ms, sight, err);
}
