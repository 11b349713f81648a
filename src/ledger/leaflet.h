/* The leaflet of a policy (明白卡): who may claim what, how, until when, whom to ask, in plain words, in one language or
 * both. Edition by edition: what one writes another looks at before it is shown; see policy.h for the machine.
 *
 * Changes run within the caller's open write transaction; who the actor is, and what to the line, is looked up there. */
#ifndef LEDGER_LEAFLET_H
#define LEDGER_LEAFLET_H

#include "ledger/may.h"
#include "ledger/policy.h"

#define LEAFLET_TITLE_MAX 100 /* characters */
#define LEAFLET_TEXT_MAX  3000
#define LEAFLET_LINE_MAX  300 /* of contact and source */
#define LEAFLET_WORDS_MAX 500

enum leaflet_part {
    LEAFLET_TITLE,
    LEAFLET_GIVES,
    LEAFLET_WHO,
    LEAFLET_HOW,
    LEAFLET_CONTACT,
    LEAFLET_SOURCE,
    LEAFLET_PARTS
};
struct leaflet_part_row {
    const char *name; /* the column's, and the input's after "zh_" or "en_" */
    bool lines;       /* of several lines */
    int64_t most;     /* characters */
    const char *en, *zh;
};
extern const struct leaflet_part_row leaflet_parts[LEAFLET_PARTS];

#define LEAFLET_LANGS 2 /* enum lang */
struct leaflet {
    int64_t id, number;
    enum leaflet_state state;
    int64_t claim_from, claim_until; /* days; 0: as long as the policy is in force */
    struct str link;                 /* where its own text is found; empty: nowhere */
    int64_t writer, written_ms, checker, checked_ms;
    struct str words;                               /* why it was sent back or withdrawn */
    struct str texts[LEAFLET_LANGS][LEAFLET_PARTS]; /* all empty where it is not in that language */
};
/* Whether a leaflet says anything in a language, and whether it says all that must be said. Pure. */
bool leaflet_has(const struct leaflet *leaflet, enum lang lang);
bool leaflet_is_whole(const struct leaflet *leaflet, enum lang lang);
/* The language in which to show it to a reader of `lang`: theirs where it is whole in that. */
enum lang leaflet_lang(const struct leaflet *leaflet, enum lang lang);

/* The edition that is written or waits, and the one that is shown; LEAFLET_NONE where there is none. */
enum status ledger_find_open_leaflet(struct arena *arena, struct store *store, int64_t line,
                                     struct leaflet *leaflet, struct error *err);
enum status ledger_find_shown_leaflet(struct arena *arena, struct store *store, int64_t line,
                                      struct leaflet *leaflet, struct error *err);
/* The edition that was shown last and is no more, where none is shown. */
enum status ledger_find_past_leaflet(struct arena *arena, struct store *store, int64_t line,
                                     struct leaflet *leaflet, struct error *err);

/* What somebody may do now, as bits by act, with the editions as found. */
enum status ledger_leaflet_acts(struct store *store, const struct ledger_person *person,
                                int64_t line, const struct leaflet *open,
                                const struct leaflet *shown, unsigned *acts, struct error *err);

/* Keeps what was written: as the edition that is open, else as the next one. What waited to be looked at waits no more.
 * Event line.leaflet. STATUS_INPUT when a text, day or link can't be taken. */
enum status ledger_write_leaflet(struct arena *arena, struct store *store, int64_t line,
                                 int64_t actor, const struct leaflet *leaflet, int64_t now_ms,
                                 struct error *err);

struct leaflet_deed {
    enum leaflet_act act; /* any but LEAFLET_ACT_WRITE */
    int64_t actor;
    int64_t seen_ms; /* LEAFLET_ACT_SHOW: written_ms of what was looked at; 0: as it is now */
    struct str words;
};
/* Event line.leaflet. Errors as machine_allow; STATUS_CONFLICT when it was written anew since it was looked at. */
enum status ledger_act_on_leaflet(struct arena *arena, struct store *store, int64_t line,
                                  const struct leaflet_deed *deed, int64_t now_ms,
                                  struct error *err);

#endif
