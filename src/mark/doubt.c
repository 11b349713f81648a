/* How doubtful a mark read is, and what several sights of one mark say together.
 *
 * A chance of misreading is told in a few classes only, because sites of one class form the groups that the
 * bound is computed from, and fewer groups are scored faster. Several sights are put together by Bayes' rule,
 * each taken to be misread with its class's chance, independently of the others. */
#include "internal.h"

static const struct {
    double error; /* what the class is taken for … */
    double below; /* … for chances below this */
} classes[MARK_DOUBTS] = {
    {MARK_ASSUMED_ERROR, 0.045}, {0.08, 0.125}, {0.18, 0.25}, {0.32, MARK_READABLE_BELOW}};

double mark_doubt_error(unsigned doubt)
{
    return classes[doubt < MARK_DOUBTS ? doubt : MARK_DOUBTS - 1].error;
}

double mark_doubt_worth(unsigned doubt)
{
    const double share = (1 - 2 * mark_doubt_error(doubt)) / (1 - 2 * mark_doubt_error(0));
    return share * share;
}

unsigned mark_doubt_of(double error)
{
    unsigned doubt = 0;
    while (doubt < MARK_DOUBTS && !(error < classes[doubt].below))
        doubt++;
    return doubt;
}

void mark_sight_add(struct mark_sight *sight, int8_t read, unsigned doubt)
{
    if (read == MARK_ERASED || doubt >= MARK_DOUBTS || sight->torn)
        return;
    if (sight->read == MARK_ERASED) {
        sight->read = read;
        sight->doubt = (uint8_t)doubt;
        return;
    }
    if (read != sight->read && doubt == sight->doubt) {
        *sight = (struct mark_sight){.read = MARK_ERASED, .torn = true};
        return;
    }
    const double wrong = mark_doubt_error(sight->doubt);
    const double other = mark_doubt_error(doubt);
    const double support = read == sight->read ? 1 - other : other; /* of what was read so far */
    const double error = wrong * (1 - support) / (wrong * (1 - support) + (1 - wrong) * support);
    sight->read = error > 0.5 ? read : sight->read;
    doubt = mark_doubt_of(error > 0.5 ? 1 - error : error);
    sight->doubt = (uint8_t)(doubt < MARK_DOUBTS ? doubt : MARK_DOUBTS - 1);
}
