/* Word documents (ECMA-376, WordprocessingML) to a document.
 *
 * The body is walked as its XML streams by, each element by a function that reads it to its end. Numbers that Word
 * makes up are written out, since outlines of official papers are often made so; tracked changes are taken as accepted;
 * notes stand as numbered paragraphs at the end. What a paper can't hold is counted and said (struct format_left).
 * The body is walked twice: once to know the language, which the outline depends on, then to compose.
 *
 * Bounds: see package.h; elements nest at most as deep as libxml2 reads them, so the walk's own depth is bounded too. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "format/docx_looks.h"
#include "format/docx_map.h"
#include "format/internal.h"

#define DOCX_UNPACKED_MAX ((size_t)48 * 1024 * 1024)
#define NOTES_MOST        5000U
#define FIELDS_MOST       16U
#define SPAN_MOST         64U
#define EXAMPLE_MOST      60U /* characters of what is left out that are said */

struct relation {
    struct str id, target;
};
struct note {
    struct str id, text;
    size_t at;       /* in what was gathered of notes … */
    size_t piece;    /* … and the first of the map's pieces that may be its own */
    unsigned number; /* in the order in which they are referred to; 0: not at all */
};
struct docx {
    struct arena *arena;
    struct package *package;
    struct composer *composer;
    struct xml *xml;
    struct docx_looks *looks;
    struct format_left *left;
    enum lang lang;
    struct str folder; /* of the main part: "word/" */
    struct relation *relations;
    size_t nrelations;
    struct note *notes;
    size_t nnotes;
    unsigned noted;
    struct buf *aside; /* text that is only gathered goes here */
    struct buf noted_text;
    struct docx_map *map; /* NULL: nobody asks */
    uint32_t part;        /* that is walked, as the map counts them */
    size_t map_cap, lines_cap;
    int spacing;      /* of the run: behind letters, in twentieths of a point … */
    unsigned size;    /* … and of them, in half points; 0: of no run, or set to fit a width */
    struct buf boxes; /* text of boxes met in the open paragraph, a line for each of theirs … */
    size_t boxed;     /* … and the first of the map's pieces that may be theirs */
    struct docx_paragraph paragraph;
    struct str style_before;  /* of the paragraph right before it … */
    bool follows;             /* … if there is one */
    bool open, in_row, joins; /* joins: the paragraph's end was taken out, the next goes on */
    bool styled;              /* a heading or title: how its letters look is its style */
    bool bold, slanted, linked;
    unsigned fields;              /* that are open */
    bool coded[FIELDS_MOST];      /* still in what the field is made from, not what it shows */
    struct buf code[FIELDS_MOST]; /* that */
    bool field_links[FIELDS_MOST];
};

typedef void taker(struct docx *d);

static void leave_out(struct docx *d, enum format_left_kind kind, struct str example)
{
    struct format_left *left = &d->left[kind];
    size_t end = 0;
    example = str_trim(example);
    for (unsigned i = 0; i < EXAMPLE_MOST && end < example.len; i++)
        (void)utf8_next(example, &end);
    if (!left->example.len)
        left->example = str_copy(d->arena, str_slice(example, 0, end));
    left->count++;
}

/* --- the walk ------------------------------------------------------------------------------------- */

/* The element that begins here, whose children are to be read one after the other. */
static int enter(struct docx *d)
{
    return xml_is_empty(d->xml) ? -1 : xmlTextReaderDepth(d->xml->reader);
}

/* Goes on to the next element in the one entered; false at its end. Whoever is given an element reads that to its end, or
 * goes on to what is in it by leaving it as it is. */
static bool next_in(struct docx *d, int entered)
{
    while (entered >= 0 && xml_next(d->xml)) {
        if (xmlTextReaderNodeType(d->xml->reader) == XML_READER_TYPE_END_ELEMENT &&
            xmlTextReaderDepth(d->xml->reader) == entered)
            return false;
        if (xml_is_element(d->xml))
            return true;
    }
    return false;
}

/* Calls `take` for each element in the one that begins here; it reads that to its end. */
static void each_child(struct docx *d, taker *take)
{
    int entered = enter(d);
    while (next_in(d, entered))
        take(d);
}

static bool is(struct docx *d, const char *name)
{
    return xml_named(d->xml, name);
}

static struct str said(struct docx *d, const char *attribute)
{
    return xml_attribute(d->arena, d->xml, attribute);
}

/* <w:b/> and <w:b w:val="true"/>, but not <w:b w:val="0"/>. */
static bool is_on(struct docx *d)
{
    struct str value = said(d, "val");
    return !str_equal(value, STR("0")) && !str_equal(value, STR("false")) &&
           !str_equal(value, STR("none")) && !str_equal(value, STR("off"));
}

/* What stands around content without being any itself, for both versions of Word, and accepted changes. True when the
 * element was one of these, and read. */
static bool take_wrapping(struct docx *d, taker *take)
{
    static const char *const AROUND[] = {
        "sdt", "sdtContent", "smartTag", "customXml", "AlternateContent", "Choice", "dir", "bdo"};
    static const char *const GONE[] = {"Fallback",    "del",       "moveFrom",
                                       "sdtPr",       "sdtEndPr",  "smartTagPr",
                                       "customXmlPr", "rPrChange", "pPrChange"};
    if (is(d, "ins") || is(d, "moveTo") || is(d, "del"))
        leave_out(d, FORMAT_LEFT_CHANGES, STR(""));
    if (is(d, "ins") || is(d, "moveTo")) {
        each_child(d, take);
        return true;
    }
    for (size_t i = 0; i < sizeof AROUND / sizeof *AROUND; i++)
        if (is(d, AROUND[i])) {
            each_child(d, take);
            return true;
        }
    for (size_t i = 0; i < sizeof GONE / sizeof *GONE; i++)
        if (is(d, GONE[i])) {
            xml_skip(d->xml);
            return true;
        }
    return false;
}

/* --- text ----------------------------------------------------------------------------------------- */

static bool is_blank(struct str text)
{
    for (size_t at = 0; at < text.len;)
        if (!unicode_is_space(utf8_next(text, &at)))
            return false;
    return true;
}

/* Bold and slanted runs as they change; white space alone changes nothing. */
static void look(struct docx *d, bool bold, bool slanted)
{
    if (d->slanted && (!slanted || bold != d->bold)) {
        compose_run_end(d->composer);
        d->slanted = false;
    }
    if (d->bold && !bold) {
        compose_run_end(d->composer);
        d->bold = false;
    }
    if (bold && !d->bold)
        compose_run_begin(d->composer, PAPER_STRONG, STR(""));
    d->bold = bold;
    if (slanted && !d->slanted)
        compose_run_begin(d->composer, PAPER_EMPHASIS, STR(""));
    d->slanted = slanted;
}

/* --- where text comes from ------------------------------------------------------------------------ */

static void add_piece(struct docx *d, struct docx_piece piece)
{
    struct docx_map *map = d->map;
    if (map->npieces == d->map_cap) {
        size_t cap = d->map_cap ? 2 * d->map_cap : 256;
        map->pieces = arena_grow(d->arena, map->pieces, d->map_cap * sizeof *map->pieces,
                                 cap * sizeof *map->pieces);
        d->map_cap = cap;
    }
    map->pieces[map->npieces++] = piece;
}

static struct str style_of(const struct docx *d, const struct docx_paragraph *p)
{
    return p->style.len ? p->style : d->looks->normal;
}

static void add_line(struct docx *d, const struct docx_paragraph *p)
{
    struct docx_map *map = d->map;
    if (map->nlines == d->lines_cap) {
        size_t cap = d->lines_cap ? 2 * d->lines_cap : 64;
        map->lines = arena_grow(d->arena, map->lines, d->lines_cap * sizeof *map->lines,
                                cap * sizeof *map->lines);
        d->lines_cap = cap;
    }
    struct docx_set set = docx_find_set(d->looks, p->style, STR(""));
    struct docx_above above = p->above;
    docx_fill_above(&above, &set.above);
    map->lines[map->nlines++] = (struct docx_line){
        .at = d->composer->text.len,
        .element = p->element,
        .size = set.size,
        .usual = xml_number(set.above.before),
        .before = xml_number(above.before),
        .known = set.known && docx_above_is_plain(
                                  &above, d->follows && str_equal(d->style_before, style_of(d, p))),
    };
}

/* The line's size is that of its first run. */
static void size_line(struct docx *d)
{
    struct docx_line *line = d->map && d->map->nlines ? &d->map->lines[d->map->nlines - 1] : NULL;
    if (!line || line->sized || !d->size)
        return;
    line->size = d->size;
    line->sized = true;
}

/* Text `piece` was composed from byte `before` on: at its beginning white space may have been added or left out. */
static void note_composed(struct docx *d, struct docx_piece piece, size_t before)
{
    size_t added = d->composer->text.len - before;
    size_t cut = piece.len > added ? piece.len - added : 0;
    piece.from += cut;
    piece.len -= cut;
    piece.at = d->composer->text.len - piece.len;
    piece.in = NULL;
    if (piece.len)
        add_piece(d, piece);
}

/* Composes text that was gathered in a buffer from byte `at` on: what has a piece there, none before the map's *next, gets
 * its piece here, and what was trimmed off it is nobody's. */
static void compose_gathered(struct docx *d, const struct buf *in, size_t at, struct str text,
                             size_t *next)
{
    size_t done = 0;
    for (size_t count = d->map ? d->map->npieces : 0; *next < count; ++*next) {
        struct docx_piece piece = d->map->pieces[*next];
        if (piece.in != in || piece.at + piece.len <= at)
            continue;
        if (piece.at >= at + text.len)
            break;
        size_t from = piece.at > at ? piece.at - at : 0;
        size_t to = piece.at + piece.len - at;
        to = to < text.len ? to : text.len;
        compose_text(d->composer, str_slice(text, done, from - done));
        size_t before = d->composer->text.len;
        compose_text(d->composer, str_slice(text, from, to - from));
        piece.from += at + from - piece.at;
        piece.len = to - from;
        note_composed(d, piece, before);
        done = to;
    }
    compose_text(d->composer, str_slice(text, done, text.len));
}

/* A block's end may have cut white space, or the block was taken back: so were their pieces, and its line. */
static void clip_pieces(struct docx *d)
{
    size_t end = d->composer->text.len;
    while (d->map && d->map->nlines && d->map->lines[d->map->nlines - 1].at >= end)
        d->map->nlines--;
    for (size_t i = d->map ? d->map->npieces : 0; i-- > 0;) {
        struct docx_piece *piece = &d->map->pieces[i];
        if (piece->in)
            continue;
        if (piece->at + piece->len <= end)
            break;
        piece->len = piece->at < end ? end - piece->at : 0;
    }
}

/* A tab would end a table's cell, and is no more than white space elsewhere. `element`: the one whose text this is, from
 * byte `from` on; 0: nobody's. */
static void put_from(struct docx *d, struct str text, uint32_t element, size_t from)
{
    struct docx_piece piece = {
        .part = d->part, .element = element, .from = from, .size = d->size, .spacing = d->spacing};
    struct str rest = text;
    struct str one;
    if (d->aside) {
        piece.in = d->aside;
        piece.at = d->aside->len;
        piece.len = text.len;
        if (d->map && element && text.len)
            add_piece(d, piece);
        buf_add(d->aside, text);
        return;
    }
    if (!d->open)
        return;
    if (!d->in_row)
        size_line(d);
    while (str_split(&rest, '\t', &one)) {
        if (one.at != text.at)
            compose_text(d->composer, STR(" "));
        size_t before = d->composer->text.len;
        compose_text(d->composer, one);
        piece.from = from + (size_t)(one.at - text.at);
        piece.len = one.len;
        if (d->map && element)
            note_composed(d, piece, before);
    }
}

static void put(struct docx *d, struct str text)
{
    put_from(d, text, 0, 0);
}

static void put_break(struct docx *d)
{
    if (d->aside)
        buf_add_byte(d->aside, ' ');
    else if (d->open)
        compose_break(d->composer);
}

static bool in_code(const struct docx *d)
{
    return d->fields && d->coded[d->fields - 1];
}

/* --- what may lead outside ------------------------------------------------------------------------- */

static const struct relation *relation_of(const struct docx *d, struct str id)
{
    return package_find(d->relations, d->nrelations, sizeof *d->relations, id);
}

/* Begins a link where it leads to the web; another place is said and left out, its words stay. */
static bool begin_link(struct docx *d, struct str target)
{
    if (d->aside || !d->open || d->linked)
        return false;
    if (!package_is_web(target)) {
        leave_out(d, FORMAT_LEFT_OUTSIDE, target);
        return false;
    }
    look(d, false, false);
    compose_run_begin(d->composer, PAPER_LINK, target);
    d->linked = true;
    return true;
}

static void end_link(struct docx *d)
{
    if (!d->linked)
        return;
    look(d, false, false);
    compose_run_end(d->composer);
    d->linked = false;
}

/* --- fields --------------------------------------------------------------------------------------- */

/* HYPERLINK "http://…": what stands between the first quotation marks. */
static struct str link_of(struct str code)
{
    size_t from = str_find(code, STR("\""), 0);
    size_t to = from == SIZE_MAX ? SIZE_MAX : str_find(code, STR("\""), from + 1);
    bool link = str_starts(str_trim(code), STR("HYPERLINK")) && to != SIZE_MAX;
    return link ? str_slice(code, from + 1, to - from - 1) : STR("");
}

static void take_field_mark(struct docx *d)
{
    struct str kind = said(d, "fldCharType");
    unsigned at = d->fields ? d->fields - 1 : 0;
    if (str_equal(kind, STR("begin")) && d->fields < FIELDS_MOST) {
        at = d->fields++;
        d->coded[at] = true;
        d->field_links[at] = false;
        d->code[at] = (struct buf){.arena = d->arena};
    } else if (str_equal(kind, STR("separate")) && d->fields) {
        struct str target = link_of(buf_str(&d->code[at]));
        d->coded[at] = false;
        d->field_links[at] = target.len && begin_link(d, target);
    } else if (str_equal(kind, STR("end")) && d->fields) {
        if (d->field_links[at])
            end_link(d);
        d->fields--;
    }
    xml_skip(d->xml);
}

/* --- runs ----------------------------------------------------------------------------------------- */

struct looked {
    bool bold, slanted, hidden;
    bool fitted;               /* set to fill a width: whatever space its letters are given */
    struct str style, letters; /* space behind each */
    unsigned size;
};

static void take_run_look(struct docx *d, struct looked *l)
{
    int depth = xmlTextReaderDepth(d->xml->reader);
    if (xml_is_empty(d->xml))
        return;
    while (xml_next(d->xml) && xmlTextReaderDepth(d->xml->reader) > depth) {
        if (xml_begins(d->xml, "b"))
            l->bold = is_on(d);
        else if (xml_begins(d->xml, "i"))
            l->slanted = is_on(d);
        else if (xml_begins(d->xml, "spacing"))
            l->letters = said(d, "val");
        else if (xml_begins(d->xml, "rStyle"))
            l->style = said(d, "val");
        else if (xml_begins(d->xml, "fitText") || xml_begins(d->xml, "eastAsianLayout"))
            l->fitted = true;
        else if (xml_begins(d->xml, "sz"))
            l->size = xml_number(said(d, "val"));
        else if (xml_begins(d->xml, "vanish"))
            l->hidden = is_on(d);
        else if (xml_begins(d->xml, "rPrChange"))
            xml_skip(d->xml);
    }
}

/* The text of an element, in the arena. */
static struct str text_of(struct docx *d)
{
    struct buf out = {.arena = d->arena};
    int depth = xmlTextReaderDepth(d->xml->reader);
    if (xml_is_empty(d->xml))
        return STR("");
    while (xml_next(d->xml) && xmlTextReaderDepth(d->xml->reader) > depth)
        if (xml_is_text(d->xml))
            buf_add(&out, xml_text(d->xml));
    return buf_str(&out);
}

/* Notes of a page and of the document count apart. */
static struct str note_id(struct docx *d, bool end)
{
    return str_format(d->arena, "%c%.*s", end ? 'e' : 'f', STR_ARG(said(d, "id")));
}

static void take_note_mark(struct docx *d, bool end)
{
    struct str id = note_id(d, end);
    struct note *note = package_find(d->notes, d->nnotes, sizeof *d->notes, id);
    xml_skip(d->xml);
    if (!note)
        return;
    if (!note->number)
        note->number = ++d->noted;
    put(d, str_format(d->arena, "[%u]", note->number));
}

/* Boxes in a drawing hold paragraphs, which come after the one that the drawing hangs on. */
static void take_drawing(struct docx *d);
static void take_in_paragraph(struct docx *d);

static void take_box_paragraph(struct docx *d)
{
    if (!is(d, "p")) {
        if (!take_wrapping(d, take_box_paragraph))
            each_child(d, take_box_paragraph);
        return;
    }
    struct buf *kept = d->aside;
    struct buf text = {.arena = d->arena};
    struct docx_paragraph outer = d->paragraph;
    size_t first = d->map ? d->map->npieces : 0;
    bool other = d->boxes.len > 0;
    d->aside = &text;
    d->paragraph = (struct docx_paragraph){.outline = -1};
    each_child(d, take_in_paragraph);
    d->aside = kept;
    d->paragraph = outer;
    d->boxed = other ? d->boxed : first;
    for (size_t i = first; d->map && i < d->map->npieces; i++)
        if (d->map->pieces[i].in == &text) {
            d->map->pieces[i].in = &d->boxes;
            d->map->pieces[i].at += d->boxes.len;
        }
    buf_add(&d->boxes, buf_str(&text));
    buf_add_byte(&d->boxes, '\n');
}

static void take_drawing(struct docx *d)
{
    if (is(d, "txbxContent"))
        each_child(d, take_box_paragraph);
    else if (is(d, "blip") || is(d, "imagedata")) {
        leave_out(d, FORMAT_LEFT_PICTURES, STR(""));
        xml_skip(d->xml);
    } else if (is(d, "OLEObject") || is(d, "control")) {
        leave_out(d, FORMAT_LEFT_OBJECTS, said(d, "ProgID"));
        xml_skip(d->xml);
    } else if (!take_wrapping(d, take_drawing))
        each_child(d, take_drawing);
}

/* A sign from a font of signs has no letter of its own. */
static void take_symbol(struct docx *d)
{
    leave_out(d, FORMAT_LEFT_SIGNS, said(d, "font"));
    xml_skip(d->xml);
}

static void take_in_run(struct docx *d)
{
    if (is(d, "t") || is(d, "instrText")) {
        bool code = is(d, "instrText");
        uint32_t element = d->xml->elements;
        struct str text = text_of(d);
        if (code && in_code(d))
            buf_add(&d->code[d->fields - 1], text);
        else if (!code && !in_code(d))
            put_from(d, text, element, 0);
    } else if (is(d, "br") || is(d, "cr")) {
        xml_skip(d->xml);
        put_break(d);
    } else if (is(d, "tab") || is(d, "ptab")) {
        xml_skip(d->xml);
        put(d, STR(" "));
    } else if (is(d, "noBreakHyphen")) {
        xml_skip(d->xml);
        put(d, STR("-"));
    } else if (is(d, "footnoteReference") || is(d, "endnoteReference"))
        take_note_mark(d, is(d, "endnoteReference"));
    else if (is(d, "fldChar"))
        take_field_mark(d);
    else if (is(d, "commentReference")) {
        leave_out(d, FORMAT_LEFT_COMMENTS, STR(""));
        xml_skip(d->xml);
    } else if (is(d, "sym"))
        take_symbol(d);
    else if (is(d, "drawing") || is(d, "pict") || is(d, "object"))
        each_child(d, take_drawing);
    else if (is(d, "ruby") || is(d, "rubyBase"))
        each_child(d, is(d, "ruby") ? take_in_run : take_in_paragraph);
    else if (!take_wrapping(d, take_in_run))
        xml_skip(d->xml); /* how it is read aloud, where pages break, what was deleted … */
}

/* How a run's letters are set, by what it says itself and by its styles. */
static void set_run(struct docx *d, const struct looked *l)
{
    struct docx_set set = docx_find_set(d->looks, d->paragraph.style, l->style);
    d->spacing = docx_twentieths(l->letters.len ? l->letters : set.letters);
    d->size = l->fitted ? 0 : l->size ? l->size : set.size;
}

/* A run's properties come before what is in it. */
static void take_run(struct docx *d)
{
    int entered = enter(d);
    struct looked l = {0};
    set_run(d, &l);
    while (next_in(d, entered)) {
        if (is(d, "rPr")) {
            take_run_look(d, &l);
            set_run(d, &l);
            continue;
        }
        if (l.hidden && is(d, "t")) {
            leave_out(d, FORMAT_LEFT_HIDDEN, text_of(d));
            continue;
        }
        if (is(d, "t") && !d->aside && d->open && !d->styled && !in_code(d)) {
            uint32_t element = d->xml->elements;
            struct str text = text_of(d);
            size_t blanks = 0;
            while (blanks < text.len && text.at[blanks] == ' ')
                blanks++;
            put_from(d, str_slice(text, 0, blanks), element, 0);
            if (!is_blank(text))
                look(d, l.bold, l.slanted);
            put_from(d, str_slice(text, blanks, text.len), element, blanks);
            continue;
        }
        take_in_run(d);
    }
    d->spacing = 0;
    d->size = 0;
}

static void take_math(struct docx *d)
{
    if (is(d, "t")) {
        uint32_t element = d->xml->elements;
        put_from(d, text_of(d), element, 0);
    } else {
        each_child(d, take_math);
    }
}

/* --- paragraphs ----------------------------------------------------------------------------------- */

static void take_paragraph_property(struct docx *d)
{
    struct docx_paragraph *p = &d->paragraph;
    docx_take_above(d->arena, d->xml, &p->above);
    if (is(d, "pStyle"))
        p->style = said(d, "val");
    else if (is(d, "outlineLvl"))
        p->outline = (int)xml_number(said(d, "val")) + 1;
    else if (is(d, "ilvl"))
        p->level = xml_number(said(d, "val"));
    else if (is(d, "numId"))
        p->list = said(d, "val");
    else if (is(d, "del"))
        d->joins = true;
    if (is(d, "numPr") || is(d, "rPr"))
        each_child(d, take_paragraph_property);
    else
        xml_skip(d->xml);
}

/* What stands before the text, and what kind of block it makes. */
static void begin_block(struct docx *d)
{
    struct docx_paragraph *p = &d->paragraph;
    struct docx_style style = docx_find_style(d->looks, p->style);
    const struct docx_level *level;
    unsigned ordinal;
    bool own = p->list.len > 0;
    unsigned depth = own ? p->level : style.level;
    unsigned outline = p->outline >= 0 ? (unsigned)p->outline : style.outline;
    struct str number = docx_count(d->looks, own ? p->list : style.list, depth, &level, &ordinal);
    bool plain = level && (level->figures == DOCX_BULLET || level->figures == DOCX_DECIMAL) &&
                 str_find(level->text, STR("%"), 2) == SIZE_MAX &&
                 (level->figures == DOCX_BULLET || str_ends(level->text, STR(".")) ||
                  str_ends(level->text, STR(")")));
    outline = outline > DOCX_LEVELS ? 0 : outline > 6 ? 6 : outline;
    d->styled = style.title || outline;
    d->open = true;
    if (style.title)
        compose_begin(d->composer, PAPER_TITLE, 0, 0);
    else if (outline)
        compose_begin(d->composer, PAPER_HEADING, outline, 0);
    else if (plain && !str_starts(number, STR("(")))
        compose_begin(d->composer, PAPER_ITEM, depth + 1,
                      level->figures == DOCX_BULLET ? 0 : ordinal);
    else
        compose_begin(d->composer, PAPER_PARAGRAPH, 0, 0);
    if (d->map && !d->aside)
        add_line(d, p);
    if (number.len && (d->styled || !plain || str_starts(number, STR("(")))) {
        size_t end = number.len;
        bool wide = utf8_before(number, &end) >= 0x2E80;
        compose_text(d->composer, number);
        compose_text(d->composer, wide ? STR("") : STR(" "));
    }
}

static void begin_paragraph(struct docx *d)
{
    if (!d->aside && !d->open && !d->in_row)
        begin_block(d);
}

static void end_block(struct docx *d)
{
    look(d, false, false);
    end_link(d);
    d->open = false;
    d->styled = false;
    for (unsigned i = 0; i < d->fields; i++)
        d->field_links[i] = false; /* the block's end has ended them */
    compose_end_outlined(d->composer, d->lang);
    clip_pieces(d);
}

/* Their pieces have been composed, or are nobody's. */
static void forget_boxes(struct docx *d)
{
    d->boxes.len = 0;
    for (; d->map && d->boxed < d->map->npieces; d->boxed++)
        if (d->map->pieces[d->boxed].in == &d->boxes)
            d->map->pieces[d->boxed].len = 0;
}

/* Boxes, each line a paragraph of its own. */
static void put_boxes(struct docx *d)
{
    struct str rest = buf_str(&d->boxes);
    struct str line;
    size_t next = d->boxed;
    while (str_split(&rest, '\n', &line)) {
        compose_begin(d->composer, PAPER_PARAGRAPH, 0, 0);
        compose_gathered(d, &d->boxes, (size_t)(line.at - d->boxes.at), line, &next);
        compose_end_outlined(d->composer, d->lang);
        clip_pieces(d);
    }
    forget_boxes(d);
}

static void take_in_paragraph(struct docx *d)
{
    if (is(d, "pPr")) {
        each_child(d, take_paragraph_property);
        return;
    }
    begin_paragraph(d);
    if (is(d, "r"))
        take_run(d);
    else if (is(d, "hyperlink")) {
        const struct relation *relation = relation_of(d, said(d, "id"));
        bool begun = relation && begin_link(d, relation->target);
        each_child(d, take_in_paragraph);
        if (begun)
            end_link(d);
    } else if (is(d, "fldSimple"))
        each_child(d, take_in_paragraph);
    else if (is(d, "oMath") || is(d, "oMathPara"))
        each_child(d, take_math);
    else if (!take_wrapping(d, take_in_paragraph))
        xml_skip(d->xml);
}

static void take_paragraph(struct docx *d)
{
    d->joins = false;
    d->paragraph = (struct docx_paragraph){.outline = -1, .element = d->xml->elements};
    if (d->aside) {
        each_child(d, take_in_paragraph);
        buf_add_byte(d->aside, '\n');
        return;
    }
    if (d->in_row) {
        put_break(d);
        each_child(d, take_in_paragraph);
        look(d, false, false);
        end_link(d);
        return;
    }
    each_child(d, take_in_paragraph);
    struct docx_style style = docx_find_style(d->looks, d->paragraph.style);
    if (d->open && style.contents && !d->joins) {
        leave_out(d, FORMAT_LEFT_CONTENTS, STR(""));
        compose_drop(d->composer);
        clip_pieces(d);
        d->open = d->bold = d->slanted = d->linked = false;
    }
    if (d->open && !d->joins)
        end_block(d);
    if (!d->open && d->boxes.len)
        put_boxes(d);
    d->style_before = style_of(d, &d->paragraph);
    d->follows = true;
}

/* --- tables --------------------------------------------------------------------------------------- */

static void take_in_cell(struct docx *d);

static void take_inner_row(struct docx *d)
{
    if (is(d, "tc"))
        each_child(d, take_in_cell);
    else if (is(d, "tr"))
        each_child(d, take_inner_row);
    else if (!take_wrapping(d, take_inner_row))
        xml_skip(d->xml);
}

static void take_in_cell(struct docx *d)
{
    if (is(d, "p"))
        take_paragraph(d);
    else if (is(d, "tbl"))
        each_child(d, take_inner_row);
    else if (!take_wrapping(d, take_in_cell))
        xml_skip(d->xml);
}

/* Reads the element to its end: whether one of that name is in it, and its attribute "val". */
static bool holds(struct docx *d, const char *name, struct str *value)
{
    bool found = false;
    int depth = xmlTextReaderDepth(d->xml->reader);
    while (!xml_is_empty(d->xml) && xml_next(d->xml) &&
           xmlTextReaderDepth(d->xml->reader) > depth) {
        if (!xml_begins(d->xml, name))
            continue;
        found = true;
        if (value)
            *value = said(d, "val");
    }
    return found;
}

/* Cells over several columns leave the others empty, so that columns stay what they are. */
static unsigned span_of(struct docx *d)
{
    struct str value = STR("1");
    (void)holds(d, "gridSpan", &value);
    unsigned span = xml_number(value);
    return span > SPAN_MOST ? SPAN_MOST : span;
}

static void take_cell(struct docx *d, bool first)
{
    unsigned span = 1;
    int entered = enter(d);
    d->composer->broken = false; /* of the cell before */
    if (!first)
        compose_text(d->composer, STR("\t"));
    while (next_in(d, entered)) {
        if (is(d, "tcPr"))
            span = span_of(d);
        else
            take_in_cell(d);
    }
    for (; span > 1; span--)
        compose_text(d->composer, STR("\t"));
}

static void take_row(struct docx *d, bool header)
{
    bool first = true;
    bool gone = false;
    int entered = enter(d);
    compose_begin(d->composer, PAPER_ROW, header ? 1 : 0, 0);
    d->open = d->in_row = true;
    while (next_in(d, entered)) {
        if (is(d, "tc")) {
            take_cell(d, first);
            first = false;
        } else if (is(d, "trPr"))
            gone = holds(d, "del", NULL);
        else if (!is(d, "sdt") && !is(d, "sdtContent"))
            xml_skip(d->xml);
    }
    d->open = d->in_row = false;
    if (gone) /* a tracked deletion */
        compose_drop(d->composer);
    else
        (void)compose_end(d->composer);
    clip_pieces(d);
}

static void take_table(struct docx *d)
{
    bool header = true;
    int entered = enter(d);
    if (d->aside) {
        each_child(d, take_inner_row);
        return;
    }
    if (d->open)
        end_block(d);
    while (next_in(d, entered)) {
        if (is(d, "tr")) {
            take_row(d, header);
            header = false;
        } else if (!is(d, "sdt") && !is(d, "sdtContent"))
            xml_skip(d->xml);
    }
    put_boxes(d);
    d->follows = false;
}

/* --- the body ------------------------------------------------------------------------------------- */

static void take_block(struct docx *d)
{
    if (is(d, "p"))
        take_paragraph(d);
    else if (is(d, "tbl"))
        take_table(d);
    else if (is(d, "altChunk")) {
        leave_out(d, FORMAT_LEFT_OBJECTS, STR(""));
        xml_skip(d->xml);
    } else if (is(d, "document") || is(d, "body") || is(d, "hdr") || is(d, "ftr"))
        each_child(d, take_block);
    else if (!take_wrapping(d, take_block))
        xml_skip(d->xml);
}

/* Walks a part; false when it is damaged. */
static bool walk(struct docx *d, struct str part, taker *take)
{
    struct xml xml = xml_open(part);
    struct xml *kept = d->xml;
    d->xml = &xml;
    d->fields = 0;
    while (xml_next(&xml))
        if (xml_is_element(&xml))
            take(d);
    d->xml = kept;
    return xml_close(&xml);
}

/* The same for its text alone, one paragraph a line, with nothing counted. */
static bool gather(struct docx *d, struct str part, taker *take, struct str *text)
{
    struct buf out = {.arena = d->arena};
    struct format_left unsaid[FORMAT_LEFT_KINDS] = {0};
    struct format_left *left = d->left;
    size_t nnotes = d->nnotes;
    struct docx_map *map = d->map;
    d->aside = &out;
    d->left = unsaid;
    d->nnotes = 0;
    d->map = NULL;
    bool good = walk(d, part, take);
    d->aside = NULL;
    d->left = left;
    d->nnotes = nnotes;
    d->map = map;
    d->boxes.len = 0;
    *text = buf_str(&out);
    return good;
}

/* --- other parts ---------------------------------------------------------------------------------- */

static struct str part_beside(struct docx *d, const char *name)
{
    return package_part(d->package, str_format(d->arena, "%.*s%s", STR_ARG(d->folder), name));
}

/* The part that holds the body, by the package's own relations. */
static struct str find_main(struct package *package)
{
    struct xml xml = xml_open(package_part(package, STR("_rels/.rels")));
    struct str target = {0};
    while (xml_next(&xml))
        if (xml_begins(&xml, "Relationship") &&
            str_ends(xml_attribute(package->arena, &xml, "Type"), STR("/officeDocument")))
            target =
                package_path(package->arena, "", xml_attribute(package->arena, &xml, "Target"));
    return xml_close(&xml) ? target : (struct str){0};
}

static size_t folder_end(struct str path)
{
    size_t end = path.len;
    while (end && path.at[end - 1] != '/')
        end--;
    return end;
}

static void note_relation(struct docx *d, struct str kind, struct str target)
{
    if (str_ends(kind, STR("/attachedTemplate")) || str_ends(kind, STR("/image")) ||
        str_ends(kind, STR("/oleObject")) || str_ends(kind, STR("/frame")) ||
        str_ends(kind, STR("/subDocument")))
        leave_out(d, FORMAT_LEFT_OUTSIDE, target);
}

static bool read_relations(struct docx *d, struct str main)
{
    struct arena *arena = d->arena;
    struct str file = str_slice(main, d->folder.len, main.len);
    struct xml xml =
        xml_open(part_beside(d, str_z(arena, str_format(arena, "_rels/%.*s.rels", STR_ARG(file)))));
    size_t cap = 0;
    while (xml_next(&xml)) {
        if (!xml_begins(&xml, "Relationship"))
            continue;
        if (d->nrelations == cap) {
            size_t more = cap ? 2 * cap : 32;
            d->relations = arena_grow(arena, d->relations, cap * sizeof *d->relations,
                                      more * sizeof *d->relations);
            cap = more;
        }
        struct relation *relation = &d->relations[d->nrelations++];
        struct str kind = xml_attribute(arena, &xml, "Type");
        *relation = (struct relation){
            .id = xml_attribute(arena, &xml, "Id"),
            .target = xml_attribute(arena, &xml, "Target"),
        };
        if (str_equal(xml_attribute(arena, &xml, "TargetMode"), STR("External")))
            note_relation(d, kind, relation->target);
        else if (str_ends(kind, STR("/vbaProject")))
            leave_out(d, FORMAT_LEFT_MACROS, STR(""));
        else if (str_ends(kind, STR("/header")) || str_ends(kind, STR("/footer"))) {
            struct str text;
            (void)gather(d,
                         package_part(d->package, package_path(arena, str_z(arena, d->folder),
                                                               relation->target)),
                         take_block, &text);
            if (str_trim(text).len)
                leave_out(d, FORMAT_LEFT_MARGINS, text);
        }
    }
    package_sort(d->relations, d->nrelations, sizeof *d->relations);
    return xml_close(&xml);
}

/* A footnote's paragraphs in one. */
static void take_note(struct docx *d)
{
    bool end = is(d, "endnote");
    if (!end && !is(d, "footnote")) {
        each_child(d, take_note);
        return;
    }
    struct str id = note_id(d, end);
    struct str kind = said(d, "type"); /* of the lines that part notes from the text */
    size_t from = d->aside->len;
    size_t piece = d->map ? d->map->npieces : 0;
    each_child(d, take_block);
    for (size_t i = from; i < d->aside->len; i++)
        if (d->aside->at[i] == '\n')
            d->aside->at[i] = ' ';
    struct str text = str_trim(str_slice(buf_str(d->aside), from, d->aside->len));
    if (kind.len && !str_equal(kind, STR("normal")))
        return;
    if (d->nnotes < NOTES_MOST)
        d->notes[d->nnotes++] = (struct note){.id = id,
                                              .text = str_copy(d->arena, text),
                                              .at = (size_t)(text.at - d->aside->at),
                                              .piece = piece};
}

static bool read_notes(struct docx *d)
{
    d->notes = arena_array(d->arena, NOTES_MOST, struct note);
    d->aside = &d->noted_text;
    d->part = DOCX_FOOTNOTES;
    bool good = walk(d, part_beside(d, "footnotes.xml"), take_note);
    d->part = DOCX_ENDNOTES;
    good = good && walk(d, part_beside(d, "endnotes.xml"), take_note);
    d->part = DOCX_MAIN;
    d->aside = NULL;
    forget_boxes(d);
    package_sort(d->notes, d->nnotes, sizeof *d->notes);
    return good;
}

/* In the order of their numbers. */
static void put_notes(struct docx *d)
{
    for (unsigned n = 1; n <= d->noted; n++)
        for (size_t i = 0; i < d->nnotes; i++)
            if (d->notes[i].number == n) {
                compose_begin(d->composer, PAPER_PARAGRAPH, 0, 0);
                compose_text(d->composer, str_format(d->arena, "[%u] ", n));
                size_t next = d->notes[i].piece;
                compose_gathered(d, &d->noted_text, d->notes[i].at, d->notes[i].text, &next);
                (void)compose_end(d->composer);
                clip_pieces(d);
            }
}

/* --- the document --------------------------------------------------------------------------------- */

static enum status refuse(struct str name, struct error *err)
{
    return error_set(err, STATUS_INPUT,
                     "%.*s can't be read as a Word document; open it and save it again as DOCX.",
                     "%.*s 无法作为 Word 文档读取，请打开后重新另存为 DOCX。", STR_ARG(name));
}

static enum status read_main(struct docx *d, struct str name, const enum lang *lang,
                             struct str title, struct paper_doc *doc, struct error *err)
{
    struct str main = find_main(d->package);
    struct str text;
    d->folder = str_slice(main, 0, folder_end(main));
    if (d->map)
        d->map->main = main;
    struct str body = main.len ? package_part(d->package, main) : (struct str){0};
    bool good = body.len &&
                docx_read_looks(d->looks, d->arena, part_beside(d, "styles.xml"),
                                part_beside(d, "numbering.xml")) &&
                read_relations(d, main) && read_notes(d) && gather(d, body, take_block, &text);
    if (good) {
        d->lang = lang ? *lang : paper_detect_lang(text);
        good = walk(d, body, take_block);
    }
    if (d->package->full)
        return error_set(
            err, STATUS_INPUT,
            "%.*s unpacks to far more than it holds; save it again without what is not needed.",
            "%.*s 解压后内容异常庞大，请删去不需要的部分后重新保存。", STR_ARG(name));
    if (!good)
        return refuse(name, err);
    if (d->open)
        end_block(d);
    put_boxes(d);
    put_notes(d);
    return compose_finish(d->composer, d->lang, title, doc, err);
}

static int by_place(const void *a, const void *b)
{
    const struct docx_piece *left = a;
    const struct docx_piece *right = b;
    if (left->part != right->part)
        return left->part < right->part ? -1 : 1;
    if (left->element != right->element)
        return left->element < right->element ? -1 : 1;
    return (left->from > right->from) - (left->from < right->from);
}

/* What was only gathered is none of the document's text. */
static void finish_map(struct docx *d)
{
    struct docx_map *map = d->map;
    size_t kept = 0;
    for (size_t i = 0; i < map->npieces; i++)
        if (!map->pieces[i].in && map->pieces[i].len)
            map->pieces[kept++] = map->pieces[i];
    map->npieces = kept;
    map->folder = d->folder;
    if (kept)
        qsort(map->pieces, kept, sizeof *map->pieces, by_place);
}

enum status format_read_docx_map(struct arena *arena, struct str name, struct str bytes,
                                 const enum lang *lang, struct str title, struct paper_doc *doc,
                                 struct format_left left[FORMAT_LEFT_KINDS], struct docx_map *map,
                                 struct error *err)
{
    struct package package;
    struct composer composer = {.arena = arena, .text = {.arena = arena}};
    struct docx_looks looks = {0};
    struct docx d = {.arena = arena,
                     .package = &package,
                     .composer = &composer,
                     .looks = &looks,
                     .left = left,
                     .map = map,
                     .noted_text = {.arena = arena},
                     .boxes = {.arena = arena}};
    memset(left, 0, FORMAT_LEFT_KINDS * sizeof *left);
    if (!package_open(&package, arena, bytes, DOCX_UNPACKED_MAX))
        return refuse(name, err);
    enum status status = read_main(&d, name, lang, title, doc, err);
    if (map)
        finish_map(&d);
    package_close(&package);
    return status;
}

enum status format_read_docx(struct arena *arena, struct str name, struct str bytes,
                             const enum lang *lang, struct str title, struct paper_doc *doc,
                             struct format_left left[FORMAT_LEFT_KINDS], struct error *err)
{
    return format_read_docx_map(arena, name, bytes, lang, title, doc, left, NULL, err);
}

/* --- what is marked by its layout ------------------------------------------------------------------- */

#define SHIFT_NOISE 0.004F /* a document says twentieths of a point exactly, and rounds to them */
#define SHIFT_LEAST 0.02F
#define LINE_LEAST  0.06F /* how much lower a line that is marked stands, whatever was rounded */
#define LINE_MOST   0.15F

static int by_at(const void *a, const void *b)
{
    const struct paper_shift *left = a;
    const struct paper_shift *right = b;
    if (left->at != right->at)
        return left->at < right->at ? -1 : 1;
    return (int)left->kind - (int)right->kind;
}

/* A gap stands behind a mark that parts words. */
static bool parts_words(uint32_t code)
{
    static const uint32_t MARKS[] = {',',    '.',    ';',    ':',    '!',    '?',   0xFF0C,
                                     0x3002, 0xFF1B, 0xFF1A, 0x3001, 0xFF01, 0xFF1F};
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (MARKS[i] == code)
            return true;
    return false;
}

static float ems(int twentieths, unsigned size)
{
    return size ? (float)(twentieths / (10.0 * size)) : 0;
}

static bool only_parts_words(struct str words)
{
    for (size_t at = 0; at < words.len;)
        if (!parts_words(utf8_next(words, &at)))
            return false;
    return true;
}

/* How much wider than its neighbours' letters stand those of a piece. A mark is a run of its own, cut out of one whose
 * letters stand beside it: so all others are as they were. */
static float wider(const struct docx_map *map, size_t i, struct str words)
{
    const struct docx_piece *piece = &map->pieces[i];
    bool after = i && piece[-1].at + piece[-1].len == piece->at;
    bool before = i + 1 < map->npieces && piece->at + piece->len == piece[1].at;
    int usual = after && before
                    ? (piece[-1].spacing > piece[1].spacing ? piece[-1].spacing : piece[1].spacing)
                : after  ? piece[-1].spacing
                : before ? piece[1].spacing
                         : 0;
    bool marked = only_parts_words(words) && piece->spacing > usual;
    return marked ? ems(piece->spacing - usual, piece->size) : 0;
}

/* Gaps behind all marks, where the document widens any. */
static size_t list_gaps(const struct docx_map *map, struct str text, struct paper_shift *shifts)
{
    bool any = false;
    size_t count = 0;
    for (size_t i = 0; i < map->npieces; i++) {
        const struct docx_piece *piece = &map->pieces[i];
        struct str words = str_slice(text, piece->at, piece->len);
        float gap = wider(map, i, words);
        any = any || gap >= SHIFT_LEAST;
        for (size_t at = 0; piece->size && at < words.len;)
            if (parts_words(utf8_next(words, &at)))
                shifts[count++] = (struct paper_shift){.at = piece->at + at,
                                                       .kind = PAPER_SHIFT_GAP,
                                                       .ems = gap,
                                                       .noise = SHIFT_NOISE};
    }
    return any ? count : 0;
}

/* Paragraphs that are set alike stand together, those with less space above first. */
static int by_setting(const void *a, const void *b)
{
    const struct docx_line *left = a;
    const struct docx_line *right = b;
    if (left->size != right->size)
        return left->size < right->size ? -1 : 1;
    if (left->usual != right->usual)
        return left->usual < right->usual ? -1 : 1;
    return (left->before > right->before) - (left->before < right->before);
}

/* The least space above, between two bounds in ems from that of `line`, of a paragraph that is set like it. */
static const struct docx_line *peer_between(const struct docx_line *sorted, size_t count,
                                            const struct docx_line *line, double from, double to)
{
    size_t low = 0;
    size_t high = count;
    double least = line->before + from * 10 * line->size;
    struct docx_line wanted = *line;
    wanted.before = least > 0 ? (unsigned)ceil(least) : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_setting(&sorted[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool alike = low < count && sorted[low].size == line->size && sorted[low].usual == line->usual;
    return alike && sorted[low].before <= line->before + to * 10 * line->size ? &sorted[low] : NULL;
}

/* How much lower a line stands. Where its paragraph has a space above of its own, not its style's, others that have
 * almost the same tell which is the larger. False where nobody can say. */
static bool lower(const struct docx_line *sorted, size_t count, const struct docx_line *line,
                  float *by)
{
    *by = ems((int)line->before - (int)line->usual, line->size);
    if (!line->known)
        return false;
    if (*by > -SHIFT_LEAST && *by < LINE_MOST)
        return true;
    const struct docx_line *less =
        peer_between(sorted, count, line, -(double)LINE_MOST, -(double)LINE_LEAST);
    *by = less ? ems((int)(line->before - less->before), line->size) : 0;
    return less || peer_between(sorted, count, line, (double)LINE_LEAST, (double)LINE_MOST);
}

static size_t list_lines(struct arena *arena, const struct docx_map *map,
                         struct paper_shift *shifts)
{
    bool any = false;
    size_t count = 0;
    struct docx_line *sorted = arena_array(arena, map->nlines + 1, struct docx_line);
    for (size_t i = 0; i < map->nlines; i++)
        sorted[i] = map->lines[i];
    if (map->nlines)
        qsort(sorted, map->nlines, sizeof *sorted, by_setting);
    for (size_t i = 0; i < map->nlines; i++) {
        float by;
        if (!lower(sorted, map->nlines, &map->lines[i], &by))
            continue;
        any = any || by >= SHIFT_LEAST;
        shifts[count++] = (struct paper_shift){
            .at = map->lines[i].at, .kind = PAPER_SHIFT_LINE, .ems = by, .noise = SHIFT_NOISE};
    }
    return any ? count : 0;
}

enum status format_read_docx_shifts(struct arena *arena, struct str name, struct str bytes,
                                    struct paper_seen *seen, struct error *err)
{
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    struct docx_map map = {0};
    enum status status =
        format_read_docx_map(arena, name, bytes, NULL, STR(""), &doc, left, &map, err);
    if (status)
        return status;
    struct paper_shift *shifts =
        arena_array(arena, doc.text.len + map.nlines + 1, struct paper_shift);
    size_t count = list_gaps(&map, doc.text, shifts);
    count += list_lines(arena, &map, shifts + count);
    qsort(shifts, count, sizeof *shifts, by_at);
    *seen = (struct paper_seen){.text = doc.text, .shifts = shifts, .nshifts = count};
    return STATUS_OK;
}

bool format_is_docx(struct str bytes)
{
    /* Packages that say what they are, and are something else, do so at once. */
    return str_starts(bytes, STR("PK\x03\x04")) && str_find(bytes, STR("word/"), 0) != SIZE_MAX &&
           !str_equal(str_slice(bytes, 30, 8), STR("mimetype"));
}
