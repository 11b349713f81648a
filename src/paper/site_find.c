/* Finds an edition's sites: candidates by the lexicon, groups that change together, a choice of
 * groups that do not collide.
 *
 * A *candidate* is a place where an entry's alternative stands and its context holds. Candidates of
 * one entry in one stretch (up to 。！？；) are one *group*, one site, so that parallel clauses stay
 * parallel and a word and its alternative that stand in one sentence change places; if a parallel
 * place can't change, none does. Groups are taken in the order in which they end, which is the
 * choice that keeps most of them, and a group that would bring a word next to itself is left. */
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/lexicon.h"

#define PROSE_ZH    20U /* characters, letters of a paragraph in the other language than the paper's */
#define PROSE_EN    80U
#define LIKE_NEAR   84U /* bytes within which one word twice is noticed */
#define SHORT_CHAIN 48U

struct finder {
    struct arena *arena;
    struct scene scene;
    struct candidates found;
    struct draft draft;
};

void candidates_add(struct candidates *candidates, struct candidate candidate)
{
    candidates->list = arena_one_more(candidates->arena, candidates->list, candidates->count,
                                      sizeof *candidates->list);
    candidates->list[candidates->count++] = candidate;
}

uint32_t draft_site(struct draft *draft, enum paper_channel channel, bool wide, struct str rule)
{
    draft->sites = arena_one_more(draft->arena, draft->sites, draft->nsites, sizeof *draft->sites);
    draft->sites[draft->nsites] = (struct paper_site){
        .number = (uint32_t)draft->nsites, .channel = channel, .wide = wide, .rule = rule};
    return (uint32_t)draft->nsites++;
}

void draft_place(struct draft *draft, uint32_t site, size_t at, size_t end, struct str alt0,
                 struct str alt1)
{
    draft->places =
        arena_one_more(draft->arena, draft->places, draft->nplaces, sizeof *draft->places);
    draft->places[draft->nplaces++] =
        (struct paper_place){.at = at, .len = end - at, .site = site, .alt = {alt0, alt1}};
}

/* --- what would stand there instead --- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Start → Begin, START → BEGIN; ’ where the paper writes ’. */
static struct str in_case_of(struct arena *arena, struct str model, struct str words, bool curly)
{
    struct buf buf = {.arena = arena};
    size_t uppers = 0;
    size_t lowers = 0;
    for (size_t i = 0; i < model.len; i++) {
        uppers += is_upper(model.at[i]);
        lowers += is_lower(model.at[i]);
    }
    bool all = uppers > 1 && lowers == 0;
    bool first = model.len && is_upper(model.at[0]);
    for (size_t i = 0; i < words.len; i++) {
        char c = words.at[i];
        if (is_lower(c) && (all || (first && i == 0)))
            c = (char)(c - ('a' - 'A'));
        if (c == '\'' && curly)
            buf_add(&buf, (struct str){"\xE2\x80\x99", 3});
        else
            buf_add_byte(&buf, c);
    }
    return buf_str(&buf);
}

/* English words that go take a space with them, and hand a capital on. */
static void remove_words(struct finder *finder, struct candidate *c,
                         const struct paper_block *block)
{
    struct str text = finder->scene.doc->text;
    bool capital = is_upper(text.at[c->at]);
    if (c->end < block->at + block->len && text.at[c->end] == ' ') {
        c->end++;
        if (capital && c->end < block->at + block->len && is_lower(text.at[c->end])) {
            char *letter = arena_take(finder->arena, 1);
            *letter = (char)(text.at[c->end] - ('a' - 'A'));
            c->alt = (struct str){letter, 1};
            c->end++;
        }
    } else if (c->at > block->at && text.at[c->at - 1] == ' ') {
        c->at--;
    }
}

/* English words that come bring a space, and take the capital over. */
static void insert_words(struct finder *finder, struct candidate *c, struct str words,
                         const struct paper_block *block)
{
    struct str text = finder->scene.doc->text;
    bool clause_end = scene_clause_ends(&finder->scene, block, c->at);
    struct str one = in_case_of(finder->arena, STR(""), words, finder->scene.curly);
    if (clause_end) {
        c->alt = str_format(finder->arena, " %.*s", STR_ARG(one));
        return;
    }
    bool opens = scene_clause_starts(&finder->scene, block, c->at) && is_upper(text.at[c->at]);
    if (!opens) {
        c->alt = str_format(finder->arena, "%.*s ", STR_ARG(one));
        return;
    }
    bool keep = text.at[c->at] == 'I' && !is_lower(text.at[c->at + 1]);
    char letter = keep ? 'I' : (char)(text.at[c->at] + ('a' - 'A'));
    one = in_case_of(finder->arena, STR("A"), words, finder->scene.curly);
    c->alt = str_format(finder->arena, "%.*s %c", STR_ARG(one), letter);
    c->end++;
}

static void write_alternative(struct finder *finder, struct candidate *c,
                              const struct paper_block *block)
{
    const struct lexicon_entry *entry = &finder->scene.book->entries[c->entry];
    struct str words = entry->alt[!c->side];
    struct str master = str_slice(finder->scene.doc->text, c->at, c->end - c->at);
    c->alt = words;
    if (finder->scene.chinese)
        return;
    if (words.len == 0)
        remove_words(finder, c, block);
    else if (master.len == 0)
        insert_words(finder, c, words, block);
    else
        c->alt = in_case_of(finder->arena, master, words, finder->scene.curly);
}

/* --- candidates --- */

static void try_absent(struct finder *finder, const struct lexicon_form *form,
                       const struct paper_block *block, struct candidate c)
{
    const struct scene *scene = &finder->scene;
    size_t to = block->at + block->len;
    if (form->text.len && scene_match(scene, form->text, c.at) == SIZE_MAX)
        return;
    /* An English word comes right before the next, not before the space. */
    if (!scene->chinese && c.at < to && scene->doc->text.at[c.at] == ' ')
        return;
    if (!scene_allows(scene, &scene->book->entries[form->entry], block, c.at, c.at))
        return;
    c.end = c.at;
    c.holds = true;
    write_alternative(finder, &c, block);
    if (scene_is_open(scene, c.at, c.end))
        candidates_add(&finder->found, c);
}

/* The longer of an entry's forms was seen at this place already. */
static bool seen_longer(const struct finder *finder, uint32_t entry, size_t at)
{
    for (size_t i = finder->found.count; i-- > 0 && finder->found.list[i].at + 1 >= at;)
        if (finder->found.list[i].entry == entry && finder->found.list[i].end > at)
            return true;
    return false;
}

static void try_words(struct finder *finder, const struct lexicon_form *form,
                      const struct paper_block *block, struct candidate c)
{
    const struct scene *scene = &finder->scene;
    const struct lexicon_entry *entry = &scene->book->entries[form->entry];
    size_t end = scene_match(scene, form->text, c.at);
    if (end == SIZE_MAX || end > block->at + block->len || seen_longer(finder, form->entry, c.at))
        return;
    if (entry->kind != LEXICON_PUNCT && !(scene->marks[end] & SCENE_EDGE))
        return;
    c.end = end;
    if (!scene_is_open(scene, c.at, c.end))
        return;
    c.holds = scene_allows(scene, entry, block, c.at, c.end);
    if (c.holds)
        write_alternative(finder, &c, block);
    if (c.holds && !scene_is_open(scene, c.at, c.end))
        c.holds = false;
    candidates_add(&finder->found, c);
}

static void try_chain(struct finder *finder, const struct paper_block *block, uint32_t chain,
                      struct candidate c)
{
    const struct lexicon_book *book = finder->scene.book;
    bool edge = finder->scene.marks[c.at] & SCENE_EDGE;
    for (uint32_t f = book->chain[chain]; f != LEXICON_NONE; f = book->forms[f].next) {
        const struct lexicon_form *form = &book->forms[f];
        struct candidate pair = c;
        if (form->kind >= LEXICON_GLYPH || (!edge && form->kind != LEXICON_PUNCT))
            continue;
        c.entry = form->entry;
        c.side = form->side;
        if (form->kind == LEXICON_ORDER) {
            if (order_match(finder->arena, &finder->scene, block, form, c.at, &pair)) {
                pair.block = c.block;
                pair.stretch = c.stretch;
                candidates_add(&finder->found, pair);
            }
        } else if (form->absent) {
            try_absent(finder, form, block, c);
        } else {
            try_words(finder, form, block, c);
        }
    }
}

/* 要 and its like may stand before the word that opens a stretch. */
static bool is_opening_word(uint32_t code)
{
    return code == 0x8981 || code == 0x987B || code == 0x5E94;
}

static void scan_block(struct finder *finder, uint32_t index, uint32_t *stretch)
{
    const struct paper_block *block = &finder->scene.doc->blocks[index];
    struct str text = finder->scene.doc->text;
    size_t from;
    if (!scene_block_open(&finder->scene, block, &from))
        return;
    size_t to = block->at + block->len;
    bool head = true;
    ++*stretch;
    for (size_t pos = from; pos <= to;) {
        struct candidate c = {.at = pos, .block = index, .stretch = *stretch, .head = head};
        uint32_t code = pos < to ? utf8_next(text, &pos) : (pos++, '\n');
        if (c.at < to)
            try_chain(finder, block, lexicon_bucket(code), c);
        try_chain(finder, block, LEXICON_ANYWHERE, c);
        head = head && (is_opening_word(code) || unicode_is_space(code));
        if (scene_ends_stretch(code) ||
            (code == '.' && !finder->scene.chinese && scene_stops(&finder->scene, block, c.at))) {
            ++*stretch;
            head = true;
        }
    }
}

/* --- longer words over shorter --- */

/* A phrase whose context does not hold still says what its words mean (as well as, in order to), but
 * not one that could only go (that are). */
static bool covers(const struct finder *finder, const struct candidate *c)
{
    return c->holds || finder->scene.book->entries[c->entry].alt[!c->side].len;
}

/* A longer phrase of the lexicon that covers a word says what the word means there. Chinese segments
 * already know. */
static void drop_covered(struct finder *finder)
{
    struct candidates *found = &finder->found;
    if (finder->scene.chinese)
        return;
    size_t reach = 0;
    size_t reach_at = 0;
    size_t here_at = 0;
    size_t longest = 0; /* end of the longest that begins here */
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        const struct candidate *c = &found->list[i];
        if (i == 0 || c->at != here_at) {
            here_at = c->at;
            longest = 0;
            for (size_t j = i; j < found->count && found->list[j].at == here_at; j++)
                if (found->list[j].end > longest && found->list[j].end - here_at > 3 &&
                    covers(finder, &found->list[j]))
                    longest = found->list[j].end;
        }
        bool inside = c->end > c->at && c->end <= reach && c->at > reach_at;
        bool shorter = c->end > c->at && c->end + 1 < longest;
        if (c->end > reach && covers(finder, c)) {
            reach = c->end;
            reach_at = c->at;
        }
        if (!inside && !shorter)
            found->list[kept++] = *c;
    }
    found->count = kept;
}

/* --- groups --- */

struct group {
    size_t first, count; /* of the sorted candidates */
    size_t end;          /* of its first place */
};

static uint32_t stretch_key(const struct candidate *c)
{
    return c->head ? UINT32_MAX : c->stretch;
}

/* By entry or family, then block, then stretch (heads together), then place. */
static int by_group(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    if (a->kin != b->kin)
        return a->kin < b->kin ? -1 : 1;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    if (stretch_key(a) != stretch_key(b))
        return stretch_key(a) < stretch_key(b) ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->end > b->end) - (a->end < b->end);
}

static int by_stretch(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    if (a->entry != b->entry)
        return a->entry < b->entry ? -1 : 1;
    if (a->stretch != b->stretch)
        return a->stretch < b->stretch ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

/* What stands in one stretch with a head goes with the heads. */
static void spread_heads(struct candidates *found)
{
    if (found->count)
        qsort(found->list, found->count, sizeof *found->list, by_stretch);
    for (size_t i = 0; i < found->count;) {
        size_t end = i;
        bool head = false;
        for (; end < found->count && found->list[end].entry == found->list[i].entry &&
               found->list[end].stretch == found->list[i].stretch;
             end++)
            head = head || found->list[end].head;
        for (; i < end; i++)
            found->list[i].head = head;
    }
}

static uint32_t code_before(struct str text, size_t at)
{
    return at > 0 ? utf8_before(text, &at) : '\n';
}

static uint32_t code_after(struct str text, size_t end)
{
    return end < text.len ? utf8_next(text, &end) : '\n';
}

/* Two uses of one word are parallel when what stands right before or right after is the same. */
static bool is_parallel(struct str text, const struct candidate *a, const struct candidate *b)
{
    uint32_t one = code_before(text, a->at);
    uint32_t two = code_before(text, b->at);
    bool opens = unicode_is_punct(one) || unicode_is_space(one) || is_opening_word(one);
    bool opens_too = unicode_is_punct(two) || unicode_is_space(two) || is_opening_word(two);
    return one == two || (opens && opens_too) ||
           code_after(text, a->end) == code_after(text, b->end);
}

/* Keeps those of a run of candidates that hold; none if one that does not hold is parallel. */
static size_t keep_sound(struct str text, struct candidate *run, size_t count)
{
    size_t kept = 0;
    size_t last_bad = SIZE_MAX;
    size_t last_good = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t other = run[i].holds ? last_bad : last_good;
        if (other != SIZE_MAX && text.len &&
            (run[i].at - run[other].end < LIKE_NEAR || is_parallel(text, &run[i], &run[other])))
            return 0;
        *(run[i].holds ? &last_good : &last_bad) = i;
    }
    for (size_t i = 0; i < count; i++)
        if (run[i].holds)
            run[kept++] = run[i];
    return kept;
}

/* Joints like 和, particles that come or go, and punctuation are too small to be remembered from one
 * clause to the next: only near ones go together. (A short word that may go both ways, like 把/将,
 * opens parallel clauses and is remembered.) */
static bool is_small(const struct scene *scene, const struct lexicon_entry *entry)
{
    size_t most = scene->chinese ? 3 : 2;
    bool tiny = entry->alt[0].len <= most && entry->alt[1].len <= most;
    bool comes_or_goes = entry->alt[0].len == 0 || entry->alt[1].len == 0;
    return entry->kind == LEXICON_PUNCT || (tiny && (entry->one_way || comes_or_goes));
}

static size_t run_length(const struct finder *finder, size_t first)
{
    const struct candidate *list = finder->found.list;
    const struct lexicon_entry *entry = &finder->scene.book->entries[list[first].entry];
    bool small = is_small(&finder->scene, entry);
    size_t i = first + 1;
    if (entry->kind == LEXICON_ORDER)
        return 1;
    for (; i < finder->found.count && list[i].kin == list[first].kin; i++) {
        if (entry->paper)
            continue;
        if (list[i].block != list[first].block ||
            stretch_key(&list[i]) != stretch_key(&list[first]))
            break;
        if (small && list[i].at - list[i - 1].end > SHORT_CHAIN)
            break;
    }
    return i - first;
}

static int by_end(const void *left, const void *right)
{
    const struct group *a = left;
    const struct group *b = right;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static struct group *make_groups(struct finder *finder, size_t *ngroups)
{
    struct candidates *found = &finder->found;
    struct group *groups = arena_array(finder->arena, found->count + 1, struct group);
    size_t count = 0;
    spread_heads(found);
    for (size_t i = 0; i < found->count; i++)
        found->list[i].kin = finder->scene.book->entries[found->list[i].entry].kin;
    if (found->count)
        qsort(found->list, found->count, sizeof *found->list, by_group);
    for (size_t i = 0; i < found->count;) {
        size_t len = run_length(finder, i);
        const struct lexicon_entry *entry = &finder->scene.book->entries[found->list[i].entry];
        size_t kept =
            keep_sound(entry->paper ? STR("") : finder->scene.doc->text, &found->list[i], len);
        if (kept) {
            size_t end =
                entry->paper ? 0 : found->list[i].end; /* the whole paper's choices first */
            groups[count++] = (struct group){.first = i, .count = kept, .end = end};
        }
        i += len;
    }
    if (count)
        qsort(groups, count, sizeof *groups, by_end);
    *ngroups = count;
    return groups;
}

/* --- taking groups --- */

static bool is_free(const struct finder *finder, const struct candidate *c)
{
    size_t from = c->at == c->end && c->at > 0 ? c->at - 1 : c->at;
    size_t to = c->at == c->end ? c->end + 1 : c->end;
    for (size_t i = from; i < to; i++)
        if (finder->scene.marks[i] & SCENE_TAKEN)
            return false;
    return true;
}

/* The word that would come stands close by already, outside this group. */
static bool would_repeat(const struct finder *finder, const struct group *group,
                         const struct candidate *c)
{
    const struct lexicon_entry *entry = &finder->scene.book->entries[c->entry];
    if (entry->kind != LEXICON_WORD || entry->paper ||
        c->alt.len < (finder->scene.chinese ? 6U : 4U))
        return false;
    struct str text = finder->scene.doc->text;
    size_t from = c->at > LIKE_NEAR ? c->at - LIKE_NEAR : 0;
    size_t to = c->end + LIKE_NEAR < text.len ? c->end + LIKE_NEAR : text.len;
    struct str near = str_slice(text, 0, to);
    for (size_t at = str_find(near, c->alt, from); at != SIZE_MAX;
         at = str_find(near, c->alt, at + 1)) {
        bool own = at >= c->at && at + c->alt.len <= c->end;
        for (size_t i = 0; i < group->count && !own; i++)
            own = at >= finder->found.list[group->first + i].at &&
                  at < finder->found.list[group->first + i].end;
        if (!own)
            return true;
    }
    return false;
}

/* Both must differ after folding, or a retyped copy can't be read; and a character that comes or
 * goes beside its like could be either of the two. */
static bool is_readable(struct finder *finder, const struct candidate *c)
{
    struct str text = finder->scene.doc->text;
    struct str master = str_slice(text, c->at, c->end - c->at);
    struct folded one = unicode_fold(finder->arena, master);
    struct folded two = unicode_fold(finder->arena, c->alt);
    if (one.count == two.count &&
        (one.count == 0 || memcmp(one.code, two.code, one.count * sizeof *one.code) == 0))
        return false;
    struct str longer = master.len > c->alt.len ? master : c->alt;
    if (master.len && c->alt.len)
        return true;
    return !str_ends(str_slice(text, 0, c->at), longer) &&
           !str_starts(str_slice(text, c->end, text.len), longer);
}

static bool group_fits(struct finder *finder, const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct candidate *c = &finder->found.list[group->first + i];
        if (!is_free(finder, c) || would_repeat(finder, group, c) || !is_readable(finder, c))
            return false;
        if (i > 0 && c->at < finder->found.list[group->first + i - 1].end)
            return false;
    }
    return true;
}

/* The few places of one paper-wide choice that collide are left out; the vote is of the others. */
static size_t thin_out(struct finder *finder, struct group *group)
{
    struct candidate *list = &finder->found.list[group->first];
    size_t kept = 0;
    for (size_t i = 0; i < group->count; i++)
        if (is_free(finder, &list[i]) && is_readable(finder, &list[i]) &&
            (kept == 0 || list[i].at >= list[kept - 1].end))
            list[kept++] = list[i];
    return group->count = kept;
}

static enum paper_channel channel_of(enum lexicon_kind kind)
{
    return kind == LEXICON_ORDER ? PAPER_ORDER : kind == LEXICON_PUNCT ? PAPER_PUNCT : PAPER_WORD;
}

static void take_group(struct finder *finder, const struct group *group)
{
    const struct candidate *first = &finder->found.list[group->first];
    const struct lexicon_entry *entry = &finder->scene.book->entries[first->entry];
    struct str rule = finder->scene.book->entries[first->kin].rule;
    uint32_t site = draft_site(&finder->draft, channel_of(entry->kind), entry->paper, rule);
    for (size_t i = 0; i < group->count; i++) {
        const struct candidate *c = &first[i];
        struct str master = str_slice(finder->scene.doc->text, c->at, c->end - c->at);
        draft_place(&finder->draft, site, c->at, c->end, master, c->alt);
        bool bare = c->at == c->end || c->alt.len == 0;
        size_t from = bare && c->at > 0 ? c->at - 1 : c->at;
        size_t to = bare ? c->end + 1 : c->end;
        for (size_t b = from; b < to; b++)
            finder->scene.marks[b] |= SCENE_TAKEN;
    }
}

static void take_groups(struct finder *finder)
{
    size_t ngroups;
    struct group *groups = make_groups(finder, &ngroups);
    for (size_t i = 0; i < ngroups; i++) {
        const struct candidate *first = &finder->found.list[groups[i].first];
        if (finder->scene.book->entries[first->entry].paper ? thin_out(finder, &groups[i])
                                                            : group_fits(finder, &groups[i]))
            take_group(finder, &groups[i]);
    }
}

/* --- the result --- */

static int by_place(const void *left, const void *right)
{
    const struct paper_place *a = left;
    const struct paper_place *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->len > b->len) - (a->len < b->len);
}

/* Two new words that are alike and close, each from a site of its own, would show: the later goes.
 * (That a new word stands beside an old one was seen before.) */
static void drop_twins(struct finder *finder)
{
    struct draft *draft = &finder->draft;
    bool *dropped = arena_array(finder->arena, draft->nsites + 1, bool);
    size_t least = finder->scene.chinese ? 6 : 4;
    for (size_t i = 0; i < draft->nplaces; i++) {
        const struct paper_place *p = &draft->places[i];
        for (size_t j = i; j-- > 0 && p->at - draft->places[j].at < LIKE_NEAR;) {
            const struct paper_place *q = &draft->places[j];
            if (p->site != q->site && !dropped[q->site] && p->alt[1].len >= least &&
                draft->sites[p->site].channel == PAPER_WORD && str_equal(p->alt[1], q->alt[1]))
                dropped[p->site] = true;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < draft->nplaces; i++)
        if (!dropped[draft->places[i].site])
            draft->places[kept++] = draft->places[i];
    draft->nplaces = kept;
}

static void sort_places(struct draft *draft)
{
    if (draft->nplaces)
        qsort(draft->places, draft->nplaces, sizeof *draft->places, by_place);
}

static void number_sites(struct arena *arena, struct draft *draft, struct paper_sites *sites)
{
    uint32_t *number = arena_array(arena, draft->nsites + 1, uint32_t);
    *sites = (struct paper_sites){.places = draft->places, .nplaces = draft->nplaces};
    sites->sites = arena_array(arena, draft->nsites + 1, struct paper_site);
    memset(number, 0xFF, (draft->nsites + 1) * sizeof *number);
    for (size_t i = 0; i < draft->nplaces; i++) {
        uint32_t made = draft->places[i].site;
        if (number[made] == UINT32_MAX) {
            number[made] = sites->nsites;
            sites->sites[sites->nsites] = draft->sites[made];
            sites->sites[sites->nsites].number = sites->nsites;
            sites->nsites++;
        }
        sites->places[i].site = number[made];
    }
}

/* --- two languages -------------------------------------------------------------------------------- */

/* A paragraph of the other language is read by that language's lexicon where it is long enough to be prose, not a
 * name or a title. */
static enum lang tongue_of(const struct paper_doc *doc, const struct paper_block *block)
{
    size_t han = 0;
    size_t letters = 0;
    struct str text = str_slice(doc->text, block->at, block->len);
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);
        bool ideograph = code >= 0x2E80 && unicode_is_han(code);
        han += ideograph;
        letters += !ideograph && unicode_is_letter(code);
    }
    if (doc->lang == LANG_ZH)
        return han == 0 && letters >= PROSE_EN ? LANG_EN : LANG_ZH;
    return han >= PROSE_ZH && han > letters ? LANG_ZH : LANG_EN;
}

/* How many of the blocks are of each language. */
static void tell_tongues(struct arena *arena, struct scene *scene, size_t counts[LANG_COUNT])
{
    uint8_t *tongues = arena_array(arena, scene->doc->nblocks + 1, uint8_t);
    for (size_t b = 0; b < scene->doc->nblocks; b++) {
        tongues[b] = (uint8_t)tongue_of(scene->doc, &scene->doc->blocks[b]);
        counts[tongues[b]]++;
    }
    scene->tongues = tongues;
}

static void speak(struct finder *finder, const struct paper_lexicon *lexicon, enum lang lang)
{
    finder->scene.book = &lexicon->book[lang];
    finder->scene.chinese = lang == LANG_ZH;
}

static void find_visible(struct finder *finder, uint32_t *stretch)
{
    finder->found.count = 0;
    scene_find_edges(finder->arena, &finder->scene);
    scene_find_locks(finder->arena, &finder->scene);
    for (size_t b = 0; b < finder->scene.doc->nblocks; b++)
        scan_block(finder, (uint32_t)b, stretch);
    drop_covered(finder);
    take_groups(finder);
}

enum status paper_find_sites(struct arena *arena, const struct paper_doc *doc,
                             const struct paper_lexicon *lexicon, enum paper_level level,
                             struct paper_sites *sites, struct error *err)
{
    if (doc->text.len >= UINT32_MAX)
        return error_set(err, STATUS_INPUT, "The text has more than 4 GiB; publish it in parts.",
                         "正文超过 4 GiB，请分篇发布。");
    struct finder finder = {
        .arena = arena,
        .scene = {.doc = doc},
        .found = {.arena = arena},
        .draft = {.arena = arena},
    };
    finder.scene.marks = arena_take(arena, doc->text.len + 2);
    finder.scene.answers = arena_array(arena, SCENE_ANSWERS, struct scene_answer);
    finder.scene.curly = str_find(doc->text, (struct str){"\xE2\x80\x99", 3}, 0) != SIZE_MAX;
    size_t counts[LANG_COUNT] = {0};
    tell_tongues(arena, &finder.scene, counts);
    uint32_t stretch = 0;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        speak(&finder, lexicon, (enum lang)lang);
        if (counts[lang])
            find_visible(&finder, &stretch);
    }
    sort_places(&finder.draft);
    speak(&finder, lexicon, doc->lang);
    drop_twins(&finder);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        speak(&finder, lexicon, (enum lang)lang);
        if (!counts[lang])
            continue;
        hidden_find(&finder.scene, level, &finder.draft);
        sort_places(&finder.draft);
        layout_find(&finder.scene, level, &finder.draft);
        sort_places(&finder.draft);
    }
    number_sites(arena, &finder.draft, sites);
    return STATUS_OK;
}
