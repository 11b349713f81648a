/* A campaign's page: countdown, burn-up, the day's board, ranking, its lines with what each is to reach, and its acts. */
#include "base/calendar.h"
#include "server/chart.h"
#include "server/internal.h"
#include "server/ledger_campaign.h"
#include "server/ledger_terms.h"

#include <math.h>

#define UNKNOWN ((double)NAN)

/* --- what the page shows -------------------------------------------------------------------------- */

struct board_row {
    struct str key, number, title, unit, lead, by, before, after, share;
    int64_t still;
    bool rose, reached, behind;
};
static const struct field BOARD_ROW[] = {
    FIELD(TEXT, struct board_row, key),
    FIELD(TEXT, struct board_row, number),
    FIELD(TEXT, struct board_row, title),
    FIELD(TEXT, struct board_row, unit),
    FIELD(TEXT, struct board_row, lead),
    FIELD(TEXT, struct board_row, by),
    FIELD(TEXT, struct board_row, before),
    FIELD(TEXT, struct board_row, after),
    FIELD(TEXT, struct board_row, share),
    FIELD(NUMBER, struct board_row, still),
    FIELD(FLAG, struct board_row, reached),
    FIELD(FLAG, struct board_row, behind),
    {0},
};
struct course_row {
    struct str day, scope, done, ideal;
};
static const struct field COURSE_ROW[] = {
    FIELD(DATE, struct course_row, day),
    FIELD(TEXT, struct course_row, scope),
    FIELD(TEXT, struct course_row, done),
    FIELD(TEXT, struct course_row, ideal),
    {0},
};
struct place_row {
    struct str name, path, score, done, gained;
    int64_t place, lines, reached, points;
};
static const struct field PLACE_ROW[] = {
    FIELD(NUMBER, struct place_row, place),   FIELD(TEXT, struct place_row, name),
    FIELD(TEXT, struct place_row, path),      FIELD(TEXT, struct place_row, score),
    FIELD(TEXT, struct place_row, done),      FIELD(TEXT, struct place_row, gained),
    FIELD(NUMBER, struct place_row, reached), FIELD(NUMBER, struct place_row, lines),
    FIELD(NUMBER, struct place_row, points),  {0},
};
struct member_row {
    struct str key, number, title, unit, words, share, joined, left, left_why;
    int64_t from, aim, now, points;
    bool reached, editable, why_needed;
};
static const struct field MEMBER_ROW[] = {
    FIELD(TEXT, struct member_row, key),
    FIELD(TEXT, struct member_row, number),
    FIELD(TEXT, struct member_row, title),
    FIELD(TEXT, struct member_row, unit),
    FIELD(TEXT, struct member_row, words),
    FIELD(TEXT, struct member_row, share),
    FIELD(DATE, struct member_row, joined),
    FIELD(DATE, struct member_row, left),
    FIELD(TEXT, struct member_row, left_why),
    FIELD(NUMBER, struct member_row, from),
    FIELD(NUMBER, struct member_row, aim),
    FIELD(NUMBER, struct member_row, now),
    FIELD(NUMBER, struct member_row, points),
    FIELD(FLAG, struct member_row, reached),
    FIELD_HIDDEN(FLAG, struct member_row, editable),
    FIELD_HIDDEN(FLAG, struct member_row, why_needed),
    {0},
};
struct campaign_form {
    struct str act, act_words;
    bool with_lines, with_rule, with_due, with_words;
};
static const struct field FORM_ROW[] = {
    FIELD(TEXT, struct campaign_form, act),
    FIELD_HIDDEN(TEXT, struct campaign_form, act_words),
    FIELD_HIDDEN(FLAG, struct campaign_form, with_lines),
    FIELD_HIDDEN(FLAG, struct campaign_form, with_rule),
    FIELD_HIDDEN(FLAG, struct campaign_form, with_due),
    FIELD_HIDDEN(FLAG, struct campaign_form, with_words),
    {0},
};
struct campaign_page {
    struct ledger_head head;
    struct str length_words, share, ideal, expected, chart, rule, rule_words, over_words;
    struct str board_day, board_earlier, board_later, refused;
    struct str typed_numbers, typed_goal, typed_why;
    int64_t length, gone, left, working_left, until_begin, past, lines, reached, idle;
    bool dated, running, begun, preparing, ahead, may_draft, chinese;
    struct board_row *moved, *still;
    struct course_row *course;
    struct place_row *places;
    struct member_row *members, *gone_members;
    struct campaign_form *forms;
    struct ledger_choice *rules, *overs, *kinds, *units;
    size_t nmoved, nstill, ncourse, nplaces, nmembers, ngone_members, nforms, nrules, novers,
        nkinds, nunits;
};
static const struct field CAMPAIGN_PAGE[] = {
    LEDGER_HEAD_FIELD(struct campaign_page, head),
    FIELD_HIDDEN(TEXT, struct campaign_page, length_words),
    FIELD(NUMBER, struct campaign_page, length),
    FIELD(NUMBER, struct campaign_page, gone),
    FIELD(NUMBER, struct campaign_page, left),
    FIELD(NUMBER, struct campaign_page, working_left),
    FIELD(NUMBER, struct campaign_page, until_begin),
    FIELD(NUMBER, struct campaign_page, past),
    FIELD(NUMBER, struct campaign_page, lines),
    FIELD(NUMBER, struct campaign_page, reached),
    FIELD(NUMBER, struct campaign_page, idle),
    FIELD(TEXT, struct campaign_page, share),
    FIELD(TEXT, struct campaign_page, ideal),
    FIELD(TEXT, struct campaign_page, expected),
    FIELD_HIDDEN(FLAG, struct campaign_page, dated),
    FIELD_HIDDEN(FLAG, struct campaign_page, running),
    FIELD_HIDDEN(FLAG, struct campaign_page, begun),
    FIELD_HIDDEN(FLAG, struct campaign_page, preparing),
    FIELD_HIDDEN(FLAG, struct campaign_page, ahead),
    FIELD_HIDDEN(FLAG, struct campaign_page, may_draft),
    FIELD_HIDDEN(FLAG, struct campaign_page, chinese),
    FIELD_HIDDEN(MARKUP, struct campaign_page, chart),
    FIELD(TEXT, struct campaign_page, rule),
    FIELD_HIDDEN(TEXT, struct campaign_page, rule_words),
    FIELD_HIDDEN(TEXT, struct campaign_page, over_words),
    FIELD(DATE, struct campaign_page, board_day),
    FIELD_HIDDEN(TEXT, struct campaign_page, board_earlier),
    FIELD_HIDDEN(TEXT, struct campaign_page, board_later),
    FIELD_HIDDEN(TEXT, struct campaign_page, refused),
    FIELD_HIDDEN(TEXT, struct campaign_page, typed_numbers),
    FIELD_HIDDEN(TEXT, struct campaign_page, typed_goal),
    FIELD_HIDDEN(TEXT, struct campaign_page, typed_why),
    FIELD_OF_LIST(struct campaign_page, moved, BOARD_ROW),
    FIELD_OF_LIST(struct campaign_page, still, BOARD_ROW),
    FIELD_OF_LIST(struct campaign_page, course, COURSE_ROW),
    FIELD_OF_LIST(struct campaign_page, places, PLACE_ROW),
    FIELD_OF_LIST(struct campaign_page, members, MEMBER_ROW),
    FIELD_OF_LIST(struct campaign_page, gone_members, MEMBER_ROW),
    FIELD_OF_LIST(struct campaign_page, forms, FORM_ROW),
    FIELD_OF_LIST(struct campaign_page, rules, ledger_choice_fields),
    FIELD_OF_LIST(struct campaign_page, overs, ledger_choice_fields),
    FIELD_OF_LIST(struct campaign_page, kinds, ledger_choice_fields),
    FIELD_OF_LIST(struct campaign_page, units, ledger_choice_fields),
    {0},
};

/* --- burn-up -------------------------------------------------------------------------------------- */

static struct str day_label(const struct request *rq, int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    return str_format(rq->arena, "%u-%u", month, mday);
}

static struct str draw(const struct request *rq, const struct campaign_sight *s)
{
    size_t n = s->ncourse;
    double *scope = arena_array(rq->arena, n, double);
    double *done = arena_array(rq->arena, n, double);
    double *ideal = arena_array(rq->arena, n, double);
    struct str *steps = arena_array(rq->arena, n, struct str);
    size_t apart = 3 * ((n + 17) / 18); /* so many days from one label to the next */
    for (size_t i = 0; i < n; i++) {
        const struct campaign_point *p = &s->course[i];
        scope[i] = (double)p->scope / CAMPAIGN_WHOLE;
        ideal[i] = (double)p->ideal / CAMPAIGN_WHOLE;
        done[i] = p->done < 0 ? UNKNOWN : (double)p->done / CAMPAIGN_WHOLE;
        steps[i] = i % apart ? STR("") : day_label(rq, p->day);
    }
    const struct chart_line lines[] = {
        {CHART_ACTUAL, request_words(rq, "Reached", "已完成"), done},
        {CHART_TARGET, request_words(rq, "Ideal", "理想进度"), ideal},
        {CHART_OTHER, request_words(rq, "All to be reached", "总任务量"), scope},
    };
    struct str words =
        request_words(rq, "Points reached day by day beside the ideal; the table has the figures",
                      "逐日累计完成分值与理想进度，数值见下表");
    return chart_course(rq->arena, &(struct chart_course){.steps = steps,
                                                          .count = n,
                                                          .lines = lines,
                                                          .nlines = 3,
                                                          .from_zero = true,
                                                          .words = words});
}

static void fill_course(struct request *rq, const struct campaign_sight *s,
                        struct campaign_page *page)
{
    struct campaign_point now = campaign_standing(s);
    page->share = campaign_percent(rq, campaign_part(now.done, now.scope));
    page->ideal = campaign_percent(rq, campaign_part(now.ideal, now.scope));
    page->ahead = now.done >= now.ideal;
    if (page->running)
        page->expected = campaign_percent(
            rq,
            campaign_part(campaign_expect(&s->kept.campaign, s->course, s->ncourse), now.scope));
    page->chart = draw(rq, s);
    page->course = arena_array(rq->arena, s->ncourse, struct course_row);
    for (size_t i = s->ncourse; i--;) { /* the newest first; what is to come is only drawn */
        const struct campaign_point *p = &s->course[i];
        if (p->done >= 0)
            page->course[page->ncourse++] =
                (struct course_row){ledger_day(rq, p->day), campaign_points(rq, p->scope),
                                    campaign_points(rq, p->done), campaign_points(rq, p->ideal)};
    }
}

/* --- the board ------------------------------------------------------------------------------------ */

/* Who changed the progress of a line on a day, by name. */
static enum status name_movers(struct request *rq, int64_t line, int64_t day, struct str *names,
                               struct error *err)
{
    struct buf out = {.arena = rq->arena};
    struct query *q = query_start(
        rq->store, "SELECT DISTINCT m.name FROM event e JOIN member m ON 'M' || m.id = e.actor"
                   " WHERE e.subject = 'L' || ?1 AND e.kind = 'line.changed' AND e.time_ms >= ?2"
                   " AND e.time_ms < ?3 AND json_extract(e.data, '$.progress') IS NOT NULL"
                   " ORDER BY m.name");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, calendar_moment_of(day));
    query_bind_int(q, 3, calendar_moment_of(day + 1));
    while (query_row(q)) {
        buf_add(&out, out.len ? request_words(rq, ", ", "、") : STR(""));
        buf_add(&out, query_str(q, 0));
    }
    *names = buf_str(&out);
    return query_end(q, err);
}

static enum status fill_stand(struct request *rq, const struct campaign_sight *s, int64_t day,
                              const struct campaign_stand *stand, struct campaign_page *page,
                              struct error *err)
{
    const struct campaign_entry *entry = &s->kept.entries[stand->item - s->kept.items];
    bool moved = stand->before != stand->after;
    struct board_row *row = moved ? &page->moved[page->nmoved++] : &page->still[page->nstill++];
    *row = (struct board_row){
        .key = entry->line.key,
        .number = entry->line.number,
        .title = entry->line.title,
        .unit = entry->unit,
        .before = str_format(rq->arena, "%lld%%", (long long)stand->before),
        .after = str_format(rq->arena, "%lld%%", (long long)stand->after),
        .share = campaign_percent(rq, stand->share),
        .still = stand->still,
        .reached = stand->reached,
        .behind = stand->behind,
    };
    page->idle += !moved && !stand->reached;
    enum status status = ledger_member_name(rq, entry->line.lead, &row->lead, err);
    return status || !moved ? status : name_movers(rq, entry->line.id, day, &row->by, err);
}

static struct str board_path(struct request *rq, const struct campaign_sight *s, int64_t day)
{
    struct str text = ledger_day(rq, day);
    return str_format(rq->arena, "%.*s?day=%.*s#board",
                      STR_ARG(ledger_path(rq, s->seen.line.key, "/campaign")), STR_ARG(text));
}

/* What did not move longest comes first. */
static void sort_still(struct board_row *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct board_row one = rows[i];
        size_t j = i;
        for (; j && (rows[j - 1].reached > one.reached ||
                     (rows[j - 1].reached == one.reached && rows[j - 1].still < one.still));
             j--)
            rows[j] = rows[j - 1];
        rows[j] = one;
    }
}

/* The day that is asked for; else the newest, but of a day that is not worked and on which nothing moved the last one
 * that is. */
static int64_t board_day(struct request *rq, const struct campaign_sight *s)
{
    struct campaign_stand *stands;
    const struct campaign *c = &s->kept.campaign;
    int64_t newest = campaign_last_known(s);
    int64_t worked = workday_at_or_before(c->calendar, newest);
    int64_t asked = ledger_read_day(rq, "day");
    if (asked >= c->first && asked <= newest)
        return asked;
    size_t count = campaign_board(rq->arena, c, newest, &stands);
    for (size_t i = 0; i < count; i++)
        if (stands[i].before != stands[i].after)
            return newest;
    return worked >= c->first ? worked : newest;
}

static enum status fill_board(struct request *rq, const struct campaign_sight *s,
                              struct campaign_page *page, struct error *err)
{
    struct campaign_stand *stands;
    int64_t newest = campaign_last_known(s);
    int64_t first = s->kept.campaign.first;
    int64_t day = board_day(rq, s);
    size_t count = campaign_board(rq->arena, &s->kept.campaign, day, &stands);
    enum status status = STATUS_OK;
    page->moved = arena_array(rq->arena, count + 1, struct board_row);
    page->still = arena_array(rq->arena, count + 1, struct board_row);
    for (size_t i = 0; !status && i < count; i++)
        status = fill_stand(rq, s, day, &stands[i], page, err);
    sort_still(page->still, page->nstill);
    page->board_day = ledger_day(rq, day);
    page->board_earlier = day > first ? board_path(rq, s, day - 1) : STR("");
    page->board_later = day < newest ? board_path(rq, s, day + 1) : STR("");
    return status;
}

/* --- ranking -------------------------------------------------------------------------------------- */

static enum status fill_places(struct request *rq, const struct campaign_sight *s,
                               struct campaign_page *page, struct error *err)
{
    struct campaign_place *places;
    size_t count = ledger_rank_campaign(rq->arena, &s->kept, campaign_last_known(s), &places);
    enum status status = STATUS_OK;
    page->places = arena_array(rq->arena, count + 1, struct place_row);
    for (size_t i = 0; !status && i < count; i++) {
        const struct campaign_sum *sum = &places[i].sum;
        struct place_row *row = &page->places[page->nplaces++];
        *row = (struct place_row){
            .place = (int64_t)places[i].place,
            .score = campaign_percent(rq, places[i].score),
            .done = campaign_percent(rq, campaign_part(sum->done, sum->points)),
            .gained = campaign_percent(rq, campaign_part(sum->gained, sum->points)),
            .lines = sum->lines,
            .reached = sum->reached,
            .points = sum->points / CAMPAIGN_WHOLE,
        };
        status = campaign_name_place(rq, s, &places[i], &row->name, &row->path, err);
    }
    return status;
}

/* --- lines and acts ------------------------------------------------------------------------------- */

static void fill_members(struct request *rq, const struct campaign_sight *s,
                         struct campaign_page *page)
{
    bool may = page->head.may_change && (page->preparing || page->running);
    page->members = arena_array(rq->arena, s->kept.nentries + 1, struct member_row);
    page->gone_members = arena_array(rq->arena, s->kept.nentries + 1, struct member_row);
    for (size_t i = 0; i < s->kept.nentries; i++) {
        const struct campaign_item *item = &s->kept.items[i];
        const struct campaign_entry *entry = &s->kept.entries[i];
        int64_t now = entry->line.state == LINE_DONE ? 100 : entry->line.progress;
        struct member_row *row = item->left_day ? &page->gone_members[page->ngone_members++]
                                                : &page->members[page->nmembers++];
        *row = (struct member_row){
            .key = entry->line.key,
            .number = entry->line.number,
            .title = entry->line.title,
            .unit = entry->unit,
            .words = entry->words,
            .share = campaign_percent(rq, campaign_share(item, now)),
            .joined = ledger_day(rq, item->joined_day),
            .left = ledger_day(rq, item->left_day),
            .left_why = entry->left_why,
            .from = item->from,
            .aim = item->aim,
            .now = now,
            .points = item->points,
            .reached = now >= item->aim,
            .editable = may,
            .why_needed = page->running,
        };
        page->reached += !item->left_day && row->reached;
    }
    page->lines = (int64_t)page->nmembers;
}

static void fill_forms(const struct request *rq, enum line_state state, struct campaign_page *page)
{
    page->forms = arena_array(rq->arena, CAMPAIGN_STEPS, struct campaign_form);
    for (size_t i = 0; i < CAMPAIGN_STEPS && page->head.may_change; i++) {
        const struct campaign_step *step = &campaign_steps[i];
        bool of_line = step->act == CAMPAIGN_AIM || step->act == CAMPAIGN_TAKE_OUT;
        if (of_line || !(step->from >> state & 1U))
            continue;
        page->forms[page->nforms++] = (struct campaign_form){
            .act = str_of(campaign_act_name(step->act)),
            .act_words = str_of(campaign_act_words(step->act, rq->lang)),
            .with_lines = step->act == CAMPAIGN_ADD,
            .with_rule = step->act == CAMPAIGN_RANK,
            .with_due = step->act == CAMPAIGN_EXTEND,
            .with_words = step->needs & CAMPAIGN_NEEDS_WORDS,
        };
    }
}

static const struct ledger_values RULE_VALUES = {campaign_rule_name, campaign_rule_words,
                                                 .end = CAMPAIGN_RULES};
static const struct ledger_values OVER_VALUES = {campaign_over_name, campaign_over_words,
                                                 .end = CAMPAIGN_OVERS};

static void fill_rules(const struct request *rq, const struct campaigning *kept,
                       struct campaign_page *page)
{
    page->rule = str_of(campaign_rule_name(kept->rule));
    page->rule_words = str_of(campaign_rule_sentence(kept->rule, rq->lang));
    page->over_words = str_of(campaign_over_words(kept->over, rq->lang));
    ledger_fill_values(rq, &RULE_VALUES, page->rule, &page->rules, &page->nrules);
    ledger_fill_values(rq, &OVER_VALUES, str_of(campaign_over_name(kept->over)), &page->overs,
                       &page->novers);
}

static void fill_kinds(const struct request *rq, struct campaign_page *page)
{
    page->kinds = arena_array(rq->arena, LEDGER_KINDS, struct ledger_choice);
    for (int i = 0; i < LEDGER_KINDS; i++)
        if (i != LEDGER_CAMPAIGN && i != LEDGER_INDICATOR)
            page->kinds[page->nkinds++] = (struct ledger_choice){
                str_of(ledger_kind_name((enum ledger_kind)i)),
                str_of(ledger_kind_words((enum ledger_kind)i, rq->lang)), false};
}

static void fill_clock(const struct request *rq, const struct campaign_sight *s,
                       struct campaign_page *page)
{
    page->length_words = str_of(campaign_length_words(s->clock.length, rq->lang));
    page->length = s->clock.length;
    page->gone = s->clock.gone;
    page->left = s->clock.left > 0 ? s->clock.left : 0;
    page->past = s->clock.left < 0 ? -s->clock.left : 0;
    page->working_left = s->clock.working_left;
    page->until_begin = s->clock.until_begin;
}

static enum status show_it(struct request *rq, struct str refused, struct error *err)
{
    struct campaign_sight s;
    struct campaign_page page = {.refused = refused, .chinese = rq->lang == LANG_ZH};
    enum status status = ledger_open_campaign(rq, rq->params[0], LEDGER_SEE, &s, err);
    if (!status)
        status = ledger_fill_head(rq, &s.seen, "/campaign", &page.head, err);
    if (status)
        return status;
    page.preparing = s.seen.line.state == LINE_PROPOSED;
    page.running = s.seen.line.state == LINE_ACTIVE;
    page.dated = s.dated;
    page.begun = campaign_last_known(&s) > 0;
    page.may_draft = page.begun && request_may(rq, ROLE_EDITOR);
    if (rq->post) {
        page.typed_numbers = request_input(rq, "numbers");
        page.typed_goal = request_input(rq, "goal");
        page.typed_why = request_input(rq, "why");
    }
    fill_clock(rq, &s, &page);
    fill_members(rq, &s, &page);
    fill_rules(rq, &s.kept, &page);
    fill_forms(rq, s.seen.line.state, &page);
    fill_kinds(rq, &page);
    status = ledger_list_unit_choices(rq, 0, &page.units, &page.nunits, err);
    if (!status && page.begun) {
        fill_course(rq, &s, &page);
        status = fill_board(rq, &s, &page, err);
    }
    if (!status && page.begun)
        status = fill_places(rq, &s, &page, err);
    return status
               ? status
               : answer_titled_page(rq, "ledger-campaign", s.seen.line.title, CAMPAIGN_PAGE, &page);
}

static enum status show_campaign(struct request *rq, struct error *err)
{
    return show_it(rq, STR(""), err);
}

static const struct input DAY_INPUTS[] = {
    {.name = "day", .kind = INPUT_DAY, .en = "Day", .zh = "日期"},
    {0},
};
const struct route route_ledger_campaign = {
    .method = "GET",
    .path = "/ledger/lines/{line}/campaign",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A campaign: days left, what is reached beside the ideal, what moved on a day, ranking.",
    .zh = "攻坚行动：倒计时、进度曲线、每日战报与排名。",
    .inputs = DAY_INPUTS,
    .output = CAMPAIGN_PAGE,
    .page = "ledger-campaign",
    .run = show_campaign,
};

/* --- acts ----------------------------------------------------------------------------------------- */

struct acting {
    struct arena *arena;
    int64_t campaign;
    struct campaign_deed deed;
    struct campaign_outcome outcome;
};

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct acting *a = context;
    (void)scratch;
    return ledger_campaign(a->arena, store, a->campaign, &a->deed, &a->outcome, err);
}

static void add_line(struct acting *a, int64_t **lines, int64_t line)
{
    if (a->deed.nlines < CAMPAIGN_LINES_MAX)
        (*lines)[a->deed.nlines++] = line;
}

static bool is_of_number(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "P3 P7, G2", "P3、P7": anything but letters and digits parts numbers. */
static enum status read_numbers(struct request *rq, struct acting *a, int64_t **lines,
                                struct error *err)
{
    struct str rest = request_input(rq, "numbers");
    enum status status = STATUS_OK;
    while (!status && rest.len) {
        struct line line;
        size_t end = 0;
        while (end < rest.len && is_of_number(rest.at[end]))
            end++;
        struct str number = str_slice(rest, 0, end);
        rest = str_slice(rest, end < rest.len ? end + 1 : end, rest.len);
        if (!number.len)
            continue;
        status = ledger_find_line_numbered(rq->arena, rq->store, number, &line, err);
        if (status == STATUS_MISSING)
            return request_blame(rq, "numbers",
                                 error_set(err, STATUS_INPUT, "There is no line %.*s.",
                                           "没有编号为 %.*s 的条目。", STR_ARG(number)));
        add_line(a, lines, line.id);
    }
    return status;
}

/* Or all that are under way, not in it yet, and fit what is chosen. */
static enum status read_filter(struct request *rq, struct acting *a, int64_t **lines,
                               struct error *err)
{
    int64_t unit = 0;
    int64_t under = 0;
    enum ledger_kind kind;
    struct str chosen = request_input(rq, "kind");
    enum status status = ledger_read_unit(rq, "unit", &unit, err);
    if (!status)
        status = ledger_read_line(rq, "under", &under, err);
    if (status || (!chosen.len && !unit && !under))
        return status;
    if (chosen.len && !ledger_kind_named(chosen, &kind))
        return request_blame(rq, "kind",
                             error_set(err, STATUS_INPUT, "Choose a kind.", "请选择类别。"));
    struct query *q = query_start(
        rq->store, "WITH RECURSIVE below (id) AS (SELECT id FROM line WHERE parent = ?3"
                   " UNION SELECT c.id FROM line c JOIN below b ON c.parent = b.id)"
                   " SELECT l.id FROM line l WHERE l.state = 'active' AND l.progress < ?4"
                   " AND l.kind NOT IN ('campaign', 'indicator')"
                   " AND (?1 = '' OR l.kind = ?1) AND (?2 = 0 OR l.unit = ?2)"
                   " AND (?3 = 0 OR l.id IN (SELECT id FROM below)) AND NOT EXISTS (SELECT 1"
                   " FROM campaign_line c WHERE c.campaign = ?5 AND c.line = l.id"
                   " AND c.left_day IS NULL) ORDER BY l.id");
    query_bind_str(q, 1, chosen);
    query_bind_int(q, 2, unit);
    query_bind_int(q, 3, under);
    query_bind_int(q, 4, a->deed.aim);
    query_bind_int(q, 5, a->campaign);
    while (query_row(q))
        add_line(a, lines, query_int(q, 0));
    return query_end(q, err);
}

static enum status read_lines(struct request *rq, struct acting *a, struct error *err)
{
    struct line line;
    int64_t *lines = arena_array(rq->arena, CAMPAIGN_LINES_MAX, int64_t);
    struct str key = request_input(rq, "line");
    enum status status = key.len ? ledger_find_line(rq->arena, rq->store, key, &line, err)
                                 : read_numbers(rq, a, &lines, err);
    if (!status && key.len)
        add_line(a, &lines, line.id);
    if (!status && a->deed.act == CAMPAIGN_ADD)
        status = read_filter(rq, a, &lines, err);
    a->deed.lines = lines;
    if (!status && a->deed.act == CAMPAIGN_ADD && !a->deed.nlines)
        return request_blame(
            rq, "numbers",
            error_set(err, STATUS_INPUT,
                      "No line under way fits. Give numbers, or choose a kind, a unit or the line "
                      "that they are under.",
                      "没有符合条件的在办条目。请填写编号，或选择类别、责任单位、上级条目。"));
    return status;
}

static enum status read_deed(struct request *rq, struct acting *a, struct error *err)
{
    struct campaign_deed *d = &a->deed;
    d->act = campaign_act_named(request_input(rq, "act"));
    if (d->act == CAMPAIGN_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    d->aim = request_input(rq, "aim").len ? request_number(rq, "aim") : 100;
    d->points = request_input(rq, "points").len ? request_number(rq, "points") : 1;
    d->words = request_input(rq, "goal");
    d->rule = campaign_rule_named(request_input(rq, "rule"));
    d->over = campaign_over_named(request_input(rq, "over"));
    d->due_day = ledger_read_day(rq, "due");
    d->today = calendar_day_of(rq->now_ms);
    d->said = (struct ledger_deed){.now_ms = rq->now_ms, .why = request_input(rq, "why")};
    bool of_lines = d->act == CAMPAIGN_ADD || d->act == CAMPAIGN_AIM || d->act == CAMPAIGN_TAKE_OUT;
    enum status status = ledger_refuse_marks(rq, d->said.why, err);
    if (!status)
        status = ledger_refuse_marks(rq, d->words, err);
    return status || !of_lines ? status : read_lines(rq, a, err);
}

/* Which lines could not be added, and why. */
static struct str refusals_words(const struct request *rq, const struct campaign_outcome *o)
{
    struct buf out = {.arena = rq->arena};
    for (size_t i = 0; i < o->nrefusals; i++)
        buf_format(&out, "%s%.*s: %s", i ? " " : "", STR_ARG(o->refusals[i].number),
                   lang_pick(rq->lang, o->refusals[i].why.en, o->refusals[i].why.zh));
    return buf_str(&out);
}

static enum status act(struct request *rq, struct error *err)
{
    struct campaign_sight s;
    struct acting a = {.arena = rq->arena};
    enum status status = ledger_open_campaign(rq, rq->params[0], LEDGER_CHANGE, &s, err);
    a.campaign = s.seen.line.id;
    if (!status)
        status = read_deed(rq, &a, err);
    if (!status)
        status = ledger_write(rq, a.campaign, LEDGER_CHANGE, act_step, &a, err);
    if (status)
        return status;
    if (a.outcome.nrefusals) /* told on the page that answers, as nothing keeps it */
        return show_it(rq, refusals_words(rq, &a.outcome), err);
    return ledger_answer_recorded(rq, "/campaign");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "line", .kind = INPUT_TEXT, .most = 40, .en = "Line", .zh = "条目"},
    {.name = "numbers", .kind = INPUT_TEXT, .most = 2000, .en = "Numbers", .zh = "条目编号"},
    {.name = "kind", .kind = INPUT_TEXT, .most = 40, .en = "Kind", .zh = "类别"},
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "under", .kind = INPUT_TEXT, .most = 20, .en = "Under the line", .zh = "上级条目"},
    LEDGER_AIM_INPUTS,
    {.name = "rule", .kind = INPUT_TEXT, .most = 20, .en = "Rule", .zh = "排名规则"},
    {.name = "over", .kind = INPUT_TEXT, .most = 20, .en = "What is ranked", .zh = "排名对象"},
    {.name = "due", .kind = INPUT_DAY, .en = "Last day", .zh = "截止日期"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "说明"},
    {0},
};
const struct route route_ledger_campaign_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/campaign",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en =
        "Act in a campaign: add lines by number or all that fit, set aims, take out, start, rank, "
        "put off, end, call off.",
    .zh = "办理攻坚行动：按编号或条件增加条目、调整目标、移出、启动、排名、延期、收官、中止。",
    .inputs = ACT_INPUTS,
    .output = CAMPAIGN_PAGE,
    .page = "ledger-campaign",
    .run = act,
    .again = show_campaign,
};
