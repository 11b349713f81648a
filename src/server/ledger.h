/* The ledger joined with members and papers: who asks, one line opened for them, and the head that every page about a
 * line shares. */
#ifndef SERVER_LEDGER_H
#define SERVER_LEDGER_H

#include "ledger/light.h"
#include "ledger/may.h"
#include "ledger/unit.h"
#include "server/request.h"
#include "server/server.h"

/* Who asks, as the ledger knows them. */
struct ledger_person ledger_viewer(const struct request *rq);

struct ledger_sight {
    struct line line;
    unsigned is; /* of who asks, see ledger_stand_to */
};
/* Finds the line whose key it is, for a deed. STATUS_MISSING when there is none, STATUS_FORBIDDEN when the viewer may
 * not. */
enum status ledger_open(struct request *rq, struct str key, enum ledger_deed_kind deed,
                        struct ledger_sight *sight, struct error *err);
/* server_write of a step that changes something of a line (0: of none), by the viewer: whether they may is asked once
 * more within the transaction, as a role may have ended since the form was opened. STATUS_FORBIDDEN. What follows from
 * figures that the step changed is worked out after it (ledger_freshen). */
enum status ledger_write(struct request *rq, int64_t line, enum ledger_deed_kind deed,
                         server_write_step step, void *context, struct error *err);

struct ledger_tab {
    struct str path, words;
    bool here;
};
extern const struct field ledger_tab_fields[];
/* The ledger's own pages as tabs above each of them, in two rows: groups of pages, and the pages of the group at hand.
 * A part of the shell, shown by {{>ledger-tabs}}; outside the ledger it stays as it was. */
struct ledger_section {
    struct ledger_tab *groups, *pages;
    size_t ngroups, npages;
    struct str group; /* the one at hand, in words */
};
extern const struct field ledger_section_fields[];
void ledger_fill_section(const struct request *rq, struct ledger_section *section);

/* The head of a line's pages: a part named "head" of each page's struct, shown by {{#head}}{{>ledger-head}}{{/head}}. */
struct ledger_head {
    struct str key, number, title, kind, kind_word, state, state_word;
    struct str unit, unit_key, lead, parent, parent_number, parent_title;
    struct str begins_day, due_day; /* "2026-11-29", empty: none */
    double weight;
    int64_t progress, changed;
    struct str ended_why;
    struct str light, light_word, light_rule; /* see ledger/light.h */
    bool closed, may_change, may_report, may_verify;
    struct ledger_tab *tabs;
    size_t ntabs;
};
extern const struct field ledger_head_fields[];
/* In a page's table: LEDGER_HEAD_FIELD(struct my_page, head). */
#define LEDGER_HEAD_FIELD(type, member) FIELD_OF_PART(type, member, ledger_head_fields)
/* `here` is the path of the page's own tab behind the line's address: "" or "/history". */
enum status ledger_fill_head(struct request *rq, const struct ledger_sight *sight, const char *here,
                             struct ledger_head *head, struct error *err);

/* The limits in force, read once a request. */
const struct ledger_limits *ledger_limits_now(struct request *rq);
/* How a line stands today, and the rule of a light, by them. */
enum light ledger_light(struct request *rq, const struct line *line);
struct str ledger_light_rule(struct request *rq, enum light light);

/* "/ledger/lines/KEY" and `rest`. */
struct str ledger_path(const struct request *rq, struct str key, const char *rest);
/* The end of an act on the line that the request's address names: leads to its page at `rest` and tells there what was done;
 * the second where there is no more to tell than that it is recorded. */
enum status ledger_answer_done(struct request *rq, const char *rest, const char *done_en,
                               const char *done_zh);
enum status ledger_answer_recorded(struct request *rq, const char *rest);
/* A number that was typed into `input`, in units of its last place. STATUS_INPUT, about that input, for anything else. */
enum status ledger_read_typed(struct request *rq, const char *input, unsigned places,
                              int64_t *amount, struct error *err);
/* "2026-11-29", empty for 0. */
struct str ledger_day(const struct request *rq, int64_t day);
/* "29 November 2026" in the request's language; empty for 0. */
struct str ledger_day_words(const struct request *rq, int64_t day);
/* A member's name; empty for 0. */
enum status ledger_member_name(struct request *rq, int64_t member, struct str *name,
                               struct error *err);

/* "M7", "U2", "L5" and "H3" of events as they are called today; what is none of these, as it is. */
struct str ledger_name_of(struct request *rq, struct str id);
/* A value of an event's data in words, empty for none. */
struct str ledger_value_words(struct request *rq, enum line_value_kind kind, const json_t *value);

/* A choice in a form. */
struct ledger_choice {
    struct str value, words;
    bool chosen;
};
extern const struct field ledger_choice_fields[];
/* Marks what `value` is as the one that is chosen, and no other. */
void ledger_choose(struct ledger_choice *list, size_t count, struct str value);
/* Whether the ledger is open to member `m`, unless they are suspended. */
#define LEDGER_OPEN_TO_SQL                                 \
    "(EXISTS (SELECT 1 FROM role r WHERE r.member = m.id)" \
    " OR EXISTS (SELECT 1 FROM unit_member um WHERE um.member = m.id))"
/* Members that the ledger is open to, by name, those of one name with unit and number; the value is the member's key. */
enum status ledger_list_people(struct request *rq, int64_t chosen, struct ledger_choice **list,
                               size_t *count, struct error *err);
/* Open units, and the chosen one; the value is the unit's key. */
enum status ledger_list_unit_choices(struct request *rq, int64_t chosen,
                                     struct ledger_choice **list, size_t *count, struct error *err);
/* What came from such a form, as numbers; empty gives 0. STATUS_INPUT for whom the ledger is not open to, STATUS_MISSING. */
enum status ledger_read_person(struct request *rq, const char *input, int64_t *member,
                               struct error *err);
enum status ledger_read_unit(struct request *rq, const char *input, int64_t *unit,
                             struct error *err);
/* A line by its number ("G12"); empty gives 0. */
enum status ledger_read_line(struct request *rq, const char *input, int64_t *line,
                             struct error *err);
/* A day from a declared INPUT_DAY as a civil day. */
int64_t ledger_read_day(const struct request *rq, const char *input);

/* STATUS_INPUT when a text holds words of a paper as the viewer's own copy has them: all who see the ledger would see
 * its marks. */
enum status ledger_refuse_marks(struct request *rq, struct str text, struct error *err);

/* Where a line comes from, each reader in the words of their own copy. */
struct ledger_source {
    struct str title, path, words, lang; /* empty: the paper is not open to the reader */
    bool open;
};
extern const struct field ledger_source_fields[];
/* That the words are shown is on record when this returns. */
enum status ledger_list_line_sources(struct request *rq, int64_t line, struct ledger_source **list,
                                     size_t *count, struct error *err);

struct edition;
/* Puts beside each paragraph of an edition's page the lines of the ledger that come of it, with their states, for whom the
 * ledger is open to. Adds no text to a paragraph: what is selected or copied stays the copy's own. */
enum status ledger_mark_margin(struct request *rq, const struct edition *edition, struct str *html,
                               struct error *err);

#endif
