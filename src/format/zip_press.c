/* Zip archives (APPNOTE 6.3) written from parts that are packed already; see zip_press.h.
 *
 * No part has a time of its own: a copy is the same whenever it is made. */
#include "format/zip_press.h"

#include <string.h>
#include <zlib.h>

#define LOCAL_BYTES   30U
#define CENTRAL_BYTES 46U
#define END_BYTES     22U
#define FIRST_DAY     0x0021U /* 1 January 1980, the earliest there is */
#define UTF8_NAMES    0x0800U

enum method { STORED = 0, DEFLATED = 8 };

struct part {
    struct str name;
    enum method method;
    struct str packed; /* of one that is the same in every copy */
    uint32_t plain, crc;
    const struct splice *splice;
};

struct zip_press {
    struct arena *arena;
    struct part *parts;
    size_t nparts;
    size_t room;
};

struct zip_press *zip_press_make(struct arena *arena)
{
    struct zip_press *zip = arena_new(arena, struct zip_press);
    zip->arena = arena;
    zip->room = END_BYTES;
    return zip;
}

static struct part *add_part(struct zip_press *zip, struct str name)
{
    zip->parts = arena_one_more(zip->arena, zip->parts, zip->nparts, sizeof *zip->parts);
    struct part *part = &zip->parts[zip->nparts++];
    part->name = str_copy(zip->arena, name);
    zip->room += LOCAL_BYTES + CENTRAL_BYTES + 2 * name.len;
    return part;
}

void zip_press_add_plain(struct zip_press *zip, struct str name, struct str bytes)
{
    struct part *part = add_part(zip, name);
    part->method = STORED;
    part->packed = str_copy(zip->arena, bytes);
    part->plain = (uint32_t)bytes.len;
    part->crc = (uint32_t)crc32_z(0, (const Bytef *)bytes.at, bytes.len);
    zip->room += bytes.len;
}

/* Packed as tightly as zlib does; empty where that gains nothing. */
static struct str deflated(struct arena *arena, struct str bytes)
{
    z_stream z = {0};
    char *out = arena_take_unset(arena, bytes.len + 1);
    if (deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return (struct str){0};
    z.next_in = (z_const Bytef *)bytes.at;
    z.avail_in = (uInt)bytes.len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)bytes.len;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    struct str packed = {out, bytes.len - z.avail_out};
    (void)deflateEnd(&z);
    return whole ? packed : (struct str){0};
}

void zip_press_add(struct zip_press *zip, struct str name, struct str bytes)
{
    struct arena *scratch = arena_make();
    struct str packed = deflated(scratch, bytes);
    if (packed.len) {
        struct part *part = add_part(zip, name);
        part->method = DEFLATED;
        part->packed = str_copy(zip->arena, packed);
        part->plain = (uint32_t)bytes.len;
        part->crc = (uint32_t)crc32_z(0, (const Bytef *)bytes.at, bytes.len);
        zip->room += packed.len;
    } else {
        zip_press_add_plain(zip, name, bytes);
    }
    arena_free(scratch);
}

void zip_press_add_splice(struct zip_press *zip, struct str name, const struct splice *splice)
{
    struct part *part = add_part(zip, name);
    part->method = DEFLATED;
    part->splice = splice;
    zip->room += splice_room(splice);
}

/* --- a copy --------------------------------------------------------------------------------------- */

/* Numbers in an archive have their lowest byte first. */
static char *put16(char *to, unsigned number)
{
    to[0] = (char)(number & 0xFF);
    to[1] = (char)(number >> 8 & 0xFF);
    return to + 2;
}

static char *put32(char *to, uint32_t number)
{
    return put16(put16(to, number & 0xFFFF), number >> 16);
}

static char *put_bytes(char *to, struct str bytes)
{
    if (bytes.len)
        memcpy(to, bytes.at, bytes.len);
    return to + bytes.len;
}

/* What both headers of a part say, from "version needed to extract" on. */
static char *put_facts(char *to, const struct part *part, const struct spliced *is)
{
    to = put16(to, 20);
    to = put16(to, UTF8_NAMES);
    to = put16(to, part->method);
    to = put16(to, 0);
    to = put16(to, FIRST_DAY);
    to = put32(to, is->crc);
    to = put32(to, (uint32_t)is->packed);
    to = put32(to, (uint32_t)is->plain);
    to = put16(to, (unsigned)part->name.len);
    return put16(to, 0);
}

static char *put_part(char *to, const struct part *part, struct arena *arena, const uint8_t *bits,
                      const struct str *fields, struct spliced *is)
{
    char *bytes = to + LOCAL_BYTES + part->name.len;
    if (part->splice) {
        *is = splice_write(part->splice, arena, bits, fields, bytes);
    } else {
        *is = (struct spliced){part->packed.len, part->plain, part->crc};
        (void)put_bytes(bytes, part->packed);
    }
    to = put_facts(put32(to, 0x04034B50), part, is);
    (void)put_bytes(to, part->name);
    return bytes + is->packed;
}

static char *put_entry(char *to, const struct part *part, const struct spliced *is, size_t at)
{
    to = put32(to, 0x02014B50);
    to = put16(to, 20);
    to = put_facts(to, part, is);
    to = put16(to, 0);
    to = put16(to, 0);
    to = put16(to, 0);
    to = put32(to, 0);
    to = put32(to, (uint32_t)at);
    return put_bytes(to, part->name);
}

struct str zip_press_write(const struct zip_press *zip, struct arena *arena, const uint8_t *bits,
                           const struct str *fields)
{
    struct spliced *is = arena_take_unset(arena, zip->nparts * sizeof *is);
    size_t *at = arena_take_unset(arena, zip->nparts * sizeof *at);
    char *out = arena_take_unset(arena, zip->room);
    char *to = out;
    for (size_t i = 0; i < zip->nparts; i++) {
        at[i] = (size_t)(to - out);
        to = put_part(to, &zip->parts[i], arena, bits, fields, &is[i]);
    }
    size_t entries = (size_t)(to - out);
    for (size_t i = 0; i < zip->nparts; i++)
        to = put_entry(to, &zip->parts[i], &is[i], at[i]);
    size_t end = (size_t)(to - out);
    to = put32(to, 0x06054B50);
    to = put32(to, 0);
    to = put16(to, (unsigned)zip->nparts);
    to = put16(to, (unsigned)zip->nparts);
    to = put32(to, (uint32_t)(end - entries));
    to = put32(to, (uint32_t)entries);
    to = put16(to, 0);
    return (struct str){out, (size_t)(to - out)};
}
