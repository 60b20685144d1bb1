#include "parser/lines.h"

#include <assert.h>
#include <string.h>

#include "base/ascii.h"

_Static_assert(BLOCK_BYTES >= 2 * LINE_LIMIT, "a block must hold a whole line and its carry");

void line_reader_init(struct line_reader *reader, struct source *source)
{
    reader->source = source;
    reader->next_number = 0;
    reader->is_skipping = false;
    reader->is_at_end = false;
    reader->header_style = HEADER_NONE;
    reader->header = (struct slice){0};
    reader->headers = NULL;
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

/*
 * Damage ends the input inside a line, of which nobody knows what is missing, or a server has not
 * finished writing it: it is no line.
 */
static void drop_cut_line(struct line_reader *reader, struct block *block)
{
    enum source_status status = source_status(reader->source);
    if (status == SOURCE_TRUNCATED || status == SOURCE_CORRUPT || status == SOURCE_IO_ERROR ||
        status == SOURCE_SHRUNK || status == SOURCE_GREW) {
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

/* A line with a NUL byte inside is rejected, not understood. */
static bool is_header(const struct line *line)
{
    return !line->has_nul && columns_is_header(line->text);
}

/* Behind a hole as well. */
static bool begins_line(struct slice lines, const char *at)
{
    while (at > lines.at && at[-1] == '\0')
        at--;
    return at == lines.at || at[-1] == '\n';
}

/* The last header among the lines, {NULL, 0} when there is none. A '#' is rare in a log. */
static struct slice last_directive(struct slice lines)
{
    const char *found;
    struct line line;
    for (size_t size = lines.size; (found = memrchr(lines.at, '#', size));
         size = (size_t)(found - lines.at)) {
        struct slice rest = slice_from(lines, (size_t)(found - lines.at));
        if (begins_line(lines, found) && lines_next(&rest, &line) && is_header(&line))
            return line.text;
    }
    return (struct slice){0};
}

/* The header before the first line that is no directive. */
static struct slice leading_directive(struct slice lines)
{
    struct line line;
    while (lines_next(&lines, &line) && (line.text.size == 0 || line.text.at[0] == '#')) {
        if (is_header(&line))
            return line.text;
    }
    return (struct slice){0};
}

static struct slice first_line(struct slice lines)
{
    struct line line;
    while (lines_next(&lines, &line)) {
        if (!ascii_is_empty(line.text))
            return line.text;
    }
    return (struct slice){0};
}

/* From now on this header is in force; {NULL, 0}: it stays as it is. */
static void keep_header(struct line_reader *reader, struct slice line)
{
    if (line.at && line.size <= HEADER_LIMIT && !slice_equal(line, reader->header))
        reader->header = arena_copy(reader->headers, line);
}

void line_reader_follow_header(struct line_reader *reader, enum header_style style,
                               struct arena *headers, struct block *first)
{
    struct slice lines = {first->bytes, first->size};
    reader->header_style = style;
    reader->headers = headers;
    if (style == HEADER_DIRECTIVE)
        keep_header(reader, leading_directive(lines));
    else if (style == HEADER_FIRST_LINE)
        keep_header(reader, first_line(lines));
    first->header = reader->header;
    if (style == HEADER_DIRECTIVE)
        keep_header(reader, last_directive(lines));
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
    block->skip = 0;
    memset(block->bytes + block->size, 0, SCAN_SLACK);
    block->header = reader->header;
    if (reader->header_style == HEADER_DIRECTIVE)
        keep_header(reader, last_directive((struct slice){block->bytes, block->size}));
    return block->size || block->overlong;
}
