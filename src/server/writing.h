/* What the pages of writing and publishing share: the draft that an address names, the strength panel,
 * names of channels and levels. */
#ifndef SERVER_WRITING_H
#define SERVER_WRITING_H

#include "library/draft.h"
#include "library/strength.h"
#include "server/request.h"

/* The draft of the viewer whose key is the path's first parameter. STATUS_MISSING when there is none. */
enum status writing_find_draft(struct request *rq, struct draft *draft, struct error *err);
/* "/write/KEY" and what follows. */
struct str writing_path(struct request *rq, struct str key, const char *rest);

/* "text", "date" …: what a blank asks for. */
struct str writing_blank_kind(const struct request *rq, enum placeholder_kind kind);
/* "agree; disagree" */
struct str writing_blank_choices(struct arena *arena, const struct blank *blank);
struct str writing_level(const struct request *rq, enum paper_level level);

/* A text with its line ends as '\n', as browsers' forms don't send them. */
struct str writing_lines(struct arena *arena, struct str text);

/* Choices of a form: the value sent, what is shown, and whether it is the present one. */
struct writing_choice {
    struct str value, words;
    bool chosen;
};
extern const struct field WRITING_CHOICE[];

/* What leaks a paper withstands, in figures and in the words that the command line uses. */
struct strength_part {
    int64_t sites, visible, locked, colluders, coalition, wanted;
    int64_t excerpt, excerpt_million; /* characters; 0: not even the whole text */
    int64_t page_characters, page_marks, page_layout_marks,
        scan_pages; /* 0 pages: not all of them */
    struct str level, list, excerpt_words, million_words, coalition_words, picture_words,
        raise_words;
};
extern const struct field STRENGTH_PART[];
enum status writing_measure(struct request *rq, const struct edition_text *text,
                            struct strength_part *part, struct error *err);

#endif
