/* Sites as bytes for keeping, and back.
 *
 *   "CHS1"  nsites u32  nplaces u64
 *   a site:  channel u8, flags u8 (1 locked, 2 absent, 4 wide, 8 by hand), rule (u32 length, bytes)
 *   a place: at u64, len u64, site u32, alternative 1 (u32 length, bytes)
 *
 * All little-endian. Alternative 0 is the edition's own text and is not kept twice. Reading checks
 * everything that paper/site.h promises of sites, so that what is read can be used blindly. */
#include <string.h>

#include "base/utf8.h"
#include "paper/site.h"

static const struct str magic = {"CHS1", 4};

enum { FLAG_LOCKED = 1, FLAG_ABSENT = 2, FLAG_WIDE = 4, FLAG_BY_HAND = 8, FLAGS_ALL = 15 };

#define SITE_BYTES_MIN  6U
#define PLACE_BYTES_MIN 24U

/* --- writing --- */

static void put(struct buf *buf, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buf_add_byte(buf, (char)(unsigned char)(value >> (8 * i)));
}

static void put_str(struct buf *buf, struct str s)
{
    put(buf, s.len, 4);
    buf_add(buf, s);
}

struct str paper_sites_pack(struct arena *arena, const struct paper_sites *sites)
{
    struct buf buf = {.arena = arena};
    buf_add(&buf, magic);
    put(&buf, sites->nsites, 4);
    put(&buf, sites->nplaces, 8);
    for (uint32_t i = 0; i < sites->nsites; i++) {
        const struct paper_site *s = &sites->sites[i];
        put(&buf, s->channel, 1);
        put(&buf,
            (unsigned)((s->locked ? FLAG_LOCKED : 0) | (s->absent ? FLAG_ABSENT : 0) |
                       (s->wide ? FLAG_WIDE : 0) | (s->by_hand ? FLAG_BY_HAND : 0)),
            1);
        put_str(&buf, s->rule);
    }
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *p = &sites->places[i];
        put(&buf, p->at, 8);
        put(&buf, p->len, 8);
        put(&buf, p->site, 4);
        put_str(&buf, p->alt[1]);
    }
    return buf_str(&buf);
}

/* --- reading --- */

struct source {
    struct str rest;
    bool bad;
};

static uint64_t get(struct source *source, unsigned bytes)
{
    uint64_t value = 0;
    if (source->rest.len < bytes)
        return source->bad = true, 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (uint64_t)(unsigned char)source->rest.at[i] << (8 * i);
    source->rest = str_slice(source->rest, bytes, source->rest.len);
    return value;
}

static struct str get_str(struct source *source)
{
    uint64_t len = get(source, 4);
    if (len > source->rest.len)
        return source->bad = true, STR("");
    struct str s = str_slice(source->rest, 0, (size_t)len);
    source->rest = str_slice(source->rest, (size_t)len, source->rest.len);
    if (utf8_first_bad(s) != SIZE_MAX)
        source->bad = true;
    return s;
}

static void read_site(struct source *source, uint32_t number, struct paper_site *site)
{
    uint64_t channel = get(source, 1);
    uint64_t flags = get(source, 1);
    site->rule = get_str(source);
    if (channel >= PAPER_CHANNELS || flags & ~(uint64_t)FLAGS_ALL) {
        source->bad = true;
        return;
    }
    site->number = number;
    site->channel = (enum paper_channel)channel;
    site->locked = flags & FLAG_LOCKED;
    site->absent = flags & FLAG_ABSENT;
    site->wide = flags & FLAG_WIDE;
    site->by_hand = flags & FLAG_BY_HAND;
}

static bool begins_character(struct str text, size_t at)
{
    return at == text.len || ((unsigned char)text.at[at] & 0xC0) != 0x80;
}

/* The layout's two alternatives are one character, the same for both. */
static bool fits_channel(const struct paper_site *site, const struct paper_place *place)
{
    return site->channel != PAPER_LAYOUT ||
           (str_equal(place->alt[0], place->alt[1]) && utf8_count(place->alt[0]) == 1);
}

static void read_place(struct source *source, const struct paper_doc *doc,
                       const struct paper_sites *sites, size_t least, struct paper_place *place)
{
    uint64_t at = get(source, 8);
    uint64_t len = get(source, 8);
    place->site = (uint32_t)get(source, 4);
    place->alt[1] = get_str(source);
    size_t total = doc->text.len;
    if (source->bad || at < least || at > total || len > total - at ||
        place->site >= sites->nsites || sites->sites[place->site].absent ||
        (len == 0 && place->alt[1].len == 0)) {
        source->bad = true;
        return;
    }
    place->at = (size_t)at;
    place->len = (size_t)len;
    place->alt[0] = str_slice(doc->text, place->at, place->len);
    if (!begins_character(doc->text, place->at) ||
        !begins_character(doc->text, place->at + place->len) ||
        !fits_channel(&sites->sites[place->site], place))
        source->bad = true;
}

/* Blocks and places are both in order, so one walk shows that no place crosses a border. */
static bool lie_in_blocks(const struct paper_doc *doc, const struct paper_sites *sites)
{
    size_t b = 0;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *p = &sites->places[i];
        while (b < doc->nblocks && doc->blocks[b].at + doc->blocks[b].len < p->at + p->len)
            b++;
        if (b == doc->nblocks || p->at < doc->blocks[b].at)
            return false;
    }
    return true;
}

enum status paper_sites_unpack(struct arena *arena, struct str bytes, const struct paper_doc *doc,
                               struct paper_sites *sites, struct error *err)
{
    struct source source = {bytes, !str_starts(bytes, magic)};
    struct paper_sites read = {0};
    source.rest = str_slice(bytes, magic.len, bytes.len);
    uint64_t nsites = get(&source, 4);
    uint64_t nplaces = get(&source, 8);
    source.bad |=
        nsites > source.rest.len / SITE_BYTES_MIN || nplaces > source.rest.len / PLACE_BYTES_MIN;
    if (!source.bad) {
        read.sites = arena_array(arena, (size_t)nsites, struct paper_site);
        read.places = arena_array(arena, (size_t)nplaces, struct paper_place);
    }
    for (; !source.bad && read.nsites < nsites; read.nsites++)
        read_site(&source, read.nsites, &read.sites[read.nsites]);
    size_t least = 0;
    for (; !source.bad && read.nplaces < nplaces; read.nplaces++) {
        struct paper_place *place = &read.places[read.nplaces];
        read_place(&source, doc, &read, least, place);
        least = place->at + place->len;
    }
    if (source.bad || source.rest.len || !lie_in_blocks(doc, &read))
        return error_set(err, STATUS_DAMAGED,
                         "The kept marking sites of this edition are damaged. Restore a backup, or "
                         "publish the paper as a new edition.",
                         "该版本保存的标记位已损坏。请恢复备份，或将文稿重新发布为新版本。");
    *sites = read;
    return STATUS_OK;
}
