/* Notices: terms that a reader accepts before reading, and who accepted which wording.
 *
 * A notice is the library's, a group's or a paper's; each has at most one in force. A new wording is a new
 * notice and ends the old one, so whoever accepted that is asked anew. An acknowledgement records the
 * digest of the text, the time and the full address that it came from; the address stands beside the record
 * and not in it, so that it can be erased. Which notices hold up whom is for entitlement.h to say. */
#ifndef LIBRARY_NOTICE_H
#define LIBRARY_NOTICE_H

#include "base/lang.h"
#include "store/store.h"

enum notice_scope { NOTICE_LIBRARY, NOTICE_GROUP, NOTICE_PAPER };
#define NOTICE_SCOPES 3
#define NOTICE_MAX    20000 /* characters */

/* "library", "group", "paper". */
const char *notice_scope_name(enum notice_scope scope);
bool notice_scope_parse(struct str name, enum notice_scope *scope);

struct notice {
    int64_t id;
    struct str key; /* its name in addresses */
    enum notice_scope scope;
    int64_t subject;  /* group or paper; 0 for the library */
    struct str about; /* the group's name, the paper's title; empty for the library */
    struct str text;
    struct digest digest; /* of text */
    int64_t since_ms, ended_ms;
    int64_t accepted; /* by how many members */
};

/* Puts a new wording in force and ends the one before, within the open write transaction, with an event
 * that holds the text's digest. Line ends become \n and white space at both ends goes. Empty: none is in
 * force from now on. The wording in force again changes nothing. */
enum status library_set_notice(struct arena *arena, struct store *store, enum notice_scope scope,
                               int64_t subject, struct str text, int64_t now_ms, struct error *err);

/* Finds a notice by its key. STATUS_MISSING when there is none. */
enum status library_find_notice(struct arena *arena, struct store *store, struct str key,
                                struct notice *notice, struct error *err);
/* The one in force about a thing; id 0 when there is none. */
enum status library_notice_in_force(struct arena *arena, struct store *store,
                                    enum notice_scope scope, int64_t subject, struct notice *notice,
                                    struct error *err);
/* All there were, those in force first, then the newest; at most `most`. */
enum status library_list_notices(struct arena *arena, struct store *store, int64_t most,
                                 struct notice **list, size_t *count, struct error *err);

/* Whether a member may see a notice: the library's always, a group's or a paper's when a paper that it is
 * about is open to them but for notices, or they are in the group. */
enum status library_may_see_notice(struct store *store, const struct notice *notice, int64_t member,
                                   int64_t now_ms, bool *may, struct error *err);
/* The members with an account who may see the notice in force about a thing and have not accepted it, ascending,
 * in the arena; *key is its key, empty when none is in force. */
enum status library_list_unasked(struct arena *arena, struct store *store, enum notice_scope scope,
                                 int64_t subject, int64_t now_ms, struct str *key,
                                 int64_t **members, size_t *count, struct error *err);
/* The page on which a notice (struct entitlement's) is accepted, to go on to `next`, a path here; in the
 * arena. */
enum status library_notice_path(struct arena *arena, struct store *store, int64_t notice,
                                struct str next, struct str *path, struct error *err);

/* The next moment after now_ms at which a wording comes into force; INT64_MAX when none is known. */
enum status library_next_notice(struct store *store, int64_t now_ms, int64_t *at_ms,
                                struct error *err);

/* Records that a member accepts a notice, within the open write transaction, with its event. Accepting
 * again changes nothing. STATUS_CONFLICT when it is not in force any more. */
enum status library_accept_notice(struct store *store, const struct notice *notice, int64_t member,
                                  struct str address, int64_t now_ms, struct error *err);
/* When the member accepted it; 0: not yet. */
enum status library_accepted_at(struct store *store, int64_t notice, int64_t member,
                                int64_t *time_ms, struct error *err);

struct acknowledgement {
    int64_t member, time_ms;
    struct str name, email, address;
};
/* Who accepted a notice, the latest first. */
enum status library_list_acknowledgements(struct arena *arena, struct store *store, int64_t notice,
                                          int64_t skip, int64_t most, struct acknowledgement **list,
                                          size_t *count, struct error *err);

/* A text to begin from, in both languages: that copies are marked one by one, what is recorded, how long
 * and for whom, how to appeal. `organisation`, `contact` and the days that reading is known (library_reading_days)
 * are put in where it speaks of them. */
struct str library_default_notice(struct arena *arena, struct str organisation, struct str contact,
                                  int64_t days);

#endif
