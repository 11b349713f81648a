/* Stamping: an edition rendered once into a plan, then any member's copy at the speed of memory.
 *
 * A format's renderer writes its output once, saying where each place's two alternatives go; the
 * result is a plan: literal stretches and choices. Stamping a copy is then a walk over the plan. */
#ifndef PAPER_STAMP_H
#define PAPER_STAMP_H

#include "paper/site.h"

struct stamp_plan;

/* Builds a plan: begin, then literals and choices in the output's order, then end. `site` is the
 * number whose bit decides between the two (already escaped) alternatives. */
struct stamp_plan *stamp_plan_make(struct arena *arena);
void stamp_plan_literal(struct stamp_plan *plan, struct str bytes);
void stamp_plan_choice(struct stamp_plan *plan, uint32_t site, struct str alt0, struct str alt1);
void stamp_plan_end(struct stamp_plan *plan);

/* Bytes that any copy needs at most, slack for wide stores included. */
size_t stamp_plan_room(const struct stamp_plan *plan);
/* Writes the copy for `bits` (one byte 0/1 a site number; at least the plan's greatest site + 1 of
 * them) to out, which has stamp_plan_room bytes. Returns the copy's length. Thread-safe. */
size_t stamp_plan_write(const struct stamp_plan *plan, const uint8_t *bits, char *out);
/* The same copy, made in the way that any processor can: what stamp_plan_write falls back on. */
size_t stamp_plan_write_in_runs(const struct stamp_plan *plan, const uint8_t *bits, char *out);
/* Sites (greatest number + 1) that bits must cover. */
uint32_t stamp_plan_sites(const struct stamp_plan *plan);

/* The bits a copy is stamped with: the codeword, but 0 at locked and absent sites. In place. */
void stamp_apply_locks(const struct paper_sites *sites, uint8_t *bits);

/* The document as a copy with these bits reads: text and title with the chosen alternatives, blocks moved
 * along, runs left out. Where the title is words of the text it is the copy's own. In the arena; takes
 * O(text). */
struct paper_doc stamp_doc(struct arena *arena, const struct paper_doc *doc,
                           const struct paper_sites *sites, const uint8_t *bits);

#endif
