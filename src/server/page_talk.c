/* Talk in a group or under a paper: threads, replies, mentions, a paper attached by its address, a passage quoted.
 *
 * The same addresses hang under "/groups/{group}" and "/papers/{paper}", and the same handlers stand behind both:
 * who may be there is all that differs. */
#include "server/internal.h"

#include <string.h>

#include "library/group.h"
#include "library/member.h"
#include "library/offer.h"
#include "library/post.h"
#include "library/quotation.h"
#include "library/search.h"
#include "server/letter_text.h"
#include "server/reader.h"
#include "server/shelf.h"
#include "server/talk_text.h"

#define STEWARDS       (ROLE_STEWARD | ROLE_OWNER)
#define THREADS_A_PAGE 20
#define QUOTED_MOST    50U /* passages shown on one page; further ones stay closed */
#define QUOTED_EN                                                                               \
    "Words of a paper are shown as a quotation now: each reader sees them in their own copy's " \
    "words, so that yours give you away to nobody."
#define UNMET_EN \
    " Not every @ is followed by the full name of somebody here, so not everybody meant is told."
#define UNMET_ZH "有的 @ 后面不是此处成员的全名，未能通知对方。"
#define QUOTED_ZH \
    "所贴的文稿原文已改为引文：每位读者看到的是自己副本中的文字，不会泄露您副本的标记。"

/* Where a request's talk is. */
struct talk_place {
    struct post_place at;
    struct str name, home; /* "/papers/KEY" */
    struct str lang;       /* of the name */
    bool closed, refused;  /* refused: the answer says why the paper is not open */
};

static struct str home_of(const struct request *rq)
{
    const char *under =
        str_starts(str_of(rq->route->path), STR("/papers/")) ? "/papers" : "/groups";
    return str_format(rq->arena, "%s/%.*s", under, STR_ARG(rq->params[0]));
}

/* The group that the address names, for who is in it or a steward; for others there is none. */
static enum status see_group(struct request *rq, struct talk_place *place, struct error *err)
{
    struct group_sight s;
    bool steward = request_may(rq, STEWARDS);
    enum status status = library_see_group(rq->arena, rq->store, rq->params[0], rq->viewer.member,
                                           steward, rq->now_ms, &s, err);
    if (!status && !s.in && !steward)
        return error_set(err, STATUS_MISSING, "There is no such group.", "没有这个群组。");
    if (!status) {
        place->at.group = s.group.id;
        place->name = s.group.name;
        place->closed = s.group.closed_ms != 0;
    }
    return status;
}

/* The paper, for whom it is open to. */
static enum status see_paper(struct request *rq, struct talk_place *place, struct error *err)
{
    struct reader r;
    enum status status = reader_open(rq, rq->params[0], STR(""), &r, err);
    place->refused = !status && r.refused;
    if (!status && !r.refused) {
        place->at.paper = r.offer.paper;
        place->name = r.edition.title;
        place->lang = r.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en");
    }
    return status;
}

static enum status see(struct request *rq, struct talk_place *place, struct error *err)
{
    *place = (struct talk_place){.home = home_of(rq)};
    return str_starts(place->home, STR("/papers/")) ? see_paper(rq, place, err)
                                                    : see_group(rq, place, err);
}

static struct str post_path(const struct request *rq, struct str key)
{
    return str_format(rq->arena, "%.*s/talk/%.*s", STR_ARG(home_of(rq)), STR_ARG(key));
}

/* --- shown -------------------------------------------------------------------------------------- */

struct former_line {
    struct str text, body;
    int64_t until;
};
static const struct field FORMER_LINE[] = {
    FIELD(TEXT, struct former_line, text),
    FIELD_HIDDEN(MARKUP, struct former_line, body),
    FIELD(TIME, struct former_line, until),
    {0},
};
struct post_line {
    struct str key, thread, author, text, body, paper, paper_title, removed_why;
    bool reply, attached, removed, hidden, may_edit, may_remove, may_hide, may_unhide, may_answer,
        edited_before;
    int64_t created, edited;
    struct former_line *former;
    size_t nformer;
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
    FIELD(FLAG, struct post_line, hidden),
    FIELD(FLAG, struct post_line, may_edit),
    FIELD(FLAG, struct post_line, may_remove),
    FIELD(FLAG, struct post_line, may_hide),
    FIELD(FLAG, struct post_line, may_unhide),
    FIELD_HIDDEN(FLAG, struct post_line, may_answer),
    FIELD_HIDDEN(FLAG, struct post_line, edited_before),
    FIELD_OF_LIST(struct post_line, former, FORMER_LINE),
    FIELD(TIME, struct post_line, created),
    FIELD(TIME, struct post_line, edited),
    {0},
};
struct talk_page {
    struct str home, name, name_lang, newer, older, typed, paper, answered, answered_name;
    struct str passage, quoted; /* as in the address, and as the reader is shown it */
    bool closed, group;
    int64_t page, edition;
    struct post_line *posts;
    struct shelf_choice *attachables;
    size_t nposts, nattachables;
};
static const struct field TALK_PAGE[] = {
    FIELD(TEXT, struct talk_page, home),
    FIELD(TEXT, struct talk_page, name),
    FIELD_HIDDEN(TEXT, struct talk_page, name_lang),
    FIELD(TEXT, struct talk_page, newer),
    FIELD(TEXT, struct talk_page, older),
    FIELD_HIDDEN(TEXT, struct talk_page, typed),
    FIELD_HIDDEN(TEXT, struct talk_page, paper),
    FIELD_HIDDEN(TEXT, struct talk_page, answered),
    FIELD_HIDDEN(TEXT, struct talk_page, answered_name),
    FIELD_HIDDEN(TEXT, struct talk_page, passage),
    FIELD_HIDDEN(MARKUP, struct talk_page, quoted),
    FIELD_HIDDEN(NUMBER, struct talk_page, edition),
    FIELD_HIDDEN(FLAG, struct talk_page, group),
    FIELD(NUMBER, struct talk_page, page),
    FIELD(FLAG, struct talk_page, closed),
    FIELD_OF_LIST(struct talk_page, posts, POST_LINE),
    FIELD_HIDDEN_LIST(struct talk_page, attachables, SHELF_CHOICE),
    {0},
};
#define PASSAGE_MOST 400
#define PASSAGE_INPUTS                                                                                   \
    {.name = "passage",                                                                                  \
     .kind = INPUT_TEXT,                                                                                 \
     .most = PASSAGE_MOST,                                                                               \
     .en =                                                                                               \
         "Passage to quote: p3, or p3.10-42 for the sentences of characters 10 to 41 in one's own copy", \
     .zh = "要引用的段落：p3；或 p3.10-42，即本人副本该段第 10 至 41 个字符所在的句子"},                 \
    {                                                                                                    \
        .name = "edition", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Edition",           \
        .zh = "版本"                                                                                   \
    }

static const struct input PAGE_INPUTS[] = {
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {.name = "quote", .kind = INPUT_TEXT, .most = 40, .en = "Post to quote", .zh = "引用的帖子"},
    PASSAGE_INPUTS,
    {0},
};

static struct post_line line_of(const struct request *rq, const struct post *p, bool closed)
{
    bool own = p->author == rq->viewer.member;
    bool steward = request_may(rq, STEWARDS);
    bool there = p->removed_ms == 0;
    bool hidden = p->removed_why.len > 0;
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
        .hidden = hidden,
        .may_edit = there && own && !closed && rq->now_ms - p->created_ms <= POST_EDIT_MS,
        .may_remove = there && own,
        .may_hide = there && !own && steward,
        .may_unhide = hidden && steward,
        .may_answer = there && !closed,
        .created = p->created_ms,
        .edited = there ? p->edited_ms : 0,
    };
}

struct names {
    struct str *at;
    size_t count;
};

/* Passages of the reader's own copies that the page shows, to be put on record. */
struct shown {
    struct search_hit hits[QUOTED_MOST];
    size_t count;
};

static void write_quotation(struct request *rq, const struct quotation_sight *s, struct buf *html)
{
    struct str rest = s->words;
    struct str line;
    buf_format(html, "<blockquote lang=\"%s\">", s->lang == LANG_ZH ? "zh-Hans" : "en");
    while (str_split(&rest, '\n', &line)) {
        buf_add(html, STR("<p>"));
        template_escape(html, line);
        buf_add(html, STR("</p>"));
    }
    buf_add(html, STR("<p class=\"meta\"><a href=\""));
    template_escape(html, s->path);
    buf_add(html, STR("\">"));
    template_escape(html, s->title);
    buf_format(html, "</a> <span lang=\"%s\">", rq->lang == LANG_ZH ? "zh-Hans" : "en");
    buf_add(html, request_words(rq, "in the words of your own copy", "以您本人副本的文字显示"));
    buf_add(html, STR("</span></p></blockquote>\n"));
}

static void add_sight(struct request *rq, const struct quotation_sight *s, struct shown *shown,
                      struct buf *html)
{
    shown->hits[shown->count++] =
        (struct search_hit){.paper = s->paper, .edition = s->edition, .excerpt = s->words};
    write_quotation(rq, s, html);
}

/* The passage in the reader's own words; else that there is one. */
static void add_quotation(struct request *rq, struct str key, struct shown *shown, struct buf *html)
{
    struct quotation_sight s = {0};
    enum status status = STATUS_OK;
    if (shown->count < QUOTED_MOST)
        status = library_see_quotation(rq->arena, rq->store, key, rq->viewer.member, rq->now_ms, &s,
                                       NULL);
    if (!status && s.open) {
        add_sight(rq, &s, shown, html);
        return;
    }
    buf_add(html, STR("<blockquote><p class=\"hint\">"));
    buf_add(html, request_words(rq, "A passage of a paper that is not open to you.",
                                "引自您无权阅读的文稿。"));
    buf_add(html, STR("</p></blockquote>\n"));
}

static struct str body_of(struct request *rq, struct str text, struct str site,
                          const struct names *names, struct shown *shown)
{
    struct buf html = {.arena = rq->arena};
    struct str rest = text;
    struct str line;
    size_t from = 0;
    while (str_split(&rest, '\n', &line)) {
        struct str key = library_quotation_key(line);
        size_t at = (size_t)(line.at - text.at);
        if (!key.len)
            continue;
        struct str before = str_trim(str_slice(text, from, at - from));
        if (before.len)
            talk_write_text(&html, before, site, names->at, names->count);
        add_quotation(rq, key, shown, &html);
        from = at + line.len;
    }
    struct str last = from ? str_trim(str_slice(text, from, text.len)) : text;
    if (last.len || !from)
        talk_write_text(&html, last, site, names->at, names->count);
    return buf_str(&html);
}

/* What a post says and said before. */
static enum status write_body(struct request *rq, const struct post *p, struct str site,
                              struct shown *shown, struct post_line *line, struct error *err)
{
    struct names names = {0};
    struct former_text *former = NULL;
    enum status status = STATUS_OK;
    if (str_find(p->text, STR("@"), 0) != SIZE_MAX)
        status = library_mentioned_names(rq->arena, rq->store, p->id, &names.at, &names.count, err);
    line->body = body_of(rq, p->text, site, &names, shown);
    if (!status && line->edited)
        status =
            library_list_former_texts(rq->arena, rq->store, p->id, &former, &line->nformer, err);
    line->edited_before = line->nformer > 0;
    line->former = arena_array(rq->arena, line->nformer, struct former_line);
    for (size_t i = 0; i < line->nformer; i++)
        line->former[i] = (struct former_line){
            former[i].text, body_of(rq, former[i].text, site, &names, shown), former[i].until_ms};
    return status;
}

struct glimpses {
    int64_t member;
    const struct shown *shown;
};

static enum status record_shown(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct glimpses *g = context;
    (void)scratch;
    return library_record_glimpses(store, g->member, g->shown->hits, g->shown->count, err);
}

/* Words of a copy leave only once it is on record that they did. */
static enum status keep_shown(struct request *rq, const struct shown *shown, struct error *err)
{
    struct glimpses g = {rq->viewer.member, shown};
    bool known = true;
    enum status status =
        library_find_glimpses(rq->store, rq->viewer.member, shown->hits, shown->count, &known, err);
    if (status || known)
        return status;
    return server_write(rq->server, request_actor(rq), record_shown, &g, err);
}

static enum status fill_posts(struct request *rq, const struct post *posts, struct talk_page *page,
                              struct shown *shown, struct error *err)
{
    struct str site;
    enum status status = letter_site_url(rq->arena, rq->server, rq->store, &site, err);
    page->posts = arena_array(rq->arena, page->nposts, struct post_line);
    for (size_t i = 0; !status && i < page->nposts; i++) {
        page->posts[i] = line_of(rq, &posts[i], page->closed);
        status = write_body(rq, &posts[i], site, shown, &page->posts[i], err);
    }
    return status;
}

struct seen_posts {
    int64_t member;
    const struct post *posts;
    size_t count;
};

static enum status see_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct seen_posts *seen = context;
    enum status status = STATUS_OK;
    (void)scratch;
    for (size_t i = 0; !status && i < seen->count; i++)
        status = library_see_post(store, seen->member, seen->posts[i].id, err);
    return status;
}

/* What a page shows is news no longer; a script that looks has shown it to nobody. */
static enum status mark_seen(struct request *rq, struct post_place place, const struct post *posts,
                             size_t count, struct error *err)
{
    struct seen_posts seen = {rq->viewer.member, posts, count};
    bool any = false;
    enum status status = rq->wants_json
                             ? STATUS_OK
                             : library_any_unseen_posts(rq->store, place, seen.member, &any, err);
    return status || !any ? status
                          : server_write(rq->server, request_actor(rq), see_step, &seen, err);
}

/* --- a passage of the paper, quoted --------------------------------------------------------------- */

/* "p3,p4.0-12" as addresses, one a line: what a post would say to quote it. */
static struct str passage_lines(const struct request *rq, struct str key)
{
    struct buf lines = {.arena = rq->arena};
    struct str rest = request_input(rq, "passage");
    struct str one;
    int64_t edition = request_number(rq, "edition");
    while (rest.len && str_split(&rest, ',', &one))
        buf_format(&lines, "/papers/%.*s/%lld#%.*s\n", STR_ARG(key), (long long)edition,
                   STR_ARG(str_trim(one)));
    return buf_str(&lines);
}

/* What is about to be quoted, above the form, in the reader's own words as everything else. */
static enum status fill_passage(struct request *rq, struct talk_page *page, struct shown *shown,
                                struct error *err)
{
    struct buf html = {.arena = rq->arena};
    struct str rest = passage_lines(rq, rq->params[0]);
    struct str line;
    enum status status = STATUS_OK;
    while (!status && !page->group && rest.len && str_split(&rest, '\n', &line)) {
        struct quotation_sight s = {0};
        if (line.len && shown->count < QUOTED_MOST)
            status = library_see_passage(rq->arena, rq->store, line, rq->viewer.member, rq->now_ms,
                                         &s, err);
        if (!status && s.open)
            add_sight(rq, &s, shown, &html);
    }
    page->quoted = buf_str(&html);
    page->passage = page->quoted.len ? request_input(rq, "passage") : STR("");
    page->edition = request_number(rq, "edition");
    return status;
}

/* "Anna:\n> what she said\n\n" for the form, of the post on this page whose key is asked for. */
static void fill_quotation(struct request *rq, const struct post *posts, struct talk_page *page)
{
    struct str key = rq->post ? STR("") : request_input(rq, "quote");
    struct buf text = {.arena = rq->arena};
    for (size_t i = 0; key.len && i < page->nposts; i++) {
        struct str rest = posts[i].text;
        struct str line;
        if (!str_equal(posts[i].key, key) || posts[i].removed_ms)
            continue;
        buf_format(&text, rq->lang == LANG_ZH ? "%.*s：\n" : "%.*s:\n", STR_ARG(posts[i].name));
        while (str_split(&rest, '\n', &line))
            buf_format(&text, "> %.*s\n", STR_ARG(line));
        buf_add_byte(&text, '\n');
        page->typed = buf_str(&text);
        page->answered = page->posts[i].thread;
        page->answered_name = posts[i].name;
    }
}

static void fill_place(struct request *rq, const struct talk_place *place, struct talk_page *page)
{
    page->home = place->home;
    page->name = place->name;
    page->name_lang = place->lang;
    page->closed = place->closed;
    page->group = place->at.group != 0;
    page->typed = request_input(rq, "text");
    page->paper = request_input(rq, "paper");
    page->answered = request_input(rq, "thread");
}

static enum status show_talk(struct request *rq, struct error *err)
{
    struct talk_place place;
    struct post *posts = NULL;
    struct talk_page page = {.page = rq->post ? 1 : request_number(rq, "page")};
    struct shown *shown = arena_new(rq->arena, struct shown);
    bool more = false;
    page.page = page.page ? page.page : 1;
    enum status status = see(rq, &place, err);
    if (status || place.refused)
        return status;
    status = library_list_posts(
        rq->arena, rq->store, place.at, rq->viewer.member, request_may(rq, STEWARDS), rq->now_ms,
        (page.page - 1) * THREADS_A_PAGE, THREADS_A_PAGE, &posts, &page.nposts, &more, err);
    fill_place(rq, &place, &page);
    if (!status)
        status = fill_passage(rq, &page, shown, err);
    if (!status)
        status = fill_posts(rq, posts, &page, shown, err);
    if (!status && !place.closed && !rq->wants_json)
        status = shelf_list_named(rq, &page.attachables, &page.nattachables, err);
    if (!status && shown->count)
        status = keep_shown(rq, shown, err);
    if (!status)
        status = mark_seen(rq, place.at, posts, page.nposts, err);
    if (status)
        return status;
    fill_quotation(rq, posts, &page);
    if (page.page > 1)
        page.newer = str_format(rq->arena, "?page=%lld", (long long)page.page - 1);
    if (more)
        page.older = str_format(rq->arena, "?page=%lld", (long long)page.page + 1);
    struct str title = str_format(rq->arena, "%s%.*s",
                                  rq->lang == LANG_ZH ? "讨论：" : "Talk: ", STR_ARG(place.name));
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

/* A post's lasting address leads to it wherever it stands today. */
static enum status show_post(struct request *rq, struct error *err)
{
    struct talk_place place;
    int64_t newer = 0;
    enum status status = see(rq, &place, err);
    if (status || place.refused)
        return status;
    status = library_find_post_place(rq->store, place.at, rq->params[1], &newer, err);
    return status ? status
                  : answer_redirect(
                        rq,
                        str_format(rq->arena, "%.*s/talk?page=%lld#post-%.*s", STR_ARG(place.home),
                                   (long long)(newer / THREADS_A_PAGE + 1), STR_ARG(rq->params[1])),
                        NULL, NULL);
}

const struct route route_talk_post = {
    .method = "GET",
    .path = "/groups/{group}/talk/{post}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Leads to one post, on the page of the talk where it stands.",
    .zh = "跳转到某条发言所在的讨论页。",
    .run = show_post,
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
    PASSAGE_INPUTS,
    {0},
};

struct talking {
    struct new_post post;
    struct quoted quoted;
    struct str key, why;
    char made[DIGEST_KEY_LEN]; /* the new post's key */
    int64_t now_ms;
    bool refused;
};

/* Runs a step over the place that the address names. */
static enum status write_talk(struct request *rq, server_write_step step, struct talking *t,
                              struct error *err)
{
    struct talk_place place;
    enum status status = see(rq, &place, err);
    t->refused = place.refused;
    if (status || place.refused)
        return status;
    t->post.place = place.at;
    t->post.author = rq->viewer.member;
    t->now_ms = rq->now_ms;
    if (t->post.text.len)
        status = library_quote_passages(rq->arena, rq->store, rq->viewer.member, t->post.text,
                                        rq->now_ms, &t->quoted, err);
    if (!status && t->post.text.len)
        t->post.text = t->quoted.text;
    return status ? status : server_write(rq->server, request_actor(rq), step, t, err);
}

/* The same, and then to the post, with a word about what was done. */
static enum status change_talk(struct request *rq, server_write_step step, struct talking *t,
                               const char *en, const char *zh, struct error *err)
{
    enum status status = write_talk(rq, step, t, err);
    return status || t->refused ? status : answer_redirect(rq, post_path(rq, t->key), en, zh);
}

static enum status write_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct talking *t = context;
    struct str key;
    enum status status = library_keep_quotations(store, &t->quoted, err);
    if (!status)
        status = library_write_post(scratch, store, &t->post, t->now_ms, &key, err);
    if (!status)
        memcpy(t->made, key.at, sizeof t->made);
    return status;
}

/* The passages that are quoted, and below them what is said. */
static struct str whole_text(const struct request *rq)
{
    struct str text = request_input(rq, "text");
    if (!request_input(rq, "passage").len || !str_trim(text).len)
        return text;
    return str_format(rq->arena, "%.*s\n%.*s", STR_ARG(passage_lines(rq, rq->params[0])),
                      STR_ARG(text));
}

/* Leads to the post, and says what became of the words in it that are not as they were typed. */
static enum status answer_written(struct request *rq, const struct talking *t, struct str key,
                                  const char *en, const char *zh, struct error *err)
{
    size_t unmet;
    enum status status = library_count_unmet_mentions(rq->arena, rq->store, key, &unmet, err);
    if (status)
        return status;
    struct str done_en =
        str_format(rq->arena, "%s%s", t->quoted.words ? QUOTED_EN : en, unmet ? UNMET_EN : "");
    struct str done_zh =
        str_format(rq->arena, "%s%s", t->quoted.words ? QUOTED_ZH : zh, unmet ? UNMET_ZH : "");
    return answer_redirect(rq, post_path(rq, key), str_z(rq->arena, done_en),
                           str_z(rq->arena, done_zh));
}

static enum status write_post(struct request *rq, struct error *err)
{
    struct talking t = {.post = {.text = whole_text(rq),
                                 .thread = request_input(rq, "thread"),
                                 .paper = shelf_read_key(request_input(rq, "paper"))}};
    enum status status = write_talk(rq, write_step, &t, err);
    if (status == STATUS_MISSING && t.post.author) {
        err->status = STATUS_INPUT; /* of the form, so that it comes back as it was typed */
        return STATUS_INPUT;
    }
    if (status || t.refused)
        return status;
    return answer_written(rq, &t, (struct str){t.made, sizeof t.made}, "It is posted.", "已发布。",
                          err);
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

/* A quotation's address leads to the passage in the reader's own copy. */
static enum status show_quotation(struct request *rq, struct error *err)
{
    struct quotation_sight s;
    enum status status = library_see_quotation(rq->arena, rq->store, rq->params[0],
                                               rq->viewer.member, rq->now_ms, &s, err);
    if (!status && !s.open)
        return error_set(err, STATUS_MISSING, "There is no such quotation.", "没有这段引文。");
    return status ? status : answer_redirect(rq, s.path, NULL, NULL);
}

const struct route route_quotation = {
    .method = "GET",
    .path = "/quotations/{quotation}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Leads to a quoted passage in your own copy.",
    .zh = "跳转到所引段落在您本人副本中的位置。",
    .run = show_quotation,
};

/* --- edited and removed ------------------------------------------------------------------------- */

#define POST_INPUT                                                                                   \
    {                                                                                                \
        .name = "post", .kind = INPUT_TEXT, .needed = true, .most = 40, .en = "Post", .zh = "发言" \
    }

static const struct input EDIT_INPUTS[] = {POST_INPUT, TEXT_INPUT, {0}};
static const struct input REMOVE_INPUTS[] = {POST_INPUT, {0}};
static const struct input HIDE_INPUTS[] = {
    POST_INPUT,
    {.name = "why", .kind = INPUT_TEXT, .most = 200, .en = "Reason", .zh = "理由"},
    {0},
};

static enum status edit_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct talking *t = context;
    enum status status = library_keep_quotations(store, &t->quoted, err);
    return status ? status
                  : library_edit_post(scratch, store, t->post.place, t->post.author, t->key,
                                      t->post.text, t->now_ms, err);
}

static enum status edit_post(struct request *rq, struct error *err)
{
    struct talking t = {.key = request_input(rq, "post"),
                        .post = {.text = request_input(rq, "text")}};
    enum status status = write_talk(rq, edit_step, &t, err);
    if (status || t.refused)
        return status;
    return answer_written(rq, &t, t.key, "It is changed.", "已修改。", err);
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

static enum status erase_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct talking *t = context;
    (void)scratch;
    return library_erase_post(store, t->post.place, t->post.author, t->key, t->now_ms, err);
}

static enum status remove_post(struct request *rq, struct error *err)
{
    struct talking t = {.key = request_input(rq, "post")};
    return change_talk(rq, erase_step, &t, "It is erased.", "已删除。", err);
}

const struct route route_talk_remove = {
    .method = "POST",
    .path = "/groups/{group}/talk/remove",
    .roles = ROLE_MEMBER,
    .en = "Erase one's own post.",
    .zh = "删除自己的发言。",
    .inputs = REMOVE_INPUTS,
    .run = remove_post,
    .again = show_talk,
};

/* --- hidden and shown, by stewards -------------------------------------------------------------- */

static enum status hide_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct talking *t = context;
    (void)scratch;
    return library_hide_post(store, t->post.place, t->key, t->why, t->now_ms, err);
}

static enum status hide_post(struct request *rq, struct error *err)
{
    struct quoted why;
    struct talking t = {.key = request_input(rq, "post")};
    enum status status = library_quote_passages(rq->arena, rq->store, rq->viewer.member,
                                                request_input(rq, "why"), rq->now_ms, &why, err);
    if (status)
        return status;
    if (why.words)
        return error_set(err, STATUS_INPUT,
                         "The reason holds words of a paper as your own copy has them; everybody "
                         "would see its marks. Say it in your own words.",
                         "理由中有您副本中的原文，其标记会让所有人看到。请改用自己的话。");
    t.why = why.text;
    return change_talk(rq, hide_step, &t, "It is hidden. Its author and stewards still see it.",
                       "已隐藏，仅作者和管理员仍可看到。", err);
}

const struct route route_talk_hide = {
    .method = "POST",
    .path = "/groups/{group}/talk/hide",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Hide a post, with a reason that stands in its place.",
    .zh = "隐藏发言，并在原处显示理由。",
    .inputs = HIDE_INPUTS,
    .run = hide_post,
    .again = show_talk,
};

static enum status unhide_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct talking *t = context;
    (void)scratch;
    return library_unhide_post(store, t->post.place, t->key, err);
}

static enum status unhide_post(struct request *rq, struct error *err)
{
    struct talking t = {.key = request_input(rq, "post")};
    return change_talk(rq, unhide_step, &t, "It is shown again.", "已恢复显示。", err);
}

const struct route route_talk_unhide = {
    .method = "POST",
    .path = "/groups/{group}/talk/unhide",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Show a hidden post again.",
    .zh = "恢复显示被隐藏的发言。",
    .inputs = REMOVE_INPUTS,
    .run = unhide_post,
};

/* --- the same under a paper ----------------------------------------------------------------------- */

const struct route route_paper_talk = {
    .method = "GET",
    .path = "/papers/{paper}/talk",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "What readers of a paper say about it.",
    .zh = "读者对文稿的讨论。",
    .inputs = PAGE_INPUTS,
    .output = TALK_PAGE,
    .page = "talk",
    .run = show_talk,
};

const struct route route_paper_talk_post = {
    .method = "GET",
    .path = "/papers/{paper}/talk/{post}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Leads to one post, on the page of the paper's talk where it stands.",
    .zh = "跳转到某条发言所在的文稿讨论页。",
    .run = show_post,
};

const struct route route_paper_talk_write = {
    .method = "POST",
    .path = "/papers/{paper}/talk",
    .roles = ROLE_MEMBER,
    .en = "Post under a paper, or answer a post; passages of it may be quoted.",
    .zh = "在文稿下发言或回复，可引用文稿段落。",
    .inputs = WRITE_INPUTS,
    .run = write_post,
    .again = show_talk,
};

const struct route route_paper_talk_edit = {
    .method = "POST",
    .path = "/papers/{paper}/talk/edit",
    .roles = ROLE_MEMBER,
    .en = "Change one's own post under a paper, within an hour.",
    .zh = "在一小时内修改自己在文稿下的发言。",
    .inputs = EDIT_INPUTS,
    .run = edit_post,
    .again = show_talk,
};

const struct route route_paper_talk_remove = {
    .method = "POST",
    .path = "/papers/{paper}/talk/remove",
    .roles = ROLE_MEMBER,
    .en = "Erase one's own post under a paper.",
    .zh = "删除自己在文稿下的发言。",
    .inputs = REMOVE_INPUTS,
    .run = remove_post,
    .again = show_talk,
};

const struct route route_paper_talk_hide = {
    .method = "POST",
    .path = "/papers/{paper}/talk/hide",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Hide a post under a paper, with a reason that stands in its place.",
    .zh = "隐藏文稿下的发言，并在原处显示理由。",
    .inputs = HIDE_INPUTS,
    .run = hide_post,
    .again = show_talk,
};

const struct route route_paper_talk_unhide = {
    .method = "POST",
    .path = "/papers/{paper}/talk/unhide",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Show a hidden post under a paper again.",
    .zh = "恢复显示文稿下被隐藏的发言。",
    .inputs = REMOVE_INPUTS,
    .run = unhide_post,
};

/* --- passages to choose from, where there is no script to select with ------------------------------ */

struct passage_line {
    struct str words, path;
};
static const struct field PASSAGE_LINE[] = {
    FIELD(TEXT, struct passage_line, words),
    FIELD(TEXT, struct passage_line, path),
    {0},
};
struct passages_page {
    struct str key, title, lang;
    struct passage_line *passages;
    size_t npassages;
    int64_t edition;
};
static const struct field PASSAGES_PAGE[] = {
    FIELD(TEXT, struct passages_page, key),
    FIELD(TEXT, struct passages_page, title),
    FIELD(TEXT, struct passages_page, lang),
    FIELD(NUMBER, struct passages_page, edition),
    FIELD_OF_LIST(struct passages_page, passages, PASSAGE_LINE),
    {0},
};
static const struct input EDITION_INPUTS[] = {
    {.name = "edition", .kind = INPUT_TEXT, .most = 20, .en = "Edition", .zh = "版本"},
    {0},
};

static enum status show_passages(struct request *rq, struct error *err)
{
    struct reader r;
    struct paper_doc doc;
    enum status status = reader_open_document(rq, &r, &doc, err);
    if (status || r.refused)
        return status;
    struct passages_page page = {
        .key = r.offer.key,
        .title = r.edition.title,
        .lang = r.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .edition = r.edition.number,
        .passages = arena_array(rq->arena, doc.nblocks, struct passage_line),
    };
    for (size_t i = 0; i < doc.nblocks; i++) {
        const struct paper_block *block = &doc.blocks[i];
        if (!library_is_quotable(block))
            continue;
        struct passage_line *line = &page.passages[page.npassages++];
        line->words = str_slice(doc.text, block->at, block->len);
        line->path = str_format(rq->arena, "/papers/%.*s/talk?edition=%lld&passage=p%zu#say",
                                STR_ARG(page.key), (long long)page.edition, page.npassages);
    }
    return answer_page(rq, "passages", "Quote a passage", "引用一段", PASSAGES_PAGE, &page);
}

const struct route route_paper_passages = {
    .method = "GET",
    .path = "/papers/{paper}/passages",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "The paragraphs of your own copy, each with a link that quotes it in the paper's talk.",
    .zh = "您副本的各个段落，均可引用到该文稿的讨论中。",
    .inputs = EDITION_INPUTS,
    .output = PASSAGES_PAGE,
    .page = "passages",
    .run = show_passages,
};
