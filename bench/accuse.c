/* Accusing against making the key stream it takes.
 *
 * The yardstick is the plain way: AES-128-CTR through libcrypto, six key-stream bits for each of
 * 1,024 sites of 1,000,000 members, 768 bytes a member, and nothing done with them. The accusation
 * makes the part of that stream which decides, and scores all members in all families, all stages.
 * Both run in turn, several rounds; the median counts. Lines: name, ratio (1 or more: at par or
 * better), detail. */
#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

#include "bed.h"
#include "mark/mark.h"

#define MEMBERS 1000000U
#define SITES   1024U
#define ROUNDS  5

/* Seconds for the full key stream, made piece by piece in memory that stays in the cache. */
static double time_stream(void)
{
    static unsigned char zeros[48 * 1024], out[48 * 1024];
    const unsigned char key[16] = {7}, start[16] = {0};
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    const double from = bed_now();
    if (!cipher || EVP_EncryptInit_ex(cipher, EVP_aes_128_ctr(), NULL, key, start) != 1)
        exit(1);
    for (size_t done = 0; done < (size_t)MEMBERS * SITES * 6 / 8; done += sizeof out) {
        int written = 0;
        if (EVP_EncryptUpdate(cipher, out, &written, zeros, (int)sizeof out) != 1)
            exit(1);
    }
    const double took = bed_now() - from;
    EVP_CIPHER_CTX_free(cipher);
    return took;
}

struct leak {
    const char *name;
    unsigned colluders; /* the code is planned for */
    unsigned leakers;   /* 0: a text of random bits, nobody's */
};

/* An exhibit that takes each site from the next of the leakers in turn. */
static void make_leak(struct arena *arena, const struct mark_code *code, unsigned leakers,
                      int8_t *read)
{
    uint8_t *bits = arena_take(arena, SITES);
    for (unsigned i = 0; i < SITES; i++)
        read[i] = (int8_t)(i * 2654435761U >> 16 & 1);
    for (unsigned l = 0; l < leakers; l++) {
        mark_codeword(code, 1000 + l * 77777, bits);
        for (unsigned i = 0; i < SITES; i++)
            if (i * 2654435761U >> 12 & 15 ? (i * 2654435761U >> 20) % leakers == l : l == 0)
                read[i] = (int8_t)bits[i];
    }
}

static void compare(const struct leak *leak)
{
    double stream[ROUNDS], accuse[ROUNDS];
    size_t named = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct arena *arena = arena_make();
        const struct digest key = digest_of(STR("bench"));
        const struct mark_code *code = mark_code_make(arena, &key, leak->colluders, SITES);
        uint32_t *members = arena_array(arena, MEMBERS, uint32_t);
        int8_t *read = arena_take(arena, SITES);
        for (uint32_t i = 0; i < MEMBERS; i++)
            members[i] = i;
        make_leak(arena, code, leak->leakers, read);
        stream[round] = time_stream();
        const struct mark_evidence evidence = {code, read, NULL};
        struct mark_finding finding;
        const double from = bed_now();
        if (mark_accuse(arena, &evidence, 1, members, MEMBERS, 1e-6, &finding, NULL) != STATUS_OK)
            exit(1);
        accuse[round] = bed_now() - from;
        named = finding.naccused;
        arena_free(arena);
    }
    const double s = bed_median(stream, ROUNDS);
    const double a = bed_median(accuse, ROUNDS);
    printf("accuse_vs_aes\t%.2f\tcode for %u, %s: %u members x %u sites, %zu named; key stream "
           "%.0f ms, accusation %.0f ms, %.1f million members/s\n",
           s / a, leak->colluders, leak->name, MEMBERS, SITES, named, s * 1e3, a * 1e3,
           MEMBERS / a * 1e-6);
}

int main(void)
{
    static const struct leak leaks[] = {
        {"nobody's text", 2, 0}, {"one leaker", 2, 1}, {"two leakers", 2, 2},
        {"nobody's text", 5, 0}, {"one leaker", 5, 1}, {"two leakers", 5, 2},
        {"nobody's text", 8, 0}, {"one leaker", 8, 1}, {"two leakers", 8, 2},
    };
    for (size_t i = 0; i < sizeof leaks / sizeof *leaks; i++)
        compare(&leaks[i]);
    return 0;
}
