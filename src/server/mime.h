/* Letters as bytes: RFC 5322 with Chinese in headers (RFC 2047), and a text and an HTML part from one
 * source (RFC 2046). Pure. */
#ifndef SERVER_MIME_H
#define SERVER_MIME_H

#include "base/lang.h"
#include "base/str.h"

struct mime_letter {
    struct str from, from_name; /* address, and the organisation's name */
    struct str to, to_name;
    struct str subject; /* any text; line breaks become spaces */
    struct str id;      /* left of the @ in Message-ID, made of letters, digits, - and . */
    int64_t date_ms;
    struct str unsubscribe; /* address for one click (RFC 8058); empty: none */
    struct str html;        /* whole, UTF-8; plain, as web/mail*.html is: see letter_look.h */
    enum lang lang;
};

/* The letter, lines ended by CRLF. Nothing in a field can add a header or a part: whatever is not plain
 * printable ASCII is encoded. */
struct str mime_write(struct arena *arena, const struct mime_letter *letter);
/* Message-ID of such a letter: "<id@domain of from>". */
struct str mime_id(struct arena *arena, const struct mime_letter *letter);

/* The same words without markup, for the text part: paragraphs apart, list items with a dash, a link's
 * address on a line of its own after its words; without the
 * <header>, which says who writes. Knows the markup of web/mail*.html, no other. */
struct str mime_text_of_html(struct arena *arena, struct str html);
/* The text between the first <TAG> and its end, without markup; empty when there is none. */
struct str mime_element(struct arena *arena, struct str html, const char *tag);

#endif
