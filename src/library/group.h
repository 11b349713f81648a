/* Groups: who reads and talks together, paid and free, public or by invitation.
 *
 * A member is in a group because they joined or were put there, or because a subscription that runs opens
 * it. A closed group keeps its members and its papers stay open to them; nobody joins and nobody posts.
 * A group by invitation does not exist for who is not in it, stewards apart, unless it takes applications
 * (application.h): then its name and purpose are seen, and nothing else.
 *
 * A group is written G1, G2 … in events. Changes run within the caller's open write transaction and add
 * their event. */
#ifndef LIBRARY_GROUP_H
#define LIBRARY_GROUP_H

#include "store/store.h"

#define GROUP_NAME_MAX 500 /* bytes, as much as a member's line in a file may hold */

struct group {
    int64_t id;
    struct str key; /* its name in addresses */
    struct str name, about;
    bool paid;      /* opened by plans: nobody joins by themselves */
    bool is_public; /* anybody may join, or see that it exists */
    bool asking;    /* by invitation, and takes applications; never with is_public */
    int64_t created_ms, closed_ms;
};

/* A group as one member sees it. */
struct group_sight {
    struct group group;
    int64_t members, papers;
    bool in;             /* for whatever reason */
    bool joined;         /* may leave */
    bool outside;        /* sees the name and purpose only: members and papers are 0 */
    bool answers;        /* for applications */
    int64_t waiting;     /* applications that the member may answer */
    int64_t asked_ms;    /* of the member's own application that waits; 0: none */
    struct str declined; /* why the last was declined, until they ask anew or get in */
};

/* Whether a member is in a group, in SQL over expressions as in ENTITLED_SQL. */
#define IN_GROUP_SQL(GROUP, MEMBER, NOW)                                                    \
    "(EXISTS (SELECT 1 FROM group_member gr_m WHERE gr_m.\"group\" = " GROUP                \
    " AND gr_m.member = " MEMBER                                                            \
    ") OR EXISTS (SELECT 1 FROM subscription gr_s JOIN plan_group gr_p"                     \
    " ON gr_p.plan = gr_s.plan AND gr_p.version = gr_s.version WHERE gr_s.member = " MEMBER \
    " AND gr_p.\"group\" = " GROUP " AND " RUNNING_SQL("gr_s", NOW) "))"
/* Whether a subscription runs. */
#define RUNNING_SQL(S, NOW)                                                        \
    "(" S ".paused_ms IS NULL AND " S ".starts_ms <= " NOW " AND " NOW " < min(" S \
    ".ends_ms, coalesce(" S ".ended_ms, " S ".ends_ms)))"

/* Makes a group; fills id, key and created_ms. STATUS_INPUT when the name can't be taken, STATUS_CONFLICT
 * when there is one of that name. */
enum status library_make_group(struct arena *arena, struct store *store, struct group *group,
                               struct error *err);
/* Puts name, about, paid, is_public and asking of the group with this id in force; errors as above. */
enum status library_change_group(struct store *store, const struct group *group, struct error *err);
/* Closes a group, or opens it again; what is so already is no error and no event. */
enum status library_close_group(struct store *store, int64_t group, int64_t now_ms,
                                struct error *err);
enum status library_reopen_group(struct store *store, int64_t group, struct error *err);
/* The id of the group of that name in any case, 0 when there is none. STATUS_CONFLICT when it is closed. */
enum status library_find_group_named(struct store *store, struct str name, int64_t *group,
                                     struct error *err);

/* Finds a group by its key as `member` sees it; `all`: a steward, who sees every group. STATUS_MISSING
 * when there is none or it is not for this member's eyes: the two are not told apart. */
enum status library_see_group(struct arena *arena, struct store *store, struct str key,
                              int64_t member, bool all, int64_t now_ms, struct group_sight *sight,
                              struct error *err);
/* The groups that a member sees, by name, closed ones last. */
enum status library_list_groups(struct arena *arena, struct store *store, int64_t member, bool all,
                                int64_t now_ms, struct group_sight **list, size_t *count,
                                struct error *err);

/* Puts a member in a group, which answers their application; who is there already stays and makes no event. STATUS_CONFLICT when the group
 * is closed. */
enum status library_put_in_group(struct store *store, int64_t group, int64_t member, int64_t now_ms,
                                 struct error *err);
/* The same for who joins by themselves: STATUS_FORBIDDEN unless the group is public and free. */
enum status library_join_group(struct store *store, int64_t group, int64_t member, int64_t now_ms,
                               struct error *err);
/* Takes a member out; who is not in it is no error and makes no event. */
enum status library_take_out_of_group(struct store *store, int64_t group, int64_t member,
                                      struct error *err);

struct group_member {
    int64_t member;
    struct str name, email;
    int64_t since_ms; /* 0: by a subscription */
};
/* Who is in a group, by name; leaves out the first `skip`, gives at most `most`. */
enum status library_list_group_members(struct arena *arena, struct store *store, int64_t group,
                                       int64_t now_ms, int64_t skip, int64_t most,
                                       struct group_member **list, size_t *count,
                                       struct error *err);

struct group_paper {
    struct str key, title, summary, kind;
    int64_t published_ms;
    bool open; /* to this member */
};
/* The group's published papers, newest first, for one member: title and summary of all, and whether each
 * opens. */
enum status library_list_group_papers(struct arena *arena, struct store *store, int64_t group,
                                      int64_t member, int64_t now_ms, int64_t skip, int64_t most,
                                      struct group_paper **list, size_t *count, struct error *err);

#endif
