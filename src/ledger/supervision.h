/* Supervision as it is kept: where a line stands in it, whom it was handed to, what was done and said. The machine itself
 * is data in supervise.h. */
#ifndef LEDGER_SUPERVISION_H
#define LEDGER_SUPERVISION_H

#include "ledger/may.h"
#include "ledger/supervise.h"

#define SUPERVISION_WORDS_MAX 1000 /* characters */

struct supervision {
    enum supervise_state state;
    enum rhythm rhythm;
    int64_t assigned_day, signed_day; /* 0: not yet */
    int64_t fed_day, fault_day;       /* the last of each; 0: none */
    int64_t told_by;                  /* who said that it is done; 0: nobody */
};
/* SUPERVISE_NONE for a line that was never entered. */
enum status ledger_load_supervision(struct store *store, int64_t line,
                                    struct supervision *supervision, struct error *err);

/* A part that was handed on. */
struct supervision_part {
    int64_t id;
    struct str key;
    int64_t above;        /* part that it is handed on from; 0: the line itself */
    int64_t unit, member; /* whom to; one may be 0 */
    struct str words;
    int64_t due_day;
    int64_t given_ms, signed_ms, done_ms, taken_ms; /* 0: not */
    unsigned depth;                                 /* 0 right under the line */
};
/* All parts of a line as a tree: each behind the one above it. */
enum status ledger_list_parts(struct arena *arena, struct store *store, int64_t line,
                              struct supervision_part **list, size_t *count, struct error *err);

struct supervision_entry {
    enum supervise_act act;
    int64_t member, day, made_ms;
    int64_t progress; /* -1: none was given */
    struct str words, shown;
};
/* The newest first, at most `most`. */
enum status ledger_list_supervision_acts(struct arena *arena, struct store *store, int64_t line,
                                         size_t most, struct supervision_entry **list,
                                         size_t *count, struct error *err);

struct supervision_deed {
    enum supervise_act act;
    int64_t actor; /* who acts */
    int64_t today;
    enum rhythm rhythm; /* SUPERVISE_ENTER, SUPERVISE_RHYTHM */
    struct str part; /* key: the part acted on; of SUPERVISE_SHARE the one above; empty: the line */
    int64_t unit, member; /* SUPERVISE_SHARE: whom to */
    int64_t due_day;      /* SUPERVISE_SHARE: by when; 0: with the line */
    int64_t progress;     /* SUPERVISE_FEED; -1: as it was */
    struct str words;
    struct str shown; /* SUPERVISE_REPORT: where the evidence lies, if in no file of the line */
};
/* Which acts the machine allows this person now, as bits by act; of parts, those on `part` (NULL: the line itself).
 * What an act needs besides is not looked at: who tries is told. */
enum status ledger_supervision_acts(struct store *store, const struct ledger_person *person,
                                    int64_t line, const struct supervision *supervision,
                                    const struct supervision_part *part, unsigned *acts,
                                    struct error *err);
/* What files that show it are about, see file.h; files about the line itself count as well. */
#define SUPERVISION_EVIDENCE STR("supervision")
/* STATUS_CONFLICT for a file that a line was said to be done with, until the line is worked on again. */
enum status ledger_may_remove_shown(struct store *store, int64_t line, struct str about,
                                    struct error *err);

/* Acts. Who the actor is, and what to the line, is looked up here, within the transaction that writes. Event line.supervision,
 * besides those of what the act changes in the line: feedback its progress, striking off its state. Errors as
 * supervise_allow; STATUS_INPUT when words can't be taken or nobody is named to share with, STATUS_MISSING when there is no
 * such part, STATUS_CONFLICT when a project is struck off before it is finished, or a joint
 * review before it is replied to. */
enum status ledger_supervise(struct arena *arena, struct store *store, int64_t line,
                             const struct supervision_deed *deed, int64_t now_ms,
                             struct error *err);

#endif
