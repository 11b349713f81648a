/* What commands say about a machine of acts (ledger/machine.h): the states, and what leads from one to another. */
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

#include <jansson.h>

#include "cli/command.h"
#include "ledger/machine.h"

/* [{"state", "words", "of"} …], without the state that says nothing. */
json_t *machine_states_json(const struct machine *machine, const char *of, enum lang lang);
/* [{"act", "words", "from", "begins", "to", "who", "who_words", "needs"} …]. */
json_t *machine_rules_json(const struct machine *machine, enum lang lang);
/* A table of two columns; its rows are arrays of two texts. Takes the rows. */
json_t *machine_table(const char *heading, const char *what, const char *means, json_t *rows);
/* One array of two; takes both. */
json_t *machine_joined(json_t *first, json_t *second);
/* Prints {"states", "rules", "tables"} as JSON where that is asked for, else who may do what, a line an act. Takes the
 * references. */
enum status machine_print(struct call *call, json_t *states, json_t *rules, json_t *tables);

#endif
