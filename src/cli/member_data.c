/* `chancery member data` and `member erase`: what is kept about a member, and taking it away. */
#include <inttypes.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "library/erasure.h"
#include "library/member.h"
#include "library/personal.h"
#include "server/ledger_told.h"

static const struct command_option data_options[] = {
    {"format", "FORMAT", "json (default) or html", "json（默认）或 html"},
    {"inquiries", NULL, "also findings and cases: not for handing over", "含认定和案件，不得转交"},
    {"out", "FILE", "where to write it (default: standard output)", "写入的文件（默认：标准输出）"},
    {0},
};

static enum status run_data(struct call *call, struct error *err)
{
    struct member m;
    struct str bytes;
    struct str format = STR("json");
    struct str out = STR("-");
    (void)call_option(call, "format", &format);
    (void)call_option(call, "out", &out);
    enum personal_view view = call_switch(call, "inquiries") ? PERSONAL_SECRET : PERSONAL_PLAIN;
    bool html = str_equal(format, STR("html"));
    if (!html && !str_equal(format, STR("json")))
        return error_set(err, STATUS_USAGE, "The format is json or html.",
                         "格式应为 json 或 html。");
    enum status status = library_find_member(call->arena, call->store, call->arguments[0], &m, err);
    if (status)
        return status;
    status = html ? library_export_member_page(call->arena, call->store, m.id, view, call->lang,
                                               ledger_told, &bytes, err)
                  : library_export_member(call->arena, call->store, m.id, view, &bytes, err);
    return status ? status : call_write_file(call, out, bytes, err);
}

const struct command command_member_data = {
    .name = "member data",
    .arguments = "MEMBER",
    .least = 1,
    .most = 1,
    .en = "Write everything that is kept about a member into one file.",
    .zh = "将所保存的某成员全部资料写入一个文件。",
    .more_en =
        "This is a steward's file: findings and cases that name the member are in it. Members take "
        "their own, without these, from their account's page. Passwords, keys and codewords are in "
        "neither.",
    .more_zh =
        "这是供管理员使用的文件，其中含有涉及该成员的追踪认定和案件。成员可在账户页面自行下载本人资料，"
        "不含上述内容。两者均不含密码、密钥和码字。",
    .example = "chancery member data M17 --format html --out m17.html",
    .options = data_options,
    .needs_store = true,
    .run = run_data,
};

/* --- erase ---------------------------------------------------------------------------------------- */

static const struct command_option erase_options[] = {
    {"by", "MEMBER", "who asks, or confirms (needed)", "提出者或确认者（必填）"},
    {"withdraw", NULL, "take the request back instead", "改为撤回请求"},
    {0},
};

struct erase_call {
    int64_t member;
    struct member by;
    struct erasure open;
    bool withdraw;
};

static enum status step(struct call *call, struct erase_call *e, struct error *err)
{
    struct str key;
    enum status status = library_open_erasure(call->arena, call->store, e->member, &e->open, err);
    if (status)
        return status;
    if (e->withdraw)
        return library_withdraw_erasure(call->store, e->open.key, e->by.id, err);
    if (e->open.id)
        return library_confirm_erasure(call->arena, call->store, e->open.key, e->by.id, err);
    return library_ask_erasure(call->arena, call->store, e->member, e->by.id, &key, err);
}

static enum status write_step(struct call *call, struct erase_call *e, struct error *err)
{
    enum status status = store_begin(call->store, err);
    if (status)
        return status;
    store_act_as(call->store, library_member_id(call->arena, e->by.id));
    status = step(call, e, err);
    if (!status)
        status = store_commit(call->store, err);
    if (status)
        store_rollback(call->store);
    store_act_as(call->store, STR(""));
    return status;
}

static void say_erased(struct call *call, const struct erase_call *e)
{
    const char *state = e->withdraw ? "withdrawn" : e->open.id ? "done" : "asked";
    if (call->json)
        call_print_json(call, json_pack("{s:o, s:s}", "member",
                                        str_to_json(library_member_id(call->arena, e->member)),
                                        "state", state));
    else if (e->withdraw)
        call_say(call, "The request is withdrawn; nothing was erased.\n",
                 "请求已撤回，未抹除任何内容。\n");
    else if (e->open.id)
        call_say(call,
                 "M%" PRId64
                 " is erased. The number stays, for copies that leaked before; backups made "
                 "before this still hold the rest.\n",
                 "M%" PRId64
                 " 的资料已抹除。编号保留，用于追踪此前外泄的副本；此前的备份中仍有其余资料。\n",
                 e->member);
    else
        call_say(call,
                 "Asked for. A second person confirms with the same command and their own --by.\n",
                 "已提出。请由另一人用同一命令并以本人为 --by 确认。\n");
}

/* The erasure stands, whatever comes of this. */
static enum status sweep(struct call *call, const struct erase_call *e, struct error *err)
{
    struct error why;
    if (!library_sweep_erasures(call->store, store_now_ms(), &why))
        return STATUS_OK;
    return error_within(
        err, &why,
        "M%" PRId64 " is erased. What is left of them in the database's unused bytes could not be "
        "overwritten yet; the portal does that by itself as soon as it can. Why: ",
        "M%" PRId64
        " 的资料已抹除，但数据库未用字节中的残留尚未能覆盖，门户将在条件允许时自行完成。原因：",
        e->member);
}

static enum status run_erase(struct call *call, struct error *err)
{
    struct member m;
    struct str by;
    struct erase_call e = {.withdraw = call_switch(call, "withdraw")};
    if (!call_option(call, "by", &by))
        return error_set(err, STATUS_USAGE, "Say with --by who asks or confirms.",
                         "请用 --by 指明由谁提出或确认。");
    enum status status = library_find_member(call->arena, call->store, call->arguments[0], &m, err);
    if (!status)
        status = library_find_member(call->arena, call->store, by, &e.by, err);
    e.member = m.id;
    if (!status)
        status = write_step(call, &e, err);
    if (!status && e.open.id && !e.withdraw)
        status = sweep(call, &e, err);
    if (!status)
        say_erased(call, &e);
    return status;
}

const struct command command_member_erase = {
    .name = "member erase",
    .arguments = "MEMBER",
    .least = 1,
    .most = 1,
    .en = "Erase a member: the first call asks, a second person's call confirms.",
    .zh = "抹除成员资料：第一次执行为提出，另一人再次执行为确认。",
    .more_en =
        "Name, address, posts, drafts, sign-ins and all else that says who they are is taken out of the "
        "database, its unused bytes and its log, and words about them out of the events; `chancery verify` "
        "still holds. What stays is the number, which papers it was given and when, and that it accepted "
        "which notice: a copy that leaked is then traced to \"an erased member, number N\". It can't be "
        "undone.",
    .more_zh =
        "姓名、邮箱、发言、草稿、登录记录等一切表明身份的内容，均从数据库（含未用字节及日志）中清除，"
        "事件中涉及其本人的文字也一并删去，`chancery verify` 仍可通过。保留的只有编号、该编号得到哪些"
        "文稿及时间、确认过哪些须知：副本如外泄，追踪结果为“已抹除资料的成员，编号 N”。抹除后无法恢复。",
    .example = "chancery member erase M17 --by zhou@example.org",
    .options = erase_options,
    .json = true,
    .needs_store = true,
    .run = run_erase,
};
