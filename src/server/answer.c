/* Answers: pages in their layout, JSON, redirects, bytes, errors; and the headers all of them carry. */
#include "server/internal.h"

#include <string.h>

#include "base/calendar.h"
#include "library/letter.h"
#include "library/member.h"
#include "library/setting.h"
#include "server/ledger.h"

#define JSON_TYPE "application/json; charset=utf-8"
#define HTML_TYPE "text/html; charset=utf-8"

/* What the layout around every page shows. */
struct shell {
    struct str lang, other_lang, other_path, title, organisation, path;
    struct str name, csrf, problem, done, style, script, icon;
    struct str reload; /* seconds */
    struct ledger_section ledger_section;
    struct str zone;
    struct str seq; /* of the last event that the page can know of: live lines go on from there */
    bool signed_in, is_member, is_editor, is_steward, is_lead, is_owner, in_ledger, has_policies;
    bool at_policies, at_papers, at_search, at_requests, at_groups, at_write, at_members, at_plans,
        at_notices, at_subscribers, at_owner, at_trace, at_cases, at_ledger;
};

/* Which entry of the navigation a page belongs to, by the beginning of its path. */
static const struct {
    const char *prefix;
    size_t at;
} PLACES[] = {
    {"/papers", offsetof(struct shell, at_papers)},
    {"/search", offsetof(struct shell, at_search)},
    {"/requests", offsetof(struct shell, at_requests)},
    {"/groups", offsetof(struct shell, at_groups)},
    {"/write", offsetof(struct shell, at_write)},
    {"/members", offsetof(struct shell, at_members)},
    {"/erasures", offsetof(struct shell, at_members)},
    {"/notices", offsetof(struct shell, at_notices)},
    {"/plans", offsetof(struct shell, at_plans)},
    {"/subscriptions", offsetof(struct shell, at_plans)},
    {"/redeem", offsetof(struct shell, at_plans)},
    {"/subscribers", offsetof(struct shell, at_subscribers)},
    {"/codes", offsetof(struct shell, at_subscribers)},
    {"/cases", offsetof(struct shell, at_cases)},
    {"/settings", offsetof(struct shell, at_owner)},
    {"/owner", offsetof(struct shell, at_owner)},
    {"/trace", offsetof(struct shell, at_trace)},
    {"/ledger", offsetof(struct shell, at_ledger)},
    {"/policies", offsetof(struct shell, at_policies)},
};

static const struct field SHELL[] = {
    FIELD(TEXT, struct shell, lang),
    FIELD(TEXT, struct shell, other_lang),
    FIELD(TEXT, struct shell, other_path),
    FIELD(TEXT, struct shell, title),
    FIELD(TEXT, struct shell, organisation),
    FIELD(TEXT, struct shell, path),
    FIELD(TEXT, struct shell, name),
    FIELD(TEXT, struct shell, csrf),
    FIELD(TEXT, struct shell, problem),
    FIELD(TEXT, struct shell, done),
    FIELD(TEXT, struct shell, style),
    FIELD(TEXT, struct shell, script),
    FIELD(FLAG, struct shell, is_member),
    FIELD(FLAG, struct shell, signed_in),
    FIELD(FLAG, struct shell, is_editor),
    FIELD(FLAG, struct shell, is_steward),
    FIELD(FLAG, struct shell, is_lead),
    FIELD(FLAG, struct shell, is_owner),
    FIELD(TEXT, struct shell, icon),
    FIELD(TEXT, struct shell, reload),
    FIELD(TEXT, struct shell, seq),
    FIELD(TEXT, struct shell, zone),
    FIELD(FLAG, struct shell, in_ledger),
    FIELD(FLAG, struct shell, at_ledger),
    FIELD(FLAG, struct shell, has_policies),
    FIELD(FLAG, struct shell, at_policies),
    FIELD_OF_PART(struct shell, ledger_section, ledger_section_fields),
    FIELD(FLAG, struct shell, at_papers),
    FIELD(FLAG, struct shell, at_search),
    FIELD(FLAG, struct shell, at_requests),
    FIELD(FLAG, struct shell, at_groups),
    FIELD(FLAG, struct shell, at_write),
    FIELD(FLAG, struct shell, at_members),
    FIELD(FLAG, struct shell, at_plans),
    FIELD(FLAG, struct shell, at_owner),
    FIELD(FLAG, struct shell, at_cases),
    FIELD(FLAG, struct shell, at_trace),
    FIELD(FLAG, struct shell, at_subscribers),
    FIELD(FLAG, struct shell, at_notices),
    {0},
};

const struct field *answer_shell_fields(void)
{
    return SHELL;
}

struct str request_words(const struct request *rq, const char *en, const char *zh)
{
    return str_of(lang_pick(rq->lang, en, zh));
}

struct str request_actor(const struct request *rq)
{
    return library_member_id(rq->arena, rq->viewer.member);
}

bool request_may(const struct request *rq, unsigned roles)
{
    return (rq->viewer.roles & roles) != 0;
}

void answer_header(struct request *rq, const char *name, struct str value)
{
    pairs_add(rq->arena, &rq->answer.headers, str_of(name), value);
}

/* By TLS the name promises that nobody but this host has set it: another one under the same domain, or somebody on a
 * line without TLS, could else give a browser their own session, or take its place on some paths. */
static const char *cookie_prefix(const struct request *rq)
{
    return rq->secure ? "__Host-" : "";
}

struct str request_cookie(const struct request *rq, const char *name)
{
    struct str plain = str_of(name);
    return pairs_find(&rq->cookies,
                      rq->secure ? str_format(rq->arena, "%s%s", cookie_prefix(rq), name) : plain);
}

void answer_cookie(struct request *rq, const char *name, struct str value, int64_t seconds)
{
    answer_header(rq, "Set-Cookie",
                  str_format(rq->arena, "%s%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=%lld",
                             cookie_prefix(rq), name, STR_ARG(value), rq->secure ? "; Secure" : "",
                             (long long)seconds));
}

static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9') || c == '_' ||
           c == '~';
}

void answer_escape_query(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    buf_reserve(out, 3 * text.len);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_plain(c)) {
            out->at[out->len++] = (char)c;
            continue;
        }
        out->at[out->len++] = '%';
        out->at[out->len++] = digits[c >> 4];
        out->at[out->len++] = digits[c & 15];
    }
    out->at[out->len] = 0;
}

struct str answer_whole_address(struct request *rq, struct str path)
{
    if (path.len && !str_starts(path, STR("/")))
        return path;
    return str_format(rq->arena, "%s://%.*s%.*s", rq->secure ? "https" : "http",
                      STR_ARG(request_header(rq, "Host")), STR_ARG(path));
}

enum status answer_public_address(struct request *rq, struct str path, struct str *address,
                                  struct error *err)
{
    struct str site;
    enum status status = library_site_url(rq->arena, rq->store, &site, err);
    if (!status)
        *address = answer_whole_address(
            rq, str_format(rq->arena, "%.*s%.*s", STR_ARG(site), STR_ARG(path)));
    return status;
}

static void add_transport_safety(struct request *rq)
{
    if (rq->secure)
        answer_header(rq, "Strict-Transport-Security", STR("max-age=31536000"));
}

/* The safe defaults of every answer. Pages are one person's: no cache keeps them. */
static void add_safety(struct request *rq, bool keep)
{
    static const struct {
        const char *name, *value;
    } always[] = {
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
         "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"X-Frame-Options", "DENY"},
    };
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        answer_header(rq, always[i].name, str_of(always[i].value));
    answer_header(rq, "Vary",
                  keep ? STR("Accept-Encoding") : STR("Cookie, Accept, Accept-Language"));
    answer_header(rq, "Cache-Control",
                  keep ? STR("public, max-age=31536000, immutable") : STR("private, no-store"));
    add_transport_safety(rq);
}

/* A file is saved and never becomes a page, so that what guards one page from others has nothing to guard: where
 * a browser shows it all the same, it may do nothing and stands in no frame. */
static void add_safety_of_file(struct request *rq)
{
    answer_header(rq, "Content-Security-Policy",
                  STR("sandbox; default-src 'none'; frame-ancestors 'none'"));
    answer_header(rq, "X-Content-Type-Options", STR("nosniff"));
    answer_header(rq, "Cross-Origin-Resource-Policy", STR("same-origin"));
    answer_header(rq, "Cache-Control", STR("private, no-store"));
    add_transport_safety(rq);
}

static void fill_answer(struct request *rq, unsigned code, const char *type, struct str body)
{
    rq->answer.code = code;
    rq->answer.type = str_of(type);
    rq->answer.body = body;
}

static void set_answer(struct request *rq, unsigned code, const char *type, struct str body)
{
    fill_answer(rq, code, type, body);
    add_safety(rq, false);
}

static bool path_begins(struct str path, struct str prefix)
{
    return str_starts(path, prefix) && (path.len == prefix.len || path.at[prefix.len] == '/');
}

static void mark_place(struct shell *s)
{
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
        if (path_begins(s->path, str_of(PLACES[i].prefix)))
            *(bool *)((char *)s + PLACES[i].at) = true;
}

struct str answer_own_address(const struct request *rq)
{
    struct buf plain = {.arena = rq->arena};
    struct buf whole = {.arena = rq->arena};
    buf_add(&plain, rq->path);
    for (size_t i = 0; i < rq->query.count; i++) {
        buf_add_byte(&plain, i ? '&' : '?');
        answer_escape_query(&plain, rq->query.at[i].name);
        buf_add_byte(&plain, '=');
        answer_escape_query(&plain, rq->query.at[i].value);
    }
    answer_escape_query(&whole, buf_str(&plain));
    return buf_str(&whole);
}

/* Whether a leaflet is shown to the viewer at all: an organisation without policies has no such entry. */
static bool has_policies(const struct request *rq)
{
    if (!rq->store)
        return false;
    struct query *q =
        query_start(rq->store, "SELECT 1 FROM policy_leaflet f JOIN policy p ON p.line = f.line"
                               " WHERE f.state = 'shown' AND (?1 OR p.public) LIMIT 1");
    query_bind_int(q, 1, request_may(rq, ROLE_MEMBER));
    bool has = query_row(q);
    return !query_end(q, NULL) && has;
}

static void fill_shell(struct request *rq, struct shell *s, struct str title)
{
    enum lang other = rq->lang == LANG_ZH ? LANG_EN : LANG_ZH;
    *s = (struct shell){
        .lang = rq->lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .other_lang = str_of(lang_code(other)),
        .other_path = answer_own_address(rq),
        .path = rq->path,
        .title = title,
        .organisation = STR("Chancery"),
        .name = rq->viewer.name,
        .csrf = rq->viewer.csrf,
        .problem = rq->problem,
        .style = server_asset("style.css"),
        .script = server_asset("chancery.js"),
        .icon = server_asset("mark.svg"),
        .zone = calendar_zone(rq->arena, rq->now_ms),
        .seq = str_format(rq->arena, "%lld", (long long)rq->seq),
        .signed_in = rq->viewer.member != 0,
        .is_member = request_may(rq, ROLE_MEMBER),
        .is_editor = request_may(rq, ROLE_EDITOR),
        .is_steward = request_may(rq, ROLE_STEWARD | ROLE_OWNER),
        .is_lead = request_may(rq, ROLE_LEAD),
        .is_owner = request_may(rq, ROLE_OWNER),
        .in_ledger = request_may(rq, ROLES_LEDGER),
        .has_policies = has_policies(rq),
    };
    ledger_fill_section(rq, &s->ledger_section);
    mark_place(s);
    if (rq->reload_s)
        s->reload = str_format(rq->arena, "%u", rq->reload_s);
    struct str named;
    if (rq->store &&
        !library_get_setting(rq->arena, rq->store, STR("organisation"), &named, NULL) && named.len)
        s->organisation = named;
    /* What a script looks at unseen leaves the word to the page that is shown. */
    struct str done = request_cookie(rq, "done");
    if (done.len && !request_header(rq, "X-Unseen").len) {
        s->done = input_unescape(rq->arena, done, false);
        answer_cookie(rq, "done", STR(""), 0);
    }
}

enum status answer_titled_page(struct request *rq, const char *name, struct str title,
                               const struct field *fields, const void *page)
{
    struct buf out = {.arena = rq->arena};
    if (rq->wants_json) {
        field_write_json(&out, fields, page);
        buf_add_byte(&out, '\n');
        set_answer(rq, 200, JSON_TYPE, buf_str(&out));
        return STATUS_OK;
    }
    struct shell shell;
    fill_shell(rq, &shell, title);
    const struct template_scope scopes[] = {{SHELL, &shell}, {fields, page}};
    template_write(&out, server_templates(rq->server), "layout", name, scopes, 2, rq->lang);
    set_answer(rq, 200, HTML_TYPE, buf_str(&out));
    return STATUS_OK;
}

enum status answer_page(struct request *rq, const char *name, const char *title_en,
                        const char *title_zh, const struct field *fields, const void *page)
{
    return answer_titled_page(rq, name, request_words(rq, title_en, title_zh), fields, page);
}

enum status answer_redirect(struct request *rq, struct str path, const char *done_en,
                            const char *done_zh)
{
    struct buf body = {.arena = rq->arena};
    if (rq->wants_json) {
        buf_add(&body, STR("{\"location\":"));
        field_write_json_text(&body, path);
        buf_add(&body, STR("}\n"));
        set_answer(rq, 200, JSON_TYPE, buf_str(&body));
        return STATUS_OK;
    }
    set_answer(rq, 303, "", STR(""));
    answer_header(rq, "Location", path);
    if (done_en) {
        struct buf done = {.arena = rq->arena};
        answer_escape_query(&done, request_words(rq, done_en, done_zh));
        answer_cookie(rq, "done", buf_str(&done), 60);
    }
    return STATUS_OK;
}

enum status answer_bytes(struct request *rq, const char *type, struct str bytes, struct str file)
{
    if (!file.len) {
        set_answer(rq, 200, type, bytes);
        return STATUS_OK;
    }
    struct buf value = {.arena = rq->arena};
    buf_add(&value, STR("attachment; filename*=UTF-8''"));
    answer_escape_query(&value, file);
    fill_answer(rq, 200, type, bytes);
    add_safety_of_file(rq);
    answer_header(rq, "Content-Disposition", buf_str(&value));
    return STATUS_OK;
}

enum status answer_asset(struct request *rq, const char *type, struct str bytes)
{
    fill_answer(rq, 200, type, bytes);
    add_safety(rq, true);
    return STATUS_OK;
}

/* --- errors ------------------------------------------------------------------------------------- */

unsigned answer_code_of(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return 200;
    case STATUS_USAGE:
    case STATUS_INPUT:
        return 422;
    case STATUS_MISSING:
        return 404;
    case STATUS_CONFLICT:
        return 409;
    case STATUS_FORBIDDEN:
        return 403;
    case STATUS_LIMITED:
        return 429;
    case STATUS_IO:
    case STATUS_DAMAGED:
    case STATUS_INTERRUPTED:
        break;
    }
    return 500;
}

struct error_typed {
    struct str name, words, text;
};
struct error_page {
    struct str message;
    struct str above;          /* the page that the form stands on */
    struct error_typed *typed; /* long texts that the form brought, so that none is lost */
    size_t ntyped;
    int64_t code;
    bool ours;
    int64_t when; /* it happened, where it is our fault */
    bool is_owner;
    bool returns; /* sent again after signing in, the form would be shown with what was typed */
    bool signed_out;
};

static const struct field ERROR_TYPED[] = {
    FIELD(TEXT, struct error_typed, name),
    FIELD(TEXT, struct error_typed, words),
    FIELD(TEXT, struct error_typed, text),
    {0},
};
static const struct field ERROR_PAGE[] = {
    FIELD(TEXT, struct error_page, message),
    FIELD(NUMBER, struct error_page, code),
    FIELD_HIDDEN(TEXT, struct error_page, above),
    FIELD_HIDDEN_LIST(struct error_page, typed, ERROR_TYPED),
    FIELD_HIDDEN(FLAG, struct error_page, ours),
    FIELD_HIDDEN(TIME, struct error_page, when),
    FIELD_HIDDEN(FLAG, struct error_page, is_owner),
    FIELD_HIDDEN(FLAG, struct error_page, returns),
    FIELD_HIDDEN(FLAG, struct error_page, signed_out),
    {0},
};

static void fill_typed(struct request *rq, struct error_page *page)
{
    size_t most = 0;
    while (rq->route->inputs && rq->route->inputs[most].name)
        most++;
    page->typed = arena_array(rq->arena, most, struct error_typed);
    for (size_t i = 0; i < most; i++) {
        const struct input *input = &rq->route->inputs[i];
        struct str text = pairs_find(&rq->form, str_of(input->name));
        if (input->kind == INPUT_LONG_TEXT && str_trim(text).len)
            page->typed[page->ntyped++] = (struct error_typed){
                str_of(input->name), request_words(rq, input->en, input->zh), text};
    }
}

enum status answer_error(struct request *rq, unsigned code, const struct error *err)
{
    if (code == 403 && !rq->viewer.member)
        code = 401;
    bool signed_out = code == 401 && rq->post;
    struct error_page page = {
        .message = request_words(rq, err->en, err->zh),
        .code = code,
        .ours = code >= 500,
        .when = rq->now_ms,
        .is_owner = request_may(rq, ROLE_OWNER),
        .signed_out = signed_out,
        .returns = signed_out && rq->route && rq->route->again,
        .above = rq->above,
    };
    if (rq->above.len)
        fill_typed(rq, &page);
    rq->answer = (struct answer){0};
    (void)answer_page(rq, "error", code >= 500 ? "Something went wrong here" : "That did not work",
                      code >= 500 ? "服务出错" : "未能完成", ERROR_PAGE, &page);
    rq->answer.code = code;
    if (code == 401)
        answer_header(rq, "WWW-Authenticate", STR("Bearer"));
    if (code == 429 && !rq->wait_s) /* else the time is known, and said */
        answer_header(rq, "Retry-After", STR("60"));
    if (code == 413 || code == 503)
        answer_header(rq, "Connection", STR("close"));
    return STATUS_OK;
}
