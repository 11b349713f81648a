/* A document as bytes, and back.
 *
 * All numbers little-endian, u64 unless noted; strings are a length and their bytes:
 *
 *   "CDOC"  u32 version  u8 lang  title  text
 *   nblocks, then each: u8 kind  u32 level  u32 ordinal  at  len  marker_len
 *   nruns,   then each: u8 kind  at  len  target
 *
 * Reading checks everything that the rest of the program relies on (ranges, order, nesting, UTF-8),
 * so that damaged bytes are refused here and nowhere else. */
#include <string.h>

#include "base/utf8.h"
#include "paper/doc.h"

#define VERSION       1U
#define BLOCK_BYTES   (1 + 4 + 4 + 8 + 8 + 8)
#define RUN_BYTES_MIN (1 + 8 + 8 + 8)

static const char MAGIC[4] = {'C', 'D', 'O', 'C'};

static void put_number(struct buf *buf, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buf_add_byte(buf, (char)(unsigned char)(value >> (8 * i)));
}

static void put_str(struct buf *buf, struct str s)
{
    put_number(buf, s.len, 8);
    buf_add(buf, s);
}

struct str paper_doc_pack(struct arena *arena, const struct paper_doc *doc)
{
    struct buf buf = {.arena = arena};
    buf_reserve(&buf, doc->text.len + doc->nblocks * BLOCK_BYTES + doc->nruns * RUN_BYTES_MIN + 64);
    buf_add(&buf, (struct str){MAGIC, sizeof MAGIC});
    put_number(&buf, VERSION, 4);
    put_number(&buf, (uint64_t)doc->lang, 1);
    put_str(&buf, doc->title);
    put_str(&buf, doc->text);
    put_number(&buf, doc->nblocks, 8);
    for (size_t i = 0; i < doc->nblocks; i++) {
        const struct paper_block *block = &doc->blocks[i];
        put_number(&buf, (uint64_t)block->kind, 1);
        put_number(&buf, block->level, 4);
        put_number(&buf, block->ordinal, 4);
        put_number(&buf, block->at, 8);
        put_number(&buf, block->len, 8);
        put_number(&buf, block->marker_len, 8);
    }
    put_number(&buf, doc->nruns, 8);
    for (size_t i = 0; i < doc->nruns; i++) {
        const struct paper_run *run = &doc->runs[i];
        put_number(&buf, (uint64_t)run->kind, 1);
        put_number(&buf, run->at, 8);
        put_number(&buf, run->len, 8);
        put_str(&buf, run->target);
    }
    return buf_str(&buf);
}

struct reader {
    struct str bytes;
    size_t at;
    bool damaged;
};

static uint64_t take_number(struct reader *reader, unsigned bytes)
{
    if (reader->bytes.len - reader->at < bytes) {
        reader->damaged = true;
        return 0;
    }
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (uint64_t)(unsigned char)reader->bytes.at[reader->at + i] << (8 * i);
    reader->at += bytes;
    return value;
}

static struct str take_str(struct reader *reader)
{
    uint64_t len = take_number(reader, 8);
    if (len > reader->bytes.len - reader->at) {
        reader->damaged = true;
        return (struct str){"", 0};
    }
    struct str s = {reader->bytes.at + reader->at, (size_t)len};
    reader->at += (size_t)len;
    return s;
}

/* How many records follow: never more than the bytes left could hold. */
static size_t take_count(struct reader *reader, size_t least)
{
    uint64_t count = take_number(reader, 8);
    if (count > (reader->bytes.len - reader->at) / least) {
        reader->damaged = true;
        return 0;
    }
    return (size_t)count;
}

static bool at_character(struct str text, size_t at)
{
    return at == text.len || (at < text.len && ((unsigned char)text.at[at] & 0xC0) != 0x80);
}

/* A range of whole characters inside the text. */
static bool range_fits(struct str text, uint64_t at, uint64_t len)
{
    return at <= text.len && len <= text.len - at && at_character(text, (size_t)at) &&
           at_character(text, (size_t)(at + len));
}

static bool block_fits(const struct paper_doc *doc, size_t i)
{
    const struct paper_block *block = &doc->blocks[i];
    if (!range_fits(doc->text, block->at, block->len) || block->marker_len > block->len ||
        !at_character(doc->text, block->at + block->marker_len))
        return false;
    if (i == 0)
        return block->at == 0;
    const struct paper_block *before = &doc->blocks[i - 1];
    size_t end = before->at + before->len;
    return block->at == end + 1 && doc->text.at[end] == '\n';
}

static void take_blocks(struct reader *reader, struct arena *arena, struct paper_doc *doc)
{
    doc->nblocks = take_count(reader, BLOCK_BYTES);
    doc->blocks = arena_array(arena, doc->nblocks, struct paper_block);
    for (size_t i = 0; i < doc->nblocks && !reader->damaged; i++) {
        struct paper_block *block = &doc->blocks[i];
        uint64_t kind = take_number(reader, 1);
        block->kind = (enum paper_block_kind)kind;
        block->level = (unsigned)take_number(reader, 4);
        block->ordinal = (unsigned)take_number(reader, 4);
        block->at = (size_t)take_number(reader, 8);
        block->len = (size_t)take_number(reader, 8);
        block->marker_len = (size_t)take_number(reader, 8);
        reader->damaged |= kind > PAPER_RULE || !block_fits(doc, i);
    }
    const struct paper_block *last = doc->nblocks ? &doc->blocks[doc->nblocks - 1] : NULL;
    reader->damaged |= last ? last->at + last->len != doc->text.len : doc->text.len != 0;
}

/* Runs sorted by place, the longer first, each inside one block and inside the run it begins in. */
static void take_runs(struct reader *reader, struct arena *arena, struct paper_doc *doc)
{
    doc->nruns = take_count(reader, RUN_BYTES_MIN);
    doc->runs = arena_array(arena, doc->nruns, struct paper_run);
    size_t *open = arena_array(arena, doc->nruns, size_t);
    size_t depth = 0;
    for (size_t i = 0; i < doc->nruns && !reader->damaged; i++) {
        struct paper_run *run = &doc->runs[i];
        uint64_t kind = take_number(reader, 1);
        run->kind = (enum paper_run_kind)kind;
        run->at = (size_t)take_number(reader, 8);
        run->len = (size_t)take_number(reader, 8);
        run->target = take_str(reader);
        reader->damaged |= kind > PAPER_LINK || !range_fits(doc->text, run->at, run->len) ||
                           utf8_first_bad(run->target) != SIZE_MAX ||
                           (i > 0 && run->at < doc->runs[i - 1].at);
        if (reader->damaged)
            return;
        const struct paper_block *block = paper_block_at(doc, run->at);
        while (depth > 0 && open[depth - 1] <= run->at)
            depth--;
        size_t end = run->at + run->len;
        reader->damaged |=
            !block || end > block->at + block->len || (depth > 0 && end > open[depth - 1]);
        open[depth++] = end;
    }
}

enum status paper_doc_unpack(struct arena *arena, struct str bytes, struct paper_doc *doc,
                             struct error *err)
{
    struct reader reader = {.bytes = bytes};
    *doc = (struct paper_doc){0};
    uint64_t magic = take_number(&reader, 4);
    uint64_t version = take_number(&reader, 4);
    if (!reader.damaged && memcmp(bytes.at, MAGIC, sizeof MAGIC) == 0 && version > VERSION)
        return error_set(err, STATUS_DAMAGED,
                         "The stored document has form %u; this program knows forms up to %u. "
                         "Use the newer program that wrote it.",
                         "文稿存储格式为第 %u 版，本程序只认识到第 %u 版。请使用写入它的新版程序。",
                         (unsigned)version, VERSION);
    uint64_t wanted = 0;
    for (unsigned i = 0; i < sizeof MAGIC; i++)
        wanted |= (uint64_t)(unsigned char)MAGIC[i] << (8 * i);
    uint64_t lang = take_number(&reader, 1);
    doc->lang = (enum lang)lang;
    doc->title = take_str(&reader);
    doc->text = take_str(&reader);
    reader.damaged |= magic != wanted || version != VERSION || lang >= LANG_COUNT ||
                      doc->title.len == 0 || utf8_first_bad(doc->title) != SIZE_MAX ||
                      utf8_first_bad(doc->text) != SIZE_MAX;
    if (!reader.damaged)
        take_blocks(&reader, arena, doc);
    if (!reader.damaged)
        take_runs(&reader, arena, doc);
    if (reader.damaged || reader.at != bytes.len) {
        *doc = (struct paper_doc){0};
        return error_set(err, STATUS_DAMAGED,
                         "The stored document is damaged near byte %zu of %zu. Restore it from a "
                         "backup.",
                         "存储的文稿在第 %zu 字节（共 %zu 字节）附近已损坏，请从备份恢复。",
                         reader.at, bytes.len);
    }
    return STATUS_OK;
}
