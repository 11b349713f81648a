/* Import of subscriptions from CSV; see subscription.h. */
#include <inttypes.h>

#include "base/calendar.h"
#include "library/plan.h"
#include "library/record.h"
#include "library/subscription.h"
#include "library/table.h"

enum column { COLUMN_EMAIL, COLUMN_PLAN, COLUMN_STARTS, COLUMN_ENDS, COLUMN_STATE };

static const struct table_heading HEADINGS[] = {
    {"email", COLUMN_EMAIL},    {"e-mail", COLUMN_EMAIL},
    {"mail", COLUMN_EMAIL},     {"邮箱", COLUMN_EMAIL},
    {"电子邮箱", COLUMN_EMAIL}, {"电子邮件", COLUMN_EMAIL},
    {"邮件", COLUMN_EMAIL},     {"plan", COLUMN_PLAN},
    {"方案", COLUMN_PLAN},      {"starts", COLUMN_STARTS},
    {"start", COLUMN_STARTS},   {"from", COLUMN_STARTS},
    {"开始", COLUMN_STARTS},    {"开始日期", COLUMN_STARTS},
    {"起", COLUMN_STARTS},      {"ends", COLUMN_ENDS},
    {"end", COLUMN_ENDS},       {"until", COLUMN_ENDS},
    {"结束", COLUMN_ENDS},      {"结束日期", COLUMN_ENDS},
    {"止", COLUMN_ENDS},        {"last day", COLUMN_ENDS},
    {"最后一天", COLUMN_ENDS},  {"state", COLUMN_STATE},
    {"状态", COLUMN_STATE},     {0},
};

struct importer {
    struct arena *scratch; /* of one row */
    struct store *store;
    int64_t now_ms, today_ms;
};

static enum status read_days(struct subscription *s, struct str starts, struct str ends,
                             int64_t today_ms, struct error *reason)
{
    s->starts_ms = today_ms;
    if (starts.len && !calendar_read_day(starts, &s->starts_ms))
        return error_set(reason, STATUS_INPUT, "\"%.*s\" is no day like 2026-11-24.",
                         "“%.*s”不是形如 2026-11-24 的日期。", STR_ARG(starts));
    if (ends.len && !calendar_read_day(ends, &s->ends_ms))
        return error_set(reason, STATUS_INPUT, "\"%.*s\" is no day like 2026-11-24.",
                         "“%.*s”不是形如 2026-11-24 的日期。", STR_ARG(ends));
    if (ends.len)
        s->ends_ms = calendar_day_begin(s->ends_ms, 1);
    return STATUS_OK;
}

/* What has ended by its state ended on its last day, which may be today, or before its first day. */
static enum status read_state(const struct importer *im, struct subscription *s, struct str words,
                              struct error *reason)
{
    enum subscription_state state = SUBSCRIPTION_RUNNING;
    if (words.len && !library_read_subscription_state(words, &state))
        return error_set(reason, STATUS_INPUT, "\"%.*s\" is no state of a subscription.",
                         "“%.*s”不是订阅的状态。", STR_ARG(words));
    bool ended = state == SUBSCRIPTION_ENDED || state == SUBSCRIPTION_KEPT;
    if (ended && !s->ends_ms)
        return error_set(reason, STATUS_INPUT, "the last day of what has ended is missing.",
                         "已结束的订阅须填写结束日期。");
    s->keeps = state == SUBSCRIPTION_KEPT;
    s->paused_ms = state == SUBSCRIPTION_PAUSED ? im->today_ms : 0;
    if (ended)
        s->ended_ms = s->ends_ms = s->ends_ms < im->now_ms ? s->ends_ms : im->now_ms;
    return STATUS_OK;
}

static enum status take_subscription(void *context, const struct str fields[TABLE_COLUMNS_MAX],
                                     struct error *reason)
{
    struct importer *im = context;
    struct member member = {0};
    struct plan plan = {0};
    struct subscription s = {.source = "import"};
    arena_reset(im->scratch);
    enum status status =
        read_days(&s, fields[COLUMN_STARTS], fields[COLUMN_ENDS], im->today_ms, reason);
    if (!status)
        status = read_state(im, &s, fields[COLUMN_STATE], reason);
    if (!status && !fields[COLUMN_EMAIL].len)
        status = error_set(reason, STATUS_INPUT, "the e-mail is empty.", "邮箱为空。");
    if (!status)
        status = library_find_member(im->scratch, im->store, fields[COLUMN_EMAIL], &member, reason);
    if (status == STATUS_MISSING)
        status = error_set(reason, STATUS_INPUT, "%.*s is not a member.", "%.*s 不是成员。",
                           STR_ARG(fields[COLUMN_EMAIL]));
    if (!status)
        status = library_find_plan(im->scratch, im->store, fields[COLUMN_PLAN], im->today_ms, &plan,
                                   reason);
    if (status == STATUS_MISSING) {
        reason->status = STATUS_INPUT; /* a mistake of the line */
        return STATUS_INPUT;
    }
    s.member = member.id;
    s.plan = plan.id;
    return status ? status : library_add_subscription(im->store, &s, im->today_ms, reason);
}

enum status library_import_subscriptions(struct arena *arena, struct store *store, struct str name,
                                         const struct digest *digest, struct str csv,
                                         int64_t now_ms, struct import *import, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    struct importer im = {.scratch = arena_make(),
                          .store = store,
                          .now_ms = now_ms,
                          .today_ms = calendar_day_begin(now_ms, 0)};
    const struct table table = {
        .name = name,
        .headings = HEADINGS,
        .needed = COLUMN_PLAN + 1,
        .header_en = "the columns e-mail and plan (starts, ends and state are optional).",
        .header_zh = "“邮箱”“方案”两列（“开始”“结束”“状态”可省略）。",
        .skip_en = "choose to leave bad lines out",
        .skip_zh = "勾选跳过有误的行",
        .take = take_subscription,
        .context = &im,
        .import = import,
    };
    digest_to_hex(digest, hex);
    enum status status = store_begin(store, err);
    if (!status)
        status = table_read(arena, &table, csv, err);
    if (!status && import->imported)
        status = store_add_event(
            store, "steward", "subscription.imported", STR(""),
            str_format(arena, "{\"imported\":%" PRIu64 ",\"skipped\":%" PRIu64 ",\"file\":\"%s\"}",
                       import->imported, import->bad_count, hex),
            err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    arena_free(im.scratch);
    return status;
}
