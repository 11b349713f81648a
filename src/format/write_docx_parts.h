/* Inside format/: which parts of an original a copy keeps, and what its package says of them. */
#ifndef FORMAT_WRITE_DOCX_PARTS_H
#define FORMAT_WRITE_DOCX_PARTS_H

#include "format/docx_map.h"
#include "format/package.h"
#include "format/zip_press.h"

#define DOCX_KEPT_MAX   400U
#define DOCX_OWN        6U     /* headers and footers that are added … */
#define DOCX_OWN_FOLDER "own/" /* … in this folder */

struct docx_relation {
    struct str id;
    struct str kind;   /* what its type ends with */
    struct str target; /* of an inner one its path */
    bool outside;
};
struct docx_relations {
    struct docx_relation *all;
    size_t count;
};
struct docx_kept {
    struct str path, type;
    struct docx_relations relations;
    bool header, footer;
    enum docx_part part;
    struct str bytes;      /* what the original has there … */
    struct splice *splice; /* … and what copies have, where that differs; else NULL */
};
struct docx_parts {
    struct arena *arena;
    struct package *package;
    struct str main; /* path of the part that holds the body */
    struct docx_kept kept[DOCX_KEPT_MAX];
    size_t count;
    struct str ids; /* what ids of relations to parts that are added begin with; no other does */
};

/* Finds all parts that may leave, from the main one on; package and main are given. They come in the order of a map's pieces.
 * False where the package is damaged or holds too much. */
bool docx_keep_parts(struct docx_parts *parts);
/* Whether one of these relations is kept. */
bool docx_refers(const struct docx_relations *relations, struct str id);
/* The package's own part with the types of all that is kept, and its relations. */
void docx_add_head(struct zip_press *zip, const struct docx_parts *parts);
/* A part's relations: those that are kept and, of the main part, those to what is added. */
void docx_add_relations(struct zip_press *zip, const struct docx_parts *parts,
                        const struct docx_kept *kept);

#endif
