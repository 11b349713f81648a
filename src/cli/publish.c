/* `chancery publish`: a text becomes a paper, or a paper's next edition. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "cli/describe.h"
#include "format/format.h"
#include "library/offer.h"
#include "paper/inspect.h"

#define CONCERNS_SHOWN 20
#define TITLE_MAX      1000

static const struct command_option options[] = {
    {"title", "TITLE", "title of the paper (default: found in the text)",
     "文稿标题（默认从正文中识别）"},
    {"level", "LEVEL", "marking level: discreet (default), standard or full",
     "标记级别：discreet（默认，轻度）、standard（标准）、full（全面）"},
    {"colluders", "C",
     "how many members may combine copies, 2 to 8 (default: chosen from the paper's length)",
     "预计至多几人合谋，2 至 8（默认按文稿长度选定）"},
    {"mark", "MARK",
     "what copies show of whose they are, where a format can: none (default), margin or diagonal; of a new paper",
     "副本上可见的归属标识（格式支持时）：none（默认，不显示）、margin（页边）或 diagonal（斜向水印）；仅用于新文稿"},
    {"lang", "LANG", "language of the text: zh or en (default: recognised)",
     "正文语言：zh 或 en（默认自动识别）"},
    {"paper", "PAPER", "publish as the next edition of this paper", "作为该文稿的新版本发布"},
    {"as-is", NULL, "publish the text exactly as it is; put nothing right",
     "按原文发布，不作任何订正"},
    {0},
};

/* Everything read from the command line and the file before anything is stored. */
struct draft {
    struct str text; /* decoded, put right */
    const char *encoding;
    struct str left; /* what a paper can't hold of the file, in words; may be empty */
    struct concerns concerns;
    bool *apply; /* whether each concern was put right */
    size_t put_right;
    struct paper_doc doc;
    struct publication publication;
    struct offer offer;
};

/* A new paper is offered to every member, free, in all formats. */
static enum status read_mark(struct call *call, struct draft *draft, struct error *err)
{
    struct str value;
    draft->offer = (struct offer){.free = true, .formats = STR(FORMAT_ALL_NAMES)};
    draft->publication.offer = &draft->offer;
    if (!call_option(call, "mark", &value))
        return STATUS_OK;
    if (draft->publication.paper)
        return error_set(
            err, STATUS_USAGE,
            "--mark is for a new paper; change that of another on its page in the portal.",
            "--mark 仅用于新文稿；已有文稿请在门户的管理页面修改。");
    if (!format_parse_mark(value, &draft->offer.mark))
        return error_set(err, STATUS_USAGE,
                         "--mark is \"%.*s\"; it takes none, margin or diagonal.",
                         "--mark 的值“%.*s”无效，可用 none、margin、diagonal。", STR_ARG(value));
    return STATUS_OK;
}

static enum status read_options(struct call *call, struct draft *draft, enum lang *lang,
                                bool *lang_given, struct error *err)
{
    struct str value;
    struct publication *p = &draft->publication;
    p->actor = "editor";
    p->level_given = call_option(call, "level", &value);
    if (p->level_given && !paper_level_parse(value, &p->level))
        return error_set(err, STATUS_USAGE,
                         "--level is \"%.*s\"; it takes discreet, standard or full.",
                         "--level 的值“%.*s”无效，可用 discreet、standard、full。", STR_ARG(value));
    *lang_given = call_option(call, "lang", &value);
    if (*lang_given && !lang_parse(value, lang))
        return error_set(err, STATUS_USAGE, "--lang is \"%.*s\"; it takes zh or en.",
                         "--lang 的值“%.*s”无效，可用 zh、en。", STR_ARG(value));
    if (call_option(call, "paper", &value)) {
        enum status status = library_parse_paper(value, &p->paper, err);
        if (status)
            return status;
    }
    uint64_t colluders = 0;
    enum status status = read_mark(call, draft, err);
    if (status)
        return status;
    status =
        call_number(call, "colluders", MARK_COLLUDERS_MIN, MARK_COLLUDERS_MAX, &colluders, err);
    p->colluders = (unsigned)colluders;
    return status;
}

/* Puts right what is certain, unless asked to leave the text alone. */
static void inspect_text(struct call *call, struct draft *draft, enum lang lang)
{
    draft->concerns = paper_inspect(call->arena, draft->text, lang);
    draft->apply = arena_array(call->arena, draft->concerns.count + 1, bool);
    if (call_switch(call, "as-is"))
        return;
    for (size_t i = 0; i < draft->concerns.count; i++) {
        draft->apply[i] = draft->concerns.list[i].certain;
        draft->put_right += draft->apply[i];
    }
    if (draft->put_right)
        draft->text = paper_inspect_clean(call->arena, draft->text, &draft->concerns, draft->apply);
}

/* A title stands in lists, in JSON and at the head of pages: one line that is there. */
static bool is_title(struct str title)
{
    for (size_t i = 0; i < title.len; i++)
        if ((unsigned char)title.at[i] < 0x20 || title.at[i] == 0x7F)
            return false;
    return title.len > 0 && title.len <= TITLE_MAX && utf8_first_bad(title) == SIZE_MAX;
}

static enum status read_draft(struct call *call, struct draft *draft, struct error *err)
{
    struct str bytes;
    struct format_opened opened;
    struct str title = {0};
    enum lang lang = LANG_ZH;
    bool lang_given = false;
    struct str file = call->arguments[0];
    enum status status = read_options(call, draft, &lang, &lang_given, err);
    if (!status)
        status = call_read_file(call, file, FORMAT_INPUT_MAX, &bytes, err);
    if (!status)
        status = format_open(call->arena, file, bytes, &opened, err);
    if (status)
        return status;
    draft->text = opened.text;
    draft->encoding = opened.encoding;
    draft->left = format_left_words(call->arena, opened.left, call->lang);
    if (format_is_docx(bytes))
        draft->publication.original = bytes;
    if (!lang_given)
        lang = paper_detect_lang(draft->text);
    inspect_text(call, draft, lang);
    if (call_option(call, "title", &title) && !is_title(str_trim(title)))
        return error_set(err, STATUS_USAGE,
                         "--title takes one line of text, at most %d bytes of UTF-8.",
                         "--title 应为一行文字，UTF-8 编码不超过 %d 字节。", TITLE_MAX);
    return format_read(call->arena, draft->text, opened.kind, &lang, str_trim(title), &draft->doc,
                       err);
}

/* Those put right, or those left; a long list is cut. */
static void list_concerns(const struct call *call, const struct draft *draft, bool put_right)
{
    size_t shown = 0;
    for (size_t i = 0; i < draft->concerns.count && shown < CONCERNS_SHOWN; i++) {
        const struct concern *c = &draft->concerns.list[i];
        if (draft->apply[i] != put_right)
            continue;
        shown++;
        struct str found = describe_found(call->arena, c->found);
        struct str intended = c->intended.len
                                  ? describe_found(call->arena, c->intended)
                                  : str_of(lang_pick(call->lang, "(nothing)", "（删去）"));
        call_remark(call, "  line %u, column %u: %.*s → %.*s  %s\n",
                    "  第 %u 行第 %u 字：%.*s → %.*s  %s\n", c->line, c->column, STR_ARG(found),
                    STR_ARG(intended), lang_pick(call->lang, c->en, c->zh));
    }
    size_t all = put_right ? draft->put_right : draft->concerns.count - draft->put_right;
    if (all > shown)
        call_remark(call, "  … and %zu more\n", "  ……另有 %zu 处\n", all - shown);
}

static void say_concerns(const struct call *call, const struct draft *draft)
{
    size_t left = draft->concerns.count - draft->put_right;
    if (draft->put_right) {
        call_remark(call, "Put right before publishing, %s:\n", "发布前已订正 %s：\n",
                    call_count(call, draft->put_right, "place", "places", "处"));
        list_concerns(call, draft, true);
    }
    if (left) {
        call_remark(call, "Left as it is, but worth a look (`chancery inspect`), %s:\n",
                    "未改动但建议核对（`chancery inspect`）%s：\n",
                    call_count(call, left, "place", "places", "处"));
        list_concerns(call, draft, false);
    }
}

static json_t *concerns_json(const struct draft *draft)
{
    json_t *list = json_array();
    for (size_t i = 0; i < draft->concerns.count; i++) {
        const struct concern *c = &draft->concerns.list[i];
        json_array_append_new(
            list, json_pack("{s:i, s:i, s:s, s:o, s:o, s:b}", "line", (int)c->line, "column",
                            (int)c->column, "kind", concern_kind_name(c->kind), "found",
                            str_to_json(c->found), "intended", str_to_json(c->intended), "certain",
                            (int)c->certain));
    }
    return list;
}

static void report(struct call *call, const struct draft *draft, const struct edition_text *text,
                   const struct strength *strength)
{
    const struct edition *e = &text->edition;
    if (call->json) {
        json_t *out = describe_edition_json(call->arena, e);
        json_object_set_new(out, "encoding", json_string(draft->encoding));
        json_object_set_new(out, "left_out", str_to_json(draft->left));
        json_object_set_new(out, "likeness", json_boolean(e->has_original));
        json_object_set_new(out, "put_right", json_integer((json_int_t)draft->put_right));
        json_object_set_new(out, "concerns", concerns_json(draft));
        json_object_set_new(out, "strength", describe_strength_json(strength));
        call_print_json(call, out);
        return;
    }
    call_say(call, "Published P%" PRId64 ", edition %" PRId64 ": %.*s\n",
             "已发布 P%" PRId64 " 第 %" PRId64 " 版：%.*s\n", e->paper, e->number,
             STR_ARG(e->title));
    if (draft->left.len)
        call_say(call, "Not in the text: %.*s.\n", "正文中不含：%.*s。\n", STR_ARG(draft->left));
    if (e->has_original)
        call_say(call, "Word copies look like the document.\n", "Word 副本沿用该文档的版式。\n");
    else if (draft->publication.original.len)
        call_say(call,
                 "Word copies are made anew, without the document's look, pictures, headers and "
                 "footers.\n",
                 "Word 副本将重新排版，不沿用该文档的版式、图片和页眉页脚。\n");
    describe_strength(call, strength, e);
    call_say(call, "Next: chancery copy P%" PRId64 " --member E-MAIL\n",
             "下一步：chancery copy P%" PRId64 " --member 邮箱\n", e->paper);
}

static enum status run(struct call *call, struct error *err)
{
    struct draft draft = {0};
    struct edition_text published;
    uint64_t members = 0;
    enum status status = read_draft(call, &draft, err);
    if (!status)
        status = describe_count_members(call, &members, err);
    if (!status)
        status = library_publish(call->arena, call->store, &draft.doc, &draft.publication,
                                 &published, err);
    if (status)
        return status;
    struct strength strength = library_measure_strength(
        call->arena, &published.doc, &published.sites, published.edition.colluders, members);
    if (!call->json)
        say_concerns(call, &draft);
    report(call, &draft, &published, &strength);
    return STATUS_OK;
}

const struct command command_publish = {
    .name = "publish",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .en = "Publish a text as a paper, or as a paper's next edition.",
    .zh = "将文本发布为文稿，或发布为某文稿的新版本。",
    .more_en =
        "FILE is a Word document (DOCX), a PDF that has its text in it, or plain text or Markdown in UTF-8, UTF-16 or GB18030; - reads "
        "standard input. What a paper can't hold of a Word document or PDF, such as pictures, is left out and said. "
        "Language, title and outline are recognised. The text is inspected first: what is "
        "certainly a hidden character or a scanning error is put right and listed, the rest "
        "is only listed. Prints the paper's id and its strength: what leaks it withstands.",
    .more_zh =
        "FILE 为 Word 文档（DOCX）、含文字的 PDF，或编码为 UTF-8、UTF-16、GB18030 的纯文本或 Markdown；- 表示标准输入。"
        "Word 文档或 PDF 中图片等无法收入文稿的内容将略去并逐项说明。"
        "语言、标题和公文层次自动识别。发布前先行检查：确属隐藏字符或扫描错误的予以订正"
        "并列出，其余仅列出。随后给出文稿编号及强度，即能经受何种泄露。",
    .example = "chancery publish speech.txt --level discreet\n"
               "chancery publish speech-revised.md --paper P1",
    .options = options,
    .json = true,
    .needs_store = true,
    .run = run,
};
