/* `chancery member`: add, import, list. */
#include "library/member.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "cli/command.h"
#include "format/format.h"

#define IMPORT_FILE_MAX ((size_t)512 * 1024 * 1024)
#define BAD_LINES_SHOWN 20

static json_t *member_json(struct arena *arena, const struct member *m)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "member", str_to_json(library_member_id(arena, m->id)),
                     "name", str_to_json(m->name), "email", str_to_json(m->email), "group",
                     str_to_json(m->group));
}

/* --- add ---------------------------------------------------------------------------------------- */

static const struct command_option add_options[] = {
    {"name", "NAME", "the member's name", "姓名"},
    {"email", "E-MAIL", "the member's e-mail address", "邮箱"},
    {"group", "GROUP", "group (optional)", "分组（可省略）"},
    {0},
};

static enum status run_add(struct call *call, struct error *err)
{
    struct member m = {0};
    struct error reason;
    if (!call_option(call, "name", &m.name) || !call_option(call, "email", &m.email))
        return error_set(err, STATUS_USAGE, "A member takes --name and --email.",
                         "添加成员须给出 --name 和 --email。");
    if (!call_option(call, "group", &m.group))
        m.group = STR("");
    m.name = str_trim(m.name);
    m.email = str_trim(m.email);
    m.group = str_trim(m.group);
    enum status status = library_add_member(call->store, &m, &reason);
    if (status)
        return error_within(err, &reason, "The member was not added: ", "未能添加成员：");
    if (call->json)
        call_print_json(call, member_json(call->arena, &m));
    else
        call_say(call, "Added M%" PRId64 ", %.*s <%.*s>.\n", "已添加 M%" PRId64 "：%.*s <%.*s>。\n",
                 m.id, STR_ARG(m.name), STR_ARG(m.email));
    return STATUS_OK;
}

const struct command command_member_add = {
    .name = "member add",
    .least = 0,
    .most = 0,
    .en = "Add a member.",
    .zh = "添加一名成员。",
    .example = "chancery member add --name \"Li Hua\" --email li.hua@example.org --group board",
    .options = add_options,
    .json = true,
    .needs_store = true,
    .run = run_add,
};

/* --- import ------------------------------------------------------------------------------------- */

static const struct command_option import_options[] = {
    {"skip-bad", NULL, "take the good lines of a file that has bad ones",
     "跳过有误的行，导入其余各行"},
    {0},
};

static bool importing(void *context, uint64_t done, uint64_t all)
{
    call_progress(context, "Import", "导入", done, all);
    return call_interrupted();
}

static void name_bad_lines(const struct call *call, const struct import *import)
{
    for (size_t i = 0; i < import->nbad && i < BAD_LINES_SHOWN; i++)
        call_remark(call, "line %" PRIu64 ": %s\n", "第 %" PRIu64 " 行：%s\n", import->bad[i].line,
                    lang_pick(call->lang, import->bad[i].reason.en, import->bad[i].reason.zh));
    if (import->bad_count > BAD_LINES_SHOWN)
        call_remark(call, "… and %" PRIu64 " more\n", "……另有 %" PRIu64 " 行\n",
                    import->bad_count - BAD_LINES_SHOWN);
}

static void report_import(struct call *call, const struct import *import)
{
    if (call->json) {
        json_t *bad = json_array();
        for (size_t i = 0; i < import->nbad; i++)
            json_array_append_new(bad, json_pack("{s:I, s:s}", "line",
                                                 (json_int_t)import->bad[i].line, "reason",
                                                 lang_pick(call->lang, import->bad[i].reason.en,
                                                           import->bad[i].reason.zh)));
        call_print_json(call, json_pack("{s:I, s:I, s:o}", "imported", (json_int_t)import->imported,
                                        "skipped", (json_int_t)import->bad_count, "bad", bad));
        return;
    }
    name_bad_lines(call, import);
    call_say(call, "Imported %s, skipped %s.\n", "已导入 %s，跳过 %s。\n",
             call_count(call, import->imported, "member", "members", "名成员"),
             call_count(call, import->bad_count, "line", "lines", "行"));
}

static enum status run_import(struct call *call, struct error *err)
{
    struct str bytes;
    struct str csv;
    const char *encoding;
    struct error reason;
    struct import import = {
        .skip_bad = call_switch(call, "skip-bad"), .progress = importing, .context = call};
    enum status status = call_read_file(call, call->arguments[0], IMPORT_FILE_MAX, &bytes, err);
    if (status)
        return status;
    status = format_decode(call->arena, bytes, &csv, &encoding, &reason);
    if (status)
        return error_within(err, &reason, "%.*s: ", "%.*s：", STR_ARG(call->arguments[0]));
    struct digest digest = digest_of(bytes);
    status = library_import_members(call->arena, call->store, call->arguments[0], &digest, csv,
                                    &import, err);
    if (!status)
        report_import(call, &import);
    else if (import.bad_count > 1) /* one alone is in the error */
        name_bad_lines(call, &import);
    return status;
}

const struct command command_member_import = {
    .name = "member import",
    .arguments = "FILE.csv",
    .least = 1,
    .most = 1,
    .en = "Import members from a CSV file with the columns name, email, group.",
    .zh = "从 CSV 文件导入成员，列为姓名、邮箱、分组。",
    .more_en =
        "The first row names the columns, in English or Chinese and in any order. UTF-8, "
        "UTF-16 and GB18030 are recognised. A bad line is named by its number and nothing of "
        "the file is taken, unless --skip-bad.",
    .more_zh = "首行为列名，中英文均可，次序不限。自动识别 UTF-8、UTF-16、GB18030。"
               "如有一行有误，即指明行号且整个文件不予导入，除非使用 --skip-bad。",
    .example = "chancery member import members.csv",
    .options = import_options,
    .json = true,
    .needs_store = true,
    .run = run_import,
};

/* --- list --------------------------------------------------------------------------------------- */

static const struct command_option list_options[] = {
    {"search", "TEXT", "only those whose name, e-mail or group contains this",
     "只列出姓名、邮箱或分组含此文字的成员"},
    {0},
};

struct listing {
    struct call *call;
    struct arena *arena;
    uint64_t count;
};

/* A million members are printed as they come, never held together. */
static bool print_member(void *context, const struct member *m)
{
    struct listing *l = context;
    if (l->call->json) {
        json_t *json = member_json(l->arena, m);
        (void)fputs(l->count ? ",\n" : "[", stdout);
        (void)json_dumpf(json, stdout, JSON_COMPACT);
        json_decref(json);
        arena_reset(l->arena);
    } else {
        call_say(l->call, "M%-7" PRId64 " %.*s <%.*s>  %.*s\n",
                 "M%-7" PRId64 " %.*s <%.*s>  %.*s\n", m->id, STR_ARG(m->name), STR_ARG(m->email),
                 STR_ARG(m->group));
    }
    l->count++;
    return !call_interrupted() && !ferror(stdout);
}

static enum status run_list(struct call *call, struct error *err)
{
    struct str search = STR("");
    struct listing listing = {.call = call, .arena = arena_make()};
    (void)call_option(call, "search", &search);
    enum status status = library_list_members(call->store, search, print_member, &listing, err);
    arena_free(listing.arena);
    if (!status && call_interrupted())
        status = error_set(err, STATUS_INTERRUPTED, "Stopped before the end of the list.",
                           "已停止，列表未列完。");
    if (!status && call->json)
        call_say(call, "%s]\n", "%s]\n", listing.count ? "" : "[");
    else if (!status)
        call_say(call, "%s.\n", "共 %s。\n",
                 call_count(call, listing.count, "member", "members", "名成员"));
    return status;
}

const struct command command_member_list = {
    .name = "member list",
    .least = 0,
    .most = 0,
    .en = "List the members.",
    .zh = "列出成员。",
    .example = "chancery member list --search board",
    .options = list_options,
    .json = true,
    .needs_store = true,
    .run = run_list,
};
