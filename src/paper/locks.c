/* What no site may touch: word boundaries, quotations, figures, addresses, names, set phrases.
 *
 * Everything is written into one byte of marks for each byte of the text, so that asking is cheap
 * and overlaps do no harm. Each scanner walks a block once. */
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/lexicon.h"
#include "paper/placeholder.h"

#define MEASURE_HEAD_MAX 90U /* bytes of an opening sentence that reads as a heading */
#define NAME_REACH       36U /* bytes before an organ's last word that may belong to its name */
#define UNIT_REACH       24U

static void lock(struct scene *scene, size_t at, size_t end)
{
    for (size_t i = at; i < end; i++)
        scene->marks[i] |= SCENE_LOCKED;
}

static struct str block_text(const struct scene *scene, const struct paper_block *block)
{
    return str_slice(scene->doc->text, block->at, block->len);
}

/* --- word boundaries --- */

static bool joins_words(char c)
{
    return c == '-' || c == '/' || c == '_' || c == '@' || c == '\\' || c == '&' || c == '#';
}

/* A hyphen or slash makes one English word of two. */
static void close_joined(struct scene *scene, struct str text, size_t base)
{
    for (size_t i = 0; i < text.len; i++)
        if (joins_words(text.at[i]) &&
            ((i > 0 && (unsigned char)text.at[i - 1] > ' ') ||
             (i + 1 < text.len && (unsigned char)text.at[i + 1] > ' '))) {
            scene->marks[base + i] &= (uint8_t)~SCENE_EDGE;
            scene->marks[base + i + 1] &= (uint8_t)~SCENE_EDGE;
        }
}

void scene_find_edges(struct arena *arena, struct scene *scene)
{
    const struct paper_doc *doc = scene->doc;
    for (size_t b = 0; b < doc->nblocks; b++) {
        const struct paper_block *block = &doc->blocks[b];
        size_t from;
        if (!scene_block_open(scene, block, &from))
            continue;
        struct str text = str_slice(doc->text, from, block->at + block->len - from);
        struct words words = unicode_segment(arena, text, scene->chinese);
        scene->marks[from] |= SCENE_EDGE;
        for (size_t i = 0; i < words.count; i++)
            scene->marks[from + words.end[i]] |= SCENE_EDGE;
        if (!scene->chinese)
            close_joined(scene, text, from);
    }
    for (size_t i = 0; i < doc->nruns; i++) {
        scene->marks[doc->runs[i].at] |= SCENE_RUN;
        scene->marks[doc->runs[i].at + doc->runs[i].len] |= SCENE_RUN;
    }
}

/* A measure's opening sentence (一要着力惠民生、兜底线。) is a heading in all but form. */
static size_t after_opening(struct str text, size_t from)
{
    size_t pos = from;
    while (pos < text.len && pos - from < MEASURE_HEAD_MAX)
        if (scene_ends_stretch(utf8_next(text, &pos)))
            return pos;
    return from;
}

bool scene_speaks(const struct scene *scene, const struct paper_block *block)
{
    enum lang tongue = (enum lang)scene->tongues[block - scene->doc->blocks];
    return scene->chinese == (tongue == LANG_ZH);
}

bool scene_block_open(const struct scene *scene, const struct paper_block *block, size_t *from)
{
    size_t marker = block->marker_len < block->len ? block->marker_len : block->len;
    *from = block->at + marker;
    if (block->len == 0 || !scene_speaks(scene, block))
        return false;
    switch (block->kind) {
    case PAPER_MEASURE:
        *from = block->at + after_opening(block_text(scene, block), marker);
        return *from < block->at + block->len;
    case PAPER_PARAGRAPH:
    case PAPER_ITEM:
        return marker < block->len;
    default:
        return false;
    }
}

/* --- quotations and titles --- */

static int bracket_kind(uint32_t code, bool *opens)
{
    static const uint32_t pairs[][2] = {
        {0x201C, 0x201D}, {0x300C, 0x300D}, {0x300E, 0x300F}, {0x300A, 0x300B}, {0x3008, 0x3009},
        {0x3010, 0x3011}, {0x2018, 0x2019}, {'{', '}'},       {'[', ']'},
    };
    for (int i = 0; i < (int)(sizeof pairs / sizeof pairs[0]); i++)
        if (code == pairs[i][0] || code == pairs[i][1])
            return *opens = code == pairs[i][0], i;
    return -1;
}
#define BRACKETS 9

/* A right single quotation mark inside a word is an apostrophe. */
static bool is_apostrophe(struct str text, size_t at, size_t end)
{
    size_t before = at;
    size_t after = end;
    return at > 0 && end < text.len && unicode_is_letter(utf8_before(text, &before)) &&
           unicode_is_letter(utf8_next(text, &after)) && text.at[before] > 0;
}

static void lock_quotations(struct scene *scene, const struct paper_block *block)
{
    struct str text = block_text(scene, block);
    size_t open[BRACKETS];
    size_t straight = SIZE_MAX;
    memset(open, 0xFF, sizeof open);
    for (size_t pos = 0; pos < text.len;) {
        size_t at = pos;
        bool opens = false;
        uint32_t code = utf8_next(text, &pos);
        if (code == '"') {
            if (straight != SIZE_MAX)
                lock(scene, block->at + straight, block->at + pos);
            straight = straight == SIZE_MAX ? at : SIZE_MAX;
            continue;
        }
        int kind = bracket_kind(code, &opens);
        if (kind < 0 || (code == 0x2019 && is_apostrophe(text, at, pos)))
            continue;
        if (opens && open[kind] == SIZE_MAX)
            open[kind] = at;
        if (!opens && open[kind] != SIZE_MAX) {
            lock(scene, block->at + open[kind], block->at + pos);
            open[kind] = SIZE_MAX;
        }
    }
    /* A quotation over several paragraphs opens each and closes only the last. */
    if (open[0] == 0 || open[1] == 0 || straight == 0)
        lock(scene, block->at, block->at + block->len);
}

/* --- figures, addresses, placeholders --- */

static bool is_numeral(uint32_t code)
{
    static const uint32_t numerals[] = {0x3007, 0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                        0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341,
                                        0x767E, 0x5343, 0x4E07, 0x4EBF, 0x4E24};
    for (size_t i = 0; i < sizeof numerals / sizeof numerals[0]; i++)
        if (code == numerals[i])
            return true;
    return false;
}

static bool is_figure_part(uint32_t code)
{
    return unicode_is_digit(code) || code == '.' || code == ',' || code == ':' || code == '-' ||
           code == '/' || code == '%' || code == 0x2030 || code == 0x2103 || code == 0xFF05 ||
           code == 0x2013 || code == '~' || code == 0xFF5E;
}

/* The unit after a figure: 年 月 日 % 万 亿 and one word more, or an English unit or month. */
static size_t after_unit(const struct scene *scene, struct str text, size_t pos)
{
    static const char *const units[] = {
        "per cent", "percent", "million", "billion", "trillion",  "thousand", "dollars",
        "euros",    "pounds",  "yuan",    "january", "february",  "march",    "april",
        "may",      "june",    "july",    "august",  "september", "october",  "november",
        "december", "km",      "kg",      "m",       "cm",        "mm",       "kw",
        "mw",       "gw",      "kwh",     "mwh",     "tonnes",    "tons",     "hectares",
        "miles",    "am",      "pm",      "a.m",     "p.m",       "bn",       "years",
        "months",   "weeks",   "days",    "hours",   "minutes",   "seconds",  "points",
    };
    size_t stop = pos + UNIT_REACH < text.len ? pos + UNIT_REACH : text.len;
    if (!scene->chinese) {
        size_t at = pos < text.len && text.at[pos] == ' ' ? pos + 1 : pos;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
            size_t end = scene_match(scene, str_of(units[i]), at);
            if (end != SIZE_MAX && end <= text.len)
                return end;
        }
        return pos;
    }
    while (pos < stop) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &at);
        if (!is_numeral(code) && code != 0x591A && code != 0x4F59)
            break;
        pos = at;
    }
    while (pos < stop) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &at);
        if (!unicode_is_han(code) && !unicode_is_letter(code) && code != 0xB0)
            return pos;
        pos = at;
        if (scene->marks[pos] & SCENE_EDGE)
            return pos;
    }
    return pos;
}

/* Of text cut at the block's end, so that nothing is seen beyond it. */
static struct str upto(const struct scene *scene, const struct paper_block *block)
{
    return str_slice(scene->doc->text, 0, block->at + block->len);
}

static void lock_figures(struct scene *scene, const struct paper_block *block)
{
    struct str text = upto(scene, block);
    for (size_t pos = block->at; pos < text.len;) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &pos);
        if (!unicode_is_digit(code))
            continue;
        size_t end = pos;
        while (end < text.len && is_figure_part(utf8_next(text, &end)))
            pos = end;
        while (pos > at &&
               (text.at[pos - 1] == ',' || text.at[pos - 1] == '.' || text.at[pos - 1] == ':'))
            pos--;
        size_t unit = after_unit(scene, text, pos);
        /* A lone small English number in running words may be a matter of style (2 or two). */
        if (scene->chinese || unit > pos || pos - at > 2)
            lock(scene, at, unit);
        pos = unit > pos ? unit : pos;
    }
}

/* 二〇三五年, 十四个, 第一: two numerals or more, or one that 第 or a measure makes a figure. */
static void lock_numerals(struct scene *scene, const struct paper_block *block)
{
    const struct str measures = STR("年月日时届次条款项号岁成倍周季");
    struct str text = upto(scene, block);
    for (size_t pos = block->at; pos < text.len;) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &pos);
        bool ordinal = code == 0x7B2C;
        if (!ordinal && !is_numeral(code))
            continue;
        unsigned count = !ordinal;
        size_t end = pos;
        while (end < text.len && is_numeral(utf8_next(text, &end))) {
            pos = end;
            count++;
        }
        struct str next = str_slice(text, pos, 3);
        bool measured = next.len == 3 && str_find(measures, next, 0) != SIZE_MAX;
        if ((ordinal && count) || count > 1 || measured)
            lock(scene, at, after_unit(scene, text, pos));
    }
}

static bool is_latin(uint32_t code)
{
    return code > ' ' && code < 0x250 && code != 0xB7 && code != 0xD7;
}

/* In Chinese every Latin word, address and number; in English addresses and paths. */
static void lock_latin(struct scene *scene, const struct paper_block *block)
{
    struct str text = upto(scene, block);
    for (size_t pos = block->at; pos < text.len;) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &pos);
        if (code == 0xD7)
            lock(scene, at, pos);
        if (!is_latin(code))
            continue;
        size_t end = pos;
        while (end < text.len && is_latin(utf8_next(text, &end)))
            pos = end;
        struct str token = str_slice(text, at, pos - at);
        bool address = memchr(token.at, '@', token.len) ||
                       str_find(token, STR("://"), 0) != SIZE_MAX ||
                       str_starts(token, STR("www.")) || memchr(token.at, '=', token.len) ||
                       memchr(token.at, '\\', token.len) || memchr(token.at, '_', token.len);
        if (address || (scene->chinese && (unicode_is_letter(code) || unicode_is_digit(code))))
            lock(scene, at, pos);
    }
}

/* --- names --- */

/* A capitalised word that no sentence begins with is a name, and so is what is written all in
 * capitals. */
static void lock_capitals(struct scene *scene, const struct paper_block *block)
{
    struct str text = upto(scene, block);
    bool begins = true;
    for (size_t pos = block->at; pos < text.len;) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &pos);
        if (!unicode_is_letter(code)) {
            begins = begins ? !unicode_is_digit(code)
                            : code == '.' || code == '!' || code == '?' || code == ':';
            if (!begins && (code == 0x201C || code == '"' || code == '('))
                begins = true;
            continue;
        }
        unsigned capitals = code >= 'A' && code <= 'Z';
        bool first = capitals;
        unsigned letters = 1;
        for (size_t end = pos; end < text.len; pos = end, letters++) {
            uint32_t c = utf8_next(text, &end);
            if (!unicode_is_letter(c))
                break;
            capitals += c >= 'A' && c <= 'Z';
        }
        if ((first && !begins && letters > 1) || (capitals > 1 && capitals == letters) ||
            (capitals > 1 && capitals < letters))
            lock(scene, at, pos);
        begins = false;
    }
}

/* 国家发展和改革委员会: the 和 belongs to the organ's name. */
static void lock_organs(struct scene *scene, const struct paper_block *block)
{
    static const char *const organs[] = {
        "委员会",   "人民政府", "办公室",   "管理局", "总局",     "有限公司", "股份公司",
        "集团公司", "大学",     "学院",     "研究院", "研究所",   "银行",     "协会",
        "联合会",   "基金会",   "领导小组", "指挥部", "代表大会", "工作会议", "座谈会",
        "推进会",   "论坛",     "法院",     "检察院", "出版社",   "管理条例", "管理办法",
    };
    const struct str stops = STR("，。；：、的在由向把对是和为了到从据经");
    struct str text = upto(scene, block);
    for (size_t i = 0; i < sizeof organs / sizeof organs[0]; i++) {
        struct str organ = str_of(organs[i]);
        for (size_t at = str_find(text, organ, block->at); at != SIZE_MAX;
             at = str_find(text, organ, at + organ.len)) {
            size_t from = at;
            while (from > block->at && at - from < NAME_REACH) {
                size_t before = from;
                (void)utf8_before(text, &before);
                struct str c = str_slice(text, before, from - before);
                bool joint = str_equal(c, STR("和")) && at - from < 4 * 3;
                if (c.len != 3 || (!joint && str_find(stops, c, 0) != SIZE_MAX))
                    break;
                from = before;
            }
            lock(scene, from, at + organ.len);
        }
    }
}

/* --- phrases of the lexicon --- */

static void keep_whole(struct scene *scene, size_t at, size_t end)
{
    for (size_t i = at + 1; i < end; i++)
        scene->marks[i] &= (uint8_t)~SCENE_EDGE;
}

static void lock_phrases(struct scene *scene, const struct paper_block *block)
{
    const struct lexicon_book *book = scene->book;
    struct str text = upto(scene, block);
    for (size_t pos = block->at; pos < text.len;) {
        size_t at = pos;
        uint32_t code = utf8_next(text, &pos);
        if (!scene->chinese && !(scene->marks[at] & SCENE_EDGE))
            continue;
        for (uint32_t f = book->chain[lexicon_bucket(code)]; f != LEXICON_NONE;
             f = book->forms[f].next) {
            const struct lexicon_form *form = &book->forms[f];
            if (form->kind != LEXICON_LOCKS && form->kind != LEXICON_GUARD)
                continue;
            size_t end = scene_match(scene, form->text, at);
            if (end == SIZE_MAX || end > text.len)
                continue;
            if (form->kind == LEXICON_LOCKS)
                lock(scene, at, end);
            else
                keep_whole(scene, at, end);
        }
    }
}

static void lock_placeholders(struct arena *arena, struct scene *scene)
{
    struct placeholder *list;
    size_t count;
    paper_find_placeholders(arena, scene->doc, &list, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t at = list[i].at; at < list[i].at + list[i].len; at++)
            scene->marks[at] |= SCENE_LOCKED | SCENE_BLANK;
}

void scene_find_locks(struct arena *arena, struct scene *scene)
{
    const struct paper_doc *doc = scene->doc;
    for (size_t b = 0; b < doc->nblocks; b++) {
        const struct paper_block *block = &doc->blocks[b];
        size_t from;
        if (!scene_speaks(scene, block))
            continue;
        if (!scene_block_open(scene, block, &from)) {
            lock(scene, block->at, block->at + block->len);
            continue;
        }
        lock(scene, block->at, from);
        lock_quotations(scene, block);
        lock_figures(scene, block);
        lock_latin(scene, block);
        lock_phrases(scene, block);
        if (scene->chinese) {
            lock_numerals(scene, block);
            lock_organs(scene, block);
        } else {
            lock_capitals(scene, block);
        }
    }
    lock_placeholders(arena, scene);
    for (size_t i = 0; i < doc->nruns; i++)
        if (doc->runs[i].kind == PAPER_CODE_SPAN || doc->runs[i].kind == PAPER_LINK)
            lock(scene, doc->runs[i].at, doc->runs[i].at + doc->runs[i].len);
}
