/* Files of pictures: PNG, JPEG, TIFF (a page each) and WebP, decoded by leptonica.
 *
 * How large a picture is stands in its head, so what would unpack to more than a scanner or a telephone makes is
 * refused before any of it is unpacked. A JPEG of many millions of points is decoded at a half, a quarter or an eighth
 * of its size, which costs nothing: letters need no more. */
#include <stdlib.h>

#include "reader/picture.h"
#include "reader/sandbox.h"

#define MILLION    1000000U
#define POINTS_MAX (40U * MILLION)  /* A4 at 600 dpi has 35 */
#define JPEG_MAX   (220U * MILLION) /* telephones make 200 */
#define JPEG_WORTH (20U * MILLION)  /* decoded smaller beyond it */
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
    return points > POINTS_MAX || (points > JPEG_WORTH && w >= 2 * NARROW && h >= 2 * NARROW);
}

static PIX *open_jpeg(const l_uint8 *at, size_t len)
{
    int w = 0;
    int h = 0;
    if (readHeaderMemJpeg(at, len, &w, &h, NULL, NULL, NULL) || !check_size(w, h, JPEG_MAX))
        return NULL;
    int smaller = 1;
    while (smaller < 8 && worth_halving(w / smaller, h / smaller))
        smaller *= 2;
    return pixReadMemJpeg(at, len, 0, smaller, NULL, L_JPEG_READ_LUMINANCE);
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

void picture_see(struct reader *reader, struct str bytes)
{
    const l_uint8 *at = (const l_uint8 *)bytes.at;
    int format = IFF_UNKNOWN;
    setMsgSeverity(L_SEVERITY_NONE);
    sandbox_more_memory();
    sandbox_begin_picture(1);
    if (bytes.len < 12 || findFileFormatBuffer(at, &format))
        reader_refuse(READER_REFUSED_DAMAGED, 0);
    PIX *picture = format == IFF_PNG         ? open_png(at, bytes.len)
                   : format == IFF_JFIF_JPEG ? open_jpeg(at, bytes.len)
                   : format == IFF_WEBP      ? open_webp(at, bytes.len)
                                             : open_tiff(at, bytes.len, 0);
    if (!picture)
        reader_refuse(READER_REFUSED_DAMAGED, 0);
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
