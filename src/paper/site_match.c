/* Questions about one place of the text: do these words stand here, does the context hold.
 *
 * Every look around a place is bounded (SIGHT bytes), so that one long line without punctuation
 * can't make the finder slow. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/lexicon.h"

#define SIGHT   480U
#define NEAR_ZH 24U /* bytes: eight characters */
#define NEAR_EN 40U

static const struct str curly_mark = {"\xE2\x80\x99", 3};

static bool is_word_byte(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* --- words --- */

static size_t match_english(struct str text, struct str words, size_t at)
{
    for (size_t i = 0; i < words.len; i++) {
        if (at >= text.len)
            return SIZE_MAX;
        if (words.at[i] == ' ') {
            if (!is_gap(text.at[at]))
                return SIZE_MAX;
            while (at < text.len && is_gap(text.at[at]))
                at++;
        } else if (words.at[i] == '\'' && str_starts(str_slice(text, at, 3), curly_mark)) {
            at += 3;
        } else if (lower(text.at[at]) == words.at[i]) {
            at++;
        } else {
            return SIZE_MAX;
        }
    }
    return at;
}

size_t scene_match(const struct scene *scene, struct str words, size_t at)
{
    struct str text = scene->doc->text;
    if (scene->chinese)
        return str_starts(str_slice(text, at, words.len), words) ? at + words.len : SIZE_MAX;
    size_t end = match_english(text, words, at);
    if (end == SIZE_MAX || words.len == 0 || !is_word_byte((unsigned char)words.at[words.len - 1]))
        return end;
    return scene->marks[end] & SCENE_EDGE ? end : SIZE_MAX;
}

/* The word of letters and digits that begins (ends) at a byte. */
static struct str word_after(struct str text, size_t at)
{
    size_t end = at;
    while (
        end < text.len && end - at < SIGHT &&
        (is_word_byte((unsigned char)text.at[end]) || text.at[end] == '\'' || text.at[end] == '-'))
        end++;
    return str_slice(text, at, end - at);
}

static struct str word_before(struct str text, size_t end)
{
    size_t at = end;
    while (at > 0 && end - at < SIGHT &&
           (is_word_byte((unsigned char)text.at[at - 1]) || text.at[at - 1] == '\'' ||
            text.at[at - 1] == '-'))
        at--;
    return str_slice(text, at, end - at);
}

/* Where `words` match the end of the text: the byte where they begin, or SIZE_MAX. */
static size_t match_english_end(struct str text, struct str words)
{
    size_t at = text.len;
    for (size_t i = words.len; i-- > 0;) {
        if (words.at[i] == '\'' && str_ends(str_slice(text, 0, at), curly_mark))
            at -= curly_mark.len;
        else if (at > 0 && lower(text.at[at - 1]) == lower(words.at[i]))
            at--;
        else
            return SIZE_MAX;
    }
    return at;
}

static bool same_letters(struct str text, struct str value)
{
    if (text.len != value.len)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (lower(text.at[i]) != lower(value.at[i]))
            return false;
    return true;
}

/* *ing, pre*, # against one word. */
static bool fits_pattern(struct str word, struct str value)
{
    if (value.at[0] == '#') {
        for (size_t i = 0; i < word.len; i++)
            if (word.at[i] < '0' || word.at[i] > '9')
                return false;
        return word.len > 0;
    }
    size_t len = value.len - 1;
    if (word.len <= len)
        return false;
    return value.at[0] == '*'
               ? same_letters(str_slice(word, word.len - len, len), str_slice(value, 1, len))
               : same_letters(str_slice(word, 0, len), str_slice(value, 0, len));
}

static bool is_pattern(struct str value)
{
    return value.at[0] == '#' ||
           (value.len > 1 && (value.at[0] == '*' || value.at[value.len - 1] == '*'));
}

/* --- clauses --- */

bool scene_ends_stretch(uint32_t code)
{
    return code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == 0xFF1B || code == '!' ||
           code == '?' || code == ';' || code == '\n';
}

static bool ends_clause(uint32_t code)
{
    switch (code) {
    case 0xFF0C:
    case 0xFF1A:
    case 0x3001:
    case 0x2026:
    case 0x2014:
    case 0x2013:
    case 0xFF08:
    case 0xFF09:
    case 0x201C:
    case 0x201D:
    case 0x2018:
    case 0x300A:
    case 0x300B:
    case 0x300C:
    case 0x300D:
    case ',':
    case ':':
    case '(':
    case ')':
    case '"':
    case '.':
        return true;
    default:
        return scene_ends_stretch(code);
    }
}

/* Words that keep a full stop inside a sentence: titles and their like, what is counted (No. 4), a
 * single letter (an initial, e.g.). */
static bool is_shortened(struct str word, bool number_follows)
{
    static const struct {
        struct str word;
        bool counted;
    } shortened[] = {
        {{"mr", 2}, false},   {{"mrs", 3}, false}, {{"ms", 2}, false},  {{"dr", 2}, false},
        {{"prof", 4}, false}, {{"st", 2}, false},  {{"vs", 2}, false},  {{"cf", 2}, false},
        {{"viz", 3}, false},  {{"no", 2}, true},   {{"nos", 3}, true},  {{"fig", 3}, true},
        {{"art", 3}, true},   {{"pp", 2}, true},   {{"para", 4}, true}, {{"sec", 3}, true},
    };
    if (word.len == 1)
        return !(word.at[0] >= '0' && word.at[0] <= '9') && word.at[0] != 'I';
    for (size_t i = 0; i < sizeof shortened / sizeof *shortened; i++)
        if (same_letters(word, shortened[i].word))
            return number_follows || !shortened[i].counted;
    return false;
}

bool scene_stops(const struct scene *scene, const struct paper_block *block, size_t at)
{
    struct str text = str_slice(scene->doc->text, 0, block->at + block->len);
    size_t next = at + 1;
    while (next < text.len && next - at < SIGHT &&
           (text.at[next] == ')' || text.at[next] == '"' || text.at[next] == '\'' ||
            text.at[next] == ']'))
        next++;
    if (str_starts(str_slice(text, next, text.len), STR("\xE2\x80\x9D")))
        next += 3;
    if (next < text.len && !is_gap(text.at[next]))
        return false;
    while (next < text.len && next - at < SIGHT && is_gap(text.at[next]))
        next++;
    if (next == text.len)
        return true;
    bool goes_on = text.at[next] >= 'a' && text.at[next] <= 'z';
    bool number = text.at[next] >= '0' && text.at[next] <= '9';
    return !goes_on && !is_shortened(word_before(text, at), number);
}

bool scene_clause_starts(const struct scene *scene, const struct paper_block *block, size_t at)
{
    size_t from = block->at + block->marker_len;
    while (at > from && is_gap(scene->doc->text.at[at - 1]))
        at--;
    if (at <= from)
        return true;
    return ends_clause(utf8_before(scene->doc->text, &at));
}

bool scene_clause_ends(const struct scene *scene, const struct paper_block *block, size_t end)
{
    size_t to = block->at + block->len;
    while (end < to && is_gap(scene->doc->text.at[end]))
        end++;
    if (end >= to)
        return true;
    uint32_t code = utf8_next(scene->doc->text, &end);
    return code == 0x2019 || ends_clause(code);
}

/* --- conditions --- */

struct around {
    const struct scene *scene;
    const struct paper_block *block;
    size_t at, end;
};

static bool follows(const struct around *here, struct str value)
{
    const struct scene *scene = here->scene;
    size_t at = here->end;
    if (str_equal(value, STR("$")))
        return scene_clause_ends(scene, here->block, at);
    struct str text = str_slice(scene->doc->text, 0, here->block->at + here->block->len);
    if (scene->chinese && str_equal(value, STR("#")))
        return at < text.len && unicode_is_digit(utf8_next(text, &at));
    if (scene->chinese)
        return str_starts(str_slice(text, at, text.len), value);
    while (at < text.len && is_gap(text.at[at]))
        at++;
    if (is_pattern(value))
        return fits_pattern(word_after(text, at), value);
    size_t end = match_english(text, value, at);
    return end != SIZE_MAX && (!is_word_byte((unsigned char)value.at[value.len - 1]) ||
                               scene->marks[end] & SCENE_EDGE);
}

static bool precedes(const struct around *here, struct str value)
{
    const struct scene *scene = here->scene;
    if (str_equal(value, STR("^")))
        return scene_clause_starts(scene, here->block, here->at);
    size_t from = here->block->at;
    struct str text = str_slice(scene->doc->text, 0, here->at);
    if (scene->chinese)
        return str_ends(str_slice(text, from, text.len), value);
    while (text.len > from && is_gap(text.at[text.len - 1]))
        text.len--;
    if (is_pattern(value))
        return fits_pattern(word_before(text, text.len), value);
    size_t at = match_english_end(text, value);
    return at != SIZE_MAX && at >= from &&
           (!is_word_byte((unsigned char)value.at[0]) || scene->marks[at] & SCENE_EDGE);
}

/* Whether the sentence (the clause) has its border at the character `code` at this byte. */
static bool is_border(const struct around *here, uint32_t code, size_t at, bool clause)
{
    if (code == '.' && !here->scene->chinese)
        return scene_stops(here->scene, here->block, at);
    return clause ? code != 0x3001 && ends_clause(code) : scene_ends_stretch(code);
}

/* The stretch from the sentence's beginning to its end, but not beyond sight. */
static struct around sentence_around(const struct around *here, bool clause)
{
    struct str text = here->scene->doc->text;
    struct around wide = *here;
    size_t to = here->block->at + here->block->len;
    while (wide.at > here->block->at && here->at - wide.at < SIGHT) {
        size_t at = wide.at;
        uint32_t code = utf8_before(text, &at);
        if (is_border(here, code, at, clause))
            break;
        wide.at = at;
    }
    while (wide.end < to && wide.end - here->end < SIGHT) {
        size_t end = wide.end;
        uint32_t code = utf8_next(text, &end);
        if (is_border(here, code, wide.end, clause))
            break;
        wide.end = end;
    }
    return wide;
}

static bool holds_in(const struct scene *scene, size_t from, size_t to, struct str value)
{
    struct str text = str_slice(scene->doc->text, 0, to);
    if (scene->chinese)
        return str_find(text, value, from) != SIZE_MAX;
    for (size_t at = from; at < to; at++)
        if (scene->marks[at] & SCENE_EDGE) {
            size_t end = scene_match(scene, value, at);
            if (end != SIZE_MAX && end <= to)
                return true;
        }
    return false;
}

static bool stands_alone(const struct around *here)
{
    static const struct str zh[] = {{"、", 3}, {"和", 3}, {"与", 3}, {"及", 3}, {"或", 3}};
    static const struct str en[] = {{"and", 3}, {"or", 2}};
    const struct str *joint = here->scene->chinese ? zh : en;
    size_t count = here->scene->chinese ? 5 : 2;
    struct around clause = sentence_around(here, true);
    for (size_t i = 0; i < count; i++)
        if (holds_in(here->scene, clause.at, here->at, joint[i]) ||
            holds_in(here->scene, here->end, clause.end, joint[i]))
            return false;
    return true;
}

/* The few characters before or after the match, inside its sentence. */
static bool stands_near(const struct around *here, struct str value, bool after)
{
    struct around sentence = sentence_around(here, false);
    size_t near = here->scene->chinese ? NEAR_ZH : NEAR_EN;
    size_t from = here->at > sentence.at + near ? here->at - near : sentence.at;
    size_t to = here->end + near < sentence.end ? here->end + near : sentence.end;
    return after ? holds_in(here->scene, here->end, to, value)
                 : holds_in(here->scene, from, here->at, value);
}

/* A short clause that begins with the value begins the sentence and ends where the match stands. */
static bool is_opened(const struct around *here, struct str value)
{
    const struct scene *scene = here->scene;
    size_t at = sentence_around(here, false).at;
    size_t body = here->block->at + here->block->marker_len;
    if (at < body)
        at = body;
    while (at < here->at && is_gap(scene->doc->text.at[at]))
        at++;
    if (at >= here->at || here->at - at > (scene->chinese ? NEAR_ZH : NEAR_EN))
        return false;
    for (size_t pos = at; pos < here->at;)
        if (ends_clause(utf8_next(scene->doc->text, &pos)))
            return false;
    return scene_match(scene, value, at) <= here->at;
}

/* Whether the paper says it in words of its own: not where a quotation or a name is locked. */
static bool says(const struct scene *scene, struct str value)
{
    for (size_t at = 0; at < scene->doc->text.len; at++)
        if ((scene->chinese || scene->marks[at] & SCENE_EDGE) &&
            !(scene->marks[at] & SCENE_LOCKED) && scene_match(scene, value, at) != SIZE_MAX)
            return true;
    return false;
}

/* Asked of the whole paper, once for each list of values. */
static bool paper_says(const struct scene *scene, struct lexicon_values values)
{
    struct scene_answer *answer = scene->answers;
    struct scene_answer *end = answer + SCENE_ANSWERS;
    while (answer < end && answer->values && answer->values != values.at)
        answer++;
    if (answer < end && answer->values)
        return answer->holds;
    bool holds = false;
    for (size_t i = 0; i < values.count && !holds; i++)
        holds = says(scene, values.at[i]);
    if (answer < end)
        *answer = (struct scene_answer){values.at, holds};
    return holds;
}

static bool value_holds(const struct around *here, enum lexicon_test test, struct str value)
{
    struct around sentence;
    switch (test) {
    case TEST_NEXT:
        return follows(here, value);
    case TEST_PREV:
        return precedes(here, value);
    case TEST_OPENS:
        return is_opened(here, value);
    case TEST_AFTER:
    case TEST_BEFORE:
        return stands_near(here, value, test == TEST_AFTER);
    default:
        sentence = sentence_around(here, false);
        return holds_in(here->scene, sentence.at, here->at, value) ||
               holds_in(here->scene, here->end, sentence.end, value);
    }
}

static bool test_holds(const struct around *here, const struct lexicon_condition *condition)
{
    if (condition->test == TEST_START)
        return scene_clause_starts(here->scene, here->block, here->at);
    if (condition->test == TEST_END)
        return scene_clause_ends(here->scene, here->block, here->end);
    if (condition->test == TEST_ALONE)
        return stands_alone(here);
    if (condition->test == TEST_TEXT)
        return paper_says(here->scene, condition->values);
    for (size_t i = 0; i < condition->values.count; i++)
        if (value_holds(here, condition->test, condition->values.at[i]))
            return true;
    return false;
}

bool scene_allows(const struct scene *scene, const struct lexicon_entry *entry,
                  const struct paper_block *block, size_t at, size_t end)
{
    struct around here = {scene, block, at, end};
    for (size_t i = 0; i < entry->nconditions; i++)
        if (test_holds(&here, &entry->conditions[i]) != entry->conditions[i].wanted)
            return false;
    return true;
}

bool scene_is_open(const struct scene *scene, size_t at, size_t end)
{
    if (at == end)
        return !(scene->marks[at] & SCENE_RUN) &&
               !(at > 0 && scene->marks[at - 1] & scene->marks[at] & SCENE_LOCKED);
    for (size_t i = at; i < end; i++)
        if (scene->marks[i] & SCENE_LOCKED || (i > at && scene->marks[i] & SCENE_RUN))
            return false;
    return true;
}
