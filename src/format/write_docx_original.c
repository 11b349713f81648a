/* Word documents out in the likeness of the one that the paper was read from; see write_docx_original.h.
 *
 * The original's parts are copied with the members' choices in them, and everything else stays byte for byte, so that pages look
 * as they did. Whatever can't be carried over exactly (a place whose words the original does not hold as text, tracked deletions of
 * cells, odd encodings) makes docx_make_original give up, and the copy is made anew from the paper. */
#include "format/write_docx_original.h"

#include <string.h>

#include "format/write_docx_frame.h"
#include "format/write_docx_scan.h"

#define UNPACKED_MAX ((size_t)48 * 1024 * 1024)

struct original {
    struct package package;
    struct docx_map map;
    struct docx_parts parts;
    struct docx_copying copying;
};

/* --- where the paper's text stands in the original -------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Where each byte of one text stands in the other, SIZE_MAX for blanks that it lacks: on its way to a paper a text passes
 * through Markdown, which fills up rows and trims cells. False where more than blanks differs. */
static bool find_places(struct str text, struct str in, size_t *places)
{
    size_t at = 0;
    for (size_t i = 0; i < text.len; i++) {
        while (at < in.len && in.at[at] != text.at[i] && is_blank(in.at[at]))
            at++;
        bool same = at < in.len && in.at[at] == text.at[i];
        if (!same && !is_blank(text.at[i]))
            return false;
        places[i] = same ? at++ : SIZE_MAX;
    }
    while (at < in.len && is_blank(in.at[at]))
        at++;
    return at == in.len;
}

/* The map's lines likewise. */
static void move_lines(struct docx_map *map, const size_t *places)
{
    size_t kept = 0;
    for (size_t i = 0; i < map->nlines; i++) {
        struct docx_line line = map->lines[i];
        line.at = places[line.at];
        if (line.at != SIZE_MAX)
            map->lines[kept++] = line;
    }
    map->nlines = kept;
}

/* The map's pieces by where their text stands in the paper, each cut where that has gaps. */
static void move_pieces(struct arena *arena, struct docx_map *map, const size_t *places)
{
    size_t count = 0;
    for (size_t i = 0; i < map->npieces; i++)
        count += map->pieces[i].len;
    struct docx_piece *moved = arena_array(arena, count + 1, struct docx_piece);
    count = 0;
    for (size_t i = 0; i < map->npieces; i++) {
        struct docx_piece *open = NULL;
        for (size_t k = 0; k < map->pieces[i].len; k++) {
            size_t at = places[map->pieces[i].at + k];
            if (at == SIZE_MAX) {
                open = NULL;
            } else if (open && open->at + open->len == at) {
                open->len++;
            } else {
                open = &moved[count++];
                *open = map->pieces[i];
                open->from += k;
                open->at = at;
                open->len = 1;
            }
        }
    }
    map->pieces = moved;
    map->npieces = count;
}

static bool read_as(struct arena *arena, struct str bytes, const struct paper_doc *paper,
                    struct docx_map *map)
{
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    struct error err;
    if (format_read_docx_map(arena, STR(""), bytes, &paper->lang, paper->title, &doc, left, map,
                             &err))
        return false;
    size_t *places = arena_array(arena, doc.text.len + 1, size_t);
    if (!find_places(doc.text, paper->text, places))
        return false;
    if (map) {
        move_pieces(arena, map, places);
        move_lines(map, places);
    }
    return true;
}

bool format_docx_reads_as(struct str bytes, const struct paper_doc *doc)
{
    struct arena *scratch = arena_make();
    bool same = format_is_docx(bytes) && read_as(scratch, bytes, doc, NULL);
    arena_free(scratch);
    return same;
}

/* --- the copy -------------------------------------------------------------------------------------- */

static bool is_met(const struct docx_copying *copying, size_t place)
{
    return copying->covered[place] == copying->order->sites->places[place].len + 1;
}

/* Marks of the layout may be left out: whoever measures them takes what is not marked for bit 0, so that such sites are locked
 * from the beginning, but for those that somebody wants. */
static bool all_places_are_met(const struct docx_copying *copying)
{
    const struct paper_sites *sites = copying->order->sites;
    for (size_t i = 0; sites && i < sites->nplaces; i++) {
        const struct paper_site *site = &sites->sites[sites->places[i].site];
        bool marked = site->channel != PAPER_LAYOUT && !site->locked && !site->absent;
        if (marked && !is_met(copying, i))
            return false;
    }
    return true;
}

/* Nothing of the text may be lost, whatever the document: the copy without marks is read again. */
static bool reads_back(const struct docx_copying *copying, const struct zip_press *zip)
{
    struct arena *arena = copying->arena;
    const struct paper_sites *sites = copying->order->sites;
    const struct str nobody = {0};
    uint8_t *bits = arena_take(arena, sites ? sites->nsites + 1 : 1);
    memset(bits, 0, sites ? sites->nsites + 1 : 1);
    return read_as(arena, zip_press_write(zip, arena, bits, &nobody), copying->order->doc, NULL);
}

/* What is to be read of the order's original, in the scratch arena; NULL where it is no package. */
static struct original *open_original(struct arena *scratch, struct arena *press,
                                      const struct press_order *order)
{
    struct original *o = arena_new(scratch, struct original);
    *o = (struct original){
        .copying = {.arena = scratch,
                    .press = press,
                    .order = order,
                    .map = &o->map,
                    .parts = &o->parts,
                    .covered =
                        arena_array(scratch, order->sites ? order->sites->nplaces + 1 : 1, size_t)},
    };
    return package_open(&o->package, scratch, order->original, UNPACKED_MAX) ? o : NULL;
}

static bool is_xml_part(const struct docx_kept *kept)
{
    return str_ends(kept->type, STR("xml")) && !str_starts(kept->type, STR("image/"));
}

/* Copies all parts that are kept, with choices in them. False where one can't be. */
static bool copy_parts(struct original *o)
{
    struct docx_copying *copying = &o->copying;
    const struct press_order *order = copying->order;
    if (!read_as(copying->arena, order->original, order->doc, &o->map))
        return false;
    o->parts.arena = copying->arena;
    o->parts.package = &o->package;
    o->parts.main = o->map.main;
    if (!docx_keep_parts(&o->parts))
        return false;
    for (size_t i = 0; i < o->parts.count; i++) {
        struct docx_kept *kept = &o->parts.kept[i];
        kept->bytes = package_part(&o->package, kept->path);
        if (is_xml_part(kept))
            kept->splice = docx_copy_part(copying, kept, kept->bytes);
        if (!kept->bytes.len || (is_xml_part(kept) && !kept->splice))
            return false;
    }
    return copying->next_piece == o->map.npieces;
}

static void add_own_margins(struct zip_press *zip, const struct docx_copying *copying)
{
    const struct format_frame *frame = copying->order->frame;
    for (unsigned k = 0; k < DOCX_OWN; k++) {
        struct str path = str_format(copying->arena, DOCX_OWN_FOLDER "%u.xml", k);
        if (k < DOCX_OWN / 2)
            zip_press_add_splice(zip, path, docx_header(copying->press, frame, true));
        else
            zip_press_add(zip, path, docx_footer(copying->arena, frame));
    }
}

static struct zip_press *pack(const struct original *o)
{
    const struct docx_copying *copying = &o->copying;
    struct zip_press *zip = zip_press_make(copying->press);
    docx_add_head(zip, &o->parts);
    zip_press_add_splice(zip, STR("docProps/core.xml"), docx_core(copying->press, copying->order));
    for (size_t i = 0; i < o->parts.count; i++) {
        const struct docx_kept *kept = &o->parts.kept[i];
        if (kept->splice) {
            splice_end(kept->splice);
            zip_press_add_splice(zip, kept->path, kept->splice);
        } else {
            zip_press_add(zip, kept->path, kept->bytes);
        }
        docx_add_relations(zip, &o->parts, kept);
    }
    add_own_margins(zip, copying);
    return zip;
}

struct zip_press *docx_make_original(struct arena *arena, const struct press_order *order)
{
    struct arena *scratch = arena_make();
    struct original *o = open_original(scratch, arena, order);
    struct zip_press *zip = NULL;
    if (o) {
        if (copy_parts(o) && all_places_are_met(&o->copying))
            zip = pack(o);
        if (zip && !reads_back(&o->copying, zip))
            zip = NULL;
        package_close(&o->package);
    }
    arena_free(scratch);
    return zip;
}

void format_docx_lock_sites(struct str bytes, const struct paper_doc *doc,
                            struct paper_sites *sites)
{
    const struct format_frame frame = {0};
    const struct press_order order = {doc, sites, &frame, bytes, FORMAT_DOCX};
    struct arena *scratch = arena_make();
    struct original *o = format_is_docx(bytes) ? open_original(scratch, scratch, &order) : NULL;
    if (o) {
        bool good = copy_parts(o);
        for (size_t i = 0; good && i < sites->nplaces; i++)
            if (!is_met(&o->copying, i))
                sites->sites[sites->places[i].site].locked = true;
        package_close(&o->package);
    }
    arena_free(scratch);
}
