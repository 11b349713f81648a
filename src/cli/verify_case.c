/* `chancery verify-case`: a case file checked by whoever holds it. */
#include <inttypes.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "library/case_verify.h"

#define KEY_FILE_MAX ((size_t)4096)

static const struct command_option verify_options[] = {
    {"key", "KEY",
     "the public key that it must be signed by: 64 hexadecimal digits, or a file that holds them",
     "卷宗应由其签名的公钥：64 位十六进制数字，或存有该数字的文件"},
    {0},
};

/* The key that was given; *given is false where none was. */
static enum status take_key(struct call *call, struct digest *key, bool *given, struct error *err)
{
    struct str value;
    struct str text;
    *given = call_option(call, "key", &value);
    if (!*given || digest_from_hex(value, key))
        return STATUS_OK;
    enum status status = call_read_file(call, value, KEY_FILE_MAX, &text, err);
    if (!status && !digest_from_hex(str_trim(text), key))
        return error_set(
            err, STATUS_USAGE,
            "\"%.*s\" is no public key: that is 64 hexadecimal digits, as `chancery keys` prints them.",
            "“%.*s”不是公钥：公钥为 64 位十六进制数字，如 `chancery keys` 所示。", STR_ARG(value));
    return status;
}

static const char *outcome_name(enum case_outcome outcome)
{
    static const char *const names[] = {"ok", "failed", "not-shown"};
    return names[outcome];
}

static const char *outcome_words(const struct call *call, enum case_outcome outcome)
{
    static const char *const words[][LANG_COUNT] = {
        {"相符", "ok"}, {"不符", "FAILED"}, {"未示", "open"}};
    return words[outcome][call->lang];
}

static void print_json(const struct call *call, const struct case_verified *v)
{
    char key[DIGEST_HEX + 1];
    json_t *checks = json_array();
    json_t *named = json_array();
    digest_to_hex(&v->key, key);
    for (size_t i = 0; i < v->nchecks; i++)
        json_array_append_new(checks, json_pack("{s:s, s:s, s:o, s:o}", "check", v->checks[i].name,
                                                "outcome", outcome_name(v->checks[i].outcome), "en",
                                                str_to_json(v->checks[i].en), "zh",
                                                str_to_json(v->checks[i].zh)));
    for (size_t i = 0; i < v->nnamed; i++)
        json_array_append_new(named, json_pack("{s:o, s:o, s:f}", "member",
                                               str_to_json(v->named[i].member), "name",
                                               str_to_json(v->named[i].name), "log10_p_all",
                                               v->named[i].log10_p_all));
    call_print_json(call, json_pack("{s:b, s:s, s:o, s:o, s:I, s:o, s:I, s:o, s:o}", "ok", v->whole,
                                    "key", key, "case", str_to_json(v->number), "for",
                                    str_to_json(v->made_for), "made_ms", (json_int_t)v->made_ms,
                                    "root", str_to_json(v->root), "root_line",
                                    (json_int_t)v->root_line, "named", named, "checks", checks));
}

static void say_what_it_is(const struct call *call, const struct case_verified *v)
{
    struct arena *arena = call->arena;
    char key[DIGEST_HEX + 1];
    if (!v->number.len)
        return;
    digest_to_hex(&v->key, key);
    struct str made = describe_time(arena, v->made_ms);
    struct str number = describe_text(arena, v->number);
    struct str maker = describe_text(arena, v->organisation);
    call_say(call, "Case file %.*s, made %.*s%s%.*s\n", "案件卷宗 %.*s，生成于 %.*s%s%.*s\n",
             STR_ARG(number), STR_ARG(made),
             maker.len ? lang_pick(call->lang, ", by ", "，单位：") : "", STR_ARG(maker));
    for (size_t i = 0; i < v->nnamed; i++)
        call_say(call, "  names %.*s (%.*s), log10 p %.2f\n", "  认定 %.*s（%.*s），log10 p %.2f\n",
                 STR_ARG(describe_text(arena, v->named[i].name)),
                 STR_ARG(describe_text(arena, v->named[i].member)), v->named[i].log10_p_all);
    call_say(call, "  key  %s\n", "  公钥 %s\n", key);
    if (v->root.len)
        call_say(call, "  root %.*s, line %" PRId64 " of the record\n",
                 "  根摘要 %.*s，记录第 %" PRId64 " 行\n", STR_ARG(v->root), v->root_line);
}

static enum status run_verify(struct call *call, struct error *err)
{
    struct digest key;
    bool given;
    struct str file;
    struct case_verified v;
    enum status status = take_key(call, &key, &given, err);
    if (!status)
        status = call_read_file(call, call->arguments[0], CASE_SEAL_FILE_MAX, &file, err);
    if (status)
        return status;
    case_verify(call->arena, file, given ? &key : NULL, &v);
    call->exit_code = v.whole ? 0 : 1;
    if (call->json) {
        print_json(call, &v);
        return STATUS_OK;
    }
    say_what_it_is(call, &v);
    for (size_t i = 0; i < v.nchecks; i++) {
        struct str words =
            describe_text(call->arena, call->lang == LANG_ZH ? v.checks[i].zh : v.checks[i].en);
        call_say(call, "%-6s  %-9s  %.*s\n", "%s  %-9s  %.*s\n",
                 outcome_words(call, v.checks[i].outcome), v.checks[i].name, STR_ARG(words));
    }
    call_say(call, v.whole ? "Nothing speaks against it.\n" : "It can't be relied on.\n",
             v.whole ? "未发现不符之处。\n" : "不可信赖。\n");
    return STATUS_OK;
}

const struct command command_verify_case = {
    .name = "verify-case",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .en = "Check a case file without the installation that made it.",
    .zh = "核验案件卷宗，无需生成它的系统。",
    .more_en =
        "Checks the signature, each part of the file, the exhibits within, the lines of the record and their way to its "
        "root, and computes each bound anew from the marks. Needs no data folder. Without --key it is shown that the "
        "file is as it was signed, not by whom: compare the key that is printed with the organisation's own. Ends with 1 "
        "when a check fails.",
    .more_zh =
        "核验签名、卷宗各部分、所含物证、各行记录及其到根摘要的路径，并由标记重新算出每个概率上限。无需数据文件夹。不带 --key "
        "时只说明卷宗与签名时一致，不说明由谁签名：请将所示公钥与该单位的公钥对照。有任一项不符则以 1 结束。",
    .example = "chancery verify-case case-3.pdf --key chancery.pub",
    .options = verify_options,
    .json = true,
    .run = run_verify,
};
