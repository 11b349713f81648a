/* The second factor; see second_factor.h. */
#include "library/second_factor.h"

#include <ctype.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library/member.h"

#define STEP_MS        30000
#define DIGITS         6U
#define RECOVERY_CHARS 12U
#define RECOVERY_GROUP 4U

/* Letters and digits that are not misread for each other; 60 bits in twelve. */
static const char ALPHABET[] = "abcdefghjkmnpqrstuvwxyz23456789";

enum status second_factor_draw(struct second_factor *factor, struct error *err)
{
    return digest_random(factor->secret, sizeof factor->secret, err);
}

struct str second_factor_text(struct arena *arena, const struct second_factor *factor)
{
    char *text = NULL;
    size_t len = 0;
    if (oath_base32_encode((const char *)factor->secret, sizeof factor->secret, &text, &len))
        abort();
    struct str kept = str_copy(arena, (struct str){text, len});
    free(text);
    return kept;
}

bool second_factor_parse(struct str text, struct second_factor *factor)
{
    char *bytes = NULL;
    size_t len = 0;
    if (text.len > 2 * SECOND_FACTOR_BYTES ||
        oath_base32_decode(text.at, text.len, &bytes, &len) != OATH_OK)
        return false;
    if (len == sizeof factor->secret)
        memcpy(factor->secret, bytes, len);
    free(bytes);
    return len == sizeof factor->secret;
}

static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c < 0x80 && (isalnum(c) || c == '-' || c == '.' || c == '_'))
            buf_add_byte(out, (char)c);
        else
            buf_format(out, "%%%02X", c);
    }
}

struct str second_factor_uri(struct arena *arena, const struct second_factor *factor,
                             struct str email, struct str issuer)
{
    struct buf out = {.arena = arena};
    buf_add(&out, STR("otpauth://totp/"));
    add_escaped(&out, issuer);
    buf_add_byte(&out, ':');
    add_escaped(&out, email);
    buf_add(&out, STR("?secret="));
    buf_add(&out, second_factor_text(arena, factor));
    buf_add(&out, STR("&issuer="));
    add_escaped(&out, issuer);
    return buf_str(&out);
}

/* "123 456" → "123456"; false for anything but six digits. */
static bool read_code(struct str code, char digits[DIGITS + 1])
{
    size_t len = 0;
    for (size_t i = 0; i < code.len; i++) {
        if (code.at[i] == ' ')
            continue;
        if (!isdigit((unsigned char)code.at[i]) || len == DIGITS)
            return false;
        digits[len++] = code.at[i];
    }
    digits[len] = 0;
    return len == DIGITS;
}

int64_t second_factor_match(const struct second_factor *factor, struct str code, int64_t now_ms,
                            int64_t last_step)
{
    char typed[DIGITS + 1];
    int64_t found = 0;
    if (!read_code(code, typed))
        return 0;
    for (int64_t step = now_ms / STEP_MS - 1; step <= now_ms / STEP_MS + 1; step++) {
        char right[DIGITS + 1] = "";
        int made =
            oath_hotp_generate((const char *)factor->secret, sizeof factor->secret, (uint64_t)step,
                               DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, right);
        if (made == OATH_OK && sodium_memcmp(right, typed, DIGITS) == 0 && step > last_step)
            found = step;
    }
    return found;
}

/* --- recovery codes ------------------------------------------------------------------------------- */

static struct digest recovery_hash(struct store *store, struct str code)
{
    const struct digest *secret = store_secret(store);
    struct digest key = digest_derive(digest_bytes(secret), STR("recovery codes"));
    char plain[RECOVERY_CHARS + 1];
    size_t len = 0;
    for (size_t i = 0; i < code.len && len < sizeof plain; i++)
        if (isalnum((unsigned char)code.at[i]))
            plain[len++] = (char)tolower((unsigned char)code.at[i]);
    return digest_keyed(digest_bytes(&key), (struct str){plain, len});
}

static struct str draw_recovery_code(struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (unsigned i = 0; i < RECOVERY_CHARS; i++) {
        if (i && i % RECOVERY_GROUP == 0)
            buf_add_byte(&out, '-');
        buf_add_byte(&out, ALPHABET[randombytes_uniform(sizeof ALPHABET - 1)]);
    }
    return buf_str(&out);
}

static enum status delete_codes(struct store *store, int64_t member, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM recovery_code WHERE member = ?1");
    query_bind_int(q, 1, member);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status make_codes(struct arena *arena, struct store *store, int64_t member,
                              struct str *codes, struct error *err)
{
    enum status status = delete_codes(store, member, err);
    for (unsigned i = 0; !status && i < SECOND_FACTOR_RECOVERY; i++) {
        codes[i] = draw_recovery_code(arena);
        struct digest hash = recovery_hash(store, codes[i]);
        struct query *q =
            query_start(store, "INSERT INTO recovery_code (member, hash) VALUES (?1, ?2)");
        query_bind_int(q, 1, member);
        query_bind_blob(q, 2, digest_bytes(&hash));
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static enum status use_recovery_code(struct store *store, int64_t member, struct str code,
                                     bool *used, struct error *err)
{
    struct digest hash = recovery_hash(store, code);
    struct query *q =
        query_start(store, "DELETE FROM recovery_code WHERE member = ?1 AND hash = ?2");
    query_bind_int(q, 1, member);
    query_bind_blob(q, 2, digest_bytes(&hash));
    (void)query_row(q);
    enum status status = query_end(q, err);
    *used = !status && store_changes(store) > 0;
    return status;
}

/* --- of an account -------------------------------------------------------------------------------- */

static enum status load(struct store *store, int64_t member, struct second_factor *factor,
                        int64_t *last_step, bool *on, struct error *err)
{
    struct query *q = query_start(store, "SELECT totp, totp_step FROM account WHERE member = ?1");
    query_bind_int(q, 1, member);
    *on = query_row(q) && query_blob(q, 0).len == sizeof factor->secret;
    if (*on) {
        memcpy(factor->secret, query_blob(q, 0).at, sizeof factor->secret);
        *last_step = query_int(q, 1);
    }
    return query_end(q, err);
}

enum status second_factor_of(struct store *store, int64_t member, bool *on, int64_t *codes_left,
                             struct error *err)
{
    struct second_factor factor;
    int64_t step;
    enum status status = load(store, member, &factor, &step, on, err);
    if (status)
        return status;
    struct query *q = query_start(store, "SELECT count(*) FROM recovery_code WHERE member = ?1");
    query_bind_int(q, 1, member);
    *codes_left = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status keep(struct store *store, int64_t member, const struct second_factor *factor,
                        int64_t step, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE account SET totp = ?2, totp_step = ?3 WHERE member = ?1");
    query_bind_int(q, 1, member);
    if (factor)
        query_bind_blob(q, 2, (struct str){(const char *)factor->secret, sizeof factor->secret});
    else
        query_bind_null(q, 2);
    query_bind_int(q, 3, step);
    (void)query_row(q);
    return query_end(q, err);
}

enum status second_factor_turn_on(struct arena *arena, struct store *store, int64_t member,
                                  const struct second_factor *factor, struct str code,
                                  int64_t now_ms, struct str *codes, struct error *err)
{
    int64_t step = second_factor_match(factor, code, now_ms, 0);
    if (!step)
        return error_set(err, STATUS_INPUT,
                         "This code is not right. Take the one that your app shows now, and check "
                         "that your device's clock is right.",
                         "验证码不对。请输入应用当前显示的验证码，并确认设备时间准确。");
    enum status status = keep(store, member, factor, step, err);
    if (!status)
        status = make_codes(arena, store, member, codes, err);
    if (!status)
        status = store_add_event(store, "member", "second_factor.on",
                                 library_member_id(arena, member), STR("{}"), err);
    return status;
}

enum status second_factor_renew_codes(struct arena *arena, struct store *store, int64_t member,
                                      struct str *codes, struct error *err)
{
    enum status status = make_codes(arena, store, member, codes, err);
    if (!status)
        status = store_add_event(store, "member", "recovery_codes.made",
                                 library_member_id(arena, member), STR("{}"), err);
    return status;
}

enum status second_factor_turn_off(struct arena *arena, struct store *store, int64_t member,
                                   struct error *err)
{
    enum status status = keep(store, member, NULL, 0, err);
    if (!status)
        status = delete_codes(store, member, err);
    if (!status)
        status = store_add_event(store, "member", "second_factor.off",
                                 library_member_id(arena, member), STR("{}"), err);
    return status;
}

enum status second_factor_use(struct arena *arena, struct store *store, int64_t member,
                              struct str code, int64_t now_ms, bool *recovery, struct error *err)
{
    struct second_factor factor;
    int64_t last_step = 0;
    bool on;
    enum status status = load(store, member, &factor, &last_step, &on, err);
    int64_t step = !status && on ? second_factor_match(&factor, code, now_ms, last_step) : 0;
    *recovery = false;
    if (step)
        return keep(store, member, &factor, step, err);
    if (!status && on)
        status = use_recovery_code(store, member, code, recovery, err);
    if (!status && !*recovery)
        return error_set(err, STATUS_FORBIDDEN,
                         "This code is not right, or was used already. Wait for the app's next "
                         "one, or take another recovery code.",
                         "验证码不对或已被使用，请等待应用的下一个验证码，或改用另一个恢复码。");
    if (!status)
        status = store_add_event(store, "member", "recovery_code.used",
                                 library_member_id(arena, member), STR("{}"), err);
    return status;
}
