/* Inside the inspector only: the text as code points, and how a finder reports. */
#ifndef PAPER_INSPECT_LOOK_H
#define PAPER_INSPECT_LOOK_H

#include "paper/inspect.h"

/* What a kind of find is called and how much it weighs. `unusual` is -log10 of its rate in clean
 * text, finds per character: counted over about a million characters of published Chinese and
 * English (handbook, policy, manual pages). What never occurred there has the rule-of-three bound
 * 3/10⁶, i.e. 5.5, more where the character has no use in running text at all. */
struct look_rule {
    enum concern_kind kind;
    bool certain;
    double unusual;
    const char *en, *zh;
};

struct tally; /* words and how often they occur */

struct look {
    struct arena *arena;
    struct str text;
    enum lang lang;
    uint32_t *code; /* n code points, followed by one 0 */
    uint32_t *at;   /* n + 1 byte offsets */
    size_t n;
    size_t han;      /* ideographs in the text */
    uint8_t *starts; /* n + 1: 1 where a word of the dictionary begins (and at the end) */
    struct tally *tally;
    struct concern *list;
    size_t count;
};

/* Fills starts and tally: the text cut into words, and how often each occurs. */
void look_read_words(struct look *look);
/* How often the text has this very word. */
size_t look_count_word(const struct look *look, struct str word);

/* Reports cells [from, to) under a rule. Returns the concern so that details can be changed until
 * the next report. */
struct concern *look_report(struct look *look, const struct look_rule *rule, size_t from, size_t to,
                            struct str intended);
/* The code point `code` as UTF-8 in the arena. */
struct str look_code(struct look *look, uint32_t code);
/* The text of the cells [from, to). */
struct str look_cells(const struct look *look, size_t from, size_t to);
/* A built-in data file (lexicon/inspect-*.txt); empty when there is none of that name. */
struct str look_data(const char *name);
/* The next line of a data file that is neither empty nor a remark (#), cut at tabs and spaces into
 * at most `most` fields. False at the end. */
bool look_data_line(struct str *rest, struct str *fields, size_t most, size_t *count);
/* Code point before/after cell i, 0 at the ends. */
uint32_t look_before(const struct look *look, size_t i);
uint32_t look_after(const struct look *look, size_t i);
/* NFKC of one code point; empty when it is its own. */
struct str look_compatible(struct look *look, uint32_t code);
bool look_is_latin(uint32_t code);

void look_for_invisible(struct look *look);
void look_for_compatible(struct look *look);
void look_for_scripts(struct look *look);
void look_for_spaces(struct look *look);
void look_for_widths(struct look *look);
void look_for_misread(struct look *look);
void look_for_digits(struct look *look);
void look_for_forms(struct look *look);

#endif
