/* Campaigns kept; see campaigning.h. */
#include "ledger/campaigning.h"

#include "base/calendar.h"
#include "ledger/key.h"
#include "ledger/progress.h"
#include "ledger/rank.h"
#include "ledger/sum.h"

/* As LINE_REACHED_SQL. */
static int64_t reached(const struct line *line)
{
    return line->state == LINE_DONE ? 100 : line->progress;
}

/* --- read ----------------------------------------------------------------------------------------- */

static enum status load_rule(struct store *store, int64_t line, struct campaigning *c,
                             struct error *err)
{
    struct query *q = query_start(store, "SELECT rule, over FROM campaign WHERE line = ?1");
    query_bind_int(q, 1, line);
    c->rule = CAMPAIGN_BY_SHARE;
    c->over = CAMPAIGN_UNITS;
    if (query_row(q)) {
        c->rule = campaign_rule_named(query_str(q, 0));
        c->over = campaign_over_named(query_str(q, 1));
    }
    return query_end(q, err);
}

static void take_item(struct query *q, int column, struct campaign_item *item)
{
    *item = (struct campaign_item){
        .line = query_int(q, column),
        .from = query_int(q, column + 1),
        .aim = query_int(q, column + 2),
        .points = query_int(q, column + 3),
        .joined_day = query_int(q, column + 4),
        .left_day = query_int(q, column + 5),
    };
}
#define ITEM_COLUMNS "c.line, c.progress, c.aim, c.points, c.joined_day, c.left_day"

static enum status load_entries(struct arena *arena, struct store *store, int64_t campaign,
                                struct campaigning *c, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " LINE_COLUMNS("l") ", " ITEM_COLUMNS ", c.words, c.left_why, u.name"
                                           " FROM campaign_line c JOIN line l ON l.id = c.line"
                                           " LEFT JOIN unit u ON u.id = l.unit"
                                           " WHERE c.campaign = ?1 ORDER BY c.line, c.joined_day");
    query_bind_int(q, 1, campaign);
    while (query_row(q)) {
        size_t n = c->nentries++;
        int more = LINE_COLUMN_COUNT;
        c->items = arena_one_more(arena, c->items, n, sizeof *c->items);
        c->entries = arena_one_more(arena, c->entries, n, sizeof *c->entries);
        ledger_take_line(arena, q, &c->entries[n].line);
        take_item(q, more, &c->items[n]);
        c->entries[n].words = str_copy(arena, query_str(q, more + 6));
        c->entries[n].left_why = str_copy(arena, query_str(q, more + 7));
        c->entries[n].unit = str_copy(arena, query_str(q, more + 8));
    }
    return query_end(q, err);
}

static void add_mark(struct arena *arena, struct campaign_mark **marks, size_t *count,
                     struct campaign_mark mark)
{
    *marks = arena_one_more(arena, *marks, *count, sizeof mark);
    (*marks)[(*count)++] = mark;
}

/* What is kept, and of a day that is not over what stands now. */
static enum status load_marks(struct arena *arena, struct store *store, int64_t campaign,
                              int64_t today, struct campaigning *c, struct error *err)
{
    struct campaign_mark *marks = NULL;
    struct query *q = query_start(store, "SELECT line, day, progress FROM campaign_day"
                                         " WHERE campaign = ?1 AND day <= ?2 ORDER BY day, line");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, c->campaign.known);
    while (query_row(q))
        add_mark(arena, &marks, &c->campaign.nmarks,
                 (struct campaign_mark){query_int(q, 0), query_int(q, 1), query_int(q, 2)});
    for (size_t i = 0; i < c->nentries && c->campaign.known == today; i++)
        if (!c->items[i].left_day)
            add_mark(arena, &marks, &c->campaign.nmarks,
                     (struct campaign_mark){c->items[i].line, today, reached(&c->entries[i].line)});
    c->campaign.marks = marks;
    return query_end(q, err);
}

enum status ledger_load_campaign(struct arena *arena, struct store *store, const struct line *line,
                                 const struct workdays *calendar, int64_t today,
                                 struct campaigning *c, struct error *err)
{
    *c = (struct campaigning){0};
    enum status status = load_rule(store, line->id, c, err);
    if (!status)
        status = load_entries(arena, store, line->id, c, err);
    if (status)
        return status;
    c->campaign = (struct campaign){
        .first = line->begins_day,
        .last = line->due_day,
        .calendar = calendar,
        .items = c->items,
        .nitems = c->nentries,
        .known = line->state == LINE_ACTIVE     ? today
                 : line->state == LINE_PROPOSED ? line->begins_day - 1
                                                : calendar_day_of(line->ended_ms),
    };
    return load_marks(arena, store, line->id, today, c, err);
}

enum status ledger_list_campaigns_of(struct arena *arena, struct store *store, int64_t line,
                                     struct campaign_part **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT " LINE_COLUMNS("l") ", " ITEM_COLUMNS ", c.words FROM campaign_line c JOIN line l"
                                    " ON l.id = c.campaign WHERE c.line = ?1"
                                    " AND c.left_day IS NULL AND l.state IN"
                                    " ('proposed', 'active') ORDER BY l.due_day, l.id");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        ledger_take_line(arena, q, &(*list)[n].campaign);
        take_item(q, LINE_COLUMN_COUNT, &(*list)[n].item);
        (*list)[n].words = str_copy(arena, query_str(q, LINE_COLUMN_COUNT + 6));
    }
    return query_end(q, err);
}

/* --- ranking -------------------------------------------------------------------------------------- */

static int64_t ranked_as(const struct line *line, enum campaign_over over)
{
    return over == CAMPAIGN_UNITS ? line->unit : over == CAMPAIGN_LEADS ? line->lead : line->id;
}

static struct campaign_place *find_place(struct campaign_place *places, size_t *count, int64_t of)
{
    size_t i = 0;
    while (i < *count && places[i].of != of)
        i++;
    if (i == *count)
        places[(*count)++] = (struct campaign_place){.of = of};
    return &places[i];
}

/* Where a line stood on the board of an earlier day; if it was not in yet, where it joined. */
static int64_t stood(const struct campaign_stand *stands, size_t count,
                     const struct campaign_item *item)
{
    for (size_t i = 0; i < count; i++)
        if (stands[i].item == item)
            return stands[i].after;
    return item->from;
}

static void sort_places(struct arena *arena, struct campaign_place *places, size_t count,
                        enum campaign_rule rule)
{
    int64_t *results = arena_array(arena, count + 1, int64_t);
    size_t *at = arena_array(arena, count + 1, size_t);
    for (size_t i = 0; i < count; i++) {
        places[i].score = campaign_score(&places[i].sum, rule);
        results[i] = places[i].score + CAMPAIGN_WHOLE; /* a loss is above RANK_NONE as well */
    }
    rank_place(results, count, at);
    for (size_t i = 0; i < count; i++)
        places[i].place = at[i];
    for (size_t i = 1; i < count; i++) {
        struct campaign_place one = places[i];
        size_t j = i;
        for (; j && places[j - 1].place > one.place; j--)
            places[j] = places[j - 1];
        places[j] = one;
    }
}

size_t ledger_rank_campaign(struct arena *arena, const struct campaigning *c, int64_t day,
                            struct campaign_place **places)
{
    struct campaign_stand *now;
    struct campaign_stand *then;
    size_t count = 0;
    size_t nnow = campaign_board(arena, &c->campaign, day, &now);
    size_t nthen = campaign_board(arena, &c->campaign, day - CAMPAIGN_GAIN_DAYS, &then);
    *places = arena_array(arena, nnow + 1, struct campaign_place);
    for (size_t i = 0; i < nnow; i++) {
        const struct campaign_item *item = now[i].item;
        int64_t of = ranked_as(&c->entries[item - c->items].line, c->over);
        campaign_add(&find_place(*places, &count, of)->sum, item, now[i].after,
                     stood(then, nthen, item));
    }
    sort_places(arena, *places, count, c->rule);
    return count;
}

/* --- acts ----------------------------------------------------------------------------------------- */

/* What happened to a campaign, and what to the line that it is about. */
static enum status record(struct store *store, int64_t campaign, const struct campaign_deed *deed,
                          json_t *data, struct error *err)
{
    (void)json_object_set_new(data, "act", json_string(campaign_act_name(deed->act)));
    return ledger_record(store, campaign, "line.campaign", data, &deed->said, err);
}

static enum status record_of_line(struct store *store, int64_t campaign, int64_t line,
                                  int64_t before, int64_t after, const struct campaign_deed *deed,
                                  struct error *err)
{
    json_t *data = json_pack("{s:[o,o]}", "aim", before ? json_integer(before) : json_null(),
                             after ? json_integer(after) : json_null());
    if (!before || !after)
        (void)json_object_set_new(data, "campaign",
                                  json_pack("[o,o]", ledger_json_id('L', before ? campaign : 0),
                                            ledger_json_id('L', after ? campaign : 0)));
    return record(store, line, deed, data, err);
}

static enum status make_row(struct store *store, int64_t campaign, struct error *err)
{
    struct query *q = query_start(store, "INSERT OR IGNORE INTO campaign (line, rule, over, state)"
                                         " SELECT id, ?2, ?3, state FROM line WHERE id = ?1");
    query_bind_int(q, 1, campaign);
    query_bind_str(q, 2, str_of(campaign_rule_name(CAMPAIGN_BY_SHARE)));
    query_bind_str(q, 3, str_of(campaign_over_name(CAMPAIGN_UNITS)));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status check_aim(const struct campaign_deed *deed, struct error *err)
{
    if (deed->aim < 1 || deed->aim > 100)
        return error_in(err, "aim",
                        error_set(err, STATUS_INPUT,
                                  "What is to be reached is a progress from 1 to 100 %%.",
                                  "目标进度应为 1 至 100 的整数。"));
    if (deed->points < 1 || deed->points > CAMPAIGN_POINTS_MAX)
        return error_in(err, "points",
                        error_set(err, STATUS_INPUT, "Points are a whole number from 1 to %d.",
                                  "分值应为 1 至 %d 的整数。", CAMPAIGN_POINTS_MAX));
    if (!ledger_is_line_of_text(deed->words, 0, CAMPAIGN_WORDS_MAX))
        return error_in(err, "goal",
                        error_set(err, STATUS_INPUT,
                                  "What is to be reached has at most %d characters, on one line.",
                                  "目标说明应为一行，不超过 %d 个字。", CAMPAIGN_WORDS_MAX));
    return STATUS_OK;
}

/* What keeps a line out. */
static enum status may_join(const struct line *line, int64_t already, size_t count,
                            const struct campaign_deed *deed, struct error *err)
{
    if (already)
        return error_set(err, STATUS_CONFLICT, "It is in the campaign already.", "已在其中。");
    if (line->state >= LINE_DONE)
        return error_set(err, STATUS_CONFLICT, "It has ended.", "已办结或关闭。");
    if (line->kind == LEDGER_CAMPAIGN)
        return error_set(err, STATUS_CONFLICT, "It is a campaign itself.", "本身是攻坚行动。");
    if (line->kind == LEDGER_INDICATOR)
        return error_set(
            err, STATUS_CONFLICT,
            "An indicator has figures, not progress: take the line that is to move it.",
            "指标以数值衡量，没有进度：请选择推动该指标的条目。");
    if (line->progress >= deed->aim)
        return error_set(err, STATUS_CONFLICT, "It stands at %d %% already.", "进度已达 %d%%。",
                         (int)line->progress);
    if (count >= CAMPAIGN_LINES_MAX)
        return error_set(err, STATUS_LIMITED, "A campaign has at most %d lines.",
                         "一次攻坚行动最多 %d 个条目。", CAMPAIGN_LINES_MAX);
    return STATUS_OK;
}

static enum status count_lines(struct store *store, int64_t campaign, int64_t line, size_t *count,
                               int64_t *aim, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT count(*), coalesce(max(CASE line WHEN ?2 THEN aim END), 0)"
                           " FROM campaign_line WHERE campaign = ?1 AND left_day IS NULL");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, line);
    (void)query_row(q);
    *count = (size_t)query_int(q, 0);
    *aim = query_int(q, 1);
    return query_end(q, err);
}

/* Joined, left and joined again on one day is one stay. */
static enum status join(struct store *store, int64_t campaign, const struct line *line,
                        const struct campaign_deed *deed, struct error *err)
{
    struct query *q = query_start(
        store,
        "INSERT INTO campaign_line (campaign, line, joined_day, progress, aim, points, words)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (campaign, line, joined_day)"
        " DO UPDATE SET progress = ?4, aim = ?5, points = ?6, words = ?7, left_day = NULL,"
        " left_why = ''");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, line->id);
    query_bind_int(q, 3, deed->today);
    query_bind_int(q, 4, line->progress);
    query_bind_int(q, 5, deed->aim);
    query_bind_int(q, 6, deed->points);
    query_bind_str(q, 7, str_trim(deed->words));
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : record_of_line(store, campaign, line->id, 0, deed->aim, deed, err);
}

static enum status add_one(struct arena *arena, struct store *store, int64_t campaign, int64_t id,
                           const struct campaign_deed *deed, struct campaign_outcome *outcome,
                           struct error *err)
{
    struct line line;
    struct campaign_refusal *refusal = &outcome->refusals[outcome->nrefusals];
    size_t count = 0;
    int64_t already = 0;
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = count_lines(store, campaign, id, &count, &already, err);
    if (status)
        return status;
    if (may_join(&line, already, count, deed, &refusal->why)) {
        refusal->number = line.number;
        outcome->nrefusals++;
        return STATUS_OK;
    }
    outcome->added++;
    return join(store, campaign, &line, deed, err);
}

static enum status add_lines(struct arena *arena, struct store *store, int64_t campaign,
                             const struct campaign_deed *deed, struct campaign_outcome *outcome,
                             struct error *err)
{
    outcome->refusals = arena_array(arena, deed->nlines + 1, struct campaign_refusal);
    enum status status = check_aim(deed, err);
    for (size_t i = 0; !status && i < deed->nlines; i++)
        status = add_one(arena, store, campaign, deed->lines[i], deed, outcome, err);
    if (status || !outcome->added)
        return status;
    return record(store, campaign, deed, json_pack("{s:I}", "lines", (json_int_t)outcome->added),
                  err);
}

static enum status change_aim(struct store *store, int64_t campaign, int64_t line, int64_t before,
                              const struct campaign_deed *deed, struct error *err)
{
    enum status status = check_aim(deed, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "UPDATE campaign_line SET aim = ?3, points = ?4, words = ?5 WHERE campaign = ?1"
               " AND line = ?2 AND left_day IS NULL AND progress < ?3");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, line);
    query_bind_int(q, 3, deed->aim);
    query_bind_int(q, 4, deed->points);
    query_bind_str(q, 5, str_trim(deed->words));
    (void)query_row(q);
    status = query_end(q, err);
    if (!status && !store_changes(store))
        return error_in(
            err, "aim",
            error_set(err, STATUS_INPUT,
                      "What is to be reached must be more than it stood at when it joined.",
                      "目标进度必须高于加入时的进度。"));
    return status ? status : record_of_line(store, campaign, line, before, deed->aim, deed, err);
}

static enum status take_out(struct store *store, int64_t campaign, int64_t line, int64_t before,
                            const struct campaign_deed *deed, struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE campaign_line SET left_day = ?3, left_why = ?4 WHERE campaign = ?1"
               " AND line = ?2 AND left_day IS NULL");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, line);
    query_bind_int(q, 3, deed->today);
    query_bind_str(q, 4, deed->said.why);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : record_of_line(store, campaign, line, before, 0, deed, err);
}

/* What is done to one line of it. */
static enum status deal_with_line(struct store *store, int64_t campaign,
                                  const struct campaign_deed *deed, struct error *err)
{
    size_t count = 0;
    int64_t aim = 0;
    int64_t line = deed->nlines ? deed->lines[0] : 0;
    enum status status = count_lines(store, campaign, line, &count, &aim, err);
    if (!status && !aim)
        return error_set(err, STATUS_MISSING, "That line is not in the campaign.",
                         "该条目不在其中。");
    if (!status && deed->act == CAMPAIGN_AIM)
        status = change_aim(store, campaign, line, aim, deed, err);
    if (!status && deed->act == CAMPAIGN_TAKE_OUT)
        status = take_out(store, campaign, line, aim, deed, err);
    return status;
}

static enum status change_rule(struct store *store, int64_t campaign,
                               const struct campaign_deed *deed, struct error *err)
{
    if (deed->rule == CAMPAIGN_RULES || deed->over == CAMPAIGN_OVERS)
        return error_in(err, "rule",
                        error_set(err, STATUS_INPUT, "Choose a rule, and what is ranked by it.",
                                  "请选择排名规则和排名对象。"));
    struct query *q =
        query_start(store, "UPDATE campaign SET rule = ?2, over = ?3 WHERE line = ?1");
    query_bind_int(q, 1, campaign);
    query_bind_str(q, 2, str_of(campaign_rule_name(deed->rule)));
    query_bind_str(q, 3, str_of(campaign_over_name(deed->over)));
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status
                  : record(store, campaign, deed,
                           json_pack("{s:s,s:s}", "rule", campaign_rule_name(deed->rule), "over",
                                     campaign_over_name(deed->over)),
                           err);
}

static enum status keep_state(struct store *store, int64_t campaign, enum line_state state,
                              struct error *err)
{
    struct query *q = query_start(store, "UPDATE campaign SET state = ?2 WHERE line = ?1");
    query_bind_int(q, 1, campaign);
    query_bind_str(q, 2, str_of(line_state_name(state)));
    (void)query_row(q);
    return query_end(q, err);
}

/* The line's own fields follow: its state, or its last day. */
static enum status change_line(struct store *store, int64_t campaign,
                               const struct campaign_step *step, const struct campaign_deed *deed,
                               struct error *err)
{
    struct line_change change = {.field = LINE_STATE, .number = step->to};
    if (deed->act == CAMPAIGN_EXTEND)
        change = (struct line_change){.field = LINE_DUE, .number = deed->due_day};
    enum status status =
        step->to == LINE_STATES ? STATUS_OK : keep_state(store, campaign, step->to, err);
    if (!status)
        status = ledger_change_line(store, campaign, &change, 1, &deed->said, err);
    return status ? status : record(store, campaign, deed, json_object(), err);
}

static bool fits(const struct line *campaign, int64_t last)
{
    return last - campaign->begins_day < CAMPAIGN_DAYS_MAX;
}

static enum status find_met(struct store *store, const struct line *line,
                            const struct campaign_deed *deed, unsigned *met, struct error *err)
{
    size_t count = 0;
    int64_t aim = 0;
    enum status status = count_lines(store, line->id, 0, &count, &aim, err);
    *met = deed->said.why.len ? CAMPAIGN_NEEDS_WORDS : 0U;
    *met |=
        line->begins_day && line->due_day && fits(line, line->due_day) ? CAMPAIGN_NEEDS_DAYS : 0U;
    *met |= count ? CAMPAIGN_NEEDS_LINES : 0U;
    *met |= deed->due_day > line->due_day && fits(line, deed->due_day) ? CAMPAIGN_NEEDS_LATER : 0U;
    return status;
}

enum status ledger_campaign(struct arena *arena, struct store *store, int64_t campaign,
                            const struct campaign_deed *deed, struct campaign_outcome *outcome,
                            struct error *err)
{
    struct line line;
    unsigned met = 0;
    const struct campaign_step *step = NULL;
    *outcome = (struct campaign_outcome){0};
    enum status status = ledger_find_line_by_id(arena, store, campaign, &line, err);
    if (!status && line.kind != LEDGER_CAMPAIGN)
        return error_set(err, STATUS_CONFLICT, "%.*s is no campaign.", "%.*s 不是攻坚行动。",
                         STR_ARG(line.number));
    if (!status)
        status = find_met(store, &line, deed, &met, err);
    if (!status)
        status = campaign_allow(line.state, deed->act, met, &step, err);
    if (!status)
        status = make_row(store, campaign, err);
    if (status)
        return status;
    switch (deed->act) {
    case CAMPAIGN_ADD:
        status = add_lines(arena, store, campaign, deed, outcome, err);
        break;
    case CAMPAIGN_AIM:
    case CAMPAIGN_TAKE_OUT:
        status = deal_with_line(store, campaign, deed, err);
        break;
    case CAMPAIGN_RANK:
        return change_rule(store, campaign, deed, err);
    default:
        return change_line(store, campaign, step, deed, err);
    }
    return status ? status : ledger_sum_up(store, campaign, &deed->said, err);
}

/* --- days kept ------------------------------------------------------------------------------------ */

/* Days of a campaign that are over and not kept. */
struct gap {
    int64_t campaign, first, last;
};

static enum status list_gaps(struct arena *arena, struct store *store, int64_t yesterday,
                             struct gap **gaps, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT l.id, max(l.begins_day, coalesce(c.kept_day + 1, 0)), l.state, l.ended_ms"
               " FROM campaign c JOIN line l ON l.id = c.line WHERE l.state <> 'proposed'"
               " AND l.begins_day IS NOT NULL AND coalesce(c.kept_day, 0) < ?1");
    *gaps = NULL;
    *count = 0;
    query_bind_int(q, 1, yesterday);
    while (query_row(q)) {
        bool active = str_equal(query_str(q, 2), STR("active"));
        int64_t ended = active ? yesterday : calendar_day_of(query_int(q, 3));
        struct gap gap = {query_int(q, 0), query_int(q, 1), ended < yesterday ? ended : yesterday};
        if (gap.first > gap.last)
            continue;
        *gaps = arena_one_more(arena, *gaps, *count, sizeof gap);
        (*gaps)[(*count)++] = gap;
    }
    return query_end(q, err);
}

/* A line of the campaign, walked back from how it stands now. */
struct standing_then {
    int64_t line, joined, left;
    int64_t progress;
    bool done;
};

static enum status list_lines(struct arena *arena, struct store *store, const struct gap *gap,
                              struct standing_then **lines, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT c.line, c.joined_day, coalesce(c.left_day, ?3), l.progress, l.state = 'done'"
               " FROM campaign_line c JOIN line l ON l.id = c.line WHERE c.campaign = ?1"
               " AND c.joined_day < ?3 AND coalesce(c.left_day, ?3) > ?2");
    *lines = NULL;
    *count = 0;
    query_bind_int(q, 1, gap->campaign);
    query_bind_int(q, 2, gap->first);
    query_bind_int(q, 3, gap->last + 1);
    while (query_row(q)) {
        struct standing_then one = {query_int(q, 0), query_int(q, 1), query_int(q, 2),
                                    query_int(q, 3), query_int(q, 4) != 0};
        *lines = arena_one_more(arena, *lines, *count, sizeof one);
        (*lines)[(*count)++] = one;
    }
    return query_end(q, err);
}

static enum status keep_mark(struct store *store, int64_t campaign, int64_t day,
                             const struct standing_then *line, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR REPLACE INTO campaign_day (campaign, day, line, progress)"
                           " VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, day);
    query_bind_int(q, 3, line->line);
    query_bind_int(q, 4, line->done ? 100 : line->progress);
    (void)query_row(q);
    return query_end(q, err);
}

/* Takes back, newest first, what changed a line after a day was over. The rows of `q` are such changes; *at is the next
 * one's moment, INT64_MIN when there is none. */
static void take_back(struct query *q, int64_t day, int64_t *at, struct standing_then *line)
{
    while (*at >= calendar_moment_of(day + 1)) {
        if (!query_is_null(q, 1))
            line->progress = query_int(q, 1);
        if (!query_is_null(q, 2))
            line->done = str_equal(query_str(q, 2), STR("done"));
        *at = query_row(q) ? query_int(q, 0) : INT64_MIN;
    }
}

static enum status keep_line(struct store *store, const struct gap *gap, struct standing_then *line,
                             struct error *err)
{
    struct query *q = query_start(
        store, "SELECT time_ms, json_extract(data, '$.progress[0]'),"
               " json_extract(data, '$.state[0]') FROM event WHERE subject = 'L' || ?1"
               " AND kind IN ('line.changed', 'line.summed') AND time_ms >= ?2 ORDER BY seq DESC");
    enum status status = STATUS_OK;
    query_bind_int(q, 1, line->line);
    query_bind_int(q, 2, calendar_moment_of(gap->first + 1));
    int64_t at = query_row(q) ? query_int(q, 0) : INT64_MIN;
    for (int64_t day = gap->last; !status && day >= gap->first; day--) {
        take_back(q, day, &at, line);
        if (line->joined <= day && day < line->left)
            status = keep_mark(store, gap->campaign, day, line, err);
    }
    enum status ended = query_end(q, status ? NULL : err);
    return status ? status : ended;
}

static enum status note_kept(struct store *store, int64_t campaign, int64_t day, struct error *err)
{
    struct query *q = query_start(store, "UPDATE campaign SET kept_day = ?2 WHERE line = ?1");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, day);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_gap(struct arena *arena, struct store *store, const struct gap *gap,
                            struct error *err)
{
    struct standing_then *lines;
    size_t count;
    enum status status = list_lines(arena, store, gap, &lines, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = keep_line(store, gap, &lines[i], err);
    return status ? status : note_kept(store, gap->campaign, gap->last, err);
}

static enum status put_off(struct store *store, int64_t today, struct error *err)
{
    struct query *q = query_start(store, "UPDATE campaign_round SET next_ms = ?1");
    query_bind_int(q, 1, calendar_moment_of(today + 1));
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_keep_campaigns(struct store *store, int64_t now_ms, struct error *err)
{
    struct arena *scratch = arena_make();
    struct gap *gaps;
    size_t count;
    int64_t today = calendar_day_of(now_ms);
    enum status status = list_gaps(scratch, store, today - 1, &gaps, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = keep_gap(scratch, store, &gaps[i], err);
    if (!status)
        status = put_off(store, today, err);
    arena_free(scratch);
    return status;
}

enum status ledger_keep_campaign_day(struct store *store, int64_t campaign, int64_t day,
                                     struct error *err)
{
    struct query *q = query_start(
        store, "INSERT OR REPLACE INTO campaign_day (campaign, day, line, progress)"
               " SELECT c.campaign, ?2, l.id, " LINE_REACHED_SQL
               " FROM campaign_line c JOIN line l ON l.id = c.line WHERE c.campaign = ?1"
               " AND c.left_day IS NULL AND c.joined_day <= ?2");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, day);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : note_kept(store, campaign, day, err);
}
