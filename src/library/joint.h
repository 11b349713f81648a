/* Two cases, one hand: joint tests of the exhibits of cases that share a source paper.
 *
 *   (skipped)  testing ─→ nothing
 *                 └─→ proposed ─→ joined ⇄ apart
 *                         └─────→ apart
 *
 * When a case has a new finding, it is paired with every other case that a finding traced to the same paper.
 * Which pairs there are follows from exhibits alone. Pair k, counted over the whole library and for ever, is
 * tested with the budget TRACE_FALSE_ALARM / (k (k + 1)); those sum to TRACE_FALSE_ALARM, so that the chance that
 * any joint test ever names anybody innocent keeps to it (docs/marking.md). Pairs whose cases are not both open
 * take their number and are not tested.
 *
 * Joining is proposed when the joint test names somebody whom neither finding named, or is surer of somebody than
 * both; or when, at a weak limit, each side alone points to one and the same member. Who that is, is kept nowhere
 * and told to nobody. Cases that are joined stay cases of their own: the joint finding counts in each of them,
 * and no longer when they are parted again.
 *
 * Changes run within the open write transaction, with their events. */
#ifndef LIBRARY_JOINT_H
#define LIBRARY_JOINT_H

#include "library/trace_run.h"

enum joint_state {
    JOINT_SKIPPED,
    JOINT_TESTING,
    JOINT_NOTHING,
    JOINT_PROPOSED,
    JOINT_JOINED,
    JOINT_APART,
};
const char *joint_state_name(enum joint_state state); /* "skipped", "testing", … */

struct joint {
    int64_t number;
    int64_t one, other;            /* cases */
    struct str one_key, other_key; /* their names in addresses */
    enum joint_state state;
    bool alike;
    struct str trace;   /* the joint trace's key; empty: none was made */
    struct str finding; /* packed; empty: none yet */
    double false_alarm;
    struct str decider; /* their name */
    int64_t decided_ms;
};

/* The budget of the joint test with this number, from 1. */
double library_joint_budget(int64_t number);

/* Pairs the case of a trace that has just ended with others, and asks for their joint tests as its asker. */
enum status library_pair_cases(struct arena *arena, struct store *store,
                               const struct trace_run *run, int64_t now_ms, struct error *err);
/* Whether, at a weak limit, the exhibits of each case alone point to one and the same member. Changes nothing;
 * says nothing else. */
enum status library_joint_alike(struct arena *arena, struct store *store,
                                const struct trace_run *run, const struct trace_request *request,
                                bool *alike, struct error *err);
/* Proposes to join the cases of a joint trace that has just ended, or does not. */
enum status library_judge_joint(struct arena *arena, struct store *store,
                                const struct trace_run *run, const struct finding *finding,
                                struct error *err);

/* Those of a case that were tested, the newest first, in the arena; without those where a case accuses `viewer` or the
 * joint finding names them. */
enum status library_list_joints(struct arena *arena, struct store *store, int64_t case_file,
                                int64_t viewer, struct joint **list, size_t *count,
                                struct error *err);
/* Joins the cases, or parts them (an answer to the proposal, or the undoing of a joint). STATUS_MISSING when there is
 * no such joint of the case for `actor`; STATUS_CONFLICT when it is not proposed, joined so already, or a case is
 * no longer open. */
enum status library_join_cases(struct arena *arena, struct store *store, int64_t case_file,
                               int64_t number, int64_t actor, int64_t now_ms, struct error *err);
enum status library_part_cases(struct arena *arena, struct store *store, int64_t case_file,
                               int64_t number, int64_t actor, int64_t now_ms, struct error *err);

#endif
