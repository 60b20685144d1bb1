#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_BYTES = 64 * 1024, ALIGNMENT = 16 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t capacity;
    _Alignas(ALIGNMENT) char bytes[];
};

static void abort_out_of_memory(size_t size_bytes)
{
    (void)size_bytes;
    abort();
}

/* Set once by the program before any thread starts; the only mutable global of this folder. */
static mem_out_of_memory_handler *out_of_memory = abort_out_of_memory;

void mem_set_out_of_memory_handler(mem_out_of_memory_handler *handler)
{
    out_of_memory = handler;
}

static size_t checked_product(size_t count, size_t item_bytes)
{
    if (item_bytes != 0 && count > SIZE_MAX / item_bytes)
        out_of_memory(SIZE_MAX);
    return count * item_bytes;
}

static void *must(void *got, size_t size_bytes)
{
    if (!got)
        out_of_memory(size_bytes);
    return got;
}

void *mem_alloc(size_t size_bytes)
{
    return must(malloc(size_bytes ? size_bytes : 1), size_bytes);
}

void *mem_zeroed(size_t count, size_t item_bytes)
{
    size_t size_bytes = checked_product(count, item_bytes);
    return must(calloc(size_bytes ? size_bytes : 1, 1), size_bytes);
}

void *mem_resize(void *old, size_t count, size_t item_bytes)
{
    size_t size_bytes = checked_product(count, item_bytes);
    return must(realloc(old, size_bytes ? size_bytes : 1), size_bytes);
}

void mem_free(void *what)
{
    free(what);
}

void *mem_grow(void *items, size_t *capacity, size_t need, size_t item_bytes)
{
    if (need <= *capacity)
        return items;
    size_t wanted = *capacity < 16 ? 16 : *capacity;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    items = mem_resize(items, wanted, item_bytes);
    *capacity = wanted;
    return items;
}

char *mem_text(struct slice text)
{
    char *copy = mem_alloc(text.size + 1);
    if (text.size)
        memcpy(copy, text.at, text.size);
    copy[text.size] = '\0';
    return copy;
}

static char *format_text(const char *format, va_list arguments, size_t *size)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    assert(length >= 0);
    char *text = mem_alloc((size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    *size = (size_t)length;
    return text;
}

char *mem_format(const char *format, ...)
{
    va_list arguments;
    size_t size;
    va_start(arguments, format);
    char *text = format_text(format, arguments, &size);
    va_end(arguments);
    return text;
}

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_clear(struct arena *arena)
{
    struct arena_chunk *chunk = arena->newest;
    while (chunk) {
        struct arena_chunk *older = chunk->older;
        mem_free(chunk);
        chunk = older;
    }
    arena_init(arena);
}

static void add_chunk(struct arena *arena, size_t need_bytes)
{
    size_t capacity = need_bytes > CHUNK_BYTES ? need_bytes : CHUNK_BYTES;
    struct arena_chunk *chunk = mem_zeroed(1, sizeof *chunk + capacity);
    chunk->capacity = capacity;
    chunk->older = arena->newest;
    arena->newest = chunk;
    arena->used_bytes = 0;
    arena->total_bytes += capacity;
}

void *arena_alloc(struct arena *arena, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX - ALIGNMENT - sizeof(struct arena_chunk))
        out_of_memory(size_bytes);
    size_t rounded = (size_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!arena->newest || arena->newest->capacity - arena->used_bytes < rounded)
        add_chunk(arena, rounded);
    void *got = arena->newest->bytes + arena->used_bytes;
    arena->used_bytes += rounded;
    return got;
}

struct slice arena_copy(struct arena *arena, struct slice text)
{
    char *copy = arena_alloc(arena, text.size + 1);
    if (text.size)
        memcpy(copy, text.at, text.size);
    copy[text.size] = '\0';
    return (struct slice){copy, text.size};
}

const char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    size_t size;
    va_start(arguments, format);
    char *text = format_text(format, arguments, &size);
    va_end(arguments);
    const char *kept = arena_copy(arena, (struct slice){text, size}).at;
    mem_free(text);
    return kept;
}
