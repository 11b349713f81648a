/* One mechanism for the ledger's tables: sorted, filtered, paged, kept as a view, and taken along as CSV or XLSX.
 *
 * A list is described by a table of columns, each an SQL expression with its words; the same address gives the page,
 * its JSON, and with ?format=csv or xlsx the whole of it, under the same filters. The query is put together from the
 * table's own texts alone: what came from outside is bound. A route names the list it gives as its `grid`, and takes what
 * that is filtered and sorted by. */
#ifndef SERVER_GRID_H
#define SERVER_GRID_H

#include "server/ledger_terms.h"

/* Days: a text with days in it, such as "≤ 2026-12-20". Money: in cents. */
enum grid_kind { GRID_TEXT, GRID_NUMBER, GRID_DAY, GRID_DAYS, GRID_MONEY };

struct grid_column {
    const char *name; /* in addresses and files */
    enum grid_kind kind;
    const char *sql;  /* its value, over the list's `from` */
    const char *sort; /* what it is sorted by; NULL: sql */
    const char *en, *zh;
    /* What a value is called; NULL: as it is. */
    const char *(*words)(struct str value, enum lang lang);
};
/* What can be chosen, where that is always the same; a table ends with a value of NULL. */
struct grid_option {
    const char *value, *en, *zh;
};
/* A field above the list; what it holds is bound as text. */
struct grid_filter {
    const char *name;
    const char *sql; /* condition with {} in the place of what was chosen: "l.state = {}" */
    const char *en, *zh;
    /* What can be chosen, by a function or as a table, one of the three; none: words are typed. */
    enum status (*choices)(struct request *rq, struct str chosen, struct ledger_choice **list,
                           size_t *count, struct error *err);
    const struct grid_option *options;
    const struct ledger_values *values;
};
struct grid {
    const char *path; /* the list's address, under which views of it are kept */
    const char *en, *zh;
    const char *from; /* "line l LEFT JOIN …" */
    const char *
        where; /* what belongs here at all; may use ?1, the viewer's member number, and ?2, today */
    const char *key; /* expression: key of the row's line */
    const char *row; /* expression: an integer that is each row's own, best a row id; NULL: none */
    const char *
        link; /* expression: path that the row's first column leads to; NULL: "/ledger/lines/" and key */
    const char *
        order; /* sorted so unless asked otherwise: a column's name; descending with '-' before it */
    const char *
        deeds; /* where lines that are ticked are sent as `line`, their keys; NULL: none are ticked */
    const struct grid_column *columns; /* end with a name of NULL */
    const struct grid_filter *filters; /* end with a name of NULL */
};

/* Such a table as choices of a form. */
void grid_offer(const struct request *rq, const struct grid_option *options, struct str chosen,
                struct ledger_choice **list, size_t *count);

struct grid_cell {
    struct str column, text, path;
    struct str shown; /* on a page, where that is not `text`: "1,200.50" */
    bool number, day, first;
};
struct grid_row {
    struct str key, title; /* of the first cell */
    struct grid_cell *cells;
    size_t ncells;
};
struct grid_heading {
    struct str name, words, path;
    bool up, down; /* it is sorted by this */
};
struct grid_field {
    struct str name, words, value;
    bool typed;
    struct ledger_choice *choices;
    size_t nchoices;
};
/* A view that is kept of the list, see ledger/view.h. */
struct grid_view {
    struct str key, name, path;
    bool own, shared, opens, here;
};
/* What a page holds of a list: a part, shown by {{#grid}}{{>ledger-grid}}{{/grid}}. */
struct grid_sight {
    struct str path, query, sort, csv, xlsx, newer, older, deeds;
    int64_t count, page;
    bool filtered, kept; /* by filters; there are views */
    struct grid_heading *headings;
    size_t nheadings;
    struct grid_field *filters;
    size_t nfilters;
    struct grid_row *rows;
    size_t nrows;
    struct grid_view *views;
    size_t nviews;
    struct str all; /* the list without filters, also where it opens with a view */
};
extern const struct field grid_fields[];
#define GRID_FIELD(type, member) FIELD_OF_PART(type, member, grid_fields)

/* Reads the list as the request asks. With ?format= the answer is made (*answered); so it is where the address asks
 * nothing and the viewer keeps a view with which the list opens: the browser is sent there. */
enum status grid_read(struct request *rq, const struct grid *grid, struct grid_sight *sight,
                      bool *answered, struct error *err);

#endif
