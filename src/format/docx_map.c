/* Where the text that is read of a Word document stands in it; see docx_map.h. */
#include <stdlib.h>

#include "format/docx_walk.h"

void docx_add_piece(struct docx *d, struct docx_piece piece)
{
    struct docx_map *map = d->map;
    map->pieces = arena_one_more(d->arena, map->pieces, map->npieces, sizeof *map->pieces);
    map->pieces[map->npieces++] = piece;
}

struct str docx_style_of(const struct docx *d, const struct docx_paragraph *p)
{
    return p->style.len ? p->style : d->looks->normal;
}

struct docx_above docx_above_of(const struct docx *d, const struct docx_paragraph *p)
{
    struct docx_above above = p->above;
    const struct docx_set set = docx_find_set(d->looks, p->style, STR(""));
    docx_fill_above(&above, &set.above);
    return above;
}

/* Whether more space above the paragraph is as much more before it on a page. */
static bool shows_above(const struct docx *d, const struct docx_above *above)
{
    bool same = d->follows && str_equal(d->style_before, docx_style_of(d, &d->paragraph));
    return !(same && docx_above_is_joined(above)) &&
           (!d->follows || d->sums || d->below <= xml_number(above->before));
}

void docx_add_line(struct docx *d)
{
    const struct docx_paragraph *p = &d->paragraph;
    struct docx_map *map = d->map;
    map->lines =
        arena_room(d->arena, map->lines, map->nlines, &d->lines_cap, 64, sizeof *map->lines);
    struct docx_set set = docx_find_set(d->looks, p->style, STR(""));
    struct docx_above above = docx_above_of(d, p);
    map->lines[map->nlines++] = (struct docx_line){
        .at = d->composer->text.len,
        .element = p->element,
        .size = set.size,
        .usual = xml_number(set.above.before),
        .before = xml_number(above.before),
        .known = set.known && docx_above_is_plain(&above),
        .shows = shows_above(d, &above),
    };
}

void docx_size_line(struct docx *d)
{
    struct docx_line *line = d->map && d->map->nlines ? &d->map->lines[d->map->nlines - 1] : NULL;
    if (!line || line->sized || !d->size)
        return;
    line->size = d->size;
    line->sized = true;
}

void docx_note_composed(struct docx *d, struct docx_piece piece, size_t before)
{
    size_t added = d->composer->text.len - before;
    size_t cut = piece.len > added ? piece.len - added : 0;
    piece.from += cut;
    piece.len -= cut;
    piece.at = d->composer->text.len - piece.len;
    piece.in = NULL;
    if (piece.len)
        docx_add_piece(d, piece);
}

void docx_compose_gathered(struct docx *d, const struct buf *in, size_t at, struct str text,
                           size_t *next)
{
    size_t done = 0;
    for (size_t count = d->map ? d->map->npieces : 0; *next < count; ++*next) {
        struct docx_piece piece = d->map->pieces[*next];
        if (piece.in != in || piece.at + piece.len <= at)
            continue;
        if (piece.at >= at + text.len)
            break;
        size_t from = piece.at > at ? piece.at - at : 0;
        size_t to = piece.at + piece.len - at;
        to = to < text.len ? to : text.len;
        compose_text(d->composer, str_slice(text, done, from - done));
        size_t before = d->composer->text.len;
        compose_text(d->composer, str_slice(text, from, to - from));
        piece.from += at + from - piece.at;
        piece.len = to - from;
        docx_note_composed(d, piece, before);
        done = to;
    }
    compose_text(d->composer, str_slice(text, done, text.len));
}

void docx_clip_pieces(struct docx *d)
{
    size_t end = d->composer->text.len;
    while (d->map && d->map->nlines && d->map->lines[d->map->nlines - 1].at >= end)
        d->map->nlines--;
    for (size_t i = d->map ? d->map->npieces : 0; i-- > 0;) {
        struct docx_piece *piece = &d->map->pieces[i];
        if (piece->in)
            continue;
        if (piece->at + piece->len <= end)
            break;
        piece->len = piece->at < end ? end - piece->at : 0;
    }
}

static int by_place(const void *a, const void *b)
{
    const struct docx_piece *left = a;
    const struct docx_piece *right = b;
    if (left->part != right->part)
        return left->part < right->part ? -1 : 1;
    if (left->element != right->element)
        return left->element < right->element ? -1 : 1;
    return (left->from > right->from) - (left->from < right->from);
}

void docx_finish_map(struct docx *d)
{
    struct docx_map *map = d->map;
    size_t kept = 0;
    for (size_t i = 0; i < map->npieces; i++)
        if (!map->pieces[i].in && map->pieces[i].len)
            map->pieces[kept++] = map->pieces[i];
    map->npieces = kept;
    map->folder = d->folder;
    if (kept)
        qsort(map->pieces, kept, sizeof *map->pieces, by_place);
}
