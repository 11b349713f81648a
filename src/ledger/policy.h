/* Policies (政策红利): from being listed through the steps of its route into force, to its end; and the leaflet that
 * says in plain words who may claim what.
 *
 * Two machines: what becomes of a policy, and of an edition of its leaflet, which one writes and another looks at before
 * it is shown. docs/policies.md is drawn from them. Pure. */
#ifndef LEDGER_POLICY_H
#define LEDGER_POLICY_H

#include "ledger/line.h"
#include "ledger/machine.h"

/* How it is come by: 向上争取、自身配套、先行先试. */
enum policy_route { POLICY_SEEK, POLICY_MATCH, POLICY_PILOT, POLICY_ROUTES };
extern const struct machine_terms policy_routes;

/* The steps that a policy of each route begins with, one stage after the other; they can be changed for each. */
#define POLICY_STEPS_MAX 6U
struct policy_step {
    const char *en, *zh;
    int64_t days; /* working days */
};
/* At most POLICY_STEPS_MAX; static. */
const struct policy_step *policy_steps(enum policy_route route, size_t *count);

enum policy_state {
    POLICY_NONE = 0, /* not in the register */
    POLICY_LISTED,
    POLICY_UNDERWAY,
    POLICY_IN_FORCE,
    POLICY_ENDED,
    POLICY_DROPPED,
    POLICY_STATES
};
enum policy_act {
    POLICY_ACT_LIST,
    POLICY_ACT_START,
    POLICY_ACT_AIM, /* say what it is hoped to bring about */
    POLICY_ACT_ENACT,
    POLICY_ACT_EXTEND, /* another last day */
    POLICY_ACT_END,
    POLICY_ACT_DROP,
    POLICY_ACT_REOPEN,
    POLICY_ACTS
};
enum leaflet_state {
    LEAFLET_NONE = 0, /* none is being written */
    LEAFLET_DRAFT,
    LEAFLET_ASKED, /* waits for another to look at it */
    LEAFLET_SHOWN,
    LEAFLET_PAST,
    LEAFLET_STATES
};
enum leaflet_act {
    LEAFLET_ACT_WRITE,
    LEAFLET_ACT_ASK,
    LEAFLET_ACT_RETURN,
    LEAFLET_ACT_SHOW,
    LEAFLET_ACT_WITHDRAW,
    LEAFLET_ACTS
};

enum policy_who {
    POLICY_WHO_KEEPER,  /* who keeps the ledger: editor, steward, owner */
    POLICY_WHO_HOLDER,  /* its lead, who heads its unit, or a keeper */
    POLICY_WHO_WORKER,  /* the same, or a member of its unit */
    POLICY_WHO_CHECKER, /* a holder or inspector, but not who wrote it */
    POLICY_WHOS
};
enum {
    POLICY_NEEDS_WORDS = 1,
    POLICY_NEEDS_ANSWERER = 2, /* a unit or a lead */
    POLICY_NEEDS_DUE = 4,      /* a day by which it is to be in force */
    POLICY_NEEDS_STEPS = 8,    /* none of its steps is still to be ended well */
    POLICY_NEEDS_SOURCE = 16,  /* which paper it is */
    POLICY_NEEDS_FROM = 32,    /* the first day that it is in force */
    POLICY_NEEDS_WHOLE = 64,   /* the leaflet says all, in one language at least */
    POLICY_NEEDS_FORCE = 128,  /* the policy is in force */
};
#define POLICY_NEEDS_COUNT 8

extern const struct machine policy_machine;
/* Its state is that of the edition that is written, else of the one that is shown, else LEAFLET_NONE. */
extern const struct machine leaflet_machine;

/* What the state makes of the policy's line; see line.h. */
enum line_state policy_line_state(enum policy_state state);
/* Who somebody is by the rules, as bits of policy_who, from what may.h says of them; `wrote`: the edition at hand is
 * theirs. */
unsigned policy_stand(unsigned is, bool wrote);

#endif
