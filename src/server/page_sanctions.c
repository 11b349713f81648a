/* What was decided about a member, for that member: what, why, what it rests on, how sure it is, and what they can
 * do. Also who is suspended reads these pages. Nothing here comes from a report: neither who sent it, nor what, nor
 * where or when. */
#include "server/internal.h"

#include <math.h>

#include "library/chance.h"
#include "library/finding_json.h"
#include "server/page_cases.h"
#include "server/writing.h"

#define WHO (ROLE_MEMBER | ROLE_SUSPENDED)

/* --- the list ----------------------------------------------------------------------------------- */

struct sanction_line {
    struct str key, measure, measure_words, state, state_words;
    int64_t told, appeal_until;
    bool may_appeal;
};
static const struct field SANCTION_LINE[] = {
    FIELD(TEXT, struct sanction_line, key),
    FIELD(TEXT, struct sanction_line, measure),
    FIELD_HIDDEN(TEXT, struct sanction_line, measure_words),
    FIELD(TEXT, struct sanction_line, state),
    FIELD_HIDDEN(TEXT, struct sanction_line, state_words),
    FIELD(DAY, struct sanction_line, told),
    FIELD(TIME, struct sanction_line, appeal_until),
    FIELD(FLAG, struct sanction_line, may_appeal),
    {0},
};
struct sanctions_page {
    struct sanction_line *sanctions;
    size_t nsanctions;
    bool suspended;
};
static const struct field SANCTIONS_PAGE[] = {
    FIELD_OF_LIST(struct sanctions_page, sanctions, SANCTION_LINE),
    FIELD(FLAG, struct sanctions_page, suspended),
    {0},
};

static bool may_appeal(const struct request *rq, const struct case_sanction *s)
{
    return s->state == SANCTION_STANDING && rq->now_ms < s->appeal_until_ms;
}

static enum status show_sanctions(struct request *rq, struct error *err)
{
    struct case_sanction *list;
    struct sanctions_page page = {.suspended = request_may(rq, ROLE_SUSPENDED)};
    enum status status = case_list_own_sanctions(rq->arena, rq->store, rq->viewer.member, &list,
                                                 &page.nsanctions, err);
    if (status)
        return status;
    page.sanctions = arena_array(rq->arena, page.nsanctions, struct sanction_line);
    for (size_t i = 0; i < page.nsanctions; i++) {
        const struct case_sanction *s = &list[i];
        page.sanctions[i] = (struct sanction_line){
            .key = s->key,
            .measure = str_of(case_measure_name(s->measure)),
            .measure_words = str_of(case_measure_words(s->measure, rq->lang)),
            .state = str_of(case_state_name(s->state)),
            .state_words = str_of(case_state_words(s->state, rq->lang)),
            .told = s->told_ms,
            .appeal_until = s->appeal_until_ms,
            .may_appeal = may_appeal(rq, s),
        };
    }
    return answer_page(rq, "sanctions", "Decisions about me", "与我有关的处理决定", SANCTIONS_PAGE,
                       &page);
}

const struct route route_sanctions = {
    .method = "GET",
    .path = "/sanctions",
    .roles = WHO,
    .en = "What was decided about the reader.",
    .zh = "与读者本人有关的处理决定。",
    .output = SANCTIONS_PAGE,
    .page = "sanctions",
    .run = show_sanctions,
};

/* --- one ---------------------------------------------------------------------------------------- */

struct sanction_source {
    struct str title;
    int64_t edition;
};
static const struct field SANCTION_SOURCE[] = {
    FIELD(TEXT, struct sanction_source, title),
    FIELD(NUMBER, struct sanction_source, edition),
    {0},
};
struct sanction_page {
    struct str key, measure, state, state_words, grounds, chance, appeal, reasons;
    int64_t told, until, appeal_until, settled, appealed, heard, traced;
    int64_t marks_read, marks_agree, members_tested;
    double log10_chance;
    struct sanction_source *sources;
    size_t nsources;
    bool is_warning, is_suspension, is_end, keeps, over, may_appeal, waits, is_upheld, is_lifted,
        rests_on_trace, key_stolen;
    int64_t files_most, file_size, files_size;
    struct str typed;
};
static const struct field SANCTION_PAGE[] = {
    FIELD(TEXT, struct sanction_page, key),
    FIELD(TEXT, struct sanction_page, measure),
    FIELD(TEXT, struct sanction_page, state),
    FIELD_HIDDEN(TEXT, struct sanction_page, state_words),
    FIELD(TEXT, struct sanction_page, grounds),
    FIELD(TEXT, struct sanction_page, chance),
    FIELD(TEXT, struct sanction_page, appeal),
    FIELD(TEXT, struct sanction_page, reasons),
    FIELD(TIME, struct sanction_page, told),
    FIELD(TIME, struct sanction_page, until),
    FIELD(TIME, struct sanction_page, appeal_until),
    FIELD(TIME, struct sanction_page, settled),
    FIELD(TIME, struct sanction_page, appealed),
    FIELD(TIME, struct sanction_page, heard),
    FIELD(DAY, struct sanction_page, traced),
    FIELD(NUMBER, struct sanction_page, marks_read),
    FIELD(NUMBER, struct sanction_page, marks_agree),
    FIELD(NUMBER, struct sanction_page, members_tested),
    FIELD(REAL, struct sanction_page, log10_chance),
    FIELD_OF_LIST(struct sanction_page, sources, SANCTION_SOURCE),
    FIELD_HIDDEN(FLAG, struct sanction_page, is_warning),
    FIELD_HIDDEN(FLAG, struct sanction_page, is_suspension),
    FIELD_HIDDEN(FLAG, struct sanction_page, is_end),
    FIELD(FLAG, struct sanction_page, keeps),
    FIELD(FLAG, struct sanction_page, over),
    FIELD(FLAG, struct sanction_page, may_appeal),
    FIELD_HIDDEN(FLAG, struct sanction_page, waits),
    FIELD_HIDDEN(FLAG, struct sanction_page, is_upheld),
    FIELD_HIDDEN(FLAG, struct sanction_page, is_lifted),
    FIELD(FLAG, struct sanction_page, rests_on_trace),
    FIELD(FLAG, struct sanction_page, key_stolen),
    FIELD_HIDDEN(NUMBER, struct sanction_page, files_most),
    FIELD_HIDDEN(NUMBER, struct sanction_page, file_size),
    FIELD_HIDDEN(NUMBER, struct sanction_page, files_size),
    FIELD_HIDDEN(TEXT, struct sanction_page, typed),
    {0},
};

/* What the finding says of this member, and nothing of anybody else. */
static enum status fill_finding(struct request *rq, const struct case_sanction *s,
                                struct sanction_page *page, struct error *err)
{
    struct finding f;
    if (!s->finding.len)
        return STATUS_OK;
    enum status status = library_unpack_finding(rq->arena, rq->store, s->finding, &f, err);
    if (status)
        return status;
    page->sources = arena_array(rq->arena, f.nsources, struct sanction_source);
    for (size_t i = 0; i < f.nsources; i++) {
        page->sources[page->nsources++] =
            (struct sanction_source){f.sources[i].edition.title, f.sources[i].edition.number};
        page->key_stolen |= f.sources[i].key_stolen;
    }
    for (size_t i = 0; i < f.nmembers; i++) {
        if (f.members[i].id != s->member)
            continue;
        page->rests_on_trace = true;
        page->traced = s->finding_ms;
        page->marks_read = f.members[i].read;
        page->marks_agree = f.members[i].agree;
        page->members_tested = (int64_t)f.tested;
        page->log10_chance = f.members[i].log10_p_all;
        page->chance = chance_words(rq->arena, fmin(0, f.members[i].log10_p_all), rq->lang);
    }
    return STATUS_OK;
}

static enum status read_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct case_sanction *s = context;
    (void)scratch;
    return case_note_read(store, s->id, s->read_ms, err);
}

/* Noted once, so that a member who did not get to see it can be told apart. */
static enum status note_read(struct request *rq, const struct case_sanction *s, struct error *err)
{
    struct case_sanction read = {.id = s->id, .read_ms = rq->now_ms};
    return s->read_ms ? STATUS_OK
                      : server_write(rq->server, request_actor(rq), read_step, &read, err);
}

static enum status show_sanction(struct request *rq, struct error *err)
{
    struct case_sanction s;
    enum status status =
        case_find_own_sanction(rq->arena, rq->store, rq->params[0], rq->viewer.member, &s, err);
    if (!status)
        status = note_read(rq, &s, err);
    if (status)
        return status;
    struct sanction_page page = {
        .key = s.key,
        .measure = str_of(case_measure_name(s.measure)),
        .state = str_of(case_state_name(s.state)),
        .state_words = str_of(case_state_words(s.state, rq->lang)),
        .grounds = s.grounds,
        .appeal = s.appeal,
        .reasons = s.reasons,
        .told = s.told_ms,
        .until = s.until_ms,
        .appeal_until = s.appeal_until_ms,
        .settled = s.settled_ms,
        .appealed = s.appealed_ms,
        .heard = s.heard_ms,
        .is_warning = s.measure == CASE_MEASURE_WARNING,
        .is_suspension = s.measure == CASE_MEASURE_SUSPENSION,
        .is_end = s.measure == CASE_MEASURE_END,
        .keeps = s.keeps,
        .over = s.until_ms && s.until_ms <= rq->now_ms,
        .may_appeal = may_appeal(rq, &s),
        .waits = s.state == SANCTION_APPEALED,
        .is_upheld = s.state == SANCTION_UPHELD,
        .is_lifted = s.state == SANCTION_LIFTED,
        .files_most = CASE_FILES_MAX,
        .file_size = CASE_FILE_MAX >> 20,
        .files_size = CASE_FILES_SIZE_MAX >> 20,
        .typed = request_input(rq, "words"),
    };
    status = fill_finding(rq, &s, &page, err);
    return status ? status
                  : answer_page(rq, "sanction", "A decision about you", "与您有关的处理决定",
                                SANCTION_PAGE, &page);
}

const struct route route_sanction = {
    .method = "GET",
    .path = "/sanctions/{sanction}",
    .roles = WHO,
    .en = "A decision about the reader: grounds, what it rests on, how sure it is, how to appeal.",
    .zh = "与读者本人有关的处理决定：理由、依据、把握程度与申诉办法。",
    .output = SANCTION_PAGE,
    .page = "sanction",
    .run = show_sanction,
};

/* --- the appeal --------------------------------------------------------------------------------- */

static const struct input APPEAL_INPUTS[] = {
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 20000,
     .en = "Your answer",
     .zh = "申诉内容"},
    {.name = "files", .kind = INPUT_FILE, .en = "Files", .zh = "文件"},
    {0},
};

struct appeal {
    int64_t sanction, member, now_ms;
    struct str words;
    struct case_kept *files;
    size_t nfiles;
};

static enum status appeal_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct appeal *a = context;
    return case_appeal(scratch, store, a->sanction, a->member, a->words, a->files, a->nfiles,
                       a->now_ms, err);
}

static enum status send_appeal(struct request *rq, struct error *err)
{
    struct case_sanction s;
    struct appeal a = {.member = rq->viewer.member, .now_ms = rq->now_ms};
    enum status status =
        case_find_own_sanction(rq->arena, rq->store, rq->params[0], rq->viewer.member, &s, err);
    if (!status)
        status = case_allow(rq->store, s.case_file, s.id, CASE_ACT_APPEAL, rq->viewer.member,
                            rq->now_ms, err);
    if (!status)
        status = page_cases_take_files(rq, "files", STR(""), &a.files, &a.nfiles, err);
    if (status)
        return status;
    a.sanction = s.id;
    a.words = str_trim(writing_lines(rq->arena, request_input(rq, "words")));
    status = server_write(rq->server, request_actor(rq), appeal_step, &a, err);
    return status ? status
                  : answer_redirect(rq, str_format(rq->arena, "/sanctions/%.*s", STR_ARG(s.key)),
                                    "Your appeal is with the stewards. The answer will stand here.",
                                    "申诉已提交，答复将显示在此页。");
}

const struct route route_sanction_appeal = {
    .method = "POST",
    .path = "/sanctions/{sanction}/appeal",
    .roles = WHO,
    .en = "Appeal against a decision about oneself.",
    .zh = "就与本人有关的处理决定提出申诉。",
    .inputs = APPEAL_INPUTS,
    .uploads = true,
    .run = send_appeal,
    .again = show_sanction,
};
