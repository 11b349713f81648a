/* One member, for stewards: data, invitation, suspension, sessions; roles, for the owner. */
#include "server/internal.h"

#include <string.h>

#include "library/account.h"
#include "library/letter.h"
#include "library/member.h"
#include "library/second_factor.h"
#include "library/ticket.h"
#include "server/page_members.h"

struct role_choice {
    struct str role, words;
    bool held;
};
struct member_page {
    struct str member, key, name, email, groups, state, state_words, roles_words;
    int64_t since, seen;
    struct role_choice *roles;
    size_t nroles;
    bool may_change, may_invite, is_suspended, has_account, may_give_roles, is_self, has_factor;
};
static const struct field ROLE_CHOICE[] = {
    FIELD(TEXT, struct role_choice, role),
    FIELD_HIDDEN(TEXT, struct role_choice, words),
    FIELD(FLAG, struct role_choice, held),
    {0},
};
static const struct field MEMBER_PAGE[] = {
    FIELD(TEXT, struct member_page, member),
    FIELD(TEXT, struct member_page, key),
    {.kind = FIELD_TEXT, .name = "member_name", .at = offsetof(struct member_page, name)},
    FIELD(TEXT, struct member_page, email),
    FIELD(TEXT, struct member_page, groups),
    FIELD(TEXT, struct member_page, state),
    FIELD_HIDDEN(TEXT, struct member_page, state_words),
    FIELD_HIDDEN(TEXT, struct member_page, roles_words),
    FIELD(TIME, struct member_page, since),
    FIELD(TIME, struct member_page, seen),
    FIELD_OF_LIST(struct member_page, roles, ROLE_CHOICE),
    FIELD_HIDDEN(FLAG, struct member_page, may_change),
    FIELD_HIDDEN(FLAG, struct member_page, may_invite),
    FIELD_HIDDEN(FLAG, struct member_page, is_suspended),
    FIELD_HIDDEN(FLAG, struct member_page, has_account),
    FIELD_HIDDEN(FLAG, struct member_page, may_give_roles),
    FIELD_HIDDEN(FLAG, struct member_page, is_self),
    FIELD_HIDDEN(FLAG, struct member_page, has_factor),
    {0},
};

static enum status find(struct request *rq, struct roster_member *m, struct error *err)
{
    return roster_find(rq->arena, rq->store, rq->params[0], rq->now_ms, m, err);
}

/* The same, for changes. */
static enum status find_mine(struct request *rq, struct roster_member *m, struct error *err)
{
    enum status status = find(rq, m, err);
    if (!status && !page_members_may_change(rq, m))
        return error_set(err, STATUS_FORBIDDEN, "Only an owner changes members who have a role.",
                         "有角色的成员只能由所有者更改。");
    return status;
}

static void fill_roles(struct request *rq, struct member_page *page, struct str roles)
{
    page->roles = arena_array(rq->arena, ROLE_COUNT, struct role_choice);
    for (const struct account_role *r = account_roles; r->name; r++) {
        struct str rest = roles;
        struct str one;
        struct role_choice *choice = &page->roles[page->nroles++];
        *choice = (struct role_choice){str_of(r->name), request_words(rq, r->en, r->zh), false};
        while (str_split(&rest, ' ', &one))
            choice->held |= str_equal(one, choice->role);
    }
}

static enum status show_member(struct request *rq, struct error *err)
{
    struct roster_member m;
    enum status status = find(rq, &m, err);
    if (status)
        return status;
    bool active = str_equal(m.state, STR("active"));
    bool suspended = str_equal(m.state, STR("suspended"));
    bool mine = page_members_may_change(rq, &m);
    struct member_page page = {
        .member = library_member_id(rq->arena, m.id),
        .key = m.key,
        .name = m.name,
        .email = m.email,
        .groups = m.groups,
        .state = m.state,
        .state_words = page_members_state_words(rq, m.state),
        .roles_words = page_members_role_words(rq, m.roles),
        .since = m.created_ms,
        .seen = m.seen_ms,
        .may_change = mine,
        .may_invite = mine && !active && !suspended,
        .is_suspended = suspended,
        .has_account = active,
        .may_give_roles = request_may(rq, ROLE_OWNER),
        .is_self = m.id == rq->viewer.member,
    };
    fill_roles(rq, &page, m.roles);
    int64_t codes_left;
    status = second_factor_of(rq->store, m.id, &page.has_factor, &codes_left, err);
    if (status)
        return status;
    return answer_titled_page(rq, "member", m.name, MEMBER_PAGE, &page);
}

const struct route route_member = {
    .method = "GET",
    .path = "/members/{member}",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "One member: data, account, roles.",
    .zh = "某位成员的资料、账户和角色。",
    .output = MEMBER_PAGE,
    .page = "member",
    .run = show_member,
};

/* --- changes -------------------------------------------------------------------------------------- */

struct member_change {
    int64_t member, now_ms;
    struct member data;
    struct str path, link;
    struct request *rq;
};

static enum status write_change(struct request *rq, server_write_step step,
                                struct member_change *change, struct error *err)
{
    return server_write(rq->server, request_actor(rq), step, change, err);
}

static enum status go_back(struct request *rq, const char *en, const char *zh)
{
    return answer_redirect(rq, str_format(rq->arena, "/members/%.*s", STR_ARG(rq->params[0])), en,
                           zh);
}

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct member_change *c = context;
    (void)scratch;
    return library_change_member(store, &c->data, err);
}

static enum status change_member(struct request *rq, struct error *err)
{
    struct roster_member m;
    struct error reason = {0};
    enum status status = find_mine(rq, &m, err);
    if (status)
        return status;
    struct member_change c = {
        .data = {m.id, request_input(rq, "name"), request_input(rq, "email"), STR("")}};
    if (write_change(rq, change_step, &c, &reason))
        return error_within(err, &reason, "Nothing was changed: ", "未作更改：");
    return go_back(rq, "Saved.", "已保存。");
}

static const struct input CHANGE_INPUTS[] = {
    {.name = "name", .kind = INPUT_TEXT, .needed = true, .most = 100, .en = "Name", .zh = "姓名"},
    {.name = "email",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "E-mail",
     .zh = "邮箱"},
    {0},
};

const struct route route_member_change = {
    .method = "POST",
    .path = "/members/{member}/change",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "Correct a member's name and e-mail.",
    .zh = "更正成员的姓名和邮箱。",
    .inputs = CHANGE_INPUTS,
    .run = change_member,
    .again = show_member,
};

static enum status invite_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct member_change *c = context;
    struct arena *arena = c->rq->arena;
    (void)scratch;
    enum status status = account_invite(arena, store, c->member, c->now_ms, &c->path, err);
    if (!status)
        status = account_mail_invitation(arena, store, c->member, c->path, err);
    if (!status)
        status = ticket_address(arena, store, c->path, &c->link, err);
    return status;
}

static enum status invite(struct request *rq, struct error *err)
{
    struct roster_member m;
    bool mailed = false;
    enum status status = find_mine(rq, &m, err);
    if (!status)
        status = library_can_mail(rq->store, &mailed, err);
    if (status)
        return status;
    struct member_change c = {.member = m.id, .now_ms = rq->now_ms, .rq = rq};
    status = write_change(rq, invite_step, &c, err);
    struct invited_line line = {library_member_id(rq->arena, m.id), m.key, m.name, m.email, c.link};
    return status ? status : page_members_show_invited(rq, &line, 1, mailed, 0);
}

const struct route route_member_invite = {
    .method = "POST",
    .path = "/members/{member}/invite",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "Invite a member; answers with the link, once.",
    .zh = "邀请成员，并一次性给出链接。",
    .output = page_members_invited_fields,
    .page = "members-invited",
    .run = invite,
    .again = show_member,
};

static enum status suspend_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct member_change *c = context;
    return account_suspend(scratch, store, c->member, c->now_ms, err);
}

static enum status suspend(struct request *rq, struct error *err)
{
    struct roster_member m;
    enum status status = find_mine(rq, &m, err);
    if (status)
        return status;
    if (m.id == rq->viewer.member)
        return error_set(err, STATUS_CONFLICT, "You can't suspend yourself.",
                         "不能暂停自己的账户。");
    struct member_change c = {.member = m.id, .now_ms = rq->now_ms};
    status = write_change(rq, suspend_step, &c, err);
    return status
               ? status
               : go_back(rq, "Suspended; every session is ended.", "已暂停，其全部登录均已退出。");
}

const struct route route_member_suspend = {
    .method = "POST",
    .path = "/members/{member}/suspend",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "Suspend a member's account; sessions and links end.",
    .zh = "暂停成员账户，登录和链接随之失效。",
    .run = suspend,
    .again = show_member,
};

static enum status lift_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct member_change *c = context;
    return account_lift(scratch, store, c->member, c->now_ms, err);
}

static enum status lift(struct request *rq, struct error *err)
{
    struct roster_member m;
    enum status status = find_mine(rq, &m, err);
    if (status)
        return status;
    struct member_change c = {.member = m.id};
    status = write_change(rq, lift_step, &c, err);
    return status ? status : go_back(rq, "The suspension is lifted.", "已恢复账户。");
}

const struct route route_member_lift = {
    .method = "POST",
    .path = "/members/{member}/lift",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "Lift a suspension.",
    .zh = "恢复已暂停的账户。",
    .run = lift,
    .again = show_member,
};

static enum status end_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct member_change *c = context;
    return account_end_sessions(scratch, store, c->member, NULL, err);
}

static enum status end_sessions(struct request *rq, struct error *err)
{
    struct roster_member m;
    enum status status = find_mine(rq, &m, err);
    if (status)
        return status;
    struct member_change c = {.member = m.id};
    status = write_change(rq, end_step, &c, err);
    return status ? status
                  : go_back(rq, "Every session of this member is ended.",
                            "该成员的全部登录均已退出。");
}

const struct route route_member_sessions = {
    .method = "POST",
    .path = "/members/{member}/sessions/end",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "End all sessions of a member.",
    .zh = "退出成员的全部登录。",
    .run = end_sessions,
    .again = show_member,
};

/* --- help for who is locked out -------------------------------------------------------------------- */

struct reset_link_page {
    struct str member, key, member_name, link;
    bool guessed;
};
static const struct field RESET_LINK_PAGE[] = {
    FIELD(TEXT, struct reset_link_page, member),         FIELD(TEXT, struct reset_link_page, key),
    FIELD(TEXT, struct reset_link_page, member_name),    FIELD(TEXT, struct reset_link_page, link),
    FIELD_HIDDEN(FLAG, struct reset_link_page, guessed), {0},
};

static enum status reset_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct member_change *c = context;
    struct arena *arena = c->rq->arena;
    (void)scratch;
    enum status status = account_make_reset(arena, store, c->member, c->now_ms, &c->path, err);
    return status ? status : ticket_address(arena, store, c->path, &c->link, err);
}

static enum status make_reset_link(struct request *rq, struct error *err)
{
    struct roster_member m;
    enum status status = find_mine(rq, &m, err);
    if (status)
        return status;
    struct member_change c = {.member = m.id, .now_ms = rq->now_ms, .rq = rq};
    status = write_change(rq, reset_step, &c, err);
    struct reset_link_page page = {library_member_id(rq->arena, m.id), m.key, m.name,
                                   answer_whole_address(rq, c.link), str_starts(c.link, STR("/"))};
    return status ? status
                  : answer_page(rq, "member-reset", "A link to reset", "重设密码链接",
                                RESET_LINK_PAGE, &page);
}

const struct route route_member_reset = {
    .method = "POST",
    .path = "/members/{member}/reset",
    .roles = MEMBER_STEWARDS,
    .en = "Make a link with which a member chooses a new password; answers with it, once.",
    .zh = "生成供成员重设密码的链接，仅显示一次。",
    .output = RESET_LINK_PAGE,
    .page = "member-reset",
    .run = make_reset_link,
    .again = show_member,
};

static enum status factor_off_step(struct store *store, struct arena *scratch, void *context,
                                   struct error *err)
{
    const struct member_change *c = context;
    return second_factor_turn_off(scratch, store, c->member, err);
}

static enum status factor_off(struct request *rq, struct error *err)
{
    struct roster_member m;
    enum status status = find_mine(rq, &m, err);
    if (status)
        return status;
    if (m.id == rq->viewer.member)
        return error_set(err, STATUS_CONFLICT, "Your own is turned off at “My account”.",
                         "本人的两步验证请在“我的账户”中停用。");
    struct member_change c = {.member = m.id};
    status = write_change(rq, factor_off_step, &c, err);
    return status ? status
                  : go_back(rq, "Their second factor is off; the password alone signs in.",
                            "已停用其两步验证，凭密码即可登录。");
}

const struct route route_member_factor_off = {
    .method = "POST",
    .path = "/members/{member}/second-factor/off",
    .roles = MEMBER_STEWARDS,
    .en = "Turn off the second factor of a member who lost device and recovery codes.",
    .zh = "为设备和恢复码均遗失的成员停用两步验证。",
    .run = factor_off,
    .again = show_member,
};

/* --- roles ---------------------------------------------------------------------------------------- */

#define ROLES_MOST 16U

struct roles_change {
    int64_t member;
    struct str wanted[ROLES_MOST];
    size_t count;
};

static enum status roles_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct roles_change *c = context;
    enum status status = STATUS_OK;
    for (const struct account_role *r = account_roles; !status && r->name; r++) {
        bool wanted = false;
        for (size_t i = 0; i < c->count; i++)
            wanted |= str_equal(c->wanted[i], str_of(r->name));
        status = (wanted ? account_give_role : account_take_role)(scratch, store, c->member,
                                                                  str_of(r->name), err);
    }
    return status;
}

static enum status change_roles(struct request *rq, struct error *err)
{
    struct roster_member m;
    struct roles_change c;
    enum status status = find(rq, &m, err);
    if (status)
        return status;
    c.member = m.id;
    c.count = request_inputs(rq, "role", c.wanted, ROLES_MOST);
    status = server_write(rq->server, request_actor(rq), roles_step, &c, err);
    return status ? status : go_back(rq, "The roles are changed.", "角色已更改。");
}

static const struct input ROLES_INPUTS[] = {
    {.name = "role", .kind = INPUT_LIST, .most = 20, .en = "Roles", .zh = "角色"},
    {0},
};

const struct route route_member_roles = {
    .method = "POST",
    .path = "/members/{member}/roles",
    .roles = ROLE_OWNER,
    .en = "Give and take a member's roles.",
    .zh = "授予和撤销成员的角色。",
    .inputs = ROLES_INPUTS,
    .run = change_roles,
    .again = show_member,
};
