/* Files that were found somewhere, seen with all that they show; see format.h. */
#include <string.h>

#include "format/found.h"
#include "format/internal.h"
#include "format/see.h"
#include "reader/reader.h"
#include "reader/wire.h"

#define PDF_BEGINS_WITHIN 1024U /* as readers of PDF take it */

/* --- what it is ---------------------------------------------------------------------------------------- */

bool format_is_pdf(struct str bytes)
{
    return str_find(str_slice(bytes, 0, PDF_BEGINS_WITHIN), STR("%PDF-"), 0) != SIZE_MAX;
}

/* As telephones write it: HEIC alone, or HEIF of which they say that readers of HEIC can read it. A film, a burst and an AVIF
 * begin alike and name others. */
static bool is_heic(struct str bytes)
{
    static const struct str HEIC[] = {{"heic", 4}, {"heix", 4}, {"heim", 4}, {"heis", 4}};
    const size_t kinds = sizeof HEIC / sizeof *HEIC;
    if (!str_equal(str_slice(bytes, 4, 4), STR("ftyp")))
        return false;
    if (str_is_among(str_slice(bytes, 8, 4), HEIC, kinds))
        return true;
    const size_t end = bytes.at[0] || bytes.at[1] || bytes.at[2] ? 0 : (unsigned char)bytes.at[3];
    for (size_t at = 16; str_equal(str_slice(bytes, 8, 4), STR("mif1")) && at + 4 <= end; at += 4)
        if (str_is_among(str_slice(bytes, at, 4), HEIC, kinds))
            return true;
    return false;
}

bool format_is_picture(struct str bytes)
{
    static const struct str BEGINS[] = {
        {"\x89PNG\r\n\x1A\n", 8}, {"\xFF\xD8\xFF", 3}, {"II*\0", 4}, {"MM\0*", 4}};
    for (size_t i = 0; i < sizeof BEGINS / sizeof *BEGINS; i++)
        if (str_starts(bytes, BEGINS[i]))
            return true;
    return is_heic(bytes) ||
           (str_starts(bytes, STR("RIFF")) && str_equal(str_slice(bytes, 8, 4), STR("WEBP")));
}

bool format_sees_slowly(struct str bytes)
{
    return format_is_picture(bytes) || format_is_pdf(bytes);
}

/* --- why not ------------------------------------------------------------------------------------------- */

/* After the file's name; # stands for the number. */
static const struct {
    const char *en, *zh;
} REFUSED[READER_REFUSALS] = {
    [READER_REFUSED_DAMAGED] = {"the file is damaged, or is not what it says.",
                                "文件已损坏，或与其格式不符。"},
    [READER_REFUSED_LOCKED] = {"it is locked with a password; open it, and save it without one.",
                               "文件已加密，请打开后取消密码并另存。"},
    [READER_REFUSED_EMPTY] = {"no words can be read in it.", "其中没有可读取的文字。"},
    [READER_REFUSED_PAGES] = {"it has # pages, which are too many. Give a part of it.",
                              "文件共 # 页，超过上限。请提供其中一部分。"},
    [READER_REFUSED_LARGE] = {"a picture of # million points is too large. Give it with fewer.",
                              "图片达 # 百万像素，超过上限。请缩小后重试。"},
    [READER_REFUSED_BOMB] = {"it unpacks to far more than it holds, so it is made to do harm.",
                             "解压后的内容远超其自身大小，疑为恶意文件。"},
    [READER_REFUSED_COMPLEX] = {"page # takes far more work than a page of a paper does.",
                                "第 # 页过于复杂，远超一般文稿。"},
    [READER_REFUSED_SCAN] =
        {"its pages are pictures (page #, for instance). Publish the document that it was "
         "made from, or have its text recognised first.",
         "其页面为图片（如第 # 页）。请发布其原始文档，或先做文字识别。"},
    [READER_REFUSED_MEMORY] = {"reading it takes more memory than there is for it.",
                               "读取所需内存超出限额。"},
    [READER_REFUSED_TIME] =
        {"reading it takes longer than half an hour. Give fewer pages at a time.",
         "读取耗时超过半小时。请减少页数后重试。"},
    [READER_REFUSED_SETUP] =
        {"pictures can't be read here: Tesseract's models of letters (chi_sim and eng) are "
         "not installed.",
         "此处无法读取图片：未安装 Tesseract 的文字模型（chi_sim 和 eng）。"},
    [READER_REFUSED_FENCED] =
        {"pictures can't be read here: this kernel, or the rules of the container that it runs in, "
         "keep the reader from shutting itself away (Landlock). Allow the system calls landlock_*.",
         "此处无法读取图片：内核或所在容器的规则不允许读取程序自我隔离（Landlock），请放行 landlock_* 系统调用。"},
    [READER_REFUSED_KIND] = {"it is a picture of a kind that is not read here. Save it as JPEG.",
                             "不支持此种图片，请另存为 JPEG。"},
};

/* `words` with the number in place of its sign. */
static const char *numbered(struct arena *arena, const char *words, unsigned number)
{
    struct buf out = {.arena = arena};
    for (const char *c = words; *c; c++)
        if (*c == '#')
            buf_format(&out, "%u", number);
        else
            buf_add_byte(&out, *c);
    return out.at;
}

static enum status refuse(struct arena *arena, struct str name, const struct see_answer *answer,
                          struct error *err)
{
    unsigned why = answer->refused < READER_REFUSALS ? answer->refused : READER_REFUSED_DAMAGED;
    return error_set(err, STATUS_INPUT, "%.*s: %s%.0s", "%.*s：%.0s%s", STR_ARG(name),
                     numbered(arena, REFUSED[why].en, answer->number),
                     numbered(arena, REFUSED[why].zh, answer->number));
}

static enum status refuse_answer(struct str name, struct error *err)
{
    return error_set(
        err, STATUS_INPUT,
        "%.*s: chancery-reader's answer does not fit together, so the file is made to do harm, or "
        "reader and program are of different versions.",
        "%.*s：chancery-reader 的应答有误，文件可能含有恶意内容，或两个程序版本不一致。",
        STR_ARG(name));
}

/* --- seeing -------------------------------------------------------------------------------------------- */

static enum status ask(struct arena *arena, struct str name, struct str bytes, const char *task,
                       const struct format_watch *watch, struct see_answer *answer,
                       struct error *err)
{
    struct str heard;
    *answer = (struct see_answer){0};
    enum status status = see_run(arena, name, bytes, task, SEE_SILENCE_MS, watch, &heard, err);
    if (status)
        return status;
    if (!see_read_answer(arena, heard, answer))
        return refuse_answer(name, err);
    return answer->refused ? refuse(arena, name, answer, err) : STATUS_OK;
}

enum status format_see(struct arena *arena, struct str name, struct str bytes,
                       const struct format_watch *watch, struct format_seen *seen,
                       struct error *err)
{
    *seen = (struct format_seen){0};
    if (format_sees_slowly(bytes)) {
        struct see_answer answer;
        enum status status = ask(arena, name, bytes, "see", watch, &answer, err);
        *seen = answer.seen;
        return status;
    }
    bool docx = format_is_docx(bytes);
    enum status status;
    if (docx) {
        seen->how = "DOCX";
        status = format_read_docx_shifts(arena, name, bytes, &seen->seen, err);
    } else {
        struct str text;
        status = format_open_words(arena, name, bytes, &text, &seen->how, err);
        seen->seen = paper_seen_text(text);
    }
    if (!status && (docx || format_is_odt(bytes)))
        see_margins(arena, bytes, seen);
    return status;
}

enum status format_see_glance(struct arena *arena, struct str name, struct str bytes,
                              struct format_glance *glance, struct error *err)
{
    struct see_answer answer = {0};
    enum status status = STATUS_OK;
    if (format_sees_slowly(bytes))
        status = ask(arena, name, bytes, "glance", NULL, &answer, err);
    *glance = answer.glance;
    return status;
}

enum status format_see_again(struct arena *arena, struct str kept, struct format_seen *seen,
                             struct error *err)
{
    struct see_answer answer;
    bool whole = see_read_answer(arena, kept, &answer) && !answer.refused;
    *seen = answer.seen;
    return whole ? STATUS_OK
                 : error_set(err, STATUS_DAMAGED, "What was read of an exhibit is damaged.",
                             "物证的读取结果已损坏。");
}

/* --- a paper ----------------------------------------------------------------------------------------------- */

static struct str all_text(struct arena *arena, const struct see_answer *answer)
{
    struct buf text = {.arena = arena};
    for (size_t i = 0; i < answer->nblocks; i++)
        buf_add(&text, answer->blocks[i].text);
    return buf_str(&text);
}

/* A numbered heading stands where its number says, whatever it looks like. */
static void put_block(struct composer *composer, const struct see_block *block, enum lang lang)
{
    struct paper_block numbered = {0};
    enum paper_block_kind kind = block->kind;
    if (kind == PAPER_HEADING)
        paper_classify_line(block->text, lang, &numbered);
    if (numbered.kind == PAPER_HEADING && numbered.marker_len)
        kind = PAPER_PARAGRAPH;
    compose_begin(composer, kind, kind == PAPER_PARAGRAPH ? 0 : block->level, 0);
    compose_text(composer, block->text);
    if (kind == PAPER_PARAGRAPH || kind == PAPER_HEADING || kind == PAPER_ITEM)
        compose_end_outlined(composer, lang);
    else
        (void)compose_end(composer);
}

enum status format_read_pdf(struct arena *arena, struct str name, struct str bytes,
                            const enum lang *lang, struct str title, struct paper_doc *doc,
                            struct format_left left[FORMAT_LEFT_KINDS], unsigned *pages,
                            struct error *err)
{
    struct see_answer answer;
    struct composer composer = {.arena = arena, .text = {.arena = arena}};
    enum status status = ask(arena, name, bytes, "paper", NULL, &answer, err);
    if (status)
        return status;
    enum lang chosen = lang ? *lang : paper_detect_lang(all_text(arena, &answer));
    for (size_t i = 0; i < answer.nblocks; i++)
        put_block(&composer, &answer.blocks[i], chosen);
    memcpy(left, answer.left, sizeof answer.left);
    *pages = answer.seen.pages;
    return compose_finish(&composer, chosen, title, doc, err);
}

unsigned format_see_version(void)
{
    return WIRE_VERSION;
}
