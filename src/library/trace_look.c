/* How exhibits were read; see trace_look.h. */
#include "library/trace_look.h"

#include <math.h>

#include "base/utf8.h"

static const struct {
    const char *how; /* as struct format_seen says it */
    const char *name, *en, *zh;
} KINDS[LOOK_KINDS] = {
    [LOOK_TEXT] = {"text", "text", "Text", "文本"},
    [LOOK_HTML] = {"HTML", "html", "Web page", "网页"},
    [LOOK_DOCX] = {"DOCX", "docx", "Word document", "Word 文档"},
    [LOOK_ODT] = {"ODT", "odt", "OpenDocument text", "OpenDocument 文本"},
    [LOOK_EPUB] = {"EPUB", "epub", "E-book", "电子书"},
    [LOOK_MAIL] = {"mail", "mail", "Mail", "邮件"},
    [LOOK_PDF] = {"PDF", "pdf", "PDF", "PDF"},
    [LOOK_PICTURE] = {"picture", "picture", "Picture", "图片"},
};

const char *trace_look_name(enum trace_look_kind kind)
{
    return KINDS[kind].name;
}

bool trace_look_parse(struct str name, enum trace_look_kind *kind)
{
    for (enum trace_look_kind k = 0; k < LOOK_KINDS; k++)
        if (str_equal(name, str_of(KINDS[k].name))) {
            *kind = k;
            return true;
        }
    return false;
}

static enum trace_look_kind kind_of(const char *how)
{
    for (enum trace_look_kind k = 0; how && k < LOOK_KINDS; k++)
        if (str_equal(str_of(how), str_of(KINDS[k].how)))
            return k;
    return LOOK_TEXT;
}

/* The mean chance that a character of a text was misread, by what the reader says of each. */
static double doubt_of(const struct paper_seen *seen)
{
    double sum = 0;
    size_t count = 0;
    for (size_t at = 0; seen->doubt && at < seen->text.len; count++) {
        sum += seen->doubt[at] / 255.0;
        (void)utf8_next(seen->text, &at);
    }
    return count ? sum / (double)count : 0;
}

void library_note_looks(struct arena *arena, const struct exhibit *exhibits, size_t count,
                        struct finding *f)
{
    f->looks = arena_array(arena, count + 1, struct trace_look);
    f->nlooks = count;
    for (size_t i = 0; i < count; i++) {
        const struct exhibit *e = &exhibits[i];
        f->looks[i] = (struct trace_look){.digest = e->digest,
                                          .kind = kind_of(e->how),
                                          .pages = e->pages,
                                          .pictured = e->pictured,
                                          .doubt = doubt_of(&e->seen)};
        for (int lang = 0; lang < LANG_COUNT; lang++)
            f->looks[i].read_in[lang] = e->read_in[lang];
    }
}

/* --- words ---------------------------------------------------------------------------------------- */

static const char *languages(const struct trace_look *look, enum lang lang)
{
    if (look->read_in[LANG_ZH] && look->read_in[LANG_EN])
        return lang_pick(lang, " (Chinese and English)", "（中文和英文）");
    if (look->read_in[LANG_ZH])
        return lang_pick(lang, " (Chinese)", "（中文）");
    return look->read_in[LANG_EN] ? lang_pick(lang, " (English)", "（英文）") : "";
}

static void say_recognised(struct buf *out, const struct trace_look *look, enum lang lang)
{
    if (look->pictured && look->pictured < look->pages)
        buf_format(out,
                   lang == LANG_ZH ? "，其中 %u 页经文字识别%s"
                                   : "; letters recognised on %u of them%s",
                   look->pictured, languages(look, lang));
    else if (look->pictured)
        buf_format(out, lang == LANG_ZH ? "，经文字识别%s" : "; letters recognised%s",
                   languages(look, lang));
    else if (look->kind == LOOK_PDF)
        buf_add(out, str_of(lang_pick(lang, "; by the text in it", "，按其文字层读取")));
}

/* How many characters of a hundred may be wrong. */
static void say_doubt(struct buf *out, const struct trace_look *look, enum lang lang)
{
    double wrong = round(look->doubt * 100);
    if (!look->pictured || look->doubt <= 0)
        return;
    if (wrong < 1)
        buf_add(out, str_of(lang_pick(lang, "; fewer than 1 character in 100 is in doubt",
                                      "，每百字存疑不足 1 字")));
    else
        buf_format(out,
                   lang == LANG_ZH ? "，每百字约 %.0f 字可能误认"
                                   : "; about %.0f characters in 100 may be misread",
                   wrong);
}

struct str trace_look_words(struct arena *arena, const struct trace_look *look, enum lang lang)
{
    struct buf out = {.arena = arena};
    buf_add(&out, str_of(lang_pick(lang, KINDS[look->kind].en, KINDS[look->kind].zh)));
    if (look->pages > 1 || (look->pages && look->kind == LOOK_PDF))
        buf_format(&out,
                   lang == LANG_ZH    ? "，%u 页"
                   : look->pages == 1 ? " of %u page"
                                      : " of %u pages",
                   look->pages);
    say_recognised(&out, look, lang);
    say_doubt(&out, look, lang);
    return buf_str(&out);
}
