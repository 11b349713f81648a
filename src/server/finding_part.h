/* A finding as pages show it: in plain words first, then in figures. Shown by web/finding.html. */
#ifndef SERVER_FINDING_PART_H
#define SERVER_FINDING_PART_H

#include "library/trace.h"
#include "server/request.h"

struct finding_channel {
    struct str name;
    int64_t sites, read, doubtful, erased, unseen;
};
struct finding_source {
    struct str paper, key, title; /* key is empty where the paper is not in the portal */
    int64_t edition, coverage;    /* per cent */
    int64_t sites, read, doubtful, erased, unseen;
    struct finding_channel *channels;
    size_t nchannels;
    bool key_stolen;
};
struct finding_member {
    struct str member, key, name, email, chance, more; /* more: what those before do not explain */
    struct str
        part; /* the paper of which a part alone was looked at; empty: all of what was found */
    int64_t agree, read;
    double score, log10_p, log10_p_all;
};
/* How an exhibit was read, from 1 as the trace has them. */
struct finding_exhibit {
    int64_t number, pages, pictured;
    struct str sha256, read_as; /* "pdf" …, as docs/trace-json.md has it */
    struct str words, brief;    /* brief: how its digest begins */
};
struct finding_sign {
    struct str number, says, words;      /* says: "agrees" …, as docs/trace-json.md has it */
    struct str paper, member, key, name; /* of the copy; empty where no copy has the number */
    int64_t exhibit, edition;            /* exhibit: from 1 */
};
struct finding_part {
    struct str verdict;  /* "named" …, as docs/trace-json.md has it */
    struct str headline; /* what was found, in one sentence */
    struct str left;     /* what those named leave open; empty: next to nothing */
    struct str next;     /* what would do, or what to bear in mind */
    struct str limit;    /* the chance of naming anybody innocent */
    struct str chart;    /* markup */
    int64_t tested, needed_marks, needed_characters;
    double false_alarm;
    bool named;
    struct finding_exhibit *exhibits;
    size_t nexhibits;
    struct finding_source *sources;
    size_t nsources;
    struct finding_member *members;
    size_t nmembers;
    struct finding_sign *signs; /* visible marks */
    size_t nsigns;
    bool any_sign;
};
extern const struct field FINDING_PART[];

/* Fills the part, in the request's arena. */
enum status finding_fill(struct request *rq, const struct finding *finding,
                         struct finding_part *part, struct error *err);
/* The verdict in a word or two, for lists; in the request's language. */
struct str finding_verdict_words(const struct request *rq, enum verdict verdict);

#endif
