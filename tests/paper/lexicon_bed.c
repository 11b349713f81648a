/* See lexicon_bed.h. */
#include "lexicon_bed.h"

#include <stdio.h>
#include <string.h>

#define FILE_MAX   ((size_t)1 << 20)
#define BLOCKS_MAX 400

struct str bench_file(struct arena *arena, const char *folder, const char *name)
{
    struct str path = str_format(arena, "%s/%s/%s", CHANCERY_SOURCE, folder, name);
    FILE *file = fopen(str_z(arena, path), "rb");
    assert_non_null(file);
    char *bytes = arena_take(arena, FILE_MAX);
    size_t len = fread(bytes, 1, FILE_MAX, file);
    assert_int_equal(fclose(file), 0);
    assert_in_range(len, 1, FILE_MAX - 1);
    return (struct str){bytes, len};
}

void bench_open(void **state, enum lang lang, const char *const *files)
{
    static struct bench bench;
    bench.lang = lang;
    bench.arena = arena_make();
    bench.lexicon = paper_lexicon_make(bench.arena);
    for (; *files; files++) {
        struct error err = {0};
        enum status status = paper_lexicon_add(bench.lexicon, str_of(*files),
                                               bench_file(bench.arena, "lexicon", *files), &err);
        if (status)
            print_message("%s\n", err.en);
        assert_int_equal(status, STATUS_OK);
    }
    *state = &bench;
}

int bench_close(void **state)
{
    struct bench *bench = *state;
    arena_free(bench->arena);
    return 0;
}

struct paper_doc bench_document(const struct bench *bench, struct str text,
                                enum paper_block_kind kind)
{
    struct paper_doc doc = {.lang = bench->lang, .title = STR("A paper"), .text = text};
    doc.blocks = arena_take_array(bench->arena, BLOCKS_MAX, sizeof *doc.blocks);
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && text.at[end] != '\n')
            end++;
        struct str line = {text.at + at, end - at};
        if (line.len) {
            assert_in_range(doc.nblocks, 0, BLOCKS_MAX - 1);
            struct paper_block *block = &doc.blocks[doc.nblocks++];
            *block = (struct paper_block){.kind = kind, .at = at, .len = line.len};
            if (kind == PAPER_PARAGRAPH)
                paper_classify_line(line, bench->lang, block);
            block->at = at;
            block->len = line.len;
            if (line.at[0] == '#')
                block->kind = PAPER_HEADING;
            if (line.at[0] == '>')
                block->kind = PAPER_QUOTE;
            if (line.at[0] == '|')
                block->kind = PAPER_ROW;
        }
        at = end + 1;
    }
    return doc;
}

struct paper_sites bench_find(const struct bench *bench, const struct paper_doc *doc)
{
    struct paper_sites sites;
    struct error err = {0};
    assert_int_equal(
        paper_find_sites(bench->arena, doc, bench->lexicon, PAPER_DISCREET, &sites, &err),
        STATUS_OK);
    return sites;
}

const char *bench_preview(const struct bench *bench, const char *text, enum paper_block_kind kind)
{
    struct paper_doc doc = bench_document(bench, str_of(text), kind);
    struct paper_sites sites = bench_find(bench, &doc);
    struct buf out = {.arena = bench->arena};
    size_t at = 0;
    for (size_t i = 0; i < sites.nplaces; i++) {
        const struct paper_place *place = &sites.places[i];
        buf_add(&out, (struct str){text + at, place->at - at});
        buf_format(&out, "[%.*s|%.*s]", STR_ARG(place->alt[0]), STR_ARG(place->alt[1]));
        at = place->at + place->len;
    }
    buf_add(&out, str_of(text + at));
    return str_z(bench->arena, buf_str(&out));
}

void bench_expect(const struct bench *bench, const char *text, const char *part, bool wanted)
{
    const char *shown = bench_preview(bench, text, PAPER_PARAGRAPH);
    if ((strstr(shown, part) != NULL) != wanted)
        fail_msg("%s: %s\n  in: %s", wanted ? "missing" : "unwanted", part, shown);
}
