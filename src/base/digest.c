/* Digests; see digest.h. libcrypto failing on these calls means a broken installation, so they end
 * the process rather than return something that looks like a digest. */
#include "base/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void must(int done)
{
    if (done != 1) {
        (void)fprintf(stderr, "chancery: libcrypto does not work / libcrypto 无法工作\n");
        exit(1);
    }
}

/* Found among the library's providers once: EVP_sha256() and HMAC() have them looked for at each use. */
static EVP_MD *sha256;
static EVP_MAC_CTX *hmac; /* with SHA-256 and no key yet: only copied */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_algorithms(void)
{
    char name[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                           OSSL_PARAM_construct_end()};
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    sha256 = EVP_MD_fetch(NULL, name, NULL);
    hmac = EVP_MAC_CTX_new(mac);
    must(sha256 != NULL && hmac != NULL && EVP_MAC_CTX_set_params(hmac, params));
    EVP_MAC_free(mac);
}

struct digest digest_of(struct str s)
{
    struct digest d;
    (void)pthread_once(&once, find_algorithms);
    must(EVP_Digest(s.at ? s.at : "", s.len, d.bytes, NULL, sha256, NULL));
    return d;
}

struct digest digest_keyed(struct str key, struct str s)
{
    struct digest d;
    size_t len;
    (void)pthread_once(&once, find_algorithms);
    EVP_MAC_CTX *mac = EVP_MAC_CTX_dup(hmac);
    must(mac != NULL);
    must(EVP_MAC_init(mac, (const unsigned char *)(key.at ? key.at : ""), key.len, NULL));
    must(EVP_MAC_update(mac, (const unsigned char *)(s.at ? s.at : ""), s.len));
    must(EVP_MAC_final(mac, d.bytes, &len, sizeof d.bytes));
    EVP_MAC_CTX_free(mac);
    return d;
}

struct digest digest_derive(struct str secret, struct str label)
{
    struct digest d;
    size_t len = sizeof d.bytes;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    must(ctx != NULL);
    must(EVP_PKEY_derive_init(ctx));
    must(EVP_PKEY_CTX_set_hkdf_md(ctx, EVP_sha256()));
    must(EVP_PKEY_CTX_set1_hkdf_key(ctx, (const unsigned char *)secret.at, (int)secret.len));
    must(EVP_PKEY_CTX_add1_hkdf_info(ctx, (const unsigned char *)label.at, (int)label.len));
    must(EVP_PKEY_derive(ctx, d.bytes, &len));
    EVP_PKEY_CTX_free(ctx);
    return d;
}

void digest_to_hex(const struct digest *digest, char hex[DIGEST_HEX + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        hex[2 * i] = digits[digest->bytes[i] >> 4];
        hex[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    hex[DIGEST_HEX] = 0;
}

bool digest_from_hex(struct str hex, struct digest *digest)
{
    struct digest d;
    if (hex.len != DIGEST_HEX)
        return false;
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        int high = str_hex_digit(hex.at[2 * i]);
        int low = str_hex_digit(hex.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        d.bytes[i] = (unsigned char)(high << 4 | low);
    }
    *digest = d;
    return true;
}

enum status digest_random(void *bytes, size_t len, struct error *err)
{
    if (len > 0x7FFFFFFF || RAND_bytes(bytes, (int)len) != 1)
        return error_set(err, STATUS_IO, "The system gave no random bytes; try again.",
                         "系统未能提供随机数，请重试。");
    return STATUS_OK;
}

/* Of 256 byte values those beyond a multiple of the alphabet are thrown away, so that each character is
 * as likely as any other. */
enum status digest_random_key(struct arena *arena, struct str *key, struct error *err)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const unsigned letters = sizeof alphabet - 1;
    char text[DIGEST_KEY_LEN];
    size_t len = 0;
    while (len < sizeof text) {
        unsigned char bytes[2 * DIGEST_KEY_LEN];
        enum status status = digest_random(bytes, sizeof bytes, err);
        if (status)
            return status;
        for (size_t i = 0; i < sizeof bytes && len < sizeof text; i++)
            if (bytes[i] < 256 / letters * letters)
                text[len++] = alphabet[bytes[i] % letters];
    }
    *key = str_copy(arena, (struct str){text, sizeof text});
    return STATUS_OK;
}
