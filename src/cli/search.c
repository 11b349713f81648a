/* `chancery search`: papers by their words, for editors; or as one member would find them. */
#include <inttypes.h>

#include "base/json.h"
#include "cli/describe.h"
#include "library/member.h"
#include "library/search.h"

static enum status count_papers(struct store *store, const char *sql, uint64_t *count,
                                struct error *err)
{
    struct query *q = query_start(store, sql);
    *count = query_row(q) ? (uint64_t)query_int(q, 0) : 0;
    return query_end(q, err);
}

/* Takes in what was published since; after a rebuild that is everything. */
static enum status catch_up(struct call *call, struct error *err)
{
    uint64_t all = 0;
    uint64_t done = 0;
    int64_t looked = 0;
    bool more = false;
    enum status status = library_search_is_behind(call->store, &looked, &more, err);
    if (!status && more)
        status = count_papers(call->store, "SELECT count(*) FROM paper", &all, err);
    while (!status && more && !call_interrupted()) {
        status = library_search_catch_up(call->store, &more, err);
        if (!status)
            status = count_papers(call->store, "SELECT count(*) FROM search_entry", &done, err);
        if (!status)
            call_progress(call, "Indexing papers", "正在索引文稿",
                          more && done == all ? all - 1 : done, all);
    }
    if (!status && more)
        return error_set(err, STATUS_INTERRUPTED,
                         "Stopped; what is indexed so far stays, and the next search goes on.",
                         "已中止；已索引的部分保留，下次检索时继续。");
    return status;
}

static void print_json(struct call *call, const struct search_found *found)
{
    json_t *results = json_array();
    json_t *insteads = json_array();
    for (size_t i = 0; i < found->nhits; i++) {
        const struct search_hit *hit = &found->hits[i];
        json_t *one = json_object();
        json_object_set_new(one, "paper", str_to_json(library_paper_id(call->arena, hit->paper)));
        json_object_set_new(one, "edition", json_integer(hit->edition));
        json_object_set_new(one, "title", str_to_json(hit->title));
        json_object_set_new(one, "excerpt", str_to_json(hit->excerpt));
        json_array_append_new(results, one);
    }
    for (size_t i = 0; i < found->ninsteads; i++)
        json_array_append_new(insteads, str_to_json(found->insteads[i]));
    json_t *out = json_object();
    json_object_set_new(out, "results", results);
    json_object_set_new(out, "more", json_boolean(found->more));
    json_object_set_new(out, "insteads", insteads);
    call_print_json(call, out);
}

static void print_found(struct call *call, const struct search_found *found)
{
    for (size_t i = 0; i < found->nhits; i++) {
        const struct search_hit *hit = &found->hits[i];
        call_say(call, "P%-5" PRId64 " %.*s\n", "P%-5" PRId64 " %.*s\n", hit->paper,
                 STR_ARG(hit->title));
        if (hit->excerpt.len)
            call_say(call, "       %.*s\n", "       %.*s\n", STR_ARG(hit->excerpt));
    }
    if (found->nhits == 0)
        call_say(call, "Nothing found.\n", "没有找到。\n");
    for (size_t i = 0; i < found->ninsteads; i++)
        call_say(call, "Perhaps you meant: %.*s\n", "您要找的也许是：%.*s\n",
                 STR_ARG(found->insteads[i]));
    if (found->more)
        call_say(call, "There is more: --page.\n", "还有更多结果，可用 --page 翻页。\n");
}

static enum status search(struct call *call, struct str words, struct error *err)
{
    struct str whose;
    struct member member = {0};
    struct search_found found;
    uint64_t page = 1;
    enum status status = call_number(call, "page", 1, SEARCH_PAGES_MAX, &page, err);
    if (!status && call_option(call, "member", &whose))
        status = library_find_member(call->arena, call->store, whose, &member, err);
    if (status)
        return status;
    const struct search_request request = {
        .words = words,
        .member = member.id,
        .now_ms = store_now_ms(),
        .page = (uint32_t)page,
    };
    status = library_search(call->arena, call->store, &request, &found, err);
    if (!status && member.id)
        status = library_record_glimpses(call->store, member.id, found.hits, found.nhits, err);
    if (status)
        return status;
    if (call->json)
        print_json(call, &found);
    else
        print_found(call, &found);
    return STATUS_OK;
}

static enum status run_search(struct call *call, struct error *err)
{
    bool anew = call_switch(call, "rebuild");
    if (!anew && call->narguments == 0)
        return error_set(err, STATUS_USAGE, "Say what to look for: chancery search WORDS.",
                         "请给出要检索的内容：chancery search WORDS。");
    enum status status = anew ? library_search_forget(call->store, err) : STATUS_OK;
    if (!status)
        status = catch_up(call, err);
    if (status)
        return status;
    if (call->narguments)
        return search(call, call->arguments[0], err);
    uint64_t papers;
    status = count_papers(call->store, "SELECT count(*) FROM search_entry", &papers, err);
    if (!status && call->json)
        call_print_json(call, json_pack("{s:I}", "papers", (json_int_t)papers));
    else if (!status)
        call_say(call, "The index holds %" PRIu64 " papers.\n", "索引中共有 %" PRIu64 " 篇文稿。\n",
                 papers);
    return status;
}

static const struct command_option options[] = {
    {"member", "MEMBER", "search as this member: only what they may open, in their own copies",
     "以该成员身份检索：限其可读文稿，以其副本为准"},
    {"page", "N", "the N-th ten results", "第 N 页结果，每页十条"},
    {"rebuild", NULL, "make the index anew first", "先重建索引"},
    {0},
};

const struct command command_search = {
    .name = "search",
    .arguments = "[WORDS]",
    .least = 0,
    .most = 1,
    .en = "Find papers by their words.",
    .zh = "按词语检索文稿。",
    .more_en = "All words must occur, English ones in any form. \"A phrase\" in quotation marks is "
               "taken word for word; -word leaves out papers that have it. Without --member the "
               "masters are searched, for editors' eyes. With it the member is on record as having "
               "been shown these sentences.",
    .more_zh = "各词须同时出现，英文不论词形；引号内的“短语”逐字匹配；-词语排除含有该词的文稿。"
               "不加 --member 时检索母本，仅供编辑查看；加上则视同该成员已看到所列句子，并予记录。",
    .example = "chancery search '公路 养护'\n"
               "chancery search '\"running costs\" -ferry' --member li@example.org\n"
               "chancery search --rebuild",
    .options = options,
    .json = true,
    .needs_store = true,
    .run = run_search,
};
