/* Documents and sites made up at random; see scribble.h. */
#include "scribble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint64_t dice_state = 362436069362436069ULL;

size_t scribble_dice(size_t below)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (size_t)(dice_state % below);
}

struct paper_doc scribble_read(struct arena *arena, struct str text, enum format_kind kind)
{
    struct paper_doc doc;
    struct error err;
    enum status status = format_read(arena, text, kind, NULL, STR(""), &doc, &err);
    if (status != STATUS_OK)
        print_message("%s\n", err.en);
    assert_int_equal(status, STATUS_OK);
    return doc;
}

static const char *const PIECES[] = {
    "a",
    "B",
    "1",
    "12. ",
    "- ",
    "# ",
    "**",
    "*",
    "_",
    "`",
    "``",
    "[",
    "](x)",
    "<b>",
    "&amp;",
    "|",
    "\\",
    "~~~",
    "中",
    "文字",
    "，",
    "。",
    "“引”",
    " ",
    " ",
    "> ",
    "+ ",
    "=",
    "一、",
    "一要",
    "\n",
    "\n\n",
    "\n- ",
    "\n1. ",
    "\n> ",
    "\n## ",
    "\n\n| a | b |\n| --- | --- |\n| c | d |\n\n",
    "*em*",
    "**strong**",
    "`code`",
    "[link](http://a.b/?c&d)",
    "!",
    "\t",
    "\xE2\x80\x8B",
};

struct str scribble_markdown(struct arena *arena)
{
    struct buf text = {.arena = arena};
    buf_add(&text, STR("x"));
    for (size_t n = scribble_dice(40) + 1; n--;)
        buf_add(&text, str_of(PIECES[scribble_dice(sizeof PIECES / sizeof *PIECES)]));
    return buf_str(&text);
}

/* Random places, some empty, at character borders inside blocks; never overlapping. */
struct paper_sites scribble_sites(struct arena *arena, const struct paper_doc *doc)
{
    struct paper_sites sites = {.places = arena_array(arena, 200, struct paper_place)};
    for (size_t b = 0; b < doc->nblocks; b++) {
        size_t end = doc->blocks[b].at + doc->blocks[b].len;
        for (size_t at = doc->blocks[b].at; at <= end && sites.nplaces < 200;) {
            size_t to = at;
            while (to < end && (to == at || ((unsigned char)doc->text.at[to] & 0xC0) == 0x80))
                to++;
            size_t len = scribble_dice(2) ? 0 : to - at;
            bool tab = memchr(doc->text.at + at, '\t', len) || memchr(doc->text.at + at, '\n', len);
            if (scribble_dice(3) == 0 && !tab && doc->blocks[b].kind != PAPER_RULE) {
                struct paper_place *place = &sites.places[sites.nplaces];
                place->at = at;
                place->len = len;
                place->site = (uint32_t)sites.nplaces++;
                place->alt[0] = str_slice(doc->text, at, len);
                place->alt[1] = len && scribble_dice(4) == 0 ? STR("") : STR("<u&v>");
            }
            at = to > at ? to : at + 1;
        }
    }
    sites.nsites = (uint32_t)sites.nplaces;
    sites.sites = arena_array(arena, sites.nsites, struct paper_site);
    return sites;
}

/* The copy's text by plain replacement in the document's text. */
struct str scribble_stamp(struct arena *arena, const struct paper_doc *doc,
                          const struct paper_sites *sites, const uint8_t *bits)
{
    struct buf out = {.arena = arena};
    size_t from = 0;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        buf_add(&out, str_slice(doc->text, from, place->at - from));
        buf_add(&out, place->alt[bits[place->site]]);
        from = place->at + place->len;
    }
    buf_add(&out, str_slice(doc->text, from, doc->text.len));
    return buf_str(&out);
}

struct str scribble_pressed(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr(" \n\t", text.at[i]))
            buf_add_byte(&out, text.at[i]);
    }
    return buf_str(&out);
}
