/* Printed pages; see printed.h. */
#include "reader/printed.h"

#include <poppler.h>
#include <unistd.h>

#include "base/fd.h"
#include "reader/distort.h"
#include "reader/sandbox.h"

#define SIDE_MOST 6000 /* points of a page's side at DISTORT_DPI: nearly A2 */

struct journey {
    enum distort_way way;
    uint64_t seed, first, count;
};

static bool parse_task(struct str task, struct journey *journey)
{
    struct str word;
    return str_split(&task, '/', &word) && distort_parse(word, &journey->way) &&
           str_split(&task, '/', &word) && str_to_u64(word, &journey->seed) &&
           str_split(&task, '/', &word) && str_to_u64(word, &journey->first) &&
           str_split(&task, '/', &word) && str_to_u64(word, &journey->count) && !task.len;
}

static PopplerDocument *open_printed(struct str bytes)
{
    GBytes *data = g_bytes_new_static(bytes.at, bytes.len);
    PopplerDocument *document = poppler_document_new_from_bytes(data, NULL, NULL);
    g_bytes_unref(data);
    if (!document)
        reader_refuse(READER_REFUSED_DAMAGED, 0);
    return document;
}

/* The grey of a surface, taken from its green. */
static PIX *grey_of_surface(cairo_surface_t *surface)
{
    int w = cairo_image_surface_get_width(surface);
    int h = cairo_image_surface_get_height(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    PIX *grey = pixCreate(w, h, 8);
    cairo_surface_flush(surface);
    for (int y = 0; grey && y < h; y++) {
        const unsigned char *from = cairo_image_surface_get_data(surface) + stride * (size_t)y;
        l_uint32 *to = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(to, x, from[4 * x + 1]);
    }
    return grey;
}

static PIX *print_page(PopplerDocument *document, int index)
{
    double width = 0;
    double height = 0;
    double scale = DISTORT_DPI / 72.0;
    PopplerPage *page = poppler_document_get_page(document, index);
    if (!page)
        reader_refuse(READER_REFUSED_DAMAGED, 0);
    poppler_page_get_size(page, &width, &height);
    if (!(width > 1 && height > 1 && width * scale < SIDE_MOST && height * scale < SIDE_MOST))
        reader_refuse(READER_REFUSED_COMPLEX, (unsigned)index + 1);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * scale), (int)(height * scale));
    cairo_t *ink = cairo_create(surface);
    cairo_set_source_rgb(ink, 1, 1, 1);
    cairo_paint(ink);
    cairo_scale(ink, scale, scale);
    poppler_page_render_for_printing(page, ink);
    cairo_destroy(ink);
    PIX *grey = grey_of_surface(surface);
    cairo_surface_destroy(surface);
    g_object_unref(page);
    return grey;
}

static PIX *bring_back(PopplerDocument *document, const struct journey *journey, int index)
{
    PIX *printed = print_page(document, index);
    PIX *back = printed
                    ? distort_page(printed, journey->way, journey->seed * 1000 + (unsigned)index)
                    : NULL;
    pixDestroy(&printed);
    if (!back)
        reader_refuse(READER_REFUSED_MEMORY, 0);
    return back;
}

bool printed_see(struct reader *reader, struct str bytes, struct str task)
{
    struct journey journey;
    if (!parse_task(task, &journey))
        return false;
    setMsgSeverity(L_SEVERITY_NONE);
    sandbox_more_memory();
    sandbox_begin_picture(1);
    PopplerDocument *document = open_printed(bytes);
    uint64_t all = (uint64_t)poppler_document_get_n_pages(document);
    uint64_t from = all > journey.count ? journey.first % (all - journey.count) : 0;
    for (uint64_t i = from; i < all && i - from < journey.count; i++) {
        sandbox_begin_picture((unsigned)i + 1);
        PIX *picture = bring_back(document, &journey, (int)i);
        reader_see_picture(reader, picture, 0, reader_add_page(reader));
        pixDestroy(&picture);
    }
    g_object_unref(document);
    return true;
}

bool printed_draw(struct str bytes, struct str task)
{
    struct journey journey;
    l_uint8 *file = NULL;
    size_t len = 0;
    if (!str_starts(task, STR("draw/")) || !parse_task(str_slice(task, 5, task.len), &journey))
        return false;
    sandbox_more_memory();
    sandbox_begin_picture(1);
    PopplerDocument *document = open_printed(bytes);
    if (journey.first >= (uint64_t)poppler_document_get_n_pages(document))
        reader_refuse(READER_REFUSED_EMPTY, 0);
    PIX *picture = bring_back(document, &journey, (int)journey.first);
    bool drawn = pixWriteMemPng(&file, &len, picture, 0) == 0 &&
                 fd_write(STDOUT_FILENO, (struct str){(const char *)file, len});
    lept_free(file);
    pixDestroy(&picture);
    g_object_unref(document);
    return drawn;
}
