/* The seal of a case file: where its parts lie, what they are by digest, and a signature over all of it.
 *
 * A case file is a PDF whose third line is a comment of CASE_SEAL_SIZE bytes behind its sign, at a place that never changes:
 *
 *   %PDF-1.7
 *   %âãÏÓ
 *   %chancery-case 1 size N key HEX pages HEX facts AT+LEN HEX files AT+LEN,AT+LEN… <blanks> signature HEX
 *
 * `facts` is case.json, `files` the exhibits within, as they lie in the file, in the order of case.json; `pages` is the digest of
 * all bytes outside this line, the facts and the files. The signature (Ed25519) is of the words CASE_SEAL_WORDS and the SHA-256
 * of the whole file but the signature's own digits. Nothing is searched for in a file that comes from anybody: what does not
 * stand where it must is no case file.
 *
 * Reading takes any bytes. Enters keys.h for signing alone. */
#ifndef LIBRARY_CASE_SEAL_H
#define LIBRARY_CASE_SEAL_H

#include "library/keys.h"

#define CASE_SEAL_HEAD      "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n%"
#define CASE_SEAL_AT        (sizeof CASE_SEAL_HEAD - 1)
#define CASE_SEAL_SIZE      ((size_t)4096)
#define CASE_SEAL_FILES_MAX 100U
#define CASE_SEAL_FILE_MAX  ((size_t)256 << 20) /* bytes of a whole case file */

struct case_part {
    size_t at, len;
};
struct case_seal {
    struct digest key, pages, facts_digest;
    struct case_part facts, files[CASE_SEAL_FILES_MAX];
    size_t nfiles;
    unsigned char signature[KEYS_SIGNATURE_BYTES];
};

/* Seals a file that has CASE_SEAL_SIZE blanks in the seal's place, by the newest key: facts, files and nfiles of *seal are given, the rest is filled. The parts lie in
 * the file's order and do not overlap. */
enum status case_seal(struct store *store, char *file, size_t len, struct case_seal *seal,
                      struct error *err);
/* Reads the seal and where the parts lie; checks that they lie within. False when it is no case file of this form. */
bool case_seal_read(struct str file, struct case_seal *seal);
/* Whether the file is signed by the key. */
bool case_seal_signed(struct str file, const struct case_seal *seal, const struct digest *key);
/* The digest of all outside seal, facts and files. */
struct digest case_seal_pages(struct str file, const struct case_seal *seal);

#endif
