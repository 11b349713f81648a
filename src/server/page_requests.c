/* Requests: the list, asking with what others asked before, one request, and what editors answer. */
#include "server/internal.h"

#include "library/ask.h"
#include "library/member.h"
#include "library/offer.h"
#include "library/quotation.h"
#include "library/search.h"
#include "server/reader.h"
#include "server/shelf.h"

#define ASKS_A_PAGE 30
#define STEWARDS    (ROLE_STEWARD | ROLE_OWNER)
#define FOUND_SHOWN 3U

static struct str path_of(const struct request *rq, struct str key)
{
    return str_format(rq->arena, "/requests/%.*s", STR_ARG(key));
}

/* --- the list ------------------------------------------------------------------------------------- */

struct ask_line {
    struct str key, title, text, state, words, author, about, about_title, paper, paper_title;
    int64_t votes, created;
    bool voted, own;
};
static const struct field ASK_LINE[] = {
    FIELD(TEXT, struct ask_line, key),
    FIELD(TEXT, struct ask_line, title),
    FIELD(TEXT, struct ask_line, text),
    FIELD(TEXT, struct ask_line, state),
    FIELD_HIDDEN(TEXT, struct ask_line, words),
    FIELD(TEXT, struct ask_line, author),
    FIELD(TEXT, struct ask_line, about),
    FIELD(TEXT, struct ask_line, about_title),
    FIELD(TEXT, struct ask_line, paper),
    FIELD(TEXT, struct ask_line, paper_title),
    FIELD(NUMBER, struct ask_line, votes),
    FIELD(DAY, struct ask_line, created),
    FIELD(FLAG, struct ask_line, voted),
    FIELD(FLAG, struct ask_line, own),
    {0},
};
struct state_line {
    struct str state, words, path;
    int64_t count;
    bool shown;
};
static const struct field STATE_LINE[] = {
    FIELD(TEXT, struct state_line, state),       FIELD_HIDDEN(TEXT, struct state_line, words),
    FIELD_HIDDEN(TEXT, struct state_line, path), FIELD(NUMBER, struct state_line, count),
    FIELD(FLAG, struct state_line, shown),       {0},
};
struct asks_page {
    struct state_line *states;
    size_t nstates;
    struct ask_line *requests;
    size_t nrequests;
    struct str newer, older;
    bool waiting;
};
static const struct field ASKS_PAGE[] = {
    FIELD_OF_LIST(struct asks_page, states, STATE_LINE),
    FIELD_OF_LIST(struct asks_page, requests, ASK_LINE),
    FIELD(TEXT, struct asks_page, newer),
    FIELD(TEXT, struct asks_page, older),
    FIELD_HIDDEN(FLAG, struct asks_page, waiting),
    {0},
};
static const struct input LIST_INPUTS[] = {
    {.name = "state", .kind = INPUT_TEXT, .most = 20, .en = "State", .zh = "状态"},
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};

static struct ask_line line_of(const struct request *rq, const struct ask *a)
{
    return (struct ask_line){
        .key = a->key,
        .title = a->title,
        .text = a->text,
        .state = str_of(ask_state_name(a->state)),
        .words = str_of(ask_state_words(a->state, rq->lang)),
        .author = a->author,
        .about = a->about_key,
        .about_title = a->about_title,
        .paper = a->paper_key,
        .paper_title = a->paper_title,
        .votes = a->votes,
        .created = a->created_ms,
        .voted = a->voted,
        .own = a->own,
    };
}

static struct ask_line *lines_of(const struct request *rq, const struct ask *asks, size_t count)
{
    struct ask_line *lines = arena_array(rq->arena, count + 1, struct ask_line);
    for (size_t i = 0; i < count; i++)
        lines[i] = line_of(rq, &asks[i]);
    return lines;
}

static enum status fill_states(struct request *rq, const enum ask_state *shown,
                               struct asks_page *page, struct error *err)
{
    int64_t counts[ASK_STATES];
    enum status status = library_count_asks(rq->store, rq->viewer.member, rq->now_ms, counts, err);
    page->states = arena_array(rq->arena, ASK_STATES, struct state_line);
    for (int i = 0; !status && i < ASK_STATES; i++) {
        enum ask_state state = (enum ask_state)i;
        page->states[page->nstates++] = (struct state_line){
            .state = str_of(ask_state_name(state)),
            .words = str_of(ask_state_words(state, rq->lang)),
            .path = str_format(rq->arena, "/requests?state=%s", ask_state_name(state)),
            .count = counts[i],
            .shown = shown && *shown == state,
        };
    }
    return status;
}

static void fill_pages(struct request *rq, const enum ask_state *state, int64_t number,
                       struct asks_page *page)
{
    const char *name = state ? ask_state_name(*state) : "";
    if (number > 1)
        page->newer =
            str_format(rq->arena, "/requests?state=%s&page=%lld", name, (long long)number - 1);
    if (page->nrequests > ASKS_A_PAGE) {
        page->nrequests = ASKS_A_PAGE;
        page->older =
            str_format(rq->arena, "/requests?state=%s&page=%lld", name, (long long)number + 1);
    }
}

static enum status show_asks(struct request *rq, struct error *err)
{
    struct asks_page page = {0};
    struct ask *asks;
    enum ask_state parsed;
    const enum ask_state *state =
        ask_state_parse(request_input(rq, "state"), &parsed) ? &parsed : NULL;
    int64_t number = request_number(rq, "page");
    number = number ? number : 1;
    enum status status = fill_states(rq, state, &page, err);
    if (!status)
        status = library_list_asks(rq->arena, rq->store, rq->viewer.member, state, rq->now_ms,
                                   (number - 1) * ASKS_A_PAGE, ASKS_A_PAGE + 1, &asks,
                                   &page.nrequests, err);
    if (status)
        return status;
    page.waiting = !state;
    page.requests = lines_of(rq, asks, page.nrequests);
    fill_pages(rq, state, number, &page);
    return answer_page(rq, "requests", "Requests", "需求", ASKS_PAGE, &page);
}

const struct route route_requests = {
    .method = "GET",
    .path = "/requests",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "What members ask for, most votes first; by state.",
    .zh = "成员提出的需求，按票数排列，可按状态筛选。",
    .inputs = LIST_INPUTS,
    .output = ASKS_PAGE,
    .page = "requests",
    .run = show_asks,
};

/* --- asking --------------------------------------------------------------------------------------- */

struct found_line {
    struct str path, title;
};
static const struct field FOUND_LINE[] = {
    FIELD(TEXT, struct found_line, path),
    FIELD(TEXT, struct found_line, title),
    {0},
};
struct new_page {
    struct str title, text, paper, about_title;
    struct ask_line *similar;
    size_t nsimilar;
    struct found_line *papers;
    size_t npapers;
    bool looked, any;
};
static const struct field NEW_PAGE[] = {
    FIELD(TEXT, struct new_page, title),
    FIELD(TEXT, struct new_page, paper),
    FIELD(TEXT, struct new_page, about_title),
    FIELD_OF_LIST(struct new_page, similar, ASK_LINE),
    FIELD_OF_LIST(struct new_page, papers, FOUND_LINE),
    FIELD_HIDDEN(TEXT, struct new_page, text),
    FIELD_HIDDEN(FLAG, struct new_page, looked),
    FIELD_HIDDEN(FLAG, struct new_page, any),
    {0},
};
#define TITLE_INPUT                                                                           \
    {                                                                                         \
        .name = "title", .kind = INPUT_TEXT, .most = ASK_TITLE_MAX, .en = "What you ask for", \
        .zh = "需求"                                                                        \
    }
#define PAPER_INPUT                                                                    \
    {                                                                                  \
        .name = "paper", .kind = INPUT_TEXT, .most = 40, .en = "Paper", .zh = "文稿" \
    }
static const struct input LOOK_INPUTS[] = {TITLE_INPUT, PAPER_INPUT, {0}};
static const struct input MAKE_INPUTS[] = {
    TITLE_INPUT,
    PAPER_INPUT,
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = ASK_TEXT_MAX, .en = "Details", .zh = "说明"},
    {0},
};

/* Papers that may be what is asked for: by their titles, so that nothing of a text leaves by this way. */
static enum status find_papers(struct request *rq, struct new_page *page, struct error *err)
{
    struct search_request search = {
        .words = page->title, .member = rq->viewer.member, .now_ms = rq->now_ms, .page = 1};
    struct search_suggestion *found;
    size_t count;
    enum status status = library_search_suggest(rq->arena, rq->store, &search, &found, &count, err);
    page->papers = arena_array(rq->arena, FOUND_SHOWN, struct found_line);
    for (size_t i = 0; !status && i < count && page->npapers < FOUND_SHOWN; i++)
        if (found[i].key.len)
            page->papers[page->npapers++] = (struct found_line){
                str_format(rq->arena, "/papers/%.*s", STR_ARG(found[i].key)), found[i].text};
    return status;
}

/* The title of the paper that is to be changed, if it is open to the viewer. */
static enum status find_about(struct request *rq, struct new_page *page, struct error *err)
{
    struct offer offer;
    struct entitlement e;
    struct edition newest;
    enum status status = library_find_offer_by_key(rq->arena, rq->store, page->paper, &offer, err);
    if (!status)
        status = library_entitle(rq->store, rq->viewer.member, offer.paper, rq->now_ms, &e, err);
    if (!status && e.why && e.why != REFUSAL_NOTICE)
        return error_set(err, STATUS_MISSING, "There is no such paper.", "没有这篇文稿。");
    if (!status)
        status = library_find_edition(rq->arena, rq->store, offer.paper, 0, &newest, err);
    if (!status)
        page->about_title = newest.title;
    return status;
}

static enum status show_new(struct request *rq, struct error *err)
{
    struct new_page page = {.title = request_input(rq, "title"),
                            .text = rq->post ? request_input(rq, "text") : STR(""),
                            .paper = request_input(rq, "paper")};
    struct ask *similar;
    enum status status = page.paper.len ? find_about(rq, &page, err) : STATUS_OK;
    page.looked = page.title.len > 0;
    if (!status && page.looked)
        status = library_similar_asks(rq->arena, rq->store, rq->viewer.member, page.title,
                                      rq->now_ms, &similar, &page.nsimilar, err);
    if (!status && page.looked)
        status = find_papers(rq, &page, err);
    if (status)
        return status;
    if (page.looked)
        page.similar = lines_of(rq, similar, page.nsimilar);
    page.any = page.nsimilar || page.npapers;
    return answer_page(rq, "request-new", "Ask for something", "提出需求", NEW_PAGE, &page);
}

const struct route route_request_new = {
    .method = "GET",
    .path = "/requests/new",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "What was asked and published before that is like what you are about to ask for.",
    .zh = "提出需求前，先看看是否已有相近的需求或文稿。",
    .inputs = LOOK_INPUTS,
    .output = NEW_PAGE,
    .page = "request-new",
    .run = show_new,
};

struct making {
    struct new_ask ask;
    int64_t now_ms, id;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct making *m = context;
    return library_make_ask(scratch, store, &m->ask, m->now_ms, &m->id, err);
}

/* Refuses words of a paper in what everybody will see, and takes hidden characters out of it. */
static enum status take_own_words(struct request *rq, struct str *text, struct error *err)
{
    struct quoted quoted;
    enum status status = library_quote_passages(rq->arena, rq->store, rq->viewer.member, *text,
                                                rq->now_ms, &quoted, err);
    if (!status && quoted.words)
        return error_set(
            err, STATUS_INPUT,
            "This holds words of a paper as your own copy has them; everybody would see its "
            "marks. Say in your own words which passage you mean.",
            "其中有您副本中的原文，其标记会让所有人看到。请用自己的话说明所指段落。");
    *text = status ? *text : quoted.text;
    return status;
}

static enum status make_ask(struct request *rq, struct error *err)
{
    struct making m = {{rq->viewer.member, request_input(rq, "title"), request_input(rq, "text"),
                        request_input(rq, "paper")},
                       rq->now_ms,
                       0};
    enum status status = take_own_words(rq, &m.ask.title, err);
    if (!status)
        status = take_own_words(rq, &m.ask.text, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), make_step, &m, err);
    if (status)
        return status;
    struct query *q = query_start(rq->store, "SELECT key FROM request WHERE id = ?1");
    query_bind_int(q, 1, m.id);
    struct str key = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    status = query_end(q, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, key),
                                    "Asked. You are told when an editor answers.",
                                    "需求已提出，编辑答复后会通知您。");
}

const struct route route_request_make = {
    .method = "POST",
    .path = "/requests",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Ask for a paper, or for a change to one.",
    .zh = "提出对新文稿或修改文稿的需求。",
    .inputs = MAKE_INPUTS,
    .run = make_ask,
    .again = show_new,
};

/* --- one request ---------------------------------------------------------------------------------- */

struct step_line {
    struct str state, words;
    bool needs_reason, needs_paper;
};
static const struct field STEP_LINE[] = {
    FIELD(TEXT, struct step_line, state),
    FIELD_HIDDEN(TEXT, struct step_line, words),
    FIELD(FLAG, struct step_line, needs_reason),
    FIELD(FLAG, struct step_line, needs_paper),
    {0},
};
struct line {
    struct str text;
};
static const struct field LINE[] = {FIELD(TEXT, struct line, text), {0}};
struct ask_page {
    struct str key, title, state, words, reason, author, about, about_title, paper, paper_title;
    struct line *paragraphs;
    size_t nparagraphs;
    struct step_line *steps;
    size_t nsteps;
    int64_t votes, followers, created, answered;
    struct shelf_choice *papers;
    size_t npapers;
    struct str typed_reason, typed_paper;
    bool voted, follows, own, may_vote, may_answer, may_remove, must_say_why;
};
static const struct field ASK_PAGE[] = {
    FIELD(TEXT, struct ask_page, key),
    FIELD(TEXT, struct ask_page, title),
    FIELD_OF_LIST(struct ask_page, paragraphs, LINE),
    FIELD(TEXT, struct ask_page, state),
    FIELD_HIDDEN(TEXT, struct ask_page, words),
    FIELD(TEXT, struct ask_page, reason),
    FIELD(TEXT, struct ask_page, author),
    FIELD(TEXT, struct ask_page, about),
    FIELD(TEXT, struct ask_page, about_title),
    FIELD(TEXT, struct ask_page, paper),
    FIELD(TEXT, struct ask_page, paper_title),
    FIELD_OF_LIST(struct ask_page, steps, STEP_LINE),
    FIELD(NUMBER, struct ask_page, votes),
    FIELD(NUMBER, struct ask_page, followers),
    FIELD(DAY, struct ask_page, created),
    FIELD(TIME, struct ask_page, answered),
    FIELD(FLAG, struct ask_page, voted),
    FIELD(FLAG, struct ask_page, follows),
    FIELD(FLAG, struct ask_page, own),
    FIELD(FLAG, struct ask_page, may_vote),
    FIELD(FLAG, struct ask_page, may_answer),
    FIELD(FLAG, struct ask_page, may_remove),
    FIELD_HIDDEN(FLAG, struct ask_page, must_say_why),
    FIELD_HIDDEN_LIST(struct ask_page, papers, SHELF_CHOICE),
    FIELD_HIDDEN(TEXT, struct ask_page, typed_reason),
    FIELD_HIDDEN(TEXT, struct ask_page, typed_paper),
    {0},
};

static void fill_steps(struct request *rq, const struct ask *a, struct ask_page *page)
{
    page->steps = arena_array(rq->arena, ASK_STATES, struct step_line);
    for (int i = 0; page->may_answer && i < ASK_STATES; i++) {
        const struct ask_step *s = ask_find_step(a->state, (enum ask_state)i);
        if (s)
            page->steps[page->nsteps++] = (struct step_line){
                str_of(ask_state_name(s->to)), str_of(ask_state_words(s->to, rq->lang)),
                s->need == ASK_NEEDS_REASON, s->need == ASK_NEEDS_PAPER};
    }
}

static void fill_text(struct request *rq, struct str text, struct ask_page *page)
{
    struct str piece;
    page->paragraphs = arena_array(rq->arena, text.len + 1, struct line);
    while (str_split(&text, '\n', &piece))
        if (str_trim(piece).len)
            page->paragraphs[page->nparagraphs++].text = str_trim(piece);
}

static enum status show_ask(struct request *rq, struct error *err)
{
    struct ask a;
    enum status status = library_find_ask(rq->arena, rq->store, rq->params[0], rq->viewer.member,
                                          rq->now_ms, &a, err);
    if (status)
        return status;
    bool alone = a.own && a.votes <= a.voted;
    struct ask_page page = {
        .key = a.key,
        .title = a.title,
        .state = str_of(ask_state_name(a.state)),
        .words = str_of(ask_state_words(a.state, rq->lang)),
        .reason = a.reason,
        .author = a.author,
        .about = a.about_key,
        .about_title = a.about_title,
        .paper = a.paper_key,
        .paper_title = a.paper_title,
        .votes = a.votes,
        .followers = a.followers,
        .created = a.created_ms,
        .answered = a.answered_ms,
        .typed_reason = rq->post ? request_input(rq, "reason") : STR(""),
        .typed_paper = rq->post ? request_input(rq, "paper") : STR(""),
        .voted = a.voted,
        .follows = a.follows,
        .own = a.own,
        .may_vote = a.state != ASK_PUBLISHED && a.state != ASK_DECLINED,
        .may_answer = request_may(rq, ROLE_EDITOR),
        .may_remove = alone || request_may(rq, STEWARDS),
        .must_say_why = !alone,
    };
    fill_steps(rq, &a, &page);
    fill_text(rq, a.text, &page);
    if (page.may_answer && !rq->wants_json)
        status = shelf_list_named(rq, &page.papers, &page.npapers, err);
    return status ? status : answer_titled_page(rq, "request", a.title, ASK_PAGE, &page);
}

const struct route route_request = {
    .method = "GET",
    .path = "/requests/{request}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "A request: what is asked, how many want it, and what an editor answered.",
    .zh = "需求的内容、票数与编辑的答复。",
    .output = ASK_PAGE,
    .page = "request",
    .run = show_ask,
};

/* --- what members do ------------------------------------------------------------------------------ */

struct acting {
    struct ask ask;
    int64_t member, now_ms;
    enum status (*act)(struct store *store, const struct ask *ask, int64_t member,
                       struct error *err);
    struct ask_answer answer;
    struct str why;
    bool steward;
};

static const struct {
    const char *name;
    enum status (*act)(struct store *store, const struct ask *ask, int64_t member,
                       struct error *err);
    const char *en, *zh;
} ACTS[] = {
    {"vote", library_vote_ask, "Your vote counts. You are told of answers.",
     "已投票。有答复时会通知您。"},
    {"unvote", library_unvote_ask, "Your vote is taken back.", "已撤回投票。"},
    {"follow", library_follow_ask, "You are told of answers.", "已关注。有答复时会通知您。"},
    {"unfollow", library_unfollow_ask, "You are not told of answers any more.", "已取消关注。"},
};
#define ACT_COUNT (sizeof ACTS / sizeof *ACTS)

static const struct input ACT_INPUTS[] = {
    {.name = "do", .kind = INPUT_TEXT, .needed = true, .most = 10, .en = "Action", .zh = "操作"},
    {0},
};

static enum status find(struct request *rq, struct acting *a, struct error *err)
{
    a->member = rq->viewer.member;
    a->now_ms = rq->now_ms;
    return library_find_ask(rq->arena, rq->store, rq->params[0], rq->viewer.member, rq->now_ms,
                            &a->ask, err);
}

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct acting *a = context;
    (void)scratch;
    return a->act(store, &a->ask, a->member, err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct acting a = {0};
    size_t i = 0;
    enum status status = find(rq, &a, err);
    while (i < ACT_COUNT && !str_equal(request_input(rq, "do"), str_of(ACTS[i].name)))
        i++;
    if (!status && i == ACT_COUNT)
        return error_set(err, STATUS_INPUT, "Vote or follow, or take it back.",
                         "请选择投票、关注，或予以撤回。");
    if (status)
        return status;
    a.act = ACTS[i].act;
    status = server_write(rq->server, request_actor(rq), act_step, &a, err);
    return status ? status : answer_redirect(rq, path_of(rq, a.ask.key), ACTS[i].en, ACTS[i].zh);
}

const struct route route_request_act = {
    .method = "POST",
    .path = "/requests/{request}/act",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Vote for a request or follow it (do: vote, unvote, follow, unfollow).",
    .zh = "为需求投票或关注需求（do：vote、unvote、follow、unfollow）。",
    .inputs = ACT_INPUTS,
    .run = act,
    .again = show_ask,
};

/* --- what editors answer -------------------------------------------------------------------------- */

static const struct input ANSWER_INPUTS[] = {
    {.name = "state",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 20,
     .en = "State",
     .zh = "状态"},
    {.name = "reason", .kind = INPUT_TEXT, .most = ASK_REASON_MAX, .en = "Reason", .zh = "理由"},
    {.name = "paper", .kind = INPUT_TEXT, .most = 400, .en = "Paper", .zh = "文稿"},
    {0},
};

/* The paper that was given; 0 when the field is empty. */
static enum status find_paper(struct request *rq, int64_t *paper, struct error *err)
{
    struct offer offer;
    struct str key = shelf_read_key(request_input(rq, "paper"));
    *paper = 0;
    if (!key.len)
        return STATUS_OK;
    enum status status = library_find_offer_by_key(rq->arena, rq->store, key, &offer, err);
    if (status == STATUS_MISSING)
        return request_blame(
            rq, "paper",
            error_set(err, STATUS_INPUT,
                      "There is no such paper. Choose one of the list, or give its address.",
                      "没有这篇文稿，请从列表中选择，或填写文稿网址。"));
    *paper = status ? 0 : offer.paper;
    return status;
}

static enum status answer_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct acting *a = context;
    return library_answer_ask(scratch, store, a->ask.id, &a->answer, a->now_ms, err);
}

static enum status answer_ask(struct request *rq, struct error *err)
{
    struct acting a = {
        .answer = {.reason = request_input(rq, "reason"), .editor = rq->viewer.member}};
    enum status status = find(rq, &a, err);
    if (!status && !ask_state_parse(request_input(rq, "state"), &a.answer.state))
        return request_blame(
            rq, "state", error_set(err, STATUS_INPUT, "There is no such state.", "没有这种状态。"));
    if (!status)
        status = take_own_words(rq, &a.answer.reason, err);
    if (!status)
        status = find_paper(rq, &a.answer.paper, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), answer_step, &a, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, a.ask.key),
                                    "Answered. Those who follow it are being told.",
                                    "已答复，正在通知关注者。");
}

const struct route route_request_answer = {
    .method = "POST",
    .path = "/requests/{request}/answer",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Answer a request with its state, and a reason or the paper that grants it.",
    .zh = "答复需求：更改状态，并附理由或满足该需求的文稿。",
    .inputs = ANSWER_INPUTS,
    .run = answer_ask,
    .again = show_ask,
};

static const struct input REMOVE_INPUTS[] = {
    {.name = "why", .kind = INPUT_TEXT, .most = 200, .en = "Reason", .zh = "理由"},
    {0},
};

static enum status remove_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct acting *a = context;
    (void)scratch;
    return library_remove_ask(store, &a->ask, a->steward, a->why, a->now_ms, err);
}

static enum status remove_ask(struct request *rq, struct error *err)
{
    struct acting a = {.why = request_input(rq, "why"), .steward = request_may(rq, STEWARDS)};
    enum status status = find(rq, &a, err);
    if (!status)
        status = take_own_words(rq, &a.why, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), remove_step, &a, err);
    return status
               ? status
               : answer_redirect(rq, STR("/requests"), "The request is removed.", "需求已移除。");
}

const struct route route_request_remove = {
    .method = "POST",
    .path = "/requests/{request}/remove",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Remove a request: one's own that nobody else voted for, or with a reason as a steward.",
    .zh = "移除需求：本人提出且无他人投票的，或由管理员说明理由移除。",
    .inputs = REMOVE_INPUTS,
    .run = remove_ask,
    .again = show_ask,
};
