/* Pages drawn; see draw.h. */
#include "reader/draw.h"

#include <math.h>

#define PIXELS_MOST 30e6
#define DPI_LEAST   40.0 /* less shows no letters */

PIX *draw_page(PopplerPage *page, const struct reader_page *about, double dpi)
{
    double width = (double)about->width / 72;
    double height = (double)about->height / 72;
    if (width * height * dpi * dpi > PIXELS_MOST)
        dpi = sqrt(PIXELS_MOST / (width * height));
    int w = (int)(width * dpi);
    int h = (int)(height * dpi);
    if (dpi < DPI_LEAST || w < 1 || h < 1)
        return NULL;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    cairo_t *pen = cairo_create(surface);
    cairo_set_source_rgb(pen, 1, 1, 1);
    cairo_paint(pen);
    cairo_scale(pen, dpi / 72, dpi / 72);
    poppler_page_render(page, pen);
    cairo_surface_flush(surface);
    PIX *grey = cairo_status(pen) ? NULL : pixCreateNoInit(w, h, 8);
    const unsigned char *from = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; grey && from && y < h; y++) {
        l_uint32 *to = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = 0; x < w; x++) {
            const unsigned char *c = from + (size_t)y * (size_t)stride + 4 * (size_t)x;
            SET_DATA_BYTE(to, x, (l_uint32)(c[0] * 29 + c[1] * 150 + c[2] * 77) >> 8);
        }
    }
    if (grey)
        pixSetResolution(grey, (int)dpi, (int)dpi);
    cairo_destroy(pen);
    cairo_surface_destroy(surface);
    return grey;
}

/* --- lines ---------------------------------------------------------------------------------------------- */

#define DARK       205   /* thin lines are drawn in greys */
#define THICK_MOST 3.0F  /* points: whatever is thicker is no line */
#define LONG_LEVEL 24.0F /* shorter may be a dash … */
#define LONG_UP    13.0F /* … or the stroke of a letter */
#define RULES_MOST 1000

static void take_rules(PIX *lines, float scale, bool upright, struct reader_page *page)
{
    BOXA *boxes = pixConnCompBB(lines, 8);
    for (l_int32 i = 0; boxes && i < boxaGetCount(boxes) && page->nrules < 2 * RULES_MOST; i++) {
        l_int32 x;
        l_int32 y;
        l_int32 w;
        l_int32 h;
        if (boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h) ||
            (float)(upright ? w : h) > THICK_MOST * scale)
            continue;
        page->rules[page->nrules++] = (struct reader_rule){.upright = upright,
                                                           .left = (float)x / scale,
                                                           .right = (float)(x + w) / scale,
                                                           .top = (float)y / scale,
                                                           .bottom = (float)(y + h) / scale};
    }
    boxaDestroy(&boxes);
}

void draw_find_rules(struct arena *arena, PIX *grey, struct reader_page *page)
{
    float scale = (float)pixGetXRes(grey) / 72;
    PIX *dark = pixThresholdToBinary(grey, DARK);
    PIX *level = dark ? pixOpenBrick(NULL, dark, (l_int32)(LONG_LEVEL * scale), 1) : NULL;
    PIX *up = dark ? pixOpenBrick(NULL, dark, 1, (l_int32)(LONG_UP * scale)) : NULL;
    page->rules = arena_array(arena, 2 * RULES_MOST, struct reader_rule);
    page->nrules = 0;
    if (level)
        take_rules(level, scale, false, page);
    if (up)
        take_rules(up, scale, true, page);
    pixDestroy(&up);
    pixDestroy(&level);
    pixDestroy(&dark);
}
