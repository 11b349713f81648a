/* Which bits: classes of sites, and the key stream that codewords are read from.
 *
 * A site's *class* (its bias) is drawn by a keyed generator over its number, so nobody without the
 * key knows any bias, and a site keeps its class whatever sites follow. Its *slot* is its ordinal
 * among the sites of its class. 128 slots of one class make a *segment*, with an AES-128 key of its
 * own. Encrypting the counter block
 *
 *      byte 0    1 … 11    12 … 15
 *      plane     0         member, big-endian
 *
 * gives one bit for each of the 128 slots: the plane's. Slot s of a segment is bit s mod 64 of the
 * s/64-th little-endian word. The planes 0 … 5 of a slot, complemented, are a uniform number u of
 * six bits, plane 0 the highest, and the member's bit is 1 where u < numerator. For a whole word of
 * slots that comparison is one AND or OR a plane, from the lowest up: with n the numerator's bit,
 *
 *      less ← n ? less | stream : less & stream
 *
 * so that a bias of 1/2 = 100000b takes one plane, as zeros at the low end leave `less` at 0.
 *
 * This is AES in counter mode: no block is encrypted twice under one key. The library is asked for
 * single blocks (its ECB) because the counters of many members, in any order, are then encrypted in
 * one call. Which member gets which bits depends on nothing but key, class, slot and number. */
#include "internal.h"

#include <endian.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int done)
{
    if (done != 1) {
        (void)fprintf(stderr, "chancery: libcrypto does not work / libcrypto 无法工作\n");
        exit(1);
    }
}

unsigned mark_planes_of(unsigned numerator)
{
    unsigned planes = MARK_PLANES;
    while (planes > 1 && numerator % 2 == 0) {
        numerator /= 2;
        planes--;
    }
    return planes;
}

/* A key for the purpose named by the label. */
static void derive_key(const struct digest *secret, const char *label,
                       unsigned char key[MARK_KEY_BYTES])
{
    struct digest derived = digest_keyed(digest_bytes(secret), str_of(label));
    memcpy(key, derived.bytes, MARK_KEY_BYTES);
}

/* Found among the library's providers once: EVP_aes_128_ecb() has it looked for at each use. */
static EVP_CIPHER *aes;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_aes(void)
{
    aes = EVP_CIPHER_fetch(NULL, "AES-128-ECB", NULL);
    must(aes != NULL);
}

static EVP_CIPHER_CTX *open_cipher(const unsigned char key[MARK_KEY_BYTES])
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    (void)pthread_once(&once, find_aes);
    must(cipher != NULL);
    must(EVP_EncryptInit_ex(cipher, aes, NULL, key, NULL));
    must(EVP_CIPHER_CTX_set_padding(cipher, 0));
    return cipher;
}

static const unsigned char *segment_key(const struct mark_code *code, unsigned class,
                                        uint32_t segment)
{
    return code->keys[class] + (size_t)segment * MARK_KEY_BYTES;
}

EVP_CIPHER_CTX *mark_stream_open(const struct mark_code *code, unsigned class, uint32_t segment)
{
    return open_cipher(segment_key(code, class, segment));
}

void mark_stream_run(EVP_CIPHER_CTX *cipher, unsigned char *out, const unsigned char *counters,
                     size_t nblocks)
{
    const size_t most = 1U << 24;
    while (nblocks > 0) {
        const size_t now = nblocks < most ? nblocks : most;
        int written = 0;
        must(EVP_EncryptUpdate(cipher, out, &written, counters, (int)(now * MARK_BLOCK_BYTES)));
        out += now * MARK_BLOCK_BYTES;
        counters += now * MARK_BLOCK_BYTES;
        nblocks -= now;
    }
}

/* The keys of a class that has so many sites. */
static unsigned char *derive_keys(const struct mark_code *code, struct arena *arena, unsigned class,
                                  uint32_t nsites)
{
    char label[96];
    const uint32_t segments = (nsites + MARK_SEGMENT_SLOTS - 1) / MARK_SEGMENT_SLOTS;
    unsigned char *keys = arena_array(arena, (size_t)segments * MARK_KEY_BYTES, unsigned char);
    for (uint32_t i = 0; i < segments; i++) {
        (void)snprintf(label, sizeof label, "mark stream colluders %u class %u segment %u",
                       code->distribution->colluders, class, i);
        derive_key(&code->key, label, keys + (size_t)i * MARK_KEY_BYTES);
    }
    return keys;
}

/* Draws classes: site i takes the i mod 8-th 16-bit number of block i / 8. */
static void draw_classes(struct mark_code *code, uint32_t class_sites[MARK_CLASSES_MAX])
{
    char label[64];
    unsigned char key[MARK_KEY_BYTES];
    (void)snprintf(label, sizeof label, "mark classes colluders %u", code->distribution->colluders);
    derive_key(&code->key, label, key);
    EVP_CIPHER_CTX *cipher = open_cipher(key);
    unsigned char block[MARK_BLOCK_BYTES] = {0};
    for (uint32_t i = 0; i < code->nsites; i++) {
        if (i % 8 == 0) {
            mark_stream_counter(block, 0, i / 8);
            mark_stream_run(cipher, block, block, 1);
        }
        unsigned draw = block[i % 8 * 2] * 256U + block[i % 8 * 2 + 1];
        uint8_t drawn = 0;
        while (draw >= code->distribution->weight[drawn])
            draw -= code->distribution->weight[drawn++];
        code->class[i] = drawn;
        code->slot[i] = class_sites[drawn]++;
    }
    EVP_CIPHER_CTX_free(cipher);
}

struct mark_code *mark_code_make(struct arena *arena, const struct digest *key, unsigned colluders,
                                 uint32_t nsites)
{
    struct mark_code *code = arena_new(arena, struct mark_code);
    code->key = *key;
    code->distribution = mark_distribution_for(colluders);
    code->nsites = nsites;
    code->class = arena_array(arena, nsites, uint8_t);
    code->slot = arena_array(arena, nsites, uint32_t);
    uint32_t class_sites[MARK_CLASSES_MAX] = {0};
    draw_classes(code, class_sites);
    for (unsigned class = 0; class < MARK_CLASSES_MAX; class ++)
        code->keys[class] = derive_keys(code, arena, class, class_sites[class]);
    return code;
}

uint32_t mark_code_sites(const struct mark_code *code)
{
    return code->nsites;
}

double mark_code_bias(const struct mark_code *code, uint32_t site)
{
    return (double)code->distribution->numerator[code->class[site]] / MARK_BIAS_UNIT;
}

/* The member's bits for the 128 slots of a segment. */
static void segment_bits(const struct mark_code *code, EVP_CIPHER_CTX *cipher, unsigned class,
                         uint32_t segment, uint32_t member, uint64_t bits[2])
{
    const unsigned numerator = code->distribution->numerator[class];
    const unsigned planes = mark_planes_of(numerator);
    unsigned char stream[MARK_PLANES * MARK_BLOCK_BYTES];
    for (unsigned k = 0; k < planes; k++)
        mark_stream_counter(stream + (size_t)k * MARK_BLOCK_BYTES, k, member);
    must(EVP_EncryptInit_ex(cipher, NULL, NULL, segment_key(code, class, segment), NULL));
    mark_stream_run(cipher, stream, stream, planes);
    bits[0] = bits[1] = 0;
    for (unsigned k = planes; k-- > 0;) {
        for (unsigned half = 0; half < 2; half++) {
            uint64_t word;
            memcpy(&word, stream + (size_t)k * MARK_BLOCK_BYTES + (size_t)half * 8, sizeof word);
            word = le64toh(word);
            if (numerator >> (MARK_PLANES - 1 - k) & 1)
                bits[half] |= word;
            else
                bits[half] &= word;
        }
    }
}

void mark_codeword(const struct mark_code *code, uint32_t member, uint8_t *bits)
{
    uint64_t now[MARK_CLASSES_MAX][2] = {{0}};
    EVP_CIPHER_CTX *cipher = NULL; /* opened once, then given one key after another */
    for (uint32_t i = 0; i < code->nsites; i++) {
        const unsigned class = code->class[i];
        const uint32_t at = code->slot[i] % MARK_SEGMENT_SLOTS;
        if (!cipher)
            cipher = mark_stream_open(code, class, 0);
        if (at == 0)
            segment_bits(code, cipher, class, code->slot[i] / MARK_SEGMENT_SLOTS, member,
                         now[class]);
        bits[i] = (uint8_t)(now[class][at / 64] >> at % 64 & 1);
    }
    EVP_CIPHER_CTX_free(cipher);
}
