/* The list of what a member may open. */
#include <inttypes.h>

#include "server/internal.h"
#include "server/shelf.h"

#define PAGE_PAPERS 20
#define PAGES_MAX   10000

const struct field SHELF_LINE[] = {
    FIELD(TEXT, struct shelf_line, key),      FIELD(TEXT, struct shelf_line, title),
    FIELD(TEXT, struct shelf_line, lang),     FIELD(TEXT, struct shelf_line, kind),
    FIELD(TEXT, struct shelf_line, author),   FIELD(TEXT, struct shelf_line, summary),
    FIELD(TEXT, struct shelf_line, path),     FIELD(NUMBER, struct shelf_line, edition),
    FIELD(DAY, struct shelf_line, published), FIELD(DAY, struct shelf_line, revised),
    FIELD(FLAG, struct shelf_line, unread),   {0},
};

static struct str path_of(const struct request *rq, const struct shelf_paper *p)
{
    struct str path = str_format(rq->arena, "/papers/%.*s", STR_ARG(p->key));
    if (p->read_edition && p->read_edition != p->edition)
        path = str_format(rq->arena, "%.*s/%" PRId64, STR_ARG(path), p->read_edition);
    if (p->anchor.len)
        path = str_format(rq->arena, "%.*s#%.*s", STR_ARG(path), STR_ARG(p->anchor));
    return path;
}

struct shelf_line *shelf_make_lines(const struct request *rq, const struct shelf_paper *papers,
                                    size_t count)
{
    struct shelf_line *lines = arena_array(rq->arena, count, struct shelf_line);
    for (size_t i = 0; i < count; i++) {
        const struct shelf_paper *p = &papers[i];
        lines[i] = (struct shelf_line){
            .key = p->key,
            .title = p->title,
            .lang = p->lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
            .kind = p->kind,
            .author = p->author,
            .summary = p->summary,
            .path = path_of(rq, p),
            .edition = p->edition,
            .published = p->published_ms,
            .revised = p->edition > 1 ? p->edition_ms : 0,
            .unread = p->unread,
        };
    }
    return lines;
}

/* --- the page ------------------------------------------------------------------------------------- */

struct choice {
    struct str value, label;
    bool chosen;
};
static const struct field CHOICE[] = {
    FIELD(TEXT, struct choice, value),
    FIELD(TEXT, struct choice, label),
    FIELD(FLAG, struct choice, chosen),
    {0},
};

struct papers_page {
    struct shelf_line *papers;
    size_t npapers;
    struct choice *groups, *kinds;
    size_t ngroups, nkinds;
    struct str newer, older; /* addresses of the pages beside this one */
    bool filtered;
};
static const struct field PAPERS_PAGE[] = {
    FIELD_OF_LIST(struct papers_page, papers, SHELF_LINE),
    FIELD_OF_LIST(struct papers_page, groups, CHOICE),
    FIELD_OF_LIST(struct papers_page, kinds, CHOICE),
    FIELD(TEXT, struct papers_page, newer),
    FIELD(TEXT, struct papers_page, older),
    FIELD(FLAG, struct papers_page, filtered),
    {0},
};

static const struct input PAPERS_INPUTS[] = {
    {.name = "group", .kind = INPUT_TEXT, .most = 64, .en = "Group", .zh = "群组"},
    {.name = "kind", .kind = INPUT_TEXT, .most = 100, .en = "Kind", .zh = "类别"},
    {.name = "page",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = PAGES_MAX,
     .en = "Page",
     .zh = "页码"},
    {0},
};

static struct str page_path(const struct request *rq, int64_t page)
{
    struct buf path = {.arena = rq->arena};
    buf_format(&path, "/papers?page=%" PRId64, page);
    buf_add(&path, STR("&group="));
    answer_escape_query(&path, request_input(rq, "group"));
    buf_add(&path, STR("&kind="));
    answer_escape_query(&path, request_input(rq, "kind"));
    return buf_str(&path);
}

static enum status fill_filters(struct request *rq, struct papers_page *page, struct error *err)
{
    struct shelf_group *groups;
    struct str *kinds;
    struct str group = request_input(rq, "group");
    struct str kind = request_input(rq, "kind");
    enum status status = library_list_shelf_groups(rq->arena, rq->store, rq->viewer.member, &groups,
                                                   &page->ngroups, err);
    if (!status)
        status = library_list_shelf_kinds(rq->arena, rq->store, rq->viewer.member, rq->now_ms,
                                          &kinds, &page->nkinds, err);
    if (status)
        return status;
    page->groups = arena_array(rq->arena, page->ngroups, struct choice);
    page->kinds = arena_array(rq->arena, page->nkinds, struct choice);
    for (size_t i = 0; i < page->ngroups; i++)
        page->groups[i] =
            (struct choice){groups[i].key, groups[i].name, str_equal(groups[i].key, group)};
    for (size_t i = 0; i < page->nkinds; i++)
        page->kinds[i] = (struct choice){kinds[i], kinds[i], str_equal(kinds[i], kind)};
    page->filtered = group.len || kind.len;
    return STATUS_OK;
}

static enum status show_papers(struct request *rq, struct error *err)
{
    struct papers_page page = {0};
    struct shelf_paper *papers;
    int64_t number = request_number(rq, "page");
    number = number ? number : 1;
    struct shelf_query query = {
        .member = rq->viewer.member,
        .now_ms = rq->now_ms,
        .group = request_input(rq, "group"),
        .kind = request_input(rq, "kind"),
        .skip = (size_t)(number - 1) * PAGE_PAPERS,
        .most = PAGE_PAPERS + 1,
    };
    enum status status =
        library_list_shelf(rq->arena, rq->store, &query, &papers, &page.npapers, err);
    if (!status)
        status = fill_filters(rq, &page, err);
    if (status)
        return status;
    if (number > 1)
        page.newer = page_path(rq, number - 1);
    if (page.npapers > PAGE_PAPERS)
        page.older = page_path(rq, number + 1);
    page.npapers = page.npapers > PAGE_PAPERS ? PAGE_PAPERS : page.npapers;
    page.papers = shelf_make_lines(rq, papers, page.npapers);
    return answer_page(rq, "papers", "Papers", "文稿", PAPERS_PAGE, &page);
}

const struct route route_papers = {
    .method = "GET",
    .path = "/papers",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "The papers that you may open, the newest first.",
    .zh = "您可以阅读的文稿，最新的在前。",
    .inputs = PAPERS_INPUTS,
    .output = PAPERS_PAGE,
    .page = "papers",
    .run = show_papers,
};
