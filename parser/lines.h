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
 *
 * Where columns are named by a header (columns.h), a block carries the header that is in force at
 * its start, so that it can be parsed without the blocks before it.
 */
#ifndef PARSER_LINES_H
#define PARSER_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/scan.h"
#include "parser/columns.h"
#include "parser/hit.h"
#include "parser/source.h"

enum { BLOCK_BYTES = 1024 * 1024 };

struct block {
    uint32_t input;      /* whose lines these are; set by the reader */
    uint32_t number;     /* from 0, within the input */
    size_t size;         /* bytes of lines in `bytes` */
    uint64_t overlong;   /* lines passed over while this block was filled */
    uint64_t skip;       /* lines at its start that are not to be counted; set by the reader */
    struct slice header; /* in force at its start; {NULL, 0}: none. Lives with the reader's arena */
    char bytes[BLOCK_BYTES + SCAN_SLACK];
};

struct line_reader {
    struct source *source; /* borrowed */
    uint32_t next_number;
    bool is_skipping; /* inside an overlong line */
    bool is_at_end;
    enum header_style header_style; /* HEADER_NONE at first; see line_reader_follow_header */
    struct slice header;            /* the last one that was passed */
    struct arena *headers;          /* where they live; borrowed */
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
 * From now on blocks carry headers of this style, kept in the arena. `first` is the first block
 * (already filled, with the first line in it); its own header is set.
 */
void line_reader_follow_header(struct line_reader *reader, enum header_style style,
                               struct arena *headers, struct block *first);

/* A line, and what the search for its end saw on the way. */
struct line {
    struct slice text;
    bool has_backslash;
    bool has_nul;
};

/*
 * Takes the next line off *rest (a block's bytes), without its newline and a carriage return
 * before it. False when there is none left. The line's memory has SCAN_SLACK readable bytes behind.
 */
static inline bool lines_next(struct slice *rest, struct line *line)
{
    if (rest->size == 0)
        return false;
    struct scanned_line found = scan_line(rest->at, rest->at + rest->size);
    size_t size = (size_t)(found.end - rest->at);
    *line = (struct line){{rest->at, size}, found.has_backslash, found.has_nul};
    size_t taken = size + (size < rest->size);
    *rest = (struct slice){rest->at + taken, rest->size - taken};
    if (size && line->text.at[size - 1] == '\r')
        line->text.size--;
    return true;
}

#endif
