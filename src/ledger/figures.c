/* Figures of an indicator, worked out over those that it uses; see indicator.h.
 *
 * Values already worked out are kept by indicator and period, so that however often formulas name each other, each
 * is worked out once. */
#include "ledger/indicator.h"
#include "ledger/split.h"

#include <math.h>

struct figure_memo {
    int from, count;
    double value;
    bool known, used;
};

struct figured {
    int64_t id;
    unsigned places;
    enum ledger_fold fold;
    struct ledger_formula *formula; /* NULL: entered */
    struct ledger_series series;
    int64_t *amounts;
    struct figure_memo *memo; /* open addressing, of MEMO_SIZE */
    size_t memos;
};

#define MEMO_SIZE \
    1024U /* periods of one indicator that are remembered; enough for decades of months */

struct ledger_figures {
    struct arena *arena;
    struct figured *all; /* [0] is the one asked for */
    size_t count;
    int first, last;
    bool any;
};

static bool work_out(struct ledger_figures *figures, struct figured *one, int from, int count,
                     double *value);

struct period {
    struct ledger_figures *figures;
    int from, count;
};

static struct figured *find_figured(struct ledger_figures *figures, int64_t id)
{
    for (size_t i = 0; i < figures->count; i++)
        if (figures->all[i].id == id)
            return &figures->all[i];
    return NULL;
}

static bool give_value(void *context, int64_t id, int ago, double *value)
{
    const struct period *p = context;
    struct figured *one = find_figured(p->figures, id);
    return one && work_out(p->figures, one, p->from - ago, p->count, value);
}

static struct figure_memo *memo_of(struct ledger_figures *figures, struct figured *one, int from,
                                   int count)
{
    if (!one->memo)
        one->memo = arena_array(figures->arena, MEMO_SIZE, struct figure_memo);
    unsigned at = ((unsigned)from * 13U + (unsigned)count) * 2654435761U;
    for (unsigned i = 0; i < MEMO_SIZE; i++) {
        struct figure_memo *m = &one->memo[(at + i) % MEMO_SIZE];
        if (!m->used || (m->from == from && m->count == count))
            return m;
    }
    return &one->memo[at % MEMO_SIZE]; /* full: the newest takes an older one's place */
}

static bool work_out(struct ledger_figures *figures, struct figured *one, int from, int count,
                     double *value)
{
    if (!one->formula) {
        int64_t amount = ledger_fold_months(one->fold, &one->series, from, count);
        *value = amount == LEDGER_NONE ? 0 : ledger_amount_real(amount, one->places);
        return amount != LEDGER_NONE;
    }
    struct figure_memo *memo = memo_of(figures, one, from, count);
    if (!memo->used || memo->from != from || memo->count != count) {
        struct period period = {figures, from, count};
        double result = 0;
        bool known =
            ledger_work_out(one->formula, give_value, &period, &result, NULL) == LEDGER_KNOWN;
        *memo = (struct figure_memo){from, count, result, known, true};
    }
    *value = memo->value;
    return memo->known;
}

int64_t ledger_figure(struct ledger_figures *figures, int from, int count)
{
    struct figured *one = &figures->all[0];
    double value;
    if (!one->formula)
        return ledger_fold_months(one->fold, &one->series, from, count);
    return work_out(figures, one, from, count, &value) ? ledger_real_amount(value, one->places)
                                                       : LEDGER_NONE;
}

struct ledger_series ledger_figure_series(struct arena *arena, struct ledger_figures *figures,
                                          int from, int count)
{
    int64_t *at = arena_array(arena, (size_t)count, int64_t);
    for (int m = 0; m < count; m++)
        at[m] = ledger_figure(figures, from + m, 1);
    return (struct ledger_series){at, (size_t)count, from};
}

bool ledger_figures_span(const struct ledger_figures *figures, int *first, int *last)
{
    *first = figures->first;
    *last = figures->last;
    return figures->any;
}

/* --- reading ------------------------------------------------------------------------------------------------ */

bool ledger_find_indicator_number(void *store, struct str number, int64_t *id)
{
    struct query *q =
        query_start(store, "SELECT i.line FROM indicator i JOIN line l ON l.id = i.line"
                           " WHERE l.number = ?1");
    query_bind_str(q, 1, number);
    bool found = query_row(q);
    if (found)
        *id = query_int(q, 0);
    return !query_end(q, NULL) && found;
}

/* The indicator and all that it uses, itself first; formulas are read afterwards, as reading asks the store too. */
static enum status list_used(struct ledger_figures *figures, struct store *store, int64_t line,
                             struct str **formulas, struct error *err)
{
    struct query *q = query_start(
        store, "WITH RECURSIVE used (id) AS (SELECT ?1 UNION SELECT u.uses FROM indicator_use u"
               " JOIN used ON u.line = used.id)"
               " SELECT i.line, i.places, i.fold, i.formula FROM indicator i JOIN used"
               " ON i.line = used.id ORDER BY i.line <> ?1");
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        size_t n = figures->count++;
        figures->all = arena_one_more(figures->arena, figures->all, n, sizeof *figures->all);
        *formulas = arena_one_more(figures->arena, *formulas, n, sizeof **formulas);
        figures->all[n] =
            (struct figured){.id = query_int(q, 0), .places = (unsigned)query_int(q, 1)};
        (void)ledger_fold_named(query_str(q, 2), &figures->all[n].fold);
        (*formulas)[n] = str_copy(figures->arena, query_str(q, 3));
    }
    return query_end(q, err);
}

static enum status load_amounts(struct ledger_figures *figures, struct store *store,
                                struct figured *one, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT month, amount FROM indicator_actual WHERE line = ?1"
                           " AND replaced_ms IS NULL AND amount IS NOT NULL"
                           " ORDER BY month");
    query_bind_int(q, 1, one->id);
    while (query_row(q)) {
        int month = (int)query_int(q, 0);
        if (one->series.count == 0)
            one->series.first = month;
        size_t have = one->series.count;
        size_t want = (size_t)(month - one->series.first) + 1;
        one->amounts = arena_grow(figures->arena, one->amounts, have * sizeof(int64_t),
                                  want * sizeof(int64_t));
        for (size_t i = have; i < want; i++)
            one->amounts[i] = LEDGER_NONE;
        one->amounts[want - 1] = query_int(q, 1);
        one->series.count = want;
        figures->first = !figures->any || month < figures->first ? month : figures->first;
        figures->last = !figures->any || month > figures->last ? month : figures->last;
        figures->any = true;
    }
    one->series.at = one->amounts;
    return query_end(q, err);
}

enum status ledger_load_figures(struct arena *arena, struct store *store,
                                const struct indicator *indicator, struct ledger_figures **figures,
                                struct error *err)
{
    struct ledger_figures *f = arena_new(arena, struct ledger_figures);
    struct str *formulas = NULL;
    f->arena = arena;
    enum status status = list_used(f, store, indicator->line, &formulas, err);
    for (size_t i = 0; !status && i < f->count; i++)
        status = formulas[i].len
                     ? ledger_read_formula(arena, formulas[i], ledger_find_indicator_number, store,
                                           &f->all[i].formula, err)
                     : load_amounts(f, store, &f->all[i], err);
    *figures = f;
    return status;
}
