/*
 * inflate: one raw deflate stream (RFC 1951), without a header or trailer.
 *
 * Two decoders with the same behaviour: ISA-L's igzip when the program is built with it (about
 * three times as fast), zlib otherwise. The gzip member loop around it is in gzip.c.
 */
#ifndef PARSER_INFLATE_H
#define PARSER_INFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum inflate_result {
    INFLATE_MORE,   /* wants more input or more room; call again */
    INFLATE_END,    /* the stream is complete */
    INFLATE_BROKEN, /* not a deflate stream from here on */
};

struct inflater;

struct inflater *inflater_new(void);
void inflater_free(struct inflater *inflater);  /* NULL is fine */
void inflater_reset(struct inflater *inflater); /* ready for the next stream */

/*
 * Takes from *input (which moves on) and writes up to out_size bytes; *written tells how many. All
 * that stands before a break is given before INFLATE_BROKEN; before a cut, ISA-L can keep up to
 * three of the last bytes to itself.
 * At INFLATE_END *input starts at the first byte after the stream, which can lie up to
 * INFLATE_BACK bytes before the place where this call's input began: keep that many bytes of the
 * previous input in front of the buffer.
 */
enum { INFLATE_BACK = 8 };
enum inflate_result inflater_run(struct inflater *inflater, struct slice *input, char *out,
                                 size_t out_size, size_t *written);

/* CRC-32 of gzip (RFC 1952), continued from `crc` (0 at the start). */
uint32_t inflate_crc(uint32_t crc, const void *bytes, size_t size);

/* "ISA-L" or "zlib". */
const char *inflate_library(void);

#endif
