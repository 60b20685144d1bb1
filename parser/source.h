/*
 * source: the decoded bytes of one input.
 *
 * Plain files, gzip files of any number of members, pipes and standard input, all read the same
 * way. Compression is told by the first bytes, never by the name. Nothing is mapped: a file that
 * shrinks while it is read cannot crash the program.
 *
 *     descriptor -> input buffer -> (inflate member loop) -> caller's buffer
 *
 * Damage is data: source_read gives every byte that could be decoded, and source_status tells
 * afterwards what was wrong. The gzip member loop is our own, because the library's gz functions
 * take a cut file for a whole one, and drop what they had decoded when a checksum is wrong.
 */
#ifndef PARSER_SOURCE_H
#define PARSER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum source_status {
    SOURCE_COMPLETE,
    SOURCE_EMPTY,            /* no byte at all */
    SOURCE_TRUNCATED,        /* the file ends inside a gzip member */
    SOURCE_CRC_ERROR,        /* a member's checksum or length does not fit its data */
    SOURCE_CORRUPT,          /* a member cannot be decoded */
    SOURCE_TRAILING_GARBAGE, /* bytes after the last member that are no member */
    SOURCE_IO_ERROR,         /* the system could not read on */
    SOURCE_STATUS_COUNT
};
const char *source_status_name(enum source_status status); /* "complete", "truncated", ... */

struct source;

/*
 * "-" is standard input. NULL and *error (ERROR_USAGE) when it cannot be opened or read, is a
 * folder, or is compressed in a way that cannot be read here.
 */
struct source *source_open(const char *path, struct error *error);
void source_close(struct source *source); /* NULL is fine */

/* Up to `size` decoded bytes into `out`; 0 at the end (or where damage ends it). */
size_t source_read(struct source *source, char *out, size_t size);

/* After source_read has given 0. An empty *.gz is SOURCE_TRUNCATED: gzip never writes one. */
enum source_status source_status(const struct source *source);

/* One sentence about the damage ("the file ends inside a gzip member ..."), "" when complete. */
const char *source_problem(const struct source *source);

const char *source_compression(const struct source *source); /* "gzip" or "none" */
bool source_can_reopen(const struct source *source);         /* a regular file */
uint64_t source_size(const struct source *source);           /* bytes on disk, 0 when unknown */
uint64_t source_consumed(const struct source *source);       /* bytes taken off the descriptor */

#endif
