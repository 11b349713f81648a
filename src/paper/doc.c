/* Finding one's way in a document: the block at a place, the sentence around it, the language.
 *
 * Whether a sentence ends at a place is decided from a few characters on either side, never by
 * reading the paragraph from its beginning, so that asking for every site of a giant paragraph stays
 * cheap. See UAX #29 (sentence boundaries) for the general problem; this is the part of it that
 * official Chinese and edited English need, with abbreviations as data. */
#include "paper/doc.h"

#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"

#define SENTENCE_REACH 4096U /* a longer sentence is cut here on either side */
#define CLOSERS_MAX    8     /* closing quotes and brackets that may follow a sentence's end */

/* Before a capital letter or anything else. */
static const char *const ABBREVIATIONS[] = {
    "al",   "approx", "apr", "assoc", "aug", "brig", "capt", "cf",   "co",  "col",    "corp", "dec",
    "dept", "dr",     "e.g", "ed",    "eds", "eg",   "esp",  "est",  "et",  "feb",    "gen",  "gov",
    "hon",  "i.e",    "ie",  "inc",   "jan", "jr",   "jul",  "jun",  "lt",  "ltd",    "maj",  "mar",
    "mr",   "mrs",    "ms",  "mt",    "nov", "oct",  "prof", "ph.d", "rep", "resp",   "rev",  "sen",
    "sep",  "sept",   "sgt", "sr",    "st",  "u.k",  "u.s",  "viz",  "vs",  "messrs",
};
/* Words and references alike: abbreviations only before a number. */
static const char *const BEFORE_NUMBER[] = {
    "art",  "ch", "fig", "figs", "no", "nos", "op",   "p",
    "para", "pp", "pt",  "sec",  "v",  "vol", "vols",
};

const struct paper_block *paper_block_at(const struct paper_doc *doc, size_t at)
{
    size_t low = 0;
    size_t high = doc->nblocks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (doc->blocks[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct paper_block *block = &doc->blocks[low - 1];
    return at - block->at <= block->len ? block : NULL;
}

static bool is_closer(uint32_t code)
{
    switch (code) {
    case '"':
    case '\'':
    case ')':
    case ']':
    case 0x00BB: /* » */
    case 0x2019: /* ’ */
    case 0x201D: /* ” */
    case 0x3009: /* 〉 */
    case 0x300B: /* 》 */
    case 0x300D: /* 」 */
    case 0x300F: /* 』 */
    case 0x3011: /* 】 */
    case 0xFF09: /* ） */
        return true;
    default:
        return false;
    }
}

static bool is_ender(uint32_t code)
{
    switch (code) {
    case '.':
    case '!':
    case '?':
    case 0x2026: /* … */
    case 0x3002: /* 。 */
    case 0xFF01: /* ！ */
    case 0xFF0E: /* ． */
    case 0xFF1B: /* ； */
    case 0xFF1F: /* ？ */
        return true;
    default:
        return false;
    }
}

static bool word_in(const char *const *words, size_t count, const char *word, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i]) == len && memcmp(words[i], word, len) == 0)
            return true;
    }
    return false;
}

/* Whether the full stop at `stop` belongs to the word before it. */
static bool ends_abbreviation(struct str text, size_t stop)
{
    char word[8];
    size_t from = stop;
    while (from > 0 && stop - from <= sizeof word) {
        char c = text.at[from - 1];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.'))
            break;
        from--;
    }
    size_t len = stop - from;
    if (len == 0 || len > sizeof word)
        return false;
    if (len == 1 && text.at[from] >= 'A' && text.at[from] <= 'Z')
        return text.at[from] != 'I'; /* an initial, as in "J. Smith" */
    for (size_t i = 0; i < len; i++)
        word[i] = text.at[from + i] == '.' ? '.' : (char)(text.at[from + i] | 0x20);
    bool number = stop + 2 < text.len && text.at[stop + 2] >= '0' && text.at[stop + 2] <= '9';
    return word_in(ABBREVIATIONS, sizeof ABBREVIATIONS / sizeof *ABBREVIATIONS, word, len) ||
           (number &&
            word_in(BEFORE_NUMBER, sizeof BEFORE_NUMBER / sizeof *BEFORE_NUMBER, word, len));
}

/* What follows decides for the marks that Latin writing shares with numbers and addresses. */
static bool latin_end_follows(struct str text, size_t at, bool lower_continues)
{
    if (at >= text.len)
        return true;
    size_t pos = at;
    uint32_t code = utf8_next(text, &pos);
    if (!unicode_is_space(code))
        return unicode_is_han(code);
    for (int i = 0; i < CLOSERS_MAX && pos < text.len && unicode_is_space(code); i++)
        code = utf8_next(text, &pos);
    return !(lower_continues && code >= 'a' && code <= 'z');
}

/* Whether a sentence of `text` (one block) ends right before byte `at`. */
static bool sentence_ends_at(struct str text, size_t at)
{
    if (at == 0 || at >= text.len)
        return at >= text.len;
    size_t pos = at;
    uint32_t next = utf8_next(text, &pos);
    if (is_closer(next) || is_ender(next))
        return false;
    size_t stop = at;
    uint32_t code = utf8_before(text, &stop);
    for (int i = 0; i < CLOSERS_MAX && stop > 0 && is_closer(code); i++)
        code = utf8_before(text, &stop);
    if (!is_ender(code))
        return false;
    if (code == '.')
        return latin_end_follows(text, at, true) && !ends_abbreviation(text, stop);
    if (code == '!' || code == '?')
        return latin_end_follows(text, at, false);
    if (code == 0x2026)
        return next != ' ' || latin_end_follows(text, at, true);
    return code != 0xFF0E || !unicode_is_digit(next);
}

static size_t sentence_begin(struct str text, size_t at)
{
    size_t pos = at;
    while (pos > 0 && at - pos < SENTENCE_REACH) {
        if (pos < text.len && sentence_ends_at(text, pos))
            break;
        (void)utf8_before(text, &pos);
    }
    while (pos < at) { /* the space between sentences belongs to neither */
        size_t after = pos;
        if (!unicode_is_space(utf8_next(text, &after)) || after > at)
            break;
        pos = after;
    }
    return pos;
}

static size_t sentence_end(struct str text, size_t begin, size_t at)
{
    size_t pos = at;
    while (pos < text.len && pos - at < SENTENCE_REACH) {
        if (pos > begin && sentence_ends_at(text, pos))
            break;
        (void)utf8_next(text, &pos);
    }
    return pos;
}

struct str paper_sentence_at(const struct paper_doc *doc, size_t at, size_t len)
{
    const struct paper_block *block = paper_block_at(doc, at);
    if (!block)
        return (struct str){doc->text.at, 0};
    struct str text = {doc->text.at + block->at, block->len};
    size_t from = at - block->at;
    size_t to = len < text.len - from ? from + len : text.len;
    size_t begin = sentence_begin(text, from);
    size_t end = sentence_end(text, begin, to);
    return (struct str){text.at + begin, end - begin};
}

enum lang paper_detect_lang(struct str text)
{
    size_t letters = 0;
    size_t han = 0;
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);
        bool ideograph = code >= 0x2E80 && unicode_is_han(code);
        han += ideograph;
        letters += ideograph || unicode_is_letter(code);
    }
    return han > 0 && han * 5 >= letters ? LANG_ZH : LANG_EN;
}

size_t paper_run_from(const struct paper_doc *doc, size_t at)
{
    size_t low = 0;
    size_t high = doc->nruns;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (doc->runs[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
