/* Reports of a period; see summary.h. */
#include "ledger/summary.h"

#include <inttypes.h>
#include <math.h>

#include "base/calendar.h"
#include "ledger/assess.h"
#include "ledger/prose.h"

static const struct {
    const char *name, *en, *zh;
} KINDS[SUMMARY_KINDS] = {
    [SUMMARY_WEEK] = {"week", "Weekly report", "周报"},
    [SUMMARY_MONTH] = {"month", "Monthly report", "月报"},
    [SUMMARY_QUARTER] = {"quarter", "Quarterly report", "季报"},
};

const char *summary_kind_name(enum summary_kind kind)
{
    return KINDS[kind].name;
}

bool summary_kind_named(struct str name, enum summary_kind *kind)
{
    for (int i = 0; i < SUMMARY_KINDS; i++) {
        if (str_equal(name, str_of(KINDS[i].name))) {
            *kind = (enum summary_kind)i;
            return true;
        }
    }
    return false;
}

const char *summary_kind_word(enum summary_kind kind, enum lang lang)
{
    return lang_pick(lang, KINDS[kind].en, KINDS[kind].zh);
}

/* --- periods -------------------------------------------------------------------------------------- */

struct summary_period summary_period_of(enum summary_kind kind, int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    if (kind == SUMMARY_WEEK) {
        int64_t since_monday = ((day + 3) % 7 + 7) % 7; /* 1 January 1970 was a Thursday */
        return (struct summary_period){kind, day - since_monday, day - since_monday + 7};
    }
    unsigned months = kind == SUMMARY_MONTH ? 1 : 3;
    unsigned begin = (month - 1) / months * months + 1;
    unsigned end = begin + months;
    return (struct summary_period){
        kind, calendar_day_number(year, begin, 1),
        calendar_day_number(end > 12 ? year + 1 : year, end > 12 ? end - 12 : end, 1)};
}

struct summary_period summary_period_before(enum summary_kind kind, int64_t day)
{
    return summary_period_of(kind, summary_period_of(kind, day).first - 1);
}

/* --- figures -------------------------------------------------------------------------------------- */

static enum status load_done(struct arena *arena, struct store *store, struct summary_figures *f,
                             struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " LINE_COLUMNS("l") ", coalesce(u.name, '') FROM line l LEFT JOIN unit u"
                                           " ON u.id = l.unit WHERE l.state = 'done'"
                                           " AND l.ended_ms >= ?1 AND l.ended_ms < ?2"
                                           " ORDER BY l.kind, l.id");
    query_bind_int(q, 1, calendar_moment_of(f->period.first));
    query_bind_int(q, 2, calendar_moment_of(f->period.past));
    f->done = arena_array(arena, STANDING_WORST, struct standing_line);
    while (query_row(q)) {
        struct line line;
        ledger_take_line(arena, q, &line);
        if (line.kind == LEDGER_MILESTONE) {
            f->milestones_done++;
            continue;
        }
        f->done_count++;
        if (f->ndone < STANDING_WORST)
            f->done[f->ndone++] = (struct standing_line){
                .line = line, .unit = str_copy(arena, query_str(q, LINE_COLUMN_COUNT))};
    }
    return query_end(q, err);
}

static enum status load_slips(struct arena *arena, struct store *store, struct summary_figures *f,
                              struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT l.number, l.title, coalesce(u.name, ''), s.days, l.due_day FROM (SELECT subject,"
        " CAST(sum(julianday(json_extract(data, '$.due_day[1]'))"
        " - julianday(json_extract(data, '$.due_day[0]'))) AS INTEGER) AS days FROM event"
        " WHERE kind = 'line.changed' AND time_ms >= ?1 AND time_ms < ?2 GROUP BY subject) s"
        " JOIN line l ON 'L' || l.id = s.subject LEFT JOIN unit u ON u.id = l.unit"
        " WHERE s.days > 0 ORDER BY s.days DESC, l.id");
    query_bind_int(q, 1, calendar_moment_of(f->period.first));
    query_bind_int(q, 2, calendar_moment_of(f->period.past));
    f->slips = arena_array(arena, STANDING_WORST, struct summary_slip);
    while (query_row(q)) {
        f->slip_count++;
        f->slip_days += query_int(q, 3);
        if (f->nslips < STANDING_WORST)
            f->slips[f->nslips++] = (struct summary_slip){
                str_copy(arena, query_str(q, 0)), str_copy(arena, query_str(q, 1)),
                str_copy(arena, query_str(q, 2)), query_int(q, 3), query_int(q, 4)};
    }
    return query_end(q, err);
}

static enum status count_notices(struct store *store, struct summary_figures *f, struct error *err)
{
    struct query *q = query_start(store, "SELECT kind, count(*) FROM supervision_notice"
                                         " WHERE made_day >= ?1 AND made_day < ?2 GROUP BY kind");
    query_bind_int(q, 1, f->period.first);
    query_bind_int(q, 2, f->period.past);
    while (query_row(q)) {
        enum urge_kind kind = urge_kind_named(query_str(q, 0));
        if (kind < URGE_KINDS)
            f->notices[kind] = query_int(q, 1);
    }
    return query_end(q, err);
}

static enum status load_told(struct arena *arena, struct store *store, struct summary_figures *f,
                             struct error *err)
{
    struct query *q = query_start(
        store, "SELECT l.number, l.title, coalesce(u.name, ''), n.made_day - n.due_day, n.due_day"
               " FROM supervision_notice n JOIN line l ON l.id = n.line LEFT JOIN unit u"
               " ON u.id = n.unit WHERE n.kind = 'circular' AND n.made_day >= ?1"
               " AND n.made_day < ?2 ORDER BY n.id LIMIT ?3");
    query_bind_int(q, 1, f->period.first);
    query_bind_int(q, 2, f->period.past);
    query_bind_int(q, 3, STANDING_WORST);
    f->told = arena_array(arena, STANDING_WORST, struct summary_slip);
    while (query_row(q))
        f->told[f->ntold++] = (struct summary_slip){
            str_copy(arena, query_str(q, 0)), str_copy(arena, query_str(q, 1)),
            str_copy(arena, query_str(q, 2)), query_int(q, 3), query_int(q, 4)};
    return query_end(q, err);
}

static enum status load_assessments(struct store *store, struct summary_figures *f,
                                    struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT a.first_day, a.last_day, count(s.member), count(s.unit),"
        " count(s.corrected), coalesce(CAST(round(avg(CASE WHEN s.unit IS NOT NULL"
        " THEN coalesce(s.corrected, s.tenths) END)) AS INTEGER), 0)"
        " FROM assessment a JOIN assessment_score s ON s.assessment = a.id"
        " WHERE a.made_ms >= ?1 AND a.made_ms < ?2 GROUP BY a.id ORDER BY a.id DESC LIMIT ?3");
    query_bind_int(q, 1, calendar_moment_of(f->period.first));
    query_bind_int(q, 2, calendar_moment_of(f->period.past));
    query_bind_int(q, 3, SUMMARY_ASSESSMENTS);
    while (query_row(q)) {
        struct summary_assessment *a = &f->assessments[f->nassessments++];
        *a = (struct summary_assessment){query_int(q, 0), query_int(q, 1), query_int(q, 2),
                                         query_int(q, 3), query_int(q, 4), -1};
        if (a->units >= SUMMARY_SCORES_LEAST)
            a->tenths = query_int(q, 5);
    }
    return query_end(q, err);
}

static enum status count_objections(struct store *store, struct summary_figures *f,
                                    struct error *err)
{
    struct query *q = query_start(
        store, "SELECT count(*) FILTER (WHERE made_ms >= ?1 AND made_ms < ?2),"
               " count(*) FILTER (WHERE upheld AND decided_ms >= ?1 AND decided_ms < ?2)"
               " FROM assessment_objection");
    query_bind_int(q, 1, calendar_moment_of(f->period.first));
    query_bind_int(q, 2, calendar_moment_of(f->period.past));
    if (query_row(q)) {
        f->objections = query_int(q, 0);
        f->upheld = query_int(q, 1);
    }
    return query_end(q, err);
}

static enum status load_supervision(struct arena *arena, struct store *store,
                                    struct summary_figures *f, struct error *err)
{
    enum status status = count_notices(store, f, err);
    if (!status)
        status = load_told(arena, store, f, err);
    if (!status)
        status = load_assessments(store, f, err);
    return status ? status : count_objections(store, f, err);
}

enum status ledger_load_summary(struct arena *arena, struct store *store,
                                struct summary_period period, int64_t today,
                                struct summary_figures *f, struct error *err)
{
    *f = (struct summary_figures){.period = period};
    enum status status = ledger_load_standing(arena, store, today, &f->standing, err);
    if (!status)
        status = load_done(arena, store, f, err);
    if (!status)
        status = load_supervision(arena, store, f, err);
    return status ? status : load_slips(arena, store, f, err);
}

/* --- the text ------------------------------------------------------------------------------------- */

struct writing {
    struct prose prose;
    const struct summary_figures *f;
};

static struct str title_of(struct writing *w, struct summary_period p)
{
    struct str first = prose_date(&w->prose, p.first);
    struct str last = prose_date(&w->prose, p.past - 1);
    const char *word = summary_kind_word(p.kind, w->prose.lang);
    return w->prose.lang == LANG_ZH
               ? str_format(w->prose.out.arena, "台账%s（%.*s至%.*s）", word, STR_ARG(first),
                            STR_ARG(last))
               : str_format(w->prose.out.arena, "%s of the ledger, %.*s to %.*s", word,
                            STR_ARG(first), STR_ARG(last));
}

static void say_kinds(struct writing *w)
{
    const struct standing *s = &w->f->standing;
    prose_say(
        &w->prose,
        "| Kind | Under way | On course | Close | Behind | Late |\n| --- | --- | --- | --- | --- | --- |\n",
        "| 类别 | 推进中 | 正常 | 临期 | 滞后 | 逾期 |\n| --- | --- | --- | --- | --- | --- |\n");
    for (int kind = 0; kind < LEDGER_KINDS; kind++) {
        const struct standing_lights *l = &s->kinds[kind];
        if (l->all && standing_tells((enum ledger_kind)kind))
            prose_say(
                &w->prose,
                "| %s | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " |\n",
                "| %s | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " |\n",
                ledger_kind_words((enum ledger_kind)kind, w->prose.lang), l->all,
                l->of[LIGHT_GREEN], l->of[LIGHT_BLUE], l->of[LIGHT_YELLOW], l->of[LIGHT_RED]);
    }
}

static void count_lights(const struct standing *s, int64_t *late, int64_t *behind, int64_t *all)
{
    *late = *behind = *all = 0;
    for (int kind = 0; kind < LEDGER_KINDS; kind++) {
        if (!standing_tells((enum ledger_kind)kind))
            continue;
        *late += s->kinds[kind].of[LIGHT_RED];
        *behind += s->kinds[kind].of[LIGHT_YELLOW];
        *all += s->kinds[kind].all;
    }
}

static void say_whole(struct writing *w)
{
    const struct summary_figures *f = w->f;
    int64_t late;
    int64_t behind;
    int64_t all;
    struct str day = prose_date(&w->prose, f->standing.today);
    count_lights(&f->standing, &late, &behind, &all);
    prose_say(&w->prose, "## The whole\n\n", "## 一、总体情况\n\n");
    prose_say(&w->prose,
              "On %.*s %" PRId64 " lines were under way. Of these %" PRId64
              " were late and %" PRId64 " behind what was planned. In the period %" PRId64
              " lines and %" PRId64 " milestones were brought to an end.\n\n",
              "截至%.*s，推进中的条目共%" PRId64 "条，其中逾期%" PRId64 "条、滞后%" PRId64
              "条。本期办结%" PRId64 "条，完成节点%" PRId64 "个。\n\n",
              STR_ARG(day), all, late, behind, f->done_count, f->milestones_done);
    say_kinds(w);
    for (size_t i = 0; i < f->ndone; i++)
        prose_say(&w->prose, "%s- %.*s %.*s is done.\n", "%s- %.*s %.*s已完成。\n", i ? "" : "\n",
                  STR_ARG(f->done[i].line.number),
                  STR_ARG(prose_plain(&w->prose, f->done[i].line.title)));
    prose_say(&w->prose, "\n", "\n");
}

static void say_indicators(struct writing *w)
{
    const struct standing *s = &w->f->standing;
    prose_say(&w->prose, "## Indicators\n\n", "## 二、指标完成情况\n\n");
    prose_say(&w->prose,
              "Of the indicators with figures for %d, %" PRId64
              " reached what was planned so far, %" PRId64 " missed it by little and %" PRId64
              " by more. %" PRId64 " have no figures to compare.",
              "%d年以来，达到计划进度的指标%" PRId64 "项，略有差距的%" PRId64
              "项，差距较大的%" PRId64 "项，尚无可比数据的%" PRId64 "项。",
              s->year, s->met, s->near, s->short_of, s->untold);
    if (s->above_all + s->above_some + s->below_all)
        prose_say(&w->prose,
                  " Against others, %" PRId64 " were above all of them, %" PRId64
                  " above some and %" PRId64 " above none.",
                  "与参照值相比，全部高于参照的%" PRId64 "项，部分高于的%" PRId64
                  "项，均未高于的%" PRId64 "项。",
                  s->above_all, s->above_some, s->below_all);
    prose_say(&w->prose, "\n\n", "\n\n");
    for (size_t i = 0; i < s->nmissed; i++) {
        const struct standing_indicator *one = &s->missed[i];
        struct str actual = ledger_write_amount(w->prose.out.arena, one->actual, one->places);
        struct str target = ledger_write_amount(w->prose.out.arena, one->target, one->places);
        prose_say(&w->prose, "- %.*s %.*s: %.*s, where %.*s %.*s was planned (%.1f %% short).\n",
                  "- %.*s %.*s：实际%.*s，计划%.*s%.*s，差距%.1f%%。\n", STR_ARG(one->number),
                  STR_ARG(prose_plain(&w->prose, one->title)), STR_ARG(actual), STR_ARG(target),
                  STR_ARG(prose_plain(&w->prose, one->measure)), fabs(one->gap));
    }
    prose_say(&w->prose, "\n", "\n");
}

static void say_projects(struct writing *w)
{
    const struct standing *s = &w->f->standing;
    prose_say(&w->prose, "## Projects\n\n", "## 三、项目推进情况\n\n");
    prose_say(&w->prose,
              "%" PRId64 " projects are under way, %" PRId64 " wait in the library, %" PRId64
              " are suspended and %" PRId64 " finished.",
              "实施中的项目%" PRId64 "个，已入库待实施的%" PRId64 "个，暂停的%" PRId64
              "个，累计完成%" PRId64 "个。",
              s->projects[PROJECT_ACTIVE], s->projects[PROJECT_ADMITTED],
              s->projects[PROJECT_SUSPENDED], s->projects[PROJECT_FINISHED]);
    if (s->planned_cents > 0)
        prose_say(&w->prose, " Of the money planned for those in hand, %" PRId64 " %% is paid.",
                  "在库项目资金支付率%" PRId64 "%%。", s->paid_cents * 100 / s->planned_cents);
    prose_say(
        &w->prose,
        "\n\n| Watch | Passed | To check | Open | Past its day |\n| --- | --- | --- | --- | --- |\n",
        "\n\n| 五盯 | 通过 | 待核查 | 未到 | 超过计划日 |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < WATCHES; i++)
        prose_say(&w->prose, "| %s | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " |\n",
                  "| %s | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " |\n",
                  lang_pick(w->prose.lang, watch_kinds[i].en, watch_kinds[i].zh),
                  s->watches[i].passed, s->watches[i].reported, s->watches[i].open,
                  s->watches[i].late);
    prose_say(&w->prose, "\n", "\n");
}

static void say_line(struct writing *w, const struct standing_line *one)
{
    struct str title = prose_plain(&w->prose, one->line.title);
    struct str within = prose_plain(&w->prose, one->within);
    prose_say(&w->prose, "- %.*s %.*s%s%.*s: ", "- %.*s %.*s%s%.*s：", STR_ARG(one->line.number),
              STR_ARG(within), within.len ? lang_pick(w->prose.lang, ", ", "，") : "",
              STR_ARG(title));
    if (one->days)
        prose_say(&w->prose, "%" PRId64 " %s late, %" PRId64 " %% done",
                  "逾期%" PRId64 "%s，进度%" PRId64 "%%", one->days,
                  w->prose.lang == LANG_ZH ? "天"
                  : one->days == 1         ? "day"
                                           : "days",
                  one->line.progress);
    else
        prose_say(&w->prose, "%" PRId64 " %% done where %" PRId64 " %% was planned",
                  "进度%" PRId64 "%%，按计划应达%" PRId64 "%%", one->line.progress, one->planned);
    prose_say(&w->prose, "%s%.*s.\n", "%s%.*s。\n",
              one->unit.len ? lang_pick(w->prose.lang, "; ", "；责任单位：") : "",
              STR_ARG(prose_plain(&w->prose, one->unit)));
}

static void say_worst(struct writing *w)
{
    const struct standing *s = &w->f->standing;
    prose_say(&w->prose, "## Late and behind\n\n", "## 四、逾期和滞后事项\n\n");
    if (!s->nlate && !s->nbehind)
        prose_say(&w->prose, "Nothing is late or behind.\n", "没有逾期或滞后事项。\n");
    for (size_t i = 0; i < s->nlate; i++)
        say_line(w, &s->late[i]);
    for (size_t i = 0; i < s->nbehind; i++)
        say_line(w, &s->behind[i]);
    prose_say(&w->prose, "\n", "\n");
}

static void say_slips(struct writing *w)
{
    const struct summary_figures *f = w->f;
    prose_say(&w->prose, "## Days put off\n\n", "## 五、期限调整情况\n\n");
    if (f->slip_count == 0)
        prose_say(&w->prose, "No last day was put off.\n\n", "本期没有延长期限的事项。\n\n");
    else
        prose_say(
            &w->prose,
            "The last days of %" PRId64 " lines were put off, by %" PRId64 " days in sum.\n\n",
            "本期延长期限的共%" PRId64 "条，合计%" PRId64 "天。\n\n", f->slip_count, f->slip_days);
    for (size_t i = 0; i < f->nslips; i++) {
        struct str due = prose_date(&w->prose, f->slips[i].due);
        prose_say(&w->prose, "- %.*s %.*s: by %" PRId64 " days, to %.*s.\n",
                  "- %.*s %.*s：延长%" PRId64 "天，至%.*s。\n", STR_ARG(f->slips[i].number),
                  STR_ARG(prose_plain(&w->prose, f->slips[i].title)), f->slips[i].days,
                  STR_ARG(due));
    }
    prose_say(&w->prose, "\n", "\n");
}

/* What procedures wait for; what nothing waits for is left out. */
static void say_duties(struct writing *w)
{
    const struct standing *s = &w->f->standing;
    size_t said = 0;
    for (size_t i = 0; duty_sources[i].name; i++) {
        if (!s->duties[i].open)
            continue;
        if (!said++)
            prose_say(&w->prose, "| Waits for | Open | Past its day |\n| --- | --- | --- |\n",
                      "| 待办 | 在办 | 逾期 |\n| --- | --- | --- |\n");
        prose_say(&w->prose, "| %s | %" PRId64 " | %" PRId64 " |\n",
                  "| %s | %" PRId64 " | %" PRId64 " |\n",
                  lang_pick(w->prose.lang, duty_sources[i].en, duty_sources[i].zh),
                  s->duties[i].open, s->duties[i].late);
    }
    if (!said)
        prose_say(&w->prose, "Nothing waits.\n", "没有待办事项。\n");
    prose_say(&w->prose, "\n", "\n");
}

/* And how campaigns stand. */
static void say_procedures(struct writing *w)
{
    const struct standing *s = &w->f->standing;
    prose_say(&w->prose, "## Procedures\n\n", "## 六、工作机制运行情况\n\n");
    say_duties(w);
    for (size_t i = 0; i < s->ncampaigns; i++) {
        const struct standing_line *one = &s->campaigns[i];
        struct str due = prose_date(&w->prose, one->line.due_day);
        prose_say(&w->prose,
                  "- Campaign %.*s %.*s: %" PRId64 " %% reached, where %" PRId64
                  " %% was planned by now; its last day is %.*s.\n",
                  "- 攻坚行动 %.*s %.*s：完成率%" PRId64 "%%，按计划应达%" PRId64
                  "%%，截止%.*s。\n",
                  STR_ARG(one->line.number), STR_ARG(prose_plain(&w->prose, one->line.title)),
                  one->line.progress, one->planned, STR_ARG(due));
    }
    prose_say(&w->prose, "\n", "\n");
}

static void say_units(struct writing *w)
{
    const struct standing *s = &w->f->standing;
    prose_say(
        &w->prose,
        "## Units\n\n| Unit | In hand | Late | Behind | Close |\n| --- | --- | --- | --- | --- |\n",
        "## 七、各单位情况\n\n| 单位 | 在办 | 逾期 | 滞后 | 临期 |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < s->nunits; i++)
        prose_say(&w->prose, "| %.*s | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " |\n",
                  "| %.*s | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " |\n",
                  STR_ARG(prose_plain(&w->prose, s->units[i].name)), s->units[i].lights.all,
                  s->units[i].lights.of[LIGHT_RED], s->units[i].lights.of[LIGHT_YELLOW],
                  s->units[i].lights.of[LIGHT_BLUE]);
}

static void say_notices(struct writing *w)
{
    const struct summary_figures *f = w->f;
    int64_t all = 0;
    for (int k = 0; k < URGE_KINDS; k++)
        all += f->notices[k];
    if (all == 0) {
        prose_say(&w->prose, "No notice was given.\n\n", "本期未发出督办单。\n\n");
        return;
    }
    prose_say(&w->prose, "| Notice | Given |\n| --- | --- |\n",
              "| 督办单 | 份数 |\n| --- | --- |\n");
    for (int k = 0; k < URGE_KINDS; k++)
        if (f->notices[k])
            prose_say(&w->prose, "| %s | %" PRId64 " |\n", "| %s | %" PRId64 " |\n",
                      urge_kind_words((enum urge_kind)k, w->prose.lang), f->notices[k]);
    prose_say(&w->prose, "\n", "\n");
    for (size_t i = 0; i < f->ntold; i++) {
        struct str due = prose_date(&w->prose, f->told[i].due);
        prose_say(&w->prose, "- Told within the organisation: %.*s %.*s, due %.*s%s%.*s.\n",
                  "- 通报：%.*s %.*s，期限%.*s%s%.*s。\n", STR_ARG(f->told[i].number),
                  STR_ARG(prose_plain(&w->prose, f->told[i].title)), STR_ARG(due),
                  f->told[i].unit.len ? lang_pick(w->prose.lang, "; ", "；责任单位：") : "",
                  STR_ARG(prose_plain(&w->prose, f->told[i].unit)));
    }
    prose_say(&w->prose, "%s", "%s", f->ntold ? "\n" : "");
}

static void say_assessment(struct writing *w, const struct summary_assessment *a)
{
    struct str period = assess_period_words(w->prose.out.arena, a->first, a->last, w->prose.lang);
    prose_say(&w->prose, "%.*s was assessed, people: %" PRId64 ", units: %" PRId64,
              "已完成%.*s考核：个人%" PRId64 "名，单位%" PRId64 "个", STR_ARG(period), a->people,
              a->units);
    if (a->tenths >= 0)
        prose_say(&w->prose, "; the units have %" PRId64 ".%" PRId64 " points of 100 in the mean",
                  "，单位平均%" PRId64 ".%" PRId64 "分（满分100分）", a->tenths / 10,
                  a->tenths % 10);
    if (a->corrected)
        prose_say(&w->prose, "; scores corrected since: %" PRId64, "；其后更正%" PRId64 "个得分",
                  a->corrected);
    prose_say(&w->prose, ".\n", "。\n");
}

static void say_supervision(struct writing *w)
{
    const struct summary_figures *f = w->f;
    prose_say(&w->prose, "\n## Supervision and assessment\n\n", "\n## 八、督查督办与考核\n\n");
    say_notices(w);
    for (size_t i = 0; i < f->nassessments; i++)
        say_assessment(w, &f->assessments[i]);
    if (!f->nassessments)
        prose_say(&w->prose, "No assessment was made.\n", "本期未进行考核。\n");
    if (f->objections || f->upheld)
        prose_say(&w->prose, "Objections to scores made: %" PRId64 ", upheld: %" PRId64 ".\n",
                  "对考核得分提出异议%" PRId64 "件，采纳%" PRId64 "件。\n", f->objections,
                  f->upheld);
}

struct str summary_title(struct arena *arena, struct summary_period period, enum lang lang)
{
    struct writing w = {.prose = {.out = {.arena = arena}, .lang = lang}};
    return title_of(&w, period);
}

struct str summary_write(struct arena *arena, const struct summary_figures *figures, enum lang lang)
{
    struct writing w = {.prose = {.out = {.arena = arena}, .lang = lang}, .f = figures};
    struct str title = title_of(&w, figures->period);
    buf_format(&w.prose.out, "# %.*s\n\n", STR_ARG(title));
    say_whole(&w);
    say_indicators(&w);
    say_projects(&w);
    say_worst(&w);
    say_slips(&w);
    say_procedures(&w);
    say_units(&w);
    say_supervision(&w);
    return buf_str(&w.prose.out);
}
