/* A leaflet as people read it, the same before it is shown and after; and who is told that it changed. */
#ifndef SERVER_LEDGER_LEAFLET_H
#define SERVER_LEDGER_LEAFLET_H

#include "ledger/leaflet.h"
#include "ledger/policies.h"
#include "server/request.h"

struct leaflet_view {
    struct str title, lang, contact, source, link;
    struct str gives, who, how; /* HTML */
    struct str from,
        until;   /* days; empty: as long as the policy is in force, or until further notice */
    bool closed; /* the last day to claim it is past */
};
extern const struct field leaflet_view_fields[];
/* `policy` says how long it is in force, where the leaflet says nothing of its own. */
void leaflet_fill_view(const struct request *rq, const struct leaflet *leaflet,
                       const struct policy *policy, enum lang lang, struct leaflet_view *view);

/* What became of a policy that those who asked for it are told. */
enum leaflet_news { LEAFLET_NEWS_SHOWN, LEAFLET_NEWS_EXTENDED, LEAFLET_NEWS_ENDED };
/* Queues letters within the write transaction, right after the event: to members who follow the policy, or one of its
 * words, as their account wishes. Nobody is told twice of one event, nor who `actor` is. Does nothing where no leaflet is
 * shown: who can't read of it is not told. */
enum status leaflet_tell(struct arena *arena, struct store *store, int64_t line,
                         enum leaflet_news news, int64_t actor, struct error *err);

#endif
