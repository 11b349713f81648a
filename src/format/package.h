/* Office packages (ECMA-376 part 2: a zip of XML parts), unpacked within bounds, and their XML read as it streams by.
 * Not for other rooms.
 *
 * Bounds against bombs: a package has PACKAGE_PARTS_MAX parts at most, unpacks to what its opener allows, all parts
 * together, whatever the archive says of their sizes, and no part to more than PACKAGE_RATIO times what it was packed
 * into; XML is read by a pull reader that holds one node, without network and at the depth that libxml2 allows (256),
 * and ends at a document type, so that no entity is ever declared. */
#ifndef FORMAT_PACKAGE_H
#define FORMAT_PACKAGE_H

#include <libxml/xmlreader.h>
#include <zip.h>

#include "base/error.h"
#include "base/str.h"

#define PACKAGE_PARTS_MAX 5000
#define PACKAGE_RATIO     200U
#define PACKAGE_FREE      4000000U /* bytes of a part that may be packed as tightly as anybody likes */

struct package {
    struct arena *arena;
    zip_t *zip;
    size_t left; /* bytes that may still be unpacked */
    bool full;   /* more was there than may be unpacked */
};

/* Opens one that lies in memory, as long as the bytes do; `most` is what may be unpacked of it. False where it is none,
 * or has too many parts; then nothing is to be closed. */
bool package_open(struct package *package, struct arena *arena, struct str bytes, size_t most);
void package_close(struct package *package);
/* Unpacks a part, in the arena; empty when there is none, it is damaged or goes beyond what may be unpacked (`full`). */
struct str package_part(struct package *package, struct str path);
/* The error of a file of that name that was `full`. */
enum status package_refuse(struct str name, struct error *err);
/* Whether the bytes are a package that says at once what it is, as EPUB and OpenDocument do, and its type begins so. */
bool package_says(struct str bytes, struct str type);
/* The folder of a part's path, with its slash; empty for one that lies in none. */
struct str package_folder(struct str path);
/* The path of part `target` as a part in folder `folder` ("word/") names it; in the arena. */
struct str package_path(struct arena *arena, const char *folder, struct str target);

/* Whether a relation's target may be kept as a link: an address of the web or of mail, and nothing that is fetched. */
bool package_is_web(struct str target);

struct xml {
    xmlTextReader *reader; /* NULL for an empty part */
    uint32_t elements; /* that have begun so far: the number of the one that begins here, from 1 */
    bool bad;
};

struct xml xml_open(struct str part);
/* The next node; false at the end, or at what is not well-formed or declares a document type, which xml->bad tells. */
bool xml_next(struct xml *xml);
/* False when it was bad. */
bool xml_close(struct xml *xml);
/* By names without prefix. An element that is empty both begins and ends. */
bool xml_named(struct xml *xml, const char *name);
bool xml_begins(struct xml *xml, const char *name);
bool xml_ends(struct xml *xml, const char *name);
bool xml_is_element(struct xml *xml);
bool xml_is_empty(struct xml *xml);
bool xml_is_text(struct xml *xml); /* white space too */
/* The text node's text, until the next node. */
struct str xml_text(struct xml *xml);
/* An attribute by its name without prefix, in the arena; empty when there is none. */
struct str xml_attribute(struct arena *arena, struct xml *xml, const char *name);
/* Of an attribute of figures; 0 when it is none or beyond ten million. */
unsigned xml_number(struct str text);
/* Leaves the element that begins here behind, with all in it. */
void xml_skip(struct xml *xml);

/* Rows that begin with a struct str, sorted by it once and then found by it, however many an archive holds; NULL where
 * there is none. */
void package_sort(void *rows, size_t count, size_t size);
void *package_find(void *rows, size_t count, size_t size, struct str id);

#endif
