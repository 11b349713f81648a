/* What chancery-reader and the program say to each other. Shared by src/reader/ and src/format/; only constants.
 *
 *   chancery-reader VERSION TASK PARENT     TASK: "see" (an exhibit), "paper" (a text to publish), "glance" (what an
 *                                           exhibit looks like) or one of printed.h's;
 *                                           PARENT: a process id
 *   standard input                          the file's bytes, a file that can be mapped
 *   standard output                         the answer
 *
 * An answer is WIRE_MAGIC and then records, each a byte for its kind, its length in four bytes (all numbers are
 * little-endian), and as many bytes. It ends with WIRE_END or WIRE_REFUSED. The program takes it for what it is: the
 * words of a process that reads hostile files. */
#ifndef READER_WIRE_H
#define READER_WIRE_H

/* Raised whenever the same file would give another answer, so that nothing read by an older one is kept in use. */
#define WIRE_VERSION     12
#define WIRE_MAGIC       "ChR1"
#define WIRE_MAGIC_LEN   4U
#define WIRE_HEAD        5U                          /* kind and length */
#define WIRE_ANSWER_MAX  ((size_t)256 * 1024 * 1024) /* bytes of a whole answer */
#define WIRE_GLANCE_HEAD 8U
#define WIRE_SHIFT       13U /* at (4), kind (1), ems (4), noise (4: IEEE 754) */

enum wire_record {
    WIRE_PROGRESS = 'p', /* done (4), all (4): pages */
    WIRE_PAGES = 'n',    /* pages (4), of them read from pictures (4) */
    WIRE_MODELS = 'm',   /* enum wire_models that letters were read by (4): none without pictures */
    WIRE_TEXT = 't',     /* of an exhibit: UTF-8 */
    WIRE_DOUBT = 'd',    /* a byte for each of the text */
    WIRE_SHIFTS = 's',   /* WIRE_SHIFT bytes each, by place */
    WIRE_SIGN = 'g',     /* one each: what a code on a page says */
    WIRE_LEFT = 'l',     /* enum format_left_kind (1), count (4), how the first of it begins */
    WIRE_GLANCE = 'v',  /* width (4), height (4), as many points of grey, row by row from the top */
    WIRE_BLOCK = 'b',   /* of a paper: enum paper_block_kind (1), level (1), text */
    WIRE_REFUSED = 'x', /* enum reader_refusal (1), its number (4) */
    WIRE_END = '.',
};

/* Models of letters, added together. */
enum wire_models { WIRE_CHINESE = 1, WIRE_ENGLISH = 2 };

/* Exit codes of a reader that says nothing more. */
#define WIRE_EXIT_USAGE 64 /* started in another way than above, or by another version */

#endif
