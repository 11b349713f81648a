/* Copies that leave the page: downloads, and links that give one to whoever holds them. */
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "library/link.h"
#include "library/member.h"
#include "library/notice.h"
#include "server/copy_file.h"
#include "server/grant.h"
#include "server/internal.h"
#include "server/outgoing.h"
#include "server/press.h"
#include "server/reader.h"

#define FILE_NAME_MAX 80U /* characters of the title in a file's name */

/* --- files ---------------------------------------------------------------------------------------- */

struct str copy_file_name(struct request *rq, const struct reader *r, struct str words,
                          enum format_kind kind)
{
    struct buf name = {.arena = rq->arena};
    size_t count = 0;
    for (size_t at = 0; at < words.len && count < FILE_NAME_MAX; count++) {
        uint32_t code = utf8_next(words, &at);
        bool bad = code < 0x20 || code == 0x7F || (code < 0x80 && strchr("/\\:*?\"<>|", (int)code));
        buf_add_code(&name, bad ? ' ' : code);
    }
    struct str title = str_trim(buf_str(&name));
    while (str_starts(title, STR(".")))
        title = str_slice(title, 1, title.len);
    if (!r->newest)
        title = str_format(rq->arena,
                           r->edition.lang == LANG_ZH ? "%.*s（第%" PRId64 "版）"
                                                      : "%.*s (edition %" PRId64 ")",
                           STR_ARG(title), r->edition.number);
    return str_format(rq->arena, "%.*s.%s", STR_ARG(title), format_name(kind));
}

struct str copy_format_words(const struct request *rq, struct str format)
{
    enum format_kind kind;
    return format_parse_name(format, &kind) ? str_of(format_label(kind, rq->lang)) : format;
}

enum status copy_check_format(const struct reader *r, struct str format, enum format_kind *kind,
                              struct error *err)
{
    if (!format_parse_name(format, kind))
        return error_set(err, STATUS_MISSING, "There is no such format.", "没有这种格式。");
    if (!r->entitlement.downloads)
        return error_set(err, STATUS_FORBIDDEN,
                         "This paper is for reading on the page; it can't be downloaded.",
                         "本文稿仅限在线阅读，不提供下载。");
    if (!library_offers_format(&r->offer, format))
        return error_set(err, STATUS_FORBIDDEN, "This paper is not given in that format.",
                         "本文稿不提供该格式。");
    return STATUS_OK;
}

static const struct input DOWNLOAD_INPUTS[] = {
    {.name = "edition", .kind = INPUT_TEXT, .most = 20, .en = "Edition", .zh = "版本"},
    {0},
};

static int64_t earlier(int64_t a, int64_t b)
{
    return b && b < a ? b : a;
}

/* So that the same download need not be decided again while nothing changes. */
static enum status keep_grant(struct request *rq, const struct reader *r,
                              const struct copy_press *press, const struct grant *found,
                              struct error *err)
{
    struct grant grant = *found;
    int64_t notice_ms;
    if (rq->viewer.by_token || r->offer.copy_days || r->offer.delete_days || r->offer.mark)
        return STATUS_OK;
    enum status status = library_next_notice(rq->store, rq->now_ms, &notice_ms, err);
    if (status)
        return status;
    grant.facts = rq->facts;
    grant.until_ms = earlier(earlier(notice_ms, r->entitlement.until_ms), rq->viewer.until_ms);
    grant.member = rq->viewer.member;
    grant.press = press_number(server_presses(rq->server), press);
    grants_keep(server_grants(rq->server), rq, &grant);
    return STATUS_OK;
}

static enum status record_again(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct request *rq = context;
    (void)scratch;
    if (store_now_ms() >= rq->grant->until_ms)
        return STATUS_CONFLICT;
    return copy_record_again(rq->press, store, rq->grant->member, err);
}

static bool recall_download(struct request *rq, struct job *job)
{
    struct grant *grant = arena_new(rq->arena, struct grant);
    if (!grants_find(server_grants(rq->server), rq, grant) ||
        outgoing_is_full(server_outgoing(rq->server), grant->member))
        return false;
    rq->grant = grant;
    rq->press = press_find(server_presses(rq->server), grant->press);
    job->step = record_again;
    job->context = rq;
    job->actor = library_member_id(rq->arena, grant->member);
    job->facts = grant->facts;
    return rq->press != NULL;
}

static void deliver_download(struct request *rq)
{
    (void)answer_bytes(rq, rq->grant->type,
                       copy_bytes(rq->press, rq->arena, rq->grant->member, NULL), rq->grant->file);
}

static enum status download(struct request *rq, struct error *err)
{
    struct reader r;
    enum format_kind kind;
    const struct copy_press *press = NULL;
    struct format_owner owner;
    enum status status = reader_open(rq, rq->params[0], request_input(rq, "edition"), &r, err);
    if (status || r.refused)
        return status;
    status = copy_check_format(&r, rq->params[1], &kind, err);
    if (!status)
        status = reader_press(rq, &r, kind, &press, err);
    if (!status)
        status = reader_record_copy(rq, press, &owner, err);
    struct grant grant = {0};
    if (!status) {
        grant.type = format_type(kind);
        grant.file = copy_file_name(rq, &r, r.edition.title, kind);
        status = keep_grant(rq, &r, press, &grant, err);
    }
    if (!status)
        status = answer_bytes(rq, grant.type,
                              copy_bytes(press, rq->arena, rq->viewer.member, &owner), grant.file);
    reader_release(rq, press);
    return status;
}

const struct route route_paper_download = {
    .method = "GET",
    .path = "/papers/{paper}/download/{format}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Download your own copy: the same words as on the page, each time.",
    .zh = "下载您本人的副本；每次所得文字与网页一致。",
    .inputs = DOWNLOAD_INPUTS,
    .run = download,
    .recall = recall_download,
    .deliver = deliver_download,
};

/* --- a member's links ----------------------------------------------------------------------------- */

struct link_line {
    struct str key, note, format, format_words;
    int64_t edition, created, until, uses, used, left, ended;
    bool open, used_up;
};
static const struct field LINK_LINE[] = {
    FIELD(TEXT, struct link_line, key),
    FIELD(TEXT, struct link_line, note),
    FIELD(TEXT, struct link_line, format),
    FIELD(NUMBER, struct link_line, edition),
    FIELD(TIME, struct link_line, created),
    FIELD(TIME, struct link_line, until),
    FIELD(NUMBER, struct link_line, uses),
    FIELD(NUMBER, struct link_line, used),
    FIELD(NUMBER, struct link_line, left),
    FIELD(TIME, struct link_line, ended),
    FIELD(FLAG, struct link_line, open),
    FIELD(FLAG, struct link_line, used_up),
    FIELD_HIDDEN(TEXT, struct link_line, format_words),
    {0},
};

struct format_choice {
    struct str name, label;
};
static const struct field FORMAT_CHOICE[] = {
    FIELD(TEXT, struct format_choice, name),
    FIELD(TEXT, struct format_choice, label),
    {0},
};

struct links_page {
    struct str key, title, lang, note;
    struct str made; /* the address of the link just made, shown once */
    struct link_line *links;
    size_t nlinks;
    struct format_choice *formats;
    size_t nformats;
    bool any;
};
static const struct field LINKS_PAGE[] = {
    FIELD(TEXT, struct links_page, key),
    FIELD(TEXT, struct links_page, title),
    FIELD(TEXT, struct links_page, lang),
    FIELD(TEXT, struct links_page, made),
    FIELD_OF_LIST(struct links_page, links, LINK_LINE),
    FIELD_OF_LIST(struct links_page, formats, FORMAT_CHOICE),
    FIELD_HIDDEN(TEXT, struct links_page, note),
    FIELD_HIDDEN(FLAG, struct links_page, any),
    {0},
};

static void fill_choices(struct request *rq, const struct reader *r, struct links_page *page)
{
    page->formats = arena_array(rq->arena, FORMAT_KINDS, struct format_choice);
    for (enum format_kind kind = 0; kind < FORMAT_KINDS; kind++)
        if (library_offers_format(&r->offer, str_of(format_name(kind))))
            page->formats[page->nformats++] = (struct format_choice){
                str_of(format_name(kind)), str_of(format_label(kind, rq->lang))};
}

static enum status answer_links(struct request *rq, const struct reader *r, struct str made,
                                struct error *err)
{
    struct link *links;
    struct links_page page = {
        .key = r->offer.key,
        .title = r->edition.title,
        .lang = r->edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .note = made.len ? STR("") : request_input(rq, "note"),
        .made = made,
    };
    enum status status = library_list_links(rq->arena, rq->store, rq->viewer.member, r->offer.paper,
                                            &links, &page.nlinks, err);
    if (status)
        return status;
    page.links = arena_array(rq->arena, page.nlinks, struct link_line);
    for (size_t i = 0; i < page.nlinks; i++)
        page.links[i] = (struct link_line){
            .key = links[i].key,
            .note = links[i].note,
            .format = links[i].format,
            .format_words = copy_format_words(rq, links[i].format),
            .edition = links[i].edition,
            .created = links[i].created_ms,
            .until = links[i].expires_ms,
            .uses = links[i].uses,
            .used = links[i].uses - links[i].uses_left,
            .used_up = !links[i].uses_left,
            .left = links[i].uses_left,
            .ended = links[i].ended_ms,
            .open = !links[i].ended_ms && links[i].uses_left && links[i].expires_ms > rq->now_ms,
        };
    page.any = page.nlinks > 0;
    fill_choices(rq, r, &page);
    return answer_page(rq, "links", "Links to your copy", "副本链接", LINKS_PAGE, &page);
}

static enum status open_links(struct request *rq, struct reader *r, struct error *err)
{
    enum status status = reader_open(rq, rq->params[0], (struct str){0}, r, err);
    if (!status && !r->refused && !r->entitlement.downloads)
        return error_set(err, STATUS_FORBIDDEN,
                         "This paper is for reading on the page; no link can be made to a copy.",
                         "本文稿仅限在线阅读，不能生成副本链接。");
    return status;
}

static enum status show_links(struct request *rq, struct error *err)
{
    struct reader r;
    enum status status = open_links(rq, &r, err);
    return status || r.refused ? status : answer_links(rq, &r, (struct str){0}, err);
}

static const struct input LINK_INPUTS[] = {
    {.name = "format",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 10,
     .en = "Format",
     .zh = "格式"},
    {.name = "days",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = LINK_DAYS_MAX,
     .en = "Days that it lasts",
     .zh = "有效天数"},
    {.name = "uses",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = LINK_USES_MAX,
     .en = "Times that it can be opened",
     .zh = "可打开次数"},
    {.name = "note", .kind = INPUT_TEXT, .most = 100, .en = "For whom", .zh = "提供给谁"},
    {0},
};

struct new_link {
    struct link link;
    struct arena *arena;
    struct str secret;
};

static enum status make_link(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct new_link *n = context;
    (void)scratch;
    return library_make_link(n->arena, store, &n->link, &n->secret, err);
}

static enum status post_link(struct request *rq, struct error *err)
{
    struct reader r;
    enum format_kind kind;
    struct str url;
    enum status status = open_links(rq, &r, err);
    if (status || r.refused)
        return status;
    status = copy_check_format(&r, request_input(rq, "format"), &kind, err);
    if (status)
        return status;
    struct new_link n = {
        .arena = rq->arena,
        .link = {.format = str_of(format_name(kind)),
                 .note = request_input(rq, "note"),
                 .paper = r.offer.paper,
                 .edition = r.edition.number,
                 .member = rq->viewer.member,
                 .expires_ms = rq->now_ms + request_number(rq, "days") * STORE_DAY_MS,
                 .uses = request_number(rq, "uses")},
    };
    status =
        server_write(rq->server, library_member_id(rq->arena, n.link.member), make_link, &n, err);
    if (!status)
        status = answer_public_address(rq, str_format(rq->arena, "/l/%.*s", STR_ARG(n.secret)),
                                       &url, err);
    return status ? status : answer_links(rq, &r, url, err);
}

const struct route route_paper_links = {
    .method = "GET",
    .path = "/papers/{paper}/links",
    .roles = ROLE_MEMBER,
    .en = "Links that give your own copy to others, and the form to make one.",
    .zh = "向他人提供您本人副本的链接，以及生成链接的表单。",
    .output = LINKS_PAGE,
    .page = "links",
    .run = show_links,
};

const struct route route_paper_link_make = {
    .method = "POST",
    .path = "/papers/{paper}/links",
    .roles = ROLE_MEMBER,
    .en = "Make a link to your own copy; its address is shown once.",
    .zh = "生成您本人副本的链接；地址仅显示一次。",
    .inputs = LINK_INPUTS,
    .output = LINKS_PAGE,
    .page = "links",
    .run = post_link,
    .again = show_links,
};

struct ending {
    int64_t member, paper;
    struct str key;
};

static enum status end_link(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct ending *e = context;
    (void)scratch;
    return library_end_link(store, e->member, e->key, &e->paper, err);
}

static enum status post_end(struct request *rq, struct error *err)
{
    struct ending e = {.member = rq->viewer.member, .key = rq->params[0]};
    enum status status =
        server_write(rq->server, library_member_id(rq->arena, e.member), end_link, &e, err);
    return status ? status
                  : answer_redirect(rq, STR("/links"),
                                    "The link has ended; nobody can open it any more.",
                                    "链接已终止，任何人都无法再打开。");
}

const struct route route_link_end = {
    .method = "POST",
    .path = "/links/{link}/end",
    .roles = ROLE_MEMBER,
    .en = "End a link that you made.",
    .zh = "终止您生成的链接。",
    .run = post_end,
};

/* --- who holds a link ----------------------------------------------------------------------------- */

struct line {
    struct str text;
};
static const struct field LINE[] = {FIELD(TEXT, struct line, text), {0}};

struct link_page {
    struct str secret, title, lang, format, format_words, digest;
    struct line *notice;
    size_t nnotice;
    int64_t until, left;
};
static const struct field LINK_PAGE[] = {
    FIELD(TEXT, struct link_page, title),
    FIELD(TEXT, struct link_page, lang),
    FIELD(TEXT, struct link_page, format),
    FIELD_OF_LIST(struct link_page, notice, LINE),
    FIELD(TEXT, struct link_page, digest),
    FIELD(TIME, struct link_page, until),
    FIELD(NUMBER, struct link_page, left),
    FIELD_HIDDEN(TEXT, struct link_page, secret),
    FIELD_HIDDEN(TEXT, struct link_page, format_words),
    {0},
};

/* A link that was found and what it opens. */
struct held {
    struct link link;
    struct reader reader; /* as its member would open it */
    struct str notice;    /* all that is to be accepted */
    struct digest digest; /* of it */
};

/* The notices in force about the paper, and what is said of every copy. */
static enum status load_notice(struct request *rq, struct held *h, struct error *err)
{
    struct format_frame frame;
    struct buf text = {.arena = rq->arena};
    enum status status = copy_read_frame(rq->arena, rq->store, h->link.paper, &frame, err);
    if (status)
        return status;
    buf_add(&text,
            request_words(rq,
                          "This copy belongs to a member of ours. It carries marks of its own "
                          "that lead back to that member wherever it turns up. When you open "
                          "it, the time and your network are recorded.",
                          "本副本属于我方一名成员，带有可追踪至该成员的专属标记。"
                          "您打开时，系统将记录时间和您的网络。"));
    if (frame.mark)
        buf_add(&text,
                request_words(
                    rq,
                    "\nWhere the format can, it shows the member's name, the time and its number.",
                    "\n格式支持时，副本会显示该成员的姓名、时间和副本编号。"));
    struct query *q = query_start(
        rq->store, "SELECT en_n.text FROM notice en_n WHERE " NOTICE_ABOUT_SQL(
                       "?1") " AND en_n.since_ms <= ?2"
                             " AND (en_n.ended_ms IS NULL OR en_n.ended_ms > ?2) ORDER BY en_n.id");
    query_bind_int(q, 1, h->link.paper);
    query_bind_int(q, 2, rq->now_ms);
    while (query_row(q)) {
        buf_add_byte(&text, '\n');
        buf_add(&text, query_str(q, 0));
    }
    status = query_end(q, err);
    buf_add_byte(&text, '\n');
    buf_add(&text, frame.notice);
    h->notice = buf_str(&text);
    h->digest = digest_of(h->notice);
    return status;
}

/* What does not open for the member any more opens for nobody, and says no more than a link that never was. */
static enum status open_link(struct request *rq, struct held *h, struct error *err)
{
    enum status status = library_find_link(rq->arena, rq->store, rq->params[0], &h->link, err);
    struct reader *r = &h->reader;
    *r = (struct reader){0};
    if (!status)
        status = library_entitle(rq->store, h->link.member, h->link.paper, rq->now_ms,
                                 &r->entitlement, err);
    if (!status)
        status = library_offer_of(rq->arena, rq->store, h->link.paper, &r->offer, err);
    if (!status && (r->entitlement.why || !r->entitlement.downloads ||
                    !library_offers_format(&r->offer, h->link.format)))
        return library_link_gone(err);
    if (!status)
        status = library_find_edition(rq->arena, rq->store, h->link.paper, h->link.edition,
                                      &r->edition, err);
    r->newest = true; /* the holder knows of no other */
    return status ? status : load_notice(rq, h, err);
}

static enum status show_link(struct request *rq, struct error *err)
{
    struct held h;
    char hex[DIGEST_HEX + 1];
    enum status status = open_link(rq, &h, err);
    if (status)
        return status;
    digest_to_hex(&h.digest, hex);
    struct link_page page = {
        .secret = rq->params[0],
        .title = h.reader.edition.title,
        .lang = h.reader.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .format = h.link.format,
        .format_words = copy_format_words(rq, h.link.format),
        .digest = str_copy(rq->arena, str_of(hex)),
        .notice = arena_array(rq->arena, h.notice.len + 1, struct line),
        .until = h.link.expires_ms,
        .left = h.link.uses_left,
    };
    struct str rest = h.notice;
    struct str text;
    while (str_split(&rest, '\n', &text))
        if (str_trim(text).len)
            page.notice[page.nnotice++].text = str_trim(text);
    return answer_titled_page(rq, "link", h.reader.edition.title, LINK_PAGE, &page);
}

struct holding {
    struct str secret, network;
    const struct held *held;
    const struct copy_press *press;
    struct arena *arena;
    struct format_owner owner;
};

static enum status use_link(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct holding *h = context;
    const struct link *link = &h->held->link;
    struct entitlement now;
    (void)scratch;
    enum status status =
        library_entitle(store, link->member, link->paper, store_now_ms(), &now, err);
    if (!status && (now.why || !now.downloads))
        return library_link_gone(err);
    if (!status)
        status = library_use_link(store, h->secret, link, &h->held->digest, h->network, err);
    if (!status)
        status = copy_record(h->press, store, link->member, err);
    return status ? status
                  : copy_find_owner(h->press, h->arena, store, link->member, &h->owner, err);
}

static const struct input HOLDER_INPUTS[] = {
    {.name = "accept",
     .kind = INPUT_FLAG,
     .needed = true,
     .en = "Your acceptance of the notice",
     .zh = "对须知的确认"},
    {.name = "digest",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = DIGEST_HEX,
     .en = "Digest of the notice",
     .zh = "须知摘要"},
    {0},
};

static enum status post_link_opened(struct request *rq, struct error *err)
{
    struct held h;
    enum format_kind kind;
    struct digest seen;
    const struct copy_press *press = NULL;
    enum status status = open_link(rq, &h, err);
    if (status)
        return status;
    if (!digest_from_hex(request_input(rq, "digest"), &seen) ||
        memcmp(&seen, &h.digest, sizeof seen) != 0)
        return error_set(err, STATUS_CONFLICT,
                         "The notice was reworded meanwhile; please read it once more.",
                         "须知文本已更新，请重新阅读。");
    if (!format_parse_name(h.link.format, &kind))
        return library_link_gone(err);
    status = reader_press(rq, &h.reader, kind, &press, err);
    struct holding holding = {rq->params[0], session_network(rq->arena, rq->address), &h, press,
                              .arena = rq->arena};
    if (!status)
        status = server_write(rq->server, STR("link"), use_link, &holding, err);
    if (!status)
        status = answer_bytes(rq, format_type(kind),
                              copy_bytes(press, rq->arena, h.link.member, &holding.owner),
                              copy_file_name(rq, &h.reader, h.reader.edition.title, kind));
    reader_release(rq, press);
    return status;
}

const struct route route_link = {
    .method = "GET",
    .path = "/l/{secret}",
    .roles = ROLE_ANYONE,
    .en = "What a link to a copy opens, and the notice to accept first.",
    .zh = "副本链接所指内容，以及须先确认的须知。",
    .output = LINK_PAGE,
    .page = "link",
    .run = show_link,
};

const struct route route_link_open = {
    .method = "POST",
    .path = "/l/{secret}",
    .roles = ROLE_ANYONE,
    .en = "Accept the notice and take the copy.",
    .zh = "确认须知并获取副本。",
    .inputs = HOLDER_INPUTS,
    .run = post_link_opened,
    .again = show_link,
};
