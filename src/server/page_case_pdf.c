/* The case file as a file: signed, with exhibits and facts within, for a board, a court, or the one who is accused. That it
 * was made is on record before it leaves, and the record's line binds all lines before. */
#include <inttypes.h>

#include "library/case_paper.h"
#include "server/guard.h"
#include "server/internal.h"
#include "server/page_cases.h"

static const struct input PDF_INPUTS[] = {
    {.name = "language", .kind = INPUT_TEXT, .most = 10, .en = "Language", .zh = "语言"},
    {0},
};

/* A language that was asked for, the reader's where none was. */
static enum status take_tongue(const struct request *rq, enum case_tongue *tongue,
                               struct error *err)
{
    struct str asked = request_input(rq, "language");
    *tongue = rq->lang == LANG_ZH ? CASE_TONGUE_ZH : CASE_TONGUE_EN;
    if (!asked.len || case_tongue_parse(asked, tongue))
        return STATUS_OK;
    return error_set(err, STATUS_INPUT, "The language is zh, en or both.",
                     "语言可选 zh、en 或 both。");
}

struct filing {
    const struct case_facts *facts;
    int64_t actor, sanction, seq;
};

static enum status record_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct filing *f = context;
    (void)scratch;
    return case_record_file(store, f->facts, f->actor, f->sanction, &f->seq, err);
}

static enum status give_file(struct request *rq, struct case_facts *facts, int64_t sanction,
                             enum case_tongue tongue, struct error *err)
{
    struct str bytes;
    struct filing filing = {facts, rq->viewer.member, sanction, 0};
    enum status status = server_write(rq->server, request_actor(rq), record_step, &filing, err);
    if (!status)
        status = case_close_facts(rq->arena, rq->store, filing.seq, facts, err);
    if (!status)
        status = case_make_file(rq->arena, rq->store, facts, tongue, rq->lang, &bytes, err);
    return status ? status
                  : answer_bytes(rq, "application/pdf", bytes,
                                 str_format(rq->arena, "case-%" PRId64 ".pdf", facts->file.id));
}

static enum status gather(struct request *rq, const struct case_file *file, int64_t steward,
                          int64_t accused, struct case_facts *facts, struct error *err)
{
    enum status status = guard_enter_record(rq, err);
    if (status)
        return status;
    status =
        case_gather_facts(rq->arena, rq->store, file, steward, accused, rq->now_ms, facts, err);
    guard_leave_record(rq);
    return status;
}

/* --- for stewards ----------------------------------------------------------------------------------- */

static enum status give_case_file(struct request *rq, struct error *err)
{
    struct case_file file;
    struct case_facts facts;
    enum case_tongue tongue;
    enum status status = page_cases_find(rq, &file, err);
    if (!status)
        status = take_tongue(rq, &tongue, err);
    if (!status)
        status = gather(rq, &file, rq->viewer.member, 0, &facts, err);
    return status ? status : give_file(rq, &facts, 0, tongue, err);
}

const struct route route_case_pdf = {
    .method = "POST",
    .path = "/cases/{case}/file",
    .roles = CASE_ROLES,
    .en =
        "Take the case file: a signed PDF with the exhibits and the facts within. That it was made is on record.",
    .zh = "下载案件卷宗：带签名的 PDF，内含物证与事实数据；生成一事记录在案。",
    .inputs = PDF_INPUTS,
    .run = give_case_file,
};

/* --- for the accused -------------------------------------------------------------------------------- */

static enum status give_own_file(struct request *rq, struct error *err)
{
    struct case_sanction s;
    struct case_file file;
    struct case_facts facts;
    enum case_tongue tongue;
    enum status status =
        case_find_own_sanction(rq->arena, rq->store, rq->params[0], rq->viewer.member, &s, err);
    if (!status)
        status = take_tongue(rq, &tongue, err);
    if (!status)
        status = case_find_by_id(rq->arena, rq->store, s.case_file, &file, err);
    if (!status)
        status = gather(rq, &file, 0, rq->viewer.member, &facts, err);
    return status ? status : give_file(rq, &facts, s.id, tongue, err);
}

const struct route route_sanction_pdf = {
    .method = "POST",
    .path = "/sanctions/{sanction}/file",
    .roles = ROLE_MEMBER | ROLE_SUSPENDED,
    .en = "Take the part of the case file that is about oneself: a signed PDF with the figures.",
    .zh = "下载案件卷宗中与本人有关的部分：带签名的 PDF，载有数据。",
    .inputs = PDF_INPUTS,
    .run = give_own_file,
};
