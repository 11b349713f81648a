/* What may have been meant: while a question is typed, and when it finds nothing; see search.h.
 *
 * The words of the index belong to all papers, also to those that the member may not open. So a word is
 * proposed only when the member would find it, and a title only as it stands in their copy. */
#include "library/search_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define TITLES_TRIED 40U
#define WORDS_TRIED  24U
#define WORD_MAX     32U /* bytes of a word that is compared */

/* --- titles --------------------------------------------------------------------------------------- */

static bool has_text(const struct search_suggestion *list, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(list[i].text, text))
            return true;
    return false;
}

static enum status suggest_titles(struct arena *arena, struct store *store,
                                  const struct search_request *request,
                                  const struct search_question *question,
                                  struct search_suggestion *list, size_t *count, struct error *err)
{
    struct search_candidate *candidates;
    size_t found;
    struct str match = search_match_text(arena, question);
    enum status status = search_find_candidates(
        arena, store, request, str_format(arena, "{title} : (%.*s)", STR_ARG(match)), &candidates,
        &found, err);
    for (size_t i = 0; !status && i < found && i < TITLES_TRIED && *count < SEARCH_SUGGEST_MAX;
         i++) {
        struct search_own own;
        status =
            search_load_own(arena, store, candidates[i].paper, request->member, false, &own, err);
        if (!status && search_own_fits(&own, question) && !has_text(list, *count, own.title))
            list[(*count)++] = (struct search_suggestion){own.title, candidates[i].key};
    }
    return status;
}

/* --- words ---------------------------------------------------------------------------------------- */

struct word_list {
    struct str at[WORDS_TRIED];
    unsigned distance[WORDS_TRIED];
    size_t count;
};

static enum status find_words_from(struct arena *arena, struct store *store, struct str beginning,
                                   struct word_list *words, struct error *err)
{
    struct query *q = query_start(store, "SELECT word FROM search_word WHERE word > ?1"
                                         " AND word < ?1 || char(1114111)"
                                         " ORDER BY length(word), word LIMIT 24");
    query_bind_str(q, 1, beginning);
    while (query_row(q) && words->count < WORDS_TRIED)
        words->at[words->count++] = str_copy(arena, query_str(q, 0));
    return query_end(q, err);
}

/* The question with one term's text put in the place of what was typed. */
static struct str ask_with(struct arena *arena, const struct search_question *question, size_t term,
                           struct str word)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < question->nterms; i++) {
        const struct search_term *t = &question->terms[i];
        const char *quote = t->exact ? "\"" : "";
        buf_format(&out, "%s%s%s%.*s%s", i ? " " : "", t->without ? "-" : "", quote,
                   STR_ARG(i == term ? word : t->typed), quote);
    }
    return buf_str(&out);
}

static enum status suggest_words(struct arena *arena, struct store *store,
                                 const struct search_request *request,
                                 const struct search_question *question,
                                 struct search_suggestion *list, size_t *count, struct error *err)
{
    struct word_list words = {0};
    const struct search_term *last = &question->terms[question->nterms - 1];
    if (last->exact || last->without || last->nwords != 1 || last->typed.len < 2 ||
        (unsigned char)last->typed.at[0] >= 0x80)
        return STATUS_OK;
    enum status status = find_words_from(arena, store, last->typed, &words, err);
    for (size_t i = 0; !status && i < words.count && *count < SEARCH_SUGGEST_MAX; i++) {
        bool any = false;
        struct str all = ask_with(arena, question, question->nterms - 1, words.at[i]);
        struct str exactly = str_format(arena, "%.*s \"%.*s\"", STR_ARG(all), STR_ARG(words.at[i]));
        status = search_finds_any(arena, store, request, exactly, &any, err);
        if (!status && any && !has_text(list, *count, all))
            list[(*count)++] = (struct search_suggestion){.text = all};
    }
    return status;
}

enum status library_search_suggest(struct arena *arena, struct store *store,
                                   const struct search_request *request,
                                   struct search_suggestion **suggestions, size_t *count,
                                   struct error *err)
{
    struct search_question question;
    search_parse_question(arena, request->words, &question);
    *suggestions = arena_array(arena, SEARCH_SUGGEST_MAX, struct search_suggestion);
    *count = 0;
    if (question.nwanted == 0)
        return STATUS_OK;
    struct search_question unfinished = question;
    struct search_term *last = &unfinished.terms[unfinished.nterms - 1];
    if (!last->exact && !last->without && last->nwords == 1 && !last->begins) {
        last->words = &last->typed;
        last->begins = last->typed.len > 1 && (unsigned char)last->typed.at[0] < 0x80;
        if (!last->begins)
            last->words = question.terms[question.nterms - 1].words;
    }
    enum status status =
        suggest_titles(arena, store, request, &unfinished, *suggestions, count, err);
    return status ? status
                  : suggest_words(arena, store, request, &question, *suggestions, count, err);
}

/* --- when nothing was found ----------------------------------------------------------------------- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Letters to add, leave out, change, or to swap with their neighbour (Damerau, Levenshtein; the variant
 * that touches no pair twice). Both at most WORD_MAX bytes. */
static unsigned word_distance(struct str a, struct str b)
{
    unsigned rows[3][WORD_MAX + 1];
    for (unsigned k = 0; k <= b.len; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t k = 1; k <= b.len; k++) {
            bool same = a.at[i - 1] == b.at[k - 1];
            row[k] = least(least(above[k], row[k - 1]) + 1, above[k - 1] + !same);
            if (i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1])
                row[k] = least(row[k], two_above[k - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
}

/* Keeps the nearest, the nearest first. */
static void keep_word(struct arena *arena, struct word_list *words, struct str word,
                      unsigned distance)
{
    size_t at = words->count;
    while (at > 0 && words->distance[at - 1] > distance)
        at--;
    if (at == WORDS_TRIED)
        return;
    size_t moved = words->count < WORDS_TRIED ? words->count - at : WORDS_TRIED - 1 - at;
    memmove(words->at + at + 1, words->at + at, moved * sizeof *words->at);
    memmove(words->distance + at + 1, words->distance + at, moved * sizeof *words->distance);
    words->at[at] = str_copy(arena, word);
    words->distance[at] = distance;
    words->count += words->count < WORDS_TRIED;
}

/* Words near the one typed; the first letter is taken to be right, or swapped with the second. */
static enum status find_near_words(struct arena *arena, struct store *store, struct str typed,
                                   struct word_list *words, struct error *err)
{
    unsigned most = typed.len <= 4 ? 1 : 2;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < 2; i++) {
        struct query *q = query_start(
            store, "SELECT word FROM search_word WHERE word >= ?1 AND word < ?1 || char(1114111)"
                   " AND length(word) BETWEEN ?2 AND ?3");
        query_bind_str(q, 1, str_slice(typed, i, 1));
        query_bind_int(q, 2, (int64_t)typed.len - most);
        query_bind_int(q, 3, (int64_t)typed.len + most);
        while ((i == 0 || typed.at[0] != typed.at[1]) && query_row(q)) {
            struct str word = query_str(q, 0);
            unsigned distance = word.len <= WORD_MAX ? word_distance(typed, word) : most + 1;
            if (distance > 0 && distance <= most)
                keep_word(arena, words, word, distance);
        }
        status = query_end(q, err);
    }
    return status;
}

static enum status mend_word(struct arena *arena, struct store *store,
                             const struct search_request *request,
                             const struct search_question *question, size_t term,
                             struct search_found *found, struct error *err)
{
    struct word_list words = {0};
    struct str typed = question->terms[term].typed;
    enum status status = find_near_words(arena, store, typed, &words, err);
    for (size_t i = 0; !status && i < words.count && found->ninsteads < SEARCH_INSTEADS_MAX; i++) {
        bool any = false;
        struct str all = ask_with(arena, question, term, words.at[i]);
        struct str exactly = str_format(arena, "%.*s \"%.*s\"", STR_ARG(all), STR_ARG(words.at[i]));
        status = search_finds_any(arena, store, request, exactly, &any, err);
        if (!status && any)
            found->insteads[found->ninsteads++] = all;
    }
    return status;
}

static bool is_mendable(const struct search_term *t)
{
    if (t->exact || t->without || t->nwords != 1 || t->typed.len < 3 || t->typed.len > WORD_MAX)
        return false;
    for (size_t i = 0; i < t->typed.len; i++)
        if (t->typed.at[i] < 'a' || t->typed.at[i] > 'z')
            return false;
    return true;
}

/* --- Chinese: titles that share most of the pairs ------------------------------------------------- */

static struct tokens pairs_of(struct arena *arena, const struct search_question *question)
{
    struct buf text = {.arena = arena};
    for (size_t i = 0; i < question->nterms; i++)
        if (!question->terms[i].without)
            buf_add(&text, question->terms[i].typed);
    struct tokens tokens = token_split(arena, buf_str(&text));
    size_t count = 0;
    for (size_t i = 0; i < tokens.count && count < SEARCH_TERMS_MAX; i++)
        if (tokens.at[i].kind == TOKEN_PAIR)
            tokens.at[count++] = tokens.at[i];
    tokens.count = count;
    return tokens;
}

static size_t shared_pairs(const struct tokens *pairs, const struct tokens *title)
{
    size_t shared = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        size_t k = 0;
        while (k < title->count && !str_equal(title->at[k].word, pairs->at[i].word))
            k++;
        shared += k < title->count;
    }
    return shared;
}

static enum status find_like_titles(struct arena *arena, struct store *store,
                                    const struct search_request *request,
                                    const struct search_question *question,
                                    struct search_found *found, struct error *err)
{
    struct tokens pairs = pairs_of(arena, question);
    struct buf match = {.arena = arena};
    struct search_candidate *candidates;
    size_t count;
    if (pairs.count < 2)
        return STATUS_OK;
    buf_add(&match, STR("{title} : ("));
    for (size_t i = 0; i < pairs.count; i++)
        buf_format(&match, "%s\"%.*s\"", i ? " OR " : "", STR_ARG(pairs.at[i].word));
    buf_add_byte(&match, ')');
    enum status status =
        search_find_candidates(arena, store, request, buf_str(&match), &candidates, &count, err);
    for (size_t i = 0; !status && i < count && i < TITLES_TRIED; i++) {
        struct search_own own;
        status =
            search_load_own(arena, store, candidates[i].paper, request->member, false, &own, err);
        bool like = !status && shared_pairs(&pairs, &own.title_tokens) * 2 >= pairs.count;
        for (size_t k = 0; like && k < found->ninsteads; k++)
            like = !str_equal(found->insteads[k], own.title);
        if (like && found->ninsteads < SEARCH_INSTEADS_MAX)
            found->insteads[found->ninsteads++] = own.title;
    }
    return status;
}

enum status search_find_insteads(struct arena *arena, struct store *store,
                                 const struct search_request *request,
                                 const struct search_question *question, struct search_found *found,
                                 struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < question->nterms && found->ninsteads == 0; i++)
        if (is_mendable(&question->terms[i]))
            status = mend_word(arena, store, request, question, i, found, err);
    return status ? status : find_like_titles(arena, store, request, question, found, err);
}
