/* A door that slows whoever tries it too often; see library/attempt.h. */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include "library/attempt.h"
#include "server/gate.h"
#include "server/request.h"

/* Counts a try at each; STATUS_LIMITED, with the wait said and sent as Retry-After, when one has to wait:
 * then nothing was counted and nothing may be judged. */
enum status guard_enter(struct request *rq, const struct attempt *attempts, size_t count,
                        struct error *err);
/* The try was right. */
enum status guard_pass(struct request *rq, const struct attempt *attempts, size_t count,
                       struct error *err);

/* A password against what is kept, through the gate: enters, judges, and passes when it is right. `known`: the member by
 * whom it is tried, as far as can be told before; 0: a stranger. *fits gets
 * whether it is. STATUS_LIMITED as guard_enter, and when too many passwords are being judged already: that
 * counts no try. */
enum status guard_password(struct request *rq, int64_t known, const struct attempt *attempts,
                           size_t count, struct str kept, struct str password, bool *fits,
                           struct error *err);
/* The form in which to keep a password, through the gate, for somebody who may choose one. */
enum status guard_hash(struct request *rq, struct str password, struct str *hash,
                       struct error *err);

/* Before something that looks through the whole record, whose time grows with all that ever happened: waits until
 * few others do. STATUS_LIMITED, with the wait sent as Retry-After, when many wait already; else guard_leave_record
 * must follow. */
enum status guard_enter_record(struct request *rq, struct error *err);
void guard_leave_record(struct request *rq);

#endif
