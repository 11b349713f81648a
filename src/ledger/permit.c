/* Permits that joint reviews are about; see permit.h. */
#include "ledger/permit.h"

#include "base/calendar.h"
#include "base/json.h"
#include "ledger/key.h"
#include "ledger/may.h"

enum status ledger_find_permit(struct arena *arena, struct store *store, int64_t review,
                               struct permit *permit, struct error *err)
{
    struct query *q = query_start(store, "SELECT e.line, e.key FROM review r JOIN project_entry e"
                                         " ON e.id = r.permit WHERE r.line = ?1");
    struct str key = STR("");
    *permit = (struct permit){0};
    query_bind_int(q, 1, review);
    if (query_row(q)) {
        permit->project = query_int(q, 0);
        key = str_copy(arena, query_str(q, 1));
    }
    enum status status = query_end(q, err);
    return status || !permit->project
               ? status
               : ledger_find_entry(arena, store, permit->project, key, &permit->entry, err);
}

/* --- following ------------------------------------------------------------------------------------ */

#define AT(state) (1U << (state))

static const struct {
    enum review_act act;
    enum review_verdict verdict; /* of a reply */
    unsigned from;
    enum entry_state to;
} MOVES[] = {
    {REVIEW_ACT_START, REVIEW_OPEN, AT(ENTRY_WANTED), ENTRY_ASKED},
    {REVIEW_ACT_REPLY, REVIEW_AGREED, AT(ENTRY_WANTED) | AT(ENTRY_ASKED), ENTRY_HELD},
    {REVIEW_ACT_REPLY, REVIEW_CONDITIONS, AT(ENTRY_WANTED), ENTRY_ASKED},
    {REVIEW_ACT_REPLY, REVIEW_REFUSED, AT(ENTRY_ASKED), ENTRY_WANTED},
    {REVIEW_ACT_BACK, REVIEW_OPEN, AT(ENTRY_WANTED) | AT(ENTRY_HELD), ENTRY_ASKED},
    {REVIEW_ACT_WITHDRAW, REVIEW_OPEN, AT(ENTRY_ASKED), ENTRY_WANTED},
};
#define MOVE_COUNT (sizeof MOVES / sizeof *MOVES)

/* The entry's history says which review it was. */
static enum status move(struct arena *arena, struct store *store, int64_t review,
                        const struct permit *permit, enum entry_state to,
                        const struct ledger_deed *deed, struct error *err)
{
    struct line line = {0};
    enum status status = ledger_find_line_by_id(arena, store, review, &line, err);
    const struct ledger_deed said = {
        .now_ms = deed->now_ms,
        .batch = deed->batch,
        .why = str_format(arena, "%.*s %.*s", STR_ARG(line.number), STR_ARG(line.title)),
    };
    return status ? status
                  : ledger_set_entry(arena, store, permit->project, permit->entry.key, to,
                                     calendar_day_of(deed->now_ms), &said, err);
}

enum status ledger_follow_permit(struct arena *arena, struct store *store, int64_t review,
                                 enum review_act act, enum review_verdict verdict,
                                 const struct ledger_deed *deed, struct error *err)
{
    struct permit permit;
    enum status status = ledger_find_permit(arena, store, review, &permit, err);
    if (status || !permit.project || permit.entry.struck_ms)
        return status;
    for (size_t i = 0; i < MOVE_COUNT; i++)
        if (MOVES[i].act == act && (act != REVIEW_ACT_REPLY || MOVES[i].verdict == verdict) &&
            MOVES[i].from & AT(permit.entry.state))
            return move(arena, store, review, &permit, MOVES[i].to, deed, err);
    return STATUS_OK;
}

/* --- tying ---------------------------------------------------------------------------------------- */

static enum status check_tie(struct arena *arena, struct store *store, int64_t review,
                             int64_t actor, struct line *line, struct error *err)
{
    struct line project = {0};
    enum status status = ledger_find_line_by_id(arena, store, review, line, err);
    if (!status && line->parent)
        status = ledger_find_line_by_id(arena, store, line->parent, &project, err);
    if (!status && (line->kind != LEDGER_REVIEW || project.kind != LEDGER_PROJECT))
        return error_set(err, STATUS_CONFLICT, "Only the review of a project has a permit.",
                         "仅项目的联审事项可关联手续。");
    return status ? status : ledger_check_right(store, actor, project.id, LEDGER_CHANGE, err);
}

/* The entry that is meant; with id 0 for none. */
static enum status choose(struct arena *arena, struct store *store, const struct line *review,
                          struct str key, int64_t actor, const struct ledger_deed *deed,
                          struct account_entry *entry, struct error *err)
{
    *entry = (struct account_entry){.kind = ENTRY_PERMIT,
                                    .name = review->title,
                                    .state = ENTRY_WANTED,
                                    .day = calendar_day_of(deed->now_ms),
                                    .member = actor};
    if (!key.len)
        return STATUS_OK;
    if (str_equal(key, STR(PERMIT_NEW)))
        return ledger_enter(arena, store, review->parent, entry, deed, err);
    enum status status = ledger_find_entry(arena, store, review->parent, key, entry, err);
    if (!status && (entry->kind != ENTRY_PERMIT || entry->struck_ms))
        return error_set(err, STATUS_CONFLICT, "Choose a permit that is not struck.",
                         "请选择未作废的手续。");
    return status;
}

static enum status keep(struct store *store, int64_t review, int64_t entry, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE review SET permit = ?2 WHERE line = ?1 RETURNING line");
    query_bind_int(q, 1, review);
    query_bind_int_or_null(q, 2, entry);
    bool kept = query_row(q);
    enum status status = query_end(q, err);
    if (!status && !kept)
        return error_set(err, STATUS_CONFLICT, "Nobody has prepared this review yet.",
                         "该联审事项尚未开始准备。");
    return status;
}

/* What the review has done so far, to an entry that is tied to it only now. */
static enum status catch_up(struct arena *arena, struct store *store, int64_t line,
                            const struct ledger_deed *deed, struct error *err)
{
    struct review review;
    struct review_reply *replies;
    size_t count;
    enum status status = ledger_load_review(arena, store, line, &review, err);
    if (!status)
        status = ledger_list_review_replies(arena, store, line, &replies, &count, err);
    if (status || (review.state != REVIEW_RUNNING && review.state != REVIEW_REPLIED))
        return status;
    bool replied = review.state == REVIEW_REPLIED && count;
    return ledger_follow_permit(arena, store, line, replied ? REVIEW_ACT_REPLY : REVIEW_ACT_START,
                                replied ? replies[0].verdict : REVIEW_OPEN, deed, err);
}

static json_t *name_of(const struct account_entry *entry)
{
    return entry->id ? str_to_json(entry->name) : json_null();
}

enum status ledger_tie_permit(struct arena *arena, struct store *store, int64_t review,
                              struct str key, int64_t actor, const struct ledger_deed *deed,
                              struct error *err)
{
    struct line line;
    struct permit was;
    struct account_entry entry = {0};
    enum status status = check_tie(arena, store, review, actor, &line, err);
    if (!status)
        status = ledger_find_permit(arena, store, review, &was, err);
    if (!status)
        status = choose(arena, store, &line, key, actor, deed, &entry, err);
    if (status || entry.id == was.entry.id)
        return status;
    status =
        ledger_follow_permit(arena, store, review, REVIEW_ACT_WITHDRAW, REVIEW_OPEN, deed, err);
    if (!status)
        status = keep(store, review, entry.id, err);
    if (!status)
        status = ledger_record(
            store, review, "line.permit",
            json_pack("{s:[o, o]}", "permit", name_of(&was.entry), name_of(&entry)), deed, err);
    return status ? status : catch_up(arena, store, review, deed, err);
}
