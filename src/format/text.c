/* Plain text to a document.
 *
 * A line is a paragraph, unless the text was wrapped by hand: then lines that run to the text's
 * width are joined with what follows, by a space or, between Chinese characters, by nothing. That a
 * line runs to the width is seen from the next line's first word: it would not have fitted. The
 * official outline, lists, quotations, rules and underlined headings are recognised. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "format/internal.h"

#define WRAP_MAX   100 /* columns; a text with longer lines was not wrapped by hand */
#define INDENTS    8
#define RULE_LEAST 3

struct line {
    struct str body; /* without indentation and trailing white space */
    unsigned indent; /* columns */
    unsigned width;  /* columns with the indentation, at most WRAP_MAX + 1 */
    unsigned quotes; /* '>' before it */
    size_t bullet;   /* bytes of "- " and the like */
};

struct reader {
    struct composer *composer;
    enum lang lang;
    struct str rest;
    unsigned wrap;             /* columns the text was wrapped at; 0 when it was not */
    unsigned indents[INDENTS]; /* of the list items that are open */
    unsigned depth;
};

static unsigned columns_of(uint32_t code)
{
    return unicode_is_han(code) || (code >= 0x3000 && code <= 0x303F) ||
                   (code >= 0xFF01 && code <= 0xFF60)
               ? 2
               : 1;
}

static size_t bullet_len(struct str body)
{
    static const char *const bullets[] = {"- ", "* ", "+ ", "• ", "‣ ", "▪ ", "● ", "◦ ", "•", "●"};
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++) {
        struct str bullet = str_of(bullets[i]);
        if (body.len > bullet.len && str_starts(body, bullet))
            return bullet.len;
    }
    return 0;
}

static void measure_indent(struct str text, struct line *line)
{
    size_t pos = 0;
    while (pos < text.len) {
        size_t next = pos;
        uint32_t code = utf8_next(text, &next);
        if (!unicode_is_space(code))
            break;
        line->indent += code == '\t' ? 4 : columns_of(code);
        pos = next;
    }
    line->body = str_trim(str_slice(text, pos, text.len));
}

static struct line measure_line(struct str text)
{
    struct line line = {0};
    measure_indent(text, &line);
    while (line.body.len && line.body.at[0] == '>') {
        line.quotes += line.quotes < FORMAT_DEPTH_MAX;
        line.body = str_trim(str_slice(line.body, 1, line.body.len));
    }
    line.width = line.indent;
    for (size_t pos = 0; pos < line.body.len && line.width <= WRAP_MAX;)
        line.width += columns_of(utf8_next(line.body, &pos));
    line.bullet = bullet_len(line.body);
    return line;
}

static bool next_line(struct str *rest, struct line *line)
{
    struct str text;
    if (!str_split(rest, '\n', &text))
        return false;
    *line = measure_line(text);
    return true;
}

static bool is_outline(struct str body, enum lang lang)
{
    struct paper_block block = {0};
    paper_classify_line(body, lang, &block);
    return block.marker_len > 0;
}

static bool ends_sentence(struct str body)
{
    size_t end = body.len;
    uint32_t code = end ? utf8_before(body, &end) : 0;
    return code == '.' || code == '!' || code == '?' || code == ':' || code == 0x3002 ||
           code == 0xFF01 || code == 0xFF1F || code == 0xFF1A;
}

/* Columns of the first word, i.e. of what would have gone on the line above if it had fitted. */
static unsigned first_word(struct str body)
{
    unsigned width = 0;
    for (size_t pos = 0; pos < body.len && width < WRAP_MAX;) {
        uint32_t code = utf8_next(body, &pos);
        if (unicode_is_space(code))
            break;
        width += columns_of(code);
        if (unicode_is_han(code))
            break;
    }
    return width;
}

static bool would_not_fit(const struct line *line, const struct line *next, unsigned wrap,
                          enum lang lang)
{
    unsigned space = lang == LANG_EN ? 1 : 0;
    unsigned slack = wrap / 12; /* ragged by hand */
    return line->width + space + first_word(next->body) + slack > wrap;
}

/* The width that the text was wrapped at, from a first pass over its lines: the longest line, if
 * most lines inside a paragraph reach it and break off in the middle of a sentence. */
static unsigned find_wrap(struct str text, enum lang lang)
{
    unsigned longest = 0;
    struct line line;
    for (struct str rest = text; next_line(&rest, &line);) {
        if (line.width > WRAP_MAX)
            return 0;
        longest = line.width > longest ? line.width : longest;
    }
    if (longest < 24)
        return 0;
    size_t inner = 0;
    size_t broken = 0;
    struct line before = {0};
    for (struct str rest = text; next_line(&rest, &line); before = line) {
        if (!before.body.len || !line.body.len || line.bullet || is_outline(line.body, lang))
            continue;
        inner++;
        broken += would_not_fit(&before, &line, longest, lang) && !ends_sentence(before.body);
    }
    return broken > 0 && broken * 2 > inner ? longest : 0;
}

static bool starts_lower(struct str body)
{
    return body.len && body.at[0] >= 'a' && body.at[0] <= 'z';
}

/* Whether `next` goes on with the paragraph that `line` is a line of. */
static bool continues(const struct reader *reader, const struct line *line, const struct line *next,
                      bool heading)
{
    if (!reader->wrap || heading || !next->body.len || next->bullet ||
        next->quotes != line->quotes || is_outline(next->body, reader->lang))
        return false;
    if (reader->lang == LANG_ZH && next->indent >= line->indent + 4)
        return false; /* two full-width spaces begin a paragraph */
    return would_not_fit(line, next, reader->wrap, reader->lang) ||
           (reader->lang == LANG_EN && starts_lower(next->body));
}

/* '-' or '=' for a line of that alone, another mark for other rules, 0 for no rule. */
static uint32_t rule_of(struct str body)
{
    size_t pos = 0;
    size_t count = 0;
    uint32_t mark = body.len ? utf8_next(body, &pos) : 0;
    if (mark != '-' && mark != '=' && mark != '*' && mark != '_' && mark != 0x2014 &&
        mark != 0x2500)
        return 0;
    for (count = 1; pos < body.len; count++) {
        if (utf8_next(body, &pos) != mark)
            return 0;
    }
    return count >= RULE_LEAST ? mark : 0;
}

static unsigned item_level(struct reader *reader, unsigned indent)
{
    while (reader->depth && reader->indents[reader->depth - 1] >= indent)
        reader->depth--;
    if (reader->depth < INDENTS)
        reader->indents[reader->depth++] = indent;
    return reader->depth;
}

/* Opens the block for its first line; true when the line can't be continued. */
static bool begin_block(struct reader *reader, const struct line *line)
{
    struct composer *composer = reader->composer;
    if (!line->bullet)
        reader->depth = 0;
    if (line->bullet) {
        compose_begin(composer, PAPER_ITEM, item_level(reader, line->indent), 0);
        compose_text(composer, str_slice(line->body, line->bullet, line->body.len));
        return false;
    }
    if (line->quotes) {
        compose_begin(composer, PAPER_QUOTE, line->quotes, 0);
        compose_text(composer, line->body);
        return false;
    }
    struct paper_block found = {0};
    paper_classify_line(line->body, reader->lang, &found);
    compose_begin(composer, found.kind, found.level, found.ordinal);
    composer->blocks[composer->nblocks].marker_len = found.marker_len;
    compose_text(composer, line->body);
    return found.kind == PAPER_HEADING;
}

/* What looked like a heading by its first line may be the first line of a wrapped paragraph, and
 * the other way round: the whole block decides. */
static void end_block(struct reader *reader)
{
    struct paper_block *block = compose_end(reader->composer);
    if (!block || block->kind == PAPER_ITEM || block->kind == PAPER_QUOTE)
        return;
    struct str line = compose_block_text(reader->composer, reader->composer->nblocks - 1);
    paper_classify_line(line, reader->lang, block);
}

static void underline_heading(struct reader *reader, uint32_t mark)
{
    struct paper_block *block = &reader->composer->blocks[reader->composer->nblocks - 1];
    block->kind = PAPER_HEADING;
    block->level = mark == '=' ? 1 : 2;
}

static bool can_be_underlined(const struct reader *reader, const struct line *before)
{
    const struct composer *composer = reader->composer;
    return before->body.len && before->width <= WRAP_MAX && composer->nblocks &&
           composer->blocks[composer->nblocks - 1].kind == PAPER_PARAGRAPH &&
           !ends_sentence(before->body);
}

static bool is_list_neighbour(const struct composer *composer, size_t i, size_t other)
{
    const struct paper_block *a = &composer->blocks[i];
    const struct paper_block *b = &composer->blocks[other];
    char first = composer->text.at[b->at];
    return b->marker_len && (b->kind == PAPER_HEADING || b->kind == PAPER_ITEM) &&
           b->level == a->level && first >= '0' && first <= '9' &&
           (a->ordinal + 1 == b->ordinal || b->ordinal + 1 == a->ordinal);
}

/* "1. …" stands for a heading only when text follows: numbers in a row are a list. */
static void lists_from_headings(struct composer *composer)
{
    bool was_list = false;
    for (size_t i = 0; i < composer->nblocks; i++) {
        struct paper_block *block = &composer->blocks[i];
        char first = block->len ? composer->text.at[block->at] : 0;
        bool numbered = block->kind == PAPER_HEADING && block->marker_len && first >= '0' &&
                        first <= '9' && (block->level == 1 || block->level == 3);
        bool list =
            numbered && ((i + 1 < composer->nblocks && is_list_neighbour(composer, i, i + 1)) ||
                         (was_list && block->ordinal == composer->blocks[i - 1].ordinal + 1));
        if (list) {
            block->kind = PAPER_ITEM;
            block->level = 1;
        }
        was_list = list;
        if (list && i + 1 < composer->nblocks && composer->blocks[i + 1].kind == PAPER_HEADING &&
            composer->blocks[i + 1].ordinal != block->ordinal + 1)
            was_list = false;
    }
}

void format_read_text(struct composer *composer, struct str text, enum lang lang)
{
    struct reader reader = {
        .composer = composer, .lang = lang, .rest = text, .wrap = find_wrap(text, lang)};
    struct line line;
    struct line before = {0};
    bool open = false;
    bool heading = false;
    while (next_line(&reader.rest, &line)) {
        bool joined = open && line.body.len && !rule_of(line.body) &&
                      continues(&reader, &before, &line, heading);
        if (joined) {
            compose_break(composer);
            compose_text(composer, line.body);
            before = line;
            continue;
        }
        if (open)
            end_block(&reader);
        open = false;
        uint32_t rule = line.quotes ? 0 : rule_of(line.body);
        if (rule && (rule == '-' || rule == '=') && can_be_underlined(&reader, &before)) {
            underline_heading(&reader, rule);
        } else if (rule) {
            compose_begin(composer, PAPER_RULE, 0, 0);
            (void)compose_end(composer);
        } else if (line.body.len) {
            heading = begin_block(&reader, &line);
            open = true;
        }
        before = rule ? (struct line){0} : line;
    }
    if (open)
        end_block(&reader);
    lists_from_headings(composer);
}
