/* What is asked of a member by other leads, and by them: for the page of their day. See ledger/handover.h. */
#ifndef SERVER_LEDGER_HANDOVERS_H
#define SERVER_LEDGER_HANDOVERS_H

#include "server/ledger.h"

struct ledger_handover_row {
    struct str key, line, number, title, giver, taker, why;
    int64_t asked;
};
struct ledger_handovers {
    struct ledger_handover_row *in, *out; /* asked of the viewer, and by them */
    size_t nin, nout;
    int64_t
        leaderless; /* lines in hand that nobody leads, as far as the viewer may give them a lead */
    struct str leaderless_path;
};
extern const struct field ledger_handovers_fields[];
#define LEDGER_HANDOVERS_FIELD(type, member) FIELD_OF_PART(type, member, ledger_handovers_fields)
/* Fills the part for the viewer, in the request's arena. */
enum status ledger_fill_handovers(struct request *rq, struct ledger_handovers *handovers,
                                  struct error *err);

#endif
