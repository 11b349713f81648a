/* Risks (风险): the two scales, the matrix that makes a level of them, the categories, and the machine that leads a risk
 * from being assessed through disposal to being borne, all as data. docs/risks.md is drawn from it. Pure. */
#ifndef LEDGER_RISK_H
#define LEDGER_RISK_H

#include "ledger/line.h"
#include "ledger/machine.h"

/* --- scales and matrix ---------------------------------------------------------------------------- */

#define RISK_SCALE 5 /* likelihood and impact go from 1 to this */

/* One grade of a scale and what it means, so that two people mean the same by it. */
struct risk_grade {
    const char *en, *zh, *how_en, *how_zh;
};
extern const struct risk_grade risk_likelihoods[RISK_SCALE], risk_impacts[RISK_SCALE];

enum risk_level { RISK_NO_LEVEL, RISK_LOW, RISK_MODERATE, RISK_HIGH, RISK_EXTREME, RISK_LEVELS };

/* The matrix: a row a likelihood from 1 up, in it a digit an impact, the level's number. */
#define RISK_MATRIX \
    "11122"         \
    "11223"         \
    "12233"         \
    "22334"         \
    "23344"
/* RISK_NO_LEVEL where one of them is outside 1 … RISK_SCALE. */
enum risk_level risk_level_of(int64_t likelihood, int64_t impact);
/* The same in SQL, over two columns; NULL where one of them is. */
#define RISK_LEVEL_SQL(LIKELIHOOD, IMPACT) \
    "CAST(substr('" RISK_MATRIX "', (" LIKELIHOOD " - 1) * 5 + " IMPACT ", 1) AS INTEGER)"

/* "low", "moderate", "high", "extreme", "" for none; static. */
const char *risk_level_name(enum risk_level level);
const char *risk_level_words(enum risk_level level, enum lang lang);
/* What is to be done at this level, a sentence; static. */
const char *risk_level_rule(enum risk_level level, enum lang lang);
enum risk_level risk_level_named(struct str name); /* RISK_NO_LEVEL for anything else */

/* --- categories ----------------------------------------------------------------------------------- */

enum risk_category {
    RISK_FINANCE,
    RISK_SAFETY,
    RISK_ENVIRONMENT,
    RISK_DISASTER,
    RISK_SOCIAL,
    RISK_HEALTH,
    RISK_PROJECT,
    RISK_ECONOMY,
    RISK_DATA,
    RISK_CONDUCT,
    RISK_CATEGORIES
};
const char *risk_category_name(enum risk_category category);
const char *risk_category_words(enum risk_category category, enum lang lang);
enum risk_category risk_category_named(struct str name); /* RISK_CATEGORIES for anything else */

/* --- the machine ---------------------------------------------------------------------------------- */

enum risk_state {
    RISK_NONE = 0, /* not assessed yet; in a row's `to`: the state stays */
    RISK_ASSESSED,
    RISK_DISPOSING,
    RISK_REPORTED,
    RISK_JUDGED,
    RISK_ACCEPTED,
    RISK_CLOSED,
    RISK_STATES
};

enum risk_act {
    RISK_ENTER,    /* assessed for the first time */
    RISK_REASSESS, /* it is no longer as it was judged */
    RISK_MEASURE,  /* a measure, a step with its limit (step.h) */
    RISK_DISPOSE,  /* disposal begins: the first measures open */
    RISK_REPORT,   /* disposal is said to be done */
    RISK_JUDGE,    /* what is left, as another sees it */
    RISK_ACCEPT,   /* what is left is borne, and watched */
    RISK_BACK,     /* disposal goes on */
    RISK_CLOSE,    /* it can't come about any more */
    RISK_ACTS
};

enum risk_who {
    RISK_WHO_HOLDER,  /* the line's lead, who heads its unit, or a keeper: editor, steward, owner */
    RISK_WHO_WORKER,  /* the same, or a member of the unit */
    RISK_WHO_CHECKER, /* inspector or keeper who neither leads nor heads, nor said that it is done */
    RISK_WHO_BEARER,  /* such a keeper */
    RISK_WHOS
};

enum {
    RISK_NEEDS_WORDS = 1,
    RISK_NEEDS_PLACE = 2,    /* likelihood and impact */
    RISK_NEEDS_MEASURES = 4, /* one or more that waits */
    RISK_NEEDS_ENDED = 8,    /* all of them ended, one at least since disposal began or went on */
    RISK_NEEDS_BEARABLE = 16 /* its level as it stands is below the highest */
};
#define RISK_NEEDS_COUNT 5U

/* What the line's own state is with it. */
enum line_state risk_line_state(enum risk_state state);

extern const struct machine risk_machine; /* see machine.h; of enum risk_state … RISK_NEEDS_… */

#endif
