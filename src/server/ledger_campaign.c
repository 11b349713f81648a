/* Campaigns joined; see ledger_campaign.h. */
#include "server/ledger_campaign.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "server/ledger_notices.h"

enum status ledger_open_campaign(struct request *rq, struct str key, enum ledger_deed_kind deed,
                                 struct campaign_sight *s, struct error *err)
{
    const struct workdays *calendar = NULL;
    enum status status = ledger_open(rq, key, deed, &s->seen, err);
    if (!status && s->seen.line.kind != LEDGER_CAMPAIGN)
        return error_set(err, STATUS_MISSING, "This line is no campaign.", "该条目不是攻坚行动。");
    s->today = calendar_day_of(rq->now_ms);
    if (!status)
        status = ledger_notices_calendar(rq->arena, rq->store, &calendar, err);
    if (!status)
        status = ledger_load_campaign(rq->arena, rq->store, &s->seen.line, calendar, s->today,
                                      &s->kept, err);
    const struct campaign *c = &s->kept.campaign;
    s->dated = !status && c->first && c->last && c->last - c->first < CAMPAIGN_DAYS_MAX;
    if (s->dated) {
        s->clock = campaign_clock_on(calendar, c->first, c->last, s->today);
        s->ncourse = campaign_course(rq->arena, c, &s->course);
    }
    return status;
}

int64_t campaign_last_known(const struct campaign_sight *s)
{
    const struct campaign *c = &s->kept.campaign;
    return s->dated && c->known >= c->first ? c->known : 0;
}

struct campaign_point campaign_standing(const struct campaign_sight *s)
{
    int64_t day = campaign_last_known(s);
    return day ? s->course[day - s->kept.campaign.first] : (struct campaign_point){0};
}

int64_t campaign_part(int64_t part, int64_t scope)
{
    return scope ? CAMPAIGN_WHOLE * part / scope : 0;
}

static enum status name_unit(struct request *rq, int64_t id, struct str *name, struct str *path,
                             struct error *err)
{
    struct unit unit = {0};
    enum status status = ledger_find_unit_by_id(rq->arena, rq->store, id, &unit, err);
    *name = unit.name;
    *path = str_format(rq->arena, "/ledger/units/%.*s", STR_ARG(unit.key));
    return status;
}

static void name_line(struct request *rq, const struct campaign_sight *s, int64_t id,
                      struct str *name, struct str *path)
{
    for (size_t i = 0; i < s->kept.nentries; i++) {
        const struct line *line = &s->kept.entries[i].line;
        if (line->id != id)
            continue;
        *name = str_format(rq->arena, "%.*s %.*s", STR_ARG(line->number), STR_ARG(line->title));
        *path = ledger_path(rq, line->key, "");
    }
}

enum status campaign_name_place(struct request *rq, const struct campaign_sight *s,
                                const struct campaign_place *place, struct str *name,
                                struct str *path, struct error *err)
{
    *path = STR("");
    *name = request_words(rq, "(nobody named)", "（未指定）");
    if (!place->of)
        return STATUS_OK;
    if (s->kept.over == CAMPAIGN_UNITS)
        return name_unit(rq, place->of, name, path, err);
    if (s->kept.over == CAMPAIGN_LEADS)
        return ledger_member_name(rq, place->of, name, err);
    name_line(rq, s, place->of, name, path);
    return STATUS_OK;
}

struct str campaign_percent(const struct request *rq, int64_t thousandths)
{
    return str_format(rq->arena, "%s%lld.%lld%%", thousandths < 0 ? "-" : "",
                      llabs((long long)thousandths) / 10, llabs((long long)thousandths) % 10);
}

struct str campaign_points(const struct request *rq, int64_t thousandths)
{
    return str_format(rq->arena, "%lld.%lld", (long long)thousandths / CAMPAIGN_WHOLE,
                      (long long)thousandths / 100 % 10);
}
