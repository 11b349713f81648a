/* Open registration: only while the setting `registration` is open. */
#include "server/internal.h"

#include "library/asking.h"
#include "library/letter.h"
#include "library/setting.h"
#include "server/guard.h"

struct join_page {
    struct str typed_name, typed_email;
    bool can_mail, asked;
};
static const struct field JOIN_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct join_page, typed_name),
    FIELD_HIDDEN(TEXT, struct join_page, typed_email),
    FIELD(FLAG, struct join_page, can_mail),
    FIELD(FLAG, struct join_page, asked),
    {0},
};
static const struct input JOIN_INPUTS[] = {
    {.name = "name", .kind = INPUT_TEXT, .needed = true, .most = 100, .en = "Name", .zh = "姓名"},
    {.name = "email",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "E-mail",
     .zh = "邮箱"},
    {0},
};

static enum status check_open(struct request *rq, struct error *err)
{
    struct str registration;
    enum status status =
        library_get_setting(rq->arena, rq->store, STR("registration"), &registration, err);
    if (!status && !str_equal(registration, STR("open")))
        return error_set(err, STATUS_MISSING, "Members join by invitation here.",
                         "本站成员须经邀请加入。");
    return status;
}

static enum status show_join(struct request *rq, struct error *err)
{
    struct join_page page = {.typed_name = request_input(rq, "name"),
                             .typed_email = request_input(rq, "email"),
                             .asked = rq->post && !rq->problem.len};
    enum status status = check_open(rq, err);
    if (!status)
        status = library_can_mail(rq->store, &page.can_mail, err);
    return status ? status : answer_page(rq, "join", "Join", "注册", JOIN_PAGE, &page);
}

const struct route route_join = {
    .method = "GET",
    .path = "/join",
    .roles = ROLE_ANYONE,
    .en = "The form to become a member, where registration is open.",
    .zh = "开放注册时的注册表单。",
    .output = JOIN_PAGE,
    .page = "join",
    .run = show_join,
};

struct joining {
    struct attempt tries;
    struct asker asker;
};

static enum status join_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct joining *j = context;
    int64_t wait_ms;
    (void)scratch;
    enum status status = attempt_count(store, &j->tries, 1, j->asker.now_ms, &wait_ms, err);
    if (status)
        return status == STATUS_LIMITED ? STATUS_OK : status;
    return asking_join(store, &j->asker, err);
}

static enum status join(struct request *rq, struct error *err)
{
    struct error reason = {0};
    bool can_mail = false;
    struct str network = session_network(rq->arena, rq->address);
    struct attempt from = attempt_at(rq->store, ATTEMPT_LETTERS_FROM, network);
    struct joining j = {
        .tries = attempt_at(rq->store, ATTEMPT_LETTER, request_input(rq, "email")),
        .asker = {request_input(rq, "name"), request_input(rq, "email"), rq->lang, rq->now_ms},
    };
    enum status status = check_open(rq, err);
    if (!status)
        status = library_can_mail(rq->store, &can_mail, err);
    if (!status && !can_mail) /* nobody would get the link */
        return show_join(rq, err);
    if (!status)
        status = guard_enter(rq, &from, 1, err);
    if (status)
        return status;
    if (server_write(rq->server, STR(""), join_step, &j, &reason))
        return error_within(err, &reason, "This can't be taken: ", "无法注册：");
    return show_join(rq, err);
}

const struct route route_join_post = {
    .method = "POST",
    .path = "/join",
    .roles = ROLE_ANYONE,
    .en = "Ask for an account; a letter brings the link. The answer is the same for every address.",
    .zh = "申请账户，链接由邮件送达，对任何邮箱的答复都相同。",
    .inputs = JOIN_INPUTS,
    .output = JOIN_PAGE,
    .run = join,
    .again = show_join,
};
