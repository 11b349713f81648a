/* What is kept about a member: shown to themself, and as a file for them or, on their behalf, for a steward.
 * Asking to be erased begins here too; what follows is page_erasure.c. */
#include "server/internal.h"

#include "library/erasure.h"
#include "library/personal.h"
#include "library/readers.h"
#include "library/roster.h"
#include "server/guard.h"
#include "server/ledger_told.h"
#include "server/page_account.h"

#define ROWS_SHOWN 50U

struct kept_value {
    struct str name, words, value, shown;
};
struct kept_row {
    struct kept_value *values;
    size_t nvalues;
};
struct kept_part {
    struct str what, stays;
    int64_t count;
    struct kept_row *rows;
    size_t nrows;
    bool more;
};
struct personal_page {
    struct kept_part *parts;
    size_t nparts;
    bool erasure_asked;
    int64_t days_kept;
    struct str obstacle;
};
static const struct field KEPT_VALUE[] = {
    FIELD(TEXT, struct kept_value, name),
    FIELD_HIDDEN(TEXT, struct kept_value, words),
    FIELD(TEXT, struct kept_value, value),
    FIELD_HIDDEN(TEXT, struct kept_value, shown),
    {0},
};
static const struct field KEPT_ROW[] = {FIELD_OF_LIST(struct kept_row, values, KEPT_VALUE), {0}};
static const struct field KEPT_PART[] = {
    FIELD(TEXT, struct kept_part, what),        FIELD(TEXT, struct kept_part, stays),
    FIELD(NUMBER, struct kept_part, count),     FIELD_OF_LIST(struct kept_part, rows, KEPT_ROW),
    FIELD_HIDDEN(FLAG, struct kept_part, more), {0},
};
static const struct field PERSONAL_PAGE[] = {
    FIELD_OF_LIST(struct personal_page, parts, KEPT_PART),
    FIELD(FLAG, struct personal_page, erasure_asked),
    FIELD(NUMBER, struct personal_page, days_kept),
    FIELD_HIDDEN(TEXT, struct personal_page, obstacle),
    {0},
};

static struct kept_row make_row(struct request *rq, const struct personal_row *row)
{
    struct kept_row out = {.values = arena_array(rq->arena, row->nvalues, struct kept_value),
                           .nvalues = row->nvalues};
    for (size_t i = 0; i < row->nvalues; i++) {
        const char *words = personal_word(rq->lang, row->values[i].name);
        out.values[i] = (struct kept_value){
            .name = row->values[i].name,
            .words = words ? str_of(words) : row->values[i].name,
            .value = row->values[i].value,
            .shown = personal_shown(rq->arena, rq->lang, row, i, ledger_told),
        };
    }
    return out;
}

static struct kept_part make_part(struct request *rq, const struct personal_part *part)
{
    const struct personal *entry = part->entry;
    struct kept_part out = {
        .what = entry ? request_words(rq, entry->en, entry->zh)
                      : request_words(rq, "What you did here, and what was done about you",
                                      "您在此的操作，以及与您有关的操作"),
        .stays =
            entry && entry->left_en ? request_words(rq, entry->left_en, entry->left_zh) : STR(""),
        .count = (int64_t)part->count,
        .rows = arena_array(rq->arena, part->nrows, struct kept_row),
        .nrows = part->nrows,
        .more = part->count > part->nrows,
    };
    if (!entry)
        out.stays =
            request_words(rq, "That it happened and when, with your number and without words.",
                          "事件本身及时间，只含您的编号，不含文字。");
    for (size_t i = 0; i < part->nrows; i++)
        out.rows[i] = make_row(rq, &part->rows[i]);
    return out;
}

static enum status list_kept(struct request *rq, struct personal_part **parts, size_t *count,
                             struct error *err)
{
    enum status status = guard_enter_record(rq, err);
    if (status)
        return status;
    status = library_list_personal(rq->arena, rq->store, rq->viewer.member, PERSONAL_OWN,
                                   ROWS_SHOWN, parts, count, err);
    guard_leave_record(rq);
    return status;
}

static enum status show_personal(struct request *rq, struct error *err)
{
    struct personal_page page = {0};
    struct personal_part *parts;
    struct erasure open;
    int64_t member = rq->viewer.member;
    enum status status = list_kept(rq, &parts, &page.nparts, err);
    if (!status)
        status = library_open_erasure(rq->arena, rq->store, member, &open, err);
    if (!status)
        status = library_erasure_obstacle(rq->store, member, rq->lang, &page.obstacle, err);
    if (!status)
        status = library_reading_days(rq->store, &page.days_kept, err);
    if (status)
        return status;
    page.erasure_asked = open.id > 0;
    page.parts = arena_array(rq->arena, page.nparts, struct kept_part);
    for (size_t i = 0; i < page.nparts; i++)
        page.parts[i] = make_part(rq, &parts[i]);
    return answer_page(rq, "personal", "What is kept about me", "系统保存了我的哪些资料",
                       PERSONAL_PAGE, &page);
}

const struct route route_personal = {
    .method = "GET",
    .path = "/account/data",
    .roles = ROLE_MEMBER,
    .en = "What is kept about oneself.",
    .zh = "系统保存的本人资料。",
    .output = PERSONAL_PAGE,
    .page = "personal",
    .run = show_personal,
};

/* --- files ---------------------------------------------------------------------------------------- */

static const struct input FILE_INPUTS[] = {
    {.name = "format", .kind = INPUT_TEXT, .most = 4, .en = "Format", .zh = "格式"},
    {0},
};

static enum status send_file(struct request *rq, int64_t member, enum personal_view view,
                             struct error *err)
{
    struct str bytes;
    bool html = str_equal(request_input(rq, "format"), STR("html"));
    enum status status = guard_enter_record(rq, err);
    if (status)
        return status;
    status = html ? library_export_member_page(rq->arena, rq->store, member, view, rq->lang,
                                               ledger_told, &bytes, err)
                  : library_export_member(rq->arena, rq->store, member, view, &bytes, err);
    guard_leave_record(rq);
    return status ? status
                  : answer_bytes(rq, html ? "text/html; charset=utf-8" : "application/json", bytes,
                                 str_format(rq->arena, "M%lld.%s", (long long)member,
                                            html ? "html" : "json"));
}

static enum status send_own(struct request *rq, struct error *err)
{
    return send_file(rq, rq->viewer.member, PERSONAL_OWN, err);
}

const struct route route_personal_file = {
    .method = "GET",
    .path = "/account/data/file",
    .roles = ROLE_MEMBER,
    .en = "All that is kept about oneself as a file: format json or html.",
    .zh = "以文件形式下载本人全部资料，格式为 json 或 html。",
    .inputs = FILE_INPUTS,
    .run = send_own,
};

static enum status send_members(struct request *rq, struct error *err)
{
    struct roster_member m;
    enum status status = roster_find(rq->arena, rq->store, rq->params[0], rq->now_ms, &m, err);
    return status ? status : send_file(rq, m.id, PERSONAL_PLAIN, err);
}

const struct route route_member_file = {
    .method = "GET",
    .path = "/members/{member}/data",
    .roles = ROLE_STEWARD | ROLE_OWNER,
    .en = "All that is kept about a member as a file, at their request: format json or html.",
    .zh = "应成员请求，以文件形式导出其全部资料，格式为 json 或 html。",
    .inputs = FILE_INPUTS,
    .run = send_members,
};

/* --- asking to be erased -------------------------------------------------------------------------- */

static enum status ask_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const int64_t *member = context;
    struct str key;
    return library_ask_erasure(scratch, store, *member, *member, &key, err);
}

static enum status ask(struct request *rq, struct error *err)
{
    int64_t member = rq->viewer.member;
    enum status status = page_account_prove(rq, "present_password", err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), ask_step, &member, err);
    return status ? status
                  : answer_redirect(
                        rq, STR("/account/data"),
                        "You asked to be erased. A steward confirms it; until then you can "
                        "take it back here.",
                        "您已提出抹除请求，须由管理员确认；确认之前可在此撤回。");
}

static const struct input ASK_INPUTS[] = {
    {.name = "present_password",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 1000,
     .en = "Present password",
     .zh = "当前密码"},
    {0},
};

const struct route route_personal_erase = {
    .method = "POST",
    .path = "/account/data/erase",
    .roles = ROLE_MEMBER,
    .en = "Ask to be erased; a steward confirms it.",
    .zh = "请求抹除本人资料，由管理员确认。",
    .inputs = ASK_INPUTS,
    .run = ask,
    .again = show_personal,
};

static enum status keep_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const int64_t *member = context;
    struct erasure open;
    enum status status = library_open_erasure(scratch, store, *member, &open, err);
    return status ? status : library_withdraw_erasure(store, open.key, *member, err);
}

static enum status keep(struct request *rq, struct error *err)
{
    int64_t member = rq->viewer.member;
    enum status status = server_write(rq->server, request_actor(rq), keep_step, &member, err);
    return status ? status
                  : answer_redirect(rq, STR("/account/data"), "Taken back; nothing was erased.",
                                    "已撤回，未抹除任何内容。");
}

const struct route route_personal_keep = {
    .method = "POST",
    .path = "/account/data/keep",
    .roles = ROLE_MEMBER,
    .en = "Take back the wish to be erased.",
    .zh = "撤回抹除本人资料的请求。",
    .run = keep,
    .again = show_personal,
};
