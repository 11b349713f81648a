/* One case, for stewards: what was reported, gathered, found and done. */
#include "server/internal.h"

#include "library/member.h"
#include "library/trace_run.h"
#include "server/case_traces.h"
#include "server/finding_part.h"
#include "server/page_cases.h"
#include "server/writing.h"

/* --- the page ----------------------------------------------------------------------------------- */

struct case_report_line {
    struct str kind, kind_words, link, place, words, name, email;
    int64_t seen, made;
    bool anonymous, covered;
};
static const struct field CASE_REPORT_LINE[] = {
    FIELD(TEXT, struct case_report_line, kind),
    FIELD_HIDDEN(TEXT, struct case_report_line, kind_words),
    FIELD(TEXT, struct case_report_line, link),
    FIELD(TEXT, struct case_report_line, place),
    FIELD(TEXT, struct case_report_line, words),
    FIELD(TEXT, struct case_report_line, name),
    FIELD(TEXT, struct case_report_line, email),
    FIELD(DAY, struct case_report_line, seen),
    FIELD(TIME, struct case_report_line, made),
    FIELD(FLAG, struct case_report_line, anonymous),
    FIELD(FLAG, struct case_report_line, covered),
    {0},
};
struct case_exhibit_line {
    struct str key, name, digest, source, by;
    int64_t size, added;
    bool by_steward, by_accused;
};
static const struct field CASE_EXHIBIT_LINE[] = {
    FIELD(TEXT, struct case_exhibit_line, key),
    FIELD(TEXT, struct case_exhibit_line, name),
    FIELD(TEXT, struct case_exhibit_line, digest),
    FIELD(TEXT, struct case_exhibit_line, source),
    FIELD(TEXT, struct case_exhibit_line, by),
    FIELD(NUMBER, struct case_exhibit_line, size),
    FIELD(TIME, struct case_exhibit_line, added),
    FIELD_HIDDEN(FLAG, struct case_exhibit_line, by_steward),
    FIELD_HIDDEN(FLAG, struct case_exhibit_line, by_accused),
    {0},
};
struct case_finding_line {
    struct str key, verdict, verdict_words, by;
    int64_t made;
};
static const struct field CASE_FINDING_LINE[] = {
    FIELD(TEXT, struct case_finding_line, key),
    FIELD(TEXT, struct case_finding_line, verdict),
    FIELD_HIDDEN(TEXT, struct case_finding_line, verdict_words),
    FIELD(TEXT, struct case_finding_line, by),
    FIELD(TIME, struct case_finding_line, made),
    {0},
};
struct case_accused_line {
    struct str id, name, email, words;
    int64_t since;
    bool by_finding, may_clear;
};
static const struct field CASE_ACCUSED_LINE[] = {
    FIELD(TEXT, struct case_accused_line, id),
    FIELD(TEXT, struct case_accused_line, name),
    FIELD(TEXT, struct case_accused_line, email),
    FIELD(TEXT, struct case_accused_line, words),
    FIELD(DAY, struct case_accused_line, since),
    FIELD(FLAG, struct case_accused_line, by_finding),
    FIELD_HIDDEN(FLAG, struct case_accused_line, may_clear),
    {0},
};
struct case_step_line {
    struct str act, act_words, by, about, words, state, state_words;
    int64_t time;
};
static const struct field CASE_STEP_LINE[] = {
    FIELD(TEXT, struct case_step_line, act),
    FIELD_HIDDEN(TEXT, struct case_step_line, act_words),
    FIELD(TEXT, struct case_step_line, by),
    FIELD(TEXT, struct case_step_line, about),
    FIELD(TEXT, struct case_step_line, words),
    FIELD(TEXT, struct case_step_line, state),
    FIELD_HIDDEN(TEXT, struct case_step_line, state_words),
    FIELD(TIME, struct case_step_line, time),
    {0},
};
struct case_page {
    struct str key, kind, kind_words, state, state_words;
    int64_t number, opened, changed, deciders, deciders_needed, files_most, file_size, files_size;
    bool few_deciders, covered, any_exhibit, any_accused;
    bool may_add, may_note, may_accuse, may_uncover;
    struct case_report_line *reports;
    struct case_exhibit_line *exhibits;
    struct case_finding_line *findings;
    struct case_accused_line *accused;
    struct case_step_line *steps;
    size_t nreports, nexhibits, nfindings, naccused, nsteps;
    struct case_traces traces;
    struct str typed_note, typed_reason, typed_member;
    struct case_decided decided;
};
static const struct field CASE_PAGE[] = {
    FIELD(TEXT, struct case_page, key),
    {.kind = FIELD_TEXT,
     .hidden = true,
     .name = "case",
     .at = offsetof(struct case_page, key)}, /* where a list has keys of its own */
    FIELD(TEXT, struct case_page, kind),
    FIELD_HIDDEN(TEXT, struct case_page, kind_words),
    FIELD(TEXT, struct case_page, state),
    FIELD_HIDDEN(TEXT, struct case_page, state_words),
    FIELD(NUMBER, struct case_page, number),
    FIELD(TIME, struct case_page, opened),
    FIELD(TIME, struct case_page, changed),
    /* Not in JSON: one less than there are stewards would tell that one of them reported. */
    FIELD_HIDDEN(NUMBER, struct case_page, deciders),
    FIELD_HIDDEN(NUMBER, struct case_page, deciders_needed),
    FIELD_HIDDEN(NUMBER, struct case_page, files_most),
    FIELD_HIDDEN(NUMBER, struct case_page, file_size),
    FIELD_HIDDEN(NUMBER, struct case_page, files_size),
    FIELD(FLAG, struct case_page, few_deciders),
    FIELD_HIDDEN(FLAG, struct case_page, covered),
    FIELD_HIDDEN(FLAG, struct case_page, any_exhibit),
    FIELD_HIDDEN(FLAG, struct case_page, any_accused),
    FIELD(FLAG, struct case_page, may_add),
    FIELD(FLAG, struct case_page, may_note),
    FIELD(FLAG, struct case_page, may_accuse),
    FIELD(FLAG, struct case_page, may_uncover),
    FIELD_OF_LIST(struct case_page, reports, CASE_REPORT_LINE),
    FIELD_OF_LIST(struct case_page, exhibits, CASE_EXHIBIT_LINE),
    FIELD_OF_LIST(struct case_page, findings, CASE_FINDING_LINE),
    FIELD_OF_PART(struct case_page, traces, CASE_TRACES),
    FIELD_OF_LIST(struct case_page, accused, CASE_ACCUSED_LINE),
    FIELD_OF_LIST(struct case_page, steps, CASE_STEP_LINE),
    FIELD_HIDDEN(TEXT, struct case_page, typed_note),
    FIELD_HIDDEN(TEXT, struct case_page, typed_reason),
    FIELD_HIDDEN(TEXT, struct case_page, typed_member),
    FIELD_OF_PART(struct case_page, decided, CASE_DECIDED_PART),
    {0},
};

static bool may(const struct request *rq, const struct case_file *file, enum case_act act)
{
    struct error err;
    return !case_allow(rq->store, file->id, 0, act, rq->viewer.member, rq->now_ms, &err);
}

static enum status fill_reports(struct request *rq, const struct case_file *file,
                                struct case_page *page, struct error *err)
{
    struct case_report *list;
    enum status status = case_list_reports(rq->arena, rq->store, file->id, rq->viewer.member, &list,
                                           &page->nreports, err);
    if (status)
        return status;
    page->reports = arena_array(rq->arena, page->nreports, struct case_report_line);
    for (size_t i = 0; i < page->nreports; i++) {
        const struct case_report *r = &list[i];
        page->reports[i] = (struct case_report_line){
            .kind = r->kind,
            .kind_words = page_cases_kind_words(rq, r->kind),
            .link = r->link,
            .place = r->place,
            .words = r->words,
            .name = r->name,
            .email = r->email,
            .seen = r->seen_ms,
            .made = r->made_ms,
            .anonymous = r->anonymous,
            .covered = r->name.len == 0,
        };
        page->covered |= page->reports[i].covered;
    }
    return STATUS_OK;
}

static enum status fill_exhibits(struct request *rq, const struct case_file *file,
                                 struct case_page *page, struct error *err)
{
    struct case_exhibit *list;
    enum status status =
        case_list_exhibits(rq->arena, rq->store, file->id, &list, &page->nexhibits, err);
    if (status)
        return status;
    page->exhibits = arena_array(rq->arena, page->nexhibits, struct case_exhibit_line);
    page->any_exhibit = page->nexhibits > 0;
    for (size_t i = 0; i < page->nexhibits; i++) {
        char hex[DIGEST_HEX + 1];
        const struct case_exhibit *e = &list[i];
        digest_to_hex(&e->digest, hex);
        page->exhibits[i] = (struct case_exhibit_line){
            .key = e->key,
            .name = e->name,
            .digest = str_copy(rq->arena, str_of(hex)),
            .source = e->source,
            .by = e->by,
            .size = e->size,
            .added = e->added_ms,
            .by_steward = str_equal(e->source, STR("steward")),
            .by_accused = str_equal(e->source, STR("appeal")),
        };
    }
    return STATUS_OK;
}

static enum status fill_findings(struct request *rq, const struct case_file *file,
                                 struct case_page *page, struct error *err)
{
    struct case_finding *list;
    enum status status =
        case_list_findings(rq->arena, rq->store, file->id, &list, &page->nfindings, err);
    if (status)
        return status;
    page->findings = arena_array(rq->arena, page->nfindings, struct case_finding_line);
    for (size_t i = 0; i < page->nfindings; i++) {
        page->findings[i] = (struct case_finding_line){
            list[i].key, str_of(verdict_name(list[i].verdict)),
            finding_verdict_words(rq, list[i].verdict), list[i].made_by_name, list[i].made_ms};
    }
    return STATUS_OK;
}

static enum status fill_accused(struct request *rq, const struct case_file *file,
                                struct case_page *page, struct error *err)
{
    struct case_accused *list;
    enum status status =
        case_list_accused(rq->arena, rq->store, file->id, &list, &page->naccused, err);
    if (status)
        return status;
    bool clear = may(rq, file, CASE_ACT_CLEAR);
    page->any_accused = page->naccused > 0;
    page->accused = arena_array(rq->arena, page->naccused, struct case_accused_line);
    for (size_t i = 0; i < page->naccused; i++)
        page->accused[i] = (struct case_accused_line){
            .id = library_member_id(rq->arena, list[i].member),
            .name = list[i].name,
            .email = list[i].email,
            .words = list[i].words,
            .since = list[i].since_ms,
            .by_finding = list[i].finding != 0,
            .may_clear = clear && !list[i].finding,
        };
    return STATUS_OK;
}

static struct str who_of(const struct request *rq, const struct case_step *s)
{
    if (s->actor.len)
        return s->actor;
    return s->act == CASE_ACT_REPORT ? request_words(rq, "the reporter", "举报人") : STR("");
}

static enum status fill_steps(struct request *rq, const struct case_file *file,
                              struct case_page *page, struct error *err)
{
    struct case_step *list;
    enum status status = case_list_steps(rq->arena, rq->store, file->id, &list, &page->nsteps, err);
    if (status)
        return status;
    page->steps = arena_array(rq->arena, page->nsteps, struct case_step_line);
    for (size_t i = 0; i < page->nsteps; i++) {
        const struct case_step *s = &list[i];
        bool moved = s->to != s->from;
        page->steps[i] = (struct case_step_line){
            .act = str_of(case_act_name(s->act)),
            .act_words = str_of(case_done_words(s->act, rq->lang)),
            .by = who_of(rq, s),
            .about = s->about,
            .words = s->words,
            .state = moved ? str_of(case_state_name(s->to)) : STR(""),
            .state_words = moved ? str_of(case_state_words(s->to, rq->lang)) : STR(""),
            .time = s->time_ms,
        };
    }
    return STATUS_OK;
}

static enum status fill(struct request *rq, const struct case_file *file, struct case_page *page,
                        struct error *err)
{
    static enum status (*const PARTS[])(struct request *, const struct case_file *,
                                        struct case_page *, struct error *) = {
        fill_reports, fill_exhibits, fill_findings, fill_accused, fill_steps};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof PARTS / sizeof *PARTS; i++)
        status = PARTS[i](rq, file, page, err);
    if (!status)
        status = case_traces_fill(rq, file, &page->traces, err);
    return status ? status : case_count_deciders(rq->store, file->id, &page->deciders, err);
}

enum status page_cases_show(struct request *rq, struct error *err)
{
    struct case_file file;
    enum status status = page_cases_find(rq, &file, err);
    if (status)
        return status;
    struct case_page page = {
        .key = file.key,
        .kind = file.kind,
        .kind_words = page_cases_kind_words(rq, file.kind),
        .state = str_of(case_state_name(file.state)),
        .state_words = str_of(case_state_words(file.state, rq->lang)),
        .number = file.id,
        .opened = file.opened_ms,
        .changed = file.changed_ms,
        .deciders_needed = CASE_STEWARDS,
        .files_most = CASE_FILES_MAX,
        .file_size = CASE_FILE_MAX >> 20,
        .files_size = CASE_FILES_SIZE_MAX >> 20,
        .may_add = may(rq, &file, CASE_ACT_ADD),
        .may_note = may(rq, &file, CASE_ACT_NOTE),
        .may_accuse = may(rq, &file, CASE_ACT_ACCUSE),
        .typed_note = request_input(rq, "note"),
        .typed_reason = request_input(rq, "reason"),
        .typed_member = request_input(rq, "member"),
    };
    status = fill(rq, &file, &page, err);
    if (!status)
        status = page_cases_fill_decided(rq, &file, &page.decided, err);
    if (status)
        return status;
    /* Any of them may be the one who reported, whether one did or not. */
    page.few_deciders = page.deciders <= CASE_STEWARDS && file.state != CASE_SETTLED &&
                        file.state != CASE_DISMISSED;
    page.may_uncover = page.covered && may(rq, &file, CASE_ACT_UNCOVER);
    struct str title =
        str_format(rq->arena, "%s %lld", lang_pick(rq->lang, "Case", "案件"), (long long)file.id);
    return answer_titled_page(rq, "case", title, CASE_PAGE, &page);
}

const struct route route_case_view = {
    .method = "GET",
    .path = "/cases/{case}",
    .roles = CASE_ROLES,
    .en = "A case: reports, exhibits, findings, decisions and everything done.",
    .zh = "案件详情：举报、物证、追踪结果、处理决定与全部记录。",
    .output = CASE_PAGE,
    .page = "case",
    .run = page_cases_show,
};

/* --- an exhibit's bytes ------------------------------------------------------------------------- */

static enum status send_exhibit(struct request *rq, struct error *err)
{
    struct case_file file;
    struct case_exhibit *list;
    size_t count = 0;
    struct str bytes;
    enum status status = page_cases_find(rq, &file, err);
    if (!status)
        status = case_list_exhibits(rq->arena, rq->store, file.id, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++) {
        if (!str_equal(list[i].key, rq->params[1]))
            continue;
        status = library_get_exhibit(rq->arena, rq->store, &list[i].digest, &bytes, err);
        return status ? status : answer_bytes(rq, "application/octet-stream", bytes, list[i].name);
    }
    return status ? status
                  : error_set(err, STATUS_MISSING, "There is no such exhibit.", "没有这件物证。");
}

const struct route route_case_exhibit = {
    .method = "GET",
    .path = "/cases/{case}/exhibits/{exhibit}",
    .roles = CASE_ROLES,
    .en = "An exhibit, byte for byte as it was found.",
    .zh = "物证原件。",
    .run = send_exhibit,
};

/* --- small changes ------------------------------------------------------------------------------ */

struct case_change {
    int64_t file, actor, member, now_ms;
    struct str words;
    const struct case_kept *files;
    size_t nfiles;
};

static enum status note_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct case_change *c = context;
    (void)scratch;
    return case_add_note(store, c->file, c->actor, c->words, c->now_ms, err);
}

static enum status add_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct case_change *c = context;
    return case_add_exhibits(scratch, store, c->file, c->actor, c->files, c->nfiles, c->now_ms,
                             err);
}

static enum status accuse_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct case_change *c = context;
    (void)scratch;
    return case_accuse(store, c->file, c->actor, c->member, c->words, c->now_ms, err);
}

static enum status clear_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct case_change *c = context;
    (void)scratch;
    return case_clear(store, c->file, c->actor, c->member, c->words, c->now_ms, err);
}

static enum status uncover_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct case_change *c = context;
    (void)scratch;
    return case_uncover(store, c->file, c->actor, c->words, c->now_ms, err);
}

/* Runs a step over the case that the address names. */
static enum status write_case(struct request *rq, server_write_step step, struct case_change *c,
                              const char *words, struct error *err)
{
    struct case_file file;
    enum status status = page_cases_find(rq, &file, err);
    if (status)
        return status;
    c->file = file.id;
    c->actor = rq->viewer.member;
    c->now_ms = rq->now_ms;
    c->words = writing_lines(rq->arena, request_input(rq, words));
    return server_write(rq->server, request_actor(rq), step, c, err);
}

static const struct input NOTE_INPUTS[] = {
    {.name = "note",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 10000,
     .en = "Note",
     .zh = "备注"},
    {0},
};

static enum status add_note(struct request *rq, struct error *err)
{
    struct case_change c = {0};
    enum status status = write_case(rq, note_step, &c, "note", err);
    return status
               ? status
               : answer_redirect(rq, page_cases_path(rq, ""), "The note is kept.", "备注已保存。");
}

const struct route route_case_note = {
    .method = "POST",
    .path = "/cases/{case}/notes",
    .roles = CASE_ROLES,
    .en = "Write a note in a case.",
    .zh = "在案件中添加备注。",
    .inputs = NOTE_INPUTS,
    .run = add_note,
    .again = page_cases_show,
};

static const struct input ADD_INPUTS[] = {
    {.name = "text",
     .kind = INPUT_LONG_TEXT,
     .most = 200000,
     .en = "Text found",
     .zh = "发现的文本"},
    {.name = "files", .kind = INPUT_FILE, .en = "Files", .zh = "文件"},
    {0},
};

static enum status add_exhibits(struct request *rq, struct error *err)
{
    struct case_file file;
    struct case_kept *files;
    struct case_change c = {0};
    struct str text = request_input(rq, "text");
    enum status status = page_cases_find(rq, &file, err);
    if (!status)
        status =
            case_allow(rq->store, file.id, 0, CASE_ACT_ADD, rq->viewer.member, rq->now_ms, err);
    if (!status)
        status = page_cases_take_files(rq, "files", str_trim(text).len ? text : STR(""), &files,
                                       &c.nfiles, err);
    if (status)
        return status;
    c.files = files;
    status = write_case(rq, add_step, &c, "", err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""), "The exhibits are kept.",
                                    "物证已保存。");
}

const struct route route_case_add = {
    .method = "POST",
    .path = "/cases/{case}/exhibits",
    .roles = CASE_ROLES,
    .en = "Add exhibits to a case.",
    .zh = "向案件补充物证。",
    .inputs = ADD_INPUTS,
    .uploads = true,
    .run = add_exhibits,
    .again = page_cases_show,
};

#define REASON                                                                                   \
    {                                                                                            \
        .name = "reason", .kind = INPUT_LONG_TEXT, .needed = true, .most = 4000, .en = "Reason", \
        .zh = "理由"                                                                           \
    }

static const struct input ACCUSE_INPUTS[] = {
    {.name = "member",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "Member",
     .zh = "成员"},
    REASON,
    {0},
};

/* Runs a step about the member that the form names. */
static enum status write_member(struct request *rq, server_write_step step, struct error *err)
{
    struct member m;
    struct case_change c = {0};
    enum status status =
        library_find_member(rq->arena, rq->store, request_input(rq, "member"), &m, err);
    c.member = status ? 0 : m.id;
    return status == STATUS_MISSING
               ? request_blame(rq, "member",
                               error_set(err, STATUS_INPUT,
                                         "Nobody on the list of members has that address.",
                                         "成员名单中没有该邮箱。"))
           : status ? status
                    : write_case(rq, step, &c, "reason", err);
}

static enum status accuse(struct request *rq, struct error *err)
{
    enum status status = write_member(rq, accuse_step, err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""),
                                    "The member stands in the case now, and can't see it.",
                                    "已将该成员列入案件，其本人不可见。");
}

const struct route route_case_accuse = {
    .method = "POST",
    .path = "/cases/{case}/accuse",
    .roles = CASE_ROLES,
    .en = "Name a member in a case without a finding, with a reason.",
    .zh = "未经追踪将成员列入案件，并说明理由。",
    .inputs = ACCUSE_INPUTS,
    .run = accuse,
    .again = page_cases_show,
};

static enum status clear(struct request *rq, struct error *err)
{
    enum status status = write_member(rq, clear_step, err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""), "The member is taken off.",
                                    "已将该成员移出案件。");
}

const struct route route_case_clear = {
    .method = "POST",
    .path = "/cases/{case}/clear",
    .roles = CASE_ROLES,
    .en = "Take a member off whom a steward had named.",
    .zh = "移出由管理员列入的成员。",
    .inputs = ACCUSE_INPUTS,
    .run = clear,
    .again = page_cases_show,
};

static const struct input REASON_INPUTS[] = {REASON, {0}};

static enum status uncover(struct request *rq, struct error *err)
{
    struct case_change c = {0};
    enum status status = write_case(rq, uncover_step, &c, "reason", err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""),
                                    "You see who reported now. That you looked is on record.",
                                    "现可查看举报人。此次查看已记录。");
}

const struct route route_case_uncover = {
    .method = "POST",
    .path = "/cases/{case}/uncover",
    .roles = CASE_ROLES,
    .en = "See who reported without their name, with a reason that is kept.",
    .zh = "查看匿名举报人，理由留存。",
    .inputs = REASON_INPUTS,
    .run = uncover,
    .again = page_cases_show,
};
