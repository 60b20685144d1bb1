#include "parser/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/slice.h"
#include "parser/inflate.h"

enum {
    INPUT_BYTES = 128 * 1024,
    MAGIC_BYTES = 6,
    HEADER_LIMIT = 1024 * 1024, /* a gzip header longer than this is an attack, not a name */
};

/* Where the gzip member loop stands. */
enum gzip_state {
    GZIP_NONE, /* a plain input */
    GZIP_HEADER,
    GZIP_DATA,
    GZIP_TRAILER,
    GZIP_PADDING, /* between members: NUL bytes, another member, or the end */
    GZIP_DONE,
};

struct source {
    int descriptor;
    bool is_regular;
    bool at_end; /* of the descriptor */
    uint64_t size_bytes, consumed_bytes;
    enum source_status status;
    char problem[256];
    /* gzip */
    enum gzip_state state;
    struct inflater *inflater;
    uint32_t crc;
    uint32_t length; /* of the member's data, modulo 2^32 as in the trailer */
    uint64_t members;
    /* Not yet used, inside buffer. It can begin INFLATE_BACK before input_start, and as much stays
       readable in front of it. */
    struct slice input;
    char buffer[2 * INFLATE_BACK + INPUT_BYTES];
};

const char *source_status_name(enum source_status status)
{
    static const char *const names[SOURCE_STATUS_COUNT] = {
        [SOURCE_COMPLETE] = "complete",   [SOURCE_EMPTY] = "empty",
        [SOURCE_TRUNCATED] = "truncated", [SOURCE_CRC_ERROR] = "crc_error",
        [SOURCE_CORRUPT] = "corrupt",     [SOURCE_TRAILING_GARBAGE] = "trailing_garbage",
        [SOURCE_IO_ERROR] = "io_error",
    };
    return names[status];
}

static void fail(struct source *source, enum source_status status, const char *sentence)
{
    source->status = status;
    source->state = source->state == GZIP_NONE ? GZIP_NONE : GZIP_DONE;
    snprintf(source->problem, sizeof source->problem, "%s", sentence);
}

/* read(2) until something comes, the end, or an error (which ends the source). */
static size_t read_descriptor(struct source *source, char *out, size_t size)
{
    ssize_t got;
    do
        got = read(source->descriptor, out, size);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        char sentence[160];
        snprintf(sentence, sizeof sentence,
                 "reading failed after %" PRIu64 " bytes: %s; the lines before are counted",
                 source->consumed_bytes, strerror(errno));
        fail(source, SOURCE_IO_ERROR, sentence);
    }
    if (got <= 0) {
        source->at_end = true;
        return 0;
    }
    source->consumed_bytes += (uint64_t)got;
    return (size_t)got;
}

static char *input_start(struct source *source)
{
    return source->buffer + sizeof source->buffer - INPUT_BYTES;
}

/* More bytes behind those not yet used. False when there are none. */
static bool refill(struct source *source)
{
    if (source->at_end)
        return false;
    /* What the inflater may want back lies right before the unused input. */
    char *start = input_start(source);
    size_t keep = source->input.size;
    memmove(start - INFLATE_BACK, source->input.at - INFLATE_BACK, INFLATE_BACK + keep);
    size_t room = (size_t)(source->buffer + sizeof source->buffer - (start + keep));
    size_t got = room ? read_descriptor(source, start + keep, room) : 0;
    source->input = (struct slice){start, keep + got};
    return got > 0;
}

/* At least `need` unused bytes (need is small), or false at the end. */
static bool have(struct source *source, size_t need)
{
    while (source->input.size < need) {
        if (!refill(source))
            return false;
    }
    return true;
}

static unsigned char take_byte(struct source *source)
{
    unsigned char byte = (unsigned char)source->input.at[0];
    source->input = slice_from(source->input, 1);
    return byte;
}

static bool is_gzip_magic(struct slice bytes)
{
    return bytes.size >= 2 && memcmp(bytes.at, "\x1f\x8b", 2) == 0;
}

/* Does a gzip member begin here? A file that ends inside the magic number counts as one. */
static bool is_at_member(struct source *source)
{
    return have(source, 2) ? is_gzip_magic(source->input)
                           : source->input.size == 1 && source->input.at[0] == '\x1f';
}

static bool skip_bytes(struct source *source, size_t count)
{
    for (; count; count--) {
        if (!have(source, 1))
            return false;
        take_byte(source);
    }
    return true;
}

/* A NUL-terminated field; false at the end of the file or over the limit. */
static bool skip_text(struct source *source, bool *is_too_long)
{
    for (size_t size = 0; have(source, 1); size++) {
        if (take_byte(source) == '\0')
            return true;
        if (size > HEADER_LIMIT) {
            *is_too_long = true;
            return false;
        }
    }
    return false;
}

/* RFC 1952, 2.3. Names and comments are skipped, never kept. */
static bool skip_header(struct source *source, bool *is_corrupt)
{
    enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16, RESERVED = 0xe0, DEFLATE = 8 };
    if (!have(source, 10))
        return false;
    const unsigned char *fixed = (const unsigned char *)source->input.at;
    unsigned method = fixed[2], flags = fixed[3];
    *is_corrupt = method != DEFLATE || (flags & RESERVED);
    if (*is_corrupt || !skip_bytes(source, 10))
        return false;
    if (flags & FEXTRA) {
        if (!have(source, 2))
            return false;
        size_t size = take_byte(source);
        size |= (size_t)take_byte(source) << 8;
        if (!skip_bytes(source, size))
            return false;
    }
    if ((flags & FNAME) && !skip_text(source, is_corrupt))
        return false;
    if ((flags & FCOMMENT) && !skip_text(source, is_corrupt))
        return false;
    return !(flags & FHCRC) || skip_bytes(source, 2);
}

static void fail_member(struct source *source, enum source_status status, const char *what)
{
    char sentence[sizeof source->problem];
    bool has_lines = status == SOURCE_CRC_ERROR;
    snprintf(sentence, sizeof sentence, "%s (member %" PRIu64 "); %s", what, source->members + 1,
             has_lines ? "its lines and those before are counted, what follows was not read"
                       : "the complete lines before are counted");
    if (source->status != SOURCE_IO_ERROR)
        fail(source, status, sentence);
    source->state = GZIP_DONE;
}

static void fail_truncated(struct source *source)
{
    fail_member(source, SOURCE_TRUNCATED, "the file ends inside a gzip member");
}

static void begin_member(struct source *source)
{
    bool is_corrupt = false;
    if (!skip_header(source, &is_corrupt)) {
        if (is_corrupt)
            fail_member(source, SOURCE_CORRUPT, "a gzip header is broken");
        else
            fail_truncated(source);
        return;
    }
    inflater_reset(source->inflater);
    source->crc = 0;
    source->length = 0;
    source->state = GZIP_DATA;
}

static uint32_t take_u32(struct source *source)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++)
        value |= (uint32_t)take_byte(source) << 8 * i;
    return value;
}

static void end_member(struct source *source)
{
    if (!have(source, 8)) {
        fail_truncated(source);
        return;
    }
    uint32_t crc = take_u32(source), length = take_u32(source);
    if (crc != source->crc || length != source->length) {
        fail_member(source, SOURCE_CRC_ERROR, "a gzip checksum does not fit its data");
        return;
    }
    source->members++;
    source->state = GZIP_PADDING;
}

/* Between members. Tapes and block devices pad with NUL; everything else must be a member. */
static void pass_padding(struct source *source)
{
    while (have(source, 1) && source->input.at[0] == '\0')
        take_byte(source);
    if (source->input.size == 0) {
        source->state = GZIP_DONE;
        return;
    }
    if (is_at_member(source)) {
        source->state = GZIP_HEADER;
        return;
    }
    if (source->status == SOURCE_IO_ERROR)
        return;
    uint64_t used = source->consumed_bytes - source->input.size;
    char sentence[160];
    if (source->is_regular && source->size_bytes > used)
        snprintf(sentence, sizeof sentence,
                 "%" PRIu64 " bytes after the last gzip member are no gzip and were not read",
                 source->size_bytes - used);
    else
        snprintf(sentence, sizeof sentence,
                 "bytes after the last gzip member are no gzip and were not read");
    fail(source, SOURCE_TRAILING_GARBAGE, sentence);
}

/* Data of the current member; 0 when its state has changed or it needs another turn. */
static size_t read_member(struct source *source, char *out, size_t size)
{
    size_t written = 0;
    size_t before = source->input.size;
    enum inflate_result result =
        inflater_run(source->inflater, &source->input, out, size, &written);
    source->crc = inflate_crc(source->crc, out, written);
    source->length += (uint32_t)written;
    if (result == INFLATE_END)
        source->state = GZIP_TRAILER;
    else if (result == INFLATE_BROKEN)
        fail_member(source, SOURCE_CORRUPT, "a gzip member cannot be decoded");
    else if (written == 0 && source->input.size == before && !refill(source))
        fail_truncated(source);
    return written;
}

static size_t read_gzip(struct source *source, char *out, size_t size)
{
    size_t got = 0;
    while (got == 0 && source->state != GZIP_DONE) {
        if (source->state == GZIP_HEADER)
            begin_member(source);
        else if (source->state == GZIP_DATA)
            got = read_member(source, out, size);
        else if (source->state == GZIP_TRAILER)
            end_member(source);
        else
            pass_padding(source);
    }
    return got;
}

static size_t read_plain(struct source *source, char *out, size_t size)
{
    if (source->input.size == 0)
        return source->at_end ? 0 : read_descriptor(source, out, size);
    size_t got = source->input.size < size ? source->input.size : size;
    memcpy(out, source->input.at, got);
    source->input = slice_from(source->input, got);
    return got;
}

size_t source_read(struct source *source, char *out, size_t size)
{
    if (size > INT32_MAX)
        size = INT32_MAX;
    return source->state == GZIP_NONE ? read_plain(source, out, size)
                                      : read_gzip(source, out, size);
}

/* A compression that is told by its first bytes and cannot be read here. */
struct foreign_compression {
    const char *magic;
    size_t size;
    const char *name, *tool;
};

static const struct foreign_compression *find_foreign_compression(struct slice bytes)
{
    static const struct foreign_compression known[] = {
        {"\x28\xb5\x2f\xfd", 4, "zstd", "zstd -dc"},
        {"\xfd\x37zXZ", 5, "xz", "xz -dc"},
        {"BZh", 3, "bzip2", "bzip2 -dc"},
        {"\x04\x22\x4d\x18", 4, "lz4", "lz4 -dc"},
        {"PK\x03\x04", 4, "zip", "unzip -p"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_starts_with(bytes, (struct slice){known[i].magic, known[i].size}))
            return &known[i];
    }
    return NULL;
}

static bool check_start(struct source *source, const char *path, struct error *error)
{
    const struct foreign_compression *foreign = find_foreign_compression(source->input);
    if (foreign)
        return error_at(error, ERROR_USAGE, path, 0, 0,
                        "is compressed with %s, which cannot be read here; pipe it in: "
                        "%s FILE | sojourn -",
                        foreign->name, foreign->tool);
    if (source->input.size >= 2 && (memcmp(source->input.at, "\xff\xfe", 2) == 0 ||
                                    memcmp(source->input.at, "\xfe\xff", 2) == 0))
        return error_at(error, ERROR_USAGE, path, 0, 0,
                        "is UTF-16 text; access logs are UTF-8 or ASCII: convert it with iconv");
    if (source->status == SOURCE_IO_ERROR && source->consumed_bytes == 0)
        return error_at(error, ERROR_USAGE, path, 0, 0, "cannot be read: %s", strerror(errno));
    return true;
}

/* gzip never writes an empty file: one with that name was cut at its very start. */
static void note_empty(struct source *source, const char *path)
{
    size_t length = strlen(path);
    if (source->input.size || source->status != SOURCE_COMPLETE)
        return;
    if (length > 3 && strcmp(path + length - 3, ".gz") == 0)
        fail(source, SOURCE_TRUNCATED, "the file is empty, which no gzip file is");
    else
        source->status = SOURCE_EMPTY;
}

static bool open_descriptor(struct source *source, const char *path, struct error *error)
{
    struct stat facts;
    source->descriptor =
        strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (source->descriptor < 0 || fstat(source->descriptor, &facts) != 0)
        return error_at(error, ERROR_USAGE, path, 0, 0, "cannot be opened: %s", strerror(errno));
    if (S_ISDIR(facts.st_mode))
        return error_at(error, ERROR_USAGE, path, 0, 0, "is a folder, not a log");
    source->is_regular = S_ISREG(facts.st_mode) && source->descriptor != STDIN_FILENO;
    source->size_bytes = S_ISREG(facts.st_mode) ? (uint64_t)facts.st_size : 0;
    return true;
}

struct source *source_open(const char *path, struct error *error)
{
    struct source *source = mem_zeroed(1, sizeof *source);
    source->input = (struct slice){input_start(source), 0};
    if (!open_descriptor(source, path, error)) {
        source_close(source);
        return NULL;
    }
    have(source, MAGIC_BYTES);
    if (!check_start(source, path, error)) {
        source_close(source);
        return NULL;
    }
    note_empty(source, path);
    if (is_at_member(source)) {
        source->state = GZIP_HEADER;
        source->inflater = inflater_new();
    }
    return source;
}

void source_close(struct source *source)
{
    if (!source)
        return;
    if (source->descriptor > STDIN_FILENO)
        close(source->descriptor);
    inflater_free(source->inflater);
    mem_free(source);
}

enum source_status source_status(const struct source *source)
{
    return source->status;
}

const char *source_problem(const struct source *source)
{
    return source->problem;
}

const char *source_compression(const struct source *source)
{
    return source->inflater ? "gzip" : "none";
}

bool source_can_reopen(const struct source *source)
{
    return source->is_regular;
}

uint64_t source_size(const struct source *source)
{
    return source->size_bytes;
}

uint64_t source_consumed(const struct source *source)
{
    return source->consumed_bytes;
}
