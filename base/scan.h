/*
 * scan: find a byte, inline.
 *
 * The fields of a log line are short, so the call into memchr costs more than the search. With
 * SSE2 (every x86-64) 16 bytes are compared at a time; elsewhere memchr does it. The SSE2
 * form reads up to SCAN_SLACK bytes past `end`: buffers of lines must have that room behind them
 * (what stands there does not matter).
 */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SCAN_SLACK = 64 };

/* The portable twin, which never reads past `end`. Returns `end` when there is none. */
static inline const char *scan_byte_portable(const char *at, const char *end, char byte)
{
    const char *found = at < end ? memchr(at, byte, (size_t)(end - at)) : NULL;
    return found ? found : end;
}

#ifdef __SSE2__
/* The first `byte` in [at, end), or `end`. */
static inline const char *scan_byte(const char *at, const char *end, char byte)
{
    const __m128i wanted = _mm_set1_epi8(byte);
    for (; at < end; at += 16) {
        __m128i got = _mm_loadu_si128((const __m128i *)(const void *)at);
        int hits = _mm_movemask_epi8(_mm_cmpeq_epi8(got, wanted));
        if (hits) {
            at += __builtin_ctz((unsigned)hits);
            return at < end ? at : end;
        }
    }
    return end;
}
#else
static inline const char *scan_byte(const char *at, const char *end, char byte)
{
    return scan_byte_portable(at, end, byte);
}
#endif

#endif
