/* Parts of an original with the members' words in them; see write_docx_scan.h.
 *
 * A scanner that knows XML's tags and no more copies byte for byte; what must not leave (comments, deleted and hidden text,
 * objects, what points to a part that is not kept, revision ids) is left out, and where the map says that text stands, choices
 * are put in. Text of the body that the map doesn't know is emptied: it was none of the paper's, or stands elsewhere too, as
 * what older programs show in place of a box: it would have to be marked twice, and nobody who reads the newer needs it. Marks of the
 * layout are space added to what the properties of runs and paragraphs say, where they can say it. */
#include "format/write_docx_scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "format/docx_tag.h"
#include "format/write_docx_deleted.h"
#include "format/write_docx_frame.h"
#include "format/write_docx_names.h"
#include "format/writer.h"

#define DEPTH_MAX 300U

/* GO_ON: unwrap a paragraph that goes on in the one before. */
enum deed { KEEP, UNWRAP, GO_ON, DROP, FAIL };
enum end_tag { END_STANDS, END_GONE, END_JOINS };

struct scan {
    struct docx_copying *o;
    const struct docx_kept *part;
    struct str in;
    size_t at;
    struct splice *out;
    struct buf literal;
    struct str open[DEPTH_MAX];
    enum end_tag ends[DEPTH_MAX];
    bool bare[DEPTH_MAX]; /* a paragraph that keeps no properties of its own */
    unsigned depth;
    uint32_t elements;
    unsigned dropped;    /* depth below what is left out; 0: nothing is */
    unsigned joins;      /* depth around a paragraph that lacks its end, plus 1; 0: none does */
    enum docx_fate fate; /* of the paragraph that begins at `at`; DOCX_STAYS for other elements */
    /* Marks of the layout. */
    size_t properties_at;           /* in `literal`: where those of the open run or line begin */
    struct str run;                 /* the run's */
    unsigned run_depth, line_depth; /* of what is in it */
    bool divides;                   /* the text met is right in that run, which may be divided */
    const struct paper_place *line; /* whose mark is to be put; NULL: none */
    int above;                      /* the space above with it, in twentieths of a point */
};

static void put(struct scan *s, struct str bytes)
{
    buf_add(&s->literal, bytes);
}

static void flush(struct scan *s)
{
    splice_literal(s->out, buf_str(&s->literal));
    s->literal.len = 0;
}

static bool is_reference(struct str name)
{
    return str_starts(name, STR("r:")) || str_equal(docx_last_after(name, ':'), STR("relid"));
}

/* Whether a tag refers to a part that is not kept. */
static bool dangles(const struct scan *s, struct str tag)
{
    struct str whole;
    struct str name;
    struct str value;
    for (size_t at = docx_attributes_from(tag);
         docx_next_attribute(tag, &at, &whole, &name, &value);)
        if (is_reference(name) && !docx_refers(&s->part->relations, value))
            return true;
    return false;
}

/* A tag without ids of revisions, which tell who wrote what in one sitting. */
static void put_tag(struct scan *s, struct str tag)
{
    struct str whole;
    struct str name;
    struct str value;
    size_t at = docx_attributes_from(tag);
    put(s, str_slice(tag, 0, at));
    while (docx_next_attribute(tag, &at, &whole, &name, &value))
        if (!str_starts(docx_last_after(name, ':'), STR("rsid")))
            put(s, whole);
    put(s, str_slice(tag, at, tag.len - at));
}

/* Whether something in a drawing points to what is not kept, or is an object. */
static bool draws_what_is_gone(const struct scan *s, size_t at)
{
    static const char *const OBJECTS[] = {"OLEObject", "control", NULL};
    size_t end = docx_element_end(s->in, at);
    struct docx_tag tag;
    while (at < end && docx_read_tag(s->in, at, &tag)) {
        if (docx_is_one_of(tag.name, OBJECTS) || dangles(s, tag.whole))
            return true;
        at += tag.whole.len;
        while (at < end && s->in.at[at] != '<')
            at++;
    }
    return false;
}

/* Fields that only tell of the document itself; a link leads to the web or within. */
static bool is_plain_field(struct str code)
{
    static const char *const PLAIN[] = {
        "PAGE",    "NUMPAGES", "SECTIONPAGES", "TOC",     "REF", "PAGEREF",
        "NOTEREF", "SEQ",      "STYLEREF",     "SECTION", NULL};
    struct str words = str_trim(code);
    struct str first;
    if (!str_split(&words, ' ', &first))
        return true;
    if (!str_equal(first, STR("HYPERLINK")))
        return docx_is_one_of(first, PLAIN);
    struct str rest = str_trim(words);
    if (str_starts(rest, STR("&quot;")))
        rest = str_slice(rest, 6, rest.len);
    else if (str_starts(rest, STR("\"")))
        rest = str_slice(rest, 1, rest.len);
    return package_is_web(rest) || str_starts(rest, STR("\\l"));
}

static bool is_plain_simple_field(struct str tag)
{
    struct str whole;
    struct str name;
    struct str value;
    for (size_t at = docx_attributes_from(tag);
         docx_next_attribute(tag, &at, &whole, &name, &value);)
        if (str_equal(docx_last_after(name, ':'), STR("instr")) && !is_plain_field(value))
            return false;
    return true;
}

/* --- what is kept ---------------------------------------------------------------------------------- */

static const char *const GONE[] = {
    "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange",
    "trPrChange", "tcPrChange", "tblGridChange", "numberingChange", "commentRangeStart",
    "commentRangeEnd", "commentReference", "annotationRef", "proofErr", "moveFromRangeStart",
    "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart",
    "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart",
    "customXmlMoveToRangeEnd", "Fallback", "object", "control", "OLEObject", "altChunk", "subDoc",
    "dataBinding", "permStart", "permEnd",
    /* of settings */
    "rsids", "attachedTemplate", "documentProtection", "writeProtection", "trackRevisions",
    "mailMerge", "docVars", "documentType", "saveThroughXslt", NULL};

static const char *const MARKS_OF_ENDS[] = {"rPr", "trPr", "tcPr", NULL};
/* Behind a paragraph without an end, only another one makes a whole of both. */
static enum deed deed_of_joined(const struct scan *s, const struct docx_tag *tag)
{
    static const char *const SECTION[] = {"sectPr", NULL};
    if (str_equal(tag->name, STR("bookmarkStart")) || str_equal(tag->name, STR("bookmarkEnd")))
        return KEEP;
    if (!docx_is_word(tag->name, "p") || tag->empty)
        return docx_is_one_of(tag->name, GONE) ? DROP : FAIL;
    bool breaks = s->fate == DOCX_STAYS && docx_paragraph_has(s->in, s->at, SECTION);
    return breaks ? FAIL : GO_ON;
}

/* What tracked deletions take away besides words; KEEP where they leave it. */
static enum deed deed_of_deletion(const struct scan *s, const struct docx_tag *tag)
{
    unsigned depth = s->depth;
    struct str parent = depth ? s->open[depth - 1] : STR("");
    if (docx_is_word(tag->name, "tr"))
        return docx_row_is_deleted(s->in, s->at) ? DROP : KEEP;
    if (docx_is_word(tag->name, "tbl"))
        return docx_table_is_deleted(s->in, s->at) ? DROP : KEEP;
    if (docx_is_word(tag->name, "p"))
        return s->fate == DOCX_VANISHES ? UNWRAP : KEEP;
    if (docx_is_word(tag->name, "pPr"))
        return depth && s->bare[depth - 1] ? DROP : KEEP;
    if (docx_is_word(tag->name, "sectPr") && docx_is_word(parent, "pPr"))
        return depth > 1 && s->ends[depth - 2] == END_JOINS ? FAIL : KEEP;
    return KEEP;
}

static enum deed deed_of(const struct scan *s, const struct docx_tag *tag)
{
    static const char *const DRAWINGS[] = {"drawing", "pict", NULL};
    struct str parent = s->depth ? s->open[s->depth - 1] : STR("");
    bool of_end = docx_is_one_of(parent, MARKS_OF_ENDS);
    bool of_paragraph = s->depth > 1 && docx_is_word(s->open[s->depth - 2], "pPr");
    if (s->joins == s->depth + 1)
        return deed_of_joined(s, tag);
    enum deed deletion = deed_of_deletion(s, tag);
    if (deletion != KEEP)
        return deletion;
    if (str_equal(tag->name, STR("cellDel")) || str_equal(tag->name, STR("cellMerge")))
        return FAIL;
    if (str_equal(tag->name, STR("del")) || str_equal(tag->name, STR("moveFrom")))
        return of_end && !of_paragraph ? FAIL : DROP;
    if (str_equal(tag->name, STR("ins")) || str_equal(tag->name, STR("moveTo")))
        return UNWRAP;
    if (str_equal(tag->name, STR("cellIns")) || docx_is_one_of(tag->name, GONE))
        return DROP;
    if (docx_is_one_of(tag->name, DRAWINGS))
        return draws_what_is_gone(s, s->at) ? DROP : KEEP;
    if (str_equal(tag->name, STR("fldSimple")) && !is_plain_simple_field(tag->whole))
        return UNWRAP;
    if (dangles(s, tag->whole))
        return str_equal(tag->name, STR("hyperlink")) ? UNWRAP : DROP;
    return KEEP;
}

/* --- the members' words ---------------------------------------------------------------------------- */

/* Raw text of an element beside what it means: where each byte of its meaning stands. */
struct meant {
    struct str text;
    size_t *raw; /* by byte of it, and for its end */
};

static uint32_t entity_of(struct str name)
{
    static const struct {
        const char *name;
        uint32_t code;
    } NAMED[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++)
        if (str_equal(name, str_of(NAMED[i].name)))
            return NAMED[i].code;
    if (name.len < 2 || name.len > 8 || name.at[0] != '#')
        return 0;
    char digits[12] = "";
    memcpy(digits, name.at + 1, name.len - 1);
    return digits[0] == 'x' ? (uint32_t)strtoul(digits + 1, NULL, 16)
                            : (uint32_t)strtoul(digits, NULL, 10);
}

static bool read_meant(struct arena *arena, struct str raw, struct meant *meant)
{
    struct buf text = {.arena = arena};
    meant->raw = arena_array(arena, raw.len + 5, size_t);
    for (size_t at = 0; at < raw.len;) {
        size_t begin = at;
        size_t before = text.len;
        if (raw.at[at] == '\r' || raw.at[at] == '<')
            return false;
        if (raw.at[at] == '&') {
            size_t end = str_find(raw, STR(";"), at);
            uint32_t code = end == SIZE_MAX ? 0 : entity_of(str_slice(raw, at + 1, end - at - 1));
            if (!code)
                return false;
            buf_add_code(&text, code);
            at = end + 1;
        } else {
            buf_add_byte(&text, raw.at[at++]);
        }
        for (size_t i = before; i < text.len; i++)
            meant->raw[i] = begin;
    }
    meant->raw[text.len] = raw.len;
    meant->text = buf_str(&text);
    return true;
}

static void put_choice(struct scan *s, const struct paper_place *place, struct str raw,
                       struct str other)
{
    struct buf escaped = {.arena = s->o->arena};
    format_escape_xml(&escaped, other);
    flush(s);
    splice_choice(s->out, place->site, raw, buf_str(&escaped));
}

static bool is_shift(const struct docx_copying *o, const struct paper_place *place,
                     enum paper_shift_kind kind)
{
    const struct paper_site *site = &o->order->sites->sites[place->site];
    return site->channel == PAPER_LAYOUT && paper_site_shift(site) == kind;
}

/* A mark in a run of its own, which differs from the one around it in the space behind it; the other side is the mark as it
 * stands, so that nothing tells where a mark could have been. False where the run can't be divided. */
static bool put_gap(struct scan *s, const struct docx_piece *piece, const struct paper_place *place,
                    struct str raw)
{
    struct arena *arena = s->o->arena;
    int wider = (int)(piece->size * 10 * PAPER_GAP_EMS + 0.5);
    if (!s->divides || !piece->size || !is_shift(s->o, place, PAPER_SHIFT_GAP))
        return false;
    struct docx_change change = docx_space_letters(arena, s->run, piece->spacing + wider);
    struct str before = str_slice(s->run, 0, change.at);
    struct str after = str_slice(s->run, change.at + change.len, s->run.len);
    flush(s);
    splice_choice(
        s->out, place->site, raw,
        str_format(arena,
                   "</w:t></w:r><w:r>%.*s%.*s%.*s<w:t xml:space=\"preserve\">%.*s</w:t></w:r>"
                   "<w:r>%.*s<w:t xml:space=\"preserve\">",
                   STR_ARG(before), STR_ARG(change.with), STR_ARG(after), STR_ARG(raw),
                   STR_ARG(s->run)));
    return true;
}

/* Text as the reader took it: white space of lines as blanks. */
static bool same_words(struct str raw, struct str read)
{
    if (raw.len != read.len)
        return false;
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] != read.at[i] && !(raw.at[i] == '\n' && read.at[i] == ' '))
            return false;
    return true;
}

static size_t first_place(const struct paper_sites *sites, size_t at)
{
    size_t low = 0;
    size_t high = sites ? sites->nplaces : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sites->places[middle].at + sites->places[middle].len < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A piece's raw text with the choices whose words it holds. What a place has of it: the first piece takes all of the other
 * words, the rest of the place's pieces then hold none. */
static void put_piece(struct scan *s, const struct docx_piece *piece, const struct meant *meant,
                      struct str raw)
{
    struct docx_copying *o = s->o;
    const struct paper_sites *sites = o->order->sites;
    size_t end = piece->at + piece->len;
    size_t done = piece->at;
#define RAW(FROM, TO)                                          \
    str_slice(raw, meant->raw[piece->from + (FROM)-piece->at], \
              meant->raw[piece->from + (TO)-piece->at] -       \
                  meant->raw[piece->from + (FROM)-piece->at])
    for (size_t i = first_place(sites, piece->at); sites && i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        size_t from = place->at > piece->at ? place->at : piece->at;
        size_t to = place->at + place->len < end ? place->at + place->len : end;
        if (place->at > end)
            break;
        bool met = o->covered[i] > 0;
        bool none = place->len ? from >= to : met;
        bool layout = sites->sites[place->site].channel == PAPER_LAYOUT;
        if (none || from < done || (layout && to - from < place->len))
            continue;
        put(s, RAW(done, from));
        done = from;
        if (layout && !put_gap(s, piece, place, RAW(from, to)))
            continue;
        if (!layout)
            put_choice(s, place, RAW(from, to), met ? STR("") : place->alt[1]);
        o->covered[i] += to - from + !met;
        done = to;
    }
    put(s, RAW(done, end));
#undef RAW
}

/* The text element of a part that the map knows: between its tags. */
static bool put_text(struct scan *s, struct str raw)
{
    struct docx_copying *o = s->o;
    const struct docx_map *map = o->map;
    struct meant meant;
    size_t done = 0;
    if (!read_meant(o->arena, raw, &meant))
        return false;
    while (o->next_piece < map->npieces) {
        const struct docx_piece *piece = &map->pieces[o->next_piece];
        if (piece->part != (uint32_t)s->part->part || piece->element != s->elements)
            break;
        struct str read = str_slice(o->order->doc->text, piece->at, piece->len);
        if (piece->from < done || piece->from + piece->len > meant.text.len ||
            !same_words(str_slice(meant.text, piece->from, piece->len), read))
            return false;
        if (done || piece->from)
            put(s, str_slice(raw, meant.raw[done], meant.raw[piece->from] - meant.raw[done]));
        put_piece(s, piece, &meant, raw);
        done = piece->from + piece->len;
        o->next_piece++;
    }
    if (done || !str_trim(meant.text).len)
        put(s, str_slice(raw, meant.raw[done], raw.len - meant.raw[done]));
    return true;
}

/* --- lines that stand lower ------------------------------------------------------------------------ */

/* Whether the paragraph that begins here is marked: its properties come next. */
static void look_for_line(struct scan *s)
{
    struct docx_copying *o = s->o;
    const struct paper_sites *sites = o->order->sites;
    const struct docx_map *map = o->map;
    while (o->next_line < map->nlines && map->lines[o->next_line].element < s->elements)
        o->next_line++;
    if (!sites || o->next_line == map->nlines)
        return;
    const struct docx_line *line = &map->lines[o->next_line];
    if (line->element != s->elements || !line->known || !line->shows)
        return;
    size_t i = paper_place_from(sites, line->at);
    if (i == sites->nplaces || sites->places[i].at != line->at ||
        !is_shift(o, &sites->places[i], PAPER_SHIFT_LINE))
        return;
    s->line = &sites->places[i];
    s->line_depth = s->depth;
    o->covered[i] = sites->places[i].len + 1;
    s->above = (int)(line->before + (unsigned)(line->size * 10 * PAPER_LINE_EMS + 0.5));
}

/* The marked paragraph's properties as they stand, or with more space above. */
static void put_line(struct scan *s, struct str properties)
{
    struct docx_change change = docx_space_above(s->o->arena, properties, s->above);
    put(s, str_slice(properties, 0, change.at));
    flush(s);
    splice_choice(s->out, s->line->site, str_slice(properties, change.at, change.len), change.with);
    put(s, str_slice(properties, change.at + change.len, properties.len));
    s->line = NULL;
}

static bool is_in_word(const struct scan *s, const char *name)
{
    return s->depth && docx_is_word(s->open[s->depth - 1], name);
}

/* Before an element is put: what marks of the layout must know of it. True when it was put here. */
static bool begin_layout(struct scan *s, const struct docx_tag *tag)
{
    bool properties = docx_is_word(tag->name, "pPr");
    s->divides = docx_is_word(tag->name, "t") && is_in_word(s, "r") && s->depth == s->run_depth;
    if (docx_is_word(tag->name, "rPr") && is_in_word(s, "r"))
        s->properties_at = s->literal.len;
    if (docx_is_word(tag->name, "r")) {
        s->run = STR("");
        s->run_depth = s->depth + 1;
    }
    if (!s->line || s->depth != s->line_depth)
        return false;
    if (properties && !tag->empty) {
        s->properties_at = s->literal.len;
        return false;
    }
    put_line(s, properties ? tag->whole : STR(""));
    return properties;
}

/* Behind an element's end. */
static void end_layout(struct scan *s, const struct docx_tag *tag)
{
    bool run = docx_is_word(tag->name, "rPr") && is_in_word(s, "r");
    bool line = s->line && s->depth == s->line_depth && docx_is_word(tag->name, "pPr");
    if (!run && !line)
        return;
    struct str properties =
        str_copy(s->o->arena, str_slice(buf_str(&s->literal), s->properties_at, SIZE_MAX));
    if (run) {
        s->run = properties;
        return;
    }
    s->literal.len = s->properties_at;
    put_line(s, properties);
}

/* --- frame ----------------------------------------------------------------------------------------- */

static const char *const HEADER_TYPES[] = {"default", "first", "even"};

/* Whether a section, as it is kept, has a header or footer of its own for these pages. */
static bool has_reference(const struct scan *s, struct str section, struct str what,
                          struct str pages)
{
    struct docx_tag tag;
    for (size_t at = 0; (at = str_find(section, STR("<"), at)) != SIZE_MAX; at++)
        if (docx_read_tag(section, at, &tag) && str_equal(tag.name, what) &&
            !dangles(s, tag.whole) && str_find(tag.whole, pages, 0) != SIZE_MAX)
            return true;
    return false;
}

/* The references that the first section lacks, to parts that are added. */
static void put_references(struct scan *s, struct str section)
{
    struct arena *arena = s->o->arena;
    for (unsigned k = 0; k < DOCX_OWN; k++) {
        struct str what = k < 3 ? STR("headerReference") : STR("footerReference");
        struct str pages = str_format(arena, "\"%s\"", HEADER_TYPES[k % 3]);
        if (!has_reference(s, section, what, pages))
            put(s, str_format(arena,
                              "<w:%.*s xmlns:r=\"" DOCX_OFFICE "\" w:type=%.*s r:id=\"%.*s%u\"/>",
                              STR_ARG(what), STR_ARG(pages), STR_ARG(s->o->parts->ids), k));
    }
    s->o->sections = true;
}

static void put_section(struct scan *s, const struct docx_tag *tag)
{
    struct str section = str_slice(s->in, s->at, docx_element_end(s->in, s->at) - s->at);
    if (tag->empty) {
        put(s, STR("<w:sectPr>"));
        put_references(s, section);
        put(s, STR("</w:sectPr>"));
        return;
    }
    put_tag(s, tag->whole);
    put_references(s, section);
}

/* What stands before the end of a part. */
static void put_before_end(struct scan *s, const struct docx_tag *tag)
{
    const struct format_frame *frame = s->o->order->frame;
    struct buf lines = {.arena = s->o->arena};
    if (s->part->part == DOCX_MAIN && str_equal(tag->name, STR("body")) && !s->o->sections) {
        put(s, STR("<w:sectPr>"));
        put_references(s, STR(""));
        put(s, STR("</w:sectPr>"));
    }
    if (s->depth != 1 || (!s->part->header && !s->part->footer))
        return;
    docx_put_margin_lines(&lines, frame->credit);
    if (s->part->header)
        docx_put_margin_lines(&lines, frame->notice);
    put(s, buf_str(&lines));
    if (s->part->header) {
        flush(s);
        splice_field(s->out, DOCX_MARK_FIELD);
    }
}

/* --- going through --------------------------------------------------------------------------------- */

static bool take_element_text(struct scan *s, const struct docx_tag *tag)
{
    size_t from = s->at + tag->whole.len;
    size_t to = str_find(s->in, STR("<"), from);
    bool text = str_equal(tag->name, STR("t")) && s->part->part != DOCX_OTHER;
    bool code = str_equal(tag->name, STR("instrText"));
    if (tag->empty || (!text && !code))
        return true;
    if (to == SIZE_MAX)
        return false;
    struct str raw = str_slice(s->in, from, to - from);
    if (code && !is_plain_field(raw))
        raw = STR("");
    if (text && !put_text(s, raw))
        return false;
    if (code)
        put(s, raw);
    s->at = to - tag->whole.len; /* the caller passes the tag */
    return true;
}

/* Goes into an element, and settles what becomes of its end. */
static void push(struct scan *s, const struct docx_tag *tag, enum deed deed)
{
    bool paragraph = docx_is_word(tag->name, "p");
    bool joins = s->fate == DOCX_JOINS || (deed == GO_ON && s->fate == DOCX_VANISHES);
    s->open[s->depth] = tag->name;
    s->bare[s->depth] = paragraph && deed != KEEP;
    s->ends[s->depth] = joins ? END_JOINS : deed == UNWRAP ? END_GONE : END_STANDS;
    if (deed == GO_ON)
        s->joins = 0;
    s->depth++;
}

static bool begin_element(struct scan *s, const struct docx_tag *tag)
{
    s->elements++;
    if (s->dropped) {
        s->dropped += !tag->empty;
        return true;
    }
    bool paragraph = docx_is_word(tag->name, "p");
    s->fate = paragraph ? docx_fate_of_paragraph(s->in, s->at) : DOCX_STAYS;
    enum deed deed = deed_of(s, tag);
    if (deed == FAIL || s->depth == DEPTH_MAX)
        return false;
    if (deed == DROP) {
        s->dropped = !tag->empty;
        return true;
    }
    bool section =
        s->part->part == DOCX_MAIN && !s->o->sections && str_equal(tag->name, STR("sectPr"));
    bool words = str_equal(tag->name, STR("t")) && s->part->part != DOCX_OTHER && !tag->empty;
    bool put_already = s->part->part != DOCX_OTHER && begin_layout(s, tag);
    if (!tag->empty)
        push(s, tag, deed);
    if (s->part->part == DOCX_MAIN && paragraph && !tag->empty && deed == KEEP)
        look_for_line(s);
    if (put_already)
        return true;
    if (section)
        put_section(s, tag);
    else if (words && str_find(tag->whole, STR("xml:space"), 0) == SIZE_MAX) {
        put_tag(s, str_slice(tag->whole, 0, tag->whole.len - 1));
        put(s, STR(" xml:space=\"preserve\">"));
    } else if (deed == KEEP)
        put_tag(s, tag->whole);
    return take_element_text(s, tag);
}

static bool end_element(struct scan *s, const struct docx_tag *tag)
{
    if (s->dropped) {
        s->dropped--;
        return true;
    }
    if (!s->depth || !str_equal(s->open[s->depth - 1], tag->name) || s->joins == s->depth + 1)
        return false;
    put_before_end(s, tag);
    enum end_tag end = s->ends[--s->depth];
    if (end == END_STANDS)
        put(s, tag->whole);
    if (end == END_JOINS)
        s->joins = s->depth + 1;
    if (s->part->part != DOCX_OTHER)
        end_layout(s, tag);
    return true;
}

/* Comments and instructions are left out, but for the declaration at the head. */
static bool pass_other(struct scan *s)
{
    struct str rest = str_slice(s->in, s->at, s->in.len);
    struct str end = str_starts(rest, STR("<!--")) ? STR("-->") : STR("?>");
    size_t len = str_find(rest, end, 0);
    if (len == SIZE_MAX || (str_starts(rest, STR("<!")) && !str_starts(rest, STR("<!--"))))
        return false;
    len += end.len;
    if (str_starts(rest, STR("<?xml ")))
        put(s, str_slice(rest, 0, len));
    s->at += len;
    return true;
}

static bool scan_part(struct scan *s)
{
    struct docx_tag tag;
    if (str_starts(s->in, STR("\xEF\xBB\xBF")))
        s->at = 3;
    while (s->at < s->in.len) {
        if (s->in.at[s->at] != '<') {
            size_t to = str_find(s->in, STR("<"), s->at);
            to = to == SIZE_MAX ? s->in.len : to;
            if (!s->dropped)
                put(s, str_slice(s->in, s->at, to - s->at));
            s->at = to;
            continue;
        }
        char second = s->at + 1 < s->in.len ? s->in.at[s->at + 1] : '!';
        if (second == '!' || second == '?') {
            if (!pass_other(s))
                return false;
            continue;
        }
        if (!docx_read_tag(s->in, s->at, &tag) ||
            !(tag.ends ? end_element(s, &tag) : begin_element(s, &tag)))
            return false;
        s->at += tag.whole.len;
    }
    return !s->depth && !s->dropped;
}

/* Only UTF-8, with the usual prefixes. */
static bool is_usual(const struct docx_kept *kept, struct str xml)
{
    struct str head = str_slice(xml, 0, 200);
    size_t end = str_find(head, STR("?>"), 0);
    struct str declaration = str_slice(head, 0, end == SIZE_MAX ? 0 : end);
    size_t encoding = str_find(declaration, STR("encoding="), 0);
    if (encoding != SIZE_MAX && strncasecmp(declaration.at + encoding + 10, "utf-8", 5) != 0)
        return false;
    bool word = kept->part != DOCX_OTHER || kept->header || kept->footer;
    return utf8_first_bad(xml) == SIZE_MAX &&
           (!word ||
            str_find(str_slice(xml, 0, 8000), STR("xmlns:w=\"" DOCX_WORD "\""), 0) != SIZE_MAX);
}

struct splice *docx_copy_part(struct docx_copying *copying, const struct docx_kept *kept,
                              struct str bytes)
{
    struct scan *s = arena_new(copying->arena, struct scan);
    *s = (struct scan){
        .o = copying, .part = kept, .in = bytes, .literal = {.arena = copying->arena}};
    s->out = splice_make(copying->press);
    if (!is_usual(kept, bytes) || !scan_part(s))
        return NULL;
    flush(s);
    return s->out;
}
