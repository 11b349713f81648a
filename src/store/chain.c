/* The arithmetic of the record; see chain.h. */
#include "store/chain.h"

#include <endian.h>
#include <string.h>

/* --- lines -------------------------------------------------------------------------------------- */

static void add_number(struct buf *buf, uint64_t value)
{
    const uint64_t little = htole64(value);
    buf_add(buf, (struct str){(const char *)&little, sizeof little});
}

static void add_text(struct buf *buf, struct str text)
{
    add_number(buf, text.len);
    buf_add(buf, text);
}

struct digest chain_said(struct arena *arena, struct str salt, struct str actor, struct str subject,
                         struct str data)
{
    struct buf line = {.arena = arena};
    buf_add(&line, salt);
    add_text(&line, actor);
    add_text(&line, subject);
    add_text(&line, data);
    return digest_of(buf_str(&line));
}

struct digest chain_hash(struct arena *arena, const struct digest *before, int64_t seq,
                         int64_t time_ms, struct str kind, const struct digest *said)
{
    struct buf line = {.arena = arena};
    buf_add(&line, digest_bytes(before));
    add_number(&line, (uint64_t)seq);
    add_number(&line, (uint64_t)time_ms);
    add_text(&line, kind);
    buf_add(&line, digest_bytes(said));
    return digest_of(buf_str(&line));
}

/* --- the tree ----------------------------------------------------------------------------------- */

static struct digest leaf_of(const struct digest *hash)
{
    char bytes[1 + DIGEST_BYTES] = {0};
    memcpy(bytes + 1, hash->bytes, DIGEST_BYTES);
    return digest_of((struct str){bytes, sizeof bytes});
}

static struct digest node_of(const struct digest *left, const struct digest *right)
{
    char bytes[1 + 2 * DIGEST_BYTES] = {1};
    memcpy(bytes + 1, left->bytes, DIGEST_BYTES);
    memcpy(bytes + 1 + DIGEST_BYTES, right->bytes, DIGEST_BYTES);
    return digest_of((struct str){bytes, sizeof bytes});
}

/* The first of those wanted at or behind a line. */
static size_t first_at(const struct chain_path *wanted, size_t nwanted, uint64_t seq)
{
    size_t low = 0;
    size_t high = nwanted;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wanted[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whoever is wanted among lines [from, to) goes by this digest next. */
static void step_by(struct chain_path *wanted, size_t nwanted, uint64_t from, uint64_t to,
                    const struct digest *beside)
{
    for (size_t i = first_at(wanted, nwanted, from); i < nwanted && wanted[i].seq < to; i++)
        wanted[i].steps[wanted[i].nsteps++] = *beside;
}

void chain_tree_add(struct chain_tree *tree, const struct digest *hash, struct chain_path *wanted,
                    size_t nwanted)
{
    struct digest right = leaf_of(hash);
    uint64_t end = tree->count + 2; /* behind the line that is added, from 1 */
    uint64_t size = 1;
    for (uint64_t left = tree->count; left & 1; left >>= 1) {
        const struct digest *peak = &tree->peaks[--tree->npeaks];
        step_by(wanted, nwanted, end - 2 * size, end - size, &right);
        step_by(wanted, nwanted, end - size, end, peak);
        right = node_of(peak, &right);
        size *= 2;
    }
    tree->peaks[tree->npeaks++] = right;
    tree->count++;
}

struct digest chain_tree_end(const struct chain_tree *tree, struct chain_path *wanted,
                             size_t nwanted)
{
    struct digest root = {{0}};
    uint64_t end = tree->count + 1;
    uint64_t rest = tree->count;
    if (tree->npeaks == 0)
        return root;
    root = tree->peaks[tree->npeaks - 1];
    uint64_t from = end - (rest & (~rest + 1)); /* the smallest whole part is the last one */
    rest &= rest - 1;
    for (unsigned i = tree->npeaks - 1; i-- > 0;) {
        uint64_t size = rest & (~rest + 1);
        step_by(wanted, nwanted, from - size, from, &root);
        step_by(wanted, nwanted, from, end, &tree->peaks[i]);
        root = node_of(&tree->peaks[i], &root);
        from -= size;
        rest &= rest - 1;
    }
    return root;
}

bool chain_tree_holds(const struct digest *root, uint64_t count, uint64_t seq,
                      const struct digest *hash, const struct digest *steps, size_t nsteps)
{
    if (seq == 0 || seq > count)
        return false;
    uint64_t at = seq - 1;
    uint64_t last = count - 1;
    struct digest sum = leaf_of(hash);
    for (size_t i = 0; i < nsteps; i++) {
        if (last == 0)
            return false;
        if (at & 1 || at == last) {
            sum = node_of(&steps[i], &sum);
            while (!(at & 1) && at) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            sum = node_of(&sum, &steps[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && memcmp(sum.bytes, root->bytes, DIGEST_BYTES) == 0;
}
