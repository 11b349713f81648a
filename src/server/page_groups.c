/* Groups: the list, a group's own page, joining and leaving, and what stewards do. */
#include "server/internal.h"

#include <string.h>

#include "library/application.h"
#include "library/group.h"
#include "library/member.h"

#define PAPERS_A_PAGE  50
#define MEMBERS_A_PAGE 100
#define INVITED_MOST   500U
#define UNKNOWN_SHOWN  5U
#define STEWARDS       (ROLE_STEWARD | ROLE_OWNER)

static struct str path_of(const struct request *rq, struct str key, const char *rest)
{
    return str_format(rq->arena, "/groups/%.*s%s", STR_ARG(key), rest);
}

static enum status see(struct request *rq, struct group_sight *sight, struct error *err)
{
    return library_see_group(rq->arena, rq->store, rq->params[0], rq->viewer.member,
                             request_may(rq, STEWARDS), rq->now_ms, sight, err);
}

/* --- the list ----------------------------------------------------------------------------------- */

static const struct input GROUP_INPUTS[] = {
    {.name = "name", .kind = INPUT_TEXT, .needed = true, .most = 100, .en = "Name", .zh = "名称"},
    {.name = "about", .kind = INPUT_LONG_TEXT, .most = 2000, .en = "About", .zh = "简介"},
    {.name = "paid", .kind = INPUT_FLAG, .en = "Opened by plans", .zh = "凭方案开放"},
    {.name = "public", .kind = INPUT_FLAG, .en = "Public", .zh = "公开"},
    {.name = "asking", .kind = INPUT_FLAG, .en = "Takes applications", .zh = "接受申请"},
    {0},
};

/* A group as it stands in a form. */
struct group_form {
    struct str name, about;
    bool paid, is_public, asking;
};
static const struct field GROUP_FORM[] = {
    FIELD(TEXT, struct group_form, name),   FIELD(TEXT, struct group_form, about),
    FIELD(FLAG, struct group_form, paid),   FIELD(FLAG, struct group_form, is_public),
    FIELD(FLAG, struct group_form, asking), {0},
};

static struct group_form typed_form(const struct request *rq)
{
    bool is_public = request_number(rq, "public") != 0;
    return (struct group_form){request_input(rq, "name"), request_input(rq, "about"),
                               request_number(rq, "paid") != 0, is_public,
                               !is_public && request_number(rq, "asking")};
}

static struct group typed_group(const struct request *rq)
{
    struct group_form form = typed_form(rq);
    return (struct group){.name = form.name,
                          .about = form.about,
                          .paid = form.paid,
                          .is_public = form.is_public,
                          .asking = form.asking};
}

struct group_line {
    struct str key, name, about;
    int64_t members, papers, waiting;
    bool paid, is_public, asking, closed, in, outside;
};
static const struct field GROUP_LINE[] = {
    FIELD(TEXT, struct group_line, key),
    FIELD(TEXT, struct group_line, name),
    FIELD(TEXT, struct group_line, about),
    FIELD(NUMBER, struct group_line, members),
    FIELD(NUMBER, struct group_line, papers),
    FIELD(FLAG, struct group_line, paid),
    FIELD(FLAG, struct group_line, is_public),
    FIELD(FLAG, struct group_line, asking),
    FIELD(FLAG, struct group_line, closed),
    FIELD(FLAG, struct group_line, in),
    FIELD(NUMBER, struct group_line, waiting),
    FIELD_HIDDEN(FLAG, struct group_line, outside),
    {0},
};
struct groups_page {
    struct group_line *groups;
    size_t ngroups;
    bool may_make;
    struct group_form form;
};
static const struct field GROUPS_PAGE[] = {
    FIELD_OF_LIST(struct groups_page, groups, GROUP_LINE),
    FIELD(FLAG, struct groups_page, may_make),
    {.kind = FIELD_PART,
     .hidden = true,
     .name = "form",
     .at = offsetof(struct groups_page, form),
     .parts = GROUP_FORM},
    {0},
};

static enum status show_groups(struct request *rq, struct error *err)
{
    struct group_sight *sights;
    struct groups_page page = {.may_make = request_may(rq, STEWARDS), .form = typed_form(rq)};
    enum status status = library_list_groups(rq->arena, rq->store, rq->viewer.member, page.may_make,
                                             rq->now_ms, &sights, &page.ngroups, err);
    if (status)
        return status;
    page.groups = arena_array(rq->arena, page.ngroups, struct group_line);
    for (size_t i = 0; i < page.ngroups; i++) {
        const struct group_sight *s = &sights[i];
        page.groups[i] = (struct group_line){
            .key = s->group.key,
            .name = s->group.name,
            .about = s->group.about,
            .members = s->members,
            .papers = s->papers,
            .waiting = s->waiting,
            .paid = s->group.paid,
            .is_public = s->group.is_public,
            .asking = s->group.asking,
            .closed = s->group.closed_ms != 0,
            .in = s->in,
            .outside = s->outside,
        };
    }
    return answer_page(rq, "groups", "Groups", "群组", GROUPS_PAGE, &page);
}

const struct route route_groups = {
    .method = "GET",
    .path = "/groups",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "The groups that the reader is in or may join; for stewards all groups.",
    .zh = "读者所在或可加入的群组；管理员可见全部群组。",
    .output = GROUPS_PAGE,
    .page = "groups",
    .run = show_groups,
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct group *group = context;
    enum status status = library_make_group(scratch, store, group, err);
    group->key = (struct str){0}; /* it lay in scratch */
    return status;
}

/* The key of a group just made, read again from this thread's own store. */
static enum status key_of(struct request *rq, int64_t group, struct str *key, struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT key FROM \"group\" WHERE id = ?1");
    query_bind_int(q, 1, group);
    *key = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

static enum status make_group(struct request *rq, struct error *err)
{
    struct group group = typed_group(rq);
    struct str key;
    enum status status = server_write(rq->server, request_actor(rq), make_step, &group, err);
    if (!status)
        status = key_of(rq, group.id, &key, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, key, ""),
                                    "The group is made. Its members can be put in below.",
                                    "群组已创建，可在下方添加成员。");
}

const struct route route_group_make = {
    .method = "POST",
    .path = "/groups",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Make a group.",
    .zh = "创建群组。",
    .inputs = GROUP_INPUTS,
    .run = make_group,
    .again = show_groups,
};

/* --- one group ---------------------------------------------------------------------------------- */

static const struct input PAGE_INPUTS[] = {
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};

static int64_t page_number(const struct request *rq)
{
    int64_t page = rq->post ? 0 : request_number(rq, "page");
    return page ? page : 1;
}

struct paper_line {
    struct str key, title, summary, kind;
    int64_t published;
    bool open;
};
static const struct field PAPER_LINE[] = {
    FIELD(TEXT, struct paper_line, key),
    FIELD(TEXT, struct paper_line, title),
    FIELD(TEXT, struct paper_line, summary),
    FIELD(TEXT, struct paper_line, kind),
    FIELD(DAY, struct paper_line, published),
    FIELD(FLAG, struct paper_line, open),
    {0},
};
struct group_page {
    struct str key, name, about, newer, older, declined;
    bool paid, is_public, asking, in, outside, joined, may_join, may_ask, may_talk, may_answer,
        may_change;
    int64_t members, npapers_all, created, closed, asked, waiting;
    struct paper_line *papers;
    size_t npapers;
    struct group_form form;
};
static const struct field GROUP_PAGE[] = {
    FIELD(TEXT, struct group_page, key),
    FIELD(TEXT, struct group_page, name),
    FIELD(TEXT, struct group_page, about),
    FIELD(TEXT, struct group_page, newer),
    FIELD(TEXT, struct group_page, older),
    FIELD(FLAG, struct group_page, paid),
    FIELD(FLAG, struct group_page, is_public),
    FIELD(FLAG, struct group_page, asking),
    FIELD(FLAG, struct group_page, in),
    FIELD_HIDDEN(FLAG, struct group_page, outside),
    FIELD(FLAG, struct group_page, joined),
    FIELD(FLAG, struct group_page, may_join),
    FIELD(FLAG, struct group_page, may_ask),
    FIELD(TIME, struct group_page, asked),
    FIELD(TEXT, struct group_page, declined),
    FIELD(FLAG, struct group_page, may_answer),
    FIELD(NUMBER, struct group_page, waiting),
    FIELD(FLAG, struct group_page, may_talk),
    FIELD(FLAG, struct group_page, may_change),
    FIELD(NUMBER, struct group_page, members),
    {.kind = FIELD_NUMBER, .name = "paper_count", .at = offsetof(struct group_page, npapers_all)},
    FIELD(DAY, struct group_page, created),
    FIELD(DAY, struct group_page, closed),
    FIELD_OF_LIST(struct group_page, papers, PAPER_LINE),
    {.kind = FIELD_PART,
     .hidden = true,
     .name = "form",
     .at = offsetof(struct group_page, form),
     .parts = GROUP_FORM},
    {0},
};

static enum status load_papers(struct request *rq, int64_t group, struct group_page *page,
                               struct error *err)
{
    struct group_paper *papers;
    int64_t number = page_number(rq);
    enum status status = library_list_group_papers(rq->arena, rq->store, group, rq->viewer.member,
                                                   rq->now_ms, (number - 1) * PAPERS_A_PAGE,
                                                   PAPERS_A_PAGE, &papers, &page->npapers, err);
    if (status)
        return status;
    page->papers = arena_array(rq->arena, page->npapers, struct paper_line);
    for (size_t i = 0; i < page->npapers; i++)
        page->papers[i] =
            (struct paper_line){papers[i].key,  papers[i].title,        papers[i].summary,
                                papers[i].kind, papers[i].published_ms, papers[i].open};
    if (number > 1)
        page->newer = str_format(rq->arena, "?page=%lld", (long long)number - 1);
    if (number * PAPERS_A_PAGE < page->npapers_all)
        page->older = str_format(rq->arena, "?page=%lld", (long long)number + 1);
    return STATUS_OK;
}

static enum status show_group(struct request *rq, struct error *err)
{
    struct group_sight s;
    enum status status = see(rq, &s, err);
    if (status)
        return status;
    const struct group *g = &s.group;
    bool steward = request_may(rq, STEWARDS);
    struct group_page page = {
        .key = g->key,
        .name = g->name,
        .about = g->about,
        .paid = g->paid,
        .is_public = g->is_public,
        .asking = g->asking,
        .in = s.in,
        .outside = s.outside,
        .joined = s.joined,
        .may_join = !s.in && g->is_public && !g->paid && !g->closed_ms,
        .may_ask = !s.in && !s.answers && g->asking && !g->paid && !g->closed_ms && !s.asked_ms,
        .asked = s.asked_ms,
        .declined = s.declined,
        .may_talk = s.in || steward,
        .may_answer = s.answers,
        .waiting = s.waiting,
        .may_change = steward,
        .members = s.members,
        .npapers_all = s.papers,
        .created = g->created_ms,
        .closed = g->closed_ms,
        .form = rq->post ? typed_form(rq)
                         : (struct group_form){g->name, g->about, g->paid, g->is_public, g->asking},
    };
    if (!s.outside)
        status = load_papers(rq, g->id, &page, err);
    return status ? status : answer_titled_page(rq, "group", g->name, GROUP_PAGE, &page);
}

const struct route route_group = {
    .method = "GET",
    .path = "/groups/{group}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "A group: what it is for, its papers, how many are in it.",
    .zh = "群组：用途、文稿与成员数。",
    .inputs = PAGE_INPUTS,
    .output = GROUP_PAGE,
    .page = "group",
    .run = show_group,
};

/* --- changes ------------------------------------------------------------------------------------ */

struct group_change {
    struct group group;
    int64_t member, now_ms;
};

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    (void)scratch;
    return library_change_group(store, &((struct group_change *)context)->group, err);
}

static enum status close_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct group_change *c = context;
    (void)scratch;
    return library_close_group(store, c->group.id, c->now_ms, err);
}

static enum status reopen_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    (void)scratch;
    return library_reopen_group(store, ((struct group_change *)context)->group.id, err);
}

static enum status join_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct group_change *c = context;
    (void)scratch;
    return library_join_group(store, c->group.id, c->member, c->now_ms, err);
}

static enum status leave_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct group_change *c = context;
    (void)scratch;
    return library_take_out_of_group(store, c->group.id, c->member, err);
}

/* Finds the group that the address names and runs a step over it for the member. */
static enum status write_group(struct request *rq, server_write_step step, struct group_change *c,
                               struct error *err)
{
    struct group_sight s;
    enum status status = see(rq, &s, err);
    if (status)
        return status;
    c->group.id = s.group.id;
    c->now_ms = rq->now_ms;
    return server_write(rq->server, request_actor(rq), step, c, err);
}

static enum status change_group(struct request *rq, struct error *err)
{
    struct group_change c = {.group = typed_group(rq)};
    enum status status = write_group(rq, change_step, &c, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, rq->params[0], ""), "The group is changed.",
                                    "群组信息已更新。");
}

const struct route route_group_change = {
    .method = "POST",
    .path = "/groups/{group}/change",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Change a group's name, description and door.",
    .zh = "修改群组的名称、简介与加入方式。",
    .inputs = GROUP_INPUTS,
    .run = change_group,
    .again = show_group,
};

static enum status close_group(struct request *rq, struct error *err)
{
    struct group_change c = {0};
    enum status status = write_group(rq, close_step, &c, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, rq->params[0], ""),
                                    "The group is closed. Its papers stay open to its members.",
                                    "群组已关闭，其文稿仍向原有成员开放。");
}

const struct route route_group_close = {
    .method = "POST",
    .path = "/groups/{group}/close",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Close a group: nobody joins, nobody posts.",
    .zh = "关闭群组，不再接收成员与发言。",
    .run = close_group,
    .again = show_group,
};

static enum status reopen_group(struct request *rq, struct error *err)
{
    struct group_change c = {0};
    enum status status = write_group(rq, reopen_step, &c, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, rq->params[0], ""), "The group is open again.",
                                    "群组已重新开放。");
}

const struct route route_group_reopen = {
    .method = "POST",
    .path = "/groups/{group}/reopen",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Open a closed group again.",
    .zh = "重新开放已关闭的群组。",
    .run = reopen_group,
    .again = show_group,
};

static enum status join_group(struct request *rq, struct error *err)
{
    struct group_change c = {.member = rq->viewer.member};
    enum status status = write_group(rq, join_step, &c, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, rq->params[0], ""), "You are in the group.",
                                    "您已加入群组。");
}

const struct route route_group_join = {
    .method = "POST",
    .path = "/groups/{group}/join",
    .roles = ROLE_MEMBER,
    .en = "Join a public group.",
    .zh = "加入公开的群组。",
    .run = join_group,
    .again = show_group,
};

static enum status leave_group(struct request *rq, struct error *err)
{
    struct group_change c = {.member = rq->viewer.member};
    enum status status = write_group(rq, leave_step, &c, err);
    return status
               ? status
               : answer_redirect(rq, STR("/groups"), "You have left the group.", "您已退出群组。");
}

const struct route route_group_leave = {
    .method = "POST",
    .path = "/groups/{group}/leave",
    .roles = ROLE_MEMBER,
    .en = "Leave a group.",
    .zh = "退出群组。",
    .run = leave_group,
};

/* --- its members, for stewards ------------------------------------------------------------------ */

struct member_line {
    struct str id, name, email;
    int64_t since;
    bool by_plan;
};
static const struct field MEMBER_LINE[] = {
    FIELD(TEXT, struct member_line, id),      FIELD(TEXT, struct member_line, name),
    FIELD(TEXT, struct member_line, email),   FIELD(DAY, struct member_line, since),
    FIELD(FLAG, struct member_line, by_plan), {0},
};
struct group_members_page {
    struct str key, name, emails, newer, older;
    bool closed;
    int64_t count;
    struct member_line *members;
    size_t nmembers;
};
static const struct field GROUP_MEMBERS_PAGE[] = {
    FIELD(TEXT, struct group_members_page, key),
    FIELD(TEXT, struct group_members_page, name),
    FIELD_HIDDEN(TEXT, struct group_members_page, emails),
    FIELD(TEXT, struct group_members_page, newer),
    FIELD(TEXT, struct group_members_page, older),
    FIELD(FLAG, struct group_members_page, closed),
    FIELD(NUMBER, struct group_members_page, count),
    FIELD_OF_LIST(struct group_members_page, members, MEMBER_LINE),
    {0},
};

static enum status show_group_members(struct request *rq, struct error *err)
{
    struct group_sight s;
    struct group_member *members = NULL;
    struct group_members_page page = {.emails = request_input(rq, "emails")};
    int64_t number = page_number(rq);
    enum status status = see(rq, &s, err);
    if (!status)
        status = library_list_group_members(rq->arena, rq->store, s.group.id, rq->now_ms,
                                            (number - 1) * MEMBERS_A_PAGE, MEMBERS_A_PAGE, &members,
                                            &page.nmembers, err);
    if (status)
        return status;
    page.key = s.group.key;
    page.name = s.group.name;
    page.closed = s.group.closed_ms != 0;
    page.count = s.members;
    page.members = arena_array(rq->arena, page.nmembers, struct member_line);
    for (size_t i = 0; i < page.nmembers; i++)
        page.members[i] =
            (struct member_line){library_member_id(rq->arena, members[i].member), members[i].name,
                                 members[i].email, members[i].since_ms, members[i].since_ms == 0};
    if (number > 1)
        page.newer = str_format(rq->arena, "?page=%lld", (long long)number - 1);
    if (number * MEMBERS_A_PAGE < s.members)
        page.older = str_format(rq->arena, "?page=%lld", (long long)number + 1);
    struct str title = str_format(
        rq->arena, "%s%.*s", rq->lang == LANG_ZH ? "成员：" : "Members: ", STR_ARG(s.group.name));
    return answer_titled_page(rq, "group-members", title, GROUP_MEMBERS_PAGE, &page);
}

const struct route route_group_members = {
    .method = "GET",
    .path = "/groups/{group}/members",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Who is in a group.",
    .zh = "群组成员名单。",
    .inputs = PAGE_INPUTS,
    .output = GROUP_MEMBERS_PAGE,
    .page = "group-members",
    .run = show_group_members,
};

static const struct input INVITE_INPUTS[] = {
    {.name = "emails",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 40000,
     .en = "E-mail addresses",
     .zh = "邮箱"},
    {0},
};

/* The members that the addresses name. Those that name nobody are told, some of them, in one message. */
static enum status find_invited(struct request *rq, int64_t *members, size_t *count,
                                struct error *err)
{
    struct str text = request_input(rq, "emails");
    struct buf unknown = {.arena = rq->arena};
    size_t nunknown = 0;
    *count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        while (at < text.len && !strchr(" \t\r\n,;", text.at[at]))
            at++;
        struct str email = str_slice(text, from, at - from);
        at += at < text.len;
        struct member m;
        if (email.len == 0)
            continue;
        if (*count == INVITED_MOST)
            return error_set(err, STATUS_INPUT, "At most %u at a time, please.",
                             "每次最多 %u 个邮箱。", INVITED_MOST);
        enum status status = library_find_member(rq->arena, rq->store, email, &m, err);
        if (status == STATUS_MISSING && nunknown++ < UNKNOWN_SHOWN)
            buf_format(&unknown, "%s%.*s", unknown.len ? ", " : "", STR_ARG(email));
        if (status && status != STATUS_MISSING)
            return status;
        if (!status)
            members[(*count)++] = m.id;
    }
    if (nunknown)
        return error_set(
            err, STATUS_INPUT,
            "Not on the list of members: %s%s. Invite them to the library first; nobody "
            "was put in the group yet.",
            "以下邮箱不在成员名单中：%s%s。请先邀请其成为成员；本次尚未添加任何人。", unknown.at,
            nunknown > UNKNOWN_SHOWN ? " …" : "");
    return STATUS_OK;
}

struct invite {
    int64_t group, now_ms;
    const int64_t *members;
    size_t nmembers;
};

static enum status invite_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct invite *in = context;
    enum status status = STATUS_OK;
    (void)scratch;
    for (size_t i = 0; !status && i < in->nmembers; i++)
        status = library_place_in_group(store, in->group, in->members[i], in->now_ms, err);
    return status;
}

static enum status invite_members(struct request *rq, struct error *err)
{
    struct group_sight s;
    int64_t *members = arena_array(rq->arena, INVITED_MOST, int64_t);
    struct invite in = {.now_ms = rq->now_ms, .members = members};
    enum status status = see(rq, &s, err);
    if (!status)
        status = find_invited(rq, members, &in.nmembers, err);
    if (status)
        return status;
    in.group = s.group.id;
    status = server_write(rq->server, request_actor(rq), invite_step, &in, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, rq->params[0], "/members"),
                                    "They are in the group now.", "已加入群组。");
}

const struct route route_group_invite = {
    .method = "POST",
    .path = "/groups/{group}/members",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Put members in a group by their e-mail addresses.",
    .zh = "按邮箱将成员加入群组。",
    .inputs = INVITE_INPUTS,
    .run = invite_members,
    .again = show_group_members,
};

static const struct input REMOVE_INPUTS[] = {
    {.name = "member",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 24,
     .en = "Member",
     .zh = "成员"},
    {0},
};

static enum status remove_member(struct request *rq, struct error *err)
{
    struct member m;
    struct group_change c = {0};
    enum status status =
        library_find_member(rq->arena, rq->store, request_input(rq, "member"), &m, err);
    if (status)
        return status;
    c.member = m.id;
    status = write_group(rq, leave_step, &c, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, rq->params[0], "/members"),
                                    "They are no longer in the group.", "已将其移出群组。");
}

const struct route route_group_remove = {
    .method = "POST",
    .path = "/groups/{group}/remove",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Take a member out of a group.",
    .zh = "将成员移出群组。",
    .inputs = REMOVE_INPUTS,
    .run = remove_member,
    .again = show_group_members,
};
