/* One request and its answer, as handlers see them. */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "base/error.h"
#include "base/lang.h"
#include "server/field.h"
#include "server/route.h"
#include "store/store.h"

#define REQUEST_PARAMS_MAX 4U
#define REQUEST_BODY_MAX   ((size_t)1 << 20)  /* bytes, unless the route allows more */
#define REQUEST_UPLOAD_MAX ((size_t)80 << 20) /* bytes, for routes that take files */

struct server;
struct copy_press;
struct grant;
struct loop;
struct MHD_Connection;
struct MHD_Response;

struct upload {
    struct str name; /* the field's */
    struct str file; /* file name as the browser gave it, without folders, in UTF-8 */
    struct str bytes;
};

struct pair {
    struct str name, value;
};
struct pairs {
    struct pair *at;
    size_t count;
};

/* Who asks. member 0 is nobody in particular. */
struct viewer {
    int64_t member;
    struct str name, email;
    unsigned roles;        /* ROLE_…, always with ROLE_ANYONE */
    struct digest session; /* hash of the session, or of the token in its place */
    struct str csrf;       /* to be sent back with every form of this session */
    int64_t until_ms;      /* when that must be looked up anew at the latest */
    bool by_token;         /* a script's token in the place of a session */
    struct str scopes;     /* of the token */
};

struct answer {
    unsigned code; /* HTTP status */
    struct str type;
    struct str body;
    struct pairs headers;
    struct MHD_Response *stream; /* in the place of a body; see live.h */
};

struct request {
    struct arena *arena; /* lives until the answer is out */
    struct server *server;
    struct loop *loop; /* which the connection belongs to; see http.c */
    struct MHD_Connection *connection;
    struct store *store; /* this thread's own, for reading; writes go through server_write */
    const struct route *route;
    bool post;
    struct str path;
    struct str params[REQUEST_PARAMS_MAX]; /* what stood for {…} in the route's path, in order */
    struct pairs query, form, headers, cookies;
    struct upload *uploads;
    size_t nuploads;
    struct str address; /* of the client, as far as --trust-proxy allows to know */
    bool secure;        /* came by TLS, here or at the proxy */
    bool wants_json;
    enum lang lang;
    int64_t now_ms;
    int64_t seq;    /* of the last event that was durable when the request was taken up */
    uint64_t facts; /* the state of what decides then; see server_facts */
    /* Of a download that was recalled, see grant.h: what was found, and its press, in use until the end. */
    const struct grant *grant;
    const struct copy_press *press;
    struct viewer viewer;
    int64_t wait_s;                     /* set with STATUS_LIMITED: sent as Retry-After */
    bool sated;                         /* refused, as too much lies for the viewer already */
    const struct ledger_limits *limits; /* of lights, once asked for; see ledger_limits_now */
    const char *
        blamed; /* the name of the input that a refusal is about, where one is: see request_blame */
    size_t blamed_place; /* which of several of that name, from 0 */
    struct str problem;  /* set when a form is shown again: what was wrong with it */
    struct str
        above; /* set when a form is refused and not shown again: the page that it stands on */
    unsigned
        reload_s; /* a page whose matter goes on is loaded again after so long, without a script */
    struct answer answer;
};

/* The value of a declared input, trimmed unless its kind is INPUT_LONG_TEXT; empty when absent. Length and
 * form were checked before the handler was called. */
struct str request_input(const struct request *rq, const char *name);
/* A declared INPUT_NUMBER, INPUT_DAY (Unix ms of its first moment, local time) or INPUT_FLAG (0 or 1);
 * 0 when absent. */
int64_t request_number(const struct request *rq, const char *name);
/* The end of a declared INPUT_DAY that is the last one of something: the first moment of the day after; 0 when
 * absent. */
int64_t request_last_day(const struct request *rq, const char *name);
/* Says which declared input a refusal is about, so that the form marks it when it is shown again; gives the status
 * back. Not needed where the message begins with the input's name and a colon, nor where the form has no other. */
enum status request_blame(struct request *rq, const char *name, enum status status);
/* All values of a declared INPUT_LIST or INPUT_LONG_LIST, trimmed, at most `most`; gives how many. */
size_t request_inputs(const struct request *rq, const char *name, struct str *values, size_t most);
/* A file that came with the form; NULL when none was chosen. */
const struct upload *request_upload(const struct request *rq, const char *name);
/* A header by its name in any case; empty when absent. */
struct str request_header(const struct request *rq, const char *name);

/* Whether the viewer has any of the roles. */
bool request_may(const struct request *rq, unsigned roles);

/* The viewer as events name them, "M17": what server_write is told. */
struct str request_actor(const struct request *rq);

/* `en` or `zh`, as the request's language asks. */
struct str request_words(const struct request *rq, const char *en, const char *zh);

/* --- answers ------------------------------------------------------------------------------------ */

/* Shows web/NAME.html filled from `page`, inside the layout; or the page as JSON when that is wanted. */
enum status answer_page(struct request *rq, const char *name, const char *title_en,
                        const char *title_zh, const struct field *fields, const void *page);
/* The same with a title that is data. */
enum status answer_titled_page(struct request *rq, const char *name, struct str title,
                               const struct field *fields, const void *page);
/* Sends the browser to `path` (with 303) and tells it there what was done; a script gets
 * {"location": path}. `path` begins with '/'. */
enum status answer_redirect(struct request *rq, struct str path, const char *done_en,
                            const char *done_zh);
/* Bytes of any type. A non-empty file name makes it a download (RFC 6266, also for names in Chinese). */
enum status answer_bytes(struct request *rq, const char *type, struct str bytes, struct str file);
void answer_header(struct request *rq, const char *name, struct str value);

#endif
