/* The trace walk: exhibit → text → source edition → alignment → marks read → accusation → finding.
 */
#ifndef LIBRARY_TRACE_H
#define LIBRARY_TRACE_H

#include "base/serial.h"
#include "library/exhibit.h"
#include "library/paper.h"
#include "paper/align.h"

#define TRACE_FALSE_ALARM 1e-6
#define TRACE_SOURCES_MAX 16 /* source papers looked for in one exhibit */

enum verdict { VERDICT_NAMED, VERDICT_INSUFFICIENT, VERDICT_UNMARKED, VERDICT_UNKNOWN_SOURCE };
const char *verdict_name(enum verdict verdict); /* "named", "insufficient", … */

/* What a trace is about, in the order in which it goes on; the first three once an exhibit. */
enum trace_phase {
    TRACE_READING,    /* the exhibit is read: `done` of `all` pages, 0 of 0 where it has none */
    TRACE_SOURCE,     /* editions that it may come from are looked up */
    TRACE_ALIGNING,   /* it is read against `done` of `all` of them */
    TRACE_SCORING,    /* as much as `done` of `all` members are scored in all tests together */
    TRACE_EXPLAINING, /* somebody is named; who explains the rest? */
};
const char *trace_phase_name(enum trace_phase phase); /* "reading", "source", … */

struct trace_progress {
    enum trace_phase phase;
    size_t exhibit; /* the one at work, from 0; the last one's number in later phases */
    uint64_t done, all;
};

/* Called now and then in the tracing thread; costs a call for every 256 members scored. False stops. */
struct trace_watch {
    bool (*step)(void *context, const struct trace_progress *progress);
    /* Called for each exhibit that was read just now: library_keep_reading is to be done, in a transaction. NULL: nothing
     * is kept. */
    enum status (*keep)(void *context, struct exhibit *exhibit, struct error *err);
    void *context;
};

struct trace_request {
    const struct exhibit *exhibits;
    size_t nexhibits;
    size_t
        apart; /* so many more follow in exhibits; a site read in one of those counts in none of the others */
    int64_t paper; /* 0: find it among all */
    bool everyone; /* test all members, not only those given a copy */
    double false_alarm;
    const struct trace_watch *watch; /* NULL: nobody */
};

/* A place of a source met in an exhibit. */
struct trace_mark {
    uint32_t site;
    enum paper_channel channel;
    int8_t shown; /* the alternative seen there: 0, 1 or MARK_ERASED when neither can be told */
    enum paper_shift_kind shift; /* of the layout: what is shifted */
    uint8_t doubt;               /* class, of what the site counts as in this exhibit */
    bool counted; /* it is what the site counts as in this exhibit, where places may disagree */
    size_t at,
        len; /* bytes of the exhibit's text, spaces at the ends of visible marks aside; len 0 where
                       the alternative is empty */
    size_t source_at, source_len; /* bytes of the edition's text */
    struct str alt[2];
};

/* What an exhibit has in common with a source: stretches of both texts, and the marks in them. Says
 * nothing about any member. */
struct trace_match {
    size_t exhibit, source; /* indices in the request's exhibits and the finding's sources */
    int64_t edition;        /* of the source, the one closest to this exhibit … */
    struct str text;        /* … and its text */
    struct span *spans;     /* in exhibit order */
    size_t nspans;
    struct trace_mark *marks; /* in exhibit order */
    size_t nmarks;
};

struct trace_source {
    struct edition edition;
    bool
        key_stolen; /* others may have the secret of its paper: whoever does can make anybody's copy */
    double coverage; /* share of the edition seen, all exhibits together (the largest of them) */
    uint32_t sites[PAPER_CHANNELS], reads[PAPER_CHANNELS], erased[PAPER_CHANNELS];
    uint32_t doubtful[PAPER_CHANNELS]; /* of those read: what was seen leaves some doubt */
};

/* A part of a paper, in text order: its sites with numbers from, … to - 1. */
struct trace_part {
    int64_t paper; /* 0: all of every source */
    uint32_t from, to;
};

/* What a member's bound was computed from: enough to compute it anew without a key. */
struct trace_proof {
    double share;        /* of the false-alarm budget, of the test that named the member */
    size_t first, count; /* exhibits that it looked at */
    int64_t favoured;    /* paper tried in another's place; 0: every source as found */
    struct trace_part part;
    unsigned stage; /* of mark_accuse */
    struct mark_tally *tallies;
    size_t ntallies; /* 0: not kept, of a finding made before it was */
};

struct trace_member {
    int64_t id;
    struct str name, email;
    bool erased; /* who it was is not known any more: the name reads M17, the address is empty */
    double score, log10_p, log10_p_all;
    uint32_t agree, read; /* of the marks that the test looked at which named the member */
    uint32_t explains;    /* of these, agreeing marks in which nobody listed before agrees */
    uint32_t agree_by[PAPER_CHANNELS], read_by[PAPER_CHANNELS];
    struct trace_proof proof;
};

/* A copy's number that stands visibly in an exhibit; see trace_sign.h. */
struct trace_sign {
    struct serial number;
    size_t exhibit;                 /* the first that it was seen in */
    int64_t paper, edition, member; /* of the copy; 0: no copy has it */
    struct str name;                /* the member's */
    bool erased;                    /* as of struct trace_member */
};

/* How an exhibit was read; see trace_look.h. */
enum trace_look_kind {
    LOOK_TEXT,
    LOOK_HTML,
    LOOK_DOCX,
    LOOK_ODT,
    LOOK_EPUB,
    LOOK_MAIL,
    LOOK_PDF,
    LOOK_PICTURE,
    LOOK_KINDS
};
struct trace_look {
    struct digest digest; /* the exhibit's */
    enum trace_look_kind kind;
    unsigned pages, pictured; /* 0: has none; of them read from pictures … */
    bool read_in[LANG_COUNT]; /* … in these languages … */
    double doubt;             /* … and the mean chance that a character of it was misread */
};

struct finding {
    enum verdict verdict;
    double false_alarm;
    uint64_t tested;
    struct trace_look *looks; /* of the exhibits; none in a finding made before they were noted */
    size_t nlooks;
    struct trace_source *sources;
    size_t nsources;
    struct trace_match *matches; /* by exhibit, then by source */
    size_t nmatches;
    struct trace_member *members;
    size_t nmembers;
    uint32_t
        unexplained; /* marks read with which nobody named agrees; 0 where they were named by readings that differ */
    struct trace_sign *signs; /* visible marks, which count for nothing */
    size_t nsigns;
    uint32_t needed_marks;      /* further marks that would do; 0 when named or unknowable */
    uint64_t needed_characters; /* about how much further text holds them */
};

/* Marks with which nobody named agrees, where these are more than misreading makes likely: other copies went into the text
 * as well, or it was changed. Else 0. */
uint32_t trace_left_open(const struct finding *finding);
/* What such a number says, as its reader writes it: "12 of the marks read agree with nobody named: …"; in the arena. */
struct str trace_left_words(struct arena *arena, struct str number, enum lang lang);

/* Reads exhibits whose names and bytes are given, telling the watch of each by pages. STATUS_INPUT names the one that can't
 * be read. */
enum status library_read_exhibits(struct arena *arena, struct store *store,
                                  struct exhibit *exhibits, size_t count,
                                  const struct trace_watch *watch, struct error *err);

/* Traces, and keeps nothing. Nothing about a member who is not named is returned. STATUS_INTERRUPTED when
 * the watch stopped it. */
enum status library_trace(struct arena *arena, struct store *store,
                          const struct trace_request *request, struct finding *finding,
                          struct error *err);
/* Puts the finding on record as the event trace.made of `subject` (may be empty), within the open write
 * transaction. */
enum status library_record_finding(struct arena *arena, struct store *store, struct str subject,
                                   const struct trace_request *request,
                                   const struct finding *finding, struct error *err);

#endif
