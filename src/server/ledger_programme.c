/* Statements of programmes as pages show them; see ledger_programme.h. */
#include "server/ledger_programme.h"

#include <math.h>

#include "server/internal.h"

const struct field statement_fields[] = {
    FIELD(TEXT, struct statement_sight, key),
    FIELD(TEXT, struct statement_sight, subject),
    FIELD(TEXT, struct statement_sight, line),
    FIELD(TEXT, struct statement_sight, line_number),
    FIELD(TEXT, struct statement_sight, line_title),
    FIELD_HIDDEN(TEXT, struct statement_sight, days),
    FIELD_HIDDEN(TEXT, struct statement_sight, quantity),
    FIELD(TEXT, struct statement_sight, place),
    FIELD(TEXT, struct statement_sight, use),
    FIELD(DATE, struct statement_sight, first_day),
    FIELD(DATE, struct statement_sight, last_day),
    FIELD(TEXT, struct statement_sight, least),
    FIELD(TEXT, struct statement_sight, most),
    FIELD(TEXT, struct statement_sight, measure),
    FIELD(TEXT, struct statement_sight, programme),
    FIELD(TEXT, struct statement_sight, programme_key),
    FIELD(TEXT, struct statement_sight, body),
    FIELD(TEXT, struct statement_sight, clash),
    FIELD(NUMBER, struct statement_sight, changes),
    FIELD(NUMBER, struct statement_sight, waiting),
    FIELD(FLAG, struct statement_sight, closed),
    {0},
};

static struct str between(const struct request *rq, struct str from, struct str to)
{
    bool zh = rq->lang == LANG_ZH;
    if (!from.len && !to.len)
        return STR("");
    if (str_equal(from, to))
        return from;
    if (!from.len)
        return str_format(rq->arena, zh ? "%.*s前" : "by %.*s", STR_ARG(to));
    if (!to.len)
        return str_format(rq->arena, zh ? "%.*s起" : "from %.*s", STR_ARG(from));
    return str_format(rq->arena, zh ? "%.*s至%.*s" : "%.*s to %.*s", STR_ARG(from), STR_ARG(to));
}

static struct str number_text(const struct request *rq, double number)
{
    return isnan(number) ? STR("") : str_format(rq->arena, "%.12g", number);
}

static struct str quantity_of(const struct request *rq, const struct statement_sight *s)
{
    bool zh = rq->lang == LANG_ZH;
    if (!s->least.len && !s->most.len)
        return STR("");
    if (str_equal(s->least, s->most))
        return str_format(rq->arena, "%.*s %.*s", STR_ARG(s->least), STR_ARG(s->measure));
    if (!s->most.len)
        return str_format(rq->arena, zh ? "不少于 %.*s %.*s" : "at least %.*s %.*s",
                          STR_ARG(s->least), STR_ARG(s->measure));
    if (!s->least.len)
        return str_format(rq->arena, zh ? "不超过 %.*s %.*s" : "at most %.*s %.*s",
                          STR_ARG(s->most), STR_ARG(s->measure));
    return str_format(rq->arena, zh ? "%.*s 至 %.*s %.*s" : "%.*s to %.*s %.*s", STR_ARG(s->least),
                      STR_ARG(s->most), STR_ARG(s->measure));
}

enum status ledger_see_statement(struct request *rq, const struct statement *statement,
                                 struct statement_sight *sight, struct error *err)
{
    *sight = (struct statement_sight){
        .key = statement->key,
        .subject = statement->subject,
        .place = statement->place,
        .use = statement->use,
        .first_day = ledger_day(rq, statement->first_day),
        .last_day = ledger_day(rq, statement->last_day),
        .least = number_text(rq, statement->least),
        .most = number_text(rq, statement->most),
        .measure = statement->measure,
        .changes = statement->changes,
        .closed = statement->closed_ms != 0,
    };
    sight->days = between(rq, ledger_day_words(rq, statement->first_day),
                          ledger_day_words(rq, statement->last_day));
    sight->quantity = quantity_of(rq, sight);
    struct query *q = query_start(
        rq->store,
        "SELECT p.name, p.key, p.body, l.key, l.number, l.title, w.key, coalesce(w.count, 0)"
        " FROM programme p LEFT JOIN line l ON l.id = ?2 LEFT JOIN"
        " (SELECT c.key, min(c.id), count(*) AS count FROM " CLASH_FROM_SQL
        " WHERE ?3 IN (c.one, c.other) AND " CLASH_STATE_SQL
        " IN ('open', 'reopened')) w WHERE p.id = ?1");
    struct str *const into[] = {&sight->programme, &sight->programme_key, &sight->body,
                                &sight->line,      &sight->line_number,   &sight->line_title,
                                &sight->clash};
    query_bind_int(q, 1, statement->programme);
    query_bind_int(q, 2, statement->line);
    query_bind_int(q, 3, statement->id);
    if (query_row(q)) {
        for (int i = 0; i < 7; i++)
            *into[i] = str_copy(rq->arena, query_str(q, i));
        sight->waiting = query_int(q, 7);
    }
    return query_end(q, err);
}
