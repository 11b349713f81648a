/* Members, for stewards: the list, adding one, a file, inviting all. One member's page is
 * page_member.c. */
#include "server/internal.h"

#include <string.h>

#include "format/format.h"
#include "library/account.h"
#include "library/letter.h"
#include "library/member.h"
#include "library/ticket.h"
#include "server/page_members.h"

#define ROWS         50
#define INVITED_MOST 500 /* links made and shown at once */

/* --- words ---------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *en, *zh;
} STATES[] = {
    {"listed", "on the list, not invited", "仅在名单，未邀请"},
    {"invited", "invited", "已邀请"},
    {"active", "has an account", "已开通账户"},
    {"suspended", "suspended", "已暂停"},
    {"roles", "with a role", "有角色"},
};

struct str page_members_state_words(struct request *rq, struct str state)
{
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        if (str_equal(state, str_of(STATES[i].name)))
            return request_words(rq, STATES[i].en, STATES[i].zh);
    return STR("");
}

/* "editor: writes and publishes" → "editor". */
static struct str role_short(const struct request *rq, const struct account_role *role)
{
    struct str words = request_words(rq, role->en, role->zh);
    size_t end = str_find(words, rq->lang == LANG_ZH ? STR("：") : STR(":"), 0);
    return end == SIZE_MAX ? words : str_slice(words, 0, end);
}

struct str page_members_role_words(struct request *rq, struct str roles)
{
    struct buf out = {.arena = rq->arena};
    for (const struct account_role *r = account_roles; r->name; r++) {
        struct str rest = roles;
        struct str one;
        while (str_split(&rest, ' ', &one))
            if (str_equal(one, str_of(r->name)))
                buf_format(&out, "%s%.*s", out.len ? lang_pick(rq->lang, ", ", "、") : "",
                           STR_ARG(role_short(rq, r)));
    }
    return buf_str(&out);
}

bool page_members_may_change(const struct request *rq, const struct roster_member *member)
{
    return request_may(rq, ROLE_OWNER) || member->roles.len == 0;
}

/* --- the list ------------------------------------------------------------------------------------- */

struct member_row {
    struct str member, key, member_name, email, groups, state, state_words, roles;
    int64_t seen;
    bool good, bad;
};
struct state_choice {
    struct str state, words;
    bool chosen;
};
struct members_page {
    struct str search;
    struct member_row *members;
    size_t nmembers;
    int64_t count;
    struct state_choice *states;
    size_t nstates;
    struct str previous, next;
    bool can_mail;
    struct str typed_name, typed_email, typed_group;
};

static const struct field MEMBER_ROW[] = {
    FIELD(TEXT, struct member_row, member),
    FIELD(TEXT, struct member_row, key),
    {.kind = FIELD_TEXT, .name = "name", .at = offsetof(struct member_row, member_name)},
    FIELD(TEXT, struct member_row, email),
    FIELD(TEXT, struct member_row, groups),
    FIELD(TEXT, struct member_row, state),
    FIELD_HIDDEN(TEXT, struct member_row, state_words),
    FIELD(TEXT, struct member_row, roles),
    FIELD(TIME, struct member_row, seen),
    FIELD_HIDDEN(FLAG, struct member_row, good),
    FIELD_HIDDEN(FLAG, struct member_row, bad),
    {0},
};
static const struct field STATE_CHOICE[] = {
    FIELD(TEXT, struct state_choice, state),
    FIELD(TEXT, struct state_choice, words),
    FIELD(FLAG, struct state_choice, chosen),
    {0},
};
static const struct field MEMBERS_PAGE[] = {
    FIELD(TEXT, struct members_page, search),
    FIELD_OF_LIST(struct members_page, members, MEMBER_ROW),
    FIELD(NUMBER, struct members_page, count),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "states",
     .at = offsetof(struct members_page, states),
     .parts = STATE_CHOICE,
     .count_at = offsetof(struct members_page, nstates),
     .size = sizeof(struct state_choice)},
    FIELD(TEXT, struct members_page, previous),
    FIELD(TEXT, struct members_page, next),
    FIELD_HIDDEN(FLAG, struct members_page, can_mail),
    FIELD_HIDDEN(TEXT, struct members_page, typed_name),
    FIELD_HIDDEN(TEXT, struct members_page, typed_email),
    FIELD_HIDDEN(TEXT, struct members_page, typed_group),
    {0},
};
static const struct input MEMBERS_QUERY[] = {
    {.name = "search", .kind = INPUT_TEXT, .en = "Search", .zh = "搜索"},
    {.name = "state", .kind = INPUT_TEXT, .most = 10, .en = "State", .zh = "状态"},
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};

static struct str page_path(struct request *rq, struct str search, struct str state, int64_t page)
{
    struct buf path = {.arena = rq->arena};
    buf_format(&path, "/members?page=%lld&state=", (long long)page);
    answer_escape_query(&path, state);
    buf_add(&path, STR("&search="));
    answer_escape_query(&path, search);
    return buf_str(&path);
}

static void fill_rows(struct request *rq, struct members_page *page,
                      const struct roster_member *members)
{
    page->members = arena_array(rq->arena, page->nmembers, struct member_row);
    for (size_t i = 0; i < page->nmembers; i++) {
        const struct roster_member *m = &members[i];
        page->members[i] = (struct member_row){
            .member = library_member_id(rq->arena, m->id),
            .key = m->key,
            .member_name = m->name,
            .email = m->email,
            .groups = m->groups,
            .state = m->state,
            .state_words = page_members_state_words(rq, m->state),
            .roles = page_members_role_words(rq, m->roles),
            .seen = m->seen_ms,
            .good = str_equal(m->state, STR("active")),
            .bad = str_equal(m->state, STR("suspended")),
        };
    }
}

static void fill_states(struct request *rq, struct members_page *page, struct str chosen)
{
    page->nstates = sizeof STATES / sizeof *STATES;
    page->states = arena_array(rq->arena, page->nstates, struct state_choice);
    for (size_t i = 0; i < page->nstates; i++)
        page->states[i] = (struct state_choice){str_of(STATES[i].name),
                                                request_words(rq, STATES[i].en, STATES[i].zh),
                                                str_equal(chosen, str_of(STATES[i].name))};
}

static enum status show_members(struct request *rq, struct error *err)
{
    bool asked = !rq->post; /* else a form of the page comes back, beside the whole list */
    int64_t number = asked && request_number(rq, "page") ? request_number(rq, "page") : 1;
    struct roster_question question = {
        .search = asked ? request_input(rq, "search") : STR(""),
        .state = asked ? request_input(rq, "state") : STR(""),
        .now_ms = rq->now_ms,
        .from = (number - 1) * ROWS,
        .most = ROWS,
    };
    struct members_page page = {.search = question.search};
    struct roster_member *members;
    enum status status =
        roster_list(rq->arena, rq->store, &question, &members, &page.nmembers, &page.count, err);
    if (!status)
        status = library_can_mail(rq->store, &page.can_mail, err);
    if (status)
        return status;
    fill_rows(rq, &page, members);
    fill_states(rq, &page, question.state);
    if (rq->post) {
        page.typed_name = request_input(rq, "name");
        page.typed_email = request_input(rq, "email");
        page.typed_group = request_input(rq, "group");
    }
    if (number > 1)
        page.previous = page_path(rq, question.search, question.state, number - 1);
    if (question.from + ROWS < page.count)
        page.next = page_path(rq, question.search, question.state, number + 1);
    return answer_page(rq, "members", "Members", "成员", MEMBERS_PAGE, &page);
}

const struct route route_members = {
    .method = "GET",
    .path = "/members",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "The members, 50 a page, by search and state.",
    .zh = "成员名单，每页 50 人，可按文字和状态筛选。",
    .inputs = MEMBERS_QUERY,
    .output = MEMBERS_PAGE,
    .page = "members",
    .run = show_members,
};

/* --- adding one ----------------------------------------------------------------------------------- */

static const struct input ADD_INPUTS[] = {
    {.name = "name", .kind = INPUT_TEXT, .needed = true, .most = 100, .en = "Name", .zh = "姓名"},
    {.name = "email",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "E-mail",
     .zh = "邮箱"},
    {.name = "group", .kind = INPUT_TEXT, .most = 100, .en = "Group", .zh = "分组"},
    {0},
};

static enum status add_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    (void)scratch;
    return library_add_member(store, context, err);
}

static enum status add_member(struct request *rq, struct error *err)
{
    struct error reason = {0};
    struct member m = {.name = request_input(rq, "name"),
                       .email = request_input(rq, "email"),
                       .group = request_input(rq, "group")};
    enum status status = server_write(rq->server, request_actor(rq), add_step, &m, &reason);
    if (status)
        return error_within(err, &reason, "The member was not added: ", "未能添加成员：");
    struct str key;
    status = library_member_key(rq->arena, rq->store, m.id, &key, err);
    if (status)
        return status;
    return answer_redirect(rq, str_format(rq->arena, "/members/%.*s", STR_ARG(key)),
                           "Added. Invite them now, or later.", "已添加，可现在或稍后邀请。");
}

const struct route route_members_add = {
    .method = "POST",
    .path = "/members",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "Add a member to the list.",
    .zh = "向名单添加一名成员。",
    .inputs = ADD_INPUTS,
    .run = add_member,
    .again = show_members,
};

/* --- a file --------------------------------------------------------------------------------------- */

struct bad_row {
    int64_t line;
    struct str line_text, reason;
};
struct import_page {
    struct str file;
    bool taken;
    int64_t imported, bad_count, more;
    struct bad_row *bad;
    size_t nbad;
};
static const struct field BAD_ROW[] = {
    FIELD(NUMBER, struct bad_row, line),
    FIELD_HIDDEN(TEXT, struct bad_row, line_text),
    FIELD(TEXT, struct bad_row, reason),
    {0},
};
static const struct field IMPORT_PAGE[] = {
    FIELD(TEXT, struct import_page, file),
    FIELD(FLAG, struct import_page, taken),
    FIELD(NUMBER, struct import_page, imported),
    FIELD(NUMBER, struct import_page, bad_count),
    FIELD_HIDDEN(NUMBER, struct import_page, more),
    FIELD_OF_LIST(struct import_page, bad, BAD_ROW),
    {0},
};
static const struct input IMPORT_INPUTS[] = {
    {.name = "file", .kind = INPUT_FILE, .needed = true, .en = "File", .zh = "文件"},
    {.name = "skip_bad", .kind = INPUT_FLAG, .en = "Skip bad lines", .zh = "跳过有误的行"},
    {0},
};

struct importing {
    struct arena *arena; /* the reasons outlive the writer's scratch */
    struct str name, csv;
    struct digest digest;
    struct import import;
};

static enum status import_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct importing *i = context;
    (void)scratch;
    return library_import_members(i->arena, store, i->name, &i->digest, i->csv, &i->import, err);
}

static enum status show_import(struct request *rq, const struct importing *i, enum status status)
{
    const struct import *import = &i->import;
    struct import_page page = {
        .file = i->name,
        .taken = status == STATUS_OK,
        .imported = status ? 0 : (int64_t)import->imported,
        .bad_count = (int64_t)import->bad_count,
        .more = (int64_t)(import->bad_count - import->nbad),
        .bad = arena_array(rq->arena, import->nbad, struct bad_row),
        .nbad = import->nbad,
    };
    for (size_t n = 0; n < import->nbad; n++)
        page.bad[n] =
            (struct bad_row){(int64_t)import->bad[n].line,
                             str_format(rq->arena, "%lld", (long long)import->bad[n].line),
                             request_words(rq, import->bad[n].reason.en, import->bad[n].reason.zh)};
    enum status shown = answer_page(rq, "members-import", "Import", "导入", IMPORT_PAGE, &page);
    if (!shown && status)
        rq->answer.code = answer_code_of(status);
    return shown;
}

static enum status import_members(struct request *rq, struct error *err)
{
    const struct upload *file = request_upload(rq, "file");
    const char *encoding;
    struct importing i = {
        .arena = rq->arena,
        .name = file->file,
        .digest = digest_of(file->bytes),
        .import = {.skip_bad = request_number(rq, "skip_bad") != 0},
    };
    enum status status = format_decode(rq->arena, file->bytes, &i.csv, &encoding, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), import_step, &i, err);
    if (status && i.import.bad_count == 0)
        return status;
    return show_import(rq, &i, status);
}

const struct route route_members_import = {
    .method = "POST",
    .path = "/members/import",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "Import members from a CSV file; bad lines are named by number.",
    .zh = "从 CSV 文件导入成员，有误的行按行号列出。",
    .inputs = IMPORT_INPUTS,
    .output = IMPORT_PAGE,
    .page = "members-import",
    .uploads = true,
    .run = import_members,
    .again = show_members,
};

/* --- inviting all --------------------------------------------------------------------------------- */

struct invited_page {
    struct invited_line *invited;
    size_t ninvited;
    bool mailed, guessed;
    int64_t left;
};
static const struct field INVITED_LINE[] = {
    FIELD(TEXT, struct invited_line, member),
    FIELD(TEXT, struct invited_line, key),
    {.kind = FIELD_TEXT, .name = "name", .at = offsetof(struct invited_line, invited_name)},
    FIELD(TEXT, struct invited_line, email),
    FIELD(TEXT, struct invited_line, link),
    {0},
};
const struct field page_members_invited_fields[] = {
    FIELD_OF_LIST(struct invited_page, invited, INVITED_LINE),
    FIELD(FLAG, struct invited_page, mailed),
    FIELD_HIDDEN(FLAG, struct invited_page, guessed),
    FIELD(NUMBER, struct invited_page, left),
    {0},
};

enum status page_members_show_invited(struct request *rq, struct invited_line *lines, size_t count,
                                      bool mailed, int64_t left)
{
    struct invited_page page = {lines, count, mailed, false, left};
    page.guessed = count > 0 && str_starts(lines[0].link, STR("/"));
    for (size_t i = 0; i < count; i++)
        lines[i].link = answer_whole_address(rq, lines[i].link);
    return answer_page(rq, "members-invited", "Invitations", "邀请", page_members_invited_fields,
                       &page);
}

struct inviting {
    struct request *rq;
    struct invited_line *lines;
    size_t count;
    int64_t all;
};

static enum status invite_one(struct store *store, struct inviting *i,
                              const struct roster_member *m, struct error *err)
{
    struct arena *arena = i->rq->arena;
    struct str path;
    struct invited_line *line = &i->lines[i->count];
    enum status status = account_invite(arena, store, m->id, i->rq->now_ms, &path, err);
    if (!status)
        status = account_mail_invitation(arena, store, m->id, path, err);
    *line = (struct invited_line){library_member_id(arena, m->id), m->key, m->name, m->email, path};
    if (!status)
        status = ticket_address(arena, store, path, &line->link, err);
    i->count += !status;
    return status;
}

/* Whoever is invited already keeps the link they have; who has a role is the owner's to invite. */
static enum status invite_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct inviting *i = context;
    const struct roster_question question = {
        .search = STR(""), .state = STR("listed"), .now_ms = i->rq->now_ms, .most = INVITED_MOST};
    struct roster_member *members;
    size_t count;
    (void)scratch;
    enum status status =
        roster_list(i->rq->arena, store, &question, &members, &count, &i->all, err);
    for (size_t n = 0; !status && n < count; n++)
        if (page_members_may_change(i->rq, &members[n]))
            status = invite_one(store, i, &members[n], err);
    return status;
}

static enum status invite_all(struct request *rq, struct error *err)
{
    struct inviting i = {.rq = rq};
    bool mailed;
    i.lines = arena_array(rq->arena, INVITED_MOST, struct invited_line);
    enum status status = library_can_mail(rq->store, &mailed, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), invite_step, &i, err);
    if (!status && i.count == 0)
        return answer_redirect(rq, STR("/members"), "Everybody is invited already.",
                               "所有成员均已邀请。");
    return status
               ? status
               : page_members_show_invited(rq, i.lines, i.count, mailed, i.all - (int64_t)i.count);
}

const struct route route_members_invite = {
    .method = "POST",
    .path = "/members/invite",
    .roles = MEMBER_STEWARDS,
    .scope = "manage",
    .en = "Invite everybody on the list who was not invited, up to 500 at once; answers with the "
          "links.",
    .zh = "邀请名单中尚未邀请的成员，一次最多 500 人，并给出链接。",
    .output = page_members_invited_fields,
    .page = "members-invited",
    .run = invite_all,
    .again = show_members,
};
