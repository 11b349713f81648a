/* The body of a Word document: paragraphs, runs, tables; see docx_walk.h.
 *
 * Each element is read to its end by a function. Numbers that Word makes up are written out, since outlines of official papers are
 * often made so; tracked changes are taken as accepted; boxes come behind the paragraph that they hang on. */
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "format/docx_walk.h"

#define SPAN_MOST      64U
#define NUMBERING_MOST ((size_t)8 * 1024 * 1024)

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
            docx_add_piece(d, piece);
        buf_add(d->aside, text);
        return;
    }
    if (!d->open)
        return;
    if (!d->in_row)
        docx_size_line(d);
    while (str_split(&rest, '\t', &one)) {
        if (one.at != text.at)
            compose_text(d->composer, STR(" "));
        size_t before = d->composer->text.len;
        compose_text(d->composer, one);
        piece.from = from + (size_t)(one.at - text.at);
        piece.len = one.len;
        if (d->map && element)
            docx_note_composed(d, piece, before);
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

static const struct docx_link *relation_of(const struct docx *d, struct str id)
{
    return package_find(d->relations, d->nrelations, sizeof *d->relations, id);
}

/* Begins a link where it leads to the web; another place is said and left out, its words stay. */
static bool begin_link(struct docx *d, struct str target)
{
    if (d->aside || !d->open || d->linked)
        return false;
    if (!package_is_web(target)) {
        docx_leave_out(d, FORMAT_LEFT_OUTSIDE, target);
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
    struct str kind = docx_said(d, "fldCharType");
    unsigned at = d->fields ? d->fields - 1 : 0;
    if (str_equal(kind, STR("begin")) && d->fields < DOCX_FIELDS_MOST) {
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
            l->bold = docx_is_on(d);
        else if (xml_begins(d->xml, "i"))
            l->slanted = docx_is_on(d);
        else if (xml_begins(d->xml, "spacing"))
            l->letters = docx_said(d, "val");
        else if (xml_begins(d->xml, "rStyle"))
            l->style = docx_said(d, "val");
        else if (xml_begins(d->xml, "fitText") || xml_begins(d->xml, "eastAsianLayout"))
            l->fitted = true;
        else if (xml_begins(d->xml, "sz"))
            l->size = xml_number(docx_said(d, "val"));
        else if (xml_begins(d->xml, "vanish"))
            l->hidden = docx_is_on(d);
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

static void take_note_mark(struct docx *d, bool end)
{
    struct str id = docx_note_id(d, end);
    struct docx_note *note = package_find(d->notes, d->nnotes, sizeof *d->notes, id);
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
    if (!docx_is(d, "p")) {
        if (!docx_take_wrapping(d, take_box_paragraph))
            docx_each_child(d, take_box_paragraph);
        return;
    }
    struct buf *kept = d->aside;
    struct buf text = {.arena = d->arena};
    struct docx_paragraph outer = d->paragraph;
    size_t first = d->map ? d->map->npieces : 0;
    bool other = d->boxes.len > 0;
    d->aside = &text;
    d->paragraph = (struct docx_paragraph){.outline = -1};
    docx_each_child(d, take_in_paragraph);
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
    if (docx_is(d, "txbxContent"))
        docx_each_child(d, take_box_paragraph);
    else if (docx_is(d, "blip") || docx_is(d, "imagedata")) {
        docx_leave_out(d, FORMAT_LEFT_PICTURES, STR(""));
        xml_skip(d->xml);
    } else if (docx_is(d, "OLEObject") || docx_is(d, "control")) {
        docx_leave_out(d, FORMAT_LEFT_OBJECTS, docx_said(d, "ProgID"));
        xml_skip(d->xml);
    } else if (!docx_take_wrapping(d, take_drawing))
        docx_each_child(d, take_drawing);
}

/* A sign from a font of signs has no letter of its own. */
static void take_symbol(struct docx *d)
{
    docx_leave_out(d, FORMAT_LEFT_SIGNS, docx_said(d, "font"));
    xml_skip(d->xml);
}

static void take_in_run(struct docx *d)
{
    if (docx_is(d, "t") || docx_is(d, "instrText")) {
        bool code = docx_is(d, "instrText");
        uint32_t element = d->xml->elements;
        struct str text = text_of(d);
        if (code && in_code(d))
            buf_add(&d->code[d->fields - 1], text);
        else if (!code && !in_code(d))
            put_from(d, text, element, 0);
    } else if (docx_is(d, "br") || docx_is(d, "cr")) {
        xml_skip(d->xml);
        put_break(d);
    } else if (docx_is(d, "tab") || docx_is(d, "ptab")) {
        xml_skip(d->xml);
        put(d, STR(" "));
    } else if (docx_is(d, "noBreakHyphen")) {
        xml_skip(d->xml);
        put(d, STR("-"));
    } else if (docx_is(d, "footnoteReference") || docx_is(d, "endnoteReference"))
        take_note_mark(d, docx_is(d, "endnoteReference"));
    else if (docx_is(d, "fldChar"))
        take_field_mark(d);
    else if (docx_is(d, "commentReference")) {
        docx_leave_out(d, FORMAT_LEFT_COMMENTS, STR(""));
        xml_skip(d->xml);
    } else if (docx_is(d, "sym"))
        take_symbol(d);
    else if (docx_is(d, "drawing") || docx_is(d, "pict") || docx_is(d, "object"))
        docx_each_child(d, take_drawing);
    else if (docx_is(d, "ruby") || docx_is(d, "rubyBase"))
        docx_each_child(d, docx_is(d, "ruby") ? take_in_run : take_in_paragraph);
    else if (!docx_take_wrapping(d, take_in_run))
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
    int entered = docx_enter(d);
    struct looked l = {0};
    set_run(d, &l);
    while (docx_next_in(d, entered)) {
        if (docx_is(d, "rPr")) {
            take_run_look(d, &l);
            set_run(d, &l);
            continue;
        }
        if (l.hidden && docx_is(d, "t")) {
            docx_leave_out(d, FORMAT_LEFT_HIDDEN, text_of(d));
            continue;
        }
        if (docx_is(d, "t") && !d->aside && d->open && !d->styled && !in_code(d)) {
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
    if (docx_is(d, "t")) {
        uint32_t element = d->xml->elements;
        put_from(d, text_of(d), element, 0);
    } else {
        docx_each_child(d, take_math);
    }
}

/* --- paragraphs ----------------------------------------------------------------------------------- */

static void take_paragraph_property(struct docx *d)
{
    struct docx_paragraph *p = &d->paragraph;
    docx_take_above(d->arena, d->xml, &p->above);
    if (docx_is(d, "pStyle"))
        p->style = docx_said(d, "val");
    else if (docx_is(d, "outlineLvl"))
        p->outline = (int)xml_number(docx_said(d, "val")) + 1;
    else if (docx_is(d, "ilvl"))
        p->level = xml_number(docx_said(d, "val"));
    else if (docx_is(d, "numId"))
        p->list = docx_said(d, "val");
    else if (docx_is(d, "del") || docx_is(d, "moveFrom"))
        d->joins = true;
    if (docx_is(d, "numPr") || docx_is(d, "rPr"))
        docx_each_child(d, take_paragraph_property);
    else
        xml_skip(d->xml);
}

/* What is said once stands before each paragraph of its list: a small document must not become a great one by that. */
static void put_number(struct docx *d, struct str number)
{
    size_t end = number.len;
    bool wide = utf8_before(number, &end) >= 0x2E80;
    d->numbering += number.len;
    if (d->numbering > NUMBERING_MOST) {
        d->package->full = d->xml->bad = true;
        return;
    }
    compose_text(d->composer, number);
    compose_text(d->composer, wide ? STR("") : STR(" "));
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
        docx_add_line(d);
    if (number.len && (d->styled || !plain || str_starts(number, STR("("))))
        put_number(d, number);
}

static void begin_paragraph(struct docx *d)
{
    if (!d->aside && !d->open && !d->in_row)
        begin_block(d);
}

void docx_end_block(struct docx *d)
{
    look(d, false, false);
    end_link(d);
    d->open = false;
    d->styled = false;
    for (unsigned i = 0; i < d->fields; i++)
        d->field_links[i] = false; /* the block's end has ended them */
    compose_end_outlined(d->composer, d->lang);
    docx_clip_pieces(d);
}

void docx_forget_boxes(struct docx *d)
{
    d->boxes.len = 0;
    for (; d->map && d->boxed < d->map->npieces; d->boxed++)
        if (d->map->pieces[d->boxed].in == &d->boxes)
            d->map->pieces[d->boxed].len = 0;
}

void docx_put_boxes(struct docx *d)
{
    struct str rest = buf_str(&d->boxes);
    struct str line;
    size_t next = d->boxed;
    while (str_split(&rest, '\n', &line)) {
        compose_begin(d->composer, PAPER_PARAGRAPH, 0, 0);
        docx_compose_gathered(d, &d->boxes, (size_t)(line.at - d->boxes.at), line, &next);
        compose_end_outlined(d->composer, d->lang);
        docx_clip_pieces(d);
    }
    docx_forget_boxes(d);
}

/* A paragraph of nothing else has no style and no number to give to what joins it. */
static bool holds_no_words(struct docx *d)
{
    static const char *const NAMES[] = {"del", "moveFrom", "bookmarkStart", "bookmarkEnd",
                                        "proofErr"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (docx_is(d, NAMES[i]))
            return true;
    return false;
}

static void take_in_paragraph(struct docx *d)
{
    if (docx_is(d, "pPr")) {
        docx_each_child(d, take_paragraph_property);
        return;
    }
    if (!holds_no_words(d))
        begin_paragraph(d);
    if (docx_is(d, "r"))
        take_run(d);
    else if (docx_is(d, "hyperlink")) {
        const struct docx_link *relation = relation_of(d, docx_said(d, "id"));
        bool begun = relation && begin_link(d, relation->target);
        docx_each_child(d, take_in_paragraph);
        if (begun)
            end_link(d);
    } else if (docx_is(d, "fldSimple"))
        docx_each_child(d, take_in_paragraph);
    else if (docx_is(d, "oMath") || docx_is(d, "oMathPara"))
        docx_each_child(d, take_math);
    else if (!docx_take_wrapping(d, take_in_paragraph))
        xml_skip(d->xml);
}

static void take_paragraph(struct docx *d)
{
    d->joins = false;
    d->paragraph = (struct docx_paragraph){.outline = -1, .element = d->xml->elements};
    if (d->aside) {
        docx_each_child(d, take_in_paragraph);
        buf_add_byte(d->aside, '\n');
        return;
    }
    if (d->in_row) {
        put_break(d);
        docx_each_child(d, take_in_paragraph);
        look(d, false, false);
        end_link(d);
        return;
    }
    docx_each_child(d, take_in_paragraph);
    struct docx_style style = docx_find_style(d->looks, d->paragraph.style);
    if (d->open && style.contents && !d->joins) {
        docx_leave_out(d, FORMAT_LEFT_CONTENTS, STR(""));
        compose_drop(d->composer);
        docx_clip_pieces(d);
        d->open = d->bold = d->slanted = d->linked = false;
    }
    if (d->open && !d->joins)
        docx_end_block(d);
    if (!d->open && d->boxes.len)
        docx_put_boxes(d);
    const struct docx_above above = docx_above_of(d, &d->paragraph);
    d->style_before = docx_style_of(d, &d->paragraph);
    d->below = docx_below(&above);
    d->follows = true;
}

/* --- tables --------------------------------------------------------------------------------------- */

static void take_in_cell(struct docx *d);

static void take_inner_row(struct docx *d)
{
    if (docx_is(d, "tc"))
        docx_each_child(d, take_in_cell);
    else if (docx_is(d, "tr"))
        docx_each_child(d, take_inner_row);
    else if (!docx_take_wrapping(d, take_inner_row))
        xml_skip(d->xml);
}

static void take_in_cell(struct docx *d)
{
    if (docx_is(d, "p"))
        take_paragraph(d);
    else if (docx_is(d, "tbl"))
        docx_each_child(d, take_inner_row);
    else if (!docx_take_wrapping(d, take_in_cell))
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
            *value = docx_said(d, "val");
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
    int entered = docx_enter(d);
    d->composer->broken = false; /* of the cell before */
    if (!first)
        compose_text(d->composer, STR("\t"));
    while (docx_next_in(d, entered)) {
        if (docx_is(d, "tcPr"))
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
    int entered = docx_enter(d);
    compose_begin(d->composer, PAPER_ROW, header ? 1 : 0, 0);
    d->open = d->in_row = true;
    while (docx_next_in(d, entered)) {
        if (docx_is(d, "tc")) {
            take_cell(d, first);
            first = false;
        } else if (docx_is(d, "trPr"))
            gone = holds(d, "del", NULL);
        else if (!docx_is(d, "sdt") && !docx_is(d, "sdtContent"))
            xml_skip(d->xml);
    }
    d->open = d->in_row = false;
    if (gone) /* a tracked deletion */
        compose_drop(d->composer);
    else
        (void)compose_end(d->composer);
    docx_clip_pieces(d);
}

static void take_table(struct docx *d)
{
    bool header = true;
    int entered = docx_enter(d);
    if (d->aside) {
        docx_each_child(d, take_inner_row);
        return;
    }
    if (d->open)
        docx_end_block(d);
    while (docx_next_in(d, entered)) {
        if (docx_is(d, "tr")) {
            take_row(d, header);
            header = false;
        } else if (!docx_is(d, "sdt") && !docx_is(d, "sdtContent"))
            xml_skip(d->xml);
    }
    docx_put_boxes(d);
    d->follows = false;
}

/* --- the body ------------------------------------------------------------------------------------- */

void docx_take_block(struct docx *d)
{
    if (docx_is(d, "p"))
        take_paragraph(d);
    else if (docx_is(d, "tbl"))
        take_table(d);
    else if (docx_is(d, "altChunk")) {
        docx_leave_out(d, FORMAT_LEFT_OBJECTS, STR(""));
        xml_skip(d->xml);
    } else if (docx_is(d, "document") || docx_is(d, "body") || docx_is(d, "hdr") ||
               docx_is(d, "ftr"))
        docx_each_child(d, docx_take_block);
    else if (!docx_take_wrapping(d, docx_take_block))
        xml_skip(d->xml);
}
