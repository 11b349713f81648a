/* A site that an editor adds: quoted words and what may stand instead of them. */
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/placeholder.h"
#include "paper/site.h"

/* The part of the quotation that differs: [from, from+len) of it, replaced by `alt`. */
struct change {
    size_t from, len;
    struct str alt;
};

static bool inside_character(struct str s, size_t at)
{
    return at < s.len && ((unsigned char)s.at[at] & 0xC0) == 0x80;
}

static struct change find_change(struct str quoted, struct str alternative)
{
    size_t most = quoted.len < alternative.len ? quoted.len : alternative.len;
    size_t head = 0;
    size_t tail = 0;
    while (head < most && quoted.at[head] == alternative.at[head])
        head++;
    while (head > 0 && (inside_character(quoted, head) || inside_character(alternative, head)))
        head--;
    while (tail < most - head &&
           quoted.at[quoted.len - 1 - tail] == alternative.at[alternative.len - 1 - tail])
        tail++;
    while (tail > 0 && (inside_character(quoted, quoted.len - tail) ||
                        inside_character(alternative, alternative.len - tail)))
        tail--;
    return (struct change){head, quoted.len - head - tail,
                           str_slice(alternative, head, alternative.len - head - tail)};
}

static bool reads_same(struct arena *arena, struct str a, struct str b)
{
    struct folded one = unicode_fold(arena, a);
    struct folded two = unicode_fold(arena, b);
    return one.count == two.count &&
           (one.count == 0 || memcmp(one.code, two.code, one.count * sizeof *one.code) == 0);
}

static bool is_all_punct(struct str s)
{
    for (size_t pos = 0; pos < s.len;)
        if (!unicode_is_punct(utf8_next(s, &pos)))
            return false;
    return true;
}

/* Beside each other they may stand, but not where one is empty: what is seen could be either's. */
static bool are_apart(const struct paper_place *p, size_t at, size_t len)
{
    return p->at + p->len < at || p->at > at + len ||
           (p->len && len && (p->at + p->len == at || p->at == at + len));
}

/* The place that touches [at, at+len), by binary search; NULL if none. A layout mark gives way to
 * words, so it counts as none. */
static const struct paper_place *find_overlap(const struct paper_sites *sites, size_t at,
                                              size_t len)
{
    size_t low = 0;
    size_t high = sites->nplaces;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (sites->places[mid].at + sites->places[mid].len < at)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < sites->nplaces && sites->places[low].at <= at + len; low++) {
        const struct paper_place *p = &sites->places[low];
        if (sites->sites[p->site].channel != PAPER_LAYOUT && !are_apart(p, at, len))
            return p;
    }
    return NULL;
}

static int by_place(const void *left, const void *right)
{
    const struct paper_place *a = left;
    const struct paper_place *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->len > b->len) - (a->len < b->len);
}

static enum status check_words(struct arena *arena, struct str quoted, struct str alternative,
                               struct error *err)
{
    if (quoted.len == 0 || utf8_first_bad(alternative) != SIZE_MAX)
        return error_set(err, STATUS_INPUT, "Give the words as they stand in the text.",
                         "请给出正文中的原词句。");
    if (reads_same(arena, quoted, alternative))
        return error_set(
            err, STATUS_INPUT,
            "\"%.*s\" and \"%.*s\" read the same once retyped; they can't carry a mark.",
            "“%.*s”与“%.*s”重新录入后没有区别，不能作标记位。", STR_ARG(quoted),
            STR_ARG(alternative));
    return STATUS_OK;
}

static enum status check_placeholders(const struct paper_doc *doc, const struct placeholder *list,
                                      size_t count, size_t at, size_t len, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (at < list[i].at + list[i].len && at + len > list[i].at)
            return error_set(err, STATUS_INPUT,
                             "\"%.*s\" is a placeholder to be filled in; it can't carry a mark.",
                             "“%.*s”是待填的占位符，不能作标记位。",
                             STR_ARG(str_slice(doc->text, list[i].at, list[i].len)));
    return STATUS_OK;
}

/* Takes away the layout marks that new places meet; both lists are sorted. A site left without a place
 * keeps its number. Returns how many of the old places stay. */
static size_t make_way(struct paper_site *sites, struct paper_place *old, size_t nold,
                       const struct paper_place *new, size_t nnew)
{
    size_t kept = 0;
    for (size_t i = 0; i < nold; i++) {
        bool met = false;
        while (nnew && new->at + new->len < old[i].at)
            new ++, nnew--;
        for (size_t k = 0; k < nnew && new[k].at <= old[i].at + old[i].len && !met; k++)
            met = !are_apart(&old[i], new[k].at, new[k].len);
        if (met)
            sites[old[i].site].absent = true;
        else
            old[kept++] = old[i];
    }
    return kept;
}

static enum status fail_overlap(const struct paper_sites *sites, const struct paper_place *p,
                                struct error *err)
{
    return error_set(err, STATUS_INPUT,
                     "The words overlap site %u (\"%.*s\" / \"%.*s\"). Quote other words.",
                     "这些词与第 %u 个标记位（“%.*s”/“%.*s”）重叠，请另选词句。",
                     sites->sites[p->site].number, STR_ARG(p->alt[0]), STR_ARG(p->alt[1]));
}

/* What is added: of all its places one site, or a site each. */
struct addition {
    struct str quoted, alternative;
    bool each;
    struct change change;
    size_t count; /* of places */
};

/* Where the quotation stands within one block, at `at` or behind; SIZE_MAX: nowhere. */
static size_t find_quotation(const struct paper_doc *doc, struct str quoted, size_t at)
{
    for (at = str_find(doc->text, quoted, at); at != SIZE_MAX;
         at = str_find(doc->text, quoted, at + quoted.len)) {
        const struct paper_block *block = paper_block_at(doc, at);
        if (block && at + quoted.len <= block->at + block->len)
            break;
    }
    return at;
}

/* Counts the places, each of which must be free. */
static enum status count_places(struct arena *arena, const struct paper_doc *doc,
                                const struct paper_sites *sites, struct addition *a,
                                struct error *err)
{
    struct placeholder *blanks;
    size_t nblanks;
    size_t len = a->change.len;
    paper_find_placeholders(arena, doc, &blanks, &nblanks);
    for (size_t at = find_quotation(doc, a->quoted, 0); at != SIZE_MAX; a->count++) {
        size_t from = at + a->change.from;
        const struct paper_place *there = find_overlap(sites, from, len);
        enum status status = there ? fail_overlap(sites, there, err)
                                   : check_placeholders(doc, blanks, nblanks, from, len, err);
        if (status)
            return status;
        at = find_quotation(doc, a->quoted, at + a->quoted.len);
    }
    if (a->count == 0)
        return error_set(err, STATUS_INPUT, "\"%.*s\" does not stand in the text.",
                         "正文中没有“%.*s”。", STR_ARG(a->quoted));
    if ((a->each ? a->count : 1) > UINT32_MAX - sites->nsites)
        return error_set(err, STATUS_INPUT, "There are too many sites.", "标记位过多。");
    return STATUS_OK;
}

/* Writes the sites, the first of which gets `number`, and a->count places in the order of the text. */
static void write_sites(struct arena *arena, const struct paper_doc *doc, const struct addition *a,
                        uint32_t number, struct paper_site *sites, struct paper_place *places)
{
    struct str gone = str_slice(a->quoted, a->change.from, a->change.len);
    struct str alt = str_copy(arena, a->change.alt);
    struct paper_site made = {
        .channel = is_all_punct(gone) && is_all_punct(alt) ? PAPER_PUNCT : PAPER_WORD,
        .wide = !a->each && a->count > 1,
        .by_hand = true,
        .rule = str_format(arena, "hand:%.*s/%.*s", STR_ARG(a->quoted), STR_ARG(a->alternative))};
    size_t at = 0;
    for (size_t i = 0; i < a->count; i++, at += a->quoted.len) {
        uint32_t index = a->each ? (uint32_t)i : 0;
        at = find_quotation(doc, a->quoted, at);
        made.number = number + index;
        sites[index] = made;
        places[i] = (struct paper_place){
            .at = at + a->change.from,
            .len = a->change.len,
            .site = made.number,
            .alt = {str_slice(doc->text, at + a->change.from, a->change.len), alt}};
    }
}

enum status paper_add_site(struct arena *arena, const struct paper_doc *doc, struct str quoted,
                           struct str alternative, bool each, struct paper_sites *sites,
                           struct error *err)
{
    struct addition a = {.quoted = quoted, .alternative = alternative, .each = each};
    enum status status = check_words(arena, quoted, alternative, err);
    if (status)
        return status;
    a.change = find_change(quoted, alternative);
    status = count_places(arena, doc, sites, &a, err);
    if (status)
        return status;
    size_t more = each ? a.count : 1;
    struct paper_site *all = arena_array(arena, sites->nsites + more, struct paper_site);
    struct paper_place *places = arena_array(arena, sites->nplaces + a.count, struct paper_place);
    if (sites->nsites)
        memcpy(all, sites->sites, sites->nsites * sizeof *all);
    if (sites->nplaces)
        memcpy(places, sites->places, sites->nplaces * sizeof *places);
    struct paper_place *new = places + sites->nplaces;
    write_sites(arena, doc, &a, sites->nsites, all + sites->nsites, new);
    size_t kept = make_way(all, places, sites->nplaces, new, a.count);
    memmove(places + kept, new, a.count * sizeof *places);
    qsort(places, kept + a.count, sizeof *places, by_place);
    *sites = (struct paper_sites){all, (uint32_t)(sites->nsites + more), places, kept + a.count};
    return STATUS_OK;
}
