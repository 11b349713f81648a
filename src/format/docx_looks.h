/* What a Word document says of its paragraphs apart from their text: styles and automatic numbers. Not for other rooms. */
#ifndef FORMAT_DOCX_LOOKS_H
#define FORMAT_DOCX_LOOKS_H

#include "format/package.h"

#define DOCX_LEVELS 9U
#define DOCX_SIZE   20U /* half points of letters where a document says nothing */

enum docx_figures { /* how a number is written */
                    DOCX_DECIMAL,
                    DOCX_BULLET,
                    DOCX_NONE,
                    DOCX_HAN, /* 一、二、十一 */
                    DOCX_LETTER,
                    DOCX_CAPITAL,
                    DOCX_ROMAN,
                    DOCX_CAPITAL_ROMAN,
};
struct docx_level {
    enum docx_figures figures;
    unsigned start;
    struct str text; /* "%1.%2": a level's number stands for each */
};
/* A pattern of numbers, and how far its paragraphs have counted. */
struct docx_list {
    struct str id;
    struct docx_level levels[DOCX_LEVELS];
    unsigned count[DOCX_LEVELS];
    bool begun[DOCX_LEVELS];
};
/* The space above paragraphs, and below, as attributes say it; empty: say nothing. */
struct docx_above {
    struct str before; /* twentieths of a point … */
    struct str lines;  /* … unless it is hundredths of a line … */
    bool paired;       /* … which come to `before` as Word and WPS write it beside them … */
    struct str itself; /* … or left to Word … */
    struct str joined; /* … or none behind a paragraph of the same style */
    struct str after, after_lines, after_itself; /* below, likewise */
};
struct docx_style {
    struct str id, based;
    bool title, contents;
    unsigned outline; /* heading level from 1; 0: no heading */
    struct str list;  /* numId */
    unsigned level;
    unsigned size; /* of letters, in half points; 0: says nothing */
    struct docx_above above;
    struct str letters; /* space behind each, in twentieths of a point; empty: says nothing */
};
/* How paragraphs of a style are set. */
struct docx_set {
    unsigned size;
    struct str letters;
    struct docx_above above;
    bool known; /* the style is there, or none is named */
};
struct docx_looks {
    struct arena *arena;
    struct docx_style *styles;
    size_t nstyles;
    struct docx_list *lists; /* abstract ones */
    size_t nlists;
    struct docx_number {
        struct str id, list;
    } * numbers;                /* numId → abstractNumId */
    struct docx_style defaults; /* where no style says anything */
    struct str normal;          /* id of that style */
    size_t nnumbers;
};

/* What a paragraph says of itself, or its style for it. */
struct docx_paragraph {
    struct str style, list;
    unsigned level;
    int outline; /* -1: says nothing; 0: none */
    struct docx_above above;
    uint32_t element; /* by the order in which they begin */
};

/* Reads styles.xml and numbering.xml, either empty where there is none. False where one is damaged. */
bool docx_read_looks(struct docx_looks *looks, struct arena *arena, struct str styles,
                     struct str numbering);
/* The style with all that it is based on taken in; of one that isn't there, nothing. */
struct docx_style docx_find_style(const struct docx_looks *looks, struct str id);
/* How text is set in a paragraph's style and, within that, a run's; either may be empty. */
struct docx_set docx_find_set(const struct docx_looks *looks, struct str paragraph, struct str run);
/* Takes what the element that begins here (w:spacing, w:contextualSpacing or any other) says of the space above that was not
 * said before. */
void docx_take_above(struct arena *arena, struct xml *xml, struct docx_above *above);
/* Takes what the other says and this doesn't. */
void docx_fill_above(struct docx_above *above, const struct docx_above *with);
/* The space below, in twentieths of a point; UINT_MAX where only Word knows it. */
unsigned docx_below(const struct docx_above *above);
/* Twentieths of a point, which may be less than none; 0 for what is no number. */
int docx_twentieths(struct str text);
/* Whether the space above is as `before` says it, and nothing else counts; whether there is none behind a paragraph of the same
 * style. */
bool docx_above_is_plain(const struct docx_above *above);
bool docx_above_is_joined(const struct docx_above *above);
/* Counts a paragraph of list `number` at a level from 0 and gives its number as it is printed, in the arena: "一、",
 * "1.2"; empty where it has none. *level_out is the level's description, NULL where there is none. */
struct str docx_count(struct docx_looks *looks, struct str number, unsigned level,
                      const struct docx_level **level_out, unsigned *ordinal);

#endif
