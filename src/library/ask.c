/* Requests in the store; see ask.h. */
#include "library/ask.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/token.h"
#include "base/utf8.h"
#include "library/entitlement.h"
#include "library/group.h"
#include "library/letter.h"
#include "library/offer.h"
#include "library/record.h"

#define COMPARED    500  /* the latest requests that are held against a new one */
#define ALIKE_LEAST 0.25 /* of the shorter one's words in the other */
#define STATE_OPEN  "r.state IN ('open', 'planned', 'writing')"

/* --- states --------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *en, *zh;
} STATES[ASK_STATES] = {
    [ASK_OPEN] = {"open", "open", "待答复"},
    [ASK_PLANNED] = {"planned", "planned", "已列入计划"},
    [ASK_WRITING] = {"writing", "being written", "撰写中"},
    [ASK_PUBLISHED] = {"published", "published", "已发布"},
    [ASK_DECLINED] = {"declined", "declined", "不予采纳"},
};

const char *ask_state_name(enum ask_state state)
{
    return STATES[state].name;
}

bool ask_state_parse(struct str name, enum ask_state *state)
{
    for (int i = 0; i < ASK_STATES; i++)
        if (str_equal(name, str_of(STATES[i].name))) {
            *state = (enum ask_state)i;
            return true;
        }
    return false;
}

const char *ask_state_words(enum ask_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

const struct ask_step ask_steps[] = {
    {ASK_OPEN, ASK_PLANNED, ASK_NEEDS_NOTHING},
    {ASK_OPEN, ASK_WRITING, ASK_NEEDS_NOTHING},
    {ASK_OPEN, ASK_PUBLISHED, ASK_NEEDS_PAPER},
    {ASK_OPEN, ASK_DECLINED, ASK_NEEDS_REASON},
    {ASK_PLANNED, ASK_OPEN, ASK_NEEDS_REASON},
    {ASK_PLANNED, ASK_WRITING, ASK_NEEDS_NOTHING},
    {ASK_PLANNED, ASK_PUBLISHED, ASK_NEEDS_PAPER},
    {ASK_PLANNED, ASK_DECLINED, ASK_NEEDS_REASON},
    {ASK_WRITING, ASK_PLANNED, ASK_NEEDS_REASON},
    {ASK_WRITING, ASK_PUBLISHED, ASK_NEEDS_PAPER},
    {ASK_WRITING, ASK_DECLINED, ASK_NEEDS_REASON},
    {ASK_PUBLISHED, ASK_OPEN, ASK_NEEDS_REASON}, /* the paper was withdrawn, or does not do */
    {ASK_DECLINED, ASK_OPEN, ASK_NEEDS_NOTHING},
    {ASK_OPEN, ASK_OPEN, ASK_NEEDS_NOTHING},
};

const struct ask_step *ask_find_step(enum ask_state from, enum ask_state to)
{
    for (const struct ask_step *s = ask_steps; s->from != s->to; s++)
        if (s->from == from && s->to == to)
            return s;
    return NULL;
}

/* --- found ---------------------------------------------------------------------------------------- */

/* Whether a member may see a request: it stands, and the paper that it is about is open to them. */
#define SEES_SQL(MEMBER, NOW) \
    "(r.removed_ms IS NULL AND (r.paper IS NULL OR " ENTITLED_SQL("r.paper", MEMBER, NOW) "))"
#define TITLE_SQL(PAPER)                                                         \
    "(SELECT e.title FROM edition e WHERE e.paper = " PAPER " ORDER BY e.number" \
    " DESC LIMIT 1)"

/* ?1 member, ?2 now */
#define ASK_SQL                                                                            \
    "SELECT r.id, r.key, r.title, r.text, r.state, r.reason, r.author, a.key, " TITLE_SQL( \
        "a.paper") ", coalesce(r.fulfilled, 0), r.votes,"                                  \
                   " (SELECT count(*) FROM request_follow w WHERE w.request = r.id),"      \
                   " EXISTS (SELECT 1 FROM request_vote v WHERE v.request = r.id"          \
                   " AND v.member = ?1), EXISTS (SELECT 1 FROM request_follow w"           \
                   " WHERE w.request = r.id AND w.member = ?1), r.created_ms,"             \
                   " coalesce(r.answered_ms, 0) FROM request r"                            \
                   " LEFT JOIN offer a ON a.paper = r.paper WHERE " SEES_SQL("?1", "?2")

/* A row, with what is to be looked up besides. */
struct ask_row {
    struct ask ask;
    int64_t author, fulfilled;
};

static struct ask_row read_row(struct arena *arena, struct query *q)
{
    struct ask_row row = {
        .ask = {.id = query_int(q, 0),
                .key = str_copy(arena, query_str(q, 1)),
                .title = str_copy(arena, query_str(q, 2)),
                .text = str_copy(arena, query_str(q, 3)),
                .reason = str_copy(arena, query_str(q, 5)),
                .about_key = str_copy(arena, query_str(q, 7)),
                .about_title = str_copy(arena, query_str(q, 8)),
                .votes = query_int(q, 10),
                .followers = query_int(q, 11),
                .voted = query_int(q, 12) != 0,
                .follows = query_int(q, 13) != 0,
                .created_ms = query_int(q, 14),
                .answered_ms = query_int(q, 15)},
        .author = query_int(q, 6),
        .fulfilled = query_int(q, 9),
    };
    (void)ask_state_parse(query_str(q, 4), &row.ask.state);
    return row;
}

/* As talk does: members of a group of theirs, and staff, know who it was. */
static enum status find_author(struct arena *arena, struct store *store, struct ask_row *row,
                               int64_t member, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT m.name FROM member m WHERE m.id = ?3 AND (m.id = ?1 OR " STAFF_SQL(
            "?1") " OR EXISTS (SELECT 1 FROM \"group\" k WHERE " IN_GROUP_SQL("k.id", "?1",
                                                                              "?2") " AND " IN_GROUP_SQL("k.id",
                                                                                                         "m.id",
                                                                                                         "?2") "))");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, row->author);
    row->ask.author = query_row(q) ? str_copy(arena, query_str(q, 0)) : STR("");
    row->ask.own = row->author == member;
    return query_end(q, err);
}

/* The paper that grants it, for whom it is open to. */
static enum status find_paper(struct arena *arena, struct store *store, struct ask_row *row,
                              int64_t member, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT o.key, " TITLE_SQL("o.paper") " FROM offer o"
                                                     " WHERE o.paper = ?3 AND " ENTITLED_SQL(
                                                         "o.paper", "?1", "?2"));
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, row->fulfilled);
    if (query_row(q)) {
        row->ask.paper_key = str_copy(arena, query_str(q, 0));
        row->ask.paper_title = str_copy(arena, query_str(q, 1));
    }
    return query_end(q, err);
}

static enum status complete(struct arena *arena, struct store *store, struct ask_row *row,
                            int64_t member, int64_t now_ms, struct error *err)
{
    enum status status = find_author(arena, store, row, member, now_ms, err);
    if (!status && row->fulfilled)
        status = find_paper(arena, store, row, member, now_ms, err);
    return status;
}

static enum status no_ask(struct error *err)
{
    return error_set(err, STATUS_MISSING, "There is no such request.", "没有这条需求。");
}

enum status library_find_ask(struct arena *arena, struct store *store, struct str key,
                             int64_t member, int64_t now_ms, struct ask *ask, struct error *err)
{
    struct query *q = query_start(store, ASK_SQL " AND r.key = ?3");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    query_bind_str(q, 3, key);
    bool found = query_row(q);
    struct ask_row row = {0};
    if (found)
        row = read_row(arena, q);
    enum status status = query_end(q, err);
    if (!status && !found)
        status = no_ask(err);
    if (!status)
        status = complete(arena, store, &row, member, now_ms, err);
    *ask = row.ask;
    return status;
}

/* The rows of a query, whose first two values are bound here. */
static enum status read_list(struct arena *arena, struct store *store, struct query *q,
                             int64_t member, int64_t now_ms, int64_t most, struct ask **list,
                             size_t *count, struct error *err)
{
    struct ask_row *rows = arena_array(arena, (size_t)most, struct ask_row);
    *list = arena_array(arena, (size_t)most, struct ask);
    *count = 0;
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    while (*count < (size_t)most && query_row(q))
        rows[(*count)++] = read_row(arena, q);
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < *count; i++) {
        status = complete(arena, store, &rows[i], member, now_ms, err);
        (*list)[i] = rows[i].ask;
    }
    return status;
}

enum status library_list_asks(struct arena *arena, struct store *store, int64_t member,
                              const enum ask_state *state, int64_t now_ms, int64_t skip,
                              int64_t most, struct ask **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, ASK_SQL " AND CASE ?3 WHEN '' THEN " STATE_OPEN " ELSE r.state = ?3 END"
                                   " ORDER BY r.votes DESC, r.id DESC LIMIT ?5 OFFSET ?4");
    query_bind_str(q, 3, state ? str_of(ask_state_name(*state)) : STR(""));
    query_bind_int(q, 4, skip);
    query_bind_int(q, 5, most);
    return read_list(arena, store, q, member, now_ms, most, list, count, err);
}

enum status library_count_asks(struct store *store, int64_t member, int64_t now_ms,
                               int64_t counts[ASK_STATES], struct error *err)
{
    enum ask_state state;
    struct query *q = query_start(store, "SELECT r.state, count(*) FROM request r WHERE " SEES_SQL(
                                             "?1", "?2") " GROUP BY r.state");
    memset(counts, 0, ASK_STATES * sizeof *counts);
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    while (query_row(q))
        if (ask_state_parse(query_str(q, 0), &state))
            counts[state] = query_int(q, 1);
    return query_end(q, err);
}

/* --- alike ---------------------------------------------------------------------------------------- */

static int by_stem(const void *a, const void *b)
{
    return str_compare(((const struct token *)a)->stem, ((const struct token *)b)->stem);
}

/* The text's words, each once, in order; the lone last character of a Chinese run says nothing. */
static struct tokens words_of(struct arena *arena, struct str text)
{
    struct tokens all = token_split(arena, text);
    struct tokens kept = {all.at, 0};
    for (size_t i = 0; i < all.count; i++)
        if (all.at[i].kind != TOKEN_LAST)
            kept.at[kept.count++] = all.at[i];
    if (kept.count)
        qsort(kept.at, kept.count, sizeof *kept.at, by_stem);
    size_t count = 0;
    for (size_t i = 0; i < kept.count; i++)
        if (!count || by_stem(&kept.at[count - 1], &kept.at[i]))
            kept.at[count++] = kept.at[i];
    kept.count = count;
    return kept;
}

/* How many of the fewer words stand in the other text as well, 0 … 1. */
static double likeness(const struct tokens *a, const struct tokens *b)
{
    size_t i = 0;
    size_t k = 0;
    size_t shared = 0;
    size_t fewer = a->count < b->count ? a->count : b->count;
    while (i < a->count && k < b->count) {
        int order = by_stem(&a->at[i], &b->at[k]);
        shared += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    return fewer ? (double)shared / (double)fewer : 0;
}

enum status library_similar_asks(struct arena *arena, struct store *store, int64_t member,
                                 struct str words, int64_t now_ms, struct ask **list, size_t *count,
                                 struct error *err)
{
    double merits[ASKS_SIMILAR + 1] = {0};
    struct tokens wanted = words_of(arena, words);
    struct ask *all;
    size_t nall;
    *list = arena_array(arena, ASKS_SIMILAR + 1, struct ask);
    *count = 0;
    struct query *q = query_start(store, ASK_SQL " ORDER BY r.id DESC LIMIT 500");
    enum status status = read_list(arena, store, q, member, now_ms, COMPARED, &all, &nall, err);
    for (size_t i = 0; !status && i < nall; i++) {
        struct tokens said = words_of(
            arena, str_format(arena, "%.*s %.*s", STR_ARG(all[i].title), STR_ARG(all[i].text)));
        double merit = likeness(&wanted, &said);
        if (merit < ALIKE_LEAST)
            continue;
        size_t at = *count;
        for (; at > 0 && merits[at - 1] < merit; at--) {
            merits[at] = merits[at - 1];
            (*list)[at] = (*list)[at - 1];
        }
        merits[at] = merit;
        (*list)[at] = all[i];
        *count += *count < ASKS_SIMILAR;
    }
    return status;
}

/* --- asked ---------------------------------------------------------------------------------------- */

static enum status change_two(struct store *store, const char *sql, int64_t one, int64_t two,
                              struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, one);
    query_bind_int(q, 2, two);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status check_new(struct store *store, const struct new_ask *a, int64_t now_ms,
                             struct error *err)
{
    if (!str_trim(a->title).len)
        return error_set(err, STATUS_INPUT, "Say in a line what you ask for.",
                         "请用一句话说明您的需求。");
    struct query *q =
        query_start(store, "SELECT count(*) FROM request WHERE author = ?1 AND created_ms > ?2");
    query_bind_int(q, 1, a->author);
    query_bind_int(q, 2, now_ms - STORE_DAY_MS);
    bool much = query_row(q) && query_int(q, 0) >= ASKS_A_DAY;
    enum status status = query_end(q, err);
    if (!status && much)
        return error_set(err, STATUS_LIMITED,
                         "You have asked for %d things within a day. Go on tomorrow; vote for what "
                         "others asked meanwhile.",
                         "您一天内已提出 %d 条需求，请明天再提；在此期间可为他人的需求投票。",
                         ASKS_A_DAY);
    return status;
}

static enum status find_about(struct store *store, const struct new_ask *a, int64_t now_ms,
                              int64_t *paper, struct error *err)
{
    *paper = 0;
    if (!a->paper.len)
        return STATUS_OK;
    struct query *q = query_start(store, "SELECT o.paper FROM offer o WHERE o.key = ?1"
                                         " AND " ENTITLED_SQL("o.paper", "?2", "?3"));
    query_bind_str(q, 1, a->paper);
    query_bind_int(q, 2, a->author);
    query_bind_int(q, 3, now_ms);
    *paper = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !*paper)
        return error_set(err, STATUS_MISSING, "There is no such paper.", "没有这篇文稿。");
    return status;
}

enum status library_make_ask(struct arena *arena, struct store *store, const struct new_ask *a,
                             int64_t now_ms, int64_t *id, struct error *err)
{
    struct str key;
    int64_t paper;
    enum status status = check_new(store, a, now_ms, err);
    if (!status)
        status = find_about(store, a, now_ms, &paper, err);
    if (!status)
        status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO request (key, author, paper, title, text, votes, created_ms)"
               " VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, 1, ?6)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, a->author);
    query_bind_int(q, 3, paper);
    query_bind_str(q, 4, str_trim(a->title));
    query_bind_str(q, 5, str_trim(a->text));
    query_bind_int(q, 6, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    *id = store_last_id(store);
    if (!status)
        status = change_two(store, "INSERT INTO request_vote VALUES (?1, ?2)", *id, a->author, err);
    if (!status)
        status =
            change_two(store, "INSERT INTO request_follow VALUES (?1, ?2)", *id, a->author, err);
    return status ? status : record_event(store, "request.made", 'Q', *id, NULL, err);
}

/* --- votes and followers -------------------------------------------------------------------------- */

/* One row in or out; with an event that names nobody where something changed. *changed may be NULL. */
static enum status change_row(struct store *store, const char *sql, int64_t ask, int64_t member,
                              const char *kind, bool *changed, struct error *err)
{
    enum status status = change_two(store, sql, ask, member, err);
    bool did = !status && store_changes(store) > 0;
    if (changed)
        *changed = did;
    return did ? record_event(store, kind, 'Q', ask, NULL, err) : status;
}

static enum status count_votes(struct store *store, int64_t ask, struct error *err)
{
    return change_two(store,
                      "UPDATE request SET votes = (SELECT count(*) FROM request_vote"
                      " WHERE request = ?1) WHERE id = ?1 AND ?2 = 0",
                      ask, 0, err);
}

static enum status check_votes(const struct ask *ask, struct error *err)
{
    if (ask->state == ASK_PUBLISHED || ask->state == ASK_DECLINED)
        return error_set(err, STATUS_CONFLICT, "This request is answered; it takes no more votes.",
                         "该需求已有答复，不再接受投票。");
    return STATUS_OK;
}

enum status library_vote_ask(struct store *store, const struct ask *ask, int64_t member,
                             struct error *err)
{
    bool changed = false;
    enum status status = check_votes(ask, err);
    if (!status)
        status = change_row(store, "INSERT OR IGNORE INTO request_vote VALUES (?1, ?2)", ask->id,
                            member, "request.voted", &changed, err);
    if (!status && changed)
        status = count_votes(store, ask->id, err);
    return status || !changed ? status : library_follow_ask(store, ask, member, err);
}

enum status library_unvote_ask(struct store *store, const struct ask *ask, int64_t member,
                               struct error *err)
{
    enum status status = check_votes(ask, err);
    if (!status)
        status = change_row(store, "DELETE FROM request_vote WHERE request = ?1 AND member = ?2",
                            ask->id, member, "request.unvoted", NULL, err);
    return status ? status : count_votes(store, ask->id, err);
}

enum status library_follow_ask(struct store *store, const struct ask *ask, int64_t member,
                               struct error *err)
{
    return change_row(store, "INSERT OR IGNORE INTO request_follow VALUES (?1, ?2)", ask->id,
                      member, "request.followed", NULL, err);
}

enum status library_unfollow_ask(struct store *store, const struct ask *ask, int64_t member,
                                 struct error *err)
{
    return change_row(store, "DELETE FROM request_follow WHERE request = ?1 AND member = ?2",
                      ask->id, member, "request.unfollowed", NULL, err);
}

/* --- answered ------------------------------------------------------------------------------------- */

/* Of two ascending lists what is in both, in the place of the first. */
static void keep_both(int64_t *members, size_t *count, const int64_t *others, size_t nothers)
{
    size_t kept = 0;
    for (size_t i = 0, k = 0; i < *count; i++) {
        while (k < nothers && others[k] < members[i])
            k++;
        if (k < nothers && others[k] == members[i])
            members[kept++] = members[i];
    }
    *count = kept;
}

enum status library_ask_audience(struct arena *arena, struct store *store, int64_t ask,
                                 int64_t editor, int64_t now_ms, int64_t **members, size_t *count,
                                 struct error *err)
{
    struct buf ids = {.arena = arena};
    int64_t fulfilled = 0;
    struct query *q = query_start(
        store, "SELECT w.member, coalesce(r.fulfilled, 0) FROM request_follow w"
               " JOIN request r ON r.id = w.request JOIN account a ON a.member = w.member"
               " WHERE w.request = ?1 AND w.member <> ?3 AND a.suspended_ms IS NULL"
               " AND " SEES_SQL("w.member", "?2") " ORDER BY w.member");
    query_bind_int(q, 1, ask);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, editor);
    while (query_row(q)) {
        int64_t member = query_int(q, 0);
        fulfilled = query_int(q, 1);
        buf_add(&ids, (struct str){(const char *)&member, sizeof member});
    }
    *count = ids.len / sizeof(int64_t);
    *members = arena_array(arena, *count + 1, int64_t);
    if (*count)
        memcpy(*members, ids.at, ids.len);
    enum status status = query_end(q, err);
    if (status || !fulfilled)
        return status;
    int64_t *entitled;
    size_t nentitled;
    status = library_entitled_members(arena, store, fulfilled, now_ms, &entitled, &nentitled, err);
    if (!status)
        keep_both(*members, count, entitled, nentitled);
    return status;
}

struct standing_ask {
    struct str key, title;
    enum ask_state state;
    int64_t edition; /* newest, of the paper that grants it */
};

static enum status load_standing(struct arena *arena, struct store *store, int64_t ask,
                                 int64_t paper, struct standing_ask *s, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT key, title, state, (SELECT max(number) FROM edition"
                           " WHERE paper = ?2) FROM request WHERE id = ?1 AND removed_ms IS NULL");
    query_bind_int(q, 1, ask);
    query_bind_int(q, 2, paper);
    bool found = query_row(q);
    if (found) {
        *s = (struct standing_ask){.key = str_copy(arena, query_str(q, 0)),
                                   .title = str_copy(arena, query_str(q, 1)),
                                   .edition = query_int(q, 3)};
        (void)ask_state_parse(query_str(q, 2), &s->state);
    }
    enum status status = query_end(q, err);
    return status || found ? status : no_ask(err);
}

static enum status check_answer(const struct standing_ask *s, const struct ask_answer *a,
                                struct error *err)
{
    const struct ask_step *step = ask_find_step(s->state, a->state);
    if (!step)
        return error_set(
            err, STATUS_CONFLICT,
            "Somebody answered this request meanwhile (%s), and it can't become %s from there. Look at it again.",
            "该需求在此期间已有答复（%s），不能直接改为 %s，请再查看。", ask_state_name(s->state),
            ask_state_name(a->state));
    if (step->need == ASK_NEEDS_REASON && !str_trim(a->reason).len)
        return error_set(err, STATUS_INPUT, "Give a reason; those who follow the request read it.",
                         "请说明理由，关注者会看到。");
    if (step->need == ASK_NEEDS_PAPER && (!a->paper || !s->edition))
        return error_set(err, STATUS_INPUT, "Name the paper that grants the request.",
                         "请指明满足该需求的文稿。");
    return STATUS_OK;
}

static enum status update_state(struct store *store, int64_t ask, const struct ask_answer *a,
                                int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE request SET state = ?2, reason = ?3, fulfilled ="
                                         " nullif(?4, 0), answered_ms = ?5 WHERE id = ?1");
    query_bind_int(q, 1, ask);
    query_bind_str(q, 2, str_of(ask_state_name(a->state)));
    query_bind_str(q, 3, str_trim(a->reason));
    query_bind_int(q, 4, a->state == ASK_PUBLISHED ? a->paper : 0);
    query_bind_int(q, 5, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* The letter about the paper that fulfils it, where it has not gone yet, says less than the answer. */
static enum status drop_announcement(struct store *store, int64_t member, int64_t paper,
                                     struct error *err)
{
    struct query *q =
        query_start(store, "DELETE FROM letter WHERE member = ?1 AND kind IN ('published', 'entry')"
                           " AND sent_ms IS NULL AND ended_ms IS NULL"
                           " AND json_extract(data, '$.paper') = ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, paper);
    (void)query_row(q);
    return query_end(q, err);
}

/* One letter a follower and answer: the event that told of the answer is its cause. */
static enum status queue_letters(struct arena *arena, struct store *store, int64_t ask,
                                 const struct standing_ask *s, const struct ask_answer *a,
                                 int64_t now_ms, struct error *err)
{
    int64_t *members;
    size_t count;
    int64_t seq = 0;
    json_t *data =
        json_pack("{s:o, s:o, s:o, s:s, s:o}", "request", str_to_json(s->key), "path",
                  json_sprintf("/requests/%.*s", STR_ARG(s->key)), "title", str_to_json(s->title),
                  "state", ask_state_name(a->state), "why", str_to_json(str_trim(a->reason)));
    if (a->state == ASK_PUBLISHED) {
        json_object_set_new(data, "paper", json_integer(a->paper));
        json_object_set_new(data, "edition", json_integer(s->edition));
    }
    struct str text = str_from_json(arena, data);
    enum status status = store_newest_event(store, &seq, err);
    if (!status)
        status = library_ask_audience(arena, store, ask, a->editor, now_ms, &members, &count, err);
    for (size_t i = 0; !status && i < count; i++) {
        struct letter letter = {
            .member = members[i], .kind = "request", .event = seq, .data = text};
        status = library_queue_letter_as_wished(store, &letter, err);
        if (!status && a->state == ASK_PUBLISHED)
            status = drop_announcement(store, members[i], a->paper, err);
    }
    return status;
}

enum status library_answer_ask(struct arena *arena, struct store *store, int64_t ask,
                               const struct ask_answer *a, int64_t now_ms, struct error *err)
{
    struct standing_ask s;
    enum status status = load_standing(arena, store, ask, a->paper, &s, err);
    if (!status)
        status = check_answer(&s, a, err);
    if (!status)
        status = update_state(store, ask, a, now_ms, err);
    json_t *data =
        json_pack("{s:s, s:o}", "state", ask_state_name(a->state), "by", record_member(a->editor));
    if (a->state == ASK_PUBLISHED)
        json_object_set_new(data, "paper", json_sprintf("P%" PRId64, a->paper));
    if (status)
        json_decref(data);
    else
        status = record_event(store, "request.answered", 'Q', ask, data, err);
    return status ? status : queue_letters(arena, store, ask, &s, a, now_ms, err);
}

enum status library_fulfil_ask(struct arena *arena, struct store *store, struct str key,
                               int64_t paper, int64_t editor, struct error *err)
{
    struct ask_answer answer = {.state = ASK_PUBLISHED, .paper = paper, .editor = editor};
    struct query *q = query_start(store, "SELECT r.id FROM request r WHERE r.key = ?1"
                                         " AND r.removed_ms IS NULL AND " STATE_OPEN);
    query_bind_str(q, 1, key);
    int64_t ask = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    return status || !ask ? status
                          : library_answer_ask(arena, store, ask, &answer, store_now_ms(), err);
}

enum status library_remove_ask(struct store *store, const struct ask *ask, bool steward,
                               struct str why, int64_t now_ms, struct error *err)
{
    bool own = ask->own && ask->votes <= ask->voted;
    why = own ? STR("") : str_trim(why);
    if (!own && !steward)
        return error_set(err, STATUS_FORBIDDEN,
                         "Others have voted for this request; a steward can remove it.",
                         "已有他人为该需求投票，如需移除请联系管理员。");
    if (!own && !why.len)
        return error_set(err, STATUS_INPUT, "Say why you remove somebody else's request.",
                         "移除他人的需求须说明理由。");
    struct query *q =
        query_start(store, "UPDATE request SET removed_ms = ?2, removed_why = ?3, text = ''"
                           " WHERE id = ?1 AND removed_ms IS NULL");
    query_bind_int(q, 1, ask->id);
    query_bind_int(q, 2, now_ms);
    query_bind_str(q, 3, why);
    (void)query_row(q);
    enum status status = query_end(q, err);
    json_t *data = why.len ? json_pack("{s:o}", "why", str_to_json(why)) : NULL;
    if (status) {
        json_decref(data);
        return status;
    }
    return record_event(store, "request.removed", 'Q', ask->id, data, err);
}
