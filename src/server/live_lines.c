/* Lines of events for open pages; see live_lines.h. A kind of event is a row: what it is to a page, and the
 * function that says whom it concerns. */
#include "server/live_lines.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "library/ask.h"
#include "library/entitlement.h"
#include "library/group.h"
#include "library/notice.h"
#include "library/paper.h"
#include "library/trace_run.h"
#include "server/field.h"
#include "server/ledger.h"

struct making {
    struct arena *arena;
    struct store *store;
    const struct event *event;
    struct live_line *line;
    const char *kind; /* to the page */
};

/* --- the line itself ------------------------------------------------------------------------------ */

static void write_line(struct making *m, enum lang lang, struct str text, struct str path)
{
    struct buf out = {.arena = m->arena};
    buf_format(&out, "id: %" PRId64 "\nevent: %s\ndata: {\"text\":", m->event->seq, m->kind);
    field_write_json_text(&out, text);
    buf_add(&out, STR(",\"path\":"));
    field_write_json_text(&out, path);
    buf_add(&out, STR("}\n\n"));
    m->line->text[lang] = buf_str(&out);
}

static void concern_one(struct making *m, int64_t member)
{
    m->line->members = arena_new(m->arena, int64_t);
    m->line->members[0] = member;
    m->line->nmembers = 1;
}

/* --- kinds ---------------------------------------------------------------------------------------- */

/* Of a paper: whoever may open it now, unless readers are not to be told. */
static bool tell_paper(struct making *m)
{
    int64_t paper;
    json_t *data = json_loadb(m->event->data.at, m->event->data.len, 0, NULL);
    bool silent = json_is_false(json_object_get(data, "announced"));
    int64_t edition = json_integer_value(json_object_get(data, "edition"));
    json_decref(data);
    if (silent || library_parse_paper(m->event->subject, &paper, NULL) ||
        library_entitled_members(m->arena, m->store, paper, store_now_ms(), &m->line->members,
                                 &m->line->nmembers, NULL))
        return false;
    struct query *q = query_start(m->store, "SELECT e.title, o.key FROM edition e JOIN offer o"
                                            " ON o.paper = e.paper WHERE e.paper = ?1"
                                            " AND e.number = ?2");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, edition);
    bool found = query_row(q);
    if (found) {
        struct str title = query_str(q, 0);
        struct str path = str_format(m->arena, "/papers/%.*s", STR_ARG(query_str(q, 1)));
        write_line(m, LANG_EN,
                   str_format(m->arena, edition > 1 ? "New edition: %.*s" : "New paper: %.*s",
                              STR_ARG(title)),
                   path);
        write_line(
            m, LANG_ZH,
            str_format(m->arena, edition > 1 ? "新版本：%.*s" : "新文稿：%.*s", STR_ARG(title)),
            path);
    }
    return !query_end(q, NULL) && found;
}

/* Of a subscription: its member. */
static bool tell_subscription(struct making *m)
{
    uint64_t id = 0;
    if (!str_to_u64(str_slice(m->event->subject, 1, m->event->subject.len), &id))
        return false;
    struct query *q = query_start(m->store, "SELECT member FROM subscription WHERE id = ?1");
    query_bind_int(q, 1, (int64_t)id);
    bool found = query_row(q);
    if (found)
        concern_one(m, query_int(q, 0));
    write_line(m, LANG_EN, STR("Your subscription has changed."), STR("/subscriptions"));
    write_line(m, LANG_ZH, STR("您的订阅有变动。"), STR("/subscriptions"));
    return !query_end(q, NULL) && found;
}

/* The row of the post that an event names, "T7"; 0 for none. */
static int64_t json_post_id(struct str data)
{
    uint64_t id = 0;
    json_t *json = json_loadb(data.at, data.len, 0, NULL);
    struct str name = str_of(json_string_value(json_object_get(json, "post")));
    bool good = str_to_u64(str_slice(name, 1, name.len), &id) && id <= INT64_MAX;
    json_decref(json);
    return good ? (int64_t)id : 0;
}

/* The members that a query of one column gives. */
static enum status list_members(struct making *m, struct query *q, int64_t **members, size_t *count)
{
    struct buf ids = {.arena = m->arena};
    while (query_row(q)) {
        int64_t member = query_int(q, 0);
        buf_add(&ids, (struct str){(const char *)&member, sizeof member});
    }
    *count = ids.len / sizeof **members;
    *members = arena_array(m->arena, *count + 1, int64_t);
    if (ids.len)
        memcpy(*members, ids.at, ids.len);
    return query_end(q, NULL);
}

/* Members of a group, but not who wrote. */
static enum status list_group(struct making *m, int64_t group, int64_t author)
{
    struct query *q = query_start(
        m->store, "SELECT a.member FROM account a WHERE a.suspended_ms IS NULL AND a.member <> ?2"
                  " AND " IN_GROUP_SQL("?1", "a.member", "?3") " ORDER BY a.member");
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, author);
    query_bind_int(q, 3, store_now_ms());
    return list_members(m, q, &m->line->members, &m->line->nmembers);
}

/* Who has spoken under a paper and may still open it, but not who wrote; whoever else may open it sees the post
 * appear where they look at the talk. */
static enum status list_paper(struct making *m, int64_t paper, int64_t author)
{
    struct query *q =
        query_start(m->store, "SELECT DISTINCT p.author FROM post p WHERE p.under = ?1"
                              " AND p.removed_ms IS NULL AND p.author <> ?2"
                              " AND " ENTITLED_SQL("p.under", "p.author", "?3") " ORDER BY 1");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, author);
    query_bind_int(q, 3, store_now_ms());
    enum status status = list_members(m, q, &m->line->members, &m->line->nmembers);
    return status ? status
                  : library_entitled_members(m->arena, m->store, paper, store_now_ms(),
                                             &m->line->lookers, &m->line->nlookers, NULL);
}

/* Of a post that still stands: its group, or those who talk under its paper. */
static bool tell_post(struct making *m)
{
    int64_t group = 0;
    int64_t paper = 0;
    int64_t author = 0;
    struct query *q = query_start(
        m->store,
        "SELECT p.\"group\", p.under, p.author, w.name, coalesce('/groups/' || g.key, '/papers/'"
        " || o.key) || '/talk/' || p.key, coalesce(g.name, (SELECT e.title FROM edition e"
        " WHERE e.paper = p.under ORDER BY e.number DESC LIMIT 1)) FROM post p"
        " LEFT JOIN \"group\" g ON g.id = p.\"group\" LEFT JOIN offer o ON o.paper = p.under"
        " JOIN member w ON w.id = p.author WHERE p.id = ?1 AND p.removed_ms IS NULL");
    query_bind_int(q, 1, json_post_id(m->event->data));
    if (query_row(q)) {
        struct str path = str_copy(m->arena, query_str(q, 4));
        struct str name = str_copy(m->arena, query_str(q, 3));
        struct str place = str_copy(m->arena, query_str(q, 5));
        group = query_int(q, 0);
        paper = query_int(q, 1);
        author = query_int(q, 2);
        write_line(m, LANG_EN, STR(""), STR(""));
        m->line->glance = m->line->text[LANG_EN];
        write_line(m, LANG_EN,
                   str_format(m->arena, "%.*s posted in %.*s", STR_ARG(name), STR_ARG(place)),
                   path);
        write_line(m, LANG_ZH,
                   str_format(m->arena, "%.*s在“%.*s”中发帖", STR_ARG(name), STR_ARG(place)), path);
    }
    if (query_end(q, NULL))
        return false;
    return group ? !list_group(m, group, author) : paper && !list_paper(m, paper, author);
}

/* Of a group: who got in by another's hand, or was declined. */
static bool tell_admission(struct making *m)
{
    uint64_t member = 0;
    bool in = str_equal(m->event->kind, STR("group.joined"));
    json_t *data = json_loadb(m->event->data.at, m->event->data.len, 0, NULL);
    struct str who = str_copy(m->arena, str_of(json_string_value(json_object_get(data, "member"))));
    json_decref(data);
    if (str_equal(who, m->event->actor) || !str_to_u64(str_slice(who, 1, who.len), &member))
        return false;
    concern_one(m, (int64_t)member);
    struct query *q = query_start(m->store, "SELECT key, name FROM \"group\" WHERE 'G' || id = ?1");
    query_bind_str(q, 1, m->event->subject);
    bool found = query_row(q);
    if (found) {
        struct str path = str_format(m->arena, "/groups/%.*s", STR_ARG(query_str(q, 0)));
        struct str name = query_str(q, 1);
        write_line(m, LANG_EN,
                   str_format(m->arena,
                              in ? "You are in the group %.*s now."
                                 : "Your application to join %.*s was answered.",
                              STR_ARG(name)),
                   path);
        write_line(m, LANG_ZH,
                   str_format(m->arena,
                              in ? "您已加入“%.*s”群组。" : "您加入“%.*s”的申请已有答复。",
                              STR_ARG(name)),
                   path);
    }
    return !query_end(q, NULL) && found;
}

/* Of a notice with a new wording: whoever will be asked to accept it. */
static bool tell_notice(struct making *m)
{
    uint64_t subject = 0;
    struct str key;
    struct str about = m->event->subject;
    enum notice_scope scope = str_equal(about, STR("library")) ? NOTICE_LIBRARY
                              : str_starts(about, STR("G"))    ? NOTICE_GROUP
                                                               : NOTICE_PAPER;
    if (scope != NOTICE_LIBRARY && !str_to_u64(str_slice(about, 1, about.len), &subject))
        return false;
    if (library_list_unasked(m->arena, m->store, scope, (int64_t)subject, store_now_ms(), &key,
                             &m->line->members, &m->line->nmembers, NULL) ||
        !m->line->nmembers)
        return false;
    struct str path = str_format(m->arena, "/notices/%.*s/accept", STR_ARG(key));
    write_line(m, LANG_EN, STR("There is a notice to accept before you read on."), path);
    write_line(m, LANG_ZH, STR("请先阅读并确认使用须知，再继续阅读。"), path);
    return true;
}

/* Of copies that are soon to be deleted: whose they are. */
static bool tell_reminder(struct making *m)
{
    uint64_t member = 0;
    json_t *data = json_loadb(m->event->data.at, m->event->data.len, 0, NULL);
    struct str who = str_of(json_string_value(json_object_get(data, "member")));
    bool good = str_to_u64(str_slice(who, 1, who.len), &member);
    json_decref(data);
    if (!good)
        return false;
    concern_one(m, (int64_t)member);
    write_line(m, LANG_EN, STR("A copy of yours is to be deleted."), STR("/deletions"));
    write_line(m, LANG_ZH, STR("您有副本应当删除。"), STR("/deletions"));
    return true;
}

/* Of a trace that came to an end or was asked for: whoever may look at it. */
static bool tell_trace(struct making *m)
{
    uint64_t id = 0;
    if (!str_to_u64(str_slice(m->event->subject, 1, m->event->subject.len), &id))
        return false;
    struct query *q = query_start(m->store, "SELECT key FROM trace WHERE id = ?1");
    query_bind_int(q, 1, (int64_t)id);
    struct str key = query_row(q) ? str_copy(m->arena, query_str(q, 0)) : STR("");
    if (query_end(q, NULL) || key.len == 0)
        return false;
    live_trace_line(m->arena, m->store, m->event->seq, key, m->line);
    return true;
}

/* Of a paper that fits a search: whose search it is, while the paper is open to them. */
static bool tell_fit(struct making *m)
{
    uint64_t member = 0;
    int64_t paper = 0;
    struct entitlement e;
    json_t *data = json_loadb(m->event->data.at, m->event->data.len, 0, NULL);
    bool good = str_to_u64(str_slice(m->event->subject, 1, m->event->subject.len), &member) &&
                !library_parse_paper(str_of(json_string_value(json_object_get(data, "paper"))),
                                     &paper, NULL);
    json_decref(data);
    if (!good || library_entitle(m->store, (int64_t)member, paper, store_now_ms(), &e, NULL) ||
        (e.why && e.why != REFUSAL_NOTICE))
        return false;
    struct query *q = query_start(
        m->store, "SELECT o.key, (SELECT e.title FROM edition e WHERE e.paper = o.paper ORDER BY"
                  " e.number DESC LIMIT 1) FROM offer o WHERE o.paper = ?1");
    query_bind_int(q, 1, paper);
    bool found = query_row(q);
    if (found) {
        struct str path = str_format(m->arena, "/papers/%.*s", STR_ARG(query_str(q, 0)));
        concern_one(m, (int64_t)member);
        write_line(
            m, LANG_EN,
            str_format(m->arena, "It fits what you look for: %.*s", STR_ARG(query_str(q, 1))),
            path);
        write_line(m, LANG_ZH,
                   str_format(m->arena, "与您的检索相符：%.*s", STR_ARG(query_str(q, 1))), path);
    }
    return !query_end(q, NULL) && found;
}

/* Of an answer to a request: who follows it and may see what it says. */
static bool tell_answer(struct making *m)
{
    uint64_t id = 0;
    uint64_t editor = 0;
    enum ask_state state = ASK_OPEN;
    json_t *data = json_loadb(m->event->data.at, m->event->data.len, 0, NULL);
    struct str by = str_of(json_string_value(json_object_get(data, "by")));
    bool good =
        ask_state_parse(str_of(json_string_value(json_object_get(data, "state"))), &state) &&
        str_to_u64(str_slice(m->event->subject, 1, m->event->subject.len), &id) &&
        str_to_u64(str_slice(by, 1, by.len), &editor);
    json_decref(data);
    if (!good || library_ask_audience(m->arena, m->store, (int64_t)id, (int64_t)editor,
                                      store_now_ms(), &m->line->members, &m->line->nmembers, NULL))
        return false;
    struct query *q =
        query_start(m->store, "SELECT title, key FROM request WHERE id = ?1 AND state = ?2");
    query_bind_int(q, 1, (int64_t)id);
    query_bind_str(q, 2, str_of(ask_state_name(state)));
    bool found = query_row(q);
    for (int lang = 0; found && lang < LANG_COUNT; lang++)
        write_line(m, (enum lang)lang,
                   str_format(m->arena, lang == LANG_ZH ? "需求“%.*s”：%s" : "Request “%.*s”: %s",
                              STR_ARG(query_str(q, 0)), ask_state_words(state, (enum lang)lang)),
                   str_format(m->arena, "/requests/%.*s", STR_ARG(query_str(q, 1))));
    return !query_end(q, NULL) && found;
}

/* Concerns all members that a query over ?1 (its number after the letter of the subject) gives, in order. */
static bool concern_all(struct making *m, const char *sql, const char *en, const char *zh,
                        const char *place)
{
    uint64_t id = 0;
    struct buf ids = {.arena = m->arena};
    struct str key = {0};
    if (!str_to_u64(str_slice(m->event->subject, 1, m->event->subject.len), &id))
        return false;
    struct query *q = query_start(m->store, sql);
    query_bind_int(q, 1, (int64_t)id);
    query_bind_str(q, 2, m->event->actor);
    while (query_row(q)) {
        int64_t member = query_int(q, 0);
        key = key.at ? key : str_copy(m->arena, query_str(q, 1));
        buf_add(&ids, (struct str){(const char *)&member, sizeof member});
    }
    m->line->nmembers = ids.len / sizeof(int64_t);
    m->line->members = arena_array(m->arena, m->line->nmembers + 1, int64_t);
    if (ids.len)
        memcpy(m->line->members, ids.at, ids.len);
    struct str path = str_format(m->arena, "%s%.*s", place, STR_ARG(key));
    write_line(m, LANG_EN, str_of(en), path);
    write_line(m, LANG_ZH, str_of(zh), path);
    return !query_end(q, NULL) && m->line->nmembers;
}

/* Of a case: stewards whom it does not accuse, but not who acted. */
static bool tell_case(struct making *m)
{
    bool new_one = str_equal(m->event->kind, STR("case.report"));
    return concern_all(m,
                       "SELECT DISTINCT r.member, c.key FROM role r JOIN account a"
                       " ON a.member = r.member, case_file c WHERE c.id = ?1 AND r.role IN"
                       " ('steward', 'owner') AND a.suspended_ms IS NULL AND 'M' || r.member <> ?2"
                       " AND NOT EXISTS (SELECT 1 FROM case_accused n WHERE n.case_file = c.id"
                       " AND n.member = r.member) ORDER BY r.member",
                       new_one ? "A leak was reported." : "A case waits for a steward.",
                       new_one ? "有新的泄露举报。" : "有案件待管理员处理。", "/cases/");
}

/* Of a case that came to an end: who reported it, and nobody else. */
static bool tell_reporters(struct making *m)
{
    return concern_all(m,
                       "SELECT DISTINCT reporter, '' FROM report WHERE case_file = ?1 AND ?2 = ?2"
                       " ORDER BY reporter",
                       "There is news of what you reported.", "您的举报有了结果。", "/reports");
}

/* Of a sanction: the member whom it is about. */
static bool tell_sanction(struct making *m)
{
    json_t *data = json_loadb(m->event->data.at, m->event->data.len, 0, NULL);
    struct str id =
        str_copy(m->arena, str_of(json_string_value(json_object_get(data, "sanction"))));
    json_decref(data);
    struct query *q =
        query_start(m->store, "SELECT member, key FROM sanction WHERE 'X' || id = ?1");
    query_bind_str(q, 1, id);
    bool found = query_row(q);
    if (found) {
        struct str path = str_format(m->arena, "/sanctions/%.*s", STR_ARG(query_str(q, 1)));
        concern_one(m, query_int(q, 0));
        write_line(m, LANG_EN, STR("A decision about you has been made."), path);
        write_line(m, LANG_ZH, STR("有一项与您有关的处理决定。"), path);
    }
    return !query_end(q, NULL) && found;
}

/* Of the ledger: whoever it is open to looks again, and is told nothing. */
static bool tell_ledger(struct making *m)
{
    struct query *q = query_start(
        m->store, "SELECT m.id FROM member m JOIN account a ON a.member = m.id"
                  " WHERE a.suspended_ms IS NULL AND " LEDGER_OPEN_TO_SQL " ORDER BY m.id");
    write_line(m, LANG_EN, STR(""), STR(""));
    m->line->glance = m->line->text[LANG_EN];
    return !list_members(m, q, &m->line->lookers, &m->line->nlookers) && m->line->nlookers;
}

static const struct {
    const char *event, *kind;
    bool (*tell)(struct making *m);
} KINDS[] = {
    {"case.report", "case", tell_case},
    {"case.propose", "case", tell_case},
    {"case.return", "case", tell_case},
    {"case.appeal", "case", tell_case},
    {"case.dismiss", "report", tell_reporters},
    {"case.settle", "report", tell_reporters},
    {"case.tell", "sanction", tell_sanction},
    {"case.refuse", "sanction", tell_sanction},
    {"case.grant", "sanction", tell_sanction},
    {"paper.published", "paper", tell_paper},
    {"post.made", "post", tell_post},
    {"notice.changed", "notice", tell_notice},
    {"request.answered", "request", tell_answer},
    {"standing.fits", "standing", tell_fit},
    {"group.joined", "group", tell_admission},
    {"group.declined", "group", tell_admission},
    {"subscription.made", "subscription", tell_subscription},
    {"subscription.paused", "subscription", tell_subscription},
    {"subscription.resumed", "subscription", tell_subscription},
    {"subscription.ended", "subscription", tell_subscription},
    {"subscription.extended", "subscription", tell_subscription},
    {"subscription.restored", "subscription", tell_subscription},
    {"deletion.reminded", "deletion", tell_reminder},
    {"trace.asked", "trace", tell_trace},
    {"trace.asked_again", "trace", tell_trace},
    {"trace.cancelled", "trace", tell_trace},
    {"trace.failed", "trace", tell_trace},
    {"trace.interrupted", "trace", tell_trace},
    {"trace.made", "trace", tell_trace},
};
#define EVENTS_SQL                                                                                              \
    "('case.report', 'case.propose', 'case.return', 'case.appeal', 'case.dismiss', 'case.settle', 'case.tell'," \
    " 'case.refuse', 'case.grant', 'subscription.extended', 'subscription.restored', 'paper.published',"        \
    " 'post.made', 'notice.changed', 'group.joined', 'group.declined',"                                         \
    " 'request.answered', 'standing.fits', 'subscription.made', 'subscription.paused', 'subscription.resumed'," \
    " 'subscription.ended', 'trace.asked', 'trace.asked_again', 'trace.cancelled',"                             \
    " 'trace.failed', 'trace.interrupted', 'trace.made', 'deletion.reminded')"

enum status live_list_events(struct store *store, int64_t after, int64_t newest,
                             bool (*each)(void *context, const struct event *event), void *context)
{
    struct query *q =
        query_start(store, "SELECT seq, time_ms, actor, kind, subject, data FROM event"
                           " WHERE seq > ?1 AND seq <= ?2 AND (kind IN " EVENTS_SQL
                           " OR subject GLOB 'M[0-9]*' OR seq = (SELECT max(seq) FROM event"
                           " WHERE seq > ?1 AND seq <= ?2 AND kind GLOB 'line.*')) ORDER BY seq");
    bool more = true;
    query_bind_int(q, 1, after);
    query_bind_int(q, 2, newest);
    while (more && query_row(q)) {
        struct event event = {
            .seq = query_int(q, 0),
            .time_ms = query_int(q, 1),
            .actor = query_str(q, 2),
            .kind = query_str(q, 3),
            .subject = query_str(q, 4),
            .data = query_str(q, 5),
        };
        more = each(context, &event);
    }
    return query_end(q, NULL);
}

int64_t live_member_of(const struct event *event)
{
    uint64_t member = 0;
    bool about = str_starts(event->subject, STR("M")) &&
                 str_to_u64(str_slice(event->subject, 1, event->subject.len), &member);
    return about && member <= INT64_MAX ? (int64_t)member : 0;
}

bool live_line_make(struct arena *arena, struct store *store, const struct event *event,
                    struct live_line *line)
{
    struct making m = {.arena = arena, .store = store, .event = event, .line = line};
    *line = (struct live_line){0};
    if (str_starts(event->kind, STR("line."))) {
        m.kind = "ledger";
        return tell_ledger(&m);
    }
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (!str_equal(event->kind, str_of(KINDS[i].event)))
            continue;
        m.kind = KINDS[i].kind;
        return KINDS[i].tell(&m);
    }
    return false;
}

void live_trace_line(struct arena *arena, struct store *store, int64_t seq, struct str key,
                     struct live_line *line)
{
    *line = (struct live_line){0};
    if (library_list_trace_viewers(arena, store, key, &line->members, &line->nmembers, NULL))
        line->nmembers = 0;
    struct str id = seq ? str_format(arena, "id: %" PRId64 "\n", seq) : STR("");
    struct str text =
        str_format(arena, "%.*sevent: %s\ndata: {\"text\":\"\",\"path\":\"/trace/%.*s\"}\n\n",
                   STR_ARG(id), seq ? "trace" : "progress", STR_ARG(key));
    line->text[LANG_EN] = line->text[LANG_ZH] = text;
}

static bool holds(const int64_t *members, size_t count, int64_t member)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (members[middle] < member)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && members[low] == member;
}

bool live_line_concerns(const struct live_line *line, int64_t member)
{
    return holds(line->members, line->nmembers, member);
}

struct str live_line_for(const struct live_line *line, int64_t member, enum lang lang)
{
    if (live_line_concerns(line, member))
        return line->text[lang];
    return holds(line->lookers, line->nlookers, member) ? line->glance : (struct str){"", 0};
}
