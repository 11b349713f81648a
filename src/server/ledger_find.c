/* What search finds in the ledger; see ledger_find.h. */
#include "server/ledger_find.h"

#include <string.h>

#include "ledger/line.h"
#include "server/internal.h"

/* Pages that a procedure is reached by, with what people call it. */
const struct procedure ledger_procedures[] = {
    {"/ledger/reviews", "Joint reviews", "联审联批",
     "joint review|joint approval|approval by silence",
     "联审联批|联合审批|并联审批|默认通过|超时默认", 0},
    {"/ledger/inspections", "Inspections", "观摩督导",
     "inspection|tour of inspection|visit|score sheet", "观摩督导|观摩|观摩评比|现场督导|评分表",
     0},
    {"/ledger/campaigns", "Campaigns", "攻坚行动",
     "campaign|60-day campaign|100-day campaign|hundred days|two-month push|burn-up",
     "攻坚|双月攻坚|百日攻坚|集中攻坚|倒计时|每日战报", 0},
    {"/ledger/policies", "Policies", "政策清单",
     "policy|policies|policy dividend|supervision of policies|evaluation of policies",
     "政策|政策红利|政策体系|督导检查|跟踪评估|政策落实", 0},
    {"/ledger/policies?route=seek", "Policies to be sought above", "向上争取的政策",
     "sought above|seek above|funds from above", "向上争取|争取政策|争取资金", 0},
    {"/ledger/policies?route=match", "Policies to be matched with own means", "自身配套的政策",
     "own means|matched with own means|matching funds", "自身配套|配套政策", 0},
    {"/ledger/policies?route=pilot", "Policies to be tried first", "先行先试的政策",
     "tried first|pilot|pilots|trial", "先行先试|试点", 0},
    {"/policies", "Policies for you", "惠企惠民政策",
     "policies in plain words|leaflet|leaflets|who may claim|grants|how to claim",
     "政策|明白卡|明白纸|惠企政策|政策宣传|政策红利|申领", ROLE_MEMBER},
    {"/ledger/risks", "Risks", "风险台账", "risk|risk register|residual risk|monitoring of risks",
     "风险|风险监测|风险处置|监测预警|风险隐患|化解风险|监测|处置", 0},
    {"/ledger/sweeps", "Sweeps", "风险排查", "sweep|sweeps|checklist",
     "风险排查|排查|隐患排查|拉网式排查", 0},
    {"/ledger/risks/map", "Heat map of risks", "风险热力图", "heat map|risk matrix",
     "热力图|风险矩阵", 0},
    {"/ledger/studies", "Study sessions", "学习会",
     "study session|study|first item of the agenda|first agenda item",
     "学习|第一议题|理论学习|学习制度|学习研讨", 0},
    {"/ledger/studies/papers", "How soon papers are studied", "第一时间学习情况",
     "how soon|studied in time", "第一时间|及时跟进", 0},
    {"/ledger/steps", "Steps under way", "待办步骤", "step|steps|silence is consent",
     "步骤|默认同意|限时办结", 0},
    {"/ledger/alarms", "Alarms of indicators", "指标提醒", "alarm|alarms", "指标提醒|预警|指标预警",
     0},
    {"/ledger/sheets", "Sheets", "检查表和评分表", "checklist|score sheet|sheet",
     "检查表|评分表|打分表", 0},
    {"/ledger/rectifications", "Rectifications", "查摆整改",
     "rectification|rectify|corrective action|recurrence", "查摆整改|查摆|整改|销号|反复问题", 0},
    {"/ledger/bottlenecks", "Bottlenecks", "中梗阻与最后一公里",
     "bottleneck|last mile|last kilometre|where time goes|blocked", "中梗阻|最后一公里|堵点|卡点",
     0},
    {"/ledger/leads", "Leads", "分包领导", "lead|leads|who answers for it",
     "领导分包|分包领导|分包|领导包联|包保", 0},
    {"/ledger/projects", "Projects", "项目库",
     "project|project library|five watches|admission|major projects",
     "项目库|五盯|盯落地|盯开工|盯进度|盯配套|盯投产投用|重大专项|重点项目|入库", 0},
    {"/ledger/accounts", "Accounts of projects", "项目台账", "account|money paid|land|permits",
     "列单建账|项目台账|资金支付|要素保障", 0},
    {"/ledger/programmes", "Programmes", "规划",
     "programme|programmes in one|plans in one|clash of programmes",
     "多规合一|规划|规划衔接|规划冲突", 0},
    {"/ledger/goals", "Goals", "目标", "goal|goal tree|milestone|near term|long term",
     "目标|目标引领|节点推进|节点|目标分解|近期|中期|远期", 0},
    {"/ledger/higher", "Goals from above", "上级目标", "goal from above|taken over",
     "上级目标|战略承接|承接", 0},
    {"/ledger/indicators", "Figures of indicators", "指标数据",
     "indicator|figure|target|actual|benchmark", "指标|指标数据|目标值|实际值|参照值|逐年逐季逐月",
     0},
    {"/ledger/supervision", "Supervision", "督查督办", "supervision|feedback|strike off",
     "督查督办|督办|督查|交办|反馈|三色督办", 0},
    {"/ledger/assessments", "Assessments", "考核", "assessment|score", "考核|考核得分", 0},
    {"/ledger/wall", "Wall", "总览", "wall|overview|how it stands", "总览|大屏|总体情况|挂图作战",
     0},
    {"/ledger/today", "My day", "今日待办", "my day|waits for me", "今日待办|待办", 0},
    {"/ledger/units", "Units", "单位", "unit|units", "单位|责任单位", 0},
    {0},
};

/* --- fitting -------------------------------------------------------------------------------------- */

#define QUESTION_MAX 256U

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_quote(struct str text, size_t *len)
{
    static const char *const QUOTES[] = {"\"", "'", "“", "”", "‘", "’", "「", "」"};
    for (size_t i = 0; i < sizeof QUOTES / sizeof *QUOTES; i++) {
        *len = strlen(QUOTES[i]);
        if (str_starts(text, str_of(QUOTES[i])))
            return true;
    }
    return false;
}

/* In small letters, without quotation marks; cut at what no name is as long as. */
static struct str fold(struct str text, char folded[QUESTION_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < QUESTION_MAX;) {
        size_t skip;
        if (is_quote(str_slice(text, i, text.len), &skip)) {
            i += skip;
            continue;
        }
        char c = text.at[i++];
        folded[len++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return str_trim((struct str){folded, len});
}

/* Whether `needle` stands in `text`: Latin letters only from the beginning of a word. */
static bool holds(struct str text, struct str needle)
{
    for (size_t at = str_find(text, needle, 0); at != SIZE_MAX; at = str_find(text, needle, at + 1))
        if (at == 0 || !is_letter(needle.at[0]) || !is_letter(text.at[at - 1]))
            return true;
    return false;
}

/* Two letters, or one Chinese character, say too little. */
static bool is_enough(struct str text)
{
    return text.len > 3 || (text.len == 3 && is_letter(text.at[0]));
}

static int fits_name(struct str name, struct str question)
{
    char folded[QUESTION_MAX];
    name = fold(name, folded);
    if (str_equal(name, question))
        return 3;
    if (holds(name, question))
        return 2;
    return is_enough(name) && holds(question, name) ? 1 : 0;
}

/* The best among several names with | between. */
static int fits_names(const char *names, struct str question)
{
    int best = 0;
    struct str name;
    for (struct str rest = str_of(names ? names : ""); str_split(&rest, '|', &name);) {
        int fit = fits_name(name, question);
        best = fit > best ? fit : best;
    }
    return best;
}

int ledger_procedure_fits(const struct procedure *p, struct str question)
{
    char folded[QUESTION_MAX];
    const char *const names[] = {p->en, p->zh, p->called, p->called_zh};
    int best = 0;
    question = fold(question, folded);
    if (!is_enough(question))
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int fit = fits_names(names[i], question);
        best = fit > best ? fit : best;
    }
    return best;
}

/* --- finding -------------------------------------------------------------------------------------- */

const struct field ledger_found_fields[] = {
    FIELD(TEXT, struct ledger_found, path),
    FIELD(TEXT, struct ledger_found, text),
    FIELD(TEXT, struct ledger_found, hint),
    {0},
};

static void find_procedures(const struct request *rq, struct str question,
                            struct ledger_finds *finds)
{
    finds->procedures = arena_array(rq->arena, LEDGER_FOUND_MAX, struct ledger_found);
    for (int fit = 3; fit > 0; fit--)
        for (const struct procedure *p = ledger_procedures; p->path; p++)
            if (finds->nprocedures < LEDGER_FOUND_MAX &&
                request_may(rq, p->roles ? p->roles : ROLES_LEDGER) &&
                ledger_procedure_fits(p, question) == fit)
                finds->procedures[finds->nprocedures++] = (struct ledger_found){
                    str_of(p->path), request_words(rq, p->en, p->zh), STR("")};
}

static enum status find_lines(struct request *rq, struct str words, struct ledger_finds *finds,
                              struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT l.key, l.number, l.title, l.kind, l.state FROM line l"
                               " WHERE l.number = upper(?1) OR instr(lower(l.title), lower(?1)) > 0"
                               " ORDER BY l.number <> upper(?1), l.state IN ('done', 'closed'),"
                               " l.changed_ms DESC, l.id LIMIT ?2");
    bool more = false;
    finds->lines = arena_array(rq->arena, LEDGER_FOUND_MAX, struct ledger_found);
    query_bind_str(q, 1, words);
    query_bind_int(q, 2, LEDGER_FOUND_MAX + 1);
    while (query_row(q)) {
        enum ledger_kind kind = LEDGER_GOAL;
        enum line_state state = LINE_PROPOSED;
        more = finds->nlines == LEDGER_FOUND_MAX;
        if (more)
            continue;
        (void)ledger_kind_named(query_str(q, 3), &kind);
        (void)line_state_named(query_str(q, 4), &state);
        finds->lines[finds->nlines++] = (struct ledger_found){
            str_format(rq->arena, "/ledger/lines/%.*s", STR_ARG(query_str(q, 0))),
            str_format(rq->arena, "%.*s %.*s", STR_ARG(query_str(q, 1)), STR_ARG(query_str(q, 2))),
            str_format(rq->arena, "%s · %s", ledger_kind_word(kind, rq->lang),
                       line_state_word(state, rq->lang))};
    }
    if (more) {
        struct buf all = {.arena = rq->arena};
        buf_add(&all, STR("/ledger?words="));
        answer_escape_query(&all, words);
        finds->all = buf_str(&all);
    }
    return query_end(q, err);
}

enum status ledger_find(struct request *rq, struct str question, struct ledger_finds *finds,
                        struct error *err)
{
    struct str words = str_trim(question);
    *finds = (struct ledger_finds){0};
    if (!words.len)
        return STATUS_OK;
    find_procedures(rq, words, finds);
    return request_may(rq, ROLES_LEDGER) ? find_lines(rq, words, finds, err) : STATUS_OK;
}
