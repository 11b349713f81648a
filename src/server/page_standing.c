/* Standing requests: the searches that one keeps, and what they found. */
#include "server/internal.h"

#include "library/search.h"
#include "library/standing.h"

struct paper_line {
    struct str key, title;
    int64_t found;
};
static const struct field PAPER_LINE[] = {
    FIELD(TEXT, struct paper_line, key),
    FIELD(TEXT, struct paper_line, title),
    FIELD(DAY, struct paper_line, found),
    {0},
};
struct standing_line {
    struct str key, words, path;
    int64_t created, fits;
    bool at_once, any;
    struct paper_line *papers;
    size_t npapers;
};
static const struct field STANDING_LINE[] = {
    FIELD(TEXT, struct standing_line, key),
    FIELD(TEXT, struct standing_line, words),
    FIELD_HIDDEN(TEXT, struct standing_line, path),
    FIELD(DAY, struct standing_line, created),
    FIELD(NUMBER, struct standing_line, fits),
    FIELD(FLAG, struct standing_line, at_once),
    FIELD_OF_LIST(struct standing_line, papers, PAPER_LINE),
    FIELD_HIDDEN(FLAG, struct standing_line, any),
    {0},
};
struct standing_page {
    struct str typed;
    struct standing_line *searches;
    size_t nsearches;
};
static const struct field STANDING_PAGE[] = {
    FIELD_OF_LIST(struct standing_page, searches, STANDING_LINE),
    FIELD_HIDDEN(TEXT, struct standing_page, typed),
    {0},
};
static const struct input LOOK_INPUTS[] = {
    {.name = "q", .kind = INPUT_TEXT, .most = SEARCH_WORDS_MAX, .en = "Words", .zh = "检索词"},
    {0},
};

static struct standing_line line_of(struct request *rq, const struct standing *s)
{
    struct buf path = {.arena = rq->arena};
    buf_add(&path, STR("/search?q="));
    answer_escape_query(&path, s->words);
    struct standing_line line = {.key = s->key,
                                 .words = s->words,
                                 .path = buf_str(&path),
                                 .created = s->created_ms,
                                 .fits = s->fits,
                                 .at_once = s->pace == STANDING_AT_ONCE,
                                 .any = s->npapers > 0,
                                 .papers =
                                     arena_array(rq->arena, s->npapers + 1, struct paper_line),
                                 .npapers = s->npapers};
    for (size_t i = 0; i < s->npapers; i++)
        line.papers[i] =
            (struct paper_line){s->papers[i].key, s->papers[i].title, s->papers[i].found_ms};
    return line;
}

static enum status show_standing(struct request *rq, struct error *err)
{
    struct standing_page page = {.typed = request_input(rq, "q")};
    struct standing *list;
    enum status status = library_list_standing(rq->arena, rq->store, rq->viewer.member, rq->now_ms,
                                               &list, &page.nsearches, err);
    if (status)
        return status;
    page.searches = arena_array(rq->arena, page.nsearches + 1, struct standing_line);
    for (size_t i = 0; i < page.nsearches; i++)
        page.searches[i] = line_of(rq, &list[i]);
    return answer_page(rq, "standing", "Searches kept", "保存的检索", STANDING_PAGE, &page);
}

const struct route route_standing = {
    .method = "GET",
    .path = "/standing",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "The searches that you keep, and the new papers that fitted them.",
    .zh = "您保存的检索，以及与之相符的新文稿。",
    .inputs = LOOK_INPUTS,
    .output = STANDING_PAGE,
    .page = "standing",
    .run = show_standing,
};

static const struct input KEEP_INPUTS[] = {
    {.name = "q",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = SEARCH_WORDS_MAX,
     .en = "Words",
     .zh = "检索词"},
    {.name = "pace", .kind = INPUT_TEXT, .most = 10, .en = "Letters", .zh = "邮件"},
    {0},
};

struct keeping {
    struct str words, key;
    enum standing_pace pace;
    int64_t member, now_ms;
};

static enum status keep_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct keeping *k = context;
    return library_keep_standing(scratch, store, k->member, k->words, k->pace, k->now_ms, err);
}

static enum status keep(struct request *rq, struct error *err)
{
    bool digest = str_equal(request_input(rq, "pace"), STR("digest"));
    struct keeping k = {.words = request_input(rq, "q"),
                        .pace = digest ? STANDING_DIGEST : STANDING_AT_ONCE,
                        .member = rq->viewer.member,
                        .now_ms = rq->now_ms};
    enum status status = server_write(rq->server, request_actor(rq), keep_step, &k, err);
    return status
               ? status
               : answer_redirect(rq, STR("/standing"), "Kept. You are told of new papers that fit.",
                                 "已保存。有相符的新文稿时会通知您。");
}

const struct route route_standing_keep = {
    .method = "POST",
    .path = "/standing",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Keep a search, to be told of new papers that fit (pace: once, digest).",
    .zh = "保存检索，有相符的新文稿时得到通知（pace：once、digest）。",
    .inputs = KEEP_INPUTS,
    .run = keep,
    .again = show_standing,
};

static enum status drop_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct keeping *k = context;
    (void)scratch;
    return library_drop_standing(store, k->member, k->key, err);
}

static enum status drop(struct request *rq, struct error *err)
{
    struct keeping k = {.key = rq->params[0], .member = rq->viewer.member};
    enum status status = server_write(rq->server, request_actor(rq), drop_step, &k, err);
    return status ? status
                  : answer_redirect(rq, STR("/standing"), "The search is dropped.", "检索已删除。");
}

const struct route route_standing_drop = {
    .method = "POST",
    .path = "/standing/{standing}/drop",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Drop a search that you keep.",
    .zh = "删除保存的检索。",
    .run = drop,
};
