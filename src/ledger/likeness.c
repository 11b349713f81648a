/* Likeness of short texts; see likeness.h. Dice, "Measures of the Amount of Ecologic Association Between Species"
 * (1945). */
#include "ledger/likeness.h"

#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"

#define SEED  14695981039346656037ULL /* FNV-1a, 64 bits */
#define PRIME 1099511628211ULL

/* Neighbours across one of these are none. */
static const char TIES_ZH[] = "的了和与及在对等是有为由于把被让向从到之其该且或也都就并将";
static const char *const TIES_EN[] = {
    "a",   "an",    "and",  "are",   "as",   "at",   "be", "been", "by",   "for",   "from", "had",
    "has", "have",  "in",   "is",    "it",   "its",  "no", "not",  "of",   "on",    "or",   "that",
    "the", "their", "them", "there", "they", "this", "to", "was",  "were", "which", "with"};

struct reading {
    struct arena *arena;
    struct likeness *out;
    uint32_t han;  /* the one before; 0: none */
    char word[64]; /* of letters and digits, as UTF-8; what is longer is cut */
    size_t len;
    bool letters;
};

static uint64_t mix(uint64_t hash, const char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)at[i]) * PRIME;
    return hash;
}

static void add(struct reading *r, uint64_t hash)
{
    struct likeness *out = r->out;
    out->words = arena_one_more(r->arena, out->words, out->count, sizeof *out->words);
    out->words[out->count++] = hash;
}

static bool ties(struct str word)
{
    for (size_t i = 0; i < sizeof TIES_EN / sizeof *TIES_EN; i++)
        if (str_equal(word, str_of(TIES_EN[i])))
            return true;
    return false;
}

static void end_word(struct reading *r)
{
    struct str word = {r->word, r->len};
    if (r->letters && !ties(word)) {
        bool plural = r->len > 3 && r->word[r->len - 1] == 's' && r->word[r->len - 2] != 's';
        add(r, mix(SEED, r->word, r->len - plural));
    }
    r->len = 0;
    r->letters = false;
}

static void take_han(struct reading *r, uint32_t code)
{
    char pair[8];
    size_t len = utf8_put(pair, code);
    end_word(r);
    if (str_find(str_of(TIES_ZH), (struct str){pair, len}, 0) != SIZE_MAX) {
        r->han = 0;
        return;
    }
    if (r->han) {
        len = utf8_put(pair, r->han);
        len += utf8_put(pair + len, code);
        add(r, mix(SEED, pair, len));
    }
    r->han = code;
}

static void take_code(struct reading *r, uint32_t code)
{
    bool letter = unicode_is_letter(code);
    if (unicode_is_han(code)) {
        take_han(r, code);
        return;
    }
    r->han = 0;
    if (!letter && !unicode_is_digit(code)) {
        end_word(r);
        return;
    }
    if (r->len + 4 <= sizeof r->word)
        r->len += utf8_put(r->word + r->len, code);
    r->letters |= letter;
}

static int compare(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a;
    uint64_t other = *(const uint64_t *)b;
    return one < other ? -1 : one > other;
}

struct likeness likeness_read(struct arena *arena, struct str text)
{
    struct likeness out = {0};
    struct reading r = {.arena = arena, .out = &out};
    uint32_t folded[UNICODE_FOLD_MAX];
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);
        size_t count =
            unicode_is_space(code) || unicode_is_punct(code) ? 0 : unicode_fold_code(code, folded);
        if (!count && !unicode_is_invisible(code))
            take_code(&r, ' ');
        for (size_t i = 0; i < count; i++)
            take_code(&r, folded[i]);
    }
    end_word(&r);
    if (out.count)
        qsort(out.words, out.count, sizeof *out.words, compare);
    size_t kept = 0;
    for (size_t i = 0; i < out.count; i++)
        if (!kept || out.words[kept - 1] != out.words[i])
            out.words[kept++] = out.words[i];
    out.count = kept;
    return out;
}

#define WIDTH sizeof(uint64_t)

/* The least significant byte first. */
struct str likeness_pack(struct arena *arena, const struct likeness *likeness)
{
    char *at = arena_take(arena, likeness->count * WIDTH + 1);
    for (size_t i = 0; i < likeness->count; i++)
        for (size_t b = 0; b < WIDTH; b++)
            at[i * WIDTH + b] = (char)(likeness->words[i] >> (8 * b) & 0xFF);
    return (struct str){at, likeness->count * WIDTH};
}

struct likeness likeness_unpack(struct arena *arena, struct str packed)
{
    struct likeness out = {.count = packed.len % WIDTH ? 0 : packed.len / WIDTH};
    out.words = arena_array(arena, out.count + 1, uint64_t);
    for (size_t i = 0; i < out.count; i++)
        for (size_t b = 0; b < WIDTH; b++)
            out.words[i] |= (uint64_t)(unsigned char)packed.at[i * WIDTH + b] << (8 * b);
    return out;
}

int likeness_of(const struct likeness *one, const struct likeness *other)
{
    size_t both = 0;
    if (!one->count || !other->count)
        return 0;
    for (size_t i = 0, k = 0; i < one->count && k < other->count;) {
        uint64_t a = one->words[i];
        uint64_t b = other->words[k];
        both += a == b;
        i += a <= b;
        k += b <= a;
    }
    return (int)(200 * both / (one->count + other->count));
}

int likeness_weigh(int percent, bool same_unit, bool same_sort)
{
    int weighed = percent * (100 + (same_unit ? 25 : 0) + (same_sort ? 15 : 0)) / 100;
    return weighed > 100 ? 100 : weighed;
}

const char *likeness_rule(enum lang lang)
{
    return lang_pick(
        lang,
        "Likeness is twice the words that two problems share, of the words of both, in percent (of Chinese, "
        "every two characters side by side); the same unit weighs a quarter more, the same sort 15% more. "
        "From 40 on an earlier one is pointed to, and a person says whether it is the same again.",
        "相似度＝两个问题共有词数×2÷两者词数之和，以百分数计（汉字按相邻两字为一词）；"
        "同一单位加权四分之一，同一类别加权 15%。达到 40 即提示既往问题，由人判定是否反复。");
}
