/* A form that was refused, in its page: filled with what was typed, and the field that the refusal is about marked.
 *
 * A page is made by whoever shows it, for anybody; what belongs to this one answer is put into it afterwards, here and
 * for all forms alike. It looks at the page's own tags, which are ours and well formed; names and values of another
 * hand are escaped in them and are never taken for tags. The form is known by the address that it, or a button of it,
 * is sent to; among several by its hidden fields. What lies folded away around it is opened. */
#ifndef SERVER_REFILL_H
#define SERVER_REFILL_H

#include "server/request.h"

struct refill {
    struct str page, action;   /* the address is a path */
    const struct pairs *typed; /* UTF-8 */
    const struct route *route; /* of the form: what it does not take is left alone */
    const char *blamed;        /* the name of the input to mark, or NULL */
    size_t place;              /* which of several of that name, from 0 */
    struct str
        problem; /* the words of the refusal as the page shows them: goes to what is marked */
    bool asks;   /* the form is one that changes nothing: a search, filters */
};

/* Puts what was typed into the form, passwords and files excepted, and marks the field; false when the page has no such
 * form, or several and none with the same hidden fields. The page, in the arena, takes the place of refill->page. */
bool refill_form(struct arena *arena, struct refill *refill);

#endif
