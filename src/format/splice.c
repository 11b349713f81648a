/* Splicing a deflate stream for every copy; see splice.h.
 *
 * Deflate is a list of tokens, literal bytes and matches (so many bytes from so far back), in Huffman codes. What differs
 * between two copies is little, but a match that reaches over a place where alternatives differ in length reaches further
 * in one copy than in the other. So the text is cut into segments, each a head (a choice, a field, or nothing) and a
 * tail that all copies share:
 *
 *   | tail 0 | head 1 | tail 1 | head 2 | tail 2 | …
 *
 * Tokens are found once. Matches copy from tails alone, each from within one. Those that stay in their own tail are
 * always as far, and their bits are known; those that reach back over heads are kept as steps, and each copy works out
 * how far it is from how long its heads came to be. All codes are of one table, made of what all copies hold, so that a
 * copy is one block: known bits moved to where they belong, and a few bits for each step.
 *
 * CRC-32 is linear: that of A and B behind one another is crc(A)·x^(8·|B|) + crc(B) modulo its polynomial, so a head and its
 * tail cost one multiplication whatever they hold. */
#include "format/splice.h"

#include <string.h>
#include <zlib.h>

#define NO_SEGMENT UINT32_MAX
#define WINDOW     32768U
#define MATCH_MIN  4U
#define MATCH_MAX  258U
#define CHAIN_MAX  96U /* earlier places that are looked at for one match */
#define HASH_BITS  15U
#define SYMBOLS    286U /* bytes, the end, lengths */
#define END_SYMBOL 256U
#define DISTANCES  30U
#define CODE_MAX   15U

struct code {
    uint16_t bits; /* the first bit lowest */
    uint8_t len;
};

/* Known bits, then how far back a match goes that reaches over heads. */
struct step {
    uint32_t words, nbits; /* in the pool, from a word of its own */
    uint32_t from;         /* segment of its source; NO_SEGMENT: only bits */
    uint32_t base;         /* the distance, were all heads between empty */
};

struct run {
    uint32_t step, nsteps;
};

struct side {
    struct str bytes; /* until the end is reached */
    struct run run;
    uint32_t len;
    uint32_t crc, far; /* with the tail behind it: its CRC, and x^(8·length) */
};

enum head { HEAD_NONE, HEAD_CHOICE, HEAD_FIELD };

struct segment {
    enum head head;
    uint32_t which; /* site, or field */
    struct side side[2];
    struct run run; /* of the tail */
    uint32_t tail_at, tail_len;
    uint32_t crc, far; /* of the tail alone */
};

struct splice {
    struct arena *arena;
    struct segment *segments;
    size_t nsegments;
    struct buf tails; /* one behind the other */
    struct step *steps;
    size_t nsteps, steps_cap;
    uint32_t *pool;
    size_t nwords, words_cap;
    struct code symbol[SYMBOLS], distance[DISTANCES];
    size_t room;
    bool fields;
};

/* --- building ------------------------------------------------------------------------------------- */

static struct segment *add_segment(struct splice *s, enum head head, uint32_t which)
{
    s->segments = arena_one_more(s->arena, s->segments, s->nsegments, sizeof *s->segments);
    struct segment *segment = &s->segments[s->nsegments++];
    *segment = (struct segment){.head = head, .which = which, .tail_at = (uint32_t)s->tails.len};
    return segment;
}

struct splice *splice_make(struct arena *arena)
{
    struct splice *s = arena_new(arena, struct splice);
    s->arena = arena;
    s->tails.arena = arena;
    (void)add_segment(s, HEAD_NONE, 0);
    return s;
}

void splice_literal(struct splice *s, struct str bytes)
{
    buf_add(&s->tails, bytes);
    s->segments[s->nsegments - 1].tail_len += (uint32_t)bytes.len;
}

void splice_choice(struct splice *s, uint32_t site, struct str alt0, struct str alt1)
{
    if (str_equal(alt0, alt1)) {
        splice_literal(s, alt0);
        return;
    }
    struct segment *segment = add_segment(s, HEAD_CHOICE, site);
    segment->side[0] = (struct side){.bytes = str_copy(s->arena, alt0), .len = (uint32_t)alt0.len};
    segment->side[1] = (struct side){.bytes = str_copy(s->arena, alt1), .len = (uint32_t)alt1.len};
}

void splice_field(struct splice *s, unsigned field)
{
    (void)add_segment(s, HEAD_FIELD, field);
    s->fields = true;
}

/* --- tokens --------------------------------------------------------------------------------------- */

struct token {
    uint16_t len;  /* of a match; 0: a byte */
    uint16_t byte; /* or that */
    uint32_t from; /* segment of the source */
    uint32_t base; /* as in a step */
};

struct tokens {
    struct token *all;
    size_t count, cap;
};

/* What is needed only until the end: in an arena of its own. */
struct packer {
    struct splice *splice;
    struct arena *arena;
    struct tokens tokens;
    uint32_t *last;    /* place in the tails by hash, plus 1 … */
    uint32_t *before;  /* … and the one before a place with the same hash */
    uint32_t *segment; /* by place */
    uint32_t *longest; /* by segment: bytes of all heads up to its own, at most */
    uint64_t symbols[SYMBOLS], distances[DISTANCES];
};

static uint32_t hash_of(const char *at)
{
    uint32_t four;
    memcpy(&four, at, sizeof four);
    return four * 2654435761U >> (32 - HASH_BITS);
}

static void note_place(struct packer *p, uint32_t place)
{
    uint32_t hash = hash_of(p->splice->tails.at + place);
    p->before[place] = p->last[hash];
    p->last[hash] = place + 1;
}

struct match {
    uint32_t len, from, base;
};

/* What is looked for: bytes that stand `at` in the tails' own counting, behind the heads up to `longest`. */
struct wanted {
    struct str bytes;
    uint32_t at;
    uint32_t longest;
    uint32_t segment;
};

static uint32_t same(const char *a, const char *b, uint32_t most)
{
    uint32_t len = 0;
    while (len < most && a[len] == b[len])
        len++;
    return len;
}

static struct match find_match(const struct packer *p, const struct wanted *w)
{
    const struct splice *s = p->splice;
    struct match best = {0};
    if (w->bytes.len < MATCH_MIN)
        return best;
    uint32_t most = w->bytes.len < MATCH_MAX ? (uint32_t)w->bytes.len : MATCH_MAX;
    uint32_t next = p->last[hash_of(w->bytes.at)];
    for (unsigned tried = 0; next && tried < CHAIN_MAX; tried++, next = p->before[next - 1]) {
        uint32_t place = next - 1;
        uint32_t from = p->segment[place];
        const struct segment *source = &s->segments[from];
        if (w->at - place + w->longest - p->longest[from] > WINDOW)
            break;
        uint32_t left = source->tail_at + source->tail_len - place;
        uint32_t len = same(s->tails.at + place, w->bytes.at, left < most ? left : most);
        if (len >= MATCH_MIN && len > best.len)
            best = (struct match){len, from, w->at - place};
        if (len == most)
            break;
    }
    return best;
}

static const uint8_t LENGTH_EXTRA[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t LENGTH_BASE[29] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                         15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                         67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t DISTANCE_EXTRA[DISTANCES] = {0, 0, 0,  0,  1,  1,  2,  2,  3,  3,
                                                  4, 4, 5,  5,  6,  6,  7,  7,  8,  8,
                                                  9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
static const uint16_t DISTANCE_BASE[DISTANCES] = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};

static unsigned length_index(unsigned len)
{
    unsigned i = 28;
    while (LENGTH_BASE[i] > len)
        i--;
    return i;
}

/* Distances beyond four come two codes for each power of two. */
static inline unsigned distance_index(uint32_t distance)
{
    uint32_t d = distance - 1;
    if (d < 4)
        return d;
    unsigned high = 31U - (unsigned)__builtin_clz(d);
    return 2 * high + (d >> (high - 1) & 1U);
}

static void add_token(struct packer *p, struct token token, unsigned weight)
{
    struct tokens *t = &p->tokens;
    if (t->count == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 4096;
        t->all = arena_grow_unset(p->arena, t->all, t->cap * sizeof *t->all, cap * sizeof *t->all);
        t->cap = cap;
    }
    t->all[t->count++] = token;
    if (token.len) {
        p->symbols[257 + length_index(token.len)] += weight;
        p->distances[distance_index(token.base)] += weight;
    } else {
        p->symbols[token.byte] += weight;
    }
}

/* Tokens of bytes that stand there; a tail's own places are noted as they are passed. A match is passed over for a byte
 * where a longer one begins right behind it. */
static void tokenise(struct packer *p, struct wanted w, bool tail, unsigned weight)
{
    struct match now = find_match(p, &w);
    while (w.bytes.len) {
        struct wanted next = {str_slice(w.bytes, 1, w.bytes.len), w.at + 1, w.longest, w.segment};
        if (tail && w.bytes.len >= MATCH_MIN)
            note_place(p, w.at);
        struct match then = now.len < 32 ? find_match(p, &next) : (struct match){0};
        if (!now.len || then.len > now.len) {
            add_token(p, (struct token){.byte = (uint8_t)w.bytes.at[0]}, weight);
            w = next;
            now = then;
            continue;
        }
        add_token(p, (struct token){.len = (uint16_t)now.len, .from = now.from, .base = now.base},
                  weight);
        for (uint32_t i = 1; tail && i < now.len && w.bytes.len - i >= MATCH_MIN; i++)
            note_place(p, w.at + i);
        w.bytes = str_slice(w.bytes, now.len, w.bytes.len);
        w.at += now.len;
        now = find_match(p, &w);
    }
}

/* --- codes ---------------------------------------------------------------------------------------- */

struct leaf {
    uint64_t weight;
    unsigned symbol;
};

static void sort_leaves(struct leaf *leaves, unsigned count)
{
    for (unsigned i = 1; i < count; i++) {
        struct leaf leaf = leaves[i];
        unsigned at = i;
        for (; at && leaves[at - 1].weight > leaf.weight; at--)
            leaves[at] = leaves[at - 1];
        leaves[at] = leaf;
    }
}

/* Lengths of a Huffman code by the two queues of sorted leaves and of joined nodes. Returns the longest. */
static unsigned measure_code(const uint64_t *weights, unsigned count, uint8_t *lens)
{
    struct leaf leaves[SYMBOLS];
    uint64_t weight[2 * SYMBOLS];
    unsigned parent[2 * SYMBOLS];
    unsigned n = 0;
    unsigned longest = 0;
    memset(lens, 0, count);
    for (unsigned i = 0; i < count; i++)
        if (weights[i])
            leaves[n++] = (struct leaf){weights[i], i};
    sort_leaves(leaves, n);
    for (unsigned i = 0; i < n; i++)
        weight[i] = leaves[i].weight;
    unsigned leaf = 0;
    unsigned node = n;
    for (unsigned made = n; made + 1 < 2 * n; made++) {
        weight[made] = 0;
        for (unsigned k = 0; k < 2; k++) {
            bool takes_leaf = leaf < n && (node == made || weight[leaf] <= weight[node]);
            unsigned child = takes_leaf ? leaf++ : node++;
            weight[made] += weight[child];
            parent[child] = made;
        }
    }
    unsigned root = 2 * n - 2;
    unsigned depth[2 * SYMBOLS];
    depth[root] = 0;
    for (unsigned i = root; i-- > 0;) {
        depth[i] = depth[parent[i]] + 1;
        if (i < n) {
            lens[leaves[i].symbol] = (uint8_t)depth[i];
            longest = depth[i] > longest ? depth[i] : longest;
        }
    }
    return longest;
}

/* The codes for weights, of which two at least are not 0, none longer than `most`. */
static void make_code(uint64_t *weights, unsigned count, unsigned most, struct code *codes)
{
    uint8_t lens[SYMBOLS];
    unsigned next = 0;
    while (measure_code(weights, count, lens) > most)
        for (unsigned i = 0; i < count; i++)
            weights[i] = weights[i] ? weights[i] / 2 + 1 : 0;
    for (unsigned len = 1; len <= most; len++, next <<= 1)
        for (unsigned i = 0; i < count; i++) {
            if (lens[i] != len)
                continue;
            unsigned turned = 0;
            for (unsigned bit = 0; bit < len; bit++)
                turned |= (next >> bit & 1U) << (len - 1 - bit);
            codes[i] = (struct code){(uint16_t)turned, (uint8_t)len};
            next++;
        }
}

/* --- bits that are known --------------------------------------------------------------------------- */

static struct step *begin_step(struct splice *s)
{
    if (s->nsteps == s->steps_cap) {
        size_t cap = s->steps_cap ? 2 * s->steps_cap : 1024;
        s->steps = arena_grow_unset(s->arena, s->steps, s->steps_cap * sizeof *s->steps,
                                    cap * sizeof *s->steps);
        s->steps_cap = cap;
    }
    struct step *step = &s->steps[s->nsteps++];
    *step = (struct step){.words = (uint32_t)s->nwords, .from = NO_SEGMENT};
    return step;
}

/* Bits to the end of the last step, at most 16. */
static void put_bits(struct splice *s, uint32_t bits, unsigned count)
{
    struct step *step = &s->steps[s->nsteps - 1];
    for (unsigned i = 0; i < count; i++, step->nbits++) {
        if (step->nbits % 32 == 0) {
            if (s->nwords == s->words_cap) {
                size_t cap = s->words_cap ? 2 * s->words_cap : 4096;
                s->pool = arena_grow_unset(s->arena, s->pool, s->words_cap * sizeof *s->pool,
                                           cap * sizeof *s->pool);
                s->words_cap = cap;
            }
            s->pool[s->nwords++] = 0;
        }
        s->pool[s->nwords - 1] |= (bits >> i & 1U) << (step->nbits % 32);
    }
}

static void put_code(struct splice *s, const struct code *code)
{
    put_bits(s, code->bits, code->len);
}

static void put_length(struct splice *s, unsigned len)
{
    unsigned index = length_index(len);
    put_code(s, &s->symbol[257 + index]);
    put_bits(s, len - LENGTH_BASE[index], LENGTH_EXTRA[index]);
}

static void put_distance(struct splice *s, uint32_t distance)
{
    unsigned index = distance_index(distance);
    put_code(s, &s->distance[index]);
    put_bits(s, distance - DISTANCE_BASE[index], DISTANCE_EXTRA[index]);
}

/* Tokens [from, to) as steps, in a run of their own. `own`: the segment whose distances are known here. */
static void put_tokens(struct packer *p, size_t from, size_t to, uint32_t own)
{
    struct splice *s = p->splice;
    for (size_t i = from; i < to; i++) {
        const struct token *token = &p->tokens.all[i];
        if (!token->len) {
            put_code(s, &s->symbol[token->byte]);
            continue;
        }
        put_length(s, token->len);
        if (token->from == own) {
            put_distance(s, token->base);
            continue;
        }
        s->steps[s->nsteps - 1].from = token->from;
        s->steps[s->nsteps - 1].base = token->base;
        (void)begin_step(s);
    }
}

/* The lengths of all codes, themselves in a code; runs of the same length are shortened only where they are zeros. */
static void put_table(struct splice *s)
{
    static const uint8_t ORDER[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t lens[SYMBOLS + DISTANCES];
    uint64_t weights[19] = {[0] = 1, [18] = 1};
    struct code codes[19] = {{0}};
    for (unsigned i = 0; i < SYMBOLS + DISTANCES; i++)
        lens[i] = i < SYMBOLS ? s->symbol[i].len : s->distance[i - SYMBOLS].len;
    for (unsigned i = 0; i < SYMBOLS + DISTANCES; i++)
        weights[lens[i]]++;
    make_code(weights, 19, 7, codes);
    put_bits(s, 1 | 2U << 1, 3); /* the last block, of codes of its own */
    put_bits(s, SYMBOLS - 257, 5);
    put_bits(s, DISTANCES - 1, 5);
    put_bits(s, 19 - 4, 4);
    for (unsigned i = 0; i < 19; i++)
        put_bits(s, codes[ORDER[i]].len, 3);
    for (unsigned i = 0; i < SYMBOLS + DISTANCES;) {
        unsigned zeros = 0;
        while (i + zeros < SYMBOLS + DISTANCES && !lens[i + zeros] && zeros < 138)
            zeros++;
        if (zeros >= 11) {
            put_code(s, &codes[18]);
            put_bits(s, zeros - 11, 7);
            i += zeros;
        } else {
            put_code(s, &codes[lens[i++]]);
        }
    }
}

/* --- the end -------------------------------------------------------------------------------------- */

static uint32_t checksum(uint32_t before, struct str bytes)
{
    return (uint32_t)crc32_z(before, (const Bytef *)bytes.at, bytes.len);
}

static void sum_segment(const struct splice *s, struct segment *segment)
{
    struct str tail = str_slice(buf_str(&s->tails), segment->tail_at, segment->tail_len);
    segment->crc = checksum(0, tail);
    segment->far = (uint32_t)crc32_combine_gen((z_off_t)tail.len);
    for (unsigned i = 0; segment->head == HEAD_CHOICE && i < 2; i++) {
        struct side *side = &segment->side[i];
        side->crc = checksum(checksum(0, side->bytes), tail);
        side->far = (uint32_t)crc32_combine_gen((z_off_t)(side->bytes.len + tail.len));
    }
}

static uint32_t head_most(const struct segment *segment)
{
    const struct side *side = segment->side;
    if (segment->head == HEAD_FIELD)
        return SPLICE_FIELD_MAX;
    return side[0].len > side[1].len ? side[0].len : side[1].len;
}

/* Where the tokens of each segment end: of its two sides, and its tail. */
struct ends {
    size_t at[3];
};

static void find_tokens(struct packer *p, struct ends *ends)
{
    struct splice *s = p->splice;
    uint32_t longest = 0;
    for (uint32_t i = 0; i < s->nsegments; i++) {
        struct segment *segment = &s->segments[i];
        for (unsigned k = 0; k < 2; k++) {
            struct wanted side = {segment->side[k].bytes, segment->tail_at, longest, i};
            tokenise(p, side, false, 1);
            ends[i].at[k] = p->tokens.count;
        }
        longest += head_most(segment);
        p->longest[i] = longest;
        for (uint32_t k = 0; k < segment->tail_len; k++)
            p->segment[segment->tail_at + k] = i;
        struct str tail = str_slice(buf_str(&s->tails), segment->tail_at, segment->tail_len);
        tokenise(p, (struct wanted){tail, segment->tail_at, longest, i}, true, 2);
        ends[i].at[2] = p->tokens.count;
    }
    for (unsigned i = 0; i < DISTANCES; i++)
        p->distances[i]++; /* any may be met in some copy */
    for (unsigned i = 0; s->fields && i < 256; i++)
        p->symbols[i]++;
    p->symbols[END_SYMBOL]++;
    p->symbols[257]++; /* a code has two symbols at least */
}

static struct run put_run(struct packer *p, size_t from, size_t to, uint32_t own)
{
    struct splice *s = p->splice;
    uint32_t first = (uint32_t)s->nsteps;
    (void)begin_step(s);
    put_tokens(p, from, to, own);
    return (struct run){first, (uint32_t)s->nsteps - first};
}

static void put_segments(struct packer *p, const struct ends *ends)
{
    struct splice *s = p->splice;
    size_t from = 0;
    for (uint32_t i = 0; i < s->nsegments; i++) {
        struct segment *segment = &s->segments[i];
        for (unsigned k = 0; k < 2; k++, from = ends[i].at[k - 1])
            segment->side[k].run = put_run(p, from, ends[i].at[k], NO_SEGMENT);
        segment->run = put_run(p, from, ends[i].at[2], i);
        from = ends[i].at[2];
        sum_segment(s, segment);
    }
}

/* At most: each step's bits, and 28 for a distance. */
static size_t count_room(const struct splice *s)
{
    size_t bits = 0;
    for (size_t i = 0; i < s->nsteps; i++)
        bits += s->steps[i].nbits + 28;
    for (size_t i = 0; i < s->nsegments; i++)
        bits += s->segments[i].head == HEAD_FIELD ? SPLICE_FIELD_MAX * (size_t)CODE_MAX : 0;
    return bits / 8 + 32;
}

void splice_end(struct splice *s)
{
    struct packer p = {.splice = s, .arena = arena_make()};
    struct ends *ends = arena_array(p.arena, s->nsegments, struct ends);
    buf_reserve(&s->tails, 8);
    p.last = arena_array(p.arena, (size_t)1 << HASH_BITS, uint32_t);
    p.before = arena_array(p.arena, s->tails.len + 1, uint32_t);
    p.segment = arena_array(p.arena, s->tails.len + 1, uint32_t);
    p.longest = arena_array(p.arena, s->nsegments, uint32_t);
    find_tokens(&p, ends);
    make_code(p.symbols, SYMBOLS, CODE_MAX, s->symbol);
    make_code(p.distances, DISTANCES, CODE_MAX, s->distance);
    (void)begin_step(s);
    put_table(s);
    put_segments(&p, ends);
    (void)begin_step(s);
    put_code(s, &s->symbol[END_SYMBOL]);
    s->room = count_room(s);
    arena_free(p.arena);
}

size_t splice_room(const struct splice *s)
{
    return s->room;
}

/* --- a copy --------------------------------------------------------------------------------------- */

struct bit_writer {
    char *to;
    uint64_t held;
    unsigned count; /* below 8 between calls */
};

static inline void write_bits(struct bit_writer *w, uint64_t bits, unsigned count)
{
    w->held |= bits << w->count;
    w->count += count;
    memcpy(w->to, &w->held, sizeof w->held);
    w->to += w->count >> 3;
    w->held >>= w->count & ~7U;
    w->count &= 7U;
}

static inline void write_known(struct bit_writer *w, const uint32_t *words, uint32_t nbits)
{
    for (; nbits >= 32; nbits -= 32)
        write_bits(w, *words++, 32);
    if (nbits)
        write_bits(w, *words, nbits);
}

/* What a copy has come to. */
struct copying {
    const struct splice *splice;
    struct bit_writer out;
    uint32_t *moved; /* by segment: bytes of heads in this copy up to its own */
    uint32_t heads;  /* the same so far */
    uint32_t crc;
};

static inline void write_run(struct copying *c, struct run run)
{
    const struct splice *s = c->splice;
    const struct step *step = s->steps + run.step;
    for (const struct step *end = step + run.nsteps; step < end; step++) {
        write_known(&c->out, s->pool + step->words, step->nbits);
        if (step->from == NO_SEGMENT)
            continue;
        uint32_t distance = step->base + c->heads - c->moved[step->from];
        unsigned index = distance_index(distance);
        uint64_t extra = distance - DISTANCE_BASE[index];
        unsigned len = s->distance[index].len;
        write_bits(&c->out, s->distance[index].bits | extra << len, len + DISTANCE_EXTRA[index]);
    }
}

/* a·b modulo the polynomial of CRC-32, the highest bit the lowest power, as zlib keeps them. Without branches: the bits
 * of each are spread over four numbers so far apart that their products' sums can't run into each other. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
    const uint64_t M = 0x1111111111111111;
    const z_crc_t *table = get_crc_table();
    uint64_t product = 0;
    for (unsigned k = 0; k < 4; k++) {
        uint64_t sum = 0;
        for (unsigned i = 0; i < 4; i++)
            sum ^= (a & (M << i)) * (uint64_t)(b & (M << ((k - i) & 3U)));
        product |= sum & (M << k);
    }
    product <<= 1;
    uint32_t low = (uint32_t)product;
    for (unsigned i = 0; i < 4; i++)
        low = low >> 8 ^ (uint32_t)table[low & 0xFF];
    return (uint32_t)(product >> 32) ^ low;
}

static void write_field(struct copying *c, struct str bytes)
{
    const struct splice *s = c->splice;
    bytes = str_slice(bytes, 0, SPLICE_FIELD_MAX);
    for (size_t i = 0; i < bytes.len; i++) {
        const struct code *code = &s->symbol[(uint8_t)bytes.at[i]];
        write_bits(&c->out, code->bits, code->len);
    }
    c->heads += (uint32_t)bytes.len;
    c->crc = checksum(c->crc, bytes);
}

static void write_segment(struct copying *c, size_t index, const uint8_t *bits,
                          const struct str *fields)
{
    const struct segment *segment = &c->splice->segments[index];
    if (segment->head == HEAD_CHOICE) {
        const struct side *side = &segment->side[bits[segment->which] & 1U];
        write_run(c, side->run);
        c->heads += side->len;
        c->crc = multiply(c->crc, side->far) ^ side->crc;
    } else {
        if (segment->head == HEAD_FIELD)
            write_field(c, fields[segment->which]);
        c->crc = multiply(c->crc, segment->far) ^ segment->crc;
    }
    c->moved[index] = c->heads;
    write_run(c, segment->run);
}

struct spliced splice_write(const struct splice *s, struct arena *arena, const uint8_t *bits,
                            const struct str *fields, char *out)
{
    struct copying c = {.splice = s, .out = {.to = out}};
    c.moved = arena_take_unset(arena, s->nsegments * sizeof *c.moved);
    write_run(&c, (struct run){0, 1});
    for (size_t i = 0; i < s->nsegments; i++)
        write_segment(&c, i, bits, fields);
    write_run(&c, (struct run){(uint32_t)s->nsteps - 1, 1});
    size_t packed = (size_t)(c.out.to - out) + (c.out.count > 0);
    return (struct spliced){packed, s->tails.len + c.heads, c.crc};
}
