/* Key epochs: rotation, and what is known of each.
 *
 * A new epoch is for papers first published after it. A paper keeps its epoch for all its editions: a site belongs
 * to the paper, so that a passage that a new edition leaves alone keeps its marks, a comparison of editions shows
 * what the editor changed and nothing else, and a site counts once as evidence. What must be beyond somebody who
 * has the old secret is published as a new paper. */
#ifndef LIBRARY_KEYS_H
#define LIBRARY_KEYS_H

#include "store/store.h"

struct key_epoch {
    int64_t epoch, began_ms;
    int64_t stolen_ms; /* known to others since then; 0: not that anybody knew */
    int64_t papers;    /* that derive their keys from it */
    bool newest;
    struct digest signs; /* the public key of its signatures, see below */
};

/* The oldest first, in the arena. No secret is among it. */
enum status library_list_epochs(struct arena *arena, struct store *store, struct key_epoch **list,
                                size_t *count, struct error *err);

/* Begins an epoch for papers to come, with its event, within the open write transaction. */
enum status library_rotate_keys(struct store *store, int64_t *epoch, struct error *err);
/* The same when the key file may be in others' hands: notes it of all earlier epochs, so that findings on their
 * papers say so. */
enum status library_rotate_stolen_keys(struct store *store, int64_t *epoch, struct error *err);

/* Whether others may have the secret of an epoch, as far as anybody knows. */
enum status library_key_stolen(struct store *store, int64_t epoch, bool *stolen, struct error *err);

/* Each epoch has a key pair for signatures too (Ed25519), derived from its secret under a label of its own: a rotation
 * begins a new one, and what was signed before stays so. */
#define KEYS_SIGNATURE_BYTES 64
/* The public key of an epoch, for others to hold beside what is signed. */
enum status library_public_key(struct store *store, int64_t epoch, struct digest *key,
                               struct error *err);
/* Signs by the newest epoch's key; *key gets its public half. */
enum status library_sign(struct store *store, struct str bytes,
                         unsigned char signature[KEYS_SIGNATURE_BYTES], struct digest *key,
                         struct error *err);
/* Whether a signature of these bytes is by that key. Needs no store. */
bool library_is_signed(struct str bytes, const unsigned char signature[KEYS_SIGNATURE_BYTES],
                       const struct digest *key);

#endif
