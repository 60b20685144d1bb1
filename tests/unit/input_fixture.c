#include "input_fixture.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"

void bytes_add(struct bytes *bytes, const void *what, size_t size)
{
    bytes->at = mem_grow(bytes->at, &bytes->capacity, bytes->size + size, 1);
    if (size)
        memcpy(bytes->at + bytes->size, what, size);
    bytes->size += size;
}

void bytes_add_text(struct bytes *bytes, const char *text)
{
    bytes_add(bytes, text, strlen(text));
}

void bytes_fill(struct bytes *bytes, char byte, size_t count)
{
    bytes->at = mem_grow(bytes->at, &bytes->capacity, bytes->size + count, 1);
    if (count)
        memset(bytes->at + bytes->size, byte, count);
    bytes->size += count;
}

struct slice bytes_slice(const struct bytes *bytes)
{
    return (struct slice){bytes->at, bytes->size};
}

uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void folder_make(struct folder *folder)
{
    const char *parent = getenv("TMPDIR");
    snprintf(folder->path, sizeof folder->path, "%s/sojourn-test-XXXXXX", parent ? parent : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder->path));
}

void folder_remove(const struct folder *folder)
{
    DIR *entries = opendir(folder->path);
    ck_assert_ptr_nonnull(entries);
    for (const struct dirent *entry; (entry = readdir(entries));) {
        struct folder inner;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner.path, sizeof inner.path, "%s", folder_path(folder, entry->d_name));
        if (unlink(inner.path) != 0)
            folder_remove(&inner);
    }
    closedir(entries);
    ck_assert(rmdir(folder->path) == 0);
}

const char *folder_path(const struct folder *folder, const char *name)
{
    static char paths[8][1024];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder->path, name);
    return path;
}

const char *folder_write(const struct folder *folder, const char *name, struct slice content)
{
    const char *path = folder_path(folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    if (content.size)
        ck_assert_uint_eq(fwrite(content.at, 1, content.size, file), content.size);
    ck_assert(fclose(file) == 0);
    return path;
}

/* Until the reader has taken what is in the pipe. False when nobody reads any more. */
static bool wait_until_empty(int descriptor)
{
    int waiting = 1;
    while (ioctl(descriptor, FIONREAD, &waiting) == 0 && waiting > 0) {
        struct pollfd end = {.fd = descriptor};
        if (poll(&end, 1, 0) > 0 && (end.revents & POLLERR))
            return false;
        sched_yield();
    }
    return waiting == 0;
}

static void *write_pieces(void *argument)
{
    const struct piped_input *input = argument;
    struct slice rest = input->content;
    uint32_t state = 1;
    bool is_read = true;
    while (rest.size && is_read) {
        size_t wanted = input->piece_bytes ? input->piece_bytes : 1 + next_random(&state) % 4096;
        struct slice piece = slice_head(rest, wanted);
        is_read = write(input->descriptor, piece.at, piece.size) == (ssize_t)piece.size &&
                  wait_until_empty(input->descriptor);
        rest = slice_from(rest, piece.size);
    }
    close(input->descriptor);
    return NULL;
}

void piped_input_start(struct piped_input *input, struct slice content, size_t piece_bytes)
{
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    ck_assert(piece_bytes <= 4096);
    ck_assert(pipe2(ends, O_CLOEXEC) == 0);
    ck_assert(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    if (ends[0] != STDIN_FILENO)
        close(ends[0]);
    *input = (struct piped_input){content, piece_bytes, ends[1], 0};
    ck_assert(pthread_create(&input->thread, NULL, write_pieces, input) == 0);
}

void piped_input_stop(struct piped_input *input)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ck_assert(nothing >= 0 && dup2(nothing, STDIN_FILENO) == STDIN_FILENO);
    close(nothing);
    pthread_join(input->thread, NULL);
}
