/*
 * scan: find a byte, inline.
 *
 * The fields of a log line are short, so the call into memchr costs more than the search. With
 * SSE2 (every x86-64) 16 bytes are compared at a time, with AVX2 32; elsewhere memchr does it. The
 * vector forms read up to SCAN_SLACK bytes past `end`: buffers of lines must have that room behind
 * them (what stands there does not matter).
 */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <string.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum { SCAN_SLACK = 64 };

/* The portable twin, which never reads past `end`. Returns `end` when there is none. */
static inline const char *scan_byte_portable(const char *at, const char *end, char byte)
{
    const char *found = at < end ? memchr(at, byte, (size_t)(end - at)) : NULL;
    return found ? found : end;
}

#ifdef __SSE2__
#define SCAN_HAS_AVX2                                                                              \
    1 /* scan_byte_avx2 is there; whether the processor can is asked at run time */

__attribute__((target("avx2"))) static inline const char *scan_byte_avx2(const char *at,
                                                                         const char *end, char byte)
{
    const __m256i wanted = _mm256_set1_epi8(byte);
    for (; at < end; at += 32) {
        __m256i got = _mm256_loadu_si256((const __m256i *)(const void *)at);
        unsigned hits = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(got, wanted));
        if (hits) {
            at += __builtin_ctz(hits);
            return at < end ? at : end;
        }
    }
    return end;
}

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
