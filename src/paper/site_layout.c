/* The layout channel: where a gap may be a little wider and a line may stand a little lower.
 *
 * Nothing in the text differs, so such marks lie where no other mark does or is beside (but for those without
 * width, which change nothing that is measured): whatever is read from a character's neighbours finds them
 * as they are. A gap is taken behind a punctuation mark that
 * words follow (between two punctuation marks typesetters close up the space), a line above whatever
 * begins a paragraph, but for those behind a title or code. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/lexicon.h"

struct walk {
    const struct scene *scene;
    struct draft *draft;
    size_t others; /* places that were there before, sorted */
    size_t next;   /* the first of them that ends at or behind here */
};

/* No other place takes or touches [at, end), and no blank that will be filled in; but what has no width may
 * stand behind it. Asked with rising places. */
static bool is_clear(struct walk *walk, size_t at, size_t end)
{
    const struct draft *draft = walk->draft;
    const struct paper_place *places = draft->places;
    while (walk->next < walk->others && places[walk->next].at + places[walk->next].len < at)
        walk->next++;
    for (size_t i = walk->next; i < walk->others && places[i].at <= end; i++)
        if (places[i].at != end || draft->sites[places[i].site].channel != PAPER_ZERO)
            return false;
    const uint8_t *marks = walk->scene->marks;
    return !((marks[at > 0 ? at - 1 : 0] | marks[at] | marks[end]) & SCENE_BLANK);
}

static void place(struct walk *walk, size_t at, size_t end, struct str rule)
{
    struct str here = str_slice(walk->scene->doc->text, at, end - at);
    if (is_clear(walk, at, end))
        draft_place(walk->draft, draft_site(walk->draft, PAPER_LAYOUT, false, rule), at, end, here,
                    here);
}

/* ，。；：、！？ before words, or , . ; : before a space. `next` is the character behind it. */
static bool makes_gap(uint32_t code, uint32_t next)
{
    switch (code) {
    case 0xFF0C:
    case 0x3002:
    case 0xFF1B:
    case 0xFF1A:
    case 0x3001:
    case 0xFF01:
    case 0xFF1F:
        return unicode_is_letter(next) || unicode_is_digit(next);
    case ',':
    case '.':
    case ';':
    case ':':
        return next == ' ';
    default:
        return false;
    }
}

static void find_gaps(struct walk *walk, const struct paper_block *block)
{
    struct str text = str_slice(walk->scene->doc->text, 0, block->at + block->len);
    size_t pos;
    if (!scene_block_open(walk->scene, block, &pos))
        return;
    while (pos < text.len) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &pos);
        size_t behind = pos;
        /* At a line's first character stands the mark of the line. */
        if (at > block->at && pos < text.len && makes_gap(code, utf8_next(text, &behind)) &&
            behind < text.len && scene_is_open(walk->scene, at, pos))
            place(walk, at, pos, STR("layout:gap"));
    }
}

/* Below a title and below code there is room of their own, and word processors show the larger of two rooms: there a little
 * more above a line would not be seen, and be read as none. */
static bool has_room_below(const struct paper_block *block)
{
    return block->kind == PAPER_TITLE || block->kind == PAPER_CODE;
}

static bool begins_line(const struct paper_block *before, const struct paper_block *block)
{
    return block->len > 0 && !has_room_below(before) &&
           (block->kind == PAPER_PARAGRAPH || block->kind == PAPER_MEASURE ||
            block->kind == PAPER_ITEM);
}

void layout_find(const struct scene *scene, enum paper_level level, struct draft *draft)
{
    struct walk walk = {.scene = scene, .draft = draft, .others = draft->nplaces};
    if (!paper_level_has(level, PAPER_LAYOUT))
        return;
    for (size_t b = 0; b < scene->doc->nblocks; b++) {
        const struct paper_block *block = &scene->doc->blocks[b];
        size_t end = block->at;
        if (!scene_speaks(scene, block))
            continue;
        if (b > 0 && begins_line(&block[-1], block)) {
            /* What begins with a blank is found again by nothing. */
            if (!unicode_is_space(utf8_next(scene->doc->text, &end)))
                place(&walk, block->at, end, STR("layout:line"));
        }
        find_gaps(&walk, block);
    }
}
