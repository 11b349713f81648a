/* The room of the code: biases, codewords, accusation, p-values.
 *
 * Pure: no files, no database, no clock, no randomness but the key it is given; memory only from
 * the caller's arena. Enters only base/. What a "site" looks like in a text is none of its
 * business: here a site is a number, 0 … nsites-1 within its paper.
 *
 * Sources: Tardos (STOC 2003), Skoric et al. (2008), Nuida et al. (2009), Laarhoven & de Weger
 * (2014), Meerwald & Furon (2012); docs/marking.md explains and proves. */
#ifndef MARK_MARK_H
#define MARK_MARK_H

#include "base/digest.h"
#include "base/error.h"
#include "base/str.h"

#define MARK_COLLUDERS_MIN 2U
#define MARK_COLLUDERS_MAX 8U
#define MARK_CLASSES_MAX   4U
#define MARK_STAGES_MAX    8U
#define MARK_BIAS_UNIT     64U /* a bias is a whole number of 64ths: six key-stream bits a site */

/* Nuida's discrete bias distribution for a planned number of colluders: class k has the bias
 * p = numerator[k] / 64 and is drawn with probability weight[k] / 65536. */
struct mark_distribution {
    unsigned colluders;
    unsigned nclasses;
    unsigned numerator[MARK_CLASSES_MAX];
    unsigned weight[MARK_CLASSES_MAX]; /* sums to 65536 */
};

/* The distribution for `colluders` (clamped to 2 … 8). Never NULL; static storage. */
const struct mark_distribution *mark_distribution_for(unsigned colluders);

/* A paper's code: its key, its distribution, and for each site its class and place in the stream. */
struct mark_code;

/* Makes the code of a paper with `nsites` sites from the paper's key (32 bytes, digest_derive of the
 * installation's secret). Site i has the same class and the same bits for every nsites > i, so a
 * paper may gain sites. Takes O(nsites). The code lives in the arena. */
struct mark_code *mark_code_make(struct arena *arena, const struct digest *key, unsigned colluders,
                                 uint32_t nsites);
uint32_t mark_code_sites(const struct mark_code *code);
/* p_i of a site: the probability that an innocent member's codeword holds 1 there. */
double mark_code_bias(const struct mark_code *code, uint32_t site);

/* Writes the member's codeword, one byte (0 or 1) a site, nsites of them. `bit = PRF(key, member,
 * site) < p_site`: the same every time. Thread-safe for one code. */
void mark_codeword(const struct mark_code *code, uint32_t member, uint8_t *bits);

/* What was read at a site. */
enum { MARK_ERASED = -1 }; /* else 0 or 1 */

/* How doubtful what was read is: a mark of class k is taken to be misread with the chance
 * mark_doubt_error(k), which rises with k. Which class a mark has may depend on the exhibit alone, never on
 * anybody's codeword; then the bound holds whatever is taken for what, and doubt only says how much a mark
 * counts. */
#define MARK_DOUBTS         4U
#define MARK_READABLE_BELOW 0.35
double mark_doubt_error(unsigned doubt);
/* About how much a mark of the class tells, against one of class 0: how much nearer than chance it is to
 * what was published, squared. For planning. */
double mark_doubt_worth(unsigned doubt);
/* The class for a chance of misreading; MARK_DOUBTS from MARK_READABLE_BELOW on: not read at all. */
unsigned mark_doubt_of(double error);

/* What several sights of one mark say together. Begin with {.read = MARK_ERASED}. */
struct mark_sight {
    int8_t read;
    uint8_t doubt; /* class */
    bool torn;     /* two sights that were equally sure contradict each other: erased for good */
};
/* Adds one more: what agrees makes surer, of what contradicts the surer stands, and is less sure. */
void mark_sight_add(struct mark_sight *sight, int8_t read, unsigned doubt);

/* Marks read off one paper: read[i] for each site of its code. */
struct mark_evidence {
    const struct mark_code *code;
    const int8_t *read;
    const uint8_t *doubt; /* class of doubt of each site read; NULL: of class 0 all */
};

/* Marks read that look alike to a test, and how many of them agree with one member's codeword. */
struct mark_tally {
    unsigned bias;             /* in MARK_BIAS_UNITths */
    unsigned bit;              /* as read */
    unsigned explained, known; /* so many of the members known before hold that bit */
    uint32_t sites, agree;
    unsigned doubt; /* class */
};

struct mark_accused {
    uint32_t member;
    double score;   /* nats: minus ln of the strongest test's own bound, which is the greatest
                           log-likelihood ratio that tilting an innocent's bits can give */
    double log10_p; /* bound: chance that one given innocent scores like this, all tests counted */
    double log10_p_all;               /* the same for any of the members tested */
    uint32_t agree;                   /* marks agreeing with the member's codeword … */
    uint32_t read;                    /* … of the marks read */
    unsigned stage;                   /* that named the member, from 1 */
    const struct mark_tally *tallies; /* all that log10_p was computed from */
    size_t ntallies;
};

struct mark_finding {
    struct mark_accused *accused; /* only those named, strongest first */
    size_t naccused;
    uint32_t read;          /* marks read in all evidence */
    double threshold_log10; /* log10_p at or below which a member is named in the first stage */
    uint32_t needed; /* about how many further marks, all agreeing with one member, would name
                               a single leaker; where the marks read would do for one, for the
                               smallest coalition for which they would not; where that is beyond any
                               plan, as many again as were read; 0 when somebody is named. Says nothing about any member */
};

/* Who made it? Tests `members` (numbers, any order, no duplicates) against the evidence, which may
 * come from several papers, doubtful marks counting for less. A member is named only if nmembers × bound ≤ false_alarm, whatever the
 * exhibit is; see docs/marking.md for the proof and how the false-alarm budget is split over scores
 * and stages. After a member is named the rest are tested again given what that member explains;
 * with more than 65,536 members those later stages look at a shortlist only. Within a stage, the
 * same names as scoring everybody in full. Evidence of one paper given twice counts once, its sights of
 * a site put together (mark_sight_add). Fails with STATUS_INPUT when false_alarm is not within
 * (0, 0.5). Takes O(nmembers × sites) simple steps and 24 bytes a member at most.
 * Thread-safe. */
enum status mark_accuse(struct arena *arena, const struct mark_evidence *evidence, size_t nevidence,
                        const uint32_t *members, size_t nmembers, double false_alarm,
                        struct mark_finding *finding, struct error *err);

/* Told of progress, now and then, in the thread that accuses: of `all` members `done` are scored in a
 * stage (from 1; later ones look for those who explain what is left). False stops the walk. */
struct mark_watch {
    bool (*scored)(void *context, unsigned stage, size_t done, size_t all);
    void *context;
};
/* The same as mark_accuse, watched (NULL: by nobody). STATUS_INTERRUPTED when the watch stopped it:
 * *finding is then not filled, so that nobody learns of names found halfway. */
enum status mark_accuse_watched(struct arena *arena, const struct mark_evidence *evidence,
                                size_t nevidence, const uint32_t *members, size_t nmembers,
                                double false_alarm, const struct mark_watch *watch,
                                struct mark_finding *finding, struct error *err);

/* Computes a named member's score and log10_p anew, from the tallies and the stage alone: no key, no other member.
 * False when they are none that mark_accuse could have given; takes any numbers whatever. */
bool mark_bound_again(struct arena *arena, const struct mark_tally *tallies, size_t ntallies,
                      unsigned stage, double *score, double *log10_p);

/* Planning figures, used for a paper's strength. `error_rate` is the chance that a mark is misread.
 * mark_marks_for_single: marks that name a single leaker among nmembers in 99 of 100 cases.
 * mark_marks_for_colluders: marks with which at least one of `coalition` members who mix their
 * copies is named in 95 of 100 cases, for a code planned for `colluders`; 0 when no number below
 * 1,000,000 does. */
uint32_t mark_marks_for_single(unsigned colluders, double nmembers, double false_alarm,
                               double error_rate);
uint32_t mark_marks_for_colluders(unsigned colluders, unsigned coalition, double nmembers,
                                  double false_alarm, double error_rate);

#endif
