/*
 * scan: find a byte, inline; find the end of a line, and tell on the way what is in it.
 *
 * The fields of a log line are short, so the call into memchr costs more than the search. With
 * SSE2 (every x86-64) 16 bytes are compared at a time, with AVX2 32; elsewhere memchr does it. The
 * vector forms read up to SCAN_SLACK bytes past `end`: buffers of lines must have that room behind
 * them (what stands there does not matter).
 *
 * The end of a line costs about what memchr takes for it, and tells whether the line has a
 * backslash (something in it is escaped) or a NUL byte. Few lines have either, so with AVX2 the
 * three bytes are looked for together: a byte is one of them when it is what the table says for
 * its low four bits, which differ among the three.
 */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stdbool.h>
#include <stdint.h>
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

/* Where a line ends (at its newline, or at the end of the bytes), and what is in it before that. */
struct scanned_line {
    const char *end;
    bool has_backslash, has_nul;
};

/* The portable twin of scan_line, which never reads past `end`. */
static inline struct scanned_line scan_line_portable(const char *at, const char *end)
{
    const char *line_end = scan_byte_portable(at, end, '\n');
    return (struct scanned_line){line_end, scan_byte_portable(at, line_end, '\\') < line_end,
                                 scan_byte_portable(at, line_end, '\0') < line_end};
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

/* A bit for each of 32 bytes that is `byte`. */
static inline uint32_t scan_hits(__m128i low, __m128i high, char byte)
{
    const __m128i wanted = _mm_set1_epi8(byte);
    unsigned low_hits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(low, wanted));
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(high, wanted)) << 16 | low_hits;
}

static inline struct scanned_line scan_line_sse2(const char *at, const char *end)
{
    const __m128i backslash = _mm_set1_epi8('\\');
    __m128i backslashes = _mm_setzero_si128(), least = _mm_set1_epi8(-1), low, high;
    uint32_t newlines;
    for (;; at += 32) {
        low = _mm_loadu_si128((const __m128i *)(const void *)at);
        high = _mm_loadu_si128((const __m128i *)(const void *)(at + 16));
        newlines = scan_hits(low, high, '\n');
        if (newlines || end - at <= 32)
            break;
        backslashes = _mm_or_si128(backslashes, _mm_or_si128(_mm_cmpeq_epi8(low, backslash),
                                                             _mm_cmpeq_epi8(high, backslash)));
        least = _mm_min_epu8(least, _mm_min_epu8(low, high));
    }
    /* Of the last 32 bytes only those before the end belong to the line. */
    size_t size = newlines ? (size_t)__builtin_ctz(newlines) : 32;
    if (size > (size_t)(end - at))
        size = (size_t)(end - at);
    uint32_t inside = (uint32_t)((UINT64_C(1) << size) - 1);
    uint32_t before = (uint32_t)_mm_movemask_epi8(backslashes);
    uint32_t nuls = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(least, _mm_setzero_si128()));
    return (struct scanned_line){at + size, before || (scan_hits(low, high, '\\') & inside),
                                 nuls || (scan_hits(low, high, '\0') & inside)};
}

/* A bit for each of 32 bytes that is a newline, a backslash or NUL. */
__attribute__((target("avx2"))) static inline uint32_t scan_marks(const char *at)
{
    const __m256i marks = _mm256_broadcastsi128_si256(
        _mm_setr_epi8('\0', 0, 0, 0, 0, 0, 0, 0, 0, 0, '\n', 0, '\\', 0, 0, 0));
    __m256i got = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i same = _mm256_cmpeq_epi8(got, _mm256_shuffle_epi8(marks, got));
    return (uint32_t)_mm256_movemask_epi8(same);
}

__attribute__((target("avx2"))) static inline struct scanned_line scan_line_avx2(const char *at,
                                                                                 const char *end)
{
    for (; at < end; at += 64) {
        uint64_t marks = (uint64_t)scan_marks(at + 32) << 32 | scan_marks(at);
        if (!marks)
            continue;
        at += __builtin_ctzll(marks);
        if (at >= end)
            break;
        return *at == '\n' ? (struct scanned_line){at, false, false} : scan_line_sse2(at, end);
    }
    return (struct scanned_line){end, false, false};
}

/* The line that begins at `at`; its flags are exact for [at, .end). */
static inline struct scanned_line scan_line(const char *at, const char *end)
{
    return __builtin_cpu_supports("avx2") ? scan_line_avx2(at, end) : scan_line_sse2(at, end);
}
#else
static inline struct scanned_line scan_line(const char *at, const char *end)
{
    return scan_line_portable(at, end);
}

static inline const char *scan_byte(const char *at, const char *end, char byte)
{
    return scan_byte_portable(at, end, byte);
}
#endif

#endif
