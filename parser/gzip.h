/*
 * gzip: the members of a gzip file (RFC 1952), one after the other.
 *
 *     header | deflate stream | checksum, length | NUL padding | header | ...
 *
 * Any number of members, of any size, also empty ones. What is wrong is told apart: a file that
 * ends inside a member, a checksum that does not fit, data that cannot be decoded, bytes behind the
 * last member that are none.
 */
#ifndef PARSER_GZIP_H
#define PARSER_GZIP_H

#include "parser/feed.h"

/* Do these first bytes begin a member? */
bool gzip_is_magic(struct slice bytes);

struct gzip;
struct gzip *gzip_new(struct feed *feed); /* which is borrowed and gets the failures */
void gzip_free(struct gzip *gzip);        /* NULL is fine */

/* Up to `size` decoded bytes (up to INT32_MAX) into `out`; 0 at the end. */
size_t gzip_read(struct gzip *gzip, char *out, size_t size);

#endif
