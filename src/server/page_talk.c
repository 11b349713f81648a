/* Talk in a group: threads, replies, mentions, a paper attached by its address. */
#include "server/internal.h"

#include "library/group.h"
#include "library/member.h"
#include "library/post.h"
#include "server/letter_text.h"
#include "server/talk_text.h"

#define STEWARDS       (ROLE_STEWARD | ROLE_OWNER)
#define THREADS_A_PAGE 20

/* The group that the address names, for who is in it or a steward; for others there is none. */
static enum status see(struct request *rq, struct group_sight *s, struct error *err)
{
    bool steward = request_may(rq, STEWARDS);
    enum status status = library_see_group(rq->arena, rq->store, rq->params[0], rq->viewer.member,
                                           steward, rq->now_ms, s, err);
    if (!status && !s->in && !steward)
        return error_set(err, STATUS_MISSING, "There is no such group.", "没有这个群组。");
    return status;
}

/* --- shown -------------------------------------------------------------------------------------- */

struct post_line {
    struct str key, thread, author, text, body, paper, paper_title, removed_why;
    bool reply, attached, removed, may_edit, may_remove, must_say_why, may_answer;
    int64_t created, edited;
};
static const struct field POST_LINE[] = {
    FIELD(TEXT, struct post_line, key),
    FIELD(TEXT, struct post_line, thread),
    FIELD(TEXT, struct post_line, author),
    FIELD(TEXT, struct post_line, text),
    FIELD_HIDDEN(MARKUP, struct post_line, body),
    FIELD(TEXT, struct post_line, paper),
    FIELD(TEXT, struct post_line, paper_title),
    FIELD(TEXT, struct post_line, removed_why),
    FIELD(FLAG, struct post_line, reply),
    FIELD(FLAG, struct post_line, attached),
    FIELD(FLAG, struct post_line, removed),
    FIELD(FLAG, struct post_line, may_edit),
    FIELD(FLAG, struct post_line, may_remove),
    FIELD_HIDDEN(FLAG, struct post_line, must_say_why),
    FIELD_HIDDEN(FLAG, struct post_line, may_answer),
    FIELD(TIME, struct post_line, created),
    FIELD(TIME, struct post_line, edited),
    {0},
};
struct talk_page {
    struct str group, name, newer, older, typed, paper, answered;
    bool closed;
    struct post_line *posts;
    size_t nposts;
};
static const struct field TALK_PAGE[] = {
    FIELD(TEXT, struct talk_page, group),
    FIELD(TEXT, struct talk_page, name),
    FIELD(TEXT, struct talk_page, newer),
    FIELD(TEXT, struct talk_page, older),
    FIELD_HIDDEN(TEXT, struct talk_page, typed),
    FIELD_HIDDEN(TEXT, struct talk_page, paper),
    FIELD_HIDDEN(TEXT, struct talk_page, answered),
    FIELD(FLAG, struct talk_page, closed),
    FIELD_OF_LIST(struct talk_page, posts, POST_LINE),
    {0},
};
static const struct input PAGE_INPUTS[] = {
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};

static struct post_line line_of(const struct request *rq, const struct post *p, bool closed)
{
    bool own = p->author == rq->viewer.member;
    bool there = p->removed_ms == 0;
    return (struct post_line){
        .key = p->key,
        .thread = p->thread.len ? p->thread : p->key,
        .author = p->name,
        .text = p->text,
        .paper = p->paper_key,
        .paper_title = p->paper_title,
        .removed_why = p->removed_why,
        .reply = p->thread.len > 0,
        .attached = p->attached,
        .removed = !there,
        .may_edit = there && own && !closed && rq->now_ms - p->created_ms <= POST_EDIT_MS,
        .may_remove = there && (own || request_may(rq, STEWARDS)),
        .must_say_why = !own,
        .may_answer = !p->thread.len && !closed,
        .created = p->created_ms,
        .edited = there ? p->edited_ms : 0,
    };
}

static enum status write_body(struct request *rq, const struct post *p, struct str site,
                              struct str *body, struct error *err)
{
    struct buf html = {.arena = rq->arena};
    struct str *names = NULL;
    size_t count = 0;
    enum status status = STATUS_OK;
    if (str_find(p->text, STR("@"), 0) != SIZE_MAX)
        status = library_mentioned_names(rq->arena, rq->store, p->id, &names, &count, err);
    if (!status && p->text.len)
        talk_write_text(&html, p->text, site, names, count);
    *body = buf_str(&html);
    return status;
}

static enum status fill_posts(struct request *rq, const struct post *posts, struct talk_page *page,
                              struct error *err)
{
    struct str site;
    enum status status = letter_site_url(rq->arena, rq->server, rq->store, &site, err);
    page->posts = arena_array(rq->arena, page->nposts, struct post_line);
    for (size_t i = 0; !status && i < page->nposts; i++) {
        page->posts[i] = line_of(rq, &posts[i], page->closed);
        status = write_body(rq, &posts[i], site, &page->posts[i].body, err);
    }
    return status;
}

static enum status show_talk(struct request *rq, struct error *err)
{
    struct group_sight s;
    struct post *posts = NULL;
    struct talk_page page = {0};
    bool more = false;
    int64_t number = rq->post ? 1 : request_number(rq, "page");
    number = number ? number : 1;
    enum status status = see(rq, &s, err);
    if (!status)
        status = library_list_posts(rq->arena, rq->store, s.group.id, rq->viewer.member, rq->now_ms,
                                    (number - 1) * THREADS_A_PAGE, THREADS_A_PAGE, &posts,
                                    &page.nposts, &more, err);
    if (status)
        return status;
    page.group = s.group.key;
    page.name = s.group.name;
    page.closed = s.group.closed_ms != 0;
    page.typed = request_input(rq, "text");
    page.paper = request_input(rq, "paper");
    page.answered = request_input(rq, "thread");
    status = fill_posts(rq, posts, &page, err);
    if (status)
        return status;
    if (number > 1)
        page.newer = str_format(rq->arena, "?page=%lld", (long long)number - 1);
    if (more)
        page.older = str_format(rq->arena, "?page=%lld", (long long)number + 1);
    struct str title = str_format(rq->arena, "%s%.*s",
                                  rq->lang == LANG_ZH ? "讨论：" : "Talk: ", STR_ARG(s.group.name));
    return answer_titled_page(rq, "talk", title, TALK_PAGE, &page);
}

const struct route route_talk = {
    .method = "GET",
    .path = "/groups/{group}/talk",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "What the members of a group say to each other.",
    .zh = "群组成员的讨论。",
    .inputs = PAGE_INPUTS,
    .output = TALK_PAGE,
    .page = "talk",
    .run = show_talk,
};

/* --- written ------------------------------------------------------------------------------------ */

#define TEXT_INPUT                                                                      \
    {                                                                                   \
        .name = "text", .kind = INPUT_LONG_TEXT, .needed = true, .most = POST_TEXT_MAX, \
        .en = "What you say", .zh = "内容"                                            \
    }

static const struct input WRITE_INPUTS[] = {
    TEXT_INPUT,
    {.name = "thread",
     .kind = INPUT_TEXT,
     .most = 40,
     .en = "Post that it answers",
     .zh = "所回复的帖子"},
    {.name = "paper", .kind = INPUT_TEXT, .most = 400, .en = "Paper", .zh = "文稿"},
    {0},
};

struct talking {
    struct new_post post;
    struct str key, why;
    bool steward;
    int64_t now_ms;
};

/* Runs a step over the group that the address names. */
static enum status write_talk(struct request *rq, server_write_step step, struct talking *t,
                              struct error *err)
{
    struct group_sight s;
    enum status status = see(rq, &s, err);
    if (status)
        return status;
    t->post.group = s.group.id;
    t->post.author = rq->viewer.member;
    t->steward = request_may(rq, STEWARDS);
    t->now_ms = rq->now_ms;
    return server_write(rq->server, request_actor(rq), step, t, err);
}

static struct str talk_path(const struct request *rq)
{
    return str_format(rq->arena, "/groups/%.*s/talk", STR_ARG(rq->params[0]));
}

/* "/papers/KEY", "https://…/papers/KEY/2" or KEY alone → KEY. */
static struct str paper_key(struct str typed)
{
    size_t at = str_find(typed, STR("/papers/"), 0);
    struct str rest = at == SIZE_MAX ? typed : str_slice(typed, at + 8, typed.len);
    struct str key = rest;
    (void)str_split(&rest, '/', &key);
    return key;
}

static enum status write_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct talking *t = context;
    return library_write_post(scratch, store, &t->post, t->now_ms, err);
}

static enum status write_post(struct request *rq, struct error *err)
{
    struct talking t = {.post = {.text = request_input(rq, "text"),
                                 .thread = request_input(rq, "thread"),
                                 .paper = paper_key(request_input(rq, "paper"))}};
    enum status status = write_talk(rq, write_step, &t, err);
    if (status == STATUS_MISSING && t.post.group) {
        err->status = STATUS_INPUT; /* of the form, so that it comes back as it was typed */
        return STATUS_INPUT;
    }
    return status ? status : answer_redirect(rq, talk_path(rq), "It is posted.", "已发布。");
}

const struct route route_talk_write = {
    .method = "POST",
    .path = "/groups/{group}/talk",
    .roles = ROLE_MEMBER,
    .en = "Post in a group, or answer a post.",
    .zh = "在群组中发言或回复。",
    .inputs = WRITE_INPUTS,
    .run = write_post,
    .again = show_talk,
};

/* --- edited and removed ------------------------------------------------------------------------- */

#define POST_INPUT                                                                                   \
    {                                                                                                \
        .name = "post", .kind = INPUT_TEXT, .needed = true, .most = 40, .en = "Post", .zh = "发言" \
    }

static const struct input EDIT_INPUTS[] = {POST_INPUT, TEXT_INPUT, {0}};
static const struct input REMOVE_INPUTS[] = {
    POST_INPUT,
    {.name = "why", .kind = INPUT_TEXT, .most = 200, .en = "Reason", .zh = "理由"},
    {0},
};

static enum status edit_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct talking *t = context;
    return library_edit_post(scratch, store, t->post.group, t->post.author, t->key, t->post.text,
                             t->now_ms, err);
}

static enum status edit_post(struct request *rq, struct error *err)
{
    struct talking t = {.key = request_input(rq, "post"),
                        .post = {.text = request_input(rq, "text")}};
    enum status status = write_talk(rq, edit_step, &t, err);
    return status ? status : answer_redirect(rq, talk_path(rq), "It is changed.", "已修改。");
}

const struct route route_talk_edit = {
    .method = "POST",
    .path = "/groups/{group}/talk/edit",
    .roles = ROLE_MEMBER,
    .en = "Change one's own post, within an hour.",
    .zh = "在一小时内修改自己的发言。",
    .inputs = EDIT_INPUTS,
    .run = edit_post,
    .again = show_talk,
};

static enum status remove_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct talking *t = context;
    return library_remove_post(scratch, store, t->post.group, t->post.author, t->steward, t->key,
                               t->why, t->now_ms, err);
}

static enum status remove_post(struct request *rq, struct error *err)
{
    struct talking t = {.key = request_input(rq, "post"), .why = request_input(rq, "why")};
    enum status status = write_talk(rq, remove_step, &t, err);
    return status ? status : answer_redirect(rq, talk_path(rq), "It is removed.", "已移除。");
}

const struct route route_talk_remove = {
    .method = "POST",
    .path = "/groups/{group}/talk/remove",
    .roles = ROLE_MEMBER,
    .en = "Remove one's own post, or as a steward anybody's, with a reason.",
    .zh = "移除自己的发言；管理员可移除他人发言，须说明理由。",
    .inputs = REMOVE_INPUTS,
    .run = remove_post,
    .again = show_talk,
};
