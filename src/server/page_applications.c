/* Applications to groups: asked and taken back by members, answered by who answers for the group. */
#include "server/internal.h"

#include "library/application.h"
#include "library/group.h"

#define APPLICATIONS_SHOWN 200
#define STEWARDS           (ROLE_STEWARD | ROLE_OWNER)
#define ANSWERERS          (ROLE_EDITOR | STEWARDS)

static enum status see(struct request *rq, struct group_sight *sight, struct error *err)
{
    return library_see_group(rq->arena, rq->store, rq->params[0], rq->viewer.member,
                             request_may(rq, STEWARDS), rq->now_ms, sight, err);
}

/* The same for who answers: an editor who is not in the group does not. */
static enum status see_to_answer(struct request *rq, struct group_sight *sight, struct error *err)
{
    enum status status = see(rq, sight, err);
    if (!status && !sight->answers)
        return error_set(err, STATUS_FORBIDDEN,
                         "Stewards answer here, and editors who are in the group.",
                         "加入申请由管理员或群组内的编辑处理。");
    return status;
}

static struct str group_path(const struct request *rq, const char *rest)
{
    return str_format(rq->arena, "/groups/%.*s%s", STR_ARG(rq->params[0]), rest);
}

struct asking {
    int64_t group, member, now_ms;
    struct str words, key, why;
};

/* --- by members --------------------------------------------------------------------------------- */

static const struct input ASK_INPUTS[] = {
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = APPLICATION_WORDS_MAX,
     .en = "A word about yourself",
     .zh = "申请说明"},
    {0},
};

static enum status write_asking(struct request *rq, server_write_step step, struct asking *a,
                                struct error *err)
{
    struct group_sight s;
    enum status status = see(rq, &s, err);
    if (status)
        return status;
    a->group = s.group.id;
    a->member = rq->viewer.member;
    a->now_ms = rq->now_ms;
    return server_write(rq->server, request_actor(rq), step, a, err);
}

static enum status ask_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct asking *a = context;
    return library_apply(scratch, store, a->group, a->member, a->words, a->now_ms, err);
}

static enum status ask(struct request *rq, struct error *err)
{
    struct asking a = {.words = str_trim(request_input(rq, "words"))};
    enum status status = write_asking(rq, ask_step, &a, err);
    return status ? status
                  : answer_redirect(rq, group_path(rq, ""),
                                    "Your application is handed in. You will be told the answer.",
                                    "申请已提交，处理结果会告知您。");
}

const struct route route_group_ask = {
    .method = "POST",
    .path = "/groups/{group}/ask",
    .roles = ROLE_MEMBER,
    .en = "Ask to join a group that takes applications.",
    .zh = "申请加入接受申请的群组。",
    .inputs = ASK_INPUTS,
    .run = ask,
};

static enum status unask_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct asking *a = context;
    (void)scratch;
    return library_unapply(store, a->group, a->member, err);
}

static enum status unask(struct request *rq, struct error *err)
{
    struct asking a = {0};
    enum status status = write_asking(rq, unask_step, &a, err);
    return status ? status
                  : answer_redirect(rq, group_path(rq, ""), "Your application is taken back.",
                                    "申请已撤回。");
}

const struct route route_group_unask = {
    .method = "POST",
    .path = "/groups/{group}/unask",
    .roles = ROLE_MEMBER,
    .en = "Take an application to join a group back.",
    .zh = "撤回加入群组的申请。",
    .run = unask,
};

/* --- by who answers ----------------------------------------------------------------------------- */

struct application_line {
    struct str key, name, words, why; /* why: as it was typed, when it comes back */
    int64_t asked;
};
static const struct field APPLICATION_LINE[] = {
    FIELD(TEXT, struct application_line, key),        FIELD(TEXT, struct application_line, name),
    FIELD(TEXT, struct application_line, words),      FIELD(TIME, struct application_line, asked),
    FIELD_HIDDEN(TEXT, struct application_line, why), {0},
};
struct applications_page {
    struct str group, name;
    bool asking;
    struct application_line *applications;
    size_t napplications;
};
static const struct field APPLICATIONS_PAGE[] = {
    FIELD(TEXT, struct applications_page, group),
    {.kind = FIELD_TEXT, .name = "group_name", .at = offsetof(struct applications_page, name)},
    FIELD(FLAG, struct applications_page, asking),
    FIELD_OF_LIST(struct applications_page, applications, APPLICATION_LINE),
    {0},
};

static enum status show_applications(struct request *rq, struct error *err)
{
    struct group_sight s;
    struct application *list = NULL;
    struct applications_page page = {0};
    enum status status = see_to_answer(rq, &s, err);
    if (!status)
        status = library_list_applications(rq->arena, rq->store, s.group.id, APPLICATIONS_SHOWN,
                                           &list, &page.napplications, err);
    if (status)
        return status;
    page.group = s.group.key;
    page.name = s.group.name;
    page.asking = s.group.asking;
    page.applications = arena_array(rq->arena, page.napplications, struct application_line);
    for (size_t i = 0; i < page.napplications; i++) {
        bool typed = rq->post && str_equal(request_input(rq, "application"), list[i].key);
        page.applications[i] =
            (struct application_line){list[i].key, list[i].name, list[i].words,
                                      typed ? request_input(rq, "why") : STR(""), list[i].asked_ms};
    }
    struct str title =
        str_format(rq->arena, rq->lang == LANG_ZH ? "加入申请：%.*s" : "Applications to join %.*s",
                   STR_ARG(s.group.name));
    return answer_titled_page(rq, "applications", title, APPLICATIONS_PAGE, &page);
}

const struct route route_group_applications = {
    .method = "GET",
    .path = "/groups/{group}/applications",
    .roles = ANSWERERS,
    .scope = "manage",
    .en = "Who asks to join a group.",
    .zh = "群组的加入申请。",
    .output = APPLICATIONS_PAGE,
    .page = "applications",
    .run = show_applications,
};

static const struct input ANSWER_INPUTS[] = {
    {.name = "application",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 40,
     .en = "Application",
     .zh = "申请"},
    {.name = "answer",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 10,
     .en = "Answer",
     .zh = "答复"},
    {.name = "why", .kind = INPUT_TEXT, .most = 500, .en = "Reason", .zh = "理由"},
    {0},
};

static enum status admit_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct asking *a = context;
    (void)scratch;
    return library_admit(store, a->group, a->key, a->now_ms, err);
}

static enum status decline_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct asking *a = context;
    (void)scratch;
    return library_decline(store, a->group, a->key, a->why, a->now_ms, err);
}

static enum status answer(struct request *rq, struct error *err)
{
    struct group_sight s;
    struct str typed = request_input(rq, "answer");
    bool admit = str_equal(typed, STR("admit"));
    enum status status = see_to_answer(rq, &s, err);
    if (!status && !admit && !str_equal(typed, STR("decline")))
        return error_set(err, STATUS_INPUT, "The answer is admit or decline.",
                         "答复应为 admit 或 decline。");
    if (status)
        return status;
    struct asking a = {.group = s.group.id,
                       .now_ms = rq->now_ms,
                       .key = request_input(rq, "application"),
                       .why = request_input(rq, "why")};
    status =
        server_write(rq->server, request_actor(rq), admit ? admit_step : decline_step, &a, err);
    if (status)
        return status;
    return admit ? answer_redirect(rq, group_path(rq, "/applications"),
                                   "They are in the group, and are told so.",
                                   "已加入群组，并已告知申请人。")
                 : answer_redirect(rq, group_path(rq, "/applications"),
                                   "The application is declined. They are told why.",
                                   "已谢绝该申请，并已将理由告知申请人。");
}

const struct route route_group_applications_answer = {
    .method = "POST",
    .path = "/groups/{group}/applications",
    .roles = ANSWERERS,
    .scope = "manage",
    .en = "Admit or decline who asks to join a group.",
    .zh = "同意或谢绝加入群组的申请。",
    .inputs = ANSWER_INPUTS,
    .run = answer,
    .again = show_applications,
};
