/* Plain text out: a blank line between blocks, none inside lists and tables. */
#include "format/writer.h"

static void frame_part(struct writer *writer, struct str part)
{
    if (part.len == 0)
        return;
    buf_add(writer->out, part);
    buf_add(writer->out, STR("\n\n"));
}

static void begin(struct writer *writer)
{
    frame_part(writer, writer->frame->credit);
    frame_part(writer, writer->frame->notice);
}

static void end(struct writer *writer)
{
    if (writer->frame->credit.len == 0)
        return;
    buf_add_byte(writer->out, '\n');
    buf_add(writer->out, writer->frame->credit);
    buf_add_byte(writer->out, '\n');
}

static void block_begin(struct writer *writer, const struct paper_block *block)
{
    if (block->kind == PAPER_RULE)
        buf_add(writer->out, STR("----------"));
    for (unsigned i = 0; block->kind == PAPER_QUOTE && i < block->level && i < WRITER_LISTS; i++)
        buf_add(writer->out, STR("> "));
    if (!writer_is_listed(block))
        return;
    for (unsigned i = 1; i < block->level && i < WRITER_LISTS; i++)
        buf_add(writer->out, STR("  "));
    if (block->ordinal)
        buf_format(writer->out, "%u. ", block->ordinal);
    else
        buf_add(writer->out, STR("- "));
}

static void block_end(struct writer *writer, const struct paper_block *block)
{
    const struct paper_block *after = writer_after(writer);
    bool close = after && after->kind == block->kind &&
                 (block->kind == PAPER_ROW || block->kind == PAPER_ITEM);
    buf_add_byte(writer->out, '\n');
    if (after && !close)
        buf_add_byte(writer->out, '\n');
}

static void no_run(struct writer *writer, size_t run)
{
    (void)writer;
    (void)run;
}

static void text(struct writer *writer, struct str words)
{
    buf_add(writer->out, words);
}

const struct hooks format_text_hooks = {
    .begin = begin,
    .end = end,
    .block_begin = block_begin,
    .block_end = block_end,
    .run_begin = no_run,
    .run_end = no_run,
    .text = text,
};
