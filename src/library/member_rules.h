/* What members' fields may hold, shared by adding one and importing many; not for other rooms. */
#ifndef LIBRARY_MEMBER_RULES_H
#define LIBRARY_MEMBER_RULES_H

#include "library/member.h"

#define MEMBER_FIELD_MAX 500

/* STATUS_INPUT with a reason that reads as the end of "line N: …". */
enum status member_check(const struct member *member, struct error *err);
/* Inserts within the open transaction; STATUS_CONFLICT when the e-mail is taken. Fills member->id. */
enum status member_insert(struct store *store, struct member *member, struct error *err);

#endif
