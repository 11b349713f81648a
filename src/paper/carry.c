/* Sites belong to the paper: what a new edition leaves unchanged keeps its number.
 *
 * Places are compared by their own bytes, alternative, rule and surroundings. Where wide
 * surroundings (24 bytes each side) occur once in both editions the places are one and the same,
 * wherever the passage has moved to. From these seeds the pairing grows to both sides by narrow
 * surroundings (two characters), skipping a few places that came or went. Linear but for sorting. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/site.h"

#define WIDE_BYTES 24U
#define SKIP_MOST  8U
#define NOWHERE    SIZE_MAX

struct key {
    uint64_t hash;
    size_t place;
};

struct edition {
    const struct paper_doc *doc;
    const struct paper_sites *sites;
    uint64_t *narrow; /* by place */
    struct key *wide; /* sorted by hash */
    size_t *pair;     /* place of the other edition, or NOWHERE */
};

/* --- keys --- */

static uint64_t hash_more(uint64_t hash, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 0x100000001B3ULL;
    return (hash ^ s.len) * 0x9E3779B97F4A7C15ULL;
}

/* The bytes around a place that speak for it never reach beyond its block, which may move. */
static struct str block_around(const struct paper_doc *doc, const struct paper_place *p)
{
    const struct paper_block *block = paper_block_at(doc, p->at);
    return block ? str_slice(doc->text, block->at, block->len) : doc->text;
}

static size_t back_two(const struct paper_doc *doc, const struct paper_place *p)
{
    size_t least = (size_t)(block_around(doc, p).at - doc->text.at);
    size_t at = p->at;
    for (int i = 0; i < 2 && at > least; i++)
        (void)utf8_before(doc->text, &at);
    return at;
}

static size_t on_two(const struct paper_doc *doc, const struct paper_place *p)
{
    struct str block = block_around(doc, p);
    size_t most = (size_t)(block.at - doc->text.at) + block.len;
    size_t end = p->at + p->len;
    for (int i = 0; i < 2 && end < most; i++)
        (void)utf8_next(doc->text, &end);
    return end;
}

static uint64_t place_hash(const struct edition *edition, const struct paper_place *p, size_t from,
                           size_t to)
{
    struct str text = edition->doc->text;
    uint64_t hash = hash_more(0xCBF29CE484222325ULL, edition->sites->sites[p->site].rule);
    hash = hash_more(hash, p->alt[1]);
    hash = hash_more(hash, str_slice(text, from, p->at - from));
    hash = hash_more(hash, p->alt[0]);
    return hash_more(hash, str_slice(text, p->at + p->len, to - p->at - p->len));
}

static int by_hash(const void *left, const void *right)
{
    const struct key *a = left;
    const struct key *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static struct edition edition_make(struct arena *arena, const struct paper_doc *doc,
                                   const struct paper_sites *sites)
{
    struct edition e = {doc, sites, arena_array(arena, sites->nplaces, uint64_t),
                        arena_array(arena, sites->nplaces, struct key),
                        arena_array(arena, sites->nplaces, size_t)};
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *p = &sites->places[i];
        struct str block = block_around(doc, p);
        size_t least = (size_t)(block.at - doc->text.at);
        size_t most = least + block.len;
        size_t end = p->at + p->len;
        size_t from = p->at - least > WIDE_BYTES ? p->at - WIDE_BYTES : least;
        size_t to = most - end > WIDE_BYTES ? end + WIDE_BYTES : most;
        e.narrow[i] = place_hash(&e, p, back_two(doc, p), on_two(doc, p));
        e.wide[i] = (struct key){place_hash(&e, p, from, to), i};
        e.pair[i] = NOWHERE;
    }
    if (sites->nplaces)
        qsort(e.wide, sites->nplaces, sizeof *e.wide, by_hash);
    return e;
}

/* --- pairing --- */

static bool is_single(const struct edition *e, size_t i)
{
    return (i == 0 || e->wide[i - 1].hash != e->wide[i].hash) &&
           (i + 1 == e->sites->nplaces || e->wide[i + 1].hash != e->wide[i].hash);
}

static void tie(struct edition *before, struct edition *now, size_t old_place, size_t new_place)
{
    before->pair[old_place] = new_place;
    now->pair[new_place] = old_place;
}

static void pair_seeds(struct edition *before, struct edition *now)
{
    for (size_t i = 0, j = 0; i < before->sites->nplaces && j < now->sites->nplaces;) {
        if (before->wide[i].hash < now->wide[j].hash) {
            i++;
        } else if (before->wide[i].hash > now->wide[j].hash) {
            j++;
        } else {
            if (is_single(before, i) && is_single(now, j))
                tie(before, now, before->wide[i].place, now->wide[j].place);
            i++;
            j++;
        }
    }
}

/* The next unpaired place of the old edition, from `from` in direction `step`, that looks like the
 * new edition's place. */
static size_t find_like(const struct edition *before, const struct edition *now, size_t from,
                        size_t new_place, int step)
{
    size_t at = from;
    for (unsigned k = 0; k <= SKIP_MOST; k++, at += (size_t)step) {
        if (at >= before->sites->nplaces || before->pair[at] != NOWHERE)
            return NOWHERE;
        if (before->narrow[at] == now->narrow[new_place])
            return at;
    }
    return NOWHERE;
}

static void grow_pairs(struct edition *before, struct edition *now)
{
    size_t next = 0; /* also a text's beginning and end are seeds */
    for (size_t j = 0; j < now->sites->nplaces; j++) {
        if (now->pair[j] == NOWHERE) {
            size_t like = find_like(before, now, next, j, 1);
            if (like == NOWHERE)
                continue;
            tie(before, now, like, j);
        }
        next = now->pair[j] + 1;
    }
    next = before->sites->nplaces - 1;
    for (size_t j = now->sites->nplaces; j-- > 0;) {
        if (now->pair[j] == NOWHERE) {
            size_t like = find_like(before, now, next, j, -1);
            if (like == NOWHERE)
                continue;
            tie(before, now, like, j);
        }
        next = now->pair[j] - 1;
    }
}

/* --- numbers --- */

struct renumber {
    const struct paper_sites *before;
    struct paper_sites *now;
    uint32_t *number; /* of each new site; UINT32_MAX while unknown */
    bool *claimed;    /* of each old number */
};

static void claim(struct renumber *r, uint32_t site, uint32_t old)
{
    if (r->number[site] != UINT32_MAX || r->claimed[old] ||
        r->before->sites[old].channel != r->now->sites[site].channel ||
        r->before->sites[old].wide != r->now->sites[site].wide)
        return;
    r->number[site] = old;
    r->claimed[old] = true;
}

/* A choice for the whole paper is the same choice whatever else has changed. */
static void claim_wide(struct renumber *r)
{
    for (uint32_t i = 0; i < r->now->nsites; i++)
        for (uint32_t j = 0; r->now->sites[i].wide && j < r->before->nsites; j++)
            if (r->before->sites[j].wide &&
                str_equal(r->before->sites[j].rule, r->now->sites[i].rule))
                claim(r, i, j);
}

/* --- hand-made sites --- */

/* Where the old place stands in the new text: the only spot with its surroundings, or the spot of
 * the same rank among equally many. */
static size_t find_passage(const struct paper_doc *before, const struct paper_place *p,
                           const struct paper_doc *now)
{
    size_t from = back_two(before, p);
    size_t to = on_two(before, p);
    struct str passage = str_slice(before->text, from, to - from);
    size_t rank = 0;
    size_t total = 0;
    for (size_t at = str_find(before->text, passage, 0); at != SIZE_MAX;
         at = str_find(before->text, passage, at + 1), total++)
        rank += at < from;
    size_t found = SIZE_MAX;
    size_t seen = 0;
    for (size_t at = str_find(now->text, passage, 0); at != SIZE_MAX;
         at = str_find(now->text, passage, at + 1), seen++)
        if (seen == rank)
            found = at;
    return found != SIZE_MAX && seen == total ? found + (p->at - from) : SIZE_MAX;
}

static int by_place(const void *left, const void *right)
{
    const struct paper_place *a = left;
    const struct paper_place *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->len > b->len) - (a->len < b->len);
}

static void put_by_hand(struct renumber *r, struct paper_place place, const struct paper_doc *now)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->now->nplaces; i++) {
        const struct paper_place *p = &r->now->places[i];
        bool apart =
            p->at + p->len < place.at || p->at > place.at + place.len ||
            (place.len && p->len && (p->at + p->len == place.at || p->at == place.at + place.len));
        if (apart)
            r->now->places[kept++] = *p;
    }
    place.alt[0] = str_slice(now->text, place.at, place.len);
    r->now->places[kept++] = place;
    r->now->nplaces = kept;
}

static void carry_by_hand(struct renumber *r, const struct paper_doc *doc_before,
                          const struct paper_doc *doc_now)
{
    for (size_t i = 0; i < r->before->nplaces; i++) {
        struct paper_place place = r->before->places[i];
        if (!r->before->sites[place.site].by_hand)
            continue;
        size_t at = find_passage(doc_before, &place, doc_now);
        const struct paper_block *block = at == SIZE_MAX ? NULL : paper_block_at(doc_now, at);
        if (!block || at + place.len > block->at + block->len)
            continue;
        place.at = at;
        put_by_hand(r, place, doc_now);
    }
    if (r->now->nplaces)
        qsort(r->now->places, r->now->nplaces, sizeof *r->now->places, by_place);
}

/* --- the whole --- */

static void write_numbers(struct arena *arena, struct renumber *r)
{
    struct paper_sites *now = r->now;
    uint32_t next = r->before->nsites;
    for (uint32_t i = 0; i < now->nsites; i++)
        if (r->number[i] == UINT32_MAX)
            r->number[i] = next++;
    struct paper_site *all = arena_array(arena, next, struct paper_site);
    for (uint32_t i = 0; i < r->before->nsites; i++) {
        all[i] = r->before->sites[i];
        all[i].absent = true;
    }
    for (uint32_t i = 0; i < now->nsites; i++) {
        uint32_t number = r->number[i];
        bool locked =
            number < r->before->nsites ? r->before->sites[number].locked : now->sites[i].locked;
        all[number] = now->sites[i];
        all[number].number = number;
        all[number].locked = locked;
        all[number].absent = true; /* until a place is seen */
    }
    struct paper_place *places =
        arena_array(arena, now->nplaces + r->before->nplaces, struct paper_place);
    for (size_t i = 0; i < now->nplaces; i++) {
        places[i] = now->places[i];
        places[i].site = r->number[places[i].site];
    }
    now->places = places;
    now->sites = all;
    now->nsites = next;
}

void paper_carry_sites(struct arena *arena, const struct paper_doc *doc_before,
                       const struct paper_sites *before, const struct paper_doc *doc_now,
                       struct paper_sites *now)
{
    struct edition old = edition_make(arena, doc_before, before);
    struct edition new = edition_make(arena, doc_now, now);
    struct renumber r = {before, now, arena_array(arena, now->nsites + 1U, uint32_t),
                         arena_array(arena, before->nsites + 1U, bool)};
    memset(r.number, 0xFF, (now->nsites + 1U) * sizeof *r.number);
    pair_seeds(&old, &new);
    grow_pairs(&old, &new);
    claim_wide(&r);
    for (size_t i = 0; i < now->nplaces; i++)
        if (new.pair[i] != NOWHERE)
            claim(&r, now->places[i].site, before->places[new.pair[i]].site);
    write_numbers(arena, &r);
    carry_by_hand(&r, doc_before, doc_now);
    for (size_t i = 0; i < now->nplaces; i++)
        now->sites[now->places[i].site].absent = false;
}
