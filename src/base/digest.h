/* SHA-256, HMAC, key derivation and random bytes, all from libcrypto. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

#include "base/error.h"
#include "base/str.h"

#define DIGEST_BYTES 32
#define DIGEST_HEX   (2 * DIGEST_BYTES)

struct digest {
    unsigned char bytes[DIGEST_BYTES];
};

/* The digest's bytes as a view, for keys and columns. */
static inline struct str digest_bytes(const struct digest *digest)
{
    return (struct str){(const char *)digest->bytes, DIGEST_BYTES};
}
/* SHA-256 of s (FIPS 180-4). */
struct digest digest_of(struct str s);
/* HMAC-SHA-256 (RFC 2104). */
struct digest digest_keyed(struct str key, struct str s);
/* 32 bytes derived from `secret` for the purpose named by `label` (HKDF-SHA-256, RFC 5869, empty
 * salt). Different labels give independent keys. */
struct digest digest_derive(struct str secret, struct str label);
/* Writes 64 lower-case hexadecimal digits and a terminator. */
void digest_to_hex(const struct digest *digest, char hex[DIGEST_HEX + 1]);
/* Reads exactly 64 hexadecimal digits. */
bool digest_from_hex(struct str hex, struct digest *digest);
/* Fills len bytes from the system's generator. */
enum status digest_random(void *bytes, size_t len, struct error *err);

#define DIGEST_KEY_LEN 16
/* A new name for addresses: DIGEST_KEY_LEN letters and digits at random, in the arena, that nobody guesses (82 bits). */
enum status digest_random_key(struct arena *arena, struct str *key, struct error *err);

#endif
