/* Who reads what, for editors: by paper, by member, as CSV. Stewards, who look after members, have no need of it. */
#include "server/internal.h"

#include <inttypes.h>

#include "library/member.h"
#include "library/offer.h"
#include "library/paper.h"
#include "library/readers.h"
#include "library/roster.h"
#include "server/chart.h"

#define EDITORS      (ROLE_EDITOR | ROLE_OWNER)
#define READERS_MOST 500U
#define FILE_MOST    100000U

struct reader_line {
    struct str key, name;
    int64_t accepted, given, first, last, openings, downloads, txt, md, html, docx, epub, pdf;
    bool quiet;
};
static const struct field READER_LINE[] = {
    FIELD(TEXT, struct reader_line, key),          FIELD(TEXT, struct reader_line, name),
    FIELD(TIME, struct reader_line, accepted),     FIELD(TIME, struct reader_line, given),
    FIELD(TIME, struct reader_line, first),        FIELD(TIME, struct reader_line, last),
    FIELD(NUMBER, struct reader_line, openings),   FIELD(NUMBER, struct reader_line, downloads),
    FIELD(NUMBER, struct reader_line, txt),        FIELD(NUMBER, struct reader_line, md),
    FIELD(NUMBER, struct reader_line, html),       FIELD(NUMBER, struct reader_line, docx),
    FIELD(NUMBER, struct reader_line, epub),       FIELD(NUMBER, struct reader_line, pdf),
    FIELD_HIDDEN(FLAG, struct reader_line, quiet), {0},
};
struct day_line {
    int64_t day, openings, downloads;
};
static const struct field DAY_LINE[] = {
    FIELD(DAY, struct day_line, day),
    FIELD(NUMBER, struct day_line, openings),
    FIELD(NUMBER, struct day_line, downloads),
    {0},
};
struct waiting_line {
    struct str key, name;
};
static const struct field WAITING_LINE[] = {
    FIELD(TEXT, struct waiting_line, key), FIELD(TEXT, struct waiting_line, name), {0}};

struct readers_page {
    struct str key, about, chart;
    int64_t openings, downloads, days_kept, waiting_count;
    struct reader_line *readers;
    size_t nreaders;
    struct waiting_line *waiting;
    size_t nwaiting;
    struct day_line *days;
    size_t ndays;
    bool any, any_waiting, more_waiting;
};
static const struct field READERS_PAGE[] = {
    FIELD(TEXT, struct readers_page, key),
    FIELD(TEXT, struct readers_page, about),
    FIELD_HIDDEN(MARKUP, struct readers_page, chart),
    FIELD(NUMBER, struct readers_page, openings),
    FIELD(NUMBER, struct readers_page, downloads),
    FIELD(NUMBER, struct readers_page, days_kept),
    FIELD(NUMBER, struct readers_page, waiting_count),
    FIELD_OF_LIST(struct readers_page, readers, READER_LINE),
    FIELD_OF_LIST(struct readers_page, waiting, WAITING_LINE),
    FIELD_OF_LIST(struct readers_page, days, DAY_LINE),
    FIELD_HIDDEN(FLAG, struct readers_page, any),
    FIELD_HIDDEN(FLAG, struct readers_page, any_waiting),
    FIELD_HIDDEN(FLAG, struct readers_page, more_waiting),
    {0},
};

static void fill_lines(struct request *rq, struct readers_page *page, const struct reader *list,
                       size_t count)
{
    page->readers = arena_array(rq->arena, count, struct reader_line);
    page->nreaders = count;
    page->any = count > 0;
    for (size_t i = 0; i < count; i++)
        page->readers[i] = (struct reader_line){
            .key = list[i].key,
            .name = list[i].name,
            .accepted = list[i].accepted_ms,
            .given = list[i].given_ms,
            .first = list[i].first_ms,
            .last = list[i].last_ms,
            .openings = list[i].openings,
            .downloads = list[i].downloads,
            .txt = list[i].as_txt,
            .md = list[i].as_md,
            .html = list[i].as_html,
            .docx = list[i].as_docx,
            .epub = list[i].as_epub,
            .pdf = list[i].as_pdf,
            .quiet = list[i].last_ms == 0,
        };
}

/* --- by paper ------------------------------------------------------------------------------------- */

static enum status find_paper(struct request *rq, struct offer *offer, struct str *title,
                              struct error *err)
{
    struct edition edition;
    enum status status = library_find_offer_by_key(rq->arena, rq->store, rq->params[0], offer, err);
    if (!status)
        status = library_find_edition(rq->arena, rq->store, offer->paper, 0, &edition, err);
    if (!status)
        *title = edition.title;
    return status;
}

static enum status fill_waiting(struct request *rq, struct readers_page *page, int64_t paper,
                                struct error *err)
{
    struct reader *list;
    size_t all = 0;
    enum status status = library_list_nonreaders(rq->arena, rq->store, paper, READERS_MOST, &list,
                                                 &page->nwaiting, &all, err);
    if (status)
        return status;
    page->waiting = arena_array(rq->arena, page->nwaiting, struct waiting_line);
    for (size_t i = 0; i < page->nwaiting; i++)
        page->waiting[i] = (struct waiting_line){list[i].key, list[i].name};
    page->waiting_count = (int64_t)all;
    page->any_waiting = all > 0;
    page->more_waiting = all > page->nwaiting;
    return STATUS_OK;
}

static enum status fill_days(struct request *rq, struct readers_page *page, int64_t paper,
                             struct error *err)
{
    struct reading_day days[READING_DAYS_SHOWN];
    struct chart_bar bars[READING_DAYS_SHOWN];
    enum status status = library_count_reading(rq->store, paper, rq->now_ms, days, &page->openings,
                                               &page->downloads, err);
    if (status)
        return status;
    page->days = arena_array(rq->arena, READING_DAYS_SHOWN, struct day_line);
    page->ndays = READING_DAYS_SHOWN;
    for (size_t i = 0; i < READING_DAYS_SHOWN; i++) {
        page->days[i] = (struct day_line){days[i].day_ms, days[i].openings, days[i].downloads};
        struct buf label = {.arena = rq->arena};
        field_write_rfc3339(&label, days[i].day_ms);
        bars[i] = (struct chart_bar){str_slice(buf_str(&label), 0, sizeof "2026-11-24" - 1),
                                     days[i].openings + days[i].downloads};
    }
    page->chart = chart_bars(rq->arena, bars, READING_DAYS_SHOWN,
                             request_words(rq, "Openings and downloads by day, the last 30 days",
                                           "最近 30 天各日打开与下载次数"));
    return STATUS_OK;
}

static enum status show_readers(struct request *rq, struct error *err)
{
    struct offer offer;
    struct reader *list;
    size_t count = 0;
    struct readers_page page = {0};
    enum status status = find_paper(rq, &offer, &page.about, err);
    if (!status)
        status = library_list_readers(rq->arena, rq->store, offer.paper, READERS_MOST, &list,
                                      &count, err);
    if (!status)
        status = fill_waiting(rq, &page, offer.paper, err);
    if (!status)
        status = fill_days(rq, &page, offer.paper, err);
    if (!status)
        status = library_reading_days(rq->store, &page.days_kept, err);
    if (status)
        return status;
    page.key = offer.key;
    fill_lines(rq, &page, list, count);
    return answer_titled_page(rq, "readers", page.about, READERS_PAGE, &page);
}

const struct route route_readers = {
    .method = "GET",
    .path = "/papers/{paper}/readers",
    .roles = EDITORS,
    .scope = "publish",
    .en = "Who acknowledged, opened and downloaded a paper, and who has not yet.",
    .zh = "文稿由谁确认、打开、下载，以及谁尚未阅读。",
    .output = READERS_PAGE,
    .page = "readers",
    .run = show_readers,
};

static enum status send_csv(struct request *rq, struct error *err)
{
    struct offer offer;
    struct str title;
    struct reader *list;
    size_t count = 0;
    enum status status = find_paper(rq, &offer, &title, err);
    if (!status)
        status =
            library_list_readers(rq->arena, rq->store, offer.paper, FILE_MOST, &list, &count, err);
    return status ? status
                  : answer_bytes(rq, "text/csv; charset=utf-8",
                                 library_readers_csv(rq->arena, list, count),
                                 str_format(rq->arena, "readers-P%" PRId64 ".csv", offer.paper));
}

const struct route route_readers_file = {
    .method = "GET",
    .path = "/papers/{paper}/readers/file",
    .roles = EDITORS,
    .scope = "publish",
    .en = "The same as CSV.",
    .zh = "以 CSV 格式导出阅读统计。",
    .run = send_csv,
};

/* --- by member ------------------------------------------------------------------------------------ */

static const struct field READ_PAGE[] = {
    FIELD(TEXT, struct readers_page, about),
    FIELD(NUMBER, struct readers_page, days_kept),
    FIELD_OF_LIST(struct readers_page, readers, READER_LINE),
    FIELD_HIDDEN(FLAG, struct readers_page, any),
    {0},
};

static enum status show_read(struct request *rq, struct error *err)
{
    struct roster_member m;
    struct reader *list;
    size_t count = 0;
    struct readers_page page = {0};
    enum status status = roster_find(rq->arena, rq->store, rq->params[0], rq->now_ms, &m, err);
    if (!status)
        status = library_list_read(rq->arena, rq->store, m.id, READERS_MOST, &list, &count, err);
    if (!status)
        status = library_reading_days(rq->store, &page.days_kept, err);
    if (status)
        return status;
    page.about = m.name;
    fill_lines(rq, &page, list, count);
    return answer_titled_page(rq, "reader", m.name, READ_PAGE, &page);
}

const struct route route_reader = {
    .method = "GET",
    .path = "/readers/{member}",
    .roles = EDITORS,
    .scope = "publish",
    .en = "What a member acknowledged, opened and downloaded.",
    .zh = "某成员确认、打开和下载的文稿。",
    .output = READ_PAGE,
    .page = "reader",
    .run = show_read,
};
