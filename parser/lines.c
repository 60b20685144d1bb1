#include "parser/lines.h"

#include <assert.h>

_Static_assert(BLOCK_BYTES >= 2 * LINE_LIMIT, "a block must hold a whole line and its carry");

void line_reader_init(struct line_reader *reader, struct source *source)
{
    reader->source = source;
    reader->next_number = 0;
    reader->is_skipping = false;
    reader->is_at_end = false;
    reader->carry_size = 0;
}

/* Reads until the block is full or the source ends. */
static void fill_bytes(struct line_reader *reader, struct block *block)
{
    while (block->size < BLOCK_BYTES && !reader->is_at_end) {
        size_t got =
            source_read(reader->source, block->bytes + block->size, BLOCK_BYTES - block->size);
        block->size += got;
        reader->is_at_end = got == 0;
    }
}

static void drop_front(struct block *block, size_t size)
{
    memmove(block->bytes, block->bytes + size, block->size - size);
    block->size -= size;
}

/* Drops the rest of an overlong line; all of the block when it does not end here. */
static void skip_overlong(struct line_reader *reader, struct block *block)
{
    const char *newline = memchr(block->bytes, '\n', block->size);
    size_t dropped = newline ? (size_t)(newline - block->bytes) + 1 : block->size;
    reader->is_skipping = newline == NULL;
    drop_front(block, dropped);
}

/* A hole of NUL bytes before a line (see format.c) can be longer than any block: one is kept. */
static struct slice without_hole(struct slice line)
{
    while (line.size > 1 && line.at[0] == '\0' && line.at[1] == '\0')
        line = slice_from(line, 1);
    return line;
}

/* Moves what is behind the last newline into the carry, or passes over it when it is too long. */
static void cut_tail(struct line_reader *reader, struct block *block)
{
    const char *newline = memrchr(block->bytes, '\n', block->size);
    size_t whole = newline ? (size_t)(newline - block->bytes) + 1 : 0;
    struct slice tail = without_hole((struct slice){block->bytes + whole, block->size - whole});
    block->size = whole;
    if (tail.size > sizeof reader->carry) {
        block->overlong++;
        reader->is_skipping = true;
        return;
    }
    memcpy(reader->carry, tail.at, tail.size);
    reader->carry_size = tail.size;
}

/* Damage ends the input inside a line, of which nobody knows what is missing: it is no line. */
static void drop_cut_line(struct line_reader *reader, struct block *block)
{
    enum source_status status = source_status(reader->source);
    if (status == SOURCE_TRUNCATED || status == SOURCE_CORRUPT || status == SOURCE_IO_ERROR) {
        const char *newline = memrchr(block->bytes, '\n', block->size);
        block->size = newline ? (size_t)(newline - block->bytes) + 1 : 0;
    }
}

static void take_carry(struct line_reader *reader, struct block *block)
{
    memcpy(block->bytes, reader->carry, reader->carry_size);
    block->size = reader->carry_size;
    reader->carry_size = 0;
}

static void drop_byte_order_mark(struct block *block)
{
    if (block->size >= 3 && memcmp(block->bytes, "\xef\xbb\xbf", 3) == 0)
        drop_front(block, 3);
}

/* One turn: may end without a line, inside a hole or a line that is passed over. */
static void fill_once(struct line_reader *reader, struct block *block)
{
    take_carry(reader, block);
    fill_bytes(reader, block);
    if (reader->is_skipping)
        skip_overlong(reader, block);
    if (reader->is_at_end)
        drop_cut_line(reader, block);
    else if (!reader->is_skipping)
        cut_tail(reader, block);
}

bool line_reader_fill(struct line_reader *reader, struct block *block)
{
    block->overlong = 0;
    do
        fill_once(reader, block);
    while (block->size == 0 && !reader->is_at_end);
    if (reader->next_number == 0 && block->overlong == 0)
        drop_byte_order_mark(block);
    block->number = reader->next_number++;
    memset(block->bytes + block->size, 0, SCAN_SLACK);
    return block->size || block->overlong;
}
