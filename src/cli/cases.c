/* `chancery cases`: the cases there are, one of them, its file, and the machine that they go by. */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "cli/describe.h"
#include "library/case_paper.h"

#define LISTED_MAX 10000

/* --- list --------------------------------------------------------------------------------------- */

static json_t *case_json(struct arena *arena, const struct case_line *l)
{
    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:I, s:I, s:I, s:I}", "case",
                     json_sprintf("C%" PRId64, l->file.id), "kind", str_to_json(l->file.kind),
                     "state", case_state_name(l->file.state), "opened",
                     str_to_json(describe_time(arena, l->file.opened_ms)), "changed",
                     str_to_json(describe_time(arena, l->file.changed_ms)), "exhibits",
                     (json_int_t)l->exhibits, "findings", (json_int_t)l->findings, "accused",
                     (json_int_t)l->accused, "appeals", (json_int_t)l->appeals);
}

static enum status run_list(struct call *call, struct error *err)
{
    struct case_line *list;
    size_t count = 0;
    enum status status =
        case_list(call->arena, call->store, 0, CASE_NONE, 0, LISTED_MAX, &list, &count, err);
    if (status)
        return status;
    json_t *all = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct case_line *l = &list[i];
        if (call->json)
            json_array_append_new(all, case_json(call->arena, l));
        else
            call_say(call, "C%-5" PRId64 " %.*s  %s, %" PRId64 " exhibits, %" PRId64 " named\n",
                     "C%-5" PRId64 " %.*s  %s，物证 %" PRId64 " 件，涉及 %" PRId64 " 人\n",
                     l->file.id, STR_ARG(describe_time(call->arena, l->file.opened_ms)),
                     case_state_words(l->file.state, call->lang), l->exhibits, l->accused);
    }
    if (call->json) {
        call_print_json(call, all);
        return STATUS_OK;
    }
    json_decref(all);
    if (count == 0)
        call_say(call, "No case. One opens when a member reports a leak in the portal.\n",
                 "没有案件。成员在门户中举报后自动立案。\n");
    return STATUS_OK;
}

const struct command command_cases_list = {
    .name = "cases list",
    .least = 0,
    .most = 0,
    .en = "List the cases of leaks and resellers, the latest changed first.",
    .zh = "列出泄露与倒卖案件，最近变动的在前。",
    .example = "chancery cases list --json",
    .json = true,
    .needs_store = true,
    .run = run_list,
};

/* --- show --------------------------------------------------------------------------------------- */

static enum status find_id(struct call *call, int64_t *id, struct error *err)
{
    struct case_line *list;
    size_t count = 0;
    enum status status =
        case_list(call->arena, call->store, 0, CASE_NONE, 0, LISTED_MAX, &list, &count, err);
    *id = 0;
    for (size_t i = 0; !status && i < count; i++)
        if (str_equal(str_format(call->arena, "C%" PRId64, list[i].file.id), call->arguments[0]))
            *id = list[i].file.id;
    if (!status && !*id)
        return error_set(err, STATUS_MISSING, "There is no case %.*s; `chancery cases list`.",
                         "没有案件 %.*s；可用 `chancery cases list` 查看。",
                         STR_ARG(call->arguments[0]));
    return status;
}

static json_t *step_json(struct arena *arena, const struct case_step *s)
{
    return json_pack("{s:o, s:s, s:o, s:o, s:s, s:o}", "time",
                     str_to_json(describe_time(arena, s->time_ms)), "act", case_act_name(s->act),
                     "actor", str_to_json(s->actor), "about", str_to_json(s->about), "state",
                     case_state_name(s->to), "words", str_to_json(s->words));
}

static enum status run_show(struct call *call, struct error *err)
{
    int64_t id;
    struct case_step *steps;
    size_t count = 0;
    enum status status = find_id(call, &id, err);
    if (!status)
        status = case_list_steps(call->arena, call->store, id, &steps, &count, err);
    if (status)
        return status;
    json_t *all = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct case_step *s = &steps[i];
        struct str words = describe_text(call->arena, s->words);
        if (call->json)
            json_array_append_new(all, step_json(call->arena, s));
        else
            call_say(call, "%.*s  %s  %.*s%s%.*s  %s%s%.*s\n", "%.*s  %s  %.*s%s%.*s  %s%s%.*s\n",
                     STR_ARG(describe_time(call->arena, s->time_ms)),
                     case_done_words(s->act, call->lang), STR_ARG(s->actor),
                     s->about.len ? " → " : "", STR_ARG(s->about),
                     s->to != s->from ? case_state_words(s->to, call->lang) : "",
                     words.len ? "\n    " : "", STR_ARG(words));
    }
    if (call->json)
        call_print_json(call, all);
    else
        json_decref(all);
    return STATUS_OK;
}

const struct command command_cases_show = {
    .name = "cases show",
    .arguments = "CASE",
    .least = 1,
    .most = 1,
    .en = "Show everything done in a case; who reported it is not named.",
    .zh = "显示案件的全部记录，不含举报人姓名。",
    .example = "chancery cases show C1",
    .json = true,
    .needs_store = true,
    .run = run_show,
};

/* --- file --------------------------------------------------------------------------------------- */

static const struct command_option file_options[] = {
    {"out", "FILE", "where to write it (default: case-N.pdf here)",
     "写入的文件（默认为当前目录下的 case-N.pdf）"},
    {"language", "LANG", "zh, en or both (default: yours)", "zh、en 或 both（默认为您的语言）"},
    {0},
};

static enum status record_file(struct call *call, struct case_facts *facts, struct error *err)
{
    int64_t seq = 0;
    enum status status = store_begin(call->store, err);
    if (!status)
        status = case_record_file(call->store, facts, 0, 0, &seq, err);
    if (!status)
        status = store_commit(call->store, err);
    if (status)
        store_rollback(call->store);
    return status ? status : case_close_facts(call->arena, call->store, seq, facts, err);
}

static enum status run_file(struct call *call, struct error *err)
{
    int64_t id;
    struct case_file file;
    struct case_facts facts;
    struct str bytes;
    struct str value;
    enum case_tongue tongue = call->lang == LANG_ZH ? CASE_TONGUE_ZH : CASE_TONGUE_EN;
    if (call_option(call, "language", &value) && !case_tongue_parse(value, &tongue))
        return error_set(err, STATUS_USAGE, "--language takes zh, en or both.",
                         "--language 可选 zh、en 或 both。");
    enum status status = find_id(call, &id, err);
    if (!status)
        status = case_find_by_id(call->arena, call->store, id, &file, err);
    if (!status)
        status =
            case_gather_facts(call->arena, call->store, &file, 0, 0, store_now_ms(), &facts, err);
    if (!status)
        status = record_file(call, &facts, err);
    if (!status)
        status = case_make_file(call->arena, call->store, &facts, tongue, call->lang, &bytes, err);
    if (status)
        return status;
    if (!call_option(call, "out", &value))
        value = str_format(call->arena, "case-%" PRId64 ".pdf", id);
    status = call_write_file(call, value, bytes, err);
    if (!status && !str_equal(value, STR("-")))
        call_remark(call, "Written to %.*s; check it with `chancery verify-case`.\n",
                    "已写入 %.*s；可用 `chancery verify-case` 核验。\n", STR_ARG(value));
    return status;
}

const struct command command_cases_file = {
    .name = "cases file",
    .arguments = "CASE",
    .least = 1,
    .most = 1,
    .en = "Write the case file: a signed PDF with exhibits and facts within.",
    .zh = "生成案件卷宗：带签名的 PDF，内含物证与事实数据。",
    .more_en =
        "For who has to judge: exhibits, texts side by side, marks, method, figures, what would refute it, what was "
        "done and by whom, and the lines of the record with their root. Nobody is in it who is not named in the case; "
        "who reported is not. That it was made is put on record, and binds all that was recorded before. "
        "docs/case-json.md describes the facts within.",
    .more_zh =
        "供审理者使用：物证、文本对照、标记、方法、数据、如何推翻、所作处理与处理人，以及各行记录与根摘要。不含案件未涉及者，"
        "也不含举报人。生成一事记录在案，并约束此前全部记录。内含事实数据的格式见 docs/case-json.zh-CN.md。",
    .example = "chancery cases file C1 --out case-1.pdf --language both",
    .options = file_options,
    .needs_store = true,
    .run = run_file,
};

/* --- states ------------------------------------------------------------------------------------- */

static json_t *states_json(enum lang lang)
{
    json_t *all = json_array();
    for (int s = CASE_OPEN; s < CASE_STATES; s++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "state",
                                             case_state_name((enum case_state)s), "words",
                                             case_state_words((enum case_state)s, lang), "of",
                                             s >= SANCTION_STANDING ? "sanction" : "case"));
    return all;
}

static json_t *rule_json(const struct case_rule *r, enum lang lang)
{
    json_t *from = json_array();
    json_t *needs = json_array();
    for (int s = CASE_OPEN; s < CASE_STATES; s++)
        if (r->from & CASE_STATE_BIT(s))
            json_array_append_new(from, json_string(case_state_name((enum case_state)s)));
    for (unsigned bit = 0; bit < CASE_NEEDS_COUNT; bit++)
        if (r->needs & (1U << bit))
            json_array_append_new(needs, json_string(case_needs_words(1U << bit, lang)));
    return json_pack("{s:s, s:s, s:o, s:s?, s:s, s:s, s:o}", "act", case_act_name(r->act), "words",
                     case_act_words(r->act, lang), "from", from, "to",
                     r->to == CASE_NONE ? NULL : case_state_name(r->to), "who",
                     case_who_name(r->who), "who_words", case_who_words(r->who, lang), "needs",
                     needs);
}

static void say_rule(struct call *call, const struct case_rule *r)
{
    struct buf from = {.arena = call->arena};
    for (int s = CASE_OPEN; s < CASE_STATES; s++)
        if (r->from & CASE_STATE_BIT(s))
            buf_format(&from, "%s%s", from.len ? ", " : "",
                       case_state_words((enum case_state)s, call->lang));
    call_say(call, "%s: %.*s%s%s; %s\n", "%s：%.*s%s%s；%s\n", case_act_words(r->act, call->lang),
             STR_ARG(buf_str(&from)), r->to == CASE_NONE ? "" : " → ",
             r->to == CASE_NONE ? "" : case_state_words(r->to, call->lang),
             case_who_words(r->who, call->lang));
}

static enum status run_states(struct call *call, struct error *err)
{
    json_t *rules = json_array();
    (void)err;
    for (size_t i = 0; i < case_rule_count; i++)
        if (call->json)
            json_array_append_new(rules, rule_json(&case_rules[i], call->lang));
        else
            say_rule(call, &case_rules[i]);
    if (call->json)
        call_print_json(call,
                        json_pack("{s:o, s:o}", "states", states_json(call->lang), "rules", rules));
    else
        json_decref(rules);
    return STATUS_OK;
}

const struct command command_cases_states = {
    .name = "cases states",
    .least = 0,
    .most = 0,
    .en = "Say what leads a case from state to state, who may, and what it takes.",
    .zh = "说明案件如何由一个状态进入另一状态、由谁进行、需要什么。",
    .example = "chancery cases states --json",
    .json = true,
    .run = run_states,
};
