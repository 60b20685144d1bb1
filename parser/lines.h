/*
 * lines: bytes cut into blocks of whole lines.
 *
 * Workers parse blocks on their own, so a block never ends inside a line; what is left of one goes
 * to the start of the next block:
 *
 *     source  ....line\nline\nli|ne\nline\n...
 *     block 0 [line\nline\n]      carry "li"
 *     block 1 [line\nline\n]
 *
 * A last line without a newline is a line, unless damage ends the input there. A line over
 * LINE_LIMIT bytes is passed over up to its newline and only counted, so that memory stays the same
 * whatever a file holds. Of a hole of NUL bytes before a line at most one block is kept. A UTF-8
 * byte-order mark at the start of the input is dropped.
 */
#ifndef PARSER_LINES_H
#define PARSER_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scan.h"
#include "parser/hit.h"
#include "parser/source.h"

enum { BLOCK_BYTES = 1024 * 1024 };

struct block {
    uint32_t input;    /* whose lines these are; set by the reader */
    uint32_t number;   /* from 0, within the input */
    size_t size;       /* bytes of lines in `bytes` */
    uint64_t overlong; /* lines passed over while this block was filled */
    char bytes[BLOCK_BYTES + SCAN_SLACK];
};

struct line_reader {
    struct source *source; /* borrowed */
    uint32_t next_number;
    bool is_skipping; /* inside an overlong line */
    bool is_at_end;
    size_t carry_size;
    char carry[LINE_LIMIT + 1]; /* a carriage return may follow a line */
};

void line_reader_init(struct line_reader *reader, struct source *source);

/*
 * Fills a block with at least one line unless the input is at its end; false when there was nothing
 * left (and then nothing to count either).
 */
bool line_reader_fill(struct line_reader *reader, struct block *block);

/*
 * Takes the next line off *rest (a block's bytes), without its newline and a carriage return
 * before it. False when there is none left. The line's memory has SCAN_SLACK readable bytes behind.
 */
static inline bool lines_next(struct slice *rest, struct slice *line)
{
    if (rest->size == 0)
        return false;
    const char *newline = memchr(rest->at, '\n', rest->size);
    size_t size = newline ? (size_t)(newline - rest->at) : rest->size;
    *line = (struct slice){rest->at, size};
    size_t taken = size + (newline != NULL);
    *rest = (struct slice){rest->at + taken, rest->size - taken};
    if (line->size && line->at[line->size - 1] == '\r')
        line->size--;
    return true;
}

#endif
