/* Where time goes as pages show it: the period, unit and kind that are asked for, what is drawn of them, and the names of
 * what it is about. */
#ifndef SERVER_LEDGER_FLOW_H
#define SERVER_LEDGER_FLOW_H

#include "ledger/flow.h"
#include "server/ledger.h"

/* In a route's inputs. */
#define FLOW_INPUTS                                                                              \
    {.name = "period", .kind = INPUT_TEXT, .most = 4, .en = "Period, days", .zh = "时段（天）"}, \
        {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "单位"},            \
    {                                                                                            \
        .name = "kind", .kind = INPUT_TEXT, .most = 20, .en = "Kind", .zh = "类别"             \
    }

struct flow_view {
    int64_t today, days;   /* of the period */
    struct str unit, kind; /* as asked: a unit's key; a kind's name */
    struct flow_filter filter;
    struct flow flow;
    int unknown_year; /* in the period, of which the calendar knows no holidays; 0: none */
    struct str calendar;
    struct unit *units; /* by id */
    size_t nunits;
};
/* What was asked for, drawn. Objections to scores are left out unless the viewer keeps the ledger or inspects. STATUS_INPUT,
 * STATUS_MISSING for a period, unit or kind that there is not. */
enum status flow_read_view(struct request *rq, struct flow_view *view, struct error *err);

/* The form of what can be asked for. */
struct flow_form {
    struct ledger_choice *periods, *units, *kinds;
    size_t nperiods, nunits, nkinds;
    bool filtered; /* by unit or kind */
};
extern const struct field flow_form_fields[];
enum status flow_fill_form(struct request *rq, const struct flow_view *view, struct flow_form *form,
                           struct error *err);

/* "period=90&unit=…&kind=…": what was asked for, for addresses; values that may stand in one. */
struct str flow_query(const struct request *rq, const struct flow_view *view);
/* A unit's name and key; of 0, or one that is gone, words for nobody's, and no key. */
struct str flow_unit_name(const struct request *rq, const struct flow_view *view, int64_t unit);
struct str flow_unit_key(const struct flow_view *view, int64_t unit);

/* A line as others speak of it. */
struct flow_name {
    int64_t id;
    struct str key, number, title;
    struct str within; /* title of the line that a milestone is part of; empty otherwise */
};
extern const struct field flow_name_fields[];
/* The names of some lines, in one query: by id, in the arena. */
enum status flow_know_lines(struct request *rq, const int64_t *ids, size_t count,
                            struct flow_name **names, size_t *nnames, struct error *err);
/* All empty where there is none of that id. */
struct flow_name flow_name_of(const struct flow_name *names, size_t count, int64_t id);

#endif
