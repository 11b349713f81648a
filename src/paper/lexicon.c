/* Reads lexicon files (format: lexicon/README.md) into books that the site finder can ask quickly.
 *
 * A file is read in two passes, lists first, so that a list may be named before it is defined. Only
 * when the whole file is sound is anything added. */
#include "paper/lexicon.h"

#include <string.h>

#include "base/utf8.h"

#define LIST_MAX   4096U
#define LIST_DEPTH 8

struct list {
    struct str name;
    struct str body;
    struct lexicon_values values;
    bool ready;
    unsigned line;
};

struct reader {
    struct arena *arena;
    struct str name;
    enum lang lang;
    enum lexicon_kind kind;
    unsigned line;
    struct list *lists;
    size_t nlists;
    struct error *err;
};

static const char *const kind_names[LEXICON_KINDS] = {"word",  "order", "punct",
                                                      "glyph", "locks", "guard"};

struct paper_lexicon *paper_lexicon_make(struct arena *arena)
{
    struct paper_lexicon *lexicon = arena_new(arena, struct paper_lexicon);
    lexicon->arena = arena;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (unsigned i = 0; i <= LEXICON_BUCKETS; i++)
            lexicon->book[lang].chain[i] = LEXICON_NONE;
    return lexicon;
}

size_t paper_lexicon_count(const struct paper_lexicon *lexicon, enum lang lang)
{
    const struct lexicon_book *book = &lexicon->book[lang];
    size_t count = 0;
    for (size_t i = 0; i < book->nentries; i++)
        count += book->entries[i].kind != LEXICON_GLYPH;
    return count;
}

uint32_t lexicon_bucket(uint32_t code)
{
    if (code >= 'A' && code <= 'Z')
        code += 'a' - 'A';
    return (code * 2654435761U) >> 21;
}

/* A mistake in the file, with its place; both texts are literals. */
#define FAIL(reader, en, zh)                                                                    \
    error_set((reader)->err, STATUS_INPUT, "%.*s, line %u: " en ".", "%.*s 第 %u 行：" zh "。", \
              STR_ARG((reader)->name), (reader)->line)

/* --- file name --- */

static enum status read_name(struct reader *reader)
{
    struct str name = reader->name;
    for (size_t i = name.len; i > 0; i--)
        if (name.at[i - 1] == '/') {
            name = str_slice(name, i, name.len);
            break;
        }
    if (name.len > 3 && name.at[2] == '-' && lang_parse(str_slice(name, 0, 2), &reader->lang)) {
        struct str kind = str_slice(name, 3, name.len);
        if (str_ends(kind, STR(".txt")))
            kind.len -= 4;
        for (int i = 0; i < LEXICON_KINDS; i++)
            if (str_equal(kind, str_of(kind_names[i])))
                return reader->kind = (enum lexicon_kind)i, STATUS_OK;
    }
    return error_set(reader->err, STATUS_INPUT,
                     "%.*s is no lexicon file: the name must be like zh-word.txt or en-locks.txt.",
                     "%.*s 不是词库文件：文件名应如 zh-word.txt、en-locks.txt。",
                     STR_ARG(reader->name));
}

/* --- pieces of a line --- */

static struct str unescape(struct arena *arena, struct str s)
{
    if (!s.len || !memchr(s.at, '\\', s.len))
        return s;
    struct buf buf = {.arena = arena};
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\\' && i + 1 < s.len)
            i++;
        buf_add_byte(&buf, s.at[i] == '_' && i && s.at[i - 1] == '\\' ? ' ' : s.at[i]);
    }
    return buf_str(&buf);
}

/* Offset of the first of two bytes that no backslash precedes, or SIZE_MAX. */
static size_t find_bare(struct str s, char one, char two)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\\')
            i++;
        else if (s.at[i] == one || s.at[i] == two)
            return i;
    }
    return SIZE_MAX;
}

static bool take_value(struct str *rest, struct str *value)
{
    if (rest->len == 0)
        return false;
    size_t bar = find_bare(*rest, '|', '|');
    size_t len = bar == SIZE_MAX ? rest->len : bar;
    *value = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, len + (bar != SIZE_MAX), rest->len);
    return true;
}

static struct list *find_list(struct reader *reader, struct str name)
{
    for (size_t i = 0; i < reader->nlists; i++)
        if (str_equal(reader->lists[i].name, name))
            return &reader->lists[i];
    return NULL;
}

static enum status read_values(struct reader *reader, struct str body, int depth,
                               struct lexicon_values *values);

static enum status read_list(struct reader *reader, struct str name, int depth,
                             struct lexicon_values *values)
{
    struct list *list = find_list(reader, name);
    if (!list)
        return FAIL(reader, "a list that is named here with @ is not defined in this file",
                    "这里用 @ 引用的词表在本文件中没有定义");
    if (depth > LIST_DEPTH)
        return FAIL(reader, "lists name each other too deeply", "词表互相引用过深");
    if (!list->ready) {
        enum status status = read_values(reader, list->body, depth + 1, &list->values);
        if (status)
            return status;
        list->ready = true;
    }
    *values = list->values;
    return STATUS_OK;
}

/* A body that is one list's name gives that list's own values, so that who asks again for the same
 * list can tell by the address. */
static enum status read_values(struct reader *reader, struct str body, int depth,
                               struct lexicon_values *values)
{
    size_t cap = 8;
    size_t count = 0;
    if (body.len > 1 && body.at[0] == '@' && find_bare(body, '|', '|') == SIZE_MAX)
        return read_list(reader, str_slice(body, 1, body.len), depth, values);
    struct str *all = arena_array(reader->arena, cap, struct str);
    struct str value;
    while (take_value(&body, &value)) {
        struct lexicon_values more = {&value, 1};
        if (value.len == 0)
            return FAIL(reader, "an empty value stands in a list", "词表中有空项");
        if (value.at[0] == '@' && value.len > 1) {
            enum status status = read_list(reader, str_slice(value, 1, value.len), depth, &more);
            if (status)
                return status;
        } else {
            value = unescape(reader->arena, value);
        }
        if (count + more.count > LIST_MAX)
            return FAIL(reader, "a list has more than 4096 values", "词表超过 4096 项");
        while (count + more.count > cap) {
            all = arena_grow(reader->arena, all, cap * sizeof *all, 2 * cap * sizeof *all);
            cap *= 2;
        }
        for (size_t i = 0; i < more.count; i++)
            all[count++] = more.at[i];
    }
    *values = (struct lexicon_values){all, count};
    return count ? STATUS_OK : FAIL(reader, "a list is empty", "词表为空");
}

static enum status read_condition(struct reader *reader, struct str word,
                                  struct lexicon_condition *condition)
{
    static const struct {
        const char *word;
        enum lexicon_test test;
        bool wanted, values;
    } tests[] = {
        {"next=", TEST_NEXT, true, true},     {"next!=", TEST_NEXT, false, true},
        {"prev=", TEST_PREV, true, true},     {"prev!=", TEST_PREV, false, true},
        {"after=", TEST_AFTER, true, true},   {"after!=", TEST_AFTER, false, true},
        {"before=", TEST_BEFORE, true, true}, {"before!=", TEST_BEFORE, false, true},
        {"has=", TEST_HAS, true, true},       {"has!=", TEST_HAS, false, true},
        {"text=", TEST_TEXT, true, true},     {"text!=", TEST_TEXT, false, true},
        {"opens=", TEST_OPENS, true, true},   {"opens!=", TEST_OPENS, false, true},
        {"start", TEST_START, true, false},   {"start!", TEST_START, false, false},
        {"end", TEST_END, true, false},       {"end!", TEST_END, false, false},
        {"alone", TEST_ALONE, true, false},
    };
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        struct str want = str_of(tests[i].word);
        if (tests[i].values ? !str_starts(word, want) : !str_equal(word, want))
            continue;
        condition->test = tests[i].test;
        condition->wanted = tests[i].wanted;
        if (!tests[i].values)
            return STATUS_OK;
        return read_values(reader, str_slice(word, want.len, word.len), 0, &condition->values);
    }
    return FAIL(reader, "the context holds something that is no condition",
                "语境一栏中有不认识的条件");
}

static enum status read_context(struct reader *reader, struct str context,
                                struct lexicon_entry *entry)
{
    if (str_equal(context, STR("-")))
        return STATUS_OK;
    size_t most = 1;
    for (size_t i = 0; i < context.len; i++)
        most += context.at[i] == ' ';
    struct lexicon_condition *conditions =
        arena_array(reader->arena, most, struct lexicon_condition);
    struct str word;
    while (str_split(&context, ' ', &word)) {
        if (word.len == 0)
            continue;
        enum status status = read_condition(reader, word, &conditions[entry->nconditions++]);
        if (status)
            return status;
    }
    entry->conditions = conditions;
    if (entry->nconditions == 0)
        return FAIL(reader, "the context is empty; write - for none", "语境一栏为空；没有条件写 -");
    return STATUS_OK;
}

static enum status read_entry(struct reader *reader, const struct str field[4],
                              struct lexicon_entry *entry)
{
    size_t bar = find_bare(field[0], '/', '>');
    if (bar == SIZE_MAX)
        return FAIL(reader, "the first field must be two alternatives a/b or a>b",
                    "第一栏应为两个变体，写作 a/b 或 a>b");
    entry->kind = reader->kind;
    entry->line = reader->line;
    entry->one_way = field[0].at[bar] == '>';
    entry->alt[0] = unescape(reader->arena, str_slice(field[0], 0, bar));
    entry->alt[1] = unescape(reader->arena, str_slice(field[0], bar + 1, field[0].len));
    if (str_equal(entry->alt[0], entry->alt[1]))
        return FAIL(reader, "both alternatives are the same", "两个变体相同");
    if (reader->kind >= LEXICON_GLYPH || reader->kind == LEXICON_ORDER)
        if (!entry->alt[0].len || !entry->alt[1].len)
            return FAIL(reader, "an alternative is empty", "有一个变体为空");
    if (str_starts(field[1], STR("paper:")) && field[1].len > 6)
        entry->family = str_slice(field[1], 6, field[1].len);
    else if (!str_equal(field[1], STR("each")) && !str_equal(field[1], STR("paper")))
        return FAIL(reader, "the second field must be each, paper or paper:NAME",
                    "第二栏应为 each、paper 或 paper:名称");
    entry->paper = field[1].at[0] == 'p';
    entry->rule = str_format(reader->arena, "%s:%.*s", lang_code(reader->lang), STR_ARG(field[0]));
    return read_context(reader, field[2], entry);
}

/* --- books --- */

static bool condition_given(const struct lexicon_entry *entry, enum lexicon_test one,
                            enum lexicon_test two)
{
    for (size_t i = 0; i < entry->nconditions; i++)
        if (entry->conditions[i].wanted &&
            (entry->conditions[i].test == one || entry->conditions[i].test == two))
            return true;
    return false;
}

static void add_form(struct paper_lexicon *lexicon, enum lang lang, struct lexicon_form form,
                     bool anywhere)
{
    struct lexicon_book *book = &lexicon->book[lang];
    book->forms = arena_one_more(lexicon->arena, book->forms, book->nforms, sizeof *book->forms);
    if (lang == LANG_EN && form.text.len) {
        struct str lower = str_copy(lexicon->arena, form.text);
        for (char *c = (char *)lower.at; c < lower.at + lower.len; c++)
            if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c + ('a' - 'A'));
        form.text = lower;
    }
    size_t pos = 0;
    uint32_t *link =
        &book->chain[anywhere ? LEXICON_ANYWHERE : lexicon_bucket(utf8_next(form.text, &pos))];
    while (*link != LEXICON_NONE && book->forms[*link].text.len >= form.text.len)
        link = &book->forms[*link].next;
    form.next = *link;
    *link = (uint32_t)book->nforms;
    book->forms[book->nforms++] = form;
}

/* A value whose first letter is not the text's: *ing, #, $. */
static bool is_pattern(struct str value, enum lang lang)
{
    return str_equal(value, STR("$")) ||
           (lang == LANG_EN && (value.at[0] == '*' || value.at[0] == '#'));
}

/* An absent alternative is recognised by what follows it. */
static void add_absent(struct paper_lexicon *lexicon, enum lang lang, uint32_t index, uint8_t side)
{
    const struct lexicon_entry *entry = &lexicon->book[lang].entries[index];
    if (!condition_given(entry, TEST_PREV, TEST_START) ||
        !condition_given(entry, TEST_NEXT, TEST_END))
        return;
    struct lexicon_form form = {.kind = entry->kind, .entry = index, .side = side, .absent = true};
    const struct lexicon_condition *next = NULL;
    for (size_t i = 0; i < entry->nconditions && !next; i++)
        if (entry->conditions[i].test == TEST_NEXT && entry->conditions[i].wanted)
            next = &entry->conditions[i];
    bool pattern = !next;
    for (size_t i = 0; next && i < next->values.count; i++) {
        form.text = next->values.at[i];
        if (is_pattern(form.text, lang))
            pattern = true;
        else
            add_form(lexicon, lang, form, false);
    }
    form.text = (struct str){"", 0};
    if (pattern)
        add_form(lexicon, lang, form, true);
}

/* The first entry of the same family, or the entry that is about to be added. */
static uint32_t find_kin(const struct lexicon_book *book, struct str family)
{
    for (uint32_t i = 0; i < book->nentries && family.len; i++)
        if (book->entries[i].kin == i && str_equal(book->entries[i].family, family))
            return i;
    return (uint32_t)book->nentries;
}

static void add_entry(struct paper_lexicon *lexicon, enum lang lang,
                      const struct lexicon_entry *entry)
{
    struct lexicon_book *book = &lexicon->book[lang];
    book->entries =
        arena_one_more(lexicon->arena, book->entries, book->nentries, sizeof *book->entries);
    uint32_t index = (uint32_t)book->nentries;
    uint32_t kin = find_kin(book, entry->family);
    book->entries[index] = *entry;
    book->entries[index].kin = kin;
    book->nentries++;
    for (uint8_t side = 0; side < (entry->one_way ? 1 : 2); side++) {
        struct lexicon_form form = {
            .kind = entry->kind, .entry = index, .side = side, .text = entry->alt[side]};
        if (form.text.len)
            add_form(lexicon, lang, form, false);
        else
            add_absent(lexicon, lang, index, side);
    }
}

/* --- the file --- */

static bool says_nothing(struct str line)
{
    struct str text = str_trim(line);
    return text.len == 0 || text.at[0] == '#';
}

static struct str take_line(struct str *rest)
{
    struct str line = {"", 0};
    (void)str_split(rest, '\n', &line);
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static enum status read_lists(struct reader *reader, struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '@' && (i == 0 || text.at[i - 1] == '\n');
    reader->lists = arena_array(reader->arena, count, struct list);
    for (reader->line = 1; text.len; reader->line++) {
        struct str line = take_line(&text);
        if (line.len == 0 || line.at[0] != '@')
            continue;
        size_t tab = find_bare(line, '\t', '\t');
        if (tab == SIZE_MAX || tab < 2 || tab + 1 == line.len)
            return FAIL(reader, "a list is written @name, TAB, its values parted by |",
                        "词表应写作 @名称、制表符、以 | 分隔的各项");
        struct list list = {.name = str_slice(line, 1, tab - 1),
                            .body = str_trim(str_slice(line, tab + 1, line.len)),
                            .line = reader->line};
        if (find_list(reader, list.name))
            return FAIL(reader, "a list of this name is defined already", "同名词表已经定义");
        reader->lists[reader->nlists++] = list;
    }
    return STATUS_OK;
}

static enum status read_fields(struct reader *reader, struct str line, struct str field[4])
{
    size_t want = reader->kind >= LEXICON_LOCKS ? 2 : 4;
    size_t got = 0;
    while (got < 4 && str_split(&line, '\t', &field[got]))
        got++;
    if (got < want || field[0].len == 0)
        return want == 2 ? FAIL(reader, "two fields are needed: phrase, TAB, reason",
                                "应有两栏：词语、制表符、理由")
                         : FAIL(reader, "four fields are needed, parted by TAB",
                                "应有四栏，以制表符分隔");
    return STATUS_OK;
}

struct found {
    struct lexicon_entry *entries;
    struct str *phrases;
    size_t nentries, nphrases;
};

static enum status read_lines(struct reader *reader, struct str text, struct found *found)
{
    size_t most = 1;
    for (size_t i = 0; i < text.len; i++)
        most += text.at[i] == '\n';
    found->entries = arena_array(reader->arena, most, struct lexicon_entry);
    found->phrases = arena_array(reader->arena, most, struct str);
    for (reader->line = 1; text.len; reader->line++) {
        struct str line = take_line(&text);
        struct str field[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
        if (says_nothing(line) || line.at[0] == '@')
            continue;
        enum status status = read_fields(reader, line, field);
        if (!status && reader->kind >= LEXICON_LOCKS)
            found->phrases[found->nphrases++] = unescape(reader->arena, field[0]);
        else if (!status)
            status = read_entry(reader, field, &found->entries[found->nentries++]);
        if (status)
            return status;
    }
    return STATUS_OK;
}

enum status paper_lexicon_add(struct paper_lexicon *lexicon, struct str name, struct str text,
                              struct error *err)
{
    struct reader reader = {.arena = lexicon->arena, .name = name, .err = err};
    struct found found = {0};
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.len);
    enum status status = read_name(&reader);
    size_t bad = utf8_first_bad(text);
    if (!status && bad != SIZE_MAX) {
        reader.line = 1;
        for (size_t i = 0; i < bad; i++)
            reader.line += text.at[i] == '\n';
        status = FAIL(&reader, "the text is not UTF-8", "文本不是 UTF-8 编码");
    }
    if (!status)
        status = read_lists(&reader, text);
    if (!status)
        status = read_lines(&reader, text, &found);
    if (status)
        return status;
    for (size_t i = 0; i < found.nentries; i++)
        add_entry(lexicon, reader.lang, &found.entries[i]);
    for (size_t i = 0; i < found.nphrases; i++)
        add_form(lexicon, reader.lang,
                 (struct lexicon_form){.kind = reader.kind, .text = found.phrases[i]}, false);
    return STATUS_OK;
}
