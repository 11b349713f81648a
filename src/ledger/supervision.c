/* Supervision kept; see supervision.h. */
#include "ledger/supervision.h"

#include "base/digest.h"
#include "ledger/key.h"

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_load_supervision(struct store *store, int64_t line, struct supervision *s,
                                    struct error *err)
{
    struct query *q =
        query_start(store, "SELECT state, rhythm, assigned_day, signed_day, fed_day, fault_day,"
                           " told_by FROM supervision WHERE line = ?1");
    query_bind_int(q, 1, line);
    *s = (struct supervision){.state = SUPERVISE_NONE};
    if (query_row(q))
        *s = (struct supervision){
            .state = supervise_state_named(query_str(q, 0)),
            .rhythm = rhythm_named(query_str(q, 1)),
            .assigned_day = query_int(q, 2),
            .signed_day = query_int(q, 3),
            .fed_day = query_int(q, 4),
            .fault_day = query_int(q, 5),
            .told_by = query_int(q, 6),
        };
    return query_end(q, err);
}

enum status ledger_list_parts(struct arena *arena, struct store *store, int64_t line,
                              struct supervision_part **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "WITH RECURSIVE tree (id, depth, path) AS ("
        " SELECT id, 0, printf('%010d', id) FROM supervision_part WHERE line = ?1 AND above IS NULL"
        " UNION ALL SELECT p.id, t.depth + 1, t.path || printf('%010d', p.id)"
        " FROM tree t JOIN supervision_part p ON p.above = t.id)"
        " SELECT p.id, p.key, p.above, p.unit, p.member, p.words, p.due_day, p.given_ms,"
        " p.signed_ms, p.done_ms, p.taken_ms, t.depth FROM tree t"
        " JOIN supervision_part p ON p.id = t.id ORDER BY t.path");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct supervision_part){
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .above = query_int(q, 2),
            .unit = query_int(q, 3),
            .member = query_int(q, 4),
            .words = str_copy(arena, query_str(q, 5)),
            .due_day = query_int(q, 6),
            .given_ms = query_int(q, 7),
            .signed_ms = query_int(q, 8),
            .done_ms = query_int(q, 9),
            .taken_ms = query_int(q, 10),
            .depth = (unsigned)query_int(q, 11),
        };
    }
    return query_end(q, err);
}

enum status ledger_list_supervision_acts(struct arena *arena, struct store *store, int64_t line,
                                         size_t most, struct supervision_entry **list,
                                         size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT act, member, day, made_ms, coalesce(progress, -1), words, shown"
                           " FROM supervision_act WHERE line = ?1 ORDER BY id DESC LIMIT ?2");
    *list = arena_array(arena, most, struct supervision_entry);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)most);
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct supervision_entry){
            .act = supervise_act_named(query_str(q, 0)),
            .member = query_int(q, 1),
            .day = query_int(q, 2),
            .made_ms = query_int(q, 3),
            .progress = query_int(q, 4),
            .words = str_copy(arena, query_str(q, 5)),
            .shown = str_copy(arena, query_str(q, 6)),
        };
    return query_end(q, err);
}

/* --- who is who ----------------------------------------------------------------------------------- */

/* Whether a part was handed to them: by name, or to a unit that they head or, where nobody is named, belong to. */
static enum status is_partner(struct store *store, int64_t member, int64_t part, bool *is,
                              struct error *err)
{
    struct query *q = query_start(
        store, "SELECT p.member IS ?2 OR u.head IS ?2 OR (p.member IS NULL AND EXISTS"
               " (SELECT 1 FROM unit_member m WHERE m.unit = p.unit AND m.member = ?2))"
               " FROM supervision_part p LEFT JOIN unit u ON u.id = p.unit WHERE p.id = ?1");
    query_bind_int(q, 1, part);
    query_bind_int(q, 2, member);
    *is = query_row(q) && query_int(q, 0);
    return query_end(q, err);
}

#define WHO(who) (1U << SUPERVISE_WHO_##who)

/* `is` as in may.h. Nobody checks what they answer for, or said themselves. */
static unsigned stand(unsigned is, int64_t member, int64_t told_by)
{
    bool holds = is & (LEDGER_LEADS | LEDGER_HEADS);
    bool apart = !holds && member != told_by;
    unsigned who = 0;
    if (is & LEDGER_EDITS)
        who |= WHO(KEEPER) | WHO(GIVER);
    if (holds)
        who |= WHO(HOLDER) | WHO(WORKER) | WHO(GIVER);
    if (is & LEDGER_OF_UNIT)
        who |= WHO(WORKER);
    if (apart && is & (LEDGER_EDITS | LEDGER_INSPECTS))
        who |= WHO(CHECKER);
    if (apart && is & LEDGER_EDITS)
        who |= WHO(STRIKER);
    return who;
}

/* What somebody is in the rules, to the line and to a part (NULL: none); `above` is the part whose holder gives it. */
static enum status stand_to(struct store *store, const struct ledger_person *person, int64_t line,
                            const struct supervision *s, int64_t part, int64_t above, unsigned *who,
                            struct error *err)
{
    unsigned is = 0;
    bool partner = false;
    bool giver = false;
    enum status status = ledger_stand_to(store, person, line, &is, err);
    if (!status && part)
        status = is_partner(store, person->member, part, &partner, err);
    if (!status && above)
        status = is_partner(store, person->member, above, &giver, err);
    *who = stand(is, person->member, s->told_by) | (partner ? WHO(PARTNER) : 0U) |
           (giver ? WHO(GIVER) : 0U);
    return status;
}

static bool is_of_part(enum supervise_act act)
{
    return act == SUPERVISE_SIGN_PART || act == SUPERVISE_END_PART || act == SUPERVISE_TAKE_PART;
}

/* What a part's own state allows; of the line itself all. */
static unsigned met_by_part(const struct supervision_part *part)
{
    if (!part)
        return SUPERVISE_NEEDS_SIGNED;
    if (part->taken_ms || part->done_ms)
        return 0;
    return part->signed_ms ? SUPERVISE_NEEDS_SIGNED : SUPERVISE_NEEDS_UNSIGNED;
}

/* An act on a part, or the handing on of a further one from it, is possible while the part is. */
static bool suits_part(enum supervise_act act, const struct supervision_part *part)
{
    unsigned stage = SUPERVISE_NEEDS_UNSIGNED | SUPERVISE_NEEDS_SIGNED;
    if (act == SUPERVISE_SHARE)
        return met_by_part(part) & SUPERVISE_NEEDS_SIGNED;
    if (!is_of_part(act))
        return !part;
    unsigned needs = supervise_rules[act].needs & stage;
    return part && met_by_part(part) && (!needs || needs & met_by_part(part));
}

enum status ledger_supervision_acts(struct store *store, const struct ledger_person *person,
                                    int64_t line, const struct supervision *s,
                                    const struct supervision_part *part, unsigned *acts,
                                    struct error *err)
{
    unsigned who = 0;
    unsigned sharer = 0;
    enum status status =
        stand_to(store, person, line, s, part ? part->id : 0, part ? part->above : 0, &who, err);
    if (!status)
        status = stand_to(store, person, line, s, 0, part ? part->id : 0, &sharer, err);
    *acts = 0;
    for (int i = 0; !status && i < SUPERVISE_ACTS; i++) {
        const struct machine_rule *rule = &supervise_rules[i];
        unsigned is = i == SUPERVISE_SHARE ? sharer : who;
        if (rule->from >> s->state & 1U && is >> rule->who & 1U &&
            suits_part((enum supervise_act)i, part))
            *acts |= 1U << i;
    }
    return status;
}

/* --- what an act meets ---------------------------------------------------------------------------- */

static enum status ask(struct store *store, const char *sql, int64_t line, int64_t part,
                       int64_t *answer, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, part);
    *answer = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status find_needs(struct store *store, const struct line *line,
                              const struct supervision_deed *deed,
                              const struct supervision_part *part, unsigned *met, struct error *err)
{
    int64_t parts = 0;
    int64_t files = 0;
    enum status status =
        ask(store,
            "SELECT count(*) FROM supervision_part WHERE line = ?1 AND above IS nullif(?2, 0)"
            " AND done_ms IS NULL AND taken_ms IS NULL",
            line->id, part ? part->id : 0, &parts, err);
    if (!status)
        status = ask(
            store,
            "SELECT count(*) FROM line_file f WHERE f.line = ?1 AND f.removed_ms IS NULL"
            " AND ?2 = 0 AND f.about IN ('', 'supervision') AND f.added_ms >= (SELECT coalesce(max(made_ms), 0)"
            " FROM supervision_act WHERE line = ?1 AND act IN ('sign', 'return',"
            " 'reopen'))",
            line->id, 0, &files, err);
    *met = met_by_part(part);
    *met |= str_trim(deed->words).len ? SUPERVISE_NEEDS_WORDS : 0U;
    *met |= line->state == LINE_ACTIVE && line->due_day ? SUPERVISE_NEEDS_DUE : 0U;
    *met |= line->unit || line->lead ? SUPERVISE_NEEDS_ANSWERER : 0U;
    *met |= files || str_trim(deed->shown).len ? SUPERVISE_NEEDS_EVIDENCE : 0U;
    *met |= parts ? 0U : SUPERVISE_NEEDS_PARTS;
    return status;
}

enum status ledger_may_remove_shown(struct store *store, int64_t line, struct str about,
                                    struct error *err)
{
    struct supervision s;
    enum status status = ledger_load_supervision(store, line, &s, err);
    bool shown = s.state == SUPERVISE_REPORTED || s.state == SUPERVISE_CHECKED ||
                 s.state == SUPERVISE_STRUCK;
    if (!status && shown && str_equal(about, SUPERVISION_EVIDENCE))
        return error_set(err, STATUS_CONFLICT,
                         "What a line was said to be done with stays until it is worked on again.",
                         "报结时的佐证须保留，退回或恢复办理后方可移除。");
    return status;
}

static enum status check_deed(const struct supervision_deed *deed, struct error *err)
{
    if (!ledger_is_text(deed->words, SUPERVISION_WORDS_MAX) ||
        !ledger_is_text(deed->shown, SUPERVISION_WORDS_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         SUPERVISION_WORDS_MAX);
    if (deed->act == SUPERVISE_SHARE && !deed->unit && !deed->member)
        return error_set(err, STATUS_INPUT, "Say to which unit or whom it is handed on.",
                         "请选择承办单位或承办人。");
    if (is_of_part(deed->act) && !deed->part.len)
        return error_set(err, STATUS_INPUT, "Say which part.", "请选择分办事项。");
    if (deed->rhythm == RHYTHMS)
        return error_set(err, STATUS_INPUT, "Choose how often feedback is due.",
                         "请选择反馈周期。");
    return STATUS_OK;
}

/* A project, a joint review … is done when its own procedure says so: it is struck off after that, and opened again
 * there first. *own: whether it has none, and its state follows supervision. */
static enum status check_machine(struct store *store, const struct line *line,
                                 const struct supervision_deed *deed, bool *own, struct error *err)
{
    const char *words;
    enum status status = ledger_find_machine(store, line->id, LANG_EN, &words, err);
    *own =
        !words && line->kind != LEDGER_PROJECT; /* one that was never proposed is not done either */
    if (status || *own)
        return status;
    if (deed->act == SUPERVISE_STRIKE && line->state != LINE_DONE)
        return error_set(err, STATUS_CONFLICT, "It is not done yet by its own procedure.",
                         "该事项尚未按自身程序办结，不能销号。");
    if (deed->act == SUPERVISE_REOPEN && line->state != LINE_ACTIVE)
        return error_set(err, STATUS_CONFLICT, "Open it again by its own procedure first.",
                         "请先按该事项自身程序恢复办理。");
    return STATUS_OK;
}

/* --- what an act makes of it ---------------------------------------------------------------------- */

static void change(struct supervision *s, const struct supervision_deed *deed)
{
    if (supervise_rules[deed->act].to != SUPERVISE_NONE)
        s->state = supervise_rules[deed->act].to;
    switch (deed->act) {
    case SUPERVISE_ENTER:
        *s = (struct supervision){.state = s->state, .rhythm = deed->rhythm};
        break;
    case SUPERVISE_RHYTHM:
        s->rhythm = deed->rhythm;
        break;
    case SUPERVISE_ASSIGN:
        s->assigned_day = deed->today;
        break;
    case SUPERVISE_SIGN:
        s->signed_day = deed->today;
        break;
    case SUPERVISE_FEED:
        s->fed_day = deed->today;
        break;
    case SUPERVISE_FAULT:
        s->fault_day = deed->today;
        break;
    case SUPERVISE_REPORT:
        s->told_by = deed->actor;
        break;
    case SUPERVISE_RETURN:
        s->fault_day = deed->today;
        s->told_by = 0;
        break;
    default:
        break;
    }
}

static enum status keep(struct store *store, int64_t line, const struct supervision *s,
                        struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR REPLACE INTO supervision (line, state, rhythm, assigned_day,"
                           " signed_day, fed_day, fault_day, told_by)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(supervise_state_name(s->state)));
    query_bind_str(q, 3, str_of(rhythm_name(s->rhythm)));
    query_bind_int_or_null(q, 4, s->assigned_day);
    query_bind_int_or_null(q, 5, s->signed_day);
    query_bind_int_or_null(q, 6, s->fed_day);
    query_bind_int_or_null(q, 7, s->fault_day);
    query_bind_int_or_null(q, 8, s->told_by);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_act(struct store *store, int64_t line, int64_t part,
                            const struct supervision_deed *deed, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO supervision_act (line, act, part, member, day, made_ms, progress,"
               " words, shown) VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, -1), ?8, ?9)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(supervise_act_name(deed->act)));
    query_bind_int_or_null(q, 3, part);
    query_bind_int(q, 4, deed->actor);
    query_bind_int(q, 5, deed->today);
    query_bind_int(q, 6, now_ms);
    query_bind_int(q, 7, deed->act == SUPERVISE_FEED ? deed->progress : -1);
    query_bind_str(q, 8, str_trim(deed->words));
    query_bind_str(q, 9, deed->act == SUPERVISE_REPORT ? str_trim(deed->shown) : STR(""));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status add_part(struct arena *arena, struct store *store, int64_t line, int64_t above,
                            const struct supervision_deed *deed, int64_t now_ms, struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO supervision_part (key, line, above, unit, member, words,"
                           " due_day, given_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, line);
    query_bind_int_or_null(q, 3, above);
    query_bind_int_or_null(q, 4, deed->unit);
    query_bind_int_or_null(q, 5, deed->member);
    query_bind_str(q, 6, str_trim(deed->words));
    query_bind_int_or_null(q, 7, deed->due_day);
    query_bind_int(q, 8, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* What is taken back is taken from all levels below as well. */
static enum status change_part(struct store *store, int64_t part, enum supervise_act act,
                               int64_t now_ms, struct error *err)
{
    const char *sql =
        act == SUPERVISE_SIGN_PART  ? "UPDATE supervision_part SET signed_ms = ?2 WHERE id = ?1"
        : act == SUPERVISE_END_PART ? "UPDATE supervision_part SET done_ms = ?2 WHERE id = ?1"
                                    : "UPDATE supervision_part SET taken_ms = ?2 WHERE"
                                      " taken_ms IS NULL AND id IN (WITH RECURSIVE tree (id) AS ("
                                      " SELECT ?1 UNION SELECT p.id FROM supervision_part p"
                                      " JOIN tree t ON p.above = t.id) SELECT id FROM tree)";
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, part);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* Feedback moves the line's progress; what is struck off is done, and what is opened again under way, where `own`. */
static enum status change_line(struct store *store, const struct line *line, bool own,
                               const struct supervision_deed *deed, const struct ledger_deed *said,
                               struct error *err)
{
    struct line_change changes[2];
    size_t count = 0;
    if (deed->act == SUPERVISE_FEED && deed->progress >= 0)
        changes[count++] = (struct line_change){.field = LINE_PROGRESS, .number = deed->progress};
    if (deed->act == SUPERVISE_STRIKE && own) {
        changes[count++] = (struct line_change){.field = LINE_PROGRESS, .number = 100};
        changes[count++] = (struct line_change){.field = LINE_STATE, .number = LINE_DONE};
    }
    if (deed->act == SUPERVISE_REOPEN && own)
        changes[count++] = (struct line_change){.field = LINE_STATE, .number = LINE_ACTIVE};
    return count ? ledger_change_line(store, line->id, changes, count, said, err) : STATUS_OK;
}

static json_t *data_of(const struct supervision_deed *deed)
{
    json_t *data = json_object();
    (void)json_object_set_new(data, "act", json_string(supervise_act_name(deed->act)));
    if (deed->act == SUPERVISE_ENTER || deed->act == SUPERVISE_RHYTHM)
        (void)json_object_set_new(data, "rhythm", json_string(rhythm_name(deed->rhythm)));
    if (deed->act == SUPERVISE_SHARE) {
        (void)json_object_set_new(data, "unit", ledger_json_id('U', deed->unit));
        (void)json_object_set_new(data, "member", ledger_json_id('M', deed->member));
    }
    return data;
}

static enum status find_part(struct arena *arena, struct store *store, int64_t line, struct str key,
                             struct supervision_part **part, struct error *err)
{
    struct supervision_part *list;
    size_t count;
    *part = NULL;
    if (!key.len)
        return STATUS_OK;
    enum status status = ledger_list_parts(arena, store, line, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        if (str_equal(list[i].key, key))
            *part = &list[i];
    if (!status && !*part)
        return error_set(err, STATUS_MISSING, "There is no such part.", "没有该分办事项。");
    return status;
}

static enum status allow(struct store *store, const struct line *line, const struct supervision *s,
                         const struct supervision_deed *deed, const struct supervision_part *part,
                         struct error *err)
{
    struct machine_facts facts = {0};
    struct ledger_person person = {.member = deed->actor};
    bool shares = deed->act == SUPERVISE_SHARE;
    int64_t id = part ? part->id : 0;
    int64_t above = part ? part->above : 0;
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = stand_to(store, &person, line->id, s, shares ? 0 : id, shares ? id : above,
                          &facts.is, err);
    if (!status)
        status = find_needs(store, line, deed, part, &facts.met, err);
    if (!status)
        status = supervise_allow(s->state, deed->act, facts, err);
    if (!status && !suits_part(deed->act, part))
        return error_set(err, STATUS_CONFLICT, "That part is done, taken back or not signed for.",
                         "该分办事项已办结、已收回或尚未签收。");
    return status;
}

enum status ledger_supervise(struct arena *arena, struct store *store, int64_t id,
                             const struct supervision_deed *deed, int64_t now_ms, struct error *err)
{
    struct line line;
    struct supervision s;
    struct supervision_part *part = NULL;
    bool own = true;
    struct ledger_deed said = {.now_ms = now_ms, .why = str_trim(deed->words)};
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = ledger_load_supervision(store, id, &s, err);
    if (!status)
        status = find_part(arena, store, id, deed->part, &part, err);
    if (!status)
        status = allow(store, &line, &s, deed, part, err);
    if (!status)
        status = check_deed(deed, err);
    if (!status)
        status = check_machine(store, &line, deed, &own, err);
    if (status)
        return status;
    change(&s, deed);
    status = keep(store, id, &s, err);
    if (!status)
        status = keep_act(store, id, part ? part->id : 0, deed, now_ms, err);
    if (!status && deed->act == SUPERVISE_SHARE)
        status = add_part(arena, store, id, part ? part->id : 0, deed, now_ms, err);
    if (!status && is_of_part(deed->act))
        status = change_part(store, part->id, deed->act, now_ms, err);
    if (!status)
        status = change_line(store, &line, own, deed, &said, err);
    return status ? status
                  : ledger_record(store, id, "line.supervision", data_of(deed), &said, err);
}
