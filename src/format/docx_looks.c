/* Styles and numbers of Word documents (ECMA-376 part 1, 17.7 and 17.9); see docx_looks.h. */
#include "format/docx_looks.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#define BASED_MOST  16U /* styles that one may be based on, one on the other */
#define LISTS_MOST  4096U
#define STYLES_MOST 8192U
#define HAN_MOST    9999U

/* --- styles --------------------------------------------------------------------------------------- */

static struct docx_style *add_style(struct docx_looks *looks)
{
    looks->styles =
        arena_one_more(looks->arena, looks->styles, looks->nstyles, sizeof *looks->styles);
    looks->styles[looks->nstyles] = (struct docx_style){0};
    return &looks->styles[looks->nstyles++];
}

/* Names of the styles that every Word has are English in the file, whatever language it was written in. */
static void take_name(struct docx_style *style, struct str name)
{
    if (name.len == 9 && strncasecmp(name.at, "heading ", 8) == 0 && name.at[8] >= '1' &&
        name.at[8] <= '9')
        style->outline = (unsigned)(name.at[8] - '0');
    style->title = name.len == 5 && strncasecmp(name.at, "title", 5) == 0;
    style->contents = name.len >= 5 && strncasecmp(name.at, "toc ", 4) == 0;
}

static void take_style_node(struct docx_looks *looks, struct xml *xml, struct docx_style *style)
{
    struct arena *arena = looks->arena;
    docx_take_above(arena, xml, &style->above);
    if (xml_begins(xml, "name"))
        take_name(style, xml_attribute(arena, xml, "val"));
    else if (xml_begins(xml, "basedOn"))
        style->based = xml_attribute(arena, xml, "val");
    else if (xml_begins(xml, "outlineLvl"))
        style->outline = xml_number(xml_attribute(arena, xml, "val")) + 1;
    else if (xml_begins(xml, "sz"))
        style->size = xml_number(xml_attribute(arena, xml, "val"));
    else if (xml_begins(xml, "spacing") && xml_attribute(arena, xml, "val").len)
        style->letters = xml_attribute(arena, xml, "val");
    else if (xml_begins(xml, "numId"))
        style->list = xml_attribute(arena, xml, "val");
    else if (xml_begins(xml, "ilvl"))
        style->level = xml_number(xml_attribute(arena, xml, "val"));
}

static bool read_styles(struct docx_looks *looks, struct str part)
{
    struct xml xml = xml_open(part);
    struct docx_style *style = NULL;
    while (xml_next(&xml)) {
        if (xml_begins(&xml, "style") && looks->nstyles < STYLES_MOST) {
            style = add_style(looks);
            style->id = xml_attribute(looks->arena, &xml, "styleId");
            if (str_equal(xml_attribute(looks->arena, &xml, "default"), STR("1")) &&
                str_equal(xml_attribute(looks->arena, &xml, "type"), STR("paragraph")))
                looks->normal = style->id;
        }
        take_style_node(looks, &xml, style ? style : &looks->defaults);
        if (xml_ends(&xml, "style"))
            style = NULL;
    }
    return xml_close(&xml);
}

static const struct docx_style *style_called(const struct docx_looks *looks, struct str id)
{
    return package_find(looks->styles, looks->nstyles, sizeof *looks->styles, id);
}

struct docx_style docx_find_style(const struct docx_looks *looks, struct str id)
{
    struct docx_style found = {.id = id};
    const struct docx_style *style = style_called(looks, id);
    for (unsigned i = 0; style && i < BASED_MOST; i++) {
        found.title = found.title || (i == 0 && style->title);
        found.contents = found.contents || style->contents;
        if (!found.outline)
            found.outline = style->outline;
        if (!found.list.len) {
            found.list = style->list;
            found.level = style->level;
        }
        style = style_called(looks, style->based);
    }
    if (found.outline > DOCX_LEVELS)
        found.outline = 0; /* "body text" is the tenth level */
    return found;
}

int docx_twentieths(struct str text)
{
    bool less = str_starts(text, STR("-"));
    int number = (int)xml_number(str_slice(text, less, text.len));
    return less ? -number : number;
}

static void fill(struct str *text, struct str with)
{
    *text = text->len ? *text : with;
}

/* Lines that were said for a space go with it; beside another they would come to something else. */
void docx_fill_above(struct docx_above *above, const struct docx_above *with)
{
    if (!above->lines.len)
        above->paired = with->paired && !above->before.len;
    fill(&above->lines, with->lines);
    fill(&above->before, with->before);
    fill(&above->itself, with->itself);
    fill(&above->joined, with->joined);
    fill(&above->after, with->after);
    fill(&above->after_lines, with->after_lines);
    fill(&above->after_itself, with->after_itself);
}

void docx_take_above(struct arena *arena, struct xml *xml, struct docx_above *above)
{
    struct docx_above said = {0};
    if (xml_begins(xml, "spacing")) {
        said.before = xml_attribute(arena, xml, "before");
        said.lines = xml_attribute(arena, xml, "beforeLines");
        said.itself = xml_attribute(arena, xml, "beforeAutospacing");
        said.paired = said.before.len && said.lines.len;
        said.after = xml_attribute(arena, xml, "after");
        said.after_lines = xml_attribute(arena, xml, "afterLines");
        said.after_itself = xml_attribute(arena, xml, "afterAutospacing");
    } else if (xml_begins(xml, "contextualSpacing")) {
        struct str value = xml_attribute(arena, xml, "val");
        said.joined = value.len ? value : STR("1");
    }
    docx_fill_above(above, &said);
}

static bool is_off(struct str value)
{
    static const char *const OFF[] = {"", "0", "false", "off"};
    bool off = false;
    for (size_t i = 0; i < sizeof OFF / sizeof *OFF; i++)
        off = off || str_equal(value, str_of(OFF[i]));
    return off;
}

unsigned docx_below(const struct docx_above *above)
{
    return is_off(above->after_itself) && is_off(above->after_lines) ? xml_number(above->after)
                                                                     : UINT_MAX;
}

bool docx_above_is_plain(const struct docx_above *above)
{
    bool lined = above->lines.len && !str_equal(above->lines, STR("0"));
    return is_off(above->itself) && (!lined || above->paired);
}

bool docx_above_is_joined(const struct docx_above *above)
{
    return !is_off(above->joined);
}

static void fill_set(struct docx_set *set, const struct docx_style *style)
{
    set->size = set->size ? set->size : style->size;
    fill(&set->letters, style->letters);
    docx_fill_above(&set->above, &style->above);
}

static void fill_from(struct docx_set *set, const struct docx_looks *looks,
                      const struct docx_style *style)
{
    for (unsigned i = 0; style && i < BASED_MOST; i++) {
        fill_set(set, style);
        style = style_called(looks, style->based);
    }
}

struct docx_set docx_find_set(const struct docx_looks *looks, struct str paragraph, struct str run)
{
    struct docx_set set = {0};
    const struct docx_style *style = style_called(looks, paragraph.len ? paragraph : looks->normal);
    if (run.len)
        fill_from(&set, looks, style_called(looks, run));
    fill_from(&set, looks, style);
    fill_set(&set, &looks->defaults);
    set.known = style || !paragraph.len;
    set.size = set.size ? set.size : DOCX_SIZE;
    return set;
}

/* --- lists ---------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum docx_figures figures;
} FIGURES[] = {
    {"bullet", DOCX_BULLET},
    {"none", DOCX_NONE},
    {"chineseCounting", DOCX_HAN},
    {"chineseCountingThousand", DOCX_HAN},
    {"chineseLegalSimplified", DOCX_HAN},
    {"japaneseCounting", DOCX_HAN},
    {"ideographDigital", DOCX_HAN},
    {"taiwaneseCountingThousand", DOCX_HAN},
    {"lowerLetter", DOCX_LETTER},
    {"upperLetter", DOCX_CAPITAL},
    {"lowerRoman", DOCX_ROMAN},
    {"upperRoman", DOCX_CAPITAL_ROMAN},
};

static enum docx_figures figures_called(struct str name)
{
    for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++)
        if (str_equal(name, str_of(FIGURES[i].name)))
            return FIGURES[i].figures;
    return DOCX_DECIMAL;
}

static struct docx_list *add_list(struct docx_looks *looks)
{
    looks->lists = arena_one_more(looks->arena, looks->lists, looks->nlists, sizeof *looks->lists);
    struct docx_list *list = &looks->lists[looks->nlists++];
    *list = (struct docx_list){0};
    for (unsigned i = 0; i < DOCX_LEVELS; i++)
        list->levels[i].start = 1;
    return list;
}

static struct docx_number *add_number(struct docx_looks *looks)
{
    looks->numbers =
        arena_one_more(looks->arena, looks->numbers, looks->nnumbers, sizeof *looks->numbers);
    looks->numbers[looks->nnumbers] = (struct docx_number){0};
    return &looks->numbers[looks->nnumbers++];
}

struct listing {
    struct docx_list *list;
    struct docx_level *level;
    struct docx_number *number;
};

static void take_list_node(struct docx_looks *looks, struct xml *xml, struct listing *in)
{
    struct arena *arena = looks->arena;
    if (xml_begins(xml, "abstractNum") && looks->nlists < LISTS_MOST) {
        in->list = add_list(looks);
        in->list->id = xml_attribute(arena, xml, "abstractNumId");
    } else if (xml_begins(xml, "num") && looks->nnumbers < LISTS_MOST) {
        in->number = add_number(looks);
        in->number->id = xml_attribute(arena, xml, "numId");
    } else if (xml_begins(xml, "abstractNumId") && in->number) {
        in->number->list = xml_attribute(arena, xml, "val");
    } else if (xml_begins(xml, "lvl") && in->list) {
        unsigned at = xml_number(xml_attribute(arena, xml, "ilvl"));
        in->level = at < DOCX_LEVELS ? &in->list->levels[at] : NULL;
    } else if (!in->level) {
        return;
    } else if (xml_begins(xml, "start")) {
        in->level->start = xml_number(xml_attribute(arena, xml, "val"));
    } else if (xml_begins(xml, "numFmt")) {
        in->level->figures = figures_called(xml_attribute(arena, xml, "val"));
    } else if (xml_begins(xml, "lvlText")) {
        in->level->text = xml_attribute(arena, xml, "val");
    }
}

static bool read_lists(struct docx_looks *looks, struct str part)
{
    struct xml xml = xml_open(part);
    struct listing in = {0};
    while (xml_next(&xml)) {
        take_list_node(looks, &xml, &in);
        if (xml_ends(&xml, "lvl"))
            in.level = NULL;
        if (xml_ends(&xml, "abstractNum"))
            in.list = NULL;
        if (xml_ends(&xml, "num"))
            in.number = NULL;
    }
    return xml_close(&xml);
}

bool docx_read_looks(struct docx_looks *looks, struct arena *arena, struct str styles,
                     struct str numbering)
{
    *looks = (struct docx_looks){.arena = arena};
    bool good = read_styles(looks, styles) && read_lists(looks, numbering);
    package_sort(looks->styles, looks->nstyles, sizeof *looks->styles);
    package_sort(looks->lists, looks->nlists, sizeof *looks->lists);
    package_sort(looks->numbers, looks->nnumbers, sizeof *looks->numbers);
    return good;
}

/* --- numbers -------------------------------------------------------------------------------------- */

/* 1 to 9,999: 一, 十二, 一百零五, 三千零二十. */
static void write_han(struct buf *out, unsigned n)
{
    static const char *const DIGITS[] = {"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    static const char *const PLACES[] = {"", "十", "百", "千"};
    bool any = false;
    bool gap = false;
    for (unsigned place = 4, unit = 1000; place-- > 0; unit /= 10) {
        unsigned digit = n / unit % 10;
        if (!digit) {
            gap = any;
            continue;
        }
        if (gap)
            buf_add(out, str_of(DIGITS[0]));
        if (!(digit == 1 && place == 1 && !any)) /* 十二, not 一十二 */
            buf_add(out, str_of(DIGITS[digit]));
        buf_add(out, str_of(PLACES[place]));
        any = true;
        gap = false;
    }
}

static void write_roman(struct buf *out, unsigned n, bool capital)
{
    static const struct {
        unsigned value;
        const char *small, *capital;
    } PARTS[] = {{1000, "m", "M"}, {900, "cm", "CM"}, {500, "d", "D"}, {400, "cd", "CD"},
                 {100, "c", "C"},  {90, "xc", "XC"},  {50, "l", "L"},  {40, "xl", "XL"},
                 {10, "x", "X"},   {9, "ix", "IX"},   {5, "v", "V"},   {4, "iv", "IV"},
                 {1, "i", "I"}};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        for (; n >= PARTS[i].value; n -= PARTS[i].value)
            buf_add(out, str_of(capital ? PARTS[i].capital : PARTS[i].small));
}

/* a … z, aa, bb …, as Word counts. */
static void write_letters(struct buf *out, unsigned n, char first)
{
    for (unsigned i = 0; i <= (n - 1) / 26; i++)
        buf_add_byte(out, (char)(first + (char)((n - 1) % 26)));
}

static void write_number(struct buf *out, enum docx_figures figures, unsigned n)
{
    bool writable = n > 0 && n <= HAN_MOST;
    if (figures == DOCX_BULLET || figures == DOCX_NONE)
        return;
    if (figures == DOCX_HAN && writable)
        write_han(out, n);
    else if ((figures == DOCX_ROMAN || figures == DOCX_CAPITAL_ROMAN) && writable)
        write_roman(out, n, figures == DOCX_CAPITAL_ROMAN);
    else if ((figures == DOCX_LETTER || figures == DOCX_CAPITAL) && writable && n <= 260)
        write_letters(out, n, figures == DOCX_LETTER ? 'a' : 'A');
    else
        buf_format(out, "%u", n);
}

static struct docx_list *list_of(struct docx_looks *looks, struct str number)
{
    const struct docx_number *found =
        package_find(looks->numbers, looks->nnumbers, sizeof *looks->numbers, number);
    return found ? package_find(looks->lists, looks->nlists, sizeof *looks->lists, found->list)
                 : NULL;
}

/* One more at this level; those below begin anew. */
static void count_one(struct docx_list *list, unsigned level)
{
    for (unsigned i = 0; i < level; i++)
        if (!list->begun[i]) {
            list->begun[i] = true;
            list->count[i] = list->levels[i].start;
        }
    list->count[level] = list->begun[level] ? list->count[level] + 1 : list->levels[level].start;
    list->begun[level] = true;
    for (unsigned i = level + 1; i < DOCX_LEVELS; i++)
        list->begun[i] = false;
}

struct str docx_count(struct docx_looks *looks, struct str number, unsigned level,
                      const struct docx_level **level_out, unsigned *ordinal)
{
    struct buf out = {.arena = looks->arena};
    struct docx_list *list = list_of(looks, number);
    *level_out = NULL;
    *ordinal = 0;
    if (!list || level >= DOCX_LEVELS)
        return STR("");
    count_one(list, level);
    *level_out = &list->levels[level];
    *ordinal = list->count[level];
    struct str text = list->levels[level].text;
    if (list->levels[level].figures == DOCX_BULLET)
        return STR("");
    for (size_t i = 0; i < text.len; i++) {
        unsigned at = i + 1 < text.len ? (unsigned)(text.at[i + 1] - '1') : DOCX_LEVELS;
        if (text.at[i] != '%' || at >= DOCX_LEVELS) {
            buf_add_byte(&out, text.at[i]);
            continue;
        }
        if (at <= level)
            write_number(&out, list->levels[at].figures, list->count[at]);
        i++;
    }
    return buf_str(&out);
}
