/* Letters that anybody may ask for by typing an address: to reset a password, to join.
 *
 * Asking notes the address and no more, with the same event whether it is known here or not; who it belongs
 * to is looked up later, by whoever sends the mail. So neither the answer, nor its time, nor what others
 * see happening tells who is a member. */
#ifndef LIBRARY_ASKING_H
#define LIBRARY_ASKING_H

#include "base/lang.h"
#include "store/store.h"

struct asker {
    struct str name; /* of who wants to join */
    struct str email;
    enum lang lang; /* of the page; the letter's too, where the member has chosen none */
    int64_t now_ms;
};

/* Notes the wish for a link to reset, within the open write transaction. */
enum status asking_reset(struct store *store, const struct asker *asker, struct error *err);
/* Notes the wish to join. STATUS_INPUT when name or e-mail can't be taken, whoever has the address. */
enum status asking_join(struct store *store, const struct asker *asker, struct error *err);

/* Whether any wish waits. */
enum status asking_waits(struct store *store, bool *waits, struct error *err);
/* Answers those that wait, a hundred at most, and forgets them; a server_write_step without context. To who
 * has an account goes a letter to reset, if it is theirs to sign in with; who asked to join and has none is
 * added to the list and invited; else nothing happens. */
enum status asking_answer(struct store *store, struct arena *scratch, void *context,
                          struct error *err);

#endif
