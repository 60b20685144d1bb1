#include "parser/archive.h"

#include "config.h"

#include <string.h>

#include "base/memory.h"

/* pzstd puts a skippable frame, which has a magic of its own, before each frame of data. */
static const struct archive_kind kinds[] = {
    {{"BZh", 3}, "bzip2", "bzip2 -dc", ARCHIVE_BZIP2},
    {{"\xfd\x37zXZ", 5}, "xz", "xz -dc", ARCHIVE_XZ},
    {{"\x28\xb5\x2f\xfd", 4}, "zstd", "zstd -dc", ARCHIVE_ZSTD},
    {{"\x50\x2a\x4d\x18", 4}, "zstd", "zstd -dc", ARCHIVE_ZSTD},
    {{"\x04\x22\x4d\x18", 4}, "lz4", "lz4 -dc", ARCHIVE_LZ4},
};

const struct archive_kind *archive_find_kind(struct slice bytes)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (slice_starts_with(bytes, kinds[i].magic))
            return &kinds[i];
    }
    return NULL;
}

#ifdef HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>

const char *archive_library(void)
{
    return "libarchive";
}

/*
 * libarchive is fed in pieces of one size, however the bytes arrive: where its decoders stop in
 * damaged data depends on how it was cut, and the same file must give the same lines.
 */
enum { PIECE_BYTES = 4096 };

struct archive_input {
    struct feed *feed;
    const struct archive_kind *kind;
    struct archive *archive; /* of the members that are being read; NULL before them */
    uint64_t given_bytes;    /* to it */
    bool has_seen_end;       /* it has asked for more than there is */
    bool is_done;
    struct slice decoded; /* not yet taken; in the archive's memory */
};

struct archive_input *archive_input_new(struct feed *feed, const struct archive_kind *kind)
{
    struct archive_input *input = mem_zeroed(1, sizeof *input);
    input->feed = feed;
    input->kind = kind;
    return input;
}

void archive_input_free(struct archive_input *input)
{
    if (!input)
        return;
    archive_read_free(input->archive);
    mem_free(input);
}

/* libarchive's read callback. A piece is left alone until the next one is asked for. */
static la_ssize_t give_piece(struct archive *archive, void *argument, const void **piece)
{
    (void)archive;
    struct archive_input *input = argument;
    struct feed *feed = input->feed;
    feed_have(feed, PIECE_BYTES);
    struct slice given = slice_head(feed->input, PIECE_BYTES);
    feed->input = slice_from(feed->input, given.size);
    input->given_bytes += given.size;
    input->has_seen_end |= given.size == 0;
    *piece = given.at;
    return (la_ssize_t)given.size;
}

static void fail_member(struct archive_input *input)
{
    static const char rest[] =
        "the lines before are counted, but for up to 128 KiB before the damage";
    const char *name = input->kind->name;
    const char *why = input->archive ? archive_error_string(input->archive) : "out of memory";
    input->is_done = true;
    if (input->has_seen_end)
        feed_fail(input->feed, SOURCE_TRUNCATED, "the file ends inside its %s data; %s", name,
                  rest);
    else
        feed_fail(input->feed, SOURCE_CORRUPT, "its %s data cannot be decoded (%s); %s", name,
                  why ? why : "its header is broken", rest);
}

/* For the members that begin here. False when libarchive does not want to. */
static bool open_archive(struct archive_input *input)
{
    static const int filters[] = {
        [ARCHIVE_BZIP2] = ARCHIVE_FILTER_BZIP2,
        [ARCHIVE_XZ] = ARCHIVE_FILTER_XZ,
        [ARCHIVE_ZSTD] = ARCHIVE_FILTER_ZSTD,
        [ARCHIVE_LZ4] = ARCHIVE_FILTER_LZ4,
    };
    struct archive *archive = input->archive = archive_read_new();
    struct archive_entry *entry;
    input->given_bytes = 0;
    input->has_seen_end = false;
    return archive &&
           archive_read_append_filter(archive, filters[input->kind->compression]) == ARCHIVE_OK &&
           archive_read_set_format(archive, ARCHIVE_FORMAT_RAW) == ARCHIVE_OK &&
           archive_read_open(archive, input, NULL, give_piece, NULL) == ARCHIVE_OK &&
           archive_read_next_header(archive, &entry) == ARCHIVE_OK;
}

/* What libarchive has been given and did not use begins the next member, or is none. */
static void take_back(struct feed *feed, uint64_t unused_bytes)
{
    size_t most = (size_t)(feed->input.at - feed->buffer);
    size_t size = unused_bytes < most ? (size_t)unused_bytes : most;
    feed->input = (struct slice){feed->input.at - size, feed->input.size + size};
}

/* A file that ends inside the magic number ends inside a member. */
static bool is_at_member(struct feed *feed, struct slice magic)
{
    feed_have(feed, magic.size);
    return slice_starts_with(magic, slice_head(feed->input, magic.size));
}

/* libarchive takes it for the end; it may have stopped before members that follow. */
static void end_archive(struct archive_input *input)
{
    struct feed *feed = input->feed;
    uint64_t used_bytes = (uint64_t)archive_filter_bytes(input->archive, -1);
    if (used_bytes == 0) {
        fail_member(input);
        return;
    }
    take_back(feed, input->given_bytes - used_bytes);
    archive_read_free(input->archive);
    input->archive = NULL;
    while (feed_have(feed, 1) && feed->input.at[0] == '\0')
        feed_take_byte(feed);
    input->is_done = feed->input.size == 0 || !is_at_member(feed, input->kind->magic);
    if (feed->input.size && input->is_done)
        feed_fail_trailing(feed, input->kind->name);
}

/* The next bytes that are decoded; none when a member, or all, is at its end. */
static void decode(struct archive_input *input)
{
    const void *at = NULL;
    size_t size = 0;
    la_int64_t offset;
    if (!input->archive && !open_archive(input)) {
        fail_member(input);
        return;
    }
    int result = archive_read_data_block(input->archive, &at, &size, &offset);
    if (result == ARCHIVE_OK)
        input->decoded = (struct slice){at, size};
    else if (result == ARCHIVE_EOF)
        end_archive(input);
    else
        fail_member(input);
}

size_t archive_input_read(struct archive_input *input, char *out, size_t size)
{
    while (input->decoded.size == 0 && !input->is_done)
        decode(input);
    size_t got = input->decoded.size < size ? input->decoded.size : size;
    if (got)
        memcpy(out, input->decoded.at, got);
    input->decoded = slice_from(input->decoded, got);
    return got;
}

#else

const char *archive_library(void)
{
    return NULL;
}

struct archive_input *archive_input_new(struct feed *feed, const struct archive_kind *kind)
{
    (void)feed;
    (void)kind;
    return NULL;
}

void archive_input_free(struct archive_input *input)
{
    (void)input;
}

size_t archive_input_read(struct archive_input *input, char *out, size_t size)
{
    (void)input;
    (void)out;
    (void)size;
    return 0;
}

#endif
