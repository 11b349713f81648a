/* `chancery papers`: what is published. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/describe.h"

static enum status run_list(struct call *call, struct error *err)
{
    struct edition *editions;
    size_t count;
    enum status status = library_list_papers(call->arena, call->store, &editions, &count, err);
    if (status)
        return status;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct edition *e = &editions[i];
        if (call->json)
            json_array_append_new(list, describe_edition_json(call->arena, e));
        else
            call_say(call, "P%-5" PRId64 " edition %-3" PRId64 " %.*s  %.*s\n",
                     "P%-5" PRId64 " 第 %-2" PRId64 " 版  %.*s  %.*s\n", e->paper, e->number,
                     STR_ARG(describe_time(call->arena, e->published_ms)), STR_ARG(e->title));
    }
    if (call->json) {
        call_print_json(call, list);
        return STATUS_OK;
    }
    json_decref(list);
    if (count == 0)
        call_say(call, "No paper yet. Publish one: chancery publish FILE\n",
                 "尚无文稿。发布一篇：chancery publish FILE\n");
    return STATUS_OK;
}

const struct command command_papers = {
    .name = "papers",
    .least = 0,
    .most = 0,
    .en = "List the papers, each with its newest edition.",
    .zh = "列出文稿及各自的最新版本。",
    .example = "chancery papers --json",
    .json = true,
    .needs_store = true,
    .run = run_list,
};

static enum status run_strength(struct call *call, struct error *err)
{
    struct edition_text text;
    uint64_t members = 0;
    enum status status = describe_load(call, 0, &text, err);
    if (!status)
        status = describe_count_members(call, &members, err);
    if (status)
        return status;
    struct strength strength = library_measure_strength(call->arena, &text.doc, &text.sites,
                                                        text.edition.colluders, members);
    if (call->json) {
        json_t *out = describe_edition_json(call->arena, &text.edition);
        json_object_set_new(out, "strength", describe_strength_json(&strength));
        call_print_json(call, out);
        return STATUS_OK;
    }
    call_say(call, "P%" PRId64 ", edition %" PRId64 ": %.*s\n",
             "P%" PRId64 " 第 %" PRId64 " 版：%.*s\n", text.edition.paper, text.edition.number,
             STR_ARG(text.edition.title));
    describe_strength(call, &strength, &text.edition);
    return STATUS_OK;
}

const struct command command_strength = {
    .name = "strength",
    .arguments = "PAPER",
    .least = 1,
    .most = 1,
    .en = "Say again what leaks a paper withstands, among the members of today.",
    .zh = "按当前成员数，重新说明文稿能经受何种泄露。",
    .example = "chancery strength P1",
    .json = true,
    .needs_store = true,
    .run = run_strength,
};
