/* Bombs in PDF; see pdf_check.h.
 *
 * A stream's dictionary stands in front of it in plain letters, whatever else is compressed, so streams can be found by
 * looking for their keyword. Each is unpacked to nowhere, counted, and the file refused where the count goes past what
 * such a stream may come to. Poppler unpacks streams as it reads them and would sit for minutes over one that never
 * ends; its reader of pages is stopped by the clock besides, for what can't be seen from here: streams of encrypted files, and
 * contents that draw one another again and again. */
#include "reader/pdf_check.h"

#include <string.h>
#include <zlib.h>

#include "reader/reader.h"

#define MEGA           ((uint64_t)1024 * 1024)
#define STREAM_MOST    (64 * MEGA)  /* that no picture is: contents, fonts, tables */
#define RATIO_MOST     300U         /* of those beyond … */
#define RATIO_FROM     (8 * MEGA)   /* … this size */
#define ALL_MOST       (600 * MEGA) /* of all streams */
#define PICTURE_BYTES  8U           /* a point: four colours of 16 bits */
#define POINTS_MOST    40000000U    /* of a picture in grey or colour … */
#define POINTS_BLACK   200000000U   /* … and in black and white */
#define LZW_MOST       (256U * 1024)
#define DICTIONARY_MAX 4096U
#define PIECE          32768U

/* --- dictionaries ------------------------------------------------------------------------------------------ */

static bool is_delimiter(char c)
{
    return strchr("/<>[]() \t\r\n\f", c) != NULL || c == 0;
}

/* Behind the name in a dictionary, written plainly or with codes (#46 for F); SIZE_MAX where it is not there. */
static size_t behind_name(struct str dictionary, const char *name)
{
    for (size_t at = str_find(dictionary, STR("/"), 0); at != SIZE_MAX;
         at = str_find(dictionary, STR("/"), at + 1)) {
        size_t pos = at + 1;
        const char *c = name;
        for (; *c && pos < dictionary.len; c++) {
            char here = dictionary.at[pos++];
            unsigned code = 0;
            if (here == '#' && pos + 1 < dictionary.len) {
                char digits[3] = {dictionary.at[pos], dictionary.at[pos + 1], 0};
                for (int i = 0; i < 2; i++)
                    code = code * 16 + (unsigned)(digits[i] <= '9'   ? digits[i] - '0'
                                                  : digits[i] <= 'F' ? digits[i] - 'A' + 10
                                                                     : digits[i] - 'a' + 10);
                here = (char)code;
                pos += 2;
            }
            if (here != *c)
                break;
        }
        if (!*c && (pos == dictionary.len || is_delimiter(dictionary.at[pos])))
            return pos;
    }
    return SIZE_MAX;
}

static bool has_name(struct str dictionary, const char *name)
{
    return behind_name(dictionary, name) != SIZE_MAX;
}

/* The number behind a name; 0 where there is none. */
static uint64_t number_of(struct str dictionary, const char *name)
{
    size_t pos = behind_name(dictionary, name);
    uint64_t value = 0;
    while (pos < dictionary.len && strchr(" \t\r\n\f", dictionary.at[pos]))
        pos++;
    for (; pos < dictionary.len && dictionary.at[pos] >= '0' && dictionary.at[pos] <= '9' &&
           value < UINT32_MAX;
         pos++)
        value = value * 10 + (uint64_t)(dictionary.at[pos] - '0');
    return value;
}

/* What is in front of a stream's keyword, back to its object's. */
static struct str dictionary_before(struct str bytes, size_t keyword)
{
    size_t from = keyword > DICTIONARY_MAX ? keyword - DICTIONARY_MAX : 0;
    struct str before = str_slice(bytes, from, keyword - from);
    for (size_t at = str_find(before, STR("obj"), 0); at != SIZE_MAX;
         at = str_find(before, STR("obj"), 0))
        before = str_slice(before, at + 3, before.len);
    return before;
}

/* --- unpacking to nowhere -------------------------------------------------------------------------------- */

/* The packed bytes of a stream, out of the letters that some writers put them into. */
struct source {
    struct str bytes;
    size_t pos;
    enum { AS_BYTES, AS_BASE_85, AS_HEX } as;
};

static size_t take_hex(struct source *s, unsigned char *to, size_t room)
{
    size_t len = 0;
    unsigned digits = 0;
    unsigned value = 0;
    while (len < room && s->pos < s->bytes.len) {
        char c = s->bytes.at[s->pos++];
        unsigned low = (unsigned)(c | 32);
        if (c == '>')
            break;
        if (!((c >= '0' && c <= '9') || (low >= 'a' && low <= 'f')))
            continue;
        value = value * 16 + (c <= '9' ? (unsigned)(c - '0') : low - 'a' + 10);
        if (++digits % 2 == 0)
            to[len++] = (unsigned char)value;
    }
    return len;
}

static size_t take_base_85(struct source *s, unsigned char *to, size_t room)
{
    size_t len = 0;
    unsigned digits = 0;
    uint32_t value = 0;
    while (len + 4 <= room && s->pos < s->bytes.len) {
        char c = s->bytes.at[s->pos++];
        if (c == '~')
            break;
        if (c == 'z' && digits == 0) {
            memset(to + len, 0, 4);
            len += 4;
        } else if (c >= '!' && c <= 'u') {
            value = value * 85 + (uint32_t)(c - '!');
            if (++digits < 5)
                continue;
            for (int i = 0; i < 4; i++)
                to[len++] = (unsigned char)(value >> (24 - 8 * i));
            digits = value = 0;
        }
    }
    return len;
}

static size_t take_packed(struct source *s, unsigned char *to, size_t room)
{
    if (s->as == AS_HEX)
        return take_hex(s, to, room);
    if (s->as == AS_BASE_85)
        return take_base_85(s, to, room);
    struct str piece = str_slice(s->bytes, s->pos, room);
    if (piece.len)
        memcpy(to, piece.at, piece.len);
    s->pos += piece.len;
    return piece.len;
}

/* What a stream unpacks to, and out of how much. */
struct weight {
    uint64_t packed, unpacked;
};

/* Unpacks until it ends, is damaged, or is more than `most`. */
static struct weight weigh(struct source source, uint64_t most)
{
    unsigned char in[PIECE];
    unsigned char out[PIECE];
    struct weight weight = {0, 0};
    z_stream z = {0};
    int code = inflateInit(&z);
    while (code == Z_OK && weight.unpacked <= most) {
        if (z.avail_in == 0) {
            z.next_in = in;
            z.avail_in = (uInt)take_packed(&source, in, sizeof in);
            weight.packed += z.avail_in;
            if (z.avail_in == 0)
                break;
        }
        z.next_out = out;
        z.avail_out = sizeof out;
        code = inflate(&z, Z_NO_FLUSH);
        weight.unpacked += sizeof out - z.avail_out;
    }
    weight.packed -= z.avail_in;
    (void)inflateEnd(&z);
    return weight;
}

/* --- streams ------------------------------------------------------------------------------------------------ */

static void check_points(struct str dictionary, uint64_t points)
{
    bool black = number_of(dictionary, "BitsPerComponent") == 1 ||
                 number_of(dictionary, "BPC") == 1 || has_name(dictionary, "ImageMask");
    if (points > (black ? POINTS_BLACK : POINTS_MOST))
        reader_refuse(READER_REFUSED_LARGE, (unsigned)(points / 1000000));
}

static void check_stream(struct str bytes, struct str dictionary, size_t from, uint64_t *all)
{
    bool deflated = has_name(dictionary, "FlateDecode") || has_name(dictionary, "Fl");
    bool lzw = has_name(dictionary, "LZWDecode") || has_name(dictionary, "LZW");
    bool runs = has_name(dictionary, "RunLengthDecode") || has_name(dictionary, "RL");
    uint64_t points = number_of(dictionary, "Width") * number_of(dictionary, "Height");
    size_t first = behind_name(dictionary, "FlateDecode");
    bool twice =
        first != SIZE_MAX && has_name(str_slice(dictionary, first, dictionary.len), "FlateDecode");
    if (deflated + lzw + runs + twice > 1)
        reader_refuse(READER_REFUSED_BOMB, 0);
    if (points)
        check_points(dictionary, points);
    uint64_t most = points ? points * PICTURE_BYTES + MEGA : STREAM_MOST;
    if (lzw && !points) {
        size_t end = str_find(bytes, STR("endstream"), from);
        if ((end == SIZE_MAX ? bytes.len : end) - from > LZW_MOST)
            reader_refuse(READER_REFUSED_BOMB, 0);
    }
    if (lzw || runs)
        return;
    struct source source = {bytes, from, AS_BYTES};
    if (has_name(dictionary, "ASCII85Decode") || has_name(dictionary, "A85"))
        source.as = AS_BASE_85;
    else if (has_name(dictionary, "ASCIIHexDecode") || has_name(dictionary, "AHx"))
        source.as = AS_HEX;
    struct weight weight = weigh(source, most);
    *all += weight.unpacked;
    if (weight.unpacked > most || *all > ALL_MOST ||
        (!points && weight.unpacked > RATIO_FROM && weight.unpacked > RATIO_MOST * weight.packed))
        reader_refuse(READER_REFUSED_BOMB, 0);
}

void pdf_check(struct str bytes)
{
    uint64_t all = 0;
    for (size_t at = str_find(bytes, STR("stream"), 0); at != SIZE_MAX;
         at = str_find(bytes, STR("stream"), at + 6)) {
        size_t from = at + 6;
        if (at >= 3 && memcmp(bytes.at + at - 3, "end", 3) == 0)
            continue;
        if (from < bytes.len && bytes.at[from] == '\r')
            from++;
        if (from < bytes.len && bytes.at[from] == '\n')
            from++;
        check_stream(bytes, dictionary_before(bytes, at), from, &all);
    }
}
