/* How a camera was held; see exif.h.
 *
 * Exif is a small TIFF within the picture: in JPEG the piece APP1 that begins "Exif\0\0", in PNG the chunk eXIf, in WebP
 * the chunk "EXIF", which may begin like JPEG's. */
#include "reader/exif.h"

#define UPRIGHT         1U
#define TAG_ORIENTATION 0x0112U
#define TYPE_SHORT      3U
#define ENTRY           12U
#define APP1            0xE1U
#define SCAN            0xDAU

/* A number of `count` bytes at a place of the bytes; 0 where they end before. */
static uint32_t number_at(struct str bytes, size_t at, unsigned count, bool little)
{
    uint32_t number = 0;
    if (at > bytes.len || count > bytes.len - at)
        return 0;
    for (unsigned i = 0; i < count; i++)
        number = number << 8 | (unsigned char)bytes.at[at + (little ? count - 1 - i : i)];
    return number;
}

static unsigned in_tiff(struct str tiff)
{
    if (str_starts(tiff, STR("Exif\0\0")))
        tiff = str_slice(tiff, 6, tiff.len);
    bool little = str_starts(tiff, STR("II*\0"));
    if (!little && !str_starts(tiff, STR("MM\0*")))
        return UPRIGHT;
    size_t list = number_at(tiff, 4, 4, little);
    uint32_t count = number_at(tiff, list, 2, little);
    for (uint32_t i = 0; i < count; i++) {
        size_t at = list + 2 + (size_t)i * ENTRY;
        if (number_at(tiff, at, 2, little) == TAG_ORIENTATION &&
            number_at(tiff, at + 2, 2, little) == TYPE_SHORT) {
            uint32_t said = number_at(tiff, at + 8, 2, little);
            return said >= 1 && said <= 8 ? said : UPRIGHT;
        }
    }
    return UPRIGHT;
}

/* Pieces: FF, what it is, and its length with the length's own two bytes. */
static unsigned in_jpeg(struct str bytes)
{
    for (size_t at = 2; number_at(bytes, at, 1, false) == 0xFF;) {
        uint32_t what = number_at(bytes, at + 1, 1, false);
        uint32_t len = number_at(bytes, at + 2, 2, false);
        struct str piece = str_slice(bytes, at + 4, len > 2 ? len - 2 : 0);
        if (what == APP1 && str_starts(piece, STR("Exif\0\0")))
            return in_tiff(piece);
        if (what == SCAN || len < 2)
            break;
        at += 2 + len;
    }
    return UPRIGHT;
}

/* Chunks: PNG has length, name, content and a sum; RIFF name, length and content, filled up to an even number. */
static unsigned in_png(struct str bytes)
{
    for (size_t at = 8; at < bytes.len;) {
        size_t len = number_at(bytes, at, 4, false);
        if (str_starts(str_slice(bytes, at + 4, 4), STR("eXIf")))
            return in_tiff(str_slice(bytes, at + 8, len));
        at += 12 + len;
    }
    return UPRIGHT;
}

static unsigned in_webp(struct str bytes)
{
    for (size_t at = 12; at < bytes.len;) {
        size_t len = number_at(bytes, at + 4, 4, true);
        if (str_starts(str_slice(bytes, at, 4), STR("EXIF")))
            return in_tiff(str_slice(bytes, at + 8, len));
        at += 8 + len + len % 2;
    }
    return UPRIGHT;
}

unsigned exif_orientation(struct str bytes)
{
    if (str_starts(bytes, STR("\xFF\xD8")))
        return in_jpeg(bytes);
    if (str_starts(bytes, STR("\x89PNG")))
        return in_png(bytes);
    if (str_starts(bytes, STR("RIFF")))
        return in_webp(bytes);
    return UPRIGHT;
}
