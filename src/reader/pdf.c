/* PDF, by poppler; see pdf.h. Poppler gives a page's characters in reading order, lines parted by '\n', and a box for
 * each: from where its pen began to where the next one's did, so that shifts are exact. */
#include "reader/pdf.h"

#include <poppler.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "reader/sandbox.h"

#define PAGES_MOST 2000
#define CHARS_MOST 200000U /* a page */

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
    for (const char *c = look->font_name; c && *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619U;
    hash = (hash ^ (uint32_t)(look->font_size * 20 + 0.5)) * 16777619U;
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
    line->left = c->left < line->left ? c->left : line->left;
    line->right = c->right > line->right ? c->right : line->right;
    line->top = c->top < line->top ? c->top : line->top;
    line->bottom = c->bottom > line->bottom ? c->bottom : line->bottom;
}

/* A line looks as most of its characters do, and stands where those stand. */
struct vote {
    const PopplerTextAttributes *look;
    size_t count;
    float base;
};

static void vote_look(struct vote *most, struct vote *run, const PopplerTextAttributes *look,
                      const PopplerRectangle *box)
{
    if (look != run->look)
        *run = (struct vote){look, 0, (float)box->y2};
    if (++run->count > most->count)
        *most = *run;
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

static void see_page(struct reader *reader, PopplerDocument *document, int index)
{
    struct reader_page *page = reader_add_page(reader);
    double width;
    double height;
    sandbox_begin_text((unsigned)index + 1);
    PopplerPage *from = poppler_document_get_page(document, index);
    if (!from)
        return; /* damaged: as if empty */
    struct layer layer;
    poppler_page_get_size(from, &width, &height);
    page->width = (float)width;
    page->height = (float)height;
    take_layer(from, (unsigned)index + 1, &layer);
    read_layer(reader, &layer, page);
    drop_layer(&layer);
    g_object_unref(from);
}

void pdf_see(struct reader *reader, struct str bytes)
{
    PopplerDocument *document = open_document(bytes);
    int count = poppler_document_get_n_pages(document);
    if (count < 1)
        reader_refuse(READER_REFUSED_DAMAGED, 0);
    if (count > PAGES_MOST)
        reader_refuse(READER_REFUSED_PAGES, (unsigned)count);
    for (int i = 0; i < count; i++) {
        reader_tell((unsigned)i, (unsigned)count);
        see_page(reader, document, i);
    }
    g_object_unref(document);
}
