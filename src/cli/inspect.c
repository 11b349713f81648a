/* `chancery inspect`: what is hidden in a text or was misread, and the text put right. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "cli/describe.h"
#include "format/format.h"
#include "paper/doc.h"
#include "paper/inspect.h"

#define CONTEXT 14 /* characters shown on either side */

/* One text under inspection. */
struct inspection {
    struct call *call;
    struct str file, text;
    const char *encoding;
    enum lang lang;
    struct concerns concerns;
};

/* --- showing ------------------------------------------------------------------------------------ */

/* Up to CONTEXT characters of the same line before `at` (or after, when `forward`). */
static struct str around(struct str text, size_t at, bool forward)
{
    size_t pos = at;
    for (int i = 0; i < CONTEXT && (forward ? pos < text.len : pos > 0); i++) {
        size_t before = pos;
        uint32_t code = forward ? utf8_next(text, &pos) : utf8_before(text, &pos);
        if (code == '\n') {
            pos = before;
            break;
        }
    }
    return forward ? str_slice(text, at, pos - at) : str_slice(text, pos, at - pos);
}

static void show_concern(const struct inspection *in, const struct concern *c, FILE *out)
{
    struct arena *arena = in->call->arena;
    enum lang lang = in->call->lang;
    bool colour = isatty(fileno(out));
    static const char *const kinds_zh[CONCERN_KINDS] = {"不可见", "形近", "空格", "全半角", "写法"};
    struct str intended = c->intended.len ? describe_found(arena, c->intended)
                                          : str_of(lang_pick(lang, "(nothing)", "（删去）"));
    struct str before = describe_text(arena, around(in->text, c->at, false));
    struct str found = describe_text(arena, c->found);
    struct str after = describe_text(arena, around(in->text, c->at + c->len, true));
    (void)fprintf(out, "%u:%u  %s  %.*s → %.*s  %s%.1f%s\n", c->line, c->column,
                  lang_pick(lang, concern_kind_name(c->kind), kinds_zh[c->kind]),
                  STR_ARG(describe_found(arena, c->found)), STR_ARG(intended),
                  lang_pick(lang, "unusual ", "罕见度 "), c->unusual,
                  c->certain ? lang_pick(lang, ", certain", "，确定") : "");
    (void)fprintf(out, "    %.*s%s%.*s%s%.*s\n", STR_ARG(before), colour ? "\033[1;31m" : "»",
                  STR_ARG(found), colour ? "\033[0m" : "«", STR_ARG(after));
    (void)fprintf(out, "    %s\n", lang_pick(lang, c->en, c->zh));
}

static json_t *json_str(struct str s)
{
    json_t *value = str_to_json(s);
    return value ? value : json_string("");
}

static json_t *concern_json(const struct inspection *in, const struct concern *c)
{
    struct str before = around(in->text, c->at, false);
    struct str after = around(in->text, c->at + c->len, true);
    struct str context = str_slice(in->text, c->at - before.len, before.len + c->len + after.len);
    json_t *also = json_array();
    for (size_t i = 0; i < c->nalso; i++)
        json_array_append_new(
            also, json_pack("{s:I, s:o, s:o}", "offset", (json_int_t)c->also[i].at, "found",
                            json_str(c->also[i].found), "intended", json_str(c->also[i].intended)));
    return json_pack("{s:i, s:i, s:I, s:s, s:o, s:o, s:o, s:b, s:f, s:s, s:o}", "line",
                     (int)c->line, "column", (int)c->column, "offset", (json_int_t)c->at, "kind",
                     concern_kind_name(c->kind), "found", json_str(c->found), "intended",
                     json_str(c->intended), "context", json_str(context), "certain",
                     (int)c->certain, "unusual", c->unusual, "why",
                     lang_pick(in->call->lang, c->en, c->zh), "also", also);
}

static void print_json(const struct inspection *in)
{
    json_t *list = json_array();
    for (size_t i = 0; i < in->concerns.count; i++)
        json_array_append_new(list, concern_json(in, &in->concerns.list[i]));
    call_print_json(in->call,
                    json_pack("{s:o, s:s, s:s, s:I, s:o}", "file", json_str(in->file), "encoding",
                              in->encoding, "lang", lang_code(in->lang), "characters",
                              (json_int_t)utf8_count(in->text), "concerns", list));
}

static void print_list(const struct inspection *in)
{
    for (size_t i = 0; i < in->concerns.count; i++)
        show_concern(in, &in->concerns.list[i], stdout);
    size_t count = in->concerns.count;
    if (count == 0)
        call_say(in->call, "Nothing found in %zu characters.\n", "共 %zu 个字符，未发现问题。\n",
                 utf8_count(in->text));
    else if (count == 1)
        call_say(in->call, "1 concern in %zu characters.\n", "共 %zu 个字符，有 1 处疑点。\n",
                 utf8_count(in->text));
    else
        call_say(in->call, "%zu concerns in %zu characters.\n", "%zu 处疑点，全文共 %zu 个字符。\n",
                 count, utf8_count(in->text));
}

/* --- putting right ------------------------------------------------------------------------------ */

/* Asks at one place: 'y', 'n', 'a' or 'q'; the end of input is 'q'. */
static char ask(const struct inspection *in, const struct concern *c)
{
    char line[64];
    show_concern(in, c, stderr);
    for (;;) {
        call_remark(in->call, "Put right? [y]es, [n]o, [a]ll of this kind, [q]uit: ",
                    "改正吗？y 是，n 否，a 同类全部改，q 结束：");
        (void)fflush(stderr);
        if (call_interrupted() || !fgets(line, sizeof line, stdin))
            return 'q';
        if (line[0] && strchr("ynaq", line[0]))
            return line[0];
    }
}

/* What the person wants put right, place by place. The rest stays after 'q'. */
static void ask_all(const struct inspection *in, bool *apply)
{
    bool whole_kind[CONCERN_KINDS] = {false};
    for (size_t i = 0; i < in->concerns.count; i++) {
        const struct concern *c = &in->concerns.list[i];
        char answer = whole_kind[c->kind] ? 'y' : ask(in, c);
        if (answer == 'q')
            return;
        whole_kind[c->kind] |= answer == 'a';
        apply[i] = answer == 'y' || answer == 'a';
    }
}

static enum status clean(const struct inspection *in, struct error *err)
{
    size_t count = in->concerns.count;
    bool *apply = arena_array(in->call->arena, count + 1, bool);
    if (call_switch(in->call, "yes"))
        for (size_t i = 0; i < count; i++)
            apply[i] = in->concerns.list[i].certain;
    else
        ask_all(in, apply);
    if (call_interrupted())
        return error_set(err, STATUS_INTERRUPTED, "Stopped; nothing was written.",
                         "已中止，未写入任何内容。");
    struct str out = STR("-");
    (void)call_option(in->call, "out", &out);
    struct str text = paper_inspect_clean(in->call->arena, in->text, &in->concerns, apply);
    enum status status = call_write_file(in->call, out, text, err);
    if (status)
        return status;
    size_t done = 0;
    for (size_t i = 0; i < count; i++)
        done += apply[i];
    call_remark(in->call, "%zu of %zu concerns put right.\n", "已改正 %zu 处，共有 %zu 处疑点。\n",
                done, count);
    return STATUS_OK;
}

/* Whether the options fit together. */
static enum status check_options(const struct call *call, struct error *err)
{
    bool cleaning = call_switch(call, "clean");
    bool yes = call_switch(call, "yes");
    struct str out = STR("-");
    bool to_file = call_option(call, "out", &out) && !str_equal(out, STR("-"));
    if (!cleaning && (yes || to_file))
        return error_set(err, STATUS_USAGE, "--yes and --out go with --clean.",
                         "--yes 和 --out 须与 --clean 同用。");
    if (cleaning && call->json && !to_file)
        return error_set(
            err, STATUS_USAGE,
            "--json and the cleaned text can't both go to standard output: give --out.",
            "--json 与改正后的文本不能同时写到标准输出：请给出 --out。");
    if (cleaning && !yes && (!isatty(STDIN_FILENO) || str_equal(call->arguments[0], STR("-"))))
        return error_set(err, STATUS_USAGE,
                         "--clean asks at each place, which needs a terminal. Add --yes to put "
                         "right the certain ones without asking.",
                         "--clean 要逐处询问，需要终端。加上 --yes 可不经询问只改正确定的几处。");
    return STATUS_OK;
}

static enum status read_text(struct inspection *in, struct error *err)
{
    struct str bytes;
    struct str code;
    struct format_opened opened;
    enum status status = call_read_file(in->call, in->file, FORMAT_INPUT_MAX, &bytes, err);
    if (!status)
        status = format_open(in->call->arena, in->file, bytes, &opened, err);
    if (status)
        return status;
    in->text = opened.text;
    in->encoding = opened.encoding;
    in->lang = paper_detect_lang(in->text);
    if (call_option(in->call, "lang", &code) && !lang_parse(code, &in->lang))
        return error_set(err, STATUS_USAGE, "--lang takes zh or en, not \"%.*s\".",
                         "--lang 只能是 zh 或 en，不能是“%.*s”。", STR_ARG(code));
    return STATUS_OK;
}

static enum status run(struct call *call, struct error *err)
{
    struct inspection in = {.call = call, .file = call->arguments[0]};
    enum status status = check_options(call, err);
    if (!status)
        status = read_text(&in, err);
    if (status)
        return status;
    in.concerns = paper_inspect(call->arena, in.text, in.lang);
    if (call_switch(call, "clean"))
        status = clean(&in, err);
    else if (!call->json)
        print_list(&in);
    if (!status && call->json)
        print_json(&in);
    return status;
}

const struct command command_inspect = {
    .name = "inspect",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .en = "Find what is hidden in a text, or what a scanner got wrong, before it is published.",
    .zh = "发布之前，找出文本中暗藏的字符和扫描误识之处。",
    .more_en = "Looks for invisible characters, look-alikes, odd spaces, mixed widths and mixed "
               "forms of one word. Each concern comes with its place (line:column), what was "
               "probably meant, and how unusual it is there: 5 means once in 100,000 characters of "
               "clean text. With --clean the text put right is written, asking at each place.",
    .more_zh =
        "查找不可见字符、形近字、异常空格、全角半角混用、同一个词写法不一之处。每处疑点给出位置"
        "（行:列）、原意以及在此处的罕见度：5 表示在正常文本中每 10 万字出现一次。"
        "使用 --clean 时逐处询问，写出改正后的文本。",
    .example = "chancery inspect speech.txt\n"
               "chancery inspect speech.txt --clean --yes --out speech-clean.txt",
    .options =
        (const struct command_option[]){
            {"clean", NULL, "write the text put right, asking at each place",
             "写出改正后的文本，逐处询问"},
            {"yes", NULL, "with --clean: do not ask, put right the certain ones only",
             "与 --clean 同用：不询问，只改正确定的几处"},
            {"out", "FILE", "where --clean writes (default: standard output)",
             "--clean 写到何处（默认：标准输出）"},
            {"lang", "zh|en", "the text's language (default: found by itself)",
             "文本的语言（默认：自动识别）"},
            {NULL, NULL, NULL, NULL},
        },
    .json = true,
    .run = run,
};
