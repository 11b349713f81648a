/* The walk over a paper's passages: cut into sentences, judged one by one, what commits is described.
 *
 * Two things carry over from one sentence to the next. Within a paragraph, once a sentence binds, those after
 * it that begin like an instruction ("加快…", "Publish …") bind too: official prose says 要 once and goes on.
 * And a paragraph that ends with "会议议定：" or "Resolved:" makes the items of the list behind it bind. */
#include "base/utf8.h"
#include "ledger/internal.h"

#define BODY_MAX 24U /* characters of a body's name */
#define CLEAR    3U  /* weight of words that are clear about a kind */

struct walk {
    struct arena *arena;
    const struct ledger_rules *rules;
    struct ledger_commitment *list;
    size_t count;
    struct str heading;
    unsigned under; /* level of the heading that promises instructions, 0: none stands above */
    bool bound;     /* a sentence before in this paragraph binds */
    bool decided;   /* this list is one of decisions */
};

/* --- sentences ----------------------------------------------------------------------------------- */

static bool ends_zh(uint32_t code)
{
    return code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == 0xFF1B || code == '\n';
}

/* An English sentence ends at . ! ? before a space and a capital or figure, and at a semicolon. */
static bool ends_en(struct str text, size_t at, uint32_t code)
{
    if (code == ';' || code == '\n')
        return true;
    if (code != '.' && code != '!' && code != '?')
        return false;
    while (at < text.len && (text.at[at] == '"' || text.at[at] == ')' || text.at[at] == '*'))
        at++;
    if (at == text.len)
        return true;
    if (text.at[at] != ' ')
        return false;
    at++;
    return at >= text.len || !(text.at[at] >= 'a' && text.at[at] <= 'z');
}

static bool is_closing(struct str text, size_t at)
{
    size_t next = at;
    uint32_t code = at < text.len ? utf8_next(text, &next) : 0;
    return code == 0x201D || code == 0x2019 || code == 0x300D || code == 0xFF09 || code == ')' ||
           code == '"' || code == '*';
}

/* Takes the next sentence off *rest, white space at its ends left out; false at the end. */
static bool take_sentence(enum lang lang, struct str *rest, struct str *sentence)
{
    size_t at = 0;
    if (rest->len == 0)
        return false;
    while (at < rest->len) {
        uint32_t code = utf8_next(*rest, &at);
        if (lang == LANG_ZH ? ends_zh(code) : ends_en(*rest, at, code))
            break;
    }
    while (is_closing(*rest, at))
        (void)utf8_next(*rest, &at);
    *sentence = str_trim(str_slice(*rest, 0, at));
    *rest = str_slice(*rest, at, rest->len);
    return true;
}

/* --- who is to do it ----------------------------------------------------------------------------- */

/* The longest end of a body's name in the first characters of the text: bytes up to its end, or 0. */
static size_t body_within(const struct ledger_rules *rules, struct str text)
{
    size_t end = 0;
    size_t at = 0;
    for (unsigned passed = 0; passed < BODY_MAX && at < text.len; passed++) {
        size_t next = at;
        uint32_t code = utf8_next(text, &next);
        if (code == 0xFF0C || code == 0x3002 || code == 0xFF1B || code == 0xFF1A || code == 0x201C)
            break;
        if (at && ledger_begins(rules, RULE_STOPS, str_slice(text, at, text.len)))
            break;
        at = next;
        if (ledger_ends(rules, RULE_BODY, str_slice(text, 0, at)))
            end = at;
    }
    return end;
}

static struct str body_behind_lead(const struct ledger_rules *rules, struct str sentence)
{
    for (size_t r = 0; r < rules->count[RULE_LEADS]; r++) {
        const struct ledger_words *leads = &rules->of[RULE_LEADS][r].words;
        for (size_t i = 0; i < leads->count; i++) {
            size_t at = ledger_find_word(rules, sentence, leads->at[i], 0);
            if (at == SIZE_MAX)
                continue;
            struct str rest = str_slice(sentence, at + leads->at[i].len, sentence.len);
            size_t end = body_within(rules, rest);
            if (end)
                return str_slice(rest, 0, end);
        }
    }
    return (struct str){0};
}

/* A clause that begins "各级党组织和广大党员干部要 …". */
static struct str body_before_binding(const struct ledger_rules *rules, struct str sentence)
{
    static const char *const binding[] = {"要", "必须", "应当", "应该", "须", "负责", "牵头"};
    struct str rest = sentence;
    while (rest.len) {
        size_t comma = str_find(rest, STR("，"), 0);
        struct str clause = str_slice(rest, 0, comma);
        for (size_t i = 0; i < sizeof binding / sizeof *binding; i++) {
            size_t at = str_find(clause, str_of(binding[i]), 0);
            struct str before = at == SIZE_MAX ? (struct str){0} : str_slice(clause, 0, at);
            if (before.len && utf8_count(before) <= BODY_MAX &&
                ledger_ends(rules, RULE_BODY, before))
                return before;
        }
        rest = comma == SIZE_MAX ? (struct str){0} : str_slice(rest, comma + 3, rest.len);
    }
    return (struct str){0};
}

static struct str body_en(const struct ledger_rules *rules, struct str sentence)
{
    static const char *const binding[] = {"shall",  "will",          "must",           "is to",
                                          "are to", "undertakes to", "is responsible", "has to"};
    struct str first = {0};
    for (size_t r = 0; r < rules->count[RULE_BODY]; r++) {
        const struct ledger_words *bodies = &rules->of[RULE_BODY][r].words;
        for (size_t i = 0; i < bodies->count; i++) {
            size_t at = ledger_find_word(rules, sentence, bodies->at[i], 0);
            if (at == SIZE_MAX)
                continue;
            struct str body = str_slice(sentence, at, bodies->at[i].len);
            struct str rest = str_trim(str_slice(sentence, at + body.len, sentence.len));
            for (size_t k = 0; k < sizeof binding / sizeof *binding; k++) {
                if (ledger_find_word(rules, rest, str_of(binding[k]), 0) == 0)
                    return body;
            }
            if (!first.len || body.at < first.at)
                first = body;
        }
    }
    return ledger_has(rules, RULE_DECIDES, sentence) ? first : (struct str){0};
}

static struct str find_body(const struct ledger_rules *rules, struct str sentence)
{
    if (rules->lang == LANG_EN)
        return body_en(rules, sentence);
    struct str body = body_behind_lead(rules, sentence);
    return body.len ? body : body_before_binding(rules, sentence);
}

/* --- judging ------------------------------------------------------------------------------------- */

static enum ledger_kind weigh_kind(const struct walk *walk, struct str sentence, bool quantity)
{
    const struct ledger_rules *rules = walk->rules;
    unsigned weight[LEDGER_KINDS] = {[LEDGER_INDICATOR] = quantity ? 2 : 0};
    enum ledger_kind best = LEDGER_GOAL;
    for (size_t r = 0; r < rules->count[RULE_KIND]; r++) {
        const struct ledger_rule *rule = &rules->of[RULE_KIND][r];
        for (size_t i = 0; i < rule->words.count; i++) {
            if (ledger_find_word(rules, sentence, rule->words.at[i], 0) != SIZE_MAX)
                weight[rule->line] += 2 * rule->weight;
            /* A heading says half as much, and only what it is clear about. */
            if (rule->weight >= CLEAR &&
                ledger_find_word(rules, walk->heading, rule->words.at[i], 0) != SIZE_MAX)
                weight[rule->line] += rule->weight;
        }
    }
    for (int kind = 0; kind < LEDGER_KINDS; kind++) {
        if (weight[kind] > weight[best])
            best = (enum ledger_kind)kind;
    }
    return best;
}

static bool commits(struct walk *walk, struct str sentence)
{
    const struct ledger_rules *rules = walk->rules;
    if (ledger_has(rules, RULE_DECIDES, sentence)) {
        walk->bound = true;
        return true;
    }
    if (ledger_has(rules, RULE_TELLS, sentence) && !walk->decided)
        return false;
    if (walk->decided)
        return !ledger_begins(rules, RULE_NOTES, sentence) ||
               ledger_has(rules, RULE_BINDS, sentence) || ledger_has(rules, RULE_LEADS, sentence);
    struct ledger_date due;
    bool binds = ledger_has(rules, RULE_BINDS, sentence) ||
                 (ledger_has(rules, RULE_DATED, sentence) &&
                  ledger_find_date(rules, sentence, &due).len > 0) ||
                 (walk->under && ledger_find_quantity(rules, sentence).len > 0);
    bool follows = walk->bound && ledger_begins(rules, RULE_OPENS, sentence);
    walk->bound = walk->bound || binds;
    return binds || follows;
}

static void describe(struct walk *walk, struct str sentence, unsigned number)
{
    struct ledger_commitment made = {.sentence = sentence, .number = number};
    made.date = ledger_find_date(walk->rules, sentence, &made.due);
    made.quantity = ledger_find_quantity(walk->rules, sentence);
    made.body = find_body(walk->rules, sentence);
    made.kind = weigh_kind(walk, sentence, made.quantity.len > 0);
    walk->list = arena_one_more(walk->arena, walk->list, walk->count, sizeof *walk->list);
    walk->list[walk->count++] = made;
}

/* "Action: Treasurer." names who is to do what the passage committed to before it. */
static bool names_body(struct walk *walk, struct str sentence, size_t first)
{
    size_t lead = ledger_begins_by(walk->rules, RULE_NAMES, sentence);
    if (lead == 0)
        return false;
    struct str body = str_trim(str_slice(sentence, lead, sentence.len));
    while (body.len && (str_ends(body, STR(".")) || str_ends(body, STR("*"))))
        body.len--;
    while (str_ends(body, STR("。")) || str_ends(body, STR("）")))
        body.len -= 3;
    for (size_t i = first; i < walk->count; i++) {
        if (!walk->list[i].body.len)
            walk->list[i].body = body;
    }
    return true;
}

static void read_heading(struct walk *walk, const struct ledger_passage *passage)
{
    walk->heading = passage->text;
    if (walk->under >= passage->level)
        walk->under = 0;
    if (!walk->under && ledger_has(walk->rules, RULE_UNDER, passage->text))
        walk->under = passage->level ? passage->level : 1;
}

static void read_passage(struct walk *walk, const struct ledger_passage *passage)
{
    struct str rest = passage->text;
    struct str sentence;
    size_t first = walk->count;
    if (passage->kind == LEDGER_HEADING)
        read_heading(walk, passage);
    walk->bound = walk->under > 0;
    if (passage->kind != LEDGER_ITEM)
        walk->decided = false;
    while (passage->kind != LEDGER_HEADING && take_sentence(walk->rules->lang, &rest, &sentence)) {
        if (sentence.len && !names_body(walk, sentence, first) && commits(walk, sentence))
            describe(walk, sentence, passage->number);
    }
    if (passage->kind == LEDGER_PARAGRAPH)
        walk->decided = ledger_ends(walk->rules, RULE_AFTER, str_trim(passage->text));
}

size_t ledger_find_commitments(struct arena *arena, const struct ledger_rules *rules,
                               const struct ledger_passage *passages, size_t npassages,
                               struct ledger_commitment **found)
{
    struct walk walk = {.arena = arena, .rules = rules};
    for (size_t i = 0; i < npassages; i++)
        read_passage(&walk, &passages[i]);
    *found = walk.list;
    return walk.count;
}
