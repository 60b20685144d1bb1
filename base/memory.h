/*
 * memory: allocation that cannot fail, and arenas.
 *
 * There is one answer to "out of memory" in this program: a clear sentence and exit code 3,
 * given by the handler that the program installs. So these functions never return NULL, and
 * no caller has a branch that nobody can test. Everything is freed with mem_free (NULL is fine).
 *
 * An arena holds many small things of one lifetime, and is freed at once:
 *
 *     chunk -> chunk -> chunk      newest first; each is filled from its start
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/slice.h"

/* Called with the size (bytes) that could not be had; must not return. Default: abort(). */
typedef void mem_out_of_memory_handler(size_t size_bytes);
void mem_set_out_of_memory_handler(mem_out_of_memory_handler *handler);

void *mem_alloc(size_t size_bytes);                           /* uninitialised */
void *mem_zeroed(size_t count, size_t item_bytes);            /* count * item_bytes, checked */
void *mem_resize(void *old, size_t count, size_t item_bytes); /* checked; old may be NULL */
void mem_free(void *what);

/*
 * Make room for `need` items in a growing array: doubles *capacity when it is too small.
 * Returns the array (maybe moved). `items` may be NULL with *capacity 0.
 */
void *mem_grow(void *items, size_t *capacity, size_t need, size_t item_bytes);

char *mem_text(struct slice text); /* a NUL-terminated copy, owned by the caller */

/* printf into a fresh string, owned by the caller. */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct arena_chunk;
struct arena {
    struct arena_chunk *newest;
    size_t used_bytes;  /* in the newest chunk */
    size_t total_bytes; /* in all chunks, for reports of memory */
};

void arena_init(struct arena *arena);
void arena_clear(struct arena *arena); /* frees everything; the arena can be used again */
void *arena_alloc(struct arena *arena, size_t size_bytes);       /* aligned for any type, zeroed */
struct slice arena_copy(struct arena *arena, struct slice text); /* NUL-terminated copy */
const char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
