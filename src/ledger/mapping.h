/* Which column of a source's tables holds what: said once for the monthly sheet of an office of statistics, say, and
 * offered whenever figures come in. All of the ledger use it; who keeps it, or an editor, renames and removes it.
 *
 * A mapping is a way to read, no figure: it is removed for good, and figures that came in by it stay. Events
 * mapping.kept, mapping.renamed and mapping.removed, with its name. */
#ifndef LEDGER_MAPPING_H
#define LEDGER_MAPPING_H

#include "ledger/import.h"
#include "ledger/line.h"

#define MAPPING_NAME_MAX    60  /* characters */
#define MAPPING_HEADING_MAX 100 /* characters */
#define MAPPING_COLUMNS_MAX 256U
#define MAPPINGS_MAX        200

struct ledger_mapping {
    int64_t id;
    struct str key;  /* its name in addresses */
    struct str name; /* of the source */
    int64_t member;  /* who keeps it */
    int64_t kept_ms, used_ms;
    bool since_january; /* its values are what the year holds since then */
    struct ledger_columns columns;
};

/* Keeps it for mapping->member; one of the same name is replaced if it is theirs or `editor`. Fills key and id.
 * STATUS_INPUT, STATUS_CONFLICT for another's name, STATUS_LIMITED when there are MAPPINGS_MAX. */
enum status ledger_keep_mapping(struct arena *arena, struct store *store,
                                struct ledger_mapping *mapping, bool editor,
                                const struct ledger_deed *deed, struct error *err);
/* STATUS_INPUT, STATUS_CONFLICT when another has the name. What is so already makes no event. */
enum status ledger_rename_mapping(struct store *store, const struct ledger_mapping *mapping,
                                  struct str name, const struct ledger_deed *deed,
                                  struct error *err);
enum status ledger_remove_mapping(struct store *store, const struct ledger_mapping *mapping,
                                  const struct ledger_deed *deed, struct error *err);
/* Notes that figures came in by it. */
enum status ledger_use_mapping(struct store *store, int64_t id, int64_t now_ms, struct error *err);
/* STATUS_MISSING when there is none. */
enum status ledger_find_mapping(struct arena *arena, struct store *store, struct str key,
                                struct ledger_mapping *mapping, struct error *err);
/* All of them with their columns, by name. */
enum status ledger_list_mappings(struct arena *arena, struct store *store,
                                 struct ledger_mapping **list, size_t *count, struct error *err);
/* The one that says most of a table's columns among those whose headings all stand in it; NULL: none. Pure. */
const struct ledger_mapping *ledger_fitting_mapping(const struct ledger_mapping *list, size_t count,
                                                    const struct ledger_row *rows, size_t nrows);

#endif
