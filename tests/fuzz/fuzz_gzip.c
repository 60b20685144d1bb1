/*
 * Any bytes as a compressed log.
 *
 * The first byte chooses the size of small reads, the second how the rest becomes a file: as it is,
 * or as a deflate stream between a header and the trailer that fits it (so that mutations get past
 * the checksum), once or twice. Holds: the bytes and the status are the same for large reads, small
 * reads, and a pipe that gives a few bytes at a time; what zlib takes for whole gzip is complete,
 * with the same bytes. After OUTPUT_LIMIT bytes nobody reads on.
 */
#include "parser/source.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"

enum { OUTPUT_LIMIT = 1024 * 1024, INPUT_LIMIT = 64 * 1024, PIPE_BYTES = 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

struct bytes {
    char *at;
    size_t size, capacity;
};

static void add(struct bytes *bytes, const void *what, size_t size)
{
    bytes->at = mem_grow(bytes->at, &bytes->capacity, bytes->size + size, 1);
    if (size)
        memcpy(bytes->at + bytes->size, what, size);
    bytes->size += size;
}

struct outcome {
    bool is_open, is_limited;
    enum source_status status;
    struct bytes content;
};

static struct outcome read_path(const char *path, size_t read_bytes)
{
    static char buffer[65536];
    struct outcome outcome = {0};
    struct error error = {0};
    struct source *source = source_open(path, &error);
    must((source == NULL) == (error.code != ERROR_NONE));
    outcome.is_open = source != NULL;
    if (!source)
        return outcome;
    size_t got = 1;
    while (got && outcome.content.size < OUTPUT_LIMIT) {
        got = source_read(source, buffer, read_bytes);
        must(got <= read_bytes);
        add(&outcome.content, buffer, got);
    }
    outcome.is_limited = got != 0;
    outcome.status = outcome.is_limited ? SOURCE_COMPLETE : source_status(source);
    source_close(source);
    return outcome;
}

static void must_agree(const struct outcome *a, const struct outcome *b)
{
    must(a->is_open == b->is_open && a->is_limited == b->is_limited && a->status == b->status);
    must(a->is_limited || a->content.size == b->content.size);
    size_t size = a->is_limited ? OUTPUT_LIMIT : a->content.size;
    must(size == 0 || memcmp(a->content.at, b->content.at, size) == 0);
}

static struct outcome read_file(struct slice file, size_t read_bytes)
{
    char path[64];
    int descriptor = memfd_create("gzip", MFD_CLOEXEC);
    must(descriptor >= 0);
    must(write(descriptor, file.at, file.size) == (ssize_t)file.size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    struct outcome outcome = read_path(path, read_bytes);
    close(descriptor);
    return outcome;
}

/* A read from such a pipe gives what one write wrote; it holds all pieces before any is read. */
static struct outcome read_pipe(struct slice file, size_t piece_bytes)
{
    int ends[2];
    must(pipe2(ends, O_DIRECT | O_CLOEXEC) == 0);
    must(fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES) >= PIPE_BYTES);
    size_t pages = PIPE_BYTES / 4096 - 1;
    if (file.size / pages >= piece_bytes)
        piece_bytes = file.size / pages + 1;
    while (file.size) {
        struct slice piece = slice_head(file, piece_bytes);
        must(write(ends[1], piece.at, piece.size) == (ssize_t)piece.size);
        file = slice_from(file, piece.size);
    }
    close(ends[1]);
    must(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    close(ends[0]);
    return read_path("-", 65536);
}

/* One member by zlib; false when zlib refuses it or it is over the limit. */
static bool inflate_member(z_stream *stream, struct bytes *out)
{
    static unsigned char piece[65536];
    int result = Z_OK;
    while (result == Z_OK && out->size < OUTPUT_LIMIT) {
        stream->next_out = piece;
        stream->avail_out = sizeof piece;
        result = inflate(stream, Z_NO_FLUSH);
        add(out, piece, sizeof piece - stream->avail_out);
    }
    return result == Z_STREAM_END;
}

/* Members and NUL bytes between and behind them; false for everything else. */
static bool inflate_all(struct slice file, struct bytes *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)file.at, .avail_in = (uInt)file.size};
    must(inflateInit2(&stream, 15 + 16) == Z_OK);
    bool is_whole = file.size > 0;
    while (is_whole && stream.avail_in) {
        is_whole = inflate_member(&stream, out);
        while (is_whole && stream.avail_in && *stream.next_in == 0) {
            stream.next_in++;
            stream.avail_in--;
        }
        inflateReset(&stream);
    }
    inflateEnd(&stream);
    return is_whole;
}

static void add_u32(struct bytes *file, uint32_t value)
{
    unsigned char bytes[4];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(value >> 8 * i);
    add(file, bytes, 4);
}

static void add_wrapped(struct bytes *file, struct slice body)
{
    struct bytes content = {0};
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)body.at, .avail_in = (uInt)body.size};
    must(inflateInit2(&stream, -15) == Z_OK);
    inflate_member(&stream, &content);
    size_t used = body.size - stream.avail_in;
    inflateEnd(&stream);
    add(file, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
    add(file, body.at, used);
    add_u32(file, (uint32_t)crc32_z(0, (const Bytef *)content.at, content.size));
    add_u32(file, (uint32_t)content.size);
    mem_free(content.at);
}

static void make_file(struct bytes *file, struct slice rest, unsigned kind)
{
    if (kind % 4 < 2) {
        add(file, rest.at, rest.size);
        return;
    }
    add_wrapped(file, rest);
    if (kind % 4 == 3)
        add_wrapped(file, rest);
}

static void compare(struct slice file, unsigned small)
{
    struct outcome large = read_file(file, 65536);
    struct outcome other = read_file(file, 1 + small * small / 8);
    must_agree(&large, &other);
    mem_free(other.content.at);
    other = read_pipe(file, 1 + small % 64);
    must_agree(&large, &other);
    mem_free(other.content.at);
    struct bytes expected = {0};
    if (inflate_all(file, &expected) && expected.size < OUTPUT_LIMIT) {
        must(large.is_open && !large.is_limited && large.status == SOURCE_COMPLETE);
        must(large.content.size == expected.size);
        must(expected.size == 0 || memcmp(large.content.at, expected.at, expected.size) == 0);
    }
    mem_free(expected.at);
    mem_free(large.content.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2 || size > INPUT_LIMIT)
        return 0;
    struct bytes file = {0};
    make_file(&file, (struct slice){(const char *)bytes + 2, size - 2}, bytes[1]);
    if (file.size)
        compare((struct slice){file.at, file.size}, bytes[0]);
    mem_free(file.at);
    return 0;
}
