/* Who reads what, for editors, and for how long that is known of each.
 *
 * It is counted from the events; there is no other record of it. After the time that the setting reading.days
 * gives (180 days unless set), the member is cut out of the events of reading (store_cut_event): that a paper was
 * opened or downloaded, in which format and when, stays, by whom does not. That somebody was given a copy, and
 * when first, is kept longer: without it a leaked copy could not be traced (copy.first_ms). */
#ifndef LIBRARY_READERS_H
#define LIBRARY_READERS_H

#include "store/store.h"

#define READERS_DAYS_DEFAULT 180

/* How long it is known who read, in days. */
enum status library_reading_days(struct store *store, int64_t *days, struct error *err);

struct reader {
    struct str key, name;      /* of the member; by member, of the paper: its key and title */
    int64_t accepted_ms;       /* notices about the paper; 0: none, or not accepted */
    int64_t given_ms;          /* the first copy */
    int64_t first_ms, last_ms; /* within the time kept; 0: nothing then */
    int64_t openings, downloads, as_txt, as_md, as_html, as_docx, as_epub, as_pdf;
};
/* Everybody who was given a copy of the paper, the last to read first, at most `most`; in the arena. */
enum status library_list_readers(struct arena *arena, struct store *store, int64_t paper,
                                 size_t most, struct reader **list, size_t *count,
                                 struct error *err);
/* Every paper that a member was given a copy of, in the same form. Takes O(events of these papers). */
enum status library_list_read(struct arena *arena, struct store *store, int64_t member, size_t most,
                              struct reader **list, size_t *count, struct error *err);
/* Who may open the paper and was given no copy yet, by name; *all: how many there are. Only key and name are
 * filled. */
enum status library_list_nonreaders(struct arena *arena, struct store *store, int64_t paper,
                                    size_t most, struct reader **list, size_t *count, size_t *all,
                                    struct error *err);

struct reading_day {
    int64_t day_ms; /* its first moment, UTC */
    int64_t openings, downloads;
};
#define READING_DAYS_SHOWN 30U
/* The last READING_DAYS_SHOWN days of a paper, today last, and its sums over all time. */
enum status library_count_reading(struct store *store, int64_t paper, int64_t now_ms,
                                  struct reading_day days[READING_DAYS_SHOWN], int64_t *openings,
                                  int64_t *downloads, struct error *err);

/* The readers as CSV (RFC 4180, UTF-8 with a byte order mark for spreadsheets); no field can be taken for a
 * formula. Times are UTC. */
struct str library_readers_csv(struct arena *arena, const struct reader *list, size_t count);

/* When reading is to be forgotten next: a day after the oldest record that is still whole has passed its time,
 * so that it happens once a day. */
#define READING_FORGET_SQL                                                                          \
    "SELECT (SELECT time_ms FROM event WHERE seq > coalesce((SELECT seq FROM cursor WHERE name ="   \
    " 'reading'), 0) AND kind IN ('copy.given', 'copy.opened', 'copy.glimpsed', 'link.opened')"     \
    " ORDER BY seq LIMIT 1) + 86400000 * (1 + coalesce((SELECT CAST(value AS INTEGER) FROM setting" \
    " WHERE name = 'reading.days' AND value <> ''), 180))"
/* Cuts the member out of the events of reading that have passed their time, and forgets where they stopped
 * reading, within the open write transaction; a server_write_step without context. Some thousands at once. */
enum status library_forget_reading(struct store *store, struct arena *scratch, void *context,
                                   struct error *err);

#endif
