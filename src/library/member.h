/* Members: added one by one or from a file, found by e-mail or id.
 *
 * A member is written M1, M2 … outside the program; the number is also the member's place in every
 * codeword stream, so it is never reused. */
#ifndef LIBRARY_MEMBER_H
#define LIBRARY_MEMBER_H

#include "store/store.h"

struct member {
    int64_t id;
    struct str name, email;
    struct str group; /* the first that they were put in, by its name; empty: none */
};

/* "M17" in the arena. */
struct str library_member_id(struct arena *arena, int64_t id);

/* The member's unguessable name in addresses, in the arena; empty when there is no such member. */
enum status library_member_key(struct arena *arena, struct store *store, int64_t id,
                               struct str *key, struct error *err);

/* Finds by e-mail (any case) or by id ("M17", "m17", "17"). STATUS_MISSING names what was asked. */
enum status library_find_member(struct arena *arena, struct store *store, struct str whose,
                                struct member *member, struct error *err);

/* Adds one, with its event, and puts them in their group, which is made where there is none; fills
 * member->id. STATUS_INPUT when name, e-mail or group can't be
 * taken, STATUS_CONFLICT when the e-mail is there already. */
enum status library_add_member(struct store *store, struct member *member, struct error *err);

/* Changes name and e-mail, with an event that says which. STATUS_INPUT and STATUS_CONFLICT as adding. */
enum status library_change_member(struct store *store, const struct member *member,
                                  struct error *err);

/* Calls `each` for every member in order of id whose name, e-mail or group contains `search`
 * (empty: all), until it returns false. */
enum status library_list_members(struct store *store, struct str search,
                                 bool (*each)(void *context, const struct member *member),
                                 void *context, struct error *err);

#define IMPORT_BAD_KEPT 100 /* bad lines described; the rest is only counted */

struct bad_line {
    uint64_t line; /* 1-based line of the file at which the row begins */
    struct error reason;
};
struct import {
    bool skip_bad; /* take the good lines of a file that has bad ones */
    /* Called now and then with rows done; return true to stop (nothing is taken). May be NULL. */
    bool (*progress)(void *context, uint64_t bytes_done, uint64_t bytes);
    void *context;
    /* results */
    uint64_t imported, bad_count;
    struct bad_line *bad;
    size_t nbad;
};
/* Imports members from CSV text (UTF-8; RFC 4180), header row first with the columns name, e-mail
 * and (optional) group in any order and in either language. All in one transaction with one event;
 * with a bad line and without skip_bad nothing is taken and STATUS_INPUT names the first. A row
 * that is there already exactly so counts as bad like any other repeat. `name` is the file's, for
 * messages; `digest` that of its bytes, for the event. */
enum status library_import_members(struct arena *arena, struct store *store, struct str name,
                                   const struct digest *digest, struct str csv,
                                   struct import *import, struct error *err);

#endif
