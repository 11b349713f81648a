/* The numbers behind lights and notices; see limits.h. */
#include "ledger/limits.h"

#include "base/json.h"
#include "ledger/key.h"

const struct ledger_limits ledger_limits_default = {7, 20, 8, 18};

struct str ledger_with_limits(struct arena *arena, const struct ledger_limits *limits,
                              const char *rule)
{
    const struct {
        struct str name;
        int64_t value;
    } names[] = {
        {STR("{near}"), limits->near_days},
        {STR("{behind}"), limits->behind_points},
        {STR("{from}"), limits->from_hour},
        {STR("{until}"), limits->until_hour},
    };
    struct buf out = {.arena = arena};
    struct str rest = str_of(rule);
    buf_add(&out, STR(""));
    while (rest.len) {
        size_t skip = 1;
        for (size_t i = 0; skip == 1 && i < sizeof names / sizeof *names; i++)
            if (str_starts(rest, names[i].name)) {
                buf_format(&out, "%lld", (long long)names[i].value);
                skip = names[i].name.len;
            }
        if (skip == 1)
            buf_add_byte(&out, rest.at[0]);
        rest = str_slice(rest, skip, rest.len);
    }
    return buf_str(&out);
}

enum status ledger_load_limits(struct store *store, struct ledger_limits *limits, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT near_days, behind_points, from_hour, until_hour FROM ledger_limits");
    *limits = ledger_limits_default;
    if (query_row(q))
        *limits = (struct ledger_limits){query_int(q, 0), query_int(q, 1), query_int(q, 2),
                                         query_int(q, 3)};
    return query_end(q, err);
}

static enum status check(const struct ledger_limits *l, struct error *err)
{
    if (l->near_days < 1 || l->near_days > LIMITS_NEAR_MOST)
        return error_set(err, STATUS_INPUT, "A day is near from 1 to %d days before it.",
                         "临期天数应为 1 至 %d。", LIMITS_NEAR_MOST);
    if (l->behind_points < 1 || l->behind_points > 100)
        return error_set(err, STATUS_INPUT, "What is behind misses from 1 to 100 points.",
                         "落后百分点应为 1 至 100。");
    if (l->from_hour < 0 || l->until_hour > 24 || l->from_hour >= l->until_hour)
        return error_set(err, STATUS_INPUT,
                         "Notices are given between two hours of a day, the earlier first.",
                         "督办单发出时段应为一天之内，起始时间须早于结束时间。");
    return STATUS_OK;
}

static json_t *differences(const struct ledger_limits *was, const struct ledger_limits *is)
{
    const struct {
        const char *name;
        int64_t was, is;
    } fields[] = {
        {"near_days", was->near_days, is->near_days},
        {"behind_points", was->behind_points, is->behind_points},
        {"from_hour", was->from_hour, is->from_hour},
        {"until_hour", was->until_hour, is->until_hour},
    };
    json_t *data = json_object();
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].was != fields[i].is)
            json_object_set_new(
                data, fields[i].name,
                json_pack("[I, I]", (json_int_t)fields[i].was, (json_int_t)fields[i].is));
    if (json_object_size(data))
        return data;
    json_decref(data);
    return NULL;
}

static enum status write_limits(struct store *store, const struct ledger_limits *l,
                                struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE ledger_limits SET near_days = ?1, behind_points = ?2, from_hour = ?3,"
               " until_hour = ?4");
    query_bind_int(q, 1, l->near_days);
    query_bind_int(q, 2, l->behind_points);
    query_bind_int(q, 3, l->from_hour);
    query_bind_int(q, 4, l->until_hour);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : store_run(store, "UPDATE supervision_round SET next_ms = 0", err);
}

enum status ledger_set_limits(struct store *store, const struct ledger_limits *limits,
                              const struct ledger_deed *deed, struct error *err)
{
    struct ledger_limits was;
    enum status status = check(limits, err);
    if (!status)
        status = ledger_load_limits(store, &was, err);
    json_t *data = status ? NULL : differences(&was, limits);
    if (!data)
        return status;
    if (deed->why.len)
        json_object_set_new(data, "why", str_to_json(deed->why));
    status = write_limits(store, limits, err);
    if (status) {
        json_decref(data);
        return status;
    }
    return ledger_add_event(store, "ledger.limits", 'T', 0, data, err);
}
