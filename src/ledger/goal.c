/* Goals in the store; see goal.h. */
#include "ledger/goal.h"

static const struct {
    const char *name, *en, *zh;
} NAMES[HORIZONS] = {
    [HORIZON_NONE] = {"", "Without a horizon", "未定"},
    [HORIZON_NEAR] = {"near", "Near term", "近期"},
    [HORIZON_MIDDLE] = {"middle", "Medium term", "中期"},
    [HORIZON_FAR] = {"far", "Long term", "远期"},
};

const char *goal_horizon_name(enum goal_horizon horizon)
{
    return NAMES[horizon].name;
}

bool goal_horizon_named(struct str name, enum goal_horizon *horizon)
{
    for (int i = 0; i < HORIZONS; i++) {
        if (str_equal(name, str_of(NAMES[i].name))) {
            *horizon = (enum goal_horizon)i;
            return true;
        }
    }
    return false;
}

const char *goal_horizon_word(enum goal_horizon horizon, enum lang lang)
{
    return lang_pick(lang, NAMES[horizon].en, NAMES[horizon].zh);
}

const char *goal_horizon_rule(enum lang lang)
{
    return lang_pick(lang,
                     "Unless said otherwise, a goal that is due within a year is near, within five "
                     "years medium, later long term.",
                     "未另行指定的，期限在一年以内为近期，五年以内为中期，其后为远期。");
}

enum goal_horizon goal_horizon_of(int64_t due_day, int64_t today)
{
    if (!due_day)
        return HORIZON_NONE;
    return due_day - today <= HORIZON_NEAR_DAYS     ? HORIZON_NEAR
           : due_day - today <= HORIZON_MIDDLE_DAYS ? HORIZON_MIDDLE
                                                    : HORIZON_FAR;
}

enum status ledger_load_horizon(struct store *store, int64_t line, enum goal_horizon *horizon,
                                struct error *err)
{
    struct query *q = query_start(store, "SELECT horizon FROM goal WHERE line = ?1");
    query_bind_int(q, 1, line);
    *horizon = HORIZON_NONE;
    if (query_row(q))
        (void)goal_horizon_named(query_str(q, 0), horizon);
    return query_end(q, err);
}

static enum status keep_horizon(struct store *store, int64_t line, enum goal_horizon horizon,
                                struct error *err)
{
    struct query *q =
        query_start(store, horizon ? "INSERT OR REPLACE INTO goal (line, horizon) VALUES (?1, ?2)"
                                   : "DELETE FROM goal WHERE line = ?1");
    query_bind_int(q, 1, line);
    if (horizon)
        query_bind_str(q, 2, str_of(NAMES[horizon].name));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status check_goal(struct store *store, int64_t line, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM line WHERE id = ?1 AND kind = 'goal'");
    query_bind_int(q, 1, line);
    bool is = query_row(q);
    enum status status = query_end(q, err);
    return status || is ? status
                        : error_set(err, STATUS_INPUT, "Only a goal has a horizon.",
                                    "仅目标分近期、中期、远期。");
}

enum status ledger_say_horizon(struct store *store, int64_t line, enum goal_horizon horizon,
                               const struct ledger_deed *deed, struct error *err)
{
    enum goal_horizon was;
    enum status status = check_goal(store, line, err);
    if (!status)
        status = ledger_load_horizon(store, line, &was, err);
    if (status || was == horizon)
        return status;
    status = keep_horizon(store, line, horizon, err);
    return status ? status
                  : ledger_record(
                        store, line, "line.horizon",
                        json_pack("{s:[s, s]}", "horizon", NAMES[was].name, NAMES[horizon].name),
                        deed, err);
}
