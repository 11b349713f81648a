/* Boxes of HEIF; see heif.h.
 *
 * A file is boxes in boxes. One of them, meta, lists items by number: what kind each is (iinf), where it lies (iloc), of
 * which others it is made (iref), which properties it has (ipma, of those in ipco), and which is the picture (pitm). Telephones
 * save the picture either in one piece, an item hvc1, or as a grid of such pieces, an item grid. */
#include "reader/heif.h"

#include <string.h>

#define LISTS_MAX  (128U * 1024) /* bytes of a list; a telephone's take 4 thousand */
#define BYTES_MOST 8             /* a point, of a piece that was not even packed */
#define KIND(name)                                                                      \
    ((uint32_t)(name)[0] << 24 | (uint32_t)(name)[1] << 16 | (uint32_t)(name)[2] << 8 | \
     (uint32_t)(name)[3])

/* --- numbers and boxes --------------------------------------------------------------------------------- */

/* Bytes that are taken from the front; all that is taken beyond the end is 0 and nothing. */
struct cursor {
    struct str left;
    bool short_of; /* something was taken beyond the end */
};

static struct str take(struct cursor *c, uint64_t len)
{
    if (len > c->left.len)
        *c = (struct cursor){.short_of = true};
    if (!len || c->short_of)
        return (struct str){0};
    struct str taken = {c->left.at, (size_t)len};
    c->left = (struct str){c->left.at + len, c->left.len - (size_t)len};
    return taken;
}

static uint64_t take_number(struct cursor *c, unsigned bytes)
{
    struct str s = take(c, bytes);
    uint64_t number = 0;
    for (size_t i = 0; i < s.len; i++)
        number = number << 8 | (unsigned char)s.at[i];
    return number;
}

static uint32_t take_8(struct cursor *c)
{
    return (uint32_t)take_number(c, 1);
}
static uint32_t take_16(struct cursor *c)
{
    return (uint32_t)take_number(c, 2);
}
static uint32_t take_32(struct cursor *c)
{
    return (uint32_t)take_number(c, 4);
}

struct box {
    uint32_t kind;
    struct cursor body;
};

/* False at the end, and where no whole box is left. */
static bool next_box(struct cursor *c, struct box *box)
{
    size_t all = c->left.len;
    uint64_t len = take_32(c);
    box->kind = take_32(c);
    if (len == 1)
        len = take_number(c, 8);
    else if (len == 0)
        len = all;
    size_t head = all - c->left.len;
    if (c->short_of || len < head)
        return false;
    box->body = (struct cursor){.left = take(c, len - head)};
    return !c->short_of;
}

/* What most lists begin with. */
struct version {
    uint32_t number, flags;
};
static struct version take_version(struct cursor *c)
{
    uint32_t both = take_32(c);
    return (struct version){both >> 24, both & 0xFFFFFF};
}

/* --- the lists ----------------------------------------------------------------------------------------- */

struct file {
    struct arena *arena;
    struct str bytes;
    struct cursor kinds, places, links, properties; /* the bodies of iinf, iloc, iref and iprp */
    struct str inner;                               /* of idat: bytes within meta */
    uint32_t primary;
    struct box *property; /* all of ipco, in order */
    size_t nproperty;
    size_t joined; /* bytes that were put together: no more than the file has */
};

static void list_properties(struct file *file)
{
    struct cursor within = file->properties;
    struct box box;
    while (next_box(&within, &box)) {
        if (box.kind != KIND("ipco") || file->property)
            continue;
        file->property = arena_array(file->arena, box.body.left.len / 8 + 1, struct box);
        while (next_box(&box.body, &file->property[file->nproperty]))
            file->nproperty++;
    }
}

static void keep_list(struct file *file, const struct box *box)
{
    struct cursor body = box->body;
    if (box->kind == KIND("iinf"))
        file->kinds = body;
    else if (box->kind == KIND("iloc"))
        file->places = body;
    else if (box->kind == KIND("iref"))
        file->links = body;
    else if (box->kind == KIND("iprp"))
        file->properties = body;
    else if (box->kind == KIND("pitm"))
        file->primary = take_version(&body).number ? take_32(&body) : take_16(&body);
}

/* False: there is no picture in it, or its lists are longer than any telephone's. */
static bool open_lists(struct file *file)
{
    struct cursor all = {.left = file->bytes};
    struct box box;
    do
        if (!next_box(&all, &box))
            return false;
    while (box.kind != KIND("meta"));
    struct cursor meta = box.body;
    (void)take_version(&meta);
    while (next_box(&meta, &box))
        if (box.kind == KIND("idat"))
            file->inner = box.body.left;
        else if (box.body.left.len > LISTS_MAX)
            return false;
        else
            keep_list(file, &box);
    list_properties(file);
    return true;
}

/* --- an item ------------------------------------------------------------------------------------------- */

/* 0 where there is none, and where it is locked. */
static uint32_t kind_of(const struct file *file, uint32_t item)
{
    struct cursor list = file->kinds;
    struct box box;
    (void)take_number(&list, take_version(&list).number ? 4 : 2);
    while (next_box(&list, &box)) {
        struct cursor *entry = &box.body;
        uint32_t version = take_version(entry).number;
        if (version < 2 || (version == 2 ? take_16(entry) : take_32(entry)) != item)
            continue;
        uint32_t protection = take_16(entry);
        return protection ? 0 : take_32(entry);
    }
    return 0;
}

/* How iloc writes its numbers. */
struct iloc {
    struct cursor entries;
    uint32_t version, left;
    unsigned offset, length, base, index; /* bytes of each */
};

static struct iloc open_iloc(const struct file *file)
{
    struct iloc iloc = {.entries = file->places};
    iloc.version = take_version(&iloc.entries).number;
    uint32_t sizes = take_16(&iloc.entries);
    iloc.offset = sizes >> 12;
    iloc.length = sizes >> 8 & 15;
    iloc.base = sizes >> 4 & 15;
    iloc.index = iloc.version ? sizes & 15 : 0;
    iloc.left = iloc.version < 2 ? take_16(&iloc.entries) : take_32(&iloc.entries);
    if ((iloc.offset | iloc.length | iloc.base | iloc.index) & 3 ||
        (iloc.offset > 8 || iloc.length > 8 || iloc.base > 8 || iloc.index > 8))
        iloc.left = 0;
    return iloc;
}

struct place {
    uint32_t item, within; /* 0: the file, 1: idat */
    uint64_t base;
    uint32_t nextents;
    struct cursor extents;
};

static bool next_place(struct iloc *iloc, struct place *place)
{
    struct cursor *c = &iloc->entries;
    if (!iloc->left)
        return false;
    iloc->left--;
    place->item = iloc->version < 2 ? take_16(c) : take_32(c);
    place->within = iloc->version ? take_16(c) & 15 : 0;
    (void)take_16(c); /* another file's number: there is none */
    place->base = take_number(c, iloc->base);
    place->nextents = take_16(c);
    place->extents = *c;
    (void)take(c, (uint64_t)place->nextents * (iloc->index + iloc->offset + iloc->length));
    return !c->short_of;
}

static struct str next_extent(const struct iloc *iloc, struct place *place, struct str from)
{
    (void)take(&place->extents, iloc->index);
    uint64_t at = take_number(&place->extents, iloc->offset);
    uint64_t len = take_number(&place->extents, iloc->length);
    if (at > UINT64_MAX - place->base || at + place->base > from.len)
        return (struct str){0};
    at += place->base;
    if (!len)
        len = from.len - at;
    return len > from.len - at ? (struct str){0} : (struct str){from.at + at, (size_t)len};
}

/* Of no length where it is not all there. */
static struct str join_extents(struct file *file, const struct iloc *iloc, struct place *place)
{
    struct str from = place->within == 0   ? file->bytes
                      : place->within == 1 ? file->inner
                                           : (struct str){0};
    struct str first = next_extent(iloc, place, from);
    if (place->nextents < 2)
        return place->nextents ? first : (struct str){0};
    struct buf joined = {.arena = file->arena};
    buf_add(&joined, first);
    for (uint32_t i = 1; i < place->nextents; i++) {
        struct str next = next_extent(iloc, place, from);
        if (!next.len || next.len > file->bytes.len - file->joined)
            return (struct str){0};
        file->joined += next.len;
        buf_add(&joined, next);
    }
    return buf_str(&joined);
}

static struct str bytes_of(struct file *file, uint32_t item)
{
    struct iloc iloc = open_iloc(file);
    struct place place;
    while (next_place(&iloc, &place))
        if (place.item == item)
            return join_extents(file, &iloc, &place);
    return (struct str){0};
}

/* --- its properties ------------------------------------------------------------------------------------ */

/* The numbers of an item's properties, as ipma lists them. */
struct association {
    struct cursor numbers;
    unsigned left, bytes;
};

static bool find_in_ipma(struct cursor list, uint32_t item, struct association *found)
{
    struct version version = take_version(&list);
    found->bytes = version.flags & 1 ? 2 : 1;
    for (uint32_t left = take_32(&list); left && !list.short_of; left--) {
        uint32_t of = version.number ? take_32(&list) : take_16(&list);
        found->left = take_8(&list);
        found->numbers = (struct cursor){.left = take(&list, found->left * found->bytes)};
        if (of == item && !list.short_of)
            return true;
    }
    return false;
}

static struct association properties_of(const struct file *file, uint32_t item)
{
    struct cursor within = file->properties;
    struct association found;
    struct box box;
    while (next_box(&within, &box))
        if (box.kind == KIND("ipma") && find_in_ipma(box.body, item, &found))
            return found;
    return (struct association){.bytes = 1};
}

static const struct box *next_property(const struct file *file, struct association *of)
{
    while (of->left) {
        of->left--;
        uint64_t number = take_number(&of->numbers, of->bytes) & (of->bytes == 2 ? 0x7FFF : 0x7F);
        if (number && number <= file->nproperty)
            return &file->property[number - 1];
    }
    return NULL;
}

/* --- the picture --------------------------------------------------------------------------------------- */

static bool find_tile(struct file *file, uint32_t item, struct heif_tile *tile)
{
    struct association of = properties_of(file, item);
    const struct box *property;
    *tile = (struct heif_tile){.data = bytes_of(file, item)};
    while ((property = next_property(file, &of))) {
        struct cursor body = property->body;
        if (property->kind == KIND("hvcC")) {
            tile->config = body.left;
        } else if (property->kind == KIND("ispe")) {
            (void)take_version(&body);
            tile->w = take_32(&body);
            tile->h = take_32(&body);
        }
    }
    return tile->data.len && tile->config.len && tile->w && tile->h &&
           tile->data.len / BYTES_MOST <= (uint64_t)tile->w * tile->h;
}

/* Turns are to the left and are done in the order of the properties. */
static bool find_turns(const struct file *file, struct heif *picture)
{
    struct association of = properties_of(file, file->primary);
    const struct box *property;
    while ((property = next_property(file, &of))) {
        struct cursor body = property->body;
        uint32_t how = take_8(&body);
        enum heif_turn turn;
        if (property->kind == KIND("irot") && how & 3)
            turn = (enum heif_turn)(HEIF_TURN_LEFT + (how & 3) - 1);
        else if (property->kind == KIND("imir"))
            turn = how & 1 ? HEIF_MIRROR : HEIF_FLIP;
        else
            continue;
        if (picture->nturns == HEIF_TURNS_MAX)
            return false;
        picture->turns[picture->nturns++] = turn;
    }
    return true;
}

/* The items that another is made of. */
static struct cursor links_of(const struct file *file, uint32_t item, uint32_t *count,
                              unsigned *bytes)
{
    struct cursor list = file->links;
    struct box box;
    *bytes = take_version(&list).number ? 4 : 2;
    while (next_box(&list, &box))
        if (box.kind == KIND("dimg") && take_number(&box.body, *bytes) == item) {
            *count = take_16(&box.body);
            return box.body;
        }
    *count = 0;
    return (struct cursor){0};
}

static bool read_grid(struct file *file, struct heif *picture)
{
    struct cursor grid = {.left = bytes_of(file, file->primary)};
    struct version version;
    version.number = take_8(&grid);
    version.flags = take_8(&grid);
    picture->rows = take_8(&grid) + 1;
    picture->columns = take_8(&grid) + 1;
    picture->w = version.flags & 1 ? take_32(&grid) : take_16(&grid);
    picture->h = version.flags & 1 ? take_32(&grid) : take_16(&grid);
    return !version.number && !grid.short_of && picture->w && picture->h;
}

/* So many tiles that they cover the whole, and none that lies beyond it. */
static bool covers(uint32_t count, uint32_t tile, uint32_t whole)
{
    return (uint64_t)count * tile >= whole && (uint64_t)(count - 1) * tile < whole;
}

static enum heif_found find_grid(struct file *file, struct heif *picture)
{
    uint32_t count;
    unsigned bytes;
    if (!read_grid(file, picture))
        return HEIF_DAMAGED;
    uint32_t ntiles = picture->rows * picture->columns;
    if (ntiles > HEIF_TILES_MAX)
        return HEIF_MANY;
    struct cursor links = links_of(file, file->primary, &count, &bytes);
    if (count != ntiles)
        return HEIF_DAMAGED;
    picture->tiles = arena_array(file->arena, ntiles, struct heif_tile);
    for (uint32_t i = 0; i < ntiles; i++) {
        struct heif_tile *tile = &picture->tiles[i];
        uint32_t item = (uint32_t)take_number(&links, bytes);
        if (kind_of(file, item) != KIND("hvc1"))
            return HEIF_OTHER;
        if (!find_tile(file, item, tile) || tile->w != picture->tiles->w ||
            tile->h != picture->tiles->h)
            return HEIF_DAMAGED;
    }
    return covers(picture->columns, picture->tiles->w, picture->w) &&
                   covers(picture->rows, picture->tiles->h, picture->h)
               ? HEIF_FOUND
               : HEIF_DAMAGED;
}

static enum heif_found find_single(struct file *file, struct heif *picture)
{
    picture->tiles = arena_new(file->arena, struct heif_tile);
    bool found = find_tile(file, file->primary, picture->tiles);
    picture->columns = picture->rows = 1;
    picture->w = picture->tiles->w;
    picture->h = picture->tiles->h;
    return found ? HEIF_FOUND : HEIF_DAMAGED;
}

bool heif_is(struct str bytes)
{
    return str_equal(str_slice(bytes, 4, 4), STR("ftyp"));
}

enum heif_found heif_find(struct arena *arena, struct str bytes, struct heif *picture)
{
    struct file file = {.arena = arena, .bytes = bytes};
    *picture = (struct heif){0};
    if (!open_lists(&file) || !find_turns(&file, picture))
        return HEIF_DAMAGED;
    uint32_t kind = kind_of(&file, file.primary);
    if (kind == KIND("hvc1"))
        return find_single(&file, picture);
    if (kind == KIND("grid"))
        return find_grid(&file, picture);
    return kind ? HEIF_OTHER : HEIF_DAMAGED;
}
