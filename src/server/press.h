/* Presses kept ready: an edition is read and cut into literals and choices once, not for every copy.
 *
 * A press is found by edition, format, digests of text and sites, and the settings that stand around the
 * paper; so one that has gone out of date is simply not found any more. The least recently used go first
 * when the presses together hold more than they may. */
#ifndef SERVER_PRESS_H
#define SERVER_PRESS_H

#include "library/copy.h"

#define PRESS_BYTES_MAX ((size_t)256 << 20) /* held by all of them */

/* What a press makes: a file in one of the formats, or a page. */
#define PRESS_PAGE FORMAT_KINDS

struct presses;

/* None yet, of bytes_max together; to be ended with presses_free. Any thread may use them. */
struct presses *presses_make(size_t bytes_max);
/* None may be in use. NULL is allowed. */
void presses_free(struct presses *presses);

/* The press for an edition found with library_find_edition; makes it when it is not there. In use until
 * press_release. Any thread, with its own store. */
enum status press_take(struct presses *presses, struct store *store, const struct edition *edition,
                       unsigned kind, const struct copy_press **press, struct error *err);
void press_release(struct presses *presses, const struct copy_press *press);

/* The number of a press in use: no other ever has it. */
uint64_t press_number(struct presses *presses, const struct copy_press *press);
/* The press of that number, in use as above; NULL when it is not kept any more. */
const struct copy_press *press_find(struct presses *presses, uint64_t number);

/* Presses kept at present, and the bytes they hold. For tests and figures. */
size_t presses_count(struct presses *presses, size_t *bytes);

#endif
