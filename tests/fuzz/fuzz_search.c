/* Any bytes as a question: read, put to the index without its refusing, and found again in any text. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "library/search_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct store *open_store(void)
{
    static struct store *store;
    struct error err;
    const char *dir = store ? NULL : make_folder();
    if (dir && (store_create(dir, &err) || store_open(dir, &store, &err)))
        abort();
    return store;
}

/* FTS5 takes the question, whatever was typed. */
static void check_match(struct arena *arena, const struct search_question *question)
{
    struct error err;
    struct str match = search_match_text(arena, question);
    if (!match.len)
        return;
    struct query *q = query_start(open_store(), "SELECT rowid FROM search WHERE search MATCH ?1");
    query_bind_str(q, 1, match);
    while (query_row(q))
        continue;
    if (query_end(q, &err)) {
        (void)fprintf(stderr, "%s: %.*s\n", err.en, STR_ARG(match));
        abort();
    }
}

/* The question's own text as a paper. */
static void check_excerpt(struct arena *arena, const struct search_question *question,
                          struct str text)
{
    struct search_hit hit = {0};
    struct search_own own = {
        .title = text,
        .text = text,
        .title_tokens = token_split(arena, text),
        .text_tokens = token_split(arena, text),
    };
    (void)search_own_fits(&own, question);
    search_make_excerpt(arena, &own, question, &hit);
    if (hit.excerpt.len > text.len * 2 + 64)
        abort();
    for (size_t i = 0; i < hit.excerpt_marked.len; i++) {
        struct str rest = str_slice(hit.excerpt_marked, i, hit.excerpt_marked.len);
        if (rest.at[0] == '<' && !str_starts(rest, STR("<mark>")) &&
            !str_starts(rest, STR("</mark>")))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct search_question question;
    struct arena *arena = arena_make();
    struct str text = {(const char *)data, size < 4096 ? size : 4096};
    search_parse_question(arena, text, &question);
    if (question.nwanted > question.nterms || question.nterms > SEARCH_TERMS_MAX)
        abort();
    check_match(arena, &question);
    check_excerpt(arena, &question, text);
    arena_free(arena);
    return 0;
}
