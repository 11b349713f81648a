/* Units in which quantities are measured, and which of them measure the same: 3 公里 are 3000 m. Data: rules/measures.txt.
 * What stands in no row is comparable with its own kind of words alone. */
#ifndef LEDGER_GAUGE_H
#define LEDGER_GAUGE_H

#include "base/error.h"
#include "base/str.h"

struct gauges;

/* The table built in, in the arena. STATUS_DAMAGED names the line. */
enum status gauge_load(struct arena *arena, const struct gauges **gauges, struct error *err);
/* Reads one from the text of a file. */
enum status gauge_read(struct arena *arena, const char *file, struct str text,
                       const struct gauges **gauges, struct error *err);
/* Whether quantities in two units, both folded (clash_fold_name), can be held against each other; then one of `one` is
 * *of_one and one of `other` *of_other of what both can be counted in. Units of the same words always can. Pure. */
bool gauge_comparable(const struct gauges *gauges, struct str one, struct str other, double *of_one,
                      double *of_other);

#endif
