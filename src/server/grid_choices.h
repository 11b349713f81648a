/* What several of the ledger's tables can be filtered by; see struct grid_filter. */
#ifndef SERVER_GRID_CHOICES_H
#define SERVER_GRID_CHOICES_H

#include "server/grid.h"

/* Units and leads by their keys, lights by their numbers. */
enum status grid_unit_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                              size_t *count, struct error *err);
enum status grid_lead_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                              size_t *count, struct error *err);
enum status grid_light_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                               size_t *count, struct error *err);
/* What LIGHT_SQL gave, in words. */
const char *grid_light_word(struct str value, enum lang lang);
/* What a line's kind and state are called. */
const char *grid_kind_word(struct str value, enum lang lang);
const char *grid_state_word(struct str value, enum lang lang);

#endif
