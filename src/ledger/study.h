/* Study sessions as they are kept: what a body is to study and how soon, the agenda of each session with its papers, who was
 * there, the record, and the lines of the ledger that were decided upon. The machine is data in session.h.
 *
 * A session is a line of the kind study: its unit is the body that studies, its lead the chair, its due day the day of
 * the session. Papers and groups are plain numbers here; which papers are new, and who may know of them, server/ joins.
 *
 * Who was present is a record about people: nothing here gives it to who may not see it (ledger_may_see_attendance), and
 * no event says it. */
#ifndef LEDGER_STUDY_H
#define LEDGER_STUDY_H

#include "ledger/may.h"
#include "ledger/session.h"

#define STUDY_TITLE_MAX   200   /* characters */
#define STUDY_PLACE_MAX   200   /* characters */
#define STUDY_MINUTES_MAX 20000 /* characters */
#define STUDY_ITEMS_MAX   50
#define STUDY_PAPERS_MAX  100 /* of one item */
#define STUDY_FORMER_MAX  50  /* that are shown */
#define STUDY_LIMIT_MAX   60  /* working days */
#define STUDY_WINDOW_MAX  365 /* days */

/* What files of a session's materials are about, see file.h. */
#define STUDY_MATERIALS STR("study")

/* --- what a body is to study ------------------------------------------------------------------------ */

struct study_body {
    int64_t unit;
    int64_t limit_days;  /* working days from publication to study */
    int64_t window_days; /* the first item is filled with what was published so many days back */
    int64_t since_day;   /* what was published before is not asked for */
    bool for_all;        /* papers for all members too */
    int64_t *groups;     /* of papers, by their numbers */
    size_t ngroups;
};
/* Puts it in force. Event unit.study about the unit. STATUS_INPUT, STATUS_MISSING when there is no such unit. */
enum status ledger_set_study_body(struct store *store, const struct study_body *body,
                                  struct error *err);
/* unit 0 where nothing was set for it. */
enum status ledger_load_study_body(struct arena *arena, struct store *store, int64_t unit,
                                   struct study_body *body, struct error *err);
enum status ledger_list_study_bodies(struct arena *arena, struct store *store,
                                     struct study_body **list, size_t *count, struct error *err);

/* --- a session -------------------------------------------------------------------------------------- */

struct study {
    enum session_state state;
    struct str place;
    int64_t held_day; /* as the line's day stood when it was said to be held; 0: it was not */
    struct str minutes;
    int64_t written_by, written_ms; /* 0: not yet */
    int64_t confirmed_by, confirmed_ms;
};
/* Makes one: title, unit, lead and due_day of `line` and the place are given; its first item bears `papers`. Fills `line`.
 * Event line.study. Errors as ledger_make_line; STATUS_INPUT without a body or a day. */
enum status ledger_prepare_study(struct arena *arena, struct store *store, struct line *line,
                                 struct str place, const int64_t *papers, size_t npapers,
                                 const struct ledger_deed *deed, struct error *err);
/* A record that was written anew, the latest first; for whom attendance is for, as the record is. */
struct study_former {
    struct str minutes;
    int64_t written_by, written_ms;
    bool confirmed; /* it had been */
};
enum status ledger_list_former_records(struct arena *arena, struct store *store, int64_t line,
                                       struct study_former **list, size_t *count,
                                       struct error *err);
/* STATUS_FORBIDDEN unless the member may prepare a session of that body: its members, and who keeps the ledger. */
enum status ledger_may_prepare_study(struct store *store, int64_t member, int64_t unit,
                                     struct error *err);
/* SESSION_NONE for a line of another kind; SESSION_PLANNED for one made as any line is. */
enum status ledger_load_study(struct arena *arena, struct store *store, const struct line *line,
                              struct study *study, struct error *err);

struct study_item {
    int64_t id;
    struct str key;
    int64_t place; /* from 1; the first is the first item of the agenda (第一议题) */
    struct str title, text;
    int64_t *papers; /* oldest first */
    size_t npapers;
    struct line *lines; /* decided upon under it, oldest first */
    size_t nlines;
};
enum status ledger_list_study_items(struct arena *arena, struct store *store, int64_t line,
                                    struct study_item **list, size_t *count, struct error *err);
/* Where a line was decided upon; id 0: in none. */
enum status ledger_find_deciding_study(struct arena *arena, struct store *store, int64_t line,
                                       struct line *session, struct error *err);

/* Changes of the agenda, by whoever is of the body (STATUS_FORBIDDEN), while the record is not written (STATUS_CONFLICT).
 * Event line.study. STATUS_LIMITED when there are STUDY_ITEMS_MAX or STUDY_PAPERS_MAX, STATUS_MISSING when there is no
 * such item. */
enum status ledger_add_study_item(struct arena *arena, struct store *store, int64_t line,
                                  struct str title, struct str text, int64_t actor,
                                  const struct ledger_deed *deed, struct error *err);
/* `item` empty: the first item, which is made where there is none. */
enum status ledger_add_study_papers(struct arena *arena, struct store *store, int64_t line,
                                    struct str item, const int64_t *papers, size_t count,
                                    int64_t actor, const struct ledger_deed *deed,
                                    struct error *err);
enum status ledger_remove_study_paper(struct arena *arena, struct store *store, int64_t line,
                                      struct str item, int64_t paper, int64_t actor,
                                      const struct ledger_deed *deed, struct error *err);

/* Who was there. */
struct study_presence {
    int64_t member;
    enum presence is;
};
/* Whether a person may see and say who was there: the body's members and head, the chair, who keeps the ledger. */
enum status ledger_may_see_attendance(struct store *store, const struct ledger_person *person,
                                      const struct line *line, bool *may, struct error *err);
/* Members of the body, and whoever was said to be there besides. */
enum status ledger_list_attendance(struct arena *arena, struct store *store,
                                   const struct line *line, struct study_presence **list,
                                   size_t *count, struct error *err);
/* Says it anew of those named; PRESENCE_UNSAID takes it back. Errors as changes of the agenda. */
enum status ledger_say_attendance(struct arena *arena, struct store *store, int64_t line,
                                  const struct study_presence *list, size_t count, int64_t actor,
                                  const struct ledger_deed *deed, struct error *err);

struct study_deed {
    enum session_act act;
    int64_t actor, today;
    struct str words; /* SESSION_WRITE: the record */
};
/* Which acts the machine allows this person now, as bits by act. */
enum status ledger_study_acts(struct store *store, const struct ledger_person *person,
                              const struct line *line, const struct study *study, unsigned *acts,
                              struct error *err);
/* Acts. Event line.study, without the record's words. Errors as machine_allow; STATUS_INPUT. */
enum status ledger_act_on_study(struct arena *arena, struct store *store, int64_t line,
                                const struct study_deed *study_deed, int64_t now_ms,
                                struct error *err);

/* Makes a line of what was decided under an item: kind, title, text, unit, lead and days of `made` are given; both lines tell
 * of each other. By whoever is of the body, once the session was held. Event line.decided about the session. */
enum status ledger_decide_in_study(struct arena *arena, struct store *store, int64_t line,
                                   struct str item, struct line *made, int64_t actor,
                                   const struct ledger_deed *deed, struct error *err);

#endif
