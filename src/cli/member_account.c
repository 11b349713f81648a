/* `chancery member invite`, `member reset` and `member role`: accounts from the command line. */

#include "base/json.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "library/account.h"
#include "library/member.h"
#include "library/second_factor.h"
#include "library/ticket.h"

/* The link to hand over, and on the side for whom and how long. */
static void say_link(struct call *call, const struct member *m, struct str link, int64_t until_ms)
{
    struct str until = describe_time(call->arena, until_ms);
    if (call->json) {
        call_print_json(call, json_pack("{s:o, s:o, s:o}", "member",
                                        str_to_json(library_member_id(call->arena, m->id)), "link",
                                        str_to_json(link), "until", str_to_json(until)));
        return;
    }
    call_say(call, "%.*s\n", "%.*s\n", STR_ARG(link));
    call_remark(call, "For %.*s <%.*s>; good once, until %.*s.\n",
                "供 %.*s <%.*s> 使用，限用一次，有效期至 %.*s。\n", STR_ARG(m->name),
                STR_ARG(m->email), STR_ARG(until));
}

static enum status run_invite(struct call *call, struct error *err)
{
    struct member m;
    struct str path;
    struct str link;
    int64_t now_ms = store_now_ms();
    enum status status = library_find_member(call->arena, call->store, call->arguments[0], &m, err);
    if (!status)
        status = account_invite(call->arena, call->store, m.id, now_ms, &path, err);
    if (!status)
        status = ticket_address(call->arena, call->store, path, &link, err);
    if (status)
        return status;
    say_link(call, &m, link, now_ms + ticket_lasts_ms(TICKET_INVITATION));
    return STATUS_OK;
}

const struct command command_member_invite = {
    .name = "member invite",
    .arguments = "MEMBER",
    .least = 1,
    .most = 1,
    .en = "Make a link with which a member chooses a password and can sign in from then on.",
    .zh = "生成邀请链接，成员由此设置密码，之后即可登录。",
    .more_en =
        "MEMBER is an e-mail address or an id like M17. The link is printed for you to hand over in "
        "confidence: whoever opens it first has the account. It is good once, for 14 days; a new "
        "one ends the one before. The setting `site.url` (https://library.example.org) stands before "
        "it; without that only the path is printed.",
    .more_zh =
        "MEMBER 为邮箱或 M17 之类的编号。链接由您私下转交：谁先打开，账户即归谁。链接限用一次，"
        "有效 14 天；重新生成后，先前的链接随即失效。链接前冠以设置项 `site.url` 的地址"
        "（如 https://library.example.org），未设置时只输出路径。",
    .example = "chancery member invite li.hua@example.org",
    .json = true,
    .needs_store = true,
    .run = run_invite,
};

/* --- reset --------------------------------------------------------------------------------------- */

static const struct command_option reset_options[] = {
    {"second-factor", NULL, "also turn the second factor off, for who lost device and codes",
     "同时停用两步验证，供设备和恢复码均遗失者使用"},
    {0},
};

static enum status turn_factor_off(struct call *call, int64_t member, struct error *err)
{
    enum status status = store_begin(call->store, err);
    if (status)
        return status;
    status = second_factor_turn_off(call->arena, call->store, member, err);
    if (!status)
        status = store_commit(call->store, err);
    if (status)
        store_rollback(call->store);
    return status;
}

static enum status run_reset(struct call *call, struct error *err)
{
    struct member m;
    struct str path;
    struct str link;
    int64_t now_ms = store_now_ms();
    enum status status = library_find_member(call->arena, call->store, call->arguments[0], &m, err);
    if (!status)
        status = account_make_reset(call->arena, call->store, m.id, now_ms, &path, err);
    if (!status && call_switch(call, "second-factor"))
        status = turn_factor_off(call, m.id, err);
    if (!status)
        status = ticket_address(call->arena, call->store, path, &link, err);
    if (status)
        return status;
    say_link(call, &m, link, now_ms + ticket_lasts_ms(TICKET_RESET));
    return STATUS_OK;
}

const struct command command_member_reset = {
    .name = "member reset",
    .arguments = "MEMBER",
    .least = 1,
    .most = 1,
    .en = "Make a link with which a member chooses a new password.",
    .zh = "生成重设密码的链接。",
    .more_en =
        "For who can't get the letter that /forgotten sends, the owner included. Good once, for "
        "an hour; all sessions and tokens end when it is used.",
    .more_zh = "供无法收到重设邮件的成员使用，所有者亦可。链接限用一次，一小时内有效；"
               "使用后该成员的登录和令牌全部失效。",
    .example = "chancery member reset li.hua@example.org --second-factor",
    .options = reset_options,
    .json = true,
    .needs_store = true,
    .run = run_reset,
};

/* --- role --------------------------------------------------------------------------------------- */

static const struct command_option role_options[] = {
    {"add", "ROLE", "give this role", "授予此角色"},
    {"remove", "ROLE", "take this role away", "撤销此角色"},
    {0},
};

static json_t *roles_json(struct str roles)
{
    json_t *list = json_array();
    struct str role;
    while (str_split(&roles, ' ', &role))
        json_array_append_new(list, str_to_json(role));
    return list;
}

static enum status run_role(struct call *call, struct error *err)
{
    struct member m;
    struct str role;
    struct str roles;
    enum status status = library_find_member(call->arena, call->store, call->arguments[0], &m, err);
    if (!status && call_option(call, "add", &role))
        status = account_give_role(call->arena, call->store, m.id, role, err);
    if (!status && call_option(call, "remove", &role))
        status = account_take_role(call->arena, call->store, m.id, role, err);
    if (!status)
        status = account_list_roles(call->arena, call->store, m.id, &roles, err);
    if (status)
        return status;
    struct str shown = roles.len ? roles : STR("–");
    if (call->json)
        call_print_json(call, json_pack("{s:o, s:o}", "member",
                                        str_to_json(library_member_id(call->arena, m.id)), "roles",
                                        roles_json(roles)));
    else
        call_say(call, "M%lld, %.*s: %.*s\n", "M%lld，%.*s：%.*s\n", (long long)m.id,
                 STR_ARG(m.name), STR_ARG(shown));
    return STATUS_OK;
}

const struct command command_member_role = {
    .name = "member role",
    .arguments = "MEMBER",
    .least = 1,
    .most = 1,
    .en = "Show what a member may do beyond reading, and change it.",
    .zh = "显示并更改成员在阅读之外的权限。",
    .more_en = "The roles are editor (writes and publishes), steward (members, plans, cases), lead "
               "(answers for goals and projects), inspector (checks on site) and owner (runs the "
               "installation). The last owner can't be removed.",
    .more_zh =
        "角色有 editor（撰写和发布文稿）、steward（成员、方案、案件）、lead（负责目标和项目）、"
        "inspector（现场检查）、owner（管理本站的运行）。最后一位 owner 不可撤销。",
    .example = "chancery member role li.hua@example.org --add editor",
    .options = role_options,
    .json = true,
    .needs_store = true,
    .run = run_role,
};
