/* The difference between two editions; see difference.h. */
#include "library/difference.h"

#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"

#define STEPS_MAX    ((uint64_t)20 << 20) /* of the search, for the whole comparison */
#define DISTANCE_MAX 6000                 /* edits between two sequences, halved by the search */
#define PAIRS_MAX    4096U                /* blocks against blocks weighed one by one in a gap */
#define WEIGHED_MAX  16384U               /* bytes of a block that are weighed */
#define ALIKE        0.35                 /* share of words that makes a block a changed one */

/* A block, or a word of one. */
struct token {
    size_t at, len; /* in the master's text */
    uint64_t hash;
    size_t match; /* index on the other side, or SIZE_MAX */
};

struct side {
    const struct difference_side *of;
    struct token *tokens;
    size_t count;
};

struct search {
    struct arena *arena;
    const char *text[2];
    int *forward, *backward; /* furthest x on each diagonal; index 0 in the middle */
    uint64_t steps;          /* left */
};

static uint64_t hash_of(struct str s)
{
    uint64_t hash = 1469598103934665603U; /* FNV-1a, 64 bits */
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 1099511628211U;
    return hash;
}

static bool same(const struct search *s, const struct token *a, const struct token *b)
{
    return a->hash == b->hash && a->len == b->len &&
           memcmp(s->text[0] + a->at, s->text[1] + b->at, a->len) == 0;
}

/* --- Myers ---------------------------------------------------------------------------------------- */

struct snake {
    int x, y, u, v; /* from (x, y) to (u, v) */
};

/* The furthest x on diagonal k after one more edit; -1 when none leads there. */
static int one_edit(const int *furthest, int k, int n, int m)
{
    int right = furthest[k - 1] >= 0 && furthest[k - 1] < n ? furthest[k - 1] + 1 : -1;
    int down = furthest[k + 1] >= 0 && furthest[k + 1] - (k + 1) < m ? furthest[k + 1] : -1;
    return right > down ? right : down;
}

static int run_along(struct search *s, const struct token *a, const struct token *b, int n, int m,
                     int x, int k, bool backward)
{
    int from = x;
    while (x < n && x - k < m &&
           same(s, backward ? &a[n - 1 - x] : &a[x], backward ? &b[m - 1 - x + k] : &b[x - k]))
        x++;
    s->steps -= s->steps > (uint64_t)(x - from) ? (uint64_t)(x - from) : s->steps;
    return x;
}

/* The snake in the middle of a shortest edit path; false when the bounds are reached first. */
static bool find_middle(struct search *s, const struct token *a, int n, const struct token *b,
                        int m, struct snake *snake)
{
    const int delta = n - m;
    const bool odd = delta % 2 != 0;
    for (int d = 0; d <= (n + m + 1) / 2 && d < DISTANCE_MAX; d++) {
        s->forward[-d - 1] = s->forward[d + 1] = s->backward[-d - 1] = s->backward[d + 1] = -1;
        for (int k = -d; k <= d; k += 2) {
            int from = d ? one_edit(s->forward, k, n, m) : 0;
            int x = from < 0 ? -1 : run_along(s, a, b, n, m, from, k, false);
            int other = delta - k;
            s->forward[k] = x;
            if (odd && x >= 0 && other > -d && other < d && s->backward[other] >= 0 &&
                x + s->backward[other] >= n) {
                *snake = (struct snake){from, from - k, x, x - k};
                return true;
            }
        }
        for (int k = -d; k <= d; k += 2) {
            int from = d ? one_edit(s->backward, k, n, m) : 0;
            int x = from < 0 ? -1 : run_along(s, a, b, n, m, from, k, true);
            int other = delta - k;
            s->backward[k] = x;
            if (!odd && x >= 0 && other >= -d && other <= d && s->forward[other] >= 0 &&
                x + s->forward[other] >= n) {
                *snake = (struct snake){n - x, m - x + k, n - from, m - from + k};
                return true;
            }
        }
        if (s->steps <= (uint64_t)d)
            return false;
        s->steps -= (uint64_t)d;
    }
    return false;
}

static void match_tokens(struct search *s, struct side *before, size_t a, size_t a_end,
                         struct side *after, size_t b, size_t b_end)
{
    while (a < a_end && b < b_end && same(s, &before->tokens[a], &after->tokens[b])) {
        before->tokens[a].match = b;
        after->tokens[b++].match = a++;
    }
    while (a < a_end && b < b_end &&
           same(s, &before->tokens[a_end - 1], &after->tokens[b_end - 1])) {
        before->tokens[--a_end].match = --b_end;
        after->tokens[b_end].match = a_end;
    }
    struct snake at;
    if (a == a_end || b == b_end || a_end - a > INT32_MAX / 4 || b_end - b > INT32_MAX / 4 ||
        !find_middle(s, before->tokens + a, (int)(a_end - a), after->tokens + b, (int)(b_end - b),
                     &at))
        return;
    for (int i = 0; i < at.u - at.x; i++) {
        before->tokens[a + (size_t)(at.x + i)].match = b + (size_t)(at.y + i);
        after->tokens[b + (size_t)(at.y + i)].match = a + (size_t)(at.x + i);
    }
    match_tokens(s, before, a, a + (size_t)at.x, after, b, b + (size_t)at.y);
    match_tokens(s, before, a + (size_t)at.u, a_end, after, b + (size_t)at.v, b_end);
}

/* --- words ---------------------------------------------------------------------------------------- */

static bool is_word(uint32_t code)
{
    return (unicode_is_letter(code) && !unicode_is_han(code)) || unicode_is_digit(code);
}

static size_t token_end(struct str text, size_t at, size_t end)
{
    uint32_t code = utf8_next(text, &at);
    bool word = is_word(code);
    bool space = unicode_is_space(code);
    while (at < end && (word || space)) {
        size_t next = at;
        code = utf8_next(text, &next);
        if (word ? !is_word(code) : !unicode_is_space(code))
            break;
        at = next;
    }
    return at < end ? at : end;
}

/* Cuts one block into words, or characters where there are none. */
static struct side cut_words(struct arena *arena, const struct difference_side *of,
                             const struct paper_block *block)
{
    struct side side = {.of = of, .tokens = arena_array(arena, block->len + 1, struct token)};
    struct str text = of->doc->text;
    for (size_t at = block->at, end = block->at + block->len; at < end;) {
        size_t next = token_end(text, at, end);
        side.tokens[side.count++] =
            (struct token){at, next - at, hash_of(str_slice(text, at, next - at)), SIZE_MAX};
        at = next;
    }
    return side;
}

static void part_tokens(struct side *one, struct side *other, size_t i)
{
    if (one->tokens[i].match == SIZE_MAX)
        return;
    other->tokens[one->tokens[i].match].match = SIZE_MAX;
    one->tokens[i].match = SIZE_MAX;
}

/* A lone character, or nothing but space and marks, between two changes reads better as part of them. */
static void join_changes(struct side *before, struct side *after)
{
    for (size_t i = 1; i + 1 < after->count; i++) {
        const struct token *t = &after->tokens[i];
        size_t at = 0;
        uint32_t code = utf8_next(str_slice(after->of->doc->text, t->at, t->len), &at);
        bool slight = unicode_is_space(code) || unicode_is_punct(code) ||
                      (unicode_is_han(code) && t->len == at);
        if (slight && t->match != SIZE_MAX && after->tokens[i - 1].match == SIZE_MAX &&
            after->tokens[i + 1].match == SIZE_MAX)
            part_tokens(after, before, i);
    }
}

/* Tokens under one place are the same or changed together, and its words stand together. */
static bool keep_place_whole(struct side *one, struct side *other, size_t first, size_t end)
{
    bool whole = true;
    bool any = false;
    for (size_t i = first; i < end; i++) {
        any |= one->tokens[i].match != SIZE_MAX;
        whole &= one->tokens[i].match != SIZE_MAX &&
                 (i == first || one->tokens[i].match == one->tokens[i - 1].match + 1);
    }
    if (whole || !any)
        return false;
    for (size_t i = first; i < end; i++)
        part_tokens(one, other, i);
    return true;
}

static bool keep_places_whole(struct side *one, struct side *other)
{
    const struct paper_sites *sites = one->of->sites;
    bool changed = false;
    size_t first = 0;
    if (!one->count)
        return false;
    size_t end = one->tokens[one->count - 1].at + one->tokens[one->count - 1].len;
    for (size_t p = paper_place_from(sites, one->tokens[0].at);
         p < sites->nplaces && sites->places[p].at < end; p++) {
        const struct paper_place *place = &sites->places[p];
        while (first < one->count && one->tokens[first].at + one->tokens[first].len <= place->at)
            first++;
        size_t last = first;
        while (last < one->count && one->tokens[last].at < place->at + place->len)
            last++;
        changed |= keep_place_whole(one, other, first, last);
    }
    return changed;
}

/* --- rendering ------------------------------------------------------------------------------------ */

/* The member's words for [from, to) of the master; an empty place at `to` belongs to what follows, unless
 * the block ends there. */
static void render(struct buf *out, const struct difference_side *side, size_t from, size_t to,
                   size_t block_end)
{
    const struct paper_sites *sites = side->sites;
    for (size_t p = paper_place_from(sites, from); p < sites->nplaces; p++) {
        const struct paper_place *place = &sites->places[p];
        if (place->at > to || (place->at == to && (place->len || to != block_end)) ||
            place->at + place->len > to)
            break;
        buf_add(out, str_slice(side->doc->text, from, place->at - from));
        buf_add(out, place->alt[side->bits[place->site]]);
        from = place->at + place->len;
    }
    buf_add(out, str_slice(side->doc->text, from, to - from));
}

struct builder {
    struct arena *arena;
    struct difference *difference;
};

static void add_span(struct builder *b, struct difference_block *block, enum difference_kind kind,
                     struct str text)
{
    if (!text.len)
        return;
    block->spans = arena_one_more(b->arena, block->spans, block->nspans, sizeof *block->spans);
    struct difference_span *last = block->nspans ? &block->spans[block->nspans - 1] : NULL;
    if (last && last->kind == kind) {
        struct buf joined = {.arena = b->arena};
        buf_add(&joined, last->text);
        buf_add(&joined, text);
        last->text = buf_str(&joined);
        return;
    }
    block->spans[block->nspans++] = (struct difference_span){kind, text};
}

static struct str words_of(struct builder *b, const struct side *side, size_t first, size_t end,
                           const struct paper_block *block)
{
    struct buf out = {.arena = b->arena};
    if (first < end)
        render(&out, side->of, side->tokens[first].at,
               side->tokens[end - 1].at + side->tokens[end - 1].len, block->at + block->len);
    return buf_str(&out);
}

/* What both read alike to this member is no change to them. */
static void add_change(struct builder *b, struct difference_block *block, struct str gone,
                       struct str come)
{
    if (str_equal(gone, come)) {
        add_span(b, block, DIFFERENCE_SAME, come);
        return;
    }
    add_span(b, block, DIFFERENCE_DELETED, gone);
    add_span(b, block, DIFFERENCE_INSERTED, come);
}

static void add_spans(struct builder *b, struct difference_block *block, const struct side *before,
                      const struct paper_block *old, const struct side *after,
                      const struct paper_block *new)
{
    size_t i = 0;
    size_t j = 0;
    while (i < before->count || j < after->count) {
        size_t i0 = i;
        size_t j0 = j;
        while (i < before->count && before->tokens[i].match == SIZE_MAX)
            i++;
        while (j < after->count && after->tokens[j].match == SIZE_MAX)
            j++;
        add_change(b, block, words_of(b, before, i0, i, old), words_of(b, after, j0, j, new));
        j0 = j;
        while (i < before->count && j < after->count && before->tokens[i].match == j) {
            i++;
            j++;
        }
        add_span(b, block, DIFFERENCE_SAME, words_of(b, after, j0, j, new));
    }
}

/* --- blocks --------------------------------------------------------------------------------------- */

static struct difference_part *part_now(struct builder *b)
{
    return &b->difference->parts[b->difference->nparts - 1];
}

static void add_part(struct builder *b, struct str heading)
{
    struct difference *d = b->difference;
    d->parts = arena_one_more(b->arena, d->parts, d->nparts, sizeof *d->parts);
    d->parts[d->nparts++] = (struct difference_part){.heading = heading};
}

static struct difference_block *add_block(struct builder *b, enum difference_change change,
                                          const struct paper_block *of)
{
    struct difference *d = b->difference;
    d->blocks = arena_one_more(b->arena, d->blocks, d->nblocks, sizeof *d->blocks);
    struct difference_block *block = &d->blocks[d->nblocks++];
    *block = (struct difference_block){.change = change, .kind = of->kind, .level = of->level};
    return block;
}

static struct str block_words(struct builder *b, const struct difference_side *side,
                              const struct paper_block *block)
{
    struct buf out = {.arena = b->arena};
    render(&out, side, block->at, block->at + block->len, block->at + block->len);
    return buf_str(&out);
}

static void count_block(struct builder *b, struct difference_block *block, size_t *in_part,
                        size_t *in_all)
{
    block->part = b->difference->nparts - 1;
    if (in_part) {
        ++*in_part;
        ++*in_all;
    }
}

static void begin_part(struct builder *b, const struct difference_side *after,
                       const struct paper_block *block)
{
    if (block->kind == PAPER_HEADING)
        add_part(b, block_words(b, after, block));
}

static void add_whole(struct builder *b, enum difference_change change,
                      const struct difference_side *side, const struct paper_block *of)
{
    static const enum difference_kind kinds[] = {
        [BLOCK_SAME] = DIFFERENCE_SAME,
        [BLOCK_CHANGED] = DIFFERENCE_SAME,
        [BLOCK_ADDED] = DIFFERENCE_INSERTED,
        [BLOCK_REMOVED] = DIFFERENCE_DELETED,
    };
    if (change != BLOCK_REMOVED)
        begin_part(b, side, of);
    struct difference_block *block = add_block(b, change, of);
    add_span(b, block, kinds[change], block_words(b, side, of));
    if (change == BLOCK_ADDED)
        count_block(b, block, &part_now(b)->added, &b->difference->added);
    else if (change == BLOCK_REMOVED)
        count_block(b, block, &part_now(b)->removed, &b->difference->removed);
    else
        count_block(b, block, NULL, NULL);
}

static void add_changed(struct builder *b, struct search *s, const struct difference_side *before,
                        const struct paper_block *old, const struct difference_side *after,
                        const struct paper_block *new)
{
    struct side was = cut_words(b->arena, before, old);
    struct side is = cut_words(b->arena, after, new);
    match_tokens(s, &was, 0, was.count, &is, 0, is.count);
    join_changes(&was, &is);
    while (keep_places_whole(&is, &was) || keep_places_whole(&was, &is))
        continue;
    begin_part(b, after, new);
    struct difference_block *block = add_block(b, BLOCK_CHANGED, new);
    add_spans(b, block, &was, old, &is, new);
    bool changed = false;
    for (size_t i = 0; i < block->nspans; i++)
        changed |= block->spans[i].kind != DIFFERENCE_SAME;
    block->change = changed ? BLOCK_CHANGED : BLOCK_SAME;
    count_block(b, block, changed ? &part_now(b)->changed : NULL, &b->difference->changed);
}

/* --- gaps: blocks that are on one side only ---------------------------------------------------------- */

struct gap {
    const struct paper_block *old, *new;
    size_t nold, nnew;
};

/* Share of words that two blocks have in common, by a small table of hashes; cheap and good enough to say
 * which paragraph became which. */
static double likeness(struct arena *arena, const struct difference_side *before,
                       const struct paper_block *old, const struct difference_side *after,
                       const struct paper_block *new)
{
    int16_t table[1024] = {0};
    struct paper_block heads[] = {*old, *new};
    for (size_t i = 0; i < 2; i++)
        heads[i].len = heads[i].len < WEIGHED_MAX ? heads[i].len : WEIGHED_MAX;
    struct side was = cut_words(arena, before, &heads[0]);
    struct side is = cut_words(arena, after, &heads[1]);
    size_t common = 0;
    for (size_t i = 0; i < was.count; i++)
        table[was.tokens[i].hash % 1024]++;
    for (size_t i = 0; i < is.count; i++)
        common += table[is.tokens[i].hash % 1024]-- > 0;
    return was.count + is.count ? 2.0 * (double)common / (double)(was.count + is.count) : 0;
}

/* The pairing, in order, that makes the sum of likeness greatest: pair[i] is the new block that old block i
 * became, or SIZE_MAX. */
static void pair_blocks(struct builder *b, const struct difference_side *before,
                        const struct difference_side *after, const struct gap *gap, size_t *pair)
{
    size_t width = gap->nnew + 1;
    double *best = arena_array(b->arena, (gap->nold + 1) * width, double);
    double *alike = arena_array(b->arena, (gap->nold + 1) * width, double);
    struct arena *scratch = arena_make();
    for (size_t i = gap->nold; i-- > 0;)
        for (size_t j = gap->nnew; j-- > 0;) {
            double like = likeness(scratch, before, &gap->old[i], after, &gap->new[j]);
            double skip = best[(i + 1) * width + j] > best[i * width + j + 1]
                              ? best[(i + 1) * width + j]
                              : best[i * width + j + 1];
            double take = like >= ALIKE ? like + best[(i + 1) * width + j + 1] : -1;
            alike[i * width + j] = take >= skip ? take : -1;
            best[i * width + j] = take >= skip ? take : skip;
            arena_reset(scratch);
        }
    arena_free(scratch);
    for (size_t i = 0, j = 0; i < gap->nold && j < gap->nnew;) {
        if (alike[i * width + j] > 0)
            pair[i++] = j++;
        else if (best[(i + 1) * width + j] >= best[i * width + j + 1])
            i++;
        else
            j++;
    }
}

static void add_gap(struct builder *b, struct search *s, const struct difference_side *before,
                    const struct difference_side *after, const struct gap *gap)
{
    size_t *pair = arena_array(b->arena, gap->nold, size_t);
    size_t j = 0;
    for (size_t i = 0; i < gap->nold; i++)
        pair[i] = SIZE_MAX;
    if (gap->nold && gap->nnew && gap->nold <= PAIRS_MAX / gap->nnew)
        pair_blocks(b, before, after, gap, pair);
    for (size_t i = 0; i < gap->nold; i++) {
        if (pair[i] == SIZE_MAX) {
            add_whole(b, BLOCK_REMOVED, before, &gap->old[i]);
            continue;
        }
        while (j < pair[i])
            add_whole(b, BLOCK_ADDED, after, &gap->new[j++]);
        add_changed(b, s, before, &gap->old[i], after, &gap->new[j++]);
    }
    while (j < gap->nnew)
        add_whole(b, BLOCK_ADDED, after, &gap->new[j++]);
}

static struct side list_blocks(struct arena *arena, const struct difference_side *of)
{
    const struct paper_doc *doc = of->doc;
    struct side side = {of, arena_array(arena, doc->nblocks, struct token), doc->nblocks};
    for (size_t i = 0; i < doc->nblocks; i++) {
        const struct paper_block *block = &doc->blocks[i];
        side.tokens[i] = (struct token){
            block->at, block->len, hash_of(str_slice(doc->text, block->at, block->len)), SIZE_MAX};
    }
    return side;
}

void library_compare(struct arena *arena, const struct difference_side *before,
                     const struct difference_side *after, struct difference *difference)
{
    struct builder b = {.arena = arena, .difference = difference};
    struct search s = {
        .arena = arena, .text = {before->doc->text.at, after->doc->text.at}, .steps = STEPS_MAX};
    s.forward = arena_array(arena, 2 * DISTANCE_MAX + 3, int) + DISTANCE_MAX + 1;
    s.backward = arena_array(arena, 2 * DISTANCE_MAX + 3, int) + DISTANCE_MAX + 1;
    *difference = (struct difference){0};
    add_part(&b, STR(""));
    struct side was = list_blocks(arena, before);
    struct side is = list_blocks(arena, after);
    match_tokens(&s, &was, 0, was.count, &is, 0, is.count);
    for (size_t i = 0, j = 0; i < was.count || j < is.count;) {
        struct gap gap = {&before->doc->blocks[i], &after->doc->blocks[j], 0, 0};
        while (i < was.count && was.tokens[i].match == SIZE_MAX) {
            i++;
            gap.nold++;
        }
        while (j < is.count && is.tokens[j].match == SIZE_MAX) {
            j++;
            gap.nnew++;
        }
        add_gap(&b, &s, before, after, &gap);
        for (; i < was.count && j < is.count && was.tokens[i].match == j; i++)
            add_whole(&b, BLOCK_SAME, after, &after->doc->blocks[j++]);
    }
}
