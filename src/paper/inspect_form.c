/* Two forms of one word in one text: 其他 here and 其它 there, colour and color.
 *
 * Either form is right; both in one text is what a reader stumbles over, and what somebody who marks
 * copies by spelling leaves behind. The forms stand in lexicon/inspect-forms.txt. A word is reported
 * once, at the first place of the rarer form, with all its other places. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/inspect_look.h"

static const struct look_rule mixed = {CONCERN_FORM, false, 3.5, "two forms of one word",
                                       "同一个词写法不一"};

#define WORD_MAX  40 /* bytes of an English word that are looked at */
#define FORMS_MAX 4  /* forms of one word */

enum ending { WHOLE, ANY, VERB };

struct form {
    struct str text; /* without the ending's mark */
    enum ending ending;
    unsigned group, rank;
};
struct forms {
    struct form *list; /* sorted by text */
    size_t count;
    unsigned groups;
};
/* One place where a form stands. */
struct use {
    unsigned group, rank;
    size_t from, to; /* cells */
    const struct form *form;
};

static int by_text(const void *a, const void *b)
{
    const struct form *x = a;
    const struct form *y = b;
    int order = str_compare(x->text, y->text);
    return order ? order : (x->group < y->group ? -1 : x->group > y->group);
}

static struct forms read_forms(struct arena *arena, enum lang lang)
{
    struct str data = look_data("inspect-forms.txt");
    struct forms forms = {arena_array(arena, data.len / 4 + 1, struct form), 0, 0};
    struct str fields[1 + FORMS_MAX];
    size_t count = 0;
    while (look_data_line(&data, fields, 1 + FORMS_MAX, &count)) {
        if (!str_equal(fields[0], str_of(lang_code(lang))))
            continue;
        for (size_t k = 1; k < count; k++) {
            char last = fields[k].at[fields[k].len - 1];
            enum ending ending = last == '*' ? ANY : last == '+' ? VERB : WHOLE;
            struct str text = str_slice(fields[k], 0, fields[k].len - (ending != WHOLE));
            forms.list[forms.count++] = (struct form){text, ending, forms.groups, (unsigned)k - 1};
        }
        forms.groups++;
    }
    qsort(forms.list, forms.count, sizeof *forms.list, by_text);
    return forms;
}

static const struct form *find_form(const struct forms *forms, struct str text)
{
    size_t low = 0;
    for (size_t high = forms->count; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (str_compare(forms->list[mid].text, text) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < forms->count && str_equal(forms->list[low].text, text) ? &forms->list[low] : NULL;
}

/* --- places ------------------------------------------------------------------------------------- */

struct uses {
    struct arena *arena;
    struct use *list;
    size_t count;
};

static void add_use(struct uses *uses, const struct form *form, size_t from, size_t to)
{
    uses->list = arena_one_more(uses->arena, uses->list, uses->count, sizeof *uses->list);
    uses->list[uses->count++] = (struct use){form->group, form->rank, from, to, form};
}

/* Chinese: the form must be cut off by the dictionary on both sides. */
static void find_chinese(const struct look *look, const struct forms *forms, struct uses *uses)
{
    for (size_t i = 0; i < look->n; i++) {
        if (!look->starts[i] || !unicode_is_han(look->code[i]))
            continue;
        for (size_t len = 4; len >= 2; len--) {
            if (i + len > look->n || !look->starts[i + len])
                continue;
            const struct form *form = find_form(forms, look_cells(look, i, i + len));
            if (form) {
                add_use(uses, form, i, i + len);
                break;
            }
        }
    }
}

static bool is_verb_ending(struct str rest)
{
    static const char *const endings[] = {"e",       "es",   "ed",      "ing",
                                          "er",      "ers",  "ation",   "ations",
                                          "ational", "able", "ability", "ationally"};
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++)
        if (str_equal(rest, str_of(endings[k])))
            return true;
    return false;
}

static bool fits(const struct form *form, struct str word)
{
    struct str rest = str_slice(word, form->text.len, word.len);
    return form->ending == ANY || (form->ending == WHOLE ? rest.len == 0 : is_verb_ending(rest));
}

/* Names of files, options, variables and functions are spelled as they are. */
static bool is_code(const struct look *look, size_t from, size_t to)
{
    static const char signs[] = "_/@=<>{}$#\\`[]*&%|~^";
    uint32_t before = look_before(look, from);
    uint32_t after = to < look->n ? look->code[to] : 0;
    uint32_t next = to + 1 < look->n ? look->code[to + 1] : 0;
    if ((before && before < 0x80 && strchr(signs, (int)before)) ||
        (after && after < 0x80 && strchr(signs, (int)after)))
        return true;
    return before == '-' || before == '.' || before == ':' || unicode_is_digit(before) ||
           unicode_is_digit(after) || after == '-' || after == '(' ||
           ((after == '.' || after == ':') && (unicode_is_letter(next) || next == ':'));
}

/* The word of cells [from, to) in lower case, empty when it is too long or in capitals within. */
static struct str lower_word(const struct look *look, size_t from, size_t to, char *out)
{
    size_t len = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t c = look->code[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (len + 4 > WORD_MAX || (upper && i > from))
            return (struct str){"", 0};
        len += utf8_put(out + len, upper ? c + 32 : c);
    }
    return (struct str){out, len};
}

static void judge_english(const struct look *look, const struct forms *forms, struct uses *uses,
                          size_t from, size_t to)
{
    char bytes[WORD_MAX];
    struct str word = lower_word(look, from, to, bytes);
    if (word.len < 3 || is_code(look, from, to))
        return;
    for (size_t len = word.len; len >= 3; len--) {
        const struct form *form = find_form(forms, str_slice(word, 0, len));
        if (form && fits(form, word)) {
            add_use(uses, form, from, to);
            return;
        }
    }
}

static void find_english(const struct look *look, const struct forms *forms, struct uses *uses)
{
    for (size_t i = 0; i < look->n;) {
        size_t from = i;
        while (i < look->n &&
               (look_is_latin(look->code[i]) ||
                (look->code[i] == '-' && i > from && look_is_latin(look_after(look, i)))))
            i++;
        if (i > from)
            judge_english(look, forms, uses, from, i);
        i = i > from ? i : i + 1;
    }
}

/* --- judgement ---------------------------------------------------------------------------------- */

static int by_group(const void *a, const void *b)
{
    const struct use *x = a;
    const struct use *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

/* What stands at a place, with the preferred form's letters and the place's own ending and case. */
static struct str in_form(struct look *look, const struct use *use, struct str preferred)
{
    struct str found = look_cells(look, use->from, use->to);
    struct str ending = str_slice(found, use->form->text.len, found.len);
    struct str text = str_format(look->arena, "%.*s%.*s", STR_ARG(preferred), STR_ARG(ending));
    char *first = (char *)text.at;
    if (text.len && found.at[0] >= 'A' && found.at[0] <= 'Z' && *first >= 'a' && *first <= 'z')
        *first = (char)(*first - 32);
    return text;
}

static void report_group(struct look *look, const struct use *uses, size_t count)
{
    size_t seen[FORMS_MAX] = {0};
    struct str text[FORMS_MAX] = {{0}};
    for (size_t k = 0; k < count; k++) {
        seen[uses[k].rank]++;
        text[uses[k].rank] = uses[k].form->text;
    }
    unsigned best = 0;
    for (unsigned r = 1; r < FORMS_MAX; r++)
        best = seen[r] > seen[best] ? r : best;
    if (seen[best] == count)
        return;
    struct concern *c = NULL;
    struct concern_place *also = arena_array(look->arena, count, struct concern_place);
    for (size_t k = 0; k < count; k++) {
        const struct use *use = &uses[k];
        if (use->rank == best)
            continue;
        struct str intended = in_form(look, use, text[best]);
        if (c)
            also[c->nalso++] = (struct concern_place){
                look->at[use->from], look_cells(look, use->from, use->to), intended};
        else
            c = look_report(look, &mixed, use->from, use->to, intended);
        if (c->also == NULL) {
            c->also = also;
            struct str rare = use->form->text;
            (void)snprintf(c->en, sizeof c->en,
                           "two forms of one word: %zu × %.*s beside %zu × %.*s",
                           count - seen[best], STR_ARG(rare), seen[best], STR_ARG(text[best]));
            (void)snprintf(c->zh, sizeof c->zh, "同一个词写法不一：“%.*s”%zu 处，“%.*s”%zu 处",
                           STR_ARG(rare), count - seen[best], STR_ARG(text[best]), seen[best]);
        }
    }
    if (c)
        c->unusual = 3.0 + log10((double)count / (double)(count - seen[best]));
}

void look_for_forms(struct look *look)
{
    struct arena *scratch = arena_make();
    struct forms forms = read_forms(scratch, look->lang);
    struct uses uses = {.arena = scratch};
    (look->lang == LANG_ZH ? find_chinese : find_english)(look, &forms, &uses);
    if (uses.count)
        qsort(uses.list, uses.count, sizeof *uses.list, by_group);
    for (size_t from = 0; from < uses.count;) {
        size_t to = from;
        while (to < uses.count && uses.list[to].group == uses.list[from].group)
            to++;
        report_group(look, &uses.list[from], to - from);
        from = to;
    }
    arena_free(scratch);
}
