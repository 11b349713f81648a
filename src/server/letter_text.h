/* What a letter says: its template filled in the member's language, at the moment it is sent. */
#ifndef SERVER_LETTER_TEXT_H
#define SERVER_LETTER_TEXT_H

#include "server/mime.h"
#include "server/server.h"
#include "server/template.h"

struct letter_row {
    int64_t id, event, member, created_ms, tries;
    struct str kind, data;
};

/* Whether the templates of all kinds use only names that there are. */
enum status letter_text_check(const struct templates *templates, struct error *err);

/* Fills *letter, in the arena. *wanted is false when there is nothing to send any more: the member is
 * suspended or gone, wants none of this kind, or may not open what it tells of. */
enum status letter_text_make(struct arena *arena, struct server *server, struct store *store,
                             const struct letter_row *row, struct mime_letter *letter, bool *wanted,
                             struct error *err);

/* The language of letters to who has chosen none: the installation's, else the machine's. */
enum status letter_common_lang(struct arena *arena, struct store *store, enum lang *lang,
                               struct error *err);

/* What a kind of letter is called. Static. */
const char *letter_kind_words(struct str kind, enum lang lang);

/* The portal's own address for links: the setting site.url, else where it listens. In the arena. */
enum status letter_site_url(struct arena *arena, struct server *server, struct store *store,
                            struct str *url, struct error *err);

/* The name in an address by which a member stops letters without signing in, and back: 0 when it is
 * nobody's. It is made from the installation's secret, so that it needs no store and never ends. */
struct str letter_unsubscribe_token(struct arena *arena, struct store *store, int64_t member);
int64_t letter_unsubscribe_member(struct store *store, struct str token);

#endif
