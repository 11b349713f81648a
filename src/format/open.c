/* Files as people bring them, whatever they are; see format.h. */
#include <string.h>

#include "format/found.h"
#include "format/internal.h"

static const struct {
    const char *en, *en_many, *zh;
} LEFT[FORMAT_LEFT_KINDS] = {
    [FORMAT_LEFT_CHANGES] = {"tracked change, taken as accepted",
                             "tracked changes, taken as accepted", "处修订（按已接受处理）"},
    [FORMAT_LEFT_PICTURES] = {"picture", "pictures", "幅图片"},
    [FORMAT_LEFT_MARGINS] = {"header or footer", "headers and footers", "处页眉或页脚"},
    [FORMAT_LEFT_CONTENTS] = {"line of the table of contents", "lines of the table of contents",
                              "行目录"},
    [FORMAT_LEFT_COMMENTS] = {"comment", "comments", "条批注"},
    [FORMAT_LEFT_HIDDEN] = {"piece of hidden text", "pieces of hidden text", "处隐藏文字"},
    [FORMAT_LEFT_OUTSIDE] = {"reference to a file elsewhere", "references to files elsewhere",
                             "处外部文件引用"},
    [FORMAT_LEFT_OBJECTS] = {"embedded object", "embedded objects", "个嵌入对象"},
    [FORMAT_LEFT_SIGNS] = {"sign of a symbol font", "signs of symbol fonts", "个符号字体字符"},
    [FORMAT_LEFT_MACROS] = {"macro project", "macro projects", "个宏工程"},
};

static void say_left(struct buf *out, enum format_left_kind kind, const struct format_left *left,
                     enum lang lang)
{
    if (lang == LANG_ZH)
        buf_format(out, "%s%u%s", out->len ? "；" : "", left->count, LEFT[kind].zh);
    else
        buf_format(out, "%s%u %s", out->len ? "; " : "", left->count,
                   left->count == 1 ? LEFT[kind].en : LEFT[kind].en_many);
    if (left->example.len)
        buf_format(out, "%s“%.*s”", lang == LANG_ZH ? "" : " ", STR_ARG(left->example));
}

struct str format_left_words(struct arena *arena, const struct format_left left[FORMAT_LEFT_KINDS],
                             enum lang lang)
{
    struct buf out = {.arena = arena};
    for (int i = 0; i < FORMAT_LEFT_KINDS; i++)
        if (left[i].count)
            say_left(&out, (enum format_left_kind)i, &left[i], lang);
    return buf_str(&out);
}

/* What is often brought, and is no text. */
static const struct {
    const char *begins;
    size_t len;
    const char *en, *zh;
    size_t at; /* where it does */
} OTHERS[] = {
    {"\xD0\xCF\x11\xE0", 4,
     "is a Word document of an old kind, or locked with a password; open it in Word or WPS, and save it "
     "as DOCX without a password.",
     " 为旧版 Word 文档或已加密，请用 Word 或 WPS 打开，取消密码并另存为 DOCX。", 0},
    {"mimetypeapplication/vnd.oasis.opendocument", 42,
     "is an OpenDocument file; open it, and save it as DOCX.",
     " 为 OpenDocument 文件，请打开后另存为 DOCX。", 30},
    {"mimetypeapplication/epub+zip", 28, "is an EPUB; publish the document that it was made from.",
     " 为 EPUB，请发布其原始文档。", 30},
    {"PK\x03\x04", 4, "is an archive and no Word document; unpack it, and give the paper itself.",
     " 为压缩包而非 Word 文档，请解压后提供文稿本身。", 0},
    {"{\\rtf", 5, "is in Rich Text Format; open it, and save it as DOCX.",
     " 为 RTF 格式，请打开后另存为 DOCX。", 0},
    {"ftyp", 4,
     "is a film, or a picture of a kind that is not read here (MP4, MOV, AVIF); give photographs, or save it as "
     "JPEG.",
     " 为视频或此处不支持的图片格式（MP4、MOV、AVIF），请改用照片，或另存为 JPEG。", 4},
};

static enum status refuse_other(struct str name, struct str bytes, struct error *err)
{
    if (format_is_picture(bytes))
        return error_set(err, STATUS_INPUT,
                         "%.*s is a picture; publish the document that it shows.",
                         "%.*s 为图片，请发布其原始文档。", STR_ARG(name));
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        if (str_equal(str_slice(bytes, OTHERS[i].at, OTHERS[i].len),
                      (struct str){OTHERS[i].begins, OTHERS[i].len}))
            return error_set(err, STATUS_INPUT, "%.*s %s%.0s", "%.*s%.0s%s", STR_ARG(name),
                             OTHERS[i].en, OTHERS[i].zh);
    return STATUS_OK;
}

static enum status open_text(struct arena *arena, struct str name, struct str bytes,
                             struct str *text, const char **encoding, struct error *err)
{
    struct error reason;
    enum status status = refuse_other(name, bytes, err);
    if (status)
        return status;
    status = format_decode(arena, bytes, text, encoding, &reason);
    return status ? error_within(err, &reason, "%.*s: ", "%.*s：", STR_ARG(name)) : STATUS_OK;
}

static struct str as_markdown(struct arena *arena, const struct paper_doc *doc)
{
    struct stamp_plan *plan = format_write(arena, doc, NULL, NULL, FORMAT_MARKDOWN);
    char *text = arena_take_unset(arena, stamp_plan_room(plan) + 1);
    return (struct str){text, stamp_plan_write(plan, NULL, text)};
}

enum status format_open(struct arena *arena, struct str name, struct str bytes,
                        struct format_opened *opened, struct error *err)
{
    *opened = (struct format_opened){.encoding = "DOCX", .kind = FORMAT_MARKDOWN};
    if (format_is_docx(bytes)) {
        struct paper_doc doc;
        enum status status =
            format_read_docx(arena, name, bytes, NULL, STR(""), &doc, opened->left, err);
        if (!status)
            opened->text = as_markdown(arena, &doc);
        return status;
    }
    if (format_is_pdf(bytes)) {
        struct paper_doc doc;
        enum status status = format_read_pdf(arena, name, bytes, NULL, STR(""), &doc, opened->left,
                                             &opened->pages, err);
        opened->encoding = "PDF";
        if (!status)
            opened->text = as_markdown(arena, &doc);
        return status;
    }
    enum status status = open_text(arena, name, bytes, &opened->text, &opened->encoding, err);
    if (!status && format_is_html(opened->text))
        return error_set(
            err, STATUS_INPUT,
            "%.*s is a web page; give the text on it, or the Word document that it was made from.",
            "%.*s 为网页文件，请提供其中的文字或原始 Word 文档。", STR_ARG(name));
    opened->kind = status ? FORMAT_TEXT : format_guess(name, opened->text);
    return status;
}

static enum status read_docx_words(struct arena *arena, struct str name, struct str bytes,
                                   struct str *words, struct error *err)
{
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    enum status status = format_read_docx(arena, name, bytes, NULL, STR(""), &doc, left, err);
    *words = status ? (struct str){0} : doc.text;
    return status;
}

/* The first that it is. */
static const struct {
    bool (*is)(struct str bytes);
    enum status (*read)(struct arena *arena, struct str name, struct str bytes, struct str *words,
                        struct error *err);
    const char *how;
} WORDS[] = {
    {format_is_epub, format_read_epub_words, "EPUB"},
    {format_is_odt, format_read_odt_words, "ODT"},
    {format_is_docx, read_docx_words, "DOCX"},
    {format_is_mail, format_read_mail_words, "mail"},
};

enum status format_open_words(struct arena *arena, struct str name, struct str bytes,
                              struct str *text, const char **how, struct error *err)
{
    const char *encoding;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (WORDS[i].is(bytes)) {
            *how = WORDS[i].how;
            return WORDS[i].read(arena, name, bytes, text, err);
        }
    enum status status = open_text(arena, name, bytes, text, &encoding, err);
    bool page = !status && format_is_html(*text);
    *how = page ? "HTML" : "text";
    return page ? format_read_html_words(arena, name, *text, text, err) : status;
}
