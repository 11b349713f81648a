/* Inside format/: files that papers are found in and are not published from. What a person reads on them, a line for
 * each block; what is unseen is left out. `name` begins the words of errors; words lie in the arena. STATUS_INPUT when a
 * file is damaged, too great, or has no words. Any thread. */
#ifndef FORMAT_FOUND_H
#define FORMAT_FOUND_H

#include "format/format.h"

/* A mail as programs keep it (.eml), or a web page kept as one file (MHTML): RFC 5322, 2045 and 2557. Of several
 * renderings in it the web page counts. */
bool format_is_mail(struct str bytes);
enum status format_read_mail_words(struct arena *arena, struct str name, struct str bytes,
                                   struct str *words, struct error *err);

/* An EPUB: its chapters in the order of its spine. */
bool format_is_epub(struct str bytes);
enum status format_read_epub_words(struct arena *arena, struct str name, struct str bytes,
                                   struct str *words, struct error *err);

/* An OpenDocument text (ODT): notes behind all else, what was struck out left out. */
bool format_is_odt(struct str bytes);
enum status format_read_odt_words(struct arena *arena, struct str name, struct str bytes,
                                  struct str *words, struct error *err);

#endif
