/* `chancery events` and `chancery verify`: the record, and whether it is whole. */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "cli/describe.h"

static const struct command_option options[] = {
    {"after", "SEQ", "only events after this number", "只列出此序号之后的事件"},
    {"kind", "KIND", "only events of this kind, like copy.given", "只列出此类事件，如 copy.given"},
    {0},
};

struct listing {
    struct call *call;
    struct arena *arena;
    struct str kind;
    uint64_t count;
};

static json_t *event_json(const struct event *e)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&e->hash, hex);
    json_t *data = json_loadb(e->data.at, e->data.len, JSON_DECODE_ANY, NULL);
    return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:s}", "seq", (json_int_t)e->seq, "time_ms",
                     (json_int_t)e->time_ms, "actor", str_to_json(e->actor), "kind",
                     str_to_json(e->kind), "subject", str_to_json(e->subject), "data",
                     data ? data : json_null(), "hash", hex);
}

static bool print_event(void *context, const struct event *e)
{
    struct listing *l = context;
    if (l->kind.len && !str_equal(l->kind, e->kind))
        return true;
    if (l->call->json) {
        json_t *json = event_json(e);
        (void)fputs(l->count ? ",\n" : "[", stdout);
        (void)json_dumpf(json, stdout, JSON_COMPACT);
        json_decref(json);
    } else {
        struct str time = describe_time(l->arena, e->time_ms);
        call_say(l->call, "%6" PRId64 "  %.*s  %-8.*s %-16.*s %.*s %.*s\n",
                 "%6" PRId64 "  %.*s  %-8.*s %-16.*s %.*s %.*s\n", e->seq, STR_ARG(time),
                 STR_ARG(e->actor), STR_ARG(e->kind), STR_ARG(e->subject), STR_ARG(e->data));
    }
    arena_reset(l->arena);
    l->count++;
    return !call_interrupted() && !ferror(stdout);
}

static enum status run_events(struct call *call, struct error *err)
{
    uint64_t after = 0;
    struct listing listing = {.call = call, .kind = STR("")};
    (void)call_option(call, "kind", &listing.kind);
    enum status status = call_number(call, "after", 0, INT64_MAX, &after, err);
    if (status)
        return status;
    listing.arena = arena_make();
    status = store_list_events(call->store, (int64_t)after, print_event, &listing, err);
    arena_free(listing.arena);
    if (!status && call_interrupted())
        status = error_set(err, STATUS_INTERRUPTED, "Stopped before the end of the list.",
                           "已停止，列表未列完。");
    if (!status && call->json)
        call_say(call, "%s]\n", "%s]\n", listing.count ? "" : "[");
    return status;
}

const struct command command_events = {
    .name = "events",
    .least = 0,
    .most = 0,
    .en = "List what happened, oldest first.",
    .zh = "按时间先后列出发生的事件。",
    .example = "chancery events --kind trace.made",
    .options = options,
    .json = true,
    .needs_store = true,
    .run = run_events,
};

static enum status run_verify(struct call *call, struct error *err)
{
    int64_t count = 0;
    int64_t bad = 0;
    struct stored_file *lost = NULL;
    size_t nlost = 0;
    enum status status = store_verify_events(call->store, &count, &bad, err);
    if (!status)
        status = library_list_lost_files(call->arena, call->store, call->lang, &lost, &nlost, err);
    if (status && !bad)
        return status;
    if (call->json) {
        call_print_json(call, json_pack("{s:I, s:b, s:o, s:o}", "events", (json_int_t)count,
                                        "whole", bad == 0, "first_bad",
                                        bad ? json_integer((json_int_t)bad) : json_null(),
                                        "lost_files", describe_lost_files_json(call, lost, nlost)));
        call->exit_code = bad ? 1 : call->exit_code;
        return STATUS_OK;
    }
    if (status)
        return status;
    call_say(call, "The record is whole: %s, each fits the one before.\n",
             "记录完整：共 %s，环环相扣。\n",
             call_count(call, (uint64_t)count, "event", "events", "条事件"));
    if (!nlost)
        call_say(call, "Every stored file is there, as it was put.\n",
                 "存储的文件齐全，内容完好。\n");
    describe_lost_files(call, lost, nlost);
    return STATUS_OK;
}

const struct command command_verify = {
    .name = "verify",
    .least = 0,
    .most = 0,
    .en =
        "Check the chain of events and every stored file; name the first line that does not fit, and each file that is "
        "missing or damaged.",
    .zh = "校验事件链和存储的每个文件；事件不符的指出首条，文件缺失或损坏的逐一列出。",
    .example = "chancery verify",
    .json = true,
    .needs_store = true,
    .run = run_verify,
};
