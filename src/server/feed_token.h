/* Addresses that hold their own key, for readers that can send nothing else: feeds and calendars. */
#ifndef SERVER_FEED_TOKEN_H
#define SERVER_FEED_TOKEN_H

#include "server/request.h"

struct feed_token {
    struct digest hash;
    int64_t member, made_ms, seen_ms, now_ms;
};
/* Finds the token that stands first in the address, with the scope, and notes once an hour that it was seen. The
 * request's language becomes its member's unless the address names one. STATUS_MISSING when there is none, it has
 * ended, or its member is suspended. */
enum status feed_token_find(struct request *rq, const char *scope, struct feed_token *token,
                            struct error *err);
/* Answers with bytes that a reader may keep, but asks about each time. */
enum status feed_answer(struct request *rq, const char *type, struct str bytes);

#endif
