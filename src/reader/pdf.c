/* PDF, by poppler; see pdf.h. Poppler gives a page's characters in reading order, lines parted by '\n', and a box for
 * each: from where its pen began to where the next one's did, so that shifts are exact. */
#include "reader/pdf.h"

#include <math.h>
#include <poppler.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "reader/draw.h"
#include "reader/layout.h"
#include "reader/pdf_check.h"
#include "reader/picture.h"
#include "reader/sandbox.h"

#define PAGES_MOST 2000
#define CHARS_MOST 200000U /* a page */
#define FONT_MOST  1e6     /* points: a page may say any number */

/* Pages as pictures. */
#define PICTURE_DPI   300.0
#define LOOK_DPI      150.0 /* for codes and lines */
#define GLANCE_DPI    120.0 /* for eyes */
#define STAMP_CHARS   200U  /* what is written over a scan */
#define MOST_OF_PAGE  0.5
#define PICTURE_LEAST 0.005
#define LINKS_MOST    50U
#define SHEET_MOST    1700 /* points: A2 */
#define CODES_UNTIL   3U   /* pages of text looked at for codes */

/* --- a page's text layer ------------------------------------------------------------------------------- */

/* A page's text as poppler gives it. */
struct layer {
    struct str text;
    PopplerRectangle *boxes;
    size_t nchars; /* of the text, each with a box */
    GList *looks;  /* of PopplerTextAttributes, by place */
};

static void take_layer(PopplerPage *page, unsigned number, struct layer *layer)
{
    guint nboxes = 0;
    *layer = (struct layer){.text = str_of(poppler_page_get_text(page))};
    if (!poppler_page_get_text_layout(page, &layer->boxes, &nboxes))
        nboxes = 0;
    layer->nchars = utf8_count(layer->text);
    if (layer->nchars > CHARS_MOST)
        reader_refuse(READER_REFUSED_COMPLEX, number);
    if (layer->nchars > nboxes)
        layer->nchars = nboxes;
    layer->looks = poppler_page_get_text_attributes(page);
}

static void drop_layer(struct layer *layer)
{
    g_free((char *)layer->text.at);
    g_free(layer->boxes);
    poppler_page_free_text_attributes(layer->looks);
}

/* The same number for the same name and size. */
static unsigned font_number(const PopplerTextAttributes *look)
{
    uint32_t hash = 2166136261U;
    double size = look->font_size;
    uint32_t steps = size > 0 && size < FONT_MOST ? (uint32_t)(size * 20 + 0.5) : 0;
    for (const char *c = look->font_name; c && *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619U;
    hash = (hash ^ steps) * 16777619U;
    return hash ? hash : 1;
}

/* Names say it more surely than strokes: a font made for headings is bold whatever its weight. */
static float font_weight(const char *name)
{
    static const char *const BOLD[] = {"Bold",         "bold",  "Black", "Heavy",
                                       "SimHei",       "Heiti", "HeiTi", "STHeiti",
                                       "XiaoBiaoSong", "XBSJW", "Medium"};
    for (size_t i = 0; name && i < sizeof BOLD / sizeof *BOLD; i++)
        if (strstr(name, BOLD[i]))
            return 1.5F;
    return 1.0F;
}

/* The look of character `at`; *from walks along. */
static const PopplerTextAttributes *look_at(GList **from, size_t at)
{
    while (*from && (*from)->next &&
           (size_t)((PopplerTextAttributes *)(*from)->data)->end_index < at)
        *from = (*from)->next;
    return *from ? (*from)->data : NULL;
}

/* Where a glyph stands for a character and others without room, poppler shares its room out among them: it is the first's. */
static void join_room(struct reader_line *line)
{
    struct reader_char *c = &line->chars[line->nchars - 1];
    struct reader_char *seen = c;
    while (seen > line->chars && unicode_is_invisible(seen->code))
        seen--;
    float room = c->right - c->left;
    size_t parts = (size_t)(c - seen);
    float whole = seen->right - seen->left;
    if (!parts || fabsf(c->left - seen->right) > 0.01F * whole ||
        fabsf(room * (float)parts - whole) > 0.05F * room)
        return;
    for (struct reader_char *i = seen + 1; i <= c; i++)
        i->left = i->right = c->right;
    seen->right = c->right;
}

static void add_char(struct reader_line *line, uint32_t code, const PopplerRectangle *box)
{
    struct reader_char *c = &line->chars[line->nchars++];
    *c = (struct reader_char){.code = code,
                              .left = (float)box->x1,
                              .right = (float)box->x2,
                              .top = (float)box->y1,
                              .bottom = (float)box->y2};
    if (line->nchars == 1)
        line->left = c->left, line->right = c->right, line->top = c->top, line->bottom = c->bottom;
    if (unicode_is_invisible(code))
        join_room(line);
    line->left = c->left < line->left ? c->left : line->left;
    line->right = c->right > line->right ? c->right : line->right;
    line->top = c->top < line->top ? c->top : line->top;
    line->bottom = c->bottom > line->bottom ? c->bottom : line->bottom;
}

/* A line looks as most of its characters do, and stands where those stand. */
struct vote {
    const PopplerTextAttributes *look;
    size_t count;
    float top, base;
};

static void vote_look(struct vote *most, struct vote *run, const PopplerTextAttributes *look,
                      const PopplerRectangle *box)
{
    if (look != run->look)
        *run = (struct vote){look, 0, (float)box->y1, (float)box->y2};
    if (++run->count > most->count)
        *most = *run;
}

/* Chinese fonts that are not in the file have figures and letters half as wide as a character, which the system's tables know by
 * their full-width forms alone. */
#define HALF_EMS 0.75F

static bool is_half(const struct reader_line *line, size_t at)
{
    const struct reader_char *c = &line->chars[at];
    return c->code > 0xFF00 && c->code < 0xFF5F && c->right - c->left < HALF_EMS * line->size;
}

static bool is_half_word(const struct reader_line *line, size_t at)
{
    uint32_t plain = at < line->nchars && is_half(line, at) ? line->chars[at].code - 0xFEE0 : 0;
    return (plain >= '0' && plain <= '9') || (plain >= 'A' && plain <= 'Z') ||
           (plain >= 'a' && plain <= 'z');
}

/* Marks may be narrow because they were set closer: they count with what stands on both sides. */
static void narrow_line(struct reader_line *line)
{
    bool before = false;
    for (size_t i = 0; i < line->nchars; i++) {
        bool word = is_half_word(line, i);
        if (word || (before && is_half(line, i) && is_half_word(line, i + 1)))
            line->chars[i].code -= 0xFEE0;
        before = word;
    }
}

#define RAISED_HIGH 0.85F /* of what most are: at most as high … */
#define RAISED_UP   0.1F  /* … and as much higher up, at least */

static void find_raised(struct reader_line *line, const struct vote *most)
{
    float high = most->base - most->top;
    for (size_t i = 0; i < line->nchars; i++) {
        struct reader_char *c = &line->chars[i];
        c->raised = c->bottom - c->top < RAISED_HIGH * high &&
                    c->bottom < most->base - RAISED_UP * high && !unicode_is_space(c->code);
    }
}

static void close_line(struct reader_page *page, struct reader_line *line, struct vote *most)
{
    if (!line->nchars)
        return;
    line->base = most->base;
    if (most->look) {
        line->size = (float)most->look->font_size;
        line->font = font_number(most->look);
        line->weight = font_weight(most->look->font_name);
    }
    if (line->size <= 0)
        line->size = line->bottom - line->top;
    narrow_line(line);
    find_raised(line, most);
    page->lines[page->nlines++] = *line;
}

static size_t count_lines(struct str text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count;
}

static bool is_shown(uint32_t code)
{
    return code >= ' ' && code != 0xFFFD && !(code >= 0xE000 && code <= 0xF8FF);
}

static void read_layer(struct reader *reader, const struct layer *layer, struct reader_page *page)
{
    struct reader_char *chars = arena_array(reader->arena, layer->nchars + 1, struct reader_char);
    struct reader_line line = {.chars = chars};
    struct vote most = {0};
    struct vote run = {0};
    GList *looks = layer->looks;
    size_t pos = 0;
    page->lines = arena_array(reader->arena, count_lines(layer->text), struct reader_line);
    for (size_t i = 0; i < layer->nchars; i++) {
        uint32_t code = utf8_next(layer->text, &pos);
        if (code == '\n') {
            close_line(page, &line, &most);
            line = (struct reader_line){.chars = chars + i + 1};
            most = run = (struct vote){0};
        } else if (is_shown(code)) {
            add_char(&line, code, &layer->boxes[i]);
            if (!unicode_is_space(code))
                vote_look(&most, &run, look_at(&looks, i), &layer->boxes[i]);
        }
    }
    close_line(page, &line, &most);
}

/* --- a page as a picture -------------------------------------------------------------------------------- */

/* The share of a page that its largest picture covers; counts those that are no mere line or dot. */
static double pictured_share(PopplerPage *from, struct reader_page *page)
{
    double most = 0;
    double whole = fmax((double)page->width * (double)page->height, 1);
    GList *pictures = poppler_page_get_image_mapping(from);
    page->npictures = 0;
    for (GList *p = pictures; p; p = p->next) {
        const PopplerRectangle *area = &((PopplerImageMapping *)p->data)->area;
        double share = fabs((area->x2 - area->x1) * (area->y2 - area->y1)) / whole;
        page->npictures += share > PICTURE_LEAST;
        most = fmax(most, share);
    }
    poppler_page_free_image_mapping(pictures);
    return most;
}

static size_t count_shown(const struct reader_page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->nlines; i++)
        for (size_t k = 0; k < page->lines[i].nchars; k++)
            count += !unicode_is_space(page->lines[i].chars[k].code);
    return count;
}

/* Whether what is to be read on a page is a picture, or letters drawn as outlines: no text layer at all, or a stamp's words
 * on a scan. */
static bool is_picture(PopplerPage *from, struct reader_page *page)
{
    size_t shown = count_shown(page);
    return !shown || (shown < STAMP_CHARS && pictured_share(from, page) > MOST_OF_PAGE);
}

static void see_as_picture(struct reader *reader, PopplerPage *from, struct reader_page *page)
{
    sandbox_more_memory();
    sandbox_begin_picture((unsigned)reader->npages);
    PIX *grey = draw_page(from, page, PICTURE_DPI);
    if (grey) {
        page->nlines = 0; /* what is stamped on it is drawn, too */
        reader_see_picture(reader, grey, (unsigned)pixGetXRes(grey), page);
    }
    pixDestroy(&grey);
}

/* --- signs ------------------------------------------------------------------------------------------------ */

/* Where a page's links lead, as a code on it would. */
static void take_links(struct arena *arena, PopplerPage *from, struct reader_page *page)
{
    GList *links = poppler_page_get_link_mapping(from);
    struct str *signs = arena_array(arena, page->nsigns + LINKS_MOST, struct str);
    if (page->nsigns)
        memcpy(signs, page->signs, page->nsigns * sizeof *signs);
    page->signs = signs;
    size_t most = page->nsigns + LINKS_MOST;
    for (GList *l = links; l && page->nsigns < most; l = l->next) {
        const PopplerAction *action = ((PopplerLinkMapping *)l->data)->action;
        if (action && action->type == POPPLER_ACTION_URI && action->uri.uri &&
            utf8_first_bad(str_of(action->uri.uri)) == SIZE_MAX)
            page->signs[page->nsigns++] = str_copy(arena, str_of(action->uri.uri));
    }
    poppler_page_free_link_mapping(links);
}

/* What has to be looked at on a page of text: codes, as whoever puts one on a paper puts it on its first pages, and the lines
 * of what may be a table. */
static void look_at_page(struct reader *reader, PopplerPage *from, struct reader_page *page,
                         bool codes)
{
    bool tabled = layout_may_hold_table(page);
    codes = codes && reader->npages <= CODES_UNTIL;
    if ((!codes && !tabled) || page->width > SHEET_MOST || page->height > SHEET_MOST)
        return;
    sandbox_more_memory();
    if (codes)
        sandbox_begin_picture((unsigned)reader->npages);
    else
        sandbox_begin_lines((unsigned)reader->npages);
    PIX *grey = draw_page(from, page, LOOK_DPI);
    if (grey && codes)
        picture_read_signs(reader->arena, grey, page);
    if (grey && tabled)
        draw_find_rules(reader->arena, grey, page);
    pixDestroy(&grey);
}

/* --- the document -------------------------------------------------------------------------------------- */

static PopplerDocument *open_document(struct str bytes)
{
    GError *error = NULL;
    GBytes *data = g_bytes_new_static(bytes.at, bytes.len);
    PopplerDocument *document = poppler_document_new_from_bytes(data, NULL, &error);
    g_bytes_unref(data);
    if (!document)
        reader_refuse(error && g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)
                          ? READER_REFUSED_LOCKED
                          : READER_REFUSED_DAMAGED,
                      0);
    return document;
}

/* A page's text layer; NULL where the page is damaged: as if it were empty. */
static PopplerPage *take_page(struct reader *reader, PopplerDocument *document, int index,
                              struct reader_page **page)
{
    struct layer layer;
    double width;
    double height;
    *page = reader_add_page(reader);
    sandbox_begin_text((unsigned)index + 1);
    PopplerPage *from = poppler_document_get_page(document, index);
    if (!from)
        return NULL;
    poppler_page_get_size(from, &width, &height);
    (*page)->width = (float)width;
    (*page)->height = (float)height;
    take_layer(from, (unsigned)index + 1, &layer);
    read_layer(reader, &layer, *page);
    drop_layer(&layer);
    return from;
}

static void see_page(struct reader *reader, PopplerDocument *document, int index)
{
    struct reader_page *page;
    PopplerPage *from = take_page(reader, document, index, &page);
    if (!from)
        return;
    if (is_picture(from, page))
        see_as_picture(reader, from, page);
    else
        look_at_page(reader, from, page, true);
    take_links(reader->arena, from, page);
    g_object_unref(from);
}

static void read_page(struct reader *reader, PopplerDocument *document, int index)
{
    struct reader_page *page;
    PopplerPage *from = take_page(reader, document, index, &page);
    if (!from)
        return;
    page->pictured = pictured_share(from, page) > MOST_OF_PAGE && count_shown(page) < STAMP_CHARS;
    if (!page->pictured)
        look_at_page(reader, from, page, false);
    g_object_unref(from);
}

static void each_page(struct reader *reader, struct str bytes,
                      void (*step)(struct reader *, PopplerDocument *, int))
{
    sandbox_begin_text(1);
    pdf_check(bytes);
    PopplerDocument *document = open_document(bytes);
    int count = poppler_document_get_n_pages(document);
    if (count < 1)
        reader_refuse(READER_REFUSED_DAMAGED, 0);
    if (count > PAGES_MOST)
        reader_refuse(READER_REFUSED_PAGES, (unsigned)count);
    for (int i = 0; i < count; i++) {
        reader_tell((unsigned)i, (unsigned)count);
        step(reader, document, i);
    }
    g_object_unref(document);
}

void pdf_see(struct reader *reader, struct str bytes)
{
    each_page(reader, bytes, see_page);
}

void pdf_read(struct reader *reader, struct str bytes)
{
    each_page(reader, bytes, read_page);
}

PIX *pdf_glance(struct str bytes)
{
    double width;
    double height;
    pdf_check(bytes);
    PopplerDocument *document = open_document(bytes);
    PopplerPage *from = poppler_document_get_page(document, 0);
    if (!from)
        reader_refuse(READER_REFUSED_DAMAGED, 1);
    poppler_page_get_size(from, &width, &height);
    const struct reader_page page = {.width = (float)width, .height = (float)height};
    PIX *grey = draw_page(from, &page, GLANCE_DPI);
    if (!grey)
        reader_refuse(READER_REFUSED_COMPLEX, 1);
    g_object_unref(from);
    g_object_unref(document);
    return grey;
}
