/* Study sessions kept; see study.h. Bodies stand in study_body.c. */
#include "ledger/study.h"

#include "base/calendar.h"
#include "base/digest.h"
#include "ledger/key.h"

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_load_study(struct arena *arena, struct store *store, const struct line *line,
                              struct study *study, struct error *err)
{
    *study = (struct study){
        .state = line->kind == LEDGER_STUDY ? SESSION_PLANNED : SESSION_NONE,
    };
    if (study->state == SESSION_NONE)
        return STATUS_OK;
    struct query *q = query_start(store, "SELECT state, place, minutes, written_by, written_ms,"
                                         " confirmed_by, confirmed_ms, held_day FROM study"
                                         " WHERE line = ?1");
    query_bind_int(q, 1, line->id);
    if (query_row(q))
        *study = (struct study){
            .state = (enum session_state)machine_named(session_machine.states, query_str(q, 0)),
            .place = str_copy(arena, query_str(q, 1)),
            .minutes = str_copy(arena, query_str(q, 2)),
            .written_by = query_int(q, 3),
            .written_ms = query_int(q, 4),
            .confirmed_by = query_int(q, 5),
            .confirmed_ms = query_int(q, 6),
            .held_day = query_int(q, 7),
        };
    return query_end(q, err);
}

enum status ledger_list_former_records(struct arena *arena, struct store *store, int64_t line,
                                       struct study_former **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT minutes, written_by, written_ms, confirmed FROM"
                                         " study_former WHERE line = ?1 ORDER BY id DESC LIMIT ?2");
    *list = arena_array(arena, STUDY_FORMER_MAX, struct study_former);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, STUDY_FORMER_MAX);
    while (query_row(q))
        (*list)[(*count)++] = (struct study_former){.minutes = str_copy(arena, query_str(q, 0)),
                                                    .written_by = query_int(q, 1),
                                                    .written_ms = query_int(q, 2),
                                                    .confirmed = query_int(q, 3)};
    return query_end(q, err);
}

static enum status fill_papers(struct arena *arena, struct store *store, struct study_item *item,
                               struct error *err)
{
    struct query *q = query_start(
        store, "SELECT paper FROM study_paper WHERE item = ?1 ORDER BY added_ms, paper LIMIT ?2");
    item->papers = arena_array(arena, STUDY_PAPERS_MAX, int64_t);
    query_bind_int(q, 1, item->id);
    query_bind_int(q, 2, STUDY_PAPERS_MAX);
    while (query_row(q))
        item->papers[item->npapers++] = query_int(q, 0);
    return query_end(q, err);
}

static enum status fill_lines(struct arena *arena, struct store *store, struct study_item *item,
                              struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " LINE_COLUMNS("l") " FROM study_decision d JOIN line l"
                                                       " ON l.id = d.line WHERE d.item = ?1"
                                                       " ORDER BY l.id");
    query_bind_int(q, 1, item->id);
    return ledger_take_lines(arena, q, &item->lines, &item->nlines, err);
}

enum status ledger_list_study_items(struct arena *arena, struct store *store, int64_t line,
                                    struct study_item **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT id, key, place, title, text FROM study_item"
                                         " WHERE line = ?1 ORDER BY place LIMIT ?2");
    *list = arena_array(arena, STUDY_ITEMS_MAX, struct study_item);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, STUDY_ITEMS_MAX);
    while (query_row(q))
        (*list)[(*count)++] = (struct study_item){
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .place = query_int(q, 2),
            .title = str_copy(arena, query_str(q, 3)),
            .text = str_copy(arena, query_str(q, 4)),
        };
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < *count; i++) {
        status = fill_papers(arena, store, &(*list)[i], err);
        if (!status)
            status = fill_lines(arena, store, &(*list)[i], err);
    }
    return status;
}

enum status ledger_find_deciding_study(struct arena *arena, struct store *store, int64_t line,
                                       struct line *session, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " LINE_COLUMNS("l") " FROM study_decision d JOIN study_item i ON i.id"
                                           " = d.item JOIN line l ON l.id = i.line"
                                           " WHERE d.line = ?1");
    *session = (struct line){0};
    query_bind_int(q, 1, line);
    if (query_row(q))
        ledger_take_line(arena, q, session);
    return query_end(q, err);
}

/* --- kept ----------------------------------------------------------------------------------------- */

static enum status keep(struct store *store, int64_t line, const struct study *s, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO study (line, state, place, minutes, written_by, written_ms,"
               " confirmed_by, confirmed_ms, held_day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
               " ON CONFLICT DO UPDATE SET state = ?2, place = ?3, minutes = ?4, written_by = ?5,"
               " written_ms = ?6, confirmed_by = ?7, confirmed_ms = ?8, held_day = ?9");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(session_machine.states.at[s->state].name));
    query_bind_str(q, 3, s->place);
    query_bind_str(q, 4, s->minutes);
    query_bind_int_or_null(q, 5, s->written_by);
    query_bind_int_or_null(q, 6, s->written_ms);
    query_bind_int_or_null(q, 7, s->confirmed_by);
    query_bind_int_or_null(q, 8, s->confirmed_ms);
    query_bind_int_or_null(q, 9, s->held_day);
    (void)query_row(q);
    return query_end(q, err);
}

/* A record stays as it stood: one that was confirmed from when it is opened again, any other from when it is written
 * anew. */
static enum status keep_former(struct store *store, int64_t line, const struct study *was,
                               struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO study_former (line, minutes, written_by, written_ms,"
                           " confirmed) VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, was->minutes);
    query_bind_int(q, 3, was->written_by);
    query_bind_int(q, 4, was->written_ms);
    query_bind_int(q, 5, was->confirmed_by != 0);
    (void)query_row(q);
    return query_end(q, err);
}

static json_t *what(const char *act)
{
    return json_pack("{s:s}", "act", act);
}

static enum status add_item(struct arena *arena, struct store *store, int64_t line,
                            struct str title, struct str text, int64_t *item, struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO study_item (key, line, place, title, text) SELECT ?1, ?2,"
                           " 1 + coalesce(max(place), 0), ?3, ?4 FROM study_item WHERE line = ?2");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, line);
    query_bind_str(q, 3, title);
    query_bind_str(q, 4, text);
    (void)query_row(q);
    status = query_end(q, err);
    *item = status ? 0 : store_last_id(store);
    return status;
}

static enum status ask(struct store *store, const char *sql, int64_t one, struct str two,
                       int64_t *answer, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, one);
    query_bind_str(q, 2, two);
    *answer = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status find_item(struct store *store, int64_t line, struct str key, int64_t *item,
                             struct error *err)
{
    enum status status =
        ask(store, "SELECT id FROM study_item WHERE line = ?1 AND key = ?2", line, key, item, err);
    if (!status && !*item)
        return error_in(
            err, "item",
            error_set(err, STATUS_MISSING, "There is no such item of the agenda.", "没有该议题。"));
    return status;
}

/* The first item, made where a session has none yet. */
static enum status find_first_item(struct arena *arena, struct store *store, int64_t line,
                                   int64_t *item, struct error *err)
{
    enum status status =
        ask(store, "SELECT id FROM study_item WHERE line = ?1 AND ?2 = '' ORDER BY place", line,
            STR(""), item, err);
    return status || *item ? status : add_item(arena, store, line, STR(""), STR(""), item, err);
}

/* What is there already stays. */
static enum status put_paper(struct store *store, int64_t item, int64_t paper, int64_t now_ms,
                             struct error *err)
{
    struct query *q = query_start(store, "INSERT OR IGNORE INTO study_paper (item, paper, added_ms)"
                                         " VALUES (?1, ?2, ?3)");
    query_bind_int(q, 1, item);
    query_bind_int(q, 2, paper);
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_prepare_study(struct arena *arena, struct store *store, struct line *line,
                                 struct str place, const int64_t *papers, size_t npapers,
                                 const struct ledger_deed *deed, struct error *err)
{
    struct study study = {.state = SESSION_PLANNED, .place = str_trim(place)};
    int64_t first = 0;
    if (!line->unit || !line->due_day)
        return error_set(err, STATUS_INPUT, "Say which body studies, and on which day.",
                         "请选择学习单位和学习日期。");
    if (!ledger_is_line_of_text(study.place, 0, STUDY_PLACE_MAX))
        return error_in(err, "place",
                        error_set(err, STATUS_INPUT,
                                  "The place has at most %d characters, on one line.",
                                  "地点应为一行，不超过 %d 个字。", STUDY_PLACE_MAX));
    if (npapers > STUDY_PAPERS_MAX)
        return error_set(err, STATUS_LIMITED, "At most %d papers.", "材料不超过 %d 份。",
                         STUDY_PAPERS_MAX);
    line->kind = LEDGER_STUDY;
    line->state = LINE_ACTIVE;
    enum status status = ledger_make_line(arena, store, line, deed, err);
    if (!status)
        status = keep(store, line->id, &study, err);
    if (!status)
        status = add_item(arena, store, line->id, STR(""), STR(""), &first, err);
    for (size_t i = 0; !status && i < npapers; i++)
        status = put_paper(store, first, papers[i], deed->now_ms, err);
    return status ? status
                  : ledger_record(store, line->id, "line.study", what("prepared"), deed, err);
}

/* --- who is who ----------------------------------------------------------------------------------- */

#define WHO(who) MACHINE_BIT(SESSION_WHO_##who)

static enum status stand_to(struct store *store, const struct ledger_person *person,
                            const struct line *line, unsigned *who, struct error *err)
{
    unsigned is = 0;
    enum status status = ledger_stand_to(store, person, line->id, &is, err);
    *who = 0;
    if (is & (LEDGER_EDITS | LEDGER_LEADS | LEDGER_HEADS | LEDGER_OF_UNIT))
        *who |= WHO(BODY);
    if (line->lead && line->lead == person->member && ledger_may(is, LEDGER_SEE))
        *who |= WHO(CHAIR);
    if (is & LEDGER_EDITS)
        *who |= WHO(KEEPER);
    return status;
}

enum status ledger_may_see_attendance(struct store *store, const struct ledger_person *person,
                                      const struct line *line, bool *may, struct error *err)
{
    unsigned who = 0;
    enum status status = stand_to(store, person, line, &who, err);
    *may = who & WHO(BODY);
    return status;
}

enum status ledger_may_prepare_study(struct store *store, int64_t member, int64_t unit,
                                     struct error *err)
{
    struct ledger_person person = {.member = member};
    enum status status = ledger_know_person(store, &person, err);
    if (status || person.is & LEDGER_EDITS)
        return status;
    struct query *q =
        query_start(store, "SELECT 1 FROM unit_member WHERE member = ?1 AND unit = ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, unit);
    bool of_body = query_row(q);
    status = query_end(q, err);
    if (!status && !of_body)
        return error_set(err, STATUS_FORBIDDEN,
                         "Members of a unit prepare sessions of their own unit.",
                         "单位成员仅可筹备本单位的学习。");
    return status;
}

enum status ledger_study_acts(struct store *store, const struct ledger_person *person,
                              const struct line *line, const struct study *study, unsigned *acts,
                              struct error *err)
{
    unsigned who = 0;
    enum status status = stand_to(store, person, line, &who, err);
    *acts = status ? 0 : machine_acts(&session_machine, (int)study->state, who);
    return status;
}

/* Opens a session for a change by somebody of the body, in one of the states whose bits are given. */
static enum status open_session(struct arena *arena, struct store *store, int64_t id, int64_t actor,
                                unsigned states, struct line *line, struct study *study,
                                struct error *err)
{
    struct ledger_person person = {.member = actor};
    unsigned who = 0;
    enum status status = ledger_find_line_by_id(arena, store, id, line, err);
    if (!status)
        status = ledger_load_study(arena, store, line, study, err);
    if (!status)
        status = ledger_know_person(store, &person, err);
    if (!status)
        status = stand_to(store, &person, line, &who, err);
    if (!status && !(who & WHO(BODY)))
        return error_set(
            err, STATUS_FORBIDDEN,
            "This is for members of the body that studies, its chair, or who keeps the "
            "ledger.",
            "此操作须由学习单位成员、主持人或台账管理者进行。");
    if (!status && !(states >> study->state & 1U))
        return machine_refuse(&session_machine, (int)study->state, err);
    return status;
}

/* --- agenda --------------------------------------------------------------------------------------- */

enum status ledger_add_study_item(struct arena *arena, struct store *store, int64_t id,
                                  struct str title, struct str text, int64_t actor,
                                  const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    struct study study;
    int64_t count = 0;
    int64_t item = 0;
    enum status status = open_session(arena, store, id, actor, SESSION_OPEN, &line, &study, err);
    if (!status && (!ledger_is_line_of_text(title, 1, STUDY_TITLE_MAX) ||
                    !ledger_is_text(text, LINE_TEXT_MAX)))
        return error_in(err, "title",
                        error_set(err, STATUS_INPUT,
                                  "The title must have 1 to %d characters, on one line.",
                                  "议题名称应为一行，1 至 %d 个字。", STUDY_TITLE_MAX));
    if (!status)
        status = ask(store, "SELECT count(*) FROM study_item WHERE line = ?1 AND ?2 = ''", id,
                     STR(""), &count, err);
    if (!status && count >= STUDY_ITEMS_MAX)
        return error_set(err, STATUS_LIMITED, "At most %d items.", "议题不超过 %d 项。",
                         STUDY_ITEMS_MAX);
    if (!status)
        status = add_item(arena, store, id, title, text, &item, err);
    return status ? status : ledger_record(store, id, "line.study", what("agenda"), deed, err);
}

enum status ledger_add_study_papers(struct arena *arena, struct store *store, int64_t id,
                                    struct str item_key, const int64_t *papers, size_t count,
                                    int64_t actor, const struct ledger_deed *deed,
                                    struct error *err)
{
    struct line line;
    struct study study;
    int64_t item = 0;
    int64_t there = 0;
    enum status status = open_session(arena, store, id, actor, SESSION_OPEN, &line, &study, err);
    if (!status)
        status = item_key.len ? find_item(store, id, item_key, &item, err)
                              : find_first_item(arena, store, id, &item, err);
    if (!status)
        status = ask(store, "SELECT count(*) FROM study_paper WHERE item = ?1 AND ?2 = ''", item,
                     STR(""), &there, err);
    if (!status && (size_t)there + count > STUDY_PAPERS_MAX)
        return error_set(err, STATUS_LIMITED, "At most %d papers.", "材料不超过 %d 份。",
                         STUDY_PAPERS_MAX);
    for (size_t i = 0; !status && i < count; i++)
        status = put_paper(store, item, papers[i], deed->now_ms, err);
    return status ? status : ledger_record(store, id, "line.study", what("agenda"), deed, err);
}

enum status ledger_remove_study_paper(struct arena *arena, struct store *store, int64_t id,
                                      struct str item_key, int64_t paper, int64_t actor,
                                      const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    struct study study;
    int64_t item = 0;
    enum status status = open_session(arena, store, id, actor, SESSION_OPEN, &line, &study, err);
    if (!status)
        status = find_item(store, id, item_key, &item, err);
    if (status)
        return status;
    struct query *q = query_start(store, "DELETE FROM study_paper WHERE item = ?1 AND paper = ?2");
    query_bind_int(q, 1, item);
    query_bind_int(q, 2, paper);
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status : ledger_record(store, id, "line.study", what("agenda"), deed, err);
}

/* --- attendance ----------------------------------------------------------------------------------- */

enum status ledger_list_attendance(struct arena *arena, struct store *store,
                                   const struct line *line, struct study_presence **list,
                                   size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT m.id, coalesce(a.state, 'unsaid') FROM member m LEFT JOIN study_attendance a"
               " ON a.member = m.id AND a.line = ?1 WHERE a.member IS NOT NULL OR m.id IN"
               " (SELECT member FROM unit_member WHERE unit = ?2) OR m.id = ?3"
               " ORDER BY m.name, m.id");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line->id);
    query_bind_int(q, 2, line->unit);
    query_bind_int(q, 3, line->lead);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct study_presence){
            query_int(q, 0), (enum presence)machine_named(presence_terms, query_str(q, 1))};
    }
    return query_end(q, err);
}

static enum status put_presence(struct store *store, int64_t line, struct study_presence one,
                                struct error *err)
{
    struct query *q = query_start(
        store, one.is == PRESENCE_UNSAID
                   ? "DELETE FROM study_attendance WHERE line = ?1 AND member = ?2 AND ?3 <> ''"
                   : "INSERT INTO study_attendance (line, member, state) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT DO UPDATE SET state = ?3");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, one.member);
    query_bind_str(q, 3, str_of(presence_terms.at[one.is].name));
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_say_attendance(struct arena *arena, struct store *store, int64_t id,
                                  const struct study_presence *list, size_t count, int64_t actor,
                                  const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    struct study study;
    enum status status = open_session(arena, store, id, actor, SESSION_OPEN, &line, &study, err);
    for (size_t i = 0; !status && i < count; i++)
        status = put_presence(store, id, list[i], err);
    return status ? status : ledger_record(store, id, "line.study", what("attendance"), deed, err);
}

/* --- acts ----------------------------------------------------------------------------------------- */

static enum status find_needs(struct store *store, const struct line *line,
                              const struct study *study, const struct study_deed *deed,
                              unsigned *met, struct error *err)
{
    int64_t items = 0;
    int64_t present = 0;
    enum status status =
        ask(store,
            "SELECT count(*) FROM study_item i WHERE line = ?1 AND (title <> ?2 OR EXISTS (SELECT 1"
            " FROM study_paper p WHERE p.item = i.id))",
            line->id, STR(""), &items, err);
    if (!status)
        status = ask(store, "SELECT count(*) FROM study_attendance WHERE line = ?1 AND state = ?2",
                     line->id, STR("present"), &present, err);
    *met = str_trim(deed->words).len ? SESSION_NEEDS_WORDS : 0U;
    *met |= line->due_day && line->due_day <= deed->today ? SESSION_NEEDS_DAY : 0U;
    *met |= line->lead ? SESSION_NEEDS_CHAIR : 0U;
    *met |= items ? SESSION_NEEDS_AGENDA : 0U;
    *met |= present ? SESSION_NEEDS_PRESENT : 0U;
    *met |= study->written_by != deed->actor ? SESSION_NEEDS_OTHER : 0U;
    return status;
}

static enum status allow(struct store *store, const struct line *line, const struct study *study,
                         const struct study_deed *deed, struct error *err)
{
    struct machine_facts facts = {0};
    struct ledger_person person = {.member = deed->actor};
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = stand_to(store, &person, line, &facts.is, err);
    if (!status)
        status = find_needs(store, line, study, deed, &facts.met, err);
    return status ? status
                  : machine_allow(&session_machine, (int)study->state, (int)deed->act, facts, err);
}

/* What was opened again is nobody's until it is written anew: it was kept then. */
static bool replaces(const struct study *was, enum session_act act)
{
    return was->written_by && (act == SESSION_REOPEN || act == SESSION_WRITE);
}

static void change(struct study *s, const struct line *line, const struct study_deed *deed,
                   int64_t now_ms)
{
    s->state = (enum session_state)session_machine.rules[deed->act].to;
    switch (deed->act) {
    case SESSION_HOLD:
        s->held_day = line->due_day;
        break;
    case SESSION_WRITE:
        s->minutes = str_trim(deed->words);
        s->written_by = deed->actor;
        s->written_ms = now_ms;
        break;
    case SESSION_CONFIRM:
        s->confirmed_by = deed->actor;
        s->confirmed_ms = now_ms;
        break;
    case SESSION_REOPEN:
        s->confirmed_by = s->confirmed_ms = s->written_by = s->written_ms = 0;
        break;
    case SESSION_RETURN:
    case SESSION_CALL_OFF:
    case SESSION_ACTS:
        break;
    }
}

/* The line's own state and progress follow. */
static enum status change_line(struct store *store, const struct line *line,
                               const struct study *study, const struct ledger_deed *said,
                               struct error *err)
{
    const struct line_change changes[] = {
        {.field = LINE_STATE, .number = session_line_state(study->state)},
        {.field = LINE_PROGRESS, .number = session_progress(study->state)},
    };
    return ledger_change_line(store, line->id, changes, sizeof changes / sizeof *changes, said,
                              err);
}

enum status ledger_act_on_study(struct arena *arena, struct store *store, int64_t id,
                                const struct study_deed *deed, int64_t now_ms, struct error *err)
{
    struct line line;
    struct study study;
    bool writes = deed->act == SESSION_WRITE; /* the record is the body's, and no reason for all */
    struct ledger_deed said = {.now_ms = now_ms, .why = writes ? STR("") : str_trim(deed->words)};
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = ledger_load_study(arena, store, &line, &study, err);
    if (!status)
        status = allow(store, &line, &study, deed, err);
    if (!status && !ledger_is_text(deed->words, writes ? STUDY_MINUTES_MAX : LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         writes ? STUDY_MINUTES_MAX : LINE_WHY_MAX);
    if (status)
        return status;
    if (replaces(&study, deed->act))
        status = keep_former(store, id, &study, err);
    change(&study, &line, deed, now_ms);
    if (!status)
        status = keep(store, id, &study, err);
    if (!status)
        status = change_line(store, &line, &study, &said, err);
    return status ? status
                  : ledger_record(store, id, "line.study",
                                  what(session_machine.acts.at[deed->act].name), &said, err);
}

/* --- decided -------------------------------------------------------------------------------------- */

#define DECIDING \
    (MACHINE_BIT(SESSION_HELD) | MACHINE_BIT(SESSION_WRITTEN) | MACHINE_BIT(SESSION_CONFIRMED))

enum status ledger_decide_in_study(struct arena *arena, struct store *store, int64_t id,
                                   struct str item_key, struct line *made, int64_t actor,
                                   const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    struct study study;
    int64_t item = 0;
    enum status status = open_session(arena, store, id, actor, DECIDING, &line, &study, err);
    if (!status)
        status = find_item(store, id, item_key, &item, err);
    if (!status)
        status = ledger_make_line(arena, store, made, deed, err);
    if (status)
        return status;
    struct query *q = query_start(store, "INSERT INTO study_decision (line, item) VALUES (?1, ?2)");
    query_bind_int(q, 1, made->id);
    query_bind_int(q, 2, item);
    (void)query_row(q);
    status = query_end(q, err);
    json_t *data = json_object();
    (void)json_object_set_new(data, "line", ledger_json_id('L', made->id));
    if (!status)
        return ledger_record(store, id, "line.decided", data, deed, err);
    json_decref(data);
    return status;
}
