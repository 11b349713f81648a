/* The invisible channels: zero, space and glyph.
 *
 * They fill the gaps that the visible sites leave, thinly, never touch a lock, and keep a character's
 * distance from every other place so that each can be read by itself. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/lexicon.h"

#define ZERO_GAP     12U /* characters between two of a kind, at least */
#define ZERO_GAP_EN  40U
#define SPACE_GAP    6U
#define SPACE_GAP_EN 45U
#define GLYPH_GAP    40U

static const struct str word_joiner = {"\xE2\x81\xA0", 3};
static const struct str zero_space = {"\xE2\x80\x8B", 3};
static const struct str thin_space = {"\xE2\x80\x89", 3};
static const struct str quarter_space = {"\xE2\x80\x85", 3}; /* as wide as a usual space */

struct walk {
    const struct scene *scene;
    struct draft *draft;
    size_t visible; /* places that were there before */
    size_t next;    /* the first of them that ends at or behind here */
    unsigned since[PAPER_CHANNELS];
    size_t last_end;
};

/* What is filled in beside a mark that nobody sees would change what it is read from. */
static bool touches_blank(const struct scene *scene, size_t at, size_t end)
{
    return (scene->marks[at > 0 ? at - 1 : 0] | scene->marks[end]) & SCENE_BLANK;
}

/* No other place within a character of [at, end). */
static bool is_clear(struct walk *walk, size_t at, size_t end)
{
    const struct draft *draft = walk->draft;
    while (walk->next < walk->visible &&
           draft->places[walk->next].at + draft->places[walk->next].len + 4 < at)
        walk->next++;
    for (size_t i = walk->next; i < walk->visible && draft->places[i].at < end + 5; i++)
        if (draft->places[i].at + draft->places[i].len + 4 >= at)
            return false;
    return at >= walk->last_end + 4 && scene_is_open(walk->scene, at, end) &&
           !(walk->scene->marks[at] & SCENE_LOCKED) && !touches_blank(walk->scene, at, end);
}

static void place(struct walk *walk, enum paper_channel channel, size_t at, size_t end,
                  struct str alt, struct str rule)
{
    if (!is_clear(walk, at, end))
        return;
    uint32_t site = draft_site(walk->draft, channel, false, rule);
    draft_place(walk->draft, site, at, end, str_slice(walk->scene->doc->text, at, end - at), alt);
    walk->since[channel] = 0;
    walk->last_end = end;
}

static bool is_pause(uint32_t code)
{
    return code == 0xFF0C || code == 0x3002 || code == 0xFF1B || code == 0x3001 || code == 0xFF1A;
}

static bool is_narrow(uint32_t code)
{
    return code < 0x250 && (unicode_is_letter(code) || unicode_is_digit(code));
}

static void walk_zero(struct walk *walk, size_t at, uint32_t before, uint32_t code)
{
    if (walk->since[PAPER_ZERO] < (walk->scene->chinese ? ZERO_GAP : ZERO_GAP_EN))
        return;
    if (walk->scene->chinese && is_pause(before) && unicode_is_han(code))
        place(walk, PAPER_ZERO, at, at, word_joiner, STR("zero:U+2060"));
    else if (!walk->scene->chinese && before == ' ' && code < 0x80 && unicode_is_letter(code))
        place(walk, PAPER_ZERO, at, at, zero_space, STR("zero:U+200B"));
}

static void walk_space(struct walk *walk, size_t at, size_t end, uint32_t before, uint32_t code)
{
    size_t after = end;
    uint32_t next =
        end < walk->scene->doc->text.len ? utf8_next(walk->scene->doc->text, &after) : 0;
    if (walk->since[PAPER_SPACE] < (walk->scene->chinese ? SPACE_GAP : SPACE_GAP_EN))
        return;
    if (code == ' ' && before > ' ' && next > ' ' &&
        (!walk->scene->chinese || unicode_is_han(before) != unicode_is_han(next)))
        place(walk, PAPER_SPACE, at, end, quarter_space, STR("space:U+2005"));
    else if (walk->scene->chinese &&
             ((unicode_is_han(before) && is_narrow(code)) ||
              (is_narrow(before) && unicode_is_han(code))) &&
             !(walk->scene->marks[at > 0 ? at - 1 : 0] & walk->scene->marks[at] & SCENE_LOCKED))
        place(walk, PAPER_SPACE, at, at, thin_space, STR("space:U+2009"));
}

static void walk_glyph(struct walk *walk, size_t at, size_t end, uint32_t before, uint32_t code)
{
    const struct lexicon_book *book = walk->scene->book;
    if (walk->since[PAPER_GLYPH] < GLYPH_GAP)
        return;
    /* In English inside a word only, where a reader takes letters as they come. */
    if (!walk->scene->chinese && !is_narrow(before))
        return;
    for (uint32_t f = book->chain[lexicon_bucket(code)]; f != LEXICON_NONE;
         f = book->forms[f].next) {
        const struct lexicon_form *form = &book->forms[f];
        struct str here = str_slice(walk->scene->doc->text, at, end - at);
        if (form->kind != LEXICON_GLYPH || form->side || !str_equal(form->text, here))
            continue;
        place(walk, PAPER_GLYPH, at, end, book->entries[form->entry].alt[1],
              book->entries[form->entry].rule);
        return;
    }
}

static void walk_block(struct walk *walk, enum paper_level level, const struct paper_block *block)
{
    struct str text = walk->scene->doc->text;
    size_t from;
    if (!scene_block_open(walk->scene, block, &from))
        return;
    uint32_t before = '\n';
    for (size_t pos = from; pos < block->at + block->len;) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &pos);
        for (int c = 0; c < PAPER_CHANNELS; c++)
            walk->since[c]++;
        if (paper_level_has(level, PAPER_SPACE))
            walk_space(walk, at, pos, before, code);
        if (paper_level_has(level, PAPER_ZERO))
            walk_zero(walk, at, before, code);
        if (paper_level_has(level, PAPER_GLYPH))
            walk_glyph(walk, at, pos, before, code);
        before = code;
    }
}

void hidden_find(const struct scene *scene, enum paper_level level, struct draft *draft)
{
    struct walk walk = {.scene = scene, .draft = draft, .visible = draft->nplaces};
    if (level == PAPER_DISCREET)
        return;
    for (size_t b = 0; b < scene->doc->nblocks; b++)
        walk_block(&walk, level, &scene->doc->blocks[b]);
}
