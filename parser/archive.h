/*
 * archive: bzip2, xz, zstd and lz4 files, through libarchive.
 *
 * Only the compression is undone, once: libarchive is told which one it is, and that what comes
 * out are bytes, so it never looks for archives or further compressions in them. Members that were
 * appended to each other are read one after the other, with NUL padding between and behind them.
 *
 * Memory: zstd windows over 128 MiB are refused (SOURCE_CORRUPT), bzip2 and lz4 have no blocks over
 * 4 MiB. libarchive sets no limit for xz, whose dictionary can be 4 GiB; it takes memory as it is
 * filled, so never more than what was decoded.
 *
 * libarchive gives what it decodes in pieces of up to 128 KiB, and nothing of the piece in which it
 * fails: so much can be missing before the damage, which our own loop (gzip.h) would still give.
 */
#ifndef PARSER_ARCHIVE_H
#define PARSER_ARCHIVE_H

#include "parser/feed.h"

enum archive_compression { ARCHIVE_BZIP2, ARCHIVE_XZ, ARCHIVE_ZSTD, ARCHIVE_LZ4 };

/* A compression, told by its first bytes. */
struct archive_kind {
    struct slice magic;
    const char *name, *tool; /* "zstd", "zstd -dc" */
    enum archive_compression compression;
};

/* NULL when these first bytes are none of them. */
const struct archive_kind *archive_find_kind(struct slice bytes);

const char *archive_library(void); /* "libarchive", NULL when the program was built without it */

struct archive_input;

/* NULL when the program was built without libarchive. The feed is borrowed and gets the failures.
 */
struct archive_input *archive_input_new(struct feed *feed, const struct archive_kind *kind);
void archive_input_free(struct archive_input *input); /* NULL is fine */

/* Up to `size` decoded bytes into `out`; 0 at the end. */
size_t archive_input_read(struct archive_input *input, char *out, size_t size);

#endif
