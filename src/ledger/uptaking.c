/* Figures and appraisals of policies; see uptaking.h. */
#include "ledger/uptaking.h"

#include "base/calendar.h"
#include "base/json.h"
#include "ledger/amount.h"
#include "ledger/key.h"

static int64_t month_of(int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    return (int64_t)year * 12 + month - 1;
}

/* --- months --------------------------------------------------------------------------------------- */

static enum status was_in_force(struct arena *arena, struct store *store, int64_t line,
                                struct policy *p, struct error *err)
{
    enum status status = ledger_find_policy(arena, store, line, p, err);
    if (!status && p->state != POLICY_IN_FORCE && p->state != POLICY_ENDED)
        return error_set(err, STATUS_CONFLICT, "The policy is not in force yet.",
                         "该政策尚未落地执行。");
    return status;
}

static enum status check_month(const struct policy *p, const struct policy_month *m, int64_t today,
                               struct error *err)
{
    const int64_t values[] = {m->meant, m->claimed, m->granted, m->paid};
    if (m->month < month_of(p->from_day) || m->month > month_of(today))
        return error_set(err, STATUS_INPUT,
                         "Figures are entered for the months from its first day to this one.",
                         "只能填报自执行之月至本月的数据。");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (values[i] < 0 || values[i] > POLICY_COUNT_MAX)
            return error_set(err, STATUS_INPUT, "That number can't be taken.", "该数值无法采用。");
    return STATUS_OK;
}

static enum status find_month(struct store *store, int64_t line, int64_t month,
                              struct policy_month *m, bool *found, struct error *err)
{
    struct query *q = query_start(store, "SELECT meant, claimed, granted, paid FROM policy_month"
                                         " WHERE line = ?1 AND month = ?2");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, month);
    *found = query_row(q);
    *m = (struct policy_month){.month = month};
    if (*found) {
        m->meant = query_int(q, 0);
        m->claimed = query_int(q, 1);
        m->granted = query_int(q, 2);
        m->paid = query_int(q, 3);
    }
    return query_end(q, err);
}

static enum status keep_month(struct store *store, int64_t line, const struct policy_month *m,
                              int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR REPLACE INTO policy_month (line, month, meant, claimed,"
                           " granted, paid, member, entered_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, m->month);
    query_bind_int(q, 3, m->meant);
    query_bind_int(q, 4, m->claimed);
    query_bind_int(q, 5, m->granted);
    query_bind_int(q, 6, m->paid);
    query_bind_int(q, 7, m->member);
    query_bind_int(q, 8, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status sum_months(struct store *store, int64_t line, struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE policy SET (claimed, granted, paid, last_month) = (SELECT sum(claimed),"
               " sum(granted), sum(paid), max(month) FROM policy_month WHERE line = ?1),"
               " meant = (SELECT meant FROM policy_month WHERE line = ?1 ORDER BY month DESC)"
               " WHERE line = ?1");
    query_bind_int(q, 1, line);
    (void)query_row(q);
    return query_end(q, err);
}

static json_t *data_of(struct arena *arena, const struct policy_month *was, bool there,
                       const struct policy_month *is)
{
    const struct {
        const char *name;
        int64_t was, is;
    } values[] = {{"meant", was->meant, is->meant},
                  {"claimed", was->claimed, is->claimed},
                  {"granted", was->granted, is->granted},
                  {"paid", was->paid, is->paid}};
    json_t *data = json_object();
    (void)json_object_set_new(data, "month",
                              str_to_json(ledger_write_month(arena, (int)is->month)));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (!there || values[i].was != values[i].is)
            (void)json_object_set_new(data, values[i].name,
                                      json_pack("[o, I]",
                                                there ? json_integer(values[i].was) : json_null(),
                                                (json_int_t)values[i].is));
    return data;
}

enum status ledger_put_policy_month(struct arena *arena, struct store *store, int64_t line,
                                    const struct policy_month *month, int64_t today,
                                    const struct ledger_deed *deed, struct error *err)
{
    struct policy p;
    struct policy_month was;
    bool there = false;
    enum status status = was_in_force(arena, store, line, &p, err);
    if (!status)
        status = check_month(&p, month, today, err);
    if (!status)
        status = find_month(store, line, month->month, &was, &there, err);
    if (!status)
        status = keep_month(store, line, month, deed->now_ms, err);
    if (!status)
        status = sum_months(store, line, err);
    return status ? status
                  : ledger_record(store, line, "line.month", data_of(arena, &was, there, month),
                                  deed, err);
}

enum status ledger_list_policy_months(struct arena *arena, struct store *store, int64_t line,
                                      struct policy_month **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT month, meant, claimed, granted, paid, member, entered_ms"
                           " FROM policy_month WHERE line = ?1 ORDER BY month");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct policy_month){query_int(q, 0), query_int(q, 1), query_int(q, 2),
                                           query_int(q, 3), query_int(q, 4), query_int(q, 5),
                                           query_int(q, 6)};
    }
    return query_end(q, err);
}

/* --- appraisals -----------------------------------------------------------------------------------  */

static const struct machine_term VERDICTS[APPRAISAL_VERDICTS] = {
    [APPRAISAL_WORKS] = {"works", "Brings about what was hoped", "达到预期成效"},
    [APPRAISAL_PARTLY] = {"partly", "Brings about a part of it", "部分达到预期"},
    [APPRAISAL_FAILS] = {"fails", "Comes to little or nothing", "成效不明显"},
};
const struct machine_terms appraisal_verdicts = {VERDICTS, APPRAISAL_VERDICTS};

bool appraisal_may(unsigned is)
{
    bool answers = is & (LEDGER_LEADS | LEDGER_HEADS | LEDGER_OF_UNIT);
    return ledger_may(is, LEDGER_VERIFY) && !answers;
}

static enum status check_finder(struct store *store, int64_t line, int64_t member,
                                struct error *err)
{
    struct ledger_person person = {.member = member};
    unsigned is = 0;
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = ledger_stand_to(store, &person, line, &is, err);
    if (!status && !appraisal_may(is))
        return error_set(err, STATUS_FORBIDDEN,
                         "This is for an inspector or who keeps the ledger, but nobody who answers "
                         "for the policy.",
                         "此操作须由督导员或台账管理者进行，且不得为该政策的责任人。");
    return status;
}

enum status ledger_add_appraisal(struct arena *arena, struct store *store, int64_t line,
                                 const struct policy_appraisal *appraisal, struct error *err)
{
    struct policy p;
    struct ledger_deed said = {.now_ms = appraisal->made_ms};
    enum status status = was_in_force(arena, store, line, &p, err);
    if (!status)
        status = check_finder(store, line, appraisal->member, err);
    if (status)
        return status;
    if (!str_trim(appraisal->words).len || !ledger_is_text(appraisal->words, POLICY_WORDS_MAX))
        return error_set(err, STATUS_INPUT, "Say what was found, in at most %d characters.",
                         "请说明评估情况，不超过 %d 个字。", POLICY_WORDS_MAX);
    struct query *q =
        query_start(store, "INSERT INTO policy_appraisal (line, verdict, words, member,"
                           " made_ms) VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(appraisal_verdicts.at[appraisal->verdict].name));
    query_bind_str(q, 3, str_trim(appraisal->words));
    query_bind_int(q, 4, appraisal->member);
    query_bind_int(q, 5, appraisal->made_ms);
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status
                  : ledger_record(store, line, "line.appraised",
                                  json_pack("{s:s}", "verdict",
                                            appraisal_verdicts.at[appraisal->verdict].name),
                                  &said, err);
}

enum status ledger_list_appraisals(struct arena *arena, struct store *store, int64_t line,
                                   struct policy_appraisal **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT verdict, words, member, made_ms"
                                         " FROM policy_appraisal WHERE line = ?1 ORDER BY id DESC");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct policy_appraisal){
            (enum appraisal_verdict)machine_named(appraisal_verdicts, query_str(q, 0)),
            str_copy(arena, query_str(q, 1)), query_int(q, 2), query_int(q, 3)};
    }
    return query_end(q, err);
}

/* --- checks --------------------------------------------------------------------------------------- */

int64_t policy_check_part(const struct sheet *sheet, int64_t today)
{
    const int64_t months = 100000; /* more than a calendar has */
    return sheet->id * months + month_of(today);
}

enum status ledger_check_policy(struct arena *arena, struct store *store, int64_t line,
                                const struct sheet *sheet, struct filled *filled, int64_t today,
                                const struct ledger_deed *deed, struct error *err)
{
    struct policy p;
    enum status status = was_in_force(arena, store, line, &p, err);
    if (!status)
        status = check_finder(store, line, filled->member, err);
    if (!status && sheet->use != SHEET_CHECK)
        return error_set(err, STATUS_INPUT, "That sheet is not for checks.", "该表不是检查表。");
    filled->sheet = sheet->id;
    filled->line = line;
    filled->part = policy_check_part(sheet, today);
    return status ? status : ledger_fill_sheet(arena, store, filled, NULL, deed, err);
}
