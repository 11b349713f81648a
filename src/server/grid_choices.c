/* Filters that several tables share; see grid_choices.h. */
#include "server/grid_choices.h"

enum status grid_unit_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                              size_t *count, struct error *err)
{
    enum status status = ledger_list_unit_choices(rq, 0, list, count, err);
    if (!status)
        ledger_choose(*list, *count, chosen);
    return status;
}

enum status grid_lead_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                              size_t *count, struct error *err)
{
    enum status status = ledger_list_people(rq, 0, list, count, err);
    if (!status)
        ledger_choose(*list, *count, chosen);
    return status;
}

enum status grid_light_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                               size_t *count, struct error *err)
{
    (void)err;
    *list = arena_array(rq->arena, LIGHTS, struct ledger_choice);
    *count = 0;
    for (int i = LIGHT_RED; i > LIGHT_NONE; i--) {
        struct str value = str_format(rq->arena, "%d", i);
        (*list)[(*count)++] = (struct ledger_choice){
            value, str_of(light_word((enum light)i, rq->lang)), str_equal(value, chosen)};
    }
    return STATUS_OK;
}

const char *grid_light_word(struct str value, enum lang lang)
{
    return light_word((enum light)(value.len ? value.at[0] - '0' : 0), lang);
}

const char *grid_kind_word(struct str value, enum lang lang)
{
    enum ledger_kind kind;
    return ledger_kind_named(value, &kind) ? ledger_kind_word(kind, lang) : "";
}

const char *grid_state_word(struct str value, enum lang lang)
{
    enum line_state state;
    return line_state_named(value, &state) ? line_state_word(state, lang) : "";
}
