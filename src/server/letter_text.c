/* What a letter says; see letter_text.h. */
#include "server/letter_text.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/calendar.h"
#include "ledger/inspect.h"
#include "ledger/may.h"
#include "ledger/threshold.h"
#include "ledger/urge.h"
#include "library/ask.h"
#include "library/deletion.h"
#include "library/entitlement.h"
#include "library/group.h"
#include "library/letter.h"
#include "library/setting.h"
#include "library/subscription.h"
#include "server/internal.h"
#include "server/ledger_notices.h"
#include "server/ledger_steps.h"

#define TOKEN_HEX 32U

struct letter_paper {
    struct str title, author, summary, url;
    bool again; /* a further edition */
    bool fits;  /* a search that the member keeps */
};
struct letter_notice {
    struct str kind, number, title, rule, due, url;
};
struct letter_page {
    struct str lang, organisation, site, name, url, title, author, group, why, plan, state, day,
        address, unsubscribe, stop;
    struct str words; /* grounds, reasons */
    int64_t until, ends;
    bool warning, suspension, end; /* the measure told of */
    bool policy_shown, policy_extended, policy_ended;
    bool why_account, why_wished, why_followed, why_duty, why_address; /* why they get it */
    bool marked;                                                       /* it leads to copies */
    bool asked_for;                                                    /* by somebody, on a page */
    struct letter_paper *papers;
    size_t npapers;
    struct letter_notice *notices; /* of supervision, the gravest first */
    size_t nnotices;
    int64_t count, more; /* notices in all, and besides the first */
};

static const struct field LETTER_PAPER[] = {
    FIELD(TEXT, struct letter_paper, title),
    FIELD(TEXT, struct letter_paper, author),
    FIELD(TEXT, struct letter_paper, summary),
    FIELD(TEXT, struct letter_paper, url),
    FIELD(FLAG, struct letter_paper, again),
    FIELD(FLAG, struct letter_paper, fits),
    {0},
};
static const struct field LETTER_NOTICE[] = {
    FIELD(TEXT, struct letter_notice, kind),
    FIELD(TEXT, struct letter_notice, number),
    FIELD(TEXT, struct letter_notice, title),
    FIELD(TEXT, struct letter_notice, rule),
    FIELD(DATE, struct letter_notice, due),
    FIELD(TEXT, struct letter_notice, url),
    {0},
};
static const struct field LETTER_PAGE[] = {
    FIELD(TEXT, struct letter_page, lang),
    FIELD(TEXT, struct letter_page, organisation),
    FIELD(TEXT, struct letter_page, site),
    FIELD(TEXT, struct letter_page, name),
    FIELD(TEXT, struct letter_page, url),
    FIELD(TEXT, struct letter_page, title),
    FIELD(TEXT, struct letter_page, author),
    FIELD(TEXT, struct letter_page, group),
    FIELD(TEXT, struct letter_page, why),
    FIELD(TEXT, struct letter_page, plan),
    FIELD(TEXT, struct letter_page, address),
    FIELD(TEXT, struct letter_page, state),
    FIELD(DATE, struct letter_page, day),
    FIELD(TEXT, struct letter_page, unsubscribe),
    FIELD(TEXT, struct letter_page, stop),
    FIELD(TEXT, struct letter_page, words),
    FIELD(DAY, struct letter_page, until),
    FIELD(DAY, struct letter_page, ends),
    FIELD(FLAG, struct letter_page, warning),
    FIELD(FLAG, struct letter_page, suspension),
    FIELD(FLAG, struct letter_page, end),
    FIELD(FLAG, struct letter_page, policy_shown),
    FIELD(FLAG, struct letter_page, policy_extended),
    FIELD(FLAG, struct letter_page, policy_ended),
    FIELD(FLAG, struct letter_page, why_account),
    FIELD(FLAG, struct letter_page, why_wished),
    FIELD(FLAG, struct letter_page, why_followed),
    FIELD(FLAG, struct letter_page, why_duty),
    FIELD(FLAG, struct letter_page, why_address),
    FIELD(FLAG, struct letter_page, marked),
    FIELD(FLAG, struct letter_page, asked_for),
    FIELD_OF_LIST(struct letter_page, papers, LETTER_PAPER),
    FIELD_OF_LIST(struct letter_page, notices, LETTER_NOTICE),
    FIELD(NUMBER, struct letter_page, count),
    FIELD(NUMBER, struct letter_page, more),
    {0},
};

struct making;
static enum status still_ends(struct making *m, json_t *data, bool *wanted);
static enum status still_owed(struct making *m, json_t *data, bool *wanted);
static enum status still_stands(struct making *m, json_t *data, bool *wanted);
static enum status still_asked(struct making *m, json_t *data, bool *wanted);
static enum status still_urged(struct making *m, json_t *data, bool *wanted);
static enum status still_said(struct making *m, json_t *data, bool *wanted);
static enum status still_alarmed(struct making *m, json_t *data, bool *wanted);
static enum status still_swept(struct making *m, json_t *data, bool *wanted);
static enum status still_touring(struct making *m, json_t *data, bool *wanted);
static enum status still_open(struct making *m, json_t *data, bool *wanted);
static enum status still_followed(struct making *m, json_t *data, bool *wanted);

/* Why a member gets a letter, as its foot says. One that is wished for or followed can be stopped. */
enum letter_why { WHY_ACCOUNT, WHY_WISHED, WHY_FOLLOWED, WHY_DUTY, WHY_ADDRESS };

/* Every kind, why it is sent, and what asks whether it still holds. */
static const struct letter_kind {
    const char *name, *page, *en, *zh;
    enum letter_why why;
    bool tells_papers;
    bool always; /* to who is suspended as well */
    enum status (*still)(struct making *m, json_t *data, bool *wanted); /* NULL: always */
} KINDS[] = {
    {.name = "invitation",
     .page = "mail-invitation",
     .en = "invitation",
     .zh = "邀请",
     .why = WHY_ADDRESS},
    {.name = "reset", .page = "mail-reset", .en = "new password", .zh = "重设密码", .always = true},
    {.name = "email-new",
     .page = "mail-email-new",
     .en = "new address to confirm",
     .zh = "确认新邮箱",
     .why = WHY_ADDRESS},
    {.name = "email-old",
     .page = "mail-email-old",
     .en = "address about to change",
     .zh = "邮箱即将更改"},
    {.name = "email-moved",
     .page = "mail-email-moved",
     .en = "address changed",
     .zh = "邮箱已更改"},
    {.name = "renewal",
     .page = "mail-renewal",
     .en = "subscription that ends",
     .zh = "订阅到期",
     .still = still_ends},
    {.name = "mention",
     .page = "mail-mention",
     .en = "mention",
     .zh = "提及",
     .why = WHY_WISHED,
     .still = still_stands},
    {.name = "deletion",
     .page = "mail-deletion",
     .en = "copy to delete",
     .zh = "删除副本",
     .still = still_owed},
    {.name = "join",
     .page = "mail-join",
     .en = "request to join",
     .zh = "加入申请",
     .why = WHY_DUTY},
    {.name = "admitted",
     .page = "mail-admitted",
     .en = "admitted to a group",
     .zh = "同意加入群组"},
    {.name = "declined",
     .page = "mail-declined",
     .en = "application declined",
     .zh = "谢绝加入群组"},
    {.name = "placed",
     .page = "mail-placed",
     .en = "put in a group",
     .zh = "加入群组",
     .why = WHY_WISHED},
    {.name = "granted",
     .page = "mail-granted",
     .en = "subscription given",
     .zh = "获得订阅",
     .why = WHY_WISHED},
    {.name = "request",
     .page = "mail-request",
     .en = "answer to a request",
     .zh = "需求答复",
     .why = WHY_WISHED,
     .still = still_asked},
    {.name = "standing",
     .page = "mail-standing",
     .en = "paper that fits a search",
     .zh = "与检索相符的文稿",
     .why = WHY_WISHED,
     .tells_papers = true},
    {.name = "published",
     .page = "mail-published",
     .en = "new paper",
     .zh = "新文稿",
     .why = WHY_WISHED,
     .tells_papers = true},
    {.name = "digest",
     .page = "mail-digest",
     .en = "new papers, collected",
     .zh = "新文稿汇总",
     .why = WHY_WISHED,
     .tells_papers = true},
    {.name = "subscription",
     .page = "mail-subscription",
     .en = "subscription that is longer",
     .zh = "订阅延长"},
    {.name = "sanction",
     .page = "mail-sanction",
     .en = "decision in a case",
     .zh = "处理决定",
     .always = true},
    {.name = "appeal-granted",
     .page = "mail-appeal-granted",
     .en = "appeal granted",
     .zh = "申诉成立",
     .always = true},
    {.name = "appeal-refused",
     .page = "mail-appeal-refused",
     .en = "appeal refused",
     .zh = "申诉驳回",
     .always = true},
    {.name = "appeal-over",
     .page = "mail-appeal-over",
     .en = "time to appeal over",
     .zh = "申诉期满",
     .always = true},
    {.name = "report-dismissed",
     .page = "mail-report-dismissed",
     .en = "report without ground",
     .zh = "举报不成立"},
    {.name = "supervision",
     .page = "mail-supervision",
     .en = "supervision notices",
     .zh = "督办单",
     .why = WHY_DUTY,
     .still = still_urged},
    {.name = "step",
     .page = "mail-step",
     .en = "steps to take",
     .zh = "待办步骤",
     .why = WHY_DUTY,
     .still = still_open},
    {.name = "review",
     .page = "mail-review",
     .en = "reply of a joint review",
     .zh = "联审回复",
     .why = WHY_DUTY},
    {.name = "said",
     .page = "mail-said",
     .en = "words about a line of the ledger",
     .zh = "台账条目的发言",
     .why = WHY_WISHED,
     .still = still_said},
    {.name = "alarm",
     .page = "mail-alarm",
     .en = "alarms of risks",
     .zh = "风险预警",
     .why = WHY_DUTY,
     .still = still_alarmed},
    {.name = "policy",
     .page = "mail-policy",
     .en = "change of a policy",
     .zh = "政策变动",
     .why = WHY_FOLLOWED,
     .still = still_followed},
    {.name = "sweep",
     .page = "mail-sweep",
     .en = "sweeps to answer",
     .zh = "风险排查",
     .why = WHY_DUTY,
     .still = still_swept},
    {.name = "sweep-near",
     .page = "mail-sweep-near",
     .en = "sweeps whose day nears",
     .zh = "排查临近期限",
     .why = WHY_DUTY,
     .still = still_swept},
    {.name = "tour",
     .page = "mail-tour",
     .en = "tours to score",
     .zh = "观摩评分",
     .why = WHY_DUTY,
     .still = still_touring},
    {.name = "test", .page = "mail-test", .en = "test", .zh = "测试"},
};
#define KIND_COUNT (sizeof KINDS / sizeof *KINDS)

enum status letter_text_check(const struct templates *templates, struct error *err)
{
    const struct field *scopes[] = {LETTER_PAGE};
    enum status status = template_check(templates, "mail", scopes, 1, err);
    for (size_t i = 0; !status && i < KIND_COUNT; i++)
        status = template_check(templates, KINDS[i].page, scopes, 1, err);
    return status;
}

static const struct letter_kind *find_kind(struct str name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (str_equal(str_of(KINDS[i].name), name))
            return &KINDS[i];
    return NULL;
}

static bool can_stop(const struct letter_kind *kind)
{
    return kind->why == WHY_WISHED || kind->why == WHY_FOLLOWED;
}

const char *letter_kind_words(struct str kind, enum lang lang)
{
    const struct letter_kind *k = find_kind(kind);
    return k ? lang_pick(lang, k->en, k->zh) : "";
}

/* --- addresses ---------------------------------------------------------------------------------- */

enum status letter_site_url(struct arena *arena, struct server *server, struct store *store,
                            struct str *url, struct error *err)
{
    const struct server_options *o = server_options_of(server);
    enum status status = library_site_url(arena, store, url, err);
    bool six = strchr(o->address, ':') != NULL;
    if (!status && !url->len)
        *url = str_format(arena, "%s://%s%s%s:%u", o->certificate ? "https" : "http",
                          six ? "[" : "", o->address, six ? "]" : "", server_port(server));
    return status;
}

struct str letter_unsubscribe_token(struct arena *arena, struct store *store, int64_t member)
{
    const struct digest *secret = store_secret(store);
    struct digest key = digest_derive(digest_bytes(secret), STR("chancery unsubscribe"));
    struct str number = str_format(arena, "%" PRId64, member);
    struct digest mac = digest_keyed(digest_bytes(&key), number);
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&mac, hex);
    return str_format(arena, "%.*s-%.*s", STR_ARG(number), (int)TOKEN_HEX, hex);
}

int64_t letter_unsubscribe_member(struct store *store, struct str token)
{
    uint64_t member = 0;
    size_t dash = str_find(token, STR("-"), 0);
    if (dash == SIZE_MAX || !str_to_u64(str_slice(token, 0, dash), &member) || member > INT64_MAX)
        return 0;
    struct arena *arena = arena_make();
    struct str good = letter_unsubscribe_token(arena, store, (int64_t)member);
    /* Compared by digest, so that time tells nothing of how much agrees. */
    struct digest a = digest_of(good);
    struct digest b = digest_of(token);
    arena_free(arena);
    return memcmp(a.bytes, b.bytes, DIGEST_BYTES) == 0 ? (int64_t)member : 0;
}

/* --- particulars -------------------------------------------------------------------------------- */

struct making {
    struct arena *arena;
    struct store *store;
    int64_t member, now_ms;
    struct letter_page page;
    struct str to; /* when it is not the member's address */
    enum lang lang;
    struct error *err;
};

static struct str text_of(struct making *m, json_t *data, const char *name)
{
    return str_copy(m->arena, str_of(json_string_value(json_object_get(data, name))));
}

/* Adds a paper when the member may still open it. */
static enum status add_paper(struct making *m, json_t *of)
{
    struct entitlement e;
    int64_t paper = json_integer_value(json_object_get(of, "paper"));
    int64_t edition = json_integer_value(json_object_get(of, "edition"));
    enum status status = library_entitle(m->store, m->member, paper, m->now_ms, &e, m->err);
    if (status || (e.why != REFUSAL_NONE && e.why != REFUSAL_NOTICE))
        return status;
    struct query *q = query_start(
        m->store, "SELECT e.title, o.author, o.summary, o.key FROM edition e JOIN offer o"
                  " ON o.paper = e.paper WHERE e.paper = ?1 AND e.number = ?2");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, edition);
    if (query_row(q))
        m->page.papers[m->page.npapers++] = (struct letter_paper){
            .title = str_copy(m->arena, query_str(q, 0)),
            .author = str_copy(m->arena, query_str(q, 1)),
            .summary = str_copy(m->arena, query_str(q, 2)),
            .url = str_format(m->arena, "%.*s/papers/%.*s", STR_ARG(m->page.site),
                              STR_ARG(query_str(q, 3))),
            .again = edition > 1,
            .fits = json_is_true(json_object_get(of, "fits")),
        };
    return query_end(q, m->err);
}

static enum status add_papers(struct making *m, json_t *data)
{
    json_t *list = json_object_get(data, "papers");
    enum status status = STATUS_OK;
    size_t count = json_is_array(list) ? json_array_size(list) : 1;
    m->page.papers = arena_array(m->arena, count, struct letter_paper);
    for (size_t i = 0; !status && i < count; i++)
        status = add_paper(m, json_is_array(list) ? json_array_get(list, i) : data);
    return status;
}

/* Whether a letter that has waited still says what is so. */
static enum status still_ends(struct making *m, json_t *data, bool *wanted)
{
    return library_is_ending(m->store, json_integer_value(json_object_get(data, "subscription")),
                             m->now_ms, wanted, m->err);
}

static enum status still_owed(struct making *m, json_t *data, bool *wanted)
{
    return library_owes_deletion(
        m->store, m->member, json_integer_value(json_object_get(data, "paper")), wanted, m->err);
}

/* A post that still stands, in a group that the member is still in or under a paper that is still open. */
static enum status still_stands(struct making *m, json_t *data, bool *wanted)
{
    struct query *q = query_start(
        m->store,
        "SELECT 1 FROM post p WHERE p.key = ?1 AND p.removed_ms IS NULL"
        " AND (" IN_GROUP_SQL("p.\"group\"", "?2",
                              "?3") " OR (p.under IS NOT NULL AND " ENTITLED_SQL("p.under", "?2",
                                                                                 "?3") "))");
    query_bind_str(q, 1, text_of(m, data, "post"));
    query_bind_int(q, 2, m->member);
    query_bind_int(q, 3, m->now_ms);
    *wanted = query_row(q);
    return query_end(q, m->err);
}

/* Words about a line that still stand, to whom the ledger is still open. */
static enum status still_said(struct making *m, json_t *data, bool *wanted)
{
    struct error closed = {0};
    int64_t line = 0;
    struct query *q =
        query_start(m->store, "SELECT line FROM line_post WHERE key = ?1 AND removed_ms IS NULL");
    query_bind_str(q, 1, text_of(m, data, "said"));
    line = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, m->err);
    *wanted = false;
    if (status || !line)
        return status;
    status = ledger_check_right(m->store, m->member, line, LEDGER_SEE, &closed);
    *wanted = status == STATUS_OK;
    return status == STATUS_FORBIDDEN ? STATUS_OK : status;
}

/* News of a policy that the member still asks for and that is still shown; its title in the member's language. */
static enum status still_followed(struct making *m, json_t *data, bool *wanted)
{
    struct str follow = text_of(m, data, "follow");
    struct str news = text_of(m, data, "news");
    struct query *q = query_start(
        m->store,
        "SELECT t.title, iif(f.term IS NULL, '', iif(iif(?4, w.zh, w.en) <> '',"
        " iif(?4, w.zh, w.en), w.en || w.zh)) FROM policy_follow f JOIN line l ON l.key = ?2"
        " JOIN policy_leaflet pl ON pl.line = l.id AND pl.state = 'shown'"
        " JOIN policy_leaflet_text t ON t.leaflet = pl.id LEFT JOIN policy_term w ON w.id = f.term"
        " WHERE f.key = ?1 AND f.member = ?3"
        " ORDER BY (t.title <> '' AND t.gives <> '' AND t.who <> '' AND t.how <> ''"
        " AND t.contact <> '') DESC, t.lang = iif(?4, 'zh', 'en') DESC LIMIT 1");
    query_bind_str(q, 1, follow);
    query_bind_str(q, 2, text_of(m, data, "policy"));
    query_bind_int(q, 3, m->member);
    query_bind_int(q, 4, m->lang == LANG_ZH);
    *wanted = query_row(q);
    if (*wanted) {
        m->page.title = str_copy(m->arena, query_str(q, 0));
        m->page.why = str_copy(m->arena, query_str(q, 1));
    }
    m->page.policy_shown = str_equal(news, STR("shown"));
    m->page.policy_extended = str_equal(news, STR("extended"));
    m->page.policy_ended = str_equal(news, STR("ended"));
    m->page.stop = str_format(m->arena, "%.*s/policies/unsubscribe/%.*s", STR_ARG(m->page.site),
                              STR_ARG(follow));
    return query_end(q, m->err);
}

/* The answer to a request: to who may see both, as things stand when the letter goes. */
static enum status still_asked(struct making *m, json_t *data, bool *wanted)
{
    struct ask ask;
    enum ask_state state = ASK_OPEN;
    enum status status = library_find_ask(m->arena, m->store, text_of(m, data, "request"),
                                          m->member, m->now_ms, &ask, m->err);
    bool tells_paper = json_object_get(data, "paper") != NULL;
    *wanted = status == STATUS_OK;
    if (status)
        return status == STATUS_MISSING ? STATUS_OK : status;
    (void)ask_state_parse(text_of(m, data, "state"), &state);
    m->page.state = str_of(ask_state_words(state, m->lang));
    status = tells_paper ? add_papers(m, data) : STATUS_OK;
    *wanted = !tells_paper || m->page.npapers > 0;
    return status;
}

static enum status add_notice(struct making *m, int64_t notice)
{
    struct query *q = query_start(
        m->store,
        "SELECT n.key, n.kind, n.cause, l.number, l.title, n.due_day, n.near_days,"
        " n.behind_points FROM supervision_notice n JOIN line l ON l.id = n.line WHERE n.id = ?1"
        " AND l.state = 'active' AND (n.part IS NULL AND l.due_day = n.due_day"
        " OR EXISTS (SELECT 1 FROM supervision_part p WHERE p.id = n.part"
        " AND p.done_ms IS NULL AND p.taken_ms IS NULL))");
    query_bind_int(q, 1, notice);
    if (query_row(q)) {
        enum urge_kind kind = urge_kind_named(query_str(q, 1));
        enum urge_cause cause = urge_cause_named(query_str(q, 2));
        m->page.notices[m->page.nnotices++] = (struct letter_notice){
            .kind = str_of(kind < URGE_KINDS ? urge_kind_words(kind, m->lang) : ""),
            .rule =
                cause < URGE_CAUSES ? ledger_notice_rule(m->arena, q, 6, cause, m->lang) : STR(""),
            .number = str_copy(m->arena, query_str(q, 3)),
            .title = str_copy(m->arena, query_str(q, 4)),
            .due = calendar_day_text(m->arena, query_int(q, 5)),
            .url = str_format(m->arena, "%.*s/ledger/supervision/notices/%.*s",
                              STR_ARG(m->page.site), STR_ARG(query_str(q, 0))),
        };
    }
    return query_end(q, m->err);
}

/* Notices about lines that are still under way, with the day that they were given for. */
static enum status still_urged(struct making *m, json_t *data, bool *wanted)
{
    json_t *list = json_object_get(data, "notices");
    size_t count = json_array_size(list);
    enum status status = STATUS_OK;
    m->page.notices = arena_array(m->arena, count + 1, struct letter_notice);
    for (size_t i = 0; !status && i < count; i++)
        status = add_notice(m, json_integer_value(json_array_get(list, i)));
    m->page.count = (int64_t)m->page.nnotices;
    m->page.more = m->page.count ? m->page.count - 1 : 0;
    m->page.title = m->page.count ? m->page.notices[0].kind : STR("");
    *wanted = m->page.count > 0;
    return status;
}

/* An alarm that stands, with the mark and the figure that passed it. */
static enum status still_alarmed(struct making *m, json_t *data, bool *wanted)
{
    struct query *q = query_start(
        m->store, "SELECT a.level, a.month, CASE a.level WHEN 'act' THEN t.act ELSE t.warn END,"
                  " i.places, i.measure, r.number || ' ' || r.title, l.number || ' ' || l.title"
                  " FROM risk_alarm a JOIN risk_threshold t ON t.id = a.threshold"
                  " JOIN line r ON r.id = t.line JOIN line l ON l.id = t.indicator"
                  " JOIN indicator i ON i.line = t.indicator WHERE a.id = ?1"
                  " AND a.fell_ms IS NULL AND r.state <> 'closed'");
    query_bind_int(q, 1, json_integer_value(json_object_get(data, "alarm")));
    *wanted = query_row(q);
    if (*wanted) {
        enum threshold_level level = threshold_level_named(query_str(q, 0));
        struct str month = ledger_write_month(m->arena, (int)query_int(q, 1));
        struct str mark = ledger_write_amount(m->arena, query_int(q, 2), (unsigned)query_int(q, 3));
        m->page.state =
            str_of(level < THRESHOLD_LEVELS ? threshold_level_words(level, m->lang) : "");
        m->page.title = str_copy(m->arena, query_str(q, 5));
        struct str figure = query_str(q, 6);
        struct str measure = query_str(q, 4);
        m->page.words =
            m->lang == LANG_ZH
                ? str_format(m->arena, "%.*s，%.*s：设定值为 %.*s %.*s。", STR_ARG(figure),
                             STR_ARG(month), STR_ARG(mark), STR_ARG(measure))
                : str_format(m->arena, "%.*s, %.*s: the mark is %.*s %.*s.", STR_ARG(figure),
                             STR_ARG(month), STR_ARG(mark), STR_ARG(measure));
    }
    return query_end(q, m->err);
}

/* What is told of a step, and whether that is still so. */
static const struct {
    const char *tell, *en, *zh;
    enum step_state state;
} STEP_NEWS[] = {
    {"open", "It is your turn", "请办理", STEP_OPEN},
    {"answered", "Your question was answered, the clock runs again", "所提问题已答复，恢复计时",
     STEP_OPEN},
    {"near", "One working day is left after today", "今天之后仅剩一个工作日", STEP_OPEN},
    {"asked", "A question waits for your answer, a clock stands still until then",
     "有问题待您答复，答复前暂停计时", STEP_ASKED},
};

/* A step that still stands as it is told. */
static enum status still_open(struct making *m, json_t *data, bool *wanted)
{
    struct str tell = text_of(m, data, "tell");
    size_t news = 0;
    while (news + 1 < sizeof STEP_NEWS / sizeof *STEP_NEWS &&
           !str_equal(tell, str_of(STEP_NEWS[news].tell)))
        news++;
    struct query *q = query_start(
        m->store,
        "SELECT l.number, l.title, s.due_day, s.silence, l.key, s.key, " LEDGER_STEPS_PAGE_SQL
        " FROM step s JOIN line l ON l.id = s.line WHERE s.id = ?1 AND s.state = ?2"
        " AND l.state = 'active'");
    query_bind_int(q, 1, json_integer_value(json_object_get(data, "step")));
    query_bind_str(q, 2, str_of(step_state_name(STEP_NEWS[news].state)));
    m->page.notices = arena_array(m->arena, 1, struct letter_notice);
    if (query_row(q))
        m->page.notices[m->page.nnotices++] = (struct letter_notice){
            .kind = str_of(lang_pick(m->lang, STEP_NEWS[news].en, STEP_NEWS[news].zh)),
            .number = str_copy(m->arena, query_str(q, 0)),
            .title = str_copy(m->arena, query_str(q, 1)),
            .due = query_int(q, 2) ? calendar_day_text(m->arena, query_int(q, 2)) : STR(""),
            .rule = query_int(q, 3) && STEP_NEWS[news].state == STEP_OPEN
                        ? str_of(lang_pick(m->lang, "Silence will count as consent.",
                                           "逾期未提意见视为同意。"))
                        : STR(""),
            .url = str_format(m->arena, "%.*s/ledger/lines/%.*s%.*s#step-%.*s",
                              STR_ARG(m->page.site), STR_ARG(query_str(q, 4)),
                              STR_ARG(query_str(q, 6)), STR_ARG(query_str(q, 5))),
        };
    m->page.title = m->page.nnotices ? m->page.notices[0].kind : STR("");
    *wanted = m->page.nnotices > 0;
    return query_end(q, m->err);
}

/* A sweep that runs and that the unit has not answered. */
static enum status still_swept(struct making *m, json_t *data, bool *wanted)
{
    struct query *q = query_start(
        m->store, "SELECT l.number || ' ' || l.title, l.due_day, u.name FROM line l JOIN unit u"
                  " ON u.id = ?2 WHERE l.id = ?1 AND l.state = 'active' AND NOT EXISTS"
                  " (SELECT 1 FROM filled f WHERE f.line = l.id AND f.unit = u.id)");
    query_bind_int(q, 1, json_integer_value(json_object_get(data, "line")));
    query_bind_int(q, 2, json_integer_value(json_object_get(data, "unit")));
    *wanted = query_row(q);
    if (*wanted) {
        m->page.title = str_copy(m->arena, query_str(q, 0));
        m->page.day = calendar_day_text(m->arena, query_int(q, 1));
        m->page.group = str_copy(m->arena, query_str(q, 2));
    }
    return query_end(q, m->err);
}

/* A tour that is under way, to a scorer who has a stop to score and whom the ledger is still open to. */
static enum status still_touring(struct making *m, json_t *data, bool *wanted)
{
    struct error closed = {0};
    int64_t line = json_integer_value(json_object_get(data, "line"));
    struct query *q = query_start(
        m->store, "SELECT l.number || ' ' || l.title, l.due_day, (SELECT count(*)"
                  " FROM inspection_stop s WHERE s.line = l.id AND s.removed_ms IS NULL)"
                  " FROM inspection_scorer c JOIN inspection i ON i.line = c.line JOIN line l"
                  " ON l.id = c.line WHERE c.line = ?1 AND c.member = ?2 AND i.state = 'touring'"
                  " AND " INSPECTION_OWES_SQL);
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, m->member);
    *wanted = query_row(q);
    if (*wanted) {
        m->page.title = str_copy(m->arena, query_str(q, 0));
        m->page.day = query_int(q, 1) ? calendar_day_text(m->arena, query_int(q, 1)) : STR("");
        m->page.count = query_int(q, 2);
    }
    enum status status = query_end(q, m->err);
    if (status || !*wanted)
        return status;
    status = ledger_check_right(m->store, m->member, line, LEDGER_SEE, &closed);
    *wanted = status == STATUS_OK;
    return status == STATUS_FORBIDDEN ? STATUS_OK : status;
}

static enum status add_particulars(struct making *m, const struct letter_kind *kind,
                                   struct str text, bool *wanted)
{
    json_t *data = json_loadb(text.at, text.len, 0, NULL);
    struct str path = text_of(m, data, "path");
    m->page.url = str_format(m->arena, "%.*s%.*s", STR_ARG(m->page.site), STR_ARG(path));
    m->page.title = text_of(m, data, "title");
    m->page.author = text_of(m, data, "author");
    m->page.group = text_of(m, data, "group");
    m->page.why = text_of(m, data, "why");
    m->page.plan = text_of(m, data, "plan");
    m->page.address = text_of(m, data, "address");
    m->to = text_of(m, data, "to");
    m->page.until = json_integer_value(json_object_get(data, "until_ms"));
    m->page.ends = json_integer_value(json_object_get(data, "ends_ms"));
    m->page.words = text_of(m, data, "words");
    m->page.asked_for = json_object_get(data, "lang") != NULL;
    struct str measure = text_of(m, data, "measure");
    m->page.warning = str_equal(measure, STR("warning"));
    m->page.suspension = str_equal(measure, STR("suspension"));
    m->page.end = str_equal(measure, STR("end"));
    enum status status = kind->tells_papers ? add_papers(m, data) : STATUS_OK;
    if (!status && kind->still)
        status = kind->still(m, data, wanted);
    json_decref(data);
    return status;
}

/* --- the letter ---------------------------------------------------------------------------------- */

enum status letter_common_lang(struct arena *arena, struct store *store, enum lang *lang,
                               struct error *err)
{
    struct str language;
    enum status status = library_get_setting(arena, store, STR("language"), &language, err);
    *lang = lang_of_locale();
    if (!status)
        (void)lang_parse(language, lang);
    return status;
}

/* Who gets it, in which language (where they have chosen none, that in which it was asked for, or the installation's);
 * whether they want it. */
static enum status find_member(struct making *m, const struct letter_kind *kind, struct str data,
                               struct mime_letter *letter, bool *wanted)
{
    enum status status = letter_common_lang(m->arena, m->store, &m->lang, m->err);
    if (status)
        return status;
    struct query *q = query_start(
        m->store,
        "SELECT m.name, m.email,"
        " coalesce(nullif(a.lang, ''), json_extract(?2, '$.lang'), ''), coalesce(a.mail, 'none'),"
        " a.suspended_ms IS NULL FROM member m LEFT JOIN account a ON a.member = m.id"
        " WHERE m.id = ?1");
    query_bind_int(q, 1, m->member);
    query_bind_str(q, 2, data);
    *wanted = query_row(q) && (query_int(q, 4) || kind->always);
    if (*wanted) {
        m->page.name = letter->to_name = str_copy(m->arena, query_str(q, 0));
        letter->to = str_copy(m->arena, query_str(q, 1));
        (void)lang_parse(query_str(q, 2), &m->lang);
        *wanted = !can_stop(kind) || !str_equal(query_str(q, 3), STR("none"));
    }
    return query_end(q, m->err);
}

static enum status fill_page(struct making *m, struct server *server,
                             const struct letter_kind *kind, struct str data, bool *wanted)
{
    struct letter_page *page = &m->page;
    enum status status = letter_site_url(m->arena, server, m->store, &page->site, m->err);
    if (!status)
        status = library_get_setting(m->arena, m->store, STR("organisation"), &page->organisation,
                                     m->err);
    if (status)
        return status;
    if (!page->organisation.len)
        page->organisation = STR("Chancery");
    page->lang = m->lang == LANG_ZH ? STR("zh-Hans") : STR("en");
    page->why_account = kind->why == WHY_ACCOUNT;
    page->why_wished = kind->why == WHY_WISHED;
    page->why_followed = kind->why == WHY_FOLLOWED;
    page->why_duty = kind->why == WHY_DUTY;
    page->why_address = kind->why == WHY_ADDRESS;
    if (can_stop(kind))
        page->unsubscribe =
            str_format(m->arena, "%.*s/unsubscribe/%.*s", STR_ARG(page->site),
                       STR_ARG(letter_unsubscribe_token(m->arena, m->store, m->member)));
    status = add_particulars(m, kind, data, wanted);
    page->marked = page->npapers > 0;
    return status;
}

/* Fixed for the letter, so that a letter sent twice after a crash shows as one; not to be guessed, so that
 * nobody writes one in its name beforehand. */
static struct str message_name(struct arena *arena, struct store *store, int64_t id)
{
    const struct digest *secret = store_secret(store);
    struct str text = str_format(arena, "chancery letter %" PRId64, id);
    struct digest key = digest_derive(digest_bytes(secret), text);
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&key, hex);
    return str_format(arena, "%" PRId64 ".%.24s", id, hex);
}

enum status letter_text_make(struct arena *arena, struct server *server, struct store *store,
                             const struct letter_row *row, struct mime_letter *letter, bool *wanted,
                             struct error *err)
{
    const struct letter_kind *kind = find_kind(row->kind);
    struct making m = {.arena = arena,
                       .store = store,
                       .member = row->member,
                       .now_ms = store_now_ms(),
                       .err = err};
    *letter = (struct mime_letter){.date_ms = row->created_ms};
    *wanted = false;
    if (!kind)
        return STATUS_OK;
    enum status status = find_member(&m, kind, row->data, letter, wanted);
    if (!status && *wanted)
        status = fill_page(&m, server, kind, row->data, wanted);
    letter->to = m.to.len ? m.to : letter->to;
    if (!status && kind->tells_papers && !m.page.npapers)
        *wanted = false;
    if (!status)
        status = library_get_setting(arena, store, STR("mail.from"), &letter->from, err);
    if (status || !*wanted)
        return status;
    struct buf html = {.arena = arena};
    const struct template_scope scopes[] = {{LETTER_PAGE, &m.page}};
    template_write(&html, server_templates(server), "mail", kind->page, scopes, 1, m.lang);
    letter->html = buf_str(&html);
    letter->lang = m.lang;
    letter->from_name = m.page.organisation;
    letter->subject = mime_element(arena, letter->html, "h1");
    letter->unsubscribe = m.page.stop.len ? m.page.stop : m.page.unsubscribe;
    letter->id = message_name(arena, store, row->id);
    return STATUS_OK;
}
