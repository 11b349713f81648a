/* The seal of a case file; see case_seal.h. */
#include "library/case_seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define WORDS     "chancery case file 1\n"
#define SIGN_HEX  ((size_t)2 * KEYS_SIGNATURE_BYTES)
#define SIGN_WORD " signature "
#define SIGN_AT   (CASE_SEAL_AT + CASE_SEAL_SIZE - SIGN_HEX)
#define BODY_AT   (CASE_SEAL_AT + CASE_SEAL_SIZE)

/* --- digests of what is not in one piece ------------------------------------------------------------ */

static void add_bytes(crypto_hash_sha256_state *sum, struct str file, size_t from, size_t to)
{
    (void)crypto_hash_sha256_update(sum, (const unsigned char *)file.at + from, to - from);
}

/* What is signed: the words and the digest of all but the signature's digits. */
struct to_sign {
    char bytes[sizeof WORDS - 1 + DIGEST_BYTES];
};
static struct to_sign to_sign_of(struct str file)
{
    struct to_sign to = {.bytes = WORDS};
    crypto_hash_sha256_state sum;
    (void)crypto_hash_sha256_init(&sum);
    add_bytes(&sum, file, 0, SIGN_AT);
    add_bytes(&sum, file, BODY_AT, file.len);
    (void)crypto_hash_sha256_final(&sum, (unsigned char *)to.bytes + sizeof WORDS - 1);
    return to;
}

/* Facts and files in the order in which they lie; they were checked to be in one. */
static struct case_part part_of(const struct case_seal *seal, size_t i)
{
    return i ? seal->files[i - 1] : seal->facts;
}

struct digest case_seal_pages(struct str file, const struct case_seal *seal)
{
    struct digest digest;
    crypto_hash_sha256_state sum;
    size_t at = BODY_AT;
    (void)crypto_hash_sha256_init(&sum);
    add_bytes(&sum, file, 0, CASE_SEAL_AT);
    for (size_t i = 0; i <= seal->nfiles; i++) {
        struct case_part part = part_of(seal, i);
        add_bytes(&sum, file, at, part.at);
        at = part.at + part.len;
    }
    add_bytes(&sum, file, at, file.len);
    (void)crypto_hash_sha256_final(&sum, digest.bytes);
    return digest;
}

static bool parts_fit(struct str file, const struct case_seal *seal)
{
    size_t at = BODY_AT;
    for (size_t i = 0; i <= seal->nfiles; i++) {
        struct case_part part = part_of(seal, i);
        if (part.at < at || part.at > file.len || part.len > file.len - part.at)
            return false;
        at = part.at + part.len;
    }
    return true;
}

/* --- sealing -------------------------------------------------------------------------------------- */

static void add_hex(struct buf *out, const struct digest *digest)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(digest, hex);
    buf_add(out, str_of(hex));
}

static void add_part(struct buf *out, const char *before, struct case_part part)
{
    buf_format(out, "%s%zu+%zu", before, part.at, part.len);
}

static struct str describe(struct arena *arena, struct str file, const struct case_seal *seal)
{
    struct buf out = {.arena = arena};
    buf_format(&out, "chancery-case 1 size %zu key ", file.len);
    add_hex(&out, &seal->key);
    buf_add(&out, STR(" pages "));
    add_hex(&out, &seal->pages);
    add_part(&out, " facts ", seal->facts);
    buf_add(&out, STR(" "));
    add_hex(&out, &seal->facts_digest);
    buf_add(&out, STR(" files "));
    for (size_t i = 0; i < seal->nfiles; i++)
        add_part(&out, i ? "," : "", seal->files[i]);
    return buf_str(&out);
}

enum status case_seal(struct store *store, char *file, size_t len, struct case_seal *seal,
                      struct error *err)
{
    struct str bytes = {file, len};
    if (len < BODY_AT || !str_starts(bytes, STR(CASE_SEAL_HEAD)) || !parts_fit(bytes, seal))
        abort(); /* it was not written with a place for the seal */
    seal->pages = case_seal_pages(bytes, seal);
    seal->facts_digest = digest_of(str_slice(bytes, seal->facts.at, seal->facts.len));
    enum status status = library_sign(store, STR(""), seal->signature, &seal->key, err);
    if (status)
        return status;
    struct arena *arena = arena_make();
    struct str line = describe(arena, bytes, seal);
    if (line.len > CASE_SEAL_SIZE - SIGN_HEX - strlen(SIGN_WORD))
        abort(); /* CASE_SEAL_FILES_MAX fit */
    memset(file + CASE_SEAL_AT, ' ', CASE_SEAL_SIZE);
    memcpy(file + CASE_SEAL_AT, line.at, line.len);
    memcpy(file + SIGN_AT - strlen(SIGN_WORD), SIGN_WORD, strlen(SIGN_WORD));
    struct to_sign to = to_sign_of(bytes);
    status = library_sign(store, (struct str){to.bytes, sizeof to.bytes}, seal->signature,
                          &seal->key, err);
    char hex[SIGN_HEX + 1];
    (void)sodium_bin2hex(hex, sizeof hex, seal->signature, sizeof seal->signature);
    memcpy(file + SIGN_AT, hex, SIGN_HEX);
    arena_free(arena);
    return status;
}

/* --- reading -------------------------------------------------------------------------------------- */

static bool read_word(struct str *rest, struct str word)
{
    struct str next;
    return str_split(rest, ' ', &next) && str_equal(next, word);
}

static bool read_digest(struct str *rest, struct digest *digest)
{
    struct str next;
    return str_split(rest, ' ', &next) && digest_from_hex(next, digest);
}

static bool read_part(struct str text, struct case_part *part)
{
    struct str at;
    uint64_t from;
    uint64_t len;
    if (!str_split(&text, '+', &at) || !str_to_u64(at, &from) || !str_to_u64(text, &len) ||
        from > CASE_SEAL_FILE_MAX || len > CASE_SEAL_FILE_MAX)
        return false;
    *part = (struct case_part){(size_t)from, (size_t)len};
    return true;
}

static bool read_files(struct str list, struct case_seal *seal)
{
    struct str one;
    while (str_split(&list, ',', &one)) {
        if (seal->nfiles == CASE_SEAL_FILES_MAX || !read_part(one, &seal->files[seal->nfiles]))
            return false;
        seal->nfiles++;
    }
    return true;
}

static bool read_line(struct str line, size_t size, struct case_seal *seal)
{
    struct str next;
    uint64_t said;
    return read_word(&line, STR("chancery-case")) && read_word(&line, STR("1")) &&
           read_word(&line, STR("size")) && str_split(&line, ' ', &next) &&
           str_to_u64(next, &said) && said == size && read_word(&line, STR("key")) &&
           read_digest(&line, &seal->key) && read_word(&line, STR("pages")) &&
           read_digest(&line, &seal->pages) && read_word(&line, STR("facts")) &&
           str_split(&line, ' ', &next) && read_part(next, &seal->facts) &&
           read_digest(&line, &seal->facts_digest) && read_word(&line, STR("files")) &&
           str_split(&line, ' ', &next) && read_files(next, seal) && str_trim(line).len == 0;
}

/* Lower-case digits only: the signature's own are all that it does not cover. */
static bool read_signature(struct str hex, struct case_seal *seal)
{
    size_t read;
    char again[SIGN_HEX + 1];
    if (sodium_hex2bin(seal->signature, sizeof seal->signature, hex.at, hex.len, NULL, &read,
                       NULL) != 0 ||
        read != sizeof seal->signature)
        return false;
    (void)sodium_bin2hex(again, sizeof again, seal->signature, sizeof seal->signature);
    return str_equal(str_of(again), hex);
}

bool case_seal_read(struct str file, struct case_seal *seal)
{
    *seal = (struct case_seal){0};
    if (file.len < BODY_AT + 1 || file.len > CASE_SEAL_FILE_MAX ||
        !str_starts(file, STR(CASE_SEAL_HEAD)) || file.at[BODY_AT] != '\n')
        return false;
    struct str line = str_slice(file, CASE_SEAL_AT, CASE_SEAL_SIZE - SIGN_HEX);
    if (!str_ends(line, STR(SIGN_WORD)) ||
        !read_signature(str_slice(file, SIGN_AT, SIGN_HEX), seal))
        return false;
    return read_line(str_slice(line, 0, line.len - strlen(SIGN_WORD)), file.len, seal) &&
           parts_fit(file, seal);
}

bool case_seal_signed(struct str file, const struct case_seal *seal, const struct digest *key)
{
    struct to_sign to = to_sign_of(file);
    return library_is_signed((struct str){to.bytes, sizeof to.bytes}, seal->signature, key);
}
