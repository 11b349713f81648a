/* How far a policy reaches and how it is used, month by month, told against what was hoped for; and what others found it to
 * bring about. */
#include <math.h>

#include "base/calendar.h"
#include "ledger/amount.h"
#include "ledger/uptaking.h"
#include "server/chart.h"
#include "server/internal.h"
#include "server/ledger_policy.h"
#include "server/ledger_terms.h"

#define COURSE_MOST 48 /* months in the chart */

struct month_row {
    struct str month, paid, by;
    int64_t meant, claimed, granted, in_all;
};
static const struct field MONTH_ROW[] = {
    FIELD(TEXT, struct month_row, month),     FIELD(NUMBER, struct month_row, meant),
    FIELD(NUMBER, struct month_row, claimed), FIELD(NUMBER, struct month_row, granted),
    FIELD(NUMBER, struct month_row, in_all),  FIELD(TEXT, struct month_row, paid),
    FIELD(TEXT, struct month_row, by),        {0},
};
struct appraisal_row {
    struct str verdict, verdict_words, words, by;
    int64_t time;
    bool works, fails;
};
static const struct field APPRAISAL_ROW[] = {
    FIELD(TEXT, struct appraisal_row, verdict),
    FIELD_HIDDEN(TEXT, struct appraisal_row, verdict_words),
    FIELD(TEXT, struct appraisal_row, words),
    FIELD(TEXT, struct appraisal_row, by),
    FIELD(TIME, struct appraisal_row, time),
    FIELD_HIDDEN(FLAG, struct appraisal_row, works),
    FIELD_HIDDEN(FLAG, struct appraisal_row, fails),
    {0},
};
struct uptake_page {
    struct ledger_head head;
    struct str meant, claimed, granted, paid; /* to date; empty: nothing was entered */
    struct str reached, answered;             /* per cent: claimed of meant, granted of claimed */
    struct str hoped, achieved, planned, hoped_by, hoped_paid, paid_share, hoped_words;
    struct str chart, next_month;
    bool runs, may_enter, may_appraise, any;
    struct policy_flag_row *flags;
    struct month_row *months;
    struct appraisal_row *appraisals;
    struct ledger_choice *verdicts;
    size_t nflags, nmonths, nappraisals, nverdicts;
};
static const struct field UPTAKE_PAGE[] = {
    LEDGER_HEAD_FIELD(struct uptake_page, head),
    FIELD(TEXT, struct uptake_page, meant),
    FIELD(TEXT, struct uptake_page, claimed),
    FIELD(TEXT, struct uptake_page, granted),
    FIELD(TEXT, struct uptake_page, paid),
    FIELD(TEXT, struct uptake_page, reached),
    FIELD(TEXT, struct uptake_page, answered),
    FIELD(TEXT, struct uptake_page, hoped),
    FIELD(TEXT, struct uptake_page, achieved),
    FIELD(TEXT, struct uptake_page, planned),
    FIELD(DATE, struct uptake_page, hoped_by),
    FIELD(TEXT, struct uptake_page, hoped_paid),
    FIELD(TEXT, struct uptake_page, paid_share),
    FIELD(TEXT, struct uptake_page, hoped_words),
    FIELD_HIDDEN(MARKUP, struct uptake_page, chart),
    FIELD_HIDDEN(TEXT, struct uptake_page, next_month),
    FIELD_HIDDEN(FLAG, struct uptake_page, runs),
    FIELD_HIDDEN(FLAG, struct uptake_page, may_enter),
    FIELD_HIDDEN(FLAG, struct uptake_page, may_appraise),
    FIELD_HIDDEN(FLAG, struct uptake_page, any),
    FIELD_OF_LIST(struct uptake_page, flags, policy_flag_fields),
    FIELD_OF_LIST(struct uptake_page, months, MONTH_ROW),
    FIELD_OF_LIST(struct uptake_page, appraisals, APPRAISAL_ROW),
    FIELD_OF_LIST(struct uptake_page, verdicts, ledger_choice_fields),
    {0},
};

/* --- the page ------------------------------------------------------------------------------------- */

static struct str number(const struct request *rq, int64_t value)
{
    return str_format(rq->arena, "%lld", (long long)value);
}

static struct str share(const struct request *rq, int64_t part, int64_t whole)
{
    int64_t percent = uptake_share(part, whole);
    return percent == UPTAKE_NONE ? STR("") : number(rq, percent);
}

static int64_t month_of(int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    return (int64_t)year * 12 + month - 1;
}

/* The day before the next month's first. */
static int64_t end_of(int64_t month)
{
    return calendar_day_number((int)((month + 1) / 12), (unsigned)((month + 1) % 12) + 1, 1) - 1;
}

/* Granted and claimed in all, up to the last month with figures, and what was hoped for up to its day. */
static void fill_course(struct request *rq, const struct policy *p,
                        const struct policy_month *months, size_t count, struct uptake_page *page)
{
    int64_t first = month_of(p->from_day);
    int64_t last = p->last_month;
    int64_t hoped = p->hoped_granted ? month_of(p->hoped_day) : 0;
    last = hoped > last ? hoped : last;
    /* Of a longer time what is known of it, to its end. */
    if (p->last_month - first >= COURSE_MOST)
        first = p->last_month - COURSE_MOST + 1;
    size_t wide = last < first ? 0 : (size_t)(last - first + 1);
    wide = wide < COURSE_MOST ? wide : COURSE_MOST;
    if (!count || !wide)
        return;
    double *granted = arena_array(rq->arena, wide, double);
    double *claimed = arena_array(rq->arena, wide, double);
    double *aim = arena_array(rq->arena, wide, double);
    struct str *steps = arena_array(rq->arena, wide, struct str);
    int64_t sums[2] = {0, 0};
    size_t at = 0;
    for (size_t i = 0; i < wide; i++) {
        int64_t month = first + (int64_t)i;
        bool known = month <= p->last_month;
        for (; at < count && months[at].month <= month; at++) {
            sums[0] += months[at].granted;
            sums[1] += months[at].claimed;
        }
        granted[i] = known ? (double)sums[0] : (double)NAN;
        claimed[i] = known ? (double)sums[1] : (double)NAN;
        aim[i] = hoped ? (double)(uptake_planned(p->from_day, p->hoped_day, end_of(month)) *
                                  p->hoped_granted) /
                             100
                       : (double)NAN;
        steps[i] = ledger_write_month(rq->arena, (int)month);
    }
    const struct chart_line lines[] = {
        {CHART_ACTUAL, request_words(rq, "granted", "惠及"), granted},
        {CHART_OTHER, request_words(rq, "claimed", "申领"), claimed},
        {CHART_TARGET, request_words(rq, "hoped for", "预期"), aim},
    };
    page->chart = chart_course(
        rq->arena, &(struct chart_course){
                       .steps = steps,
                       .count = wide,
                       .lines = lines,
                       .nlines = hoped ? 3 : 2,
                       .from_zero = true,
                       .words = request_words(rq, "Claimed and granted in all, month by month",
                                              "逐月累计申领数与惠及数"),
                   });
}

static enum status fill_months(struct request *rq, int64_t line, const struct policy *p,
                               struct uptake_page *page, struct error *err)
{
    struct policy_month *list;
    int64_t in_all = 0;
    enum status status =
        ledger_list_policy_months(rq->arena, rq->store, line, &list, &page->nmonths, err);
    if (status)
        return status;
    fill_course(rq, p, list, page->nmonths, page);
    page->any = page->nmonths > 0;
    page->months = arena_array(rq->arena, page->nmonths + 1, struct month_row);
    for (size_t i = 0; !status && i < page->nmonths; i++) {
        /* The newest first, as that is what is looked for. */
        struct month_row *row = &page->months[page->nmonths - 1 - i];
        in_all += list[i].granted;
        *row = (struct month_row){
            .month = ledger_write_month(rq->arena, (int)list[i].month),
            .meant = list[i].meant,
            .claimed = list[i].claimed,
            .granted = list[i].granted,
            .in_all = in_all,
            .paid = ledger_write_amount(rq->arena, list[i].paid, 2),
        };
        status = ledger_member_name(rq, list[i].member, &row->by, err);
    }
    return status;
}

static enum status fill_appraisals(struct request *rq, int64_t line, struct uptake_page *page,
                                   struct error *err)
{
    struct policy_appraisal *list;
    enum status status =
        ledger_list_appraisals(rq->arena, rq->store, line, &list, &page->nappraisals, err);
    if (status)
        return status;
    page->appraisals = arena_array(rq->arena, page->nappraisals + 1, struct appraisal_row);
    for (size_t i = 0; !status && i < page->nappraisals; i++) {
        int verdict = (int)list[i].verdict;
        page->appraisals[i] = (struct appraisal_row){
            .verdict = str_of(appraisal_verdicts.at[verdict].name),
            .verdict_words = str_of(machine_words(appraisal_verdicts, verdict, rq->lang)),
            .words = list[i].words,
            .time = list[i].made_ms,
            .works = verdict == APPRAISAL_WORKS,
            .fails = verdict == APPRAISAL_FAILS,
        };
        status = ledger_member_name(rq, list[i].member, &page->appraisals[i].by, err);
    }
    return status;
}

/* The first month that still lacks figures: what is most likely to be entered now. */
static int64_t next_month(const struct policy *p, int64_t today)
{
    int64_t next = p->last_month ? p->last_month + 1 : month_of(p->from_day);
    int64_t now = month_of(today);
    return next < now ? next : now;
}

static void fill_facts(struct request *rq, const struct policy *p, struct uptake_page *page)
{
    int64_t today = calendar_day_of(rq->now_ms);
    struct uptake_facts facts = ledger_policy_facts(p);
    page->runs = p->state == POLICY_IN_FORCE || p->state == POLICY_ENDED;
    page->flags = ledger_flag_rows(rq, uptake_flags(&facts, today), &page->nflags);
    if (p->last_month) {
        page->meant = number(rq, p->meant);
        page->claimed = number(rq, p->claimed);
        page->granted = number(rq, p->granted);
        page->paid = ledger_write_amount(rq->arena, p->paid, 2);
    }
    page->reached = share(rq, p->claimed, p->meant);
    page->answered = share(rq, p->granted, p->claimed);
    page->hoped_words = p->hoped_words;
    if (p->hoped_granted) {
        page->hoped = number(rq, p->hoped_granted);
        page->achieved = share(rq, p->granted, p->hoped_granted);
        page->planned =
            page->runs ? number(rq, uptake_planned(p->from_day, p->hoped_day, today)) : STR("");
    }
    if (p->hoped_paid) {
        page->hoped_paid = ledger_write_amount(rq->arena, p->hoped_paid, 2);
        page->paid_share = share(rq, p->paid, p->hoped_paid);
    }
    page->hoped_by = ledger_day(rq, p->hoped_day);
    page->next_month = ledger_write_month(rq->arena, (int)next_month(p, today));
    ledger_fill_terms(rq, appraisal_verdicts, STR("works"), &page->verdicts, &page->nverdicts);
}

static enum status show_uptake(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct policy p;
    struct uptake_page page = {0};
    enum status status = ledger_open_policy_line(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/uptake", &page.head, err);
    if (!status)
        status = ledger_find_policy(rq->arena, rq->store, sight.line.id, &p, err);
    if (status)
        return status;
    fill_facts(rq, &p, &page);
    page.may_enter = page.runs && ledger_may(sight.is, LEDGER_REPORT);
    page.may_appraise = page.runs && appraisal_may(sight.is);
    status = fill_months(rq, sight.line.id, &p, &page, err);
    if (!status)
        status = fill_appraisals(rq, sight.line.id, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-uptake", sight.line.title, UPTAKE_PAGE, &page);
}

const struct route route_ledger_uptake = {
    .method = "GET",
    .path = "/ledger/lines/{line}/uptake",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "How far a policy reaches and how it is used, month by month, against what was hoped "
          "for; and what others found.",
    .zh = "政策落实情况：逐月覆盖与兑现数据、与预期对比、跟踪评估。",
    .output = UPTAKE_PAGE,
    .page = "ledger-uptake",
    .run = show_uptake,
};

/* --- figures -------------------------------------------------------------------------------------- */

struct entering {
    int64_t line, today;
    struct policy_month month;
    struct policy_appraisal appraisal;
    struct ledger_deed deed;
};

static enum status month_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct entering *e = context;
    return ledger_put_policy_month(scratch, store, e->line, &e->month, e->today, &e->deed, err);
}

static enum status enter_month(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct str paid = request_input(rq, "paid");
    int month = 0;
    struct entering e = {
        .today = calendar_day_of(rq->now_ms),
        .month = {.meant = request_number(rq, "meant"),
                  .claimed = request_number(rq, "claimed"),
                  .granted = request_number(rq, "granted"),
                  .member = rq->viewer.member},
        .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")},
    };
    enum status status = ledger_open_policy_line(rq, LEDGER_REPORT, &sight, err);
    if (status)
        return status;
    if (!ledger_read_month(request_input(rq, "month"), &month))
        return request_blame(
            rq, "month",
            error_set(err, STATUS_INPUT, "Write the month like 2026-03.", "月份请写作 2026-03。"));
    if (paid.len)
        status = ledger_read_typed(rq, "paid", 2, &e.month.paid, err);
    if (!status)
        status = ledger_refuse_marks(rq, e.deed.why, err);
    e.line = sight.line.id;
    e.month.month = month;
    if (!status)
        status = ledger_write(rq, e.line, LEDGER_REPORT, month_step, &e, err);
    return status ? status
                  : ledger_answer_done(rq, "/uptake", "The figures are kept.", "数据已保存。");
}

#define COUNT_INPUT(NAME, EN, ZH)                                                                 \
    {                                                                                             \
        .name = NAME, .kind = INPUT_NUMBER, .needed = true, .least = 0, .most = POLICY_COUNT_MAX, \
        .en = EN, .zh = ZH                                                                        \
    }
static const struct input MONTH_INPUTS[] = {
    {.name = "month", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Month", .zh = "月份"},
    COUNT_INPUT("meant", "How many it is for", "适用数"),
    COUNT_INPUT("claimed", "Claimed", "申领数"),
    COUNT_INPUT("granted", "Granted", "惠及数"),
    {.name = "paid", .kind = INPUT_TEXT, .most = 30, .en = "Paid, yuan", .zh = "兑现资金（元）"},
    {.name = "why",
     .kind = INPUT_TEXT,
     .most = LINE_WHY_MAX,
     .en = "Why it is corrected",
     .zh = "更正理由"},
    {0},
};
const struct route route_ledger_uptake_enter = {
    .method = "POST",
    .path = "/ledger/lines/{line}/uptake",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Enter a month's figures of a policy, or correct them.",
    .zh = "填报或更正政策某月的落实数据。",
    .inputs = MONTH_INPUTS,
    .run = enter_month,
    .again = show_uptake,
};

/* --- appraisal ------------------------------------------------------------------------------------ */

static enum status appraise_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct entering *e = context;
    return ledger_add_appraisal(scratch, store, e->line, &e->appraisal, err);
}

static enum status appraise(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct entering e = {
        .appraisal = {.verdict = (enum appraisal_verdict)machine_named(
                          appraisal_verdicts, request_input(rq, "verdict")),
                      .words = request_input(rq, "words"),
                      .member = rq->viewer.member,
                      .made_ms = rq->now_ms},
    };
    enum status status = ledger_open_policy_line(rq, LEDGER_VERIFY, &sight, err);
    if (!status && e.appraisal.verdict == APPRAISAL_VERDICTS)
        return request_blame(
            rq, "verdict",
            error_set(err, STATUS_INPUT, "Choose what was found.", "请选择评估结论。"));
    if (!status)
        status = ledger_refuse_marks(rq, e.appraisal.words, err);
    e.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, e.line, LEDGER_VERIFY, appraise_step, &e, err);
    return status ? status : ledger_answer_recorded(rq, "/uptake");
}

static const struct input APPRAISE_INPUTS[] = {
    {.name = "verdict",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 20,
     .en = "What was found",
     .zh = "评估结论"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = POLICY_WORDS_MAX,
     .en = "In words",
     .zh = "说明"},
    {0},
};
const struct route route_ledger_appraise = {
    .method = "POST",
    .path = "/ledger/lines/{line}/uptake/appraisals",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say what a policy was found to bring about.",
    .zh = "填写政策跟踪评估结论。",
    .inputs = APPRAISE_INPUTS,
    .run = appraise,
    .again = show_uptake,
};
