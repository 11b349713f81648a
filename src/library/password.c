/* Passwords; see password.h. */
#include "library/password.h"

#include <sodium.h>
#include <string.h>
#include <zxcvbn.h>

#include "base/unicode.h"
#include "base/utf8.h"

#define BITS_LEAST \
    32.0 /* 2^32 guesses: hopeless through a sign-in form, dear against a stolen hash */
#define PERSONAL_MAX 8U

/* What makes a password easy, by the kind of its longest part that can be guessed. */
static const struct {
    ZxcTypeMatch_t first, last;
    const char *en, *zh;
} REASONS[] = {
    {DICTIONARY_MATCH, DICT_LEET_MATCH,
     "This password is built on a word or a password that attackers try first.",
     "密码中含有攻击者会首先尝试的单词或常见密码。"},
    {USER_MATCH, USER_LEET_MATCH,
     "This password is built on your name, your e-mail or the name of this place.",
     "密码中含有您的姓名、邮箱或本站名称。"},
    {REPEATS_MATCH, REPEATS_MATCH, "This password repeats itself.", "密码中有重复的字符。"},
    {SEQUENCE_MATCH, SEQUENCE_MATCH, "This password follows a row like abcd or 1234.",
     "密码中含有 abcd、1234 之类的连续字符。"},
    {SPATIAL_MATCH, SPATIAL_MATCH, "This password follows the keys of the keyboard.",
     "密码中含有键盘上相邻的按键。"},
    {DATE_MATCH, YEAR_MATCH, "This password is built on a date or a year.",
     "密码中含有日期或年份。"},
};

static enum status refuse(const ZxcMatch_t *match, struct error *err)
{
    const ZxcMatch_t *longest = NULL;
    for (const ZxcMatch_t *m = match; m; m = m->Next)
        if ((m->Type & ~MULTIPLE_MATCH) > BRUTE_MATCH && (!longest || m->Length > longest->Length))
            longest = m;
    unsigned type = longest ? (unsigned)longest->Type : 0;
    const char *en = "This password is easy to guess.";
    const char *zh = "这个密码容易被猜到。";
    if (type & MULTIPLE_MATCH)
        type = REPEATS_MATCH;
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++) {
        if (type < (unsigned)REASONS[i].first || type > (unsigned)REASONS[i].last)
            continue;
        en = REASONS[i].en;
        zh = REASONS[i].zh;
    }
    return error_about(
        err, STATUS_INPUT, en, zh,
        " Three or four words that have nothing to do with each other make a good one.",
        "可改用三四个互不相关的词。");
}

/* A password as it counts, whatever it was typed with. */
static enum status prepare(struct arena *arena, struct str typed, struct str *password,
                           struct error *err)
{
    if (unicode_opaque(arena, typed, password))
        return STATUS_OK;
    return error_set(err, STATUS_INPUT,
                     "The password holds a tab, a line break or another character that can't be "
                     "seen. Take letters, digits, signs and spaces.",
                     "密码中含有制表符、换行或其他看不见的字符，请只用文字、数字、符号和空格。");
}

enum status password_judge(struct arena *arena, struct str typed, const struct str *personal,
                           size_t npersonal, struct error *err)
{
    const char *words[PERSONAL_MAX + 1] = {0};
    size_t n = 0;
    struct str password;
    enum status status = prepare(arena, typed, &password, err);
    if (status)
        return status;
    size_t count = utf8_count(password);
    if (count < PASSWORD_LEAST)
        return error_set(err, STATUS_INPUT,
                         "The password has %zu characters; at least %d are needed.",
                         "密码只有 %zu 个字符，至少需要 %d 个。", count, PASSWORD_LEAST);
    if (count > PASSWORD_MOST)
        return error_set(err, STATUS_INPUT,
                         "The password has %zu characters; at most %d can be taken.",
                         "密码有 %zu 个字符，最多 %d 个。", count, PASSWORD_MOST);
    for (size_t i = 0; i < npersonal && n < PERSONAL_MAX; i++)
        if (personal[i].len)
            words[n++] = str_z(arena, personal[i]);
    ZxcMatch_t *match = NULL;
    double bits = ZxcvbnMatch(str_z(arena, password), words, &match);
    status = bits < BITS_LEAST ? refuse(match, err) : STATUS_OK;
    ZxcvbnFreeInfo(match);
    return status;
}

enum status password_hash(struct arena *arena, struct str typed, struct str *hash,
                          struct error *err)
{
    char text[crypto_pwhash_STRBYTES];
    struct str password;
    enum status status = prepare(arena, typed, &password, err);
    if (status)
        return status;
    if (crypto_pwhash_str_alg(text, password.at, password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13))
        return error_set(err, STATUS_LIMITED,
                         "The server has no memory for this just now; try again in a moment.",
                         "服务器内存暂时不足，请稍后再试。");
    *hash = str_copy(arena, str_of(text));
    return STATUS_OK;
}

bool password_fits(struct arena *arena, struct str hash, struct str typed)
{
    char text[crypto_pwhash_STRBYTES] = "";
    struct str password;
    if (!unicode_opaque(arena, typed, &password))
        password = typed; /* nobody could choose it, so it fits none, at the same cost */
    bool kept = hash.len > 0 && hash.len < sizeof text;
    struct str used = kept ? hash : STR(PASSWORD_NOBODY);
    memcpy(text, used.at, used.len);
    return crypto_pwhash_str_verify(text, password.at, password.len) == 0 && kept;
}
