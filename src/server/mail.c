/* Mail; see mail.h. */
#include "server/mail.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "library/asking.h"
#include "library/entitlement.h"
#include "library/letter.h"
#include "library/member.h"
#include "library/paper.h"
#include "library/setting.h"
#include "server/internal.h"
#include "server/letter_text.h"
#include "server/smtp.h"

#define ROUND_MS       60000
#define BATCH          500U /* rows in one write */
#define SENDING_MAX    50   /* letters between two looks at what is more urgent */
#define EVENTS_MAX     100
#define REFUSALS_MAX   3 /* a letter refused so often is given up */
#define OLDEST_MS      ((int64_t)5 * 24 * 3600 * 1000)
#define SAID_MAX       320
#define CURSOR_SLACK   4096 /* events of no interest that may be looked at again after a crash */
#define OPEN_SQL       "sent_ms IS NULL AND ended_ms IS NULL"
#define TRANSPORT_LAST 5U

struct mail {
    struct smtp *smtp;
    int64_t seen, noted; /* events read; the same as the store has it */
    bool knows_seen;
    unsigned troubles;       /* times in a row that the mail server could not be used */
    int64_t server_after_ms; /* it is not tried before */
    pthread_mutex_t lock;    /* of what follows */
    char said[SAID_MAX];
    int64_t trouble_ms;
};

struct mail *mail_make(struct server *server)
{
    struct mail *mail = calloc(1, sizeof *mail);
    if (!mail)
        abort();
    mail->smtp = smtp_make(server);
    (void)pthread_mutex_init(&mail->lock, NULL);
    return mail;
}

void mail_free(struct mail *mail)
{
    if (!mail)
        return;
    smtp_free(mail->smtp);
    (void)pthread_mutex_destroy(&mail->lock);
    free(mail);
}

void mail_trouble(struct mail *mail, struct arena *arena, struct str *said, int64_t *since_ms)
{
    (void)pthread_mutex_lock(&mail->lock);
    *said = str_copy(arena, str_of(mail->said));
    *since_ms = mail->trouble_ms;
    (void)pthread_mutex_unlock(&mail->lock);
}

static void note_trouble(struct mail *mail, struct str said)
{
    struct str kept = utf8_cut(said, SAID_MAX - 1);
    (void)pthread_mutex_lock(&mail->lock);
    memcpy(mail->said, kept.at ? kept.at : "", kept.len);
    mail->said[kept.len] = 0;
    if (!kept.len)
        mail->trouble_ms = 0;
    else if (!mail->trouble_ms)
        mail->trouble_ms = store_now_ms();
    (void)pthread_mutex_unlock(&mail->lock);
}

/* --- from events to letters ---------------------------------------------------------------------- */

/* What lets letters that wait for another try go at once: other settings of mail, the owner who says so, a test
 * that the mail server took. */
#define MENDED_SQL                                                           \
    " (kind IN ('mail.retried', 'mail.tested') OR (kind = 'setting.changed'" \
    " AND subject IN ('smtp.url', 'smtp.user', 'smtp.password', 'mail.from')))"

struct progress {
    int64_t seq; /* events up to it are read */
    bool mended; /* and say so */
};

static enum status keep_progress(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct progress *p = context;
    enum status status = STATUS_OK;
    (void)scratch;
    if (p->mended) {
        struct query *q = query_start(store, "UPDATE letter SET due_ms = ?1 WHERE due_ms > ?1"
                                             " AND failed <> '' AND " OPEN_SQL);
        query_bind_int(q, 1, store_now_ms());
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status ? status : store_keep_cursor(store, STR("mail"), p->seq, err);
}

/* At the first start ever nothing of the past is told. */
static bool find_cursor(struct server *server, struct mail *mail, struct store *store)
{
    if (mail->knows_seen)
        return true;
    bool found;
    int64_t seq;
    if (store_find_cursor(store, STR("mail"), &found, &seq, NULL))
        return false;
    struct progress progress = {.seq = found ? seq : server_wait_events(server, -1, 0)};
    mail->seen = mail->noted = progress.seq;
    mail->knows_seen = found || !server_write(server, STR(""), keep_progress, &progress, NULL);
    return mail->knows_seen;
}

struct announcement {
    int64_t seq, paper, edition;
    bool silent;
};

struct telling {
    const struct announcement *of;
    const int64_t *members;
    size_t count;
    struct str data;
    int64_t now_ms, daily_ms, weekly_ms;
};

static enum status tell_batch(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct telling *t = context;
    enum status status = STATUS_OK;
    (void)scratch;
    for (size_t i = 0; !status && i < t->count; i++) {
        struct query *q = query_start(
            store,
            "INSERT OR IGNORE INTO letter (event, member, kind, data, created_ms, due_ms)"
            " SELECT ?1, a.member, CASE a.mail WHEN 'each' THEN 'published' ELSE 'entry' END,"
            " ?3, ?4, CASE a.mail WHEN 'each' THEN ?4 WHEN 'daily' THEN ?5 ELSE ?6 END"
            " FROM account a WHERE a.member = ?2 AND a.mail <> 'none'"
            " AND a.suspended_ms IS NULL AND NOT EXISTS (SELECT 1 FROM letter l"
            "  WHERE l.event = ?1 AND l.member = ?2 AND l.kind = 'standing')"
            /* nor who follows a request that it was published to fulfil */
            " AND NOT EXISTS (SELECT 1 FROM event e JOIN letter l ON l.event = e.seq"
            "  AND l.member = ?2 AND l.kind = 'request' WHERE e.seq BETWEEN ?1 + 1 AND ?1 + 20"
            "  AND e.kind = 'request.answered' AND json_extract(e.data, '$.paper') = 'P' || ?7)");
        query_bind_int(q, 1, t->of->seq);
        query_bind_int(q, 2, t->members[i]);
        query_bind_str(q, 3, t->data);
        query_bind_int(q, 4, t->now_ms);
        query_bind_int(q, 5, t->daily_ms);
        query_bind_int(q, 6, t->weekly_ms);
        query_bind_int(q, 7, t->of->paper);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

/* Queues the letters of one publication. Doing it twice adds nothing. */
static enum status tell(struct server *server, struct store *store, struct arena *arena,
                        const struct announcement *a, struct error *err)
{
    int64_t *members;
    size_t count;
    int64_t now_ms = store_now_ms();
    struct telling t = {.of = a,
                        .now_ms = now_ms,
                        .daily_ms = library_next_digest_ms(now_ms, false),
                        .weekly_ms = library_next_digest_ms(now_ms, true)};
    t.data =
        str_format(arena, "{\"paper\":%" PRId64 ",\"edition\":%" PRId64 "}", a->paper, a->edition);
    enum status status =
        library_entitled_members(arena, store, a->paper, now_ms, &members, &count, err);
    for (size_t at = 0; !status && at < count; at += BATCH) {
        t.members = members + at;
        t.count = count - at < BATCH ? count - at : BATCH;
        status = server_write(server, STR(""), tell_batch, &t, err);
    }
    return status;
}

static void read_announcement(struct query *q, struct announcement *a)
{
    struct str data = query_str(q, 2);
    json_t *json = json_loadb(data.at, data.len, 0, NULL);
    *a = (struct announcement){.seq = query_int(q, 0),
                               .edition = json_integer_value(json_object_get(json, "edition")),
                               .silent = json_is_false(json_object_get(json, "announced"))};
    json_decref(json);
    if (library_parse_paper(query_str(q, 1), &a->paper, NULL))
        a->silent = true;
}

/* What was published after `after`, silently or not; *read gets how far the events were read. */
static enum status list_announcements(struct store *store, int64_t after, int64_t newest,
                                      struct announcement *list, size_t *count, int64_t *read,
                                      struct error *err)
{
    struct query *q = query_start(store, "SELECT seq, subject, data FROM event WHERE seq > ?1"
                                         " AND seq <= ?2 AND kind = 'paper.published' ORDER BY seq"
                                         " LIMIT 100");
    *count = 0;
    query_bind_int(q, 1, after);
    query_bind_int(q, 2, newest);
    while (*count < EVENTS_MAX && query_row(q))
        read_announcement(q, &list[(*count)++]);
    *read = *count == EVENTS_MAX ? list[*count - 1].seq : newest;
    return query_end(q, err);
}

static enum status look_whether_mended(struct store *store, int64_t after,
                                       struct progress *progress, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT 1 FROM event WHERE seq > ?1 AND seq <= ?2 AND" MENDED_SQL " LIMIT 1");
    query_bind_int(q, 1, after);
    query_bind_int(q, 2, progress->seq);
    progress->mended = query_row(q);
    return query_end(q, err);
}

static enum status read_events(struct server *server, struct mail *mail, struct store *store,
                               struct arena *arena, struct error *err)
{
    struct announcement *list = arena_array(arena, EVENTS_MAX, struct announcement);
    int64_t newest = server_wait_events(server, -1, 0);
    struct progress read = {.seq = newest};
    size_t count = 0;
    bool can = false;
    if (!find_cursor(server, mail, store) || newest <= mail->seen)
        return STATUS_OK;
    enum status status = library_can_mail(store, &can, err);
    if (!status)
        status = list_announcements(store, mail->seen, newest, list, &count, &read.seq, err);
    if (!status)
        status = look_whether_mended(store, mail->seen, &read, err);
    for (size_t i = 0; !status && can && i < count; i++)
        if (!list[i].silent)
            status = tell(server, store, arena, &list[i], err);
    /* Past a publication at once: who comes to be entitled later is not told of it. */
    if (!status && (count || read.mended || read.seq - mail->noted > CURSOR_SLACK)) {
        status = server_write(server, STR(""), keep_progress, &read, err);
        mail->noted = status ? mail->noted : read.seq;
    }
    if (status)
        return status;
    mail->seen = read.seq;
    if (read.mended)
        mail->server_after_ms = 0;
    return STATUS_OK;
}

/* --- digests -------------------------------------------------------------------------------------- */

/* What is due for one member becomes one letter. */
static enum status gather_member(struct store *store, struct arena *scratch, int64_t member,
                                 int64_t now_ms, struct error *err)
{
    struct buf data = {.arena = scratch};
    int64_t event = 0;
    struct query *q =
        query_start(store, "SELECT event, data FROM letter WHERE member = ?1"
                           " AND kind = 'entry' AND due_ms <= ?2 AND " OPEN_SQL " ORDER BY event");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    buf_add(&data, STR("{\"papers\":["));
    while (query_row(q)) {
        buf_add(&data, event ? STR(",") : STR(""));
        buf_add(&data, query_str(q, 1));
        event = query_int(q, 0);
    }
    buf_add(&data, STR("]}"));
    enum status status = query_end(q, err);
    struct letter digest = {
        .member = member, .kind = "digest", .data = buf_str(&data), .event = event};
    if (!status && event)
        status = library_queue_letter(store, &digest, err);
    q = query_start(store, "UPDATE letter SET ended_ms = ?2, data = '{}' WHERE member = ?1"
                           " AND kind = 'entry' AND due_ms <= ?2 AND " OPEN_SQL);
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status ended = query_end(q, status ? NULL : err);
    return status ? status : ended;
}

static enum status gather(struct store *store, struct arena *scratch, void *context,
                          struct error *err)
{
    int64_t *left = context;
    int64_t *members = arena_array(scratch, BATCH, int64_t);
    int64_t now_ms = store_now_ms();
    size_t count = 0;
    struct query *q = query_start(store, "SELECT DISTINCT member FROM letter WHERE kind = 'entry'"
                                         " AND due_ms <= ?1 AND " OPEN_SQL " LIMIT ?2");
    query_bind_int(q, 1, now_ms);
    query_bind_int(q, 2, BATCH);
    while (count < BATCH && query_row(q))
        members[count++] = query_int(q, 0);
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++)
        status = gather_member(store, scratch, members[i], now_ms, err);
    *left = count == BATCH;
    return status;
}

static int64_t count_due_entries(struct store *store)
{
    struct query *q = query_start(store, "SELECT count(*) FROM letter WHERE kind = 'entry'"
                                         " AND due_ms <= ?1 AND " OPEN_SQL);
    query_bind_int(q, 1, store_now_ms());
    int64_t count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, NULL) ? 0 : count;
}

static enum status make_digests(struct server *server, struct store *store, struct error *err)
{
    int64_t left = count_due_entries(store);
    enum status status = STATUS_OK;
    while (!status && left && !server_stopping(server))
        status = server_write(server, STR(""), gather, &left, err);
    return status;
}

/* --- from letters to the mail server --------------------------------------------------------------- */

/* What failed before comes behind what did not, and the last of it that was tried last of all: where the mail server breaks
 * down over a letter, the others go. */
static enum status list_due(struct arena *arena, struct store *store, struct letter_row *rows,
                            size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT id, event, member, kind, data, created_ms, tries FROM letter"
               " WHERE kind <> 'entry' AND due_ms <= ?1 AND " OPEN_SQL
               " ORDER BY failed <> '', iif(failed = '', kind IN ('published', 'digest'), 0),"
               " due_ms, id LIMIT ?2");
    query_bind_int(q, 1, store_now_ms());
    query_bind_int(q, 2, SENDING_MAX);
    *count = 0;
    while (*count < SENDING_MAX && query_row(q))
        rows[(*count)++] = (struct letter_row){
            .id = query_int(q, 0),
            .event = query_int(q, 1),
            .member = query_int(q, 2),
            .kind = str_copy(arena, query_str(q, 3)),
            .data = str_copy(arena, query_str(q, 4)),
            .created_ms = query_int(q, 5),
            .tries = query_int(q, 6),
        };
    return query_end(q, err);
}

struct result {
    int64_t id, now_ms;
    int64_t due_ms; /* 0: it has ended */
    int64_t tries;
    bool sent;
    struct str failed;
};

/* What a letter held, secrets perhaps, is gone once it has ended. */
static enum status keep_result(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct result *r = context;
    (void)scratch;
    struct query *q = query_start(
        store, "UPDATE letter SET sent_ms = iif(?2, ?3, NULL), ended_ms = iif(?2 OR ?4, NULL, ?3),"
               " due_ms = iif(?4, ?4, due_ms), tries = ?5, failed = ?6,"
               " data = iif(?2 OR (NOT ?4 AND ?6 = ''), '{}', data) WHERE id = ?1");
    query_bind_int(q, 1, r->id);
    query_bind_int(q, 2, r->sent);
    query_bind_int(q, 3, r->now_ms);
    query_bind_int(q, 4, r->due_ms);
    query_bind_int(q, 5, r->tries);
    query_bind_str(q, 6, r->failed);
    (void)query_row(q);
    return query_end(q, err);
}

/* Minutes until the next try, after so many. */
static int64_t wait_ms(int64_t tries)
{
    static const int64_t minutes[] = {1, 5, 15, 60, 240, 720};
    int64_t last = (int64_t)(sizeof minutes / sizeof *minutes) - 1;
    return minutes[tries < last ? tries : last] * 60000;
}

/* Seconds until the mail server is tried again, after so many times in a row. */
static int64_t server_wait_ms(unsigned troubles)
{
    static const int64_t seconds[] = {2, 5, 15, 60, 300, 900};
    return seconds[troubles < TRANSPORT_LAST ? troubles : TRANSPORT_LAST] * 1000;
}

/* Until a letter goes to a mail server again that was away: the longer the older it is, as it may be the trouble itself. */
static int64_t away_wait_ms(int64_t age_ms)
{
    int64_t wait = age_ms / 4;
    int64_t least = server_wait_ms(0);
    int64_t most = server_wait_ms(TRANSPORT_LAST);
    return wait < least ? least : wait < most ? wait : most;
}

static enum status keep(struct server *server, const struct letter_row *row,
                        enum smtp_outcome outcome, struct str said, struct error *err)
{
    int64_t now_ms = store_now_ms();
    bool gives_up = (outcome == SMTP_REFUSED && row->tries + 1 >= REFUSALS_MAX) ||
                    (outcome != SMTP_TAKEN && now_ms - row->created_ms > OLDEST_MS);
    struct result r = {
        .id = row->id,
        .now_ms = now_ms,
        .tries = row->tries + (outcome != SMTP_NO_SERVER),
        .sent = outcome == SMTP_TAKEN,
        .failed = outcome == SMTP_TAKEN ? STR("") : said,
    };
    if (!r.sent && !gives_up)
        r.due_ms = now_ms + (outcome == SMTP_NO_SERVER ? away_wait_ms(now_ms - row->created_ms)
                                                       : wait_ms(row->tries));
    return server_write(server, STR(""), keep_result, &r, err);
}

static enum status drop(struct server *server, const struct letter_row *row, struct error *err)
{
    struct result r = {.id = row->id, .now_ms = store_now_ms(), .tries = row->tries};
    r.failed = STR("");
    return server_write(server, STR(""), keep_result, &r, err);
}

static void note_server(struct mail *mail, enum smtp_outcome outcome, struct str said)
{
    if (outcome == SMTP_NO_SERVER) {
        mail->server_after_ms = store_now_ms() + server_wait_ms(mail->troubles++);
        note_trouble(mail, said);
    } else {
        mail->troubles = 0;
        mail->server_after_ms = 0;
        note_trouble(mail, STR(""));
    }
}

static enum status read_account(struct arena *arena, struct store *store,
                                struct smtp_account *account, struct error *err)
{
    enum status status = library_get_setting(arena, store, STR("smtp.url"), &account->url, err);
    if (!status)
        status = library_get_setting(arena, store, STR("smtp.user"), &account->user, err);
    if (!status)
        status = library_get_setting(arena, store, STR("smtp.password"), &account->password, err);
    return status;
}

static enum status send_one(struct server *server, struct mail *mail, struct store *store,
                            struct arena *arena, const struct smtp_account *account,
                            const struct letter_row *row, struct error *err)
{
    struct mime_letter letter;
    struct str said;
    bool wanted;
    enum status status = letter_text_make(arena, server, store, row, &letter, &wanted, err);
    if (status)
        return status;
    if (!wanted)
        return drop(server, row, err);
    enum smtp_outcome outcome = smtp_send(mail->smtp, account, letter.from, letter.to,
                                          mime_write(arena, &letter), arena, &said);
    status = keep(server, row, outcome, said, err);
    note_server(mail, outcome, said);
    return status;
}

/* Sends what is due, up to a number; *more when there may be more. */
static enum status send_due(struct server *server, struct mail *mail, struct store *store,
                            struct arena *arena, bool *more, struct error *err)
{
    struct letter_row *rows = arena_array(arena, SENDING_MAX, struct letter_row);
    struct smtp_account account = {0};
    size_t count = 0;
    bool can;
    *more = false;
    enum status status = library_can_mail(store, &can, err);
    if (status || !can || store_now_ms() < mail->server_after_ms)
        return status;
    status = list_due(arena, store, rows, &count, err);
    if (!status && count)
        status = read_account(arena, store, &account, err);
    for (size_t i = 0; !status && i < count; i++) {
        if (server_stopping(server) || store_now_ms() < mail->server_after_ms)
            return STATUS_OK;
        status = send_one(server, mail, store, arena, &account, &rows[i], err);
    }
    *more = count == SENDING_MAX;
    return status;
}

/* --- from wishes to letters ------------------------------------------------------------------------ */

static enum status answer_asking(struct server *server, struct store *store, struct error *err)
{
    bool waits = false;
    enum status status = asking_waits(store, &waits, err);
    while (!status && waits && !server_stopping(server)) {
        status = server_write(server, STR(""), asking_answer, NULL, err);
        if (!status)
            status = asking_waits(store, &waits, err);
    }
    return status;
}

/* --- rounds -------------------------------------------------------------------------------------- */

static int64_t next_due_ms(struct mail *mail, struct store *store)
{
    int64_t latest = store_now_ms() + ROUND_MS;
    struct query *q = query_start(store, "SELECT min(due_ms) FROM letter WHERE " OPEN_SQL);
    int64_t due = query_row(q) && !query_is_null(q, 0) ? query_int(q, 0) : latest;
    (void)query_end(q, NULL);
    due = due < mail->server_after_ms ? mail->server_after_ms : due;
    return due < latest ? due : latest;
}

int64_t mail_round(struct server *server, struct store *store, struct arena *arena, void *context)
{
    struct mail *mail = context;
    struct error err;
    bool can = false;
    bool more = true;
    enum status status = answer_asking(server, store, &err);
    if (!status)
        status = read_events(server, mail, store, arena, &err);
    if (!status)
        status = make_digests(server, store, &err);
    if (!status)
        status = library_can_mail(store, &can, &err);
    if (!status && can)
        status = send_due(server, mail, store, arena, &more, &err);
    if (status)
        note_trouble(mail, str_of(err.en));
    if (status || !can)
        return store_now_ms() + ROUND_MS;
    return more ? 0 : next_due_ms(mail, store);
}

/* --- the test letter ------------------------------------------------------------------------------- */

/* The event is what lets letters go that wait for the mail server. */
static enum status note_test(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    (void)scratch;
    (void)context;
    return store_add_event(store, "owner", "mail.tested", STR(""), STR("{}"), err);
}

enum status mail_send_test(struct server *server, struct store *store, struct arena *arena,
                           int64_t member, enum lang lang, struct error *err)
{
    unsigned char chance[8];
    struct letter_row row = {.member = member, .kind = STR("test"), .created_ms = store_now_ms()};
    struct mime_letter letter;
    struct smtp_account account;
    struct str said;
    bool ready = false;
    enum status status = library_can_mail(store, &ready, err);
    if (!status && !ready)
        return error_set(err, STATUS_CONFLICT, "Fill in the mail server and the sender first.",
                         "请先填写邮件服务器和发件人。");
    if (!status)
        status = digest_random(chance, sizeof chance, err);
    memcpy(&row.id, chance, sizeof row.id);
    row.id = -(row.id & INT64_MAX); /* below those of letters */
    row.data = str_format(arena, "{\"lang\":\"%s\"}", lang_code(lang));
    if (!status)
        status = letter_text_make(arena, server, store, &row, &letter, &ready, err);
    if (!status)
        status = read_account(arena, store, &account, err);
    if (status)
        return status;
    struct smtp *smtp = smtp_make(server);
    enum smtp_outcome outcome =
        smtp_send(smtp, &account, letter.from, letter.to, mime_write(arena, &letter), arena, &said);
    smtp_free(smtp);
    if (outcome == SMTP_TAKEN)
        return server_write(server, library_member_id(arena, member), note_test, NULL, err);
    return error_set(err, STATUS_CONFLICT, "The mail server did not take the letter: %.*s",
                     "邮件服务器未接收测试邮件：%.*s", STR_ARG(said));
}
