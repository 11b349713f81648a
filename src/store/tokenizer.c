/* What FTS5 is told of words: nothing but where each ends.
 *
 * Splitting, folding and stemming are done by base/token.h before text comes here, for texts and questions
 * alike, as only the library knows where an edition has two renderings. So a text for the index (and a
 * phrase of a question) is a row of ready words with a space between. A word that begins with '+' stands at
 * the place of the one before it, as the other rendering of a site does. */
#include "internal.h"

#include <string.h>

static int make_tokenizer(void *context, const char **arguments, int count, Fts5Tokenizer **made)
{
    (void)arguments;
    (void)count;
    *made = context; /* it has no state; any address will do */
    return SQLITE_OK;
}

static void end_tokenizer(Fts5Tokenizer *tokenizer)
{
    (void)tokenizer;
}

static int give_words(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int len,
                      int (*take)(void *, int, const char *, int, int, int))
{
    int code = SQLITE_OK;
    (void)tokenizer;
    (void)flags;
    for (int at = 0; code == SQLITE_OK && at < len;) {
        const char *space = memchr(text + at, ' ', (size_t)(len - at));
        int end = space ? (int)(space - text) : len;
        int beside = end > at + 1 && text[at] == '+';
        if (end > at)
            code = take(context, beside ? FTS5_TOKEN_COLOCATED : 0, text + at + beside,
                        end - at - beside, at, end);
        at = end + 1;
    }
    return code;
}

int store_add_tokenizer(sqlite3 *db)
{
    static char nothing;
    fts5_tokenizer words = {make_tokenizer, end_tokenizer, give_words};
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
    if (code == SQLITE_OK && sqlite3_step(s) != SQLITE_ROW)
        code = SQLITE_ERROR;
    (void)sqlite3_finalize(s);
    if (code == SQLITE_OK && !api)
        code = SQLITE_ERROR;
    return code == SQLITE_OK ? api->xCreateTokenizer(api, "ready_words", &nothing, &words, NULL)
                             : code;
}
