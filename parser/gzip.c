#include "parser/gzip.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "parser/inflate.h"

_Static_assert((int)FEED_BACK >= (int)INFLATE_BACK, "the inflater steps back into the feed");

enum { HEADER_LIMIT = 1024 * 1024 }; /* a header longer than this is an attack, not a name */

/* Where the member loop stands. */
enum gzip_state {
    GZIP_HEADER,
    GZIP_DATA,
    GZIP_TRAILER,
    GZIP_PADDING, /* between members: NUL bytes, another member, or the end */
    GZIP_DONE,
};

struct gzip {
    struct feed *feed;
    enum gzip_state state;
    struct inflater *inflater;
    uint32_t crc;
    uint32_t length; /* of the member's data, modulo 2^32 as in the trailer */
    uint64_t members;
};

struct gzip *gzip_new(struct feed *feed)
{
    struct gzip *gzip = mem_zeroed(1, sizeof *gzip);
    gzip->feed = feed;
    gzip->inflater = inflater_new();
    return gzip;
}

void gzip_free(struct gzip *gzip)
{
    if (!gzip)
        return;
    inflater_free(gzip->inflater);
    mem_free(gzip);
}

bool gzip_is_magic(struct slice bytes)
{
    return bytes.size >= 2 && memcmp(bytes.at, "\x1f\x8b", 2) == 0;
}

/* Does a member begin here? A file that ends inside the magic number counts as one. */
static bool is_at_member(struct feed *feed)
{
    return feed_have(feed, 2) ? gzip_is_magic(feed->input)
                              : feed->input.size == 1 && feed->input.at[0] == '\x1f';
}

static bool skip_bytes(struct feed *feed, size_t count)
{
    for (; count; count--) {
        if (!feed_have(feed, 1))
            return false;
        feed_take_byte(feed);
    }
    return true;
}

/* A NUL-terminated field; false at the end of the file or over the limit. */
static bool skip_text(struct feed *feed, bool *is_too_long)
{
    for (size_t size = 0; feed_have(feed, 1); size++) {
        if (feed_take_byte(feed) == '\0')
            return true;
        if (size > HEADER_LIMIT) {
            *is_too_long = true;
            return false;
        }
    }
    return false;
}

/* RFC 1952, 2.3. Names and comments are skipped, never kept. */
static bool skip_header(struct feed *feed, bool *is_corrupt)
{
    enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16, RESERVED = 0xe0, DEFLATE = 8 };
    if (!feed_have(feed, 10))
        return false;
    const unsigned char *fixed = (const unsigned char *)feed->input.at;
    unsigned method = fixed[2], flags = fixed[3];
    *is_corrupt = method != DEFLATE || (flags & RESERVED);
    if (*is_corrupt || !skip_bytes(feed, 10))
        return false;
    if (flags & FEXTRA) {
        if (!feed_have(feed, 2))
            return false;
        size_t size = feed_take_byte(feed);
        size |= (size_t)feed_take_byte(feed) << 8;
        if (!skip_bytes(feed, size))
            return false;
    }
    if ((flags & FNAME) && !skip_text(feed, is_corrupt))
        return false;
    if ((flags & FCOMMENT) && !skip_text(feed, is_corrupt))
        return false;
    return !(flags & FHCRC) || skip_bytes(feed, 2);
}

static void fail_member(struct gzip *gzip, enum source_status status, const char *what)
{
    bool has_lines = status == SOURCE_CRC_ERROR;
    feed_fail(gzip->feed, status, "%s (member %" PRIu64 "); %s", what, gzip->members + 1,
              has_lines ? "its lines and those before are counted, what follows was not read"
                        : "the complete lines before are counted");
    gzip->state = GZIP_DONE;
}

static void fail_truncated(struct gzip *gzip)
{
    fail_member(gzip, SOURCE_TRUNCATED, "the file ends inside a gzip member");
}

static void begin_member(struct gzip *gzip)
{
    bool is_corrupt = false;
    if (!skip_header(gzip->feed, &is_corrupt)) {
        if (is_corrupt)
            fail_member(gzip, SOURCE_CORRUPT, "a gzip header is broken");
        else
            fail_truncated(gzip);
        return;
    }
    inflater_reset(gzip->inflater);
    gzip->crc = 0;
    gzip->length = 0;
    gzip->state = GZIP_DATA;
}

static uint32_t take_u32(struct feed *feed)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++)
        value |= (uint32_t)feed_take_byte(feed) << 8 * i;
    return value;
}

static void end_member(struct gzip *gzip)
{
    if (!feed_have(gzip->feed, 8)) {
        fail_truncated(gzip);
        return;
    }
    uint32_t crc = take_u32(gzip->feed), length = take_u32(gzip->feed);
    if (crc != gzip->crc || length != gzip->length) {
        fail_member(gzip, SOURCE_CRC_ERROR, "a gzip checksum does not fit its data");
        return;
    }
    gzip->members++;
    gzip->state = GZIP_PADDING;
}

/* Between members. Tapes and block devices pad with NUL; everything else must be a member. */
static void pass_padding(struct gzip *gzip)
{
    struct feed *feed = gzip->feed;
    while (feed_have(feed, 1) && feed->input.at[0] == '\0')
        feed_take_byte(feed);
    if (feed->input.size && is_at_member(feed)) {
        gzip->state = GZIP_HEADER;
        return;
    }
    if (feed->input.size)
        feed_fail_trailing(feed, "gzip");
    gzip->state = GZIP_DONE;
}

/* Data of the current member; 0 when its state has changed or it needs another turn. */
static size_t read_member(struct gzip *gzip, char *out, size_t size)
{
    size_t written = 0;
    size_t before = gzip->feed->input.size;
    enum inflate_result result =
        inflater_run(gzip->inflater, &gzip->feed->input, out, size, &written);
    gzip->crc = inflate_crc(gzip->crc, out, written);
    gzip->length += (uint32_t)written;
    if (result == INFLATE_END)
        gzip->state = GZIP_TRAILER;
    else if (result == INFLATE_BROKEN)
        fail_member(gzip, SOURCE_CORRUPT, "a gzip member cannot be decoded");
    else if (written == 0 && gzip->feed->input.size == before && !feed_refill(gzip->feed))
        fail_truncated(gzip);
    return written;
}

size_t gzip_read(struct gzip *gzip, char *out, size_t size)
{
    size_t got = 0;
    while (got == 0 && gzip->state != GZIP_DONE) {
        if (gzip->state == GZIP_HEADER)
            begin_member(gzip);
        else if (gzip->state == GZIP_DATA)
            got = read_member(gzip, out, size);
        else if (gzip->state == GZIP_TRAILER)
            end_member(gzip);
        else
            pass_padding(gzip);
    }
    return got;
}
