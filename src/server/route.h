/* Addresses: one registration each, from which dispatch, authorisation, checks of input, the OpenAPI file
 * and the test of all routes with all roles come.
 *
 * A file server/page_NAME.c holds the pages about one thing: their structs, fields, routes and handlers
 * side by side; server/routes.c lists the routes. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct field;
struct grid;
struct job;
struct request;

/* Who may. A signed-in person has ROLE_ANYONE and ROLE_MEMBER besides the roles given to them. */
enum {
    ROLE_ANYONE = 1, /* also who has not signed in */
    ROLE_MEMBER = 2,
    ROLE_EDITOR = 4,
    ROLE_STEWARD = 8,
    ROLE_LEAD = 16,
    ROLE_INSPECTOR = 32,
    ROLE_OWNER = 64,
    ROLE_SUSPENDED =
        128,         /* signed in to answer to a sanction, and nothing else: no member meanwhile */
    ROLE_UNIT = 256, /* belongs to a unit; nobody is given it as a role */
};
#define ROLE_COUNT 9U
/* Whom the ledger is open to, and who may arrange it; what a member may do with a line decides ledger_may. */
#define ROLES_LEDGER \
    (ROLE_EDITOR | ROLE_STEWARD | ROLE_LEAD | ROLE_INSPECTOR | ROLE_OWNER | ROLE_UNIT)
#define ROLES_LEDGER_ALL (ROLE_EDITOR | ROLE_STEWARD | ROLE_OWNER)
/* "member", "editor" … in either case of the language; NULL for ROLE_ANYONE. */
const char *role_name(unsigned role);
/* The role's bit for "editor" …; 0 for anything else. */
unsigned role_named(const char *name);

enum input_kind {
    INPUT_TEXT,      /* one line */
    INPUT_CHOICE,    /* the same, of a list that the form offers */
    INPUT_LONG_TEXT, /* lines kept as they are */
    INPUT_NUMBER,    /* whole, least … most */
    INPUT_DAY,       /* 2026-11-24 */
    INPUT_MOMENT,    /* 2026-11-24T19:05, local time */
    INPUT_FLAG,      /* a box that is ticked or not */
    INPUT_FILE,
    INPUT_LIST,      /* any number of values of one line; read with request_inputs */
    INPUT_LONG_LIST, /* the same of several lines */
};

struct input {
    const char *name;
    enum input_kind kind;
    bool needed;
    int64_t least, most; /* INPUT_NUMBER: its range. Texts: characters at most (0: 200) */
    const char *en, *zh; /* what it is called in messages */
};

struct route {
    const char *method; /* "GET" (HEAD too) or "POST" */
    const char *path;   /* "/papers/{paper}" */
    unsigned roles;     /* any one of these may */
    const char
        *scope; /* what a script's token must hold: "read", "publish", "manage"; NULL: no script */
    const char *en, *zh;        /* what it does, one sentence */
    const struct input *inputs; /* ends with a name of NULL; NULL for none */
    const struct grid *grid;    /* the list that it gives, whose filters it takes too; see grid.h */
    const struct field *output; /* of its JSON; NULL when it has none */
    const char *page;           /* its template, checked against output at start; NULL for none */
    bool uploads;               /* takes files: up to REQUEST_UPLOAD_MAX bytes */
    bool streams;               /* answers without end */
    bool early;                 /* also before the installation has an owner */
    enum status (*run)(struct request *rq, struct error *err);
    /* For what is asked again and again: whether it was decided a moment ago, so that it needs no looking up;
     * fills the job that records it. NULL: never. See grant.h. */
    bool (*recall)(struct request *rq, struct job *job);
    /* Makes the answer then, once the job is durable. */
    void (*deliver)(struct request *rq);
    /* Shows the form again, with rq->problem set, when run refuses what was typed. NULL: the page above the path is
     * shown as it is, with what was typed put into the form; or, where that form is not on it, an error page. */
    enum status (*again)(struct request *rq, struct error *err);
};

/* What a route takes, one after another from 0 on: its own inputs, then those of its list. False behind the last. */
bool route_input(const struct route *route, size_t index, struct input *input);

/* All routes; ends with NULL. Defined in server/routes.c. */
extern const struct route *const route_list[];
/* Where in the list the first route is that a path may fit, and the one after that: the list's end when there is
 * none. All that fit are among them, in the list's order; no route's path begins with a name in braces. */
size_t route_first(struct str path);
size_t route_after(size_t index);

#endif
