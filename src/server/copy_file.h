/* A copy as a file: its format and name. Defined in page_copy.c, shared with page_fill.c. */
#ifndef SERVER_COPY_FILE_H
#define SERVER_COPY_FILE_H

#include "format/format.h"
#include "server/reader.h"

/* The format that an address names, when this paper is given in it to this reader; else says why not:
 * STATUS_MISSING for no format at all, STATUS_FORBIDDEN for one not offered. */
enum status copy_check_format(const struct reader *reader, struct str format,
                              enum format_kind *kind, struct error *err);
/* "title.txt", with the edition unless it is the newest: what no system takes in a name becomes a space. */
struct str copy_file_name(struct request *rq, const struct reader *reader, struct str title,
                          enum format_kind kind);
/* "Word document", as the reader's language says it; static. A format that is no more keeps its name. */
struct str copy_format_words(const struct request *rq, struct str format);

#endif
