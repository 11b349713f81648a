/* The arithmetic of campaigns; see campaign.h. */
#include "ledger/campaign.h"

/* --- acts ----------------------------------------------------------------------------------------- */

#define AT(state) (1U << LINE_##state)
#define OPEN      (AT(PROPOSED) | AT(ACTIVE))

const struct campaign_step campaign_steps[CAMPAIGN_STEPS] = {
    {CAMPAIGN_ADD, OPEN, LINE_STATES, 0},
    {CAMPAIGN_AIM, AT(PROPOSED), LINE_STATES, 0},
    {CAMPAIGN_AIM, AT(ACTIVE), LINE_STATES, CAMPAIGN_NEEDS_WORDS},
    {CAMPAIGN_TAKE_OUT, AT(PROPOSED), LINE_STATES, 0},
    {CAMPAIGN_TAKE_OUT, AT(ACTIVE), LINE_STATES, CAMPAIGN_NEEDS_WORDS},
    {CAMPAIGN_RANK, OPEN, LINE_STATES, 0},
    {CAMPAIGN_START, AT(PROPOSED), LINE_ACTIVE, CAMPAIGN_NEEDS_DAYS | CAMPAIGN_NEEDS_LINES},
    {CAMPAIGN_EXTEND, AT(ACTIVE), LINE_STATES, CAMPAIGN_NEEDS_WORDS | CAMPAIGN_NEEDS_LATER},
    {CAMPAIGN_END, AT(ACTIVE), LINE_DONE, CAMPAIGN_NEEDS_WORDS},
    {CAMPAIGN_DROP, OPEN, LINE_CLOSED, CAMPAIGN_NEEDS_WORDS},
};

static const struct {
    const char *name, *en, *zh;
} ACTS[CAMPAIGN_ACTS] = {
    [CAMPAIGN_ADD] = {"add", "Add lines", "增加条目"},
    [CAMPAIGN_AIM] = {"aim", "Set what is to be reached", "调整目标"},
    [CAMPAIGN_TAKE_OUT] = {"take-out", "Take out", "移出"},
    [CAMPAIGN_RANK] = {"rank", "Rank by another rule", "调整排名规则"},
    [CAMPAIGN_START] = {"start", "Start", "启动"},
    [CAMPAIGN_EXTEND] = {"extend", "Put off the last day", "延期"},
    [CAMPAIGN_END] = {"end", "End with a summing-up", "收官"},
    [CAMPAIGN_DROP] = {"drop", "Call off", "中止"},
};
static const struct {
    const char *field; /* of the form that gives it; NULL: it is elsewhere */
    const char *en, *zh;
} NEEDS[CAMPAIGN_NEEDS_COUNT] = {
    {"why", "a reason in words", "文字说明"},
    {NULL, "a first and a last day, 400 days or fewer", "起止日期（不超过 400 天）"},
    {NULL, "at least one line", "至少一个条目"},
    {"due", "a last day after the present one, 400 days or fewer in all",
     "晚于现截止日的新日期（总长不超过 400 天）"},
};

const char *campaign_act_name(enum campaign_act act)
{
    return ACTS[act].name;
}

const char *campaign_act_words(enum campaign_act act, enum lang lang)
{
    return lang_pick(lang, ACTS[act].en, ACTS[act].zh);
}

enum campaign_act campaign_act_named(struct str name)
{
    int act = 0;
    while (act < CAMPAIGN_ACTS && !str_equal(name, str_of(ACTS[act].name)))
        act++;
    return (enum campaign_act)act;
}

static size_t find_need(unsigned need)
{
    size_t at = 0;
    while (at + 1 < CAMPAIGN_NEEDS_COUNT && !(need >> at & 1U))
        at++;
    return at;
}

const char *campaign_needs_words(unsigned need, enum lang lang)
{
    return lang_pick(lang, NEEDS[find_need(need)].en, NEEDS[find_need(need)].zh);
}

enum status campaign_allow(enum line_state state, enum campaign_act act, unsigned met,
                           const struct campaign_step **step, struct error *err)
{
    struct error cause;
    for (size_t i = 0; i < CAMPAIGN_STEPS; i++) {
        const struct campaign_step *s = &campaign_steps[i];
        unsigned lacking = s->needs & ~met;
        if (s->act != act || !(s->from >> state & 1U))
            continue;
        *step = s;
        if (!lacking)
            return STATUS_OK;
        (void)error_about(&cause, STATUS_INPUT, NEEDS[find_need(lacking)].en,
                          NEEDS[find_need(lacking)].zh, ".", "。");
        cause.field = NEEDS[find_need(lacking)].field;
        return error_within(err, &cause, "Still needed: ", "尚需：");
    }
    (void)error_about(&cause, STATUS_CONFLICT, line_state_word(state, LANG_EN),
                      line_state_word(state, LANG_ZH), ".", "。");
    return error_within(err, &cause, "This can't be done now. The campaign's state is: ",
                        "目前不能进行此操作，攻坚行动的状态：");
}

/* --- lengths -------------------------------------------------------------------------------------- */

const char *campaign_length_words(int64_t days, enum lang lang)
{
    static const struct {
        int64_t days;
        const char *en, *zh;
    } NAMED[] = {
        {CAMPAIGN_TWO_MONTHS, "60-day campaign", "双月攻坚"},
        {CAMPAIGN_HUNDRED_DAYS, "100-day campaign", "百日攻坚"},
    };
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++)
        if (NAMED[i].days == days)
            return lang_pick(lang, NAMED[i].en, NAMED[i].zh);
    return lang_pick(lang, "campaign", "集中攻坚");
}

struct campaign_clock campaign_clock_on(const struct workdays *calendar, int64_t first,
                                        int64_t last, int64_t today)
{
    struct campaign_clock clock = {.length = last - first + 1, .left = last - today};
    int64_t from = today < first ? first : today;
    clock.until_begin = today < first ? first - today : 0;
    clock.gone = today < first ? 0 : today > last ? clock.length : today - first + 1;
    clock.working_left = today > last ? 0 : workday_between(calendar, from - 1, last);
    return clock;
}

/* --- shares --------------------------------------------------------------------------------------- */

bool campaign_counts(const struct campaign_item *item, int64_t day)
{
    return item->joined_day <= day && (!item->left_day || day < item->left_day);
}

int64_t campaign_share(const struct campaign_item *item, int64_t progress)
{
    if (progress >= item->aim)
        return CAMPAIGN_WHOLE;
    if (progress <= item->from)
        return 0;
    return CAMPAIGN_WHOLE * (progress - item->from) / (item->aim - item->from);
}

int64_t campaign_ideal(const struct workdays *calendar, int64_t first, int64_t last, int64_t day)
{
    if (day < first)
        return 0;
    if (day >= last)
        return CAMPAIGN_WHOLE;
    int64_t all = workday_between(calendar, first - 1, last);
    return all ? CAMPAIGN_WHOLE * workday_between(calendar, first - 1, day) / all
               : CAMPAIGN_WHOLE * (day - first + 1) / (last - first + 1);
}

/* --- the course ----------------------------------------------------------------------------------- */

/* Where each item stands as marks are gone through day by day. */
struct walk {
    const struct campaign *campaign;
    int64_t *at;    /* progress, by item */
    int64_t *moved; /* the day on which it last did; 0: never */
    size_t mark;    /* the next one */
};

static struct walk begin_walk(struct arena *arena, const struct campaign *c)
{
    struct walk w = {c, arena_array(arena, c->nitems + 1, int64_t),
                     arena_array(arena, c->nitems + 1, int64_t), 0};
    for (size_t i = 0; i < c->nitems; i++) {
        w.at[i] = c->items[i].from;
        w.moved[i] = 0;
    }
    return w;
}

static size_t find_line(const struct campaign *c, int64_t line)
{
    size_t low = 0;
    for (size_t high = c->nitems; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (c->items[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void take_mark(struct walk *w, const struct campaign_mark *mark)
{
    const struct campaign *c = w->campaign;
    for (size_t i = find_line(c, mark->line); i < c->nitems && c->items[i].line == mark->line;
         i++) {
        if (w->at[i] != mark->progress)
            w->moved[i] = mark->day;
        w->at[i] = mark->progress;
    }
}

/* Goes on to the end of a day. */
static void walk_to(struct walk *w, int64_t day)
{
    const struct campaign *c = w->campaign;
    for (; w->mark < c->nmarks && c->marks[w->mark].day <= day; w->mark++)
        take_mark(w, &c->marks[w->mark]);
}

static struct campaign_point point_at(const struct walk *w, int64_t day)
{
    const struct campaign *c = w->campaign;
    struct campaign_point point = {.day = day};
    for (size_t i = 0; i < c->nitems; i++) {
        const struct campaign_item *item = &c->items[i];
        if (!campaign_counts(item, day > c->known ? c->known : day))
            continue;
        point.scope += CAMPAIGN_WHOLE * item->points;
        point.done += item->points * campaign_share(item, w->at[i]);
    }
    point.ideal =
        point.scope * campaign_ideal(c->calendar, c->first, c->last, day) / CAMPAIGN_WHOLE;
    if (day > c->known)
        point.done = -1;
    return point;
}

size_t campaign_course(struct arena *arena, const struct campaign *c,
                       struct campaign_point **points)
{
    int64_t end = c->known > c->last ? c->known : c->last;
    size_t count = end < c->first ? 0 : (size_t)(end - c->first + 1);
    struct walk w = begin_walk(arena, c);
    *points = arena_array(arena, count + 1, struct campaign_point);
    for (size_t i = 0; i < count; i++) {
        int64_t day = c->first + (int64_t)i;
        if (day <= c->known)
            walk_to(&w, day);
        (*points)[i] = point_at(&w, day);
    }
    return count;
}

int64_t campaign_expect(const struct campaign *c, const struct campaign_point *points, size_t count)
{
    if (!count || c->known < c->first)
        return 0;
    const struct campaign_point *now = &points[c->known - c->first];
    int64_t since = workday_add(c->calendar, c->known, -CAMPAIGN_PACE_DAYS);
    if (since < c->first - 1)
        since = c->first - 1;
    int64_t before = since < c->first ? 0 : points[since - c->first].done;
    int64_t worked = workday_between(c->calendar, since, c->known);
    int64_t to_come = c->known < c->last ? workday_between(c->calendar, c->known, c->last) : 0;
    int64_t gain = worked && now->done > before ? (now->done - before) * to_come / worked : 0;
    return now->done + gain > now->scope ? now->scope : now->done + gain;
}

/* --- the board ------------------------------------------------------------------------------------ */

size_t campaign_board(struct arena *arena, const struct campaign *c, int64_t day,
                      struct campaign_stand **stands)
{
    struct walk w = begin_walk(arena, c);
    int64_t *before = arena_array(arena, c->nitems + 1, int64_t);
    int64_t ideal = campaign_ideal(c->calendar, c->first, c->last, day);
    size_t count = 0;
    *stands = arena_array(arena, c->nitems + 1, struct campaign_stand);
    walk_to(&w, day - 1);
    for (size_t i = 0; i < c->nitems; i++)
        before[i] = w.at[i];
    walk_to(&w, day);
    for (size_t i = 0; i < c->nitems; i++) {
        const struct campaign_item *item = &c->items[i];
        int64_t share = campaign_share(item, w.at[i]);
        int64_t since = w.moved[i] > item->joined_day ? w.moved[i] : item->joined_day;
        if (!campaign_counts(item, day))
            continue;
        (*stands)[count++] = (struct campaign_stand){
            .item = item,
            .before = before[i],
            .after = w.at[i],
            .share = share,
            .still = w.moved[i] == day ? 0 : workday_between(c->calendar, since, day),
            .reached = share == CAMPAIGN_WHOLE,
            .behind = ideal - share >= CAMPAIGN_BEHIND,
        };
    }
    return count;
}

/* --- ranking -------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *en, *zh, *rule_en, *rule_zh;
} RULES[CAMPAIGN_RULES] = {
    [CAMPAIGN_BY_SHARE] = {"share", "What is reached", "完成率",
                           "By how much of what was taken on is reached: points times the share of "
                           "the way from joining to aim, out of all points.",
                           "按完成率排名：各条目“分值 × 已走过的差距比例”之和 ÷ 分值之和。"},
    [CAMPAIGN_BY_GAIN] =
        {"gain", "Gain of seven days", "近七日增幅",
         "By how much of what was taken on was reached within the last seven days.",
         "按近七日增幅排名：最近七日完成率的提高幅度。"},
    [CAMPAIGN_BY_REACHED] = {"reached", "Aims reached", "达标率",
                             "By how many of the lines have reached their aim.",
                             "按达标率排名：已达到目标的条目数 ÷ 条目总数。"},
};
static const struct {
    const char *name, *en, *zh;
} OVERS[CAMPAIGN_OVERS] = {
    [CAMPAIGN_UNITS] = {"units", "units", "责任单位"},
    [CAMPAIGN_LEADS] = {"leads", "leads", "分包领导"},
    [CAMPAIGN_LINES] = {"lines", "lines", "条目"},
};

const char *campaign_rule_name(enum campaign_rule rule)
{
    return RULES[rule].name;
}

const char *campaign_over_name(enum campaign_over over)
{
    return OVERS[over].name;
}

enum campaign_rule campaign_rule_named(struct str name)
{
    int rule = 0;
    while (rule < CAMPAIGN_RULES && !str_equal(name, str_of(RULES[rule].name)))
        rule++;
    return (enum campaign_rule)rule;
}

enum campaign_over campaign_over_named(struct str name)
{
    int over = 0;
    while (over < CAMPAIGN_OVERS && !str_equal(name, str_of(OVERS[over].name)))
        over++;
    return (enum campaign_over)over;
}

const char *campaign_rule_sentence(enum campaign_rule rule, enum lang lang)
{
    return lang_pick(lang, RULES[rule].rule_en, RULES[rule].rule_zh);
}

const char *campaign_rule_words(enum campaign_rule rule, enum lang lang)
{
    return lang_pick(lang, RULES[rule].en, RULES[rule].zh);
}

const char *campaign_over_words(enum campaign_over over, enum lang lang)
{
    return lang_pick(lang, OVERS[over].en, OVERS[over].zh);
}

void campaign_add(struct campaign_sum *sum, const struct campaign_item *item, int64_t progress,
                  int64_t progress_before)
{
    int64_t share = campaign_share(item, progress);
    sum->points += CAMPAIGN_WHOLE * item->points;
    sum->done += item->points * share;
    sum->gained += item->points * (share - campaign_share(item, progress_before));
    sum->lines++;
    sum->reached += share == CAMPAIGN_WHOLE;
}

int64_t campaign_score(const struct campaign_sum *sum, enum campaign_rule rule)
{
    if (rule == CAMPAIGN_BY_REACHED)
        return sum->lines ? CAMPAIGN_WHOLE * sum->reached / sum->lines : 0;
    int64_t what = rule == CAMPAIGN_BY_GAIN ? sum->gained : sum->done;
    return sum->points ? CAMPAIGN_WHOLE * what / sum->points : 0;
}
