/* Tries; see attempt.h. */
#include "library/attempt.h"

#include <ctype.h>

#define SECOND_MS ((int64_t)1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define WHAT_MAX  400U

static const struct {
    const char *label; /* of the key that its subjects are digested with */
    int64_t free;      /* tries that cost nothing */
    int64_t first_ms, most_ms;
    bool shared; /* by many people: a right try takes back itself only */
} KINDS[ATTEMPT_KINDS] = {
    [ATTEMPT_ACCOUNT] = {"attempts: account", 5, 10 * SECOND_MS, 15 * MINUTE_MS, false},
    /* the same, or the difference would tell whose network it is, and so whose address is known */
    [ATTEMPT_KNOWN] = {"attempts: known", 5, 10 * SECOND_MS, 15 * MINUTE_MS, false},
    [ATTEMPT_NETWORK] = {"attempts: network", 30, 10 * SECOND_MS, 15 * MINUTE_MS, true},
    [ATTEMPT_CODE] = {"attempts: code", 5, 10 * SECOND_MS, 15 * MINUTE_MS, false},
    [ATTEMPT_FIRST_RUN] = {"attempts: first-run", 5, 10 * SECOND_MS, 15 * MINUTE_MS, false},
    [ATTEMPT_REDEEM] = {"attempts: redeem", 10, 10 * SECOND_MS, 15 * MINUTE_MS, false},
    [ATTEMPT_LETTER] = {"attempts: letter", 3, 5 * MINUTE_MS, DAY_MS, true},
    [ATTEMPT_LETTERS_FROM] = {"attempts: letters from", 20, 30 * SECOND_MS, 60 * MINUTE_MS, true},
    [ATTEMPT_CHECK] = {"attempts: check", 30, 10 * SECOND_MS, 15 * MINUTE_MS, true},
};

struct attempt attempt_at(struct store *store, enum attempt_kind kind, struct str what)
{
    const struct digest *secret = store_secret(store);
    struct str key = {(const char *)secret->bytes, DIGEST_BYTES};
    struct digest derived = digest_derive(key, str_of(KINDS[kind].label));
    struct attempt a = {.kind = kind};
    char folded[WHAT_MAX]; /* letters' case does not make another address */
    size_t len = what.len < sizeof folded ? what.len : sizeof folded;
    for (size_t i = 0; i < len; i++)
        folded[i] = (char)tolower((unsigned char)what.at[i]);
    struct digest subject = digest_keyed(digest_bytes(&derived), (struct str){folded, len});
    digest_to_hex(&subject, a.subject);
    return a;
}

int64_t attempt_pause_ms(enum attempt_kind kind, int64_t failures)
{
    int64_t pause = KINDS[kind].first_ms;
    if (failures < KINDS[kind].free)
        return 0;
    for (int64_t n = KINDS[kind].free; n < failures && pause < KINDS[kind].most_ms; n++)
        pause *= 2;
    return pause < KINDS[kind].most_ms ? pause : KINDS[kind].most_ms;
}

static enum status check_one(struct store *store, const struct attempt *a, int64_t now_ms,
                             int64_t *wait_ms, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT failures, last_ms FROM attempt WHERE subject = ?1");
    query_bind_str(q, 1, str_of(a->subject));
    int64_t age_ms = query_row(q) ? now_ms - query_int(q, 1) : DAY_MS;
    /* One of a time to come was counted while the clock was ahead: who had it set right must not wait for that time.
     * Requests at once may overtake each other by less than an hour. */
    if (age_ms < DAY_MS && age_ms > -HOUR_MS) {
        int64_t until = query_int(q, 1) + attempt_pause_ms(a->kind, query_int(q, 0));
        *wait_ms = until - now_ms > *wait_ms ? until - now_ms : *wait_ms;
    }
    return query_end(q, err);
}

enum status attempt_check(struct store *store, const struct attempt *attempts, size_t count,
                          int64_t now_ms, int64_t *wait_ms, struct error *err)
{
    enum status status = STATUS_OK;
    *wait_ms = 0;
    for (size_t i = 0; !status && i < count; i++)
        status = check_one(store, &attempts[i], now_ms, wait_ms, err);
    return status;
}

static enum status count_one(struct store *store, const struct attempt *a, int64_t now_ms,
                             struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO attempt (subject, failures, last_ms) VALUES (?1, 1, ?2)"
                           " ON CONFLICT (subject) DO UPDATE SET last_ms = ?2,"
                           " failures = CASE WHEN ?2 - last_ms < ?3 THEN failures + 1 ELSE 1 END");
    query_bind_str(q, 1, str_of(a->subject));
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, DAY_MS);
    (void)query_row(q);
    return query_end(q, err);
}

/* Nobody remembers a quiet day; the table stays as small as the last day's tries. */
static enum status forget_old(struct store *store, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM attempt WHERE last_ms < ?1");
    query_bind_int(q, 1, now_ms - DAY_MS);
    (void)query_row(q);
    return query_end(q, err);
}

enum status attempt_count(struct store *store, const struct attempt *attempts, size_t count,
                          int64_t now_ms, int64_t *wait_ms, struct error *err)
{
    enum status status = attempt_check(store, attempts, count, now_ms, wait_ms, err);
    if (!status && *wait_ms > 0)
        return error_set(err, STATUS_LIMITED, "Too many tries; please wait.",
                         "尝试次数过多，请稍候。");
    for (size_t i = 0; !status && i < count; i++)
        status = count_one(store, &attempts[i], now_ms, err);
    return status ? status : forget_old(store, now_ms, err);
}

enum status attempt_forgive(struct store *store, const struct attempt *attempts, size_t count,
                            struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct query *q = query_start(store, "UPDATE attempt SET failures ="
                                             " CASE WHEN ?2 THEN max(failures - 1, 0) ELSE 0 END"
                                             " WHERE subject = ?1");
        query_bind_str(q, 1, str_of(attempts[i].subject));
        query_bind_int(q, 2, KINDS[attempts[i].kind].shared);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}
