/* What a scanner misread: 大局屮 for 大局中, 第— for 第一, 自已 for 自己, 2O21 for 2021.
 *
 * A character is suspected when the table names another that it is often taken for
 * (lexicon/inspect-misread.txt). It is reported only when the dictionary takes the other's side: the
 * stretch around it is cut into words once as it is and once as it would be, and the second cut must
 * have fewer words, with the doubtful character, which stood alone before, now inside a longer one.
 * A real word never breaks up into loose characters, so clean text stays silent even though every
 * third sentence holds a character of the table. Suspects are tried many at a time, because the cost
 * of a cut lies in starting it. */
#include <stdlib.h>
#include <uchar.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/inspect_look.h"

/* Rates from the clean texts named in inspect_look.h. */
static const struct look_rule never_rule = {
    CONCERN_LOOKALIKE, true, 6.5, "this character is not used in modern text: probably misread",
    "此字不见于现代文本，可能是误识的形近字"};
static const struct look_rule dash_rule = {CONCERN_LOOKALIKE, true, 6.5,
                                           "a dash after 第 in place of the character 一",
                                           "“第”后的横线应为“一”字"};
static const struct look_rule cut_rule = {
    CONCERN_LOOKALIKE, false, 5.5,
    "a dash, letter or stroke in place of an ideograph: with that, a word results",
    "用横线、字母或笔画代替了汉字：换成该汉字即成词"};
static const struct look_rule rare_rule = {CONCERN_LOOKALIKE, false, 5.5,
                                           "a rare character: with its look-alike, a word results",
                                           "罕用字：换成形近字即成词"};
static const struct look_rule plain_rule = {CONCERN_LOOKALIKE, false, 5.0,
                                            "probably misread: with its look-alike, a word results",
                                            "可能误识：换成形近字即成词"};

enum weight { NEVER, RARE, PLAIN, NATURAL, CUT, WORD, PHRASE, WEIGHTS };
static const char *const weight_names[WEIGHTS] = {"never", "rare", "plain", "natural",
                                                  "cut",   "word", "phrase"};
static const struct look_rule *const weight_rules[WEIGHTS] = {
    &never_rule, &rare_rule, &plain_rule, &plain_rule, &cut_rule, &plain_rule, &plain_rule};

struct pair {
    uint32_t given, intended;
    enum weight weight;
    struct str word; /* of weight WORD: the word as it should be */
    unsigned rank;   /* order within the table's line */
};
struct pairs {
    struct pair *list;
    size_t count;
};

static int by_given(const void *a, const void *b)
{
    const struct pair *x = a;
    const struct pair *y = b;
    if (x->given != y->given)
        return x->given < y->given ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* A word's pair is that of the first character in which the two differ. */
static void add_pair(struct pairs *pairs, enum weight weight, struct str given, struct str intended)
{
    uint32_t a = 0;
    uint32_t b = 0;
    for (size_t i = 0, k = 0; a == b && i < given.len && k < intended.len;) {
        a = utf8_next(given, &i);
        b = utf8_next(intended, &k);
    }
    struct str word = weight == WORD ? intended : (struct str){"", 0};
    pairs->list[pairs->count] = (struct pair){a, b, weight, word, (unsigned)pairs->count};
    pairs->count++;
}

static struct pairs read_pairs(struct arena *arena)
{
    struct str data = look_data("inspect-misread.txt");
    struct pairs pairs = {arena_array(arena, data.len / 4 + 1, struct pair), 0};
    struct str fields[8];
    size_t count = 0;
    while (look_data_line(&data, fields, 8, &count)) {
        unsigned weight = 0;
        while (weight < WEIGHTS && !str_equal(fields[0], str_of(weight_names[weight])))
            weight++;
        for (size_t k = 2; weight < WEIGHTS && k < count; k++)
            add_pair(&pairs, (enum weight)weight, fields[1], fields[k]);
    }
    qsort(pairs.list, pairs.count, sizeof *pairs.list, by_given);
    return pairs;
}

static size_t first_pair(const struct pairs *pairs, uint32_t given)
{
    size_t low = 0;
    for (size_t high = pairs->count; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (pairs->list[mid].given < given)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* --- trials ------------------------------------------------------------------------------------- */

#define REACH  7    /* ideographs looked at on either side */
#define TRIALS 1024 /* tried in one cut */
/* A trial cuts some thirty characters, so their number is held to a share of the text. Running text
 * needs a third of this share; what exceeds it is no writing, but made to keep the program busy. */
#define TRIALS_FREE  ((size_t)2000)
#define TRIALS_SHARE 8 /* further trials: one for so many characters passed */

/* One suspect with one intended character: where its two stretches lie in the batch. */
struct trial {
    size_t cell;
    uint32_t intended;
    enum weight weight;
    struct str word;
    size_t given_at, given_focus, given_end;
    size_t tried_at, tried_focus, tried_end;
};

struct batch {
    struct buf text;
    struct trial trials[TRIALS];
    size_t count;
    size_t tried;     /* trials so far, in all batches */
    size_t last_cell; /* reported last, so that a cell is reported once */
};

static void stretch(struct look *look, struct batch *batch, size_t cell, uint32_t put, size_t *at,
                    size_t *focus, size_t *end)
{
    size_t from = cell;
    size_t to = cell + 1;
    while (from > 0 && cell - from < REACH && unicode_is_han(look->code[from - 1]))
        from--;
    while (to < look->n && to - cell <= REACH && unicode_is_han(look->code[to]))
        to++;
    *at = batch->text.len;
    buf_add(&batch->text, look_cells(look, from, cell));
    *focus = batch->text.len;
    buf_add_code(&batch->text, put);
    buf_add(&batch->text, look_cells(look, cell + 1, to));
    *end = batch->text.len;
    buf_add_byte(&batch->text, '\n');
}

/* What a cut says of one stretch. */
struct cut {
    size_t words, loose; /* all words; those of one character */
    struct str focus;    /* the word that holds the doubtful character */
};

static struct cut read_cut(struct str text, const struct words *words, size_t at, size_t focus,
                           size_t end)
{
    size_t low = 0;
    for (size_t high = words->count; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (words->end[mid] <= at)
            low = mid + 1;
        else
            high = mid;
    }
    struct cut cut = {0};
    for (size_t from = at; low < words->count && from < end; low++) {
        size_t to = words->end[low] < end ? words->end[low] : end;
        struct str word = str_slice(text, from, to - from);
        cut.words++;
        cut.loose += utf8_count(word) == 1;
        if (from <= focus && focus < to)
            cut.focus = word;
        from = to;
    }
    return cut;
}

/* Characters that stand beside anything: a word made with one of them proves nothing. */
static bool has_particle(struct str word)
{
    static const char32_t particles[] = U"的了是在和不个这那有就也都很与及或把被上下到";
    for (size_t pos = 0; pos < word.len;) {
        uint32_t c = utf8_next(word, &pos);
        for (size_t k = 0; particles[k]; k++)
            if (particles[k] == c)
                return true;
    }
    return false;
}

static bool convinces(const struct look *look, const struct trial *t, const struct cut *given,
                      const struct cut *tried)
{
    size_t long_word = utf8_count(tried->focus);
    if (long_word < 2 || tried->words >= given->words || utf8_count(given->focus) > 1)
        return false;
    bool both_loose = tried->loose + 2 <= given->loose;
    switch (t->weight) {
    case WORD:
        return both_loose && str_equal(tried->focus, t->word);
    case PLAIN:
        return long_word >= 3 || (both_loose && !has_particle(tried->focus));
    case PHRASE:
        return long_word >= 3 && given->words >= tried->words + 2;
    case NATURAL:
        return (long_word >= 3 && given->words >= tried->words + 2) ||
               (both_loose && !has_particle(tried->focus) &&
                look_count_word(look, tried->focus) >= 3);
    default:
        return true;
    }
}

static void judge_batch(struct look *look, struct batch *batch)
{
    struct arena *scratch = arena_make();
    struct str text = buf_str(&batch->text);
    struct words words = unicode_segment(scratch, text, true);
    for (size_t k = 0; k < batch->count; k++) {
        const struct trial *t = &batch->trials[k];
        if (t->cell == batch->last_cell)
            continue;
        struct cut given = read_cut(text, &words, t->given_at, t->given_focus, t->given_end);
        struct cut tried = read_cut(text, &words, t->tried_at, t->tried_focus, t->tried_end);
        if (!convinces(look, t, &given, &tried))
            continue;
        struct concern *c = look_report(look, weight_rules[t->weight], t->cell, t->cell + 1,
                                        look_code(look, t->intended));
        if (look_count_word(look, tried.focus) >= 2)
            c->unusual += 0.5;
        batch->last_cell = t->cell;
    }
    arena_free(scratch);
    batch->text.len = 0;
    batch->count = 0;
}

static void try_pair(struct look *look, struct batch *batch, size_t cell, const struct pair *pair)
{
    if (batch->count == TRIALS)
        judge_batch(look, batch);
    if (batch->tried >= TRIALS_FREE + cell / TRIALS_SHARE)
        return;
    batch->tried++;
    struct trial *t = &batch->trials[batch->count++];
    *t = (struct trial){
        .cell = cell, .intended = pair->intended, .weight = pair->weight, .word = pair->word};
    stretch(look, batch, cell, look->code[cell], &t->given_at, &t->given_focus, &t->given_end);
    stretch(look, batch, cell, pair->intended, &t->tried_at, &t->tried_focus, &t->tried_end);
}

/* --- suspects ----------------------------------------------------------------------------------- */

static bool is_dash(uint32_t c)
{
    return c == '-' || c == '_' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30FC ||
           c == 0xFF0D || c == 0xFF70 || c == 0x2500 || c == 0x2501 || c == 0x3161;
}

static bool is_kana(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x30FA) || (c >= 0xFF66 && c <= 0xFF9F) ||
           (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3131 && c <= 0x318E) ||
           (c >= 0xAC00 && c <= 0xD7A3);
}

/* Whether the same dash stands near: a pair of them sets a remark off, a row is a pattern. */
static bool is_paired(const struct look *look, size_t i)
{
    size_t from = i > 12 ? i - 12 : 0;
    for (size_t k = from; k < look->n && k <= i + 12; k++)
        if (k != i && look->code[k] == look->code[i])
            return true;
    return false;
}

/* Whether a sign that is no ideograph stands as one would: alone, with ideographs about it. */
static bool stands_among_han(const struct look *look, size_t i)
{
    uint32_t before = look_before(look, i);
    uint32_t after = look_after(look, i);
    if (is_dash(before) || is_dash(after) || is_kana(before) || is_kana(after))
        return false;
    bool alone = before != look->code[i] && after != look->code[i] &&
                 !(is_dash(look->code[i]) && is_paired(look, i));
    bool outside_ok = !look_is_latin(before) && !look_is_latin(after) &&
                      !unicode_is_digit(before) && !unicode_is_digit(after);
    /* A dash at the head of a line opens a list item. */
    bool heads_line = before == '\n' || before == 0 || before == ' ' || before == '\t';
    return alone && outside_ok && !heads_line && (unicode_is_han(before) || unicode_is_han(after));
}

static bool is_ordinal_dash(const struct look *look, size_t i)
{
    uint32_t after = look_after(look, i);
    return is_dash(look->code[i]) && look_before(look, i) == 0x7B2C && !is_dash(after) &&
           !unicode_is_digit(after) && !look_is_latin(after);
}

static void suspect(struct look *look, struct batch *batch, const struct pairs *pairs, size_t i)
{
    uint32_t c = look->code[i];
    size_t k = first_pair(pairs, c);
    if (k == pairs->count || pairs->list[k].given != c)
        return;
    if (is_ordinal_dash(look, i)) {
        look_report(look, &dash_rule, i, i + 1, look_code(look, pairs->list[k].intended));
        return;
    }
    bool near_han = unicode_is_han(look_before(look, i)) || unicode_is_han(look_after(look, i));
    bool han = unicode_is_han(c);
    if (!near_han || (!han && !stands_among_han(look, i)))
        return;
    if (pairs->list[k].weight == NEVER) {
        look_report(look, &never_rule, i, i + 1, look_code(look, pairs->list[k].intended));
        return;
    }
    if (han && !(look->starts[i] && look->starts[i + 1]))
        return;
    for (; k < pairs->count && pairs->list[k].given == c; k++)
        try_pair(look, batch, i, &pairs->list[k]);
}

void look_for_misread(struct look *look)
{
    if (look->han == 0)
        return;
    struct pairs pairs = read_pairs(look->arena);
    struct arena *scratch = arena_make();
    struct batch *batch = arena_new(scratch, struct batch);
    batch->text.arena = scratch;
    batch->last_cell = SIZE_MAX;
    for (size_t i = 0; i < look->n; i++)
        suspect(look, batch, &pairs, i);
    judge_batch(look, batch);
    arena_free(scratch);
}

/* --- digits ------------------------------------------------------------------------------------- */

static const struct look_rule digit_rule = {CONCERN_LOOKALIKE, false, 5.5,
                                            "a letter among digits: probably a misread digit",
                                            "数字中间的字母：可能是误识的数字"};
static const struct look_rule zero_rule = {CONCERN_LOOKALIKE, false, 5.0,
                                           "a zero of another kind among Chinese digits",
                                           "汉字数字之间的零写法不一"};
static const struct look_rule letter_rule = {
    CONCERN_LOOKALIKE, false, 5.5,
    "a digit inside a word that the text has with a letter: probably misread",
    "单词中间的数字：全文另有用字母的同一单词，可能误识"};

static bool is_ascii_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_han_digit(uint32_t c)
{
    static const char32_t digits[] = U"〇一二三四五六七八九";
    for (size_t k = 0; digits[k]; k++)
        if (digits[k] == c)
            return true;
    return false;
}

/* 2O21, 1l5: a letter like a digit with digits at both sides, in a token without other letters. */
static void judge_number(struct look *look, size_t from, size_t to)
{
    size_t digits = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t c = look->code[i];
        digits += is_ascii_digit(c);
        if (!is_ascii_digit(c) && c != 'O' && c != 'o' && c != 'l' && c != 'I' && c != 0x3007)
            return;
    }
    if (digits < 2 || digits == to - from || digits * 2 < to - from)
        return;
    for (size_t i = from + 1; i + 1 < to; i++) {
        uint32_t c = look->code[i];
        if (!is_ascii_digit(c) && (is_ascii_digit(look->code[i - 1])))
            look_report(look, &digit_rule, i, i + 1,
                        look_code(look, c == 'l' || c == 'I' ? '1' : '0'));
    }
}

/* fi1e, c0lor: a digit inside a lower-case word that the text spells with the letter elsewhere. */
static void judge_letters(struct look *look, size_t from, size_t to)
{
    size_t odd = SIZE_MAX;
    for (size_t i = from; i < to; i++) {
        uint32_t c = look->code[i];
        if (c == '0' || c == '1') {
            if (odd != SIZE_MAX)
                return;
            odd = i;
        } else if (c < 'a' || c > 'z') {
            return;
        }
    }
    if (odd == SIZE_MAX || odd == from || odd + 1 == to || to - from < 4)
        return;
    static const char zero[] = "o";
    static const char one[] = "li";
    for (const char *put = look->code[odd] == '0' ? zero : one; *put; put++) {
        struct str word = str_copy(look->arena, look_cells(look, from, to));
        ((char *)word.at)[odd - from] = *put;
        if (look_count_word(look, word) < 2)
            continue;
        look_report(look, &letter_rule, odd, odd + 1, look_code(look, (uint32_t)*put));
        return;
    }
}

void look_for_digits(struct look *look)
{
    for (size_t i = 0; i < look->n;) {
        size_t from = i;
        while (i < look->n && (is_ascii_digit(look->code[i]) || look_is_latin(look->code[i]) ||
                               (look->code[i] == 0x3007 && is_ascii_digit(look_before(look, i)))))
            i++;
        uint32_t c = look->code[from];
        if (i - from == 1 && (c == '0' || c == 'O' || c == 'o') &&
            is_han_digit(look_before(look, from)) && is_han_digit(look_after(look, from)))
            look_report(look, &zero_rule, from, i, look_code(look, 0x3007));
        if (i - from >= 3) {
            judge_number(look, from, i);
            judge_letters(look, from, i);
        }
        i = i > from ? i : i + 1;
    }
}
