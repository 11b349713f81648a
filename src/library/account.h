/* Accounts: members who can sign in, and what else they may do.
 *
 * A member without an account is on the list only; an invitation, accepted with a password, makes the
 * account. Every change here has its event, in the open write transaction of the caller unless said
 * otherwise. */
#ifndef LIBRARY_ACCOUNT_H
#define LIBRARY_ACCOUNT_H

#include "library/asking.h"
#include "library/member.h"

/* The roles that can be given; what every member may needs none. Ends with a name of NULL. */
struct account_role {
    const char *name;
    const char *en, *zh;
};
extern const struct account_role account_roles[];

/* Whether a password was chosen, so that an invitation has nothing to open any more. */
enum status account_has_password(struct store *store, int64_t member, bool *has, struct error *err);

/* Makes an invitation in a transaction of its own; gives the path of its link, in the arena.
 * STATUS_CONFLICT when the member has an account with a password: that is what a reset is for. */
enum status account_invite(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                           struct str *path, struct error *err);

/* Uses up an invitation, makes the account where there is none, and keeps the password (as
 * password_hash gives it). STATUS_MISSING as ticket_use. */
enum status account_accept_invitation(struct arena *arena, struct store *store, struct str secret,
                                      struct str hash, int64_t now_ms, int64_t *member,
                                      struct error *err);

/* Makes the first owner: member, account and role. STATUS_CONFLICT when there is an owner, or when a
 * member with this e-mail has a password. Fills owner->id. */
enum status account_make_owner(struct arena *arena, struct store *store, struct member *owner,
                               struct str hash, int64_t now_ms, struct error *err);

/* Queues a letter with which the owner of this address chooses a new password, because of the event with this
 * seq. Does nothing, and says nothing of it, when no account of this address has a password. */
enum status account_send_reset(struct arena *arena, struct store *store, const struct asker *asker,
                               int64_t event, struct error *err);
/* Makes a link to reset for the hand of somebody who has no mail, in a transaction of its own; gives its
 * path, in the arena. STATUS_CONFLICT when no password was chosen yet, or the account is suspended. */
enum status account_make_reset(struct arena *arena, struct store *store, int64_t member,
                               int64_t now_ms, struct str *path, struct error *err);
/* Uses up a reset, keeps the new password and ends all sessions and tokens: whoever knew the old password may have
 * made some. STATUS_MISSING as ticket_use. */
enum status account_reset(struct arena *arena, struct store *store, struct str secret,
                          struct str hash, int64_t now_ms, struct error *err);

/* Keeps a new password and ends every session but `kept` (NULL: all of them). */
enum status account_set_password(struct arena *arena, struct store *store, int64_t member,
                                 struct str hash, const struct digest *kept, struct error *err);

/* lang: "", "zh" or "en"; mail: "each", "daily", "weekly" or "none". STATUS_INPUT on anything else. */
enum status account_set_preferences(struct arena *arena, struct store *store, int64_t member,
                                    struct str lang, struct str mail, struct error *err);

#define ACCOUNT_SESSIONS_MAX 200 /* shown; the newest */
struct account_session {
    struct str key; /* names it among its member's: hexadecimal digits */
    struct str agent, place;
    int64_t created_ms, seen_ms;
    bool current;
};
/* The member's sessions that have not run out, the last seen first, in the arena. */
enum status account_list_sessions(struct arena *arena, struct store *store, int64_t member,
                                  const struct digest *current, int64_t now_ms,
                                  struct account_session **sessions, size_t *count,
                                  struct error *err);
/* Ends one; STATUS_MISSING when the member has none of this key. */
enum status account_end_session(struct arena *arena, struct store *store, int64_t member,
                                struct str key, struct error *err);
/* Ends all but `kept` (NULL: all). */
enum status account_end_sessions(struct arena *arena, struct store *store, int64_t member,
                                 const struct digest *kept, struct error *err);

/* Suspends until it is lifted: no sign-in, no session, no token, no open invitation. STATUS_CONFLICT for the last
 * owner. */
enum status account_suspend(struct arena *arena, struct store *store, int64_t member,
                            int64_t now_ms, struct error *err);
/* Lifts it. STATUS_CONFLICT when a sanction suspends the member: that ends by its own time or by an appeal. */
enum status account_lift(struct arena *arena, struct store *store, int64_t member, int64_t now_ms,
                         struct error *err);
/* Suspends for a time, by a sanction; what a steward suspended without one stays so. Sessions go on for the pages
 * on which the member reads about it and answers (ROLE_SUSPENDED). STATUS_CONFLICT for the last owner. */
enum status account_suspend_until(struct arena *arena, struct store *store, int64_t member,
                                  int64_t until_ms, int64_t now_ms, struct error *err);
/* STATUS_CONFLICT when the member is the last owner, whom nobody can suspend. */
enum status account_check_suspension(struct store *store, int64_t member, struct error *err);
/* Puts in force what the sanctions that still stand ask for: a later end, or none. */
enum status account_end_suspension(struct arena *arena, struct store *store, int64_t member,
                                   int64_t now_ms, struct error *err);

/* Who was told of a sanction may sign in to read about it, suspended or not: in SQL over an expression for a
 * member. */
#define ANSWERS_SQL(MEMBER) "EXISTS (SELECT 1 FROM sanction an_s WHERE an_s.member = " MEMBER ")"

/* Takes in somebody who asked for it, by the event with this seq, with an e-mail address, where registration is
 * open: adds them to the list and queues an invitation, or a letter to reset for who has an account.
 * STATUS_INPUT when name or e-mail can't be taken, whoever has the address. */
enum status account_register(struct arena *arena, struct store *store, const struct asker *asker,
                             int64_t event, struct error *err);
/* Queues the letter with an invitation's link, in the installation's language. */
enum status account_mail_invitation(struct arena *arena, struct store *store, int64_t member,
                                    struct str path, struct error *err);

/* Gives or takes a role, in a transaction of its own. STATUS_USAGE when there is no such role,
 * STATUS_CONFLICT when it would leave the installation without an owner. What is so already is no
 * error and no event. */
enum status account_give_role(struct arena *arena, struct store *store, int64_t member,
                              struct str role, struct error *err);
enum status account_take_role(struct arena *arena, struct store *store, int64_t member,
                              struct str role, struct error *err);
/* The member's roles in the order of account_roles, separated by spaces, in the arena. */
enum status account_list_roles(struct arena *arena, struct store *store, int64_t member,
                               struct str *roles, struct error *err);

#endif
