/* The words by which policies are sorted: the organisation's own, added and ended by who keeps the ledger. */
#include "server/internal.h"
#include "server/ledger_policy.h"

struct term_row {
    struct str key, words, en, zh;
    int64_t lines;
    bool ended;
};
static const struct field TERM_ROW[] = {
    FIELD(TEXT, struct term_row, key),
    FIELD_HIDDEN(TEXT, struct term_row, words),
    FIELD(TEXT, struct term_row, en),
    FIELD(TEXT, struct term_row, zh),
    FIELD(NUMBER, struct term_row, lines),
    FIELD(FLAG, struct term_row, ended),
    {0},
};
struct facet_row {
    struct str facet, words;
    struct term_row *terms;
    size_t nterms;
};
static const struct field FACET_ROW[] = {
    FIELD(TEXT, struct facet_row, facet),
    FIELD_HIDDEN(TEXT, struct facet_row, words),
    FIELD_OF_LIST(struct facet_row, terms, TERM_ROW),
    {0},
};
struct terms_page {
    struct facet_row *facets;
    size_t nfacets;
    bool may_arrange;
};
static const struct field TERMS_PAGE[] = {
    FIELD_OF_LIST(struct terms_page, facets, FACET_ROW),
    FIELD(FLAG, struct terms_page, may_arrange),
    {0},
};

static enum status show_terms(struct request *rq, struct error *err)
{
    struct terms_page page = {.may_arrange = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE)};
    struct policy_term *list;
    size_t count;
    enum status status = ledger_list_terms(rq->arena, rq->store, &list, &count, err);
    if (status)
        return status;
    page.nfacets = POLICY_FACETS;
    page.facets = arena_array(rq->arena, POLICY_FACETS, struct facet_row);
    for (int i = 0; i < POLICY_FACETS; i++)
        page.facets[i] = (struct facet_row){
            .facet = str_of(policy_facet_name((enum policy_facet)i)),
            .words = str_of(policy_facet_words((enum policy_facet)i, rq->lang)),
            .terms = arena_array(rq->arena, count + 1, struct term_row),
        };
    for (size_t i = 0; i < count; i++) {
        struct facet_row *row = &page.facets[list[i].facet];
        row->terms[row->nterms++] = (struct term_row){
            .key = list[i].key,
            .words = policy_term_words(&list[i], rq->lang),
            .en = list[i].en,
            .zh = list[i].zh,
            .lines = list[i].lines,
            .ended = list[i].ended_ms != 0,
        };
    }
    return answer_page(rq, "ledger-terms", "How policies are sorted", "政策分类", TERMS_PAGE,
                       &page);
}

const struct route route_ledger_terms = {
    .method = "GET",
    .path = "/ledger/policies/terms",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The words by which policies are sorted: industry, field, category, whom they are for.",
    .zh = "政策分类：行业、领域、类别和适用对象。",
    .output = TERMS_PAGE,
    .page = "ledger-terms",
    .run = show_terms,
};

struct arranging {
    struct policy_term term;
    int64_t now_ms;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct arranging *a = context;
    return ledger_make_term(scratch, store, &a->term, err);
}

static enum status end_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct arranging *a = context;
    (void)scratch;
    return a->term.ended_ms ? ledger_resume_term(store, a->term.id, err)
                            : ledger_end_term(store, a->term.id, a->now_ms, err);
}

static enum status write_term(struct request *rq, server_write_step step, struct arranging *a,
                              struct error *err)
{
    a->now_ms = rq->now_ms;
    enum status status = ledger_write(rq, 0, LEDGER_ARRANGE, step, a, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/policies/terms"), "It is kept.", "已保存。");
}

static enum status make_term(struct request *rq, struct error *err)
{
    struct arranging a = {.term = {
                              .facet = policy_facet_named(request_input(rq, "facet")),
                              .en = request_input(rq, "en"),
                              .zh = request_input(rq, "zh"),
                          }};
    if (a.term.facet == POLICY_FACETS)
        return error_set(err, STATUS_INPUT, "Choose what the word tells apart.",
                         "请选择分类维度。");
    return write_term(rq, make_step, &a, err);
}

static const struct input MAKE_INPUTS[] = {
    {.name = "facet", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Kind", .zh = "维度"},
    {.name = "en", .kind = INPUT_TEXT, .most = TERM_MAX, .en = "In English", .zh = "英文"},
    {.name = "zh", .kind = INPUT_TEXT, .most = TERM_MAX, .en = "In Chinese", .zh = "中文"},
    {0},
};
const struct route route_ledger_term_make = {
    .method = "POST",
    .path = "/ledger/policies/terms",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Add a word by which policies are sorted.",
    .zh = "增加政策分类词。",
    .inputs = MAKE_INPUTS,
    .run = make_term,
    .again = show_terms,
};

static enum status end_term(struct request *rq, struct error *err)
{
    struct arranging a = {0};
    enum status status =
        ledger_find_term(rq->arena, rq->store, request_input(rq, "term"), &a.term, err);
    return status ? status : write_term(rq, end_step, &a, err);
}

static const struct input END_INPUTS[] = {
    {.name = "term", .kind = INPUT_TEXT, .needed = true, .most = 40, .en = "Word", .zh = "分类词"},
    {0},
};
const struct route route_ledger_term_end = {
    .method = "POST",
    .path = "/ledger/policies/terms/end",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Offer a word no more, or offer one again that was ended.",
    .zh = "停用或恢复政策分类词。",
    .inputs = END_INPUTS,
    .run = end_term,
};
