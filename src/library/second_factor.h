/* The second factor: codes of an app (TOTP, RFC 6238: SHA-1, 30 s, 6 digits) and recovery codes.
 *
 * A code of the app is taken from the step before to the step after the present one, for clocks that
 * differ, and each step serves once. Recovery codes are shown once, kept as keyed digests, and each
 * serves once. */
#ifndef LIBRARY_SECOND_FACTOR_H
#define LIBRARY_SECOND_FACTOR_H

#include "store/store.h"

#define SECOND_FACTOR_BYTES    20U
#define SECOND_FACTOR_RECOVERY 10U

struct second_factor {
    unsigned char secret[SECOND_FACTOR_BYTES];
};

/* A new secret, at random. STATUS_IO where the system gives no random bytes. */
enum status second_factor_draw(struct second_factor *factor, struct error *err);
/* Base32 as people type it into an app, in the arena; and back. False for anything else. */
struct str second_factor_text(struct arena *arena, const struct second_factor *factor);
bool second_factor_parse(struct str text, struct second_factor *factor);
/* The otpauth: address that a QR code holds, in the arena. */
struct str second_factor_uri(struct arena *arena, const struct second_factor *factor,
                             struct str email, struct str issuer);

/* The step (Unix time / 30 s) whose code this is, of those around now_ms and above last_step; 0: none. */
int64_t second_factor_match(const struct second_factor *factor, struct str code, int64_t now_ms,
                            int64_t last_step);

/* --- of an account; changes run within the open write transaction, with their events ------------- */

/* Whether the account has one, and recovery codes left. */
enum status second_factor_of(struct store *store, int64_t member, bool *on, int64_t *codes_left,
                             struct error *err);
/* Turns it on, with ten new recovery codes; codes (of SECOND_FACTOR_RECOVERY) are filled in the arena.
 * STATUS_INPUT unless `code` is right. */
enum status second_factor_turn_on(struct arena *arena, struct store *store, int64_t member,
                                  const struct second_factor *factor, struct str code,
                                  int64_t now_ms, struct str *codes, struct error *err);
/* New recovery codes in the place of the old ones. */
enum status second_factor_renew_codes(struct arena *arena, struct store *store, int64_t member,
                                      struct str *codes, struct error *err);
enum status second_factor_turn_off(struct arena *arena, struct store *store, int64_t member,
                                   struct error *err);
/* Uses up a code of the app or a recovery code; *recovery says which. STATUS_FORBIDDEN when it is
 * neither, or was used before. */
enum status second_factor_use(struct arena *arena, struct store *store, int64_t member,
                              struct str code, int64_t now_ms, bool *recovery, struct error *err);

#endif
