/* Files attached to a line: added, given, removed. */
#include "server/internal.h"

#include <string.h>

#include "ledger/rectification.h"
#include "ledger/step.h"
#include "ledger/study.h"
#include "ledger/supervision.h"
#include "ledger/watch.h"
#include "server/ledger_files.h"

static enum status attach_file(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct line_file file;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_REPORT, &sight, err);
    if (!status)
        status = ledger_take_file(rq, sight.line.id, STR(""), &file, err);
    return status ? status
                  : ledger_answer_done(rq, "#files", "The file is attached.", "附件已添加。");
}

static const struct input ATTACH_INPUTS[] = {LEDGER_FILE_INPUTS, {0}};
const struct route route_ledger_file_attach = {
    .method = "POST",
    .path = "/ledger/lines/{line}/files",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Attach a file to a line.",
    .zh = "为条目添加附件。",
    .inputs = ATTACH_INPUTS,
    .uploads = true,
    .run = attach_file,
};

/* What a browser might run is given as bytes of no kind. */
static const char *safe_type(struct str media)
{
    static const char *const SAFE[] = {"image/jpeg", "image/png", "image/webp"};
    for (size_t i = 0; i < sizeof SAFE / sizeof *SAFE; i++)
        if (str_equal(media, str_of(SAFE[i])))
            return SAFE[i];
    return "application/octet-stream";
}

static enum status give_file(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct line_file file = {0};
    struct str bytes;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_find_file(rq->arena, rq->store, sight.line.id, rq->params[1], &file, err);
    if (!status && file.removed_ms)
        return error_set(err, STATUS_MISSING, "This file was removed.", "该附件已被移除。");
    if (!status)
        status = store_get_blob(rq->arena, rq->store, &file.digest, &bytes, err);
    return status ? status : answer_bytes(rq, safe_type(file.media), bytes, file.name);
}

const struct route route_ledger_file = {
    .method = "GET",
    .path = "/ledger/lines/{line}/files/{attachment}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A file attached to a line, as a download.",
    .zh = "下载条目的附件。",
    .run = give_file,
};

struct removing {
    struct line_file file;
    struct ledger_deed deed;
};

static enum status remove_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct removing *r = context;
    enum status status =
        ledger_may_remove_evidence(scratch, store, r->file.line, r->file.about, err);
    if (!status)
        status = ledger_may_remove_shown(store, r->file.line, r->file.about, err);
    if (!status)
        status = ledger_may_remove_rectified(store, r->file.line, r->file.about, err);
    return status ? status : ledger_remove_file(store, &r->file, &r->deed, err);
}

/* The page of the line that shows files of a matter. */
static const char *page_of(struct str about)
{
    if (str_starts(about, STR("watch.")))
        return "/watches";
    if (str_starts(about, STR("filled.")))
        return "/ranking";
    if (str_equal(about, SUPERVISION_EVIDENCE))
        return "/supervision";
    if (str_equal(about, STUDY_MATERIALS))
        return "/study";
    return str_equal(about, RECTIFICATION_EVIDENCE) ? "/rectification" : "#files";
}

/* Whoever added it may, as long as they may report; else who may change the line. What stands beside an opinion is only
 * who keeps the ledger's to remove. */
static enum status remove_file(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct removing r = {.deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_REPORT, &sight, err);
    if (!status)
        status = ledger_find_file(rq->arena, rq->store, sight.line.id, rq->params[1], &r.file, err);
    if (status)
        return status;
    enum ledger_deed_kind needed = step_is_files(r.file.about)          ? LEDGER_ARRANGE
                                   : r.file.member == rq->viewer.member ? LEDGER_REPORT
                                                                        : LEDGER_CHANGE;
    status = ledger_refuse_marks(rq, r.deed.why, err);
    if (!status)
        status = ledger_write(rq, sight.line.id, needed, remove_step, &r, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, rq->params[0], page_of(r.file.about)),
                                    "The file is removed; its record stays.",
                                    "附件已移除，记录保留。");
}

static const struct input REMOVE_INPUTS[] = {
    {.name = "why",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_WHY_MAX,
     .en = "Why",
     .zh = "理由"},
    {0},
};
const struct route route_ledger_file_remove = {
    .method = "POST",
    .path = "/ledger/lines/{line}/files/{attachment}/remove",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Remove a file from a line, with a reason; its record stays.",
    .zh = "移除条目的附件并说明理由，记录保留。",
    .inputs = REMOVE_INPUTS,
    .run = remove_file,
};
