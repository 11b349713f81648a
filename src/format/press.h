/* Inside format/: what a kind of copy's press is made of. Never included from elsewhere. */
#ifndef FORMAT_PRESS_H
#define FORMAT_PRESS_H

#include "format/format.h"

/* What copies are made from. */
struct press_order {
    const struct paper_doc *doc;
    const struct paper_sites *sites; /* NULL: the master alone */
    const struct format_frame *frame;
    struct str original;
    enum format_kind kind;
};

/* How a kind's copies are made: once for an edition, then for each member. What `make` gives lives in the arena, keeps
 * nothing of the order and never changes; `write` gives the copy in the arena that it is called with. */
struct press_maker {
    enum status (*make)(struct arena *arena, const struct press_order *order, void **made,
                        struct error *err);
    struct str (*write)(const void *made, struct arena *arena, const uint8_t *bits,
                        const struct format_owner *owner);
};

/* What a visible mark says, in one line: "Li Hua · 7KMP-QW3X-HD9A-T5RC · 2026-11-29 15:04", in the arena. */
struct str format_owner_line(struct arena *arena, const struct format_owner *owner);
/* The time of that line alone. */
struct str format_owner_time(struct arena *arena, const struct format_owner *owner);

/* --- kinds ---------------------------------------------------------------------------------------- */
extern const struct press_maker format_html_maker;

#endif
