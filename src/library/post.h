/* Talk in groups and under papers: posts and their replies, mentions, a paper attached.
 *
 * A thread is a post and the replies to it, one level deep. A paper is attached as a link only: each reader
 * opens their own copy, and whoever the paper is not open to learns nothing of it. A post that its author erases
 * keeps its place without its text; one that a steward hides is seen by its author and by stewards, and can be
 * shown again. What an edited post said before can be read beside it. Changes run within the caller's open write transaction and add their event. */
#ifndef LIBRARY_POST_H
#define LIBRARY_POST_H

#include "store/store.h"

/* Where talk is; the other is 0. Who may be there is decided before: the group's members, or whom the paper is open
 * to. */
struct post_place {
    int64_t group, paper;
};

#define POST_TEXT_MAX   10000                     /* characters */
#define POST_EDIT_MS    ((int64_t)60 * 60 * 1000) /* an own post can be edited so long */
#define POST_MENTIONS   20U                       /* members that one post tells at most */
#define POST_PER_MINUTE 30                        /* posts of one author's */

struct mentionable {
    int64_t member;
    struct str name, email;
};
struct mentions {
    int64_t members[POST_MENTIONS];
    size_t count;
    size_t unmet; /* that stand for nobody */
};
/* Finds who is meant by "@name" and "@e-mail", in any case: the longest name or address that fits wins, and
 * nobody is meant by a name that two of the people bear, nor by lines that are quoted (that begin with '>'). Gives the text with each mention written as the
 * name stands in `people`, so that no address is left in it. Those beyond POST_MENTIONS are written so and
 * not counted in. Pure; takes O(text + mentions × people). */
struct str post_complete_mentions(struct arena *arena, struct str text,
                                  const struct mentionable *people, size_t npeople,
                                  struct mentions *mentions);

struct post {
    int64_t id;
    struct str key,
        thread; /* names in forms: its own, and that of the post it answers (empty: none) */
    int64_t author;
    struct str name; /* the author's */
    struct str text;
    struct str paper_key,
        paper_title; /* attached, empty when there is none or it is not open to the reader */
    bool attached;   /* there is one, open or not */
    int64_t created_ms, edited_ms, removed_ms;
    struct str removed_why; /* why a steward hid it; empty: erased by its author */
};

struct new_post {
    struct post_place place;
    int64_t author;
    struct str
        thread; /* key of the post that it answers, or of another reply to that; empty: none */
    struct str text;
    struct str paper; /* key of a paper to attach; empty: none */
};
/* Writes a post; gives its key, in the arena. Whose names or e-mail addresses stand after an @ are mentioned, each with a letter: members of
 * the group, or under a paper who has spoken there and may still open it. To them, and to who spoke in the thread, the post is
 * unseen. STATUS_CONFLICT when the group is closed, STATUS_LIMITED for more than POST_PER_MINUTE, STATUS_MISSING when what it answers or attaches is not there for
 * its author, STATUS_INPUT when it says nothing. */
enum status library_write_post(struct arena *arena, struct store *store,
                               const struct new_post *post, int64_t now_ms, struct str *key,
                               struct error *err);
/* Changes the author's own text within POST_EDIT_MS, and keeps what it said before; who is newly mentioned gets a letter. STATUS_MISSING when
 * there is no such post of theirs there, STATUS_CONFLICT when it is too late. */
enum status library_edit_post(struct arena *arena, struct store *store, struct post_place place,
                              int64_t author, struct str key, struct str text, int64_t now_ms,
                              struct error *err);
/* Erases the author's own post, with what it said before. STATUS_MISSING when there is no such post of
 * theirs there. */
enum status library_erase_post(struct store *store, struct post_place place, int64_t author,
                               struct str key, int64_t now_ms, struct error *err);
/* For stewards: hides a post with a reason, which stands in its place, or shows it again. STATUS_MISSING when there
 * is no such post, or none that is hidden; STATUS_INPUT when no reason is given. */
enum status library_hide_post(struct store *store, struct post_place place, struct str key,
                              struct str why, int64_t now_ms, struct error *err);
enum status library_unhide_post(struct store *store, struct post_place place, struct str key,
                                struct error *err);

/* Threads, the newest first, each followed by its replies in order: leaves out the first `skip`
 * threads, gives at most `most` of them. `reader` decides what is said of attached papers, and with `steward` whose
 * hidden text is given. *more: there are further threads. */
enum status library_list_posts(struct arena *arena, struct store *store, struct post_place place,
                               int64_t reader, bool steward, int64_t now_ms, int64_t skip,
                               int64_t most, struct post **list, size_t *count, bool *more,
                               struct error *err);
/* How many threads there are newer than the one that the post belongs to. STATUS_MISSING when there
 * is no such post. */
enum status library_find_post_place(struct store *store, struct post_place place, struct str key,
                                    int64_t *newer, struct error *err);
struct former_text {
    struct str text;
    int64_t until_ms;
};
/* What an edited post said before, the oldest first. */
enum status library_list_former_texts(struct arena *arena, struct store *store, int64_t post,
                                      struct former_text **list, size_t *count, struct error *err);
/* How many times an @ in a post, by its key, stands for nobody who could be told. */
enum status library_count_unmet_mentions(struct arena *arena, struct store *store, struct str key,
                                         size_t *count, struct error *err);
/* What was said to a member and they have not seen: posts that mention them, and posts in threads in which they spoke. */
struct unseen_post {
    struct str path;        /* of the post */
    struct str author;      /* by name */
    struct str place, lang; /* the group, or the paper's title and its language */
    bool mentions;
    int64_t created_ms;
};
/* Those that still stand where the member may be today, the newest first, at most `most`; in the arena. */
enum status library_list_unseen_posts(struct arena *arena, struct store *store, int64_t member,
                                      int64_t now_ms, int64_t most, struct unseen_post **list,
                                      size_t *count, struct error *err);
/* Whether there are any at a place. */
enum status library_any_unseen_posts(struct store *store, struct post_place place, int64_t member,
                                     bool *any, struct error *err);
/* A post was shown to the member, within the open write transaction. */
enum status library_see_post(struct store *store, int64_t member, int64_t post, struct error *err);
/* Names of those whom a post mentions, in the arena. */
enum status library_mentioned_names(struct arena *arena, struct store *store, int64_t post,
                                    struct str **names, size_t *count, struct error *err);

#endif
