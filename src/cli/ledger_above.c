/* Taking in goals from above and programmes; see ledger_import.h. */
#include <math.h>

#include "cli/ledger_import.h"
#include "ledger/goal.h"
#include "ledger/higher.h"
#include "ledger/programme.h"

static enum status take_higher(struct taking *t, struct error *err)
{
    struct higher_goal higher = {
        .title = said_text(t, "title"),
        .body = said_text(t, "body"),
        .document = said_text(t, "document"),
        .quantity = said_real(t, "quantity", 0),
        .measure = said_text(t, "measure"),
    };
    struct str level = said_text(t, "level");
    enum status status = said_day(t, "due", &higher.due_day, err);
    if (!status && !higher_level_named(level, &higher.level))
        status = said_no("level", level, err);
    if (!status)
        status = ledger_make_higher(t->arena, t->store, &higher, t->deed.now_ms, err);
    if (!status)
        said_name_key(t, higher.key);
    return status;
}

static enum status take_over(struct taking *t, struct error *err)
{
    struct higher_goal higher;
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = ledger_find_higher(t->arena, t->store, said_key(t, "higher"), &higher, err);
    return status ? status
                  : ledger_take_over(t->store, &higher, line, said_real(t, "amount", 100), &t->deed,
                                     err);
}

static enum status take_programme(struct taking *t, struct error *err)
{
    struct programme programme = {
        .name = said_text(t, "name"), .area = said_text(t, "area"), .body = said_text(t, "body")};
    enum status status = ledger_make_programme(t->arena, t->store, &programme, t->deed.now_ms, err);
    if (!status)
        said_name_key(t, programme.key);
    return status;
}

static enum status take_statement(struct taking *t, struct error *err)
{
    struct programme programme = {0};
    struct statement statement = {
        .subject = said_text(t, "subject"),
        .least = said_real(t, "least", (double)NAN),
        .most = said_real(t, "most", (double)NAN),
        .measure = said_text(t, "measure"),
        .place = said_text(t, "place"),
        .use = said_text(t, "use"),
    };
    enum status status =
        ledger_find_programme(t->arena, t->store, said_key(t, "programme"), &programme, err);
    if (!status)
        status = said_line(t, "line", &statement.line, err);
    if (!status)
        status = said_day(t, "first", &statement.first_day, err);
    if (!status)
        status = said_day(t, "last", &statement.last_day, err);
    statement.programme = programme.id;
    return status ? status : ledger_state(t->arena, t->store, &statement, t->deed.now_ms, err);
}

const struct take_row take_above[] = {
    {"higher", take_higher},
    {"take over", take_over},
    {"programme", take_programme},
    {"statement", take_statement},
    {0},
};
