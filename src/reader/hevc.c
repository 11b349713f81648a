/* Pieces of HEVC; see hevc.h.
 *
 * libde265 decodes in threads only where it is asked to, and it is not: the sandbox forbids them. It is given three kinds of
 * units alone, which a still picture can't do without: the sets of parameters of the head, as few as an encoder writes; of them the
 * sequence's are looked into first, since all tables are as large as they say; and the slices of the first picture that stands by
 * itself. */
#include "reader/hevc.h"

#include <libde265/de265.h>

#define SETS_MAX 16 /* a telephone writes three */
#define ROUNDED  64 /* to a multiple of which an encoder may bring width and height */

enum unit {
    UNIT_FIRST_ALONE = 16, /* slices of pictures that refer to no other */
    UNIT_LAST_ALONE = 21,
    UNIT_VIDEO = 32, /* sets of parameters */
    UNIT_SEQUENCE = 33,
    UNIT_PICTURE = 34
};

static enum unit kind_of(struct str unit)
{
    return (enum unit)((unsigned char)unit.at[0] >> 1 & 63);
}

/* --- the head of a sequence ---------------------------------------------------------------------------- */

/* Bits of a unit, without the bytes that were stuffed in: a 3 behind two zeros. */
struct bits {
    struct str left;
    unsigned byte, nbits, zeros;
    bool short_of;
};

static unsigned next_byte(struct bits *b)
{
    b->short_of = b->short_of || !b->left.len;
    if (b->short_of)
        return 0;
    unsigned byte = (unsigned char)*b->left.at++;
    b->left.len--;
    if (b->zeros >= 2 && byte == 3) {
        b->zeros = 0;
        return next_byte(b);
    }
    b->zeros = byte ? 0 : b->zeros + 1;
    return byte;
}

static unsigned take_bits(struct bits *b, unsigned count)
{
    unsigned value = 0;
    while (count--) {
        if (!b->nbits) {
            b->byte = next_byte(b);
            b->nbits = 8;
        }
        value = value << 1 | (b->byte >> --b->nbits & 1);
    }
    return value;
}

/* A number by the code of Exp-Golomb. */
static unsigned take_golomb(struct bits *b)
{
    unsigned zeros = 0;
    while (!b->short_of && !take_bits(b, 1))
        zeros++;
    b->short_of = b->short_of || zeros > 31;
    return b->short_of ? 0 : (1U << zeros) - 1 + take_bits(b, zeros);
}

static void pass_bytes(struct bits *b, unsigned count)
{
    while (count--)
        (void)take_bits(b, 8);
}

/* Profiles and levels, of which only how long they are counts here. */
static void pass_profiles(struct bits *b, unsigned layers)
{
    unsigned present[8] = {0};
    pass_bytes(b, 12);
    for (unsigned i = 0; i < (layers ? 8 : 0); i++)
        present[i] = take_bits(b, 2);
    for (unsigned i = 0; i < layers; i++)
        pass_bytes(b, (present[i] & 2 ? 11 : 0) + (present[i] & 1));
}

/* Whether a sequence declares pictures no larger than the tile. */
static bool fits_tile(struct str unit, const struct heif_tile *tile)
{
    struct bits b = {.left = unit};
    pass_bytes(&b, 2);
    (void)take_bits(&b, 4);
    unsigned layers = take_bits(&b, 3);
    (void)take_bits(&b, 1);
    pass_profiles(&b, layers);
    (void)take_golomb(&b);
    if (take_golomb(&b) == 3) /* full colour */
        (void)take_bits(&b, 1);
    unsigned w = take_golomb(&b);
    unsigned h = take_golomb(&b);
    return !b.short_of && (uint64_t)w <= (uint64_t)tile->w + ROUNDED &&
           (uint64_t)h <= (uint64_t)tile->h + ROUNDED;
}

/* --- units --------------------------------------------------------------------------------------------- */

/* The unit in front of `bytes`, behind its length of so many bytes, which is taken away. Empty at the end. */
static struct str next_unit(struct str *bytes, size_t length_bytes)
{
    size_t len = 0;
    if (bytes->len < length_bytes)
        return (struct str){0};
    for (size_t i = 0; i < length_bytes; i++)
        len = len << 8 | (unsigned char)bytes->at[i];
    struct str unit = str_slice(*bytes, length_bytes, len);
    *bytes = str_slice(*bytes, length_bytes + unit.len, bytes->len);
    return unit.len == len && len > 2 ? unit : (struct str){0};
}

static bool push(de265_decoder_context *decoder, struct str unit)
{
    return de265_push_NAL(decoder, unit.at, (int)unit.len, 0, NULL) == DE265_OK;
}

static bool push_set(de265_decoder_context *decoder, struct str unit, const struct heif_tile *tile)
{
    enum unit kind = kind_of(unit);
    if (kind == UNIT_SEQUENCE && !fits_tile(unit, tile))
        return false;
    return (kind != UNIT_VIDEO && kind != UNIT_SEQUENCE && kind != UNIT_PICTURE) ||
           push(decoder, unit);
}

/* Sets of parameters, in lists of a kind each behind 22 bytes of no account here; how long lengths of units are. */
static bool push_config(de265_decoder_context *decoder, const struct heif_tile *tile,
                        size_t *length_bytes)
{
    const unsigned char *head = (const unsigned char *)tile->config.at;
    if (tile->config.len < 23)
        return false;
    *length_bytes = (head[21] & 3U) + 1;
    struct str left = str_slice(tile->config, 23, tile->config.len);
    for (unsigned lists = head[22], sets = 0; lists && left.len >= 3; lists--) {
        unsigned count = (unsigned)(unsigned char)left.at[1] << 8 | (unsigned char)left.at[2];
        left = str_slice(left, 3, left.len);
        for (; count; count--) {
            struct str unit = next_unit(&left, 2);
            if (!unit.len || ++sets > SETS_MAX || !push_set(decoder, unit, tile))
                return false;
        }
    }
    return true;
}

static bool push_slices(de265_decoder_context *decoder, struct str data, size_t length_bytes)
{
    bool begun = false;
    struct str unit;
    while ((unit = next_unit(&data, length_bytes)).len) {
        enum unit kind = kind_of(unit);
        bool begins = (unsigned char)unit.at[2] >> 7;
        if (kind < UNIT_FIRST_ALONE || kind > UNIT_LAST_ALONE)
            continue;
        if (begins && begun)
            break;
        begun = true;
        if (!push(decoder, unit))
            return false;
    }
    return begun && de265_flush_data(decoder) == DE265_OK;
}

/* --- the picture --------------------------------------------------------------------------------------- */

static const struct de265_image *decode(de265_decoder_context *decoder)
{
    const struct de265_image *image = NULL;
    int more = 1;
    while (!image && more && de265_isOK(de265_decode(decoder, &more)))
        image = de265_get_next_picture(decoder);
    return image;
}

static uint32_t least(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Points of a picture's brightness; of more than 8 bits the upper ones. */
struct plane {
    const uint8_t *at;
    int stride, bits;
};

static unsigned point(const struct plane *plane, uint32_t x, uint32_t y)
{
    const uint8_t *row = plane->at + (ptrdiff_t)y * plane->stride;
    return plane->bits > 8 ? ((const uint16_t *)(const void *)row)[x] >> (plane->bits - 8) : row[x];
}

static unsigned mean(const struct plane *plane, uint32_t x, uint32_t y, unsigned side)
{
    unsigned sum = 0;
    for (unsigned dy = 0; dy < side; dy++)
        for (unsigned dx = 0; dx < side; dx++)
            sum += point(plane, x + dx, y + dy);
    return sum / (side * side);
}

static void put(const struct de265_image *image, const struct heif_tile *tile, unsigned smaller,
                PIX *canvas, uint32_t x, uint32_t y)
{
    struct plane plane = {.bits = de265_get_bits_per_pixel(image, 0)};
    plane.at = de265_get_image_plane(image, 0, &plane.stride);
    uint32_t w = least(tile->w / smaller, (uint32_t)de265_get_image_width(image, 0) / smaller,
                       (uint32_t)pixGetWidth(canvas) - x);
    uint32_t h = least(tile->h / smaller, (uint32_t)de265_get_image_height(image, 0) / smaller,
                       (uint32_t)pixGetHeight(canvas) - y);
    for (uint32_t j = 0; j < h; j++) {
        l_uint32 *to = pixGetData(canvas) + (size_t)(y + j) * (size_t)pixGetWpl(canvas);
        for (uint32_t i = 0; i < w; i++)
            SET_DATA_BYTE(to, x + i, mean(&plane, i * smaller, j * smaller, smaller));
    }
}

/* The library's tables are made once: with the last decoder they would go, and be made anew for each tile, in 2 ms. */
static de265_decoder_context *new_decoder(void)
{
    static bool ready;
    ready = ready || de265_init() == DE265_OK;
    return ready ? de265_new_decoder() : NULL;
}

bool hevc_put(const struct heif_tile *tile, unsigned smaller, PIX *canvas, uint32_t x, uint32_t y)
{
    size_t length_bytes;
    de265_decoder_context *decoder = new_decoder();
    bool pushed = decoder && push_config(decoder, tile, &length_bytes) &&
                  push_slices(decoder, tile->data, length_bytes);
    const struct de265_image *image = pushed ? decode(decoder) : NULL;
    if (image)
        put(image, tile, smaller, canvas, x, y);
    if (decoder)
        (void)de265_free_decoder(decoder);
    return image != NULL;
}
