/* The check of a copy by its number: for anybody who holds one, whether it is still good and nothing more; for stewards,
 * whose it is. */
#include "server/internal.h"

#include "base/utf8.h"
#include "library/copy_number.h"
#include "library/member.h"
#include "library/paper.h"
#include "server/guard.h"

#define STEWARDS    (ROLE_STEWARD | ROLE_OWNER)
#define NUMBER_MOST 300 /* characters typed, or pasted: the whole address that a code says */

static const struct input NUMBER_INPUTS[] = {
    {.name = "number", .kind = INPUT_TEXT, .most = NUMBER_MOST, .en = "Number", .zh = "副本编号"},
    {0},
};

/* --- for anybody ------------------------------------------------------------------------------------ */

struct check_page {
    struct str number, state, words; /* the number as it was typed; empty when none was */
    int64_t checked;
    bool good, bad;
};
static const struct field CHECK_PAGE[] = {
    FIELD(TEXT, struct check_page, number),
    FIELD(TEXT, struct check_page, state),
    FIELD(TEXT, struct check_page, words),
    FIELD(TIME, struct check_page, checked),
    FIELD_HIDDEN(FLAG, struct check_page, good),
    FIELD_HIDDEN(FLAG, struct check_page, bad),
    {0},
};

static enum status check_number(struct request *rq, struct check_page *page, struct error *err)
{
    enum copy_state state;
    const char *en;
    const char *zh;
    struct attempt tries =
        attempt_at(rq->store, ATTEMPT_CHECK, session_network(rq->arena, rq->address));
    enum status status = guard_enter(rq, &tries, 1, err);
    if (!status)
        status = copy_check_number(rq->store, page->number, rq->now_ms, &state, err);
    if (!status && state != COPY_UNKNOWN) /* whoever holds many copies may check them all */
        status = guard_pass(rq, &tries, 1, err);
    if (status)
        return status;
    copy_state_words(state, &en, &zh);
    page->state = str_of(copy_state_name(state));
    page->words = request_words(rq, en, zh);
    page->checked = rq->now_ms;
    page->good = state == COPY_CURRENT || state == COPY_SUPERSEDED;
    page->bad = !page->good;
    return STATUS_OK;
}

static enum status answer_check(struct request *rq, struct str number, struct error *err)
{
    struct check_page page = {.number = utf8_cut(number, NUMBER_MOST)};
    enum status status = page.number.len ? check_number(rq, &page, err) : STATUS_OK;
    if (!status)
        status = answer_page(rq, "check", "Check a copy", "查验副本", CHECK_PAGE, &page);
    /* The address holds the number. */
    answer_header(rq, "Referrer-Policy", STR("no-referrer"));
    answer_header(rq, "X-Robots-Tag", STR("noindex, nofollow"));
    return status;
}

static enum status show_check(struct request *rq, struct error *err)
{
    return answer_check(rq, request_input(rq, "number"), err);
}

static enum status show_check_of(struct request *rq, struct error *err)
{
    return answer_check(rq, rq->params[0], err);
}

const struct route route_check = {
    .method = "GET",
    .path = "/check",
    .roles = ROLE_ANYONE,
    .en =
        "Whether a copy is genuine and still good, by the number on it: the form, and the answer.",
    .zh = "凭副本上的编号查验真伪和有效性：表单及结果。",
    .inputs = NUMBER_INPUTS,
    .output = CHECK_PAGE,
    .page = "check",
    .run = show_check,
};

const struct route route_check_number = {
    .method = "GET",
    .path = "/check/{number}",
    .roles = ROLE_ANYONE,
    .en =
        "The same by the address that the code (QR) on a copy holds. Never says whose copy it is, nor of what.",
    .zh = "同上，供扫描副本上的二维码打开；不显示副本属于谁，也不显示文稿内容。",
    .output = CHECK_PAGE,
    .page = "check",
    .run = show_check_of,
};

/* --- for stewards ----------------------------------------------------------------------------------- */

struct whose_page {
    struct str typed;
    struct str number, state, words, paper, paper_key, title, member, member_key, name;
    int64_t edition, first;
    bool found;
};
static const struct field WHOSE_PAGE[] = {
    FIELD(FLAG, struct whose_page, found),        FIELD(TEXT, struct whose_page, number),
    FIELD(TEXT, struct whose_page, state),        FIELD(TEXT, struct whose_page, words),
    FIELD(TEXT, struct whose_page, paper),        FIELD(TEXT, struct whose_page, paper_key),
    FIELD(TEXT, struct whose_page, title),        FIELD(NUMBER, struct whose_page, edition),
    FIELD(TEXT, struct whose_page, member),       FIELD(TEXT, struct whose_page, member_key),
    FIELD(TEXT, struct whose_page, name),         FIELD(TIME, struct whose_page, first),
    FIELD_HIDDEN(TEXT, struct whose_page, typed), {0},
};

static enum status answer_whose(struct request *rq, const struct whose_page *page)
{
    return answer_page(rq, "whose", "Whose copy has this number?", "查询副本编号归属", WHOSE_PAGE,
                       page);
}

static enum status show_whose(struct request *rq, struct error *err)
{
    struct whose_page page = {.typed = request_input(rq, "number")};
    (void)err;
    return answer_whose(rq, &page);
}

struct asking {
    struct request *rq;
    struct str typed;
    struct numbered_copy copy;
};

static enum status ask_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct asking *a = context;
    (void)scratch;
    return copy_ask_number(a->rq->arena, store, a->typed, a->rq->now_ms, &a->copy, err);
}

static enum status ask_whose(struct request *rq, struct error *err)
{
    struct asking a = {.rq = rq, .typed = request_input(rq, "number")};
    struct whose_page page = {.typed = a.typed, .found = true};
    const char *en;
    const char *zh;
    enum status status = server_write(rq->server, request_actor(rq), ask_step, &a, err);
    if (status == STATUS_MISSING) /* of what was typed, not of the page */
        return STATUS_INPUT;
    if (!status)
        status = library_member_key(rq->arena, rq->store, a.copy.member, &page.member_key, err);
    if (status)
        return status;
    copy_state_words(a.copy.state, &en, &zh);
    page.number = serial_print(rq->arena, &a.copy.number);
    page.state = str_of(copy_state_name(a.copy.state));
    page.words = request_words(rq, en, zh);
    page.paper = library_paper_id(rq->arena, a.copy.paper);
    page.paper_key = a.copy.paper_key;
    page.title = a.copy.title;
    page.edition = a.copy.edition;
    page.member = library_member_id(rq->arena, a.copy.member);
    page.name = a.copy.name;
    page.first = a.copy.first_ms;
    return answer_whose(rq, &page);
}

const struct route route_whose = {
    .method = "GET",
    .path = "/trace/number",
    .roles = STEWARDS,
    .en = "The form to ask whose copy has a number.",
    .zh = "查询副本编号归属的表单。",
    .inputs = NUMBER_INPUTS,
    .output = WHOSE_PAGE,
    .page = "whose",
    .run = show_whose,
};

static const struct input WHOSE_INPUTS[] = {
    {.name = "number",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = NUMBER_MOST,
     .en = "Number",
     .zh = "副本编号"},
    {0},
};

const struct route route_whose_ask = {
    .method = "POST",
    .path = "/trace/number",
    .roles = STEWARDS,
    .en = "Ask whose copy has a number; that it was asked is on record.",
    .zh = "查询副本编号归属，查询本身将记录在案。",
    .inputs = WHOSE_INPUTS,
    .output = WHOSE_PAGE,
    .page = "whose",
    .run = ask_whose,
    .again = show_whose,
};
