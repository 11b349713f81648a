/* Plans of a line frozen, and two states of it compared. */
#include "server/internal.h"

#include "base/calendar.h"
#include "ledger/account.h"
#include "ledger/amount.h"
#include "ledger/freeze.h"
#include "server/chart.h"
#include "server/grid_file.h"

struct frozen_row {
    struct str key, name;
    int64_t frozen, lines;
};
static const struct field FROZEN_ROW[] = {
    FIELD(TEXT, struct frozen_row, key),
    FIELD(TEXT, struct frozen_row, name),
    FIELD(TIME, struct frozen_row, frozen),
    FIELD(NUMBER, struct frozen_row, lines),
    {0},
};
struct slip_row {
    struct str key, number, title, fate;
    struct str begins_before, due_before, begins_after, due_after;
    struct str money_before, money_after, money_slip;          /* empty: no money in either */
    struct str quantity_before, quantity_after, quantity_slip; /* the same */
    int64_t slip;
    bool added, dropped, same, later, earlier, dated, on_time, dearer;
};
static const struct field SLIP_ROW[] = {
    FIELD(TEXT, struct slip_row, key),
    FIELD(TEXT, struct slip_row, number),
    FIELD(TEXT, struct slip_row, title),
    FIELD(TEXT, struct slip_row, fate),
    FIELD(DATE, struct slip_row, begins_before),
    FIELD(DATE, struct slip_row, due_before),
    FIELD(DATE, struct slip_row, begins_after),
    FIELD(DATE, struct slip_row, due_after),
    FIELD(NUMBER, struct slip_row, slip),
    FIELD(TEXT, struct slip_row, money_before),
    FIELD(TEXT, struct slip_row, money_after),
    FIELD(TEXT, struct slip_row, money_slip),
    FIELD(TEXT, struct slip_row, quantity_before),
    FIELD(TEXT, struct slip_row, quantity_after),
    FIELD(TEXT, struct slip_row, quantity_slip),
    FIELD_HIDDEN(FLAG, struct slip_row, on_time),
    FIELD_HIDDEN(FLAG, struct slip_row, dearer),
    FIELD_HIDDEN(FLAG, struct slip_row, added),
    FIELD_HIDDEN(FLAG, struct slip_row, dropped),
    FIELD_HIDDEN(FLAG, struct slip_row, same),
    FIELD_HIDDEN(FLAG, struct slip_row, later),
    FIELD_HIDDEN(FLAG, struct slip_row, earlier),
    FIELD_HIDDEN(FLAG, struct slip_row, dated),
    {0},
};
struct quantity_row {
    struct str measure, before, after, slip;
};
static const struct field QUANTITY_ROW[] = {
    FIELD(TEXT, struct quantity_row, measure),
    FIELD(TEXT, struct quantity_row, before),
    FIELD(TEXT, struct quantity_row, after),
    FIELD(TEXT, struct quantity_row, slip),
    {0},
};
struct sum_part {
    int64_t later, earlier, days_later, days_earlier, worst, added, dropped;
    struct str worst_number, end_before, end_after;
    struct str money_before, money_after, money_slip;
    struct quantity_row *quantities;
    size_t nquantities;
};
static const struct field SUM_PART[] = {
    FIELD(NUMBER, struct sum_part, later),
    FIELD(NUMBER, struct sum_part, earlier),
    FIELD(NUMBER, struct sum_part, days_later),
    FIELD(NUMBER, struct sum_part, days_earlier),
    FIELD(NUMBER, struct sum_part, worst),
    FIELD(TEXT, struct sum_part, worst_number),
    FIELD(NUMBER, struct sum_part, added),
    FIELD(NUMBER, struct sum_part, dropped),
    FIELD(DATE, struct sum_part, end_before),
    FIELD(DATE, struct sum_part, end_after),
    FIELD(TEXT, struct sum_part, money_before),
    FIELD(TEXT, struct sum_part, money_after),
    FIELD(TEXT, struct sum_part, money_slip),
    FIELD_OF_LIST(struct sum_part, quantities, QUANTITY_ROW),
    {0},
};
struct baselines_page {
    struct ledger_head head;
    struct str name, chart, quantity, measure, query; /* query: of the two states */
    bool compared, may_say, any_money, any_quantity;
    struct frozen_row *frozen;
    struct ledger_choice *from, *to;
    struct slip_row *slips;
    size_t nfrozen, nfrom, nto, nslips;
    struct sum_part sum;
};
#define CHOICES(member)                                                               \
    {                                                                                 \
        .kind = FIELD_LIST, .hidden = true, .name = #member,                          \
        .at = offsetof(struct baselines_page, member), .parts = ledger_choice_fields, \
        .count_at = offsetof(struct baselines_page, n##member),                       \
        .size = sizeof(struct ledger_choice)                                          \
    }
static const struct field BASELINES_PAGE[] = {
    LEDGER_HEAD_FIELD(struct baselines_page, head),
    FIELD_HIDDEN(TEXT, struct baselines_page, name),
    FIELD_HIDDEN(MARKUP, struct baselines_page, chart),
    FIELD_HIDDEN(TEXT, struct baselines_page, query),
    FIELD(TEXT, struct baselines_page, quantity),
    FIELD(TEXT, struct baselines_page, measure),
    FIELD_HIDDEN(FLAG, struct baselines_page, compared),
    FIELD_HIDDEN(FLAG, struct baselines_page, may_say),
    FIELD_HIDDEN(FLAG, struct baselines_page, any_money),
    FIELD_HIDDEN(FLAG, struct baselines_page, any_quantity),
    FIELD_OF_LIST(struct baselines_page, frozen, FROZEN_ROW),
    CHOICES(from),
    CHOICES(to),
    FIELD_OF_LIST(struct baselines_page, slips, SLIP_ROW),
    FIELD_OF_PART(struct baselines_page, sum, SUM_PART),
    {0},
};

/* --- what is compared ----------------------------------------------------------------------------- */

/* The states to choose from: now, and each frozen plan. */
static struct ledger_choice *choices(struct request *rq, const struct baselines_page *page,
                                     struct str key)
{
    struct ledger_choice *list = arena_array(rq->arena, page->nfrozen + 1, struct ledger_choice);
    list[0] = (struct ledger_choice){STR("now"), request_words(rq, "As it is now", "当前状态"),
                                     str_equal(key, STR("now"))};
    for (size_t i = 0; i < page->nfrozen; i++)
        list[i + 1] = (struct ledger_choice){page->frozen[i].key, page->frozen[i].name,
                                             str_equal(key, page->frozen[i].key)};
    return list;
}

static enum status find_state(const struct ledger_frozen *frozen, size_t count, struct str key,
                              int64_t *id, struct error *err)
{
    *id = 0;
    if (str_equal(key, STR("now")))
        return STATUS_OK;
    for (size_t i = 0; i < count; i++)
        if (str_equal(key, frozen[i].key))
            *id = frozen[i].id;
    return *id ? STATUS_OK
               : error_set(err, STATUS_MISSING, "There is no such plan of this line.",
                           "本条目没有该基线。");
}

/* "+1,000.00": what the later state has more. */
static struct str more_money(struct request *rq, int64_t cents)
{
    return str_format(rq->arena, "%s%.*s", cents > 0 ? "+" : "",
                      STR_ARG(account_money(rq->arena, cents)));
}

/* "12.5", without places that say nothing. */
static struct str plain(struct request *rq, int64_t quantity)
{
    struct str text = ledger_write_amount(rq->arena, quantity, 3);
    while (text.len && text.at[text.len - 1] == '0')
        text.len--;
    if (text.len && text.at[text.len - 1] == '.')
        text.len--;
    return text;
}

static struct str more_quantity(struct request *rq, int64_t quantity)
{
    return str_format(rq->arena, "%s%.*s", quantity > 0 ? "+" : "", STR_ARG(plain(rq, quantity)));
}

static struct str measured(struct request *rq, const struct baseline_item *item)
{
    return item && item->measure.len
               ? str_format(rq->arena, "%.*s %.*s", STR_ARG(plain(rq, item->quantity)),
                            STR_ARG(item->measure))
               : STR("");
}

static void tell_amounts(struct request *rq, const struct baseline_slip *slip, struct slip_row *row)
{
    const struct baseline_item *b = slip->before;
    const struct baseline_item *a = slip->after;
    int64_t cents[2] = {b ? b->cents : 0, a ? a->cents : 0};
    if (cents[0] || cents[1]) {
        row->money_before = account_money(rq->arena, cents[0]);
        row->money_after = account_money(rq->arena, cents[1]);
        row->money_slip = cents[0] == cents[1] ? STR("") : more_money(rq, cents[1] - cents[0]);
        row->dearer = cents[1] > cents[0];
    }
    row->quantity_before = measured(rq, b);
    row->quantity_after = measured(rq, a);
    row->quantity_slip = slip->quantity ? more_quantity(rq, slip->quantity) : STR("");
}

static struct slip_row row_of(struct request *rq, const struct baseline_slip *slip)
{
    static const char *const FATES[] = {"same", "changed", "added", "dropped"};
    const struct baseline_item *b = slip->before;
    const struct baseline_item *a = slip->after;
    struct slip_row row = {
        .fate = str_of(FATES[slip->fate]),
        .begins_before = b ? ledger_day(rq, b->begins) : STR(""),
        .due_before = b ? ledger_day(rq, b->due) : STR(""),
        .begins_after = a ? ledger_day(rq, a->begins) : STR(""),
        .due_after = a ? ledger_day(rq, a->due) : STR(""),
        .slip = slip->due > 0 ? slip->due : -slip->due,
        .added = slip->fate == BASELINE_ADDED,
        .dropped = slip->fate == BASELINE_DROPPED,
        .same = slip->fate == BASELINE_SAME,
        .later = slip->due > 0,
        .earlier = slip->due < 0,
        .dated = slip->fate == BASELINE_CHANGED && slip->due == 0 && (slip->begins || slip->dated),
    };
    row.on_time = slip->fate == BASELINE_CHANGED && slip->due == 0 && !row.dated;
    tell_amounts(rq, slip, &row);
    return row;
}

static void sum_amounts(struct request *rq, const struct baseline_sum *sum,
                        struct baselines_page *page)
{
    struct sum_part *part = &page->sum;
    page->any_money = sum->cents_before || sum->cents_after;
    if (page->any_money) {
        part->money_before = account_money(rq->arena, sum->cents_before);
        part->money_after = account_money(rq->arena, sum->cents_after);
        part->money_slip = more_money(rq, sum->cents_after - sum->cents_before);
    }
    part->quantities = arena_array(rq->arena, sum->nquantities + 1, struct quantity_row);
    for (size_t i = 0; i < sum->nquantities; i++) {
        const struct baseline_quantity *q = &sum->quantities[i];
        if (q->measure.len)
            part->quantities[part->nquantities++] =
                (struct quantity_row){q->measure, plain(rq, q->before), plain(rq, q->after),
                                      more_quantity(rq, q->after - q->before)};
    }
    page->any_quantity = part->nquantities > 0;
}

/* Numbers and titles of all lines that came up: one walk beside the slips, both by line. */
static enum status name_rows(struct request *rq, int64_t line, const int64_t states[2],
                             const struct baseline_slip *slips, struct baselines_page *page,
                             int64_t worst, struct error *err)
{
    struct query *q = query_start(
        rq->store, "WITH RECURSIVE under (id) AS (SELECT ?1 UNION"
                   " SELECT l.id FROM line l JOIN under u ON l.parent = u.id)"
                   " SELECT id, key, number, title FROM line WHERE id IN (SELECT id FROM under"
                   " UNION SELECT line FROM baseline_line WHERE baseline IN (?2, ?3)) ORDER BY id");
    size_t at = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, states[0]);
    query_bind_int(q, 3, states[1]);
    while (query_row(q) && at < page->nslips) {
        if (slips[at].line != query_int(q, 0))
            continue;
        page->slips[at].key = str_copy(rq->arena, query_str(q, 1));
        page->slips[at].number = str_copy(rq->arena, query_str(q, 2));
        page->slips[at].title = str_copy(rq->arena, query_str(q, 3));
        if (slips[at].line == worst)
            page->sum.worst_number = page->slips[at].number;
        at++;
    }
    return query_end(q, err);
}

/* What the page's words are made of. */
struct comparison {
    const struct baseline_slip *slips;
    struct baseline_sum sum;
};

/* "+30 d · +500.00 · -2.5 km": what moved, in days, money and quantity. */
static struct str slip_words(struct request *rq, const struct baseline_slip *slip,
                             const struct slip_row *row)
{
    struct buf out = {.arena = rq->arena};
    if (slip->due)
        buf_format(&out, "%+lld %s", (long long)slip->due, lang_pick(rq->lang, "d", "天"));
    if (row->money_slip.len)
        buf_format(&out, "%s%.*s", out.len ? " · " : "", STR_ARG(row->money_slip));
    if (row->quantity_slip.len)
        buf_format(&out, "%s%.*s %.*s", out.len ? " · " : "", STR_ARG(row->quantity_slip),
                   STR_ARG((slip->after ? slip->after : slip->before)->measure));
    return buf_str(&out);
}

static struct str span_words(struct request *rq, const struct baseline_item *item)
{
    if (!item)
        return STR("");
    return str_format(rq->arena, "%.*s%s%.*s", STR_ARG(ledger_day_words(rq, item->begins)),
                      item->begins ? " – " : "", STR_ARG(ledger_day_words(rq, item->due)));
}

static struct str draw(struct request *rq, const struct baseline_slip *slips,
                       const struct baselines_page *page)
{
    struct chart_span *spans = arena_array(rq->arena, page->nslips, struct chart_span);
    for (size_t i = 0; i < page->nslips; i++) {
        const struct baseline_item *b = slips[i].before;
        const struct baseline_item *a = slips[i].after;
        struct chart_span *span = &spans[i];
        span->label = page->slips[i].number;
        const struct slip_row *row = &page->slips[i];
        span->title = str_format(rq->arena, "%.*s: %.*s → %.*s", STR_ARG(row->title),
                                 STR_ARG(span_words(rq, b)), STR_ARG(span_words(rq, a)));
        span->note = slip_words(rq, &slips[i], row);
        if (b && b->due) {
            span->plan_from = b->begins && b->begins < b->due ? b->begins : b->due;
            span->plan_to = b->due;
        }
        if (a && a->due) {
            span->from = a->begins && a->begins < a->due ? a->begins : a->due;
            span->to = a->due;
            span->point = !a->begins;
        }
        span->critical = page->slips[i].later;
    }
    return chart_spans(rq->arena, spans, page->nslips, calendar_day_of(rq->now_ms),
                       request_words(rq, "Both states; the table below says the same",
                                     "两种状态对比；内容与下表相同"));
}

static enum status compare(struct request *rq, int64_t line, const int64_t states[2],
                           struct baselines_page *page, struct comparison *c, struct error *err)
{
    struct baseline_item *items[2];
    size_t counts[2];
    struct baseline_slip *slips;
    struct baseline_sum sum;
    for (int i = 0; i < 2; i++) {
        enum status status =
            ledger_load_state(rq->arena, rq->store, line, states[i], &items[i], &counts[i], err);
        if (status)
            return status;
    }
    ledger_compare_baselines(rq->arena, items[0], counts[0], items[1], counts[1], &slips,
                             &page->nslips, &sum);
    page->slips = arena_array(rq->arena, page->nslips, struct slip_row);
    for (size_t i = 0; i < page->nslips; i++)
        page->slips[i] = row_of(rq, &slips[i]);
    page->sum = (struct sum_part){
        .later = (int64_t)sum.later,
        .earlier = (int64_t)sum.earlier,
        .days_later = sum.days_later,
        .days_earlier = sum.days_earlier,
        .worst = sum.worst,
        .added = (int64_t)sum.added,
        .dropped = (int64_t)sum.dropped,
        .end_before = ledger_day(rq, sum.end_before),
        .end_after = ledger_day(rq, sum.end_after),
    };
    sum_amounts(rq, &sum, page);
    enum status status = name_rows(rq, line, states, slips, page, sum.worst_line, err);
    page->compared = true;
    *c = (struct comparison){slips, sum};
    if (!status)
        page->chart = draw(rq, slips, page);
    return status;
}

/* --- the page ------------------------------------------------------------------------------------- */

static struct str chosen(const struct request *rq, const char *input, struct str otherwise)
{
    struct str key = rq->post ? STR("") : request_input(rq, input);
    return key.len ? key : otherwise;
}

static enum status read_states(struct request *rq, int64_t line, struct baselines_page *page,
                               struct comparison *c, struct error *err)
{
    struct ledger_frozen *frozen;
    int64_t states[2];
    enum status status =
        ledger_list_frozen(rq->arena, rq->store, line, &frozen, &page->nfrozen, err);
    if (status || !page->nfrozen)
        return status;
    page->frozen = arena_array(rq->arena, page->nfrozen, struct frozen_row);
    for (size_t i = 0; i < page->nfrozen; i++)
        page->frozen[i] = (struct frozen_row){frozen[i].key, frozen[i].name, frozen[i].frozen_ms,
                                              frozen[i].lines};
    struct str from = chosen(rq, "from", frozen[0].key);
    struct str to = chosen(rq, "to", STR("now"));
    page->from = choices(rq, page, from);
    page->to = choices(rq, page, to);
    page->nfrom = page->nto = page->nfrozen + 1;
    status = find_state(frozen, page->nfrozen, from, &states[0], err);
    if (!status)
        status = find_state(frozen, page->nfrozen, to, &states[1], err);
    page->query = str_format(rq->arena, "from=%.*s&to=%.*s", STR_ARG(from), STR_ARG(to));
    return status ? status : compare(rq, line, states, page, c, err);
}

/* --- as a file ------------------------------------------------------------------------------------ */

enum file_column {
    FILE_NUMBER,
    FILE_TITLE,
    FILE_FATE,
    FILE_BEGINS_BEFORE,
    FILE_BEGINS_AFTER,
    FILE_DUE_BEFORE,
    FILE_DUE_AFTER,
    FILE_DAYS,
    FILE_MONEY_BEFORE,
    FILE_MONEY_AFTER,
    FILE_MONEY,
    FILE_QUANTITY_BEFORE,
    FILE_QUANTITY_AFTER,
    FILE_QUANTITY,
    FILE_MEASURE,
    FILE_COLUMNS
};
static const struct {
    const char *en, *zh;
    bool number;
} FILE_HEADINGS[FILE_COLUMNS] = {
    [FILE_NUMBER] = {"Number", "编号", false},
    [FILE_TITLE] = {"Line", "条目", false},
    [FILE_FATE] = {"What became of it", "变化", false},
    [FILE_BEGINS_BEFORE] = {"Begins, before", "开始日期（基准）", false},
    [FILE_BEGINS_AFTER] = {"Begins, after", "开始日期（对比）", false},
    [FILE_DUE_BEFORE] = {"Due, before", "完成期限（基准）", false},
    [FILE_DUE_AFTER] = {"Due, after", "完成期限（对比）", false},
    [FILE_DAYS] = {"Days later", "推迟天数", true},
    [FILE_MONEY_BEFORE] = {"Money planned before, yuan", "计划资金（基准，元）", true},
    [FILE_MONEY_AFTER] = {"Money planned after, yuan", "计划资金（对比，元）", true},
    [FILE_MONEY] = {"Money more, yuan", "资金增加（元）", true},
    [FILE_QUANTITY_BEFORE] = {"Quantity before", "数量（基准）", true},
    [FILE_QUANTITY_AFTER] = {"Quantity after", "数量（对比）", true},
    [FILE_QUANTITY] = {"Quantity more", "数量增加", true},
    [FILE_MEASURE] = {"Measured in", "计量单位", false},
};

static struct grid_row empty_row(struct request *rq)
{
    struct grid_row row = {.ncells = FILE_COLUMNS};
    row.cells = arena_array(rq->arena, FILE_COLUMNS, struct grid_cell);
    for (int c = 0; c < FILE_COLUMNS; c++)
        row.cells[c] = (struct grid_cell){.text = STR(""), .number = FILE_HEADINGS[c].number};
    return row;
}

static void put_money(struct request *rq, struct grid_row *row, int64_t before, int64_t after)
{
    row->cells[FILE_MONEY_BEFORE].text = ledger_write_amount(rq->arena, before, 2);
    row->cells[FILE_MONEY_AFTER].text = ledger_write_amount(rq->arena, after, 2);
    row->cells[FILE_MONEY].text = ledger_write_amount(rq->arena, after - before, 2);
}

static const char *fate_word(enum baseline_fate fate, enum lang lang)
{
    static const struct {
        const char *en, *zh;
    } words[] = {
        [BASELINE_SAME] = {"as it was", "无变化"},
        [BASELINE_CHANGED] = {"changed", "有变化"},
        [BASELINE_ADDED] = {"added", "新增"},
        [BASELINE_DROPPED] = {"dropped", "取消"},
    };
    return lang_pick(lang, words[fate].en, words[fate].zh);
}

static void put_state(struct request *rq, struct grid_row *row, const struct baseline_item *item,
                      bool after)
{
    if (!item)
        return;
    row->cells[after ? FILE_BEGINS_AFTER : FILE_BEGINS_BEFORE].text = ledger_day(rq, item->begins);
    row->cells[after ? FILE_DUE_AFTER : FILE_DUE_BEFORE].text = ledger_day(rq, item->due);
    if (!item->measure.len)
        return;
    row->cells[after ? FILE_QUANTITY_AFTER : FILE_QUANTITY_BEFORE].text = plain(rq, item->quantity);
    row->cells[FILE_MEASURE].text =
        row->cells[FILE_MEASURE].text.len &&
                !str_equal(row->cells[FILE_MEASURE].text, item->measure)
            ? str_format(rq->arena, "%.*s → %.*s", STR_ARG(row->cells[FILE_MEASURE].text),
                         STR_ARG(item->measure))
            : item->measure;
}

static struct grid_row file_row(struct request *rq, const struct baseline_slip *slip,
                                const struct slip_row *named)
{
    struct grid_row row = empty_row(rq);
    int64_t before = slip->before ? slip->before->cents : 0;
    int64_t after = slip->after ? slip->after->cents : 0;
    row.cells[FILE_NUMBER].text = named->number;
    row.cells[FILE_TITLE].text = named->title;
    row.cells[FILE_FATE].text = str_of(fate_word(slip->fate, rq->lang));
    put_state(rq, &row, slip->before, false);
    put_state(rq, &row, slip->after, true);
    if (slip->before && slip->after)
        row.cells[FILE_DAYS].text = str_format(rq->arena, "%lld", (long long)slip->due);
    if (before || after)
        put_money(rq, &row, before, after);
    if (slip->quantity)
        row.cells[FILE_QUANTITY].text = plain(rq, slip->quantity);
    return row;
}

/* The whole: its last day, days and money; and a row for each measure. */
static size_t sum_rows(struct request *rq, const struct baseline_sum *sum, struct grid_row *rows)
{
    size_t count = 1;
    rows[0] = empty_row(rq);
    rows[0].cells[FILE_TITLE].text = request_words(rq, "In sum", "合计");
    rows[0].cells[FILE_DUE_BEFORE].text = ledger_day(rq, sum->end_before);
    rows[0].cells[FILE_DUE_AFTER].text = ledger_day(rq, sum->end_after);
    rows[0].cells[FILE_DAYS].text =
        str_format(rq->arena, "%lld", (long long)(sum->days_later - sum->days_earlier));
    if (sum->cents_before || sum->cents_after)
        put_money(rq, &rows[0], sum->cents_before, sum->cents_after);
    for (size_t i = 0; i < sum->nquantities; i++) {
        const struct baseline_quantity *q = &sum->quantities[i];
        if (!q->measure.len)
            continue;
        rows[count] = empty_row(rq);
        rows[count].cells[FILE_TITLE].text = rows[0].cells[FILE_TITLE].text;
        rows[count].cells[FILE_QUANTITY_BEFORE].text = plain(rq, q->before);
        rows[count].cells[FILE_QUANTITY_AFTER].text = plain(rq, q->after);
        rows[count].cells[FILE_QUANTITY].text = plain(rq, q->after - q->before);
        rows[count++].cells[FILE_MEASURE].text = q->measure;
    }
    return count;
}

static enum status answer_file(struct request *rq, const struct line *line,
                               const struct baselines_page *page, const struct comparison *c,
                               struct error *err)
{
    struct grid_row *rows =
        arena_array(rq->arena, page->nslips + c->sum.nquantities + 1, struct grid_row);
    struct str *headings = arena_array(rq->arena, FILE_COLUMNS, struct str);
    struct grid_table table = {
        .name = str_format(rq->arena, "%.*s %s", STR_ARG(line->number),
                           lang_pick(rq->lang, "comparison", "基线对比")),
        .headings = headings,
        .nheadings = FILE_COLUMNS,
        .rows = rows,
        .nrows = page->nslips,
    };
    for (int i = 0; i < FILE_COLUMNS; i++)
        headings[i] = request_words(rq, FILE_HEADINGS[i].en, FILE_HEADINGS[i].zh);
    for (size_t i = 0; i < page->nslips; i++)
        rows[i] = file_row(rq, &c->slips[i], &page->slips[i]);
    table.nrows += sum_rows(rq, &c->sum, &rows[table.nrows]);
    return grid_answer_table(rq, request_input(rq, "format"), &table, err);
}

/* --- the page, shown ------------------------------------------------------------------------------ */

static enum status show_quantity(struct request *rq, const struct ledger_sight *sight,
                                 struct baselines_page *page, struct error *err)
{
    int64_t quantity;
    enum status status = ledger_find_quantity_of(rq->arena, rq->store, sight->line.id, &quantity,
                                                 &page->measure, err);
    page->quantity = page->measure.len ? plain(rq, quantity) : STR("");
    page->may_say = page->head.may_change && sight->line.kind != LEDGER_INDICATOR;
    return status;
}

static enum status show_baselines(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct comparison c = {0};
    struct baselines_page page = {.name = rq->post ? request_input(rq, "name") : STR("")};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/baselines", &page.head, err);
    if (!status)
        status = read_states(rq, sight.line.id, &page, &c, err);
    if (!status && page.compared && !rq->post && grid_is_file_format(request_input(rq, "format")))
        return answer_file(rq, &sight.line, &page, &c, err);
    if (!status)
        status = show_quantity(rq, &sight, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-baselines", sight.line.title, BASELINES_PAGE,
                                       &page);
}

static const struct input STATES_INPUTS[] = {
    {.name = "from", .kind = INPUT_TEXT, .most = 40, .en = "From", .zh = "基准状态"},
    {.name = "to", .kind = INPUT_TEXT, .most = 40, .en = "To", .zh = "对比状态"},
    {.name = "format", .kind = INPUT_TEXT, .most = 8, .en = "Format", .zh = "格式"},
    {0},
};
const struct route route_ledger_baselines = {
    .method = "GET",
    .path = "/ledger/lines/{line}/baselines",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "Plans of a line that were frozen, and two states compared: slip by line and in sum; with "
        "format=csv or xlsx as a file.",
    .zh = "条目的基线，以及任意两种状态的对比：逐条及合计偏差；format=csv 或 xlsx 时导出。",
    .inputs = STATES_INPUTS,
    .output = BASELINES_PAGE,
    .page = "ledger-baselines",
    .run = show_baselines,
};

struct freezing {
    int64_t line;
    struct str name;
    struct ledger_deed deed;
};

static enum status freeze_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct freezing *f = context;
    return ledger_freeze_plan(scratch, store, f->line, f->name, &f->deed, err);
}

static enum status freeze_plan(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct freezing f = {.name = request_input(rq, "name"), .deed = {.now_ms = rq->now_ms}};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    f.line = sight.line.id;
    if (!status)
        status = ledger_refuse_marks(rq, f.name, err);
    if (!status)
        status = ledger_write(rq, f.line, LEDGER_CHANGE, freeze_step, &f, err);
    return status ? status
                  : ledger_answer_done(rq, "/baselines", "The plan is frozen.", "基线已冻结。");
}

static const struct input FREEZE_INPUTS[] = {
    {.name = "name",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = FREEZE_NAME_MAX,
     .en = "Name",
     .zh = "名称"},
    {0},
};
const struct route route_ledger_freeze = {
    .method = "POST",
    .path = "/ledger/lines/{line}/baselines",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Freeze the plan of a line and of all under it.",
    .zh = "冻结条目及其下级的计划。",
    .inputs = FREEZE_INPUTS,
    .run = freeze_plan,
    .again = show_baselines,
};

/* --- what a line is to bring about ---------------------------------------------------------------- */

struct measuring {
    int64_t line, quantity;
    struct str measure;
    struct ledger_deed deed;
};

static enum status quantity_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct measuring *m = context;
    return ledger_set_quantity(scratch, store, m->line, m->quantity, m->measure, &m->deed, err);
}

static enum status set_quantity(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct measuring m = {.measure = request_input(rq, "measure"), .deed = {.now_ms = rq->now_ms}};
    struct str text = request_input(rq, "quantity");
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    m.line = sight.line.id;
    if (!status && text.len)
        status = ledger_read_typed(rq, "quantity", 3, &m.quantity, err);
    if (!status && text.len && !m.measure.len)
        return request_blame(rq, "measure",
                             error_set(err, STATUS_INPUT, "Say in what the quantity is measured.",
                                       "请填写计量单位。"));
    if (!text.len)
        m.measure = STR("");
    if (!status)
        status = ledger_write(rq, m.line, LEDGER_CHANGE, quantity_step, &m, err);
    return status ? status
                  : ledger_answer_done(rq, "/baselines", "The quantity is kept.", "数量已保存。");
}

static const struct input QUANTITY_INPUTS[] = {
    {.name = "quantity", .kind = INPUT_TEXT, .most = 40, .en = "Quantity", .zh = "数量"},
    {.name = "measure",
     .kind = INPUT_TEXT,
     .most = QUANTITY_MEASURE_MAX,
     .en = "Measured in",
     .zh = "计量单位"},
    {0},
};
const struct route route_ledger_quantity = {
    .method = "POST",
    .path = "/ledger/lines/{line}/quantity",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say how much a line is to bring about; empty takes it back.",
    .zh = "填写条目应完成的数量；留空则取消。",
    .inputs = QUANTITY_INPUTS,
    .run = set_quantity,
    .again = show_baselines,
};
