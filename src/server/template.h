/* Pages from templates: web/NAME.html, built into the program, filled from a described struct.
 *
 *   {{name}}              the field, escaped for text and quoted attributes alike
 *   {{#name}} … {{/name}} for each element of a list; or once if a flag is set, a text is not empty,
 *                         a number or time is not 0. Inside a list or part its own names come first
 *   {{+name}}             an "s" unless the number is 1: {{days}} day{{+days}}
 *   {{^name}} … {{/name}} once if there is nothing of it
 *   {{>other}}            web/other.html, with the names of this place
 *   {{>body}}             in layout.html: the page's own template. The layout itself sees the first scope
 *                         only, so that a page may call a field of its own "name" or "lang"
 *   [[English|中文]]       words in the reader's language; names may stand inside. A literal bar is \|
 *   {{!words}}            a remark to whoever edits the template
 *
 * Numbers are grouped, times and days written as the language does it, in the installation's time zone. Every
 * template is checked against its table when the server starts and by the tests: an unknown name or an
 * open section stops both, and names file and line. */
#ifndef SERVER_TEMPLATE_H
#define SERVER_TEMPLATE_H

#include "base/error.h"
#include "base/lang.h"
#include "server/field.h"

struct embedded;
struct templates; /* all of web/, parsed */

/* Parses every file of the list whose name ends in .html; the list ends with a name of NULL and outlives
 * the templates. Lives in the arena; read by any thread afterwards. */
enum status template_load_all(struct arena *arena, const struct embedded *files,
                              struct templates **templates, struct error *err);

/* Whether template `name` (or NULL) uses only names that the scopes have; scopes[0] is the outermost. */
enum status template_check(const struct templates *templates, const char *name,
                           const struct field *const *scopes, size_t nscopes, struct error *err);

/* What a template is filled from: several structs, the last one's names first. */
struct template_scope {
    const struct field *fields;
    const void *page;
};
#define TEMPLATE_SCOPES_MAX 16U

/* Appends the template, filled. `body` is what {{>body}} stands for, or NULL. */
void template_write(struct buf *out, const struct templates *templates, const char *name,
                    const char *body, const struct template_scope *scopes, size_t nscopes,
                    enum lang lang);

/* Appends text with & < > " ' escaped. */
void template_escape(struct buf *out, struct str text);

#endif
