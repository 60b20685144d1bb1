#include "parser/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/slice.h"
#include "parser/archive.h"
#include "parser/feed.h"
#include "parser/gzip.h"

enum { MAGIC_BYTES = 6 };

struct source {
    bool is_regular;
    bool is_at_end;
    const char *compression;       /* "none" */
    struct gzip *gzip;             /* or NULL */
    struct archive_input *archive; /* or NULL; with neither, the bytes stand there as they are */
    struct feed feed;
};

const char *source_status_name(enum source_status status)
{
    static const char *const names[SOURCE_STATUS_COUNT] = {
        [SOURCE_COMPLETE] = "complete",   [SOURCE_EMPTY] = "empty",
        [SOURCE_TRUNCATED] = "truncated", [SOURCE_CRC_ERROR] = "crc_error",
        [SOURCE_CORRUPT] = "corrupt",     [SOURCE_TRAILING_GARBAGE] = "trailing_garbage",
        [SOURCE_IO_ERROR] = "io_error",   [SOURCE_SHRUNK] = "shrunk",
        [SOURCE_GREW] = "grew",
    };
    return names[status];
}

bool source_status_is_damage(enum source_status status)
{
    return status != SOURCE_COMPLETE && status != SOURCE_EMPTY && status != SOURCE_GREW;
}

/*
 * Did the file change under the reader? One that is shorter now has lost lines that were there when
 * it was opened, and that is why a compressed one ends early. In one that is longer the last line
 * can be half written.
 */
static void judge_size(struct source *source)
{
    struct feed *feed = &source->feed;
    struct stat now;
    if (!source->is_regular || !feed->at_end)
        return;
    bool is_shorter = feed->consumed_bytes < feed->size_bytes;
    bool is_longer =
        feed->consumed_bytes > feed->size_bytes ||
        (fstat(feed->descriptor, &now) == 0 && (uint64_t)now.st_size > feed->size_bytes);
    if (is_shorter && feed->status == SOURCE_TRUNCATED)
        feed->status = SOURCE_COMPLETE;
    if (is_shorter)
        feed_fail(feed, SOURCE_SHRUNK,
                  "the file became shorter while it was read (a log truncated in place?); the "
                  "lines before are counted");
    else if (is_longer)
        feed_fail(feed, SOURCE_GREW,
                  "the file grew while it was read; its last unfinished line is left for the next "
                  "run");
}

static size_t read_decoded(struct source *source, char *out, size_t size)
{
    if (source->gzip)
        return gzip_read(source->gzip, out, size);
    if (source->archive)
        return archive_input_read(source->archive, out, size);
    return feed_read(&source->feed, out, size);
}

size_t source_read(struct source *source, char *out, size_t size)
{
    size_t got = read_decoded(source, out, size < INT32_MAX ? size : INT32_MAX);
    if (got == 0 && !source->is_at_end) {
        source->is_at_end = true;
        judge_size(source);
    }
    return got;
}

static bool choose_decoder(struct source *source, const char *path, struct error *error)
{
    struct feed *feed = &source->feed;
    const struct archive_kind *kind = archive_find_kind(feed->input);
    if (slice_starts_with(feed->input, SLICE_LITERAL("PK\x03\x04")))
        return error_at(error, ERROR_USAGE, path, 0, 0,
                        "is compressed with zip, which cannot be read here; pipe it in: "
                        "unzip -p FILE | sojourn -");
    if (gzip_is_magic(feed->input) || slice_is(feed->input, "\x1f")) {
        source->compression = "gzip";
        source->gzip = gzip_new(feed);
    } else if (kind) {
        source->compression = kind->name;
        source->archive = archive_input_new(feed, kind);
    }
    if (kind && !source->archive)
        return error_at(error, ERROR_USAGE, path, 0, 0,
                        "is compressed with %s; this sojourn was built without libarchive, which "
                        "reads it: install libarchive-dev, run ./configure --with-libarchive and "
                        "build again, or pipe it in: %s FILE | sojourn -",
                        kind->name, kind->tool);
    return true;
}

/* No compressed file is ever empty: one with such a name was cut at its very start. */
static void note_empty(struct feed *feed, const char *path)
{
    static const char *const endings[] = {".gz", ".bz2", ".xz", ".zst", ".lz4"};
    struct slice name = slice_of(path);
    if (feed->input.size || feed->size_bytes)
        return;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t size = strlen(endings[i]);
        if (name.size > size && slice_is(slice_from(name, name.size - size), endings[i]))
            feed_fail(feed, SOURCE_TRUNCATED, "the file is empty, which no %s file is", endings[i]);
    }
    feed_fail(feed, SOURCE_EMPTY, "%s", "");
}

static bool open_descriptor(struct source *source, const char *path, struct error *error)
{
    struct stat facts;
    int descriptor =
        strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    feed_init(&source->feed, descriptor, 0);
    if (descriptor < 0 || fstat(descriptor, &facts) != 0)
        return error_at(error, ERROR_USAGE, path, 0, 0, "cannot be opened: %s", strerror(errno));
    if (S_ISDIR(facts.st_mode))
        return error_at(error, ERROR_USAGE, path, 0, 0, "is a folder, not a log");
    source->is_regular = S_ISREG(facts.st_mode) && descriptor != STDIN_FILENO;
    /* Of standard input somebody else may have read the start. */
    off_t begin = S_ISREG(facts.st_mode) ? lseek(descriptor, 0, SEEK_CUR) : 0;
    if (S_ISREG(facts.st_mode) && facts.st_size > begin)
        source->feed.size_bytes = (uint64_t)(facts.st_size - begin);
    return true;
}

/* Looks at the first bytes. */
static bool probe(struct source *source, const char *path, struct error *error)
{
    struct feed *feed = &source->feed;
    feed_have(feed, MAGIC_BYTES);
    if (feed->status == SOURCE_IO_ERROR && feed->consumed_bytes == 0)
        return error_at(error, ERROR_USAGE, path, 0, 0, "cannot be read: %s", strerror(errno));
    note_empty(feed, path);
    return choose_decoder(source, path, error);
}

struct source *source_open(const char *path, struct error *error)
{
    struct source *source = mem_zeroed(1, sizeof *source);
    source->compression = "none";
    if (open_descriptor(source, path, error) && probe(source, path, error))
        return source;
    source_close(source);
    return NULL;
}

void source_close(struct source *source)
{
    if (!source)
        return;
    if (source->feed.descriptor > STDIN_FILENO)
        close(source->feed.descriptor);
    gzip_free(source->gzip);
    archive_input_free(source->archive);
    mem_free(source);
}

enum source_status source_status(const struct source *source)
{
    return source->feed.status;
}

const char *source_problem(const struct source *source)
{
    return source->feed.problem;
}

const char *source_compression(const struct source *source)
{
    return source->compression;
}

bool source_can_reopen(const struct source *source)
{
    return source->is_regular;
}

uint64_t source_size(const struct source *source)
{
    return source->feed.size_bytes;
}

uint64_t source_consumed(const struct source *source)
{
    return source->feed.consumed_bytes;
}
