/* The installation's settings, for the owner: what its copies say of it, its clock, who comes in, its terms. Mail has
 * a page of its own. What guards the machine itself (hooks.reach, first-run) is set on its command line alone. */
#include "server/internal.h"

#include <string.h>

#include "library/letter.h"
#include "library/setting.h"
#include "server/plan_words.h"
#include "server/setting_form.h"
#include "server/writing.h"

struct settings_page {
    struct str organisation, credit, notice, zone, reading_days, appeal_days;
    struct str registration, calendar, reward, language;
    bool english, chinese, open, can_mail, china, everyday, has_plans;
    struct plan_choice *plans;
    size_t nplans;
};
static const struct field SETTINGS_PAGE[] = {
    FIELD(TEXT, struct settings_page, organisation),
    FIELD(TEXT, struct settings_page, credit),
    FIELD(TEXT, struct settings_page, notice),
    FIELD(TEXT, struct settings_page, language),
    FIELD(TEXT, struct settings_page, zone),
    FIELD(TEXT, struct settings_page, registration),
    FIELD(TEXT, struct settings_page, reading_days),
    FIELD(TEXT, struct settings_page, appeal_days),
    FIELD(TEXT, struct settings_page, reward),
    FIELD(TEXT, struct settings_page, calendar),
    FIELD_HIDDEN(FLAG, struct settings_page, english),
    FIELD_HIDDEN(FLAG, struct settings_page, chinese),
    FIELD_HIDDEN(FLAG, struct settings_page, open),
    FIELD_HIDDEN(FLAG, struct settings_page, can_mail),
    FIELD_HIDDEN(FLAG, struct settings_page, china),
    FIELD_HIDDEN(FLAG, struct settings_page, everyday),
    FIELD_HIDDEN(FLAG, struct settings_page, has_plans),
    FIELD_OF_LIST(struct settings_page, plans, PLAN_CHOICE),
    {0},
};

/* Each input has the name of a setting. */
static const struct input SETTINGS_INPUTS[] = {
    {.name = "organisation",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 60,
     .en = "Name of the organisation",
     .zh = "单位名称"},
    {.name = "credit", .kind = INPUT_TEXT, .most = 300, .en = "Credit line", .zh = "署名行"},
    {.name = "notice",
     .kind = INPUT_LONG_TEXT,
     .most = 5000,
     .en = "Note at the head of copies",
     .zh = "副本卷首说明"},
    {.name = "language", .kind = INPUT_TEXT, .most = 2, .en = "Language", .zh = "语言"},
    {.name = "time-zone", .kind = INPUT_TEXT, .most = 64, .en = "Time zone", .zh = "时区"},
    {.name = "registration", .kind = INPUT_TEXT, .most = 4, .en = "Registration", .zh = "注册"},
    {.name = "reading.days",
     .kind = INPUT_TEXT,
     .most = 4,
     .en = "Days that it is known who opened and downloaded a paper",
     .zh = "阅读与下载记录保留天数"},
    {.name = "appeal.days",
     .kind = INPUT_TEXT,
     .most = 3,
     .en = "Days in which a member can appeal against a sanction",
     .zh = "成员可就处理提出申诉的天数"},
    {.name = "reward.plan",
     .kind = INPUT_TEXT,
     .most = 200,
     .en = "Plan for rewards",
     .zh = "奖励方案"},
    {.name = "ledger.calendar",
     .kind = INPUT_TEXT,
     .most = 20,
     .en = "Working days",
     .zh = "工作日历"},
    {0},
};

static enum status get(struct request *rq, const char *name, struct str *value, struct error *err)
{
    *value = request_input(rq, name);
    return rq->post ? STATUS_OK
                    : library_get_setting(rq->arena, rq->store, str_of(name), value, err);
}

/* Rewards name their plan by its name; one that is set stays to be seen when no open plan has it any more. */
static enum status list_plans(struct request *rq, struct settings_page *page, struct error *err)
{
    struct plan_choice *open;
    size_t count;
    bool found = page->reward.len == 0;
    enum status status = plan_choices(rq, STR(""), &open, &count, err);
    if (status)
        return status;
    page->plans = arena_array(rq->arena, count + 1, struct plan_choice);
    for (size_t i = 0; i < count; i++) {
        page->plans[i] = open[i];
        page->plans[i].chosen = !found && str_equal(open[i].name, page->reward);
        found |= page->plans[i].chosen;
    }
    page->nplans = count;
    if (!found)
        page->plans[page->nplans++] = (struct plan_choice){.name = page->reward, .chosen = true};
    page->has_plans = page->nplans > 0;
    return STATUS_OK;
}

static enum status show_settings(struct request *rq, struct error *err)
{
    struct settings_page page = {0};
    const struct {
        const char *name;
        struct str *value;
    } values[] = {
        {"organisation", &page.organisation},
        {"credit", &page.credit},
        {"notice", &page.notice},
        {"time-zone", &page.zone},
        {"registration", &page.registration},
        {"reading.days", &page.reading_days},
        {"appeal.days", &page.appeal_days},
        {"reward.plan", &page.reward},
        {"ledger.calendar", &page.calendar},
        {"language", &page.language},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof values / sizeof *values; i++)
        status = get(rq, values[i].name, values[i].value, err);
    if (!status)
        status = list_plans(rq, &page, err);
    if (!status)
        status = library_can_mail(rq->store, &page.can_mail, err);
    page.english = str_equal(page.language, STR("en"));
    page.chinese = str_equal(page.language, STR("zh"));
    page.open = str_equal(page.registration, STR("open"));
    page.china = str_equal(page.calendar, STR("china"));
    page.everyday = str_equal(page.calendar, STR("everyday"));
    return status ? status
                  : answer_page(rq, "settings", "Settings", "本站设置", SETTINGS_PAGE, &page);
}

struct keeping {
    const struct request *rq;
    bool zone_changed;
};

static enum status keep_settings(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    struct keeping *k = context;
    enum status status = STATUS_OK;
    for (const struct input *i = SETTINGS_INPUTS; !status && i->name; i++) {
        struct str value = str_trim(writing_lines(scratch, request_input(k->rq, i->name)));
        bool *changed = strcmp(i->name, "time-zone") == 0 ? &k->zone_changed : NULL;
        status = setting_form_keep(store, scratch, i, value, changed, err);
    }
    return status;
}

/* The zone is the process's own: it is set before there are threads. */
static enum status save_settings(struct request *rq, struct error *err)
{
    struct keeping k = {.rq = rq};
    enum status status = server_write(rq->server, request_actor(rq), keep_settings, &k, err);
    if (status)
        return status;
    return k.zone_changed
               ? answer_redirect(rq, STR("/settings"),
                                 "Saved. The new time zone counts from the program's next start.",
                                 "已保存。新的时区在程序下次启动后生效。")
               : answer_redirect(rq, STR("/settings"), "Saved.", "已保存。");
}

const struct route route_settings = {
    .method = "GET",
    .path = "/settings",
    .roles = ROLE_OWNER,
    .scope = "manage",
    .en = "The installation's name, credit line, time zone, registration and terms.",
    .zh = "单位名称、署名行、时区、注册方式与各项期限。",
    .output = SETTINGS_PAGE,
    .page = "settings",
    .run = show_settings,
};

const struct route route_settings_keep = {
    .method = "POST",
    .path = "/settings",
    .roles = ROLE_OWNER,
    .en = "Change the installation's settings.",
    .zh = "修改本站设置。",
    .inputs = SETTINGS_INPUTS,
    .run = save_settings,
    .again = show_settings,
};
