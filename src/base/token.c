/* Words of a text; see token.h.
 *
 * First the text becomes folded letters, each with its place and class; then runs of a class become words.
 * A word is a slice of the folded bytes, as neighbours in a run lie side by side. */
#include "base/token.h"

#include <libstemmer.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"

enum letter_class { CLASS_BORDER, CLASS_PAIRED, CLASS_LETTER, CLASS_DIGIT };

struct letter {
    uint32_t from; /* byte of the text that it came from */
    uint32_t byte; /* in the folded bytes */
    enum letter_class class;
};

struct splitter {
    struct arena *arena;
    struct str text;
    struct buf folded;
    struct letter *letters; /* one more than count: the end */
    size_t count, cap;
    struct tokens tokens;
    size_t tokens_cap;
    struct sb_stemmer *stemmer;
};

/* --- letters -------------------------------------------------------------------------------------- */

static enum letter_class class_of(uint32_t code)
{
    if (code < 0x80) {
        uint32_t low = code | 0x20;
        return low >= 'a' && low <= 'z'     ? CLASS_LETTER
               : code >= '0' && code <= '9' ? CLASS_DIGIT
                                            : CLASS_BORDER;
    }
    if (unicode_is_han(code) || (code >= 0x3041 && code <= 0x30FF && code != 0x30FB))
        return CLASS_PAIRED;
    if (unicode_is_letter(code))
        return CLASS_LETTER;
    return unicode_is_digit(code) ? CLASS_DIGIT : CLASS_BORDER;
}

static void add_letter(struct splitter *s, size_t from, uint32_t code, enum letter_class class)
{
    if (s->count + 1 >= s->cap) {
        size_t cap = s->cap ? s->cap * 2 : s->text.len / 2 + 16;
        s->letters =
            arena_grow(s->arena, s->letters, s->cap * sizeof *s->letters, cap * sizeof *s->letters);
        s->cap = cap;
    }
    s->letters[s->count++] = (struct letter){(uint32_t)from, (uint32_t)s->folded.len, class};
    if (class != CLASS_BORDER)
        buf_add_code(&s->folded, code);
}

static bool ascii_at(struct str text, size_t at, char least, char most)
{
    return at < text.len && text.at[at] >= least && text.at[at] <= most;
}

/* "1,024" but not "1999,2000". */
static bool is_grouping(struct str text, size_t next)
{
    return ascii_at(text, next, '0', '9') && ascii_at(text, next + 1, '0', '9') &&
           ascii_at(text, next + 2, '0', '9') && !ascii_at(text, next + 3, '0', '9');
}

/* Signs that stand inside a word: the point and the grouping of a number, an apostrophe. */
static bool add_inner_sign(struct splitter *s, size_t at, size_t next, uint32_t code)
{
    enum letter_class before = s->count ? s->letters[s->count - 1].class : CLASS_BORDER;
    if (code == ',' && before == CLASS_DIGIT && is_grouping(s->text, next))
        return true;
    if (code == '.' && before == CLASS_DIGIT && ascii_at(s->text, next, '0', '9')) {
        add_letter(s, at, '.', CLASS_DIGIT);
        return true;
    }
    bool apostrophe = code == '\'' || code == 0x2019;
    if (apostrophe && before == CLASS_LETTER &&
        (ascii_at(s->text, next, 'a', 'z') || ascii_at(s->text, next, 'A', 'Z'))) {
        add_letter(s, at, '\'', CLASS_LETTER);
        return true;
    }
    return false;
}

static bool is_unseen(uint32_t code)
{
    return (code >= 0x300 && code <= 0x36F) || (code >= 0x80 && unicode_is_invisible(code));
}

static void fold_text(struct splitter *s)
{
    for (size_t pos = 0; pos < s->text.len;) {
        uint32_t out[UNICODE_FOLD_MAX];
        size_t at = pos;
        uint32_t code = utf8_next(s->text, &pos);
        if (add_inner_sign(s, at, pos, code))
            continue;
        size_t count = unicode_fold_code(code, out);
        if (count == 0 && !is_unseen(code))
            add_letter(s, at, 0, CLASS_BORDER);
        for (size_t i = 0; i < count; i++)
            if (!is_unseen(out[i]))
                add_letter(s, at, out[i], class_of(out[i]));
    }
    add_letter(s, s->text.len, 0, CLASS_BORDER);
}

/* --- words ---------------------------------------------------------------------------------------- */

/* Where the character of letter i ends in the text: hidden marks behind it are not part of it. */
static uint32_t end_of(const struct splitter *s, size_t i)
{
    size_t pos = s->letters[i].from;
    (void)utf8_next(s->text, &pos);
    return (uint32_t)pos;
}

static struct token *add_token(struct splitter *s, enum token_kind kind, size_t first, size_t last)
{
    if (s->tokens.count == s->tokens_cap) {
        size_t cap = s->tokens_cap ? s->tokens_cap * 2 : s->count / 2 + 8;
        s->tokens.at = arena_grow(s->arena, s->tokens.at, s->tokens_cap * sizeof *s->tokens.at,
                                  cap * sizeof *s->tokens.at);
        s->tokens_cap = cap;
    }
    struct token *t = &s->tokens.at[s->tokens.count++];
    uint32_t from = s->letters[first].byte;
    size_t len = s->letters[last + 1].byte - from;
    while (len > TOKEN_BYTES_MAX ||
           (len < s->letters[last + 1].byte - from && (s->folded.at[from + len] & 0xC0) == 0x80))
        len--;
    *t = (struct token){.kind = kind,
                        .at = s->letters[first].from,
                        .end = end_of(s, last),
                        .word = {s->folded.at + from, len}};
    t->stem = t->word;
    return t;
}

/* Each two neighbours and the last one. A character that folds to several gives one place to all. */
static void add_pairs(struct splitter *s, size_t first, size_t end)
{
    for (size_t i = first; i + 1 < end; i++)
        (void)add_token(s, TOKEN_PAIR, i, i + 1);
    (void)add_token(s, TOKEN_LAST, end - 1, end - 1);
}

static bool is_english(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] != '\'' && (word.at[i] < 'a' || word.at[i] > 'z'))
            return false;
    return true;
}

static void set_stem(struct splitter *s, struct token *t)
{
    if (!is_english(t->word))
        return;
    if (!s->stemmer)
        s->stemmer = sb_stemmer_new("english", "UTF_8");
    const sb_symbol *stem =
        s->stemmer ? sb_stemmer_stem(s->stemmer, (const sb_symbol *)t->word.at, (int)t->word.len)
                   : NULL;
    size_t len = stem ? (size_t)sb_stemmer_length(s->stemmer) : 0;
    if (len && (len != t->word.len || memcmp(stem, t->word.at, len) != 0))
        t->stem = str_copy(s->arena, (struct str){(const char *)stem, len});
}

static void add_run(struct splitter *s, size_t first, size_t end)
{
    bool number = true;
    for (size_t i = first; i < end; i++)
        number &= s->letters[i].class == CLASS_DIGIT;
    struct token *t = add_token(s, number ? TOKEN_NUMBER : TOKEN_WORD, first, end - 1);
    if (!number)
        set_stem(s, t);
}

static bool is_same_run(enum letter_class a, enum letter_class b)
{
    return a != CLASS_BORDER && b != CLASS_BORDER && (a == CLASS_PAIRED) == (b == CLASS_PAIRED);
}

struct tokens token_split(struct arena *arena, struct str text)
{
    struct splitter s = {.arena = arena, .text = text, .folded = {.arena = arena}};
    buf_reserve(&s.folded, text.len + 16);
    fold_text(&s);
    for (size_t i = 0; i + 1 < s.count;) {
        size_t end = i + 1;
        while (is_same_run(s.letters[i].class, s.letters[end].class))
            end++;
        if (s.letters[i].class == CLASS_PAIRED)
            add_pairs(&s, i, end);
        else if (s.letters[i].class != CLASS_BORDER)
            add_run(&s, i, end);
        i = end;
    }
    if (s.stemmer)
        sb_stemmer_delete(s.stemmer);
    return s.tokens;
}
