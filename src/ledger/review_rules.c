/* The machine of joint reviews, as data, and the reply drawn from the opinions; see review.h. */
#include <inttypes.h>
#include <stdio.h>

#include "base/calendar.h"
#include "ledger/review.h"

#define AT(state) REVIEW_BIT(REVIEW_##state)
#define WORDS     REVIEW_NEEDS_WORDS

const struct review_rule review_rules[REVIEW_ACTS] = {
    {REVIEW_ACT_MAKE, AT(NONE), REVIEW_DRAFT, 0},
    {REVIEW_ACT_START, AT(DRAFT), REVIEW_RUNNING, REVIEW_NEEDS_STEPS},
    {REVIEW_ACT_REPLY, AT(RUNNING), REVIEW_REPLIED, WORDS | REVIEW_NEEDS_OVER},
    {REVIEW_ACT_BACK, AT(RUNNING) | AT(REPLIED), REVIEW_RUNNING, WORDS},
    {REVIEW_ACT_WITHDRAW, AT(DRAFT) | AT(RUNNING), REVIEW_WITHDRAWN, WORDS},
};

struct term {
    const char *name, *en, *zh;
};
static const struct term STATES[REVIEW_STATES] = {
    [REVIEW_NONE] = {"none", "not there", "尚无"},
    [REVIEW_DRAFT] = {"draft", "being prepared", "准备中"},
    [REVIEW_RUNNING] = {"running", "under review", "审查中"},
    [REVIEW_REPLIED] = {"replied", "replied", "已回复"},
    [REVIEW_WITHDRAWN] = {"withdrawn", "withdrawn", "已撤回"},
};
static const struct term ACTS[REVIEW_ACTS] = {
    [REVIEW_ACT_MAKE] = {"make", "Propose", "提出"},
    [REVIEW_ACT_START] = {"start", "Send to the units", "送审"},
    [REVIEW_ACT_REPLY] = {"reply", "Give the reply", "统一回复"},
    [REVIEW_ACT_BACK] = {"back", "Ask a stage again", "退回重审"},
    [REVIEW_ACT_WITHDRAW] = {"withdraw", "Withdraw", "撤回"},
};
static const struct term VERDICTS[REVIEW_VERDICTS] = {
    [REVIEW_OPEN] = {"", "", ""},
    [REVIEW_AGREED] = {"agreed", "Agreed", "同意"},
    [REVIEW_CONDITIONS] = {"conditions", "Agreed with conditions", "附条件同意"},
    [REVIEW_REFUSED] = {"refused", "Refused", "不同意"},
};
static const struct term NEEDS_TERMS[REVIEW_NEEDS_COUNT] = {
    {"words", "words", "文字说明"},
    {"steps", "at least one unit or person who is asked", "至少一个审查单位或审查人"},
    {"over", "all who were asked have spoken or let the limit pass, or a refusal holds up the rest",
     "各方均已提出意见或逾期视为同意，或因有单位不同意而中止"},
};

const char *review_state_name(enum review_state state)
{
    return STATES[state].name;
}

const char *review_state_words(enum review_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

const char *review_act_name(enum review_act act)
{
    return ACTS[act].name;
}

const char *review_act_words(enum review_act act, enum lang lang)
{
    return lang_pick(lang, ACTS[act].en, ACTS[act].zh);
}

const char *review_verdict_name(enum review_verdict verdict)
{
    return VERDICTS[verdict].name;
}

const char *review_verdict_words(enum review_verdict verdict, enum lang lang)
{
    return lang_pick(lang, VERDICTS[verdict].en, VERDICTS[verdict].zh);
}

static const struct term *find_need(unsigned need)
{
    size_t at = 0;
    while (at + 1 < REVIEW_NEEDS_COUNT && !(need >> at & 1U))
        at++;
    return &NEEDS_TERMS[at];
}

const char *review_needs_words(unsigned need, enum lang lang)
{
    return lang_pick(lang, find_need(need)->en, find_need(need)->zh);
}

/* Place of the term of that name, `count` where there is none. */
static int find_term(const struct term *terms, int count, struct str name)
{
    int at = 0;
    while (at < count && !str_equal(name, str_of(terms[at].name)))
        at++;
    return at;
}

enum review_state review_state_named(struct str name)
{
    return (enum review_state)find_term(STATES, REVIEW_STATES, name);
}

enum review_act review_act_named(struct str name)
{
    return (enum review_act)find_term(ACTS, REVIEW_ACTS, name);
}

enum review_verdict review_verdict_named(struct str name)
{
    return (enum review_verdict)find_term(VERDICTS, REVIEW_VERDICTS, name);
}

static struct error cause_of(const struct term *term)
{
    struct error cause = {.status = STATUS_CONFLICT};
    (void)snprintf(cause.en, sizeof cause.en, "%s.", term->en);
    (void)snprintf(cause.zh, sizeof cause.zh, "%s。", term->zh);
    return cause;
}

enum status review_allow(enum review_state state, enum review_act act, unsigned met,
                         struct error *err)
{
    const struct review_rule *rule = &review_rules[act];
    unsigned lacking = rule->needs & ~met;
    struct error cause;
    if (!(rule->from >> state & 1U)) {
        cause = cause_of(&STATES[state]);
        return error_within(err, &cause, "This can't be done now. The review is: ",
                            "目前不能进行此操作，联审状态：");
    }
    if (lacking) {
        cause = cause_of(find_need(lacking));
        return error_within(err, &cause, "Still needed: ", "尚需：");
    }
    return STATUS_OK;
}

enum line_state review_line_state(enum review_state state)
{
    static const enum line_state LINES[REVIEW_STATES] = {
        [REVIEW_NONE] = LINE_PROPOSED,    [REVIEW_DRAFT] = LINE_PROPOSED,
        [REVIEW_RUNNING] = LINE_ACTIVE,   [REVIEW_REPLIED] = LINE_DONE,
        [REVIEW_WITHDRAWN] = LINE_CLOSED,
    };
    return state < REVIEW_STATES ? LINES[state] : LINE_PROPOSED;
}

enum review_verdict review_verdict_of(const struct step_sum *sum)
{
    if (sum->of[STEP_REFUSED])
        return REVIEW_REFUSED;
    return sum->of[STEP_CONDITIONS] ? REVIEW_CONDITIONS : REVIEW_AGREED;
}

/* --- the reply ------------------------------------------------------------------------------------ */

/* In this order they are told, each with its heading. */
static const struct {
    enum step_state state;
    const char *en, *zh;
} PARTS[] = {
    {STEP_REFUSED, "Not agreed:", "不同意："},
    {STEP_CONDITIONS, "Agreed with conditions:", "附条件同意："},
    {STEP_AGREED, "Agreed:", "同意："},
    {STEP_SILENT,
     "Said nothing within the limit, which counts as consent:", "逾期未复，视为同意："},
    {STEP_WAITING, "Not asked, for what was refused before:", "因前序不同意，未征求意见："},
};

static void tell(struct buf *out, const struct review_opinion *o, enum lang lang)
{
    struct str day = calendar_day_text(out->arena, o->day);
    buf_format(out, "\n- %.*s", STR_ARG(o->whose));
    if (o->day)
        buf_format(out, "%s%.*s%s", lang_pick(lang, " (", "（"), STR_ARG(day),
                   lang_pick(lang, ")", "）"));
    if (o->words.len)
        buf_format(out, "%s%.*s", lang_pick(lang, ": ", "："), STR_ARG(o->words));
}

struct str review_draft(struct arena *arena, const struct review_opinion *opinions, size_t count,
                        enum lang lang)
{
    struct buf out = {.arena = arena};
    buf_format(&out, "%s%zu%s", lang_pick(lang, "Opinions asked for: ", "共征求 "), count,
               lang_pick(lang, ".", " 方意见。"));
    for (size_t part = 0; part < sizeof PARTS / sizeof *PARTS; part++) {
        bool begun = false;
        for (size_t i = 0; i < count; i++) {
            if (opinions[i].state != PARTS[part].state)
                continue;
            if (!begun)
                buf_format(&out, "\n\n%s", lang_pick(lang, PARTS[part].en, PARTS[part].zh));
            begun = true;
            tell(&out, &opinions[i], lang);
        }
    }
    return buf_str(&out);
}
