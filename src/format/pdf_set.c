/* A copy while it is set: items as lines, lines on pages; see pdf_press.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format/pdf_press.h"

#define ABOVE 880 /* of an em above the base line, as in the fonts of East Asia */

static const struct pdf_style *style_of(const struct pdf_setter *setter, enum pdf_part part)
{
    return &setter->press->look->parts[part];
}

static int64_t left_edge(const struct pdf_setter *setter)
{
    return setter->press->look->left;
}

static int64_t right_edge(const struct pdf_setter *setter)
{
    return PDF_PAGE_WIDTH - setter->press->look->right;
}

/* --- pages ---------------------------------------------------------------------------------------- */

static void put_form(struct pdf_setter *setter, bool there, const char *kind, const char *name)
{
    if (there)
        buf_format(&setter->content, "/Artifact<</Type/Pagination%s>>BDC\n/%s Do\nEMC\n", kind,
                   name);
}

/* The page's number at the outer edge: an em from it, seven millimetres below the text in Chinese papers. */
static void put_number(struct pdf_setter *setter)
{
    const struct pdf_press *press = setter->press;
    const struct pdf_look *look = press->look;
    const struct pdf_cluster *all[16];
    const struct pdf_cluster *shown[24];
    size_t n = 0;
    if (pdf_text_gather(&press->texts, &press->digits, NULL, all) != 12)
        return;
    char digits[12];
    int count = snprintf(digits, sizeof digits, "%" PRIu32, setter->npages);
    if (look->dashed) {
        shown[n++] = all[0];
        shown[n++] = all[1];
    }
    for (int i = 0; i < count; i++)
        shown[n++] = all[2 + digits[i] - '0'];
    if (look->dashed) {
        shown[n++] = all[1];
        shown[n++] = all[0];
    }
    int64_t width = 0;
    for (size_t i = 0; i < n; i++)
        width += shown[i]->advance;
    int64_t inset = look->dashed ? look->number_size : 0;
    bool odd = setter->npages % 2;
    int64_t x = odd ? right_edge(setter) * 1000 - (width + 1000) * look->number_size
                    : (left_edge(setter) + inset) * 1000;
    x += odd && !look->dashed ? (int64_t)look->number_size * 1000 : 0;
    struct pdf_stroke stroke = {.x = x, .y = look->bottom - 19843, .size = look->number_size};
    pdf_pen_mark(&setter->pen, PDF_ARTIFACT);
    (void)pdf_pen_draw(&setter->pen, shown, n, n, &stroke);
    pdf_pen_lift(&setter->pen);
}

static void end_page(struct pdf_setter *setter)
{
    struct pdf_page *page = &setter->pages[setter->npages - 1];
    pdf_pen_lift(&setter->pen);
    put_form(setter, setter->press->footer, "/Subtype/Footer", "Foot");
    put_form(setter, setter->marked, "", "Mark");
    put_number(setter);
    page->content = pdf_file_number(&setter->file);
    pdf_file_stream(&setter->file, page->content, STR(""), buf_str(&setter->content), PDF_QUICK);
}

void pdf_set_new_page(struct pdf_setter *setter)
{
    if (setter->npages)
        end_page(setter);
    if (setter->npages == setter->pages_cap) {
        uint32_t cap = setter->pages_cap ? setter->pages_cap * 2 : 8;
        setter->pages =
            arena_grow(setter->arena, setter->pages, setter->pages_cap * sizeof *setter->pages,
                       cap * sizeof *setter->pages);
        setter->numbers =
            arena_grow(setter->arena, setter->numbers, setter->pages_cap * sizeof *setter->numbers,
                       cap * sizeof *setter->numbers);
        setter->pages_cap = cap;
    }
    struct pdf_page *page = &setter->pages[setter->npages];
    page->annotations = (struct buf){.arena = setter->arena};
    page->key = pdf_tree_page(&setter->tree, setter->npages);
    setter->numbers[setter->npages++] = pdf_file_number(&setter->file);
    setter->content.len = 0;
    setter->y = PDF_PAGE_HEIGHT - setter->press->look->top;
    setter->fresh = true;
    pdf_pen_begin(&setter->pen);
    put_form(setter, setter->watermarked, "/Subtype/Watermark", "Across");
    put_form(setter, setter->press->header, "/Subtype/Header", "Head");
}

/* Whether so much fits on the page; a line may reach into the margin by the room below its letters. */
static bool fits(const struct pdf_setter *setter, int64_t height, int32_t pitch)
{
    return setter->y - height + pitch / 3 >= setter->press->look->bottom;
}

static void add_space(struct pdf_setter *setter, int32_t space)
{
    if (!setter->fresh)
        setter->y -= space;
}

/* --- links ---------------------------------------------------------------------------------------- */

struct link_box {
    int64_t left, right, base; /* thousandths of a point */
    int32_t size;
};

/* A box on the page that leads somewhere, and what reads it aloud. */
static void put_annotation(struct pdf_setter *setter, struct str target, uint32_t element,
                           const struct link_box *box)
{
    struct buf body = {.arena = setter->arena};
    uint32_t number = pdf_file_number(&setter->file);
    struct pdf_page *page = &setter->pages[setter->npages - 1];
    buf_add(&body, STR("<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect["));
    pdf_put_milli(&body, box->left);
    buf_add_byte(&body, ' ');
    pdf_put_milli(&body, box->base - box->size / 4);
    buf_add_byte(&body, ' ');
    pdf_put_milli(&body, box->right);
    buf_add_byte(&body, ' ');
    pdf_put_milli(&body, box->base + box->size * 9 / 10);
    buf_format(&body, "]/StructParent %" PRIu32 "/Contents",
               pdf_tree_annotate(&setter->tree, element, number));
    pdf_put_text(&body, target);
    buf_add(&body, STR("/A<</S/URI/URI"));
    pdf_put_bytes(&body, target);
    buf_add(&body, STR(">>>>"));
    pdf_file_pack(&setter->file, number, buf_str(&body));
    pdf_put_ref(&page->annotations, number);
    buf_add_byte(&page->annotations, ' ');
}

/* --- lines ---------------------------------------------------------------------------------------- */

/* A paragraph while its lines are drawn. */
struct paragraph {
    const struct pdf_cluster **clusters;
    size_t nclusters;
    struct pdf_line *lines;
    uint32_t nlines;
    const struct pdf_style *style;
    int64_t left, room; /* thousandths of a point */
    uint32_t element;
    uint32_t link, link_element; /* that is being drawn; 0 for none */
};

static void gather(struct pdf_setter *setter, const struct pdf_text *text, struct paragraph *p)
{
    p->clusters = (const struct pdf_cluster **)arena_take_unset(
        setter->arena, (text->longest + 1) * sizeof *p->clusters);
    p->nclusters = pdf_text_gather(&setter->press->texts, text, setter->bits, p->clusters);
}

static void break_paragraph(struct pdf_setter *setter, struct paragraph *p, bool verbatim)
{
    struct pdf_measure measure = {
        .room = p->room * 1000 / p->style->size, .first = p->style->indent, .verbatim = verbatim};
    p->nlines = pdf_break_lines(setter->arena, p->clusters, p->nclusters, &measure, &p->lines);
}

/* Where the line begins and how much it is stretched. */
static struct pdf_stroke lay_line(const struct paragraph *p, uint32_t number, int64_t base)
{
    const struct pdf_line *line = &p->lines[number];
    const struct pdf_style *style = p->style;
    int64_t indent = number ? 0 : (int64_t)style->indent * style->size;
    int64_t slack = p->room * 1000 - indent - line->width * style->size;
    struct pdf_stroke stroke = {.x = p->left * 1000 + indent, .y = base, .size = style->size};
    if (style->align == PDF_CENTRE)
        stroke.x += slack > 0 ? slack / 2 : 0;
    if (style->align == PDF_RIGHT)
        stroke.x += slack > 0 ? slack : 0;
    unsigned gaps =
        style->align == PDF_EVEN && !line->last && slack > 0 ? pdf_line_gaps(p->clusters, line) : 0;
    int64_t stretch = gaps ? slack / gaps / 1000 : 0;
    if (stretch * 100 <= (int64_t)style->size * 9) /* a gap wider than that looks like a space */
        stroke.stretch = (int32_t)stretch;
    return stroke;
}

/* Draws a line, links in it as elements of their own. */
static void draw_line(struct pdf_setter *setter, struct paragraph *p, uint32_t number, int64_t base)
{
    const struct pdf_line *line = &p->lines[number];
    const struct pdf_press *press = setter->press;
    const struct pdf_cluster *const *order = pdf_line_order(setter->arena, p->clusters, line);
    struct pdf_stroke stroke = lay_line(p, number, base);
    size_t n = line->to - line->from;
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t link = order[from]->link;
        for (to = from + 1; to < n && order[to]->link == link;)
            to++;
        bool leads = p->element != PDF_ARTIFACT && link && link <= press->nlinks &&
                     press->links[link - 1].len;
        if (leads && p->link != link)
            p->link_element = pdf_tree_add(&setter->tree, p->element, "Link", "");
        p->link = leads ? link : 0;
        stroke.blue = leads;
        pdf_pen_mark(&setter->pen, leads ? p->link_element : p->element);
        int64_t x = pdf_pen_draw(&setter->pen, order + from, to - from, n - from, &stroke);
        struct link_box box = {stroke.x / 1000, x / 1000, base, stroke.size};
        if (leads)
            put_annotation(setter, press->links[link - 1], p->link_element, &box);
        stroke.x = x;
    }
}

/* Draws the next line under what is there. */
static void set_line(struct pdf_setter *setter, struct paragraph *p, uint32_t number)
{
    const struct pdf_style *style = p->style;
    int64_t above = (style->pitch - style->size) / 2 + (int64_t)style->size * ABOVE / 1000;
    draw_line(setter, p, number, setter->y - above);
    setter->y -= style->pitch;
    setter->fresh = false;
}

/* How many of the lines from `number` on go onto this page: English leaves no line alone on either side. */
static uint32_t lines_here(const struct pdf_setter *setter, const struct paragraph *p,
                           uint32_t number)
{
    uint32_t left = p->nlines - number;
    uint32_t here = 0;
    while (here < left && fits(setter, (int64_t)(here + 1) * p->style->pitch, p->style->pitch))
        here++;
    if (here == left || setter->press->lang == LANG_ZH)
        return here;
    if (left - here == 1 && here)
        here--;
    return here == 1 && number == 0 && left > 1 ? 0 : here;
}

/* A bar along what is quoted on this page, from `top` down to where it ends. */
static void draw_bar(struct pdf_setter *setter, int64_t x, int64_t top)
{
    pdf_pen_lift(&setter->pen);
    if (top <= setter->y)
        return;
    buf_add(&setter->content, STR("/Artifact BMC\nq .75 G 1.5 w "));
    pdf_put_milli(&setter->content, x);
    buf_add_byte(&setter->content, ' ');
    pdf_put_milli(&setter->content, top);
    buf_add(&setter->content, STR(" m "));
    pdf_put_milli(&setter->content, x);
    buf_add_byte(&setter->content, ' ');
    pdf_put_milli(&setter->content, setter->y);
    buf_add(&setter->content, STR(" l S Q\nEMC\n"));
}

/* Sets all lines, over as many pages as they take; bar: the x of a bar beside them, 0 for none. */
static void set_lines(struct pdf_setter *setter, struct paragraph *p, int64_t bar)
{
    int64_t top = setter->y;
    for (uint32_t done = 0; done < p->nlines;) {
        uint32_t here = lines_here(setter, p, done);
        if (here == 0 && setter->fresh)
            here = 1;
        for (uint32_t i = 0; i < here; i++)
            set_line(setter, p, done + i);
        done += here;
        if (done == p->nlines)
            break;
        if (bar)
            draw_bar(setter, bar, top);
        pdf_set_new_page(setter);
        top = setter->y;
    }
    if (bar)
        draw_bar(setter, bar, top);
}

/* --- items ---------------------------------------------------------------------------------------- */

static struct str text_of(struct pdf_setter *setter, const struct paragraph *p)
{
    struct buf text = {.arena = setter->arena};
    for (size_t i = 0; i < p->nclusters; i++)
        buf_add(&text, p->clusters[i]->text);
    return buf_str(&text);
}

static void close_lists(struct pdf_setter *setter, unsigned depth)
{
    if (setter->depth > depth)
        setter->depth = depth;
}

/* What a heading is worth among all: the title is the first. */
static const char *heading_tag(const struct pdf_setter *setter, const struct pdf_item *item)
{
    static const char *const tags[] = {"H1", "H2", "H3", "H4", "H5", "H6"};
    unsigned rank = item->part == PDF_PART_TITLE ? 0
                    : setter->press->has_title   ? item->rank
                                                 : item->rank - 1;
    return tags[rank > 5 ? 5 : rank];
}

static void note_heading(struct pdf_setter *setter, const struct pdf_item *item,
                         const struct paragraph *p, int64_t top)
{
    setter->headings = arena_one_more(setter->arena, setter->headings, setter->nheadings,
                                      sizeof *setter->headings);
    setter->headings[setter->nheadings++] =
        (struct pdf_heading){item->rank, text_of(setter, p), setter->npages - 1, top};
}

static int64_t table_start(struct pdf_setter *setter, size_t number);

/* What a heading stays with: two lines of what follows, or the first rows of a table. */
static int64_t follows_heading(struct pdf_setter *setter, const struct pdf_item *item)
{
    const struct pdf_style *text = style_of(setter, PDF_PART_TEXT);
    size_t next = (size_t)(item - setter->press->items) + 1;
    bool table = next < setter->press->nitems && setter->press->items[next].part == PDF_PART_ROW;
    return table ? table_start(setter, next) + text->pitch : 2 * (int64_t)text->pitch;
}

static void set_heading(struct pdf_setter *setter, const struct pdf_item *item, struct paragraph *p)
{
    const struct pdf_style *text = style_of(setter, PDF_PART_TEXT);
    int64_t height = (int64_t)p->nlines * p->style->pitch;
    if (item->part == PDF_PART_TITLE)
        setter->title = text_of(setter, p);
    else if (!setter->fresh && !fits(setter, height + follows_heading(setter, item), text->pitch))
        pdf_set_new_page(setter);
    int64_t top = setter->y;
    p->element = pdf_tree_add(&setter->tree, setter->document, heading_tag(setter, item), "");
    set_lines(setter, p, 0);
    if (item->part != PDF_PART_TITLE)
        note_heading(setter, item, p, top);
}

/* Opens the lists around an item; gives the element of its words, and draws its label beside them. */
static uint32_t open_item(struct pdf_setter *setter, const struct pdf_item *item)
{
    unsigned depth = item->depth > setter->depth + 1 ? setter->depth + 1 : item->depth;
    close_lists(setter, depth);
    if (setter->depth == depth && setter->ordered[depth] != item->ordered)
        close_lists(setter, depth - 1);
    if (setter->depth < depth) {
        uint32_t parent = depth > 1 ? setter->list_items[depth - 1] : setter->document;
        setter->lists[depth] = pdf_tree_add(&setter->tree, parent, "L",
                                            item->ordered ? "/A<</O/List/ListNumbering/Decimal>>"
                                                          : "/A<</O/List/ListNumbering/Disc>>");
        setter->ordered[depth] = item->ordered;
        setter->depth = depth;
    }
    return pdf_tree_add(&setter->tree, setter->lists[depth], "LI", "");
}

static void set_item(struct pdf_setter *setter, const struct pdf_item *item, struct paragraph *p)
{
    bool chinese = setter->press->lang == LANG_ZH;
    uint32_t entry = open_item(setter, item);
    unsigned depth = setter->depth;
    int64_t size = p->style->size;
    int64_t inset =
        chinese ? 2 * size + size * 3 * (depth - 1) / 2 : size * (2 * (int64_t)depth - 1);
    int64_t hang = size * 3 / 2;
    struct paragraph label = {.style = p->style, .room = hang * 4, .left = p->left + inset};
    p->left += inset + hang;
    p->room -= inset + hang;
    if (p->room < 6 * size) { /* nested too deep to go on like that */
        p->left -= 6 * size - p->room;
        p->room = 6 * size;
    }
    gather(setter, &item->label, &label);
    break_paragraph(setter, &label, false);
    break_paragraph(setter, p, false);
    if (!setter->fresh && p->nlines && lines_here(setter, p, 0) == 0)
        pdf_set_new_page(setter);
    label.element = pdf_tree_add(&setter->tree, entry, "Lbl", "");
    int64_t above = (p->style->pitch - size) / 2 + size * ABOVE / 1000;
    if (label.nlines)
        draw_line(setter, &label, 0, setter->y - above);
    p->element = pdf_tree_add(&setter->tree, entry, "LBody", "");
    setter->list_items[depth] = p->element;
    set_lines(setter, p, 0);
}

static void set_rule(struct pdf_setter *setter, const struct pdf_style *style)
{
    if (!fits(setter, style->pitch, style->pitch))
        pdf_set_new_page(setter);
    pdf_pen_lift(&setter->pen);
    int64_t y = setter->y - style->pitch / 2;
    int64_t third = (right_edge(setter) - left_edge(setter)) / 3;
    buf_add(&setter->content, STR("/Artifact BMC\nq .5 G .6 w "));
    pdf_put_milli(&setter->content, left_edge(setter) + third);
    buf_add_byte(&setter->content, ' ');
    pdf_put_milli(&setter->content, y);
    buf_add(&setter->content, STR(" m "));
    pdf_put_milli(&setter->content, right_edge(setter) - third);
    buf_add_byte(&setter->content, ' ');
    pdf_put_milli(&setter->content, y);
    buf_add(&setter->content, STR(" l S Q\nEMC\n"));
    setter->y -= style->pitch;
    setter->fresh = false;
}

static void set_quote(struct pdf_setter *setter, const struct pdf_item *item, struct paragraph *p)
{
    unsigned depth = item->depth > 6 ? 6 : item->depth;
    int64_t inset = (int64_t)p->style->size * 3 * depth / 2;
    int64_t bar = p->left + inset - p->style->size;
    p->left += inset;
    p->room -= inset;
    break_paragraph(setter, p, false);
    uint32_t quote = pdf_tree_add(&setter->tree, setter->document, "BlockQuote", "");
    p->element = pdf_tree_add(&setter->tree, quote, "P", "");
    set_lines(setter, p, bar);
}

static void set_plain(struct pdf_setter *setter, const struct pdf_item *item, struct paragraph *p)
{
    if (item->part == PDF_PART_CODE) {
        p->left += p->style->size;
        p->room -= p->style->size;
    }
    if (item->part == PDF_PART_SIGNED) /* four characters from the edge */
        p->room -= 4 * (int64_t)p->style->size;
    break_paragraph(setter, p, item->part == PDF_PART_CODE);
    p->element = pdf_tree_add(&setter->tree, setter->document,
                              item->part == PDF_PART_NOTICE ? "Note" : "P", "");
    set_lines(setter, p, 0);
}

static void put_box(struct buf *out, int64_t x, int64_t y, int64_t width, int64_t height)
{
    int64_t box[4] = {x, y, width, height};
    for (unsigned i = 0; i < 4; i++) {
        pdf_put_milli(out, box[i]);
        buf_add_byte(out, ' ');
    }
    buf_add(out, STR("re\n"));
}

#define PICTURE_WIDTH  170000 /* thousandths of a point, at most */
#define PICTURE_HEIGHT 227000
#define PICTURE_POINT  750 /* of a picture: no larger than on a screen */

/* How large one of its points is drawn. */
static int64_t point_of(const struct pdf_picture *picture)
{
    int64_t across = PICTURE_WIDTH / picture->width;
    int64_t down = PICTURE_HEIGHT / picture->height;
    int64_t point = across < down ? across : down;
    return point < 1 ? 1 : point > PICTURE_POINT ? PICTURE_POINT : point;
}

static void draw_picture(struct pdf_setter *setter, uint32_t number, int64_t point)
{
    const struct pdf_picture *picture = &setter->press->options.pictures[number];
    int64_t box[4] = {left_edge(setter), setter->y - point * picture->height,
                      point * picture->width, point * picture->height};
    struct buf says = {.arena = setter->arena};
    buf_add(&says, STR("/Alt"));
    pdf_put_text(&says, picture->words);
    buf_add(&says, STR("/A<</O/Layout/Placement/Block/BBox["));
    for (unsigned i = 0; i < 4; i++) {
        pdf_put_milli(&says, i < 2 ? box[i] : box[i] + box[i - 2]);
        buf_add_byte(&says, ' ');
    }
    buf_add(&says, STR("]>>"));
    uint32_t figure = pdf_tree_add(&setter->tree, setter->document, "Figure",
                                   str_z(setter->arena, buf_str(&says)));
    pdf_pen_lift(&setter->pen);
    buf_format(&setter->content, "/Figure<</MCID %" PRIu32 ">>BDC\nq ",
               pdf_tree_mark(&setter->tree, figure));
    const int64_t matrix[6] = {box[2], 0, 0, box[3], box[0], box[1]};
    for (unsigned i = 0; i < 6; i++) {
        pdf_put_milli(&setter->content, matrix[i]);
        buf_add_byte(&setter->content, ' ');
    }
    buf_format(&setter->content, "cm /I%" PRIu32 " Do Q\nq .45 G .5 w ", number);
    put_box(&setter->content, box[0], box[1], box[2], box[3]);
    buf_add(&setter->content, STR("S Q\nEMC\n"));
}

/* A paragraph beside its picture; both begin on one page, and what follows stands below both. */
static void set_pictured(struct pdf_setter *setter, const struct pdf_item *item,
                         struct paragraph *p)
{
    uint32_t number = item->picture - 1;
    const struct pdf_picture *picture = &setter->press->options.pictures[number];
    int64_t point = point_of(picture);
    p->left += PICTURE_WIDTH + p->style->size;
    p->room -= PICTURE_WIDTH + p->style->size;
    if (!setter->fresh && !fits(setter, point * picture->height, 0))
        pdf_set_new_page(setter);
    uint32_t page = setter->npages;
    int64_t bottom = setter->y - point * picture->height;
    draw_picture(setter, number, point);
    setter->fresh = false;
    set_plain(setter, item, p);
    if (setter->npages == page && setter->y > bottom)
        setter->y = bottom;
    setter->y -= p->style->pitch / 2;
}

/* --- tables --------------------------------------------------------------------------------------- */

/* A row while it is set. */
struct row {
    const struct pdf_table *table;
    struct paragraph *cells;
    uint32_t done;  /* lines that stand on earlier pages */
    uint32_t lines; /* of the longest cell */
};

static struct row break_row(struct pdf_setter *setter, const struct pdf_item *item)
{
    struct row row = {.table = &setter->press->tables[item->table]};
    struct paragraph all = {.style = style_of(setter, PDF_PART_ROW)};
    uint32_t n = row.table->ncolumns;
    row.cells = arena_array(setter->arena, n, struct paragraph);
    gather(setter, &item->text, &all);
    int64_t left = left_edge(setter);
    size_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct paragraph *cell = &row.cells[i];
        size_t from = at;
        while (at < all.nclusters && !(all.clusters[at]->flags & PDF_NEXT_CELL))
            at++;
        *cell = (struct paragraph){.clusters = all.clusters + from,
                                   .nclusters = at - from,
                                   .style = all.style,
                                   .left = left + PDF_CELL_PADDING,
                                   .room = row.table->widths[i]};
        at += at < all.nclusters;
        break_paragraph(setter, cell, false);
        row.lines = cell->nlines > row.lines ? cell->nlines : row.lines;
        left += row.table->widths[i] + 2 * PDF_CELL_PADDING;
    }
    row.lines = row.lines ? row.lines : 1;
    return row;
}

static int64_t row_height(const struct row *row, uint32_t lines)
{
    return (int64_t)lines * row->cells[0].style->pitch + 2 * (int64_t)PDF_CELL_PADDING * 2 / 3;
}

static void tag_row(struct pdf_setter *setter, const struct pdf_item *item, struct row *row)
{
    uint32_t element = pdf_tree_add(&setter->tree, setter->table, "TR", "");
    for (uint32_t i = 0; i < row->table->ncolumns; i++)
        row->cells[i].element = pdf_tree_add(&setter->tree, element, item->head ? "TH" : "TD",
                                             item->head ? "/A<</O/Table/Scope/Column>>" : "");
}

/* Draws the row's next lines, so many, with the boxes around them. */
static void draw_row(struct pdf_setter *setter, struct row *row, uint32_t lines)
{
    const struct pdf_style *style = row->cells[0].style;
    int64_t height = row_height(row, lines);
    int64_t above = PDF_CELL_PADDING * 2 / 3 + (style->pitch - style->size) / 2 +
                    (int64_t)style->size * ABOVE / 1000;
    for (uint32_t i = 0; i < row->table->ncolumns; i++) {
        struct paragraph *cell = &row->cells[i];
        for (uint32_t k = 0; k < lines && row->done + k < cell->nlines; k++)
            draw_line(setter, cell, row->done + k, setter->y - above - (int64_t)k * style->pitch);
    }
    pdf_pen_lift(&setter->pen);
    buf_add(&setter->content, STR("/Artifact BMC\nq .45 G .5 w\n"));
    for (uint32_t i = 0; i < row->table->ncolumns; i++)
        put_box(&setter->content, row->cells[i].left - PDF_CELL_PADDING, setter->y - height,
                row->table->widths[i] + 2 * (int64_t)PDF_CELL_PADDING, height);
    buf_add(&setter->content, STR("S Q\nEMC\n"));
    setter->y -= height;
    setter->fresh = false;
    row->done += lines;
}

static uint32_t row_lines_here(const struct pdf_setter *setter, const struct row *row)
{
    uint32_t here = 0;
    while (here < row->lines - row->done && fits(setter, row_height(row, here + 1), 0))
        here++;
    return here;
}

/* The row of headings once more on a page that goes on with its table; it is read aloud only once. */
static void repeat_head(struct pdf_setter *setter, const struct pdf_item *head)
{
    if (!head)
        return;
    struct row row = break_row(setter, head);
    int64_t height = setter->y - setter->press->look->bottom;
    if (row_height(&row, row.lines) > height / 3)
        return;
    for (uint32_t i = 0; i < row.table->ncolumns; i++)
        row.cells[i].element = PDF_ARTIFACT;
    draw_row(setter, &row, row.lines);
}

static int64_t half_page(const struct pdf_setter *setter)
{
    return (PDF_PAGE_HEIGHT - setter->press->look->top - setter->press->look->bottom) / 2;
}

/* The height of a row that is not parted; of one that is, two lines. */
static int64_t row_start(struct pdf_setter *setter, const struct row *row)
{
    int64_t whole = row_height(row, row->lines);
    return whole < half_page(setter) ? whole : 2 * (int64_t)row->cells[0].style->pitch;
}

/* The height of what a table begins with and what is not parted from it: its headings and one row below them. */
static int64_t table_start(struct pdf_setter *setter, size_t number)
{
    const struct pdf_item *items = setter->press->items;
    size_t next = number + 1;
    struct row row = break_row(setter, &items[number]);
    int64_t height = row_start(setter, &row);
    if (!items[number].head || next == setter->press->nitems || items[next].part != PDF_PART_ROW ||
        items[next].table != items[number].table)
        return height;
    row = break_row(setter, &items[next]);
    return height + row_start(setter, &row);
}

/* A row goes to the next page whole if it fits there, or is parted where it does not. */
static void set_row(struct pdf_setter *setter, const struct pdf_item *item,
                    const struct pdf_item *head)
{
    struct row row = break_row(setter, item);
    bool parted = row_height(&row, row.lines) >= half_page(setter);
    int64_t need = item == head ? table_start(setter, (size_t)(item - setter->press->items))
                                : row_height(&row, row.lines);
    if (!setter->fresh && !parted && !fits(setter, need, 0)) {
        pdf_set_new_page(setter);
        repeat_head(setter, item == head ? NULL : head);
    }
    tag_row(setter, item, &row);
    while (row.done < row.lines) {
        uint32_t here = row_lines_here(setter, &row);
        if (here == 0 && setter->fresh)
            here = 1;
        if (here)
            draw_row(setter, &row, here);
        if (row.done == row.lines)
            break;
        pdf_set_new_page(setter);
        repeat_head(setter, item == head ? NULL : head);
    }
}

static void set_table_row(struct pdf_setter *setter, size_t number)
{
    const struct pdf_item *items = setter->press->items;
    const struct pdf_item *item = &items[number];
    size_t first = setter->press->tables[item->table].first;
    if (first == number) {
        add_space(setter, style_of(setter, PDF_PART_ROW)->pitch / 3);
        setter->table = pdf_tree_add(&setter->tree, setter->document, "Table", "");
    }
    set_row(setter, item, items[first].head ? &items[first] : NULL);
    bool last = number + 1 == setter->press->nitems || items[number + 1].part != PDF_PART_ROW ||
                items[number + 1].table != item->table;
    if (last)
        setter->y -= style_of(setter, PDF_PART_ROW)->pitch * 2 / 3;
}

/* --- all of it ------------------------------------------------------------------------------------ */

static bool is_heading(enum pdf_part part)
{
    return part <= PDF_PART_FOURTH;
}

/* Items of a list follow each other as lines do. */
static int32_t room_after(const struct pdf_setter *setter, size_t number)
{
    const struct pdf_item *items = setter->press->items;
    bool goes_on = items[number].part == PDF_PART_ITEM && number + 1 < setter->press->nitems &&
                   items[number + 1].part == PDF_PART_ITEM;
    return goes_on ? 0 : style_of(setter, items[number].part)->after;
}

static void set_item_of(struct pdf_setter *setter, size_t number)
{
    const struct pdf_item *item = &setter->press->items[number];
    const struct pdf_style *style = style_of(setter, item->part);
    struct paragraph p = {
        .style = style, .left = left_edge(setter), .room = right_edge(setter) - left_edge(setter)};
    if (item->part != PDF_PART_ITEM)
        close_lists(setter, 0);
    if (item->part == PDF_PART_ROW) {
        set_table_row(setter, number);
        return;
    }
    add_space(setter, style->before);
    if (item->line_site != PDF_NO_SITE && setter->bits[item->line_site] & 1U)
        add_space(setter, (int32_t)(style->size * PAPER_LINE_EMS));
    gather(setter, &item->text, &p);
    if (is_heading(item->part)) {
        break_paragraph(setter, &p, false);
        set_heading(setter, item, &p);
    } else if (item->part == PDF_PART_ITEM) {
        set_item(setter, item, &p);
    } else if (item->part == PDF_PART_QUOTE) {
        set_quote(setter, item, &p);
    } else if (item->part == PDF_PART_RULE) {
        set_rule(setter, style);
    } else if (item->picture) {
        set_pictured(setter, item, &p);
    } else {
        set_plain(setter, item, &p);
    }
    setter->y -= room_after(setter, number);
}

void pdf_set_items(struct pdf_setter *setter)
{
    for (size_t i = 0; i < setter->press->nitems; i++) {
        const struct pdf_item *item = &setter->press->items[i];
        set_item_of(setter, i);
        bool last_notice =
            item->part == PDF_PART_NOTICE &&
            (i + 1 == setter->press->nitems || setter->press->items[i + 1].part != PDF_PART_NOTICE);
        if (last_notice)
            setter->y -= style_of(setter, PDF_PART_NOTICE)->pitch;
    }
    end_page(setter);
}
