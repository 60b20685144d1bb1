/*
 * feed: bytes off a descriptor, in a buffer that decoders look into, and how reading them ended.
 *
 *                  input, not yet used
 *     buffer [ ....back[===============]      ]
 *                      `- FEED_BACK bytes before it stay readable: a decoder may step back
 *
 * The first failure stays: what a decoder says about bytes that the system could not give is
 * not heard.
 */
#ifndef PARSER_FEED_H
#define PARSER_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "parser/source.h"

enum { FEED_BACK = 64, FEED_BYTES = 128 * 1024 };

struct feed {
    int descriptor;          /* borrowed */
    bool at_end;             /* of the descriptor; stays so, even when more is written behind it */
    uint64_t size_bytes;     /* on disk when it was opened; 0 unknown */
    uint64_t consumed_bytes; /* taken off the descriptor */
    enum source_status status;
    char problem[256];  /* a sentence, "" when there is none */
    struct slice input; /* not yet used, inside buffer */
    char buffer[2 * FEED_BACK + FEED_BYTES];
};

void feed_init(struct feed *feed, int descriptor, uint64_t size_bytes);

/* At least `need` unused bytes (up to FEED_BYTES), or false at the end. */
bool feed_have(struct feed *feed, size_t need);

/* More bytes behind those not yet used. False when there are none, or no room is left. */
bool feed_refill(struct feed *feed);

/* The next byte; there must be one. */
static inline unsigned char feed_take_byte(struct feed *feed)
{
    unsigned char byte = (unsigned char)feed->input.at[0];
    feed->input = slice_from(feed->input, 1);
    return byte;
}

/* Up to `size` bytes into `out`, 0 at the end. Past the buffer, once that is used up. */
size_t feed_read(struct feed *feed, char *out, size_t size);

/* Notes how reading has ended, unless that is already known. */
void feed_fail(struct feed *feed, enum source_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What is left is no further member of this compression ("gzip"). */
void feed_fail_trailing(struct feed *feed, const char *compression);

#endif
