/* Reading a paper: the member's own marked copy as a page. */
#include <inttypes.h>

#include "library/blank.h"
#include "library/reading.h"
#include "server/internal.h"
#include "server/ledger.h"
#include "server/press.h"
#include "server/reader.h"

#define TRIES 3 /* an editor who changes the marking at that very moment does not do so for long */

struct notice_line {
    struct str text;
};
static const struct field NOTICE_LINE[] = {FIELD(TEXT, struct notice_line, text), {0}};

struct edition_line {
    struct str path, title;
    int64_t number, published;
    bool shown;
};
static const struct field EDITION_LINE[] = {
    FIELD(NUMBER, struct edition_line, number), FIELD(DAY, struct edition_line, published),
    FIELD(TEXT, struct edition_line, title),    FIELD(TEXT, struct edition_line, path),
    FIELD(FLAG, struct edition_line, shown),    {0},
};

struct format_line {
    struct str name, label, path;
};
static const struct field FORMAT_LINE[] = {
    FIELD(TEXT, struct format_line, name),
    FIELD(TEXT, struct format_line, label),
    FIELD(TEXT, struct format_line, path),
    {0},
};

struct paper_page {
    struct str key, title, lang, kind, author, credit;
    struct str html, outline;
    struct notice_line *notice;
    size_t nnotice;
    struct edition_line *editions;
    size_t neditions;
    struct format_line *formats;
    size_t nformats;
    struct str anchor;  /* the paragraph last read in this edition */
    struct str compare; /* address of the difference to a neighbouring edition */
    int64_t edition, published, until, delete_days;
    bool may_manage, downloads, marked, newest, several, has_notice, is_template;
};

static const struct field PAPER_PAGE[] = {
    FIELD(TEXT, struct paper_page, key),
    FIELD(TEXT, struct paper_page, title),
    FIELD(TEXT, struct paper_page, lang),
    FIELD(TEXT, struct paper_page, kind),
    FIELD(TEXT, struct paper_page, author),
    FIELD(NUMBER, struct paper_page, edition),
    FIELD(FLAG, struct paper_page, newest),
    FIELD(DAY, struct paper_page, published),
    FIELD(TIME, struct paper_page, until),
    FIELD(TEXT, struct paper_page, credit),
    FIELD_OF_LIST(struct paper_page, notice, NOTICE_LINE),
    FIELD(MARKUP, struct paper_page, html),
    FIELD_HIDDEN(MARKUP, struct paper_page, outline),
    FIELD_OF_LIST(struct paper_page, editions, EDITION_LINE),
    FIELD(FLAG, struct paper_page, downloads),
    FIELD(FLAG, struct paper_page, marked),
    FIELD_OF_LIST(struct paper_page, formats, FORMAT_LINE),
    FIELD(NUMBER, struct paper_page, delete_days),
    FIELD(TEXT, struct paper_page, anchor),
    FIELD_HIDDEN(TEXT, struct paper_page, compare),
    FIELD(FLAG, struct paper_page, is_template),
    FIELD_HIDDEN(FLAG, struct paper_page, may_manage),
    FIELD_HIDDEN(FLAG, struct paper_page, several),
    FIELD_HIDDEN(FLAG, struct paper_page, has_notice),
    {0},
};

static void fill_frame(struct request *rq, const struct format_frame *frame,
                       struct paper_page *page)
{
    struct str rest = frame->notice;
    struct str text;
    page->credit = str_copy(rq->arena, frame->credit);
    page->notice = arena_array(rq->arena, rest.len + 1, struct notice_line);
    while (str_split(&rest, '\n', &text))
        if (str_trim(text).len)
            page->notice[page->nnotice++].text = str_copy(rq->arena, str_trim(text));
    page->has_notice = page->nnotice > 0;
}

static enum status fill_editions(struct request *rq, const struct reader *r,
                                 struct paper_page *page, struct error *err)
{
    struct shelf_edition *editions;
    enum status status = library_list_editions(rq->arena, rq->store, r->offer.paper, &editions,
                                               &page->neditions, err);
    if (status)
        return status;
    page->editions = arena_array(rq->arena, page->neditions, struct edition_line);
    for (size_t i = 0; i < page->neditions; i++)
        page->editions[i] = (struct edition_line){
            .path = str_format(rq->arena, "/papers/%.*s/%" PRId64, STR_ARG(r->offer.key),
                               editions[i].number),
            .title = editions[i].title,
            .number = editions[i].number,
            .published = editions[i].published_ms,
            .shown = editions[i].number == r->edition.number,
        };
    page->several = page->neditions > 1;
    int64_t other = r->edition.number > 1 ? r->edition.number - 1 : 2;
    if (page->several)
        page->compare =
            str_format(rq->arena, "/papers/%.*s/difference?from=%" PRId64 "&to=%" PRId64,
                       STR_ARG(r->offer.key), other < r->edition.number ? other : r->edition.number,
                       other < r->edition.number ? r->edition.number : other);
    return STATUS_OK;
}

static void fill_formats(struct request *rq, const struct reader *r, struct paper_page *page)
{
    struct str rest = r->offer.formats;
    struct str name;
    enum format_kind kind;
    page->formats = arena_array(rq->arena, rest.len + 1, struct format_line);
    while (page->downloads && str_split(&rest, ' ', &name))
        if (format_parse_name(name, &kind))
            page->formats[page->nformats++] = (struct format_line){
                name, str_of(format_label(kind, rq->lang)),
                str_format(rq->arena, "/papers/%.*s/download/%.*s?edition=%" PRId64,
                           STR_ARG(r->offer.key), STR_ARG(name), r->edition.number)};
}

static enum status fill_position(struct request *rq, const struct reader *r,
                                 struct paper_page *page, struct error *err)
{
    int64_t edition;
    struct str anchor;
    enum status status = library_find_position(rq->arena, rq->store, rq->viewer.member,
                                               r->offer.paper, &edition, &anchor, err);
    if (!status && edition == r->edition.number)
        page->anchor = anchor;
    return status;
}

/* Codeword, stamp, event committed; the bytes go out with the answer. */
static enum status fill_copy(struct request *rq, const struct reader *r, struct paper_page *page,
                             struct error *err)
{
    const struct copy_press *press = NULL;
    enum status status = reader_press(rq, r, PRESS_PAGE, &press, err);
    if (!status)
        status = reader_record_opening(rq, copy_press_edition(press), err);
    if (!status) {
        struct copy_page copy = copy_write_page(press, rq->arena, rq->viewer.member);
        page->html = copy.body;
        page->outline = copy.outline;
        fill_frame(rq, copy_press_frame(press), page);
    }
    reader_release(rq, press);
    return status ? status : ledger_mark_margin(rq, &r->edition, &page->html, err);
}

static enum status show_edition(struct request *rq, const struct reader *r, struct error *err)
{
    struct paper_page page = {
        .key = r->offer.key,
        .title = r->edition.title,
        .lang = r->edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .kind = r->offer.kind,
        .author = r->offer.author,
        .edition = r->edition.number,
        .published = r->edition.published_ms,
        .until = r->entitlement.until_ms,
        .delete_days = r->offer.delete_days,
        .downloads = r->entitlement.downloads,
        .marked = r->offer.mark != FORMAT_MARK_NONE,
        .newest = r->newest,
        .may_manage = request_may(rq, ROLE_EDITOR | ROLE_STEWARD),
    };
    struct blanks blanks;
    enum status status = fill_copy(rq, r, &page, err);
    if (!status)
        status = fill_editions(rq, r, &page, err);
    if (!status)
        status = fill_position(rq, r, &page, err);
    if (!status)
        status = library_edition_blanks(rq->arena, rq->store, &r->edition, &blanks, err);
    if (status)
        return status;
    page.is_template = r->newest && blanks.count > 0;
    fill_formats(rq, r, &page);
    return answer_titled_page(rq, "paper", r->edition.title, PAPER_PAGE, &page);
}

static enum status show_paper(struct request *rq, struct error *err)
{
    enum status status = STATUS_CONFLICT;
    for (int tries = 0; status == STATUS_CONFLICT && tries < TRIES; tries++) {
        struct reader r;
        status = reader_open(rq, rq->params[0], rq->params[1], &r, err);
        if (!status && r.refused)
            return STATUS_OK;
        if (!status)
            status = show_edition(rq, &r, err);
    }
    return status;
}

const struct route route_paper = {
    .method = "GET",
    .path = "/papers/{paper}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Read your own copy of a paper.",
    .zh = "阅读您本人的文稿副本。",
    .output = PAPER_PAGE,
    .page = "paper",
    .run = show_paper,
};

const struct route route_paper_edition = {
    .method = "GET",
    .path = "/papers/{paper}/{edition}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Read your own copy of one edition.",
    .zh = "阅读您本人某一版的副本。",
    .output = PAPER_PAGE,
    .page = "paper",
    .run = show_paper,
};

/* --- position ------------------------------------------------------------------------------------- */

static const struct input POSITION_INPUTS[] = {
    {.name = "edition",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = 1000000,
     .en = "Edition",
     .zh = "版本"},
    {.name = "anchor", .kind = INPUT_TEXT, .needed = true, .most = 8, .en = "Place", .zh = "位置"},
    {0},
};

struct position {
    int64_t member, paper, edition;
    struct str anchor;
};

static enum status keep_position(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct position *p = context;
    (void)scratch;
    return library_keep_position(store, p->member, p->paper, p->edition, p->anchor, err);
}

static enum status post_position(struct request *rq, struct error *err)
{
    struct reader r;
    struct str edition = request_input(rq, "edition");
    enum status status = reader_open(rq, rq->params[0], edition, &r, err);
    if (status || r.refused)
        return status;
    struct position p = {rq->viewer.member, r.offer.paper, r.edition.number,
                         request_input(rq, "anchor")};
    status = server_write(rq->server, STR(""), keep_position, &p, err);
    return status ? status : answer_redirect(rq, reader_path(rq, &r), NULL, NULL);
}

const struct route route_paper_position = {
    .method = "POST",
    .path = "/papers/{paper}/position",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Keep how far you have read.",
    .zh = "保存阅读位置。",
    .inputs = POSITION_INPUTS,
    .run = post_position,
};
