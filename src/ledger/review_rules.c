/* The machine of joint reviews, as data, and the reply drawn from the opinions; see review.h. */
#include <inttypes.h>

#include "base/calendar.h"
#include "ledger/review.h"

#define AT(state) REVIEW_BIT(REVIEW_##state)
#define WORDS     REVIEW_NEEDS_WORDS

const struct machine_rule review_rules[REVIEW_ACTS] = {
    [REVIEW_ACT_MAKE] = {AT(NONE), REVIEW_DRAFT, 0, 0},
    [REVIEW_ACT_START] = {AT(DRAFT), REVIEW_RUNNING, 0, REVIEW_NEEDS_STEPS},
    [REVIEW_ACT_REPLY] = {AT(RUNNING), REVIEW_REPLIED, 0, WORDS | REVIEW_NEEDS_OVER},
    [REVIEW_ACT_BACK] = {AT(RUNNING) | AT(REPLIED), REVIEW_RUNNING, 0, WORDS},
    [REVIEW_ACT_WITHDRAW] = {AT(DRAFT) | AT(RUNNING), REVIEW_WITHDRAWN, 0, WORDS},
};

static const struct machine_term STATES[REVIEW_STATES] = {
    [REVIEW_NONE] = {"none", "not there", "尚无"},
    [REVIEW_DRAFT] = {"draft", "being prepared", "准备中"},
    [REVIEW_RUNNING] = {"running", "under review", "审查中"},
    [REVIEW_REPLIED] = {"replied", "replied", "已回复"},
    [REVIEW_WITHDRAWN] = {"withdrawn", "withdrawn", "已撤回"},
};
static const struct machine_term ACTS[REVIEW_ACTS] = {
    [REVIEW_ACT_MAKE] = {"make", "Propose", "提出"},
    [REVIEW_ACT_START] = {"start", "Send to the units", "送审"},
    [REVIEW_ACT_REPLY] = {"reply", "Give the reply", "统一回复"},
    [REVIEW_ACT_BACK] = {"back", "Ask a stage again", "退回重审"},
    [REVIEW_ACT_WITHDRAW] = {"withdraw", "Withdraw", "撤回"},
};
static const struct machine_term VERDICTS[REVIEW_VERDICTS] = {
    [REVIEW_OPEN] = {"", "", ""},
    [REVIEW_AGREED] = {"agreed", "Agreed", "同意"},
    [REVIEW_CONDITIONS] = {"conditions", "Agreed with conditions", "附条件同意"},
    [REVIEW_REFUSED] = {"refused", "Refused", "不同意"},
};
static const struct machine_term NEEDS_TERMS[REVIEW_NEEDS_COUNT] = {
    {"words", "an explanation in words", "文字说明"},
    {"steps", "at least one unit or person who is asked", "至少一个审查单位或审查人"},
    {"over", "all who were asked have spoken or let the limit pass, or a refusal holds up the rest",
     "各方均已提出意见或逾期视为同意，或因有单位不同意而中止"},
};
static const struct machine_term WHO[] = {
    {"holder", "the line's lead, who heads its unit, or who keeps the ledger",
     "条目的分包领导、责任单位负责人或台账管理者"},
};
const struct machine review_machine = {
    {STATES, REVIEW_STATES},           {ACTS, REVIEW_ACTS}, {WHO, 1},
    {NEEDS_TERMS, REVIEW_NEEDS_COUNT}, review_rules,
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

const char *review_needs_words(unsigned need, enum lang lang)
{
    return machine_need_words(review_machine.needs, need, lang);
}

enum review_state review_state_named(struct str name)
{
    return (enum review_state)machine_named((struct machine_terms){STATES, REVIEW_STATES}, name);
}

enum review_act review_act_named(struct str name)
{
    return (enum review_act)machine_named((struct machine_terms){ACTS, REVIEW_ACTS}, name);
}

enum review_verdict review_verdict_named(struct str name)
{
    return (enum review_verdict)machine_named((struct machine_terms){VERDICTS, REVIEW_VERDICTS},
                                              name);
}

enum status review_allow(enum review_state state, enum review_act act, unsigned met,
                         struct error *err)
{
    return machine_allow(&review_machine, (int)state, (int)act,
                         (struct machine_facts){.met = met, .is = MACHINE_BIT(0)}, err);
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
    buf_format(out, "\n- %.*s", STR_ARG(o->whose));
    if (o->day) {
        buf_add(out, str_of(lang_pick(lang, " (", "（")));
        calendar_write_date(out, o->day, lang);
        buf_add(out, str_of(lang_pick(lang, ")", "）")));
    }
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
