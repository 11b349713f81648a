/* Requests: papers, or changes to a paper, that members ask for.
 *
 * Every member sees them, votes once and may follow; a request about a paper exists only for whom the paper is
 * open to. An editor answers with a state, which follows a table (ask_steps); those who follow are told, each
 * once an answer, and of a paper that grants it only if it is open to them. Who asked is shown to whom talk
 * would show it: members of a group of theirs, and staff.
 *
 * A request is written Q1, Q2 … in events. Changes run within the caller's open write transaction and add their
 * event. */
#ifndef LIBRARY_ASK_H
#define LIBRARY_ASK_H

#include "base/lang.h"
#include "store/store.h"

#define ASK_TITLE_MAX  120  /* characters */
#define ASK_TEXT_MAX   4000 /* characters */
#define ASK_REASON_MAX 500  /* characters */
#define ASKS_A_DAY     10   /* of one member */
#define ASKS_SIMILAR   5U   /* shown before one asks */

/* --- states --------------------------------------------------------------------------------------- */

enum ask_state { ASK_OPEN, ASK_PLANNED, ASK_WRITING, ASK_PUBLISHED, ASK_DECLINED, ASK_STATES };
const char *ask_state_name(enum ask_state state); /* "open", "planned" … */
bool ask_state_parse(struct str name, enum ask_state *state);
/* "being written", "撰写中": as pages and letters say it. */
const char *ask_state_words(enum ask_state state, enum lang lang);

/* What an answer needs besides the state. */
enum ask_need { ASK_NEEDS_NOTHING, ASK_NEEDS_REASON, ASK_NEEDS_PAPER };
struct ask_step {
    enum ask_state from, to;
    enum ask_need need;
};
/* Every way from one state to another; ends where from and to are alike. */
extern const struct ask_step ask_steps[];
/* The step between two states; NULL when there is none. */
const struct ask_step *ask_find_step(enum ask_state from, enum ask_state to);

/* --- requests ------------------------------------------------------------------------------------- */

struct ask {
    int64_t id;
    struct str key;
    struct str title, text;
    enum ask_state state;
    struct str reason;
    struct str author;                 /* the name; empty when it is not for this member's eyes */
    bool own;                          /* this member asked */
    struct str about_key, about_title; /* the paper to be changed; empty: a new one */
    struct str paper_key, paper_title; /* the paper that grants it, if it is open to this member */
    int64_t votes, followers;
    bool voted, follows;
    int64_t created_ms, answered_ms;
};

struct new_ask {
    int64_t author;
    struct str title, text;
    struct str paper; /* key of the paper to be changed; empty: a new one */
};
/* Asks; the author votes and follows. Fills *id. STATUS_INPUT without a title, STATUS_MISSING when the paper
 * is not open to the author, STATUS_LIMITED after ASKS_A_DAY. */
enum status library_make_ask(struct arena *arena, struct store *store, const struct new_ask *ask,
                             int64_t now_ms, int64_t *id, struct error *err);
/* Finds one by its key as the member sees it. STATUS_MISSING alike for none, removed, and not for these eyes. */
enum status library_find_ask(struct arena *arena, struct store *store, struct str key,
                             int64_t member, int64_t now_ms, struct ask *ask, struct error *err);
/* Those that a member sees, most votes first; `state` NULL: all that wait for a paper. Leaves out the first
 * `skip`, gives at most `most`. */
enum status library_list_asks(struct arena *arena, struct store *store, int64_t member,
                              const enum ask_state *state, int64_t now_ms, int64_t skip,
                              int64_t most, struct ask **list, size_t *count, struct error *err);
/* Those that say something like `words`, the most alike first, at most ASKS_SIMILAR. */
enum status library_similar_asks(struct arena *arena, struct store *store, int64_t member,
                                 struct str words, int64_t now_ms, struct ask **list, size_t *count,
                                 struct error *err);
/* How many requests a member sees in each state. */
enum status library_count_asks(struct store *store, int64_t member, int64_t now_ms,
                               int64_t counts[ASK_STATES], struct error *err);

/* What a member does to a request; what is so already is no error and no event. Voting follows as well.
 * STATUS_CONFLICT when it is answered for good and takes no votes. */
enum status library_vote_ask(struct store *store, const struct ask *ask, int64_t member,
                             struct error *err);
enum status library_unvote_ask(struct store *store, const struct ask *ask, int64_t member,
                               struct error *err);
enum status library_follow_ask(struct store *store, const struct ask *ask, int64_t member,
                               struct error *err);
enum status library_unfollow_ask(struct store *store, const struct ask *ask, int64_t member,
                                 struct error *err);

struct ask_answer {
    enum ask_state state;
    struct str reason;
    int64_t paper;  /* that grants it: of ASK_PUBLISHED */
    int64_t editor; /* who answers, and is not told */
};
/* Answers, and queues a letter for everybody who follows it and may see it. STATUS_CONFLICT when the table
 * knows no such step, STATUS_INPUT when what it needs is missing. */
enum status library_answer_ask(struct arena *arena, struct store *store, int64_t ask,
                               const struct ask_answer *answer, int64_t now_ms, struct error *err);
/* The same for a paper that was published for the request of that key; one that is gone, or answered for good
 * meanwhile, is left alone. */
enum status library_fulfil_ask(struct arena *arena, struct store *store, struct str key,
                               int64_t paper, int64_t editor, struct error *err);
/* Removes one: its author while nobody else has voted, or a steward with a reason. STATUS_FORBIDDEN,
 * STATUS_INPUT without a reason. */
enum status library_remove_ask(struct store *store, const struct ask *ask, bool steward,
                               struct str why, int64_t now_ms, struct error *err);

/* The members to be told of an answer, ascending, in the arena: who follows and may see it, the editor who gave it
 * apart. */
enum status library_ask_audience(struct arena *arena, struct store *store, int64_t ask,
                                 int64_t editor, int64_t now_ms, int64_t **members, size_t *count,
                                 struct error *err);

#endif
