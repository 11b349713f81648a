/* Reports: a member tells of a leak or a reseller, and sees what became of it. */
#include "server/internal.h"

#include <string.h>

#include "server/page_cases.h"
#include "server/writing.h"

#define PASTED_MOST 200000

struct str page_cases_kind_words(const struct request *rq, struct str kind)
{
    return str_equal(kind, STR("reseller")) ? request_words(rq, "Reseller", "倒卖")
                                            : request_words(rq, "Leak", "泄露");
}

/* --- files -------------------------------------------------------------------------------------- */

static enum status too_much(struct error *err)
{
    return error_set(err, STATUS_INPUT, "At most %u files of together %zu MB, please.",
                     "最多 %u 个文件，合计不超过 %zu MB。", CASE_FILES_MAX,
                     CASE_FILES_SIZE_MAX >> 20);
}

enum status page_cases_take_files(struct request *rq, const char *name, struct str pasted,
                                  struct case_kept **files, size_t *count, struct error *err)
{
    size_t size = pasted.len;
    enum status status = STATUS_OK;
    *files = arena_array(rq->arena, CASE_FILES_MAX + 1, struct case_kept);
    *count = 0;
    if (pasted.len)
        status = case_keep_file(rq->store, STR("pasted.txt"), pasted, &(*files)[(*count)++], err);
    for (size_t i = 0; !status && i < rq->nuploads; i++) {
        const struct upload *u = &rq->uploads[i];
        if (!str_equal(u->name, str_of(name)) || !u->file.len)
            continue;
        size += u->bytes.len;
        if (*count > CASE_FILES_MAX || size > CASE_FILES_SIZE_MAX)
            return too_much(err);
        status = case_keep_file(rq->store, u->file, u->bytes, &(*files)[*count], err);
        *count += !status;
    }
    return status;
}

/* --- one's own reports -------------------------------------------------------------------------- */

struct report_line {
    struct str key, kind, kind_words, link, place, outcome, state_words;
    int64_t made, reward, reward_until;
    bool anonymous, reward_waits;
};
static const struct field REPORT_LINE[] = {
    FIELD(TEXT, struct report_line, key),
    FIELD(TEXT, struct report_line, kind),
    FIELD_HIDDEN(TEXT, struct report_line, kind_words),
    FIELD(TEXT, struct report_line, link),
    FIELD(TEXT, struct report_line, place),
    FIELD(TEXT, struct report_line, outcome),
    FIELD_HIDDEN(TEXT, struct report_line, state_words),
    FIELD(TIME, struct report_line, made),
    FIELD(DAY, struct report_line, reward),
    FIELD(DAY, struct report_line, reward_until),
    FIELD(FLAG, struct report_line, anonymous),
    FIELD(FLAG, struct report_line, reward_waits),
    {0},
};
struct reports_page {
    struct report_line *reports;
    size_t nreports;
};
static const struct field REPORTS_PAGE[] = {
    FIELD_OF_LIST(struct reports_page, reports, REPORT_LINE),
    {0},
};

/* What a reporter is told: how far it is, and never about whom. */
static void fill_outcome(struct request *rq, const struct case_report *r, struct report_line *line)
{
    if (r->reward_ms || r->reward_waits) {
        line->outcome = STR("upheld");
        line->state_words = request_words(rq, "It was found to be so, and stands. Thank you.",
                                          "举报属实，处理已生效。感谢您。");
    } else if (r->state == CASE_DISMISSED) {
        line->outcome = STR("dismissed");
        line->state_words = request_words(
            rq,
            "Two stewards looked at it and found no ground to act. If you learn more, "
            "report it again.",
            "经两位管理员审查，未认定成立。如有新情况，可再次举报。");
    } else if (r->state == CASE_SETTLED) {
        line->outcome = STR("closed");
        line->state_words = request_words(rq, "The case is closed.", "案件已结。");
    } else {
        line->outcome = STR("under-review");
        line->state_words = request_words(rq, "Stewards are looking into it.", "管理员正在处理。");
    }
}

static enum status show_reports(struct request *rq, struct error *err)
{
    struct case_report *list;
    struct reports_page page = {0};
    enum status status =
        case_list_own_reports(rq->arena, rq->store, rq->viewer.member, &list, &page.nreports, err);
    if (status)
        return status;
    page.reports = arena_array(rq->arena, page.nreports, struct report_line);
    for (size_t i = 0; i < page.nreports; i++) {
        const struct case_report *r = &list[i];
        page.reports[i] = (struct report_line){
            .key = r->key,
            .kind = r->kind,
            .kind_words = page_cases_kind_words(rq, r->kind),
            .link = r->link,
            .place = r->place,
            .made = r->made_ms,
            .reward = r->reward_ms,
            .reward_until = r->reward_until_ms,
            .anonymous = r->anonymous,
            .reward_waits = r->reward_waits,
        };
        fill_outcome(rq, r, &page.reports[i]);
    }
    return answer_page(rq, "reports", "My reports", "我的举报", REPORTS_PAGE, &page);
}

const struct route route_reports = {
    .method = "GET",
    .path = "/reports",
    .roles = ROLE_MEMBER,
    .en = "The member's own reports, and what became of each.",
    .zh = "本人提交的举报及处理情况。",
    .output = REPORTS_PAGE,
    .page = "reports",
    .run = show_reports,
};

/* --- a new one ---------------------------------------------------------------------------------- */

static const struct input REPORT_INPUTS[] = {
    {.name = "kind", .kind = INPUT_CHOICE, .needed = true, .most = 10, .en = "Kind", .zh = "类型"},
    {.name = "link", .kind = INPUT_TEXT, .most = 2000, .en = "Link", .zh = "链接"},
    {.name = "text",
     .kind = INPUT_LONG_TEXT,
     .most = PASTED_MOST,
     .en = "Text found",
     .zh = "发现的文本"},
    {.name = "files", .kind = INPUT_FILE, .en = "Files", .zh = "文件"},
    {.name = "place", .kind = INPUT_TEXT, .most = 300, .en = "Where you saw it", .zh = "发现地点"},
    {.name = "seen", .kind = INPUT_DAY, .en = "When you saw it", .zh = "发现日期"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = 10000,
     .en = "In your own words",
     .zh = "情况说明"},
    {.name = "anonymous", .kind = INPUT_FLAG, .en = "Without my name", .zh = "匿名举报"},
    {0},
};

struct report_page {
    struct str link, text, place, seen, words;
    bool reseller, anonymous;
    int64_t files_most, file_size, files_size; /* sizes in MB */
};
static const struct field REPORT_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct report_page, link),
    FIELD_HIDDEN(TEXT, struct report_page, text),
    FIELD_HIDDEN(TEXT, struct report_page, place),
    FIELD_HIDDEN(TEXT, struct report_page, seen),
    FIELD_HIDDEN(TEXT, struct report_page, words),
    FIELD_HIDDEN(FLAG, struct report_page, reseller),
    FIELD_HIDDEN(FLAG, struct report_page, anonymous),
    FIELD(NUMBER, struct report_page, files_most),
    FIELD(NUMBER, struct report_page, file_size),
    FIELD(NUMBER, struct report_page, files_size),
    {0},
};

static enum status show_report(struct request *rq, struct error *err)
{
    struct report_page page = {
        .link = request_input(rq, "link"),
        .text = request_input(rq, "text"),
        .place = request_input(rq, "place"),
        .seen = request_input(rq, "seen"),
        .words = request_input(rq, "words"),
        .reseller = str_equal(request_input(rq, "kind"), STR("reseller")),
        .anonymous = request_number(rq, "anonymous") != 0,
        .files_most = CASE_FILES_MAX,
        .file_size = CASE_FILE_MAX >> 20,
        .files_size = CASE_FILES_SIZE_MAX >> 20,
    };
    (void)err;
    return answer_page(rq, "report", "Report a leak", "举报泄露", REPORT_PAGE, &page);
}

const struct route route_report_new = {
    .method = "GET",
    .path = "/reports/new",
    .roles = ROLE_MEMBER,
    .en = "A form to report a leak or a reseller.",
    .zh = "举报泄露或倒卖的表单。",
    .output = REPORT_PAGE,
    .page = "report",
    .run = show_report,
};

static enum status report_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct case_report *report = context;
    enum status status = case_report(scratch, store, report, report->made_ms, err);
    report->key = (struct str){0}; /* it lay in scratch */
    return status;
}

static enum status send_report(struct request *rq, struct error *err)
{
    struct case_kept *files = NULL;
    struct case_report report = {
        .reporter = rq->viewer.member,
        .anonymous = request_number(rq, "anonymous") != 0,
        .kind = request_input(rq, "kind"),
        .link = request_input(rq, "link"),
        .place = request_input(rq, "place"),
        .words = str_trim(writing_lines(rq->arena, request_input(rq, "words"))),
        .seen_ms = request_number(rq, "seen"),
        .made_ms = rq->now_ms,
    };
    struct str text = request_input(rq, "text");
    enum status status = STATUS_OK;
    if (report.seen_ms > rq->now_ms)
        return request_blame(rq, "seen",
                             error_set(err, STATUS_INPUT, "The day on which you saw it lies ahead.",
                                       "发现日期不能晚于今天。"));
    report.nfiles = rq->nuploads + (str_trim(text).len > 0);
    status = case_check_report(rq->store, &report, rq->now_ms, err);
    if (!status)
        status = page_cases_take_files(rq, "files", str_trim(text).len ? text : STR(""), &files,
                                       &report.nfiles, err);
    report.files = files;
    /* As nobody: no event says who it was. */
    if (!status)
        status = server_write(rq->server, STR(""), report_step, &report, err);
    return status ? status
                  : answer_redirect(rq, STR("/reports"),
                                    "Thank you. Stewards have it now; what becomes of it is told "
                                    "here.",
                                    "感谢您的举报，管理员已收到。处理情况将在此页显示。");
}

const struct route route_report_send = {
    .method = "POST",
    .path = "/reports/new",
    .roles = ROLE_MEMBER,
    .en = "Report a leak or a reseller; a case is opened.",
    .zh = "提交举报并立案。",
    .inputs = REPORT_INPUTS,
    .uploads = true,
    .run = send_report,
    .again = show_report,
};
