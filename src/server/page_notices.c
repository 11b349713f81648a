/* Notices: a member reads and accepts one; stewards write them and see who accepted. */
#include "server/internal.h"

#include "library/group.h"
#include "library/member.h"
#include "library/notice.h"
#include "library/offer.h"
#include "library/paper.h"
#include "library/readers.h"
#include "library/setting.h"

#define STEWARDS      (ROLE_STEWARD | ROLE_OWNER)
#define NOTICES_SHOWN 200
#define PEOPLE_A_PAGE 100
#define WAITING_SHOWN 200

/* --- a notice's text ---------------------------------------------------------------------------- */

struct paragraph {
    struct str text, lang;
};
static const struct field PARAGRAPH[] = {
    FIELD(TEXT, struct paragraph, text),
    FIELD_HIDDEN(TEXT, struct paragraph, lang),
    {0},
};

/* A paragraph with Han characters is read out as Chinese. */
static struct str lang_of(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0xE4 && (unsigned char)text.at[i] <= 0xE9)
            return STR("zh-Hans");
    return STR("en");
}

static struct paragraph *paragraphs_of(struct request *rq, struct str text, size_t *count)
{
    struct paragraph *list = arena_array(rq->arena, text.len / 2 + 1, struct paragraph);
    *count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = str_find(text, STR("\n\n"), at);
        end = end == SIZE_MAX ? text.len : end;
        struct str one = str_trim(str_slice(text, at, end - at));
        if (one.len)
            list[(*count)++] = (struct paragraph){one, lang_of(one)};
        at = end + 2;
    }
    return list;
}

static struct str hex_of(struct request *rq, const struct digest *digest)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(digest, hex);
    return str_copy(rq->arena, (struct str){hex, DIGEST_HEX});
}

/* --- accepting ---------------------------------------------------------------------------------- */

struct accept_page {
    struct str key, about, digest, address, next;
    bool of_group, of_paper;
    int64_t since, accepted;
    struct paragraph *paragraphs;
    size_t nparagraphs;
};
static const struct field ACCEPT_PAGE[] = {
    FIELD(TEXT, struct accept_page, key),
    FIELD(TEXT, struct accept_page, about),
    FIELD(TEXT, struct accept_page, digest),
    FIELD(TEXT, struct accept_page, address),
    FIELD_HIDDEN(TEXT, struct accept_page, next),
    FIELD(FLAG, struct accept_page, of_group),
    FIELD(FLAG, struct accept_page, of_paper),
    FIELD(DAY, struct accept_page, since),
    FIELD(TIME, struct accept_page, accepted),
    FIELD_OF_LIST(struct accept_page, paragraphs, PARAGRAPH),
    {0},
};

static const struct input ACCEPT_INPUTS[] = {
    {.name = "next",
     .kind = INPUT_TEXT,
     .most = REQUEST_NEXT_MOST,
     .en = "Where to go on",
     .zh = "确认后前往"},
    {0},
};

static struct str next_of(const struct request *rq)
{
    struct str next = request_input(rq, "next");
    return answer_is_local_path(next) ? next : STR("/");
}

/* The notice that the address names, if this member may see it. */
static enum status find_for_member(struct request *rq, struct notice *n, struct error *err)
{
    bool may = false;
    enum status status = library_find_notice(rq->arena, rq->store, rq->params[0], n, err);
    if (!status)
        status = library_may_see_notice(rq->store, n, rq->viewer.member, rq->now_ms, &may, err);
    if (!status && !may)
        return error_set(err, STATUS_MISSING, "There is no such notice.", "没有这份须知。");
    return status;
}

/* Leads from a wording that has ended to the present one, or on where there is none. */
static enum status lead_on(struct request *rq, const struct notice *ended, struct error *err)
{
    struct notice now;
    struct str path = next_of(rq);
    enum status status =
        library_notice_in_force(rq->arena, rq->store, ended->scope, ended->subject, &now, err);
    if (!status && now.id)
        status = library_notice_path(rq->arena, rq->store, now.id, path, &path, err);
    if (status)
        return status;
    return now.id ? answer_redirect(rq, path, "The notice was reworded; this is its present text.",
                                    "须知已更新，以下为现行文本。")
                  : answer_redirect(rq, path, "That notice no longer applies.", "该须知已失效。");
}

static enum status show_accept(struct request *rq, struct error *err)
{
    struct notice n;
    struct accept_page page = {.next = next_of(rq), .address = rq->address};
    enum status status = find_for_member(rq, &n, err);
    if (!status && n.ended_ms)
        return lead_on(rq, &n, err);
    if (!status)
        status = library_accepted_at(rq->store, n.id, rq->viewer.member, &page.accepted, err);
    if (status)
        return status;
    page.key = n.key;
    page.about = n.about;
    page.digest = hex_of(rq, &n.digest);
    page.of_group = n.scope == NOTICE_GROUP;
    page.of_paper = n.scope == NOTICE_PAPER;
    page.since = n.since_ms;
    page.paragraphs = paragraphs_of(rq, n.text, &page.nparagraphs);
    return answer_page(rq, "notice-accept", "Notice", "使用须知", ACCEPT_PAGE, &page);
}

const struct route route_notice_accept = {
    .method = "GET",
    .path = "/notices/{notice}/accept",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "A notice, to be read and accepted.",
    .zh = "须知全文，供阅读和确认。",
    .inputs = ACCEPT_INPUTS,
    .output = ACCEPT_PAGE,
    .page = "notice-accept",
    .run = show_accept,
};

struct acceptance {
    const struct notice *notice;
    int64_t member, now_ms;
    struct str address;
};

static enum status accept_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct acceptance *a = context;
    (void)scratch;
    return library_accept_notice(store, a->notice, a->member, a->address, a->now_ms, err);
}

static enum status accept_notice(struct request *rq, struct error *err)
{
    struct notice n;
    enum status status = find_for_member(rq, &n, err);
    if (status)
        return status;
    struct acceptance a = {&n, rq->viewer.member, rq->now_ms, rq->address};
    status = server_write(rq->server, request_actor(rq), accept_step, &a, err);
    if (status == STATUS_CONFLICT)
        return lead_on(rq, &n, err);
    return status ? status : answer_redirect(rq, next_of(rq), NULL, NULL);
}

const struct route route_notice_accept_post = {
    .method = "POST",
    .path = "/notices/{notice}/accept",
    .roles = ROLE_MEMBER,
    .en = "Accept a notice in its present wording.",
    .zh = "确认须知的现行文本。",
    .inputs = ACCEPT_INPUTS,
    .run = accept_notice,
};

/* --- for stewards: all notices ------------------------------------------------------------------ */

struct notice_line {
    struct str key, about, paper_id;
    bool of_library, of_group, of_paper;
    int64_t since, ended, accepted;
};
static const struct field NOTICE_LINE[] = {
    FIELD(TEXT, struct notice_line, key),        FIELD(TEXT, struct notice_line, about),
    FIELD(TEXT, struct notice_line, paper_id),   FIELD(FLAG, struct notice_line, of_library),
    FIELD(FLAG, struct notice_line, of_group),   FIELD(FLAG, struct notice_line, of_paper),
    FIELD(DAY, struct notice_line, since),       FIELD(DAY, struct notice_line, ended),
    FIELD(NUMBER, struct notice_line, accepted), {0},
};
struct group_choice {
    struct str key, name;
    bool chosen;
};
static const struct field GROUP_CHOICE[] = {
    FIELD(TEXT, struct group_choice, key),
    FIELD(TEXT, struct group_choice, name),
    FIELD(FLAG, struct group_choice, chosen),
    {0},
};
struct notices_page {
    struct notice_line *notices;
    size_t nnotices;
    struct group_choice *groups;
    size_t ngroups;
    struct str text, paper;
    bool for_library, for_group, for_paper, ready;
};
static const struct field NOTICES_PAGE[] = {
    FIELD_OF_LIST(struct notices_page, notices, NOTICE_LINE),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "groups",
     .at = offsetof(struct notices_page, groups),
     .parts = GROUP_CHOICE,
     .count_at = offsetof(struct notices_page, ngroups),
     .size = sizeof(struct group_choice)},
    FIELD_HIDDEN(TEXT, struct notices_page, text),
    FIELD_HIDDEN(TEXT, struct notices_page, paper),
    FIELD_HIDDEN(FLAG, struct notices_page, for_library),
    FIELD_HIDDEN(FLAG, struct notices_page, for_group),
    FIELD_HIDDEN(FLAG, struct notices_page, for_paper),
    FIELD_HIDDEN(FLAG, struct notices_page, ready),
    {0},
};

static const struct input WRITE_INPUTS[] = {
    {.name = "scope",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 10,
     .en = "For what",
     .zh = "适用范围"},
    {.name = "group", .kind = INPUT_TEXT, .most = 40, .en = "Group", .zh = "群组"},
    {.name = "paper", .kind = INPUT_TEXT, .most = 400, .en = "Paper", .zh = "文稿"},
    {.name = "text",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = NOTICE_MAX,
     .en = "The text",
     .zh = "须知正文"},
    {0},
};

static struct notice_line line_of(struct request *rq, const struct notice *n)
{
    return (struct notice_line){
        .key = n->key,
        .about = n->about,
        .paper_id = n->scope == NOTICE_PAPER ? library_paper_id(rq->arena, n->subject) : STR(""),
        .of_library = n->scope == NOTICE_LIBRARY,
        .of_group = n->scope == NOTICE_GROUP,
        .of_paper = n->scope == NOTICE_PAPER,
        .since = n->since_ms,
        .ended = n->ended_ms,
        .accepted = n->accepted,
    };
}

static enum status load_groups(struct request *rq, struct notices_page *page, struct error *err)
{
    struct group_sight *sights;
    enum status status = library_list_groups(rq->arena, rq->store, rq->viewer.member, true,
                                             rq->now_ms, &sights, &page->ngroups, err);
    if (status)
        return status;
    page->groups = arena_array(rq->arena, page->ngroups, struct group_choice);
    for (size_t i = 0; i < page->ngroups; i++)
        page->groups[i] =
            (struct group_choice){sights[i].group.key, sights[i].group.name,
                                  str_equal(sights[i].group.key, request_input(rq, "group"))};
    return STATUS_OK;
}

static enum status ready_text(struct request *rq, struct str *text, struct error *err)
{
    struct str organisation;
    struct str contact;
    int64_t days = 0;
    enum status status =
        library_get_setting(rq->arena, rq->store, STR("organisation"), &organisation, err);
    if (!status)
        status = library_get_setting(rq->arena, rq->store, STR("credit"), &contact, err);
    if (!status)
        status = library_reading_days(rq->store, &days, err);
    if (!status)
        *text = library_default_notice(rq->arena, organisation, contact, days);
    return status;
}

/* The form begins with what was typed, else with the ready text. */
static enum status fill_form(struct request *rq, struct notices_page *page, struct error *err)
{
    enum notice_scope scope = NOTICE_LIBRARY;
    (void)notice_scope_parse(request_input(rq, "scope"), &scope);
    page->for_library = scope == NOTICE_LIBRARY;
    page->for_group = scope == NOTICE_GROUP;
    page->for_paper = scope == NOTICE_PAPER;
    page->paper = request_input(rq, "paper");
    page->text = request_input(rq, "text");
    page->ready = page->text.len == 0;
    return page->ready ? ready_text(rq, &page->text, err) : STATUS_OK;
}

static enum status show_notices(struct request *rq, struct error *err)
{
    struct notice *notices = NULL;
    struct notices_page page = {0};
    enum status status =
        library_list_notices(rq->arena, rq->store, NOTICES_SHOWN, &notices, &page.nnotices, err);
    if (!status)
        status = load_groups(rq, &page, err);
    if (!status)
        status = fill_form(rq, &page, err);
    if (status)
        return status;
    page.notices = arena_array(rq->arena, page.nnotices, struct notice_line);
    for (size_t i = 0; i < page.nnotices; i++)
        page.notices[i] = line_of(rq, &notices[i]);
    return answer_page(rq, "notices", "Notices", "使用须知", NOTICES_PAGE, &page);
}

const struct route route_notices = {
    .method = "GET",
    .path = "/notices",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "The notices that readers accept before reading.",
    .zh = "阅读前须确认的各项须知。",
    .output = NOTICES_PAGE,
    .page = "notices",
    .run = show_notices,
};

/* --- writing ------------------------------------------------------------------------------------ */

/* A paper by "P12", by its name in addresses, or by its whole address. */
static enum status find_paper(struct request *rq, struct str named, int64_t *paper,
                              struct error *err)
{
    struct offer offer;
    struct edition edition;
    size_t at = str_find(named, STR("/papers/"), 0);
    struct str key = at == SIZE_MAX ? named : str_slice(named, at + 8, named.len);
    struct str rest = key;
    (void)str_split(&rest, '/', &key);
    if (!library_find_offer_by_key(rq->arena, rq->store, key, &offer, NULL)) {
        *paper = offer.paper;
        return STATUS_OK;
    }
    if (library_parse_paper(named, paper, NULL))
        return request_blame(
            rq, "paper",
            error_set(err, STATUS_INPUT,
                      "Name the paper by its number, like P12, or by its address here.",
                      "请填写文稿编号（如 P12）或其在本站的网址。"));
    return library_find_edition(rq->arena, rq->store, *paper, 0, &edition, err);
}

struct writing {
    enum notice_scope scope;
    int64_t subject, now_ms;
    struct str text;
};

static enum status find_subject(struct request *rq, struct writing *w, struct error *err)
{
    struct group_sight sight;
    if (!notice_scope_parse(request_input(rq, "scope"), &w->scope))
        return request_blame(
            rq, "scope",
            error_set(err, STATUS_INPUT, "Say what the notice is for.", "请选择须知的适用范围。"));
    if (w->scope == NOTICE_LIBRARY)
        return STATUS_OK;
    if (w->scope == NOTICE_PAPER)
        return find_paper(rq, request_input(rq, "paper"), &w->subject, err);
    enum status status = library_see_group(rq->arena, rq->store, request_input(rq, "group"),
                                           rq->viewer.member, true, rq->now_ms, &sight, err);
    w->subject = sight.group.id;
    return status;
}

static enum status write_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct writing *w = context;
    return library_set_notice(scratch, store, w->scope, w->subject, w->text, w->now_ms, err);
}

static enum status write_notice(struct request *rq, struct error *err)
{
    struct writing w = {.now_ms = rq->now_ms, .text = request_input(rq, "text")};
    enum status status = find_subject(rq, &w, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), write_step, &w, err);
    return status
               ? status
               : answer_redirect(rq, STR("/notices"),
                                 "The notice is in force; readers are asked before they read on.",
                                 "须知已生效，读者在继续阅读前须先确认。");
}

const struct route route_notice_write = {
    .method = "POST",
    .path = "/notices",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Put a new wording of a notice in force.",
    .zh = "发布须知的新文本。",
    .inputs = WRITE_INPUTS,
    .run = write_notice,
    .again = show_notices,
};

/* --- one notice, and who accepted it ------------------------------------------------------------ */

struct person_line {
    struct str name, email, address;
    int64_t time;
};
static const struct field PERSON_LINE[] = {
    FIELD(TEXT, struct person_line, name),
    FIELD(TEXT, struct person_line, email),
    FIELD(TEXT, struct person_line, address),
    FIELD(TIME, struct person_line, time),
    {0},
};
struct waiting_line {
    struct str name, email;
};
static const struct field WAITING_LINE[] = {
    FIELD(TEXT, struct waiting_line, name),
    FIELD(TEXT, struct waiting_line, email),
    {0},
};
struct notice_page {
    struct notice_line notice;
    struct str digest, text, group, newer, older;
    struct paragraph *paragraphs;
    size_t nparagraphs;
    struct person_line *people;
    size_t npeople;
    struct waiting_line *waiting; /* may see it and have not accepted it: the first of them … */
    size_t nwaiting;
    int64_t all_waiting; /* … of so many */
    bool some_waiting, more_waiting;
};
static const struct field NOTICE_PAGE[] = {
    FIELD_OF_PART(struct notice_page, notice, NOTICE_LINE),
    FIELD(TEXT, struct notice_page, digest),
    FIELD(TEXT, struct notice_page, text),
    FIELD_HIDDEN(TEXT, struct notice_page, group),
    FIELD(TEXT, struct notice_page, newer),
    FIELD(TEXT, struct notice_page, older),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "paragraphs",
     .at = offsetof(struct notice_page, paragraphs),
     .parts = PARAGRAPH,
     .count_at = offsetof(struct notice_page, nparagraphs),
     .size = sizeof(struct paragraph)},
    FIELD_OF_LIST(struct notice_page, people, PERSON_LINE),
    FIELD_OF_LIST(struct notice_page, waiting, WAITING_LINE),
    FIELD(NUMBER, struct notice_page, all_waiting),
    FIELD_HIDDEN(FLAG, struct notice_page, some_waiting),
    FIELD_HIDDEN(FLAG, struct notice_page, more_waiting),
    {0},
};
static const struct input PAGE_INPUTS[] = {
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};

static enum status load_people(struct request *rq, const struct notice *n, struct notice_page *page,
                               struct error *err)
{
    struct acknowledgement *list;
    int64_t number = rq->post ? 1 : request_number(rq, "page");
    number = number ? number : 1;
    enum status status =
        library_list_acknowledgements(rq->arena, rq->store, n->id, (number - 1) * PEOPLE_A_PAGE,
                                      PEOPLE_A_PAGE, &list, &page->npeople, err);
    if (status)
        return status;
    page->people = arena_array(rq->arena, page->npeople, struct person_line);
    for (size_t i = 0; i < page->npeople; i++)
        page->people[i] =
            (struct person_line){list[i].name, list[i].email, list[i].address, list[i].time_ms};
    if (number > 1)
        page->newer = str_format(rq->arena, "?page=%lld", (long long)number - 1);
    if (number * PEOPLE_A_PAGE < n->accepted)
        page->older = str_format(rq->arena, "?page=%lld", (long long)number + 1);
    return STATUS_OK;
}

/* Nobody waits for a notice that has ended, or begins later. */
static enum status load_waiting(struct request *rq, const struct notice *n,
                                struct notice_page *page, struct error *err)
{
    struct str key;
    int64_t *members;
    size_t count;
    enum status status = library_list_unasked(rq->arena, rq->store, n->scope, n->subject,
                                              rq->now_ms, &key, &members, &count, err);
    if (status || !str_equal(key, n->key))
        return status;
    page->all_waiting = (int64_t)count;
    page->some_waiting = count > 0;
    page->more_waiting = count > WAITING_SHOWN;
    page->waiting = arena_array(rq->arena, WAITING_SHOWN, struct waiting_line);
    for (size_t i = 0; !status && i < count && i < WAITING_SHOWN; i++) {
        struct member m;
        status = library_find_member(rq->arena, rq->store, library_member_id(rq->arena, members[i]),
                                     &m, err);
        page->waiting[page->nwaiting++] = (struct waiting_line){m.name, m.email};
    }
    return status;
}

static enum status find_group_key(struct request *rq, const struct notice *n, struct str *key,
                                  struct error *err)
{
    *key = STR("");
    if (n->scope != NOTICE_GROUP)
        return STATUS_OK;
    struct query *q = query_start(rq->store, "SELECT key FROM \"group\" WHERE id = ?1");
    query_bind_int(q, 1, n->subject);
    if (query_row(q))
        *key = str_copy(rq->arena, query_str(q, 0));
    return query_end(q, err);
}

static enum status show_notice(struct request *rq, struct error *err)
{
    struct notice n;
    struct notice_page page = {0};
    enum status status = library_find_notice(rq->arena, rq->store, rq->params[0], &n, err);
    if (!status)
        status = load_people(rq, &n, &page, err);
    if (!status)
        status = load_waiting(rq, &n, &page, err);
    if (!status)
        status = find_group_key(rq, &n, &page.group, err);
    if (status)
        return status;
    page.notice = line_of(rq, &n);
    page.digest = hex_of(rq, &n.digest);
    page.text = n.text;
    page.paragraphs = paragraphs_of(rq, n.text, &page.nparagraphs);
    return answer_page(rq, "notice", "Notice", "使用须知", NOTICE_PAGE, &page);
}

const struct route route_notice = {
    .method = "GET",
    .path = "/notices/{notice}",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "A notice, who accepted it when and from where, and who has not.",
    .zh = "须知及其确认记录：何人、何时、来自何处，以及尚未确认者。",
    .inputs = PAGE_INPUTS,
    .output = NOTICE_PAGE,
    .page = "notice",
    .run = show_notice,
};

static enum status end_notice(struct request *rq, struct error *err)
{
    struct notice n;
    enum status status = library_find_notice(rq->arena, rq->store, rq->params[0], &n, err);
    struct writing w = {.scope = n.scope, .subject = n.subject, .now_ms = rq->now_ms};
    if (!status && n.ended_ms)
        return error_set(err, STATUS_CONFLICT, "This notice has ended already.", "该须知已失效。");
    if (!status)
        status = server_write(rq->server, request_actor(rq), write_step, &w, err);
    return status ? status
                  : answer_redirect(rq, STR("/notices"),
                                    "The notice has ended; nobody is asked to accept it any more.",
                                    "须知已停用，不再要求读者确认。");
}

const struct route route_notice_end = {
    .method = "POST",
    .path = "/notices/{notice}/end",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "End a notice without putting another in its place.",
    .zh = "停用须知，且不另立新文本。",
    .run = end_notice,
    .again = show_notice,
};
