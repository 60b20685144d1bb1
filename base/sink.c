#include "base/sink.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/memory.h"

enum { BUFFER_BYTES = 64 * 1024, TEMPORARY_NAME_SIZE = 40, CREATE_TRIES = 16, NO_DESCRIPTOR = -1 };

enum sink_kind { SINK_FILE, SINK_DESCRIPTOR, SINK_MEMORY };

struct sink {
    enum sink_kind kind;
    char *name;     /* the target's path, or what messages call the descriptor */
    int descriptor; /* of the temporary file; or the caller's */
    int folder;     /* SINK_FILE: the target's folder, so that moving it meanwhile does no harm */
    char temporary[TEMPORARY_NAME_SIZE]; /* in the folder; "" when there is none (any more) */
    bool is_finished;
    char *buffer; /* SINK_MEMORY: everything */
    size_t used, capacity;
    struct error error; /* the first failure */
};

static struct sink *new_sink(enum sink_kind kind, const char *name)
{
    struct sink *sink = mem_zeroed(1, sizeof *sink);
    sink->kind = kind;
    sink->name = mem_text(slice_of(name));
    sink->descriptor = NO_DESCRIPTOR;
    sink->folder = NO_DESCRIPTOR;
    if (kind != SINK_MEMORY) {
        sink->buffer = mem_alloc(BUFFER_BYTES);
        sink->capacity = BUFFER_BYTES;
    }
    return sink;
}

/* Where the last component of a path begins. */
static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool open_folder(struct sink *sink, struct error *error)
{
    size_t size = (size_t)(last_component(sink->name) - sink->name);
    char *folder = mem_text(size ? (struct slice){sink->name, size} : SLICE_LITERAL("."));
    sink->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int reason = errno;
    if (sink->folder < 0)
        error_set(error, ERROR_USAGE,
                  "cannot write %s: the folder %s cannot be opened: %s; create it, or choose "
                  "another place",
                  sink->name, folder, strerror(reason));
    mem_free(folder);
    return sink->folder >= 0;
}

/* A device or a pipe must not be replaced by a report, nor can a folder be. */
static bool check_target(const struct sink *sink, struct error *error)
{
    const char *target = last_component(sink->name);
    struct stat status;
    if (!*target)
        return error_set(error, ERROR_USAGE,
                         "cannot write %s: it names a folder; add the name of a file", sink->name);
    if (fstatat(sink->folder, target, &status, 0) != 0 || S_ISREG(status.st_mode))
        return true;
    if (S_ISDIR(status.st_mode))
        return error_set(error, ERROR_USAGE,
                         "cannot write %s: a folder of that name is in the way; choose another "
                         "name, or end it with / to write a set of files into the folder",
                         sink->name);
    return error_set(error, ERROR_USAGE,
                     "cannot write %s: it is not a regular file; choose another name, or - for "
                     "standard output",
                     sink->name);
}

static bool create_temporary(struct sink *sink, struct error *error)
{
    for (int tries = 0; tries < CREATE_TRIES; tries++) {
        struct hash_key random = hash_key_random();
        snprintf(sink->temporary, sizeof sink->temporary, ".sojourn-%016llx.tmp",
                 (unsigned long long)random.k0);
        sink->descriptor = openat(sink->folder, sink->temporary,
                                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (sink->descriptor >= 0)
            return true;
        if (errno != EEXIST && errno != EINTR)
            break;
    }
    sink->temporary[0] = '\0';
    return error_set(error, ERROR_USAGE,
                     "cannot write %s: no file can be created in its folder: %s; allow writing "
                     "there, or choose another place",
                     sink->name, strerror(errno));
}

struct sink *sink_open_file(const char *path, struct error *error)
{
    struct sink *sink = new_sink(SINK_FILE, path);
    if (open_folder(sink, error) && check_target(sink, error) && create_temporary(sink, error))
        return sink;
    sink_abandon(sink);
    return NULL;
}

struct sink *sink_open_descriptor(int descriptor, const char *name)
{
    struct sink *sink = new_sink(SINK_DESCRIPTOR, name);
    sink->descriptor = descriptor;
    return sink;
}

struct sink *sink_open_memory(void)
{
    return new_sink(SINK_MEMORY, "memory");
}

static const char *advice(int reason)
{
    switch (reason) {
    case ENOSPC:
    case EDQUOT:
        return "free some space there, or choose another place";
    case EPIPE:
        return "the program that reads it has ended; let it read everything, or write to a file";
    case EFBIG:
        return "raise the limit of file sizes, or choose another place";
    default:
        return "check the disk, or choose another place";
    }
}

static void fail(struct sink *sink, int reason)
{
    error_set(&sink->error, ERROR_FATAL, "cannot write %s: %s; %s", sink->name, strerror(reason),
              advice(reason));
}

static bool has_failed(const struct sink *sink)
{
    return sink->error.code != ERROR_NONE;
}

/* Whether write() may be tried again after this error; waits for a descriptor that is full. */
static bool can_go_on(int descriptor, int reason)
{
    if (reason == EAGAIN || reason == EWOULDBLOCK) {
        struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
        return poll(&ready, 1, -1) >= 0 || errno == EINTR;
    }
    return reason == EINTR;
}

static void write_all(struct sink *sink, const char *at, size_t size)
{
    while (size && !has_failed(sink)) {
        ssize_t written = write(sink->descriptor, at, size);
        if (written > 0) {
            at += written;
            size -= (size_t)written;
        } else if (written == 0) {
            fail(sink, EIO);
        } else if (!can_go_on(sink->descriptor, errno)) {
            fail(sink, errno);
        }
    }
}

static void flush(struct sink *sink)
{
    write_all(sink, sink->buffer, sink->used);
    sink->used = 0;
}

/* Makes room for `size` bytes at buffer + used; false when they have to be written directly. */
static bool make_room(struct sink *sink, size_t size)
{
    if (size <= sink->capacity - sink->used)
        return true;
    if (sink->kind == SINK_MEMORY) {
        sink->buffer = mem_grow(sink->buffer, &sink->capacity, sink->used + size, 1);
        return true;
    }
    flush(sink);
    return size <= sink->capacity;
}

void sink_slice(struct sink *sink, struct slice text)
{
    assert(!sink->is_finished);
    if (has_failed(sink) || text.size == 0)
        return;
    if (!make_room(sink, text.size)) {
        write_all(sink, text.at, text.size);
        return;
    }
    memcpy(sink->buffer + sink->used, text.at, text.size);
    sink->used += text.size;
}

void sink_text(struct sink *sink, const char *text)
{
    sink_slice(sink, slice_of(text));
}

void sink_byte(struct sink *sink, char byte)
{
    sink_slice(sink, (struct slice){&byte, 1});
}

void sink_format(struct sink *sink, const char *format, ...)
{
    char text[512];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(text, sizeof text, format, arguments);
    assert(length >= 0);
    if ((size_t)length < sizeof text) {
        sink_slice(sink, (struct slice){text, (size_t)length});
    } else {
        char *whole = mem_alloc((size_t)length + 1);
        vsnprintf(whole, (size_t)length + 1, format, again);
        sink_slice(sink, (struct slice){whole, (size_t)length});
        mem_free(whole);
    }
    va_end(again);
    va_end(arguments);
}

void sink_count(struct sink *sink, uint64_t count)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + count % 10);
        count /= 10;
    } while (count);
    sink_slice(sink, (struct slice){digits + at, sizeof digits - at});
}

struct slice sink_contents(const struct sink *sink)
{
    assert(sink->kind == SINK_MEMORY);
    return (struct slice){sink->buffer ? sink->buffer : "", sink->used};
}

/* Some file systems have nothing to sync and say so; that is no failure. */
static void sync_to_disk(struct sink *sink, int descriptor)
{
    int result;
    do {
        result = fsync(descriptor);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno != EINVAL && errno != ENOTSUP)
        fail(sink, errno);
}

static void close_file(struct sink *sink)
{
    /* Closed even when it is interrupted: Linux has let the number go, trying again may hit
     * another's. */
    if (close(sink->descriptor) != 0 && errno != EINTR)
        fail(sink, errno);
    sink->descriptor = NO_DESCRIPTOR;
}

static bool pass_on(const struct sink *sink, struct error *error)
{
    if (has_failed(sink))
        return error_set(error, sink->error.code, "%s", sink->error.sentence);
    return true;
}

bool sink_finish(struct sink *sink, struct error *error)
{
    assert(!sink->is_finished);
    if (sink->kind != SINK_MEMORY)
        flush(sink);
    if (sink->kind == SINK_FILE && !has_failed(sink))
        sync_to_disk(sink, sink->descriptor);
    if (sink->kind == SINK_FILE)
        close_file(sink);
    sink->is_finished = true;
    return pass_on(sink, error);
}

static void move_into_place(struct sink *sink)
{
    if (renameat(sink->folder, sink->temporary, sink->folder, last_component(sink->name)) != 0) {
        fail(sink, errno);
        return;
    }
    sink->temporary[0] = '\0';
    sync_to_disk(sink, sink->folder);
}

bool sink_publish(struct sink *sink, struct error *error)
{
    assert(sink->is_finished);
    if (sink->kind == SINK_FILE && !has_failed(sink))
        move_into_place(sink);
    bool is_well = pass_on(sink, error);
    sink_abandon(sink);
    return is_well;
}

bool sink_close(struct sink *sink, struct error *error)
{
    sink_finish(sink, error);
    return sink_publish(sink, error);
}

void sink_abandon(struct sink *sink)
{
    if (!sink)
        return;
    if (sink->kind == SINK_FILE && sink->descriptor >= 0)
        close(sink->descriptor);
    if (sink->temporary[0])
        unlinkat(sink->folder, sink->temporary, 0);
    if (sink->folder >= 0)
        close(sink->folder);
    mem_free(sink->name);
    mem_free(sink->buffer);
    mem_free(sink);
}
