/* Notices of supervision; see ledger_notices.h. */
#include "server/ledger_notices.h"

#include "library/setting.h"

enum status ledger_notices_calendar(struct arena *arena, struct store *store,
                                    const struct workdays **calendar, struct error *err)
{
    struct str name;
    enum status status = library_get_setting(arena, store, STR("ledger.calendar"), &name, err);
    return status ? status : workday_load(arena, name.len ? name : STR("weekdays"), calendar, err);
}
