/* Policies as those read of them whom they are for: leaflets, found by who one is, and changes sent by mail.
 *
 * Members read what is shown; who has not signed in, what the keeper of the ledger has opened to everybody. */
#include "base/calendar.h"
#include "base/digest.h"
#include "library/member.h"
#include "server/internal.h"
#include "server/ledger_leaflet.h"
#include "server/ledger_policy.h"

/* What a follow (alias f, of a policy as line l or of a word as t) is called in the language that is Chinese if ?2: by its
 * leaflet, as the ledger's own titles are not for everybody. */
#define FOLLOW_WORDS                                                               \
    "coalesce((SELECT x.title FROM policy_leaflet pl JOIN policy_leaflet_text x"   \
    " ON x.leaflet = pl.id WHERE pl.line = l.id AND pl.state IN ('shown', 'past')" \
    " ORDER BY pl.state = 'shown' DESC, pl.number DESC, x.title <> '' DESC,"       \
    " x.lang = iif(?2, 'zh', 'en') DESC LIMIT 1), iif(iif(?2, t.zh, t.en) <> '',"  \
    " iif(?2, t.zh, t.en), t.en || t.zh))"

#define A_PAGE       30
#define FOLLOWS_MOST 50 /* of one member */

/* --- the list ------------------------------------------------------------------------------------- */

struct policy_card {
    struct str key, title, lang, gives, until, audience;
    bool closed;
};
static const struct field CARD[] = {
    FIELD(TEXT, struct policy_card, key),    FIELD(TEXT, struct policy_card, title),
    FIELD(TEXT, struct policy_card, lang),   FIELD(TEXT, struct policy_card, gives),
    FIELD(DATE, struct policy_card, until),  FIELD(TEXT, struct policy_card, audience),
    FIELD(FLAG, struct policy_card, closed), {0},
};
struct follow_row {
    struct str key, words, path;
};
static const struct field FOLLOW_ROW[] = {
    FIELD(TEXT, struct follow_row, key),
    FIELD(TEXT, struct follow_row, words),
    FIELD(TEXT, struct follow_row, path),
    {0},
};
struct filter_row {
    struct str name, words;
    struct ledger_choice *choices;
    size_t nchoices;
};
static const struct field FILTER_ROW[] = {
    FIELD(TEXT, struct filter_row, name),
    FIELD_HIDDEN(TEXT, struct filter_row, words),
    FIELD_OF_LIST(struct filter_row, choices, ledger_choice_fields),
    {0},
};
struct policies_page {
    struct str words, newer, older;
    int64_t count;
    bool filtered, member;
    struct filter_row *filters;
    struct policy_card *policies;
    struct follow_row *follows;
    size_t nfilters, npolicies, nfollows;
};
static const struct field POLICIES_PAGE[] = {
    FIELD(TEXT, struct policies_page, words),
    FIELD(TEXT, struct policies_page, newer),
    FIELD(TEXT, struct policies_page, older),
    FIELD(NUMBER, struct policies_page, count),
    FIELD_HIDDEN(FLAG, struct policies_page, filtered),
    FIELD_HIDDEN(FLAG, struct policies_page, member),
    FIELD_OF_LIST(struct policies_page, filters, FILTER_ROW),
    FIELD_OF_LIST(struct policies_page, policies, CARD),
    FIELD_OF_LIST(struct policies_page, follows, FOLLOW_ROW),
    {0},
};

/* Who one is first: that is what people know. */
static const enum policy_facet FILTERS[] = {FACET_AUDIENCE, FACET_INDUSTRY, FACET_FIELD,
                                            FACET_CATEGORY};
#define FILTER_COUNT (sizeof FILTERS / sizeof *FILTERS)

/* Leaflets that are shown to the viewer (?1: a member), of policies in force, in the language ?2 where they are whole in
 * it, that hold the words ?3 and are for each of ?4 … ?7, one a facet. A policy without a word of a facet is for all. */
#define WHOLE \
    "(t.title <> '' AND t.gives <> '' AND t.who <> '' AND t.how <> '' AND t.contact <> '')"
#define SUITS(FACET, AT)                                                             \
    " AND (" AT " = '' OR NOT EXISTS (SELECT 1 FROM line_term lt JOIN policy_term w" \
    " ON w.id = lt.term WHERE lt.line = p.line AND w.facet = '" FACET "')"           \
    " OR EXISTS (SELECT 1 FROM line_term lt JOIN policy_term w ON w.id = lt.term"    \
    " WHERE lt.line = p.line AND w.key = " AT "))"
#define FROM_SHOWN                                                                                 \
    " FROM policy_leaflet f JOIN policy p ON p.line = f.line JOIN line l ON l.id = p.line"         \
    " JOIN policy_leaflet_text t ON t.leaflet = f.id AND t.lang = (SELECT t.lang"                  \
    " FROM policy_leaflet_text t WHERE t.leaflet = f.id ORDER BY " WHOLE " DESC, t.lang = ?2 DESC" \
    " LIMIT 1) WHERE f.state = 'shown' AND p.state = 'in-force' AND (?1 OR p.public)"              \
    " AND (?3 = '' OR instr(lower(t.title || ' ' || t.gives || ' ' || t.who || ' ' || t.how),"     \
    " lower(?3)))" SUITS("audience", "?4") SUITS("industry", "?5") SUITS("field", "?6")            \
        SUITS("category", "?7")

static struct query *start(struct request *rq, const char *sql)
{
    struct query *q = query_start(rq->store, sql);
    query_bind_int(q, 1, request_may(rq, ROLE_MEMBER));
    query_bind_str(q, 2, str_of(lang_code(rq->lang)));
    query_bind_str(q, 3, request_input(rq, "words"));
    for (size_t i = 0; i < FILTER_COUNT; i++)
        query_bind_str(q, (int)i + 4, request_input(rq, policy_facet_name(FILTERS[i])));
    return q;
}

static enum status count_policies(struct request *rq, struct policies_page *page, struct error *err)
{
    struct query *q = start(rq, "SELECT count(*)" FROM_SHOWN);
    page->count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

/* The first of a text, cut at a whole character. */
static struct str beginning(const struct request *rq, struct str text)
{
    const size_t most = 160;
    size_t at = 0;
    size_t count = 0;
    while (at < text.len && count < most) {
        at++;
        while (at < text.len && ((unsigned char)text.at[at] & 0xC0) == 0x80)
            at++;
        count++;
    }
    return at == text.len ? text : str_format(rq->arena, "%.*s…", (int)at, text.at);
}

static enum status list_policies(struct request *rq, struct policies_page *page, struct error *err)
{
    int64_t at = request_number(rq, "page") ? request_number(rq, "page") : 1;
    struct query *q =
        start(rq, "SELECT l.key, t.title, t.lang, t.gives, coalesce(f.claim_until, p.until_day),"
                  " coalesce(f.claim_until, p.until_day) < ?8,"
                  " (SELECT group_concat(CASE WHEN iif(?2 = 'zh', w.zh, w.en) <> ''"
                  " THEN iif(?2 = 'zh', w.zh, w.en) ELSE w.en || w.zh END,"
                  " iif(?2 = 'zh', '、', ', ')) FROM line_term lt JOIN policy_term w"
                  " ON w.id = lt.term WHERE lt.line = l.id AND w.facet = 'audience')" FROM_SHOWN
                  " ORDER BY 6 IS 1, 5 IS NULL, 5, t.title, l.id LIMIT ?9 OFFSET ?10");
    query_bind_int(q, 8, calendar_day_of(rq->now_ms));
    query_bind_int(q, 9, A_PAGE);
    query_bind_int(q, 10, (at - 1) * A_PAGE);
    page->policies = arena_array(rq->arena, A_PAGE, struct policy_card);
    while (page->npolicies < A_PAGE && query_row(q))
        page->policies[page->npolicies++] = (struct policy_card){
            .key = str_copy(rq->arena, query_str(q, 0)),
            .title = str_copy(rq->arena, query_str(q, 1)),
            .lang = str_equal(query_str(q, 2), STR("zh")) ? STR("zh-Hans") : STR("en"),
            .gives = beginning(rq, str_copy(rq->arena, query_str(q, 3))),
            .until = ledger_day(rq, query_int(q, 4)),
            .closed = query_int(q, 5) != 0,
            .audience = str_copy(rq->arena, query_str(q, 6)),
        };
    return query_end(q, err);
}

/* The same list at another page of it. */
static struct str page_path(const struct request *rq, int64_t page)
{
    struct buf out = {.arena = rq->arena};
    buf_format(&out, "/policies?page=%lld", (long long)page);
    if (request_input(rq, "words").len) {
        buf_add(&out, STR("&words="));
        answer_escape_query(&out, request_input(rq, "words"));
    }
    for (size_t i = 0; i < FILTER_COUNT; i++) {
        struct str value = request_input(rq, policy_facet_name(FILTERS[i]));
        if (!value.len)
            continue;
        buf_format(&out, "&%s=", policy_facet_name(FILTERS[i]));
        answer_escape_query(&out, value);
    }
    return buf_str(&out);
}

/* Marks the words that some policy shown to the viewer has: others would tell what is in the ledger. */
static enum status find_shown_terms(struct request *rq, const struct policy_term *terms,
                                    size_t count, bool *shown, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT DISTINCT lt.term FROM policy_leaflet f JOIN policy p ON p.line = f.line"
                   " JOIN line_term lt ON lt.line = p.line WHERE f.state = 'shown'"
                   " AND p.state = 'in-force' AND (?1 OR p.public)");
    query_bind_int(q, 1, request_may(rq, ROLE_MEMBER));
    while (query_row(q))
        for (size_t i = 0; i < count; i++)
            shown[i] = shown[i] || terms[i].id == query_int(q, 0);
    return query_end(q, err);
}

static enum status fill_filters(struct request *rq, struct policies_page *page, struct error *err)
{
    struct policy_term *terms;
    size_t count;
    enum status status = ledger_list_terms(rq->arena, rq->store, &terms, &count, err);
    bool *shown = arena_array(rq->arena, count + 1, bool);
    if (!status)
        status = find_shown_terms(rq, terms, count, shown, err);
    page->filters = arena_array(rq->arena, FILTER_COUNT, struct filter_row);
    for (size_t i = 0; !status && i < FILTER_COUNT; i++) {
        struct str chosen = request_input(rq, policy_facet_name(FILTERS[i]));
        struct filter_row *row = &page->filters[page->nfilters++];
        *row = (struct filter_row){
            .name = str_of(policy_facet_name(FILTERS[i])),
            .words = FILTERS[i] == FACET_AUDIENCE
                         ? request_words(rq, "I am", "我是")
                         : str_of(policy_facet_words(FILTERS[i], rq->lang)),
            .choices = arena_array(rq->arena, count + 1, struct ledger_choice),
        };
        page->filtered |= chosen.len > 0;
        for (size_t k = 0; k < count; k++)
            if (terms[k].facet == FILTERS[i] && shown[k])
                row->choices[row->nchoices++] =
                    (struct ledger_choice){terms[k].key, policy_term_words(&terms[k], rq->lang),
                                           str_equal(terms[k].key, chosen)};
    }
    return status;
}

/* What the viewer is told of by mail. */
static enum status fill_follows(struct request *rq, struct policies_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT f.key, " FOLLOW_WORDS ", coalesce('/policies/' || l.key,"
                   " '/policies?' || t.facet || '=' || t.key) FROM policy_follow f"
                   " LEFT JOIN line l ON l.id = f.line LEFT JOIN policy_term t ON t.id = f.term"
                   " WHERE f.member = ?1 ORDER BY f.id LIMIT ?3");
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, rq->lang == LANG_ZH);
    query_bind_int(q, 3, FOLLOWS_MOST);
    page->follows = arena_array(rq->arena, FOLLOWS_MOST, struct follow_row);
    while (page->nfollows < FOLLOWS_MOST && query_row(q))
        page->follows[page->nfollows++] = (struct follow_row){str_copy(rq->arena, query_str(q, 0)),
                                                              str_copy(rq->arena, query_str(q, 1)),
                                                              str_copy(rq->arena, query_str(q, 2))};
    return query_end(q, err);
}

static enum status show_policies(struct request *rq, struct error *err)
{
    struct policies_page page = {.words = request_input(rq, "words"),
                                 .member = request_may(rq, ROLE_MEMBER)};
    int64_t at = request_number(rq, "page") ? request_number(rq, "page") : 1;
    enum status status = count_policies(rq, &page, err);
    if (!status)
        status = list_policies(rq, &page, err);
    if (!status)
        status = fill_filters(rq, &page, err);
    if (!status && page.member)
        status = fill_follows(rq, &page, err);
    if (status)
        return status;
    page.filtered |= page.words.len > 0;
    page.newer = at > 1 ? page_path(rq, at - 1) : STR("");
    page.older = at * A_PAGE < page.count ? page_path(rq, at + 1) : STR("");
    return answer_page(rq, "policies", "Policies for you", "惠企惠民政策", POLICIES_PAGE, &page);
}

static const struct input LIST_INPUTS[] = {
    {.name = "words", .kind = INPUT_TEXT, .most = 100, .en = "Words", .zh = "关键词"},
    {.name = "audience", .kind = INPUT_TEXT, .most = 40, .en = "Who one is", .zh = "适用对象"},
    {.name = "industry", .kind = INPUT_TEXT, .most = 40, .en = "Industry", .zh = "行业"},
    {.name = "field", .kind = INPUT_TEXT, .most = 40, .en = "Field", .zh = "领域"},
    {.name = "category", .kind = INPUT_TEXT, .most = 40, .en = "Category", .zh = "类别"},
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};
const struct route route_policies = {
    .method = "GET",
    .path = "/policies",
    .roles = ROLE_ANYONE,
    .scope = "read",
    .en = "Leaflets of policies in force, by who one is, industry, field and words; without "
          "signing in those that are open to everybody.",
    .zh =
        "执行中政策的明白卡，可按适用对象、行业、领域和关键词查找；未登录者可见向所有人公开的部分。",
    .inputs = LIST_INPUTS,
    .output = POLICIES_PAGE,
    .page = "policies",
    .run = show_policies,
};

/* --- one ------------------------------------------------------------------------------------------ */

struct follow_choice {
    struct str term, words;
    bool followed;
};
static const struct field FOLLOW_CHOICE[] = {
    FIELD(TEXT, struct follow_choice, term),
    FIELD(TEXT, struct follow_choice, words),
    FIELD(FLAG, struct follow_choice, followed),
    {0},
};
struct one_page {
    struct str key, title, lang, words, ledger;
    bool shown, ended, member, followed;
    int64_t since;
    struct leaflet_view *leaflets; /* one, while it is shown */
    struct policy_facet_row *facets;
    struct follow_choice *fields;
    size_t nleaflets, nfacets, nfields;
};
static const struct field ONE_PAGE[] = {
    FIELD(TEXT, struct one_page, key),
    FIELD(TEXT, struct one_page, title),
    FIELD_HIDDEN(TEXT, struct one_page, lang),
    FIELD(TEXT, struct one_page, words),
    FIELD_HIDDEN(TEXT, struct one_page, ledger),
    FIELD(FLAG, struct one_page, shown),
    FIELD(FLAG, struct one_page, ended),
    FIELD_HIDDEN(FLAG, struct one_page, member),
    FIELD(FLAG, struct one_page, followed),
    FIELD(TIME, struct one_page, since),
    FIELD_OF_LIST(struct one_page, leaflets, leaflet_view_fields),
    FIELD_OF_LIST(struct one_page, facets, policy_facet_fields),
    FIELD_OF_LIST(struct one_page, fields, FOLLOW_CHOICE),
    {0},
};

struct opened {
    struct line line;
    struct policy policy;
    struct leaflet leaflet; /* shown, or the last one that was */
};

/* STATUS_MISSING alike for none, one that was never shown, and one that is not for these eyes. */
static enum status open_policy(struct request *rq, struct str key, struct opened *o,
                               struct error *err)
{
    struct error none;
    bool may = false;
    enum status status = ledger_find_line(rq->arena, rq->store, key, &o->line, &none);
    if (!status)
        status = ledger_find_policy(rq->arena, rq->store, o->line.id, &o->policy, &none);
    if (!status)
        status = ledger_find_shown_leaflet(rq->arena, rq->store, o->line.id, &o->leaflet, &none);
    if (!status && !o->leaflet.id)
        status = ledger_find_past_leaflet(rq->arena, rq->store, o->line.id, &o->leaflet, &none);
    if (!status)
        may = o->leaflet.id && (o->policy.public || request_may(rq, ROLE_MEMBER));
    if (status != STATUS_OK && status != STATUS_MISSING) {
        *err = none;
        return status;
    }
    if (!may)
        return error_set(err, STATUS_MISSING,
                         "There is no such policy, or it is open to members alone.",
                         "没有这项政策，或仅向成员公开。");
    return STATUS_OK;
}

static enum status fill_fields(struct request *rq, const struct opened *o, struct one_page *page,
                               struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT t.key, iif(iif(?3, t.zh, t.en) <> '', iif(?3, t.zh, t.en),"
                   " t.en || t.zh), EXISTS (SELECT 1 FROM policy_follow f WHERE f.member = ?2"
                   " AND f.term = t.id) FROM line_term lt JOIN policy_term t ON t.id = lt.term"
                   " WHERE lt.line = ?1 AND t.facet IN ('field', 'industry', 'audience')"
                   " ORDER BY t.facet DESC, t.id");
    query_bind_int(q, 1, o->line.id);
    query_bind_int(q, 2, rq->viewer.member);
    query_bind_int(q, 3, rq->lang == LANG_ZH);
    page->fields = arena_array(rq->arena, TERMS_OF_A_LINE, struct follow_choice);
    while (page->nfields < TERMS_OF_A_LINE && query_row(q))
        page->fields[page->nfields++] =
            (struct follow_choice){str_copy(rq->arena, query_str(q, 0)),
                                   str_copy(rq->arena, query_str(q, 1)), query_int(q, 2) != 0};
    enum status status = query_end(q, err);
    q = query_start(rq->store, "SELECT 1 FROM policy_follow WHERE member = ?1 AND line = ?2");
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, o->line.id);
    page->followed = query_row(q);
    enum status ended = query_end(q, err);
    return status ? status : ended;
}

/* Of what is withdrawn only that it was, and why. */
static enum status show_policy(struct request *rq, struct error *err)
{
    struct opened o = {0};
    struct one_page page = {.member = request_may(rq, ROLE_MEMBER)};
    enum status status = open_policy(rq, rq->params[0], &o, err);
    if (!status)
        status = ledger_fill_facets(rq, o.line.id, &page.facets, &page.nfacets, err);
    if (!status && page.member)
        status = fill_fields(rq, &o, &page, err);
    if (status)
        return status;
    enum lang lang = leaflet_lang(&o.leaflet, rq->lang);
    page.key = o.line.key;
    page.title = o.leaflet.texts[lang][LEAFLET_TITLE];
    page.lang = lang == LANG_ZH ? STR("zh-Hans") : STR("en");
    page.shown = o.leaflet.state == LEAFLET_SHOWN;
    page.ended = o.policy.state != POLICY_IN_FORCE;
    page.since = o.leaflet.checked_ms;
    page.words = !page.shown                      ? o.leaflet.words
                 : o.policy.state == POLICY_ENDED ? o.policy.words
                                                  : STR("");
    page.leaflets = arena_array(rq->arena, 1, struct leaflet_view);
    if (page.shown)
        leaflet_fill_view(rq, &o.leaflet, &o.policy, lang, &page.leaflets[page.nleaflets++]);
    if (request_may(rq, ROLES_LEDGER))
        page.ledger = ledger_path(rq, o.line.key, "/policy");
    return answer_titled_page(rq, "policy", page.title, ONE_PAGE, &page);
}

const struct route route_policy = {
    .method = "GET",
    .path = "/policies/{policy}",
    .roles = ROLE_ANYONE,
    .scope = "read",
    .en = "A policy's leaflet: who may claim what, how, until when, and whom to ask.",
    .zh = "政策明白卡：谁可申领什么、怎么办、何时截止、问谁。",
    .output = ONE_PAGE,
    .page = "policy",
    .run = show_policy,
};

/* --- told of changes ------------------------------------------------------------------------------ */

struct following {
    int64_t member, line, term;
    struct str key;
};

static enum status follow_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct following *f = context;
    struct str key;
    int64_t count = 0;
    enum status status = digest_random_key(scratch, &key, err);
    if (status)
        return status;
    struct query *q = query_start(store, "SELECT count(*) FROM policy_follow WHERE member = ?1");
    query_bind_int(q, 1, f->member);
    count = query_row(q) ? query_int(q, 0) : 0;
    status = query_end(q, err);
    if (!status && count >= FOLLOWS_MOST)
        return error_set(err, STATUS_LIMITED, "You are told of %d already; end one first.",
                         "最多订阅 %d 项，请先取消其中一项。", FOLLOWS_MOST);
    q = query_start(store, "INSERT OR IGNORE INTO policy_follow (key, member, line, term)"
                           " VALUES (?1, ?2, ?3, ?4)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, f->member);
    query_bind_int_or_null(q, 3, f->line);
    query_bind_int_or_null(q, 4, f->term);
    (void)query_row(q);
    return status ? status : query_end(q, err);
}

static enum status leave_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct following *f = context;
    (void)scratch;
    struct query *q = query_start(store, "DELETE FROM policy_follow WHERE member = ?1"
                                         " AND (line = ?2 OR term = ?3 OR key = ?4)");
    query_bind_int(q, 1, f->member);
    query_bind_int(q, 2, f->line);
    query_bind_int(q, 3, f->term);
    query_bind_str(q, 4, f->key);
    (void)query_row(q);
    return query_end(q, err);
}

/* What is so already is no error. */
static enum status follow(struct request *rq, struct error *err)
{
    struct opened o = {0};
    struct policy_term term = {0};
    struct str key = request_input(rq, "term");
    bool end = request_number(rq, "end");
    enum status status = open_policy(rq, rq->params[0], &o, err);
    if (!status && key.len)
        status = ledger_find_term(rq->arena, rq->store, key, &term, err);
    struct following f = {
        .member = rq->viewer.member, .line = key.len ? 0 : o.line.id, .term = term.id};
    if (!status)
        status =
            server_write(rq->server, request_actor(rq), end ? leave_step : follow_step, &f, err);
    struct str back = str_format(rq->arena, "/policies/%.*s", STR_ARG(rq->params[0]));
    if (status)
        return status;
    return end ? answer_redirect(rq, back, "You are told no more.", "已取消订阅。")
               : answer_redirect(rq, back, "You will be told by mail when it changes.",
                                 "已订阅，有变动时将邮件通知您。");
}

static const struct input FOLLOW_INPUTS[] = {
    {.name = "term", .kind = INPUT_TEXT, .most = 40, .en = "All of a field", .zh = "某一领域"},
    {.name = "end", .kind = INPUT_FLAG, .en = "No more", .zh = "取消"},
    {0},
};
const struct route route_policy_follow = {
    .method = "POST",
    .path = "/policies/{policy}/follow",
    .roles = ROLE_MEMBER,
    .scope = "manage",
    .en = "Be told by mail of changes of a policy, or of all of one of its fields; or no more.",
    .zh = "订阅或取消订阅某项政策、某一领域政策的变动。",
    .inputs = FOLLOW_INPUTS,
    .run = follow,
};

/* --- with one click from a letter ----------------------------------------------------------------- */

struct stop_page {
    struct str key, words;
    bool gone;
};
static const struct field STOP_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct stop_page, key),
    FIELD(TEXT, struct stop_page, words),
    FIELD(FLAG, struct stop_page, gone),
    {0},
};

/* Whose it is, and what it tells of; a key that is gone was stopped before, which is no error to who clicks twice. */
static enum status find_follow(struct request *rq, struct str key, struct following *f,
                               struct stop_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT f.member, " FOLLOW_WORDS " FROM policy_follow f"
                   " LEFT JOIN line l ON l.id = f.line LEFT JOIN policy_term t ON t.id = f.term"
                   " WHERE f.key = ?1");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, rq->lang == LANG_ZH);
    *page = (struct stop_page){.key = key, .gone = true};
    *f = (struct following){.key = key};
    if (query_row(q)) {
        f->member = query_int(q, 0);
        page->words = str_copy(rq->arena, query_str(q, 1));
        page->gone = false;
    }
    return query_end(q, err);
}

static enum status show_stop(struct request *rq, struct error *err)
{
    struct following f;
    struct stop_page page;
    enum status status = find_follow(rq, rq->params[0], &f, &page, err);
    return status ? status
                  : answer_page(rq, "policy-stop", "Changes of policies", "政策变动通知", STOP_PAGE,
                                &page);
}

const struct route route_policy_stop = {
    .method = "GET",
    .path = "/policies/unsubscribe/{follow}",
    .roles = ROLE_ANYONE,
    .en = "What a letter about policies tells of, to stop it.",
    .zh = "政策通知邮件的订阅内容，可在此退订。",
    .output = STOP_PAGE,
    .page = "policy-stop",
    .run = show_stop,
};

static enum status stop(struct request *rq, struct error *err)
{
    struct following f;
    struct stop_page page;
    enum status status = find_follow(rq, rq->params[0], &f, &page, err);
    if (!status && !page.gone)
        status =
            server_write(rq->server, library_member_id(rq->arena, f.member), leave_step, &f, err);
    return status ? status
                  : answer_redirect(
                        rq,
                        str_format(rq->arena, "/policies/unsubscribe/%.*s", STR_ARG(rq->params[0])),
                        "You are told no more.", "已退订。");
}

const struct route route_policy_stop_post = {
    .method = "POST",
    .path = "/policies/unsubscribe/{follow}",
    .roles = ROLE_ANYONE,
    .en = "Stop letters about a policy or field with one click (RFC 8058).",
    .zh = "一键退订某项政策或某一领域的通知（RFC 8058）。",
    .run = stop,
};
