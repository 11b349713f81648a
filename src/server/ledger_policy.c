/* Policies on pages; see ledger_policy.h. */
#include "server/ledger_policy.h"

enum status ledger_open_policy_line(struct request *rq, enum ledger_deed_kind deed,
                                    struct ledger_sight *sight, struct error *err)
{
    enum status status = ledger_open(rq, rq->params[0], deed, sight, err);
    if (!status && sight->line.kind != LEDGER_POLICY)
        return error_set(err, STATUS_MISSING, "That line is no policy.", "该条目不是政策。");
    return status;
}

/* --- words ---------------------------------------------------------------------------------------- */

static const struct field WORD[] = {
    FIELD(TEXT, struct policy_word, key),
    FIELD(TEXT, struct policy_word, words),
    FIELD(FLAG, struct policy_word, chosen),
    FIELD(FLAG, struct policy_word, ended),
    {0},
};
const struct field policy_facet_fields[] = {
    FIELD(TEXT, struct policy_facet_row, facet),
    FIELD(TEXT, struct policy_facet_row, words),
    FIELD(TEXT, struct policy_facet_row, chosen),
    FIELD_OF_LIST(struct policy_facet_row, terms, WORD),
    {0},
};

static bool is_ticked(const struct request *rq, struct str key)
{
    struct str keys[TERMS_OF_A_LINE];
    size_t count = request_inputs(rq, "term", keys, TERMS_OF_A_LINE);
    for (size_t i = 0; i < count; i++)
        if (str_equal(keys[i], key))
            return true;
    return false;
}

static bool is_among(const struct policy_term *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return true;
    return false;
}

enum status ledger_fill_facets(struct request *rq, int64_t line, struct policy_facet_row **list,
                               size_t *count, struct error *err)
{
    struct policy_term *all;
    struct policy_term *own;
    size_t nall;
    size_t nown;
    enum status status = ledger_list_terms(rq->arena, rq->store, &all, &nall, err);
    if (!status)
        status = ledger_list_line_terms(rq->arena, rq->store, line, &own, &nown, err);
    if (status)
        return status;
    *count = POLICY_FACETS;
    *list = arena_array(rq->arena, POLICY_FACETS, struct policy_facet_row);
    for (int i = 0; i < POLICY_FACETS; i++)
        (*list)[i] = (struct policy_facet_row){
            .facet = str_of(policy_facet_name((enum policy_facet)i)),
            .words = str_of(policy_facet_words((enum policy_facet)i, rq->lang)),
            .terms = arena_array(rq->arena, nall + 1, struct policy_word),
        };
    for (size_t i = 0; i < nall; i++) {
        struct policy_facet_row *row = &(*list)[all[i].facet];
        bool chosen = rq->post ? is_ticked(rq, all[i].key) : is_among(own, nown, all[i].id);
        struct str words = policy_term_words(&all[i], rq->lang);
        if (chosen || !all[i].ended_ms)
            row->terms[row->nterms++] =
                (struct policy_word){all[i].key, words, chosen, all[i].ended_ms != 0};
        if (chosen)
            row->chosen =
                str_format(rq->arena, "%.*s%s%.*s", STR_ARG(row->chosen),
                           row->chosen.len ? lang_pick(rq->lang, ", ", "、") : "", STR_ARG(words));
    }
    return STATUS_OK;
}

enum status ledger_read_terms(struct request *rq, int64_t terms[TERMS_OF_A_LINE], size_t *count,
                              struct error *err)
{
    struct str keys[TERMS_OF_A_LINE];
    enum status status = STATUS_OK;
    *count = request_inputs(rq, "term", keys, TERMS_OF_A_LINE);
    for (size_t i = 0; !status && i < *count; i++) {
        struct policy_term term = {0};
        status = ledger_find_term(rq->arena, rq->store, keys[i], &term, err);
        terms[i] = term.id;
    }
    return status;
}

/* --- what is pointed out -------------------------------------------------------------------------- */

const struct field policy_flag_fields[] = {
    FIELD(TEXT, struct policy_flag_row, flag),
    FIELD_HIDDEN(TEXT, struct policy_flag_row, words),
    FIELD_HIDDEN(TEXT, struct policy_flag_row, rule),
    FIELD(NUMBER, struct policy_flag_row, count),
    FIELD_HIDDEN(TEXT, struct policy_flag_row, path),
    {0},
};

struct policy_flag_row *ledger_flag_rows(const struct request *rq, unsigned flags, size_t *count)
{
    struct policy_flag_row *list = arena_array(rq->arena, UPTAKE_FLAGS, struct policy_flag_row);
    *count = 0;
    for (int i = 0; i < UPTAKE_FLAGS; i++) {
        enum uptake_flag flag = (enum uptake_flag)i;
        if (flags >> i & 1U)
            list[(*count)++] = (struct policy_flag_row){
                .flag = str_of(uptake_flag_name(flag)),
                .words = str_of(uptake_flag_words(flag, rq->lang)),
                .rule = str_of(uptake_flag_rule(flag, rq->lang)),
                .path = str_format(rq->arena, "/ledger/policies?flag=%s", uptake_flag_name(flag)),
            };
    }
    return list;
}
