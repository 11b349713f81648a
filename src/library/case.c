/* Cases found and listed, and the gate that every act goes through; see case.h. */
#include "library/case.h"

#include <inttypes.h>
#include <stdio.h>

#include "library/case_steps.h"

/* --- found -------------------------------------------------------------------------------------- */

#define CASE_COLUMNS                                                      \
    "SELECT c.id, c.key, c.state, c.opened_ms, c.changed_ms,"             \
    " coalesce(d.id, 0), coalesce(d.proposer, 0), coalesce(d.second, 0)," \
    " coalesce((SELECT r.kind FROM report r WHERE r.case_file = c.id ORDER BY r.id LIMIT 1), 'leak')"
#define CASE_NCOLUMNS 9
#define CASE_FROM \
    " FROM case_file c LEFT JOIN decision d ON d.id = (SELECT max(l.id) FROM decision l WHERE l.case_file = c.id)"

static void read_case(struct arena *arena, struct query *q, struct case_file *c)
{
    *c = (struct case_file){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .state = case_state_named(query_str(q, 2)),
        .opened_ms = query_int(q, 3),
        .changed_ms = query_int(q, 4),
        .decision = query_int(q, 5),
        .proposer = query_int(q, 6),
        .second = query_int(q, 7),
        .kind = str_copy(arena, query_str(q, 8)),
    };
}

static enum status missing(struct error *err)
{
    return error_set(err, STATUS_MISSING, "There is no such case.", "没有这个案件。");
}

enum status case_find(struct arena *arena, struct store *store, struct str key, int64_t viewer,
                      struct case_file *found, struct error *err)
{
    struct query *q = query_start(store, CASE_COLUMNS CASE_FROM
                                  " WHERE c.key = ?1 AND NOT " CASE_ACCUSES_SQL("c.id", "?2"));
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, viewer);
    bool there = query_row(q);
    if (there)
        read_case(arena, q, found);
    enum status status = query_end(q, err);
    return status || there ? status : missing(err);
}

enum status case_find_by_id(struct arena *arena, struct store *store, int64_t id,
                            struct case_file *found, struct error *err)
{
    struct query *q = query_start(store, CASE_COLUMNS CASE_FROM " WHERE c.id = ?1");
    query_bind_int(q, 1, id);
    bool there = query_row(q);
    if (there)
        read_case(arena, q, found);
    enum status status = query_end(q, err);
    return status || there ? status : missing(err);
}

/* Whether an act that leads on is the viewer's (?1): to propose, to confirm, to hear an appeal. */
#define WAITS_SQL                                                                                  \
    "NOT " CASE_REPORTED_SQL(                                                                      \
        "c.id",                                                                                    \
        "?1") " AND (c.state = 'open'"                                                             \
              " OR (c.state = 'proposed' AND d.proposer <> ?1)"                                    \
              " OR (c.state = 'decided' AND ?1 NOT IN (d.proposer, d.second) AND EXISTS (SELECT 1" \
              "  FROM sanction w WHERE w.case_file = c.id AND w.state = 'appealed')))"

enum status case_list(struct arena *arena, struct store *store, int64_t viewer,
                      enum case_state state, int64_t skip, int64_t most, struct case_line **list,
                      size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, CASE_COLUMNS
        ", (SELECT count(*) FROM report n WHERE n.case_file = c.id),"
        " (SELECT count(*) FROM case_exhibit n WHERE n.case_file = c.id),"
        " (SELECT count(*) FROM case_finding n WHERE n.case_file = c.id),"
        " (SELECT count(*) FROM case_accused n WHERE n.case_file = c.id),"
        " (SELECT count(*) FROM sanction n WHERE n.case_file = c.id AND n.state = 'appealed')"
        ", " WAITS_SQL CASE_FROM " WHERE (?2 = 'none' OR c.state = ?2)"
        " AND NOT " CASE_ACCUSES_SQL(
            "c.id", "?1") " ORDER BY c.changed_ms DESC, c.id DESC LIMIT ?4 OFFSET ?3");
    *list = arena_array(arena, (size_t)most, struct case_line);
    *count = 0;
    query_bind_int(q, 1, viewer);
    query_bind_str(q, 2, str_of(case_state_name(state)));
    query_bind_int(q, 3, skip);
    query_bind_int(q, 4, most);
    while (query_row(q)) {
        struct case_line *line = &(*list)[(*count)++];
        read_case(arena, q, &line->file);
        line->reports = query_int(q, CASE_NCOLUMNS);
        line->exhibits = query_int(q, CASE_NCOLUMNS + 1);
        line->findings = query_int(q, CASE_NCOLUMNS + 2);
        line->accused = query_int(q, CASE_NCOLUMNS + 3);
        line->appeals = query_int(q, CASE_NCOLUMNS + 4);
        line->waits_for_me = query_int(q, CASE_NCOLUMNS + 5) != 0;
    }
    return query_end(q, err);
}

enum status case_count_deciders(struct store *store, int64_t file, int64_t *count,
                                struct error *err)
{
    struct query *q =
        query_start(store, "SELECT count(*) FROM account a WHERE " CASE_STEWARD_SQL(
                               "a.member") " AND NOT " CASE_ACCUSES_SQL("?1", "a.member"));
    query_bind_int(q, 1, file);
    *count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

/* --- the gate ----------------------------------------------------------------------------------- */

/* What the gate asks about: the case as it stands now, and what the actor is to it. */
struct asked {
    enum case_state state, sanction_state;
    int64_t decision, proposer, second, sanctioned, appeal_until_ms;
    bool steward, accused, reported, measures, unsettled;
};

static enum status load_asked(struct store *store, const struct case_going *g, struct asked *a,
                              struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT c.state, coalesce(d.id, 0), coalesce(d.proposer, 0), coalesce(d.second, 0),"
        " coalesce(s.state, ''), coalesce(s.member, 0), coalesce(s.appeal_until_ms, 0),"
        " " CASE_STEWARD_SQL("?3") ", " CASE_ACCUSES_SQL("c.id", "?3") ", " CASE_REPORTED_SQL(
            "c.id",
            "?3") ", EXISTS (SELECT 1 FROM decision_member m"
                  "  WHERE m.decision = d.id AND m.measure <> 'none'),"
                  " EXISTS (SELECT 1 FROM sanction u WHERE u.case_file = c.id"
                  "  AND u.state IN ('standing', 'appealed'))" CASE_FROM
                  " LEFT JOIN sanction s ON s.id = ?2 AND s.case_file = c.id WHERE c.id = ?1");
    query_bind_int(q, 1, g->file);
    query_bind_int(q, 2, g->sanction);
    query_bind_int(q, 3, g->actor);
    bool found = query_row(q);
    if (found)
        *a = (struct asked){
            .state = case_state_named(query_str(q, 0)),
            .decision = query_int(q, 1),
            .proposer = query_int(q, 2),
            .second = query_int(q, 3),
            .sanction_state = case_state_named(query_str(q, 4)),
            .sanctioned = query_int(q, 5),
            .appeal_until_ms = query_int(q, 6),
            .steward = query_int(q, 7) != 0,
            .accused = query_int(q, 8) != 0,
            .reported = query_int(q, 9) != 0,
            .measures = query_int(q, 10) != 0,
            .unsettled = query_int(q, 11) != 0,
        };
    enum status status = query_end(q, err);
    return status || found ? status : missing(err);
}

static enum status refuse_decider(const struct asked *a, struct error *err)
{
    if (a->reported)
        return error_set(err, STATUS_FORBIDDEN,
                         "You reported this yourself, so others decide about it.",
                         "您是本案举报人，须由其他管理员处理。");
    return STATUS_OK;
}

/* Whether the actor is who the row asks for. */
static enum status check_who(const struct asked *a, enum case_who who, int64_t actor,
                             struct error *err)
{
    if (who == CASE_WHO_MEMBER || who == CASE_WHO_TIME)
        return STATUS_OK;
    if (who == CASE_WHO_ACCUSED)
        return actor && actor == a->sanctioned ? STATUS_OK : missing(err);
    if (a->accused)
        return missing(err);
    if (!a->steward)
        return error_set(err, STATUS_FORBIDDEN, "Only a steward may do this.",
                         "只有管理员可以进行此操作。");
    if (who == CASE_WHO_STEWARD)
        return STATUS_OK;
    if (who == CASE_WHO_PROPOSER)
        return actor == a->proposer
                   ? STATUS_OK
                   : error_set(err, STATUS_FORBIDDEN, "Only who made the proposal withdraws it.",
                               "只有提出意见的管理员可以撤回。");
    if (who == CASE_WHO_SECOND && actor == a->proposer)
        return error_set(err, STATUS_FORBIDDEN,
                         "You made this proposal; a second steward confirms it or sends it back.",
                         "该意见由您提出，须由另一位管理员确认或退回。");
    if (who == CASE_WHO_THIRD && (actor == a->proposer || actor == a->second))
        return error_set(err, STATUS_FORBIDDEN,
                         "You are one of the two who decided; another steward hears the appeal.",
                         "您参与了原决定，申诉须由其他管理员审理。");
    return refuse_decider(a, err);
}

static enum status check_needs(const struct asked *a, unsigned needs, int64_t now_ms,
                               struct error *err)
{
    bool left = now_ms < a->appeal_until_ms;
    if (((needs & CASE_NEEDS_SANCTION) && !a->measures) ||
        ((needs & CASE_NEEDS_NO_SANCTION) && a->measures))
        return error_set(err, STATUS_CONFLICT, "The proposal says otherwise; please look again.",
                         "处理意见与此不符，请重新查看。");
    if ((needs & CASE_NEEDS_TIME_LEFT) && !left)
        return error_set(err, STATUS_CONFLICT, "The time to appeal has run out.", "申诉期已过。");
    if (((needs & CASE_NEEDS_TIME_OVER) && left) ||
        ((needs & CASE_NEEDS_ALL_SETTLED) && a->unsettled))
        return error_set(err, STATUS_CONFLICT, "It is not time for this yet.", "时机未到。");
    return STATUS_OK;
}

static const struct case_rule *find_rule(enum case_act act, enum case_state from)
{
    for (size_t i = 0; i < case_rule_count; i++)
        if (case_rules[i].act == act && (case_rules[i].from & CASE_STATE_BIT(from)))
            return &case_rules[i];
    return NULL;
}

static enum status refuse_in_state(enum case_state state, struct error *err)
{
    struct error cause;
    (void)error_about(&cause, STATUS_CONFLICT, case_state_words(state, LANG_EN),
                      case_state_words(state, LANG_ZH), ".", "。");
    return error_within(err, &cause,
                        "This can't be done now. The state is: ", "目前不能进行此操作，当前状态：");
}

static enum status gate(struct case_going *g, const struct case_rule **rule, struct error *err)
{
    struct asked a = {0};
    enum status status = load_asked(g->store, g, &a, err);
    if (status)
        return status;
    g->from = g->sanction ? a.sanction_state : a.state;
    g->decision = a.decision;
    g->proposer = a.proposer;
    g->second = a.second;
    *rule = find_rule(g->act, g->act == CASE_ACT_TELL ? CASE_NONE : g->from);
    bool stranger = g->actor && g->actor != a.sanctioned && (a.accused || !a.steward);
    if (!*rule && stranger)
        return missing(err);
    if (!*rule)
        return refuse_in_state(g->from, err);
    g->to = (*rule)->to == CASE_NONE ? g->from : (*rule)->to;
    status = check_who(&a, (*rule)->who, g->actor, err);
    return status ? status : check_needs(&a, (*rule)->needs, g->now_ms, err);
}

enum status case_allow(struct store *store, int64_t file, int64_t sanction, enum case_act act,
                       int64_t actor, int64_t now_ms, struct error *err)
{
    const struct case_rule *rule;
    struct case_going g = {.store = store,
                           .file = file,
                           .sanction = sanction,
                           .actor = actor,
                           .now_ms = now_ms,
                           .act = act};
    return gate(&g, &rule, err);
}

enum status case_pass(struct case_going *going, struct error *err)
{
    const struct case_rule *rule;
    enum status status = gate(going, &rule, err);
    going->words = str_trim(going->words);
    if (!status && (rule->needs & CASE_NEEDS_WORDS) && !going->words.len)
        return error_set(err, STATUS_INPUT, "Please give your reason in words.",
                         "请填写书面理由。");
    return status;
}

/* --- the record --------------------------------------------------------------------------------- */

static enum status put_state(const struct case_going *g, struct error *err)
{
    struct query *q = query_start(
        g->store, g->sanction
                      ? "UPDATE sanction SET state = ?2, settled_ms = CASE WHEN ?2 IN ('upheld',"
                        " 'lifted') THEN ?3 END WHERE id = ?1"
                      : "UPDATE case_file SET state = ?2 WHERE id = ?1 AND ?3 > 0");
    query_bind_int(q, 1, g->sanction ? g->sanction : g->file);
    query_bind_str(q, 2, str_of(case_state_name(g->to)));
    query_bind_int(q, 3, g->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status touch(const struct case_going *g, struct error *err)
{
    struct query *q = query_start(g->store, "UPDATE case_file SET changed_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, g->file);
    query_bind_int(q, 2, g->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert_step(const struct case_going *g, struct error *err)
{
    struct query *q = query_start(
        g->store, "INSERT INTO case_step (case_file, sanction, act, actor, from_state, to_state,"
                  " words, time_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_int(q, 1, g->file);
    query_bind_int_or_null(q, 2, g->sanction);
    query_bind_str(q, 3, str_of(case_act_name(g->act)));
    query_bind_int_or_null(q, 4, g->actor);
    query_bind_str(q, 5, str_of(case_state_name(g->from)));
    query_bind_str(q, 6, str_of(case_state_name(g->to)));
    query_bind_str(q, 7, g->words);
    query_bind_int(q, 8, g->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* Time has no name, and who reported is not to be named. */
static const char *actor_of(const struct case_going *g)
{
    if (g->act == CASE_ACT_FILE && !g->actor)
        return "owner"; /* at the machine */
    return g->actor ? "steward" : g->act == CASE_ACT_REPORT ? "member" : "server";
}

static enum status add_event(const struct case_going *g, json_t *data, struct error *err)
{
    char kind[32];
    (void)snprintf(kind, sizeof kind, "case.%s", case_act_name(g->act));
    if (g->sanction)
        json_object_set_new(data, "sanction", json_sprintf("X%" PRId64, g->sanction));
    if (g->to != g->from)
        json_object_set_new(data, "state", json_string(case_state_name(g->to)));
    return store_add_event_about(g->store, actor_of(g), kind, 'C', g->file, data, err);
}

enum status case_note_step(const struct case_going *g, json_t *data, struct error *err)
{
    json_t *said = data ? data : json_object();
    enum status status = g->to == g->from ? STATUS_OK : put_state(g, err);
    if (!status)
        status = touch(g, err);
    if (!status)
        status = insert_step(g, err);
    if (!status)
        return add_event(g, said, err);
    json_decref(said);
    return status;
}
