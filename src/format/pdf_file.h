/* Inside format/: a PDF file while it is written, object by object (ISO 32000-1, 7.5).
 *
 * Objects without a stream go together into compressed object streams; the table of what lies where is a stream too.
 * What all copies of an edition share is written once: a copy's file begins as a fork of it, which is one move of
 * bytes, and only adds to it. Nothing of the clock or of chance gets in. */
#ifndef FORMAT_PDF_FILE_H
#define FORMAT_PDF_FILE_H

#include "base/str.h"

struct pdf_place { /* of an object */
    uint32_t at;   /* in the file, or the number of the object stream that holds it */
    uint16_t index;
    uint8_t kind; /* as in the table: 0 none, 1 at a place, 2 in an object stream */
};

struct pdf_file {
    struct arena *arena;
    struct buf out;
    struct pdf_place *places; /* by object number; 0 is none */
    uint32_t count, cap;
    struct buf packed, index; /* of the object stream that is being filled */
    uint32_t npacked, packed_number;
};

/* Begins an empty file in the arena; with a `line`, so many blanks are a comment behind what says that it is a PDF. */
void pdf_file_begin(struct pdf_file *file, struct arena *arena, size_t line);
/* Begins another with all that `file` holds; room for so many bytes and objects more is made at once. `file` is closed
 * by pdf_file_pause before, stays as it is and may be forked by many threads. */
void pdf_file_fork(struct pdf_file *fork, const struct pdf_file *file, struct arena *arena,
                   size_t more, uint32_t objects);
/* Writes what waits to be packed. */
void pdf_file_pause(struct pdf_file *file);

/* Takes the next object number, or so many in a row (the first is given). */
uint32_t pdf_file_number(struct pdf_file *file);
uint32_t pdf_file_numbers(struct pdf_file *file, uint32_t count);

/* Writes an object: packed with others; or as a stream, whose dictionary's other entries are `entries`, compressed quickly,
 * well, or not at all. Gives where the stream's bytes begin in the file. */
void pdf_file_pack(struct pdf_file *file, uint32_t number, struct str body);
enum pdf_effort { PDF_QUICK, PDF_WELL, PDF_PLAIN };
size_t pdf_file_stream(struct pdf_file *file, uint32_t number, struct str entries, struct str bytes,
                       enum pdf_effort effort);

/* Writes the table and ends the file: `root` and `info` are object numbers, `id` any bytes that no other file has. */
struct str pdf_file_end(struct pdf_file *file, uint32_t root, uint32_t info, struct str id);

/* --- how things are written ----------------------------------------------------------------------- */

/* A number of thousandths, without what it can do without: 1500 → 1.5. */
void pdf_put_milli(struct buf *out, int64_t thousandths);
void pdf_put_uint(struct buf *out, uint32_t number);
/* "12 0 R". */
void pdf_put_ref(struct buf *out, uint32_t number);
/* Text as a string of PDF: UTF-16 in hexadecimal digits, or bytes of ASCII where it is nothing else. */
void pdf_put_text(struct buf *out, struct str text);
/* Its UTF-16 in hexadecimal digits alone. */
void pdf_put_units(struct buf *out, struct str text);
/* A moment as a string, in UTC. */
void pdf_put_date(struct buf *out, int64_t ms);
/* Bytes as a literal string, of which nothing is read in a wrong way. */
void pdf_put_bytes(struct buf *out, struct str bytes);

#endif
