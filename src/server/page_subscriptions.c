/* Subscriptions: a member's own; and for stewards everybody's, given, imported, paused, resumed, ended. */
#include "server/internal.h"

#include <string.h>

#include "base/calendar.h"
#include "format/format.h"
#include "format/sheet.h"
#include "library/member.h"
#include "library/plan.h"
#include "library/subscription.h"
#include "server/grid_file.h"
#include "server/plan_words.h"

#define STEWARDS    (ROLE_STEWARD | ROLE_OWNER)
#define ROWS_A_PAGE 50
#define FILE_MOST   1000000
#define SOON_MS     (REMINDER_FIRST_DAYS * STORE_DAY_MS)

/* --- a member's own ----------------------------------------------------------------------------- */

struct opened {
    struct str key, name;
};
static const struct field OPENED[] = {
    FIELD(TEXT, struct opened, key), FIELD(TEXT, struct opened, name), {0}};

struct own_line {
    struct str plan;
    bool running, paused, coming, ended, kept;
    int64_t starts, until, lookback, paused_since;
    struct opened *groups;
    size_t ngroups;
};
static const struct field OWN_LINE[] = {
    FIELD(TEXT, struct own_line, plan),
    FIELD(FLAG, struct own_line, running),
    FIELD(FLAG, struct own_line, paused),
    FIELD(FLAG, struct own_line, coming),
    FIELD(FLAG, struct own_line, ended),
    FIELD(FLAG, struct own_line, kept),
    FIELD(DAY, struct own_line, starts),
    FIELD(DAY, struct own_line, until),
    FIELD(DAY, struct own_line, lookback),
    FIELD(DAY, struct own_line, paused_since),
    FIELD_OF_LIST(struct own_line, groups, OPENED),
    {0},
};
struct own_page {
    struct own_line *subscriptions;
    size_t nsubscriptions;
    bool any_runs, never, all_paused, may_manage;
};
static const struct field OWN_PAGE[] = {
    FIELD_OF_LIST(struct own_page, subscriptions, OWN_LINE),
    FIELD(FLAG, struct own_page, any_runs),
    FIELD_HIDDEN(FLAG, struct own_page, never),
    FIELD_HIDDEN(FLAG, struct own_page, all_paused),
    FIELD_HIDDEN(FLAG, struct own_page, may_manage),
    {0},
};

static enum status own_line(struct request *rq, const struct subscription *s, struct own_line *line,
                            struct error *err)
{
    struct plan_group *groups;
    size_t ngroups;
    enum status status =
        library_list_plan_groups(rq->arena, rq->store, s->plan, s->version, &groups, &ngroups, err);
    if (status)
        return status;
    *line = (struct own_line){
        .plan = s->plan_name,
        .running = s->state == SUBSCRIPTION_RUNNING,
        .paused = s->state == SUBSCRIPTION_PAUSED,
        .coming = s->state == SUBSCRIPTION_COMING,
        .ended = s->state == SUBSCRIPTION_ENDED,
        .kept = s->state == SUBSCRIPTION_KEPT,
        .starts = s->starts_ms,
        .until = s->ends_ms - 1,
        .lookback = s->lookback_ms,
        .paused_since = s->paused_ms,
        .groups = arena_array(rq->arena, ngroups, struct opened),
        .ngroups = ngroups,
    };
    for (size_t i = 0; i < ngroups; i++)
        line->groups[i] = (struct opened){groups[i].key, groups[i].name};
    return STATUS_OK;
}

static enum status show_own(struct request *rq, struct error *err)
{
    struct subscription *list;
    struct own_page page = {.may_manage = request_may(rq, STEWARDS)};
    enum status status = library_list_subscriptions(rq->arena, rq->store, rq->viewer.member,
                                                    rq->now_ms, &list, &page.nsubscriptions, err);
    if (status)
        return status;
    page.subscriptions = arena_array(rq->arena, page.nsubscriptions, struct own_line);
    for (size_t i = 0; !status && i < page.nsubscriptions; i++) {
        status = own_line(rq, &list[i], &page.subscriptions[i], err);
        page.any_runs |= page.subscriptions[i].running;
        page.all_paused |= page.subscriptions[i].paused;
    }
    page.never = page.nsubscriptions == 0;
    page.all_paused &= !page.any_runs;
    return status
               ? status
               : answer_page(rq, "subscriptions", "My subscriptions", "我的订阅", OWN_PAGE, &page);
}

const struct route route_subscriptions = {
    .method = "GET",
    .path = "/subscriptions",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "The reader's own subscriptions: what each opens, and until when.",
    .zh = "读者自己的订阅：各自开放的内容与期限。",
    .output = OWN_PAGE,
    .page = "subscriptions",
    .run = show_own,
};

/* --- everybody's -------------------------------------------------------------------------------- */

struct sub_line {
    struct str id, name, email, member_key, plan, source;
    bool running, paused, coming, ended, kept;
    int64_t starts, until;
};
static const struct field SUB_LINE[] = {
    FIELD(TEXT, struct sub_line, id),      FIELD(TEXT, struct sub_line, name),
    FIELD(TEXT, struct sub_line, email),   FIELD(TEXT, struct sub_line, member_key),
    FIELD(TEXT, struct sub_line, plan),    FIELD(TEXT, struct sub_line, source),
    FIELD(FLAG, struct sub_line, running), FIELD(FLAG, struct sub_line, paused),
    FIELD(FLAG, struct sub_line, coming),  FIELD(FLAG, struct sub_line, ended),
    FIELD(FLAG, struct sub_line, kept),    FIELD(DAY, struct sub_line, starts),
    FIELD(DAY, struct sub_line, until),    {0},
};
struct bad_row {
    struct str line, reason;
};
static const struct field BAD_ROW[] = {
    FIELD(TEXT, struct bad_row, line), FIELD(TEXT, struct bad_row, reason), {0}};

struct subs_page {
    struct str search, newer, older, csv, xlsx;
    struct sub_line *subscriptions;
    size_t nsubscriptions;
    struct str email, starts, ends;
    bool keeps, ending;
    struct plan_choice *plans;
    size_t nplans;
    struct bad_row *bad;
    size_t nbad;
    bool bad_any, has_plans;
};
#define HIDDEN_LIST(type, member, fields)                                                  \
    {                                                                                      \
        .kind = FIELD_LIST, .hidden = true, .name = #member, .at = offsetof(type, member), \
        .parts = (fields), .count_at = offsetof(type, n##member),                          \
        .size = sizeof(*((type *)NULL)->member)                                            \
    }
static const struct field SUBS_PAGE[] = {
    FIELD(TEXT, struct subs_page, search),
    FIELD(TEXT, struct subs_page, newer),
    FIELD(TEXT, struct subs_page, older),
    FIELD(TEXT, struct subs_page, csv),
    FIELD(TEXT, struct subs_page, xlsx),
    FIELD_OF_LIST(struct subs_page, subscriptions, SUB_LINE),
    FIELD_HIDDEN(TEXT, struct subs_page, email),
    FIELD_HIDDEN(TEXT, struct subs_page, starts),
    FIELD_HIDDEN(TEXT, struct subs_page, ends),
    FIELD_HIDDEN(FLAG, struct subs_page, keeps),
    FIELD(FLAG, struct subs_page, ending),
    HIDDEN_LIST(struct subs_page, plans, PLAN_CHOICE),
    HIDDEN_LIST(struct subs_page, bad, BAD_ROW),
    FIELD_HIDDEN(FLAG, struct subs_page, bad_any),
    FIELD_HIDDEN(FLAG, struct subs_page, has_plans),
    {0},
};

static const struct input SUBS_INPUTS[] = {
    {.name = "search", .kind = INPUT_TEXT, .most = 200, .en = "Search", .zh = "查找"},
    {.name = "ending", .kind = INPUT_FLAG, .en = "Ending soon", .zh = "即将到期"},
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {.name = "format", .kind = INPUT_TEXT, .most = 8, .en = "Format", .zh = "格式"},
    {0},
};

/* This list, another page of it (0: the first) or as a file (empty: as a page). */
static struct str list_link(const struct request *rq, const struct subs_page *page, int64_t number,
                            const char *format)
{
    struct buf out = {.arena = rq->arena};
    buf_add(&out, STR("/subscribers?"));
    if (number)
        buf_format(&out, "page=%lld&", (long long)number);
    if (*format)
        buf_format(&out, "format=%s&", format);
    buf_format(&out, "%ssearch=", page->ending ? "ending=1&" : "");
    answer_escape_query(&out, page->search);
    return buf_str(&out);
}

static enum status list_rows(struct request *rq, const struct subs_page *page, int64_t skip,
                             int64_t most, struct subscriber **list, size_t *count,
                             struct error *err)
{
    return page->ending
               ? library_list_ending(rq->arena, rq->store, page->search, rq->now_ms + SOON_MS,
                                     rq->now_ms, skip, most, list, count, err)
               : library_list_subscribers(rq->arena, rq->store, page->search, rq->now_ms, skip,
                                          most, list, count, err);
}

static enum status load_rows(struct request *rq, struct subs_page *page, struct error *err)
{
    struct subscriber *list;
    int64_t number = rq->post ? 1 : request_number(rq, "page");
    number = number ? number : 1;
    enum status status = list_rows(rq, page, (number - 1) * ROWS_A_PAGE, ROWS_A_PAGE + 1, &list,
                                   &page->nsubscriptions, err);
    if (status)
        return status;
    if (page->nsubscriptions || number > 1) {
        page->csv = list_link(rq, page, 0, "csv");
        page->xlsx = list_link(rq, page, 0, "xlsx");
    }
    if (number > 1)
        page->newer = list_link(rq, page, number - 1, "");
    if (page->nsubscriptions > ROWS_A_PAGE) {
        page->nsubscriptions = ROWS_A_PAGE;
        page->older = list_link(rq, page, number + 1, "");
    }
    page->subscriptions = arena_array(rq->arena, page->nsubscriptions, struct sub_line);
    for (size_t i = 0; i < page->nsubscriptions; i++) {
        const struct subscription *s = &list[i].subscription;
        page->subscriptions[i] = (struct sub_line){
            .id = str_format(rq->arena, "S%lld", (long long)s->id),
            .name = list[i].name,
            .email = list[i].email,
            .member_key = list[i].key,
            .plan = s->plan_name,
            .source = str_of(s->source),
            .running = s->state == SUBSCRIPTION_RUNNING,
            .paused = s->state == SUBSCRIPTION_PAUSED,
            .coming = s->state == SUBSCRIPTION_COMING,
            .ended = s->state == SUBSCRIPTION_ENDED,
            .kept = s->state == SUBSCRIPTION_KEPT,
            .starts = s->starts_ms,
            .until = s->ends_ms - 1,
        };
    }
    return STATUS_OK;
}

static enum status show_page(struct request *rq, struct subs_page *page, struct error *err)
{
    page->search = request_input(rq, "search");
    page->ending = request_number(rq, "ending") != 0;
    page->email = request_input(rq, "email");
    page->starts = request_input(rq, "starts");
    page->ends = request_input(rq, "ends");
    page->keeps = request_number(rq, "keeps") != 0;
    enum status status = load_rows(rq, page, err);
    if (!status)
        status = plan_choices(rq, request_input(rq, "plan"), &page->plans, &page->nplans, err);
    page->has_plans = page->nplans > 0;
    return status ? status
                  : answer_page(rq, "subscribers", "Subscribers", "订阅管理", SUBS_PAGE, page);
}

/* --- taken along -------------------------------------------------------------------------------- */

/* Headings and words that an import understands. */
static const struct {
    const char *en, *zh;
} FILE_HEADINGS[] = {
    {"Member", "成员"},       {"E-mail", "邮箱"}, {"Plan", "方案"},  {"From", "开始"},
    {"Last day", "最后一天"}, {"Source", "来源"}, {"State", "状态"},
};
#define FILE_COLUMNS (sizeof FILE_HEADINGS / sizeof *FILE_HEADINGS)

static struct str source_words(const struct request *rq, const char *source)
{
    static const struct {
        const char *source, *en, *zh;
    } WORDS[] = {
        {"steward", "Given by hand", "手工开通"},
        {"import", "Imported", "导入"},
        {"code", "Code", "兑换码"},
        {"reward", "Reward", "奖励"},
    };
    size_t i = 0;
    while (i + 1 < sizeof WORDS / sizeof *WORDS && strcmp(source, WORDS[i].source) != 0)
        i++;
    return request_words(rq, WORDS[i].en, WORDS[i].zh);
}

static void fill_file_row(const struct request *rq, const struct subscriber *of,
                          struct grid_row *row)
{
    const struct subscription *s = &of->subscription;
    const struct str texts[FILE_COLUMNS] = {
        of->name,
        of->email,
        s->plan_name,
        calendar_day_text(rq->arena, calendar_day_of(s->starts_ms)),
        calendar_day_text(rq->arena, calendar_day_of(s->ends_ms - 1)),
        source_words(rq, s->source),
        str_of(library_subscription_state_words(s->state, rq->lang)),
    };
    row->ncells = FILE_COLUMNS;
    row->cells = arena_array(rq->arena, FILE_COLUMNS, struct grid_cell);
    for (size_t i = 0; i < FILE_COLUMNS; i++)
        row->cells[i].text = texts[i];
}

struct taking {
    struct str format;
    size_t count;
};

static enum status note_taken(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct taking *t = context;
    return library_note_subscribers_taken(scratch, store, t->format, t->count, err);
}

/* All that the filters leave, not one page of it; on record before it goes out. */
static enum status answer_file(struct request *rq, struct str format, struct error *err)
{
    struct subscriber *list;
    struct str headings[FILE_COLUMNS];
    struct taking taking = {.format = format};
    const struct subs_page page = {.search = request_input(rq, "search"),
                                   .ending = request_number(rq, "ending") != 0};
    enum status status = list_rows(rq, &page, 0, FILE_MOST, &list, &taking.count, err);
    if (status)
        return status;
    struct grid_row *rows = arena_array(rq->arena, taking.count, struct grid_row);
    for (size_t i = 0; i < taking.count; i++)
        fill_file_row(rq, &list[i], &rows[i]);
    for (size_t i = 0; i < FILE_COLUMNS; i++)
        headings[i] = request_words(rq, FILE_HEADINGS[i].en, FILE_HEADINGS[i].zh);
    const struct grid_table table = {.name = request_words(rq, "Subscriptions", "订阅"),
                                     .headings = headings,
                                     .nheadings = FILE_COLUMNS,
                                     .rows = rows,
                                     .nrows = taking.count};
    status = server_write(rq->server, request_actor(rq), note_taken, &taking, err);
    return status ? status : grid_answer_table(rq, format, &table, err);
}

static enum status show_subscribers(struct request *rq, struct error *err)
{
    struct subs_page page = {0};
    struct str format = rq->post ? STR("") : request_input(rq, "format");
    return grid_is_file_format(format) ? answer_file(rq, format, err) : show_page(rq, &page, err);
}

const struct route route_subscribers = {
    .method = "GET",
    .path = "/subscribers",
    .roles = STEWARDS,
    .scope = "manage",
    .en =
        "Everybody's subscriptions, searched by name or e-mail; with format=csv or xlsx the whole list as a file.",
    .zh = "全部订阅，可按姓名或邮箱查找；format=csv 或 xlsx 时导出全部。",
    .inputs = SUBS_INPUTS,
    .output = SUBS_PAGE,
    .page = "subscribers",
    .run = show_subscribers,
};

/* --- given -------------------------------------------------------------------------------------- */

static const struct input GIVE_INPUTS[] = {
    {.name = "email",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "E-mail",
     .zh = "邮箱"},
    {.name = "plan", .kind = INPUT_CHOICE, .needed = true, .most = 40, .en = "Plan", .zh = "方案"},
    {.name = "starts", .kind = INPUT_DAY, .en = "First day", .zh = "开始日期"},
    {.name = "ends", .kind = INPUT_DAY, .en = "Last day", .zh = "结束日期"},
    {.name = "keeps", .kind = INPUT_FLAG, .en = "Keeps what was open", .zh = "到期后保留"},
    {0},
};

struct giving {
    struct subscription subscription;
    int64_t now_ms;
};

static enum status give_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct giving *g = context;
    (void)scratch;
    return library_grant(store, &g->subscription, g->now_ms, err);
}

static enum status give(struct request *rq, struct error *err)
{
    struct member member = {0};
    struct plan plan = {0};
    struct str email = request_input(rq, "email");
    enum status status = library_find_member(rq->arena, rq->store, email, &member, err);
    if (status == STATUS_MISSING)
        return request_blame(
            rq, "email",
            error_set(err, STATUS_INPUT, "%.*s is not on the list of members; invite them first.",
                      "%.*s 不在成员名单中，请先邀请其成为成员。", STR_ARG(email)));
    if (!status)
        status = library_find_plan(rq->arena, rq->store, request_input(rq, "plan"), rq->now_ms,
                                   &plan, err);
    if (status)
        return status;
    struct giving g = {
        {.member = member.id,
         .plan = plan.id,
         .starts_ms = request_number(rq, "starts"),
         .ends_ms = request_last_day(rq, "ends"),
         .keeps = request_number(rq, "keeps") != 0,
         .source = "steward"},
        rq->now_ms,
    };
    if (g.subscription.ends_ms && g.subscription.ends_ms <= rq->now_ms && !g.subscription.keeps)
        return request_blame(
            rq, "ends",
            error_set(err, STATUS_INPUT,
                      "That day has passed, so nothing would be open. Give today or "
                      "a later day, or let what was open stay so.",
                      "该日期已过，开通后无可阅读的文稿。请选择今天或以后的日期，"
                      "或勾选到期后保留。"));
    status = server_write(rq->server, request_actor(rq), give_step, &g, err);
    return status ? status
                  : answer_redirect(rq, STR("/subscribers"), "The subscription is given.",
                                    "订阅已开通。");
}

const struct route route_subscription_give = {
    .method = "POST",
    .path = "/subscribers",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Give a member a subscription.",
    .zh = "为成员开通订阅。",
    .inputs = GIVE_INPUTS,
    .run = give,
    .again = show_subscribers,
};

/* --- changed ------------------------------------------------------------------------------------ */

static const struct input CHANGE_INPUTS[] = {
    {.name = "subscription",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 24,
     .en = "Subscription",
     .zh = "订阅"},
    {.name = "do",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 10,
     .en = "What to do",
     .zh = "操作"},
    {.name = "search", .kind = INPUT_TEXT, .most = 200, .en = "Search", .zh = "查找"},
    {.name = "ending", .kind = INPUT_FLAG, .en = "Ending soon", .zh = "即将到期"},
    {0},
};

static enum status end_keeping(struct store *store, int64_t id, int64_t now_ms, struct error *err)
{
    return library_end_subscription(store, id, true, now_ms, err);
}

static enum status end_closing(struct store *store, int64_t id, int64_t now_ms, struct error *err)
{
    return library_end_subscription(store, id, false, now_ms, err);
}

static const struct action {
    const char *name;
    enum status (*run)(struct store *store, int64_t id, int64_t now_ms, struct error *err);
    const char *en, *zh;
} ACTIONS[] = {
    {"pause", library_pause_subscription,
     "The subscription is paused; when it is resumed, its end moves by the pause.",
     "订阅已暂停，恢复时到期日将相应顺延。"},
    {"resume", library_resume_subscription, "The subscription runs again.", "订阅已恢复。"},
    {"keep", end_keeping, "The subscription has ended; what was open stays open.",
     "订阅已结束，此前开放的文稿继续保留。"},
    {"end", end_closing, "The subscription has ended, and nothing of it stays open.",
     "订阅已结束，相应文稿不再开放。"},
};

struct changing {
    const struct action *action;
    int64_t id, now_ms;
};

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct changing *c = context;
    (void)scratch;
    return c->action->run(store, c->id, c->now_ms, err);
}

static enum status change(struct request *rq, struct error *err)
{
    struct subscription s = {0};
    struct changing c = {.now_ms = rq->now_ms};
    for (size_t i = 0; i < sizeof ACTIONS / sizeof *ACTIONS; i++)
        if (str_equal(request_input(rq, "do"), str_of(ACTIONS[i].name)))
            c.action = &ACTIONS[i];
    if (!c.action)
        return error_set(err, STATUS_INPUT, "Choose pause, resume, keep or end.",
                         "操作只能是 pause、resume、keep 或 end。");
    enum status status = library_find_subscription(
        rq->arena, rq->store, request_input(rq, "subscription"), rq->now_ms, &s, err);
    c.id = s.id;
    if (!status)
        status = server_write(rq->server, request_actor(rq), change_step, &c, err);
    const struct subs_page back = {.search = request_input(rq, "search"),
                                   .ending = request_number(rq, "ending") != 0};
    return status ? status
                  : answer_redirect(rq, list_link(rq, &back, 0, ""), c.action->en, c.action->zh);
}

const struct route route_subscription_change = {
    .method = "POST",
    .path = "/subscribers/change",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Pause, resume or end a subscription.",
    .zh = "暂停、恢复或结束订阅。",
    .inputs = CHANGE_INPUTS,
    .run = change,
    .again = show_subscribers,
};

/* --- imported ----------------------------------------------------------------------------------- */

static const struct input IMPORT_INPUTS[] = {
    {.name = "file", .kind = INPUT_FILE, .needed = true, .en = "File", .zh = "文件"},
    {.name = "skip", .kind = INPUT_FLAG, .en = "Leave bad lines out", .zh = "跳过有误的行"},
    {0},
};

struct importing {
    struct arena *arena; /* the request's, which waits meanwhile */
    struct str name, csv;
    struct digest digest;
    int64_t now_ms;
    struct import import;
};

/* On one line, so that what is counted as lines are the sheet's rows. */
static void write_cell(struct buf *out, struct str cell)
{
    buf_add_byte(out, '"');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '"')
            buf_add_byte(out, '"');
        buf_add_byte(out, cell.at[i] == '\n' || cell.at[i] == '\r' ? ' ' : cell.at[i]);
    }
    buf_add_byte(out, '"');
}

/* A sheet as the table that an import reads. */
static struct str sheet_as_csv(struct arena *arena, const struct sheet *sheet)
{
    struct buf out = {.arena = arena};
    size_t width = sheet->nrows ? sheet->rows[0].ncells : 0;
    unsigned line = 1;
    for (size_t i = 0; i < sheet->nrows; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        for (; line < row->number; line++)
            buf_add_byte(&out, '\n');
        for (size_t k = 0; k < row->ncells || k < width; k++) {
            buf_add(&out, k ? STR(",") : STR(""));
            write_cell(&out, k < row->ncells ? row->cells[k] : STR(""));
        }
    }
    buf_add_byte(&out, '\n');
    return buf_str(&out);
}

static enum status read_table(struct request *rq, const struct upload *file, struct str *csv,
                              struct error *err)
{
    const char *encoding;
    struct sheet sheet;
    if (!str_starts(file->bytes, STR("PK")))
        return format_decode(rq->arena, file->bytes, csv, &encoding, err);
    enum status status = sheet_read(rq->arena, file->file, file->bytes, &sheet, err);
    if (!status)
        *csv = sheet_as_csv(rq->arena, &sheet);
    return status;
}

static enum status import_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct importing *im = context;
    (void)scratch;
    return library_import_subscriptions(im->arena, store, im->name, &im->digest, im->csv,
                                        im->now_ms, &im->import, err);
}

/* The page again, with every bad line that was kept. */
static enum status show_bad(struct request *rq, const struct import *import, struct error *err)
{
    struct subs_page page = {.nbad = import->nbad, .bad_any = true};
    page.bad = arena_array(rq->arena, import->nbad, struct bad_row);
    for (size_t i = 0; i < import->nbad; i++)
        page.bad[i] =
            (struct bad_row){str_format(rq->arena, "%llu", (unsigned long long)import->bad[i].line),
                             request_words(rq, import->bad[i].reason.en, import->bad[i].reason.zh)};
    return show_page(rq, &page, err);
}

static enum status import_file(struct request *rq, struct error *err)
{
    const struct upload *file = request_upload(rq, "file");
    struct importing im = {.arena = rq->arena,
                           .name = file->file,
                           .digest = digest_of(file->bytes),
                           .now_ms = rq->now_ms,
                           .import = {.skip_bad = request_number(rq, "skip") != 0}};
    enum status status = read_table(rq, file, &im.csv, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), import_step, &im, err);
    if (status == STATUS_INPUT && im.import.nbad && !rq->wants_json) {
        rq->problem = request_words(rq, err->en, err->zh);
        status = show_bad(rq, &im.import, err);
        rq->answer.code = 422;
        return status;
    }
    if (status)
        return status;
    struct str en =
        str_format(rq->arena, "Imported: %llu. Left out: %llu.",
                   (unsigned long long)im.import.imported, (unsigned long long)im.import.bad_count);
    struct str zh =
        str_format(rq->arena, "已导入 %llu 条，跳过 %llu 行。",
                   (unsigned long long)im.import.imported, (unsigned long long)im.import.bad_count);
    return answer_redirect(rq, STR("/subscribers"), en.at, zh.at);
}

const struct route route_subscription_import = {
    .method = "POST",
    .path = "/subscribers/import",
    .roles = STEWARDS,
    .scope = "manage",
    .en =
        "Import subscriptions from a CSV or XLSX file with the columns e-mail, plan, starts, ends, state.",
    .zh = "从 CSV 或 XLSX 文件导入订阅，列为邮箱、方案、开始、结束、状态。",
    .inputs = IMPORT_INPUTS,
    .uploads = true,
    .run = import_file,
    .again = show_subscribers,
};
