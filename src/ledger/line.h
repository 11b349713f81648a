/* Lines of the ledger: what is to be done, of whatever kind, each with its history.
 *
 * A line has the fields below; what only one kind has lies in that kind's own table by the line's id (sql/, "goal",
 * "indicator", "project" …), with its own header. Members, papers and editions are plain numbers here: names and
 * words are joined in server/.
 *
 * Every change runs within the caller's open write transaction and adds an event, kind "line.<what>", subject
 * "L<id>", data {"batch": n, "<field>": [old, new] …, "why": …}: the events of a line are its history, and a batch of
 * changes is undone by reading them backwards. Nothing is deleted.
 *
 * Days are civil days of the installation, counted since 1970-01-01; 0 is none. */
#ifndef LEDGER_LINE_H
#define LEDGER_LINE_H

#include <jansson.h>

#include "ledger/kind.h"
#include "store/store.h"

#define LINE_TITLE_MAX 200   /* characters */
#define LINE_TEXT_MAX  10000 /* characters */
#define LINE_WHY_MAX   500   /* characters */

enum line_state { LINE_PROPOSED, LINE_ACTIVE, LINE_DONE, LINE_CLOSED, LINE_STATES };

/* "proposed" … as in the database and JSON; static. */
const char *line_state_name(enum line_state state);
bool line_state_named(struct str name, enum line_state *state);
/* "Proposed", "待定"; static. */
const char *line_state_word(enum line_state state, enum lang lang);

/* What a line of a kind begins as where nobody says: under way, but a campaign is put together first. */
enum line_state line_first_state(enum ledger_kind kind);

struct line {
    int64_t id;
    struct str key; /* its name in addresses, unguessable */
    enum ledger_kind kind;
    struct str number; /* "G12": never given again */
    struct str title, text;
    enum line_state state;
    int64_t parent; /* line it is part of, unit and member who answer for it; 0: none */
    int64_t unit;
    int64_t lead;
    int64_t begins_day, due_day;
    double weight;    /* among its parent's children; 1 unless said otherwise */
    int64_t progress; /* 0 … 100 */
    int64_t created_ms, changed_ms;
    int64_t ended_ms; /* done or closed since */
    struct str ended_why;
};

/* The circumstances of a change, the same for all of one deed. Who acts stands in the events by store_act_as. */
struct ledger_deed {
    int64_t now_ms;
    struct str why; /* may be empty */
    int64_t batch;  /* from ledger_begin_batch (batch.h); 0: alone */
};

/* Adds a line; fills id, key, number and the moments; key and number lie in the arena. Event line.made. STATUS_INPUT
 * when title, days, weight or progress can't be taken, STATUS_MISSING when parent or unit is not there,
 * STATUS_CONFLICT when it is closed. */
enum status ledger_make_line(struct arena *arena, struct store *store, struct line *line,
                             const struct ledger_deed *deed, struct error *err);

/* STATUS_MISSING when there is none. Texts in the arena. */
enum status ledger_find_line(struct arena *arena, struct store *store, struct str key,
                             struct line *line, struct error *err);
enum status ledger_find_line_by_id(struct arena *arena, struct store *store, int64_t id,
                                   struct line *line, struct error *err);
enum status ledger_find_line_numbered(struct arena *arena, struct store *store, struct str number,
                                      struct line *line, struct error *err);
/* Its children, oldest first. */
enum status ledger_list_children(struct arena *arena, struct store *store, int64_t parent,
                                 struct line **list, size_t *count, struct error *err);

/* Columns of `line` under an alias of one letter or more for queries of one's own, and the row they give, read by
 * ledger_take_line: "SELECT " LINE_COLUMNS("l") ", g.horizon FROM line l JOIN goal g …". */
#define LINE_COLUMNS(L)                                                                    \
    L ".id, " L ".key, " L ".kind, " L ".number, " L ".title, " L ".text, " L ".state, " L \
      ".parent, " L ".unit, " L ".lead, " L ".begins_day, " L ".due_day, " L ".weight, " L \
      ".progress, " L ".created_ms, " L ".changed_ms, " L ".ended_ms, " L ".ended_why"
#define LINE_COLUMN_COUNT 18
void ledger_take_line(struct arena *arena, struct query *q, struct line *line);
/* All rows of a query that is bound, as lines, and ends it. */
enum status ledger_take_lines(struct arena *arena, struct query *q, struct line **list,
                              size_t *count, struct error *err);

/* The fields that can be changed, as a table that forms, history, bulk edit and undo follow. */
enum line_field {
    LINE_TITLE,
    LINE_TEXT,
    LINE_STATE,
    LINE_PARENT,
    LINE_UNIT,
    LINE_LEAD,
    LINE_BEGINS,
    LINE_DUE,
    LINE_WEIGHT,
    LINE_PROGRESS,
    LINE_FIELDS
};
enum line_value_kind {
    LINE_VALUE_TEXT,   /* a JSON string */
    LINE_VALUE_STATE,  /* its name */
    LINE_VALUE_LINE,   /* "L7", null for none */
    LINE_VALUE_UNIT,   /* "U7", null for none */
    LINE_VALUE_MEMBER, /* "M7", null for none */
    LINE_VALUE_DAY,    /* "2026-11-29", null for none */
    LINE_VALUE_NUMBER, /* a JSON number */
};
struct line_field_row {
    const char *name; /* the column's, and the event's */
    enum line_value_kind kind;
    const char *en, *zh;
};
extern const struct line_field_row line_fields[LINE_FIELDS];

/* A field as events say it; a new reference. */
json_t *ledger_field_json(const struct line *line, enum line_field field);

/* What a field is to be. */
struct line_change {
    enum line_field field;
    struct str text;
    int64_t number; /* state, line, unit, member, day, progress */
    double real;    /* weight */
};
/* The other way round: what a value in an event asks for; texts in the arena. False when it is none of the field's. */
bool ledger_read_field(struct arena *arena, json_t *value, enum line_field field,
                       struct line_change *change);
/* Puts changes in force, all or none. What is so already is left alone; where nothing changes there is no event. The
 * progress of a goal, field or milestone that has parts follows them (progress.h): what is said of it is left aside,
 * and lines above are summed anew. Event line.changed. Closing (LINE_STATE to LINE_CLOSED) needs a reason in deed->why:
 * STATUS_INPUT. Other errors as making; STATUS_CONFLICT too where a line would come under itself. */
enum status ledger_change_line(struct store *store, int64_t line, const struct line_change *changes,
                               size_t count, const struct ledger_deed *deed, struct error *err);

/* Where a line's state is changed if it goes by a machine of its own, as a sentence without its full stop; NULL: it may be
 * set as any field. Static. */
enum status ledger_find_machine(struct store *store, int64_t line, enum lang lang,
                                const char **words, struct error *err);

/* Records what an extension did to a line ("line.verdict") and notes that it changed. `data` is a JSON object, which is
 * released, or NULL; batch and why are added to it. */
enum status ledger_record(struct store *store, int64_t line, const char *kind, json_t *data,
                          const struct ledger_deed *deed, struct error *err);
/* Values for its data beside str_to_json: "M17" and so on, and a day as "2026-11-29"; null for 0. */
json_t *ledger_json_id(char letter, int64_t id);
json_t *ledger_json_day(int64_t day);

/* Whoever follows a line finds it among theirs. What is so already is no error; no event, as nothing of the line
 * changes. */
enum status ledger_follow_line(struct store *store, int64_t line, int64_t member,
                               struct error *err);
enum status ledger_leave_line(struct store *store, int64_t line, int64_t member, struct error *err);

#define LINE_SAID_MAX 5000 /* characters */
/* Keeps what a member says about a line; gives its key, in the arena. Event line.said, without the words. STATUS_INPUT. */
enum status ledger_say(struct arena *arena, struct store *store, int64_t line, int64_t member,
                       struct str text, int64_t now_ms, struct str *key, struct error *err);
/* Takes one's own words back: that something stood there stays. Event line.unsaid. STATUS_MISSING when there is no such
 * post of theirs about the line. */
enum status ledger_unsay(struct store *store, int64_t line, int64_t member, struct str key,
                         int64_t now_ms, struct error *err);

#endif
