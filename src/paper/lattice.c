/* Builds the lattice of an edition and the index of its grams; see align_steps.h.
 *
 * The index holds the grams of every rendering near a node (all ways through up to GRAM_WAYS), so
 * that a marked copy is found by its own words as well as the master is. */
#include <string.h>

#include "paper/align_steps.h"

#define GRAM_WAYS     6U /* renderings indexed from one node */
#define GRAM_FREQUENT 8U /* a gram met more often tells nothing */

unsigned lattice_after(const struct lattice *lattice, uint32_t node, uint32_t out[2])
{
    const struct align_node *n = &lattice->nodes[node];
    out[0] = n->next;
    if (n->branch == ALIGN_NONE)
        return n->next != ALIGN_NONE;
    const struct align_branch *b = &lattice->branches[n->branch];
    out[1] = b->first[1] <= b->last[1] ? b->first[1] : b->join;
    return 2;
}

/* --- layout ----------------------------------------------------------------------------------- */

/* The builder: where it is in the folded text, and the node the next one hangs on. */
struct layout {
    struct lattice *lattice;
    struct folded text;
    size_t next; /* index in text */
    uint32_t tip;
};

static uint32_t add_node(struct layout *layout, uint32_t code, uint32_t at)
{
    struct lattice *l = layout->lattice;
    uint32_t node = l->nnodes++;
    uint32_t column = l->columns;
    l->nodes[node] = (struct align_node){code,       ALIGN_NONE, layout->tip, ALIGN_NONE,
                                         ALIGN_NONE, column,     at,          ALIGN_NONE};
    return node;
}

/* A node that both renderings share. */
static void add_plain(struct layout *layout, uint32_t code, uint32_t at)
{
    struct lattice *l = layout->lattice;
    uint32_t node = add_node(layout, code, at);
    if (layout->tip != ALIGN_NONE)
        l->nodes[layout->tip].next = node;
    layout->tip = node;
    l->columns += code != 0;
}

/* Lays out one alternative's codes. */
static void add_alternative(struct layout *layout, struct align_branch *branch, unsigned alt,
                            const uint32_t *code, size_t count, uint32_t at)
{
    struct lattice *l = layout->lattice;
    layout->tip = branch->before;
    branch->first[alt] = l->nnodes;
    for (size_t i = 0; i < count; i++) {
        uint32_t node = add_node(layout, code[i], at);
        l->nodes[node].in = (uint32_t)(branch - l->branches);
        if (i > 0 || alt == 0)
            l->nodes[layout->tip].next = node;
        layout->tip = node;
        l->columns++;
    }
    branch->last[alt] = l->nnodes - 1;
}

static void add_branch(struct layout *layout, uint32_t place, const uint32_t *code[2],
                       const size_t count[2], uint32_t at)
{
    struct lattice *l = layout->lattice;
    struct align_branch *b = &l->branches[l->nbranches];
    uint32_t index = l->nbranches++;
    *b = (struct align_branch){.place = place, .before = layout->tip};
    uint32_t column = l->columns;
    add_alternative(layout, b, 0, code[0], count[0], at);
    uint32_t tip0 = layout->tip;
    l->columns = column; /* both begin at the same column; alternative 0 says where they end */
    add_alternative(layout, b, 1, code[1], count[1], at);
    l->columns = column + (uint32_t)count[0];
    b->join = add_node(layout, 0, at);
    l->nodes[b->join].before = tip0;
    l->nodes[b->join].ends = index;
    for (unsigned alt = 0; alt < 2; alt++) {
        if (count[alt])
            l->nodes[b->last[alt]].next = b->join;
    }
    if (!count[0])
        l->nodes[b->before].next = b->join;
    l->nodes[b->before].branch = index;
    layout->tip = b->join;
}

static void add_text_until(struct layout *layout, size_t byte)
{
    const struct folded *t = &layout->text;
    for (; layout->next < t->count && t->from[layout->next] < byte; layout->next++)
        add_plain(layout, t->code[layout->next], t->from[layout->next]);
}

static void add_codes(struct layout *layout, const struct folded *codes, size_t from, size_t to,
                      uint32_t at)
{
    for (size_t i = from; i < to; i++)
        add_plain(layout, codes->code[i], at + codes->from[i]);
}

static void add_place(struct layout *layout, struct arena *scratch, uint32_t index)
{
    struct lattice *l = layout->lattice;
    const struct paper_place *place = &l->sites->places[index];
    uint32_t at = (uint32_t)place->at;
    add_text_until(layout, place->at);
    if (l->sites->sites[place->site].channel == PAPER_LAYOUT) {
        l->layouts[l->nlayouts++] = (struct align_raw){index, layout->tip, 1};
        return;
    }
    while (layout->next < layout->text.count &&
           layout->text.from[layout->next] < place->at + place->len)
        layout->next++;
    struct folded alt[2] = {unicode_fold(scratch, place->alt[0]),
                            unicode_fold(scratch, place->alt[1])};
    size_t least = alt[0].count < alt[1].count ? alt[0].count : alt[1].count;
    size_t head = 0;
    size_t tail = 0;
    while (head < least && alt[0].code[head] == alt[1].code[head])
        head++;
    while (tail < least - head &&
           alt[0].code[alt[0].count - 1 - tail] == alt[1].code[alt[1].count - 1 - tail])
        tail++;
    size_t count[2] = {alt[0].count - head - tail, alt[1].count - head - tail};
    if (count[0] + count[1] == 0)
        l->raws[l->nraws++] = (struct align_raw){index, layout->tip, (uint32_t)head};
    add_codes(layout, &alt[0], 0, head, at);
    if (count[0] + count[1] > 0) {
        const uint32_t *code[2] = {alt[0].code + head, alt[1].code + head};
        add_branch(layout, index, code, count, at + alt[0].from[head]);
    }
    add_codes(layout, &alt[0], alt[0].count - tail, alt[0].count, at);
}

uint32_t lattice_raw_from(const struct align_raw *raws, uint32_t count, uint32_t from)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (raws[middle].before < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- index ------------------------------------------------------------------------------------ */

const struct align_slot *lattice_find(const struct lattice *lattice, uint64_t hash)
{
    for (uint64_t i = hash & lattice->slot_mask;; i = (i + 1) & lattice->slot_mask) {
        const struct align_slot *slot = &lattice->slots[i];
        if (slot->hash == hash)
            return slot->count <= GRAM_FREQUENT ? slot : NULL;
        if (slot->hash == 0)
            return NULL;
    }
}

struct indexing {
    struct lattice *lattice;
    uint32_t nentries;
    uint32_t ways; /* still allowed from this node */
};

static void add_gram(struct indexing *indexing, uint64_t hash, uint32_t node)
{
    struct lattice *l = indexing->lattice;
    if (!l->slots) {
        indexing->nentries++;
        return;
    }
    uint64_t i = hash & l->slot_mask;
    while (l->slots[i].hash && l->slots[i].hash != hash)
        i = (i + 1) & l->slot_mask;
    struct align_slot *slot = &l->slots[i];
    if (slot->hash == 0)
        *slot = (struct align_slot){hash, ALIGN_NONE, 0};
    if (slot->first != ALIGN_NONE && l->entries[slot->first].node == node)
        return; /* two ways with the same words */
    if (slot->count++ >= GRAM_FREQUENT)
        return;
    l->entries[indexing->nentries] = (struct align_entry){node, slot->first};
    slot->first = indexing->nentries++;
}

/* Follows every way from `node` (part of a gram begun at `from`) until `left` codes are taken. The
 * depth is bounded by the gram's length and the joins between; `joins` cuts chains of empties. */
static void add_ways(struct indexing *indexing, uint32_t from, uint32_t node, uint64_t hash,
                     unsigned left, unsigned joins)
{
    const struct align_node *n = &indexing->lattice->nodes[node];
    if (n->code) {
        hash = align_gram_step(hash, n->code);
        left--;
    } else if (joins-- == 0) {
        return;
    }
    if (left == 0) {
        add_gram(indexing, align_gram_end(hash), from);
        indexing->ways--;
        return;
    }
    uint32_t after[2];
    unsigned count = lattice_after(indexing->lattice, node, after);
    for (unsigned i = 0; i < count && indexing->ways > 0; i++)
        add_ways(indexing, from, after[i], hash, left, joins);
}

static void walk_nodes(struct indexing *indexing)
{
    const struct lattice *l = indexing->lattice;
    for (uint32_t node = 0; node < l->nnodes; node++) {
        if (l->nodes[node].code == 0)
            continue;
        unsigned len = align_gram_len(l->nodes[node].code);
        indexing->ways = GRAM_WAYS;
        add_ways(indexing, node, node, len, len, len);
    }
}

/* Counts first, so that the tables are as large as they need to be and no larger. */
static void index_grams(struct arena *arena, struct lattice *lattice)
{
    struct indexing indexing = {.lattice = lattice};
    walk_nodes(&indexing);
    uint64_t room = 64;
    while (room < (uint64_t)indexing.nentries + indexing.nentries / 2)
        room *= 2;
    lattice->slot_mask = room - 1;
    lattice->slots = arena_array(arena, room, struct align_slot);
    lattice->entries = arena_array(arena, indexing.nentries + 1, struct align_entry);
    indexing.nentries = 0;
    walk_nodes(&indexing);
}

/* --- the whole -------------------------------------------------------------------------------- */

struct lattice *paper_lattice_make(struct arena *arena, const struct paper_doc *doc,
                                   const struct paper_sites *sites)
{
    struct arena *scratch = arena_make();
    struct lattice *l = arena_new(arena, struct lattice);
    struct layout layout = {l, unicode_fold(scratch, doc->text), 0, ALIGN_NONE};
    l->doc = doc;
    l->sites = sites;
    size_t most = layout.text.count + 2;
    for (size_t i = 0; i < sites->nplaces; i++)
        most += 1 + unicode_fold(scratch, sites->places[i].alt[0]).count +
                unicode_fold(scratch, sites->places[i].alt[1]).count;
    l->nodes = arena_array(scratch, most, struct align_node);
    l->branches = arena_array(arena, sites->nplaces + 1, struct align_branch);
    l->raws = arena_array(arena, sites->nplaces + 1, struct align_raw);
    l->layouts = arena_array(arena, sites->nplaces + 1, struct align_raw);
    add_plain(&layout, 0, 0);
    for (uint32_t i = 0; i < sites->nplaces; i++) {
        const struct paper_site *site = &sites->sites[sites->places[i].site];
        if (!site->locked && !site->absent)
            add_place(&layout, scratch, i);
    }
    add_text_until(&layout, SIZE_MAX);
    add_plain(&layout, 0, (uint32_t)doc->text.len);
    struct align_node *nodes = arena_array(arena, l->nnodes, struct align_node);
    memcpy(nodes, l->nodes, l->nnodes * sizeof *nodes);
    l->nodes = nodes;
    index_grams(arena, l);
    arena_free(scratch);
    return l;
}
