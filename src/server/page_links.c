/* All links that a member made, to whichever paper. Making one is beside the paper, in page_copy.c. */
#include "server/internal.h"

#include "library/link.h"
#include "server/copy_file.h"

struct own_link {
    struct str key, paper, title, note, format, format_words;
    int64_t edition, created, until, uses, used, ended;
    bool open, used_up;
};
static const struct field OWN_LINK[] = {
    FIELD(TEXT, struct own_link, key),
    FIELD(TEXT, struct own_link, paper),
    FIELD(TEXT, struct own_link, title),
    FIELD(TEXT, struct own_link, note),
    FIELD(TEXT, struct own_link, format),
    FIELD(NUMBER, struct own_link, edition),
    FIELD(TIME, struct own_link, created),
    FIELD(TIME, struct own_link, until),
    FIELD(NUMBER, struct own_link, uses),
    FIELD(NUMBER, struct own_link, used),
    FIELD(TIME, struct own_link, ended),
    FIELD(FLAG, struct own_link, open),
    FIELD(FLAG, struct own_link, used_up),
    FIELD_HIDDEN(TEXT, struct own_link, format_words),
    {0},
};
struct own_links_page {
    struct own_link *links;
    size_t nlinks;
    int64_t open_count;
    bool any;
};
static const struct field OWN_LINKS_PAGE[] = {
    FIELD_OF_LIST(struct own_links_page, links, OWN_LINK),
    FIELD(NUMBER, struct own_links_page, open_count),
    FIELD_HIDDEN(FLAG, struct own_links_page, any),
    {0},
};

static enum status show_own_links(struct request *rq, struct error *err)
{
    struct link *links;
    struct own_links_page page = {0};
    enum status status =
        library_list_links(rq->arena, rq->store, rq->viewer.member, 0, &links, &page.nlinks, err);
    if (status)
        return status;
    page.links = arena_array(rq->arena, page.nlinks, struct own_link);
    for (size_t i = 0; i < page.nlinks; i++) {
        const struct link *l = &links[i];
        page.links[i] = (struct own_link){
            .key = l->key,
            .paper = l->paper_key,
            .title = l->title,
            .note = l->note,
            .format = l->format,
            .format_words = copy_format_words(rq, l->format),
            .edition = l->edition,
            .created = l->created_ms,
            .until = l->expires_ms,
            .uses = l->uses,
            .used = l->uses - l->uses_left,
            .ended = l->ended_ms,
            .open = !l->ended_ms && l->uses_left && l->expires_ms > rq->now_ms,
            .used_up = !l->uses_left,
        };
        page.open_count += page.links[i].open;
    }
    page.any = page.nlinks > 0;
    return answer_page(rq, "own-links", "My links", "我的链接", OWN_LINKS_PAGE, &page);
}

const struct route route_links = {
    .method = "GET",
    .path = "/links",
    .roles = ROLE_MEMBER,
    .en = "All links that you made to your copies, and how often each was used.",
    .zh = "您为自己的副本生成的全部链接及其使用情况。",
    .output = OWN_LINKS_PAGE,
    .page = "own-links",
    .run = show_own_links,
};
