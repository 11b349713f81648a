/* Codes that are redeemed for a subscription: made in batches, handed out on paper or by mail, good once.
 *
 * A code is a number that is typed (base/serial.h). The store knows its SHA-256 and its last four characters only.
 *
 * A batch is written B1, B2 … in events. Changes run within the caller's open write transaction and add
 * their event. */
#ifndef LIBRARY_CODE_H
#define LIBRARY_CODE_H

#include "base/serial.h"
#include "library/subscription.h"

#define CODE_LEN       SERIAL_LEN
#define CODE_TEXT_LEN  SERIAL_TEXT_LEN
#define CODE_BATCH_MAX 10000 /* in one batch */

/* Makes a code with its hyphens, in the arena. */
enum status library_new_code(struct arena *arena, struct str *code, struct error *err);
/* What somebody typed, brought to the form that is hashed: any case, with or without hyphens and spaces.
 * STATUS_INPUT when it can't be a code, as its length, a character or the check says. */
enum status library_read_code(struct str typed, char code[CODE_LEN + 1], struct error *err);

struct code_batch {
    int64_t id;
    struct str key; /* its name in addresses */
    int64_t plan;
    struct str plan_name, note;
    int64_t count, redeemed;
    int64_t expires_ms; /* 0: never */
    int64_t made_ms, voided_ms;
};
/* Records a batch of codes (as library_new_code gives them): key, plan, note and expires_ms are the caller's.
 * Fills id. STATUS_CONFLICT when the plan is closed, or a batch of that key is there: a form sent twice. */
enum status library_make_codes(struct store *store, struct code_batch *batch,
                               const struct str *codes, size_t count, int64_t now_ms,
                               struct error *err);
/* Makes all codes of a batch that were not redeemed good for nothing. What was redeemed stays. STATUS_CONFLICT
 * when that was done already. */
enum status library_void_codes(struct store *store, int64_t batch, int64_t now_ms,
                               struct error *err);
/* Redeems a code: the member gets a subscription of its plan, from now or from the end of the one of this
 * plan that runs, by the plan's terms as they were when the code was made. STATUS_INPUT as library_read_code, STATUS_MISSING for a code that never was, STATUS_CONFLICT
 * for one that was used, voided or has run out; who holds it is told which. */
enum status library_redeem_code(struct store *store, int64_t member, struct str typed,
                                int64_t now_ms, struct subscription *subscription,
                                struct error *err);

/* Finds a batch by its key; STATUS_MISSING when there is none. */
enum status library_find_code_batch(struct arena *arena, struct store *store, struct str key,
                                    struct code_batch *batch, struct error *err);
/* The newest batches; at most `most`. */
enum status library_list_code_batches(struct arena *arena, struct store *store, int64_t most,
                                      struct code_batch **list, size_t *count, struct error *err);
struct code_state {
    struct str tail;        /* last four characters */
    struct str redeemed_by; /* a name; empty: it is still good */
    int64_t redeemed_ms;
};
/* A batch's codes, the redeemed first. */
enum status library_list_codes(struct arena *arena, struct store *store, int64_t batch,
                               int64_t skip, int64_t most, struct code_state **list, size_t *count,
                               struct error *err);

#endif
