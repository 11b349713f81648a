/* Clashes between programmes; see clash.h. */
#include "ledger/clash.h"

#include <math.h>
#include <stdlib.h>

#include "base/unicode.h"

#define CONVERTED_WITHIN 1e-9 /* of an amount: so much is rounded off in converting */

static const struct {
    const char *name, *en, *zh, *rule_en, *rule_zh;
} ASPECTS[CLASH_ASPECTS] = {
    [CLASH_DATE] = {"date", "Dates", "时间",
                    "Of the same subject, no day suits both, or both say by when and differ.",
                    "两项规划对同一事项的时间要求没有共同的日期，或完成期限不一致。"},
    [CLASH_QUANTITY] = {"quantity", "Quantities", "数量",
                        "No number suits what both say about the same subject; units of one kind "
                        "are converted, others compared only where they are the same.",
                        "两项规划对同一事项的数量要求没有共同的数值；同类单位换算后比较，其他"
                        "单位仅在相同时比较。"},
    [CLASH_PLACE] = {"place", "Places", "空间",
                     "The same subject is to be in two places, neither of which lies in the other.",
                     "同一事项落在两处，且互不包含。"},
    [CLASH_USE] = {"use", "Uses", "用途",
                   "One place lies in the other, and the two are meant for different uses.",
                   "两处空间相互包含，用途却不同。"},
};

const char *clash_aspect_name(enum clash_aspect aspect)
{
    return ASPECTS[aspect].name;
}

bool clash_aspect_named(struct str name, enum clash_aspect *aspect)
{
    for (int i = 0; i < CLASH_ASPECTS; i++) {
        if (str_equal(name, str_of(ASPECTS[i].name))) {
            *aspect = (enum clash_aspect)i;
            return true;
        }
    }
    return false;
}

const char *clash_aspect_word(enum clash_aspect aspect, enum lang lang)
{
    return lang_pick(lang, ASPECTS[aspect].en, ASPECTS[aspect].zh);
}

const char *clash_aspect_rule(enum clash_aspect aspect, enum lang lang)
{
    return lang_pick(lang, ASPECTS[aspect].rule_en, ASPECTS[aspect].rule_zh);
}

/* --- names -------------------------------------------------------------------------------------- */

struct str clash_fold_name(struct arena *arena, struct str name)
{
    struct folded folded = unicode_fold(arena, name);
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < folded.count; i++)
        buf_add_code(&out, folded.code[i]);
    struct str text = buf_str(&out);
    while (str_ends(text, STR("/")))
        text.len--;
    return text;
}

bool clash_lies_in(struct str inner, struct str outer)
{
    return str_starts(inner, outer) && (inner.len == outer.len || inner.at[outer.len] == '/');
}

static bool overlap(struct str a, struct str b)
{
    return !a.len || !b.len || clash_lies_in(a, b) || clash_lies_in(b, a);
}

/* --- two statements ----------------------------------------------------------------------------- */

/* A statement with its names folded. */
struct folded_statement {
    const struct clash_statement *said;
    struct str area, subject, measure, place, use;
};

struct pair_list {
    struct arena *arena;
    const struct gauges *gauges;
    struct clash_pair *at;
    size_t count;
};

static void add_pair(struct pair_list *list, const struct folded_statement *x,
                     const struct folded_statement *y, enum clash_aspect aspect)
{
    list->at = arena_one_more(list->arena, list->at, list->count, sizeof *list->at);
    bool in_order = x->said->id < y->said->id;
    list->at[list->count++] = (struct clash_pair){in_order ? x->said->id : y->said->id,
                                                  in_order ? y->said->id : x->said->id, aspect};
}

/* Whether both could be held against each other at all. */
static bool meet(const struct folded_statement *x, const struct folded_statement *y)
{
    return x->said->programme != y->said->programme && overlap(x->area, y->area);
}

static bool same_subject(const struct folded_statement *x, const struct folded_statement *y)
{
    return x->said->line && y->said->line ? x->said->line == y->said->line
                                          : str_equal(x->subject, y->subject);
}

static bool ends_before(const struct clash_statement *x, const struct clash_statement *y)
{
    return x->last_day && y->first_day && x->last_day < y->first_day;
}

/* Two that say only by when would suit each other on any early day; they are different plans all the same. */
static bool days_clash(const struct clash_statement *x, const struct clash_statement *y)
{
    bool deadlines = x->last_day && y->last_day && !x->first_day && !y->first_day;
    return deadlines ? x->last_day != y->last_day : ends_before(x, y) || ends_before(y, x);
}

/* Greater by more than what converting rounds off; false where either is open. */
static bool exceeds(double a, double b)
{
    return a - b > CONVERTED_WITHIN * fmax(fabs(a), fabs(b));
}

static bool amounts_clash(const struct gauges *gauges, const struct folded_statement *x,
                          const struct folded_statement *y)
{
    double a;
    double b;
    return gauge_comparable(gauges, x->measure, y->measure, &a, &b) &&
           (exceeds(x->said->least * a, y->said->most * b) ||
            exceeds(y->said->least * b, x->said->most * a));
}

static void compare_subject(struct pair_list *list, const struct folded_statement *x,
                            const struct folded_statement *y)
{
    if (!meet(x, y))
        return;
    if (days_clash(x->said, y->said))
        add_pair(list, x, y, CLASH_DATE);
    if (amounts_clash(list->gauges, x, y))
        add_pair(list, x, y, CLASH_QUANTITY);
    if (x->place.len && y->place.len && !overlap(x->place, y->place))
        add_pair(list, x, y, CLASH_PLACE);
}

/* One's place lies in the other's. */
static void compare_use(struct pair_list *list, const struct folded_statement *x,
                        const struct folded_statement *y)
{
    if (meet(x, y) && x->use.len && y->use.len && !str_equal(x->use, y->use) && !same_subject(x, y))
        add_pair(list, x, y, CLASH_USE);
}

/* --- all of them -------------------------------------------------------------------------------- */

static int by_line(const void *a, const void *b)
{
    int64_t x = ((const struct folded_statement *)a)->said->line;
    int64_t y = ((const struct folded_statement *)b)->said->line;
    return x < y ? -1 : x > y;
}

static int by_subject(const void *a, const void *b)
{
    return str_compare(((const struct folded_statement *)a)->subject,
                       ((const struct folded_statement *)b)->subject);
}

static int by_place(const void *a, const void *b)
{
    return str_compare(((const struct folded_statement *)a)->place,
                       ((const struct folded_statement *)b)->place);
}

int clash_compare_pairs(const void *a, const void *b)
{
    const struct clash_pair *x = a;
    const struct clash_pair *y = b;
    if (x->one != y->one)
        return x->one < y->one ? -1 : 1;
    if (x->other != y->other)
        return x->other < y->other ? -1 : 1;
    return (int)x->aspect - (int)y->aspect;
}

static void compare_lines(struct pair_list *list, struct folded_statement *all, size_t count)
{
    qsort(all, count, sizeof *all, by_line);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; all[i].said->line && j < count && !by_line(&all[i], &all[j]); j++)
            compare_subject(list, &all[i], &all[j]);
}

static void compare_subjects(struct pair_list *list, struct folded_statement *all, size_t count)
{
    qsort(all, count, sizeof *all, by_subject);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count && !by_subject(&all[i], &all[j]); j++)
            if (!all[i].said->line || !all[j].said->line) /* where both name one, that decided */
                compare_subject(list, &all[i], &all[j]);
}

/* Whatever lies in a place follows it, since its name begins with that place's. */
static void compare_places(struct pair_list *list, struct folded_statement *all, size_t count)
{
    qsort(all, count, sizeof *all, by_place);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1;
             all[i].place.len && j < count && str_starts(all[j].place, all[i].place); j++)
            if (clash_lies_in(all[j].place, all[i].place))
                compare_use(list, &all[i], &all[j]);
}

size_t clash_find_pairs(struct arena *arena, const struct gauges *gauges,
                        const struct clash_statement *statements, size_t count,
                        struct clash_pair **pairs)
{
    struct pair_list list = {.arena = arena, .gauges = gauges};
    struct folded_statement *all = arena_array(arena, count + 1, struct folded_statement);
    for (size_t i = 0; i < count; i++)
        all[i] = (struct folded_statement){
            .said = &statements[i],
            .area = clash_fold_name(arena, statements[i].area),
            .subject = clash_fold_name(arena, statements[i].subject),
            .measure = clash_fold_name(arena, statements[i].measure),
            .place = clash_fold_name(arena, statements[i].place),
            .use = clash_fold_name(arena, statements[i].use),
        };
    compare_lines(&list, all, count);
    compare_subjects(&list, all, count);
    compare_places(&list, all, count);
    if (list.count)
        qsort(list.at, list.count, sizeof *list.at, clash_compare_pairs);
    *pairs = list.at;
    return list.count;
}
