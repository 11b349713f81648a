/* The rules of commitments, read from their data files; rules/README.md describes the format. */
#include <string.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "ledger/internal.h"

extern const struct embedded rule_files[];

static const char *const RULE_WORDS[RULE_KINDS] = {
    [RULE_BINDS] = "binds", [RULE_DECIDES] = "decides", [RULE_TELLS] = "tells",
    [RULE_OPENS] = "opens", [RULE_AFTER] = "after",     [RULE_KIND] = "kind",
    [RULE_BODY] = "body",   [RULE_LEADS] = "leads",     [RULE_NAMES] = "names",
    [RULE_STOPS] = "stops", [RULE_UNDER] = "under",     [RULE_DATED] = "dated",
    [RULE_NOTES] = "notes", [RULE_MEASURE] = "measure", [RULE_UNIT] = "unit",
};

static struct ledger_words split_words(struct arena *arena, struct str list)
{
    size_t most = 1;
    for (size_t i = 0; i < list.len; i++)
        most += list.at[i] == '|';
    struct str *words = arena_array(arena, most, struct str);
    size_t count = 0;
    struct str word;
    while (str_split(&list, '|', &word)) {
        if (word.len)
            words[count++] = word;
    }
    return (struct ledger_words){words, count};
}

static bool kind_of_rule(struct str name, enum ledger_rule_kind *kind)
{
    for (int i = 0; i < RULE_KINDS; i++) {
        if (str_equal(name, str_of(RULE_WORDS[i]))) {
            *kind = (enum ledger_rule_kind)i;
            return true;
        }
    }
    return false;
}

static void add_rule(struct arena *arena, struct ledger_rules *rules, enum ledger_rule_kind kind,
                     struct ledger_rule rule)
{
    size_t n = rules->count[kind]++;
    rules->of[kind] = arena_one_more(arena, rules->of[kind], n, sizeof rule);
    rules->of[kind][n] = rule;
}

/* The fields behind a rule's name; false where they are not what it takes. */
static bool read_fields(struct arena *arena, enum ledger_rule_kind kind, struct str rest,
                        struct ledger_rule *rule)
{
    struct str field;
    uint64_t weight;
    if (kind == RULE_KIND) {
        if (!str_split(&rest, '\t', &field) || !ledger_kind_named(field, &rule->line) ||
            !str_split(&rest, '\t', &field) || !str_to_u64(field, &weight) || weight > 100)
            return false;
        rule->weight = (unsigned)weight;
    }
    if (!str_split(&rest, '\t', &field))
        return false;
    rule->words = split_words(arena, field);
    if (str_split(&rest, '\t', &field)) {
        if (!str_starts(field, STR("not=")))
            return false;
        rule->unless = split_words(arena, str_slice(field, 4, field.len));
    }
    return rule->words.count > 0 && rest.len == 0;
}

enum status ledger_read_rules(struct arena *arena, enum lang lang, const char *name,
                              struct str bytes, struct ledger_rules **rules, struct error *err)
{
    struct ledger_rules *made = arena_new(arena, struct ledger_rules);
    struct str line;
    made->lang = lang;
    for (unsigned number = 1; str_split(&bytes, '\n', &line); number++) {
        struct ledger_rule rule = {0};
        enum ledger_rule_kind kind;
        struct str word;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        struct str rest = line;
        if (!str_split(&rest, '\t', &word) || !kind_of_rule(word, &kind) ||
            !read_fields(arena, kind, rest, &rule))
            return error_set(err, STATUS_DAMAGED, "%s, line %u: this is no rule.",
                             "%s 第 %u 行：不是规则。", name, number);
        add_rule(arena, made, kind, rule);
    }
    *rules = made;
    return STATUS_OK;
}

enum status ledger_load_rules(struct arena *arena, enum lang lang, struct ledger_rules **rules,
                              struct error *err)
{
    const char *name = lang == LANG_ZH ? "commitments-zh.txt" : "commitments-en.txt";
    for (const struct embedded *file = rule_files; file->name; file++) {
        if (strcmp(file->name, name) == 0)
            return ledger_read_rules(arena, lang, name, (struct str){file->at, file->len}, rules,
                                     err);
    }
    return error_set(err, STATUS_DAMAGED, "%s is not built in.", "程序中没有 %s。", name);
}

/* --- words in a sentence ------------------------------------------------------------------------- */

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_at(const struct ledger_rules *rules, struct str sentence, size_t at,
                    struct str word)
{
    if (word.len > sentence.len - at)
        return false;
    if (rules->lang == LANG_ZH)
        return memcmp(sentence.at + at, word.at, word.len) == 0;
    for (size_t i = 0; i < word.len; i++) {
        if (small(sentence.at[at + i]) != word.at[i])
            return false;
    }
    return true;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

static bool whole(const struct ledger_rules *rules, struct str sentence, size_t at, struct str word)
{
    size_t end = at + word.len;
    if (rules->lang == LANG_ZH)
        return true;
    return (at == 0 || !is_word_byte(word.at[0]) || !is_word_byte(sentence.at[at - 1])) &&
           (end == sentence.len || !is_word_byte(word.at[word.len - 1]) ||
            !is_word_byte(sentence.at[end]));
}

static bool fits(const struct ledger_rules *rules, struct str text, size_t at, struct str word)
{
    return same_at(rules, text, at, word) && whole(rules, text, at, word);
}

size_t ledger_find_word(const struct ledger_rules *rules, struct str sentence, struct str word,
                        size_t from)
{
    for (size_t at = from; at + word.len <= sentence.len; at++) {
        if (fits(rules, sentence, at, word))
            return at;
    }
    return SIZE_MAX;
}

/* Whether [at, at + len) lies inside one of the longer words. */
static bool inside(const struct ledger_rules *rules, struct str sentence, size_t at, size_t len,
                   struct ledger_words longer)
{
    for (size_t i = 0; i < longer.count; i++) {
        size_t reach = longer.at[i].len > len ? longer.at[i].len - len : 0;
        for (size_t from = at > reach ? at - reach : 0; from <= at; from++) {
            if (from + longer.at[i].len >= at + len && same_at(rules, sentence, from, longer.at[i]))
                return true;
        }
    }
    return false;
}

static bool counts(const struct ledger_rules *rules, const struct ledger_rule *rule,
                   struct str sentence, struct str word)
{
    size_t at = ledger_find_word(rules, sentence, word, 0);
    while (at != SIZE_MAX && inside(rules, sentence, at, word.len, rule->unless))
        at = ledger_find_word(rules, sentence, word, at + 1);
    return at != SIZE_MAX;
}

bool ledger_has(const struct ledger_rules *rules, enum ledger_rule_kind kind, struct str sentence)
{
    for (size_t r = 0; r < rules->count[kind]; r++) {
        const struct ledger_rule *rule = &rules->of[kind][r];
        for (size_t i = 0; i < rule->words.count; i++) {
            if (counts(rules, rule, sentence, rule->words.at[i]))
                return true;
        }
    }
    return false;
}

size_t ledger_begins_by(const struct ledger_rules *rules, enum ledger_rule_kind kind,
                        struct str text)
{
    size_t longest = 0;
    for (size_t r = 0; r < rules->count[kind]; r++) {
        const struct ledger_words *words = &rules->of[kind][r].words;
        for (size_t i = 0; i < words->count; i++) {
            if (words->at[i].len > longest && fits(rules, text, 0, words->at[i]))
                longest = words->at[i].len;
        }
    }
    return longest;
}

bool ledger_begins(const struct ledger_rules *rules, enum ledger_rule_kind kind, struct str text)
{
    return ledger_begins_by(rules, kind, text) > 0;
}

bool ledger_ends(const struct ledger_rules *rules, enum ledger_rule_kind kind, struct str text)
{
    for (size_t r = 0; r < rules->count[kind]; r++) {
        const struct ledger_words *words = &rules->of[kind][r].words;
        for (size_t i = 0; i < words->count; i++) {
            struct str word = words->at[i];
            if (word.len <= text.len && fits(rules, text, text.len - word.len, word))
                return true;
        }
    }
    return false;
}
