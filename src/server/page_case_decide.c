/* What follows in a case, for stewards: proposed, confirmed or sent back; appeals heard; rewards. The part of the
 * case's page about it, and the forms. */
#include "server/internal.h"

#include "library/member.h"
#include "server/page_cases.h"
#include "server/writing.h"

#define PROPOSED_MAX 200U

/* --- the part of the page ----------------------------------------------------------------------- */

static const struct field CASE_CHOICE[] = {
    FIELD(TEXT, struct case_choice, value),
    FIELD(TEXT, struct case_choice, words),
    FIELD(FLAG, struct case_choice, chosen),
    {0},
};
static const struct field PROPOSED_LINE[] = {
    FIELD(TEXT, struct proposed_line, id),
    FIELD(TEXT, struct proposed_line, name),
    FIELD(TEXT, struct proposed_line, measure),
    FIELD_HIDDEN(TEXT, struct proposed_line, measure_words),
    FIELD(TEXT, struct proposed_line, grounds),
    FIELD(NUMBER, struct proposed_line, days),
    FIELD(FLAG, struct proposed_line, keeps),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "measures",
     .at = offsetof(struct proposed_line, measures),
     .parts = CASE_CHOICE,
     .count_at = offsetof(struct proposed_line, nmeasures),
     .size = sizeof(struct case_choice)},
    {0},
};
static const struct field DECISION_LINE[] = {
    FIELD(TEXT, struct decision_line, proposer),
    FIELD(TEXT, struct decision_line, second),
    FIELD(TEXT, struct decision_line, outcome),
    FIELD(TEXT, struct decision_line, grounds),
    FIELD(TIME, struct decision_line, proposed),
    FIELD(TIME, struct decision_line, ended),
    FIELD_HIDDEN(FLAG, struct decision_line, waits),
    FIELD_HIDDEN(FLAG, struct decision_line, confirmed),
    FIELD_HIDDEN(FLAG, struct decision_line, returned),
    FIELD_HIDDEN(FLAG, struct decision_line, withdrawn),
    FIELD_OF_LIST(struct decision_line, members, PROPOSED_LINE),
    {0},
};
static const struct field SANCTION_ROW[] = {
    FIELD(TEXT, struct sanction_row, key),
    FIELD(TEXT, struct sanction_row, name),
    FIELD(TEXT, struct sanction_row, measure),
    FIELD_HIDDEN(TEXT, struct sanction_row, measure_words),
    FIELD(TEXT, struct sanction_row, state),
    FIELD_HIDDEN(TEXT, struct sanction_row, state_words),
    FIELD(TEXT, struct sanction_row, grounds),
    FIELD(TEXT, struct sanction_row, appeal),
    FIELD(TEXT, struct sanction_row, reasons),
    FIELD(TEXT, struct sanction_row, heard_by),
    FIELD(TIME, struct sanction_row, told),
    FIELD(TIME, struct sanction_row, read),
    FIELD(TIME, struct sanction_row, until),
    FIELD(TIME, struct sanction_row, appeal_until),
    FIELD(TIME, struct sanction_row, appealed),
    FIELD(TIME, struct sanction_row, heard),
    FIELD(TIME, struct sanction_row, settled),
    FIELD_HIDDEN(FLAG, struct sanction_row, is_open),
    FIELD_HIDDEN(FLAG, struct sanction_row, is_lifted),
    FIELD(FLAG, struct sanction_row, may_hear),
    FIELD_HIDDEN(FLAG, struct sanction_row, waits_for_other),
    {0},
};
static const struct field REWARD_LINE[] = {
    FIELD(TEXT, struct reward_line, name),         FIELD(DAY, struct reward_line, given),
    FIELD(DAY, struct reward_line, until),         FIELD(FLAG, struct reward_line, waits),
    FIELD_HIDDEN(FLAG, struct reward_line, comes), {0},
};
const struct field CASE_DECIDED_PART[] = {
    FIELD_OF_LIST(struct case_decided, decisions, DECISION_LINE),
    FIELD_OF_LIST(struct case_decided, sanctions, SANCTION_ROW),
    FIELD_OF_LIST(struct case_decided, rewards, REWARD_LINE),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "proposing",
     .at = offsetof(struct case_decided, proposing),
     .parts = PROPOSED_LINE,
     .count_at = offsetof(struct case_decided, nproposing),
     .size = sizeof(struct proposed_line)},
    FIELD(FLAG, struct case_decided, may_propose),
    FIELD(FLAG, struct case_decided, may_withdraw),
    FIELD(FLAG, struct case_decided, may_confirm),
    FIELD(FLAG, struct case_decided, may_reopen),
    FIELD_HIDDEN(FLAG, struct case_decided, any_reward),
    FIELD_HIDDEN(FLAG, struct case_decided, any_proposing),
    FIELD_HIDDEN(TEXT, struct case_decided, typed_words),
    FIELD_HIDDEN(TEXT, struct case_decided, typed_reasons),
    FIELD_HIDDEN(NUMBER, struct case_decided, days_most),
    {0},
};

static bool may(const struct request *rq, int64_t file, int64_t sanction, enum case_act act)
{
    struct error err;
    return !case_allow(rq->store, file, sanction, act, rq->viewer.member, rq->now_ms, &err);
}

static struct proposed_line proposed_line_of(const struct request *rq,
                                             const struct case_proposed *p)
{
    return (struct proposed_line){
        .id = library_member_id(rq->arena, p->member),
        .name = p->name,
        .measure = str_of(case_measure_name(p->measure)),
        .measure_words = str_of(case_measure_words(p->measure, rq->lang)),
        .grounds = p->grounds,
        .days = p->days,
        .keeps = p->keeps,
    };
}

static enum status fill_decisions(struct request *rq, int64_t file, struct case_decided *part,
                                  struct error *err)
{
    struct case_decision *list;
    enum status status =
        case_list_decisions(rq->arena, rq->store, file, &list, &part->ndecisions, err);
    if (status)
        return status;
    part->decisions = arena_array(rq->arena, part->ndecisions, struct decision_line);
    for (size_t i = 0; i < part->ndecisions; i++) {
        const struct case_decision *d = &list[i];
        struct decision_line *line = &part->decisions[i];
        *line = (struct decision_line){
            .proposer = d->proposer,
            .second = d->second,
            .outcome = d->outcome,
            .grounds = d->grounds,
            .proposed = d->proposed_ms,
            .ended = d->ended_ms,
            .waits = d->outcome.len == 0,
            .confirmed = str_equal(d->outcome, STR("confirmed")),
            .returned = str_equal(d->outcome, STR("returned")),
            .withdrawn = str_equal(d->outcome, STR("withdrawn")),
            .nmembers = d->nmembers,
        };
        line->members = arena_array(rq->arena, d->nmembers, struct proposed_line);
        for (size_t m = 0; m < d->nmembers; m++)
            line->members[m] = proposed_line_of(rq, &d->members[m]);
    }
    return STATUS_OK;
}

static enum status fill_sanctions(struct request *rq, int64_t file, struct case_decided *part,
                                  struct error *err)
{
    struct case_sanction *list;
    enum status status =
        case_list_sanctions(rq->arena, rq->store, file, &list, &part->nsanctions, err);
    if (status)
        return status;
    part->sanctions = arena_array(rq->arena, part->nsanctions, struct sanction_row);
    for (size_t i = 0; i < part->nsanctions; i++) {
        const struct case_sanction *s = &list[i];
        bool hear = may(rq, file, s->id, CASE_ACT_GRANT);
        part->sanctions[i] = (struct sanction_row){
            .key = s->key,
            .name = s->name,
            .measure = str_of(case_measure_name(s->measure)),
            .measure_words = str_of(case_measure_words(s->measure, rq->lang)),
            .state = str_of(case_state_name(s->state)),
            .state_words = str_of(case_state_words(s->state, rq->lang)),
            .grounds = s->grounds,
            .appeal = s->appeal,
            .reasons = s->reasons,
            .heard_by = s->heard_by,
            .told = s->told_ms,
            .read = s->read_ms,
            .until = s->until_ms,
            .appeal_until = s->appeal_until_ms,
            .appealed = s->appealed_ms,
            .heard = s->heard_ms,
            .settled = s->settled_ms,
            .is_open = s->state == SANCTION_STANDING,
            .is_lifted = s->state == SANCTION_LIFTED,
            .may_hear = hear,
            .waits_for_other = s->state == SANCTION_APPEALED && !hear,
        };
    }
    return STATUS_OK;
}

static enum status fill_rewards(struct request *rq, int64_t file, struct case_decided *part,
                                struct error *err)
{
    struct case_reward *list;
    enum status status = case_list_rewards(rq->arena, rq->store, file, rq->viewer.member,
                                           rq->now_ms, &list, &part->nrewards, err);
    if (status)
        return status;
    part->rewards = arena_array(rq->arena, part->nrewards, struct reward_line);
    part->any_reward = part->nrewards > 0;
    for (size_t i = 0; i < part->nrewards; i++)
        part->rewards[i] = (struct reward_line){list[i].name, list[i].given_ms, list[i].until_ms,
                                                list[i].waits, !list[i].given_ms && !list[i].waits};
    return STATUS_OK;
}

/* --- a proposal typed --------------------------------------------------------------------------- */

/* What the form says of each member; the lists go side by side. */
struct typed {
    struct str members[PROPOSED_MAX], measures[PROPOSED_MAX], days[PROPOSED_MAX],
        grounds[PROPOSED_MAX], keeps[PROPOSED_MAX];
    size_t nmembers, nmeasures, ndays, ngrounds, nkeeps;
};

static struct typed *read_typed(const struct request *rq)
{
    struct typed *t = arena_new(rq->arena, struct typed);
    t->nmembers = request_inputs(rq, "members", t->members, PROPOSED_MAX);
    t->nmeasures = request_inputs(rq, "measures", t->measures, PROPOSED_MAX);
    t->ndays = request_inputs(rq, "days", t->days, PROPOSED_MAX);
    t->ngrounds = request_inputs(rq, "grounds", t->grounds, PROPOSED_MAX);
    t->nkeeps = request_inputs(rq, "keeps", t->keeps, PROPOSED_MAX);
    return t;
}

static struct str at(const struct str *list, size_t count, size_t i)
{
    return i < count ? list[i] : STR("");
}

static bool holds(const struct str *list, size_t count, struct str one)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found |= str_equal(list[i], one);
    return found;
}

static void fill_choices(struct request *rq, struct proposed_line *line)
{
    line->measures = arena_array(rq->arena, CASE_MEASURES, struct case_choice);
    for (int m = 0; m < CASE_MEASURES; m++) {
        struct str name = str_of(case_measure_name((enum case_measure)m));
        line->measures[line->nmeasures++] =
            (struct case_choice){name, str_of(case_measure_words((enum case_measure)m, rq->lang)),
                                 str_equal(name, line->measure)};
    }
}

/* One line for everybody accused, as it was typed. */
static enum status fill_proposing(struct request *rq, int64_t file, struct case_decided *part,
                                  struct error *err)
{
    struct case_accused *list;
    enum status status =
        case_list_accused(rq->arena, rq->store, file, &list, &part->nproposing, err);
    if (status)
        return status;
    const struct typed *t = read_typed(rq);
    part->any_proposing = part->nproposing > 0;
    part->proposing = arena_array(rq->arena, part->nproposing, struct proposed_line);
    for (size_t i = 0; i < part->nproposing; i++) {
        struct proposed_line *line = &part->proposing[i];
        uint64_t days = 30;
        *line = (struct proposed_line){.id = library_member_id(rq->arena, list[i].member),
                                       .name = list[i].name};
        for (size_t k = 0; k < t->nmembers; k++) {
            if (!str_equal(t->members[k], line->id))
                continue;
            line->measure = at(t->measures, t->nmeasures, k);
            line->grounds = at(t->grounds, t->ngrounds, k);
            (void)str_to_u64(at(t->days, t->ndays, k), &days);
            line->keeps = holds(t->keeps, t->nkeeps, line->id);
        }
        line->days = (int64_t)days;
        fill_choices(rq, line);
    }
    return STATUS_OK;
}

enum status page_cases_fill_decided(struct request *rq, const struct case_file *file,
                                    struct case_decided *part, struct error *err)
{
    static enum status (*const PARTS[])(struct request *, int64_t, struct case_decided *,
                                        struct error *) = {fill_decisions, fill_sanctions,
                                                           fill_rewards, fill_proposing};
    enum status status = STATUS_OK;
    *part = (struct case_decided){
        .may_propose = may(rq, file->id, 0, CASE_ACT_PROPOSE),
        .may_withdraw = may(rq, file->id, 0, CASE_ACT_WITHDRAW),
        .may_confirm = may(rq, file->id, 0, CASE_ACT_RETURN),
        .may_reopen = may(rq, file->id, 0, CASE_ACT_REOPEN),
        .typed_words = request_input(rq, "words"),
        .typed_reasons = request_input(rq, "reasons"),
        .days_most = CASE_SUSPENSION_DAYS_MAX,
    };
    for (size_t i = 0; !status && i < sizeof PARTS / sizeof *PARTS; i++)
        status = PARTS[i](rq, file->id, part, err);
    return status;
}

/* --- the forms ---------------------------------------------------------------------------------- */

struct deciding {
    int64_t file, sanction, actor, now_ms;
    struct str words;
    struct case_proposed *members;
    size_t nmembers;
};

static enum status propose_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct deciding *d = context;
    (void)scratch;
    return case_propose(store, d->file, d->actor, d->words, d->members, d->nmembers, d->now_ms,
                        err);
}

static enum status withdraw_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct deciding *d = context;
    (void)scratch;
    return case_withdraw(store, d->file, d->actor, d->words, d->now_ms, err);
}

static enum status return_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct deciding *d = context;
    (void)scratch;
    return case_return(store, d->file, d->actor, d->words, d->now_ms, err);
}

static enum status confirm_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct deciding *d = context;
    return case_confirm(scratch, store, d->file, d->actor, d->now_ms, err);
}

static enum status reopen_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct deciding *d = context;
    (void)scratch;
    return case_reopen(store, d->file, d->actor, d->words, d->now_ms, err);
}

static enum status grant_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct deciding *d = context;
    return case_grant_appeal(scratch, store, d->sanction, d->actor, d->words, d->now_ms, err);
}

static enum status refuse_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct deciding *d = context;
    return case_refuse_appeal(scratch, store, d->sanction, d->actor, d->words, d->now_ms, err);
}

/* Runs a step over the case that the address names, with the words of an input. */
static enum status decide(struct request *rq, server_write_step step, struct deciding *d,
                          const char *words, struct error *err)
{
    struct case_file file;
    enum status status = page_cases_find(rq, &file, err);
    if (status)
        return status;
    d->file = file.id;
    d->actor = rq->viewer.member;
    d->now_ms = rq->now_ms;
    d->words = str_trim(writing_lines(rq->arena, request_input(rq, words)));
    return server_write(rq->server, request_actor(rq), step, d, err);
}

static const struct input PROPOSE_INPUTS[] = {
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 10000,
     .en = "For the second steward",
     .zh = "致复核人"},
    {.name = "members", .kind = INPUT_LIST, .en = "Members", .zh = "成员"},
    {.name = "measures", .kind = INPUT_LIST, .most = 20, .en = "Measures", .zh = "处理方式"},
    {.name = "days", .kind = INPUT_LIST, .most = 6, .en = "Days", .zh = "天数"},
    {.name = "grounds", .kind = INPUT_LONG_LIST, .most = 10000, .en = "Grounds", .zh = "理由"},
    {.name = "keeps", .kind = INPUT_LIST, .most = 24, .en = "What stays open", .zh = "保留阅读"},
    {0},
};

static void read_proposed(struct request *rq, struct deciding *d)
{
    const struct typed *t = read_typed(rq);
    d->members = arena_array(rq->arena, t->nmembers, struct case_proposed);
    for (size_t i = 0; i < t->nmembers; i++) {
        uint64_t number = 0;
        uint64_t days = 0;
        struct str id = t->members[i];
        (void)(id.len > 1 && str_to_u64(str_slice(id, 1, id.len), &number));
        (void)str_to_u64(at(t->days, t->ndays, i), &days);
        d->members[d->nmembers++] = (struct case_proposed){
            .member = number <= INT64_MAX ? (int64_t)number : 0,
            .measure = case_measure_named(at(t->measures, t->nmeasures, i)),
            .days = days <= CASE_SUSPENSION_DAYS_MAX ? (int64_t)days : 0,
            .keeps = holds(t->keeps, t->nkeeps, id),
            .grounds = writing_lines(rq->arena, at(t->grounds, t->ngrounds, i)),
        };
    }
}

static enum status propose(struct request *rq, struct error *err)
{
    struct deciding d = {0};
    read_proposed(rq, &d);
    enum status status = decide(rq, propose_step, &d, "words", err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""),
                                    "The proposal waits for a second steward. Nobody is told yet.",
                                    "处理意见已提交，待另一位管理员复核；目前尚未告知任何人。");
}

const struct route route_case_propose = {
    .method = "POST",
    .path = "/cases/{case}/propose",
    .roles = CASE_ROLES,
    .en = "Propose what is to follow for everybody named in a case.",
    .zh = "就案件涉及的每位成员提出处理意见。",
    .inputs = PROPOSE_INPUTS,
    .run = propose,
    .again = page_cases_show,
};

#define REASON_INPUT                                                                             \
    {                                                                                            \
        .name = "reason", .kind = INPUT_LONG_TEXT, .needed = true, .most = 4000, .en = "Reason", \
        .zh = "理由"                                                                           \
    }
static const struct input REASON_INPUTS[] = {REASON_INPUT, {0}};

static enum status withdraw(struct request *rq, struct error *err)
{
    struct deciding d = {0};
    enum status status = decide(rq, withdraw_step, &d, "reason", err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""), "The proposal is withdrawn.",
                                    "处理意见已撤回。");
}

const struct route route_case_withdraw = {
    .method = "POST",
    .path = "/cases/{case}/withdraw",
    .roles = CASE_ROLES,
    .en = "Withdraw one's own proposal.",
    .zh = "撤回本人提出的处理意见。",
    .inputs = REASON_INPUTS,
    .run = withdraw,
    .again = page_cases_show,
};

static enum status send_back(struct request *rq, struct error *err)
{
    struct deciding d = {0};
    enum status status = decide(rq, return_step, &d, "reason", err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""), "The proposal is sent back.",
                                    "处理意见已退回。");
}

const struct route route_case_return = {
    .method = "POST",
    .path = "/cases/{case}/return",
    .roles = CASE_ROLES,
    .en = "Send another steward's proposal back, with a reason.",
    .zh = "退回其他管理员的处理意见并说明理由。",
    .inputs = REASON_INPUTS,
    .run = send_back,
    .again = page_cases_show,
};

static enum status confirm(struct request *rq, struct error *err)
{
    struct deciding d = {0};
    enum status status = decide(rq, confirm_step, &d, "", err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""),
                                    "It is decided. Whom it is about has been told.",
                                    "决定已作出，并已告知相关成员。");
}

const struct route route_case_confirm = {
    .method = "POST",
    .path = "/cases/{case}/confirm",
    .roles = CASE_ROLES,
    .en = "Confirm another steward's proposal: it is put in force and told.",
    .zh = "确认其他管理员的处理意见，随即生效并告知成员。",
    .run = confirm,
    .again = page_cases_show,
};

static enum status reopen(struct request *rq, struct error *err)
{
    struct deciding d = {0};
    enum status status = decide(rq, reopen_step, &d, "reason", err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""), "The case is open again.",
                                    "案件已重新开案。");
}

const struct route route_case_reopen = {
    .method = "POST",
    .path = "/cases/{case}/reopen",
    .roles = CASE_ROLES,
    .en = "Open a dismissed case again, with a reason.",
    .zh = "重新开启不成立的案件并说明理由。",
    .inputs = REASON_INPUTS,
    .run = reopen,
    .again = page_cases_show,
};

/* --- appeals ------------------------------------------------------------------------------------ */

static const struct input HEAR_INPUTS[] = {
    {.name = "reasons",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 10000,
     .en = "Reasons",
     .zh = "理由"},
    {0},
};

/* Runs a step over the sanction that the address names, of the case that it names. */
static enum status hear(struct request *rq, server_write_step step, struct error *err)
{
    struct case_file file;
    struct case_sanction *list;
    size_t count = 0;
    struct deciding d = {0};
    enum status status = page_cases_find(rq, &file, err);
    if (!status)
        status = case_list_sanctions(rq->arena, rq->store, file.id, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        if (str_equal(list[i].key, rq->params[1]))
            d.sanction = list[i].id;
    if (!status && !d.sanction)
        status = error_set(err, STATUS_MISSING, "There is no such sanction.", "没有这项处理。");
    return status ? status : decide(rq, step, &d, "reasons", err);
}

static enum status grant(struct request *rq, struct error *err)
{
    enum status status = hear(rq, grant_step, err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""),
                                    "The sanction is lifted and the member told.",
                                    "处理已撤销，并已告知成员。");
}

const struct route route_case_grant = {
    .method = "POST",
    .path = "/cases/{case}/sanctions/{sanction}/grant",
    .roles = CASE_ROLES,
    .en = "Grant an appeal: the sanction is lifted and a correction stands on record.",
    .zh = "支持申诉：撤销处理并记录更正。",
    .inputs = HEAR_INPUTS,
    .run = grant,
    .again = page_cases_show,
};

static enum status refuse(struct request *rq, struct error *err)
{
    enum status status = hear(rq, refuse_step, err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""),
                                    "The sanction is upheld and the member told.",
                                    "处理已维持，并已告知成员。");
}

const struct route route_case_refuse = {
    .method = "POST",
    .path = "/cases/{case}/sanctions/{sanction}/refuse",
    .roles = CASE_ROLES,
    .en = "Refuse an appeal: the sanction is upheld for good.",
    .zh = "驳回申诉：处理维持并为最终决定。",
    .inputs = HEAR_INPUTS,
    .run = refuse,
    .again = page_cases_show,
};
