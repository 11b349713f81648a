/* Questions: from what was typed to terms, from terms to FTS5's MATCH; see search.h.
 *
 * What reaches MATCH are phrases of ready words in quotation marks, joined by AND and NOT. Words hold
 * letters, digits, points, apostrophes and a leading '=', never a quotation mark. */
#include "library/search_parts.h"

#include "base/unicode.h"
#include "base/utf8.h"

#define RUN_AS_TYPED 4U /* characters of Chinese that are taken for one term */

/* --- pieces of what was typed --------------------------------------------------------------------- */

static bool is_quote(uint32_t code)
{
    static const uint32_t quotes[] = {'"',    0x201C, 0x201D, 0x201E, 0x201F, 0xAB,   0xBB,
                                      0x300A, 0x300B, 0x300C, 0x300D, 0x300E, 0x300F, 0xFF02};
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        if (code == quotes[i])
            return true;
    return false;
}

static bool is_minus(uint32_t code)
{
    return code == '-' || code == 0xFF0D || code == 0x2212;
}

struct piece {
    struct str text;
    bool exact, without;
};

static uint32_t peek(struct str words, size_t pos)
{
    return pos < words.len ? utf8_next(words, &pos) : 0;
}

/* The next piece from *pos: up to white space, or between quotation marks. */
static bool next_piece(struct str words, size_t *pos, struct piece *piece)
{
    size_t at = *pos;
    *piece = (struct piece){0};
    while (at < words.len && unicode_is_space(peek(words, at)))
        (void)utf8_next(words, &at);
    if (at == words.len)
        return false;
    if (is_minus(peek(words, at))) {
        (void)utf8_next(words, &at);
        piece->without = at < words.len && !unicode_is_space(peek(words, at));
    }
    if (is_quote(peek(words, at))) {
        (void)utf8_next(words, &at);
        piece->exact = true;
    }
    size_t from = at;
    while (at < words.len) {
        uint32_t code = peek(words, at);
        if (is_quote(code) || (!piece->exact && unicode_is_space(code)))
            break;
        (void)utf8_next(words, &at);
    }
    piece->text = str_slice(words, from, at - from);
    if (piece->exact && at < words.len)
        (void)utf8_next(words, &at);
    *pos = at;
    return true;
}

/* --- terms ---------------------------------------------------------------------------------------- */

static void add_term(struct search_question *question, struct search_term term)
{
    if (question->nterms == SEARCH_TERMS_MAX || term.nwords == 0)
        return;
    question->terms[question->nterms++] = term;
    question->nwanted += !term.without;
}

/* All words of a piece as one row. The last character of Chinese is left out behind its pair. */
static struct search_term phrase_of(struct arena *arena, const struct piece *piece,
                                    const struct tokens *tokens)
{
    struct search_term term = {.words = arena_array(arena, tokens->count + 1, struct str),
                               .exact = piece->exact,
                               .without = piece->without,
                               .typed = piece->text};
    for (size_t i = 0; i < tokens->count; i++) {
        const struct token *t = &tokens->at[i];
        bool final = i + 1 == tokens->count;
        bool paired = i > 0 && t[-1].kind == TOKEN_PAIR;
        if (final && t->kind == TOKEN_LAST && paired)
            break;
        term.begins = final && t->kind == TOKEN_LAST;
        bool changed = piece->exact && !str_equal(t->word, t->stem);
        term.words[term.nwords++] =
            changed ? str_format(arena, "=%.*s", STR_ARG(t->word)) : t->stem;
    }
    return term;
}

/* The characters [from, to) of a run of Chinese as a term; pairs are the run's own tokens. */
static struct search_term part_of_run(struct arena *arena, const struct token *pairs, size_t from,
                                      size_t to)
{
    struct search_term term = {.words = arena_array(arena, to - from, struct str)};
    struct buf typed = {.arena = arena};
    for (size_t i = from; i < to; i++) {
        size_t end = 0;
        (void)utf8_next(pairs[i].word, &end);
        struct str character = str_slice(pairs[i].word, 0, end);
        buf_add(&typed, character);
        if (i + 1 < to)
            term.words[term.nwords++] = pairs[i].word;
        else if (to - from == 1)
            term.words[term.nwords++] = character;
    }
    term.begins = to - from == 1;
    term.typed = buf_str(&typed);
    return term;
}

/* Words that only join others say nothing by themselves. */
static bool is_particle(struct str character)
{
    static const char *const particles[] = {"的", "了", "和", "与", "及", "或", "在", "是",
                                            "对", "为", "把", "被", "从", "向", "于", "等"};
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++)
        if (str_equal(character, str_of(particles[i])))
            return true;
    return false;
}

/* A longer run of Chinese is cut into words; a character that is left over goes with the word before it,
 * unless it only joins words. */
static void add_run(struct arena *arena, struct search_question *question,
                    const struct token *pairs, size_t count)
{
    struct search_term whole = part_of_run(arena, pairs, 0, count);
    if (count <= RUN_AS_TYPED) {
        add_term(question, whole);
        return;
    }
    struct words words = unicode_segment(arena, whole.typed, true);
    size_t from = 0; /* of the term that is being put together, in characters */
    size_t at = 0;
    size_t byte = 0;
    size_t before = question->nterms;
    for (size_t i = 0; i < words.count; i++) {
        struct str word = str_slice(whole.typed, byte, words.end[i] - byte);
        size_t len = utf8_count(word);
        byte = words.end[i];
        bool joins = len == 1 && is_particle(word);
        if (at > from && (joins || (len > 1 && at - from > 1))) {
            add_term(question, part_of_run(arena, pairs, from, at));
            from = at;
        }
        at += len;
        from = joins ? at : from;
    }
    if (at > from)
        add_term(question, part_of_run(arena, pairs, from, at));
    if (question->nterms == before)
        add_term(question, whole);
}

static void add_piece(struct arena *arena, struct search_question *question,
                      const struct piece *piece)
{
    struct tokens tokens = token_split(arena, piece->text);
    if (piece->exact || piece->without) {
        add_term(question, phrase_of(arena, piece, &tokens));
        return;
    }
    for (size_t i = 0; i < tokens.count;) {
        const struct token *t = &tokens.at[i];
        size_t end = i;
        while (tokens.at[end].kind == TOKEN_PAIR)
            end++;
        end++;
        if (t->kind == TOKEN_PAIR || t->kind == TOKEN_LAST) {
            add_run(arena, question, t, end - i);
        } else {
            struct tokens one = {(struct token *)t, 1};
            struct search_term term = phrase_of(arena, piece, &one);
            term.typed = t->word;
            add_term(question, term);
        }
        i = end;
    }
}

void search_parse_question(struct arena *arena, struct str words, struct search_question *question)
{
    struct piece piece;
    size_t pos = 0;
    *question = (struct search_question){0};
    while (question->nterms < SEARCH_TERMS_MAX && next_piece(words, &pos, &piece))
        add_piece(arena, question, &piece);
}

/* --- for FTS5 ------------------------------------------------------------------------------------- */

void search_add_phrase(struct buf *out, const struct search_term *term)
{
    struct buf row = {.arena = out->arena};
    for (size_t i = 0; i < term->nwords; i++)
        buf_format(&row, "%s%.*s", i ? " " : "", STR_ARG(term->words[i]));
    struct str words = buf_str(&row);
    bool letters = (unsigned char)words.at[0] < 0x80;
    if (!term->begins)
        buf_format(out, "\"%.*s\"", STR_ARG(words));
    else if (term->nwords == 1 && letters)
        buf_format(out, "(\"%.*s\" * OR \"=%.*s\" *)", STR_ARG(words), STR_ARG(words));
    else
        buf_format(out, "\"%.*s\" *", STR_ARG(words));
}

struct str search_match_text(struct arena *arena, const struct search_question *question)
{
    struct buf out = {.arena = arena};
    struct buf without = {.arena = arena};
    if (question->nwanted == 0)
        return (struct str){"", 0};
    buf_add_byte(&out, '(');
    for (size_t i = 0; i < question->nterms; i++) {
        const struct search_term *term = &question->terms[i];
        /* Only what stands in every copy may be ruled out here; exact English is for the copy to say. */
        struct buf *to = term->without ? &without : &out;
        if (term->without && term->exact)
            continue;
        if (term->without)
            buf_add(to, to->len ? STR(" OR ") : STR(" NOT {sure} : ("));
        else if (to->len > 1)
            buf_add(to, STR(" AND "));
        search_add_phrase(to, term);
    }
    buf_add_byte(&out, ')');
    if (without.len) {
        buf_add(&out, buf_str(&without));
        buf_add_byte(&out, ')');
    }
    return buf_str(&out);
}

/* --- in a copy ------------------------------------------------------------------------------------ */

static bool word_is(const struct search_term *term, size_t n, const struct token *token)
{
    struct str key = term->words[n];
    if (key.len && key.at[0] == '=')
        return str_equal(str_slice(key, 1, key.len), token->word);
    if (term->begins && n + 1 == term->nwords)
        return str_starts(token->word, key);
    return str_equal(key, term->exact ? token->word : token->stem);
}

bool search_term_is_at(const struct search_term *term, const struct tokens *tokens, size_t i,
                       size_t *end)
{
    if (i + term->nwords > tokens->count)
        return false;
    for (size_t n = 0; n < term->nwords; n++)
        if (!word_is(term, n, &tokens->at[i + n]))
            return false;
    const struct token *last = &tokens->at[i + term->nwords - 1];
    bool first_only = term->begins && last->kind == TOKEN_PAIR; /* a pair never comes last */
    *end = first_only ? last[1].at : last->end;
    return true;
}
