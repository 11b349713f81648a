/* Search: the page with its results, and what is suggested while typing. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "library/member.h"
#include "library/reading.h"
#include "library/search.h"
#include "server/internal.h"
#include "server/ledger_find.h"
#include "server/shelf.h"

#define YEAR_LEAST 1970
#define YEAR_MOST  9999

/* --- what the page shows -------------------------------------------------------------------------- */

struct result {
    struct str key, path, title, author, kind, lang, excerpt;
    struct str title_marked, excerpt_marked;
    int64_t published, edition;
    bool waits;
};
static const struct field RESULT[] = {
    FIELD(TEXT, struct result, key),
    FIELD(TEXT, struct result, path),
    FIELD(TEXT, struct result, title),
    FIELD(TEXT, struct result, author),
    FIELD(TEXT, struct result, kind),
    FIELD(TEXT, struct result, lang),
    FIELD(TEXT, struct result, excerpt),
    FIELD_HIDDEN(MARKUP, struct result, title_marked),
    FIELD_HIDDEN(MARKUP, struct result, excerpt_marked),
    FIELD(DAY, struct result, published),
    FIELD(NUMBER, struct result, edition),
    FIELD(FLAG, struct result, waits),
    {0},
};

struct suggestion {
    struct str text, path;
};
static const struct field SUGGESTION[] = {
    FIELD(TEXT, struct suggestion, text),
    FIELD(TEXT, struct suggestion, path),
    {0},
};

struct search_page {
    struct str q, author, year;
    struct ledger_found *procedures, *lines; /* of the ledger, for those to whom it is open */
    size_t nprocedures, nlines;
    struct str all_lines;
    struct result *results;
    size_t nresults;
    struct suggestion *insteads;
    size_t ninsteads;
    struct shelf_choice *groups, *kinds;
    size_t ngroups, nkinds;
    struct str previous, next; /* addresses of the pages beside this one */
    struct str all;            /* the same question without filters */
    bool asked, typed, filtered, in_ledger;
};
static const struct field SEARCH_PAGE[] = {
    FIELD(TEXT, struct search_page, q),
    FIELD(TEXT, struct search_page, author),
    FIELD(TEXT, struct search_page, year),
    FIELD_OF_LIST(struct search_page, procedures, ledger_found_fields),
    FIELD_OF_LIST(struct search_page, lines, ledger_found_fields),
    FIELD(TEXT, struct search_page, all_lines),
    FIELD_OF_LIST(struct search_page, results, RESULT),
    FIELD_OF_LIST(struct search_page, insteads, SUGGESTION),
    FIELD_OF_LIST(struct search_page, groups, SHELF_CHOICE),
    FIELD_OF_LIST(struct search_page, kinds, SHELF_CHOICE),
    FIELD(TEXT, struct search_page, previous),
    FIELD(TEXT, struct search_page, next),
    FIELD(TEXT, struct search_page, all),
    FIELD(FLAG, struct search_page, asked),
    FIELD(FLAG, struct search_page, filtered),
    FIELD_HIDDEN(FLAG, struct search_page, typed),
    FIELD_HIDDEN(FLAG, struct search_page, in_ledger),
    {0},
};

static const struct input SEARCH_INPUTS[] = {
    {.name = "q", .kind = INPUT_TEXT, .most = SEARCH_WORDS_MAX, .en = "Question", .zh = "检索词"},
    {.name = "group", .kind = INPUT_TEXT, .most = 64, .en = "Group", .zh = "小组"},
    {.name = "kind", .kind = INPUT_TEXT, .most = 100, .en = "Kind", .zh = "类别"},
    {.name = "author", .kind = INPUT_TEXT, .most = 100, .en = "Author", .zh = "作者"},
    {.name = "year",
     .kind = INPUT_NUMBER,
     .least = YEAR_LEAST,
     .most = YEAR_MOST,
     .en = "Year",
     .zh = "年份"},
    {.name = "page",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = SEARCH_PAGES_MAX,
     .en = "Page",
     .zh = "页码"},
    {0},
};

/* --- addresses ------------------------------------------------------------------------------------ */

static struct str question_path(const struct request *rq, struct str q)
{
    struct buf path = {.arena = rq->arena};
    buf_add(&path, STR("/search?q="));
    answer_escape_query(&path, q);
    return buf_str(&path);
}

static struct str page_path(const struct request *rq, int64_t page)
{
    static const char *const kept[] = {"group", "kind", "author", "year"};
    struct buf path = {.arena = rq->arena};
    buf_add(&path, question_path(rq, request_input(rq, "q")));
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct str value = request_input(rq, kept[i]);
        if (!value.len)
            continue;
        buf_format(&path, "&%s=", kept[i]);
        answer_escape_query(&path, value);
    }
    buf_format(&path, "&page=%" PRId64, page);
    return buf_str(&path);
}

/* --- asking --------------------------------------------------------------------------------------- */

static int64_t year_begins(int64_t year)
{
    struct tm t = {.tm_year = (int)(year - 1900), .tm_mday = 1, .tm_isdst = -1};
    return (int64_t)mktime(&t) * 1000;
}

static struct search_request asked(const struct request *rq)
{
    int64_t year = request_number(rq, "year");
    int64_t page = request_number(rq, "page");
    return (struct search_request){
        .words = request_input(rq, "q"),
        .member = rq->viewer.member,
        .now_ms = rq->now_ms,
        .page = page ? (uint32_t)page : 1,
        .group = request_input(rq, "group"),
        .author = request_input(rq, "author"),
        .kind = request_input(rq, "kind"),
        .from_ms = year ? year_begins(year) : 0,
        .until_ms = year ? year_begins(year + 1) : 0,
    };
}

struct glimpses {
    int64_t member;
    const struct search_found *found;
};

static enum status record(struct store *store, struct arena *scratch, void *context,
                          struct error *err)
{
    const struct glimpses *g = context;
    (void)scratch;
    return library_record_glimpses(store, g->member, g->found->hits, g->found->nhits, err);
}

/* Sentences of a copy leave only once it is on record that they did. */
static enum status record_glimpses(struct request *rq, const struct search_found *found,
                                   struct error *err)
{
    bool known;
    struct glimpses g = {rq->viewer.member, found};
    enum status status =
        library_find_glimpses(rq->store, rq->viewer.member, found->hits, found->nhits, &known, err);
    if (status || known)
        return status;
    return server_write(rq->server, request_actor(rq), record, &g, err);
}

/* --- filling -------------------------------------------------------------------------------------- */

static void fill_results(struct request *rq, const struct search_found *found,
                         struct search_page *page)
{
    page->nresults = found->nhits;
    page->results = arena_array(rq->arena, found->nhits, struct result);
    for (size_t i = 0; i < found->nhits; i++) {
        const struct search_hit *hit = &found->hits[i];
        page->results[i] = (struct result){
            .key = hit->key,
            .path = str_format(rq->arena, "/papers/%.*s", STR_ARG(hit->key)),
            .title = hit->title,
            .author = hit->author,
            .kind = hit->kind,
            .lang = hit->lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
            .excerpt = hit->excerpt,
            .title_marked = hit->title_marked,
            .excerpt_marked = hit->excerpt_marked,
            .published = hit->published_ms,
            .edition = hit->edition,
            .waits = hit->waits,
        };
    }
    page->ninsteads = found->ninsteads;
    page->insteads = arena_array(rq->arena, found->ninsteads, struct suggestion);
    for (size_t i = 0; i < found->ninsteads; i++)
        page->insteads[i] =
            (struct suggestion){found->insteads[i], question_path(rq, found->insteads[i])};
}

/* The ledger is no paper: it has none of what papers are filtered by, and is told of on the first page alone. */
static enum status fill_ledger(struct request *rq, const struct search_request *request,
                               struct search_page *page, struct error *err)
{
    struct ledger_finds finds = {0};
    enum status status = page->filtered || request->page > 1
                             ? STATUS_OK
                             : ledger_find(rq, request->words, &finds, err);
    page->procedures = finds.procedures;
    page->nprocedures = finds.nprocedures;
    page->lines = finds.lines;
    page->nlines = finds.nlines;
    page->all_lines = finds.all;
    page->in_ledger = finds.nprocedures + finds.nlines > 0;
    return status;
}

static enum status show_search(struct request *rq, struct error *err)
{
    struct search_request request = asked(rq);
    struct search_found found;
    struct search_page page = {
        .q = request.words, .author = request.author, .year = request_input(rq, "year")};
    enum status status = library_search(rq->arena, rq->store, &request, &found, err);
    if (!status)
        status = record_glimpses(rq, &found, err);
    if (!status)
        status =
            shelf_list_choices(rq, &page.groups, &page.ngroups, &page.kinds, &page.nkinds, err);
    if (status)
        return status;
    fill_results(rq, &found, &page);
    page.asked = found.asked;
    page.typed = request.words.len > 0;
    page.filtered = request.group.len || request.author.len || request.kind.len || page.year.len;
    page.all = question_path(rq, request.words);
    status = fill_ledger(rq, &request, &page, err);
    if (status)
        return status;
    if (request.page > 1)
        page.previous = page_path(rq, request.page - 1);
    if (found.more)
        page.next = page_path(rq, (int64_t)request.page + 1);
    return answer_page(rq, "search", "Search", "检索", SEARCH_PAGE, &page);
}

const struct route route_search = {
    .method = "GET",
    .path = "/search",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Search the papers that you may open, in your own copies.",
    .zh = "在您自己的副本中检索可以阅读的文稿。",
    .inputs = SEARCH_INPUTS,
    .output = SEARCH_PAGE,
    .page = "search",
    .run = show_search,
};

/* --- while typing --------------------------------------------------------------------------------- */

struct suggest_page {
    struct suggestion *suggestions;
    size_t nsuggestions;
};
static const struct field SUGGEST_PAGE[] = {
    FIELD_OF_LIST(struct suggest_page, suggestions, SUGGESTION),
    {0},
};
static const struct input SUGGEST_INPUTS[] = {
    {.name = "q", .kind = INPUT_TEXT, .most = SEARCH_WORDS_MAX, .en = "Question", .zh = "检索词"},
    {0},
};

static enum status suggest(struct request *rq, struct error *err)
{
    struct search_suggestion *list;
    struct suggest_page page = {0};
    const struct search_request request = {.words = request_input(rq, "q"),
                                           .member = rq->viewer.member,
                                           .now_ms = rq->now_ms,
                                           .page = 1};
    struct ledger_finds finds;
    size_t count = 0;
    enum status status = library_search_suggest(rq->arena, rq->store, &request, &list, &count, err);
    if (!status)
        status = ledger_find(rq, request.words, &finds, err);
    if (status)
        return status;
    page.suggestions = arena_array(rq->arena, count + LEDGER_FOUND_MAX, struct suggestion);
    for (size_t i = 0; i < finds.nprocedures; i++)
        page.suggestions[page.nsuggestions++] =
            (struct suggestion){finds.procedures[i].text, finds.procedures[i].path};
    for (size_t i = 0; i < count; i++) {
        struct str paper = str_format(rq->arena, "/papers/%.*s", STR_ARG(list[i].key));
        page.suggestions[page.nsuggestions++] = (struct suggestion){
            list[i].text, list[i].key.len ? paper : question_path(rq, list[i].text)};
    }
    rq->wants_json = true; /* there is no page of it */
    return answer_page(rq, "search", "Search", "检索", SUGGEST_PAGE, &page);
}

const struct route route_search_suggest = {
    .method = "GET",
    .path = "/search/suggest",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Titles and words that go on from what is typed so far.",
    .zh = "根据已输入的内容提示标题与词语。",
    .inputs = SUGGEST_INPUTS,
    .output = SUGGEST_PAGE,
    .run = suggest,
};
