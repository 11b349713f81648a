/* Tokens: what a script or feed reader shows in the place of a session.
 *
 * A token opens what its scopes name and its member may, nothing more. It is shown once; the store knows
 * its digest. Changes run within the open write transaction, with their events. */
#ifndef LIBRARY_TOKEN_H
#define LIBRARY_TOKEN_H

#include "store/store.h"

struct token {
    struct str key; /* names it among its member's: hexadecimal digits */
    struct str name, scopes;
    int64_t created_ms, seen_ms; /* 0: never */
    int64_t until_ms;            /* a moment of its last day; 0: it has none */
    bool over;                   /* that day is over */
};

#define TOKEN_DAYS 365 /* that one holds where its maker says nothing else */
/* Whether a token, by the name that it has in the query, holds at a time: a condition of SQL. */
#define TOKEN_HOLDS_SQL(token, now_ms)                                        \
    "(" token ".ended_ms IS NULL AND (" token ".expires_ms IS NULL OR " token \
    ".expires_ms > " now_ms "))"

/* What a token can be for, with the role that its member must have ("" any). Ends with a name of NULL. */
struct token_scope {
    const char *name, *role;
    const char *en, *zh;
};
extern const struct token_scope token_scopes[];

/* Makes a token; `secret`, in the arena, is what the script sends. scopes: names separated by spaces;
 * STATUS_INPUT when there is none, one is unknown, or the member has not its role. It holds until expires_ms, which is
 * later than now_ms; 0: until it is ended. */
enum status token_make(struct arena *arena, struct store *store, int64_t member, struct str name,
                       struct str scopes, int64_t expires_ms, int64_t now_ms, struct str *secret,
                       struct error *err);
/* Ends one of the member's tokens. STATUS_MISSING when there is none of this key, or it has ended. */
enum status token_end(struct arena *arena, struct store *store, int64_t member, struct str key,
                      int64_t now_ms, struct error *err);
/* Ends all of them, where somebody else may have made some, with event token.ended and their number if there were any;
 * whoever calls it adds the event that tells why. The arena holds words of the event. */
enum status token_end_all(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                          struct error *err);
/* The member's tokens that nobody ended, newest first, in the arena; those whose last day is over too, so that who wonders
 * why a script stopped sees it. */
enum status token_list(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                       struct token **tokens, size_t *count, struct error *err);

#endif
