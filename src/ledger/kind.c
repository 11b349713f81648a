/* The kinds of line; see kind.h. */
#include "ledger/kind.h"

static const struct {
    const char *name;
    char letter;
    const char *en, *many, *zh, *page;
} KINDS[LEDGER_KINDS] = {
    [LEDGER_GOAL] = {"goal", 'G', "Goal", "Goals", "目标", ""},
    [LEDGER_INDICATOR] = {"indicator", 'I', "Indicator", "Indicators", "指标", ""},
    [LEDGER_PROJECT] = {"project", 'P', "Project", "Projects", "项目", ""},
    [LEDGER_POLICY] = {"policy", 'Y', "Policy", "Policies", "政策", "/policy"},
    [LEDGER_RISK] = {"risk", 'R', "Risk", "Risks", "风险", "/risk"},
    [LEDGER_STUDY] = {"study", 'S', "Study", "Study sessions", "学习", "/study"},
    [LEDGER_RECTIFICATION] = {"rectification", 'C', "Rectification", "Rectifications", "整改",
                              "/rectification"},
    [LEDGER_FIELD] = {"field", 'F', "Field", "Fields", "领域", ""},
    [LEDGER_MILESTONE] = {"milestone", 'M', "Milestone", "Milestones", "节点", ""},
    [LEDGER_REVIEW] = {"review", 'V', "Joint review", "Joint reviews", "联审联批", "/review"},
    [LEDGER_INSPECTION] = {"inspection", 'N', "Inspection", "Inspections", "观摩督导",
                           "/inspection"},
    [LEDGER_CAMPAIGN] = {"campaign", 'A', "Campaign", "Campaigns", "攻坚", "/campaign"},
    [LEDGER_SWEEP] = {"sweep", 'W', "Sweep", "Sweeps", "排查", "/sweep"},
};

const char *ledger_kind_name(enum ledger_kind kind)
{
    return KINDS[kind].name;
}

bool ledger_kind_named(struct str name, enum ledger_kind *kind)
{
    for (int i = 0; i < LEDGER_KINDS; i++) {
        if (str_equal(name, str_of(KINDS[i].name))) {
            *kind = (enum ledger_kind)i;
            return true;
        }
    }
    return false;
}

const char *ledger_kind_word(enum ledger_kind kind, enum lang lang)
{
    return lang_pick(lang, KINDS[kind].en, KINDS[kind].zh);
}

const char *ledger_kind_words(enum ledger_kind kind, enum lang lang)
{
    return lang_pick(lang, KINDS[kind].many, KINDS[kind].zh);
}

const char *ledger_kind_page(enum ledger_kind kind)
{
    return KINDS[kind].page;
}

char ledger_kind_letter(enum ledger_kind kind)
{
    return KINDS[kind].letter;
}
