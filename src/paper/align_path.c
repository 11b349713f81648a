/* The best path along a chain; see align_steps.h.
 *
 * Exact pairs on nodes that stand clear of every branch hold the path fast. Between two of them
 * lies a gap, aligned by dynamic programming over the lattice (one step for each code wrong,
 * missing or put in) in a band around both corners' diagonals. The costs from the first corner and
 * to the last one together tell, for each branch in the gap, what the best path costs by either
 * alternative. */
#include <string.h>

#include "paper/align_steps.h"

#define FAR          0x3FFFFFFFU
#define MARGIN       8U
#define MARGIN_MOST  64U
#define EXTENT       96U        /* nodes tried beyond a chain's ends */
#define CELLS_MOST   (1U << 22) /* a gap larger than this is not worth it: it stays unread */
#define ERROR_WEIGHT 8          /* in half codes: an error must be made up for by four matches */

struct walk {
    const struct lattice *lattice;
    const struct folded *exhibit;
    struct arena *scratch;
    struct align_path *path;
    struct arena *arena;
    /* the gap at hand: nodes base … base+rows-1; row r holds exhibit indices lo[r] … hi[r] */
    uint32_t base, rows, row_room;
    uint32_t *lo, *hi, *start;
    uint32_t *forward, *back;
    size_t cell_room;
};

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t column_of(const struct walk *w, uint32_t node)
{
    return w->lattice->nodes[node].column - w->lattice->nodes[w->base].column;
}

static uint32_t cost_at(const struct walk *w, const uint32_t *cost, uint32_t node, int64_t at)
{
    if (node < w->base || node - w->base >= w->rows)
        return FAR;
    uint32_t r = node - w->base;
    if (at < w->lo[r] || at > w->hi[r])
        return FAR;
    return cost[w->start[r] + (uint32_t)at - w->lo[r]];
}

/* --- the band --------------------------------------------------------------------------------- */

static void make_rows(struct walk *w, uint32_t base, uint32_t rows)
{
    w->base = base;
    w->rows = rows;
    if (rows <= w->row_room)
        return;
    w->row_room = rows * 2;
    w->lo = arena_array(w->scratch, w->row_room, uint32_t);
    w->hi = arena_array(w->scratch, w->row_room, uint32_t);
    w->start = arena_array(w->scratch, w->row_room, uint32_t);
}

/* Gives each row the exhibit indices around two diagonals, within [from, to]: one through the first
 * corner, one through the last. False when that is too much. */
static bool make_band(struct walk *w, uint32_t from, uint32_t to, int64_t first_diagonal,
                      int64_t last_diagonal, uint32_t margin)
{
    uint64_t cells = 0;
    for (uint32_t r = 0; r < w->rows; r++) {
        int64_t column = column_of(w, w->base + r);
        int64_t a = first_diagonal + column;
        int64_t b = last_diagonal + column;
        int64_t lo = (a < b ? a : b) - margin;
        int64_t hi = (a < b ? b : a) + margin;
        lo = lo < from ? from : lo > to ? to : lo;
        hi = hi < from ? from : hi > to ? to : hi;
        w->lo[r] = (uint32_t)lo;
        w->hi[r] = (uint32_t)hi;
        w->start[r] = (uint32_t)cells;
        cells += (uint64_t)(hi - lo) + 1;
        if (cells > CELLS_MOST)
            return false;
    }
    if (cells > w->cell_room) {
        w->cell_room = cells * 2;
        w->forward = arena_array(w->scratch, w->cell_room, uint32_t);
        w->back = arena_array(w->scratch, w->cell_room, uint32_t);
    }
    return true;
}

static uint32_t margin_between(const struct walk *w, uint32_t from, uint32_t to)
{
    uint32_t margin = MARGIN;
    for (uint32_t node = from; node < to && margin < MARGIN_MOST; node++) {
        if (w->lattice->nodes[node].branch == ALIGN_NONE)
            continue;
        const struct align_branch *b = &w->lattice->branches[w->lattice->nodes[node].branch];
        uint32_t len0 = b->last[0] + 1 - b->first[0];
        uint32_t len1 = b->last[1] + 1 - b->first[1];
        margin += len0 > len1 ? len0 - len1 : len1 - len0;
    }
    return margin < MARGIN_MOST ? margin : MARGIN_MOST;
}

/* --- costs ------------------------------------------------------------------------------------ */

/* The nodes right before `node`. */
static unsigned nodes_before(const struct lattice *l, uint32_t node, uint32_t out[2])
{
    const struct align_node *n = &l->nodes[node];
    out[0] = n->before;
    if (n->ends == ALIGN_NONE)
        return 1;
    const struct align_branch *b = &l->branches[n->ends];
    out[1] = b->first[1] <= b->last[1] ? b->last[1] : b->before;
    return 2;
}

/* Cheapest way to have `node` not yet taken but the exhibit up to `at`. */
static uint32_t cost_before(const struct walk *w, const uint32_t *before, unsigned count,
                            int64_t at)
{
    uint32_t best = FAR;
    for (unsigned i = 0; i < count; i++)
        best = smaller(best, cost_at(w, w->forward, before[i], at));
    return best;
}

static void fill_forward(struct walk *w, uint32_t first_at)
{
    for (uint32_t at = w->lo[0]; at <= w->hi[0]; at++)
        w->forward[w->start[0] + at - w->lo[0]] = at >= first_at ? at - first_at : FAR;
    for (uint32_t r = 1; r < w->rows; r++) {
        uint32_t node = w->base + r;
        uint32_t code = w->lattice->nodes[node].code;
        uint32_t before[2];
        unsigned count = nodes_before(w->lattice, node, before);
        uint32_t *row = w->forward + w->start[r];
        uint32_t inserted = FAR;
        uint32_t diagonal = cost_before(w, before, count, (int64_t)w->lo[r] - 1);
        for (uint32_t at = w->lo[r]; at <= w->hi[r]; at++) {
            uint32_t above = cost_before(w, before, count, at);
            uint32_t best = above;
            if (code) {
                best = smaller(above + 1, inserted + 1);
                best = smaller(best, diagonal + (w->exhibit->code[at] != code));
            }
            row[at - w->lo[r]] = inserted = smaller(best, FAR);
            diagonal = above;
        }
    }
}

static uint32_t cost_after(const struct walk *w, const uint32_t *after, unsigned count, uint32_t at)
{
    uint32_t best = FAR;
    for (unsigned i = 0; i < count; i++) {
        uint32_t code = w->lattice->nodes[after[i]].code;
        uint32_t here = cost_at(w, w->back, after[i], at);
        if (code == 0) {
            best = smaller(best, here);
            continue;
        }
        best = smaller(best, here + 1);
        if ((size_t)at + 1 < w->exhibit->count)
            best = smaller(best, cost_at(w, w->back, after[i], (int64_t)at + 1) +
                                     (w->exhibit->code[at + 1] != code));
    }
    return smaller(best, FAR);
}

static void fill_back(struct walk *w, uint32_t last_at)
{
    uint32_t top = w->rows - 1;
    for (uint32_t at = w->lo[top]; at <= w->hi[top]; at++)
        w->back[w->start[top] + at - w->lo[top]] = at <= last_at ? last_at - at : FAR;
    for (uint32_t r = top; r-- > 0;) {
        uint32_t after[2];
        unsigned count = lattice_after(w->lattice, w->base + r, after);
        uint32_t *row = w->back + w->start[r];
        uint32_t inserted = FAR;
        for (uint32_t at = w->hi[r] + 1; at-- > w->lo[r];) {
            inserted = smaller(cost_after(w, after, count, at), inserted + 1);
            row[at - w->lo[r]] = inserted;
        }
    }
}

/* --- writing the path ------------------------------------------------------------------------- */

static void add_step(struct walk *w, struct align_step step)
{
    struct align_path *path = w->path;
    path->steps = arena_one_more(w->arena, path->steps, path->nsteps, sizeof *path->steps);
    path->steps[path->nsteps++] = step;
}

static void add_pair(struct walk *w, uint32_t node, uint32_t at, uint32_t strange)
{
    bool same = w->lattice->nodes[node].code == w->exhibit->code[at];
    add_step(w, (struct align_step){node, at, strange, same});
}

/* Goes back from the last corner along the cheapest way; steps come in reverse and are turned. */
static void trace_steps(struct walk *w, uint32_t last_at)
{
    size_t from = w->path->nsteps;
    uint32_t node = w->base + w->rows - 1;
    int64_t at = last_at;
    uint32_t strange = 0;
    while (node != w->base) {
        uint32_t code = w->lattice->nodes[node].code;
        uint32_t cost = cost_at(w, w->forward, node, at);
        uint32_t before[2];
        unsigned count = nodes_before(w->lattice, node, before);
        uint32_t next = ALIGN_NONE;
        int64_t next_at = at;
        bool taken = false;
        for (unsigned i = 0; i < count && next == ALIGN_NONE; i++) {
            bool wrong = code && w->exhibit->code[at] != code;
            if (code == 0 && cost_at(w, w->forward, before[i], at) == cost)
                next = before[i];
            else if (code && cost_at(w, w->forward, before[i], at - 1) + wrong == cost) {
                next = before[i];
                next_at = at - 1;
                taken = true;
            }
        }
        for (unsigned i = 0; i < count && next == ALIGN_NONE && code; i++) {
            if (cost_at(w, w->forward, before[i], at) + 1 == cost)
                next = before[i];
        }
        if (next == ALIGN_NONE) { /* a code put in after this node */
            strange++;
            at--;
            if (w->path->nsteps > from)
                w->path->steps[w->path->nsteps - 1].strange++;
            continue;
        }
        if (code)
            add_step(w, (struct align_step){node, taken ? (uint32_t)at : ALIGN_NONE, 0,
                                            taken && w->exhibit->code[at] == code});
        node = next;
        at = next_at;
    }
    if (w->path->nsteps > from && at > w->lo[0])
        w->path->steps[w->path->nsteps - 1].strange += (uint32_t)(at - w->lo[0]);
    for (size_t a = from, b = w->path->nsteps; a + 1 < b; a++) {
        struct align_step step = w->path->steps[a];
        w->path->steps[a] = w->path->steps[--b];
        w->path->steps[b] = step;
    }
}

static uint32_t cost_by(const struct walk *w, const struct align_branch *b, unsigned alt)
{
    uint32_t end = b->first[alt] <= b->last[alt] ? b->last[alt] : b->before;
    uint32_t row = b->join - w->base;
    uint32_t best = FAR;
    for (uint32_t at = w->lo[row]; at <= w->hi[row]; at++)
        best = smaller(best, cost_at(w, w->forward, end, at) + cost_at(w, w->back, b->join, at));
    return best;
}

static void add_sights(struct walk *w, size_t from)
{
    struct align_path *path = w->path;
    size_t step = from;
    for (uint32_t r = 0; r < w->rows; r++) {
        uint32_t index = w->lattice->nodes[w->base + r].branch;
        if (index == ALIGN_NONE)
            continue;
        const struct align_branch *b = &w->lattice->branches[index];
        struct align_sight sight = {.branch = index, .cost = {cost_by(w, b, 0), cost_by(w, b, 1)}};
        while (step < path->nsteps && path->steps[step].node <= b->before)
            step++;
        sight.step[0] = (uint32_t)step;
        while (step < path->nsteps && path->steps[step].node < b->join)
            step++;
        sight.step[1] = (uint32_t)step;
        path->sights = arena_one_more(w->arena, path->sights, path->nsights, sizeof *path->sights);
        path->sights[path->nsights++] = sight;
    }
}

/* --- gaps and ends ---------------------------------------------------------------------------- */

/* Writes the path from the pair `a` (written already) up to and with the pair `b`. */
static void walk_gap(struct walk *w, struct align_pair a, struct align_pair b)
{
    uint32_t rows = b.node - a.node + 1;
    if (rows == 2 && b.at == a.at + 1 && w->lattice->nodes[a.node].branch == ALIGN_NONE) {
        add_pair(w, b.node, b.at, 0);
        return;
    }
    make_rows(w, a.node, rows);
    uint32_t margin = margin_between(w, a.node, b.node);
    if (!make_band(w, a.at, b.at, a.at, (int64_t)b.at - column_of(w, b.node), margin)) {
        add_pair(w, b.node, b.at, b.at - a.at - 1);
        return;
    }
    fill_forward(w, a.at);
    fill_back(w, b.at);
    size_t from = w->path->nsteps;
    if (cost_at(w, w->forward, b.node, b.at) >= FAR) {
        add_pair(w, b.node, b.at, b.at - a.at - 1);
        return;
    }
    trace_steps(w, b.at);
    add_sights(w, from);
}

static bool is_plain(const struct lattice *l, uint32_t node)
{
    return l->nodes[node].code && l->nodes[node].in == ALIGN_NONE;
}

/* The pair furthest before `b` up to which the texts still agree. */
static struct align_pair find_beginning(struct walk *w, struct align_pair b, uint32_t room_from)
{
    uint32_t first = b.node > EXTENT ? b.node - EXTENT : 1;
    uint32_t span = 2 * EXTENT + MARGIN_MOST;
    uint32_t from = b.at > span && b.at - span > room_from ? b.at - span : room_from;
    while (first < b.node && !is_plain(w->lattice, first))
        first++;
    make_rows(w, first, b.node - first + 1);
    int64_t diagonal = (int64_t)b.at - column_of(w, b.node);
    if (from > b.at ||
        !make_band(w, from, b.at, diagonal, diagonal, margin_between(w, first, b.node)))
        return b;
    fill_back(w, b.at);
    struct align_pair best = b;
    int64_t best_score = 0;
    for (uint32_t r = 0; r < w->rows; r++) {
        if (!is_plain(w->lattice, first + r))
            continue;
        for (uint32_t at = w->lo[r]; at <= w->hi[r]; at++) {
            uint32_t cost = w->back[w->start[r] + at - w->lo[r]];
            int64_t gain = (int64_t)column_of(w, b.node) - column_of(w, first + r) + b.at - at;
            if (cost == FAR || w->exhibit->code[at] != w->lattice->nodes[first + r].code ||
                gain - (int64_t)cost * ERROR_WEIGHT <= best_score)
                continue;
            best_score = gain - (int64_t)cost * ERROR_WEIGHT;
            best = (struct align_pair){at, first + r};
        }
    }
    return best;
}

/* The pair furthest after `a` up to which the texts still agree. */
static struct align_pair find_end(struct walk *w, struct align_pair a, uint32_t room_to)
{
    uint32_t rows = smaller(EXTENT, w->lattice->nnodes - a.node);
    make_rows(w, a.node, rows);
    if (room_to <= a.at)
        return a;
    uint32_t to = smaller(room_to - 1, a.at + 2 * EXTENT + MARGIN_MOST);
    if (!make_band(w, a.at, to, a.at, a.at, margin_between(w, a.node, a.node + rows - 1)))
        return a;
    fill_forward(w, a.at);
    struct align_pair best = a;
    int64_t best_score = 0;
    for (uint32_t r = 1; r < rows; r++) {
        if (!is_plain(w->lattice, a.node + r))
            continue;
        for (uint32_t at = w->lo[r]; at <= w->hi[r]; at++) {
            uint32_t cost = w->forward[w->start[r] + at - w->lo[r]];
            int64_t gain = (int64_t)column_of(w, a.node + r) + at - a.at;
            if (cost == FAR || w->exhibit->code[at] != w->lattice->nodes[a.node + r].code ||
                gain - (int64_t)cost * ERROR_WEIGHT <= best_score)
                continue;
            best_score = gain - (int64_t)cost * ERROR_WEIGHT;
            best = (struct align_pair){at, a.node + r};
        }
    }
    return best;
}

/* Stands clear of every branch, so that nothing about a site is decided by holding on to it. */
static bool holds_fast(const struct lattice *l, uint32_t node)
{
    const struct align_node *n = &l->nodes[node];
    return is_plain(l, node) && n->branch == ALIGN_NONE && n->before != ALIGN_NONE &&
           l->nodes[n->before].ends == ALIGN_NONE;
}

void align_walk_chain(struct arena *arena, const struct lattice *lattice,
                      const struct folded *exhibit, const struct align_chain *chain,
                      struct align_path *path)
{
    struct walk w = {.lattice = lattice,
                     .exhibit = exhibit,
                     .path = path,
                     .arena = arena,
                     .scratch = arena_make()};
    *path = (struct align_path){0};
    struct align_pair last = {0};
    for (size_t i = 0; i < chain->npairs; i++) {
        struct align_pair pair = chain->pairs[i];
        if (!holds_fast(lattice, pair.node))
            continue;
        if (path->nsteps == 0) {
            struct align_pair begin = find_beginning(&w, pair, chain->room_from);
            add_pair(&w, begin.node, begin.at, 0);
            if (begin.node != pair.node)
                walk_gap(&w, begin, pair);
        } else if (pair.node > last.node && pair.at > last.at) {
            walk_gap(&w, last, pair);
        } else {
            continue;
        }
        last = pair;
    }
    if (path->nsteps) {
        struct align_pair end = find_end(&w, last, chain->room_to);
        if (end.node != last.node)
            walk_gap(&w, last, end);
    }
    arena_free(w.scratch);
}
