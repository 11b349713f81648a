/* Standing requests in the store; see standing.h. */
#include "library/standing.h"

#include <inttypes.h>
#include <string.h>

#include "library/entitlement.h"
#include "library/letter.h"
#include "library/offer.h"
#include "library/record.h"
#include "library/search_parts.h"

static const char *const PACES[] = {[STANDING_AT_ONCE] = "once", [STANDING_DIGEST] = "digest"};

static enum standing_pace read_pace(struct str name)
{
    return str_equal(name, STR("once")) ? STANDING_AT_ONCE : STANDING_DIGEST;
}

/* --- kept ----------------------------------------------------------------------------------------- */

static enum status check_words(struct arena *arena, struct store *store, int64_t member,
                               struct str words, struct error *err)
{
    struct search_question question;
    search_parse_question(arena, words, &question);
    if (!question.nwanted)
        return error_set(err, STATUS_INPUT, "Give words to look for.", "请填写检索词。");
    struct query *q = query_start(store, "SELECT count(*) FROM standing WHERE member = ?1"
                                         " AND words <> ?2");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, words);
    bool many = query_row(q) && query_int(q, 0) >= STANDING_MOST;
    enum status status = query_end(q, err);
    if (!status && many)
        return error_set(err, STATUS_LIMITED,
                         "You keep %d searches already; drop one that you need no longer.",
                         "您已保存 %d 项检索，请先删除不再需要的。", STANDING_MOST);
    return status;
}

static enum status change_pace(struct store *store, int64_t member, struct str words,
                               enum standing_pace pace, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE standing SET pace = ?3 WHERE member = ?1 AND words = ?2");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, words);
    query_bind_str(q, 3, str_of(PACES[pace]));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert(struct arena *arena, struct store *store, int64_t member,
                          struct str words, enum standing_pace pace, int64_t now_ms,
                          struct error *err)
{
    struct str key;
    int64_t seq = 0;
    enum status status = digest_random_key(arena, &key, err);
    if (!status)
        status = store_newest_event(store, &seq, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO standing (key, member, words, pace, since_seq, created_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, member);
    query_bind_str(q, 3, words);
    query_bind_str(q, 4, str_of(PACES[pace]));
    query_bind_int(q, 5, seq);
    query_bind_int(q, 6, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_keep_standing(struct arena *arena, struct store *store, int64_t member,
                                  struct str words, enum standing_pace pace, int64_t now_ms,
                                  struct error *err)
{
    words = str_trim(words);
    enum status status = check_words(arena, store, member, words, err);
    if (!status)
        status = change_pace(store, member, words, pace, err);
    if (status)
        return status;
    if (!store_changes(store))
        status = insert(arena, store, member, words, pace, now_ms, err);
    return status ? status : record_event(store, "standing.kept", 'M', member, NULL, err);
}

static enum status delete_fits(struct store *store, int64_t member, struct str key,
                               struct error *err)
{
    struct query *q =
        query_start(store, "DELETE FROM standing_fit WHERE standing IN (SELECT id FROM standing"
                           " WHERE member = ?1 AND key = ?2)");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, key);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_drop_standing(struct store *store, int64_t member, struct str key,
                                  struct error *err)
{
    enum status status = delete_fits(store, member, key, err);
    if (status)
        return status;
    struct query *q = query_start(store, "DELETE FROM standing WHERE member = ?1 AND key = ?2");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, key);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status && !store_changes(store))
        return error_set(err, STATUS_MISSING, "You keep no such search.", "您没有这项检索。");
    return status ? status : record_event(store, "standing.dropped", 'M', member, NULL, err);
}

static enum status list_papers(struct arena *arena, struct store *store, struct standing *s,
                               int64_t member, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT o.key, (SELECT e.title FROM edition e WHERE e.paper = o.paper"
               " ORDER BY e.number DESC LIMIT 1), f.found_ms FROM standing_fit f"
               " JOIN offer o ON o.paper = f.paper WHERE f.standing = ?1"
               " AND " ENTITLED_SQL("o.paper", "?2", "?3") " ORDER BY f.found_ms DESC LIMIT 5");
    query_bind_int(q, 1, s->id);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, now_ms);
    while (s->npapers < STANDING_SHOWN && query_row(q))
        s->papers[s->npapers++] = (struct standing_paper){
            str_copy(arena, query_str(q, 0)), str_copy(arena, query_str(q, 1)), query_int(q, 2)};
    return query_end(q, err);
}

enum status library_list_standing(struct arena *arena, struct store *store, int64_t member,
                                  int64_t now_ms, struct standing **list, size_t *count,
                                  struct error *err)
{
    struct query *q = query_start(
        store, "SELECT id, key, words, pace, created_ms, (SELECT count(*) FROM standing_fit f"
               " WHERE f.standing = s.id) FROM standing s WHERE member = ?1 ORDER BY id DESC");
    *list = arena_array(arena, STANDING_MOST, struct standing);
    *count = 0;
    query_bind_int(q, 1, member);
    while (*count < STANDING_MOST && query_row(q))
        (*list)[(*count)++] = (struct standing){.id = query_int(q, 0),
                                                .key = str_copy(arena, query_str(q, 1)),
                                                .words = str_copy(arena, query_str(q, 2)),
                                                .pace = read_pace(query_str(q, 3)),
                                                .created_ms = query_int(q, 4),
                                                .fits = query_int(q, 5)};
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < *count; i++)
        status = list_papers(arena, store, &(*list)[i], member, now_ms, err);
    return status;
}

/* --- matched -------------------------------------------------------------------------------------- */

struct waiting {
    struct standing_fit fit;
    struct str words;
    bool waits; /* for a notice: by the title alone */
};

static enum status list_waiting(struct arena *arena, struct store *store,
                                const struct standing_news *news, int64_t now_ms,
                                struct waiting **list, size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(
        store, "SELECT s.id, s.member, s.pace, s.words, NOT " ACCEPTED_SQL(
                   "?1", "s.member",
                   "?3") " FROM standing s WHERE s.since_seq < ?2 AND NOT EXISTS (SELECT 1 FROM"
                         " standing_fit f WHERE f.standing = s.id AND f.paper = ?1)"
                         " AND " ENTITLED_SQL("?1", "s.member", "?3") " ORDER BY s.member, s.id");
    query_bind_int(q, 1, news->paper);
    query_bind_int(q, 2, news->seq);
    query_bind_int(q, 3, now_ms);
    while (query_row(q)) {
        struct waiting w = {{query_int(q, 0), query_int(q, 1), read_pace(query_str(q, 2))},
                            str_copy(arena, query_str(q, 3)),
                            query_int(q, 4) != 0};
        buf_add(&rows, (struct str){(const char *)&w, sizeof w});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct waiting);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

/* One member's copies of the edition and of the one before. */
struct pair {
    struct search_own now, before;
};

static enum status load_pair(struct arena *arena, struct store *store,
                             const struct standing_news *news, const struct waiting *w,
                             struct pair *pair, struct error *err)
{
    enum status status = search_load_own_edition(arena, store, news->paper, news->edition,
                                                 w->fit.member, !w->waits, &pair->now, err);
    if (!status && news->edition > 1)
        status = search_load_own_edition(arena, store, news->paper, news->edition - 1,
                                         w->fit.member, !w->waits, &pair->before, err);
    return status;
}

enum status library_match_standing(struct arena *arena, struct store *store,
                                   const struct standing_news *news, int64_t now_ms,
                                   struct standing_fit **fits, size_t *count, struct error *err)
{
    struct arena *scratch = arena_make();
    struct pair pair = {0};
    struct waiting *list;
    size_t nlist;
    int64_t member = 0;
    *count = 0;
    enum status status = list_waiting(arena, store, news, now_ms, &list, &nlist, err);
    *fits = status ? NULL : arena_array(arena, nlist + 1, struct standing_fit);
    for (size_t i = 0; !status && i < nlist; i++) {
        struct search_question question;
        if (list[i].fit.member != member) {
            arena_reset(scratch);
            member = list[i].fit.member;
            status = load_pair(scratch, store, news, &list[i], &pair, err);
        }
        search_parse_question(arena, list[i].words, &question);
        if (!status && search_own_fits(&pair.now, &question) &&
            !(news->edition > 1 && search_own_fits(&pair.before, &question)))
            (*fits)[(*count)++] = list[i].fit;
    }
    arena_free(scratch);
    return status;
}

/* --- told ----------------------------------------------------------------------------------------- */

static enum status note_fit(struct store *store, const struct standing_news *news,
                            const struct standing_fit *fit, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR IGNORE INTO standing_fit (standing, paper, member, found_ms)"
                           " SELECT id, ?2, member, ?3 FROM standing WHERE id = ?1");
    query_bind_int(q, 1, fit->standing);
    query_bind_int(q, 2, news->paper);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

/* The letter that tells of the publication becomes this one, if it has not gone; else there is one of its own,
 * unless the member has that other letter already. */
static enum status write_at_once(struct store *store, const struct standing_news *news,
                                 int64_t member, struct str data, struct error *err)
{
    struct query *q = query_start(
        store, "DELETE FROM letter WHERE event = ?1 AND member = ?2"
               " AND kind IN ('published', 'entry') AND sent_ms IS NULL AND ended_ms IS NULL");
    query_bind_int(q, 1, news->seq);
    query_bind_int(q, 2, member);
    (void)query_row(q);
    enum status status = query_end(q, err);
    q = query_start(store, "SELECT 1 FROM letter WHERE event = ?1 AND member = ?2"
                           " AND kind IN ('published', 'standing') AND sent_ms IS NOT NULL");
    query_bind_int(q, 1, news->seq);
    query_bind_int(q, 2, member);
    bool told = query_row(q);
    enum status asked = query_end(q, status ? NULL : err);
    struct letter letter = {.member = member, .kind = "standing", .event = news->seq, .data = data};
    if (status || asked || told)
        return status ? status : asked;
    return library_queue_letter(store, &letter, err);
}

/* Among the papers of the digest it is said of this one that it fits. */
static enum status write_in_digest(struct store *store, const struct standing_news *news,
                                   int64_t member, bool weekly, struct str data, struct error *err)
{
    int64_t now_ms = store_now_ms();
    struct query *q = query_start(
        store, "INSERT INTO letter (event, member, kind, data, created_ms, due_ms)"
               " VALUES (?1, ?2, 'entry', ?3, ?4, ?5) ON CONFLICT (event, member, kind)"
               " WHERE event > 0 DO UPDATE SET data = excluded.data WHERE ended_ms IS NULL");
    query_bind_int(q, 1, news->seq);
    query_bind_int(q, 2, member);
    query_bind_str(q, 3, data);
    query_bind_int(q, 4, now_ms);
    query_bind_int(q, 5, library_next_digest_ms(now_ms, weekly));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status write_letter(struct arena *arena, struct store *store,
                                const struct standing_news *news, const struct standing_fit *fit,
                                struct error *err)
{
    bool can = false;
    enum status status = library_can_mail(store, &can, err);
    struct query *q = query_start(store, "SELECT mail FROM account WHERE member = ?1");
    query_bind_int(q, 1, fit->member);
    struct str mail = str_copy(arena, query_row(q) ? query_str(q, 0) : STR("none"));
    enum status asked = query_end(q, status ? NULL : err);
    struct str data =
        str_format(arena, "{\"paper\":%" PRId64 ",\"edition\":%" PRId64 ",\"fits\":true}",
                   news->paper, news->edition);
    if (status || asked || !can || str_equal(mail, STR("none")))
        return status ? status : asked;
    if (fit->pace == STANDING_AT_ONCE || str_equal(mail, STR("each")))
        return write_at_once(store, news, fit->member, data, err);
    return write_in_digest(store, news, fit->member, str_equal(mail, STR("weekly")), data, err);
}

enum status library_tell_standing(struct arena *arena, struct store *store,
                                  const struct standing_news *news, const struct standing_fit *fits,
                                  size_t count, struct error *err)
{
    int64_t told = 0; /* the last member with an event: they come one after the other */
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        status = note_fit(store, news, &fits[i], err);
        if (status || !store_changes(store))
            continue;
        status = write_letter(arena, store, news, &fits[i], err);
        if (!status && told != fits[i].member)
            status = record_event(store, "standing.fits", 'M', fits[i].member,
                                  json_pack("{s:o, s:I}", "paper",
                                            json_sprintf("P%" PRId64, news->paper), "edition",
                                            (json_int_t)news->edition),
                                  err);
        told = fits[i].member;
    }
    return status;
}
