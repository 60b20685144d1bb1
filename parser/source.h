/*
 * source: the decoded bytes of one input.
 *
 * Plain files, gzip files of any number of members, bzip2, xz, zstd and lz4 files (through
 * libarchive, when built with it: archive.h), pipes and standard input, all read the same way.
 * Compression is told by the first bytes, never by the name. Nothing is mapped: a file that
 * shrinks while it is read cannot crash the program.
 *
 *     descriptor -> input buffer -> (gzip member loop | libarchive) -> caller's buffer
 *
 * Damage is data: source_read gives every byte that could be decoded, and source_status tells
 * afterwards what was wrong. The gzip member loop (gzip.h) is our own, because the library's gz
 * functions take a cut file for a whole one, and drop what they had decoded when a checksum is
 * wrong. Reading goes on to the end that is found at the time, also of a file that is written to.
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
    SOURCE_TRUNCATED,        /* the file ends inside a compressed member */
    SOURCE_CRC_ERROR,        /* a member's checksum or length does not fit its data */
    SOURCE_CORRUPT,          /* a member cannot be decoded */
    SOURCE_TRAILING_GARBAGE, /* bytes after the last member that are no member */
    SOURCE_IO_ERROR,         /* the system could not read on */
    SOURCE_SHRUNK,           /* a file became shorter than it was when it was opened */
    SOURCE_GREW,             /* a file became longer; no damage: a server is writing on */
    SOURCE_STATUS_COUNT
};
const char *source_status_name(enum source_status status); /* "complete", "truncated", ... */
bool source_status_is_damage(enum source_status status);   /* all but complete, empty and grew */

struct source;

/*
 * "-" is standard input. NULL and *error (ERROR_USAGE) when it cannot be opened or read, is a
 * folder, or is compressed in a way that cannot be read here (then the sentence says what would).
 */
struct source *source_open(const char *path, struct error *error);
void source_close(struct source *source); /* NULL is fine */

/* Up to `size` decoded bytes into `out`; 0 at the end (or where damage ends it). */
size_t source_read(struct source *source, char *out, size_t size);

/* After source_read has given 0. An empty *.gz, *.zst, ... is SOURCE_TRUNCATED: none is written so.
 */
enum source_status source_status(const struct source *source);

/* One sentence about the damage ("the file ends inside a gzip member ..."), "" when complete. */
const char *source_problem(const struct source *source);

const char *source_compression(const struct source *source); /* "gzip", "zstd", "none", ... */
bool source_can_reopen(const struct source *source);         /* a regular file */
uint64_t source_size(const struct source *source);           /* bytes on disk, 0 when unknown */
uint64_t source_consumed(const struct source *source);       /* bytes taken off the descriptor */

#endif
