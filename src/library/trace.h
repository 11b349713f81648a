/* The trace walk: exhibit → text → source edition → alignment → marks read → accusation → finding.
 */
#ifndef LIBRARY_TRACE_H
#define LIBRARY_TRACE_H

#include "library/paper.h"
#include "paper/align.h"

#define TRACE_FALSE_ALARM 1e-6
#define TRACE_SOURCES_MAX 16 /* source papers looked for in one exhibit */

enum verdict { VERDICT_NAMED, VERDICT_INSUFFICIENT, VERDICT_UNMARKED, VERDICT_UNKNOWN_SOURCE };
const char *verdict_name(enum verdict verdict); /* "named", "insufficient", … */

struct exhibit {
    struct str name;  /* file name, for messages */
    struct str bytes; /* as found */
    struct str text;  /* decoded */
    struct digest digest;
};

struct trace_request {
    const struct exhibit *exhibits;
    size_t nexhibits;
    int64_t paper; /* 0: find it among all */
    bool everyone; /* test all members, not only those given a copy */
    double false_alarm;
};

struct trace_source {
    struct edition edition;
    double coverage; /* share of the edition seen, all exhibits together (the largest of them) */
    uint32_t sites[PAPER_CHANNELS], reads[PAPER_CHANNELS], erased[PAPER_CHANNELS];
};

struct trace_member {
    int64_t id;
    struct str name, email;
    double score, log10_p, log10_p_all;
    uint32_t agree, read, explains;
    uint32_t agree_by[PAPER_CHANNELS], read_by[PAPER_CHANNELS];
};

struct finding {
    enum verdict verdict;
    double false_alarm;
    uint64_t tested;
    struct trace_source *sources;
    size_t nsources;
    struct trace_member *members;
    size_t nmembers;
    uint32_t needed_marks;      /* further marks that would do; 0 when named or unknowable */
    uint64_t needed_characters; /* about how much further text holds them */
};

/* Traces, and records exhibits (as blobs) and the finding (as an event). Nothing about a member who
 * is not named is kept or returned. */
enum status library_trace(struct arena *arena, struct store *store,
                          const struct trace_request *request, struct finding *finding,
                          struct error *err);

#endif
