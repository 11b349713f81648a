/* Formulas; see formula.h. Read by recursive descent into terms in the order in which they are worked out. */
#include "ledger/formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define DEEPEST    41U /* sums within each other: 40 brackets */
#define ITEMS_MOST 32U /* of min and max */

enum term_kind {
    TERM_NUMBER,
    TERM_INDICATOR,
    TERM_ADD,
    TERM_SUBTRACT,
    TERM_MULTIPLY,
    TERM_DIVIDE,
    TERM_NEGATE,
    TERM_LEAST,
    TERM_MOST,
};

struct term {
    enum term_kind kind;
    double number;
    int64_t id;
    int ago;
    unsigned items; /* TERM_LEAST, TERM_MOST */
};

struct ledger_formula {
    struct term *terms;
    size_t count;
    int64_t *uses;
    size_t nuses;
};

struct reader {
    struct arena *arena;
    struct str text; /* folded */
    size_t at;
    unsigned depth;
    ledger_formula_find *find;
    void *context;
    struct ledger_formula *formula;
    struct error *err;
};

/* --- folding --------------------------------------------------------------------------------------------- */

static const struct {
    const char *from, *to;
} WORDS[] = {
    {"最小", "min"}, {"最大", "max"}, {"前", "ago"}, {"×", "*"},  {"÷", "/"},        {"，", ","},
    {"、", ","},     {"−", "-"},      {"–", "-"},    {"　", " "}, {"\xC2\xA0", " "},
};

/* A full-width form (U+FF01 … U+FF5E) as the ASCII that it stands for; 0 for anything else. */
static char narrow(struct str rest)
{
    const unsigned char *b = (const unsigned char *)rest.at;
    unsigned code;
    if (rest.len < 3 || b[0] != 0xEF)
        return 0;
    code = 0xF000U | (b[1] & 0x3FU) << 6 | (b[2] & 0x3FU);
    return code >= 0xFF01 && code <= 0xFF5E ? (char)(code - 0xFEE0) : 0;
}

/* ASCII for what else it is written with; other characters stay, to be shown in errors. */
static struct str fold_formula(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t at = 0; at < text.len;) {
        struct str rest = {text.at + at, text.len - at};
        size_t word = 0;
        while (word < sizeof WORDS / sizeof *WORDS && !str_starts(rest, str_of(WORDS[word].from)))
            word++;
        if (word < sizeof WORDS / sizeof *WORDS) {
            buf_add(&out, str_of(WORDS[word].to));
            at += strlen(WORDS[word].from);
        } else if (narrow(rest)) {
            buf_add_byte(&out, narrow(rest));
            at += 3;
        } else {
            buf_add_byte(&out, text.at[at++]);
        }
    }
    return buf_str(&out);
}

/* --- reading --------------------------------------------------------------------------------------------- */

static char peek(struct reader *r)
{
    while (r->at < r->text.len && strchr(" \t\r\n", r->text.at[r->at]) && r->text.at[r->at])
        r->at++;
    return r->at < r->text.len ? r->text.at[r->at] : 0;
}

static bool take(struct reader *r, char c)
{
    if (peek(r) != c)
        return false;
    r->at++;
    return true;
}

/* As much of a text as a message shows. */
static struct str shown(struct str text)
{
    struct str part = utf8_cut(text, 40);
    while (part.len && part.len < text.len && ((unsigned char)text.at[part.len] & 0xC0) == 0x80)
        part.len--;
    return part;
}

/* Something is needed at the reader's place that is not there. */
static enum status miss(struct reader *r, const char *what_en, const char *what_zh)
{
    struct str before = str_trim(str_slice(r->text, 0, r->at));
    size_t skip = before.len > 40 ? before.len - 40 : 0;
    while (skip < before.len && ((unsigned char)before.at[skip] & 0xC0) == 0x80)
        skip++;
    before = str_slice(before, skip, before.len);
    if (before.len == 0)
        return error_about(r->err, STATUS_INPUT, what_en, what_zh,
                           " is needed at the beginning of the formula.", "应位于公式开头。");
    return error_about(r->err, STATUS_INPUT, what_en, what_zh, " is needed after \"%.*s\".",
                       "应位于“%.*s”之后。", STR_ARG(before));
}

static void add_term(struct reader *r, struct term term)
{
    struct ledger_formula *f = r->formula;
    f->terms = arena_one_more(r->arena, f->terms, f->count, sizeof *f->terms);
    f->terms[f->count++] = term;
}

static enum status read_sum(struct reader *r);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str take_while(struct reader *r, bool (*of)(char))
{
    size_t from = r->at;
    while (r->at < r->text.len && of(r->text.at[r->at]))
        r->at++;
    return str_slice(r->text, from, r->at - from);
}

static bool is_number_part(char c)
{
    return is_digit(c) || c == '.';
}

static bool is_name_part(char c)
{
    return is_letter(c) || is_digit(c) || (unsigned char)c >= 0x80;
}

static enum status read_number(struct reader *r)
{
    struct term term = {.kind = TERM_NUMBER};
    struct str text = take_while(r, is_number_part);
    if (!str_to_double(text, &term.number))
        return error_set(r->err, STATUS_INPUT, "\"%.*s\" is not a number.", "“%.*s”不是数字。",
                         STR_ARG(shown(text)));
    add_term(r, term);
    return STATUS_OK;
}

static enum status read_whole(struct reader *r, int most, int *value)
{
    uint64_t number;
    (void)peek(r);
    struct str text = take_while(r, is_digit);
    if (text.len == 0)
        return miss(r, "A number of months", "月数");
    if (!str_to_u64(text, &number) || number < 1 || number > (uint64_t)most)
        return error_set(r->err, STATUS_INPUT, "\"%.*s\" is no number of months from 1 to 120.",
                         "“%.*s”不是1到120之间的月数。", STR_ARG(shown(text)));
    *value = (int)number;
    return STATUS_OK;
}

/* The terms added since `from` are of so many months before. */
static enum status set_ago(struct reader *r, size_t from, int ago)
{
    for (size_t i = from; i < r->formula->count; i++) {
        struct term *term = &r->formula->terms[i];
        if (term->kind == TERM_INDICATOR && (term->ago += ago) > LEDGER_AGO_MOST)
            return error_set(r->err, STATUS_INPUT,
                             "The formula looks back more than 120 months altogether.",
                             "公式合计回溯超过120个月。");
    }
    return STATUS_OK;
}

static enum status read_ago(struct reader *r)
{
    size_t from = r->formula->count;
    int ago = 0;
    enum status status = read_sum(r);
    if (!status && !take(r, ','))
        return miss(r, "A comma and a number of months", "逗号和月数");
    if (!status)
        status = read_whole(r, LEDGER_AGO_MOST, &ago);
    return status ? status : set_ago(r, from, ago);
}

static enum status read_items(struct reader *r, enum term_kind kind)
{
    struct term term = {.kind = kind};
    enum status status;
    do {
        status = read_sum(r);
        if (++term.items > ITEMS_MOST)
            return error_set(r->err, STATUS_INPUT, "min and max take at most 32 values.",
                             "min 和 max 最多取32个值。");
    } while (!status && take(r, ','));
    if (!status)
        add_term(r, term);
    return status;
}

static bool is_name(struct str text, const char *name)
{
    return text.len == strlen(name) && !strncasecmp(text.at, name, text.len);
}

/* What stands in the brackets after a name. */
static enum status read_call(struct reader *r, struct str name)
{
    enum status status;
    if (is_name(name, "ago"))
        status = read_ago(r);
    else if (is_name(name, "min"))
        status = read_items(r, TERM_LEAST);
    else if (is_name(name, "max"))
        status = read_items(r, TERM_MOST);
    else
        return error_set(r->err, STATUS_INPUT,
                         "\"%.*s\" is unknown; there are min(…), max(…) and ago(…, months).",
                         "“%.*s”无法识别；可用 min(…)、max(…) 和 ago(…, 月数)。",
                         STR_ARG(shown(name)));
    return !status && !take(r, ')') ? miss(r, "A closing bracket", "右括号") : status;
}

static enum status read_indicator(struct reader *r, struct str name)
{
    struct term term = {.kind = TERM_INDICATOR};
    struct str number = str_copy(r->arena, name);
    for (size_t i = 0; i < number.len; i++)
        if (number.at[i] >= 'a' && number.at[i] <= 'z')
            ((char *)number.at)[i] = (char)(number.at[i] - 'a' + 'A');
    if (!r->find(r->context, number, &term.id))
        return error_set(r->err, STATUS_INPUT,
                         "\"%.*s\" is no indicator; write its number, such as I3.",
                         "“%.*s”不是指标；请填写指标编号，如 I3。", STR_ARG(shown(name)));
    add_term(r, term);
    return STATUS_OK;
}

static enum status read_factor(struct reader *r)
{
    char c = peek(r);
    if (is_number_part(c))
        return read_number(r);
    if (take(r, '-')) {
        enum status status = read_factor(r);
        if (!status)
            add_term(r, (struct term){.kind = TERM_NEGATE});
        return status;
    }
    if (take(r, '(')) {
        enum status status = read_sum(r);
        return !status && !take(r, ')') ? miss(r, "A closing bracket", "右括号") : status;
    }
    struct str name = take_while(r, is_name_part);
    if (name.len == 0)
        return miss(r, "An indicator or a number", "指标或数字");
    return take(r, '(') ? read_call(r, name) : read_indicator(r, name);
}

static enum status read_product(struct reader *r)
{
    enum status status = read_factor(r);
    while (!status && (peek(r) == '*' || peek(r) == '/')) {
        enum term_kind kind = take(r, '*') ? TERM_MULTIPLY : TERM_DIVIDE;
        if (kind == TERM_DIVIDE)
            (void)take(r, '/');
        status = read_factor(r);
        if (!status)
            add_term(r, (struct term){.kind = kind});
    }
    return status;
}

static enum status read_terms(struct reader *r)
{
    enum status status = read_product(r);
    while (!status && (peek(r) == '+' || peek(r) == '-')) {
        enum term_kind kind = take(r, '+') ? TERM_ADD : TERM_SUBTRACT;
        if (kind == TERM_SUBTRACT)
            (void)take(r, '-');
        status = read_product(r);
        if (!status)
            add_term(r, (struct term){.kind = kind});
    }
    return status;
}

static enum status read_sum(struct reader *r)
{
    enum status status;
    if (r->depth == DEEPEST)
        return error_set(r->err, STATUS_INPUT, "More than 40 brackets stand within each other.",
                         "括号嵌套超过40层。");
    r->depth++;
    status = read_terms(r);
    r->depth--;
    return status;
}

static void list_uses(struct arena *arena, struct ledger_formula *f)
{
    f->uses = arena_array(arena, f->count, int64_t);
    for (size_t i = 0; i < f->count; i++) {
        size_t known = 0;
        if (f->terms[i].kind != TERM_INDICATOR)
            continue;
        while (known < f->nuses && f->uses[known] != f->terms[i].id)
            known++;
        if (known == f->nuses)
            f->uses[f->nuses++] = f->terms[i].id;
    }
}

enum status ledger_read_formula(struct arena *arena, struct str text, ledger_formula_find *find,
                                void *context, struct ledger_formula **formula, struct error *err)
{
    struct reader r = {.arena = arena,
                       .find = find,
                       .context = context,
                       .formula = arena_new(arena, struct ledger_formula),
                       .err = err};
    if (text.len > LEDGER_FORMULA_LONGEST)
        return error_set(err, STATUS_INPUT, "The formula is longer than 1,000 bytes.",
                         "公式长度超过1000字节。");
    r.text = fold_formula(arena, text);
    enum status status = read_sum(&r);
    if (!status && (peek(&r) != 0 || r.at < r.text.len)) /* a NUL is no end */
        return miss(&r, "An operator (+ - * /) or the end", "运算符（+ - * /）或结尾");
    if (status)
        return status;
    list_uses(arena, r.formula);
    *formula = r.formula;
    return STATUS_OK;
}

const int64_t *ledger_formula_uses(const struct ledger_formula *formula, size_t *count)
{
    *count = formula->nuses;
    return formula->uses;
}

/* --- working out ------------------------------------------------------------------------------------------ */

/* Values wait for their operator at most as deep as brackets and items go. */
#define WAITING_MOST (DEEPEST * (ITEMS_MOST + 4U))

static double fold_items(const double *items, unsigned count, enum term_kind kind)
{
    double found = items[0];
    for (unsigned i = 1; i < count; i++)
        if (kind == TERM_LEAST ? items[i] < found : items[i] > found)
            found = items[i];
    return found;
}

/* Takes the operator's values off the stack and puts its result there; false when it divides by nothing. */
static bool apply(const struct term *term, double *stack, size_t *height)
{
    double *top = stack + *height;
    switch (term->kind) {
    case TERM_NEGATE:
        top[-1] = -top[-1];
        return true;
    case TERM_LEAST:
    case TERM_MOST:
        *height -= term->items - 1;
        top[-(ptrdiff_t)term->items] = fold_items(top - term->items, term->items, term->kind);
        return true;
    case TERM_DIVIDE:
        if (top[-1] == 0)
            return false;
        top[-2] /= top[-1];
        break;
    case TERM_MULTIPLY:
        top[-2] *= top[-1];
        break;
    case TERM_ADD:
        top[-2] += top[-1];
        break;
    case TERM_SUBTRACT:
        top[-2] -= top[-1];
        break;
    case TERM_NUMBER:
    case TERM_INDICATOR:
        break;
    }
    --*height;
    return true;
}

enum ledger_worth ledger_work_out(const struct ledger_formula *formula, ledger_formula_value *value,
                                  void *context, double *result, int64_t *lacking)
{
    double stack[WAITING_MOST];
    size_t height = 0;
    for (size_t i = 0; i < formula->count; i++) {
        const struct term *term = &formula->terms[i];
        if (term->kind == TERM_NUMBER) {
            stack[height++] = term->number;
        } else if (term->kind == TERM_INDICATOR) {
            if (!value(context, term->id, term->ago, &stack[height++])) {
                if (lacking)
                    *lacking = term->id;
                return LEDGER_LACKING;
            }
        } else if (!apply(term, stack, &height)) {
            return LEDGER_DIVIDED;
        }
    }
    if (!isfinite(stack[0]))
        return LEDGER_BEYOND;
    *result = stack[0];
    return LEDGER_KNOWN;
}

/* --- cycles ----------------------------------------------------------------------------------------------- */

static int order_uses(const void *a, const void *b)
{
    const struct ledger_use *x = a;
    const struct ledger_use *y = b;
    return (x->of > y->of) - (x->of < y->of);
}

/* The first use of `of`, or `count`. */
static size_t first_use(const struct ledger_use *uses, size_t count, int64_t of)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (uses[middle].of < of)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && uses[low].of == of ? low : count;
}

/* A step of the search: one use, and the step that led to it. */
struct step {
    size_t use, from;
};

static void tell_path(struct arena *arena, const struct ledger_use *uses, const struct step *steps,
                      size_t last, int64_t **path, size_t *npath)
{
    size_t length = 2;
    for (size_t at = last; steps[at].from != SIZE_MAX; at = steps[at].from)
        length++;
    *path = arena_array(arena, length, int64_t);
    *npath = length;
    for (size_t at = last; at != SIZE_MAX; at = steps[at].from)
        (*path)[--length] = uses[steps[at].use].uses;
    (*path)[0] = (*path)[*npath - 1];
}

bool ledger_find_cycle(struct arena *arena, const struct ledger_use *given, size_t count,
                       int64_t of, int64_t **path, size_t *npath)
{
    struct ledger_use *uses = arena_array(arena, count, struct ledger_use);
    struct step *steps = arena_array(arena, count, struct step);
    bool *taken = arena_array(arena, count, bool); /* by an indicator's first use */
    size_t nsteps = 0;
    if (count)
        memcpy(uses, given, count * sizeof *uses);
    qsort(uses, count, sizeof *uses, order_uses);
    size_t next = SIZE_MAX; /* the step whose end is looked at; first `of` itself */
    for (int64_t at = of;; at = uses[steps[next].use].uses) {
        size_t use = first_use(uses, count, at);
        if (use < count && !taken[use]) {
            taken[use] = true;
            for (; use < count && uses[use].of == at; use++) {
                steps[nsteps++] = (struct step){use, next};
                if (uses[use].uses == of) {
                    tell_path(arena, uses, steps, nsteps - 1, path, npath);
                    return true;
                }
            }
        }
        next = next == SIZE_MAX ? 0 : next + 1;
        if (next >= nsteps)
            return false;
    }
}
