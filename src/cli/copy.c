/* `chancery copy`: a member's own copy of a paper, or every member's. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/describe.h"
#include "library/copy.h"
#include "library/member.h"

#define COPIES_PER_COMMIT 512 /* of --all: one durable commit, then their bytes go out */

static const struct command_option options[] = {
    {"member", "MEMBER", "whose copy: e-mail or id", "为谁制作副本：邮箱或编号"},
    {"all", NULL, "a copy for every member, into --out-dir", "为每名成员各制一份，写入 --out-dir"},
    {"master", NULL, "the master, without marks (never give it away)",
     "母本，不含标记（切勿外发）"},
    {"format", "FORMAT", "txt (default) or another: " FORMAT_ALL_NAMES,
     "txt（默认）或其他：" FORMAT_ALL_NAMES},
    {"out", "FILE", "where to write one copy (default: standard output)",
     "单份副本写入的文件（默认标准输出）"},
    {"out-dir", "DIR", "folder for --all; made when missing", "--all 的目标文件夹，没有则新建"},
    {0},
};

static enum status usage(struct error *err)
{
    return error_set(err, STATUS_USAGE,
                     "Say whose copy: --member E-MAIL, or --all with --out-dir DIR.",
                     "请说明为谁制作副本：--member 邮箱，或 --all 并指定 --out-dir DIR。");
}

/* Whether copies of the chosen format are more than text. */
static bool is_package(const struct call *call)
{
    struct str format;
    enum format_kind kind;
    return call_option(call, "format", &format) && format_parse_name(format, &kind) &&
           (unsigned)kind >= FORMAT_PLAIN_KINDS;
}

/* Whether the options fit together: one of three kinds of copy, and the place that goes with it. */
static enum status check_options(const struct call *call, struct error *err)
{
    struct str value;
    bool all = call_switch(call, "all");
    bool one = call_option(call, "member", &value);
    bool master = call_switch(call, "master");
    bool folder = call_option(call, "out-dir", &value);
    if (all + one + master != 1 || (all && !folder))
        return usage(err);
    if (folder && !all)
        return error_set(err, STATUS_USAGE, "--out-dir goes with --all; one copy goes to --out.",
                         "--out-dir 须与 --all 同用；单份副本请用 --out。");
    if (all && call_option(call, "out", &value))
        return error_set(err, STATUS_USAGE, "--all writes into --out-dir, not to --out.",
                         "--all 写入 --out-dir 指定的文件夹，不能用 --out。");
    if (call->json && !all && !call_option(call, "out", &value) && is_package(call))
        return error_set(err, STATUS_USAGE,
                         "Such a copy is no text that JSON could hold; add --out FILE.",
                         "该格式的副本不是文本，JSON 无法容纳；请加 --out FILE。");
    return STATUS_OK;
}

static enum status make_press(struct call *call, struct edition_text *text,
                              struct copy_press **press, enum format_kind *kind, struct error *err)
{
    struct str format;
    *kind = FORMAT_TEXT;
    if (call_option(call, "format", &format) && !format_parse_name(format, kind))
        return error_set(err, STATUS_USAGE,
                         "--format is \"%.*s\"; it takes one of: " FORMAT_ALL_NAMES ".",
                         "--format 的值“%.*s”无效，可用：" FORMAT_ALL_NAMES "。", STR_ARG(format));
    enum status status = describe_load(call, 0, text, err);
    if (!status)
        status = copy_press_make(call->arena, call->store, text, *kind, press, err);
    return status;
}

static enum status record_one(struct call *call, struct copy_press *press, int64_t member,
                              struct format_owner *owner, struct error *err)
{
    enum status status = store_begin(call->store, err);
    if (!status)
        status = copy_record(press, call->store, member, err);
    if (!status)
        status = copy_find_owner(press, call->arena, call->store, member, owner, err);
    if (!status)
        status = store_commit(call->store, err);
    if (status)
        store_rollback(call->store);
    return status;
}

/* Writes one copy (or, with no member, the master) to --out. With --json an object goes to standard
 * output, and the text is in it unless a file has it. */
static enum status put_out(struct call *call, const struct edition *edition, enum format_kind kind,
                           const struct member *member, struct str bytes, struct error *err)
{
    struct str out = STR("-");
    (void)call_option(call, "out", &out);
    bool to_file = !str_equal(out, STR("-"));
    enum status status = STATUS_OK;
    if (to_file || !call->json)
        status = call_write_file(call, out, bytes, err);
    if (status || !call->json)
        return status;
    json_t *json = json_pack("{s:o, s:I, s:s}", "paper",
                             str_to_json(library_paper_id(call->arena, edition->paper)), "edition",
                             (json_int_t)edition->number, "format", format_name(kind));
    if (member)
        json_object_set_new(json, "member",
                            str_to_json(library_member_id(call->arena, member->id)));
    json_object_set_new(json, to_file ? "file" : "text", str_to_json(to_file ? out : bytes));
    call_print_json(call, json);
    return STATUS_OK;
}

static enum status copy_for_one(struct call *call, struct copy_press *press,
                                const struct edition *edition, enum format_kind kind,
                                struct str whose, struct error *err)
{
    struct member member;
    struct format_owner owner;
    enum status status = library_find_member(call->arena, call->store, whose, &member, err);
    if (!status)
        status = record_one(call, press, member.id, &owner, err);
    if (!status)
        status = put_out(call, edition, kind, &member,
                         copy_bytes(press, call->arena, member.id, &owner), err);
    return status;
}

/* --- every member ------------------------------------------------------------------------------- */

static enum status list_members(struct call *call, int64_t **ids, size_t *count, struct error *err)
{
    uint64_t members = 0;
    enum status status = describe_count_members(call, &members, err);
    *ids = arena_array(call->arena, members + 1, int64_t);
    *count = 0;
    if (status)
        return status;
    struct query *q = query_start(call->store, "SELECT id FROM member WHERE erased_ms IS NULL"
                                               " ORDER BY id");
    while (*count < members && query_row(q))
        (*ids)[(*count)++] = query_int(q, 0);
    return query_end(q, err);
}

static enum status make_folder(struct call *call, struct str dir, struct error *err)
{
    struct stat about;
    const char *path = str_z(call->arena, dir);
    if (mkdir(path, 0700) && errno != EEXIST)
        return error_set_system(err, errno, "The folder %.*s can't be made", "无法创建文件夹 %.*s",
                                STR_ARG(dir));
    /* Before the first batch is recorded as given, not after. */
    if (stat(path, &about) == 0 && !S_ISDIR(about.st_mode))
        errno = ENOTDIR;
    else if (access(path, W_OK | X_OK) == 0)
        return STATUS_OK;
    return error_set_system(err, errno, "%.*s can't be written into", "无法写入 %.*s",
                            STR_ARG(dir));
}

/* One batch: all its events in one commit, then its files. */
static enum status copy_batch(struct call *call, struct copy_press *press, const int64_t *ids,
                              size_t count, struct str prefix, const char *ending,
                              struct error *err)
{
    enum status status = store_begin(call->store, err);
    for (size_t i = 0; !status && i < count; i++)
        status = copy_record(press, call->store, ids[i], err);
    if (!status)
        status = store_commit(call->store, err);
    if (status) {
        store_rollback(call->store);
        return status;
    }
    struct arena *scratch = arena_make();
    for (size_t i = 0; !status && i < count; i++) {
        struct format_owner owner;
        char name[4096];
        int len =
            snprintf(name, sizeof name, "%.*s-M%" PRId64 ".%s", STR_ARG(prefix), ids[i], ending);
        status = copy_find_owner(press, scratch, call->store, ids[i], &owner, err);
        if (!status)
            status = call_write_file(call, (struct str){name, (size_t)len},
                                     copy_bytes(press, scratch, ids[i], &owner), err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

static enum status copy_for_all(struct call *call, struct copy_press *press,
                                const struct edition *edition, enum format_kind kind,
                                struct error *err)
{
    struct str dir = STR(".");
    int64_t *ids;
    size_t count;
    (void)call_option(call, "out-dir", &dir);
    enum status status = list_members(call, &ids, &count, err);
    if (!status)
        status = make_folder(call, dir, err);
    struct str prefix = str_format(call->arena, "%.*s/P%" PRId64, STR_ARG(dir), edition->paper);
    if (!status && prefix.len > 4000)
        status = error_set(err, STATUS_USAGE, "The folder's name is too long.", "文件夹名称过长。");
    for (size_t done = 0; !status && done < count;) {
        if (call_interrupted())
            return error_set(err, STATUS_INTERRUPTED,
                             "Stopped after %zu of %zu copies; run it again for the rest.",
                             "已停止：完成 %zu 份，共 %zu 份；再次运行即可补齐。", done, count);
        size_t batch = count - done < COPIES_PER_COMMIT ? count - done : COPIES_PER_COMMIT;
        status = copy_batch(call, press, ids + done, batch, prefix, format_name(kind), err);
        done += status ? 0 : batch;
        call_progress(call, "Copies", "副本", done, count);
    }
    if (!status && call->json)
        call_print_json(
            call, json_pack("{s:I, s:o}", "copies", (json_int_t)count, "folder", str_to_json(dir)));
    else if (!status)
        call_say(call, "%s in %.*s\n", "已制作 %s，存于 %.*s\n",
                 call_count(call, count, "copy", "copies", "份副本"), STR_ARG(dir));
    return status;
}

static enum status run(struct call *call, struct error *err)
{
    struct edition_text text;
    struct copy_press *press;
    enum format_kind kind;
    struct str whose;
    enum status status = check_options(call, err);
    if (!status)
        status = make_press(call, &text, &press, &kind, err);
    if (status)
        return status;
    if (call_switch(call, "all"))
        return copy_for_all(call, press, &text.edition, kind, err);
    if (call_option(call, "member", &whose))
        return copy_for_one(call, press, &text.edition, kind, whose, err);
    return put_out(call, &text.edition, kind, NULL, copy_master_bytes(press, call->arena), err);
}

const struct command command_copy = {
    .name = "copy",
    .arguments = "PAPER",
    .least = 1,
    .most = 1,
    .en = "Make a member's own copy of a paper, or every member's.",
    .zh = "制作某名成员的文稿副本，或为每名成员各制一份。",
    .more_en = "The same member gets the same words each time and in every format. Each copy is "
               "recorded before it leaves. PAPER may name an edition: P1/2.",
    .more_zh = "同一成员每次、各种格式得到的文字都相同。每份副本先记录在案，再行输出。"
               "PAPER 可指定版本，如 P1/2。",
    .example = "chancery copy P1 --member li.hua@example.org --format html --out li.html\n"
               "chancery copy P1 --all --out-dir copies",
    .options = options,
    .json = true,
    .needs_store = true,
    .run = run,
};
