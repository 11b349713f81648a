/* Key epochs; see keys.h. */
#include "library/keys.h"

#include <sodium.h>
#include <string.h>

#include "library/record.h"

#define SIGNATURE_LABEL "chancery case file signature 1"

/* --- signatures ----------------------------------------------------------------------------------- */

/* The secret half is the caller's to wipe. */
static enum status key_pair(struct store *store, int64_t epoch,
                            unsigned char secret[crypto_sign_SECRETKEYBYTES], struct digest *key,
                            struct error *err)
{
    enum status status = store_need_epoch(store, epoch, err);
    if (status)
        return status;
    struct digest seed =
        digest_derive(digest_bytes(store_epoch_secret(store, epoch)), STR(SIGNATURE_LABEL));
    (void)crypto_sign_seed_keypair(key->bytes, secret, seed.bytes);
    explicit_bzero(&seed, sizeof seed);
    return STATUS_OK;
}

enum status library_public_key(struct store *store, int64_t epoch, struct digest *key,
                               struct error *err)
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    enum status status = key_pair(store, epoch, secret, key, err);
    explicit_bzero(secret, sizeof secret);
    return status;
}

enum status library_sign(struct store *store, struct str bytes,
                         unsigned char signature[KEYS_SIGNATURE_BYTES], struct digest *key,
                         struct error *err)
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    int64_t epoch = 0;
    enum status status = store_newest_epoch(store, &epoch, err);
    if (!status)
        status = key_pair(store, epoch, secret, key, err);
    if (!status)
        (void)crypto_sign_detached(signature, NULL, (const unsigned char *)bytes.at, bytes.len,
                                   secret);
    explicit_bzero(secret, sizeof secret);
    return status;
}

bool library_is_signed(struct str bytes, const unsigned char signature[KEYS_SIGNATURE_BYTES],
                       const struct digest *key)
{
    return crypto_sign_verify_detached(signature, (const unsigned char *)bytes.at, bytes.len,
                                       key->bytes) == 0;
}

/* --- epochs --------------------------------------------------------------------------------------- */

enum status library_list_epochs(struct arena *arena, struct store *store, struct key_epoch **list,
                                size_t *count, struct error *err)
{
    int64_t newest = 0;
    enum status status = store_newest_epoch(store, &newest, err);
    *list = arena_array(arena, (size_t)newest, struct key_epoch);
    *count = 0;
    if (status)
        return status;
    struct query *q = query_start(
        store, "SELECT k.epoch, k.began_ms, coalesce(k.stolen_ms, 0),"
               " (SELECT count(*) FROM paper p WHERE p.key_epoch = k.epoch) FROM key_epoch k"
               " WHERE k.epoch <= ?1 ORDER BY k.epoch");
    query_bind_int(q, 1, newest);
    while (query_row(q) && *count < (size_t)newest)
        (*list)[(*count)++] = (struct key_epoch){
            .epoch = query_int(q, 0),
            .began_ms = query_int(q, 1),
            .stolen_ms = query_int(q, 2),
            .papers = query_int(q, 3),
            .newest = query_int(q, 0) == newest,
        };
    status = query_end(q, err);
    for (size_t i = 0; !status && i < *count; i++)
        status = library_public_key(store, (*list)[i].epoch, &(*list)[i].signs, err);
    return status;
}

static enum status rotate(struct store *store, const char *why, int64_t *epoch, struct error *err)
{
    enum status status = store_begin_epoch(store, epoch, err);
    return status ? status
                  : record_event(store, "keys.rotated", 'K', *epoch,
                                 json_pack("{s:s}", "kind", why), err);
}

enum status library_rotate_keys(struct store *store, int64_t *epoch, struct error *err)
{
    return rotate(store, "routine", epoch, err);
}

enum status library_rotate_stolen_keys(struct store *store, int64_t *epoch, struct error *err)
{
    enum status status = rotate(store, "stolen", epoch, err);
    if (status)
        return status;
    struct query *q = query_start(store, "UPDATE key_epoch SET stolen_ms = ?2 WHERE epoch < ?1"
                                         " AND stolen_ms IS NULL");
    query_bind_int(q, 1, *epoch);
    query_bind_int(q, 2, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_key_stolen(struct store *store, int64_t epoch, bool *stolen, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM key_epoch WHERE epoch = ?1 AND stolen_ms IS NOT NULL");
    query_bind_int(q, 1, epoch);
    *stolen = query_row(q);
    return query_end(q, err);
}
