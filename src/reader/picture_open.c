/* Files of pictures: PNG, JPEG, TIFF (a page each) and WebP, decoded by leptonica; HEIC by heif.c and hevc.c.
 *
 * How large a picture is stands in its head, so what would unpack to more than a scanner or a telephone makes is
 * refused before any of it is unpacked. A JPEG or HEIC of many millions of points is decoded at a half, a quarter or an eighth
 * of its size: letters need no more. How a telephone was held stands in a HEIC's own boxes and in a TIFF's tags; what
 * Exif says of it counts where people look at the picture alone, as for reading the page is found and turned by what stands
 * on it. */
#include <stdlib.h>

#include "reader/exif.h"
#include "reader/heif.h"
#include "reader/hevc.h"
#include "reader/picture.h"
#include "reader/sandbox.h"

#define MILLION    1000000U
#define POINTS_MAX (40U * MILLION) /* A4 at 600 dpi has 35 */
#define DECODED_MAX \
    (220U * MILLION) /* of what is made smaller as it is decoded: telephones make 200 */
#define WORTH      (20U * MILLION) /* made smaller beyond it */
#define DENSE      1000            /* points to a byte of a large HEIC: photographs have 2 to 30 */
#define SIDE_MAX   30000
#define NARROW     1400 /* points across that a picture keeps: a telephone's screen has fewer */
#define SHEETS_MAX 200  /* of one TIFF */

/* Whether a head's measures are a picture's at all; refuses it where it is too large. */
static bool check_size(int w, int h, unsigned most)
{
    if (w < 1 || h < 1)
        return false;
    uint64_t points = (uint64_t)w * (uint64_t)h;
    if (points > most || w > SIDE_MAX || h > SIDE_MAX)
        reader_refuse(READER_REFUSED_LARGE, (unsigned)((points + MILLION - 1) / MILLION));
    return true;
}

/* What is narrow is long, and has no points to spare across. */
static bool worth_halving(int w, int h)
{
    uint64_t points = (uint64_t)w * (uint64_t)h;
    return points > POINTS_MAX || (points > WORTH && w >= 2 * NARROW && h >= 2 * NARROW);
}

static PIX *open_jpeg(const l_uint8 *at, size_t len)
{
    int w = 0;
    int h = 0;
    if (readHeaderMemJpeg(at, len, &w, &h, NULL, NULL, NULL) || !check_size(w, h, DECODED_MAX))
        return NULL;
    int smaller = 1;
    while (smaller < 8 && worth_halving(w / smaller, h / smaller))
        smaller *= 2;
    return pixReadMemJpeg(at, len, 0, smaller, NULL, L_JPEG_READ_LUMINANCE);
}

static PIX *turn(PIX *picture, enum heif_turn how)
{
    PIX *turned = how < HEIF_FLIP    ? pixRotateOrth(picture, 4 - (l_int32)how)
                  : how == HEIF_FLIP ? pixFlipTB(NULL, picture)
                                     : pixFlipLR(NULL, picture);
    pixDestroy(&picture);
    return turned;
}

/* Tiles are decoded whole, so what they cover is what counts; and what is missing of them is made up, in as much time. */
static bool check_tiles(const struct heif *heif)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < heif->columns * heif->rows; i++)
        bytes += heif->tiles[i].data.len;
    uint64_t w = (uint64_t)heif->columns * heif->tiles->w;
    uint64_t h = (uint64_t)heif->rows * heif->tiles->h;
    if (w > INT32_MAX || h > INT32_MAX)
        reader_refuse(READER_REFUSED_LARGE, UINT32_MAX / MILLION);
    bool fits = check_size((int)w, (int)h, DECODED_MAX);
    if (w * h > WORTH && w * h / DENSE > bytes)
        reader_refuse(READER_REFUSED_BOMB, 0);
    return fits;
}

/* How many times smaller it is made; every tile but the last ones gives whole points. */
static unsigned smaller_of(const struct heif *heif)
{
    bool single = heif->columns * heif->rows == 1;
    unsigned smaller = 1;
    while (smaller < 8 && worth_halving((int)(heif->w / smaller), (int)(heif->h / smaller)) &&
           (single || (heif->tiles->w | heif->tiles->h) % (smaller * 2) == 0))
        smaller *= 2;
    return smaller;
}

static PIX *decode_heic(const struct heif *heif)
{
    unsigned smaller = smaller_of(heif);
    int w = (int)(heif->w / smaller);
    int h = (int)(heif->h / smaller);
    PIX *picture = check_size(w, h, POINTS_MAX) ? pixCreate(w, h, 8) : NULL;
    for (uint32_t i = 0; picture && i < heif->columns * heif->rows; i++) {
        const struct heif_tile *tile = &heif->tiles[i];
        if (!hevc_put(tile, smaller, picture, i % heif->columns * (tile->w / smaller),
                      i / heif->columns * (tile->h / smaller)))
            pixDestroy(&picture);
    }
    return picture;
}

static PIX *open_heic(struct arena *arena, struct str bytes)
{
    static const enum reader_refusal WHY[] = {[HEIF_DAMAGED] = READER_REFUSED_DAMAGED,
                                              [HEIF_OTHER] = READER_REFUSED_KIND,
                                              [HEIF_MANY] = READER_REFUSED_COMPLEX};
    struct heif heif;
    enum heif_found found = heif_find(arena, bytes, &heif);
    if (found)
        reader_refuse(WHY[found], 1);
    PIX *picture = check_tiles(&heif) ? decode_heic(&heif) : NULL;
    for (unsigned i = 0; picture && i < heif.nturns; i++)
        picture = turn(picture, heif.turns[i]);
    return picture;
}

static PIX *open_png(const l_uint8 *at, size_t len)
{
    int w = 0;
    int h = 0;
    return readHeaderMemPng(at, len, &w, &h, NULL, NULL, NULL) || !check_size(w, h, POINTS_MAX)
               ? NULL
               : pixReadMemPng(at, len);
}

static PIX *open_webp(const l_uint8 *at, size_t len)
{
    int w = 0;
    int h = 0;
    return readHeaderMemWebP(at, len, &w, &h, NULL) || !check_size(w, h, POINTS_MAX)
               ? NULL
               : pixReadMemWebP(at, len);
}

/* Page `sheet` of a TIFF; NULL where there is none. */
static PIX *open_tiff(const l_uint8 *at, size_t len, int sheet)
{
    int w = 0;
    int h = 0;
    return readHeaderMemTiff(at, len, sheet, &w, &h, NULL, NULL, NULL, NULL, NULL) ||
                   !check_size(w, h, POINTS_MAX)
               ? NULL
               : pixReadMemTiff(at, len, sheet);
}

static void see_piece(struct reader *reader, PIX *picture, unsigned dpi)
{
    struct reader_page *page = reader_add_page(reader);
    sandbox_begin_picture((unsigned)reader->npages);
    reader_see_picture(reader, picture, dpi, page);
}

/* A picture that is longer than a page is seen as several. */
static void see_sheet(struct reader *reader, PIX *picture)
{
    unsigned dpi = pixGetXRes(picture) > 0 ? (unsigned)pixGetXRes(picture) : 0;
    int w = pixGetWidth(picture);
    int h = pixGetHeight(picture);
    PIX *grey = pixConvertTo8(picture, 0);
    if (!grey)
        reader_refuse(READER_REFUSED_MEMORY, 0);
    for (int from = 0, to; from < h; from = to) {
        to = picture_find_cut(grey, from);
        BOX *box = boxCreate(0, from, w, to - from);
        PIX *piece = to - from == h ? pixClone(picture) : pixClipRectangle(picture, box, NULL);
        boxDestroy(&box);
        if (!piece)
            reader_refuse(READER_REFUSED_MEMORY, 0);
        see_piece(reader, piece, dpi);
        pixDestroy(&piece);
    }
    pixDestroy(&grey);
    pixDestroy(&picture);
}

bool picture_is(struct str bytes)
{
    int format = IFF_UNKNOWN;
    return heif_is(bytes) ||
           (bytes.len > 12 && findFileFormatBuffer((const l_uint8 *)bytes.at, &format) == 0 &&
            format != IFF_LPDF && format != IFF_PS);
}

/* The first picture of a file, and what kind of file it is. */
static PIX *open_first(struct arena *arena, struct str bytes, int *format)
{
    const l_uint8 *at = (const l_uint8 *)bytes.at;
    bool heic = heif_is(bytes);
    *format = IFF_UNKNOWN;
    if (!heic && (bytes.len < 12 || findFileFormatBuffer(at, format)))
        reader_refuse(READER_REFUSED_DAMAGED, 0);
    PIX *picture = heic                       ? open_heic(arena, bytes)
                   : *format == IFF_PNG       ? open_png(at, bytes.len)
                   : *format == IFF_JFIF_JPEG ? open_jpeg(at, bytes.len)
                   : *format == IFF_WEBP      ? open_webp(at, bytes.len)
                                              : open_tiff(at, bytes.len, 0);
    if (!picture)
        reader_refuse(READER_REFUSED_DAMAGED, 0);
    return picture;
}

/* By the values of Exif's Orientation: quarter turns clockwise, then a flip. NULL where memory is lacking. */
static PIX *set_upright(PIX *picture, unsigned orientation)
{
    static const struct {
        int turns;
        PIX *(*flip)(PIX *to, PIX *from);
    } HOW[] = {
        {0, NULL},      {0, NULL}, {0, pixFlipLR}, {2, NULL}, {0, pixFlipTB},
        {1, pixFlipLR}, {1, NULL}, {1, pixFlipTB}, {3, NULL},
    };
    PIX *turned = pixRotateOrth(picture, HOW[orientation].turns);
    if (turned && HOW[orientation].flip) {
        PIX *flipped = HOW[orientation].flip(NULL, turned);
        pixDestroy(&turned);
        turned = flipped;
    }
    pixDestroy(&picture);
    return turned;
}

PIX *picture_glance(struct reader *reader, struct str bytes)
{
    int format;
    PIX *picture = open_first(reader->arena, bytes, &format);
    return set_upright(picture, exif_orientation(bytes));
}

void picture_see(struct reader *reader, struct str bytes)
{
    const l_uint8 *at = (const l_uint8 *)bytes.at;
    int format;
    setMsgSeverity(L_SEVERITY_NONE);
    sandbox_more_memory();
    sandbox_begin_picture(1);
    PIX *picture = open_first(reader->arena, bytes, &format);
    see_sheet(reader, picture);
    for (int sheet = 1; format >= IFF_TIFF && format <= IFF_TIFF_ZIP; sheet++) {
        picture = open_tiff(at, bytes.len, sheet);
        if (!picture)
            break;
        if (sheet >= SHEETS_MAX)
            reader_refuse(READER_REFUSED_PAGES, (unsigned)sheet + 1);
        see_sheet(reader, picture);
    }
}
