/* The case file: what a finding rests on, set for paper, for whoever judges it: a board, a lawyer, a court. Of a
 * case, or of a trace that has none.
 *
 * It shows the readings of the exhibit, which follow from exhibit and edition alone. It shows no codeword: not
 * which of the readings agree with whose copy, only how many. Who reported is named nowhere on it. */
#include <string.h>

#include "base/unicode.h"
#include "library/beside.h"
#include "library/case_chain.h"
#include "library/case_steps.h"
#include "library/finding_json.h"
#include "server/case_traces.h"
#include "server/finding_part.h"
#include "server/internal.h"
#include "server/page_cases.h"
#include "server/template.h"
#include "server/trace_form.h"
#include "server/writing.h"

#define ROWS_MOST 3000U /* of one exhibit beside one paper */

/* --- fields --------------------------------------------------------------------------------------- */

struct file_exhibit {
    struct str name, digest, giver;
    int64_t given, size;
};
static const struct field EXHIBIT[] = {
    FIELD(TEXT, struct file_exhibit, name),   FIELD(TEXT, struct file_exhibit, digest),
    FIELD(TEXT, struct file_exhibit, giver),  FIELD(TIME, struct file_exhibit, given),
    FIELD(NUMBER, struct file_exhibit, size), {0},
};
struct file_row {
    struct str exhibit, source; /* markup */
    bool gap;
};
static const struct field ROW[] = {
    FIELD_HIDDEN(MARKUP, struct file_row, exhibit),
    FIELD_HIDDEN(MARKUP, struct file_row, source),
    FIELD_HIDDEN(FLAG, struct file_row, gap),
    {0},
};
struct file_match {
    struct str exhibit, paper, title, digest; /* digest: of the edition's document */
    int64_t edition, published, marks, counted;
    struct file_row *rows;
    size_t nrows;
    bool cut;  /* not all rows are shown */
    bool gone; /* the exhibit is not kept any more */
};
static const struct field MATCH[] = {
    FIELD(TEXT, struct file_match, exhibit),
    FIELD(TEXT, struct file_match, paper),
    FIELD(TEXT, struct file_match, title),
    FIELD(TEXT, struct file_match, digest),
    FIELD(NUMBER, struct file_match, edition),
    FIELD(TIME, struct file_match, published),
    FIELD(NUMBER, struct file_match, marks),
    FIELD(NUMBER, struct file_match, counted),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "rows",
     .at = offsetof(struct file_match, rows),
     .parts = ROW,
     .count_at = offsetof(struct file_match, nrows),
     .size = sizeof(struct file_row)},
    FIELD_HIDDEN(FLAG, struct file_match, cut),
    FIELD_HIDDEN(FLAG, struct file_match, gone),
    {0},
};
struct file_event {
    int64_t seq, time;
    struct str kind, words, actor, hash;
};
static const struct field EVENT[] = {
    FIELD(NUMBER, struct file_event, seq),
    FIELD(TIME, struct file_event, time),
    FIELD(TEXT, struct file_event, kind),
    FIELD_HIDDEN(TEXT, struct file_event, words),
    FIELD(TEXT, struct file_event, actor),
    FIELD(TEXT, struct file_event, hash),
    {0},
};
struct case_file_page {
    struct str back, name, maker, asker, root;
    int64_t made, asked, root_seq;
    bool of_case, has_finding, has_exhibits;
    struct file_exhibit *exhibits;
    size_t nexhibits;
    struct finding_part finding;
    struct case_traces traces; /* for those that it is joined by */
    struct file_match *matches;
    size_t nmatches;
    struct file_event *events;
    size_t nevents;
};
static const struct field CASE_FILE_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct case_file_page, back),
    FIELD(TEXT, struct case_file_page, name),
    FIELD(TEXT, struct case_file_page, maker),
    FIELD(TEXT, struct case_file_page, asker),
    FIELD(TEXT, struct case_file_page, root),
    FIELD(TIME, struct case_file_page, made),
    FIELD(TIME, struct case_file_page, asked),
    FIELD(NUMBER, struct case_file_page, root_seq),
    FIELD_HIDDEN(FLAG, struct case_file_page, of_case),
    FIELD(FLAG, struct case_file_page, has_finding),
    FIELD_OF_LIST(struct case_file_page, exhibits, EXHIBIT),
    FIELD_HIDDEN(FLAG, struct case_file_page, has_exhibits),
    FIELD_OF_PART(struct case_file_page, finding, FINDING_PART),
    FIELD_OF_PART(struct case_file_page, traces, CASE_TRACES),
    FIELD_OF_LIST(struct case_file_page, matches, MATCH),
    FIELD_OF_LIST(struct case_file_page, events, EVENT),
    {0},
};

static struct str hex_of(struct request *rq, const struct digest *digest)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(digest, hex);
    return str_copy(rq->arena, str_of(hex));
}

/* --- texts side by side ------------------------------------------------------------------------------ */

/* A text as it is shown: an invisible one by its code points, nothing as a sign for it. */
static void add_shown(struct request *rq, struct buf *out, struct str text, bool visible)
{
    struct str shown = visible ? text : unicode_shown(rq->arena, text);
    template_escape(out, shown.len ? shown : STR("∅"));
}

/* A mark of the layout: its character, and in words how it stands there; -1: that could not be told. */
static void add_layout(struct request *rq, struct buf *out, const struct trace_mark *m,
                       struct str text, int alt)
{
    template_escape(out, text);
    if (alt >= 0)
        buf_format(out, "%s<small>%s</small>", text.len ? " " : "",
                   paper_shift_words(m->shift, (unsigned)alt, rq->lang));
}

/* The exhibit's stretch with each mark numbered: read, or seen and not counted. */
static struct str exhibit_markup(struct request *rq, const struct trace_match *match,
                                 const struct beside_row *row, struct str text)
{
    struct buf out = {.arena = rq->arena};
    size_t at = row->at;
    for (size_t i = row->first; i < row->first + row->nmarks; i++) {
        const struct trace_mark *m = &match->marks[i];
        bool visible = paper_channel_is_visible(m->channel);
        template_escape(&out, str_slice(text, at, m->at - at));
        buf_format(&out, "<mark class=\"%s\">", m->counted ? "read" : "erased");
        if (m->channel == PAPER_LAYOUT)
            add_layout(rq, &out, m, str_slice(text, m->at, m->len), m->counted ? m->shown : -1);
        else
            add_shown(rq, &out,
                      visible || !m->counted ? str_slice(text, m->at, m->len) : m->alt[m->shown],
                      visible);
        buf_format(&out, "<sup>%zu</sup></mark>", i + 1);
        at = m->at + m->len;
    }
    template_escape(&out, str_slice(text, at, row->at + row->len - at));
    return str_trim(buf_str(&out));
}

/* The edition's stretch with both wordings of each mark, the one read set apart. */
static struct str source_markup(struct request *rq, const struct trace_match *match,
                                const struct beside_row *row)
{
    struct buf out = {.arena = rq->arena};
    size_t at = row->source_at;
    for (size_t i = row->first; i < row->first + row->nmarks; i++) {
        const struct trace_mark *m = &match->marks[i];
        bool visible = paper_channel_is_visible(m->channel);
        template_escape(&out, str_slice(match->text, at, m->source_at - at));
        buf_add(&out, STR("<span class=\"pair\">"));
        for (int alt = 0; alt < 2; alt++) {
            bool read = m->counted && m->shown == alt;
            buf_add(&out, alt ? STR(" / ") : STR(""));
            buf_add(&out, read ? STR("<b>") : STR("<i>"));
            if (m->channel == PAPER_LAYOUT)
                add_layout(rq, &out, m, alt ? STR("") : m->alt[alt], alt);
            else
                add_shown(rq, &out, m->alt[alt], visible);
            buf_add(&out, read ? STR("</b>") : STR("</i>"));
        }
        buf_format(&out, "<sup>%zu</sup></span>", i + 1);
        at = m->source_at + m->source_len;
    }
    template_escape(&out, str_slice(match->text, at, row->source_at + row->source_len - at));
    return str_trim(buf_str(&out));
}

static void fill_rows(struct request *rq, const struct trace_match *match, struct str text,
                      struct file_match *to)
{
    struct beside_row *rows;
    size_t count;
    library_lay_beside(rq->arena, match, text, &rows, &count);
    to->cut = count > ROWS_MOST;
    to->nrows = to->cut ? ROWS_MOST : count;
    to->rows = arena_array(rq->arena, to->nrows + 1, struct file_row);
    for (size_t i = 0; i < to->nrows; i++)
        to->rows[i] = (struct file_row){exhibit_markup(rq, match, &rows[i], text),
                                        source_markup(rq, match, &rows[i]), rows[i].gap};
    for (size_t i = 0; i < match->nmarks; i++)
        to->counted += match->marks[i].counted;
    to->marks = (int64_t)match->nmarks;
}

static enum status fill_match(struct request *rq, const struct trace_run *run,
                              const struct finding *f, const struct trace_match *match,
                              struct file_match *to, struct error *err)
{
    struct edition edition;
    struct exhibit exhibit;
    struct str bytes;
    if (match->exhibit >= run->nexhibits)
        return error_set(err, STATUS_DAMAGED, "A finding that was kept can't be read any more.",
                         "一份已存的认定无法读取。");
    const struct trace_exhibit *kept = &run->exhibits[match->exhibit];
    enum status status =
        library_find_edition(rq->arena, rq->store, f->sources[match->source].edition.paper,
                             match->edition, &edition, err);
    if (status)
        return status;
    *to = (struct file_match){
        .exhibit = kept->name,
        .paper = library_paper_id(rq->arena, edition.paper),
        .title = edition.title,
        .digest = hex_of(rq, &edition.doc_digest),
        .edition = edition.number,
        .published = edition.published_ms,
    };
    status = library_get_exhibit(rq->arena, rq->store, &kept->digest, &bytes, err);
    to->gone = status == STATUS_MISSING;
    if (to->gone)
        return STATUS_OK;
    if (!status)
        status = library_recall_exhibit(rq->arena, rq->store, kept->name, bytes,
                                        kept->has_reading ? &kept->reading : NULL, &exhibit, err);
    to->gone = status == STATUS_MISSING; /* what was read of it went, too */
    if (!status)
        fill_rows(rq, match, exhibit.seen.text, to);
    return to->gone ? STATUS_OK : status;
}

/* --- what was found --------------------------------------------------------------------------------- */

static enum status fill_finding(struct request *rq, const struct trace_run *run,
                                struct case_file_page *page, struct error *err)
{
    struct finding f;
    struct str packed;
    enum status status = library_unpack_finding(rq->arena, rq->store, run->finding, &f, err);
    if (!status)
        status = store_get_blob(rq->arena, rq->store, &run->matches, &packed, err);
    if (!status)
        status = library_unpack_matches(rq->arena, rq->store, packed, &f, err);
    if (!status)
        status = finding_fill(rq, &f, &page->finding, err);
    if (status)
        return status;
    page->has_finding = true;
    page->asker = run->asker;
    page->asked = run->asked_ms;
    page->matches = arena_array(rq->arena, f.nmatches + 1, struct file_match);
    for (size_t i = 0; !status && i < f.nmatches; i++)
        status = fill_match(rq, run, &f, &f.matches[i], &page->matches[page->nmatches++], err);
    return status;
}

/* --- the record --------------------------------------------------------------------------------------- */

static struct str kind_words(const struct request *rq, struct str kind)
{
    static const struct {
        const char *kind, *en, *zh;
    } WORDS[] = {
        {"trace.asked", "trace asked for", "发起追踪"},
        {"trace.asked_again", "trace asked for again", "重新发起追踪"},
        {"trace.made", "trace ended with this finding", "追踪完成，形成认定"},
        {"trace.cancelled", "trace cancelled", "取消追踪"},
        {"trace.interrupted", "trace broken off", "追踪中断"},
        {"trace.failed", "trace failed", "追踪失败"},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_equal(kind, str_of(WORDS[i].kind)))
            return request_words(rq, WORDS[i].en, WORDS[i].zh);
    if (!str_starts(kind, STR("case.")))
        return STR("");
    enum case_act act = case_act_named(str_slice(kind, strlen("case."), kind.len));
    return act < CASE_ACTS ? str_of(case_done_words(act, rq->lang)) : STR("");
}

static enum status fill_record(struct request *rq, const struct chain_line *lines, size_t count,
                               struct case_file_page *page, struct error *err)
{
    struct chain_line head;
    enum status status = library_chain_head(rq->store, &head, err);
    if (status)
        return status;
    page->root = hex_of(rq, &head.hash);
    page->root_seq = head.seq;
    page->events = arena_array(rq->arena, count + 1, struct file_event);
    page->nevents = count;
    for (size_t i = 0; i < count; i++)
        page->events[i] = (struct file_event){lines[i].seq,   lines[i].time_ms,
                                              lines[i].kind,  kind_words(rq, lines[i].kind),
                                              lines[i].actor, hex_of(rq, &lines[i].hash)};
    return STATUS_OK;
}

/* --- of a trace ------------------------------------------------------------------------------------------ */

static enum status show_trace_file(struct request *rq, struct error *err)
{
    struct trace_run run;
    struct chain_line *lines;
    size_t count;
    struct case_file_page page = {.maker = rq->viewer.name, .made = rq->now_ms};
    enum status status =
        library_find_trace(rq->arena, rq->store, rq->params[0], rq->viewer.member, &run, err);
    if (!status && run.state == TRACE_DONE)
        status = fill_finding(rq, &run, &page, err);
    if (!status)
        status = library_chain_of_trace(rq->arena, rq->store, run.id, &lines, &count, err);
    if (!status)
        status = fill_record(rq, lines, count, &page, err);
    if (status)
        return status;
    page.back = trace_path(rq, run.key);
    page.name = str_format(rq->arena, "F%lld", (long long)run.id);
    page.exhibits = arena_array(rq->arena, run.nexhibits + 1, struct file_exhibit);
    page.nexhibits = run.nexhibits;
    for (size_t i = 0; i < run.nexhibits; i++)
        page.exhibits[i] = (struct file_exhibit){.name = run.exhibits[i].name,
                                                 .digest = hex_of(rq, &run.exhibits[i].digest),
                                                 .giver = run.asker,
                                                 .given = run.asked_ms};
    page.has_exhibits = page.nexhibits > 0;
    return answer_page(rq, "case-file", "Finding for the file", "认定卷宗", CASE_FILE_PAGE, &page);
}

const struct route route_trace_file = {
    .method = "GET",
    .path = "/trace/{trace}/file",
    .roles = CASE_ROLES,
    .en = "A finding set for paper: texts side by side, method, figures, record.",
    .zh = "可打印的认定卷宗：文本对照、方法、数据与记录。",
    .output = CASE_FILE_PAGE,
    .page = "case-file",
    .run = show_trace_file,
};

/* --- of a case ------------------------------------------------------------------------------------------- */

static struct str giver_of(const struct request *rq, const struct case_exhibit *e)
{
    if (str_equal(e->source, STR("report")))
        return request_words(rq, "a member, with the report", "某成员，随举报提交");
    return e->by;
}

static enum status fill_case_exhibits(struct request *rq, const struct case_file *file,
                                      struct case_file_page *page, struct error *err)
{
    struct case_exhibit *list;
    enum status status =
        case_list_exhibits(rq->arena, rq->store, file->id, &list, &page->nexhibits, err);
    if (status)
        return status;
    page->exhibits = arena_array(rq->arena, page->nexhibits + 1, struct file_exhibit);
    for (size_t i = 0; i < page->nexhibits; i++)
        page->exhibits[i] =
            (struct file_exhibit){list[i].name, hex_of(rq, &list[i].digest), giver_of(rq, &list[i]),
                                  list[i].added_ms, list[i].size};
    return STATUS_OK;
}

/* The case's last trace that came to a finding, whole; key empty when there is none. */
static enum status last_finding(struct request *rq, const struct case_file *file,
                                struct trace_run *run, struct error *err)
{
    struct trace_run *runs;
    size_t count;
    *run = (struct trace_run){0};
    enum status status = library_list_traces(rq->arena, rq->store, rq->viewer.member, file->id, 100,
                                             &runs, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        if (runs[i].state == TRACE_DONE)
            return library_find_trace(rq->arena, rq->store, runs[i].key, rq->viewer.member, run,
                                      err);
    return status;
}

static enum status show_case_file(struct request *rq, struct error *err)
{
    struct case_file file;
    struct trace_run run;
    struct chain_line *lines;
    size_t count;
    struct case_file_page page = {.maker = rq->viewer.name, .made = rq->now_ms, .of_case = true};
    enum status status = page_cases_find(rq, &file, err);
    if (!status)
        status = fill_case_exhibits(rq, &file, &page, err);
    if (!status)
        status = case_traces_fill(rq, &file, &page.traces, err);
    if (!status)
        status = last_finding(rq, &file, &run, err);
    if (!status && run.key.len)
        status = fill_finding(rq, &run, &page, err);
    if (!status)
        status = library_chain_of_case(rq->arena, rq->store, file.id, &lines, &count, err);
    if (!status)
        status = fill_record(rq, lines, count, &page, err);
    if (status)
        return status;
    page.back = page_cases_path(rq, "");
    page.name = str_format(rq->arena, "C%lld", (long long)file.id);
    page.has_exhibits = page.nexhibits > 0;
    return answer_page(rq, "case-file", "Case file", "案件卷宗", CASE_FILE_PAGE, &page);
}

const struct route route_case_file = {
    .method = "GET",
    .path = "/cases/{case}/file",
    .roles = CASE_ROLES,
    .en = "A case set for paper: exhibits, texts side by side, method, figures, record.",
    .zh = "可打印的案件卷宗：物证、文本对照、方法、数据与记录。",
    .output = CASE_FILE_PAGE,
    .page = "case-file",
    .run = show_case_file,
};
