/* Taking in campaigns, act by act and day by day; see ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/campaigning.h"

static enum status said_lines(struct taking *t, struct campaign_deed *deed, struct error *err)
{
    size_t i;
    json_t *value;
    json_t *said = json_object_get(t->record, "lines");
    int64_t *lines = arena_array(t->arena, json_array_size(said) + 1, int64_t);
    enum status status = STATUS_OK;
    json_t *record = t->record;
    json_array_foreach(said, i, value)
    {
        json_t *one = json_pack("{s:O}", "line", value);
        t->record = one;
        if (!status)
            status = said_the_line(t, &lines[deed->nlines++], err);
        t->record = record;
        json_decref(one);
    }
    deed->lines = lines;
    return status;
}

static enum status take_campaign(struct taking *t, struct error *err)
{
    struct str act = said_text(t, "act");
    struct campaign_deed deed = {
        .act = campaign_act_named(act),
        .aim = said_number(t, "aim", 100),
        .points = said_number(t, "points", 1),
        .words = said_text(t, "goal"),
        .rule = campaign_rule_named(said_text(t, "rule")),
        .over = campaign_over_named(said_text(t, "over")),
        .today = t->today,
        .said = t->deed,
    };
    struct campaign_outcome outcome;
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && deed.act == CAMPAIGN_ACTS)
        status = said_no("act", act, err);
    if (!status)
        status = said_day(t, "due", &deed.due_day, err);
    if (!status)
        status = said_lines(t, &deed, err);
    if (!status)
        status = ledger_campaign(t->arena, t->store, line, &deed, &outcome, err);
    if (!status && outcome.nrefusals)
        return error_within(err, &outcome.refusals[0].why, "%.*s: ", "%.*s：",
                            STR_ARG(outcome.refusals[0].number));
    return status;
}

/* The day of the file's clock is over, and is kept as the lines stand now. */
static enum status take_day(struct taking *t, struct error *err)
{
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    return status ? status : ledger_keep_campaign_day(t->store, line, t->today, err);
}

const struct take_row take_campaigns[] = {
    {"campaign", take_campaign},
    {"campaign day", take_day},
    {0},
};
