/* Markdown to a document, over cmark-gfm with its table extension.
 *
 * cmark makes the tree; one walk over its events flattens it into blocks and runs. Raw HTML is kept
 * as the text it is written as (comments vanish), images as their alternative text. Paragraphs go
 * through the outline table, so that an official paper typed as Markdown is recognised too.
 *
 * cmark's work on containers nested in containers grows with depth × lines, and on tables with
 * columns × rows even where rows are short; on cells with the square of a row's, on pictures and tags that nobody ends with
 * the square of a paragraph's, and a reference's address is copied wherever it is used. So what goes beyond a sane measure
 * is turned into plain text before it sees it, and a table that is mostly missing cells is ended. */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <string.h>

#include "format/internal.h"

#define FILLED_MAX  100000U /* empty cells added to short rows of one table */
#define LISTS_MAX   64      /* items nested deeper lose their numbers */
#define MARKERS_MAX 48      /* container markers read at the beginning of one line */
#define BARS_MAX    1000U   /* of a line */
#define IMAGES_MAX  500U    /* that begin in one paragraph … */
#define TAGS_MAX    50U     /* … and comments, declarations and instructions */
#define COPIED_MAX  ((size_t)64 * 1024 * 1024) /* bytes of all references' addresses and titles */

struct walk {
    struct composer *composer;
    enum lang lang;
    unsigned quotes; /* depth */
    unsigned lists;
    int next[LISTS_MAX]; /* number of the next item by list depth; 0 in bulleted lists */
    unsigned ordinal;    /* of the item that was entered last */
    bool open;           /* a block is being composed */
    bool titled;         /* the first # heading has been seen */
    unsigned cells;
};

/* Bytes that open the line's containers: up to MARKERS_MAX of > - * + and the white space there. */
static size_t container_prefix(struct str line, bool *deeper)
{
    size_t at = 0;
    size_t markers = 0;
    for (; at < line.len && line.at[at] && strchr("> \t-*+", line.at[at]); at++) {
        if (line.at[at] == ' ' || line.at[at] == '\t')
            continue;
        if (markers == MARKERS_MAX) {
            *deeper = true;
            return at;
        }
        markers++;
    }
    return at;
}

/* A rule or emphasis is no nesting: only a mark followed by white space opens a list. */
static bool nests(struct str line, size_t from)
{
    for (size_t i = from; i + 1 < line.len; i++) {
        char next = line.at[i + 1];
        if (line.at[i] == '>' || (strchr("-*+", line.at[i]) && (next == ' ' || next == '\t')))
            return true;
        if (!strchr(" \t-*+>", line.at[i]))
            return false;
    }
    return from < line.len && line.at[from] == '>';
}

/* Columns of a table's second line, "| --- | --- |"; 0 for any other line. */
static size_t table_columns(struct str line)
{
    size_t bars = 0;
    bool dashes = false;
    for (size_t i = 0; i < line.len; i++) {
        if (!line.at[i] || !strchr("|-: \t\r>", line.at[i]))
            return 0;
        bars += line.at[i] == '|';
        dashes |= line.at[i] == '-';
    }
    return dashes && bars ? bars + 1 : 0;
}

/* Short rows of a wide table are filled up with empty cells; whether that has come to too many. */
static bool table_overflows(struct str line, size_t *columns, size_t *filled)
{
    if (str_trim(line).len == 0) {
        *columns = 0;
        return false;
    }
    size_t found = table_columns(line);
    if (found > *columns)
        *columns = found;
    size_t cells = 1;
    for (size_t i = 0; i < line.len; i++)
        cells += line.at[i] == '|';
    *filled += *columns > cells ? *columns - cells : 0;
    return *columns && *filled > FILLED_MAX;
}

/* What has begun so far, in a line and in a paragraph. */
struct begun {
    size_t bars, images, tags;
    bool defining; /* references are not taken as such */
};

/* Whether the sign at `at` stands for itself from now on, because there are too many of its kind. */
static bool is_beyond(struct begun *begun, struct str line, size_t at)
{
    char next = at + 1 < line.len ? line.at[at + 1] : 0;
    switch (line.at[at]) {
    case '|':
        return ++begun->bars > BARS_MAX;
    case '!':
        return next == '[' && ++begun->images > IMAGES_MAX;
    case '<':
        return (next == '!' || next == '?') && ++begun->tags > TAGS_MAX;
    case ':':
        return begun->defining && at && line.at[at - 1] == ']';
    default:
        return false;
    }
}

/* Adds a line with a backslash before every sign that is beyond; one that has its own is left alone. */
static void put_limited(struct buf *out, struct str line, struct begun *begun)
{
    bool escaped = false;
    begun->bars = 0;
    if (!str_trim(line).len)
        begun->images = begun->tags = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (!escaped && is_beyond(begun, line, i))
            buf_add_byte(out, '\\');
        buf_add_byte(out, line.at[i]);
        escaped = !escaped && line.at[i] == '\\';
    }
}

/* Whether the longest definition of a reference, wherever it may be used, would come to too much. */
static bool copies_too_much(struct str text)
{
    size_t uses = 0;
    size_t longest = 0;
    size_t here = 0;
    struct str line;
    while (str_split(&text, '\n', &line)) {
        bool defines = str_find(line, STR("]:"), 0) != SIZE_MAX;
        here = defines ? line.len : here && str_trim(line).len ? here + line.len : 0;
        longest = here > longest ? here : longest;
        for (size_t i = 0; i < line.len; i++)
            uses += line.at[i] == ']';
    }
    return longest && uses > COPIED_MAX / longest;
}

static struct str limit_marks(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    struct begun begun = {.defining = copies_too_much(text)};
    buf_reserve(&out, text.len + 1);
    size_t columns = 0;
    size_t filled = 0;
    struct str line;
    while (str_split(&text, '\n', &line)) {
        if (table_overflows(line, &columns, &filled)) {
            buf_add_byte(&out, '\n'); /* ends the table; the rest is a paragraph */
            columns = 0;
            filled = 0;
        }
        bool deeper = false;
        size_t prefix = container_prefix(line, &deeper);
        deeper = deeper && nests(line, prefix);
        buf_add(&out, str_slice(line, 0, prefix));
        if (deeper)
            buf_add_byte(&out, '\\');
        put_limited(&out, str_slice(line, prefix, line.len), &begun);
        buf_add_byte(&out, '\n');
    }
    return buf_str(&out);
}

static struct str literal_of(cmark_node *node)
{
    return str_of(cmark_node_get_literal(node));
}

static unsigned capped(unsigned depth)
{
    return depth < FORMAT_DEPTH_MAX ? depth : FORMAT_DEPTH_MAX;
}

static void begin_paragraph(struct walk *walk, cmark_node *node)
{
    cmark_node *parent = cmark_node_parent(node);
    bool item = parent && cmark_node_get_type(parent) == CMARK_NODE_ITEM &&
                cmark_node_first_child(parent) == node;
    walk->open = true;
    if (item) {
        compose_begin(walk->composer, PAPER_ITEM, capped(walk->lists), walk->ordinal);
        return;
    }
    if (walk->quotes)
        compose_begin(walk->composer, PAPER_QUOTE, capped(walk->quotes), 0);
    else
        compose_begin(walk->composer, PAPER_PARAGRAPH, 0, 0);
}

static void begin_heading(struct walk *walk, cmark_node *node)
{
    unsigned level = (unsigned)cmark_node_get_heading_level(node);
    bool title = level == 1 && !walk->titled;
    walk->titled |= title;
    walk->open = true;
    compose_begin(walk->composer, title ? PAPER_TITLE : PAPER_HEADING, title ? 0 : level, 0);
}

static void end_leaf(struct walk *walk)
{
    walk->open = false;
    compose_end_outlined(walk->composer, walk->lang);
}

static void whole_block(struct walk *walk, enum paper_block_kind kind, struct str text)
{
    compose_begin(walk->composer, kind, 0, 0);
    if (kind == PAPER_CODE && text.len && text.at[text.len - 1] == '\n')
        text.len--;
    compose_text(walk->composer, text);
    (void)compose_end(walk->composer);
}

static void html_block(struct walk *walk, struct str html)
{
    if (str_starts(str_trim(html), STR("<!--")))
        return;
    whole_block(walk, PAPER_PARAGRAPH, html);
}

static void html_inline(struct walk *walk, struct str html)
{
    if (str_starts(html, STR("<!--")))
        return;
    if (str_starts(html, STR("<br")))
        compose_text(walk->composer, STR(" "));
    else
        compose_text(walk->composer, html);
}

static void table_event(struct walk *walk, cmark_node *node, bool enter)
{
    const char *type = cmark_node_get_type_string(node);
    if (strcmp(type, "table_row") == 0 || strcmp(type, "table_header") == 0) {
        if (enter) {
            walk->cells = 0;
            walk->open = true;
            compose_begin(walk->composer, PAPER_ROW,
                          cmark_gfm_extensions_get_table_row_is_header(node) ? 1 : 0, 0);
        } else {
            walk->open = false;
            (void)compose_end(walk->composer);
        }
    } else if (strcmp(type, "table_cell") == 0 && enter && walk->cells++) {
        compose_text(walk->composer, STR("\t"));
    }
}

/* A tab between cells would end the cell. */
static void text_event(struct walk *walk, struct str text)
{
    bool row = walk->composer->blocks[walk->composer->nblocks].kind == PAPER_ROW;
    if (!row) {
        compose_text(walk->composer, text);
        return;
    }
    struct str piece;
    while (str_split(&text, '\t', &piece)) {
        compose_text(walk->composer, piece);
        if (text.len)
            compose_text(walk->composer, STR(" "));
    }
}

static void inline_event(struct walk *walk, cmark_node *node, bool enter)
{
    struct composer *composer = walk->composer;
    cmark_node_type type = cmark_node_get_type(node);
    if (!walk->open)
        return;
    if (type == CMARK_NODE_TEXT) {
        text_event(walk, literal_of(node));
    } else if (type == CMARK_NODE_SOFTBREAK) {
        compose_break(composer);
    } else if (type == CMARK_NODE_LINEBREAK) {
        compose_text(composer, STR(" "));
    } else if (type == CMARK_NODE_CODE) {
        compose_run_begin(composer, PAPER_CODE_SPAN, STR(""));
        text_event(walk, literal_of(node));
        compose_run_end(composer);
    } else if (type == CMARK_NODE_HTML_INLINE) {
        html_inline(walk, literal_of(node));
    } else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG || type == CMARK_NODE_LINK) {
        if (!enter)
            compose_run_end(composer);
        else if (type == CMARK_NODE_LINK)
            compose_run_begin(composer, PAPER_LINK, str_of(cmark_node_get_url(node)));
        else
            compose_run_begin(composer, type == CMARK_NODE_EMPH ? PAPER_EMPHASIS : PAPER_STRONG,
                              STR(""));
    }
}

static void list_event(struct walk *walk, cmark_node *list, bool enter)
{
    walk->lists += enter ? 1U : -1U;
    if (!enter || walk->lists >= LISTS_MAX)
        return;
    bool ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    int start = cmark_node_get_list_start(list);
    walk->next[walk->lists] = !ordered ? 0 : start > 0 ? start : 1;
}

static void item_event(struct walk *walk)
{
    walk->ordinal = 0;
    if (walk->lists < LISTS_MAX && walk->next[walk->lists])
        walk->ordinal = (unsigned)walk->next[walk->lists]++;
}

static void block_event(struct walk *walk, cmark_node *node, bool enter)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_BLOCK_QUOTE)
        walk->quotes += enter ? 1U : -1U;
    else if (type == CMARK_NODE_LIST)
        list_event(walk, node, enter);
    else if (type == CMARK_NODE_ITEM && enter)
        item_event(walk);
    else if (type == CMARK_NODE_CODE_BLOCK)
        whole_block(walk, PAPER_CODE, literal_of(node));
    else if (type == CMARK_NODE_HTML_BLOCK)
        html_block(walk, literal_of(node));
    else if (type == CMARK_NODE_THEMATIC_BREAK)
        whole_block(walk, PAPER_RULE, STR(""));
    else if (type != CMARK_NODE_PARAGRAPH && type != CMARK_NODE_HEADING)
        table_event(walk, node, enter);
    else if (!enter)
        end_leaf(walk);
    else if (type == CMARK_NODE_HEADING)
        begin_heading(walk, node);
    else
        begin_paragraph(walk, node);
}

static bool is_inline(cmark_node *node)
{
    return (cmark_node_get_type(node) & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_INLINE;
}

static cmark_node *parse(struct str text)
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    cmark_syntax_extension *table = cmark_find_syntax_extension("table");
    if (table)
        cmark_parser_attach_syntax_extension(parser, table);
    cmark_parser_feed(parser, text.at, text.len);
    cmark_node *root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

void format_read_markdown(struct composer *composer, struct str text, enum lang lang)
{
    struct walk walk = {.composer = composer, .lang = lang};
    cmark_node *root = parse(limit_marks(composer->arena, text));
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        bool enter = event == CMARK_EVENT_ENTER;
        const char *type = cmark_node_get_type_string(node);
        if (strcmp(type, "table_cell") == 0)
            table_event(&walk, node, enter);
        else if (is_inline(node))
            inline_event(&walk, node, enter);
        else
            block_event(&walk, node, enter);
    }
    cmark_iter_free(iter);
    cmark_node_free(root);
}
