/* Codes on a picture, such as the QR that leads to a copy's check page, read by zbar. */
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#include "base/utf8.h"
#include "reader/picture.h"

#define SIGNS_MAX 16
#define SIDE_BEST \
    2400 /* a larger picture's codes are found as well in a smaller one, and quicker */

/* The picture's bytes in rows without padding; freed by the image. */
static zbar_image_t *image_of(PIX *grey)
{
    unsigned w = (unsigned)pixGetWidth(grey);
    unsigned h = (unsigned)pixGetHeight(grey);
    unsigned char *bytes = malloc((size_t)w * h);
    zbar_image_t *image = bytes ? zbar_image_create() : NULL;
    if (!image) {
        free(bytes);
        return NULL;
    }
    for (unsigned y = 0; y < h; y++) {
        const l_uint32 *row = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (unsigned x = 0; x < w; x++)
            bytes[(size_t)y * w + x] = GET_DATA_BYTE(row, x);
    }
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, w, h);
    zbar_image_set_data(image, bytes, (size_t)w * h, zbar_image_free_data);
    return image;
}

static void take_signs(struct arena *arena, zbar_image_t *image, struct reader_page *page)
{
    page->signs = arena_array(arena, SIGNS_MAX, struct str);
    for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s && page->nsigns < SIGNS_MAX;
         s = zbar_symbol_next(s)) {
        struct str said = {zbar_symbol_get_data(s), zbar_symbol_get_data_length(s)};
        if (said.len && utf8_first_bad(said) == SIZE_MAX)
            page->signs[page->nsigns++] = str_copy(arena, said);
    }
}

void picture_read_signs(struct arena *arena, PIX *grey, struct reader_page *page)
{
    int w = pixGetWidth(grey);
    int h = pixGetHeight(grey);
    float factor = (float)SIDE_BEST / (float)(w > h ? w : h);
    PIX *small = factor < 1 ? pixScaleSmooth(grey, factor, factor) : pixClone(grey);
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = small && scanner ? image_of(small) : NULL;
    if (image) {
        /* QR alone: what looks like a bar code in a page of text is a table's rules. */
        (void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
        (void)zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
        (void)zbar_scan_image(scanner, image);
        take_signs(arena, image, page);
        zbar_image_destroy(image);
    }
    zbar_image_scanner_destroy(scanner);
    pixDestroy(&small);
}
