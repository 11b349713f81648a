/* Offers: how a paper is offered to whom, and its name in addresses.
 *
 * Every paper has one, made in the transaction that publishes its first edition. Entitlement reads it;
 * editors change it. Groups are kept beside it (group_paper). */
#ifndef LIBRARY_OFFER_H
#define LIBRARY_OFFER_H

#include "base/error.h"
#include "base/lang.h"
#include "format/format.h"
#include "store/store.h"

struct offer {
    int64_t paper;
    struct str key;                   /* its name in addresses: lower-case letters and digits */
    struct str kind, author, summary; /* as the editor wrote them; never marked */
    bool for_groups;                  /* only for its groups; else for every member */
    bool free;                        /* else needs a subscription */
    struct str formats;    /* to download, names separated by a space; empty: for reading only */
    enum format_mark mark; /* how its copies show whose they are, in formats that can */
    int64_t expires_ms;    /* opens to nobody since then; 0: never */
    int64_t copy_days, delete_days; /* after a copy was first given; 0: none */
    int64_t published_ms;           /* of the first edition */
    int64_t withdrawn_ms;           /* 0: it is not */
    struct str withdrawn_why;
};

/* Whether a format, by its name, is among those to download. */
bool library_offers_format(const struct offer *offer, struct str format);

/* Finds the offer by its name in addresses, or that of a paper. STATUS_MISSING when there is none; the
 * message tells no more than that. */
enum status library_find_offer_by_key(struct arena *arena, struct store *store, struct str key,
                                      struct offer *offer, struct error *err);
enum status library_offer_of(struct arena *arena, struct store *store, int64_t paper,
                             struct offer *offer, struct error *err);

/* An offer with what a list says of the paper's newest edition. */
struct offered {
    struct offer offer;
    struct str title; /* the master's */
    enum lang lang;
    int64_t edition;    /* number of the newest */
    int64_t edition_ms; /* when that was published */
};
/* Offers of all papers, the newest first, at most `most` after leaving out `skip`. For editors: what a
 * member may see of them is for entitlement to say. */
enum status library_list_offers(struct arena *arena, struct store *store, int64_t skip,
                                int64_t most, struct offered **list, size_t *count,
                                struct error *err);

/* Makes the row of a new paper, within the open write transaction; fills offer->key where it is empty. */
enum status library_add_offer(struct arena *arena, struct store *store, struct offer *offer,
                              struct error *err);
/* Sets which groups a paper is for, and ends any others; within the open write transaction. */
enum status library_set_offer_groups(struct store *store, int64_t paper, const int64_t *groups,
                                     size_t count, struct error *err);

/* Puts the words, access, formats, visible mark, expiry and days of an offer in force, with its event; within the open
 * write transaction. Key, times of publication and withdrawal stay. */
enum status library_change_offer(struct arena *arena, struct store *store,
                                 const struct offer *offer, struct error *err);
/* Withdraws a paper: nobody opens it any more. STATUS_CONFLICT when it is withdrawn already. The reason
 * stands on its page. Within the open write transaction, with its event. */
enum status library_withdraw_paper(struct arena *arena, struct store *store, int64_t paper,
                                   struct str why, struct error *err);
/* Takes that back. STATUS_CONFLICT when it is not withdrawn. */
enum status library_restore_paper(struct arena *arena, struct store *store, int64_t paper,
                                  struct error *err);

#endif
