/* Campaigns: the list, making one, putting lines that are chosen in the ledger's list into one, and the closing report. */
#include "base/calendar.h"
#include "ledger/batch.h"
#include "ledger/campaign_report.h"
#include "library/draft.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_campaign.h"

/* --- the list ------------------------------------------------------------------------------------- */

/* What is reached of all that is to be, in percent, as campaign.h counts it; of what is under way. */
#define REACHED_SQL                                                                              \
    "CASE l.state WHEN 'active' THEN (SELECT sum(c.points * CASE WHEN p.progress >= c.aim"       \
    " OR p.state = 'done' THEN 1000 WHEN p.progress <= c.progress THEN 0"                        \
    " ELSE 1000 * (p.progress - c.progress) / (c.aim - c.progress) END) / sum(c.points) / 10"    \
    " FROM campaign_line c JOIN line p ON p.id = c.line WHERE c.campaign = l.id AND c.left_day " \
    "IS NULL) END"
#define LINES_SQL \
    "(SELECT count(*) FROM campaign_line c WHERE c.campaign = l.id AND c.left_day IS NULL)"

static const char *state_word(struct str value, enum lang lang)
{
    static const struct {
        const char *name, *en, *zh;
    } STATES[] = {
        {"proposed", "being put together", "筹备中"},
        {"active", "under way", "推进中"},
        {"done", "ended", "已收官"},
        {"closed", "called off", "已中止"},
    };
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        if (str_equal(value, str_of(STATES[i].name)))
            return lang_pick(lang, STATES[i].en, STATES[i].zh);
    return "";
}

static const struct grid CAMPAIGNS = {
    .path = "/ledger/campaigns",
    .en = "Campaigns",
    .zh = "攻坚行动",
    .from = "line l LEFT JOIN unit u ON u.id = l.unit LEFT JOIN member m ON m.id = l.lead",
    .where = "l.kind = 'campaign'",
    .key = "l.key",
    .link = "'/ledger/lines/' || l.key || '/campaign'",
    .order = "due",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Title", "名称", NULL},
            {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
            {"state", GRID_TEXT, "l.state", NULL, "State", "状态", state_word},
            {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
            {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
            {"begins", GRID_DAY, "l.begins_day", NULL, "First day", "开始日期", NULL},
            {"due", GRID_DAY, "l.due_day", NULL, "Last day", "截止日期", NULL},
            {"left", GRID_NUMBER, "CASE l.state WHEN 'active' THEN l.due_day - ?2 END", NULL,
             "Days left", "剩余天数", NULL},
            {"lines", GRID_NUMBER, LINES_SQL, NULL, "Lines", "条目数", NULL},
            {"reached", GRID_NUMBER, REACHED_SQL, NULL, "Reached, %", "完成率（%）", NULL},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
             .en = "Title or number", .zh = "名称或编号"},
            {"state", "l.state = {}", "State", "状态",
             .options = (const struct grid_option[]){{"proposed", "being put together", "筹备中"},
                                                     {"active", "under way", "推进中"},
                                                     {"done", "ended", "已收官"},
                                                     {"closed", "called off", "已中止"},
                                                     {0}}},
            {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
             .choices = grid_unit_choices},
            {0},
        },
};

struct campaigns_page {
    struct grid_sight grid;
    struct ledger_choice *units, *people;
    size_t nunits, npeople;
    struct str title, begins, days;
    bool may_make;
};
static const struct field CAMPAIGNS_PAGE[] = {
    GRID_FIELD(struct campaigns_page, grid),
    FIELD_OF_LIST(struct campaigns_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct campaigns_page, people, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct campaigns_page, title),
    FIELD_HIDDEN(TEXT, struct campaigns_page, begins),
    FIELD_HIDDEN(TEXT, struct campaigns_page, days),
    FIELD(FLAG, struct campaigns_page, may_make),
    {0},
};

static enum status show_campaigns(struct request *rq, struct error *err)
{
    struct campaigns_page page = {
        .may_make = ledger_may(ledger_viewer(rq).is, LEDGER_MAKE),
        .title = rq->post ? request_input(rq, "title") : STR(""),
        .begins = rq->post ? request_input(rq, "begins")
                           : ledger_day(rq, calendar_day_of(rq->now_ms) + 1),
        .days = rq->post ? request_input(rq, "days") : STR(""),
    };
    bool answered = false;
    enum status status = grid_read(rq, &CAMPAIGNS, &page.grid, &answered, err);
    if (status || answered)
        return status;
    if (page.may_make)
        status = ledger_list_unit_choices(rq, 0, &page.units, &page.nunits, err);
    if (!status && page.may_make)
        status = ledger_list_people(rq, 0, &page.people, &page.npeople, err);
    return status ? status
                  : answer_page(rq, "ledger-campaigns", "Campaigns", "攻坚行动", CAMPAIGNS_PAGE,
                                &page);
}

const struct route route_ledger_campaigns = {
    .method = "GET",
    .path = "/ledger/campaigns",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Campaigns of 60 days, 100 days or another length, and how far each has come.",
    .zh = "双月攻坚、百日攻坚及其他攻坚行动与完成情况。",
    .grid = &CAMPAIGNS,
    .output = CAMPAIGNS_PAGE,
    .page = "ledger-campaigns",
    .run = show_campaigns,
};

/* --- a new one ------------------------------------------------------------------------------------ */

struct making {
    struct line line;
    struct ledger_deed deed;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct making *m = context;
    struct line made = m->line;
    enum status status = ledger_make_line(scratch, store, &made, &m->deed, err);
    m->line.id = made.id;
    return status;
}

static enum status make_campaign(struct request *rq, struct error *err)
{
    struct making m = {
        .line = {.kind = LEDGER_CAMPAIGN,
                 .title = request_input(rq, "title"),
                 .state = LINE_PROPOSED,
                 .begins_day = ledger_read_day(rq, "begins"),
                 .weight = 1},
        .deed = {.now_ms = rq->now_ms},
    };
    int64_t days =
        request_number(rq, "days") ? request_number(rq, "days") : request_number(rq, "length");
    enum status status = ledger_read_unit(rq, "unit", &m.line.unit, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &m.line.lead, err);
    if (!status)
        status = ledger_refuse_marks(rq, m.line.title, err);
    if (!status && !days)
        return request_blame(
            rq, "length",
            error_set(err, STATUS_INPUT, "Choose how many days it lasts.", "请选择天数。"));
    m.line.due_day = m.line.begins_day + days - 1;
    if (!status)
        status = ledger_write(rq, 0, LEDGER_MAKE, make_step, &m, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, m.line.id, &m.line, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, m.line.key, "/campaign"),
                                    "The campaign is made. Add its lines, then start it.",
                                    "已建立。请加入条目后启动。");
}

static const struct input MAKE_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Title",
     .zh = "名称"},
    {.name = "length",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = CAMPAIGN_DAYS_MAX,
     .en = "Length",
     .zh = "类型"},
    {.name = "days",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = CAMPAIGN_DAYS_MAX,
     .en = "Days",
     .zh = "天数"},
    {.name = "begins", .kind = INPUT_DAY, .needed = true, .en = "First day", .zh = "开始日期"},
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {0},
};
const struct route route_ledger_campaign_make = {
    .method = "POST",
    .path = "/ledger/campaigns",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Make a campaign: its first day, and how many days it lasts.",
    .zh = "建立攻坚行动：开始日期与天数。",
    .inputs = MAKE_INPUTS,
    .run = make_campaign,
    .again = show_campaigns,
};

/* --- lines that are chosen ------------------------------------------------------------------------ */

struct chosen_row {
    struct str key, number, title, refused;
};
static const struct field CHOSEN_ROW[] = {
    FIELD(TEXT, struct chosen_row, key),
    FIELD(TEXT, struct chosen_row, number),
    FIELD(TEXT, struct chosen_row, title),
    FIELD(TEXT, struct chosen_row, refused),
    {0},
};
struct choosing_page {
    struct chosen_row *lines;
    struct ledger_choice *campaigns;
    size_t nlines, ncampaigns;
    struct str goal, added_to, added_path;
    int64_t added;
};
static const struct field CHOOSING_PAGE[] = {
    FIELD_OF_LIST(struct choosing_page, lines, CHOSEN_ROW),
    FIELD_OF_LIST(struct choosing_page, campaigns, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct choosing_page, goal),
    FIELD(TEXT, struct choosing_page, added_to),
    FIELD(TEXT, struct choosing_page, added_path),
    FIELD(NUMBER, struct choosing_page, added),
    {0},
};

struct choosing {
    struct arena *arena;
    int64_t campaign;
    int64_t *ids;
    struct campaign_deed deed;
    struct campaign_outcome outcome;
};

static enum status read_chosen(struct request *rq, struct choosing *c, struct choosing_page *page,
                               struct error *err)
{
    struct str *keys = arena_array(rq->arena, BATCH_LINES_MAX, struct str);
    size_t count = request_inputs(rq, "line", keys, BATCH_LINES_MAX);
    enum status status = STATUS_OK;
    page->lines = arena_array(rq->arena, count + 1, struct chosen_row);
    c->ids = arena_array(rq->arena, count + 1, int64_t);
    for (size_t i = 0; !status && i < count; i++) {
        struct line line = {0};
        status = ledger_find_line(rq->arena, rq->store, keys[i], &line, err);
        c->ids[page->nlines] = line.id;
        page->lines[page->nlines++] = (struct chosen_row){line.key, line.number, line.title, {0}};
    }
    return status;
}

/* Campaigns that are not over and that the viewer may change. */
static enum status list_open_campaigns(struct request *rq, struct choosing_page *page,
                                       struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    struct line *lines = NULL;
    size_t count = 0;
    struct query *q =
        query_start(rq->store, "SELECT " LINE_COLUMNS("l") " FROM line l WHERE l.kind = 'campaign'"
                                                           " AND l.state IN ('proposed', 'active')"
                                                           " ORDER BY l.due_day, l.id");
    while (query_row(q)) {
        lines = arena_one_more(rq->arena, lines, count, sizeof *lines);
        ledger_take_line(rq->arena, q, &lines[count++]);
    }
    enum status status = query_end(q, err);
    page->campaigns = arena_array(rq->arena, count + 1, struct ledger_choice);
    for (size_t i = 0; !status && i < count; i++) {
        unsigned is = 0;
        status = ledger_stand_to(rq->store, &person, lines[i].id, &is, err);
        if (!status && ledger_may(is, LEDGER_CHANGE))
            page->campaigns[page->ncampaigns++] =
                (struct ledger_choice){lines[i].key,
                                       str_format(rq->arena, "%.*s %.*s", STR_ARG(lines[i].number),
                                                  STR_ARG(lines[i].title)),
                                       str_equal(lines[i].key, request_input(rq, "campaign"))};
    }
    return status;
}

static enum status choose_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct choosing *c = context;
    (void)scratch;
    return ledger_campaign(c->arena, store, c->campaign, &c->deed, &c->outcome, err);
}

static enum status answer_choosing(struct request *rq, struct choosing_page *page,
                                   struct error *err)
{
    enum status status = list_open_campaigns(rq, page, err);
    page->goal = request_input(rq, "goal");
    return status ? status
                  : answer_page(rq, "ledger-campaign-lines", "Put lines into a campaign",
                                "加入攻坚行动", CHOOSING_PAGE, page);
}

/* Which lines were refused is told beside each. */
static void tell_refused(const struct request *rq, const struct campaign_outcome *outcome,
                         struct choosing_page *page)
{
    for (size_t i = 0; i < page->nlines; i++)
        for (size_t k = 0; k < outcome->nrefusals; k++)
            if (str_equal(page->lines[i].number, outcome->refusals[k].number))
                page->lines[i].refused =
                    str_copy(rq->arena, str_of(lang_pick(rq->lang, outcome->refusals[k].why.en,
                                                         outcome->refusals[k].why.zh)));
}

static enum status add_chosen(struct request *rq, struct choosing *c, struct choosing_page *page,
                              struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open(rq, request_input(rq, "campaign"), LEDGER_CHANGE, &sight, err);
    c->campaign = sight.line.id;
    c->deed = (struct campaign_deed){
        .act = CAMPAIGN_ADD,
        .lines = c->ids,
        .nlines = page->nlines,
        .aim = request_input(rq, "aim").len ? request_number(rq, "aim") : 100,
        .points = request_input(rq, "points").len ? request_number(rq, "points") : 1,
        .words = request_input(rq, "goal"),
        .today = calendar_day_of(rq->now_ms),
        .said = {.now_ms = rq->now_ms},
    };
    if (!status)
        status = ledger_refuse_marks(rq, c->deed.words, err);
    if (!status)
        status = ledger_write(rq, c->campaign, LEDGER_CHANGE, choose_step, c, err);
    if (status)
        return status;
    struct str path = ledger_path(rq, sight.line.key, "/campaign");
    if (!c->outcome.nrefusals)
        return answer_redirect(rq, path, "The lines are in the campaign.", "所选条目已加入。");
    page->added = (int64_t)c->outcome.added;
    page->added_to = sight.line.title;
    page->added_path = path;
    tell_refused(rq, &c->outcome, page);
    return answer_choosing(rq, page, err);
}

static enum status choose_lines(struct request *rq, struct error *err)
{
    struct choosing c = {.arena = rq->arena};
    struct choosing_page page = {0};
    enum status status = read_chosen(rq, &c, &page, err);
    if (status)
        return status;
    if (!page.nlines)
        return error_set(err, STATUS_INPUT, "Choose lines first: tick them in the list.",
                         "请先在列表中勾选条目。");
    return request_input(rq, "campaign").len ? add_chosen(rq, &c, &page, err)
                                             : answer_choosing(rq, &page, err);
}

static enum status choose_again(struct request *rq, struct error *err)
{
    struct choosing c = {.arena = rq->arena};
    struct choosing_page page = {0};
    enum status status = read_chosen(rq, &c, &page, err);
    return status ? status : answer_choosing(rq, &page, err);
}

static const struct input CHOOSE_INPUTS[] = {
    {.name = "line", .kind = INPUT_LIST, .most = 40, .en = "Lines", .zh = "条目"},
    {.name = "campaign", .kind = INPUT_TEXT, .most = 40, .en = "Campaign", .zh = "攻坚行动"},
    LEDGER_AIM_INPUTS,
    {0},
};
const struct route route_ledger_campaign_lines = {
    .method = "POST",
    .path = "/ledger/campaigns/lines",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Put many lines into a campaign: without `campaign` the form for it.",
    .zh = "将所选条目加入攻坚行动；不带 campaign 时给出表单。",
    .inputs = CHOOSE_INPUTS,
    .output = CHOOSING_PAGE,
    .page = "ledger-campaign-lines",
    .run = choose_lines,
    .again = choose_again,
};

/* --- the report ----------------------------------------------------------------------------------- */

struct drafting {
    struct arena *arena;
    struct draft draft;
};

static enum status draft_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct drafting *d = context;
    (void)scratch;
    return library_make_draft(d->arena, store, &d->draft, err);
}

static enum status name_places(struct request *rq, const struct campaign_sight *s,
                               struct campaign_report *report, struct error *err)
{
    struct campaign_place *places;
    size_t count = ledger_rank_campaign(rq->arena, &s->kept, campaign_last_known(s), &places);
    struct campaign_named *named = arena_array(rq->arena, count + 1, struct campaign_named);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct str path;
        named[i].place = &places[i];
        status = campaign_name_place(rq, s, &places[i], &named[i].name, &path, err);
    }
    report->places = named;
    report->nplaces = count;
    return status;
}

static struct str terms_of(struct arena *arena, enum lang lang)
{
    struct draft_terms terms;
    library_read_terms(arena, STR("{}"), &terms);
    terms.offer.kind = str_of(lang_pick(lang, "Report on a campaign", "攻坚总结"));
    terms.offer.for_groups = true;
    return library_write_terms(arena, &terms);
}

static enum status draft_report(struct request *rq, struct error *err)
{
    struct campaign_sight s;
    enum lang lang = rq->lang;
    struct drafting d = {.arena = rq->arena};
    enum status status = ledger_open_campaign(rq, rq->params[0], LEDGER_SEE, &s, err);
    if (!status && !campaign_last_known(&s))
        return error_set(err, STATUS_CONFLICT,
                         "The campaign has not begun: there is nothing to sum up.",
                         "攻坚行动尚未开始，无可总结。");
    struct campaign_report report = {.line = &s.seen.line, .kept = &s.kept};
    if (!status)
        status = name_places(rq, &s, &report, err);
    if (status)
        return status;
    (void)lang_parse(request_input(rq, "lang"), &lang);
    report.now = campaign_standing(&s);
    d.draft = (struct draft){
        .author = rq->viewer.member,
        .title = campaign_report_title(rq->arena, &report, lang),
        .text = campaign_report_write(rq->arena, &report, lang),
        .form = FORMAT_MARKDOWN,
        .terms = terms_of(rq->arena, lang),
    };
    status = ledger_write(rq, 0, LEDGER_ARRANGE, draft_step, &d, err);
    return status ? status
                  : answer_redirect(
                        rq, str_format(rq->arena, "/write/%.*s", STR_ARG(d.draft.key)),
                        "The report is drafted. Look through it, then publish it like any paper.",
                        "报告已起草，请审阅后发布。");
}

static const struct input REPORT_INPUTS[] = {
    {.name = "lang", .kind = INPUT_TEXT, .most = 4, .en = "Language", .zh = "语言"},
    {0},
};
const struct route route_ledger_campaign_report = {
    .method = "POST",
    .path = "/ledger/lines/{line}/campaign/report",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Draft the report that sums a campaign up.",
    .zh = "起草攻坚行动总结报告。",
    .inputs = REPORT_INPUTS,
    .run = draft_report,
};
