/* What the pages about cases share: reports, a case for stewards, a sanction for who it is about. */
#ifndef SERVER_PAGE_CASES_H
#define SERVER_PAGE_CASES_H

#include "library/case.h"
#include "server/request.h"

#define CASE_ROLES (ROLE_STEWARD | ROLE_OWNER)

/* The case that the address names, for a steward whom it does not accuse; STATUS_MISSING else. */
enum status page_cases_find(struct request *rq, struct case_file *file, struct error *err);
/* "/cases/KEY" and what follows. */
struct str page_cases_path(struct request *rq, const char *rest);

/* Keeps the files that came under `name`, and `pasted` as a file besides when it is not empty. */
enum status page_cases_take_files(struct request *rq, const char *name, struct str pasted,
                                  struct case_kept **files, size_t *count, struct error *err);

/* The page about one case: what forms show again. */
enum status page_cases_show(struct request *rq, struct error *err);

/* What followed in a case, and the forms for what follows: a part of its page. */
struct case_choice {
    struct str value, words;
    bool chosen;
};
struct proposed_line {
    struct str id, name, measure, measure_words, grounds;
    int64_t days;
    bool keeps;
    struct case_choice *measures;
    size_t nmeasures;
};
struct decision_line {
    struct str proposer, second, outcome, grounds;
    int64_t proposed, ended;
    bool waits, confirmed, returned, withdrawn;
    struct proposed_line *members;
    size_t nmembers;
};
struct sanction_row {
    struct str key, name, measure, measure_words, state, state_words, grounds, appeal, reasons,
        heard_by;
    int64_t told, read, until, appeal_until, appealed, heard, settled;
    bool is_open, is_lifted, may_hear, waits_for_other;
};
struct reward_line {
    struct str name; /* empty: covered */
    int64_t given, until;
    bool waits; /* for a plan */
    bool comes; /* at its time */
};
struct case_decided {
    struct decision_line *decisions;
    struct sanction_row *sanctions;
    struct reward_line *rewards;
    struct proposed_line *proposing; /* a line of the form for everybody accused */
    size_t ndecisions, nsanctions, nrewards, nproposing;
    bool may_propose, may_withdraw, may_confirm, may_reopen, any_reward, any_proposing;
    struct str typed_words, typed_reasons;
    int64_t days_most;
};
extern const struct field CASE_DECIDED_PART[];
enum status page_cases_fill_decided(struct request *rq, const struct case_file *file,
                                    struct case_decided *part, struct error *err);

/* "leak", "reseller" in words. */
struct str page_cases_kind_words(const struct request *rq, struct str kind);

#endif
