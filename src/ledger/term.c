/* Words by which policies are sorted; see term.h. */
#include "ledger/term.h"

#include <stdlib.h>

#include "base/digest.h"
#include "ledger/key.h"

struct str policy_term_words(const struct policy_term *term, enum lang lang)
{
    bool zh = lang == LANG_ZH ? term->zh.len > 0 : term->en.len == 0;
    return zh ? term->zh : term->en;
}

#define TERM_SQL "SELECT t.id, t.key, t.facet, t.en, t.zh, t.ended_ms"
#define BY_FACET                                                                        \
    " ORDER BY CASE t.facet WHEN 'industry' THEN 0 WHEN 'field' THEN 1 WHEN 'category'" \
    " THEN 2 ELSE 3 END, t.ended_ms IS NOT NULL, t.id"

static void take_term(struct arena *arena, struct query *q, struct policy_term *t)
{
    *t = (struct policy_term){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .facet = policy_facet_named(query_str(q, 2)),
        .en = str_copy(arena, query_str(q, 3)),
        .zh = str_copy(arena, query_str(q, 4)),
        .ended_ms = query_int(q, 5),
    };
}

static struct policy_term *next_term(struct arena *arena, struct query *q,
                                     struct policy_term **list, size_t *count)
{
    size_t n = (*count)++;
    *list = arena_one_more(arena, *list, n, sizeof **list);
    take_term(arena, q, &(*list)[n]);
    return &(*list)[n];
}

enum status ledger_list_terms(struct arena *arena, struct store *store, struct policy_term **list,
                              size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, TERM_SQL ", (SELECT count(*) FROM line_term lt WHERE lt.term = t.id)"
                                    " FROM policy_term t" BY_FACET);
    *list = NULL;
    *count = 0;
    while (query_row(q))
        next_term(arena, q, list, count)->lines = query_int(q, 6);
    return query_end(q, err);
}

enum status ledger_list_line_terms(struct arena *arena, struct store *store, int64_t line,
                                   struct policy_term **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, TERM_SQL " FROM line_term lt JOIN policy_term t"
                                                  " ON t.id = lt.term WHERE lt.line = ?1" BY_FACET);
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q))
        (void)next_term(arena, q, list, count);
    return query_end(q, err);
}

enum status ledger_find_term(struct arena *arena, struct store *store, struct str key,
                             struct policy_term *term, struct error *err)
{
    struct query *q = query_start(store, TERM_SQL " FROM policy_term t WHERE t.key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        take_term(arena, q, term);
    enum status status = query_end(q, err);
    return status || found
               ? status
               : error_set(err, STATUS_MISSING, "There is no such word.", "没有这个分类词。");
}

/* --- changes -------------------------------------------------------------------------------------- */

static enum status check_term(struct store *store, const struct policy_term *term,
                              struct error *err)
{
    if (!(term->en.len || term->zh.len) || !ledger_is_line_of_text(term->en, 0, TERM_MAX) ||
        !ledger_is_line_of_text(term->zh, 0, TERM_MAX))
        return error_set(err, STATUS_INPUT,
                         "Say it in one language at least, in at most %d characters.",
                         "请至少以一种语言填写，不超过 %d 个字。", TERM_MAX);
    struct query *q =
        query_start(store, "SELECT 1 FROM policy_term WHERE facet = ?1 AND ((en <> '' AND"
                           " lower(en) = lower(?2)) OR (zh <> '' AND zh = ?3))");
    query_bind_str(q, 1, str_of(policy_facet_name(term->facet)));
    query_bind_str(q, 2, term->en);
    query_bind_str(q, 3, term->zh);
    bool there = query_row(q);
    enum status status = query_end(q, err);
    return status || !there
               ? status
               : error_set(err, STATUS_CONFLICT, "That word is there already.", "该分类词已存在。");
}

static enum status say(struct store *store, const char *kind, int64_t term, struct error *err)
{
    return ledger_add_event(store, kind, 'T', term, NULL, err);
}

enum status ledger_make_term(struct arena *arena, struct store *store, struct policy_term *term,
                             struct error *err)
{
    enum status status = check_term(store, term, err);
    if (!status)
        status = digest_random_key(arena, &term->key, err);
    if (status)
        return status;
    struct query *q = query_start(store, "INSERT INTO policy_term (key, facet, en, zh)"
                                         " VALUES (?1, ?2, ?3, ?4) RETURNING id");
    query_bind_str(q, 1, term->key);
    query_bind_str(q, 2, str_of(policy_facet_name(term->facet)));
    query_bind_str(q, 3, term->en);
    query_bind_str(q, 4, term->zh);
    term->id = query_row(q) ? query_int(q, 0) : 0;
    status = query_end(q, err);
    return status ? status : say(store, "term.made", term->id, err);
}

static enum status set_end(struct store *store, int64_t term, int64_t ended_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE policy_term SET ended_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, term);
    query_bind_int_or_null(q, 2, ended_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_end_term(struct store *store, int64_t term, int64_t now_ms, struct error *err)
{
    enum status status = set_end(store, term, now_ms, err);
    return status ? status : say(store, "term.ended", term, err);
}

enum status ledger_resume_term(struct store *store, int64_t term, struct error *err)
{
    enum status status = set_end(store, term, 0, err);
    return status ? status : say(store, "term.resumed", term, err);
}

/* --- of a line ------------------------------------------------------------------------------------ */

static enum status add_line_term(struct store *store, int64_t line, int64_t term, struct error *err)
{
    struct query *q = query_start(store, "INSERT OR IGNORE INTO line_term (line, term)"
                                         " SELECT ?1, id FROM policy_term WHERE id = ?2"
                                         " RETURNING term");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, term);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status clear_line(struct store *store, int64_t line, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM line_term WHERE line = ?1");
    query_bind_int(q, 1, line);
    (void)query_row(q);
    return query_end(q, err);
}

/* Those of `list` that are not among `others`, as "T7". */
static json_t *only_in(const struct policy_term *list, size_t count,
                       const struct policy_term *others, size_t nothers)
{
    json_t *only = json_array();
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < nothers && others[at].id != list[i].id)
            at++;
        if (at == nothers)
            (void)json_array_append_new(only, ledger_json_id('T', list[i].id));
    }
    return only;
}

enum status ledger_set_line_terms(struct arena *arena, struct store *store, int64_t line,
                                  const int64_t *terms, size_t count,
                                  const struct ledger_deed *deed, struct error *err)
{
    struct policy_term *was = NULL;
    struct policy_term *is = NULL;
    size_t nwas = 0;
    size_t nis = 0;
    if (count > TERMS_OF_A_LINE)
        return error_set(err, STATUS_LIMITED, "At most %u words.", "最多选 %u 个。",
                         TERMS_OF_A_LINE);
    enum status status = ledger_list_line_terms(arena, store, line, &was, &nwas, err);
    if (!status)
        status = clear_line(store, line, err);
    for (size_t i = 0; !status && i < count; i++)
        status = add_line_term(store, line, terms[i], err);
    if (!status)
        status = ledger_list_line_terms(arena, store, line, &is, &nis, err);
    if (status)
        return status;
    json_t *added = only_in(is, nis, was, nwas);
    json_t *removed = only_in(was, nwas, is, nis);
    if (json_array_size(added) || json_array_size(removed))
        return ledger_record(store, line, "line.terms",
                             json_pack("{s:o, s:o}", "added", added, "removed", removed), deed,
                             err);
    json_decref(added);
    json_decref(removed);
    return STATUS_OK;
}
