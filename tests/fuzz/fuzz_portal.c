/* Any request: "POST /path?query", lines of a head, an empty line, a body. It is put to the portal as dispatch.c has it from
 * http.c, of a stranger or, with the cookie chancery=owner, of the owner; "@P" in a path is a paper, "@A" or "@B" a line of the ledger. What
 * it writes is undone, so that no input depends on another. There is an answer, of whole characters, and no tag of the input's
 * own stands on a page. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "folder.h"
#include "format/format.h"
#include "ledger/kind.h"
#include "library/account.h"
#include "library/paper.h"
#include "library/password.h"
#include "server/internal.h"

#define COOKIE     "owner"
#define LINES_MOST 16U
#define TAG        "<fuzz" /* that nothing of ours writes */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* --- the portal ------------------------------------------------------------------------------------------- */

static struct {
    struct arena *arena;
    struct server *server;
    struct store *reading, *writing;
    pthread_t thread;
    bool keeps; /* what is written */
    struct str csrf, paper, lines[LINES_MOST];
    size_t nlines;
} portal;

/* In place of the writer's thread and its disk. Errands have it as it is. */
enum status __real_server_write(struct server *server, struct str actor, server_write_step step,
                                void *context, struct error *err);
enum status __wrap_server_write(struct server *server, struct str actor, server_write_step step,
                                void *context, struct error *err);
enum status __wrap_server_write(struct server *server, struct str actor, server_write_step step,
                                void *context, struct error *err)
{
    struct error unread;
    if (!portal.writing || !pthread_equal(pthread_self(), portal.thread))
        return __real_server_write(server, actor, step, context, err);
    struct arena *scratch = arena_make();
    store_act_as(portal.writing, actor);
    enum status status = store_begin(portal.writing, err);
    if (!status)
        status = step(portal.writing, scratch, context, err ? err : &unread);
    if (!status && portal.keeps)
        status = store_commit(portal.writing, err);
    while (store_depth(portal.writing))
        store_rollback(portal.writing);
    arena_free(scratch);
    return status;
}

/* Passwords take long on purpose; nobody's fits. */
enum status __wrap_password_hash(struct arena *arena, struct str password, struct str *hash,
                                 struct error *err);
enum status __wrap_password_hash(struct arena *arena, struct str password, struct str *hash,
                                 struct error *err)
{
    (void)arena;
    (void)password;
    (void)err;
    *hash = STR(PASSWORD_NOBODY);
    return STATUS_OK;
}

bool __wrap_password_fits(struct arena *arena, struct str hash, struct str password);
bool __wrap_password_fits(struct arena *arena, struct str hash, struct str password)
{
    (void)arena;
    (void)hash;
    (void)password;
    return false;
}

/* An owner who is signed in by the cookie that targets' inputs have. */
static void add_owner(struct arena *arena, struct store *store)
{
    static const char *const ROLES[] = {"editor", "steward", "inspector"};
    struct error err;
    struct member owner = {.name = STR("Li Hua"), .email = STR("li@example.org")};
    struct digest hash = digest_of(STR(COOKIE));
    int64_t now_ms = store_now_ms();
    require(!store_begin(store, &err) &&
            !account_make_owner(arena, store, &owner, STR(PASSWORD_NOBODY), now_ms, &err));
    struct query *q = query_start(store, "INSERT INTO session (hash, member, created_ms, seen_ms,"
                                         " expires_ms, agent, place)"
                                         " VALUES (?1, ?2, ?3, ?3, ?4, '', '')");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_int(q, 2, owner.id);
    query_bind_int(q, 3, now_ms);
    query_bind_int(q, 4, INT64_MAX);
    (void)query_row(q);
    require(!query_end(q, &err));
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++) {
        q = query_start(store, "INSERT INTO role (member, role) VALUES (?1, ?2)");
        query_bind_int(q, 1, owner.id);
        query_bind_str(q, 2, str_of(ROLES[i]));
        (void)query_row(q);
        require(!query_end(q, &err));
    }
    require(!store_commit(store, &err));
}

static void ask(struct str input);

/* As the ledger's page does it; what takes more than a title is not made. */
static void add_line(struct arena *arena, enum ledger_kind kind)
{
    ask(str_format(arena,
                   "POST /ledger\nCookie: chancery=" COOKIE
                   "\nContent-Type: application/x-www-form-urlencoded\n\n"
                   "kind=%s&title=%%3Cfuzz%%3E&begins=2026-11-01&due=2026-12-24",
                   ledger_kind_name(kind)));
}

/* With something of everything that papers have. */
static void add_paper(void)
{
    static const char TEXT[] =
        "# <fuzz>\n\n## 一、要求\n\n要不断完善服务体系，于【日期】前报送【姓名】。\n\n"
        "- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n";
    const struct publication publication = {
        .level = PAPER_FULL, .level_given = true, .actor = "owner"};
    struct edition_text published;
    struct paper_doc doc;
    struct error err;
    require(!format_read(portal.arena, str_of(TEXT), FORMAT_MARKDOWN, NULL, STR("<fuzz>"), &doc,
                         &err) &&
            !library_publish(portal.arena, portal.writing, &doc, &publication, &published, &err));
    struct query *q = query_start(portal.writing, "SELECT key FROM offer");
    require(query_row(q));
    portal.paper = str_copy(portal.arena, query_str(q, 0));
    require(!query_end(q, &err));
}

static void open_portal(void)
{
    const char *dir = make_folder();
    struct server_options options = {.data = dir, .address = "127.0.0.1", .workers = 1};
    struct digest keyed = digest_keyed(STR(COOKIE), STR("chancery form"));
    static char hex[DIGEST_HEX + 1];
    struct error err;
    portal.arena = arena_make();
    digest_to_hex(&keyed, hex);
    portal.csrf = (struct str){hex, 32};
    require(!store_create(dir, &err) && !store_open(dir, &portal.writing, &err) &&
            !store_open(dir, &portal.reading, &err));
    add_owner(portal.arena, portal.writing);
    add_paper();
    require(!server_start(&options, &portal.server, &err));
    portal.thread = pthread_self();
    portal.keeps = true;
    for (int kind = 0; kind < LEDGER_KINDS; kind++)
        add_line(portal.arena, (enum ledger_kind)kind);
    portal.keeps = false;
    struct query *q = query_start(portal.reading, "SELECT key FROM line ORDER BY id");
    while (portal.nlines < LINES_MOST && query_row(q))
        portal.lines[portal.nlines++] = str_copy(portal.arena, query_str(q, 0));
    require(!query_end(q, &err) && portal.nlines);
}

/* --- the request ---------------------------------------------------------------------------------------------- */

/* What http.c has from libmicrohttpd ends at its first zero byte. */
static struct str until_zero(struct str text)
{
    size_t zero = str_find(text, (struct str){"", 1}, 0);
    return zero == SIZE_MAX ? text : str_slice(text, 0, zero);
}

static struct str take_path(struct arena *arena, struct str typed)
{
    struct buf path = {.arena = arena};
    struct str whole = until_zero(input_unescape(arena, typed, false));
    for (size_t i = 0; i < whole.len; i++)
        if (str_starts(str_slice(whole, i, whole.len), STR("@P")))
            buf_add(&path, portal.paper), i++;
        else if (whole.at[i] == '@' && i + 1 < whole.len)
            buf_add(&path, portal.lines[(unsigned char)whole.at[++i] % portal.nlines]);
        else
            buf_add_byte(&path, whole.at[i]);
    buf_add_byte(&path, 0);
    return (struct str){path.at, path.len - 1};
}

static void take_query(struct request *rq, struct str query)
{
    struct str part;
    while (str_split(&query, '&', &part)) {
        struct str name = STR("");
        if (str_split(&part, '=', &name))
            pairs_add(rq->arena, &rq->query, until_zero(input_unescape(rq->arena, name, true)),
                      until_zero(input_unescape(rq->arena, part, true)));
    }
}

static void take_cookies(struct request *rq, struct str cookies)
{
    struct str one;
    while (str_split(&cookies, ';', &one)) {
        struct str name = STR("");
        struct str value = str_trim(one);
        (void)str_split(&value, '=', &name);
        pairs_add(rq->arena, &rq->cookies, str_copy(rq->arena, name), str_copy(rq->arena, value));
    }
}

/* Lines up to an empty one; what follows is the body. */
static void take_head(struct request *rq, struct str *rest)
{
    struct str line;
    while (str_split(rest, '\n', &line) && line.len) {
        struct str name = STR("");
        struct str value = until_zero(line);
        if (!str_split(&value, ':', &name))
            continue;
        name = str_copy(rq->arena, name);
        value = str_copy(rq->arena, str_trim(value));
        pairs_add(rq->arena, &rq->headers, name, value);
        if (str_equal(name, STR("Cookie")))
            take_cookies(rq, value);
        if (str_equal(name, STR("X-Forwarded-For")))
            rq->address = value;
    }
    if (str_equal(session_cookie(rq), STR(COOKIE)))
        pairs_add(rq->arena, &rq->headers, STR("X-CSRF"), portal.csrf);
}

static void check(const struct answer *answer)
{
    bool page = str_starts(answer->type, STR("text/html"));
    require(answer->code >= 200 && answer->code < 600);
    for (size_t i = 0; i < answer->headers.count; i++) {
        struct str value = answer->headers.at[i].value;
        require(str_find(value, STR("\n"), 0) == SIZE_MAX &&
                str_find(value, STR("\r"), 0) == SIZE_MAX);
    }
    if (page || str_starts(answer->type, STR("application/json")))
        require(utf8_first_bad(answer->body) == SIZE_MAX);
    if (page)
        require(str_find(answer->body, STR(TAG), 0) == SIZE_MAX);
}

static void ask(struct str input)
{
    struct request rq = {.arena = arena_make(), .server = portal.server, .store = portal.reading};
    struct str line = STR("");
    struct str method = STR("");
    struct str path = STR("");
    (void)str_split(&input, '\n', &line);
    (void)str_split(&line, ' ', &method);
    (void)str_split(&line, '?', &path);
    rq.now_ms = store_now_ms();
    rq.post = str_equal(method, STR("POST"));
    rq.path = take_path(rq.arena, path);
    rq.address = STR("192.0.2.7");
    take_query(&rq, line);
    take_head(&rq, &input);
    unsigned refused = dispatch_find_route(&rq);
    if (refused)
        dispatch_refuse(&rq, refused);
    else if (!rq.route->streams) /* what goes on without end needs a connection */
        dispatch(&rq, input);
    if (rq.answer.code)
        check(&rq.answer);
    dispatch_end(&rq);
    arena_free(rq.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!portal.server)
        open_portal();
    ask((struct str){(const char *)data, size});
    return 0;
}
