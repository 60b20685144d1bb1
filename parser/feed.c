#include "parser/feed.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *input_start(struct feed *feed)
{
    return feed->buffer + sizeof feed->buffer - FEED_BYTES;
}

void feed_init(struct feed *feed, int descriptor, uint64_t size_bytes)
{
    memset(feed, 0, sizeof *feed);
    feed->descriptor = descriptor;
    feed->size_bytes = size_bytes;
    feed->input = (struct slice){input_start(feed), 0};
}

void feed_fail(struct feed *feed, enum source_status status, const char *format, ...)
{
    if (feed->status != SOURCE_COMPLETE)
        return;
    feed->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(feed->problem, sizeof feed->problem, format, arguments);
    va_end(arguments);
}

void feed_fail_trailing(struct feed *feed, const char *compression)
{
    uint64_t used = feed->consumed_bytes - feed->input.size;
    char count[32] = "";
    if (feed->size_bytes > used)
        snprintf(count, sizeof count, "%" PRIu64 " ", feed->size_bytes - used);
    feed_fail(feed, SOURCE_TRAILING_GARBAGE,
              "%sbytes after the last %s member are no %s and were not read", count, compression,
              compression);
}

/* read(2) until something comes, the end, or an error (which ends the input). */
static size_t read_descriptor(struct feed *feed, char *out, size_t size)
{
    ssize_t got;
    do
        got = read(feed->descriptor, out, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        feed_fail(feed, SOURCE_IO_ERROR,
                  "reading failed after %" PRIu64 " bytes: %s; the lines before are counted",
                  feed->consumed_bytes, strerror(errno));
    if (got <= 0) {
        feed->at_end = true;
        return 0;
    }
    feed->consumed_bytes += (uint64_t)got;
    return (size_t)got;
}

bool feed_refill(struct feed *feed)
{
    if (feed->at_end)
        return false;
    char *start = input_start(feed);
    size_t keep = feed->input.size;
    memmove(start - FEED_BACK, feed->input.at - FEED_BACK, FEED_BACK + keep);
    size_t room = (size_t)(feed->buffer + sizeof feed->buffer - (start + keep));
    size_t got = room ? read_descriptor(feed, start + keep, room) : 0;
    feed->input = (struct slice){start, keep + got};
    return got > 0;
}

bool feed_have(struct feed *feed, size_t need)
{
    while (feed->input.size < need) {
        if (!feed_refill(feed))
            return false;
    }
    return true;
}

size_t feed_read(struct feed *feed, char *out, size_t size)
{
    if (feed->input.size == 0)
        return feed->at_end ? 0 : read_descriptor(feed, out, size);
    size_t got = feed->input.size < size ? feed->input.size : size;
    memcpy(out, feed->input.at, got);
    feed->input = slice_from(feed->input, got);
    return got;
}
