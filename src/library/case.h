/* Cases: a leak or a reseller reported, what was found, decided by two, answered for, rewarded.
 *
 * A report opens a case. Stewards put exhibits to the tracer, and whom a finding names, or a steward with a
 * reason, is accused in it. One steward proposes what follows for each of them, a second confirms or sends it
 * back. What is confirmed is told to the member, who may appeal within a time; a third steward decides that. What
 * is upheld to the end is rewarded.
 *
 * States and acts are data (case_rules): a row says from where to where an act leads, who may, and what it needs.
 * Every function that acts walks through the same gate over that table (case_allow), adds a step to the case's
 * record and an event about C1, C2 …, within the caller's open write transaction; `file` is a case's id. A case does not exist for whom it
 * accuses: case_find and case_list leave it out as if it were not there. The names of those who reported stand in
 * no step and no event.
 *
 * Owners act as stewards. Enters accounts, subscriptions and letters. */
#ifndef LIBRARY_CASE_H
#define LIBRARY_CASE_H

#include "library/trace.h"

#define CASE_FILES_MAX      10U                /* of one report, appeal or addition */
#define CASE_FILE_MAX       ((size_t)20 << 20) /* bytes of one file */
#define CASE_FILES_SIZE_MAX ((size_t)60 << 20) /* bytes together */
#define CASE_REPORTS_A_DAY  10                 /* of one member */
#define CASE_STEWARDS       3                  /* two decide, another hears the appeal */

/* --- the machine -------------------------------------------------------------------------------- */

enum case_state {
    CASE_NONE = 0, /* before it is there; in a row's `to`: the state stays */
    CASE_OPEN,
    CASE_PROPOSED,
    CASE_DECIDED, /* told; appeals run */
    CASE_DISMISSED,
    CASE_SETTLED, /* every sanction upheld or lifted */
    SANCTION_STANDING,
    SANCTION_APPEALED,
    SANCTION_UPHELD,
    SANCTION_LIFTED,
    CASE_STATES
};
#define CASE_STATE_BIT(state) (1U << (state))

enum case_act {
    CASE_ACT_REPORT,
    CASE_ACT_ADD, /* an exhibit */
    CASE_ACT_NOTE,
    CASE_ACT_TRACE,   /* a finding is kept */
    CASE_ACT_ACCUSE,  /* a member is named without a finding */
    CASE_ACT_CLEAR,   /* and taken off again */
    CASE_ACT_UNCOVER, /* a steward looks at who reported, where they asked not to be named */
    CASE_ACT_PROPOSE,
    CASE_ACT_WITHDRAW,
    CASE_ACT_RETURN,
    CASE_ACT_CONFIRM,
    CASE_ACT_DISMISS, /* the second confirms that there is no ground */
    CASE_ACT_REOPEN,
    CASE_ACT_SETTLE,
    CASE_ACT_TELL, /* a sanction begins */
    CASE_ACT_APPEAL,
    CASE_ACT_EXPIRE,
    CASE_ACT_REFUSE,
    CASE_ACT_GRANT,
    CASE_ACT_FILE, /* the case file is made, or the accused's own part of it */
    CASE_ACTS
};

enum case_who {
    CASE_WHO_MEMBER,   /* whoever is signed in */
    CASE_WHO_STEWARD,  /* a steward whom the case does not accuse */
    CASE_WHO_DECIDER,  /* such a steward who did not report it either */
    CASE_WHO_PROPOSER, /* the one who made the proposal that waits */
    CASE_WHO_SECOND,   /* a decider, but not the proposer */
    CASE_WHO_THIRD,    /* a decider, but neither of the two who decided */
    CASE_WHO_ACCUSED,  /* the member whom the sanction is about */
    CASE_WHO_TIME,     /* nobody: it happens by itself */
    CASE_WHOS
};

enum {
    CASE_NEEDS_WORDS = 1,    /* a reason, kept in the record */
    CASE_NEEDS_FILE = 2,     /* bytes, kept with their digest */
    CASE_NEEDS_MEASURES = 4, /* a measure and grounds for everybody accused */
    CASE_NEEDS_SANCTION = 8, /* the proposal has at least one measure */
    CASE_NEEDS_NO_SANCTION = 16,
    CASE_NEEDS_TIME_LEFT = 32,    /* the time to appeal has not run out */
    CASE_NEEDS_TIME_OVER = 64,    /* it has */
    CASE_NEEDS_ALL_SETTLED = 128, /* no sanction of the case stands or is appealed */
    CASE_NEEDS_REPORT = 256,      /* a link, a file or words */
};
#define CASE_NEEDS_COUNT 9U

struct case_rule {
    enum case_act act;
    unsigned from;      /* CASE_STATE_BIT… */
    enum case_state to; /* CASE_NONE: as it was */
    enum case_who who;
    unsigned needs;
};
extern const struct case_rule case_rules[];
extern const size_t case_rule_count;

/* "open", as in the database; and in words. Static. */
const char *case_state_name(enum case_state state);
const char *case_state_words(enum case_state state, enum lang lang);
/* "propose"; "proposes what is to follow". */
const char *case_act_name(enum case_act act);
const char *case_act_words(enum case_act act, enum lang lang);
/* The same once it was done: "proposal confirmed". */
const char *case_done_words(enum case_act act, enum lang lang);
const char *case_who_name(enum case_who who);
const char *case_who_words(enum case_who who, enum lang lang);
/* Of one bit. */
const char *case_needs_name(unsigned need);
const char *case_needs_words(unsigned need, enum lang lang);

/* --- one case ----------------------------------------------------------------------------------- */

struct case_file {
    int64_t id;
    struct str key; /* its name in addresses */
    enum case_state state;
    int64_t opened_ms, changed_ms;
    int64_t decision, proposer, second; /* the last decision, 0: none yet; second 0: it waits */
    struct str kind;                    /* "leak", "reseller": of the first report */
};

/* Finds a case by its key for a steward. STATUS_MISSING when there is none, or it accuses the viewer: the two are
 * not told apart. */
enum status case_find(struct arena *arena, struct store *store, struct str key, int64_t viewer,
                      struct case_file *found, struct error *err);
/* By its number, for who is let through already: whoever is at the machine, and the one whom a sanction of it is about. */
enum status case_find_by_id(struct arena *arena, struct store *store, int64_t id,
                            struct case_file *found, struct error *err);
struct case_line {
    struct case_file file;
    int64_t reports, exhibits, findings, accused, appeals; /* appeals: that wait */
    bool waits_for_me; /* an act that leads on is this viewer's to do */
};
/* Cases that a steward may see, the latest changed first: of one state (CASE_NONE: of all). */
enum status case_list(struct arena *arena, struct store *store, int64_t viewer,
                      enum case_state state, int64_t skip, int64_t most, struct case_line **list,
                      size_t *count, struct error *err);

/* Whether the act is the actor's to do in the case (or on its sanction) at this moment. STATUS_CONFLICT when the
 * state does not allow it, STATUS_FORBIDDEN when it is somebody else's: the message says whose. `sanction` is 0
 * for acts of the case. Words, files and measures are checked where they are given. */
enum status case_allow(struct store *store, int64_t file, int64_t sanction, enum case_act act,
                       int64_t actor, int64_t now_ms, struct error *err);

/* Stewards whom this case does not accuse; of case 0: stewards there are. Who reported is counted with them, as a number
 * without them would tell the others whether it was one of them. */
enum status case_count_deciders(struct store *store, int64_t file, int64_t *count,
                                struct error *err);

/* --- reported ----------------------------------------------------------------------------------- */

/* A file to be kept: its bytes are a blob already (case_keep_file). */
struct case_kept {
    struct str name;
    int64_t size;
    struct digest digest;
};
/* Keeps bytes, outside a transaction; *kept points at `name`. STATUS_INPUT when there are none, or too many. */
enum status case_keep_file(struct store *store, struct str name, struct str bytes,
                           struct case_kept *kept, struct error *err);

struct case_report {
    int64_t id, case_file, reporter;
    struct str key;
    bool anonymous; /* nobody but stewards is told who it was, and they not by the way */
    struct str kind, link, place, words;
    int64_t seen_ms, made_ms;
    const struct case_kept *files;
    size_t nfiles;
    enum case_state state; /* of its case, when listed */
    int64_t reward_ms,
        reward_until_ms; /* when a reward was given, and the subscription's end with it; else 0 */
    bool reward_waits;
    struct str name, email; /* of the reporter, when listed for a case; empty while covered */
};
/* Opens a case with the report; fills ids, key and made_ms, the key in the arena. STATUS_INPUT when there is neither link nor file
 * nor words, STATUS_LIMITED when the member reported CASE_REPORTS_A_DAY in a day. Acts as nobody: call it
 * with no actor. */
enum status case_report(struct arena *arena, struct store *store, struct case_report *report,
                        int64_t now_ms, struct error *err);
/* What case_report would refuse, before files are kept for it: of them only the number counts. */
enum status case_check_report(struct store *store, const struct case_report *report, int64_t now_ms,
                              struct error *err);
/* The member's own reports, the latest first. */
enum status case_list_own_reports(struct arena *arena, struct store *store, int64_t member,
                                  struct case_report **list, size_t *count, struct error *err);
/* Those of a case for a steward: the name is empty where the reporter asked not to be named and this steward did
 * not uncover it. */
enum status case_list_reports(struct arena *arena, struct store *store, int64_t file,
                              int64_t viewer, struct case_report **list, size_t *count,
                              struct error *err);

/* --- gathered ----------------------------------------------------------------------------------- */

struct case_exhibit {
    int64_t id;
    struct str key, source, name, by; /* by: who added it; empty of a report */
    int64_t size, added_ms, sanction;
    struct digest digest;
};
enum status case_list_exhibits(struct arena *arena, struct store *store, int64_t file,
                               struct case_exhibit **list, size_t *count, struct error *err);
/* Adds exhibits by a steward; what is there already, byte for byte, is passed over. */
enum status case_add_exhibits(struct arena *arena, struct store *store, int64_t file, int64_t actor,
                              const struct case_kept *files, size_t nfiles, int64_t now_ms,
                              struct error *err);
enum status case_add_note(struct store *store, int64_t file, int64_t actor, struct str words,
                          int64_t now_ms, struct error *err);
/* Names a member in the case without a finding, and takes one so named off again, both with a reason. */
enum status case_accuse(struct store *store, int64_t file, int64_t actor, int64_t member,
                        struct str words, int64_t now_ms, struct error *err);
enum status case_clear(struct store *store, int64_t file, int64_t actor, int64_t member,
                       struct str words, int64_t now_ms, struct error *err);
/* From now on this steward sees who reported. */
enum status case_uncover(struct store *store, int64_t file, int64_t actor, struct str words,
                         int64_t now_ms, struct error *err);

struct case_finding {
    int64_t id;
    struct str key;
    int64_t made_by, made_ms;
    struct str made_by_name;
    enum verdict verdict;
    struct str asked;        /* what it was asked with, a JSON object */
    struct str finding;      /* as docs/trace-json.md has it */
    const int64_t *exhibits; /* ids; NULL when listed */
    size_t nexhibits;
};
/* Keeps a finding and accuses whom it names ("members" of the finding); fills id, key (in the arena), made_ms. The bytes of a finding that
 * names nobody hold no name. `made_by` acts. */
enum status case_keep_finding(struct arena *arena, struct store *store, int64_t file,
                              struct case_finding *finding, int64_t now_ms, struct error *err);
/* The latest first. */
enum status case_list_findings(struct arena *arena, struct store *store, int64_t file,
                               struct case_finding **list, size_t *count, struct error *err);

struct case_accused {
    int64_t member;
    struct str name, email, words; /* words: the steward's reason */
    int64_t since_ms, finding;     /* 0: by a steward */
    double log10_p_all; /* of the finding: the chance that anybody innocent is named so */
};
enum status case_list_accused(struct arena *arena, struct store *store, int64_t file,
                              struct case_accused **list, size_t *count, struct error *err);

struct case_step {
    enum case_act act;
    struct str actor; /* a name; empty: the reporter, or time */
    struct str about; /* the member whom a step on a sanction is about */
    enum case_state from, to;
    struct str words;
    int64_t time_ms;
};
/* Everything done, the oldest first. */
enum status case_list_steps(struct arena *arena, struct store *store, int64_t file,
                            struct case_step **list, size_t *count, struct error *err);

/* --- decided ------------------------------------------------------------------------------------ */

enum case_measure {
    CASE_MEASURE_NONE, /* no ground */
    CASE_MEASURE_WARNING,
    CASE_MEASURE_SUSPENSION, /* may not sign in to read, for a time */
    CASE_MEASURE_END,        /* every subscription ends */
    CASE_MEASURES
};
const char *case_measure_name(enum case_measure measure);
const char *case_measure_words(enum case_measure measure, enum lang lang);
/* CASE_MEASURES for what is none. */
enum case_measure case_measure_named(struct str name);

#define CASE_SUSPENSION_DAYS_MAX 3650
/* What is proposed for one member. */
struct case_proposed {
    int64_t member;
    struct str name; /* when listed */
    enum case_measure measure;
    int64_t days;       /* of a suspension */
    bool keeps;         /* of an end: what was open stays open */
    struct str grounds; /* told to the member */
};
/* Proposes a measure for everybody whom the case accuses, each once; with nobody accused the proposal is that
 * there is no ground. `words` are for the stewards. STATUS_INPUT when somebody is left out, or a measure lacks
 * its grounds or days, or there is no subscription to end. */
enum status case_propose(struct store *store, int64_t file, int64_t actor, struct str words,
                         const struct case_proposed *members, size_t nmembers, int64_t now_ms,
                         struct error *err);
enum status case_withdraw(struct store *store, int64_t file, int64_t actor, struct str words,
                          int64_t now_ms, struct error *err);
enum status case_return(struct store *store, int64_t file, int64_t actor, struct str words,
                        int64_t now_ms, struct error *err);
/* Confirms what is proposed: each measure is put in force and told at once, and the case is decided; or it is
 * dismissed where no measure is. STATUS_CONFLICT when a measure can't be put in force: nothing was done. */
enum status case_confirm(struct arena *arena, struct store *store, int64_t file, int64_t actor,
                         int64_t now_ms, struct error *err);
enum status case_reopen(struct store *store, int64_t file, int64_t actor, struct str words,
                        int64_t now_ms, struct error *err);

struct case_decision {
    int64_t id;
    struct str proposer, second; /* names; second empty while it waits */
    int64_t proposed_ms, ended_ms;
    struct str outcome; /* "confirmed", "returned", "withdrawn"; empty while it waits */
    struct str grounds;
    struct case_proposed *members;
    size_t nmembers;
};
/* The latest first. */
enum status case_list_decisions(struct arena *arena, struct store *store, int64_t file,
                                struct case_decision **list, size_t *count, struct error *err);

/* --- answered ----------------------------------------------------------------------------------- */

struct case_sanction {
    int64_t id, case_file, member;
    struct str key;  /* its name in addresses */
    struct str name; /* of the member */
    enum case_measure measure;
    bool keeps;
    struct str grounds;
    enum case_state state;
    int64_t told_ms, appeal_until_ms;
    int64_t until_ms, read_ms, settled_ms; /* 0: none */
    struct str finding; /* what it rests on, as docs/trace-json.md has it; empty: no finding */
    int64_t finding_ms;
    int64_t appealed_ms, heard_ms; /* 0: not */
    struct str appeal, reasons;    /* the member's words; what was answered */
    struct str heard_by;           /* who answered; for stewards only */
};
/* Of a case, for stewards; of a member, the latest first; one of a member's by its key (STATUS_MISSING). */
enum status case_list_sanctions(struct arena *arena, struct store *store, int64_t file,
                                struct case_sanction **list, size_t *count, struct error *err);
enum status case_list_own_sanctions(struct arena *arena, struct store *store, int64_t member,
                                    struct case_sanction **list, size_t *count, struct error *err);
enum status case_find_own_sanction(struct arena *arena, struct store *store, struct str key,
                                   int64_t member, struct case_sanction *sanction,
                                   struct error *err);
/* Notes that the member has opened it; the first time counts. */
enum status case_note_read(struct store *store, int64_t sanction, int64_t now_ms,
                           struct error *err);
/* The member answers. */
enum status case_appeal(struct arena *arena, struct store *store, int64_t sanction, int64_t member,
                        struct str words, const struct case_kept *files, size_t nfiles,
                        int64_t now_ms, struct error *err);
/* A third steward upholds the sanction, or lifts it: then a suspension ends, ended subscriptions run again with
 * the time that was lost, and a correction stands on record. The reasons are told to the member. */
enum status case_refuse_appeal(struct arena *arena, struct store *store, int64_t sanction,
                               int64_t actor, struct str reasons, int64_t now_ms,
                               struct error *err);
enum status case_grant_appeal(struct arena *arena, struct store *store, int64_t sanction,
                              int64_t actor, struct str reasons, int64_t now_ms, struct error *err);

/* When time next does something by itself, in SQL for who keeps the time; NULL when it won't. A reward that waits
 * for a plan is due at once, and tried again at each round. */
#define CASE_DUE_SQL                                                                  \
    "SELECT min(ms) FROM (SELECT min(appeal_until_ms) AS ms FROM sanction"            \
    " WHERE state = 'standing' UNION ALL SELECT min(suspended_until_ms) FROM account" \
    " WHERE suspended_ms IS NOT NULL UNION ALL SELECT min(due_ms) FROM reward"        \
    " WHERE given_ms IS NULL)"
/* Does what is due: times to appeal that ran out, suspensions that end, rewards. */
enum status case_keep_time(struct arena *arena, struct store *store, int64_t now_ms,
                           struct error *err);

/* --- rewarded ----------------------------------------------------------------------------------- */

struct case_reward {
    struct str name; /* of the reporter; empty where covered from this steward */
    int64_t made_ms, due_ms, given_ms, until_ms;
    bool waits; /* due, and no plan is known that it could be of */
};
/* Of a case, for a steward. */
enum status case_list_rewards(struct arena *arena, struct store *store, int64_t file,
                              int64_t viewer, int64_t now_ms, struct case_reward **list,
                              size_t *count, struct error *err);

#endif
