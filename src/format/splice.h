/* Inside format/: a part of a package whose copies differ in places, packed once for all of them.
 *
 * What is written is one ordinary deflate stream (RFC 1951) and its CRC-32, as if the copy's bytes had been packed on
 * their own. Nothing in it tells where the choices are: it has no borders between pieces. */
#ifndef FORMAT_SPLICE_H
#define FORMAT_SPLICE_H

#include "base/str.h"

struct splice;

#define SPLICE_FIELD_MAX 4096U /* bytes of a field; more are cut */

/* Builds one in the arena: make, then literals, choices and fields in the order of the output, then end. */
struct splice *splice_make(struct arena *arena);
void splice_literal(struct splice *splice, struct str bytes);
void splice_choice(struct splice *splice, uint32_t site, struct str alt0, struct str alt1);
/* Bytes that are given with each copy, by their index. */
void splice_field(struct splice *splice, unsigned field);
/* Packs it; nothing may be added any more. Takes near-linear time. */
void splice_end(struct splice *splice);

/* Bytes that any copy needs at most, slack for wide stores included. */
size_t splice_room(const struct splice *splice);

struct spliced {
    size_t packed, plain; /* bytes in the stream, and what they unpack to */
    uint32_t crc;
};
/* Writes the copy for `bits` (a byte 0/1 a site) and fields to out, which has splice_room bytes. Scratch from the arena.
 * Any thread. */
struct spliced splice_write(const struct splice *splice, struct arena *arena, const uint8_t *bits,
                            const struct str *fields, char *out);

#endif
