/* What the pages about members share. */
#ifndef SERVER_PAGE_MEMBERS_H
#define SERVER_PAGE_MEMBERS_H

#include "library/roster.h"
#include "server/field.h"
#include "server/request.h"

#define MEMBER_STEWARDS (ROLE_STEWARD | ROLE_OWNER)

/* A steward works on members; on who has a role themselves, only an owner does: else whoever may hand out
 * links or change addresses could become any of them. */
bool page_members_may_change(const struct request *rq, const struct roster_member *member);

/* A role or state as the reader's language has it. */
struct str page_members_role_words(struct request *rq, struct str roles);
struct str page_members_state_words(struct request *rq, struct str state);

struct invited_line {
    struct str member, key, invited_name, email, link;
};
/* Answers with the links of invitations, once. `left`: how many are still to be invited. */
enum status page_members_show_invited(struct request *rq, struct invited_line *lines, size_t count,
                                      bool mailed, int64_t left);
extern const struct field page_members_invited_fields[];

#endif
