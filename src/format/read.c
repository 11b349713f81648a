/* Names of formats, which one a text is in, and reading it; see format.h. */
#include "format/format.h"

#include <string.h>
#include <strings.h>

#include "format/internal.h"

static const struct {
    const char *name;
    const char *type;
    enum format_group group;
    const char *en, *zh;
} KINDS[FORMAT_KINDS] = {
    [FORMAT_TEXT] = {"txt", "text/plain; charset=utf-8", FORMAT_PLAIN, "plain text", "纯文本"},
    [FORMAT_MARKDOWN] = {"md", "text/markdown; charset=utf-8", FORMAT_PLAIN, "Markdown",
                         "Markdown"},
    [FORMAT_HTML] = {"html", "text/html; charset=utf-8", FORMAT_PLAIN, "web page", "网页"},
    [FORMAT_DOCX] = {"docx",
                     "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                     FORMAT_OFFICE, "Word document", "Word 文档"},
    [FORMAT_EPUB] = {"epub", "application/epub+zip", FORMAT_OFFICE, "e-book (EPUB)",
                     "电子书（EPUB）"},
    [FORMAT_PDF] = {"pdf", "application/pdf", FORMAT_PRINT, "PDF", "PDF"},
};

static const struct {
    const char *en, *zh;
} GROUPS[FORMAT_GROUPS] = {
    [FORMAT_PLAIN] = {"Plain", "通用"},
    [FORMAT_OFFICE] = {"Office", "办公"},
    [FORMAT_PRINT] = {"Print", "打印"},
};

static const char *const MARKS[] = {
    [FORMAT_MARK_NONE] = "none",
    [FORMAT_MARK_MARGIN] = "margin",
    [FORMAT_MARK_DIAGONAL] = "diagonal",
};

static const struct {
    const char *ending;
    enum format_kind kind;
} ENDINGS[] = {
    {".md", FORMAT_MARKDOWN}, {".markdown", FORMAT_MARKDOWN}, {".mkd", FORMAT_MARKDOWN},
    {".txt", FORMAT_TEXT},    {".text", FORMAT_TEXT},
};

const char *format_name(enum format_kind kind)
{
    return KINDS[kind].name;
}

const char *format_type(enum format_kind kind)
{
    return KINDS[kind].type;
}

const char *format_label(enum format_kind kind, enum lang lang)
{
    return lang_pick(lang, KINDS[kind].en, KINDS[kind].zh);
}

enum format_group format_group_of(enum format_kind kind)
{
    return KINDS[kind].group;
}

const char *format_group_label(enum format_group group, enum lang lang)
{
    return lang_pick(lang, GROUPS[group].en, GROUPS[group].zh);
}

bool format_parse_name(struct str name, enum format_kind *kind)
{
    for (unsigned i = 0; i < FORMAT_KINDS; i++) {
        if (str_equal(name, str_of(KINDS[i].name))) {
            *kind = (enum format_kind)i;
            return true;
        }
    }
    return false;
}

const char *format_mark_name(enum format_mark mark)
{
    return MARKS[mark];
}

bool format_parse_mark(struct str name, enum format_mark *mark)
{
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        if (str_equal(name, str_of(MARKS[i]))) {
            *mark = (enum format_mark)i;
            return true;
        }
    }
    return false;
}

static bool is_atx_heading(struct str line)
{
    size_t marks = 0;
    while (marks < line.len && line.at[marks] == '#')
        marks++;
    return marks >= 1 && marks <= 6 && marks + 1 < line.len && line.at[marks] == ' ';
}

static bool is_table_rule(struct str line)
{
    bool dashes = false;
    bool bars = false;
    for (size_t i = 0; i < line.len; i++) {
        if (!strchr("|-: ", line.at[i]))
            return false;
        dashes |= line.at[i] == '-';
        bars |= line.at[i] == '|';
    }
    return dashes && bars;
}

/* How much a line speaks for Markdown: 2 is proof, two lines with 1 are. */
static unsigned markdown_points(struct str line)
{
    if (is_atx_heading(line) || str_starts(line, STR("```")) || is_table_rule(line))
        return 2;
    bool strong = false;
    size_t open = str_find(line, STR("**"), 0);
    if (open != SIZE_MAX)
        strong = str_find(line, STR("**"), open + 3) != SIZE_MAX;
    return strong || str_find(line, STR("]("), 0) != SIZE_MAX;
}

enum format_kind format_guess(struct str file_name, struct str text)
{
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        size_t len = strlen(ENDINGS[i].ending);
        if (file_name.len > len &&
            strncasecmp(file_name.at + file_name.len - len, ENDINGS[i].ending, len) == 0)
            return ENDINGS[i].kind;
    }
    unsigned points = 0;
    struct str line;
    while (points < 2 && str_split(&text, '\n', &line))
        points += markdown_points(line);
    return points >= 2 ? FORMAT_MARKDOWN : FORMAT_TEXT;
}

enum status format_read(struct arena *arena, struct str text, enum format_kind kind,
                        const enum lang *lang, struct str title, struct paper_doc *doc,
                        struct error *err)
{
    struct composer composer = {.arena = arena, .text = {.arena = arena}};
    buf_reserve(&composer.text, text.len + 1);
    enum lang chosen = lang ? *lang : paper_detect_lang(text);
    switch (kind) {
    case FORMAT_TEXT:
        format_read_text(&composer, text, chosen);
        break;
    case FORMAT_MARKDOWN:
        format_read_markdown(&composer, text, chosen);
        break;
    default:
        return error_set(err, STATUS_USAGE,
                         "Papers are read from plain text and Markdown, not from %s.",
                         "文稿可从纯文本和 Markdown 读入，不能从 %s 读入。", KINDS[kind].name);
    }
    return compose_finish(&composer, chosen, title, doc, err);
}
