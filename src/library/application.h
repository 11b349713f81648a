/* Applications: members who ask to join a group by invitation, and the answer.
 *
 * A group can be asked when its door says so (group.h). One application of a member's to a group waits at a
 * time; it ends by being admitted, declined with a reason, or taken back, and by the member getting into the
 * group in another way. Who answers: stewards and owners, and editors who are in the group. Changes run within
 * the caller's open write transaction and add their event. */
#ifndef LIBRARY_APPLICATION_H
#define LIBRARY_APPLICATION_H

#include "store/store.h"

#define APPLICATION_WORDS_MAX 500 /* characters */

/* Whether a member answers for a group, in SQL over expressions as in IN_GROUP_SQL. */
#define ANSWERS_SQL(GROUP, MEMBER, NOW)                                                           \
    "EXISTS (SELECT 1 FROM role an_r WHERE an_r.member = " MEMBER " AND (an_r.role IN ('steward'" \
    ", 'owner') OR (an_r.role = 'editor' AND " IN_GROUP_SQL(GROUP, MEMBER, NOW) ")))"

struct application {
    int64_t id, member;
    struct str key; /* its name in forms */
    struct str name, words;
    int64_t asked_ms;
};

/* Asks for a member; a letter goes to each who may answer. Who has asked already, or is in the group, makes no
 * event. STATUS_CONFLICT when the group can't be asked. */
enum status library_apply(struct arena *arena, struct store *store, int64_t group, int64_t member,
                          struct str words, int64_t now_ms, struct error *err);
/* Takes an application back; none that waits is no error and no event. */
enum status library_unapply(struct store *store, int64_t group, int64_t member, struct error *err);

/* Puts a member in the group by a steward's hand; a letter tells them, unless they were in it. STATUS_CONFLICT
 * when the group is closed. */
enum status library_place_in_group(struct store *store, int64_t group, int64_t member,
                                   int64_t now_ms, struct error *err);
/* Puts in the group who applied, or declines with a reason; a letter tells them. STATUS_MISSING when the group
 * has no such application, STATUS_CONFLICT when it was answered before, STATUS_INPUT without a reason. */
enum status library_admit(struct store *store, int64_t group, struct str key, int64_t now_ms,
                          struct error *err);
enum status library_decline(struct store *store, int64_t group, struct str key, struct str why,
                            int64_t now_ms, struct error *err);

/* Whether the member answers for the group. */
enum status library_answers_for(struct store *store, int64_t group, int64_t member, int64_t now_ms,
                                bool *answers, struct error *err);
/* Those of a group that wait, the longest first, at most `most`. */
enum status library_list_applications(struct arena *arena, struct store *store, int64_t group,
                                      int64_t most, struct application **list, size_t *count,
                                      struct error *err);

struct waiting_group {
    struct str key, name;
    int64_t count;
};
/* Groups with applications that the member may answer, by name. */
enum status library_list_waiting(struct arena *arena, struct store *store, int64_t member,
                                 int64_t now_ms, struct waiting_group **list, size_t *count,
                                 struct error *err);

#endif
