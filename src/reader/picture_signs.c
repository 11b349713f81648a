/* Codes on a picture, such as the QR that leads to a copy's check page, read by zbar.
 *
 * zbar wants some points to a module of the code, and sharp ones. A copy's code is 15 mm wide: on a page that a telephone
 * took, or that was sent through a chat, a module has two to four points, and zbar finds nothing. So the picture is read as a
 * whole, and then each place where something like a code stands, enlarged and sharpened. Enlarging the whole would take
 * longer than reading its letters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#include "base/utf8.h"
#include "reader/picture.h"

#define SIGNS_MAX 16
#define SIDE_BEST \
    2400 /* a larger picture's codes are found as well in a smaller one, and quicker */

/* --- reading ---------------------------------------------------------------------------------------- */

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
    for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s && page->nsigns < SIGNS_MAX;
         s = zbar_symbol_next(s)) {
        struct str said = {zbar_symbol_get_data(s), zbar_symbol_get_data_length(s)};
        if (said.len && utf8_first_bad(said) == SIZE_MAX &&
            !str_is_among(said, page->signs, page->nsigns))
            page->signs[page->nsigns++] = str_copy(arena, said);
    }
}

/* Whether there is a code. */
static bool read_codes(struct arena *arena, PIX *grey, struct reader_page *page)
{
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = grey && scanner ? image_of(grey) : NULL;
    bool found = false;
    if (image) {
        /* QR alone: what looks like a bar code in a page of text is a table's rules. */
        (void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
        (void)zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
        found = zbar_scan_image(scanner, image) > 0;
        take_signs(arena, image, page);
        zbar_image_destroy(image);
    }
    zbar_image_scanner_destroy(scanner);
    return found;
}

static void read_whole(struct arena *arena, PIX *grey, struct reader_page *page)
{
    int w = pixGetWidth(grey);
    int h = pixGetHeight(grey);
    float factor = (float)SIDE_BEST / (float)(w > h ? w : h);
    PIX *small = factor < 1 ? pixScaleSmooth(grey, factor, factor) : pixClone(grey);
    (void)read_codes(arena, small, page);
    pixDestroy(&small);
}

/* --- places where one may stand ----------------------------------------------------------------------- */

#define LOOK_SIDE   800 /* of the small picture in which they are looked for */
#define LOOK_DARK   190 /* a code's modules, dark and light, come out as a grey below it */
#define LOOK_LEAST  18  /* points of a side there: blocks of text have white between their lines */
#define LOOK_SHARE  3   /* a code that takes more than this part of a side is found in the whole */
#define PLACES_MOST 12
#define PLACE_SIDE  560  /* that a place is enlarged to … */
#define ENLARGE     4.0F /* … at most so many times */
#define SHARPEN     2.0F /* how far beyond its neighbours' mean a point is pushed */
#define SQUARE      1.6F /* a square seen askew or aslant is no longer than this to its width */

/* Dark squares in a small picture: what is solid once the narrow gaps within it are filled. */
static BOXA *find_squares(PIX *small)
{
    PIX *even = pixBackgroundNormSimple(small, NULL, NULL);
    PIX *dark = pixThresholdToBinary(even ? even : small, LOOK_DARK);
    PIX *filled = dark ? pixCloseSafeBrick(NULL, dark, 3, 3) : NULL;
    PIX *solid = filled ? pixOpenBrick(NULL, filled, LOOK_LEAST, LOOK_LEAST) : NULL;
    BOXA *boxes = solid ? pixConnCompBB(solid, 8) : NULL;
    pixDestroy(&even);
    pixDestroy(&dark);
    pixDestroy(&filled);
    pixDestroy(&solid);
    return boxes;
}

/* Reads what stands in a box of the small picture, with the white around it. Sharpened where it says nothing yet: that
 * brings out modules of two points, and the grain of a photograph with larger ones. */
static void read_place(struct arena *arena, PIX *grey, float scale, const BOX *at,
                       struct reader_page *page)
{
    float side = (float)(at->w > at->h ? at->w : at->h) / scale;
    float around = side / 4;
    BOX *box = boxCreate((int)((float)at->x / scale - around), (int)((float)at->y / scale - around),
                         (int)((float)at->w / scale + 2 * around),
                         (int)((float)at->h / scale + 2 * around));
    PIX *place = pixClipRectangle(grey, box, NULL);
    float factor = PLACE_SIDE / side;
    factor = factor > ENLARGE ? ENLARGE : factor;
    PIX *large = place && factor > 1 ? pixScaleGrayLI(place, factor, factor) : pixClone(place);
    if (!read_codes(arena, large, page)) {
        PIX *sharp = large ? pixUnsharpMaskingGray(large, (int)ceilf(factor), SHARPEN) : NULL;
        (void)read_codes(arena, sharp, page);
        pixDestroy(&sharp);
    }
    boxDestroy(&box);
    pixDestroy(&place);
    pixDestroy(&large);
}

static bool may_be_code(const BOX *at, int w, int h)
{
    int most = (w < h ? w : h) / LOOK_SHARE;
    int longer = at->w > at->h ? at->w : at->h;
    int shorter = at->w > at->h ? at->h : at->w;
    return longer <= most && (float)longer <= SQUARE * (float)shorter;
}

static void read_places(struct arena *arena, PIX *grey, struct reader_page *page)
{
    int w = pixGetWidth(grey);
    int h = pixGetHeight(grey);
    float scale = (float)LOOK_SIDE / (float)(w > h ? w : h);
    PIX *small = scale < 1 ? pixScaleSmooth(grey, scale, scale) : pixClone(grey);
    BOXA *boxes = small ? find_squares(small) : NULL;
    int count = boxes ? boxaGetCount(boxes) : 0;
    for (int i = 0, read = 0; i < count && read < PLACES_MOST; i++) {
        BOX *at = boxaGetBox(boxes, i, L_CLONE);
        if (may_be_code(at, pixGetWidth(small), pixGetHeight(small))) {
            read_place(arena, grey, scale < 1 ? scale : 1, at, page);
            read++;
        }
        boxDestroy(&at);
    }
    boxaDestroy(&boxes);
    pixDestroy(&small);
}

void picture_read_signs(struct arena *arena, PIX *grey, struct reader_page *page)
{
    page->signs = arena_array(arena, SIGNS_MAX, struct str);
    page->nsigns = 0;
    read_whole(arena, grey, page);
    read_places(arena, grey, page);
}
