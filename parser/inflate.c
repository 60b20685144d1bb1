#include "parser/inflate.h"

#include "config.h"

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

#ifdef HAVE_ISAL

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

struct inflater {
    struct inflate_state state;
    bool is_broken;
};

struct inflater *inflater_new(void)
{
    struct inflater *inflater = mem_zeroed(1, sizeof *inflater);
    isal_inflate_init(&inflater->state);
    return inflater;
}

void inflater_free(struct inflater *inflater)
{
    mem_free(inflater);
}

void inflater_reset(struct inflater *inflater)
{
    isal_inflate_reset(&inflater->state);
    inflater->is_broken = false;
}

/* The decoder reads ahead into a bit buffer; whole bytes of it belong to what follows. */
static void give_back(struct inflate_state *state)
{
    uint32_t unused = state->read_in_length > 0 ? (uint32_t)state->read_in_length / 8 : 0;
    assert(unused <= INFLATE_BACK);
    state->next_in -= unused;
    state->avail_in += unused;
    state->read_in = 0;
    state->read_in_length = 0;
}

/* The library checks distances against a 32-bit total, which must not wrap in a long stream. */
static void bound_total(struct inflate_state *state)
{
    enum { ENOUGH = 1024 * 1024 }; /* no distance is longer than 32 KiB */
    if (state->total_out > ENOUGH)
        state->total_out = ENOUGH;
}

/* What was decoded before the stream broke, but had no room yet, waits in the library's buffer. */
static enum inflate_result take_decoded(struct inflater *inflater, char *out, size_t out_size,
                                        size_t *written)
{
    struct inflate_state *state = &inflater->state;
    struct slice waiting = {(const char *)state->tmp_out_buffer + state->tmp_out_processed,
                            (size_t)(state->tmp_out_valid - state->tmp_out_processed)};
    struct slice taken = slice_head(waiting, out_size);
    inflater->is_broken = true;
    memcpy(out, taken.at, taken.size);
    state->tmp_out_processed += (int32_t)taken.size;
    *written += taken.size;
    return taken.size < waiting.size ? INFLATE_MORE : INFLATE_BROKEN;
}

enum inflate_result inflater_run(struct inflater *inflater, struct slice *input, char *out,
                                 size_t out_size, size_t *written)
{
    struct inflate_state *state = &inflater->state;
    assert(input->size <= UINT32_MAX && out_size <= INT32_MAX);
    *written = 0;
    if (inflater->is_broken)
        return take_decoded(inflater, out, out_size, written);
    bound_total(state);
    /* The library's pointer to its input is not const; it does not write there. */
    state->next_in = (uint8_t *)(uintptr_t)input->at;
    state->avail_in = (uint32_t)input->size;
    state->next_out = (uint8_t *)out;
    state->avail_out = (uint32_t)out_size;
    int result = isal_inflate(state);
    *written = out_size - state->avail_out;
    bool is_end = state->block_state == ISAL_BLOCK_FINISH;
    if (is_end)
        give_back(state);
    *input = (struct slice){(const char *)state->next_in, state->avail_in};
    if (result < 0)
        return take_decoded(inflater, out + *written, out_size - *written, written);
    return is_end ? INFLATE_END : INFLATE_MORE;
}

uint32_t inflate_crc(uint32_t crc, const void *bytes, size_t size)
{
    return crc32_gzip_refl(crc, bytes, size);
}

const char *inflate_library(void)
{
    return "ISA-L";
}

#else

#include <zlib.h>

struct inflater {
    z_stream stream;
};

static const int raw_window_bits = -15;

static void out_of_memory(void)
{
    /* zlib has no other reason to refuse a start; mem_alloc's handler says the sentence. */
    mem_free(mem_zeroed(SIZE_MAX, 1));
}

struct inflater *inflater_new(void)
{
    struct inflater *inflater = mem_zeroed(1, sizeof *inflater);
    if (inflateInit2(&inflater->stream, raw_window_bits) != Z_OK)
        out_of_memory();
    return inflater;
}

void inflater_free(struct inflater *inflater)
{
    if (inflater)
        inflateEnd(&inflater->stream);
    mem_free(inflater);
}

void inflater_reset(struct inflater *inflater)
{
    inflateReset(&inflater->stream);
}

enum inflate_result inflater_run(struct inflater *inflater, struct slice *input, char *out,
                                 size_t out_size, size_t *written)
{
    z_stream *stream = &inflater->stream;
    assert(input->size <= UINT_MAX && out_size <= UINT_MAX);
    stream->next_in = (Bytef *)(uintptr_t)input->at;
    stream->avail_in = (uInt)input->size;
    stream->next_out = (Bytef *)out;
    stream->avail_out = (uInt)out_size;
    int result = inflate(stream, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR)
        out_of_memory();
    *written = out_size - stream->avail_out;
    *input = (struct slice){(const char *)stream->next_in, stream->avail_in};
    if (result == Z_STREAM_END)
        return INFLATE_END;
    return result == Z_OK || result == Z_BUF_ERROR ? INFLATE_MORE : INFLATE_BROKEN;
}

uint32_t inflate_crc(uint32_t crc, const void *bytes, size_t size)
{
    return (uint32_t)crc32_z(crc, bytes, size);
}

const char *inflate_library(void)
{
    return "zlib";
}

#endif
