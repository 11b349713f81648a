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

/* --- what a list is narrowed by ------------------------------------------------------------------- */

const struct field SHELF_CHOICE[] = {
    FIELD(TEXT, struct shelf_choice, value),
    FIELD(TEXT, struct shelf_choice, label),
    FIELD(FLAG, struct shelf_choice, chosen),
    {0},
};

#define NAMED_MOST 100

enum status shelf_list_named(struct request *rq, struct shelf_choice **papers, size_t *count,
                             struct error *err)
{
    struct shelf_paper *found;
    const struct shelf_query query = {
        .member = rq->viewer.member, .now_ms = rq->now_ms, .most = NAMED_MOST};
    enum status status = library_list_shelf(rq->arena, rq->store, &query, &found, count, err);
    if (status)
        return status;
    *papers = arena_array(rq->arena, *count, struct shelf_choice);
    for (size_t i = 0; i < *count; i++)
        (*papers)[i].value = str_format(rq->arena, "%.*s /papers/%.*s", STR_ARG(found[i].title),
                                        STR_ARG(found[i].key));
    return STATUS_OK;
}

struct str shelf_read_key(struct str typed)
{
    size_t at = str_find(typed, STR("/papers/"), 0);
    struct str rest = at == SIZE_MAX ? typed : str_slice(typed, at + 8, typed.len);
    struct str key = rest;
    (void)str_split(&rest, '/', &key);
    return key;
}

enum status shelf_list_choices(struct request *rq, struct shelf_choice **groups, size_t *ngroups,
                               struct shelf_choice **kinds, size_t *nkinds, struct error *err)
{
    struct shelf_group *found;
    struct str *names;
    struct str group = request_input(rq, "group");
    struct str kind = request_input(rq, "kind");
    enum status status =
        library_list_shelf_groups(rq->arena, rq->store, rq->viewer.member, &found, ngroups, err);
    if (!status)
        status = library_list_shelf_kinds(rq->arena, rq->store, rq->viewer.member, rq->now_ms,
                                          &names, nkinds, err);
    if (status)
        return status;
    *groups = arena_array(rq->arena, *ngroups, struct shelf_choice);
    *kinds = arena_array(rq->arena, *nkinds, struct shelf_choice);
    for (size_t i = 0; i < *ngroups; i++)
        (*groups)[i] =
            (struct shelf_choice){found[i].key, found[i].name, str_equal(found[i].key, group)};
    for (size_t i = 0; i < *nkinds; i++)
        (*kinds)[i] = (struct shelf_choice){names[i], names[i], str_equal(names[i], kind)};
    return STATUS_OK;
}

/* --- the page ------------------------------------------------------------------------------------- */

struct papers_page {
    struct shelf_line *papers;
    size_t npapers;
    struct shelf_choice *groups, *kinds;
    size_t ngroups, nkinds;
    struct str newer, older; /* addresses of the pages beside this one */
    bool filtered;
};
static const struct field PAPERS_PAGE[] = {
    FIELD_OF_LIST(struct papers_page, papers, SHELF_LINE),
    FIELD_OF_LIST(struct papers_page, groups, SHELF_CHOICE),
    FIELD_OF_LIST(struct papers_page, kinds, SHELF_CHOICE),
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
        status =
            shelf_list_choices(rq, &page.groups, &page.ngroups, &page.kinds, &page.nkinds, err);
    if (status)
        return status;
    page.filtered = query.group.len || query.kind.len;
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
