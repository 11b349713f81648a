/* Wording and JSON that several commands share. */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H

#include <jansson.h>

#include "cli/command.h"
#include "library/paper.h"
#include "library/stored.h"
#include "library/strength.h"

/* A channel's or level's name for a person: in English the one that options take. */
const char *describe_channel(enum paper_channel channel, enum lang lang);
const char *describe_level(enum paper_level level, enum lang lang);

/* Prints a strength in words that an editor acts on, and the same as JSON. */
void describe_strength(const struct call *call, const struct strength *strength,
                       const struct edition *edition);
json_t *describe_strength_json(const struct strength *strength);

/* {"paper", "edition", "title", "lang", "level", "colluders", "published"}. */
json_t *describe_edition_json(struct arena *arena, const struct edition *edition);
/* The text with what can't be seen, or would steer the terminal, written as <U+XXXX>. */
struct str describe_text(struct arena *arena, struct str s);
/* The text and its code points: — (U+2014). Blank text gives its code points alone. */
struct str describe_found(struct arena *arena, struct str s);
/* "2026-11-24 09:30 UTC" in the arena. */
struct str describe_time(struct arena *arena, int64_t time_ms);

/* The edition that arguments[at] names, "P1" or "P1/2" for its second edition, loaded. */
enum status describe_load(struct call *call, int at, struct edition_text *text, struct error *err);
/* Prints the files that are missing or damaged, a line each, and makes the command end with 1; nothing where there are
 * none. The same as JSON: [{"file", "of", "damaged"}], releasing nothing. */
void describe_lost_files(struct call *call, const struct stored_file *files, size_t count);
json_t *describe_lost_files_json(struct call *call, const struct stored_file *files, size_t count);
/* Members there are. */
enum status describe_count_members(struct call *call, uint64_t *count, struct error *err);

#endif
