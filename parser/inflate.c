#include "parser/inflate.h"

#include "config.h"

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"

#ifdef HAVE_ISAL

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

/*
 * In its fast loop the library moves its output on before it knows that a code is valid: after an
 * error it claims up to some hundred bytes which it never wrote, and its count of room left can be
 * below zero. Its careful loop, which it takes with the last CAREFUL_BYTES of an input, is exact.
 * So the state is saved before each call, and a call that fails is done again in small steps.
 */
enum { CAREFUL_BYTES = 7 };

struct inflater {
    struct inflate_state state, saved;
    bool is_careful; /* something is wrong further on in the stream */
    bool is_broken;  /* here */
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
    inflater->is_careful = false;
    inflater->is_broken = false;
}

/* Of its buffer, the last and by far the largest member, only the used part. */
static void copy_state(struct inflate_state *to, const struct inflate_state *from)
{
    size_t used = (size_t)from->tmp_out_valid;
    memcpy(to, from, offsetof(struct inflate_state, tmp_out_buffer) + used);
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

static enum inflate_result step(struct inflate_state *state, struct slice *input, char *out,
                                size_t out_size, size_t *written)
{
    /* The library's pointer to its input is not const; it does not write there. */
    state->next_in = (uint8_t *)(uintptr_t)input->at;
    state->avail_in = (uint32_t)input->size;
    state->next_out = (uint8_t *)out;
    state->avail_out = (uint32_t)out_size;
    int result = isal_inflate(state);
    *written = (size_t)((char *)state->next_out - out);
    bool is_end = result >= 0 && state->block_state == ISAL_BLOCK_FINISH;
    if (is_end)
        give_back(state);
    *input = (struct slice){(const char *)state->next_in, state->avail_in};
    if (result < 0)
        return INFLATE_BROKEN;
    return is_end ? INFLATE_END : INFLATE_MORE;
}

static enum inflate_result step_carefully(struct inflate_state *state, struct slice *input,
                                          char *out, size_t out_size, size_t *written)
{
    enum inflate_result result = INFLATE_MORE;
    bool has_moved = true;
    *written = 0;
    while (result == INFLATE_MORE && has_moved && *written < out_size) {
        struct slice piece = slice_head(*input, CAREFUL_BYTES);
        size_t got, size = piece.size;
        result = step(state, &piece, out + *written, out_size - *written, &got);
        *written += got;
        *input = (struct slice){piece.at, input->size - size + piece.size};
        has_moved = got > 0 || piece.size < size;
    }
    return result;
}

/* What was decoded before the break and had no room yet; then the break itself. */
static enum inflate_result take_waiting(struct inflate_state *state, char *out, size_t out_size,
                                        size_t *written)
{
    struct slice waiting = {(const char *)state->tmp_out_buffer + state->tmp_out_processed,
                            (size_t)(state->tmp_out_valid - state->tmp_out_processed)};
    waiting = slice_head(waiting, out_size);
    memcpy(out, waiting.at, waiting.size);
    state->tmp_out_processed += (int32_t)waiting.size;
    *written = waiting.size;
    return waiting.size ? INFLATE_MORE : INFLATE_BROKEN;
}

static enum inflate_result run_carefully(struct inflater *inflater, struct slice *input, char *out,
                                         size_t out_size, size_t *written)
{
    if (inflater->is_broken)
        return take_waiting(&inflater->state, out, out_size, written);
    enum inflate_result result = step_carefully(&inflater->state, input, out, out_size, written);
    inflater->is_broken = result == INFLATE_BROKEN;
    return inflater->is_broken && *written ? INFLATE_MORE : result;
}

enum inflate_result inflater_run(struct inflater *inflater, struct slice *input, char *out,
                                 size_t out_size, size_t *written)
{
    const struct slice whole = *input;
    assert(input->size <= UINT32_MAX && out_size <= UINT32_MAX);
    if (inflater->is_careful)
        return run_carefully(inflater, input, out, out_size, written);
    copy_state(&inflater->saved, &inflater->state);
    enum inflate_result result = step(&inflater->state, input, out, out_size, written);
    if (result != INFLATE_BROKEN)
        return result;
    copy_state(&inflater->state, &inflater->saved);
    *input = whole;
    inflater->is_careful = true;
    return run_carefully(inflater, input, out, out_size, written);
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
