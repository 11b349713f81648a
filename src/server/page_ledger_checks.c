/* Checks of a policy's carrying out (督导检查): a sheet filled in by who does not answer for it, and what is made of what they
 * found. See sheet_form.h for the form. */
#include <stdlib.h>

#include "base/calendar.h"
#include "ledger/rank.h"
#include "ledger/score.h"
#include "ledger/uptaking.h"
#include "server/internal.h"
#include "server/ledger_found.h"
#include "server/ledger_policy.h"
#include "server/sheet_form.h"

struct mark_row {
    struct str text, value, words;
};
static const struct field MARK_ROW[] = {
    FIELD(TEXT, struct mark_row, text),
    FIELD(TEXT, struct mark_row, value),
    FIELD(TEXT, struct mark_row, words),
    {0},
};
struct check_row {
    struct str key, sheet, score, by, remark;
    int64_t sent;
    struct mark_row *marks;
    struct sheet_form_photo *photos;
    size_t nmarks, nphotos;
};
static const struct field PHOTO_ROW[] = {
    FIELD(TEXT, struct sheet_form_photo, key),
    FIELD(TEXT, struct sheet_form_photo, name),
    FIELD(TEXT, struct sheet_form_photo, path),
    {0},
};
static const struct field CHECK_ROW[] = {
    FIELD(TEXT, struct check_row, key),
    FIELD(TEXT, struct check_row, sheet),
    FIELD(TEXT, struct check_row, score),
    FIELD(TEXT, struct check_row, by),
    FIELD(TEXT, struct check_row, remark),
    FIELD(TIME, struct check_row, sent),
    FIELD_OF_LIST(struct check_row, marks, MARK_ROW),
    FIELD_OF_LIST(struct check_row, photos, PHOTO_ROW),
    {0},
};
struct finding_row {
    struct str key, item, words, by, made, made_number, made_title, dropped_why;
    bool open, may_decide;
};
static const struct field FINDING_ROW[] = {
    FIELD(TEXT, struct finding_row, key),
    FIELD(TEXT, struct finding_row, item),
    FIELD(TEXT, struct finding_row, words),
    FIELD(TEXT, struct finding_row, by),
    FIELD(TEXT, struct finding_row, made),
    FIELD(TEXT, struct finding_row, made_number),
    FIELD(TEXT, struct finding_row, made_title),
    FIELD(TEXT, struct finding_row, dropped_why),
    FIELD(FLAG, struct finding_row, open),
    FIELD_HIDDEN(FLAG, struct finding_row, may_decide),
    {0},
};
struct checks_page {
    struct ledger_head head;
    bool runs, may_check, may_make;
    struct sheet_form *forms; /* of the sheet chosen; at most one */
    struct ledger_choice *sheets, *units, *people;
    struct check_row *checks;
    struct finding_row *findings;
    size_t nforms, nsheets, nunits, npeople, nchecks, nfindings;
};
static const struct field CHECKS_PAGE[] = {
    LEDGER_HEAD_FIELD(struct checks_page, head),
    FIELD_HIDDEN(FLAG, struct checks_page, runs),
    FIELD_HIDDEN(FLAG, struct checks_page, may_check),
    FIELD_HIDDEN(FLAG, struct checks_page, may_make),
    FIELD_OF_LIST(struct checks_page, forms, sheet_form_fields),
    FIELD_OF_LIST(struct checks_page, sheets, ledger_choice_fields),
    FIELD_OF_LIST(struct checks_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct checks_page, people, ledger_choice_fields),
    FIELD_OF_LIST(struct checks_page, checks, CHECK_ROW),
    FIELD_OF_LIST(struct checks_page, findings, FINDING_ROW),
    {0},
};

/* What has been sent about the policy, with the photos. */
struct sent {
    struct filled *list;
    struct line_file *files;
    size_t count, nfiles;
};

static enum status load_sent(struct request *rq, int64_t line, struct sent *sent, struct error *err)
{
    enum status status =
        ledger_list_filled(rq->arena, rq->store, line, &sent->list, &sent->count, err);
    return status ? status
                  : ledger_list_files_of_matters(rq->arena, rq->store, line, FILLED_FILES,
                                                 &sent->files, &sent->nfiles, err);
}

/* --- what was found ------------------------------------------------------------------------------- */

static void fill_photos(const struct request *rq, struct str line, const struct sent *sent,
                        const struct filled *filled, struct check_row *row)
{
    struct str about = filled_files_about(rq->arena, filled->id);
    row->photos = arena_array(rq->arena, sent->nfiles + 1, struct sheet_form_photo);
    for (size_t i = 0; i < sent->nfiles; i++)
        if (str_equal(sent->files[i].about, about))
            row->photos[row->nphotos++] = (struct sheet_form_photo){
                sent->files[i].key, sent->files[i].name,
                ledger_path(rq, line,
                            str_format(rq->arena, "/files/%.*s", STR_ARG(sent->files[i].key)).at)};
}

static int by_newest(const void *a, const void *b)
{
    const struct filled *x = a;
    const struct filled *y = b;
    if (x->sent_ms != y->sent_ms)
        return x->sent_ms > y->sent_ms ? -1 : 1;
    return x->id > y->id ? -1 : x->id < y->id;
}

static enum status fill_checks(struct request *rq, struct str line, const struct sent *sent,
                               struct checks_page *page, struct error *err)
{
    enum status status = STATUS_OK;
    page->checks = arena_array(rq->arena, sent->count + 1, struct check_row);
    if (sent->count)
        qsort(sent->list, sent->count, sizeof *sent->list, by_newest);
    for (size_t i = 0; !status && i < sent->count; i++) {
        const struct filled *filled = &sent->list[i];
        struct check_row *row = &page->checks[page->nchecks++];
        struct sheet sheet;
        status = ledger_find_sheet_by_id(rq->arena, rq->store, filled->sheet, &sheet, err);
        if (status)
            break;
        int64_t score = filled_score(&sheet, filled);
        *row = (struct check_row){
            .key = filled->key,
            .sheet = sheet.name,
            .score = score == RANK_NONE ? STR("") : score_text(rq->arena, score),
            .remark = filled->words,
            .sent = filled->sent_ms,
            .marks = arena_array(rq->arena, filled->nitems + 1, struct mark_row),
        };
        for (size_t k = 0; k < filled->nitems && k < sheet.nitems; k++)
            row->marks[row->nmarks++] = (struct mark_row){
                sheet.items[k].text,
                sheet_value_words(rq->arena, &sheet.items[k], filled->items[k].value, rq->lang),
                filled->items[k].words};
        fill_photos(rq, line, sent, filled, row);
        status = ledger_member_name(rq, filled->member, &row->by, err);
    }
    return status;
}

static enum status fill_findings(struct request *rq, const struct ledger_sight *sight,
                                 struct checks_page *page, struct error *err)
{
    struct finding *list;
    bool decides = ledger_may(sight->is, LEDGER_CHANGE);
    enum status status =
        ledger_list_findings(rq->arena, rq->store, sight->line.id, &list, &page->nfindings, err);
    if (status)
        return status;
    page->findings = arena_array(rq->arena, page->nfindings + 1, struct finding_row);
    for (size_t i = 0; !status && i < page->nfindings; i++) {
        struct line made = {0};
        struct finding_row *row = &page->findings[i];
        if (list[i].made_line)
            status = ledger_find_line_by_id(rq->arena, rq->store, list[i].made_line, &made, err);
        *row = (struct finding_row){
            .key = list[i].key,
            .item = list[i].item_text,
            .words = list[i].words,
            .made = made.key,
            .made_number = made.number,
            .made_title = made.title,
            .dropped_why = list[i].dropped_why,
            .open = !list[i].settled_ms,
            .may_decide = !list[i].settled_ms && decides,
        };
        if (!status)
            status = ledger_member_name(rq, list[i].member, &row->by, err);
    }
    if (!status && decides)
        status = ledger_list_unit_choices(rq, sight->line.unit, &page->units, &page->nunits, err);
    return status || !decides
               ? status
               : ledger_list_people(rq, sight->line.lead, &page->people, &page->npeople, err);
}

/* --- the form ------------------------------------------------------------------------------------- */

static const struct filled *own_at(const struct request *rq, const struct sent *sent, int64_t part)
{
    for (size_t i = 0; i < sent->count; i++)
        if (sent->list[i].part == part && sent->list[i].member == rq->viewer.member)
            return &sent->list[i];
    return NULL;
}

/* The sheets that are offered, and the form of the one that is chosen, else of the first. */
static enum status fill_form(struct request *rq, const struct ledger_sight *sight,
                             const struct sent *sent, struct checks_page *page, struct error *err)
{
    struct sheet *list;
    struct sheet sheet;
    struct str chosen = rq->post ? rq->params[1] : request_input(rq, "sheet");
    enum status status =
        ledger_list_sheets(rq->arena, rq->store, SHEET_CHECK, &list, &page->nsheets, err);
    if (status || !page->nsheets)
        return status;
    page->sheets = arena_array(rq->arena, page->nsheets, struct ledger_choice);
    size_t at = 0;
    for (size_t i = 0; i < page->nsheets; i++) {
        page->sheets[i] = (struct ledger_choice){list[i].key, list[i].name, false};
        at = str_equal(list[i].key, chosen) ? i : at;
    }
    page->sheets[at].chosen = true;
    status = ledger_find_sheet(rq->arena, rq->store, list[at].key, &sheet, err);
    if (status)
        return status;
    page->forms = arena_array(rq->arena, 1, struct sheet_form);
    struct sheet_form *form = &page->forms[page->nforms++];
    *form = (struct sheet_form){
        .id = STR("check"),
        .path = ledger_path(rq, sight->line.key,
                            str_format(rq->arena, "/checks/%.*s", STR_ARG(sheet.key)).at),
        .title = sheet.name,
        .may_fill = true,
    };
    status =
        sheet_form_fill(rq, &sight->line, &sheet,
                        own_at(rq, sent, policy_check_part(&sheet, calendar_day_of(rq->now_ms))),
                        sent->files, sent->nfiles, form, err);
    if (!status && rq->post && str_equal(rq->params[1], sheet.key))
        sheet_form_again(rq, form);
    return status;
}

static enum status show_checks(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct policy p;
    struct sent sent = {0};
    struct checks_page page = {.may_make = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE)};
    enum status status = ledger_open_policy_line(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/checks", &page.head, err);
    if (!status)
        status = ledger_find_policy(rq->arena, rq->store, sight.line.id, &p, err);
    if (!status)
        status = load_sent(rq, sight.line.id, &sent, err);
    if (status)
        return status;
    page.runs = p.state == POLICY_IN_FORCE || p.state == POLICY_ENDED;
    page.may_check = page.runs && appraisal_may(sight.is);
    if (page.may_check)
        status = fill_form(rq, &sight, &sent, &page, err);
    if (!status)
        status = fill_checks(rq, sight.line.key, &sent, &page, err);
    if (!status)
        status = fill_findings(rq, &sight, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-checks", sight.line.title, CHECKS_PAGE, &page);
}

static const struct input LIST_INPUTS[] = {
    {.name = "sheet", .kind = INPUT_TEXT, .most = 40, .en = "Sheet", .zh = "检查表"},
    {0},
};
const struct route route_ledger_checks = {
    .method = "GET",
    .path = "/ledger/lines/{line}/checks",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Checks of a policy's carrying out: sheets filled in, what they come to, and what was "
          "found.",
    .zh = "政策落实督导检查：填报的检查表、得分与发现的问题。",
    .inputs = LIST_INPUTS,
    .output = CHECKS_PAGE,
    .page = "ledger-checks",
    .run = show_checks,
};

/* --- sent ----------------------------------------------------------------------------------------- */

struct checking {
    int64_t line, today;
    struct sheet sheet;
    struct filled filled;
    struct line_file *photos;
    size_t nphotos;
    struct ledger_deed deed;
};

static enum status check_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct checking *c = context;
    enum status status = ledger_check_policy(scratch, store, c->line, &c->sheet, &c->filled,
                                             c->today, &c->deed, err);
    return status ? status
                  : sheet_form_attach(scratch, store, &c->filled, c->photos, c->nphotos, &c->deed,
                                      err);
}

static enum status check(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct checking c = {.today = calendar_day_of(rq->now_ms), .deed = {.now_ms = rq->now_ms}};
    enum status status = ledger_open_policy_line(rq, LEDGER_VERIFY, &sight, err);
    if (!status)
        status = ledger_find_sheet(rq->arena, rq->store, rq->params[1], &c.sheet, err);
    if (!status)
        status = sheet_form_read(rq, &c.sheet, &c.filled, err);
    if (!status)
        status = sheet_form_read_photos(rq, &c.photos, &c.nphotos, err);
    c.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, c.line, LEDGER_VERIFY, check_step, &c, err);
    return status ? status
                  : ledger_answer_done(rq, "/checks", "Your check has arrived.", "检查表已收到。");
}

static const struct input CHECK_INPUTS[] = {SHEET_FORM_INPUTS, {0}};
const struct route route_ledger_check = {
    .method = "POST",
    .path = "/ledger/lines/{line}/checks/{sheet}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Send a check of a policy's carrying out; sent again under the same key it is kept once.",
    .zh = "提交政策落实检查表；以同一编号重复提交只保留一份。",
    .inputs = CHECK_INPUTS,
    .uploads = true,
    .run = check,
    .again = show_checks,
};

/* --- a finding decided ---------------------------------------------------------------------------- */

static enum status answer_checks(struct request *rq, const char *en, const char *zh)
{
    return ledger_answer_done(rq, "/checks", en, zh);
}

static enum status rectify(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open_policy_line(rq, LEDGER_CHANGE, &sight, err);
    if (!status)
        status = ledger_rectify_found(rq, sight.line.id, NULL, err);
    return status ? status : answer_checks(rq, "A rectification is made of it.", "已转为整改。");
}

const struct route route_ledger_check_rectify = {
    .method = "POST",
    .path = "/ledger/lines/{line}/checks/findings/{finding}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Make a rectification of what a check found.",
    .zh = "将检查发现的问题转为整改。",
    .inputs = ledger_rectify_inputs,
    .run = rectify,
};

static enum status drop(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open_policy_line(rq, LEDGER_CHANGE, &sight, err);
    if (!status)
        status = ledger_let_found_go(rq, sight.line.id, NULL, err);
    return status ? status
                  : answer_checks(rq, "It is let go, with the reason.", "已注明理由，不予整改。");
}

const struct route route_ledger_check_drop = {
    .method = "POST",
    .path = "/ledger/lines/{line}/checks/findings/{finding}/drop",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Let what a check found go, for a reason.",
    .zh = "对检查发现的问题说明理由，不予整改。",
    .inputs = ledger_let_go_inputs,
    .run = drop,
};
